/*
 * The DKIM keys of all zones of a run, to compare each with those of other
 * zones. They are found again by octets from their middle, and their records
 * by where these stand: a key takes 32 octets, or its modulus as well.
 */
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/table.h"
#include "base/worker.h"
#include "policy/census.h"

enum { CHUNK = 16, MAX_THREADS = 64, MOST_PARTNERS = 1000 };

struct key_chunk {
	struct key_chunk *next;
	size_t count;
	struct census_key keys[CHUNK];
	struct str moduli[CHUNK];
};

struct census {
	struct census_key *keys;	/* by fingerprint, zone, position */
	size_t count;
	bool *shared;			/* by zone */
	struct table primes;		/* modulus to the key it shares with */
	struct table near;		/* moduli with primes near each other */
	bool too_many;
	size_t modulus_count;		/* different ones */
};

struct taking {
	const struct zones *zones;
	const struct zone_keys *const *known;	/* may be NULL */
	bool moduli;
	struct arena *keep[MAX_THREADS], *scratch[MAX_THREADS];
	struct arena *memory[MAX_THREADS];	/* of the zone */
	struct key_chunk **chunks;	/* of each zone, the last first */
};

uint64_t
key_fingerprint(struct str der)
{
	uint64_t octets = 0;

	/* A key is random all through: eight octets tell it from others. */
	if (der.n >= 2 * sizeof(octets))
		memcpy(&octets, der.p + der.n / 2, sizeof(octets));
	return octets;
}

bool
record_is_key(const struct record *record)
{
	return record->auth == AUTH_DKIM && record->dkim->p != NULL &&
	    !record->dkim->revoked && record->dkim->der.n > 0 &&
	    record->dkim->bits > 0;
}

/* ---- taking it ----------------------------------------------------------- */

static void
count_key(struct taking *taking, struct arena *keep, size_t zone,
    const struct record *record)
{
	struct key_chunk *chunk = taking->chunks[zone];
	const struct dkim *dkim = record->dkim;

	if (chunk == NULL || chunk->count == CHUNK) {
		chunk = ARENA_NEW(keep, struct key_chunk);
		chunk->next = taking->chunks[zone];
		taking->chunks[zone] = chunk;
	}
	chunk->keys[chunk->count] = (struct census_key){
	    key_fingerprint(dkim->der), (uint32_t)zone, record->position };
	/* Who can divide by two needs no partner: dkim-rsa-known-weak. */
	if (taking->moduli && dkim->key_algorithm == DKIM_RSA &&
	    dkim->modulus.n > 0 && dkim->modulus.p[dkim->modulus.n - 1] % 2)
		chunk->moduli[chunk->count] = arena_copy(keep, dkim->modulus);
	chunk->count++;
}

static const struct zone_keys *
known_keys(const struct taking *taking, size_t zone)
{
	return taking->known == NULL ? NULL : taking->known[zone];
}

static void
count_zone(void *context, unsigned worker, size_t zone)
{
	struct taking *taking = context;
	struct arena *scratch = taking->scratch[worker];
	const struct zone *read = taking->zones->zones[zone];
	const struct record *record;
	size_t position = 0;

	if (known_keys(taking, zone) != NULL)
		return;
	if (zones_are_many(taking->zones))
		read = zone_peek(taking->memory[worker], read);
	while ((record = zone_next_of(read, scratch, AUTH_DKIM,
	    &position)) != NULL) {
		if (record_is_key(record))
			count_key(taking, taking->keep[worker], zone, record);
		arena_reset(scratch);
	}
	arena_reset(taking->memory[worker]);
}

static int
compare_keys(const void *a, const void *b)
{
	const struct census_key *x = a, *y = b;

	if (x->fingerprint != y->fingerprint)
		return x->fingerprint < y->fingerprint ? -1 : 1;
	if (x->zone != y->zone)
		return x->zone < y->zone ? -1 : 1;
	return (x->position > y->position) - (x->position < y->position);
}

/* ---- primes -------------------------------------------------------------- */

struct modulus {
	struct str octets;
	const struct census_key *key;	/* the first that has it */
};

static int
compare_moduli(const void *a, const void *b)
{
	const struct modulus *x = a, *y = b;
	int order = str_compare(x->octets, y->octets);

	return order != 0 ? order : compare_keys(x->key, y->key);
}

static size_t
drop_repeated(struct modulus *moduli, size_t count)
{
	size_t i, kept = 0;

	for (i = 0; i < count; i++)
		if (kept == 0 || !str_equal(moduli[i].octets,
		    moduli[kept - 1].octets))
			moduli[kept++] = moduli[i];
	return kept;
}

/* Each with the first other that it has a factor in common with. */
static void
pair_up(struct census *census, struct arena *arena,
    const struct modulus **shared, size_t count)
{
	size_t i, j;

	for (i = 0; i < count; i++)
		for (j = 0; j < count && j < MOST_PARTNERS; j++)
			if (i != j && shared_prime_of(arena,
			    shared[i]->octets, shared[j]->octets).p != NULL) {
				table_add(&census->primes, arena,
				    shared[i]->octets,
				    (void *)(uintptr_t)shared[j]->key);
				break;
			}
}

static void
find_primes(struct census *census, struct arena *arena,
    struct modulus *moduli, size_t count)
{
	struct str *octets = ARENA_ARRAY(arena, count + 1, struct str);
	struct str *factors = ARENA_ARRAY(arena, count + 1, struct str);
	const struct modulus **shared;
	size_t i, found = 0;

	qsort(moduli, count, sizeof(*moduli), compare_moduli);
	census->modulus_count = count = drop_repeated(moduli, count);
	for (i = 0; i < count; i++)
		octets[i] = moduli[i].octets;
	for (i = 0; i < count; i++)
		if (near_primes_find(octets[i]))
			table_add(&census->near, arena, octets[i],
			    &moduli[i]);
	census->too_many = !shared_primes_find(arena, octets, count, factors);
	shared = ARENA_ARRAY(arena, count + 1, const struct modulus *);
	for (i = 0; i < count; i++)
		if (factors[i].p != NULL)
			shared[found++] = &moduli[i];
	pair_up(census, arena, shared, found);
}

/* ---- all of it ----------------------------------------------------------- */

static size_t
count_keys(const struct taking *taking)
{
	const struct key_chunk *chunk;
	size_t zone, total = 0;

	for (zone = 0; zone < taking->zones->count; zone++) {
		for (chunk = taking->chunks[zone]; chunk != NULL;
		    chunk = chunk->next)
			total += chunk->count;
		if (known_keys(taking, zone) != NULL)
			total += known_keys(taking, zone)->count;
	}
	return total;
}

static void
add_known(struct census *census, const struct zone_keys *known, size_t zone)
{
	size_t i;

	for (i = 0; i < known->count; i++) {
		census->keys[census->count] = known->list[i];
		census->keys[census->count++].zone = (uint32_t)zone;
	}
}

static void
add_chunk(struct census *census, const struct key_chunk *chunk,
    struct modulus *moduli, size_t *modulus_count)
{
	size_t i;

	for (i = 0; i < chunk->count; i++) {
		census->keys[census->count++] = chunk->keys[i];
		if (chunk->moduli[i].p != NULL)
			moduli[(*modulus_count)++] = (struct modulus){
			    chunk->moduli[i], &chunk->keys[i] };
	}
}

/* All keys in one array, and the moduli there are in another. */
static struct modulus *
gather(struct census *census, struct arena *arena,
    const struct taking *taking, size_t *modulus_count)
{
	const struct key_chunk *chunk;
	struct modulus *moduli;
	size_t zone, total = count_keys(taking);

	census->keys = ARENA_ARRAY(arena, total + 1, struct census_key);
	moduli = ARENA_ARRAY(arena, taking->moduli ? total + 1 : 1,
	    struct modulus);
	for (zone = 0; zone < taking->zones->count; zone++) {
		if (known_keys(taking, zone) != NULL)
			add_known(census, known_keys(taking, zone), zone);
		for (chunk = taking->chunks[zone]; chunk != NULL;
		    chunk = chunk->next)
			add_chunk(census, chunk, moduli, modulus_count);
	}
	qsort(census->keys, census->count, sizeof(*census->keys),
	    compare_keys);
	return moduli;
}

/* Those that look the same come one zone after the other. */
static void
mark_shared(struct census *census)
{
	const struct census_key *keys = census->keys;
	size_t i;

	for (i = 1; i < census->count; i++)
		if (keys[i].fingerprint == keys[i - 1].fingerprint &&
		    keys[i].zone != keys[i - 1].zone)
			census->shared[keys[i].zone] =
			    census->shared[keys[i - 1].zone] = true;
}

struct census *
census_take(struct arena *arena, const struct zones *zones, unsigned threads,
    bool primes, const struct zone_keys *const *known)
{
	struct census *census = ARENA_NEW(arena, struct census);
	struct taking taking = { .zones = zones, .known = known,
	    .moduli = primes };
	struct modulus *moduli;
	size_t count = 0;
	unsigned i;

	if (threads > MAX_THREADS)
		threads = MAX_THREADS;
	for (i = 0; i < threads; i++) {
		taking.keep[i] = arena_child(arena);
		taking.scratch[i] = arena_child(arena);
		taking.memory[i] = arena_child(arena);
	}
	taking.chunks = ARENA_ARRAY(arena, zones->count + 1,
	    struct key_chunk *);
	workers_run(threads, zones->count, count_zone, &taking);
	moduli = gather(census, arena, &taking, &count);
	census->shared = ARENA_ARRAY(arena, zones->count + 1, bool);
	mark_shared(census);
	if (primes)
		find_primes(census, arena, moduli, count);
	return census;
}

bool
census_is_shared(const struct census *census, size_t zone)
{
	return census != NULL && census->shared[zone];
}

bool
census_knows_primes(const struct census *census)
{
	return census != NULL && census->modulus_count > 0;
}

bool
census_is_too_large(const struct census *census, size_t *moduli)
{
	*moduli = census->modulus_count;
	return census->too_many;
}

const struct census_key *
census_find(const struct census *census, struct str der, size_t *count)
{
	uint64_t wanted = key_fingerprint(der);
	size_t low = 0, high, middle;

	*count = 0;
	if (census == NULL)
		return NULL;
	high = census->count;
	while (low < high) {
		middle = low + (high - low) / 2;
		if (census->keys[middle].fingerprint < wanted)
			low = middle + 1;
		else
			high = middle;
	}
	while (low + *count < census->count &&
	    census->keys[low + *count].fingerprint == wanted)
		++*count;
	return census->keys + low;
}

const struct census_key *
census_prime_partner(const struct census *census, struct str modulus)
{
	return census == NULL ? NULL : table_find(&census->primes, modulus);
}

bool
census_has_near_primes(const struct census *census, struct str modulus)
{
	return census != NULL && table_find(&census->near, modulus) != NULL;
}

const struct record *
census_record(const struct zones *zones, struct arena *arena,
    const struct census_key *key)
{
	size_t position = key->position;

	return zone_next(zones->zones[key->zone], arena, HAS_TXT, &position);
}
