/*
 * The zone as a whole: what its reader could not take, and what a name server
 * makes of it.
 */
#include "base/arena.h"
#include "base/buffer.h"
#include "rules/check.h"

#define REFUSED	", so name servers refuse the zone"

/* A remark of the reader, when it is of this kind. */
static struct diag *
pass_on(struct lint *lint, const struct zone_problem *problem,
    enum zone_problem_kind kind, const char *consequence)
{
	struct diag *diag;

	if (problem->kind != kind)
		return NULL;
	diag = complain(lint, problem->span, "%.*s%s",
	    STR_ARG(problem->what), consequence);
	/* It stands where another one does, and must not be taken for that. */
	if (problem->others > 0) {
		diag_rest_of(lint->keep, diag)->others = problem->others;
		diag_set_token(lint->keep, diag, STR("others"));
	}
	return diag;
}

static void
check_syntax(struct lint *lint, const struct zone_problem *problem)
{
	struct diag *diag;

	pass_on(lint, problem, ZONE_SYNTAX, REFUSED);
	diag = pass_on(lint, problem, ZONE_NO_TTL, REFUSED);
	if (diag != NULL)
		diag_help(lint, diag, "write a $TTL line above it, such as "
		    "\"$TTL 1h\"; if another file includes this one behind "
		    "its own $TTL, lint that");
}

static const struct rule syntax = {
	.id = "zone-syntax",
	.level = LEVEL_ERROR,
	.subject = SUBJECT_PROBLEM,
	.summary = "zone file cannot be parsed",
	.rationale = "A name server refuses a zone file with a syntax error. "
	    "It goes on with the old data or answers nothing, and then mail "
	    "is neither authenticated nor delivered.",
	.citation = "RFC 1035 section 5.1",
	.bad = QUIET_SOA QUIET_MX QUIET_SPF QUIET_DMARC
	    RR("www A 198.51.100.300"),
	.good = QUIET_SOA QUIET_MX QUIET_SPF QUIET_DMARC
	    RR("www A 198.51.100.30"),
	.problem = check_syntax,
};

static void
check_limit(struct lint *lint, const struct zone_problem *problem)
{
	pass_on(lint, problem, ZONE_LIMIT, "");
}

static const struct rule limit = {
	.id = "zone-limit",
	.level = LEVEL_ERROR,
	.subject = SUBJECT_PROBLEM,
	.summary = "zone is too large or too deep to be read",
	.rationale = "Includes may nest 64 deep, no file may include itself, "
	    "and a zone may have 100000 includes and a million records made "
	    "by $GENERATE. What lies behind a limit has not been judged; name "
	    "servers refuse a zone whose files include each other in a "
	    "circle.",
	.citation = "BIND 9 Administrator Reference Manual, $GENERATE and "
	    "$INCLUDE",
	.bad = QUIET_SOA QUIET_MX QUIET_SPF QUIET_DMARC
	    RR("$GENERATE 1-2000000 host-$ A 198.51.100.1"),
	.good = QUIET_SOA QUIET_MX QUIET_SPF QUIET_DMARC
	    RR("$GENERATE 1-20 host-$ A 198.51.100.1"),
	.problem = check_limit,
};

static void
check_unbalanced_quote(struct lint *lint, const struct zone_problem *problem)
{
	struct diag *diag = pass_on(lint, problem, ZONE_UNBALANCED_QUOTE,
	    REFUSED);

	if (diag != NULL)
		diag_help(lint, diag, "close the string on its own line; a "
		    "long text is written as several strings");
}

static const struct rule unbalanced_quote = {
	.id = "zone-unbalanced-quote",
	.level = LEVEL_ERROR,
	.subject = SUBJECT_PROBLEM,
	.summary = "quoted string is not closed on its line",
	.rationale = "BIND refuses a zone in which a quoted string runs over "
	    "the end of its line; other tools take whatever follows for a "
	    "part of the string and lose records.",
	.citation = "RFC 1035 section 5.1",
	.bad = QUIET_SOA QUIET_MX QUIET_SPF QUIET_DMARC
	    RR("www TXT \"a greeting"),
	.good = QUIET_SOA QUIET_MX QUIET_SPF QUIET_DMARC
	    RR("www TXT \"a greeting\""),
	.problem = check_unbalanced_quote,
};

/* How far a string may go from here: 255 octets, rather up to a blank. */
static size_t
string_end(struct str raw)
{
	struct cursor in = { raw, 0 };
	size_t octets, blank = 0, i;
	int byte;

	for (octets = 0; octets < 255 && cursor_peek(&in) != END; octets++) {
		byte = cursor_next(&in);
		if (byte == ' ')
			blank = in.here - 1;
		if (byte != '\\')
			continue;
		if (byte_is_digit(cursor_peek(&in)))
			for (i = 0; i < 3; i++)
				cursor_next(&in);
		else
			cursor_next(&in);
	}
	return cursor_peek(&in) == END || blank == 0 ? in.here : blank;
}

/* The same octets in strings that are short enough. */
static void
fix_long_string(struct lint *lint, struct diag *diag, struct span span)
{
	struct str raw = span_text(span);
	struct buffer out = { 0 };
	size_t end;

	if (raw.n < 2 || raw.p[0] != '"' || raw.p[raw.n - 1] != '"' ||
	    source_is_generated(span.source))
		return;
	raw = str_slice(raw, 1, raw.n - 1);
	while (raw.n > 0) {
		end = string_end(raw);
		buffer_add_cstr(&out, out.n > 0 ? " \"" : "\"");
		buffer_add(&out, str_slice(raw, 0, end));
		buffer_add_byte(&out, '"');
		raw = str_after(raw, end);
	}
	diag_fix(lint, diag, FIX_SAFE, span, buffer_str(&out));
	buffer_free(&out);
}

static void
check_string_too_long(struct lint *lint, const struct zone_problem *problem)
{
	struct diag *diag = pass_on(lint, problem, ZONE_STRING_TOO_LONG,
	    REFUSED);

	if (diag == NULL)
		return;
	diag_help(lint, diag, "cut it into strings of at most 255 octets; "
	    "receivers join them with nothing in between");
	fix_long_string(lint, diag, problem->span);
}

#define LETTERS_50	"aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeee"

static const struct rule string_too_long = {
	.id = "zone-string-too-long",
	.level = LEVEL_ERROR,
	.subject = SUBJECT_PROBLEM,
	.fix = FIX_SAFE,
	.summary = "string is longer than 255 octets",
	.rationale = "A string of a TXT record holds at most 255 octets. Name "
	    "servers refuse a zone with a longer one, which DKIM keys of "
	    "2048 bits always need.",
	.citation = "RFC 1035 section 3.3",
	.bad = QUIET_SOA QUIET_MX QUIET_SPF QUIET_DMARC
	    TXT("www", LETTERS_50 LETTERS_50 LETTERS_50 LETTERS_50 LETTERS_50
		"ffffff"),
	.good = QUIET_SOA QUIET_MX QUIET_SPF QUIET_DMARC
	    TXT("www", LETTERS_50 LETTERS_50 LETTERS_50 LETTERS_50 LETTERS_50
		"\" \"ffffff"),
	.problem = check_string_too_long,
};

static void
check_name_too_long(struct lint *lint, const struct zone_problem *problem)
{
	pass_on(lint, problem, ZONE_NAME_TOO_LONG, REFUSED);
}

static const struct rule name_too_long = {
	.id = "zone-name-too-long",
	.level = LEVEL_ERROR,
	.subject = SUBJECT_PROBLEM,
	.summary = "name or label is longer than DNS allows",
	.rationale = "A label has at most 63 octets and a name at most 255 "
	    "on the wire. Name servers refuse a zone with a longer one.",
	.citation = "RFC 1035 section 2.3.4",
	.bad = QUIET_SOA QUIET_MX QUIET_SPF QUIET_DMARC
	    RR(LETTERS_50 "fffffffffffffg A 198.51.100.30"),
	.good = QUIET_SOA QUIET_MX QUIET_SPF QUIET_DMARC
	    RR(LETTERS_50 "fffffffffffff A 198.51.100.30"),
	.problem = check_name_too_long,
};

static void
check_bom(struct lint *lint, const struct zone_problem *problem)
{
	struct diag *diag = pass_on(lint, problem, ZONE_BOM, REFUSED);

	if (diag == NULL)
		return;
	diag_help(lint, diag, "save the file as UTF-8 without a byte order "
	    "mark");
	diag_fix(lint, diag, FIX_SAFE, problem->span, STR(""));
}

static const struct rule bom = {
	.id = "zone-bom",
	.level = LEVEL_ERROR,
	.subject = SUBJECT_PROBLEM,
	.fix = FIX_SAFE,
	.summary = "zone file begins with a byte order mark",
	.rationale = "Editors write three invisible octets at the start of a "
	    "file. BIND takes them for a part of the first word and refuses "
	    "the zone.",
	.citation = "RFC 1035 section 5.1",
	.bad = "\xef\xbb\xbf" QUIET_SOA QUIET_MX QUIET_SPF QUIET_DMARC,
	.good = QUIET_SOA QUIET_MX QUIET_SPF QUIET_DMARC,
	.problem = check_bom,
};

static void
check_include_unresolved(struct lint *lint,
    const struct zone_problem *problem)
{
	struct diag *diag = pass_on(lint, problem, ZONE_INCLUDE, "");

	if (diag != NULL)
		diag_help(lint, diag, "what the file holds is unknown here, "
		    "so nothing is called missing; --include-dir says where "
		    "it lies");
}

static const struct rule include_unresolved = {
	.id = "zone-include-unresolved",
	.level = LEVEL_WARNING,
	.subject = SUBJECT_PROBLEM,
	.summary = "included file cannot be followed",
	.rationale = "A file that is missing, or lies where it may not be "
	    "read, leaves the zone incomplete: what stands in it has not "
	    "been judged, and a name server may refuse the zone.",
	.citation = "RFC 1035 section 5.1",
	.bad = QUIET_SOA QUIET_MX QUIET_SPF QUIET_DMARC
	    RR("$INCLUDE keys/no-such-file.txt"),
	.good = QUIET_SOA QUIET_MX QUIET_SPF QUIET_DMARC,
	.problem = check_include_unresolved,
};

/* The quotes that $GENERATE shall keep are escaped. */
static void
fix_generate(struct lint *lint, struct diag *diag, struct span span)
{
	struct str raw = span_text(span);
	struct buffer out = { 0 };

	if (raw.n < 2 || raw.p[0] != '"' || raw.p[raw.n - 1] != '"' ||
	    str_has(raw, '\\'))
		return;
	buffer_printf(&out, "\"\\\"%.*s\\\"\"",
	    STR_ARG(str_slice(raw, 1, raw.n - 1)));
	diag_fix(lint, diag, FIX_UNSAFE, span, buffer_str(&out));
	buffer_free(&out);
}

static void
check_generate_txt_quotes(struct lint *lint,
    const struct zone_problem *problem)
{
	struct diag *diag = pass_on(lint, problem, ZONE_GENERATE_QUOTES, "");

	if (diag == NULL)
		return;
	diag_help(lint, diag, "escape the quotes that the text needs: "
	    "\"\\\"v=spf1 a -all\\\"\"");
	fix_generate(lint, diag, problem->span);
}

static const struct rule generate_txt_quotes = {
	.id = "zone-generate-txt-quotes",
	.level = LEVEL_ERROR,
	.subject = SUBJECT_PROBLEM,
	.fix = FIX_UNSAFE,
	.summary = "$GENERATE takes the quotes off a text",
	.rationale = "BIND strips the quotes of what $GENERATE makes, and "
	    "reads the rest again: \"v=spf1 a -all\" becomes three strings "
	    "that receivers join to v=spf1a-all, and a \";\" begins a "
	    "comment. No receiver finds a record.",
	.citation = "BIND 9 Administrator Reference Manual, $GENERATE",
	.bad = QUIET_SOA QUIET_MX QUIET_SPF QUIET_DMARC
	    RR("$GENERATE 1-2 h$ A 198.51.100.$")
	    RR("$GENERATE 1-2 h$ TXT \"v=spf1 a -all\""),
	.good = QUIET_SOA QUIET_MX QUIET_SPF QUIET_DMARC
	    RR("$GENERATE 1-2 h$ A 198.51.100.1$")
	    RR("$GENERATE 1-2 h$ TXT \"\\\"v=spf1 a -all\\\"\""),
	.problem = check_generate_txt_quotes,
};

/* ---- where the zone is --------------------------------------------------- */

/* Does the owner at the span have a SOA? Class and TTL may stand between. */
static bool
owns_soa(struct span owner)
{
	struct cursor in = { owner.source->text, owner.end };
	struct str word;
	unsigned i;

	for (i = 0; i < 3; i++) {
		cursor_while(&in, STR(" \t"));
		word = cursor_until(&in, STR(" \t\r\n;("));
		if (str_is_case(word, "SOA"))
			return true;
	}
	return false;
}

/* The SOA that stands outside of its own zone: the zone has another name. */
static const struct zone_problem *
misplaced_soa(const struct zone *zone)
{
	const struct zone_problem *problem;

	if (zone->contents->has_soa)
		return NULL;
	for (problem = zone->contents->problems; problem != NULL;
	    problem = problem->next)
		if (problem->kind == ZONE_OUT_OF_ZONE &&
		    owns_soa(problem->span))
			return problem;
	return NULL;
}

/* The word behind the last $ORIGIN before a place. */
static struct str
origin_before(struct span span)
{
	struct str text = str_slice(span.source->text, 0, span.start);
	struct str mark = STR("\n$ORIGIN");
	struct cursor in = { text, 0 };
	size_t at;

	if (str_starts(text, str_after(mark, 1)))
		in.here = mark.n - 1;
	while ((at = str_find_str(cursor_rest(&in), mark)) <
	    cursor_rest(&in).n)
		in.here += at + mark.n;
	cursor_while(&in, STR(" \t"));
	return cursor_until(&in, STR(" \t\r\n;"));
}

/* The owner at a span as a whole name, as far as one $ORIGIN says it. */
static struct str
whole_owner(struct lint *lint, struct span span)
{
	struct str written = span_text(span), name, origin;

	if (!str_ends(written, STR("."))) {
		origin = origin_before(span);
		if (str_is(origin, "."))
			origin = STR("");
		written = str_is(written, "@") ? origin : arena_printf(
		    lint->arena, "%.*s.%.*s", STR_ARG(written),
		    STR_ARG(origin));
	}
	return name_parse(lint->arena, written, &name) ? name : written;
}

static void
check_name_mismatch(struct lint *lint)
{
	const struct zone_problem *soa = misplaced_soa(lint->zone);
	struct diag *diag;

	if (soa == NULL)
		return;
	diag = complain(lint, soa->span, "the SOA is that of " STR_QUOTE
	    ", but this file is loaded as the zone " STR_QUOTE
	    ", so name servers ignore its records",
	    STR_QUOTE_ARG(name_show(whole_owner(lint, soa->span))),
	    STR_QUOTE_ARG(name_show(lint->zone->name)));
	diag_help(lint, diag, "say under \"zones:\" or with --origin which "
	    "zone the file is");
}

static const struct rule name_mismatch = {
	.id = "zone-name-mismatch",
	.level = LEVEL_WARNING,
	.subject = SUBJECT_ZONE,
	.summary = "file is loaded as another zone than its SOA says",
	.rationale = "The name under which a file is loaded and the owner of "
	    "its SOA differ. Name servers ignore records outside of the zone "
	    "and then refuse it for want of a SOA; what is said here about "
	    "missing records may be about the wrong name.",
	.citation = "RFC 1035 section 5.2",
	.bad = "$TTL 3600\nexample.net. SOA ns.example.net. "
	    "hostmaster.example.net. 1 3600 900 604800 3600\n",
	.good = QUIET_SOA QUIET_MX QUIET_SPF QUIET_DMARC,
	.check = check_name_mismatch,
};

static void
check_out_of_zone(struct lint *lint, const struct zone_problem *problem)
{
	const struct zone_problem *soa;

	if (problem->kind != ZONE_OUT_OF_ZONE)
		return;
	/* All of a zone under another name lies outside: told once. */
	soa = misplaced_soa(lint->zone);
	if (soa == NULL || !name_within(whole_owner(lint, problem->span),
	    whole_owner(lint, soa->span)))
		pass_on(lint, problem, ZONE_OUT_OF_ZONE, "");
}

static const struct rule out_of_zone = {
	.id = "zone-out-of-zone",
	.level = LEVEL_WARNING,
	.subject = SUBJECT_PROBLEM,
	.summary = "owner lies outside of the zone",
	.rationale = "Name servers ignore records whose owner is not in the "
	    "zone, so what stands here is not published by this file.",
	.citation = "RFC 1035 section 5.2",
	.bad = QUIET_SOA QUIET_MX QUIET_SPF QUIET_DMARC
	    RR("www.example.net. A 198.51.100.30"),
	.good = QUIET_SOA QUIET_MX QUIET_SPF QUIET_DMARC
	    RR("www.example.com. A 198.51.100.30"),
	.problem = check_out_of_zone,
};

/* Another zone's, maybe, that stands in the same file. */
static void
check_low_soa(struct lint *lint)
{
	if (lint->zone->contents->low_soa.source != NULL)
		diag_help(lint, complain(lint, lint->zone->contents->low_soa,
		    "a SOA record stands below the top of the zone" REFUSED),
		    "a zone of its own has a file of its own");
}

static void
check_soa_duplicate(struct lint *lint)
{
	const struct node *apex = zone_find(lint->zone, lint->zone->name);
	const struct record **records;
	struct diag *diag;
	size_t count, i;

	check_low_soa(lint);
	if (lint->zone->contents->soa_count < 2 || apex == NULL ||
	    (apex->types & HAS_SOA) == 0)
		return;
	count = node_records(lint->zone, apex, lint->arena, HAS_SOA,
	    &records);
	for (i = 1; i < count; i++) {
		if (record_same(lint->arena, records[0], records[i]))
			continue;
		diag = complain(lint, records[i]->type_span, "the zone has "
		    "two SOA records that differ" REFUSED);
		diag_record(lint, diag, records[i]);
		diag_note(lint, diag, records[0]->type_span,
		    "the first stands here");
	}
}

static const struct rule soa_duplicate = {
	.id = "zone-soa-duplicate",
	.level = LEVEL_ERROR,
	.subject = SUBJECT_ZONE,
	.summary = "zone has two SOA records",
	.rationale = "A zone has exactly one SOA. Name servers refuse one "
	    "with two, and the data of yesterday stays, or none.",
	.citation = "RFC 1035 section 5.2",
	.bad = QUIET_SOA QUIET_MX QUIET_SPF QUIET_DMARC
	    RR("@ SOA ns hostmaster 2 3600 900 604800 3600"),
	.good = QUIET_SOA QUIET_MX QUIET_SPF QUIET_DMARC,
	.check = check_soa_duplicate,
};

const char *
refusal_rule(const struct zone_problem *problem)
{
	switch (problem->kind) {
	case ZONE_UNBALANCED_QUOTE:
		return unbalanced_quote.id;
	case ZONE_STRING_TOO_LONG:
		return string_too_long.id;
	case ZONE_NAME_TOO_LONG:
		return name_too_long.id;
	case ZONE_BOM:
		return bom.id;
	default:
		return syntax.id;
	}
}

const struct rule *const zone_rules[] = {
	&bom,
	&generate_txt_quotes,
	&include_unresolved,
	&limit,
	&name_mismatch,
	&name_too_long,
	&out_of_zone,
	&soa_duplicate,
	&string_too_long,
	&syntax,
	&unbalanced_quote,
	NULL
};
