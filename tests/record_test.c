#include "support.h"

#include <stdio.h>

#include "auth/auth.h"

static const struct {
	const char *owner;
	enum auth kind;
	const char *domain, *label;
} places[] = {
	{ "example.com", AUTH_SPF, "example.com", "" },
	{ "", AUTH_SPF, "", "" },
	{ "_dmarc.example.com", AUTH_DMARC, "example.com", "" },
	{ "_dmarc", AUTH_DMARC, "", "" },
	{ "_dmarc.mail.example.com", AUTH_DMARC, "mail.example.com", "" },
	{ "*._dmarc.example.com", AUTH_SPF, "*._dmarc.example.com", "" },
	{ "a._dmarc.example.com", AUTH_SPF, "a._dmarc.example.com", "" },
	{ "x.org._report._dmarc.example.com", AUTH_REPORT, "example.com",
	  "x.org" },
	{ "*._report._dmarc.example.com", AUTH_REPORT, "example.com", "*" },
	{ "_report._dmarc.example.com", AUTH_SPF,
	  "_report._dmarc.example.com", "" },
	{ "_report.example.com", AUTH_SPF, "_report.example.com", "" },
	{ "2026a._domainkey.example.com", AUTH_DKIM, "example.com", "2026a" },
	{ "a.b._domainkey.example.com", AUTH_DKIM, "example.com", "a.b" },
	{ "*._domainkey.example.com", AUTH_DKIM, "example.com", "*" },
	{ "_domainkey.example.com", AUTH_SPF, "_domainkey.example.com", "" },
	{ "_dmarc.s._domainkey.example.com", AUTH_DMARC,
	  "s._domainkey.example.com", "" },
	{ "_mta-sts.example.com", AUTH_MTASTS, "example.com", "" },
	{ "mta-sts.example.com", AUTH_SPF, "mta-sts.example.com", "" },
	{ "_smtp._tls.example.com", AUTH_TLSRPT, "example.com", "" },
	{ "_smtp.example.com", AUTH_SPF, "_smtp.example.com", "" },
	{ "_smtp", AUTH_SPF, "_smtp", "" },
	{ "a._smtp._tls.example.com", AUTH_SPF, "a._smtp._tls.example.com",
	  "" },
	{ "default._bimi.example.com", AUTH_BIMI, "example.com", "default" },
	{ "_bimi.example.com", AUTH_SPF, "_bimi.example.com", "" },
	{ "a\\._domainkey.example.com", AUTH_SPF,
	  "a\\._domainkey.example.com", "" },
	{ "_dmarcx.example.com", AUTH_SPF, "_dmarcx.example.com", "" },
};

static void
place_decides_what_is_looked_for(void **state)
{
	struct str domain, label;
	enum auth kind;
	size_t i;

	(void)state;
	for (i = 0; i < countof(places); i++) {
		kind = auth_place(str_from(places[i].owner), &domain, &label);
		if (kind != places[i].kind ||
		    !str_is(domain, places[i].domain) ||
		    !str_is(label, places[i].label))
			fail_msg("%s: %s, %.*s, %.*s", places[i].owner,
			    auth_name(kind), STR_ARG(domain), STR_ARG(label));
		assert_int_equal(auth_place(str_from(places[i].owner), NULL,
		    NULL), kind);
	}
}

static const struct {
	const char *text;
	enum auth version, near;
} texts[] = {
	{ "v=spf1", AUTH_SPF, AUTH_NONE },
	{ "v=spf1 -all", AUTH_SPF, AUTH_NONE },
	{ "V=sPf1 mx", AUTH_SPF, AUTH_NONE },
	{ "v=DMARC1", AUTH_DMARC, AUTH_NONE },
	{ "v=DMARC1;p=none", AUTH_DMARC, AUTH_NONE },
	{ "v = DMARC1 ; p = none", AUTH_DMARC, AUTH_NONE },
	{ "V=DMARC1; p=none", AUTH_DMARC, AUTH_NONE },
	{ "v=DKIM1", AUTH_DKIM, AUTH_NONE },
	{ " v = DKIM1 ; p=", AUTH_DKIM, AUTH_NONE },
	{ "v=STSv1; id=1", AUTH_MTASTS, AUTH_NONE },
	{ "v=STSv1 ; id=1", AUTH_MTASTS, AUTH_NONE },
	{ "v=TLSRPTv1;rua=mailto:a@b.c", AUTH_TLSRPT, AUTH_NONE },
	{ "v=BIMI1; l=; a=", AUTH_BIMI, AUTH_NONE },

	/* Meant, but not selected. */
	{ "v=spf1;", AUTH_NONE, AUTH_SPF },
	{ "v=spf1\tmx", AUTH_NONE, AUTH_SPF },
	{ "v=spf10", AUTH_NONE, AUTH_SPF },
	{ "v=spf", AUTH_NONE, AUTH_SPF },
	{ "v=spf mx -all", AUTH_NONE, AUTH_SPF },
	{ "v=spf1mx-all", AUTH_NONE, AUTH_SPF },
	{ "v=spf1include:spf.mandrillapp.com?all", AUTH_NONE, AUTH_SPF },
	{ "v=spf1, mx", AUTH_NONE, AUTH_SPF },
	{ "v= spf1 mx", AUTH_NONE, AUTH_SPF },
	{ "v:spf1 mx", AUTH_NONE, AUTH_SPF },
	{ "v=spf2 include:spf.mydomain.com -all", AUTH_NONE, AUTH_SPF },
	{ "v=spf2.0/pra mx -all", AUTH_NONE, AUTH_SPF },
	{ "v=sfp1 mx -all", AUTH_NONE, AUTH_SPF },
	{ "v=PSF1 mx -all", AUTH_NONE, AUTH_SPF },
	{ "v=sp1f", AUTH_NONE, AUTH_SPF },
	{ " v=spf1 mx", AUTH_NONE, AUTH_SPF },
	{ "\tv=spf1 mx", AUTH_NONE, AUTH_SPF },
	{ "spf1 mx -all", AUTH_NONE, AUTH_SPF },
	{ "\"v=spf1 mx -all\"", AUTH_NONE, AUTH_SPF },
	{ "\xe2\x80\x9cv=spf1 mx -all\xe2\x80\x9d", AUTH_NONE, AUTH_SPF },
	{ "\xc2\xa0v=spf1 mx", AUTH_NONE, AUTH_SPF },
	{ "v=\xe2\x80\x9cspf1 mx", AUTH_NONE, AUTH_SPF },
	{ "v=DMARC; p=none", AUTH_NONE, AUTH_DMARC },
	{ "v=dmarc1;p=none;", AUTH_NONE, AUTH_DMARC },
	{ "v=DMARCl; p=reject", AUTH_NONE, AUTH_DMARC },
	{ "v=DMRAC1; p=reject", AUTH_NONE, AUTH_DMARC },
	{ "v=DMARC1 p=reject", AUTH_NONE, AUTH_DMARC },
	{ "v=DMARC1, p=reject", AUTH_NONE, AUTH_DMARC },
	{ "v=DMARC1\\; p=none", AUTH_NONE, AUTH_DMARC },
	{ "v\\=DMARC1\\; p=none", AUTH_NONE, AUTH_DMARC },
	{ "v=DMARC2;p=none", AUTH_NONE, AUTH_DMARC },
	{ "DMARC1; p=none", AUTH_NONE, AUTH_DMARC },
	{ " v=DMARC1; p=none; pct=100", AUTH_NONE, AUTH_DMARC },
	{ "p=reject;rua=mailto:rua@lseg.com", AUTH_NONE, AUTH_DMARC },
	{ "v=DKIM; p=", AUTH_NONE, AUTH_DKIM },
	{ "v=dkim1; p=", AUTH_NONE, AUTH_DKIM },
	{ "v=DKIM1.0; p=", AUTH_NONE, AUTH_DKIM },
	{ "v=DKIM1: g=*; k=rsa; p=", AUTH_NONE, AUTH_DKIM },
	{ "v=STS1; id=1", AUTH_NONE, AUTH_MTASTS },
	{ "v = STSv1; id=1", AUTH_NONE, AUTH_MTASTS },
	{ "v=TLSRPT1; rua=mailto:a@b.c", AUTH_NONE, AUTH_TLSRPT },
	{ "v=BIMI; l=", AUTH_NONE, AUTH_BIMI },

	/* Nothing of the kind. */
	{ "", AUTH_NONE, AUTH_NONE },
	{ "v=", AUTH_NONE, AUTH_NONE },
	{ "v", AUTH_NONE, AUTH_NONE },
	{ "\"", AUTH_NONE, AUTH_NONE },
	{ "spf2.0/pra include:x.org", AUTH_NONE, AUTH_NONE },
	{ "v=spf3x mx -all", AUTH_NONE, AUTH_NONE },
	{ "v=sff1 mx -all", AUTH_NONE, AUTH_NONE },
	{ "v=fps1 mx -all", AUTH_NONE, AUTH_NONE },
	{ "spf", AUTH_NONE, AUTH_NONE },
	{ "dmarc1@example.com", AUTH_NONE, AUTH_NONE },
	{ "google-site-verification=abc", AUTH_NONE, AUTH_NONE },
	{ "MS=ms85739041", AUTH_NONE, AUTH_NONE },
	{ "v=verifydomain MS=1234", AUTH_NONE, AUTH_NONE },
	{ "p=abc", AUTH_NONE, AUTH_NONE },
	{ "k=rsa; p=", AUTH_NONE, AUTH_NONE },
	{ "o=~; r=a@b.c", AUTH_NONE, AUTH_NONE },
};

/* Where a record of the kind belongs. */
static const struct {
	enum auth kind;
	const char *text;
	bool lost;
} lost[] = {
	{ AUTH_MTASTS, "v=STSv1; id=1", false },
	{ AUTH_MTASTS, "v=STS1; id=1", true },
	{ AUTH_MTASTS, "id=1; v=STSv1", true },
	{ AUTH_MTASTS, "id=20260101T000000", true },
	{ AUTH_MTASTS, "id=", false },
	{ AUTH_MTASTS, "some-token=1; x", false },
	{ AUTH_TLSRPT, "rua=mailto:a@b.c", true },
	{ AUTH_TLSRPT, " rua = mailto:a@b.c ;v=TLSRPTv1", true },
	{ AUTH_TLSRPT, "x=rua", false },
	{ AUTH_BIMI, "l=https://b.c/d.svg; v=BIMI1", true },
	{ AUTH_BIMI, "a=b; v=BIMI1", true },
	{ AUTH_BIMI, "", false },
};

static void
version_may_be_lost(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < countof(lost); i++)
		if (auth_lost_version(str_from(lost[i].text), lost[i].kind) !=
		    lost[i].lost)
			fail_msg("%s", lost[i].text);
}

static void
version_decides_what_is_selected(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < countof(texts); i++) {
		struct str text = str_from(texts[i].text);

		if (auth_version(text) != texts[i].version ||
		    auth_near_version(text) != texts[i].near)
			fail_msg("%s: %s, near %s", texts[i].text,
			    auth_name(auth_version(text)),
			    auth_name(auth_near_version(text)));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(place_decides_what_is_looked_for),
		cmocka_unit_test(version_decides_what_is_selected),
		cmocka_unit_test(version_may_be_lost),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
