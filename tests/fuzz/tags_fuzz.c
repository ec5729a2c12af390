#include <assert.h>

#include "../holds.h"
#include "base/arena.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

/* Everything that is not a blank or a separator belongs to a tag. */
static void
check_cover(struct str text, const struct tags *tags)
{
	const struct tag *tag = tags->first;
	size_t i;

	for (i = 0; i < text.n; i++) {
		if (tag != NULL && i == tag->end)
			tag = tag->next;
		if (tag != NULL && i >= tag->start)
			assert(text.p[i] != ';');
		else
			assert(text.p[i] == ';' || byte_is_blank(text.p[i]));
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct str text = { (const char *)bytes, size }, printed;
	struct arena *arena = arena_new();
	struct tags tags = tags_parse(arena, text);

	check_cover(text, &tags);
	assert(uris_fit(text, report_uris_parse(arena, text, 0)));
	assert(mtasts_holds(arena, text, &printed));
	assert(policy_holds(arena, text, &printed));
	assert(tlsrpt_holds(arena, text, &printed));
	assert(bimi_holds(arena, text, &printed));
	arena_free(arena);
	return 0;
}
