/* The store of reports: what goes in comes out, whatever stops a run. */
#include "support.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <sqlite3.h>

#include "base/arena.h"
#include "base/file.h"
#include "base/place.h"
#include "evidence/evidence.h"

static struct str
path_in(struct arena *arena, const char *scratch)
{
	return arena_printf(arena, "%s/evidence.db", scratch);
}

/* A report of two rows. */
static void
make_report(struct arena *arena, unsigned id, struct report *report)
{
	static const char form[] = "<feedback><report_metadata>"
	    "<org_name>r.example</org_name><report_id>%u</report_id>"
	    "<date_range><begin>1767225600</begin><end>1767311999</end>"
	    "</date_range></report_metadata><policy_published><domain>"
	    "example.com</domain><p>none</p><np>reject</np>"
	    "</policy_published><record><row><source_ip>192.0.2.1"
	    "</source_ip><count>3</count><policy_evaluated><disposition>none"
	    "</disposition><dkim>pass</dkim><spf>fail</spf>"
	    "</policy_evaluated></row><identifiers><header_from>example.com"
	    "</header_from></identifiers><auth_results><dkim><domain>"
	    "example.com</domain><selector>a</selector><result>pass</result>"
	    "</dkim><spf><domain>b.example</domain><result>softfail</result>"
	    "</spf></auth_results></record><record><row><count>2</count>"
	    "</row></record></feedback>";

	report_read(arena, arena_printf(arena, form, id), report);
	assert_null(report->why.p);
	report->sha256 = STR("00ff");
}

static struct store *
must_open(struct arena *arena, struct str path, enum store_mode mode)
{
	struct str why = STR("");
	struct store *store = store_open(arena, path, mode, &why);

	if (store == NULL)
		fail_msg("%.*s", STR_ARG(why));
	return store;
}

static void
must_close(struct store *store)
{
	struct str why = STR("");

	if (!store_close(store, &why))
		fail_msg("%.*s", STR_ARG(why));
}

struct expected {
	struct arena *arena;
	unsigned count;
};

static void
expect_report(void *context, struct str path, const struct report *report)
{
	struct expected *expected = context;
	const struct report_row *got = report->rows, *want;
	struct report made;

	make_report(expected->arena, expected->count++, &made);
	assert_true(str_is(path, "x.xml"));
	assert_true(str_equal(report->reporter, made.reporter));
	assert_true(str_equal(report->id, made.id));
	assert_true(str_equal(report->domain, made.domain));
	assert_true(str_equal(report->p, made.p));
	assert_true(str_equal(report->np, made.np));
	assert_true(str_equal(report->sp, made.sp));
	assert_true(str_equal(report->sha256, made.sha256));
	assert_int_equal(report->begin, made.begin);
	assert_int_equal(report->end, made.end);
	assert_int_equal(report->row_count, 2);
	for (want = made.rows; want != NULL; want = want->next) {
		assert_memory_equal(&got->address, &want->address,
		    sizeof(got->address));
		assert_int_equal(got->count, want->count);
		assert_int_equal(got->disposition, want->disposition);
		assert_int_equal(got->dkim_aligned, want->dkim_aligned);
		assert_int_equal(got->spf_aligned, want->spf_aligned);
		assert_true(str_equal(got->header_from, want->header_from));
		assert_true(str_equal(got->dkim_domain, want->dkim_domain));
		assert_true(str_equal(got->dkim_selector,
		    want->dkim_selector));
		assert_int_equal(got->dkim_result, want->dkim_result);
		assert_true(str_equal(got->spf_domain, want->spf_domain));
		assert_int_equal(got->spf_result, want->spf_result);
		got = got->next;
	}
	assert_null(got);
}

static unsigned
count_of(struct arena *arena, struct str path)
{
	struct expected expected = { arena, 0 };
	struct store *store = must_open(arena, path, STORE_READ);

	store_each(store, expect_report, &expected);
	must_close(store);
	return expected.count;
}

static void
test_round_trip(void **state)
{
	struct arena *arena = arena_new();
	char *scratch = scratch_make();
	struct str path = path_in(arena, scratch);
	struct report report;
	struct store *store;
	unsigned id, round;

	(void)state;
	for (round = 0; round < 2; round++) {
		store = must_open(arena, path, STORE_ADD);
		for (id = 0; id < 5; id++) {
			make_report(arena, id, &report);
			assert_int_equal(store_add(store, STR("x.xml"),
			    &report), round == 0);
			assert_false(store_add(store, STR("y"), &report));
		}
		must_close(store);
		assert_int_equal(count_of(arena, path), 5);
	}
	assert_true(store_is_one(path));
	store = must_open(arena, path, STORE_REBUILD);
	make_report(arena, 0, &report);
	assert_true(store_add(store, STR("x.xml"), &report));
	must_close(store);
	assert_int_equal(count_of(arena, path), 1);
	scratch_remove(scratch);
	arena_free(arena);
}

/* A file is known as long as it is the same. */
static void
test_inputs(void **state)
{
	const struct report_file input = { STR_INIT("a"), 5, 7 };
	const struct report_file others[] = { { STR_INIT("b"), 5, 7 },
	    { STR_INIT("a"), 6, 7 }, { STR_INIT("a"), 5, 8 } };
	struct arena *arena = arena_new();
	char *scratch = scratch_make();
	struct str path = path_in(arena, scratch);
	struct store *store = must_open(arena, path, STORE_ADD);
	size_t i;

	(void)state;
	assert_false(store_knows(store, &input));
	store_note(store, &input);
	must_close(store);
	store = must_open(arena, path, STORE_ADD);
	assert_true(store_knows(store, &input));
	for (i = 0; i < countof(others); i++)
		assert_false(store_knows(store, &others[i]));
	must_close(store);
	scratch_remove(scratch);
	arena_free(arena);
}

static void
make_other(const char *path, const char *sql)
{
	sqlite3 *database;

	assert_int_equal(sqlite3_open(path, &database), SQLITE_OK);
	assert_int_equal(sqlite3_exec(database, sql, NULL, NULL, NULL),
	    SQLITE_OK);
	assert_int_equal(sqlite3_close(database), SQLITE_OK);
}

/* What is no store is left alone. */
static void
test_refused(void **state)
{
	struct arena *arena = arena_new();
	char *scratch = scratch_make();
	char *text = scratch_write(scratch, "text", "these are only words, "
	    "and enough of them that nobody takes them for a header\n");
	struct str other = arena_printf(arena, "%s/other", scratch);
	struct str future = arena_printf(arena, "%s/future", scratch), why;
	struct store *store;

	(void)state;
	assert_false(store_is_one(str_from(text)));
	assert_null(store_open(arena, str_from(text), STORE_ADD, &why));
	assert_true(str_contains(why, STR("not a database")));
	assert_null(store_open(arena, arena_printf(arena, "%s/none",
	    scratch), STORE_READ, &why));
	make_other(other.p, "create table diary(day text)");
	assert_null(store_open(arena, other, STORE_REBUILD, &why));
	assert_true(str_contains(why, STR("no evidence store")));
	store = must_open(arena, future, STORE_ADD);
	must_close(store);
	make_other(future.p, "update meta set version = 2");
	assert_null(store_open(arena, future, STORE_ADD, &why));
	assert_true(str_contains(why, STR("another version")));
	free(text);
	scratch_remove(scratch);
	arena_free(arena);
}

/* ---- plain SQL ----------------------------------------------------------- */

/* What sqlite3 prints: columns with "|" between them, rows with "\n". */
static int
take_row(void *context, int count, char **values, char **names)
{
	struct buffer *out = context;
	int i;

	(void)names;
	if (out->n > 0)
		buffer_add_byte(out, '\n');
	for (i = 0; i < count; i++)
		buffer_printf(out, "%s%s", i == 0 ? "" : "|",
		    values[i] == NULL ? "" : values[i]);
	return 0;
}

static const char *
ask(struct arena *arena, struct str path, const char *sql)
{
	struct buffer out = { 0 };
	char *why = NULL;
	sqlite3 *database;

	assert_int_equal(sqlite3_open_v2(path.p, &database,
	    SQLITE_OPEN_READWRITE, NULL), SQLITE_OK);
	if (sqlite3_exec(database, sql, take_row, &out, &why) != SQLITE_OK)
		fail_msg("%s: %s", sql, why);
	assert_int_equal(sqlite3_close(database), SQLITE_OK);
	return buffer_finish(&out, arena).p;
}

/* The manual, with one blank wherever there are several. */
static struct str
read_manual(struct arena *arena)
{
	const struct source *manual = file_read(arena,
	    STR("man/mailzone.1.in"));
	struct buffer out = { 0 };
	struct str word;
	size_t i;

	assert_non_null(manual);
	for (i = 0; i < manual->text.n; i++) {
		word = str_slice(manual->text, i, i + 1);
		if (str_is(word, "\n"))
			word = STR(" ");
		if (!str_is(word, " ") || !str_ends(buffer_str(&out), word))
			buffer_add(&out, word);
	}
	return buffer_finish(&out, arena);
}

/* The tables are those of the manual: people build on them. */
static void
test_schema(void **state)
{
	static const char *const tables[] = {
		"report(key, reporter, report_id, domain, begin, end, p, sp, "
		    "np, pct, t, discovery, sha256, file)",
		"source(report, ip, count, disposition, header_from, "
		    "dkim_aligned, spf_aligned, dkim_domain, dkim_selector, "
		    "dkim_result, spf_domain, spf_result)",
		"input(path, size, changed)",
		"meta(version)",
	};
	struct arena *arena = arena_new();
	char *scratch = scratch_make();
	struct str path = path_in(arena, scratch), manual, name, shown;
	size_t i;

	(void)state;
	must_close(must_open(arena, path, STORE_ADD));
	manual = read_manual(arena);
	assert_string_equal(ask(arena, path, "select count(*) from "
	    "sqlite_master where type = 'table'"), "4");
	for (i = 0; i < countof(tables); i++) {
		assert_true(str_contains(manual, str_from(tables[i])));
		name = (struct str){ tables[i], strcspn(tables[i], "(") };
		shown = arena_printf(arena, "%.*s(%s)", STR_ARG(name),
		    ask(arena, path, arena_printf(arena, "select "
		    "group_concat(name, ', ') from "
		    "pragma_table_info('%.*s')", STR_ARG(name)).p));
		assert_string_equal(shown.p, tables[i]);
	}
	scratch_remove(scratch);
	arena_free(arena);
}

static void
test_sql(void **state)
{
	static const struct {
		const char *sql, *answer;
	} rows[] = {
		{ "select version from meta", "1" },
		{ "select count(*), min(reporter), max(domain) from report",
		    "3|r.example|example.com" },
		{ "select report_id, begin, end, p, np, sp is null, sha256, "
		    "file from report where key = 2",
		    "1|1767225600|1767311999|none|reject|1|00ff|x.xml" },
		/* The example of the manual. */
		{ "select ip, sum(count) from source where not (dkim_aligned "
		    "or spf_aligned) group by ip order by 2 desc", "|6" },
		{ "select ip, sum(count), dkim_domain, dkim_selector, "
		    "dkim_result, spf_domain, spf_result, disposition, "
		    "header_from from source where dkim_aligned group by ip",
		    "192.0.2.1|9|example.com|a|pass|b.example|softfail|none|"
		    "example.com" },
		{ "select sum(count) from source join report on report.key = "
		    "source.report where date(begin, 'unixepoch') = "
		    "'2026-01-01'", "15" },
		{ "pragma integrity_check", "ok" },
		{ "pragma foreign_key_check", "" },
	};
	struct arena *arena = arena_new();
	char *scratch = scratch_make();
	struct str path = path_in(arena, scratch);
	struct store *store = must_open(arena, path, STORE_ADD);
	struct report report;
	unsigned id;
	size_t i;

	(void)state;
	for (id = 0; id < 3; id++) {
		make_report(arena, id, &report);
		assert_true(store_add(store, STR("x.xml"), &report));
	}
	must_close(store);
	for (i = 0; i < countof(rows); i++)
		assert_string_equal(ask(arena, path, rows[i].sql),
		    rows[i].answer);
	scratch_remove(scratch);
	arena_free(arena);
}

/* ---- kill -9 ------------------------------------------------------------- */

/* Adds reports for ever, and tells of each commit. */
static void
add_for_ever(struct str path, int told)
{
	struct arena *arena = arena_new();
	struct store *store = must_open(arena, path, STORE_ADD);
	struct report report;
	struct arena_mark mark;
	unsigned id;

	for (id = 0;; id++) {
		mark = arena_mark(arena);
		make_report(arena, id, &report);
		store_add(store, STR("x.xml"), &report);
		arena_release(arena, mark);
		if (id % 50 != 49)
			continue;
		store_commit(store);
		if (write(told, "c", 1) != 1)
			_exit(0);
	}
}

static void
kill_in_time(struct str path, unsigned commits, useconds_t later)
{
	int ends[2], status;
	char byte;
	pid_t child;

	assert_int_equal(pipe(ends), 0);
	child = fork();
	assert_true(child >= 0);
	if (child == 0)
		add_for_ever(path, ends[1]);
	while (commits-- > 0)
		assert_int_equal(read(ends[0], &byte, 1), 1);
	usleep(later);
	assert_int_equal(kill(child, SIGKILL), 0);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFSIGNALED(status));
	close(ends[0]);
	close(ends[1]);
}

/* Whenever it is killed, and however often. */
static void
test_killed(void **state)
{
	struct arena *arena = arena_new();
	char *scratch = scratch_make();
	struct str path = path_in(arena, scratch);
	unsigned round, before = 0, count;

	(void)state;
	for (round = 0; round < 20; round++) {
		kill_in_time(path, 1 + round % 3, round * 677 % 5000);
		assert_string_equal(ask(arena, path,
		    "pragma integrity_check"), "ok");
		/* Whole reports, and all that were told of. */
		count = count_of(arena, path);
		assert_true(count >= before);
		assert_true(count >= (1 + round % 3) * 50);
		before = count;
	}
	scratch_remove(scratch);
	arena_free(arena);
}

/* Until it is done, a rebuild leaves what was there. */
static void
test_killed_rebuild(void **state)
{
	struct arena *arena = arena_new();
	char *scratch = scratch_make();
	struct str path = path_in(arena, scratch);
	struct store *store = must_open(arena, path, STORE_ADD);
	struct report report;
	pid_t child;
	int status;

	(void)state;
	make_report(arena, 0, &report);
	assert_true(store_add(store, STR("x.xml"), &report));
	must_close(store);
	child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		store = must_open(arena, path, STORE_REBUILD);
		make_report(arena, 1, &report);
		store_add(store, STR("x.xml"), &report);
		store_commit(store);
		raise(SIGKILL);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFSIGNALED(status));
	assert_int_equal(count_of(arena, path), 1);
	scratch_remove(scratch);
	arena_free(arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_round_trip),
		cmocka_unit_test(test_inputs),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_schema),
		cmocka_unit_test(test_sql),
		cmocka_unit_test(test_killed),
		cmocka_unit_test(test_killed_rebuild),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
