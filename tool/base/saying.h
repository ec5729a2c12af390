/*
 * What a format and its arguments say, kept until somebody reads it: many such
 * texts are never read, and the arguments are far shorter.
 */
#ifndef BASE_SAYING_H
#define BASE_SAYING_H

#include <stdarg.h>
#include <stdbool.h>

#include "base/buffer.h"

struct arena;
struct arena_texts;

/* { 0 } says nothing. */
struct saying {
	const char *format;
	const char *parts;		/* NULL: the format is the text */
};

/*
 * The format is a constant: it is not copied. What the arguments say is copied
 * once when it came before.
 */
struct saying saying_make(struct arena *, struct arena_texts *before,
    const char *format, va_list) __attribute__((format(printf, 3, 0)));
/* A copy of a text that is there already. */
struct saying saying_copy(struct arena *, struct str text);

/* The same text whenever it is asked for, with the same address. */
static inline bool
saying_is_constant(struct saying saying)
{
	return saying.parts == NULL;
}

/*
 * The text, in the buffer when it has to be made: then it is good until that
 * changes. STR_NONE when nothing is said.
 */
struct str saying_text(struct saying, struct buffer *);
/* A copy of it. */
struct str saying_print(struct saying, struct arena *);
int saying_compare(struct saying, struct saying);	/* as str_compare */

#endif
