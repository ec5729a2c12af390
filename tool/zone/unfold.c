/*
 * Families that are kept as one run, see fold.c: the runs and the names in
 * them, for who asks.
 */
#include "base/arena.h"
#include "zone/names.h"

size_t
add_inner(const struct zone *zone, size_t outer)
{
	struct zone_log *log = zone->log;
	struct arena *arena = log->node_arena;
	struct fold_part parts[FOLD_LINES];
	size_t count = fold_parts(zone, outer, parts), i, number;
	size_t first = INNER_RUNS + log->inner_count;
	char room[WIRE_MAX_TEXT];
	struct inner_run *inner;

	for (i = 0; i <= count; i++) {
		number = log->inner_count++;
		if (number % INNER_PIECE == 0)
			log->inner[number / INNER_PIECE] = ARENA_ARRAY(arena,
			    INNER_PIECE, struct inner_run);
		inner = log_inner(log, INNER_RUNS + number);
		inner->outer = (uint32_t)outer;
		if (i == count) {
			inner->run.place = parts[i - 1].end << RUN_SHIFT;
			break;
		}
		inner->run.place = parts[i].place << RUN_SHIFT |
		    (parts[i].top ? RUN_CHILD : 0) | parts[i].types;
		inner->run.hash = log_hash(log, log_name(zone,
		    INNER_RUNS + number, room));
	}
	return first;
}

/* A family while its names are made; the first is that of the fold. */
struct unfolding {
	const struct zone *zone;
	struct node_table *table;
	size_t numbers[FOLD_NAMES], count;
};

/* Its number; one without a parent when it is new. */
static size_t
unfold_name(struct unfolding *family, uint64_t hash, size_t run, bool *known)
{
	struct node_table *table = family->table;
	size_t i, number = table->unfolded;
	struct node *node;

	for (i = 0; i < family->count; i++)
		if (node_at(table, family->numbers[i])->hash == hash) {
			*known = true;
			return family->numbers[i];
		}
	*known = false;
	if (number % NODE_PIECE == 0 ||
	    table->pieces[number / NODE_PIECE] == NULL)
		table->pieces[number / NODE_PIECE] = ARENA_ARRAY(
		    family->zone->log->node_arena, NODE_PIECE, struct node);
	table->unfolded++;
	family->numbers[family->count++] = number;
	node = node_at(table, number);
	node->hash = hash;
	node->runs = (uint32_t)run + 1;
	return number;
}

/* The name of a run, and those above it, with the run put to it. */
static size_t
unfold_run(struct unfolding *family, size_t run)
{
	struct node_table *table = family->table;
	const struct zone_log *log = family->zone->log;
	char room[WIRE_MAX_TEXT];
	struct str name = log_name(family->zone, run, room);
	size_t number, below, owner;
	bool known;

	owner = number = unfold_name(family, log_run(log, run)->hash, run,
	    &known);
	while (!known) {
		below = number;
		name = name_parent(name);
		number = unfold_name(family, log_hash(log, name), run,
		    &known);
		node_at(table, below)->parent = (uint32_t)number;
		if (number != family->numbers[0])
			node_at(table, number)->children = 1;
	}
	return owner;
}

/* The runs of each in order. */
static void
unfold_chain(struct unfolding *family, size_t first, size_t end,
    const size_t *owners)
{
	struct node_table *table = family->table;
	const struct zone_log *log = family->zone->log;
	size_t outer = log_inner(log, first)->outer, i;
	struct node *node;

	for (i = end; i > first; i--) {
		node = node_at(table, owners[i - 1 - first]);
		if (owners[i - 1 - first] == family->numbers[0]) {
			log_inner(log, i - 1)->next = table->next[outer];
			table->next[outer] = (uint32_t)i;
			continue;
		}
		log_inner(log, i - 1)->next = node->types == 0 ? 0 :
		    node->runs;
		node->runs = (uint32_t)i;
		node->types |= log_run(log, i - 1)->place & RUN_TYPES;
	}
}

/* Others see it when the first child of the top is there. */
static void
unfold_tree(struct unfolding *family)
{
	struct node_table *table = family->table;
	struct node *top = node_at(table, family->numbers[0]), *node;
	uint32_t first = 0;
	size_t i;

	for (i = family->count; i-- > 1;) {
		node = node_at(table, family->numbers[i]);
		node->occluded = top->occluded || top->cut;
		node->known = 1;
		if (node->parent == family->numbers[0]) {
			node->sibling = first;
			first = (uint32_t)family->numbers[i] + 1;
			continue;
		}
		node->sibling = node_at(table, node->parent)->child;
		node_at(table, node->parent)->child =
		    (uint32_t)family->numbers[i] + 1;
	}
	atomic_store(&top->child, first);
}

static void
unfold(const struct zone *zone, struct node_table *table, size_t number)
{
	struct node *top = node_at(table, number);
	const struct zone_log *log = zone->log;
	struct unfolding family = { .zone = zone, .table = table,
	    .numbers = { number }, .count = 1 };
	size_t first = add_inner(zone, top->runs - 1), run;
	size_t owners[FOLD_LINES];
	unsigned types = 0;

	for (run = first; log_run(log, run)->hash != 0; run++) {
		owners[run - first] = unfold_run(&family, run);
		if (owners[run - first] == number)
			types |= log_run(log, run)->place & RUN_TYPES;
	}
	unfold_chain(&family, first, run, owners);
	top->types = types;
	unfold_tree(&family);
}

void
zone_unfold(const struct zone *zone, const struct node *node)
{
	struct node_table *table;

	if (!node->folded || atomic_load(&node->child) != 0)
		return;
	table = table_of(zone);
	pthread_mutex_lock(&zone->log->lock);
	if (atomic_load(&node->child) == 0)
		unfold(zone, table, *slot_of(table, node->hash) - (size_t)1);
	pthread_mutex_unlock(&zone->log->lock);
}

/* The numbers of all names below one, in order; returns how many. */
static size_t
numbers_below(const struct node_table *table, const struct node *node,
    uint32_t *numbers, size_t count)
{
	uint32_t child = node->child;
	size_t i;

	for (; child != 0; child = node_at(table, child - 1)->sibling) {
		for (i = count++; i > 0 && numbers[i - 1] > child - 1; i--)
			numbers[i] = numbers[i - 1];
		numbers[i] = child - 1;
		count = numbers_below(table, node_at(table, child - 1),
		    numbers, count);
	}
	return count;
}

size_t
zone_unfolded(const struct zone *zone, const struct node *top,
    const struct node **names)
{
	const struct node_table *table = table_of(zone);
	uint32_t numbers[FOLD_NAMES];
	size_t count, i;

	zone_unfold(zone, top);
	count = numbers_below(table, top, numbers, 0);
	names[0] = top;
	for (i = 0; i < count; i++)
		names[i + 1] = node_at(table, numbers[i]);
	return count + 1;
}

unsigned
zone_folded_types(const struct zone *zone, const struct node *node,
    unsigned *below)
{
	const struct run *run = log_run(zone->log, node->runs - 1);
	const struct fold *fold = zone->log->folds[run->place & RUN_TYPES];

	*below = fold->below;
	return fold->top;
}

const struct node *
find_folded(const struct zone *zone, const struct node_table *table,
    struct str name)
{
	struct str top = name_last(name, name_labels(zone->name) + 1);
	uint32_t slot = *slot_of(table, log_hash(zone->log, top));
	uint64_t hash = log_hash(zone->log, name);
	const struct node *above, *node;

	if (slot == 0)
		return NULL;
	above = node_at(table, slot - 1);
	if (!above->folded)
		return NULL;
	for (node = above; node != NULL; node = node_next(zone, above, node))
		if (node->hash == hash)
			return node;
	return NULL;
}
