/*
 * For x86-64: SSE2, which all of them have, and AVX2, which most have.
 */
#include <immintrin.h>

#include "zone/window.h"

/* ---- sixteen bytes at a time --------------------------------------------- */

static __m128i
equal(__m128i bytes, char byte)
{
	return _mm_cmpeq_epi8(bytes, _mm_set1_epi8(byte));
}

static __m128i
either(__m128i bytes, char one, char other)
{
	return _mm_or_si128(equal(bytes, one), equal(bytes, other));
}

static uint64_t
bits(__m128i found, int i)
{
	return (uint64_t)(unsigned)_mm_movemask_epi8(found) << 16 * i;
}

static __m128i
load(const char *text, int i)
{
	return _mm_loadu_si128((const __m128i *)(const void *)
	    (text + 16 * i));
}

/* What both quoted strings and names cannot hold as it is. */
static __m128i
specials(__m128i bytes)
{
	return _mm_or_si128(_mm_or_si128(either(bytes, '(', ')'),
	    either(bytes, ';', '\\')), equal(bytes, '"'));
}

static void
sse2_classify(const char *text, uint64_t masks[WINDOW_MASKS])
{
	uint64_t stop = 0, blank = 0;
	__m128i bytes;
	int i;

	for (i = 0; i < 4; i++) {
		bytes = load(text, i);
		stop |= bits(_mm_or_si128(specials(bytes), _mm_or_si128(
		    either(bytes, '\n', '\r'), equal(bytes, '\0'))), i);
		blank |= bits(either(bytes, ' ', '\t'), i);
	}
	masks[WINDOW_STOP] = stop;
	masks[WINDOW_END] = stop | blank;
	masks[WINDOW_CODE] = ~blank;
}

/* Of the bits that speak of a word those below its end, if that is found. */
static struct window_word
word_of(uint64_t end, uint64_t found)
{
	if (end == 0)
		return (struct window_word){ WINDOW, found };
	return (struct window_word){ (size_t)__builtin_ctzll(end),
	    found & ((end & -end) - 1) };
}

static struct window_word
sse2_word(const char *text)
{
	uint64_t end = 0, found = 0;
	__m128i bytes;
	int i;

	for (i = 0; i < 4 && end == 0; i++) {
		bytes = load(text, i);
		end = bits(_mm_or_si128(_mm_or_si128(specials(bytes),
		    either(bytes, ' ', '\t')), _mm_or_si128(
		    either(bytes, '\n', '\r'), equal(bytes, '\0'))), i);
		found |= bits(equal(bytes, '.'), i);
	}
	return word_of(end, found);
}

static size_t
sse2_quoted(const char *text)
{
	const char *here = text;
	uint64_t found;
	__m128i bytes;

	for (;; here += 16) {
		bytes = load(here, 0);
		found = bits(_mm_or_si128(either(bytes, '"', '\\'),
		    either(bytes, '\n', '\0')), 0);
		if (found != 0)
			return (size_t)(here - text) +
			    (size_t)__builtin_ctzll(found);
	}
}

static __m128i
between(__m128i bytes, char first, char count)
{
	__m128i values = _mm_sub_epi8(bytes, _mm_set1_epi8(first));

	return _mm_cmpeq_epi8(values,
	    _mm_min_epu8(values, _mm_set1_epi8((char)(count - 1))));
}

/* Bit i: does a number of one digit, of two, of three begin there? */
struct numbers {
	unsigned one, two, three;
};

/* Where numbers above 255 begin; what they are of are digits' values. */
static unsigned
too_large(__m128i values, struct numbers begin)
{
	const __m128i two = _mm_set1_epi8(2), five = _mm_set1_epi8(5);
	unsigned above_2 = (unsigned)bits(_mm_cmpgt_epi8(values, two), 0);
	unsigned above_5 = (unsigned)bits(_mm_cmpgt_epi8(values, five), 0);
	unsigned is_2 = (unsigned)bits(_mm_cmpeq_epi8(values, two), 0);
	unsigned is_5 = (unsigned)bits(_mm_cmpeq_epi8(values, five), 0);

	return begin.three & (above_2 | (is_2 & (above_5 >> 1 |
	    (is_5 >> 1 & above_5 >> 2))));
}

/* Exactly three; and a number before and behind each. */
static bool
separate(unsigned dots, size_t n)
{
	unsigned last = dots & (dots - 1);

	last &= last - 1;
	return last != 0 && (last & (last - 1)) == 0 &&
	    (dots & (dots << 1 | 1 | 1U << n >> 1)) == 0;
}

/* The longest address has fifteen bytes. */
static size_t
sse2_ip4(const char *text)
{
	__m128i bytes = load(text, 0);
	__m128i values = _mm_sub_epi8(bytes, _mm_set1_epi8('0'));
	unsigned digits = (unsigned)bits(between(bytes, '0', 10), 0);
	unsigned dots = (unsigned)bits(equal(bytes, '.'), 0);
	size_t n = (size_t)__builtin_ctz(~(digits | dots));
	struct numbers begin;

	dots &= (1U << n) - 1;
	digits &= (1U << n) - 1;
	begin.one = digits & (dots << 1 | 1);
	begin.two = begin.one & digits >> 1;
	begin.three = begin.two & digits >> 2;
	return separate(dots, n) && (begin.three & digits >> 3) == 0 &&
	    (begin.two & (unsigned)bits(equal(bytes, '0'), 0)) == 0 &&
	    too_large(values, begin) == 0 ? n : 0;
}

static struct window_hex
sse2_hex(const char *text)
{
	struct window_hex hex = { 0, 0 };
	__m128i bytes, lower;
	int i;

	for (i = 0; i < 4; i++) {
		bytes = load(text, i);
		lower = _mm_or_si128(bytes, _mm_set1_epi8(0x20));
		hex.digits |= bits(_mm_or_si128(between(bytes, '0', 10),
		    between(lower, 'a', 6)), i);
		hex.colons |= bits(equal(bytes, ':'), i);
	}
	return hex;
}

/* Bytes are compared with their sign: those above 127 are below "!", too. */
static void
sse2_fold(const char *text, struct folded *folded)
{
	__m128i bytes, upper, escaped;
	int i;

	folded->dots = folded->escaped = 0;
	for (i = 0; i < 4; i++) {
		bytes = load(text, i);
		upper = _mm_and_si128(
		    _mm_cmpgt_epi8(bytes, _mm_set1_epi8('A' - 1)),
		    _mm_cmpgt_epi8(_mm_set1_epi8('Z' + 1), bytes));
		_mm_storeu_si128((__m128i *)(void *)(folded->text + 16 * i),
		    _mm_or_si128(bytes, _mm_and_si128(upper,
		    _mm_set1_epi8('a' - 'A'))));
		escaped = _mm_or_si128(specials(bytes), _mm_or_si128(
		    either(bytes, '@', '$'), _mm_or_si128(equal(bytes, 0x7f),
		    _mm_cmpgt_epi8(_mm_set1_epi8('!'), bytes))));
		folded->dots |= bits(equal(bytes, '.'), i);
		folded->escaped |= bits(escaped, i);
	}
}

/* ---- thirty-two ---------------------------------------------------------- */

#define AVX2	__attribute__((target("avx2")))

/*
 * Each byte is compared with that of a set which has the same low half: no two
 * of a set share it. Where a set has none, zero stands, which is found in no
 * other place than the first.
 */
AVX2 static __m256i
member(__m128i set, __m256i bytes)
{
	return _mm256_cmpeq_epi8(bytes, _mm256_shuffle_epi8(
	    _mm256_broadcastsi128_si256(set), bytes));
}

AVX2 static uint64_t
bits_of(__m256i low, __m256i high)
{
	return (uint64_t)(uint32_t)_mm256_movemask_epi8(low) |
	    (uint64_t)(uint32_t)_mm256_movemask_epi8(high) << 32;
}

AVX2 static __m256i
load_32(const char *text)
{
	return _mm256_loadu_si256((const __m256i *)(const void *)text);
}

AVX2 static __m256i
is_stop(__m256i bytes)
{
	return member(_mm_setr_epi8('\0', 0, '"', 0, 0, 0, 0, 0, '(', ')',
	    '\n', ';', '\\', '\r', 0, 0), bytes);
}

AVX2 static __m256i
is_blank(__m256i bytes)
{
	return member(_mm_setr_epi8(' ', 0, 0, 0, 0, 0, 0, 0, 0, '\t', 0, 0,
	    0, 0, 0, 0), bytes);
}

AVX2 static void
avx2_classify(const char *text, uint64_t masks[WINDOW_MASKS])
{
	__m256i low = load_32(text), high = load_32(text + 32);
	uint64_t stop = bits_of(is_stop(low), is_stop(high));
	uint64_t blank = bits_of(is_blank(low), is_blank(high));

	masks[WINDOW_STOP] = stop;
	masks[WINDOW_END] = stop | blank;
	masks[WINDOW_CODE] = ~blank;
}

AVX2 static uint64_t
dots_32(__m256i bytes)
{
	return (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(bytes,
	    _mm256_set1_epi8('.')));
}

AVX2 static uint64_t
ends_32(__m256i bytes)
{
	return (uint32_t)_mm256_movemask_epi8(_mm256_or_si256(is_stop(bytes),
	    is_blank(bytes)));
}

/* Most words end in the first half. */
AVX2 static struct window_word
avx2_word(const char *text)
{
	__m256i bytes = load_32(text);
	uint64_t end = ends_32(bytes), found = dots_32(bytes);

	if (end == 0) {
		bytes = load_32(text + 32);
		end = ends_32(bytes) << 32;
		found |= dots_32(bytes) << 32;
	}
	return word_of(end, found);
}

AVX2 static size_t
avx2_quoted(const char *text)
{
	const __m128i ends = _mm_setr_epi8('\0', 0, '"', 0, 0, 0, 0, 0, 0, 0,
	    '\n', 0, '\\', 0, 0, 0);
	const char *here = text;
	unsigned found;

	for (;; here += 32) {
		found = (unsigned)_mm256_movemask_epi8(member(ends,
		    load_32(here)));
		if (found != 0)
			return (size_t)(here - text) +
			    (size_t)__builtin_ctz(found);
	}
}

AVX2 static __m256i
between_32(__m256i bytes, char first, char count)
{
	__m256i values = _mm256_sub_epi8(bytes, _mm256_set1_epi8(first));

	return _mm256_cmpeq_epi8(values, _mm256_min_epu8(values,
	    _mm256_set1_epi8((char)(count - 1))));
}

AVX2 static __m256i
is_hex(__m256i bytes)
{
	return _mm256_or_si256(between_32(bytes, '0', 10), between_32(
	    _mm256_or_si256(bytes, _mm256_set1_epi8(0x20)), 'a', 6));
}

AVX2 static struct window_hex
avx2_hex(const char *text)
{
	const __m256i colon = _mm256_set1_epi8(':');
	__m256i low = load_32(text), high = load_32(text + 32);

	return (struct window_hex){ bits_of(is_hex(low), is_hex(high)),
	    bits_of(_mm256_cmpeq_epi8(low, colon),
		_mm256_cmpeq_epi8(high, colon)) };
}

AVX2 static __m256i
lower(__m256i bytes)
{
	__m256i upper = _mm256_and_si256(
	    _mm256_cmpgt_epi8(bytes, _mm256_set1_epi8('A' - 1)),
	    _mm256_cmpgt_epi8(_mm256_set1_epi8('Z' + 1), bytes));

	return _mm256_or_si256(bytes, _mm256_and_si256(upper,
	    _mm256_set1_epi8('a' - 'A')));
}

AVX2 static __m256i
is_escaped(__m256i bytes)
{
	const __m128i set = _mm_setr_epi8('@', 0, '"', 0, '$', 0, 0, 0, '(',
	    ')', 0, ';', '\\', 0, 0, 0x7f);

	return _mm256_or_si256(member(set, bytes),
	    _mm256_cmpgt_epi8(_mm256_set1_epi8('!'), bytes));
}

AVX2 static uint64_t
escaped_32(__m256i bytes)
{
	return (uint32_t)_mm256_movemask_epi8(is_escaped(bytes));
}

/* Most names end in the first half. */
AVX2 static void
avx2_fold(const char *text, struct folded *folded)
{
	__m256i bytes = load_32(text);
	uint64_t escaped = escaped_32(bytes), dots = dots_32(bytes);

	_mm256_storeu_si256((__m256i *)(void *)folded->text, lower(bytes));
	if (escaped == 0) {
		bytes = load_32(text + 32);
		escaped = escaped_32(bytes) << 32;
		dots |= dots_32(bytes) << 32;
		_mm256_storeu_si256((__m256i *)(void *)(folded->text + 32),
		    lower(bytes));
	}
	folded->dots = dots;
	folded->escaped = escaped;
}

/* ---- which --------------------------------------------------------------- */

const struct window_kernel *
window_native(size_t number)
{
	static const struct window_kernel
	    avx2 = { "avx2", avx2_classify, avx2_word, avx2_quoted,
		sse2_ip4, avx2_hex, avx2_fold },
	    sse2 = { "sse2", sse2_classify, sse2_word, sse2_quoted,
		sse2_ip4, sse2_hex, sse2_fold };

	if (__builtin_cpu_supports("avx2"))
		return number == 0 ? &avx2 : number == 1 ? &sse2 : NULL;
	return number == 0 ? &sse2 : NULL;
}
