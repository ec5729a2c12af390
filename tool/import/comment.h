/*
 * Comments beside terms of SPF. For the files of this folder.
 */
#ifndef IMPORT_COMMENT_H
#define IMPORT_COMMENT_H

#include "zone/zone.h"

/* What a comment says of a sender: "relays, OPS-12", or less. */
struct comment {
	struct str text;		/* STR_NONE: there is none */
	struct str word, ticket;	/* when it is plain */
};

struct comment comment_parse(struct str text);
/* The text behind ";" on the line of these bytes; STR_NONE: there is none. */
struct str comment_behind(struct span);
/* None is the same as none. */
bool comment_same(struct str, struct str);
/* Does a block of generate begin before the record, and not end there? */
bool is_generated(const struct record *);

#endif
