/*
 * DKIM held against the configuration: are the keys there that are signed with,
 * and is none in use that should not be?
 */
#include "rules/check.h"

/* The configured key whose selector this record has; NULL if none does. */
static const struct config_key *
configured(const struct lint *lint, const struct record *record)
{
	const struct config_domain *domain;
	struct str selector;
	size_t i;

	if (lint->config->source == NULL)
		return NULL;
	domain = config_domain(lint->config, record_domain(record));
	if (domain == NULL)
		return NULL;
	selector = record_selector(record);
	for (i = 0; i < domain->key_count; i++)
		if (str_equal_case(domain->keys[i]->selector.text, selector))
			return domain->keys[i];
	return NULL;
}

/*
 * Both from one maker, so octets tell; those of the record do mostly, and
 * need no reading that takes its time.
 */
static bool
is_same_key(struct lint *lint, const struct dkim *dkim,
    const struct config_key *key)
{
	return str_equal(dkim->der, key->key.public_key) ||
	    str_equal(key_read(lint->arena, dkim->p->value).public_key,
	    key->key.public_key);
}

/* Is there no key behind what a wildcard answers? */
static bool
is_only_revoked(struct lint *lint, const struct answer *answer)
{
	size_t i;

	for (i = 0; i < answer->count; i++)
		if (dkim_is_live(dkim_parse(lint->arena,
		    answer->records[i]->text)))
			return false;
	return answer->wildcard && answer->links == 0;
}

/*
 * Does an alias lead to another key than this, or to one that is revoked? Not
 * where keys belong: there, others look at it.
 */
static bool
is_lent_another(struct lint *lint, const struct answer *answer,
    const struct config_key *key)
{
	const struct dkim *dkim;

	if (key == NULL || key->key.public_key.p == NULL ||
	    answer->links == 0 || answer->count != 1 ||
	    auth_place(answer->owner, NULL, NULL) == AUTH_DKIM)
		return false;
	dkim = dkim_parse(lint->arena, answer->records[0]->text);
	return dkim->revoked || (dkim_is_live(dkim) && dkim->bits > 0 &&
	    !is_same_key(lint, dkim, key));
}

/* What signs is a key or a sender, called by its name. */
static void
check_selector(struct lint *lint, const struct config_domain *domain,
    struct str selector, const char *what, struct str called,
    struct span span, const struct config_key *key)
{
	const char *why = "has no record";
	const struct node *node;
	struct answer answer;
	struct diag *diag;
	struct str name;

	name = name_join(lint->keep, name_join(lint->arena, selector,
	    STR("_domainkey")), domain->name);
	answer = zones_ask(lint->world->zones, lint->arena, name, RR_TXT);
	node = zone_find(lint->zone, name);
	if (answer.kind == ANSWER_DATA && is_only_revoked(lint, &answer))
		why = "has no record, and a wildcard says that it is revoked";
	else if (answer.kind == ANSWER_DATA && is_lent_another(lint, &answer,
	    key))
		why = "is an alias that leads to another key, or to a revoked "
		    "one";
	else if (answer.kind != ANSWER_NODATA && answer.kind != ANSWER_NXDOMAIN)
		return;
	/* What an alias does not lead to is for dkim-cname-dangling. */
	else if (node != NULL && (node->types & HAS_CNAME) != 0)
		return;
	diag = complain_zone(lint, "mail signed %s " STR_QUOTE " fails, "
	    "because %.*s %s", what, STR_QUOTE_ARG(called), STR_ARG(name),
	    why);
	diag_about(lint, diag, name);
	diag_help(lint, diag, "publish what mailzone generate prints for it");
	diag_note(lint, diag, span, "configured here");
}

static void
check_keys_of(struct lint *lint, const struct config_domain *domain)
{
	const struct config_sender *sender;
	const struct config_cname *cname;
	const struct config_key *key;
	size_t i;

	for (i = 0; i < domain->key_count; i++) {
		key = domain->keys[i];
		if (key->selector.text.p != NULL &&
		    config_key_state(key, lint->world->today) == KEY_ACTIVE)
			check_selector(lint, domain, key->selector.text,
			    "with the key", key->name, key->span, key);
	}
	for (i = 0; i < domain->sender_count; i++) {
		sender = domain->senders[i];
		for (cname = sender->dkim_cname; cname != NULL;
		    cname = cname->next)
			check_selector(lint, domain, cname->selector.text,
			    "by the sender", sender->name,
			    cname->selector.span, NULL);
	}
}

static void
check_key_missing(struct lint *lint)
{
	const struct config_domain *domain;
	struct domain_walk walk = { 0 };

	/* No "*" answers for a selector below a name that does not exist. */
	while (zone_is_whole(lint->zone) &&
	    (domain = lint_next_domain(lint, &walk)) != NULL)
		if (!name_is_wildcard(domain->name))
			check_keys_of(lint, domain);
}

static const struct rule key_missing = {
	.id = "dkim-key-missing",
	.level = LEVEL_ERROR,
	.subject = SUBJECT_ZONE,
	.summary = "active DKIM key of the configuration is not in the zone",
	.rationale = "A signer uses the key, but verifiers do not find it: "
	    "the signatures fail, and mail that relies on them fails DMARC.",
	.citation = "RFC 6376 section 6.1.2",
	.bad = QUIET "; config:\nversion: 1\nkeys:\n  k: {selector: s, "
	    "public: \"" KEY_1024 "\"}\ndomains:\n  example.com: {keys: [k]}\n",
	.good = QUIET QUIET_DKIM
	    "; config:\nversion: 1\nkeys:\n  k: {selector: s, "
	    "public: \"" KEY_2048_1 KEY_2048_2 "\"}\n"
	    "domains:\n  example.com: {keys: [k]}\n",
	.check = check_key_missing,
};

static void
check_revoked_active(struct lint *lint, const struct record *record)
{
	const struct config_key *key;
	struct diag *diag;

	if (!record->dkim->revoked || record_is_void(lint, record))
		return;
	key = configured(lint, record);
	if (key == NULL ||
	    config_key_state(key, lint->world->today) == KEY_REVOKED)
		return;
	diag = complain_text(lint, record, record->dkim->p->start,
	    record->dkim->p->end, "mail signed with the key " STR_QUOTE
	    " fails, because the zone says that it is revoked",
	    STR_QUOTE_ARG(key->name));
	diag_help(lint, diag, "publish the key again, or set its state to "
	    "revoked");
	diag_note(lint, diag, key->span, "configured here");
}

static const struct rule revoked_active = {
	.id = "dkim-revoked-active",
	.level = LEVEL_ERROR,
	.subject = SUBJECT_DKIM,
	.marks = MARK_REVOKED,
	.summary = "DKIM key is in use and published as revoked",
	.rationale = "An empty p says that the key is revoked: signatures "
	    "with it fail permanently.",
	.citation = "RFC 6376 section 6.1.2 step 7",
	.bad = QUIET TXT("s._domainkey", "v=DKIM1; p=")
	    "; config:\nversion: 1\nkeys:\n  k: {selector: s, "
	    "public: \"" KEY_1024 "\"}\ndomains:\n  example.com: {keys: [k]}\n",
	.good = QUIET TXT("s._domainkey", "v=DKIM1; p=")
	    "; config:\nversion: 1\nkeys:\n  k: {selector: s, state: revoked, "
	    "public: \"" KEY_1024 "\"}\ndomains:\n  example.com: {keys: [k]}\n",
	.record = check_revoked_active,
};

/* The configured key of a record that holds one; NULL if there is none. */
static const struct config_key *
configured_live(const struct lint *lint, const struct record *record)
{
	const struct config_key *key = dkim_is_live(record->dkim) ?
	    configured(lint, record) : NULL;

	return key == NULL || key->key.public_key.p == NULL ? NULL : key;
}

static void
check_key_differs(struct lint *lint, const struct record *record)
{
	const struct config_key *key = configured_live(lint, record);
	struct diag *diag;

	if (key == NULL || config_key_state(key, lint->world->today) ==
	    KEY_REVOKED || is_same_key(lint, record->dkim, key) ||
	    record_is_void(lint, record))
		return;
	diag = complain_text(lint, record, record->dkim->p->start,
	    record->dkim->p->end, "mail signed with the key " STR_QUOTE
	    " fails, because the zone holds another key",
	    STR_QUOTE_ARG(key->name));
	diag_help(lint, diag, "publish what mailzone generate prints for it; "
	    "a new key needs a new selector");
	diag_note(lint, diag, key->span, "configured here");
}

static const struct rule key_differs = {
	.id = "dkim-key-differs",
	.level = LEVEL_ERROR,
	.subject = SUBJECT_DKIM,
	.summary = "DKIM key of the zone is not that of the configuration",
	.rationale = "Verifiers check signatures with the key that they find "
	    "at the selector: with another one, they all fail.",
	.citation = "RFC 6376 section 6.1.3",
	.bad = QUIET QUIET_DKIM
	    "; config:\nversion: 1\nkeys:\n  k: {selector: s, "
	    "public: \"" KEY_1024 "\"}\ndomains:\n  example.com: {keys: [k]}\n",
	.good = QUIET QUIET_DKIM
	    "; config:\nversion: 1\nkeys:\n  k: {selector: s, "
	    "public: \"" KEY_2048_1 KEY_2048_2 "\"}\n"
	    "domains:\n  example.com: {keys: [k]}\n",
	.record = check_key_differs,
};

static void
check_key_revoked_live(struct lint *lint, const struct record *record)
{
	const struct config_key *key = configured_live(lint, record);
	struct diag *diag;

	if (key == NULL || config_key_state(key, lint->world->today) !=
	    KEY_REVOKED || !is_same_key(lint, record->dkim, key))
		return;
	diag = complain_text(lint, record, record->dkim->p->start,
	    record->dkim->p->end, "whoever has the key " STR_QUOTE
	    " can still sign: it is revoked, but the zone publishes it",
	    STR_QUOTE_ARG(key->name));
	diag_help(lint, diag, "publish what mailzone generate prints for it");
	diag_note(lint, diag, key->span, "configured here");
}

static const struct rule key_revoked_live = {
	.id = "dkim-key-revoked-live",
	.level = LEVEL_ERROR,
	.subject = SUBJECT_DKIM,
	.summary = "DKIM key is revoked in the configuration alone",
	.rationale = "A key is revoked when its record says so. Until then "
	    "whoever has it can sign mail that passes.",
	.citation = "RFC 6376 section 3.6.1",
	.bad = QUIET QUIET_DKIM
	    "; config:\nversion: 1\nkeys:\n  k: {selector: s, state: revoked, "
	    "public: \"" KEY_2048_1 KEY_2048_2 "\"}\n"
	    "domains:\n  example.com: {keys: [k]}\n",
	.good = QUIET QUIET_DKIM
	    "; config:\nversion: 1\nkeys:\n  k: {selector: s, state: retiring, "
	    "public: \"" KEY_2048_1 KEY_2048_2 "\"}\n"
	    "domains:\n  example.com: {keys: [k]}\n",
	.record = check_key_revoked_live,
};

static void
check_no_strict_flag(struct lint *lint, const struct record *record)
{
	const struct tag *flags = record->dkim->t, *p = record->dkim->p;
	const struct config_key *key;
	struct diag *diag;

	if (record->dkim->strict || !dkim_is_live(record->dkim))
		return;
	key = configured(lint, record);
	if (key == NULL || !key->strict)
		return;
	diag = complain_text(lint, record, 0, record->text.n, "the key "
	    STR_QUOTE " also signs for names below the domain, because "
	    "\"t=s\" is missing", STR_QUOTE_ARG(key->name));
	diag_help(lint, diag, "add \"t=s\" when no signature has a name below "
	    "in \"i=\"");
	/* The strings before the last one are full, as a rule. */
	if (flags == NULL)
		diag_fix_text(lint, diag, FIX_UNSAFE, record, p->end, p->end,
		    STR("; t=s"));
	else
		diag_fix_text(lint, diag, FIX_UNSAFE, record,
		    flags->value_end, flags->value_end,
		    flags->value.n > 0 ? STR(":s") : STR("s"));
}

static const struct rule no_strict_flag = {
	.id = "dkim-no-strict-flag",
	.level = LEVEL_NOTE,
	.subject = SUBJECT_DKIM,
	.fix = FIX_UNSAFE,
	.summary = "DKIM key lacks the flag t=s that the configuration wants",
	.rationale = "With t=s the identity in a signature must be the domain "
	    "itself. Without it who holds the key may sign for names below.",
	.citation = "RFC 6376 section 3.6.1",
	.bad = QUIET QUIET_DKIM "; config:\nversion: 1\nkeys:\n"
	    "  k: {selector: s, flags: [s], "
	    "public: \"" KEY_2048_1 KEY_2048_2 "\"}\n"
	    "domains:\n  example.com: {keys: [k]}\n",
	.good = QUIET TXT("s._domainkey", "v=DKIM1; k=rsa; t=s; p=" KEY_2048)
	    "; config:\nversion: 1\nkeys:\n"
	    "  k: {selector: s, flags: [s], "
	    "public: \"" KEY_2048_1 KEY_2048_2 "\"}\n"
	    "domains:\n  example.com: {keys: [k]}\n",
	.record = check_no_strict_flag,
};

enum { KEY_AGE = 180 };		/* days */

/* The longest that a profile allows; 0 when none says anything. */
static unsigned
longest_age(const struct lint *lint)
{
	const struct profile *profile;
	size_t number = 0;
	unsigned days = 0;

	while ((profile = lint_next_profile(lint, &number)) != NULL)
		if (profile->max_key_age > 0 &&
		    (days == 0 || profile->max_key_age < days))
			days = profile->max_key_age;
	return days;
}

/* Of the same key under the same selector, as earlier runs saw it. */
static day
seen_since(struct lint *lint, const struct record *record)
{
	const struct sighting *seen = state_at(lint->world->state,
	    record->owner, SEEN_KEY);
	struct str digest;

	if (seen == NULL)
		return DAY_NONE;
	digest = key_digest(lint->arena, record->dkim);
	while (seen != NULL && !str_equal(seen->sha256, digest))
		seen = seen->next;
	return seen == NULL ? DAY_NONE : seen->first;
}

static void
check_key_age(struct lint *lint, const struct record *record)
{
	const struct config_key *key;
	day since = DAY_NONE, today = lint->world->today;
	unsigned longest;
	struct diag *diag;

	if (!dkim_is_live(record->dkim))
		return;
	key = configured(lint, record);
	if (key != NULL && config_key_state(key, today) != KEY_ACTIVE)
		return;
	if (key != NULL)
		since = key->since;
	if (since == DAY_NONE)
		since = seen_since(lint, record);
	if (since == DAY_NONE || today - since <= KEY_AGE)
		return;
	diag = complain(lint, record_owner_span(record), "the key has been "
	    "there for %d days, so whoever copied it has had that long to "
	    "sign with it", (int)(today - since));
	diag_about(lint, diag, record->owner);
	diag_help(lint, diag, "publish a new key under a new selector, switch "
	    "the signer, then retire this one");
	if (key != NULL)
		diag_note(lint, diag, key->span, "configured here");
	longest = longest_age(lint);
	if (longest > 0 && today - since > (day)longest)
		diag->level = LEVEL_ERROR;
}

static const struct rule key_age = {
	.id = "dkim-key-age",
	.level = LEVEL_WARNING,
	.raised = LEVEL_ERROR,
	.subject = SUBJECT_DKIM,
	.summary = "DKIM key in use for more than six months",
	.rationale = "A key that leaked unnoticed is good for forgeries until "
	    "it is replaced. Common advice is to rotate keys every six "
	    "months; how long a key is there is what the configuration or an "
	    "earlier run says.",
	.citation = "M3AAWG DKIM Key Rotation Best Common Practices, 2019",
	.bad = QUIET QUIET_DKIM
	    EARLIER("2026-01-01", QUIET_DKIM) TODAY("2026-11-24"),
	.good = QUIET QUIET_DKIM
	    "; config:\nversion: 1\nkeys:\n  k: {selector: s, "
	    "since: 2026-09-01, public: \"" KEY_2048_1 KEY_2048_2 "\"}\n"
	    "domains:\n  example.com: {keys: [k]}\n"
	    EARLIER("2026-01-02", QUIET_DKIM) TODAY("2026-11-24"),
	.record = check_key_age,
};

const struct rule *const dkim_sender_rules[] = {
	&key_missing, &revoked_active, &key_differs, &key_revoked_live,
	&no_strict_flag, &key_age, NULL
};
