#include "support.h"

#include <string.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "config/config.h"

static struct arena *arena;
static struct source source;
static struct config_problems problems;

static const struct yaml *
read_text(const char *text)
{
	if (arena == NULL)
		arena = arena_new();
	arena_reset(arena);
	source = (struct source){ .path = STR("x.yaml"),
	    .text = str_from(text) };
	problems = (struct config_problems){ 0 };
	return yaml_read(arena, &source, &problems);
}

/* The tree in one line: scalars as <text>, ~ for null. */
static void
print(struct buffer *out, const struct yaml *node)
{
	const struct yaml *item;

	if (node == NULL)
		return;
	if (node->kind == YAML_SCALAR) {
		if (node->null)
			buffer_add_byte(out, '~');
		else
			buffer_printf(out, "<%.*s>", STR_ARG(node->text));
		return;
	}
	buffer_add_byte(out, node->kind == YAML_SEQUENCE ? '[' : '{');
	for (item = node->items; item != NULL; item = item->next) {
		if (node->kind == YAML_MAPPING)
			buffer_printf(out, "%.*s:", STR_ARG(item->key));
		print(out, item);
		if (item->next != NULL)
			buffer_add_byte(out, ' ');
	}
	buffer_add_byte(out, node->kind == YAML_SEQUENCE ? ']' : '}');
}

static const struct {
	const char *text, *tree;
} trees[] = {
	{ "",				"" },
	{ "# nothing\n",		"" },
	{ "---\n",			"~" },
	{ "a: 1\n",			"{a:<1>}" },
	{ "a:\nb: ~\nc: null\nd: ''\n",	"{a:~ b:~ c:~ d:<>}" },
	{ "p: none\nt: y\nn: 010\n",	"{p:<none> t:<y> n:<010>}" },
	{ "a: [x, 'y', \"z\"]\n",	"{a:[<x> <y> <z>]}" },
	{ "a:\n- x\n- {b: c}\n",	"{a:[<x> {b:<c>}]}" },
	{ "a: \"x\\\"\\u00fc\"\n",	"{a:<x\"\303\274>}" },
	{ "a: |\n  x\n  y\n",		"{a:<x\ny\n>}" },
	{ "a: &x {b: c}\nd: *x\n",	"{a:{b:<c>} d:{b:<c>}}" },
	{ "a: &x b\n*x : c\n",		"{a:<b> b:<c>}" },
	{ "a: !!str null\nb: ! 1\n",	"{a:<null> b:<1>}" },
	{ "\xef\xbb\xbf" "a: b\n",	"{a:<b>}" },
	{ "a: b\r\nc: d\r\n",		"{a:<b> c:<d>}" },
	{ "a: b\n...\n# end\n",		"{a:<b>}" },
	{ "x: &x {a: 1, b: 2}\ny: {<<: *x, b: 3}\n",
	  "{x:{a:<1> b:<2>} y:{b:<3> a:<1>}}" },
	{ "x: &x {a: 1}\ny: &y {a: 2, b: 3}\nz: {<<: [*x, *y]}\n",
	  "{x:{a:<1>} y:{a:<2> b:<3>} z:{a:<1> b:<3>}}" },
	{ "'<<': 1\n",			"{<<:<1>}" },
	/* An anchor may be used again; the last one counts. */
	{ "[&a 1, *a, &a 2, *a]",	"[<1> <1> <2> <2>]" },
};

static void
trees_are_read(void **state)
{
	struct buffer out = { 0 };
	size_t i;

	(void)state;
	for (i = 0; i < countof(trees); i++) {
		buffer_clear(&out);
		print(&out, read_text(trees[i].text));
		buffer_add_byte(&out, '\0');
		assert_string_equal(out.p, trees[i].tree);
		assert_int_equal(problems.count, 0);
	}
	buffer_free(&out);
}

static const struct {
	const char *text;
	enum config_problem_kind kind;
	size_t line, column, end;
	const char *what;		/* begins so */
} wrong[] = {
	{ "a: b: c\n", CONFIG_SYNTAX, 1, 5, 6, "a \":\" that begins" },
	{ "a: \xc3\xbc\xc3\xbc b: c\n", CONFIG_SYNTAX, 1, 10, 11,
	  "a \":\" that begins" },
	{ "a: 1\nb\nc: 2\n", CONFIG_SYNTAX, 2, 1, 2, "there is no \":\"" },
	{ "a:\n\tb: c\n", CONFIG_SYNTAX, 2, 1, 3, "a tab indents" },
	{ "a: @b\n", CONFIG_SYNTAX, 1, 4, 6, "no value begins" },
	{ "a: \"b\n", CONFIG_SYNTAX, 1, 4, 6, "this quote is not closed" },
	{ "a: {b: c\nd: e\n", CONFIG_SYNTAX, 2, 2, 3,
	  "a \",\" or the closing \"}\"" },
	{ "a: [b\n", CONFIG_SYNTAX, 1, 5, 6, "a \",\" or the closing \"]\"" },
	{ "a: \"\\q\"\n", CONFIG_SYNTAX, 1, 5, 8, "there is no such escape" },
	{ "a:\n  b: 1\n c: 2\n", CONFIG_SYNTAX, 3, 2, 3,
	  "this does not line up" },
	{ "a: b\n\001", CONFIG_SYNTAX, 2, 1, 2, "a control character" },
	{ "a: b\n\xff\n", CONFIG_SYNTAX, 2, 1, 2, "the file is not UTF-8" },
	{ "\xef\xbb\xbf" "a: b\n\xff\n", CONFIG_SYNTAX, 2, 1, 2,
	  "the file is not UTF-8" },
	{ "a: 1\n---\nb: 2\n", CONFIG_SYNTAX, 2, 1, 4, "a second document" },
	{ "a: 1\nb: 2\na: 3\n", CONFIG_DUPLICATE_KEY, 3, 1, 2,
	  "\"a\" is given twice" },
	{ "\xc3\xbc: 1\n\"\xc3\xbc\": 3\n", CONFIG_DUPLICATE_KEY, 2, 1, 5,
	  "\"\xc3\xbc\" is given twice" },
	{ "{a: 1, b: 2, c: 3, d: 4, e: 5, f: 6, g: 7, h: 8, i: 9, j: 1,\n"
	  " k: 1, l: 1, m: 1, n: 1, m: 2}\n", CONFIG_DUPLICATE_KEY, 2, 26, 27,
	  "\"m\" is given twice" },
	{ "a: *b\n", CONFIG_UNDEFINED, 1, 4, 6, "no anchor \"&b\"" },
	{ "a: &a [*a]\n", CONFIG_UNDEFINED, 1, 8, 10,
	  "the alias \"*a\" stands inside" },
	{ "a: !x b\n", CONFIG_SYNTAX, 1, 4, 8, "the tag \"!x\" means nothing" },
	{ "a: !!binary b\n", CONFIG_SYNTAX, 1, 4, 14, "the tag \"tag:yaml" },
	{ "[a]: b\n", CONFIG_SYNTAX, 1, 1, 4, "a key must be a word" },
	{ "'': b\n", CONFIG_SYNTAX, 1, 1, 3, "a key must be a word" },
	{ "a: &a x\nb: {<<: *a}\n", CONFIG_TYPE, 2, 9, 11,
	  "only mappings can be merged" },
};

static void
problems_have_places(void **state)
{
	struct place start, end;
	size_t i;

	(void)state;
	for (i = 0; i < countof(wrong); i++) {
		read_text(wrong[i].text);
		print_message("# row %zu\n", i);
		assert_int_equal(problems.count, 1);
		start = source_place(&source, problems.first->span.start);
		end = source_place(&source, problems.first->span.end);
		assert_int_equal(problems.first->kind, wrong[i].kind);
		if (strncmp(problems.first->what.p, wrong[i].what,
		    strlen(wrong[i].what)) != 0)
			assert_string_equal(problems.first->what.p,
			    wrong[i].what);
		assert_int_equal(start.line, wrong[i].line);
		assert_int_equal(start.column, wrong[i].column);
		assert_int_equal(end.column, wrong[i].end);
	}
}

/* What a node covers: the bytes of the file. */
static const struct {
	const char *text, *a;
} spans[] = {
	{ "x: \xc3\xbc\na: b  # c\n",		"b" },
	{ "a: 'b c' # d\n",			"'b c'" },
	{ "a: |\n  b\n  c\n\nd: e\n",		"|\n  b\n  c" },
	{ "a: [b, c ] # d\n",			"[b, c ]" },
	{ "a:\n  - b\n  - c\n# d\ne: f\n",	"- b\n  - c" },
	{ "a:\n  b: c\n  d:\n   - e\n\nf: g\n",	"b: c\n  d:\n   - e" },
	{ "a: {b: c}\n",			"{b: c}" },
	{ "x: &x [1]\na: *x\n",			"*x" },
	{ "\xef\xbb\xbf" "a: \xe2\x82\xac\n",	"\xe2\x82\xac" },
};

static void
nodes_know_their_bytes(void **state)
{
	struct str text;
	size_t i;

	(void)state;
	for (i = 0; i < countof(spans); i++) {
		text = span_text(yaml_get(read_text(spans[i].text), "a")->span);
		print_message("# row %zu\n", i);
		assert_true(str_is(text, spans[i].a));
	}
}

static void
parts_are_found_where_they_can(void **state)
{
	const struct yaml *tree;
	struct str text;

	(void)state;
	tree = read_text("a: abcd\nb: 'abcd'\nc: \"a\\x62cd\"\n");
	text = span_text(yaml_part(yaml_get(tree, "a"), 1, 3));
	assert_true(str_is(text, "bc"));
	text = span_text(yaml_part(yaml_get(tree, "b"), 1, 3));
	assert_true(str_is(text, "bc"));
	text = span_text(yaml_part(yaml_get(tree, "c"), 1, 3));
	assert_true(str_is(text, "\"a\\x62cd\""));
	tree = read_text("a:\n");
	text = span_text(yaml_place(yaml_get(tree, "a")));
	assert_true(str_is(text, "a"));
	/* A NUL is a byte like others. */
	tree = read_text("a: \"x\\0y\"\n");
	assert_true(str_equal(yaml_get(tree, "a")->text, STR("x\0y")));
}

/* Each level names the one before nine times. */
static void
laughs_end(void **state)
{
	struct buffer text = { 0 };
	int level, i;

	(void)state;
	buffer_add_cstr(&text, "a0: &a0 [x]\n");
	for (level = 1; level < 30; level++) {
		buffer_printf(&text, "a%d: &a%d [", level, level);
		for (i = 0; i < 9; i++)
			buffer_printf(&text, "*a%d, ", level - 1);
		buffer_add_cstr(&text, "]\n");
	}
	buffer_add_byte(&text, '\0');
	assert_null(read_text(text.p));
	assert_int_equal(problems.count, 1);
	assert_int_equal(problems.first->kind, CONFIG_SYNTAX);
	buffer_free(&text);
}

static void
depth_ends(void **state)
{
	struct buffer text = { 0 };

	(void)state;
	buffer_add_repeated(&text, '[', 60);
	buffer_add_repeated(&text, ']', 60);
	buffer_add_byte(&text, '\0');
	assert_non_null(read_text(text.p));
	assert_int_equal(problems.count, 0);
	buffer_clear(&text);
	buffer_add_repeated(&text, '[', 100000);
	buffer_add_byte(&text, '\0');
	assert_null(read_text(text.p));
	assert_int_equal(problems.count, 1);
	buffer_free(&text);
	arena_free(arena);
	arena = NULL;
}

/* What is printed is read as the same text, wherever it stands. */
static void
scalars_are_read_as_printed(void **state)
{
	static const struct {
		struct str text;
		bool plain;
	} rows[] = {
		{ STR_INIT("example.com"), true },
		{ STR_INIT("20261123"), true },
		{ STR_INIT("keys/a.pem"), true },
		{ STR_INIT("y"), true },
		{ STR_INIT("mailto:a@example.com"), true },
		{ STR_INIT("ip4:192.0.2.0/24"), true },
		{ STR_INIT("ip6:2001:db8::1"), false },
		{ STR_INIT("ip6:2001:db8::"), false },
		{ STR_INIT(""), false },
		{ STR_INIT("null"), false },
		{ STR_INIT("~all"), false },
		{ STR_INIT("- a"), false },
		{ STR_INIT("*.example.com"), false },
		{ STR_INIT("a: b"), false },
		{ STR_INIT("a #b"), false },
		{ STR_INIT("a, b"), false },
		{ STR_INIT("[a]"), false },
		{ STR_INIT(" a "), false },
		{ STR_INIT("it's \"so\""), false },
		{ STR_INIT("\"v=spf1\" \\;"), false },
		{ STR_INIT("a\nb\r\tc\x7f\x01"), false },
		{ STR_INIT("\xc2\x85\xe2\x80\xa8\xe2\x80\xa9\xc3\xbc"), false },
	};
	struct arena *words = arena_new();
	struct str word;
	const struct yaml *tree;
	size_t i;

	(void)state;
	for (i = 0; i < countof(rows); i++) {
		word = yaml_scalar(words, rows[i].text);
		assert_int_equal(str_equal(word, rows[i].text),
		    rows[i].plain);
		tree = read_text(arena_printf(words, "k: %.*s\n"
		    "l: {m: [%.*s, %.*s]}\n", STR_ARG(word), STR_ARG(word),
		    STR_ARG(word)).p);
		assert_int_equal(problems.count, 0);
		assert_true(str_equal(yaml_get(tree, "k")->text,
		    rows[i].text));
		assert_false(yaml_get(tree, "k")->null);
		tree = yaml_get(yaml_get(tree, "l"), "m");
		assert_int_equal(tree->count, 2);
		assert_true(str_equal(tree->items->text, rows[i].text));
		assert_true(str_equal(tree->items->next->text, rows[i].text));
	}
	arena_free(words);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(trees_are_read),
		cmocka_unit_test(problems_have_places),
		cmocka_unit_test(nodes_know_their_bytes),
		cmocka_unit_test(parts_are_found_where_they_can),
		cmocka_unit_test(scalars_are_read_as_printed),
		cmocka_unit_test(laughs_end),
		cmocka_unit_test(depth_ends),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
