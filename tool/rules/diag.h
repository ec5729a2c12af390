/*
 * Findings: what a rule says of a place, with notes and edits.
 */
#ifndef RULES_DIAG_H
#define RULES_DIAG_H

#include "base/arena.h"
#include "base/saying.h"
#include "rules/rule.h"

/* A second place that explains a finding. */
struct note {
	struct note *next;
	struct span span;
	struct saying text;
};

/* Text to put in place of a span; all edits of a finding belong together. */
struct edit {
	struct edit *next;
	struct span span;
	struct str replacement;
};

/*
 * A large zone has millions of them: whatever few have is kept apart, and
 * texts are made when they are read.
 */
struct diag {
	struct diag *next;
	const struct rule *rule;
	const struct zone *zone;	/* NULL: the configuration */
	struct span span;		/* the smallest span that must change */
	struct saying message;
	struct saying help;		/* what to do; perhaps nothing */
	struct diag_rest *rest;		/* NULL: nothing */
	const char *owner;		/* see diag_owner() */
	uint32_t owner_length;
	/*
	 * Of the entry, see diag_entry(): so much before the span; its length.
	 */
	uint32_t entry_before, entry_length;
	uint32_t number;		/* behind the fingerprint; 0: no such */
	uint64_t hash;			/* the fingerprint */
	uint16_t type;			/* 0 without a record */
	uint8_t level;			/* enum level */
	uint8_t fix;			/* enum fix_kind: of its edits */
	bool unfixable : 1;		/* a part of it cannot be replaced */
	bool suppressed : 1;
	bool external : 1;		/* not by a comment in the file */
	bool own_token : 1;		/* in the rest: not the span's text */
	bool hashed : 1;		/* with a token that is not kept */
	bool own_entry : 1;		/* in the rest: lies elsewhere */
};

/* What few findings have. */
struct diag_rest {
	struct note *notes;
	struct edit *edits;
	struct str token;
	struct span entry;
	struct str reason;		/* of the suppression */
	struct str fingerprint;		/* of a finding that is gone */
	/* Other zones that have the same finding in the same file. */
	struct str *zones;
	size_t zone_count;
	size_t others;			/* that it speaks for, too */
};

/* Canonical; STR_NONE without one. */
static inline struct str
diag_owner(const struct diag *diag)
{
	return (struct str){ diag->owner, diag->owner_length };
}

/* The record's entry, for suppression. */
struct span diag_entry(const struct diag *);
/* What the fingerprint is made of, unless it is made already. */
struct str diag_token(const struct diag *);
/* The rest of it, which is all zero when there is none. */
const struct diag_rest *diag_rest(const struct diag *);
/* The same for who changes it. */
struct diag_rest *diag_rest_of(struct arena *, struct diag *);

/* A level other than that of its rule, and never above it. */
void diag_level(struct diag *, enum level);
void diag_set_owner(struct arena *, struct diag *, struct str);
void diag_set_entry(struct arena *, struct diag *, struct span);
/* STR_NONE: nothing but rule, zone, owner and type makes the fingerprint. */
void diag_set_token(struct arena *, struct diag *, struct str);
/*
 * The same; of a long one, such as a key, nothing is left but the fingerprint.
 */
void diag_keep_token(struct arena *, struct diag *, struct str);
/* From generated text to where it was asked for, see span_resolve. */
void diag_resolve(struct arena *, struct diag *);

enum { FINGERPRINT_MAX = 32 };
/*
 * "3f2a9c1de07b44aa:1", in the room unless it is kept; STR_NONE before it has
 * any.
 */
struct str diag_fingerprint(const struct diag *, char room[FINGERPRINT_MAX]);

/* A list that grows at its end. Starts as { 0 }. */
struct diags {
	struct diag *first, *last;
	size_t count;
};

void diags_add(struct diags *, struct diag *);	/* in no other list */
void diags_move(struct diags *to, struct diags *from);	/* to the end */
/* Makes fingerprints, for those that have none yet. */
void diags_hash(const struct diags *);
/* By path, line, column, rule. */
void diags_sort(struct diags *, struct arena *);

/*
 * Its edits as they follow each other in a file; NULL when they lie in several
 * files or get into each other's way.
 */
const struct edit **diag_edits(struct arena *, const struct diag *,
    size_t *count);
int edit_compare(const struct edit *, const struct edit *);

#endif
