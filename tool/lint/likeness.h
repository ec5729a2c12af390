/*
 * Names that are written alike are judged once: what who judges a zone asks of
 * that. For the files that run the rules; rules say lint_unlike.
 */
#ifndef LINT_LIKENESS_H
#define LINT_LIKENESS_H

#include <stdatomic.h>

#include "lint/linter.h"

struct likeness *likeness_new(struct arena *);
/* NULL where the world has things to say about single names. */
struct likeness *likeness_of(struct likeness *, const struct world *,
    const struct zone *);
/*
 * What is found out of kinds of families is shared by all who judge parts of
 * the zone: a word for each, zone_kind_count, 0 at first. NULL: it is not.
 */
void likeness_share(struct likeness *, atomic_uint *kinds);
/* What rules say while it is judged; NULL for NULL. */
struct unlike *likeness_unlike(struct likeness *);
/*
 * From this number on, the family that is judged next; returns where the names
 * behind it begin, which is at most to. *names is how many of it are to be
 * judged one by one, LIKE_NONE when it is like no other; 0 when it is known
 * that nothing would be found in any. Then *keys is the number of DKIM keys,
 * and they are noted.
 */
#define LIKE_NONE	SIZE_MAX
size_t likeness_begin(struct lint *, size_t number, size_t to, size_t *names,
    size_t *keys);
const struct node *likeness_node(const struct lint *, size_t name);
/*
 * True when it is known who speaks about one of these: *only, NULL for nobody;
 * then *keys is the number of its keys, which are noted. Otherwise it is about
 * to be judged.
 */
bool likeness_knows(struct lint *, size_t name, const struct speakers **only,
    size_t *keys);
/* It has been judged. */
void likeness_remember(struct lint *, size_t name, size_t keys,
    const struct speakers *);
/* So have they all. */
void likeness_end(struct lint *);
/*
 * The same for all of a small zone, in which only these speak; NULL: nobody
 * does. It is read if it must be.
 */
bool likeness_knows_zone(struct lint *, struct zone_verdict *,
    const struct speakers **only);
void likeness_remember_zone(struct lint *, size_t number, size_t keys,
    const struct speakers *);

/* Is a zone, which has been read, whole, of one file, and written by hand? */
bool likeness_is_plain(const struct zone *);

#endif
