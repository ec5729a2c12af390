#include <endian.h>
#include <string.h>

#include "base/hash.h"

/* ASCII "mailzone", twice; changing it would change every fingerprint. */
const struct hash_key hash_key_fixed = {
	0x6d61696c7a6f6e65, 0x6d61696c7a6f6e65
};

struct state {
	uint64_t a, b, c, d;
};

static uint64_t
rotate(uint64_t word, unsigned bits)
{
	return word << bits | word >> (64 - bits);
}

static void
rounds(struct state *v, unsigned count)
{
	while (count-- > 0) {
		v->a += v->b;
		v->b = rotate(v->b, 13) ^ v->a;
		v->a = rotate(v->a, 32);
		v->c += v->d;
		v->d = rotate(v->d, 16) ^ v->c;
		v->a += v->d;
		v->d = rotate(v->d, 21) ^ v->a;
		v->c += v->b;
		v->b = rotate(v->b, 17) ^ v->c;
		v->c = rotate(v->c, 32);
	}
}

/* Eight bytes, the first one lowest. */
static uint64_t
word_at(const char *bytes)
{
	uint64_t word;

	memcpy(&word, bytes, sizeof(word));
	return le64toh(word);
}

/* The same of the last ones, which are less, or none. */
static uint64_t
last_word(struct str bytes, size_t from)
{
	uint64_t word = 0;
	size_t i;

	if (bytes.n >= 8)
		return from == bytes.n ? 0 :
		    word_at(bytes.p + bytes.n - 8) >> 8 * (from + 8 - bytes.n);
	for (i = 0; i < bytes.n; i++)
		word |= (uint64_t)(unsigned char)bytes.p[i] << 8 * i;
	return word;
}

static void
mix(struct state *v, uint64_t word)
{
	v->d ^= word;
	rounds(v, 2);
	v->a ^= word;
}

/* SipHash: a fast short-input PRF, Aumasson and Bernstein, 2012. */
uint64_t
hash_bytes(struct hash_key key, struct str bytes)
{
	struct state v = {
		key.low ^ 0x736f6d6570736575, key.high ^ 0x646f72616e646f6d,
		key.low ^ 0x6c7967656e657261, key.high ^ 0x7465646279746573
	};
	size_t i;

	for (i = 0; i + 8 <= bytes.n; i += 8)
		mix(&v, word_at(bytes.p + i));
	mix(&v, last_word(bytes, i) | (uint64_t)bytes.n << 56);
	v.c ^= 0xff;
	rounds(&v, 4);
	return v.a ^ v.b ^ v.c ^ v.d;
}

/* Two rounds of multiplication and folding for sixteen octets. */
static uint64_t
fold(uint64_t a, uint64_t b)
{
	__extension__ typedef unsigned __int128 wide;
	wide product = (wide)a * b;

	return (uint64_t)product ^ (uint64_t)(product >> 64);
}

static uint64_t
eight(const char *octets)
{
	uint64_t word;

	memcpy(&word, octets, sizeof(word));
	return word;
}

static uint32_t
four(const char *octets)
{
	uint32_t word;

	memcpy(&word, octets, sizeof(word));
	return word;
}

/*
 * Up to sixteen octets, some of them twice; how many they are is hashed, too.
 */
static void
last_words(const char *p, size_t n, uint64_t *a, uint64_t *b)
{
	if (n >= 8) {
		*a = eight(p);
		*b = eight(p + n - 8);
	} else if (n >= 4) {
		*a = four(p);
		*b = four(p + n - 4);
	} else {
		*a = (uint64_t)(unsigned char)p[0] << 8 |
		    (unsigned char)p[n / 2];
		*b = (unsigned char)p[n - 1];
	}
}

uint64_t
hash_quick(uint64_t key, struct str bytes)
{
	const uint64_t first = key ^ 0xa0761d6478bd642f;
	const uint64_t second = 0xe7037ed1a0b428db;
	/* Beside the octets it could undo a difference between them. */
	const uint64_t length = bytes.n;
	const char *here = bytes.p;
	size_t left = bytes.n;
	uint64_t hash = key, a, b;

	for (; left > 16; here += 16, left -= 16)
		hash = fold(eight(here) ^ first,
		    eight(here + 8) ^ hash ^ second);
	if (left > 0) {
		last_words(here, left, &a, &b);
		hash = fold(a ^ first, b ^ hash ^ second);
	}
	return fold(hash ^ 0x8ebc6af09c88c6e3,
	    0x589965cc75374cc3 ^ key ^ length);
}
