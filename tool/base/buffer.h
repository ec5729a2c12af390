/*
 * Bytes that grow at their end: text under construction.
 */
#ifndef BASE_BUFFER_H
#define BASE_BUFFER_H

#include "base/str.h"

struct arena;

/* Starts as { 0 }. The bytes belong to the buffer until buffer_free. */
struct buffer {
	char *p;
	size_t n, room;
};

void buffer_free(struct buffer *);
void buffer_clear(struct buffer *);	/* keeps its memory */
void buffer_add(struct buffer *, struct str);
/* Where so many bytes more can be put; whoever does so adds them to n. */
char *buffer_room(struct buffer *, size_t more);
void buffer_add_byte(struct buffer *, int byte);
void buffer_add_cstr(struct buffer *, const char *);
void buffer_add_number(struct buffer *, uint64_t);	/* decimal */
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
