/*
 * Regular expressions, by PCRE2: for flat lexical shapes and for patterns
 * that users write, never for structure.
 */
#ifndef BASE_PATTERN_H
#define BASE_PATTERN_H

#include <stdbool.h>

#include "base/str.h"

struct arena;
struct pattern;

/*
 * Compiles an expression. NULL when it is not one; then *why is a sentence in
 * the arena and *at the offset in the expression. Lives until pattern_free.
 */
struct pattern *pattern_new(struct arena *, struct str expression,
    struct str *why, size_t *at);
void pattern_free(struct pattern *);	/* NULL is fine */

/* The whole subject? False also when that costs more than a fixed limit. */
bool pattern_matches(const struct pattern *, struct str subject);

/*
 * False when it is certain without compiling that the whole subject does not
 * match: both begin with other letters.
 */
bool pattern_may_match(struct str expression, struct str subject);

/*
 * "spf-*", "dmarc-?-x": * is any run of bytes, ? one; the whole word. Needs
 * no compilation.
 */
bool glob_matches(struct str glob, struct str word);
/* Does one of "GLOB,GLOB" match? Blanks around each do not count. */
bool glob_list_matches(struct str globs, struct str word);

#endif
