/* mailzone generate: the records that the configuration asks for. */
#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/file.h"
#include "command/command.h"

static const char *const targets[] = { "zone", "json", NULL };
static const char *const styles[] = { "terms", "line", NULL };

static const struct option_row options[] = {
	{ .name = "output", .letter = 'o', .value = "DIR",
	  .help = "write one snippet for each zone, to be included by it" },
	{ .name = "in-place",
	  .help = "replace the marked block in each zone file" },
	{ .name = "check",
	  .help = "write nothing; exit with 1 when anything would change" },
	{ .name = "diff", .help = "write nothing; show what would change" },
	{ .name = "at", .value = "DATE",
	  .help = "the records of another day" },
	{ .name = "target", .value = "TARGET", .choices = targets,
	  .fallback = "zone", .help = "how records are written" },
	{ .name = "txt-style", .value = "STYLE", .choices = styles,
	  .fallback = "terms",
	  .help = "long texts one term a line, or all on one line" },
	{ 0 }
};

/* A file that is, and how it is to be. */
struct change {
	struct change *next;
	struct str path;
	struct str old;			/* STR_NONE: not there */
	struct str new;			/* STR_NONE: to be removed */
};

struct changes {
	struct change *first, **end;
	bool failed;
};

/* ---- files that would change ------------------------------------------------- */

static void
add_change(struct run *run, struct changes *changes, struct str path,
    struct str old, struct str new)
{
	struct change *change = ARENA_NEW(run->arena, struct change);

	change->path = path;
	change->old = old;
	change->new = new;
	*changes->end = change;
	changes->end = &change->next;
}

/* What a file holds now; false when it is there and cannot be read. */
static bool
read_old(struct run *run, struct str path, struct str *text)
{
	struct source *source;

	*text = STR_NONE;
	if (!file_exists(path))
		return true;
	source = file_read(run->arena, path);
	if (source == NULL) {
		run_fail_errno(run, path);
		return false;
	}
	*text = source->text.p == NULL ? STR("") : source->text;
	return true;
}

static struct str
block_of(struct run *run, const struct made_zone *zone)
{
	struct buffer text = { 0 };

	block_write(&text, run->arena, zone,
	    str_is(option_value(run, "txt-style"), "line") ? TXT_LINE :
	    TXT_TERMS, run->config->source->path, NULL);
	return buffer_finish(&text, run->arena);
}

/* ---- snippets ------------------------------------------------------------------- */

struct stale {
	struct run *run;
	const struct made_zones *zones;
	struct changes *changes;
};

/* "; BEGIN mailzone NAME sha256:..." gives NAME. */
static struct str
name_in_mark(struct str text)
{
	struct cursor in = { text, 0 };

	if (!cursor_accept_str(&in, STR("; BEGIN mailzone ")))
		return STR_NONE;
	return cursor_until(&in, STR(" \r\n"));
}

static bool
is_made(const struct made_zones *zones, struct str name)
{
	const struct made_zone *zone;

	for (zone = zones->first; zone != NULL; zone = zone->next)
		if (str_equal(name_show(zone->name), name))
			return true;
	return false;
}

/* Only what we wrote, and nobody touched since, is ours to remove. */
static void
visit_snippet(void *context, struct str path)
{
	struct stale *stale = context;
	struct str text, name, zone;
	struct block block;

	if (!str_ends(path, STR(".inc")) ||
	    !read_old(stale->run, path, &text))
		return;
	name = name_in_mark(text);
	if (name.p == NULL || is_made(stale->zones, name) ||
	    !name_parse(stale->run->arena, name, &zone))
		return;
	block = block_find(stale->run->arena, text, zone);
	if (block.state == BLOCK_INTACT && block.start == 0 &&
	    block.end == text.n)
		add_change(stale->run, stale->changes, path, text, STR_NONE);
}

/* A zone's name holds no slash that the file system would see. */
static struct str
snippet_path(struct run *run, struct str folder, struct str zone)
{
	struct buffer name = { 0 };
	size_t i;

	zone = name_show(zone);
	for (i = 0; i < zone.n; i++)
		buffer_add_byte(&name, zone.p[i] == '/' ? '_' : zone.p[i]);
	buffer_add_cstr(&name, ".inc");
	return path_join(run->arena, folder,
	    buffer_finish(&name, run->arena));
}

static void
plan_snippets(struct run *run, const struct made_zones *zones,
    struct changes *changes, struct str folder)
{
	struct stale stale = { run, zones, changes };
	const struct made_zone *zone;
	struct str path, old, failed;

	for (zone = zones->first; zone != NULL; zone = zone->next) {
		path = snippet_path(run, folder, zone->name);
		if (!read_old(run, path, &old))
			changes->failed = true;
		else
			add_change(run, changes, path, old,
			    block_of(run, zone));
	}
	/* Part of the zones tells nothing about the other files. */
	if (run->argument_count == 0 && file_is_folder(folder) &&
	    !file_walk(run->arena, folder, visit_snippet, &stale, &failed)) {
		run_fail_errno(run, failed);
		changes->failed = true;
	}
}

/* ---- blocks in zone files ---------------------------------------------------------- */

static void
refuse(struct run *run, struct changes *changes, struct str path,
    size_t line, const char *rule, const char *reason)
{
	changes->failed = true;
	if (!run->very_quiet)
		fprintf(stderr, "%.*s:%zu:1: error: %s [%s]\n",
		    STR_ARG(path), line, reason, rule);
}

static size_t
line_of(struct str path, struct str text, size_t offset)
{
	const struct source source = { .path = path, .text = text };

	return source_place(&source, offset).line;
}

/* Do two records of one name get into each other's way? */
static bool
collide(const struct record *record, const struct made *made)
{
	if (!str_equal(record->owner, made->owner))
		return false;
	if (record->type == RR_CNAME || made->type == RR_CNAME)
		return record->type != RR_RRSIG && record->type != RR_NSEC;
	if (record->type != made->type)
		return false;
	if (made->type == RR_TXT)
		return record->auth == made->auth && made->auth != AUTH_NONE;
	return made->type == RR_MX;
}

/* Records outside of the block that say something else of the same thing. */
static bool
find_conflicts(struct run *run, struct changes *changes,
    const struct zone *loaded, const struct made_zone *zone,
    const struct block *block)
{
	struct arena *arena = arena_new();
	const struct record *record;
	const struct made *made;
	size_t position = 0;
	bool found = false;

	while ((record = zone_next(loaded, arena, ~0U, &position)) != NULL) {
		if (record->span.source == loaded->source &&
		    block->state == BLOCK_INTACT &&
		    record->span.start >= block->start &&
		    record->span.start < block->end)
			continue;
		for (made = zone->records; made != NULL; made = made->next)
			if (collide(record, made)) {
				found = true;
				refuse(run, changes,
				    record->span.source->path,
				    source_place(record->span.source,
				    record->span.start).line,
				    "zone-block-conflict",
				    "this record contradicts the generated "
				    "ones: remove it, or take it into the "
				    "configuration");
			}
	}
	arena_free(arena);
	return found;
}

/* Old text with the block in its place, or at the end the first time. */
static struct str
with_block(struct run *run, struct str old, const struct block *block,
    struct str text)
{
	struct buffer new = { 0 };

	if (block->state == BLOCK_NONE) {
		buffer_add(&new, old);
		if (old.n > 0 && old.p[old.n - 1] != '\n')
			buffer_add_byte(&new, '\n');
		if (old.n > 0)
			buffer_add_byte(&new, '\n');
		buffer_add(&new, text);
	} else {
		buffer_add(&new, str_slice(old, 0, block->start));
		buffer_add(&new, text);
		buffer_add(&new, str_after(old, block->end));
	}
	return buffer_finish(&new, run->arena);
}

static void
plan_block(struct run *run, const struct made_zone *zone,
    struct changes *changes)
{
	const struct zone *loaded = zones_find(&run->zones, zone->name);
	struct str path, old, journal;
	struct block block;

	if (loaded == NULL) {
		run_fail(run, name_show(zone->name), "no zone file of this "
		    "name is listed under zones: in the configuration");
		changes->failed = true;
		return;
	}
	path = loaded->source->path;
	journal = arena_printf(run->arena, "%.*s.jnl", STR_ARG(path));
	if (file_exists(journal)) {
		run_fail(run, path, "the zone has a journal (%.*s): freeze "
		    "it first, or let the server write it",
		    STR_ARG(journal));
		changes->failed = true;
		return;
	}
	if (!read_old(run, path, &old)) {
		changes->failed = true;
		return;
	}
	block = block_find(run->arena, old, zone->name);
	if (block.state == BLOCK_EDITED || block.state == BLOCK_OPEN)
		refuse(run, changes, path, line_of(path, old, block.start),
		    "zone-block-edited", block.state == BLOCK_OPEN ?
		    "the generated block has no end" :
		    "the generated block was edited by hand: move the edit "
		    "to the configuration, then remove the block");
	else if (!find_conflicts(run, changes, loaded, zone, &block))
		add_change(run, changes, path, old, with_block(run, old,
		    &block, block_of(run, zone)));
}

/* ---- doing it ---------------------------------------------------------------------- */

static bool
is_same(const struct change *change)
{
	return (change->old.p == NULL) == (change->new.p == NULL) &&
	    str_equal(change->old, change->new);
}

static void
show(struct run *run, const struct changes *changes)
{
	const struct change *change;

	for (change = changes->first; change != NULL; change = change->next)
		if (!is_same(change))
			write_diff(&run->out, change->path, change->old,
			    change->new);
}

static bool
apply_one(struct run *run, const struct change *change)
{
	bool done = change->new.p == NULL ?
	    unlink(arena_cstr(run->arena, change->path)) == 0 :
	    file_write(change->path, change->new, 0644);

	if (!done)
		run_fail_errno(run, change->path);
	return done;
}

/* Everything is known to be right before the first file is touched. */
static int
finish(struct run *run, const struct changes *changes)
{
	bool show_only = option_given(run, "check") ||
	    option_given(run, "diff");
	const struct change *change;
	size_t count = 0;

	for (change = changes->first; change != NULL; change = change->next)
		count += !is_same(change);
	if (option_given(run, "diff"))
		show(run, changes);
	if (changes->failed)
		return run->status == EXIT_UNABLE ? EXIT_UNABLE :
		    EXIT_FINDINGS;
	for (change = changes->first; !show_only && change != NULL;
	    change = change->next)
		if (!is_same(change) && !apply_one(run, change))
			return EXIT_UNABLE;
	run_say(run, "%zu file%s %s", count, count == 1 ? "" : "s",
	    show_only ? "would change" : "written");
	return show_only && count > 0 ? EXIT_FINDINGS : EXIT_CLEAN;
}

/* ---- the command -------------------------------------------------------------------- */

static bool
read_wanted(struct run *run, struct str *wanted)
{
	size_t i;

	for (i = 0; i < run->argument_count; i++)
		if (!name_parse(run->arena, run->arguments[i], &wanted[i]) ||
		    !is_ours(run->config, wanted[i])) {
			run_usage(run, "\"%.*s\" is no domain of %.*s",
			    STR_ARG(run->arguments[i]),
			    STR_ARG(run->config->source->path));
			return false;
		}
	return true;
}

static void
write_all(struct run *run, const struct made_zones *zones)
{
	const struct made_zone *zone;

	if (str_is(option_value(run, "target"), "json")) {
		records_write_json(&run->out, run->arena, zones);
		return;
	}
	for (zone = zones->first; zone != NULL; zone = zone->next) {
		if (zone != zones->first)
			buffer_add_byte(&run->out, '\n');
		buffer_add(&run->out, block_of(run, zone));
	}
}

static int
write_files(struct run *run, const struct made_zones *zones)
{
	struct str folder = option_value(run, "output");
	struct changes changes = { .end = &changes.first };
	const struct made_zone *zone;

	if (folder.p != NULL) {
		if (!option_given(run, "check") &&
		    !option_given(run, "diff") && !file_is_folder(folder) &&
		    mkdir(arena_cstr(run->arena, folder), 0755) != 0) {
			run_fail_errno(run, folder);
			return EXIT_UNABLE;
		}
		plan_snippets(run, zones, &changes, folder);
	} else
		for (zone = zones->first; zone != NULL; zone = zone->next)
			plan_block(run, zone, &changes);
	return finish(run, &changes);
}

static int
run_generate(struct run *run)
{
	struct str at_text = option_value(run, "at"), *wanted;
	day at = run->today;
	struct made_zones *zones;

	if (at_text.p != NULL && !date_parse(at_text, &at))
		return run_usage(run, "--at takes a date, YYYY-MM-DD, not "
		    "\"%.*s\"", STR_ARG(at_text));
	if (option_given(run, "in-place") && option_given(run, "output"))
		return run_usage(run, "--in-place and --output contradict "
		    "each other");
	if (!run_config(run, true) || !run_configured_zones(run))
		return EXIT_UNABLE;
	wanted = ARENA_ARRAY(run->arena, run->argument_count + 1, struct str);
	if (!read_wanted(run, wanted))
		return EXIT_UNABLE;
	zones = records_make(&run->world, run->arena,
	    schedules_make(run->arena, run->config, run->today), wanted,
	    run->argument_count, at);
	if (run_show_generated(run, zones) > 0) {
		run_say(run, "nothing is written: the generated records "
		    "have errors");
		return EXIT_FINDINGS;
	}
	if (option_given(run, "output") || option_given(run, "in-place") ||
	    option_given(run, "check") || option_given(run, "diff"))
		return write_files(run, zones);
	write_all(run, zones);
	return EXIT_CLEAN;
}

const struct command command_generate = {
	.name = "generate",
	.arguments = "[DOMAIN...]",
	.summary = "make SPF, DKIM, DMARC and other records",
	.help = "Makes the records that the configuration asks for on a day, "
	    "reads them back, judges them by all rules and writes them: to "
	    "standard output, one snippet for each zone, or into the zone "
	    "files. A record with an error is not written. Files are "
	    "replaced whole or not at all.",
	.options = options,
	.run = run_generate,
};
