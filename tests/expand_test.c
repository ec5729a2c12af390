/* $GENERATE, with all that BIND allows between ${ and }. */
#include "support.h"

#include <string.h>

#include "zone_lines.h"

/* Verdicts and records are those of named-compilezone 9.18. */
static const struct {
	const char *line;		/* behind "$GENERATE " */
	const char *records;		/* "" when it is refused */
	bool fine;
} rows[] = {
	{ "1-2 h$ A 192.0.2.$", "h1 60 A 192.0.2.1\nh2 60 A 192.0.2.2\n",
	  true },
	{ "0-10/5 h$ TXT $", "h0 60 TXT \"0\"\nh5 60 TXT \"5\"\n"
	  "h10 60 TXT \"10\"\n", true },
	{ "1-1 h$ 5 IN TXT x", "h1 5 TXT \"x\"\n", true },
	{ "1-1 h$ IN 5 TXT x", "h1 5 TXT \"x\"\n", true },
	{ "1-1 h$ CNAME a$.", "h1 60 CNAME a1.\n", true },
	{ "1-1 h$ MX \"10 m$\"", "h1 60 MX 10 m1.example.com.\n", true },
	{ "1-1 h$$.\\$ TXT \\$$$", "h\\$.\\$ 60 TXT \"$$\"\n", true },

	{ "1-1 *.h$ TXT x", "*.h1 60 TXT \"x\"\n", true },
	{ "1-1 *.h$ NS x", "", false },
	{ "1-1 *.$.other. NS x", "", true },
	{ "1-1 $ MD x", "1 60 MD x.example.com.\n", true },
	{ "1-1 $ AXFR x", "", false },

	/* Offset, width, base. */
	{ "9-9 ${1} TXT x", "10 60 TXT \"x\"\n", true },
	{ "9-9 ${-1} TXT x", "8 60 TXT \"x\"\n", true },
	{ "9-9 a${-10} TXT x", "a-1 60 TXT \"x\"\n", true },
	{ "9-9 ${0,3} TXT x", "009 60 TXT \"x\"\n", true },
	{ "9-9 ${0,3,d} TXT x", "009 60 TXT \"x\"\n", true },
	{ "63-63 ${0,4,o} TXT x", "0077 60 TXT \"x\"\n", true },
	{ "171-171 ${0,0,x} TXT ${0,3,X}", "ab 60 TXT \"0AB\"\n", true },
	{ "171-171 ${0,0,n} TXT ${0,7,N}", "b.a 60 TXT \"B.A.0.0\"\n", true },
	{ "0-0 ${5,2,n} TXT x", "", true },	/* "5." is outside */
	{ "0-0 ${5,3,n} TXT x", "5.0 60 TXT \"x\"\n", true },
	{ "1-1 ${0,127,d} TXT x", "", false },	/* the label is too long */
	{ "1-1 a TXT ${0,127,d}", "a 60 TXT \"00000000000000000000000000000000"
	  "0000000000000000000000000000000000000000000000000000000000000000000"
	  "0000000000000000000000000001\"\n", true },
	{ "1-1 a TXT ${0,128,d}", "", false },
	{ "1-1 h${} TXT x", "", false },
	{ "1-1 h${0,} TXT x", "", false },
	{ "1-1 h${0,3,} TXT x", "", false },
	{ "1-1 h${0,3,z} TXT x", "", false },
	{ "1-1 h${0,3,d TXT x", "", false },
	{ "1-1 h${a} TXT x", "", false },

	/* What is not said again is what it was, up to the end of the text. */
	{ "1-1 ${5}.$ TXT $", "6.6 60 TXT \"1\"\n", true },
	{ "1-1 a TXT ${-1,3,x}.$.${1}", "a 60 TXT \"000.0.2\"\n", true },
	{ "1-1 a TXT ${0,3,X}.${9,2,z}", "a 60 TXT \"001.0A\"\n", true },
	{ "1-1 a TXT ${0,3}.${9,x}", "a 60 TXT \"001.010\"\n", true },
	{ "1-1 a TXT ${0}3}.${9,x}", "a 60 TXT \"13}.010\"\n", true },
	{ "1-1 a TXT ${0,3,X}.${9,x}", "a 60 TXT \"001.00A\"\n", true },
	{ "1-1 a TXT ${9,x}.${0,3,X}", "", false },
	{ "1-1 a TXT ${0,4294967298,d}", "a 60 TXT \"01\"\n", true },
	{ "1-1 a TXT ${0,-18446744073709551614}", "a 60 TXT \"01\"\n", true },
	{ "1-1 a TXT ${0,-1}", "", false },

	{ "1-1 h${2147483646} TXT x", "h2147483647 60 TXT \"x\"\n", true },
	{ "1-1 h${2147483647} TXT x", "", false },

	/* Ranges. */
	{ "01-+2 h$ TXT x", "h1 60 TXT \"x\"\nh2 60 TXT \"x\"\n", true },
	{ "1-1x h$ TXT x", "h1 60 TXT \"x\"\n", true },
	{ "2-1 h$ TXT x", "", false },
	{ "1-2/ h$ TXT x", "", false },
	{ "1-2/0 h$ TXT x", "", false },
	{ "1--2 h$ TXT x", "", false },
	{ "1 h$ TXT x", "", false },
	{ "0-4294967295 h$ TXT x", "", false },

	/* Quotes are gone before the number comes. */
	{ "1-1 h$ TXT \"v=spf1 a -all\"",
	  "h1 60 TXT \"v=spf1\" \"a\" \"-all\"\n", true },
	{ "1-1 h$ TXT \"\\\"v=spf1 a $\\\"\"", "h1 60 TXT \"v=spf1 a 1\"\n",
	  true },
	{ "1-1 h$ TXT v=spf1\\032a$", "h1 60 TXT \"v=spf1 a1\"\n", true },
	{ "1-1 h$ TXT \"a;b\"", "h1 60 TXT \"a\"\n", true },
	{ "1-1 h$ TXT \"\"", "", false },

	/* What else can be wrong. */
	{ "1-1 h$ FOO x", "", false },
	{ "1-1 h$ CH TXT x", "", false },
	{ "1-1 h$ A x", "", false },
	{ "1-1 h$ TXT", "", false },
	{ "1-1 h$ TXT x y", "h1 60 TXT \"x\"\n", false },
	{ "1-1 h.. TXT x", "", false },
	{ "1-1 h$ ( TXT x )", "", false },
	{ "1-1 h$. TXT x", "", true },		/* outside the zone */
};

static void
generate_expands_as_bind_does(void **state)
{
	const struct zone_problem *problem;
	struct arena *arena;
	struct zone *zone;
	const char *lines;
	bool fine;
	size_t i;

	(void)state;
	for (i = 0; i < countof(rows); i++) {
		arena = arena_new();
		zone = zone_of(arena, arena_printf(arena,
		    "$TTL 60\n$GENERATE %s\n", rows[i].line));
		fine = true;
		for (problem = zone->contents->problems; problem != NULL;
		    problem = problem->next)
			fine = fine && !zone_problem_is_syntax(problem->kind);
		lines = record_lines(arena, zone);
		if (fine != rows[i].fine ||
		    (fine && strcmp(lines, rows[i].records) != 0))
			fail_msg("%s: %s%s", rows[i].line, lines,
			    problem_lines(arena, zone));
		arena_free(arena);
	}
}

static void
lost_quotes_are_noted(void **state)
{
	static const struct { const char *data; bool noted; } texts[] = {
		{ "TXT \"v=spf1 a -all\"", true },
		{ "TXT \"v=DMARC1;p=none\"", true },
		{ "TXT \"\\\"v=spf1 a -all\\\"\"", false },
		{ "TXT v=spf1\\032-all", false },
		{ "TXT v=DMARC1; p=none", true },
		{ "TXT v=DMARC1 ;p = none", true },
		{ "TXT v=DMARC1 ; the policy", false },
		{ "TXT v=DMARC1", false },
		{ "TXT \"\\\"v=DMARC1; p=none\\\"\" ; p=none", false },
		{ "TXT x ; y=z", false },
		{ "TXT v=spf1 ; y=z", false },
		{ "A 198.51.100.$ ; y=z", false },
		{ "TXT x", false },
		{ "MX \"10 a\"", false },
	};
	struct arena *arena = arena_new();
	struct zone *zone;
	size_t i;

	(void)state;
	for (i = 0; i < countof(texts); i++) {
		zone = zone_of(arena, arena_printf(arena,
		    "$TTL 60\n$GENERATE 1-3 h$ %s\n", texts[i].data));
		assert_int_equal(zone->contents->problem_count, texts[i].noted);
		if (texts[i].noted)
			assert_int_equal(zone->contents->problems->kind,
			    ZONE_GENERATE_QUOTES);
	}
	arena_free(arena);
}

static void
expansion_is_limited(void **state)
{
	struct arena *arena = arena_new();
	struct zone *zone = zone_of(arena, STR("$TTL 60\n"
	    "$GENERATE 1-3 a$ TXT x\n$GENERATE 1-2000000000 b$ TXT x\n"
	    "$GENERATE 1-999998 c$ TXT x\nd TXT x\n"));

	(void)state;
	assert_int_equal(zone->contents->record_count, 4);
	assert_int_equal(zone->contents->problem_count, 2);
	assert_int_equal(zone->contents->problems->kind, ZONE_LIMIT);
	assert_true(zone->contents->incomplete);
	arena_free(arena);
}

/* The owner before a $GENERATE is the owner behind it. */
static void
generated_owners_are_not_inherited(void **state)
{
	struct arena *arena = arena_new();

	(void)state;
	assert_string_equal(record_lines(arena, zone_of(arena,
	    STR("$TTL 60\na TXT x\n$GENERATE 1-1 h TXT y\n TXT z\n"))),
	    "a 60 TXT \"x\"\nh 60 TXT \"y\"\na 60 TXT \"z\"\n");
	arena_free(arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(generate_expands_as_bind_does),
		cmocka_unit_test(lost_quotes_are_noted),
		cmocka_unit_test(expansion_is_limited),
		cmocka_unit_test(generated_owners_are_not_inherited),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
