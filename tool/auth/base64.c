/*
 * Base64, RFC 4648 section 4, as keys are published in it.
 */
#include <arpa/inet.h>

#include <string.h>

#include "auth/base64.h"
#include "base/arena.h"

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    "abcdefghijklmnopqrstuvwxyz0123456789+/";

/*
 * What each digit adds to a group of four, by its place in it; and a bit of its
 * own above, so that four digits make DIGITS. Others add nothing.
 */
#define ROW \
	['A'] = D(0), ['B'] = D(1), ['C'] = D(2), ['D'] = D(3), \
	['E'] = D(4), ['F'] = D(5), ['G'] = D(6), ['H'] = D(7), \
	['I'] = D(8), ['J'] = D(9), ['K'] = D(10), ['L'] = D(11), \
	['M'] = D(12), ['N'] = D(13), ['O'] = D(14), ['P'] = D(15), \
	['Q'] = D(16), ['R'] = D(17), ['S'] = D(18), ['T'] = D(19), \
	['U'] = D(20), ['V'] = D(21), ['W'] = D(22), ['X'] = D(23), \
	['Y'] = D(24), ['Z'] = D(25), ['a'] = D(26), ['b'] = D(27), \
	['c'] = D(28), ['d'] = D(29), ['e'] = D(30), ['f'] = D(31), \
	['g'] = D(32), ['h'] = D(33), ['i'] = D(34), ['j'] = D(35), \
	['k'] = D(36), ['l'] = D(37), ['m'] = D(38), ['n'] = D(39), \
	['o'] = D(40), ['p'] = D(41), ['q'] = D(42), ['r'] = D(43), \
	['s'] = D(44), ['t'] = D(45), ['u'] = D(46), ['v'] = D(47), \
	['w'] = D(48), ['x'] = D(49), ['y'] = D(50), ['z'] = D(51), \
	['0'] = D(52), ['1'] = D(53), ['2'] = D(54), ['3'] = D(55), \
	['4'] = D(56), ['5'] = D(57), ['6'] = D(58), ['7'] = D(59), \
	['8'] = D(60), ['9'] = D(61), ['+'] = D(62), ['/'] = D(63)

static const uint32_t places[4][256] = {
#define D(value) (1U << 24 | (value) << 18)
	{ ROW },
#undef D
#define D(value) (1U << 25 | (value) << 12)
	{ ROW },
#undef D
#define D(value) (1U << 26 | (value) << 6)
	{ ROW },
#undef D
#define D(value) (1U << 27 | (value))
	{ ROW },
#undef D
};

enum { DIGITS = 15 };

/* Among digits, passed over. */
static const struct str blanks = STR_INIT(" \t\r\n");

static uint32_t
read_group(const unsigned char *text)
{
	return places[0][text[0]] | places[1][text[1]] | places[2][text[2]] |
	    places[3][text[3]];
}

/* Three octets, and a zero behind them. */
static void
store_group(unsigned char *octets, uint32_t group)
{
	uint32_t word = htonl(group << 8);

	memcpy(octets, &word, sizeof(word));
}

/* Whole groups: nearly all of nearly every key. */
static size_t
take_groups(struct base64 *out, struct str text)
{
	const unsigned char *in = (const unsigned char *)text.p;
	size_t from = base64_blocks(text, out->octets + out->length);
	unsigned char *octets = out->octets + out->length + from / 4 * 3;
	uint32_t first, second;

	for (; text.n - from >= 8; from += 8) {
		first = read_group(in + from);
		second = read_group(in + from + 4);
		if ((first & second) >> 24 != DIGITS)
			break;
		store_group(octets, first);
		store_group(octets + 3, second);
		octets += 6;
	}
	out->length = (size_t)(octets - out->octets);
	return from;
}

size_t
base64_take(struct base64 *out, struct str text)
{
	uint32_t digit;
	size_t i = 0;

	while (i < text.n) {
		if (out->digits == 0 && (i += take_groups(out,
		    str_after(text, i))) == text.n)
			break;
		digit = places[3][(unsigned char)text.p[i]];
		if (digit == 0)
			break;
		i++;
		out->bits = out->bits << 6 | (digit & 63);
		if (++out->digits < 4)
			continue;
		store_group(out->octets + out->length, out->bits);
		out->length += 3;
		out->digits = 0;
	}
	return i;
}

/* So many "=" belong behind the digits; 3: no number of them is right. */
static unsigned
missing(const struct base64 *out)
{
	return (4 - out->digits) % 4;
}

bool
base64_finish(struct base64 *out, size_t padding)
{
	if (out->digits == 1 || padding != missing(out))
		return false;
	if (out->digits > 1)
		out->octets[out->length++] = (unsigned char)(out->bits >>
		    (out->digits == 2 ? 4 : 10));
	if (out->digits > 2)
		out->octets[out->length++] =
		    (unsigned char)(out->bits >> 2 & 0xff);
	return true;
}

/* What is left at the first "=" or at the end, and the "=" themselves. */
static bool
finish(struct base64 *out, struct str text, size_t from, size_t *fault)
{
	struct cursor in = { text, from };
	size_t padding;

	*fault = in.here;
	if (out->digits == 1)
		return false;
	for (padding = 0; padding < missing(out); padding++) {
		cursor_while(&in, blanks);
		*fault = in.here;
		if (!cursor_accept(&in, '='))
			return false;
	}
	cursor_while(&in, blanks);
	*fault = in.here;
	return cursor_peek(&in) == END && base64_finish(out, padding);
}

bool
base64_decode_at(struct arena *arena, struct str text, struct str *octets,
    size_t *fault)
{
	struct base64 out = { .octets = arena_alloc(arena,
	    text.n / 4 * 3 + BASE64_SPARE) };
	size_t i, ignored;

	if (fault == NULL)
		fault = &ignored;
	for (i = base64_take(&out, text); i < text.n &&
	    str_has(blanks, text.p[i]); i += base64_take(&out,
	    str_after(text, i)))
		i++;
	if (!finish(&out, text, i, fault))
		return false;
	*octets = (struct str){ (const char *)out.octets, out.length };
	return true;
}

bool
base64_decode(struct arena *arena, struct str text, struct str *octets)
{
	return base64_decode_at(arena, text, octets, NULL);
}

struct str
base64_encode(struct arena *arena, struct str octets)
{
	char *text = arena_alloc(arena, octets.n / 3 * 4 + 5);
	size_t i, left, length = 0;
	uint32_t bits;

	for (i = 0; i < octets.n; i += 3) {
		left = octets.n - i;
		bits = (uint32_t)(unsigned char)octets.p[i] << 16;
		if (left > 1)
			bits |= (uint32_t)(unsigned char)octets.p[i + 1] << 8;
		if (left > 2)
			bits |= (unsigned char)octets.p[i + 2];
		text[length++] = alphabet[bits >> 18];
		text[length++] = alphabet[bits >> 12 & 63];
		text[length++] = left > 1 ? alphabet[bits >> 6 & 63] : '=';
		text[length++] = left > 2 ? alphabet[bits & 63] : '=';
	}
	return (struct str){ text, length };
}
