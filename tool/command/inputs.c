/*
 * Zone files: the options that name them, and reading them into the run with
 * all that is known around them.
 *
 * Whatever the configuration knows beyond the zones that were asked for is
 * read as context: asked, never reported.
 */
#include "base/arena.h"
#include "base/file.h"
#include "base/path.h"
#include "command/inputs.h"
#include "rules/reference.h"

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

/* ---- options ------------------------------------------------------------- */

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

/* ---- the world ----------------------------------------------------------- */

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
		run->lost_answers = true;
		return;
	}
	cache = dns_cache_read(run->arena, source, run->today);
	run->zones.cache = cache;
	for (problem = cache->problems; problem != NULL;
	    problem = problem->next) {
		span = span_resolve(problem->span);
		run->lost_answers = true;
		run_fail(run, path, "line %zu: %.*s",
		    source_place(span.source, span.start).line,
		    STR_ARG(problem->what));
	}
}

bool
run_knows_addresses(struct run *run, const char *otherwise)
{
	const struct config_domain *domain = NULL;

	if (!run->lost_answers)
		return true;
	while ((domain = config_next(run->config, domain)) != NULL)
		if (domain->spf_flatten.count > 0) {
			run_fail(run, STR("dns_cache"), "%s, because addresses "
			    "of senders may stand in what cannot be read",
			    otherwise);
			return false;
		}
	return true;
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

/* ---- all of it ----------------------------------------------------------- */

/* The nearest folder above that holds .git; without one the current one. */
static struct str
repository_root(struct arena *arena)
{
	struct str root = file_repository(arena, path_real(arena, STR(".")));

	return root.n > 0 ? root : STR(".");
}

static void
start_inputs(struct run *run)
{
	run->inputs = ARENA_NEW(run->arena, struct inputs);
	run->inputs->end = &run->inputs->first;
	run->inputs->failures_end = &run->inputs->failures;
	run->inputs->root = repository_root(run->arena);
	run->inputs->origin = option_value(run, "origin");
	run->inputs->view = option_value(run, "view");
	run->inputs->shard = option_value(run, "shard");
	run->inputs->are_records = str_is(option_value(run, "input"),
	    "records");
}

/* Who mends asks for the list until the end. */
static void
start_list(struct run *run)
{
	run->inputs->memory = run->mends ? arena_child(run->arena) :
	    arena_new();
}

/* Names what was gathered, reads it, and adds the zones to the run. */
static void
take_all(struct run *run)
{
	struct insight insight = { .zones = &run->zones };

	if (inputs_are_records(run))
		inputs_take_records(run);
	inputs_find_names(run);
	inputs_read_all(run);
	inputs_take_zones(run);
	run->world.schedules = schedules_make_proven(run->arena, run->config,
	    &insight, run->today);
}

bool
run_configured_zones(struct run *run, bool wanted)
{
	start_inputs(run);
	run->inputs->wanted = wanted;
	if (!open_world(run))
		return false;
	inputs_read_named_conf(run);
	find_include_folders(run);
	start_list(run);
	inputs_gather_context(run);
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
	/* One with mistakes serves as far as it goes; one unread does not. */
	if (!run_config(run, false) && run->config == NULL)
		return false;
	if (!check_options(run) || !open_world(run))
		return false;
	inputs_read_named_conf(run);
	find_include_folders(run);
	start_list(run);
	inputs_gather(run);
	take_all(run);
	if (!is_anything_asked(run) && inputs->failed == 0 &&
	    !may_be_empty && run->status != EXIT_UNABLE) {
		if (inputs->view.p != NULL && inputs->count > 0)
			run_usage(run, "no zone is of the view \"%.*s\"",
			    STR_ARG(inputs->view));
		else
			run_usage(run, "nothing to read: name zone files or "
			    "folders, or list them under zones: in "
			    "mailzone.yaml");
		return false;
	}
	return run->zones.count > 0 || may_be_empty;
}

/* ---- what failed --------------------------------------------------------- */

bool
run_zones_or_failures(struct run *run)
{
	return run_zones(run) || run_failed_inputs(run) > 0;
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
