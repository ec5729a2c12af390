#include "base/arena.h"
#include "base/hash.h"
#include "base/table.h"

enum { ROOM = 16 };		/* at first; a power of two */

/* Where the key stands, or would stand: open addressing, step by step. */
static struct table_row *
row_of(const struct table *table, struct str key)
{
	size_t i = (size_t)hash_bytes(hash_key_fixed, key);
	struct table_row *row;

	for (;; i++) {
		row = &table->rows[i & (table->room - 1)];
		if (row->value == NULL || str_equal(row->key, key))
			return row;
	}
}

/* At most half of the rows are taken, so that searches end soon. */
static void
make_room(struct table *table, struct arena *arena)
{
	struct table old = *table;
	size_t i;

	if (2 * (old.count + 1) <= old.room)
		return;
	table->room = old.room == 0 ? ROOM : 2 * old.room;
	table->rows = ARENA_ARRAY(arena, table->room, struct table_row);
	for (i = 0; i < old.room; i++)
		if (old.rows[i].value != NULL)
			*row_of(table, old.rows[i].key) = old.rows[i];
}

void *
table_find(const struct table *table, struct str key)
{
	return table->room == 0 ? NULL : row_of(table, key)->value;
}

void *
table_add(struct table *table, struct arena *arena, struct str key,
    void *value)
{
	struct table_row *row;

	make_room(table, arena);
	row = row_of(table, key);
	if (row->value == NULL) {
		*row = (struct table_row){ key, value };
		table->count++;
	}
	return row->value;
}

void
table_set(struct table *table, struct arena *arena, struct str key,
    void *value)
{
	table_add(table, arena, key, value);
	row_of(table, key)->value = value;
}
