/*
 * Running the rules over zones and the configuration: which of them, and what
 * is found.
 */
#ifndef LINT_LINT_H
#define LINT_LINT_H

#include "rules/diag.h"

/* What a zone says of mail from its own name, for reports. */
struct zone_standing {
	const char *spf;		/* "softfail", "none", "permerror" */
	unsigned lookups_min, lookups_max;	/* max UINT_MAX: unbounded */
	unsigned voids;
	enum outcome dmarc[MODELS];
};

/* How its apex stands; what is made for that goes into the arena. */
struct zone_standing zone_standing(const struct world *, struct arena *,
    const struct zone *);

/*
 * What was found in a zone; what is suppressed is marked, not left out. There
 * are as many as there are files, so it is small.
 */
struct zone_verdict {
	struct diags diags;
	size_t records;
	uint32_t keys;			/* DKIM keys that are not revoked */
	/* The zone is like this one: its number plus one, or 0. */
	uint32_t like;
	const struct zone_standing *standing;	/* of no other; or NULL */
	struct zone_keys remembered;	/* for the census, when there is one */
};

/*
 * Judges zones on up to so many threads, each into its verdict. The findings
 * do not depend on the threads, their order within a zone does.
 */
void lint_zones(const struct world *, const struct selection *,
    const struct zone *const *zones, size_t count, unsigned threads,
    struct arena *keep, struct zone_verdict *verdicts);
/* One zone, at once; returns how many keys. */
size_t lint_zone(const struct world *, const struct selection *,
    const struct zone *, struct arena *keep, struct diags *);
/* Judges the configuration. */
void lint_config(const struct world *, const struct selection *,
    struct arena *keep, struct diags *);

#endif
