/*
 * Where an $INCLUDE may lead. A zone file can come from a stranger: what lies
 * outside the folders that were named, and outside the repository, is not
 * read.
 */
#include <string.h>

#include "base/arena.h"
#include "base/file.h"
#include "base/path.h"
#include "base/table.h"
#include "base/worker.h"
#include "zone/read.h"

enum { MAX_FOLDERS = 64 };

/* ---- where they lie ------------------------------------------------------ */

struct folders {
	struct str paths[MAX_FOLDERS];
	size_t count;
};

static void
add(struct folders *folders, struct str path)
{
	if (path.p != NULL && folders->count < MAX_FOLDERS)
		folders->paths[folders->count++] = path;
}

static bool
is_below(struct str path, struct str folder)
{
	return str_equal(path, folder) || str_is(folder, "/") ||
	    (str_starts(path, folder) && path.p[folder.n] == '/');
}

/* Symbolic links and ".." lead nowhere else. */
static bool
is_allowed(struct arena *arena, const struct folders *folders,
    const struct zone_options *options, struct str path)
{
	struct str real = path_real(arena, path), folder;
	size_t i;

	/* A store has nothing but the repository. */
	if (options->root.n == 0 || options->store != NULL)
		return true;
	if (real.p == NULL)
		return false;
	folder = path_real(arena, options->root);
	if (folder.p != NULL && is_below(real, folder))
		return true;
	for (i = 0; i < folders->count; i++) {
		folder = path_real(arena, folders->paths[i]);
		if (folder.p != NULL && is_below(real, folder))
			return true;
	}
	return false;
}

static struct str
find(struct arena *arena, const struct zone_options *options,
    const struct source *root, const struct source *from, struct str name,
    const char **why)
{
	struct folders folders = { .count = 0 };
	struct str path;
	size_t i;

	add(&folders, options->directory);
	add(&folders, path_folder(from->path));
	add(&folders, path_folder(root->path));
	for (i = 0; i < options->include_folder_count; i++)
		add(&folders, options->include_folders[i]);
	add(&folders, STR("."));
	*why = "there is no such file";
	for (i = 0; i < folders.count; i++) {
		path = path_join(arena, folders.paths[i], name);
		if (options->store == NULL ? !file_exists(path) :
		    store_read(options->store, arena, path) == NULL)
			continue;
		if (is_allowed(arena, &folders, options, path))
			return path;
		*why = "it lies outside the folders that may be read";
	}
	return STR_NONE;
}

/* ---- what has been found ------------------------------------------------- */

struct includes {
	pthread_mutex_t lock;
	struct arena *arena;
	struct table found;		/* by who includes what */
	struct table files;		/* by their paths */
	struct included_file *first, **end;
	size_t room;
};

struct found {
	struct str path;
	const char *why;
};

struct includes *
includes_new(struct arena *arena, size_t room)
{
	struct includes *includes = ARENA_NEW(arena, struct includes);

	pthread_mutex_init(&includes->lock, NULL);
	includes->arena = arena_child(arena);
	includes->end = &includes->first;
	includes->room = room;
	return includes;
}

const struct included_file *
includes_next(const struct includes *includes,
    const struct included_file *last)
{
	const struct included_file *file = last == NULL ? includes->first :
	    last->next;

	while (file != NULL && !file->part)
		file = file->next;
	return file;
}

/* All that the answer rests on, within one run. */
static struct str
question(struct arena *arena, const struct source *root,
    const struct source *from, struct str name)
{
	return arena_printf(arena, "%.*s%c%.*s%c%.*s",
	    STR_ARG(path_folder(root->path)), 0,
	    STR_ARG(path_folder(from->path)), 0, STR_ARG(name));
}

/* Texts that stand in for files are others. */
static bool
are_known(const struct zone_options *options)
{
	return options->includes != NULL && options->instead == NULL;
}

static const struct found *
add_found(struct includes *includes, struct str key, struct str path,
    const char *why)
{
	struct found *found;

	worker_lock(&includes->lock);
	found = ARENA_NEW(includes->arena, struct found);
	*found = (struct found){ path.p == NULL ? STR_NONE :
	    arena_copy(includes->arena, path), why };
	found = table_add(&includes->found, includes->arena,
	    arena_copy(includes->arena, key), found);
	pthread_mutex_unlock(&includes->lock);
	return found;
}

struct str
include_find(struct arena *arena, const struct zone_options *options,
    const struct source *root, const struct source *from, struct str name,
    const char **why)
{
	struct includes *includes = options->includes;
	const struct found *found;
	struct arena_mark mark;
	struct str key, path;

	if (!are_known(options))
		return find(arena, options, root, from, name, why);
	mark = arena_mark(arena);
	key = question(arena, root, from, name);
	worker_lock(&includes->lock);
	found = table_find(&includes->found, key);
	pthread_mutex_unlock(&includes->lock);
	if (found == NULL) {
		path = find(arena, options, root, from, name, why);
		found = add_found(includes, key, path, *why);
	}
	arena_release(arena, mark);
	*why = found->why;
	return found->path;
}

/* ---- what stands in them ------------------------------------------------- */

/* A copy of it, whose text is kept while there is room. */
static struct included_file *
keep_file(struct includes *includes, const struct source *source)
{
	struct included_file *file = ARENA_NEW(includes->arena,
	    struct included_file);
	char *copy;

	file->source = *source;
	file->source.path = arena_copy(includes->arena, source->path);
	if (!source->mapped && source->text.n > includes->room) {
		file->source.text = STR_NONE;
	} else if (!source->mapped) {
		includes->room -= source->text.n;
		copy = arena_alloc(includes->arena,
		    source->text.n + FILE_PADDING);
		memcpy(copy, source->text.p, source->text.n);
		file->source.text.p = copy;
	}
	table_add(&includes->files, includes->arena, file->source.path, file);
	*includes->end = file;
	includes->end = &file->next;
	return file;
}

/* For whoever includes it, too; another thread may have come before. */
static const struct included_file *
add_file(struct includes *includes, const struct source *source)
{
	const struct included_file *file;

	worker_lock(&includes->lock);
	file = table_find(&includes->files, source->path);
	if (file == NULL)
		file = keep_file(includes, source);
	pthread_mutex_unlock(&includes->lock);
	return file;
}

static const struct included_file *
find_file(struct includes *includes, struct str path)
{
	const struct included_file *file;

	worker_lock(&includes->lock);
	file = table_find(&includes->files, path);
	pthread_mutex_unlock(&includes->lock);
	return file;
}

/*
 * What is known of a zone must stand in it whenever it is read again, so the
 * file is the same for all, and for as long as the run lasts.
 */
static struct source *
read_shared(struct arena *arena, struct includes *includes,
    struct file_store *store, struct str path)
{
	const struct included_file *file = find_file(includes, path);
	struct source *source;

	if (file == NULL) {
		source = store_read(store, arena, path);
		if (source == NULL)
			return NULL;
		file = add_file(includes, source);
		if (file->source.stamp == source->stamp)
			return source;
	}
	/* There nothing changes. */
	if (file->source.text.p == NULL && store != NULL)
		return store_read(store, arena, path);
	source = ARENA_NEW(arena, struct source);
	*source = file->source;
	if (source->text.p == NULL)
		file_read_again(arena, source);
	return source;
}

struct source *
include_read(struct arena *arena, const struct zone_options *options,
    struct str path)
{
	if (are_known(options))
		return read_shared(arena, options->includes, options->store,
		    path);
	return options->store != NULL ?
	    store_read(options->store, arena, path) :
	    file_read_instead(arena, path, options->instead);
}

void
include_note(const struct zone_options *options, struct str path)
{
	struct included_file *file;

	if (!are_known(options))
		return;
	worker_lock(&options->includes->lock);
	file = table_find(&options->includes->files, path);
	file->part = true;
	pthread_mutex_unlock(&options->includes->lock);
}
