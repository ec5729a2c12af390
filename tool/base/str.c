#include <string.h>
#include <strings.h>

#include "base/str.h"

struct str
str_from(const char *text)
{
	if (text == NULL)
		return STR_NONE;
	return (struct str){ text, strlen(text) };
}

/* strncasecmp would stop at a NUL byte, and asks the locale. */
bool
str_equal_case(struct str a, struct str b)
{
	size_t i;

	if (a.n != b.n)
		return false;
	if (a.n == 0 || memcmp(a.p, b.p, a.n) == 0)
		return true;
	for (i = 0; i < a.n; i++)
		if (byte_lower((unsigned char)a.p[i]) !=
		    byte_lower((unsigned char)b.p[i]))
			return false;
	return true;
}

bool
str_is(struct str s, const char *literal)
{
	return str_equal(s, str_from(literal));
}

bool
str_is_case(struct str s, const char *literal)
{
	return str_equal_case(s, str_from(literal));
}

bool
str_starts(struct str s, struct str prefix)
{
	return s.n >= prefix.n &&
	    str_equal(str_slice(s, 0, prefix.n), prefix);
}

bool
str_starts_case(struct str s, struct str prefix)
{
	return s.n >= prefix.n &&
	    str_equal_case(str_slice(s, 0, prefix.n), prefix);
}

bool
str_ends(struct str s, struct str suffix)
{
	return s.n >= suffix.n &&
	    str_equal(str_after(s, s.n - suffix.n), suffix);
}

bool
str_ends_case(struct str s, struct str suffix)
{
	return s.n >= suffix.n &&
	    str_equal_case(str_after(s, s.n - suffix.n), suffix);
}

bool
str_has(struct str s, int byte)
{
	return str_find(s, byte) < s.n;
}

bool
str_contains(struct str s, struct str part)
{
	return part.n == 0 || str_find_str(s, part) < s.n;
}

/* Eight at a time: no byte may borrow from, or carry into, its top bit. */
bool
str_within(struct str s, unsigned char lowest, unsigned char highest)
{
	const uint64_t ones = UINT64_MAX / 255, tops = ones * 128;
	const uint64_t low = ones * lowest, high = ones * (127U - highest);
	uint64_t eight;
	size_t i;

	for (i = 0; s.n - i >= sizeof(eight); i += sizeof(eight)) {
		memcpy(&eight, s.p + i, sizeof(eight));
		if ((((eight - low) | (eight + high) | eight) & tops) != 0)
			return false;
	}
	for (; i < s.n; i++)
		if ((unsigned char)s.p[i] < lowest ||
		    (unsigned char)s.p[i] > highest)
			return false;
	return true;
}

int
str_compare(struct str a, struct str b)
{
	size_t shorter = a.n < b.n ? a.n : b.n;
	int order = shorter == 0 ? 0 : memcmp(a.p, b.p, shorter);

	return order != 0 ? order : (a.n > b.n) - (a.n < b.n);
}

size_t
str_find(struct str s, int byte)
{
	const char *found;

	if (byte == END || s.n == 0)
		return s.n;
	found = memchr(s.p, byte, s.n);
	return found == NULL ? s.n : (size_t)(found - s.p);
}

size_t
str_find_last(struct str s, int byte)
{
	const uint64_t ones = UINT64_MAX / 255, tops = ones * 128;
	uint64_t eight;
	size_t i;

	/* Eight without it at a time: none becomes zero. */
	for (i = s.n; i >= sizeof(eight); i -= sizeof(eight)) {
		memcpy(&eight, s.p + i - sizeof(eight), sizeof(eight));
		eight ^= ones * (unsigned char)byte;
		if (((eight - ones) & ~eight & tops) != 0)
			break;
	}
	for (; i > 0; i--)
		if ((unsigned char)s.p[i - 1] == byte)
			return i - 1;
	return s.n;
}

size_t
str_find_str(struct str s, struct str part)
{
	struct str rest = s;
	size_t i;

	if (part.n == 0)
		return 0;
	while (rest.n >= part.n) {
		i = str_find(str_slice(rest, 0, rest.n - part.n + 1),
		    (unsigned char)part.p[0]);
		rest = str_after(rest, i);
		if (rest.n >= part.n && memcmp(rest.p, part.p, part.n) == 0)
			return s.n - rest.n;
		rest = str_after(rest, 1);
	}
	return s.n;
}

struct str
str_trim(struct str s)
{
	while (s.n > 0 && byte_is_blank((unsigned char)s.p[0]))
		s = str_after(s, 1);
	while (s.n > 0 && byte_is_blank((unsigned char)s.p[s.n - 1]))
		s.n--;
	return s;
}

bool
str_split(struct str *rest, int separator, struct str *part)
{
	size_t end;

	if (rest->p == NULL)
		return false;
	end = str_find(*rest, separator);
	*part = str_slice(*rest, 0, end);
	if (end == rest->n)
		*rest = STR_NONE;
	else
		*rest = str_after(*rest, end + 1);
	return true;
}

bool
str_number(struct str s, uint64_t max, uint64_t *value)
{
	uint64_t number = 0, digit;
	size_t i;

	if (s.n == 0)
		return false;
	for (i = 0; i < s.n; i++) {
		if (!byte_is_digit((unsigned char)s.p[i]))
			return false;
		digit = (uint64_t)(s.p[i] - '0');
		if (digit > max || number > (max - digit) / 10)
			return false;
		number = number * 10 + digit;
	}
	*value = number;
	return true;
}

enum { DISTANCE_WORD = 64 };

static unsigned
least(unsigned a, unsigned b)
{
	return a < b ? a : b;
}

unsigned
str_distance(struct str a, struct str b, unsigned limit)
{
	/* The last three rows of the usual table. */
	unsigned rows[3][DISTANCE_WORD + 1], *older = rows[0];
	unsigned *old = rows[1], *row = rows[2], *spare;
	size_t i, j;

	if (a.n > DISTANCE_WORD || b.n > DISTANCE_WORD ||
	    (a.n > b.n ? a.n - b.n : b.n - a.n) > limit)
		return limit + 1;
	for (j = 0; j <= b.n; j++)
		old[j] = (unsigned)j;
	for (i = 1; i <= a.n; i++) {
		int x = byte_lower((unsigned char)a.p[i - 1]);

		row[0] = (unsigned)i;
		for (j = 1; j <= b.n; j++) {
			int y = byte_lower((unsigned char)b.p[j - 1]);

			row[j] = least(least(old[j], row[j - 1]) + 1,
			    old[j - 1] + (x != y));
			if (i > 1 && j > 1 &&
			    x == byte_lower((unsigned char)b.p[j - 2]) &&
			    y == byte_lower((unsigned char)a.p[i - 2]))
				row[j] = least(row[j], older[j - 2] + 1);
		}
		spare = older;
		older = old;
		old = row;
		row = spare;
	}
	return old[b.n] > limit ? limit + 1 : old[b.n];
}

bool
cursor_accept_str(struct cursor *cursor, struct str word)
{
	if (!str_starts(cursor_rest(cursor), word))
		return false;
	cursor->here += word.n;
	return true;
}

static struct str
pass(struct cursor *cursor, struct str set, bool wanted)
{
	const unsigned char *bytes = (const unsigned char *)cursor->text.p;
	size_t start = cursor->here, end = cursor->text.n, i;
	uint64_t sets[4] = { 0 };	/* a bit for each byte there is */

	for (i = 0; i < set.n; i++)
		sets[(unsigned char)set.p[i] / 64] |=
		    UINT64_C(1) << (unsigned char)set.p[i] % 64;
	for (i = start; i < end; i++)
		if ((sets[bytes[i] / 64] >> bytes[i] % 64 & 1) != wanted)
			break;
	cursor->here = i;
	return str_slice(cursor->text, start, i);
}

/*
 * Few bytes are found sooner one by one; in steps, as one of them may be far
 * away again and again while another one is near.
 */
enum { FEW_BYTES = 3, STEP = 256 };

struct str
cursor_until(struct cursor *cursor, struct str set)
{
	size_t start = cursor->here, i;
	struct str part;

	if (set.n > FEW_BYTES)
		return pass(cursor, set, false);
	do {
		part = str_slice(cursor_rest(cursor), 0, STEP);
		for (i = 0; i < set.n; i++)
			part.n = str_find(part, set.p[i]);
		cursor->here += part.n;
	} while (part.n == STEP);
	return str_slice(cursor->text, start, cursor->here);
}

struct str
cursor_while(struct cursor *cursor, struct str set)
{
	return pass(cursor, set, true);
}

struct str
cursor_rest(const struct cursor *cursor)
{
	return str_after(cursor->text, cursor->here);
}
