#include <assert.h>

#include "base/arena.h"
#include "zone/zone.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

/* Every line and remark has its place; every line can be asked for. */
int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct source source = { .path = STR("dns-cache"),
	    .text = { (const char *)bytes, size } };
	struct arena *arena = arena_new();
	struct zones zones = { .arena = arena };
	struct dns_cache *cache = dns_cache_read(arena, &source, 20000);
	const struct zone_problem *problem;
	struct answer answer;
	struct span span;
	size_t i;

	zones.cache = cache;
	for (problem = cache->problems; problem != NULL;
	    problem = problem->next) {
		span = span_resolve(problem->span);
		assert(span.start <= span.end && span.end <= size);
	}
	for (i = 0; i < cache->count && i < 100; i++) {
		assert(cache->lines[i].span.end <= size);
		answer = zones_ask(&zones, arena, cache->lines[i].name,
		    cache->lines[i].type);
		assert(answer.kind == ANSWER_UNKNOWN ||
		    answer.kind == ANSWER_DATA || answer.count == 0);
	}
	arena_free(arena);
	return 0;
}
