/*
 * Digests, in lower-case hexadecimal.
 */
#ifndef BASE_DIGEST_H
#define BASE_DIGEST_H

#include "base/str.h"

struct arena;

struct str digest_sha256(struct arena *, struct str bytes);	/* 64 digits */
/* To compare with what others publish; it protects nothing. 40 digits. */
struct str digest_sha1(struct arena *, struct str bytes);

#endif
