/*
 * SPF: how many hosts a record lets in at the end, and what that means for the
 * organization above and for the hosts that send.
 */
#include "base/arena.h"
#include "rules/check.h"

enum {
	MANY_ADDRESSES = 1 << 17,
	TOO_MANY_ADDRESSES = 1 << 24,	/* as good as everybody */
	BROAD_IP4 = 16
};

/* Who passes; computed once for all rules about the record. */
static const struct spf_reach *
reach_of(struct lint *lint, const struct record *record)
{
	if (lint->spf_reach == NULL)
		lint->spf_reach = spf_reach(lint->world, lint->arena,
		    record->owner);
	return lint->spf_reach;
}

static bool
is_large(const struct spf_term *term)
{
	return term->cidr4 == 0 || term->cidr6 == 0 ||
	    (term->cidr4 >= 0 && term->cidr4 <= BROAD_IP4);
}

/*
 * Can it be many? Most records list a few networks, and records elsewhere,
 * and need no sum.
 */
static bool
may_be_many(struct lint *lint, const struct record *record)
{
	const struct spf_term *term;
	const struct spf_cost *cost;
	const struct spf_edge *edge;

	if (record->spf->permerror)
		return false;
	/* Networks around hosts may lie in each other, or not. */
	for (term = record->spf->terms; term != NULL; term = term->next)
		if ((term->kind == SPF_A || term->kind == SPF_MX) &&
		    (term->cidr4 >= 0 || term->cidr6 >= 0))
			lint_unlike(lint);
	for (term = record->spf->terms; term != NULL; term = term->next)
		if (term->qualifier == '+' && (term->kind == SPF_ALL ||
		    term->kind == SPF_EXISTS || is_large(term)))
			return true;
	cost = lint_spf_cost(lint, record);
	for (edge = cost == NULL ? NULL : cost->root->edges; edge != NULL;
	    edge = edge->next)
		if (edge->node != NULL && edge->node->state == SPF_VALID)
			return true;
	return false;
}

/* One network that spf-cidr-broad tells about. */
static bool
has_broad_network(const struct spf *spf)
{
	const struct spf_term *term;

	for (term = spf->terms; term != NULL; term = term->next)
		if (term->kind == SPF_IP4 && term->qualifier == '+' &&
		    term->cidr4 >= 0 && term->cidr4 < BROAD_IP4)
			return true;
	return false;
}

static void
check_authorised_total(struct lint *lint, const struct record *record)
{
	const struct spf_reach *reach;
	struct diag *diag;

	if (!may_be_many(lint, record) || has_broad_network(record->spf))
		return;
	reach = reach_of(lint, record);
	/* The sum of networks depends on which they are. */
	if (reach->addresses4 > MANY_ADDRESSES / 2)
		lint_unlike(lint);
	if (reach->everybody || reach->addresses4 <= MANY_ADDRESSES)
		return;
	diag = complain_text(lint, record, 0, record->text.n, "%llu IPv4 "
	    "addresses may send as %.*s",
	    (unsigned long long)reach->addresses4, NAME_ARG(record));
	diag_help(lint, diag, "write ?include for sources that many share, "
	    "and let DKIM speak for their mail");
}

static const struct rule authorised_total = {
	.id = "spf-authorised-total",
	.level = LEVEL_WARNING,
	.subject = SUBJECT_SPF,
	.summary = "SPF record lets very many addresses send",
	.rationale = "Everybody who can send from one of these addresses "
	    "passes SPF for the domain, and with it DMARC. Large shared "
	    "sources are open to strangers.",
	.citation = "RFC 9989 sections 7.1 and 11.1",
	.bad = WITH_SPF("v=spf1 ip4:198.18.0.0/16 ip4:198.51.0.0/16 "
	    "ip4:203.0.0.0/16 ~all"),
	.good = WITH_SPF("v=spf1 ip4:198.18.0.0/16 ~all"),
	.record = check_authorised_total,
};

/* ---- the organization above ---------------------------------------------- */

/* The name without the wildcard's star: whoever is below is the same. */
static struct str
plain_name(struct str name)
{
	return name_is_wildcard(name) ? name_parent(name) : name;
}

/* The policy of an organization that is enforced and takes any subdomain. */
static const struct record *
relaxed_policy(struct lint *lint, struct str organization)
{
	const struct record **records;
	const struct dmarc *dmarc;
	size_t count = 0;

	if (policy_records(lint->world, lint->arena, organization, &records,
	    &count) != ANSWER_DATA || count != 1)
		return NULL;
	dmarc = records[0]->dmarc;
	return (dmarc->policy == POLICY_QUARANTINE ||
	    dmarc->policy == POLICY_REJECT) && !dmarc->strict_spf ?
	    records[0] : NULL;
}

/* Who passes as a name; NULL when they are few enough. */
static const struct spf_reach *
reach_too_far(struct lint *lint, const struct spf_reach *reach)
{
	if (reach->addresses4 > TOO_MANY_ADDRESSES / 2)
		lint_unlike(lint);
	return reach->everybody || reach->addresses4 >= TOO_MANY_ADDRESSES ?
	    reach : NULL;
}

/* The organization that relaxed alignment makes of a name; STR_NONE for none. */
static struct str
organization_above(struct lint *lint, struct str name)
{
	bool known = true;
	struct str organization = lint_organization(lint, plain_name(name),
	    MODEL_7489, &known);

	return !known || str_equal(organization, name) ? STR_NONE :
	    organization;
}

static void
complain_sibling(struct lint *lint, struct diag *diag,
    struct str organization, const struct record *policy)
{
	diag_help(lint, diag, "mend this record, or add \"aspf=s\" to the "
	    "DMARC record of %.*s", STR_ARG(organization));
	diag_note(lint, diag, policy->rdata_span, "the policy that they "
	    "pass");
}

static void
check_weak_record(struct lint *lint, const struct record *record)
{
	const struct spf_reach *reach;
	const struct record *policy;
	struct str organization;
	struct diag *diag;

	if (!may_be_many(lint, record) ||
	    (organization = organization_above(lint, record->owner)).p ==
	    NULL ||
	    (reach = reach_too_far(lint, reach_of(lint, record))) == NULL ||
	    (policy = relaxed_policy(lint, organization)) == NULL ||
	    text_is_spoiled(record, record_marks(record)))
		return;
	diag = complain_text(lint, record, 0, sizeof("v=spf1") - 1,
	    "strangers pass DMARC as %.*s, because %s may send as %.*s "
	    "and SPF alignment is relaxed", STR_ARG(organization),
	    reach->everybody ? "any host" : "too many hosts",
	    NAME_ARG(record));
	complain_sibling(lint, diag, organization, policy);
}

/*
 * Has the target of an alias SPF, of which this rule does not speak? Of what is
 * the organization's own it does, unless it stands at a name that only lends.
 */
static bool
leads_to_untold_spf(struct lint *lint, const struct record *alias,
    struct str organization)
{
	struct answer answer = zones_ask(lint->world->zones, lint->arena,
	    alias->target, RR_TXT);
	size_t i;

	for (i = 0; answer.kind == ANSWER_DATA && i < answer.count; i++)
		if (answer.records[i]->auth == AUTH_SPF)
			return str_starts(answer.owner, STR("_")) ||
			    !str_equal(organization, lint_organization(lint,
			    plain_name(answer.owner), MODEL_7489, NULL));
	return false;
}

static void
check_weak_alias(struct lint *lint, const struct record *record)
{
	const struct zone *zone = zones_covering(lint->world->zones,
	    record->target);
	const struct spf_reach *reach;
	const struct record *policy;
	struct str organization;
	struct diag *diag;

	/* Most lead to names of the zone, at which it is told. */
	if (zone == NULL || (zone == lint->zone &&
	    !str_starts(record->target, STR("_"))) ||
	    (organization = organization_above(lint, record->owner)).p ==
	    NULL || !leads_to_untold_spf(lint, record, organization) ||
	    (reach = reach_too_far(lint, reach_of(lint, record))) == NULL ||
	    (policy = relaxed_policy(lint, organization)) == NULL)
		return;
	diag = complain(lint, record->rdata_span, "strangers pass DMARC as "
	    "%.*s, because the SPF record of %.*s lets %s send as %.*s and "
	    "SPF alignment is relaxed", STR_ARG(organization),
	    STR_ARG(name_show(record->target)), reach->everybody ?
	    "any host" : "too many hosts", NAME_ARG(record));
	complain_sibling(lint, diag, organization, policy);
}

static void
check_weak_sibling(struct lint *lint, const struct record *record)
{
	if (str_starts(record->owner, STR("_")))
		return;
	if (record->type == RR_CNAME)
		check_weak_alias(lint, record);
	else if (record->auth == AUTH_SPF && record->type == RR_TXT)
		check_weak_record(lint, record);
}

static const struct rule weak_sibling = {
	.id = "spf-weak-sibling",
	.level = LEVEL_ERROR,
	.subject = SUBJECT_RECORD,
	.types = HAS_TXT | HAS_CNAME,
	.in_sight = true,
	.marks = MARK_KIND(AUTH_SPF) | MARK_NO_KIND,
	.summary = "SPF of a subdomain lets strangers pass DMARC as the domain",
	.rationale = "With relaxed alignment a pass for any name of the "
	    "organization is a pass for all of them. One subdomain that lets "
	    "every host send, or an alias of a name that does, undoes the "
	    "policy of the domain.",
	.citation = "RFC 9989 section 11.8",
	.bad = QUIET_SOA QUIET_MX QUIET_SPF QUIET_DMARC
	    TXT("news", "v=spf1 +all"),
	.good = QUIET_SOA QUIET_MX QUIET_SPF QUIET_DMARC
	    TXT("news", "v=spf1 -all"),
	.record = check_weak_sibling,
};

/* The one SPF record of a name, if it is visible. */
static const struct spf *
spf_at(struct lint *lint, struct str name)
{
	struct answer answer = zones_ask(lint->world->zones, lint->arena,
	    name, RR_TXT);
	const struct spf *found = NULL;
	size_t i;

	for (i = 0; i < answer.count; i++) {
		if (answer.records[i]->auth != AUTH_SPF)
			continue;
		if (found != NULL)
			return NULL;
		found = answer.records[i]->spf;
	}
	return found;
}

/* How the record of an organization that sends ends; 0 when nobody knows. */
static char
end_above(struct lint *lint, struct str organization)
{
	const struct spf *spf = spf_at(lint, organization);
	const struct spf_reach *reach;

	if (spf == NULL || spf->permerror)
		return '\0';
	/* One that sends nothing says nothing about names below. */
	if (spf->all != NULL)
		return spf->count < 2 ? '\0' : spf->all->qualifier;
	if (spf->redirect == NULL)
		return '\0';
	reach = spf_reach(lint->world, lint->arena, organization);
	return reach->complete && reach->count == 0 ? '\0' : reach->all;
}

static void
check_subdomain_weaker(struct lint *lint, const struct record *record)
{
	const struct spf *spf = record->spf;
	const struct spf_term *all = spf->all != NULL ? spf->all :
	    spf->redirect;
	struct str organization;
	bool known = true;
	struct diag *diag;

	/* ?all and +all have rules of their own. */
	if (all == NULL || spf->permerror || spf_is_to_be_empty(lint, record) ||
	    str_starts(record->owner, STR("_")) || (spf->all != NULL ?
	    all->qualifier : reach_of(lint, record)->all) != '~')
		return;
	organization = lint_organization(lint, plain_name(record->owner),
	    MODEL_7489, &known);
	if (!known || str_equal(organization, record->owner))
		return;
	if (end_above(lint, organization) != '-')
		return;
	diag = complain_text(lint, record, all->start, all->end, "strangers "
	    "are only suspicious as %.*s, but refused as %.*s",
	    NAME_ARG(record), STR_ARG(organization));
	diag_help(lint, diag, "end both records alike");
}

static const struct rule subdomain_weaker = {
	.id = "spf-subdomain-weaker",
	.level = LEVEL_WARNING,
	.subject = SUBJECT_SPF,
	.summary = "SPF of a subdomain ends more weakly than the domain's",
	.rationale = "With relaxed alignment mail of a subdomain counts for "
	    "the domain. Who tightens one record should look at the others.",
	.citation = "RFC 9989 section 11.8",
	.bad = QUIET_SOA QUIET_MX QUIET_DMARC
	    TXT("@", "v=spf1 ip4:198.51.100.25 -all")
	    TXT("news", "v=spf1 ip4:198.51.100.26 ~all"),
	.good = QUIET_SOA QUIET_MX QUIET_DMARC
	    TXT("@", "v=spf1 ip4:198.51.100.25 -all")
	    TXT("news", "v=spf1 ip4:198.51.100.26 -all"),
	.record = check_subdomain_weaker,
};

/* ---- hosts that send ----------------------------------------------------- */

static void
check_helo_host_missing(struct lint *lint, const struct record *record)
{
	enum answer_kind kind;
	struct answer answer;
	struct diag *diag;
	size_t i;

	if (record->type != RR_MX || record->target.n == 0)
		return;
	kind = lint_ask(lint, record->target, RR_TXT, NULL);
	/* A host that does not exist, or has no address, greets nobody. */
	if (kind == ANSWER_UNKNOWN || kind == ANSWER_NXDOMAIN ||
	    (lint_is_absent(lint, record->target, RR_A) &&
	    lint_is_absent(lint, record->target, RR_AAAA)))
		return;
	answer = zones_ask(lint->world->zones, lint->arena, record->target,
	    RR_TXT);
	for (i = 0; i < answer.count; i++)
		if (answer.records[i]->auth == AUTH_SPF)
			return;
	diag = complain(lint, record->rdata_span, "bounces from %.*s are not "
	    "authenticated, because the host has no SPF record",
	    STR_ARG(record->target));
	diag_help(lint, diag, answer.wildcard ? "add: %.*s. TXT \"v=spf1 a "
	    "-all\", and the addresses that a wildcard lends it until then" :
	    "add: %.*s. TXT \"v=spf1 a -all\"", STR_ARG(record->target));
	/* In the host's zone, which need not be this one. */
	if (!answer.wildcard && name_within(record->target, lint->zone->name) &&
	    answer.kind == ANSWER_NODATA && answer.links == 0 &&
	    lint_is_in_zone(lint, record->target))
		diag_fix_add_record(lint, diag, record->span, record->target,
		    "TXT \"v=spf1 a -all\"");
}

static const struct rule helo_host_missing = {
	.id = "spf-helo-host-missing",
	.level = LEVEL_NOTE,
	.subject = SUBJECT_RECORD,
	.types = HAS_MX,
	.in_sight = true,
	.fix = FIX_UNSAFE,
	.summary = "mail host without an SPF record",
	.rationale = "Bounces have no sender, so receivers check the name "
	    "that the host says in HELO. Without SPF there, anybody may "
	    "greet in its name.",
	.citation = "RFC 7208 sections 2.4, 10.1.2 and 10.1.3",
	.bad = QUIET_SOA QUIET_MX QUIET_SPF QUIET_DMARC,
	.good = QUIET_SOA QUIET_MX QUIET_SPF QUIET_DMARC
	    TXT("mail", "v=spf1 a -all"),
	.record = check_helo_host_missing,
};

const struct rule *const spf_reach_rules[] = {
	&authorised_total,
	&helo_host_missing,
	&subdomain_weaker,
	&weak_sibling,
	NULL
};
