/* Judges zones, one after the other, and the configuration. */
#include <assert.h>

#include "base/arena.h"
#include "lint/judge.h"
#include "lint/likeness.h"
#include "rules/dkim_keys.h"
#include "rules/suppression.h"

struct linter {
	struct world world;
	struct zones zones;		/* the same, with a memory */
	const struct selection *selection;
	struct arena *arena;		/* of this */
	struct arena *scratch;		/* see struct lint */
	struct arena *memory;		/* of what is above the zone */
	struct answers *answers;
	struct likeness *likeness;
	struct roster roster;
};

struct linter *
linter_new(const struct world *world, const struct selection *selection)
{
	struct arena *arena = arena_new();
	struct linter *linter = ARENA_NEW(arena, struct linter);

	linter->world = *world;
	linter->zones = *world->zones;
	linter->zones.memory = zone_memory_new(arena);
	linter->world.zones = &linter->zones;
	linter->world.psl = psl_watch(arena, world->psl);
	linter->selection = selection;
	linter->arena = arena;
	linter->scratch = arena_child(arena);
	linter->memory = arena_child(arena);
	linter->answers = answers_new(arena);
	linter->likeness = likeness_new(arena);
	linter->roster = roster_make(world, selection, arena);
	return linter;
}

void
linter_forget(struct linter *linter)
{
	likeness_forget(linter->likeness);
}

void
linter_free(struct linter *linter)
{
	arena_free(linter->arena);
}

/* Where views share a name, a zone asks those of its own. */
static void
take_view(struct linter *linter, struct str view)
{
	if (str_equal(linter->zones.view, view))
		return;
	linter->zones.view = view;
	zone_memory_tidy(linter->zones.memory, true);
	answers_forget(linter->answers);
}

static struct lint
start(struct linter *linter, const struct zone *zone, struct arena *keep,
    struct diags *diags)
{
	struct likeness *likeness;

	take_view(linter, zone->view);
	psl_watch_below(linter->world.psl, zone->name);
	linter->world.memo = policy_memo_new(linter->memory, zone->name);
	likeness = linter->selection->each ? NULL :
	    likeness_of(linter->likeness, &linter->world, zone);
	return (struct lint){ .likeness = likeness,
	    .unlike = likeness_unlike(likeness),
	    .world = &linter->world, .zone = zone,
	    .config = linter->world.config, .selection = linter->selection,
	    .arena = linter->scratch, .keep = keep, .diags = diags,
	    .answers = linter->answers };
}

static void
finish(struct linter *linter)
{
	zone_memory_tidy(linter->zones.memory, true);
	arena_reset(linter->scratch);
	linter->world.memo = NULL;
	arena_reset(linter->memory);
}

enum { PART_NODES = 2048 };

/* What a small zone has for names is perhaps never asked. */
size_t
linter_parts(const struct zone *zone)
{
	size_t nodes = zone->late ||
	    zone->contents->record_count < ZONE_FEW ? 0 :
	    zone_node_count(zone);

	return nodes <= PART_NODES ? 1 : (nodes - 1) / PART_NODES + 1;
}

static void
judge_part(struct linter *linter, const struct zone *zone, size_t number,
    struct arena *keep, struct zone_part *part, struct speakers *speakers)
{
	struct lint lint = start(linter, zone, keep, &part->diags);
	size_t from = number * PART_NODES, nodes = zone_node_count(zone);
	size_t to = number + 1 == linter_parts(zone) ? nodes :
	    from + PART_NODES;

	lint.memory = part->memory;
	lint.speakers = speakers;
	likeness_share(lint.likeness, part->kinds);
	part->key_count = judge_nodes(&lint, &linter->roster, from, to);
	part->keys = lint.keys;
}

void
linter_judge_part(struct linter *linter, const struct zone *zone,
    size_t number, struct arena *keep, struct zone_part *part)
{
	judge_part(linter, zone, number, keep, part, NULL);
	finish(linter);
}

static void
keep_keys(const struct lint *lint, struct zone_verdict *verdict)
{
	if (lint->selection->census || lint->world->census != NULL)
		verdict->remembered = dkim_keep(lint->keys, lint->keep);
}

static const struct zone_standing *
keep_standing(const struct linter *linter, const struct zone *zone,
    struct arena *keep)
{
	struct zone_standing *standing = ARENA_NEW(keep, struct zone_standing);

	*standing = zone_standing(&linter->world, linter->scratch, zone);
	return standing;
}

static void
judge_rest(struct linter *linter, const struct zone *zone,
    struct zone_part *parts, size_t count, struct arena *keep,
    struct zone_verdict *verdict, struct speakers *speakers)
{
	struct lint lint = start(linter, zone, keep, &verdict->diags);
	size_t i;

	lint.speakers = speakers;
	for (i = 0; i < count; i++) {
		diags_move(&verdict->diags, &parts[i].diags);
		lint.keys = dkim_join(lint.keys, parts[i].keys);
		verdict->keys += (uint32_t)parts[i].key_count;
	}
	judge_problems(&lint, &linter->roster);
	judge_zone(&lint, &linter->roster);
	keep_keys(&lint, verdict);
	if (linter->selection->standing)
		verdict->standing = keep_standing(linter, zone, keep);
	verdict->records = zone->contents->record_count;
	finish(linter);
}

void
linter_judge_rest(struct linter *linter, const struct zone *zone,
    struct zone_part *parts, size_t count, struct arena *keep,
    struct zone_verdict *verdict)
{
	judge_rest(linter, zone, parts, count, keep, verdict, NULL);
}

/*
 * In a zone like another one only keys can be wrong besides: others may hold
 * them. Where nothing else is nobody speaks of anything.
 */
static bool
judge_by_likeness(struct linter *linter, const struct zone *zone,
    struct arena *keep, struct arena *memory,
    const struct kind_verdicts *kinds, struct zone_verdict *verdict)
{
	static const struct speakers nobody = { .zone = false };
	struct lint lint = start(linter, zone, keep, &verdict->diags);
	bool known;

	lint.memory = memory;
	known = likeness_knows_zone(&lint, kinds, verdict, &lint.only);
	if (known) {
		if (lint.only == NULL)
			lint.only = &nobody;
		judge_again(&lint, &linter->roster);
		if (lint.only->zone)
			zone_need(zone);
		judge_zone(&lint, &linter->roster);
		keep_keys(&lint, verdict);
	}
	finish(linter);
	return known;
}

void
linter_judge_small(struct linter *linter, const struct zone *zone,
    size_t number, struct arena *keep, struct arena *memory,
    struct kind_verdicts *kinds, struct zone_verdict *verdict)
{
	struct zone_part part = { .memory = memory };
	struct speakers speakers = { .zone = false };
	struct lint lint;

	if (judge_by_likeness(linter, zone, keep, memory, kinds, verdict))
		return;
	zone_need(zone);
	/* The rest asks for records that the part has read. */
	judge_part(linter, zone, 0, keep, &part, &speakers);
	judge_rest(linter, zone, &part, 1, keep, verdict, &speakers);
	lint = start(linter, zone, keep, &verdict->diags);
	likeness_remember_zone(&lint, kinds, number, verdict->keys, &speakers);
}

void
linter_judge_elsewhere(struct linter *linter, const struct census *census,
    const struct zone *zone, size_t number, struct arena *keep,
    struct zone_verdict *verdict)
{
	bool shared = census_is_shared(census, number);
	struct lint lint;

	if (!shared && verdict->diags.first == NULL &&
	    zone->contents->suppressions == NULL)
		return;
	lint = start(linter, zone, keep, &verdict->diags);
	lint.memory = linter->scratch;
	linter->world.census = census;
	if (shared) {
		zone_need(zone);
		judge_elsewhere(&lint, &linter->roster, verdict->remembered);
	}
	suppress(&lint, linter->selection, verdict->diags.first);
	finish(linter);
}

void
lint_config(const struct world *world, const struct selection *selection,
    struct arena *keep, struct diags *diags)
{
	struct lint lint = {
		.world = world, .config = world->config,
		.selection = selection,
		.arena = arena_new(), .keep = keep, .diags = diags
	};
	struct arena *arena = arena_new();
	struct roster roster = roster_make(world, selection, arena);

	lint.answers = answers_new(arena);
	if (world->config->source != NULL)
		judge_config(&lint, &roster);
	arena_free(lint.arena);
	arena_free(arena);
}
