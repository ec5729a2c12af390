/*
 * Record sets that are too large for any message: BIND refuses the file. Few
 * zones have one, so what is looked at first is how much text a name has.
 * Records of a name are counted together when no other name stands between; in
 * zones that are not very large, also those that others stand between.
 */
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/hash.h"
#include "zone/reader.h"

/* Octets of all records of a set, each with two for its length. */
enum { SET_LARGEST = 65512 };

enum { TYPES = 64, SEEN = 1 << 16 };

struct set {
	uint16_t type;
	size_t octets;
};

/* The records of one name, and what they hold. */
struct owner {
	struct reader *reader;
	struct arena *arena;		/* for the moment */
	const size_t *runs;
	size_t run_count;
	struct set sets[TYPES];
	size_t set_count;
	/* Of the one set that is looked at again: hashes of its records. */
	struct set again;
	uint64_t *seen;
};

static size_t
size_of(const struct record *record)
{
	size_t octets = 2 + record->octets.n, i;

	for (i = 0; record->octets.p == NULL && i < record->string_count; i++)
		octets += record->strings[i].n + 1;
	return octets;
}

/* Adds the record to its set, if there are not too many to count. */
static bool
count_octets(struct owner *owner, const struct record *record)
{
	size_t i = 0;

	while (i < owner->set_count && owner->sets[i].type != record->type)
		i++;
	if (i == owner->set_count && i < TYPES)
		owner->sets[owner->set_count++] =
		    (struct set){ record->type, 0 };
	if (i < TYPES)
		owner->sets[i].octets += size_of(record);
	return true;
}

/* The same record again is none. */
static bool
is_new(struct owner *owner, const struct record *record)
{
	uint64_t hash = hash_quick(record->type, record->octets);
	size_t i;

	for (i = 0; record->octets.p == NULL && i < record->string_count; i++)
		hash = hash_quick(hash, record->strings[i]);
	hash |= 1;
	for (i = (size_t)(hash >> 48) % SEEN; owner->seen[i] != 0;
	    i = (i + 1) % SEEN)
		if (owner->seen[i] == hash)
			return false;
	owner->seen[i] = hash;
	return true;
}

/* Told at the record with which the set is too large; false behind it. */
static bool
count_again(struct owner *owner, const struct record *record)
{
	struct complaint complaint = { ZONE_SYNTAX, 0, 0, false,
	    "all records of this type at this name take more than 65512 "
	    "octets" };

	if (record->type != owner->again.type || !is_new(owner, record))
		return true;
	owner->again.octets += size_of(record);
	return owner->again.octets <= SET_LARGEST || reader_complain(
	    owner->reader, &complaint, record->type_span);
}

/* Each record in turn, until the function has seen enough. */
static void
visit(struct owner *owner,
    bool (*function)(struct owner *, const struct record *))
{
	const struct zone *zone = owner->reader->zone;
	const struct record *record;
	struct arena_mark mark = arena_mark(owner->arena);
	size_t i, position, end;

	for (i = 0; i < owner->run_count; i++) {
		position = log_position(zone->log, owner->runs[i]);
		end = log_position(zone->log, owner->runs[i] + 1);
		while ((record = log_next(zone, owner->arena, ~0u,
		    &position)) != NULL && record->position < end) {
			if (!function(owner, record))
				return;
			arena_release(owner->arena, mark);
		}
	}
}

static void
check_owner(struct reader *reader, const size_t *runs, size_t count)
{
	struct owner owner = { .reader = reader, .arena = arena_new(),
	    .runs = runs, .run_count = count };
	size_t i;

	visit(&owner, count_octets);
	for (i = 0; i < owner.set_count; i++) {
		if (owner.sets[i].octets <= SET_LARGEST)
			continue;
		owner.again = (struct set){ owner.sets[i].type, 0 };
		owner.seen = ARENA_ARRAY(owner.arena, SEEN, uint64_t);
		visit(&owner, count_again);
	}
	arena_free(owner.arena);
}

/* ---- who has much text --------------------------------------------------- */

/* Runs of one name that were read one after the other. */
struct gathering {
	struct reader *reader;
	struct arena *arena;
	size_t longest_origin;
	size_t segment;
	uint64_t hash;
	size_t *runs, count, room;
	uint64_t text;			/* octets that they may hold */
};

/* An entry takes five bytes at least, and may have two names. */
static bool
may_be_too_large(const struct gathering *gathering, uint64_t text)
{
	return text / 5 * (2 * gathering->longest_origin + 32) + text * 5 >
	    SET_LARGEST;
}

static void
finish(struct gathering *gathering)
{
	if (gathering->count > 0 && may_be_too_large(gathering,
	    gathering->text))
		check_owner(gathering->reader, gathering->runs,
		    gathering->count);
	gathering->count = 0;
	gathering->text = 0;
}

/* Bytes from the start of the run to what comes next. */
static uint64_t
text_of(struct gathering *gathering, size_t number)
{
	const struct zone_log *log = gathering->reader->log;
	uint64_t place = log_run_place(log_run(log, number));
	const struct segment *segment;

	while (gathering->segment + 1 < log->segment_count &&
	    log->segments[gathering->segment + 1].start <= place)
		gathering->segment++;
	segment = &log->segments[gathering->segment];
	if (segment->generate != NULL)
		return segment->generate->data.n +
		    segment->generate->owner.n + 64;
	return (number + 1 < log->run_count ?
	    log_run_place(log_run(log, number + 1)) : log->end) - place;
}

static void
gather(struct gathering *gathering, size_t number)
{
	size_t *larger;

	if (gathering->count == gathering->room) {
		gathering->room = gathering->room * 2 + 16;
		larger = ARENA_ARRAY(gathering->arena, gathering->room,
		    size_t);
		if (gathering->count > 0)
			memcpy(larger, gathering->runs, gathering->count *
			    sizeof(*larger));
		gathering->runs = larger;
	}
	gathering->runs[gathering->count++] = number;
	gathering->text += text_of(gathering, number);
}

/* Nearly all runs are the only one of their name, and short. */
static bool
is_alone(const struct gathering *gathering, const struct run *run,
    const struct run *next)
{
	return run->hash != gathering->hash && run->hash != next->hash &&
	    !may_be_too_large(gathering,
	    log_run_place(next) - log_run_place(run));
}

/*
 * In nearly all zones each run is. The last run in a fold may have the name of
 * what follows.
 */
static bool
are_short(const struct gathering *gathering)
{
	const struct zone_log *log = gathering->reader->log;
	uint64_t last = log->end - log_run_place(log->last);
	uint64_t longest = last > log->longest ? last : log->longest;

	return !log->again && !may_be_too_large(gathering,
	    log->folded_count > 0 ? 2 * longest : longest);
}

/*
 * The first run from a number on. Those that lie in a fold are among them if
 * they are not all that their names have: else they are too few to be many.
 */
static size_t
run_from(const struct zone *zone, size_t number)
{
	const struct zone_log *log = zone->log;
	size_t inner;

	for (; number < log->run_count; number++) {
		if ((log_run(log, number)->place & RUN_FOLDED) == 0)
			break;
		inner = log_mixed(zone, number);
		if (inner != 0)
			return inner;
	}
	return number;
}

static size_t
next_run(const struct zone *zone, size_t number)
{
	if (number >= INNER_RUNS && log_run(zone->log, number + 1)->hash != 0)
		return number + 1;
	return run_from(zone, log_outer(zone->log, number) + 1);
}

static void
take_run(struct gathering *gathering, size_t number, size_t next)
{
	const struct zone_log *log = gathering->reader->log;
	const struct run *run = log_run(log, number);

	if (is_alone(gathering, run, next == log->run_count ? run :
	    log_run(log, next)))
		return;
	if (run->hash == 0 || (run->place & RUN_OUT_OF_ZONE) != 0)
		return;
	if (run->hash != gathering->hash)
		finish(gathering);
	gathering->hash = run->hash;
	gather(gathering, number);
}

/* ---- names that stand in many places ------------------------------------- */

enum { SCATTERED_MAX = 1 << 17, BUCKETS = 1 << 15, BUCKET_SHIFT = 64 - 15 };

/* A run that may hold something; those in folds are too few to be many. */
static bool
may_be_scattered(const struct run *run)
{
	return run->hash != 0 &&
	    (run->place & (RUN_OUT_OF_ZONE | RUN_FOLDED)) == 0;
}

struct scattered {
	uint64_t hash;
	size_t number;
};

static int
compare_scattered(const void *a, const void *b)
{
	const struct scattered *x = a, *y = b;

	return x->hash != y->hash ? (x->hash > y->hash) - (x->hash < y->hash) :
	    (x->number > y->number) - (x->number < y->number);
}

/* The runs of names that share their bucket with much text. */
static size_t
find_scattered(struct gathering *gathering, const uint64_t *buckets,
    struct scattered *found)
{
	const struct zone_log *log = gathering->reader->log;
	const struct run *run;
	size_t number, count = 0;

	for (number = 0; number < log->run_count; number++) {
		run = log_run(log, number);
		if (may_be_scattered(run) && may_be_too_large(gathering,
		    buckets[run->hash >> BUCKET_SHIFT]))
			found[count++] = (struct scattered){ run->hash,
			    number };
	}
	qsort(found, count, sizeof(*found), compare_scattered);
	return count;
}

/* Runs that follow each other have been looked at. */
static void
check_names(struct gathering *gathering, const struct scattered *found,
    size_t count)
{
	const struct scattered *from, *to;
	bool apart;

	for (from = found; from < found + count; from = to) {
		gathering->segment = 0;
		gather(gathering, from->number);
		for (apart = false, to = from + 1; to < found + count &&
		    to->hash == from->hash; to++) {
			gather(gathering, to->number);
			apart |= to->number != to[-1].number + 1;
		}
		if (apart)
			finish(gathering);
		gathering->count = 0;
		gathering->text = 0;
	}
}

static void
check_scattered(struct gathering *gathering)
{
	const struct zone_log *log = gathering->reader->log;
	const struct run *run;
	uint64_t *buckets;
	size_t number;
	bool many = false;

	if (log->run_count > SCATTERED_MAX ||
	    !may_be_too_large(gathering, log->end))
		return;
	buckets = ARENA_ARRAY(gathering->arena, BUCKETS, uint64_t);
	gathering->segment = 0;
	for (number = 0; number < log->run_count; number++) {
		run = log_run(log, number);
		if (!may_be_scattered(run))
			continue;
		buckets[run->hash >> BUCKET_SHIFT] +=
		    text_of(gathering, number);
		many |= may_be_too_large(gathering,
		    buckets[run->hash >> BUCKET_SHIFT]);
	}
	if (many) {
		struct scattered *found = ARENA_ARRAY(gathering->arena,
		    log->run_count, struct scattered);

		check_names(gathering, found, find_scattered(gathering,
		    buckets, found));
	}
}

void
check_sets(struct reader *reader)
{
	const struct zone_log *log = reader->log;
	struct gathering gathering = { .reader = reader };
	size_t number, next, i;

	if (log->run_count == 0)
		return;
	gathering.arena = arena_new();
	for (i = 0; i < log->segment_count; i++)
		if (log->segments[i].origin->wire.length >
		    gathering.longest_origin)
			gathering.longest_origin =
			    log->segments[i].origin->wire.length;
	if (!are_short(&gathering)) {
		for (number = run_from(reader->zone, 0);
		    number != log->run_count; number = next) {
			next = next_run(reader->zone, number);
			take_run(&gathering, number, next);
		}
		finish(&gathering);
	}
	check_scattered(&gathering);
	arena_free(gathering.arena);
}
