/*
 * Families of a zone that are known by their text while it is read: as they
 * come, all that follows from a text once follows from it again, and need not
 * be read. What they are is told by their stretches as in family.c, but in the
 * order of the file; those of one kind are also the same there.
 */
#include <string.h>

#include "alike/stencil.h"
#include "base/arena.h"

enum {
	FAMILIES_BEFORE = 64,		/* until it pays to know any */
	FORGOTTEN_MOST = 64,		/* times */
	HOPELESS = 4096,		/* families, when none was known */
	TEXT_SLOTS = 1 << 12,		/* of what is known of stretches */
	KIND_SLOTS = 1 << 14,		/* a power of two; half are used */
	KINDS_MAX = 1 << 16		/* also of those that are forgotten */
};

/* Families of the same stretches: small, as another is asked for each time. */
struct known_kind {
	const struct fold *fold;	/* see struct fold_text */
	uint32_t number;		/* 0: they may differ after all */
	bool relative;
	uint8_t runs;
	uint16_t texts[];		/* the numbers of the stretches */
};

struct familiar {
	struct str zone;
	bool suits;			/* the origin: see is_suitable */
	struct knowledge knowledge;	/* of stretches */
	struct stencils stencils;
	struct tries tries;		/* to find a family */
	struct arena *arena;		/* of the kinds */
	struct known_kind **kinds;	/* by hash */
	size_t kind_count;
	uint32_t last_number;		/* of a kind */
	size_t forgotten;		/* times */
	/* The family that is looked at. */
	struct shape shape;
	struct filling filling;
	uint16_t texts[FOLD_LINES];	/* the numbers of its stretches */
	/* Of those that are known; SIZE_MAX: it is not to be learnt. */
	size_t count;
	size_t values;			/* and have one that is left out */
};

/*
 * Names are written as below the zone's. With a longer one above them they
 * might be too long, see stencil_is_narrow(); below the root there is nothing
 * that tells them from words. What is forgotten again and again is not worth
 * knowing.
 */
static bool
is_suitable(const struct familiar *familiar, struct str origin)
{
	return familiar->zone.n > 0 && familiar->zone.n <= ZONE_NAME_LONG &&
	    str_equal(origin, familiar->zone) &&
	    familiar->forgotten <= FORGOTTEN_MOST;
}

/* Nothing is known. */
static void
begin(struct familiar *familiar)
{
	familiar->stencils = (struct stencils){
	    .arena = familiar->knowledge.arena };
	familiar->tries = (struct tries){ 0 };
	familiar->kinds = ARENA_ARRAY(familiar->arena, KIND_SLOTS,
	    struct known_kind *);
	familiar->kind_count = 0;
}

static void
forget(void *context, struct str origin)
{
	struct familiar *familiar = context;

	if (familiar->knowledge.count > 0) {
		familiar->forgotten++;
		knowledge_forget(&familiar->knowledge);
		arena_reset(familiar->arena);
		begin(familiar);
	}
	familiar->suits = is_suitable(familiar, origin);
}

static void *
start(struct arena *arena, struct str zone, struct str origin)
{
	struct familiar *familiar = ARENA_NEW(arena, struct familiar);

	familiar->zone = zone;
	familiar->arena = arena_child(arena);
	familiar->knowledge = knowledge_new(arena, TEXT_SLOTS);
	stencil_start(&familiar->filling, &familiar->shape, STR("  "), zone);
	familiar->count = SIZE_MAX;
	begin(familiar);
	familiar->suits = is_suitable(familiar, origin);
	return familiar;
}

/* ---- one that may be known ----------------------------------------------- */

/* The label of the family, whose name is that, or begins with it and a dot. */
static struct str
label_of(struct str name)
{
	size_t n = shape_label(name);

	return str_slice(name, 0, n > 0 && (n == name.n || name.p[n] == '.') ?
	    n : 0);
}

/* Is the owner that of the family, or below it, as it is written? */
static bool
belongs(struct str owner, struct str name)
{
	return str_ends(owner, name) && (owner.n == name.n ||
	    owner.p[owner.n - name.n - 1] == '.');
}

/*
 * Goes through its stretches as long as they are known. What fills a stencil
 * has the label in its owner, so that it belongs to the family.
 */
static bool
find_texts(struct familiar *familiar, struct str text, struct str name,
    struct fold_text *found)
{
	struct filling *filling = &familiar->filling;
	const struct known *known;
	const char *here = text.p;
	size_t i;

	filling->drawing.end = text.p + text.n;
	for (i = 0; i < FOLD_LINES; i++, here = filling->drawing.here) {
		filling->number = i;
		known = stencil_find_open(filling, &familiar->stencils, here);
		if (known == NULL)
			break;
		familiar->texts[i] = (uint16_t)known->number;
		familiar->values += known->stretch.has_value;
		found->ends[i] = (size_t)(filling->drawing.here - text.p);
	}
	familiar->count = found->runs = i;
	return i > 0 && !belongs(owner_of(str_after(text,
	    (size_t)(here - text.p))), name);
}

/* Where the kind of the family is, or would be. */
static struct known_kind **
kind_slot(const struct familiar *familiar)
{
	uint32_t hash = 0;
	struct known_kind *kind;
	size_t i;

	for (i = 0; i < familiar->count; i++)
		hash = (hash + familiar->texts[i]) * 0x9e3779b1;
	for (hash >>= 8;; hash++) {
		kind = familiar->kinds[hash % KIND_SLOTS];
		if (kind == NULL || (kind->runs == familiar->count &&
		    memcmp(kind->texts, familiar->texts,
		    kind->runs * sizeof(kind->texts[0])) == 0))
			return &familiar->kinds[hash % KIND_SLOTS];
	}
}

static bool
find_kind(const struct familiar *familiar, struct fold_text *found)
{
	const struct known_kind *kind = *kind_slot(familiar);

	if (kind == NULL || kind->number == 0)
		return false;
	found->fold = kind->fold;
	found->relative = kind->relative;
	found->kind = kind->number;
	found->keyed = familiar->shape.key_count > 0;
	if (found->keyed)
		found->fingerprint = familiar->shape.keys[0].fingerprint;
	return true;
}

static bool
find(void *context, struct str text, size_t n, struct fold_text *found)
{
	struct familiar *familiar = context;
	struct str name = str_slice(text, 0, n), label = label_of(name);
	bool known;

	familiar->count = SIZE_MAX;
	if (!familiar->suits || label.n == 0)
		return false;
	familiar->count = familiar->values = 0;
	stencil_start_next(&familiar->filling, label);
	known = find_texts(familiar, text, name, found);
	/* The texts are few, and what they make up will be met again. */
	tries_note(&familiar->tries, known);
	found->spared = tries_pay(&familiar->tries) ? 0 :
	    familiar->tries.known > 0 ? TRIES_SPARED : HOPELESS;
	return known && find_kind(familiar, found);
}

/* ---- one that was not ---------------------------------------------------- */

/*
 * Addresses that are written in two ways, of which another order would tell
 * something else.
 */
static bool
spells_again(const struct shape *shape)
{
	const struct hole *hole = shape->holes;
	size_t i;

	for (i = 0; i < shape->hole_count; i++, hole++)
		if ((hole->kind == HOLE_ADDRESS || hole->kind == HOLE_TERM) &&
		    (unsigned char)hole->mark.p[0] == MARK_AGAIN &&
		    hole->mark.p[2] == 0)
			return true;
	return false;
}

/* Is all that fills the holes of what has been drawn as good? */
static bool
is_sound(const struct shape *shape)
{
	struct str texts[SHAPE_HOLES];
	size_t i;

	for (i = 0; i < shape->hole_count; i++)
		texts[i] = stencil_text_before(shape, i);
	return shape->hole_count > 0 && !spells_again(shape) &&
	    stencil_is_narrow(shape->holes, texts, shape->hole_count);
}

static const struct known *
draw_text(struct familiar *familiar, struct str text)
{
	const struct stretch stretch = { .text = text,
	    .origin = familiar->zone };
	struct shape *shape = &familiar->shape;
	struct known *known;

	if (text.p[text.n - 1] != '\n' ||
	    !shape_make_stretch(&familiar->filling.drawing, &stretch,
	    STR_NONE) || !is_sound(shape))
		return NULL;
	known = known_add(&familiar->knowledge,
	    (struct str){ shape->text, shape->n });
	if (known == NULL)
		return NULL;
	known->stretch.has_value = familiar->filling.drawing.has_value;
	stencil_add_stretch(&familiar->stencils,
	    stencil_root(familiar->count), shape, familiar->zone, known);
	return known;
}

/* The next stretch, which ends there. */
static const struct known *
learn_text(struct familiar *familiar, struct str text, bool tried)
{
	struct filling *filling = &familiar->filling;
	const struct known *known = NULL;

	filling->number = familiar->count;
	if (!tried) {
		filling->drawing.end = text.p + text.n;
		known = stencil_find_open(filling, &familiar->stencils,
		    text.p);
	}
	return known == NULL || filling->drawing.here < text.p + text.n ?
	    draw_text(familiar, text) : known;
}

/* Values may be the same, and keys come in another order. */
static bool
may_differ(const struct familiar *familiar)
{
	return familiar->values > 1 || familiar->shape.key_count > 1 ||
	    familiar->last_number == KINDS_MAX;
}

static void
learn_kind(struct familiar *familiar, const struct fold_text *learnt)
{
	struct known_kind **slot = kind_slot(familiar), *kind;

	if (*slot != NULL || familiar->kind_count == KIND_SLOTS / 2)
		return;
	familiar->kind_count++;
	kind = *slot = arena_alloc(familiar->arena, sizeof(*kind) +
	    familiar->count * sizeof(kind->texts[0]));
	kind->fold = learnt->fold;
	kind->relative = learnt->relative;
	kind->number = may_differ(familiar) ? 0 : ++familiar->last_number;
	kind->runs = (uint8_t)familiar->count;
	memcpy(kind->texts, familiar->texts,
	    familiar->count * sizeof(kind->texts[0]));
}

/* It goes on behind what was known when it was to be found. */
static void
learn(void *context, struct str text, const struct fold_text *learnt)
{
	struct familiar *familiar = context;
	const struct known *known;
	size_t i = familiar->count, tried = i, from;

	if (i > learnt->runs)
		return;
	for (; i < learnt->runs; i++) {
		from = i == 0 ? 0 : learnt->ends[i - 1];
		familiar->count = i;
		known = learn_text(familiar, str_slice(text, from,
		    learnt->ends[i]), i == tried);
		if (known == NULL)
			return;
		familiar->values += known->stretch.has_value;
		familiar->texts[i] = (uint16_t)known->number;
	}
	familiar->count = i;
	learn_kind(familiar, learnt);
}

const struct zone_recogniser alike_recogniser = {
	.from = FAMILIES_BEFORE, .start = start, .forget = forget,
	.find = find, .learn = learn
};
