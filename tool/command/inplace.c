/* generate --in-place: the marked block in each zone file. */
#include <errno.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/file.h"
#include "command/command.h"

/* A zone file, and the zones whose records are made for it. */
struct target {
	struct target *next;
	struct str path, real;
	const struct made_zone **zones;		/* by name */
	size_t count, room;
	const struct source *source;		/* what it holds now */
};

struct targets {
	struct target *first, **end;
	struct changes *changes;
};

/* ---- which file ------------------------------------------------------------------- */

static struct str
real_path(struct arena *arena, struct str path)
{
	struct str real = path_real(arena, path);

	return real.p == NULL ? path : real;
}

/* As the configuration says, or where the zone was read from. */
static struct str
file_of(struct run *run, struct str zone)
{
	const struct config_domain *domain = config_domain(run->config, zone);
	const struct zone *loaded = zones_find(&run->zones, zone);

	if (domain != NULL && domain->zone_file.text.p != NULL)
		return path_join(run->arena, run->config->folder,
		    domain->zone_file.text);
	return loaded == NULL ? STR_NONE : loaded->source->path;
}

static struct target *
find_target(const struct targets *targets, struct str real)
{
	struct target *target;

	for (target = targets->first; target != NULL; target = target->next)
		if (str_equal(target->real, real))
			return target;
	return NULL;
}

static void
add_zone(struct arena *arena, struct target *target,
    const struct made_zone *zone)
{
	const struct made_zone **larger;
	size_t i;

	if (target->count == target->room) {
		target->room = target->room * 2 + 4;
		larger = ARENA_ARRAY(arena, target->room,
		    const struct made_zone *);
		for (i = 0; i < target->count; i++)
			larger[i] = target->zones[i];
		target->zones = larger;
	}
	target->zones[target->count++] = zone;
}

static void
add_target(struct targets *targets, const struct made_zone *zone)
{
	struct run *run = targets->changes->run;
	struct str path = file_of(run, zone->name), real;
	struct target *target;

	if (path.p == NULL) {
		change_fail(targets->changes, name_show(zone->name),
		    STR("no zone file of this name is listed under zones: in "
		    "the configuration"));
		return;
	}
	real = real_path(run->arena, path);
	target = find_target(targets, real);
	if (target == NULL) {
		target = ARENA_NEW(run->arena, struct target);
		target->path = path;
		target->real = real;
		*targets->end = target;
		targets->end = &target->next;
	}
	add_zone(run->arena, target, zone);
}

static int
compare_zones(const void *a, const void *b)
{
	const struct made_zone *const *x = a, *const *y = b;

	return name_compare((*x)->name, (*y)->name);
}

/* ---- a file of several zones -------------------------------------------------------- */

static bool
has_records(const struct target *target, struct str zone)
{
	size_t i;

	for (i = 0; i < target->count; i++)
		if (str_equal(target->zones[i]->name, zone))
			return true;
	return false;
}

/* Every zone that the file serves, or it would say too much of some. */
static bool
is_complete(struct changes *changes, const struct target *target)
{
	const struct zones *zones = &changes->run->zones;
	struct arena *arena = changes->run->arena;
	size_t i;

	for (i = 0; i < zones->count; i++) {
		const struct zone *zone = zones->zones[i];

		if (has_records(target, zone->name) || !str_equal(
		    real_path(arena, zone->source->path), target->real))
			continue;
		change_refuse(changes, "zone-block-conflict",
		    (struct span){ target->source, 0, 0 },
		    arena_printf(arena, "this file is the zone %.*s, too, for "
		    "which the configuration makes no records",
		    STR_ARG(name_show(zone->name))));
		return false;
	}
	return true;
}

/*
 * The block: with the names as seen from the zone when the file serves
 * several, which works when all of them want the same. STR_NONE otherwise.
 */
static struct str
block_of(struct changes *changes, const struct target *target)
{
	struct run *run = changes->run;
	bool relative = target->count > 1;
	struct str name = target->zones[0]->name;
	struct str text = generated_block(run, target->zones[0], relative,
	    name);
	size_t i;

	for (i = 1; i < target->count; i++)
		if (!str_equal(text, generated_block(run, target->zones[i],
		    relative, name))) {
			change_refuse(changes, "zone-block-conflict",
			    (struct span){ target->source, 0, 0 },
			    arena_printf(run->arena, "this file serves %.*s "
			    "and %.*s, and their records differ",
			    STR_ARG(name_show(name)),
			    STR_ARG(name_show(target->zones[i]->name))));
			return STR_NONE;
		}
	return text;
}

/* ---- what is there --------------------------------------------------------------------- */

/* The block of one of the zones: names may have come and gone. */
static struct block
find_block(struct arena *arena, const struct target *target)
{
	struct block block = { .state = BLOCK_NONE };
	size_t i;

	for (i = 0; i < target->count && block.state == BLOCK_NONE; i++)
		block = block_find(arena, target->source->text,
		    target->zones[i]->name);
	return block;
}

static struct zone *
read_as(struct arena *arena, struct source *source, struct str name)
{
	struct zone_options options = { .name = name,
	    .how = ZONE_BY_CONFIG };

	return zone_read(arena, source, &options);
}

/* Do two records of one name get into each other's way? */
static bool
collide(const struct record *record, const struct made *made)
{
	if (!str_equal(record->owner, made->owner))
		return false;
	if (record->type == RR_CNAME || made->type == RR_CNAME)
		return (rrtype_set(record->type) & HAS_DNSSEC) == 0;
	if (record->type != made->type)
		return false;
	if (made->type == RR_TXT)
		return record->auth == made->auth && made->auth != AUTH_NONE;
	return made->type == RR_MX;
}

static bool
is_inside(const struct record *record, const struct source *source,
    size_t start, size_t end)
{
	return record->span.source == source && record->span.start >= start &&
	    record->span.start < end;
}

/* Records outside of the block that say something else of the same thing. */
static bool
has_conflicts(struct changes *changes, const struct target *target,
    const struct made_zone *zone, const struct block *block)
{
	struct arena *arena = changes->run->arena;
	const struct zone *loaded = zones_find(&changes->run->zones,
	    zone->name);
	const struct record *record;
	const struct made *made;
	size_t position = 0;
	bool found = false;

	if (loaded == NULL || loaded->source != target->source)
		loaded = read_as(arena,
		    (struct source *)(uintptr_t)target->source, zone->name);
	while ((record = zone_next(loaded, arena, ~0U, &position)) != NULL) {
		if (is_inside(record, target->source, block->start,
		    block->end))
			continue;
		for (made = zone->records; made != NULL; made = made->next)
			if (collide(record, made))
				break;
		if (made == NULL)
			continue;
		found = true;
		change_refuse(changes, "zone-block-conflict", record->span,
		    STR("this record contradicts the generated ones: remove "
		    "it, or take it into the configuration"));
	}
	return found;
}

/* ---- what will be there ------------------------------------------------------------------ */

/* Old text with the block in its place, or at the end the first time. */
static struct str
with_block(struct arena *arena, struct str old, const struct block *block,
    struct str text, size_t *start)
{
	bool is_new = block->state == BLOCK_NONE;
	struct buffer new = { 0 };

	buffer_add(&new, is_new ? old : str_slice(old, 0, block->start));
	if (is_new && old.n > 0)
		buffer_add_cstr(&new, str_ends(old, STR("\n")) ? "\n" :
		    "\n\n");
	*start = new.n;
	buffer_add(&new, text);
	if (!is_new)
		buffer_add(&new, str_after(old, block->end));
	return buffer_finish(&new, arena);
}

/* Records of the file itself that stand outside of a stretch of it. */
static size_t
count_outside(const struct zone *zone, size_t start, size_t end)
{
	struct arena *own = arena_new();
	const struct record *record;
	size_t position = 0, count = 0;

	while ((record = zone_next(zone, own, ~0U, &position)) != NULL)
		count += record->span.source == zone->source &&
		    !is_inside(record, zone->source, start, end);
	arena_free(own);
	return count;
}

/* Nobody knows how a name server would read on from a syntax error. */
static bool
is_readable(struct changes *changes, const struct zone *zone)
{
	const struct zone_problem *problem = zone->problems;

	while (problem != NULL && !zone_problem_is_syntax(problem->kind))
		problem = problem->next;
	if (problem == NULL)
		return true;
	change_refuse(changes, "zone-syntax", problem->span,
	    arena_printf(changes->run->arena, "nothing is put into a file "
	    "that name servers refuse: %.*s", STR_ARG(problem->what)));
	return false;
}

/*
 * Whatever stands around the block, such as another $ORIGIN: its records are
 * read as they were made, and those outside are as many as before.
 */
static bool
stays_whole(struct changes *changes, const struct zone *old,
    const struct made_zone *made_zone, const struct block *block,
    struct str text, size_t start, size_t end)
{
	struct arena *arena = changes->run->arena;
	const struct made *made = made_zone->records;
	struct buffer copy = { 0 };
	const struct record *record;
	const struct zone *new;
	size_t position = 0;

	buffer_add(&copy, text);
	new = read_as(arena, source_of_text(arena, old->source->path, &copy),
	    made_zone->name);
	while ((record = zone_next(new, arena, ~0U, &position)) != NULL) {
		if (!is_inside(record, new->source, start, end))
			continue;
		if (made == NULL || !record_is_made(arena, record, made))
			return false;
		made = made->next;
	}
	return made == NULL && new->problem_count == old->problem_count && count_outside(new, start, end) ==
	    count_outside(old, block->start, block->end);
}

/* ---- one file ------------------------------------------------------------------------------ */

/* The file as it is; false when it must not be touched. */
static bool
open_target(struct changes *changes, struct target *target)
{
	struct arena *arena = changes->run->arena;
	struct str journal = arena_printf(arena, "%.*s.jnl",
	    STR_ARG(target->path));
	const struct zone *loaded = zones_find(&changes->run->zones,
	    target->zones[0]->name);

	if (file_exists(journal)) {
		change_fail(changes, target->path, arena_printf(arena,
		    "the zone has a journal (%.*s): freeze it first, or let "
		    "the server write it", STR_ARG(journal)));
		return false;
	}
	if (loaded != NULL && str_equal(loaded->source->path, target->path)) {
		target->source = loaded->source;
		return true;
	}
	target->source = change_read(changes, target->path);
	if (target->source == NULL && !changes->refused)
		change_fail(changes, target->path,
		    STR("there is no such zone file"));
	return target->source != NULL;
}

/* False after saying what is in the way. */
static bool
fits(struct changes *changes, const struct target *target,
    const struct made_zone *zone, const struct block *block, struct str text,
    size_t start, size_t end)
{
	struct arena *arena = changes->run->arena;
	struct zone *old = read_as(arena,
	    (struct source *)(uintptr_t)target->source, zone->name);

	if (!is_readable(changes, old) ||
	    has_conflicts(changes, target, zone, block))
		return false;
	if (stays_whole(changes, old, zone, block, text, start, end))
		return true;
	change_refuse(changes, "zone-block-conflict",
	    (struct span){ target->source, block->start, block->start },
	    arena_printf(arena, "in this place the block would not be read "
	    "as the records of %.*s", STR_ARG(zone->name)));
	return false;
}

static void
change_block(struct changes *changes, const struct target *target,
    const struct block *block, struct str text)
{
	struct str new;
	size_t start, i;

	new = with_block(changes->run->arena, target->source->text, block,
	    text, &start);
	for (i = 0; i < target->count; i++)
		if (!fits(changes, target, target->zones[i], block, new,
		    start, start + text.n))
			return;
	change_add(changes, target->path, target->source->text, new);
}

static void
plan_target(struct changes *changes, struct target *target)
{
	struct block block;
	struct str text;

	qsort(target->zones, target->count, sizeof(*target->zones),
	    compare_zones);
	if (!open_target(changes, target) || !is_complete(changes, target))
		return;
	text = block_of(changes, target);
	if (text.p == NULL)
		return;
	block = find_block(changes->run->arena, target);
	if (block.state == BLOCK_EDITED || block.state == BLOCK_OPEN) {
		change_refuse(changes, "zone-block-edited",
		    (struct span){ target->source, block.start, block.start +
		    str_find(str_after(target->source->text, block.start),
		    '\n') }, block.state == BLOCK_OPEN ?
		    STR("the generated block has no end") :
		    STR("the generated block was edited by hand, and the edit "
		    "would be lost: take it into the configuration, then "
		    "remove the block"));
		return;
	}
	if (block.state == BLOCK_NONE)
		block.start = block.end = target->source->text.n;
	change_block(changes, target, &block, text);
}

void
blocks_plan(struct changes *changes, const struct made_zones *zones)
{
	struct targets targets = { .changes = changes };
	struct run *run = changes->run;
	const struct made_zone *zone;
	struct target *target;
	struct str path;

	targets.end = &targets.first;
	for (zone = zones->first; zone != NULL; zone = zone->next)
		add_target(&targets, zone);
	/* What shares a file with one that is wanted comes along. */
	for (zone = zones->others; zone != NULL; zone = zone->next) {
		path = file_of(run, zone->name);
		target = path.p == NULL ? NULL : find_target(&targets,
		    real_path(run->arena, path));
		if (target != NULL)
			add_zone(run->arena, target, zone);
	}
	for (target = targets.first; target != NULL; target = target->next)
		plan_target(changes, target);
}
