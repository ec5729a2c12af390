/*
 * All zones of a run, by name.
 */
#include <string.h>

#include "base/arena.h"
#include "base/hash.h"
#include "base/table.h"
#include "zone/zone.h"

/*
 * Open addressing, at most half full: the number of the first zone of a name
 * plus one. Those of the same name (views, files read twice) follow it.
 */
struct zone_index {
	uint32_t *slots;
	size_t slot_count;		/* a power of two */
	uint32_t *next;			/* of each zone, plus one */
	uint32_t *last;			/* of each name's first, plus one */
	size_t room;
	/* Of the lengths of names, modulo 64: few names need be hashed. */
	uint64_t lengths;
	struct table above;		/* names with zones below them */
	uint64_t above_lengths;		/* of these */
	struct str parent;		/* that was entered last */
};

static uint32_t *
slot_of(const struct zones *zones, struct str name)
{
	const struct zone_index *index = zones->index;
	size_t mask = index->slot_count - 1;
	size_t i = (size_t)hash_quick(0, name) & mask;

	while (index->slots[i] != 0 &&
	    !str_equal(zones->zones[index->slots[i] - 1]->name, name))
		i = (i + 1) & mask;
	return &index->slots[i];
}

/* Puts the zone behind those of its name. */
static void
enter(struct zones *zones, size_t number)
{
	struct zone_index *index = zones->index;
	uint32_t *slot = slot_of(zones, zones->zones[number]->name);
	uint32_t here = (uint32_t)number + 1;

	index->lengths |= UINT64_C(1) << zones->zones[number]->name.n % 64;
	index->next[number] = 0;
	index->last[number] = here;
	if (*slot == 0) {
		*slot = here;
		return;
	}
	index->next[index->last[*slot - 1] - 1] = here;
	index->last[*slot - 1] = here;
}

static void
grow(struct zones *zones, size_t room)
{
	struct zone_index *index = zones->index;
	size_t slots = 16, i;
	struct zone **larger = ARENA_ARRAY(zones->arena, room, struct zone *);

	if (index == NULL)
		index = zones->index = ARENA_NEW(zones->arena,
		    struct zone_index);
	if (zones->count > 0)
		memcpy(larger, zones->zones, zones->count * sizeof(*larger));
	zones->zones = larger;
	zones->room = room;
	while (slots < room * 2)
		slots *= 2;
	index->slots = ARENA_ARRAY(zones->arena, slots, uint32_t);
	index->slot_count = slots;
	index->next = ARENA_ARRAY(zones->arena, room, uint32_t);
	index->last = ARENA_ARRAY(zones->arena, room, uint32_t);
	for (i = 0; i < zones->count; i++)
		enter(zones, i);
}

/* The names above it, up to one that stands there with those above that. */
static void
enter_above(struct zones *zones, const struct zone *zone)
{
	struct zone_index *index = zones->index;
	struct str name = zone_above(zone);

	if (str_equal(name, index->parent))
		return;
	index->parent = name;
	for (; name.n > 0 && table_find(&index->above, name) == NULL;
	    name = name_parent(name)) {
		table_add(&index->above, zones->arena, name, zones);
		index->above_lengths |= UINT64_C(1) << name.n % 64;
	}
}

void
zones_expect(struct zones *zones, size_t more)
{
	if (zones->room - zones->count < more)
		grow(zones, zones->count + more);
}

void
zones_add(struct zones *zones, struct zone *zone)
{
	if (zones->count == zones->room)
		grow(zones, zones->room * 2 + 8);
	zones->zones[zones->count] = zone;
	if (zone->kind.number >= zones->kind_count)
		zones->kind_count = zone->kind.number + 1;
	enter(zones, zones->count++);
	enter_above(zones, zone);
}

static bool
has_zones_below(const struct zone_index *index, struct str name)
{
	return (index->above_lengths >> name.n % 64 & 1) != 0 &&
	    table_find(&index->above, name) != NULL;
}

bool
zones_stand_alone(const struct zones *zones, const struct zone *zone)
{
	const struct zone_index *index = zones->index;
	uint32_t first = index == NULL ? 0 : *slot_of(zones, zone->name);

	return first != 0 && index->next[first - 1] == 0 &&
	    !has_zones_below(index, zone->name);
}

bool
zones_are_apart(const struct zones *zones, struct str name)
{
	return zones->index == NULL || (zones_covering(zones, name) == NULL &&
	    table_find(&zones->index->above, name) == NULL);
}

static const struct zone *
find(const struct zones *zones, struct str name)
{
	const struct zone *zone, *first = NULL, *plain = NULL;
	uint32_t here;

	if (zones->index == NULL ||
	    (zones->index->lengths >> name.n % 64 & 1) == 0)
		return NULL;
	for (here = *slot_of(zones, name); here != 0;
	    here = zones->index->next[here - 1]) {
		zone = zones->zones[here - 1];
		if (str_equal(zone->view, zones->view))
			return zone;
		if (first == NULL)
			first = zone;
		if (plain == NULL && zone->view.n == 0)
			plain = zone;
	}
	return plain != NULL ? plain : first;
}

/* Who finds one asks what it holds. */
const struct zone *
zones_find(const struct zones *zones, struct str name)
{
	const struct zone *zone = find(zones, name);

	if (zone != NULL)
		zone_need(zone);
	return zone;
}

/* Most names that are asked for lie in the zone that is judged. */
const struct zone *
zones_covering(const struct zones *zones, struct str name)
{
	const struct zone *zone = zones->memory == NULL ? NULL :
	    zone_memory_zone(zones->memory);

	if (zone != NULL && name_within(name, zone->name))
		return zone;
	while ((zone = zones_find(zones, name)) == NULL && name.n > 0)
		name = name_parent(name);
	if (zone != NULL && zones->memory != NULL &&
	    !has_zones_below(zones->index, zone->name))
		zone_memory_keep_zone(zones->memory, zone);
	return zone;
}
