/*
 * Zone files: which paths are read, and which of their zones are reported.
 *
 * Paths come from the command line, from a list of files, or from the
 * configuration's zones. Whatever the configuration knows beyond them is read
 * as context: asked, never reported.
 */
#include <errno.h>
#include <string.h>

#include "base/arena.h"
#include "base/file.h"
#include "base/hash.h"
#include "command/inputs.h"
#include "rules/reference.h"
#include "zone/named_conf.h"

static const char *const syntax_choices[] = { "mail", "full", NULL };

const struct option_row input_options[] = {
	{ .name = "origin", .value = "NAME",
	  .help = "the zone's name, whatever file and configuration say" },
	{ .name = "named-conf", .value = "FILE",
	  .help = "BIND's configuration: which file is which zone; without "
	      "PATH and zones of mailzone.yaml, its primary zones are read" },
	{ .name = "view", .value = "VIEW",
	  .help = "only zones of this view" },
	{ .name = "include-dir", .value = "DIR", .repeatable = true,
	  .help = "where $INCLUDE files are looked for, too" },
	{ .name = "files-from", .value = "FILE",
	  .help = "read paths from a file, one a line; - is standard input" },
	{ .name = "null", .letter = '0',
	  .help = "paths of --files-from end with a NUL" },
	{ .name = "force-exclude",
	  .help = "a file that is named counts as one found in a folder: "
	      "left out when it is ignored or looks like no zone" },
	{ .name = "stdin-filename", .value = "NAME",
	  .help = "the path that standard input stands for" },
	{ .name = "syntax", .value = "DEPTH", .choices = syntax_choices,
	  .help = "check the rdata of types that matter to mail, or of all" },
	{ .name = "shard", .value = "I/N",
	  .help = "only zones of part I of N, by their names" },
	{ .name = "allow-empty", .help = "nothing to read is no error" },
	{ .name = "dns-cache", .value = "FILE",
	  .help = "reviewed DNS answers for names outside the zones" },
	{ 0 }
};

/* ---- sets of paths ------------------------------------------------------- */

static bool
set_has(const struct table *set, struct str path)
{
	return table_find(set, path) != NULL;
}

/* The things of these tables are of no interest. */
static void
set_add(struct arena *arena, struct table *set, struct str path)
{
	table_add(set, arena, path, set);
}

/* ---- paths --------------------------------------------------------------- */

/* Names that say: this is no zone file (keys, journals, prose, code). */
static const struct str foreign_suffixes[] = {
	STR_INIT(".jnl"), STR_INIT(".signed"), STR_INIT(".jbk"),
	STR_INIT(".key"), STR_INIT(".private"), STR_INIT(".md"),
	STR_INIT(".sh"), STR_INIT(".yaml"), STR_INIT(".yml"),
	STR_INIT(".json"), STR_INIT(".toml"), STR_INIT(".py"),
	STR_INIT(".pl"), STR_INIT(".rb"), STR_INIT(".js"), STR_INIT(".c"),
	STR_INIT(".h"), STR_INIT(".html"), STR_INIT(".xml"), STR_INIT(".gz"),
	STR_INIT(".zip"), STR_INIT(".pem"), STR_INIT(".orig"),
	STR_INIT(".rej"), STR_INIT(".bak"), STR_INIT("~"), STR_INIT(".raw"),
	STR_INIT(".conf"), { 0 }
};

/* Most differ in the last letter. */
static bool
is_foreign(struct str path)
{
	int last = byte_lower((unsigned char)path.p[path.n - 1]);
	size_t i;
	struct str suffix;

	for (i = 0; foreign_suffixes[i].p != NULL; i++) {
		suffix = foreign_suffixes[i];
		if (suffix.p[suffix.n - 1] == last &&
		    str_ends_case(path, suffix))
			return true;
	}
	return false;
}

struct str
config_path(const struct run *run, struct str path)
{
	return path_join(run->arena, run->config->folder, path);
}

struct str
input_place(struct run *run, struct str path)
{
	struct str folder = real_folder_of(run->arena,
	    &run->inputs->real_folder, path);

	return folder.p == NULL ? path :
	    path_join(run->arena, folder, path_name(path));
}

struct str
input_path(const struct run *run, const struct input *input)
{
	return str_is(input->path, "-") ? option_value(run,
	    "stdin-filename") : input->path;
}

struct path_glob
path_glob(const struct run *run, struct str pattern)
{
	struct str folder = path_real(run->arena, run->config->folder);

	return (struct path_glob){ .here = config_path(run, pattern),
	    .place = path_clean(run->arena, path_join(run->arena, folder,
	    pattern)) };
}

bool
path_glob_matches(struct run *run, const struct path_glob *glob,
    struct str path)
{
	return path_matches(glob->here, path) ||
	    path_matches(glob->place, input_place(run, path));
}

static bool
is_ignored(struct run *run, struct str path)
{
	const struct words *globs = &run->config->ignore_files;
	struct path_glob *ignored = run->inputs->ignored;
	size_t i;

	if (ignored == NULL && globs->count > 0) {
		ignored = ARENA_ARRAY(run->arena, globs->count,
		    struct path_glob);
		for (i = 0; i < globs->count; i++)
			ignored[i] = path_glob(run, globs->words[i].text);
		run->inputs->ignored = ignored;
	}
	for (i = 0; i < globs->count; i++)
		if (path_glob_matches(run, &ignored[i], path) ||
		    path_matches(globs->words[i].text, path_name(path)))
			return true;
	return false;
}

/* Whoever names it keeps the path. */
static struct input *
add_input(struct run *run, struct str path)
{
	struct inputs *inputs = run->inputs;
	struct input *input = ARENA_NEW(run->arena, struct input);

	input->path = path;
	*inputs->end = input;
	inputs->end = &input->next;
	inputs->count++;
	return input;
}

/* Does it stand in the list? They are entered when somebody asks. */
static bool
is_known(struct run *run, struct str path)
{
	struct inputs *inputs = run->inputs;
	struct str known;

	for (; *inputs->unknown != NULL;
	    inputs->unknown = &(*inputs->unknown)->next) {
		known = input_path(run, *inputs->unknown);
		if (known.p != NULL)
			set_add(run->arena, &inputs->known,
			    input_place(run, known));
	}
	return set_has(&inputs->known, input_place(run, path));
}

static void
visit(void *context, struct str path)
{
	struct run *run = context;

	if (!is_foreign(path) && !is_ignored(run, path))
		add_input(run, path)->walked = true;
}

void
input_fail(struct run *run, struct str path, struct str why)
{
	struct inputs *inputs = run->inputs;
	struct failure *failure = ARENA_NEW(run->arena, struct failure);

	failure->path = path;
	failure->why = why;
	*inputs->failures_end = failure;
	inputs->failures_end = &failure->next;
	inputs->failed++;
	run_fail(run, path, "%.*s", STR_ARG(why));
}

void
input_fail_errno(struct run *run, struct str path, int error)
{
	input_fail(run, path, str_from(strerror(error)));
}

static void
add_path(struct run *run, struct str path)
{
	struct str failed;

	if (str_is(path, "-")) {
		add_input(run, path);
		return;
	}
	if (file_is_folder(path)) {
		if (!file_walk(run->arena, path, visit, run, &failed))
			input_fail_errno(run, failed, errno);
		return;
	}
	if (option_given(run, "force-exclude"))
		visit(run, path);
	else
		add_input(run, path);
}

static void
add_listed(struct run *run, struct str list)
{
	struct source *source = file_read(run->arena, list);
	int separator = option_given(run, "null") ? '\0' : '\n';
	struct str rest, path;

	if (source == NULL) {
		input_fail_errno(run, list, errno);
		return;
	}
	rest = source->text;
	while (str_split(&rest, separator, &path)) {
		if (separator == '\n' && path.n > 0 &&
		    path.p[path.n - 1] == '\r')
			path.n--;
		if (path.n > 0)
			add_path(run, path);
	}
}

/* ---- zones of the configuration ------------------------------------------ */

/* What stands before the first ? * or [, up to its last slash. */
static struct str
glob_folder(struct str glob)
{
	struct cursor in = { glob, 0 };
	struct str plain = cursor_until(&in, STR("?*["));

	return path_folder(plain);
}

struct glob_visit {
	struct run *run;
	struct str glob;
	bool context;
};

static void
visit_glob(void *context, struct str path)
{
	struct glob_visit *visit = context;

	if (path_matches(visit->glob, path) &&
	    !is_ignored(visit->run, path) && !is_known(visit->run, path))
		add_input(visit->run, path)->context = visit->context;
}

/* Every file that the configuration names and that is not there yet. */
static void
add_configured(struct run *run, bool context)
{
	const struct config_zone *row;
	struct glob_visit visit = { run, STR_NONE, context };
	struct str path, failed;

	for (row = run->config->zone_rows; row != NULL; row = row->next) {
		if (row->file.text.p != NULL) {
			path = config_path(run, row->file.text);
			if (!is_known(run, path))
				add_input(run, path)->context = context;
			continue;
		}
		visit.glob = config_path(run, row->files.text);
		path = glob_folder(visit.glob);
		if (!file_walk(run->arena, path, visit_glob, &visit,
		    &failed) && !context)
			input_fail_errno(run, failed, errno);
	}
}

/*
 * Where the configuration lists no zones, those of named.conf, but for files
 * that the name server writes itself.
 */
static void
add_primaries(struct run *run, bool context)
{
	const struct named_conf *conf = run->inputs->named_conf;
	const struct named_zone *zone = conf == NULL ||
	    run->config->zones != NULL ? NULL : conf->zones;

	for (; zone != NULL; zone = zone->next)
		if (zone->primary && !is_known(run, zone->file))
			add_input(run, zone->file)->context = context;
}

/* ---- who is whose part --------------------------------------------------- */

static struct str
real_or_given(struct arena *arena, struct str path)
{
	struct str real = path_real(arena, path);

	return real.p == NULL ? path : real;
}

/* Everything that some zone includes. */
static struct table
included_paths(struct run *run)
{
	struct table set = { 0 };
	struct input *input;
	size_t i;

	for (input = run->inputs->first; input != NULL; input = input->next)
		for (i = 1; input->zone != NULL &&
		    i < input->zone->source_count; i++)
			set_add(run->arena, &set, real_or_given(run->arena,
			    input->zone->sources[i]->path));
	return set;
}

static void
say_unnamed(struct run *run, const struct input *input)
{
	input_fail(run, input->path, STR("cannot tell which zone this is; "
	    "say it with --origin NAME, with zones: in mailzone.yaml, or "
	    "with an absolute $ORIGIN in the file"));
}

static bool
in_shard(const struct run *run, struct str name)
{
	struct str shard = run->inputs->shard;
	uint64_t part, parts;

	if (shard.p == NULL)
		return true;
	str_number(str_slice(shard, 0, str_find(shard, '/')), 1 << 20, &part);
	str_number(str_after(shard, str_find(shard, '/') + 1), 1 << 20,
	    &parts);
	return hash_bytes(hash_key_fixed, name) % parts + 1 == part;
}

/*
 * Is this path only ever a part of other files? Then it is judged with them,
 * even where those are only context.
 */
static bool
is_part(struct run *run, const struct table *set,
    const struct input *input)
{
	struct str path;

	if (set->count == 0)
		return false;
	zone_need(input->zone);
	if (input->zone->has_soa)
		return false;
	path = real_or_given(run->arena, input->path);
	if (!set_has(set, path))
		return false;
	if (!input->context) {
		set_add(run->arena, &run->inputs->parts, path);
		run->inputs->elsewhere++;
	}
	return true;
}

static void
take(struct run *run, const struct table *set, struct input *input)
{
	struct str view = run->inputs->view;

	if (input->error != 0) {
		/* Context that is missing makes answers unknown, no more. */
		if (input->context)
			return;
		input_fail_errno(run, input->path, input->error);
		return;
	}
	if (input->skipped || is_part(run, set, input))
		return;
	if (input->zone->how == ZONE_UNNAMED) {
		if (!input->context)
			say_unnamed(run, input);
		return;
	}
	if (view.p != NULL && !str_equal(view, input->view))
		return;
	/* The records are the zone; its file is not even context. */
	if (inputs_are_records(run) &&
	    zones_find(&run->zones, input->zone->name) != NULL)
		return;
	if (!in_shard(run, input->zone->name)) {
		run->inputs->elsewhere += !input->context;
		input->zone->context = true;
	}
	if (input->zone->unreadable.p != NULL && !input->zone->context)
		input_fail(run, input->zone->unreadable,
		    STR("is included, but cannot be read"));
	zones_add(&run->zones, input->zone);
}

/* ---- all of it ----------------------------------------------------------- */

static bool
check_options(struct run *run)
{
	struct str origin = option_value(run, "origin"), name;
	bool named = run->argument_count > 0 ||
	    option_given(run, "files-from");
	struct str shard = option_value(run, "shard");
	size_t slash = str_find(shard, '/');
	uint64_t part, parts;

	if (inputs_are_records(run) && !named) {
		run_usage(run, "--input=records takes files with one record "
		    "object a line; - is standard input");
		return false;
	}
	if (origin.p != NULL && !name_typed(run->arena, origin, &name)) {
		run_usage(run, "--origin takes a domain name, not \"%.*s\"",
		    STR_ARG(origin));
		return false;
	}
	if (shard.p != NULL &&
	    (!str_number(str_slice(shard, 0, slash), 1 << 20, &part) ||
	    !str_number(str_after(shard, slash + 1), 1 << 20, &parts) ||
	    part < 1 || part > parts)) {
		run_usage(run, "--shard takes I/N with 1 <= I <= N, not "
		    "\"%.*s\"", STR_ARG(shard));
		return false;
	}
	return true;
}

static void
find_include_folders(struct run *run)
{
	struct inputs *inputs = run->inputs;
	size_t position = 0, count = 0;
	struct str folder;

	inputs->include_folders = ARENA_ARRAY(run->arena, run->given_count + 1,
	    struct str);
	while ((folder = option_next(run, "include-dir", &position)).p !=
	    NULL)
		inputs->include_folders[count++] = folder;
	inputs->include_folder_count = count;
}

static void
gather(struct run *run)
{
	struct str list = option_value(run, "files-from");
	size_t i;

	for (i = 0; i < run->argument_count; i++)
		add_path(run, run->arguments[i]);
	if (list.p != NULL)
		add_listed(run, list);
	if (run->argument_count > 0 || list.p != NULL)
		add_configured(run, true);
	else {
		add_configured(run, false);
		add_primaries(run, false);
	}
}

/* Lines that cannot be read would make answers unknown without a word. */
static void
read_dns_cache(struct run *run)
{
	struct str path = option_value(run, "dns-cache");
	const struct zone_problem *problem;
	struct dns_cache *cache;
	struct source *source;
	struct span span;

	if (path.p == NULL && run->config->dns_cache.text.p != NULL)
		path = config_path(run, run->config->dns_cache.text);
	if (path.p == NULL || (option_given(run, "refresh-cache") &&
	    !file_exists(path)))
		return;
	source = file_read(run->arena, path);
	if (source == NULL) {
		run_fail_errno(run, path);
		return;
	}
	cache = dns_cache_read(run->arena, source, run->today);
	run->zones.cache = cache;
	for (problem = cache->problems; problem != NULL;
	    problem = problem->next) {
		span = span_resolve(problem->span);
		run_fail(run, path, "line %zu: %.*s",
		    source_place(span.source, span.start).line,
		    STR_ARG(problem->what));
	}
}

static bool
open_world(struct run *run)
{
	struct str path = option_value(run, "psl"), why;

	read_dns_cache(run);
	run->world.zones = &run->zones;
	run->world.config = run->config;
	run->world.providers = run->providers;
	run->world.today = run->today;
	run->world.references = references_new(&run->zones);
	run->world.psl = psl_open(run->arena, path, &why);
	if (run->world.psl != NULL)
		return true;
	run_fail(run, path, "%.*s", STR_ARG(why));
	return false;
}

/* The nearest folder above that holds .git; without one the current one. */
static struct str
repository_root(struct arena *arena)
{
	struct str folder = path_real(arena, STR("."));

	while (folder.n > 0) {
		if (file_exists(path_join(arena, folder, STR(".git"))))
			return folder;
		if (folder.n == 1)
			break;
		folder = path_folder(folder);
	}
	return STR(".");
}

static void
start_inputs(struct run *run)
{
	run->inputs = ARENA_NEW(run->arena, struct inputs);
	run->inputs->end = run->inputs->unknown = &run->inputs->first;
	run->inputs->failures_end = &run->inputs->failures;
	run->inputs->root = repository_root(run->arena);
	run->inputs->origin = option_value(run, "origin");
	run->inputs->view = option_value(run, "view");
	run->inputs->shard = option_value(run, "shard");
	run->inputs->are_records = str_is(option_value(run, "input"),
	    "records");
}

/* Names what was gathered, reads it, and adds the zones to the run. */
static void
take_all(struct run *run)
{
	struct insight insight = { .zones = &run->zones };
	struct input *input;
	struct table set;

	if (inputs_are_records(run))
		inputs_take_records(run);
	inputs_find_names(run);
	inputs_read_all(run);
	set = included_paths(run);
	zones_expect(&run->zones, run->inputs->count);
	for (input = run->inputs->first; input != NULL; input = input->next)
		take(run, &set, input);
	run->world.schedules = schedules_make_proven(run->arena, run->config,
	    &insight, run->today);
}

bool
run_configured_zones(struct run *run)
{
	start_inputs(run);
	if (!open_world(run))
		return false;
	inputs_read_named_conf(run);
	find_include_folders(run);
	add_configured(run, true);
	add_primaries(run, true);
	take_all(run);
	return true;
}

/* Is there a zone that somebody asked for, here or in another shard? */
static bool
is_anything_asked(const struct run *run)
{
	size_t i;

	for (i = 0; i < run->zones.count; i++)
		if (!run->zones.zones[i]->context)
			return true;
	return run->inputs->elsewhere > 0;
}

bool
run_zones(struct run *run)
{
	struct inputs *inputs;
	/* Who can ask needs no files. */
	bool may_be_empty = option_given(run, "allow-empty") ||
	    run->zones.dns != NULL;

	start_inputs(run);
	inputs = run->inputs;
	run_config(run, false);
	if (!check_options(run) || !open_world(run))
		return false;
	inputs_read_named_conf(run);
	find_include_folders(run);
	gather(run);
	take_all(run);
	if (!is_anything_asked(run) && inputs->failed == 0 &&
	    !may_be_empty && run->status != EXIT_UNABLE) {
		run_usage(run, "nothing to read: name zone files or folders, "
		    "or list them under zones: in mailzone.yaml");
		return false;
	}
	return run->zones.count > 0 || may_be_empty;
}

bool
run_zones_or_failures(struct run *run)
{
	return run_zones(run) || run_failed_inputs(run) > 0;
}

bool
run_is_given(const struct run *run, const struct source *source,
    const struct zone *zone)
{
	return !zone->context || (run->inputs != NULL &&
	    run->inputs->parts.count > 0 && set_has(&run->inputs->parts,
	    real_or_given(run->arena, source->path)));
}

/* What was named, or found in a folder that was. */
static const struct table *
asked_paths(struct run *run)
{
	struct table *set = &run->inputs->asked;
	const struct input *input;
	struct str path;

	if (set->count > 0)
		return set;
	for (input = run->inputs->first; input != NULL; input = input->next) {
		path = input_path(run, input);
		if (!input->context)
			set_add(run->arena, set, real_or_given(run->arena,
			    path.p == NULL ? input->path : path));
	}
	return set;
}

bool
run_may_change(struct run *run, const struct source *source)
{
	bool named = run->argument_count > 0 ||
	    option_given(run, "files-from");

	/* All zones of the configuration, with all that they include. */
	return !named || set_has(asked_paths(run),
	    real_or_given(run->arena, source->path));
}

bool
run_has_parts(const struct run *run)
{
	return run->inputs != NULL && run->inputs->parts.count > 0;
}

void
run_tell_failures(const struct run *run, const struct format *format,
    struct output *output)
{
	const struct failure *failure;

	if (run->inputs == NULL)
		return;
	for (failure = run->inputs->failures; failure != NULL;
	    failure = failure->next)
		format->failure(output, failure->path, failure->why);
}

size_t
run_failed_inputs(const struct run *run)
{
	return run->inputs == NULL ? 0 : run->inputs->failed;
}
