#include <assert.h>

#include <openssl/evp.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "base/digest.h"

struct str
digest_sha256(struct arena *arena, struct str bytes)
{
	unsigned char octets[EVP_MAX_MD_SIZE];
	struct buffer out = { 0 };
	unsigned length = 0, i;
	int done;

	done = EVP_Digest(bytes.p == NULL ? "" : bytes.p, bytes.n, octets,
	    &length, EVP_sha256(), NULL);
	assert(done == 1);
	(void)done;
	for (i = 0; i < length; i++)
		buffer_printf(&out, "%02x", octets[i]);
	return buffer_finish(&out, arena);
}
