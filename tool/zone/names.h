/*
 * What the files share that know the names of a zone. For them alone.
 */
#ifndef ZONE_NAMES_H
#define ZONE_NAMES_H

#include <stdatomic.h>

#include "zone/read.h"

/* Few enough to cost a zone of one name little. */
enum { NODE_PIECE = 32 };

struct node_table {
	struct node **pieces;
	size_t count, piece_room;
	size_t unfolded;		/* the same, and those that were folded */
	size_t apex;			/* its number, when there are any */
	bool cuts, wildcards;		/* see zone_has_cuts */
	/* Open addressing: number of the node plus one. */
	uint32_t *slots;
	size_t slot_count;		/* a power of two */
	uint32_t *next;			/* of each run: the next, plus one */
	const uint32_t *mixed;		/* see struct building; may be NULL */
};

static inline struct node *
node_at(const struct node_table *table, size_t number)
{
	return &table->pieces[number / NODE_PIECE][number % NODE_PIECE];
}

static inline size_t
first_slot(const struct node_table *table, uint64_t hash)
{
	return (size_t)(hash >> 20) & (table->slot_count - 1);
}

/* Where the node with the hash is, or would be. */
static inline uint32_t *
slot_of(const struct node_table *table, uint64_t hash)
{
	size_t i = first_slot(table, hash);

	while (table->slots[i] != 0 &&
	    node_at(table, table->slots[i] - 1)->hash != hash)
		i = (i + 1) & (table->slot_count - 1);
	return &table->slots[i];
}

/* Where stands which run of the same name comes next. */
static inline uint32_t *
next_of(const struct zone_log *log, const struct node_table *table,
    size_t run)
{
	return run < INNER_RUNS ? &table->next[run] :
	    &log_inner(log, run)->next;
}

/* By whoever asks first; others wait for it. (tree.c) */
struct node_table *make_table(const struct zone *);

static inline struct node_table *
table_of(const struct zone *zone)
{
	struct node_table *table = atomic_load(&zone->log->nodes);

	return table != NULL ? table : make_table(zone);
}

/*
 * The runs that lie in one; returns the number of the first. Under the lock.
 * (unfold.c)
 */
size_t add_inner(const struct zone *, size_t outer);
/* A name below one that is folded; NULL when there is none. (unfold.c) */
const struct node *find_folded(const struct zone *, const struct node_table *,
    struct str name);

#endif
