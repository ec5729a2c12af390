/* Which zone a file is, where something outside it says so. */
#include <errno.h>

#include "base/arena.h"
#include "base/file.h"
#include "base/pattern.h"
#include "command/inputs.h"
#include "zone/named_conf.h"

/* Does this row of the configuration speak of the path? */
static bool
row_fits(const struct run *run, const struct config_zone *row,
    struct str path)
{
	if (row->files.text.p != NULL)
		return path_matches(config_path(run, row->files.text), path);
	return row->file.text.p != NULL &&
	    str_equal(config_path(run, row->file.text), path);
}

/* ---- names -------------------------------------------------------------------------- */

static bool
name_by_option(struct run *run, struct input *input)
{
	struct str origin = option_value(run, "origin");

	if (origin.p == NULL || input->context)
		return false;
	name_parse(run->arena, origin, &input->name);
	input->how = ZONE_BY_OPTION;
	return true;
}

static bool
name_by_config(struct run *run, struct input *input)
{
	const struct config_zone *row;
	struct str path = str_is(input->path, "-") ?
	    option_value(run, "stdin-filename") : input->path;

	for (row = run->config->zones; row != NULL && path.p != NULL;
	    row = row->next) {
		if (!row_fits(run, row, path))
			continue;
		input->view = row->view.text;
		input->how = ZONE_BY_CONFIG;
		if (row->zone.text.p != NULL)
			name_parse(run->arena, row->zone.text, &input->name);
		else
			input->name = zone_name_of_path(run->arena, path);
		return input->name.p != NULL;
	}
	return false;
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
	const struct named_zone *zone;

	if (run->inputs->named_conf == NULL)
		return false;
	for (zone = run->inputs->named_conf->zones; zone != NULL;
	    zone = zone->next)
		if (is_named_file(zone, input->path)) {
			input->name = zone->name;
			input->view = zone->view;
			input->how = ZONE_BY_NAMED_CONF;
			return true;
		}
	return false;
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
}

void
inputs_find_names(struct run *run)
{
	struct input *input;

	for (input = run->inputs->first; input != NULL; input = input->next)
		if (!name_by_option(run, input) &&
		    !name_by_config(run, input))
			name_by_named_conf(run, input);
}
