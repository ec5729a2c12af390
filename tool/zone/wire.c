#include <string.h>

#include "base/arena.h"
#include "zone/wire.h"

const struct wire wire_root = { .length = 1, .octets = { 0 } };

/*
 * BIND gives up when an octet would leave no room for the root; it looks at
 * the label first.
 */
static enum wire_error
add_octet(struct wire *wire, unsigned label, int octet)
{
	if (wire->octets[label] == NAME_MAX_LABEL)
		return WIRE_LONG_LABEL;
	wire->octets[label]++;
	wire->octets[wire->length++] = (unsigned char)octet;
	return wire->length == NAME_MAX_WIRE ? WIRE_LONG : WIRE_FINE;
}

/* Behind a backslash: three decimal digits, or the octet itself. */
static enum wire_error
read_escape(struct cursor *in, int *octet)
{
	unsigned value = 0;
	int i, digit;

	if (cursor_peek(in) == END)
		return WIRE_UNFINISHED;
	if (!byte_is_digit(cursor_peek(in))) {
		*octet = cursor_next(in);
		return WIRE_FINE;
	}
	for (i = 0; i < 3; i++) {
		digit = cursor_next(in);
		if (digit == END)
			return WIRE_UNFINISHED;
		if (!byte_is_digit(digit))
			return WIRE_BAD_ESCAPE;
		value = value * 10 + (unsigned)(digit - '0');
	}
	*octet = (int)value;
	return value > 255 ? WIRE_BAD_ESCAPE : WIRE_FINE;
}

/* Octets that stand for themselves, while none of them can be too many. */
static void
read_plain(struct cursor *in, struct wire *wire, unsigned label)
{
	size_t left = in->text.n - in->here, room = NAME_MAX_WIRE - 1, n;
	const char *text = in->text.p + in->here;

	room = wire->length < room ? room - wire->length : 0;
	if (left > room)
		left = room;
	if (left > NAME_MAX_LABEL)
		left = NAME_MAX_LABEL;
	for (n = 0; n < left && text[n] != '.' && text[n] != '\\'; n++)
		wire->octets[wire->length + n] = (unsigned char)text[n];
	in->here += n;
	wire->length += (unsigned)n;
	wire->octets[label] = (unsigned char)n;
}

/* One label, up to its dot or the end. */
static enum wire_error
read_label(struct cursor *in, struct wire *wire)
{
	unsigned label = wire->length++;
	enum wire_error error;
	int octet;

	wire->octets[label] = 0;
	if (wire->length == NAME_MAX_WIRE)
		return WIRE_LONG;
	/* A bit string of RFC 2673, which nobody reads any more. */
	if (cursor_peek(in) == '\\' && cursor_peek_at(in, 1) == '[')
		return WIRE_BAD_ESCAPE;
	read_plain(in, wire, label);
	while (cursor_peek(in) != END && cursor_peek(in) != '.') {
		octet = cursor_next(in);
		if (octet == '\\' &&
		    (error = read_escape(in, &octet)) != WIRE_FINE)
			return error;
		if ((error = add_octet(wire, label, octet)) != WIRE_FINE)
			return error;
	}
	return wire->octets[label] == 0 ? WIRE_EMPTY_LABEL : WIRE_FINE;
}

static enum wire_error
append(struct wire *wire, const struct wire *origin)
{
	if (wire->length + origin->length > NAME_MAX_WIRE)
		return WIRE_LONG;
	memcpy(wire->octets + wire->length, origin->octets, origin->length);
	wire->length += origin->length;
	return WIRE_FINE;
}

enum wire_error
wire_parse(struct str text, const struct wire *origin, struct wire *wire)
{
	struct cursor in = { text, 0 };
	enum wire_error error;

	wire->length = 0;
	if (text.n == 0)
		return WIRE_UNFINISHED;
	if (text.n == 1 && text.p[0] == '.')
		return append(wire, &wire_root);
	if (text.n == 1 && text.p[0] == '@')
		return append(wire, origin);
	do {
		if ((error = read_label(&in, wire)) != WIRE_FINE)
			return error;
		if (!cursor_accept(&in, '.'))
			return append(wire, origin);
	} while (cursor_peek(&in) != END);
	return append(wire, &wire_root);
}

const char *
wire_error_words(enum wire_error error)
{
	switch (error) {
	case WIRE_EMPTY_LABEL:
		return "has an empty label";
	case WIRE_LONG_LABEL:
		return "has a label of more than 63 octets";
	case WIRE_LONG:
		return "is longer than 255 octets";
	case WIRE_BAD_ESCAPE:
		return "has a bad escape (\\ and three digits up to 255, "
		    "or \\ and another character)";
	case WIRE_UNFINISHED:
		return "ends too early";
	case WIRE_FINE:
		break;
	}
	return "is fine";
}

bool
wire_read(struct str octets, struct wire *wire)
{
	size_t here = 0;

	if (octets.n == 0 || octets.n > NAME_MAX_WIRE)
		return false;
	while (here < octets.n && octets.p[here] != 0) {
		if ((unsigned char)octets.p[here] > NAME_MAX_LABEL)
			return false;
		here += (unsigned char)octets.p[here] + 1u;
	}
	if (here + 1 != octets.n)
		return false;
	memcpy(wire->octets, octets.p, octets.n);
	wire->length = (unsigned)octets.n;
	return true;
}

static size_t
print_octet(char *room, int octet)
{
	if (octet <= ' ' || octet >= 0x7f) {
		room[0] = '\\';
		room[1] = (char)('0' + octet / 100);
		room[2] = (char)('0' + octet / 10 % 10);
		room[3] = (char)('0' + octet % 10);
		return 4;
	}
	switch (octet) {
	case '@':
	case '$':
	case '"':
	case '(':
	case ')':
	case '.':
	case ';':
	case '\\':
		room[0] = '\\';
		room[1] = (char)octet;
		return 2;
	default:
		room[0] = (char)octet;
		return 1;
	}
}

size_t
wire_print(const struct wire *wire, char *room)
{
	size_t n = 0, here = 0, end;

	if (wire->length <= 1)
		room[n++] = '.';
	while (here < wire->length && wire->octets[here] != 0) {
		end = here + wire->octets[here] + 1;
		while (++here < end)
			n += print_octet(room + n, wire->octets[here]);
		room[n++] = '.';
	}
	return n;
}

struct str
wire_written(struct arena *arena, const struct wire *wire)
{
	char room[WIRE_MAX_TEXT];

	return arena_copy(arena, (struct str){ room, wire_print(wire, room) });
}

struct str
wire_canonical_in(char *room, const struct wire *wire)
{
	size_t n = wire_print(wire, room), i;

	for (i = 0; i < n; i++)
		room[i] = (char)byte_lower((unsigned char)room[i]);
	return (struct str){ room, n - 1 };
}

struct str
wire_canonical(struct arena *arena, const struct wire *wire)
{
	char room[WIRE_MAX_TEXT];

	return arena_copy(arena, wire_canonical_in(room, wire));
}

/* One label, up to a dot or a blank; its length, or 0 for anything else. */
static size_t
plain_label(struct str text, char *room)
{
	size_t n = text.n < NAME_MAX_LABEL ? text.n : NAME_MAX_LABEL, i;
	char byte;

	for (i = 0; i < n; i++) {
		byte = text.p[i] == '*' ? '*' :
		    name_octets[(unsigned char)text.p[i]];
		if (byte == 0)
			break;
		room[i] = byte;
	}
	return i < text.n && (text.p[i] == '.' ||
	    byte_is_blank((unsigned char)text.p[i])) ? i : 0;
}

size_t
wire_plain_label(struct str text)
{
	size_t n = text.n < NAME_MAX_LABEL ? text.n : NAME_MAX_LABEL, i = 0;

	while (i < n && name_octets[(unsigned char)text.p[i]] != 0)
		i++;
	return i < text.n && (text.p[i] == '.' ||
	    byte_is_blank((unsigned char)text.p[i])) ? i : 0;
}

bool
wire_plain(struct str text, struct str origin, char *room, struct str *name)
{
	size_t n = 0, label;

	*name = origin;
	if (text.n > 1 && text.p[0] == '@' &&
	    byte_is_blank((unsigned char)text.p[1]))
		return true;
	for (;;) {
		label = n + NAME_MAX_LABEL + 1 > NAME_MAX_WIRE ? 0 :
		    plain_label(str_after(text, n), room + n);
		if (label == 0)
			return false;
		n += label;
		if (text.p[n] != '.')
			break;
		room[n++] = '.';
		if (n < text.n && byte_is_blank((unsigned char)text.p[n])) {
			*name = (struct str){ room, n - 1 };
			return true;
		}
	}
	/* With a dot between, and a length and the root on the wire. */
	if (n + 1 + origin.n + 2 > NAME_MAX_WIRE)
		return false;
	*name = (struct str){ room, n };
	if (origin.n == 0)
		return true;
	room[n] = '.';
	memcpy(room + n + 1, origin.p, origin.n);
	name->n += 1 + origin.n;
	return true;
}

bool
wire_equal(const struct wire *a, const struct wire *b)
{
	return a->length == b->length &&
	    memcmp(a->octets, b->octets, a->length) == 0;
}

bool
wire_is(const struct wire *wire, struct str text, const struct wire *origin)
{
	struct wire other;

	return wire_parse(text, origin, &other) == WIRE_FINE &&
	    wire_equal(wire, &other);
}

bool
wire_equal_case(const struct wire *a, const struct wire *b)
{
	return str_equal_case(
	    (struct str){ (const char *)a->octets, a->length },
	    (struct str){ (const char *)b->octets, b->length });
}

bool
wire_within(const struct wire *wire, const struct wire *ancestor)
{
	unsigned here = 0;

	while (wire->length - here > ancestor->length)
		here += wire->octets[here] + 1u;
	return wire->length - here == ancestor->length && str_equal_case(
	    (struct str){ (const char *)wire->octets + here, ancestor->length },
	    (struct str){ (const char *)ancestor->octets, ancestor->length });
}
