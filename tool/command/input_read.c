/* Reads the inputs: zone files on all threads, or records as JSON. */
#include <errno.h>

#include "alike/alike.h"
#include "base/arena.h"
#include "base/file.h"
#include "base/path.h"
#include "base/worker.h"
#include "command/inputs.h"
#include "command/judgement.h"
#include "lint/likeness.h"
#include "zone/named_conf.h"

enum {
	SNIFF_BYTES = 64 * 1024,
	MANY_RECORDS = 1024,		/* of one zone */
	SHARE = 1024 * 1024,		/* octets, of one of several threads */
	TEXTS = 8 * 1024 * 1024,	/* octets, of small files */
	BATCH = 1024			/* zones, before any is forgotten */
};

/* ---- reading ------------------------------------------------------------- */

/* "@ 1h IN SOA", "example.com. SOA": an owner, TTL and class, the type. */
static bool
is_soa_line(struct str line)
{
	const struct str blanks = STR(" \t");
	struct cursor in = { line, 0 };
	struct str word;

	if (cursor_until(&in, STR(" \t;\"")).n == line.n)
		return false;
	do {
		cursor_while(&in, blanks);
		word = cursor_until(&in, STR(" \t;\r"));
		if (str_is_case(word, "SOA"))
			return true;
	} while (str_is_case(word, "IN") || (word.n > 0 &&
	    byte_is_digit((unsigned char)word.p[0])));
	return false;
}

static bool
has_zone_line(struct str text)
{
	struct str line;

	while (str_split(&text, '\n', &line))
		if (str_starts_case(line, STR("$ORIGIN")) ||
		    str_starts_case(line, STR("$TTL")) || is_soa_line(line))
			return true;
	return false;
}

static bool
is_called_like_zone(struct str path)
{
	static const char *const suffixes[] = { ".zone", ".db", ".hosts",
	    ".fwd", ".rev", ".zone.in", ".db.in", NULL };
	static const char *const prefixes[] = { "db.", "pri.", "master.",
	    "zone.", NULL };
	struct str name = path_name(path);
	size_t i;

	for (i = 0; suffixes[i] != NULL; i++)
		if (str_ends_case(name, str_from(suffixes[i])))
			return true;
	for (i = 0; prefixes[i] != NULL; i++)
		if (str_starts_case(name, str_from(prefixes[i])))
			return true;
	return false;
}

/*
 * A file found in a folder is a zone file when it looks like one: the name
 * says so, or an SOA or a directive stands near its start.
 */
static bool
looks_like_zone(const struct source *source)
{
	struct str start = str_slice(source->text, 0, SNIFF_BYTES);

	/* Raw and journal files of BIND begin with a version number. */
	if (str_has(str_slice(start, 0, 16), '\0'))
		return false;
	return is_called_like_zone(source->path) || has_zone_line(start);
}

static bool
wants_full_syntax(const struct run *run)
{
	struct str depth = option_value(run, "syntax");

	return depth.p == NULL ? run->command->full_syntax :
	    str_is(depth, "full");
}

struct zone_options
run_zone_options(const struct run *run)
{
	const struct inputs *inputs = run->inputs;

	return (struct zone_options){
		.written = inputs->origin,
		.include_folders = inputs->include_folders,
		.include_folder_count = inputs->include_folder_count,
		.directory = inputs->named_conf == NULL ? STR_NONE :
		    inputs->named_conf->directory,
		.root = inputs->root,
		.full_syntax = wants_full_syntax(run),
		.fold_from = run->command->judges_names ? MANY_RECORDS : 0,
		.recogniser = &alike_recogniser
	};
}

static void
make_zone(struct run *run, struct input *input, struct reading *reading,
    struct source *source)
{
	struct zone_options options = run->inputs->options;
	const struct input_name *named = input->named;
	struct str filename;

	if (named != NULL) {
		options.name = named->name;
		options.how = named->how;
	}
	options.wholes = reading->wholes;
	options.room = &reading->room;
	/* Of most zones there is something to note. */
	options.keeps_texts = judgement_least_level(run) <= LEVEL_NOTE;
	options.kept = &run->inputs->options;
	if (str_is(input->path, "-") && (filename = option_value(run,
	    "stdin-filename")).p != NULL)
		source->path = filename;
	input->zone = (run->reads_later ? zone_open : zone_read)(
	    reading->arena, source, &options);
	input->zone->view = named == NULL ? STR_NONE : named->view;
	input->zone->context = input->context;
}

static void
read_input(void *context, unsigned worker, size_t job)
{
	struct run *run = context;
	struct inputs *inputs = run->inputs;
	struct input *input = inputs->all[job];
	struct reading *reading = &inputs->readings[worker];
	struct source *source = file_reader_read(&reading->files,
	    reading->arena, input->path);

	if (source == NULL) {
		input->error = errno;
		/* A link to nothing may be for anything. */
		input->skipped = input->walked && (errno == ENOENT ||
		    errno == ELOOP) && file_is_link(input->path) &&
		    !is_called_like_zone(input->path);
	} else if (input->walked && !looks_like_zone(source)) {
		input->skipped = true;
	} else
		make_zone(run, input, reading, source);
}

/* What is known of zones only serves who judges more than one. */
static struct reading
start_reading(struct run *run, const struct reading *other, size_t room)
{
	struct reading reading = { .arena = arena_child(run->arena),
	    .files = file_reader_start(run->arena), .room = room };

	if (run->command->judges_names && run->inputs->count > 1 &&
	    likeness_may_apply(&run->world))
		reading.wholes = alike_wholes_new(reading.arena,
		    other == NULL ? NULL : other->wholes);
	return reading;
}

void
inputs_read_all(struct run *run)
{
	struct inputs *inputs = run->inputs;
	struct arena *memory = arena_new();
	unsigned threads = run->jobs, i;
	struct input *input;
	size_t n = 0;

	if (threads > sizeof(inputs->readings) / sizeof(inputs->readings[0]))
		threads = sizeof(inputs->readings) /
		    sizeof(inputs->readings[0]);
	if (threads > inputs->count)
		threads = (unsigned)inputs->count;
	for (i = 0; i < threads; i++)
		inputs->readings[i] = start_reading(run, i == 0 ? NULL :
		    &inputs->readings[0], TEXTS / threads);
	inputs->options = run_zone_options(run);
	/* Those that have no file of their own. */
	inputs->options.threads = threads == 0 ? 1 : run->jobs / threads;
	inputs->options.share = SHARE;
	inputs->options.asked = run->zones.asked =
	    asked_zones_new(run->arena);
	run->zones.batch = BATCH;
	inputs->options.includes = includes_new(run->arena, TEXTS);
	inputs->all = ARENA_ARRAY(memory, inputs->count + 1, struct input *);
	for (input = inputs->first; input != NULL; input = input->next)
		inputs->all[n++] = input;
	workers_run(threads, inputs->count, read_input, run);
	for (i = 0; i < threads; i++)
		file_reader_end(&inputs->readings[i].files);
	arena_free(memory);
	inputs->all = NULL;
}

/* ---- records as JSON ----------------------------------------------------- */

bool
inputs_are_records(const struct run *run)
{
	return run->inputs->are_records;
}

/*
 * Of each named file, which is then off the list; what is no record was not
 * read, and is told.
 */
void
inputs_take_records(struct run *run)
{
	struct zone_options options = run_zone_options(run);
	const struct zone_problem *problem;
	struct input *input, **here = &run->inputs->first;
	struct source *source;

	while ((input = *here) != NULL) {
		if (input->context) {
			here = &input->next;
			continue;
		}
		*here = input->next;
		run->inputs->count--;
		if (input->walked &&
		    !str_ends_case(input->path, STR(".ndjson")))
			continue;
		source = file_read(run->arena, input->path);
		if (source == NULL) {
			input_fail_errno(run, input->path, errno);
			continue;
		}
		for (problem = zones_read_json(&run->zones, source, &options);
		    problem != NULL; problem = problem->next)
			input_fail(run, input->path, arena_printf(run->arena,
			    "line %zu: %.*s", source_place(source,
			    problem->span.start).line, STR_ARG(problem->what)));
	}
}
