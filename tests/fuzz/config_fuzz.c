#include "base/arena.h"
#include "config/config.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

/* What the structs hold has passed; no byte of it may break a line. */
static void
check_words(const struct words *words)
{
	size_t i;

	for (i = 0; i < words->count; i++)
		assert(!str_has(words->words[i].text, '\n') &&
		    !str_has(words->words[i].text, '\0'));
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct source source = { .path = STR("nowhere/x.yaml"),
	    .text = { (const char *)bytes, size } };
	/* Read once; what else there is does not change them. */
	static struct arena *for_ever;
	static struct providers *providers;
	struct arena *arena = arena_new();
	const struct config *config;
	const struct config_problem *problem;
	const struct config_domain *domain = NULL;

	if (providers == NULL) {
		for_ever = arena_new();
		providers = providers_read(for_ever,
		    STR("templates/providers"), STR_NONE);
	}
	config = config_read(arena, &source, providers);
	for (problem = config->problems.first; problem != NULL;
	    problem = problem->next) {
		assert(problem->span.start <= problem->span.end);
		assert(problem->span.end <= problem->span.source->text.n);
		assert(problem->what.n > 0);
	}
	while ((domain = config_next(config, domain)) != NULL) {
		assert(domain->name.n > 0);
		assert(!str_has(domain->name, ' '));
		check_words(&domain->dmarc.rua);
		check_words(&domain->keep);
	}
	arena_free(arena);
	return 0;
}
