#include <assert.h>

#include <openssl/err.h>

#include "auth/auth.h"
#include "base/arena.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct str text = { (const char *)bytes, size };
	struct arena *arena = arena_new();
	struct key key = key_read(arena, text);
	const struct dkim *dkim;

	assert(ERR_peek_error() == 0);
	assert(key.error_at <= size);
	assert((key.error.p == NULL) == (key.public_key.n > 0));
	if (key.error.p == NULL) {
		dkim = dkim_parse(arena, key_record(arena, &key, true, false,
		    text));
		assert(dkim->problems.count == 0);
		assert(dkim->bits == key.bits);
		assert(str_equal(dkim->der, key.public_key));
	}
	arena_free(arena);
	return 0;
}
