#include "base/arena.h"
#include "config/config.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

/* Every node and every remark points into the file. */
static void
check(const struct source *source, const struct yaml *node, unsigned *budget)
{
	if (node == NULL || (*budget)-- == 0)
		return;
	assert(node->span.start <= node->span.end);
	assert(node->span.end <= source->text.n);
	for (node = node->items; node != NULL && *budget > 0;
	    node = node->next)
		check(source, node, budget);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct source source = { .path = STR("x.yaml"),
	    .text = { (const char *)bytes, size } };
	struct config_problems problems = { 0 };
	struct arena *arena = arena_new();
	const struct config_problem *problem;
	unsigned budget = 100000;

	check(&source, yaml_read(arena, &source, &problems), &budget);
	for (problem = problems.first; problem != NULL;
	    problem = problem->next) {
		assert(problem->span.start <= problem->span.end);
		assert(problem->span.end <= size);
		assert(problem->what.n > 0);
	}
	arena_free(arena);
	return 0;
}
