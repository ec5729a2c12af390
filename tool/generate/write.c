/* Records as master-file text, in a block that can be found again. */
#include "base/arena.h"
#include "generate/generate.h"

/* Amazon SES has selectors of 32 characters. */
enum { OWNER_MIN = 8, OWNER_MAX = 44, COMMENT_GAP = 3 };

/* Text under construction, and the place that asked for each byte of it. */
struct writer {
	struct buffer text;
	struct arena *arena;
	struct source_map_row *rows;
	size_t count, room;
	const struct block_style *style;
	struct str zone;
	size_t owner_width, ttl_width;
};

/* What is written from now on was asked for here. */
static void
from_here(struct writer *writer, struct span span)
{
	struct source_map_row *rows;
	size_t room = writer->room * 2 + 64, i;

	if (writer->count == writer->room) {
		rows = ARENA_ARRAY(writer->arena, room, struct source_map_row);
		for (i = 0; i < writer->count; i++)
			rows[i] = writer->rows[i];
		writer->rows = rows;
		writer->room = room;
	}
	writer->rows[writer->count++] = (struct source_map_row){ writer->text.n,
	    span };
}

/* ---- strings ------------------------------------------------------------- */

/* A string of the record: bytes start to end of its text. */
struct line {
	size_t start, end;
	struct str comment;
	size_t width;			/* as written, with quotes */
};

struct lines {
	struct line *lines;
	size_t count;
};

static size_t
width_of(struct str octets)
{
	struct buffer quoted = { 0 };
	size_t width;

	write_string(&quoted, octets);
	width = quoted.n;
	buffer_free(&quoted);
	return width;
}

/* Bytes start to end, as several strings when they are too many for one. */
static void
add_lines(struct writer *writer, struct lines *lines,
    const struct made *made, size_t start, size_t end, struct str comment)
{
	struct str *strings;
	size_t count, i;

	strings = text_split(writer->arena, str_slice(made->text, start, end),
	    made->auth, &count);
	for (i = 0; i < count; i++) {
		lines->lines[lines->count++] = (struct line){ start,
		    start + strings[i].n, i + 1 == count ? comment :
		    STR_NONE, width_of(strings[i]) };
		start += strings[i].n;
	}
}

/*
 * Where the next line begins, for people to read: each term of SPF on its
 * own; of DMARC the policy on one line, where reports go on the next ones.
 * A semicolon ends a line, the blank behind it starts the next.
 */
static bool
starts_line(const struct made *made, const struct part *part, size_t *start)
{
	/* "v=spf1 -all" is read at a glance. */
	if (made->auth == AUTH_SPF)
		return made->parts->next != made->last_part;
	if (made->auth != AUTH_DMARC ||
	    (!str_starts(part->text, STR("; rua=")) &&
	    !str_starts(part->text, STR("; ruf="))))
		return false;
	(*start)++;
	return true;
}

/* How many strings there may be at most. */
static size_t
most_lines(const struct made *made)
{
	const struct part *part;
	size_t count = 0;

	for (part = made->parts; part != NULL; part = part->next)
		count += part->text.n / (STRING_MAX / 2) + 2;
	return count + made->text.n / (STRING_MAX / 2) + 2;
}

static struct lines
lines_of(struct writer *writer, const struct made *made)
{
	struct lines lines = { ARENA_ARRAY(writer->arena, most_lines(made),
	    struct line), 0 };
	struct str comment = made->parts->comment;
	const struct part *part;
	size_t start = 0, here = 0, border;

	for (part = made->parts;
	    writer->style->txt == TXT_TERMS && part != NULL;
	    here += part->text.n, part = part->next) {
		border = here;
		if (here == 0 || !starts_line(made, part, &border))
			continue;
		add_lines(writer, &lines, made, start, border, comment);
		start = border;
		comment = part->comment;
	}
	add_lines(writer, &lines, made, start, made->text.n,
	    writer->style->txt == TXT_TERMS ? comment : STR_NONE);
	return lines;
}

/* Octets of a string, escaped, without the quotes. */
static void
write_octets(struct writer *writer, struct str octets)
{
	struct buffer quoted = { 0 };

	write_string(&quoted, octets);
	buffer_add(&writer->text, str_slice(buffer_str(&quoted), 1,
	    quoted.n - 1));
	buffer_free(&quoted);
}

/* One string; each part of it was asked for where the part was. */
static void
write_line(struct writer *writer, const struct made *made,
    const struct line *line)
{
	size_t start = 0, end, from, to;
	const struct part *part;

	buffer_add_byte(&writer->text, '"');
	for (part = made->parts; part != NULL && start < line->end;
	    part = part->next, start = end) {
		end = start + part->text.n;
		from = start > line->start ? start : line->start;
		to = end < line->end ? end : line->end;
		if (from >= to)
			continue;
		from_here(writer, part->from);
		write_octets(writer, str_slice(made->text, from, to));
	}
	buffer_add_byte(&writer->text, '"');
}

/* ---- one record ---------------------------------------------------------- */

/* "_dmarc.example.com.", or as seen from the zone "_dmarc" and "@". */
static struct str
owner_written(const struct writer *writer, const struct made *made)
{
	struct str name;

	if (!writer->style->relative)
		return arena_printf(writer->arena, "%.*s.",
		    STR_ARG(made->owner));
	name = name_relative(made->owner, writer->zone);
	return name.n == 0 ? STR("@") : name;
}

static void
write_owner(struct writer *writer, const struct made *made)
{
	size_t start;

	from_here(writer, made->from);
	start = writer->text.n;
	buffer_add(&writer->text, owner_written(writer, made));
	if (writer->text.n - start < writer->owner_width)
		buffer_add_repeated(&writer->text, ' ', writer->owner_width -
		    (writer->text.n - start));
	buffer_printf(&writer->text, "  %*u IN ", (int)writer->ttl_width,
	    (unsigned)made->ttl);
	/* What is kept and cannot be read names its type itself. */
	if (made->type != 0)
		buffer_printf(&writer->text, "%.*s ",
		    STR_ARG(rrtype_name(writer->arena, made->type)));
}

/* For people; nothing that it says may start another line. */
static void
write_comment(struct writer *writer, struct str comment)
{
	struct cursor in = { comment, 0 };
	int byte;

	buffer_add_cstr(&writer->text, "; ");
	while ((byte = cursor_next(&in)) != END)
		buffer_add_byte(&writer->text,
		    byte < 0x20 || byte == 0x7f ? '?' : byte);
}

/* Comments stand under each other, behind the widest string. */
static size_t
comment_column(const struct lines *lines)
{
	size_t width = 0, i;

	for (i = 0; i < lines->count; i++)
		if (lines->lines[i].comment.p != NULL &&
		    lines->lines[i].width > width)
			width = lines->lines[i].width;
	return width;
}

/* "( ... )" over several lines, each under the first. */
static void
write_lines(struct writer *writer, const struct made *made,
    const struct lines *lines, size_t column)
{
	size_t width = comment_column(lines), i;
	const struct line *line;

	buffer_add_cstr(&writer->text, "( ");
	for (i = 0; i < lines->count; i++) {
		line = &lines->lines[i];
		if (i > 0)
			buffer_add_repeated(&writer->text, ' ', column + 2);
		write_line(writer, made, line);
		if (line->comment.p != NULL) {
			buffer_add_repeated(&writer->text, ' ',
			    width - line->width + COMMENT_GAP);
			write_comment(writer, line->comment);
		}
		if (i + 1 < lines->count)
			buffer_add_byte(&writer->text, '\n');
		else if (line->comment.p != NULL) {
			buffer_add_byte(&writer->text, '\n');
			buffer_add_repeated(&writer->text, ' ', column);
		} else
			buffer_add_byte(&writer->text, ' ');
	}
	buffer_add_cstr(&writer->text, ")\n");
}

static void
write_text_record(struct writer *writer, const struct made *made,
    size_t column)
{
	struct lines lines = lines_of(writer, made);
	size_t i;

	if (lines.count > 1 && writer->style->txt == TXT_TERMS) {
		write_lines(writer, made, &lines, column);
		return;
	}
	for (i = 0; i < lines.count; i++) {
		write_line(writer, made, &lines.lines[i]);
		buffer_add_byte(&writer->text, i + 1 == lines.count ? '\n' :
		    ' ');
	}
}

static void
write_record(struct writer *writer, const struct made *made)
{
	size_t start = writer->text.n;

	write_owner(writer, made);
	if (made->parts != NULL)
		write_text_record(writer, made, writer->text.n - start);
	else {
		buffer_add(&writer->text, made->value);
		buffer_add_byte(&writer->text, '\n');
	}
}

/* ---- the block ----------------------------------------------------------- */

#define MADE_FROM	"; made from "
#define EDIT_THAT	"; edit that file"

struct str
block_config(struct str text, const struct block *block)
{
	struct str line = str_slice(text, block->start, block->end);
	struct cursor in;

	line = str_after(line, str_find(line, '\n') + 1);
	line.n = str_find(line, '\n');
	in = (struct cursor){ line, 0 };
	return cursor_accept_str(&in, STR(MADE_FROM)) ? str_slice(line, in.here,
	    str_find_str(line, STR(EDIT_THAT))) : STR_NONE;
}

/* A name that is longer before the zone's than others stands out. */
static void
measure(struct writer *writer, const struct made *made)
{
	size_t digits, width, most = OWNER_MAX +
	    (writer->style->relative ? 0 : writer->zone.n + 2);

	writer->owner_width = OWNER_MIN;
	writer->ttl_width = 1;
	for (; made != NULL; made = made->next) {
		width = owner_written(writer, made).n;
		if (width > writer->owner_width && width <= most)
			writer->owner_width = width;
		digits = arena_printf(writer->arena, "%u",
		    (unsigned)made->ttl).n;
		if (digits > writer->ttl_width)
			writer->ttl_width = digits;
	}
}

void
records_write(struct buffer *out, struct arena *arena,
    const struct made_zone *zone, const struct block_style *style)
{
	struct writer writer = { .arena = arena, .style = style,
	    .zone = zone->name };
	const struct made *made;

	measure(&writer, zone->records);
	for (made = zone->records; made != NULL; made = made->next)
		write_record(&writer, made);
	buffer_add(out, buffer_str(&writer.text));
	buffer_free(&writer.text);
}

/* The map of places, as long as it is, for the text from start on. */
static void
keep_map(const struct writer *writer, struct arena *arena, size_t start,
    struct source_map *places)
{
	struct source_map_row *rows = ARENA_ARRAY(arena, writer->count + 1,
	    struct source_map_row);
	size_t i;

	for (i = 0; i < writer->count; i++) {
		rows[i] = writer->rows[i];
		rows[i].text += start;
	}
	*places = (struct source_map){ rows, writer->count };
}

void
block_write(struct buffer *out, struct arena *arena,
    const struct made_zone *zone, const struct block_style *style,
    struct source_map *places)
{
	struct arena *own = arena_new();
	struct writer writer = { .arena = own, .style = style,
	    .zone = zone->name };
	struct str name = name_show(style->name.p != NULL ? style->name :
	    zone->name), hash;
	const struct made *made;

	measure(&writer, zone->records);
	buffer_printf(&writer.text, MADE_FROM "%.*s" EDIT_THAT ", then run: "
	    "mailzone generate %s\n", STR_ARG(style->config),
	    style->snippet ? "-o, with this folder" : "--in-place");
	for (made = zone->records; made != NULL; made = made->next)
		write_record(&writer, made);
	hash = block_hash(own, buffer_str(&writer.text));
	buffer_printf(out, "; BEGIN mailzone %.*s sha256:%.*s\n",
	    STR_ARG(name), STR_ARG(hash));
	if (places != NULL)
		keep_map(&writer, arena, out->n, places);
	buffer_add(out, buffer_str(&writer.text));
	buffer_printf(out, "; END mailzone %.*s\n", STR_ARG(name));
	buffer_free(&writer.text);
	arena_free(own);
}

struct str
block_text(struct arena *arena, const struct made_zone *zone,
    const struct block_style *style)
{
	struct buffer text = { 0 };

	block_write(&text, arena, zone, style, NULL);
	return buffer_finish(&text, arena);
}
