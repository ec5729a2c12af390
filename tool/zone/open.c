/*
 * Zones from files: what a zone is called, and when it is read: at once, when
 * somebody asks for what it holds, or again.
 */
#include <stdatomic.h>
#include <string.h>

#include "base/arena.h"
#include "base/file.h"
#include "zone/reader.h"

/* ---- its name ------------------------------------------------------------ */

/* Text that may end where its memory does is copied. */
static void
pad(struct arena *arena, struct source *source)
{
	char *copy;

	if (source->padded)
		return;
	copy = arena_alloc(arena, source->text.n + FILE_PADDING);
	if (source->text.n > 0)
		memcpy(copy, source->text.p, source->text.n);
	source->text.p = copy;
	source->padded = true;
}

/*
 * Exports of some providers have "$ORIGIN ." above "@ SOA", which makes it the
 * SOA of the root; the name of the file is a better sign then.
 */
static void
find_name(struct zone *zone, const struct zone_options *options)
{
	bool root;

	zone->name = options->name;
	zone->how = options->how;
	if (zone->name.p != NULL)
		return;
	zone->name = name_in_text(zone->arena, zone->source->text,
	    &zone->how);
	if (zone->name.n > 0)
		return;
	root = zone->name.p != NULL;
	zone->how = ZONE_BY_FILE_NAME;
	zone->name = zone_name_of_path(zone->arena, zone->source->path);
	if (zone->name.p != NULL)
		return;
	zone->how = root ? ZONE_BY_SOA : ZONE_UNNAMED;
	zone->name = STR("");
}

static const struct zone_options *
copy_options(struct arena *arena, const struct zone_options *options)
{
	struct zone_options *copy = ARENA_NEW(arena, struct zone_options);

	*copy = *options;
	copy->instead = NULL;
	return copy;
}

static const struct zone_contents unread_contents;

/* All but what stands in the file. */
static struct zone *
new_zone(struct arena *arena, struct source *source,
    const struct zone_options *options)
{
	struct zone *zone = ARENA_NEW(arena, struct zone);

	pad(arena, source);
	zone->options = options->kept != NULL ? options->kept :
	    copy_options(arena, options);
	zone->arena = arena;
	zone->source = source;
	zone->view = STR("");
	atomic_init(&zone->contents, &unread_contents);
	find_name(zone, options);
	zone->above = name_parent(zone->name);
	zone->key = (uint64_t)(uintptr_t)&zone ^
	    (uint64_t)(uintptr_t)zone << 20;
	return zone;
}

/* It is to be read now, into these arenas. */
static void
start_log(struct zone *zone, struct arena *arena, struct arena *node_arena)
{
	zone->log = log_new(arena, node_arena);
	zone->log->full_syntax = zone->options->full_syntax;
	zone->log->key = zone->key;
}

/* What stands behind relative names; the case is only shown. */
static struct wire
written_apex(const struct wire *apex, struct str written)
{
	struct wire wire;

	return written.p != NULL && wire_parse(written, &wire_root, &wire) ==
	    WIRE_FINE && wire_equal_case(&wire, apex) ? wire : *apex;
}

static void
read_zone(struct zone *zone, struct arena *arena,
    const struct zone_options *options)
{
	unsigned char octets[RDATA_ROOM];
	struct origin *origin = ARENA_NEW(arena, struct origin);
	struct zone_contents *contents = ARENA_NEW(arena,
	    struct zone_contents);
	struct reader reader = {
		.arena = arena, .kernel = window_kernel(),
		.options = options, .zone = zone, .contents = contents,
		.log = zone->log, .ttl = ZONE_ASSUMED_TTL,
		.last_problem = &contents->problems,
		.last_suppression = &contents->suppressions
	};

	contents->incomplete = options->incomplete;
	if (wire_parse(zone->name, &wire_root, &reader.apex) != WIRE_FINE)
		reader.apex = wire_root;
	origin->wire = written_apex(&reader.apex, options->written);
	origin->canonical = zone->name;
	origin->escaped = str_has(zone->name, '\\');
	reader.rdata.octets = octets;
	read_files(&reader, origin);
	check_sets(&reader);
	tell_rest(&reader);
	atomic_store(&zone->contents, contents);
}

/* ---- its kind ------------------------------------------------------------ */

static bool
is_familiar(struct zone *zone, struct zone_wholes *wholes)
{
	return wholes != NULL && wholes->find(wholes, zone);
}

static bool
may_be_learnt(struct zone_wholes *wholes)
{
	return wholes != NULL && wholes->wants(wholes);
}

/* ---- at once ------------------------------------------------------------- */

struct zone *
zone_read(struct arena *arena, struct source *source,
    const struct zone_options *options)
{
	struct zone *zone;

	file_keep(arena, source);
	zone = new_zone(arena, source, options);
	start_log(zone, arena, arena_child(arena));
	read_zone(zone, arena, options);
	if (!is_familiar(zone, options->wholes) &&
	    may_be_learnt(options->wholes))
		options->wholes->learn(options->wholes, zone);
	return zone;
}

/* ---- later --------------------------------------------------------------- */

/* Only directives that set something for the entries behind them. */
static bool
has_simple_directives(struct str text)
{
	size_t at;

	while ((at = str_find(text, '$')) < text.n) {
		text = str_after(text, at + 1);
		if (!str_starts(text, STR("ORIGIN")) &&
		    !str_starts(text, STR("TTL")))
			return false;
	}
	return true;
}

static void
read_unread(struct zone *zone)
{
	struct zone_options options = *zone->options;

	/* Families would be looked at under the same lock. */
	options.fold_from = 0;
	read_zone(zone, zone->log->arena, &options);
	atomic_store(&zone->unread, NULL);
}

struct zone *
zone_open(struct arena *arena, struct source *source,
    const struct zone_options *options)
{
	struct zone *zone;

	if (source->text.n > FILE_SHORT || options->instead != NULL ||
	    !has_simple_directives(source->text))
		return zone_read(arena, source, options);
	zone = new_zone(arena, source, options);
	atomic_init(&zone->unread, zone);
	if (!is_familiar(zone, options->wholes)) {
		file_keep(arena, source);
		if (may_be_learnt(options->wholes)) {
			start_log(zone, arena, arena_child(arena));
			read_unread(zone);
			options->wholes->learn(options->wholes, zone);
		}
	} else if (options->keeps_texts) {
		file_keep(arena, source);
	} else if (source->lent) {
		zone->given_up = source;
		file_give_up(source);
	}
	return zone;
}

bool
zone_is_read(const struct zone *zone)
{
	return atomic_load(&zone->unread) == NULL;
}

bool
zone_is_whole(const struct zone *zone)
{
	const struct zone_contents *contents = zone->contents;

	return (contents->has_soa || contents->stray_soa) &&
	    !contents->incomplete;
}

/*
 * Who comes first makes it. What it holds has an arena of its own, as threads
 * may read other zones meanwhile.
 */
static struct zone_log *
late_log(const struct zone *zone)
{
	static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
	struct arena *arena;
	struct zone *unread;
	struct zone_log *log;

	pthread_mutex_lock(&lock);
	unread = atomic_load(&zone->unread);
	if (unread != NULL && unread->log == NULL) {
		arena = arena_child(unread->arena);
		start_log(unread, unread->arena, arena);
		unread->log->arena = arena;
	}
	log = zone->log;
	pthread_mutex_unlock(&lock);
	return log;
}

void
zone_need(const struct zone *zone)
{
	struct zone_log *log;
	struct zone *unread;

	if (zone_is_read(zone))
		return;
	log = late_log(zone);
	pthread_mutex_lock(&log->lock);
	unread = atomic_load(&zone->unread);
	if (unread != NULL) {
		if (unread->given_up != NULL)
			file_read_again(log->arena, unread->given_up);
		read_unread(unread);
	}
	pthread_mutex_unlock(&log->lock);
}

struct zone *
zone_read_again(struct arena *arena, const struct zone *old,
    const struct stand_ins *instead)
{
	const struct stand_in *row = stand_in_find(instead, arena,
	    old->source->path);
	struct source *source = ARENA_NEW(arena, struct source);
	struct zone_options options = *old->options;
	struct zone *zone;

	zone_need(old);
	*source = *old->source;
	if (row != NULL)
		source->text = row->text;
	options.wholes = NULL;
	options.kept = NULL;
	options.name = old->name;
	options.how = old->how;
	options.instead = instead;
	zone = zone_read(arena, source, &options);
	zone->view = old->view;
	zone->context = old->context;
	zone->also = old->also;
	zone->also_count = old->also_count;
	return zone;
}
