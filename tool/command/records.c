/* mailzone records: what was read from zone files. */
#include <string.h>

#include "base/arena.h"
#include "base/hash.h"
#include "command/command.h"
#include "command/inputs.h"

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

/* ---- what name servers make of a file ------------------------------------ */

/*
 * All records of one owner, type and covered type have one TTL: that of the
 * first where they stand together, that of the last such place otherwise.
 */
struct set {
	uint64_t hash;			/* 0: free */
	size_t place;			/* number of the stretch of one owner */
	uint32_t ttl;
};

/*
 * Of records that are the same, names being written in whatever case, one
 * remains: the first, or the last of its stretch that is written otherwise.
 */
struct seen {
	uint64_t hash;			/* 0: free */
	size_t position;		/* for zone_next */
	size_t place;
};

struct listing {
	struct run *run;
	const struct zone *zone;
	struct arena *scratch;
	struct set *sets;
	struct seen *seen;
	size_t room;			/* of both; a power of two */
	unsigned types;			/* sets of types asked for */
	struct str name;		/* STR_NONE: all */
	bool type_asked[UINT16_MAX + 1];
	bool all_types;
	struct json json;
	bool ndjson;
	struct place_finder *finders;	/* one for each source of the zone */
	size_t finder;			/* the one used last */
};

/* The type that an RRSIG or SIG covers is part of its set. */
static uint64_t
set_hash(struct arena *arena, const struct record *record)
{
	unsigned covered = 0;
	uint64_t hash;

	if ((record->type == RR_RRSIG || record->type == RR_SIG) &&
	    record->octets.n >= 2)
		covered = (unsigned)(unsigned char)record->octets.p[0] << 8 |
		    (unsigned char)record->octets.p[1];
	hash = hash_bytes(hash_key_fixed, arena_printf(arena,
	    "%.*s %u %u", STR_ARG(record->owner), (unsigned)record->type,
	    covered));
	return hash == 0 ? 1 : hash;
}

static struct set *
find_set(const struct listing *listing, uint64_t hash)
{
	size_t i = (size_t)hash & (listing->room - 1);

	while (listing->sets[i].hash != 0 && listing->sets[i].hash != hash)
		i = (i + 1) & (listing->room - 1);
	return &listing->sets[i];
}

static void
note_set(struct listing *listing, const struct record *record, size_t open,
    size_t place)
{
	uint64_t hash = set_hash(listing->scratch, record);
	struct set *set = find_set(listing, hash);

	if (set->hash == 0 || (set->place != place && set->place != open))
		*set = (struct set){ hash, place, record->ttl };
}

/* ---- what is printed once ------------------------------------------------ */

static uint64_t
record_hash(struct arena *arena, const struct record *record)
{
	uint64_t hash = set_hash(arena, record) ^ hash_bytes(hash_key_fixed,
	    record_folded(arena, record));

	return hash == 0 ? 1 : hash;
}

/* The one after it with the same hash, or free; NULL: the first. */
static struct seen *
next_seen(const struct listing *listing, uint64_t hash,
    const struct seen *seen)
{
	size_t i = seen == NULL ? (size_t)hash :
	    (size_t)(seen - listing->seen) + 1;

	for (i &= listing->room - 1; listing->seen[i].hash != 0 &&
	    listing->seen[i].hash != hash;)
		i = (i + 1) & (listing->room - 1);
	return &listing->seen[i];
}

static void
note_seen(struct listing *listing, const struct record *record, size_t open,
    size_t place)
{
	struct arena *arena = listing->scratch;
	uint64_t hash = record_hash(arena, record);
	const struct record *other;
	struct seen *seen = NULL;
	size_t at;

	while ((seen = next_seen(listing, hash, seen))->hash != 0) {
		at = seen->position;
		other = zone_next(listing->zone, arena, ~0u, &at);
		if (!record_same(arena, record, other))
			continue;
		if (seen->place == open)
			seen->place = place;
		if (seen->place == place && !str_equal(record_rdata(arena,
		    record), record_rdata(arena, other)))
			seen->position = record->position;
		return;
	}
	*seen = (struct seen){ hash, record->position, place };
}

/* Is it the one that remains? */
static bool
remains(const struct listing *listing, const struct record *record)
{
	uint64_t hash = record_hash(listing->scratch, record);
	const struct seen *seen = NULL;

	while ((seen = next_seen(listing, hash, seen))->hash != 0)
		if (seen->position == record->position)
			return true;
	return false;
}

/* ---- stretches ----------------------------------------------------------- */

/*
 * Stretches of one owner end where the owner changes, be it to one outside the
 * zone, or a file begins or ends, and only then count. Records of a host that
 * an NS record of the stretch names are glue: a stretch within the other, which
 * counts before it unless a file ends both.
 */
struct stretches {
	struct buffer owner, glue;	/* as written; empty: none is open */
	struct buffer hosts;		/* " ns1.example ns2.example " */
	struct buffer waiting;		/* positions of the records of glue */
	unsigned part;
	size_t count, open, inner;	/* numbers of those of owner and glue */
};

static void
take_over(struct buffer *buffer, struct str text)
{
	buffer_clear(buffer);
	buffer_add(buffer, text);
}

/* What the open stretch holds counts later than what is noted now. */
static void
note(struct listing *listing, const struct record *record, size_t open,
    size_t place)
{
	note_set(listing, record, open, place);
	note_seen(listing, record, open, place);
}

static void
leave_glue(struct listing *listing, struct stretches *stretches)
{
	struct arena_mark mark = arena_mark(listing->scratch);
	struct str waiting = buffer_str(&stretches->waiting);
	const struct record *record;
	size_t position;

	for (; waiting.n > 0; waiting = str_after(waiting, sizeof(position))) {
		memcpy(&position, waiting.p, sizeof(position));
		record = zone_next(listing->zone, listing->scratch, ~0u,
		    &position);
		note(listing, record, stretches->open, stretches->inner);
		arena_release(listing->scratch, mark);
	}
	buffer_clear(&stretches->waiting);
	buffer_clear(&stretches->glue);
}

static bool
is_host(const struct stretches *stretches, struct arena *arena,
    struct str name)
{
	return str_contains(buffer_str(&stretches->hosts), arena_printf(arena,
	    " %.*s ", STR_ARG(name)));
}

/* A name that is no host of the stretch ends it. */
static void
leave_stretch(struct listing *listing, struct stretches *stretches)
{
	leave_glue(listing, stretches);
	stretches->open = 0;
	buffer_clear(&stretches->owner);
	buffer_clear(&stretches->hosts);
}

/* A file begins or ends when another part does. */
static void
leave_file(struct listing *listing, struct stretches *stretches,
    unsigned part)
{
	if (part == stretches->part)
		return;
	stretches->part = part;
	stretches->open = 0;
	leave_stretch(listing, stretches);
}

/* What stands between two records and is ignored has names all the same. */
static void
pass_left_out(struct listing *listing, struct stretches *stretches,
    size_t from, size_t to)
{
	struct str name;
	unsigned part;

	while (zone_left_out(listing->zone, listing->scratch, &from, to,
	    &name, &part)) {
		leave_file(listing, stretches, part);
		if (is_host(stretches, listing->scratch, name))
			leave_glue(listing, stretches);
		else
			leave_stretch(listing, stretches);
	}
}

/* The number of the stretch that the record belongs to. */
static size_t
stretch_of(struct listing *listing, struct stretches *stretches,
    const struct record *record)
{
	struct str written = record_written(listing->scratch, record);

	if (str_equal(written, buffer_str(&stretches->owner))) {
		leave_glue(listing, stretches);
		return stretches->open;
	}
	if (is_host(stretches, listing->scratch, record->owner)) {
		if (!str_equal(written, buffer_str(&stretches->glue))) {
			leave_glue(listing, stretches);
			stretches->inner = ++stretches->count;
		}
		take_over(&stretches->glue, written);
		return stretches->inner;
	}
	leave_stretch(listing, stretches);
	take_over(&stretches->owner, written);
	return stretches->open = ++stretches->count;
}

/* No set of name servers that BIND takes has more text. */
enum { HOSTS_LONGEST = 4 * UINT16_MAX };

static void
note_host(struct stretches *stretches, const struct record *record)
{
	if (record->type != RR_NS || stretches->hosts.n > HOSTS_LONGEST)
		return;
	if (stretches->hosts.n == 0)
		buffer_add_byte(&stretches->hosts, ' ');
	buffer_add(&stretches->hosts, record->target);
	buffer_add_byte(&stretches->hosts, ' ');
}

/* What is generated counts at once. */
static void
note_in_turn(struct listing *listing, struct stretches *stretches,
    const struct record *record)
{
	size_t place;

	if (record->generated) {
		note(listing, record, stretches->open, ++stretches->count);
		return;
	}
	place = stretch_of(listing, stretches, record);
	if (stretches->glue.n > 0) {
		buffer_add(&stretches->waiting, (struct str){
		    (const char *)&record->position,
		    sizeof(record->position) });
		return;
	}
	note(listing, record, stretches->open, place);
	note_host(stretches, record);
}

static void
note_sets(struct listing *listing)
{
	struct stretches stretches = { .count = 0 };
	const struct record *record;
	size_t position = 0, before = 0;

	while ((record = zone_next(listing->zone, listing->scratch, ~0u,
	    &position)) != NULL) {
		pass_left_out(listing, &stretches, before, record->position);
		leave_file(listing, &stretches, record->part);
		before = record->position;
		note_in_turn(listing, &stretches, record);
		arena_reset(listing->scratch);
	}
	pass_left_out(listing, &stretches, before, SIZE_MAX);
	leave_file(listing, &stretches, stretches.part + 1);
	buffer_free(&stretches.owner);
	buffer_free(&stretches.glue);
	buffer_free(&stretches.hosts);
	buffer_free(&stretches.waiting);
}

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
		for (i = 0; i < listing->zone->source_count; i++)
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
	if (!remains(listing, record))
		return;
	ttl = find_set(listing, set_hash(listing->scratch, record))->ttl;
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

	for (problem = zone->problems; problem != NULL;
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
	listing->finders = ARENA_ARRAY(arena, zone->source_count,
	    struct place_finder);
	for (i = 0; i < zone->source_count; i++)
		listing->finders[i].source = zone->sources[i];
	listing->finder = 0;
}

static void
list_records(struct listing *listing, const struct zone *zone)
{
	struct arena *tables = arena_new();

	take_zone(listing, tables, zone);
	for (listing->room = 64; listing->room < zone->record_count * 2;)
		listing->room *= 2;
	listing->sets = ARENA_ARRAY(tables, listing->room, struct set);
	listing->seen = ARENA_ARRAY(tables, listing->room, struct seen);
	note_sets(listing);
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
