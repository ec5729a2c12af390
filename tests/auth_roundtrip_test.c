/*
 * Any bytes at all: made of what records are made of, and of noise, from a
 * seed that is printed when something fails.
 */
#include "support.h"

#include <stdio.h>

#include "auth/auth.h"
#include "base/arena.h"
#include "base/buffer.h"
#include "holds.h"

enum { ROUNDS = 20000, PIECES = 12 };

static const char *const pieces[] = {
	/* SPF */
	"v=spf1 ", "V=SPF1", " ", "  ", "\t", "-", "~", "?", "+", "all", "A",
	"mx", "ptr", "ip4:", "IP6:", "192.0.2.0", "2001:db8::", "::1", "/24",
	"//64", "/0", "include:", "exists:", "redirect=", "exp=", "moo=",
	"_spf.example.com", "Example.ORG.", "localhost", "%{d}", "%{ir}.x",
	"%%", "%{", "%", ":", "1.2.3",
	/* Lists of tags */
	"v=DMARC1; ", "V = DMARC1;", "v=DKIM1; ", "v=STSv1; ", "v=TLSRPTv1; ",
	"v=BIMI1; ", ";", "; ", "=", "p=none", "P=Reject", "p=", "sp=",
	"np=quarantine", "rua=mailto:a@b.c", ",", "!10m", "mailto:d@e.f",
	"https://x.org/", "adkim=S", "aspf=x", "fo=1:D", "pct=050", "t=Y",
	"psd=u", "ri=1", "rf=AFRF", "k=rsa", "k=ed25519", "h=sha256:sha1",
	"s=*", "t=y:s", "n=a b", "id=1", "l=", "a=https://x.org", "|",
	"p=MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDwIRP/UC3SBsEmGqZ9ZJW3/DkMoG"
	    "eLnQg1fWn7/zYtIxN2SnFCjxOCKG9v3b4jYfcTNh5ijSsq631uBItLa7od+v/Rtd"
	    "C2UzJ1lWT947qR+Rcac2gbto/NMqJ0fzfVjH4OuKhitdY9tf6mcwGjaNBcWToIMm"
	    "PSPDdQPNUYckcQ2QIDAQAB",
	"p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=", "QUJD", "==",
	"\"", "\\", "\n", "\r\n", "\xc3\xa9", "\xff",
};

static const char *const beginnings[] = {
	"v=spf1 ", "v=DMARC1; ", "v=DKIM1; k=rsa; ", "v=STSv1; ",
	"v=TLSRPTv1; ", "v=BIMI1; ", "",
};

static uint64_t seed;

/* Xorshift: the same bytes on every machine. */
static size_t
roll(size_t sides)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return (size_t)(seed >> 11) % sides;
}

static struct str
make_text(struct arena *arena)
{
	size_t count = roll(PIECES);
	struct buffer out = { 0 };

	buffer_add_cstr(&out, beginnings[roll(countof(beginnings))]);
	while (count-- > 0)
		if (roll(8) == 0)
			buffer_add_byte(&out, (int)roll(256));
		else
			buffer_add_cstr(&out, pieces[roll(countof(pieces))]);
	return buffer_finish(&out, arena);
}

static void
show(const char *what, struct str text, struct str printed)
{
	size_t i;

	fprintf(stderr, "%s\n  text:    ", what);
	for (i = 0; i < text.n; i++)
		fprintf(stderr, text.p[i] > ' ' && text.p[i] < 0x7f ? "%c" :
		    "\\x%02x", (unsigned char)text.p[i]);
	fprintf(stderr, "\n  printed: ");
	for (i = 0; i < printed.n; i++)
		fprintf(stderr, printed.p[i] > ' ' && printed.p[i] < 0x7f ?
		    "%c" : "\\x%02x", (unsigned char)printed.p[i]);
	fprintf(stderr, "\n");
}

static const struct {
	const char *name;
	bool (*holds)(struct arena *, struct str, struct str *printed);
} properties[] = {
	{ "SPF",	spf_holds },
	{ "DMARC",	dmarc_holds },
	{ "DKIM",	dkim_holds },
	{ "MTA-STS",	mtasts_holds },
	{ "TLS-RPT",	tlsrpt_holds },
	{ "BIMI",	bimi_holds },
	{ "policy",	policy_holds },
};

static void
printing_loses_nothing(void **state)
{
	struct arena *arena = arena_new();
	struct str text, printed;
	uint64_t before;
	size_t round, i;

	(void)state;
	seed = 7208;
	for (round = 0; round < ROUNDS; round++) {
		before = seed;
		text = make_text(arena);
		for (i = 0; i < countof(properties); i++) {
			if (properties[i].holds(arena, text, &printed))
				continue;
			show(properties[i].name, text, printed);
			fail_msg("%s, seed %llu", properties[i].name,
			    (unsigned long long)before);
		}
		arena_reset(arena);
	}
	arena_free(arena);
}

/* What selects a record is the same thing for all who ask. */
static void
selection_is_consistent(void **state)
{
	struct arena *arena = arena_new();
	enum auth version, near;
	struct str text;
	size_t round;

	(void)state;
	seed = 720889;
	for (round = 0; round < ROUNDS; round++) {
		text = make_text(arena);
		version = auth_version(text);
		near = auth_near_version(text);
		assert_true(version == AUTH_NONE || near == AUTH_NONE);
		assert_int_equal(spf_parse(arena, text)->selected,
		    version == AUTH_SPF);
		assert_int_equal(dmarc_parse(arena, text)->selected,
		    version == AUTH_DMARC);
		arena_reset(arena);
	}
	arena_free(arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(printing_loses_nothing),
		cmocka_unit_test(selection_is_consistent),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
