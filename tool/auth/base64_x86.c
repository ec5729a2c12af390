/*
 * For x86-64 with AVX2: 32 digits at a time.
 */
#include <immintrin.h>

#include "auth/base64.h"

enum { DIGITS = 32, OCTETS = 24 };

#define AVX2	__attribute__((target("avx2")))

/* The same in both halves, which are looked up apart from each other. */
#define TWICE(...)	_mm256_setr_epi8(__VA_ARGS__, __VA_ARGS__)

/*
 * The digits' values; false when some are none. Each half of an octet has a
 * bit for each reason why it stands in no digit with the other half: those of
 * a digit have none in common. The upper half tells what to add, but for the
 * slash, which stands beside the plus. (W. Mula and D. Lemire, "Faster Base64
 * Encoding and Decoding Using AVX2 Instructions", 2018.)
 */
AVX2 static bool
values_of(__m256i bytes, __m256i *values)
{
	const __m256i lower = TWICE(0x15, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11,
	    0x11, 0x11, 0x11, 0x13, 0x1a, 0x1b, 0x1b, 0x1b, 0x1a);
	const __m256i upper = TWICE(0x10, 0x10, 0x01, 0x02, 0x04, 0x08, 0x04,
	    0x08, 0x10, 0x10, 0x10, 0x10, 0x10, 0x10, 0x10, 0x10);
	const __m256i shifts = TWICE(0, 63 - '/', 62 - '+', 52 - '0', 0 - 'A',
	    0 - 'A', 26 - 'a', 26 - 'a', 0, 0, 0, 0, 0, 0, 0, 0);
	/* Masks a half, too: its bit of 32 does not matter there. */
	const __m256i slash = _mm256_set1_epi8('/');
	__m256i high = _mm256_and_si256(_mm256_srli_epi32(bytes, 4), slash);
	__m256i low = _mm256_and_si256(bytes, slash);

	*values = _mm256_add_epi8(bytes, _mm256_shuffle_epi8(shifts,
	    _mm256_add_epi8(high, _mm256_cmpeq_epi8(bytes, slash))));
	return _mm256_testz_si256(_mm256_shuffle_epi8(lower, low),
	    _mm256_shuffle_epi8(upper, high));
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

	_mm256_storeu_si256((__m256i *)(void *)octets,
	    _mm256_permutevar8x32_epi32(_mm256_shuffle_epi8(groups, order),
	    _mm256_setr_epi32(0, 1, 2, 4, 5, 6, 7, 7)));
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
