/*
 * Names that are written alike are judged once. A provider's zone holds a
 * hundred thousand customers and a few hundred ways to write one: when nothing
 * was found in a family of names (a child of the apex, and all below it), then
 * nothing would be found in another of the same shape. So it is with small
 * zones. What a shape leaves out is looked at here, or never matters; see
 * lint_unlike.
 */
#include <string.h>

#include "base/arena.h"
#include "base/hash.h"
#include "rules/likeness.h"

enum {
	FAMILY_MAX = 32,		/* names */
	ZONE_MAX = 200,			/* records of one that is compared */
	MANY_RECORDS = 1024,
	NAME_LONG = 128,		/* of the apex */
	SLOTS = 1 << 15,
	/* Of stencils; whatever is found is often found once only. */
	BRANCHES = 32, LOUD_BRANCHES = 16,
	SHAPES_MAX = SLOTS / 2		/* remembered */
};

struct known {
	struct known *next;		/* in the order in which they came */
	struct known **slot;
	uint64_t hash;
	struct str text;
	size_t keys, zone;		/* how many; number of a zone */
	bool loud;			/* something was found, so it is judged */
	bool suffixes;			/* it was asked whether names are such */
};

/* Of texts that give a shape in which something was found. */
static const struct known loud = { .loud = true };

/* Shapes in which nothing was found, and one that is looked for. */
struct shapes {
	struct arena *arena;
	struct known **slots;		/* by hash */
	struct known *first;		/* of all */
	size_t count;
	struct stencils stencils;
	struct shape shape;
	struct known **slot;		/* for it */
	bool drawn;			/* it is there, and not known */
	bool unlike;			/* and stands for no other */
	size_t asked;			/* about suffixes, before */
};

struct likeness {
	const struct zone *zone;	/* whose families these are */
	bool applies;			/* to that zone */
	bool suffixes;			/* may be among its names */
	struct shapes families, zones;
};

static void
start_shapes(struct shapes *shapes, struct arena *arena)
{
	shapes->arena = shapes->stencils.arena = arena_child(arena);
	shapes->slots = ARENA_ARRAY(arena, SLOTS, struct known *);
}

struct likeness *
likeness_new(struct arena *arena)
{
	struct likeness *likeness = ARENA_NEW(arena, struct likeness);

	start_shapes(&likeness->families, arena);
	start_shapes(&likeness->zones, arena);
	return likeness;
}

void
lint_unlike(const struct lint *lint)
{
	if (lint->likeness != NULL)
		lint->likeness->families.unlike =
		    lint->likeness->zones.unlike = true;
}

/* ---- shapes ---------------------------------------------------------------- */

static void
forget(struct shapes *shapes)
{
	for (; shapes->first != NULL; shapes->first = shapes->first->next)
		*shapes->first->slot = NULL;
	if (shapes->count + shapes->stencils.count > 0)
		arena_reset(shapes->arena);
	shapes->count = shapes->stencils.count = 0;
	shapes->stencils.root = NULL;
}

/* Where the shape is remembered, or would be. */
static struct known **
slot_of(struct shapes *shapes)
{
	struct str text = { shapes->shape.text, shapes->shape.n };
	uint64_t hash = hash_quick(0, text);
	struct known **slots = shapes->slots;
	size_t i = (size_t)hash & (SLOTS - 1);

	while (slots[i] != NULL && (slots[i]->hash != hash ||
	    !str_equal(slots[i]->text, text)))
		i = (i + 1) & (SLOTS - 1);
	return &slots[i];
}

/* A question begins: nothing is known, nothing has been asked yet. */
static void
begin(struct shapes *shapes, const struct lint *lint)
{
	shapes->drawn = shapes->unlike = false;
	shapes->asked = psl_asked(lint->world->psl);
}

/* What is known of the shape that has been drawn; NULL when nothing is. */
static const struct known *
find_shape(struct shapes *shapes)
{
	shapes->slot = slot_of(shapes);
	shapes->drawn = *shapes->slot == NULL;
	return *shapes->slot;
}

/* Nothing was found where it was drawn. */
static const struct known *
remember(struct shapes *shapes, const struct lint *lint, size_t keys,
    size_t zone)
{
	struct known *known;

	/* A key that is none would be compared with those that are. */
	if (!shapes->drawn || shapes->unlike || keys != shapes->shape.key_count ||
	    shapes->count == SHAPES_MAX)
		return NULL;
	known = ARENA_NEW(shapes->arena, struct known);
	known->text = arena_copy(shapes->arena, (struct str){
	    shapes->shape.text, shapes->shape.n });
	known->hash = hash_quick(0, known->text);
	known->keys = keys;
	known->zone = zone;
	known->suffixes = psl_asked(lint->world->psl) > shapes->asked;
	known->slot = shapes->slot;
	*known->slot = known;
	known->next = shapes->first;
	shapes->first = known;
	shapes->count++;
	shapes->drawn = false;
	return known;
}

/* ---- where it applies ---------------------------------------------------- */

static bool
applies(const struct world *world, const struct zone *zone)
{
	const struct config *config = world->config;

	return world->psl != NULL && world->state == NULL &&
	    world->zones->cache == NULL && (config->source == NULL ||
	    (config->domain_count == 0 && config->parked_domains.count == 0 &&
	    config->parked_files.count == 0)) &&
	    name_labels(zone->name) > 1 && zone->name.n <= NAME_LONG &&
	    !zone->escaped_owners && zones_stand_alone(world->zones, zone);
}

struct likeness *
likeness_of(struct likeness *likeness, const struct world *world,
    const struct zone *zone)
{
	if (likeness->zone != zone) {
		likeness->zone = zone;
		likeness->applies = applies(world, zone);
		/* Of few names it is not worth while to find out. */
		likeness->suffixes = likeness->applies &&
		    (zone->record_count < MANY_RECORDS ||
		    psl_lists_below(world->psl, zone->name));
		forget(&likeness->families);
	}
	return likeness->applies ? likeness : NULL;
}

/* ---- keys ---------------------------------------------------------------- */

/* The domain of a key: what stands behind _domainkey, as it is written. */
static struct str
domain_of_key(struct lint *lint, const struct shape_key *key,
    struct str name, struct str above)
{
	static const struct str label = STR_INIT("_domainkey");
	struct str rest = str_after(key->owner,
	    str_find_str(key->owner, label) + label.n + 1);

	if (rest.n > 0 && rest.p[rest.n - 1] == '.')
		return str_slice(rest, 0, rest.n - 1);
	return name_join(lint->arena, rest, key->own_origin ? name : above);
}

static void
note_keys(struct lint *lint, const struct shape *shape, struct str name)
{
	size_t i;

	for (i = 0; i < shape->key_count; i++)
		dkim_remember_rsa(lint, shape->keys[i].fingerprint,
		    domain_of_key(lint, &shape->keys[i], name,
		    name_parent(name)),
		    shape->keys[i].position);
}

/* ---- families -------------------------------------------------------------- */

static const struct known *
look_up(struct lint *lint, size_t number, size_t count, struct str name)
{
	struct shapes *families = &lint->likeness->families;
	struct shape *shape = &families->shape;
	const struct known *known = stencils_find(&families->stencils, shape,
	    lint->zone, number, count, name);

	if (known != NULL || !shape_make(shape, lint->zone, number, count,
	    name))
		return known;
	known = find_shape(families);
	if (known != NULL)
		stencils_add(&families->stencils, shape, lint->zone->name,
		    known, BRANCHES);
	return known;
}

static const struct known *
find_family(struct lint *lint, const struct node *top, size_t number,
    size_t count)
{
	struct shapes *families = &lint->likeness->families;
	struct str name = node_name(lint->zone, top, lint->arena);
	const struct known *known;

	if (top->occluded || !shape_suits(name_label(name)))
		return NULL;
	known = look_up(lint, number, count, name);
	/* Names below it may be suffixes, too. */
	if (known == NULL || known->loud ||
	    (known->suffixes && lint->likeness->suffixes))
		return NULL;
	note_keys(lint, &families->shape, name);
	return known;
}

bool
likeness_knows(struct lint *lint, size_t number, size_t to, size_t *next,
    size_t *keys)
{
	struct likeness *likeness = lint->likeness;
	const struct known *known;
	const struct node *top;
	struct arena_mark mark;
	size_t count;

	*next = number + 1;
	if (likeness == NULL)
		return false;
	begin(&likeness->families, lint);
	count = zone_family(lint->zone, number, FAMILY_MAX, &top);
	if (count == 0 || count > to - number)
		return false;
	*next = number + count;
	mark = arena_mark(lint->arena);
	known = find_family(lint, top, number, count);
	arena_release(lint->arena, mark);
	if (known != NULL)
		*keys = known->keys;
	return known != NULL;
}

void
likeness_remember(struct lint *lint, size_t keys, bool silent)
{
	const struct known *known;
	struct shapes *families;

	if (lint->likeness == NULL)
		return;
	families = &lint->likeness->families;
	known = silent ? remember(families, lint, keys, 0) : families->drawn ?
	    &loud : NULL;
	if (known != NULL)
		stencils_add(&families->stencils, &families->shape,
		    lint->zone->name, known, silent ? BRANCHES :
		    LOUD_BRANCHES);
}

/* ---- zones ----------------------------------------------------------------- */

/* Whole, of one file, written by hand, and nobody else says anything of it. */
static bool
is_plain_zone(struct lint *lint, const struct zone *zone)
{
	return zone->record_count <= ZONE_MAX && zone->problem_count == 0 &&
	    zone->suppressions == NULL && !zone->incomplete &&
	    zone->unreadable.p == NULL && zone->source_count == 1 &&
	    zone->also_count == 0 && zone->view.n == 0 &&
	    !str_contains(zone->source->text, STR("mailzone")) &&
	    shape_suits(name_label(zone->name)) && zones_covering(
	    lint->world->zones, name_parent(zone->name)) == NULL &&
	    !lint_may_have_organizations(lint, zone->name);
}

static const struct known *
look_up_zone(const struct lint *lint)
{
	struct shapes *zones = &lint->likeness->zones;
	const struct known *known = stencils_find_whole(&zones->stencils,
	    &zones->shape, lint->zone);

	if (known != NULL || !shape_make_whole(&zones->shape, lint->zone))
		return known;
	known = find_shape(zones);
	if (known != NULL)
		stencils_add_whole(&zones->stencils, &zones->shape,
		    lint->zone, known, BRANCHES);
	return known;
}

bool
likeness_knows_zone(struct lint *lint, size_t *like, size_t *keys)
{
	struct shapes *zones;
	const struct zone *zone = lint->zone;
	const struct known *known;

	if (lint->likeness == NULL)
		return false;
	zones = &lint->likeness->zones;
	begin(zones, lint);
	if (!is_plain_zone(lint, zone))
		return false;
	known = look_up_zone(lint);
	if (known == NULL || known->suffixes)
		return false;
	note_keys(lint, &zones->shape, zone->name);
	*keys = known->keys;
	*like = known->zone;
	return true;
}

void
likeness_remember_zone(struct lint *lint, size_t number, size_t keys)
{
	const struct known *known;
	struct shapes *zones;

	if (lint->likeness == NULL)
		return;
	zones = &lint->likeness->zones;
	known = remember(zones, lint, keys, number);
	if (known != NULL)
		stencils_add_whole(&zones->stencils, &zones->shape,
		    lint->zone, known, BRANCHES);
}
