/* What name servers make of a zone file: one TTL a set, each record once. */
#include <string.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "base/hash.h"
#include "command/loaded.h"

/*
 * All records of one owner, type and covered type have one TTL: that of the
 * first where they stand together, that of the last such place otherwise.
 */
struct set {
	uint64_t hash;			/* 0: free */
	size_t place;			/* number of the stretch of one owner */
	uint32_t ttl;
};

/*
 * Of records that are the same, names being written in whatever case, one
 * remains: the first, or the last of its stretch that is written otherwise.
 */
struct seen {
	uint64_t hash;			/* 0: free */
	size_t position;		/* for zone_next */
	size_t place;
};

struct loaded {
	const struct zone *zone;
	struct arena *scratch;
	struct set *sets;
	struct seen *seen;
	size_t room;			/* of both; a power of two */
};

/* ---- sets ---------------------------------------------------------------- */

/* The type that an RRSIG or SIG covers is part of its set. */
static uint64_t
set_hash(struct arena *arena, const struct record *record)
{
	unsigned covered = 0;
	uint64_t hash;

	if ((record->type == RR_RRSIG || record->type == RR_SIG) &&
	    record->octets.n >= 2)
		covered = (unsigned)(unsigned char)record->octets.p[0] << 8 |
		    (unsigned char)record->octets.p[1];
	hash = hash_bytes(hash_key_fixed, arena_printf(arena,
	    "%.*s %u %u", STR_ARG(record->owner), (unsigned)record->type,
	    covered));
	return hash == 0 ? 1 : hash;
}

static struct set *
find_set(const struct loaded *loaded, uint64_t hash)
{
	size_t i = (size_t)hash & (loaded->room - 1);

	while (loaded->sets[i].hash != 0 && loaded->sets[i].hash != hash)
		i = (i + 1) & (loaded->room - 1);
	return &loaded->sets[i];
}

static void
note_set(struct loaded *loaded, const struct record *record, size_t open,
    size_t place)
{
	uint64_t hash = set_hash(loaded->scratch, record);
	struct set *set = find_set(loaded, hash);

	if (set->hash == 0 || (set->place != place && set->place != open))
		*set = (struct set){ hash, place, record->ttl };
}

uint32_t
loaded_ttl(const struct loaded *loaded, const struct record *record)
{
	return find_set(loaded, set_hash(loaded->scratch, record))->ttl;
}

/* ---- what remains -------------------------------------------------------- */

static uint64_t
record_hash(struct arena *arena, const struct record *record)
{
	uint64_t hash = set_hash(arena, record) ^ hash_bytes(hash_key_fixed,
	    record_folded(arena, record));

	return hash == 0 ? 1 : hash;
}

/* The one after it with the same hash, or free; NULL: the first. */
static struct seen *
next_seen(const struct loaded *loaded, uint64_t hash,
    const struct seen *seen)
{
	size_t i = seen == NULL ? (size_t)hash :
	    (size_t)(seen - loaded->seen) + 1;

	for (i &= loaded->room - 1; loaded->seen[i].hash != 0 &&
	    loaded->seen[i].hash != hash;)
		i = (i + 1) & (loaded->room - 1);
	return &loaded->seen[i];
}

static void
note_seen(struct loaded *loaded, const struct record *record, size_t open,
    size_t place)
{
	struct arena *arena = loaded->scratch;
	uint64_t hash = record_hash(arena, record);
	const struct record *other;
	struct seen *seen = NULL;
	size_t at;

	while ((seen = next_seen(loaded, hash, seen))->hash != 0) {
		at = seen->position;
		other = zone_next(loaded->zone, arena, ~0u, &at);
		if (!record_same(arena, record, other))
			continue;
		if (seen->place == open)
			seen->place = place;
		if (seen->place == place && !str_equal(record_rdata(arena,
		    record), record_rdata(arena, other)))
			seen->position = record->position;
		return;
	}
	*seen = (struct seen){ hash, record->position, place };
}

bool
loaded_keeps(const struct loaded *loaded, const struct record *record)
{
	uint64_t hash = record_hash(loaded->scratch, record);
	const struct seen *seen = NULL;

	while ((seen = next_seen(loaded, hash, seen))->hash != 0)
		if (seen->position == record->position)
			return true;
	return false;
}

/* ---- stretches ----------------------------------------------------------- */

/*
 * Stretches of one owner end where the owner changes, be it to one outside the
 * zone, or a file begins or ends, and only then count. Records of a host that
 * an NS record of the stretch names are glue: a stretch within the other, which
 * counts before it unless a file ends both.
 */
struct stretches {
	struct buffer owner, glue;	/* as written; empty: none is open */
	struct buffer hosts;		/* " ns1.example ns2.example " */
	struct buffer waiting;		/* positions of the records of glue */
	unsigned part;
	size_t count, open, inner;	/* numbers of those of owner and glue */
};

static void
take_over(struct buffer *buffer, struct str text)
{
	buffer_clear(buffer);
	buffer_add(buffer, text);
}

/* What the open stretch holds counts later than what is noted now. */
static void
note(struct loaded *loaded, const struct record *record, size_t open,
    size_t place)
{
	note_set(loaded, record, open, place);
	note_seen(loaded, record, open, place);
}

static void
leave_glue(struct loaded *loaded, struct stretches *stretches)
{
	struct arena_mark mark = arena_mark(loaded->scratch);
	struct str waiting = buffer_str(&stretches->waiting);
	const struct record *record;
	size_t position;

	for (; waiting.n > 0; waiting = str_after(waiting, sizeof(position))) {
		memcpy(&position, waiting.p, sizeof(position));
		record = zone_next(loaded->zone, loaded->scratch, ~0u,
		    &position);
		note(loaded, record, stretches->open, stretches->inner);
		arena_release(loaded->scratch, mark);
	}
	buffer_clear(&stretches->waiting);
	buffer_clear(&stretches->glue);
}

static bool
is_host(const struct stretches *stretches, struct arena *arena,
    struct str name)
{
	return str_contains(buffer_str(&stretches->hosts), arena_printf(arena,
	    " %.*s ", STR_ARG(name)));
}

/* A name that is no host of the stretch ends it. */
static void
leave_stretch(struct loaded *loaded, struct stretches *stretches)
{
	leave_glue(loaded, stretches);
	stretches->open = 0;
	buffer_clear(&stretches->owner);
	buffer_clear(&stretches->hosts);
}

/* A file begins or ends when another part does. */
static void
leave_file(struct loaded *loaded, struct stretches *stretches,
    unsigned part)
{
	if (part == stretches->part)
		return;
	stretches->part = part;
	stretches->open = 0;
	leave_stretch(loaded, stretches);
}

/* What stands between two records and is ignored has names all the same. */
static void
pass_left_out(struct loaded *loaded, struct stretches *stretches,
    size_t from, size_t to)
{
	struct str name;
	unsigned part;

	while (zone_left_out(loaded->zone, loaded->scratch, &from, to,
	    &name, &part)) {
		leave_file(loaded, stretches, part);
		if (is_host(stretches, loaded->scratch, name))
			leave_glue(loaded, stretches);
		else
			leave_stretch(loaded, stretches);
	}
}

/* The number of the stretch that the record belongs to. */
static size_t
stretch_of(struct loaded *loaded, struct stretches *stretches,
    const struct record *record)
{
	struct str written = record_written(loaded->scratch, record);

	if (str_equal(written, buffer_str(&stretches->owner))) {
		leave_glue(loaded, stretches);
		return stretches->open;
	}
	if (is_host(stretches, loaded->scratch, record->owner)) {
		if (!str_equal(written, buffer_str(&stretches->glue))) {
			leave_glue(loaded, stretches);
			stretches->inner = ++stretches->count;
		}
		take_over(&stretches->glue, written);
		return stretches->inner;
	}
	leave_stretch(loaded, stretches);
	take_over(&stretches->owner, written);
	return stretches->open = ++stretches->count;
}

/* No set of name servers that BIND takes has more text. */
enum { HOSTS_LONGEST = 4 * UINT16_MAX };

static void
note_host(struct stretches *stretches, const struct record *record)
{
	if (record->type != RR_NS || stretches->hosts.n > HOSTS_LONGEST)
		return;
	if (stretches->hosts.n == 0)
		buffer_add_byte(&stretches->hosts, ' ');
	buffer_add(&stretches->hosts, record->target);
	buffer_add_byte(&stretches->hosts, ' ');
}

/* What is generated counts at once. */
static void
note_in_turn(struct loaded *loaded, struct stretches *stretches,
    const struct record *record)
{
	size_t place;

	if (record->generated) {
		note(loaded, record, stretches->open, ++stretches->count);
		return;
	}
	place = stretch_of(loaded, stretches, record);
	if (stretches->glue.n > 0) {
		buffer_add(&stretches->waiting, (struct str){
		    (const char *)&record->position,
		    sizeof(record->position) });
		return;
	}
	note(loaded, record, stretches->open, place);
	note_host(stretches, record);
}

static void
note_sets(struct loaded *loaded)
{
	struct stretches stretches = { .count = 0 };
	const struct record *record;
	size_t position = 0, before = 0;

	while ((record = zone_next(loaded->zone, loaded->scratch, ~0u,
	    &position)) != NULL) {
		pass_left_out(loaded, &stretches, before, record->position);
		leave_file(loaded, &stretches, record->part);
		before = record->position;
		note_in_turn(loaded, &stretches, record);
		arena_reset(loaded->scratch);
	}
	pass_left_out(loaded, &stretches, before, SIZE_MAX);
	leave_file(loaded, &stretches, stretches.part + 1);
	buffer_free(&stretches.owner);
	buffer_free(&stretches.glue);
	buffer_free(&stretches.hosts);
	buffer_free(&stretches.waiting);
}

struct loaded *
loaded_make(struct arena *arena, struct arena *scratch,
    const struct zone *zone)
{
	struct loaded *loaded = ARENA_NEW(arena, struct loaded);
	size_t records = zone->contents->record_count;

	loaded->zone = zone;
	loaded->scratch = scratch;
	for (loaded->room = 64; loaded->room < records * 2;)
		loaded->room *= 2;
	loaded->sets = ARENA_ARRAY(arena, loaded->room, struct set);
	loaded->seen = ARENA_ARRAY(arena, loaded->room, struct seen);
	note_sets(loaded);
	return loaded;
}
