/*
 * Who refers to a name, over all zones of a run: for who puts it into the
 * world, see struct world. Rules ask name_is_aliased and name_is_included.
 */
#ifndef RULES_REFERENCE_H
#define RULES_REFERENCE_H

struct references;
struct zones;

/* Who refers to whom in these zones; collected when first asked. */
struct references *references_new(const struct zones *);
void references_free(struct references *);

#endif
