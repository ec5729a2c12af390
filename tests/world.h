/*
 * A world of zones from strings, with the public suffix list of libpsl.
 */
#ifndef WORLD_H
#define WORLD_H

#include "policy/policy.h"
#include "zone_text.h"

static struct world *
world_from(struct arena *arena, struct psl *psl, const char *text)
{
	struct world *world = ARENA_NEW(arena, struct world);

	world->zones = zones_from(arena, text);
	world->psl = psl;
	assert_true(date_parse(STR("2026-11-24"), &world->today));
	return world;
}

#endif
