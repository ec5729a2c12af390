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
#include "base/file.h"
#include "base/path.h"
#include "base/worker.h"

enum { WALKERS = 64 };			/* threads */

/* ---- what lies in one ---------------------------------------------------- */

/* Of a folder: what readdir() tells of a file, and how its name starts. */
struct entry {
	uint64_t start;			/* eight octets, the first highest */
	struct str name;
	unsigned char type;
};

struct entries {
	struct entry **list;
	size_t count, room;
};

/* In the order of octets. */
static int
by_name(const void *a, const void *b)
{
	const struct entry *x = *(struct entry *const *)a;
	const struct entry *y = *(struct entry *const *)b;

	if (x->start != y->start)
		return x->start < y->start ? -1 : 1;
	return str_compare(x->name, y->name);
}

static uint64_t
start_of(struct str name)
{
	uint64_t start = 0;

	memcpy(&start, name.p, name.n < sizeof(start) ? name.n :
	    sizeof(start));
	return be64toh(start);
}

static void
add_entry(struct entries *entries, struct arena *arena,
    const struct dirent *found)
{
	struct entry *entry = ARENA_NEW(arena, struct entry), **larger;

	if (entries->count == entries->room) {
		entries->room = entries->room * 2 + 64;
		larger = ARENA_ARRAY(arena, entries->room, struct entry *);
		if (entries->count > 0)
			memcpy(larger, entries->list,
			    entries->count * sizeof(*larger));
		entries->list = larger;
	}
	entry->name = arena_copy(arena, str_from(found->d_name));
	entry->start = start_of(entry->name);
	entry->type = found->d_type;
	entries->list[entries->count++] = entry;
}

/* Those that are not hidden, by their names; false with errno. */
static bool
list_folder(struct arena *arena, struct str folder, struct entries *entries)
{
	DIR *stream = opendir(arena_cstr(arena, folder));
	const struct dirent *found;
	int error;

	if (stream == NULL)
		return false;
	/* Only what goes wrong sets it. */
	while (errno = 0, (found = readdir(stream)) != NULL)
		if (found->d_name[0] != '.')
			add_entry(entries, arena, found);
	error = errno;
	closedir(stream);
	errno = error;
	if (entries->count > 1)
		qsort(entries->list, entries->count, sizeof(*entries->list),
		    by_name);
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

/* An entry of the folder that is walked; and what lies in it, if it is one. */
struct walked {
	struct str path;
	unsigned char type;
	bool done;			/* else it could not be read: */
	int error;
	struct str failed;
	struct str *paths;
	size_t count, room;
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
	struct str *larger;

	if (walked->count == walked->room) {
		walked->room = walked->room * 2 + 64;
		larger = ARENA_ARRAY(walked->memory, walked->room, struct str);
		if (walked->count > 0)
			memcpy(larger, walked->paths,
			    walked->count * sizeof(*larger));
		walked->paths = larger;
	}
	walked->paths[walked->count++] = path;
}

static void
walk_one(void *context, unsigned worker, size_t job)
{
	struct walk *walk = context;
	struct walked *walked = &walk->list[job];

	if (!walked->done || walked->type != DT_DIR)
		return;
	walked->memory = walk->memories[worker];
	walked->done = file_walk(walk->arenas[worker], walked->path, collect,
	    walked, &walked->failed);
	walked->error = errno;
}

static void
visit_one(const struct walked *walked, file_visit *visit, void *context)
{
	size_t i;

	for (i = 0; i < walked->count; i++)
		visit(context, walked->paths[i]);
	/* Who reads a link to nothing learns why that cannot be. */
	if (walked->done && (walked->type == DT_REG ||
	    walked->type == DT_LNK))
		visit(context, walked->path);
}

/* Is it a folder? */
static bool
start_one(struct walked *walked, struct arena *arena, struct str folder,
    const struct entry *entry)
{
	walked->path = walked->failed = path_join(arena, folder, entry->name);
	walked->done = type_of(walked->path, entry, &walked->type);
	walked->error = errno;
	return walked->done && walked->type == DT_DIR;
}

bool
file_walk_shared(struct arena *arena, struct str folder, unsigned threads,
    file_visit *visit, void *context, struct str *failed)
{
	struct arena *memory = arena_new();
	struct entries entries = { .count = 0 };
	bool done = list_folder(memory, folder, &entries);
	int error = errno;
	struct walk walk = { .count = entries.count };
	const struct walked *walked;
	size_t folders = 0, i;

	*failed = folder;
	if (threads > WALKERS)
		threads = WALKERS;
	walk.list = ARENA_ARRAY(memory, walk.count + 1, struct walked);
	for (i = 0; i < walk.count; i++)
		folders += start_one(&walk.list[i], arena, folder,
		    entries.list[i]);
	/* One alone is walked as well by who waits for it, the first worker. */
	if (folders < 2)
		threads = 1;
	walk.arenas[0] = arena;
	walk.memories[0] = memory;
	for (i = 1; i < threads; i++) {
		walk.arenas[i] = arena_child(arena);
		walk.memories[i] = arena_child(memory);
	}
	workers_run(threads, walk.count, walk_one, &walk);
	for (i = 0; i < walk.count; i++) {
		walked = &walk.list[i];
		visit_one(walked, visit, context);
		if (walked->done || !done)
			continue;
		done = false;
		error = walked->error;
		*failed = walked->failed;
	}
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
