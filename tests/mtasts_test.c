#include "support.h"

#include <string.h>

#include "auth/auth.h"
#include "base/arena.h"
#include "problems.h"

static const struct {
	const char *text;
	int kind;
	const char *words;	/* what is underlined */
} records[] = {
	{ "v=STSv1; id=20160831085700Z;", NO_PROBLEM, NULL },
	{ "v=STSv1;id=1", NO_PROBLEM, NULL },
	{ "v=STSv1; id=abcdefghijklmnopqrstuvwxyz123456 ; x_-.9=a:b<>",
	  NO_PROBLEM, NULL },
	{ "", MTASTS_BAD_FIELD, "" },
	{ "v=STSv2; id=1", MTASTS_BAD_FIELD, "v=STSv2" },
	{ "v = STSv1; id=1", MTASTS_BAD_FIELD, "v = STSv1" },
	{ "V=STSv1; id=1", MTASTS_BAD_FIELD, "V=STSv1" },
	{ " v=STSv1; id=1", MTASTS_BAD_FIELD, " v=STSv1" },
	{ "id=1; v=STSv1", MTASTS_BAD_FIELD, "id=1" },
	{ "v=STSv1; id =1", MTASTS_BAD_FIELD, "id =1" },
	{ "v=STSv1; id= 1", MTASTS_BAD_FIELD, "id= 1" },
	{ "v=STSv1; id=1; foo", MTASTS_BAD_FIELD, "foo" },
	{ "v=STSv1; id=1; _a=b", MTASTS_BAD_FIELD, "_a=b" },
	{ "v=STSv1; id=1; a=b=c", MTASTS_BAD_FIELD, "a=b=c" },
	{ "v=STSv1; id=1; a=b c", MTASTS_BAD_FIELD, "a=b c" },
	{ "v=STSv1; id=1; abcdefghijklmnopqrstuvwxyz1234567=b",
	  MTASTS_BAD_FIELD, "abcdefghijklmnopqrstuvwxyz1234567=b" },
	{ "v=STSv1;; id=1", MTASTS_BAD_FIELD, ";" },
	{ "v=STSv1; id=1; id=2", MTASTS_REPEATED_FIELD, "id=2" },
	{ "v=STSv1", MTASTS_NO_ID, "v=STSv1" },
	{ "v=STSv1; ID=1", MTASTS_NO_ID, "v=STSv1; ID=1" },
	{ "v=STSv1; id=", MTASTS_BAD_ID, "id=" },
	{ "v=STSv1; id=2026-01-01", MTASTS_BAD_ID, "2026-01-01" },
	{ "v=STSv1; id=abcdefghijklmnopqrstuvwxyz1234567", MTASTS_BAD_ID,
	  "abcdefghijklmnopqrstuvwxyz1234567" },
	{ "v=STSv1 ; id=1", MTASTS_DELIMITER, " " },
};

static void
records_are_those_of_rfc8461(void **state)
{
	struct arena *arena = arena_new();
	const struct mtasts *mtasts;
	size_t i;

	(void)state;
	for (i = 0; i < countof(records); i++) {
		mtasts = mtasts_parse(arena, str_from(records[i].text));
		assert_problem(mtasts->text, &mtasts->problems,
		    records[i].kind, records[i].words);
		arena_reset(arena);
	}
	mtasts = mtasts_parse(arena, STR("v=STSv1 ;;id=A1 ; x=y;"));
	assert_true(str_is(mtasts->id, "A1"));
	assert_true(str_is(mtasts_print(arena, mtasts),
	    "v=STSv1; id=A1; x=y;"));
	mtasts = mtasts_parse(arena, STR("foo ;bar"));
	assert_null(mtasts->id.p);
	assert_true(str_is(mtasts_print(arena, mtasts), "foo ;bar"));
	arena_free(arena);
}

#define HEAD	"version: STSv1\nmode: enforce\n"
#define TAIL	"max_age: 604800\nmx: a.org\n"

static const struct {
	const char *text;
	int kind;
	const char *words;	/* what is underlined */
} policies[] = {
	{ HEAD TAIL, NO_PROBLEM, NULL },
	{ "version: STSv1\r\nmode:enforce \r\nmax_age:\t1\r\nmx: *.a.org",
	  NO_PROBLEM, NULL },
	{ "version: STSv1\nmode: none\nmax_age: 0\n\n", NO_PROBLEM, NULL },
	{ HEAD TAIL "x: y\nmx: b.org\n", NO_PROBLEM, NULL },
	{ "", MTASTS_MISSING_FIELD, "" },
	{ "mode: testing\n" TAIL, MTASTS_MISSING_FIELD, "" },
	{ "version: STSv1\n" TAIL, MTASTS_MISSING_FIELD, "" },
	{ HEAD "mx: a.org\n", MTASTS_MISSING_FIELD, "" },
	{ HEAD "max_age: 1\n", MTASTS_MISSING_FIELD, "" },
	{ "version: STSv2\nmode: enforce\n" TAIL, MTASTS_BAD_FIELD, "STSv2" },
	{ "version:\nmode: enforce\n" TAIL, MTASTS_BAD_FIELD, "version:" },
	{ "version: STSv1\nmode: Enforce\n" TAIL, MTASTS_BAD_FIELD,
	  "Enforce" },
	{ HEAD "max_age: 1d\nmx: a.org\n", MTASTS_BAD_FIELD, "1d" },
	{ HEAD "max_age: 12345678901\nmx: a.org\n", MTASTS_BAD_FIELD,
	  "12345678901" },
	{ HEAD TAIL "mx: a.org.\n", MTASTS_BAD_FIELD, "a.org." },
	{ HEAD TAIL "mx: .a.org\n", MTASTS_BAD_FIELD, ".a.org" },
	{ HEAD TAIL "mx: *\n", MTASTS_BAD_FIELD, "*" },
	{ HEAD TAIL "mx: *.*.org\n", MTASTS_BAD_FIELD, "*.*.org" },
	{ HEAD TAIL "mx:\n", MTASTS_BAD_FIELD, "mx:" },
	{ HEAD TAIL "foo\n", MTASTS_BAD_FIELD, "foo" },
	{ HEAD TAIL "mode: none\n", MTASTS_REPEATED_FIELD, "mode: none" },
	{ HEAD TAIL "version: x\n", MTASTS_REPEATED_FIELD, "version: x" },
	{ HEAD TAIL "max_age: 1\n", MTASTS_REPEATED_FIELD, "max_age: 1" },
};

static void
policies_are_those_of_rfc8461(void **state)
{
	struct arena *arena = arena_new();
	const struct mtasts_policy *policy;
	size_t i;

	(void)state;
	for (i = 0; i < countof(policies); i++) {
		policy = mtasts_policy_parse(arena,
		    str_from(policies[i].text));
		assert_problem(policy->text, &policy->problems,
		    policies[i].kind, policies[i].words);
		arena_reset(arena);
	}
	arena_free(arena);
}

static void
policies_are_taken_apart(void **state)
{
	struct arena *arena = arena_new();
	const struct mtasts_policy *policy = mtasts_policy_parse(arena,
	    STR("mode: testing\nmx: Mail.A.org\nversion: STSv1\n"
	    "mx: *.b.org\nmode: none\nmax_age: 9999999999\n"));

	(void)state;
	assert_true(policy->version);
	assert_int_equal(policy->mode, MTASTS_TESTING);
	assert_int_equal(policy->mode_start, 6);
	assert_int_equal(policy->mode_end, 13);
	assert_true(policy->has_max_age);
	assert_int_equal(policy->max_age, UINT32_MAX);
	assert_true(str_is(str_slice(policy->text, policy->max_age_start,
	    policy->max_age_end), "9999999999"));
	assert_true(str_is(policy->mx->pattern, "mail.a.org"));
	assert_int_equal(policy->mx->start, 18);
	assert_true(str_is(policy->mx->next->pattern, "*.b.org"));
	assert_null(policy->mx->next->next);
	policy = mtasts_policy_parse(arena, STR("max_age: x\nmode: x"));
	assert_false(policy->version || policy->has_max_age);
	assert_int_equal(policy->mode, MTASTS_INVALID);
	assert_null(policy->mx);
	arena_free(arena);
}

static const struct {
	const char *pattern, *host;
	bool matches;
} matching[] = {
	{ "mx.a.org", "mx.a.org", true },
	{ "mx.a.org", "MX.A.org.", true },
	{ "mx.a.org", "a.org", false },
	{ "*.a.org", "mx.a.org", true },
	{ "*.a.org", "x.mx.a.org", false },
	{ "*.a.org", "a.org", false },
	{ "*.a.org", ".a.org", false },
	{ "*.a.org", "xa.org", false },
	{ "*.a.org", "", false },
	{ "", "", false },
};

static void
wildcards_match_one_label(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < countof(matching); i++)
		if (mtasts_mx_matches(str_from(matching[i].pattern),
		    str_from(matching[i].host)) != matching[i].matches)
			fail_msg("%s, %s", matching[i].pattern,
			    matching[i].host);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(records_are_those_of_rfc8461),
		cmocka_unit_test(policies_are_those_of_rfc8461),
		cmocka_unit_test(policies_are_taken_apart),
		cmocka_unit_test(wildcards_match_one_label),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
