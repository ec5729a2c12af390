/*
 * Zones from strings. A line "= NAME" begins a zone, "= NAME VIEW" one of a
 * view; without one all lines belong to example.com. Single quotes stand for
 * double ones; the TTL is an hour.
 */
#ifndef ZONE_TEXT_H
#define ZONE_TEXT_H

#include "base/arena.h"
#include "base/buffer.h"
#include "zone/zone.h"

static void
zone_text_add(struct zones *zones, struct str name, struct str view,
    struct buffer *text)
{
	struct zone_options options = { .name = name, .fold_from = 1,
	    .how = ZONE_BY_OPTION };
	struct source *source = ARENA_NEW(zones->arena, struct source);
	struct zone *zone;

	source->path = STR("test.zone");
	source->text = arena_printf(zones->arena, "$TTL 1h\n%.*s",
	    STR_ARG(buffer_str(text)));
	buffer_clear(text);
	zone = zone_read(zones->arena, source, &options);
	zone->view = view;
	zones_add(zones, zone);
}

static struct zones *
zones_from(struct arena *arena, const char *text)
{
	struct zones *zones = ARENA_NEW(arena, struct zones);
	struct str rest = str_from(text), name = STR("example.com"), line;
	struct str view = STR("");
	struct buffer lines = { 0 };
	bool named = false;
	size_t i;

	zones->arena = arena;
	while (str_split(&rest, '\n', &line)) {
		if (!str_starts(line, STR("= "))) {
			for (i = 0; i < line.n; i++)
				buffer_add_byte(&lines, line.p[i] == '\'' ?
				    '"' : line.p[i]);
			buffer_add_byte(&lines, '\n');
			continue;
		}
		if (named || lines.n > 0)
			zone_text_add(zones, name, view, &lines);
		named = true;
		name = str_after(line, 2);
		view = str_after(name, str_find(name, ' ') + 1);
		name = str_slice(name, 0, str_find(name, ' '));
	}
	zone_text_add(zones, name, view, &lines);
	buffer_free(&lines);
	return zones;
}

#endif
