/*
 * DKIM: where keys stand, and what stands beside them. RFC 6376 section 3.6.2.
 */
#include "rules/check.h"

/* ---- several records, and names ------------------------------------------ */

static void
check_multiple(struct lint *lint, const struct node *node, struct str name)
{
	const struct record *first, *second;
	struct diag *diag;

	if ((node->types & HAS_TXT) == 0 ||
	    auth_place(name, NULL, NULL) != AUTH_DKIM)
		return;
	second = record_second(lint, node, AUTH_DKIM, &first);
	if (second == NULL)
		return;
	diag = complain(lint, second->rdata_span,
	    "signatures with this selector fail at some receivers, because "
	    "it has more than one record");
	diag_record(lint, diag, second);
	diag_help(lint, diag, "leave one record: parts of one key are "
	    "strings of one record, a second key needs a selector of its own");
	diag_note(lint, diag, first->rdata_span, "the first one");
}

static const struct rule multiple = {
	.id = "dkim-multiple",
	.level = LEVEL_ERROR,
	.subject = SUBJECT_NODE,
	.types = HAS_TXT,
	.in_sight = true,
	.several = true,
	.summary = "more than one record for a DKIM selector",
	.rationale = "Key records must be unique for a selector; what happens "
	    "otherwise is undefined. A verifier may pick either, so mail "
	    "fails now and then. Often one long record was broken into two "
	    "lines.",
	.citation = "RFC 6376 section 3.6.2.2",
	.bad = QUIET QUIET_DKIM TXT("s._domainkey", "v=DKIM1; p="),
	.good = QUIET QUIET_DKIM TXT("old._domainkey", "v=DKIM1; p="),
	.node = check_multiple,
};

static void
check_selector_name(struct lint *lint, const struct record *record)
{
	struct str selector = record_selector(record);
	struct diag *diag;

	if (selector.n == 0 || selector.p[0] == '*' || selector.p[0] == '_' ||
	    name_is_host(selector, false))
		return;
	diag = complain(lint, record->owner_span, "some verifiers do not look "
	    "for this key, because " STR_QUOTE " is not a selector",
	    STR_QUOTE_ARG(selector));
	diag_help(lint, diag, "name selectors with letters, digits and inner "
	    "hyphens");
}

static const struct rule selector_name = {
	.id = "dkim-selector-name",
	.level = LEVEL_WARNING,
	.subject = SUBJECT_DKIM,
	.summary = "DKIM selector that is not a host name",
	.rationale = "A selector is made of labels of letters, digits and "
	    "inner hyphens. Signers and verifiers may refuse any other, so "
	    "signatures with it fail here and there.",
	.citation = "RFC 6376 section 3.1",
	.bad = QUIET TXT("my_key._domainkey", "v=DKIM1; k=rsa; p=" KEY_2048),
	.good = QUIET TXT("my-key._domainkey", "v=DKIM1; k=rsa; p=" KEY_2048),
	.record = check_selector_name,
};

static void
check_wildcard_key(struct lint *lint, const struct record *record)
{
	struct str above = name_parent(record->owner);
	bool all = str_is(name_label(above), "_domainkey");
	struct diag *diag;

	if (!name_is_wildcard(record->owner) || !dkim_is_live(record->dkim))
		return;
	diag = complain(lint, record_owner_span(record),
	    "every selector of %.*s%s%.*s%s verifies with this key, and none "
	    "can be revoked by removing it", STR_ARG(record_domain(record)),
	    all ? "" : " that ends in \".", STR_ARG(all ? STR("") :
	    name_label(above)), all ? "" : "\"");
	diag_help(lint, diag, "publish the key under the selector that the "
	    "signer uses");
}

static const struct rule wildcard_key = {
	.id = "dkim-wildcard-key",
	.level = LEVEL_ERROR,
	.subject = SUBJECT_DKIM,
	.summary = "DKIM key under every selector",
	.rationale = "A wildcard answers for every selector that has no "
	    "record, so names of keys mean nothing any more: a retired "
	    "selector stays valid with this key, and keys cannot be rotated "
	    "one by one.",
	.citation = "RFC 6376 section 3.1; RFC 4592",
	.bad = QUIET TXT("*._domainkey", "v=DKIM1; k=rsa; p=" KEY_2048),
	.good = QUIET TXT("*._domainkey", "v=DKIM1; p="),
	.record = check_wildcard_key,
};

/* A name directly below one that keeps the wildcard from names below it. */
static struct str
hiding_name(struct lint *lint, const struct node *base)
{
	const struct node *node;

	for (node = node_child(lint->zone, base); node != NULL;
	    node = node_sibling(lint->zone, node))
		if (node->children && !node->wildcard)
			return node_name(lint->zone, node, lint->arena);
	return STR_NONE;
}

static void
check_null_shadowed(struct lint *lint, const struct record *record)
{
	const struct node *base;
	struct diag *diag;
	struct str name;

	if (!name_is_wildcard(record->owner) || !record->dkim->revoked)
		return;
	base = zone_find(lint->zone, name_parent(record->owner));
	if (base == NULL)
		return;
	name = hiding_name(lint, base);
	if (name.p == NULL)
		return;
	diag = complain(lint, record_owner_span(record),
	    "selectors that end in \".%.*s\" are not revoked, because that "
	    "name exists and the wildcard does not reach below it",
	    STR_ARG(name_label(name)));
	diag_help(lint, diag, "add the same record at *.%.*s", STR_ARG(name));
	diag_fix_add_record(lint, diag, record->span, name_join(lint->arena,
	    STR("*"), name), "TXT \"v=DKIM1; p=\"");
}

static const struct rule wildcard_null_shadowed = {
	.id = "dkim-wildcard-null-shadowed",
	.level = LEVEL_WARNING,
	.subject = SUBJECT_DKIM,
	.fix = FIX_UNSAFE,
	.marks = MARK_REVOKED,
	.summary = "selectors that the empty wildcard key does not reach",
	.rationale = "A selector with a dot creates a name in between, and a "
	    "wildcard does not answer for names below one that exists. What "
	    "was meant to revoke all selectors leaves those out.",
	.citation = "RFC 4592 section 3.3.1",
	.bad = QUIET TXT("*._domainkey", "v=DKIM1; p=")
	    TXT("jan.mailer._domainkey", "v=DKIM1; k=rsa; p=" KEY_2048),
	.good = QUIET TXT("*._domainkey", "v=DKIM1; p=")
	    TXT("*.mailer._domainkey", "v=DKIM1; p=")
	    TXT("jan.mailer._domainkey", "v=DKIM1; k=rsa; p=" KEY_2048),
	.record = check_null_shadowed,
};

/* ---- names that send no mail --------------------------------------------- */

static void
check_null_missing(struct lint *lint)
{
	struct str apex = lint->zone->name, name;
	struct answer answer;
	struct diag *diag;

	if (!zone_is_whole(lint->zone) || name_needs_no_policy(apex) ||
	    lint_role(lint, apex) != MAIL_NONE)
		return;
	name = name_join(lint->arena, STR("*._domainkey"), apex);
	answer = zones_ask(lint->world->zones, lint->arena, name, RR_TXT);
	if (answer.kind != ANSWER_NODATA && answer.kind != ANSWER_NXDOMAIN)
		return;
	diag = complain_zone(lint, "nothing says that %.*s signs no mail",
	    STR_ARG(apex));
	diag_help(lint, diag, "add: *._domainkey.%.*s. TXT \"v=DKIM1; p=\"",
	    STR_ARG(apex));
	diag_fix_add_record(lint, diag, diag->span, name,
	    "TXT \"v=DKIM1; p=\"");
}

static const struct rule null_missing = {
	.id = "dkim-null-missing",
	.level = LEVEL_OFF,
	.subject = SUBJECT_ZONE,
	.fix = FIX_UNSAFE,
	.summary = "no empty DKIM key at a domain that sends no mail",
	.rationale = "An empty key under every selector says that no "
	    "signature of the domain is genuine. To verifiers it equals "
	    "having none; some authorities ask for it.",
	.citation = "RFC 6376 section 3.6.1; gov.uk, domains that do not "
	    "send email",
	.bad = QUIET_SOA RR("@ MX 0 .") TXT("@", "v=spf1 -all")
	    TXT("_dmarc", "v=DMARC1; p=reject; rua=mailto:d@example.net"),
	.good = QUIET_SOA RR("@ MX 0 .") TXT("@", "v=spf1 -all")
	    TXT("_dmarc", "v=DMARC1; p=reject; rua=mailto:d@example.net")
	    TXT("*._domainkey", "v=DKIM1; p="),
	.check = check_null_missing,
};

/* Does the domain of a live key send no mail at all? */
static bool
sends_nothing(struct lint *lint, const struct record *record,
    struct str domain)
{
	const struct str label = STR("_domainkey.");
	struct str keys = str_after(record->owner,
	    record->owner.n - domain.n - label.n);

	/* Then the key is found by who looks for one: see may_have_key. */
	if (name_within(domain, lint->zone->name) && domain.n > 0 &&
	    zones_covering(lint->world->zones, keys) == lint->zone)
		return lint_is_none_despite_key(lint, domain);
	return lint_role(lint, domain) == MAIL_NONE;
}

static void
check_nomail_active_key(struct lint *lint, const struct record *record)
{
	struct str domain;
	struct diag *diag;

	if (!dkim_is_live(record->dkim))
		return;
	domain = record_domain(record);
	if (!sends_nothing(lint, record, domain))
		return;
	diag = complain_text(lint, record, record->dkim->p->start,
	    record->dkim->p->end, "whoever holds this key can send as %.*s, "
	    "which sends no mail", STR_ARG(domain));
	diag_help(lint, diag, "empty the key (\"p=\"), or remove the record");
	diag_fix_text(lint, diag, FIX_UNSAFE, record,
	    record->dkim->p->value_start, record->dkim->p->value_end,
	    STR(""));
}

static const struct rule nomail_active_key = {
	.id = "dkim-nomail-active-key",
	.level = LEVEL_WARNING,
	.subject = SUBJECT_DKIM,
	.fix = FIX_UNSAFE,
	.summary = "DKIM key at a domain that sends no mail",
	.rationale = "A key that nobody should use still lets its holder sign "
	    "mail that passes DMARC. Who has the private half is often "
	    "forgotten.",
	.citation = "RFC 6376 section 3.6.1",
	.bad = QUIET_SOA RR("@ MX 0 .") TXT("@", "v=spf1 -all")
	    TXT("_dmarc", "v=DMARC1; p=reject; rua=mailto:d@example.net")
	    QUIET_DKIM,
	.good = QUIET_SOA RR("@ MX 0 .") TXT("@", "v=spf1 -all")
	    TXT("_dmarc", "v=DMARC1; p=reject; rua=mailto:d@example.net")
	    TXT("s._domainkey", "v=DKIM1; p="),
	.record = check_nomail_active_key,
};

/* ---- keys that stand elsewhere ------------------------------------------- */

static bool
is_selector_alias(struct lint *lint, const struct record *record)
{
	return record->type == RR_CNAME &&
	    auth_place(record->owner, NULL, NULL) == AUTH_DKIM &&
	    !is_beside_record(lint, record, AUTH_DKIM);
}

static void
check_cname_dangling(struct lint *lint, const struct record *record)
{
	struct answer answer;
	struct diag *diag;

	if (!is_selector_alias(lint, record) ||
	    !lint_is_absent(lint, record->target, RR_TXT) ||
	    target_lacks_dot(lint, record))
		return;
	answer = zones_ask(lint->world->zones, lint->arena, record->target,
	    RR_TXT);
	diag = complain(lint, record->rdata_span, "signatures with this "
	    "selector fail, because there is no key at %.*s",
	    STR_ARG(answer.name));
	diag_help(lint, diag, "publish the key there, or remove the CNAME");
}

static const struct rule cname_dangling = {
	.id = "dkim-cname-dangling",
	.level = LEVEL_ERROR,
	.subject = SUBJECT_RECORD,
	.types = HAS_CNAME,
	.in_sight = true,
	.summary = "DKIM selector that leads to no key",
	.rationale = "The selector is an alias for a name that holds no TXT "
	    "record, so verifiers find no key.",
	.citation = "RFC 6376 section 3.6.2",
	.bad = QUIET RR("s._domainkey CNAME s._domainkey.mail"),
	.good = QUIET RR("s._domainkey CNAME k.mail")
	    TXT("k.mail", "v=DKIM1; k=rsa; p=" KEY_2048),
	.record = check_cname_dangling,
};

/* Why verifiers refuse the key, or should; NULL for no reason. */
static const char *
find_fault(const struct dkim *dkim)
{
	const struct problem *problem;

	for (problem = dkim->problems.first; problem != NULL;
	    problem = problem->next) {
		if (problem->kind == DKIM_PRIVATE_KEY)
			return "anybody can sign, because the private key is "
			    "published";
		if (problem->kind != DKIM_BAD_TAG)
			return "every signature fails, because no key can be "
			    "read from the record";
	}
	if (!dkim->sha256)
		return "every signature fails, because the key forbids "
		    "SHA-256";
	if (!dkim->email)
		return "every signature of mail fails, because the key is for "
		    "something else";
	if (dkim->key_algorithm != DKIM_RSA || dkim->bits == 0)
		return NULL;
	if (dkim->bits < 1024)
		return "signatures fail and anybody can forge them, because "
		    "the key is shorter than 1024 bits";
	return rsa_weak_factor(dkim->modulus) != 0 ? "anybody can compute "
	    "the key" : NULL;
}

/* A wildcard that leads to one key is one for every selector. */
static bool
lends_to_all(struct lint *lint, const struct record *alias,
    const struct answer *answer)
{
	return name_is_wildcard(alias->owner) && answer->count == 1 &&
	    dkim_is_live(dkim_parse(lint->arena, answer->records[0]->text));
}

/*
 * What an alias leads to stands at no place of DKIM, so no other rule looks
 * at the key.
 */
static void
check_lent(struct lint *lint, const struct record *record)
{
	struct answer answer;
	struct diag *diag;
	const char *fault;

	if (!is_selector_alias(lint, record) ||
	    lint_ask(lint, record->target, RR_TXT, NULL) != ANSWER_DATA)
		return;
	answer = zones_ask(lint->world->zones, lint->arena, record->target,
	    RR_TXT);
	if (lends_to_all(lint, record, &answer)) {
		diag = complain(lint, record->rdata_span, "every selector of "
		    "%.*s verifies with the key of %.*s, and none can be "
		    "revoked by removing it", STR_ARG(record_domain(record)),
		    STR_ARG(name_show(answer.name)));
		diag_help(lint, diag, "give each selector an alias of its "
		    "own");
	}
	if (auth_place(answer.owner, NULL, NULL) == AUTH_DKIM)
		return;
	fault = answer.count > 1 ? "signatures fail at some receivers, "
	    "because more than one record stands there" :
	    find_fault(dkim_parse(lint->arena, answer.records[0]->text));
	if (fault == NULL)
		return;
	diag = complain(lint, record->rdata_span, "with this selector %s",
	    fault);
	diag_note(lint, diag, answer.records[0]->rdata_span, "the record");
	diag_help(lint, diag, "publish a good key at %.*s",
	    STR_ARG(name_show(answer.name)));
}

static const struct rule lent_broken = {
	.id = "dkim-lent-broken",
	.level = LEVEL_ERROR,
	.subject = SUBJECT_RECORD,
	.types = HAS_CNAME,
	.in_sight = true,
	.summary = "alias that leads to a key which is no good",
	.rationale = "Selectors are often aliases, so that who sends the mail "
	    "can change the key. Verifiers use whatever stands there, and a "
	    "key that is broken, short or known there is as bad as one at "
	    "the selector itself.",
	.citation = "RFC 6376 sections 3.6.2 and 6.1.2; RFC 8301 section 3.2",
	.bad = QUIET RR("s._domainkey CNAME k.mail")
	    TXT("k.mail", "v=DKIM1; k=rsa; p=" KEY_2048_1),
	.good = QUIET RR("s._domainkey CNAME k.mail")
	    TXT("k.mail", "v=DKIM1; k=rsa; p=" KEY_2048),
	.record = check_lent,
};

static void
check_cname_external(struct lint *lint, const struct record *record)
{
	unsigned links;

	/* Of aliases in a circle zone-cname-loop speaks. */
	if (is_selector_alias(lint, record) && lint_ask(lint, record->target,
	    RR_TXT, &links) == ANSWER_UNKNOWN && (links == 0 ||
	    !zones_ask(lint->world->zones, lint->arena, record->target,
	    RR_TXT).looped))
		complain(lint, record->rdata_span, "whether %.*s holds a key "
		    "cannot be seen from here", STR_ARG(record->target));
}

static const struct rule cname_external = {
	.id = "dkim-cname-external",
	.level = LEVEL_NOTE,
	.subject = SUBJECT_RECORD,
	.types = HAS_CNAME,
	.in_sight = true,
	.summary = "DKIM selector that leads to a zone not loaded",
	.rationale = "Providers often keep the key in their own zone, where "
	    "they can change it. Whether it is there cannot be checked from "
	    "zone files alone.",
	.citation = "RFC 6376 section 3.6.2",
	.bad = QUIET RR("s._domainkey CNAME s.dkim.example.net."),
	.good = QUIET QUIET_DKIM,
	.record = check_cname_external,
};

const struct rule *const dkim_place_rules[] = {
	&multiple, &selector_name, &wildcard_key, &wildcard_null_shadowed,
	&null_missing, &nomail_active_key, &cname_dangling, &cname_external,
	&lent_broken, NULL
};
