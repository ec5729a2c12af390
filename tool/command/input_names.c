/* Which zone a file is, where something outside it says so. */
#include <errno.h>

#include "base/arena.h"
#include "base/file.h"
#include "base/path.h"
#include "command/inputs.h"
#include "zone/named_conf.h"

/* ---- the rows of the configuration --------------------------------------- */

/* A row of zones:, with what it names as seen from here. */
struct name_row {
	struct name_row *next;		/* another glob, or of the same file */
	struct name_row *last;		/* of the same file */
	const struct config_zone *row;
	size_t number;
	struct path_glob glob;		/* of files: */
};

static void
add_row(struct run *run, const struct config_zone *row, size_t number,
    struct name_row ***globs)
{
	struct arena *memory = run->inputs->memory;
	struct name_row *own = ARENA_NEW(memory, struct name_row), *first;
	bool glob = row->files.text.p != NULL;

	if (!glob && row->file.text.p == NULL)
		return;
	*own = (struct name_row){ .row = row, .number = number, .last = own };
	if (glob) {
		own->glob = path_glob(run, row->files.text);
		**globs = own;
		*globs = &own->next;
		return;
	}
	first = table_add(&run->inputs->file_rows, memory,
	    input_place(run, memory, config_path(run, row->file.text)), own);
	if (first == own)
		return;
	first->last->next = own;
	first->last = own;
}

static void
find_rows(struct run *run)
{
	struct name_row **globs = &run->inputs->glob_rows;
	const struct config_zone *row;
	size_t number = 0;

	for (row = run->config->zone_rows; row != NULL; row = row->next)
		add_row(run, row, number++, &globs);
}

/* The first that speaks of the path. */
static const struct name_row *
row_of(struct run *run, struct str path)
{
	const struct name_row *file = run->inputs->file_rows.count == 0 ?
	    NULL : input_find(run, &run->inputs->file_rows, path), *glob;

	for (glob = run->inputs->glob_rows; glob != NULL &&
	    (file == NULL || glob->number < file->number); glob = glob->next)
		if (path_glob_matches(run, &glob->glob, path))
			return glob;
	return file;
}

/* ---- files of several zones ---------------------------------------------- */

static const struct input_name *
make_name(struct run *run, struct str name, enum zone_how how,
    struct str view)
{
	struct input_name *made = ARENA_NEW(run->inputs->memory,
	    struct input_name);

	*made = (struct input_name){ name, how, view };
	return made;
}

static bool
is_named(const struct input *input, struct str name, struct str view)
{
	return str_equal(name, input->named->name) &&
	    str_equal(view, input->named->view);
}

/*
 * The file is this zone, too: it is read once more, right behind. Returns the
 * last of its inputs.
 */
static struct input *
add_zone(struct run *run, struct input *input, struct input *last,
    struct str name, struct str view)
{
	struct inputs *inputs = run->inputs;
	struct input *again;

	/* Standard input cannot be read again. */
	if (name.p == NULL || str_is(input->path, "-") ||
	    is_named(last, name, view) || is_named(input, name, view))
		return last;
	again = ARENA_NEW(inputs->memory, struct input);
	*again = *input;
	again->named = make_name(run, name, input->named->how, view);
	again->next = last->next;
	last->next = again;
	if (inputs->end == &last->next)
		inputs->end = &again->next;
	inputs->count++;
	return again;
}

/* ---- names --------------------------------------------------------------- */

/* It is the same for all. */
static const struct input_name *
name_of_option(struct run *run)
{
	struct str origin = run->inputs->origin, name = STR_NONE;

	if (origin.p == NULL)
		return NULL;
	name_typed(run->arena, origin, &name);
	return make_name(run, name, ZONE_BY_OPTION, STR_NONE);
}

static struct str
name_of_row(struct run *run, const struct name_row *own, struct str path)
{
	struct str name = STR_NONE;

	if (own->row->zone.text.p == NULL)
		return zone_name_of_path(run->arena, path);
	name_parse(run->arena, own->row->zone.text, &name);
	return name;
}

static bool
name_by_config(struct run *run, struct input *input)
{
	struct str path = input_path(run, input);
	const struct name_row *own = path.p == NULL ? NULL :
	    row_of(run, path);
	struct input *last = input;

	if (own == NULL)
		return false;
	input->named = make_name(run, name_of_row(run, own, path),
	    ZONE_BY_CONFIG, own->row->view.text);
	if (input->named->name.p == NULL)
		return false;
	while (own->row->file.text.p != NULL && (own = own->next) != NULL)
		last = add_zone(run, input, last, name_of_row(run, own, path),
		    own->row->view.text);
	return true;
}

/*
 * The file as named sees it, or, in a repository that is deployed elsewhere,
 * a path that ends as the statement says.
 */
static bool
is_named_file(const struct named_zone *zone, struct str path)
{
	struct str written = zone->written, end;

	if (str_equal(zone->file, path) || str_equal(written, path))
		return true;
	if (written.n > 0 && written.p[0] == '/')
		written = path_name(written);
	if (path.n <= written.n || path.p[path.n - written.n - 1] != '/')
		return false;
	end = str_after(path, path.n - written.n);
	return str_equal(end, written);
}

static bool
name_by_named_conf(struct run *run, struct input *input)
{
	const struct named_conf *conf = run->inputs->named_conf;
	const struct named_zone *zone = conf == NULL ? NULL :
	    table_find(&conf->by_file_name, path_name(input->path));
	struct input *last = input;
	struct str file;

	while (zone != NULL && !is_named_file(zone, input->path))
		zone = zone->alike;
	if (zone == NULL)
		return false;
	input->named = make_name(run, zone->name, ZONE_BY_NAMED_CONF,
	    zone->view);
	for (file = zone->file; (zone = zone->alike) != NULL;)
		if (str_equal(zone->file, file))
			last = add_zone(run, input, last, zone->name,
			    zone->view);
	return true;
}

/* What stands behind it may be read as something else. */
static void
fail_named_conf(struct run *run, const struct named_conf *conf)
{
	struct place place = source_place(conf->place.source,
	    conf->place.start);

	run_fail(run, arena_printf(run->arena, "%.*s:%zu:%zu",
	    STR_ARG(conf->place.source->path), place.line, place.column),
	    "%s, so some zones may not be known", conf->fault);
}

void
inputs_read_named_conf(struct run *run)
{
	struct str path = option_value(run, "named-conf");
	struct source *source;

	if (path.p == NULL && run->config->named_conf.text.p != NULL)
		path = config_path(run, run->config->named_conf.text);
	if (path.p == NULL)
		return;
	source = file_read(run->arena, path);
	if (source == NULL) {
		input_fail_errno(run, path, errno);
		return;
	}
	run->inputs->named_conf = named_conf_read(run->arena, source);
	if (run->inputs->named_conf->missing.p != NULL)
		run_fail(run, run->inputs->named_conf->missing,
		    "included from %.*s, but cannot be read", STR_ARG(path));
	if (run->inputs->named_conf->fault != NULL)
		fail_named_conf(run, run->inputs->named_conf);
}

void
inputs_find_names(struct run *run)
{
	const struct input_name *option = name_of_option(run);
	struct input *input, *next;

	find_rows(run);
	for (input = run->inputs->first; input != NULL; input = next) {
		next = input->next;
		if (option != NULL && !input->context)
			input->named = option;
		else if (!name_by_config(run, input))
			name_by_named_conf(run, input);
	}
}
