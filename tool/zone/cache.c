/*
 * The DNS cache file: reviewed answers for names outside the loaded zones.
 *
 * The values are written as in zone files, so the zone reader reads them: all
 * lines with one become a zone of the root, whose bytes know their places in
 * the file.
 */
#include "base/arena.h"
#include "base/buffer.h"
#include "base/hash.h"
#include "zone/zone.h"

/* What is known of one name and type, or of one name (type 0). */
struct reading {
	struct arena *arena;
	struct dns_cache *cache;
	struct buffer text;		/* the zone of the values */
	struct source_map_row *rows;	/* from there to the file */
	size_t row_count;
	struct zone_problem **last_problem;
};

static void
object(struct reading *reading, struct span span, const char *what)
{
	struct zone_problem *problem = ARENA_NEW(reading->arena,
	    struct zone_problem);

	problem->kind = ZONE_SYNTAX;
	problem->span = span;
	problem->what = str_from(what);
	*reading->last_problem = problem;
	reading->last_problem = &problem->next;
	reading->cache->problem_count++;
}

/* ---- lines --------------------------------------------------------------- */

static struct str
next_word(struct cursor *in)
{
	cursor_while(in, STR(" \t"));
	return cursor_until(in, STR(" \t"));
}

static struct span
span_of(const struct reading *reading, struct str part)
{
	const struct source *source = reading->cache->source;
	size_t start = (size_t)(part.p - source->text.p);

	return (struct span){ source, start, start + part.n };
}

/* Parentheses and controls could go on in another line. */
static bool
is_one_line(struct str value)
{
	struct cursor in = { value, 0 };
	bool quoted = false, comment = false;
	int byte;

	while ((byte = cursor_next(&in)) != END) {
		if (byte < ' ' && byte != '\t')
			return false;
		if (byte == '\\' && !comment)
			byte = cursor_next(&in);
		else if (byte == '"')
			quoted = !quoted;
		else if (!quoted && byte == ';')
			comment = true;
		else if (!quoted && !comment && (byte == '(' || byte == ')'))
			return false;
		if (byte == END)
			return false;
	}
	return true;
}

static void
add_row(struct reading *reading, struct span origin)
{
	reading->rows[reading->row_count++] = (struct source_map_row){
	    reading->text.n, origin };
}

/* "NAME. TTL IN TYPE VALUE" for the zone reader. */
static bool
add_value(struct reading *reading, struct dns_cache_line *line,
    struct str type, struct str ttl, struct str value)
{
	uint64_t seconds;

	if (!str_number(ttl, INT32_MAX, &seconds)) {
		object(reading, span_of(reading, ttl),
		    "the TTL is a number of seconds");
		return false;
	}
	if (!is_one_line(value)) {
		object(reading, span_of(reading, value),
		    "a value stands on one line, without parentheses "
		    "and control characters");
		return false;
	}
	add_row(reading, line->span);
	buffer_printf(&reading->text, "%.*s. %.*s IN %.*s ",
	    STR_ARG(line->name), STR_ARG(ttl), STR_ARG(type));
	add_row(reading, span_of(reading, value));
	buffer_add(&reading->text, value);
	buffer_add_byte(&reading->text, '\n');
	line->kind = ANSWER_DATA;
	return true;
}

static bool
read_rest(struct reading *reading, struct dns_cache_line *line,
    struct cursor *in, struct str type)
{
	struct str ttl = next_word(in), date = next_word(in), value;

	value = str_trim(cursor_rest(in));
	if (!date_parse(date, &line->checked)) {
		object(reading, date.n > 0 ? span_of(reading, date) :
		    line->span, "a date like 2026-11-23 says when it was "
		    "checked");
		return false;
	}
	line->kind = str_is(value, "NXDOMAIN") ? ANSWER_NXDOMAIN :
	    ANSWER_NODATA;
	if (str_is(ttl, "-") && (str_is(value, "NXDOMAIN") ||
	    str_is(value, "NODATA")))
		return true;
	if (str_is(ttl, "-") || value.n == 0) {
		object(reading, value.n > 0 ? span_of(reading, value) :
		    line->span, "behind \"-\" and the date stands NXDOMAIN "
		    "or NODATA, else a value");
		return false;
	}
	return add_value(reading, line, type, ttl, value);
}

static void
read_line(struct reading *reading, struct str text)
{
	struct dns_cache *cache = reading->cache;
	struct dns_cache_line *line = &cache->lines[cache->count];
	struct cursor in = { text, 0 };
	struct str name = next_word(&in), type = next_word(&in);

	line->span = span_of(reading, text);
	if (!name_parse(reading->arena, name, &line->name))
		object(reading, span_of(reading, name),
		    "an answer begins with a domain name");
	else if (!rrtype_parse(type, &line->type))
		object(reading, type.n > 0 ? span_of(reading, type) :
		    line->span, "behind the name stands a type");
	else if (read_rest(reading, line, &in, type))
		cache->count++;
}

static size_t
count_lines(struct str text)
{
	size_t i, count = 1;

	for (i = 0; i < text.n; i++)
		count += text.p[i] == '\n';
	return count;
}

static void
read_lines(struct reading *reading)
{
	struct str rest = reading->cache->source->text, text;
	size_t lines = count_lines(rest);

	reading->cache->lines = ARENA_ARRAY(reading->arena, lines,
	    struct dns_cache_line);
	reading->rows = ARENA_ARRAY(reading->arena, lines * 2,
	    struct source_map_row);
	while (str_split(&rest, '\n', &text)) {
		if (str_ends(text, STR("\r")))
			text.n--;
		text = str_trim(text);
		if (text.n > 0 && text.p[0] != '#')
			read_line(reading, text);
	}
}

/* What is wrong with the values themselves. */
static void
take_problems(struct reading *reading, const struct zone_problem *problem)
{
	struct zone_problem *copy;

	for (; problem != NULL; problem = problem->next) {
		copy = ARENA_NEW(reading->arena, struct zone_problem);
		*copy = *problem;
		copy->next = NULL;
		copy->span = span_resolve(problem->span);
		*reading->last_problem = copy;
		reading->last_problem = &copy->next;
		reading->cache->problem_count++;
	}
}

/* ---- looking up ---------------------------------------------------------- */

static size_t
hash_of(struct str name, uint16_t type)
{
	return (size_t)hash_bytes(hash_key_fixed, name) ^ type * 0x9e3779b9U;
}

/* The first line about a name and type (0: about the name) that counts. */
static uint32_t *
slot_of(const struct dns_cache *cache, struct str name, uint16_t type)
{
	size_t i = hash_of(name, type) & (cache->slot_count - 1);
	const struct dns_cache_line *line;

	for (; cache->slots[i] != 0; i = (i + 1) & (cache->slot_count - 1)) {
		line = &cache->lines[(cache->slots[i] >> 1) - 1];
		if (str_equal(line->name, name) &&
		    (cache->slots[i] & 1 ? 0 : line->type) == type)
			break;
	}
	return &cache->slots[i];
}

/*
 * A set of records is as old as its oldest line. That a name does not exist
 * is known for every type, and any other answer says that it does.
 */
static void
enter(const struct dns_cache *cache, uint32_t number, uint16_t type)
{
	const struct dns_cache_line *line = &cache->lines[number], *known;
	uint32_t *slot = slot_of(cache, line->name, type);

	if (*slot != 0) {
		known = &cache->lines[(*slot >> 1) - 1];
		if (type != 0 ? line->checked >= known->checked :
		    line->checked <= known->checked)
			return;
	}
	*slot = (number + 1) << 1 | (type == 0);
}

static void
make_slots(struct reading *reading)
{
	struct dns_cache *cache = reading->cache;
	uint32_t i;

	cache->slot_count = 16;
	while (cache->slot_count < cache->count * 4)
		cache->slot_count *= 2;
	cache->slots = ARENA_ARRAY(reading->arena, cache->slot_count,
	    uint32_t);
	for (i = 0; i < cache->count; i++) {
		enter(cache, i, cache->lines[i].type);
		enter(cache, i, 0);
	}
}

struct dns_cache *
dns_cache_read(struct arena *arena, struct source *source, day today)
{
	struct dns_cache *cache = ARENA_NEW(arena, struct dns_cache);
	struct reading reading = { .arena = arena, .cache = cache,
	    .last_problem = &cache->problems };
	struct zone_options options = { .name = STR(""),
	    .how = ZONE_BY_OPTION };
	struct source *values = ARENA_NEW(arena, struct source);

	cache->source = source;
	cache->today = today;
	read_lines(&reading);
	make_slots(&reading);
	values->path = source->path;
	values->text = buffer_finish(&reading.text, arena);
	source_set_map(arena, values, (struct source_map){ reading.rows,
	    reading.row_count });
	cache->zone = zone_read(arena, values, &options);
	take_problems(&reading, cache->zone->contents->problems);
	return cache;
}

/* NULL when the file says nothing that is young enough. */
static const struct dns_cache_line *
find_line(const struct dns_cache *cache, struct str name, uint16_t type)
{
	uint32_t slot = *slot_of(cache, name, type);
	const struct dns_cache_line *line;

	if (slot == 0)
		return NULL;
	line = &cache->lines[(slot >> 1) - 1];
	return line->checked + DNS_CACHE_EXPIRED < cache->today ? NULL : line;
}

static bool
take_values(const struct dns_cache *cache, struct arena *arena,
    const struct dns_cache_line *line, struct answer *answer)
{
	const struct node *node = zone_find(cache->zone, line->name);
	size_t i, count, kept = 0;

	if (node == NULL)
		return false;
	count = node_records(cache->zone, node, arena,
	    rrtype_set(line->type), &answer->records);
	for (i = 0; i < count; i++)
		if (answer->records[i]->type == line->type)
			answer->records[kept++] = answer->records[i];
	answer->count = kept;
	answer->owner = line->name;
	return kept > 0;
}

/*
 * What lines of other types say: that the name exists, or that it does not,
 * or that a name above it does not (RFC 8020).
 */
static const struct dns_cache_line *
find_existence(const struct dns_cache *cache, struct str name, bool wanted)
{
	const struct dns_cache_line *line = find_line(cache, name, 0);

	if (line != NULL && (wanted || line->kind == ANSWER_NXDOMAIN))
		return line;
	while (line == NULL && name.n > 0) {
		name = name_parent(name);
		line = find_line(cache, name, 0);
	}
	return line != NULL && line->kind == ANSWER_NXDOMAIN ? line : NULL;
}

bool
dns_cache_ask(const struct dns_cache *cache, struct arena *arena,
    struct str name, uint16_t *type, struct answer *answer)
{
	const struct dns_cache_line *line = NULL, *alias;

	if (*type != 0)
		line = find_line(cache, name, *type);
	alias = find_line(cache, name, RR_CNAME);
	if (line == NULL && alias != NULL && alias->kind == ANSWER_DATA) {
		line = alias;
		*type = RR_CNAME;
	}
	if (line == NULL)
		line = find_existence(cache, name, *type == 0);
	if (line == NULL)
		return false;
	answer->checked = line->checked;
	answer->zone = cache->zone;
	answer->kind = line->kind;
	answer->count = 0;
	if (*type == 0 || line->kind != ANSWER_DATA)
		return true;
	return take_values(cache, arena, line, answer);
}
