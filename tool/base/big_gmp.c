#include <gmp.h>

#include <stdlib.h>

#include "base/arena.h"
#include "base/big.h"

struct big {
	mpz_t value;
};

const size_t big_most_factors = 0;

struct big *
big_new(void)
{
	struct big *big = malloc(sizeof(*big));

	/* GMP itself ends the program when memory runs out. */
	if (big == NULL)
		abort();
	mpz_init(big->value);
	return big;
}

struct big *
big_read(struct str octets)
{
	struct big *big = big_new();

	mpz_import(big->value, octets.n, 1, 1, 1, 0, octets.p);
	return big;
}

void
big_free(struct big *big)
{
	if (big != NULL)
		mpz_clear(big->value);
	free(big);
}

struct str
big_write(struct arena *arena, const struct big *big)
{
	size_t n = (mpz_sizeinbase(big->value, 2) + 7) / 8;
	char *octets = arena_alloc(arena, n + 1);

	mpz_export(octets, &n, 1, 1, 1, 0, big->value);
	return (struct str){ octets, n };
}

void
big_multiply(struct big *result, const struct big *a, const struct big *b)
{
	mpz_mul(result->value, a->value, b->value);
}

void
big_divide(struct big *quotient, struct big *rest, const struct big *number,
    const struct big *divisor)
{
	if (quotient == NULL)
		mpz_tdiv_r(rest->value, number->value, divisor->value);
	else
		mpz_tdiv_qr(quotient->value, rest->value, number->value,
		    divisor->value);
}

void
big_gcd(struct big *result, const struct big *a, const struct big *b)
{
	mpz_gcd(result->value, a->value, b->value);
}

void
big_add(struct big *result, const struct big *a, const struct big *b)
{
	mpz_add(result->value, a->value, b->value);
}

void
big_subtract(struct big *result, const struct big *a, const struct big *b)
{
	mpz_sub(result->value, a->value, b->value);
}

void
big_root(struct big *result, const struct big *number)
{
	mpz_sqrt(result->value, number->value);
}

bool
big_equal(const struct big *a, const struct big *b)
{
	return mpz_cmp(a->value, b->value) == 0;
}
