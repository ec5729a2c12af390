#include <assert.h>

#include <openssl/evp.h>

#include "base/arena.h"
#include "base/digest.h"

static struct str
digest(struct arena *arena, struct str bytes, const EVP_MD *kind)
{
	static const char digits[] = "0123456789abcdef";
	unsigned char octets[EVP_MAX_MD_SIZE];
	unsigned length = 0, i;
	char *out;
	int done;

	done = EVP_Digest(bytes.p == NULL ? "" : bytes.p, bytes.n, octets,
	    &length, kind, NULL);
	assert(done == 1);
	(void)done;
	out = arena_alloc(arena, 2 * (size_t)length + 1);
	for (i = 0; i < length; i++) {
		out[2 * i] = digits[octets[i] >> 4];
		out[2 * i + 1] = digits[octets[i] & 15];
	}
	out[2 * (size_t)length] = '\0';
	return (struct str){ out, 2 * (size_t)length };
}

struct str
digest_sha256(struct arena *arena, struct str bytes)
{
	return digest(arena, bytes, EVP_sha256());
}

struct str
digest_sha1(struct arena *arena, struct str bytes)
{
	return digest(arena, bytes, EVP_sha1());
}
