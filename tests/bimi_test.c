#include "support.h"

#include <string.h>

#include "auth/auth.h"
#include "base/arena.h"
#include "problems.h"

static const struct {
	const char *text;
	int kind;
	const char *words;	/* what is underlined */
	bool declined;
} records[] = {
	{ "v=BIMI1; l=https://x.org/logo.svg; a=https://x.org/vmc.pem",
	  NO_PROBLEM, NULL, false },
	{ "v=BIMI1; l=https://x.org/logo.svg; a=; lps=a,b; avp=brand;",
	  NO_PROBLEM, NULL, false },
	{ "v=BIMI1; l=; a=;", NO_PROBLEM, NULL, true },
	{ "v=BIMI1; l=", NO_PROBLEM, NULL, true },
	{ "v=BIMI1; l=; a=https://x.org/vmc.pem", NO_PROBLEM, NULL, false },
	{ "v=BIMI2; l=", BIMI_BAD_TAG, "v=BIMI2", true },
	{ "l=; v=BIMI1", BIMI_BAD_TAG, "l=", true },
	{ "v=BIMI1; foo; l=", BIMI_BAD_TAG, "foo", true },
	{ "v=BIMI1; 1=2; l=", BIMI_BAD_TAG, "1=2", true },
	{ "v=BIMI1;; l=", BIMI_BAD_TAG, ";", true },
	{ "v=BIMI1; l=; l=x", BIMI_REPEATED_TAG, "l=x", true },
	{ "v=BIMI1", BIMI_NO_LOCATION, "v=BIMI1", false },
	{ "v=BIMI1; L=", BIMI_NO_LOCATION, "v=BIMI1; L=", false },
	{ "", BIMI_BAD_TAG, "", false },
};

static void
records_are_those_of_the_draft(void **state)
{
	struct arena *arena = arena_new();
	const struct bimi *bimi;
	size_t i;

	(void)state;
	for (i = 0; i < countof(records); i++) {
		bimi = bimi_parse(arena, str_from(records[i].text));
		assert_problem(bimi->text, &bimi->problems, records[i].kind,
		    records[i].words);
		assert_int_equal(bimi->declined, records[i].declined);
		arena_reset(arena);
	}
	bimi = bimi_parse(arena, STR("v=BIMI1;l=https://x.org/a.svg;;a=;"));
	assert_true(str_is(bimi->l->value, "https://x.org/a.svg"));
	assert_int_equal(bimi->a->value.n, 0);
	assert_true(str_is(bimi_print(arena, bimi),
	    "v=BIMI1; l=https://x.org/a.svg; a="));
	arena_free(arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(records_are_those_of_the_draft),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
