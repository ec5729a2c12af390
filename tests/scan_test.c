/* How master files are cut into tokens. */
#include "support.h"

#include <string.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "base/file.h"
#include "zone/scan.h"

/*
 * A word stands as it is, a string in <>, a blank at the start of a line as
 * "_", a line end as "/", the end as ".", and what is wrong as "!" and a
 * letter.
 */
static const struct {
	const char *text;
	size_t size;			/* 0: up to the NUL */
	const char *tokens;
} rows[] = {
	{ "", 0, "." },
	{ "a b\tc", 0, "a b c ." },
	{ "a b\nc d\n", 0, "a b / c d / ." },
	{ " a\n\tb\nc", 0, "_ a / _ b / c ." },
	{ "\n\n a", 0, "/ / _ a ." },
	{ "a  b", 0, "a b ." },

	/* Comments end words, lines end comments. */
	{ "a;b\nc", 0, "a / c ." },
	{ "; x\na ; y", 0, "/ a ." },
	{ " ; x\n", 0, "_ / ." },
	{ "a\\;b", 0, "a\\;b ." },
	{ "a;b\r\nc", 0, "a / c ." },

	/* Strings. */
	{ "\"a b\"", 0, "<a b> ." },
	{ "\"a\"\"b\"", 0, "<a> <b> ." },
	{ "a\"b\"c", 0, "a <b> c ." },
	{ "\"\"", 0, "<> ." },
	{ "\"a;b(c)d\"", 0, "<a;b(c)d> ." },
	{ "\"a\\\"b\"", 0, "<a\\\"b> ." },
	{ "\"a\\\\\" b", 0, "<a\\\\> b ." },
	{ "\"a\\\nb\" c", 0, "<a\\\nb> c ." },
	{ "\"a\rb\"", 0, "<a\rb> ." },
	{ "\"a\0b\"", 5, "<a\0b> ." },
	{ "\"a\nb", 0, "!n / b ." },
	{ "\"a", 0, "!u ." },
	{ "\"a\\\"", 0, "!u ." },
	{ "\"a\\", 0, "!u ." },
	{ "x \"a\n\"b\" c", 0, "x !n / <b> c ." },

	/* Escapes. */
	{ "a\\ b c", 0, "a\\ b c ." },
	{ "a\\\"b\\(c", 0, "a\\\"b\\(c ." },
	{ "a\\\nb", 0, "a\\ / b ." },
	{ "a\\\r\nb", 0, "a\\ / b ." },
	{ "a\\", 0, "!u ." },
	{ "\\\\ b", 0, "\\\\ b ." },

	/* Parentheses. */
	{ "a ( b\n c ) d\ne", 0, "a b c d / e ." },
	{ "a(b)c", 0, "a b c ." },
	{ "(a\n)\nb", 0, "a / b ." },
	{ "((a\n)\nb)\nc", 0, "a b / c ." },
	{ "( ; x )\n a ; (\n)", 0, "a ." },
	{ "(\r\na\r)\nb", 0, "a / b ." },
	{ "a (\n b", 0, "a b !o ." },
	{ "a )\nb", 0, "a !c / b ." },
	{ "( \")\" )", 0, "<)> ." },
	{ "(\n)a\n b", 0, "a / _ b ." },

	/* Carriage returns end lines too. */
	{ "a\r\nb\r\n", 0, "a / b / ." },
	{ "a\rb", 0, "a / b ." },
	{ "a\r", 0, "a / ." },
	{ "a\r\r\nb", 0, "a / / b ." },

	/* What cannot stand in a word. */
	{ "a\0b", 3, "a !s b ." },
	{ "\0", 1, "!s ." },
	{ "a\\\0b", 4, "a\\\0b ." },
	{ "a\x80\xff", 0, "a\x80\xff ." },
};

static void
add_token(struct buffer *out, const struct lexeme *lexeme)
{
	static const char *const signs[] = {
		[LEXEME_BLANK] = "_", [LEXEME_LINE] = "/",
		[LEXEME_END] = ".", [LEXEME_SPECIAL] = "!s",
		[LEXEME_OPEN] = "!o", [LEXEME_CLOSE] = "!c",
		[LEXEME_NEWLINE] = "!n", [LEXEME_UNFINISHED] = "!u"
	};

	if (out->n > 0)
		buffer_add_byte(out, ' ');
	if (lexeme->kind == LEXEME_QUOTED)
		buffer_add_byte(out, '<');
	if (lexeme->kind > LEXEME_QUOTED)
		buffer_add_cstr(out, signs[lexeme->kind]);
	else
		buffer_add(out, lexeme->text);
	if (lexeme->kind == LEXEME_QUOTED)
		buffer_add_byte(out, '>');
}

static struct str
padded(struct arena *arena, struct str text)
{
	char *copy = arena_alloc(arena, text.n + FILE_PADDING);

	memcpy(copy, text.p, text.n);
	return (struct str){ copy, text.n };
}

static void
tokens_are_cut_as_bind_does(void **state)
{
	struct arena *arena = arena_new();
	struct buffer out = { 0 };
	struct lexeme lexeme;
	size_t i;

	(void)state;
	for (i = 0; i < countof(rows); i++) {
		struct str text = { rows[i].text, rows[i].size > 0 ?
		    rows[i].size : strlen(rows[i].text) };
		struct scan scan = { .text = padded(arena, text),
		    .line_start = true };

		buffer_clear(&out);
		do {
			scan_next(&scan, SCAN_QUOTED | SCAN_BLANK, &lexeme);
			add_token(&out, &lexeme);
			assert_true(lexeme.start <= lexeme.end);
			assert_true(lexeme.end <= text.n);
		} while (lexeme.kind != LEXEME_END);
		if (memcmp(buffer_str(&out).p, rows[i].tokens, out.n) != 0 ||
		    rows[i].tokens[out.n] != '\0')
			fail_msg("row %zu: %.*s", i,
			    STR_ARG(buffer_str(&out)));
	}
	buffer_free(&out);
	arena_free(arena);
}

static const struct {
	const char *text, *first;
	enum lexeme_kind second;
} pairs[] = {
	{ "a=b c", "a=b", LEXEME_WORD },
	{ "a=\"b c\" d", "a=\"b c\"", LEXEME_WORD },
	{ "a=\"b\"c", "a=\"b\"", LEXEME_WORD },
	{ "a=\"b;\\\"\" ", "a=\"b;\\\"\"", LEXEME_END },
	{ "a=b=\"c\"", "a=b=", LEXEME_SPECIAL },
	{ "a\"b\"", "a", LEXEME_SPECIAL },
};

static void
pairs_hold_their_quotes(void **state)
{
	struct arena *arena = arena_new();
	struct lexeme lexeme;
	size_t i;

	(void)state;
	for (i = 0; i < countof(pairs); i++) {
		struct scan scan = { .text = padded(arena,
		    str_from(pairs[i].text)) };

		assert_int_equal(scan_next(&scan, SCAN_PAIR, &lexeme),
		    LEXEME_WORD);
		assert_true(str_is(lexeme.text, pairs[i].first));
		assert_int_equal(scan_next(&scan, SCAN_PAIR, &lexeme),
		    pairs[i].second);
	}
	arena_free(arena);
}

static void
note_comment(void *context, size_t start, size_t end)
{
	buffer_printf(context, "[%zu,%zu]", start, end);
}

static void
comments_are_handed_over(void **state)
{
	struct arena *arena = arena_new();
	struct buffer out = { 0 };
	struct scan scan = { .text = padded(arena, STR("a;b\n;c\n(;d\n);")),
	    .comment = note_comment, .context = &out };
	struct lexeme lexeme;

	(void)state;
	while (scan_next(&scan, 0, &lexeme) != LEXEME_END)
		continue;
	assert_true(str_is(buffer_str(&out), "[1,3][4,6][8,10][12,13]"));
	buffer_free(&out);
	arena_free(arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tokens_are_cut_as_bind_does),
		cmocka_unit_test(pairs_hold_their_quotes),
		cmocka_unit_test(comments_are_handed_over),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
