/*
 * What the two files about earlier runs share. For them only.
 */
#ifndef POLICY_STATE_H
#define POLICY_STATE_H

#include "base/table.h"
#include "policy/policy.h"

struct seen_owner {
	struct str name;
	struct sighting *first[SEEN_KINDS];
};

struct state {
	struct arena *arena;
	struct seen_owner **owners;
	size_t count, room;
	bool sorted;			/* by name */
	struct table by_name;
};

/* The owner of this name, which is made when there is none. */
struct seen_owner *state_owner(struct state *, struct str name);
/* Puts a record in its place; days on which it stood there twice are one. */
void state_put(struct seen_owner *, enum seen_kind, struct sighting *);

#endif
