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

static int
hex_value(int byte)
{
	if (byte_is_digit(byte))
		return byte - '0';
	byte = byte_lower(byte);
	return byte >= 'a' && byte <= 'f' ? byte - 'a' + 10 : -1;
}

/* Resolves %XX; false when a "%" begins nothing of the kind. */
static bool
decode(struct arena *arena, struct str text, struct str *decoded)
{
	struct cursor in = { text, 0 };
	char *octets = ARENA_ARRAY(arena, text.n + 1, char);
	size_t length = 0;
	int byte, high, low;

	while ((byte = cursor_next(&in)) != END) {
		if (byte == '%') {
			high = hex_value(cursor_next(&in));
			low = hex_value(cursor_next(&in));
			if (high < 0 || low < 0)
				return false;
			byte = high * 16 + low;
		}
		octets[length++] = (char)byte;
	}
	*decoded = (struct str){ octets, length };
	return true;
}

static bool
has_non_ascii(struct str text)
{
	size_t i;

	for (i = 0; i < text.n; i++)
		if ((unsigned char)text.p[i] > 0x7e)
			return true;
	return false;
}

/* Octets that no URI holds plainly, RFC 3986 section 2. */
static bool
has_forbidden(struct str text)
{
	size_t i;

	for (i = 0; i < text.n; i++)
		if ((unsigned char)text.p[i] < ' ' ||
		    str_has(STR("\"<>\\^`{|}"), text.p[i]))
			return true;
	return false;
}

/* A host in canonical form, or STR_NONE. */
static struct str
read_host(struct arena *arena, struct str text)
{
	struct str host;

	return name_parse(arena, text, &host) && host.n > 0 &&
	    name_is_host(host, true) ? host : STR_NONE;
}

/* local@host; the rest of a mailto URI up to its "?". */
static enum uri_problem
read_address(struct arena *arena, struct str text, struct report_uri *uri)
{
	size_t at;

	if (!decode(arena, text, &uri->address))
		return URI_NOT_A_URI;
	if (has_non_ascii(uri->address))
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
	struct str rest;
	size_t colon;

	if (has_non_ascii(text))
		return URI_NON_ASCII;
	if (str_has(text, ' ') || str_has(text, '\t'))
		return misses_comma(text) ? URI_MISSING_COMMA : URI_ENCODING;
	cut_size(&text, &uri->size);
	colon = str_find(text, ':');
	if (str_find(text, '@') < colon || colon == text.n)
		return URI_NO_SCHEME;
	uri->scheme = lower(arena, str_slice(text, 0, colon));
	rest = str_after(text, colon + 1);
	if (!is_scheme(uri->scheme))
		return URI_NOT_A_URI;
	if (str_has(rest, ',') || str_has(rest, '!'))
		return URI_ENCODING;
	if (has_forbidden(rest))
		return URI_NOT_A_URI;
	if (str_is(uri->scheme, "mailto"))
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

bool
report_uri_is_usable(const struct report_uri *uri)
{
	return uri->problem == URI_FINE;
}
