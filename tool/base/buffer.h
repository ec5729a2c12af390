/*
 * Bytes that grow at their end: text under construction. The smallest functions
 * stand here, so that compilers put them where they are called.
 */
#ifndef BASE_BUFFER_H
#define BASE_BUFFER_H

#include <string.h>

#include "base/str.h"

struct arena;

/* Starts as { 0 }. The bytes belong to the buffer until buffer_free. */
struct buffer {
	char *p;
	size_t n, room;
};

void buffer_free(struct buffer *);	/* may be used again: it is empty */
void buffer_clear(struct buffer *);	/* keeps its memory */
/*
 * What buffer_room calls when there is too little: more memory, which is at
 * another place; dies when there is none.
 */
char *buffer_grow(struct buffer *, size_t more);

/* Where so many bytes more can be put; whoever does so adds them to n. */
static inline char *
buffer_room(struct buffer *buffer, size_t more)
{
	return more < buffer->room - buffer->n ? buffer->p + buffer->n :
	    buffer_grow(buffer, more);
}

static inline void
buffer_add(struct buffer *buffer, struct str text)
{
	if (text.n == 0)
		return;
	memcpy(buffer_room(buffer, text.n), text.p, text.n);
	buffer->n += text.n;
}

static inline void
buffer_add_byte(struct buffer *buffer, int byte)
{
	*buffer_room(buffer, 1) = (char)byte;
	buffer->n++;
}

/* NULL adds nothing. */
static inline void
buffer_add_cstr(struct buffer *buffer, const char *text)
{
	if (text != NULL)
		buffer_add(buffer, (struct str){ text, strlen(text) });
}

void buffer_add_repeated(struct buffer *, int byte, size_t count);
void buffer_printf(struct buffer *, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
struct str buffer_str(const struct buffer *);	/* until the next change */

/* A copy in the arena, and the buffer is freed. */
struct str buffer_finish(struct buffer *, struct arena *);

/* The text with "\n" for each "\r\n"; itself when there is none. */
struct str lines_plain(struct arena *, struct str text);
/* Text of plain lines, with the line ends of the first line of another. */
struct str lines_as_in(struct arena *, struct str text, struct str other);

#endif
