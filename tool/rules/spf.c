/* SPF: is it a record, and can receivers read its terms? RFC 7208, 4.6. */
#include <stdarg.h>
#include <string.h>

#include "base/address.h"
#include "base/arena.h"
#include "rules/check.h"

static const struct str version = STR_INIT("v=spf1");

/* A text where SPF belongs that receivers do not take for it. */
static bool
is_passed_over(const struct record *record)
{
	return record->type == RR_TXT && record->auth == AUTH_NONE &&
	    auth_place(record->owner, NULL, NULL) == AUTH_SPF;
}

static void
check_version_terminator(struct lint *lint, const struct record *record)
{
	size_t end = version.n;
	struct str text = record->text;
	struct diag *diag;

	if (!str_starts_case(text, version) || !is_passed_over(record))
		return;
	end += str_find(str_after(text, end), ' ');
	if (text_is_explained(lint, record, 0, end))
		return;
	diag = complain_text(lint, record, 0, end, "receivers find no SPF "
	    "record here, because \"%.*s\" is not followed by a space",
	    STR_ARG(str_slice(text, 0, version.n)));
	diag_help(lint, diag, "put a space behind \"v=spf1\"");
	if (end == version.n + 1 && str_has(STR(";,:"), text.p[version.n]) &&
	    !place_is_taken(lint, record->owner, AUTH_SPF, record))
		diag_fix_text(lint, diag, FIX_UNSAFE, record, version.n, end,
		    end < text.n ? STR("") : STR(" "));
}

static const struct rule version_terminator = {
	.id = "spf-version-terminator",
	.level = LEVEL_ERROR,
	.subject = SUBJECT_TXT,
	.in_sight = true,
	.fix = FIX_UNSAFE,
	.marks = MARK_NO_KIND,
	.summary = "v=spf1 is not followed by a space",
	.rationale = "Receivers take a text for an SPF record only when "
	    "v=spf1 is followed by a space or nothing. With a semicolon or a "
	    "letter behind it there is no SPF: anybody may send.",
	.citation = "RFC 7208 section 4.5",
	.bad = WITH_SPF("v=spf1; ip4:198.51.100.25 ~all"),
	.good = WITH_SPF("v=spf1 ip4:198.51.100.25 ~all"),
	.record = check_version_terminator,
};

static void
check_leading_space(struct lint *lint, const struct record *record)
{
	struct cursor in = { record->text, 0 };
	struct diag *diag;

	cursor_while(&in, STR(" \t"));
	if (in.here == 0 || auth_version(cursor_rest(&in)) != AUTH_SPF ||
	    !is_passed_over(record))
		return;
	diag = complain_text(lint, record, 0, in.here, "receivers find no "
	    "SPF record here, because a blank stands before \"v=spf1\"");
	diag_help(lint, diag, "remove what stands before \"v=spf1\"");
	if (!place_is_taken(lint, record->owner, AUTH_SPF, record))
		diag_fix_text(lint, diag, FIX_UNSAFE, record, 0, in.here,
		    STR(""));
}

static const struct rule leading_space = {
	.id = "spf-leading-space",
	.level = LEVEL_ERROR,
	.subject = SUBJECT_TXT,
	.in_sight = true,
	.fix = FIX_UNSAFE,
	.marks = MARK_NO_KIND,
	.summary = "white space stands before v=spf1",
	.rationale = "Receivers only choose texts that begin with v=spf1. "
	    "With a blank before it there is no SPF: anybody may send.",
	.citation = "RFC 7208 section 4.5",
	.bad = WITH_SPF(" v=spf1 ip4:198.51.100.25 ~all"),
	.good = WITH_SPF("v=spf1 ip4:198.51.100.25 ~all"),
	.record = check_leading_space,
};

static void
check_senderid(struct lint *lint, const struct record *record)
{
	struct diag *diag;

	if (!str_starts_case(record->text, STR("spf2.0/")))
		return;
	diag = complain_text(lint, record, 0, record->text.n, "no receiver "
	    "reads this record: Sender ID is dead");
	diag_help(lint, diag, "remove it");
	diag_fix_remove_record(lint, diag, FIX_UNSAFE, record);
}

static const struct rule senderid = {
	.id = "spf-senderid",
	.level = LEVEL_NOTE,
	.subject = SUBJECT_TXT,
	.in_sight = true,
	.fix = FIX_UNSAFE,
	.marks = MARK_NO_KIND | MARK_KIND(AUTH_DKIM),
	.summary = "record of Sender ID",
	.rationale = "Sender ID was an experiment that ended in 2012. The "
	    "record does nothing and goes stale beside that of SPF.",
	.citation = "RFC 6686 section 6",
	.bad = QUIET_SOA QUIET_MX QUIET_SPF QUIET_DMARC
	    TXT("@", "spf2.0/pra ip4:198.51.100.25 ~all"),
	.good = QUIET_SOA QUIET_MX QUIET_SPF QUIET_DMARC,
	.record = check_senderid,
};

/* ---- the grammar --------------------------------------------------------- */

static const struct spf_term *
term_at(const struct spf *spf, size_t place)
{
	const struct spf_term *term;

	for (term = spf->terms; term != NULL; term = term->next)
		if (place >= term->start && place < term->end)
			return term;
	return spf->terms;
}

/* The next problem of this kind which no rule about texts explains. */
static const struct problem *
next_problem(struct lint *lint, const struct record *record,
    const struct problem *problem, enum spf_problem kind)
{
	problem = problem == NULL ? record->spf->problems.first :
	    problem->next;
	for (; problem != NULL; problem = problem->next)
		if (problem->kind == (int)kind && !text_is_explained(lint,
		    record, problem->start, problem->end))
			break;
	return problem;
}

static struct diag *
pass_on(struct lint *lint, const struct record *record,
    const struct problem *problem)
{
	return complain_text(lint, record, problem->start, problem->end,
	    "%.*s", STR_ARG(problem->what));
}

bool
spf_term_has_glued_all(const struct spf_term *term)
{
	static const size_t sign = sizeof("all") - 1;
	struct str text = term->text;

	return text.n > sign + 1 && str_equal_case(str_after(text, text.n -
	    sign), STR("all")) &&
	    str_has(STR("+-~?"), text.p[text.n - sign - 1]);
}

/* "a:example.net~all": the blank is missing. */
static bool
mend_glued_all(struct lint *lint, struct diag *diag,
    const struct record *record, const struct problem *problem)
{
	const struct spf_term *term = term_at(record->spf, problem->start);
	const struct spf_term *head, *after;
	struct problems problems = { 0 };
	size_t at;

	if (!spf_term_has_glued_all(term))
		return false;
	at = term->text.n - sizeof("all");
	head = spf_term_parse(lint->arena, str_slice(term->text, 0, at), 0,
	    &problems);
	after = term->next;
	while (after != NULL && !spf_is_mechanism(after->kind))
		after = after->next;
	/* What follows would not be reached. */
	if (head->broken || !spf_is_mechanism(head->kind) || after != NULL)
		return false;
	diag_help(lint, diag, "put a blank before \"%.*s\"",
	    STR_ARG(str_after(term->text, at)));
	diag_fix_text(lint, diag, FIX_UNSAFE, record, term->start + at,
	    term->start + at, STR(" "));
	return true;
}

/* All problems of a kind, with one help for all; NULL for none. */
static void
pass_on_all(struct lint *lint, const struct record *record,
    enum spf_problem kind, const char *help)
{
	const struct problem *problem = NULL;
	struct diag *diag;

	if (record->spf->problems.first == NULL)
		return;
	while ((problem = next_problem(lint, record, problem, kind)) !=
	    NULL) {
		diag = pass_on(lint, record, problem);
		if (!mend_glued_all(lint, diag, record, problem) &&
		    help != NULL)
			diag_help(lint, diag, "%s", help);
	}
}

/* "include: example.net": the blank is what is wrong. */
static bool
mend_blank(struct lint *lint, struct diag *diag, const struct record *record,
    const struct problem *problem)
{
	bool colon;

	if (problem->start == problem->end || str_trim(str_slice(record->text,
	    problem->start, problem->end)).n > 0)
		return false;
	colon = problem->start > 0 &&
	    !str_has(STR(":="), record->text.p[problem->start - 1]);
	diag_help(lint, diag, colon ? "write \":\" in place of the blank" :
	    "remove the blank");
	diag_fix_text(lint, diag, FIX_UNSAFE, record, problem->start,
	    problem->end, colon ? STR(":") : STR(""));
	return true;
}

static void
check_syntax(struct lint *lint, const struct record *record)
{
	static const enum spf_problem kinds[] = { SPF_BAD_TERM,
		SPF_BAD_CHARACTER, SPF_BAD_CIDR, SPF_UNEXPECTED_CIDR,
		SPF_UNEXPECTED_VALUE, SPF_BAD_TARGET };
	size_t i;

	for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		pass_on_all(lint, record, kinds[i], NULL);
}

static const struct rule syntax = {
	.id = "spf-syntax",
	.level = LEVEL_ERROR,
	.subject = SUBJECT_SPF,
	.fix = FIX_UNSAFE,
	.marks = MARK_PROBLEM,
	.summary = "SPF record cannot be parsed",
	.rationale = "One malformed term anywhere makes the whole record a "
	    "permanent error. Receivers then treat mail as if there were no "
	    "SPF, or refuse it.",
	.citation = "RFC 7208 section 4.6",
	.bad = WITH_SPF("v=spf1 a:mail.example.com~all"),
	.good = WITH_SPF("v=spf1 a:mail.example.com/24 ~all"),
	.record = check_syntax,
};

/* "include.example.net": the colon was typed as a dot. */
static bool
find_dot(const struct spf_term *term, size_t *at)
{
	static const struct str starts[] = { STR_INIT("include."),
		STR_INIT("exists.") };
	size_t i;

	for (i = 0; i < sizeof(starts) / sizeof(starts[0]); i++)
		if (str_starts_case(term->name, starts[i]) &&
		    str_has(str_after(term->name, starts[i].n), '.')) {
			*at = starts[i].n - 1;
			return true;
		}
	return false;
}

/* "ip:2001:db8::1": the address says of which family. */
static const char *
near_name(const struct spf_term *term)
{
	const char *near = spf_name_near(term->name);
	bool colon = str_has(term->target, ':');

	/* Modifiers have a value. */
	if (term->target.n == 0 && near != NULL &&
	    (strcmp(near, "exp") == 0 || strcmp(near, "redirect") == 0))
		return NULL;
	if (near != NULL && strcmp(near, "ip4") == 0 && colon)
		return "ip6";
	return near != NULL && strcmp(near, "ip6") == 0 && !colon ? "ip4" :
	    near;
}

/* What was meant, as far as it can be guessed. */
static void
suggest_mechanism(struct lint *lint, struct diag *diag,
    const struct record *record, const struct spf_term *term)
{
	size_t start = term->start + term->qualified, at;
	const char *near = near_name(term);

	if (find_dot(term, &at)) {
		diag_help(lint, diag, "did you mean \"%.*s:%.*s\"?",
		    STR_ARG(str_slice(term->name, 0, at)),
		    STR_ARG(str_after(term->name, at + 1)));
		diag_fix_text(lint, diag, FIX_UNSAFE, record, start + at,
		    start + at + 1, STR(":"));
	} else if (near != NULL && term->name.n > 0) {
		diag_help(lint, diag, "did you mean \"%s\"?", near);
		diag_fix_text(lint, diag, FIX_UNSAFE, record, start,
		    start + term->name.n, str_from(near));
	}
}

static void
check_unknown_mechanism(struct lint *lint, const struct record *record)
{
	const struct problem *problem = NULL;
	const struct spf_term *term;
	struct diag *diag;

	if (record->spf->problems.first == NULL)
		return;
	while ((problem = next_problem(lint, record, problem,
	    SPF_UNKNOWN_MECHANISM)) != NULL) {
		term = term_at(record->spf, problem->start);
		diag = pass_on(lint, record, problem);
		if (!mend_blank(lint, diag, record, problem) &&
		    term->kind == SPF_UNKNOWN)
			suggest_mechanism(lint, diag, record, term);
	}
}

static const struct rule unknown_mechanism = {
	.id = "spf-unknown-mechanism",
	.level = LEVEL_ERROR,
	.subject = SUBJECT_SPF,
	.fix = FIX_UNSAFE,
	.marks = MARK_PROBLEM,
	.summary = "SPF has no such mechanism",
	.rationale = "A term that is no mechanism of SPF makes the whole "
	    "record a permanent error, so that the right terms do not count "
	    "either.",
	.citation = "RFC 7208 section 4.6",
	.bad = WITH_SPF("v=spf1 ipv4:198.51.100.25 ~all"),
	.good = WITH_SPF("v=spf1 ip4:198.51.100.25 ~all"),
	.record = check_unknown_mechanism,
};

/* Receivers pass over it now: a term that they cannot read would be worse. */
static void
fix_mechanism(struct lint *lint, struct diag *diag,
    const struct record *record, const struct problem *problem)
{
	const struct spf_term *term = term_at(record->spf, problem->start);
	const char *colon = term->target.n > 0 ? ":" : "";
	struct problems problems = { 0 };
	struct str right;

	right = arena_printf(lint->arena, "%.*s%s%.*s", STR_ARG(term->name),
	    colon, STR_ARG(term->target));
	if (spf_term_parse(lint->arena, right, 0, &problems)->broken)
		return;
	diag_help(lint, diag, "write " STR_QUOTE, STR_QUOTE_ARG(right));
	diag_fix_text(lint, diag, FIX_UNSAFE, record, problem->start,
	    problem->end, str_from(colon));
}

static void
check_mechanism_as_modifier(struct lint *lint, const struct record *record)
{
	const struct problem *problem = NULL;
	struct diag *diag;

	if (record->spf->problems.first == NULL)
		return;
	while ((problem = next_problem(lint, record, problem,
	    SPF_MECHANISM_AS_MODIFIER)) != NULL) {
		diag = pass_on(lint, record, problem);
		if (!str_is_case(term_at(record->spf, problem->start)->name,
		    "all"))
			fix_mechanism(lint, diag, record, problem);
	}
}

static const struct rule mechanism_as_modifier = {
	.id = "spf-mechanism-as-modifier",
	.level = LEVEL_ERROR,
	.subject = SUBJECT_SPF,
	.fix = FIX_UNSAFE,
	.marks = MARK_PROBLEM,
	.summary = "mechanism is written with an equals sign",
	.rationale = "With \"=\" a term is a modifier, and receivers pass "
	    "over modifiers that they do not know. Whoever was meant to be "
	    "authorised is not, and nobody is told.",
	.citation = "RFC 7208 sections 4.6.1 and 6",
	.bad = WITH_SPF("v=spf1 ip4=198.51.100.25 ~all"),
	.good = WITH_SPF("v=spf1 ip4:198.51.100.25 ~all"),
	.record = check_mechanism_as_modifier,
};

static void
check_modifier_as_mechanism(struct lint *lint, const struct record *record)
{
	const struct problem *problem = NULL;
	struct diag *diag;

	if (record->spf->problems.first == NULL)
		return;
	while ((problem = next_problem(lint, record, problem,
	    SPF_MODIFIER_AS_MECHANISM)) != NULL) {
		diag = pass_on(lint, record, problem);
		diag_help(lint, diag, "write \"=\" in place of \":\"");
		diag_fix_text(lint, diag, FIX_UNSAFE, record, problem->start,
		    problem->end, STR("="));
	}
}

static const struct rule modifier_as_mechanism = {
	.id = "spf-modifier-as-mechanism",
	.level = LEVEL_ERROR,
	.subject = SUBJECT_SPF,
	.fix = FIX_UNSAFE,
	.marks = MARK_PROBLEM,
	.summary = "redirect or exp is written with a colon",
	.rationale = "redirect and exp take an equals sign. With a colon they "
	    "are mechanisms that do not exist, and the whole record is a "
	    "permanent error.",
	.citation = "RFC 7208 section 4.6",
	.bad = WITH_SPF("v=spf1 redirect:_spf.example.net"),
	.good = WITH_SPF("v=spf1 redirect=_spf.example.net"),
	.record = check_modifier_as_mechanism,
};

static void
check_qualifier_on_modifier(struct lint *lint, const struct record *record)
{
	const struct problem *problem = NULL;
	struct diag *diag;

	if (record->spf->problems.first == NULL)
		return;
	while ((problem = next_problem(lint, record, problem,
	    SPF_QUALIFIER_ON_MODIFIER)) != NULL) {
		diag = pass_on(lint, record, problem);
		diag_help(lint, diag, "remove it");
		diag_fix_text(lint, diag, FIX_UNSAFE, record, problem->start,
		    problem->end, STR(""));
	}
}

static const struct rule qualifier_on_modifier = {
	.id = "spf-qualifier-on-modifier",
	.level = LEVEL_ERROR,
	.subject = SUBJECT_SPF,
	.fix = FIX_UNSAFE,
	.marks = MARK_PROBLEM,
	.summary = "qualifier stands before redirect or exp",
	.rationale = "Only mechanisms take +, -, ~ or ?. Before a modifier a "
	    "qualifier makes the whole record a permanent error.",
	.citation = "RFC 7208 section 4.6.1",
	.bad = WITH_SPF("v=spf1 -redirect=_spf.example.net"),
	.good = WITH_SPF("v=spf1 redirect=_spf.example.net"),
	.record = check_qualifier_on_modifier,
};

/* ---- addresses ----------------------------------------------------------- */

/* What the text behind ip4: or ip6: might have been meant as. */
static const char *
other_name(const struct spf_term *term)
{
	unsigned char octets[16];

	if (term->kind == SPF_IP4 && address_parse_ip6(term->target, octets))
		return "ip6";
	if (term->kind == SPF_IP6 && address_parse_ip4(term->target, octets))
		return "ip4";
	if (name_is_host(term->target, true) &&
	    byte_is_letter((unsigned char)term->target.p[term->target.n - 1]))
		return "a";
	return NULL;
}

static void
pass_on_address(struct lint *lint, const struct record *record,
    enum spf_problem kind)
{
	const struct problem *problem = NULL;
	const struct spf_term *term;
	const char *other;
	struct diag *diag;

	if (record->spf->problems.first == NULL)
		return;
	while ((problem = next_problem(lint, record, problem, kind)) !=
	    NULL) {
		term = term_at(record->spf, problem->start);
		diag = pass_on(lint, record, problem);
		if (mend_blank(lint, diag, record, problem) ||
		    mend_glued_all(lint, diag, record, problem))
			continue;
		other = term->target.n == 0 ? NULL : other_name(term);
		if (other != NULL)
			diag_help(lint, diag, "did you mean \"%s:%.*s\"?",
			    other, STR_ARG(term->target));
	}
}

static void
check_ip4(struct lint *lint, const struct record *record)
{
	pass_on_address(lint, record, SPF_BAD_IP4);
}

static const struct rule ip4_invalid = {
	.id = "spf-ip4-invalid",
	.level = LEVEL_ERROR,
	.subject = SUBJECT_SPF,
	.fix = FIX_UNSAFE,
	.marks = MARK_PROBLEM,
	.summary = "ip4 without a proper IPv4 network",
	.rationale = "ip4 takes four numbers without leading zeros and "
	    "perhaps a prefix length up to 32. Anything else makes the whole "
	    "record a permanent error.",
	.citation = "RFC 7208 section 5.6",
	.bad = WITH_SPF("v=spf1 ip4:198.51.100.0/33 "
	    "ip4: 198.51.100.25 ~all"),
	.good = WITH_SPF("v=spf1 ip4:198.51.100.0/28 ~all"),
	.record = check_ip4,
};

static void
check_ip6(struct lint *lint, const struct record *record)
{
	pass_on_address(lint, record, SPF_BAD_IP6);
}

static const struct rule ip6_invalid = {
	.id = "spf-ip6-invalid",
	.level = LEVEL_ERROR,
	.subject = SUBJECT_SPF,
	.fix = FIX_UNSAFE,
	.marks = MARK_PROBLEM,
	.summary = "ip6 without a proper IPv6 network",
	.rationale = "ip6 takes an IPv6 address and perhaps a prefix length "
	    "up to 128. Anything else makes the whole record a permanent "
	    "error.",
	.citation = "RFC 7208 section 5.6",
	.bad = WITH_SPF("v=spf1 ip6:2001:db8::25::1 "
	    "ip6: 2001:db8::25 ~all"),
	.good = WITH_SPF("v=spf1 ip6:2001:db8::25 ~all"),
	.record = check_ip6,
};

/* "a:192.0.2.1" can only mean ip4; nobody knows what mx: or include: meant. */
static void
check_ip_in_name(struct lint *lint, const struct record *record)
{
	const struct problem *problem = NULL;
	const struct spf_term *term;
	const char *name;
	struct diag *diag;
	size_t start;

	if (record->spf->problems.first == NULL)
		return;
	while ((problem = next_problem(lint, record, problem,
	    SPF_IP_AS_NAME)) != NULL) {
		term = term_at(record->spf, problem->start);
		name = str_has(term->target, ':') ? "ip6" : "ip4";
		diag = pass_on(lint, record, problem);
		if (term->kind == SPF_EXP)
			continue;
		diag_help(lint, diag, "write \"%s:%.*s\"", name,
		    STR_ARG(term->target));
		start = term->start + term->qualified;
		if (term->kind == SPF_A)
			diag_fix_text(lint, diag, FIX_UNSAFE, record, start,
			    start + term->name.n, str_from(name));
	}
}

static const struct rule ip_in_name = {
	.id = "spf-ip-in-name-mechanism",
	.level = LEVEL_ERROR,
	.subject = SUBJECT_SPF,
	.fix = FIX_UNSAFE,
	.marks = MARK_PROBLEM,
	.summary = "address stands where SPF wants a domain name",
	.rationale = "a, mx, include and the like take names. An address "
	    "there is no domain name and makes the whole record a permanent "
	    "error.",
	.citation = "RFC 7208 section 7.1",
	.bad = WITH_SPF("v=spf1 a:198.51.100.25 ~all"),
	.good = WITH_SPF("v=spf1 ip4:198.51.100.25 ~all"),
	.record = check_ip_in_name,
};

/* ---- targets ------------------------------------------------------------- */

static void
check_single_label(struct lint *lint, const struct record *record)
{
	pass_on_all(lint, record, SPF_SINGLE_LABEL,
	    "write the whole name, as in mail.example.com: SPF knows no "
	    "origin");
}

static const struct rule single_label = {
	.id = "spf-single-label-target",
	.level = LEVEL_ERROR,
	.subject = SUBJECT_SPF,
	.marks = MARK_PROBLEM,
	.summary = "name in an SPF term is a single label",
	.rationale = "Names in SPF are whole names: the origin of the zone is "
	    "not appended. One without a dot makes the whole record a "
	    "permanent error.",
	.citation = "RFC 7208 section 7.1",
	.bad = WITH_SPF("v=spf1 a:mail ~all"),
	.good = WITH_SPF("v=spf1 a:mail.example.com ~all"),
	.record = check_single_label,
};

static void
check_empty_target(struct lint *lint, const struct record *record)
{
	const struct problem *problem = NULL;

	if (record->spf->problems.first == NULL)
		return;
	while ((problem = next_problem(lint, record, problem,
	    SPF_EMPTY_TARGET)) != NULL)
		mend_blank(lint, pass_on(lint, record, problem), record,
		    problem);
}

static const struct rule empty_target = {
	.id = "spf-empty-target",
	.level = LEVEL_ERROR,
	.subject = SUBJECT_SPF,
	.fix = FIX_UNSAFE,
	.marks = MARK_PROBLEM,
	.summary = "SPF term names no domain",
	.rationale = "include, exists, redirect and every colon want a name "
	    "behind them. Without one the whole record is a permanent error.",
	.citation = "RFC 7208 sections 5.2 and 7.1",
	.bad = WITH_SPF("v=spf1 include: _spf.example.net ~all"),
	.good = WITH_SPF("v=spf1 include:_spf.example.net ~all"),
	.record = check_empty_target,
};

/*
 * Is it seen that nothing is at the target? Rules for include, a, mx and exists
 * tell that.
 */
static bool
leads_to_nothing(struct lint *lint, const struct spf_term *term,
    struct str owner)
{
	struct str target = spf_target(lint->arena, term, owner);
	enum answer_kind kind;

	if (target.p == NULL || term->kind == SPF_PTR || term->kind == SPF_EXP)
		return false;
	kind = zones_exists(lint->world->zones, lint->arena, target);
	return kind == ANSWER_NXDOMAIN || kind == ANSWER_NODATA;
}

static void
check_target_invalid_name(struct lint *lint, const struct record *record)
{
	const struct problem *problem = NULL;

	if (record->spf->problems.first == NULL)
		return;
	while ((problem = next_problem(lint, record, problem,
	    SPF_NAME_LABELS)) != NULL)
		if (!leads_to_nothing(lint, term_at(record->spf,
		    problem->start), record->owner))
			mend_glued_all(lint, pass_on(lint, record, problem),
			    record, problem);
}

static const struct rule target_invalid_name = {
	.id = "spf-target-invalid-name",
	.level = LEVEL_WARNING,
	.subject = SUBJECT_SPF,
	.fix = FIX_UNSAFE,
	.marks = MARK_PROBLEM,
	.summary = "name in an SPF term cannot exist",
	.rationale = "A name with an empty label or one above 63 octets cannot "
	    "be asked for. Some receivers go on with the next term, "
	    "others give up on the record. With a comma or an at sign it is "
	    "not the name of anybody's domain: terms were run together, or "
	    "it is an address.",
	.citation = "RFC 7208 section 4.8",
	.bad = WITH_SPF("v=spf1 include:spf.example.net-all"),
	.good = WITH_SPF("v=spf1 include:spf.example.net ~all"),
	.record = check_target_invalid_name,
};

static void
check_trailing_dot(struct lint *lint, const struct record *record)
{
	const struct spf_term *term;
	struct diag *diag;

	for (term = record->spf->terms; term != NULL; term = term->next) {
		if (term->broken || !str_ends(term->target, STR(".")) ||
		    term->kind == SPF_MODIFIER)
			continue;
		diag = complain_text(lint, record, term->target_end - 1,
		    term->target_end, "some receivers stumble over the final "
		    "dot of " STR_QUOTE, STR_QUOTE_ARG(term->target));
		diag_help(lint, diag, "in SPF names are written without it");
		diag_fix_text(lint, diag, FIX_SAFE, record,
		    term->target_end - 1, term->target_end, STR(""));
	}
}

static const struct rule trailing_dot = {
	.id = "spf-trailing-dot",
	.level = LEVEL_NOTE,
	.subject = SUBJECT_SPF,
	.fix = FIX_SAFE,
	.summary = "name in an SPF term ends with a dot",
	.rationale = "Names in SPF are always whole. A final dot is allowed "
	    "but should not be published.",
	.citation = "RFC 7208 section 7.3",
	.bad = WITH_SPF("v=spf1 include:_spf.example.net. ~all"),
	.good = WITH_SPF("v=spf1 include:_spf.example.net ~all"),
	.record = check_trailing_dot,
};

/* ---- the rest of the grammar --------------------------------------------- */

static void
check_macro_syntax(struct lint *lint, const struct record *record)
{
	pass_on_all(lint, record, SPF_BAD_MACRO,
	    "macros are %{s}, %{l}, %{o}, %{d}, %{i}, %{h}, %{v}, and \"%\" "
	    "itself is written \"%%\"");
}

static const struct rule macro_syntax = {
	.id = "spf-macro-syntax",
	.level = LEVEL_ERROR,
	.subject = SUBJECT_SPF,
	.marks = MARK_PROBLEM,
	.summary = "macro in an SPF term is malformed",
	.rationale = "A percent sign begins a macro. One that is no macro of "
	    "SPF makes the whole record a permanent error; %{c}, %{r} and "
	    "%{t} are for explanations only.",
	.citation = "RFC 7208 sections 7.1 to 7.3",
	.bad = WITH_SPF("v=spf1 exists:%{x}.spf.example.net ~all"),
	.good = WITH_SPF("v=spf1 exists:%{i}.spf.example.net ~all"),
	.record = check_macro_syntax,
};

static void
check_modifier_duplicate(struct lint *lint, const struct record *record)
{
	pass_on_all(lint, record, SPF_REPEATED_MODIFIER,
	    "leave only the one that you mean");
}

static const struct rule modifier_duplicate = {
	.id = "spf-modifier-duplicate",
	.level = LEVEL_ERROR,
	.subject = SUBJECT_SPF,
	.marks = MARK_PROBLEM,
	.summary = "redirect or exp stands in the record twice",
	.rationale = "Each of the two modifiers may stand once. Twice makes "
	    "the whole record a permanent error.",
	.citation = "RFC 7208 section 6",
	.bad = WITH_SPF("v=spf1 redirect=_spf.example.net "
	    "redirect=_spf.example.org"),
	.good = WITH_SPF("v=spf1 redirect=_spf.example.net"),
	.record = check_modifier_duplicate,
};

/* ---- for the other rules ------------------------------------------------- */

struct diag *
complain_term(struct lint *lint, const struct record *record,
    const struct spf_term *term, const char *format, ...)
{
	struct diag *diag;
	va_list args;

	va_start(args, format);
	diag = complain_text_args(lint, record, term->start, term->end,
	    format, args);
	va_end(args);
	return diag;
}

/* With the blanks before it. */
void
diag_fix_remove_term(struct lint *lint, struct diag *diag,
    enum fix_kind kind, const struct record *record,
    const struct spf_term *term)
{
	size_t start = term->start;

	while (start > 0 && record->text.p[start - 1] == ' ')
		start--;
	diag_fix_text(lint, diag, kind, record, start, term->end, STR(""));
}

const struct rule *const spf_rules[] = {
	&empty_target,
	&ip4_invalid,
	&ip6_invalid,
	&ip_in_name,
	&leading_space,
	&macro_syntax,
	&mechanism_as_modifier,
	&modifier_as_mechanism,
	&modifier_duplicate,
	&qualifier_on_modifier,
	&senderid,
	&single_label,
	&syntax,
	&target_invalid_name,
	&trailing_dot,
	&unknown_mechanism,
	&version_terminator,
	NULL
};
