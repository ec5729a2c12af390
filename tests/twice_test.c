/*
 * Which names may own a record twice: never fewer than do, and of those that
 * do not few enough.
 */
#include "support.h"

#include "zone_same.h"

#define FIRST	"@ SOA ns1 h 1 7200 3600 1209600 3600\n"

static const struct {
	const char *text;		/* of oak, behind $TTL 60 */
	bool twice;
} rows[] = {
	/* Names. */
	{ "oak NS ns1\n NS ns2\n", false },
	{ "oak NS a.example.org.\n NS b.example.org.\n", false },
	{ "oak NS ns.example.org.\n NS ns2.example.org.\n", false },
	{ "oak NS ns1\n NS ns1\n", true },
	{ "oak NS ns1\n NS ns1.example.com.\n", true },
	{ "oak NS ns1.example.com.\n NS ns1\n", true },
	{ "oak NS ns1\n NS NS1\n", true },
	{ "oak NS ns1\n NS  ns1\n", true },
	{ "oak NS ns1\n NS\tns1 ; x\n", true },
	{ "oak NS ns1;x\n NS ns1;y\n", true },
	{ "oak NS ns\n NS ns\nash NS a\n", true },
	{ "oak NS n\n NS n\nnsx NS a\n", true },
	{ "oak NS ns1\n NS (ns1)\n", true },
	{ "oak NS ns1\n NS n\\s1\n", true },
	{ "oak NS @\n NS example.com.\n", true },
	{ "oak NS a-very-long-name-of-one\n NS a-very-long-name-of-two\n",
	  false },
	{ "oak NS a-very-long-name-of-one\n NS A-very-long-name-of-one\n",
	  true },
	{ "oak NS a\n NS b\n NS c\n NS d\n", false },
	{ "oak NS a\n NS b\n NS c\n NS b\n", true },
	{ "oak NS a\n NS b\n NS c\n NS a\n", true },
	{ "oak CNAME a\n CNAME b\n", false },
	{ "oak CNAME a\n CNAME A\n", true },
	/* Preferences. */
	{ "oak MX 10 a\n MX 20 a\n", false },
	{ "oak MX 10 a\n MX 10 b\n", false },
	{ "oak MX 0 a\n MX 10 b\n MX 20 b\n", false },
	{ "oak MX 1 a\n MX 10 a\n", false },
	{ "oak MX 10 a\n MX 10 a\n", true },
	{ "oak MX 10 a\n MX 10  a\n", true },
	{ "oak MX 10 a\n MX 010 a\n", true },
	{ "oak MX 01 a\n MX 001 a\n", true },
	{ "oak MX 0 a\n MX 00 a\n", true },
	{ "oak MX 10 mx\n MX 10\tMX.example.com.\n", true },
	/* Strings. */
	{ "oak TXT \"a\"\n TXT \"b\"\n", false },
	{ "oak TXT \"a\"\n TXT \"A\"\n", false },
	{ "oak TXT \"a\"\n TXT \"ab\"\n", false },
	{ "oak TXT \"v=spf1 -all\"\n TXT (\"v=DKIM1\"\n \"p=\")\n", false },
	{ "oak TXT \"a\"\n TXT \"a\"\n", true },
	{ "oak TXT \"a\"\n TXT a\n", true },
	{ "oak TXT \"a\"\n TXT ( \"a\" )\n", true },
	{ "oak TXT \"a\" \"b\"\n TXT \"a\"  \"b\"\n", true },
	{ "oak TXT \"a\"\n TXT \"\\a\"\n", true },
	{ "oak TXT \"ab\"\n TXT \"a\\b\"\n", true },
	{ "oak TXT \"a\\065\"\n TXT \"a\\A\"\n", true },
	{ "oak TXT \"a;b\"\n TXT \"a\\;b\"\n", true },
	/* Other entries, and other types. */
	{ "oak A 1.2.3.4\n A 1.2.3.4\n", false },
	{ "oak TXT \"a\"\n SPF \"a\"\n", false },
	{ "oak TXT \"a\"\n A 1.2.3.4\n TXT \"a\"\n", true },
	{ "oak TXT \"a\"\noak TXT \"b\"\n", false },
	{ "oak TXT \"a\"\noak TXT \"a\"\n", true },
	{ "oak TXT \"a\"\nash TXT \"b\"\noak TXT \"a\"\n", true },
	{ "oak TXT \"a\"\nOAK TXT \"a\"\n", true },
	{ "oak TXT \"a\"\n$TTL 5\noak TXT \"a\"\n", true },
	{ "oak TXT \"a\"\n$ORIGIN oak\n@ TXT \"a\"\n", true },
	{ "$GENERATE 1-2 oak TXT \"a\"\n", true },
	{ "$GENERATE 1-2 oak TXT \"a$\"\n", true },
	{ "$GENERATE 1-2 oak$ TXT \"a\"\noak TXT \"b\"\n", false },
	{ "oak TXT \"1\"\n TXT \"2\"\n TXT \"3\"\n TXT \"4\"\n TXT \"5\"\n"
	  " TXT \"6\"\n TXT \"7\"\n TXT \"8\"\n TXT \"9\"\n TXT \"9\"\n",
	  true },
};

static unsigned
types_of(struct arena *arena, struct str text, size_t fold_from,
    const char *name)
{
	struct zone_options options = { .name = STR("example.com"),
	    .how = ZONE_BY_OPTION, .fold_from = fold_from };
	struct source *source = ARENA_NEW(arena, struct source);
	const struct zone *zone;

	source->path = STR("twice");
	source->text = text;
	zone = zone_read(arena, source, &options);
	zone_answers(arena, zone);
	return zone_find(zone, str_from(name))->types;
}

static void
records_that_may_be_the_same_are_told(void **state)
{
	struct arena *arena = arena_new();
	unsigned types;
	size_t i;

	(void)state;
	for (i = 0; i < countof(rows); i++) {
		types = types_of(arena, arena_printf(arena, "$TTL 60\n" FIRST
		    "%s", rows[i].text), 0, "oak.example.com");
		if (((types & HAS_TWICE) != 0) != rows[i].twice)
			fail_msg("%s", rows[i].text);
	}
	arena_free(arena);
}

/* The second one is like the first, up to its data. */
static const struct {
	const char *text;
	bool twice;			/* fir */
} families[] = {
	{ "oak NS a\n NS b\nx.oak A 1.2.3.4\n"
	  "elm NS a\n NS b\nx.elm A 1.2.3.4\n"
	  "fir NS c\n NS d\nx.fir A 1.2.3.4\n", false },
	{ "oak NS a\n NS b\nx.oak A 1.2.3.4\n"
	  "elm NS a\n NS b\nx.elm A 1.2.3.4\n"
	  "fir NS a\n NS a\nx.fir A 1.2.3.4\n", true },
	{ "oak NS a\nx.oak A 1.2.3.4\noak NS b\n"
	  "elm NS a\nx.elm A 1.2.3.4\nelm NS b\n"
	  "fir NS b\nx.fir A 1.2.3.4\nfir NS b\n", true },
	{ "oak NS a\nx.oak A 1.2.3.4\noak NS b\n"
	  "elm NS a\nx.elm A 1.2.3.4\nelm NS b\n"
	  "fir NS b\nx.fir A 1.2.3.4\nfir NS c\n", false },
	{ "oak MX 1 a\n TXT \"a\"\n TXT \"b\"\n MX 2 b\n"
	  "elm MX 1 a\n TXT \"c\"\n TXT \"d\"\n MX 2 b\n"
	  "fir MX 1 a\n TXT \"e\"\n TXT \"e\"\n MX 2 b\n", true },
	{ "oak MX 1 a\n TXT \"a\"\n TXT \"b\"\n MX 2 b\n"
	  "elm MX 1 a\n TXT \"c\"\n TXT \"d\"\n MX 2 b\n"
	  "fir MX 2 b\n TXT \"e\"\n TXT \"f\"\n MX 2 b\n", true },
	{ "oak TXT \"a\"\n TXT \"b\"\n TXT \"c\"\n"
	  "elm TXT \"a\"\n TXT \"b\"\n TXT \"c\"\n"
	  "fir TXT \"a\"\n TXT \"b\"\n TXT \"a\"\n", true },
	{ "oak TXT \"a\"\nx.oak TXT \"b\"\nX.oak TXT \"c\"\n"
	  "elm TXT \"a\"\nx.elm TXT \"b\"\nX.elm TXT \"c\"\n"
	  "fir TXT \"a\"\nx.fir TXT \"a\"\nX.fir TXT \"b\"\n", false },
};

static void
families_are_compared_as_well(void **state)
{
	struct arena *arena = arena_new();
	unsigned types;
	size_t i;

	(void)state;
	for (i = 0; i < countof(families); i++) {
		types = types_of(arena, arena_printf(arena, "$TTL 60\n" FIRST
		    "%s", families[i].text), 1, "fir.example.com");
		if (((types & HAS_TWICE) != 0) != families[i].twice)
			fail_msg("%s", families[i].text);
	}
	arena_free(arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(records_that_may_be_the_same_are_told),
		cmocka_unit_test(families_are_compared_as_well),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
