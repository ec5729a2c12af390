/*
 * Reads a zone and does nothing with it: what reading alone costs.
 *
 *	read ORIGIN FILE
 */
#include <stdio.h>

#include "base/arena.h"
#include "base/file.h"
#include "zone/zone.h"

int
main(int argc, char **argv)
{
	/* As lint reads it. */
	struct zone_options options = { .root = STR(""),
	    .fold_from = 1024 };
	struct arena *arena = arena_new();
	struct source *source;
	struct zone *zone;

	if (argc != 3) {
		fprintf(stderr, "usage: %s ORIGIN FILE\n", argv[0]);
		return 2;
	}
	options.name = str_from(argv[1]);
	source = file_read(arena, str_from(argv[2]));
	if (source == NULL) {
		perror(argv[2]);
		return 2;
	}
	zone = zone_read(arena, source, &options);
	printf("%zu records, %zu problems\n", zone->contents->record_count,
	    zone->contents->problem_count);
	arena_free(arena);
	return 0;
}
