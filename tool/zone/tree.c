/*
 * The tree of a zone's names: each that owns a record, and each above it up to
 * the apex. Made from the log when somebody asks for the first time.
 */
#include <string.h>

#include "base/arena.h"
#include "zone/names.h"

enum { AHEAD = 16 };			/* runs, until a slot is in the cache */

struct building {
	const struct zone *zone;
	struct zone_log *log;
	struct node_table *table;
	struct arena *arena;
	uint64_t apex;			/* its hash */
	size_t apex_number;		/* plus one, once it has a node */
	/* That last seen one label below it, and how it is written. */
	size_t top, top_run;
	struct written written;		/* once it has been asked for */
	/*
	 * Folded runs whose names stand elsewhere, too: of each run whether
	 * that is so, or the number of the first one in it.
	 */
	uint32_t *mixed;
	bool found;			/* one more of them */
};

enum { MIXED = 1 };

static void
make_slots(struct building *building, size_t count)
{
	struct node_table *table = building->table;
	size_t i;

	table->slot_count = count;
	table->slots = ARENA_ARRAY(building->arena, count, uint32_t);
	for (i = 0; i < table->count; i++)
		*slot_of(table, node_at(table, i)->hash) = (uint32_t)i + 1;
}

__attribute__((noinline)) static void
add_piece(struct building *building)
{
	struct node_table *table = building->table;
	struct node **larger;

	if (table->count / NODE_PIECE == table->piece_room) {
		larger = ARENA_ARRAY(building->arena,
		    table->piece_room * 2 + 8, struct node *);
		if (table->piece_room > 0)
			memcpy(larger, table->pieces,
			    table->piece_room * sizeof(*larger));
		table->piece_room = table->piece_room * 2 + 8;
		table->pieces = larger;
	}
	table->pieces[table->count / NODE_PIECE] = ARENA_ARRAY(
	    building->arena, NODE_PIECE, struct node);
}

/* The number of a node with this hash, which has its place in that slot. */
static size_t
add_node(struct building *building, uint64_t hash, uint32_t *slot, size_t run)
{
	struct node_table *table = building->table;
	struct node *node;

	if (table->count % NODE_PIECE == 0)
		add_piece(building);
	node = node_at(table, table->count);
	node->hash = hash;
	node->runs = (uint32_t)run + 1;
	*slot = (uint32_t)++table->count;
	if (hash == building->apex)
		building->apex_number = table->count;
	if (table->count * 2 > table->slot_count)
		make_slots(building, table->slot_count * 2);
	return table->count - 1;
}

/* The run that is folded in a node is to be taken apart. */
static void
mix(struct building *building, size_t run)
{
	if (building->mixed == NULL)
		building->mixed = ARENA_ARRAY(building->arena,
		    building->log->run_count, uint32_t);
	building->mixed[run] = MIXED;
	building->found = true;
}

static void
mix_node(struct building *building, const struct node *node)
{
	if (node->folded)
		mix(building, node->runs - 1);
}

/* The names above a new one, up to one that is known already. */
static void
add_ancestors(struct building *building, size_t number, struct str name,
    size_t run)
{
	struct node_table *table = building->table;
	struct str parent;
	struct node *above;
	uint32_t *slot;
	uint64_t hash;
	size_t next;
	bool known;

	while (node_at(table, number)->hash != building->apex) {
		parent = name_parent(name);
		hash = log_hash(building->log, parent);
		slot = slot_of(table, hash);
		known = *slot != 0;
		next = known ? *slot - 1 :
		    add_node(building, hash, slot, run);
		above = node_at(table, next);
		above->children = 1;
		if (name_is_wildcard(name))
			above->wildcard = table->wildcards = 1;
		node_at(table, number)->parent = (uint32_t)next;
		mix_node(building, above);
		if (known)
			return;
		number = next;
		name = parent;
	}
}

/* The most frequent case: its name does not even have to be made. */
static inline bool
add_to_apex(struct building *building, size_t number, const struct run *run,
    size_t run_number)
{
	struct node_table *table = building->table;

	if ((run->place & RUN_CHILD) == 0 || building->apex_number == 0)
		return false;
	node_at(table, building->apex_number - 1)->children = 1;
	node_at(table, number)->parent = (uint32_t)building->apex_number - 1;
	building->top = number;
	building->top_run = run_number;
	building->written.segment = NULL;
	return true;
}

/* And the next one: one label below such a name, which stands before it. */
static bool
add_to_top(struct building *building, size_t number, size_t run)
{
	struct node_table *table = building->table;

	if (building->top_run == SIZE_MAX)
		return false;
	if (building->written.segment == NULL)
		building->written = log_written(building->zone,
		    building->top_run);
	if (!log_is_below(building->zone, run, &building->written))
		return false;
	node_at(table, building->top)->children = 1;
	node_at(table, number)->parent = (uint32_t)building->top;
	return true;
}

__attribute__((noinline)) static void
add_elsewhere(struct building *building, size_t number, size_t run)
{
	char room[WIRE_MAX_TEXT];

	if (!add_to_top(building, number, run))
		add_ancestors(building, number,
		    log_name(building->zone, run, room), run);
}

/* The node of a run whose name has not been seen, which has that slot. */
static inline struct node *
add_name(struct building *building, const struct run *run, uint32_t *slot,
    size_t run_number)
{
	size_t number = add_node(building, run->hash, slot, run_number);

	if (!add_to_apex(building, number, run, run_number))
		add_elsewhere(building, number, run_number);
	return node_at(building->table, number);
}

/* Says that the slot of a hash will be looked at. */
static void
fetch_slot(const struct node_table *table, uint64_t hash)
{
	__builtin_prefetch(&table->slots[first_slot(table, hash)]);
}

/* ---- runs ------------------------------------------------------------------ */

/*
 * Behind those that the node has; meanwhile the number of the last, plus one,
 * stands for its sibling. Without records it keeps the run of a name below it,
 * from which its own name can be had.
 */
static void
append_run(struct building *building, struct node *node, size_t number)
{
	uint32_t *next = next_of(building->log, building->table, number);

	*next = 0;
	if (node->types == 0)
		node->runs = (uint32_t)number + 1;
	else
		*next_of(building->log, building->table,
		    node->sibling - 1) = (uint32_t)number + 1;
	node->sibling = (uint32_t)number + 1;
}

/* What stands in several runs has not been compared. */
static void
add_types(struct building *building, struct node *node, unsigned types)
{
	if ((node->types & types & TWICE_TYPES) != 0)
		node->types |= HAS_TWICE;
	node->types |= types;
	if ((types & HAS_NS) != 0 && node->hash != building->apex)
		node->cut = 1;
	building->table->cuts |= node->cut || (types & HAS_DNAME) != 0;
}

static inline void
add_run(struct building *building, const struct run *run, size_t number)
{
	struct node_table *table = building->table;
	struct node *node;
	uint32_t *slot;

	if (run->hash == 0 || (run->place & RUN_OUT_OF_ZONE) != 0)
		return;
	slot = slot_of(table, run->hash);
	if (*slot == 0)
		node = add_name(building, run, slot, number);
	else {
		node = node_at(table, *slot - 1);
		mix_node(building, node);
	}
	append_run(building, node, number);
	add_types(building, node, run->place & RUN_TYPES);
}

/* All its names at once, unless one of them is there. */
static void
add_folded(struct building *building, const struct run *run, size_t number)
{
	struct node_table *table = building->table;
	uint32_t *slot = slot_of(table, run->hash);
	struct node *node;

	if (*slot != 0) {
		mix_node(building, node_at(table, *slot - 1));
		mix(building, number);
		return;
	}
	node = add_name(building, run, slot, number);
	append_run(building, node, number);
	node->folded = node->children = 1;
	add_types(building, node, log_types(building->log, run));
	building->top_run = SIZE_MAX;
}

/* One that was taken apart, run by run. */
static void
add_mixed(struct building *building, size_t number)
{
	const struct zone_log *log = building->log;
	size_t inner;

	if (building->mixed[number] == MIXED)
		building->mixed[number] = (uint32_t)add_inner(building->zone,
		    number);
	for (inner = building->mixed[number]; log_run(log, inner)->hash != 0;
	    inner++)
		add_run(building, log_run(log, inner), inner);
}

static void
add_runs(struct building *building)
{
	const struct run *run;
	size_t number = 0, i, count;

	for (; (run = log_runs(building->log, number, &count)) != NULL;
	    number += count)
		for (i = 0; i < count; i++) {
			if (i + AHEAD < count)
				fetch_slot(building->table,
				    run[i + AHEAD].hash);
			if ((run[i].place & RUN_FOLDED) == 0)
				add_run(building, &run[i], number + i);
			else if (building->mixed == NULL ||
			    building->mixed[number + i] == 0)
				add_folded(building, &run[i], number + i);
			else
				add_mixed(building, number + i);
		}
}

/* ---- what follows from it -------------------------------------------------- */

/* Is what lies below it occluded? */
static bool
occludes(const struct node *node)
{
	return node->occluded || node->cut || (node->types & HAS_DNAME) != 0;
}

static void
mark(struct node_table *table, struct node *node)
{
	node->known = 1;
	node->occluded = occludes(node_at(table, node->parent));
}

/* Is it below a cut or a DNAME? Those above are looked at first. */
static void
mark_occluded(struct node_table *table, size_t number)
{
	size_t depth = 0, path[NAME_MAX_WIRE];
	struct node *node;

	for (; number != table->apex; number = node->parent) {
		node = node_at(table, number);
		if (node->known)
			break;
		path[depth++] = number;
	}
	while (depth > 0)
		mark(table, node_at(table, path[--depth]));
}

/* Before the other children of the name above it. */
static void
chain_below(struct node_table *table, size_t number)
{
	struct node *node = node_at(table, number), *above;

	mark_occluded(table, number);
	above = node_at(table, node->parent);
	node->sibling = atomic_load_explicit(&above->child,
	    memory_order_relaxed);
	atomic_store_explicit(&above->child, (uint32_t)number + 1,
	    memory_order_relaxed);
}

/*
 * From the last to the first, so that each list begins with the first. Most
 * are children of the apex.
 */
static void
chain_children(struct node_table *table)
{
	struct node *apex, *node;
	uint32_t first = 0;
	bool occluded;
	size_t i;

	if (table->count == 0)
		return;
	apex = node_at(table, table->apex);
	occluded = occludes(apex);
	for (i = table->count; i > 0; i--) {
		node = node_at(table, i - 1);
		if (node == apex)
			continue;
		if (node->parent != table->apex) {
			chain_below(table, i - 1);
			continue;
		}
		node->known = 1;
		node->occluded = occluded;
		node->sibling = first;
		first = (uint32_t)i;
	}
	apex->sibling = 0;
	atomic_store_explicit(&apex->child, first, memory_order_relaxed);
}

static void
build_table(struct building *building)
{
	struct arena *arena = building->arena;
	struct node_table *table = ARENA_NEW(arena, struct node_table);
	const struct zone_log *log = building->log;
	size_t slots = 16;

	building->table = table;
	building->top_run = SIZE_MAX;
	building->apex_number = 0;
	building->found = false;
	while (slots < log->run_count * 2)
		slots *= 2;
	make_slots(building, slots);
	table->next = ARENA_ARRAY(arena, log->run_count + 1, uint32_t);
	add_runs(building);
}

/* Room for pointers to all pieces that there may ever be. */
static void
make_room(struct building *building)
{
	struct node_table *table = building->table;
	struct node **larger;

	table->unfolded = table->count;
	if (building->log->folded_names == 0)
		return;
	larger = ARENA_ARRAY(building->arena, (table->count +
	    building->log->folded_names) / NODE_PIECE + 2, struct node *);
	memcpy(larger, table->pieces, ((table->count - 1) / NODE_PIECE + 1) *
	    sizeof(*larger));
	table->pieces = larger;
}

/* Again, when folds had to be taken apart. */
static struct node_table *
build(const struct zone *zone)
{
	struct zone_log *log = zone->log;
	struct building building = { .zone = zone, .log = log,
	    .arena = log->node_arena,
	    .apex = log_hash(log, zone->name) };

	if (log->folded_count > 0)
		log->inner = ARENA_ARRAY(building.arena, (log->end_count +
		    log->folded_count) / INNER_PIECE + 1, struct inner_run *);
	do
		build_table(&building);
	while (building.found);
	building.table->apex = *slot_of(building.table, building.apex) -
	    (size_t)1;
	chain_children(building.table);
	make_room(&building);
	building.table->mixed = building.mixed;
	return building.table;
}

/* Threads that judge other zones ask this one too. */
struct node_table *
make_table(const struct zone *zone)
{
	struct zone_log *log = zone->log;
	struct node_table *table;

	zone_need(zone);
	pthread_mutex_lock(&log->lock);
	table = atomic_load(&log->nodes);
	if (table == NULL) {
		table = build(zone);
		atomic_store(&log->nodes, table);
	}
	pthread_mutex_unlock(&log->lock);
	return table;
}
