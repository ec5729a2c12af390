/*
 * Names that are written alike are judged once: what who judges a zone asks of
 * that. For the files that run the rules; rules say lint_unlike.
 */
#ifndef LINT_LIKENESS_H
#define LINT_LIKENESS_H

#include <stdatomic.h>

#include "lint/linter.h"

struct likeness *likeness_new(struct arena *);
/* It knows of no zone; what it knows of kinds stays. */
void likeness_forget(struct likeness *);
/* NULL where the world has things to say about single names. */
struct likeness *likeness_of(struct likeness *, const struct world *,
    const struct zone *);
/*
 * What is known of the families of a kind, see struct fold_text. Starts with
 * zeros.
 */
struct like_kind {
	/*
	 * That nobody speaks in any: bits, behind which stands the number of
	 * the stretch with the key for the family's name (like_names.c).
	 */
	atomic_uint silence;
	/* Who speaks at which of its names. */
	_Atomic(const struct family_kept *) kept;
};

/*
 * All who judge parts of the zone share that: zone_kind_count of them, by
 * number, which live as long. NULL: they do not.
 */
void likeness_share(struct likeness *, struct like_kind *kinds);
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

/* ---- small zones --------------------------------------------------------- */

/* What was found in one of each kind, by its number, for all threads. */
struct kind_verdict;
typedef _Atomic(const struct kind_verdict *) kind_verdict_slot;
struct kind_verdicts {
	kind_verdict_slot *list;
	size_t count;
};

struct kind_verdicts kind_verdicts_new(struct arena *, const struct zones *);
/*
 * True when it is known of all of a small zone who speaks in it: only these;
 * NULL: nobody does. It need not have been read.
 */
bool likeness_knows_zone(struct lint *, const struct kind_verdicts *,
    struct zone_verdict *, const struct speakers **only);
/* It has been judged. */
void likeness_remember_zone(struct lint *, struct kind_verdicts *,
    size_t number, size_t keys, const struct speakers *);

/*
 * May it apply to any zone of the world at all? What is loaded is not looked
 * at.
 */
bool likeness_may_apply(const struct world *);

#endif
