/*
 * Small zones that are known by their text while they are opened: all that
 * follows from a text once follows from it again. Those of one kind have one
 * shape.
 */
#include <pthread.h>

#include "alike/stencil.h"
#include "base/arena.h"

enum { ZONE_MAX = 200 };		/* records of one that is learnt */

/* The shapes that any of the readers has seen. */
struct shapes {
	pthread_mutex_t lock;
	struct knowledge known;
};

struct wholes {
	struct zone_wholes wholes;
	struct shapes *shapes;
	struct stencils stencils;
	struct arena *scratch;
	struct tries tries;
	struct shape shape;		/* of the zone that is looked at */
};

uint64_t
alike_key_domain(const struct zone *zone, struct arena *arena,
    const struct shape_key *key, struct str name)
{
	struct str above = key->own_origin ? STR_NONE : name_parent(name);

	return zone_hash(zone, shape_key_domain(arena, key, name, above));
}

/* Names in it are not too long, and end in more than its own label. */
static bool
is_suitable(const struct zone *zone)
{
	return zone->above_length > 0 && zone->name.n <= ZONE_NAME_LONG &&
	    shape_suits(zone_label(zone));
}

/* Its key is in the shape. */
static void
set_kind(struct wholes *wholes, struct zone *zone, const struct known *known)
{
	struct arena_mark mark = arena_mark(wholes->scratch);
	const struct shape_key *key = wholes->shape.keys;

	zone->kind = (struct zone_kind){ .number = known->number,
	    .records = (uint16_t)wholes->shape.records,
	    .keyed = wholes->shape.key_count > 0 };
	if (!zone->kind.keyed)
		return;
	zone->kind.broken = key->broken;
	zone->kind.fingerprint = key->fingerprint;
	zone->kind.position = key->position;
	zone->kind.domain = alike_key_domain(zone, wholes->scratch, key,
	    zone->name);
	arena_release(wholes->scratch, mark);
}

static bool
find(struct zone_wholes *context, struct zone *zone)
{
	struct wholes *wholes = (struct wholes *)(void *)context;
	const struct known *known = is_suitable(zone) ?
	    stencils_find_whole(&wholes->stencils, &wholes->shape, zone) :
	    NULL;

	tries_note(&wholes->tries, known != NULL);
	if (known == NULL)
		return false;
	set_kind(wholes, zone, known);
	return true;
}

static bool
wants(struct zone_wholes *context)
{
	struct wholes *wholes = (struct wholes *)(void *)context;

	return tries_pay(&wholes->tries) ||
	    ++wholes->tries.passed % TRIES_SPARED == 0;
}

bool
alike_is_plain(const struct zone *zone)
{
	const size_t fold_from = zone->options->fold_from;
	const struct zone_contents *contents = zone->contents;

	return contents->record_count <= ZONE_MAX &&
	    contents->problem_count == 0 &&
	    (fold_from == 0 || contents->record_count < fold_from) &&
	    contents->suppressions == NULL && !contents->incomplete &&
	    contents->unreadable.p == NULL && contents->source_count == 1 &&
	    !contents->escaped_owners && is_suitable(zone) &&
	    !str_contains(zone->source->text, STR("mailzone"));
}

/* NULL when they are too many. */
static const struct known *
find_shape(struct shapes *shapes, struct str octets, bool *others)
{
	const struct known *known;

	pthread_mutex_lock(&shapes->lock);
	known = known_find(&shapes->known, octets);
	*others = known != NULL;
	if (known == NULL)
		known = known_add(&shapes->known, octets);
	pthread_mutex_unlock(&shapes->lock);
	return known;
}

static bool
learn(struct zone_wholes *context, struct zone *zone)
{
	struct wholes *wholes = (struct wholes *)(void *)context;
	struct shape *shape = &wholes->shape;
	const struct known *known;
	bool others;

	if (!alike_is_plain(zone) || !shape_make_whole(shape, zone))
		return false;
	shape->records = zone->contents->record_count;
	known = find_shape(wholes->shapes,
	    (struct str){ shape->text, shape->n }, &others);
	if (known == NULL)
		return false;
	set_kind(wholes, zone, known);
	stencils_add_whole(&wholes->stencils, shape, zone, known);
	return others;
}

static struct shapes *
shapes_new(struct arena *arena)
{
	struct shapes *shapes = ARENA_NEW(arena, struct shapes);

	pthread_mutex_init(&shapes->lock, NULL);
	shapes->known = knowledge_new(arena, KNOWLEDGE_SLOTS);
	return shapes;
}

struct zone_wholes *
alike_wholes_new(struct arena *arena, struct zone_wholes *other)
{
	struct wholes *wholes = ARENA_NEW(arena, struct wholes);

	wholes->wholes = (struct zone_wholes){ .find = find, .wants = wants,
	    .learn = learn };
	wholes->shapes = other == NULL ? shapes_new(arena) :
	    ((struct wholes *)(void *)other)->shapes;
	wholes->stencils.arena = arena_child(arena);
	wholes->scratch = arena_child(arena);
	return &wholes->wholes;
}
