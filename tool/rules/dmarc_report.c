/*
 * DMARC: where reports go. The lists of addresses, RFC 9989 sections 4.7 and
 * 4.8; failure reports, RFC 9991.
 */
#include "base/arena.h"
#include "base/buffer.h"
#include "rules/check.h"

/* All of rua, then all of ruf; starts NULL. */
static const struct report_uri *
next_uri(const struct dmarc *dmarc, const struct report_uri *uri)
{
	const struct report_uri *last;

	if (uri == NULL)
		return dmarc->rua_list != NULL ? dmarc->rua_list :
		    dmarc->ruf_list;
	if (uri->next != NULL)
		return uri->next;
	for (last = dmarc->rua_list; last != NULL; last = last->next)
		if (last == uri)
			return dmarc->ruf_list;
	return NULL;
}

/*
 * Is a separator missing in it, or an octet in it that no record knows? Then
 * that is told, and what the URI would be without is not known.
 */
static bool
is_told(const struct record *record, const struct report_uri *uri)
{
	const struct problem *problem = record->dmarc->problems.first;

	for (; problem != NULL; problem = problem->next)
		if (problem->kind == DMARC_BAD_SEPARATOR &&
		    problem->start >= uri->start && problem->end <= uri->end)
			return true;
	return text_has_foreign(record, uri->start, uri->end);
}

/* The next one that is not in order, for rules below; starts NULL. */
static const struct report_uri *
next_broken(const struct record *record, const struct report_uri *uri)
{
	while ((uri = next_uri(record->dmarc, uri)) != NULL)
		if (uri->problem != URI_FINE && !is_told(record, uri))
			break;
	return uri;
}

static struct diag *
complain_uri(struct lint *lint, const struct record *record,
    const struct report_uri *uri, const char *why)
{
	return complain_text(lint, record, uri->start, uri->end,
	    "no report goes to " STR_QUOTE ", %s", STR_QUOTE_ARG(uri->text),
	    why);
}

/* ---- is there anybody? --------------------------------------------------- */

static void
check_rua_of_alias(struct lint *lint, const struct record *alias)
{
	const struct record *policy;
	struct str domain;
	struct diag *diag;

	/* No other rule tells what is amiss in the text. */
	policy = dmarc_lent_by(lint, alias, &domain);
	if (policy == NULL || policy->dmarc->rua != NULL ||
	    policy->dmarc->p == NULL)
		return;
	diag = complain(lint, alias->rdata_span, "nobody learns who forges "
	    "mail as %.*s, or which of its own mail fails, because this "
	    "leads to a record without \"rua\"", STR_ARG(name_show(domain)));
	diag_note(lint, diag, policy->rdata_span, "the policy");
	diag_help(lint, diag, "add \"rua=mailto:\" with an address for "
	    "reports");
}

static bool
lacks_rua(const struct record *record)
{
	const struct dmarc *dmarc = record->dmarc;
	const struct tag *tag;
	const char *near;

	if (dmarc->rua != NULL || dmarc->p == NULL)
		return false;
	/* Misspelt, or cut off by a wrong separator: that is told elsewhere. */
	for (tag = dmarc->tags.first; tag != NULL; tag = tag->next)
		if (((near = dmarc_tag_near(tag->name)) != NULL &&
		    str_is(str_from(near), "rua")) || text_has_foreign(record,
		    tag->start, tag->start + tag->name.n))
			return false;
	return problems_find(&dmarc->problems, DMARC_BAD_SEPARATOR) == NULL;
}

static void
check_rua_missing(struct lint *lint, const struct record *record)
{
	const struct dmarc *dmarc = record->dmarc;
	struct diag *diag;

	if (record->type == RR_CNAME)
		check_rua_of_alias(lint, record);
	if (record->type != RR_TXT || record->auth != AUTH_DMARC ||
	    !lacks_rua(record) || record_is_void(lint, record) ||
	    text_is_spoiled(record, record_marks(record)))
		return;
	diag = complain_text(lint, record, dmarc->v->start, dmarc->v->end,
	    "nobody learns who forges mail as %.*s, or which of its own mail "
	    "fails", STR_ARG(name_show(record_domain(record))));
	diag_help(lint, diag, "add \"rua=mailto:\" with an address for "
	    "reports");
}

static const struct rule rua_missing = {
	.id = "dmarc-rua-missing",
	.level = LEVEL_WARNING,
	.subject = SUBJECT_RECORD,
	.types = HAS_TXT | HAS_CNAME,
	.in_sight = true,
	.marks = MARK_KIND(AUTH_DMARC) | MARK_NO_KIND,
	.summary = "no address for aggregate reports",
	.rationale = "Receivers send daily reports of what passed and what "
	    "failed to the addresses in rua. Without them nobody notices "
	    "that a service of one's own fails, or that the domain is being "
	    "forged.",
	.citation = "RFC 9989 section 4.7; RFC 9990",
	.bad = WITH_DMARC("v=DMARC1; p=reject"),
	.good = WITH_DMARC("v=DMARC1; p=reject; rua=mailto:d@example.com"),
	.record = check_rua_missing,
};

/* The limit is no part of the address. */
static struct str
without_size(const struct report_uri *uri)
{
	return str_slice(uri->text, 0, uri->text.n - (uri->size.p != NULL ?
	    uri->size.n + 1 : 0));
}

static bool
is_listed(const struct report_uri *uri, const char *address)
{
	for (; uri != NULL; uri = uri->next)
		if (str_is_case(without_size(uri), address))
			return true;
	return false;
}

static void
check_profile_address(struct lint *lint, const struct record *record)
{
	const struct tag *rua = record->dmarc->rua;
	const struct profile *profile;
	const char *address;
	struct diag *diag;
	size_t i = 0;

	if (rua == NULL || record->dmarc->rua_list == NULL ||
	    record_is_void(lint, record))
		return;
	while ((profile = lint_next_profile(lint, &i)) != NULL) {
		address = profile->require_rua_address;
		if (address == NULL ||
		    is_listed(record->dmarc->rua_list, address))
			continue;
		diag = complain_text(lint, record, rua->start, rua->end,
		    "no report goes to \"%s\", which the profile %s "
		    "demands", address, profile->name);
		diag_help(lint, diag, "add it to the list");
		diag_fix_text(lint, diag, FIX_UNSAFE, record,
		    rua->value_end, rua->value_end,
		    arena_printf(lint->arena, ",%s", address));
	}
}

static const struct rule profile_address = {
	.id = "dmarc-rua-profile-address",
	.level = LEVEL_OFF,
	.subject = SUBJECT_DMARC,
	.fix = FIX_UNSAFE,
	.summary = "report address that a profile demands is missing",
	.rationale = "Some authorities collect reports for all domains under "
	    "their care and want an address of theirs in rua.",
	.citation = "CISA BOD 18-01; gov.uk, domains that do not send email",
	.bad = QUIET "; config:\nversion: 1\nprofile: cisa-bod-18-01\n",
	.good = WITH_DMARC("v=DMARC1; p=reject; rua=mailto:d@example.com,"
	    "mailto:reports@dmarc.cyber.dhs.gov")
	    "; config:\nversion: 1\nprofile: cisa-bod-18-01\n",
	.record = check_profile_address,
};

static void
check_ruf(struct lint *lint, const struct record *record)
{
	const struct dmarc *dmarc = record->dmarc;
	struct diag *diag;

	if (dmarc->ruf_list == NULL || dmarc->psd_yes)
		return;
	diag = complain_text(lint, record, dmarc->ruf->start, dmarc->ruf->end,
	    "few receivers send failure reports, and those hold what people "
	    "wrote");
	diag_help(lint, diag, "remove \"ruf\" unless somebody reads these "
	    "reports and may do so");
	diag_fix_remove_tag(lint, diag, FIX_UNSAFE, record, dmarc->ruf);
}

static const struct rule ruf = {
	.id = "dmarc-ruf",
	.level = LEVEL_NOTE,
	.subject = SUBJECT_DMARC,
	.fix = FIX_UNSAFE,
	.marks = MARK_RUF,
	.summary = "failure reports are asked for",
	.rationale = "A failure report may hold a whole message with "
	    "addresses and contents. Most receivers send none for the sake "
	    "of privacy.",
	.citation = "RFC 9991 section 7",
	.bad = WITH_DMARC("v=DMARC1; p=reject; rua=mailto:d@example.com; "
	    "ruf=mailto:d@example.com"),
	.good = WITH_DMARC("v=DMARC1; p=reject; rua=mailto:d@example.com"),
	.record = check_ruf,
};

/* ---- how addresses are written ------------------------------------------- */

static void
check_empty_list(struct lint *lint, const struct record *record)
{
	const struct problem *problem;
	const struct tag *tag;
	struct diag *diag;

	for (problem = record->dmarc->problems.first; problem != NULL;
	    problem = problem->next) {
		if (problem->kind != DMARC_EMPTY_VALUE)
			continue;
		for (tag = record->dmarc->tags.first; tag != NULL &&
		    tag->start != problem->start; tag = tag->next)
			continue;
		if (tag == NULL || (tag != record->dmarc->rua &&
		    tag != record->dmarc->ruf))
			continue;
		diag = complain_text(lint, record, tag->start, tag->end,
		    "no report is sent, because " STR_QUOTE " names no "
		    "address", STR_QUOTE_ARG(str_slice(record->text,
		    tag->start, tag->end)));
		diag_help(lint, diag, "write \"%.*s=mailto:\" and an address",
		    STR_ARG(tag->name));
	}
}

/* Puts "mailto:" before an address, when that makes a URI of it. */
static void
fix_scheme(struct lint *lint, struct diag *diag, const struct record *record,
    const struct report_uri *uri)
{
	size_t wrong = str_starts_case(uri->text, STR("mailto=")) ?
	    sizeof("mailto=") - 1 : 0;
	struct str right = arena_printf(lint->arena, "mailto:%.*s",
	    STR_ARG(str_after(uri->text, wrong)));

	diag_help(lint, diag, "write \"%.*s\"", STR_ARG(right));
	if (report_uris_parse(lint->arena, right, 0)->problem == URI_FINE)
		diag_fix_text(lint, diag, FIX_UNSAFE, record, uri->start,
		    uri->start + wrong, STR("mailto:"));
}

static void
check_rua_syntax(struct lint *lint, const struct record *record)
{
	const struct report_uri *uri = NULL;
	struct diag *diag;

	if (record->dmarc->problems.first != NULL)
		check_empty_list(lint, record);
	while ((uri = next_broken(record, uri)) != NULL) {
		if (uri->problem == URI_NO_SCHEME &&
		    str_has(uri->text, '@')) {
			diag = complain_uri(lint, record, uri,
			    "because \"mailto:\" is missing before it");
			fix_scheme(lint, diag, record, uri);
		} else if (uri->problem == URI_NO_SCHEME ||
		    uri->problem == URI_NOT_A_URI) {
			diag = complain_uri(lint, record, uri,
			    "because it is not a URI");
			diag_help(lint, diag, "write \"mailto:\" and an "
			    "address");
		} else if (uri->problem == URI_EMPTY) {
			diag = complain_text(lint, record, uri->start,
			    uri->end, "some receivers send no report at all, "
			    "because an address is missing in the list");
			diag_help(lint, diag, "write one \",\" between two "
			    "addresses, and none at the end");
		}
	}
}

static const struct rule rua_syntax = {
	.id = "dmarc-rua-syntax",
	.level = LEVEL_ERROR,
	.subject = SUBJECT_DMARC,
	.fix = FIX_UNSAFE,
	.summary = "report address is not a URI",
	.rationale = "Addresses for reports are URIs and begin with mailto:. "
	    "Receivers ignore anything else; when no address is left, no "
	    "report is sent.",
	.citation = "RFC 9989 section 4.8; RFC 6068",
	.bad = WITH_DMARC("v=DMARC1; p=reject; rua=d@example.com"),
	.good = WITH_DMARC("v=DMARC1; p=reject; rua=mailto:d@example.com"),
	.record = check_rua_syntax,
};

/* What is no URI may be meant for one, which another rule tells. */
static bool
has_mailto(const struct report_uri *uri)
{
	for (; uri != NULL; uri = uri->next)
		if (uri->problem != URI_SCHEME && (uri->scheme.n == 0 ||
		    str_is(uri->scheme, "mailto") ||
		    (uri->problem == URI_NOT_A_URI &&
		    !str_is(uri->scheme, "https"))))
			return true;
	return false;
}

static void
check_scheme_list(struct lint *lint, const struct record *record,
    const struct report_uri *list)
{
	const struct report_uri *uri;
	struct diag *diag;

	if (list == NULL)
		return;
	if (!has_mailto(list)) {
		for (uri = list; uri->next != NULL; uri = uri->next)
			continue;
		diag = complain_text(lint, record, list->start, uri->end,
		    "most receivers send no report, because they can only "
		    "send mail");
		diag_help(lint, diag, "add a \"mailto:\" address");
		return;
	}
	for (uri = list; uri != NULL; uri = uri->next)
		if (uri->problem == URI_SCHEME)
			diag_level(complain_uri(lint, record, uri,
			    "because receivers need to know only \"mailto:\""),
			    LEVEL_NOTE);
}

static void
check_rua_scheme(struct lint *lint, const struct record *record)
{
	check_scheme_list(lint, record, record->dmarc->rua_list);
	check_scheme_list(lint, record, record->dmarc->ruf_list);
}

static const struct rule rua_scheme = {
	.id = "dmarc-rua-scheme",
	.level = LEVEL_WARNING,
	.subject = SUBJECT_DMARC,
	.summary = "no mailto: among the report addresses",
	.rationale = "mailto: is the only way to send reports that every "
	    "receiver supports.",
	.citation = "RFC 9989 section 4.7",
	.bad = WITH_DMARC("v=DMARC1; p=reject; rua=https://example.com/d"),
	.good = WITH_DMARC("v=DMARC1; p=reject; rua=mailto:d@example.com"),
	.record = check_rua_scheme,
};

/* The URI list that a ";" was meant to continue: the tag just before. */
static const struct tag *
list_before(const struct dmarc *dmarc, const struct problem *problem)
{
	const struct tag *tag, *before = NULL;

	for (tag = dmarc->tags.first; tag != NULL &&
	    tag->start != problem->start; tag = tag->next)
		if (tag->equals)
			before = tag;
	return before == dmarc->rua || before == dmarc->ruf ? before : NULL;
}

static void
check_second_mailto(struct lint *lint, const struct record *record)
{
	const struct report_uri *uri = NULL;
	const struct problem *problem;
	const struct tag *list;
	struct diag *diag;
	size_t blank, end;

	for (problem = record->dmarc->problems.first; problem != NULL;
	    problem = problem->next) {
		if (problem->kind != DMARC_LOST_URI)
			continue;
		diag = complain_problem(lint, record, problem);
		diag_help(lint, diag, "write \",\" between two addresses");
		list = list_before(record->dmarc, problem);
		if (list != NULL)
			diag_fix_text(lint, diag, FIX_UNSAFE, record,
			    list->end, problem->start, STR(","));
	}
	while ((uri = next_broken(record, uri)) != NULL) {
		if (uri->problem != URI_MISSING_COMMA)
			continue;
		diag = complain_uri(lint, record, uri,
		    "because there is no \",\" between two addresses");
		diag_help(lint, diag, "write \",\" between two addresses");
		blank = uri->start + str_find(uri->text, ' ');
		for (end = blank; end < uri->end &&
		    byte_is_blank((unsigned char)record->text.p[end]); end++)
			continue;
		if (end > blank)
			diag_fix_text(lint, diag, FIX_UNSAFE, record, blank,
			    end, STR(","));
	}
}

static const struct rule rua_second_mailto = {
	.id = "dmarc-rua-second-mailto",
	.level = LEVEL_ERROR,
	.subject = SUBJECT_DMARC,
	.fix = FIX_UNSAFE,
	.marks = MARK_PROBLEM | MARK_URI,
	.summary = "second report address is cut off its list",
	.rationale = "Addresses are separated by commas. A semicolon ends the "
	    "tag, so the address behind it is lost; a blank makes one broken "
	    "address of two.",
	.citation = "RFC 9989 section 4.8",
	.bad = WITH_DMARC("v=DMARC1; p=reject; "
	    "rua=mailto:d@example.com;mailto:e@example.com"),
	.good = WITH_DMARC("v=DMARC1; p=reject; "
	    "rua=mailto:d@example.com,mailto:e@example.com"),
	.record = check_second_mailto,
};

static struct str
encode(struct arena *arena, struct str text)
{
	struct buffer out = { 0 };
	size_t i;

	for (i = 0; i < text.n; i++)
		if (str_has(STR(" ,!"), text.p[i]))
			buffer_printf(&out, "%%%02X", (unsigned)text.p[i]);
		else
			buffer_add_byte(&out, text.p[i]);
	return buffer_finish(&out, arena);
}

/* The part of an address in which octets may be encoded: local@. */
static void
find_local_part(const struct report_uri *uri, size_t *start, size_t *end)
{
	*start = str_find(uri->text, ':') + 1;
	*end = str_find_last(uri->text, '@');
}

/* The same of other URIs: what stands behind scheme://host. */
static void
find_path(const struct report_uri *uri, size_t *start, size_t *end)
{
	struct cursor in = { uri->text, str_find(uri->text, ':') };

	cursor_while(&in, STR(":/"));
	cursor_until(&in, STR("/"));
	*start = in.here;
	*end = uri->text.n;
}

static bool
needs_encoding(struct str text)
{
	return str_has(text, ' ') || str_has(text, ',') || str_has(text, '!');
}

/*
 * Blanks at the ends of a local part are no part of it, a size is none of the
 * address, and in a domain there is nothing to encode.
 */
void
diag_fix_encode_uri(struct lint *lint, struct diag *diag,
    const struct record *record, const struct report_uri *uri)
{
	struct str rest = uri->text, part;
	size_t start, end;

	if (uri->size.p != NULL)
		rest.n -= uri->size.n + 1;
	if (str_starts_case(uri->text, STR("mailto:")))
		find_local_part(uri, &start, &end);
	else
		find_path(uri, &start, &end);
	if (end > rest.n)
		end = rest.n;
	if (start > end || needs_encoding(str_slice(uri->text, 0, start)) ||
	    needs_encoding(str_after(rest, end)))
		return;
	part = encode(lint->arena, str_trim(str_slice(uri->text, start,
	    end)));
	/* "mailto:Joe <d@example.com>" is no address, however encoded. */
	if (str_find(part, '<') == part.n &&
	    !str_equal(part, str_slice(uri->text, start, end)))
		diag_fix_text(lint, diag, FIX_UNSAFE, record,
		    uri->start + start, uri->start + end, part);
}

static void
check_rua_encoding(struct lint *lint, const struct record *record)
{
	const struct report_uri *uri = NULL;
	struct diag *diag;

	while ((uri = next_broken(record, uri)) != NULL) {
		if (uri->problem != URI_ENCODING)
			continue;
		diag = complain_uri(lint, record, uri, "because a comma, a "
		    "\"!\" or a blank in it is not encoded");
		diag_help(lint, diag, "write \"%%2C\" for a comma, \"%%21\" "
		    "for \"!\" and \"%%20\" for a blank");
		diag_fix_encode_uri(lint, diag, record, uri);
	}
}

static const struct rule rua_encoding = {
	.id = "dmarc-rua-encoding",
	.level = LEVEL_ERROR,
	.subject = SUBJECT_DMARC,
	.fix = FIX_UNSAFE,
	.marks = MARK_URI,
	.summary = "report address with a raw comma, \"!\" or blank",
	.rationale = "In the list a comma ends an address and \"!\" began a "
	    "size limit. Inside an address they must be percent-encoded; "
	    "otherwise receivers cut it there.",
	.citation = "RFC 9989 section 4.8",
	.bad = WITH_DMARC("v=DMARC1; p=reject; rua=mailto:d!e@example.com"),
	.good = WITH_DMARC("v=DMARC1; p=reject; "
	    "rua=mailto:d%21e@example.com"),
	.record = check_rua_encoding,
};

static void
check_rua_non_ascii(struct lint *lint, const struct record *record)
{
	const struct report_uri *uri = NULL;
	struct diag *diag;

	while ((uri = next_broken(record, uri)) != NULL) {
		if (uri->problem != URI_NON_ASCII)
			continue;
		diag = complain_uri(lint, record, uri,
		    "because it is not plain ASCII");
		diag_help(lint, diag, "use an address in ASCII; write the "
		    "domain as it stands in DNS (\"xn--...\")");
	}
}

static const struct rule rua_non_ascii = {
	.id = "dmarc-rua-non-ascii",
	.level = LEVEL_ERROR,
	.subject = SUBJECT_DMARC,
	.marks = MARK_URI,
	.summary = "internationalised report address",
	.rationale = "Addresses in rua and ruf stay conventional: ASCII local "
	    "parts, and domains as A-labels.",
	.citation = "RFC 8616 section 6",
	.bad = WITH_DMARC("v=DMARC1; p=reject; "
	    "rua=mailto:d@b\\195\\188cher.example.com"),
	.good = WITH_DMARC("v=DMARC1; p=reject; "
	    "rua=mailto:d@xn--bcher-kva.example.com")
	    RR("xn--bcher-kva MX 10 mail")
	    TXT("xn--bcher-kva", "v=spf1 -all"),
	.record = check_rua_non_ascii,
};

static void
check_rua_size(struct lint *lint, const struct record *record)
{
	const struct report_uri *uri = NULL;
	struct diag *diag;
	size_t start;

	while ((uri = next_uri(record->dmarc, uri)) != NULL) {
		if (uri->size.p == NULL)
			continue;
		start = uri->start + str_find_last(uri->text, '!');
		diag = complain_text(lint, record, start, uri->end,
		    "receivers of RFC 9989 ignore the limit " STR_QUOTE,
		    STR_QUOTE_ARG(uri->size));
		diag_help(lint, diag, "remove \"!%.*s\"", STR_ARG(uri->size));
		diag_fix_text(lint, diag, FIX_UNSAFE, record, start, uri->end,
		    STR(""));
	}
}

static const struct rule rua_size = {
	.id = "dmarc-rua-size",
	.level = LEVEL_NOTE,
	.subject = SUBJECT_DMARC,
	.fix = FIX_UNSAFE,
	.marks = MARK_URI,
	.summary = "report address with a size limit",
	.rationale = "RFC 7489 let an address end in a limit such as !10m. "
	    "RFC 9989 made that obsolete; reports of any size are sent.",
	.citation = "RFC 9989 appendix C.4",
	.bad = WITH_DMARC("v=DMARC1; p=reject; "
	    "rua=mailto:d@example.com!10m"),
	.good = WITH_DMARC("v=DMARC1; p=reject; rua=mailto:d@example.com"),
	.record = check_rua_size,
};

static void
check_count_list(struct lint *lint, const struct record *record,
    const struct report_uri *list)
{
	const struct report_uri *uri, *third = NULL, *last = NULL;
	struct diag *diag;
	size_t count = 0;

	for (uri = list; uri != NULL; uri = uri->next) {
		if (uri->problem == URI_EMPTY)
			continue;
		if (++count == 3)
			third = uri;
		last = uri;
	}
	if (third == NULL)
		return;
	diag = complain_text(lint, record, third->start, last->end,
	    "some receivers send reports to two addresses only");
	diag_help(lint, diag, "let one address pass the reports on");
}

static void
check_rua_count(struct lint *lint, const struct record *record)
{
	check_count_list(lint, record, record->dmarc->rua_list);
	check_count_list(lint, record, record->dmarc->ruf_list);
}

static const struct rule rua_count = {
	.id = "dmarc-rua-count",
	.level = LEVEL_NOTE,
	.subject = SUBJECT_DMARC,
	.summary = "more than two report addresses",
	.rationale = "Receivers of RFC 7489 need to support two addresses and "
	    "may stop there.",
	.citation = "RFC 7489 section 6.2",
	.bad = WITH_DMARC("v=DMARC1; p=reject; rua=mailto:d@example.com,"
	    "mailto:e@example.com,mailto:f@example.com"),
	.good = WITH_DMARC("v=DMARC1; p=reject; rua=mailto:d@example.com"),
	.record = check_rua_count,
};

static void
check_duplicate_list(struct lint *lint, const struct record *record,
    const struct report_uri *list)
{
	const struct report_uri *uri, *before;
	size_t length = 0, comma;
	struct diag *diag;

	for (before = list; before != NULL; before = before->next) {
		/* Longer lists are somebody's joke, and cost squares. */
		if (++length > 32)
			return;
		if (before->problem != URI_FINE)
			continue;
		for (uri = before->next; uri != NULL; uri = uri->next)
			if (str_equal(without_size(uri),
			    without_size(before)))
				break;
		if (uri == NULL)
			continue;
		diag = complain_text(lint, record, uri->start, uri->end,
		    "every report goes to " STR_QUOTE " twice",
		    STR_QUOTE_ARG(uri->text));
		diag_help(lint, diag, "remove one of them");
		comma = str_find_last(str_slice(record->text, 0, uri->start),
		    ',');
		diag_fix_text(lint, diag, FIX_UNSAFE, record, comma, uri->end,
		    STR(""));
	}
}

static void
check_rua_duplicate(struct lint *lint, const struct record *record)
{
	check_duplicate_list(lint, record, record->dmarc->rua_list);
	check_duplicate_list(lint, record, record->dmarc->ruf_list);
}

static const struct rule rua_duplicate = {
	.id = "dmarc-rua-duplicate",
	.level = LEVEL_NOTE,
	.subject = SUBJECT_DMARC,
	.fix = FIX_UNSAFE,
	.summary = "report address stands in the list twice",
	.rationale = "Receivers send a report to each URI, so the same "
	    "mailbox gets everything twice.",
	.citation = "RFC 9989 section 4.6",
	.bad = WITH_DMARC("v=DMARC1; p=reject; rua=mailto:d@example.com,"
	    "mailto:d@example.com"),
	.good = WITH_DMARC("v=DMARC1; p=reject; rua=mailto:d@example.com"),
	.record = check_rua_duplicate,
};

/* ---- can mail get there? ------------------------------------------------- */

static bool
is_own_dead_end(struct lint *lint, const struct report_uri *uri,
    struct str domain)
{
	return name_within(uri->host, domain) &&
	    lint_role(lint, domain) == MAIL_NONE;
}

static void
check_rua_unreachable(struct lint *lint, const struct record *record)
{
	const struct report_uri *uri = NULL;
	struct str domain = record_domain(record);
	struct diag *diag;

	while ((uri = next_uri(record->dmarc, uri)) != NULL) {
		if (uri->problem != URI_FINE || uri->host.n == 0 ||
		    !str_is(uri->scheme, "mailto") ||
		    !lint_is_unreachable(lint, uri->host) ||
		    is_own_dead_end(lint, uri, domain))
			continue;
		diag = complain_uri(lint, record, uri, "because that domain "
		    "receives no mail");
		diag_help(lint, diag, "use an address in a domain with an MX "
		    "record");
	}
}

static const struct rule rua_unreachable = {
	.id = "dmarc-rua-unreachable",
	.level = LEVEL_WARNING,
	.subject = SUBJECT_DMARC,
	.summary = "report address in a domain that receives no mail",
	.rationale = "The domain of the address has a null MX, or neither MX "
	    "nor address records. Reports bounce, and nobody notices.",
	.citation = "RFC 5321 section 5.1; RFC 7505",
	.bad = WITH_DMARC("v=DMARC1; p=reject; rua=mailto:d@dmarc.example.com")
	    TXT("dmarc", "reports"),
	.good = WITH_DMARC("v=DMARC1; p=reject; rua=mailto:d@dmarc.example.com")
	    RR("dmarc MX 10 mail") TXT("dmarc", "v=spf1 -all"),
	.record = check_rua_unreachable,
};

static void
check_parked_rua_self(struct lint *lint, const struct record *record)
{
	const struct report_uri *uri = NULL;
	struct str domain = record_domain(record);
	struct diag *diag;

	while ((uri = next_uri(record->dmarc, uri)) != NULL) {
		if (uri->problem != URI_FINE || uri->host.n == 0 ||
		    !str_is(uri->scheme, "mailto") ||
		    !is_own_dead_end(lint, uri, domain) ||
		    !lint_is_unreachable(lint, uri->host))
			continue;
		diag = complain_uri(lint, record, uri, "because a domain that "
		    "receives no mail cannot take its own");
		diag_help(lint, diag, "use an address in another domain, and "
		    "let that authorise the reports");
	}
}

static const struct rule parked_rua_self = {
	.id = "dmarc-parked-rua-self",
	.level = LEVEL_WARNING,
	.subject = SUBJECT_DMARC,
	.summary = "domain without mail wants reports sent to itself",
	.rationale = "A domain with a null MX, or without any mail server, "
	    "cannot receive the reports that it asks for.",
	.citation = "RFC 7505 section 3",
	.bad = QUIET_SOA RR("@ MX 0 .") TXT("@", "v=spf1 -all")
	    TXT("_dmarc", "v=DMARC1; p=reject; rua=mailto:d@example.com"),
	.good = QUIET_SOA RR("@ MX 0 .") TXT("@", "v=spf1 -all")
	    TXT("_dmarc", "v=DMARC1; p=reject; rua=mailto:d@example.net"),
	.record = check_parked_rua_self,
};

const struct rule *const dmarc_report_rules[] = {
	&rua_missing, &profile_address, &ruf, &rua_syntax, &rua_scheme,
	&rua_second_mailto, &rua_encoding, &rua_non_ascii, &rua_size,
	&rua_count, &rua_duplicate, &rua_unreachable, &parked_rua_self, NULL
};
