/*
 * What the files share that compare texts with stencils. For them alone.
 */
#ifndef ALIKE_STENCIL_H
#define ALIKE_STENCIL_H

#include "alike/shape.h"

/* What may stand behind a hole, up to the next one. */
struct branch {
	struct sample text;
	struct stencil *stencil;
	uint32_t hits;			/* how often that was so, lately */
};

/* A hole, and what may follow it. */
struct stencil {
	struct branch *branches;	/* side by side, as most do not fit */
	size_t branch_count;
	struct str mark;		/* what the hole gives */
	enum hole_kind kind;
	const struct key_form *key;	/* NULL: it is none, or a broken one */
	/* Where a stretch begins. */
	bool own_origin;
	size_t position;
	uint32_t ttl;
	unsigned part;
	/* At the end. */
	const struct known *known;
	uint64_t *pairs;		/* bits: octets between holes */
	/* Of a zone. */
	const struct label_set *labels;	/* between the holes */
	size_t records;
	bool is_narrow;			/* names and strings are short */
};

/* A stretch of a family, or a zone, that may fill one. */
struct filling {
	struct drawing drawing;
	const char *line;		/* where the stretch begins */
	size_t position;		/* from which zone_next finds it */
	size_t number;			/* of the stretch in its family */
	const struct zone *zone;
	struct str name;		/* of the family */
	bool open;			/* it goes on up to another owner */
	struct sample label;		/* its own */
	size_t pair;			/* with which that begins */
	struct str origin;		/* of the stretch before this one */
	bool unread;			/* the zone is */
	uint32_t hosts[SHAPE_HOLES];	/* hashes of their labels */
	size_t host_count;
};

/* What is drawn is what was drawn before; it begins at the start again. */
static inline bool
gives(struct drawing *drawing, struct str mark)
{
	size_t n = (size_t)(drawing->out - drawing->shape->text);

	drawing->out = drawing->shape->text;
	return n == mark.n && stands_at(drawing->out, mark);
}

/* ---- tries (known.c) ----------------------------------------------------- */

/*
 * To draw a text costs a good part of judging what stands there, and saves some
 * of that when it is known, or will be met again; which pays if enough of those
 * that were looked at lately are. Where it does not some are drawn all the
 * same, as other customers may follow.
 */
enum { TRIES_SPARED = 64 };		/* one of so many is drawn */

bool tries_pay(const struct tries *);
void tries_note(struct tries *, bool known);

/* ---- stencil.c ----------------------------------------------------------- */

/* Before a family, or a zone, is compared: its label, and what is above. */
void stencil_start(struct filling *, struct shape *, struct str label,
    struct str above);
/* And before another one with the same above it. */
void stencil_start_next(struct filling *, struct str label);
/* Where the text of a zone ends; NULL when it fills no stencil. */
const struct stencil *stencil_find_whole(struct filling *,
    struct stencil *root);
/*
 * Of the stretches of a family, from a number on: says what is known of them,
 * when keys and addresses of those before are in the shape. Returns the number
 * of the first that fills no stencil, or the count.
 */
size_t stencil_find_stretches(struct filling *, const struct stencils *,
    struct family *, size_t from, size_t count);
/*
 * What is known of the stretch that begins with this line; where it ends is
 * not, but it is where drawing.here is then. There are as many before it as
 * its number says. NULL when it fills no stencil.
 */
const struct known *stencil_find_open(struct filling *,
    const struct stencils *, const char *line);
static inline size_t
stencil_root(size_t stretch)
{
	return stretch < STENCIL_ROOTS ? stretch : STENCIL_ROOTS - 1;
}
/*
 * From now on the texts before these holes, and what the holes give, have the
 * answer. Returns the new end; NULL when there was one, or there is no room.
 */
struct stencil *stencil_add(struct stencils *, size_t root,
    const struct hole *, const struct str *texts, size_t count,
    struct str above, const struct known *answer);
/* The same of the stretch the shape was made of, in a zone of that name. */
void stencil_add_stretch(struct stencils *, size_t root, const struct shape *,
    struct str above, const struct known *answer);

/* What stands before a hole, and behind the one before it. */
struct str stencil_text_before(const struct shape *, size_t number);

/* ---- what fills them (narrow.c) ------------------------------------------ */

/* Is no name and no string too long, whatever fills the holes? */
bool stencil_is_narrow(const struct hole *, const struct str *texts,
    size_t count);

/* ---- zones (stencil_zone.c) ---------------------------------------------- */

/* The next stretch begins here, which it did in the other zone, too. */
bool stencil_fills_line(struct filling *, const struct stencil *);
bool stencil_fills_host(struct filling *);

#endif
