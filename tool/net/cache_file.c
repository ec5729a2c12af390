/*
 * The DNS cache file, made anew out of answers: one line for each value,
 * sorted, so that a difference between two of them can be reviewed.
 */
#include <stdlib.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "net/remembered.h"

/* ---- lines --------------------------------------------------------------- */

/* "NAME. TTL IN TYPE VALUE" becomes "NAME TYPE TTL DATE VALUE". */
static void
write_line(struct buffer *out, struct str name, struct str record,
    struct str date)
{
	struct cursor in = { record, 0 };
	struct str ttl, type;

	cursor_until(&in, STR(" "));
	cursor_next(&in);
	ttl = cursor_until(&in, STR(" "));
	cursor_accept_str(&in, STR(" IN "));
	type = cursor_until(&in, STR(" "));
	cursor_next(&in);
	buffer_printf(out, "%.*s %.*s %.*s %.*s ", STR_ARG(name_show(name)),
	    STR_ARG(type), STR_ARG(ttl), STR_ARG(date));
	buffer_add(out, cursor_rest(&in));
	buffer_add_byte(out, '\n');
}

void
remembered_write(struct buffer *out, struct arena *arena, day today,
    const struct remembered *known)
{
	struct str rest = known->reply.text, record;
	struct str date = date_print(arena, today);

	if (known->reply.kind == REPLY_DATA) {
		while (str_split(&rest, '\n', &record))
			if (record.n > 0)
				write_line(out, known->name, record, date);
	} else if (known->reply.kind < REPLY_FAILED)
		buffer_printf(out, "%.*s %.*s - %.*s %s\n",
		    STR_ARG(name_show(known->name)),
		    STR_ARG(rrtype_name(arena, known->type)), STR_ARG(date),
		    known->reply.kind == REPLY_NXDOMAIN ? "NXDOMAIN" :
		    "NODATA");
}

/* ---- what the file held before ------------------------------------------- */

/* "NAME TYPE TTL DATE VALUE" in its words. */
struct words_of_line {
	struct str name, type, ttl, date, value;
};

static struct words_of_line
split(struct str line)
{
	struct cursor in = { str_trim(line), 0 };
	struct words_of_line words;
	struct str *parts[] = { &words.name, &words.type, &words.ttl,
	    &words.date };
	size_t i;

	for (i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		*parts[i] = cursor_until(&in, STR(" \t"));
		cursor_while(&in, STR(" \t"));
	}
	words.value = cursor_rest(&in);
	return words;
}

struct writing {
	struct arena *arena;
	const struct resolver *resolver;
	const struct dns_cache *old;	/* may be NULL */
	struct table old_ttls;		/* "NAME TYPE VALUE" to its TTL */
	struct str *lines;
	size_t count, room;
};

static struct str
key_of(struct arena *arena, const struct words_of_line *words)
{
	return arena_printf(arena, "%.*s %.*s %.*s", STR_ARG(words->name),
	    STR_ARG(words->type), STR_ARG(words->value));
}

static void
note_old_ttls(struct writing *writing)
{
	struct words_of_line words;
	struct str *ttl;
	size_t i;

	for (i = 0; writing->old != NULL && i < writing->old->count; i++) {
		words = split(span_text(writing->old->lines[i].span));
		ttl = ARENA_NEW(writing->arena, struct str);
		*ttl = words.ttl;
		table_add(&writing->old_ttls, writing->arena,
		    key_of(writing->arena, &words), ttl);
	}
}

/* ---- the new lines ------------------------------------------------------- */

static void
add(struct writing *writing, struct str line)
{
	struct str *larger;
	size_t i;

	if (writing->count == writing->room) {
		writing->room = writing->room * 2 + 64;
		larger = ARENA_ARRAY(writing->arena, writing->room,
		    struct str);
		for (i = 0; i < writing->count; i++)
			larger[i] = writing->lines[i];
		writing->lines = larger;
	}
	writing->lines[writing->count++] = line;
}

/*
 * Resolvers count TTLs down: of a value that has not changed, the longest one
 * that was seen is nearest to what the zone says, and it stays.
 */
static struct str
with_longest_ttl(struct writing *writing, struct str line)
{
	struct words_of_line words = split(line);
	const struct str *old = table_find(&writing->old_ttls,
	    key_of(writing->arena, &words));
	uint64_t before, now;

	if (old == NULL || !str_number(*old, INT32_MAX, &before) ||
	    !str_number(words.ttl, INT32_MAX, &now) || before <= now)
		return line;
	return arena_printf(writing->arena, "%.*s %.*s %.*s %.*s %.*s",
	    STR_ARG(words.name), STR_ARG(words.type), STR_ARG(*old),
	    STR_ARG(words.date), STR_ARG(words.value));
}

/* What nobody answers today stays as it was, with its date. */
static void
keep_old(struct writing *writing, const struct remembered *known)
{
	const struct dns_cache_line *line;
	size_t i;

	for (i = 0; writing->old != NULL && i < writing->old->count; i++) {
		line = &writing->old->lines[i];
		if (str_equal(line->name, known->name) &&
		    (line->type == known->type || line->type == RR_CNAME))
			add(writing, str_trim(span_text(line->span)));
	}
}

static void
add_answer(struct writing *writing, const struct remembered *known)
{
	struct buffer text = { 0 };
	struct str rest, line;

	remembered_write(&text, writing->arena, writing->resolver->today,
	    known);
	rest = buffer_finish(&text, writing->arena);
	while (rest.n > 0 && str_split(&rest, '\n', &line))
		if (line.n > 0)
			add(writing, with_longest_ttl(writing, line));
	if (known->reply.kind >= REPLY_FAILED)
		keep_old(writing, known);
}

static int
compare_lines(const void *a, const void *b)
{
	const struct str *x = a, *y = b;

	return str_compare(*x, *y);
}

/* Comments at the start of the file are what people wrote there. */
static void
write_heading(struct buffer *out, const struct dns_cache *old)
{
	struct str rest = old == NULL ? STR("") : old->source->text, line;

	while (rest.n > 0 && rest.p[0] == '#' &&
	    str_split(&rest, '\n', &line)) {
		buffer_add(out, line);
		buffer_add_byte(out, '\n');
	}
}

static struct str
line_of_open(struct arena *arena, const struct remembered *known)
{
	return arena_printf(arena, "%.*s %.*s: %.*s\n",
	    STR_ARG(name_show(known->name)), STR_ARG(rrtype_name(arena,
	    known->type)), STR_ARG(known->reply.why));
}

/* In an order of their own: threads ask in whatever order. */
static size_t
write_open(struct writing *writing, struct buffer *open)
{
	const struct remembered *known;
	struct str *lines;
	size_t count = 0, i;

	for (known = writing->resolver->first; known != NULL;
	    known = known->next)
		count += known->reply.kind >= REPLY_FAILED;
	lines = ARENA_ARRAY(writing->arena, count + 1, struct str);
	count = 0;
	for (known = writing->resolver->first; known != NULL;
	    known = known->next)
		if (known->reply.kind >= REPLY_FAILED)
			lines[count++] = line_of_open(writing->arena, known);
	qsort(lines, count, sizeof(*lines), compare_lines);
	for (i = 0; i < count; i++)
		buffer_add(open, lines[i]);
	return count;
}

size_t
resolver_write_cache(struct resolver *resolver, const struct dns_cache *old,
    struct buffer *out, struct buffer *open)
{
	struct writing writing = { .arena = arena_new(),
	    .resolver = resolver, .old = old };
	const struct remembered *known;
	size_t failed, i;

	note_old_ttls(&writing);
	for (known = resolver->first; known != NULL; known = known->next)
		add_answer(&writing, known);
	failed = write_open(&writing, open);
	if (writing.count > 0)
		qsort(writing.lines, writing.count, sizeof(*writing.lines),
		    compare_lines);
	write_heading(out, old);
	for (i = 0; i < writing.count; i++) {
		if (i > 0 && str_equal(writing.lines[i],
		    writing.lines[i - 1]))
			continue;
		buffer_add(out, writing.lines[i]);
		buffer_add_byte(out, '\n');
	}
	arena_free(writing.arena);
	return failed;
}
