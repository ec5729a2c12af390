/* Common primes, by a tree of products and one by one. */
#include "support.h"

#include <stdio.h>
#include <string.h>

#include "auth/base64.h"
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

static struct str
octets_of(struct arena *arena, const char *text)
{
	struct str hex = str_from(text);
	char *octets = arena_alloc(arena, hex.n / 2);
	unsigned octet;
	size_t i;

	for (i = 0; i < hex.n / 2; i++) {
		assert_int_equal(sscanf(hex.p + 2 * i, "%2x", &octet), 1);
		octets[i] = (char)octet;
	}
	return (struct str){ octets, hex.n / 2 };
}

static struct big *
prime(struct arena *arena, unsigned number)
{
	return big_read(octets_of(arena, primes[number]));
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

/*
 * Two primes k M + (65537^a mod M) each, M the product of the first 39 or 71
 * primes, as the broken library made keys of 512 and of 1024 bits.
 */
#define ROCA_512 \
	"b71ba67df7d7d5b1bb21d6c5d8bc9755c0f709a175e4df61ac676ef398f94f81" \
	"3f690b8597ba4266670d770f509764847744cd3de5a637004aea6d1513cd08b5"
#define ROCA_1024 \
	"a96fe8458df3bef13873e122a64c4390092312076bcdabde0d924efe7af8158c" \
	"8122ecb418e21a73d196c0360b20964f9e77b871c063e6fe0df0e71c7648fed5" \
	"51ba98a133afc24c9788386b0c10d64e856198a6b3577b743add520a9cd693ed" \
	"c49736f4028fa4e53eff8297214f236ce3cfae34586788d7be04de5ac9c3a143"
/* The greater prime is less than 2^240 above the other. */
#define NEAR_1024 \
	"ede881cd4061511584429235afba5d4fb9339bbaf501fe33daeb724834fc0cb7" \
	"080cf50953a8c0e5e17ff109cf2f2175a9bd311a7cf0b746c23468413a052f80" \
	"7abea56f4d283e0c8f4d31fed83b706524f4560ac8368e1829adda284f0d797a" \
	"39dcb2d3cdd1beec798a330a8bf23a0d1bfca0f6295356cb8e1992964e059da7"

static void
knows_roca(void **state)
{
	struct arena *arena = arena_new();
	struct str keys[] = { octets_of(arena, ROCA_512),
	    octets_of(arena, ROCA_1024), octets_of(arena, "00" ROCA_1024) };
	uint32_t seed = 20261129;
	char *octets;
	size_t i;

	(void)state;
	for (i = 0; i < countof(keys); i++)
		assert_int_equal(rsa_weak_factor(keys[i]), RSA_ROCA);
	/* Not one that differs in a few bits, of many. */
	for (i = 0; i < 20000; i++) {
		octets = arena_alloc(arena, keys[1].n);
		memcpy(octets, keys[1].p, keys[1].n);
		seed = seed * 1664525 + 1013904223;
		octets[seed / 65536 % keys[1].n] ^= 2 << seed / 16777216 % 7;
		assert_int_not_equal(rsa_weak_factor(
		    (struct str){ octets, keys[1].n }), RSA_ROCA);
	}
	assert_int_not_equal(rsa_weak_factor(octets_of(arena, NEAR_1024)),
	    RSA_ROCA);
	arena_free(arena);
}

enum { OCTETS_2048 = 256 };

static void
multiply(unsigned char *octets, unsigned factor)
{
	uint64_t carry = 0;
	size_t i;

	for (i = OCTETS_2048; i-- > 0; carry >>= 8) {
		carry += (uint64_t)octets[i] * factor;
		octets[i] = (unsigned char)(carry & 0xff);
	}
}

static unsigned
rest_of(const unsigned char *octets, unsigned divisor)
{
	unsigned rest = 0;
	size_t i;

	for (i = 0; i < OCTETS_2048; i++)
		rest = (rest * 256 + octets[i]) % divisor;
	return rest;
}

enum { HEAD_OCTETS = 33 };

/* With this modulus, and the exponent 65537. */
static struct str
usual_key(struct arena *arena, const unsigned char *octets)
{
	static const char head[] = "30820122300d06092a864886f70d010101050003"
	    "82010f003082010a0282010100", tail[] = "0203010001";
	struct str start = octets_of(arena, head), end = octets_of(arena, tail);
	char *der = arena_alloc(arena, start.n + OCTETS_2048 + end.n);

	assert_int_equal(start.n, HEAD_OCTETS);
	memcpy(der, start.p, start.n);
	memcpy(der + start.n, octets, OCTETS_2048);
	memcpy(der + start.n + OCTETS_2048, end.p, end.n);
	return (struct str){ der, start.n + OCTETS_2048 + end.n };
}

/*
 * What is found quickly is so, and few keys are not found; there may be no
 * quick way. Returns how many they are.
 */
static unsigned
assert_usual(const unsigned char *octets, unsigned factor)
{
	struct arena *arena = arena_new();
	struct str der = usual_key(arena, octets);
	struct str digits = base64_encode(arena, der);
	uint64_t fingerprint = 0;
	bool usual;

	assert_int_equal(digits.n, RSA_USUAL_DIGITS);
	usual = rsa_is_usual(digits.p, &fingerprint);
	if (usual)
		assert_true(octets[0] >= 0x80 && factor == 0 &&
		    fingerprint == key_fingerprint(der));
	arena_free(arena);
	return usual || octets[0] < 0x80 || factor != 0 ? 0 : 1;
}

/* The factor is a prime up to 101, or none is. */
static unsigned
assert_weak(const unsigned char *octets)
{
	unsigned factor = rsa_weak_factor(
	    (struct str){ (const char *)octets, OCTETS_2048 }), i;

	for (i = 2; i <= 101 && rest_of(octets, i) != 0;)
		i++;
	assert_true(i > 101 ? factor == 0 : factor >= i && factor <= 101 &&
	    rest_of(octets, factor) == 0);
	return assert_usual(octets, factor);
}

/* Random digits, and no prime up to 101 divides them. */
static const unsigned char *
strong_modulus(unsigned char *octets)
{
	uint32_t seed = 20261129;
	size_t i;

	do {
		for (i = 0; i < OCTETS_2048; i++) {
			seed = seed * 1664525 + 1013904223;
			octets[i] = (unsigned char)(seed >> 24);
		}
		octets[0] |= 0x80;
		octets[OCTETS_2048 - 1] |= 1;
	} while (rsa_weak_factor((struct str){ (const char *)octets,
	    OCTETS_2048 }) != 0);
	return octets;
}

static bool
has_quick_way(void)
{
	unsigned char octets[OCTETS_2048];

	return assert_usual(strong_modulus(octets), 0) == 0;
}

static bool
is_digit(unsigned byte)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	    "abcdefghijklmnopqrstuvwxyz0123456789+/";

	return byte != 0 && strchr(digits, (int)byte) != NULL;
}

/* Of the length of most keys, for which processors have ways of their own. */
static void
knows_factors(void **state)
{
	unsigned char octets[OCTETS_2048];
	unsigned unknown = 0;
	uint32_t seed = 20261129;
	size_t i, j;

	(void)state;
	for (i = 0; i < 4000; i++) {
		for (j = 0; j < OCTETS_2048; j++) {
			seed = seed * 1664525 + 1013904223;
			octets[j] = (unsigned char)(seed >> 24);
		}
		octets[0] |= 0x80;
		octets[OCTETS_2048 - 1] |= 1;
		unknown += assert_weak(octets);
		octets[0] = 0;
		multiply(octets, (unsigned)(i % 101 + 1));
		assert_weak(octets);
	}
	for (i = 0; i < OCTETS_2048; i++) {
		memset(octets, 0xff, sizeof(octets));
		assert_weak(octets);
		octets[i] = 0;
		assert_weak(octets);
		memset(octets, 0, sizeof(octets));
		octets[i] = 0xff;
		octets[OCTETS_2048 - 1] |= 1;
		assert_weak(octets);
	}
	assert_true(unknown < 40 || !has_quick_way());
}

/* An octet, or a digit, that is another one makes it another kind of key. */
static void
knows_usual_keys(void **state)
{
	struct arena *arena = arena_new();
	unsigned char octets[OCTETS_2048];
	struct str der = usual_key(arena, strong_modulus(octets));
	char *digits = (char *)(uintptr_t)base64_encode(arena, der).p, kept;
	uint64_t fingerprint;
	unsigned byte;
	size_t i;

	(void)state;
	for (i = 0; i < der.n; i++) {
		if (i >= HEAD_OCTETS && i < HEAD_OCTETS + OCTETS_2048)
			continue;
		for (byte = 1; byte < 256; byte++) {
			((char *)(uintptr_t)der.p)[i] ^= (char)byte;
			assert_false(rsa_is_usual(base64_encode(arena, der).p,
			    &fingerprint));
			((char *)(uintptr_t)der.p)[i] ^= (char)byte;
		}
	}
	for (i = 0; i < RSA_USUAL_DIGITS; i++) {
		kept = digits[i];
		for (byte = 0; byte < 256; byte++) {
			digits[i] = (char)byte;
			if (!is_digit(byte))
				assert_false(rsa_is_usual(digits,
				    &fingerprint));
		}
		digits[i] = kept;
	}
	assert_int_equal(rsa_is_usual(digits, &fingerprint), has_quick_way());
	arena_free(arena);
}

/* Powers of 65537 are what they are modulo any prime. */
static void
knows_roca_of_2048_bits(void **state)
{
	unsigned char octets[OCTETS_2048] = { [OCTETS_2048 - 1] = 1 };
	struct str modulus = { (const char *)octets, OCTETS_2048 };
	int i;

	(void)state;
	for (i = 1; i < 128; i++) {
		multiply(octets, 65537);
		assert_int_equal(rsa_weak_factor(modulus), RSA_ROCA);
	}
	multiply(octets, 107);
	assert_int_not_equal(rsa_weak_factor(modulus), RSA_ROCA);
	/* One modulo all odd numbers that are small, and of full length. */
	memset(octets, 0, sizeof(octets));
	octets[OCTETS_2048 - 1] = 1;
	for (i = 3; i < 160; i += 2)
		multiply(octets, (unsigned)i);
	while (octets[0] < 0x80)
		multiply(octets, 2);
	octets[OCTETS_2048 - 1] |= 1;
	assert_int_equal(rsa_weak_factor(modulus), RSA_ROCA);
	assert_usual(octets, RSA_ROCA);
}

static void
finds_near_primes(void **state)
{
	struct arena *arena = arena_new();
	struct big *square = prime(arena, 1);

	(void)state;
	assert_true(near_primes_find(octets_of(arena, NEAR_1024)));
	assert_false(near_primes_find(octets_of(arena, ROCA_1024)));
	assert_false(near_primes_find(modulus(arena, "01")));
	big_multiply(square, square, square);
	assert_true(near_primes_find(big_write(arena, square)));
	big_free(square);
	arena_free(arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_common_primes),
		cmocka_unit_test(passes_over_small_factors),
		cmocka_unit_test(knows_roca),
		cmocka_unit_test(knows_factors),
		cmocka_unit_test(knows_usual_keys),
		cmocka_unit_test(knows_roca_of_2048_bits),
		cmocka_unit_test(finds_near_primes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
