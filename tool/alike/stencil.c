/*
 * Stencils: texts whose shape is known, of a stretch of a family or of a zone,
 * with holes where another one has something else. To compare with one costs
 * far less than to draw a shape. It rests on this: drawing goes through a text
 * from its start to its end and sees no more than the octets, so that the same
 * octets give the same shape; only what it makes of the family's own label
 * depends on the family, and a label that is nowhere between the holes is
 * nothing there. What stands in a hole is drawn, and must give what it gave
 * before.
 */
#include <arpa/inet.h>
#include <string.h>

#include "alike/stencil.h"
#include "base/arena.h"

enum {
	STENCILS_MAX = 1 << 15,
	BRANCHES = 64,
	HITS_MOST = 1 << 12,		/* of one that is not first */
	PAIRS = 2048			/* a power of two */
};

/* ---- labels -------------------------------------------------------------- */

/* The number of two octets, in small letters. */
static size_t
pair_at(const char *here)
{
	unsigned first = (unsigned char)here[0] | 0x20;
	unsigned second = (unsigned char)here[1] | 0x20;

	return (first * 37 + second) % PAIRS;
}

static void
note_pairs(struct stencil *stencil, struct str text)
{
	size_t i, pair;

	for (i = 0; i + 1 < text.n; i++) {
		pair = pair_at(text.p + i);
		stencil->pairs[pair / 64] |= (uint64_t)1 << pair % 64;
	}
}

static bool
lacks_pair(const struct stencil *stencil, size_t pair)
{
	return (stencil->pairs[pair / 64] >> pair % 64 & 1) == 0;
}

/* Is it certain that the label stands nowhere between the holes? */
static bool
is_without(const struct stencil *stencil, struct str label)
{
	size_t i;

	for (i = 0; i + 1 < label.n; i++)
		if (lacks_pair(stencil, pair_at(label.p + i)))
			return true;
	return false;
}

/* ---- a family that may fill one ------------------------------------------ */

/* An address that has colons as whoever reads a zone sees it. */
static bool
is_read(const struct drawing *drawing, struct str mark)
{
	struct str word = { drawing->here, 0 };
	unsigned char octets[16];
	char text[INET6_ADDRSTRLEN];

	if ((unsigned char)mark.p[0] == MARK_IP4)
		return true;
	while ((class_of(word.p[word.n]) & WORD) != 0)
		word.n++;
	if (word.n >= sizeof(text))
		return false;
	memcpy(text, word.p, word.n);
	text[word.n] = '\0';
	return inet_pton(str_has(word, ':') ? AF_INET6 : AF_INET, text,
	    octets) == 1;
}

static bool
fills_serial(struct drawing *drawing)
{
	const char *start = drawing->here;
	uint64_t serial;

	while (byte_is_digit((unsigned char)*drawing->here))
		drawing->here++;
	return str_number((struct str){ start,
	    (size_t)(drawing->here - start) }, UINT32_MAX, &serial);
}

/* Nothing is made of what stands there, of which there is any. */
static bool
fills_comments(struct drawing *drawing)
{
	const char *start = drawing->here;

	drawing->here = shape_behind_comments(start, drawing->end);
	return drawing->here > start && (drawing->here == drawing->end ||
	    *drawing->here != '$');
}

/* Does the line that begins here say another owner than that stretch? */
static bool
says_other(const struct filling *filling)
{
	const char *here = filling->drawing.here;
	uint64_t before = eight_octets(filling->line);
	uint64_t differing = le64toh(before ^ eight_octets(here));
	struct str owner;

	if (byte_is_blank((unsigned char)*here))
		return false;
	/* Most do in the first octets, before the owner ends. */
	if (differing != 0)
		return (controls_in(before) & ((differing & -differing) - 1)) ==
		    0;
	owner = owner_of((struct str){ filling->line,
	    (size_t)(filling->drawing.end - filling->line) });
	return filling->drawing.end - here <= (ptrdiff_t)owner.n ||
	    !stands_at(here, owner) ||
	    !byte_is_blank((unsigned char)here[owner.n]);
}

/* Is nothing else left of the stretch? */
static bool
ends(const struct filling *filling)
{
	const struct drawing *drawing = &filling->drawing;

	if (drawing->here == drawing->end)
		return true;
	if (drawing->whole || drawing->here[-1] != '\n')
		return false;
	return filling->open ? says_other(filling) :
	    shape_behind_comments(drawing->here, drawing->end) ==
	    drawing->end;
}

static bool
fills_broken_key(struct drawing *drawing, struct str mark)
{
	if (!shape_put_broken(drawing))
		return false;
	if (gives(drawing, mark))
		return true;
	drawing->shape->key_count--;
	drawing->has_key = false;
	return false;
}

static bool
fills_key(struct filling *filling, const struct stencil *stencil)
{
	const bool broken = stencil->key == NULL;
	struct drawing *drawing = &filling->drawing;
	struct shape_key *key;

	drawing->quoted = true;
	drawing->depth = stencil->kind == HOLE_LINES_KEY;
	if (!(broken ? fills_broken_key(drawing, stencil->mark) :
	    shape_fill_key(drawing, stencil->key)))
		return false;
	key = &drawing->shape->keys[drawing->shape->key_count - 1];
	key->position = filling->position;
	key->text = filling->number;
	key->owner = owner_of((struct str){ filling->line,
	    (size_t)(drawing->end - filling->line) });
	key->own_origin = drawing->own_origin;
	key->broken = broken || stencil->key->none;
	return true;
}

/* A family's own origin, or that of the zone; most have that of the last. */
static bool
takes_origin(struct filling *filling, struct str origin)
{
	struct drawing *drawing = &filling->drawing;
	bool own;

	if (filling->origin.p == origin.p && filling->origin.n == origin.n)
		return true;
	own = str_equal(origin, filling->name);
	if (!own && !str_equal(origin, drawing->above))
		return false;
	drawing->own_origin = own;
	filling->origin = origin;
	return true;
}

static bool
fills_hole(struct filling *filling, const struct stencil *stencil)
{
	struct drawing *drawing = &filling->drawing;

	switch (stencil->kind) {
	case HOLE_ADDRESS:
		return (!filling->unread || is_read(drawing, stencil->mark)) &&
		    shape_fill_address(drawing, stencil->mark, false);
	case HOLE_TERM:
		return shape_fill_address(drawing, stencil->mark, true);
	case HOLE_KEY:
	case HOLE_LINES_KEY:
		return fills_key(filling, stencil);
	case HOLE_SERIAL:
		return fills_serial(drawing);
	case HOLE_COMMENTS:
		return fills_comments(drawing);
	case HOLE_HOST:
		return stencil_fills_host(filling);
	case HOLE_VALUE:
		return shape_fill_value(drawing, stencil->mark);
	case HOLE_STRETCH:
		return stencil_fills_line(filling, stencil);
	case HOLE_OWN:			/* see fits() */
	case HOLE_END:
		break;
	}
	return ends(filling);
}

/* ---- the way through ----------------------------------------------------- */

/*
 * Behind the hole, which begins with a text and what fills it; NULL when that
 * is something else, and then nothing has changed. What stands behind the end
 * does no harm: no hole begins there.
 */
static inline const char *
fits(struct filling *filling, const struct branch *branch, const char *here)
{
	const struct stencil *stencil = branch->stencil;
	struct drawing *drawing = &filling->drawing;

	if (!sample_stands_at(here, drawing->end, &branch->text))
		return NULL;
	here += branch->text.text.n;
	if (stencil->kind == HOLE_OWN)
		return sample_stands_at(here, drawing->end, &filling->label) ?
		    here + filling->label.text.n : NULL;
	drawing->here = here;
	if (stencil->kind == HOLE_END && here == drawing->end)
		return here;
	return here <= drawing->end && fills_hole(filling, stencil) &&
	    drawing->here <= drawing->end ? drawing->here : NULL;
}

/* Those that are taken most often come first; lately counts for more. */
static void
note_other(const struct stencil *above, size_t number)
{
	struct branch *branch = &above->branches[number], before;
	size_t i;

	if (++branch->hits == HITS_MOST)
		for (i = 0; i < above->branch_count; i++)
			above->branches[i].hits /= 2;
	if (branch->hits < branch[-1].hits)
		return;
	before = branch[-1];
	branch[-1] = *branch;
	*branch = before;
}

/* When the first one does not fit. */
static const struct stencil *
find_other(struct filling *filling, const struct stencil *above,
    const char **here)
{
	const struct stencil *found;
	const char *next;
	size_t i;

	for (i = 1; i < above->branch_count; i++) {
		next = fits(filling, &above->branches[i], *here);
		if (next == NULL)
			continue;
		*here = next;
		found = above->branches[i].stencil;
		note_other(above, i);
		return found;
	}
	return NULL;
}

static inline const struct stencil *
find_next(struct filling *filling, const struct stencil *above,
    const char **here)
{
	const char *next;

	if (above->branch_count == 0)
		return NULL;
	next = fits(filling, &above->branches[0], *here);
	if (next == NULL)
		return find_other(filling, above, here);
	*here = next;
	above->branches[0].hits++;
	return above->branches[0].stencil;
}

void
stencil_start(struct filling *filling, struct shape *shape,
    struct str label, struct str above)
{
	filling->drawing = (struct drawing){ .shape = shape,
	    .above = above, .out = shape->text };
	filling->number = filling->host_count = 0;
	filling->zone = NULL;
	filling->unread = filling->open = false;
	filling->name = filling->origin = STR_NONE;
	stencil_start_next(filling, label);
}

void
stencil_start_next(struct filling *filling, struct str label)
{
	struct shape *shape = filling->drawing.shape;

	filling->drawing.label = label;
	filling->label = sample_of(label);
	filling->pair = pair_at(label.p);
	shape->key_count = shape->address_count = 0;
}

/* Below the root, the one of a stretch of which as much is said. */
static inline const struct stencil *
begin(struct filling *filling, const struct stencil *root,
    const struct stretch *stretch)
{
	struct drawing *drawing = &filling->drawing;
	const struct stencil *stencil;
	size_t i;

	if (stretch->text.p == NULL ||
	    !takes_origin(filling, stretch->origin) || !has_room(drawing,
	    stretch->text.n))
		return NULL;
	drawing->here = stretch->text.p;
	drawing->end = drawing->here + stretch->text.n;
	drawing->has_key = false;
	filling->line = stretch->text.p;
	filling->position = stretch->position;
	for (i = 0; i < root->branch_count; i++) {
		stencil = root->branches[i].stencil;
		if (stencil->ttl == stretch->ttl &&
		    stencil->part == stretch->part &&
		    stencil->own_origin == drawing->own_origin)
			return stencil;
	}
	return NULL;
}

/* Where the text ends; NULL when it fills no stencil. */
static inline const struct stencil *
find_end(struct filling *filling, const struct stencil *stencil)
{
	const char *here = filling->drawing.here;

	while (stencil != NULL && stencil->known == NULL)
		stencil = find_next(filling, stencil, &here);
	return stencil != NULL && filling->label.text.n > 1 &&
	    (lacks_pair(stencil, filling->pair) ||
	    is_without(stencil, filling->label.text)) ? stencil : NULL;
}

const struct stencil *
stencil_find_whole(struct filling *filling, struct stencil *root)
{
	return find_end(filling, root);
}

size_t
stencil_find_stretches(struct filling *filling,
    const struct stencils *stencils, struct family *family, size_t from,
    size_t count)
{
	struct shape *shape = filling->drawing.shape;
	const struct stencil *root, *end;
	size_t keys;

	for (; from < count; from++) {
		keys = shape->key_count;
		family->before[from] = shape->address_count;
		filling->number = from;
		root = stencils->roots[stencil_root(from)];
		end = root == NULL ? NULL : find_end(filling, begin(filling,
		    root, &family->stretches[from]));
		if (end == NULL) {
			/* Who draws it then changes the origin. */
			filling->origin = STR_NONE;
			shape->key_count = keys;
			shape->address_count = family->before[from];
			break;
		}
		family->known[from] = end->known;
	}
	return from;
}

/* The order in which they come says what else is told of them. */
const struct known *
stencil_find_open(struct filling *filling, const struct stencils *stencils,
    const char *line)
{
	const struct stencil *root =
	    stencils->roots[stencil_root(filling->number)], *end;
	struct drawing *drawing = &filling->drawing;
	struct shape *shape = drawing->shape;
	size_t keys = shape->key_count, addresses = shape->address_count;

	if (root == NULL)
		return NULL;
	drawing->here = line;
	drawing->out = shape->text;
	drawing->own_origin = drawing->has_key = false;
	filling->open = true;
	filling->line = line;
	end = find_end(filling, root->branches[0].stencil);
	if (end == NULL) {
		shape->key_count = keys;
		shape->address_count = addresses;
		return NULL;
	}
	return end->known;
}

/* ---- from a shape -------------------------------------------------------- */

struct str
stencil_text_before(const struct shape *shape, size_t number)
{
	const char *start;

	if (number == 0)
		return STR_NONE;
	start = shape->holes[number - 1].end;
	return (struct str){ start,
	    (size_t)(shape->holes[number].start - start) };
}

/* Behind it are as many NULs as make eight octets at least. */
static struct str
copy_mark(struct arena *arena, struct str mark)
{
	char *copy = arena_alloc(arena, mark.n + 8);

	if (mark.n > 0)
		memcpy(copy, mark.p, mark.n);
	return (struct str){ copy, mark.n };
}

static struct stencil *
new_stencil(struct stencils *stencils, const struct hole *hole)
{
	struct stencil *stencil = ARENA_NEW(stencils->arena, struct stencil);

	stencil->kind = hole->kind;
	stencil->mark = copy_mark(stencils->arena, hole->mark);
	if (hole->kind == HOLE_KEY || hole->kind == HOLE_LINES_KEY)
		stencil->key = shape_read_form(stencils->arena, stencil->mark);
	stencil->own_origin = hole->own_origin;
	stencil->position = hole->position;
	stencil->ttl = hole->ttl;
	stencil->part = hole->part;
	stencils->count++;
	return stencil;
}

/* Room for one more: twice as many when all is taken. */
static struct branch *
add_branch(struct arena *arena, struct stencil *above)
{
	size_t count = above->branch_count;
	struct branch *branches = above->branches;

	if ((count & (count - 1)) == 0) {
		above->branches = ARENA_ARRAY(arena, count == 0 ? 1 :
		    2 * count, struct branch);
		if (count > 0)
			memcpy(above->branches, branches,
			    count * sizeof(*branches));
	}
	return &above->branches[above->branch_count++];
}

/* NULL when it is one too many. */
static struct stencil *
branch(struct stencils *stencils, struct stencil *above,
    const struct hole *hole, struct str text)
{
	struct stencil *stencil;
	size_t i;

	for (i = 0; i < above->branch_count; i++) {
		stencil = above->branches[i].stencil;
		if (stencil->kind == hole->kind &&
		    str_equal(above->branches[i].text.text, text) &&
		    str_equal(stencil->mark, hole->mark))
			return stencil;
	}
	if (above->branch_count == BRANCHES ||
	    stencils->count == STENCILS_MAX || str_has(text, '\0'))
		return NULL;
	stencil = new_stencil(stencils, hole);
	*add_branch(stencils->arena, above) = (struct branch){
	    sample_of(arena_copy(stencils->arena, text)), stencil, 0 };
	return stencil;
}

struct stencil *
stencil_add(struct stencils *stencils, size_t root, const struct hole *holes,
    const struct str *texts, size_t count, struct str above,
    const struct known *answer)
{
	struct stencil *stencil = stencils->roots[root];
	size_t i;

	if (stencil == NULL)
		stencil = stencils->roots[root] = ARENA_NEW(stencils->arena,
		    struct stencil);
	for (i = 0; i < count && stencil != NULL; i++)
		stencil = branch(stencils, stencil, &holes[i], texts[i]);
	if (i == 0 || stencil == NULL || stencil->known != NULL)
		return NULL;
	stencil->known = answer;
	stencil->pairs = ARENA_ARRAY(stencils->arena, PAIRS / 64, uint64_t);
	/* Names in the zone end in that of the apex, or seem to. */
	note_pairs(stencil, above);
	for (i = 0; i < count; i++)
		note_pairs(stencil, texts[i]);
	return stencil;
}

void
stencil_add_stretch(struct stencils *stencils, size_t root,
    const struct shape *shape, struct str above, const struct known *answer)
{
	struct str texts[SHAPE_HOLES];
	size_t i;

	for (i = 0; i < shape->hole_count; i++)
		texts[i] = stencil_text_before(shape, i);
	stencil_add(stencils, root, shape->holes, texts, shape->hole_count,
	    above, answer);
}
