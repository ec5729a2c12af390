/*
 * What the files that make records share: the one that is being made. For them
 * alone.
 */
#ifndef ZONE_MAKING_H
#define ZONE_MAKING_H

#include "zone/reader.h"

/* What a record is made of. */
struct making {
	struct arena *arena;
	const struct zone *zone;
	const struct segment *segment;
	size_t run;
	struct str *owner;		/* of all the run; made when needed */
	struct record *record;
	bool escapes;			/* some token has a backslash */
	/*
	 * Of the text that is scanned; generated text has a place of its own.
	 */
	struct rdata rdata;
};

/* Of what is made from that part of the text of the file. */
static inline struct span
making_span(const struct making *making, size_t start, size_t end)
{
	if (making->segment->generate != NULL)
		return making->segment->generate->span;
	return (struct span){ making->segment->source, start, end };
}

/* ---- whole records (record.c) -------------------------------------------- */

/*
 * The record whose owner, class, TTL and type have been read; the scan, which
 * stands at its rdata, then stands behind the entry. NULL when the rdata is
 * wrong.
 */
struct record *make_record(struct making *, size_t position, struct scan *,
    const struct entry *);
/* That of a $GENERATE that has this place; NULL when it is wrong. */
struct record *make_generated(struct making *, size_t position,
    uint64_t place);

/* ---- rdata (record_data.c) ----------------------------------------------- */

/*
 * The tokens of the rdata, up to the end of the entry, behind which the scan
 * then stands. False when something else stands between them.
 */
bool make_tokens(struct making *, struct scan *);
/*
 * All there is to a record that holds a name, and nothing but that and a
 * preference, and whose words are plain. False for what must be read field by
 * field.
 */
bool make_plain_target(struct making *);
/* The rdata as octets, read field by field; false when it is wrong. */
bool make_octets(struct making *, struct scan *);
/* What the octets say, for the types that have fields of their own. */
void make_fields(struct making *);

/* ---- text (record_text.c) ------------------------------------------------ */

/* The strings of a record from its tokens, and where their octets stand. */
void make_text(struct making *);
/* From octets: \# and what else has no place of its own. */
void make_text_octets(struct making *);

#endif
