/*
 * Files: read whole, written whole or not at all, folders walked in order.
 */
#ifndef BASE_FILE_H
#define BASE_FILE_H

#include <stdbool.h>

#include "base/str.h"

struct arena;
struct source;

enum {
	FILE_PADDING = 64,		/* octets behind a text */
	FILE_SHORT = 60 * 1024,		/* octets of a short one, at most */
	FILE_LOST = 2			/* a status */
};

/*
 * Reads a file ("-" is standard input) into a source; regular files that are
 * large are mapped for the life of the process, others are copied into the
 * arena. At least FILE_PADDING readable NUL bytes follow the text. NULL with
 * errno set when it cannot be read; EISDIR for a folder. When a mapped file is
 * cut off while somebody reads it, the process says so and ends with FILE_LOST.
 */
struct source *file_read(struct arena *, struct str path);
/*
 * Nobody looks at mapped files any more, or not soon. To give their pages back
 * takes a part of the time that it took to read them, which so many threads
 * share; the process would do it alone when it ends.
 */
void file_rest(unsigned threads);

/*
 * Who reads many files, one after the other. The text of a short regular one is
 * lent: it is gone when the next one is read. Who wants it longer keeps it in
 * an arena; or gives it up, and has it read again. When it says something else
 * by then, or cannot be read, the process says so and ends with FILE_LOST.
 */
struct file_reader {
	struct arena *texts;		/* those that are lent */
	/* That of the last file; open if it was that of the one before, too. */
	struct str folder;
	int open_folder;		/* or -1 */
};

struct file_reader file_reader_start(struct arena *);
void file_reader_end(struct file_reader *);
/* Paths live as long as what was read, and a NUL follows them. */
struct source *file_reader_read(struct file_reader *, struct arena *,
    struct str path);
void file_keep(struct arena *, struct source *);
void file_give_up(struct source *);
/* From now on the arena is who lends it, if anybody does. */
void file_lend(struct arena *, struct source *);
void file_read_again(struct arena *, struct source *);

/* A file that is to say something else, or (content STR_NONE) to be gone. */
struct file_change {
	struct str path, content;
	unsigned mode;			/* of a new file */
	const struct source *old;	/* as it was read; NULL: not known */
};

/* Where files come from that are as they were once; NULL is the disk. */
struct file_store {
	struct source *(*read)(struct file_store *, struct arena *,
	    struct str path);
};

/* As file_read, out of a store. */
struct source *store_read(struct file_store *, struct arena *,
    struct str path);

/*
 * Texts that stand in for what files hold, sorted by path; FILE_PADDING NULs
 * follow each.
 */
struct stand_in {
	struct str path;		/* as path_real gives it */
	struct str text;
};

struct stand_ins {
	const struct stand_in *rows;
	size_t count;
};

/* The text for a file; NULL when none stands in. The list may be NULL. */
const struct stand_in *stand_in_find(const struct stand_ins *,
    struct arena *, struct str path);
/* As file_read, with what stands in for files. */
struct source *file_read_instead(struct arena *, struct str path,
    const struct stand_ins *);

/*
 * Writes beside the target first, then fsync and rename, so that whenever it
 * is interrupted the old content or the new one stands there; mode and owner
 * of an existing file are kept, a symbolic link is followed; new files get
 * mode. A file that already says the same is not touched; what is no file but
 * a device or a pipe is written into. False with errno.
 */
bool file_write(struct str path, struct str content, unsigned mode);
/* Does the file that was read still hold the same, and is it the same one? */
bool file_is_unchanged(const struct source *);
/*
 * The same for a file that was read before: one that somebody changed since
 * is left alone, with errno ESTALE.
 */
bool file_rewrite(const struct source *, struct str content);
/*
 * Several of them: all that is new is on the disk before the first old file
 * is replaced, so that a full disk changes none; nor does a file that somebody
 * changed since it was read, ESTALE. False with errno, and which one it was.
 */
bool files_write(const struct file_change *, size_t count, size_t *failed);

/* By the path, links followed; false also when it may not be looked at. */
bool file_exists(struct str path);
bool file_is_folder(struct str path);
/*
 * The nearest folder, this one (as path_real has it) or above, that holds
 * .git; STR_NONE when none does.
 */
struct str file_repository(struct arena *, struct str folder);
/* Of the path itself, wherever it leads. */
bool file_is_link(struct str path);

/*
 * The regular files below a folder, and links that lead nowhere, sorted by
 * path, names whose first byte is a dot left out. Calls with each path, as
 * given plus "/" plus name; false with errno when a folder could not be read,
 * the path of the first such one in *failed: the others are walked all the
 * same.
 */
typedef void file_visit(void *context, struct str path);

bool file_walk(struct arena *, struct str folder, file_visit *, void *context,
    struct str *failed);
/* The same on so many threads, which share the folders that lie in it. */
bool file_walk_shared(struct arena *, struct str folder, unsigned threads,
    file_visit *, void *context, struct str *failed);

#endif
