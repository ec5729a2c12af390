/*
 * What comments in a zone file say of who sends: a name, a ticket, or something
 * that only people understand.
 */
#include "import/comment.h"

/* "OPS-12" */
static bool
is_ticket(struct str word)
{
	struct cursor in = { word, 0 };
	struct str letters, digits;

	letters = cursor_while(&in, STR("ABCDEFGHIJKLMNOPQRSTUVWXYZ"));
	if (letters.n < 2 || !cursor_accept(&in, '-'))
		return false;
	digits = cursor_while(&in, STR("0123456789"));
	return digits.n > 0 && cursor_peek(&in) == END;
}

static bool
is_plain_name(struct str word)
{
	struct cursor in = { word, 0 };

	if (!byte_is_letter(cursor_peek(&in)) || word.n > 40)
		return false;
	cursor_while(&in, STR("abcdefghijklmnopqrstuvwxyz"
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_."));
	return cursor_peek(&in) == END;
}

struct comment
comment_parse(struct str text)
{
	struct comment comment = { text, STR_NONE, STR_NONE };
	struct str rest = text, first, second;

	if (text.p == NULL)
		return comment;
	first = str_slice(text, 0, str_find(text, ','));
	second = str_trim(str_after(rest, first.n + 1));
	if (second.n == 0) {
		first = str_slice(text, 0, str_find(text, ' '));
		second = str_trim(str_after(text, first.n));
	}
	if (is_ticket(first)) {
		rest = first;
		first = second;
		second = rest;
	}
	if ((second.n == 0 || is_ticket(second)) &&
	    (first.n == 0 || is_plain_name(first))) {
		comment.word = first.n > 0 ? first : STR_NONE;
		comment.ticket = second.n > 0 ? second : STR_NONE;
	}
	return comment;
}

struct str
comment_behind(struct span span)
{
	struct str rest = str_after(span.source->text, span.end), line;
	size_t at;

	line = str_slice(rest, 0, str_find(rest, '\n'));
	at = str_find_last(line, '"');
	line = str_after(line, at < line.n ? at + 1 : 0);
	line = str_after(line, str_find(line, ';'));
	if (line.n > 0 && line.p[line.n - 1] == '\r')
		line.n--;
	return line.n == 0 ? STR_NONE : str_trim(str_after(line, 1));
}

bool
comment_same(struct str a, struct str b)
{
	return (a.p == NULL) == (b.p == NULL) && str_equal(a, b);
}

/* Where the text behind the last of these words begins; 0: there is none. */
static size_t
behind_last(struct str text, struct str word)
{
	size_t behind = 0, at;

	while ((at = str_find_str(str_after(text, behind), word)) <
	    text.n - behind)
		behind += at + word.n;
	return behind;
}

bool
is_generated(const struct record *record)
{
	struct str before = str_slice(record->span.source->text, 0,
	    record->span.start);

	return behind_last(before, STR("; BEGIN mailzone ")) >
	    behind_last(before, STR("; END mailzone "));
}
