#include <assert.h>

#include "base/arena.h"
#include "zone/zone.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

/* Whatever the objects say, zones come of them, and faults have places. */
int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct source source = { .path = STR("records.ndjson"),
	    .text = { (const char *)bytes, size } };
	struct arena *arena = arena_new();
	struct zones zones = { .arena = arena };
	struct zone_options options = { .how = ZONE_BY_OPTION };
	const struct zone_problem *problem;
	const struct record *record;
	size_t i, position;

	for (problem = zones_read_json(&zones, &source, &options);
	    problem != NULL; problem = problem->next) {
		assert(problem->span.start <= problem->span.end);
		assert(problem->span.end <= size);
	}
	for (i = 0; i < zones.count; i++) {
		position = 0;
		while ((record = zone_next(zones.zones[i], arena, ~0u,
		    &position)) != NULL)
			assert(record->span.end <=
			    record->span.source->text.n);
	}
	arena_free(arena);
	return 0;
}
