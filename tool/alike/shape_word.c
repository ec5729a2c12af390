/*
 * Shapes: words, which may be names, addresses, types, or nothing of note.
 */
#include "alike/shape.h"
#include "zone/rdata.h"

#define H	(HEX | BASE64)
#define L	(LETTER | BASE64)
#define U	(UPPER | BASE64)
#define D	(DIGIT | BASE64)
const unsigned char shape_classes[256] = {
	['a'] = H, ['b'] = H, ['c'] = H, ['d'] = H, ['e'] = H, ['f'] = H,
	['g'] = L, ['h'] = L, ['i'] = L, ['j'] = L, ['k'] = L, ['l'] = L,
	['m'] = L, ['n'] = L, ['o'] = L, ['p'] = L, ['q'] = L, ['r'] = L,
	['s'] = L, ['t'] = L, ['u'] = L, ['v'] = L, ['w'] = L, ['x'] = L,
	['y'] = L, ['z'] = L,
	['A'] = U, ['B'] = U, ['C'] = U, ['D'] = U, ['E'] = U, ['F'] = U,
	['G'] = U, ['H'] = U, ['I'] = U, ['J'] = U, ['K'] = U, ['L'] = U,
	['M'] = U, ['N'] = U, ['O'] = U, ['P'] = U, ['Q'] = U, ['R'] = U,
	['S'] = U, ['T'] = U, ['U'] = U, ['V'] = U, ['W'] = U, ['X'] = U,
	['Y'] = U, ['Z'] = U,
	['0'] = D, ['1'] = D, ['2'] = D, ['3'] = D, ['4'] = D, ['5'] = D,
	['6'] = D, ['7'] = D, ['8'] = D, ['9'] = D,
	['.'] = DOT, [':'] = COLON, ['-'] = LETTER, ['_'] = LETTER,
	['+'] = BASE64 | OTHER, ['/'] = BASE64 | OTHER,
	['='] = BASE64 | OTHER,
	['\t'] = OTHER, ['\r'] = OTHER, [' '] = OTHER, ['!'] = OTHER,
	['#'] = OTHER, ['&'] = OTHER, ['\''] = OTHER, ['*'] = OTHER,
	[','] = OTHER, ['<'] = OTHER, ['>'] = OTHER, ['?'] = OTHER,
	['@'] = OTHER, ['['] = OTHER, [']'] = OTHER, ['^'] = OTHER,
	['`'] = OTHER, ['{'] = OTHER, ['|'] = OTHER, ['}'] = OTHER,
	['~'] = OTHER,
};

enum { SELECTOR_LONG = 16 };

const struct str alike_tenants = STR_INIT(".onmicrosoft.com.");

static const struct type {
	struct str name;
	enum data data;
	bool whole;			/* only in a zone as a whole */
} types[] = {
	{ STR_INIT("A"), DATA_ADDRESS, false },
	{ STR_INIT("AAAA"), DATA_ADDRESS, false },
	{ STR_INIT("MX"), DATA_NAMES, false },
	{ STR_INIT("CNAME"), DATA_NAMES, false },
	{ STR_INIT("SRV"), DATA_NAMES, false },
	{ STR_INIT("TXT"), DATA_STRINGS, false },
	{ STR_INIT("NS"), DATA_NAMES, true },
	{ STR_INIT("SOA"), DATA_NAMES, true },
};

/* Most words differ in the last octet. */
static bool
ends_in(struct str word, struct str part)
{
	return word.n >= part.n &&
	    word.p[word.n - 1] == part.p[part.n - 1] &&
	    memcmp(word.p + word.n - part.n, part.p, part.n) == 0;
}

/* Does the own label end here, and begin where labels do? */
static bool
ends_in_label(struct str word, struct str label)
{
	size_t start;

	if (!ends_in(word, label))
		return false;
	start = word.n - label.n;
	return start == 0 || word.p[start - 1] == '.' ||
	    word.p[start - 1] == ':';
}

/* The label may not be where it is not expected, in letters of any size. */
bool
shape_is_foreign(const struct drawing *drawing, struct str text)
{
	struct str label = drawing->label;
	int first = (unsigned char)label.p[0];
	size_t i;

	for (i = 0; i + label.n <= text.n; i++)
		if (byte_lower((unsigned char)text.p[i]) == first &&
		    str_equal_case(str_slice(text, i, i + label.n), label))
			return false;
	return true;
}

/*
 * The last so many octets, which are written already, are the label. Where a
 * key may be, it matters how long words are.
 */
static bool
put_own(struct drawing *drawing, struct str before, size_t octets, int mark)
{
	const char *start = before.p + before.n;

	if (before.p != drawing->line)
		drawing->slack += LIKE_LABEL;
	drawing->out -= octets;
	put_byte(drawing, mark);
	shape_note_hole(drawing, HOLE_OWN, start, start + drawing->label.n,
	    drawing->out - 1);
	drawing->unclear |= drawing->quoted && drawing->holds_keys;
	return shape_is_foreign(drawing, before);
}

/* Behind "redirect=", "rua=" and the like, which begin a word. */
static bool
is_behind_tag(const char *here)
{
	while (byte_is_letter(here[-1]))
		here--;
	return here[-1] == ' ' || here[-1] == '"';
}

/* In a string: is the whole word a name, and not a part of one? */
static bool
is_apart_in_string(const struct drawing *drawing, struct str word,
    struct str before)
{
	char ahead = word.p[-1], behind = *drawing->here;

	if (behind != '"' && behind != ' ' && behind != ';')
		return false;
	if (str_has(before, ':'))
		return ahead == ' ' || ahead == '"';
	return ahead == ' ' || ahead == '"' || ahead == '@' ||
	    (ahead == '=' && is_behind_tag(word.p - 1));
}

static bool
stands_there(struct str word, size_t at, struct str text)
{
	return at + text.n <= word.n &&
	    memcmp(word.p + at, text.p, text.n) == 0;
}

/* The label, and what stands behind it, in place of what is written there. */
static void
put_label(struct drawing *drawing, const char *label, struct str behind)
{
	put_byte(drawing, MARK_OWN_LABEL);
	shape_note_hole(drawing, HOLE_OWN, label,
	    label + drawing->label.n, drawing->out - 1);
	drawing->slack += LIKE_LABEL;
	put(drawing, behind.p, behind.n);
}

/*
 * Where Microsoft 365 keeps the keys of a customer: the name of a host which
 * nobody knows here, whoever it is.
 */
static bool
put_tenant(struct drawing *drawing, struct str word)
{
	static const struct str keys = STR_INIT("._domainkey.");
	const struct str end = alike_tenants, label = drawing->label;
	const size_t rest = label.n + keys.n + label.n + end.n;
	const size_t at = word.n - rest;

	if (drawing->data != DATA_NAMES || word.p == drawing->line ||
	    word.n < rest + 2 || at > SELECTOR_LONG || !ends_in(word, end) ||
	    word.p[at - 1] != '-' || !stands_there(word, at, label) ||
	    !stands_there(word, at + label.n, keys) ||
	    !stands_there(word, at + label.n + keys.n, label))
		return false;
	drawing->out -= rest;
	put_label(drawing, word.p + at, keys);
	put_label(drawing, word.p + at + label.n + keys.n, end);
	return shape_is_foreign(drawing, str_slice(word, 0, at));
}

/* A word that may be a name, and that of the family. */
static bool
look_at_name(struct drawing *drawing, struct str word)
{
	bool dot = word.p[word.n - 1] == '.', owner = word.p == drawing->line;
	struct str name = str_slice(word, 0, word.n - dot), rest;
	size_t above = drawing->above.n + 1, label = drawing->label.n;

	if (name.n > above && ends_in(name, drawing->above) &&
	    name.p[name.n - above] == '.') {
		rest = str_slice(name, 0, name.n - above);
		if (!ends_in_label(rest, drawing->label))
			return shape_is_foreign(drawing, word);
		rest = str_slice(rest, 0, rest.n - label);
		/* With the final dot in a name, without it in a string. */
		if (drawing->quoted ? dot || !is_apart_in_string(drawing,
		    word, rest) : !dot)
			return false;
		if (!put_own(drawing, rest, label + above + dot, MARK_OWN))
			return false;
		if (dot)
			put_byte(drawing, '.');
		return true;
	}
	if (!dot && !drawing->own_origin && !drawing->quoted &&
	    (owner || drawing->data == DATA_NAMES) &&
	    ends_in_label(name, drawing->label))
		return put_own(drawing, str_slice(name, 0, name.n - label),
		    label, MARK_OWN_LABEL);
	return shape_is_foreign(drawing, word) || put_tenant(drawing, word);
}

/* "ip4:" or "ip6:", in any case, behind a minus or not. */
static size_t
mechanism_length(struct str word)
{
	size_t minus = word.p[0] == '-';

	return word.n > minus + 4 && byte_lower(word.p[minus]) == 'i' &&
	    byte_lower(word.p[minus + 1]) == 'p' &&
	    word.p[minus + 3] == ':' ? minus + 4 : 0;
}

/*
 * A word that has been written as it is: an address, when it must be one or
 * when it is that of a term.
 */
static bool
look_at_address(struct drawing *drawing, struct str word, size_t before)
{
	struct str text = str_after(word, before);
	const char *start = drawing->out - text.n;
	bool term = before > 0;

	if (shape_is_special(text))
		return true;
	drawing->out -= text.n;
	if (!shape_put_address(drawing, text, term))
		return false;
	shape_note_hole(drawing, term ? HOLE_TERM : HOLE_ADDRESS, text.p,
	    text.p + text.n, start);
	return true;
}

bool
shape_look_in_string(struct drawing *drawing, struct str word, int kinds)
{
	size_t before = (kinds & COLON) == 0 ? 0 : mechanism_length(word);

	/* A mechanism, or an address: no one writes them so. */
	if ((kinds & UPPER) != 0 && (kinds & COLON) != 0)
		return false;
	return before > 0 ? look_at_address(drawing, word, before) :
	    look_at_name(drawing, word);
}

/* The type of the entry, or what may stand before it. */
static bool
look_at_type(struct drawing *drawing, struct str word, int kinds)
{
	uint32_t ttl;
	size_t i;

	if (kinds == DIGIT || str_equal_case(word, STR("IN")) ||
	    ttl_parse(word, &ttl))
		return true;
	for (i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (word.n == types[i].name.n &&
		    str_equal_case(word, types[i].name)) {
			drawing->data = types[i].data;
			return !types[i].whole || drawing->whole;
		}
	return false;
}

/* Outside of strings. */
bool
shape_look_at_word(struct drawing *drawing, struct str word, int kinds)
{
	if (drawing->data == DATA_ADDRESS)
		return look_at_address(drawing, word, 0);
	if ((kinds & COLON) != 0 || drawing->data == DATA_STRINGS)
		return false;
	if (word.p == drawing->line || drawing->data == DATA_NAMES)
		return look_at_name(drawing, word);
	return look_at_type(drawing, word, kinds);
}
