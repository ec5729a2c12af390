/*
 * What is known of texts that are met again, found by their octets.
 */
#include <string.h>

#include "alike/alike.h"
#include "base/arena.h"
#include "base/hash.h"

enum { SLOTS = 1 << 16, KNOWN_MAX = SLOTS / 2 };

struct knowledge
knowledge_new(struct arena *arena)
{
	return (struct knowledge){ .arena = arena_child(arena),
	    .slots = ARENA_ARRAY(arena, SLOTS, struct known *) };
}

void
knowledge_forget(struct knowledge *knowledge)
{
	for (; knowledge->first != NULL;
	    knowledge->first = knowledge->first->next)
		*knowledge->first->slot = NULL;
	if (knowledge->count > 0)
		arena_reset(knowledge->arena);
	knowledge->count = 0;
}

static struct known **
slot_of(const struct knowledge *knowledge, struct str octets, uint64_t hash)
{
	struct known **slots = knowledge->slots;
	size_t i = (size_t)hash & (SLOTS - 1);

	while (slots[i] != NULL && (slots[i]->hash != hash ||
	    !str_equal(slots[i]->octets, octets)))
		i = (i + 1) & (SLOTS - 1);
	return &slots[i];
}

struct known *
known_find(const struct knowledge *knowledge, struct str octets)
{
	return *slot_of(knowledge, octets, hash_quick(0, octets));
}

struct known *
known_add(struct knowledge *knowledge, struct str octets)
{
	uint64_t hash = hash_quick(0, octets);
	struct known **slot = slot_of(knowledge, octets, hash), *known = *slot;

	if (known != NULL || knowledge->count == KNOWN_MAX)
		return known;
	known = *slot = ARENA_NEW(knowledge->arena, struct known);
	known->slot = slot;
	known->hash = hash;
	known->octets = arena_copy(knowledge->arena, octets);
	known->number = (uint32_t)++knowledge->count;
	known->next = knowledge->first;
	knowledge->first = known;
	return known;
}
