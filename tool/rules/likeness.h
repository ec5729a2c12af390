/*
 * What the files share that compare names by their looks. For them only.
 */
#ifndef RULES_LIKENESS_H
#define RULES_LIKENESS_H

#include "rules/rule.h"

enum {
	SHAPE_MAX = 16384,		/* octets */
	SHAPE_KEYS = 8,
	SHAPE_ADDRESSES = 64,
	SHAPE_HOLES = 192,
	SHAPE_MARKS = 4096,		/* octets */
	STRETCHES_MAX = 64		/* of a family */
};

/* A DKIM key of a family. */
struct shape_key {
	size_t position;		/* from which zone_next finds it */
	struct str owner;		/* as written */
	bool own_origin;		/* relative to the family's name */
	uint64_t fingerprint;
};

/* What stands where a shape leaves something out. */
enum hole_kind {
	HOLE_OWN,			/* the family's label */
	HOLE_ADDRESS, HOLE_TERM,	/* of a record, of SPF */
	HOLE_KEY, HOLE_LINES_KEY,	/* outside of parentheses, or inside */
	HOLE_SERIAL, HOLE_HOST,
	HOLE_COMMENTS,			/* whole lines, or empty ones */
	HOLE_STRETCH,			/* the next one begins, behind such */
	HOLE_END			/* of all, behind such */
};

struct hole {
	enum hole_kind kind;
	const char *start, *end;	/* in the file */
	struct str mark;		/* what stands in the shape for it */
	/* Where a stretch begins. */
	bool own_origin;		/* is its origin the family's name? */
	size_t position;
};

/*
 * How the records of a family are written, with everything left out in which
 * one customer differs from the next: its own name, addresses, and the digits
 * of RSA keys.
 */
struct shape {
	char text[SHAPE_MAX];
	size_t n;
	struct shape_key keys[SHAPE_KEYS];
	size_t key_count;
	struct shape_address {
		uint64_t upper, lower;	/* of v4 the lower ones */
		bool ip6;
		bool term;		/* of SPF */
		struct str text;	/* as it is written first */
	} addresses[SHAPE_ADDRESSES];
	size_t address_count;
	/* In the order of the text; none when they do not tell all. */
	struct hole holes[SHAPE_HOLES];
	size_t hole_count;
	char marks[SHAPE_MARKS];
	size_t marks_length;
};

/* Can that be the label of a family, or of a zone, that has a shape? */
bool shape_suits(struct str label);
/*
 * The shape of a child of the apex and the names below it, which are so many
 * from this number on; false when they hold anything unusual.
 */
bool shape_make(struct shape *, const struct zone *, size_t number,
    size_t count, struct str name);
/* The same of all of a zone, without its serial. */
bool shape_make_whole(struct shape *, const struct zone *);

/* ---- stencils (stencil.c) ------------------------------------------------ */

struct known;
struct stencil;

/* Texts of which it is known that they give a shape, and what is known. */
struct stencils {
	struct arena *arena;
	struct stencil *root;		/* NULL: there are none */
	size_t count;
};

/*
 * What was said of a text which the family has, too, but for its holes; then
 * its keys are in the shape, and nothing else. NULL when there is none, and
 * shape_make may know more. Takes what shape_make takes.
 */
const struct known *stencils_find(struct stencils *, struct shape *,
    const struct zone *, size_t number, size_t count, struct str name);
/* The same as shape_make_whole, of the text of the file. */
const struct known *stencils_find_whole(struct stencils *, struct shape *,
    const struct zone *);
/*
 * From now on the text that the shape was made of, of a child of that name,
 * gives this answer. Nothing is added where there are so many branches.
 */
void stencils_add(struct stencils *, const struct shape *, struct str above,
    const struct known *answer, size_t branches);
/* The same of the text that shape_make_whole made a shape of. */
void stencils_add_whole(struct stencils *, const struct shape *,
    const struct zone *, const struct known *answer, size_t branches);

#endif
