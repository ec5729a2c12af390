/* SPF: what the end of the record says about everybody else. */
#include "base/arena.h"
#include "rules/check.h"

/*
 * Does the record only serve others that include it? Its end then means
 * nothing to anybody.
 */
static bool
is_only_included(const struct lint *lint, const struct record *record)
{
	const struct node *node;

	if (str_starts(record->owner, STR("_")))
		return true;
	node = zone_find(record->zone, record->owner);
	return (node == NULL || (node->types & HAS_MX) == 0) &&
	    name_is_included(lint, record->owner);
}

/*
 * The record at which receivers come to the end, redirects followed, when it
 * is not this one and has no finding of its own for how it ends; else NULL.
 */
static const struct record *
end_of_redirects(struct lint *lint, const struct record *record)
{
	const struct spf_cost *cost;
	const struct spf_node *node;
	const struct spf_edge *edge;

	if (record->spf->redirect == NULL || record->spf->all != NULL ||
	    is_only_included(lint, record) || record_is_void(lint, record))
		return NULL;
	cost = lint_spf_cost(lint, record);
	node = cost == NULL || cost->permerror ? NULL : cost->root;
	while (node != NULL && node->state == SPF_VALID &&
	    node->spf->all == NULL && node->spf->redirect != NULL) {
		edge = node->edges;
		while (edge != NULL && edge->term->kind != SPF_REDIRECT)
			edge = edge->next;
		node = edge == NULL ? NULL : edge->node;
	}
	return node == NULL || node->state != SPF_VALID ||
	    node->record == NULL || node == cost->root ||
	    !is_only_included(lint, node->record) ? NULL : node->record;
}

/* Objects to a redirect whose last record ends like this; 0: without all. */
static struct diag *
complain_end(struct lint *lint, const struct record *record, char qualifier,
    const char *what)
{
	const struct record *last = end_of_redirects(lint, record);
	const struct spf_term *all = last == NULL ? NULL : last->spf->all;
	const struct spf_term *redirect = record->spf->redirect;
	struct diag *diag;

	if (last == NULL || (all == NULL ? '\0' : all->qualifier) != qualifier)
		return NULL;
	diag = complain_text(lint, record, redirect->start, redirect->end,
	    "%s %.*s, because the record of %.*s ends %s%.*s%s", what,
	    NAME_ARG(record), STR_ARG(name_show(last->owner)), all == NULL ?
	    "without \"all" : "with \"", STR_ARG(all == NULL ? STR("") :
	    all->text), "\"");
	diag_note(lint, diag, last->rdata_span, "the record stands here");
	return diag;
}

/* It is there, but for the blank before it. */
static bool
has_glued_all(const struct spf *spf)
{
	const struct spf_term *term;

	for (term = spf->terms; term != NULL; term = term->next)
		if (spf_term_has_glued_all(term))
			return true;
	return false;
}

static void
check_all_missing(struct lint *lint, const struct record *record)
{
	const struct spf *spf = record->spf;
	struct diag *diag;

	if (spf_is_to_be_empty(lint, record))
		return;
	diag = complain_end(lint, record, '\0', "SPF says nothing about hosts "
	    "that are not listed for");
	if (diag != NULL)
		diag_help(lint, diag, "end that record with \"~all\", or with "
		    "\"-all\" when no other host may send");
	if (spf->all != NULL || spf->redirect != NULL || has_glued_all(spf) ||
	    text_is_explained(lint, record, 0, record->text.n) ||
	    is_only_included(lint, record) || record_is_void(lint, record))
		return;
	diag = complain_text(lint, record, 0, record->text.n, "SPF says "
	    "nothing about hosts that are not listed for %.*s",
	    NAME_ARG(record));
	diag_help(lint, diag, "end the record with \"~all\", or with "
	    "\"-all\" when no other host may send");
	diag_fix_text(lint, diag, FIX_UNSAFE, record, record->text.n,
	    record->text.n, STR(" ~all"));
}

static const struct rule all_missing = {
	.id = "spf-all-missing",
	.level = LEVEL_WARNING,
	.subject = SUBJECT_SPF,
	.fix = FIX_UNSAFE,
	.summary = "SPF record ends without all or redirect",
	.rationale = "Without all or redirect the result for every other host "
	    "is neutral, as if there were no SPF: forged mail is not even "
	    "suspicious.",
	.citation = "RFC 7208 section 4.7",
	.bad = WITH_SPF("v=spf1 ip4:198.51.100.25"),
	.good = WITH_SPF("v=spf1 ip4:198.51.100.25 ~all"),
	.record = check_all_missing,
};

/* "- all": the sign stands alone, for which another rule complains. */
static bool
lost_its_sign(const struct record *record, const struct spf_term *all)
{
	struct cursor in = { record->text, 0 };
	struct str word = STR_NONE;

	while (in.here < all->start) {
		cursor_while(&in, STR(" "));
		if (in.here < all->start)
			word = cursor_until(&in, STR(" "));
	}
	return str_is(word, "-") || str_is(word, "~") || str_is(word, "?");
}

/* "exists" of a name that is there, whoever the client is. */
static void
check_exists(struct lint *lint, const struct record *record,
    const struct spf_term *term)
{
	struct str target = spf_target(lint->arena, term, record->owner);
	struct diag *diag;

	if (target.p == NULL || record_is_void(lint, record) ||
	    lint_ask(lint, target, RR_A, NULL) != ANSWER_DATA)
		return;
	diag = complain_text(lint, record, term->start, term->end, "every "
	    "host on the Internet may send as %.*s, because \"%.*s\" asks "
	    "whether %.*s has an address, and it has one", NAME_ARG(record),
	    STR_ARG(term->text), STR_ARG(name_show(target)));
	diag_help(lint, diag, "write \"a:%.*s\" if that host is meant",
	    STR_ARG(name_show(target)));
}

static void
check_all_pass(struct lint *lint, const struct record *record)
{
	const struct spf_term *all = record->spf->all, *term;
	struct diag *diag;

	for (term = record->spf->terms; term != all; term = term->next)
		if (term->kind == SPF_EXISTS && term->qualifier == '+' &&
		    !term->broken)
			check_exists(lint, record, term);

	if (all == NULL || all->broken || all->qualifier != '+' ||
	    (!all->qualified && lost_its_sign(record, all)))
		return;
	diag = complain_text(lint, record, all->start, all->end,
	    "every host on the Internet may send as %.*s", NAME_ARG(record));
	diag_help(lint, diag, "end the record with \"~all\", or with "
	    "\"-all\" when no other host may send");
	diag_fix_text(lint, diag, FIX_UNSAFE, record, all->start, all->end,
	    STR("~all"));
}

static const struct rule all_pass = {
	.id = "spf-all-pass",
	.level = LEVEL_ERROR,
	.subject = SUBJECT_SPF,
	.fix = FIX_UNSAFE,
	.summary = "SPF record lets every host send",
	.rationale = "A record that ends in +all authorises the whole "
	    "Internet, which is worse than having no record: forged mail "
	    "passes SPF, and with it DMARC.",
	.citation = "RFC 7208 section 5.1",
	.bad = WITH_SPF("v=spf1 ip4:198.51.100.25 +all"),
	.good = WITH_SPF("v=spf1 ip4:198.51.100.25 -all"),
	.record = check_all_pass,
};

static void
check_all_neutral(struct lint *lint, const struct record *record)
{
	const struct spf_term *all = record->spf->all;
	struct diag *diag;

	if (spf_is_to_be_empty(lint, record))
		return;
	diag = complain_end(lint, record, '?', "SPF says nothing about hosts "
	    "that are not listed for");
	if (diag != NULL)
		diag_help(lint, diag, "write \"~all\" there, or \"-all\" when "
		    "no other host may send");
	if (all == NULL || all->broken || all->qualifier != '?' ||
	    is_only_included(lint, record) || record_is_void(lint, record))
		return;
	diag = complain_text(lint, record, all->start, all->end, "SPF says "
	    "nothing about hosts that are not listed for %.*s",
	    NAME_ARG(record));
	diag_help(lint, diag, "write \"~all\", or \"-all\" when no other "
	    "host may send");
	diag_fix_text(lint, diag, FIX_UNSAFE, record, all->start, all->end,
	    STR("~all"));
}

static const struct rule all_neutral = {
	.id = "spf-all-neutral",
	.level = LEVEL_WARNING,
	.subject = SUBJECT_SPF,
	.fix = FIX_UNSAFE,
	.summary = "SPF record ends with ?all",
	.rationale = "?all means that nothing is known about other hosts. "
	    "Receivers treat forged mail as if there were no SPF.",
	.citation = "RFC 7208 section 8.2",
	.bad = WITH_SPF("v=spf1 ip4:198.51.100.25 ?all"),
	.good = WITH_SPF("v=spf1 ip4:198.51.100.25 ~all"),
	.record = check_all_neutral,
};

static void
check_all_softfail(struct lint *lint, const struct record *record)
{
	const struct spf_term *all = record->spf->all;
	struct diag *diag;

	if (spf_is_to_be_empty(lint, record))
		return;
	diag = complain_end(lint, record, '~', "the profile's demand for "
	    "\"-all\" is not met at");
	if (diag != NULL)
		diag_help(lint, diag, "end that record with \"-all\" once all "
		    "who send are listed");
	if (all == NULL || all->broken || all->qualifier != '~' ||
	    is_only_included(lint, record) || record_is_void(lint, record))
		return;
	diag = complain_text(lint, record, all->start, all->end, "other hosts "
	    "that send as %.*s are only suspicious, though the profile wants "
	    "them refused", NAME_ARG(record));
	diag_help(lint, diag, "end the record with \"-all\" once all who send "
	    "are listed");
	diag_fix_text(lint, diag, FIX_UNSAFE, record, all->start, all->end,
	    STR("-all"));
}

static const struct rule all_softfail = {
	.id = "spf-all-softfail",
	.level = LEVEL_OFF,
	.subject = SUBJECT_SPF,
	.fix = FIX_UNSAFE,
	.summary = "SPF record ends with ~all where -all is demanded",
	.rationale = "~all asks receivers to accept mail of other hosts with "
	    "suspicion. Some authorities demand -all; RFC 9989 and others "
	    "prefer ~all, because a refusal by SPF alone comes before DKIM "
	    "is looked at.",
	.citation = "ASD ISM-1183, RFC 7208 section 8.5",
	.bad = WITH_SPF("v=spf1 ip4:198.51.100.25 ~all"),
	.good = WITH_SPF("v=spf1 ip4:198.51.100.25 -all"),
	.record = check_all_softfail,
};

/* People write mail from it; the hosts that carry it rightly say -all. */
static bool
is_mail_domain(struct lint *lint, const struct record *record)
{
	const struct node *node = zone_find(record->zone, record->owner);

	return lint->domain != NULL ||
	    str_equal(record->owner, record->zone->name) ||
	    (node != NULL && (node->types & HAS_MX) != 0);
}

/* Where nothing sends with this return path, nothing is forwarded. */
static bool
lets_someone_in(const struct spf *spf)
{
	const struct spf_term *term = spf->terms;

	while (term != NULL && (term->kind == SPF_ALL ||
	    !spf_is_mechanism(term->kind)))
		term = term->next;
	return term != NULL;
}

/* No fix: authorities want the one or the other. */
static void
check_all_hardfail_sending(struct lint *lint, const struct record *record)
{
	const struct spf_term *all = record->spf->all;
	struct diag *diag;

	if (all == NULL || all->broken || all->qualifier != '-' ||
	    !lets_someone_in(record->spf) || !is_mail_domain(lint, record) ||
	    lint_role(lint, record->owner) != MAIL_SENDING ||
	    record_is_void(lint, record))
		return;
	diag = complain_text(lint, record, all->start, all->end, "receivers "
	    "may refuse forwarded mail of %.*s before they look at its DKIM "
	    "signature", NAME_ARG(record));
	diag_help(lint, diag, "with DKIM and DMARC in place, \"~all\" "
	    "protects as well");
}

static const struct rule all_hardfail_sending = {
	.id = "spf-all-hardfail-sending",
	.level = LEVEL_NOTE,
	.subject = SUBJECT_SPF,
	.summary = "domain that sends mail ends its SPF record with -all",
	.rationale = "Some receivers refuse mail on an SPF fail at once. "
	    "Forwarded mail then bounces, though its DKIM signature would "
	    "have passed DMARC, and no report tells of it.",
	.citation = "RFC 9989 section 7.1",
	.bad = WITH_SPF("v=spf1 ip4:198.51.100.25 -all"),
	.good = WITH_SPF("v=spf1 ip4:198.51.100.25 ~all"),
	.record = check_all_hardfail_sending,
};

/*
 * Would a term that nobody gets to today do no harm if they did? One that lets
 * everybody in would, and one at which receivers give up.
 */
static bool
is_harmless(struct lint *lint, const struct record *record,
    const struct spf_term *term)
{
	struct str target = spf_target(lint->arena, term, record->owner);
	const struct spf_node *node;

	if (term->cidr4 == 0 || term->cidr6 == 0 || (term->kind ==
	    SPF_EXISTS && target.p != NULL))
		return false;
	if (term->kind != SPF_INCLUDE || target.p == NULL)
		return true;
	node = spf_cost(lint->world, lint->arena, target)->root;
	return node->state == SPF_NOT_VISIBLE || (node->state == SPF_VALID &&
	    !node->broken_below && !spf_reach(lint->world, lint->arena,
	    target)->everybody);
}

/* Would the record take more lookups than there are, if they all counted? */
static bool
have_room(struct lint *lint, const struct record *record)
{
	const struct spf_cost *cost = lint_spf_cost(lint, record);
	const struct spf_term *term = record->spf->all->next;
	unsigned lookups = cost == NULL ? 0 : cost->lookups_max;

	if (lookups > SPF_MAX_LOOKUPS)
		lookups = cost->lookups_min;
	for (; term != NULL; term = term->next)
		lookups += spf_is_behind_all(record->spf, term) &&
		    spf_costs_lookup(term->kind);
	return lookups <= SPF_MAX_LOOKUPS;
}

static void
check_term_after_all(struct lint *lint, const struct record *record)
{
	const struct spf_term *term, *first = NULL, *last = NULL;
	bool harmless = true;
	struct diag *diag;

	if (record->spf->all == NULL || record->spf->all->broken)
		return;
	for (term = record->spf->all->next; term != NULL; term = term->next) {
		if (!spf_is_mechanism(term->kind) || term->kind == SPF_ALL)
			continue;
		last = term;
		if (first == NULL)
			first = term;
		harmless &= is_harmless(lint, record, term);
	}
	if (first == NULL)
		return;
	diag = complain_text(lint, record, first->start, last->end,
	    "receivers never get to " STR_QUOTE ", because \"%.*s\" stands "
	    "before it", STR_QUOTE_ARG(str_slice(record->text, first->start,
	    last->end)), STR_ARG(record->spf->all->text));
	diag_help(lint, diag, "put \"%.*s\" at the end",
	    STR_ARG(record->spf->all->text));
	if (record->spf->permerror || !harmless || !have_room(lint, record))
		return;
	diag_fix_remove_term(lint, diag, FIX_UNSAFE, record,
	    record->spf->all);
	diag_fix_text(lint, diag, FIX_UNSAFE, record, last->end, last->end,
	    arena_printf(lint->arena, " %.*s",
	    STR_ARG(record->spf->all->text)));
}

static const struct rule term_after_all = {
	.id = "spf-term-after-all",
	.level = LEVEL_WARNING,
	.subject = SUBJECT_SPF,
	.fix = FIX_UNSAFE,
	.summary = "SPF term behind all is never looked at",
	.rationale = "all matches every host, so evaluation ends there. "
	    "Senders that are listed behind it are not authorised, and their "
	    "mail fails.",
	.citation = "RFC 7208 section 5.1",
	.bad = WITH_SPF("v=spf1 ~all ip4:198.51.100.25"),
	.good = WITH_SPF("v=spf1 ip4:198.51.100.25 ~all"),
	.record = check_term_after_all,
};

static void
check_all_duplicate(struct lint *lint, const struct record *record)
{
	const struct spf_term *all = record->spf->all, *term;
	struct diag *diag;

	for (term = all == NULL ? NULL : all->next; term != NULL;
	    term = term->next) {
		if (term->kind != SPF_ALL || term->broken)
			continue;
		diag = complain_text(lint, record, term->start, term->end,
		    "only the first \"%.*s\" counts", STR_ARG(all->text));
		diag_help(lint, diag, "remove \"%.*s\"", STR_ARG(term->text));
		if (!record->spf->permerror)
			diag_fix_remove_term(lint, diag, FIX_SAFE, record,
			    term);
	}
}

static const struct rule all_duplicate = {
	.id = "spf-all-duplicate",
	.level = LEVEL_WARNING,
	.subject = SUBJECT_SPF,
	.fix = FIX_SAFE,
	.summary = "SPF record has all more than once",
	.rationale = "The first all matches every host, the others are never "
	    "looked at. When they differ, somebody is wrong about what the "
	    "record says.",
	.citation = "RFC 7208 section 5.1",
	.bad = WITH_SPF("v=spf1 ip4:198.51.100.25 ~all -all"),
	.good = WITH_SPF("v=spf1 ip4:198.51.100.25 ~all"),
	.record = check_all_duplicate,
};

static void
check_redirect_with_all(struct lint *lint, const struct record *record)
{
	const struct spf_term *redirect = record->spf->redirect;
	struct diag *diag;

	if (record->spf->all == NULL || redirect == NULL ||
	    record->spf->permerror)
		return;
	diag = complain_text(lint, record, redirect->start, redirect->end,
	    "receivers do not follow the redirect, because the record has "
	    "\"%.*s\" as well", STR_ARG(record->spf->all->text));
	diag_help(lint, diag, "keep the one of the two that you mean");
	diag_fix_remove_term(lint, diag, FIX_UNSAFE, record, redirect);
}

static const struct rule redirect_with_all = {
	.id = "spf-redirect-with-all",
	.level = LEVEL_WARNING,
	.subject = SUBJECT_SPF,
	.fix = FIX_UNSAFE,
	.marks = MARK_TERM(SPF_REDIRECT),
	.summary = "redirect does not count beside all",
	.rationale = "Receivers ignore redirect when the record has an all, "
	    "wherever it stands. The senders that the other record lists are "
	    "not authorised.",
	.citation = "RFC 7208 sections 5.1 and 6.1",
	.bad = WITH_SPF("v=spf1 ip4:198.51.100.25 ~all "
	    "redirect=_spf.example.net"),
	.good = WITH_SPF("v=spf1 ip4:198.51.100.25 "
	    "redirect=_spf.example.net"),
	.record = check_redirect_with_all,
};

const struct rule *const spf_all_rules[] = {
	&all_duplicate,
	&all_hardfail_sending,
	&all_missing,
	&all_neutral,
	&all_pass,
	&all_softfail,
	&redirect_with_all,
	&term_after_all,
	NULL
};
