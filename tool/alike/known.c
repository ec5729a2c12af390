/*
 * What is known of texts that are met again, found by their octets.
 */
#include <string.h>

#include "alike/stencil.h"
#include "base/arena.h"
#include "base/hash.h"

enum { TRIES_MIN = 256, TRIES_MAX = 4096, UNFAMILIAR = 4 };

struct knowledge
knowledge_new(struct arena *arena, size_t slots)
{
	return (struct knowledge){ .arena = arena_child(arena),
	    .slots = ARENA_ARRAY(arena, slots, struct known *),
	    .slot_count = slots };
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
	const size_t mask = knowledge->slot_count - 1;
	size_t i = (size_t)hash & mask;

	while (slots[i] != NULL && (slots[i]->hash != hash ||
	    !str_equal(slots[i]->octets, octets)))
		i = (i + 1) & mask;
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

	if (known != NULL || knowledge->count == knowledge->slot_count / 2)
		return known;
	/* The octets stand behind it, as both are asked for. */
	known = *slot = arena_alloc(knowledge->arena,
	    sizeof(*known) + octets.n);
	known->slot = slot;
	known->hash = hash;
	known->octets = (struct str){ (char *)(known + 1), octets.n };
	memcpy(known + 1, octets.p, octets.n);
	known->number = (uint32_t)++knowledge->count;
	known->next = knowledge->first;
	knowledge->first = known;
	return known;
}

/* ---- is it worth it? ----------------------------------------------------- */

bool
tries_pay(const struct tries *tries)
{
	return tries->looked_at < TRIES_MIN ||
	    tries->known * UNFAMILIAR >= tries->looked_at;
}

void
tries_note(struct tries *tries, bool known)
{
	if (tries->looked_at == TRIES_MAX) {
		tries->looked_at /= 2;
		tries->known /= 2;
	}
	tries->looked_at++;
	tries->known += known;
}
