/*
 * What the targets for containers have in common: whatever comes out of one,
 * it adds up.
 */
#ifndef FUZZ_CONTAINER_H
#define FUZZ_CONTAINER_H

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

static void
check_sums(const struct evidence *evidence)
{
	const struct domain_evidence *domain;
	uint64_t messages = 0, total = 0;
	size_t i;

	for (domain = evidence->domains; domain != NULL;
	    domain = domain->next)
		total += domain->tally.messages;
	for (i = 0; i < evidence->row_count; i++)
		messages += evidence->rows[i].messages;
	assert(messages == total);
}

static void
open_container(struct str octets)
{
	const struct evidence_window window = { .since = DAY_NONE,
	    .until = DAY_NONE };
	struct arena *arena = arena_new();
	struct evidence *evidence = evidence_new(arena, window);
	struct container_room room = { 0 };

	container_read(arena, &room, octets, count, evidence);
	evidence_sort(evidence);
	check_sums(evidence);
	container_room_free(&room);
	evidence_free(evidence);
	arena_free(arena);
}

#endif
