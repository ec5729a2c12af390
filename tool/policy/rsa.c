/*
 * What the octets of an RSA modulus tell about the key. Of two keys of one
 * size, rules object to one and not to the other only for what is found here:
 * linting many zones leans on that (see rules/likeness.c).
 */
#include "policy/policy.h"

/* The primes from 3 to 101, in products below 2^64. */
enum { PRODUCTS = 2, WORD = 8 };
static const uint64_t small_primes[PRODUCTS] = {
	0xed41ab4218296041, 0x5e83553d14b81fbf,
};

static uint64_t
word_from_end(struct str number, size_t end)
{
	const unsigned char *last =
	    (const unsigned char *)number.p + number.n - end - 1;
	size_t left = number.n - end, i;
	uint64_t word = 0;

	/* Written out, so that compilers make one instruction of it. */
	if (left >= WORD)
		return (uint64_t)last[0] | (uint64_t)last[-1] << 8 |
		    (uint64_t)last[-2] << 16 | (uint64_t)last[-3] << 24 |
		    (uint64_t)last[-4] << 32 | (uint64_t)last[-5] << 40 |
		    (uint64_t)last[-6] << 48 | (uint64_t)last[-7] << 56;
	for (i = 0; i < left; i++)
		word |= (uint64_t)*(last - i) << 8 * i;
	return word;
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
 * What is left of a big-endian number has the same factors in common with the
 * product. This is Montgomery's reduction: from the lowest word up, (sum +
 * word) / 2^64 modulo an odd number needs no division.
 */
static uint64_t
reduce(struct str number, uint64_t product)
{
	__extension__ typedef unsigned __int128 wide;
	uint64_t negative = 0 - inverse_of(product);
	wide sum = 0;
	size_t i;

	for (i = 0; i < number.n; i += WORD) {
		sum += word_from_end(number, i);
		/* The low halves add up to 2^64, or are both zero. */
		sum = (sum >> 64) + ((uint64_t)sum != 0) +
		    ((wide)((uint64_t)sum * negative) * product >> 64);
	}
	return (uint64_t)(sum % product);
}

static uint64_t
common_factor(uint64_t a, uint64_t b)
{
	uint64_t rest;

	while (b != 0) {
		rest = a % b;
		a = b;
		b = rest;
	}
	return a;
}

unsigned
rsa_weak_factor(struct str modulus)
{
	uint64_t factor;
	unsigned prime;
	size_t i;

	if (modulus.n == 0)
		return 0;
	if (modulus.p[modulus.n - 1] % 2 == 0)
		return 2;
	for (i = 0; i < PRODUCTS; i++) {
		factor = common_factor(small_primes[i],
		    reduce(modulus, small_primes[i]));
		for (prime = 3; factor > 1; prime += 2)
			if (factor % prime == 0)
				return prime;
	}
	return 0;
}
