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
alike_words(const struct world *world, const struct zone *zone,
    enum level level, bool each)
{
	struct selection selection = { .each = each,
	    .min_level = level };
	struct arena *keep = arena_new();
	struct buffer out = { 0 };
	struct diags diags = { 0 };
	const struct diag *diag;
	struct str words;
	size_t keys;

	keys = lint_zone(world, &selection, zone, keep, &diags);
	diags_sort(&diags, keep);
	for (diag = diags.first; diag != NULL; diag = diag->next)
		buffer_printf(&out, "%zu-%zu %s %s: %.*s\n", diag->span.start,
		    diag->span.end, level_name(diag->level), diag->rule->id,
		    STR_ARG(diag->message));
	buffer_printf(&out, "%zu keys\n", keys);
	words = buffer_finish(&out, world->zones->arena);
	arena_free(keep);
	return words;
}

/*
 * What is found in the zone of a text: STR_NONE when the two ways agree, else
 * both findings.
 */
static inline struct str
alike_difference(struct arena *arena, struct str text, struct psl *psl)
{
	struct source *source = ARENA_NEW(arena, struct source);
	struct zone_options options = { .name = STR("hosting.example"),
	    .how = ZONE_BY_OPTION };
	struct zones zones = { .arena = arena };
	struct world world = { .zones = &zones, .psl = psl, .today = 20000,
	    .config = config_none(arena) };
	struct str each, alike;
	int level;

	source->path = STR("hosting.zone");
	source->text = arena_copy(arena, text);
	zones_add(&zones, zone_read(arena, source, &options));
	for (level = LEVEL_OFF; level <= LEVEL_ERROR; level++) {
		each = alike_words(&world, zones.zones[0], (enum level)level,
		    true);
		alike = alike_words(&world, zones.zones[0],
		    (enum level)level, false);
		if (!str_equal(each, alike))
			return arena_printf(arena, "each:\n%.*s\nalike:\n"
			    "%.*s", STR_ARG(each), STR_ARG(alike));
	}
	return STR_NONE;
}

#endif
