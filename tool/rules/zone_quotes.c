/*
 * Texts: quotes that are missing, and backslashes that are too many.
 */
#include "rules/zone_text.h"

/* ---- what got lost because quotes are missing ---------------------------- */

/* "p=...", "; rua =..." */
static bool
begins_with_tag(struct str text)
{
	struct cursor in = { text, 0 };
	size_t start;

	cursor_while(&in, STR("; \t"));
	start = in.here;
	while (byte_is_letter(cursor_peek(&in)))
		cursor_next(&in);
	if (in.here == start || in.here > start + 10)
		return false;
	cursor_while(&in, STR(" \t"));
	return cursor_peek(&in) == '=';
}

bool
text_is_truncated(const struct record *record)
{
	enum auth kind;

	if (record->comment.source == NULL || !text_has_strings(record) ||
	    record->generated ||
	    record->tokens[record->token_count - 1].quoted ||
	    !begins_with_tag(span_text(record->comment)))
		return false;
	kind = auth_version(record->text);
	return kind == AUTH_NONE ? record->auth == AUTH_DKIM :
	    kind != AUTH_SPF;
}

struct str
text_lost_tags(struct str comment)
{
	size_t end = 0, next;
	struct str part;

	while (end < comment.n) {
		next = end + 1 + str_find(str_after(comment, end + 1), ';');
		part = str_trim(str_slice(comment, end + 1, next));
		if (part.n > 0 && !begins_with_tag(part))
			break;
		end = next;
	}
	while (end > 0 && byte_is_blank((unsigned char)comment.p[end - 1]))
		end--;
	return str_slice(comment, 0, end);
}

static void
check_comment_truncation(struct lint *lint, const struct record *record)
{
	struct span span;
	struct str lost;
	struct diag *diag;

	if (!text_is_truncated(record))
		return;
	span = record->comment;
	lost = text_lost_tags(span_text(span));
	span.end = span.start + lost.n;
	diag = complain(lint, span, "without quotes " STR_QUOTE
	    " is a comment: receivers see only " STR_QUOTE,
	    STR_QUOTE_ARG(lost), STR_QUOTE_ARG(record->text));
	diag_help(lint, diag, "%s", text_is_second(lint, record) ?
	    "keep one of the records, with the whole text in quotes" :
	    "put the whole text in quotes");
	text_fix(lint, diag, record, span.end,
	    text_join(lint->arena, record, lost));
}

static const struct rule comment_truncation = {
	.id = "zone-txt-comment-truncation",
	.level = LEVEL_ERROR,
	.subject = SUBJECT_TXT,
	.fix = FIX_UNSAFE,
	.marks = MARK_COMMENT,
	.summary = "record without quotes is cut off at its first semicolon",
	.rationale = "A semicolon outside of quotes begins a comment. Name "
	    "servers load what stands before it without a word, so a DMARC "
	    "record has no policy and a DKIM record no key.",
	.citation = "RFC 1035 section 5.1",
	.bad = QUIET_SOA QUIET_MX QUIET_SPF
	    RR("_dmarc TXT v=DMARC1; p=reject; rua=mailto:dmarc@example.com"),
	.good = QUIET_SOA QUIET_MX QUIET_SPF QUIET_DMARC,
	.record = check_comment_truncation,
};

bool
text_is_split(const struct record *record)
{
	size_t i;

	if (record->token_count < 2 || record->generated ||
	    !text_has_strings(record) || record->tokens[0].quoted ||
	    !str_equal_case(record->strings[0], STR("v=spf1")))
		return false;
	for (i = 1; i < record->token_count; i++)
		if (!record->tokens[i].quoted)
			return true;
	return false;
}

static void
check_unquoted_split(struct lint *lint, const struct record *record)
{
	struct diag *diag;

	if (!text_is_split(record))
		return;
	diag = complain(lint, record->rdata_span, "without quotes every word "
	    "is a string of its own: receivers read " STR_QUOTE "%s",
	    STR_QUOTE_ARG(record->text), text_is_second(lint, record) ?
	    ", which is no SPF record" : " and find no SPF record");
	diag_help(lint, diag, "%s", text_is_second(lint, record) ?
	    "keep one of the records, with the whole text in quotes" :
	    "put the whole text in quotes");
	text_fix(lint, diag, record, record->rdata_span.end,
	    text_join(lint->arena, record, STR_NONE));
}

static const struct rule unquoted_split = {
	.id = "zone-txt-unquoted-split",
	.level = LEVEL_ERROR,
	.subject = SUBJECT_TXT,
	.fix = FIX_UNSAFE,
	.marks = MARK_STRINGS,
	.summary = "SPF record without quotes falls apart into words",
	.rationale = "Each word outside of quotes is a string of its own, and "
	    "receivers join strings without a space. What they read begins "
	    "with v=spf1include: or the like, which is no SPF record.",
	.citation = "RFC 7208 section 3.3",
	.bad = QUIET_SOA QUIET_MX QUIET_DMARC
	    RR("@ TXT v=spf1 ip4:198.51.100.25 ~all"),
	.good = QUIET_SOA QUIET_MX QUIET_DMARC QUIET_SPF,
	.record = check_unquoted_split,
};

/* ---- backslashes too many ------------------------------------------------ */

size_t
text_find_backslash(struct str text, size_t from)
{
	for (; from + 1 < text.n; from++) {
		from += str_find(str_after(text, from), '\\');
		if (from + 1 < text.n && str_has(STR(";\""),
		    text.p[from + 1]))
			return from;
	}
	return text.n;
}

static void
check_double_escape(struct lint *lint, const struct record *record)
{
	size_t at = text_find_backslash(record->text, 0);
	struct diag *diag;

	if (at == record->text.n || text_kind(record) == AUTH_NONE)
		return;
	diag = complain_text(lint, record, at, at + 2, "receivers see the "
	    "backslash before \"%c\" and cannot read this %s record",
	    record->text.p[at + 1], auth_name(text_kind(record)));
	diag_help(lint, diag, "inside quotes \";\" needs no backslash");
	if (record->generated || text_is_second(lint, record))
		return;
	for (; at < record->text.n;
	    at = text_find_backslash(record->text, at + 1))
		diag_fix(lint, diag, FIX_UNSAFE,
		    record_text_span(record, at, at + 1), STR(""));
}

static const struct rule double_escape = {
	.id = "zone-double-escape",
	.level = LEVEL_ERROR,
	.subject = SUBJECT_TXT,
	.fix = FIX_UNSAFE,
	.marks = MARK_BACKSLASH,
	.summary = "record was escaped twice",
	.rationale = "Web forms and scripts that escape a text which has been "
	    "escaped before leave backslashes in the record itself. "
	    "Receivers take them for a part of the tags, which nobody "
	    "understands then.",
	.citation = "RFC 1035 section 5.1",
	.bad = QUIET_SOA QUIET_MX QUIET_SPF
	    TXT("_dmarc", "v=DMARC1\\\\; p=reject\\\\; "
		"rua=mailto:dmarc@example.com"),
	.good = QUIET_SOA QUIET_MX QUIET_SPF
	    TXT("_dmarc", "v=DMARC1\\; p=reject\\; "
		"rua=mailto:dmarc@example.com"),
	.record = check_double_escape,
};

const struct rule *const zone_quote_rules[] = {
	&comment_truncation,
	&double_escape,
	&unquoted_split,
	NULL
};
