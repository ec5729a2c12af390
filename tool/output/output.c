#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "output/output.h"

const struct format *const formats[] = {
	&format_text, &format_concise, &format_json, &format_ndjson,
	&format_sarif, &format_github, &format_gitlab, &format_junit,
	&format_checkstyle, &format_rdjsonl, &format_markdown, NULL
};

const struct format *
format_find(struct str name)
{
	size_t i;

	for (i = 0; formats[i] != NULL; i++)
		if (str_is(name, formats[i]->name))
			return formats[i];
	return NULL;
}

/* ---- facts --------------------------------------------------------------- */

bool
zone_facts_same(const struct zone_facts *a, const struct zone_facts *b)
{
	const struct zone_standing *x = &a->standing, *y = &b->standing;

	return a->records == b->records && a->dkim == b->dkim &&
	    a->errors == b->errors && a->warnings == b->warnings &&
	    a->notes == b->notes && x->spf == y->spf &&
	    x->lookups_min == y->lookups_min &&
	    x->lookups_max == y->lookups_max && x->voids == y->voids &&
	    memcmp(x->dmarc, y->dmarc, sizeof(x->dmarc)) == 0;
}

uint32_t
zone_facts_hash(const struct zone_facts *facts)
{
	const struct zone_standing *standing = &facts->standing;
	const size_t parts[] = {
		standing->spf == NULL ? 0 : (unsigned char)*standing->spf,
		standing->lookups_min, standing->lookups_max, standing->voids,
		standing->dmarc[MODEL_7489], standing->dmarc[MODEL_9989],
		facts->records, facts->dkim, facts->errors, facts->warnings,
		facts->notes
	};
	uint64_t sum = 0;
	size_t i;

	for (i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
		sum = sum * 31 + parts[i];
	return (uint32_t)(sum * 0x9e3779b97f4a7c15 >> 32);
}

/* ---- bytes from strangers ------------------------------------------------ */

/*
 * Reads one UTF-8 sequence; false leaves the cursor where it is. Overlong
 * forms and surrogates are refused.
 */
static bool
read_character(struct cursor *in, uint32_t *character)
{
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	int first = cursor_peek(in), next;
	size_t length = first < 0x80 ? 1 : first < 0xc2 ? 0 :
	    first < 0xe0 ? 2 : first < 0xf0 ? 3 : first < 0xf5 ? 4 : 0;
	size_t i;

	if (length == 0)
		return false;
	*character = (uint32_t)first;
	if (length > 1)
		*character &= 0xffU >> (length + 1);
	for (i = 1; i < length; i++) {
		next = cursor_peek_at(in, i);
		if (next == END || (next & 0xc0) != 0x80)
			return false;
		*character = *character << 6 | (uint32_t)(next & 0x3f);
	}
	if (*character < least[length] || *character > 0x10ffff ||
	    (*character >= 0xd800 && *character <= 0xdfff))
		return false;
	in->here += length;
	return true;
}

/* Characters that could rule a terminal, or turn text around. */
static bool
is_dangerous(uint32_t character)
{
	return character < 0x20 || (character >= 0x7f && character < 0xa0) ||
	    character == 0x61c || character == 0xfeff ||
	    (character >= 0x200b && character <= 0x200f) ||
	    (character >= 0x2028 && character <= 0x202e) ||
	    (character >= 0x2060 && character <= 0x206f) ||
	    character == 0xfffe || character == 0xffff;
}

/* One character as it is shown; returns how many columns that takes. */
static size_t
write_character(struct buffer *out, struct cursor *in)
{
	size_t start = in->here, written = out->n;
	uint32_t character;

	if (!read_character(in, &character)) {
		buffer_printf(out, "\\x%02x", (unsigned)cursor_next(in));
		return out->n - written;
	}
	if (!is_dangerous(character)) {
		buffer_add(out, str_slice(in->text, start, in->here));
		return 1;
	}
	if (character < 0x100)
		buffer_printf(out, "\\x%02x", (unsigned)character);
	else
		buffer_printf(out, "\\u%04x", (unsigned)character);
	return out->n - written;
}

void
write_shown(struct buffer *out, struct str text)
{
	struct cursor in = { text, 0 };

	while (cursor_peek(&in) != END)
		write_character(out, &in);
}

void
write_xml(struct buffer *out, struct str text)
{
	static const char *const entities[128] = {
		['&'] = "&amp;", ['<'] = "&lt;", ['>'] = "&gt;",
		['"'] = "&quot;",
	};
	struct buffer shown = { 0 };
	unsigned char byte;
	size_t i;

	write_shown(&shown, text);
	for (i = 0; i < shown.n; i++) {
		byte = (unsigned char)shown.p[i];
		if (byte < 128 && entities[byte] != NULL)
			buffer_add_cstr(out, entities[byte]);
		else
			buffer_add_byte(out, byte);
	}
	buffer_free(&shown);
}

void
write_group(struct output *output, const char *element, struct str path)
{
	if (output->group.p != NULL && str_equal(output->group, path))
		return;
	if (output->group.p != NULL)
		buffer_printf(output->out, "  </%s>\n", element);
	output->group = path;
	if (path.p == NULL)
		return;
	buffer_printf(output->out, "  <%s name=\"", element);
	write_xml(output->out, path);
	buffer_add_cstr(output->out, "\">\n");
}

size_t
place_characters(const struct place *place)
{
	struct str line = place_line(place);
	size_t column = 1, i;

	for (i = 0; i + 1 < place->column && i < line.n; i++)
		column += ((unsigned char)line.p[i] & 0xc0) != 0x80;
	return column;
}

/* ---- paragraphs ---------------------------------------------------------- */

enum { LINE_WIDTH = 79 };

void
write_wrapped(struct buffer *out, struct str text, size_t column,
    size_t indent)
{
	struct str word;

	while (str_split(&text, ' ', &word)) {
		if (column > indent && column + 1 + word.n > LINE_WIDTH) {
			buffer_add_byte(out, '\n');
			buffer_add_repeated(out, ' ', indent);
			column = indent;
		} else if (column > indent) {
			buffer_add_byte(out, ' ');
			column++;
		}
		buffer_add(out, word);
		column += word.n;
	}
	buffer_add_byte(out, '\n');
}

/* ---- excerpts ------------------------------------------------------------ */

enum { EXCERPT_BYTES = 200, EXCERPT_BEFORE = 60 };

static const char color_mark[] = "\033[1;31m", color_frame[] = "\033[1;34m",
    color_end[] = "\033[0m";

static void
paint(struct output *output, const char *color)
{
	if (output->color)
		buffer_add_cstr(output->out, color);
}

/* "   |" or " 8 |", as wide as the number. */
static void
write_margin(struct output *output, size_t width, size_t number)
{
	paint(output, color_frame);
	if (number == 0)
		buffer_printf(output->out, " %*s |", (int)width, "");
	else
		buffer_printf(output->out, " %*zu |", (int)width, number);
	paint(output, color_end);
}

/* Writes text with tabs as blanks; columns of it are returned. */
static size_t
write_columns(struct buffer *out, struct str text)
{
	struct cursor in = { text, 0 };
	size_t columns = 0;

	while (cursor_peek(&in) != END) {
		if (cursor_accept(&in, '\t')) {
			buffer_add_byte(out, ' ');
			columns++;
		} else
			columns += write_character(out, &in);
	}
	return columns;
}

/* A long line is cut so that the marked part can be seen. */
static struct str
cut_line(struct str line, size_t *from, size_t *to)
{
	size_t start = 0;

	if (line.n <= EXCERPT_BYTES)
		return line;
	if (*from > EXCERPT_BEFORE)
		start = *from - EXCERPT_BEFORE;
	line = str_slice(line, start, start + EXCERPT_BYTES);
	*from -= start;
	*to = *to - start < line.n ? *to - start : line.n;
	return line;
}

void
write_excerpt(struct output *output, struct span span,
    const struct place *start, int mark)
{
	size_t from = start->column - 1, to = from + (span.end - span.start);
	size_t width = (size_t)snprintf(NULL, 0, "%zu", start->line), before;
	struct str line = place_line(start);

	if (to > line.n)
		to = line.n;
	if (from > to)
		from = to;
	line = cut_line(line, &from, &to);
	write_margin(output, width, 0);
	buffer_add_byte(output->out, '\n');
	write_margin(output, width, start->line);
	buffer_add_byte(output->out, ' ');
	before = write_columns(output->out, str_slice(line, 0, from));
	width = write_columns(output->out, str_slice(line, from, to));
	write_columns(output->out, str_after(line, to));
	buffer_add_byte(output->out, '\n');
	write_margin(output, (size_t)snprintf(NULL, 0, "%zu", start->line), 0);
	buffer_add_repeated(output->out, ' ', before + 1);
	paint(output, color_mark);
	buffer_add_repeated(output->out, mark, width == 0 ? 1 : width);
	paint(output, color_end);
	buffer_add_byte(output->out, '\n');
}
