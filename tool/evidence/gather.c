/*
 * From files and folders to reports, in the order of the paths, whatever
 * thread reads which. Folders of any size are walked in memory of one size.
 */
#include <sys/stat.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/digest.h"
#include "base/file.h"
#include "base/path.h"
#include "base/worker.h"
#include "evidence/evidence.h"

enum {
	BATCH = 256,			/* files that are read at a time */
	BATCH_SIZE = 32 * 1024 * 1024,	/* octets of them, about */
	BATCH_MEMORY = 16 * 1024 * 1024,	/* of what they say */
	NAMES = 32 * 1024,		/* of a folder, at a time */
	PIECE = 64 * 1024
};

/* Larger files are taken only when they are mail folders. */
#define FILE_SIZE	((size_t)256 * 1024 * 1024)

struct found {
	struct found *next;
	struct report report;
};

/* A file, or a piece of a mail folder, which is read by one thread. */
struct job {
	struct report_file input;
	struct str octets;		/* a piece; p NULL: read the file */
	bool given;			/* by name, not found in a folder */
	bool once;			/* cannot be read again */
	bool more;			/* pieces of the file follow */
	struct found *first, **last;
	bool nothing;			/* no report in it */
	bool overflow;			/* says too much to be kept */
	int error;			/* errno */
};

struct batch {
	const struct gather *gather;
	struct arena *arena;		/* of the paths */
	struct arena **arenas;		/* of each thread */
	struct container_room *rooms;
	struct buffer *files;
	struct job jobs[BATCH];
	size_t count, size;
	atomic_size_t memory;
};

/* ---- reading one file ---------------------------------------------------- */

static bool
read_all(int fd, struct buffer *out)
{
	ssize_t got;

	buffer_clear(out);
	while ((got = read(fd, buffer_room(out, PIECE), PIECE)) != 0) {
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return false;
		out->n += (size_t)got;
		if (out->n > FILE_SIZE) {
			errno = EFBIG;
			return false;
		}
	}
	return true;
}

static bool
read_file(struct arena *arena, struct str path, struct buffer *out)
{
	int fd, error;
	bool done;

	if (str_is(path, "-"))
		return read_all(STDIN_FILENO, out);
	fd = open(arena_cstr(arena, path), O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (fd < 0)
		return false;
	done = read_all(fd, out);
	error = errno;
	close(fd);
	errno = error;
	return done;
}

/* What a thread does with a job. */
struct reader {
	struct batch *batch;
	struct job *job;
	struct arena *arena;
};

static void
add_digest(const struct gather *gather, struct arena *arena,
    struct report *report)
{
	if (gather->digests && report->why.p == NULL)
		report->sha256 = digest_sha256(arena, report->xml);
}

static bool
keep_report(void *context, struct report *report)
{
	struct reader *reader = context;
	struct found *found;
	size_t size = sizeof(*found) +
	    report->row_count * sizeof(struct report_row);

	if (atomic_fetch_add(&reader->batch->memory, size) + size >
	    BATCH_MEMORY && reader->job->first != NULL &&
	    !reader->job->once) {
		reader->job->overflow = true;
		return false;
	}
	found = ARENA_NEW(reader->arena, struct found);
	found->report = *report;
	add_digest(reader->batch->gather, reader->arena, &found->report);
	*reader->job->last = found;
	reader->job->last = &found->next;
	return true;
}

static void
read_job(void *context, unsigned worker, size_t number)
{
	struct batch *batch = context;
	struct reader reader = { batch, &batch->jobs[number],
	    batch->arenas[worker] };
	struct job *job = reader.job;
	struct str octets = job->octets;

	job->last = &job->first;
	if (octets.p == NULL) {
		if (!read_file(reader.arena, job->input.path,
		    &batch->files[worker])) {
			job->error = errno;
			return;
		}
		octets = buffer_str(&batch->files[worker]);
	}
	job->nothing = !container_read(reader.arena, &batch->rooms[worker],
	    octets, keep_report, &reader);
}

/* ---- handing on, in order ------------------------------------------------ */

/* One whose reports are handed on as they come. */
struct streaming {
	const struct gather *gather;
	struct str path;
	struct arena *arena;
};

static bool
hand_on(void *context, struct report *report)
{
	const struct streaming *streaming = context;

	add_digest(streaming->gather, streaming->arena, report);
	streaming->gather->report(streaming->gather->context,
	    streaming->path, report);
	return true;
}

/*
 * What does not fit into the memory of a batch is read once more, by this
 * thread alone, and kept no longer than it takes.
 */
static void
read_again(struct batch *batch, struct job *job)
{
	struct streaming streaming = { batch->gather, job->input.path,
	    arena_new() };
	struct str octets = job->octets;

	if (octets.p == NULL && read_file(streaming.arena, job->input.path,
	    &batch->files[0]))
		octets = buffer_str(&batch->files[0]);
	if (octets.p == NULL)
		batch->gather->failed(batch->gather->context, job->input.path);
	else
		container_read(streaming.arena, &batch->rooms[0], octets,
		    hand_on, &streaming);
	arena_free(streaming.arena);
}

static bool
has_name_of_report(struct str path)
{
	static const char *const endings[] = { ".xml", ".gz", ".zip", ".eml" };
	size_t i;

	for (i = 0; i < sizeof(endings) / sizeof(*endings); i++)
		if (str_ends_case(path, str_from(endings[i])))
			return true;
	return false;
}

static void
finish_job(struct batch *batch, struct job *job)
{
	const struct gather *gather = batch->gather;
	const struct report nothing = { .why = STR("there is no aggregate "
	    "report in it: no XML, gzip, zip or mail with one") };
	const struct found *found;

	if (job->error != 0) {
		errno = job->error;
		gather->failed(gather->context, job->input.path);
	} else if (job->overflow)
		read_again(batch, job);
	else if (job->nothing && (job->given ||
	    has_name_of_report(job->input.path)))
		gather->report(gather->context, job->input.path, &nothing);
	else
		for (found = job->first; found != NULL; found = found->next)
			gather->report(gather->context, job->input.path,
			    &found->report);
	if (gather->done != NULL && job->error == 0 && !job->more &&
	    !job->once)
		gather->done(gather->context, &job->input);
}

static void
run_batch(struct batch *batch)
{
	size_t i;

	atomic_store(&batch->memory, 0);
	workers_run(batch->gather->threads, batch->count, read_job, batch);
	for (i = 0; i < batch->count; i++) {
		finish_job(batch, &batch->jobs[i]);
		free((void *)(uintptr_t)batch->jobs[i].octets.p);
	}
	for (i = 0; i < batch->gather->threads; i++)
		arena_reset(batch->arenas[i]);
	arena_reset(batch->arena);
	batch->count = batch->size = 0;
}

static void
add_job(struct batch *batch, struct job job, size_t size)
{
	job.input.path = arena_copy(batch->arena, job.input.path);
	batch->jobs[batch->count++] = job;
	batch->size += size;
	if (batch->count == BATCH || batch->size >= BATCH_SIZE)
		run_batch(batch);
}

/* ---- mail folders -------------------------------------------------------- */

enum { MAILBOX_PIECE = 8 * 1024 * 1024 };

/* Where the last message that begins in it begins; 0: at its start. */
static size_t
last_message(struct str octets)
{
	static const struct str mark = STR_INIT("\nFrom ");
	size_t i;

	for (i = octets.n < mark.n ? 0 : octets.n - mark.n; i > 0; i--)
		if (str_starts(str_after(octets, i), mark) &&
		    (octets.p[i - 1] == '\n' || octets.p[i - 1] == '\r'))
			return i + 1;
	return 0;
}

/* A piece of whole messages becomes a job; the rest stays in the buffer. */
static void
cut_mailbox(struct batch *batch, const struct job *whole, struct buffer *text,
    size_t end, bool more)
{
	struct buffer piece = { 0 }, rest = { 0 };
	struct job job = *whole;

	buffer_add(&piece, str_slice(buffer_str(text), 0, end));
	buffer_add(&rest, str_after(buffer_str(text), end));
	buffer_free(text);
	*text = rest;
	job.octets = buffer_str(&piece);
	job.more = more;
	add_job(batch, job, piece.n);
}

/* Reads a large mail folder piece by piece; false with errno. */
static bool
read_mailbox(struct batch *batch, const struct job *whole, int fd)
{
	struct buffer text = { 0 };
	char piece[PIECE];
	size_t end;
	ssize_t got;

	while ((got = read(fd, piece, sizeof(piece))) != 0) {
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0 || text.n > FILE_SIZE)
			break;
		buffer_add(&text, (struct str){ piece, (size_t)got });
		if (text.n < MAILBOX_PIECE || text.n % MAILBOX_PIECE >= PIECE)
			continue;
		end = last_message(buffer_str(&text));
		if (end > 0)
			cut_mailbox(batch, whole, &text, end, true);
	}
	if (got == 0 && text.n > 0)
		cut_mailbox(batch, whole, &text, text.n, false);
	buffer_free(&text);
	if (got > 0)
		errno = EFBIG;
	return got == 0;
}

/* Is it a mail folder that is too large for one thread? Then it is read. */
static bool
add_mailbox(struct batch *batch, const struct job *whole)
{
	struct str path = whole->input.path;
	int fd = open(arena_cstr(batch->arena, path), O_RDONLY | O_CLOEXEC);
	char start[5] = "";
	bool is_one;

	is_one = fd >= 0 && pread(fd, start, sizeof(start), 0) ==
	    (ssize_t)sizeof(start) && memcmp(start, "From ", 5) == 0;
	if (is_one && !read_mailbox(batch, whole, fd))
		batch->gather->failed(batch->gather->context, path);
	if (fd >= 0)
		close(fd);
	return is_one;
}

static void
add_file(struct batch *batch, struct str path, const struct stat *status,
    bool given)
{
	const struct gather *gather = batch->gather;
	const struct job job = { .given = given,
	    .once = !S_ISREG(status->st_mode), .input = { path,
	    (uint64_t)status->st_size,
	    (int64_t)status->st_ctim.tv_sec * 1000000000 +
	    status->st_ctim.tv_nsec } };

	if (gather->known != NULL && !job.once &&
	    gather->known(gather->context, &job.input))
		return;
	if (status->st_size < 2 * MAILBOX_PIECE || !add_mailbox(batch, &job))
		add_job(batch, job, (size_t)status->st_size);
}

/* ---- folders ------------------------------------------------------------- */

/* The next names of a folder in order, as many as fit. */
struct names {
	char **names;
	size_t count;
	bool more;			/* behind them, in the folder */
};

static int
compare_names(const void *left, const void *right)
{
	return strcmp(*(char *const *)left, *(char *const *)right);
}

static void
drop_names(struct names *names, size_t from)
{
	while (names->count > from)
		free(names->names[--names->count]);
}

static void
sort_names(struct names *names)
{
	if (names->count > 1)
		qsort(names->names, names->count, sizeof(*names->names),
		    compare_names);
	if (names->count > NAMES) {
		drop_names(names, NAMES);
		names->more = true;
	}
}

/* Those behind the last one; false with errno. */
static bool
read_names(struct arena *arena, struct str folder, const char *last,
    struct names *names)
{
	DIR *stream = opendir(arena_cstr(arena, folder));
	const struct dirent *entry;
	char *name;

	if (stream == NULL)
		return false;
	names->names = arena_array(arena, 2 * NAMES, sizeof(*names->names));
	while ((errno = 0, entry = readdir(stream)) != NULL) {
		if (strcmp(entry->d_name, ".") == 0 ||
		    strcmp(entry->d_name, "..") == 0 ||
		    strcmp(entry->d_name, last) <= 0 || (names->more &&
		    strcmp(entry->d_name, names->names[NAMES - 1]) > 0 &&
		    names->count >= NAMES))
			continue;
		if ((name = strdup(entry->d_name)) == NULL)
			arena_array(arena, SIZE_MAX, 2);
		names->names[names->count++] = name;
		if (names->count == 2 * NAMES)
			sort_names(names);
	}
	closedir(stream);
	sort_names(names);
	return true;
}

static bool
has_folder(struct arena *arena, struct str folder, const char *name)
{
	return file_is_folder(path_join(arena, folder, str_from(name)));
}

static void walk(struct batch *, struct str folder);

static void
walk_entry(struct batch *batch, struct arena *arena, struct str folder,
    const char *name, bool is_maildir)
{
	struct str path = path_join(arena, folder, str_from(name));
	struct stat status;

	if (lstat(path.p, &status) != 0)
		return;		/* mail is moved while we look */
	if (S_ISDIR(status.st_mode)) {
		if ((is_maildir && strcmp(name, "tmp") == 0) ||
		    (name[0] == '.' && !has_folder(arena, path, "cur")))
			return;
		walk(batch, path);
		return;
	}
	if (name[0] == '.')
		return;
	if (S_ISLNK(status.st_mode) && stat(path.p, &status) != 0)
		return;
	if (S_ISREG(status.st_mode))
		add_file(batch, path, &status, false);
}

static void
walk(struct batch *batch, struct str folder)
{
	struct arena *arena = arena_new(), *entries = arena_new();
	bool is_maildir = has_folder(arena, folder, "cur") &&
	    has_folder(arena, folder, "new");
	struct str last = STR("");
	struct names names;
	size_t i;

	do {
		names = (struct names){ 0 };
		if (!read_names(entries, folder, last.p, &names)) {
			batch->gather->failed(batch->gather->context, folder);
			break;
		}
		for (i = 0; i < names.count; i++) {
			struct arena_mark mark = arena_mark(arena);

			walk_entry(batch, arena, folder, names.names[i],
			    is_maildir);
			arena_release(arena, mark);
		}
		if (names.count > 0)
			last = arena_copy(arena,
			    str_from(names.names[names.count - 1]));
		drop_names(&names, 0);
		arena_reset(entries);
	} while (names.more);
	arena_free(entries);
	arena_free(arena);
}

static void
add_path(struct batch *batch, struct str path)
{
	struct arena *arena = arena_new();
	struct stat status;

	if (str_is(path, "-"))
		add_job(batch, (struct job){ .input = { .path = path },
		    .given = true, .once = true }, 0);
	else if (stat(arena_cstr(arena, path), &status) != 0)
		batch->gather->failed(batch->gather->context, path);
	else if (S_ISDIR(status.st_mode))
		walk(batch, path);
	else
		add_file(batch, path, &status, true);
	arena_free(arena);
}

void
gather_reports(const struct gather *gather, const struct str *paths,
    size_t count)
{
	struct batch *batch = ARENA_NEW(gather->arena, struct batch);
	unsigned threads = gather->threads;
	size_t i;

	batch->gather = gather;
	batch->arena = arena_new();
	batch->arenas = ARENA_ARRAY(gather->arena, threads, struct arena *);
	batch->rooms = ARENA_ARRAY(gather->arena, threads,
	    struct container_room);
	batch->files = ARENA_ARRAY(gather->arena, threads, struct buffer);
	for (i = 0; i < threads; i++)
		batch->arenas[i] = arena_new();
	for (i = 0; i < count; i++)
		add_path(batch, paths[i]);
	run_batch(batch);
	for (i = 0; i < threads; i++) {
		arena_free(batch->arenas[i]);
		container_room_free(&batch->rooms[i]);
		buffer_free(&batch->files[i]);
	}
	arena_free(batch->arena);
}
