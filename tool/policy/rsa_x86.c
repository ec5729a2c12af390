/*
 * For x86-64 with AVX2: a modulus of 2048 bits, of which most keys are. With
 * its words of 32 bits, each times the power of two that it counts modulo a
 * product of primes, the sum has the same rest: there are no steps that wait
 * for each other, as there are in a reduction.
 */
#include <immintrin.h>

#include "policy/rsa.h"

enum {
	OCTETS = 256,
	BLOCKS = OCTETS / 32,		/* of eight words */
	WORDS = OCTETS / 4
};

#define AVX2	__attribute__((target("avx2")))

/*
 * The primes from 3 to 101, five in a group. Sixteen words times what is less
 * than the product, which is below 2^28, add up to less than 2^64. Below the
 * product are 2^32, 2^64, 2^128 and so on modulo it.
 */
#define TIMES(a, b, product) \
	((int)((uint64_t)(a) * (uint64_t)(b) % (uint64_t)(product)))
#define POWERS(name, product) \
	name = (product), \
	name##1 = (int)(((uint64_t)1 << 32) % (uint64_t)(name)), \
	name##2 = TIMES(name##1, name##1, name), \
	name##4 = TIMES(name##2, name##2, name), \
	name##8 = TIMES(name##4, name##4, name), \
	name##16 = TIMES(name##8, name##8, name), \
	name##32 = TIMES(name##16, name##16, name)
enum {
	POWERS(A, 3 * 29 * 41 * 59 * 101),
	POWERS(B, 5 * 31 * 37 * 67 * 89),
	POWERS(C, 7 * 23 * 43 * 61 * 97),
	POWERS(D, 11 * 19 * 47 * 71 * 83),
	POWERS(E, 13 * 17 * 53 * 73 * 79)
};

/* What a word counts that has so many below it, modulo the product. */
#define POWER(name, below, bit) \
	(((below) & (bit)) != 0 ? name##bit : 1)
#define WEIGHT(name, below) \
	TIMES(TIMES(TIMES(POWER(name, below, 1), POWER(name, below, 2), name), \
	    TIMES(POWER(name, below, 4), POWER(name, below, 8), name), name), \
	    TIMES(POWER(name, below, 16), POWER(name, below, 32), name), name)

/* Of a block: first every other word, and then those between. */
#define FOUR(name, below) { \
	WEIGHT(name, below), WEIGHT(name, (below) - 2), \
	WEIGHT(name, (below) - 4), WEIGHT(name, (below) - 6) }
#define BLOCK(name, below) \
	{ FOUR(name, (below) - 1), FOUR(name, (below) - 2) }
#define NUMBER(name) { \
	BLOCK(name, WORDS), BLOCK(name, WORDS - 8), \
	BLOCK(name, WORDS - 16), BLOCK(name, WORDS - 24), \
	BLOCK(name, WORDS - 32), BLOCK(name, WORDS - 40), \
	BLOCK(name, WORDS - 48), BLOCK(name, WORDS - 56) }

enum { GROUPS = 5 };

static const uint64_t weights[GROUPS][BLOCKS][2][4] = {
	NUMBER(A), NUMBER(B), NUMBER(C), NUMBER(D), NUMBER(E)
};

/* Modulo 2^32; each step doubles the bits that are right, from five. */
#define STEP(odd, inverse)	((inverse) * (2U - (odd) * (inverse)))
#define INVERSE(odd) \
	STEP(odd, STEP(odd, STEP(odd, 3U * (odd) ^ 2U)))

/*
 * With its inverse a multiple of a prime gives the quotient, and every other
 * number more than the largest quotient there is. In each vector stand primes
 * of the groups A, E, B, E, C, E, D and E.
 */
#define EIGHT(prime) { \
	{ prime(3), prime(13), prime(5), prime(17), prime(7), prime(53), \
	    prime(11), prime(73) }, \
	{ prime(29), prime(79), prime(31), prime(79), prime(23), prime(79), \
	    prime(19), prime(79) }, \
	{ prime(41), prime(13), prime(37), prime(13), prime(43), prime(13), \
	    prime(47), prime(13) }, \
	{ prime(59), prime(13), prime(67), prime(13), prime(61), prime(13), \
	    prime(71), prime(13) }, \
	{ prime(101), prime(13), prime(89), prime(13), prime(97), prime(13), \
	    prime(83), prime(13) } }
#define MOST(prime)	(UINT32_MAX / (prime))
static const uint32_t inverses[GROUPS][8] = EIGHT(INVERSE);
static const uint32_t mosts[GROUPS][8] = EIGHT(MOST);

AVX2 static __m256i
load(const void *octets)
{
	return _mm256_loadu_si256(octets);
}

AVX2 static __m256i
times(__m256i a, __m256i b)
{
	return _mm256_mul_epu32(a, b);
}

/* Four sums, modulo the product, that add up to less than 2^63. */
AVX2 static __m256i
shorten(__m256i sums, int carry)
{
	__m256i low = _mm256_blend_epi32(sums, _mm256_setzero_si256(), 0xaa);

	return _mm256_add_epi64(low, times(_mm256_srli_epi64(sums, 32),
	    _mm256_set1_epi64x(carry)));
}

/* Divided by 2^32 modulo their products, less than 2^32. */
AVX2 static __m256i
reduce(__m256i sums, __m256i negatives, __m256i products)
{
	return _mm256_srli_epi64(_mm256_add_epi64(sums, times(
	    times(sums, negatives), products)), 32);
}

/* The sums of each of four. */
AVX2 static __m256i
add_up(__m256i a, __m256i b, __m256i c, __m256i d)
{
	__m256i first = _mm256_add_epi64(_mm256_unpacklo_epi64(a, b),
	    _mm256_unpackhi_epi64(a, b));
	__m256i second = _mm256_add_epi64(_mm256_unpacklo_epi64(c, d),
	    _mm256_unpackhi_epi64(c, d));

	return _mm256_add_epi64(
	    _mm256_permute2x128_si256(first, second, 0x20),
	    _mm256_permute2x128_si256(first, second, 0x31));
}

/* What is left of the number divided by 2^32, as the primes stand above. */
AVX2 static __m256i
rests_of(const char *modulus)
{
	const __m256i order = _mm256_setr_epi8(3, 2, 1, 0, 7, 6, 5, 4, 11, 10,
	    9, 8, 15, 14, 13, 12, 3, 2, 1, 0, 7, 6, 5, 4, 11, 10, 9, 8, 15, 14,
	    13, 12);
	__m256i sums[GROUPS], first, second, last;
	int block, i;

	for (i = 0; i < GROUPS; i++)
		sums[i] = _mm256_setzero_si256();
	for (block = 0; block < BLOCKS; block++) {
		first = _mm256_shuffle_epi8(load(modulus + 32 * block), order);
		second = _mm256_srli_epi64(first, 32);
#pragma GCC unroll 5
		for (i = 0; i < GROUPS; i++)
			sums[i] = _mm256_add_epi64(sums[i], _mm256_add_epi64(
			    times(first, load(weights[i][block][0])),
			    times(second, load(weights[i][block][1]))));
	}
	last = shorten(sums[4], E1);
	first = add_up(shorten(sums[0], A1), shorten(sums[1], B1),
	    shorten(sums[2], C1), shorten(sums[3], D1));
	last = add_up(last, last, last, last);
	return _mm256_or_si256(reduce(first, _mm256_setr_epi64x(
	    0U - INVERSE(A), 0U - INVERSE(B), 0U - INVERSE(C),
	    0U - INVERSE(D)), _mm256_setr_epi64x(A, B, C, D)),
	    _mm256_slli_epi64(reduce(last,
	    _mm256_set1_epi64x(0U - INVERSE(E)), _mm256_set1_epi64x(E)), 32));
}

AVX2 static bool
has_factor(__m256i rests)
{
	__m256i any = _mm256_setzero_si256(), quotients;
	int i;

#pragma GCC unroll 5
	for (i = 0; i < GROUPS; i++) {
		quotients = _mm256_mullo_epi32(rests, load(inverses[i]));
		any = _mm256_or_si256(any, _mm256_cmpeq_epi32(quotients,
		    _mm256_min_epu32(quotients, load(mosts[i]))));
	}
	return _mm256_testz_si256(any, any) == 0;
}

/*
 * Is the rest one of the three powers of 65537 modulo 37, divided by 2^32, and
 * is the other one of six modulo 97? A key where they are not is none of
 * ROCA's, see roca.c.
 */
static bool
may_be_roca(uint32_t b, uint32_t c)
{
	static const char powers[97] = { [1] = 1, [35] = 1, [36] = 1, [61] = 1,
		[62] = 1, [96] = 1 };
	unsigned rest = b % 37;

	return (rest == 9 || rest == 12 || rest == 16) && powers[c % 97] != 0;
}

AVX2 static bool
is_plain(const char *modulus)
{
	__m256i rests = rests_of(modulus);

	return !has_factor(rests) && !may_be_roca(
	    (uint32_t)_mm256_extract_epi32(rests, 2),
	    (uint32_t)_mm256_extract_epi32(rests, 4));
}

bool
rsa_is_plain(struct str modulus)
{
	return modulus.n == OCTETS && modulus.p[OCTETS - 1] % 2 != 0 &&
	    __builtin_cpu_supports("avx2") && is_plain(modulus.p);
}
