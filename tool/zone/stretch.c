/*
 * Records as they stand in the file, for who wants to compare texts rather
 * than what they say.
 */
#include "zone/names.h"

/* What follows from where a run stands, but for its text. */
static struct stretch
begin(const struct zone_log *log, size_t number, const struct segment *segment)
{
	return (struct stretch){ .origin = segment->origin->canonical,
	    .ttl = segment->ttl, .part = segment->part,
	    .position = log_position(log, number) };
}

static struct str
text_from(const struct segment *segment, uint64_t place, uint64_t end)
{
	size_t start = segment->offset + (size_t)(place - segment->start);

	return str_slice(segment->source->text, start,
	    start + (size_t)(end - place));
}

static void
take_run(const struct zone *zone, size_t number, struct stretch *stretch)
{
	const struct zone_log *log = zone->log;
	const struct run *run = log_run(log, number);
	uint64_t place = log_run_place(run);
	size_t within = log_segment(log, place);
	const struct segment *segment = &log->segments[within];

	*stretch = begin(log, number, segment);
	if (segment->generate == NULL && (run->place & (RUN_INHERITED |
	    RUN_OUT_OF_ZONE | RUN_FOLDED)) == 0)
		stretch->text = text_from(segment, place,
		    log_end_of(log, number, within));
	stretch->types = run->place & RUN_TYPES;
}

/* Where one that lies in a run starts, from the start of that. */
static size_t
folded_start(const struct fold *fold, const uint16_t *ends, size_t stretch)
{
	return fold->order[stretch] == 0 ? 0 :
	    ends[fold->order[stretch] - 1];
}

/* The same of each run that lies in one, a name at a time. */
static size_t
take_folded(const struct zone *zone, size_t number,
    struct stretch *stretches)
{
	const struct zone_log *log = zone->log;
	const struct run *run = log_run(log, number);
	const struct fold *fold = log->folds[run->place & RUN_TYPES];
	const uint16_t *ends = log_ends(log, number);
	uint64_t place = log_run_place(run);
	const struct segment *segment =
	    &log->segments[log_segment(log, place)];
	const struct stretch all = begin(log, number, segment);
	const char *text = text_from(segment, place, place).p;
	struct stretch *stretch = stretches;
	size_t start, i;

	for (i = 0; i < fold->runs; i++, stretch++) {
		start = folded_start(fold, ends, i);
		*stretch = all;
		stretch->types = fold->run_types[fold->order[i]];
		stretch->position += start;
		stretch->text = (struct str){ text + start,
		    ends[fold->order[i]] - start };
	}
	return fold->runs;
}

/* Of a name, plus one; 0: it owns nothing. */
static uint32_t
first_run(const struct node_table *table, size_t number)
{
	const struct node *node;

	if (piece_of(table, number) == NULL)
		return table->runs[number] + 1;
	node = node_at(table, number);
	return node->types == 0 ? 0 : node->runs;
}

size_t
zone_family_stretches(const struct zone *zone,
    const struct zone_family *family, struct stretch *stretches, size_t most)
{
	const struct node_table *table = table_of(zone);
	size_t taken = 0, i;
	uint32_t next;

	if (family->folded)
		return most < FOLD_LINES ? most : take_folded(zone,
		    table->runs[family->number], stretches);
	for (i = 0; i < family->count; i++) {
		next = first_run(table, family->number + i);
		for (; next != 0 && taken < most;
		    next = log_next_run(zone, next - 1))
			take_run(zone, next - 1, &stretches[taken++]);
	}
	return taken;
}

size_t
zone_kind_count(const struct zone *zone)
{
	zone_need(zone);
	return zone->log->kind_count + 1;
}

size_t
zone_family_position(const struct zone *zone,
    const struct zone_family *family, size_t stretch)
{
	return log_position(zone->log, family->run) +
	    folded_start(family->fold, family->ends, stretch);
}

/*
 * A run that is folded is that of the top, and the names' own come behind it.
 */
size_t
node_position(const struct zone *zone, const struct node *node)
{
	size_t run = node->runs - 1;

	if (node->folded)
		run = log_next_run(zone, run) - 1;
	return log_position(zone->log, run);
}

bool
zone_stretch(const struct zone *zone, size_t *next, struct stretch *stretch)
{
	const struct zone_log *log;

	zone_need(zone);
	log = zone->log;
	while (*next < log->run_count && log_run(log, *next)->hash == 0)
		(*next)++;
	if (*next == log->run_count)
		return false;
	take_run(zone, (*next)++, stretch);
	return true;
}
