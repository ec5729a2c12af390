/*
 * Walks the example zones: every "; expect: RULE ..." stands on the line of
 * those findings, and no other line has one above a note. zones/good has
 * none at all. A NAME.yaml beside NAME.zone is its configuration.
 */
#include "support.h"

#include "base/file.h"
#include "judge.h"

struct list {
	struct arena *arena;
	struct str *paths;
	size_t count, room;
};

static void
add_path(void *context, struct str path)
{
	struct list *list = context;

	if (!str_ends(path, STR(".zone")))
		return;
	assert_true(list->count < list->room);
	list->paths[list->count++] = arena_copy(list->arena, path);
}

static struct list
list_zones(struct arena *arena, struct str folder)
{
	struct list list = { .arena = arena, .room = 500 };
	struct str failed;

	list.paths = ARENA_ARRAY(arena, list.room, struct str);
	assert_true(file_walk(arena, folder, add_path, &list, &failed));
	return list;
}

/* The rules that a line expects, as they are written. */
static struct str
expected_on(struct str line)
{
	struct str mark = STR("; expect: ");
	size_t at = str_find_str(line, mark);

	return at == line.n ? STR("") : str_trim(str_after(line, at + mark.n));
}

static bool
lists(struct str words, const char *id)
{
	struct str word;

	while (str_split(&words, ' ', &word))
		if (str_is(word, id))
			return true;
	return false;
}

static void
check_found(const struct judged *judged)
{
	struct place_finder finder = { .source = judged->source };
	const struct diag *diag;
	struct place place;

	for (diag = judged->diags.first; diag != NULL; diag = diag->next) {
		place = place_find(&finder, diag->span.start);
		if (diag->level > LEVEL_NOTE && !diag->suppressed &&
		    !lists(expected_on(place.text), diag->rule->id))
			fail_msg("%.*s:%zu: not expected: %.*s [%s]",
			    STR_ARG(judged->source->path), place.line,
			    STR_ARG(diag->message), diag->rule->id);
	}
}

static bool
is_found(const struct judged *judged, struct str id, size_t line)
{
	const struct diag *diag;

	for (diag = judged->diags.first; diag != NULL; diag = diag->next)
		if (str_is(id, diag->rule->id) && !diag->suppressed &&
		    source_place(judged->source, diag->span.start).line ==
		    line)
			return true;
	return false;
}

static void
check_marks(const struct judged *judged)
{
	struct str rest = judged->source->text, line, words, word;
	size_t number = 0;

	while (str_split(&rest, '\n', &line)) {
		number++;
		words = expected_on(line);
		while (words.n > 0 && str_split(&words, ' ', &word))
			if (!is_found(judged, word, number))
				fail_msg("%.*s:%zu: expected, but not found: "
				    "%.*s", STR_ARG(judged->source->path),
				    number, STR_ARG(word));
	}
}

static void
check_zone(struct str path)
{
	struct judged judged = { .arena = arena_new() };
	struct source *source = file_read(judged.arena, path), *config,
	    *state;

	assert_non_null(source);
	config = file_read(judged.arena, arena_printf(judged.arena,
	    "%.*syaml", STR_ARG(str_slice(path, 0, path.n - 4))));
	state = file_read(judged.arena, arena_printf(judged.arena, "%.*sjson",
	    STR_ARG(str_slice(path, 0, path.n - 4))));
	if (state != NULL)
		judge_read_state(&judged, state->text);
	judged.zones.arena = judged.arena;
	judged.source = source;
	judged.zone = judge_add_zone(&judged, source, STR_NONE);
	judge(&judged, config == NULL ? STR_NONE : config->text, 20000,
	    STR_NONE);
	check_found(&judged);
	check_marks(&judged);
	judge_free(&judged);
}

static void
check_folder(struct str folder)
{
	struct arena *arena = arena_new();
	struct list list = list_zones(arena, folder);
	size_t i;

	assert_true(list.count > 0);
	for (i = 0; i < list.count; i++)
		check_zone(list.paths[i]);
	arena_free(arena);
}

static void
good_zones_are_quiet(void **state)
{
	(void)state;
	check_folder(STR("zones/good"));
}

static void
bad_zones_are_told(void **state)
{
	(void)state;
	check_folder(STR("zones/bad"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(good_zones_are_quiet),
		cmocka_unit_test(bad_zones_are_told),
	};

	int failed = cmocka_run_group_tests(tests, NULL, NULL);

	judge_close();
	return failed;
}
