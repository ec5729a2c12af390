/*
 * Records as they stand in the file, for who wants to compare texts rather
 * than what they say.
 */
#include "zone/read.h"

bool
node_stretch(const struct zone *zone, uint32_t *next, struct stretch *stretch)
{
	const struct zone_log *log = zone->log;
	const struct segment *segment;
	const struct run *run;
	uint64_t place;
	size_t number, start;

	if (*next == 0)
		return false;
	number = *next - 1;
	*next = log_next_run(zone, number);
	run = log_run(log, number);
	place = log_run_place(run);
	segment = &log->segments[log_segment(log, place)];
	*stretch = (struct stretch){ .origin = segment->origin->canonical,
	    .ttl = segment->ttl, .part = segment->part,
	    .position = log_position(number) };
	if (segment->generate != NULL || (run->place & RUN_INHERITED) != 0)
		return true;
	start = segment->offset + (size_t)(place - segment->start);
	stretch->text = str_slice(segment->source->text, start, start +
	    (size_t)(log_run_end(log, number) - place));
	return true;
}
