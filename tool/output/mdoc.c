/* Text for manual pages: mdoc(7), clean under mandoc -T lint. */
#include "output/output.h"

enum { MDOC_WIDTH = 78 };

void
write_mdoc_word(struct buffer *out, struct str word)
{
	struct cursor in = { word, 0 };
	int byte;

	if (cursor_peek(&in) == '.' || cursor_peek(&in) == '\'')
		buffer_add_cstr(out, "\\&");
	while ((byte = cursor_next(&in)) != END) {
		if (byte == '\\')
			buffer_add_cstr(out, "\\e");
		else if (byte == '-')
			buffer_add_cstr(out, "\\-");
		else if (byte == '"')
			buffer_add_cstr(out, "\\(dq");
		else
			buffer_add_byte(out, byte);
	}
}

void
write_mdoc_text(struct buffer *out, struct str text)
{
	size_t column = 0;
	bool sentence = false;
	struct str word;

	while (str_split(&text, ' ', &word)) {
		if (word.n == 0)
			continue;
		if (column > 0 &&
		    (sentence || column + 1 + word.n > MDOC_WIDTH)) {
			buffer_add_byte(out, '\n');
			column = 0;
		} else if (column > 0) {
			buffer_add_byte(out, ' ');
			column++;
		}
		write_mdoc_word(out, word);
		column += word.n;
		sentence = str_ends(word, STR(".")) ||
		    str_ends(word, STR("?")) || str_ends(word, STR("!"));
	}
	buffer_add_byte(out, '\n');
}

void
write_mdoc_example(struct buffer *out, const char *title, struct str rest)
{
	struct str line;

	buffer_printf(out, ".Pp\n%s\n.Bd -literal -offset indent\n", title);
	while (str_split(&rest, '\n', &line)) {
		if (rest.p == NULL && line.n == 0)
			break;
		/* Long lines are keys; what they hold is of no interest. */
		if (line.n > MDOC_WIDTH - 4) {
			write_mdoc_word(out, str_slice(line, 0,
			    MDOC_WIDTH - 8));
			buffer_add_cstr(out, "...");
		} else
			write_mdoc_word(out, line);
		buffer_add_byte(out, '\n');
	}
	buffer_add_cstr(out, ".Ed\n");
}
