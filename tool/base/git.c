/*
 * git is run as a child, never through a shell. One git cat-file answers for
 * all files of a revision: it is told a name and returns the content.
 */
#include <sys/types.h>
#include <sys/wait.h>

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "base/git.h"
#include "base/path.h"
#include "base/place.h"

extern char **environ;

enum { MAX_ARGUMENTS = 12, LONGEST_HEADER = 8192 };

struct git {
	struct file_store store;	/* first: it is passed as this */
	struct str top;			/* of the work tree, as realpath(3) */
	struct str commit;
	pid_t child;
	FILE *ask, *answer;
	bool broken;			/* an answer made no sense */
};

/* ---- children ------------------------------------------------------------ */

/*
 * Git sets these for its hooks, and then looks nowhere else: but the folder
 * says which repository is meant.
 */
static bool
is_of_a_hook(struct str variable)
{
	static const struct str names[] = { STR_INIT("GIT_DIR="),
	    STR_INIT("GIT_WORK_TREE="), STR_INIT("GIT_INDEX_FILE="),
	    STR_INIT("GIT_PREFIX=") };
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (str_starts(variable, names[i]))
			return true;
	return false;
}

/*
 * Messages in English, and nothing that reaches for the network or a
 * terminal. The first of two variables with one name counts.
 */
static char **
make_environment(struct arena *arena)
{
	static char ours[][24] = { "LC_ALL=C", "GIT_NO_LAZY_FETCH=1",
		"GIT_TERMINAL_PROMPT=0", "GIT_OPTIONAL_LOCKS=0" };
	enum { OURS = sizeof(ours) / sizeof(ours[0]) };
	char **environment;
	size_t count = 0, i, n;

	while (environ[count] != NULL)
		count++;
	environment = ARENA_ARRAY(arena, count + OURS + 1, char *);
	for (n = 0; n < OURS; n++)
		environment[n] = ours[n];
	for (i = 0; i < count; i++)
		if (!is_of_a_hook(str_from(environ[i])))
			environment[n++] = environ[i];
	return environment;
}

/* Starts "git" with these words; standard error goes where output goes. */
static bool
start(struct arena *arena, const char *const *words, int input, int output,
    pid_t *child, int *error)
{
	posix_spawn_file_actions_t actions;
	const char *arguments[MAX_ARGUMENTS] = { "git" };
	size_t i;

	for (i = 0; words[i] != NULL && i + 2 < MAX_ARGUMENTS; i++)
		arguments[i + 1] = words[i];
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO);
	posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
	posix_spawn_file_actions_adddup2(&actions, output, STDERR_FILENO);
	*error = posix_spawnp(child, "git", &actions, NULL,
	    (char *const *)(uintptr_t)arguments, make_environment(arena));
	posix_spawn_file_actions_destroy(&actions);
	return *error == 0;
}

static bool
make_pipe(int ends[2])
{
	if (pipe(ends) != 0)
		return false;
	fcntl(ends[0], F_SETFD, FD_CLOEXEC);
	fcntl(ends[1], F_SETFD, FD_CLOEXEC);
	return true;
}

static bool
wait_for(pid_t child)
{
	int status;

	while (waitpid(child, &status, 0) < 0)
		if (errno != EINTR)
			return false;
	return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

static struct str
read_to_end(struct arena *arena, int fd)
{
	struct buffer out = { 0 };
	char part[4096];
	ssize_t got;

	while ((got = read(fd, part, sizeof(part))) > 0 ||
	    (got < 0 && errno == EINTR))
		if (got > 0)
			buffer_add(&out, (struct str){ part, (size_t)got });
	return buffer_finish(&out, arena);
}

/* The first line of what git says, without its "fatal: ". */
static struct str
first_line(struct str text)
{
	struct str line = str_slice(text, 0, str_find(text, '\n'));
	struct str fatal = STR("fatal: ");

	return str_starts(line, fatal) ? str_after(line, fatal.n) : line;
}

/* One question; false when git fails, and then *answer is why. */
static bool
run(struct arena *arena, const char *const *words, struct str *answer)
{
	int ends[2], nothing, error = 0;
	pid_t child = -1;
	bool started;

	if (!make_pipe(ends)) {
		*answer = str_from(strerror(errno));
		return false;
	}
	nothing = open("/dev/null", O_RDONLY | O_CLOEXEC);
	started = start(arena, words, nothing, ends[1], &child, &error);
	close(nothing);
	close(ends[1]);
	if (!started) {
		close(ends[0]);
		*answer = arena_printf(arena, "git cannot be run: %s",
		    strerror(error));
		return false;
	}
	*answer = first_line(read_to_end(arena, ends[0]));
	close(ends[0]);
	return wait_for(child);
}

/* ---- files --------------------------------------------------------------- */

/* What the file is called in the repository; STR_NONE when it lies outside. */
static struct str
name_in_tree(const struct git *git, struct arena *arena, struct str path)
{
	/* The file itself may be gone by now, or have been a link. */
	struct str folder = path_real(arena, path_folder(path));

	if (folder.p == NULL || str_has(path, '\n'))
		return STR_NONE;
	if (str_equal(folder, git->top))
		return path_name(path);
	if (!str_starts(folder, git->top) ||
	    folder.p[git->top.n] != '/')
		return STR_NONE;
	return path_join(arena, str_after(folder, git->top.n + 1),
	    path_name(path));
}

/*
 * "OBJECT blob SIZE", or what else may be: "NAME missing", or "dangling",
 * "symlink", "loop" or "notdir" with the size of a word about it.
 */
static bool
read_header(struct git *git, bool *is_blob, size_t *size)
{
	char line[LONGEST_HEADER];
	struct str rest, word, kind;
	uint64_t number;

	if (fgets(line, sizeof(line), git->answer) == NULL)
		return false;
	rest = str_trim(str_slice(str_from(line), 0,
	    str_find(str_from(line), '\n')));
	*size = 0;
	*is_blob = false;
	if (str_ends(rest, STR(" missing")) ||
	    str_ends(rest, STR(" ambiguous")))
		return true;
	str_split(&rest, ' ', &kind);
	*is_blob = str_starts(rest, STR("blob "));
	word = str_after(rest, str_find_last(rest, ' ') == rest.n ? 0 :
	    str_find_last(rest, ' ') + 1);
	if (!str_number(word, SIZE_MAX / 2, &number))
		return false;
	/* A line end follows the content. */
	*size = (size_t)number + 1;
	return true;
}

static bool
read_content(struct git *git, struct arena *arena, size_t size,
    struct str *text)
{
	char *content = arena_alloc(arena, size + FILE_PADDING);

	if (fread(content, 1, size, git->answer) != size)
		return false;
	content[size - 1] = '\0';
	*text = (struct str){ content, size - 1 };
	return true;
}

static struct source *
read_object(struct git *git, struct arena *arena, struct str path)
{
	struct source *source = ARENA_NEW(arena, struct source);
	bool is_blob;
	size_t size;

	if (fflush(git->ask) != 0 || !read_header(git, &is_blob, &size) ||
	    (size > 0 && !read_content(git, arena, size, &source->text))) {
		git->broken = true;
		errno = EIO;
		return NULL;
	}
	source->path = arena_copy(arena, path);
	source->padded = true;
	errno = ENOENT;
	return is_blob ? source : NULL;
}

static struct source *
git_read(struct file_store *store, struct arena *arena, struct str path)
{
	struct git *git = (struct git *)store;
	struct str name = name_in_tree(git, arena, path);
	struct sigaction quiet = { .sa_handler = SIG_IGN }, before;
	struct source *source;

	if (git->broken || name.p == NULL) {
		errno = git->broken ? EIO : ENOENT;
		return NULL;
	}
	/* When git has died, that is an answer, too. */
	sigaction(SIGPIPE, &quiet, &before);
	fprintf(git->ask, "%.*s:%.*s\n", STR_ARG(git->commit), STR_ARG(name));
	source = read_object(git, arena, path);
	sigaction(SIGPIPE, &before, NULL);
	return source;
}

/* ---- opening ------------------------------------------------------------- */

static bool
start_reading(struct git *git, struct arena *arena, const char *folder,
    struct str *why)
{
	const char *const words[] = { "-C", folder, "cat-file", "--batch",
		"--follow-symlinks", NULL };
	int to[2], from[2], error = EMFILE;
	bool started;

	if (!make_pipe(to) || !make_pipe(from)) {
		*why = str_from(strerror(errno));
		return false;
	}
	started = start(arena, words, to[0], from[1], &git->child, &error);
	close(to[0]);
	close(from[1]);
	if (started) {
		git->ask = fdopen(to[1], "w");
		git->answer = fdopen(from[0], "r");
	} else
		*why = str_from(strerror(error));
	return started && git->ask != NULL && git->answer != NULL;
}

/* The commit of a revision, and its day. */
static bool
find_commit(struct git *git, struct arena *arena, const char *folder,
    struct str revision, day *made, struct str *why)
{
	const char *name = arena_printf(arena, "%.*s^{commit}",
	    STR_ARG(revision)).p;
	const char *const verify[] = { "-C", folder, "rev-parse", "--verify",
		"--quiet", "--end-of-options", name, NULL };
	const char *date[] = { "-C", folder, "log", "-1", "--no-color",
		"--no-show-signature", "--format=%ct", NULL, NULL };
	struct str answer;
	uint64_t seconds;

	if (revision.n == 0 || !run(arena, verify, &answer)) {
		*why = arena_printf(arena, "git knows no revision \"%.*s\"",
		    STR_ARG(revision));
		return false;
	}
	git->commit = answer;
	date[7] = arena_cstr(arena, answer);
	if (!run(arena, date, &answer) ||
	    !str_number(answer, 253402300799, &seconds)) {
		*why = answer;
		return false;
	}
	*made = (day)(seconds / (24 * 60 * 60));
	return true;
}

struct file_store *
git_open(struct arena *arena, struct str folder, struct str revision,
    day *made, struct str *why)
{
	struct git *git = ARENA_NEW(arena, struct git);
	const char *where = arena_cstr(arena, folder);
	const char *const top[] = { "-C", where, "rev-parse",
		"--show-toplevel", NULL };

	git->store.read = git_read;
	if (!run(arena, top, why))
		return NULL;
	git->top = path_real(arena, *why);
	if (git->top.p == NULL) {
		*why = str_from(strerror(errno));
		return NULL;
	}
	return find_commit(git, arena, where, revision, made, why) &&
	    start_reading(git, arena, where, why) ? &git->store : NULL;
}

void
git_close(struct file_store *store)
{
	struct git *git = (struct git *)store;

	if (git == NULL)
		return;
	fclose(git->ask);
	fclose(git->answer);
	wait_for(git->child);
}
