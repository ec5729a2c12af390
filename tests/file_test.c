/* Files: whole or not at all; paths; named.conf, which names files. */
#include "support.h"

#include <sys/stat.h>
#include <sys/wait.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/file.h"
#include "base/path.h"
#include "base/place.h"
#include "zone/named_conf.h"

static const struct {
	const char *pattern, *path;
	bool matches;
} matches[] = {
	{ "*.zone", "a.zone", true },
	{ "*.zone", "b/a.zone", false },
	{ "**.zone", "b/a.zone", true },
	{ "zones/**/*.zone", "zones/a.zone", true },
	{ "zones/**/*.zone", "zones/b/c/a.zone", true },
	{ "zones/*.zone", "zones/b/a.zone", false },
	{ "db.?", "db.a", true },
	{ "db.?", "db./", false },
	{ "[a-c]x", "bx", true },
	{ "[!a-c]x", "bx", false },
	{ "[]x]", "]", true },
	{ "[abc", "a", true },
	{ "", "", true },
	{ "*", "", true },
};

static void
test_matches(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < countof(matches); i++) {
		print_message("%s %s\n", matches[i].pattern, matches[i].path);
		assert_int_equal(path_matches(str_from(matches[i].pattern),
		    str_from(matches[i].path)), matches[i].matches);
	}
}

static void
test_paths(void **state)
{
	struct arena *arena = arena_new();

	(void)state;
	assert_true(str_is(path_folder(STR("a/b/c")), "a/b"));
	assert_true(str_is(path_folder(STR("c")), "."));
	assert_true(str_is(path_folder(STR("/c")), "/"));
	assert_true(str_is(path_name(STR("a/b/c")), "c"));
	assert_true(str_is(path_join(arena, STR("a"), STR("b")), "a/b"));
	assert_true(str_is(path_below(STR("/a/b/c"), STR("/a")), "b/c"));
	assert_true(str_is(path_below(STR("/a"), STR("/")), "a"));
	assert_true(str_is(path_below(STR("/"), STR("/")), ""));
	assert_int_equal(path_below(STR("/a"), STR("/a")).n, 0);
	assert_non_null(path_below(STR("/a"), STR("/a")).p);
	assert_null(path_below(STR("/ab"), STR("/a")).p);
	assert_null(path_below(STR("/a"), STR("/a/b")).p);
	assert_true(str_is(path_join(arena, STR("a/"), STR("b")), "a/b"));
	assert_true(str_is(path_join(arena, STR("."), STR("b")), "b"));
	assert_true(str_is(path_join(arena, STR("a"), STR("/b")), "/b"));
	assert_true(str_is(path_clean(arena, STR("/a/./b//c/")), "/a/b/c"));
	assert_true(str_is(path_clean(arena, STR("/a/b/../../c")), "/c"));
	assert_true(str_is(path_clean(arena, STR("/../..")), "/"));
	arena_free(arena);
}

static void
test_read(void **state)
{
	struct arena *arena = arena_new();
	char *scratch = scratch_make(), *path, *large;
	struct source *source;
	size_t size = 3 * 1024 * 1024, i;

	(void)state;
	path = scratch_write(scratch, "small", "text\n");
	source = file_read(arena, str_from(path));
	assert_true(str_is(source->text, "text\n"));
	for (i = 0; i < FILE_PADDING; i++)
		assert_int_equal(source->text.p[source->text.n + i], 0);
	free(path);

	/* Large ones are mapped; a whole number of pages is the hard case. */
	large = malloc(size + 1);
	memset(large, 'x', size);
	large[size] = '\0';
	path = scratch_write(scratch, "large", large);
	source = file_read(arena, str_from(path));
	assert_int_equal(source->text.n, size);
	for (i = 0; i < FILE_PADDING; i++)
		assert_int_equal(source->text.p[size + i], 0);
	free(path);
	free(large);

	assert_null(file_read(arena, str_from(scratch)));
	assert_int_equal(errno, EISDIR);
	assert_null(file_read(arena, STR("there/is/none")));
	assert_int_equal(errno, ENOENT);
	scratch_remove(scratch);
	arena_free(arena);
}

static void
test_write(void **state)
{
	struct arena *arena = arena_new();
	char *scratch = scratch_make(), *path, *link;
	struct stat before, after;
	struct source *source;

	(void)state;
	path = scratch_write(scratch, "target", "old");
	chmod(path, 0640);
	link = malloc(strlen(path) + 6);
	snprintf(link, strlen(path) + 6, "%s.link", path);
	assert_int_equal(symlink(path, link), 0);

	/* Through the link; the mode stays. */
	assert_true(file_write(str_from(link), STR("new"), 0600));
	assert_int_equal(lstat(link, &after), 0);
	assert_true(S_ISLNK(after.st_mode));
	assert_int_equal(stat(path, &before), 0);
	assert_int_equal(before.st_mode & 0777, 0640);
	source = file_read(arena, str_from(path));
	assert_true(str_is(source->text, "new"));

	/* The same again touches nothing. */
	assert_true(file_write(str_from(path), STR("new"), 0600));
	assert_int_equal(stat(path, &after), 0);
	assert_int_equal(before.st_ino, after.st_ino);

	assert_false(file_write(STR("there/is/none"), STR("x"), 0600));
	assert_int_equal(errno, ENOENT);
	unlink(link);
	free(link);
	free(path);
	scratch_remove(scratch);
	arena_free(arena);
}

/* A pipe stays one, and somebody at its other end reads what is written. */
static void
test_write_into(void **state)
{
	char *scratch = scratch_make(), path[256], got[8] = { 0 };
	struct stat status;
	int fd;

	(void)state;
	snprintf(path, sizeof(path), "%s/pipe", scratch);
	assert_int_equal(mkfifo(path, 0600), 0);
	fd = open(path, O_RDWR);
	assert_true(fd >= 0);
	assert_true(file_write(str_from(path), STR("text"), 0644));
	assert_int_equal(read(fd, got, sizeof(got)), 4);
	assert_string_equal(got, "text");
	assert_int_equal(stat(path, &status), 0);
	assert_true(S_ISFIFO(status.st_mode));
	close(fd);
	scratch_remove(scratch);
}

static void
test_rewrite(void **state)
{
	struct arena *arena = arena_new();
	char *scratch = scratch_make(), *path, *other;
	struct source *source, *now;

	(void)state;
	path = scratch_write(scratch, "file", "old");
	source = file_read(arena, str_from(path));
	assert_true(file_rewrite(source, STR("new")));
	now = file_read(arena, str_from(path));
	assert_true(str_is(now->text, "new"));

	/* Read before it was written. */
	assert_false(file_rewrite(source, STR("newer")));
	assert_int_equal(errno, ESTALE);

	/* The same text, but another file. */
	other = scratch_write(scratch, "other", "new");
	assert_int_equal(rename(other, path), 0);
	assert_false(file_rewrite(now, STR("newer")));
	assert_int_equal(errno, ESTALE);
	assert_true(str_is(file_read(arena, str_from(path))->text, "new"));

	assert_int_equal(unlink(path), 0);
	assert_false(file_rewrite(now, STR("newer")));
	assert_int_equal(errno, ESTALE);
	free(other);
	free(path);
	scratch_remove(scratch);
	arena_free(arena);
}

static void
test_read_instead(void **state)
{
	struct arena *arena = arena_new();
	char *scratch = scratch_make(), *a, *b, *c;
	struct stand_in rows[2] = { { .text = STR("") }, { .text = STR("") } };
	struct stand_ins list = { rows, countof(rows) };
	struct source *source;

	(void)state;
	a = scratch_write(scratch, "a", "really a");
	b = scratch_write(scratch, "b", "really b");
	c = scratch_write(scratch, "c", "really c");
	rows[0] = (struct stand_in){ path_real(arena, str_from(a)),
	    STR("not a") };
	rows[1] = (struct stand_in){ path_real(arena, str_from(c)),
	    STR("not c") };
	source = file_read_instead(arena, str_from(a), &list);
	assert_true(str_is(source->text, "not a"));
	source = file_read_instead(arena, str_from(b), &list);
	assert_true(str_is(source->text, "really b"));
	source = file_read_instead(arena, str_from(c), &list);
	assert_true(str_is(source->text, "not c"));
	source = file_read_instead(arena, str_from(c), NULL);
	assert_true(str_is(source->text, "really c"));
	free(a);
	free(b);
	free(c);
	scratch_remove(scratch);
	arena_free(arena);
}

/* Whatever came before, it is what realpath(3) says. */
static void
test_real_beside(void **state)
{
	static const char *const paths[] = { "a", "b", "link", "sub/c",
	    "sub/up", "../x/a", "over/c", "over/up", "sub/..", "sub/.",
	    "sub", "none", "dangling", "none/a", "." };
	struct arena *arena = arena_new();
	char *scratch = scratch_make();
	struct real_folder folder = { STR_NONE, STR_NONE };
	struct str path, real;
	size_t i, k;

	(void)state;
	assert_int_equal(chdir(scratch), 0);
	assert_int_equal(mkdir("x", 0700) | mkdir("sub", 0700), 0);
	free(scratch_write(scratch, "a", ""));
	free(scratch_write(scratch, "b", ""));
	free(scratch_write(scratch, "sub/c", ""));
	assert_int_equal(symlink("b", "link") | symlink("../a", "sub/up") |
	    symlink("sub", "over") | symlink("gone", "dangling"), 0);
	for (i = 0; i < countof(paths); i++)
		for (k = 0; k < 2; k++) {
			path = arena_printf(arena, "%s%s",
			    k == 0 ? "" : "./", paths[i]);
			real = path_real(arena, path);
			path = path_real_beside(arena, &folder, path);
			assert_int_equal(path.p == NULL, real.p == NULL);
			assert_true(str_equal(path, real));
		}
	assert_int_equal(chdir("/"), 0);
	scratch_remove(scratch);
	arena_free(arena);
}

struct seen {
	char text[256];
};

static void
see(void *context, struct str path)
{
	struct seen *seen = context;
	struct str name = path_name(path);

	strncat(seen->text, name.p, name.n);
	strcat(seen->text, " ");
}

static void
test_walk(void **state)
{
	struct arena *arena = arena_new();
	char *scratch = scratch_make();
	struct seen seen = { "" };
	struct str failed = STR_NONE;
	unsigned threads;

	(void)state;
	scratch_folder(scratch, "b");
	scratch_folder(scratch, ".git");
	free(scratch_write(scratch, "b/2", ""));
	free(scratch_write(scratch, "b/1", ""));
	free(scratch_write(scratch, ".git/x", ""));
	free(scratch_write(scratch, "a", ""));
	free(scratch_write(scratch, "c", ""));
	assert_int_equal(symlink("nowhere", arena_cstr(arena, path_join(arena,
	    str_from(scratch), STR("bb")))), 0);
	assert_true(file_walk(arena, str_from(scratch), see, &seen, &failed));
	assert_string_equal(seen.text, "a 1 2 bb c ");
	/* In the order of octets, however many names have in common. */
	free(scratch_write(scratch, "b/likeness10", ""));
	free(scratch_write(scratch, "b/likeness", ""));
	free(scratch_write(scratch, "b/likeness2", ""));
	free(scratch_write(scratch, "b/likenes", ""));
	free(scratch_write(scratch, "b/\303\244", ""));
	free(scratch_write(scratch, "b/Z", ""));
	seen.text[0] = '\0';
	assert_true(file_walk(arena, str_from(scratch), see, &seen, &failed));
	assert_string_equal(seen.text, "a 1 2 Z likenes likeness likeness10 "
	    "likeness2 \303\244 bb c ");
	assert_false(file_walk(arena, STR("there/is/none"), see, &seen,
	    &failed));
	assert_true(str_is(failed, "there/is/none"));
	for (threads = 1; threads <= 3; threads++) {
		seen.text[0] = '\0';
		assert_true(file_walk_shared(arena, str_from(scratch), threads,
		    see, &seen, &failed));
		assert_string_equal(seen.text, "a 1 2 Z likenes likeness "
		    "likeness10 likeness2 \303\244 bb c ");
		assert_false(file_walk_shared(arena, STR("there/is/none"),
		    threads, see, &seen, &failed));
		assert_true(str_is(failed, "there/is/none"));
		assert_int_equal(errno, ENOENT);
	}
	scratch_remove(scratch);
	arena_free(arena);
}

static void
test_named_conf(void **state)
{
	struct arena *arena = arena_new();
	struct source source = { .path = STR("etc/named.conf"), .text = STR(
	    "// zone \"no.example\" { file \"no\"; };\n"
	    "zone \"first.Example\" IN { type primary; file \"db.first\"; };\n"
	    "# zone \"no\" { file \"no\"; };\n"
	    "options { directory \"/var/named\"; allow-query { any; }; };\n"
	    "/* zone \"no\" { file \"no\"; }; */\n"
	    "view inside { match-clients { 10/8; };\n"
	    "  zone \"second.example.\" { allow-update { key x; };\n"
	    "    file \"/abs/second\"; };\n};\n"
	    "zone \"hint\" { type forward; };\n"
	    "include \"etc/missing.conf\";\n"
	    "zone \"last.example\" { file \"db.last\" ") };
	struct named_conf *conf = named_conf_read(arena, &source);
	struct named_zone *zone = conf->zones;

	(void)state;
	assert_true(str_is(zone->name, "first.example"));
	assert_true(str_is(zone->file, "/var/named/db.first"));
	assert_true(str_is(zone->written, "db.first"));
	assert_int_equal(zone->view.n, 0);
	zone = zone->next;
	assert_true(str_is(zone->name, "second.example"));
	assert_true(str_is(zone->file, "/abs/second"));
	assert_true(str_is(zone->view, "inside"));
	zone = zone->next;
	assert_true(str_is(zone->name, "last.example"));
	assert_null(zone->next);
	assert_true(str_is(conf->missing, "etc/etc/missing.conf"));
	arena_free(arena);
}

/* What BIND refuses, and how many zones are seen all the same. */
static void
test_named_conf_faults(void **state)
{
#define ONE	"zone \"a\" { file \"a\"; }"
	static const struct {
		const char *text, *fault;
		size_t start, zones;
	} rows[] = {
		{ ONE ";", NULL, 0, 1 },
		{ "view \"x\" { " ONE "; }; acl y { !1.2.3.4; { 10/8; }; };\n"
		    "controls { inet * allow { any; } keys { \"k\"; }; };",
		    NULL, 0, 1 },
		{ "logging { channel \"c\" { file \"}\"; }; }; " ONE "; // {",
		    NULL, 0, 1 },
		{ ONE "\n" ONE ";", "there is no \";\" behind the block", 23,
		    2 },
		{ ONE, "there is no \";\" behind the block", 22, 1 },
		{ ONE "};" ONE ";", "there is no \";\" behind the block", 22,
		    2 },
		{ ONE ";};" ONE ";", "the brace closes nothing", 23, 2 },
		{ "zone \"a\" { file \"a\";\n" ONE ";",
		    "the block has no end", 4, 1 },
		{ "view x {" ONE ";", "the block has no end", 4, 1 },
		{ "options { directory \"/\";", "the block has no end", 7, 0 },
		{ "acl x {" ONE ";", "the statement has no end", 3, 0 },
		{ ONE "; zone \"b", "the string has no end", 29, 1 },
		{ ONE "; /* " ONE ";", "the comment has no end", 24, 1 },
	};
#undef ONE
	struct arena *arena = arena_new();
	size_t i, count;

	(void)state;
	for (i = 0; i < countof(rows); i++) {
		struct source source = { .path = STR("named.conf"),
		    .text = str_from(rows[i].text) };
		struct named_conf *conf = named_conf_read(arena, &source);
		const struct named_zone *zone = conf->zones;

		for (count = 0; zone != NULL; zone = zone->next)
			count++;
		if ((conf->fault == NULL) != (rows[i].fault == NULL) ||
		    (conf->fault != NULL &&
		    (strcmp(conf->fault, rows[i].fault) != 0 ||
		    conf->place.start != rows[i].start)) ||
		    count != rows[i].zones)
			fail_msg("%s: %s at %zu, %zu zones", rows[i].text,
			    conf->fault, conf->place.start, count);
	}
	arena_free(arena);
}

/* ---- texts that are lent ------------------------------------------------- */

static void
test_reader(void **state)
{
	struct arena *arena = arena_new(), *memory = arena_new();
	char *scratch = scratch_make(), *paths[3];
	struct file_reader reader = file_reader_start(memory);
	struct source *sources[3], *long_one;
	char *text = arena_alloc(arena, FILE_SHORT + 2);
	struct str path;
	size_t i;

	(void)state;
	for (i = 0; i < 3; i++) {
		path = arena_printf(arena, "%zu.zone", i);
		paths[i] = scratch_write(scratch, path.p, path.p);
	}
	for (i = 0; i < 3; i++) {
		sources[i] = file_reader_read(&reader, arena,
		    str_from(paths[i]));
		assert_non_null(sources[i]);
		assert_true(sources[i]->lent);
		assert_true(str_equal(sources[i]->text,
		    path_name(str_from(paths[i]))));
		assert_int_equal(sources[i]->text.p[sources[i]->text.n +
		    FILE_PADDING - 1], '\0');
		if (i == 0)
			file_keep(arena, sources[i]);
		else
			file_give_up(sources[i]);
	}
	assert_null(file_reader_read(&reader, arena, path_join(arena,
	    str_from(scratch), STR("none"))));
	assert_int_equal(errno, ENOENT);
	assert_null(file_reader_read(&reader, arena, path_join(arena,
	    str_from(scratch), STR("0.zone/"))));
	assert_int_equal(errno, ENOTDIR);
	assert_null(file_reader_read(&reader, arena, str_from(scratch)));
	assert_int_equal(errno, EISDIR);
	memset(text, 'x', FILE_SHORT + 1);
	free(paths[1]);
	paths[1] = scratch_write(scratch, "long", text);
	long_one = file_reader_read(&reader, arena, str_from(paths[1]));
	assert_false(long_one->lent);
	file_reader_end(&reader);
	arena_free(memory);
	assert_int_equal(long_one->text.n, FILE_SHORT + 1);
	file_read_again(arena, sources[2]);
	assert_true(sources[2]->lent);
	assert_true(str_is(sources[0]->text, "0.zone"));
	assert_true(str_is(sources[2]->text, "2.zone"));
	for (i = 0; i < 3; i++)
		free(paths[i]);
	scratch_remove(scratch);
	arena_free(arena);
}

/* ---- files that are lost ------------------------------------------------- */

enum { LARGE = 4 * 1024 * 1024 };	/* enough to be mapped */

/* What somebody does with a file while it is read, and what is said of it. */
static const struct losing {
	const char *how;
	bool small, removed;
} losings[] = {
	{ "cut off", false, false },
	{ "changed", true, false },
	{ "removed", true, true },
};

/* Reads a file to its end that is lost by then; does not return. */
static void
read_lost(const struct losing *losing, const char *path, const char *said)
{
	static struct arena *arena;
	struct file_reader reader;
	struct source *source;
	size_t i, sum = 0;

	arena = arena_new();
	reader = file_reader_start(arena);
	source = file_reader_read(&reader, arena, str_from(path));
	if (freopen(said, "w", stderr) == NULL || source == NULL ||
	    source->lent != losing->small ||
	    (losing->removed ? unlink(path) : truncate(path, 0)) != 0)
		_exit(99);
	if (losing->small) {
		file_give_up(source);
		file_read_again(arena, source);
	}
	for (i = 0; i < source->text.n; i++)
		sum += (unsigned char)source->text.p[i];
	_exit(sum > 0 ? 98 : 97);
}

static void
test_lost(void **state)
{
	/* Static, so that the child that ends early has lost nothing. */
	static char *scratch, *path, *said;
	static struct arena *arena;
	const struct losing *losing = *state;
	size_t size = losing->small ? 1000 : LARGE;
	char *text;
	int status;
	pid_t child;

	scratch = scratch_make();
	arena = arena_new();
	text = arena_alloc(arena, size + 1);
	memset(text, 'x', size);
	text[size] = '\0';
	path = scratch_write(scratch, "some.zone", text);
	said = scratch_write(scratch, "said", "");
	child = fork();
	assert_true(child >= 0);
	if (child == 0)
		read_lost(losing, path, said);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), FILE_LOST);
	assert_true(str_equal(file_read(arena, str_from(said))->text,
	    arena_printf(arena, "mailzone: %s: the file was %s while it was "
	    "read\n", path, losing->how)));
	free(path);
	free(said);
	scratch_remove(scratch);
	arena_free(arena);
}

/* Pipes are read to their end. */
static void
test_pipe(void **state)
{
	struct arena *arena = arena_new();
	int ends[2];
	struct source *source;

	(void)state;
	assert_int_equal(pipe(ends), 0);
	assert_int_equal(write(ends[1], "a b\n", 4), 4);
	close(ends[1]);
	source = file_read(arena, arena_printf(arena, "/dev/fd/%d",
	    ends[0]));
	assert_non_null(source);
	assert_true(str_is(source->text, "a b\n"));
	close(ends[0]);
	arena_free(arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_matches),
		cmocka_unit_test(test_paths),
		cmocka_unit_test(test_read),
		cmocka_unit_test(test_reader),
		cmocka_unit_test_prestate(test_lost, (void *)(uintptr_t)
		    &losings[0]),
		cmocka_unit_test_prestate(test_lost, (void *)(uintptr_t)
		    &losings[1]),
		cmocka_unit_test_prestate(test_lost, (void *)(uintptr_t)
		    &losings[2]),
		cmocka_unit_test(test_pipe),
		cmocka_unit_test(test_write),
		cmocka_unit_test(test_write_into),
		cmocka_unit_test(test_rewrite),
		cmocka_unit_test(test_read_instead),
		cmocka_unit_test(test_real_beside),
		cmocka_unit_test(test_walk),
		cmocka_unit_test(test_named_conf),
		cmocka_unit_test(test_named_conf_faults),
	};

	return cmocka_run_group_tests_name("file", tests, NULL, NULL);
}
