/*
 * One aggregate report: RFC 7489 appendix C, RFC 9990 appendix A, and what
 * reporters make of them.
 */
#include <arpa/inet.h>

#include <string.h>

#include <expat.h>

#include "base/address.h"
#include "base/arena.h"
#include "base/hash.h"
#include "evidence/evidence.h"

/* ---- words ------------------------------------------------------------------- */

static const char *const result_names[RESULTS] = {
	"", "pass", "fail", "softfail", "neutral", "none", "policy",
	"temperror", "permerror"
};

static const char *const disposition_names[DISPOSITIONS] = {
	"", "none", "pass", "quarantine", "reject"
};

const char *
auth_result_name(enum auth_result result)
{
	return result_names[result];
}

const char *
disposition_name(enum disposition disposition)
{
	return disposition_names[disposition];
}

/* The number of a word in any case; 0 for one that is not there. */
static int
number_of(struct str word, const char *const *names, int count)
{
	int i;

	for (i = 1; i < count; i++)
		if (str_is_case(word, names[i]))
			return i;
	return 0;
}

static enum auth_result
read_result(struct str word)
{
	/* RFC 4408 called it so, and some still do. */
	if (str_is_case(word, "hardfail"))
		return RESULT_FAIL;
	return (enum auth_result)number_of(word, result_names, RESULTS);
}

/* ---- addresses ---------------------------------------------------------------- */

struct address
address_read(struct str text)
{
	static const unsigned char mapped[12] = { [10] = 0xff, [11] = 0xff };
	struct address address = { .version = 0 };
	unsigned char octets[16];

	text = str_trim(text);
	if (str_starts(text, STR("[")) && str_ends(text, STR("]")))
		text = str_slice(text, 1, text.n - 1);
	if (str_starts_case(text, STR("IPv6:")))
		text = str_after(text, 5);
	if (address_parse_ip4(text, address.octets))
		address.version = 4;
	else if (!address_parse_ip6(text, octets))
		memset(address.octets, 0, sizeof(address.octets));
	else if (memcmp(octets, mapped, sizeof(mapped)) == 0) {
		memset(address.octets, 0, sizeof(address.octets));
		memcpy(address.octets, octets + 12, 4);
		address.version = 4;
	} else {
		memcpy(address.octets, octets, 16);
		address.version = 6;
	}
	return address;
}

struct str
address_print(struct arena *arena, const struct address *address)
{
	char text[INET6_ADDRSTRLEN];

	if (address->version == 0 || inet_ntop(address->version == 4 ?
	    AF_INET : AF_INET6, address->octets, text, sizeof(text)) == NULL)
		return STR("");
	return arena_copy(arena, str_from(text));
}

/* ---- elements ------------------------------------------------------------------ */

/* Where the reader stands. What is not listed below is passed over. */
enum element {
	OUTSIDE, FEEDBACK, METADATA, DATE_RANGE, POLICY, RECORD, ROW,
	EVALUATED, IDENTIFIERS, AUTH_RESULTS, DKIM, SPF,
	UNKNOWN,
	FIELDS,			/* from here on: text that is kept */
	ORG_NAME = FIELDS, EMAIL, REPORT_ID, BEGIN, ENDS, DOMAIN, P, SP, NP,
	PCT, TESTING, DISCOVERY, SOURCE_IP, COUNT, DISPOSITION, DKIM_ALIGNED,
	SPF_ALIGNED, HEADER_FROM, ENVELOPE_FROM, DKIM_DOMAIN, DKIM_SELECTOR,
	DKIM_RESULT, SPF_DOMAIN, SPF_RESULT, ELEMENTS
};

static const struct child {
	enum element parent, element;
	struct str name;
} children[] = {
	{ OUTSIDE, FEEDBACK, STR_INIT("feedback") },
	{ FEEDBACK, RECORD, STR_INIT("record") },
	{ FEEDBACK, METADATA, STR_INIT("report_metadata") },
	{ FEEDBACK, POLICY, STR_INIT("policy_published") },
	{ METADATA, ORG_NAME, STR_INIT("org_name") },
	{ METADATA, EMAIL, STR_INIT("email") },
	{ METADATA, REPORT_ID, STR_INIT("report_id") },
	{ METADATA, DATE_RANGE, STR_INIT("date_range") },
	{ DATE_RANGE, BEGIN, STR_INIT("begin") },
	{ DATE_RANGE, ENDS, STR_INIT("end") },
	{ POLICY, DOMAIN, STR_INIT("domain") },
	{ POLICY, P, STR_INIT("p") },
	{ POLICY, SP, STR_INIT("sp") },
	{ POLICY, NP, STR_INIT("np") },
	{ POLICY, PCT, STR_INIT("pct") },
	{ POLICY, TESTING, STR_INIT("testing") },
	{ POLICY, TESTING, STR_INIT("t") },
	{ POLICY, DISCOVERY, STR_INIT("discovery_method") },
	{ RECORD, ROW, STR_INIT("row") },
	{ RECORD, IDENTIFIERS, STR_INIT("identifiers") },
	{ RECORD, IDENTIFIERS, STR_INIT("identities") },
	{ RECORD, AUTH_RESULTS, STR_INIT("auth_results") },
	{ ROW, SOURCE_IP, STR_INIT("source_ip") },
	{ ROW, COUNT, STR_INIT("count") },
	{ ROW, EVALUATED, STR_INIT("policy_evaluated") },
	{ EVALUATED, DISPOSITION, STR_INIT("disposition") },
	{ EVALUATED, DKIM_ALIGNED, STR_INIT("dkim") },
	{ EVALUATED, SPF_ALIGNED, STR_INIT("spf") },
	{ IDENTIFIERS, HEADER_FROM, STR_INIT("header_from") },
	{ IDENTIFIERS, ENVELOPE_FROM, STR_INIT("envelope_from") },
	{ AUTH_RESULTS, DKIM, STR_INIT("dkim") },
	{ AUTH_RESULTS, SPF, STR_INIT("spf") },
	{ DKIM, DKIM_DOMAIN, STR_INIT("domain") },
	{ DKIM, DKIM_SELECTOR, STR_INIT("selector") },
	{ DKIM, DKIM_RESULT, STR_INIT("result") },
	{ SPF, SPF_DOMAIN, STR_INIT("domain") },
	{ SPF, SPF_RESULT, STR_INIT("result") },
};

/* A DKIM signature or a check of SPF, as one element says it. */
struct identity {
	struct str domain, selector;
	enum auth_result result;
};

struct reading {
	struct arena *arena;
	struct report *report;
	XML_Parser parser;
	/* The element that is open at each depth. */
	enum element open[REPORT_DEPTH];
	unsigned depth;
	bool ended;			/* the root was closed */
	struct str email, begin, ends;
	/* Text of the field that is open. */
	char text[REPORT_FIELD];
	size_t length;
	/* The record that is open. */
	struct report_row row;
	struct report_row **last;
	/* What the receiver made of alignment; 0 when it does not say. */
	enum said { SAID_NOTHING, SAID_PASS, SAID_FAIL } dkim_said, spf_said;
	struct str envelope_from;
	struct identity dkim, spf;	/* of the element that is open */
	unsigned dkim_rank, spf_rank;	/* of what the row holds */
	/* Strings of the row before: mostly the next one has the same. */
	struct str known[ELEMENTS];
};

static void
refuse(struct reading *reading, struct str why)
{
	if (reading->report->why.p == NULL)
		reading->report->why = why;
	XML_StopParser(reading->parser, XML_FALSE);
}

/* The name without the prefix of a name space. */
static struct str
local_name(const XML_Char *qualified)
{
	const char *colon = strchr(qualified, ':');

	return str_from(colon == NULL ? qualified : colon + 1);
}

static enum element
element_below(enum element parent, struct str name)
{
	size_t i;

	for (i = 0; i < sizeof(children) / sizeof(*children); i++)
		if (children[i].parent == parent &&
		    children[i].name.n == name.n &&
		    str_equal_case(children[i].name, name))
			return children[i].element;
	return UNKNOWN;
}

/* ---- a record -------------------------------------------------------------------- */

static bool
is_within(struct str name, struct str ancestor)
{
	return str_equal(name, ancestor) || (name.n > ancestor.n &&
	    str_ends(name, ancestor) &&
	    name.p[name.n - ancestor.n - 1] == '.');
}

/* Relaxed, and no more than names alone can tell. */
static bool
seems_aligned(struct str identifier, struct str author)
{
	return identifier.n > 0 && author.n > 0 &&
	    (is_within(identifier, author) || is_within(author, identifier));
}

/*
 * How much an identity says about the source: an aligned one that passed most,
 * then any that passed.
 */
static unsigned
rank_of(const struct identity *identity, struct str author)
{
	return 1U + (identity->result == RESULT_PASS ? 2U : 0U) +
	    (seems_aligned(identity->domain, author) ? 1U : 0U);
}

static void
start_record(struct reading *reading)
{
	memset(&reading->row, 0, sizeof(reading->row));
	reading->row.header_from = reading->row.dkim_domain =
	    reading->row.dkim_selector = reading->row.spf_domain = STR("");
	/* Where none is told, one message at least was seen. */
	reading->row.count = 1;
	reading->dkim_said = reading->spf_said = SAID_NOTHING;
	reading->envelope_from = STR("");
	reading->dkim_rank = reading->spf_rank = 0;
}

static void
end_dkim(struct reading *reading)
{
	unsigned rank = rank_of(&reading->dkim, reading->row.header_from);

	if (rank <= reading->dkim_rank)
		return;
	reading->dkim_rank = rank;
	reading->row.dkim_domain = reading->dkim.domain;
	reading->row.dkim_selector = reading->dkim.selector;
	reading->row.dkim_result = reading->dkim.result;
}

static void
end_spf(struct reading *reading)
{
	unsigned rank = rank_of(&reading->spf, reading->row.header_from);

	if (rank <= reading->spf_rank)
		return;
	reading->spf_rank = rank;
	reading->row.spf_domain = reading->spf.domain;
	reading->row.spf_result = reading->spf.result;
}

/* What the receiver said, or, when it said nothing, what follows. */
static bool
is_aligned(enum said said, enum auth_result result, struct str identifier,
    struct str author)
{
	if (said != SAID_NOTHING)
		return said == SAID_PASS;
	return result == RESULT_PASS && seems_aligned(identifier, author);
}

static void
end_record(struct reading *reading)
{
	struct report_row *row = &reading->row;

	if (row->count == 0)
		return;
	if (row->spf_domain.n == 0)
		row->spf_domain = reading->envelope_from;
	row->dkim_aligned = is_aligned(reading->dkim_said, row->dkim_result,
	    row->dkim_domain, row->header_from);
	row->spf_aligned = is_aligned(reading->spf_said, row->spf_result,
	    row->spf_domain, row->header_from);
	*reading->last = ARENA_NEW(reading->arena, struct report_row);
	**reading->last = *row;
	reading->last = &(*reading->last)->next;
	reading->report->row_count++;
}

/* ---- fields ----------------------------------------------------------------------- */

/* The text in the arena, unless the row before had the same. */
static struct str
keep(struct reading *reading, enum element element, struct str text)
{
	struct str *known = &reading->known[element];

	if (known->p == NULL || !str_equal(*known, text))
		*known = arena_copy(reading->arena, text);
	return *known;
}

/* The same for a domain name, which is made lower case. */
static struct str
keep_name(struct reading *reading, enum element element, struct str text)
{
	char lower[REPORT_FIELD];
	size_t i;

	if (str_ends(text, STR(".")))
		text.n--;
	for (i = 0; i < text.n; i++)
		lower[i] = (char)byte_lower((unsigned char)text.p[i]);
	return keep(reading, element, (struct str){ lower, text.n });
}

static void
read_count(struct reading *reading, struct str text)
{
	uint64_t count;

	if (str_number(text, UINT32_MAX, &count))
		reading->row.count = (uint32_t)count;
	else
		refuse(reading, arena_printf(reading->arena, "a count of "
		    STR_QUOTE " is no number of messages",
		    STR_QUOTE_ARG(text)));
}

static enum said
read_said(struct str text)
{
	return str_is_case(text, "pass") ? SAID_PASS : text.n == 0 ?
	    SAID_NOTHING : SAID_FAIL;
}

/* Fields of a record, which come by the million. */
static void
end_row_field(struct reading *reading, enum element field, struct str text)
{
	struct report_row *row = &reading->row;

	switch (field) {
	case SOURCE_IP:
		row->address = address_read(text);
		break;
	case COUNT:
		read_count(reading, text);
		break;
	case DISPOSITION:
		row->disposition = (enum disposition)number_of(text,
		    disposition_names, DISPOSITIONS);
		break;
	case DKIM_ALIGNED:
		reading->dkim_said = read_said(text);
		break;
	case SPF_ALIGNED:
		reading->spf_said = read_said(text);
		break;
	case HEADER_FROM:
		row->header_from = keep_name(reading, field, text);
		break;
	case ENVELOPE_FROM:
		reading->envelope_from = keep_name(reading, field, text);
		break;
	case DKIM_DOMAIN:
		reading->dkim.domain = keep_name(reading, field, text);
		break;
	case DKIM_SELECTOR:
		reading->dkim.selector = keep_name(reading, field, text);
		break;
	case DKIM_RESULT:
		reading->dkim.result = read_result(text);
		break;
	case SPF_DOMAIN:
		reading->spf.domain = keep_name(reading, field, text);
		break;
	case SPF_RESULT:
		reading->spf.result = read_result(text);
		break;
	default:
		break;
	}
}

static void
end_field(struct reading *reading, enum element field)
{
	struct report *report = reading->report;
	struct str text = { reading->text, reading->length };

	while (text.n > 0 && (unsigned char)text.p[text.n - 1] <= ' ')
		text.n--;
	while (text.n > 0 && (unsigned char)text.p[0] <= ' ')
		text = str_after(text, 1);
	switch (field) {
	case ORG_NAME:
		report->reporter = keep(reading, field, text);
		break;
	case EMAIL:
		reading->email = keep(reading, field, text);
		break;
	case REPORT_ID:
		report->id = keep(reading, field, text);
		break;
	case BEGIN:
		reading->begin = keep(reading, field, text);
		break;
	case ENDS:
		reading->ends = keep(reading, field, text);
		break;
	case DOMAIN:
		report->domain = keep_name(reading, field, text);
		break;
	case P:
		report->p = keep_name(reading, field, text);
		break;
	case SP:
		report->sp = keep_name(reading, field, text);
		break;
	case NP:
		report->np = keep_name(reading, field, text);
		break;
	case PCT:
		report->pct = keep_name(reading, field, text);
		break;
	case TESTING:
		report->t = keep_name(reading, field, text);
		break;
	case DISCOVERY:
		report->discovery = keep_name(reading, field, text);
		break;
	default:
		end_row_field(reading, field, text);
	}
}

/* ---- what expat calls --------------------------------------------------------------- */

static void XMLCALL
on_start(void *context, const XML_Char *name, const XML_Char **attributes)
{
	struct reading *reading = context;
	enum element parent = reading->depth == 0 ? OUTSIDE :
	    reading->open[reading->depth - 1];
	enum element element = element_below(parent, local_name(name));

	(void)attributes;
	if (reading->report->why.p != NULL)
		return;
	if (parent == OUTSIDE && element != FEEDBACK) {
		refuse(reading, arena_printf(reading->arena, "it is XML, but "
		    "no aggregate report: the root is " STR_QUOTE,
		    STR_QUOTE_ARG(str_from(name))));
		return;
	}
	if (reading->depth == REPORT_DEPTH) {
		refuse(reading, arena_printf(reading->arena, "more than %d "
		    "elements are open inside each other", REPORT_DEPTH));
		return;
	}
	reading->open[reading->depth++] = element;
	reading->length = 0;
	if (element == RECORD)
		start_record(reading);
	else if (element == DKIM)
		reading->dkim = (struct identity){ STR(""), STR(""),
		    RESULT_ABSENT };
	else if (element == SPF)
		reading->spf = (struct identity){ STR(""), STR(""),
		    RESULT_ABSENT };
}

static void XMLCALL
on_end(void *context, const XML_Char *name)
{
	struct reading *reading = context;
	enum element element;

	(void)name;
	/* An element without content ends in the same breath. */
	if (reading->report->why.p != NULL)
		return;
	element = reading->open[--reading->depth];
	if (element >= FIELDS)
		end_field(reading, element);
	else if (element == DKIM)
		end_dkim(reading);
	else if (element == SPF)
		end_spf(reading);
	else if (element == RECORD)
		end_record(reading);
	/* Whatever stands behind the end is none of the report's. */
	if (reading->depth == 0) {
		reading->ended = true;
		XML_StopParser(reading->parser, XML_FALSE);
	}
}

static void XMLCALL
on_text(void *context, const XML_Char *text, int length)
{
	struct reading *reading = context;

	if (reading->report->why.p != NULL || reading->depth == 0 ||
	    reading->open[reading->depth - 1] < FIELDS)
		return;
	if ((size_t)length > sizeof(reading->text) - reading->length) {
		refuse(reading, arena_printf(reading->arena, "a field is "
		    "longer than %d octets", REPORT_FIELD));
		return;
	}
	memcpy(reading->text + reading->length, text, (size_t)length);
	reading->length += (size_t)length;
}

/* A report needs none, and entities are how XML blows up. */
static void XMLCALL
on_doctype(void *context, const XML_Char *name, const XML_Char *system_id,
    const XML_Char *public_id, int has_internal)
{
	(void)name;
	(void)system_id;
	(void)public_id;
	(void)has_internal;
	refuse(context, STR("it has a document type (DOCTYPE), which no "
	    "report needs and which could hold harm"));
}

/* ---- the document -------------------------------------------------------------------- */

/* The octets that follow the first one of a sequence; false: there is none. */
static bool
ends_sequence(struct cursor *in, int first)
{
	int second = cursor_peek(in);
	unsigned more = first >= 0xf0 ? 3 : first >= 0xe0 ? 2 : 1;

	if (first < 0xc2 || first > 0xf4 ||
	    (first == 0xe0 && second < 0xa0) ||
	    (first == 0xed && second > 0x9f) ||
	    (first == 0xf0 && second < 0x90) ||
	    (first == 0xf4 && second > 0x8f))
		return false;
	while (more-- > 0)
		if ((cursor_next(in) & 0xc0) != 0x80)
			return false;
	return true;
}

static bool
is_utf8(struct str text)
{
	struct cursor in = { text, 0 };
	uint64_t word;
	int byte;

	for (;;) {
		/* Most of it is ASCII, eight octets at a time. */
		while (in.text.n - in.here >= sizeof(word)) {
			memcpy(&word, in.text.p + in.here, sizeof(word));
			if ((word & UINT64_C(0x8080808080808080)) != 0)
				break;
			in.here += sizeof(word);
		}
		byte = cursor_next(&in);
		if (byte == END)
			return true;
		if (byte >= 0x80 && !ends_sequence(&in, byte))
			return false;
	}
}

/* UTF-16 tells itself; for others the octets are believed, not the label. */
static const char *
encoding_of(struct str xml)
{
	if (str_starts(xml, STR("\xff\xfe")) ||
	    str_starts(xml, STR("\xfe\xff")) ||
	    str_starts(xml, (struct str){ "<\0", 2 }) ||
	    str_starts(xml, (struct str){ "\0<", 2 }))
		return NULL;
	return is_utf8(xml) ? "UTF-8" : "ISO-8859-1";
}

/* Seconds since 1970; some write fractions, milliseconds, or a date. */
static bool
read_time(struct str text, int64_t *seconds)
{
	uint64_t number;
	day date;

	text = str_slice(text, 0, str_find(text, '.'));
	if (str_number(text, INT64_MAX, &number)) {
		if (number >= UINT64_C(100000000000))
			number /= 1000;
		*seconds = (int64_t)number;
		return number < UINT64_C(4102444800);	/* the year 2100 */
	}
	if (!date_parse(str_slice(text, 0, 10), &date))
		return false;
	*seconds = (int64_t)date * 86400;
	return true;
}

/* Fills in what was left out, or refuses what cannot do without. */
static void
finish(struct reading *reading, struct str xml)
{
	struct report *report = reading->report;

	if (report->domain.n == 0 && report->rows != NULL)
		report->domain = report->rows->header_from;
	if (report->domain.n == 0)
		report->why = STR("it does not say for which domain it is");
	else if (reading->begin.n == 0 && reading->ends.n == 0)
		report->why = STR("it does not say for which days it is");
	else if (!read_time(reading->begin.n == 0 ? reading->ends :
	    reading->begin, &report->begin))
		report->why = arena_printf(reading->arena, "its first day "
		    STR_QUOTE " is no time since 1970 and before 2100",
		    STR_QUOTE_ARG(reading->begin));
	if (report->why.p != NULL)
		return;
	if (!read_time(reading->ends, &report->end) ||
	    report->end < report->begin)
		report->end = report->begin;
	if (report->reporter.n == 0)
		report->reporter = reading->email;
	if (report->id.n == 0)
		report->id = arena_printf(reading->arena, "%016llx",
		    (unsigned long long)hash_bytes(hash_key_fixed, xml));
}

/* ---- what is nearly XML ------------------------------------------------------- */

/* "&amp;", "&#38;": a reference, and not an ampersand that nobody escaped. */
static bool
is_reference(struct str text)
{
	struct cursor in = { text, 1 };
	bool any = false;
	int byte;

	cursor_accept(&in, '#');
	while (byte_is_letter(byte = cursor_peek(&in)) || byte_is_digit(byte)) {
		cursor_next(&in);
		any = true;
	}
	return any && byte == ';';
}

/* Ampersands become references, controls blanks; false: there are none. */
static bool
mend(struct str xml, struct buffer *out)
{
	size_t start = 0, i;
	bool ampersand, control;

	for (i = 0; i < xml.n; i++) {
		control = (unsigned char)xml.p[i] < ' ' &&
		    !str_has(STR("\t\r\n"), xml.p[i]);
		ampersand = xml.p[i] == '&' &&
		    !is_reference(str_slice(xml, i, i + 16));
		if (!control && !ampersand)
			continue;
		buffer_add(out, str_slice(xml, start, i));
		buffer_add_cstr(out, ampersand ? "&amp;" : " ");
		start = i + 1;
	}
	buffer_add(out, str_after(xml, start));
	return start > 0 && out->n <= INT32_MAX;
}

/* ---- the whole of it --------------------------------------------------------------- */

static void
start_reading(struct reading *reading, struct arena *arena,
    struct report *report)
{
	struct str empty = STR("");

	*reading = (struct reading){ .arena = arena, .report = report,
	    .email = empty, .begin = empty, .ends = empty };
	*report = (struct report){ .reporter = empty, .id = empty,
	    .domain = empty, .p = empty, .sp = empty, .np = empty,
	    .pct = empty, .t = empty, .discovery = empty };
	reading->last = &report->rows;
}

static void
tell_error(struct reading *reading, enum XML_Error error, struct str xml)
{
	if (error == XML_ERROR_NO_MEMORY)
		arena_array(reading->arena, SIZE_MAX, 2);
	if (error == XML_ERROR_NO_ELEMENTS ||
	    error == XML_ERROR_UNCLOSED_TOKEN ||
	    error == XML_ERROR_PARTIAL_CHAR)
		reading->report->why = arena_printf(reading->arena,
		    "it is cut off after %zu octets", xml.n);
	else
		reading->report->why = arena_printf(reading->arena,
		    "line %lu: it is no XML: %s", (unsigned long)
		    XML_GetCurrentLineNumber(reading->parser),
		    XML_ErrorString(error));
}

/* False when it is not even well-formed, which *report tells. */
static bool
parse(struct arena *arena, struct str xml, const char *encoding,
    struct reading *reading, struct report *report)
{
	XML_Parser parser = XML_ParserCreate(encoding);
	bool well_formed;

	if (parser == NULL)
		arena_array(arena, SIZE_MAX, 2);
	start_reading(reading, arena, report);
	reading->parser = parser;
	XML_SetUserData(parser, reading);
	XML_SetElementHandler(parser, on_start, on_end);
	XML_SetCharacterDataHandler(parser, on_text);
	XML_SetStartDoctypeDeclHandler(parser, on_doctype);
	well_formed = XML_Parse(parser, xml.p, (int)xml.n, XML_TRUE) !=
	    XML_STATUS_ERROR || reading->ended || report->why.p != NULL;
	if (!well_formed)
		tell_error(reading, XML_GetErrorCode(parser), xml);
	XML_ParserFree(parser);
	return well_formed;
}

void
report_read(struct arena *arena, struct str xml, struct report *report)
{
	struct buffer mended = { 0 };
	struct reading reading;
	const char *encoding;

	while (xml.n > 0 && str_has(STR(" \t\r\n"), xml.p[0]))
		xml = str_after(xml, 1);
	if (xml.n > INT32_MAX) {
		start_reading(&reading, arena, report);
		report->why = STR("it is longer than 2 GB");
		return;
	}
	encoding = encoding_of(xml);
	if (!parse(arena, xml, encoding, &reading, report) &&
	    encoding != NULL && mend(xml, &mended))
		parse(arena, buffer_str(&mended), encoding, &reading, report);
	buffer_free(&mended);
	if (report->why.p == NULL)
		finish(&reading, xml);
}

enum { SECONDS_A_DAY = 86400, LONGEST = 31 };

day
report_first_day(const struct report *report)
{
	return (day)(report->begin / SECONDS_A_DAY);
}

day
report_last_day(const struct report *report)
{
	day first = report_first_day(report);
	/* Many end a report at midnight sharp, when the next one begins. */
	day last = (day)((report->end - (report->end > report->begin)) /
	    SECONDS_A_DAY);

	return last - first > LONGEST ? first : last;
}
