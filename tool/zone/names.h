/*
 * What the files share that know the names of a zone. For them alone.
 */
#ifndef ZONE_NAMES_H
#define ZONE_NAMES_H

#include <stdatomic.h>

#include "zone/read.h"

/* Few enough to cost a zone of one name little. */
enum { NODE_PIECE = 8 };

/*
 * A plain name is a child of the apex that owns one run, and has no names
 * below it but those that are folded in that run: most of a large zone are.
 * All that is known of it follows from the run, and it becomes a node when
 * somebody asks, with those beside it.
 */
struct node_table {
	struct zone_log *log;
	struct node_piece {
		_Atomic(struct node *) nodes;	/* NULL: all are plain */
	} *pieces;
	size_t count, piece_room;
	uint32_t *runs;			/* with which each name was first met */
	size_t unfolded;		/* count, and those that were folded */
	size_t apex;			/* its number, when there are any */
	bool cuts, wildcards;		/* see zone_has_cuts */
	bool finished;			/* all runs are in it; from then on: */
	bool occluded;			/* are the children of the apex? */
	/*
	 * Open addressing: number of the node plus one, which takes slot_bits;
	 * the bits above are those of the hash.
	 */
	uint32_t *slots;
	size_t slot_count;		/* a power of two */
	unsigned slot_bits;
	uint32_t *next;			/* of each run: the next, plus one */
	const uint32_t *mixed;		/* see struct building; may be NULL */
};

/* The piece that holds a node; NULL when it has not been made. */
static inline struct node *
piece_of(const struct node_table *table, size_t number)
{
	return atomic_load_explicit(&table->pieces[number / NODE_PIECE].nodes,
	    memory_order_acquire);
}

/* Of one that has been made. */
static inline struct node *
node_at(const struct node_table *table, size_t number)
{
	return &piece_of(table, number)[number % NODE_PIECE];
}

static inline const struct run *
run_at(const struct node_table *table, size_t number)
{
	return log_run(table->log, table->runs[number]);
}

static inline uint64_t
hash_at(const struct node_table *table, size_t number)
{
	const struct node *piece = piece_of(table, number);

	return piece != NULL ? piece[number % NODE_PIECE].hash :
	    run_at(table, number)->hash;
}

/* The number of the name above it. */
static inline size_t
above_at(const struct node_table *table, size_t number)
{
	const struct node *piece = piece_of(table, number);

	return piece != NULL ? piece[number % NODE_PIECE].parent :
	    table->apex;
}

static inline size_t
first_slot(const struct node_table *table, uint64_t hash)
{
	return (size_t)(hash >> 20) & (table->slot_count - 1);
}

static inline uint32_t
slot_for(const struct node_table *table, uint64_t hash, size_t number)
{
	return (uint32_t)(hash << table->slot_bits | (number + 1));
}

static inline size_t
slot_number(const struct node_table *table, uint32_t slot)
{
	return (size_t)(slot & (((uint64_t)1 << table->slot_bits) - 1)) - 1;
}

/* Where the name with the hash is, or would be. */
static inline uint32_t *
slot_of(const struct node_table *table, uint64_t hash)
{
	size_t i = first_slot(table, hash), number;

	for (; table->slots[i] != 0; i = (i + 1) & (table->slot_count - 1)) {
		number = slot_number(table, table->slots[i]);
		if (table->slots[i] == slot_for(table, hash, number) &&
		    hash_at(table, number) == hash)
			break;
	}
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
/* The piece that holds a number, under the lock. (tree.c) */
struct node *make_piece(struct node_table *, size_t number);
/* The same for who does not have that. (names.c) */
struct node *node_of(const struct node_table *, size_t number);

static inline struct node_table *
table_of(const struct zone *zone)
{
	const bool read = atomic_load_explicit(&zone->unread,
	    memory_order_acquire) == NULL;
	struct node_table *table = read ? atomic_load(&zone->log->nodes) :
	    NULL;

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
