/*
 * A zone before and after edits. Leaving an entry out can give the next one
 * another owner or TTL, an edit in quotes can swallow the line below: whatever
 * no edit touches must be the same DNS data as before.
 */
#include "base/arena.h"
#include "base/path.h"
#include "fix/fix.h"

/* A walk through one reading of a zone. */
struct walk {
	const struct zone *zone;
	struct arena *arena;
	size_t position;
	const struct record *record;	/* NULL after the last */
	const struct source *source;	/* of the last record, and ... */
	const struct ranges *ranges;	/* ... what changed in it, or NULL */
};

static const struct ranges *
find_ranges(struct arena *arena, const struct ranges *list, size_t count,
    const struct source *source)
{
	struct str path = path_real(arena, source->path);
	size_t low = 0, high = count, middle;
	int order;

	if (path.p == NULL)
		path = source->path;
	while (low < high) {
		middle = low + (high - low) / 2;
		order = str_compare(list[middle].path, path);
		if (order == 0)
			return &list[middle];
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

static void
step(struct walk *walk, const struct ranges *list, size_t count)
{
	arena_reset(walk->arena);
	walk->record = zone_next(walk->zone, walk->arena, ~0U,
	    &walk->position);
	if (walk->record == NULL ||
	    walk->record->span.source == walk->source)
		return;
	walk->source = walk->record->span.source;
	walk->ranges = find_ranges(walk->arena, list, count, walk->source);
}

/* The first range that does not end before a place. */
static size_t
first_from(const struct ranges *ranges, size_t place, bool new)
{
	size_t low = 0, high = ranges->count, middle, end;

	while (low < high) {
		middle = low + (high - low) / 2;
		end = new ? ranges->rows[middle].end :
		    ranges->rows[middle].old.end;
		if (end < place)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* Has something of the entry been replaced, or put into or beside it? */
static bool
was_edited(const struct ranges *ranges, struct span entry)
{
	size_t i;

	if (ranges == NULL)
		return false;
	for (i = first_from(ranges, entry.start, false); i < ranges->count &&
	    ranges->rows[i].old.start <= entry.end; i++) {
		struct span old = ranges->rows[i].old;

		/* A line that ends where the entry starts is another one. */
		if (old.start == old.end || (old.start < entry.end &&
		    entry.start < old.end))
			return true;
	}
	return false;
}

/* Has all of it been replaced, or taken out? */
static bool
was_replaced(const struct ranges *ranges, struct span entry)
{
	size_t i = first_from(ranges, entry.end, false);

	return i < ranges->count && ranges->rows[i].old.start <= entry.start &&
	    ranges->rows[i].old.end >= entry.end;
}

/* Does the entry stand where something new does? */
static bool
is_new(const struct ranges *ranges, struct span entry)
{
	size_t i;

	if (ranges == NULL)
		return false;
	i = first_from(ranges, entry.start, true);
	return i < ranges->count && ranges->rows[i].start <= entry.end;
}

/* Where an entry that was not edited stands now. */
static size_t
place_now(const struct ranges *ranges, size_t start)
{
	const struct change_range *row;
	size_t i;

	if (ranges == NULL)
		return start;
	i = first_from(ranges, start, false);
	while (i < ranges->count && ranges->rows[i].old.end == start)
		i++;
	if (i == 0)
		return start;
	row = &ranges->rows[i - 1];
	return start - row->old.end + row->end;
}

static bool
is_same(struct arena *arena, const struct record *a, const struct record *b)
{
	return a->type == b->type && a->class == b->class &&
	    a->ttl == b->ttl && str_equal(a->owner, b->owner) &&
	    str_equal(record_rdata(arena, a), record_rdata(arena, b));
}

/* Goes on to where the record stands now; all before that must be new. */
static bool
find_again(struct walk *new, const struct walk *old,
    const struct ranges *list, size_t count)
{
	size_t place = place_now(old->ranges, old->record->span.start);

	while (new->record != NULL && (new->ranges != old->ranges ||
	    new->record->span.start != place)) {
		if (!is_new(new->ranges, new->record->span))
			return false;
		step(new, list, count);
	}
	return new->record != NULL;
}

/*
 * An entry that was edited keeps its owner, unless that was edited or written
 * down: what was put above it may not hand it another one.
 */
static bool
keeps_owner(struct walk *new, const struct walk *old,
    const struct ranges *list, size_t count)
{
	const struct record *record = old->record;
	size_t i;

	if (record->generated || was_replaced(old->ranges, record->span) ||
	    !find_again(new, old, list, count) ||
	    str_equal(new->record->owner, record->owner))
		return true;
	if (record->owner_span.start == record->owner_span.end)
		return new->record->owner_span.start <
		    new->record->owner_span.end;
	i = first_from(old->ranges, record->owner_span.start, false);
	return i < old->ranges->count &&
	    old->ranges->rows[i].old.start <= record->owner_span.end;
}

bool
same_but_for(const struct zone *old_zone, const struct zone *new_zone,
    const struct ranges *list, size_t count)
{
	struct walk old = { .zone = old_zone, .arena = arena_new() };
	struct walk new = { .zone = new_zone, .arena = arena_new() };
	bool same = new_zone->contents->problem_count <=
	    old_zone->contents->problem_count;

	step(&new, list, count);
	for (step(&old, list, count); same && old.record != NULL;
	    step(&old, list, count)) {
		if (was_edited(old.ranges, old.record->span)) {
			same = keeps_owner(&new, &old, list, count);
			continue;
		}
		same = find_again(&new, &old, list, count) &&
		    is_same(old.arena, old.record, new.record);
		if (same)
			step(&new, list, count);
	}
	for (; same && new.record != NULL; step(&new, list, count))
		same = is_new(new.ranges, new.record->span);
	arena_free(old.arena);
	arena_free(new.arena);
	return same;
}
