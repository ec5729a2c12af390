/* gzip, zip, mail, mbox, and each in the other; and what they add up to. */
#include <assert.h>

#include "base/arena.h"
#include "evidence/evidence.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static bool
count(void *context, struct report *report)
{
	evidence_add(context, STR("input"), report);
	return true;
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	const struct evidence_window window = { .since = DAY_NONE,
	    .until = DAY_NONE };
	struct arena *arena = arena_new();
	struct evidence *evidence = evidence_new(arena, window);
	struct container_room room = { 0 };
	const struct domain_evidence *domain;
	uint64_t messages = 0, total = 0;
	size_t i;

	container_read(arena, &room, (struct str){ (const char *)bytes,
	    size }, count, evidence);
	evidence_sort(evidence);
	for (domain = evidence->domains; domain != NULL;
	    domain = domain->next)
		total += domain->tally.messages;
	for (i = 0; i < evidence->row_count; i++)
		messages += evidence->rows[i].messages;
	assert(messages == total);
	container_room_free(&room);
	evidence_free(evidence);
	arena_free(arena);
	return 0;
}
