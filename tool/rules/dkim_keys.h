/*
 * The DKIM keys of a zone, for who runs the rules: they are remembered on the
 * way through the records, and compared when all have been seen.
 */
#ifndef RULES_DKIM_KEYS_H
#define RULES_DKIM_KEYS_H

#include "rules/check.h"

/* Those of the zone, for the census; and the other way round. */
struct zone_keys dkim_keep(const struct seen_keys *, struct arena *);
void dkim_recall(struct lint *, struct zone_keys);
/*
 * Takes note of a key of the zone: that of a record, or RSA of which this is
 * known, the hash of its domain (see zone_hash) and where zone_next finds it.
 */
void dkim_remember(struct lint *, const struct record *);
void dkim_remember_rsa(struct lint *, uint64_t fingerprint, uint64_t domain,
    size_t position);
/* Keys seen later go before those seen earlier; returns the start. */
struct seen_keys *dkim_join(struct seen_keys *earlier,
    struct seen_keys *later);

#endif
