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

/* The key is NULL inside an array and at the top. */
void json_begin_object(struct json *, const char *key);
void json_begin_array(struct json *, const char *key);
void json_end_object(struct json *);
void json_end_array(struct json *);
/*
 * Text: UTF-8 is kept, bytes that are not UTF-8 become U+FFFD; STR_NONE
 * (p is NULL) writes null.
 */
void json_str(struct json *, const char *key, struct str);
void json_cstr(struct json *, const char *key, const char *);
/* Octets: each is the code point of the same number. */
void json_octets(struct json *, const char *key, struct str);
void json_number(struct json *, const char *key, uint64_t);
/* A number that is written already, such as "99.5". */
void json_raw_number(struct json *, const char *key, struct str);
void json_bool(struct json *, const char *key, bool);
void json_no_value(struct json *, const char *key);

/* Back from json_octets, after a JSON reader; false for other characters. */
bool json_read_octets(struct arena *, struct str utf8, struct str *octets);

#endif
