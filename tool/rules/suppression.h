/*
 * Suppressions, for who runs the rules: what comments and the configuration do
 * not want to hear.
 */
#ifndef RULES_SUPPRESSION_H
#define RULES_SUPPRESSION_H

#include "rules/check.h"

/*
 * Marks what comments and the configuration suppress, and objects to
 * suppressions that are unused, over, soon over or malformed. Looks at the
 * diags of one zone, those from first on.
 */
void suppress(struct lint *, const struct selection *, struct diag *first);
/*
 * Objects to suppressions of the configuration that are unused, over, soon over
 * or malformed, after all zones have been judged; only a whole run, of all
 * configured zones, can tell that something is unused.
 */
void suppress_judge_config(const struct world *, const struct selection *,
    bool whole, struct arena *keep, struct diags *);

#endif
