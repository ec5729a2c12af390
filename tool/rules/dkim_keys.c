/*
 * DKIM: one key compared with the others of its zone, and of the run. Keys are
 * remembered on the way through the records, 25 octets each, and compared at
 * the end.
 */
#include <string.h>

#include "base/arena.h"
#include "base/table.h"
#include "rules/dkim_keys.h"

struct seen_key {
	uint64_t key;			/* octets from its middle */
	uint64_t domain;		/* as zone_hash says */
	size_t position;		/* for zone_next */
};

/* Most zones have a few, and each begins with a chunk. */
enum { CHUNK = 16 };

struct seen_keys {
	struct seen_keys *next;
	size_t count;
	struct seen_key keys[CHUNK];
	unsigned char algorithms[CHUNK];	/* enum dkim_algorithm */
};

static void
remember(struct lint *lint, struct seen_key key, enum dkim_algorithm algorithm)
{
	struct seen_keys *chunk = lint->keys;

	if (chunk == NULL || chunk->count == CHUNK) {
		chunk = ARENA_NEW(lint->memory, struct seen_keys);
		chunk->next = lint->keys;
		lint->keys = chunk;
	}
	chunk->keys[chunk->count] = key;
	chunk->algorithms[chunk->count++] = (unsigned char)algorithm;
}

/* Nobody looks for one in the type SPF. */
void
dkim_remember(struct lint *lint, const struct record *record)
{
	if (record->type == RR_TXT && record_is_key(record))
		remember(lint, (struct seen_key){
		    key_fingerprint(record->dkim->der),
		    zone_hash(lint->zone, record_domain(record)),
		    record->position }, record->dkim->key_algorithm);
}

void
dkim_remember_rsa(struct lint *lint, uint64_t fingerprint, uint64_t domain,
    size_t position)
{
	remember(lint, (struct seen_key){ fingerprint, domain, position },
	    DKIM_RSA);
}

struct zone_keys
dkim_keep(const struct seen_keys *keys, struct arena *keep)
{
	const struct seen_keys *chunk;
	struct census_key *list;
	size_t count = 0, end, i;

	for (chunk = keys; chunk != NULL; chunk = chunk->next)
		count += chunk->count;
	list = ARENA_ARRAY(keep, count, struct census_key);
	for (chunk = keys, end = count; chunk != NULL; chunk = chunk->next) {
		end -= chunk->count;
		for (i = 0; i < chunk->count; i++)
			list[end + i] = (struct census_key){
			    .fingerprint = chunk->keys[i].key,
			    .position = chunk->keys[i].position };
	}
	return (struct zone_keys){ list, count };
}

/* Of what domain, and for what algorithm, is not remembered. */
void
dkim_recall(struct lint *lint, struct zone_keys keys)
{
	size_t i;

	for (i = 0; i < keys.count; i++)
		remember(lint, (struct seen_key){ keys.list[i].fingerprint, 0,
		    keys.list[i].position }, DKIM_RSA);
}

struct seen_keys *
dkim_join(struct seen_keys *earlier, struct seen_keys *later)
{
	struct seen_keys *last = later;

	if (later == NULL)
		return earlier;
	while (last->next != NULL)
		last = last->next;
	last->next = earlier;
	return later;
}

/* ---- comparing ----------------------------------------------------------- */

/*
 * Keys have numbers in the order of the file, CHUNK for each chunk, whether it
 * is full or not; and a table of them.
 */
struct comparison {
	const struct seen_keys **chunks;
	size_t count;			/* of chunks */
	bool by_domain;			/* what is compared */
	/*
	 * A bit for each value that two have, and for some others: most keys
	 * are like none, and take no room in the table. NULL: all are in it.
	 */
	uint64_t *met;
	size_t met_words;		/* a power of two */
	uint32_t *slots;		/* number + 1; 0 when free */
	size_t size;			/* a power of two */
};

enum { MET_BITS = 8 };			/* for each key at least */

/* Of the key with this number, or the next: false behind the last. */
static bool
has_key(const struct comparison *all, size_t *number)
{
	while (*number / CHUNK < all->count &&
	    *number % CHUNK >= all->chunks[*number / CHUNK]->count)
		*number += CHUNK - *number % CHUNK;
	return *number / CHUNK < all->count;
}

static const struct seen_key *
key_at(const struct comparison *all, size_t number)
{
	return &all->chunks[number / CHUNK]->keys[number % CHUNK];
}

static enum dkim_algorithm
algorithm_at(const struct comparison *all, size_t number)
{
	return (enum dkim_algorithm)
	    all->chunks[number / CHUNK]->algorithms[number % CHUNK];
}

static uint64_t
value_of(const struct comparison *all, const struct seen_key *key)
{
	return all->by_domain ? key->domain : key->key;
}

/* Notes that the value has been seen. Had it, or another one? */
static bool
mark_value(uint64_t *words, size_t count, uint64_t value)
{
	uint64_t *word = &words[value >> 6 & (count - 1)];
	uint64_t bit = (uint64_t)1 << (value & 63);
	bool had = (*word & bit) != 0;

	*word |= bit;
	return had;
}

static bool
is_met(const struct comparison *all, uint64_t value)
{
	return all->met == NULL || (all->met[value >> 6 &
	    (all->met_words - 1)] >> (value & 63) & 1) != 0;
}

/* Returns of how many keys that may be said, at most. */
static size_t
find_met(struct lint *lint, struct comparison *all, size_t keys)
{
	struct arena_mark mark;
	uint64_t *seen, value;
	size_t again = 0, i;

	for (all->met_words = 1; all->met_words * 64 < keys * MET_BITS;)
		all->met_words *= 2;
	all->met = ARENA_ARRAY(lint->arena, all->met_words, uint64_t);
	mark = arena_mark(lint->arena);
	seen = ARENA_ARRAY(lint->arena, all->met_words, uint64_t);
	for (i = 0; has_key(all, &i); i++) {
		value = value_of(all, key_at(all, i));
		if (mark_value(seen, all->met_words, value)) {
			mark_value(all->met, all->met_words, value);
			again++;
		}
	}
	arena_release(lint->arena, mark);
	/* Before each that came again there was another one. */
	return 2 * again;
}

static struct comparison
compare(struct lint *lint, bool by_domain)
{
	struct comparison all = { .by_domain = by_domain, .size = 4 };
	const struct seen_keys *chunk;
	size_t keys = 0, i;

	for (chunk = lint->keys; chunk != NULL; chunk = chunk->next) {
		keys += chunk->count;
		all.count++;
	}
	all.chunks = ARENA_ARRAY(lint->arena, all.count + 1,
	    const struct seen_keys *);
	for (chunk = lint->keys, i = all.count; chunk != NULL;
	    chunk = chunk->next)
		all.chunks[--i] = chunk;
	if (!by_domain)
		keys = find_met(lint, &all, keys);
	while (all.size < 2 * keys)
		all.size *= 2;
	all.slots = ARENA_ARRAY(lint->arena, all.size, uint32_t);
	return all;
}

/* The number of the first with the same value; its own when it is that. */
static size_t
first_alike(struct comparison *all, size_t number)
{
	uint64_t value = value_of(all, key_at(all, number));
	size_t slot = (size_t)value & (all->size - 1);

	if (!is_met(all, value))
		return number;
	for (; all->slots[slot] != 0; slot = (slot + 1) & (all->size - 1))
		if (value_of(all, key_at(all, all->slots[slot] - 1)) == value)
			return all->slots[slot] - 1;
	all->slots[slot] = (uint32_t)number + 1;
	return number;
}

static const struct record *
record_again(struct lint *lint, const struct seen_key *key)
{
	size_t position = key->position;

	return zone_next(lint->zone, lint->arena, HAS_TXT | HAS_SPF,
	    &position);
}

static void
complain_shared(struct lint *lint, const struct seen_key *key,
    const struct seen_key *before, bool selectors)
{
	const struct record *record = record_again(lint, key);
	const struct record *first = record_again(lint, before);
	struct diag *diag;

	if (!str_equal(record->dkim->der, first->dkim->der) ||
	    str_equal(record->owner, first->owner))
		return;
	diag = complain(lint, record_owner_span(record), selectors ?
	    "changing from %.*s to this selector changes nothing, because "
	    "both hold the same key" : "who steals the key of %.*s can sign "
	    "as %.*s too, because both have the same",
	    STR_ARG(selectors ? first->owner : record_domain(first)),
	    STR_ARG(record_domain(record)));
	diag_record(lint, diag, record);
	diag_about(lint, diag, first->owner);
	diag_help(lint, diag, selectors ? "make a new key for each selector" :
	    "make a key for each domain");
	diag_note(lint, diag, first->rdata_span, "the same key");
}

/* A key, and the first one that seems to be the same. */
struct same_keys {
	const struct same_keys *next;
	const struct seen_key *key, *first;
};

/* All of them, in the order of the file; few of very many, and asked twice. */
static const struct same_keys *
find_pairs(struct lint *lint)
{
	struct arena_mark mark = arena_mark(lint->arena);
	struct comparison all = compare(lint, false);
	const struct same_keys *first = NULL, **last = &first;
	struct same_keys *pair;
	size_t i, before;

	for (i = 0; has_key(&all, &i); i++) {
		before = first_alike(&all, i);
		if (before == i)
			continue;
		pair = ARENA_NEW(lint->keep, struct same_keys);
		pair->key = key_at(&all, i);
		pair->first = key_at(&all, before);
		*last = pair;
		last = &pair->next;
	}
	arena_release(lint->arena, mark);
	return first;
}

static void
check_shared(struct lint *lint, bool selectors)
{
	const struct same_keys *pair;

	if (lint->keys == NULL || (lint->keys->next == NULL &&
	    lint->keys->count < 2))
		return;
	if (!lint->has_pairs)
		lint->pairs = find_pairs(lint);
	lint->has_pairs = true;
	for (pair = lint->pairs; pair != NULL; pair = pair->next)
		if (selectors == (pair->first->domain == pair->key->domain))
			complain_shared(lint, pair->key, pair->first,
			    selectors);
}

static void
check_shared_selectors(struct lint *lint)
{
	check_shared(lint, true);
}

static const struct rule shared_selectors = {
	.id = "dkim-key-shared-selectors",
	.level = LEVEL_WARNING,
	.subject = SUBJECT_ZONE,
	.keys = true,
	.summary = "two selectors of a domain hold the same key",
	.rationale = "Keys are changed so that a stolen one loses its value. "
	    "When the new selector holds the old key, nothing has changed.",
	.citation = "RFC 6376 section 3.1",
	.bad = QUIET QUIET_DKIM
	    TXT("t._domainkey", "v=DKIM1; k=rsa; p=" KEY_2048),
	.good = QUIET QUIET_DKIM
	    TXT("t._domainkey", "v=DKIM1; p="),
	.check = check_shared_selectors,
};

/* ---- the same key in several zones --------------------------------------- */

/* Who answers for a key: the owner of the sender that uses it, if any. */
static struct str
owner_of_key(const struct lint *lint, const struct record *record)
{
	const struct config_domain *domain;
	const struct config_sender *sender;
	struct str of, selector = STR_NONE;
	size_t i, k;

	if (lint->config->source == NULL ||
	    auth_place(record->owner, &of, &selector) != AUTH_DKIM ||
	    (domain = config_domain(lint->config, of)) == NULL)
		return STR_NONE;
	for (i = 0; i < domain->sender_count; i++) {
		sender = domain->senders[i];
		for (k = 0; k < sender->key_count; k++)
			if (str_equal_case(sender->keys[k]->selector.text,
			    selector))
				return sender->owner.text;
	}
	return STR_NONE;
}

/*
 * Of several zones each tells it but the first, and that too when the others
 * are not told of.
 */
static const struct record *
find_elsewhere(struct lint *lint, const struct record *record)
{
	const struct zones *zones = lint->world->zones;
	const struct census_key *key;
	const struct record *other;
	const struct zone *zone;
	size_t count, i;
	bool before = true;

	key = census_find(lint->world->census, record->dkim->der, &count);
	for (i = 0; i < count; i++) {
		zone = zones->zones[key[i].zone];
		if (zone == lint->zone)
			before = false;
		if (zone == lint->zone || (!before && !zone->context) ||
		    str_equal(zone->name, lint->zone->name))
			continue;
		other = census_record(zones, lint->arena, &key[i]);
		if (str_equal(other->dkim->der, record->dkim->der))
			return other;
	}
	return NULL;
}

static void
compare_elsewhere(struct lint *lint, const struct seen_key *key)
{
	const struct record *record = record_again(lint, key), *other;
	struct str owner, others;
	struct diag *diag;

	other = find_elsewhere(lint, record);
	if (other == NULL)
		return;
	diag = complain(lint, record_owner_span(record), "who steals the key "
	    "of %.*s can sign as %.*s too, because both have the same",
	    STR_ARG(record_domain(other)), STR_ARG(record_domain(record)));
	diag_record(lint, diag, record);
	diag_about(lint, diag, other->owner);
	diag_help(lint, diag, "make a key for each domain");
	diag_note(lint, diag, other->rdata_span, "the same key");
	owner = owner_of_key(lint, record);
	others = owner_of_key(lint, other);
	if (owner.p != NULL && others.p != NULL &&
	    !str_equal(owner, others) && diag->level == LEVEL_NOTE)
		diag->level = LEVEL_WARNING;
}

static void
check_shared_domains(struct lint *lint)
{
	check_shared(lint, false);
}

static void
check_shared_elsewhere(struct lint *lint)
{
	struct arena_mark mark = arena_mark(lint->arena);
	struct comparison all = compare(lint, false);
	size_t i;

	for (i = 0; has_key(&all, &i); i++)
		if (first_alike(&all, i) == i)
			compare_elsewhere(lint, key_at(&all, i));
	arena_release(lint->arena, mark);
}

static const struct rule shared_domains = {
	.id = "dkim-key-shared-domains",
	.level = LEVEL_NOTE,
	.raised = LEVEL_WARNING,
	.subject = SUBJECT_ZONE,
	.keys = true,
	.summary = "two domains have the same key",
	.rationale = "One key for several domains is less work, and one leak "
	    "is enough to forge mail of all of them.",
	.citation = "RFC 6376 section 3.1",
	.bad = QUIET QUIET_DKIM
	    TXT("s._domainkey.news", "v=DKIM1; k=rsa; p=" KEY_2048),
	.good = QUIET QUIET_DKIM,
	.elsewhere = check_shared_elsewhere,
	.check = check_shared_domains,
};

/* ---- primes that two keys have in common --------------------------------- */

static void
check_shared_prime(struct lint *lint, const struct record *record)
{
	const struct census_key *key;
	const struct record *other;
	struct diag *diag;

	if (census_knows_primes(lint->world->census))
		lint_unlike(lint);
	if (!record_is_key(record) ||
	    record->dkim->key_algorithm != DKIM_RSA ||
	    (key = census_prime_partner(lint->world->census,
	    record->dkim->modulus)) == NULL)
		return;
	other = census_record(lint->world->zones, lint->arena, key);
	diag = complain_text(lint, record, record->dkim->p->value_start,
	    record->dkim->p->value_end, "anybody can compute the private key "
	    "and sign as %.*s, because the key at %.*s has a prime factor in "
	    "common with this one", STR_ARG(record_domain(record)),
	    STR_ARG(other->owner));
	diag_help(lint, diag, "make both keys again, on a machine with a good "
	    "source of random numbers");
	diag_note(lint, diag, other->rdata_span, "the other key");
}

/* Two moduli of 1024 bits, and half of these are the same. */
#define KEY_SHARED_1 \
	"MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDe6gnR8pY5KeAKWI9h" \
	"RQk57THlygQuUiMr6UfltarfYGyF56CdISFCbufWQwzLJgiowpkdjFdZ" \
	"rnd8slckqGeRkW+D76NTDcvElLojDzEUC2Tjk4ny8bBqZ3OLl6nl1f99" \
	"rJJ6nqG1lIonY6c+62UkyeB4z1TTJmZ3ieKaadncsQIDAQAB"
#define KEY_SHARED_2 \
	"MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQC7vATd4CsFwncwyr8s" \
	"0tjh0RcqaobuXLWWROHsL1Rw3JpK8mmL6sK3tOjoxfSR9TkwfT1eiLSZ" \
	"wEIOtVJJjIxkTc+cm8Fni0kXI8vO4G0D3UqKhadwp60ZS3TkolDcuVjv" \
	"SjQjBkt/w7WvF4tgbAlDJPmpR4qhu51FQ7U7xBrrqQIDAQAB"

static const struct rule shared_prime = {
	.id = "dkim-key-shared-prime",
	.level = LEVEL_ERROR,
	.subject = SUBJECT_DKIM,
	.summary = "two RSA keys have a prime factor in common",
	.rationale = "The greatest common divisor of two moduli takes no time "
	    "to compute. When it is not 1, it is a factor of both, and both "
	    "private keys are known. Devices that make keys before they have "
	    "gathered randomness make such ones. lint --shared-primes looks "
	    "for them among all keys of a run.",
	.citation = "Heninger and others, Mining Your Ps and Qs, 2012",
	.bad = QUIET QUIET_DKIM
	    TXT("a._domainkey", "v=DKIM1; k=rsa; p=" KEY_SHARED_1)
	    TXT("b._domainkey", "v=DKIM1; k=rsa; p=" KEY_SHARED_2),
	.good = QUIET QUIET_DKIM
	    TXT("e._domainkey", "v=DKIM1; k=ed25519; p=" KEY_ED25519),
	.record = check_shared_prime,
};

/* ---- domains that lack a kind of key ------------------------------------- */

typedef void lacking_key(struct lint *, const struct record *,
    const struct table *domains);

/* Calls for the first key of each domain that has none of this kind. */
static void
for_each_lacking(struct lint *lint, enum dkim_algorithm wanted,
    lacking_key *call, const struct table *domains)
{
	struct arena_mark mark = arena_mark(lint->arena);
	struct comparison all = compare(lint, true);
	bool *has = ARENA_ARRAY(lint->arena, all.count * CHUNK + 1, bool);
	uint32_t *first = ARENA_ARRAY(lint->arena, all.count * CHUNK + 1,
	    uint32_t);
	size_t i;

	for (i = 0; has_key(&all, &i); i++) {
		first[i] = (uint32_t)first_alike(&all, i);
		if (algorithm_at(&all, i) == wanted)
			has[first[i]] = true;
	}
	for (i = 0; has_key(&all, &i); i++)
		if (first[i] == i && !has[i])
			call(lint, record_again(lint, key_at(&all, i)),
			    domains);
	arena_release(lint->arena, mark);
}

/*
 * Domains with an alias among the selectors, whose key cannot be told. There
 * may be as many as customers, and so may be those that ask for them.
 */
static struct table
aliased_domains(struct lint *lint, struct arena *arena)
{
	struct table domains = { 0 };
	const struct record *record;
	struct arena_mark mark = arena_mark(lint->arena);
	struct str of;
	size_t position = 0;

	while ((record = zone_next(lint->zone, lint->arena, HAS_CNAME,
	    &position)) != NULL) {
		if (auth_place(record->owner, &of, NULL) == AUTH_DKIM &&
		    table_find(&domains, of) == NULL)
			table_add(&domains, arena, arena_copy(arena, of),
			    arena);
		arena_release(lint->arena, mark);
	}
	return domains;
}

static void
complain_no_rsa(struct lint *lint, const struct record *record,
    const struct table *aliased)
{
	struct str domain = record_domain(record);
	struct diag *diag;

	/* A key for reports about TLS signs no mail: RFC 8460 section 3. */
	if (!record->dkim->email || table_find(aliased, domain) != NULL)
		return;
	diag = complain(lint, record_owner_span(record), "receivers that do "
	    "not know Ed25519 take mail of %.*s for unsigned, because it has "
	    "no RSA key", STR_ARG(domain));
	diag_record(lint, diag, record);
	diag_help(lint, diag, "publish an RSA key of 2048 bits under another "
	    "selector, and sign with both");
}

static bool
has_ed25519(const struct lint *lint)
{
	const struct seen_keys *chunk;

	for (chunk = lint->keys; chunk != NULL; chunk = chunk->next)
		if (memchr(chunk->algorithms, DKIM_ED25519, chunk->count) !=
		    NULL)
			return true;
	return false;
}

static void
check_ed25519_only(struct lint *lint)
{
	struct arena *arena;
	struct table aliased;

	if (!has_ed25519(lint))
		return;
	arena = arena_new();
	aliased = aliased_domains(lint, arena);
	for_each_lacking(lint, DKIM_RSA, complain_no_rsa, &aliased);
	arena_free(arena);
}

static const struct rule ed25519_only = {
	.id = "dkim-ed25519-only",
	.level = LEVEL_WARNING,
	.subject = SUBJECT_ZONE,
	.summary = "domain with Ed25519 keys and no RSA key",
	.rationale = "Several large receivers still do not verify Ed25519. "
	    "To them mail signed with nothing else is unsigned, and fails "
	    "DMARC when SPF does.",
	.citation = "RFC 8463 section 5",
	.bad = QUIET TXT("e._domainkey", "v=DKIM1; k=ed25519; p=" KEY_ED25519),
	.good = QUIET QUIET_DKIM
	    TXT("e._domainkey", "v=DKIM1; k=ed25519; p=" KEY_ED25519),
	.check = check_ed25519_only,
};

static void
complain_no_ed25519(struct lint *lint, const struct record *record,
    const struct table *none)
{
	struct str domain = record_domain(record);
	struct diag *diag;

	(void)none;
	diag = complain(lint, record_owner_span(record), "mail of %.*s cannot "
	    "be signed with Ed25519, for which no key is published",
	    STR_ARG(domain));
	diag_record(lint, diag, record);
	diag_help(lint, diag, "make a key with: mailzone key new %.*s "
	    "-a ed25519", STR_ARG(domain));
}

static void
check_no_ed25519(struct lint *lint)
{
	for_each_lacking(lint, DKIM_ED25519, complain_no_ed25519, NULL);
}

static const struct rule no_ed25519 = {
	.id = "dkim-no-ed25519",
	.level = LEVEL_OFF,
	.subject = SUBJECT_ZONE,
	.summary = "domain without an Ed25519 key",
	.rationale = "Some authorities demand keys for both RSA-SHA256 and "
	    "Ed25519-SHA256.",
	.citation = "BSI TR-03182 F-02; RFC 8463",
	.bad = QUIET QUIET_DKIM,
	.good = QUIET QUIET_DKIM
	    TXT("e._domainkey", "v=DKIM1; k=ed25519; p=" KEY_ED25519),
	.check = check_no_ed25519,
};

const struct rule *const dkim_keys_rules[] = {
	&shared_selectors, &shared_domains, &shared_prime, &ed25519_only,
	&no_ed25519, NULL
};
