/*
 * Whatever kernel the reader uses, and without any, it reads the same: tests
 * and the fuzz target put all that a zone remembers into words, to compare.
 */
#ifndef ZONE_SAME_H
#define ZONE_SAME_H

#include <assert.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "base/file.h"
#include "zone/read.h"
#include "zone/window.h"
#include "zone/zone.h"

static inline void
add_span(struct buffer *out, struct span span)
{
	buffer_printf(out, " %zu-%zu", span.start, span.end);
	if (span.source != NULL)
		buffer_add(out, span.source->path);
}

static inline void
add_log(struct buffer *out, struct arena *arena, const struct zone *zone)
{
	const struct zone_log *log = zone->log;
	const struct segment *segment;
	const struct run *run;
	struct wire owner;
	size_t i;

	for (i = 0; i < log->segment_count; i++) {
		segment = &log->segments[i];
		buffer_printf(out, "segment %zu at %zu ttl %lu part %lu "
		    "below %.*s\n", (size_t)segment->start, segment->offset,
		    (unsigned long)segment->ttl, (unsigned long)segment->part,
		    STR_ARG(segment->origin->canonical));
	}
	for (i = 0; i < log->run_count; i++) {
		run = log_run(log, i);
		/* Of which another reader may be more sure. */
		buffer_printf(out, "run %zx", (size_t)run->place &
		    ~(size_t)HAS_TWICE);
		if (run->hash != 0) {
			log_owner(zone, i, &owner);
			assert(run->hash == log_hash(log,
			    wire_canonical(arena, &owner)));
			buffer_add_byte(out, ' ');
			buffer_add(out, wire_written(arena, &owner));
		}
		buffer_add_byte(out, '\n');
	}
	buffer_printf(out, "end %zu\n", (size_t)log->end);
}

static inline void
add_problems(struct buffer *out, const struct zone *zone)
{
	const struct zone_problem *problem;
	const struct zone_suppression *suppression;

	for (problem = zone->contents->problems; problem != NULL;
	    problem = problem->next) {
		buffer_printf(out, "problem %d %.*s", (int)problem->kind,
		    STR_ARG(problem->what));
		add_span(out, problem->span);
		buffer_add_byte(out, '\n');
	}
	for (suppression = zone->contents->suppressions; suppression != NULL;
	    suppression = suppression->next) {
		buffer_add_cstr(out, "suppression");
		add_span(out, suppression->span);
		add_span(out, suppression->covers);
		buffer_add_byte(out, '\n');
	}
}

static inline void
add_record(struct buffer *out, struct arena *arena,
    const struct record *record)
{
	size_t position = record->position;
	const struct record *again = zone_next(record->zone, arena, ~0U,
	    &position);

	assert(again->span.start == record->span.start &&
	    again->position == record->position &&
	    str_equal(again->owner, record->owner));
	buffer_printf(out, "%.*s %.*s %lu%s %u part %u ",
	    STR_ARG(record->owner),
	    STR_ARG(record_written(arena, record)),
	    (unsigned long)record->ttl, record->explicit_ttl ? "!" : "",
	    record->type, record->part);
	buffer_add(out, record_rdata(arena, record));
	add_span(out, record->span);
	add_span(out, record->owner_span);
	add_span(out, record->type_span);
	add_span(out, record->rdata_span);
	add_span(out, record->comment);
	buffer_add_byte(out, '\n');
}

/* The same in short, as it is asked of very many zones. */
static inline void
add_made(struct buffer *out, const struct record *record)
{
	buffer_printf(out, "%zu %u %lu%s %zu", record->position, record->type,
	    (unsigned long)record->ttl, record->explicit_ttl ? "!" : "",
	    record->token_count);
	buffer_add(out, record->owner);
	add_span(out, record->span);
	add_span(out, record->owner_span);
	add_span(out, record->type_span);
	add_span(out, record->rdata_span);
	add_span(out, record->comment);
	buffer_add(out, record->octets);
	buffer_add(out, record->text);
	buffer_add_byte(out, '\n');
}

/* All that reading found, and what is made of some of it. */
static inline struct str
zone_words(struct arena *arena, const struct zone *zone)
{
	const struct zone_contents *contents = zone->contents;
	struct buffer out = { 0 };
	const struct record *record;
	size_t position = 0;

	buffer_printf(&out, "%zu records, %zu problems, %d %d soa",
	    contents->record_count, contents->problem_count,
	    contents->escaped_owners, contents->relative_servers);
	add_span(&out, contents->soa);
	buffer_printf(&out, " %lu %lu %lu\n", (unsigned long)contents->soa_ttl,
	    (unsigned long)contents->soa_serial,
	    (unsigned long)contents->soa_minimum);
	add_log(&out, arena, zone);
	add_problems(&out, zone);
	while ((record = zone_next(zone, arena, HAS_TXT | HAS_MX,
	    &position)) != NULL)
		add_made(&out, record);
	return buffer_finish(&out, arena);
}

/* Are there two of the types that are the same? */
static inline bool
stands_twice(struct arena *arena, const struct record **records, size_t count)
{
	size_t i, j;

	for (i = 0; i < count; i++)
		for (j = 0; j < i; j++)
			if ((rrtype_set(records[i]->type) & TWICE_TYPES) != 0 &&
			    record_same(arena, records[i], records[j]))
				return true;
	return false;
}

/* A name with all that is asked of it, and those below it. */
static inline void
add_names(struct buffer *out, struct arena *arena, const struct zone *zone,
    const struct node *node)
{
	struct str name = node_name(zone, node, arena);
	/* As it is before anybody has found it by its name. */
	unsigned types = node->types & ~(unsigned)HAS_TWICE;
	const struct record **records;
	const struct node *child;
	size_t count, i;

	assert(zone_find(zone, name) == node);
	buffer_printf(out, "%.*s %x%s%s%s%s:", STR_ARG(name), types,
	    node->children ? " children" : "",
	    node->wildcard ? " wildcard" : "",
	    node->occluded ? " occluded" : "", node->cut ? " cut" : "");
	count = node_records(zone, node, arena, ~0U, &records);
	assert((node->types & HAS_TWICE) != 0 ||
	    !stands_twice(arena, records, count));
	for (i = 0; i < count; i++) {
		assert(str_equal(records[i]->owner, name));
		add_span(out, records[i]->span);
	}
	buffer_add_byte(out, '\n');
	for (child = node_child(zone, node); child != NULL;
	    child = node_sibling(zone, child))
		add_names(out, arena, zone, child);
}

/* What anybody can ask of a zone, but how many names it seems to have. */
static inline struct str
zone_answers(struct arena *arena, const struct zone *zone)
{
	const struct zone_contents *contents = zone->contents;
	struct buffer out = { 0 };
	const struct record *record;
	const struct node *apex;
	size_t position = 0;

	buffer_printf(&out, "%zu %zu %d %d %d %d %d %zu\n",
	    contents->record_count, contents->problem_count,
	    contents->relative_servers, contents->underscored_aliases,
	    contents->escaped_owners, contents->marked,
	    contents->own_origins, contents->own_ttl);
	while ((record = zone_next(zone, arena, ~0U, &position)) != NULL)
		add_record(&out, arena, record);
	apex = zone_find(zone, zone->name);
	if (apex != NULL)
		add_names(&out, arena, zone, apex);
	add_problems(&out, zone);
	return buffer_finish(&out, arena);
}

/* The same with the kernel, NULL for none; the best one is used from now. */
static inline struct str
words_with(struct arena *arena, const struct window_kernel *kernel,
    struct str path, struct str text, const struct zone_options *options)
{
	struct source *source = ARENA_NEW(arena, struct source);
	struct str words;

	source->path = path;
	source->text = text;
	window_use(kernel);
	words = zone_words(arena, zone_read(arena, source, options));
	window_use(window_kernel_at(0));
	return words;
}

/* The first kernel that reads something else; NULL when there is none. */
static inline const struct window_kernel *
differing_kernel(struct arena *arena, struct str path, struct str text,
    const struct zone_options *options)
{
	struct str words = words_with(arena, NULL, path, text, options);
	const struct window_kernel *kernel;
	size_t i;

	for (i = 0; (kernel = window_kernel_at(i)) != NULL; i++)
		if (!str_equal(words, words_with(arena, kernel, path, text,
		    options)))
			break;
	return kernel;
}

#endif
