/*
 * What one thread has read lately: rules ask for the records of few names
 * again and again, and making one takes thousands of instructions.
 */
#include <string.h>

#include "base/arena.h"
#include "zone/zone.h"

enum {
	SLOTS = 1024,			/* a power of two */
	NODES_KEPT = SLOTS / 4,
	RECORDS_KEPT = 4 * NODES_KEPT
};

struct kept_node {
	const struct node *node;	/* NULL: free */
	unsigned types;			/* those of the records */
	const struct record **records;	/* in file order */
	size_t count;
};

struct zone_memory {
	struct arena *arena;
	struct kept_node slots[SLOTS];
	struct kept_node *used[SLOTS / 2];
	size_t nodes, records;
	/* Those of which it matters whether they are read, and which were. */
	const struct node *watched[ZONE_WATCHED];
	size_t watched_count;
	uint32_t seen;
	const struct zone *zone;	/* see zone_memory_keep_zone */
};

struct zone_memory *
zone_memory_new(struct arena *arena)
{
	struct zone_memory *memory = ARENA_NEW(arena, struct zone_memory);

	memory->arena = arena_child(arena);
	return memory;
}

void
zone_memory_tidy(struct zone_memory *memory, bool all)
{
	if (!all && memory->nodes < NODES_KEPT &&
	    memory->records < RECORDS_KEPT)
		return;
	memory->zone = NULL;
	while (memory->nodes > 0)
		memory->used[--memory->nodes]->node = NULL;
	memory->records = 0;
	arena_reset(memory->arena);
}

static struct kept_node *
slot_of(struct zone_memory *memory, const struct node *node)
{
	size_t i = (size_t)(node->hash >> 32) & (SLOTS - 1);

	while (memory->slots[i].node != NULL && memory->slots[i].node != node)
		i = (i + 1) & (SLOTS - 1);
	return &memory->slots[i];
}

/* In file order, as both are. */
static void
merge(struct arena *arena, struct kept_node *kept,
    const struct record **more, size_t count)
{
	const struct record **all = ARENA_ARRAY(arena, kept->count + count,
	    const struct record *);
	size_t i = 0, k = 0;

	while (i < kept->count || k < count)
		if (k == count || (i < kept->count &&
		    kept->records[i]->position < more[k]->position)) {
			all[i + k] = kept->records[i];
			i++;
		} else {
			all[i + k] = more[k];
			k++;
		}
	kept->records = all;
	kept->count = i;
	kept->count += k;
}

/* Types that are asked for later are read then. */
static struct kept_node *
keep(struct zone_memory *memory, const struct zone *zone,
    const struct node *node, unsigned types)
{
	struct kept_node *kept = slot_of(memory, node);
	const struct record **more;
	size_t count;

	/* The table would be full before somebody tidies it. */
	if (kept->node == NULL && memory->nodes >= SLOTS / 2)
		return NULL;
	if (kept->node == NULL) {
		memory->used[memory->nodes++] = kept;
		*kept = (struct kept_node){ .node = node };
	}
	types &= ~kept->types;
	if (types == 0)
		return kept;
	count = node_records(zone, node, memory->arena, types, &more);
	if (kept->count == 0) {
		kept->records = more;
		kept->count = count;
	} else if (count > 0)
		merge(memory->arena, kept, more, count);
	kept->types |= types;
	memory->records += count;
	return kept;
}

void
zone_memory_watch(struct zone_memory *memory)
{
	memory->watched_count = 0;
	memory->seen = 0;
}

void
zone_memory_watch_node(struct zone_memory *memory, const struct node *node)
{
	if (memory->watched_count < ZONE_WATCHED)
		memory->watched[memory->watched_count++] = node;
}

uint32_t
zone_memory_seen(const struct zone_memory *memory)
{
	return memory->seen;
}

void
zone_memory_see(struct zone_memory *memory, uint32_t seen)
{
	memory->seen = seen;
}

void
zone_memory_keep_zone(struct zone_memory *memory, const struct zone *zone)
{
	memory->zone = zone;
}

const struct zone *
zone_memory_zone(const struct zone_memory *memory)
{
	return memory->zone;
}

void
zones_note(const struct zones *zones, const struct node *node)
{
	struct zone_memory *memory = zones->memory;
	size_t i, count = memory == NULL ? 0 : memory->watched_count;

	for (i = 0; i < count; i++)
		if (memory->watched[i] == node)
			memory->seen |= (uint32_t)1 << i;
}

size_t
zones_records(const struct zones *zones, const struct zone *zone,
    const struct node *node, struct arena *arena, unsigned types,
    const struct record ***records)
{
	const struct kept_node *kept;
	size_t count = 0, i;

	*records = NULL;
	if ((node->types & types) == 0)
		return 0;
	zones_note(zones, node);
	if (zones->memory == NULL || (kept = keep(zones->memory, zone, node,
	    types & node->types)) == NULL)
		return node_records(zone, node, arena, types, records);
	*records = arena_room(arena, kept->count * sizeof(**records));
	if (kept->count > 0 && (kept->types & ~types) == 0) {
		memcpy(*records, kept->records,
		    kept->count * sizeof(**records));
		return kept->count;
	}
	for (i = 0; i < kept->count; i++)
		if ((rrtype_set(kept->records[i]->type) & types) != 0)
			(*records)[count++] = kept->records[i];
	return count;
}
