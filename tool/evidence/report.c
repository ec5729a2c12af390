/*
 * One aggregate report: RFC 7489 appendix C, RFC 9990 appendix A, and what
 * reporters make of them.
 */
#include <arpa/inet.h>

#include <string.h>

#include "base/address.h"
#include "base/arena.h"
#include "base/hash.h"
#include "evidence/reading.h"

/* ---- words --------------------------------------------------------------- */

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

/* ---- addresses ----------------------------------------------------------- */

struct address
address_parse(struct str text)
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

/* ---- elements ------------------------------------------------------------ */

struct child {
	struct str name;
	enum element element;
};

/* What is kept of a parent's children; the name of the last one is empty. */
static const struct child *const children[UNKNOWN + 1] = {
	[OUTSIDE] = (const struct child[]){
		{ STR_INIT("feedback"), FEEDBACK },
		{ STR_INIT(""), UNKNOWN } },
	[FEEDBACK] = (const struct child[]){
		{ STR_INIT("record"), RECORD },
		{ STR_INIT("report_metadata"), METADATA },
		{ STR_INIT("policy_published"), POLICY },
		{ STR_INIT(""), UNKNOWN } },
	[METADATA] = (const struct child[]){
		{ STR_INIT("org_name"), ORG_NAME },
		{ STR_INIT("email"), EMAIL },
		{ STR_INIT("report_id"), REPORT_ID },
		{ STR_INIT("date_range"), DATE_RANGE },
		{ STR_INIT(""), UNKNOWN } },
	[DATE_RANGE] = (const struct child[]){
		{ STR_INIT("begin"), BEGIN },
		{ STR_INIT("end"), ENDS },
		{ STR_INIT(""), UNKNOWN } },
	[POLICY] = (const struct child[]){
		{ STR_INIT("domain"), DOMAIN },
		{ STR_INIT("p"), P },
		{ STR_INIT("sp"), SP },
		{ STR_INIT("np"), NP },
		{ STR_INIT("pct"), PCT },
		{ STR_INIT("testing"), TESTING },
		{ STR_INIT("t"), TESTING },
		{ STR_INIT("discovery_method"), DISCOVERY },
		{ STR_INIT(""), UNKNOWN } },
	[RECORD] = (const struct child[]){
		{ STR_INIT("row"), ROW },
		{ STR_INIT("identifiers"), IDENTIFIERS },
		{ STR_INIT("identities"), IDENTIFIERS },
		{ STR_INIT("auth_results"), AUTH_RESULTS },
		{ STR_INIT(""), UNKNOWN } },
	[ROW] = (const struct child[]){
		{ STR_INIT("source_ip"), SOURCE_IP },
		{ STR_INIT("count"), COUNT },
		{ STR_INIT("policy_evaluated"), EVALUATED },
		{ STR_INIT(""), UNKNOWN } },
	[EVALUATED] = (const struct child[]){
		{ STR_INIT("disposition"), DISPOSITION },
		{ STR_INIT("dkim"), DKIM_ALIGNED },
		{ STR_INIT("spf"), SPF_ALIGNED },
		{ STR_INIT(""), UNKNOWN } },
	[IDENTIFIERS] = (const struct child[]){
		{ STR_INIT("header_from"), HEADER_FROM },
		{ STR_INIT("envelope_from"), ENVELOPE_FROM },
		{ STR_INIT(""), UNKNOWN } },
	[AUTH_RESULTS] = (const struct child[]){
		{ STR_INIT("dkim"), DKIM },
		{ STR_INIT("spf"), SPF },
		{ STR_INIT(""), UNKNOWN } },
	[DKIM] = (const struct child[]){
		{ STR_INIT("domain"), DKIM_DOMAIN },
		{ STR_INIT("selector"), DKIM_SELECTOR },
		{ STR_INIT("result"), DKIM_RESULT },
		{ STR_INIT(""), UNKNOWN } },
	[SPF] = (const struct child[]){
		{ STR_INIT("domain"), SPF_DOMAIN },
		{ STR_INIT("result"), SPF_RESULT },
		{ STR_INIT(""), UNKNOWN } },
	[UNKNOWN] = (const struct child[]){
		{ STR_INIT(""), UNKNOWN } },
};

bool
reading_refuse(struct reading *reading, struct str why)
{
	if (reading->report->why.p == NULL)
		reading->report->why = why;
	return false;
}

/* Names of one parent's children mostly differ in their lengths. */
static enum element
find_child(const struct child *child, struct str name)
{
	for (; child->name.n > 0; child++)
		if (child->name.n == name.n && (str_equal(child->name, name) ||
		    str_equal_case(child->name, name)))
			return child->element;
	return UNKNOWN;
}

static enum element
element_below(enum element parent, struct str name)
{
	const struct child *list = children[parent < UNKNOWN ? parent :
	    UNKNOWN];
	enum element element = find_child(list, name);

	/* The prefix of a name space says nothing. */
	return element != UNKNOWN || list->name.n == 0 ? element :
	    find_child(list, str_after(name, str_find(name, ':') + 1));
}

/* ---- a record ------------------------------------------------------------ */

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

/* ---- fields -------------------------------------------------------------- */

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

	if (text.n > 0 && text.p[text.n - 1] == '.')
		text.n--;
	if (reading->known[element].p != NULL &&
	    str_equal(reading->known[element], text))
		return reading->known[element];
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
		reading_refuse(reading, arena_printf(reading->arena,
		    "a count of " STR_QUOTE " is no number of messages",
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
		row->address = address_parse(text);
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

/* Without blanks, controls and line ends around it. */
static struct str
trim(struct str text)
{
	while (text.n > 0 && (unsigned char)text.p[text.n - 1] <= ' ')
		text.n--;
	while (text.n > 0 && (unsigned char)text.p[0] <= ' ')
		text = str_after(text, 1);
	return text;
}

static void
end_field(struct reading *reading, enum element field, struct str text)
{
	struct report *report = reading->report;

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

/* ---- elements that begin and end ----------------------------------------- */

bool
reading_open(struct reading *reading, struct str name)
{
	enum element parent = reading_element(reading);
	enum element element = element_below(parent, name);

	if (parent == OUTSIDE && element != FEEDBACK)
		return reading_refuse(reading, arena_printf(reading->arena,
		    "it is XML, but no aggregate report: the root is "
		    STR_QUOTE, STR_QUOTE_ARG(name)));
	if (reading->depth == REPORT_DEPTH)
		return reading_refuse(reading, arena_printf(reading->arena,
		    "more than %d elements are open inside each other",
		    REPORT_DEPTH));
	reading->open[reading->depth++] = element;
	if (element == RECORD)
		start_record(reading);
	else if (element == DKIM)
		reading->dkim = (struct identity){ STR(""), STR(""),
		    RESULT_ABSENT };
	else if (element == SPF)
		reading->spf = (struct identity){ STR(""), STR(""),
		    RESULT_ABSENT };
	return true;
}

bool
reading_close(struct reading *reading, struct str text)
{
	enum element element = reading->open[--reading->depth];

	if (element >= FIELDS)
		end_field(reading, element, trim(text));
	else if (element == DKIM)
		end_dkim(reading);
	else if (element == SPF)
		end_spf(reading);
	else if (element == RECORD)
		end_record(reading);
	return reading->report->why.p == NULL;
}

/* ---- the document -------------------------------------------------------- */
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

void
reading_start(struct reading *reading, struct arena *arena,
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

void
report_read(struct arena *arena, struct str xml, struct report *report)
{
	struct reading reading;

	while (xml.n > 0 && str_has(STR(" \t\r\n"), xml.p[0]))
		xml = str_after(xml, 1);
	if (!report_parse_plain(arena, xml, &reading, report))
		report_parse_xml(arena, xml, &reading, report);
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
