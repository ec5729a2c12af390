#include <assert.h>

#include "base/json.h"

/* ---- bytes that stand for themselves ------------------------------------- */

static bool
is_plain(unsigned char byte)
{
	return byte >= ' ' && byte < 0x7f && byte != '"' && byte != '\\';
}

enum {
	EIGHT = sizeof(uint64_t),
	DIGITS_MAX = 20			/* of 2^64 - 1 */
};

/*
 * The same of eight bytes. Where none has its top bit, no sum carries into its
 * neighbour: it has the top bit when a byte is unequal, or as large as wanted.
 */
static bool
are_plain(uint64_t bytes)
{
	const uint64_t ones = UINT64_MAX / 255, tops = ones * 128;
	const uint64_t unequal = ones * 0x7f;

	return (((bytes ^ ones * '"') + unequal) &
	    ((bytes ^ ones * '\\') + unequal) &
	    (bytes + ones * (128 - ' ')) & ~(bytes + ones) & ~bytes &
	    tops) == tops;
}

/* Of all bytes, which are no more than eight, when all are plain. */
static bool
copy_few(char *to, const char *from, size_t n)
{
	uint32_t first, last;
	size_t i;

	if (n < sizeof(first)) {
		for (i = 0; i < n && is_plain((unsigned char)from[i]); i++)
			to[i] = from[i];
		return i == n;
	}
	memcpy(&first, from, sizeof(first));
	memcpy(&last, from + n - sizeof(last), sizeof(last));
	memcpy(to, &first, sizeof(first));
	memcpy(to + n - sizeof(last), &last, sizeof(last));
	return are_plain((uint64_t)first << 32 | last);
}

/* Copies what is plain, up to the first byte that is not. */
static size_t
copy_plain(char *to, struct str text)
{
	uint64_t bytes;
	size_t i;

	for (i = 0; text.n - i >= EIGHT; i += EIGHT) {
		memcpy(&bytes, text.p + i, EIGHT);
		if (!are_plain(bytes))
			break;
		memcpy(to + i, &bytes, EIGHT);
	}
	if (text.n - i < EIGHT && copy_few(to + i, text.p + i, text.n - i))
		return text.n;
	for (; i < text.n && is_plain((unsigned char)text.p[i]); i++)
		to[i] = text.p[i];
	return i;
}

/* Two texts of eight bytes, which may overlap, or two of four. */
static inline char *
copy_name(char *to, struct str name)
{
	size_t i = 0;

	if (name.n >= EIGHT) {
		for (; name.n - i > EIGHT; i += EIGHT)
			memcpy(to + i, name.p + i, EIGHT);
		memcpy(to + name.n - EIGHT, name.p + name.n - EIGHT, EIGHT);
	} else if (name.n >= EIGHT / 2) {
		memcpy(to, name.p, EIGHT / 2);
		memcpy(to + name.n - EIGHT / 2, name.p + name.n - EIGHT / 2,
		    EIGHT / 2);
	} else
		for (; i < name.n; i++)
			to[i] = name.p[i];
	return to + name.n;
}

/* ---- structure ----------------------------------------------------------- */

static char *
new_line(const struct json *json, char *to)
{
	size_t columns = (size_t)json->indent * json->depth;

	*to++ = '\n';
	memset(to, ' ', columns);
	return to + columns;
}

/*
 * What stands before a value: a comma, the line, the key. Returns where the
 * value comes, which takes so many bytes; whoever writes it calls at().
 */
static inline char *
before(struct json *json, struct str key, size_t bytes)
{
	const unsigned depth = json->depth, indent = json->indent;
	const bool comma = depth > 0 && json->filled[depth];
	char *to = buffer_room(json->out, bytes + key.n +
	    (size_t)indent * depth + sizeof(",\n\"\": "));

	json->filled[depth] = true;
	if (comma)
		*to++ = ',';
	if (indent > 0 && depth > 0)
		to = new_line(json, to);
	if (key.p == NULL)
		return to;
	*to++ = '"';
	to = copy_name(to, key);
	*to++ = '"';
	*to++ = ':';
	if (indent > 0)
		*to++ = ' ';
	return to;
}

/* So far it has been written. */
static void
at(struct json *json, const char *end)
{
	json->out->n = (size_t)(end - json->out->p);
}

void
json_open(struct json *json, struct str key, int bracket)
{
	char *to = before(json, key, 1);

	*to++ = (char)bracket;
	at(json, to);
	assert(json->depth + 1 < JSON_DEPTH);
	json->filled[++json->depth] = false;
}

static void
close_level(struct json *json, int bracket)
{
	bool filled = json->filled[json->depth];

	assert(json->depth > 0);
	json->depth--;
	if (filled && json->indent > 0)
		at(json, new_line(json, buffer_room(json->out, 1 +
		    (size_t)json->indent * json->depth)));
	buffer_add_byte(json->out, bracket);
}

void
json_end_object(struct json *json)
{
	close_level(json, '}');
}

void
json_end_array(struct json *json)
{
	close_level(json, ']');
}

/* ---- values -------------------------------------------------------------- */

/*
 * How long the UTF-8 sequence at the cursor is, 0 when there is none:
 * overlong forms, surrogates and what is above U+10FFFF are none.
 */
static size_t
utf8_length(const struct cursor *cursor)
{
	int first = cursor_peek(cursor), second = cursor_peek_at(cursor, 1);
	size_t length, i;

	if (first < 0x80)
		return 1;
	length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
	if (first < 0xc2 || first > 0xf4 ||
	    (first == 0xe0 && second < 0xa0) ||
	    (first == 0xed && second > 0x9f) ||
	    (first == 0xf0 && second < 0x90) ||
	    (first == 0xf4 && second > 0x8f))
		return 0;
	for (i = 1; i < length; i++)
		if ((cursor_peek_at(cursor, i) & 0xc0) != 0x80 ||
		    cursor_peek_at(cursor, i) == END)
			return 0;
	return length;
}

static void
escape_ascii(struct json *json, int byte)
{
	switch (byte) {
	case '"':
		buffer_add_cstr(json->out, "\\\"");
		break;
	case '\\':
		buffer_add_cstr(json->out, "\\\\");
		break;
	case '\n':
		buffer_add_cstr(json->out, "\\n");
		break;
	case '\t':
		buffer_add_cstr(json->out, "\\t");
		break;
	default:
		if (byte < 0x20 || byte == 0x7f)
			buffer_printf(json->out, "\\u%04x", (unsigned)byte);
		else
			buffer_add_byte(json->out, byte);
	}
}

/* One byte that is not plain, or the sequence that it begins. */
static void
escape_one(struct json *json, struct cursor *cursor, bool octets)
{
	int byte = cursor_peek(cursor);
	size_t length = 1;

	if (byte < 0x80)
		escape_ascii(json, byte);
	else if (octets)
		buffer_printf(json->out, "\\u%04x", (unsigned)byte);
	else if ((length = utf8_length(cursor)) == 0) {
		buffer_add_cstr(json->out, "\\ufffd");
		length = 1;
	} else
		buffer_add(json->out, str_slice(cursor->text, cursor->here,
		    cursor->here + length));
	cursor->here += length;
}

/* What is left from the first byte on that is not plain, and the quote. */
static void
escape(struct json *json, struct str text, bool octets)
{
	struct cursor cursor = { text, 0 };
	struct buffer *out = json->out;
	size_t length;

	while (cursor.here < text.n) {
		escape_one(json, &cursor, octets);
		length = copy_plain(buffer_room(out, text.n - cursor.here + 1),
		    str_after(text, cursor.here));
		out->n += length;
		cursor.here += length;
	}
	buffer_add_byte(out, '"');
}

/* Behind the first quote, when not all of it was copied in blocks. */
static void
put_rest(struct json *json, char *to, struct str text, bool octets)
{
	size_t length = copy_plain(to, text);

	to += length;
	if (length == text.n)
		*to++ = '"';
	at(json, to);
	if (length < text.n)
		escape(json, str_after(text, length), octets);
}

static inline void
put_text(struct json *json, struct str key, struct str text, bool octets)
{
	char *to = before(json, key, text.n + 2);

	*to++ = '"';
	if (text.n == 0 || json_copy_blocks(to, text) < text.n) {
		put_rest(json, to, text, octets);
		return;
	}
	to[text.n] = '"';
	at(json, to + text.n + 1);
}

void
json_put_str(struct json *json, struct str key, struct str text)
{
	if (text.p == NULL)
		json_put_raw(json, key, STR("null"));
	else
		put_text(json, key, text, false);
}

void
json_put_octets(struct json *json, struct str key, struct str octets)
{
	put_text(json, key, octets.p == NULL ? STR("") : octets, true);
}

/* The numbers below a hundred. */
static const char pairs[] =
    "0001020304050607080910111213141516171819"
    "2021222324252627282930313233343536373839"
    "4041424344454647484950515253545556575859"
    "6061626364656667686970717273747576777879"
    "8081828384858687888990919293949596979899";

void
json_put_number(struct json *json, struct str key, uint64_t number)
{
	char *to = before(json, key, DIGITS_MAX);
	size_t count = 1;
	uint64_t power;
	uint32_t small;

	/* The largest has no power of ten above it. */
	for (power = 10; number >= power && count < DIGITS_MAX; power *= 10)
		count++;
	at(json, to + count);
	for (; number > UINT32_MAX; number /= 10)
		to[--count] = (char)('0' + number % 10);
	/* Most are, and quicker to divide: by a hundred, to two digits. */
	for (small = (uint32_t)number; count > 1; small /= 100) {
		count -= 2;
		memcpy(to + count, &pairs[2 * (small % 100)], 2);
	}
	if (count > 0)
		*to = (char)('0' + small);
}

void
json_put_raw(struct json *json, struct str key, struct str text)
{
	at(json, copy_name(before(json, key, text.n), text));
}

void
json_put_members(struct json *json, struct str text)
{
	buffer_add(json->out, text);
	json->filled[json->depth] = true;
}

bool
json_read_octets(struct arena *arena, struct str utf8, struct str *octets)
{
	struct buffer out = { 0 };
	struct cursor in = { utf8, 0 };
	int byte, low;
	bool fine = true;

	while (fine && (byte = cursor_next(&in)) != END) {
		/* U+0080 to U+00FF begin with C2 or C3. */
		low = byte < 0x80 ? 0 : cursor_next(&in);
		fine = byte < 0x80 || byte == 0xc2 || byte == 0xc3;
		buffer_add_byte(&out, byte < 0x80 ? byte :
		    (byte & 3) << 6 | (low & 0x3f));
	}
	*octets = buffer_finish(&out, arena);
	return fine;
}
