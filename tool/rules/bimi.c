/* BIMI: the logo beside the mail. Internet-Draft of November 2025. */
#include "rules/check.h"

#define LOGO	"l=https://example.com/logo.svg; a=https://example.com/vmc.pem"

static void
check_syntax(struct lint *lint, const struct record *record)
{
	const struct problem *problem;

	if (record->auth == AUTH_BIMI &&
	    !text_is_spoiled(record, record_marks(record))) {
		for (problem = record->bimi->problems.first; problem != NULL;
		    problem = problem->next)
			if (!text_has_foreign(record, problem->start,
			    problem->end))
				complain_problem(lint, record, problem);
		return;
	}
	if (!record_is_passed_over(lint, record, AUTH_BIMI))
		return;
	diag_help(lint, complain_text(lint, record, 0, record->text.n,
	    "receivers show no logo, because the record does not begin with "
	    "\"v=BIMI1\""), "begin it with \"v=BIMI1;\", letter by letter");
}

static const struct rule syntax = {
	.id = "bimi-syntax",
	.level = LEVEL_ERROR,
	.subject = SUBJECT_TXT,
	.in_sight = true,
	.marks = MARK_NO_KIND | MARK_PROBLEM,
	.summary = "BIMI record that receivers cannot read",
	.rationale = "The record is a list of tags that begins with v=BIMI1 "
	    "and has l. Receivers must not repair it, so no logo is shown.",
	.citation = "draft-brand-indicators-for-message-identification "
	    "section 4.2",
	.bad = QUIET TXT("default._bimi", "v=BIMI1; logo; " LOGO),
	.good = QUIET TXT("default._bimi", "v=BIMI1; " LOGO),
	.record = check_syntax,
};

static void
check_multiple(struct lint *lint, const struct node *node, struct str name)
{
	complain_several(lint, node, name, AUTH_BIMI, "receivers show no logo");
}

static const struct rule multiple = {
	.id = "bimi-multiple",
	.level = LEVEL_ERROR,
	.subject = SUBJECT_NODE,
	.types = HAS_TXT,
	.in_sight = true,
	.several = true,
	.summary = "more than one BIMI record for a selector",
	.rationale = "Receivers discard all of several records, and show no "
	    "logo.",
	.citation = "draft-brand-indicators-for-message-identification "
	    "section 7.2",
	.bad = QUIET TXT("default._bimi", "v=BIMI1; " LOGO)
	    TXT("default._bimi", "v=BIMI1; l=https://example.com/b.svg; a="),
	.good = QUIET TXT("default._bimi", "v=BIMI1; " LOGO),
	.node = check_multiple,
};

static void
check_cname(struct lint *lint, const struct record *record)
{
	complain_alias(lint, record, AUTH_BIMI, "receivers show no logo");
}

static const struct rule cname = {
	.id = "bimi-cname",
	.level = LEVEL_ERROR,
	.subject = SUBJECT_RECORD,
	.types = HAS_CNAME,
	.in_sight = true,
	.summary = "BIMI selector that is an alias of no record",
	.rationale = "A CNAME below _bimi hands the record to another name. "
	    "When that holds no record, several, or one that receivers "
	    "cannot read, no logo is shown.",
	.citation = "draft-brand-indicators-for-message-identification "
	    "section 7.2; RFC 1034 section 3.6.2",
	.bad = QUIET RR("default._bimi CNAME logo"),
	.good = QUIET RR("default._bimi CNAME logo")
	    TXT("logo", "v=BIMI1; " LOGO),
	.record = check_cname,
};

/* Why receivers that go by a policy show no logo; NULL when they may. */
static const char *
weakness(const struct verdict *verdict, bool organization)
{
	const struct dmarc *dmarc;

	if (verdict->outcome == OUTCOME_NO_POLICY)
		return "there is no DMARC policy";
	if (verdict->record == NULL)
		return NULL;
	dmarc = verdict->record->dmarc;
	if (verdict->outcome == OUTCOME_DELIVER)
		return dmarc->test ? "the DMARC policy is in test mode" :
		    dmarc->percent == 0 && policy_enforces(dmarc->policy) ?
		    "the DMARC policy does not cover all mail" :
		    "the DMARC policy is none";
	if (verdict->outcome == OUTCOME_PARTIAL &&
	    verdict->upper == POLICY_QUARANTINE)
		return "the DMARC policy does not cover all mail";
	if (organization && dmarc->subdomain_policy == POLICY_NONE)
		return "the DMARC policy for names below is none";
	return NULL;
}

static void
check_dmarc_weak(struct lint *lint, const struct record *record)
{
	struct str domain = record_domain(record), organization;
	struct verdict verdict;
	const char *why = NULL;
	struct diag *diag;
	int model;

	if (record->bimi->declined)
		return;
	for (model = 0; model < MODELS && why == NULL; model++) {
		organization = lint_organization(lint, domain,
		    (enum model)model, NULL);
		verdict = policy_discover(lint->world, lint->arena, domain,
		    (enum model)model);
		why = weakness(&verdict, false);
		if (why != NULL)
			break;
		verdict = policy_discover(lint->world, lint->arena,
		    organization, (enum model)model);
		why = weakness(&verdict, true);
	}
	if (why == NULL)
		return;
	diag = complain_text(lint, record, 0, record->text.n,
	    "receivers show no logo for mail of %.*s, because %s",
	    STR_ARG(domain), why);
	diag_help(lint, diag, "publish p=quarantine or p=reject for the "
	    "domain and the organization, without \"t=y\" and \"pct\"");
}

static const struct rule dmarc_weak = {
	.id = "bimi-dmarc-weak",
	.level = LEVEL_ERROR,
	.subject = SUBJECT_BIMI,
	.summary = "BIMI without an enforced DMARC policy",
	.rationale = "Receivers only show the logo when forged mail would "
	    "not be delivered: the policies of the domain and of its "
	    "organization must not be none, nor sp, and quarantine must "
	    "cover all mail.",
	.citation = "draft-brand-indicators-for-message-identification "
	    "section 7.1",
	.bad = WITH_DMARC("v=DMARC1; p=reject; sp=none; "
	    "rua=mailto:d@example.com")
	    TXT("default._bimi", "v=BIMI1; " LOGO),
	.good = QUIET TXT("default._bimi", "v=BIMI1; " LOGO),
	.record = check_dmarc_weak,
};

static void
check_location(struct lint *lint, const struct record *record)
{
	const struct tag *l = record->bimi->l;
	struct str path;
	struct diag *diag;

	if (l == NULL || l->value.n == 0 ||
	    text_has_foreign(record, l->value_start, l->value_end))
		return;
	if (!str_starts_case(l->value, STR("https://"))) {
		diag = complain_text(lint, record, l->value_start,
		    l->value_end, "receivers show no logo, because they "
		    "fetch it by https only");
		diag_help(lint, diag, "write \"l=https://\" and where the "
		    "logo is");
		return;
	}
	path = str_slice(l->value, 0, str_find(l->value, '?'));
	if (str_ends_case(path, STR(".svg")) ||
	    str_ends_case(path, STR(".svg.gz")))
		return;
	diag = complain_text(lint, record, l->value_start, l->value_end,
	    "receivers show no logo unless this is an SVG image");
	diag_level(diag, LEVEL_NOTE);
}

static const struct rule location = {
	.id = "bimi-location",
	.level = LEVEL_ERROR,
	.subject = SUBJECT_BIMI,
	.summary = "BIMI logo that is not fetched by https",
	.rationale = "l is empty, which declines, or the https address of an "
	    "SVG image. Anything else is a permanent error.",
	.citation = "draft-brand-indicators-for-message-identification "
	    "section 4.2",
	.bad = QUIET TXT("default._bimi", "v=BIMI1; "
	    "l=http://example.com/logo.svg; a=https://example.com/vmc.pem"),
	.good = QUIET TXT("default._bimi", "v=BIMI1; " LOGO),
	.record = check_location,
};

static void
check_no_evidence(struct lint *lint, const struct record *record)
{
	const struct bimi *bimi = record->bimi;
	struct diag *diag;

	if (bimi->declined || bimi->l == NULL || bimi->l->value.n == 0 ||
	    /* "self" is of drafts before 2021: the domain vouches for itself. */
	    (bimi->a != NULL && str_starts_case(bimi->a->value,
	    STR("https://"))))
		return;
	diag = complain_text(lint, record, bimi->a != NULL ? bimi->a->start :
	    bimi->l->start, bimi->a != NULL ? bimi->a->end : bimi->l->end,
	    "large receivers show no logo without a certificate for it");
	diag_help(lint, diag, "add \"a=\" with the address of a mark "
	    "certificate");
}

static const struct rule no_evidence = {
	.id = "bimi-no-evidence",
	.level = LEVEL_NOTE,
	.subject = SUBJECT_BIMI,
	.summary = "BIMI without a certificate",
	.rationale = "Several large receivers only show logos for which a "
	    "certificate says that the domain may use them.",
	.citation = "draft-brand-indicators-for-message-identification "
	    "section 4.2",
	.bad = QUIET TXT("default._bimi", "v=BIMI1; "
	    "l=https://example.com/logo.svg"),
	.good = QUIET TXT("default._bimi", "v=BIMI1; " LOGO),
	.record = check_no_evidence,
};

const struct rule *const bimi_rules[] = {
	&syntax, &multiple, &cname, &dmarc_weak, &location, &no_evidence, NULL
};
