/*
 * Domain names as octets: each label behind its length, the root's zero last
 * (RFC 1035 section 3.1).
 */
#ifndef ZONE_WIRE_H
#define ZONE_WIRE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/name.h"
#include "base/str.h"

struct arena;

struct wire {
	unsigned length;		/* 1 to NAME_MAX_WIRE; 0 is no name */
	unsigned char octets[NAME_MAX_WIRE];
};

/* The longest text of a name: each octet may become \DDD. */
enum { WIRE_MAX_TEXT = 4 * NAME_MAX_WIRE };

extern const struct wire wire_root;

enum wire_error {
	WIRE_FINE,
	WIRE_EMPTY_LABEL,
	WIRE_LONG_LABEL,		/* above 63 octets */
	WIRE_LONG,			/* the name above 255 */
	WIRE_BAD_ESCAPE,
	WIRE_UNFINISHED			/* nothing, or ends with "\" */
};

/*
 * From text as it stands in a master file; "@" alone is the origin, and a
 * name without final dot gets it appended.
 */
enum wire_error wire_parse(struct str text, const struct wire *origin,
    struct wire *);
/* What is to be said behind the name: "has an empty label". */
const char *wire_error_words(enum wire_error);

/* From octets; false unless they are exactly one name. */
bool wire_read(struct str octets, struct wire *);

/*
 * To text as BIND writes it, case kept, final dot; returns the length. The
 * room must be WIRE_MAX_TEXT.
 */
size_t wire_print(const struct wire *, char *room);
/* The same text, of the arena. */
struct str wire_written(struct arena *, const struct wire *);
/* Canonical (base/name.h): lower case, no final dot. */
struct str wire_canonical(struct arena *, const struct wire *);
/* The same in room for WIRE_MAX_TEXT octets. */
struct str wire_canonical_in(char *room, const struct wire *);

/*
 * The canonical name of the word that a text begins with and a blank ends, at
 * once: false when it holds what does not stand for itself, or may be no name
 * at all. The name stands in the room, which must be NAME_MAX_WIRE, or is the
 * origin, which is canonical.
 */
bool wire_plain(struct str text, struct str origin, char *room,
    struct str *name);

/*
 * The length of the label that a text begins with, up to a dot or a blank: 0
 * when not all its octets are letters, digits, hyphens and underscores.
 */
size_t wire_plain_label(struct str text);

/* Octet by octet: names in another case are others. */
bool wire_equal(const struct wire *, const struct wire *);
/* Would wire_parse() of the text give that name, in the same case? */
bool wire_is(const struct wire *, struct str text, const struct wire *origin);
/* As name servers compare: ASCII case is ignored (RFC 4343 section 3). */
bool wire_equal_case(const struct wire *, const struct wire *);
/* Is it the ancestor, or below it? The same way. */
bool wire_within(const struct wire *, const struct wire *ancestor);

#endif
