#include <string.h>

#include "base/arena.h"
#include "base/print.h"
#include "base/saying.h"

enum { PARTS_ROOM = 512 };

struct saying
saying_copy(struct arena *arena, struct str text)
{
	struct buffer parts = { 0 };

	parts.n = print_length(buffer_room(&parts, PRINT_LENGTH), text.n);
	buffer_add(&parts, text);
	return (struct saying){ "%s", buffer_finish(&parts, arena).p };
}

/* What cannot be taken apart is printed at once. */
struct saying
saying_make(struct arena *arena, struct arena_texts *before,
    const char *format, va_list args)
{
	struct saying saying = { format, NULL };
	char parts[PARTS_ROOM];
	struct arena *own;
	va_list again;
	size_t n;

	if (strchr(format, '%') == NULL)
		return saying;
	va_copy(again, args);
	n = print_parts(parts, sizeof(parts), format, again);
	va_end(again);
	if (n <= sizeof(parts)) {
		saying.parts = arena_copy_once(arena, before,
		    (struct str){ parts, n }).p;
		return saying;
	}
	own = arena_new();
	saying = saying_copy(arena, arena_vprintf(own, format, args));
	arena_free(own);
	return saying;
}

static void
join(struct buffer *buffer, const char *format, const char *parts)
{
	const char *sign;

	while ((sign = strchr(format, '%')) != NULL) {
		buffer_add(buffer, (struct str){ format,
		    (size_t)(sign - format) });
		if (sign[1] == '%')
			buffer_add_byte(buffer, '%');
		else
			buffer_add(buffer, print_next_part(&parts));
		format = sign + print_conversion(sign);
	}
	buffer_add_cstr(buffer, format);
}

struct str
saying_text(struct saying saying, struct buffer *buffer)
{
	if (saying.parts == NULL)
		return saying.format == NULL ? STR_NONE :
		    str_from(saying.format);
	buffer_clear(buffer);
	join(buffer, saying.format, saying.parts);
	return buffer_str(buffer);
}

struct str
saying_print(struct saying saying, struct arena *arena)
{
	struct buffer buffer = { 0 };
	struct str text = saying_text(saying, &buffer);

	if (text.p != NULL)
		text = arena_copy(arena, text);
	buffer_free(&buffer);
	return text;
}

int
saying_compare(struct saying x, struct saying y)
{
	struct buffer a = { 0 }, b = { 0 };
	int order = str_compare(saying_text(x, &a), saying_text(y, &b));

	buffer_free(&a);
	buffer_free(&b);
	return order;
}
