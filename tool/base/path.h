/*
 * Paths: cut, joined, resolved, and held against patterns.
 */
#ifndef BASE_PATH_H
#define BASE_PATH_H

#include <stdbool.h>

#include "base/str.h"

struct arena;

/* "a/b/c.zone" gives "a/b" and "c.zone"; without a slash "." and all. */
struct str path_folder(struct str path);
struct str path_name(struct str path);
/* Relative paths are taken from the folder; "." as folder adds nothing. */
struct str path_join(struct arena *, struct str folder, struct str path);
/* As realpath(3); STR_NONE with errno. */
struct str path_real(struct arena *, struct str path);
/*
 * For one path after the other: while they lie in one folder, that is asked
 * for once. Starts with nothing in it.
 */
struct real_folder {
	struct str folder;		/* of the last path, as given */
	struct str real;		/* as path_real has it */
};

/* The folder of a path, as path_real has it. */
struct str real_folder_of(struct arena *, struct real_folder *,
    struct str path);
/* As path_real. */
struct str path_real_beside(struct arena *, struct real_folder *,
    struct str path);
/* An absolute path without "." and "..", and with single slashes. */
struct str path_clean(struct arena *, struct str path);
/*
 * Of two such paths: the first as seen from the folder that it lies in, "" for
 * the folder itself; STR_NONE when it lies elsewhere.
 */
struct str path_below(struct str path, struct str folder);

/*
 * Shell pattern over a whole path: ? and * do not match "/", ** does,
 * [a-z] is a set.
 */
bool path_matches(struct str pattern, struct str path);

#endif
