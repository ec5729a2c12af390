/*
 * SPF: where the terms of a record lead, and whom that lets in. Whatever is not
 * visible from here is never called wrong.
 */
#include "rules/check.h"

/* ---- a and mx ------------------------------------------------------------ */

/* Is the name there, as an alias of one that is not? */
static bool
is_dangling(struct lint *lint, const struct spf_edge *edge)
{
	unsigned links;

	return edge->is_void && zones_kind(lint->world->zones, lint->arena,
	    edge->target, RR_TXT, &links) == ANSWER_NXDOMAIN && links > 0;
}

/* Terms that find nothing; spf-void-lookups speaks when they are too many. */
static const struct spf_edge *
vain_edges(struct lint *lint, const struct record *record)
{
	const struct spf_cost *cost = lint_whole_spf_cost(lint, record);

	return cost == NULL || spf_last_void(cost) != NULL ? NULL :
	    cost->root->edges;
}

static void
check_dangling_target(struct lint *lint, const struct record *record)
{
	const struct spf_cost *cost = lint_whole_spf_cost(lint, record);
	const struct spf_edge *edge;
	struct diag *diag;

	for (edge = cost == NULL ? NULL : cost->root->edges; edge != NULL;
	    edge = edge->next) {
		/* Of an include or redirect spf-include-missing speaks. */
		if ((edge->term->kind != SPF_A && edge->term->kind != SPF_MX) ||
		    !is_dangling(lint, edge))
			continue;
		diag = complain_term(lint, record, edge->term, "%.*s is an "
		    "alias of a name that does not exist: who gets hold of "
		    "that name may send as %.*s", STR_ARG(edge->target),
		    NAME_ARG(record));
		diag_help(lint, diag, "remove the term, or mend the alias");
	}
}

static const struct rule dangling_target = {
	.id = "spf-dangling-target",
	.level = LEVEL_WARNING,
	.subject = SUBJECT_SPF,
	.marks = MARK_LOOKUP,
	.summary = "SPF term leads to an alias of nothing",
	.rationale = "An alias whose target is gone authorises nobody today "
	    "and whoever registers the target tomorrow.",
	.citation = "RFC 9989 section 7.1",
	.bad = WITH_SPF("v=spf1 a:relay.example.com ip4:198.51.100.25 ~all")
	    RR("relay CNAME gone"),
	.good = WITH_SPF("v=spf1 a:relay.example.com ~all")
	    RR("relay CNAME mail"),
	.record = check_dangling_target,
};

static void
check_a_no_address(struct lint *lint, const struct record *record)
{
	const struct spf_edge *edge;
	struct diag *diag;

	for (edge = vain_edges(lint, record); edge != NULL;
	    edge = edge->next) {
		if (edge->term->kind != SPF_A || !edge->is_void ||
		    is_dangling(lint, edge))
			continue;
		diag = complain_term(lint, record, edge->term, "\"%.*s\" lets "
		    "nobody in, because %.*s has no address",
		    STR_ARG(edge->term->text),
		    STR_ARG(name_show(edge->target)));
		diag_help(lint, diag, "remove it, or give the name an A or "
		    "AAAA record");
		diag_fix_remove_term(lint, diag, FIX_UNSAFE, record,
		    edge->term);
	}
}

static const struct rule a_no_address = {
	.id = "spf-a-no-address",
	.level = LEVEL_WARNING,
	.subject = SUBJECT_SPF,
	.fix = FIX_UNSAFE,
	.marks = MARK_LOOKUP,
	.summary = "a names a host without an address",
	.rationale = "The lookup finds nothing: it is one of the two that may "
	    "be in vain, and the host that was meant fails.",
	.citation = "RFC 7208 section 5.3",
	.bad = WITH_SPF("v=spf1 a ip4:198.51.100.25 ~all"),
	.good = WITH_SPF("v=spf1 a:mail.example.com ~all"),
	.record = check_a_no_address,
};

static void
check_mx_no_mx(struct lint *lint, const struct record *record)
{
	const struct spf_edge *edge;
	struct diag *diag;

	for (edge = vain_edges(lint, record); edge != NULL;
	    edge = edge->next) {
		if (edge->term->kind != SPF_MX ||
		    (!edge->is_void && !edge->null_mx) ||
		    is_dangling(lint, edge))
			continue;
		diag = complain_term(lint, record, edge->term, "\"%.*s\" lets "
		    "nobody in, because %.*s %s", STR_ARG(edge->term->text),
		    STR_ARG(name_show(edge->target)), edge->null_mx ?
		    "takes no mail" : "has no MX");
		diag_help(lint, diag, "remove it, or write a: mx never falls "
		    "back to the address");
		diag_fix_remove_term(lint, diag, FIX_UNSAFE, record,
		    edge->term);
	}
}

static const struct rule mx_no_mx = {
	.id = "spf-mx-no-mx",
	.level = LEVEL_WARNING,
	.subject = SUBJECT_SPF,
	.fix = FIX_UNSAFE,
	.marks = MARK_LOOKUP,
	.summary = "mx names a domain without MX",
	.rationale = "mx means the hosts that receive mail for a domain. "
	    "Without an MX, or with a null MX, it matches nobody, and the "
	    "host that was meant fails.",
	.citation = "RFC 7208 section 5.4",
	.bad = QUIET_SOA QUIET_DMARC
	    TXT("@", "v=spf1 mx ip4:198.51.100.25 ~all"),
	.good = QUIET_SOA QUIET_DMARC QUIET_MX
	    TXT("@", "v=spf1 mx ip4:198.51.100.25 ~all"),
	.record = check_mx_no_mx,
};

static void
check_mx_over_10(struct lint *lint, const struct record *record)
{
	const struct spf_cost *cost = lint_spf_cost(lint, record);
	const struct spf_edge *edge;
	struct diag *diag;

	for (edge = cost == NULL ? NULL : cost->root->edges; edge != NULL;
	    edge = edge->next) {
		if (edge->term->kind != SPF_MX || edge->mx_count <= SPF_MAX_MX)
			continue;
		diag = complain_term(lint, record, edge->term, "receivers "
		    "give up on this record, because %.*s has %zu MX records "
		    "and they stop at %d", STR_ARG(name_show(edge->target)),
		    edge->mx_count, SPF_MAX_MX);
		diag_help(lint, diag, "list the hosts by ip4, ip6 or a");
	}
}

static const struct rule mx_over_10 = {
	.id = "spf-mx-over-10",
	.level = LEVEL_ERROR,
	.subject = SUBJECT_SPF,
	.marks = MARK_LOOKUP,
	.summary = "mx names a domain with more than ten MX records",
	.rationale = "Receivers ask for the addresses of at most ten names "
	    "per mx. With more the whole record is a permanent error.",
	.citation = "RFC 7208 section 4.6.4",
	.bad = WITH_SPF("v=spf1 mx ~all")
	    RR("@ MX 20 m1") RR("@ MX 20 m2") RR("@ MX 20 m3")
	    RR("@ MX 20 m4") RR("@ MX 20 m5") RR("@ MX 20 m6")
	    RR("@ MX 20 m7") RR("@ MX 20 m8") RR("@ MX 20 m9")
	    RR("@ MX 20 m0") RR("$GENERATE 0-9 m$ A 198.51.100.1$"),
	.good = WITH_SPF("v=spf1 mx ~all"),
	.record = check_mx_over_10,
};

/* ---- include and redirect ------------------------------------------------ */

/* A wildcard answers for a name below it with the record that asks for it. */
static bool
is_answered_by(const struct spf_node *node, const struct spf_node *root)
{
	return node->record != NULL && root->record != NULL &&
	    node->record->span.source == root->record->span.source &&
	    node->record->span.start == root->record->span.start &&
	    str_equal(node->record->owner, root->record->owner);
}

/* Does the term lead back to where it stands? */
static bool
leads_to(const struct spf_node *node, const struct spf_node *root,
    unsigned depth)
{
	const struct spf_edge *edge;

	if (is_answered_by(node, root))
		return true;
	if (node->state == SPF_LOOP || depth > SPF_MAX_LOOKUPS)
		return str_equal(node->domain, root->domain);
	for (edge = node->edges; edge != NULL; edge = edge->next)
		if (edge->node != NULL && leads_to(edge->node, root,
		    depth + 1))
			return true;
	return false;
}

static void
check_include_loop(struct lint *lint, const struct record *record)
{
	const struct spf_cost *cost = lint_spf_cost(lint, record);
	const struct spf_edge *edge;
	struct diag *diag;

	for (edge = cost == NULL ? NULL : cost->root->edges; edge != NULL;
	    edge = edge->next) {
		if (edge->node == NULL ||
		    !leads_to(edge->node, cost->root, 0))
			continue;
		diag = complain_term(lint, record, edge->term, "receivers "
		    "give up on this record, because \"%.*s\" leads back to "
		    "it", STR_ARG(edge->term->text));
		if (is_answered_by(edge->node, cost->root))
			diag_help(lint, diag, "publish a record at %.*s: only "
			    "this wildcard answers for it",
			    STR_ARG(edge->target));
		else
			diag_help(lint, diag, "remove one of the terms that "
			    "make the circle");
	}
}

static const struct rule include_loop = {
	.id = "spf-include-loop",
	.level = LEVEL_ERROR,
	.subject = SUBJECT_SPF,
	.marks = MARK_LOOKUP,
	.summary = "SPF record includes itself",
	.rationale = "A record that leads back to itself runs into the limit "
	    "of ten lookups, and receivers stop with a permanent error.",
	.citation = "RFC 7208 section 4.6.4",
	.bad = WITH_SPF("v=spf1 include:_spf.example.com ~all")
	    TXT("_spf", "v=spf1 ip4:198.51.100.25 include:example.com"),
	.good = WITH_SPF("v=spf1 include:_spf.example.com ~all")
	    TXT("_spf", "v=spf1 ip4:198.51.100.25"),
	.record = check_include_loop,
};

/* What was to be the record at a name, and is not taken for it. */
static const struct record *
failed_attempt(struct lint *lint, struct str name)
{
	struct answer answer = zones_ask(lint->world->zones, lint->arena, name,
	    RR_TXT);
	size_t i;

	for (i = 0; i < answer.count; i++)
		if (auth_near_version(answer.records[i]->text) == AUTH_SPF)
			return answer.records[i];
	return NULL;
}

static void
check_include_missing(struct lint *lint, const struct record *record)
{
	const struct spf_cost *cost = lint_whole_spf_cost(lint, record);
	const struct record *attempt;
	const struct spf_edge *edge;
	struct diag *diag;

	for (edge = cost == NULL ? NULL : cost->root->edges; edge != NULL;
	    edge = edge->next) {
		if (edge->node == NULL || edge->node->state != SPF_NONE ||
		    is_refused_entry(lint, edge->target, AUTH_SPF))
			continue;
		diag = complain_term(lint, record, edge->term, "receivers "
		    "give up on this record, because %.*s has no SPF record",
		    STR_ARG(name_show(edge->target)));
		attempt = failed_attempt(lint, edge->target);
		diag_help(lint, diag, attempt != NULL ? "mend what stands "
		    "there" : "remove the term, or publish the record that it "
		    "names");
		if (attempt != NULL)
			diag_note(lint, diag, attempt->rdata_span,
			    "this was to be the record");
	}
}

static const struct rule include_missing = {
	.id = "spf-include-missing",
	.level = LEVEL_ERROR,
	.subject = SUBJECT_SPF,
	.marks = MARK_LOOKUP,
	.summary = "included name has no SPF record",
	.rationale = "An include or redirect that finds no SPF record makes "
	    "the whole record a permanent error: mail of all senders fails "
	    "SPF.",
	.citation = "RFC 7208 sections 5.2 and 6.1",
	.bad = WITH_SPF("v=spf1 include:_spf.example.com ~all"),
	.good = WITH_SPF("v=spf1 include:_spf.example.com ~all")
	    TXT("_spf", "v=spf1 ip4:198.51.100.25"),
	.record = check_include_missing,
};

/* Why the target cannot be evaluated; NULL when it can, as far as visible. */
static const char *
why_broken(const struct spf_node *node, bool whole)
{
	switch (node->state) {
	case SPF_SEVERAL:
		return "has two SPF records";
	case SPF_BROKEN:
		return "has a malformed SPF record";
	case SPF_LOOP:
		return "includes itself";
	default:
		return node->broken_below && whole ?
		    "leads to a record that cannot be evaluated" :
		    node->mx_over ? "leads to a domain with more than ten MX "
		    "records" : NULL;
	}
}

static void
check_include_broken(struct lint *lint, const struct record *record)
{
	const struct spf_cost *cost = lint_spf_cost(lint, record);
	const struct spf_edge *edge;
	const char *why;
	struct diag *diag;

	for (edge = cost == NULL ? NULL : cost->root->edges; edge != NULL;
	    edge = edge->next) {
		if (edge->node == NULL || edge->node->state == SPF_NONE)
			continue;
		if (leads_to(edge->node, cost->root, 0))
			continue;
		if ((why = why_broken(edge->node,
		    zone_is_whole(record->zone))) == NULL)
			continue;
		diag = complain_term(lint, record, edge->term, "receivers "
		    "give up on this record, because %.*s %s",
		    STR_ARG(name_show(edge->target)), why);
		diag_help(lint, diag, "mend what %.*s publishes, or remove "
		    "the term", STR_ARG(name_show(edge->target)));
		if (edge->node->record != NULL)
			diag_note(lint, diag, edge->node->record->rdata_span,
			    "the record stands here");
	}
}

static const struct rule include_broken = {
	.id = "spf-include-broken",
	.level = LEVEL_ERROR,
	.subject = SUBJECT_SPF,
	.marks = MARK_LOOKUP,
	.summary = "included SPF record cannot be evaluated",
	.rationale = "A permanent error in an included record is one of the "
	    "record that includes it: mail of all senders fails SPF.",
	.citation = "RFC 7208 sections 5.2 and 6.1",
	.bad = WITH_SPF("v=spf1 include:_spf.example.com ~all")
	    TXT("_spf", "v=spf1 ipv4:198.51.100.25"),
	.good = WITH_SPF("v=spf1 include:_spf.example.com ~all")
	    TXT("_spf", "v=spf1 ip4:198.51.100.25"),
	.record = check_include_broken,
};

static bool
lets_pass(const struct spf_edge *edge)
{
	return edge->node != NULL && edge->node->state == SPF_VALID &&
	    edge->target.p != NULL && edge->term->qualifier == '+';
}

static void
check_include_pass_all(struct lint *lint, const struct record *record)
{
	const struct spf_cost *cost = lint_spf_cost(lint, record);
	const struct spf_reach *reach;
	const struct spf_edge *edge;
	struct diag *diag;

	for (edge = cost == NULL ? NULL : cost->root->edges; edge != NULL;
	    edge = edge->next) {
		if (!lets_pass(edge))
			continue;
		reach = spf_reach(lint->world, lint->arena, edge->target);
		if (!reach->everybody)
			continue;
		diag = complain_term(lint, record, edge->term, "every host on "
		    "the Internet may send as %.*s, because the record of "
		    "%.*s lets it", NAME_ARG(record),
		    STR_ARG(name_show(edge->target)));
		diag_help(lint, diag, "remove the term, or mend the record "
		    "that it names");
		if (edge->node->record != NULL)
			diag_note(lint, diag, edge->node->record->rdata_span,
			    "the record stands here");
	}
}

static const struct rule include_pass_all = {
	.id = "spf-include-pass-all",
	.level = LEVEL_ERROR,
	.subject = SUBJECT_SPF,
	.marks = MARK_LOOKUP,
	.summary = "included SPF record lets every host send",
	.rationale = "What passes in an included record passes in the one "
	    "that includes it. With +all or a prefix length of 0 there, "
	    "forged mail passes SPF here, and with it DMARC.",
	.citation = "RFC 7208 section 5.2",
	.bad = WITH_SPF("v=spf1 include:_spf.example.com ~all")
	    TXT("_spf", "v=spf1 ip4:198.51.100.25 +all"),
	.good = WITH_SPF("v=spf1 include:_spf.example.com ~all")
	    TXT("_spf", "v=spf1 ip4:198.51.100.25 ~all"),
	.record = check_include_pass_all,
};

static void
check_redirect_foreign(struct lint *lint, const struct record *record)
{
	const struct spf_term *term = record->spf->redirect;
	struct str target, own, other;
	bool known = true;
	struct diag *diag;

	if (term == NULL || record->spf->all != NULL)
		return;
	target = spf_target(lint->arena, term, record->owner);
	if (target.p == NULL)
		return;
	own = lint_organization(lint, record->owner, MODEL_7489, &known);
	other = lint_organization(lint, target, MODEL_7489, NULL);
	if (!known || str_equal(own, other))
		return;
	diag = complain_term(lint, record, term, "%.*s decides alone who may "
	    "send as %.*s", STR_ARG(other), NAME_ARG(record));
	diag_help(lint, diag, "\"include:%.*s\" and an \"all\" of your own "
	    "leave the end to you", STR_ARG(target));
}

static const struct rule redirect_foreign = {
	.id = "spf-redirect-foreign",
	.level = LEVEL_NOTE,
	.subject = SUBJECT_SPF,
	.marks = MARK_TERM(SPF_REDIRECT),
	.summary = "redirect leads to another organization",
	.rationale = "redirect is for names under one administration: the "
	    "other record decides everything, its end too. For senders "
	    "elsewhere there is include.",
	.citation = "RFC 7208 section 6.1",
	.bad = WITH_SPF("v=spf1 redirect=_spf.example.net"),
	.good = WITH_SPF("v=spf1 redirect=_spf.example.com")
	    TXT("_spf", "v=spf1 ip4:198.51.100.25 ~all"),
	.record = check_redirect_foreign,
};

/* Those of records, and three that only explanations know: section 7.2. */
static bool
has_bad_macro(struct str text)
{
	struct cursor in = { text, 0 };
	struct spf_macro macro;

	while (spf_macro_next(&in, &macro))
		if (!macro.valid && (macro.end < macro.start + 3 ||
		    text.p[macro.start + 1] != '{' ||
		    !str_has(STR("crtCRT"), text.p[macro.start + 2])))
			return true;
	return false;
}

static const char *
why_no_explanation(const struct answer *answer)
{
	if (answer->kind == ANSWER_NODATA || answer->kind == ANSWER_NXDOMAIN)
		return "has no TXT record";
	if (answer->kind == ANSWER_DATA && answer->count > 1)
		return "has more than one TXT record";
	if (answer->kind == ANSWER_DATA && answer->count == 1 &&
	    !str_is_ascii(answer->records[0]->text))
		return "has a text that is not ASCII";
	if (answer->kind == ANSWER_DATA && answer->count == 1 &&
	    has_bad_macro(answer->records[0]->text))
		return "has a text with a \"%\" that is no macro";
	return NULL;
}

/* spf-target-invalid-name tells it, and what was meant. */
static bool
cannot_be_a_name(const struct spf *spf, const struct spf_term *term)
{
	const struct problem *problem;

	for (problem = spf->problems.first; problem != NULL;
	    problem = problem->next)
		if (problem->kind == SPF_NAME_LABELS &&
		    problem->start >= term->start && problem->end <= term->end)
			return true;
	return false;
}

static void
check_exp_broken(struct lint *lint, const struct record *record)
{
	const struct spf_term *term;
	struct answer answer;
	struct str target;
	const char *why;
	struct diag *diag;

	for (term = record->spf->terms; term != NULL; term = term->next) {
		if (term->kind != SPF_EXP || term->broken ||
		    cannot_be_a_name(record->spf, term) ||
		    !zone_is_whole(record->zone))
			continue;
		target = spf_target(lint->arena, term, record->owner);
		if (target.p == NULL)
			continue;
		answer = zones_ask(lint->world->zones, lint->arena, target,
		    RR_TXT);
		why = why_no_explanation(&answer);
		if (why == NULL)
			continue;
		diag = complain_term(lint, record, term, "senders that fail "
		    "get no explanation, because %.*s %s",
		    STR_ARG(name_show(target)), why);
		diag_help(lint, diag, "publish one TXT record of plain ASCII "
		    "there, a percent sign as \"%%%%\", or remove \"exp\"");
	}
}

static const struct rule exp_broken = {
	.id = "spf-exp-broken",
	.level = LEVEL_WARNING,
	.subject = SUBJECT_SPF,
	.marks = MARK_TERM(SPF_EXP),
	.summary = "explanation of exp cannot be used",
	.rationale = "exp names one TXT record in ASCII, which refused "
	    "senders may get to read. Anything else is ignored.",
	.citation = "RFC 7208 section 6.2",
	.bad = WITH_SPF("v=spf1 ip4:198.51.100.25 ~all exp=why.example.com"),
	.good = WITH_SPF("v=spf1 ip4:198.51.100.25 ~all exp=why.example.com")
	    TXT("why", "see https://example.com/spf"),
	.record = check_exp_broken,
};

const struct rule *const spf_graph_rules[] = {
	&a_no_address,
	&dangling_target,
	&exp_broken,
	&include_broken,
	&include_loop,
	&include_missing,
	&include_pass_all,
	&mx_no_mx,
	&mx_over_10,
	&redirect_foreign,
	NULL
};
