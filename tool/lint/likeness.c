/*
 * What is written alike is judged once: names (like_names.c), and small zones
 * (like_zones.c). What a shape leaves out is looked at there, or never matters;
 * see lint_unlike.
 */
#include "base/arena.h"
#include "lint/like.h"

/* ---- where it applies ---------------------------------------------------- */

bool
likeness_may_apply(const struct world *world)
{
	const struct config *config = world->config;

	return world->psl != NULL && world->state == NULL &&
	    world->zones->cache == NULL && (config->source == NULL ||
	    (config->domain_count == 0 && config->parked_domains.count == 0 &&
	    config->parked_files.count == 0));
}

static bool
applies(const struct world *world, const struct zone *zone)
{
	return likeness_may_apply(world) &&
	    zone->above_length > 0 && zone->name.n <= ZONE_NAME_LONG &&
	    (!zone_is_read(zone) || !zone->contents->escaped_owners) &&
	    zones_stand_alone(world->zones, zone);
}

/* See alike_tenants; the zones are the same for all that are judged. */
static bool
knows_tenants(struct likeness *likeness, const struct world *world)
{
	if (!likeness->asked_tenants)
		likeness->tenants = !zones_are_apart(world->zones,
		    str_slice(alike_tenants, 1, alike_tenants.n - 1));
	likeness->asked_tenants = true;
	return likeness->tenants;
}

struct likeness *
likeness_of(struct likeness *likeness, const struct world *world,
    const struct zone *zone)
{
	if (knows_tenants(likeness, world))
		return NULL;
	if (likeness->zone != zone) {
		likeness->zone = zone_is_read(zone) ? zone : NULL;
		likeness->applies = applies(world, zone);
		like_names_start(likeness->names, world,
		    likeness->applies ? likeness->zone : NULL);
	}
	return likeness->applies ? likeness : NULL;
}

struct likeness *
likeness_new(struct arena *arena)
{
	struct likeness *likeness = ARENA_NEW(arena, struct likeness);

	likeness->names = like_names_new(arena);
	likeness->zones = like_zones_new(arena);
	likeness->unlike = (struct unlike){ .slack = LIKE_SLACK,
	    .note_sending = like_names_note_sending };
	return likeness;
}

void
likeness_forget(struct likeness *likeness)
{
	likeness->zone = NULL;
}

void
likeness_share(struct likeness *likeness, struct like_kind *kinds)
{
	if (likeness != NULL && kinds != NULL)
		like_names_share(likeness->names, kinds);
}

struct unlike *
likeness_unlike(struct likeness *likeness)
{
	return likeness == NULL ? NULL : &likeness->unlike;
}

/* ---- what both ask ------------------------------------------------------- */

bool
speakers_say(const struct speakers *speakers)
{
	return speakers->types != 0 || speakers->node || speakers->zone;
}
