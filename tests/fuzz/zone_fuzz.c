/*
 * Zone files from strangers: whatever the bytes are, the reader comes back,
 * every record can be made from its place, and every place lies in the text.
 * Whatever kernel is used, the same is read.
 */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>

#include "../alike.h"
#include "../zone_same.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static void
check_span(struct span span)
{
	assert(span.source == NULL || (span.start <= span.end &&
	    span.end <= span.source->text.n));
}

static void
check_children(const struct zone *zone, const struct node *node,
    struct arena *arena)
{
	struct str name = node_name(zone, node, arena);
	const struct node *child;

	for (child = node_child(zone, node); child != NULL;
	    child = node_sibling(zone, child))
		assert(str_equal(name_parent(node_name(zone, child, arena)),
		    name));
}

/* Families that are kept as one, and several threads, give the same answers. */
static void
check_answers(struct arena *arena, struct source *source,
    struct zone_options options)
{
	struct str words;

	options.full_syntax = false;
	words = zone_answers(arena, zone_read(arena, source, &options));
	options.fold_from = 1;
	assert(str_equal(words, zone_answers(arena, zone_read(arena, source,
	    &options))));
	options.recogniser = alike_recogniser_at_once(arena);
	assert(str_equal(words, zone_answers(arena, zone_read(arena, source,
	    &options))));
	options.threads = 3;
	options.share = 32;
	assert(str_equal(words, zone_answers(arena, zone_read(arena, source,
	    &options))));
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	struct arena *arena = arena_new();
	struct source *source = ARENA_NEW(arena, struct source);
	struct zone_options options = { .name = STR("example.com"),
	    .how = ZONE_BY_OPTION, .full_syntax = true };
	const struct zone_problem *problem;
	const struct record *record;
	const struct node *node;
	struct zone *zone;
	size_t position = 0, i;

	source->path = STR("fuzz");
	source->text = arena_copy(arena, (struct str){ (const char *)bytes,
	    length });
	assert(differing_kernel(arena, source->path, source->text,
	    &options) == NULL);
	options.full_syntax = false;
	assert(differing_kernel(arena, source->path, source->text,
	    &options) == NULL);
	options.full_syntax = true;
	zone = zone_read(arena, source, &options);
	for (problem = zone->contents->problems; problem != NULL;
	    problem = problem->next)
		check_span(problem->span);
	while ((record = zone_next(zone, arena, ~0U, &position)) != NULL) {
		check_span(record->span);
		check_span(record_text_span(record, 0, record->text.n));
		assert(name_within(record->owner, zone->name));
		record_rdata(arena, record);
		assert(zone_find(zone, record->owner) != NULL);
	}
	for (i = 0; (node = zone_node(zone, i)) != NULL; i++) {
		assert(zone_find(zone, node_name(zone, node, arena)) == node);
		check_children(zone, node, arena);
	}
	check_answers(arena, source, options);
	arena_free(arena);
	return 0;
}
