/*
 * For x86-64 with AVX2 and FMA: the usual key, from its digits. Four of them
 * make a number of 24 bits. With each times the power of two that it counts
 * modulo a product of primes, the sum has the same rest: there are no steps
 * that wait for each other, as there are in a reduction. The numbers are
 * doubles, which are exact up to 2^53.
 */
#include "auth/base64_avx2.h"
#include "policy/rsa.h"

/*
 * The octets of the key before those of the first block are 40 digits, and
 * those blocks make what is left of it.
 */
enum {
	HEAD = 40,
	BLOCKS = (RSA_USUAL_DIGITS - HEAD) / BASE64_BLOCK,
	NUMBERS = (RSA_USUAL_DIGITS - HEAD) / 4
};

#define FMA	__attribute__((target("avx2,fma")))

/*
 * The primes from 3 to 101, five in a group. In each of four sums are 22
 * numbers below 2^24, times at most half the product, so that they stay below
 * 2^53. Behind the product are its half, and 2^24, 2^48, 2^96 and so on modulo
 * it.
 */
#define TIMES(a, b, product) \
	((int)((uint64_t)(a) * (uint64_t)(b) % (uint64_t)(product)))
#define POWERS(name, product) \
	name = (product), \
	name##Half = (name) / 2, \
	name##1 = (int)(((uint64_t)1 << 24) % (uint64_t)(name)), \
	name##2 = TIMES(name##1, name##1, name), \
	name##4 = TIMES(name##2, name##2, name), \
	name##8 = TIMES(name##4, name##4, name), \
	name##16 = TIMES(name##8, name##8, name), \
	name##32 = TIMES(name##16, name##16, name), \
	name##64 = TIMES(name##32, name##32, name)
enum {
	GROUPS = 5,
	PRIMES = 5,			/* of each */
	POWERS(A, 19 * 29 * 37 * 43 * 47),
	POWERS(B, 7 * 17 * 53 * 73 * 89),
	POWERS(C, 5 * 13 * 79 * 83 * 97),
	POWERS(D, 11 * 23 * 41 * 59 * 67),
	POWERS(E, 3 * 31 * 61 * 71 * 101)
};

/*
 * What a number counts that has so many below it, modulo the product, from
 * minus one half of that on.
 */
#define POWER(name, below, bit) \
	(((below) & (bit)) != 0 ? name##bit : 1)
#define RESIDUE(name, below) \
	TIMES(TIMES(TIMES(POWER(name, below, 1), POWER(name, below, 2), name), \
	    TIMES(POWER(name, below, 4), POWER(name, below, 8), name), name), \
	    TIMES(TIMES(POWER(name, below, 16), POWER(name, below, 32), name), \
	    POWER(name, below, 64), name), name)
#define WEIGHT(name, below) \
	((RESIDUE(name, below) + name##Half) % (name) - name##Half)
#define FOUR(name, below) \
	WEIGHT(name, (below) - 1), WEIGHT(name, (below) - 2), \
	WEIGHT(name, (below) - 3), WEIGHT(name, (below) - 4)
#define BLOCK(name, below) \
	{ FOUR(name, below), FOUR(name, (below) - 4) }
#define NUMBER(name) { \
	BLOCK(name, NUMBERS), BLOCK(name, NUMBERS - 8), \
	BLOCK(name, NUMBERS - 16), BLOCK(name, NUMBERS - 24), \
	BLOCK(name, NUMBERS - 32), BLOCK(name, NUMBERS - 40), \
	BLOCK(name, NUMBERS - 48), BLOCK(name, NUMBERS - 56), \
	BLOCK(name, NUMBERS - 64), BLOCK(name, NUMBERS - 72), \
	BLOCK(name, NUMBERS - 80) }

static const double weights[GROUPS][BLOCKS][8] = {
	NUMBER(A), NUMBER(B), NUMBER(C), NUMBER(D), NUMBER(E)
};

/* Modulo 2^32; each step doubles the bits that are right, from five. */
#define STEP(odd, inverse)	((inverse) * (2U - (odd) * (inverse)))
#define INVERSE(odd) \
	STEP(odd, STEP(odd, STEP(odd, 3U * (odd) ^ 2U)))

/*
 * With its inverse a multiple of a prime gives the quotient, and every other
 * number more than the largest quotient there is. In each vector stand primes
 * of the groups A, B, C, D, and E.
 */
#define EIGHT(prime) { \
	{ prime(19), prime(7), prime(5), prime(11), prime(3), prime(31), \
	    prime(61), prime(71) }, \
	{ prime(29), prime(17), prime(13), prime(23), prime(101), prime(3), \
	    prime(3), prime(3) }, \
	{ prime(37), prime(53), prime(79), prime(41), prime(3), prime(3), \
	    prime(3), prime(3) }, \
	{ prime(43), prime(73), prime(83), prime(59), prime(3), prime(3), \
	    prime(3), prime(3) }, \
	{ prime(47), prime(89), prime(97), prime(67), prime(3), prime(3), \
	    prime(3), prime(3) } }
#define MOST(prime)	(UINT32_MAX / (prime))
static const uint32_t inverses[PRIMES][8] = EIGHT(INVERSE);
static const uint32_t mosts[PRIMES][8] = EIGHT(MOST);

/* ---- what all usual keys have in common ---------------------------------- */

static const char head[HEAD + 1] = "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKC";

/* The last octets before the modulus, and that this has 2048 bits. */
#define FIRST		_mm256_setr_epi32(START, 1 << 23, 0, 0, 0, 0, 0, 0)
#define FIRST_MASK \
	_mm256_setr_epi32(0xffffff, 1 << 23, 0, 0, 0, 0, 0, 0)
/* That it is odd, and behind it the exponent. */
#define LAST \
	_mm256_setr_epi32(0, 0, 0, 0, 0, 0, 1 << 16 | LENGTH, EXPONENT)
#define LAST_MASK \
	_mm256_setr_epi32(0, 0, 0, 0, 0, 0, 0x01ffff, 0xffffff)
enum { START = 0x010100, LENGTH = 0x0203, EXPONENT = 0x010001 };

/* What these octets count together. */
#define COMMON(name) \
	((TIMES(START, RESIDUE(name, NUMBERS - 1), name) + \
	TIMES(LENGTH, name##1, name) + EXPONENT) % (name))

/* Its bits are set where they should not be. */
AVX2 static inline __m256i
differ(__m256i numbers, __m256i wanted, __m256i mask)
{
	return _mm256_and_si256(_mm256_xor_si256(numbers, wanted), mask);
}

AVX2 static inline __m256i
load(const void *octets)
{
	return _mm256_loadu_si256(octets);
}

/* ---- rests --------------------------------------------------------------- */

/* Of each group four. */
struct sums {
	__m256d of[GROUPS];
};

FMA static inline void
add(struct sums *sums, __m256i numbers, size_t block)
{
	__m256d first = _mm256_cvtepi32_pd(_mm256_castsi256_si128(numbers));
	__m256d second = _mm256_cvtepi32_pd(_mm256_extracti128_si256(numbers,
	    1));
	int i;

#pragma GCC unroll 5
	for (i = 0; i < GROUPS; i++)
		sums->of[i] = _mm256_fmadd_pd(second, _mm256_loadu_pd(
		    weights[i][block] + 4), _mm256_fmadd_pd(first,
		    _mm256_loadu_pd(weights[i][block]), sums->of[i]));
}

/* Modulo the product, at most a little more than half of that. */
FMA static inline __m256d
shorten(__m256d sums, double product)
{
	__m256d quotients = _mm256_round_pd(_mm256_mul_pd(sums,
	    _mm256_set1_pd(1 / product)),
	    _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC);

	return _mm256_fnmadd_pd(quotients, _mm256_set1_pd(product), sums);
}

/* The sums of each of four. */
FMA static inline __m128i
add_up(__m256d a, __m256d b, __m256d c, __m256d d)
{
	__m256d first = _mm256_hadd_pd(a, b), second = _mm256_hadd_pd(c, d);

	return _mm256_cvtpd_epi32(_mm256_add_pd(
	    _mm256_permute2f128_pd(first, second, 0x20),
	    _mm256_permute2f128_pd(first, second, 0x31)));
}

/*
 * What is left of the modulus times 2^40, as the primes stand above. The sums
 * are between minus and plus two products and a little; what is added makes
 * them positive, and less than 2^28.
 */
#define REST(name)	(4 * (name) - COMMON(name))
FMA static inline __m256i
rests_of(const struct sums *sums)
{
	__m256d last = shorten(sums->of[4], E);
	__m128i first = add_up(shorten(sums->of[0], A),
	    shorten(sums->of[1], B), shorten(sums->of[2], C),
	    shorten(sums->of[3], D));

	return _mm256_add_epi32(_mm256_set_m128i(add_up(last, last, last,
	    last), first), _mm256_setr_epi32(REST(A), REST(B), REST(C),
	    REST(D), REST(E), REST(E), REST(E), REST(E)));
}

AVX2 static inline bool
has_factor(__m256i rests)
{
	__m256i any = _mm256_setzero_si256(), quotients;
	int i;

#pragma GCC unroll 5
	for (i = 0; i < PRIMES; i++) {
		quotients = _mm256_mullo_epi32(rests, load(inverses[i]));
		any = _mm256_or_si256(any, _mm256_cmpeq_epi32(quotients,
		    _mm256_min_epu32(quotients, load(mosts[i]))));
	}
	return _mm256_testz_si256(any, any) == 0;
}

/*
 * Is the rest one of the three powers of 65537 modulo 37, times 2^40, and is
 * the other one of six modulo 97? A key where they are not is none of ROCA's,
 * see roca.c.
 */
static bool
may_be_roca(uint32_t a, uint32_t c)
{
	static const char powers[97] = { [1] = 1, [35] = 1, [36] = 1, [61] = 1,
		[62] = 1, [96] = 1 };
	unsigned rest = a % 37;

	return (rest == 9 || rest == 12 || rest == 16) && powers[c % 97] != 0;
}

/* ---- keys ---------------------------------------------------------------- */

/* Takes a block of digits; returns the numbers that they are. */
FMA static inline __m256i
take(struct sums *sums, const char *digits, size_t block, __m256i *faults)
{
	__m256i fault, numbers = base64_groups(digits + HEAD +
	    block * BASE64_BLOCK, &fault);

	*faults = _mm256_or_si256(*faults, fault);
	add(sums, numbers, block);
	return numbers;
}

FMA static bool
is_usual(const char *digits)
{
	struct sums sums = { { _mm256_setzero_pd(), _mm256_setzero_pd(),
		_mm256_setzero_pd(), _mm256_setzero_pd(),
		_mm256_setzero_pd() } };
	__m256i faults = _mm256_xor_si256(load(digits), load(head));
	__m256i first = take(&sums, digits, 0, &faults), last, rests;
	size_t block;

	for (block = 1; block < BLOCKS - 1; block++)
		take(&sums, digits, block, &faults);
	last = take(&sums, digits, BLOCKS - 1, &faults);
	faults = _mm256_or_si256(faults, _mm256_or_si256(
	    differ(first, FIRST, FIRST_MASK), differ(last, LAST, LAST_MASK)));
	rests = rests_of(&sums);
	return _mm256_testz_si256(faults, faults) != 0 && !has_factor(rests) &&
	    !may_be_roca((uint32_t)_mm256_extract_epi32(rests, 0),
	    (uint32_t)_mm256_extract_epi32(rests, 2));
}

/*
 * See key_fingerprint: the middle of a key is where a group of digits begins.
 */
AVX2 static uint64_t
fingerprint_of(const char *digits)
{
	__m256i ignored;

	digits += RSA_USUAL_DIGITS / 2;
	return (uint64_t)_mm_cvtsi128_si64(_mm256_castsi256_si128(
	    base64_octets(base64_groups(digits, &ignored))));
}

bool
rsa_is_usual(const char digits[RSA_USUAL_DIGITS], uint64_t *fingerprint)
{
	if (memcmp(digits + 32, head + 32, HEAD - 32) != 0 ||
	    !__builtin_cpu_supports("avx2") ||
	    !__builtin_cpu_supports("fma") || !is_usual(digits))
		return false;
	*fingerprint = fingerprint_of(digits);
	return true;
}
