/* Texts: characters that no record knows. */
#include <string.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "rules/zone_text.h"

/* ---- what word processors write ------------------------------------------ */

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

size_t
text_find_foreign(struct str text, size_t from)
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

size_t
text_find_ornament(struct str text, size_t *end, const char **what)
{
	const struct ornament *ornament;
	size_t at;

	for (at = text_find_foreign(text, 0); at < text.n;
	    at = text_find_foreign(text, at + 1)) {
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
	/* One of two encloses a value, not the text: "rua='mailto:...'". */
	return text.n > 1 && str_find(text, '\'') == text.n - 1 ?
	    text.n - 1 : text.n;
}

/* Does the last quotation mark close another one than the first octet? */
static bool
is_enclosed(struct str text)
{
	size_t first = str_find(text, '\'');

	return first > 0 && first + 1 < text.n;
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
		} else if (text.p[i] != '\'' || (i > 0 && (i + 1 < text.n ||
		    is_enclosed(text))))
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
		if (text_kind(record) != AUTH_SPF &&
		    record_lost_comment(record))
			lost = text_lost_tags(comment);
		left = str_trim(str_after(comment, lost.n));
		if (text_find_ornament(left, &mark, &what) < left.n)
			return;
		if (lost.n > 0)
			end = record->comment.start + lost.n;
	}
	text_fix(lint, diag, record, end, without_ornaments(lint->arena,
	    text_join(lint->arena, record, lost)));
}

static void
check_smart_quotes(struct lint *lint, const struct record *record)
{
	size_t start, end;
	const char *what;
	struct diag *diag;

	start = text_find_ornament(record->text, &end, &what);
	if (start == record->text.n || text_kind(record) == AUTH_NONE)
		return;
	diag = complain_text(lint, record, start, end,
	    "receivers cannot read this %s record, because %s stands in it",
	    auth_name(text_kind(record)), what);
	diag_help(lint, diag, "type it anew in plain ASCII, with straight "
	    "quotes around the whole text");
	if (text_has_strings(record))
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

/* Does an address stand there, behind "ip4:" or "ip6:"? */
static bool
is_network_at(struct str text, size_t at)
{
	struct str before = str_slice(text, at < 4 ? 0 : at - 4, at);

	return str_is_case(before, "ip4:") || str_is_case(before, "ip6:");
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
	    !is_network_at(text, *start) &&
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
	size_t at = text_find_foreign(record->text, 0), end;
	const char *what;

	if (at == record->text.n || text_kind(record) == AUTH_NONE ||
	    is_in_address(record, at) ||
	    text_find_ornament(record->text, &end, &what) < record->text.n)
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
	diag = complain_text(lint, record, at, end, "receivers cannot read "
	    "this %s record, because octets that are no ASCII stand in it",
	    auth_name(text_kind(record)));
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

/* ---- control characters -------------------------------------------------- */

static bool
is_control(int byte)
{
	return byte < ' ' || byte == 0x7f;
}

size_t
text_find_control(struct str text, size_t from)
{
	while (from < text.n && !is_control((unsigned char)text.p[from]))
		from++;
	return from;
}

/*
 * Where white space is allowed: RFC 8461 section 3.1, RFC 8460 section 3, RFC
 * 6376 sections 3.2 and 3.6.1.
 */
static struct str
edges_of(enum auth auth)
{
	return auth == AUTH_MTASTS ? STR(";") :
	    auth == AUTH_TLSRPT ? STR(";,") :
	    auth == AUTH_DKIM ? STR(";=:") : STR(";=,");
}

/* A tab where tag lists allow white space: receivers pass over it. */
static bool
is_harmless(const struct record *record, size_t at)
{
	struct str before, behind, edges = edges_of(record->auth);

	if (record->text.p[at] != '\t' || record->auth == AUTH_SPF ||
	    record->auth == AUTH_NONE)
		return false;
	if (record->auth == AUTH_DKIM && (is_inside(record->dkim->p, at) ||
	    is_inside(record->dkim->n, at)))
		return true;
	before = str_trim(str_slice(record->text, 0, at));
	behind = str_trim(str_after(record->text, at));
	return before.n == 0 || behind.n == 0 ||
	    str_has(edges, before.p[before.n - 1]) ||
	    str_has(edges, behind.p[0]);
}

bool
text_has_foreign(const struct record *record, size_t start, size_t end)
{
	bool foreign = find_plain_foreign(record) < end;
	int octet;

	for (; start < end; start++) {
		octet = (unsigned char)record->text.p[start];
		if (octet >= 0x80 ? foreign && !is_in_address(record, start) :
		    is_control(octet) && !is_harmless(record, start))
			return true;
	}
	return false;
}

/* How many keep receivers from choosing it: spf-leading-space and others. */
static size_t
leading_blanks(const struct record *record)
{
	struct cursor in = { record->text, 0 };

	if (record->auth == AUTH_NONE)
		cursor_while(&in, STR(" \t"));
	return in.here;
}

static void
check_control(struct lint *lint, const struct record *record)
{
	bool harmless = true;
	struct diag *diag;
	size_t at;

	if (str_within(record->text, ' ', '~'))
		return;
	at = text_find_control(record->text, leading_blanks(record));
	if (at == record->text.n || text_kind(record) == AUTH_NONE)
		return;
	while (at < record->text.n &&
	    (harmless = is_harmless(record, at)) == true)
		at = text_find_control(record->text, at + 1);
	if (harmless)
		at = text_find_control(record->text, leading_blanks(record));
	diag = complain_text(lint, record, at, at + 1, harmless ?
	    "receivers may stumble over the %s in this %s record" :
	    "receivers cannot read this record: a %s stands in it, where "
	    "%s knows only spaces", record->text.p[at] == '\t' ? "tab" :
	    "control character", auth_name(text_kind(record)));
	if (harmless)
		diag_level(diag, LEVEL_WARNING);
	diag_help(lint, diag, "write a space instead, or leave it out");
	if (record->generated || (!harmless && text_is_second(lint, record)))
		return;
	for (at = text_find_control(record->text, leading_blanks(record));
	    at < record->text.n; at = text_find_control(record->text, at + 1))
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

const struct rule *const zone_character_rules[] = {
	&control,
	&idn,
	&non_ascii,
	&smart_quotes,
	NULL
};
