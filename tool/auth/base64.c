/*
 * Base64, RFC 4648 section 4, as keys are published in it.
 */
#include "auth/auth.h"
#include "base/arena.h"

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    "abcdefghijklmnopqrstuvwxyz0123456789+/";

/* One more than the value of a digit; BLANK for white space, 0 for others. */
enum { BLANK = 65 };

static const unsigned char values[256] = {
	['A'] = 1, ['B'] = 2, ['C'] = 3, ['D'] = 4, ['E'] = 5, ['F'] = 6,
	['G'] = 7, ['H'] = 8, ['I'] = 9, ['J'] = 10, ['K'] = 11, ['L'] = 12,
	['M'] = 13, ['N'] = 14, ['O'] = 15, ['P'] = 16, ['Q'] = 17,
	['R'] = 18, ['S'] = 19, ['T'] = 20, ['U'] = 21, ['V'] = 22,
	['W'] = 23, ['X'] = 24, ['Y'] = 25, ['Z'] = 26,
	['a'] = 27, ['b'] = 28, ['c'] = 29, ['d'] = 30, ['e'] = 31,
	['f'] = 32, ['g'] = 33, ['h'] = 34, ['i'] = 35, ['j'] = 36,
	['k'] = 37, ['l'] = 38, ['m'] = 39, ['n'] = 40, ['o'] = 41,
	['p'] = 42, ['q'] = 43, ['r'] = 44, ['s'] = 45, ['t'] = 46,
	['u'] = 47, ['v'] = 48, ['w'] = 49, ['x'] = 50, ['y'] = 51,
	['z'] = 52,
	['0'] = 53, ['1'] = 54, ['2'] = 55, ['3'] = 56, ['4'] = 57,
	['5'] = 58, ['6'] = 59, ['7'] = 60, ['8'] = 61, ['9'] = 62,
	['+'] = 63, ['/'] = 64,
	[' '] = BLANK, ['\t'] = BLANK, ['\r'] = BLANK, ['\n'] = BLANK
};

/* Octets under construction. */
struct output {
	unsigned char *octets;
	size_t length;
	uint32_t bits;			/* digits of a group not yet complete */
	unsigned digits;		/* 0 to 3 of them */
};

static void
add_group(struct output *out, uint32_t bits)
{
	out->octets[out->length++] = (unsigned char)(bits >> 16);
	out->octets[out->length++] = (unsigned char)(bits >> 8 & 0xff);
	out->octets[out->length++] = (unsigned char)(bits & 0xff);
}

/* Whole groups without white space: nearly all of nearly every key. */
static size_t
decode_groups(struct output *out, struct str text, size_t from)
{
	uint32_t a, b, c, d;

	for (; text.n - from >= 4; from += 4) {
		a = values[(unsigned char)text.p[from]] - 1U;
		b = values[(unsigned char)text.p[from + 1]] - 1U;
		c = values[(unsigned char)text.p[from + 2]] - 1U;
		d = values[(unsigned char)text.p[from + 3]] - 1U;
		if ((a | b | c | d) > 63)
			break;
		add_group(out, a << 18 | b << 12 | c << 6 | d);
	}
	return from;
}

/* What is left at the first "=" or at the end, and the "=" themselves. */
static bool
finish(struct output *out, struct str text, size_t from, size_t *fault)
{
	unsigned missing = (4 - out->digits) % 4;
	struct cursor in = { text, from };

	*fault = in.here;
	if (out->digits == 1)
		return false;
	for (; missing > 0; missing--) {
		cursor_while(&in, STR(" \t\r\n"));
		*fault = in.here;
		if (!cursor_accept(&in, '='))
			return false;
	}
	cursor_while(&in, STR(" \t\r\n"));
	*fault = in.here;
	if (cursor_peek(&in) != END)
		return false;
	if (out->digits > 1)
		out->octets[out->length++] = (unsigned char)(out->bits >>
		    (out->digits == 2 ? 4 : 10));
	if (out->digits > 2)
		out->octets[out->length++] =
		    (unsigned char)(out->bits >> 2 & 0xff);
	return true;
}

bool
base64_decode_at(struct arena *arena, struct str text, struct str *octets,
    size_t *fault)
{
	struct output out = { 0 };
	size_t i = 0, ignored;
	unsigned value;

	if (fault == NULL)
		fault = &ignored;
	out.octets = arena_alloc(arena, text.n / 4 * 3 + 3);
	while (i < text.n) {
		if (out.digits == 0 && (i = decode_groups(&out, text, i)) ==
		    text.n)
			break;
		value = values[(unsigned char)text.p[i]];
		if (value == 0)
			break;
		i++;
		if (value == BLANK)
			continue;
		out.bits = out.bits << 6 | (value - 1);
		if (++out.digits < 4)
			continue;
		add_group(&out, out.bits & 0xffffff);
		out.digits = 0;
	}
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
