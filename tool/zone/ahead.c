/*
 * Large files are read by several threads. Each begins where an entry seems to
 * begin, as if what held near the start of the file held there, too, and reads
 * into a log of its own. That counts when the one before it comes to that very
 * place and finds that it is so; else what lies there is read once more. No
 * guess is ever part of the result.
 */
#include <string.h>

#include "base/arena.h"
#include "base/worker.h"
#include "zone/reader.h"

enum {
	AHEAD_MAX = 16,			/* readers of one file */
	AROUND = 64 * 1024,		/* octets that are looked at */
	HEAD_SHARE = 16			/* the start, of what one reads */
};

/* Who reads a part of the file before it is known what holds there. */
struct ahead {
	struct reader reader;
	struct zone zone;
	struct zone_contents contents;	/* what is found in that part */
	struct frame frame;
	struct zone_options options;
	/* What holds at the start, perhaps. */
	const struct origin *origin;
	bool has_default_ttl;		/* that of $TTL */
	uint32_t default_ttl, part;
	size_t start, stop;		/* in the file */
	unsigned char octets[RDATA_ROOM];
};

/* All that read the file; the first one is the reader itself. */
struct team {
	struct reader *reader;
	size_t stop;			/* of that one */
	struct ahead *ahead[AHEAD_MAX];
	size_t count;			/* of these */
};

/* ---- where one may begin ------------------------------------------------- */

static bool
is_owned(struct str line)
{
	return line.n > 0 && !byte_is_blank((unsigned char)line.p[0]) &&
	    strchr("\r;$()\"", line.p[0]) == NULL;
}

static bool
is_empty(struct str line)
{
	line = str_trim(line);
	return line.n == 0 || line.p[0] == ';';
}

static struct str
first_word(struct str line)
{
	size_t n = 0;

	while (n < line.n && !byte_is_blank((unsigned char)line.p[n]))
		n++;
	return str_slice(line, 0, n);
}

/* Is it one label below the apex, as it is written? */
static bool
is_top(struct str owner, const struct origin *origin, struct str apex)
{
	size_t label = str_find(owner, '.');

	if (str_is(owner, "@"))
		return str_equal(name_parent(origin->canonical), apex);
	if (label == owner.n)
		return str_equal(origin->canonical, apex);
	return str_ends(owner, STR(".")) && str_equal(apex,
	    str_slice(owner, label + 1, owner.n - 1));
}

/* Not within a family of names; the one before has that other owner. */
static bool
begins_family(struct str owner, struct str before,
    const struct origin *origin, struct str apex)
{
	return before.n > 0 && !str_ends(before, owner) &&
	    is_top(owner, origin, apex);
}

/* Behind an entry that ends with its line, or so it seems; 0: nowhere. */
static size_t
find_start(const struct ahead *ahead, size_t from)
{
	struct str text = ahead->zone.source->text, line, owner;
	struct str rest = str_slice(text, from, from + AROUND);
	struct str before = STR_NONE;
	bool behind_entry = false;

	str_split(&rest, '\n', &line);
	while (str_split(&rest, '\n', &line)) {
		if (!is_owned(line)) {
			behind_entry = !is_empty(line) && line.p[0] != '$';
			continue;
		}
		owner = first_word(line);
		if (behind_entry && begins_family(owner, before,
		    ahead->origin, ahead->zone.name))
			return (size_t)(line.p - text.p);
		before = owner;
		behind_entry = true;
	}
	return 0;
}

/* The last $ORIGIN in a text; STR_NONE when there is no directive. */
static struct str
last_directive(struct str text)
{
	struct str found = STR_NONE;
	size_t at;

	while ((at = str_find_str(text, STR("\n$"))) < text.n) {
		text = str_after(text, at + 1);
		found = str_slice(text, 0, str_find(text, '\n'));
	}
	return found;
}

/* What holds where no directive stands near is what held before. */
static bool
guess_origin(struct ahead *ahead, struct arena *arena, size_t from)
{
	const struct str word = STR("$ORIGIN");
	struct str line = last_directive(str_slice(ahead->zone.source->text,
	    from < AROUND ? 0 : from - AROUND, from));
	struct str name;

	if (line.p == NULL)
		return true;
	name = first_word(str_trim(str_after(line, word.n)));
	return str_starts(line, word) && str_ends(name, STR(".")) &&
	    origin_parse(arena, name, &wire_root, &ahead->origin) == WIRE_FINE;
}

/* ---- reading ------------------------------------------------------------- */

/* As that reader would go on at the start. */
static void
begin(struct ahead *ahead, const struct reader *from, struct arena *arena)
{
	struct reader *reader = &ahead->reader;
	struct arena *memory = arena_child(arena);

	ahead->options.fold_from = from->options->fold_from > 0;
	ahead->has_default_ttl = from->has_default_ttl;
	ahead->default_ttl = from->default_ttl;
	ahead->part = from->part;
	*reader = (struct reader){
		.arena = arena, .kernel = from->kernel,
		.options = &ahead->options, .zone = &ahead->zone,
		.contents = &ahead->contents,
		.log = log_new(memory, memory), .frame = &ahead->frame,
		.apex = from->apex, .part = from->part,
		.has_default_ttl = from->has_default_ttl,
		.default_ttl = from->default_ttl,
		.has_ttl = from->has_ttl, .ttl = from->ttl,
		.last_problem = &ahead->contents.problems,
		.last_suppression = &ahead->contents.suppressions,
		.rdata = { .octets = ahead->octets }
	};
	reader->log->full_syntax = from->log->full_syntax;
	reader->log->key = from->log->key;
	ahead->zone.log = reader->log;
	ahead->frame = (struct frame){ .source = ahead->zone.source,
	    .origin = ahead->origin };
	ahead->frame.scan = (struct scan){ .text = ahead->zone.source->text,
	    .here = ahead->start, .line_start = true,
	    .comment = take_comment, .context = reader };
	ahead->frame.window.start = ahead->start;
	if (reader->kernel != NULL)
		reader->kernel->classify(ahead->zone.source->text.p +
		    ahead->start, ahead->frame.window.masks);
	start_segment(reader, ahead->start);
}

/* One that begins near that place; NULL when none can. */
static struct ahead *
send_ahead(const struct reader *reader, size_t from)
{
	struct arena *arena = arena_child(reader->arena);
	struct ahead *ahead = ARENA_NEW(arena, struct ahead);

	ahead->options = *reader->options;
	ahead->zone = (struct zone){ .name = reader->zone->name,
	    .above_length = reader->zone->above_length,
	    .source = reader->zone->source, .options = &ahead->options,
	    .arena = arena };
	ahead->origin = reader->frame->origin;
	ahead->start = guess_origin(ahead, arena, from) ?
	    find_start(ahead, from) : 0;
	if (ahead->start == 0)
		return NULL;
	begin(ahead, reader, arena);
	return ahead;
}

static void
gather(struct team *team, size_t count)
{
	const struct scan *scan = &team->reader->frame->scan;
	size_t share = (scan->text.n - scan->here) / count, i;
	struct ahead *ahead;

	team->stop = SIZE_MAX;
	for (i = 1; i < count; i++) {
		ahead = send_ahead(team->reader, scan->here + i * share);
		if (ahead == NULL)
			continue;
		ahead->stop = SIZE_MAX;
		*(team->count == 0 ? &team->stop :
		    &team->ahead[team->count - 1]->stop) = ahead->start;
		team->ahead[team->count++] = ahead;
	}
}

static void
read_job(void *context, unsigned worker, size_t job)
{
	struct team *team = context;

	(void)worker;
	if (job == 0)
		read_up_to(team->reader, team->stop);
	else
		read_up_to(&team->ahead[job - 1]->reader,
		    team->ahead[job - 1]->stop);
}

/* ---- what counts --------------------------------------------------------- */

/* The first entry was fine, so that nothing depends on the owner before it. */
static bool
has_begun(const struct ahead *ahead)
{
	const struct zone_log *log = ahead->reader.log;
	const struct run *first;

	if (log->run_count == 0)
		return false;
	first = log_run(log, 0);
	return first->hash != 0 && log_run_place(first) == ahead->start;
}

/*
 * Would what begins there have gone on with the reader's last run, or with the
 * TTLs of its owner, however that is written? It has begun.
 */
static bool
goes_on(const struct reader *reader, const struct ahead *ahead)
{
	if (!reader->has_default_ttl && reader->frame->hash ==
	    log_run(ahead->reader.log, 0)->hash)
		return true;
	return reader->run != NULL && reader->run_owner.p != NULL &&
	    str_equal(reader->run_owner, first_word(str_after(
	    ahead->zone.source->text, ahead->start)));
}

/* Does the first entry say its TTL? Then none before it matters. */
static bool
says_ttl(const struct ahead *ahead)
{
	struct scan scan = { .text = ahead->zone.source->text,
	    .here = ahead->start, .line_start = true };
	struct complaint complaint;
	struct entry entry;

	return entry_read(&scan, &entry, &complaint) == ENTRY_RECORD &&
	    entry.explicit_ttl;
}

static bool
has_same_ttl(const struct reader *reader, const struct ahead *ahead)
{
	if (reader->has_default_ttl != ahead->has_default_ttl)
		return false;
	return ahead->has_default_ttl ?
	    reader->default_ttl == ahead->default_ttl : says_ttl(ahead);
}

/* Is the reader there, and does what was taken for granted hold? */
static bool
holds(const struct reader *reader, const struct ahead *ahead)
{
	const struct frame *frame = reader->frame;

	return frame->parent == NULL && frame->scan.here == ahead->start &&
	    frame->scan.line_start && frame->scan.depth == 0 &&
	    !frame->gave_up && reader->place == 0 &&
	    reader->part == ahead->part && reader->pending == NULL &&
	    has_same_ttl(reader, ahead) &&
	    wire_equal(&frame->origin->wire, &ahead->origin->wire) &&
	    has_begun(ahead) && !goes_on(reader, ahead);
}

/* What is only counted from some number on. */
static bool
fits(const struct reader *reader, const struct reader *other)
{
	return reader->kept + other->kept <= ZONE_MAX_PROBLEMS &&
	    reader->kept_outside + other->kept_outside <= ZONE_MAX_PROBLEMS &&
	    reader->generated + other->generated <= ZONE_MAX_GENERATE &&
	    reader->log->fold_count + other->log->fold_count <= FOLDS_MAX;
}

static void
add_soa(struct zone_contents *contents, const struct zone_contents *other)
{
	contents->soa_count += other->soa_count;
	contents->stray_soa |= other->stray_soa;
	if (other->low_soa.source != NULL)
		contents->low_soa = other->low_soa;
	if (contents->has_soa || !other->has_soa)
		return;
	contents->has_soa = true;
	contents->soa = other->soa;
	contents->soa_ttl = other->soa_ttl;
	contents->soa_serial = other->soa_serial;
	contents->soa_minimum = other->soa_minimum;
}

static void
add_contents(struct zone_contents *contents,
    const struct zone_contents *other)
{
	contents->record_count += other->record_count;
	contents->problem_count += other->problem_count;
	contents->incomplete |= other->incomplete;
	if (other->unreadable.p != NULL)
		contents->unreadable = other->unreadable;
	contents->escaped_owners |= other->escaped_owners;
	contents->relative_servers |= other->relative_servers;
	contents->underscored_aliases |= other->underscored_aliases;
	contents->wildcards |= other->wildcards;
	contents->null_mx |= other->null_mx;
	contents->marked |= other->marked;
	contents->own_origins |= other->own_origins;
	if (contents->own_ttl == 0 || (other->own_ttl > 0 &&
	    other->own_ttl < contents->own_ttl))
		contents->own_ttl = other->own_ttl;
	add_soa(contents, other);
}

static void
add_lists(struct reader *reader, const struct reader *other)
{
	const struct zone_contents *contents = other->contents;
	size_t i;

	for (i = 0; i < contents->source_count; i++)
		add_source(reader, contents->sources[i]);
	if (contents->problems != NULL) {
		*reader->last_problem = contents->problems;
		reader->last_problem = other->last_problem;
	}
	if (contents->suppressions != NULL) {
		*reader->last_suppression = contents->suppressions;
		reader->last_suppression = other->last_suppression;
	}
	reader->kept += other->kept;
	reader->kept_outside += other->kept_outside;
	reader->generated += other->generated;
}

/*
 * The reader has read that as well, and stands where the other one stopped,
 * whose log is of no use any more when it has been copied.
 */
static void
join(struct reader *reader, struct reader *other)
{
	settle_owner(other);
	add_contents(reader->contents, other->contents);
	add_lists(reader, other);
	if (!log_append(reader->log, other->log))
		arena_reset(other->log->arena);
	recogniser_begin_again(reader);
	reader->run = other->run == NULL ? NULL :
	    log_run(reader->log, reader->log->run_count - 1);
	reader->run_owner = other->run_owner;
	reader->place = other->place;
	reader->part = other->part;
	reader->has_default_ttl = other->has_default_ttl;
	reader->default_ttl = other->default_ttl;
	reader->has_ttl = other->has_ttl;
	reader->ttl = other->ttl;
	memcpy(reader->sets, other->sets, sizeof(reader->sets));
	reader->set_count = other->set_count;
	reader->glue = other->glue;
	reader->fold_sets = other->fold_sets;
	reader->pending = other->pending;
	*reader->frame = *other->frame;
	reader->frame->scan.context = reader;
	/* That was the owner before. */
	reader->folding.open = false;
	fold_change(reader);
}

void
read_ahead(struct reader *reader)
{
	size_t size = reader->frame->scan.text.n, i;
	size_t least = reader->options->share;
	size_t count = least == 0 ? 0 : size / least;
	struct team team = { .reader = reader };
	struct ahead *ahead;

	if (count > reader->options->threads)
		count = reader->options->threads;
	if (count > AHEAD_MAX)
		count = AHEAD_MAX;
	if (count < 2)
		return;
	read_up_to(reader, least / HEAD_SHARE);
	if (reader->frame->parent != NULL)
		return;
	gather(&team, count);
	workers_run((unsigned)team.count + 1, team.count + 1, read_job, &team);
	for (i = 0; i < team.count; i++) {
		ahead = team.ahead[i];
		recogniser_end(&ahead->reader);
		if (holds(reader, ahead) && fits(reader, &ahead->reader)) {
			join(reader, &ahead->reader);
			continue;
		}
		read_up_to(reader, ahead->stop);
		arena_reset(ahead->reader.log->arena);
	}
}
