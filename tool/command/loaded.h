/*
 * A zone as a name server that loads its file would serve it, for records.c:
 * which records remain, and with which TTL.
 */
#ifndef COMMAND_LOADED_H
#define COMMAND_LOADED_H

#include "zone/zone.h"

struct loaded;

/* Goes through all records; the scratch arena is emptied again and again. */
struct loaded *loaded_make(struct arena *, struct arena *scratch,
    const struct zone *);
/* Of records that are the same, is it the one that remains? */
bool loaded_keeps(const struct loaded *, const struct record *);
uint32_t loaded_ttl(const struct loaded *, const struct record *);

#endif
