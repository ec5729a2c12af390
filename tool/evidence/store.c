/*
 * Reports in a file of SQLite. Its tables are documented in mailzone.1 and
 * are there for people to ask with plain SQL.
 */
#include <sys/stat.h>

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include <sqlite3.h>

#include "base/arena.h"
#include "evidence/evidence.h"

enum { STORE_VERSION = 1, REPORTS_A_COMMIT = 2000, PATIENCE = 10000 };

static const char schema[] =
    "create table meta(version integer not null);"
    "create table report(key integer primary key,"
    " reporter text not null, report_id text not null,"
    " domain text not null, \"begin\" integer not null,"
    " \"end\" integer not null, p text, sp text, np text, pct text, t text,"
    " discovery text, sha256 text not null, file text not null,"
    " unique(reporter, report_id, domain));"
    "create table source(report integer not null references report(key),"
    " ip text, count integer not null, disposition text,"
    " header_from text not null, dkim_aligned integer not null,"
    " spf_aligned integer not null, dkim_domain text, dkim_selector text,"
    " dkim_result text, spf_domain text, spf_result text);"
    "create index source_report on source(report);"
    /* Files that were read, so that a daily run opens new ones only. */
    "create table input(path text primary key, size integer not null,"
    " changed integer not null) without rowid;"
    "insert into meta values(1);";

enum statement {
	ADD_REPORT, ADD_SOURCE, KNOW_INPUT, NOTE_INPUT, EACH_REPORT,
	EACH_SOURCE, STATEMENTS
};

static const char *const texts[STATEMENTS] = {
	[ADD_REPORT] = "insert or ignore into report(reporter, report_id,"
	    " domain, \"begin\", \"end\", p, sp, np, pct, t, discovery,"
	    " sha256, file) values(?,?,?,?,?,?,?,?,?,?,?,?,?)",
	[ADD_SOURCE] = "insert into source(report, ip, count, disposition,"
	    " header_from, dkim_aligned, spf_aligned, dkim_domain,"
	    " dkim_selector, dkim_result, spf_domain, spf_result)"
	    " values(?,?,?,?,?,?,?,?,?,?,?,?)",
	[KNOW_INPUT] = "select 1 from input where path = ? and size = ?"
	    " and changed = ?",
	[NOTE_INPUT] = "insert or replace into input values(?,?,?)",
	[EACH_REPORT] = "select reporter, report_id, domain, \"begin\","
	    " \"end\", p, sp, np, pct, t, discovery, sha256, file, key"
	    " from report order by key",
	[EACH_SOURCE] = "select ip, count, disposition, header_from,"
	    " dkim_aligned, spf_aligned, dkim_domain, dkim_selector,"
	    " dkim_result, spf_domain, spf_result from source"
	    " where report = ? order by rowid",
};

struct store {
	struct arena *arena;
	sqlite3 *database;
	sqlite3_stmt *statements[STATEMENTS];
	enum store_mode mode;
	unsigned pending;		/* reports since the last commit */
	struct str why;			/* what failed first; p NULL: nothing */
};

bool
store_is_one(struct str path)
{
	static const char magic[16] = "SQLite format 3";
	struct arena *arena = arena_new();
	const char *name = arena_cstr(arena, path);
	char start[sizeof(magic)];
	struct stat status;
	bool is_one;
	int fd = -1;

	/* Who writes into a pipe would think that it was read. */
	if (stat(name, &status) == 0 && S_ISREG(status.st_mode))
		fd = open(name, O_RDONLY | O_CLOEXEC);
	is_one = fd >= 0 && pread(fd, start, sizeof(start), 0) ==
	    (ssize_t)sizeof(start) &&
	    memcmp(start, magic, sizeof(magic)) == 0;
	if (fd >= 0)
		close(fd);
	arena_free(arena);
	return is_one;
}

/* ---- SQLite, where only what fails is of interest ------------------------ */

static void
note_failure(struct store *store)
{
	if (store->why.p == NULL)
		store->why = arena_copy(store->arena,
		    str_from(sqlite3_errmsg(store->database)));
}

static void
execute(struct store *store, const char *sql)
{
	if (store->why.p == NULL && sqlite3_exec(store->database, sql, NULL,
	    NULL, NULL) != SQLITE_OK)
		note_failure(store);
}

/* A statement, ready to be bound; NULL when something failed before. */
static sqlite3_stmt *
statement(struct store *store, enum statement which)
{
	sqlite3_stmt **slot = &store->statements[which];

	if (store->why.p != NULL)
		return NULL;
	if (*slot == NULL && sqlite3_prepare_v2(store->database,
	    texts[which], -1, slot, NULL) != SQLITE_OK) {
		note_failure(store);
		return NULL;
	}
	sqlite3_reset(*slot);
	return *slot;
}

/* True: a row is there. */
static bool
step(struct store *store, sqlite3_stmt *running)
{
	int status = sqlite3_step(running);

	if (status != SQLITE_ROW && status != SQLITE_DONE)
		note_failure(store);
	return status == SQLITE_ROW;
}

/* Empty text is no value. */
static void
bind_text(sqlite3_stmt *running, int place, struct str text)
{
	if (text.n == 0)
		sqlite3_bind_null(running, place);
	else
		sqlite3_bind_text64(running, place, text.p, text.n,
		    SQLITE_STATIC, SQLITE_UTF8);
}

/* The same where the column wants a text. */
static void
bind_word(sqlite3_stmt *running, int place, struct str text)
{
	sqlite3_bind_text64(running, place, text.n == 0 ? "" : text.p,
	    text.n, SQLITE_STATIC, SQLITE_UTF8);
}

static struct str
column_text(struct arena *arena, sqlite3_stmt *running, int place)
{
	const unsigned char *text = sqlite3_column_text(running, place);

	if (text == NULL)
		return STR("");
	return arena_copy(arena, (struct str){ (const char *)text,
	    (size_t)sqlite3_column_bytes(running, place) });
}

/* ---- opening and closing ------------------------------------------------- */

static sqlite3_int64
ask_number(struct store *store, const char *sql)
{
	sqlite3_stmt *asking = NULL;
	sqlite3_int64 number = 0;

	if (store->why.p != NULL)
		return 0;
	if (sqlite3_prepare_v2(store->database, sql, -1, &asking, NULL) !=
	    SQLITE_OK)
		note_failure(store);
	else if (step(store, asking))
		number = sqlite3_column_int64(asking, 0);
	sqlite3_finalize(asking);
	return number;
}

static void
check_version(struct store *store)
{
	bool is_empty = ask_number(store,
	    "select count(*) from sqlite_master") == 0;

	if (store->why.p != NULL)
		return;
	if (is_empty && store->mode != STORE_READ)
		execute(store, schema);
	else if (ask_number(store, "select count(*) from sqlite_master "
	    "where name in ('meta', 'report', 'source', 'input')") != 4)
		store->why = STR("it is a database, but no evidence store");
	else if (ask_number(store, "select version from meta") !=
	    STORE_VERSION && store->why.p == NULL)
		store->why = STR("it was written by another version of "
		    "mailzone: rebuild it from the reports");
}

struct store *
store_open(struct arena *arena, struct str path, enum store_mode mode,
    struct str *why)
{
	struct store *store = ARENA_NEW(arena, struct store);
	int flags = mode == STORE_READ ? SQLITE_OPEN_READONLY :
	    SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;

	store->arena = arena;
	store->mode = mode;
	if (sqlite3_open_v2(arena_cstr(arena, path), &store->database, flags,
	    NULL) != SQLITE_OK)
		note_failure(store);
	sqlite3_busy_timeout(store->database, PATIENCE);
	if (mode != STORE_READ)
		execute(store, "begin immediate");
	check_version(store);
	if (mode == STORE_REBUILD)
		execute(store, "delete from source; delete from report; "
		    "delete from input");
	if (store->why.p == NULL)
		return store;
	store_close(store, why);
	return NULL;
}

bool
store_close(struct store *store, struct str *why)
{
	size_t i;

	if (store == NULL)
		return true;
	for (i = 0; i < STATEMENTS; i++)
		sqlite3_finalize(store->statements[i]);
	if (store->mode != STORE_READ)
		execute(store, "commit");
	*why = store->why;
	sqlite3_close(store->database);
	return why->p == NULL;
}

void
store_commit(struct store *store)
{
	/* What is built anew comes in place of the old in one step. */
	if (store->mode == STORE_ADD) {
		execute(store, "commit; begin immediate");
		store->pending = 0;
	}
}

/* ---- adding -------------------------------------------------------------- */

static void
add_source(struct store *store, sqlite3_int64 key,
    const struct report_row *row)
{
	sqlite3_stmt *adding = statement(store, ADD_SOURCE);
	struct arena_mark mark = arena_mark(store->arena);

	if (adding == NULL)
		return;
	sqlite3_bind_int64(adding, 1, key);
	bind_text(adding, 2, address_print(store->arena, &row->address));
	sqlite3_bind_int64(adding, 3, row->count);
	bind_text(adding, 4, str_from(disposition_name(row->disposition)));
	bind_word(adding, 5, row->header_from);
	sqlite3_bind_int(adding, 6, row->dkim_aligned);
	sqlite3_bind_int(adding, 7, row->spf_aligned);
	bind_text(adding, 8, row->dkim_domain);
	bind_text(adding, 9, row->dkim_selector);
	bind_text(adding, 10, str_from(auth_result_name(row->dkim_result)));
	bind_text(adding, 11, row->spf_domain);
	bind_text(adding, 12, str_from(auth_result_name(row->spf_result)));
	step(store, adding);
	arena_release(store->arena, mark);
}

bool
store_add(struct store *store, struct str path, const struct report *report)
{
	sqlite3_stmt *adding = statement(store, ADD_REPORT);
	const struct report_row *row;
	sqlite3_int64 key;

	if (adding == NULL)
		return false;
	bind_word(adding, 1, report->reporter);
	bind_word(adding, 2, report->id);
	bind_word(adding, 3, report->domain);
	sqlite3_bind_int64(adding, 4, report->begin);
	sqlite3_bind_int64(adding, 5, report->end);
	bind_text(adding, 6, report->p);
	bind_text(adding, 7, report->sp);
	bind_text(adding, 8, report->np);
	bind_text(adding, 9, report->pct);
	bind_text(adding, 10, report->t);
	bind_text(adding, 11, report->discovery);
	bind_word(adding, 12, report->sha256);
	bind_word(adding, 13, path);
	step(store, adding);
	if (store->why.p != NULL || sqlite3_changes(store->database) == 0)
		return false;
	key = sqlite3_last_insert_rowid(store->database);
	for (row = report->rows; row != NULL; row = row->next)
		add_source(store, key, row);
	if (++store->pending >= REPORTS_A_COMMIT)
		store_commit(store);
	return true;
}

static sqlite3_stmt *
bind_input(struct store *store, enum statement which,
    const struct report_file *input)
{
	sqlite3_stmt *running = statement(store, which);

	if (running != NULL) {
		bind_word(running, 1, input->path);
		sqlite3_bind_int64(running, 2, (sqlite3_int64)input->size);
		sqlite3_bind_int64(running, 3, input->changed);
	}
	return running;
}

bool
store_knows(struct store *store, const struct report_file *input)
{
	sqlite3_stmt *asking = bind_input(store, KNOW_INPUT, input);

	return asking != NULL && step(store, asking);
}

void
store_note(struct store *store, const struct report_file *input)
{
	sqlite3_stmt *noting = bind_input(store, NOTE_INPUT, input);

	if (noting != NULL)
		step(store, noting);
}

/* ---- reading ------------------------------------------------------------- */

static int
number_of(struct str word, const char *(*name)(int), int count)
{
	int i;

	for (i = count - 1; i > 0 && !str_is(word, name(i)); i--)
		continue;
	return i;
}

static const char *
name_of_result(int number)
{
	return auth_result_name((enum auth_result)number);
}

static const char *
name_of_disposition(int number)
{
	return disposition_name((enum disposition)number);
}

static struct report_row *
row_of(struct arena *arena, sqlite3_stmt *asking)
{
	struct report_row *row = ARENA_NEW(arena, struct report_row);

	row->address = address_parse(column_text(arena, asking, 0));
	row->count = (uint32_t)sqlite3_column_int64(asking, 1);
	row->disposition = (enum disposition)number_of(column_text(arena,
	    asking, 2), name_of_disposition, DISPOSITIONS);
	row->header_from = column_text(arena, asking, 3);
	row->dkim_aligned = sqlite3_column_int(asking, 4) != 0;
	row->spf_aligned = sqlite3_column_int(asking, 5) != 0;
	row->dkim_domain = column_text(arena, asking, 6);
	row->dkim_selector = column_text(arena, asking, 7);
	row->dkim_result = (enum auth_result)number_of(column_text(arena,
	    asking, 8), name_of_result, RESULTS);
	row->spf_domain = column_text(arena, asking, 9);
	row->spf_result = (enum auth_result)number_of(column_text(arena,
	    asking, 10), name_of_result, RESULTS);
	return row;
}

static void
read_sources(struct store *store, struct arena *arena, sqlite3_int64 key,
    struct report *report)
{
	sqlite3_stmt *asking = statement(store, EACH_SOURCE);
	struct report_row **last = &report->rows;

	if (asking == NULL)
		return;
	sqlite3_bind_int64(asking, 1, key);
	while (step(store, asking)) {
		*last = row_of(arena, asking);
		last = &(*last)->next;
		report->row_count++;
	}
}

/* Strangers may have made it. */
static bool
is_time(int64_t seconds)
{
	return seconds >= 0 && seconds < INT64_C(4102444800);	/* 2100 */
}

static void
read_report(struct arena *arena, sqlite3_stmt *asking, struct report *report)
{
	*report = (struct report){
		.reporter = column_text(arena, asking, 0),
		.id = column_text(arena, asking, 1),
		.domain = column_text(arena, asking, 2),
		.begin = sqlite3_column_int64(asking, 3),
		.end = sqlite3_column_int64(asking, 4),
		.p = column_text(arena, asking, 5),
		.sp = column_text(arena, asking, 6),
		.np = column_text(arena, asking, 7),
		.pct = column_text(arena, asking, 8),
		.t = column_text(arena, asking, 9),
		.discovery = column_text(arena, asking, 10),
		.sha256 = column_text(arena, asking, 11),
	};
	if (!is_time(report->begin) || !is_time(report->end) ||
	    report->end < report->begin || report->domain.n == 0)
		report->why = STR("the store holds a report of no day or "
		    "domain");
}

void
store_each(struct store *store, void (*visit)(void *context, struct str path,
    const struct report *), void *context)
{
	sqlite3_stmt *asking = statement(store, EACH_REPORT);
	struct arena *arena = arena_new();
	struct report report;

	while (asking != NULL && step(store, asking)) {
		read_report(arena, asking, &report);
		read_sources(store, arena, sqlite3_column_int64(asking, 13),
		    &report);
		visit(context, column_text(arena, asking, 12), &report);
		arena_reset(arena);
	}
	arena_free(arena);
}
