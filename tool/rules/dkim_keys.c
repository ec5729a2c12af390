/*
 * DKIM: one key compared with the others of its zone. Keys are remembered on
 * the way through the records, 32 octets each, and compared at the end.
 */
#include <string.h>

#include "base/arena.h"
#include "base/hash.h"
#include "rules/rule.h"

struct seen_key {
	uint64_t key;			/* octets from its middle */
	uint64_t domain;
	size_t position;		/* for zone_next */
	enum dkim_algorithm algorithm;
};

enum { CHUNK = 128 };

struct seen_keys {
	struct seen_keys *next;
	size_t count;
	struct seen_key keys[CHUNK];
};

/* A key is random all through: eight octets tell it from any other. */
static uint64_t
fingerprint(struct str der)
{
	uint64_t octets = 0;

	if (der.n >= 2 * sizeof(octets))
		memcpy(&octets, der.p + der.n / 2, sizeof(octets));
	return octets;
}

void
dkim_remember(struct lint *lint, const struct record *record)
{
	struct seen_keys *chunk = lint->keys;
	struct seen_key *key;

	if (record->dkim->der.n == 0 || record->dkim->bits == 0)
		return;
	if (chunk == NULL || chunk->count == CHUNK) {
		chunk = ARENA_NEW(lint->memory, struct seen_keys);
		chunk->next = lint->keys;
		lint->keys = chunk;
	}
	key = &chunk->keys[chunk->count++];
	key->key = fingerprint(record->dkim->der);
	key->domain = hash_bytes(hash_key_fixed, record_domain(record));
	key->position = record->position;
	key->algorithm = record->dkim->key_algorithm;
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

/* ---- comparing ---- */

/* All keys in the order of the file, and a table of places in that order. */
struct comparison {
	struct seen_key *keys;
	size_t count;
	size_t *slots, size;		/* number + 1; 0 when free */
};

static struct comparison
compare(struct lint *lint)
{
	struct comparison all = { 0 };
	const struct seen_keys *chunk;
	size_t end;

	for (chunk = lint->keys; chunk != NULL; chunk = chunk->next)
		all.count += chunk->count;
	all.keys = ARENA_ARRAY(lint->arena, all.count, struct seen_key);
	for (chunk = lint->keys, end = all.count; chunk != NULL;
	    chunk = chunk->next) {
		end -= chunk->count;
		memcpy(all.keys + end, chunk->keys,
		    chunk->count * sizeof(*all.keys));
	}
	for (all.size = 4; all.size < 2 * all.count; all.size *= 2)
		continue;
	all.slots = ARENA_ARRAY(lint->arena, all.size, size_t);
	return all;
}

/* The number of the first with the same value; its own when it is that. */
static size_t
first_alike(struct comparison *all, size_t number, bool by_domain)
{
	const struct seen_key *key = &all->keys[number], *other;
	uint64_t value = by_domain ? key->domain : key->key;
	size_t slot = (size_t)value & (all->size - 1);

	for (; all->slots[slot] != 0; slot = (slot + 1) & (all->size - 1)) {
		other = &all->keys[all->slots[slot] - 1];
		if ((by_domain ? other->domain : other->key) == value)
			return all->slots[slot] - 1;
	}
	all->slots[slot] = number + 1;
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
	diag->token = arena_copy(lint->keep, first->owner);
	diag_help(lint, diag, selectors ? "make a new key for each selector" :
	    "make a key for each domain");
	diag_note(lint, diag, first->rdata_span, "the same key");
}

static void
check_shared(struct lint *lint, bool selectors)
{
	struct comparison all;
	size_t i, first;

	if (lint->keys == NULL || (lint->keys->next == NULL &&
	    lint->keys->count < 2))
		return;
	all = compare(lint);
	for (i = 0; i < all.count; i++) {
		first = first_alike(&all, i, false);
		if (first != i && selectors == (all.keys[first].domain ==
		    all.keys[i].domain))
			complain_shared(lint, &all.keys[i], &all.keys[first],
			    selectors);
	}
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

static void
check_shared_domains(struct lint *lint)
{
	check_shared(lint, false);
}

static const struct rule shared_domains = {
	.id = "dkim-key-shared-domains",
	.level = LEVEL_NOTE,
	.subject = SUBJECT_ZONE,
	.summary = "two domains have the same key",
	.rationale = "One key for several domains is less work, and one leak "
	    "is enough to forge mail of all of them.",
	.citation = "RFC 6376 section 3.1",
	.bad = QUIET QUIET_DKIM
	    TXT("s._domainkey.news", "v=DKIM1; k=rsa; p=" KEY_2048),
	.good = QUIET QUIET_DKIM,
	.check = check_shared_domains,
};

/* ---- domains that lack a kind of key ---- */

typedef void lacking_key(struct lint *, const struct record *);

/* Calls for the first key of each domain that has none of this kind. */
static void
for_each_lacking(struct lint *lint, enum dkim_algorithm wanted,
    lacking_key *call)
{
	struct comparison all = compare(lint);
	bool *has = ARENA_ARRAY(lint->arena, all.count + 1, bool);
	size_t *first = ARENA_ARRAY(lint->arena, all.count + 1, size_t), i;

	for (i = 0; i < all.count; i++) {
		first[i] = first_alike(&all, i, true);
		if (all.keys[i].algorithm == wanted)
			has[first[i]] = true;
	}
	for (i = 0; i < all.count; i++)
		if (first[i] == i && !has[i])
			call(lint, record_again(lint, &all.keys[i]));
}

/* Does an alias stand among the selectors, whose key cannot be told? */
static bool
has_alias(struct lint *lint, struct str domain)
{
	const struct record *record;
	struct arena_mark mark;
	struct str of;
	size_t position = 0;
	bool found = false;

	mark = arena_mark(lint->arena);
	while (!found && (record = zone_next(lint->zone, lint->arena,
	    HAS_CNAME, &position)) != NULL)
		found = auth_place(record->owner, &of, NULL) == AUTH_DKIM &&
		    str_equal(of, domain);
	arena_release(lint->arena, mark);
	return found;
}

static void
complain_no_rsa(struct lint *lint, const struct record *record)
{
	struct str domain = record_domain(record);
	struct diag *diag;

	if (has_alias(lint, domain))
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
	size_t i;

	for (chunk = lint->keys; chunk != NULL; chunk = chunk->next)
		for (i = 0; i < chunk->count; i++)
			if (chunk->keys[i].algorithm == DKIM_ED25519)
				return true;
	return false;
}

static void
check_ed25519_only(struct lint *lint)
{
	if (has_ed25519(lint))
		for_each_lacking(lint, DKIM_RSA, complain_no_rsa);
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
complain_no_ed25519(struct lint *lint, const struct record *record)
{
	struct str domain = record_domain(record);
	struct diag *diag;

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
	for_each_lacking(lint, DKIM_ED25519, complain_no_ed25519);
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
	&shared_selectors, &shared_domains, &ed25519_only, &no_ed25519, NULL
};
