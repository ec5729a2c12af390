/*
 * DMARC: records that stand elsewhere and are found at _dmarc all the same, by
 * an alias or a wildcard. No other rule looks at what they ask for.
 */
#include "base/arena.h"
#include "rules/check.h"

/*
 * Of one that stands at a place of DMARC in the zone other rules speak. What
 * they say in another zone is about the domain there.
 */
static const struct record *
lent_record(struct lint *lint, struct str domain)
{
	const struct record *record = dmarc_only_record(lint, domain);

	return record == NULL || (record->zone == lint->zone &&
	    auth_place(record->owner, NULL, NULL) == AUTH_DMARC) ? NULL :
	    record;
}

const struct record *
dmarc_lent_by(struct lint *lint, const struct record *alias,
    struct str *domain)
{
	const struct record *record;

	if (alias->type != RR_CNAME ||
	    auth_place(alias->owner, domain, NULL) != AUTH_DMARC ||
	    name_is_wildcard(*domain) ||
	    is_beside_record(lint, alias, AUTH_DMARC))
		return NULL;
	record = dmarc_only_record(lint, *domain);
	return record == NULL || auth_place(record->owner, NULL, NULL) ==
	    AUTH_DMARC ? NULL : record;
}

/* Are some names below delivered, whatever the domain itself is worth? */
static bool
delivers_below(const struct dmarc *dmarc)
{
	struct verdict detail = { 0 };
	int model;

	for (model = 0; model < MODELS; model++)
		if (policy_level(dmarc, 's', (enum model)model, &detail) >=
		    OUTCOME_DELIVER || policy_level(dmarc, 'n',
		    (enum model)model, &detail) >= OUTCOME_DELIVER)
			return true;
	return false;
}

static bool
delivers(const struct verdict *verdict)
{
	return verdict->outcome != OUTCOME_UNKNOWN &&
	    outcome_strength(verdict) == 0;
}

/* Does it deliver, or some of it, only because it is tested? */
static bool
is_tested(const struct verdict *verdict)
{
	return (verdict->degraded & ~(unsigned)(DEGRADED_TEST |
	    DEGRADED_PERCENT)) == 0 && (verdict->degraded != 0 ||
	    outcome_strength(verdict) > 0);
}

/* Others enforce it. The rules about tests warn of that, too. */
static bool
delivers_partly(const struct verdict verdicts[MODELS])
{
	return is_tested(&verdicts[MODEL_7489]) &&
	    is_tested(&verdicts[MODEL_9989]) &&
	    (verdicts[MODEL_7489].outcome < OUTCOME_DELIVER ||
	    verdicts[MODEL_9989].outcome < OUTCOME_DELIVER);
}

/* The alias that stands at _dmarc of the domain; NULL when a wildcard lends. */
static const struct record *
alias_of(struct lint *lint, struct str domain)
{
	const struct node *node = zone_find(lint->zone,
	    name_join(lint->arena, STR("_dmarc"), domain));
	const struct record **aliases;

	return node == NULL || lint_records(lint, node, HAS_CNAME,
	    &aliases) == 0 ? NULL : aliases[0];
}

/*
 * It stops what is forged, but less of it than it says. Of a record at a place
 * of DMARC, in whatever zone, the rules about tests speak there.
 */
static bool
check_tested(struct lint *lint, const struct record *record,
    const struct verdict verdicts[MODELS])
{
	static const unsigned test = DEGRADED_TEST | DEGRADED_PERCENT;
	bool old = (verdicts[MODEL_7489].degraded & test) != 0;
	bool new = (verdicts[MODEL_9989].degraded & test) != 0;
	struct str apex = lint->zone->name;
	const struct record *alias = alias_of(lint, apex);
	struct diag *diag;

	if ((!old && !new) || lint_role(lint, apex) == MAIL_NONE ||
	    (alias == NULL && record->zone != lint->zone) ||
	    auth_place(record->owner, NULL, NULL) == AUTH_DMARC)
		return false;
	if (alias == NULL)
		alias = record;
	diag = complain(lint, alias->rdata_span, "mail that strangers forge "
	    "as %.*s gets further than the policy says%s, because the DMARC "
	    "record at %.*s is only tested", STR_ARG(apex), old && new ? "" :
	    ", at some receivers", STR_ARG(name_show(record->owner)));
	diag_record(lint, diag, alias);
	if (alias != record)
		diag_note(lint, diag, record->rdata_span, "the policy");
	diag_level(diag, domain_in_rollout(lint, apex) ? LEVEL_NOTE :
	    LEVEL_WARNING);
	diag_help(lint, diag, old && new ? "remove \"t\" and \"pct\" from it "
	    "when no mail of your own fails any more" : "write \"t=y; pct=0\" "
	    "while you are testing, and neither of them afterwards");
	return true;
}

/* Returns the record of which it spoke, or NULL. */
static const struct record *
check_lent_to_apex(struct lint *lint)
{
	struct str apex = lint->zone->name;
	struct verdict verdicts[MODELS];
	const struct record *record;
	struct diag *diag;
	const char *fate, *reason;
	bool holds, partly;

	if (name_needs_no_policy(apex) ||
	    (record = lent_record(lint, apex)) == NULL)
		return NULL;
	policy_discover_all(lint->world, lint->arena, apex, verdicts);
	holds = outcome_strength(&verdicts[MODEL_7489]) > 0 &&
	    outcome_strength(&verdicts[MODEL_9989]) > 0;
	if (holds && !delivers_below(record->dmarc))
		return check_tested(lint, record, verdicts) ? record : NULL;
	partly = !holds && delivers_partly(verdicts);
	fate = partly ? "delivered by some receivers" : "delivered";
	reason = partly ? "is only tested" : "asks for nothing else";
	diag = record->zone == lint->zone ?
	    complain(lint, record->rdata_span, "mail that strangers forge as "
	    "%s%.*s is %s, because it has no other DMARC record than this, "
	    "which %s", holds ? "names below " : "", STR_ARG(apex), fate,
	    reason) :
	    complain_zone(lint, "mail that strangers forge as %s%.*s is %s, "
	    "because the DMARC record at %.*s %s", holds ? "names below " :
	    "", STR_ARG(apex), fate, STR_ARG(name_show(record->owner)),
	    reason);
	if (record->zone == lint->zone)
		diag_record(lint, diag, record);
	if (holds || partly)
		diag_level(diag, LEVEL_WARNING);
	if (domain_in_rollout(lint, apex))
		diag_level(diag, LEVEL_NOTE);
	diag_help(lint, diag, "publish a record of its own at _dmarc.%.*s, "
	    "or mend this one", STR_ARG(apex));
	return record;
}

/* ---- below --------------------------------------------------------------- */

/*
 * Do receivers of either generation do less for a domain than the record above
 * asks for? A broken record, too, stands in the way of that.
 */
static bool
gets_less(struct lint *lint, struct str domain)
{
	struct verdict own[MODELS], detail = { 0 };
	const struct record *above;
	struct str name;
	int model;

	policy_discover_all(lint->world, lint->arena, domain, own);
	for (model = 0; model < MODELS; model++) {
		name = lint_organization(lint, domain, (enum model)model,
		    NULL);
		above = name_below(domain, name) ?
		    dmarc_only_record(lint, name) : NULL;
		/* Outcomes go from the strongest to the weakest. */
		if (above != NULL && own[model].outcome != OUTCOME_UNKNOWN &&
		    own[model].outcome > policy_level(above->dmarc, 's',
		    (enum model)model, &detail))
			return true;
	}
	return false;
}

/*
 * Is it delivered, where the domain is an organization of its own, or nobody
 * can see what the one above asks for? That there is nothing is told there.
 */
static bool
gets_nothing(struct lint *lint, struct str domain)
{
	struct verdict own[MODELS];
	struct str above;
	int model;

	policy_discover_all(lint->world, lint->arena, domain, own);
	for (model = 0; model < MODELS; model++) {
		above = lint_organization(lint, domain, (enum model)model,
		    NULL);
		if (delivers(&own[model]) && (str_equal(above, domain) ||
		    (!dmarc_is_lacking(lint, above) &&
		    dmarc_only_record(lint, above) == NULL)))
			return true;
	}
	return false;
}

/*
 * What the name with this node lends to a domain, or to every domain that is
 * shown as this: does it say less than the domain above, or nothing at all?
 */
static void
judge_lender(struct lint *lint, const struct node *lender, struct str domain,
    struct str shown)
{
	const struct record *record = lent_record(lint, domain), **aliases;
	bool nothing = record != NULL && gets_nothing(lint, domain);
	const char *fate = nothing ? "is delivered" : "gets further than the "
	    "domain above asks for";
	enum level level;
	struct diag *diag;

	if (record == NULL || (!nothing && !gets_less(lint, domain)))
		return;
	/* As a record that stands there would be told. */
	level = rule_level(rule_find(STR("dmarc-subdomain-weaker")),
	    lint->selection, lint->config);
	if (level == LEVEL_OFF)
		return;
	if (lint_records(lint, lender, HAS_CNAME, &aliases) == 0) {
		diag = complain(lint, record->rdata_span, "mail that "
		    "strangers forge as %.*s %s, because this wildcard "
		    "answers for _dmarc, too", STR_ARG(shown), fate);
		diag_record(lint, diag, record);
	} else {
		diag = complain(lint, aliases[0]->rdata_span, "mail that "
		    "strangers forge as %.*s %s, because this leads to a "
		    "%s policy", STR_ARG(shown), fate, nothing ? "weak" :
		    "weaker");
		diag_record(lint, diag, aliases[0]);
		diag_note(lint, diag, record->span, "the policy");
	}
	diag_level(diag, level);
	if (domain_in_rollout(lint, domain))
		diag_level(diag, LEVEL_NOTE);
	diag_help(lint, diag, "raise the policy, or leave %.*s to the record "
	    "of the domain above", STR_ARG(shown));
}

/* An alias at _dmarc lends to the domain above it. */
static void
check_alias(struct lint *lint, const struct node *node)
{
	struct str name = node_name(lint->zone, node, lint->arena);
	struct str domain = name_parent(name);

	if (str_is(name_label(name), "_dmarc") &&
	    name_below(domain, lint->zone->name))
		judge_lender(lint, node, domain, domain);
}

/*
 * A wildcard lends to names that do not exist, where mail may come from. Of the
 * one that lends to the apex as well it was told.
 */
static void
check_wildcard(struct lint *lint, const struct node *above,
    const struct record *told)
{
	struct str name = node_name(lint->zone, above, lint->arena);
	const struct node *wildcard = zone_find(lint->zone,
	    name_join(lint->arena, STR("*"), name));

	if (wildcard != NULL && name_is_host(name, false) &&
	    (wildcard->types & (HAS_TXT | HAS_CNAME)) != 0 && (told == NULL ||
	    !str_equal(told->owner, name_join(lint->arena, STR("*"), name))))
		judge_lender(lint, wildcard, name_join(lint->arena,
		    STR("<nonexistent>"), name), arena_printf(lint->arena,
		    "any name below %.*s that does not exist",
		    STR_ARG(name)));
}

static void
check_aliases(struct lint *lint)
{
	const struct node *node;
	struct arena_mark mark;
	struct zone_walk walk = { 0 };

	while ((node = zone_each(lint->zone, &walk)) != NULL) {
		if (node->occluded || (node->types & HAS_CNAME) == 0)
			continue;
		mark = arena_mark(lint->arena);
		check_alias(lint, node);
		arena_release(lint->arena, mark);
	}
}

/* Names below which there is one are not folded, nor is it itself. */
static void
check_wildcards(struct lint *lint, const struct record *told)
{
	const struct node *node;
	struct arena_mark mark;
	size_t i;

	for (i = 0; (node = zone_node(lint->zone, i)) != NULL; i++) {
		if (!node->wildcard || node->occluded || node->cut)
			continue;
		mark = arena_mark(lint->arena);
		check_wildcard(lint, node, told);
		arena_release(lint->arena, mark);
	}
}

static void
check_lent(struct lint *lint)
{
	const struct record *told;

	if (!zone_is_whole(lint->zone))
		return;
	told = check_lent_to_apex(lint);
	if (lint->zone->contents->underscored_aliases)
		check_aliases(lint);
	if (lint->zone->contents->wildcards)
		check_wildcards(lint, told);
}

static const struct rule lent_weak = {
	.id = "dmarc-lent-weak",
	.level = LEVEL_ERROR,
	.subject = SUBJECT_ZONE,
	.summary = "a wildcard or an alias lends a policy that stops nothing",
	.rationale = "Receivers that ask for the policy of a domain follow "
	    "aliases and get what wildcards hold. Where that is a record "
	    "with p=none, or a broken one, forged mail is delivered, and "
	    "nothing that stands at _dmarc shows it; nor does anything when "
	    "the policy is only tested. Below a domain, what "
	    "such a record says counts instead of the policy there; that is "
	    "told like dmarc-subdomain-weaker.",
	.citation = "RFC 9989 section 4.10; RFC 4592 section 3.3.1",
	.bad = QUIET_SOA QUIET_MX QUIET_SPF RR("_dmarc CNAME policy")
	    TXT("policy", "v=DMARC1; p=none; rua=mailto:d@example.com"),
	.good = QUIET_SOA QUIET_MX QUIET_SPF RR("_dmarc CNAME policy")
	    TXT("policy", "v=DMARC1; p=reject; rua=mailto:d@example.com"),
	.check = check_lent,
};

const struct rule *const dmarc_lent_rules[] = { &lent_weak, NULL };
