/*
 * What the tests of parsers share: problems are told by kind and by the
 * words that they underline. Include it after support.h.
 */
#ifndef PROBLEMS_H
#define PROBLEMS_H

#include <stdio.h>

#include "base/place.h"

enum { NO_PROBLEM = -1 };

/*
 * Exactly one problem, of this kind, underlining these words; or none at all.
 */
static inline void
assert_problem(struct str text, const struct problems *problems, int kind,
    const char *words)
{
	const struct problem *first = problems->first;
	struct str found;

	if (kind == NO_PROBLEM && problems->count == 0)
		return;
	if (problems->count == 0)
		fail_msg("%.*s: no problem, %d expected", STR_ARG(text),
		    kind);
	found = str_slice(text, first->start, first->end);
	if (problems->count != 1 || first->kind != kind ||
	    first->end > text.n || !str_is(found, words))
		fail_msg("%.*s: %d at `%.*s' (%.*s), %zu in all, but %d at "
		    "`%s' expected", STR_ARG(text), first->kind,
		    STR_ARG(found), STR_ARG(first->what), problems->count,
		    kind, words == NULL ? "" : words);
	/* One sentence, lower case, no full stop. */
	assert_true(first->what.n > 0);
	assert_int_not_equal(first->what.p[first->what.n - 1], '.');
}

#endif
