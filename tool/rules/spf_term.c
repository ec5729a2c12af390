/* SPF: terms that receivers can read and that nobody should publish. */
#include "base/arena.h"
#include "rules/check.h"

/* ---- macros -------------------------------------------------------------- */

/* The first macro of the term that has one of the letters. */
static bool
find_macro(const struct spf_term *term, struct str letters,
    struct spf_macro *macro)
{
	struct cursor in = { term->target, 0 };

	if (term->broken || !term->macro)
		return false;
	while (spf_macro_next(&in, macro))
		if (str_has(letters, macro->letter))
			return true;
	return false;
}

static void
check_macro_p(struct lint *lint, const struct record *record)
{
	const struct spf_term *term;
	struct spf_macro macro;
	struct diag *diag;

	for (term = record->spf->terms; term != NULL; term = term->next) {
		if (spf_is_behind_all(record->spf, term) ||
		    !find_macro(term, STR("p"), &macro))
			continue;
		diag = complain_text(lint, record,
		    term->target_start + macro.start,
		    term->target_start + macro.end, "receivers may take the "
		    "macro p for \"unknown\", because asking for it is slow "
		    "and forgeable");
		diag_help(lint, diag, "\"%%{i}\", the address, is known "
		    "without asking");
	}
}

static const struct rule macro_p = {
	.id = "spf-macro-p",
	.level = LEVEL_WARNING,
	.subject = SUBJECT_SPF,
	.marks = MARK_MACRO,
	.summary = "SPF term uses the macro p",
	.rationale = "The macro p asks for the name of the sending host by "
	    "its address: slow, unreliable, and under control of the sender. "
	    "It should not be published.",
	.citation = "RFC 7208 section 7.3",
	.bad = WITH_SPF("v=spf1 exists:%{p}.spf.example.net ~all"),
	.good = WITH_SPF("v=spf1 exists:%{i}.spf.example.net ~all"),
	.record = check_macro_p,
};

static void
check_macro_sender(struct lint *lint, const struct record *record)
{
	const struct spf_term *term;
	struct spf_macro macro;
	struct diag *diag;

	for (term = record->spf->terms; term != NULL; term = term->next) {
		if (!spf_is_mechanism(term->kind) ||
		    spf_is_behind_all(record->spf, term) ||
		    !find_macro(term, STR("sloh"), &macro))
			continue;
		diag = complain_text(lint, record,
		    term->target_start + macro.start,
		    term->target_start + macro.end, "receivers ask the DNS "
		    "anew for every sender address, and one that is not "
		    "ASCII never matches");
		diag_help(lint, diag, "\"%%{i}\" and \"%%{d}\" have few "
		    "values, which resolvers keep");
	}
}

static const struct rule macro_sender = {
	.id = "spf-macro-sender",
	.level = LEVEL_NOTE,
	.subject = SUBJECT_SPF,
	.marks = MARK_MACRO,
	.summary = "SPF term depends on the sender's address",
	.rationale = "Answers that depend on the local part or the HELO name "
	    "cannot be kept by resolvers, and they tell the name server who "
	    "writes to whom. Internationalised addresses never match.",
	.citation = "RFC 7208 section 7.3, RFC 8616 section 4",
	.bad = WITH_SPF("v=spf1 exists:%{l}.users.example.net ~all"),
	.good = WITH_SPF("v=spf1 exists:%{i}.spf.example.net ~all"),
	.record = check_macro_sender,
};

/* ---- modifiers ----------------------------------------------------------- */

static const struct spf_term *
last_mechanism(const struct spf *spf)
{
	const struct spf_term *term, *last = NULL;

	for (term = spf->terms; term != NULL; term = term->next)
		if (spf_is_mechanism(term->kind))
			last = term;
	return last;
}

/* Takes the term out and puts it behind the last mechanism. */
static void
fix_move(struct lint *lint, struct diag *diag, const struct record *record,
    const struct spf_term *term, const struct spf_term *last)
{
	if (record->spf->permerror)
		return;
	diag_fix_text(lint, diag, FIX_SAFE, record, term->start,
	    term->next->start, STR(""));
	diag_fix_text(lint, diag, FIX_SAFE, record, last->end, last->end,
	    arena_printf(lint->arena, " %.*s", STR_ARG(term->text)));
}

static void
check_modifier_not_last(struct lint *lint, const struct record *record)
{
	const struct spf_term *term, *last = last_mechanism(record->spf);
	struct diag *diag;

	if (last == NULL)
		return;
	for (term = record->spf->terms; term != last; term = term->next) {
		if (term->broken || (term->kind != SPF_REDIRECT &&
		    term->kind != SPF_EXP))
			continue;
		diag = complain_text(lint, record, term->start, term->end,
		    "receivers look at \"%s\" only after all mechanisms, "
		    "wherever it stands", spf_kind_name(term->kind));
		diag_help(lint, diag, "put it at the end");
		fix_move(lint, diag, record, term, last);
	}
}

static const struct rule modifier_not_last = {
	.id = "spf-modifier-not-last",
	.level = LEVEL_NOTE,
	.subject = SUBJECT_SPF,
	.fix = FIX_SAFE,
	.marks = MARK_TERM(SPF_REDIRECT) | MARK_TERM(SPF_EXP),
	.summary = "modifier stands before a mechanism",
	.rationale = "redirect and exp count after all mechanisms. Before one "
	    "they suggest to the reader an order that does not exist.",
	.citation = "RFC 7208 section 6",
	.bad = WITH_SPF("v=spf1 exp=why.example.com ip4:198.51.100.25 ~all")
	    TXT("why", "see https://example.com/spf"),
	.good = WITH_SPF("v=spf1 ip4:198.51.100.25 ~all exp=why.example.com")
	    TXT("why", "see https://example.com/spf"),
	.record = check_modifier_not_last,
};

/* Those of RFC 6652 are known, though no mechanism of evaluation. */
static bool
is_registered(struct str name)
{
	return str_is_case(name, "ra") || str_is_case(name, "rp") ||
	    str_is_case(name, "rr");
}

static bool
is_mechanism_name(struct str name)
{
	unsigned kind;

	for (kind = SPF_ALL; kind <= SPF_EXISTS; kind++)
		if (str_is_case(name, spf_kind_name((enum spf_kind)kind)))
			return true;
	return false;
}

static void
check_unknown_modifier(struct lint *lint, const struct record *record)
{
	const struct spf_term *term;
	const char *near;
	struct diag *diag;

	for (term = record->spf->terms; term != NULL; term = term->next) {
		if (term->kind != SPF_MODIFIER || term->broken ||
		    is_registered(term->name) ||
		    is_mechanism_name(term->name))
			continue;
		diag = complain_text(lint, record, term->start, term->end,
		    "receivers pass over " STR_QUOTE,
		    STR_QUOTE_ARG(term->text));
		near = spf_name_near(term->name);
		if (near != NULL)
			diag_help(lint, diag, "did you mean \"%s\"?", near);
		else
			diag_help(lint, diag, "remove it; what another "
			    "service looks for goes into a TXT record of "
			    "its own");
	}
}

static const struct rule unknown_modifier = {
	.id = "spf-unknown-modifier",
	.level = LEVEL_NOTE,
	.subject = SUBJECT_SPF,
	.marks = MARK_TERM(SPF_MODIFIER),
	.summary = "SPF has no such modifier",
	.rationale = "Receivers pass over modifiers that they do not know. "
	    "Tokens of other services that were pasted behind the record do "
	    "no harm, a misspelt redirect does.",
	.citation = "RFC 7208 section 6",
	.bad = WITH_SPF("v=spf1 ip4:198.51.100.25 ~all MS=83859DAEBD1978F9"),
	.good = WITH_SPF("v=spf1 ip4:198.51.100.25 ~all"),
	.record = check_unknown_modifier,
};

/* ---- what should not be published ---------------------------------------- */

static void
check_ptr(struct lint *lint, const struct record *record)
{
	const struct spf_term *term;
	struct diag *diag;

	for (term = record->spf->terms; term != NULL; term = term->next) {
		if (term->kind != SPF_PTR || term->broken ||
		    spf_is_behind_all(record->spf, term))
			continue;
		diag = complain_text(lint, record, term->start, term->end,
		    "\"%.*s\" is slow and many receivers pass over it, so "
		    "mail of hosts that only it names may fail",
		    STR_ARG(term->text));
		diag_help(lint, diag, "name the hosts by ip4, ip6 or a");
		diag_fix_remove_term(lint, diag, FIX_UNSAFE, record, term);
	}
}

static const struct rule ptr = {
	.id = "spf-ptr",
	.level = LEVEL_WARNING,
	.subject = SUBJECT_SPF,
	.fix = FIX_UNSAFE,
	.marks = MARK_TERM(SPF_PTR),
	.summary = "SPF record uses ptr",
	.rationale = "ptr asks for the names of the sender's address and then "
	    "for their addresses: slow, a load for the servers of arpa, and "
	    "passed over by large receivers. It should not be published.",
	.citation = "RFC 7208 section 5.5",
	.bad = WITH_SPF("v=spf1 ip4:198.51.100.25 ptr ~all"),
	.good = WITH_SPF("v=spf1 ip4:198.51.100.25 ~all"),
	.record = check_ptr,
};

static void
check_include_qualifier(struct lint *lint, const struct record *record)
{
	const struct spf_term *term;
	struct diag *diag;

	for (term = record->spf->terms; term != NULL; term = term->next) {
		if (term->kind != SPF_INCLUDE || term->broken ||
		    term->qualifier == '+' ||
		    spf_is_behind_all(record->spf, term))
			continue;
		diag = complain_text(lint, record, term->start, term->end,
		    term->qualifier == '?' ?
		    "hosts of \"%.*s\" do not pass SPF by this term" :
		    "hosts that \"%.*s\" lets in fail here",
		    STR_ARG(term->target));
		diag_help(lint, diag, "write \"include:%.*s\" when they are "
		    "to pass", STR_ARG(term->target));
	}
}

static const struct rule include_qualifier = {
	.id = "spf-include-qualifier",
	.level = LEVEL_NOTE,
	.subject = SUBJECT_SPF,
	.marks = MARK_TERM(SPF_INCLUDE),
	.summary = "include has a qualifier other than +",
	.rationale = "-include turns away exactly those hosts that the other "
	    "record lets in, which is seldom meant. ?include keeps a "
	    "permissive source from passing DMARC.",
	.citation = "RFC 7208 section 5.2, RFC 9989 section 11.1",
	.bad = WITH_SPF("v=spf1 ip4:198.51.100.25 -include:_spf.example.net "
	    "~all"),
	.good = WITH_SPF("v=spf1 ip4:198.51.100.25 include:_spf.example.net "
	    "~all"),
	.record = check_include_qualifier,
};

const struct rule *const spf_term_rules[] = {
	&include_qualifier,
	&macro_p,
	&macro_sender,
	&modifier_not_last,
	&ptr,
	&unknown_modifier,
	NULL
};
