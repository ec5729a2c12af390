/*
 * Names that are written alike are judged once. A provider's zone holds a
 * hundred thousand customers and a few hundred ways to write one: when nothing
 * was found in a family of names (a child of the apex, and all below it), then
 * nothing would be found in another of the same shape. What a shape leaves out
 * is looked at here, or never matters; see lint_unlike.
 */
#include <string.h>

#include "base/arena.h"
#include "base/hash.h"
#include "rules/likeness.h"

enum {
	FAMILY_MAX = 32,		/* names */
	LABEL_SHORT = 2, LABEL_LONG = 32,
	NAME_LONG = 128,		/* of the apex */
	SLOTS = 1 << 15,
	SHAPES_MAX = SLOTS / 2		/* remembered */
};

struct known {
	struct known *next;		/* in the order in which they came */
	struct known **slot;
	uint64_t hash;
	struct str text;
	size_t keys;
};

struct likeness {
	struct arena *arena;
	const struct zone *zone;	/* whose shapes these are */
	bool applies;			/* to that zone */
	struct known **shapes;		/* by hash, SLOTS of them */
	struct known *first;		/* of all */
	size_t count;
	/* The family that was asked about last. */
	struct shape shape;
	struct known **slot;		/* for it */
	bool drawn;			/* it is there, and not known */
	bool unlike;			/* and stands for no other */
};

struct likeness *
likeness_new(struct arena *arena)
{
	struct likeness *likeness = ARENA_NEW(arena, struct likeness);

	likeness->arena = arena_child(arena);
	likeness->shapes = ARENA_ARRAY(arena, SLOTS, struct known *);
	return likeness;
}

void
lint_unlike(const struct lint *lint)
{
	if (lint->likeness != NULL)
		lint->likeness->unlike = true;
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

static void
forget(struct likeness *likeness)
{
	for (; likeness->first != NULL; likeness->first = likeness->first->next)
		*likeness->first->slot = NULL;
	if (likeness->count > 0)
		arena_reset(likeness->arena);
	likeness->count = 0;
}

struct likeness *
likeness_of(struct likeness *likeness, const struct world *world,
    const struct zone *zone)
{
	if (likeness->zone != zone) {
		likeness->zone = zone;
		likeness->applies = applies(world, zone);
		forget(likeness);
	}
	return likeness->applies ? likeness : NULL;
}

/* ---- the name ------------------------------------------------------------ */

/* Small letters, digits, and inner hyphens. */
static bool
is_plain(struct str label)
{
	size_t i;
	int byte;

	if (label.n < LABEL_SHORT || label.n > LABEL_LONG)
		return false;
	for (i = 0; i < label.n; i++) {
		byte = (unsigned char)label.p[i];
		if (!byte_is_digit(byte) && (byte < 'a' || byte > 'z') &&
		    (byte != '-' || i == 0 || i == label.n - 1))
			return false;
	}
	return true;
}

/* It is no public suffix either, nor are names below it. */
static bool
is_common(struct lint *lint, struct str name)
{
	return is_plain(name_label(name)) &&
	    !label_is_special(name_label(name)) &&
	    !lint_may_have_organizations(lint, name);
}

/* ---- keys ---------------------------------------------------------------- */

/* The domain of a key: what stands behind _domainkey, as it is written. */
static struct str
domain_of_key(struct lint *lint, const struct shape_key *key,
    struct str family)
{
	static const struct str label = STR_INIT("_domainkey");
	struct str rest = str_after(key->owner,
	    str_find_str(key->owner, label) + label.n + 1);

	if (rest.n > 0 && rest.p[rest.n - 1] == '.')
		return str_slice(rest, 0, rest.n - 1);
	return name_join(lint->arena, rest, key->own_origin ? family :
	    lint->zone->name);
}

static void
note_keys(struct lint *lint, const struct shape *shape, struct str family)
{
	size_t i;

	for (i = 0; i < shape->key_count; i++)
		dkim_remember_rsa(lint, shape->keys[i].fingerprint,
		    domain_of_key(lint, &shape->keys[i], family),
		    shape->keys[i].position);
}

/* ---- asking and remembering ---------------------------------------------- */

/* Where the shape is remembered, or would be. */
static struct known **
slot_of(struct likeness *likeness)
{
	struct str text = { likeness->shape.text, likeness->shape.n };
	uint64_t hash = hash_quick(0, text);
	struct known **slots = likeness->shapes;
	size_t i = (size_t)hash & (SLOTS - 1);

	while (slots[i] != NULL && (slots[i]->hash != hash ||
	    !str_equal(slots[i]->text, text)))
		i = (i + 1) & (SLOTS - 1);
	return &slots[i];
}

static bool
is_known(struct lint *lint, const struct node *top, size_t *keys)
{
	struct likeness *likeness = lint->likeness;
	const struct shape *shape = &likeness->shape;
	struct str name = node_name(lint->zone, top, lint->arena);

	likeness->drawn = !top->occluded && is_common(lint, name) &&
	    shape_make(&likeness->shape, lint->arena, lint->zone, top, name);
	if (!likeness->drawn)
		return false;
	likeness->slot = slot_of(likeness);
	if (*likeness->slot == NULL)
		return false;
	likeness->drawn = false;
	*keys = (*likeness->slot)->keys;
	note_keys(lint, shape, name);
	return true;
}

bool
likeness_knows(struct lint *lint, size_t number, size_t to, size_t *next,
    size_t *keys)
{
	struct likeness *likeness = lint->likeness;
	const struct node *top;
	struct arena_mark mark;
	size_t count;
	bool known;

	*next = number + 1;
	if (likeness == NULL)
		return false;
	likeness->drawn = likeness->unlike = false;
	count = zone_family(lint->zone, number, FAMILY_MAX, &top);
	if (count == 0 || count > to - number)
		return false;
	*next = number + count;
	mark = arena_mark(lint->arena);
	known = is_known(lint, top, keys);
	arena_release(lint->arena, mark);
	return known;
}

void
likeness_remember(struct lint *lint, size_t keys)
{
	struct likeness *likeness = lint->likeness;
	struct known *known;

	if (likeness == NULL || !likeness->drawn || likeness->unlike ||
	    likeness->count == SHAPES_MAX)
		return;
	likeness->drawn = false;
	known = ARENA_NEW(likeness->arena, struct known);
	known->text = arena_copy(likeness->arena, (struct str){
	    likeness->shape.text, likeness->shape.n });
	known->hash = hash_quick(0, known->text);
	known->keys = keys;
	known->slot = likeness->slot;
	*known->slot = known;
	known->next = likeness->first;
	likeness->first = known;
	likeness->count++;
}
