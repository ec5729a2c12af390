/*
 * Texts: what quoting, cutting and pasting does to a record of mail between
 * the hand that types it and the receiver that reads it.
 */
#include <string.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "rules/rule.h"

static const struct str spf_version = STR_INIT("v=spf1");

/* What the text is, or what it was meant to be. */
static enum auth
meant(const struct record *record)
{
	enum auth kind = record->auth;

	if (kind == AUTH_NONE)
		kind = auth_version(record->text);
	if (kind == AUTH_NONE)
		kind = auth_near_version(record->text);
	return kind;
}

static bool
starts_as_spf(struct str text)
{
	return str_starts_case(text, spf_version);
}

/* The text in quotes, as master files want it. */
static struct str
write_text(struct arena *arena, struct str text, enum auth kind)
{
	struct buffer out = { 0 };
	struct str *strings;
	size_t count, i;

	strings = text_split(arena, text, kind, &count);
	for (i = 0; i < count; i++) {
		if (i > 0)
			buffer_add_byte(&out, ' ');
		write_string(&out, strings[i]);
	}
	return buffer_finish(&out, arena);
}

/* The strings with a space between those not quoted, and what was lost. */
static struct str
join_words(struct arena *arena, const struct record *record, struct str lost)
{
	struct buffer text = { 0 };
	size_t i;

	for (i = 0; i < record->string_count; i++) {
		if (i > 0 && !(record->tokens[i - 1].quoted &&
		    record->tokens[i].quoted))
			buffer_add_byte(&text, ' ');
		buffer_add(&text, record->strings[i]);
	}
	buffer_add(&text, lost);
	return buffer_finish(&text, arena);
}

/* Would a mended record be the second of its kind, which breaks both? */
static bool
would_be_second(struct lint *lint, const struct record *record)
{
	return place_is_taken(lint, record->owner, meant(record), record);
}

/* Replaces the rdata, up to an offset in the file, when it is on one line. */
static void
fix_rdata(struct lint *lint, struct diag *diag, const struct record *record,
    size_t end, struct str text)
{
	struct span span = record->rdata_span;

	span.end = end;
	if (!record->generated && !str_has(span_text(span), '\n') &&
	    !would_be_second(lint, record))
		diag_fix(lint, diag, FIX_UNSAFE, span,
		    write_text(lint->arena, text, meant(record)));
}

static bool
has_strings(const struct record *record)
{
	return record->string_count > 0 &&
	    record->string_count == record->token_count;
}

/* ---- what got lost because quotes are missing -------------------------- */

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

/* Does a semicolon without quotes cut the record? */
static bool
is_truncated(const struct record *record)
{
	enum auth kind;

	if (record->comment.source == NULL || !has_strings(record) ||
	    record->generated ||
	    record->tokens[record->token_count - 1].quoted ||
	    !begins_with_tag(span_text(record->comment)))
		return false;
	kind = auth_version(record->text);
	return kind == AUTH_NONE ? record->auth == AUTH_DKIM :
	    kind != AUTH_SPF;
}

/* The part of the comment that holds tags: "; p=reject; rua=mailto:a@b". */
static struct str
lost_tags(struct str comment)
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

	if (!is_truncated(record))
		return;
	span = record->comment;
	lost = lost_tags(span_text(span));
	span.end = span.start + lost.n;
	diag = complain(lint, span, "without quotes " STR_QUOTE
	    " is a comment: receivers see only " STR_QUOTE,
	    STR_QUOTE_ARG(lost), STR_QUOTE_ARG(record->text));
	diag_help(lint, diag, "%s", would_be_second(lint, record) ?
	    "keep one of the records, with the whole text in quotes" :
	    "put the whole text in quotes");
	fix_rdata(lint, diag, record, span.end,
	    join_words(lint->arena, record, lost));
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

/* Several words without quotes: receivers join them to one. */
static bool
is_split(const struct record *record)
{
	size_t i;

	if (record->token_count < 2 || record->generated ||
	    !has_strings(record) || record->tokens[0].quoted ||
	    !str_equal_case(record->strings[0], spf_version))
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

	if (!is_split(record))
		return;
	diag = complain(lint, record->rdata_span, "without quotes every word "
	    "is a string of its own: receivers read " STR_QUOTE "%s",
	    STR_QUOTE_ARG(record->text), would_be_second(lint, record) ?
	    ", which is no SPF record" : " and find no SPF record");
	diag_help(lint, diag, "%s", would_be_second(lint, record) ?
	    "keep one of the records, with the whole text in quotes" :
	    "put the whole text in quotes");
	fix_rdata(lint, diag, record, record->rdata_span.end,
	    join_words(lint->arena, record, STR_NONE));
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

/* ---- strings that are joined without the space they need --------------- */

static struct spf_term *
parse_term(struct arena *arena, struct str text)
{
	struct problems problems = { 0 };

	return spf_term_parse(arena, text, 0, &problems);
}

static bool
is_term(const struct spf_term *term)
{
	return !term->broken && term->kind != SPF_MODIFIER;
}

/* Can it be read as a term that somebody wanted? */
static bool
makes_sense(const struct spf_term *term)
{
	struct str name = term->target;

	if (term->broken)
		return false;
	if (!term->has_target || term->macro || term->kind == SPF_IP4 ||
	    term->kind == SPF_IP6)
		return true;
	if (str_ends(name, STR(".")))
		name.n--;
	return name_is_host(name, true);
}

/*
 * Do two terms meet at this border of strings? *start and *end are then those
 * of the one that receivers read.
 */
static bool
terms_meet(struct arena *arena, struct str text, size_t border,
    size_t *start, size_t *end)
{
	const struct spf_term *left, *right;

	if (border == 0 || border >= text.n || text.p[border - 1] == ' ' ||
	    text.p[border] == ' ')
		return false;
	for (*start = border; *start > 0 && text.p[*start - 1] != ' ';)
		--*start;
	*end = border + str_find(str_after(text, border), ' ');
	right = parse_term(arena, str_slice(text, border, *end));
	if (!is_term(right))
		return false;
	if (*start == 0)
		return border == spf_version.n;
	left = parse_term(arena, str_slice(text, *start, border));
	if (!is_term(left))
		return false;
	/* example.com-all would be a name, but nobody means it. */
	if (right->kind == SPF_ALL && right->qualified)
		return true;
	return !makes_sense(parse_term(arena,
	    str_slice(text, *start, *end)));
}

/* The first border from one on at which terms meet; 0 when there is none. */
static size_t
next_meeting(struct arena *arena, const struct record *record, size_t from,
    size_t *start, size_t *end)
{
	size_t i, border = 0;

	if (record->string_count < 2 || !starts_as_spf(record->text) ||
	    is_split(record))
		return 0;
	for (i = 0; i + 1 < record->string_count; i++) {
		border += record->strings[i].n;
		if (border > from && terms_meet(arena, record->text, border,
		    start, end))
			return i + 1;
	}
	return 0;
}

static void
fix_meeting(struct lint *lint, struct diag *diag,
    const struct record *record, size_t number)
{
	struct span span;

	if (record->generated || !has_strings(record) ||
	    !record->tokens[number].quoted ||
	    record->strings[number].n > 254 || would_be_second(lint, record))
		return;
	span = record->tokens[number].span;
	span.start++;
	span.end = span.start;
	diag_fix(lint, diag, FIX_UNSAFE, span, STR(" "));
}

static void
check_join(struct lint *lint, const struct record *record)
{
	size_t start, end = 0, number;
	struct str text;
	struct diag *diag;

	while ((number = next_meeting(lint->arena, record, end, &start,
	    &end)) > 0) {
		text = str_slice(record->text, start, end);
		diag = complain_text(lint, record, start, end,
		    "strings are joined without a space: receivers read "
		    STR_QUOTE "%s", STR_QUOTE_ARG(text), start > 0 ?
		    " and give up on the whole record" :
		    would_be_second(lint, record) ?
		    ", which is no SPF record" :
		    " and find no SPF record");
		diag_help(lint, diag, "begin the second string with a space");
		fix_meeting(lint, diag, record, number);
	}
}

static const struct rule join = {
	.id = "zone-string-join-missing-space",
	.level = LEVEL_ERROR,
	.subject = SUBJECT_TXT,
	.fix = FIX_UNSAFE,
	.marks = MARK_STRINGS,
	.summary = "strings of an SPF record meet without a space",
	.rationale = "Receivers join the strings of a record with nothing in "
	    "between. Where one ends with a term and the next begins with "
	    "one, both become a word that is neither.",
	.citation = "RFC 7208 section 3.3",
	.bad = QUIET_SOA QUIET_MX QUIET_DMARC
	    RR("@ TXT \"v=spf1 ip4:198.51.100.25\" \"ip4:198.51.100.26 "
		"~all\""),
	.good = QUIET_SOA QUIET_MX QUIET_DMARC
	    RR("@ TXT \"v=spf1 ip4:198.51.100.25\" \" ip4:198.51.100.26 "
		"~all\""),
	.record = check_join,
};

/* ---- characters that no record knows ----------------------------------- */

/* What word processors and web pages write for plain ASCII. */
static const struct ornament {
	struct str octets;
	const char *plain, *what;
} ornaments[] = {
	{ STR_INIT("\xe2\x80\x98"), "",	 "a curly quotation mark" },
	{ STR_INIT("\xe2\x80\x99"), "",	 "a curly quotation mark" },
	{ STR_INIT("\xe2\x80\x9c"), "",	 "a curly quotation mark" },
	{ STR_INIT("\xe2\x80\x9d"), "",	 "a curly quotation mark" },
	{ STR_INIT("\xe2\x80\x9e"), "",	 "a curly quotation mark" },
	{ STR_INIT("\xe2\x80\x90"), "-", "a typographic hyphen" },
	{ STR_INIT("\xe2\x80\x91"), "-", "a typographic hyphen" },
	{ STR_INIT("\xe2\x80\x93"), "-", "a typographic dash" },
	{ STR_INIT("\xe2\x80\x94"), "-", "a typographic dash" },
	{ STR_INIT("\xc2\xa0"),	    " ", "a no-break space" },
	{ STR_INIT("\xe2\x80\x8b"), "",	 "an invisible character" },
	{ STR_INIT("\xe2\x80\x8c"), "",	 "an invisible character" },
	{ STR_INIT("\xe2\x80\x8d"), "",	 "an invisible character" },
	{ STR_INIT("\xef\xbb\xbf"), "",	 "an invisible character" },
};

enum { ORNAMENTS = sizeof(ornaments) / sizeof(ornaments[0]) };
/* And what stands for the quotation marks of a shell. */
enum { MARKS_ORNAMENT = MARK_FOREIGN | MARK_APOSTROPHE };

/* Where the first octet that is no ASCII stands from here on; n if none. */
static size_t
find_foreign(struct str text, size_t from)
{
	uint64_t octets;

	/* Nearly all texts have none: eight octets at a time. */
	for (; from + sizeof(octets) <= text.n; from += sizeof(octets)) {
		memcpy(&octets, text.p + from, sizeof(octets));
		if ((octets & 0x8080808080808080) != 0)
			break;
	}
	while (from < text.n && (unsigned char)text.p[from] < 0x80)
		from++;
	return from;
}

static const struct ornament *
ornament_at(struct str text, size_t at)
{
	unsigned i;

	for (i = 0; i < ORNAMENTS; i++)
		if (str_starts(str_after(text, at), ornaments[i].octets))
			return &ornaments[i];
	return NULL;
}

/* The first ornament, and in *end where it ends; n when there is none. */
static size_t
find_ornament(struct str text, size_t *end, const char **what)
{
	const struct ornament *ornament;
	size_t at;

	for (at = find_foreign(text, 0); at < text.n;
	    at = find_foreign(text, at + 1)) {
		ornament = ornament_at(text, at);
		if (ornament == NULL)
			continue;
		*end = at + ornament->octets.n;
		*what = ornament->what;
		return at;
	}
	*what = "a single quotation mark";
	*end = 1;
	if (text.n > 1 && text.p[0] == '\'')
		return 0;
	*end = text.n;
	return text.n > 1 && text.p[text.n - 1] == '\'' ? text.n - 1 : text.n;
}

/* The text as it was meant. */
static struct str
without_ornaments(struct arena *arena, struct str text)
{
	const struct ornament *ornament;
	struct buffer out = { 0 };
	size_t i;

	for (i = 0; i < text.n; i++) {
		ornament = ornament_at(text, i);
		if (ornament != NULL) {
			buffer_add_cstr(&out, ornament->plain);
			i += ornament->octets.n - 1;
		} else if (text.p[i] != '\'' || (i > 0 && i + 1 < text.n))
			buffer_add_byte(&out, text.p[i]);
	}
	return str_trim(buffer_finish(&out, arena));
}

/*
 * Without straight quotes, a semicolon has cut the rest off: what belongs to
 * the record is taken from the comment. Nothing is offered when the closing
 * quotation mark would stay there.
 */
static void
fix_ornaments(struct lint *lint, struct diag *diag,
    const struct record *record)
{
	size_t end = record->rdata_span.end, mark;
	struct str lost = STR_NONE, comment, left;
	const char *what;

	if (record->comment.source != NULL) {
		comment = span_text(record->comment);
		if (meant(record) != AUTH_SPF && record_lost_comment(record))
			lost = lost_tags(comment);
		left = str_trim(str_after(comment, lost.n));
		if (find_ornament(left, &mark, &what) < left.n)
			return;
		if (lost.n > 0)
			end = record->comment.start + lost.n;
	}
	fix_rdata(lint, diag, record, end, without_ornaments(lint->arena,
	    join_words(lint->arena, record, lost)));
}

static void
check_smart_quotes(struct lint *lint, const struct record *record)
{
	size_t start, end;
	const char *what;
	struct diag *diag;

	start = find_ornament(record->text, &end, &what);
	if (start == record->text.n || meant(record) == AUTH_NONE)
		return;
	diag = complain_text(lint, record, start, end,
	    "receivers can not read this %s record, because %s stands in it",
	    auth_name(meant(record)), what);
	diag_help(lint, diag, "type it anew in plain ASCII, with straight "
	    "quotes around the whole text");
	if (has_strings(record))
		fix_ornaments(lint, diag, record);
}

static const struct rule smart_quotes = {
	.id = "zone-smart-quotes",
	.level = LEVEL_ERROR,
	.subject = SUBJECT_TXT,
	.fix = FIX_UNSAFE,
	.marks = MARKS_ORNAMENT,
	.summary = "typographic quotes or dashes stand in a record",
	.rationale = "Word processors and web pages turn quotes, hyphens and "
	    "spaces into other characters that look alike. Receivers know "
	    "only ASCII and ignore the record, or the term in which they "
	    "stand.",
	.citation = "RFC 7208 section 3.1, RFC 9989 section 4.8",
	.bad = QUIET_SOA QUIET_MX QUIET_DMARC
	    TXT("@", "v=spf1 ip4:198.51.100.25 \xe2\x80\x93" "all"),
	.good = QUIET_SOA QUIET_MX QUIET_DMARC
	    TXT("@", "v=spf1 ip4:198.51.100.25 -all"),
	.record = check_smart_quotes,
};

static bool
is_host_octet(int byte)
{
	return byte >= 0x80 || byte_is_letter(byte) || byte_is_digit(byte) ||
	    byte == '-' || byte == '_' || byte == '.';
}

/* Well-formed UTF-8 that holds a letter of no ASCII. */
static bool
is_utf8(struct str text)
{
	struct cursor in = { text, 0 };
	bool foreign = false;
	int byte, more;

	while ((byte = cursor_next(&in)) != END) {
		if (byte < 0x80)
			continue;
		more = byte >= 0xf0 ? 3 : byte >= 0xe0 ? 2 : 1;
		if (byte < 0xc3 || byte > 0xf4)
			return false;
		foreign = true;
		while (more-- > 0)
			if ((cursor_next(&in) & 0xc0) != 0x80)
				return false;
	}
	return foreign;
}

/* The domain name around a byte, when it is one in another script. */
static bool
find_foreign_name(struct str text, size_t at, size_t *start, size_t *end)
{
	struct str name;

	for (*start = at; *start > 0 &&
	    is_host_octet((unsigned char)text.p[*start - 1]);)
		--*start;
	for (*end = at; *end < text.n &&
	    is_host_octet((unsigned char)text.p[*end]);)
		++*end;
	name = str_slice(text, *start, *end);
	return str_has(name, '.') && is_utf8(name) &&
	    (*start == 0 || str_has(STR(":=@/"), text.p[*start - 1]));
}

static bool
is_inside(const struct tag *tag, size_t at)
{
	return tag != NULL && at >= tag->value_start && at < tag->value_end;
}

/* Addresses in another script have rules of their own. */
static bool
is_in_address(const struct record *record, size_t at)
{
	if (record->auth == AUTH_DMARC || record->auth == AUTH_REPORT)
		return is_inside(record->dmarc->rua, at) ||
		    is_inside(record->dmarc->ruf, at);
	return record->auth == AUTH_TLSRPT &&
	    is_inside(record->tlsrpt->rua, at);
}

/* The first octet that is no ASCII, if it is for the rules below. */
static size_t
find_plain_foreign(const struct record *record)
{
	size_t at = find_foreign(record->text, 0), end;
	const char *what;

	if (at == record->text.n || meant(record) == AUTH_NONE ||
	    is_in_address(record, at) ||
	    find_ornament(record->text, &end, &what) < record->text.n)
		return record->text.n;
	return at;
}

static void
check_non_ascii(struct lint *lint, const struct record *record)
{
	size_t at = find_plain_foreign(record), start, end;
	struct diag *diag;

	if (at == record->text.n ||
	    find_foreign_name(record->text, at, &start, &end))
		return;
	for (end = at; end < record->text.n &&
	    (unsigned char)record->text.p[end] >= 0x80;)
		end++;
	diag = complain_text(lint, record, at, end, "receivers can not read "
	    "this %s record, because octets that are no ASCII stand in it",
	    auth_name(meant(record)));
	diag_help(lint, diag, "a record is written in ASCII");
}

static const struct rule non_ascii = {
	.id = "zone-txt-non-ascii",
	.level = LEVEL_ERROR,
	.subject = SUBJECT_TXT,
	.marks = MARK_FOREIGN,
	.summary = "record holds octets that are no ASCII",
	.rationale = "An SPF record with any other octet is a permanent error "
	    "for receivers; other records lose at least the tag in which it "
	    "stands.",
	.citation = "RFC 7208 section 4.6.1, RFC 9989 section 4.8",
	.bad = QUIET_SOA QUIET_MX QUIET_DMARC
	    TXT("@", "v=spf1 ip4:198.51.100.25 \xc3\xa4ll"),
	.good = QUIET_SOA QUIET_MX QUIET_DMARC
	    TXT("@", "v=spf1 ip4:198.51.100.25 ~all"),
	.record = check_non_ascii,
};

static void
check_idn(struct lint *lint, const struct record *record)
{
	size_t at = find_plain_foreign(record), start, end;
	struct diag *diag;

	if (at == record->text.n ||
	    !find_foreign_name(record->text, at, &start, &end))
		return;
	diag = complain_text(lint, record, start, end, "receivers do not find "
	    STR_QUOTE ": in records a name stands in its form with \"xn--\"",
	    STR_QUOTE_ARG(str_slice(record->text, start, end)));
	diag_help(lint, diag, "write the A-labels, for instance as idn2 "
	    "prints them");
}

static void
check_idn_owner(struct lint *lint, const struct record *record)
{
	struct str written;
	struct diag *diag;

	if (record->type == RR_TXT || record->type == RR_SPF)
		check_idn(lint, record);
	if (record->generated || !str_has(record->owner, '\\'))
		return;
	written = span_text(record->owner_span);
	if (!is_utf8(written))
		return;
	diag = complain(lint, record->owner_span, "nobody finds " STR_QUOTE
	    ": in the DNS a name stands in its form with \"xn--\"",
	    STR_QUOTE_ARG(written));
	diag_help(lint, diag, "write the A-labels, for instance as idn2 "
	    "prints them");
}

static const struct rule idn = {
	.id = "zone-idn-not-alabel",
	.level = LEVEL_ERROR,
	.subject = SUBJECT_RECORD,
	.types = HAS_TXT | HAS_SPF,
	.escaped = true,
	.marks = MARK_FOREIGN | MARK_ESCAPED_OWNER,
	.summary = "internationalised name is not in its xn-- form",
	.rationale = "Programs ask the DNS for names in ASCII: labels of "
	    "other scripts in the form of IDNA with xn--. A name in UTF-8 is "
	    "never asked for, and in an SPF record it is an error.",
	.citation = "RFC 8616 sections 4 and 6, RFC 7208 section 4.3",
	.bad = QUIET_SOA QUIET_MX QUIET_DMARC
	    TXT("@", "v=spf1 include:b\xc3\xbc" "cher.example.net ~all"),
	.good = QUIET_SOA QUIET_MX QUIET_DMARC
	    TXT("@", "v=spf1 include:xn--bcher-kva.example.net ~all"),
	.record = check_idn_owner,
};

/* ---- control characters ------------------------------------------------ */

static bool
is_control(int byte)
{
	return byte < ' ' || byte == 0x7f;
}

static size_t
find_control(struct str text, size_t from)
{
	while (from < text.n && !is_control((unsigned char)text.p[from]))
		from++;
	return from;
}

/* A tab where tag lists allow white space: receivers pass over it. */
static bool
is_harmless(const struct record *record, size_t at)
{
	struct str before, behind, edges = STR(";=,");

	if (record->text.p[at] != '\t' || record->auth == AUTH_SPF ||
	    record->auth == AUTH_NONE)
		return false;
	if (record->auth == AUTH_DKIM)
		return true;
	before = str_trim(str_slice(record->text, 0, at));
	behind = str_trim(str_after(record->text, at));
	return before.n == 0 || behind.n == 0 ||
	    str_has(edges, before.p[before.n - 1]) ||
	    str_has(edges, behind.p[0]);
}

static void
check_control(struct lint *lint, const struct record *record)
{
	bool harmless = true;
	struct diag *diag;
	size_t at;

	if (str_within(record->text, ' ', '~'))
		return;
	at = find_control(record->text, 0);
	if (at == record->text.n || meant(record) == AUTH_NONE)
		return;
	while (at < record->text.n &&
	    (harmless = is_harmless(record, at)) == true)
		at = find_control(record->text, at + 1);
	if (harmless)
		at = find_control(record->text, 0);
	diag = complain_text(lint, record, at, at + 1, harmless ?
	    "receivers may stumble over the %s in this %s record" :
	    "receivers can not read this record: a %s stands in it, where "
	    "%s knows only spaces", record->text.p[at] == '\t' ? "tab" :
	    "control character", auth_name(meant(record)));
	if (harmless)
		diag_level(diag, LEVEL_WARNING);
	diag_help(lint, diag, "write a space instead, or leave it out");
	if (record->generated || (!harmless && would_be_second(lint, record)))
		return;
	for (at = find_control(record->text, 0); at < record->text.n;
	    at = find_control(record->text, at + 1))
		if (record->text.p[at] == '\t')
			diag_fix(lint, diag, harmless ? FIX_SAFE : FIX_UNSAFE,
			    record_text_span(record, at, at + 1), STR(" "));
}

static const struct rule control = {
	.id = "zone-txt-control-char",
	.level = LEVEL_ERROR,
	.subject = SUBJECT_TXT,
	.fix = FIX_UNSAFE,
	.marks = MARK_CONTROL,
	.summary = "record holds a tab or another control character",
	.rationale = "SPF knows only the space between terms; a tab is a "
	    "permanent error. Tag lists allow a tab around their separators, "
	    "though not every receiver does, and nowhere else.",
	.citation = "RFC 7208 section 4.6.1",
	.bad = QUIET_SOA QUIET_MX QUIET_DMARC
	    TXT("@", "v=spf1 ip4:198.51.100.25\\009~all"),
	.good = QUIET_SOA QUIET_MX QUIET_DMARC
	    TXT("@", "v=spf1 ip4:198.51.100.25 ~all"),
	.record = check_control,
};

/* ---- backslashes too many ---------------------------------------------- */

/* A backslash before ";" or a quote, from here on; n when there is none. */
static size_t
find_backslash(struct str text, size_t from)
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
	size_t at = find_backslash(record->text, 0);
	struct diag *diag;

	if (at == record->text.n || meant(record) == AUTH_NONE)
		return;
	diag = complain_text(lint, record, at, at + 2, "receivers see the "
	    "backslash before \"%c\" and can not read this %s record",
	    record->text.p[at + 1], auth_name(meant(record)));
	diag_help(lint, diag, "inside quotes \";\" needs no backslash");
	if (record->generated || would_be_second(lint, record))
		return;
	for (; at < record->text.n; at = find_backslash(record->text, at + 1))
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

/* Is it one of those that $GENERATE made of a text without quotes? */
static bool
is_generated_wrong(const struct zone *zone, const struct record *record)
{
	const struct zone_problem *problem;

	if (!record->generated)
		return false;
	for (problem = zone->problems; problem != NULL;
	    problem = problem->next)
		if (problem->kind == ZONE_GENERATE_QUOTES &&
		    problem->span.source == record->span.source &&
		    problem->span.start >= record->span.start &&
		    problem->span.end <= record->span.end)
			return true;
	return false;
}

/* ---- for the other rules ----------------------------------------------- */

bool
text_is_spoiled(const struct record *record, unsigned marks)
{
	struct str text = record->text;
	const char *what;
	size_t end;

	return ((marks & MARK_COMMENT) != 0 && is_truncated(record)) ||
	    ((marks & MARK_STRINGS) != 0 && is_split(record)) ||
	    ((marks & MARKS_ORNAMENT) != 0 &&
	    find_ornament(text, &end, &what) < text.n) ||
	    ((marks & MARK_BACKSLASH) != 0 &&
	    find_backslash(text, 0) < text.n) ||
	    is_generated_wrong(record->zone, record);
}

bool
text_is_explained(struct lint *lint, const struct record *record,
    size_t start, size_t end)
{
	struct str part = str_slice(record->text, start, end);
	size_t from = 0, to = 0;

	if (text_is_spoiled(record, record_marks(record)))
		return true;
	while (next_meeting(lint->arena, record, to, &from, &to) > 0)
		if (start < to && from < end)
			return true;
	return find_foreign(part, 0) < part.n ||
	    find_control(part, 0) < part.n;
}

const struct rule *const zone_text_rules[] = {
	&comment_truncation,
	&control,
	&double_escape,
	&idn,
	&join,
	&non_ascii,
	&smart_quotes,
	&unquoted_split,
	NULL
};
