/*
 * Families that are kept as one run, see fold.c: the runs and the names in
 * them, for who asks.
 */
#include <string.h>

#include "base/arena.h"
#include "zone/names.h"

/* The names of a family: all end in its own. */
struct naming {
	char room[WIRE_MAX_TEXT];
	struct str top;			/* at the end of the room */
};

static void
start_names(struct naming *naming, const struct zone *zone, size_t outer)
{
	struct str top = log_name(zone, outer, naming->room);

	naming->top = (struct str){ naming->room + sizeof(naming->room) -
	    top.n, top.n };
	memmove(naming->room + sizeof(naming->room) - top.n, top.p, top.n);
}

/* What stands before it has no escapes, and is small in canonical form. */
static struct str
name_in(struct naming *naming, struct str before)
{
	char *name = naming->room + sizeof(naming->room) - naming->top.n -
	    before.n;
	size_t i;

	for (i = 0; i < before.n; i++)
		name[i] = (char)byte_lower((unsigned char)before.p[i]);
	return (struct str){ name, before.n + naming->top.n };
}

/* A run, behind the last. */
static struct inner_run *
new_inner(struct zone_log *log, size_t outer)
{
	size_t number = log->inner_count++;
	struct inner_run *inner;

	if (number % INNER_PIECE == 0)
		log->inner[number / INNER_PIECE] = ARENA_ARRAY(
		    log->node_arena, INNER_PIECE, struct inner_run);
	inner = log_inner(log, INNER_RUNS + number);
	inner->outer = (uint32_t)outer;
	return inner;
}

static size_t
add_parts(struct zone_log *log, size_t outer, const struct fold_part *parts,
    size_t count, struct naming *naming)
{
	size_t first = INNER_RUNS + log->inner_count, i;
	struct run *run;

	for (i = 0; i < count; i++) {
		run = &new_inner(log, outer)->run;
		run->place = parts[i].place << RUN_SHIFT |
		    (parts[i].before.n == 0 ? RUN_CHILD : 0) | parts[i].types;
		run->hash = log_hash(log, name_in(naming, parts[i].before));
	}
	new_inner(log, outer)->run.place = parts[count - 1].end << RUN_SHIFT;
	return first;
}

size_t
add_inner(const struct zone *zone, size_t outer)
{
	struct fold_part parts[FOLD_LINES];
	struct naming naming;

	start_names(&naming, zone, outer);
	return add_parts(zone->log, outer, parts,
	    fold_parts(zone, outer, parts), &naming);
}

/* A family while its names are made; the first is that of the fold. */
struct unfolding {
	const struct zone *zone;
	struct node_table *table;
	struct naming naming;
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
unfold_run(struct unfolding *family, size_t run, struct str before)
{
	struct node_table *table = family->table;
	const struct zone_log *log = family->zone->log;
	bool known;
	size_t number = unfold_name(family, log_run(log, run)->hash, run,
	    &known), owner = number, below, label;
	struct str name = known ? STR_NONE : name_in(&family->naming, before);

	while (!known) {
		below = number;
		label = str_find(before, '.') + 1;
		before = str_after(before, label);
		name = str_after(name, label);
		known = before.n == 0;
		number = known ? family->numbers[0] : unfold_name(family,
		    log_hash(log, name), run, &known);
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
	struct zone_log *log = zone->log;
	struct fold_part parts[FOLD_LINES];
	size_t outer = top->runs - 1, owners[FOLD_LINES], i, first;
	size_t count = fold_parts(zone, outer, parts);
	struct unfolding family;
	unsigned types = 0;

	family.zone = zone;
	family.table = table;
	family.numbers[0] = number;
	family.count = 1;
	start_names(&family.naming, zone, outer);
	first = add_parts(log, outer, parts, count, &family.naming);
	for (i = 0; i < count; i++) {
		owners[i] = unfold_run(&family, first + i, parts[i].before);
		if (owners[i] == number)
			types |= parts[i].types;
	}
	unfold_chain(&family, first, first + count, owners);
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
