/*
 * Where an $INCLUDE may lead. A zone file can come from a stranger: what lies
 * outside the folders that were named, and outside the repository, is not
 * read.
 */
#include "base/file.h"
#include "base/path.h"
#include "zone/read.h"

enum { MAX_FOLDERS = 64 };

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

struct str
include_find(struct arena *arena, const struct zone_options *options,
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
