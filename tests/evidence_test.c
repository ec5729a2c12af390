/* Aggregate reports: one, the files that hold them, what they add up to. */
#include "support.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/file.h"
#include "base/path.h"
#include "base/place.h"
#include "evidence/reading.h"

/* ---- one report ---------------------------------------------------------- */

#define META(inner) "<report_metadata>" inner "</report_metadata>"
#define NAMED META("<org_name>r.example</org_name><report_id>7</report_id>" \
	"<date_range><begin>1767225600</begin><end>1767311999</end>" \
	"</date_range>")
#define POLICY "<policy_published><domain>Example.COM.</domain><p>none</p>" \
	"</policy_published>"
#define ROW(ip, count, evaluated) "<row><source_ip>" ip "</source_ip>" \
	"<count>" count "</count><policy_evaluated>" evaluated \
	"</policy_evaluated></row>"
#define FROM "<identifiers><header_from>example.com</header_from>" \
	"</identifiers>"
#define BOTH "<dkim>pass</dkim><spf>fail</spf>"
#define RECORD "<record>" ROW("192.0.2.1", "3", BOTH) FROM "</record>"
#define FEEDBACK(inner) "<feedback>" inner "</feedback>"

/* What is refused, and the words for it. */
static void
test_refused(void **state)
{
	static const struct {
		const char *xml, *why;
	} rows[] = {
		{ "", "cut off after 0 octets" },
		{ "<feedback>" NAMED POLICY RECORD, "cut off after" },
		{ FEEDBACK(NAMED POLICY "<record></row>"), "line 1: it is no "
		    "XML" },
		{ FEEDBACK("<a>& &unknown;</a>"), "undefined entity" },
		{ "<html></html>", "the root is \"html\"" },
		{ "<!DOCTYPE feedback>" FEEDBACK(NAMED POLICY RECORD),
		    "DOCTYPE" },
		{ "<!DOCTYPE f [<!ENTITY a \"b\">]>" FEEDBACK("&a;"),
		    "DOCTYPE" },
		{ FEEDBACK(NAMED), "for which domain" },
		{ FEEDBACK(POLICY RECORD), "for which days" },
		{ FEEDBACK(META("<date_range><begin>soon</begin>"
		    "</date_range>") POLICY), "first day \"soon\"" },
		{ FEEDBACK(META("<date_range><begin>99999999999</begin>"
		    "</date_range>") POLICY), "before 2100" },
		{ FEEDBACK(NAMED POLICY "<record>" ROW("192.0.2.1", "-1",
		    BOTH) "</record>"), "count of \"-1\"" },
		{ FEEDBACK("<a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a>"
		    "<a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a/>"),
		    "more than 32 elements" },
	};
	struct arena *arena = arena_new();
	struct report report;
	size_t i;

	(void)state;
	for (i = 0; i < countof(rows); i++) {
		report_read(arena, str_from(rows[i].xml), &report);
		if (report.why.p == NULL || !str_contains(report.why,
		    str_from(rows[i].why)))
			fail_msg("%s: %.*s", rows[i].xml,
			    STR_ARG(report.why));
	}
	arena_free(arena);
}

/* A field beyond its limit is refused, not cut. */
static void
test_long_field(void **state)
{
	struct arena *arena = arena_new();
	struct buffer text = { 0 };
	struct report report;

	(void)state;
	buffer_add_cstr(&text, "<feedback><report_metadata><report_id>");
	buffer_add_repeated(&text, 'x', REPORT_FIELD + 1);
	buffer_add_cstr(&text, "</report_id></report_metadata></feedback>");
	report_read(arena, buffer_str(&text), &report);
	assert_true(str_contains(report.why, STR("longer than 1024")));
	buffer_free(&text);
	arena_free(arena);
}

/* "reporter id domain p | address count disposition aligned from dkim spf" */
static struct str
show(struct arena *arena, const struct report *report)
{
	struct buffer out = { 0 };
	const struct report_row *row;

	buffer_printf(&out, "%.*s %.*s %.*s %.*s", STR_ARG(report->reporter),
	    STR_ARG(report->id), STR_ARG(report->domain),
	    STR_ARG(report->p));
	for (row = report->rows; row != NULL; row = row->next)
		buffer_printf(&out, " | %.*s %u %s %s%s %.*s %.*s/%.*s=%s "
		    "%.*s=%s", STR_ARG(address_print(arena, &row->address)),
		    (unsigned)row->count, disposition_name(row->disposition),
		    row->dkim_aligned ? "d" : "-",
		    row->spf_aligned ? "s" : "-", STR_ARG(row->header_from),
		    STR_ARG(row->dkim_domain), STR_ARG(row->dkim_selector),
		    auth_result_name(row->dkim_result),
		    STR_ARG(row->spf_domain),
		    auth_result_name(row->spf_result));
	return buffer_finish(&out, arena);
}

#define KNOWN "r.example 7 example.com none"
#define PLAIN KNOWN " | 192.0.2.1 3  d- example.com /= ="

static void
test_read(void **state)
{
	static const struct {
		const char *xml, *shown;
	} rows[] = {
		{ FEEDBACK(NAMED POLICY RECORD), PLAIN },
		/* Blanks before, a mark, a name space, junk behind. */
		{ " \r\n" FEEDBACK(NAMED POLICY RECORD), PLAIN },
		{ "\xef\xbb\xbf" FEEDBACK(NAMED POLICY RECORD), PLAIN },
		{ "<f:feedback xmlns='urn:x'>" NAMED POLICY RECORD
		    "</f:feedback>", PLAIN },
		{ FEEDBACK(NAMED POLICY RECORD) "junk <", PLAIN },
		/* What nobody escaped; what stays as it is. */
		{ FEEDBACK("<a>x & y\x0b &amp; && &#38; &</a>" NAMED POLICY
		    RECORD), PLAIN },
		/* Words in capitals, blanks around them, unknown elements. */
		{ FEEDBACK(NAMED POLICY "<RECORD><x><count>9</count></x>"
		    ROW(" 192.0.2.1 ", " 3\n", "<dkim> PASS </dkim><spf>Fail"
		    "</spf>") FROM "</RECORD>"), PLAIN },
		/* No record, a record of nothing. */
		{ FEEDBACK(NAMED POLICY), KNOWN },
		{ FEEDBACK(NAMED POLICY "<record>" ROW("192.0.2.1", "0",
		    BOTH) "</record>"), KNOWN },
		/* Addresses. */
		{ FEEDBACK(NAMED POLICY "<record>" ROW("::ffff:192.0.2.1",
		    "3", BOTH) FROM "</record>"), PLAIN },
		{ FEEDBACK(NAMED POLICY "<record>" ROW("2001:DB8:0:0::1",
		    "3", BOTH) FROM "</record>"), KNOWN
		    " | 2001:db8::1 3  d- example.com /= =" },
		{ FEEDBACK(NAMED POLICY "<record>" ROW("nowhere", "3", BOTH)
		    FROM "</record>"), KNOWN " |  3  d- example.com /= =" },
		/* Nothing evaluated: then what was found decides. */
		{ FEEDBACK(NAMED POLICY "<record><row><source_ip>192.0.2.1"
		    "</source_ip></row>" FROM "<auth_results><spf><domain>"
		    "mail.example.com</domain><result>pass</result></spf>"
		    "<dkim><domain>example.net</domain><result>pass</result>"
		    "</dkim></auth_results></record>"), KNOWN
		    " | 192.0.2.1 1  -s example.com example.net/=pass "
		    "mail.example.com=pass" },
		/* Of several signatures the aligned one that passed. */
		{ FEEDBACK(NAMED POLICY "<record>" ROW("192.0.2.1", "3",
		    "<disposition>reject</disposition>" BOTH) FROM
		    "<auth_results><dkim><domain>a.example</domain><result>"
		    "pass</result></dkim><dkim><domain>example.com</domain>"
		    "<selector>S1</selector><result>pass</result></dkim>"
		    "<dkim><domain>example.com</domain><result>fail</result>"
		    "</dkim><spf><domain>b.example</domain><result>hardfail"
		    "</result></spf></auth_results></record>"), KNOWN
		    " | 192.0.2.1 3 reject d- example.com example.com/s1=pass"
		    " b.example=fail" },
		/* Left out: the organization, the domain. */
		{ FEEDBACK(META("<email>a@r.example</email><report_id>7"
		    "</report_id><date_range><begin>1767225600</begin>"
		    "</date_range>") RECORD), "a@r.example 7 example.com "
		    " | 192.0.2.1 3  d- example.com /= =" },
	};
	struct arena *arena = arena_new();
	struct report report;
	size_t i;

	(void)state;
	for (i = 0; i < countof(rows); i++) {
		report_read(arena, str_from(rows[i].xml), &report);
		if (report.why.p != NULL)
			fail_msg("%s: %.*s", rows[i].xml,
			    STR_ARG(report.why));
		assert_string_equal(show(arena, &report).p, rows[i].shown);
	}
	arena_free(arena);
}

/* What goes the short way, and then comes out as by the long one. */
static void
test_short_way(void **state)
{
	static const struct {
		const char *xml;
		bool plain;
	} rows[] = {
		{ FEEDBACK(NAMED POLICY RECORD), true },
		{ "<?xml version=\"1.0\" encoding='windows-1252' ?>\r\n"
		    FEEDBACK(NAMED "\r\n\t" POLICY RECORD) "junk &", true },
		{ "\xef\xbb\xbf<?xml version='1.0'?>" FEEDBACK(NAMED POLICY),
		    true },
		{ "<f:feedback xmlns:f=\"urn:x\" a = '>' >" NAMED POLICY
		    "<record/><record />" RECORD "</f:feedback >", true },
		{ FEEDBACK("text " NAMED POLICY "<domain>a<b>c</b> d </domain>"
		    RECORD " text"), true },
		/* What only expat knows how to read, or why not to. */
		{ FEEDBACK(NAMED POLICY "<!-- -->" RECORD), false },
		{ FEEDBACK(NAMED POLICY "<?pi?>" RECORD), false },
		{ FEEDBACK(NAMED POLICY "<a>&amp;</a>" RECORD), false },
		{ FEEDBACK(NAMED POLICY "<a>]]></a>" RECORD), false },
		{ FEEDBACK(NAMED POLICY "<a>\xc3\xa9</a>" RECORD), false },
		{ FEEDBACK(NAMED POLICY "<a>x\ry</a>" RECORD), false },
		{ FEEDBACK(NAMED POLICY "<![CDATA[x]]>" RECORD), false },
		{ "<feedback a='' a=''>" NAMED POLICY "</feedback>", false },
		{ "<feedback a=''b=''>" NAMED POLICY "</feedback>", false },
		{ "<feedback a>" NAMED POLICY "</feedback>", false },
		{ "<?xml encoding='x'?>" FEEDBACK(NAMED POLICY), false },
		{ " <?xml version='1.0'?>" FEEDBACK(NAMED POLICY), false },
		{ "<?xml version='1.1'?>" FEEDBACK(NAMED POLICY), false },
		{ "<!DOCTYPE feedback>" FEEDBACK(NAMED POLICY), false },
		{ FEEDBACK(NAMED POLICY "<record></row>"), false },
		{ "<feedback>" NAMED POLICY RECORD, false },
		{ "", false },
	};
	struct arena *arena = arena_new();
	struct reading reading;
	struct report plain, report;
	struct str shown;
	size_t i;

	(void)state;
	for (i = 0; i < countof(rows); i++) {
		if (report_parse_plain(arena, str_from(rows[i].xml), &reading,
		    &plain) != rows[i].plain)
			fail_msg("%s", rows[i].xml);
		if (!rows[i].plain)
			continue;
		report_parse_xml(arena, str_from(rows[i].xml), &reading,
		    &report);
		assert_null(report.why.p);
		shown = show(arena, &report);
		assert_string_equal(show(arena, &plain).p, shown.p);
	}
	arena_free(arena);
}

/* Octets that are no UTF-8 are taken for Latin 1, whatever the label says. */
static void
test_encoding(void **state)
{
	static const char xml[] = "<?xml version='1.0' encoding='UTF-8'?>"
	    FEEDBACK(META("<org_name>r\xe9</org_name><report_id>1</report_id>"
	    "<date_range><begin>0</begin></date_range>") POLICY);
	struct arena *arena = arena_new();
	struct report report;

	(void)state;
	report_read(arena, str_from(xml), &report);
	assert_null(report.why.p);
	assert_true(str_is(report.reporter, "r\xc3\xa9"));
	arena_free(arena);
}

static void
test_days(void **state)
{
	static const struct {
		const char *begin, *end, *first, *last;
	} rows[] = {
		{ "1767225600", "1767311999", "2026-01-01", "2026-01-01" },
		/* To midnight sharp; a week; two half days; milliseconds. */
		{ "1767225600", "1767312000", "2026-01-01", "2026-01-01" },
		{ "1767225600", "1767830399", "2026-01-01", "2026-01-07" },
		{ "1767268800", "1767355199", "2026-01-01", "2026-01-02" },
		{ "1767225600.5", "1767311999.0", "2026-01-01",
		    "2026-01-01" },
		{ "1767225600000", "1767311999000", "2026-01-01",
		    "2026-01-01" },
		{ "2026-01-01T00:00:00Z", "", "2026-01-01", "2026-01-01" },
		/* The end is missing, before the begin, or absurd. */
		{ "1767225600", "", "2026-01-01", "2026-01-01" },
		{ "1767225600", "5", "2026-01-01", "2026-01-01" },
		{ "0", "1767311999", "1970-01-01", "1970-01-01" },
	};
	struct arena *arena = arena_new();
	struct report report;
	struct str xml;
	size_t i;

	(void)state;
	for (i = 0; i < countof(rows); i++) {
		xml = arena_printf(arena, "<feedback><report_metadata>"
		    "<date_range><begin>%s</begin><end>%s</end></date_range>"
		    "</report_metadata>" POLICY "</feedback>", rows[i].begin,
		    rows[i].end);
		report_read(arena, xml, &report);
		assert_null(report.why.p);
		assert_string_equal(date_print(arena,
		    report_first_day(&report)).p, rows[i].first);
		assert_string_equal(date_print(arena,
		    report_last_day(&report)).p, rows[i].last);
	}
	arena_free(arena);
}

/* ---- containers ---------------------------------------------------------- */

/* "1 2 (why)": ids of the reports, and why others are refused. */
struct listing {
	struct buffer text;
};

static bool
list(void *context, struct report *report)
{
	struct listing *listing = context;

	if (listing->text.n > 0)
		buffer_add_byte(&listing->text, ' ');
	if (report->why.p != NULL)
		buffer_printf(&listing->text, "(%.*s)",
		    STR_ARG(report->why));
	else
		buffer_add(&listing->text, report->id);
	return true;
}

static void
test_containers(void **state)
{
	static const struct {
		const char *name, *listed;
	} rows[] = {
		{ "report/plain.xml", "1" },
		{ "gzip/once.gz", "2" },
		{ "gzip/twice.gz", "3" },
		{ "gzip/cut.gz", "(its gzip data is cut off)" },
		{ "gzip/bomb.gz",
		  "(it unpacks to more than 400 times its size)" },
		{ "gzip/deep.gz", "(it is packed into itself too often)" },
		{ "zip/two.zip", "5 6 (\"d.txt\" in it: it is no report)" },
		{ "zip/stored.zip", "7" },
		{ "zip/empty.zip", "(the zip file is empty)" },
		{ "zip/cut.zip", "(its zip data is cut off or damaged)" },
		{ "zip/bomb.zip", "(\"bomb.xml\" in it: it unpacks to more "
		    "than 400 times its size)" },
		{ "mail/zipped.eml", "13" },
		{ "mail/base64.eml", "8" },
		{ "mail/quoted.eml", "9" },
		{ "mail/alone.eml", "10" },
		{ "mail/none.eml", NULL },
		{ "mail/two.mbox", "11 12" },
	};
	struct container_room room = { 0 };
	struct arena *arena = arena_new();
	struct listing listing = { { 0 } };
	const struct source *source;
	size_t i;

	(void)state;
	for (i = 0; i < countof(rows); i++) {
		source = file_read(arena, arena_printf(arena,
		    "tests/fuzz/%s", rows[i].name));
		assert_non_null(source);
		buffer_clear(&listing.text);
		assert_int_equal(container_read(arena, &room, source->text,
		    list, &listing), rows[i].listed != NULL);
		buffer_add_byte(&listing.text, '\0');
		assert_string_equal(listing.text.p, rows[i].listed == NULL ?
		    "" : rows[i].listed);
	}
	buffer_free(&listing.text);
	container_room_free(&room);
	arena_free(arena);
}

/* ---- many reports -------------------------------------------------------- */

static const struct evidence_window always = { .since = DAY_NONE,
    .until = DAY_NONE };

/* A report of one row, three messages of one day. */
static struct report
report_of(struct arena *arena, unsigned id, day date)
{
	struct report report;

	report_read(arena, str_from(FEEDBACK(NAMED POLICY RECORD)), &report);
	report.id = arena_printf(arena, "%u", id);
	report.begin = (int64_t)date * 86400;
	report.end = report.begin + 86399;
	return report;
}

static void
test_duplicates(void **state)
{
	struct arena *arena = arena_new();
	struct evidence *evidence = evidence_new(arena, always);
	struct report report;
	unsigned id;

	(void)state;
	for (id = 0; id < 3000; id++) {
		report = report_of(arena, id % 1000, 20000);
		evidence_add(evidence, STR("x"), &report);
	}
	evidence_sort(evidence);
	assert_int_equal(evidence->read, 1000);
	assert_int_equal(evidence->duplicates, 2000);
	assert_int_equal(evidence->domain_count, 1);
	assert_int_equal(evidence->domains->tally.messages, 3000);
	assert_int_equal(evidence->domains->tally.either, 3000);
	assert_int_equal(evidence->domains->tally.spf, 0);
	assert_int_equal(evidence->row_count, 1);
	/* What the header promises. */
	assert_true(evidence->key_room * sizeof(struct report_key) <=
	    32 * evidence->key_count);
	evidence_free(evidence);
	arena_free(arena);
}

static day
since_ten(void *context, struct str domain)
{
	(void)context;
	(void)domain;
	return 20010;
}

/* Days before a window do not count; whether a source is new they tell. */
static void
test_window(void **state)
{
	struct evidence_window windows[] = {
		always,
		{ .since = 20010, .until = 20014 },
		{ .since = DAY_NONE, .until = DAY_NONE,
		  .since_of = since_ten },
	};
	static const struct {
		size_t read, outside, days;
		day first;
	} rows[] = { { 20, 0, 20, 20000 }, { 5, 15, 5, 20010 },
	    { 20, 0, 10, 20000 } };
	struct arena *arena = arena_new();
	struct evidence *evidence;
	struct report report;
	size_t i;
	day date;

	(void)state;
	for (i = 0; i < countof(rows); i++) {
		evidence = evidence_new(arena, windows[i]);
		for (date = 20019; date >= 20000; date--) {
			report = report_of(arena, (unsigned)date, date);
			evidence_add(evidence, STR("x"), &report);
		}
		evidence_sort(evidence);
		assert_int_equal(evidence->read, rows[i].read);
		assert_int_equal(evidence->outside, rows[i].outside);
		assert_int_equal(evidence->domains->day_count, rows[i].days);
		assert_int_equal(evidence->domains->tally.messages,
		    3 * rows[i].days);
		assert_int_equal(evidence->rows[0].first, rows[i].first);
		evidence_free(evidence);
	}
	arena_free(arena);
}

/* Of a report of several days, those behind the last are not known. */
static void
test_window_end(void **state)
{
	struct arena *arena = arena_new();
	struct evidence *evidence = evidence_new(arena,
	    (struct evidence_window){ .since = DAY_NONE, .until = 20014 });
	struct report report = report_of(arena, 1, 20013);

	(void)state;
	report.end = report.begin + 3 * 86400;
	evidence_add(evidence, STR("x"), &report);
	evidence_sort(evidence);
	assert_int_equal(evidence->domains->day_count, 2);
	assert_int_equal(evidence->domains->days[1].date, 20014);
	evidence_free(evidence);
	arena_free(arena);
}

/* ---- files --------------------------------------------------------------- */

struct seen {
	struct buffer text;
};

static void
see_report(void *context, struct str path, const struct report *report)
{
	struct seen *seen = context;

	buffer_printf(&seen->text, "%.*s%s\n", STR_ARG(path_name(path)),
	    report->why.p == NULL ? "" : " refused");
}

static void
see_failure(void *context, struct str path)
{
	struct seen *seen = context;

	buffer_printf(&seen->text, "%.*s failed %d\n",
	    STR_ARG(path_name(path)), errno);
}

/*
 * In order, whichever thread reads them; what is none is passed over. Paths
 * that are not there are told at once.
 */
static void
test_gather(void **state)
{
	static const char mail[] = "Content-Type: text/xml\n\n"
	    FEEDBACK(NAMED POLICY RECORD);
	static const char *const files[] = { "b.xml", "a.xml", "notes",
	    ".hidden.xml", "box/cur/2", "box/new/1", "box/tmp/3",
	    "box/.sub/cur/4", ".git/5.xml", "z.xml" };
	static const char *const folders[] = { "box", "box/cur", "box/new",
	    "box/tmp", "box/.sub", "box/.sub/cur", ".git" };
	struct seen seen = { { 0 } };
	struct gather gather = { .report = see_report,
	    .failed = see_failure, .context = &seen };
	char *scratch = scratch_make();
	struct str paths[2];
	size_t i;

	(void)state;
	for (i = 0; i < countof(folders); i++)
		scratch_folder(scratch, folders[i]);
	for (i = 0; i < countof(files); i++)
		free(scratch_write(scratch, files[i],
		    strcmp(files[i], "z.xml") == 0 ? "<" :
		    strcmp(files[i], "notes") == 0 ? "words" : mail));
	for (gather.threads = 1; gather.threads < 4; gather.threads++) {
		buffer_clear(&seen.text);
		gather.arena = arena_new();
		paths[0] = str_from(scratch);
		paths[1] = arena_printf(gather.arena, "%s/none", scratch);
		gather_reports(&gather, paths, 2);
		buffer_add_byte(&seen.text, '\0');
		assert_string_equal(seen.text.p, "none failed 2\na.xml\n"
		    "b.xml\n4\n2\n1\nz.xml refused\n");
		arena_free(gather.arena);
	}
	buffer_free(&seen.text);
	scratch_remove(scratch);
}

/* A mail folder that is read in pieces holds what one read at once does. */
static void
test_mailbox(void **state)
{
	static const char mail[] = "From a@example.com Thu Jan  1 2026\n"
	    "Content-Type: text/xml\n\n" FEEDBACK(NAMED POLICY RECORD) "\n\n";
	enum { MESSAGES = 40000 };
	struct seen seen = { { 0 } };
	struct gather gather = { .report = see_report, .threads = 2,
	    .failed = see_failure, .context = &seen };
	char *scratch = scratch_make(), *path;
	struct buffer text = { 0 };
	struct str given;
	size_t i;

	(void)state;
	for (i = 0; i < MESSAGES; i++)
		buffer_add_cstr(&text, mail);
	assert_true(text.n > 16 * 1024 * 1024);
	buffer_add_byte(&text, '\0');
	path = scratch_write(scratch, "box", text.p);
	given = str_from(path);
	gather.arena = arena_new();
	gather_reports(&gather, &given, 1);
	assert_int_equal(seen.text.n, MESSAGES * strlen("box\n"));
	arena_free(gather.arena);
	buffer_free(&seen.text);
	buffer_free(&text);
	free(path);
	scratch_remove(scratch);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_long_field),
		cmocka_unit_test(test_read),
		cmocka_unit_test(test_short_way),
		cmocka_unit_test(test_encoding),
		cmocka_unit_test(test_days),
		cmocka_unit_test(test_containers),
		cmocka_unit_test(test_duplicates),
		cmocka_unit_test(test_window),
		cmocka_unit_test(test_window_end),
		cmocka_unit_test(test_gather),
		cmocka_unit_test(test_mailbox),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
