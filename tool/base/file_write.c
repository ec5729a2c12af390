/* Files written whole or not at all. */
#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/file.h"
#include "base/path.h"
#include "base/place.h"

/* From so many files on the disk is asked to write all at once first. */
enum { MANY_FILES = 32 };

/* A file on its way. */
struct pending {
	struct str target;		/* links followed */
	struct str content;
	unsigned mode;
	const struct source *old;
	bool special;			/* a device or a pipe: stays one */
	char *beside;			/* NULL: not there, or there no more */
};

struct writing {
	struct arena *arena;
	struct pending *files;
	size_t count;
};

static bool
write_all(int fd, struct str text)
{
	ssize_t written;

	while (text.n > 0) {
		written = write(fd, text.p, text.n);
		if (written < 0 && errno == EINTR)
			continue;
		if (written < 0)
			return false;
		text = str_after(text, (size_t)written);
	}
	return true;
}

/* Fills the new file, with the mode and owner of the old one. */
static bool
fill(int fd, const struct pending *file)
{
	struct stat old;
	bool known = stat(file->target.p, &old) == 0;

	if (!write_all(fd, file->content))
		return false;
	/* Only root may keep a foreign owner; then nothing else is lost. */
	if (known && (old.st_uid != geteuid() || old.st_gid != getegid()) &&
	    fchown(fd, old.st_uid, old.st_gid) != 0 && errno != EPERM)
		return false;
	return fchmod(fd, known ? old.st_mode & 07777 : file->mode) == 0;
}

/* A name that walks through folders pass over, should it be left behind. */
static bool
write_beside(struct arena *arena, struct pending *file)
{
	struct str folder = path_folder(file->target);
	struct str name = path_name(file->target);
	char *beside = (char *)(uintptr_t)arena_printf(arena,
	    "%.*s/.%.*s.mailzone-XXXXXX", STR_ARG(folder),
	    STR_ARG(name)).p;
	int fd = mkstemp(beside);
	bool done;

	if (fd < 0)
		return false;
	file->beside = beside;
	done = fill(fd, file);
	return (close(fd) == 0) && done;
}

/* Waits until it is on the disk; the name of a file, or a folder. */
static bool
sync_path(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC), error;
	bool done;

	if (fd < 0)
		return false;
	done = fsync(fd) == 0;
	error = errno;
	close(fd);
	errno = error;
	return done;
}

static bool
is_special(const char *path)
{
	struct stat status;

	return stat(path, &status) == 0 && !S_ISREG(status.st_mode) &&
	    !S_ISDIR(status.st_mode);
}

/* Into a device or a pipe, as a shell would. */
static bool
write_into(const struct pending *file)
{
	int fd = open(file->target.p, O_WRONLY | O_CLOEXEC), error;
	bool done;

	if (fd < 0)
		return false;
	done = write_all(fd, file->content);
	error = errno;
	if (close(fd) != 0)
		return false;
	errno = error;
	return done;
}

static bool
take_place(struct pending *file)
{
	if (file->content.p == NULL)
		return unlink(file->target.p) == 0;
	if (file->special)
		return write_into(file);
	if (rename(file->beside, file->target.p) != 0)
		return false;
	file->beside = NULL;
	return true;
}

/* What somebody wrote meanwhile would be lost. */
static bool
is_as_read(const struct pending *file)
{
	if (file->old == NULL || file_is_unchanged(file->old))
		return true;
	errno = ESTALE;
	return false;
}

/* All are written before the first is waited for: disks like that better. */
static bool
write_files(struct writing *writing, size_t *failed)
{
	struct pending *file;

	for (*failed = 0; *failed < writing->count; ++*failed) {
		file = &writing->files[*failed];
		if (file->content.p != NULL && !file->special &&
		    !write_beside(writing->arena, file))
			return false;
	}
	/* Then each fsync finds its file written: 10,000 take a second. */
	if (writing->count >= MANY_FILES)
		sync();
	for (*failed = 0; *failed < writing->count; ++*failed) {
		file = &writing->files[*failed];
		if (file->beside != NULL && !sync_path(file->beside))
			return false;
	}
	/* As late as can be, but before the first takes its place. */
	for (*failed = 0; *failed < writing->count; ++*failed)
		if (!is_as_read(&writing->files[*failed]))
			return false;
	for (*failed = 0; *failed < writing->count; ++*failed)
		if (!take_place(&writing->files[*failed]))
			return false;
	return true;
}

/* Makes the new names themselves survive a crash. */
static void
sync_folders(struct writing *writing)
{
	struct str folder, last = STR_NONE;
	size_t i;

	for (i = 0; i < writing->count; i++) {
		folder = path_folder(writing->files[i].target);
		if (last.p == NULL || !str_equal(folder, last))
			sync_path(arena_cstr(writing->arena, folder));
		last = folder;
	}
}

static bool
says_already(struct arena *arena, const struct pending *file)
{
	struct source *old;
	struct stat status;

	if (file->content.p == NULL || stat(file->target.p, &status) != 0 ||
	    !S_ISREG(status.st_mode) ||
	    status.st_size != (off_t)file->content.n)
		return false;
	old = file_read(arena, file->target);
	return old != NULL && str_equal(old->text, file->content);
}

bool
files_write(const struct file_change *changes, size_t count, size_t *failed)
{
	struct writing writing = { .arena = arena_new() };
	struct pending *file;
	size_t *numbers, i;
	bool done;
	int error;

	writing.files = ARENA_ARRAY(writing.arena, count + 1, struct pending);
	numbers = ARENA_ARRAY(writing.arena, count + 1, size_t);
	for (i = 0; i < count; i++) {
		file = &writing.files[writing.count];
		file->target = changes[i].content.p == NULL ? STR_NONE :
		    path_real(writing.arena, changes[i].path);
		if (file->target.p == NULL)
			file->target = arena_copy(writing.arena,
			    changes[i].path);
		file->special = is_special(file->target.p);
		file->content = changes[i].content;
		file->mode = changes[i].mode;
		file->old = changes[i].old;
		numbers[writing.count] = i;
		writing.count += !says_already(writing.arena, file);
	}
	done = write_files(&writing, failed);
	error = errno;
	for (i = 0; i < writing.count; i++)
		if (writing.files[i].beside != NULL)
			unlink(writing.files[i].beside);
	sync_folders(&writing);
	*failed = done ? 0 : numbers[*failed];
	arena_free(writing.arena);
	errno = error;
	return done;
}

bool
file_write(struct str path, struct str content, unsigned mode)
{
	const struct file_change change = { .path = path,
	    .content = content.p == NULL ? STR("") : content, .mode = mode };
	size_t failed;

	return files_write(&change, 1, &failed);
}

bool
file_rewrite(const struct source *source, struct str content)
{
	const struct file_change change = { .path = source->path,
	    .content = content.p == NULL ? STR("") : content, .mode = 0644,
	    .old = source };
	size_t failed;

	return files_write(&change, 1, &failed);
}
