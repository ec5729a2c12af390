/* generate --in-place: the marked block in each zone file. */
#include <stdlib.h>

#include "base/arena.h"
#include "base/file.h"
#include "base/path.h"
#include "base/table.h"
#include "command/inplace.h"

/* A loaded zone; the others of its name, and those of its file. */
struct served {
	const struct zone *zone;
	struct str real;
	struct served *same_name, *same_file;
};

struct zone_files {
	struct zone_file *first, **end;
	struct changes *changes;
	struct table by_real;		/* struct zone_file */
	struct table served_by_name, served_by_real;
};

/* ---- which file ---------------------------------------------------------- */

static struct str
real_path(struct arena *arena, struct str path)
{
	struct str real = path_real(arena, path);

	return real.p == NULL ? path : real;
}

/* Every loaded zone, found by its name and by its file. */
static void
list_served(struct zone_files *files)
{
	struct run *run = files->changes->run;
	struct served *served;
	size_t i;

	for (i = run->zones.count; i-- > 0;) {
		served = ARENA_NEW(run->arena, struct served);
		served->zone = run->zones.zones[i];
		served->real = real_path(run->arena,
		    served->zone->source->path);
		served->same_name = table_find(&files->served_by_name,
		    served->zone->name);
		served->same_file = table_find(&files->served_by_real,
		    served->real);
		table_set(&files->served_by_name, run->arena,
		    served->zone->name, served);
		table_set(&files->served_by_real, run->arena, served->real,
		    served);
	}
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

/* The file is written when a zone of it is wanted; others come along. */
static void
add_path(struct zone_files *files, const struct made_zone *zone,
    struct str path, struct str real, bool wanted)
{
	struct arena *arena = files->changes->run->arena;
	struct zone_file *file = table_find(&files->by_real, real);

	if (file == NULL && !wanted)
		return;
	if (file == NULL) {
		file = ARENA_NEW(arena, struct zone_file);
		file->path = path;
		file->real = real;
		*files->end = file;
		files->end = &file->next;
		table_add(&files->by_real, arena, real, file);
	}
	if (file->count == 0 || file->zones[file->count - 1] != zone)
		add_zone(arena, file, zone);
}

/*
 * As the configuration says, or where the zone was read from: of several
 * views that is more than one file.
 */
static void
add_files(struct zone_files *files, const struct made_zone *zone, bool wanted)
{
	struct run *run = files->changes->run;
	const struct config_domain *domain = config_domain(run->config,
	    zone->name);
	const struct served *served = table_find(&files->served_by_name,
	    zone->name);
	struct str path;

	if (domain != NULL && domain->zone_file.text.p != NULL) {
		path = path_join(run->arena, run->config->folder,
		    domain->zone_file.text);
		add_path(files, zone, path, real_path(run->arena, path),
		    wanted);
		return;
	}
	if (served == NULL && wanted)
		change_fail(files->changes, name_show(zone->name),
		    STR("no zone file of this name is listed under zones: in "
		    "the configuration; to write other domains alone, name "
		    "them"));
	for (; served != NULL; served = served->same_name)
		add_path(files, zone, served->zone->source->path,
		    served->real, wanted);
}

static int
compare_zones(const void *a, const void *b)
{
	const struct made_zone *const *x = a, *const *y = b;

	return name_compare((*x)->name, (*y)->name);
}

/* ---- a file of several zones --------------------------------------------- */

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
is_complete(struct zone_files *files, const struct zone_file *file)
{
	struct changes *changes = files->changes;
	const struct served *served = table_find(&files->served_by_real,
	    file->real);

	for (; served != NULL; served = served->same_file) {
		if (has_records(file, served->zone->name))
			continue;
		change_refuse(changes, "zone-block-conflict",
		    (struct span){ file->source, 0, 0 },
		    arena_printf(changes->run->arena, "this file is the zone "
		    "%.*s, too, for which the configuration makes no records",
		    STR_ARG(name_show(served->zone->name))));
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
	struct arena *arena = changes->run->arena;
	struct block_style style = run_block_style(changes->run);
	struct str text;
	size_t i;

	style.relative = file->count > 1;
	style.name = file->zones[0]->name;
	text = block_text(arena, file->zones[0], &style);
	for (i = 1; i < file->count; i++)
		if (!str_equal(text, block_text(arena, file->zones[i],
		    &style))) {
			change_refuse(changes, "zone-block-conflict",
			    (struct span){ file->source, 0, 0 },
			    arena_printf(arena, "this file serves %.*s and "
			    "%.*s, and their records differ",
			    STR_ARG(name_show(style.name)),
			    STR_ARG(name_show(file->zones[i]->name))));
			return STR_NONE;
		}
	return text;
}

/* ---- what is there ------------------------------------------------------- */

struct zone *
zone_of_file(struct arena *arena, const struct source *source,
    struct str name)
{
	struct zone_options options = { .name = name,
	    .how = ZONE_BY_CONFIG };

	return zone_read(arena, (struct source *)(uintptr_t)source, &options);
}

/* The block of one of the zones: names may have come and gone. */
static void
find_block(struct arena *arena, struct zone_file *file)
{
	size_t i;

	for (i = 0; i < file->count && file->block.state == BLOCK_NONE; i++)
		file->block = block_find(arena, file->source->text,
		    file->zones[i]->name);
	if (file->block.state == BLOCK_NONE)
		file->block.start = file->block.end = file->source->text.n;
}

static bool
is_block_ours(struct changes *changes, const struct zone_file *file)
{
	const struct block *block = &file->block;

	if (block->state == BLOCK_NONE || block->state == BLOCK_INTACT)
		return true;
	change_refuse(changes, "zone-block-edited",
	    (struct span){ file->source, block->start, block->start +
	    str_find(str_after(file->source->text, block->start), '\n') },
	    block->state == BLOCK_OPEN ?
	    STR("the generated block has no end") :
	    STR("the generated block was edited by hand, and the edit would "
	    "be lost: take it into the configuration, then remove the "
	    "block"));
	return false;
}

/* Nobody knows how a name server would read on from a syntax error. */
static bool
is_readable(struct changes *changes, const struct zone *zone)
{
	const struct zone_problem *problem = zone->contents->problems;

	while (problem != NULL && !zone_problem_is_syntax(problem->kind))
		problem = problem->next;
	if (problem == NULL)
		return true;
	change_refuse(changes, refusal_rule(problem), problem->span,
	    arena_printf(changes->run->arena, "nothing is put into a file "
	    "that name servers refuse: %.*s", STR_ARG(problem->what)));
	return false;
}

/* A name server that keeps a journal would write over what we do. */
static bool
has_journal(struct changes *changes, const struct zone_file *file,
    struct str path)
{
	struct str journal = arena_printf(changes->run->arena, "%.*s.jnl",
	    STR_ARG(path));

	if (!file_exists(journal))
		return false;
	change_fail(changes, file->path, arena_printf(changes->run->arena,
	    "the zone has a journal (%.*s): freeze it first, or let the "
	    "server write it", STR_ARG(journal)));
	return true;
}

/* The file as it is; false when it must not be touched. */
static bool
open_file(struct zone_files *files, struct zone_file *file)
{
	const struct served *served = table_find(&files->served_by_real,
	    file->real), *other;
	struct changes *changes = files->changes;

	if (has_journal(changes, file, file->path) ||
	    (!str_equal(file->path, file->real) &&
	    has_journal(changes, file, file->real)))
		return false;
	for (other = served; other != NULL; other = other->same_file)
		if (!str_equal(other->zone->source->path, file->path) &&
		    has_journal(changes, file, other->zone->source->path))
			return false;
	file->source = served != NULL ? served->zone->source :
	    change_read(changes, file->path);
	if (file->source == NULL && !changes->refused)
		change_fail(changes, file->path,
		    STR("there is no such zone file"));
	return file->source != NULL;
}

/* ---- one file ------------------------------------------------------------ */

/*
 * At the end of the file the first time, behind an empty line; with the line
 * ends of the file.
 */
static const struct patch *
put_block(struct arena *arena, struct zone_file *file, struct str text)
{
	struct str old = file->source->text;

	if (file->block.state == BLOCK_NONE && old.n > 0)
		text = arena_printf(arena, "%s%.*s", str_ends(old,
		    STR("\n")) ? "\n" : "\n\n", STR_ARG(text));
	return patch_add(arena, file, file->block.start, file->block.end,
	    lines_as_in(arena, text, old));
}

/* As the run read it: it knows more folders of included files. */
static const struct zone *
as_loaded(const struct zone_files *files, const struct zone_file *file,
    const struct zone *zone)
{
	const struct served *served = table_find(&files->served_by_real,
	    file->real);

	while (served != NULL && (served->zone->source != file->source ||
	    !str_equal(served->zone->name, zone->name)))
		served = served->same_file;
	return served == NULL ? zone : served->zone;
}

/* What is in the way of the records; false after saying what stays. */
static bool
make_room(struct zone_files *files, struct arena *own, struct zone_file *file,
    struct zone **old)
{
	struct changes *changes = files->changes;
	bool fine = true;
	size_t i;

	for (i = 0; i < file->count; i++) {
		old[i] = zone_of_file(own, file->source,
		    file->zones[i]->name);
		fine = is_readable(changes, old[i]) && file_adopt(changes,
		    file, file->zones[i], as_loaded(files, file, old[i])) &&
		    fine;
	}
	return fine;
}

static bool
is_whole(struct changes *changes, const struct zone_file *file,
    struct zone *const *old, struct str text, const struct patch *block)
{
	size_t i;

	for (i = 0; i < file->count; i++) {
		if (file_stays_whole(file, file->zones[i], old[i], text,
		    block))
			continue;
		change_refuse(changes, "zone-block-conflict",
		    (struct span){ file->source, file->block.start,
		    file->block.start }, arena_printf(changes->run->arena,
		    "in this place the block would not be read as the "
		    "records of %.*s, or would change others: it must stand "
		    "under the $ORIGIN of the zone, and what follows must say "
		    "its owner and TTL", STR_ARG(file->zones[i]->name)));
		return false;
	}
	return true;
}

/* The zones as the file holds them are of use here only, in their own arena. */
static void
change_zones(struct zone_files *files, struct arena *own,
    struct zone_file *file, struct str text)
{
	struct changes *changes = files->changes;
	struct arena *arena = changes->run->arena;
	struct zone **old = ARENA_ARRAY(own, file->count, struct zone *);
	const struct patch *block;
	struct patch there = { 0 };
	struct str new;

	if (!make_room(files, own, file, old))
		return;
	block = put_block(arena, file, text);
	new = patches_apply(own, file, block, &there.start, &there.end);
	if (!str_equal(new, file->source->text) &&
	    !file_raise_serial(changes, file, old[0]))
		return;
	new = patches_apply(arena, file, block, &there.start, &there.end);
	if (is_whole(changes, file, old, new, &there))
		change_add(changes, file->path, file->source, new);
}

static void
change_file(struct zone_files *files, struct zone_file *file, struct str text)
{
	struct arena *own = arena_new();

	change_zones(files, own, file, text);
	arena_free(own);
}

static void
plan_file(struct zone_files *files, struct zone_file *file)
{
	struct changes *changes = files->changes;
	struct str text;

	qsort(file->zones, file->count, sizeof(*file->zones), compare_zones);
	if (!open_file(files, file) || !is_complete(files, file))
		return;
	text = block_of(changes, file);
	if (text.p == NULL)
		return;
	find_block(changes->run->arena, file);
	if (is_block_ours(changes, file))
		change_file(files, file, text);
}

void
blocks_plan(struct changes *changes, const struct made_zones *zones)
{
	struct zone_files files = { .changes = changes };
	const struct made_zone *zone;
	struct zone_file *file;

	files.end = &files.first;
	list_served(&files);
	for (zone = zones->first; zone != NULL; zone = zone->next)
		add_files(&files, zone, true);
	for (zone = zones->others; zone != NULL; zone = zone->next)
		add_files(&files, zone, false);
	for (file = files.first; file != NULL; file = file->next)
		plan_file(&files, file);
}
