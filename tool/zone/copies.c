/* Records that stand in a zone more than once. */
#include "base/arena.h"
#include "base/hash.h"
#include "zone/zone.h"

/* Of so few all are compared. */
enum { FEW = 4 };

/* What tells most records of one type and owner apart. */
static struct str
distinction(const struct record *record)
{
	if (record->text.p != NULL)
		return record->text;
	if (record->target.p != NULL)
		return record->target;
	return (struct str){ (const char *)record->address,
	    sizeof(record->address) };
}

static const struct record *
find_among(struct arena *arena, const struct record *const *records,
    const struct record *record)
{
	while (*records != record && !record_same(arena, *records, record))
		records++;
	return *records;
}

/* By what tells them apart: open addressing. */
static void
find_by_hash(struct arena *arena, const struct record *const *records,
    size_t count, const struct record **first)
{
	const struct record **slots;
	size_t size = 16, slot, i;

	while (size < count * 2)
		size *= 2;
	slots = ARENA_ARRAY(arena, size, const struct record *);
	for (i = 0; i < count; i++) {
		slot = (size_t)hash_quick(records[i]->type,
		    distinction(records[i])) & (size - 1);
		while (slots[slot] != NULL &&
		    !record_same(arena, slots[slot], records[i]))
			slot = (slot + 1) & (size - 1);
		if (slots[slot] == NULL)
			slots[slot] = records[i];
		first[i] = slots[slot];
	}
}

const struct record **
records_first(struct arena *arena, const struct record *const *records,
    size_t count)
{
	const struct record **first = ARENA_ARRAY(arena, count,
	    const struct record *);
	size_t i;

	if (count > FEW)
		find_by_hash(arena, records, count, first);
	else
		for (i = 0; i < count; i++)
			first[i] = find_among(arena, records, records[i]);
	return first;
}
