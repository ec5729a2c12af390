/*
 * Helps to see that no value of a configuration smuggles anything:
 *
 *	inject TEMPLATES < CONFIGURATIONS
 *
 * reads one configuration a line (JSON, which is YAML, too) and answers each
 * with a line of JSON: null when it is refused, else what every target makes
 * of it; for the target "zone" an object of zones.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/json.h"
#include "base/path.h"
#include "generate/generate.h"

/* What is the same for all. */
struct shelf {
	struct arena *arena;
	struct providers *providers;
	struct ladders *ladders;
	struct psl *psl;
	day today;
};

static const struct block_style style = { .txt = TXT_TERMS,
	.config = STR_INIT("mailzone.yaml") };

static void
shelf_fill(struct shelf *shelf, struct str templates)
{
	struct str why;

	shelf->arena = arena_new();
	shelf->providers = providers_read(shelf->arena,
	    path_join(shelf->arena, templates, STR("providers")), STR_NONE);
	shelf->ladders = ladders_read(shelf->arena, path_join(shelf->arena,
	    templates, STR("rollouts")), STR_NONE);
	shelf->psl = psl_open(shelf->arena, STR_NONE, &why);
	date_parse(STR("2026-11-24"), &shelf->today);
}

static void
write_zones(struct json *json, struct arena *arena,
    const struct made_zones *made)
{
	const struct made_zone *zone;
	struct buffer text = { 0 };

	json_begin_object(json, "zone");
	for (zone = made->first; zone != NULL; zone = zone->next) {
		buffer_clear(&text);
		block_write(&text, arena, zone, &style, NULL);
		json_octets(json, arena_cstr(arena, zone->name),
		    buffer_str(&text));
	}
	json_end_object(json);
	buffer_free(&text);
}

static void
write_targets(struct json *json, struct arena *arena,
    const struct target_input *input)
{
	struct buffer text = { 0 };
	size_t i;

	for (i = 0; targets[i] != NULL; i++) {
		if (strcmp(targets[i]->name, "zone") == 0)
			continue;
		buffer_clear(&text);
		targets[i]->write(&text, arena, input);
		json_octets(json, targets[i]->name, buffer_str(&text));
	}
	buffer_free(&text);
}

static void
answer(const struct shelf *shelf, struct arena *arena, struct str line,
    struct buffer *out)
{
	struct json json = { .out = out };
	struct source source = { .path = STR("mailzone.yaml"), .text = line };
	struct zones zones = { .arena = arena }, back = { .arena = arena };
	struct config *config = config_read(arena, &source,
	    shelf->providers);
	struct world world = { .zones = &zones, .config = config,
	    .providers = shelf->providers, .psl = shelf->psl,
	    .today = shelf->today };
	struct target_input input = { &world, NULL, &style, shelf->today };

	ladders_resolve(arena, shelf->ladders, config);
	if (config->problems.count == 0)
		input.made = records_make(&world, arena, schedules_make(arena,
		    config, shelf->today), NULL, 0, shelf->today);
	if (input.made == NULL || records_read_back(arena, input.made, &style,
	    NULL, &back, NULL) != NULL) {
		buffer_add_cstr(out, "null");
		return;
	}
	json_begin_object(&json, NULL);
	write_zones(&json, arena, input.made);
	write_targets(&json, arena, &input);
	json_end_object(&json);
}

int
main(int argc, char **argv)
{
	struct arena *arena = arena_new();
	struct shelf shelf = { 0 };
	struct buffer out = { 0 };
	char *line = NULL;
	size_t size = 0;
	ssize_t length;

	if (argc != 2)
		return 2;
	shelf_fill(&shelf, str_from(argv[1]));
	while ((length = getline(&line, &size, stdin)) > 0) {
		answer(&shelf, arena, arena_copy(arena, (struct str){ line,
		    (size_t)length }), &out);
		buffer_add_byte(&out, '\n');
		fwrite(out.p, 1, out.n, stdout);
		buffer_clear(&out);
		arena_reset(arena);
	}
	free(line);
	return fflush(stdout) == 0 ? 0 : 1;
}
