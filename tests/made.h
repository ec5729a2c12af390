/*
 * Records made of a configuration, for tests.
 */
#ifndef MADE_H
#define MADE_H

#include "support.h"

#include "base/arena.h"
#include "base/data.h"
#include "base/path.h"
#include "generate/generate.h"

/* A configuration, and what is published of it on a day. */
struct bench {
	struct arena *arena;
	struct world world;
	struct zones zones;
	struct made_zones *made;
	struct schedules *schedules;
};

/* What is the same for all: read once, and kept to the end. */
static struct shelf {
	struct arena *arena;
	struct providers *providers;
	struct ladders *ladders;
	struct psl *psl;
} shelf;

static inline void
shelf_fill(void)
{
	struct str templates = str_from(data_folder()), why;

	if (shelf.arena != NULL)
		return;
	shelf.arena = arena_new();
	shelf.providers = providers_read(shelf.arena, path_join(shelf.arena,
	    templates, STR("providers")), STR_NONE);
	shelf.ladders = ladders_read(shelf.arena, path_join(shelf.arena,
	    templates, STR("rollouts")), STR_NONE);
	shelf.psl = psl_open(shelf.arena, STR_NONE, &why);
}

/* The configuration may have problems: then nothing is made. */
static inline void
bench_make(struct bench *bench, const char *yaml, const char *today,
    const char *at)
{
	struct arena *arena = arena_new();
	struct source *source = ARENA_NEW(arena, struct source);
	struct config *config;
	day day_at;

	shelf_fill();
	*bench = (struct bench){ .arena = arena, .zones.arena = arena };
	source->path = STR("mailzone.yaml");
	source->text = arena_printf(arena, "version: 1\n%s", yaml);
	config = config_read(arena, source, shelf.providers);
	ladders_resolve(arena, shelf.ladders, config);
	bench->world = (struct world){ .zones = &bench->zones,
	    .config = config, .providers = shelf.providers,
	    .psl = shelf.psl };
	assert_true(date_parse(str_from(today), &bench->world.today));
	assert_true(date_parse(str_from(at), &day_at));
	if (config->problems.count > 0)
		return;
	bench->schedules = schedules_make(arena, config, bench->world.today);
	bench->made = records_make(&bench->world, arena, bench->schedules,
	    NULL, 0, day_at);
}

static inline void
bench_free(struct bench *bench)
{
	arena_free(bench->arena);
}

#endif
