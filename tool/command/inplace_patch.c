/* generate --in-place: putting changes into a text, and looking at the end. */
#include "base/arena.h"
#include "command/inplace.h"

const struct patch *
patch_add(struct arena *arena, struct zone_file *file, size_t start,
    size_t end, struct str text)
{
	struct patch **link = &file->patches, *patch;

	while (*link != NULL && ((*link)->start < start ||
	    ((*link)->start == start && (*link)->end < end)))
		link = &(*link)->next;
	if (*link != NULL && (*link)->start == start && (*link)->end == end)
		return *link;
	patch = ARENA_NEW(arena, struct patch);
	*patch = (struct patch){ *link, start, end, text };
	*link = patch;
	return patch;
}

struct str
patches_apply(struct arena *arena, const struct zone_file *file,
    const struct patch *wanted, size_t *start, size_t *end)
{
	struct str old = file->source->text;
	const struct patch *patch;
	struct buffer new = { 0 };
	size_t here = 0;

	for (patch = file->patches; patch != NULL; patch = patch->next) {
		buffer_add(&new, str_slice(old, here, patch->start));
		if (patch == wanted)
			*start = new.n;
		buffer_add(&new, patch->text);
		if (patch == wanted)
			*end = new.n;
		here = patch->end;
	}
	buffer_add(&new, str_after(old, here));
	return buffer_finish(&new, arena);
}

/* Does an entry of the file stand in something that is replaced? */
static bool
patches_cover(const struct patch *patch, const struct record *record,
    const struct source *source)
{
	size_t start = record->span.start;

	if (record->span.source != source)
		return false;
	while (patch != NULL && patch->end <= start)
		patch = patch->next;
	return patch != NULL && patch->start <= start;
}

/* ---- the file as it will be ---------------------------------------------- */

/* The serial number is the third word of an SOA record. */
enum { SOA_SERIAL = 2 };

static bool
same_soa(const struct zone_file *file, const struct record *old,
    const struct record *new)
{
	size_t i;

	for (i = 0; i < old->token_count && i < new->token_count; i++)
		if (i != SOA_SERIAL && !str_equal(old->tokens[i].raw,
		    new->tokens[i].raw))
			return false;
	return old->token_count == new->token_count &&
	    new->soa_serial == file->serial &&
	    str_equal(old->owner, new->owner);
}

static bool
is_as_before(const struct zone_file *file, struct arena *arena,
    const struct record *old, const struct record *new)
{
	if (old == NULL || new == NULL)
		return old == new;
	if (old->ttl != new->ttl || old->type != new->type)
		return false;
	return old->type == RR_SOA && file->raised ?
	    same_soa(file, old, new) : record_same(arena, old, new);
}

/* The next record that does not stand in something that is replaced. */
static const struct record *
next_outside(const struct zone *zone, struct arena *arena, size_t *position,
    const struct patch *patches)
{
	const struct record *record;

	do
		record = zone_next(zone, arena, ~0U, position);
	while (record != NULL && patches_cover(patches, record, zone->source));
	return record;
}

static bool
is_block_read(const struct zone *zone, struct arena *arena,
    const struct patch *block, const struct made *made)
{
	const struct record *record;
	size_t position = 0;

	while ((record = zone_next(zone, arena, ~0U, &position)) != NULL) {
		if (!patches_cover(block, record, zone->source))
			continue;
		if (made == NULL || !record_is_made(arena, record, made))
			return false;
		made = made->next;
	}
	return made == NULL;
}

static bool
are_others_kept(const struct zone_file *file, const struct zone *old,
    const struct zone *new, struct arena *arena, const struct patch *block)
{
	size_t old_position = 0, new_position = 0;
	const struct record *before, *after;

	do {
		arena_reset(arena);
		before = next_outside(old, arena, &old_position, file->patches);
		after = next_outside(new, arena, &new_position, block);
		if (!is_as_before(file, arena, before, after))
			return false;
	} while (before != NULL);
	return true;
}

bool
file_stays_whole(const struct zone_file *file,
    const struct made_zone *made_zone, const struct zone *old,
    struct str text, const struct patch *block)
{
	struct arena *own = arena_new(), *records = arena_new();
	struct buffer copy = { 0 };
	const struct zone *new;
	bool whole;

	buffer_add(&copy, text);
	new = zone_of_file(own, source_of_text(own, file->path, &copy),
	    made_zone->name);
	whole = new->contents->problem_count ==
	    old->contents->problem_count &&
	    is_block_read(new, records, block, made_zone->records) &&
	    are_others_kept(file, old, new, records, block);
	arena_free(records);
	arena_free(own);
	return whole;
}
