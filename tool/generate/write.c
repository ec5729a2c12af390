/* Records as master-file text, in a block that can be found again. */
#include "base/arena.h"
#include "base/digest.h"
#include "base/file.h"
#include "generate/generate.h"

enum { OWNER_MIN = 8, OWNER_MAX = 36, COMMENT_GAP = 3, SHORT_PARTS = 2 };

/* Text under construction, and the place that asked for each byte of it. */
struct writer {
	struct buffer text;
	struct arena *arena;
	struct source_map *map;
	size_t count, room;
	enum txt_style style;
	size_t owner_width, ttl_width;
};

/* What is written from now on was asked for here. */
static void
from_here(struct writer *writer, struct span span)
{
	struct source_map *map;
	size_t room = writer->room * 2 + 64, i;

	if (writer->count == writer->room) {
		map = ARENA_ARRAY(writer->arena, room, struct source_map);
		for (i = 0; i < writer->count; i++)
			map[i] = writer->map[i];
		writer->map = map;
		writer->room = room;
	}
	writer->map[writer->count++] = (struct source_map){ writer->text.n,
	    span };
}

/* ---- one record -------------------------------------------------------------------- */

/* A string of the record, where it was asked for, and its comment. */
struct line {
	struct str text;		/* with quotes */
	struct str comment;
	struct span from;
};

static struct str
quoted(struct arena *arena, struct str octets)
{
	struct buffer out = { 0 };

	write_string(&out, octets);
	return buffer_finish(&out, arena);
}

/* How many strings the text may take at most. */
static size_t
most_lines(const struct made *made)
{
	const struct part *part;
	size_t count = 0;

	for (part = made->parts; part != NULL; part = part->next)
		count += part->text.n / 32 + 2;
	return count + made->text.n / 32 + 2;
}

/* One string for each part; a part that is too long takes several. */
static size_t
lines_of_parts(struct arena *arena, const struct made *made,
    struct line *lines)
{
	const struct part *part;
	struct str *strings;
	size_t count = 0, pieces, i;

	for (part = made->parts; part != NULL; part = part->next) {
		strings = text_split(arena, part->text, made->auth, &pieces);
		for (i = 0; i < pieces; i++)
			lines[count++] = (struct line){ quoted(arena,
			    strings[i]), i + 1 == pieces ? part->comment :
			    STR_NONE, part->from };
	}
	return count;
}

/* The part that a byte of the text belongs to. */
static struct span
from_of(const struct made *made, size_t offset)
{
	const struct part *part;
	size_t end = 0;

	for (part = made->parts; part != NULL; part = part->next) {
		end += part->text.n;
		if (offset < end)
			return part->from;
	}
	return made->from;
}

/*
 * DMARC: the policy on one line, where reports go on the next ones, which is
 * what people look for.
 */
static bool
starts_line(const struct part *part)
{
	return str_starts(part->text, STR("; rua=")) ||
	    str_starts(part->text, STR("; ruf="));
}

static size_t
lines_of_dmarc(struct arena *arena, const struct made *made,
    struct line *lines)
{
	const struct part *part, *next;
	struct buffer line = { 0 };
	struct str text, *strings;
	size_t count = 0, pieces, i, start = 0, length = 0;

	for (part = made->parts; part != NULL; part = next) {
		next = part->next;
		/* ";" ends a line, the blank behind it starts the next. */
		text = line.n == 0 && count > 0 ? str_after(part->text, 1) :
		    part->text;
		buffer_add(&line, text);
		length += part->text.n;
		if (next != NULL && !starts_line(next))
			continue;
		if (next != NULL)
			buffer_add_byte(&line, ';');
		strings = text_split(arena, buffer_finish(&line, arena),
		    made->auth, &pieces);
		for (i = 0; i < pieces; i++)
			lines[count++] = (struct line){ quoted(arena,
			    strings[i]), STR_NONE, from_of(made, start) };
		start = length;
	}
	return count;
}

/* Everything else is cut where it must be. */
static size_t
lines_of_text(struct arena *arena, const struct made *made,
    struct line *lines)
{
	struct str *strings;
	size_t count, i, offset = 0;

	strings = text_split(arena, made->text, made->auth, &count);
	for (i = 0; i < count; i++) {
		lines[i] = (struct line){ quoted(arena, strings[i]),
		    STR_NONE, from_of(made, offset) };
		offset += strings[i].n;
	}
	return count;
}

static size_t
count_parts(const struct made *made)
{
	const struct part *part;
	size_t count = 0;

	for (part = made->parts; part != NULL; part = part->next)
		count++;
	return count;
}

static size_t
lines_of(const struct writer *writer, const struct made *made,
    struct line *lines)
{
	if (writer->style == TXT_LINE)
		return lines_of_text(writer->arena, made, lines);
	/* "v=spf1 -all" is read at a glance. */
	if (made->auth == AUTH_SPF && count_parts(made) > SHORT_PARTS)
		return lines_of_parts(writer->arena, made, lines);
	if (made->auth == AUTH_DMARC)
		return lines_of_dmarc(writer->arena, made, lines);
	return lines_of_text(writer->arena, made, lines);
}

static void
write_owner(struct writer *writer, const struct made *made)
{
	size_t start;

	from_here(writer, made->from);
	start = writer->text.n;
	buffer_add(&writer->text, made->owner);
	buffer_add_byte(&writer->text, '.');
	if (writer->text.n - start < writer->owner_width)
		buffer_add_repeated(&writer->text, ' ', writer->owner_width -
		    (writer->text.n - start));
	buffer_printf(&writer->text, "  %*u IN %.*s ",
	    (int)writer->ttl_width, (unsigned)made->ttl,
	    STR_ARG(rrtype_name(writer->arena, made->type)));
}

static void
write_comment(struct writer *writer, const struct line *line, size_t width)
{
	struct cursor in = { line->comment, 0 };
	int byte;

	if (line->comment.p == NULL)
		return;
	buffer_add_repeated(&writer->text, ' ',
	    width - line->text.n + COMMENT_GAP);
	buffer_add_cstr(&writer->text, "; ");
	/* Nothing that a comment says may start another line. */
	while ((byte = cursor_next(&in)) != END)
		buffer_add_byte(&writer->text,
		    byte < 0x20 || byte == 0x7f ? '?' : byte);
}

/* "( ... )" over several lines, each under the first. */
static void
write_lines(struct writer *writer, const struct line *lines, size_t count,
    size_t column)
{
	size_t i, width = 0;

	for (i = 0; i < count; i++)
		if (lines[i].comment.p != NULL && lines[i].text.n > width)
			width = lines[i].text.n;
	buffer_add_cstr(&writer->text, "( ");
	for (i = 0; i < count; i++) {
		if (i > 0)
			buffer_add_repeated(&writer->text, ' ', column + 2);
		from_here(writer, lines[i].from);
		buffer_add(&writer->text, lines[i].text);
		if (i + 1 == count) {
			if (lines[i].comment.p != NULL) {
				write_comment(writer, &lines[i], width);
				buffer_add_byte(&writer->text, '\n');
				buffer_add_repeated(&writer->text, ' ',
				    column);
			} else
				buffer_add_byte(&writer->text, ' ');
			buffer_add_cstr(&writer->text, ")\n");
			return;
		}
		write_comment(writer, &lines[i], width);
		buffer_add_byte(&writer->text, '\n');
	}
}

static void
write_text_record(struct writer *writer, const struct made *made,
    size_t column)
{
	struct line *lines = ARENA_ARRAY(writer->arena, most_lines(made),
	    struct line);
	size_t count = lines_of(writer, made, lines), i;

	if (count > 1 && writer->style == TXT_TERMS) {
		write_lines(writer, lines, count, column);
		return;
	}
	for (i = 0; i < count; i++) {
		from_here(writer, lines[i].from);
		buffer_add(&writer->text, lines[i].text);
		buffer_add_byte(&writer->text, i + 1 == count ? '\n' : ' ');
	}
}

static void
write_record(struct writer *writer, const struct made *made)
{
	size_t start = writer->text.n;

	write_owner(writer, made);
	if (made->type == RR_TXT && made->parts != NULL)
		write_text_record(writer, made, writer->text.n - start);
	else {
		buffer_add(&writer->text, made->value);
		buffer_add_byte(&writer->text, '\n');
	}
}

/* ---- the block ---------------------------------------------------------------------- */

static void
measure(struct writer *writer, const struct made *made)
{
	size_t digits;

	writer->owner_width = OWNER_MIN;
	writer->ttl_width = 1;
	for (; made != NULL; made = made->next) {
		if (made->owner.n + 1 > writer->owner_width &&
		    made->owner.n + 1 <= OWNER_MAX)
			writer->owner_width = made->owner.n + 1;
		digits = arena_printf(writer->arena, "%u",
		    (unsigned)made->ttl).n;
		if (digits > writer->ttl_width)
			writer->ttl_width = digits;
	}
}

struct str
block_hash(struct arena *arena, struct str between)
{
	return str_slice(digest_sha256(arena, between), 0, 16);
}

void
block_write(struct buffer *out, struct arena *arena,
    const struct made_zone *zone, enum txt_style style, struct str config,
    struct source *place)
{
	struct writer writer = { .arena = arena, .style = style };
	struct str name = name_show(zone->name), between;
	const struct made *made;
	size_t start, i;

	measure(&writer, zone->records);
	buffer_printf(&writer.text, "; made from %.*s; edit that file, then "
	    "run: mailzone generate --in-place\n", STR_ARG(path_name(config)));
	for (made = zone->records; made != NULL; made = made->next)
		write_record(&writer, made);
	between = buffer_finish(&writer.text, arena);
	buffer_printf(out, "; BEGIN mailzone %.*s sha256:%.*s\n",
	    STR_ARG(name), STR_ARG(block_hash(arena, between)));
	start = out->n;
	buffer_add(out, between);
	buffer_printf(out, "; END mailzone %.*s\n", STR_ARG(name));
	if (place == NULL)
		return;
	for (i = 0; i < writer.count; i++)
		writer.map[i].text += start;
	place->map = writer.map;
	place->map_length = writer.count;
}
