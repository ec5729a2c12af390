/*
 * For x86-64 with AVX2: 32 digits at a time.
 */
#include <immintrin.h>

#include "auth/base64.h"

enum { DIGITS = 32, OCTETS = 24 };

#define AVX2	__attribute__((target("avx2")))

/* Those from the lowest to the highest, all of them ASCII. */
AVX2 static __m256i
between(__m256i bytes, char lowest, char highest)
{
	return _mm256_and_si256(
	    _mm256_cmpgt_epi8(bytes, _mm256_set1_epi8((char)(lowest - 1))),
	    _mm256_cmpgt_epi8(_mm256_set1_epi8((char)(highest + 1)), bytes));
}

AVX2 static __m256i
where(__m256i mask, int number)
{
	return _mm256_and_si256(mask, _mm256_set1_epi8((char)number));
}

/* The digits' values; false when some are none. */
AVX2 static bool
values_of(__m256i bytes, __m256i *values)
{
	__m256i upper = between(bytes, 'A', 'Z');
	__m256i lower = between(bytes, 'a', 'z');
	__m256i number = between(bytes, '0', '9');
	__m256i plus = _mm256_cmpeq_epi8(bytes, _mm256_set1_epi8('+'));
	__m256i slash = _mm256_cmpeq_epi8(bytes, _mm256_set1_epi8('/'));
	__m256i letters = _mm256_or_si256(where(upper, 0 - 'A'),
	    where(lower, 26 - 'a'));
	__m256i others = _mm256_or_si256(where(number, 52 - '0'),
	    _mm256_or_si256(where(plus, 62 - '+'), where(slash, 63 - '/')));
	__m256i any = _mm256_or_si256(_mm256_or_si256(upper, lower),
	    _mm256_or_si256(number, _mm256_or_si256(plus, slash)));

	*values = _mm256_add_epi8(bytes, _mm256_or_si256(letters, others));
	return _mm256_movemask_epi8(any) == -1;
}

/* Four values of six bits make three octets; they move to the front. */
AVX2 static void
pack(__m256i values, unsigned char *octets)
{
	const __m256i order = _mm256_setr_epi8(2, 1, 0, 6, 5, 4, 10, 9, 8, 14,
	    13, 12, -1, -1, -1, -1, 2, 1, 0, 6, 5, 4, 10, 9, 8, 14, 13, 12,
	    -1, -1, -1, -1);
	/* Of each two the first counts 64 times, and so of pairs 4096. */
	__m256i pairs = _mm256_maddubs_epi16(values,
	    _mm256_set1_epi16(1 << 8 | 64));
	__m256i groups = _mm256_madd_epi16(pairs,
	    _mm256_set1_epi32(1 << 16 | 4096));
	__m256i packed = _mm256_permutevar8x32_epi32(
	    _mm256_shuffle_epi8(groups, order),
	    _mm256_setr_epi32(0, 1, 2, 4, 5, 6, 7, 7));

	_mm_storeu_si128((__m128i *)(void *)octets,
	    _mm256_castsi256_si128(packed));
	_mm_storel_epi64((__m128i *)(void *)(octets + 16),
	    _mm256_extracti128_si256(packed, 1));
}

AVX2 static size_t
blocks(struct str text, unsigned char *octets)
{
	__m256i values;
	size_t i;

	for (i = 0; text.n - i >= DIGITS; i += DIGITS, octets += OCTETS) {
		if (!values_of(_mm256_loadu_si256((const __m256i *)
		    (const void *)(text.p + i)), &values))
			break;
		pack(values, octets);
	}
	return i;
}

size_t
base64_blocks(struct str text, unsigned char *octets)
{
	return text.n >= DIGITS && __builtin_cpu_supports("avx2") ?
	    blocks(text, octets) : 0;
}
