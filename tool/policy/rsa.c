/*
 * What the octets of an RSA modulus tell about the key. Of two keys of one
 * size, rules object to one and not to the other only for what is found here:
 * linting many zones leans on that (see lint/likeness.c).
 */
#include <endian.h>
#include <string.h>

#include "policy/rsa.h"

enum { WORD = RSA_WORD, GROUPS = 2, GROUP_MAX = 13 };

/*
 * The primes from 3 to 101 in groups, and the product of each, which is below
 * 2^64. With its inverse modulo 2^64 a multiple of a prime gives the quotient,
 * and every other number more than the largest quotient there is.
 */
#define PRIME(prime, inverse)	{ prime, inverse, UINT64_MAX / (prime) }
static const struct group {
	uint64_t product;
	struct prime {
		unsigned prime;
		uint64_t inverse, most;
	} primes[GROUP_MAX + 1];	/* the last is 0 */
} groups[GROUPS] = {
	{ 0xed41ab4218296041, {
		PRIME(3, 0xaaaaaaaaaaaaaaab),
		PRIME(5, 0xcccccccccccccccd),
		PRIME(13, 0x4ec4ec4ec4ec4ec5),
		PRIME(17, 0xf0f0f0f0f0f0f0f1),
		PRIME(29, 0x34f72c234f72c235),
		PRIME(31, 0xef7bdef7bdef7bdf),
		PRIME(41, 0x8f9c18f9c18f9c19),
		PRIME(53, 0x21cfb2b78c13521d),
		PRIME(59, 0xcbeea4e1a08ad8f3),
		PRIME(71, 0x193d4bb7e327a977),
		PRIME(73, 0x7e3f1f8fc7e3f1f9),
		PRIME(89, 0xf47e8fd1fa3f47e9),
		PRIME(97, 0xa3a0fd5c5f02a3a1),
	} },
	{ 0x5e83553d14b81fbf, {
		PRIME(7, 0x6db6db6db6db6db7),
		PRIME(11, 0x2e8ba2e8ba2e8ba3),
		PRIME(19, 0x86bca1af286bca1b),
		PRIME(23, 0xd37a6f4de9bd37a7),
		PRIME(37, 0x14c1bacf914c1bad),
		PRIME(43, 0x82fa0be82fa0be83),
		PRIME(47, 0x51b3bea3677d46cf),
		PRIME(61, 0x4fbcda3ac10c9715),
		PRIME(67, 0xf0b7672a07a44c6b),
		PRIME(79, 0x9b8b577e613716af),
		PRIME(83, 0xa3784a062b2e43db),
		PRIME(101, 0x3a4c0a237c32b16d),
	} },
};

/* That which ends there, in a big-endian number. */
static uint64_t
word_before(const char *end)
{
	uint64_t word;

	memcpy(&word, end - WORD, WORD);
	return be64toh(word);
}

/* What stands before all words that are whole. */
static uint64_t
first_word(struct str number)
{
	char octets[WORD] = { 0 };
	size_t n = number.n % WORD;

	memcpy(octets + WORD - n, number.p, n);
	return word_before(octets + WORD);
}

/* Modulo 2^64; each step doubles the bits that are right, from three. */
static uint64_t
inverse_of(uint64_t odd)
{
	uint64_t inverse = odd;
	int i;

	for (i = 0; i < 5; i++)
		inverse *= 2 - odd * inverse;
	return inverse;
}

/*
 * A modulus, and what tells multiples of it. This is Montgomery's reduction:
 * from the lowest word up, (sum + word) / 2^64 modulo an odd number needs no
 * division, and stays below the number plus two.
 */
struct reduction {
	uint64_t product, negative;	/* -1 / product modulo 2^64 */
	uint64_t sum;
};

static struct reduction
start(uint64_t product)
{
	return (struct reduction){ product, 0 - inverse_of(product), 0 };
}

static void
reduce(struct reduction *reduction, uint64_t word)
{
	__extension__ typedef unsigned __int128 wide;
	uint64_t low = reduction->sum + word, carry = low < word;

	/* The low halves add up to 2^64, or are both zero. */
	reduction->sum = carry + (low != 0) + (uint64_t)((wide)(low *
	    reduction->negative) * reduction->product >> 64);
}

/*
 * What is left of the number has the same factors in common with the product.
 */
uint64_t
rsa_rest(struct str number, uint64_t product)
{
	struct reduction reduction = start(product);
	size_t i;

	for (i = number.n; i >= WORD; i -= WORD)
		reduce(&reduction, word_before(number.p + i));
	if (i > 0)
		reduce(&reduction, first_word(number));
	return reduction.sum;
}

/* The same for the groups. */
static void
rests_of(struct str number, uint64_t rests[GROUPS])
{
	struct reduction first = start(groups[0].product);
	struct reduction second = start(groups[1].product);
	uint64_t word;
	size_t i;

	for (i = number.n; i >= WORD; i -= WORD) {
		word = word_before(number.p + i);
		reduce(&first, word);
		reduce(&second, word);
	}
	if (i > 0) {
		reduce(&first, first_word(number));
		reduce(&second, first_word(number));
	}
	rests[0] = first.sum;
	rests[1] = second.sum;
}

/* A prime of the group that divides the number; 0 if there is none. */
static unsigned
factor_in(const struct group *group, uint64_t number)
{
	const struct prime *prime;

	for (prime = group->primes; prime->prime != 0; prime++)
		if (number * prime->inverse <= prime->most)
			return prime->prime;
	return 0;
}

unsigned
rsa_weak_factor(struct str modulus)
{
	uint64_t rests[GROUPS];
	unsigned factor = 0;
	size_t i;

	if (modulus.n == 0)
		return 0;
	if (modulus.p[modulus.n - 1] % 2 == 0)
		return 2;
	rests_of(modulus, rests);
	for (i = 0; i < GROUPS && factor == 0; i++)
		factor = factor_in(&groups[i], rests[i]);
	return factor == 0 && rsa_is_roca(modulus, rests) ? RSA_ROCA : factor;
}
