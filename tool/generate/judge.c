/* What was generated, read back as if somebody else had written it. */
#include "base/arena.h"
#include "base/file.h"
#include "generate/generate.h"

struct source *
source_of_text(struct arena *arena, struct str path, struct buffer *text)
{
	struct source *source = ARENA_NEW(arena, struct source);

	source->path = path;
	buffer_add_repeated(text, '\0', FILE_PADDING);
	source->text = buffer_finish(text, arena);
	source->text.n -= FILE_PADDING;
	source->padded = true;
	return source;
}

bool
record_is_made(struct arena *arena, const struct record *record,
    const struct made *made)
{
	if (record == NULL || record->type != made->type ||
	    record->ttl != made->ttl ||
	    !str_equal(record->owner, made->owner))
		return false;
	if (made->kept)
		return record_same(arena, record, made->record);
	if (made->type == RR_TXT)
		return str_equal(record->text, made->text);
	return str_equal_case(record_rdata(arena, record), made->value);
}

/*
 * Whatever stands in the configuration, the text holds the records that were
 * made and no others.
 */
static const struct made *
find_other(const struct zone *zone, const struct made_zone *made_zone)
{
	const struct made *made = made_zone->records;
	struct arena *own = arena_new();
	size_t position = 0;

	while (made != NULL && record_is_made(own, zone_next(zone, own, ~0U,
	    &position), made)) {
		made = made->next;
		arena_reset(own);
	}
	if (made == NULL && (zone->problem_count > 0 ||
	    zone_next(zone, own, ~0U, &position) != NULL))
		made = made_zone->records;
	arena_free(own);
	return made;
}

/* One zone; what it returns is as of records_read_back. */
static const struct made *
read_back(struct arena *arena, const struct made_zone *made,
    const struct block_style *style, struct zones *zones)
{
	struct zone_options options = { .full_syntax = true,
	    .how = ZONE_BY_CONFIG, .name = made->name };
	struct source places = { 0 }, *source;
	struct buffer text = { 0 };
	struct zone *zone;

	block_write(&text, arena, made, style, &places);
	source = source_of_text(arena, arena_printf(arena,
	    "(generated %.*s)", STR_ARG(name_show(made->name))), &text);
	source->map = places.map;
	source->map_length = places.map_length;
	zone = zone_read(arena, source, &options);
	/* The other records of the zone are not here. */
	zone->incomplete = true;
	zones_add(zones, zone);
	return find_other(zone, made);
}

const struct made *
records_read_back(struct arena *arena, const struct made_zones *made,
    const struct block_style *style, struct zones *zones)
{
	const struct made *other = NULL, *found;
	const struct made_zone *one;

	for (one = made->first; one != NULL; one = one->next) {
		found = read_back(arena, one, style, zones);
		if (other == NULL)
			other = found;
	}
	for (one = made->others; one != NULL; one = one->next)
		read_back(arena, one, style, zones);
	return other;
}
