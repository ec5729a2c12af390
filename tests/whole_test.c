/*
 * Small zones are known by their text: which are of one kind, and that whoever
 * asks for one whose text was given up finds in it what stands in the file.
 */
#include "support.h"

#include <stdlib.h>

#include "alike/alike.h"
#include "base/arena.h"
#include "zone_lines.h"

#define SOA	"@ SOA ns1 h %s 7200 3600 1209600 3600\n@ NS ns1\n"
#define TTL	"$ORIGIN %s.example.\n$TTL 3600\n"

/* Zones of one letter are of one kind; "-": of none. */
static const struct {
	const char *label, *serial, *rest, *kind;
} rows[] = {
	{ "oak4glass", "1", "stone A 11.1.2.3\n", "a" },
	{ "elmstone5", "2", "hill A 11.9.8.7\n", "a" },
	{ "river77", "1", "stone A 11.1.2.3\n@ TXT \"v=spf1 -all\"\n", "b" },
	{ "maple3", "1", "stone A 11.1.2.3 ; mailzone: ignore zone\n", "-" },
	{ "coastlake81", "3", "dale A 11.1.2.4\n@ TXT \"v=spf1 -all\"\n", "b" },
	{ "birch12", "4294967295", "stone A 11.1.2.3\n", "a" },
	{ "fir", "4294967296", "stone A 11.1.2.3\n", "-" },
	{ "lake9", "7", "stone A 10.1.2.3\n", "c" },
	{ "mailzone", "7", "stone A 11.1.2.3\n", "-" },
	{ "glass8", "9", "hill A 11.200.1.1\n", "a" },
};

enum {
	ROWS = sizeof(rows) / sizeof(rows[0]),
	LINES = 6			/* of the first, and one behind it */
};

/* As files of one folder. */
struct repository {
	struct arena *arena;
	char *scratch, *paths[ROWS];
};

static int
write_files(void **state)
{
	static struct repository repository;
	struct str text, name;
	size_t i;

	repository.arena = arena_new();
	repository.scratch = scratch_make();
	for (i = 0; i < ROWS; i++) {
		name = arena_printf(repository.arena, "%s.zone",
		    rows[i].label);
		text = arena_printf(repository.arena, TTL SOA "%s",
		    rows[i].label, rows[i].serial, rows[i].rest);
		repository.paths[i] = scratch_write(repository.scratch,
		    name.p, text.p);
	}
	*state = &repository;
	return 0;
}

static int
remove_files(void **state)
{
	struct repository *repository = *state;
	size_t i;

	for (i = 0; i < ROWS; i++)
		free(repository->paths[i]);
	scratch_remove(repository->scratch);
	arena_free(repository->arena);
	return 0;
}

/* Each row by one of these readers, who take turns. */
static void
open_zones(const struct repository *repository, struct arena *arena,
    unsigned readers, struct asked_zones *asked, struct zone **zones)
{
	struct zone_options options = { .name = STR_NONE, .asked = asked };
	struct zone_wholes *wholes[2];
	struct file_reader reader = file_reader_start(arena);
	size_t i;

	wholes[0] = alike_wholes_new(arena, NULL);
	wholes[1] = alike_wholes_new(arena, wholes[0]);
	for (i = 0; i < ROWS; i++) {
		options.wholes = wholes[i % readers];
		zones[i] = zone_open(arena, file_reader_read(&reader, arena,
		    str_from(repository->paths[i])), &options);
		assert_true(str_starts(zones[i]->name,
		    str_from(rows[i].label)));
	}
	file_reader_end(&reader);
}

static void
kinds_are_known(void **state)
{
	struct arena *arena = arena_new();
	struct zone *zones[ROWS];
	unsigned readers;
	size_t i, k;

	for (readers = 1; readers <= 2; readers++) {
		open_zones(*state, arena, readers, NULL, zones);
		for (i = 0; i < ROWS; i++) {
			print_message("%s\n", rows[i].label);
			assert_int_equal(zones[i]->kind.number > 0,
			    rows[i].kind[0] != '-');
			for (k = 0; k < i && rows[i].kind[0] != '-'; k++)
				assert_int_equal(zones[i]->kind.number ==
				    zones[k]->kind.number,
				    rows[i].kind[0] == rows[k].kind[0]);
		}
	}
	arena_free(arena);
}

static void
texts_are_read_again(void **state)
{
	const struct repository *repository = *state;
	struct arena *arena = arena_new();
	struct zone_options options = { .name = STR_NONE };
	struct zone *zones[ROWS], *now;
	size_t i, unread = 0;

	open_zones(repository, arena, 1, NULL, zones);
	for (i = 0; i < ROWS; i++) {
		now = zone_read(arena, file_read(arena, str_from(
		    repository->paths[i])), &options);
		unread += !zone_is_read(zones[i]);
		if (!zone_is_read(zones[i])) {
			assert_null(zones[i]->source->text.p);
			assert_int_equal(zones[i]->kind.records,
			    now->contents->record_count);
		}
		assert_string_equal(record_lines(arena, zones[i]),
		    record_lines(arena, now));
		assert_true(str_equal(zones[i]->source->text,
		    now->source->text));
		assert_int_equal(zones[i]->contents->record_count,
		    now->contents->record_count);
	}
	/* All of the two kinds but the first of each. */
	assert_int_equal(unread, 4);
	arena_free(arena);
}

/* Something is told of this file alone. */
static bool
is_first(void *context, const struct source *source)
{
	return source == *(const struct source **)context;
}

/*
 * Time and again; what is told of keeps its text, or at least its places; what
 * is suppressed stays.
 */
static void
zones_are_forgotten(void **state)
{
	const struct repository *repository = *state;
	struct arena *arena = arena_new();
	struct asked_zones *asked = asked_zones_new(arena);
	struct zone *zones[ROWS];
	const char *lines[ROWS];
	size_t i, turn, forgotten, end;

	open_zones(repository, arena, 2, asked, zones);
	end = zones[0]->source->text.n;
	for (turn = 0; turn < 3; turn++) {
		for (i = 0; i < ROWS; i++) {
			zone_need(zones[i]);
			if (turn == 0)
				lines[i] = record_lines(arena, zones[i]);
			assert_string_equal(record_lines(arena, zones[i]),
			    lines[i]);
		}
		asked_zones_forget(asked, is_first, &zones[0]->source,
		    turn > 0);
		for (forgotten = i = 0; i < ROWS; i++) {
			forgotten += !zone_is_read(zones[i]);
			assert_int_equal(zone_is_read(zones[i]),
			    zones[i]->contents->record_count > 0);
			assert_int_equal(zones[i]->source->text.p == NULL,
			    (i > 0 || turn == 0) && !zone_is_read(zones[i]));
		}
		assert_int_equal(source_place(zones[0]->source, end).line,
		    LINES);
		assert_true(forgotten > ROWS / 2);
	}
	arena_free(arena);
}

/* What is read for a look stays as it was, be its text given up or kept. */
static void
zones_are_peeked_at(void **state)
{
	struct arena *arena = arena_new(), *memory = arena_new();
	struct asked_zones *asked = asked_zones_new(arena);
	const struct zone *looked;
	struct zone *zones[ROWS];
	size_t i, turn, unread;
	const char *lines;
	bool was_read;

	open_zones(*state, arena, 1, asked, zones);
	for (turn = 0; turn < 2; turn++) {
		for (unread = i = 0; i < ROWS; i++) {
			was_read = zone_is_read(zones[i]);
			unread += !was_read;
			looked = zone_peek(memory, zones[i]);
			assert_true(zone_is_read(looked));
			assert_int_equal(looked == zones[i], was_read);
			assert_int_equal(zone_is_read(zones[i]), was_read);
			assert_true(str_equal(looked->name, zones[i]->name));
			lines = record_lines(arena, looked);
			assert_string_equal(lines, record_lines(arena,
			    zones[i]));
			arena_reset(memory);
		}
		assert_true(unread >= 4);
		asked_zones_forget(asked, is_first, &zones[0]->source, true);
	}
	arena_free(memory);
	arena_free(arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(kinds_are_known),
		cmocka_unit_test(zones_are_forgotten),
		cmocka_unit_test(texts_are_read_again),
		cmocka_unit_test(zones_are_peeked_at),
		cmocka_unit_test(zones_are_forgotten),
	};

	return cmocka_run_group_tests_name("whole", tests, write_files,
	    remove_files);
}
