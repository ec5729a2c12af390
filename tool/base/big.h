/*
 * Large natural numbers, by GMP where configure finds it (big_gmp.c), else by
 * OpenSSL (big_openssl.c), which takes its time with very large ones.
 */
#ifndef BASE_BIG_H
#define BASE_BIG_H

#include <stdbool.h>

#include "base/str.h"

struct arena;
struct big;

/* More numbers than this are not multiplied here; 0: as many as you like. */
extern const size_t big_most_factors;

struct big *big_new(void);			/* 0 */
struct big *big_read(struct str octets);	/* big-endian */
void big_free(struct big *);			/* NULL is fine */
struct str big_write(struct arena *, const struct big *);
void big_multiply(struct big *result, const struct big *, const struct big *);
/* The quotient may be NULL; the divisor is not 0. */
void big_divide(struct big *quotient, struct big *rest, const struct big *,
    const struct big *divisor);
void big_add(struct big *result, const struct big *, const struct big *);
/* The second is not the greater one. */
void big_subtract(struct big *result, const struct big *, const struct big *);
/* The square root, rounded down. */
void big_root(struct big *result, const struct big *);
bool big_equal(const struct big *, const struct big *);
void big_gcd(struct big *result, const struct big *, const struct big *);

#endif
