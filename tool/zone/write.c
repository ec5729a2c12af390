/*
 * TXT as master files hold it: strings of at most 255 octets, quoted.
 */
#include "base/arena.h"
#include "base/buffer.h"
#include "zone/zone.h"

struct list {
	struct str *items;
	size_t count, room;
};

static void
append(struct arena *arena, struct list *list, struct str item)
{
	struct str *larger;
	size_t i;

	if (list->count == list->room) {
		list->room = list->room * 2 + 8;
		larger = ARENA_ARRAY(arena, list->room, struct str);
		for (i = 0; i < list->count; i++)
			larger[i] = list->items[i];
		list->items = larger;
	}
	list->items[list->count++] = item;
}

/*
 * Where the next part begins: SPF terms at the blanks before them, tags
 * behind a semicolon, where the blanks before them stand.
 */
static size_t
find_border(struct str text, size_t start, enum auth kind)
{
	struct cursor in = { text, start };

	switch (kind) {
	case AUTH_NONE:
		return text.n;
	case AUTH_SPF:
		cursor_while(&in, STR(" "));
		cursor_until(&in, STR(" "));
		return in.here;
	default:
		cursor_until(&in, STR(";"));
		cursor_next(&in);
		return in.here;
	}
}

/*
 * Parts stand side by side in the text, so that a string is known by where
 * it starts and ends. What is too long for one string fills up the one at
 * hand: a key of 2,048 bits takes two strings, not three.
 */
struct str *
text_split(struct arena *arena, struct str text, enum auth kind,
    size_t *count)
{
	struct list strings = { 0 };
	size_t start = 0, end = 0, next = 0;

	while (end < text.n) {
		next = find_border(text, end, kind);
		if (next - start > STRING_MAX && next - end <= STRING_MAX) {
			append(arena, &strings, str_slice(text, start, end));
			start = end;
		}
		for (end = next; end - start > STRING_MAX;
		    start += STRING_MAX)
			append(arena, &strings, str_slice(text, start,
			    start + STRING_MAX));
	}
	if (start < text.n || text.n == 0)
		append(arena, &strings, str_slice(text, start, text.n));
	*count = strings.count;
	return strings.items;
}

void
write_string(struct buffer *out, struct str octets)
{
	unsigned char byte;
	size_t i;

	buffer_add_byte(out, '"');
	for (i = 0; i < octets.n; i++) {
		byte = (unsigned char)octets.p[i];
		if (byte < 0x20 || byte > 0x7e) {
			buffer_printf(out, "\\%03d", byte);
			continue;
		}
		if (byte == '"' || byte == '\\')
			buffer_add_byte(out, '\\');
		buffer_add_byte(out, byte);
	}
	buffer_add_byte(out, '"');
}
