/*
 * Shapes: values that no rule makes anything of. What proves to a service whose
 * a name is looks random, and is in an answer as long as it is; of a part of
 * the mail it is told that it is one.
 */
#include "alike/shape.h"

enum { PERCENT_DIGITS = 2 };

/* "google-site-verification" and the like. */
static bool
is_verification(struct str tag)
{
	static const struct str end = STR_INIT("-verification");

	return tag.n > end.n && tag.p[tag.n - 1] == 'n' &&
	    memcmp(tag.p + tag.n - end.n, end.p, end.n) == 0;
}

/* Up to the end of a string; 0 when something else stands there. */
static size_t
token_length(const char *here)
{
	size_t n = 0;

	while ((class_of(here[n]) & LABEL) != 0)
		n++;
	return here[n] == '"' ? n : 0;
}

/* A number from 1 to 99, as it is written; 0 when it is something else. */
static size_t
percent_length(const char *here)
{
	size_t n = 0;

	while (n <= PERCENT_DIGITS && byte_is_digit((unsigned char)here[n]))
		n++;
	return n > 0 && n <= PERCENT_DIGITS && here[0] != '0' &&
	    (here[n] == '"' || here[n] == ';' || here[n] == ' ') ? n : 0;
}

static bool
put_hole(struct drawing *drawing, int mark, size_t octets)
{
	const char *start = ++drawing->here;
	char *out;

	if (drawing->has_value)
		return false;
	drawing->has_value = true;
	drawing->here += octets;
	put_byte(drawing, '=');
	out = drawing->out;
	put_byte(drawing, mark);
	if (mark == MARK_TOKEN)
		put_number(drawing, (uint32_t)octets);
	else
		drawing->slack += PERCENT_DIGITS;
	shape_note_hole(drawing, HOLE_VALUE, start, drawing->here, out);
	return true;
}

/* What is more than one string may be more than one word in one. */
bool
shape_put_value(struct drawing *drawing, struct str tag)
{
	size_t n;

	if (*drawing->here != '=' || drawing->strings != 1 ||
	    drawing->holds_keys)
		return true;
	if (tag.p[-1] == '"' && is_verification(tag) &&
	    (n = token_length(drawing->here + 1)) > 0)
		return put_hole(drawing, MARK_TOKEN, n);
	if (str_is(tag, "pct") && (tag.p[-1] == ' ' || tag.p[-1] == ';') &&
	    (n = percent_length(drawing->here + 1)) > 0)
		return put_hole(drawing, MARK_PERCENT, n);
	return true;
}

bool
shape_fill_value(struct drawing *drawing, struct str mark)
{
	const bool token = (unsigned char)mark.p[0] == MARK_TOKEN;
	size_t n = token ? token_length(drawing->here) :
	    percent_length(drawing->here);
	uint32_t length;

	if (n == 0)
		return false;
	if (token) {
		memcpy(&length, mark.p + 1, sizeof(length));
		if (length != n)
			return false;
	}
	drawing->here += n;
	return true;
}
