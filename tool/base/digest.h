/*
 * SHA-256.
 */
#ifndef BASE_DIGEST_H
#define BASE_DIGEST_H

#include "base/str.h"

struct arena;

/* In lower-case hexadecimal: 64 digits. */
struct str digest_sha256(struct arena *, struct str bytes);

#endif
