/*
 * Hashing: SipHash-2-4 with a key, and a quick one for tables.
 */
#ifndef BASE_HASH_H
#define BASE_HASH_H

#include <stdint.h>

#include "base/str.h"

struct hash_key {
	uint64_t low, high;
};

/* One key for all runs: the same bytes give the same fingerprint for ever. */
extern const struct hash_key hash_key_fixed;

/* For what lasts: the same on every machine. SipHash-2-4. */
uint64_t hash_bytes(struct hash_key, struct str);
/* Far quicker, for tables inside one run; not for what lasts. */
uint64_t hash_quick(uint64_t key, struct str);

#endif
