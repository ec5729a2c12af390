#include <endian.h>
#include <string.h>

#include "base/arena.h"
#include "base/name.h"

/* ---- octets of a written name -------------------------------------------- */

enum { DOT = 256, BROKEN };

/*
 * The next octet of a name as people write it, DOT for a dot that ends a
 * label, BROKEN for an escape that is none (RFC 1035 section 5.1), or END.
 */
static int
next_octet(struct cursor *in)
{
	int byte = cursor_next(in), value, i;

	if (byte == '.')
		return DOT;
	if (byte != '\\')
		return byte;
	if (!byte_is_digit(cursor_peek(in))) {
		byte = cursor_next(in);
		return byte == END ? BROKEN : byte;
	}
	for (value = 0, i = 0; i < 3; i++) {
		byte = cursor_next(in);
		if (!byte_is_digit(byte))
			return BROKEN;
		value = value * 10 + byte - '0';
	}
	return value > 255 ? BROKEN : value;
}

static bool
is_special(int octet)
{
	return str_has(STR("\".;\\()@$"), octet);
}

static bool
is_plain(int octet)
{
	return octet > 0x20 && octet < 0x7f && !is_special(octet);
}

/* As BIND prints it, and in lower case; returns the end. */
static char *
write_octet(char *out, int octet)
{
	octet = byte_lower(octet);
	if (octet <= 0x20 || octet >= 0x7f) {
		*out++ = '\\';
		*out++ = (char)('0' + octet / 100);
		*out++ = (char)('0' + octet / 10 % 10);
		*out++ = (char)('0' + octet % 10);
		return out;
	}
	if (is_special(octet))
		*out++ = '\\';
	*out++ = (char)octet;
	return out;
}

/* Room that is enough for the canonical form: one octet takes up to four. */
static size_t
room_for(struct str text)
{
	size_t i, room = text.n;

	for (i = 0; i < text.n; i++)
		if (!is_plain((unsigned char)text.p[i]))
			room += 3;
	return room;
}

#define BOTH(lower, upper)	[lower] = (lower), [upper] = (lower)
const char name_octets[256] = {
	BOTH('a', 'A'), BOTH('b', 'B'), BOTH('c', 'C'), BOTH('d', 'D'),
	BOTH('e', 'E'), BOTH('f', 'F'), BOTH('g', 'G'), BOTH('h', 'H'),
	BOTH('i', 'I'), BOTH('j', 'J'), BOTH('k', 'K'), BOTH('l', 'L'),
	BOTH('m', 'M'), BOTH('n', 'N'), BOTH('o', 'O'), BOTH('p', 'P'),
	BOTH('q', 'Q'), BOTH('r', 'R'), BOTH('s', 'S'), BOTH('t', 'T'),
	BOTH('u', 'U'), BOTH('v', 'V'), BOTH('w', 'W'), BOTH('x', 'X'),
	BOTH('y', 'Y'), BOTH('z', 'Z'),
	['0'] = '0', ['1'] = '1', ['2'] = '2', ['3'] = '3', ['4'] = '4',
	['5'] = '5', ['6'] = '6', ['7'] = '7', ['8'] = '8', ['9'] = '9',
	['-'] = '-', ['_'] = '_'
};

/*
 * Most names are written in octets which every form writes alike; the length of
 * such a one without its final dot, or 0 for any other text.
 */
static size_t
parse_plain(struct str text, char *out)
{
	size_t start = 0, i;

	if (text.n > 0 && text.p[text.n - 1] == '.')
		text.n--;
	if (text.n > NAME_MAX_WIRE - 2)
		return 0;
	for (i = 0; i <= text.n; i++) {
		out[i] = i < text.n ? name_octets[(unsigned char)text.p[i]] :
		    '\0';
		if (out[i] != '\0')
			continue;
		if ((i < text.n && text.p[i] != '.') || i == start ||
		    i - start > NAME_MAX_LABEL)
			return 0;
		start = i + 1;
		if (i < text.n)
			out[i] = '.';
	}
	return text.n;
}

static bool
parse_octets(struct arena *arena, struct str text, struct str *name)
{
	struct cursor in = { text, 0 };
	char *start = arena_alloc(arena, room_for(text) + 1), *end = start;
	size_t label = 0, wire = 1;
	bool fine = text.n > 0;
	int octet;

	if (str_is(text, ".")) {
		*name = STR("");
		return true;
	}
	while ((octet = next_octet(&in)) != END) {
		if (octet == BROKEN) {
			fine = false;
		} else if (octet == DOT) {
			fine &= label > 0 && label <= NAME_MAX_LABEL;
			wire += label + 1;
			label = 0;
			if (cursor_peek(&in) != END)
				*end++ = '.';
		} else {
			end = write_octet(end, octet);
			label++;
		}
	}
	wire += label > 0 ? label + 1 : 0;
	fine &= label <= NAME_MAX_LABEL && wire <= NAME_MAX_WIRE;
	*name = (struct str){ start, (size_t)(end - start) };
	return fine;
}

bool
name_parse(struct arena *arena, struct str text, struct str *name)
{
	char plain[NAME_MAX_WIRE];
	size_t n = parse_plain(text, plain);

	if (n == 0)
		return parse_octets(arena, text, name);
	*name = arena_copy(arena, (struct str){ plain, n });
	return true;
}

/* ---- labels of a canonical name ------------------------------------------ */

/* In which of eight octets this one stands, up to the first of them. */
static uint64_t
find_octet(uint64_t octets, unsigned char wanted)
{
	const uint64_t ones = 0x0101010101010101;
	uint64_t rest = octets ^ ones * wanted;

	return (rest - ones) & ~rest & ones << 7;
}

/*
 * Where the first label ends: at its dot, or at the end. What stands behind a
 * backslash belongs to the label.
 */
static size_t
first_dot(struct str name)
{
	uint64_t octets, found = 0;
	size_t i;

	for (i = 0; name.n - i >= sizeof(octets); i += sizeof(octets)) {
		memcpy(&octets, name.p + i, sizeof(octets));
		octets = le64toh(octets);
		found = find_octet(octets, '.') | find_octet(octets, '\\');
		if (found != 0)
			break;
	}
	if (found != 0)
		i += (size_t)__builtin_ctzll(found) / 8;
	for (; i < name.n && name.p[i] != '.'; i++)
		if (name.p[i] == '\\')
			i++;
	return i < name.n ? i : name.n;
}

/* A dot behind an odd number of backslashes belongs to its label. */
static bool
is_border(struct str name, size_t dot)
{
	size_t slashes = 0;

	if (name.p[dot] != '.')
		return false;
	while (slashes < dot && name.p[dot - slashes - 1] == '\\')
		slashes++;
	return slashes % 2 == 0;
}

size_t
name_labels(struct str name)
{
	size_t count = 0;

	for (; name.n > 0; name = name_parent(name))
		count++;
	return count;
}

struct str
name_label(struct str name)
{
	return str_slice(name, 0, first_dot(name));
}

struct str
name_parent(struct str name)
{
	return str_after(name, first_dot(name) + 1);
}

struct str
name_last(struct str name, size_t labels)
{
	size_t i;

	if (labels == 0)
		return str_after(name, name.n);
	for (i = name.n; i > 0; i--)
		if (is_border(name, i - 1) && --labels == 0)
			return str_after(name, i);
	return name;
}

bool
name_within(struct str name, struct str ancestor)
{
	if (ancestor.n == 0)
		return true;
	if (name.n <= ancestor.n)
		return str_equal(name, ancestor);
	return str_ends(name, ancestor) &&
	    is_border(name, name.n - ancestor.n - 1);
}

bool
name_below(struct str name, struct str ancestor)
{
	return name.n != ancestor.n && name_within(name, ancestor);
}

struct str
name_relative(struct str name, struct str ancestor)
{
	if (ancestor.n == 0)
		return name;
	if (!name_below(name, ancestor))
		return STR("");
	return str_slice(name, 0, name.n - ancestor.n - 1);
}

struct str
name_join(struct arena *arena, struct str left, struct str right)
{
	size_t n = left.n + right.n + 1;
	char *p;

	if (left.n == 0)
		return arena_copy(arena, right);
	if (right.n == 0)
		return arena_copy(arena, left);
	p = arena_alloc(arena, n + 1);
	memcpy(p, left.p, left.n);
	p[left.n] = '.';
	memcpy(p + left.n + 1, right.p, right.n);
	return (struct str){ p, n };
}

bool
name_has_underscore(struct str name)
{
	return str_has(name, '_') && (str_starts(name, STR("_")) ||
	    str_contains(name, STR("._")));
}

bool
name_is_wildcard(struct str name)
{
	return name.n > 0 && name.p[0] == '*' &&
	    (name.n == 1 || name.p[1] == '.');
}

size_t
name_wire_length(struct str name)
{
	struct cursor in = { name, 0 };
	size_t length = name.n == 0 ? 1 : 2;

	while (next_octet(&in) != END)
		length++;
	return length;
}

static bool
is_host_label(struct str label, bool underscores)
{
	size_t i;
	int byte;

	if (label.n == 0 || label.p[0] == '-' || label.p[label.n - 1] == '-')
		return false;
	for (i = 0; i < label.n; i++) {
		byte = (unsigned char)label.p[i];
		if (!byte_is_letter(byte) && !byte_is_digit(byte) &&
		    byte != '-' && !(byte == '_' && underscores))
			return false;
	}
	return true;
}

bool
name_is_host(struct str name, bool underscores)
{
	if (name.n == 0)
		return false;
	for (; name.n > 0; name = name_parent(name))
		if (!is_host_label(name_label(name), underscores))
			return false;
	return true;
}

static int
compare_labels(struct str a, struct str b)
{
	struct cursor x = { a, 0 }, y = { b, 0 };
	int left, right;

	do {
		left = next_octet(&x);
		right = next_octet(&y);
	} while (left == right && left != END);
	return (left > right) - (left < right);
}

/* The right-most label is cut off; "" when none is left. */
static struct str
cut_last(struct str *name)
{
	struct str last = name_last(*name, 1);

	*name = last.n == name->n ? str_slice(*name, 0, 0) :
	    str_slice(*name, 0, name->n - last.n - 1);
	return last;
}

int
name_compare(struct str a, struct str b)
{
	int order = 0;

	while (order == 0 && a.n > 0 && b.n > 0)
		order = compare_labels(cut_last(&a), cut_last(&b));
	return order != 0 ? order : (a.n > 0) - (b.n > 0);
}

struct str
name_show(struct str name)
{
	return name.n == 0 ? STR(".") : name;
}
