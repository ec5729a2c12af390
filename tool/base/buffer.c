#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "base/print.h"

enum { FIRST_ROOM = 256 };

char *
buffer_grow(struct buffer *buffer, size_t more)
{
	size_t room = buffer->room == 0 ? FIRST_ROOM : buffer->room;
	char *p;

	if (more > SIZE_MAX / 2 - buffer->n) {
		fputs("mailzone: out of memory\n", stderr);
		exit(2);
	}
	while (room - buffer->n < more)
		room *= 2;
	if (room != buffer->room) {
		p = realloc(buffer->p, room);
		if (p == NULL) {
			fputs("mailzone: out of memory\n", stderr);
			exit(2);
		}
		buffer->p = p;
		buffer->room = room;
	}
	return buffer->p + buffer->n;
}

void
buffer_free(struct buffer *buffer)
{
	free(buffer->p);
	*buffer = (struct buffer){ 0 };
}

void
buffer_clear(struct buffer *buffer)
{
	buffer->n = 0;
}

void
buffer_add_repeated(struct buffer *buffer, int byte, size_t count)
{
	if (count == 0)
		return;
	memset(buffer_room(buffer, count), byte, count);
	buffer->n += count;
}

void
buffer_printf(struct buffer *buffer, const char *format, ...)
{
	size_t room = buffer->room - buffer->n;
	va_list args, again;
	int length;

	/* Mostly there is enough room already. */
	va_start(args, format);
	va_copy(again, args);
	length = print_text(room == 0 ? NULL : buffer->p + buffer->n, room,
	    format, again);
	va_end(again);
	if (length > 0 && (size_t)length >= room)
		print_text(buffer_grow(buffer, (size_t)length + 1),
		    (size_t)length + 1, format, args);
	if (length > 0)
		buffer->n += (size_t)length;
	va_end(args);
}

struct str
buffer_str(const struct buffer *buffer)
{
	return (struct str){ buffer->p, buffer->n };
}

struct str
buffer_finish(struct buffer *buffer, struct arena *arena)
{
	struct str text = arena_copy(arena, buffer_str(buffer));

	buffer_free(buffer);
	return text;
}

struct str
lines_plain(struct arena *arena, struct str text)
{
	struct buffer out = { 0 };
	size_t i;

	if (!str_contains(text, STR("\r\n")))
		return text;
	for (i = 0; i < text.n; i++)
		if (!str_starts(str_after(text, i), STR("\r\n")))
			buffer_add_byte(&out, text.p[i]);
	return buffer_finish(&out, arena);
}

struct str
lines_as_in(struct arena *arena, struct str text, struct str other)
{
	struct buffer out = { 0 };
	size_t i, end = str_find(other, '\n');

	if (end == other.n || !str_ends(str_slice(other, 0, end), STR("\r")))
		return text;
	for (i = 0; i < text.n; i++) {
		if (text.p[i] == '\n')
			buffer_add_byte(&out, '\r');
		buffer_add_byte(&out, text.p[i]);
	}
	return buffer_finish(&out, arena);
}
