/*
 * What the tests of rules share: texts become a world, which is judged by all
 * rules. Include it after support.h.
 */
#ifndef JUDGE_H
#define JUDGE_H

#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "rollout/rollout.h"
#include "lint/lint.h"

/* What is the same for all: read once, freed by judge_close. */
static struct judge_world {
	struct arena *arena;
	struct providers *providers;
	struct ladders *ladders;
	struct psl *psl;
} judge_world;

static bool judge_no_edits;	/* of fixes only the kind is wanted */

struct judged {
	struct arena *arena;
	struct zones zones;
	struct zone *zone;		/* the one that is judged */
	struct source *source;		/* of it */
	struct config *config;
	day today;
	struct state *state;		/* of earlier runs; or NULL */
	struct zones earlier;		/* the zone as it was */
	struct served_zone served;	/* what its name servers answer */
	struct diags diags;
};

static inline struct source *
judge_source(struct arena *arena, const char *path, struct str text)
{
	struct source *source = ARENA_NEW(arena, struct source);

	source->path = str_from(path);
	source->text = arena_copy(arena, text);
	return source;
}

static inline struct zone *
judge_add_zone(struct judged *judged, struct source *source, struct str name)
{
	struct zone_options options = { .name = name, .how = ZONE_BY_OPTION,
	    .fold_from = 1 };
	struct zone *zone = zone_read(judged->arena, source, &options);

	zones_add(&judged->zones, zone);
	return zone;
}

/* The line at the cursor, without its end; it may be the last one. */
static inline struct str
judge_line(struct cursor *in)
{
	struct str line = cursor_until(in, STR("\n"));

	cursor_accept(in, '\n');
	return line;
}

/* Up to the next line that begins a part, or to the end. */
static inline struct str
judge_part(struct cursor *in)
{
	size_t start = in->here, end = start;
	struct str line;

	while (cursor_peek(in) != END) {
		end = in->here;
		line = judge_line(in);
		if (str_starts(line, STR("; zone: ")) ||
		    str_starts(line, STR("; cache:")) ||
		    str_starts(line, STR("; state:")) ||
		    str_starts(line, STR("; earlier: ")) ||
		    str_starts(line, STR("; server: ")) ||
		    str_starts(line, STR("; config:"))) {
			in->here = end;
			return str_slice(in->text, start, end);
		}
		end = in->here;
	}
	return str_slice(in->text, start, end);
}

/* The day of "; today: DATE", which is a comment in a zone. */
static inline day
judge_today(struct str example)
{
	struct str mark = STR("; today: ");
	size_t at = str_find_str(example, mark) + mark.n;
	day today = 20000;

	if (at < example.n)
		assert_true(date_parse(str_slice(example, at, at + 10),
		    &today));
	return today;
}

/* It is none in a configuration. */
static inline struct str
judge_yaml(struct str part)
{
	return str_slice(part, 0, str_find_str(part, STR("; today: ")));
}

static inline void
judge_open(void)
{
	struct judge_world *w = &judge_world;
	struct str why;

	if (w->arena != NULL)
		return;
	w->arena = arena_new();
	w->providers = providers_read(w->arena, STR("templates/providers"),
	    STR_NONE);
	w->ladders = ladders_read(w->arena, STR("templates/rollouts"),
	    STR_NONE);
	w->psl = psl_open(w->arena, STR_NONE, &why);
	assert_non_null(w->psl);
}

static inline void
judge_close(void)
{
	psl_close(judge_world.psl);
	arena_free(judge_world.arena);
	judge_world.arena = NULL;
}

static inline struct world
judge_world_of(struct judged *judged)
{
	struct world world = { .zones = &judged->zones,
	    .today = judged->today, .config = judged->config,
	    .providers = judge_world.providers, .psl = judge_world.psl };

	world.schedules = schedules_make(judged->arena, judged->config,
	    judged->today);
	world.census = census_take(judged->arena, &judged->zones, 1, true,
	    NULL);
	world.state = judged->state;
	world.served = judged->served.servers != NULL ? &judged->served : NULL;
	world.earlier = judged->earlier.count > 0 ? &judged->earlier : NULL;
	return world;
}

/*
 * Judges the zone, when there is one, and the configuration. Rules that are
 * off are heard too when they are asked for by name: select is then "*,ID".
 */
static inline void
judge_again(struct judged *judged, struct str select)
{
	struct selection selection = { .select = select,
	    .no_edits = judge_no_edits };
	struct world world = judge_world_of(judged);

	if (judged->zone != NULL)
		lint_zone(&world, &selection, judged->zone, judged->arena,
		    &judged->diags);
	lint_config(&world, &selection, judged->arena, &judged->diags);
	diags_sort(&judged->diags, judged->arena);
}

/* The same with a configuration, which is read first. */
static inline void
judge(struct judged *judged, struct str config, day today, struct str select)
{
	judge_open();
	judged->config = config.p == NULL ? config_none(judged->arena) :
	    config_read(judged->arena, judge_source(judged->arena,
	    "mailzone.yaml", config), judge_world.providers);
	ladders_resolve(judged->arena, judge_world.ladders, judged->config);
	judged->today = today;
	judge_again(judged, select);
}

static inline void
judge_add_earlier(struct judged *judged, struct str date, struct str part)
{
	struct zone_options options = { .name = STR("example.com"),
	    .fold_from = 1,
	    .how = ZONE_BY_OPTION };
	struct zone *zone = zone_read(judged->arena, judge_source(
	    judged->arena, "earlier.zone", part), &options);
	day then;

	assert_true(date_parse(date, &then));
	if (judged->state == NULL)
		judged->state = state_new(judged->arena);
	state_see(judged->state, zone, NULL, NULL, then);
	state_sort(judged->state);
	judged->earlier = (struct zones){ .arena = judged->arena };
	zones_add(&judged->earlier, zone);
}

static inline void
judge_read_state(struct judged *judged, struct str part)
{
	struct str why;

	judged->state = state_new(judged->arena);
	if (!state_read(judged->state, judge_source(judged->arena,
	    "state.json", judge_yaml(part)), &why))
		fail_msg("%.*s", STR_ARG(why));
}

static inline void
judge_add_server(struct judged *judged, struct str name, struct str part)
{
	struct zone_options options = { .name = STR("example.com"),
	    .fold_from = 1,
	    .how = ZONE_BY_OPTION };
	struct served_by *server = ARENA_NEW(judged->arena,
	    struct served_by), **end;

	for (end = &judged->served.servers; *end != NULL;)
		end = &(*end)->next;
	*end = server;
	judged->served.zone = STR("example.com");
	server->authoritative = true;
	server->name = str_slice(name, 0, str_find(name, ' '));
	if (server->name.n < name.n)
		server->trouble = arena_printf(judged->arena,
		    "%.*s does not answer", STR_ARG(server->name));
	server->zone = zone_read(judged->arena, judge_source(judged->arena,
	    "served.zone", part), &options);
	server->has_serial = server->zone->contents->has_soa;
	server->serial = server->zone->contents->soa_serial;
	server->serial_of = STR("example.com");
}

/*
 * An example as struct rule describes it: a zone for example.com or, when the
 * rule is about the configuration, one of these.
 */
static inline struct judged
judge_example(const char *example, bool about_config, struct str select)
{
	struct judged judged = { .arena = arena_new() };
	struct cursor in = { str_from(example), 0 };
	struct str line, part = judge_part(&in), config = STR_NONE;

	judged.zones.arena = judged.arena;
	if (about_config)
		config = judge_yaml(part);
	else {
		judged.source = judge_source(judged.arena, "example.com.zone",
		    part);
		judged.zone = judge_add_zone(&judged, judged.source,
		    STR("example.com"));
	}
	while (cursor_peek(&in) != END) {
		line = judge_line(&in);
		part = judge_part(&in);
		if (str_starts(line, STR("; config:")))
			config = judge_yaml(part);
		else if (str_starts(line, STR("; cache:")))
			judged.zones.cache = dns_cache_read(judged.arena,
			    judge_source(judged.arena, "cache.txt",
			    judge_yaml(part)), judge_today(in.text));
		else if (str_starts(line, STR("; earlier: ")))
			judge_add_earlier(&judged, str_after(line, 11), part);
		else if (str_starts(line, STR("; server: ")))
			judge_add_server(&judged, str_after(line, 10), part);
		else if (str_starts(line, STR("; state:")))
			judge_read_state(&judged, part);
		else
			judge_add_zone(&judged, judge_source(judged.arena,
			    "other.zone", part), str_after(line, 8));
	}
	judge(&judged, config, judge_today(in.text), select);
	return judged;
}

static inline void
judge_free(struct judged *judged)
{
	arena_free(judged->arena);
}

static inline struct diag *
judge_find(const struct judged *judged, const char *id)
{
	struct diag *diag;

	for (diag = judged->diags.first; diag != NULL; diag = diag->next)
		if (!diag->suppressed && strcmp(diag->rule->id, id) == 0)
			return diag;
	return NULL;
}

#endif
