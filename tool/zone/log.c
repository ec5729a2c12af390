#include <string.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "base/hash.h"
#include "zone/read.h"
#include "zone/window.h"

/* Two octets each: of the kind of a family, and of the key in it. */
enum { KIND_WORDS = 2, KEY_WORDS = 4 };

/* Runs in all pieces that are not as large as the others. */
enum { SMALL_RUNS = LOG_FIRST * ((1 << LOG_SMALL) - 1) };

struct zone_log *
log_new(struct arena *arena, struct arena *node_arena)
{
	struct zone_log *log = ARENA_NEW(arena, struct zone_log);

	log->arena = arena;
	log->node_arena = node_arena;
	pthread_mutex_init(&log->lock, NULL);
	return log;
}

/* A larger array with the same start; the old one is forgotten. */
static void *
grow(struct arena *arena, const void *array, size_t count, size_t *room,
    size_t size)
{
	void *larger;

	*room = *room == 0 ? 8 : *room * 2;
	larger = arena_array(arena, *room, size);
	if (count > 0)
		memcpy(larger, array, count * size);
	return larger;
}

/* Pieces 0 to 8 hold 16 to 4096 runs, all others 4096. */
static size_t
piece_of(size_t number, size_t *offset)
{
	size_t piece = 0, size = LOG_FIRST;

	if (number >= LOG_PIECE * 2 - LOG_FIRST) {
		number -= LOG_PIECE * 2 - LOG_FIRST;
		*offset = number % LOG_PIECE;
		return LOG_SMALL + number / LOG_PIECE;
	}
	for (; number >= size; size *= 2, piece++)
		number -= size;
	*offset = number;
	return piece;
}

const struct run *
log_runs(const struct zone_log *log, size_t number, size_t *count)
{
	size_t offset, piece = piece_of(number, &offset);
	size_t rest = log->run_count - number;

	if (number >= log->run_count)
		return NULL;
	*count = (piece < LOG_SMALL ? (size_t)LOG_FIRST << piece :
	    LOG_PIECE) - offset;
	if (*count > rest)
		*count = rest;
	return &log->pieces[piece][offset];
}

struct inner_run *
log_inner(const struct zone_log *log, size_t number)
{
	number -= INNER_RUNS;
	return &log->inner[number / INNER_PIECE][number % INNER_PIECE];
}

struct run *
log_run(const struct zone_log *log, size_t number)
{
	size_t offset, piece;

	if (number >= INNER_RUNS)
		return &log_inner(log, number)->run;
	piece = piece_of(number, &offset);
	return &log->pieces[piece][offset];
}

unsigned
log_types(const struct zone_log *log, const struct run *run)
{
	unsigned types = run->place & RUN_TYPES;

	return (run->place & RUN_FOLDED) != 0 ? log->folds[types]->types :
	    types;
}

size_t
log_outer(const struct zone_log *log, size_t number)
{
	return number < INNER_RUNS ? number : log_inner(log, number)->outer;
}

__attribute__((noinline)) static void
add_piece(struct zone_log *log)
{
	size_t piece = log->piece_count++;
	size_t room = piece < LOG_SMALL ? (size_t)LOG_FIRST << piece :
	    LOG_PIECE;

	if (piece == log->piece_room)
		log->pieces = grow(log->arena, log->pieces, piece,
		    &log->piece_room, sizeof(*log->pieces));
	log->pieces[piece] = arena_room(log->arena, room * sizeof(struct run));
	log->free = log->pieces[piece];
	log->free_end = log->free + room;
}

/* One comes behind the last. */
static inline void
note_next(struct zone_log *log, uint64_t hash, uint64_t place)
{
	if (log->last == NULL)
		return;
	log->again |= log->last->hash == hash;
	if (place - log_run_place(log->last) > log->longest)
		log->longest = place - log_run_place(log->last);
}

struct run *
log_add_run(struct zone_log *log, uint64_t hash, uint64_t place,
    unsigned flags)
{
	struct run *run;

	if (log->free == log->free_end)
		add_piece(log);
	log->run_count++;
	run = log->free++;
	note_next(log, hash, place);
	log->last = run;
	run->hash = hash;
	run->place = place << RUN_SHIFT | flags;
	return run;
}

__attribute__((noinline)) static void
grow_ends(struct zone_log *log)
{
	size_t piece = log->end_count / ENDS_PIECE;

	if (piece == log->end_room)
		log->ends = grow(log->arena, log->ends, piece,
		    &log->end_room, sizeof(*log->ends));
	log->ends[piece] = arena_room(log->arena, ENDS_PIECE *
	    sizeof(uint16_t));
}

/* The number of the next end, when so many are to stand together. */
static inline size_t
next_ends(struct zone_log *log, size_t count)
{
	if (log->end_count % ENDS_PIECE + count > ENDS_PIECE)
		log->end_count += ENDS_PIECE - log->end_count % ENDS_PIECE;
	if (log->end_count % ENDS_PIECE == 0)
		grow_ends(log);
	return log->end_count;
}

/* Where those of a piece are to be found. */
static uint32_t **
first_ends_of(struct zone_log *log, size_t piece)
{
	while (piece >= log->first_ends_room)
		log->first_ends = grow(log->arena, log->first_ends,
		    log->first_ends_room, &log->first_ends_room,
		    sizeof(*log->first_ends));
	return &log->first_ends[piece];
}

__attribute__((noinline)) static void
grow_first_ends(struct zone_log *log, size_t piece)
{
	*first_ends_of(log, piece) = ARENA_ARRAY(log->arena,
	    piece < LOG_SMALL ? (size_t)LOG_FIRST << piece : LOG_PIECE,
	    uint32_t);
}

static inline void
note_ends(struct zone_log *log, size_t run, size_t first)
{
	size_t offset, piece = piece_of(run, &offset);

	if (piece >= log->first_ends_room || log->first_ends[piece] == NULL)
		grow_first_ends(log, piece);
	log->first_ends[piece][offset] = (uint32_t)first;
}

/* Of a run with so many others in it, which stand together with its kind. */
static uint16_t *
add_ends(struct zone_log *log, size_t count, struct family_kind kind)
{
	size_t words = KIND_WORDS + (kind.keyed ? KEY_WORDS : 0);
	size_t first = next_ends(log, count + words);
	uint16_t *ends = &log->ends[first / ENDS_PIECE][first % ENDS_PIECE];
	uint32_t number = kind.number << 1 | kind.keyed;

	log->end_count += count + words;
	log->folded_count++;
	note_ends(log, log->run_count, first);
	memcpy(ends + count, &number, sizeof(number));
	if (kind.keyed)
		memcpy(ends + count + KIND_WORDS, &kind.fingerprint,
		    sizeof(kind.fingerprint));
	return ends;
}

struct run *
log_add_folded(struct zone_log *log, uint64_t hash, uint64_t place,
    const struct fold_text *text)
{
	struct family_kind kind = { text->kind, text->keyed,
	    text->fingerprint };
	uint16_t *ends = add_ends(log, text->runs, kind);
	size_t i;

	for (i = 0; i < text->runs; i++)
		ends[i] = (uint16_t)text->ends[i];
	if (kind.number > log->kind_count)
		log->kind_count = kind.number;
	log->folded_names += text->fold->names;
	return log_add_run(log, hash, place, RUN_CHILD | RUN_FOLDED |
	    (unsigned)text->fold->number);
}

const uint16_t *
log_ends(const struct zone_log *log, size_t run)
{
	size_t offset, piece = piece_of(run, &offset);
	size_t first = log->first_ends[piece][offset];

	return &log->ends[first / ENDS_PIECE][first % ENDS_PIECE];
}

struct family_kind
log_kind(const struct fold *fold, const uint16_t *ends)
{
	const uint16_t *words = ends + fold->runs;
	struct family_kind kind = { 0 };
	uint32_t number;

	memcpy(&number, words, sizeof(number));
	kind.number = number >> 1;
	kind.keyed = (number & 1) != 0;
	if (kind.keyed)
		memcpy(&kind.fingerprint, words + KIND_WORDS,
		    sizeof(kind.fingerprint));
	return kind;
}

bool
log_add_fold(struct zone_log *log, struct fold *fold)
{
	if (log->fold_count == FOLDS_MAX)
		return false;
	if (log->fold_count == log->fold_room)
		log->folds = grow(log->arena, log->folds, log->fold_count,
		    &log->fold_room, sizeof(*log->folds));
	fold->number = log->fold_count;
	log->folds[log->fold_count++] = fold;
	return true;
}

struct segment *
log_add_segment(struct zone_log *log, const struct segment *segment)
{
	struct segment *last;

	/* One that holds nothing is of no use to anybody. */
	if (log->segment_count > 0) {
		last = &log->segments[log->segment_count - 1];
		if (last->start >= segment->start) {
			*last = *segment;
			return last;
		}
	}
	if (log->segment_count == log->segment_room)
		log->segments = grow(log->arena, log->segments,
		    log->segment_count, &log->segment_room,
		    sizeof(*log->segments));
	last = &log->segments[log->segment_count++];
	*last = *segment;
	return last;
}

/* ---- one behind the other ------------------------------------------------ */

/* How many of each there were before those of another log. */
struct numbers {
	size_t folds, kinds, ends;
};

static void
append_run(struct zone_log *log, const struct zone_log *other, size_t number,
    const struct numbers *before)
{
	const struct run *run = log_run(other, number);
	const struct fold *fold;
	struct family_kind kind;
	unsigned folds = 0;

	if ((run->place & RUN_FOLDED) != 0) {
		folds = (unsigned)before->folds;
		fold = log->folds[folds + (run->place & RUN_TYPES)];
		kind = log_kind(fold, log_ends(other, number));
		if (kind.number > 0)
			kind.number += (uint32_t)before->kinds;
		memcpy(add_ends(log, fold->runs, kind),
		    log_ends(other, number), fold->runs * sizeof(uint16_t));
	}
	log_add_run(log, run->hash, log_run_place(run),
	    (unsigned)(run->place & (((uint64_t)1 << RUN_SHIFT) - 1)) +
	    folds);
}

/* One that stays where it is. */
static void
renumber_folded(struct zone_log *log, struct run *run, uint32_t *first,
    const struct numbers *before)
{
	const struct fold *fold;
	uint32_t number;
	uint16_t *ends;

	run->place += before->folds;
	fold = log->folds[run->place & RUN_TYPES];
	*first += (uint32_t)before->ends;
	ends = &log->ends[*first / ENDS_PIECE][*first % ENDS_PIECE];
	memcpy(&number, ends + fold->runs, sizeof(number));
	if (number >> 1 > 0)
		number += (uint32_t)before->kinds << 1;
	memcpy(ends + fold->runs, &number, sizeof(number));
	log->folded_count++;
}

/* All ends, in their pieces; returns the number of the first. */
static size_t
take_ends(struct zone_log *log, const struct zone_log *other)
{
	size_t piece = (log->end_count + ENDS_PIECE - 1) / ENDS_PIECE;
	size_t count = (other->end_count + ENDS_PIECE - 1) / ENDS_PIECE;
	size_t first = piece * ENDS_PIECE, i;

	for (i = 0; i < count; i++, piece++) {
		if (piece >= log->end_room)
			log->ends = grow(log->arena, log->ends, piece,
			    &log->end_room, sizeof(*log->ends));
		log->ends[piece] = other->ends[i];
	}
	log->end_count = first + other->end_count;
	return first;
}

/* Runs in a piece that is full from here on, or the last one. */
static void
take_piece(struct zone_log *log, struct run *runs, size_t count,
    uint32_t *first_ends, const struct numbers *before)
{
	size_t piece = log->piece_count++, i;

	if (piece == log->piece_room)
		log->pieces = grow(log->arena, log->pieces, piece,
		    &log->piece_room, sizeof(*log->pieces));
	log->pieces[piece] = runs;
	*first_ends_of(log, piece) = first_ends;
	for (i = 0; i < count; i++)
		if ((runs[i].place & RUN_FOLDED) != 0)
			renumber_folded(log, &runs[i], &first_ends[i],
			    before);
	log->run_count += count;
	log->free = runs + count;
	log->free_end = runs + LOG_PIECE;
	log->last = &runs[count - 1];
}

/*
 * From the first large piece of the other one on they are taken as they are;
 * what is left of the log's last one has no names in it.
 */
static void
take_pieces(struct zone_log *log, const struct zone_log *other,
    struct numbers before)
{
	size_t from = SMALL_RUNS, piece, count;
	uint64_t place = log_run_place(log_run(other, from));
	bool again = log->again || other->again;

	before.ends = take_ends(log, other);
	while (log->free < log->free_end)
		log_add_run(log, 0, place, 0);
	/* Those have no name, so that no two have the same. */
	log->again = again;
	note_next(log, log_run(other, from)->hash, place);
	for (piece = LOG_SMALL; from < other->run_count; piece++) {
		count = other->run_count - from;
		if (count > LOG_PIECE)
			count = LOG_PIECE;
		take_piece(log, other->pieces[piece], count,
		    piece < other->first_ends_room ?
		    other->first_ends[piece] : NULL, &before);
		from += count;
	}
	if (other->longest > log->longest)
		log->longest = other->longest;
}

bool
log_append(struct zone_log *log, const struct zone_log *other)
{
	const struct numbers before = { .folds = log->fold_count,
	    .kinds = log->kind_count };
	const bool takes = other->run_count > SMALL_RUNS;
	size_t copied = takes ? SMALL_RUNS : other->run_count;
	size_t runs = log->run_count, skipped = 0, i, number;

	for (i = 0; i < other->fold_count; i++)
		log_add_fold(log, other->folds[i]);
	for (i = 0; i < copied; i++)
		append_run(log, other, i, &before);
	if (takes) {
		take_pieces(log, other, before);
		skipped = log->run_count - runs - other->run_count;
	}
	log->kind_count += other->kind_count;
	for (i = 0; i < other->inherited_count; i++) {
		number = other->inherited[i].run;
		log_inherit(log, runs + number +
		    (number < copied ? 0 : skipped),
		    other->inherited[i].owner);
	}
	for (i = 0; i < other->segment_count; i++)
		log_add_segment(log, &other->segments[i]);
	log->folded_names += other->folded_names;
	return takes;
}

void
log_inherit(struct zone_log *log, size_t run, const struct wire *owner)
{
	if (log->inherited_count == log->inherited_room)
		log->inherited = grow(log->arena, log->inherited,
		    log->inherited_count, &log->inherited_room,
		    sizeof(*log->inherited));
	log->inherited[log->inherited_count++] =
	    (struct inherited){ run, owner };
}

/* The owner of a run that inherits it. */
static const struct wire *
inherited(const struct zone_log *log, size_t run)
{
	size_t low = 0, high = log->inherited_count, middle;

	while (low < high) {
		middle = low + (high - low) / 2;
		if (log->inherited[middle].run <= run)
			low = middle + 1;
		else
			high = middle;
	}
	return log->inherited[low - 1].owner;
}

size_t
log_segment(const struct zone_log *log, uint64_t place)
{
	size_t low = 0, high = log->segment_count, middle;

	while (low < high) {
		middle = low + (high - low) / 2;
		if (log->segments[middle].start <= place)
			low = middle + 1;
		else
			high = middle;
	}
	return low - 1;
}

uint64_t
log_run_place(const struct run *run)
{
	return run->place >> RUN_SHIFT;
}

uint64_t
log_end_of(const struct zone_log *log, size_t run, size_t segment)
{
	uint64_t end = segment + 1 < log->segment_count ?
	    log->segments[segment + 1].start : log->end;
	uint64_t next = run >= INNER_RUNS || run + 1 < log->run_count ?
	    log_run_place(log_run(log, run + 1)) : end;

	return next < end ? next : end;
}

uint64_t
log_run_end(const struct zone_log *log, size_t run)
{
	return log_end_of(log, run,
	    log_segment(log, log_run_place(log_run(log, run))));
}

/*
 * What is written there up to a blank, in canonical form, when that is plain.
 */
static bool
plain_at(const struct segment *segment, uint64_t place, char *room,
    struct str *name)
{
	const struct window_kernel *kernel = window_kernel();
	struct str text = str_after(segment->source->text, segment->offset +
	    (size_t)(place - segment->start));
	struct folded folded;

	if (kernel == NULL || *text.p == '@')
		return wire_plain(text, segment->origin->canonical, room,
		    name);
	text = plain_fold(kernel, text.p, &folded);
	if (text.n % WINDOW == 0 ||
	    !byte_is_blank((unsigned char)text.p[text.n]))
		return false;
	*name = plain_folded(segment->origin, text, &folded);
	if (name->p == NULL)
		return false;
	memcpy(room, name->p, name->n);
	name->p = room;
	return true;
}

struct str
log_name(const struct zone *zone, size_t number, char *room)
{
	const struct zone_log *log = zone->log;
	const struct run *run = log_run(log, number);
	uint64_t place = log_run_place(run);
	const struct segment *segment =
	    &log->segments[log_segment(log, place)];
	struct wire owner;
	struct str name;

	if ((run->place & RUN_INHERITED) == 0 && segment->generate == NULL &&
	    plain_at(segment, place, room, &name))
		return name;
	log_owner(zone, number, &owner);
	return wire_canonical_in(room, &owner);
}

/*
 * Where the first entry of a run stands; STR_NONE when it does not say whose.
 */
static struct written
start_of(const struct zone_log *log, size_t number)
{
	const struct run *run = log_run(log, number);
	uint64_t place = log_run_place(run);
	struct written here = {
	    &log->segments[log_segment(log, place)], STR_NONE };

	if ((run->place & RUN_INHERITED) == 0 &&
	    here.segment->generate == NULL)
		here.owner = str_after(here.segment->source->text,
		    here.segment->offset +
		    (size_t)(place - here.segment->start));
	return here;
}

/*
 * A blank behind a backslash does not end it; "@" is a name when it is alone.
 */
struct written
log_written(const struct zone *zone, size_t number)
{
	struct written here = start_of(zone->log, number);
	size_t n = 0;

	while (n < here.owner.n &&
	    !byte_is_blank((unsigned char)here.owner.p[n]))
		n++;
	here.owner.n = n;
	if (str_has(here.owner, '\\') || str_equal(here.owner, STR("@")))
		here.owner = STR_NONE;
	return here;
}

bool
log_is_below(const struct zone *zone, size_t number,
    const struct written *above)
{
	struct written here = start_of(zone->log, number);
	struct str rest = above->owner, text = here.owner;
	size_t label = wire_plain_label(text);

	if (here.segment != above->segment || rest.n == 0 || label == 0 ||
	    text.p[label] != '.')
		return false;
	text = str_after(text, label + 1);
	return text.n > rest.n &&
	    byte_is_blank((unsigned char)text.p[rest.n]) &&
	    memcmp(rest.p, text.p, rest.n) == 0;
}

void
log_owner_at(const struct zone_log *log, uint64_t place, struct wire *owner)
{
	const struct segment *segment =
	    &log->segments[log_segment(log, place)];
	struct complaint complaint;
	struct entry entry;
	struct scan scan = { .text = segment->source->text,
	    .here = segment->offset + (size_t)(place - segment->start),
	    .line_start = true };

	entry_read(&scan, &entry, &complaint);
	wire_parse(entry.owner.text, &segment->origin->wire, owner);
}

void
log_owner(const struct zone *zone, size_t number, struct wire *owner)
{
	const struct zone_log *log = zone->log;
	const struct run *run = log_run(log, number);
	uint64_t place = log_run_place(run);
	const struct segment *segment =
	    &log->segments[log_segment(log, place)];
	struct str name, data;
	struct buffer text = { 0 };

	if ((run->place & RUN_INHERITED) != 0)
		*owner = *inherited(log, number);
	else if (segment->generate == NULL)
		log_owner_at(log, place, owner);
	else {
		generate_text(&text, segment->generate, generate_number(
		    segment->generate, (size_t)(place - segment->start)),
		    &name, &data);
		wire_parse(name, &segment->origin->wire, owner);
		buffer_free(&text);
	}
}

uint64_t
hash_with_key(uint64_t key, struct str name)
{
	uint64_t hash = hash_quick(key, name);

	return hash == 0 ? 1 : hash;
}

uint64_t
log_hash(const struct zone_log *log, struct str name)
{
	return hash_with_key(log->key, name);
}
