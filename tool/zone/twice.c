/*
 * Which names may own a record twice: told while they are read, by how their
 * data is written, so that nobody has to make records for that. It is said of
 * more names than do, and of all that do.
 */
#include <string.h>

#include "zone/reader.h"

/* A word of which each octet is this. */
#define WORD_OF(octet)	(UINT64_C(0x0101010101010101) * (octet))

/* What names are written with, in small letters; 0: something else. */
static inline unsigned char
code_at(const char *data)
{
	return *data == '.' ? '.' :
	    (unsigned char)name_octets[(unsigned char)*data];
}

/* ---- data ---------------------------------------------------------------- */

/* In which of the octets a word is below this one, up to the first at least. */
static inline uint64_t
find_below(uint64_t word, unsigned char octet)
{
	return (word - WORD_OF(octet)) & ~word & WORD_OF(0x80);
}

/*
 * Do names or numbers differ in the first octets already? Behind one blank
 * stands nothing that ends them, and zeros may say nothing.
 */
static inline bool
differ_soon(const char *a, const char *b)
{
	uint64_t x, y, ends;
	size_t place;

	memcpy(&x, a, sizeof(x));
	memcpy(&y, b, sizeof(y));
	if (x == y)
		return false;
	place = bit_first(x ^ y) / 8;
	ends = find_below(x, '-') | find_below(x ^ WORD_OF(';'), 1);
	if (place == 0 || first_bytes(ends >> 8, place - 1) != 0)
		return false;
	x = code_at(a + place);
	y = code_at(b + place);
	return x != y && x > '0' && y > '0';
}

/* Names differ where their labels do, whatever origin stands behind them. */
static bool
may_be_same_name(const char *a, const char *b)
{
	unsigned char x, y;

	do {
		x = code_at(a++);
		y = code_at(b++);
		if (x == 0 || y == 0)
			return true;
	} while (x == y);
	return false;
}

static const char *
behind(const char *data, const char *octets)
{
	return data + strspn(data, octets);
}

/* Preferences without zeros before them are the same when they look so. */
static bool
may_be_same_exchange(const char *a, const char *b)
{
	a = behind(a, " \t");
	b = behind(b, " \t");
	if ((*a == '0' && byte_is_digit(a[1])) ||
	    (*b == '0' && byte_is_digit(b[1])))
		return true;
	while (*a == *b && byte_is_digit(*a)) {
		a++;
		b++;
	}
	return !byte_is_digit(*a) && !byte_is_digit(*b) &&
	    may_be_same_name(behind(a, " \t"), behind(b, " \t"));
}

/*
 * Octets of first strings that differ make the strings differ, unless one of
 * them is, or stands behind, an escape.
 */
static bool
may_be_same_text(const char *a, const char *b)
{
	a = behind(a, " \t(");
	b = behind(b, " \t(");
	if (*a != '"' || *b != '"')
		return true;
	for (a++, b++; *a == *b; a++, b++)
		if (*a == '"' || *a == '\\' || *a == '\n' || *a == '\0')
			return true;
	return *a == '\\' || *b == '\\';
}

__attribute__((noinline)) static bool
may_be_same(uint16_t type, const char *a, const char *b)
{
	switch (type) {
	case RR_TXT:
	case RR_SPF:
		return may_be_same_text(a, b);
	case RR_MX:
		return may_be_same_exchange(a, b);
	default:
		return may_be_same_name(behind(a, " \t"), behind(b, " \t"));
	}
}

bool
twice_may_be(uint16_t type, const char *a, const char *b)
{
	return !differ_soon(a, b) && may_be_same(type, a, b);
}

/* ---- runs ---------------------------------------------------------------- */

/* Without data, or when not all of the run is known, it may be. */
static bool
may_stand(const struct twice *twice, uint16_t type, const char *data)
{
	bool seen = false;
	size_t i;

	for (i = 0; i < twice->count; i++) {
		if (twice->seen[i].type != type)
			continue;
		if (data == NULL || twice->seen[i].data == NULL ||
		    twice_may_be(type, data, twice->seen[i].data))
			return true;
		seen = true;
	}
	return !seen || twice->count == TWICE_SEEN;
}

void
twice_note(struct reader *reader, uint16_t type, const char *data)
{
	struct twice *twice = &reader->twice;
	struct run *run = reader->run;
	unsigned set = rrtype_set(type) & TWICE_TYPES;

	if (set == 0)
		return;
	if (twice->run != run) {
		twice->run = run;
		twice->count = 0;
	}
	if ((run->place & set) != 0 && may_stand(twice, type, data))
		run->place |= HAS_TWICE;
	if (twice->count < TWICE_SEEN) {
		twice->seen[twice->count].type = type;
		twice->seen[twice->count++].data = data;
	}
}
