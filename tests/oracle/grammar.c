/*
 * Helps to hold the grammar of SPF against peers:
 *
 *	grammar make COUNT	writes records, good ones and mistaken ones
 *	grammar judge		reads them, and says what mailzone thinks
 *
 * A record is a line of hexadecimal digits; a verdict is "none", "ok" or
 * "error" and the names of the problems.
 */
#include "auth/auth.h"
#include "base/arena.h"
#include "lines.h"

/* ---- making records ------------------------------------------------------ */

static const char *const names[] = {
	"a", "mx", "ptr", "include", "exists", "ip4", "ip6", "all",
	"redirect", "exp", "moo", "A", "Mx", "ALL", "Redirect", "ipv4",
	"x-y_z.1",
};

static const char *const borders[] = { ":", ":", ":", ":", "=", "=", "", "/",
	".", "::", ":=" };

static const char *const targets[] = {
	"example.com", "_spf.example.com", "%{d}", "%{i}._spf.%{d2}",
	"%{ir}.%{v}.x", "%{Lr-+.}.x.org", "mail.%{h1}", "x.org.", "%_x.org",
	"foo:bar/baz.example.com", "a.b-c.d1", "x.1-2", "192.0.2.1",
	"192.0.2.0", "2001:db8::1", "2001:db8::", "1:2:3:4:5:6:7:8",
	"::ffff:192.0.2.1", "::", "1::", "localhost", "1.2.3", "x.123",
	"1.2.3.04", "%{d", "%{d0}", "%{x}.x.org", "%%", "a.-b", "a.b-", "",
};

static const char *const lengths[] = { "", "", "", "", "", "/24", "//64",
	"/24//64", "/0", "/33", "/024", "//129", "/", "//", "/24/64", "/128" };

static const char *const qualifiers[] = { "", "", "", "", "-", "~", "?", "+",
	"--", "!" };

static const char noise[] = " .:/=%{}-+_~?!\"\t;,019azAZrR\x01\xff";

static void
add_term(struct buffer *out)
{
	buffer_printf(out, " %s%s%s", CHOOSE(qualifiers), CHOOSE(names),
	    roll(3) == 0 ? "" : CHOOSE(borders));
	if (byte_is_letter((unsigned char)out->p[out->n - 1]))
		return;
	buffer_printf(out, "%s%s", CHOOSE(targets), CHOOSE(lengths));
}

static void
make(unsigned long count)
{
	struct buffer out = { 0 };
	size_t terms;

	while (count-- > 0) {
		buffer_clear(&out);
		buffer_add_cstr(&out, "v=spf1");
		for (terms = 1 + roll(2); terms > 0; terms--)
			add_term(&out);
		if (roll(4) == 0)
			spoil(&out, sizeof("v=spf1") - 1,
			    noise[roll(sizeof(noise) - 1)]);
		print_hex(&out);
	}
	buffer_free(&out);
}

/* ---- judging them -------------------------------------------------------- */

static const char *const problems[] = {
	[SPF_BAD_TERM] = "term",
	[SPF_BAD_CHARACTER] = "character",
	[SPF_UNKNOWN_MECHANISM] = "unknown-mechanism",
	[SPF_MODIFIER_AS_MECHANISM] = "modifier-as-mechanism",
	[SPF_QUALIFIER_ON_MODIFIER] = "qualifier-on-modifier",
	[SPF_BAD_IP4] = "ip4",
	[SPF_BAD_IP6] = "ip6",
	[SPF_BAD_CIDR] = "cidr",
	[SPF_UNEXPECTED_CIDR] = "unexpected-cidr",
	[SPF_UNEXPECTED_VALUE] = "unexpected-value",
	[SPF_IP_AS_NAME] = "ip-as-name",
	[SPF_SINGLE_LABEL] = "single-label",
	[SPF_EMPTY_TARGET] = "empty-target",
	[SPF_BAD_TARGET] = "target",
	[SPF_BAD_MACRO] = "macro",
	[SPF_REPEATED_MODIFIER] = "repeated-modifier",
	[SPF_MECHANISM_AS_MODIFIER] = "mechanism-as-modifier",
	[SPF_NAME_LABELS] = "name-labels",
};

static void
judge(void)
{
	struct arena *arena = arena_new();
	const struct problem *problem;
	const struct spf *spf;
	static char line[4096];

	while (fgets(line, sizeof(line), stdin) != NULL) {
		spf = spf_parse(arena, (struct str){ line, read_hex(line) });
		printf("%s", !spf->selected ? "none" :
		    spf->permerror ? "error" : "ok");
		for (problem = spf->problems.first; problem != NULL;
		    problem = problem->next)
			printf(" %s", problems[problem->kind]);
		putchar('\n');
		arena_reset(arena);
	}
	arena_free(arena);
}

int
main(int argc, char **argv)
{
	return make_or_judge(argc, argv, make, judge);
}
