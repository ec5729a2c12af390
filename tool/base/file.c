#include <sys/mman.h>
#include <sys/stat.h>

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "base/file.h"
#include "base/hash.h"
#include "base/path.h"
#include "base/place.h"
#include "base/worker.h"

enum {
	MAP_FROM = 1024 * 1024,
	REST_SIZE = 8 * 1024 * 1024,	/* given back at once */
	READ_SIZE = 64 * 1024
};

static const char lost_format[] =
    "mailzone: %.*s: the file was %s while it was read\n";

/* ---- mapped files -------------------------------------------------------- */

/* Never forgotten, as the files stay mapped. */
struct mapping {
	struct mapping *next;
	uintptr_t start;
	size_t size;
	char message[];			/* with a line end */
};

static _Atomic(struct mapping *) mappings;

/*
 * The end of a file that was cut off meanwhile has no pages any more. Whoever
 * reads on gets this signal, and cannot go on.
 */
static void
on_lost_page(int signal_number, siginfo_t *info, void *context)
{
	const struct mapping *mapping = atomic_load(&mappings);

	(void)context;
	for (; mapping != NULL; mapping = mapping->next)
		if ((uintptr_t)info->si_addr - mapping->start < mapping->size &&
		    write(STDERR_FILENO, mapping->message,
		    strlen(mapping->message)) >= 0)
			_exit(FILE_LOST);
	/* None of ours: happen again, and end the process. */
	signal(signal_number, SIG_DFL);
}

static void
watch_pages(void)
{
	struct sigaction action = { .sa_sigaction = on_lost_page,
	    .sa_flags = SA_SIGINFO };

	sigemptyset(&action.sa_mask);
	sigaction(SIGBUS, &action, NULL);
}

/* The message is made now: a signal handler can only write it. */
static bool
remember_mapping(const char *start, size_t size, struct str path)
{
	static const char how[] = "cut off";
	size_t length = sizeof(lost_format) + sizeof(how) + path.n;
	struct mapping *mapping = malloc(sizeof(*mapping) + length);

	if (mapping == NULL)
		return false;
	mapping->start = (uintptr_t)start;
	mapping->size = size;
	snprintf(mapping->message, length, lost_format, STR_ARG(path), how);
	mapping->next = atomic_load(&mappings);
	while (!atomic_compare_exchange_weak(&mappings, &mapping->next,
	    mapping))
		continue;
	watch_pages();
	return true;
}

/*
 * Maps a file over a longer run of anonymous memory, so that NULs follow the
 * last byte even when the file fills its last page.
 */
static const char *
map(int fd, size_t size, struct str path)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	size_t room = (size + FILE_PADDING + page - 1) / page * page;
	char *memory;

	memory = mmap(NULL, room, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS,
	    -1, 0);
	if (memory == MAP_FAILED)
		return NULL;
	if (mmap(memory, size, PROT_READ, MAP_PRIVATE | MAP_FIXED, fd, 0) ==
	    MAP_FAILED || !remember_mapping(memory, size, path)) {
		munmap(memory, room);
		return NULL;
	}
	return memory;
}

static void
rest_part(void *context, unsigned worker, size_t job)
{
	const struct mapping *mapping = context;
	size_t start = job * REST_SIZE, left = mapping->size - start;

	(void)worker;
	madvise((char *)mapping->start + start, left < REST_SIZE ? left :
	    REST_SIZE, MADV_DONTNEED);
}

void
file_rest(unsigned threads)
{
	struct mapping *mapping = atomic_load(&mappings);

	for (; threads > 1 && mapping != NULL; mapping = mapping->next)
		workers_run(threads, (mapping->size - 1) / REST_SIZE + 1,
		    rest_part, mapping);
}

/* ---- reading ------------------------------------------------------------- */

/* Reads to the end, however the file grows or shrinks meanwhile. */
static bool
read_all(int fd, struct arena *arena, struct str *text)
{
	struct buffer buffer = { 0 };
	char part[READ_SIZE];
	ssize_t got;

	while ((got = read(fd, part, sizeof(part))) != 0) {
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0) {
			buffer_free(&buffer);
			return false;
		}
		buffer_add(&buffer, (struct str){ part, (size_t)got });
	}
	buffer_add_repeated(&buffer, '\0', FILE_PADDING);
	*text = buffer_finish(&buffer, arena);
	text->n -= FILE_PADDING;
	return true;
}

/*
 * A regular file of this size at once, when it still has it; else nothing has
 * been read. One octet more is asked for, so that its end is seen.
 */
static bool
read_once(int fd, size_t size, struct arena *arena, struct str *text)
{
	struct arena_mark mark = arena_mark(arena);
	char *room = arena_room(arena, size + FILE_PADDING);

	if (pread(fd, room, size + 1, 0) == (ssize_t)size) {
		memset(room + size, 0, FILE_PADDING);
		*text = (struct str){ room, size };
		return true;
	}
	arena_release(arena, mark);
	return false;
}

/*
 * Who writes to a file, or puts another one in its place, changes one of these
 * and with it the stamp, unless one time in 2^60. Never 0.
 */
static uint64_t
stamp_of(const struct stat *status)
{
	const uint64_t parts[] = { (uint64_t)status->st_dev,
	    (uint64_t)status->st_ino, (uint64_t)status->st_size,
	    (uint64_t)status->st_mtim.tv_sec,
	    (uint64_t)status->st_mtim.tv_nsec,
	    (uint64_t)status->st_ctim.tv_sec,
	    (uint64_t)status->st_ctim.tv_nsec };

	return hash_quick(0, (struct str){ (const char *)parts,
	    sizeof(parts) }) | 1;
}

static bool
read_descriptor(int fd, struct arena *arena, struct arena *texts,
    struct source *source)
{
	struct str *text = &source->text;
	struct stat status;
	size_t size;

	if (fstat(fd, &status) != 0)
		return false;
	if (S_ISDIR(status.st_mode)) {
		errno = EISDIR;
		return false;
	}
	source->stamp = stamp_of(&status) & UINT64_MAX >> 3;
	size = S_ISREG(status.st_mode) ? (size_t)status.st_size : 0;
	if (size >= MAP_FROM &&
	    (text->p = map(fd, size, source->path)) != NULL) {
		text->n = size;
		source->mapped = true;
		return true;
	}
	/* Standard input may have been read from. */
	if (!S_ISREG(status.st_mode) || fd == STDIN_FILENO)
		return read_all(fd, arena, text);
	source->lent = texts != NULL && size <= FILE_SHORT &&
	    read_once(fd, size, texts, text);
	return source->lent || read_once(fd, size, arena, text) ||
	    read_all(fd, arena, text);
}

/* Of a descriptor that is closed then; negative: there is none. */
static struct source *
read_and_close(int fd, struct arena *arena, struct arena *texts,
    struct source *source)
{
	bool done = fd >= 0 && read_descriptor(fd, arena, texts, source);
	int error = errno;

	if (fd >= 0)
		close(fd);
	errno = error;
	return done ? source : NULL;
}

struct source *
file_read(struct arena *arena, struct str path)
{
	struct source *source = ARENA_NEW(arena, struct source);

	source->path = arena_copy(arena, path);
	source->padded = true;
	if (str_is(path, "-"))
		return read_descriptor(STDIN_FILENO, arena, NULL, source) ?
		    source : NULL;
	return read_and_close(open(source->path.p, O_RDONLY | O_CLOEXEC),
	    arena, NULL, source);
}

/* ---- many files ---------------------------------------------------------- */

struct file_reader
file_reader_start(struct arena *arena)
{
	return (struct file_reader){ .texts = arena_child(arena),
	    .open_folder = -1 };
}

void
file_reader_end(struct file_reader *reader)
{
	if (reader->open_folder >= 0)
		close(reader->open_folder);
	reader->open_folder = -1;
}

/* A folder that is open spares the way through those above it. */
static int
open_near(struct file_reader *reader, struct str path)
{
	struct str folder = path_folder(path), name = path_name(path);

	if (!str_equal(folder, reader->folder)) {
		file_reader_end(reader);
		reader->folder = folder;
	} else if (reader->open_folder < 0)
		reader->open_folder = open(arena_cstr(reader->texts, folder),
		    O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (reader->open_folder < 0 || name.n == 0)
		return open(path.p, O_RDONLY | O_CLOEXEC);
	return openat(reader->open_folder, name.p, O_RDONLY | O_CLOEXEC);
}

struct source *
file_reader_read(struct file_reader *reader, struct arena *arena,
    struct str path)
{
	struct source *source;

	if (str_is(path, "-"))
		return file_read(arena, path);
	assert(path.p[path.n] == '\0');
	arena_reset(reader->texts);
	source = ARENA_NEW(arena, struct source);
	source->path = path;
	source->padded = true;
	return read_and_close(open_near(reader, path), arena, reader->texts,
	    source);
}

void
file_lend(struct arena *arena, struct source *source)
{
	char *copy;

	if (!source->lent)
		return;
	copy = arena_room(arena, source->text.n + FILE_PADDING);
	memcpy(copy, source->text.p, source->text.n + FILE_PADDING);
	source->text.p = copy;
}

void
file_keep(struct arena *arena, struct source *source)
{
	file_lend(arena, source);
	source->lent = false;
}

void
file_give_up(struct source *source)
{
	assert(source->lent);
	source->text = STR_NONE;
}

void
file_read_again(struct arena *arena, struct source *source)
{
	const struct source *now = file_read(arena, source->path);
	int error = errno;

	if (now != NULL && now->stamp == source->stamp) {
		source->text = now->text;
		return;
	}
	if (now == NULL && error != ENOENT)
		fprintf(stderr, "mailzone: %.*s: %s\n",
		    STR_ARG(source->path), strerror(error));
	else
		fprintf(stderr, lost_format, STR_ARG(source->path),
		    now == NULL ? "removed" : "changed");
	fflush(stderr);
	_exit(FILE_LOST);
}

/* ---- texts in place of files --------------------------------------------- */

const struct stand_in *
stand_in_find(const struct stand_ins *list, struct arena *arena,
    struct str path)
{
	size_t low = 0, high = list == NULL ? 0 : list->count, middle;
	struct str real;
	int order;

	if (high == 0)
		return NULL;
	real = path_real(arena, path);
	if (real.p == NULL)
		real = path;
	while (low < high) {
		middle = low + (high - low) / 2;
		order = str_compare(list->rows[middle].path, real);
		if (order == 0)
			return &list->rows[middle];
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

struct source *
file_read_instead(struct arena *arena, struct str path,
    const struct stand_ins *list)
{
	const struct stand_in *row = stand_in_find(list, arena, path);
	struct source *source;

	if (row == NULL)
		return file_read(arena, path);
	source = ARENA_NEW(arena, struct source);
	source->path = arena_copy(arena, path);
	source->text = row->text;
	source->padded = true;
	return source;
}

struct source *
store_read(struct file_store *store, struct arena *arena, struct str path)
{
	return store == NULL ? file_read(arena, path) :
	    store->read(store, arena, path);
}

/* A write in the same tick of the clock shows in the text alone. */
bool
file_is_unchanged(const struct source *source)
{
	struct arena *arena = arena_new();
	struct source *now = file_read(arena, source->path);
	bool same = now != NULL && source->stamp != 0 &&
	    now->stamp == source->stamp &&
	    str_equal(now->text, source->text);

	arena_free(arena);
	return same;
}

/* ---- folders ------------------------------------------------------------- */

bool
file_exists(struct str path)
{
	struct arena *arena = arena_new();
	bool exists = access(arena_cstr(arena, path), F_OK) == 0;

	arena_free(arena);
	return exists;
}

bool
file_is_folder(struct str path)
{
	struct arena *arena = arena_new();
	struct stat status;
	bool folder = stat(arena_cstr(arena, path), &status) == 0 &&
	    S_ISDIR(status.st_mode);

	arena_free(arena);
	return folder;
}

struct str
file_repository(struct arena *arena, struct str folder)
{
	while (folder.n > 0 && !file_exists(path_join(arena, folder,
	    STR(".git"))))
		folder = folder.n == 1 ? STR_NONE : path_folder(folder);
	return folder;
}

bool
file_is_link(struct str path)
{
	struct arena *arena = arena_new();
	struct stat status;
	bool link = lstat(arena_cstr(arena, path), &status) == 0 &&
	    S_ISLNK(status.st_mode);

	arena_free(arena);
	return link;
}
