/* Common primes, by a tree of products and one by one. */
#include "support.h"

#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/big.h"
#include "policy/census.h"

/* Primes of 136 bits. */
static const char *const primes[] = {
	"eb254b0c4e010c4759482c9cbc43435cc5",
	"e6d1a4c01ea887ae221b35411b72723b9d",
	"cdb70ba858a53fddc9099f9c9feb7fe26b",
	"cd10053d2c76cc057308ec379a602533dd",
	"cd3284fc6fce017551f78530bfcaca003d",
	"fd690c9bf857c52302858d5cd25eb2ad7f",
	"cde9f0ef41ef115a1b940a1624a44ab3ad",
};

static struct big *
prime(struct arena *arena, unsigned number)
{
	struct str hex = str_from(primes[number]);
	char *octets = arena_alloc(arena, hex.n / 2);
	unsigned octet;
	size_t i;

	for (i = 0; i < hex.n / 2; i++) {
		assert_int_equal(sscanf(hex.p + 2 * i, "%2x", &octet), 1);
		octets[i] = (char)octet;
	}
	return big_read((struct str){ octets, hex.n / 2 });
}

/* "01" is the product of the first two. */
static struct str
modulus(struct arena *arena, const char *pair)
{
	struct big *a = prime(arena, (unsigned)(pair[0] - '0'));
	struct big *b = prime(arena, (unsigned)(pair[1] - '0'));
	struct str product;

	big_multiply(a, a, b);
	product = big_write(arena, a);
	big_free(a);
	big_free(b);
	return product;
}

static const struct {
	const char *moduli[5];
	const char *shared;		/* x: it has a factor in common */
} rows[] = {
	{ { "01" }, "-" },
	{ { "01", "23" }, "--" },
	{ { "01", "02" }, "xx" },
	{ { "01", "23", "45" }, "---" },
	{ { "01", "23", "14" }, "x-x" },
	{ { "01", "12", "20" }, "xxx" },	/* both primes are known */
	{ { "01", "23", "45", "64", "16" }, "x-xxx" },
};

static void
finds_common_primes(void **state)
{
	struct str moduli[5], factors[5];
	struct arena *arena = arena_new();
	size_t row, count, i, j;
	bool shares;

	(void)state;
	for (row = 0; row < countof(rows); row++) {
		count = strlen(rows[row].shared);
		for (i = 0; i < count; i++) {
			moduli[i] = modulus(arena, rows[row].moduli[i]);
			factors[i] = STR_NONE;
		}
		assert_true(shared_primes_find(arena, moduli, count,
		    factors));
		for (i = 0; i < count; i++) {
			shares = false;
			for (j = 0; j < count; j++)
				shares |= i != j && shared_prime_of(arena,
				    moduli[i], moduli[j]).p != NULL;
			if (shares != (rows[row].shared[i] == 'x') ||
			    shares != (factors[i].p != NULL))
				fail_msg("row %zu, modulus %zu", row, i);
		}
	}
	arena_free(arena);
}

/* Numbers of no key, which have small factors only. */
static void
passes_over_small_factors(void **state)
{
	struct str moduli[] = { STR("\1\0\0\0\0\1"), STR("\3"),
	    STR("\1\0\0\0\0\3") }, factors[3] = { { 0 } };
	struct arena *arena = arena_new();
	size_t i;

	(void)state;
	assert_true(shared_primes_find(arena, moduli, 3, factors));
	for (i = 0; i < 3; i++)
		assert_null(factors[i].p);
	assert_true(shared_primes_find(arena, moduli, 0, factors));
	arena_free(arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_common_primes),
		cmocka_unit_test(passes_over_small_factors),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
