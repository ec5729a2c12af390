/*
 * Runs of bytes, and reading them one by one. The smallest functions stand
 * here, so that compilers put them where they are called.
 */
#ifndef BASE_STR_H
#define BASE_STR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* Bytes owned by someone else, not NUL-terminated. */
struct str {
	const char *p;
	size_t n;
};

#define STR(literal)	((struct str){ "" literal, sizeof(literal) - 1 })
/* The same where a constant is needed: in a static table. */
#define STR_INIT(literal)	{ "" literal, sizeof(literal) - 1 }
#define STR_ARG(s)	(int)(s).n, (s).p	/* for %.*s */
#define STR_NONE	((struct str){ NULL, 0 })
/* For messages: input in quotes, cut when nobody would read it to its end. */
#define STR_QUOTE	"\"%.*s%s\""
#define STR_QUOTE_ARG(s) \
	(s).n > STR_QUOTED ? STR_QUOTED - 3 : (int)(s).n, (s).p, \
	(s).n > STR_QUOTED ? "..." : ""
enum { STR_QUOTED = 63 };

struct str str_from(const char *nul_terminated);	/* NULL: STR_NONE */

static inline bool
str_equal(struct str a, struct str b)
{
	return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

bool str_equal_case(struct str, struct str);	/* ASCII case is ignored */
bool str_is(struct str, const char *);		/* str_equal with a literal */
bool str_is_case(struct str, const char *);
bool str_starts(struct str, struct str prefix);
bool str_starts_case(struct str, struct str prefix);
bool str_ends(struct str, struct str suffix);
bool str_ends_case(struct str, struct str suffix);
bool str_has(struct str, int byte);
bool str_contains(struct str, struct str part);
/* Is every byte from lowest to highest? Both are ASCII. */
bool str_within(struct str, unsigned char lowest, unsigned char highest);
static inline bool
str_is_ascii(struct str text)
{
	return str_within(text, 0, 0x7f);
}

/* As memcmp, a shorter prefix first; for sorting. */
int str_compare(struct str, struct str);

/* Bytes start to end (exclusive); both are cut to the length. */
static inline struct str
str_slice(struct str s, size_t start, size_t end)
{
	if (end > s.n)
		end = s.n;
	if (start > end)
		start = end;
	if (s.p == NULL)
		return s;
	return (struct str){ s.p + start, end - start };
}

/* From start on; nothing when that is behind the end. */
static inline struct str
str_after(struct str s, size_t start)
{
	return str_slice(s, start, s.n);
}

/* Where the byte, or the part, stands first or last; n when nowhere. */
size_t str_find(struct str, int byte);
size_t str_find_last(struct str, int byte);
size_t str_find_str(struct str, struct str part);
/* Without spaces and tabs at both ends. */
struct str str_trim(struct str);

/*
 * Cuts off what stands before the first separator, or everything; false when
 * nothing is left. "a,,b" gives "a", "", "b"; "" gives one empty part.
 */
bool str_split(struct str *rest, int separator, struct str *part);

/*
 * A decimal number of digits only, at most max; false otherwise, then *value
 * is untouched.
 */
bool str_number(struct str, uint64_t max, uint64_t *value);

/*
 * Damerau-Levenshtein distance (optimal string alignment) without regard to
 * ASCII case; any distance above limit, and any word above 64 bytes, gives
 * limit + 1.
 */
unsigned str_distance(struct str, struct str, unsigned limit);

/* Bytes are what a cursor gives, END among them: that is none of these. */
static inline bool
byte_is_digit(int byte)
{
	return byte >= '0' && byte <= '9';
}

/* ASCII; no other letter counts. */
static inline bool
byte_is_letter(int byte)
{
	return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z');
}

/* Space or tab. */
static inline bool
byte_is_blank(int byte)
{
	return byte == ' ' || byte == '\t';
}

/* Of an ASCII letter; what is none, and END, stays as it is. */
static inline int
byte_lower(int byte)
{
	return byte >= 'A' && byte <= 'Z' ? byte - 'A' + 'a' : byte;
}

static inline int
byte_upper(int byte)
{
	return byte >= 'a' && byte <= 'z' ? byte - 'a' + 'A' : byte;
}

/* Of a hexadecimal digit; -1 when it is none. */
static inline int
byte_hex_value(int byte)
{
	if (byte_is_digit(byte))
		return byte - '0';
	byte = byte_lower(byte);
	return byte >= 'a' && byte <= 'f' ? byte - 'a' + 10 : -1;
}

/* Past the last byte a cursor reads END, however often it is asked. */
struct cursor {
	struct str text;
	size_t here;
};

enum { END = -1 };

/* The byte so many behind the next one; the cursor stays. */
static inline int
cursor_peek_at(const struct cursor *cursor, size_t ahead)
{
	if (ahead >= cursor->text.n - cursor->here)
		return END;
	return (unsigned char)cursor->text.p[cursor->here + ahead];
}

static inline int
cursor_peek(const struct cursor *cursor)
{
	return cursor_peek_at(cursor, 0);
}

static inline int
cursor_next(struct cursor *cursor)
{
	int byte = cursor_peek(cursor);

	if (byte != END)
		cursor->here++;
	return byte;
}

/* Takes the next byte if it is this one. */
static inline bool
cursor_accept(struct cursor *cursor, int byte)
{
	return cursor_peek(cursor) == byte && cursor_next(cursor) != END;
}

/* Accepts a whole word or nothing. */
bool cursor_accept_str(struct cursor *, struct str);
/* Moves on until a byte of the set, or the end; returns what it passed. */
struct str cursor_until(struct cursor *, struct str set);
/* Moves on while bytes are of the set; returns what it passed. */
struct str cursor_while(struct cursor *, struct str set);
struct str cursor_rest(const struct cursor *);

#endif
