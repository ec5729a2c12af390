/*
 * Records as JSON objects, one a line, as "mailzone records -f ndjson" writes
 * them: each zone becomes a master file with one entry a line, which is read
 * like any other. So whatever is said about it has a place.
 */

#include <jansson.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "base/json.h"
#include "base/table.h"
#include "zone/zone.h"

/* No zone file has as many lines, but an object may say anything. */
enum { LAST_LINE = 10 * 1000 * 1000 };

struct entry {
	struct entry *next;
	struct str text;		/* as a line of a master file */
	size_t json_line;
	struct str path;		/* where it was read; STR_NONE */
	size_t line;
};

struct zone_entries {
	struct zone_entries *next;
	struct str name;
	struct entry *first, **end;
	bool in_order;			/* in one file, line by line */
};

struct reading {
	struct arena *arena;
	const struct source *source;
	struct zone_entries *first, **end;
	struct table by_name;
	struct zone_problem *problems, **last;
};

/* ---- one object ---------------------------------------------------------- */

static void
object_to(struct reading *reading, struct str line, const char *why)
{
	struct zone_problem *problem = ARENA_NEW(reading->arena,
	    struct zone_problem);
	size_t start = (size_t)(line.p - reading->source->text.p);

	problem->kind = ZONE_SYNTAX;
	problem->span = (struct span){ reading->source, start,
	    start + line.n };
	problem->what = arena_copy(reading->arena, str_from(why));
	*reading->last = problem;
	reading->last = &problem->next;
}

static struct str
text_of(const json_t *object, const char *key)
{
	const json_t *value = json_object_get(object, key);

	return json_is_string(value) ? (struct str){ json_string_value(value),
	    json_string_length(value) } : STR_NONE;
}

static bool
read_name(struct arena *arena, const json_t *object, const char *key,
    struct str *name)
{
	struct str text = text_of(object, key);

	return text.p != NULL && name_parse(arena, text, name);
}

/* A line end in the text would end the entry, too. */
static bool
is_one_line(struct str text)
{
	return text.p != NULL && text.n > 0 && !str_has(text, '\n') &&
	    !str_has(text, '\r');
}

static bool
write_strings(struct buffer *out, struct arena *arena, const json_t *strings)
{
	const json_t *value;
	struct str octets;
	size_t i;

	if (!json_is_array(strings) || json_array_size(strings) == 0)
		return false;
	json_array_foreach(strings, i, value) {
		if (!json_is_string(value) || !json_read_octets(arena,
		    (struct str){ json_string_value(value),
		    json_string_length(value) }, &octets))
			return false;
		buffer_add_byte(out, ' ');
		write_string(out, octets);
	}
	return true;
}

/* "owner. 3600 IN TXT "..."", or NULL and what is amiss. */
static const char *
write_entry(struct buffer *out, struct arena *arena, const json_t *object)
{
	const json_t *ttl = json_object_get(object, "ttl");
	struct str owner, type = text_of(object, "rrtype"), rdata;
	uint16_t number;

	if (!read_name(arena, object, "owner", &owner))
		return "\"owner\" is not a domain name";
	if (type.p == NULL || !rrtype_parse(type, &number))
		return "\"rrtype\" is not a type of records";
	if (!json_is_integer(ttl) || json_integer_value(ttl) < 0 ||
	    json_integer_value(ttl) > INT32_MAX)
		return "\"ttl\" is not a TTL";
	buffer_printf(out, "%.*s. %lld IN %.*s", STR_ARG(owner),
	    (long long)json_integer_value(ttl), STR_ARG(type));
	if (number == RR_TXT || number == RR_SPF)
		return write_strings(out, arena, json_object_get(object,
		    "strings")) ? NULL : "\"strings\" is not a list of "
		    "strings of octets";
	rdata = text_of(object, "rdata");
	if (!is_one_line(rdata))
		return "\"rdata\" is not the text of a record";
	buffer_printf(out, " %.*s", STR_ARG(rdata));
	return NULL;
}

static struct zone_entries *
zone_of(struct reading *reading, struct str name)
{
	struct zone_entries *zone = table_find(&reading->by_name, name);

	if (zone != NULL)
		return zone;
	zone = ARENA_NEW(reading->arena, struct zone_entries);
	zone->name = name;
	zone->end = &zone->first;
	zone->in_order = true;
	table_add(&reading->by_name, reading->arena, name, zone);
	*reading->end = zone;
	reading->end = &zone->next;
	return zone;
}

/* 0 when it is not told. */
static size_t
line_of(const json_t *object)
{
	json_int_t line = json_integer_value(json_object_get(object, "line"));

	return line < 1 || line > LAST_LINE ? 0 : (size_t)line;
}

static void
add_entry(struct reading *reading, struct zone_entries *zone,
    const json_t *object, struct entry *entry)
{
	struct str path = text_of(object, "path");

	entry->path = path.n > 0 ? arena_copy(reading->arena, path) :
	    STR_NONE;
	entry->line = line_of(object);
	if (entry->path.p == NULL || entry->line == 0 ||
	    (zone->first != NULL &&
	    !str_equal(entry->path, zone->first->path)))
		zone->in_order = false;
	*zone->end = entry;
	zone->end = &entry->next;
}

static const char *
read_record(struct reading *reading, const json_t *object, size_t number)
{
	struct entry *entry = ARENA_NEW(reading->arena, struct entry);
	struct buffer text = { 0 };
	struct str name;
	const char *why;

	if (!read_name(reading->arena, object, "zone", &name))
		return "\"zone\" is not a domain name";
	why = write_entry(&text, reading->arena, object);
	entry->text = buffer_finish(&text, reading->arena);
	entry->json_line = number;
	if (why == NULL)
		add_entry(reading, zone_of(reading, name), object, entry);
	return why;
}

static void
read_line(struct reading *reading, struct str line, size_t number)
{
	json_error_t error;
	json_t *object = json_loadb(line.p, line.n,
	    JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, &error);
	struct str type, message;
	const char *why = NULL;

	if (object == NULL) {
		object_to(reading, line, error.text);
		return;
	}
	type = text_of(object, "type");
	message = text_of(object, "message");
	if (str_is(type, "error"))
		why = message.p == NULL ? "an error" : message.p;
	else if (str_is(type, "record"))
		why = read_record(reading, object, number);
	else
		why = "is no object of type \"record\"";
	if (why != NULL)
		object_to(reading, line, why);
	json_decref(object);
}

/* ---- zones --------------------------------------------------------------- */

/* The lines of the file stand as they did when each has one record. */
static bool
has_own_lines(const struct zone_entries *zone)
{
	const struct entry *entry;
	size_t before = 0;

	for (entry = zone->first; entry != NULL; entry = entry->next) {
		if (entry->line <= before)
			return false;
		before = entry->line;
	}
	return zone->in_order;
}

static struct source *
write_zone(struct reading *reading, const struct zone_entries *zone)
{
	struct source *source = ARENA_NEW(reading->arena, struct source);
	bool own = has_own_lines(zone);
	const struct entry *entry;
	struct buffer text = { 0 };
	size_t line = 1, wanted;

	for (entry = zone->first; entry != NULL; entry = entry->next) {
		wanted = own ? entry->line : entry->json_line;
		buffer_add_repeated(&text, '\n', wanted - line);
		line = wanted;
		buffer_add(&text, entry->text);
	}
	buffer_add_byte(&text, '\n');
	buffer_add_repeated(&text, '\0', FILE_PADDING);
	source->path = own && zone->first != NULL ? zone->first->path :
	    reading->source->path;
	source->text = buffer_finish(&text, reading->arena);
	source->text.n -= FILE_PADDING;
	source->padded = true;
	return source;
}

struct zone_problem *
zones_read_json(struct zones *zones, const struct source *source,
    const struct zone_options *given)
{
	struct reading reading = { .arena = zones->arena, .source = source };
	struct zone_options options = *given;
	const struct zone_entries *entries;
	struct str rest = source->text, line;
	size_t number = 0;

	reading.end = &reading.first;
	reading.last = &reading.problems;
	while (str_split(&rest, '\n', &line)) {
		number++;
		if (str_trim(line).n > 0)
			read_line(&reading, line, number);
	}
	options.how = ZONE_BY_OPTION;
	/* Whatever was lost may have been a part of any of them. */
	options.incomplete = reading.problems != NULL;
	for (entries = reading.first; entries != NULL;
	    entries = entries->next) {
		options.name = entries->name;
		zones_add(zones, zone_read(zones->arena,
		    write_zone(&reading, entries), &options));
	}
	return reading.problems;
}
