/*
 * libyaml's events become a tree whose nodes know their bytes in the file.
 *
 * libyaml takes everything: duplicate keys, any depth, aliases that grow
 * without bounds once somebody follows them. What it takes and we do not is
 * refused here, so that nobody who walks the tree has to be careful.
 */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <yaml.h>

#include "base/arena.h"
#include "base/table.h"
#include "config/read.h"

enum {
	MAX_DEPTH = 64,
	MAX_NODES = 4 * 1000 * 1000,	/* with what aliases bring */
	FEW_KEYS = 12			/* searched without a table */
};

struct reader {
	struct arena *arena;
	const struct source *source;
	struct config_problems *problems;
	yaml_parser_t *parser;
	struct table anchors;
	size_t nodes;
	/*
	 * libyaml counts code points, from the start behind a byte order
	 * mark; where one of them stands is kept, so that all of them are
	 * found by going on from there.
	 */
	size_t start, point, byte;
};

/* A mapping while it is read. */
struct entries {
	struct yaml *mapping;
	struct yaml **last;
	struct table table;		/* once there are more than a few */
	struct merge {
		struct merge *next;
		const struct yaml *from;
	} *merges, **last_merge;
};

struct config_problem *
config_problem(struct config_problems *problems, struct arena *arena,
    enum config_problem_kind kind, struct span span, const char *format, ...)
{
	struct config_problem *problem = ARENA_NEW(arena,
	    struct config_problem);
	va_list args;

	va_start(args, format);
	problem->what = arena_vprintf(arena, format, args);
	va_end(args);
	problem->kind = kind;
	problem->span = span;
	if (problems->last == NULL)
		problems->first = problem;
	else
		problems->last->next = problem;
	problems->last = problem;
	problems->count++;
	return problem;
}

/* ---- places -------------------------------------------------------------- */

static bool
is_continuation(char byte)
{
	return ((unsigned char)byte & 0xc0) == 0x80;
}

static size_t
byte_at(struct reader *reader, size_t point)
{
	struct str text = reader->source->text;

	while (reader->point < point && reader->byte < text.n) {
		do
			reader->byte++;
		while (reader->byte < text.n &&
		    is_continuation(text.p[reader->byte]));
		reader->point++;
	}
	while (reader->point > point && reader->byte > reader->start) {
		do
			reader->byte--;
		while (reader->byte > reader->start &&
		    is_continuation(text.p[reader->byte]));
		reader->point--;
	}
	return reader->byte;
}

static bool
is_space(char byte)
{
	return byte == ' ' || byte == '\t' || byte == '\r' || byte == '\n';
}

/* What libyaml calls a node often ends with the line end behind it. */
static struct span
span_of(struct reader *reader, const yaml_mark_t *from, const yaml_mark_t *to)
{
	const char *text = reader->source->text.p;
	size_t start = byte_at(reader, from->index);
	size_t end = byte_at(reader, to->index);

	while (end > start && is_space(text[end - 1]))
		end--;
	return (struct span){ reader->source, start, end };
}

/* The word at a place; at the end of the file the last byte of all. */
static struct span
word_at(const struct source *source, size_t start)
{
	struct cursor cursor = { source->text, start };

	if (start >= source->text.n) {
		start = source->text.n;
		while (start > 0 && is_space(source->text.p[start - 1]))
			start--;
		return (struct span){ source, start > 0 ? start - 1 : 0,
		    start };
	}
	cursor_next(&cursor);
	cursor_until(&cursor, STR(" \t\r\n,:[]{}"));
	return (struct span){ source, start, cursor.here };
}

struct span
yaml_place(const struct yaml *node)
{
	if (node->span.start == node->span.end &&
	    node->key_span.source != NULL)
		return node->key_span;
	return node->span;
}

struct span
yaml_part(const struct yaml *node, size_t start, size_t end)
{
	const struct yaml *written = node->anchor_of != NULL ?
	    node->anchor_of : node;
	struct span span = written->span;
	struct str raw = span_text(span);

	if (!written->plain && raw.n >= 2 &&
	    (raw.p[0] == '"' || raw.p[0] == '\'')) {
		span.start++;
		span.end--;
		raw = span_text(span);
	}
	if (node->anchor_of != NULL || !str_equal(raw, node->text))
		return yaml_place(node);
	return (struct span){ span.source, span.start + start,
	    span.start + end };
}

/* ---- broken syntax ------------------------------------------------------- */

/* libyaml's words and ours. */
static const struct wording {
	const char *theirs, *what, *help;
	/* The place that matters is where the construct began. */
	bool began;
} wordings[] = {
	{ "mapping values are not allowed in this context",
	  "a \":\" that begins a value cannot stand here",
	  "indent the line as its neighbours are, and put text that holds "
	  "\": \" in quotes", false },
	{ "could not find expected ':'",
	  "there is no \":\" behind this key", "write \"key: value\"", true },
	{ "did not find expected key",
	  "this does not line up with what stands above it",
	  "indent the keys of a mapping alike, and close quotes and brackets",
	  false },
	{ "did not find expected '-' indicator",
	  "this does not line up with the list above it",
	  "begin each item with \"- \" at the same column", false },
	{ "did not find expected ',' or '}'",
	  "a \",\" or the closing \"}\" is missing before this", NULL, false },
	{ "did not find expected ',' or ']'",
	  "a \",\" or the closing \"]\" is missing before this", NULL, false },
	{ "did not find expected node content",
	  "a value is missing here", NULL, false },
	{ "block sequence entries are not allowed in this context",
	  "a list cannot begin here",
	  "begin it on the line below its key", false },
	{ "mapping keys are not allowed in this context",
	  "a key cannot stand here", NULL, false },
	{ "found unexpected end of stream",
	  "this quote is not closed", NULL, true },
	{ "found unexpected document indicator",
	  "this quote is not closed", NULL, true },
	{ "found unknown escape character",
	  "there is no such escape in double quotes",
	  "use single quotes, where a backslash stands for itself", false },
	{ "found a tab character that violates indentation",
	  "a tab indents this line", "YAML wants spaces", false },
	{ "found a tab character where an indentation space is expected",
	  "a tab indents this line", "YAML wants spaces", false },
	{ "did not find expected <document start>",
	  "something stands behind the end of the configuration", NULL,
	  false },
	{ "control characters are not allowed",
	  "a control character stands here", NULL, false },
	{ "found incompatible YAML document",
	  "the configuration is read as YAML 1.1 or 1.2", NULL, false },
};

/* What cannot begin a value is told by its first byte. */
static struct wording
no_token(int byte)
{
	if (byte == '\t')
		return (struct wording){ NULL, "a tab indents this line",
		    "YAML wants spaces", false };
	return (struct wording){ NULL,
	    "no value begins with this character",
	    "put the value in quotes", false };
}

static struct wording
wording_of(const char *theirs, int byte)
{
	size_t i;

	if (strcmp(theirs, "found character that cannot start any token") == 0)
		return no_token(byte);
	for (i = 0; i < sizeof(wordings) / sizeof(wordings[0]); i++)
		if (strcmp(theirs, wordings[i].theirs) == 0)
			return wordings[i];
	if (strstr(theirs, "UTF-8") != NULL || strstr(theirs, "Unicode"))
		return (struct wording){ NULL,
		    "the file is not UTF-8 from here on",
		    "save it as UTF-8", false };
	return (struct wording){ NULL, theirs, NULL, false };
}

static void
syntax_problem(struct reader *reader)
{
	const yaml_parser_t *parser = reader->parser;
	const char *theirs = parser->problem != NULL ? parser->problem : "";
	bool context = parser->context != NULL &&
	    parser->error != YAML_READER_ERROR;
	struct config_problem *problem;
	struct wording wording;
	struct cursor cursor;
	size_t at, began;

	if (parser->error == YAML_MEMORY_ERROR)
		abort();
	if (parser->error == YAML_READER_ERROR)
		at = reader->start + parser->problem_offset;
	else
		at = byte_at(reader, parser->problem_mark.index);
	began = context ? byte_at(reader, parser->context_mark.index) : at;
	cursor = (struct cursor){ reader->source->text, at };
	if (at > reader->source->text.n)
		cursor.here = reader->source->text.n;
	wording = wording_of(theirs, cursor_peek(&cursor));
	problem = config_problem(reader->problems, reader->arena,
	    CONFIG_SYNTAX, word_at(reader->source, wording.began ? began : at),
	    "%s", wording.what);
	problem->help = str_from(wording.help);
	if (context && !wording.began && began < at) {
		problem->related = word_at(reader->source, began);
		problem->related_what = STR("it began here");
	}
}

/* ---- the tree ------------------------------------------------------------ */

/* False when the syntax is broken. */
static bool
next_event(struct reader *reader, yaml_event_t *event)
{
	if (yaml_parser_parse(reader->parser, event))
		return true;
	syntax_problem(reader);
	return false;
}

static struct yaml *
new_node(struct reader *reader, enum yaml_kind kind, const yaml_event_t *event)
{
	struct yaml *node = ARENA_NEW(reader->arena, struct yaml);

	node->kind = kind;
	node->span = span_of(reader, &event->start_mark, &event->end_mark);
	node->weight = 1;
	reader->nodes++;
	return node;
}

/* Scalars are read as written, so a tag has nothing to say but its kind. */
static void
check_tag(struct reader *reader, const struct yaml *node,
    const yaml_char_t *tag)
{
	static const char *const known[] = {
		"str", "int", "float", "bool", "null", "timestamp", "map",
		"seq", NULL
	};
	const struct str prefix = STR("tag:yaml.org,2002:");
	struct str name = str_from((const char *)tag);
	size_t i;

	if (tag == NULL || str_is(name, "!"))
		return;
	if (str_starts(name, prefix))
		for (i = 0; known[i] != NULL; i++)
			if (str_is(str_after(name, prefix.n), known[i]))
				return;
	config_problem(reader->problems, reader->arena, CONFIG_SYNTAX,
	    node->span, "the tag \"%.*s\" means nothing in a configuration",
	    STR_ARG(name));
}

static bool
reads_as_null(struct str text)
{
	return text.n == 0 || str_is(text, "~") || str_is(text, "null") ||
	    str_is(text, "Null") || str_is(text, "NULL");
}

static struct yaml *
read_scalar(struct reader *reader, const yaml_event_t *event)
{
	struct yaml *node = new_node(reader, YAML_SCALAR, event);
	struct str text = {
		(const char *)event->data.scalar.value,
		event->data.scalar.length
	};

	node->text = arena_copy(reader->arena, text);
	node->plain = event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
	node->null = node->plain && event->data.scalar.plain_implicit &&
	    reads_as_null(text);
	check_tag(reader, node, event->data.scalar.tag);
	return node;
}

/* Room for so many nodes more? */
static bool
afford(struct reader *reader, size_t nodes, struct span span)
{
	reader->nodes += nodes;
	if (reader->nodes <= MAX_NODES)
		return true;
	config_problem(reader->problems, reader->arena, CONFIG_SYNTAX, span,
	    "with its aliases the configuration has more than %d values",
	    (int)MAX_NODES);
	return false;
}

/* Stands for an anchor whose node is not read to its end. */
static struct yaml unfinished;

/* NULL when it cannot be followed at all: then reading ends. */
static struct yaml *
read_alias(struct reader *reader, const yaml_event_t *event)
{
	struct str name = str_from((const char *)event->data.alias.anchor);
	const struct yaml *target = table_find(&reader->anchors, name);
	struct yaml *node = new_node(reader, YAML_SCALAR, event);
	struct span span = node->span;

	if (target == NULL || target == &unfinished) {
		config_problem(reader->problems, reader->arena,
		    CONFIG_UNDEFINED, span, target == NULL ?
		    "no anchor \"&%.*s\" stands before this alias" :
		    "the alias \"*%.*s\" stands inside of what it repeats",
		    STR_ARG(name));
		node->broken = true;
		return node;
	}
	if (!afford(reader, target->weight - 1, span))
		return NULL;
	*node = *target;
	node->span = span;
	node->anchor_of = target;
	node->next = NULL;
	node->key = STR_NONE;
	node->key_span = (struct span){ NULL, 0, 0 };
	return node;
}

static struct yaml *read_node(struct reader *, const yaml_event_t *,
    unsigned depth);

static bool
read_sequence(struct reader *reader, struct yaml *sequence, unsigned depth)
{
	struct yaml **last = &sequence->items, *item = NULL;
	yaml_event_t event;
	bool more = true;

	while (more) {
		if (!next_event(reader, &event))
			return false;
		more = event.type != YAML_SEQUENCE_END_EVENT;
		if (more && (item = read_node(reader, &event, depth)) != NULL) {
			*last = item;
			last = &item->next;
			sequence->count++;
			sequence->span.end = item->span.end;
		} else if (!more && event.start_mark.index !=
		    event.end_mark.index)
			sequence->span.end = byte_at(reader,
			    event.end_mark.index);
		yaml_event_delete(&event);
		if (more && item == NULL)
			return false;
	}
	return true;
}

static struct yaml *
find_entry(const struct entries *entries, struct str key)
{
	struct yaml *item;

	if (entries->mapping->count > FEW_KEYS)
		return table_find(&entries->table, key);
	for (item = entries->mapping->items; item != NULL; item = item->next)
		if (str_equal(item->key, key))
			return item;
	return NULL;
}

static void
append_entry(struct reader *reader, struct entries *entries,
    struct yaml *entry)
{
	struct yaml *item;

	*entries->last = entry;
	entries->last = &entry->next;
	if (++entries->mapping->count == FEW_KEYS + 1)
		for (item = entries->mapping->items; item != NULL;
		    item = item->next)
			table_add(&entries->table, reader->arena, item->key,
			    item);
	else if (entries->mapping->count > FEW_KEYS)
		table_add(&entries->table, reader->arena, entry->key, entry);
}

static void
remember_merge(struct reader *reader, struct entries *entries,
    const struct yaml *from)
{
	struct merge *merge;

	if (from->kind != YAML_MAPPING) {
		config_problem(reader->problems, reader->arena, CONFIG_TYPE,
		    from->span, "only mappings can be merged");
		return;
	}
	merge = ARENA_NEW(reader->arena, struct merge);
	merge->from = from;
	*entries->last_merge = merge;
	entries->last_merge = &merge->next;
}

static void
add_entry(struct reader *reader, struct entries *entries,
    const struct yaml *key, struct yaml *value)
{
	struct config_problem *problem;
	const struct yaml *first, *item;

	value->key = key->text;
	value->key_span = key->span;
	if (key->kind != YAML_SCALAR || key->text.n == 0) {
		config_problem(reader->problems, reader->arena, CONFIG_SYNTAX,
		    key->span.start < key->span.end ? key->span : value->span,
		    "a key must be a word");
		return;
	}
	if (key->plain && str_is(key->text, "<<")) {
		if (value->kind != YAML_SEQUENCE)
			remember_merge(reader, entries, value);
		else for (item = value->items; item != NULL; item = item->next)
			remember_merge(reader, entries, item);
		return;
	}
	first = find_entry(entries, key->text);
	if (first == NULL) {
		append_entry(reader, entries, value);
		return;
	}
	problem = config_problem(reader->problems, reader->arena,
	    CONFIG_DUPLICATE_KEY, key->span,
	    "\"%.*s\" is given twice, and only one can count",
	    STR_ARG(key->text));
	problem->related = first->key_span;
	problem->related_what = STR("given first here");
}

/*
 * What a merge key brings comes last and only where the key is not given:
 * an earlier one wins over a later one (yaml.org/type/merge.html).
 */
static bool
merge_entries(struct reader *reader, struct entries *entries)
{
	const struct merge *merge;
	const struct yaml *item;
	struct yaml *copy;

	for (merge = entries->merges; merge != NULL; merge = merge->next) {
		for (item = merge->from->items; item != NULL;
		    item = item->next) {
			if (find_entry(entries, item->key) != NULL)
				continue;
			if (!afford(reader, item->weight, merge->from->span))
				return false;
			copy = ARENA_NEW(reader->arena, struct yaml);
			*copy = *item;
			copy->next = NULL;
			append_entry(reader, entries, copy);
		}
	}
	return true;
}

static bool
read_mapping(struct reader *reader, struct yaml *mapping, unsigned depth)
{
	struct entries entries = { .mapping = mapping };
	struct yaml *key = NULL, *node = NULL;
	yaml_event_t event;
	bool more = true;

	entries.last = &mapping->items;
	entries.last_merge = &entries.merges;
	while (more) {
		if (!next_event(reader, &event))
			return false;
		more = event.type != YAML_MAPPING_END_EVENT;
		if (more && (node = read_node(reader, &event, depth)) != NULL) {
			if (node->span.end > mapping->span.end)
				mapping->span.end = node->span.end;
			if (key != NULL)
				add_entry(reader, &entries, key, node);
			key = key == NULL ? node : NULL;
		} else if (!more && event.start_mark.index !=
		    event.end_mark.index)
			mapping->span.end = byte_at(reader,
			    event.end_mark.index);
		yaml_event_delete(&event);
		if (more && node == NULL)
			return false;
	}
	return merge_entries(reader, &entries);
}

static struct yaml *
read_collection(struct reader *reader, const yaml_event_t *event,
    unsigned depth)
{
	bool is_mapping = event->type == YAML_MAPPING_START_EVENT;
	struct yaml *node = new_node(reader, is_mapping ? YAML_MAPPING :
	    YAML_SEQUENCE, event);
	size_t before = reader->nodes;
	bool whole;

	check_tag(reader, node, is_mapping ? event->data.mapping_start.tag :
	    event->data.sequence_start.tag);
	if (depth == MAX_DEPTH) {
		config_problem(reader->problems, reader->arena, CONFIG_SYNTAX,
		    word_at(reader->source, node->span.start),
		    "this is nested deeper than %d levels", (int)MAX_DEPTH);
		return NULL;
	}
	whole = is_mapping ? read_mapping(reader, node, depth + 1) :
	    read_sequence(reader, node, depth + 1);
	node->weight += reader->nodes - before;
	return whole ? node : NULL;
}

static const yaml_char_t *
anchor_of(const yaml_event_t *event)
{
	switch (event->type) {
	case YAML_SCALAR_EVENT:
		return event->data.scalar.anchor;
	case YAML_SEQUENCE_START_EVENT:
		return event->data.sequence_start.anchor;
	case YAML_MAPPING_START_EVENT:
		return event->data.mapping_start.anchor;
	default:
		return NULL;
	}
}

/* NULL when reading has to end here; why stands in the problems. */
static struct yaml *
read_node(struct reader *reader, const yaml_event_t *event, unsigned depth)
{
	const yaml_char_t *anchor = anchor_of(event);
	struct yaml *node;
	struct str name = STR_NONE;

	if (event->type == YAML_ALIAS_EVENT)
		return read_alias(reader, event);
	if (anchor != NULL) {
		name = arena_copy(reader->arena,
		    str_from((const char *)anchor));
		table_set(&reader->anchors, reader->arena, name, &unfinished);
	}
	node = event->type == YAML_SCALAR_EVENT ? read_scalar(reader, event) :
	    read_collection(reader, event, depth);
	if (node == NULL || !afford(reader, 0, node->span))
		return NULL;
	if (anchor != NULL)
		table_set(&reader->anchors, reader->arena, name, node);
	return node;
}

/* The first document; a second one is a problem. */
static struct yaml *
read_stream(struct reader *reader)
{
	struct yaml *tree = NULL;
	yaml_event_t event;
	unsigned documents = 0;
	bool more = true, whole = true;

	while (more) {
		if (!next_event(reader, &event))
			return NULL;
		switch (event.type) {
		case YAML_STREAM_END_EVENT:
			more = false;
			break;
		case YAML_DOCUMENT_START_EVENT:
			if (++documents == 1)
				break;
			config_problem(reader->problems, reader->arena,
			    CONFIG_SYNTAX, word_at(reader->source,
			    byte_at(reader, event.start_mark.index)),
			    "a second document begins here, and only the "
			    "first would count");
			more = false;
			break;
		case YAML_STREAM_START_EVENT:
		case YAML_DOCUMENT_END_EVENT:
			break;
		default:
			tree = read_node(reader, &event, 0);
			whole = more = tree != NULL;
		}
		yaml_event_delete(&event);
	}
	return whole ? tree : NULL;
}

struct yaml *
yaml_read(struct arena *arena, const struct source *source,
    struct config_problems *problems)
{
	const struct str mark = STR("\xef\xbb\xbf");	/* byte order mark */
	struct str text = source->text;
	struct reader reader = { .arena = arena, .source = source,
	    .problems = problems };
	yaml_parser_t parser;
	struct yaml *tree;

	if (!yaml_parser_initialize(&parser))
		abort();
	reader.parser = &parser;
	if (str_starts(text, mark))
		reader.start = reader.byte = mark.n;
	yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(&parser,
	    (const unsigned char *)text.p + reader.start,
	    text.n - reader.start);
	tree = read_stream(&reader);
	yaml_parser_delete(&parser);
	return tree;
}

const struct yaml *
yaml_get(const struct yaml *mapping, const char *key)
{
	const struct yaml *item;

	if (mapping == NULL || mapping->kind != YAML_MAPPING)
		return NULL;
	for (item = mapping->items; item != NULL; item = item->next)
		if (str_is(item->key, key))
			return item;
	return NULL;
}
