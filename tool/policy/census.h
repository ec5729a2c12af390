/*
 * What the two files about the keys of a run share. For them only.
 */
#ifndef POLICY_CENSUS_H
#define POLICY_CENSUS_H

#include "policy/policy.h"

/*
 * For each of these different moduli, in factors: what it has in common with
 * any other; STR_NONE for nothing. False when there are too many to try.
 */
bool shared_primes_find(struct arena *, const struct str *moduli,
    size_t count, struct str *factors);
/* Are the two factors of a modulus so near that a few steps find them? */
bool near_primes_find(struct str modulus);
/* What two moduli have in common; STR_NONE for nothing. */
struct str shared_prime_of(struct arena *, struct str modulus,
    struct str other);

#endif
