/*
 * What a resolver was told, for resolver.c and for cache_file.c, which writes
 * it down.
 */
#ifndef NET_REMEMBERED_H
#define NET_REMEMBERED_H

#include <pthread.h>

#include "base/table.h"
#include "net/net.h"

/* A question and its answer, in this run and as the DNS cache has it. */
struct remembered {
	struct remembered *next;
	struct str name;
	uint16_t type;
	struct reply reply;
	struct dns_cache *cache;	/* made when first asked for */
};

struct resolver {
	struct dns_source source;	/* first: it is one */
	struct arena *arena;		/* under the lock, as all below */
	pthread_mutex_t lock;
	struct name_server servers[NET_MAX_SERVERS];
	size_t count;
	struct table silent;		/* by name, struct reply */
	day today;
	struct table by_question;
	struct remembered *first;
};

/*
 * An answer in lines of a DNS cache file, one for each record; nothing when
 * nobody knew.
 */
void remembered_write(struct buffer *, struct arena *, day today,
    const struct remembered *);

#endif
