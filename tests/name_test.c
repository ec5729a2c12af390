/* Names: what is one, and how they lie above each other. */
#include "support.h"

#include "base/arena.h"
#include "base/name.h"

static const struct {
	const char *text, *name;
	bool fine;
} parses[] = {
	{ "example.com", "example.com", true },
	{ "Example.COM.", "example.com", true },
	{ ".", "", true },
	{ "", "", false },
	{ "a..b", "a..b", false },
	{ ".a", ".a", false },
	{ "a\\.b.c", "a\\.b.c", true },
	{ "\\097\\065.c", "aa.c", true },
	{ "a\\032b.c", "a\\032b.c", true },
	{ "\\@.c", "\\@.c", true },
	{ "\\;x.c", "\\;x.c", true },
	{ "x;y.c", "x\\;y.c", true },
	{ "a\\", "a", false },
	{ "a\\25", "a", false },
	{ "a\\256.c", "a.c", false },
	{ "*.Example", "*.example", true },
	{ "_dmarc.Example", "_dmarc.example", true },
	{ "0123456789012345678901234567890123456789012345678901234567890"
	    "12.c", "0123456789012345678901234567890123456789012345678901"
	    "2345678901" "2.c", true },
	{ "0123456789012345678901234567890123456789012345678901234567890"
	    "123.c", "012345678901234567890123456789012345678901234567890"
	    "1234567890123.c", false },
};

static void
test_parse(void **state)
{
	struct arena *arena = arena_new();
	struct str name;
	size_t i;

	(void)state;
	for (i = 0; i < countof(parses); i++) {
		print_message("%s\n", parses[i].text);
		assert_int_equal(name_parse(arena, str_from(parses[i].text),
		    &name), parses[i].fine);
		assert_string_equal(arena_cstr(arena, name),
		    parses[i].name);
	}
	arena_free(arena);
}

/* 127 labels of one octet are 255 on the wire; one more is too long. */
static void
test_length(void **state)
{
	struct arena *arena = arena_new();
	char text[300];
	struct str name;
	size_t i;

	(void)state;
	for (i = 0; i < 256; i += 2) {
		text[i] = 'a';
		text[i + 1] = '.';
	}
	assert_true(name_parse(arena, (struct str){ text, 254 }, &name));
	assert_int_equal(name_wire_length(name), 255);
	assert_int_equal(name_labels(name), 127);
	assert_false(name_parse(arena, (struct str){ text, 256 }, &name));
	assert_int_equal(name_wire_length(STR("")), 1);
	assert_int_equal(name_wire_length(STR("a\\.b")), 5);
	assert_int_equal(name_wire_length(STR("a\\032.b")), 6);
	arena_free(arena);
}

static const struct {
	const char *name, *label, *parent;
	size_t labels;
} splits[] = {
	{ "a.b.c", "a", "b.c", 3 },
	{ "a", "a", "", 1 },
	{ "", "", "", 0 },
	{ "a\\.b.c", "a\\.b", "c", 2 },
	{ "a\\\\.c", "a\\\\", "c", 2 },
	/* Eight octets are looked at together. */
	{ "abcdefg.hijklmn.o", "abcdefg", "hijklmn.o", 3 },
	{ "abcdefgh.ijklmnopq.r", "abcdefgh", "ijklmnopq.r", 3 },
	{ "abcdefghijklmnop.q", "abcdefghijklmnop", "q", 2 },
	{ "abcdef\\.hijk.lmnopq", "abcdef\\.hijk", "lmnopq", 2 },
	{ "abcdefg\\.ijk.lmnopqr", "abcdefg\\.ijk", "lmnopqr", 2 },
	{ "abcdefg\\\\.ijk.lmnopq", "abcdefg\\\\", "ijk.lmnopq", 3 },
	{ "abcdefghij\\.klmn.opq", "abcdefghij\\.klmn", "opq", 2 },
	{ "abcdefghijkl", "abcdefghijkl", "", 1 },
	{ "./-/./-/.", "", "/-/./-/.", 3 },
};

static void
test_split(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < countof(splits); i++) {
		struct str name = str_from(splits[i].name);

		assert_true(str_is(name_label(name), splits[i].label));
		assert_true(str_is(name_parent(name), splits[i].parent));
		assert_int_equal(name_labels(name), splits[i].labels);
	}
}

static const struct {
	const char *name, *ancestor;
	bool within;
	const char *relative;
} nests[] = {
	{ "a.b.c", "b.c", true, "a" },
	{ "a.b.c", "a.b.c", true, "" },
	{ "a.b.c", "", true, "a.b.c" },
	{ "ab.c", "b.c", false, "" },
	{ "a\\.b.c", "b.c", false, "" },
	{ "a\\\\.b.c", "b.c", true, "a\\\\" },
	{ "b.c", "a.b.c", false, "" },
	{ "", "c", false, "" },
};

static void
test_nest(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < countof(nests); i++) {
		struct str name = str_from(nests[i].name);
		struct str ancestor = str_from(nests[i].ancestor);

		print_message("%s in %s\n", nests[i].name, nests[i].ancestor);
		assert_int_equal(name_within(name, ancestor),
		    nests[i].within);
		assert_int_equal(name_below(name, ancestor),
		    nests[i].within && name.n != ancestor.n);
		assert_true(str_is(name_relative(name, ancestor),
		    nests[i].relative));
	}
}

static void
test_last(void **state)
{
	(void)state;
	assert_true(str_is(name_last(STR("a.b.c"), 2), "b.c"));
	assert_true(str_is(name_last(STR("a.b.c"), 3), "a.b.c"));
	assert_true(str_is(name_last(STR("a.b.c"), 9), "a.b.c"));
	assert_true(str_is(name_last(STR("a.b.c"), 0), ""));
	assert_true(str_is(name_last(STR("a.b\\.c"), 1), "b\\.c"));
}

/* RFC 4034 section 6.1, its own example. */
static void
test_order(void **state)
{
	static const char *const sorted[] = {
		"example", "a.example", "yljkjljk.a.example", "z.a.example",
		"zabc.a.example", "z.example", "\\001.z.example",
		"*.z.example", "\\200.z.example",
	};
	size_t i, j;

	(void)state;
	for (i = 0; i < countof(sorted); i++)
		for (j = 0; j < countof(sorted); j++)
			assert_int_equal((i > j) - (i < j),
			    name_compare(str_from(sorted[i]),
			    str_from(sorted[j])));
}

/* The same every time; any octet that is not 0 is a fine part of a name. */
static uint32_t
random_next(uint32_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 17;
	*state ^= *state << 5;
	return *state;
}

static struct str
random_name(struct arena *arena, uint32_t *state, size_t *labels)
{
	static const char letters[] = "abzAZ09-_*\\.;\"()@$ \t\xff\n";
	struct str name = STR("");
	size_t i, length, count = random_next(state) % 6;

	*labels = count + 1;
	for (i = 0; i <= count; i++) {
		length = random_next(state) % 7 + 1;
		if (i > 0)
			name = arena_printf(arena, "%.*s.", STR_ARG(name));
		while (length-- > 0)
			name = arena_printf(arena, "%.*s\\%03d", STR_ARG(name),
			    (unsigned char)letters[random_next(state) %
			    (sizeof(letters) - 1)]);
	}
	return name;
}

/* Parsing what was parsed changes nothing, whatever the octets are. */
static void
test_properties(void **state)
{
	struct arena *arena = arena_new();
	struct str text, name, again;
	uint32_t seed = 20261124;
	size_t i, labels;

	(void)state;
	for (i = 0; i < 2000; i++) {
		text = random_name(arena, &seed, &labels);
		assert_true(name_parse(arena, text, &name));
		assert_true(name_parse(arena, name, &again));
		assert_true(str_equal(name, again));
		assert_int_equal(name_labels(name), labels);
		assert_true(str_equal(name_last(name, labels), name));
		assert_true(str_equal(name_last(name, labels - 1),
		    name_parent(name)));
		assert_int_equal(name_wire_length(name),
		    1 + labels + (text.n + 1 - labels) / 4);
		arena_reset(arena);
	}
	arena_free(arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_parse),
		cmocka_unit_test(test_length),
		cmocka_unit_test(test_split),
		cmocka_unit_test(test_nest),
		cmocka_unit_test(test_last),
		cmocka_unit_test(test_order),
		cmocka_unit_test(test_properties),
	};

	return cmocka_run_group_tests_name("name", tests, NULL, NULL);
}
