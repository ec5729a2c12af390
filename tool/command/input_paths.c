/*
 * Which paths are read: those of the command line, of a list of files, or of
 * the configuration's zones. Whatever the configuration knows beyond them is
 * context.
 */
#include <errno.h>
#include <string.h>

#include "base/arena.h"
#include "base/path.h"
#include "command/inputs.h"
#include "zone/named_conf.h"

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
input_place(struct run *run, struct arena *arena, struct str path)
{
	struct str folder = real_folder_of(run->arena,
	    &run->inputs->real_folder, path);

	return folder.p == NULL ? path :
	    path_join(arena, folder, path_name(path));
}

void *
input_find(struct run *run, const struct table *table, struct str path)
{
	struct arena *memory = run->inputs->memory;
	struct arena_mark mark = arena_mark(memory);
	void *found = table_find(table, input_place(run, memory, path));

	arena_release(memory, mark);
	return found;
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
	struct arena *memory = run->inputs->memory;
	struct arena_mark mark = arena_mark(memory);
	bool matches = path_matches(glob->here, path) ||
	    path_matches(glob->place, input_place(run, memory, path));

	arena_release(memory, mark);
	return matches;
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

/* ---- the list ------------------------------------------------------------ */

/* Whoever names it keeps the path, which a NUL follows. */
static struct input *
add_input(struct run *run, struct str path)
{
	struct inputs *inputs = run->inputs;
	struct input *input = ARENA_NEW(inputs->memory, struct input);

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
			table_add(&inputs->known, inputs->places, input_place(
			    run, inputs->places, known), *inputs->unknown);
	}
	return input_find(run, &inputs->known, path) != NULL;
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
visit(void *context, struct str path)
{
	struct run *run = context;

	if (!is_foreign(path) && !is_ignored(run, path))
		add_input(run, path)->walked = true;
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
		if (!file_walk_shared(run->arena, path, run->jobs, visit, run,
		    &failed))
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
			add_path(run, arena_copy(run->arena, path));
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
		if (!file_walk_shared(run->arena, path, run->jobs, visit_glob,
		    &visit, &failed) && (!context || inputs_miss(run, errno)))
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

/* ---- all of them --------------------------------------------------------- */

static void
start_gathering(struct inputs *inputs)
{
	inputs->places = arena_new();
	inputs->unknown = &inputs->first;
}

static void
end_gathering(struct inputs *inputs)
{
	arena_free(inputs->places);
	inputs->places = NULL;
	inputs->known = (struct table){ 0 };
}

void
inputs_gather(struct run *run)
{
	struct str list = option_value(run, "files-from");
	size_t i;

	start_gathering(run->inputs);
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
	end_gathering(run->inputs);
}

void
inputs_gather_context(struct run *run)
{
	start_gathering(run->inputs);
	add_configured(run, true);
	add_primaries(run, true);
	end_gathering(run->inputs);
}
