#include "support.h"

#include "base/arena.h"
#include "base/table.h"

static void
finds_what_was_added(void **state)
{
	struct arena *arena = arena_new();
	struct table table = { 0 };
	struct str key;
	size_t i;

	(void)state;
	assert_null(table_find(&table, STR("1")));
	for (i = 0; i < 1000; i++) {
		key = arena_printf(arena, "%zu", i);
		assert_ptr_equal(table_add(&table, arena, key,
		    (void *)key.p), key.p);
	}
	assert_int_equal(table.count, 1000);
	for (i = 0; i < 1000; i++) {
		key = arena_printf(arena, "%zu", i);
		assert_string_equal(table_find(&table, key), key.p);
	}
	assert_null(table_find(&table, STR("1000")));
	assert_null(table_find(&table, STR("")));
	arena_free(arena);
}

static void
first_one_stays_until_set(void **state)
{
	struct arena *arena = arena_new();
	struct table table = { 0 };
	char first = 1, second = 2;

	(void)state;
	assert_ptr_equal(table_add(&table, arena, STR("a"), &first), &first);
	assert_ptr_equal(table_add(&table, arena, STR("a"), &second), &first);
	assert_ptr_equal(table_find(&table, STR("A")), NULL);
	table_set(&table, arena, STR("a"), &second);
	assert_ptr_equal(table_find(&table, STR("a")), &second);
	table_set(&table, arena, STR(""), &first);
	assert_ptr_equal(table_find(&table, STR("")), &first);
	assert_int_equal(table.count, 2);
	arena_free(arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_what_was_added),
		cmocka_unit_test(first_one_stays_until_set),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
