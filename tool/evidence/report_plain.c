/*
 * The short way through a document, several times faster than the long one
 * (report_xml.c): elements, text and attributes of ASCII without references,
 * comments or sections. It knows what is fine; whatever it does not know goes
 * the long way, which alone can tell what is wrong.
 */
#include "base/arena.h"
#include "evidence/reading.h"

struct plain {
	struct cursor in;
	struct reading *reading;
	struct str open[REPORT_DEPTH];	/* names as they were written */
	struct str text;		/* since the last tag */
};

/* ---- octets -------------------------------------------------------------- */

/* What an octet can be a part of; the others are left to the long way. */
enum { BLANK = 1, RETURN = 2, TEXT = 4, NAME = 8, LETTER = 16 };

#define B	(BLANK | TEXT)
#define R	(BLANK | TEXT | RETURN)
#define T	TEXT
#define N	(TEXT | NAME)
#define L	(TEXT | NAME | LETTER)

static const unsigned char kinds[256] = {
	0, 0, 0, 0, 0, 0, 0, 0, 0, B, B, 0, 0, R, 0, 0,
	0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
	/*  ! " # $ % & ' ( ) * + , - . / */
	B, T, T, T, T, T, 0, T, T, T, T, T, T, N, N, T,
	/* 0 to 9 : ; < = > ? */
	N, N, N, N, N, N, N, N, N, N, N, T, 0, T, T, T,
	/* @ A to Z [ \ ] ^ _ */
	T, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L,
	L, L, L, L, L, L, L, L, L, L, L, T, T, 0, T, L,
	/* ` a to z { | } ~ */
	T, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L,
	L, L, L, L, L, L, L, L, L, L, L, T, T, T, T, 0,
};

static unsigned
peek_kind(const struct cursor *in)
{
	int byte = cursor_peek(in);

	return byte == END ? 0 : kinds[byte];
}

/* Moves on while octets are of the kind; the union of all their kinds. */
static unsigned
pass(struct cursor *in, unsigned kind, struct str *passed)
{
	const unsigned char *start = (const unsigned char *)in->text.p +
	    in->here, *here = start;
	const unsigned char *end = start + (in->text.n - in->here);
	unsigned seen = 0;

	while (here < end && (kinds[*here] & kind) != 0)
		seen |= kinds[*here++];
	*passed = (struct str){ (const char *)start, (size_t)(here - start) };
	in->here += passed->n;
	return seen;
}

static bool
pass_blanks(struct cursor *in)
{
	struct str blanks;

	pass(in, BLANK, &blanks);
	return blanks.n > 0;
}

static bool
pass_name(struct cursor *in, struct str *name)
{
	if ((peek_kind(in) & LETTER) == 0)
		return false;
	pass(in, NAME, name);
	return true;
}

/* A value in quotes, of either kind. */
static bool
pass_quoted(struct cursor *in, struct str *value)
{
	int quote = cursor_next(in);
	size_t start = in->here;

	if (quote != '"' && quote != '\'')
		return false;
	while (cursor_peek(in) != quote) {
		if ((peek_kind(in) & TEXT) == 0)
			return false;
		in->here++;
	}
	*value = str_slice(in->text, start, in->here++);
	return true;
}

/* ---- tags ---------------------------------------------------------------- */

enum { ATTRIBUTES = 8 };

static bool
is_among(const struct str *names, size_t count, struct str name)
{
	while (count > 0)
		if (str_equal(names[--count], name))
			return true;
	return false;
}

/* None of them says anything, but each must be well-formed. */
static bool
pass_attributes(struct cursor *in)
{
	struct str names[ATTRIBUTES], value;
	size_t count;

	for (count = 0; pass_blanks(in) && (peek_kind(in) & LETTER) != 0;
	    count++) {
		if (count == ATTRIBUTES || !pass_name(in, &names[count]) ||
		    is_among(names, count, names[count]))
			return false;
		pass_blanks(in);
		if (!cursor_accept(in, '='))
			return false;
		pass_blanks(in);
		if (!pass_quoted(in, &value))
			return false;
	}
	return true;
}

static bool
close_element(struct plain *plain)
{
	return reading_close(plain->reading, plain->text);
}

/* Behind "<". */
static bool
read_start(struct plain *plain)
{
	struct reading *reading = plain->reading;
	struct str name;

	if (!pass_name(&plain->in, &name) || !reading_open(reading, name))
		return false;
	plain->open[reading->depth - 1] = name;
	plain->text = STR("");
	if (cursor_accept(&plain->in, '>'))
		return true;
	if (!pass_attributes(&plain->in))
		return false;
	if (cursor_accept(&plain->in, '>'))
		return true;
	return cursor_accept(&plain->in, '/') &&
	    cursor_accept(&plain->in, '>') && close_element(plain);
}

/* Behind "</". */
static bool
read_end(struct plain *plain)
{
	struct cursor *in = &plain->in;
	struct str name;

	if (plain->reading->depth == 0)
		return false;
	name = plain->open[plain->reading->depth - 1];
	if (in->text.n - in->here <= name.n ||
	    memcmp(in->text.p + in->here, name.p, name.n) != 0)
		return false;
	in->here += name.n;
	if (!cursor_accept(in, '>')) {
		pass_blanks(in);
		if (!cursor_accept(in, '>'))
			return false;
	}
	return close_element(plain);
}

/* ---- the document -------------------------------------------------------- */

/* Up to the next tag. What expat makes of a return is left to it. */
static bool
read_text(struct plain *plain)
{
	struct str text;
	unsigned seen = pass(&plain->in, TEXT, &text);

	if ((seen & RETURN) != 0 && (seen & ~(unsigned)R) != 0)
		return false;
	plain->text = text;
	return text.n <= REPORT_FIELD ||
	    reading_element(plain->reading) < FIELDS;
}

/* name="value", as the declaration has it. */
static bool
pass_setting(struct cursor *in, const char *name, struct str *value)
{
	struct cursor start = *in;

	if (pass_blanks(in) && cursor_accept_str(in, str_from(name)) &&
	    cursor_accept(in, '=') && pass_quoted(in, value))
		return true;
	*in = start;
	return false;
}

/* The octets are believed, not what it says about their encoding. */
static bool
pass_declaration(struct cursor *in)
{
	struct str value;
	struct cursor label;

	if (!cursor_accept_str(in, STR("<?xml")))
		return true;
	if (!pass_setting(in, "version", &value) || !str_is(value, "1.0"))
		return false;
	if (pass_setting(in, "encoding", &value)) {
		label = (struct cursor){ value, 0 };
		if (!pass_name(&label, &value) || label.here < label.text.n ||
		    str_has(value, ':'))
			return false;
	}
	if (pass_setting(in, "standalone", &value) && !str_is(value, "yes") &&
	    !str_is(value, "no"))
		return false;
	pass_blanks(in);
	return cursor_accept_str(in, STR("?>"));
}

static bool
read_root(struct plain *plain)
{
	struct cursor *in = &plain->in;

	pass_blanks(in);
	if (!cursor_accept(in, '<') || !read_start(plain))
		return false;
	while (plain->reading->depth > 0)
		if (!read_text(plain) || !cursor_accept(in, '<') ||
		    !(cursor_accept(in, '/') ? read_end(plain) :
		    read_start(plain)))
			return false;
	return true;
}

bool
report_parse_plain(struct arena *arena, struct str xml,
    struct reading *reading, struct report *report)
{
	struct plain plain = { .in = { xml, 0 }, .reading = reading };
	struct arena_mark mark = arena_mark(arena);

	reading_start(reading, arena, report);
	cursor_accept_str(&plain.in, STR("\xef\xbb\xbf"));
	if (pass_declaration(&plain.in) && read_root(&plain))
		return true;
	arena_release(arena, mark);
	return false;
}
