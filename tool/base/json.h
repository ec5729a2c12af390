/*
 * JSON, written as it comes: objects, arrays and values in order, commas and
 * escapes are put in here. Nothing is kept but the nesting.
 */
#ifndef BASE_JSON_H
#define BASE_JSON_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buffer.h"

struct arena;

enum { JSON_DEPTH = 32 };

/* Starts as { .out = &buffer }; indent 0 writes everything on one line. */
struct json {
	struct buffer *out;
	unsigned indent;		/* spaces a level */
	unsigned depth;
	bool filled[JSON_DEPTH];	/* something stands at this level */
};

/*
 * The key is NULL inside an array and at the top; else it is a name of ours,
 * printable ASCII without quotes and backslashes. How long it is, compilers
 * know.
 */
static inline struct str
json_key(const char *key)
{
	return (struct str){ key, key == NULL ? 0 : strlen(key) };
}

/*
 * What the functions below call, with the key as json_key gives it. The bracket
 * is '{' or '['; no more than JSON_DEPTH - 1 are open at once.
 */
void json_open(struct json *, struct str key, int bracket);
void json_put_str(struct json *, struct str key, struct str);
void json_put_octets(struct json *, struct str key, struct str);
void json_put_number(struct json *, struct str key, uint64_t);
/* The text of a value, as it is to stand there. */
void json_put_raw(struct json *, struct str key, struct str);
/* As they were written once at the same place of a like object. */
void json_put_members(struct json *, struct str text);

static inline void
json_begin_object(struct json *json, const char *key)
{
	json_open(json, json_key(key), '{');
}

static inline void
json_begin_array(struct json *json, const char *key)
{
	json_open(json, json_key(key), '[');
}

void json_end_object(struct json *);
void json_end_array(struct json *);

static inline void
json_no_value(struct json *json, const char *key)
{
	json_put_raw(json, json_key(key), STR("null"));
}

/*
 * Text: UTF-8 is kept, bytes that are not UTF-8 become U+FFFD; STR_NONE
 * (p is NULL) writes null.
 */
static inline void
json_str(struct json *json, const char *key, struct str text)
{
	json_put_str(json, json_key(key), text);
}

static inline void
json_cstr(struct json *json, const char *key, const char *text)
{
	json_put_str(json, json_key(key), json_key(text));
}

/* Octets: each is the code point of the same number. */
static inline void
json_octets(struct json *json, const char *key, struct str octets)
{
	json_put_octets(json, json_key(key), octets);
}

static inline void
json_number(struct json *json, const char *key, uint64_t number)
{
	json_put_number(json, json_key(key), number);
}

/* A number that is written already, such as "99.5". */
static inline void
json_raw_number(struct json *json, const char *key, struct str number)
{
	json_put_raw(json, json_key(key), number);
}

static inline void
json_bool(struct json *json, const char *key, bool value)
{
	json_put_raw(json, json_key(key), value ? STR("true") : STR("false"));
}

/*
 * Copies the first octets of a text as long as they stand for themselves in
 * JSON, and returns how many; perhaps not all of those. There is room for the
 * whole text, and what stands in it behind them is not defined. Each kind of
 * processor has a file of its own, see configure.
 */
size_t json_copy_blocks(char *to, struct str text);

/* Back from json_octets, after a JSON reader; false for other characters. */
bool json_read_octets(struct arena *, struct str utf8, struct str *octets);

#endif
