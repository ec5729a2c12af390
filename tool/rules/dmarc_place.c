/*
 * DMARC: where records stand, and what the records above and below make of
 * them. RFC 9989 section 4.10, RFC 7489 section 6.6.3.
 */
#include "base/arena.h"
#include "rules/check.h"

static struct str
organization(struct lint *lint, struct str domain, enum model model,
    bool *known)
{
	return lint_organization(lint, domain, model, known);
}

static struct str
dmarc_name(struct lint *lint, struct str domain)
{
	return name_join(lint->arena, STR("_dmarc"), domain);
}

static enum outcome
level_of(const struct dmarc *dmarc, char which, enum model model)
{
	struct verdict detail = { 0 };

	return policy_level(dmarc, which, model, &detail);
}

/* ---- nothing there ---- */

/* Something was meant to be there; another rule says what is wrong with it. */
static bool
has_attempt(struct lint *lint, struct str domain)
{
	const struct node *node = zone_find(lint->zone,
	    dmarc_name(lint, domain));
	const struct record **records;
	size_t count, i;

	if (node == NULL)
		return false;
	if ((node->types & HAS_CNAME) != 0)
		return true;
	count = lint_records(lint, node, HAS_TXT, &records);
	for (i = 0; i < count; i++)
		if (auth_near_version(records[i]->text) == AUTH_DMARC ||
		    dmarc_passed_over(lint, records[i]) != NULL)
			return true;
	return false;
}

static void
check_missing(struct lint *lint)
{
	struct str apex = lint->zone->name;
	struct diag *diag;
	bool known = true;

	if (!zone_is_whole(lint->zone) || name_needs_no_policy(apex) ||
	    !dmarc_is_lacking(lint, apex) || has_attempt(lint, apex))
		return;
	/* A name below takes the policy of the domain above. */
	if (!str_equal(organization(lint, apex, MODEL_7489, &known), apex) ||
	    !known || psl_has(lint->world->psl, apex) ||
	    is_refused_entry(lint, dmarc_name(lint, apex), AUTH_DMARC) ||
	    dmarc_is_mislaid(lint, apex))
		return;
	diag = complain_zone(lint, "mail that strangers forge as %.*s, or as "
	    "any name below, is delivered, because there is no DMARC record",
	    STR_ARG(apex));
	if (domain_in_rollout(lint, apex))
		diag_level(diag, LEVEL_NOTE);
	if (lint_role(lint, apex) == MAIL_NONE)
		diag_help(lint, diag, "add: _dmarc.%.*s. TXT \"v=DMARC1; "
		    "p=reject; rua=mailto:...\"", STR_ARG(apex));
	else
		diag_help(lint, diag, "add: _dmarc.%.*s. TXT \"v=DMARC1; "
		    "p=none; rua=mailto:...\", then follow mailzone plan to "
		    "p=reject", STR_ARG(apex));
}

static const struct rule missing = {
	.id = "dmarc-missing",
	.level = LEVEL_ERROR,
	.subject = SUBJECT_ZONE,
	.summary = "organizational domain without a DMARC record",
	.rationale = "Without a record receivers do no DMARC for the domain "
	    "and for names below it without one of their own: forged mail is "
	    "delivered, and nobody tells the owner. The advisory "
	    "JCSA-20240502-001 describes how attackers look for such domains.",
	.citation = "RFC 9989 section 4.10; JCSA-20240502-001",
	.bad = QUIET_SOA QUIET_MX QUIET_SPF,
	.good = QUIET,
	.check = check_missing,
};

/* The first policy that stands at this very name. */
static const struct record *
policy_at(struct lint *lint, const struct node *node)
{
	const struct record **records;
	size_t i, count = lint_records(lint, node, HAS_TXT, &records);

	for (i = 0; i < count; i++)
		if (records[i]->auth == AUTH_DMARC)
			return records[i];
	return NULL;
}

/* The first policy of this zone at a name below. */
static const struct record *
policy_below(struct lint *lint, struct str domain)
{
	const struct record *record = NULL;
	const struct node *node;
	struct arena_mark mark;
	struct zone_walk walk = { 0 };
	struct str name;

	while ((node = zone_each(lint->zone, &walk)) != NULL) {
		if ((node->types & HAS_TXT) == 0)
			continue;
		mark = arena_mark(lint->arena);
		name = node_name(lint->zone, node, lint->arena);
		/* Of several, receivers of RFC 9989 take none. */
		if (str_is(name_label(name), "_dmarc") &&
		    name_below(name_parent(name), domain) &&
		    record_second(lint, node, AUTH_DMARC, NULL) == NULL)
			record = policy_at(lint, node);
		if (record != NULL)
			return record;
		arena_release(lint->arena, mark);
	}
	return NULL;
}

static void
check_org_missing(struct lint *lint)
{
	const struct record *record;
	struct str domain, below;
	struct diag *diag;
	bool known = true;

	domain = organization(lint, lint->zone->name, MODEL_7489, &known);
	if (!known || lint->zone->contents->incomplete ||
	    psl_has(lint->world->psl, domain) ||
	    !dmarc_is_lacking(lint, domain) ||
	    (record = policy_below(lint, domain)) == NULL)
		return;
	below = record_domain(record);
	/* example.com.example.com is for zone-owner-missing-dot. */
	if (str_ends(name_relative(below, domain), domain))
		return;
	/* Names that are hit by it are told by dmarc-orgdomain-divergence. */
	if (dmarc_uncovered_name(lint, below).p != NULL)
		return;
	diag = complain(lint, record_owner_span(record), "receivers of RFC "
	    "7489 do not apply this record to any name below %.*s, and those "
	    "of RFC 9989 take %.*s for an organization of its own, because "
	    "%.*s has none", STR_ARG(below), STR_ARG(below), STR_ARG(domain));
	diag_record(lint, diag, record);
	diag_help(lint, diag, "publish a record at _dmarc.%.*s as well",
	    STR_ARG(domain));
}

static const struct rule org_missing = {
	.id = "dmarc-org-missing-sub-present",
	.level = LEVEL_WARNING,
	.subject = SUBJECT_ZONE,
	.summary = "DMARC records below an organizational domain that has "
	    "none",
	.rationale = "Receivers that go by the public suffix list look at "
	    "the organizational domain and find nothing, so all names "
	    "without a record of their own can be forged. Receivers that "
	    "walk the tree take the highest record that they find for the "
	    "organization, and alignment with it.",
	.citation = "RFC 9989 sections 4.10.2 and 5.1.4",
	.bad = QUIET_SOA QUIET_MX QUIET_SPF
	    TXT("_dmarc.news", "v=DMARC1; p=reject; "
	    "rua=mailto:d@example.com"),
	.good = QUIET
	    TXT("_dmarc.news", "v=DMARC1; p=reject; "
	    "rua=mailto:d@example.com"),
	.check = check_org_missing,
};

/* ---- too much there ---- */

bool
dmarc_has_one_above(struct lint *lint, struct str domain)
{
	struct str above = organization(lint, domain, MODEL_7489, NULL);

	return name_below(domain, above) && !dmarc_is_lacking(lint, above);
}

static void
check_multiple(struct lint *lint, const struct node *node, struct str name)
{
	const struct record *first, *second;
	struct str domain;
	struct diag *diag;
	bool above;

	if ((node->types & HAS_TXT) == 0 ||
	    !str_is(name_label(name), "_dmarc"))
		return;
	second = record_second(lint, node, AUTH_DMARC, &first);
	if (second == NULL)
		return;
	domain = name_parent(name);
	above = dmarc_has_one_above(lint, domain);
	diag = complain(lint, second->rdata_span, above ? "receivers of RFC "
	    "7489 do no DMARC for %.*s, and those of RFC 9989 take the policy "
	    "of the domain above, because there is more than one record" :
	    "receivers do no DMARC for %.*s, because there is more than one "
	    "record", STR_ARG(name_show(domain)));
	diag_record(lint, diag, second);
	diag_help(lint, diag, "leave one record; several report addresses go "
	    "into one \"rua\", with commas between");
	diag_note(lint, diag, first->rdata_span, "the first one");
}

static const struct rule multiple = {
	.id = "dmarc-multiple",
	.level = LEVEL_ERROR,
	.subject = SUBJECT_NODE,
	.types = HAS_TXT,
	.in_sight = true,
	.several = true,
	.summary = "more than one DMARC record at a name",
	.rationale = "Receivers discard all of several records. Those of RFC "
	    "7489 then do no DMARC at all, those of RFC 9989 go on to the "
	    "domain above. Neither applies any of the policies written here.",
	.citation = "RFC 9989 section 4.10; RFC 7489 section 6.6.3",
	.bad = QUIET TXT("_dmarc", "v=DMARC1; p=reject; "
	    "rua=mailto:e@example.com"),
	.good = QUIET,
	.node = check_multiple,
};

static void
check_useless_wildcard(struct lint *lint, const struct record *record)
{
	struct diag *diag;

	if ((record->type != RR_TXT && record->type != RR_CNAME) ||
	    !name_is_wildcard(record->owner) ||
	    !str_is(name_label(name_parent(record->owner)), "_dmarc"))
		return;
	diag = complain(lint, record_owner_span(record),
	    "no receiver ever asks for a name that this answers");
	diag_help(lint, diag, "remove it: one record at %.*s serves all names "
	    "below", STR_ARG(name_parent(record->owner)));
	diag_fix_remove_record(lint, diag, FIX_UNSAFE, record);
}

static const struct rule useless_wildcard = {
	.id = "dmarc-useless-wildcard",
	.level = LEVEL_NOTE,
	.subject = SUBJECT_RECORD,
	.types = HAS_TXT | HAS_CNAME,
	.in_sight = true,
	.fix = FIX_UNSAFE,
	.summary = "wildcard below _dmarc",
	.rationale = "Receivers ask for _dmarc.news.example.com, never for "
	    "news._dmarc.example.com. The record protects nothing, and it "
	    "makes _dmarc exist, so that a wildcard above no longer answers "
	    "there.",
	.citation = "RFC 9989 section 4.10; RFC 4592 section 3.3.1",
	.bad = QUIET TXT("*._dmarc", "v=DMARC1; p=reject"),
	.good = QUIET,
	.record = check_useless_wildcard,
};

static void
check_cname(struct lint *lint, const struct record *record)
{
	const struct record **records;
	enum answer_kind kind;
	struct diag *diag;
	struct str domain;
	size_t count = 0;

	if (record->type != RR_CNAME ||
	    auth_place(record->owner, &domain, NULL) != AUTH_DMARC)
		return;
	kind = policy_records(lint->world, lint->arena, domain, &records,
	    &count);
	if (target_lacks_dot(lint, record) ||
	    is_beside_record(lint, record, AUTH_DMARC))
		return;
	if (kind != ANSWER_UNKNOWN && count == 0) {
		diag = complain(lint, record->rdata_span, "receivers find no "
		    "policy for %.*s, because there is no DMARC record at "
		    "%.*s", STR_ARG(domain), STR_ARG(record->target));
		diag_help(lint, diag, "publish the record there, or remove "
		    "the CNAME");
	} else if (count > 1 && auth_place(records[0]->owner, NULL, NULL) !=
	    AUTH_DMARC) {
		diag = complain(lint, record->rdata_span, "receivers discard "
		    "the policies for %.*s, because there is more than one "
		    "DMARC record at %.*s", STR_ARG(domain),
		    STR_ARG(name_show(records[0]->owner)));
		diag_help(lint, diag, "leave one record there");
		diag_note(lint, diag, records[0]->span, "the first one");
	} else if (kind == ANSWER_UNKNOWN && !zones_ask(lint->world->zones,
	    lint->arena, record->target, RR_TXT).looped) {
		diag = complain(lint, record->rdata_span, "who holds %.*s "
		    "decides the policy of %.*s, which cannot be seen from "
		    "here", STR_ARG(record->target), STR_ARG(domain));
		diag_level(diag, LEVEL_NOTE);
	}
}

static const struct rule cname = {
	.id = "dmarc-cname",
	.level = LEVEL_ERROR,
	.subject = SUBJECT_RECORD,
	.types = HAS_CNAME,
	.in_sight = true,
	.summary = "_dmarc is an alias that leads to no record",
	.rationale = "A CNAME at _dmarc hands the policy to another name, "
	    "which many services offer. When that name holds no record, or "
	    "several, no receiver does DMARC. Where it cannot be seen, this "
	    "is a note.",
	.citation = "RFC 9989 section 4.5; RFC 1034 section 3.6.2",
	.bad = QUIET_SOA QUIET_MX QUIET_SPF RR("_dmarc CNAME policy"),
	.good = QUIET_SOA QUIET_MX QUIET_SPF RR("_dmarc CNAME policy")
	    TXT("policy", "v=DMARC1; p=reject; rua=mailto:d@example.com"),
	.record = check_cname,
};

/* ---- names that do not exist ---- */

static bool
has_wildcard(const struct lint *lint, struct str domain)
{
	const struct node *node = zone_find(lint->zone, domain);

	return node != NULL && node->wildcard;
}

/* Only there receivers go by np. */
static bool
is_organization(struct lint *lint, struct str domain)
{
	return str_equal(domain, organization(lint, domain, MODEL_9989,
	    NULL));
}

static void
check_np_suggest(struct lint *lint, const struct record *record)
{
	const struct dmarc *dmarc = record->dmarc;
	struct str domain;
	struct diag *diag;

	if (dmarc->np != NULL || dmarc->p == NULL || dmarc->psd_yes ||
	    dmarc->policy == POLICY_INVALID ||
	    dmarc_subdomain_policy(dmarc) == POLICY_REJECT ||
	    dmarc_subdomain_policy(dmarc) == POLICY_INVALID)
		return;
	domain = record_domain(record);
	if (has_wildcard(lint, domain) || !is_organization(lint, domain) ||
	    lint_role(lint, domain) == MAIL_NONE ||
	    record_is_void(lint, record))
		return;
	diag = complain_text(lint, record, dmarc->p->start, dmarc->p->end,
	    "receivers of RFC 9989 could already %s mail forged as names "
	    "below %.*s that do not exist", dmarc->test ? "put aside" :
	    "reject", STR_ARG(domain));
	diag_help(lint, diag, "add \"np=reject\": no mail of your own comes "
	    "from such names");
	diag_fix_text(lint, diag, FIX_UNSAFE, record, dmarc->p->end,
	    dmarc->p->end, STR("; np=reject"));
}

static const struct rule np_suggest = {
	.id = "dmarc-np-suggest",
	.level = LEVEL_NOTE,
	.subject = SUBJECT_DMARC,
	.fix = FIX_UNSAFE,
	.summary = "np=reject would cost nothing",
	.rationale = "Names that do not exist send no mail, so rejecting "
	    "them is the one step to enforcement that cannot break "
	    "anything. It can be taken before all others.",
	.citation = "RFC 9989 section 4.7",
	.bad = WITH_DMARC("v=DMARC1; p=quarantine; "
	    "rua=mailto:d@example.com"),
	.good = WITH_DMARC("v=DMARC1; p=quarantine; np=reject; "
	    "rua=mailto:d@example.com"),
	.record = check_np_suggest,
};

static void
check_np_dead(struct lint *lint, const struct record *record)
{
	const struct dmarc *dmarc = record->dmarc;
	struct str domain;
	struct diag *diag;

	/* A weaker one is for dmarc-np-weaker: deeper names have it still. */
	if (dmarc->np == NULL ||
	    dmarc->nonexistent_policy == POLICY_INVALID ||
	    dmarc->nonexistent_policy <= dmarc_subdomain_policy(dmarc))
		return;
	domain = record_domain(record);
	if (!has_wildcard(lint, domain) || !is_organization(lint, domain) ||
	    record_is_void(lint, record))
		return;
	diag = complain_text(lint, record, dmarc->np->start, dmarc->np->end,
	    "this never applies to names directly below %.*s, because *.%.*s "
	    "makes all of them exist", STR_ARG(domain), STR_ARG(domain));
	diag_help(lint, diag, "set \"sp\" instead, or remove the wildcard");
}

static const struct rule np_dead = {
	.id = "dmarc-np-dead-by-wildcard",
	.level = LEVEL_WARNING,
	.subject = SUBJECT_DMARC,
	.marks = MARK_NP,
	.summary = "np has no effect beside a wildcard",
	.rationale = "np is for names that do not exist, that is, for which "
	    "the name server answers NXDOMAIN. A wildcard of any type makes "
	    "it answer that they do, so receivers apply sp.",
	.citation = "RFC 9989 section 3.2.13; RFC 4592",
	.bad = WITH_DMARC("v=DMARC1; p=quarantine; np=reject; "
	    "rua=mailto:d@example.com") RR("* A 198.51.100.80"),
	.good = WITH_DMARC("v=DMARC1; p=reject; np=reject; "
	    "rua=mailto:d@example.com") RR("* A 198.51.100.80"),
	.record = check_np_dead,
};

/* ---- records below the organizational domain ---- */

bool
dmarc_is_weaker_than_above(struct lint *lint, struct str domain,
    const struct dmarc *dmarc)
{
	const struct record *above;
	enum outcome own, given;
	struct str name;
	int model;

	for (model = 0; model < MODELS; model++) {
		name = organization(lint, domain, (enum model)model, NULL);
		if (!name_below(domain, name) ||
		    (above = dmarc_only_record(lint, name)) == NULL ||
		    /* An alias above leads here. */
		    str_equal(above->owner, dmarc_name(lint, domain)))
			continue;
		own = level_of(dmarc, 'p', (enum model)model);
		given = level_of(above->dmarc, 's', (enum model)model);
		/* Outcomes go from the strongest to the weakest. */
		if (own <= OUTCOME_DELIVER && own > given)
			return true;
	}
	return false;
}

/* Only because it is tested? The rules about tests tell that. */
static bool
is_weakened_by_test(struct lint *lint, struct str domain,
    const struct dmarc *dmarc)
{
	struct dmarc untested = *dmarc;

	untested.test = false;
	untested.percent = 100;
	return !dmarc_is_weaker_than_above(lint, domain, &untested);
}

static void
check_subdomain_weaker(struct lint *lint, const struct record *record)
{
	const struct dmarc *dmarc = record->dmarc;
	struct str domain;
	struct diag *diag;

	if (dmarc->p == NULL || dmarc->policy == POLICY_INVALID ||
	    (dmarc->policy == POLICY_REJECT && !dmarc->test &&
	    dmarc->percent == 100))
		return;
	domain = record_domain(record);
	if (!dmarc_is_weaker_than_above(lint, domain, dmarc) ||
	    is_weakened_by_test(lint, domain, dmarc) ||
	    (dmarc->policy != POLICY_REJECT &&	/* dmarc-parked-weak */
	    lint_role(lint, domain) == MAIL_NONE) ||
	    record_is_void(lint, record))
		return;
	diag = complain_text(lint, record, dmarc->p->value_start,
	    dmarc->p->value_end, "mail that strangers forge as %.*s %s, "
	    "though the domain above asks for more", STR_ARG(domain),
	    dmarc->policy == POLICY_NONE ? "is delivered" :
	    "may get through");
	if (domain_in_rollout(lint, domain))
		diag_level(diag, LEVEL_NOTE);
	diag_help(lint, diag, "raise the policy, or remove the record so that "
	    "the one above applies");
	diag_fix_remove_record(lint, diag, FIX_UNSAFE, record);
}

static const struct rule subdomain_weaker = {
	.id = "dmarc-subdomain-weaker",
	.level = LEVEL_WARNING,
	.subject = SUBJECT_DMARC,
	.fix = FIX_UNSAFE,
	.summary = "DMARC record is weaker than what the domain above gives",
	.rationale = "A record at a name replaces the sp of the "
	    "organizational domain there. A forger picks the name with the "
	    "weakest policy, and the reader sees the same brand.",
	.citation = "RFC 9989 section 4.10.1; CISA BOD 18-01",
	.bad = QUIET TXT("_dmarc.news", "v=DMARC1; p=none; "
	    "rua=mailto:d@example.com"),
	.good = QUIET TXT("_dmarc.news", "v=DMARC1; p=reject; "
	    "rua=mailto:d@example.com"),
	.record = check_subdomain_weaker,
};

/* In the order of the file; names that only carry records are left out. */
static struct str
uncovered_below(struct lint *lint, const struct node *above)
{
	const unsigned wanted = HAS_A | HAS_AAAA | HAS_MX | HAS_TXT | HAS_CNAME;
	const struct node *node;
	struct arena_mark mark;
	struct str name;

	for (node = node_child(lint->zone, above); node != NULL;
	    node = node_sibling(lint->zone, node)) {
		if ((node->types & wanted) == 0 && !node->children)
			continue;
		mark = arena_mark(lint->arena);
		name = node_name(lint->zone, node, lint->arena);
		if (node->occluded || name.p[0] == '_' || name.p[0] == '*')
			name = STR_NONE;
		else if ((node->types & wanted) == 0 || (node->children &&
		    zone_find(lint->zone, dmarc_name(lint, name)) != NULL))
			name = uncovered_below(lint, node);
		if (name.p != NULL)
			return name;
		arena_release(lint->arena, mark);
	}
	return STR_NONE;
}

struct str
dmarc_uncovered_name(struct lint *lint, struct str domain)
{
	const struct node *node = zone_find(lint->zone, domain);

	return node == NULL ? STR_NONE : uncovered_below(lint, node);
}

static void
check_intermediate(struct lint *lint, const struct record *record)
{
	const struct dmarc *dmarc = record->dmarc;
	struct str domain = record_domain(record), above, name;
	const struct record *policy;
	struct diag *diag;

	if (dmarc->policy != POLICY_QUARANTINE &&
	    dmarc->policy != POLICY_REJECT)
		return;
	if (record_is_void(lint, record))
		return;
	above = organization(lint, domain, MODEL_7489, NULL);
	if (!name_below(domain, above) ||
	    dmarc->psd_no ||		/* dmarc-orgdomain-divergence */
	    (policy = dmarc_only_record(lint, above)) == NULL ||
	    level_of(policy->dmarc, 's', MODEL_7489) <=
	    level_of(dmarc, 'p', MODEL_7489) ||
	    (name = dmarc_uncovered_name(lint, domain)).p == NULL)
		return;
	diag = complain_text(lint, record, dmarc->p->start, dmarc->p->end,
	    "this does not protect %.*s: receivers take the weaker policy of "
	    "%.*s for it", STR_ARG(name), STR_ARG(above));
	diag_help(lint, diag, "publish a record at _dmarc.%.*s too, or raise "
	    "\"sp\" at _dmarc.%.*s", STR_ARG(name), STR_ARG(above));
	diag_note(lint, diag, policy->span, "the policy that applies");
}

static const struct rule intermediate = {
	.id = "dmarc-intermediate-not-inherited",
	.level = LEVEL_WARNING,
	.subject = SUBJECT_DMARC,
	.summary = "names below a DMARC record that it does not protect",
	.rationale = "A name without a record takes the policy of its "
	    "organizational domain, not of the nearest record above. A "
	    "record in between counts for its own name only.",
	.citation = "RFC 9989 section 4.10.2; RFC 7489 section 6.6.3",
	.bad = WITH_DMARC("v=DMARC1; p=reject; sp=quarantine; "
	    "rua=mailto:d@example.com")
	    TXT("_dmarc.news", "v=DMARC1; p=reject; "
	    "rua=mailto:d@example.com") RR("a.news A 198.51.100.80"),
	.good = QUIET TXT("_dmarc.news", "v=DMARC1; p=reject; "
	    "rua=mailto:d@example.com") RR("a.news A 198.51.100.80"),
	.record = check_intermediate,
};

bool
dmarc_is_only_for_itself(struct lint *lint, const struct record *record)
{
	struct str domain = record_domain(record), above;
	bool known = true;
	int model;

	for (model = 0; model < MODELS; model++) {
		above = organization(lint, domain, (enum model)model, &known);
		/* Without a record above, this may be the one that counts. */
		if (!known || !name_below(domain, above) ||
		    dmarc_only_record(lint, above) == NULL)
			return false;
	}
	return true;
}

static void
check_ignored_tag(struct lint *lint, const struct record *record,
    const struct tag *tag)
{
	struct diag *diag;

	if (tag == NULL)
		return;
	diag = complain_text(lint, record, tag->start, tag->end,
	    "receivers ignore this, because only the record of the "
	    "organizational domain speaks for names below");
	diag_help(lint, diag, "remove it");
	diag_fix_remove_tag(lint, diag, FIX_SAFE, record, tag);
}

static void
check_sp_np(struct lint *lint, const struct record *record)
{
	/* Without p they are all that there is: dmarc-p-missing. */
	if (record->dmarc->p == NULL ||
	    (record->dmarc->sp == NULL && record->dmarc->np == NULL) ||
	    !dmarc_is_only_for_itself(lint, record))
		return;
	if (record->dmarc->subdomain_policy != POLICY_INVALID)
		check_ignored_tag(lint, record, record->dmarc->sp);
	if (record->dmarc->nonexistent_policy != POLICY_INVALID)
		check_ignored_tag(lint, record, record->dmarc->np);
}

static const struct rule sp_np = {
	.id = "dmarc-sp-np-on-subdomain",
	.level = LEVEL_NOTE,
	.subject = SUBJECT_DMARC,
	.fix = FIX_SAFE,
	.marks = MARK_SP | MARK_NP,
	.summary = "sp or np below the organizational domain",
	.rationale = "A name without a record takes sp and np from its "
	    "organizational domain. At any other name the tags say nothing.",
	.citation = "RFC 9989 section 4.7",
	.bad = QUIET TXT("_dmarc.news", "v=DMARC1; p=reject; sp=reject; "
	    "rua=mailto:d@example.com"),
	.good = QUIET TXT("_dmarc.news", "v=DMARC1; p=reject; "
	    "rua=mailto:d@example.com"),
	.record = check_sp_np,
};

const struct rule *const dmarc_place_rules[] = {
	&missing, &org_missing, &multiple, &useless_wildcard, &cname,
	&np_suggest, &np_dead, &subdomain_weaker, &intermediate, &sp_np, NULL
};
