/*
 * What a zone holds, as lines that a table can expect: "owner TTL TYPE rdata"
 * for each record, the owner relative to example.com, and "LINE:COLUMN words"
 * for each problem.
 */
#ifndef ZONE_LINES_H
#define ZONE_LINES_H

#include "base/arena.h"
#include "base/buffer.h"
#include "zone/zone.h"

static inline struct source *
source_of(struct arena *arena, struct str text)
{
	struct source *source = ARENA_NEW(arena, struct source);

	source->path = STR("test.zone");
	source->text = text;
	return source;
}

static inline struct zone *
zone_of(struct arena *arena, struct str text)
{
	struct zone_options options = { .name = STR("example.com"),
	    .fold_from = 1,
	    .how = ZONE_BY_OPTION, .full_syntax = true };

	return zone_read(arena, source_of(arena, text), &options);
}

static inline void
add_record(struct buffer *out, struct arena *arena,
    const struct record *record)
{
	struct str owner = record->owner;

	if (name_within(owner, STR("example.com")))
		owner = name_relative(owner, STR("example.com"));
	buffer_printf(out, "%.*s %lu %.*s %.*s\n",
	    STR_ARG(owner.n == 0 ? STR("@") : owner),
	    (unsigned long)record->ttl,
	    STR_ARG(rrtype_name(arena, record->type)),
	    STR_ARG(record_rdata(arena, record)));
}

/* The record of the zone's apex that each test begins with is left out. */
static inline const char *
record_lines(struct arena *arena, const struct zone *zone)
{
	struct buffer out = { 0 };
	const struct record *record;
	size_t position = 0;

	while ((record = zone_next(zone, arena, ~0u, &position)) != NULL)
		if (record->type != RR_SOA)
			add_record(&out, arena, record);
	return buffer_finish(&out, arena).p;
}

static inline const char *
problem_lines(struct arena *arena, const struct zone *zone)
{
	struct buffer out = { 0 };
	const struct zone_problem *problem;
	struct place place;

	for (problem = zone->contents->problems; problem != NULL;
	    problem = problem->next) {
		place = source_place(problem->span.source,
		    problem->span.start);
		buffer_printf(&out, "%zu:%zu %.*s\n", place.line,
		    place.column, STR_ARG(problem->what));
	}
	return buffer_finish(&out, arena).p;
}

#endif
