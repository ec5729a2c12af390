/*
 * What the files share that read base64 with AVX2. For them only.
 */
#ifndef AUTH_BASE64_AVX2_H
#define AUTH_BASE64_AVX2_H

#include <immintrin.h>

#define AVX2	__attribute__((target("avx2")))

enum { BASE64_BLOCK = 32 };		/* digits */

/* The same in both halves, which are looked up apart from each other. */
#define TWICE(...)	_mm256_setr_epi8(__VA_ARGS__, __VA_ARGS__)

/*
 * Of each four digits the number of 24 bits; all are digits when no fault has
 * a bit set. Each half of an octet has a bit for each reason why it stands in
 * no digit with the other half: those of a digit have none in common. The
 * upper half tells what to add, but for the slash, which stands beside the
 * plus. (W. Mula and D. Lemire, "Faster Base64 Encoding and Decoding Using AVX2
 * Instructions", 2018.)
 */
AVX2 static inline __m256i
base64_groups(const char *digits, __m256i *faults)
{
	const __m256i lower = TWICE(0x15, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11,
	    0x11, 0x11, 0x11, 0x13, 0x1a, 0x1b, 0x1b, 0x1b, 0x1a);
	const __m256i upper = TWICE(0x10, 0x10, 0x01, 0x02, 0x04, 0x08, 0x04,
	    0x08, 0x10, 0x10, 0x10, 0x10, 0x10, 0x10, 0x10, 0x10);
	const __m256i shifts = TWICE(0, 63 - '/', 62 - '+', 52 - '0', 0 - 'A',
	    0 - 'A', 26 - 'a', 26 - 'a', 0, 0, 0, 0, 0, 0, 0, 0);
	/* Masks a half, too: its bit of 32 does not matter there. */
	const __m256i slash = _mm256_set1_epi8('/');
	__m256i bytes = _mm256_loadu_si256((const __m256i *)(const void *)
	    digits);
	__m256i high = _mm256_and_si256(_mm256_srli_epi32(bytes, 4), slash);
	__m256i low = _mm256_and_si256(bytes, slash);
	__m256i values = _mm256_add_epi8(bytes, _mm256_shuffle_epi8(shifts,
	    _mm256_add_epi8(high, _mm256_cmpeq_epi8(bytes, slash))));

	*faults = _mm256_and_si256(_mm256_shuffle_epi8(lower, low),
	    _mm256_shuffle_epi8(upper, high));
	/* Of each two the first counts 64 times, and so of pairs 4096. */
	return _mm256_madd_epi16(_mm256_maddubs_epi16(values,
	    _mm256_set1_epi16(1 << 8 | 64)), _mm256_set1_epi32(1 << 16 | 4096));
}

/* Three octets of each group; behind each four of them are four zeroes. */
AVX2 static inline __m256i
base64_octets(__m256i groups)
{
	return _mm256_shuffle_epi8(groups, TWICE(2, 1, 0, 6, 5, 4, 10, 9, 8,
	    14, 13, 12, -1, -1, -1, -1));
}

#endif
