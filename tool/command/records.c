/* mailzone records: what was read from zone files. */
#include "base/arena.h"
#include "command/command.h"
#include "command/inputs.h"
#include "command/loaded.h"

static const char *const format_choices[] = { "text", "json", "ndjson", NULL };

static const struct option_row options[] = {
	{ .name = "format", .letter = 'f', .value = "FORMAT",
	  .choices = format_choices, .fallback = "text",
	  .help = "text, json, or ndjson (one object a line)" },
	{ .name = "type", .value = "TYPE,..", .repeatable = true,
	  .help = "only records of these types" },
	{ .name = "name", .value = "NAME",
	  .help = "only records of this owner" },
	{ 0 }
};

struct listing {
	struct run *run;
	const struct zone *zone;
	struct arena *scratch;
	const struct loaded *loaded;
	unsigned types;			/* sets of types asked for */
	struct str name;		/* STR_NONE: all */
	bool type_asked[UINT16_MAX + 1];
	bool all_types;
	struct json json;
	bool ndjson;
	struct place_finder *finders;	/* one for each source of the zone */
	size_t finder;			/* the one used last */
};

/* ---- printing ------------------------------------------------------------ */

enum { TAB = 8, TTL_COLUMN = 46, RDATA_COLUMN = 64, FLUSH = 1 << 16 };

/* At least one blank, tabs as far as they go, as named-compilezone does. */
static void
indent(struct buffer *out, size_t *column, size_t to)
{
	size_t tabs;

	if (to < *column + 1)
		to = *column + 1;
	tabs = to / TAB - *column / TAB;
	buffer_add_repeated(out, '\t', tabs);
	if (tabs > 0)
		*column = to / TAB * TAB;
	buffer_add_repeated(out, ' ', to - *column);
	*column = to;
}

static void
add_column(struct buffer *out, size_t *column, struct str text)
{
	buffer_add(out, text);
	*column += text.n;
}

static void
write_text(struct listing *listing, const struct record *record,
    uint32_t ttl)
{
	struct arena *arena = listing->scratch;
	struct buffer *out = &listing->run->out;
	size_t column = 0;

	add_column(out, &column, record_written(arena, record));
	indent(out, &column, TTL_COLUMN);
	add_column(out, &column, arena_printf(arena, "%lu",
	    (unsigned long)ttl));
	indent(out, &column, TTL_COLUMN);
	add_column(out, &column, STR("IN"));
	indent(out, &column, TTL_COLUMN);
	add_column(out, &column, rrtype_name(arena, record->type));
	indent(out, &column, RDATA_COLUMN);
	buffer_add(out, record_rdata(arena, record));
	buffer_add_byte(out, '\n');
}

static struct place
place_of(struct listing *listing, struct span span)
{
	size_t i;

	if (listing->finders[listing->finder].source != span.source)
		for (i = 0; i < listing->zone->contents->source_count; i++)
			if (listing->finders[i].source == span.source)
				listing->finder = i;
	return place_find(&listing->finders[listing->finder], span.start);
}

static void
write_place(struct listing *listing, struct span span)
{
	struct place place = place_of(listing, span);
	struct json *json = &listing->json;

	json_str(json, "path", span.source->path);
	json_number(json, "line", place.line);
	json_number(json, "column", place.column);
}

static void
open_object(struct listing *listing, const char *type)
{
	json_begin_object(&listing->json, NULL);
	if (listing->ndjson) {
		json_number(&listing->json, "v", 1);
		json_cstr(&listing->json, "type", type);
	}
}

static void
close_object(struct listing *listing)
{
	json_end_object(&listing->json);
	if (listing->ndjson)
		buffer_add_byte(&listing->run->out, '\n');
}

static void
write_json(struct listing *listing, const struct record *record, uint32_t ttl)
{
	struct json *json = &listing->json;
	size_t i;

	open_object(listing, "record");
	json_str(json, "zone", listing->zone->name);
	json_str(json, "owner", record->owner);
	json_number(json, "ttl", ttl);
	json_str(json, "rrtype", rrtype_name(listing->scratch, record->type));
	if (record->type == RR_TXT || record->type == RR_SPF) {
		json_begin_array(json, "strings");
		for (i = 0; i < record->string_count; i++)
			json_octets(json, NULL, record->strings[i]);
		json_end_array(json);
	} else
		json_str(json, "rdata", record_rdata(listing->scratch,
		    record));
	write_place(listing, record->span);
	close_object(listing);
}

static void
write_record(struct listing *listing, const struct record *record)
{
	uint32_t ttl;

	if (!listing->all_types && !listing->type_asked[record->type])
		return;
	if (listing->name.p != NULL &&
	    !str_equal(listing->name, record->owner))
		return;
	if (!loaded_keeps(listing->loaded, record))
		return;
	ttl = loaded_ttl(listing->loaded, record);
	if (listing->json.out != NULL)
		write_json(listing, record, ttl);
	else
		write_text(listing, record, ttl);
	if (listing->run->out.n > FLUSH)
		run_flush(listing->run);
}

static void
write_records(struct listing *listing)
{
	const struct record *record;
	size_t position = 0;

	while ((record = zone_next(listing->zone, listing->scratch,
	    listing->types, &position)) != NULL) {
		write_record(listing, record);
		arena_reset(listing->scratch);
	}
}

/* ---- problems ------------------------------------------------------------ */

/* What name servers merely warn of is not an error here either. */
static bool
is_error(const struct zone_problem *problem)
{
	return zone_problem_is_syntax(problem->kind) ||
	    problem->kind == ZONE_LIMIT;
}

static void
write_problem(struct listing *listing, const struct zone_problem *problem)
{
	struct place place = place_of(listing, problem->span);

	run_tell(listing->run, "%.*s:%zu:%zu: %s: %.*s",
	    STR_ARG(problem->span.source->path), place.line, place.column,
	    is_error(problem) ? "error" : "warning", STR_ARG(problem->what));
	if (listing->json.out == NULL || !is_error(problem))
		return;
	open_object(listing, "error");
	write_place(listing, problem->span);
	json_str(&listing->json, "message", problem->what);
	close_object(listing);
}

/* True when one of them is an error. */
static bool
write_problems(struct listing *listing)
{
	const struct zone *zone = listing->zone;
	const struct zone_problem *problem;
	bool error = false;

	for (problem = zone->contents->problems; problem != NULL;
	    problem = problem->next) {
		write_problem(listing, problem);
		error = error || is_error(problem);
	}
	return error;
}

/* Inputs of which nothing could be read. */
static void
write_failures(struct listing *listing)
{
	const struct failure *failure = listing->run->inputs->failures;

	for (; listing->json.out != NULL && failure != NULL;
	    failure = failure->next) {
		open_object(listing, "error");
		json_failure_fields(&listing->json, failure->path,
		    failure->why);
		close_object(listing);
	}
}

/* ---- the command --------------------------------------------------------- */

/* --type: names separated by commas. */
static bool
read_types(struct listing *listing)
{
	struct run *run = listing->run;
	struct str list, name;
	size_t position = 0;
	uint16_t type;

	listing->all_types = !option_given(run, "type");
	listing->types = listing->all_types ? ~0u : 0;
	while ((list = option_next(run, "type", &position)).p != NULL)
		while (str_split(&list, ',', &name)) {
			if (!rrtype_parse(name, &type)) {
				run_usage(run, "--type takes record types, "
				    "not \"%.*s\"", STR_ARG(name));
				return false;
			}
			listing->type_asked[type] = true;
			listing->types |= rrtype_set(type);
		}
	return true;
}

static bool
read_name(struct listing *listing)
{
	struct run *run = listing->run;
	struct str text = option_value(run, "name");

	listing->name = STR_NONE;
	if (text.p == NULL || name_typed(run->arena, text, &listing->name))
		return true;
	run_usage(run, "--name takes a domain name, not \"%.*s\"",
	    STR_ARG(text));
	return false;
}

static void
take_zone(struct listing *listing, struct arena *arena,
    const struct zone *zone)
{
	size_t i;

	listing->zone = zone;
	listing->finders = ARENA_ARRAY(arena, zone->contents->source_count,
	    struct place_finder);
	for (i = 0; i < zone->contents->source_count; i++)
		listing->finders[i].source = zone->contents->sources[i];
	listing->finder = 0;
}

static void
list_records(struct listing *listing, const struct zone *zone)
{
	struct arena *tables = arena_new();

	take_zone(listing, tables, zone);
	listing->loaded = loaded_make(tables, listing->scratch, zone);
	write_records(listing);
	arena_free(tables);
}

static bool
list_problems(struct listing *listing, const struct zone *zone)
{
	struct arena *tables = arena_new();
	bool error;

	take_zone(listing, tables, zone);
	error = write_problems(listing);
	arena_free(tables);
	return error;
}

/* One document around lists, or nothing at all for the other formats. */
static void
open_list(struct listing *listing, const char *name)
{
	if (listing->json.out == NULL || listing->ndjson)
		return;
	if (listing->json.depth == 0) {
		json_begin_object(&listing->json, NULL);
		json_number(&listing->json, "v", 1);
	} else
		json_end_array(&listing->json);
	json_begin_array(&listing->json, name);
}

static int
list_all(struct listing *listing)
{
	struct run *run = listing->run;
	int status = EXIT_CLEAN;
	size_t i;

	open_list(listing, "records");
	for (i = 0; i < run->zones.count; i++)
		if (!run->zones.zones[i]->context)
			list_records(listing, run->zones.zones[i]);
	open_list(listing, "errors");
	for (i = 0; i < run->zones.count; i++)
		if (!run->zones.zones[i]->context &&
		    list_problems(listing, run->zones.zones[i]))
			status = EXIT_FINDINGS;
	write_failures(listing);
	if (listing->json.depth > 0) {
		json_end_array(&listing->json);
		json_end_object(&listing->json);
		buffer_add_byte(&run->out, '\n');
	}
	return status;
}

static int
run_records(struct run *run)
{
	struct listing *listing = ARENA_NEW(run->arena, struct listing);
	struct str format = option_value(run, "format");
	int status;

	listing->run = run;
	listing->ndjson = str_is(format, "ndjson");
	if (listing->ndjson || str_is(format, "json"))
		listing->json.out = &run->out;
	if (!read_types(listing) || !read_name(listing) ||
	    !run_zones_or_failures(run))
		return EXIT_UNABLE;
	listing->scratch = arena_new();
	status = list_all(listing);
	arena_free(listing->scratch);
	return status;
}

const struct command command_records = {
	.name = "records",
	.arguments = "[PATH...|-]",
	.summary = "what was read from zone files, one line per record",
	.help = "Prints every record as named-compilezone does, in the order "
	    "of the file: what a name server that loads the file would "
	    "serve, with one TTL for each set and each record once. Unless "
	    "--syntax=mail is given, the data of every type is checked. Exit "
	    "status: 0 the files are well-formed, 1 a name server would "
	    "refuse one for its syntax, 2 something could not be read.",
	.options = options,
	.shared = { input_options, NULL },
	.run = run_records,
	.full_syntax = true,
};
