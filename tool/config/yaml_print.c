/* Text as a YAML scalar that is read as that text and as nothing else. */
#include "base/arena.h"
#include "base/buffer.h"
#include "config/config.h"

/* May it stand without quotes, even in [a, b] and {a: b}? */
static bool
is_plain(struct str text)
{
	struct cursor in = { text, 0 };
	int byte = cursor_peek(&in);

	if (text.n == 0 || !(byte_is_letter(byte) || byte_is_digit(byte) ||
	    byte == '_' || byte == '.' || byte == '/') ||
	    str_is_case(text, "null"))
		return false;
	while ((byte = cursor_next(&in)) != END) {
		if (byte_is_letter(byte) || byte_is_digit(byte) ||
		    str_has(STR("_./-+@="), byte))
			continue;
		/* One at the end, or before a bracket, would end a key. */
		if (byte != ':' || !(byte_is_letter(cursor_peek(&in)) ||
		    byte_is_digit(cursor_peek(&in)) ||
		    cursor_peek(&in) == '/'))
			return false;
	}
	return true;
}

/* Line ends beyond ASCII, which quotes do not keep. */
static const struct {
	struct str octets;
	const char *escape;
} line_ends[] = {
	{ STR_INIT("\xc2\x85"), "\\N" },
	{ STR_INIT("\xe2\x80\xa8"), "\\L" },
	{ STR_INIT("\xe2\x80\xa9"), "\\P" },
};

static bool
add_line_end(struct buffer *out, struct cursor *in)
{
	size_t i;

	for (i = 0; i < sizeof(line_ends) / sizeof(line_ends[0]); i++)
		if (cursor_accept_str(in, line_ends[i].octets)) {
			buffer_add_cstr(out, line_ends[i].escape);
			return true;
		}
	return false;
}

static void
add_quoted(struct buffer *out, int byte)
{
	if (byte == '"' || byte == '\\')
		buffer_printf(out, "\\%c", byte);
	else if (byte < 0x20 || byte == 0x7f)
		buffer_printf(out, "\\x%02x", (unsigned)byte);
	else
		buffer_add_byte(out, byte);
}

/* In single quotes nothing but these has to be written otherwise. */
static struct str
single_quoted(struct arena *arena, struct str text)
{
	struct cursor in = { text, 0 };
	struct buffer out = { 0 };
	int byte;

	buffer_add_byte(&out, '\'');
	while ((byte = cursor_next(&in)) != END) {
		if (byte == '\'')
			buffer_add_byte(&out, byte);
		buffer_add_byte(&out, byte);
	}
	buffer_add_byte(&out, '\'');
	return buffer_finish(&out, arena);
}

struct str
yaml_scalar(struct arena *arena, struct str text)
{
	struct cursor in = { text, 0 };
	struct buffer out = { 0 };

	if (is_plain(text))
		return text;
	if (str_within(text, ' ', '~') && (str_has(text, '"') ||
	    str_has(text, '\\')))
		return single_quoted(arena, text);
	buffer_add_byte(&out, '"');
	while (cursor_peek(&in) != END)
		if (!add_line_end(&out, &in))
			add_quoted(&out, cursor_next(&in));
	buffer_add_byte(&out, '"');
	return buffer_finish(&out, arena);
}
