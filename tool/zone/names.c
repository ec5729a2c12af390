/* What is asked of the names of a zone. */
#include "base/arena.h"
#include "base/worker.h"
#include "zone/names.h"

struct node *
node_of(const struct node_table *table, size_t number)
{
	struct node *piece = piece_of(table, number);

	if (piece == NULL) {
		worker_lock(&table->log->lock);
		piece = make_piece(atomic_load(&table->log->nodes), number);
		pthread_mutex_unlock(&table->log->lock);
	}
	return &piece[number % NODE_PIECE];
}

/* The number of one of the table, or directly below the apex. */
static size_t
number_of(const struct node_table *table, const struct node *node)
{
	return slot_number(table, *slot_of(table, node->hash));
}

const struct node *
zone_find(const struct zone *zone, struct str name)
{
	const struct node_table *table;
	const struct node *node;
	uint32_t slot;

	if (!name_within(name, zone->name))
		return NULL;
	table = table_of(zone);
	slot = *slot_of(table, log_hash(zone->log, name));
	if (slot == 0)
		return zone->log->folded_count == 0 ? NULL :
		    find_folded(zone, table, name);
	node = node_of(table, slot_number(table, slot));
	zone_unfold(zone, node);
	return node;
}

bool
zone_has_cuts(const struct zone *zone)
{
	return table_of(zone)->cuts;
}

bool
zone_has_wildcards(const struct zone *zone)
{
	return table_of(zone)->wildcards;
}

size_t
zone_node_count(const struct zone *zone)
{
	return table_of(zone)->count;
}

const struct node *
zone_node(const struct zone *zone, size_t number)
{
	const struct node_table *table = table_of(zone);

	return number < table->count ? node_of(table, number) : NULL;
}

/* Of a plain name, and of all that are folded in it. */
static inline bool
run_has(const struct zone_log *log, const struct run *run, bool occluded,
    const unsigned *types)
{
	unsigned own = run->place & RUN_TYPES, below = 0;

	if ((run->place & RUN_FOLDED) != 0) {
		below = log->folds[own]->below;
		own = log->folds[own]->top;
	}
	return (own & types[occluded]) != 0 ||
	    (below & types[occluded || (own & HAS_NS) != 0]) != 0;
}

static inline bool
node_has(const struct zone_log *log, const struct node *node,
    const unsigned *types)
{
	return node->folded ? run_has(log, log_run(log, node->runs - 1),
	    node->occluded, types) : node->children ||
	    (node->types & types[node->occluded]) != 0;
}

size_t
zone_next_with(const struct zone *zone, size_t number, size_t to,
    const unsigned *types)
{
	const struct node_table *table = table_of(zone);
	const struct node *piece;

	for (; number < to; number++) {
		piece = piece_of(table, number);
		if (piece != NULL ? node_has(table->log, &piece[number %
		    NODE_PIECE], types) : run_has(table->log,
		    run_at(table, number), table->occluded, types))
			break;
	}
	return number;
}

const struct node *
zone_each(const struct zone *zone, struct zone_walk *walk)
{
	walk->last = walk->last == NULL || !walk->top->folded ? NULL :
	    node_next(zone, walk->top, walk->last);
	if (walk->last == NULL)
		walk->last = walk->top = zone_node(zone, walk->next++);
	if (walk->last != NULL)
		zone_unfold(zone, walk->last);
	return walk->last;
}

/* The next child of the apex, from a number on; whoever walks sees its own. */
static const struct node *
next_top(const struct zone *zone, const struct node_table *table,
    size_t number)
{
	const struct node *node;

	while (number < table->count && (number == table->apex ||
	    above_at(table, number) != table->apex))
		number++;
	if (number == table->count)
		return NULL;
	node = node_of(table, number);
	zone_unfold(zone, node);
	return node;
}

static bool
is_apex(const struct node_table *table, const struct node *node)
{
	return node == node_at(table, table->apex);
}

const struct node *
node_child(const struct zone *zone, const struct node *node)
{
	const struct node_table *table = table_of(zone);

	if (is_apex(table, node))
		return next_top(zone, table, 0);
	zone_unfold(zone, node);
	return node->child == 0 ? NULL : node_at(table, node->child - 1);
}

const struct node *
node_sibling(const struct zone *zone, const struct node *node)
{
	const struct node_table *table = table_of(zone);

	if (is_apex(table, node))
		return NULL;
	if (node->parent == table->apex)
		return next_top(zone, table, number_of(table, node) + 1);
	return node->sibling == 0 ? NULL : node_at(table, node->sibling - 1);
}

const struct node *
node_next(const struct zone *zone, const struct node *top,
    const struct node *node)
{
	const struct node *next = node_child(zone, node);

	while (next == NULL && node != top) {
		next = node_sibling(zone, node);
		node = node_at(table_of(zone), node->parent);
	}
	return next;
}

uint32_t
log_next_run(const struct zone *zone, size_t run)
{
	return *next_of(zone->log, table_of(zone), run);
}

size_t
log_mixed(const struct zone *zone, size_t run)
{
	const struct node_table *table = table_of(zone);

	return table->mixed == NULL ? 0 : table->mixed[run];
}

/* The number of the name above it, or itself, directly below the apex. */
static size_t
top_of(const struct node_table *table, size_t number)
{
	size_t above = above_at(table, number);

	while (above != table->apex) {
		number = above;
		above = above_at(table, number);
	}
	return number;
}

/* Are as many below the top as follow each other? */
static bool
are_all(const struct zone *zone, const struct zone_family *family)
{
	const struct node *top = zone_node(zone, family->top), *node;
	size_t members = 0;

	for (node = top; node != NULL && members <= family->count;
	    node = node_next(zone, top, node))
		members++;
	return members == family->count;
}

/* The run is that of the family. */
static inline void
find_kind(const struct zone_log *log, const struct run *run,
    struct zone_family *family)
{
	family->fold = log->folds[run->place & RUN_TYPES];
	family->ends = log_ends(log, family->run);
	family->kind = log_kind(family->fold, family->ends);
}

bool
zone_family(const struct zone *zone, size_t number, size_t most,
    struct zone_family *family)
{
	const struct node_table *table = table_of(zone);
	const struct node *piece = piece_of(table, number);
	const struct run *run = run_at(table, number);
	size_t count = 1;

	if (number == table->apex)
		return false;
	*family = (struct zone_family){ .number = number, .count = 1,
	    .top = number, .hash = piece == NULL ? run->hash :
	    piece[number % NODE_PIECE].hash,
	    .folded = piece == NULL ? (run->place & RUN_FOLDED) != 0 :
	    piece[number % NODE_PIECE].folded,
	    .run = table->runs[number] };
	if (family->folded)
		find_kind(table->log, run, family);
	if (family->folded || piece == NULL)
		return true;
	family->top = top_of(table, number);
	family->hash = hash_at(table, family->top);
	while (count <= most && number + count < table->count &&
	    number + count != table->apex &&
	    top_of(table, number + count) == family->top)
		count++;
	family->count = count;
	return count <= most && are_all(zone, family);
}

struct str
node_name(const struct zone *zone, const struct node *node,
    struct arena *arena)
{
	char room[WIRE_MAX_TEXT];
	struct str name = log_name(zone, node->runs - 1, room);

	/* The run is its own when it owns anything, else of a name below. */
	if (log_run(zone->log, node->runs - 1)->hash != node->hash)
		while (log_hash(zone->log, name) != node->hash && name.n > 0)
			name = name_parent(name);
	return arena_copy(arena, name);
}

uint64_t
zone_hash(const struct zone *zone, struct str name)
{
	return hash_with_key(zone_key(zone), name);
}

size_t
node_records(const struct zone *zone, const struct node *node,
    struct arena *arena, unsigned types, const struct record ***records)
{
	const struct node_table *table = table_of(zone);
	struct records found = { 0 };
	uint32_t run;

	if ((node->types & types) != 0)
		for (run = node->runs; run != 0;
		    run = *next_of(zone->log, table, run - 1))
			run_records(zone, arena, run - 1, types, &found);
	*records = found.list;
	return found.count;
}
