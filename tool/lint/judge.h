/*
 * What the rules of a roster are asked about. For the files that run them.
 */
#ifndef LINT_JUDGE_H
#define LINT_JUDGE_H

#include "lint/roster.h"

/*
 * The names of a zone with these numbers, up to one, which has been read, and
 * what stands there; returns how many DKIM keys that are not revoked.
 */
size_t judge_nodes(struct lint *, const struct roster *, size_t from,
    size_t to);
/* All names of a small zone, asking only those who spoke before. */
void judge_again(struct lint *, const struct roster *);
/* What its reader remarked. */
void judge_problems(struct lint *, const struct roster *);
/* The zone itself, and its keys as far as its records have been judged. */
void judge_zone(struct lint *, const struct roster *);
/* Its keys, which others seem to have, when all zones have been judged. */
void judge_elsewhere(struct lint *, const struct roster *, struct zone_keys);
/* The configuration. */
void judge_config(struct lint *, const struct roster *);

#endif
