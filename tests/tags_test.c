#include "support.h"

#include <stdio.h>
#include <string.h>

#include "auth/auth.h"
#include "base/arena.h"
#include "base/buffer.h"

static const struct {
	const char *text;
	/* Each tag: [name=value], or [name] without "=", "*" when repeated. */
	const char *tags;
	size_t empty, empty_start;
} lists[] = {
	{ "", "", 0, 0 },
	{ " \t", "", 0, 0 },
	{ "v=DMARC1", "[v=DMARC1]", 0, 0 },
	{ "v=DMARC1;", "[v=DMARC1]", 0, 0 },
	{ "v=DMARC1; ", "[v=DMARC1]", 0, 0 },
	{ "v=DMARC1;;", "[v=DMARC1]", 1, 9 },
	{ ";", "", 1, 0 },
	{ "a; ; ;b", "[a][b]", 2, 3 },
	{ " a\t=\t b c ;P = = x ", "[a=b c][P== x]", 0, 0 },
	{ "=", "[=]", 0, 0 },
	{ "=x;a=", "[=x][a=]", 0, 0 },
	{ "a=1;b=2;a=3;A=4;a", "[a=1][b=2][*a=3][A=4][*a]", 0, 0 },
	{ "x;x;x", "[x][*x][*x]", 0, 0 },
	{ "a\\;b", "[a\\][b]", 0, 0 },
};

static struct str
show(struct arena *arena, const struct tags *tags)
{
	struct buffer out = { 0 };
	const struct tag *tag;

	for (tag = tags->first; tag != NULL; tag = tag->next)
		buffer_printf(&out, "[%s%.*s%s%.*s]",
		    tag->repeated ? "*" : "", STR_ARG(tag->name),
		    tag->equals ? "=" : "", STR_ARG(tag->value));
	return buffer_finish(&out, arena);
}

static void
lists_are_split(void **state)
{
	struct arena *arena = arena_new();
	struct tags tags;
	struct str shown;
	size_t i;

	(void)state;
	for (i = 0; i < countof(lists); i++) {
		tags = tags_parse(arena, str_from(lists[i].text));
		shown = show(arena, &tags);
		if (!str_is(shown, lists[i].tags))
			fail_msg("%s: %.*s", lists[i].text, STR_ARG(shown));
		assert_int_equal(tags.empty, lists[i].empty);
		assert_int_equal(tags.empty_start, lists[i].empty_start);
	}
	arena_free(arena);
}

static void
places_are_exact(void **state)
{
	struct str text = STR(" a = 1 ;;bc=;d ");
	struct arena *arena = arena_new();
	struct tags tags = tags_parse(arena, text);
	const struct tag *tag = tags.first;

	(void)state;
	assert_int_equal(tags.count, 3);
	assert_int_equal(tag->start, 1);
	assert_int_equal(tag->end, 6);
	assert_int_equal(tag->value_start, 5);
	assert_int_equal(tag->value_end, 6);
	tag = tag->next;
	assert_int_equal(tag->start, 9);
	assert_int_equal(tag->end, 12);
	assert_int_equal(tag->value_start, 12);
	assert_int_equal(tag->value_end, 12);
	tag = tag->next;
	assert_int_equal(tag->start, 13);
	assert_int_equal(tag->end, 14);
	assert_int_equal(tag->value_start, 14);
	assert_null(tag->next);
	arena_free(arena);
}

static void
names_are_found(void **state)
{
	struct arena *arena = arena_new();
	struct tags tags = tags_parse(arena, STR("p;P=1;p=2;p=3"));

	(void)state;
	assert_true(str_is(tags_find(&tags, "p")->value, "2"));
	assert_true(str_is(tags_find_case(&tags, "p")->value, "1"));
	assert_null(tags_find(&tags, "x"));
	assert_null(tags_find_case(&tags, "pp"));
	arena_free(arena);
}

/* Many enough that comparing each with each would not end. */
static void
long_lists_are_marked(void **state)
{
	enum { TAGS = 300000 };
	struct arena *arena = arena_new();
	struct buffer text = { 0 };
	const struct tag *tag;
	struct tags tags;
	size_t i, repeated = 0;

	(void)state;
	for (i = 0; i < TAGS; i++)
		buffer_printf(&text, "%zu;", i % (TAGS / 2));
	tags = tags_parse(arena, buffer_str(&text));
	assert_int_equal(tags.count, TAGS);
	for (i = 0, tag = tags.first; tag != NULL; tag = tag->next, i++) {
		assert_int_equal(tag->repeated, i >= TAGS / 2);
		repeated += tag->repeated;
	}
	assert_int_equal(repeated, TAGS / 2);
	buffer_free(&text);
	arena_free(arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lists_are_split),
		cmocka_unit_test(places_are_exact),
		cmocka_unit_test(names_are_found),
		cmocka_unit_test(long_lists_are_marked),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
