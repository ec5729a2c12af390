/*
 * Where reports go: lists of URIs, RFC 9989 section 4.8, RFC 8460 section 3.
 */
#include "auth/auth.h"
#include "base/arena.h"
#include "base/name.h"

static struct str
lower(struct arena *arena, struct str text)
{
	char *copy = ARENA_ARRAY(arena, text.n + 1, char);
	size_t i;

	for (i = 0; i < text.n; i++)
		copy[i] = (char)byte_lower((unsigned char)text.p[i]);
	return (struct str){ copy, text.n };
}

/* Resolves %XX; false when a "%" begins nothing of the kind. */
static bool
decode(struct arena *arena, struct str text, struct str *decoded)
{
	struct cursor in = { text, 0 };
	size_t length = 0;
	int byte, high, low;
	char *octets;

	if (!str_has(text, '%')) {
		*decoded = text;
		return true;
	}
	octets = ARENA_ARRAY(arena, text.n + 1, char);
	while ((byte = cursor_next(&in)) != END) {
		if (byte == '%') {
			high = byte_hex_value(cursor_next(&in));
			low = byte_hex_value(cursor_next(&in));
			if (high < 0 || low < 0)
				return false;
			byte = high * 16 + low;
		}
		octets[length++] = (char)byte;
	}
	*decoded = (struct str){ octets, length };
	return true;
}

/* What octets a text holds, all of them or'ed. */
enum {
	NON_ASCII = 1, BLANK = 2, FORBIDDEN = 4, COMMA = 8, MARK = 16,
	PERCENT = 32
};

/* FORBIDDEN: what no URI holds plainly, RFC 3986 section 2. */
static const unsigned char classes[128] = {
	[' '] = BLANK, ['\t'] = BLANK, [','] = COMMA, ['!'] = MARK,
	['%'] = PERCENT, ['"'] = FORBIDDEN, ['<'] = FORBIDDEN,
	['>'] = FORBIDDEN, ['\\'] = FORBIDDEN, ['^'] = FORBIDDEN,
	['`'] = FORBIDDEN, ['{'] = FORBIDDEN, ['|'] = FORBIDDEN,
	['}'] = FORBIDDEN
};

static unsigned
look_at(struct str text)
{
	unsigned seen = 0;
	size_t i;

	for (i = 0; i < text.n; i++)
		seen |= (unsigned char)text.p[i] >= 0x7f ? NON_ASCII :
		    (unsigned char)text.p[i] < ' ' && text.p[i] != '\t' ?
		    FORBIDDEN : classes[(unsigned char)text.p[i]];
	return seen;
}

/*
 * Letters, digits, hyphens and underscores in labels, in lower case, without
 * the final dot; STR_NONE for any other text.
 */
static struct str
read_host(struct arena *arena, struct str text)
{
	size_t start = 0, i;
	char *host;

	if (text.n > 0 && text.p[text.n - 1] == '.')
		text.n--;
	if (text.n > NAME_MAX_WIRE - 2)
		return STR_NONE;
	host = arena_room(arena, text.n + 1);
	for (i = 0; i <= text.n; i++) {
		host[i] = i < text.n ? name_octets[(unsigned char)text.p[i]] :
		    '\0';
		if (host[i] != '\0')
			continue;
		if ((i < text.n && text.p[i] != '.') || i == start ||
		    i - start > NAME_MAX_LABEL || host[start] == '-' ||
		    host[i - 1] == '-')
			return STR_NONE;
		start = i + 1;
		if (i < text.n)
			host[i] = '.';
	}
	return (struct str){ host, text.n };
}

/*
 * local@host; the rest of a mailto URI up to its "?". There is no authority
 * behind "//": RFC 6068 section 2.
 */
static enum uri_problem
read_address(struct arena *arena, struct str text, struct report_uri *uri)
{
	size_t at;

	if (str_starts(text, STR("//")))
		return URI_NOT_A_URI;
	if (!decode(arena, text, &uri->address))
		return URI_NOT_A_URI;
	if (!str_within(uri->address, 0, '~'))
		return URI_NON_ASCII;
	at = str_find(uri->address, '@');
	uri->host = read_host(arena, str_after(uri->address, at + 1));
	return at == 0 || uri->host.p == NULL ? URI_NOT_A_URI : URI_FINE;
}

/* //user@host:port/path; the rest of an https URI. */
static enum uri_problem
read_authority(struct arena *arena, struct str text, struct report_uri *uri)
{
	struct cursor in = { text, 0 };
	struct str authority;
	size_t at;

	if (!cursor_accept_str(&in, STR("//")))
		return URI_NOT_A_URI;
	authority = cursor_until(&in, STR("/?#"));
	at = str_find_last(authority, '@');
	if (at < authority.n)
		authority = str_after(authority, at + 1);
	uri->host = read_host(arena, str_slice(authority, 0,
	    str_find(authority, ':')));
	return uri->host.p == NULL ? URI_NOT_A_URI : URI_FINE;
}

/* ALPHA *( ALPHA / DIGIT / "+" / "-" / "." ) */
static bool
is_scheme(struct str text)
{
	struct cursor in = { text, 0 };
	int byte = cursor_next(&in);

	if (!byte_is_letter(byte))
		return false;
	while ((byte = cursor_next(&in)) != END)
		if (!byte_is_letter(byte) && !byte_is_digit(byte) &&
		    !str_has(STR("+-."), byte))
			return false;
	return true;
}

/* Of "mailto:x@example.com!10m", cuts off "!10m", RFC 7489 section 6.4. */
static void
cut_size(struct str *text, struct str *size)
{
	size_t mark = str_find_last(*text, '!');
	struct str limit = str_after(*text, mark + 1);
	struct cursor in = { limit, 0 };

	if (cursor_while(&in, STR("0123456789")).n == 0)
		return;
	cursor_next(&in);
	if (cursor_peek(&in) != END ||
	    !str_has(STR("0123456789kmgtKMGT"), limit.p[limit.n - 1]))
		return;
	*size = limit;
	text->n = mark;
}

/* Does another URI begin behind the first blank? */
static bool
misses_comma(struct str text)
{
	struct cursor in = { text, 0 };

	cursor_until(&in, STR(" \t"));
	cursor_while(&in, STR(" \t"));
	return str_starts_case(cursor_rest(&in), STR("mailto:")) ||
	    str_starts_case(cursor_rest(&in), STR("https:"));
}

static enum uri_problem
read_uri(struct arena *arena, struct str text, struct report_uri *uri)
{
	unsigned seen = look_at(text);
	struct str rest;
	size_t colon;
	bool mailto;

	if ((seen & NON_ASCII) != 0)
		return URI_NON_ASCII;
	if ((seen & BLANK) != 0)
		return misses_comma(text) ? URI_MISSING_COMMA : URI_ENCODING;
	if ((seen & MARK) != 0)
		cut_size(&text, &uri->size);
	colon = str_find(text, ':');
	uri->scheme = str_slice(text, 0, colon);
	rest = str_after(text, colon + 1);
	if (colon == text.n || str_has(uri->scheme, '@')) {
		uri->scheme = STR_NONE;
		return URI_NO_SCHEME;
	}
	mailto = str_equal(uri->scheme, STR("mailto"));
	if (!mailto) {
		uri->scheme = lower(arena, uri->scheme);
		mailto = str_equal(uri->scheme, STR("mailto"));
		if (!is_scheme(uri->scheme))
			return URI_NOT_A_URI;
	}
	if ((seen & COMMA) != 0 ||
	    ((seen & MARK) != 0 && str_has(rest, '!')))
		return URI_ENCODING;
	if ((seen & FORBIDDEN) != 0)
		return URI_NOT_A_URI;
	if (mailto)
		return read_address(arena, str_slice(rest, 0,
		    str_find(rest, '?')), uri);
	if (str_is(uri->scheme, "https"))
		return read_authority(arena, rest, uri);
	return URI_SCHEME;
}

/*
 * Where the URI that starts here ends: at the next comma, but for one that
 * stands in the local part of an address and should have been encoded.
 */
static size_t
find_end(struct str list, size_t start)
{
	size_t end = start + str_find(str_after(list, start), ',');
	struct str text = str_slice(list, start, end), next;

	if (end == list.n)
		return end;
	next = str_after(list, end + 1);
	next.n = str_find(next, ',');
	if (!str_starts_case(text, STR("mailto:")) || str_has(text, '@') ||
	    str_has(text, ' ') || str_has(next, ' ') ||
	    str_has(next, ':') || !str_has(next, '@'))
		return end;
	return end + 1 + next.n;
}

struct report_uri *
report_uris_parse(struct arena *arena, struct str list, size_t offset)
{
	struct report_uri *first = NULL, **last = &first, *uri;
	size_t start, end;

	if (list.n == 0)
		return NULL;
	for (start = 0; start <= list.n; start = end + 1) {
		while (start < list.n &&
		    byte_is_blank((unsigned char)list.p[start]))
			start++;
		end = find_end(list, start);
		uri = ARENA_NEW(arena, struct report_uri);
		*last = uri;
		last = &uri->next;
		uri->text = str_trim(str_slice(list, start, end));
		uri->start = offset + start;
		uri->end = uri->start + uri->text.n;
		if (uri->text.n > 0) {
			uri->problem = read_uri(arena, uri->text, uri);
			continue;
		}
		uri->problem = URI_EMPTY;
		uri->start = offset + (end < list.n ? end : start - 1);
		uri->end = uri->start + 1;
	}
	return first;
}

