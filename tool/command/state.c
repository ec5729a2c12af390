/* What earlier runs saw: a file, or an earlier revision in git. */
#include <errno.h>

#include "base/arena.h"
#include "base/git.h"
#include "base/path.h"
#include "command/command.h"

enum { INCLUDES = 8 * 1024 * 1024 };	/* octets kept of what zones include */

/* The file of --state, or that of the configuration; STR_NONE for neither. */
static struct str
state_path(const struct run *run)
{
	struct str path = option_value(run, "state");

	if (path.p != NULL || run->config->state.text.p == NULL)
		return path;
	return path_join(run->arena, run->config->folder,
	    run->config->state.text);
}

/* What is only context is not this run's to remember. */
static bool
is_judged(const struct run *run, const struct zone *zone)
{
	return !zone->context || run_has_parts(run);
}

/* ---- from a file --------------------------------------------------------- */

/*
 * The first run writes it. Only who names a file and does not want it to be
 * written must have one.
 */
static bool
may_be_missing(const struct run *run)
{
	return errno == ENOENT && (option_given(run, "update-state") ||
	    !option_given(run, "state"));
}

static bool
read_state(struct run *run, struct str path)
{
	struct source *source = file_read(run->arena, path);
	struct str why;

	if (source == NULL && !may_be_missing(run)) {
		run_fail_errno(run, path);
		return false;
	}
	run->state = state_new(run->arena);
	run->world.state = run->state;
	if (source == NULL || state_read(run->state, source, &why))
		return true;
	run_fail(run, path, "%.*s", STR_ARG(why));
	return false;
}

/* ---- from git ------------------------------------------------------------ */

/* A zone as it was, when it was there. */
static void
see_earlier(struct run *run, const struct zone *zone, struct zones *earlier,
    struct file_store *store, struct includes *includes, day made)
{
	struct zone_options options = run_zone_options(run);
	struct world world = run->world;
	struct source *source = store_read(store, run->arena,
	    zone->source->path);
	struct zone *was;

	if (source == NULL)
		return;
	options.name = zone->name;
	options.how = zone->how;
	options.store = store;
	options.includes = includes;
	was = zone_read(run->arena, source, &options);
	was->view = zone->view;
	zones_add(earlier, was);
	world.zones = earlier;
	state_see(run->state, was, &world, store, made);
}

static bool
read_revision(struct run *run, struct str revision)
{
	struct zones *earlier = ARENA_NEW(run->arena, struct zones);
	struct includes *includes = includes_new(run->arena, INCLUDES);
	struct file_store *store;
	struct str folder = STR("."), why;
	size_t i;
	day made;

	if (run->zones.count > 0)
		folder = path_folder(run->zones.zones[0]->source->path);
	store = git_open(run->arena, folder, revision, &made, &why);
	if (store == NULL) {
		run_fail(run, STR("--against"), "%.*s", STR_ARG(why));
		return false;
	}
	earlier->arena = run->arena;
	run->state = state_new(run->arena);
	for (i = 0; i < run->zones.count; i++)
		if (is_judged(run, run->zones.zones[i]))
			see_earlier(run, run->zones.zones[i], earlier, store,
			    includes, made);
	state_sort(run->state);
	git_close(store);
	run->world.state = run->state;
	run->world.earlier = earlier;
	return true;
}

/* ---- both ---------------------------------------------------------------- */

bool
run_open_state(struct run *run)
{
	struct str revision = option_value(run, "against");
	struct str path = state_path(run);

	if (revision.p != NULL && (option_given(run, "state") ||
	    option_given(run, "update-state"))) {
		run_usage(run, "--against takes the earlier state from git, "
		    "so --state and --update-state make no sense beside it");
		return false;
	}
	if (revision.p != NULL)
		return read_revision(run, revision);
	if (path.p == NULL && option_given(run, "update-state")) {
		run_usage(run, "--update-state needs --state FILE, or "
		    "\"state\" in mailzone.yaml");
		return false;
	}
	return path.p == NULL || read_state(run, path);
}

const struct state *
run_peek_state(struct run *run)
{
	const struct state *before = run->world.state;
	struct str path = state_path(run);

	if (run->state == NULL && path.p != NULL) {
		if (!read_state(run, path))
			run->unsure = STR("state");
		/* Rules about the past are for lint. */
		run->world.state = before;
	}
	return run->state;
}

static void
see_all(struct run *run)
{
	const struct zones *zones = &run->zones;
	struct arena *memory = arena_new();
	const struct zone *zone;
	size_t i;

	for (i = 0; i < zones->count; i++) {
		zone = zones->zones[i];
		if (!is_judged(run, zone))
			continue;
		if (zones_are_many(zones))
			zone = zone_peek(memory, zone);
		state_see(run->state, zone, &run->world, NULL, run->today);
		arena_reset(memory);
	}
	arena_free(memory);
	state_sort(run->state);
}

void
run_close_state(struct run *run)
{
	struct str path = state_path(run);
	struct buffer out = { 0 };

	if (!option_given(run, "update-state"))
		return;
	see_all(run);
	state_write(run->state, &out);
	if (!file_write(path, buffer_str(&out), 0644))
		run_fail_errno(run, path);
	buffer_free(&out);
}
