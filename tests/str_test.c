/* Bytes, cursors, distances. */
#include "support.h"

#include <string.h>

#include "base/str.h"

static void
test_compare(void **state)
{
	(void)state;
	assert_true(str_equal(STR_NONE, STR("")));
	assert_true(str_equal_case(STR("a\0B"), STR("A\0b")));
	assert_false(str_equal_case(STR("a\0B"), STR("a\0C")));
	assert_false(str_equal(STR("a"), STR("ab")));
	assert_true(str_starts_case(STR("V=SPF1 -all"), STR("v=spf1")));
	assert_false(str_starts(STR("v="), STR("v=spf1")));
	assert_true(str_ends(STR("a.zone"), STR(".zone")));
	assert_false(str_ends(STR("zone"), STR("a.zone")));
	assert_true(str_compare(STR("a"), STR("ab")) < 0);
	assert_true(str_compare(STR("b"), STR("ab")) > 0);
	assert_int_equal(str_compare(STR("ab"), STR("ab")), 0);
}

static void
test_slice(void **state)
{
	struct str s = STR("abc");

	(void)state;
	assert_true(str_is(str_slice(s, 1, 2), "b"));
	assert_true(str_is(str_slice(s, 1, 99), "bc"));
	assert_int_equal(str_slice(s, 9, 5).n, 0);
	assert_true(str_is(str_after(s, 2), "c"));
	assert_int_equal(str_after(STR_NONE, 3).n, 0);
	assert_int_equal(str_find(s, 'c'), 2);
	assert_int_equal(str_find(s, 'x'), 3);
	assert_int_equal(str_find(STR("a\0b"), '\0'), 1);
	assert_int_equal(str_find_last(STR("a/b/c"), '/'), 3);
	assert_int_equal(str_find_str(STR("aab"), STR("ab")), 1);
	assert_true(str_is(str_trim(STR(" \t a b \t")), "a b"));
	assert_int_equal(str_trim(STR(" \t ")).n, 0);
}

static void
test_split(void **state)
{
	static const char *const parts[] = { "a", "", "b", "" };
	struct str rest = STR("a,,b,"), part;
	size_t i;

	(void)state;
	for (i = 0; str_split(&rest, ',', &part); i++)
		assert_true(str_is(part, parts[i]));
	assert_int_equal(i, 4);
	rest = STR("");
	assert_true(str_split(&rest, ',', &part));
	assert_false(str_split(&rest, ',', &part));
	rest = STR_NONE;
	assert_false(str_split(&rest, ',', &part));
}

static const struct {
	const char *text;
	uint64_t max;
	bool fine;
	uint64_t value;
} numbers[] = {
	{ "0", 10, true, 0 },
	{ "10", 10, true, 10 },
	{ "11", 10, false, 0 },
	{ "007", 10, true, 7 },
	{ "", 10, false, 0 },
	{ "-1", 10, false, 0 },
	{ "+1", 10, false, 0 },
	{ " 1", 10, false, 0 },
	{ "1x", 10, false, 0 },
	{ "18446744073709551615", UINT64_MAX, true, UINT64_MAX },
	{ "18446744073709551616", UINT64_MAX, false, 0 },
	{ "99999999999999999999999", UINT64_MAX, false, 0 },
};

static void
test_number(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < countof(numbers); i++) {
		uint64_t value = 0;

		print_message("%s\n", numbers[i].text);
		assert_int_equal(str_number(str_from(numbers[i].text),
		    numbers[i].max, &value), numbers[i].fine);
		assert_true(value == numbers[i].value);
	}
}

static const struct {
	const char *a, *b;
	unsigned limit, distance;
} distances[] = {
	{ "policy", "polciy", 2, 1 },
	{ "rua", "rau", 1, 1 },
	{ "adkim", "adkin", 1, 1 },
	{ "", "ab", 2, 2 },
	{ "", "abc", 2, 3 },
	{ "Same", "sAME", 2, 0 },
	{ "kitten", "sitting", 3, 3 },
	{ "kitten", "sitting", 2, 3 },
	{ "ca", "abc", 5, 3 },
};

static void
test_distance(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < countof(distances); i++) {
		struct str a = str_from(distances[i].a);
		struct str b = str_from(distances[i].b);

		print_message("%s %s\n", distances[i].a, distances[i].b);
		assert_int_equal(str_distance(a, b, distances[i].limit),
		    distances[i].distance);
		assert_int_equal(str_distance(b, a, distances[i].limit),
		    distances[i].distance);
	}
}

static void
test_cursor(void **state)
{
	struct cursor in = { STR("ab  c"), 0 };

	(void)state;
	assert_true(str_is(cursor_until(&in, STR(" ")), "ab"));
	assert_true(str_is(cursor_while(&in, STR(" ")), "  "));
	assert_false(cursor_accept(&in, 'x'));
	assert_false(cursor_accept_str(&in, STR("cd")));
	assert_true(cursor_accept_str(&in, STR("c")));
	assert_int_equal(cursor_next(&in), END);
	assert_int_equal(cursor_next(&in), END);
	assert_int_equal(cursor_peek_at(&in, 99), END);
	assert_false(cursor_accept(&in, END));
	assert_int_equal(cursor_rest(&in).n, 0);
	/* A byte above 127 is no END. */
	in = (struct cursor){ STR("\xff"), 0 };
	assert_int_equal(cursor_next(&in), 0xff);
}

/* Up to the first byte of a set, whatever its size and order. */
static void
test_cursor_until(void **state)
{
	static const struct str sets[] = { STR_INIT(""), STR_INIT("d"),
		STR_INIT("xd"), STR_INIT("dx"), STR_INIT("edx"),
		STR_INIT("xyz"), STR_INIT("xedy"), STR_INIT("vwxyz") };
	static const struct { const char *text; size_t found[8]; } rows[] = {
		{ "abcdef", { 6, 3, 3, 3, 3, 6, 3, 6 } },
		{ "abcefx", { 6, 6, 5, 5, 3, 5, 3, 5 } },
		{ "zd", { 2, 1, 1, 1, 1, 0, 1, 0 } },
		{ "", { 0 } },
	};
	struct cursor in;
	size_t i, k;

	(void)state;
	for (i = 0; i < countof(rows); i++)
		for (k = 0; k < countof(sets); k++) {
			in = (struct cursor){ str_from(rows[i].text), 0 };
			assert_int_equal(cursor_until(&in, sets[k]).n,
			    rows[i].found[k]);
			assert_int_equal(in.here, rows[i].found[k]);
		}
}

/* Each length, with and without an end. */
static void
test_cursor_until_far(void **state)
{
	static char text[1000];
	struct cursor in;
	struct str found;
	size_t n;

	(void)state;
	memset(text, 'x', sizeof(text));
	for (n = 0; n < sizeof(text); n++) {
		in = (struct cursor){ { text, n }, 0 };
		assert_int_equal(cursor_until(&in, STR("ab")).n, n);
		assert_int_equal(in.here, n);
		text[n] = 'b';
		in = (struct cursor){ { text, sizeof(text) }, n / 2 };
		found = cursor_until(&in, STR("ab"));
		assert_ptr_equal(found.p, text + n / 2);
		assert_int_equal(found.n, n - n / 2);
		assert_int_equal(in.here, n);
		text[n] = 'x';
	}
}

/* Each byte at each place of a word of eight, before it and behind it. */
static void
test_within(void **state)
{
	char text[20];
	size_t place;
	int byte;

	(void)state;
	for (place = 0; place < sizeof(text); place++)
		for (byte = 0; byte < 256; byte++) {
			memset(text, 'x', sizeof(text));
			text[place] = (char)byte;
			assert_int_equal(str_within((struct str){ text,
			    sizeof(text) }, '!', '~'),
			    byte >= '!' && byte <= '~');
			assert_int_equal(str_within((struct str){ text,
			    sizeof(text) }, 0, 'x'), byte <= 'x');
		}
	assert_true(str_within(STR(""), '!', '~'));
	assert_true(str_within(STR_NONE, '!', '~'));
}

/* Wherever it stands, and whatever stands beside it. */
static void
test_find_last(void **state)
{
	static const char others[] = { '.', '\0', '\x7f', '\x80', '\xff', ';',
	    '9' };
	char text[40];
	size_t n, at, i;

	(void)state;
	for (i = 0; i < countof(others); i++)
		for (n = 0; n < sizeof(text); n++) {
			memset(text, others[i], n);
			assert_int_equal(str_find_last((struct str){ text, n },
			    ':'), n);
			for (at = 0; at < n; at++) {
				text[at] = ':';
				assert_int_equal(str_find_last(
				    (struct str){ text, n }, ':'), at);
				text[0] = ':';
				assert_int_equal(str_find_last(
				    (struct str){ text, n }, ':'), at);
				memset(text, others[i], n);
			}
		}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_find_last),
		cmocka_unit_test(test_compare),
		cmocka_unit_test(test_slice),
		cmocka_unit_test(test_split),
		cmocka_unit_test(test_number),
		cmocka_unit_test(test_distance),
		cmocka_unit_test(test_cursor),
		cmocka_unit_test(test_cursor_until),
		cmocka_unit_test(test_cursor_until_far),
		cmocka_unit_test(test_within),
	};

	return cmocka_run_group_tests_name("str", tests, NULL, NULL);
}
