/*
 * Names that are written alike are judged once (rules/likeness.c): tests and
 * the fuzz target put all that is found into words, with that and without.
 */
#ifndef ALIKE_H
#define ALIKE_H

#include "base/arena.h"
#include "base/buffer.h"
#include "rules/rule.h"

static inline struct str
alike_words(const struct world *world, enum level level, bool each)
{
	const struct zones *zones = world->zones;
	struct selection selection = { .each = each, .min_level = level };
	struct arena *keep = arena_new();
	struct zone_verdict *verdicts = ARENA_ARRAY(keep, zones->count,
	    struct zone_verdict);
	struct buffer out = { 0 };
	const struct diag *diag;
	struct str words;
	size_t i;

	lint_zones(world, &selection,
	    (const struct zone *const *)zones->zones, zones->count, 1, keep,
	    verdicts);
	for (i = 0; i < zones->count; i++) {
		diags_sort(&verdicts[i].diags, keep);
		for (diag = verdicts[i].diags.first; diag != NULL;
		    diag = diag->next)
			buffer_printf(&out, "%zu-%zu %s %s: %.*s\n",
			    diag->span.start, diag->span.end,
			    level_name(diag->level), diag->rule->id,
			    STR_ARG(diag->message));
		buffer_printf(&out, "%.*s: %zu keys\n",
		    STR_ARG(zones->zones[i]->name), verdicts[i].keys);
	}
	words = buffer_finish(&out, zones->arena);
	arena_free(keep);
	return words;
}

/* A zone of a text. */
static inline void
alike_add(struct zones *zones, struct str name, struct str text)
{
	struct source *source = ARENA_NEW(zones->arena, struct source);
	struct zone_options options = { .name = arena_copy(zones->arena, name),
	    .how = ZONE_BY_OPTION };

	source->path = options.name;
	source->text = arena_copy(zones->arena, text);
	zones_add(zones, zone_read(zones->arena, source, &options));
}

/*
 * What is found in zones: STR_NONE when the two ways agree, else both
 * findings. Primes that keys share are looked for, or not.
 */
static inline struct str
alike_difference(const struct zones *zones, struct psl *psl, bool primes)
{
	struct world world = { .zones = zones, .psl = psl, .today = 20000,
	    .config = config_none(zones->arena) };
	struct str each, alike;
	int level;

	world.census = census_take(zones->arena, zones, 1, primes);
	for (level = LEVEL_OFF; level <= LEVEL_ERROR; level++) {
		each = alike_words(&world, (enum level)level, true);
		alike = alike_words(&world, (enum level)level, false);
		if (!str_equal(each, alike))
			return arena_printf(zones->arena, "each:\n%.*s\n"
			    "alike:\n%.*s", STR_ARG(each), STR_ARG(alike));
	}
	return STR_NONE;
}

#endif
