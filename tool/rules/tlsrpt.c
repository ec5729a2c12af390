/* TLS-RPT: reports about mail that could not come over TLS. RFC 8460. */
#include "rules/check.h"

/*
 * A ";" that should have been encoded cuts "mailto:t;u@example.com" in two: the
 * segment behind it, where this URI is the part before; NULL for others.
 */
static const struct tag *
cut_off(const struct record *record, const struct report_uri *uri)
{
	const struct tag *tag = record->tlsrpt->tags.first;

	if (uri->next != NULL || uri->problem != URI_NOT_A_URI ||
	    !str_starts_case(uri->text, STR("mailto:")) ||
	    str_has(uri->text, '@'))
		return NULL;
	while (tag != NULL && tag->end != uri->end)
		tag = tag->next;
	tag = tag != NULL ? tag->next : NULL;
	return tag != NULL && !tag->equals && str_has(tag->name, '@') ?
	    tag : NULL;
}

/* The same, found by the segment. */
static bool
is_cut_off(const struct record *record, const struct problem *problem)
{
	const struct report_uri *uri;
	const struct tag *tag;

	for (uri = record->tlsrpt->uris; uri != NULL; uri = uri->next)
		if ((tag = cut_off(record, uri)) != NULL &&
		    tag->start == problem->start)
			return true;
	return false;
}

static bool
is_tlsrpt_scheme(const struct report_uri *uri)
{
	return str_is(uri->scheme, "mailto") || str_is(uri->scheme, "https");
}

/* As the parser puts it; what rua lacks is for the rules below. */
static void
complain_syntax(struct lint *lint, const struct record *record)
{
	const struct problem *problem;

	for (problem = record->tlsrpt->problems.first; problem != NULL;
	    problem = problem->next)
		if ((problem->kind == TLSRPT_BAD_FIELD ||
		    problem->kind == TLSRPT_REPEATED_FIELD) &&
		    !text_has_foreign(record, problem->start, problem->end) &&
		    !is_cut_off(record, problem))
			diag_help(lint, complain_problem(lint, record,
			    problem), "it must read as in "
			    "\"v=TLSRPTv1; rua=mailto:reports@example.com\"");
}

/* As mtasts-delimiter: the grammar allows it, the filter does not. */
static void
check_delimiter(struct lint *lint, const struct record *record)
{
	const struct tag *version = record->tlsrpt->tags.first;
	struct str text = record->text;
	size_t end = version->end;
	struct diag *diag;

	while (end < text.n && text.p[end] == ' ')
		end++;
	if (end == version->end || end == text.n || text.p[end] != ';')
		return;
	diag = complain_text(lint, record, version->end, end, "a blank stands "
	    "behind \"v=TLSRPTv1\", so senders that look for "
	    "\"v=TLSRPTv1;\" pass the record over");
	diag_help(lint, diag, "write \"v=TLSRPTv1;\"");
	diag_level(diag, LEVEL_WARNING);
}

static void
check_tlsrpt_syntax(struct lint *lint, const struct record *record)
{
	const struct report_uri *uri;

	if (record->auth != AUTH_TLSRPT ||
	    text_is_spoiled(record, record_marks(record))) {
		complain_passed_over(lint, record, AUTH_TLSRPT, "v=TLSRPTv1");
		return;
	}
	check_delimiter(lint, record);
	complain_syntax(lint, record);
	for (uri = record->tlsrpt->uris; uri != NULL; uri = uri->next)
		if (uri->problem == URI_EMPTY ||
		    uri->problem == URI_NON_ASCII ||
		    (uri->problem == URI_NOT_A_URI && is_tlsrpt_scheme(uri) &&
		    cut_off(record, uri) == NULL))
			complain_text(lint, record, uri->start, uri->end,
			    "no report goes to " STR_QUOTE ", because it is "
			    "not a URI", STR_QUOTE_ARG(uri->text));
}

static const struct rule tlsrpt_syntax = {
	.id = "tlsrpt-syntax",
	.level = LEVEL_ERROR,
	.subject = SUBJECT_TXT,
	.in_sight = true,
	.marks = MARK_NO_KIND | MARK_KIND(AUTH_TLSRPT),
	.summary = "TLS-RPT record that senders cannot read",
	.rationale = "The record says v=TLSRPTv1; and rua= with addresses. "
	    "Senders ignore any other, so nobody learns when mail cannot be "
	    "delivered over TLS.",
	.citation = "RFC 8460 section 3",
	.bad = QUIET
	    TXT("_smtp._tls", "v=TLSRPTv1; rua = mailto:t@example.com"),
	.good = QUIET
	    TXT("_smtp._tls", "v=TLSRPTv1; rua=mailto:t@example.com"),
	.record = check_tlsrpt_syntax,
};

static void
check_tlsrpt_multiple(struct lint *lint, const struct node *node,
    struct str name)
{
	complain_several(lint, node, name, AUTH_TLSRPT,
	    "senders send no reports");
}

static const struct rule tlsrpt_multiple = {
	.id = "tlsrpt-multiple",
	.level = LEVEL_ERROR,
	.subject = SUBJECT_NODE,
	.types = HAS_TXT,
	.in_sight = true,
	.several = true,
	.summary = "more than one TLS-RPT record",
	.rationale = "With several records senders assume that no reports "
	    "are wanted.",
	.citation = "RFC 8460 section 3",
	.bad = QUIET
	    TXT("_smtp._tls", "v=TLSRPTv1; rua=mailto:t@example.com")
	    TXT("_smtp._tls", "v=TLSRPTv1; rua=mailto:u@example.com"),
	.good = QUIET
	    TXT("_smtp._tls", "v=TLSRPTv1; rua=mailto:t@example.com"),
	.node = check_tlsrpt_multiple,
};

static void
check_tlsrpt_cname(struct lint *lint, const struct record *record)
{
	complain_alias(lint, record, AUTH_TLSRPT, "senders send no reports");
}

static const struct rule tlsrpt_cname = {
	.id = "tlsrpt-cname",
	.level = LEVEL_ERROR,
	.subject = SUBJECT_RECORD,
	.types = HAS_CNAME,
	.in_sight = true,
	.summary = "_smtp._tls is an alias that leads to no record",
	.rationale = "A CNAME at _smtp._tls hands the record to another name, "
	    "which services offer. When that holds no record, several, or "
	    "one that senders cannot read, nobody reports.",
	.citation = "RFC 8460 section 3; RFC 1034 section 3.6.2",
	.bad = QUIET RR("_smtp._tls CNAME reports"),
	.good = QUIET RR("_smtp._tls CNAME reports")
	    TXT("reports", "v=TLSRPTv1; rua=mailto:t@example.com"),
	.record = check_tlsrpt_cname,
};

static void
check_tlsrpt_rua(struct lint *lint, const struct record *record)
{
	const struct problem *problem;
	struct diag *diag;

	problem = problems_find(&record->tlsrpt->problems, TLSRPT_NO_RUA);
	if (problem == NULL)
		return;
	diag = complain_problem(lint, record, problem);
	diag_help(lint, diag, "add \"rua=mailto:\" with an address");
}

static const struct rule tlsrpt_rua_missing = {
	.id = "tlsrpt-rua-missing",
	.level = LEVEL_ERROR,
	.subject = SUBJECT_TLSRPT,
	.summary = "TLS-RPT record without rua",
	.rationale = "rua says where reports go. Without it senders ignore "
	    "the record.",
	.citation = "RFC 8460 section 3",
	.bad = QUIET TXT("_smtp._tls", "v=TLSRPTv1;"),
	.good = QUIET
	    TXT("_smtp._tls", "v=TLSRPTv1; rua=mailto:t@example.com"),
	.record = check_tlsrpt_rua,
};

static void
check_tlsrpt_scheme(struct lint *lint, const struct record *record)
{
	const struct report_uri *uri;
	struct diag *diag;

	for (uri = record->tlsrpt->uris; uri != NULL; uri = uri->next) {
		if (uri->problem != URI_SCHEME &&
		    uri->problem != URI_NO_SCHEME &&
		    (uri->problem != URI_NOT_A_URI || is_tlsrpt_scheme(uri)))
			continue;
		diag = complain_text(lint, record, uri->start, uri->end,
		    "no report goes to " STR_QUOTE ", because it begins with "
		    "neither \"mailto:\" nor \"https:\"",
		    STR_QUOTE_ARG(uri->text));
		if (str_has(uri->text, '@') && uri->problem == URI_NO_SCHEME)
			diag_help(lint, diag, "write \"mailto:%.*s\"",
			    STR_ARG(uri->text));
	}
}

static const struct rule tlsrpt_rua_scheme = {
	.id = "tlsrpt-rua-scheme",
	.level = LEVEL_ERROR,
	.subject = SUBJECT_TLSRPT,
	.summary = "TLS-RPT address is neither mailto: nor https:",
	.rationale = "Reports are sent by mail or by HTTPS. Senders ignore "
	    "addresses of any other kind.",
	.citation = "RFC 8460 section 3",
	.bad = QUIET TXT("_smtp._tls", "v=TLSRPTv1; rua=t@example.com"),
	.good = QUIET
	    TXT("_smtp._tls", "v=TLSRPTv1; rua=mailto:t@example.com"),
	.record = check_tlsrpt_scheme,
};

static void
complain_cut_off(struct lint *lint, const struct record *record,
    const struct report_uri *uri, const struct tag *rest)
{
	struct diag *diag;

	diag = complain_text(lint, record, uri->start, rest->end,
	    "no report goes to " STR_QUOTE ", because the \";\" in it is not "
	    "encoded", STR_QUOTE_ARG(str_slice(record->text, uri->start,
	    rest->end)));
	diag_help(lint, diag, "write \"%%3B\" for \";\" inside of an "
	    "address");
	diag_fix_text(lint, diag, FIX_UNSAFE, record, uri->end, rest->start,
	    STR("%3B"));
}

static void
check_tlsrpt_encoding(struct lint *lint, const struct record *record)
{
	const struct report_uri *uri;
	const struct tag *rest;
	struct diag *diag;

	for (uri = record->tlsrpt->uris; uri != NULL; uri = uri->next) {
		if ((rest = cut_off(record, uri)) != NULL)
			complain_cut_off(lint, record, uri, rest);
		if ((uri->problem != URI_ENCODING &&
		    uri->problem != URI_MISSING_COMMA && uri->size.p == NULL) ||
		    text_has_foreign(record, uri->start, uri->end))
			continue;
		diag = complain_text(lint, record, uri->start, uri->end,
		    "no report goes to " STR_QUOTE ", because a comma, a "
		    "\"!\" or a blank in it is not encoded",
		    STR_QUOTE_ARG(uri->text));
		diag_help(lint, diag, "write \",\" between two addresses, "
		    "and \"%%2C\", \"%%21\", \"%%20\" inside of one");
		if (uri->problem != URI_MISSING_COMMA)
			diag_fix_encode_uri(lint, diag, record, uri);
		/* A limit as DMARC had it once: nothing of it is an address. */
		if (uri->problem != URI_MISSING_COMMA && uri->size.p != NULL)
			diag_fix_text(lint, diag, FIX_UNSAFE, record,
			    uri->end - uri->size.n - 1, uri->end, STR(""));
	}
}

static const struct rule tlsrpt_rua_encoding = {
	.id = "tlsrpt-rua-encoding",
	.level = LEVEL_ERROR,
	.subject = SUBJECT_TLSRPT,
	.fix = FIX_UNSAFE,
	.summary = "TLS-RPT address with a raw comma, \"!\" or blank",
	.rationale = "A comma ends an address and a semicolon the field; "
	    "inside an address they must be percent-encoded. Otherwise "
	    "senders cut it there and the report goes nowhere.",
	.citation = "RFC 8460 section 3",
	.bad = QUIET
	    TXT("_smtp._tls", "v=TLSRPTv1; rua=mailto:t!u@example.com"),
	.good = QUIET
	    TXT("_smtp._tls", "v=TLSRPTv1; rua=mailto:t%21u@example.com"),
	.record = check_tlsrpt_encoding,
};

const struct rule *const tlsrpt_rules[] = {
	&tlsrpt_syntax, &tlsrpt_multiple, &tlsrpt_cname,
	&tlsrpt_rua_missing, &tlsrpt_rua_scheme, &tlsrpt_rua_encoding, NULL
};
