#include <assert.h>

#include "../holds.h"
#include "base/arena.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct str text = { (const char *)bytes, size }, printed;
	struct arena *arena = arena_new();
	const struct dmarc *dmarc;
	const struct tag *tag;

	assert(dmarc_holds(arena, text, &printed));
	dmarc = dmarc_parse(arena, text);
	for (tag = dmarc->tags.first; tag != NULL; tag = tag->next)
		assert(!dmarc_tag_is_known(tag->name) ||
		    dmarc_tag_near(tag->name) == NULL);
	assert(dmarc->percent <= 100);
	arena_free(arena);
	return 0;
}
