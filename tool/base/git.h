/*
 * Files as they were in an earlier revision of the repository, from git.
 */
#ifndef BASE_GIT_H
#define BASE_GIT_H

#include "base/date.h"
#include "base/file.h"

struct arena;

/*
 * Opens the repository that a folder lies in, at a revision in any of git's
 * notations. NULL with *why, in git's own words, when there is no such
 * repository or revision, or no git. *made is the day of the commit.
 */
struct file_store *git_open(struct arena *, struct str folder,
    struct str revision, day *made, struct str *why);
void git_close(struct file_store *);	/* NULL is fine */

#endif
