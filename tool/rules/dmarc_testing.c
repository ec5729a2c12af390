/*
 * DMARC: policies that are tested, by t for receivers of RFC 9989 (section
 * 4.7), by pct for those of RFC 7489 (section 6.3).
 */
#include "rules/check.h"

/* The policy as receivers read it: below another one nobody takes sp and np. */
static struct dmarc
policy_in_force(struct lint *lint, const struct record *record)
{
	struct dmarc dmarc = *record->dmarc;

	if ((dmarc.sp != NULL || dmarc.np != NULL) &&
	    dmarc_is_only_for_itself(lint, record))
		dmarc.subdomain_policy = dmarc.nonexistent_policy =
		    POLICY_ABSENT;
	return dmarc;
}

/* Does a policy that all receivers know ask for more than reports? */
static bool
enforces(const struct dmarc *dmarc)
{
	return policy_enforces(dmarc->policy) ||
	    policy_enforces(dmarc_subdomain_policy(dmarc));
}

/* Or np alone, of which receivers of RFC 7489 know nothing? */
static bool
enforces_np_only(const struct dmarc *dmarc)
{
	return !enforces(dmarc) &&
	    policy_enforces(dmarc_nonexistent_policy(dmarc));
}

static bool
is_plain_no(const struct dmarc *dmarc)
{
	return dmarc->t != NULL && str_is_case(dmarc->t->value, "n");
}

static bool
has_percent(const struct dmarc *dmarc)
{
	return dmarc->pct != NULL &&
	    (dmarc->percent != 100 || str_is(dmarc->pct->value, "100"));
}

/* The record says one thing to one generation and another to the other. */
static bool
is_conflict(const struct dmarc *dmarc)
{
	return has_percent(dmarc) && !enforces_np_only(dmarc) &&
	    ((dmarc->test && dmarc->percent > 0) ||
	    (is_plain_no(dmarc) && dmarc->percent == 0));
}

static const char *
full_effect(const struct dmarc *dmarc)
{
	enum policy policy = dmarc->policy;

	if (!policy_enforces(policy))
		policy = dmarc_subdomain_policy(dmarc);
	return policy == POLICY_REJECT ? "reject" : "quarantine";
}

/* Nothing is to be tested where no mail comes from: says whether that is so. */
static bool
helps_idle(struct lint *lint, struct diag *diag, const struct record *record)
{
	if (lint_role(lint, record_domain(record)) != MAIL_NONE)
		return false;
	diag_help(lint, diag, "remove %s: no mail of its own can be lost",
	    record->dmarc->t == NULL ? "\"pct\"" : record->dmarc->pct == NULL ?
	    "\"t\"" : "\"t\" and \"pct\"");
	return true;
}

static void
check_pct_fraction(struct lint *lint, const struct record *record)
{
	struct dmarc read = policy_in_force(lint, record);
	const struct dmarc *dmarc = &read;
	struct diag *diag;

	if (!has_percent(dmarc) || dmarc->percent == 0 ||
	    dmarc->percent == 100 || is_conflict(dmarc) ||
	    record_is_void(lint, record))
		return;
	diag = complain_text(lint, record, dmarc->pct->start, dmarc->pct->end,
	    enforces(dmarc) ? "receivers of RFC 9989 %s all forged mail, only "
	    "those of RFC 7489 take %u percent of it" : "receivers of RFC "
	    "9989 ignore this, so a policy of %s would hit all mail, not %u "
	    "percent of it", full_effect(dmarc), dmarc->percent);
	if (!enforces(dmarc))
		diag_level(diag, LEVEL_NOTE);
	if (!helps_idle(lint, diag, record))
		diag_help(lint, diag, "write \"t=y; pct=0\" while you are "
		    "testing, and neither of them afterwards");
	diag_fix_remove_tag(lint, diag, FIX_UNSAFE, record, dmarc->pct);
}

static const struct rule pct_fraction = {
	.id = "dmarc-pct-fraction",
	.level = LEVEL_WARNING,
	.subject = SUBJECT_DMARC,
	.fix = FIX_UNSAFE,
	.marks = MARK_PCT,
	.summary = "pct between 1 and 99",
	.rationale = "pct was removed: receivers of RFC 9989 ignore it and "
	    "apply the policy to all mail. Those of RFC 7489 apply it to a "
	    "share. No value but 0, together with t=y, means the same to "
	    "both.",
	.citation = "RFC 9989 appendix A.6; RFC 7489 section 6.6.4",
	.bad = WITH_DMARC("v=DMARC1; p=reject; pct=25; "
	    "rua=mailto:d@example.com"),
	.good = WITH_DMARC("v=DMARC1; p=reject; rua=mailto:d@example.com"),
	.record = check_pct_fraction,
};

static void
check_pct_zero_alone(struct lint *lint, const struct record *record)
{
	struct dmarc read = policy_in_force(lint, record);
	const struct dmarc *dmarc = &read;
	struct diag *diag;

	if (!has_percent(dmarc) || dmarc->percent != 0 || dmarc->test ||
	    is_conflict(dmarc) || !enforces(dmarc) ||
	    record_is_void(lint, record))
		return;
	diag = complain_text(lint, record, dmarc->pct->start, dmarc->pct->end,
	    "receivers of RFC 9989 ignore this and %s forged mail, only those "
	    "of RFC 7489 go one step lower", full_effect(dmarc));
	if (helps_idle(lint, diag, record)) {
		diag_fix_remove_tag(lint, diag, FIX_UNSAFE, record,
		    dmarc->pct);
		return;
	}
	diag_help(lint, diag, "write \"t=y; pct=0\" while you are testing, "
	    "and neither of them afterwards");
	/* What is wrong with one that is there is told by its own rule. */
	if (dmarc->t == NULL)
		diag_fix_text(lint, diag, FIX_UNSAFE, record, dmarc->pct->end,
		    dmarc->pct->end, STR("; t=y"));
}

static const struct rule pct_zero_alone = {
	.id = "dmarc-pct-zero-alone",
	.level = LEVEL_WARNING,
	.subject = SUBJECT_DMARC,
	.fix = FIX_UNSAFE,
	.marks = MARK_PCT,
	.summary = "pct=0 without t=y",
	.rationale = "Receivers of RFC 7489 apply the next lower policy, "
	    "those of RFC 9989 know no pct and enforce in full. Only t=y "
	    "and pct=0 together are a test at both.",
	.citation = "RFC 9989 section 4.7; RFC 7489 section 6.6.4",
	.bad = WITH_DMARC("v=DMARC1; p=reject; pct=0; "
	    "rua=mailto:d@example.com"),
	.good = WITH_DMARC("v=DMARC1; p=reject; rua=mailto:d@example.com"),
	.record = check_pct_zero_alone,
};

static void
check_t_alone(struct lint *lint, const struct record *record)
{
	struct dmarc read = policy_in_force(lint, record);
	const struct dmarc *dmarc = &read;
	struct diag *diag;

	if (!dmarc->test || dmarc->pct != NULL || !enforces(dmarc) ||
	    record_is_void(lint, record))
		return;
	diag = complain_text(lint, record, dmarc->t->start, dmarc->t->end,
	    "receivers of RFC 7489 ignore this and %s forged mail, only those "
	    "of RFC 9989 go one step lower", full_effect(dmarc));
	if (helps_idle(lint, diag, record)) {
		diag_fix_remove_tag(lint, diag, FIX_UNSAFE, record, dmarc->t);
		return;
	}
	diag_help(lint, diag, "write \"t=y; pct=0\" while you are testing, "
	    "and neither of them afterwards");
	diag_fix_text(lint, diag, FIX_UNSAFE, record, dmarc->t->end,
	    dmarc->t->end, STR("; pct=0"));
}

static const struct rule t_alone = {
	.id = "dmarc-t-alone",
	.level = LEVEL_WARNING,
	.subject = SUBJECT_DMARC,
	.fix = FIX_UNSAFE,
	.marks = MARK_TEST,
	.summary = "t=y without pct=0",
	.rationale = "Receivers of RFC 9989 apply the next lower policy, "
	    "those of RFC 7489 know no t and enforce in full. Only t=y and "
	    "pct=0 together are a test at both.",
	.citation = "RFC 9989 section 4.7; RFC 7489 section 6.3",
	.bad = WITH_DMARC("v=DMARC1; p=reject; t=y; "
	    "rua=mailto:d@example.com"),
	.good = WITH_DMARC("v=DMARC1; p=reject; rua=mailto:d@example.com"),
	.record = check_t_alone,
};

static void
check_t_pct_conflict(struct lint *lint, const struct record *record)
{
	struct dmarc read = policy_in_force(lint, record);
	const struct dmarc *dmarc = &read;
	struct diag *diag;

	if (!is_conflict(dmarc) || record_is_void(lint, record))
		return;
	diag = complain_text(lint, record, dmarc->pct->start, dmarc->pct->end,
	    dmarc->test ? "receivers of RFC 9989 take this record for a test, "
	    "those of RFC 7489 apply it to %u percent of the mail" :
	    "receivers of RFC 9989 enforce this record, those of RFC 7489 "
	    "apply it to %u percent of the mail", dmarc->percent);
	if (helps_idle(lint, diag, record)) {
		diag_fix_remove_tag(lint, diag, FIX_UNSAFE, record, dmarc->t);
		diag_fix_remove_tag(lint, diag, FIX_UNSAFE, record,
		    dmarc->pct);
		return;
	}
	diag_help(lint, diag, "write \"t=y; pct=0\" for a test, and neither "
	    "of them for the full policy");
	if (dmarc->test)
		diag_fix_text(lint, diag, FIX_UNSAFE, record,
		    dmarc->pct->value_start, dmarc->pct->value_end, STR("0"));
}

static const struct rule t_pct_conflict = {
	.id = "dmarc-t-pct-conflict",
	.level = LEVEL_WARNING,
	.subject = SUBJECT_DMARC,
	.fix = FIX_UNSAFE,
	.marks = MARK_PCT,
	.summary = "t and pct contradict each other",
	.rationale = "Receivers of RFC 9989 read t, those of RFC 7489 read "
	    "pct. When one says that this is a test and the other that it is "
	    "not, forged mail meets two different policies.",
	.citation = "RFC 9989 section 4.7; RFC 7489 section 6.3",
	.bad = WITH_DMARC("v=DMARC1; p=reject; t=y; pct=100; "
	    "rua=mailto:d@example.com"),
	.good = WITH_DMARC("v=DMARC1; p=reject; rua=mailto:d@example.com"),
	.record = check_t_pct_conflict,
};

/* What a test makes of the policies; NULL when it is none for all receivers. */
static const char *
test_effect(const struct dmarc *dmarc)
{
	if (!dmarc->test)
		return NULL;
	if (enforces_np_only(dmarc))
		return dmarc->nonexistent_policy == POLICY_REJECT ?
		    "of RFC 9989 only put aside mail that strangers forge as "
		    "names that do not exist" : "of RFC 9989 deliver mail "
		    "that strangers forge as names that do not exist";
	if (!enforces(dmarc) || !has_percent(dmarc) || dmarc->percent != 0)
		return NULL;
	return dmarc->policy == POLICY_REJECT ?
	    "only put forged mail aside" : "deliver forged mail";
}

static void
check_test_mode(struct lint *lint, const struct record *record)
{
	struct dmarc read = policy_in_force(lint, record);
	const struct dmarc *dmarc = &read;
	const char *effect = test_effect(dmarc);
	struct diag *diag;

	if (effect == NULL || record_is_void(lint, record) ||
	    dmarc_is_idle_test(lint, record))
		return;
	diag = complain_text(lint, record, dmarc->t->start, dmarc->t->end,
	    "receivers %s, because the record says that it is a test",
	    effect);
	if (domain_in_rollout(lint, record_domain(record)))
		diag_level(diag, LEVEL_NOTE);
	if (!helps_idle(lint, diag, record))
		diag_help(lint, diag, "remove \"t\" and \"pct\" when no mail "
		    "of your own fails any more");
}

static const struct rule test_mode = {
	.id = "dmarc-test-mode",
	.level = LEVEL_WARNING,
	.subject = SUBJECT_DMARC,
	.marks = MARK_TEST,
	.summary = "DMARC policy in test mode",
	.rationale = "With t=y and pct=0 both generations of receivers apply "
	    "the next lower policy: quarantine for reject, nothing for "
	    "quarantine. That is a step on the way, not a place to stay.",
	.citation = "RFC 9989 section 4.7",
	.bad = WITH_DMARC("v=DMARC1; p=reject; t=y; pct=0; "
	    "rua=mailto:d@example.com"),
	.good = WITH_DMARC("v=DMARC1; p=reject; rua=mailto:d@example.com"),
	.record = check_test_mode,
};

static void
check_t_on_none(struct lint *lint, const struct record *record)
{
	struct dmarc read = policy_in_force(lint, record);
	const struct dmarc *dmarc = &read;
	struct diag *diag;

	if (!dmarc->test || dmarc->policy != POLICY_NONE ||
	    enforces(dmarc) || enforces_np_only(dmarc))
		return;
	diag = complain_text(lint, record, dmarc->t->start, dmarc->t->end,
	    "this changes nothing, because no policy is above none");
	diag_help(lint, diag, "remove it");
	diag_fix_remove_tag(lint, diag, FIX_SAFE, record, dmarc->t);
}

static const struct rule t_on_none = {
	.id = "dmarc-t-on-none",
	.level = LEVEL_NOTE,
	.subject = SUBJECT_DMARC,
	.fix = FIX_SAFE,
	.marks = MARK_TEST,
	.summary = "t=y where every policy is none",
	.rationale = "Test mode lowers a policy by one step. None is the "
	    "lowest already.",
	.citation = "RFC 9989 section 4.7",
	.bad = WITH_DMARC("v=DMARC1; p=none; t=y; rua=mailto:d@example.com"),
	.good = WITH_DMARC("v=DMARC1; p=reject; rua=mailto:d@example.com"),
	.record = check_t_on_none,
};

static void
check_pct_invalid(struct lint *lint, const struct record *record)
{
	const struct tag *pct = record->dmarc->pct;
	const struct problem *problem;
	struct diag *diag;

	problem = problems_find(&record->dmarc->problems, DMARC_BAD_PCT);
	if (problem == NULL)
		return;
	diag = complain_text(lint, record, problem->start, problem->end,
	    "receivers of RFC 7489 differ about how much mail they judge, "
	    "because " STR_QUOTE " is not a number from 0 to 100",
	    STR_QUOTE_ARG(pct->value.n > 0 ? pct->value :
	    str_slice(record->text, pct->start, pct->end)));
	diag_help(lint, diag, "remove \"pct\"");
	diag_fix_remove_tag(lint, diag, FIX_UNSAFE, record, pct);
}

static const struct rule pct_invalid = {
	.id = "dmarc-pct-invalid",
	.level = LEVEL_ERROR,
	.subject = SUBJECT_DMARC,
	.fix = FIX_UNSAFE,
	.marks = MARK_PROBLEM,
	.summary = "pct is not a number from 0 to 100",
	.rationale = "Receivers of RFC 7489 may take such a value for 100, "
	    "for 0, or the record for broken; those of RFC 9989 ignore pct.",
	.citation = "RFC 7489 section 6.3",
	.bad = WITH_DMARC("v=DMARC1; p=reject; pct=500; "
	    "rua=mailto:d@example.com"),
	.good = WITH_DMARC("v=DMARC1; p=reject; rua=mailto:d@example.com"),
	.record = check_pct_invalid,
};

static void
check_pct_100(struct lint *lint, const struct record *record)
{
	const struct dmarc *dmarc = record->dmarc;
	struct diag *diag;

	if (!has_percent(dmarc) || dmarc->percent != 100 ||
	    is_conflict(dmarc))
		return;
	diag = complain_text(lint, record, dmarc->pct->start, dmarc->pct->end,
	    "this changes nothing: 100 is the default, and receivers of RFC "
	    "9989 ignore \"pct\"");
	diag_help(lint, diag, "remove it");
	diag_fix_remove_tag(lint, diag, FIX_SAFE, record, dmarc->pct);
}

static const struct rule pct_100 = {
	.id = "dmarc-pct-100",
	.level = LEVEL_NOTE,
	.subject = SUBJECT_DMARC,
	.fix = FIX_SAFE,
	.marks = MARK_PCT,
	.summary = "pct=100, which is the default",
	.rationale = "pct is historic since RFC 9989. At 100 it never meant "
	    "anything.",
	.citation = "RFC 9989 section 9.3",
	.bad = WITH_DMARC("v=DMARC1; p=reject; pct=100; "
	    "rua=mailto:d@example.com"),
	.good = WITH_DMARC("v=DMARC1; p=reject; rua=mailto:d@example.com"),
	.record = check_pct_100,
};

const struct rule *const dmarc_testing_rules[] = {
	&pct_fraction, &pct_zero_alone, &t_alone, &t_pct_conflict, &test_mode,
	&t_on_none, &pct_invalid, &pct_100, NULL
};
