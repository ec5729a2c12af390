/*
 * Folders walked in order, by one thread or by several.
 */
#include <sys/stat.h>

#include <dirent.h>
#include <endian.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "base/file.h"
#include "base/path.h"
#include "base/worker.h"

enum {
	WALKERS = 64,			/* threads */
	PATHS = 62			/* of a piece of a list: a kilobyte */
};

/* ---- what lies in one ---------------------------------------------------- */

/* Of a folder: what readdir() tells of a file, and how its name starts. */
struct entry {
	uint64_t start;			/* eight octets, the first highest */
	const char *path;
	uint32_t length;
	unsigned char type;
};

/* A folder may hold a million files: what is kept of each is little. */
struct entries {
	struct buffer memory;
	struct entry *list;		/* in there */
	size_t count;
	size_t others;			/* that may be no regular files */
};

static struct str
path_of(const struct entry *entry)
{
	return (struct str){ entry->path, entry->length };
}

/* In the order of octets; all are in one folder. */
static int
by_name(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;

	if (x->start != y->start)
		return x->start < y->start ? -1 : 1;
	return str_compare(path_of(x), path_of(y));
}

static uint64_t
start_of(struct str name)
{
	uint64_t start = 0;

	memcpy(&start, name.p, name.n < sizeof(start) ? name.n :
	    sizeof(start));
	return be64toh(start);
}

/* The path goes into the arena. */
static void
add_entry(struct entries *entries, struct arena *arena, struct str folder,
    const struct dirent *found)
{
	struct str name = str_from(found->d_name);
	struct str path = path_join(arena, folder, name);
	const struct entry entry = { .start = start_of(name), .path = path.p,
	    .length = (uint32_t)path.n, .type = found->d_type };

	buffer_add(&entries->memory, (struct str){ (const char *)&entry,
	    sizeof(entry) });
	entries->count++;
	entries->others += found->d_type != DT_REG;
}

/* Those that are not hidden, by their names; false with errno. */
static bool
list_folder(struct arena *arena, struct str folder, struct entries *entries)
{
	struct arena_mark mark = arena_mark(arena);
	DIR *stream = opendir(arena_cstr(arena, folder));
	const struct dirent *found;
	int error;

	arena_release(arena, mark);
	if (stream == NULL)
		return false;
	/* Only what goes wrong sets it. */
	while (errno = 0, (found = readdir(stream)) != NULL)
		if (found->d_name[0] != '.')
			add_entry(entries, arena, folder, found);
	error = errno;
	closedir(stream);
	entries->list = (struct entry *)(void *)entries->memory.p;
	if (entries->count > 1)
		qsort(entries->list, entries->count, sizeof(*entries->list),
		    by_name);
	errno = error;
	return error == 0;
}

/*
 * Of a file in a folder, which most file systems tell beside its name; that of
 * a link is what it points at. Links that point at folders are not followed:
 * they can form loops. One that points at nothing remains a link.
 */
static bool
type_of(struct str path, const struct entry *entry, unsigned char *type)
{
	struct stat status;
	bool link;

	*type = entry->type;
	if (*type != DT_UNKNOWN && *type != DT_LNK)
		return true;
	if (lstat(path.p, &status) != 0)
		return false;
	link = S_ISLNK(status.st_mode);
	if (link && stat(path.p, &status) != 0) {
		*type = DT_LNK;
		return true;
	}
	*type = S_ISREG(status.st_mode) ? DT_REG :
	    S_ISDIR(status.st_mode) && !link ? DT_DIR : DT_UNKNOWN;
	return true;
}

/* ---- all of it ----------------------------------------------------------- */

struct paths {
	struct paths *next;
	size_t count;
	struct str list[PATHS];
};

/*
 * An entry of the folder that is walked, if it is no regular file; and what
 * lies in it, if it is a folder.
 */
struct walked {
	const struct entry *entry;
	struct str path;
	unsigned char type;
	bool done;			/* else it could not be read: */
	int error;
	struct str failed;
	struct paths *first, **end;
	struct arena *memory;		/* of the list */
};

struct walk {
	struct arena *arenas[WALKERS];	/* for the paths, and their lists */
	struct arena *memories[WALKERS];
	struct walked *list;
	size_t count;
};

static void
collect(void *context, struct str path)
{
	struct walked *walked = context;
	struct paths *paths = *walked->end;

	if (paths != NULL && paths->count == PATHS) {
		walked->end = &paths->next;
		paths = NULL;
	}
	if (paths == NULL)
		paths = *walked->end = ARENA_NEW(walked->memory,
		    struct paths);
	paths->list[paths->count++] = path;
}

static void
walk_one(void *context, unsigned worker, size_t job)
{
	struct walk *walk = context;
	struct walked *walked = &walk->list[job];

	if (!walked->done || walked->type != DT_DIR)
		return;
	walked->memory = walk->memories[worker];
	walked->end = &walked->first;
	walked->done = file_walk(walk->arenas[worker], walked->path, collect,
	    walked, &walked->failed);
	walked->error = errno;
}

static void
visit_one(const struct walked *walked, file_visit *visit, void *context)
{
	const struct paths *paths;
	size_t i;

	for (paths = walked->first; paths != NULL; paths = paths->next)
		for (i = 0; i < paths->count; i++)
			visit(context, paths->list[i]);
	/* Who reads a link to nothing learns why that cannot be. */
	if (walked->done && (walked->type == DT_REG ||
	    walked->type == DT_LNK))
		visit(context, walked->path);
}

/* Is it a folder? */
static bool
start_one(struct walked *walked, const struct entry *entry)
{
	walked->entry = entry;
	walked->path = walked->failed = path_of(entry);
	walked->done = type_of(walked->path, entry, &walked->type);
	walked->error = errno;
	return walked->done && walked->type == DT_DIR;
}

/* How many of them are folders. */
static size_t
start_walk(struct walk *walk, const struct entries *entries,
    struct arena *memory)
{
	size_t folders = 0, i;

	walk->list = ARENA_ARRAY(memory, entries->others + 1, struct walked);
	for (i = 0; i < entries->count; i++)
		if (entries->list[i].type != DT_REG)
			folders += start_one(&walk->list[walk->count++],
			    &entries->list[i]);
	return folders;
}

/* Returns the first that could not be read, or NULL. */
static const struct walked *
visit_all(const struct walk *walk, const struct entries *entries,
    file_visit *visit, void *context)
{
	const struct walked *walked = walk->list, *broken = NULL;
	size_t i;

	for (i = 0; i < entries->count; i++) {
		if (walked->entry != &entries->list[i]) {
			visit(context, path_of(&entries->list[i]));
			continue;
		}
		visit_one(walked, visit, context);
		if (!walked->done && broken == NULL)
			broken = walked;
		walked++;
	}
	return broken;
}

bool
file_walk_shared(struct arena *arena, struct str folder, unsigned threads,
    file_visit *visit, void *context, struct str *failed)
{
	struct arena *memory = arena_new();
	struct entries entries = { .count = 0 };
	bool done = list_folder(arena, folder, &entries);
	int error = errno;
	struct walk walk = { .count = 0 };
	const struct walked *broken;
	unsigned i;

	*failed = folder;
	if (threads > WALKERS)
		threads = WALKERS;
	/* One alone is walked as well by who waits for it, the first worker. */
	if (start_walk(&walk, &entries, memory) < 2)
		threads = 1;
	walk.arenas[0] = arena;
	walk.memories[0] = memory;
	for (i = 1; i < threads; i++) {
		walk.arenas[i] = arena_child(arena);
		walk.memories[i] = arena_child(memory);
	}
	workers_run(threads, walk.count, walk_one, &walk);
	broken = visit_all(&walk, &entries, visit, context);
	if (done && broken != NULL) {
		done = false;
		error = broken->error;
		*failed = broken->failed;
	}
	buffer_free(&entries.memory);
	arena_free(memory);
	errno = error;
	return done;
}

bool
file_walk(struct arena *arena, struct str folder, file_visit *visit,
    void *context, struct str *failed)
{
	return file_walk_shared(arena, folder, 1, visit, context, failed);
}
