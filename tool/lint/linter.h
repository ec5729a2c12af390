/*
 * What the files share that run the rules: who judges zones, and what is done
 * with a zone when its records have been judged. For them alone.
 */
#ifndef LINT_LINTER_H
#define LINT_LINTER_H

#include <stdatomic.h>

#include "lint/lint.h"
#include "rules/check.h"

struct linter;

/* Who judges zones, one after the other; for one thread. */
struct linter *linter_new(const struct world *, const struct selection *);
void linter_free(struct linter *);
/* Zones that it has judged hold nothing any more. */
void linter_forget(struct linter *);
/*
 * A large zone is judged in parts, which threads share; the rest, which rests
 * on all of them, comes last.
 */
struct zone_part {
	struct diags diags;
	struct seen_keys *keys;
	size_t key_count;
	struct arena *memory;		/* of the keys */
	struct like_kind *kinds;	/* see likeness_share */
};

/* In how many parts a zone is judged; one that is read late in one. */
size_t linter_parts(const struct zone *);
/* A zone of one part, which may be of a kind that is known by then. */
struct kind_verdicts;
void linter_judge_small(struct linter *, const struct zone *, size_t number,
    struct arena *keep, struct arena *memory, struct kind_verdicts *,
    struct zone_verdict *);
void linter_judge_part(struct linter *, const struct zone *, size_t number,
    struct arena *keep, struct zone_part *);
void linter_judge_rest(struct linter *, const struct zone *,
    struct zone_part *parts, size_t count, struct arena *keep,
    struct zone_verdict *);
/*
 * When all zones are judged: what is to be said of this one, which has the
 * number among the loaded ones, because of others; what is not to be said.
 */
void linter_judge_elsewhere(struct linter *, const struct census *,
    const struct zone *, size_t number, struct arena *keep,
    struct zone_verdict *);

#endif
