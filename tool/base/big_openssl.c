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

void
big_add(struct big *result, const struct big *a, const struct big *b)
{
	if (!BN_add(result->value, a->value, b->value))
		abort();
}

void
big_subtract(struct big *result, const struct big *a, const struct big *b)
{
	if (!BN_sub(result->value, a->value, b->value))
		abort();
}

/* Newton's method, from above: it falls until it is there. */
static int
find_root(BIGNUM *root, BIGNUM *next, const BIGNUM *number, BN_CTX *context)
{
	BN_zero(root);
	if (!BN_set_bit(root, (BN_num_bits(number) + 1) / 2))
		return 0;
	for (;;) {
		if (!BN_div(next, NULL, number, root, context) ||
		    !BN_add(next, next, root) || !BN_rshift1(next, next))
			return 0;
		if (BN_cmp(next, root) >= 0)
			return 1;
		if (BN_copy(root, next) == NULL)
			return 0;
	}
}

void
big_root(struct big *result, const struct big *number)
{
	BN_CTX *context = need_context();
	BIGNUM *next = BN_new();
	int worked;

	worked = next != NULL && (BN_is_zero(number->value) ?
	    BN_set_word(result->value, 0) :
	    find_root(result->value, next, number->value, context));
	BN_free(next);
	done(context, worked);
}

bool
big_equal(const struct big *a, const struct big *b)
{
	return BN_cmp(a->value, b->value) == 0;
}
