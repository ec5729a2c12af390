/* What was generated, read back as if somebody else had written it. */
#include "base/arena.h"
#include "base/file.h"
#include "generate/generate.h"

/* Readers count on NULs behind the text. */
static struct str
padded(struct arena *arena, struct buffer *text)
{
	struct str copy;

	buffer_add_repeated(text, '\0', FILE_PADDING);
	copy = buffer_finish(text, arena);
	copy.n -= FILE_PADDING;
	return copy;
}

void
records_read_back(struct arena *arena, const struct made_zones *made,
    enum txt_style style, struct str config, struct zones *zones)
{
	const struct made_zone *one;
	struct source *source;
	struct zone_options options = { .full_syntax = true };
	struct buffer text = { 0 };
	struct zone *zone;

	for (one = made->first; one != NULL; one = one->next) {
		source = ARENA_NEW(arena, struct source);
		source->path = arena_printf(arena, "(generated %.*s)",
		    STR_ARG(name_show(one->name)));
		block_write(&text, arena, one, style, config, source);
		source->text = padded(arena, &text);
		options.name = one->name;
		options.how = ZONE_BY_CONFIG;
		zone = zone_read(arena, source, &options);
		/* The other records of the zone are not here. */
		zone->incomplete = true;
		zones_add(zones, zone);
	}
}
