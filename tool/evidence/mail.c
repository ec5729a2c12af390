/*
 * Mail that carries reports: RFC 5322, RFC 2045 and 2046, as far as it takes
 * to find an attachment. Folders of mail are mbox files or Maildirs, which are
 * folders of such files.
 */

#include "base/arena.h"
#include "evidence/container.h"

enum { PARTS_DEPTH = 8, HEADER_SIZE = 64 * 1024 };

/* ---- header fields ------------------------------------------------------- */

struct entity {
	struct str type, boundary;	/* "multipart/mixed"; STR_NONE */
	struct str encoding;
	struct str body;
	bool has_fields;
};

/* A field with its continuation lines; false at the end of the header. */
static bool
next_field(struct cursor *in, struct str *name, struct str *value)
{
	struct str line;
	size_t start = in->here;

	line = cursor_until(in, STR("\n"));
	cursor_accept(in, '\n');
	while (byte_is_blank(cursor_peek(in))) {
		cursor_until(in, STR("\n"));
		cursor_accept(in, '\n');
	}
	*name = str_slice(line, 0, str_find(line, ':'));
	*value = str_slice(in->text, start + name->n + 1, in->here);
	return name->n > 0 && name->n < line.n &&
	    str_within(*name, '!', '~');
}

/* "boundary" in "multipart/mixed; boundary="x"": a value or STR_NONE. */
static struct str
parameter(struct arena *arena, struct str value, const char *wanted)
{
	struct cursor in = { value, 0 };
	struct buffer text = { 0 };
	struct str name;
	int byte;

	for (;;) {
		cursor_until(&in, STR(";"));
		if (!cursor_accept(&in, ';'))
			return STR_NONE;
		cursor_while(&in, STR(" \t\r\n"));
		name = str_trim(cursor_until(&in, STR("=;")));
		if (!cursor_accept(&in, '='))
			continue;
		cursor_while(&in, STR(" \t\r\n"));
		if (!str_is_case(name, wanted))
			continue;
		if (!cursor_accept(&in, '"'))
			return cursor_until(&in, STR(" \t\r\n;"));
		while ((byte = cursor_next(&in)) != '"' && byte != END) {
			if (byte == '\\')
				byte = cursor_next(&in);
			if (byte != END && byte != '\r' && byte != '\n')
				buffer_add_byte(&text, byte);
		}
		return buffer_finish(&text, arena);
	}
}

static struct str
first_word(struct str value)
{
	struct cursor in = { value, 0 };

	cursor_while(&in, STR(" \t\r\n"));
	return cursor_until(&in, STR(" \t\r\n;"));
}

static struct entity
read_header(struct arena *arena, struct str octets)
{
	struct entity entity = { .type = STR_NONE };
	struct cursor in = { octets, 0 };
	struct str name, value;
	size_t start = 0;

	while (cursor_peek(&in) != END && in.here < HEADER_SIZE * 16) {
		start = in.here;
		if (cursor_accept(&in, '\n') ||
		    (cursor_accept(&in, '\r') && cursor_accept(&in, '\n'))) {
			start = in.here;
			break;
		}
		if (!next_field(&in, &name, &value))
			break;
		entity.has_fields = true;
		start = in.here;
		if (str_is_case(name, "Content-Transfer-Encoding"))
			entity.encoding = first_word(value);
		else if (str_is_case(name, "Content-Type")) {
			entity.type = first_word(value);
			entity.boundary = parameter(arena, value, "boundary");
		}
	}
	entity.body = str_after(octets, start);
	return entity;
}

/* ---- transfer encodings (RFC 2045 section 6) ----------------------------- */

static int
base64_value(int byte)
{
	if (byte >= 'A' && byte <= 'Z')
		return byte - 'A';
	if (byte >= 'a' && byte <= 'z')
		return byte - 'a' + 26;
	if (byte_is_digit(byte))
		return byte - '0' + 52;
	return byte == '+' ? 62 : byte == '/' ? 63 : -1;
}

/* What is no digit is passed over, as section 6.8 wants it. */
static void
decode_base64(struct str text, struct buffer *out)
{
	struct cursor in = { text, 0 };
	unsigned bits = 0, have = 0;
	int byte, value;

	while ((byte = cursor_next(&in)) != END && byte != '=') {
		value = base64_value(byte);
		if (value < 0)
			continue;
		bits = (bits << 6 | (unsigned)value) & 0xffffU;
		have += 6;
		if (have < 8)
			continue;
		have -= 8;
		buffer_add_byte(out, (int)(bits >> have & 0xffU));
	}
}

static void
decode_quoted(struct str text, struct buffer *out)
{
	struct cursor in = { text, 0 };
	int byte, high, low;

	while ((byte = cursor_next(&in)) != END) {
		if (byte != '=') {
			buffer_add_byte(out, byte);
			continue;
		}
		high = byte_hex_value(cursor_peek(&in));
		low = byte_hex_value(cursor_peek_at(&in, 1));
		if (high >= 0 && low >= 0) {
			in.here += 2;
			buffer_add_byte(out, high << 4 | low);
			continue;
		}
		/* A soft line break, maybe with blanks that crept in. */
		cursor_while(&in, STR(" \t"));
		cursor_accept(&in, '\r');
		cursor_accept(&in, '\n');
	}
}

/* ---- parts --------------------------------------------------------------- */

/* Mail has words for people, too: only what can be nothing else counts. */
static bool
looks_like_report(const struct entity *entity, struct str body)
{
	struct str start;

	if (str_starts(body, STR("\x1f\x8b")) ||
	    str_starts(body, STR("PK\3\4")))
		return true;
	if (str_is_case(entity->type, "text/html"))
		return false;
	if (str_starts(body, STR("\xef\xbb\xbf")))
		body = str_after(body, 3);
	while (body.n > 0 && (byte_is_blank(body.p[0]) ||
	    body.p[0] == '\r' || body.p[0] == '\n'))
		body = str_after(body, 1);
	start = str_slice(body, 0, 1024);
	return str_starts(body, STR("<?xml")) ||
	    (str_starts(body, STR("<")) &&
	    str_contains(start, STR("feedback")));
}

static void
read_leaf(struct opening *opening, const struct entity *entity)
{
	struct str body = entity->body;
	struct buffer *decoded;
	bool is_base64 = str_is_case(entity->encoding, "base64");

	if (!is_base64 && !str_is_case(entity->encoding, "quoted-printable")) {
		if (looks_like_report(entity, body))
			opening_read(opening, body);
		return;
	}
	if ((decoded = opening_go_down(opening)) == NULL)
		return;
	(is_base64 ? decode_base64 : decode_quoted)(body, decoded);
	if (looks_like_report(entity, buffer_str(decoded)))
		opening_read(opening, buffer_str(decoded));
	opening->depth--;
}

/* Where the next delimiter line begins, from an offset; n: nowhere. */
static size_t
find_delimiter(struct str body, size_t from, struct str delimiter)
{
	size_t found;

	for (;;) {
		found = from + str_find_str(str_after(body, from), delimiter);
		if (found >= body.n || found == 0 ||
		    body.p[found - 1] == '\n')
			return found;
		from = found + 1;
	}
}

static void read_entity(struct opening *, struct str, unsigned depth);

static void
read_multipart(struct opening *opening, const struct entity *entity,
    unsigned depth)
{
	struct str delimiter = arena_printf(opening->arena, "--%.*s",
	    STR_ARG(entity->boundary));
	struct str body = entity->body;
	size_t start = find_delimiter(body, 0, delimiter), end, line;

	while (start < body.n && !opening->stopped) {
		start += delimiter.n;
		if (str_starts(str_after(body, start), STR("--")))
			return;
		line = str_find(str_after(body, start), '\n');
		start = start + line + 1 > body.n ? body.n : start + line + 1;
		/* Where mail was cut off, the last part just ends. */
		end = find_delimiter(body, start, delimiter);
		read_entity(opening, str_slice(body, start, end), depth + 1);
		start = end;
	}
}

static void
read_entity(struct opening *opening, struct str octets, unsigned depth)
{
	struct entity entity = read_header(opening->arena, octets);

	if (depth == PARTS_DEPTH || opening->stopped)
		return;
	if (str_starts_case(entity.type, STR("multipart/")) &&
	    entity.boundary.n > 0)
		read_multipart(opening, &entity, depth);
	else if (str_is_case(entity.type, "message/rfc822"))
		read_entity(opening, entity.body, depth + 1);
	else
		read_leaf(opening, &entity);
}

bool
mail_read(struct opening *opening, struct str octets)
{
	struct entity entity = read_header(opening->arena, octets);
	bool found = opening->found;

	if (!entity.has_fields || entity.body.n == octets.n)
		return false;
	opening->found = false;
	read_entity(opening, octets, 0);
	octets.n = opening->found;
	opening->found |= found;
	return octets.n > 0;
}

/* ---- mbox (RFC 4155) ----------------------------------------------------- */

/* Where the next message begins, behind an empty line; n: nowhere. */
static size_t
next_message(struct str octets, size_t from)
{
	static const struct str mark = STR_INIT("\nFrom ");
	size_t found;

	for (;;) {
		found = from + str_find_str(str_after(octets, from), mark);
		if (found >= octets.n)
			return octets.n;
		if (found > 0 && (octets.p[found - 1] == '\n' ||
		    octets.p[found - 1] == '\r'))
			return found + 1;
		from = found + 1;
	}
}

bool
mbox_read(struct opening *opening, struct str octets)
{
	struct str message;
	size_t start, end;
	bool any = false;

	for (start = 0; start < octets.n && !opening->stopped; start = end) {
		end = next_message(octets, start);
		message = str_slice(octets, start, end);
		message = str_after(message, str_find(message, '\n') + 1);
		/* What is unpacked counts for each message by itself. */
		opening->unpacked = 0;
		any |= mail_read(opening, message);
	}
	return any;
}
