/*
 * Names that are written alike are judged once, and nothing else may be seen
 * of that: whatever a provider's customers look like, the same is found when
 * each is judged.
 */
#include "support.h"

#include "alike.h"
#include "alike/alike.h"

/* KEY_2048 with another end of its modulus. */
#define KEY_OTHER \
	KEY_2048_1 "\" \"" \
	"KH7Hsw8t48LttBRT9Zjg8ZSSIRwJjYrCpJZkyYfHuG+tiiURRGb4A+Qg" \
	"hX4kM23o4TCz+L3bfHNbxut7eOhFGmDSU2ab24yOT/ZO8A0O+/jJkgQ3" \
	"AvWXfLGP+VWdOFAqEac0GdoWh3slG8SZZaFTx/YhKdiSZ5MECQIDAQAB"

/* The list of public suffixes, for all tests. */
static struct arena *lists;
static struct psl *psl;

static int
open_list(void **state)
{
	struct str why;

	(void)state;
	lists = arena_new();
	psl = psl_open(lists, STR_NONE, &why);
	return psl == NULL;
}

static int
close_list(void **state)
{
	(void)state;
	psl_close(psl);
	arena_free(lists);
	return 0;
}

/* What a zone is made of; the same numbers from the same seed. */
struct making {
	uint64_t seed;
	struct buffer zone;
};

static unsigned
any(struct making *making, unsigned count)
{
	making->seed = making->seed * 6364136223846793005u + 1442695040888963407u;
	return (unsigned)(making->seed >> 33) % count;
}

/*
 * Lines of a customer: "~" is its label, "!" that of another one, "^" an
 * address, "/" one near the last, "`" a token, "|" a part of the mail. Few of
 * them are right.
 */
static const char *const lines[] = {
	"~ A ^", "~ A ^", "~ AAAA 2a01:1:2::5", "~ AAAA 2001:db8::1",
	"~ MX 10 mx1", "~ MX 10 mx1.hosting.example.", "~ MX 10 mail.~",
	"~ MX 0 .", "~ MX 10 nowhere", "~ MX 10 mx.example.net",
	"mail.~ A ^", "mail.~ TXT \"v=spf1 a -all\"",
	"~ TXT \"v=spf1 mx ip4:^ ~~all\"", "~ TXT \"v=spf1 ip4:^ ip4:/ -all\"",
	"~ TXT \"v=spf1 ip4:^/24 ?all\"", "~ TXT \"v=spf1 IP4:^ -all\"",
	"~ TXT \"v=spf1 ip4:^/16 ip4:/ -all\"", "~ TXT \"v=spf1 +all\"",
	"~ TXT \"v=spf1 include:!.hosting.example ~~all\"",
	"~ TXT \"v=spf1 include:~.hosting.example ~~all\"",
	"~ TXT \"v=spf1 include:~.hosting\" \".example -all\"",
	"~ TXT \"v=spf1 include:_spf.google.com -all\"",
	"~ TXT \"v=spf1 exists:%{d}.hosting.example -all\"",
	"~ TXT v=spf1 -all", "~ TXT \"v=spf1 a:~ -all\"",
	"~ TXT \"v=spf1 mx ptr ~~all\"", "~ TXT \"v=spf1 -all mx\"",
	"~ TXT \"v=spf1 ip4:192.0.2.0/33 -all\"",
	"~ TXT \"v=spf1 mx ipv4:192.0.2.1 -all\"",
	"~ TXT \"v=spf1 mx a mx a mx a mx a mx a mx a -all\"",
	"~ TXT \"v=spf1 include:mx1.hosting.example include:a.test include:b.test -all\"",
	"~ TXT \"v=spf1 a:x.~ include:x.~.hosting.example -all\"",
	"x.~ TXT \"v=spf1 a a a a a a a a mx mx mx -all\"", "x.~ A ^", "x.~ A /",
	"mail.~ TXT \"v=spf1 ip4:/ -all\"", "mail.~ A /", "mail.~ MX 10 mail.~",
	"x.~ TXT \"v=spf1 ip4:/ ip4:^ -all\"", "*.~ TXT \"v=spf1 -all\"",
	"~ TXT \"verification=~\"", "~ TXT \"v=spf1 redirect=!.hosting.example\"",
	"~ SPF \"v=spf1 -all\"", "~ 86400 TXT \"v=spf1 -all\"",
	"_dmarc.~ TXT \"v=DMARC1; p=reject\"",
	"_dmarc.~ TXT \"v=DMARC1; p=none; rua=mailto:d@~.hosting.example\"",
	"_dmarc.~ TXT \"v=DMARC1; p=none; rua=mailto:d@!.hosting.example\"",
	"_dmarc.~ TXT \"v=DMARC1; p=quarantine; rua=mailto:d@example.org\"",
	"_dmarc.~ TXT \"v=DMARC1; p=quarantine; rua=mailto:d@reports.example\"",
	"_dmarc.~ TXT v=DMARC1\\; p=none", "_DMARC.~ TXT \"v=DMARC1; p=reject\"",
	"_dmarc.~ CNAME _dmarc.!", "_dmarc.~ TXT \"v=DMARC1; p=qarantine\"",
	"_dmarc.~ TXT \"v=DMARC1; sp=reject\"", "_dmarc.~ TXT \"v=DMARC1 p=reject\"",
	"_dmarc.~ TXT \"v=DMARC1; p=none\"", "_dmarc.~ TXT \"v=DMARC1; p=rejct; rua=mailto:d@hosting.example\"",
	"_dmarc.mail.~ TXT \"v=DMARC1; p=none\"", "_dmarc.x.~ TXT \"v=DMARC1; p=reject\"",
	"_dmarc.~ TXT \"v=DMARC1; p=reject; sp=none; rua=mailto:d@~.hosting.example\"",
	"_dmarc.~ TXT \"v=DMARC1; p=reject; pct=50; adkim=s; aspf=x\"",
	"_dmarc.~ CNAME dmarc.~", "dmarc.~ TXT \"v=DMARC1; p=reject\"",
	"~._report._dmarc TXT \"v=DMARC1;\"",
	"!.hosting.example._report._dmarc.~ TXT \"v=DMARC1;\"",
	"~ TXT \"v=spf1 \xe2\x80\x93" "all\"", "~ TXT \"v=spf1\\009-all\"",
	"~ TXT \"'v=spf1 -all'\"", "~ TXT \"v=spf1;\"", "~ TXT \" v=spf1 -all\"",
	"~ TXT \"v=spf1 include:b\xc3\xbc" "cher.test -all\"", "~ 300 MX 10 mx1",
	"_dmarc.~ TXT \"v=DMARC1\\\\; p=none\"", "_dmark.~ TXT \"v=DMARC1; p=none\"",
	"_dmarc.~ TXT \"v=DMARC1; p=reject; rua=mailto:a@b.test mailto:c@d.test\"",
	"_dmarc.~ TXT \"v=DMARC1; p=reject; rua=mailto:a!b@c.test,mailto:d@e.test!9m\"",
	"_domainkey.~ TXT \"o=-\"", "_adsp._domainkey.~ TXT \"dkim=all\"",
	"_mta-sts.~ TXT \"v=STSv1; id=1-2\"", "_smtp._tls.~ TXT \"v=TLSRPTv1; rua=a\"",
	"x._dmarc.~ TXT \"v=DMARC1; p=none\"", "dmarc.~ TXT \"v=DMARC1; p=none\"",
	"~ TXT \"v=DMARC1; p=none\"", "~ TXT \"v=TLSRPTv1; rua=mailto:t@~.hosting.example\"",
	"www.~ CNAME ~", "www.~ CNAME ~.hosting.example",
	"www.~ CNAME ~.hosting.example.", "www.~ CNAME !", "ftp.~ CNAME !.shop",
	"a.b.~ CNAME com", "~ CNAME !", "www.~ CNAME ~.onmicrosoft.com.",
	"*.~ MX 10 mx1", "*.~ A ^", "~ NS ns1", "x.~ NS ns1", "~ DNAME !",
	"s1._domainkey.~ TXT \"v=DKIM1; k=rsa; p=\"",
	"s1._domainkey.~ TXT \"v=DKIM1; k=rsa; p=&\"",
	"s2._domainkey.~ TXT ( \"v=DKIM1; p=\"\n\t\"&\" ) ; a key",
	"s2._domainkey.~ TXT \"v=DKIM1; p=MIIBIjANBgkq\"",
	"s5._domainkey.~ TXT \"v=DKIM1; p=!&\"", "s5._domainkey.~ CNAME s._domainkey.~",
	"s5._domainkey.~ TXT \"v=DKIM1; t=y; h=sha1; p=&\"",
	"s1._domainkey.~ TXT \"v=DKIM1; k=rsa; p=MI@&\"",
	"s1._domainkey.~ TXT \"v=DKIM1; k=rsa; p=MIIB@&\"",
	"s1._domainkey.~ TXT \"v=DKIM1; p=MIIB@B; n=&\"", "s2._domainkey.~ TXT \"p=M#I#&\"",
	"s1._domainkey.~ TXT ( \"v=DKIM1; p=MI@\"\n\t\"&\" )", "s1._domainkey.~ TXT \"p=MI*&=\"",
	"s._domainkey.~ TXT \"v=DKIM1; k=rsa; p=" KEY_1024 "\"",
	"_domainkey.~ TXT \"o=~; t=y\"", "s._domainkey.mail.~ TXT \"p=&\"",
	"s3._domainkey.~ TXT \"v=DKIM1; k=ed25519; p=4snZNpsL9+OHpLeZNBGxH7gDa+XUONTmZ+wuyHpdNno=\"",
	"s4._domainkey.~ TXT \"v=DKIM1; p = &\"", "s4._domainkey.~ TXT \"p=&; n=p=&\"",
	"default._bimi.~ TXT \"v=BIMI1; l=https://~.hosting.example/l.svg\"",
	"_mta-sts.~ TXT \"v=STSv1; id=20260101\"", "mta-sts.~ A ^",
	"_smtp._tls.~ TXT \"v=TLSRPTv1; rua=mailto:t@~.hosting.example\"",
	"_imaps._tcp.~ SRV 0 1 993 mx1", "~.hosting.example. TXT \"x\"",
	"; ~ is here", "; mailzone: ignore dmarc-policy-none", "$TTL 300", "$TTL 3600",
	"\tMX 20 mx1", "\tTXT \"again\"", "~ TXT \"v=spf1 -all\" ; ~",
	"~ TXT \"v=spf1\" \" ip4:^\" \" -all\"", "~\\.x TXT \"x\"",
	"~ TXT \"google-site-verification=`\"", "~ TXT \"a-verification=`\"",
	"~ TXT \"google-site-verification=`\"", "~ TXT \"v=spf1 -all\" \"-verification=`\"",
	"~ TXT \"google-site-verification=`\" \"`\"", "~ 1h TXT \"a-verification=` `\"",
	"~ TXT \"google-site-verification=`\" ; `", "www.~ TXT \"a-verification=`\"",
	"_dmarc.~ 1h TXT \"v=DMARC1; p=reject; pct=|\"", "_dmarc.~ 60M TXT \"pct=|\"",
	"_dmarc.~ 1h1x TXT \"v=DMARC1; p=none\"", "~ 2D TXT \"v=spf1 -all\"",
	"_dmarc.~ TXT \"v=DMARC1; p=none; pct=|; rua=mailto:d@~.hosting.example\"",
	"_dmarc.~ TXT \"v=DMARC1; p=reject; pct=|\" \"0\"", "_dmarc.x.~ TXT \"v=DMARC1; p=reject; pct=|\"",
	"_dmarc.~ TXT \"v=DMARC1; t=y; p=reject; pct=|\"", "_dmarc.~ TXT \"v=DMARC1; p=reject; pct=|; pct=|\"",
	"s1._domainkey.~ CNAME s1-~._domainkey.~.onmicrosoft.com.",
	"s1._domainkey.~ CNAME s1-!._domainkey.~.onmicrosoft.com.",
	"s1._domainkey.~ TXT \"v=DKIM1; k=rsa; p=AAAA&\"",
	"s2._domainkey.~ TXT \"v=DKIM1; k=ed25519; p=MIIA&\"",
	"s2._domainkey.~ TXT (\"v=DKIM1; p=\"\n\t\"AAAA&\")",
	"~ HINFO \"~\" a",
	("$ORIGIN ~.hosting.example.\n@ A ^\n\tTXT \"v=spf1 a -all\"\n"
	    "www A ^\n$ORIGIN hosting.example."),
};

/* What most customers have: nothing is wrong with it. */
static const char *const good[] = {
	"~ A ^", "~ MX 10 mx1", "~ TXT \"v=spf1 mx ip4:^ ~~all\"",
	"_dmarc.~ TXT \"v=DMARC1; p=reject; rua=mailto:d@~.hosting.example\"",
	"s._domainkey.~ TXT \"v=DKIM1; k=rsa; p=&\"",
};

static const char *const labels[] = {
	"oak0glass", "elm1stone", "river2", "lake33", "x4", "maple5tree",
	"coast6cloud7amber8fern9cedar10lake", "dmarc", "_dmarc", "mx1", "shop",
	"com", "www", "domainkey", "smtp", "tls", "mta-sts", "Birch11", "in",
	"txt", "hosting", "a-12", "-13", "14", "fern15",
};

/* Three octets at the start are far from those of others. */
static void
add_address(struct making *making, bool near)
{
	static unsigned last;

	if (!near)
		last = any(making, 200);
	buffer_printf(&making->zone, "%u.%u.%u.%u", any(making, 12) == 0 ?
	    10 : 11, last, near ? any(making, 2) : 7, any(making, 3) == 0 ? 0 :
	    1 + any(making, 2));
}

/* The DER of a key of 2048 bits; most have no small factor. */
static void
add_key(struct making *making)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	    "abcdefghijklmnopqrstuvwxyz0123456789+/";
	static const char start[] =
	    "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEA4", end[] = "awIDAQAB";
	struct arena *arena = arena_new();
	struct str text, der;
	bool weak = any(making, 9) == 0, fixed = any(making, 9) == 0;
	char middle[339];
	unsigned i;

	do {
		for (i = 0; i < sizeof(middle); i++)
			middle[i] = fixed ? 'x' : digits[any(making, 64)];
		text = arena_printf(arena, "%s%.*s%s", start,
		    (int)sizeof(middle), middle, end);
		assert_true(base64_decode(arena, text, &der));
	} while (!weak && !fixed &&
	    rsa_weak_factor(der_read_key(der).modulus) != 0);
	buffer_add(&making->zone, str_slice(text, 0, 200));
	buffer_add_cstr(&making->zone, "\" \"");
	buffer_add(&making->zone, str_after(text, 200));
	arena_free(arena);
}

/* What proves whose a name is; few are not of one length. */
static const char *const tokens[] = {
	"Abc_1-f00", "dbc_1-f00", "Abc_1-f00", "12345", "a.b.c", "oak0glass",
};

static const char *const percents[] = {
	"1", "10", "9", "99", "50", "0", "05", "100", "101", "5 ", "x",
};

static void
add_line(struct making *making, const char *line, const char *label,
    const char *other)
{
	for (; *line != '\0'; line++)
		switch (*line) {
		case '~':
			if (line[1] == '~')
				buffer_add_byte(&making->zone, *line++);
			else
				buffer_add_cstr(&making->zone, label);
			break;
		case '!':
			buffer_add_cstr(&making->zone, other);
			break;
		case '^':
			add_address(making, false);
			break;
		case '/':
			if (line[1] >= '0' && line[1] <= '9')
				buffer_add_byte(&making->zone, '/');
			else
				add_address(making, true);
			break;
		case '&':
			add_key(making);
			break;
		case '`':
			buffer_add_cstr(&making->zone, tokens[any(making,
			    countof(tokens))]);
			break;
		case '|':
			buffer_add_cstr(&making->zone, percents[any(making,
			    countof(percents))]);
			break;
		default:
			buffer_add_byte(&making->zone, *line);
		}
	buffer_add_byte(&making->zone, '\n');
}

/* Which lines the customers of each kind have beside the good ones. */
struct kinds {
	unsigned lines[4][4];
};

static struct kinds
choose_kinds(struct making *making)
{
	struct kinds kinds;
	unsigned i, k;

	for (i = 0; i < countof(kinds.lines); i++)
		for (k = 0; k < countof(kinds.lines[i]); k++)
			kinds.lines[i][k] = any(making, countof(lines));
	return kinds;
}

/* The higher its kind, the more is wrong with it; with most nothing is. */
static void
add_customer(struct making *making, const struct kinds *kinds,
    const char *label)
{
	unsigned kind = any(making, 8), k;

	for (k = 0; k < countof(good); k++)
		if (any(making, 20) > 0)
			add_line(making, good[k], label, "oak0glass");
	for (k = 0; k < kind && kind < countof(kinds->lines); k++)
		add_line(making, lines[kinds->lines[kind][k]], label,
		    labels[any(making, countof(labels))]);
}

static void
make_zone(struct making *making)
{
	struct kinds kinds = choose_kinds(making);
	unsigned i;

	buffer_clear(&making->zone);
	buffer_add_cstr(&making->zone, "$ORIGIN hosting.example.\n$TTL 3600\n"
	    "@ SOA ns1 h 1 7200 3600 1209600 3600\n@ NS ns1\n"
	    "ns1 A 192.0.2.53\nmx1 A 192.0.2.25\nmx1 TXT \"v=spf1 a -all\"\n"
	    "@ TXT \"v=spf1 -all\"\n_dmarc TXT \"v=DMARC1; p=reject\"\n"
	    ALIKE_MANY);
	for (i = 0; i < countof(labels); i++)
		add_customer(making, &kinds, labels[i]);
}

/* The names of zones that nobody could take for others. */
static void
add_zones(struct making *making, struct zones *zones)
{
	struct kinds kinds = choose_kinds(making);
	unsigned i;

	for (i = 0; i < countof(labels); i++) {
		buffer_clear(&making->zone);
		buffer_printf(&making->zone, "; zone of %s\n"
		    "$ORIGIN hosting.example.\n$TTL 3600\n%s SOA ns1.%s h (\n"
		    "\t%u 7200 3600 1209600 3600 )\n%s NS ns1.%s\n"
		    "ns1.%s A 192.0.2.53\n", labels[i], labels[i], labels[i],
		    any(making, 99), labels[i], labels[i], labels[i]);
		add_customer(making, &kinds, labels[i]);
		alike_add(zones, arena_printf(zones->arena,
		    "%s.hosting.example", str_is_case(str_from(labels[i]),
		    "Birch11") ? "birch11" : labels[i]),
		    buffer_str(&making->zone));
	}
}

/* Lines of a zone under its own origin; "!" is a host. The first are right. */
enum { FEW = 12 };

static const char *const own_lines[] = {
	"@ A ^", "@ MX 10 mail", "@ MX 10 !", "! A ^", "! A ^", "! A ^", "! A ^",
	"! A ^", "! A ^", "! AAAA 2a01:1:2::5", "! AAAA 2a01:1:feed::22",
	"! TXT \"v=spf1 a -all\"", "! TXT \"\"", "! MX 0 .",
	"@ TXT \"v=spf1 mx ip4:^ ~~all\"", "@ TXT \"v=spf1 a:! -all\"",
	"@ TXT \"v=spf1 include:!.~.hosting.example -all\"",
	"www CNAME !", "! CNAME @", "! CNAME !", "_sip._tcp SRV 0 1 5060 !",
	"_dmarc TXT \"v=DMARC1; p=reject; rua=mailto:d@~.hosting.example\"",
	"_dmarc TXT \"v=DMARC1; p=none; rua=mailto:d@!.~.hosting.example\"",
	"s._domainkey TXT \"v=DKIM1; k=rsa; p=&\"",
	"! A ^ ; of ~", "! A ^ ; !", "\tA ^", "! 300 A ^", "! A 10.1.2.3",
	"$TTL 300", "$ORIGIN ~.hosting.example.", "*.! A ^", "! NS ns1",
	"!.~.hosting.example. A ^", "! IN SOA ns1 h 1 2 3 4 5", "! A 11.1.2.300",
	"_mta-sts TXT \"v=STSv1; id=1\"", "mta-sts A ^", "! HINFO ! !",
	"_dmarc.! TXT \"v=DMARC1; p=none\"", "; ~ is here", "@ NS !",
};

static const char *const hosts[] = {
	"mail", "www", "oak0glass", "host1", "web22", "feed", "mta-sts", "ns1",
	"autoconfig", "x", "smtp", "txt", "soa", "mailzone", "HOST1", "11",
	"a-host-whose-name-has-33-octets-y", "proxy7", "vpn8", "backup",
};

static const char *const heads[] = {
	"; zone of ~\n$ORIGIN ~.hosting.example.\n$TTL 3600\n",
	"$ORIGIN\t~.hosting.example. ; ~\n$TTL 1h\n", "$TTL 3600\n",
	"; the-~\n$TTL 3600\n", ";mail~\n$TTL 3600\n",
};

static void
add_own_zones(struct making *making, struct zones *zones)
{
	unsigned kinds[3][9], kind, i, k;
	const char *head = heads[any(making, countof(heads))];

	for (kind = 0; kind < countof(kinds); kind++)
		for (k = 0; k < countof(kinds[kind]); k++)
			kinds[kind][k] = any(making, k % 5 == 4 ?
			    countof(own_lines) : FEW);
	for (i = 0; i < countof(labels); i++) {
		kind = any(making, countof(kinds));
		buffer_clear(&making->zone);
		add_line(making, head, labels[i], "");
		buffer_printf(&making->zone, "@ SOA ns1 h (\n\t%u 7200 3600 "
		    "1209600 3600 )\n\tNS ns1\nns1 A 192.0.2.53\n",
		    any(making, 99));
		for (k = 0; k < 2 + kind * 3; k++)
			add_line(making, own_lines[kinds[kind][k]], labels[i],
			    hosts[any(making, countof(hosts))]);
		alike_add(zones, arena_printf(zones->arena,
		    "%s.hosting.example", str_is_case(str_from(labels[i]),
		    "Birch11") ? "birch11" : labels[i]),
		    buffer_str(&making->zone));
	}
}

static unsigned
zones_to_make(void)
{
	const char *more = getenv("LIKENESS_ZONES");

	return more == NULL ? 20 : (unsigned)atoi(more);
}

/* In one zone of many customers, in as many zones, or in those of one each. */
static void
compare_made(bool many, bool own)
{
	struct making making = { .seed = 1 };
	struct arena *forever = arena_new(), *arena = arena_new();
	struct zones zones;
	size_t filled = 0, unread = 0;
	struct str why;
	unsigned i;

	for (i = 0; i < zones_to_make(); i++) {
		zones = (struct zones){ .arena = arena };
		making.seed = i;
		if (own)
			add_own_zones(&making, &zones);
		else if (many)
			add_zones(&making, &zones);
		else {
			make_zone(&making);
			alike_add(&zones, STR("hosting.example"),
			    buffer_str(&making.zone));
		}
		why = alike_difference(&zones, psl, false);
		if (why.p != NULL)
			fail_msg("zone %u:\n%.*s\n%.*s", i,
			    STR_ARG(buffer_str(&making.zone)), STR_ARG(why));
		if (!(many ? alike_zones_agree(&zones, &filled, &unread) :
		    alike_families_agree(zones.zones[0], &filled) &&
		    alike_families_agree(alike_folded(&zones)->zones[0],
		    &filled)))
			fail_msg("zone %u:\n%.*s\na stencil says another shape",
			    i, STR_ARG(buffer_str(&making.zone)));
		arena_reset(arena);
	}
	assert_true(own || filled > 2 * (size_t)zones_to_make());
	assert_true(!many || unread > (size_t)zones_to_make() / 3);
	buffer_free(&making.zone);
	arena_free(arena);
	arena_free(forever);
}

static void
nothing_is_lost(void **state)
{
	(void)state;
	compare_made(false, false);
}

static void
nothing_is_lost_in_zones(void **state)
{
	(void)state;
	compare_made(true, false);
}

static void
nothing_is_lost_of_hosts(void **state)
{
	(void)state;
	compare_made(true, true);
}

#define OCTETS \
	"0123456789012345678901234567890123456789012345678901234567890123456789" \
	"0123456789012345678901234567890123456789012345678901234567890123456789" \
	"012345678901234567890123456789012"

#define LESS_OCTETS \
	"01234567890123456789012345678901234567890123456789012345678901234567890123"

#define ZEROS_32	"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
#define ZEROS_76	ZEROS_32 ZEROS_32 "AAAAAAAAAAAA"
#define ZEROS_108	ZEROS_76 ZEROS_32
#define ZEROS_112	ZEROS_108 "AAAA"
/* A PEM file begins, or one ends that is private; a private key in DER. */
#define PEM_112		"LS0tLS1CRUdJTiBQVUJMSUMgS0VZLS0tLS1B" ZEROS_76
#define SECRET_112	ZEROS_76 "LS0tLS1FTkQgUFJJVkFURSBLRVktLS0tLUFB"
#define PRIVATE_112	"MFICAQAETQAAAAAA" ZEROS_32 ZEROS_32 ZEROS_32

/* Zones in which one customer is like the others but for what is told of it. */
static const char *const told[] = {
	/* A name that is taken for the place of a policy. */
	"oak4 TXT \"v=STSv1; id=1\"\nmta-sts TXT \"v=STSv1; id=1\"\n",
	/* A name that somebody else refers to. */
	"elm5 TXT \"v=spf1 ip4:11.1.2.4\"\noak4 TXT \"v=spf1 ip4:11.1.2.3\"\n"
	    "@ TXT \"v=spf1 include:elm5.hosting.example -all\"\n",
	/* Reports that only one of them may send there. */
	"_dmarc.oak4 TXT \"v=DMARC1; p=none; rua=mailto:d@reports.test\"\n"
	    "_dmarc.elm5 TXT \"v=DMARC1; p=none; rua=mailto:d@reports.test\"\n",
	/* A label that is a word of a policy, a service, an algorithm. */
	"reject MX 10 mail.example.net.\nreject TXT \"v=spf1 ip4:11.1.1.1 ~all\"\n"
	    "_dmarc.reject TXT \"v=DMARC1; p=reject; rua=mailto:d@hosting.example\"\n"
	    "none MX 10 mail.example.net.\nnone TXT \"v=spf1 ip4:11.1.1.1 ~all\"\n"
	    "_dmarc.none TXT \"v=DMARC1; p=none; rua=mailto:d@hosting.example\"\n"
	    "_dmarc TXT \"v=DMARC1; p=reject; rua=mailto:d@hosting.example\"\n",
	"s._domainkey.email TXT \"v=DKIM1; k=rsa; s=email; p=" KEY_2048 "\"\n"
	    "s._domainkey.web TXT \"v=DKIM1; k=rsa; s=web; p=" KEY_2048 "\"\n",
	/* A label that is a TTL, a type, a number. */
	"3600 3600 TXT \"v=spf1 -all\"\n604800 604800 TXT \"v=spf1 -all\"\n",
	"h1 1h TXT \"v=spf1 -all\"\n4w 4w TXT \"v=spf1 -all\"\n",
	"txt txt \"hello\"\nspf spf \"hello\"\n",
	"00 MX 00 .\n10 MX 10 .\n",
	/* A comment within parentheses, from which a record lost something. */
	"test.org._report._dmarc.oak4 TXT ( v=DMARC1\n; hello\n )\n"
	    "test.org._report._dmarc.elm5 TXT ( v=DMARC1\n; a=b\n )\n",
	/* Networks around hosts. */
	"a.oak4 A 11.1.1.1\nb.oak4 A 11.1.1.2\nc.oak4 A 11.1.1.3\n"
	    "oak4 TXT \"v=spf1 a:a.oak4.hosting.example/16 a:b.oak4.hosting.example/16 "
	    "a:c.oak4.hosting.example/16 ~all\"\n"
	    "a.elm5 A 11.1.1.1\nb.elm5 A 12.1.1.2\nc.elm5 A 13.1.1.3\n"
	    "elm5 TXT \"v=spf1 a:a.elm5.hosting.example/16 a:b.elm5.hosting.example/16 "
	    "a:c.elm5.hosting.example/16 ~all\"\n",
	/* What is no key, and looks like one. */
	"s._domainkey.oak4 CAA 0 issue \"p=" KEY_2048_1 KEY_2048_2 "\"\n"
	    "s._domainkey.elm5 CAA 0 issue \"p=" KEY_2048_1 KEY_2048_2 "\"\n"
	    "s._domainkey.fir3 CAA 0 issue \"p=" KEY_2048_1 KEY_2048_2 "\"\n",
	"s._domainkey.oak4 TXT \"v=DKIM1; n=p=" KEY_2048 "\"\n"
	    "s._domainkey.elm5 TXT \"v=DKIM1; n=p=" KEY_2048 "\"\n"
	    "s._domainkey.fir3 TXT \"v=DKIM1; n=p=" KEY_2048 "\"\n",
	/* A name that got the origin twice, which nobody asks for. */
	"hosting.example TXT \"v=spf1 +all\"\nhosting.elm5 TXT \"v=spf1 +all\"\n",
	/* A label that is a type of which the other may not stand there. */
	"ptr ptr www.example.net.\nptr A 11.1.1.1\n"
	    "cname cname www.example.net.\ncname A 11.1.1.1\n",
	/* Words that belong to a string, or to the line before. */
	"_dmarc.reject TXT ( \"v=DMARC1; rua=mailto:d@hosting.example; p=\"\n"
	    "reject\n)\n_dmarc.elm5 TXT ( \"v=DMARC1; "
	    "rua=mailto:d@hosting.example; p=\"\nelm5\n)\n",
	/* A name that lacks its final dot. */
	"oak4 MX 10 oak4.hosting.example\noak4.hosting.example A 11.1.1.1\n"
	    "elm5 MX 10 elm5.hosting.example\n",
	/* A name that looks like an address. */
	"11.1.7.1 TXT \"v=DKIM1; k=rsa; p=\"\n"
	    "s._domainkey.oak4 CNAME 11.1.7.1\ns._domainkey.elm5 CNAME 11.1.7.2\n",
	/* Names with characters that few names have. */
	"s._domainkey.oak4 CNAME x/oak4\nx/oak4 TXT \"v=DKIM1; k=rsa; p=\"\n"
	    "s._domainkey.elm5 CNAME x/elm5\n",
	"oak4 TXT \"v=spf1 a:x+oak4.hosting.example ip4:11.1.1.1 ~all\"\n"
	    "x+oak4 A 11.1.1.1\n"
	    "elm5 TXT \"v=spf1 a:x+elm5.hosting.example ip4:11.1.1.1 ~all\"\n",
	"oak4 TXT \"v=spf1 redirect=x/\" \"oak4.hosting.example\"\n"
	    "x/oak4 TXT \"v=spf1 mx:hosting.example ~all\"\n"
	    "elm5 TXT \"v=spf1 redirect=x/\" \"elm5.hosting.example\"\n",
	/* An answer that is too long, for the label is. */
	"o4 TXT \"v=spf1 -all\"\no4 TXT \"" OCTETS "\"\no4 TXT \"x" OCTETS "\"\n"
	    "coast6cloud7amber8fern9cedar10 TXT \"v=spf1 -all\"\n"
	    "coast6cloud7amber8fern9cedar10 TXT \"" OCTETS "\"\n"
	    "coast6cloud7amber8fern9cedar10 TXT \"x" OCTETS "\"\n",
	/* What is read at another name, or was read there before. */
	"oak4 TXT \"v=spf1 ip4:11.1.2.3 -all\"\n"
	    "_dmarc.oak4 TXT \"v=DMARC1; p=none; rua=mailto:d@oak4.hosting.example\"\n"
	    "elm5 TXT \"v=spf1 -all\"\n"
	    "_dmarc.elm5 TXT \"v=DMARC1; p=none; rua=mailto:d@elm5.hosting.example\"\n",
	/* And what is written in a way that is not known. */
	"oak4 TXT \"v=spf1 a -al\\108\"\n"
	    "_dmarc.oak4 TXT \"v=DMARC1; p=none; rua=mailto:d@oak4.hosting.example\"\n"
	    "elm5 TXT \"v=spf1 -al\\108\"\n"
	    "_dmarc.elm5 TXT \"v=DMARC1; p=none; rua=mailto:d@elm5.hosting.example\"\n",
	/* A name that is there, of another type, or another name. */
	"oak4 TXT \"v=spf1 -all\"\n"
	    "_dmarc.oak4 TXT \"v=DMARC1; p=none; rua=mailto:d@oak4.hosting.example\"\n"
	    "s._domainkey.oak4 CNAME x.example.net.\n"
	    "elm5 TXT \"v=spf1 -all\"\n"
	    "_dmarc.elm5 TXT \"v=DMARC1; p=none; rua=mailto:d@elm5.hosting.example\"\n",
	"oak4 TXT \"v=spf1 -all\"\n"
	    "_dmarc.oak4 TXT \"v=DMARC1; p=none; rua=mailto:d@oak4.hosting.example\"\n"
	    "s._domainkey.oak4 CNAME x.example.net.\n"
	    "elm5 TXT \"v=spf1 -all\"\n"
	    "_dmarc.elm5 TXT \"v=DMARC1; p=none; rua=mailto:d@elm5.hosting.example\"\n"
	    "s._domainkey.elm5 A 11.1.2.3\n",
	"oak4 TXT \"v=spf1 -all\"\n"
	    "_dmarc.oak4 TXT \"v=DMARC1; p=none; rua=mailto:d@oak4.hosting.example\"\n"
	    "s._domainkey.oak4 CNAME x.example.net.\n"
	    "elm5 TXT \"v=spf1 -all\"\n"
	    "_dmarc.elm5 TXT \"v=DMARC1; p=none; rua=mailto:d@elm5.hosting.example\"\n"
	    "s._domains.elm5 CNAME x.example.net.\n",
	/* Mail to a name, of which it is not known what is written there. */
	"oak4 MX 10 mail.example.net.\noak4 TXT \"\\097\"\n"
	    "_dmarc.oak4 TXT \"v=DMARC1; p=none; rua=mailto:d@oak4.hosting.example\"\n"
	    "elm5 MX 0 .\nelm5 TXT \"\\097\"\n"
	    "_dmarc.elm5 TXT \"v=DMARC1; p=none; rua=mailto:d@elm5.hosting.example\"\n"
	    "fir3 A 11.1.2.3\nfir3 TXT \"\\097\"\n"
	    "_dmarc.fir3 TXT \"v=DMARC1; p=none; rua=mailto:d@fir3.hosting.example\"\n"
	    "yew2 TXT \"\\097\"\n"
	    "_dmarc.yew2 TXT \"v=DMARC1; p=none; rua=mailto:d@yew2.hosting.example\"\n",
	"oak4 TXT \"v=spf1 -all\"\noak4 MX 10 mail.example.net.\n"
	    "_dmarc.oak4 TXT \"v=DMARC1; p=none; rua=mailto:d@oak4.hosting.example\"\n"
	    "elm5 TXT \"v=spf1 -all\"\nelm5 MX 0 .\n"
	    "_dmarc.elm5 TXT \"v=DMARC1; p=none; rua=mailto:d@elm5.hosting.example\"\n"
	    "fir3 TXT \"v=spf1 -all\"\nfir3 MX 10 mail.example.net.\nfir3 A 11.1.2.3\n"
	    "_dmarc.fir3 TXT \"v=DMARC1; p=none; rua=mailto:d@fir3.hosting.example\"\n",
	/* To a name below it, which one of them has, to an alias, and to none. */
	"oak4 TXT \"v=spf1 -all\"\nr.oak4 A 11.1.2.3\n"
	    "_dmarc.oak4 TXT \"v=DMARC1; p=none; rua=mailto:d@r.oak4.hosting.example\"\n"
	    "elm5 TXT \"v=spf1 -all\"\nr.elm5 TXT \"x\"\n"
	    "_dmarc.elm5 TXT \"v=DMARC1; p=none; rua=mailto:d@r.elm5.hosting.example\"\n"
	    "fir3 TXT \"v=spf1 -all\"\nr.fir3 CNAME mx1\n"
	    "_dmarc.fir3 TXT \"v=DMARC1; p=none; rua=mailto:d@r.fir3.hosting.example\"\n"
	    "yew2 TXT \"v=spf1 -all\"\n*.yew2 MX 10 mail.example.net.\n"
	    "_dmarc.yew2 TXT \"v=DMARC1; p=none; rua=mailto:d@r.yew2.hosting.example\"\n"
	    "ash6 TXT \"v=spf1 -all\"\ns.ash6 A 11.1.2.3\n"
	    "_dmarc.ash6 TXT \"v=DMARC1; p=none; rua=mailto:d@r.ash6.hosting.example\"\n",
	/* What is a key, and of which something else is told. */
	"s._domainkey.oak4 TXT \"v=DKIM2; p=" KEY_2048 "\"\n"
	    "s._domainkey.elm5 TXT \"v=DKIM2; p=" KEY_2048 "\"\n"
	    "s._domainkey.fir3 TXT \"v=DKIM2; p=" KEY_2048 "\"\n",
	/* What has been asked before, about a name of the family. */
	"oak4 MX 10 mail.example.net.\noak4 TXT \"v=spf1 mx -all\"\n"
	    "r._domainkey.oak4 TXT \"v=DKIM1; p=" KEY_2048 "\"\n"
	    "s._domainkey.oak4 TXT \"v=DKIM1; p=" KEY_2048 "\"\n"
	    "elm5 MX 0 .\nelm5 TXT \"v=spf1 mx -all\"\n"
	    "r._domainkey.elm5 TXT \"v=DKIM1; p=" KEY_2048 "\"\n"
	    "s._domainkey.elm5 TXT \"v=DKIM1; p=" KEY_2048 "\"\n",
	/* A role that is known, and was another one. */
	"oak4 MX 10 mail.example.net.\noak4 TXT \"v=spf1 mx -all\"\n"
	    "s._domainkey.oak4 TXT \"v=DKIM1; p=" KEY_2048 "\"\n"
	    "elm5 MX 0 .\nelm5 TXT \"v=spf1 mx -all\"\n"
	    "s._domainkey.elm5 TXT \"v=DKIM1; k=rsa; p=" KEY_2048 "\"\n"
	    "fir3 MX 0 .\nfir3 TXT \"v=spf1 mx -all\"\n"
	    "s._domainkey.fir3 TXT \"v=DKIM1; p=" KEY_2048 "\"\n",
	/* What was read before somebody asked for a role. */
	"oak4 A 11.1.2.3\n"
	    "oak4 TXT \"v=spf1 include:x.oak4.hosting.example ip4:11.3.2.3 ~all\"\n"
	    "x.oak4 TXT \"v=spf1 ip4:11.2.2.3 ~all\"\n"
	    "elm5 A 11.1.2.3\n"
	    "elm5 TXT \"v=spf1 include:x.elm5.hosting.example ip4:11.3.2.3 ~all\"\n"
	    "x.elm5 TXT \"hello\"\n",
	/* Two lead into a circle, and one is part of it. */
	"oak4 TXT \"v=spf1 include:_s.hosting.example -all\"\n"
	    "elm5 TXT \"v=spf1 include:_s.hosting.example -all\"\n"
	    "_s TXT \"v=spf1 include:elm5.hosting.example ~all\"\n",
	"oak4 TXT \"v=spf1 redirect=_s.hosting.example\"\n"
	    "elm5 TXT \"v=spf1 redirect=_s.hosting.example\"\n"
	    "_s TXT \"v=spf1 include:elm5.hosting.example ~all\"\n",
	/* A key that a name has twice, not one after the other. */
	"s._domainkey.oak4 TXT \"v=DKIM1; p=" KEY_2048 "\"\nwww.oak4 A 11.1.2.3\n"
	    "s._domainkey.oak4 TXT \"v=DKIM1; p=" KEY_OTHER "\"\n"
	    "s._domainkey.elm5 TXT \"v=DKIM1; p=" KEY_2048 "\"\nwww.elm5 A 11.1.2.3\n"
	    "s._domainkey.elm5 TXT \"v=DKIM1; p=" KEY_2048 "\"\n",
	/* A key that two of them have. */
	"s._domainkey.oak4 TXT \"v=DKIM1; k=rsa; p=" KEY_2048 "\"\n"
	    "s._domainkey.elm5 TXT \"v=DKIM1; k=rsa; p=" KEY_2048 "\"\n"
	    "s._domainkey.river6 TXT \"v=DKIM1; k=rsa; p=" KEY_2048 "\"\n",
	/* Keys that two have, by names that are written otherwise. */
	"oak4 A 11.1.2.3\ns._domainkey.oak4 TXT \"v=DKIM1; k=rsa; p=" KEY_2048 "\"\n"
	    "elm5 A 11.1.2.3\ns._domainkey.elm5 TXT \"v=DKIM1; k=rsa; p=" KEY_2048 "\"\n"
	    "FIR3 A 11.1.2.3\ns._domainkey.FIR3 TXT \"v=DKIM1; k=rsa; p=" KEY_2048 "\"\n",
	"oak4.hosting.example. A 11.1.2.3\n"
	    "r._domainkey.oak4.hosting.example. TXT \"v=DKIM1; p=" KEY_2048 "\"\n"
	    "s._domainkey.oak4.hosting.example. TXT \"v=DKIM1; p=" KEY_2048 "\"\n"
	    "elm5.hosting.example. A 11.1.2.3\n"
	    "r._domainkey.elm5.hosting.example. TXT \"v=DKIM1; p=" KEY_2048 "\"\n"
	    "s._domainkey.elm5.hosting.example. TXT \"v=DKIM1; p=" KEY_2048 "\"\n",
	"oak4 A 11.1.2.3\ns._domainkey.m.oak4 TXT \"v=DKIM1; p=" KEY_2048 "\"\n"
	    "s._domainkey.oak4 TXT \"v=DKIM1; p=" KEY_2048 "\"\n"
	    "elm5 A 11.1.2.3\ns._domainkey.m.elm5 TXT \"v=DKIM1; p=" KEY_2048 "\"\n"
	    "s._domainkey.elm5 TXT \"v=DKIM1; p=" KEY_2048 "\"\n",
	"$ORIGIN oak4.hosting.example.\n@ A 11.1.2.3\n"
	    "s._domainkey TXT \"v=DKIM1; p=" KEY_2048 "\"\n"
	    "$ORIGIN elm5.hosting.example.\n@ A 11.1.2.3\n"
	    "s._domainkey TXT \"v=DKIM1; p=" KEY_2048 "\"\n",
	/* Tokens that are the same, or not. */
	"oak4 TXT \"a-verification=aaaa\"\noak4 TXT \"a-verification=bbbb\"\n"
	    "elm5 TXT \"a-verification=aaaa\"\nelm5 TXT \"a-verification=aaaa\"\n"
	    "fir3 TXT \"a-verification=cccc\"\nfir3 TXT \"a-verification=dddd\"\n",
	"oak4 TXT \"a-verification=aaaa\"\nwww.oak4 MX 10 m\noak4 TXT \"a-verification=bbbb\"\n"
	    "elm5 TXT \"a-verification=aaaa\"\nwww.elm5 MX 10 m\nelm5 TXT \"a-verification=aaaa\"\n",
	"oak4 TXT \"v=spf1 -all\"\noak4 TXT \"a-verification=abc\"\noak4 TXT \"" OCTETS "\"\n"
	    "elm5 TXT \"v=spf1 -all\"\nelm5 TXT \"a-verification=" OCTETS "\"\nelm5 TXT \"" OCTETS "\"\n",
	/* Parts of the mail: all, none, an odd one, and one in two strings. */
	"_dmarc.oak4 TXT \"v=DMARC1; p=reject; pct=50\"\n"
	    "_dmarc.elm5 TXT \"v=DMARC1; p=reject; pct=100\"\n"
	    "_dmarc.fir3 TXT \"v=DMARC1; p=reject; pct=0\"\n"
	    "_dmarc.yew2 TXT \"v=DMARC1; p=reject; pct=00\"\n"
	    "_dmarc.ash6 TXT \"v=DMARC1; p=reject; pct=5x\"\n"
	    "_dmarc.lime7 TXT \"v=DMARC1; p=reject; pct=7\"\n",
	"_dmarc.oak4 TXT \"v=DMARC1; p=reject; pct=1\" \"00\"\n"
	    "_dmarc.elm5 TXT \"v=DMARC1; p=reject; pct=2\" \"00\"\n",
	"_dmarc.oak4 TXT \"v=DMARC1; p=reject; pct=1\"\n_dmarc.oak4 TXT \"v=DMARC1; p=reject; pct=2\"\n"
	    "_dmarc.elm5 TXT \"v=DMARC1; p=reject; pct=1\"\n_dmarc.elm5 TXT \"v=DMARC1; p=reject; pct=1\"\n",
	/* Octets that are a key all the same, and a private one. */
	"s._domainkey.oak4 TXT \"v=DKIM1; k=ed25519; p=" KEY_ED25519 "\"\n"
	    "s._domainkey.elm5 TXT \"v=DKIM1; k=ed25519; p=" KEY_ED25519 "\"\n"
	    "s._domainkey.fir3 TXT \"v=DKIM1; k=ed25519; p=" KEY_ED25519 "\"\n",
	"s._domainkey.oak4 TXT \"v=DKIM1; p=" ZEROS_112 "\"\n"
	    "s._domainkey.elm5 TXT \"v=DKIM1; p=" PEM_112 "\"\n"
	    "s._domainkey.fir3 TXT \"v=DKIM1; p=" SECRET_112 "\"\n"
	    "s._domainkey.yew2 TXT \"v=DKIM1; p=" PRIVATE_112 "\"\n"
	    "s._domainkey.ash6 TXT \"v=DKIM1; p=" ZEROS_112 "\"\n",
	/* The end of one that is missing, or behind which there is more. */
	"s._domainkey.oak4 TXT \"v=DKIM1; p=" ZEROS_112 "\"\n"
	    "s._domainkey.elm5 TXT \"v=DKIM1; p=MIIB" ZEROS_108 "\"\n"
	    "s._domainkey.fir3 TXT \"v=DKIM1; p=MBAA" ZEROS_108 "\"\n",
	/* An answer that is as long as it may be, and one that is longer. */
	"o4 TXT \"v=spf1 ip4:11.1.1.1 -all\"\no4 TXT \"" OCTETS "\"\no4 TXT \"" LESS_OCTETS "\"\n"
	    "coast6cloud7amber8fern9cedar10la TXT \"v=spf1 ip4:111.111.111.111 -all\"\n"
	    "coast6cloud7amber8fern9cedar10la TXT \"" OCTETS "\"\n"
	    "coast6cloud7amber8fern9cedar10la TXT \"" LESS_OCTETS "\"\n"
	    "p4 TXT \"v=spf1 ip4:12.1.1.1 -all\"\np4 TXT \"" OCTETS "\"\np4 TXT \"" LESS_OCTETS "\"\n",
	/* Labels that do not suit. */
	"o A 11.1.2.3\nm.o A 11.1.2.4\ne A 11.1.2.3\nm.e A 11.1.2.4\n"
	    "o_k A 11.1.2.3\nm.o_k A 11.1.2.4\n4k A 11.1.2.3\nm.4k A 11.1.2.4\n"
	    "oak- A 11.1.2.3\nm.oak- A 11.1.2.4\n"
	    "oakoakoakoakoakoakoakoakoakoak45 A 11.1.2.3\n"
	    "m.oakoakoakoakoakoakoakoakoakoak45 A 11.1.2.4\n"
	    "oakoakoakoakoakoakoakoakoakoak456 A 11.1.2.3\n"
	    "m.oakoakoakoakoakoakoakoakoakoak456 A 11.1.2.4\n",
};

/* The two keys of an example, and one that is like them. */
static struct str
shared_primes(struct arena *arena)
{
	struct str bad = str_from(rule_find(STR("dkim-key-shared-prime"))->bad);
	struct str first = str_after(bad, str_find_str(bad,
	    STR("\na._domainkey")) + 13);
	struct str second = str_after(first, str_find_str(first,
	    STR("\nb._domainkey")) + 13);

	return arena_printf(arena, "s._domainkey.fir3 TXT \"v=DKIM1; k=rsa; p="
	    KEY_1024 "\"\ns._domainkey.oak4%.*s\n"
	    "s._domainkey.elm5%.*s", (int)str_find(first, '\n'), first.p,
	    STR_ARG(second));
}

static void
add_with_label(struct buffer *out, const char *text, const char *label)
{
	for (; *text != '\0'; text++)
		if (*text == '~' && text[1] != '~')
			buffer_add_cstr(out, label);
		else
			buffer_add_byte(out, *text == '~' ? *text++ : *text);
}

static struct zones
assert_found_in(struct arena *arena, const char *zone,
    struct str records, bool primes)
{
	struct zones zones = { .arena = arena };
	struct str why;

	alike_add(&zones, str_from(zone), arena_printf(arena,
	    "$ORIGIN %s.\n$TTL 3600\n"
	    "@ SOA ns1 h 1 7200 3600 1209600 3600\n@ NS ns1\n"
	    "ns1 A 192.0.2.53\n" ALIKE_MANY "%.*s", zone,
	    STR_ARG(records)));
	why = alike_difference(&zones, psl, primes);
	if (why.p != NULL)
		fail_msg("%.*s\n%.*s", STR_ARG(records), STR_ARG(why));
	return zones;
}

static void
assert_told_in(struct arena *arena, const char *zone,
    struct str records, bool primes)
{
	struct zones zones = assert_found_in(arena, zone, records,
	    primes);
	size_t filled = 0;

	assert_true(alike_families_agree(alike_folded(&zones)->zones[0],
	    &filled));
}

static void
assert_told(struct arena *arena, struct str records,
    bool primes)
{
	assert_told_in(arena, "hosting.example", records, primes);
}

static void
add_broken(struct buffer *zone, const char *label, struct str key,
    size_t place, int byte)
{
	buffer_printf(zone, "%s A 11.1.2.3\ns._domainkey.%s TXT "
	    "\"v=DKIM1; k=rsa; p=%.*s%c%.*s\"\n", label, label, (int)place,
	    key.p, byte, STR_ARG(str_after(key, place + 1)));
}

/* Each octet in keys, in the midst of digits, at their ends, and in two keys. */
static void
broken_keys_are_told(void **state)
{
	const struct str key = STR(KEY_2048);
	const size_t border = str_find(key, '"');
	const size_t places[] = { 1, 0, 2, 3, 40, 151, border - 1, border - 2,
		border + 3, border + 4, key.n - 2, key.n - 1 };
	struct arena *arena = arena_new();
	struct buffer zone = { 0 };
	size_t i;
	int byte;

	(void)state;
	for (byte = '!'; byte <= '~'; byte++) {
		if (byte == '"' || byte == '\\')
			continue;
		buffer_clear(&zone);
		add_broken(&zone, "oak4", key, 9, byte);
		add_broken(&zone, "elm5", key, 9, byte);
		add_broken(&zone, "fir3", key, 8, '!');
		for (i = 0; i < countof(places); i++)
			add_broken(&zone, arena_printf(arena, "cloud%zu",
			    i).p, key, places[i], byte);
		assert_told(arena, buffer_str(&zone), false);
	}
	buffer_free(&zone);
	arena_free(arena);
}

/* Names whose names below are those of somebody else, and one exception. */
#define BELOW_SUFFIX(name) \
	name " MX 10 mail.example.net.\n" name " TXT \"v=spf1 ip4:11.1.1.1 ~all\"\n" \
	"x." name " MX 10 mail.example.net.\n" \
	"x." name " TXT \"v=spf1 ip4:11.1.1.1 ~all\"\n" \
	"_dmarc.x." name " TXT \"v=DMARC1; p=reject; rua=mailto:d@" name ".kawasaki.jp\"\n"

static void
suffixes_are_told(void **state)
{
	struct arena *arena = arena_new();

	(void)state;
	assert_told_in(arena, "kawasaki.jp",
	    STR(BELOW_SUFFIX("city") BELOW_SUFFIX("oak4")), false);
	arena_free(arena);
}

/*
 * Texts of one name that are longer with each label, and so is the answer:
 * each a little, all together too much.
 */
static void
answers_are_told(void **state)
{
	static const char five[] = "~.hosting.example ~.hosting.example "
	    "~.hosting.example ~.hosting.example ~.hosting.example";
	struct arena *arena = arena_new();
	struct buffer zone = { 0 }, line = { 0 };
	int padding, i;

	(void)state;
	for (padding = 10; padding < 250; padding += 20) {
		buffer_clear(&line);
		buffer_clear(&zone);
		buffer_printf(&line, "_dmarc.~ TXT \"v=DMARC1; p=reject\"\n"
		    "_dmarc.~ TXT \"a %s\"\nwww.~ A 11.1.2.3\n"
		    "_dmarc.~ TXT \"b %s\"\n_dmarc.~ TXT \"%0200d\" \" %0200d\" "
		    "\" %0*d\"\n%c", five, five, 1, 2, padding, 3, 0);
		for (i = 0; i < 2; i++)
			add_with_label(&zone, buffer_str(&line).p, i == 0 ?
			    "o4" : "coast6cloud7amber8fern9cedar10la");
		assert_told(arena, buffer_str(&zone), false);
	}
	buffer_free(&zone);
	buffer_free(&line);
	arena_free(arena);
}

/* Many that are like no other, so that few are drawn, and many that are. */
static void
few_are_drawn(void **state)
{
	struct arena *arena = arena_new();
	struct buffer zone = { 0 };
	int i;

	(void)state;
	for (i = 0; i < 1600; i++)
		buffer_printf(&zone, "oak%dx TXT \"v=spf1 ip4:11.1.2.%d %sall\"\n"
		    "oak%dx TXT \"%d\"\n_dmarc.oak%dx TXT \"v=DMARC1; p=%s; "
		    "rua=mailto:d@oak%dx.hosting.example\"\n", i, i % 250,
		    i % 7 == 0 ? "+" : "-", i, i < 800 || i % 9 == 0 ? i : 0,
		    i, i % 5 == 0 ? "none" : "reject", i);
	assert_found_in(arena, "hosting.example", buffer_str(&zone),
	    false);
	buffer_free(&zone);
	arena_free(arena);
}

/* Two zones that are alike, and a third one that tells them apart. */
static const struct alike_zones {
	const char *records;		/* of both, */
	const char *others;		/* or of the second one */
	const char *third;
} alike_zones[] = {
	/* A key that both have. */
	{ "@ MX 10 mx1\nmx1 A 11.1.2.3\n@ TXT \"v=spf1 mx ~~all\"\n"
	    "mx1 TXT \"v=spf1 a -all\"\n_dmarc TXT \"v=DMARC1; p=reject; "
	    "rua=mailto:d@~.hosting.example\"\n"
	    "s._domainkey TXT \"v=DKIM1; k=rsa; p=" KEY_2048 "\"\n", NULL, "" },
	/* A name that somebody else means, in one of them. */
	{ "@ TXT \"v=spf1 -all\"\n_dmarc TXT \"v=DMARC1; p=reject\"\n"
	    "dmarc TXT \"v=DMARC1; p=reject\"\n", NULL,
	    "x CNAME dmarc.elm5.hosting.example.\n" },
	/* The type of SOA, and a host of that name. */
	{ "@ TXT \"v=spf1 -all\"\n_dmarc TXT \"v=DMARC1; p=reject\"\n"
	    "soa IN MX 0 .\n", "@ TXT \"v=spf1 -all\"\n"
	    "_dmarc TXT \"v=DMARC1; p=reject\"\nsoa IN MX 10 .\n", "" },
	/* A mark of what was generated, before the first record. */
	{ "@ TXT \"v=spf1 -all\"\n_dmarc TXT \"v=DMARC1; p=reject\"\n",
	    "@ TXT \"v=spf1 -all\"\n_dmarc TXT \"v=DMARC1; p=reject\"\n"
	    "; BEGIN mailzone oak4.hosting.example sha256:0000000000000000\n"
	    "; END mailzone oak4.hosting.example\n", "" },
	/* Keys under two origins. */
	{ "@ TXT \"v=spf1 -all\"\n_dmarc TXT \"v=DMARC1; p=reject\"\n"
	    "$ORIGIN hosting.example.\ns1._domainkey.~ TXT \"v=DKIM1; k=rsa; p="
	    KEY_2048 "\"\n$ORIGIN ~.hosting.example.\n"
	    "s2._domainkey TXT \"v=DKIM1; k=rsa; p=" KEY_2048 "\"\n", NULL, "" },
	/* A host that somebody asks for. */
	{ "@ TXT \"v=spf1 mx -all\"\n_dmarc TXT \"v=DMARC1; p=reject; "
	    "rua=mailto:d@~.hosting.example\"\n"
	    "@ MX 10 mail\nmail A 11.1.2.3\n", "@ TXT \"v=spf1 mx -all\"\n"
	    "_dmarc TXT \"v=DMARC1; p=reject; "
	    "rua=mailto:d@~.hosting.example\"\n@ MX 10 mail\n"
	    "male A 11.1.2.3\n", "" },
	{ "@ TXT \"v=spf1 -all\"\n_dmarc TXT \"v=DMARC1; p=reject\"\n"
	    "@ MX 10 a\na A 11.1.2.3\n_mta-sts TXT \"v=STSv1; id=1\"\n"
	    "mta-sts A 11.1.2.3\n", "@ TXT \"v=spf1 -all\"\n"
	    "_dmarc TXT \"v=DMARC1; p=reject\"\n@ MX 10 a\na A 11.1.2.3\n"
	    "_mta-sts TXT \"v=STSv1; id=1\"\nsts A 11.1.2.3\n", "" },
	/* A host that is spoken of in capitals. */
	{ "@ TXT \"v=spf1 mx -all\"\n_dmarc TXT \"v=DMARC1; p=reject; "
	    "rua=mailto:d@~.hosting.example\"\n"
	    "@ MX 10 MAIL1\nmail1 A 11.1.2.3\n", "@ TXT \"v=spf1 mx -all\"\n"
	    "_dmarc TXT \"v=DMARC1; p=reject; "
	    "rua=mailto:d@~.hosting.example\"\n@ MX 10 MAIL1\n"
	    "mail2 A 11.1.2.3\n", "" },
	/* Where something is found, and what is found of hosts. */
	{ "@ TXT \"v=spf1 mx +all\"\n_dmarc TXT \"v=DMARC1; p=none\"\n"
	    "@ MX 10 a\na A 11.1.2.3\nshop A 11.1.2.4\nshop MX 10 b\n",
	    "@ TXT \"v=spf1 mx +all\"\n_dmarc TXT \"v=DMARC1; p=none\"\n"
	    "@ MX 10 a\na A 11.1.2.3\nweb A 11.1.2.4\nweb MX 10 b\n", "" },
	{ "@ MX 10 a\na A 11.1.2.3\nw1 A 11.1.2.4\nw2 A 11.1.2.5\n"
	    "_dmarc TXT \"v=DMARC1; p=rejct\"\n", "@ MX 10 a\n"
	    "a A 11.1.2.3\nx1 A 11.1.2.6\nx2 A 11.1.2.7\n"
	    "_dmarc TXT \"v=DMARC1; p=rejct\"\n", "www CNAME w1\n" },
	/* Keys that others have, too, and something else. */
	{ "@ TXT \"v=spf1 ?all\"\n_dmarc TXT \"v=DMARC1; p=reject\"\n"
	    "s._domainkey TXT \"v=DKIM1; k=rsa; p=" KEY_2048 "\"\n", NULL,
	    "" },
};

static void
zones_are_told(void **state)
{
	static const char head[] = "@ SOA ns1 h 1 7200 3600 1209600 3600\n"
	    "@ NS ns1\nns1 A 192.0.2.53\n";
	static const char *const names[] = { "elm5", "oak4", "fir3" };
	struct zones zones = { .arena = arena_new() };
	struct making making = { .seed = 1 };
	struct str why;
	size_t i, k;

	(void)state;
	for (i = 0; i < countof(alike_zones); i++) {
		zones = (struct zones){ .arena = zones.arena };
		for (k = 0; k < countof(names); k++) {
			buffer_clear(&making.zone);
			buffer_printf(&making.zone, "$TTL 3600\n%s", head);
			add_with_label(&making.zone, k == 2 ?
			    alike_zones[i].third : k == 1 &&
			    alike_zones[i].others != NULL ?
			    alike_zones[i].others : alike_zones[i].records,
			    names[k]);
			alike_add(&zones, arena_printf(zones.arena,
			    "%s.hosting.example", names[k]),
			    buffer_str(&making.zone));
		}
		why = alike_difference(&zones, psl, false);
		if (why.p != NULL)
			fail_msg("%.*s", STR_ARG(why));
	}
	buffer_free(&making.zone);
	arena_free(zones.arena);
}

static void
all_is_told(void **state)
{
	struct arena *arena = arena_new();
	size_t i;

	(void)state;
	for (i = 0; i < countof(told); i++)
		assert_told(arena, str_from(told[i]), false);
	assert_told(arena, shared_primes(arena), true);
	arena_free(arena);
}

/*
 * A pair of customers, whose second one is found to be like the first or not;
 * nothing is wrong with either.
 */
static const struct pair {
	const char *name;
	const char *first, *second;	/* of oak4 and elm5 */
	bool alike;
} pairs[] = {
	{ "name", "oak4 A 11.1.2.3\n", "elm5 A 11.7.7.7\n", true },
	{ "names below", "oak4 A 11.1.2.3\nwww.oak4 CNAME oak4\n",
	    "elm5 A 11.7.7.7\nwww.elm5 CNAME elm5\n", true },
	{ "absolute", "oak4 A 11.1.2.3\nwww.oak4 CNAME oak4.hosting.example.\n",
	    "elm5 A 11.1.2.3\nwww.elm5 CNAME elm5.hosting.example.\n", true },
	{ "another's", "oak4 A 11.1.2.3\nwww.oak4 CNAME oak4\n",
	    "elm5 A 11.7.7.7\nwww.elm5 CNAME oak4\n", false },
	{ "networks", "oak4 TXT \"v=spf1 ip4:11.1.2.3 ip4:11.2.2.3 -all\"\n",
	    "elm5 TXT \"v=spf1 ip4:11.7.7.7 ip4:11.8.0.1 -all\"\n", true },
	{ "the same network", "oak4 TXT \"v=spf1 ip4:11.1.2.3 ip4:11.2.2.3 -all\"\n",
	    "elm5 TXT \"v=spf1 ip4:11.7.7.7 ip4:11.7.7.7 -all\"\n", false },
	{ "a network within", "oak4 TXT \"v=spf1 ip4:11.1.2.0/24 ip4:11.2.2.3 -all\"\n",
	    "elm5 TXT \"v=spf1 ip4:11.7.7.0/24 ip4:11.7.7.3 -all\"\n", false },
	{ "private", "oak4 TXT \"v=spf1 ip4:11.1.2.3 -all\"\n",
	    "elm5 TXT \"v=spf1 ip4:10.1.2.3 -all\"\n", false },
	{ "host bits", "oak4 TXT \"v=spf1 ip4:11.1.2.0/24 -all\"\n",
	    "elm5 TXT \"v=spf1 ip4:11.1.2.3/24 -all\"\n", false },
	{ "comments", "; one\noak4 A 11.1.2.3\n", "\n; two\nelm5 A 11.1.2.3\n",
	    true },
	{ "time", "oak4 300 A 11.1.2.3\n", "elm5 A 11.1.2.3\n", false },
	{ "capitals", "oak4 A 11.1.2.3\nwww.oak4 CNAME oak4\n",
	    "elm5 A 11.1.2.3\nwww.elm5 CNAME ELM5\n", false },
	{ "one network in two ways", "oak4 TXT \"v=spf1 ip6:2a01::1 ip6:2a01:0::1 "
	    "-all\"\n", "elm5 TXT \"v=spf1 ip6:2a01::1 ip6:2a01::1 -all\"\n",
	    false },
	{ "broken keys", "s._domainkey.oak4 TXT \"p=MI!IBIjANBgkq\"\n",
	    "s._domainkey.elm5 TXT \"p=MIIBIjA!NBgkq\"\n", true },
	{ "broken otherwise", "s._domainkey.oak4 TXT \"p=MI!IBIjANBgkq\"\n",
	    "s._domainkey.elm5 TXT \"p=MI#IBIjANBgkq\"\n", false },
	{ "broken and longer", "s._domainkey.oak4 TXT \"p=MI!IBIjANBgkq\"\n",
	    "s._domainkey.elm5 TXT \"p=MI!IBIjANBgkqh\"\n", false },
	{ "broken twice", "s._domainkey.oak4 TXT \"p=MI!IBI!jANBgkq\"\n",
	    "s._domainkey.elm5 TXT \"p=MI!IB!IjANBgkq\"\n", false },
	{ "broken at the start", "s._domainkey.oak4 TXT \"p=!MIIBIjANBgkq\"\n",
	    "s._domainkey.elm5 TXT \"p=!MIIBIjANBgkr\"\n", false },
	{ "broken at the end", "s._domainkey.oak4 TXT \"p=MIIBIjANBgkq!\"\n",
	    "s._domainkey.elm5 TXT \"p=MIIBIjANBgkq!\"\n", false },
	{ "broken in the other string", "s._domainkey.oak4 TXT \"p=M!IIB\" \"IjANBgkq\"\n",
	    "s._domainkey.elm5 TXT \"p=MIIBI\" \"jANB!gkq\"\n", true },
	{ "broken at a border", "s._domainkey.oak4 TXT \"p=MIIB!\" \"IjANBgkq\"\n",
	    "s._domainkey.elm5 TXT \"p=MIIBI\" \"!jANBgk\"\n", false },
	{ "broken with an end", "s._domainkey.oak4 TXT \"p=MII!B=\"\n",
	    "s._domainkey.elm5 TXT \"p=MI!IB=\"\n", false },
	{ "own origin", "$ORIGIN oak4.hosting.example.\n@ A 11.1.2.3\n"
	    "www CNAME @\n", "$ORIGIN elm5.hosting.example.\n@ A 11.1.1.1\n"
	    "www CNAME @\n", true },
	{ "capitals of one", "oak4 A 11.1.2.3\nwww.oak4 CNAME OAK4\n",
	    "elm5 A 11.1.2.3\nwww.elm5 CNAME OAK4\n", false },
	{ "cut in two", "oak4 TXT \"v=spf1 include:www.oa\" \"k4.hosting.example "
	    "-all\"\n", "elm5 TXT \"v=spf1 include:www.oa\" "
	    "\"k4.hosting.example -all\"\n", false },
	{ "part of a word", "oak4 TXT \"an-oak4-tree\"\n",
	    "elm5 TXT \"an-oak4-tree\"\n", false },
	{ "in a comment", "oak4 TXT v=spf1 ; p=oak4\n",
	    "elm5 TXT v=spf1 ; p=oak4\n", false },
	{ "an escape", "oak4 TXT \"a\\098c\"\n", "elm5 TXT \"a\\098c\"\n",
	    false },
	{ "a macro", "oak4 TXT \"v=spf1 exists:%{d}.x.example -all\"\n",
	    "elm5 TXT \"v=spf1 exists:%{d}.x.example -all\"\n", false },
	{ "a cut", "oak4 NS ns1\n", "elm5 NS ns1\n", false },
	{ "a time with its unit", "oak4 1h A 11.1.2.3\n", "elm5 1h A 11.7.7.7\n",
	    true },
	{ "in other units", "oak4 1h A 11.1.2.3\n", "elm5 60m A 11.7.7.7\n",
	    false },
	{ "a token", "oak4 TXT \"a-verification=x1_\"\n",
	    "elm5 TXT \"a-verification=Y-2\"\n", true },
	{ "a longer token", "oak4 TXT \"a-verification=x1_\"\n",
	    "elm5 TXT \"a-verification=Y-22\"\n", false },
	{ "a token of another service", "oak4 TXT \"a-verification=x1_\"\n",
	    "elm5 TXT \"b-verification=x1_\"\n", false },
	{ "two tokens", "oak4 TXT \"a-verification=x1_\"\noak4 TXT \"b-verification=x1_\"\n",
	    "elm5 TXT \"a-verification=x1_\"\nelm5 TXT \"b-verification=x1_\"\n",
	    false },
	{ "a token in two strings", "oak4 TXT \"a-verification=x1_\" \"a\"\n",
	    "elm5 TXT \"a-verification=x1_\" \"a\"\n", false },
	{ "a token in the second one", "oak4 TXT \"b\" \"a-verification=x1_\"\n",
	    "elm5 TXT \"b\" \"a-verification=x2_\"\n", false },
	{ "words", "oak4 TXT \"a-verification=x1 y\"\n",
	    "elm5 TXT \"a-verification=x2 y\"\n", false },
	{ "a part of the mail", "_dmarc.oak4 TXT \"v=DMARC1; pct=9; p=none\"\n",
	    "_dmarc.elm5 TXT \"v=DMARC1; pct=50; p=none\"\n", true },
	{ "all of it", "_dmarc.oak4 TXT \"v=DMARC1; pct=50; p=none\"\n",
	    "_dmarc.elm5 TXT \"v=DMARC1; pct=100; p=none\"\n", false },
	{ "nothing of it", "_dmarc.oak4 TXT \"v=DMARC1; pct=5; p=none\"\n",
	    "_dmarc.elm5 TXT \"v=DMARC1; pct=0; p=none\"\n", false },
	{ "a part with a zero", "_dmarc.oak4 TXT \"v=DMARC1; pct=50; p=none\"\n",
	    "_dmarc.elm5 TXT \"v=DMARC1; pct=05; p=none\"\n", false },
	{ "two parts", "_dmarc.oak4 TXT \"v=DMARC1; pct=5; pct=5\"\n",
	    "_dmarc.elm5 TXT \"v=DMARC1; pct=5; pct=5\"\n", false },
	{ "a part of something else", "_dmarc.oak4 TXT \"v=DMARC1; xpct=5\"\n",
	    "_dmarc.elm5 TXT \"v=DMARC1; xpct=6\"\n", false },
	{ "no key", "s._domainkey.oak4 TXT \"p=" ZEROS_112 "\"\n",
	    "s._domainkey.elm5 TXT \"p=B" ZEROS_108 "AAA\"\n", true },
	{ "less of one", "s._domainkey.oak4 TXT \"p=" ZEROS_112 "\"\n",
	    "s._domainkey.elm5 TXT \"p=" ZEROS_108 "\"\n", false },
	{ "no key, and a PEM file", "s._domainkey.oak4 TXT \"p=" ZEROS_112 "\"\n",
	    "s._domainkey.elm5 TXT \"p=" PEM_112 "\"\n", false },
	{ "as short as a key", "s._domainkey.oak4 TXT \"p=" KEY_ED25519 "\"\n",
	    "s._domainkey.elm5 TXT \"p=" KEY_ED25519 "\"\n", false },
	{ "no key in the next string", "s._domainkey.oak4 TXT (\"p=\"\n\"" ZEROS_112 "\")\n",
	    "s._domainkey.elm5 TXT (\"p=\"\n\"B" ZEROS_108 "AAA\")\n", true },
	{ "a key in the next string", "s._domainkey.oak4 TXT (\"p=\"\n\"" KEY_2048 "\")\n",
	    "s._domainkey.elm5 TXT (\"p=\"\n\"" KEY_OTHER "\")\n", true },
	{ "a tenant", "s._domainkey.oak4 CNAME s-oak4._domainkey.oak4.onmicrosoft.com.\n",
	    "s._domainkey.elm5 CNAME s-elm5._domainkey.elm5.onmicrosoft.com.\n",
	    true },
	{ "another tenant", "s._domainkey.oak4 CNAME s-oak4._domainkey.oak4.onmicrosoft.com.\n",
	    "s._domainkey.elm5 CNAME s-oak4._domainkey.elm5.onmicrosoft.com.\n",
	    false },
	{ "a tenant of somebody", "s._domainkey.oak4 CNAME s-oak4._domainkey.oak4.example.net.\n",
	    "s._domainkey.elm5 CNAME s-elm5._domainkey.elm5.example.net.\n",
	    false },
};

/* A family, of which any name may have been seen first. */
static bool
read_one(struct family *family, struct knowledge *knowledge,
    const struct zone *zone, struct str name)
{
	struct stencils none = { .arena = knowledge->arena };
	size_t i;

	for (i = 0; i < zone_node_count(zone); i++) {
		if (!zone_family(zone, i, FAMILY_NAMES, &family->members) ||
		    zone_node(zone, family->members.top) !=
		    zone_find(zone, name))
			continue;
		family_start(family, zone);
		return family_read(family, knowledge, &none,
		    knowledge->arena) && family->all != NULL;
	}
	return false;
}

static void
pair_is_alike(void **state)
{
	const struct pair *pair = *state;
	struct arena *arena = arena_new();
	struct source *source = ARENA_NEW(arena, struct source);
	struct zone_options options = { .name = STR("hosting.example"),
	    .how = ZONE_BY_OPTION };
	struct knowledge knowledge = knowledge_new(arena, KNOWLEDGE_SLOTS);
	struct family *first = ARENA_NEW(arena, struct family);
	struct family *second = ARENA_NEW(arena, struct family);
	struct zone *zone;
	size_t filled = 0;
	bool alike;

	source->path = STR("hosting.zone");
	source->text = arena_printf(arena, "$ORIGIN hosting.example.\n"
	    "$TTL 3600\n@ SOA ns1 h 1 7200 3600 1209600 3600\n%s"
	    "$ORIGIN hosting.example.\n%s", pair->first, pair->second);
	zone = zone_read(arena, source, &options);
	alike = read_one(first, &knowledge, zone,
	    STR("oak4.hosting.example")) && read_one(second, &knowledge, zone,
	    STR("elm5.hosting.example")) && first->all == second->all;
	assert_int_equal(alike, pair->alike);
	assert_true(alike_families_agree(zone, &filled));
	arena_free(arena);
}

/* A loaded zone that has an alias for one of them, and nothing for others. */
static void
reports_are_asked_for_each(void **state)
{
	static const char *const answers[] = {
		"CNAME x.outside.example.", "NS ns.outside.example."
	};
	struct arena *arena = arena_new();
	struct zones zones;
	struct str why;
	size_t i;

	(void)state;
	for (i = 0; i < countof(answers); i++) {
		zones = (struct zones){ .arena = arena };
		alike_add(&zones, STR("reports.example"), arena_printf(arena,
		    "$TTL 60\n@ SOA ns1 h 1 2 3 4 5\n@ NS ns1\n"
		    "oak4.hosting.example._report._dmarc %s\n", answers[i]));
		alike_add(&zones, STR("hosting.example"), STR("$TTL 3600\n"
		    "@ SOA ns1 h 1 7200 3600 1209600 3600\n@ NS ns1\n"
		    ALIKE_MANY
		    "_dmarc.oak4 TXT \"v=DMARC1; p=reject; "
		    "rua=mailto:d@reports.example\"\n"
		    "_dmarc.elm5 TXT \"v=DMARC1; p=reject; "
		    "rua=mailto:d@reports.example\"\n"
		    "_dmarc.fir3 TXT \"v=DMARC1; p=reject; "
		    "rua=mailto:d@reports.example\"\n"));
		why = alike_difference(&zones, psl, false);
		if (why.p != NULL)
			fail_msg("%s: %.*s", answers[i], STR_ARG(why));
	}
	arena_free(arena);
}

/* And one that holds the key of one of them. */
static void
tenants_are_asked_for_each(void **state)
{
	static const char *const names[] = {
		"onmicrosoft.com", "oak4.onmicrosoft.com", "com"
	};
	struct arena *arena = arena_new();
	struct zones zones;
	struct str why;
	size_t i;

	(void)state;
	for (i = 0; i < countof(names); i++) {
		zones = (struct zones){ .arena = arena };
		alike_add(&zones, str_from(names[i]), STR("$TTL 60\n"
		    "@ SOA ns1 h 1 2 3 4 5\n@ NS ns1\n"
		    "s-oak4._domainkey.oak4.onmicrosoft.com. TXT "
		    "\"v=DKIM1; p=" KEY_2048 "\"\n"));
		alike_add(&zones, STR("hosting.example"), STR("$TTL 3600\n"
		    "@ SOA ns1 h 1 7200 3600 1209600 3600\n@ NS ns1\n"
		    ALIKE_MANY
		    "s._domainkey.oak4 CNAME s-oak4._domainkey.oak4.onmicrosoft.com.\n"
		    "s._domainkey.elm5 CNAME s-elm5._domainkey.elm5.onmicrosoft.com.\n"
		    "s._domainkey.fir3 CNAME s-fir3._domainkey.fir3.onmicrosoft.com.\n"));
		why = alike_difference(&zones, psl, false);
		if (why.p != NULL)
			fail_msg("%s: %.*s", names[i], STR_ARG(why));
	}
	arena_free(arena);
}

int
main(void)
{
	static struct CMUnitTest tests[countof(pairs) + 11];
	size_t i;

	for (i = 0; i < countof(pairs); i++)
		tests[i] = (struct CMUnitTest){ .name = pairs[i].name,
		    .test_func = pair_is_alike,
		    .initial_state = (void *)(uintptr_t)&pairs[i] };
	tests[i++] = (struct CMUnitTest)cmocka_unit_test(all_is_told);
	tests[i++] = (struct CMUnitTest)cmocka_unit_test(suffixes_are_told);
	tests[i++] = (struct CMUnitTest)cmocka_unit_test(answers_are_told);
	tests[i++] = (struct CMUnitTest)cmocka_unit_test(broken_keys_are_told);
	tests[i++] = (struct CMUnitTest)cmocka_unit_test(few_are_drawn);
	tests[i++] = (struct CMUnitTest)cmocka_unit_test(zones_are_told);
	tests[i++] = (struct CMUnitTest)cmocka_unit_test(
	    reports_are_asked_for_each);
	tests[i++] = (struct CMUnitTest)cmocka_unit_test(
	    tenants_are_asked_for_each);
	tests[i++] = (struct CMUnitTest)cmocka_unit_test(nothing_is_lost);
	tests[i++] = (struct CMUnitTest)cmocka_unit_test(
	    nothing_is_lost_in_zones);
	tests[i] = (struct CMUnitTest)cmocka_unit_test(
	    nothing_is_lost_of_hosts);
	return cmocka_run_group_tests_name("likeness", tests, open_list,
	    close_list);
}
