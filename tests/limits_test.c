/* Zones that are too large, too deep, or wrong a million times. */
#include "support.h"

#include <string.h>

#include "zone_lines.h"

static const char ttl[] = "$TTL 60\n";

/* ---- record sets --------------------------------------------------------- */

/* Each line so often; "#" becomes the number of the line. */
struct part {
	size_t count;
	const char *line;
};

/* The verdicts, and the limit of 65512 octets, are those of BIND 9.18. */
static const struct {
	struct part parts[2];
	size_t line;			/* with which it is too large */
} sets[] = {
	/* A "#" gives 99 digits: 102 octets with the lengths. */
	{ { { 642, "t TXT #" }, { 1, "t TXT 012345678901234567890123" } },
	  0 },
	{ { { 642, "t TXT #" }, { 1, "t TXT 0123456789012345678901234" } },
	  0 },
	{ { { 642, "t TXT #" }, { 1, "t TXT 01234567890123456789012345" } },
	  644 },
	{ { { 700, "t TXT #" }, { 1, "z A 192.0.2.1" } }, 644 },
	{ { { 643, "t TXT #" }, { 1, "" } }, 644 },
	{ { { 900, "T TXT same" }, { 642, "t TXT #" } }, 0 },
	{ { { 642, "t TXT #" }, { 642, "t SPF #" } }, 0 },
	{ { { 642, "t TXT #" }, { 643, "u TXT #" } }, 1286 },
	/* Wherever they stand. */
	{ { { 642, "t TXT #\nz A 192.0.2.1" },
	  { 1, "t TXT 0123456789012345678901234" } }, 0 },
	{ { { 642, "t TXT #\nz A 192.0.2.1" },
	  { 1, "t TXT 01234567890123456789012345" } }, 1286 },
	{ { { 643, "t TXT #\nz NS y\nv A 192.0.2.1" }, { 1, "" } }, 1928 },
	{ { { 1, "$GENERATE 1-700 t TXT ${0,91,d}xxxxxxxx" }, { 1, "" } },
	  2 },
	{ { { 1, "$GENERATE 1-600 t TXT ${0,91,d}xxxxxxxx" }, { 1, "" } },
	  0 },
};

static void
add_line(struct buffer *text, const char *line, size_t number)
{
	for (; *line != '\0'; line++)
		if (*line == '#')
			buffer_printf(text, "%08zu%091d", number, 0);
		else
			buffer_add_byte(text, *line);
	buffer_add_byte(text, '\n');
}

static void
large_sets_are_refused(void **state)
{
	struct arena *arena = arena_new();
	struct buffer text = { 0 };
	const struct zone_problem *problem;
	struct zone *zone;
	struct place place;
	size_t i, k, number;

	(void)state;
	for (i = 0; i < countof(sets); i++) {
		buffer_add_cstr(&text, ttl);
		for (k = 0; k < countof(sets[i].parts); k++)
			for (number = 0; number < sets[i].parts[k].count;
			    number++)
				add_line(&text, sets[i].parts[k].line,
				    number);
		zone = zone_of(arena, buffer_finish(&text, arena));
		problem = zone->contents->problems;
		assert_int_equal(problem != NULL, sets[i].line != 0);
		if (problem == NULL)
			continue;
		assert_int_equal(zone->contents->problem_count, 1);
		assert_true(zone_problem_is_syntax(problem->kind));
		place = source_place(zone->source, problem->span.start);
		assert_int_equal(place.line, sets[i].line);
	}
	arena_free(arena);
}

/* ---- much of everything -------------------------------------------------- */

static struct str
repeated(struct arena *arena, const char *start, const char *middle,
    size_t count, const char *end)
{
	struct buffer text = { 0 };

	buffer_add_cstr(&text, start);
	while (count-- > 0)
		buffer_add_cstr(&text, middle);
	buffer_add_cstr(&text, end);
	return buffer_finish(&text, arena);
}

static void
problems_are_counted_but_few_kept(void **state)
{
	struct arena *arena = arena_new();
	const struct zone_problem *problem;
	struct zone *zone;
	size_t kept = 0;

	(void)state;
	zone = zone_of(arena, repeated(arena, ttl, "x FOO y\n", 1000 * 1000,
	    "z TXT z\n"));
	assert_int_equal(zone->contents->problem_count, 1000 * 1000);
	assert_int_equal(zone->contents->record_count, 1);
	for (problem = zone->contents->problems; problem->next != NULL;
	    problem = problem->next)
		kept++;
	assert_int_equal(kept, ZONE_MAX_PROBLEMS);
	assert_int_equal(problem->kind, ZONE_LIMIT);
	assert_true(str_is(problem->what,
	    "the zone has 999000 more problems, which are not shown"));
	arena_free(arena);
}

/* BIND merely warns, however many there are. */
static void
names_outside_are_no_errors(void **state)
{
	struct arena *arena = arena_new();
	const struct zone_problem *problem;
	struct zone *zone;

	(void)state;
	zone = zone_of(arena, repeated(arena, ttl, "x. TXT y\ny. TXT y\n", 1000,
	    "z TXT z\n"));
	assert_int_equal(zone->contents->problem_count, 2000);
	for (problem = zone->contents->problems; problem->next != NULL;
	    problem = problem->next)
		assert_int_equal(problem->kind, ZONE_OUT_OF_ZONE);
	assert_int_equal(problem->kind, ZONE_OUT_OF_ZONE);
	assert_true(str_is(problem->what,
	    "the zone has 1000 more names outside it, which are not shown"));
	arena_free(arena);
}

static void
parentheses_that_stay_open_cost_their_line(void **state)
{
	struct arena *arena = arena_new();
	struct zone *zone;

	(void)state;
	zone = zone_of(arena, repeated(arena, "$TTL 60\na TXT ", "(", 10000,
	    "\nb TXT y\n"));
	assert_string_equal(record_lines(arena, zone), "b 60 TXT \"y\"\n");
	assert_int_equal(zone->contents->problem_count, 1);
	arena_free(arena);
}

static void
what_generate_makes_is_limited(void **state)
{
	static const char *const ranges[] = { "0-4294967295", "0-2147483647",
	    "1-1000001" };
	struct arena *arena = arena_new();
	struct zone *zone;
	size_t i;

	(void)state;
	for (i = 0; i < countof(ranges); i++) {
		zone = zone_of(arena, arena_printf(arena,
		    "%s$GENERATE %s a$ TXT x\nb TXT y\n", ttl, ranges[i]));
		assert_string_equal(record_lines(arena, zone),
		    "b 60 TXT \"y\"\n");
		assert_int_equal(zone->contents->problem_count, 1);
	}
	arena_free(arena);
}

/* Two includes in each of twenty files that include each other are a million. */
static void
includes_are_limited(void **state)
{
	struct arena *arena = arena_new();
	char *folder = scratch_make();
	char *path = scratch_write(folder, "a.inc", "");
	const char *line = arena_printf(arena, "$INCLUDE %s\n", path).p;
	struct zone *zone;

	(void)state;
	zone = zone_of(arena, repeated(arena, ttl, line, ZONE_MAX_INCLUDES,
	    "z TXT z\n"));
	assert_int_equal(zone->contents->source_count, 1 + ZONE_MAX_INCLUDES);
	assert_null(zone->contents->problems);
	zone = zone_of(arena, repeated(arena, ttl, line, ZONE_MAX_INCLUDES + 1,
	    "z TXT z\n"));
	assert_int_equal(zone->contents->source_count, 1 + ZONE_MAX_INCLUDES);
	assert_int_equal(zone->contents->problem_count, 1);
	assert_int_equal(zone->contents->problems->kind, ZONE_LIMIT);
	assert_int_equal(zone->contents->record_count, 1);
	free(path);
	scratch_remove(folder);
	arena_free(arena);
}

static void
nothing_is_a_zone(void **state)
{
	struct arena *arena = arena_new();
	struct zone *zone = zone_of(arena, STR(""));

	(void)state;
	assert_int_equal(zone->contents->record_count, 0);
	assert_int_equal(zone->contents->problem_count, 0);
	arena_free(arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(large_sets_are_refused),
		cmocka_unit_test(problems_are_counted_but_few_kept),
		cmocka_unit_test(names_outside_are_no_errors),
		cmocka_unit_test(parentheses_that_stay_open_cost_their_line),
		cmocka_unit_test(what_generate_makes_is_limited),
		cmocka_unit_test(includes_are_limited),
		cmocka_unit_test(nothing_is_a_zone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
