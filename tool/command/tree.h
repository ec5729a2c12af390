/*
 * The records that an SPF record leads to, flattened to rows: what the
 * formats of mailzone tree have in common.
 */
#ifndef COMMAND_TREE_H
#define COMMAND_TREE_H

#include "command/command.h"

/* One term that asks the DNS; the first row is the record itself. */
struct tree_row {
	size_t parent;			/* index of the row above it */
	unsigned depth;			/* 0: the record itself */
	bool last;			/* none of the same parent follows */
	bool repeated;			/* what lies below was shown before */
	const struct spf_node *node;	/* that the term leads to, or NULL */
	const struct spf_edge *edge;	/* NULL in the first row */
	/* With all below it; the most is UINT_MAX when it is unknown. */
	unsigned lookups, lookups_max, voids;
	/*
	 * Lookups so far, in the order in which receivers make them: with
	 * what lies below where no rows show it.
	 */
	unsigned total;
	struct str remark;		/* what is wrong or unknown, or none */
};

struct tree {
	struct str domain;
	const struct spf_cost *cost;
	const struct spf_remedy *remedies;	/* that are worth telling */
	struct tree_row *rows;
	size_t count, room;
};

/* "12 lookups, limit 10", "3 to 7 lookups, limit 10"; the same for voids. */
struct str tree_lookups(struct arena *, const struct tree *);
struct str tree_voids(struct arena *, const struct tree *);

/* "include:_spf.example.net", or the domain in the first row. */
struct str tree_label(const struct tree *, const struct tree_row *);

/* (tree_draw.c) A picture that asks for nothing else; a graph for dot. */
void tree_write_svg(struct buffer *, struct arena *, const struct tree *);
void tree_write_dot(struct buffer *, struct arena *, const struct tree *);

#endif
