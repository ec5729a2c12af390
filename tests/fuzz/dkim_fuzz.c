#include <assert.h>

#include "../holds.h"
#include "base/arena.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct str text = { (const char *)bytes, size }, printed, octets;
	struct arena *arena = arena_new();
	struct der_key key;

	assert(dkim_holds(arena, text, &printed));
	assert(base64_decode(arena, base64_encode(arena, text), &octets));
	assert(str_equal(octets, text));
	key = der_read_key(text);
	assert((key.form == DER_PKCS1) <= (key.bits > 0));
	arena_free(arena);
	return 0;
}
