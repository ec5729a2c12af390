/*
 * How a family of names is written. Customers of a provider have the same
 * records but for their name, their addresses and their keys; with these left
 * out, one text stands for all of them. Anything unusual, above all the
 * family's own name in a form that is not known here, and there is no shape.
 */
#include "alike/shape.h"

enum {
	WORD_LONG = 40,			/* a key, in a place unknown here */
	LABEL_SHORT = 2
};

/* ---- holes --------------------------------------------------------------- */

void
shape_note_hole(struct drawing *drawing, enum hole_kind kind,
    const char *start, const char *end, const char *out)
{
	struct shape *shape = drawing->shape;
	struct str mark = { shape->marks + shape->marks_length,
	    (size_t)(drawing->out - out) };

	if (shape->hole_count == SHAPE_HOLES ||
	    mark.n > SHAPE_MARKS - shape->marks_length) {
		drawing->unclear = true;
		return;
	}
	memcpy(shape->marks + shape->marks_length, out, mark.n);
	shape->marks_length += mark.n;
	shape->holes[shape->hole_count++] =
	    (struct hole){ .kind = kind, .start = start, .end = end,
	    .mark = mark };
}

/* ---- text ---------------------------------------------------------------- */

/* Behind the end of the line. */
static const char *
line_end(const char *here, const char *end)
{
	const char *last = memchr(here, '\n', (size_t)(end - here));

	return last == NULL ? end : last + 1;
}

/* Behind lines that are empty, or comments where these may be. */
static const char *
behind_empty(const char *line, const char *end, bool comments)
{
	const char *here;

	for (; line < end; line = line_end(here, end)) {
		for (here = line; byte_is_blank(*here);)
			here++;
		if (here < end && *here != '\n' &&
		    (*here != ';' || !comments) &&
		    (*here != '\r' || here[1] != '\n'))
			break;
	}
	return line;
}

const char *
shape_behind_comments(const char *line, const char *end)
{
	return behind_empty(line, end, true);
}

/* Empty lines, comments and directives say nothing of the records. */
static bool
pass_directives(struct drawing *drawing)
{
	const char *end;

	while (drawing->here < drawing->end && *drawing->here == '$') {
		end = line_end(drawing->here, drawing->end);
		if (memchr(drawing->here, '(',
		    (size_t)(end - drawing->here)) != NULL)
			return false;
		drawing->here = shape_behind_comments(end, drawing->end);
	}
	return true;
}

/* At the start of a line. */
static bool
pass_lines(struct drawing *drawing)
{
	const char *start = drawing->here;

	drawing->here = behind_empty(start, drawing->end,
	    drawing->depth == 0);
	if (drawing->depth > 0)
		return true;
	if (drawing->here < drawing->end && *drawing->here == '$') {
		if (!pass_directives(drawing))
			return false;
	} else if (!drawing->whole && drawing->here == drawing->end)
		drawing->tail = start;
	else if (!drawing->whole && drawing->here > start)
		shape_note_hole(drawing, HOLE_COMMENTS, start, drawing->here,
		    drawing->out);
	drawing->data = DATA_NONE;
	drawing->strings = 0;
	drawing->line = drawing->here;
	drawing->entries += drawing->here < drawing->end;
	return true;
}

static bool
pass_comment(struct drawing *drawing)
{
	const char *here = drawing->here;
	const char *end = line_end(here, drawing->end);
	size_t n = (size_t)(end - here) - (end > here && end[-1] == '\n');

	put(drawing, here, n);
	drawing->here += n;
	return shape_is_foreign(drawing, (struct str){ here, n });
}

static bool
pass_quote(struct drawing *drawing)
{
	const char *here = drawing->here++;

	if (drawing->data != DATA_STRINGS)
		return false;
	if (drawing->quoted)
		drawing->cut = !byte_is_blank(here[-1]);
	else if (drawing->cut && !byte_is_blank(here[1]))
		return false;
	/* A value goes on in the string behind it, perhaps. */
	if (!drawing->quoted && ++drawing->strings > 1 && drawing->has_value)
		return false;
	drawing->quoted = !drawing->quoted;
	put_byte(drawing, '"');
	return true;
}

static bool
pass_line_end(struct drawing *drawing)
{
	if (drawing->quoted)
		return false;
	drawing->cut = drawing->cut && drawing->depth > 0;
	drawing->here++;
	put_byte(drawing, '\n');
	return pass_lines(drawing);
}

/* A character with a meaning of its own. */
static bool
pass_special(struct drawing *drawing)
{
	int byte = (unsigned char)*drawing->here;

	switch (byte) {
	case '"':
		return pass_quote(drawing);
	case '\n':
		return pass_line_end(drawing);
	case ';':
		if (!drawing->quoted)
			return pass_comment(drawing);
		break;
	case '\\':
		if (*++drawing->here != ';')
			return false;
		put_byte(drawing, '\\');
		byte = ';';
		break;
	case '(':
	case ')':
		if (!drawing->quoted)
			drawing->depth += byte == '(' ? 1 : -1U;
		break;
	default:
		return false;
	}
	drawing->here++;
	put_byte(drawing, byte);
	return true;
}

/* In a record of a key; the word has been written. */
static bool
look_for_key(struct drawing *drawing, struct str word)
{
	const char *start;
	bool seen = drawing->has_key;
	char *out;

	if (word.n > WORD_LONG)
		return false;
	if (word.n != 1 || word.p[0] != 'p' || *drawing->here != '=')
		return true;
	drawing->here++;
	put_byte(drawing, '=');
	start = drawing->here;
	out = drawing->out;
	if (!shape_put_key(drawing)) {
		drawing->here = start;
		drawing->out = out;
		drawing->has_key = seen;
		if (!shape_put_broken(drawing))
			return false;
	}
	if (drawing->here > start)
		shape_note_hole(drawing, drawing->depth > 0 ? HOLE_LINES_KEY :
		    HOLE_KEY, start, drawing->here, out);
	return true;
}

/* Behind SOA, two words, and blanks: nothing is judged by the serial. */
static bool
is_serial(const struct drawing *drawing, const char *start)
{
	const char *here = drawing->soa;
	int words;

	for (words = 0; words < 2; words++) {
		while (byte_is_blank(*here))
			here++;
		while ((class_of(*here) & WORD) != 0)
			here++;
	}
	while (byte_is_blank(*here) || *here == '(' || *here == '\r' ||
	    *here == '\n')
		here++;
	return here == start;
}

/* In the entry of the SOA, and not its owner. */
static bool
is_soa(const struct drawing *drawing, struct str word)
{
	return word.p > drawing->soa_start && word.p < drawing->soa_end &&
	    word.p != drawing->line && str_equal_case(word, STR("SOA"));
}

static void
look_for_serial(struct drawing *drawing, struct str word, int kinds)
{
	if (is_soa(drawing, word))
		drawing->soa = drawing->here;
	else if (drawing->soa != NULL && kinds == DIGIT) {
		if (is_serial(drawing, word.p)) {
			drawing->out -= word.n;
			put_byte(drawing, MARK_SERIAL);
			shape_note_hole(drawing, HOLE_SERIAL, word.p,
			    word.p + word.n, drawing->out - 1);
		}
		drawing->soa = NULL;
	}
}

/* Most words in strings are shorter than the label, and cannot hold it. */
static bool
pass_word(struct drawing *drawing)
{
	const char *start = drawing->here, *here = start;
	char *out = drawing->out;
	struct str word;
	int kinds = 0, class;

	while (((class = class_of(*here)) & WORD) != 0) {
		*out++ = *here++;
		kinds |= class;
	}
	drawing->here = here;
	drawing->out = out;
	word = (struct str){ start, (size_t)(here - start) };
	if (drawing->whole)
		look_for_serial(drawing, word, kinds & WORD);
	kinds &= WORD;
	if (!drawing->quoted)
		return shape_look_at_word(drawing, word, kinds);
	return (((kinds & (DOT | COLON)) == 0 && word.n < drawing->label.n) ||
	    shape_look_in_string(drawing, word, kinds)) &&
	    (drawing->holds_keys ? look_for_key(drawing, word) :
	    shape_put_value(drawing, word));
}

/* ---- a zone -------------------------------------------------------------- */

/*
 * A label from there on, in small letters: its hash, which is even and not
 * zero, and its kinds of characters; here moves behind it, at a NUL at the
 * latest. A bit turns capitals into small letters, and no other character of
 * labels into one.
 */
static uint32_t
hash_label(const char **here, int *kinds)
{
	const unsigned char *p = (const unsigned char *)*here;
	uint32_t hash = 1;
	int class;

	for (*kinds = 0; ((class = shape_classes[*p]) & LABEL) != 0; p++) {
		*kinds |= class;
		hash = hash * 31 + (*p | 0x20U);
	}
	*here = (const char *)p;
	return hash << 2 | 2;
}

static uint32_t *
label_slot(struct labels *labels, uint32_t hash)
{
	size_t i = hash ^ hash >> 16;

	while (labels->slots[i % LABEL_SLOTS] != 0 &&
	    (labels->slots[i % LABEL_SLOTS] & ~1U) != hash)
		i++;
	return &labels->slots[i % LABEL_SLOTS];
}

/* Behind "p": the digits of a key, in as many strings as they are. */
static const char *
pass_key(const char *here)
{
	const char *next = here;

	while ((class_of(*next) & BASE64) != 0) {
		while ((class_of(*next) & BASE64) != 0)
			next++;
		here = next;
		if (*next != '"')
			break;
		for (next++; byte_is_blank(*next) || *next == '\r' ||
		    *next == '\n';)
			next++;
		next += *next == '"';
	}
	return here;
}

/*
 * Can be in an address: that is no host, and need not be counted. In capitals
 * it is, as nobody knows which letters these are.
 */
static bool
is_number(int kinds)
{
	return (kinds & ~(HEX | DIGIT | BASE64)) == 0;
}

bool
shape_count_labels(struct labels *labels, struct str text)
{
	const char *here = text.p, *end = text.p + text.n, *start;
	uint32_t hash, *slot;
	int kinds;

	while (here < end && labels->count < LABEL_SLOTS / 2) {
		start = here;
		hash = hash_label(&here, &kinds);
		if (here == start)
			here++;
		else if (here - start == 1 && *start == 'p' && *here == '=')
			here = pass_key(here);
		/* No host that has a shape is so long. */
		else if (here - start <= LIKE_LABEL && !is_number(kinds)) {
			slot = label_slot(labels, hash);
			labels->count += *slot == 0;
			*slot = *slot == 0 ? hash : hash | 1;
		}
	}
	return here >= end;
}

/* Rules ask for labels with an underscore; few begin like mta-sts. */
static bool
is_asked_for(struct str owner)
{
	size_t i;

	for (i = 0; i < owner.n; i++)
		if (owner.p[i] == '_')
			return true;
	return owner.p[0] == 'm' && str_equal(owner, STR("mta-sts"));
}

size_t
shape_take_host(struct drawing *drawing, const char *text, uint32_t *hash)
{
	const char *here = text, *own = drawing->label.p;
	struct str owner = { text, 0 };
	int kinds;

	if (drawing->own_hash == 0)
		drawing->own_hash = hash_label(&own, &kinds);
	*hash = hash_label(&here, &kinds);
	owner.n = (size_t)(here - text);
	return byte_is_blank((unsigned char)*here) && drawing->own_origin &&
	    owner.n > 0 && owner.n <= LIKE_LABEL && (kinds & UPPER) == 0 &&
	    !is_number(kinds) && *hash != drawing->own_hash &&
	    !is_asked_for(owner) ? owner.n : 0;
}

static bool
is_host(struct drawing *drawing, struct str owner)
{
	uint32_t hash;

	return shape_take_host(drawing, owner.p, &hash) == owner.n &&
	    (*label_slot(drawing->labels, hash) & 1) == 0;
}

/* Of those that are alike the first is enough. */
static void
drop_repeated(struct drawing *drawing, size_t start)
{
	const char *text = drawing->shape->text;
	size_t n = (size_t)(drawing->out - text) - start, i;

	for (i = 0; i < drawing->host_count; i++)
		if (drawing->hosts[i].n == n && memcmp(text +
		    drawing->hosts[i].start, text + start, n) == 0) {
			drawing->out -= n;
			return;
		}
	if (i == HOSTS_MAX)
		return;
	drawing->hosts[i].start = start;
	drawing->hosts[i].n = n;
	drawing->host_count++;
}

/* ---- a family ------------------------------------------------------------ */

static bool
has_upper(struct str text)
{
	size_t i;

	for (i = 0; i < text.n; i++)
		if ((shape_classes[(unsigned char)text.p[i]] & UPPER) != 0)
			return true;
	return false;
}

/* Outside of strings only blanks, the origin, and a wildcard as owner. */
static bool
pass_other(struct drawing *drawing)
{
	const char *here = drawing->here;
	bool owner = here == drawing->line, name = owner ||
	    (drawing->data == DATA_NAMES && byte_is_blank(here[-1]));
	bool blank = byte_is_blank(here[1]) || here[1] == '\r' ||
	    here[1] == '\n';

	if (!drawing->quoted && !byte_is_blank(*here) && *here != '\r' &&
	    !(*here == '@' && name && blank) &&
	    !(*here == '*' && owner && (blank || here[1] == '.')))
		return false;
	*drawing->out++ = *drawing->here++;
	return true;
}

static bool
draw_text(struct drawing *drawing)
{
	int class;

	if (!pass_lines(drawing))
		return false;
	while (drawing->here < drawing->end) {
		class = class_of(*drawing->here);
		if ((class & OTHER) != 0 && !pass_other(drawing))
			return false;
		if ((class & OTHER) != 0)
			continue;
		if ((class & WORD) != 0 ? !pass_word(drawing) :
		    !pass_special(drawing))
			return false;
	}
	return drawing->here == drawing->end && !drawing->quoted &&
	    drawing->depth == 0 &&
	    (!drawing->has_key || drawing->entries == 1);
}

/* Names that are alike may differ in so much, and not more. */
static bool
finish(struct drawing *drawing)
{
	shape_note_hole(drawing, HOLE_END, drawing->tail, drawing->here,
	    drawing->out);
	if (drawing->unclear)
		drawing->shape->hole_count = 0;
	drawing->shape->n = (size_t)(drawing->out - drawing->shape->text);
	return drawing->slack + (drawing->whole ? 2U : 1U) * LIKE_LABEL <=
	    LIKE_SLACK;
}

/* Once, and as a label behind a selector. */
static bool
is_key_owner(struct str owner)
{
	static const struct str label = STR_INIT("._domainkey");
	size_t at = str_find_str(owner, label);
	struct str rest = str_after(owner, at + label.n);

	return at > 0 && at < owner.n && (rest.n == 0 || rest.p[0] == '.') &&
	    !str_contains(rest, STR("_domainkey")) &&
	    !str_contains(str_slice(owner, 0, at), STR("_domainkey"));
}

/* Behind what was drawn before, from this octet of the shape on. */
static void
note_stretch(struct drawing *drawing, const struct stretch *stretch,
    const char *before, size_t start)
{
	struct shape *shape = drawing->shape;
	size_t count = shape->hole_count;

	shape_note_hole(drawing, HOLE_STRETCH, before, drawing->here,
	    shape->text + start);
	if (shape->hole_count == count)
		return;
	shape->holes[count].own_origin = drawing->own_origin;
	shape->holes[count].position = stretch->position;
	shape->holes[count].ttl = stretch->ttl;
	shape->holes[count].part = stretch->part;
}

static bool
draw_stretch(struct drawing *drawing, const struct stretch *stretch,
    struct str name)
{
	struct str owner = owner_of(stretch->text);
	size_t key = drawing->shape->key_count;
	size_t start = (size_t)(drawing->out - drawing->shape->text);
	const char *before = drawing->tail;
	bool host;

	drawing->tail = NULL;
	drawing->here = stretch->text.p;
	drawing->end = stretch->text.p + stretch->text.n;
	drawing->own_origin = str_equal(stretch->origin, name);
	drawing->soa = NULL;
	drawing->quoted = drawing->cut = drawing->has_value = false;
	drawing->has_key = drawing->broken_key = false;
	drawing->depth = 0;
	drawing->entries = 0;
	drawing->holds_keys = str_has(owner, '_') &&
	    str_contains(owner, STR("_domainkey"));
	if (drawing->holds_keys && !is_key_owner(owner))
		return false;
	if (owner.n == 0 || has_upper(owner) || (!drawing->own_origin &&
	    !str_equal(stretch->origin, drawing->above)) ||
	    !has_room(drawing, stretch->text.n))
		return false;
	put_stretch(drawing, stretch);
	note_stretch(drawing, stretch, before, before == NULL ? 0 : start);
	host = drawing->whole && is_host(drawing, owner);
	if (host) {
		drawing->here += owner.n;
		put_byte(drawing, MARK_HOST);
		shape_note_hole(drawing, HOLE_HOST, owner.p, drawing->here,
		    drawing->out - 1);
	}
	if (!draw_text(drawing))
		return false;
	if (drawing->tail == NULL)
		drawing->tail = drawing->here;
	if (host)
		drop_repeated(drawing, start);
	if (drawing->has_key) {
		drawing->shape->keys[key].position = stretch->position;
		drawing->shape->keys[key].owner = owner;
		drawing->shape->keys[key].own_origin = drawing->own_origin;
		drawing->shape->keys[key].broken = drawing->broken_key;
	}
	return true;
}

static const bool in_label[256] = {
	['a'] = true, ['b'] = true, ['c'] = true, ['d'] = true, ['e'] = true,
	['f'] = true, ['g'] = true, ['h'] = true, ['i'] = true, ['j'] = true,
	['k'] = true, ['l'] = true, ['m'] = true, ['n'] = true, ['o'] = true,
	['p'] = true, ['q'] = true, ['r'] = true, ['s'] = true, ['t'] = true,
	['u'] = true, ['v'] = true, ['w'] = true, ['x'] = true, ['y'] = true,
	['z'] = true, ['0'] = true, ['1'] = true, ['2'] = true, ['3'] = true,
	['4'] = true, ['5'] = true, ['6'] = true, ['7'] = true, ['8'] = true,
	['9'] = true, ['-'] = true
};

/* Small letters, digits, and inner hyphens; no number among names of hosts. */
size_t
shape_label(struct str text)
{
	size_t n = 0;

	while (n < text.n && in_label[(unsigned char)text.p[n]])
		n++;
	return n < LABEL_SHORT || n > LIKE_LABEL ||
	    byte_is_digit((unsigned char)text.p[0]) || text.p[0] == '-' ||
	    text.p[n - 1] == '-' ? 0 : n;
}

bool
shape_suits(struct str label)
{
	return label.n > 0 && shape_label(label) == label.n;
}

/* ---- all of it ----------------------------------------------------------- */

bool
shape_make_stretch(struct drawing *drawing, const struct stretch *stretch,
    struct str name)
{
	struct shape *shape = drawing->shape;
	size_t keys = shape->key_count, addresses = shape->address_count;

	shape->hole_count = shape->marks_length = 0;
	drawing->out = shape->text;
	drawing->tail = NULL;
	drawing->slack = 0;
	drawing->unclear = drawing->has_address = false;
	if (draw_stretch(drawing, stretch, name) && finish(drawing))
		return true;
	shape->key_count = keys;
	shape->address_count = addresses;
	return false;
}

bool
shape_make_whole(struct shape *shape, const struct zone *zone)
{
	struct drawing drawing = { .shape = shape,
	    .label = zone_label(zone), .above = zone_above(zone), .whole = true,
	    .out = shape->text };
	struct labels labels = { .count = 0 };
	struct stretch stretch;
	size_t next = 0;

	drawing.labels = &labels;
	drawing.soa_start = zone->source->text.p + zone->contents->soa.start;
	drawing.soa_end = zone->source->text.p + zone->contents->soa.end;
	if (!shape_count_labels(&labels, zone->source->text))
		return false;
	shape->key_count = shape->address_count = 0;
	shape->hole_count = shape->marks_length = 0;
	put_zone(&drawing, zone);
	while (zone_stretch(zone, &next, &stretch))
		if (stretch.text.p == NULL ||
		    !draw_stretch(&drawing, &stretch, zone->name))
			return false;
	/* Keys are compared in the order of their names, not of the file. */
	return shape->key_count <= 1 && finish(&drawing);
}
