/*
 * What the files share that compare names by their looks. For them only.
 */
#ifndef RULES_LIKENESS_H
#define RULES_LIKENESS_H

#include "rules/rule.h"

enum {
	SHAPE_MAX = 16384,		/* octets */
	SHAPE_KEYS = 8,
	SHAPE_ADDRESSES = 64
};

/* A DKIM key of a family. */
struct shape_key {
	size_t position;		/* from which zone_next finds it */
	struct str owner;		/* as written */
	bool own_origin;		/* relative to the family's name */
	uint64_t fingerprint;
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
};

/*
 * The shape of a child of the apex and the names below it, which are so many
 * from this number on; false when they hold anything unusual.
 */
bool shape_make(struct shape *, struct arena *, const struct zone *,
    size_t number, size_t count, struct str name);
/* The same of all of a zone, without its serial. */
bool shape_make_whole(struct shape *, struct arena *, const struct zone *);

#endif
