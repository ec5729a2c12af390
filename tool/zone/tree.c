/*
 * The tree of a zone's names: each that owns a record, and each above it up to
 * the apex. Made from the log when somebody asks for the first time.
 */
#include <string.h>

#include "base/arena.h"
#include "zone/names.h"

enum { AHEAD = 32 };			/* runs, until a slot is in the cache */

struct building {
	const struct zone *zone;
	struct zone_log *log;
	struct node_table *table;
	struct arena *arena;
	uint64_t apex;			/* its hash */
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

/* ---- nodes --------------------------------------------------------------- */

/* A plain name, from its run. */
static struct node
plain_node(const struct node_table *table, size_t number)
{
	const struct run *run = run_at(table, number);
	unsigned types = log_types(table->log, run);
	bool folded = (run->place & RUN_FOLDED) != 0;

	return (struct node){ .hash = run->hash, .types = types,
	    .runs = table->runs[number] + 1, .folded = folded,
	    .children = folded, .cut = (types & HAS_NS) != 0,
	    .known = table->finished, .occluded = table->occluded,
	    .parent = (uint32_t)table->apex,
	    .sibling = table->runs[number] + 1 };
}

struct node *
make_piece(struct node_table *table, size_t number)
{
	size_t first = number - number % NODE_PIECE, i;
	struct node *piece = piece_of(table, number);

	if (piece != NULL)
		return piece;
	piece = ARENA_ARRAY(table->log->node_arena, NODE_PIECE, struct node);
	for (i = first; i < table->count && i < first + NODE_PIECE; i++)
		piece[i - first] = plain_node(table, i);
	atomic_store_explicit(&table->pieces[number / NODE_PIECE].nodes,
	    piece, memory_order_release);
	return piece;
}

static struct node *
get_node(struct building *building, size_t number)
{
	return &make_piece(building->table, number)[number % NODE_PIECE];
}

/* ---- names --------------------------------------------------------------- */

static void
make_slots(struct building *building, unsigned bits)
{
	struct node_table *table = building->table;
	uint64_t hash;
	size_t i;

	table->slot_bits = bits;
	table->slot_count = (size_t)1 << bits;
	table->slots = ARENA_ARRAY(building->arena, table->slot_count,
	    uint32_t);
	for (i = 0; i < table->count; i++) {
		hash = hash_at(table, i);
		*slot_of(table, hash) = slot_for(table, hash, i);
	}
}

/* How many there may be, when so many names are found in the log. */
static size_t
pieces_for(const struct building *building, size_t count)
{
	return (count + building->log->folded_names) / NODE_PIECE + 2;
}

/* Room for so many pieces. */
static void
make_room(struct building *building, size_t pieces)
{
	struct node_table *table = building->table;
	struct node_piece *larger = ARENA_ARRAY(building->arena, pieces,
	    struct node_piece);
	uint32_t *runs = ARENA_ARRAY(building->arena, pieces * NODE_PIECE,
	    uint32_t);
	size_t i;

	for (i = 0; i < table->piece_room; i++)
		atomic_init(&larger[i].nodes, piece_of(table, i * NODE_PIECE));
	if (table->count > 0)
		memcpy(runs, table->runs, table->count * sizeof(*runs));
	table->pieces = larger;
	table->runs = runs;
	table->piece_room = pieces;
}

/* A name with this hash, which has its place in that slot; its number. */
static inline size_t
add_number(struct building *building, uint64_t hash, uint32_t *slot,
    size_t run)
{
	struct node_table *table = building->table;

	table->runs[table->count] = (uint32_t)run;
	*slot = slot_for(table, hash, table->count);
	return table->count++;
}

/* There is always room for one more. */
static inline void
keep_room(struct building *building)
{
	struct node_table *table = building->table;

	if (table->count / NODE_PIECE == table->piece_room)
		make_room(building, table->piece_room * 2);
	if (table->count * 2 > table->slot_count)
		make_slots(building, table->slot_bits + 1);
}

/* The same of one that is not plain. */
static size_t
add_node(struct building *building, uint64_t hash, uint32_t *slot, size_t run)
{
	struct node_table *table = building->table;
	struct node *piece = make_piece(table, table->count);
	size_t number = add_number(building, hash, slot, run);

	piece[number % NODE_PIECE] = (struct node){ .hash = hash,
	    .runs = (uint32_t)run + 1 };
	if (hash == building->apex)
		table->apex = number;
	keep_room(building);
	return number;
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
		next = known ? slot_number(table, *slot) :
		    add_node(building, hash, slot, run);
		above = get_node(building, next);
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

/* One label below the last plain name, which stands before it. */
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
	get_node(building, building->top)->children = 1;
	node_at(table, number)->parent = (uint32_t)building->top;
	return true;
}

/* The node of a run whose name has not been seen, which has that slot. */
__attribute__((noinline)) static struct node *
add_name(struct building *building, const struct run *run, uint32_t *slot,
    size_t run_number)
{
	size_t number = add_node(building, run->hash, slot, run_number);
	char room[WIRE_MAX_TEXT];

	if (!add_to_top(building, number, run_number))
		add_ancestors(building, number, log_name(building->zone,
		    run_number, room), run_number);
	return node_at(building->table, number);
}

/*
 * The most frequent case: its name does not even have to be made. False when
 * it is none.
 */
static inline bool
add_plain(struct building *building, const struct run *run, uint32_t *slot,
    size_t run_number, unsigned types)
{
	struct node_table *table = building->table;
	struct node *piece;
	size_t number;

	if ((run->place & RUN_CHILD) == 0 || table->apex == SIZE_MAX ||
	    run_number >= INNER_RUNS)
		return false;
	number = add_number(building, run->hash, slot, run_number);
	piece = piece_of(table, number);
	if (piece != NULL)
		piece[number % NODE_PIECE] = plain_node(table, number);
	keep_room(building);
	node_at(table, table->apex)->children = 1;
	table->cuts |= (types & (HAS_NS | HAS_DNAME)) != 0;
	building->top = number;
	building->top_run = run_number;
	building->written.segment = NULL;
	return true;
}

/* Says that the slot of a hash will be looked at. */
static void
fetch_slot(const struct node_table *table, uint64_t hash)
{
	__builtin_prefetch(&table->slots[first_slot(table, hash)]);
}

/* ---- runs ---------------------------------------------------------------- */

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
	unsigned types = run->place & RUN_TYPES;
	struct node *node;
	uint32_t *slot;

	if (run->hash == 0 || (run->place & RUN_OUT_OF_ZONE) != 0)
		return;
	slot = slot_of(table, run->hash);
	if (*slot != 0) {
		node = get_node(building, slot_number(table, *slot));
		mix_node(building, node);
	} else if (add_plain(building, run, slot, number, types))
		return;
	else
		node = add_name(building, run, slot, number);
	append_run(building, node, number);
	add_types(building, node, types);
}

/* All its names at once, unless one of them is there. */
static void
add_folded(struct building *building, const struct run *run, size_t number)
{
	struct node_table *table = building->table;
	uint32_t *slot = slot_of(table, run->hash);
	unsigned types = log_types(building->log, run);
	struct node *node;

	if (*slot != 0) {
		mix_node(building, get_node(building,
		    slot_number(table, *slot)));
		mix(building, number);
		return;
	}
	if (!add_plain(building, run, slot, number, types)) {
		node = add_name(building, run, slot, number);
		append_run(building, node, number);
		node->folded = node->children = 1;
		add_types(building, node, types);
	}
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

/* ---- what follows from it ------------------------------------------------ */

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
chain(struct node_table *table, size_t number)
{
	struct node *node = node_at(table, number), *above;

	mark_occluded(table, number);
	node->sibling = 0;
	if (number == table->apex || node->parent == table->apex)
		return;
	above = node_at(table, node->parent);
	node->sibling = atomic_load_explicit(&above->child,
	    memory_order_relaxed);
	atomic_store_explicit(&above->child, (uint32_t)number + 1,
	    memory_order_relaxed);
}

/*
 * From the last to the first, so that each list begins with the first. Those
 * of the apex follow from their numbers.
 */
static void
chain_children(struct node_table *table)
{
	size_t i = table->count;

	table->finished = true;
	table->occluded = i > 0 && occludes(node_at(table, table->apex));
	while (i > 0) {
		i--;
		if (piece_of(table, i) == NULL)
			i -= i % NODE_PIECE;
		else
			chain(table, i);
	}
}

static void
build_table(struct building *building)
{
	struct node_table *table = ARENA_NEW(building->arena,
	    struct node_table);
	size_t runs = building->log->run_count;
	unsigned bits = 4;

	building->table = table;
	building->top_run = SIZE_MAX;
	building->found = false;
	table->log = building->log;
	table->apex = SIZE_MAX;
	while ((size_t)1 << bits < runs * 2)
		bits++;
	make_slots(building, bits);
	make_room(building, pieces_for(building, runs));
	table->next = ARENA_ARRAY(building->arena, runs + 1, uint32_t);
	add_runs(building);
}

/* Again, when folds had to be taken apart. */
static struct node_table *
build(const struct zone *zone)
{
	struct zone_log *log = zone->log;
	struct building building = { .zone = zone, .log = log,
	    .arena = log->node_arena,
	    .apex = log_hash(log, zone->name) };

	if (log->folded_count > 0) {
		log->inner = ARENA_ARRAY(building.arena, (log->end_count +
		    log->folded_count) / INNER_PIECE + 1, struct inner_run *);
		log->fold_names = ARENA_ARRAY(building.arena, log->fold_count,
		    fold_names_slot);
	}
	do
		build_table(&building);
	while (building.found);
	chain_children(building.table);
	building.table->unfolded = building.table->count;
	/* From now on others look at it while names are unfolded. */
	if (pieces_for(&building, building.table->count) >
	    building.table->piece_room)
		make_room(&building, pieces_for(&building,
		    building.table->count));
	building.table->mixed = building.mixed;
	return building.table;
}

/* Threads that judge other zones ask this one too. */
struct node_table *
make_table(const struct zone *zone)
{
	struct node_table *table;
	struct zone_log *log;

	zone_need(zone);
	log = zone->log;
	pthread_mutex_lock(&log->lock);
	table = atomic_load(&log->nodes);
	if (table == NULL) {
		table = build(zone);
		atomic_store(&log->nodes, table);
	}
	pthread_mutex_unlock(&log->lock);
	return table;
}
