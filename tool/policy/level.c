/*
 * What a DMARC record asks for, by itself: RFC 9989 section 4.10.1, RFC 7489
 * sections 6.6.3 and 6.6.4.
 */
#include "policy/policy.h"

const char *
outcome_name(enum outcome outcome)
{
	static const char *const names[] = {
		[OUTCOME_REJECT] = "reject",
		[OUTCOME_QUARANTINE] = "quarantine",
		[OUTCOME_PARTIAL] = "partial",
		[OUTCOME_DELIVER] = "deliver",
		[OUTCOME_NO_POLICY] = "no-policy",
		[OUTCOME_UNKNOWN] = "unknown",
	};

	return names[outcome];
}

enum outcome
outcome_of_policy(enum policy policy)
{
	return policy == POLICY_REJECT ? OUTCOME_REJECT :
	    policy == POLICY_QUARANTINE ? OUTCOME_QUARANTINE :
	    OUTCOME_DELIVER;
}

unsigned
outcome_strength(const struct verdict *verdict)
{
	enum outcome outcome = verdict->outcome;

	if (outcome == OUTCOME_PARTIAL)
		outcome = outcome_of_policy(verdict->lower);
	return outcome == OUTCOME_REJECT ? 2 :
	    outcome == OUTCOME_QUARANTINE ? 1 : 0;
}

static bool
is_valid(enum policy policy)
{
	return policy == POLICY_NONE || policy == POLICY_QUARANTINE ||
	    policy == POLICY_REJECT;
}

static bool
has_repeated_tag(const struct dmarc *dmarc)
{
	const struct problem *problem;

	for (problem = dmarc->problems.first; problem != NULL;
	    problem = problem->next)
		if (problem->kind == DMARC_REPEATED_TAG)
			return true;
	return false;
}

/* What keeps receivers from doing as the record says; the first tag of it. */
static unsigned
find_damage(const struct dmarc *dmarc, enum model model, const char **tag)
{
	unsigned damage = 0;

	*tag = NULL;
	if (model == MODEL_9989 && dmarc->np != NULL &&
	    !is_valid(dmarc->nonexistent_policy)) {
		damage |= DEGRADED_BAD_NONEXISTENT;
		*tag = "np";
	}
	if (dmarc->sp != NULL && !is_valid(dmarc->subdomain_policy)) {
		damage |= DEGRADED_BAD_SUBDOMAIN;
		*tag = "sp";
	}
	if (!is_valid(dmarc->policy)) {
		damage |= DEGRADED_BAD_POLICY;
		*tag = "p";
	}
	/* As a list of tags it is void, RFC 6376 section 3.2. */
	if (has_repeated_tag(dmarc))
		damage |= DEGRADED_REPEATED_TAG;
	return damage;
}

/* RFC 9989 section 4.10.1: at least one syntactically valid URI. */
static bool
has_report_uri(const struct dmarc *dmarc)
{
	const struct report_uri *uri;

	for (uri = dmarc->rua_list; uri != NULL; uri = uri->next)
		if (uri->problem == URI_FINE || uri->problem == URI_SCHEME)
			return true;
	return false;
}

static enum policy
choose(const struct dmarc *dmarc, char which, enum model model,
    const char **tag)
{
	if (which == 'n' && model == MODEL_9989 && dmarc->np != NULL) {
		*tag = "np";
		return dmarc->nonexistent_policy;
	}
	if (which != 'p' && dmarc->sp != NULL) {
		*tag = "sp";
		return dmarc->subdomain_policy;
	}
	*tag = "p";
	return dmarc->policy;
}

static enum policy
lowered(enum policy policy)
{
	return policy == POLICY_REJECT ? POLICY_QUARANTINE : POLICY_NONE;
}

/* pct means nothing to RFC 9989, t means nothing to RFC 7489. */
static enum outcome
apply_test(const struct dmarc *dmarc, enum policy policy, enum model model,
    struct verdict *detail)
{
	detail->upper = detail->lower = policy;
	if (policy != POLICY_NONE && model == MODEL_9989 && dmarc->test) {
		detail->degraded |= DEGRADED_TEST;
		detail->upper = detail->lower = lowered(policy);
	}
	if (policy != POLICY_NONE && model == MODEL_7489 &&
	    dmarc->percent < 100) {
		detail->degraded |= DEGRADED_PERCENT;
		detail->lower = lowered(policy);
		detail->percent = dmarc->percent;
		if (dmarc->percent > 0)
			return OUTCOME_PARTIAL;
		detail->upper = detail->lower;
	}
	return outcome_of_policy(detail->lower);
}

enum outcome
policy_level(const struct dmarc *dmarc, char which, enum model model,
    struct verdict *detail)
{
	enum policy policy;

	detail->percent = 100;
	detail->degraded = find_damage(dmarc, model, &detail->tag);
	if (detail->degraded != 0) {
		detail->upper = detail->lower = POLICY_NONE;
		detail->outcome = has_report_uri(dmarc) ? OUTCOME_DELIVER :
		    OUTCOME_NO_POLICY;
		return detail->outcome;
	}
	policy = choose(dmarc, which, model, &detail->tag);
	detail->outcome = apply_test(dmarc, policy, model, detail);
	return detail->outcome;
}
