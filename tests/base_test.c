/* Memory, places, dates, hashes, patterns, JSON, addresses, sorts, threads. */
#include "support.h"

#include <arpa/inet.h>

#include <limits.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/address.h"
#include "base/arena.h"
#include "base/date.h"
#include "base/hash.h"
#include "base/json.h"
#include "base/pattern.h"
#include "base/place.h"
#include "base/print.h"
#include "base/saying.h"
#include "base/sort.h"
#include "base/worker.h"

/*
 * Through blocks of all sizes, with marks at every step: what is kept stays as
 * it was, and what is allocated behind a mark is zero, wherever it stands.
 */
static void
test_arena_grows(void **state)
{
	enum { STEPS = 24000, STEP = 1000 };
	static const unsigned char zeros[STEP];
	struct arena *arena = arena_new();
	unsigned char **kept = arena_alloc(arena, STEPS * sizeof(*kept));
	struct arena_mark mark;
	unsigned char *passing;
	size_t i;

	(void)state;
	for (i = 0; i < STEPS; i++) {
		mark = arena_mark(arena);
		passing = arena_alloc(arena, STEP);
		assert_memory_equal(passing, zeros, STEP);
		memset(passing, 0xff, STEP);
		arena_release(arena, mark);
		kept[i] = arena_alloc(arena, STEP);
		assert_memory_equal(kept[i], zeros, STEP);
		memset(kept[i], (int)(i % 251), STEP);
	}
	for (i = 0; i < STEPS; i++)
		assert_true(kept[i][0] == i % 251 &&
		    kept[i][STEP - 1] == i % 251);
	arena_reset(arena);
	assert_memory_equal(arena_alloc(arena, STEP), zeros, STEP);
	arena_free(arena);
}

/* In any order, before their parent or with it. */
static void
test_arena_children(void **state)
{
	struct arena *arena = arena_new(), *children[4];
	size_t first, turn, i;

	(void)state;
	for (turn = 0; turn < 2; turn++) {
		for (first = 0; first < countof(children); first++) {
			for (i = 0; i < countof(children); i++) {
				children[i] = arena_child(arena);
				arena_alloc(arena_child(children[i]), 100);
			}
			arena_free(children[first]);
			arena_free(children[(first + 2) % 4]);
			arena_copy(children[(first + 1) % 4], STR("kept"));
		}
		arena_reset(arena);
	}
	arena_free(arena);
}

static void
test_arena(void **state)
{
	struct arena *arena = arena_new();
	struct arena_mark mark;
	unsigned char *large;
	struct str kept, text;
	const struct str parts[] = { STR("a"), STR_NONE, STR(", "), STR("b") };
	size_t i;

	(void)state;
	kept = arena_printf(arena, "%s-%d", "kept", 7);
	mark = arena_mark(arena);
	large = arena_alloc(arena, 1000 * 1000);
	for (i = 0; i < 1000 * 1000; i++)
		assert_int_equal(large[i], 0);
	memset(large, 1, 1000 * 1000);
	arena_release(arena, mark);
	/* What is handed out again is zeroed again. */
	large = arena_alloc(arena, 32);
	for (i = 0; i < 32; i++)
		assert_int_equal(large[i], 0);
	/* Texts stand elsewhere, and what is released with them is zeroed. */
	mark = arena_mark(arena);
	for (i = 0; i < 1000; i++) {
		text = arena_copy(arena, STR("aaaaaaa"));
		large = arena_alloc(arena, 24);
		assert_int_equal((uintptr_t)large % sizeof(uint64_t), 0);
		assert_int_equal(large[0] | large[23], 0);
		memset(large, 1, 24);
		assert_string_equal(text.p, "aaaaaaa");
	}
	arena_release(arena, mark);
	/* Room is aligned, and nobody else's. */
	large = arena_room(arena, 33);
	memset(large, 1, 33);
	assert_int_equal((uintptr_t)large % sizeof(uint64_t), 0);
	assert_int_equal(*(char *)arena_alloc(arena, 1), 0);
	assert_int_equal(large[32], 1);
	assert_string_equal(kept.p, "kept-7");
	kept = arena_join(arena, parts, countof(parts));
	assert_string_equal(kept.p, "a, b");
	assert_int_equal(kept.n, 4);
	assert_string_equal(arena_join(arena, NULL, 0).p, "");
	arena_free(arena);
}

static int
print(char *to, size_t room, const char *format, ...)
{
	va_list args;
	int length;

	va_start(args, format);
	length = print_text(to, room, format, args);
	va_end(args);
	return length;
}

/* As snprintf, whatever the room is. */
#define SAME(...) \
	for (room = 0; room < sizeof(quick); room++) { \
		memset(quick, 'x', sizeof(quick)); \
		memset(slow, 'x', sizeof(slow)); \
		assert_int_equal(print(quick, room, __VA_ARGS__), \
		    snprintf(slow, room, __VA_ARGS__)); \
		assert_memory_equal(quick, slow, sizeof(quick)); \
	}

static void
test_print(void **state)
{
	char quick[40], slow[40];
	const char *volatile none = NULL;
	size_t room;

	(void)state;
	SAME("%s", "");
	SAME("plain text");
	SAME("%s and %s%s", "one", "", "two");
	SAME("<%.*s>", 3, "abcdef");
	SAME("<%.*s|%.*s>", 0, "abcdef", 0, none);
	SAME("<%.*s>", 9, "ab\0cd");
	SAME("<%.*s>", -1, "abc");
	SAME("%d %d %d %d", 0, 7, INT_MAX, INT_MIN);
	SAME("%u %u", 0U, UINT_MAX);
	SAME("%zu %zu", (size_t)0, SIZE_MAX);
	SAME("100 %% %c%c.", 'a', 0);
	SAME("%s %5u|%-5s|%05d|%x|%04x", "a", 1U, "b", 2, 255U, 10U);
	SAME("%.*s %.1f %.2s %ld", 1, "ab", 1.25, "xyz", 5L);
	SAME("%s %u %llu", "last", 3U, 4ULL);
}

static struct saying
say(struct arena *arena, const char *format, ...)
{
	static struct arena_texts before;
	struct saying saying;
	va_list args;

	va_start(args, format);
	saying = saying_make(arena, &before, format, args);
	va_end(args);
	return saying;
}

/* Later as at once. */
#define SAID(...) \
	snprintf(slow, sizeof(slow), __VA_ARGS__); \
	assert_true(str_is(saying_text(say(arena, __VA_ARGS__), &room), \
	    slow)); \
	assert_true(str_is(saying_print(say(arena, __VA_ARGS__), arena), \
	    slow))

static void
test_saying(void **state)
{
	struct arena *arena = arena_new();
	struct buffer room = { 0 };
	const char *volatile none = NULL;
	char slow[4000], text[1024];
	size_t n;

	(void)state;
	SAID("%s", "");
	SAID("%s and %s%s", "one", "", "two");
	SAID("<%.*s|%.*s>", 3, "abcdef", 0, none);
	SAID("<%.*s>", 9, "ab\0cd");
	SAID("%d %d %d %d", 0, 7, INT_MAX, INT_MIN);
	SAID("%u %u %zu %zu", 0U, UINT_MAX, (size_t)0, SIZE_MAX);
	SAID("100 %% %c of %% %s", 'a', "%s");
	SAID("%%");
	/* What is not known there, between what is. */
	SAID("%s %5u|%-5s|%lu%s", "a", 1U, "b", 2UL, "c");
	/* Lengths that take one octet, or two, or are too much. */
	for (n = 0; n < sizeof(text); n++) {
		memset(text, 'a', n);
		text[n] = '\0';
		SAID("<%s> %.*s.", text, (int)n, text);
		assert_true(str_is(saying_text(saying_copy(arena,
		    str_from(text)), &room), text));
	}
	assert_true(saying_is_constant(say(arena, "plain")));
	assert_false(saying_is_constant(say(arena, "%%")));
	assert_null(saying_text((struct saying){ NULL, NULL }, &room).p);
	assert_null(saying_print((struct saying){ NULL, NULL }, arena).p);
	assert_int_equal(saying_compare(say(arena, "a%d", 1),
	    say(arena, "a1")), 0);
	assert_true(saying_compare(say(arena, "%s", "b"),
	    say(arena, "a1")) > 0);
	buffer_free(&room);
	arena_free(arena);
}

static const struct {
	size_t offset, line, column;
	const char *text;
} places[] = {
	{ 0, 1, 1, "one" }, { 3, 1, 4, "one" }, { 4, 2, 1, "two" },
	{ 8, 2, 5, "two" }, { 9, 3, 1, "" }, { 10, 4, 1, "four" },
	{ 14, 4, 5, "four" }, { 99, 4, 5, "four" },
};

static void
test_place(void **state)
{
	struct source source = { .text = STR("one\ntwo\r\n\nfour") };
	struct place_finder finder = { .source = &source };
	struct place place;
	size_t i, round;

	(void)state;
	/* Ascending, and then back again from the start. */
	for (round = 0; round < 2; round++)
		for (i = 0; i < countof(places); i++) {
			place = place_find(&finder, places[i].offset);
			assert_int_equal(place.line, places[i].line);
			assert_int_equal(place.column, places[i].column);
			assert_true(str_is(place_line(&place),
			    places[i].text));
		}
}

/* Lines of all lengths, and steps of all sizes. */
static void
test_place_far(void **state)
{
	struct arena *arena = arena_new();
	size_t n = 40000, i, line = 1, start = 0, step;
	char *text = arena_alloc(arena, n);
	struct source source = { .text = { text, n } };
	struct place_finder finder;
	struct place place;

	(void)state;
	for (i = 0; i < n; i++)
		text[i] = i * i % 97 < 5 || (i > 9000 && i < 30000) ? '\n' :
		    '.';
	for (step = 1; step < 9000; step = step * 3 + 1) {
		finder = (struct place_finder){ .source = &source };
		for (i = start = 0, line = 1; i < n; i++) {
			if (i % step == 0) {
				place = place_find(&finder, i);
				assert_int_equal(place.line, line);
				assert_int_equal(place.column, i - start + 1);
			}
			if (text[i] == '\n') {
				line++;
				start = i + 1;
			}
		}
	}
	arena_free(arena);
}

/* They are the same when the text is there, when it is gone, and back. */
static void
test_place_kept(void **state)
{
	static const char *const texts[] = { "", "\n", "a", "a\n", "\n\nb\r\n",
	    "one\ntwo\r\n\nfour", "a\n\n" };
	struct arena *arena = arena_new();
	struct source source;
	struct place_finder finder;
	struct place place, kept;
	size_t i, k, turn;

	(void)state;
	for (i = 0; i < countof(texts) * 2; i++) {
		source = (struct source){ .text = str_from(texts[i / 2]) };
		if (i % 2 > 0)
			source_set_included(arena, &source,
			    (struct span){ &source, 1, 2 });
		for (turn = 0; turn < 2; turn++)
			for (k = 0; k < source.text.n + 2; k++) {
				place = source_place(&source, k);
				source_keep_lines(arena, &source);
				source.text = STR_NONE;
				finder = (struct place_finder){ 0 };
				kept = place_near(&finder,
				    (struct span){ &source, k, k });
				source.text = str_from(texts[i / 2]);
				assert_memory_equal(&kept, &place,
				    sizeof(kept));
			}
		assert_int_equal(source_included(&source).end, i % 2 * 2);
	}
	arena_free(arena);
}

static void
test_map(void **state)
{
	struct source yaml = { .text = STR("a: b\nc: d\n") };
	const struct source_map_row rows[] = {
		{ 5, { &yaml, 3, 4 } }, { 9, { NULL, 0, 0 } },
		{ 12, { &yaml, 8, 9 } },
	};
	const struct source_from from = { .map = { rows, countof(rows) } };
	struct source made = { .from = &from };
	struct span span;

	(void)state;
	span = span_resolve((struct span){ &made, 7, 8 });
	assert_ptr_equal(span.source, &yaml);
	assert_int_equal(span.start, 3);
	span = span_resolve((struct span){ &made, 40, 41 });
	assert_int_equal(span.start, 8);
	/* Nobody asked for these bytes. */
	span = span_resolve((struct span){ &made, 2, 3 });
	assert_ptr_equal(span.source, &made);
	span = span_resolve((struct span){ &made, 10, 11 });
	assert_ptr_equal(span.source, &made);
}

static const struct {
	const char *text;
	day number;
	unsigned weekday;
} days[] = {
	{ "1970-01-01", 0, 3 },
	{ "2000-02-29", 11016, 1 },
	{ "2024-02-29", 19782, 3 },
	{ "2026-11-24", 20781, 1 },
	{ "9999-12-31", 2932896, 4 },
};

static void
test_date(void **state)
{
	static const char *const wrong[] = { "2026-02-29", "1900-01-01",
	    "2026-13-01", "2026-00-10", "2026-01-00", "2026-1-01",
	    "2026-01-01x", "", "today", "2026/01/01" };
	struct arena *arena = arena_new();
	day number;
	size_t i;

	(void)state;
	for (i = 0; i < countof(days); i++) {
		assert_true(date_parse(str_from(days[i].text), &number));
		assert_int_equal(number, days[i].number);
		assert_int_equal(date_weekday(number), days[i].weekday);
		assert_string_equal(date_print(arena, number).p,
		    days[i].text);
	}
	for (i = 0; i < countof(wrong); i++)
		assert_false(date_parse(str_from(wrong[i]), &number));
	for (number = 0; number < 200000; number += 7) {
		day again;

		assert_true(date_parse(date_print(arena, number), &again));
		assert_int_equal(number, again);
	}
	arena_free(arena);
}

static const struct {
	const char *text;
	bool fine;
	uint32_t seconds;
	const char *printed;
} durations[] = {
	{ "3600", true, 3600, "1h" },
	{ "1h30m", true, 5400, "90m" },
	{ "2W", true, 1209600, "2w" },
	{ "3601", true, 3601, "3601" },
	{ "0", true, 0, "0" },
	{ "45s", true, 45, "45" },
	{ "2147483647", true, 2147483647, "2147483647" },
	{ "2147483648", false, 0, NULL },
	{ "9999w", false, 0, NULL },
	{ "1h30", false, 0, NULL },
	{ "h", false, 0, NULL },
	{ "", false, 0, NULL },
	{ "1y", false, 0, NULL },
	{ "-1h", false, 0, NULL },
};

static void
test_duration(void **state)
{
	struct arena *arena = arena_new();
	size_t i;

	(void)state;
	for (i = 0; i < countof(durations); i++) {
		uint32_t seconds = 0;

		print_message("%s\n", durations[i].text);
		assert_int_equal(duration_parse(str_from(durations[i].text),
		    &seconds), durations[i].fine);
		assert_int_equal(seconds, durations[i].seconds);
		if (durations[i].fine)
			assert_string_equal(duration_print(arena, seconds).p,
			    durations[i].printed);
	}
	arena_free(arena);
}

/* The vectors of the paper: key 00 01 .. 0f, input 00 01 .. of length i. */
static int
compare_words(const void *a, const void *b)
{
	uint64_t x, y;

	memcpy(&x, a, sizeof(x));
	memcpy(&y, b, sizeof(y));
	return (x > y) - (x < y);
}

/* Names that differ in length and in a digit, as those of customers do. */
static void
test_hash_names(void **state)
{
	enum { NAMES = 30000 };
	static const char *const zones[] = { "", ".de", ".mx.de", ".x.ck",
	    ".isp.de", ".kunden.net", ".hosting.example", ".hosting.co.uk" };
	static const char *const words[] = { "kunde", "c", "shop", "" };
	uint64_t *hashes = malloc(NAMES * sizeof(*hashes));
	char name[64];
	size_t i, k, n;
	int length;

	(void)state;
	assert_non_null(hashes);
	for (i = 0; i < countof(zones) * countof(words); i++)
		for (k = 0; k < 2; k++) {
			for (n = 0; n < NAMES; n++) {
				length = snprintf(name, sizeof(name),
				    "%s%zu%s", words[i % countof(words)], n,
				    zones[i / countof(words)]);
				hashes[n] = hash_quick(k * 0x5bd1e995cafe,
				    (struct str){ name, (size_t)length });
			}
			qsort(hashes, NAMES, sizeof(*hashes), compare_words);
			for (n = 1; n < NAMES; n++)
				assert_true(hashes[n - 1] != hashes[n]);
		}
	free(hashes);
}

/* Of as many octets, by the authors of SipHash. */
static void
test_hash(void **state)
{
	static const uint64_t hashes[] = {
		0x726fdb47dd0e0e31, 0x74f839c593dc67fd, 0x0d6c8009d9a94f5a,
		0x85676696d7fb7e2d, 0xcf2794e0277187b7, 0x18765564cd99a68d,
		0xcbc9466e58fee3ce, 0xab0200f58b01d137, 0x93f5f5799a932462,
		0x9e0082df0ba9e4b0, 0x7a5dbbc594ddb9f3, 0xf4b32f46226bada7,
		0x751e8fbc860ee5fb, 0x14ea5627c0843d90, 0xf723ca908e7af2ee,
		0xa129ca6149be45e5
	};
	const struct hash_key key = { 0x0706050403020100, 0x0f0e0d0c0b0a0908 };
	char input[countof(hashes)];
	size_t i;

	(void)state;
	for (i = 0; i < countof(hashes); i++)
		input[i] = (char)i;
	for (i = 0; i < countof(hashes); i++)
		assert_true(hash_bytes(key, (struct str){ input, i }) ==
		    hashes[i]);
}

static const struct {
	const char *glob, *word;
	bool matches;
} globs[] = {
	{ "spf-*", "spf-all-pass", true },
	{ "*", "", true },
	{ "*-all-*", "spf-all-pass", true },
	{ "*a*a*a*a*b", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", false },
	{ "spf-?ll", "spf-all", true },
	{ "spf", "spf-all", false },
	{ "spf-all", "spf", false },
};

/* Told without compiling only where the whole expression agrees. */
static const struct {
	const char *expression, *subject;
	bool may;
} beginnings[] = {
	{ "include:a\\.example", "include:a.example", true },
	{ "include:a\\.example", "include:axexample", false },
	{ "include:a\\.example", "include:a", false },
	{ "include:a.example", "include:axexample", true },
	{ "a", "ab", true }, { "a", "", false }, { "", "a", true },
	{ "ab?c", "ac", true }, { "ab*c", "ac", true },
	{ "ab{0,2}c", "ac", true },
	{ "ab+c", "ac", false }, { "ab+c", "abbc", true },
	{ "a\\.?b", "ab", true }, { "a|b", "b", true },
	{ "a(b|c)", "d", true }, { "(?i)A", "a", true },
	{ "\\Qa\\E", "a", true },
	{ "\\x61", "a", true }, { "a\\", "a", true }, { "[ab]c", "bc", true },
};

static void
test_pattern_beginnings(void **state)
{
	struct arena *arena = arena_new();
	struct pattern *pattern;
	struct str why, subject;
	size_t i, at;

	(void)state;
	for (i = 0; i < countof(beginnings); i++) {
		subject = str_from(beginnings[i].subject);
		assert_int_equal(pattern_may_match(str_from(
		    beginnings[i].expression), subject), beginnings[i].may);
		pattern = pattern_new(arena, str_from(
		    beginnings[i].expression), &why, &at);
		if (!beginnings[i].may)
			assert_false(pattern_matches(pattern, subject));
		pattern_free(pattern);
	}
	arena_free(arena);
}

static void
test_pattern(void **state)
{
	struct arena *arena = arena_new();
	struct pattern *pattern;
	struct str why;
	size_t i, at;

	(void)state;
	for (i = 0; i < countof(globs); i++)
		assert_int_equal(glob_matches(str_from(globs[i].glob),
		    str_from(globs[i].word)), globs[i].matches);
	assert_true(glob_list_matches(STR("dkim-*, spf-*"), STR("spf-x")));
	assert_false(glob_list_matches(STR_NONE, STR("spf-x")));

	pattern = pattern_new(arena, STR("u([0-9]+)"), &why, &at);
	assert_non_null(pattern);
	assert_true(pattern_matches(pattern, STR("u123")));
	assert_false(pattern_matches(pattern, STR("u123\n")));
	assert_false(pattern_matches(pattern, STR("xu123")));
	pattern_free(pattern);
	assert_null(pattern_new(arena, STR("a("), &why, &at));
	assert_true(why.n > 0);
	assert_int_equal(at, 2);
	/* A pattern that would take for ever is cut short. */
	pattern = pattern_new(arena, STR("(a+)+b"), &why, &at);
	assert_false(pattern_matches(pattern,
	    STR("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaac")));
	pattern_free(pattern);
	arena_free(arena);
}

/* As JSON says it: RFC 8259 section 7. */
static void
write_one_by_one(struct buffer *out, struct str text)
{
	size_t i;

	buffer_add_byte(out, '"');
	for (i = 0; i < text.n; i++)
		switch (text.p[i]) {
		case '"':
			buffer_add_cstr(out, "\\\"");
			break;
		case '\\':
			buffer_add_cstr(out, "\\\\");
			break;
		case '\n':
			buffer_add_cstr(out, "\\n");
			break;
		case '\t':
			buffer_add_cstr(out, "\\t");
			break;
		default:
			if (text.p[i] >= ' ' && text.p[i] <= '~')
				buffer_add_byte(out, text.p[i]);
			else
				buffer_printf(out, "\\u%04x",
				    (unsigned)(unsigned char)text.p[i]);
		}
	buffer_add_byte(out, '"');
}

static void
test_json(void **state)
{
	struct buffer out = { 0 };
	struct json json = { .out = &out };

	(void)state;
	json_begin_object(&json, NULL);
	json_str(&json, "a", STR("q\"\\\n\x01\x7f\xc3\xa9\xff\xed\xa0\x80"));
	json_octets(&json, "b", STR("\xc3\x80\x01"));
	json_begin_array(&json, "c");
	json_number(&json, NULL, UINT64_MAX);
	json_bool(&json, NULL, true);
	json_no_value(&json, NULL);
	json_str(&json, NULL, STR_NONE);
	json_begin_object(&json, NULL);
	json_end_object(&json);
	json_end_array(&json);
	json_end_object(&json);
	buffer_add_byte(&out, '\0');
	assert_string_equal(out.p,
	    "{\"a\":\"q\\\"\\\\\\n\\u0001\\u007f\xc3\xa9"
	    "\\ufffd\\ufffd\\ufffd\\ufffd\","
	    "\"b\":\"\\u00c3\\u0080\\u0001\","
	    "\"c\":[18446744073709551615,true,null,null,{}]}");
	buffer_clear(&out);
	json = (struct json){ .out = &out, .indent = 2 };
	json_begin_object(&json, NULL);
	json_begin_array(&json, "a");
	json_number(&json, NULL, 1);
	json_number(&json, NULL, 2);
	json_end_array(&json);
	json_begin_array(&json, "b");
	json_end_array(&json);
	json_end_object(&json);
	buffer_add_byte(&out, '\0');
	assert_string_equal(out.p,
	    "{\n  \"a\": [\n    1,\n    2\n  ],\n  \"b\": []\n}");
	buffer_free(&out);
}

/* Beside each power of ten. */
static void
test_json_numbers(void **state)
{
	struct buffer out = { 0 };
	uint64_t power, number;
	char wanted[24];
	size_t digits;

	(void)state;
	for (digits = 1, power = 1; digits <= 20; digits++, power *= 10)
		for (number = power - 1; number <= power + 1; number++) {
			snprintf(wanted, sizeof(wanted), "%" PRIu64, number);
			json_number(&(struct json){ .out = &out }, NULL,
			    number);
			assert_true(str_is(buffer_str(&out), wanted));
			buffer_clear(&out);
		}
	buffer_free(&out);
}

/* What is copied stands as what was written. */
static void
test_json_members(void **state)
{
	static const unsigned indents[] = { 0, 2 };
	struct buffer out = { 0 };
	struct json json;
	char wanted[80];
	size_t i, start, round, n = 0;

	(void)state;
	for (i = 0; i < countof(indents); i++) {
		json = (struct json){ .out = &out, .indent = indents[i] };
		json_begin_array(&json, NULL);
		for (round = 0; round < 2; round++) {
			json_begin_object(&json, NULL);
			start = out.n;
			if (round == 0) {
				json_number(&json, "a", 1);
				json_cstr(&json, "b", "c");
				n = out.n - start;
				memcpy(wanted, out.p + start, n);
			} else
				json_put_members(&json, (struct str){ wanted,
				    n });
			json_bool(&json, "d", true);
			json_end_object(&json);
		}
		json_end_array(&json);
		buffer_add_byte(&out, '\0');
		assert_string_equal(out.p, indents[i] == 0 ?
		    "[{\"a\":1,\"b\":\"c\",\"d\":true},"
		    "{\"a\":1,\"b\":\"c\",\"d\":true}]" :
		    "[\n  {\n    \"a\": 1,\n    \"b\": \"c\",\n"
		    "    \"d\": true\n  },\n  {\n    \"a\": 1,\n"
		    "    \"b\": \"c\",\n    \"d\": true\n  }\n]");
		buffer_clear(&out);
	}
	buffer_free(&out);
}

/* Each byte at each place of texts of several lengths. */
static void
test_json_bytes(void **state)
{
	struct buffer out = { 0 }, wanted = { 0 };
	char text[40];
	size_t n, at;
	int byte;

	(void)state;
	memset(text, '~', sizeof(text));
	for (n = 0; n < sizeof(text); n++)
		for (at = 0; at < n; at++)
			for (byte = 0; byte < 256; byte++) {
				text[at] = (char)byte;
				write_one_by_one(&wanted, (struct str){ text,
				    n });
				json_octets(&(struct json){ .out = &out },
				    NULL, (struct str){ text, n });
				assert_true(str_equal(buffer_str(&out),
				    buffer_str(&wanted)));
				buffer_clear(&out);
				buffer_clear(&wanted);
				text[at] = '~';
			}
	buffer_free(&out);
	buffer_free(&wanted);
}

static void
test_lines(void **state)
{
	static const struct {
		const char *text, *other, *plain, *as_in;
	} rows[] = {
		{ "",		"",		"",	"" },
		{ "a\nb\n",	"",		"a\nb\n", "a\nb\n" },
		{ "a\nb\n",	"x\ny\r\n",	"a\nb\n", "a\nb\n" },
		{ "a\nb\n",	"x\r",		"a\nb\n", "a\nb\n" },
		{ "a\nb\n",	"x\r\ny\n",	"a\nb\n", "a\r\nb\r\n" },
		{ "\na",	"\r\n",		"\na",	"\r\na" },
		{ "a\r\nb\n\rc\r", "x\r\n",	"a\nb\n\rc\r",
		  "a\r\nb\r\n\rc\r" },
	};
	struct arena *arena = arena_new();
	struct str plain, as_in;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		plain = lines_plain(arena, str_from(rows[i].text));
		as_in = lines_as_in(arena, plain, str_from(rows[i].other));
		if (!str_is(plain, rows[i].plain) ||
		    !str_is(as_in, rows[i].as_in))
			fail_msg("row %zu", i);
	}
	arena_free(arena);
}

/* What the C library reads, and nothing else; both are changed a little. */
static void
test_address(void **state)
{
	static const char *const texts[] = { "192.0.2.1", "0.10.200.255",
		"1:2:3:4:5:6:7:8", "::", "2001:db8::1", "1:2:3:4:5:6:7::",
		"::ffff:192.0.2.1", "1:2:3:4:5:6:1.2.3.4", "aBcD::eF01:2" };
	static const char bytes[] = "0123456789abcdefABCDEFg::::....  ";
	unsigned char octets[16], expected[16];
	char text[40];
	uint32_t seed = 20261129;
	unsigned i, k;
	bool valid;

	(void)state;
	for (i = 0; i < 300000; i++) {
		memset(text, 0, sizeof(text));
		strcpy(text, texts[i % (sizeof(texts) / sizeof(*texts))]);
		for (k = 0; k < i % 4; k++) {
			seed = seed * 1664525 + 1013904223;
			text[(seed >> 8) % (strlen(text) + 1)] =
			    bytes[(seed >> 20) % (sizeof(bytes) - 1)];
		}
		valid = inet_pton(AF_INET, text, expected) == 1;
		assert_int_equal(address_parse_ip4(str_from(text), octets),
		    valid);
		if (valid)
			assert_memory_equal(octets, expected, 4);
		valid = inet_pton(AF_INET6, text, expected) == 1;
		assert_int_equal(address_parse_ip6(str_from(text), octets),
		    valid);
		if (valid)
			assert_memory_equal(octets, expected, 16);
	}
}

/* Something to sort, and where it stood. */
struct item {
	unsigned value, place;
};

static size_t comparisons;

static int
compare_items(const void *a, const void *b)
{
	const struct item *x = a, *y = b;

	comparisons++;
	return (x->value > y->value) - (x->value < y->value);
}

/* In order but for so many that are moved; what is equal stays as it was. */
static void
sort_items(size_t count, size_t moved)
{
	struct arena *arena = arena_new();
	struct item *items = ARENA_ARRAY(arena, count + 1, struct item);
	uint32_t seed = 20261129;
	size_t i;

	for (i = 0; i < count; i++)
		items[i] = (struct item){ (unsigned)i / 2, (unsigned)i };
	for (i = 0; i < moved; i++) {
		seed = seed * 1664525 + 1013904223;
		items[(seed >> 8) % count].value = seed >> 16 & 15;
	}
	comparisons = 0;
	sort_nearly(items, count, sizeof(*items), compare_items, arena);
	for (i = 1; i < count; i++)
		assert_true(items[i - 1].value < items[i].value ||
		    (items[i - 1].value == items[i].value &&
		    items[i - 1].place < items[i].place));
	if (moved == 0)
		assert_int_equal(comparisons, count == 0 ? 0 : count - 1);
	arena_free(arena);
}

static void
test_sort(void **state)
{
	size_t count;

	(void)state;
	for (count = 0; count < 70; count++) {
		sort_items(count, 0);
		sort_items(count, count / 10);
		sort_items(count, count * 10);
	}
	sort_items(10000, 3);
	sort_items(10000, 100000);
}

enum { JOBS = 1000 };

static void
count_job(void *context, unsigned worker, size_t job)
{
	atomic_int *counts = context;

	assert_true(worker < 4);
	atomic_fetch_add(&counts[job], 1);
}

static void
test_workers(void **state)
{
	static atomic_int counts[JOBS];
	size_t i;

	(void)state;
	workers_run(4, JOBS, count_job, counts);
	for (i = 0; i < JOBS; i++)
		assert_int_equal(atomic_load(&counts[i]), 1);
	workers_run(4, 0, count_job, counts);
	workers_run(0, 1, count_job, counts);
	assert_int_equal(atomic_load(&counts[0]), 2);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_arena_children),
		cmocka_unit_test(test_arena),
		cmocka_unit_test(test_arena_grows),
		cmocka_unit_test(test_print),
		cmocka_unit_test(test_saying),
		cmocka_unit_test(test_place),
		cmocka_unit_test(test_place_far),
		cmocka_unit_test(test_place_kept),
		cmocka_unit_test(test_map),
		cmocka_unit_test(test_date),
		cmocka_unit_test(test_duration),
		cmocka_unit_test(test_hash),
		cmocka_unit_test(test_hash_names),
		cmocka_unit_test(test_pattern),
		cmocka_unit_test(test_pattern_beginnings),
		cmocka_unit_test(test_json),
		cmocka_unit_test(test_json_numbers),
		cmocka_unit_test(test_json_members),
		cmocka_unit_test(test_json_bytes),
		cmocka_unit_test(test_lines),
		cmocka_unit_test(test_address),
		cmocka_unit_test(test_sort),
		cmocka_unit_test(test_workers),
	};

	return cmocka_run_group_tests_name("base", tests, NULL, NULL);
}
