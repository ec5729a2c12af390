/*
 * Texts with holes that anybody may fill: what they become is read as well when
 * names and strings cannot become too long.
 */
#include <arpa/inet.h>

#include "alike/stencil.h"

enum {
	/* Octets: with the longest apex a name is none too many. */
	NAME_PARTS = 64 + LIKE_LABEL,
	PERCENT_DIGITS = 2
};

/* The parts of a name, which a label goes between. */
static bool
has_short_names(const struct hole *holes, const struct str *texts,
    size_t count)
{
	size_t i, k, n = 0;

	for (i = 0; i < count; i++) {
		for (k = 0; k < texts[i].n; k++) {
			n = (class_of(texts[i].p[k]) & WORD) != 0 ? n + 1 : 0;
			if (n > NAME_PARTS)
				return false;
		}
		n = holes[i].kind == HOLE_OWN ? n + LIKE_LABEL : 0;
	}
	return true;
}

/* A string, of which keys have as many octets as they had. */
struct string {
	size_t n, room;			/* octets; for what fills its holes */
	bool quoted, commented;
	bool has_key;
};

static bool
pass_octet(struct string *string, char octet)
{
	if (string->commented) {
		string->commented = octet != '\n';
	} else if (octet == '"') {
		*string = (struct string){ .quoted = !string->quoted };
	} else if (!string->quoted) {
		string->commented = octet == ';';
	} else
		string->n++;
	return string->n + string->room <= STRING_MAX;
}

/* What stands in a hole may have so many octets more than none. */
static size_t
room_of(const struct hole *hole)
{
	switch (hole->kind) {
	case HOLE_OWN:
		return LIKE_LABEL;
	case HOLE_TERM:
		return INET6_ADDRSTRLEN;
	case HOLE_VALUE:
		return (unsigned char)hole->mark.p[0] == MARK_PERCENT ?
		    PERCENT_DIGITS : (size_t)(hole->end - hole->start);
	default:
		return 0;
	}
}

static bool
pass_hole(struct string *string, const struct hole *hole)
{
	if (string->quoted)
		string->room += room_of(hole);
	string->has_key |= hole->kind == HOLE_KEY ||
	    hole->kind == HOLE_LINES_KEY;
	return string->room == 0 || !string->has_key;
}

static bool
has_short_strings(const struct hole *holes, const struct str *texts,
    size_t count)
{
	struct string string = { 0 };
	size_t i, k;

	for (i = 0; i < count; i++) {
		for (k = 0; k < texts[i].n; k++)
			if (!pass_octet(&string, texts[i].p[k]))
				return false;
		if (!pass_hole(&string, &holes[i]))
			return false;
	}
	return true;
}

bool
stencil_is_narrow(const struct hole *holes, const struct str *texts,
    size_t count)
{
	return has_short_names(holes, texts, count) &&
	    has_short_strings(holes, texts, count);
}
