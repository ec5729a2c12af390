/*
 * DMARC: which policy a record asks for, by itself. RFC 9989 sections 4.7 and
 * 4.10.1; RFC 7489 section 6.6 where its receivers differ.
 */
#include "base/arena.h"
#include "rules/check.h"

/* ---- policies that cannot be read ---- */

/* What receivers make of a record whose policy cannot be read. */
static const char *
consequence(const struct dmarc *dmarc)
{
	struct verdict detail = { 0 };

	return policy_level(dmarc, 'p', MODEL_9989, &detail) ==
	    OUTCOME_NO_POLICY ? "ignore this record" :
	    "treat this record as p=none";
}

/* Is a policy out of order, and not for another rule to tell? */
static bool
is_invalid(const struct record *record, const struct tag *tag,
    enum policy policy)
{
	const struct problem *problem;

	if (policy != POLICY_INVALID ||
	    text_has_foreign(record, tag->start, tag->end))
		return false;
	for (problem = record->dmarc->problems.first; problem != NULL;
	    problem = problem->next)
		if (problem->kind == DMARC_BAD_SEPARATOR &&
		    problem->start >= tag->start && problem->end <= tag->end)
			return false;
	return true;
}

static const char *
nearest_policy(struct str text)
{
	static const char *const words[] = { "none", "quarantine", "reject" };
	size_t i;

	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (str_distance(text, str_from(words[i]), 2) <= 2)
			return words[i];
	return NULL;
}

static void
complain_policy(struct lint *lint, const struct record *record,
    const struct tag *tag, const char *whose)
{
	const char *near = nearest_policy(tag->value);
	size_t start = tag->value.n > 0 ? tag->value_start : tag->start;
	struct diag *diag;

	diag = complain_text(lint, record, start, tag->end,
	    "%s %s, because " STR_QUOTE " is not a policy", whose,
	    consequence(record->dmarc), STR_QUOTE_ARG(str_slice(record->text,
	    tag->start, tag->end)));
	if (near != NULL) {
		diag_help(lint, diag, "did you mean \"%.*s=%s\"?",
		    STR_ARG(tag->name), near);
		diag_fix_text(lint, diag, FIX_UNSAFE, record,
		    tag->value_start, tag->value_end, str_from(near));
	} else
		diag_help(lint, diag, "write \"%.*s=reject\", "
		    "\"%.*s=quarantine\" or \"%.*s=none\"", STR_ARG(tag->name),
		    STR_ARG(tag->name), STR_ARG(tag->name));
}

static bool
has_typo_of_p(const struct dmarc *dmarc)
{
	const struct tag *tag;
	const char *near;

	for (tag = dmarc->tags.first; tag != NULL; tag = tag->next)
		if ((near = dmarc_meant_tag(dmarc, tag)) != NULL &&
		    str_is(str_from(near), "p"))
			return true;
	return false;
}

static void
check_p_missing(struct lint *lint, const struct record *record)
{
	const struct dmarc *dmarc = record->dmarc;
	struct diag *diag;

	if (dmarc->p != NULL || dmarc->tags.count < 2 ||
	    has_typo_of_p(dmarc) || record_lost_comment(record) ||
	    problems_find(&dmarc->problems, DMARC_BAD_SEPARATOR) != NULL ||
	    record_is_void(lint, record))
		return;
	diag = complain_text(lint, record, dmarc->v->start, dmarc->v->end,
	    "receivers %s, because it has no policy", consequence(dmarc));
	diag_help(lint, diag, "add \"p=reject\", \"p=quarantine\" or "
	    "\"p=none\" behind the version");
}

static const struct rule p_missing = {
	.id = "dmarc-p-missing",
	.level = LEVEL_ERROR,
	.subject = SUBJECT_DMARC,
	.summary = "DMARC record without p",
	.rationale = "Without a policy receivers act as if it were none, and "
	    "do no DMARC at all when no report address is given either. "
	    "Forged mail is delivered.",
	.citation = "RFC 9989 section 4.10.1; RFC 7489 section 6.3",
	.bad = WITH_DMARC("v=DMARC1; sp=reject; rua=mailto:d@example.com"),
	.good = WITH_DMARC("v=DMARC1; p=reject; rua=mailto:d@example.com"),
	.record = check_p_missing,
};

static void
check_p_invalid(struct lint *lint, const struct record *record)
{
	const struct dmarc *dmarc = record->dmarc;

	if (is_invalid(record, dmarc->p, dmarc->policy))
		complain_policy(lint, record, dmarc->p, "receivers");
}

static const struct rule p_invalid = {
	.id = "dmarc-p-invalid",
	.level = LEVEL_ERROR,
	.subject = SUBJECT_DMARC,
	.fix = FIX_UNSAFE,
	.summary = "p is not none, quarantine or reject",
	.rationale = "Receivers cannot read the policy, so they act as if it "
	    "were none, and do no DMARC at all when no report address is "
	    "given. Forged mail is delivered.",
	.citation = "RFC 9989 section 4.10.1; RFC 7489 section 6.6.3",
	.bad = WITH_DMARC("v=DMARC1; p=rejct; rua=mailto:d@example.com"),
	.good = WITH_DMARC("v=DMARC1; p=reject; rua=mailto:d@example.com"),
	.record = check_p_invalid,
};

static void
check_sp_invalid(struct lint *lint, const struct record *record)
{
	const struct dmarc *dmarc = record->dmarc;

	if (is_invalid(record, dmarc->sp, dmarc->subdomain_policy))
		complain_policy(lint, record, dmarc->sp, "receivers");
}

static const struct rule sp_invalid = {
	.id = "dmarc-sp-invalid",
	.level = LEVEL_ERROR,
	.subject = SUBJECT_DMARC,
	.fix = FIX_UNSAFE,
	.marks = MARK_SP,
	.summary = "sp is not none, quarantine or reject",
	.rationale = "A mistake in sp disarms the whole record, p with it: "
	    "receivers act as if p were none, and do no DMARC at all when no "
	    "report address is given.",
	.citation = "RFC 9989 section 4.10.1; RFC 7489 section 6.6.3",
	.bad = WITH_DMARC("v=DMARC1; p=reject; sp=rejct; "
	    "rua=mailto:d@example.com"),
	.good = WITH_DMARC("v=DMARC1; p=reject; sp=reject; "
	    "rua=mailto:d@example.com"),
	.record = check_sp_invalid,
};

static void
check_np_invalid(struct lint *lint, const struct record *record)
{
	const struct dmarc *dmarc = record->dmarc;

	if (is_invalid(record, dmarc->np, dmarc->nonexistent_policy))
		complain_policy(lint, record, dmarc->np,
		    "receivers of RFC 9989");
}

static const struct rule np_invalid = {
	.id = "dmarc-np-invalid",
	.level = LEVEL_ERROR,
	.subject = SUBJECT_DMARC,
	.fix = FIX_UNSAFE,
	.marks = MARK_NP,
	.summary = "np is not none, quarantine or reject",
	.rationale = "Receivers of RFC 9989 act on a mistake in np as if p "
	    "were none, and do no DMARC at all when no report address is "
	    "given; those of RFC 7489 do not know the tag and go by p.",
	.citation = "RFC 9989 section 4.10.1",
	.bad = WITH_DMARC("v=DMARC1; p=reject; np=rejct; "
	    "rua=mailto:d@example.com"),
	.good = WITH_DMARC("v=DMARC1; p=reject; np=reject; "
	    "rua=mailto:d@example.com"),
	.record = check_np_invalid,
};

static void
check_p_not_second(struct lint *lint, const struct record *record)
{
	const struct dmarc *dmarc = record->dmarc;
	struct str text;
	struct diag *diag;

	if (dmarc->p == NULL || dmarc->p == dmarc->tags.first->next ||
	    dmarc->policy == POLICY_INVALID)
		return;
	diag = complain_text(lint, record, dmarc->p->start, dmarc->p->end,
	    "receivers that follow RFC 7489 to the letter ignore this record, "
	    "because the policy does not come directly behind the version");
	diag_help(lint, diag, "move \"p\" behind \"v=DMARC1;\"");
	text = arena_printf(lint->arena, "; %.*s=%.*s",
	    STR_ARG(dmarc->p->name), STR_ARG(dmarc->p->value));
	diag_fix_move_tag(lint, diag, FIX_UNSAFE, record, dmarc->p,
	    dmarc->v->end, text);
}

static const struct rule p_not_second = {
	.id = "dmarc-p-not-second",
	.level = LEVEL_WARNING,
	.subject = SUBJECT_DMARC,
	.fix = FIX_UNSAFE,
	.summary = "p does not stand directly behind v",
	.rationale = "RFC 7489 wants the policy to be the second tag, and "
	    "some receivers insist. RFC 9989 takes tags in any order.",
	.citation = "RFC 7489 section 6.3",
	.bad = WITH_DMARC("v=DMARC1; rua=mailto:d@example.com; p=reject"),
	.good = WITH_DMARC("v=DMARC1; p=reject; rua=mailto:d@example.com"),
	.record = check_p_not_second,
};

/* ---- policies that are weak ---- */

static bool
is_below(struct lint *lint, struct str domain, enum model model)
{
	return !str_equal(domain, lint_organization(lint, domain, model,
	    NULL));
}

/* Below the organizational domain, whoever is asked. */
static bool
is_subdomain(struct lint *lint, struct str domain)
{
	return is_below(lint, domain, MODEL_7489) &&
	    is_below(lint, domain, MODEL_9989);
}

/* Does the configuration want the policy to be a test? */
static bool
says_test(const struct lint *lint, struct str name)
{
	const struct config_domain *domain = config_domain(lint->config, name);

	return domain != NULL && str_is(domain->dmarc.t.text, "y");
}

/* Who has written the policy into the configuration is asked for the rest. */
static void
help_policy_none(struct lint *lint, struct diag *diag, struct str domain,
    bool tested)
{
	bool planned = domain_in_rollout(lint, domain);

	if (planned)
		diag_level(diag, LEVEL_NOTE);
	else if (tested && says_test(lint, domain))
		diag_level(diag, LEVEL_WARNING);
	if (planned || config_domain(lint->config, domain) == NULL)
		diag_help(lint, diag, "mailzone plan shows the way to "
		    "p=reject in steps");
	else
		diag_help(lint, diag, "where %s, say \"rollout: {stage: %s}\" "
		    "beside \"dmarc: {p: reject}\"; mailzone plan shows the "
		    "others", tested ? "this is but a step" :
		    "none is but the first step", tested ?
		    "test-quarantine" : "monitor");
}

/* A test that makes quarantine none for both generations of receivers. */
static bool
is_tested_to_none(const struct dmarc *dmarc)
{
	return dmarc->policy == POLICY_QUARANTINE && dmarc->test &&
	    dmarc->percent == 0;
}

static bool
comes_to_none(struct lint *lint, const struct record *record)
{
	const struct dmarc *dmarc = record->dmarc;
	struct str domain = record_domain(record);

	/* A name that never sends is for dmarc-parked-weak. */
	return (dmarc->policy == POLICY_NONE || is_tested_to_none(dmarc)) &&
	    !dmarc_is_weaker_than_above(lint, domain, dmarc) &&
	    lint_role(lint, domain) != MAIL_NONE &&
	    !record_is_void(lint, record);
}

static void
check_policy_none(struct lint *lint, const struct record *record)
{
	const struct dmarc *dmarc = record->dmarc;
	struct str domain = record_domain(record);
	struct diag *diag;

	if (!comes_to_none(lint, record))
		return;
	diag = complain_text(lint, record, dmarc->p->value_start,
	    dmarc->p->value_end, "mail that strangers forge as %.*s "
	    "is delivered, because the policy is %s",
	    STR_ARG(name_show(domain)), is_tested_to_none(dmarc) ?
	    "only tested" : "none");
	help_policy_none(lint, diag, domain, is_tested_to_none(dmarc));
}

static const struct rule policy_none = {
	.id = "dmarc-policy-none",
	.level = LEVEL_ERROR,
	.subject = SUBJECT_DMARC,
	.summary = "DMARC policy none",
	.rationale = "With p=none receivers report, and deliver forged mail "
	    "as if nothing was wrong. Attackers pick such domains: the "
	    "advisory JCSA-20240502-001 describes how. A test (t=y, pct=0) "
	    "makes none of quarantine. In a rollout these are the first "
	    "stages, and a note.",
	.citation = "RFC 9989 section 5.4; JCSA-20240502-001",
	.bad = WITH_DMARC("v=DMARC1; p=none; rua=mailto:d@example.com"),
	.good = WITH_DMARC("v=DMARC1; p=quarantine; "
	    "rua=mailto:d@example.com"),
	.record = check_policy_none,
};

/* Is it told that the record protects nobody? */
static bool
none_is_told(struct lint *lint, const struct record *record)
{
	return comes_to_none(lint, record) && rule_level(&policy_none,
	    lint->selection, lint->config) != LEVEL_OFF;
}

static void
check_policy_quarantine(struct lint *lint, const struct record *record)
{
	struct diag *diag;

	if (record->dmarc->policy != POLICY_QUARANTINE ||
	    record_is_void(lint, record) || none_is_told(lint, record))
		return;
	diag = complain_text(lint, record, record->dmarc->p->value_start,
	    record->dmarc->p->value_end, "mail that strangers forge as %.*s "
	    "is put aside, not rejected",
	    STR_ARG(name_show(record_domain(record))));
	diag_help(lint, diag, "mailzone plan shows the way to p=reject");
	if (domain_in_rollout(lint, record_domain(record)))
		diag_level(diag, LEVEL_NOTE);
}

static const struct rule policy_quarantine = {
	.id = "dmarc-policy-quarantine",
	.level = LEVEL_OFF,
	.subject = SUBJECT_DMARC,
	.summary = "DMARC policy quarantine where reject is demanded",
	.rationale = "Some authorities demand p=reject for all domains. For "
	    "domains whose users write to mailing lists RFC 9989 advises "
	    "quarantine instead.",
	.citation = "CISA BOD 18-01; RFC 9989 section 7.4",
	.bad = WITH_DMARC("v=DMARC1; p=quarantine; "
	    "rua=mailto:d@example.com"),
	.good = WITH_DMARC("v=DMARC1; p=reject; rua=mailto:d@example.com"),
	.record = check_policy_quarantine,
};

/* What becomes of mail that "sp" decides about; a test asks for less. */
static const char *
fate_below(const struct dmarc *dmarc)
{
	bool test_7489 = dmarc->pct != NULL && dmarc->percent == 0;

	if (dmarc->subdomain_policy == POLICY_NONE ||
	    (dmarc->test && test_7489))
		return "is delivered";
	return dmarc->test || test_7489 ? "is delivered by some receivers" :
	    "is put aside, not rejected";
}

static void
check_sp_weaker(struct lint *lint, const struct record *record)
{
	const struct dmarc *dmarc = record->dmarc;
	struct str domain;
	struct diag *diag;

	if (dmarc->sp == NULL || dmarc->policy == POLICY_INVALID ||
	    dmarc->subdomain_policy >= dmarc->policy ||
	    is_tested_to_none(dmarc))
		return;
	domain = record_domain(record);
	if (is_subdomain(lint, domain) ||
	    lint_role(lint, domain) == MAIL_NONE ||
	    record_is_void(lint, record))
		return;
	diag = complain_text(lint, record, dmarc->sp->value_start,
	    dmarc->sp->value_end, "mail that strangers forge as any name "
	    "below %.*s %s, though %.*s itself is protected", STR_ARG(domain),
	    fate_below(dmarc), STR_ARG(domain));
	if (domain_in_rollout(lint, domain))
		diag_level(diag, LEVEL_NOTE);
	diag_help(lint, diag, "remove \"sp\", so that \"p\" counts for all; "
	    "give names that are not ready records of their own");
	diag_fix_remove_tag(lint, diag, FIX_UNSAFE, record, dmarc->sp);
}

static const struct rule sp_weaker = {
	.id = "dmarc-sp-weaker",
	.level = LEVEL_WARNING,
	.subject = SUBJECT_DMARC,
	.fix = FIX_UNSAFE,
	.marks = MARK_SP,
	.summary = "sp is weaker than p",
	.rationale = "sp is the policy for every name below that has no "
	    "record of its own. A forger picks such a name, and the reader "
	    "sees the same brand.",
	.citation = "RFC 9989 sections 3.2.9 and 4.7",
	.bad = WITH_DMARC("v=DMARC1; p=reject; sp=none; "
	    "rua=mailto:d@example.com"),
	.good = WITH_DMARC("v=DMARC1; p=reject; sp=reject; "
	    "rua=mailto:d@example.com"),
	.record = check_sp_weaker,
};

static void
check_np_weaker(struct lint *lint, const struct record *record)
{
	const struct dmarc *dmarc = record->dmarc;
	enum policy np = dmarc->nonexistent_policy;
	struct str domain;
	struct diag *diag;

	if (dmarc->np == NULL || dmarc->policy == POLICY_INVALID ||
	    dmarc->subdomain_policy == POLICY_INVALID ||
	    (np >= dmarc->policy && np >= dmarc_subdomain_policy(dmarc)))
		return;
	domain = record_domain(record);
	if (is_below(lint, domain, MODEL_9989) ||
	    /* A test delivers what the others would be put aside for, too. */
	    (dmarc->test && np == POLICY_NONE &&
	    dmarc->policy != POLICY_REJECT &&
	    dmarc_subdomain_policy(dmarc) != POLICY_REJECT) ||
	    lint_role(lint, domain) == MAIL_NONE ||
	    record_is_void(lint, record))
		return;
	diag = complain_text(lint, record, dmarc->np->value_start,
	    dmarc->np->value_end, "receivers of RFC 9989 %s mail that "
	    "strangers forge as names below %.*s that do not exist",
	    np == POLICY_NONE || dmarc->test ? "deliver" :
	    "put aside, and do not reject,", STR_ARG(domain));
	diag_help(lint, diag, "write \"np=reject\": no mail comes from names "
	    "that do not exist");
	diag_fix_text(lint, diag, FIX_UNSAFE, record, dmarc->np->value_start,
	    dmarc->np->value_end, STR("reject"));
}

static const struct rule np_weaker = {
	.id = "dmarc-np-weaker",
	.level = LEVEL_WARNING,
	.subject = SUBJECT_DMARC,
	.fix = FIX_UNSAFE,
	.marks = MARK_NP,
	.summary = "np is weaker than sp or p",
	.rationale = "np is the policy for names that do not exist. Nobody "
	    "sends real mail from them, so they are the cheapest to forge "
	    "and the safest to reject.",
	.citation = "RFC 9989 section 4.7",
	.bad = WITH_DMARC("v=DMARC1; p=reject; np=none; "
	    "rua=mailto:d@example.com"),
	.good = WITH_DMARC("v=DMARC1; p=reject; np=reject; "
	    "rua=mailto:d@example.com"),
	.record = check_np_weaker,
};

/* The tag that asks for less than reject; NULL when none does. */
static const struct tag *
weak_tag(struct lint *lint, const struct record *record)
{
	const struct dmarc *dmarc = record->dmarc;

	if (dmarc->policy == POLICY_INVALID || dmarc->p == NULL)
		return NULL;
	if (dmarc->policy != POLICY_REJECT)
		return dmarc->p;
	/* Of p it is true everywhere, of the others where they count. */
	if ((dmarc->sp != NULL || dmarc->np != NULL) &&
	    dmarc_is_only_for_itself(lint, record))
		return NULL;
	if (dmarc->sp != NULL && dmarc->subdomain_policy < POLICY_REJECT)
		return dmarc->sp;
	return dmarc->np != NULL &&
	    dmarc->nonexistent_policy < POLICY_REJECT ? dmarc->np : NULL;
}

static void
complain_weak_tag(struct lint *lint, const struct record *record,
    const struct tag *weak, struct str domain)
{
	struct diag *diag;

	diag = complain_text(lint, record, weak->start, weak->end,
	    "mail that strangers forge as %s%.*s is not rejected, though "
	    "%.*s sends no mail at all", weak == record->dmarc->p ? "" :
	    "names below ", STR_ARG(domain), STR_ARG(domain));
	if (domain_in_rollout(lint, domain))
		diag_level(diag, LEVEL_NOTE);
	diag_help(lint, diag, "write \"%.*s=reject\": no mail of its own can "
	    "be lost", STR_ARG(weak->name));
	diag_fix_text(lint, diag, FIX_UNSAFE, record, weak->value_start,
	    weak->value_end, STR("reject"));
}

bool
dmarc_is_idle_test(struct lint *lint, const struct record *record)
{
	const struct dmarc *dmarc = record->dmarc;

	return dmarc->policy == POLICY_REJECT && dmarc->test &&
	    dmarc->pct != NULL && dmarc->percent == 0 &&
	    lint_role(lint, record_domain(record)) == MAIL_NONE &&
	    rule_level(rule_find(STR("dmarc-parked-weak")), lint->selection,
	    lint->config) != LEVEL_OFF;
}

static void
complain_idle_test(struct lint *lint, const struct record *record,
    struct str domain)
{
	const struct dmarc *dmarc = record->dmarc;
	struct diag *diag;

	diag = complain_text(lint, record, dmarc->t->start, dmarc->t->end,
	    "mail that strangers forge as %.*s is put aside, not rejected, "
	    "because the record says that it is a test, though %.*s sends no "
	    "mail at all", STR_ARG(domain), STR_ARG(domain));
	if (domain_in_rollout(lint, domain))
		diag_level(diag, LEVEL_NOTE);
	else if (says_test(lint, domain))
		diag_level(diag, LEVEL_WARNING);
	diag_help(lint, diag, "remove \"t\" and \"pct\": no mail of its own "
	    "can be lost");
	if (tag_has_twin(record, dmarc->t) || tag_has_twin(record, dmarc->pct))
		return;
	diag_fix_remove_tag(lint, diag, FIX_UNSAFE, record, dmarc->t);
	diag_fix_remove_tag(lint, diag, FIX_UNSAFE, record, dmarc->pct);
}

/*
 * The alias of a domain leads to another policy than reject. Of one that stops
 * nothing dmarc-lent-weak speaks.
 */
static void
check_parked_alias(struct lint *lint, const struct record *record)
{
	const struct record *policy;
	struct verdict verdicts[MODELS];
	struct diag *diag;
	struct str domain;
	unsigned old, new;

	if (auth_place(record->owner, &domain, NULL) != AUTH_DMARC ||
	    !str_equal(domain, lint->zone->name) ||
	    is_beside_record(lint, record, AUTH_DMARC) ||
	    lint_role(lint, domain) != MAIL_NONE ||
	    (policy = dmarc_only_record(lint, domain)) == NULL)
		return;
	policy_discover_all(lint->world, lint->arena, domain, verdicts);
	old = outcome_strength(&verdicts[MODEL_7489]);
	new = outcome_strength(&verdicts[MODEL_9989]);
	if (old == 0 || new == 0 ||
	    (verdicts[MODEL_7489].outcome == OUTCOME_REJECT &&
	    verdicts[MODEL_9989].outcome == OUTCOME_REJECT))
		return;
	diag = complain(lint, record->rdata_span, "mail that strangers forge "
	    "as %.*s is not rejected, because this leads to a policy that "
	    "asks for less, though %.*s sends no mail at all",
	    STR_ARG(domain), STR_ARG(domain));
	if (domain_in_rollout(lint, domain))
		diag_level(diag, LEVEL_NOTE);
	diag_help(lint, diag, "publish a record of its own with \"p=reject\": "
	    "no mail of its own can be lost");
	diag_note(lint, diag, policy->rdata_span, "the policy");
}

static void
check_parked_record(struct lint *lint, const struct record *record)
{
	const struct tag *weak = weak_tag(lint, record);
	struct str domain = record_domain(record);
	bool idle = dmarc_is_idle_test(lint, record);

	if ((weak == NULL && !idle) || lint_role(lint, domain) != MAIL_NONE ||
	    record_is_void(lint, record) ||
	    text_is_spoiled(record, record_marks(record)))
		return;
	if (weak != NULL)
		complain_weak_tag(lint, record, weak, domain);
	if (idle)
		complain_idle_test(lint, record, domain);
}

static void
check_parked_weak(struct lint *lint, const struct record *record)
{
	if (record->type == RR_CNAME)
		check_parked_alias(lint, record);
	else if (record->auth == AUTH_DMARC && record->type == RR_TXT)
		check_parked_record(lint, record);
}

static const struct rule parked_weak = {
	.id = "dmarc-parked-weak",
	.level = LEVEL_ERROR,
	.subject = SUBJECT_RECORD,
	.types = HAS_TXT | HAS_CNAME,
	.in_sight = true,
	.marks = MARK_KIND(AUTH_DMARC) | MARK_NO_KIND,
	.fix = FIX_UNSAFE,
	.summary = "domain that sends no mail is not at p=reject",
	.rationale = "A domain with a null MX, or that lets nobody send and "
	    "receives nothing, has no mail that a policy could harm. Anything "
	    "but reject only helps forgers, a test of it (t=y, pct=0), too.",
	.citation = "M3AAWG Protecting Parked Domains; RFC 7505",
	.bad = QUIET_SOA RR("@ MX 0 .") TXT("@", "v=spf1 -all")
	    TXT("_dmarc", "v=DMARC1; p=none; rua=mailto:d@example.net"),
	.good = QUIET_SOA RR("@ MX 0 .") TXT("@", "v=spf1 -all")
	    TXT("_dmarc", "v=DMARC1; p=reject; rua=mailto:d@example.net"),
	.record = check_parked_weak,
};

const struct rule *const dmarc_policy_rules[] = {
	&p_missing, &p_invalid, &sp_invalid, &np_invalid, &p_not_second,
	&policy_none, &policy_quarantine, &sp_weaker, &np_weaker,
	&parked_weak, NULL
};
