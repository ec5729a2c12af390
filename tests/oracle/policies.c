/*
 * Helps to hold the reading of DMARC against peers of RFC 7489:
 *
 *	policies make COUNT	writes records, good ones and mistaken ones
 *	policies judge		reads them, and says what mailzone thinks
 *
 * A record is a line of hexadecimal digits; a verdict is "none" when it is
 * not selected, "bad" when its policies cannot be read, else "ok" with p, sp,
 * adkim, aspf and pct; then the names of the problems.
 */
#include "auth/auth.h"
#include "base/arena.h"
#include "lines.h"

/* ---- making records ------------------------------------------------------ */

static const char *const names[] = { "p", "p", "p", "sp", "sp", "pct", "adkim",
	"aspf", "rua", "ruf", "fo", "ri", "rf", "np", "t", "psd", "x", "P",
	"Sp", "PCT", "ADKIM", "pp", "sp1" };

static const char *const values[] = { "none", "quarantine", "reject", "reject",
	"None", "QUARANTINE", "Reject", "rejct", "r", "s", "R", "S", "0", "5",
	"100", "101", "-1", "050", "1:d:s", "afrf", "86400", "y", "n",
	"mailto:d@example.com", "mailto:a@example.com,mailto:b@example.net",
	"https://example.com/d", "d@example.com", "mailto:d@example.com!10m",
	"", "x" };

static const char *const borders[] = { ";", "; ", "; ", "; ", " ; ", ";;",
	";\t", ", ", " " };

static const char *const versions[] = { "v=DMARC1", "v=DMARC1", "v=DMARC1",
	"v=DMARC1", "v=DMARC1", "v = DMARC1", "V=DMARC1", "v=dmarc1",
	" v=DMARC1", "v=DMARC2", "v=DMARC11" };

static const char noise[] = " .:/=%;,-+_!\"\t019azAZrRp\x01\xff";

/* Most values fit their tags, or nothing but faults would be tried. */
static const char *
value_for(const char *name)
{
	static const char *const policies[] = { "none", "quarantine", "reject",
	    "reject", "None", "REJECT", "rejct", "" };
	static const char *const modes[] = { "r", "s", "s", "S", "x", "" };
	static const char *const percents[] = { "0", "5", "99", "100", "101",
	    "-1", "050", "", "5x" };

	if (roll(6) == 0)
		return CHOOSE(values);
	switch (name[0]) {
	case 'p': case 'P': case 's': case 'S':
		return strlen(name) == 3 ? CHOOSE(percents) :
		    CHOOSE(policies);
	case 'a': case 'A':
		return CHOOSE(modes);
	default:
		return CHOOSE(values);
	}
}

static void
add_tag(struct buffer *out)
{
	const char *name = CHOOSE(names);

	buffer_printf(out, "%s%s%s%s", CHOOSE(borders), name,
	    roll(20) == 0 ? " = " : "=", value_for(name));
}

static void
make(unsigned long count)
{
	struct buffer out = { 0 };
	size_t tags;

	while (count-- > 0) {
		buffer_clear(&out);
		buffer_add_cstr(&out, CHOOSE(versions));
		if (roll(8) > 0)
			buffer_printf(&out, "; p=%s", value_for("p"));
		for (tags = roll(4); tags > 0; tags--)
			add_tag(&out);
		if (roll(3) == 0)
			buffer_add_byte(&out, ';');
		if (roll(5) == 0)
			spoil(&out, 0, noise[roll(sizeof(noise) - 1)]);
		print_hex(&out);
	}
	buffer_free(&out);
}

/* ---- judging them -------------------------------------------------------- */

static const char *const problems[] = {
	[DMARC_BAD_VERSION] = "version",
	[DMARC_BAD_SEPARATOR] = "separator",
	[DMARC_EMPTY_TAG] = "empty-tag",
	[DMARC_REPEATED_TAG] = "repeated-tag",
	[DMARC_BAD_TAG_NAME] = "tag-name",
	[DMARC_EMPTY_VALUE] = "empty-value",
	[DMARC_BAD_VALUE] = "value",
	[DMARC_BAD_PCT] = "pct",
	[DMARC_BAD_POLICY] = "policy",
	[DMARC_BAD_CHARACTER] = "character",
	[DMARC_LOST_URI] = "lost-uri",
};

static bool
is_policy(enum policy policy)
{
	return policy == POLICY_NONE || policy == POLICY_QUARANTINE ||
	    policy == POLICY_REJECT;
}

static void
print_verdict(const struct dmarc *dmarc)
{
	enum policy below = dmarc->sp == NULL ? dmarc->policy :
	    dmarc->subdomain_policy;

	if (!dmarc->selected)
		fputs("none", stdout);
	else if (!is_policy(dmarc->policy) || !is_policy(below))
		fputs("bad", stdout);
	else
		printf("ok %s %s %c %c %u", policy_name(dmarc->policy),
		    policy_name(below), dmarc->strict_dkim ? 's' : 'r',
		    dmarc->strict_spf ? 's' : 'r', dmarc->percent);
}

static void
judge(void)
{
	struct arena *arena = arena_new();
	const struct problem *problem;
	const struct dmarc *dmarc;
	static char line[4096];

	while (fgets(line, sizeof(line), stdin) != NULL) {
		dmarc = dmarc_parse(arena, (struct str){ line,
		    read_hex(line) });
		print_verdict(dmarc);
		putchar('|');
		for (problem = dmarc->problems.first; problem != NULL;
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
