/*
 * A table from words to things, in an arena: for names that are looked up
 * often. Bytes are compared, case too; rows cannot be taken out.
 */
#ifndef BASE_TABLE_H
#define BASE_TABLE_H

#include "base/str.h"

struct arena;

/* Starts as { 0 }. */
struct table {
	struct table_row {
		struct str key;
		void *value;		/* NULL: the row is free */
	} *rows;
	size_t count, room;
};

/* NULL when the key is not there. */
void *table_find(const struct table *, struct str key);

/*
 * Puts a thing (not NULL) under a key, unless the key is taken; returns what
 * stands there now. The bytes of the key stay the caller's.
 */
void *table_add(struct table *, struct arena *, struct str key, void *value);

/* The thing under the key is this one from now on, taken or not. */
void table_set(struct table *, struct arena *, struct str key, void *value);

#endif
