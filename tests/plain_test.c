/*
 * The short way through plain entries and the long one see the same, whatever
 * kernel finds the words.
 */
#include "support.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

#include "zone_same.h"

/* ---- kernels ------------------------------------------------------------- */

/* A word ends where the masks say so, and has all dots up to there. */
static bool
word_agrees(const struct window_kernel *kernel, const char *text,
    const uint64_t masks[WINDOW_MASKS], uint64_t dots)
{
	uint64_t end = masks[WINDOW_END];
	size_t n = end == 0 ? WINDOW : (size_t)__builtin_ctzll(end);
	struct window_word word = kernel->word(text);

	return word.n == n && word.dots == (n == WINDOW ?
	    dots : dots & ((UINT64_C(1) << n) - 1));
}

static uint64_t
dots_of(const char *text)
{
	uint64_t dots = 0;
	size_t i;

	for (i = 0; i < WINDOW; i++)
		dots |= (uint64_t)(text[i] == '.') << i;
	return dots;
}

/* As far as anything is said: up to the first byte that is escaped. */
static bool
folded_agree(const struct folded *a, const struct folded *b)
{
	size_t n = a->escaped == 0 ? WINDOW : bit_first(a->escaped);

	if (n == 0 || n == WINDOW)
		return n == 0 ? (b->escaped & 1) != 0 : b->escaped == 0 &&
		    a->dots == b->dots && memcmp(a->text, b->text, n) == 0;
	return b->escaped != 0 && bit_first(b->escaped) == n &&
	    within(a->dots, n) == within(b->dots, n) &&
	    memcmp(a->text, b->text, n) == 0;
}

/* So does what may stand between quotes; a NUL follows. */
static bool
quoted_agrees(const struct window_kernel *kernel, const char *text)
{
	size_t n;

	for (n = 0; n < WINDOW; n++)
		if (text[n] == '"' || text[n] == '\\' || text[n] == '\n' ||
		    text[n] == '\0')
			break;
	return kernel->quoted(text) == n;
}

static bool
hex_agrees(const struct window_kernel *kernel, const char *text)
{
	struct window_hex hex = kernel->hex(text);
	size_t i;

	for (i = 0; i < WINDOW; i++)
		if ((hex.digits >> i & 1) !=
		    (byte_hex_value((unsigned char)text[i]) >= 0) ||
		    (hex.colons >> i & 1) != (text[i] == ':'))
			return false;
	return true;
}

/* An address is what the system takes for one. */
static void
kernels_know_addresses(void **state)
{
	static const char bytes[] =
	    "0123456789012345678901234567890122555...... /";
	const struct window_kernel *kernel;
	unsigned char octets[4];
	char text[2 * WINDOW] = "", word[WINDOW];
	unsigned seed = 1;
	size_t i, k, n, found = 0;

	(void)state;
	for (i = 0; i < 400000; i++) {
		for (n = 0; n < 18; n++) {
			seed = seed * 1103515245 + 12345;
			text[n] = bytes[(seed >> 16) % (sizeof(bytes) - 1)];
		}
		/* Some are made likely: numbers stand at their places. */
		if (i % 2 == 0)
			snprintf(text, sizeof(text), "%u.%u.%u.%u%c",
			    seed >> 8 & 511, seed >> 12 & 255, seed >> 20 & 31,
			    seed >> 22 & 511, " .;\n5x"[seed >> 24 & 3]);
		n = strspn(text, "0123456789.");
		snprintf(word, sizeof(word), "%.*s", (int)n, text);
		if (n > 15 || inet_pton(AF_INET, word, octets) != 1)
			n = 0;
		found += n > 0;
		for (k = 0; (kernel = window_kernel_at(k)) != NULL; k++)
			if (kernel->ip4(text) != n)
				fail_msg("%s: %s", kernel->name, text);
	}
	assert_true(found > 10000);
}

static void
kernels_find_the_same(void **state)
{
	const struct window_kernel *kernel, *other;
	uint64_t masks[WINDOW_MASKS], others[WINDOW_MASKS];
	struct folded folded, fold;
	char text[2 * WINDOW] = "";
	size_t i, byte, k;

	(void)state;
	kernel = window_kernel_at(0);
	assert_non_null(kernel);
	/* Each byte at each place, among bytes that mean much. */
	for (byte = 0; byte < 256; byte++)
		for (i = 0; i < WINDOW; i++) {
			memset(text, "a\"( .\n"[byte % 6], WINDOW);
			text[i] = (char)byte;
			text[(i + byte) % WINDOW] = (char)i;
			kernel->classify(text, masks);
			kernel->fold(text, &folded);
			for (k = 1; (other = window_kernel_at(k)) != NULL;
			    k++) {
				other->classify(text, others);
				other->fold(text, &fold);
				assert_memory_equal(masks, others,
				    sizeof(masks));
				assert_true(folded_agree(&folded, &fold));
				assert_true(word_agrees(other, text, others,
				    dots_of(text)));
				assert_true(quoted_agrees(other, text));
				assert_true(hex_agrees(other, text));
				assert_true(kernel->ip4(text) ==
				    other->ip4(text));
			}
		}
}

static void
kernels_find_what_they_should(void **state)
{
	const struct window_kernel *kernel;
	uint64_t masks[WINDOW_MASKS], bit;
	struct folded folded;
	char text[2 * WINDOW] = "";
	bool stop, blank;
	size_t i, k;

	(void)state;
	for (k = 0; (kernel = window_kernel_at(k)) != NULL; k++)
		for (i = 0; i < 256; i++) {
			memset(text, 'x', WINDOW);
			text[i % WINDOW] = (char)i;
			bit = UINT64_C(1) << i % WINDOW;
			stop = i == 0 || (i < 128 &&
			    strchr("\n\r\"();\\", (int)i) != NULL);
			blank = i == ' ' || i == '\t';
			kernel->classify(text, masks);
			assert_true(masks[WINDOW_STOP] == (stop ? bit : 0));
			assert_true(masks[WINDOW_END] ==
			    (stop || blank ? bit : 0));
			assert_true(masks[WINDOW_CODE] ==
			    (blank ? ~bit : UINT64_MAX));
			kernel->fold(text, &folded);
			assert_true(folded.dots == (i == '.' ? bit : 0));
			assert_true(word_agrees(kernel, text, masks,
			    dots_of(text)));
			assert_true(quoted_agrees(kernel, text));
			assert_true(hex_agrees(kernel, text));
			assert_true(folded.escaped == (i <= ' ' ||
			    i >= 127 || strchr("@$\"();\\", (int)i) != NULL ?
			    bit : 0));
			assert_int_equal((unsigned char)folded.text[i %
			    WINDOW], i >= 'A' && i <= 'Z' ? i | 0x20 : i);
		}
}

/* ---- short and long ------------------------------------------------------ */

/* Everything that the short way knows, and the edges of it. */
static const char *const texts[] = {
	"$TTL 3600\n@ IN SOA ns hostmaster 1 2 3 4 5\n  NS ns\n\tIN\tNS a.b.\n"
	"www 300 IN A 192.0.2.1\nwww IN 300 A 192.0.2.255 ; a comment\n"
	"WWW aaaa 2001:db8::1\r\n; mailzone: ignore[x]\nmail MX 10 mail ; y\n"
	"\n  \n\t; z\n*.w CNAME www\n*.v NS ns\n@ MX 0 .\n",
	"$TTL 1h\n$ORIGIN Sub.example.com.\n"
	"a TXT \"v=spf1 -all\"\nA TXT plain words \"and (one;two)\"\n"
	"b.EXAMPLE.com. TXT ( \"x\"\n\t\"y\"\"z\" w )\nb TXT (\n)\n"
	"c TXT ( \"x\" ; no\n \"y\" )\nd TXT \"a\\\"b\" c\\ d\n"
	"e SPF \"v=spf1\" ; mailzone: ignore[y]\n f SRV 1 2 3 h\n"
	"g CAA 0 issue \"ca.example; a=b\"\n",
	"a 60 A 1.2.3.4\nb A 5.6.7.8\nb TXT x\nb 70 TXT y\nb TXT z\n"
	"out.example.net. A 1.2.3.4\n A 1.2.3.5\nb A 0.0.0.0\n",
	"@ A 1.2.3.4\n",
	"$ORIGIN a\\.b\n@ 0 A 1.2.3.4\nx 0 NS a.b\n",
	"a. 0 A 1.2.3.4\n. 0 A 1.2.3.4\n* 0 A 1.2.3.4\n 0 MX 65535 @\n"
	"a..b 0 A 1.2.3.4\n.a 0 TXT a\na 0 MX 65536 a\na 0 MX 1 a..b\n"
	"a 0 A 01.2.3.4\na 0 A 1.2.3\na 0 A 1.2.3.4.5\na 0 A 256.1.1.1\n"
	"a 0 AAAA ::\na 0 AAAA ::1\na 0 AAAA 1::\na 0 AAAA :::\na 0 AAAA 1:\n"
	"a 0 AAAA :1\na 0 AAAA 1::2::3\na 0 AAAA 1:2:3:4:5:6:7:8\n"
	"a 0 AAAA 1:2:3:4:5:6:7::\na 0 AAAA ::2:3:4:5:6:7:8\n"
	"a 0 AAAA 1:2:3:4:5:6:7:8::\na 0 AAAA ::1:2:3:4:5:6:7:8\n"
	"a 0 AAAA 1:2:3:4::5:6:7:8\na 0 AAAA 1:2:3:4:5:6:7:8:9\n"
	"a 0 AAAA 12345::\na 0 AAAA AbCd::1.2.3.4\na 0 AAAA 1:2\n"
	"a 0 AAAA g::1\na 0 AAAA 1:::2\na 0 AAAA ::1:\na 0 AAAA 0000::f\n"
	"a 0 AAAA ::1;x\na 0 AAAA ::1\"\na 0 AAAA 1::2 x\na 0 A 1.2.3.4;x\n"
	"a 0 A 1.2.3.4\"\na 0 A 1.2.3.4(\n)\na 0 A 1.2.3.4 x\na 0 A 1.2.3.\n"
	"a 0 A 1..3.4\na 0 A .1.2.3\na 0 A 1.2.3.0004\na 0 A 1.2.3.4\r\n"
	"a 0 TXT \"a\"b\"c\"\na 0 TXT a\"b\"c\na 0 TXT \"a\"\"b\n"
	"a 0 TXT ((\"\")\n)\n"
	"a 0 AAAA\na 0 A\na 0 NS\na 0 A (\n1.2.3.4 )\na 0 A  \t 1.2.3.4\n"
	"a 2147483647 TXT a\na 2147483648 TXT a\na 1 MD a\na 1 ANY a\n",
	"$TTL 1\na TXT 0123456789012345678901234567890123456789012345678901234"
	"56789012345678901234567890123456789012345678901234567890123456789012"
	"34567890123456789012345678901234567890123456789012345678901234567890"
	"1234567890123456789012345678901234567890123456789012345678901234\n"
	"b TXT \"012345678901234567890123456789012345678901234567890123456789"
	"01234567890123456789012345678901234567890123456789012345678901234567"
	"89012345678901234567890123456789012345678901234567890123456789012345"
	"67890123456789012345678901234567890123456789012345678901234\" c\n",
	"$TTL 1\nabcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz0123456789"
	"a A 1.1.1.1\nabcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz0123"
	"456789ab A 1.1.1.1\nabcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuv"
	"wxyz.0123456789.b A 1.1.1.1\nb CNAME abcdefghijklmnopqrstuvwxyzabcde"
	"fghijklmnopqrstuvwxyz0123456789a\nb CNAME abcdefghijklmnopqrstuvwxyz"
	"abcdefghijklmnopqrstuvwxyz0123456789ab\nc TXT x",
};

static void
check(struct arena *arena, struct str text, bool full_syntax)
{
	struct zone_options options = { .name = STR("example.com"),
	    .how = ZONE_BY_OPTION, .full_syntax = full_syntax };
	const struct window_kernel *kernel = differing_kernel(arena,
	    STR("test.zone"), text, &options);

	if (kernel != NULL)
		fail_msg("%s reads this otherwise:\n%.*s", kernel->name,
		    STR_ARG(text));
}

static void
short_and_long_way_agree(void **state)
{
	struct arena *arena = arena_new();
	size_t i;

	(void)state;
	for (i = 0; i < countof(texts); i++) {
		check(arena, str_from(texts[i]), false);
		check(arena, str_from(texts[i]), true);
	}
	arena_free(arena);
}

/* One byte of a text becomes another, or is left out. */
static void
check_spoilt(struct str text, size_t place)
{
	static const char bytes[] = "\"();\\\n\r\t \0@$.A09-\x80";
	struct arena *arena = arena_new();
	struct str spoilt = arena_copy(arena, text);
	char *byte = (char *)(uintptr_t)spoilt.p + place;
	size_t i;

	/* At each place half of them, at the next one the others. */
	for (i = place % 2; i < sizeof(bytes) - 1; i += 2) {
		*byte = bytes[i];
		check(arena, spoilt, false);
	}
	memmove(byte, byte + 1, text.n - place - 1);
	spoilt.n--;
	check(arena, spoilt, false);
	arena_free(arena);
}

static void
they_agree_on_spoilt_texts(void **state)
{
	size_t i, place;

	(void)state;
	for (i = 0; i < countof(texts); i++)
		for (place = 0; place < strlen(texts[i]); place++)
			check_spoilt(str_from(texts[i]), place);
}

/* Cut anywhere, so that each sort of thing once stands at the end. */
static void
they_agree_on_parts(void **state)
{
	struct arena *arena = arena_new();
	struct str text;
	size_t i, end;

	(void)state;
	for (i = 0; i < countof(texts); i++) {
		text = str_from(texts[i]);
		for (end = 0; end < text.n; end++)
			check(arena, (struct str){ text.p, end }, false);
	}
	arena_free(arena);
}

/* ---- files --------------------------------------------------------------- */

static void
check_file(void *context, struct str path)
{
	struct arena *arena = arena_new();
	struct source *source = file_read(arena, path);
	struct zone_options options = { .root = STR("") };
	const struct window_kernel *kernel;

	(void)context;
	assert_non_null(source);
	kernel = differing_kernel(arena, path, source->text, &options);
	if (kernel != NULL)
		fail_msg("%s reads %.*s otherwise", kernel->name,
		    STR_ARG(path));
	arena_free(arena);
}

static void
they_agree_on_files(void **state)
{
	struct arena *arena = arena_new();
	struct str failed;

	(void)state;
	assert_true(file_walk(arena, STR("zones"), check_file, NULL,
	    &failed));
	assert_true(file_walk(arena, STR("tests/fuzz/zone"), check_file, NULL,
	    &failed));
	arena_free(arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(kernels_find_the_same),
		cmocka_unit_test(kernels_find_what_they_should),
		cmocka_unit_test(kernels_know_addresses),
		cmocka_unit_test(short_and_long_way_agree),
		cmocka_unit_test(they_agree_on_spoilt_texts),
		cmocka_unit_test(they_agree_on_parts),
		cmocka_unit_test(they_agree_on_files),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
