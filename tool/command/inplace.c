/* generate --in-place: the marked block in each zone file. */
#include <errno.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/file.h"
#include "command/command.h"

/* A zone file, and the zones whose records are made for it. */
struct zone_file {
	struct zone_file *next;
	struct str path, real;
	const struct made_zone **zones;		/* by name */
	size_t count, room;
	const struct source *source;		/* what it holds now */
};

struct zone_files {
	struct zone_file *first, **end;
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

static struct zone_file *
find_file(const struct zone_files *files, struct str real)
{
	struct zone_file *file;

	for (file = files->first; file != NULL; file = file->next)
		if (str_equal(file->real, real))
			return file;
	return NULL;
}

static void
add_zone(struct arena *arena, struct zone_file *file,
    const struct made_zone *zone)
{
	const struct made_zone **larger;
	size_t i;

	if (file->count == file->room) {
		file->room = file->room * 2 + 4;
		larger = ARENA_ARRAY(arena, file->room,
		    const struct made_zone *);
		for (i = 0; i < file->count; i++)
			larger[i] = file->zones[i];
		file->zones = larger;
	}
	file->zones[file->count++] = zone;
}

static void
add_file(struct zone_files *files, const struct made_zone *zone)
{
	struct run *run = files->changes->run;
	struct str path = file_of(run, zone->name), real;
	struct zone_file *file;

	if (path.p == NULL) {
		change_fail(files->changes, name_show(zone->name),
		    STR("no zone file of this name is listed under zones: in "
		    "the configuration"));
		return;
	}
	real = real_path(run->arena, path);
	file = find_file(files, real);
	if (file == NULL) {
		file = ARENA_NEW(run->arena, struct zone_file);
		file->path = path;
		file->real = real;
		*files->end = file;
		files->end = &file->next;
	}
	add_zone(run->arena, file, zone);
}

static int
compare_zones(const void *a, const void *b)
{
	const struct made_zone *const *x = a, *const *y = b;

	return name_compare((*x)->name, (*y)->name);
}

/* ---- a file of several zones -------------------------------------------------------- */

static bool
has_records(const struct zone_file *file, struct str zone)
{
	size_t i;

	for (i = 0; i < file->count; i++)
		if (str_equal(file->zones[i]->name, zone))
			return true;
	return false;
}

/* Every zone that the file serves, or it would say too much of some. */
static bool
is_complete(struct changes *changes, const struct zone_file *file)
{
	const struct zones *zones = &changes->run->zones;
	struct arena *arena = changes->run->arena;
	size_t i;

	for (i = 0; i < zones->count; i++) {
		const struct zone *zone = zones->zones[i];

		if (has_records(file, zone->name) || !str_equal(
		    real_path(arena, zone->source->path), file->real))
			continue;
		change_refuse(changes, "zone-block-conflict",
		    (struct span){ file->source, 0, 0 },
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
block_of(struct changes *changes, const struct zone_file *file)
{
	struct run *run = changes->run;
	bool relative = file->count > 1;
	struct str name = file->zones[0]->name;
	struct str text = generated_block(run, file->zones[0], relative,
	    name);
	size_t i;

	for (i = 1; i < file->count; i++)
		if (!str_equal(text, generated_block(run, file->zones[i],
		    relative, name))) {
			change_refuse(changes, "zone-block-conflict",
			    (struct span){ file->source, 0, 0 },
			    arena_printf(run->arena, "this file serves %.*s "
			    "and %.*s, and their records differ",
			    STR_ARG(name_show(name)),
			    STR_ARG(name_show(file->zones[i]->name))));
			return STR_NONE;
		}
	return text;
}

/* ---- what is there --------------------------------------------------------------------- */

/* The block of one of the zones: names may have come and gone. */
static struct block
find_block(struct arena *arena, const struct zone_file *file)
{
	struct block block = { .state = BLOCK_NONE };
	size_t i;

	for (i = 0; i < file->count && block.state == BLOCK_NONE; i++)
		block = block_find(arena, file->source->text,
		    file->zones[i]->name);
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
has_conflicts(struct changes *changes, const struct zone_file *file,
    const struct made_zone *zone, const struct block *block)
{
	struct arena *arena = changes->run->arena;
	const struct zone *loaded = zones_find(&changes->run->zones,
	    zone->name);
	const struct record *record;
	const struct made *made;
	size_t position = 0;
	bool found = false;

	if (loaded == NULL || loaded->source != file->source)
		loaded = read_as(arena,
		    (struct source *)(uintptr_t)file->source, zone->name);
	while ((record = zone_next(loaded, arena, ~0U, &position)) != NULL) {
		if (is_inside(record, file->source, block->start,
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
open_file(struct changes *changes, struct zone_file *file)
{
	struct arena *arena = changes->run->arena;
	struct str journal = arena_printf(arena, "%.*s.jnl",
	    STR_ARG(file->path));
	const struct zone *loaded = zones_find(&changes->run->zones,
	    file->zones[0]->name);

	if (file_exists(journal)) {
		change_fail(changes, file->path, arena_printf(arena,
		    "the zone has a journal (%.*s): freeze it first, or let "
		    "the server write it", STR_ARG(journal)));
		return false;
	}
	if (loaded != NULL && str_equal(loaded->source->path, file->path)) {
		file->source = loaded->source;
		return true;
	}
	file->source = change_read(changes, file->path);
	if (file->source == NULL && !changes->refused)
		change_fail(changes, file->path,
		    STR("there is no such zone file"));
	return file->source != NULL;
}

/* False after saying what is in the way. */
static bool
fits(struct changes *changes, const struct zone_file *file,
    const struct made_zone *zone, const struct block *block, struct str text,
    size_t start, size_t end)
{
	struct arena *arena = changes->run->arena;
	struct zone *old = read_as(arena,
	    (struct source *)(uintptr_t)file->source, zone->name);

	if (!is_readable(changes, old) ||
	    has_conflicts(changes, file, zone, block))
		return false;
	if (stays_whole(changes, old, zone, block, text, start, end))
		return true;
	change_refuse(changes, "zone-block-conflict",
	    (struct span){ file->source, block->start, block->start },
	    arena_printf(arena, "in this place the block would not be read "
	    "as the records of %.*s", STR_ARG(zone->name)));
	return false;
}

static void
change_block(struct changes *changes, const struct zone_file *file,
    const struct block *block, struct str text)
{
	struct str new;
	size_t start, i;

	new = with_block(changes->run->arena, file->source->text, block,
	    text, &start);
	for (i = 0; i < file->count; i++)
		if (!fits(changes, file, file->zones[i], block, new,
		    start, start + text.n))
			return;
	change_add(changes, file->path, file->source->text, new);
}

static void
plan_file(struct changes *changes, struct zone_file *file)
{
	struct block block;
	struct str text;

	qsort(file->zones, file->count, sizeof(*file->zones),
	    compare_zones);
	if (!open_file(changes, file) || !is_complete(changes, file))
		return;
	text = block_of(changes, file);
	if (text.p == NULL)
		return;
	block = find_block(changes->run->arena, file);
	if (block.state == BLOCK_EDITED || block.state == BLOCK_OPEN) {
		change_refuse(changes, "zone-block-edited",
		    (struct span){ file->source, block.start, block.start +
		    str_find(str_after(file->source->text, block.start),
		    '\n') }, block.state == BLOCK_OPEN ?
		    STR("the generated block has no end") :
		    STR("the generated block was edited by hand, and the edit "
		    "would be lost: take it into the configuration, then "
		    "remove the block"));
		return;
	}
	if (block.state == BLOCK_NONE)
		block.start = block.end = file->source->text.n;
	change_block(changes, file, &block, text);
}

void
blocks_plan(struct changes *changes, const struct made_zones *zones)
{
	struct zone_files files = { .changes = changes };
	struct run *run = changes->run;
	const struct made_zone *zone;
	struct zone_file *file;
	struct str path;

	files.end = &files.first;
	for (zone = zones->first; zone != NULL; zone = zone->next)
		add_file(&files, zone);
	/* What shares a file with one that is wanted comes along. */
	for (zone = zones->others; zone != NULL; zone = zone->next) {
		path = file_of(run, zone->name);
		file = path.p == NULL ? NULL : find_file(&files,
		    real_path(run->arena, path));
		if (file != NULL)
			add_zone(run->arena, file, zone);
	}
	for (file = files.first; file != NULL; file = file->next)
		plan_file(changes, file);
}
