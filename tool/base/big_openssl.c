#include <openssl/bn.h>

#include <limits.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/big.h"

/* Its memory is all that can be lacking, and then there is nothing to do. */
struct big {
	BIGNUM *value;
};

/* Division takes the square of the length. */
const size_t big_most_factors = 20000;

static BN_CTX *
need_context(void)
{
	BN_CTX *context = BN_CTX_new();

	if (context == NULL)
		abort();
	return context;
}

static void
done(BN_CTX *context, int worked)
{
	BN_CTX_free(context);
	if (!worked)
		abort();
}

struct big *
big_new(void)
{
	struct big *big = malloc(sizeof(*big));

	if (big == NULL || (big->value = BN_new()) == NULL)
		abort();
	return big;
}

struct big *
big_read(struct str octets)
{
	struct big *big = big_new();

	if (octets.n > INT_MAX || BN_bin2bn((const unsigned char *)octets.p,
	    (int)octets.n, big->value) == NULL)
		abort();
	return big;
}

void
big_free(struct big *big)
{
	if (big != NULL)
		BN_free(big->value);
	free(big);
}

struct str
big_write(struct arena *arena, const struct big *big)
{
	size_t n = (size_t)BN_num_bytes(big->value);
	char *octets = arena_alloc(arena, n + 1);

	BN_bn2bin(big->value, (unsigned char *)octets);
	return (struct str){ octets, n };
}

void
big_multiply(struct big *result, const struct big *a, const struct big *b)
{
	BN_CTX *context = need_context();

	done(context, BN_mul(result->value, a->value, b->value, context));
}

void
big_divide(struct big *quotient, struct big *rest, const struct big *number,
    const struct big *divisor)
{
	BN_CTX *context = need_context();

	done(context, BN_div(quotient == NULL ? NULL : quotient->value,
	    rest->value, number->value, divisor->value, context));
}

void
big_gcd(struct big *result, const struct big *a, const struct big *b)
{
	BN_CTX *context = need_context();

	done(context, BN_gcd(result->value, a->value, b->value, context));
}
