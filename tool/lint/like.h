/*
 * What the files share that know what is written alike. For them alone.
 */
#ifndef LINT_LIKE_H
#define LINT_LIKE_H

#include "alike/alike.h"
#include "lint/likeness.h"

struct likeness {
	const struct zone *zone;	/* is judged; NULL: it is not read */
	bool applies;			/* to that */
	bool asked_tenants, tenants;	/* some zone may know of them */
	struct unlike unlike;
	struct like_names *names;
	struct like_zones *zones;
};

struct like_names *like_names_new(struct arena *);
/* The names of this zone come next, which are all unknown; NULL: of none. */
void like_names_start(struct like_names *, const struct world *,
    const struct zone *);
/* See likeness_share. */
void like_names_share(struct like_names *, struct like_kind *kinds);
/* See struct unlike. */
void like_names_note_sending(struct lint *, struct str name, enum sending,
    unsigned answer, uint32_t before);

struct like_zones *like_zones_new(struct arena *);

/* ---- what both ask (likeness.c) ------------------------------------------ */

/* Does anybody? */
bool speakers_say(const struct speakers *);

#endif
