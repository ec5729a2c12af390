/*
 * Families that are kept as one run, see fold.c: the runs and the names in
 * them, for who asks.
 */
#include <string.h>

#include "base/arena.h"
#include "base/worker.h"
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

/* Of names with these hashes; behind the last stands one without. */
static size_t
add_runs(struct zone_log *log, size_t outer, const struct fold_part *parts,
    size_t count, const uint64_t *hashes)
{
	size_t first = INNER_RUNS + log->inner_count, i;
	struct run *run;

	for (i = 0; i < count; i++) {
		run = &new_inner(log, outer)->run;
		run->place = parts[i].place << RUN_SHIFT |
		    (parts[i].before.n == 0 ? RUN_CHILD : 0) | parts[i].types;
		run->hash = hashes[i];
	}
	new_inner(log, outer)->run.place = parts[count - 1].end << RUN_SHIFT;
	return first;
}

size_t
add_inner(const struct zone *zone, size_t outer)
{
	struct fold_part parts[FOLD_LINES];
	size_t count = fold_parts(zone, outer, parts), i;
	uint64_t hashes[FOLD_LINES];
	struct naming naming;

	start_names(&naming, zone, outer);
	for (i = 0; i < count; i++)
		hashes[i] = log_hash(zone->log, name_in(&naming,
		    parts[i].before));
	return add_runs(zone->log, outer, parts, count, hashes);
}

/* ---- the names of a fold ------------------------------------------------- */

/*
 * All families of a fold have the same names, and the same runs in them. Each
 * has a number in its fold; that of the family, and the first run, have 0.
 */
struct fold_name {
	struct str before;		/* that of the family, as written */
	size_t above;
	size_t child, sibling;		/* 0: none */
	size_t run;			/* its first, or that it is seen with */
	unsigned types;
};

struct fold_names {
	struct fold_name list[FOLD_NAMES];
	size_t count;
	size_t owners[FOLD_LINES];	/* of runs */
	size_t next[FOLD_LINES];	/* of the same name; 0: none */
};

/* It, and those above it, are seen with this run, if not before. */
static size_t
see_name(struct fold_names *names, struct str before, size_t run)
{
	size_t i;

	for (i = 0; i < names->count; i++)
		if (str_equal_case(names->list[i].before, before))
			return i;
	names->list[names->count++] = (struct fold_name){ .before = before,
	    .run = run };
	if (before.n > 0)
		names->list[i].above = see_name(names, str_after(before,
		    str_find(before, '.') + 1), run);
	return i;
}

static void
chain_runs(struct fold_names *names, const struct fold *fold)
{
	size_t last[FOLD_NAMES] = { 0 }, i, owner;

	for (i = fold->runs; i-- > 0;) {
		owner = names->owners[i];
		names->next[i] = last[owner];
		last[owner] = i;
		names->list[owner].run = i;
		names->list[owner].types |= fold->run_types[i];
	}
}

static void
chain_names(struct fold_names *names)
{
	struct fold_name *above;
	size_t i;

	for (i = names->count; i-- > 1;) {
		above = &names->list[names->list[i].above];
		names->list[i].sibling = above->child;
		above->child = i;
	}
}

static const struct fold_names *
make_names(struct zone_log *log, const struct fold *fold)
{
	struct fold_names *names = ARENA_NEW(log->node_arena,
	    struct fold_names);
	size_t i;

	for (i = 0; i < fold->runs; i++)
		names->owners[i] = see_name(names,
		    fold->lines[fold->first[i]]->before.text, i);
	chain_runs(names, fold);
	chain_names(names);
	atomic_store(&log->fold_names[fold->number], names);
	return names;
}

/* Made when the first of its families is unfolded. */
static const struct fold_names *
names_of(struct zone_log *log, const struct fold *fold)
{
	const struct fold_names *names =
	    atomic_load(&log->fold_names[fold->number]);

	if (names != NULL)
		return names;
	pthread_mutex_lock(&log->lock);
	names = atomic_load(&log->fold_names[fold->number]);
	if (names == NULL)
		names = make_names(log, fold);
	pthread_mutex_unlock(&log->lock);
	return names;
}

/* ---- unfolding ----------------------------------------------------------- */

/* A family while its names are made. */
struct unfolding {
	const struct fold_names *names;
	struct zone_log *log;
	struct node_table *table;
	size_t top, first;		/* numbers; of the first name below */
	size_t outer, first_run;	/* its run, and the first in that */
	uint64_t hashes[FOLD_NAMES];
	struct fold_part parts[FOLD_LINES];
	size_t part_count;
};

static void
hash_names(struct unfolding *family, const struct zone *zone)
{
	const struct fold_names *names = family->names;
	struct naming naming;
	size_t i;

	start_names(&naming, zone, family->outer);
	family->hashes[0] = node_at(family->table, family->top)->hash;
	for (i = 1; i < names->count; i++)
		family->hashes[i] = log_hash(family->log,
		    name_in(&naming, names->list[i].before));
}

static void
unfold_runs(struct unfolding *family)
{
	const struct fold_names *names = family->names;
	uint32_t *next = &family->table->next[family->outer];
	uint64_t hashes[FOLD_LINES] = { 0 };
	size_t i, first;

	for (i = 0; i < family->part_count; i++)
		hashes[i] = family->hashes[names->owners[i]];
	first = family->first_run = add_runs(family->log, family->outer,
	    family->parts, family->part_count, hashes);
	for (i = 0; i < family->part_count; i++)
		if (names->next[i] != 0)
			log_inner(family->log, first + i)->next =
			    (uint32_t)(first + names->next[i] + 1);
		else if (names->owners[i] == 0)
			log_inner(family->log, first + i)->next = *next;
	*next = (uint32_t)first + 1;
}

/* The number of a name below that of the family. */
static size_t
number_in(const struct unfolding *family, size_t name)
{
	return family->first + name - 1;
}

static struct node *
new_node(struct unfolding *family)
{
	struct node_table *table = family->table;
	size_t number = table->unfolded++;

	return &make_piece(table, number)[number % NODE_PIECE];
}

static void
unfold_name(struct unfolding *family, size_t number)
{
	const struct fold_name *name = &family->names->list[number];
	const struct node *top = node_at(family->table, family->top);
	struct node *node = new_node(family);

	node->hash = family->hashes[number];
	node->types = name->types;
	node->runs = (uint32_t)(family->first_run + name->run + 1);
	node->parent = (uint32_t)(name->above == 0 ? family->top :
	    number_in(family, name->above));
	node->occluded = top->occluded || top->cut;
	node->known = 1;
	if (name->child != 0) {
		node->children = 1;
		node->child = (uint32_t)number_in(family, name->child) + 1;
	}
	if (name->sibling != 0)
		node->sibling = (uint32_t)number_in(family, name->sibling) + 1;
}

static const struct fold *
fold_of(const struct zone_log *log, const struct node *top)
{
	const struct run *run = log_run(log, top->runs - 1);

	return log->folds[run->place & RUN_TYPES];
}

/* What can be told before others have to wait. */
static void
prepare(struct unfolding *family, const struct zone *zone,
    const struct node *node)
{
	family->log = zone->log;
	family->table = table_of(zone);
	family->names = names_of(zone->log, fold_of(zone->log, node));
	family->top = slot_number(family->table,
	    *slot_of(family->table, node->hash));
	family->outer = node->runs - 1;
	family->part_count = fold_parts(zone, family->outer, family->parts);
	hash_names(family, zone);
}

/* Others see it when the first child of the top is there. */
static void
unfold(struct unfolding *family)
{
	struct node *top = node_at(family->table, family->top);
	size_t i;

	family->first = family->table->unfolded;
	unfold_runs(family);
	for (i = 1; i < family->names->count; i++)
		unfold_name(family, i);
	top->types = family->names->list[0].types;
	atomic_store(&top->child, (uint32_t)number_in(family,
	    family->names->list[0].child) + 1);
}

void
zone_unfold(const struct zone *zone, const struct node *node)
{
	struct unfolding family;

	if (!node->folded || atomic_load(&node->child) != 0)
		return;
	prepare(&family, zone, node);
	worker_lock(&zone->log->lock);
	if (atomic_load(&node->child) == 0)
		unfold(&family);
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

const struct node *
zone_stretch_node(const struct zone *zone, const struct node *top,
    size_t stretch)
{
	const struct zone_log *log = zone->log;
	const struct fold *fold = fold_of(log, top);
	const struct fold_names *names;
	size_t owner;

	zone_unfold(zone, top);
	names = log->fold_names[fold->number];
	owner = names->owners[fold->order[stretch]];
	return owner == 0 ? top : node_at(table_of(zone), top->child -
	    names->list[0].child + owner - 1);
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
	above = node_of(table, slot_number(table, slot));
	if (!above->folded)
		return NULL;
	for (node = above; node != NULL; node = node_next(zone, above, node))
		if (node->hash == hash)
			return node;
	return NULL;
}
