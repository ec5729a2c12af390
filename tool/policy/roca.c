/*
 * The fingerprint of ROCA (CVE-2017-15361; Nemec and others, "The Return of
 * Coppersmith's Attack", 2017). The library in chips of Infineon made primes
 * of the form k M + (65537^a mod M), M being the product of the first primes,
 * so a modulus of two is a power of 65537 modulo each of these. Powers of
 * 65537 modulo p are just the x with x^order = 1, order being that of 65537.
 */
#include "policy/rsa.h"

enum { GROUPS = 3 };

/*
 * Where the order is less than p - 1; those first that few others pass. The
 * groups are those of rsa.c, and one more for the primes from 103 to 157.
 */
static const struct marker {
	unsigned prime, order, group;
} markers[] = {
	{ 37, 3, 1 }, { 97, 6, 0 }, { 79, 13, 1 }, { 11, 2, 1 },
	{ 61, 20, 1 }, { 73, 24, 0 }, { 13, 6, 0 }, { 17, 8, 0 },
	{ 19, 9, 1 }, { 53, 26, 0 }, { 71, 35, 0 },
	{ 127, 42, 2 }, { 103, 51, 2 }, { 107, 53, 2 }, { 109, 54, 2 },
	{ 151, 50, 2 }, { 157, 78, 2 },
};

enum { MARKERS = sizeof(markers) / sizeof(markers[0]) };

/* 103 * 107 * 109 * 127 * 151 * 157 */
static const uint64_t large_markers = 3616827707021;

static unsigned
power(unsigned base, unsigned exponent, unsigned modulus)
{
	unsigned result = 1;

	for (; exponent > 0; exponent /= 2) {
		if (exponent % 2 != 0)
			result = result * base % modulus;
		base = base * base % modulus;
	}
	return result;
}

bool
rsa_is_roca(struct str modulus, const uint64_t rests[])
{
	uint64_t rest[GROUPS] = { rests[0], rests[1] };
	unsigned words = (unsigned)(modulus.n + RSA_WORD - 1) / RSA_WORD;
	const struct marker *marker;
	unsigned residue;
	size_t i;

	for (i = 0; i < MARKERS; i++) {
		marker = &markers[i];
		if (marker->group == 2 && rest[2] == 0)
			rest[2] = rsa_rest(modulus, large_markers);
		/* Each word of the number was divided by 2^64. */
		residue = (unsigned)(rest[marker->group] % marker->prime) *
		    power(2, 64 * words % (marker->prime - 1), marker->prime);
		if (power(residue % marker->prime, marker->order,
		    marker->prime) != 1)
			return false;
	}
	return true;
}
