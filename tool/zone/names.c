/*
 * The names of a zone as a tree: each that owns a record, and each above it
 * up to the apex. Made from the log when somebody asks for the first time.
 */
#include <stdatomic.h>
#include <string.h>

#include "base/arena.h"
#include "zone/read.h"

/* Few enough to cost a zone of one name little. */
enum {
	NODE_PIECE = 32,
	AHEAD = 16			/* runs, until a slot is in the cache */
};

struct node_table {
	struct node **pieces;
	size_t count, piece_room;
	size_t apex;			/* its number, when there are any */
	/* Open addressing: number of the node plus one. */
	uint32_t *slots;
	size_t slot_count;		/* a power of two */
	uint32_t *next;			/* of each run: the next, plus one */
};

struct building {
	const struct zone *zone;
	struct zone_log *log;
	struct node_table *table;
	struct arena *arena;
	uint64_t apex;			/* its hash */
	/* That last seen one label below it, and how it is written. */
	size_t top, top_run;
	struct written written;		/* once it has been asked for */
};

static struct node *
node_at(const struct node_table *table, size_t number)
{
	return &table->pieces[number / NODE_PIECE][number % NODE_PIECE];
}

static size_t
first_slot(const struct node_table *table, uint64_t hash)
{
	return (size_t)(hash >> 20) & (table->slot_count - 1);
}

/* Where the node with the hash is, or would be. */
static uint32_t *
slot_of(const struct node_table *table, uint64_t hash)
{
	size_t i = first_slot(table, hash);

	while (table->slots[i] != 0 &&
	    node_at(table, table->slots[i] - 1)->hash != hash)
		i = (i + 1) & (table->slot_count - 1);
	return &table->slots[i];
}

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

static void
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
	if (table->count * 2 > table->slot_count)
		make_slots(building, table->slot_count * 2);
	return table->count - 1;
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
			above->wildcard = 1;
		node_at(table, number)->parent = (uint32_t)next;
		if (known)
			return;
		number = next;
		name = parent;
	}
}

/* The most frequent case: its name does not even have to be made. */
static bool
add_to_apex(struct building *building, size_t number, size_t run)
{
	struct node_table *table = building->table;
	uint32_t apex;

	if ((log_run(building->log, run)->place & RUN_CHILD) == 0)
		return false;
	apex = *slot_of(table, building->apex);
	if (apex == 0)
		return false;
	node_at(table, apex - 1)->children = 1;
	node_at(table, number)->parent = apex - 1;
	building->top = number;
	building->top_run = run;
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

static size_t
add_name(struct building *building, uint64_t hash, uint32_t *slot, size_t run)
{
	size_t number = add_node(building, hash, slot, run);
	char room[WIRE_MAX_TEXT];

	if (!add_to_apex(building, number, run) &&
	    !add_to_top(building, number, run))
		add_ancestors(building, number,
		    log_name(building->zone, run, room), run);
	return number;
}

/* Says that the slot of a hash will be looked at. */
static void
fetch_slot(const struct node_table *table, uint64_t hash)
{
	__builtin_prefetch(&table->slots[first_slot(table, hash)]);
}

/* First who owns what; table->next holds the node of each run meanwhile. */
static void
add_runs(struct building *building)
{
	struct node_table *table = building->table;
	const struct zone_log *log = building->log;
	const struct run *run;
	uint32_t *slot;
	size_t i, number;

	for (i = 0; i < log->run_count; i++) {
		if (i + AHEAD < log->run_count)
			fetch_slot(table, log_run(log, i + AHEAD)->hash);
		run = log_run(log, i);
		if (run->hash == 0 || (run->place & RUN_OUT_OF_ZONE) != 0)
			continue;
		slot = slot_of(table, run->hash);
		number = *slot != 0 ? *slot - 1 :
		    add_name(building, run->hash, slot, i);
		table->next[i] = (uint32_t)number + 1;
		node_at(table, number)->types |= run->place & RUN_TYPES;
	}
}

/*
 * Then the runs of each node in order. A node without records keeps the run
 * of a name below it, from which its own name can be had.
 */
static void
chain_runs(struct building *building)
{
	struct node_table *table = building->table;
	struct node *node;
	size_t i;

	for (i = 0; i < table->count; i++) {
		node = node_at(table, i);
		if (node->types != 0)
			node->runs = 0;
		node->cut = (node->types & HAS_NS) != 0 && i != table->apex;
	}
	for (i = building->log->run_count; i > 0; i--) {
		if (table->next[i - 1] == 0)
			continue;
		node = node_at(table, table->next[i - 1] - 1);
		table->next[i - 1] = node->runs;
		node->runs = (uint32_t)i;
	}
}

static void
mark(struct node_table *table, struct node *node)
{
	const struct node *above = node_at(table, node->parent);

	node->known = 1;
	node->occluded = above->occluded || above->cut ||
	    (above->types & HAS_DNAME) != 0;
}

/* Names below a cut or a DNAME; those above are looked at first. */
static void
mark_occluded(struct building *building)
{
	struct node_table *table = building->table;
	size_t i, depth, path[NAME_MAX_WIRE], number;
	struct node *node;

	for (i = 0; i < table->count; i++) {
		for (depth = 0, number = i; number != table->apex;
		    number = node->parent) {
			node = node_at(table, number);
			if (node->known)
				break;
			path[depth++] = number;
		}
		while (depth > 0)
			mark(table, node_at(table, path[--depth]));
	}
}

/* From the last to the first, so that each list begins with the first. */
static void
chain_children(struct building *building)
{
	struct node_table *table = building->table;
	struct node *node, *above;
	size_t i;

	for (i = table->count; i > 0; i--) {
		if (i - 1 == table->apex)
			continue;
		node = node_at(table, i - 1);
		above = node_at(table, node->parent);
		node->sibling = above->child;
		above->child = (uint32_t)i;
	}
}

static struct node_table *
build(const struct zone *zone)
{
	struct arena *arena = zone->log->node_arena;
	struct node_table *table = ARENA_NEW(arena, struct node_table);
	struct building building = { .zone = zone, .log = zone->log,
	    .table = table, .arena = arena, .top_run = SIZE_MAX,
	    .apex = log_hash(zone->log, zone->name) };
	size_t slots = 16;

	while (slots < zone->log->run_count * 2)
		slots *= 2;
	make_slots(&building, slots);
	table->next = ARENA_ARRAY(arena, zone->log->run_count + 1,
	    uint32_t);
	add_runs(&building);
	table->apex = *slot_of(table, building.apex) - (size_t)1;
	chain_runs(&building);
	mark_occluded(&building);
	chain_children(&building);
	return table;
}

/* Threads that judge other zones ask this one too. */
static const struct node_table *
table_of(const struct zone *zone)
{
	struct zone_log *log = zone->log;
	struct node_table *table = atomic_load(&log->nodes);

	if (table != NULL)
		return table;
	pthread_mutex_lock(&log->lock);
	table = atomic_load(&log->nodes);
	if (table == NULL) {
		table = build(zone);
		atomic_store(&log->nodes, table);
	}
	pthread_mutex_unlock(&log->lock);
	return table;
}

const struct node *
zone_find(const struct zone *zone, struct str name)
{
	const struct node_table *table;
	uint32_t slot;

	if (!name_within(name, zone->name))
		return NULL;
	table = table_of(zone);
	slot = *slot_of(table, log_hash(zone->log, name));
	return slot == 0 ? NULL : node_at(table, slot - 1);
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

	return number < table->count ? node_at(table, number) : NULL;
}

const struct node *
node_child(const struct zone *zone, const struct node *node)
{
	return node->child == 0 ? NULL :
	    node_at(table_of(zone), node->child - 1);
}

const struct node *
node_sibling(const struct zone *zone, const struct node *node)
{
	return node->sibling == 0 ? NULL :
	    node_at(table_of(zone), node->sibling - 1);
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
	return table_of(zone)->next[run];
}

/* The number of the name above it, or itself, directly below the apex. */
static size_t
top_of(const struct node_table *table, size_t number)
{
	size_t above = node_at(table, number)->parent;

	while (above != table->apex) {
		number = above;
		above = node_at(table, number)->parent;
	}
	return number;
}

size_t
zone_family(const struct zone *zone, size_t number, size_t most,
    const struct node **top)
{
	const struct node_table *table = table_of(zone);
	const struct node *node;
	size_t first, count = 1, members = 0;

	if (number == table->apex)
		return 0;
	first = top_of(table, number);
	*top = node_at(table, first);
	while (count <= most && number + count < table->count &&
	    number + count != table->apex &&
	    top_of(table, number + count) == first)
		count++;
	for (node = *top; node != NULL && members <= count;
	    node = node_next(zone, *top, node))
		members++;
	return members == count && count <= most ? count : 0;
}

struct str
node_name(const struct zone *zone, const struct node *node,
    struct arena *arena)
{
	char room[WIRE_MAX_TEXT];
	struct str name = log_name(zone, node->runs - 1, room);

	while (log_hash(zone->log, name) != node->hash && name.n > 0)
		name = name_parent(name);
	return arena_copy(arena, name);
}

size_t
node_records(const struct zone *zone, const struct node *node,
    struct arena *arena, unsigned types, const struct record ***records)
{
	const struct node_table *table = table_of(zone);
	struct records found = { 0 };
	uint32_t run;

	if ((node->types & types) != 0)
		for (run = node->runs; run != 0; run = table->next[run - 1])
			run_records(zone, arena, run - 1, types, &found);
	*records = found.list;
	return found.count;
}
