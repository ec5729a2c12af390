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
	if (made == NULL && (zone->contents->problem_count > 0 ||
	    zone_next(zone, own, ~0U, &position) != NULL))
		made = made_zone->records;
	arena_free(own);
	return made;
}

/* ---- among the other records of the zone --------------------------------- */

/* A zone with more is judged by what is generated alone. */
enum { MOST_OCTETS = 8 * 1024 * 1024 };

/* Those of an owner, in their order. */
struct made_owner {
	struct made_alike {
		struct made_alike *next;
		const struct made *made;
	} *first, **end;
};

struct made_owners
made_owners_of(struct arena *arena, const struct made_zone *zone)
{
	struct made_owners all = { .owners = { 0 } };
	const struct made *made;
	struct made_owner *owner;

	for (made = zone->records; made != NULL; made = made->next) {
		owner = table_find(&all.owners, made->owner);
		if (owner == NULL) {
			owner = ARENA_NEW(arena, struct made_owner);
			owner->end = &owner->first;
			table_add(&all.owners, arena, made->owner, owner);
		}
		*owner->end = ARENA_NEW(arena, struct made_alike);
		(*owner->end)->made = made;
		owner->end = &(*owner->end)->next;
	}
	return all;
}

static bool
collides(const struct made *made, const struct record *record)
{
	if (record->type == RR_CNAME || made->type == RR_CNAME)
		return (rrtype_set(record->type) & HAS_DNSSEC) == 0;
	if (record->type != made->type)
		return false;
	if (made->type == RR_TXT)
		return record->auth == made->auth && made->auth != AUTH_NONE;
	return made->type == RR_MX;
}

const struct made *
made_collides(const struct made_owners *all, const struct record *record)
{
	const struct made_owner *owner = table_find(&all->owners,
	    record->owner);
	const struct made_alike *one;

	for (one = owner == NULL ? NULL : owner->first; one != NULL;
	    one = one->next)
		if (collides(one->made, record))
			return one->made;
	return NULL;
}

/* A block in one of the files of a zone. */
struct place_of_block {
	struct place_of_block *next;
	const struct source *source;
	size_t start, end;
};

static struct place_of_block *
find_blocks(struct arena *arena, const struct zone *real)
{
	const struct zone_contents *contents = real->contents;
	struct place_of_block *first = NULL, *place;
	struct block block;
	size_t i, offset;

	for (i = 0; i < contents->source_count; i++) {
		offset = 0;
		while (block_next(arena, contents->sources[i]->text, &offset,
		    &block)) {
			place = ARENA_NEW(arena, struct place_of_block);
			place->source = contents->sources[i];
			place->start = block.start;
			place->end = block.end;
			place->next = first;
			first = place;
		}
	}
	return first;
}

static bool
is_in_block(const struct place_of_block *place, struct span span)
{
	while (place != NULL && (place->source != span.source ||
	    span.start < place->start || span.start >= place->end))
		place = place->next;
	return place != NULL;
}

/* The text from here on stands in the real zone's file. */
static void
add_place(struct arena *arena, struct source_map *places, size_t *room,
    size_t text, struct span origin)
{
	struct source_map_row *rows;
	size_t i;

	if (places->count == *room) {
		*room = *room * 2 + 64;
		rows = ARENA_ARRAY(arena, *room, struct source_map_row);
		for (i = 0; i < places->count; i++)
			rows[i] = places->rows[i];
		places->rows = rows;
	}
	rows = (struct source_map_row *)places->rows;
	rows[places->count++] = (struct source_map_row){ text, origin };
}

/* Those that stay beside what is generated; their places go to keep. */
static void
write_others(struct buffer *out, struct arena *keep,
    const struct made_zone *zone, const struct zone *real,
    struct source_map *places)
{
	struct arena *arena = arena_new(), *own = arena_new();
	const struct place_of_block *blocks = find_blocks(own, real);
	const struct made_owners owners = made_owners_of(own, zone);
	const struct record *record;
	size_t position = 0, room = places->count;

	while ((record = zone_next(real, arena, ~0U, &position)) != NULL) {
		if (made_collides(&owners, record) == NULL &&
		    (rrtype_set(record->type) & HAS_DNSSEC) == 0 &&
		    !is_in_block(blocks, record->span)) {
			add_place(keep, places, &room, out->n, record->span);
			buffer_printf(out, "%.*s. %u IN %.*s %.*s\n",
			    STR_ARG(record->owner), (unsigned)record->ttl,
			    STR_ARG(rrtype_name(arena, record->type)),
			    STR_ARG(record_rdata(arena, record)));
		}
		arena_reset(arena);
	}
	arena_free(own);
	arena_free(arena);
}

/* ---- reading ------------------------------------------------------------- */

/* Is all of it known, and not too much to be read once more? */
static bool
is_known(const struct zone *real)
{
	return real != NULL && real->contents->has_soa &&
	    !real->contents->incomplete &&
	    real->source->text.n <= MOST_OCTETS;
}

/*
 * What was made, up to *end, and behind it what the real zone (may be NULL)
 * holds besides.
 */
static struct zone *
read_text(struct arena *arena, const struct made_zone *made,
    const struct block_style *style, const struct zone *real, size_t *end)
{
	struct zone_options options = { .full_syntax = real == NULL,
	    /* Else the other records of the zone are not here. */
	    .incomplete = real == NULL,
	    .how = ZONE_BY_CONFIG, .name = made->name };
	struct source_map places = { 0 };
	struct source *source;
	struct buffer text = { 0 };

	block_write(&text, arena, made, style, &places);
	*end = text.n;
	if (real != NULL)
		write_others(&text, arena, made, real, &places);
	source = source_of_text(arena, arena_printf(arena,
	    "(generated %.*s)", STR_ARG(name_show(made->name))), &text);
	source_set_map(arena, source, places);
	return zone_read(arena, source, &options);
}

/* One zone; what it returns is as of records_read_back. */
static const struct made *
read_back(struct arena *arena, const struct made_zone *made,
    const struct block_style *style, const struct zone *real,
    struct zones *zones, size_t *end)
{
	struct arena *own = is_known(real) ? arena_new() : arena;
	struct zone *zone = read_text(own, made, style, NULL, end);
	const struct made *other = find_other(zone, made);

	*end = SIZE_MAX;
	if (own != arena) {
		arena_free(own);
		zone = read_text(arena, made, style, real, end);
	}
	zones_add(zones, zone);
	return other;
}

const struct made *
records_read_back(struct arena *arena, const struct made_zones *made,
    const struct block_style *style, const struct zones *real,
    struct zones *zones, size_t *ends)
{
	const struct made *other = NULL, *found;
	const struct made_zone *one;
	size_t end, i = 0;

	for (one = made->first; one != NULL; one = one->next) {
		found = read_back(arena, one, style, real == NULL ? NULL :
		    zones_find(real, one->name), zones, &end);
		if (other == NULL)
			other = found;
		if (ends != NULL)
			ends[i++] = end;
	}
	for (one = made->others; one != NULL; one = one->next)
		read_back(arena, one, style, NULL, zones, &end);
	return other;
}
