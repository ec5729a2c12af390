/*
 * Records as they stand in the file, for who wants to compare texts rather
 * than what they say.
 */
#include "zone/read.h"

static void
take_run(const struct zone *zone, size_t number, struct stretch *stretch)
{
	const struct zone_log *log = zone->log;
	const struct run *run = log_run(log, number);
	uint64_t place = log_run_place(run);
	size_t within = log_segment(log, place);
	const struct segment *segment = &log->segments[within];
	size_t start = segment->offset + (size_t)(place - segment->start);

	*stretch = (struct stretch){ .origin = segment->origin->canonical,
	    .ttl = segment->ttl, .part = segment->part,
	    .position = log_position(number) };
	if (segment->generate == NULL && (run->place & (RUN_INHERITED |
	    RUN_OUT_OF_ZONE)) == 0)
		stretch->text = str_slice(segment->source->text, start, start +
		    (size_t)(log_end_of(log, number, within) - place));
}

bool
node_stretch(const struct zone *zone, uint32_t *next, struct stretch *stretch)
{
	size_t number;

	if (*next == 0)
		return false;
	number = *next - 1;
	*next = log_next_run(zone, number);
	take_run(zone, number, stretch);
	return true;
}

bool
zone_stretch(const struct zone *zone, size_t *next, struct stretch *stretch)
{
	const struct zone_log *log = zone->log;

	while (*next < log->run_count && log_run(log, *next)->hash == 0)
		(*next)++;
	if (*next == log->run_count)
		return false;
	take_run(zone, (*next)++, stretch);
	return true;
}
