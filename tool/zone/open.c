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
	zone->above_length = (uint16_t)name_parent(zone->name).n;
	return zone;
}

/* It is to be read now, into these arenas. */
static void
start_log(struct zone *zone, struct arena *arena, struct arena *node_arena)
{
	zone->log = log_new(arena, node_arena);
	zone->log->full_syntax = zone->options->full_syntax;
	zone->log->key = zone_key(zone);
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
	struct zone_contents *contents = ARENA_NEW(arena,
	    struct zone_contents);
	struct origin *origin = ARENA_NEW(arena, struct origin);
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
	if (options->wholes != NULL &&
	    !options->wholes->find(options->wholes, zone) &&
	    options->wholes->wants(options->wholes))
		options->wholes->learn(options->wholes, zone);
	return zone;
}

/* ---- later --------------------------------------------------------------- */

static void
read_unread(struct zone *zone)
{
	struct zone_options options = *zone->options;

	/* Families would be looked at under the same lock. */
	options.fold_from = 0;
	read_zone(zone, zone->log->arena, &options);
	atomic_store(&zone->unread, NULL);
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

/* ---- those that somebody asks -------------------------------------------- */

struct asked_zones {
	struct asked *first;
	size_t learnt;			/* of these, before anybody asked */
};

enum { LEARNT_MOST = 1024 };

struct asked {
	struct asked *next;
	struct zone *zone;
};

/* Of their list, and of the arenas of readers, where logs have theirs. */
static pthread_mutex_t asked_lock = PTHREAD_MUTEX_INITIALIZER;

struct asked_zones *
asked_zones_new(struct arena *arena)
{
	return ARENA_NEW(arena, struct asked_zones);
}

/*
 * What it holds has an arena of its own, as it may be forgotten, and threads
 * may read other zones meanwhile.
 */
static void
start_own_log(struct zone *zone)
{
	struct arena *arena = arena_child(zone->arena);

	start_log(zone, arena, arena);
}

static void
note_asked(struct zone *zone)
{
	struct asked_zones *list = zone->options->asked;
	struct asked *asked = ARENA_NEW(zone->log->arena, struct asked);

	if (list == NULL)
		return;
	*asked = (struct asked){ .next = list->first, .zone = zone };
	list->first = asked;
}

/* Who comes first makes it. */
static struct zone_log *
asked_log(const struct zone *zone)
{
	struct zone *unread;
	struct zone_log *log;

	pthread_mutex_lock(&asked_lock);
	unread = atomic_load(&zone->unread);
	if (unread != NULL && unread->log == NULL) {
		start_own_log(unread);
		note_asked(unread);
	}
	log = zone->log;
	pthread_mutex_unlock(&asked_lock);
	return log;
}

void
zone_need(const struct zone *zone)
{
	struct zone_log *log;
	struct zone *unread;

	if (zone_is_read(zone))
		return;
	log = asked_log(zone);
	pthread_mutex_lock(&log->lock);
	unread = atomic_load(&zone->unread);
	if (unread != NULL) {
		if (unread->source->text.p == NULL)
			file_read_again(log->arena, unread->lender);
		read_unread(unread);
	}
	pthread_mutex_unlock(&log->lock);
}

/* What is lent may be given up, and be read for another thread just now. */
static struct source *
copy_unread(struct arena *arena, const struct source *unread)
{
	struct source *source = ARENA_NEW(arena, struct source);

	source->path = unread->path;
	source->stamp = unread->stamp;
	source->padded = true;
	if (unread->lent)
		file_read_again(arena, source);
	else
		source->text = unread->text;
	return source;
}

const struct zone *
zone_peek(struct arena *arena, const struct zone *zone)
{
	struct zone_options options = *zone->options;

	if (zone_is_read(zone))
		return zone;
	options.kept = zone->options;
	options.name = zone->name;
	options.how = zone->how;
	options.wholes = NULL;
	options.fold_from = 0;
	return zone_read(arena, copy_unread(arena, zone->source), &options);
}

/* Nothing of it is known that could not be read again. */
static bool
may_be_forgotten(const struct zone *zone)
{
	const struct zone_contents *contents = zone->contents;

	return contents->suppressions == NULL &&
	    contents->unreadable.p == NULL;
}

/* Files that it includes are forgotten with it. */
static bool
is_told_besides(const struct zone *zone, zone_is_told *is_told, void *context)
{
	const struct zone_contents *contents = zone->contents;
	size_t i;

	for (i = 1; i < contents->source_count; i++)
		if (is_told(context, contents->sources[i]))
			return true;
	return false;
}

static void
put_away(struct zone *zone, bool keep)
{
	if (!zone->source->lent)
		return;
	if (keep)
		file_keep(zone->arena, zone->lender);
	else
		file_give_up(zone->lender);
}

/* A text that is not kept lies where it is forgotten, too. */
static void
forget(struct zone *zone, bool keeps_text)
{
	struct arena *arena = zone->log->arena;

	put_away(zone, keeps_text);
	atomic_store(&zone->contents, &unread_contents);
	atomic_store(&zone->unread, zone);
	pthread_mutex_destroy(&zone->log->lock);
	zone->log = NULL;
	arena_free(arena);
}

void
asked_zones_forget(struct asked_zones *zones, zone_is_told *is_told,
    void *context, bool keeps_texts)
{
	struct asked *asked = zones->first, *next;
	struct zone *zone;
	bool told;

	zones->first = NULL;
	zones->learnt = 0;
	for (; asked != NULL; asked = next) {
		next = asked->next;
		zone = asked->zone;
		if (!may_be_forgotten(zone) ||
		    is_told_besides(zone, is_told, context))
			continue;
		told = is_told(context, zone->source);
		if (told && !keeps_texts && zone->source->lent)
			source_keep_lines(zone->arena, zone->lender);
		forget(zone, told && keeps_texts);
	}
}

/* ---- small files --------------------------------------------------------- */

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

/* Will somebody ask for its text, and is there room for it? Takes that. */
static bool
keeps_text(const struct zone *zone, const struct zone_options *options)
{
	size_t n = zone->source->text.n, *room = options->room;

	if ((zone->kind.number > 0 && !options->keeps_texts) ||
	    (room != NULL && n > *room))
		return false;
	if (room != NULL)
		*room -= n;
	return true;
}

/* It will be asked, so it stays read, unless it is one of too many. */
static bool
stays_read(struct zone *zone, struct asked_zones *zones)
{
	bool stays;

	if (zones == NULL || !may_be_forgotten(zone))
		return true;
	pthread_mutex_lock(&asked_lock);
	stays = zones->learnt++ < LEARNT_MOST;
	if (stays)
		note_asked(zone);
	pthread_mutex_unlock(&asked_lock);
	return stays;
}

static void
learn(struct zone *zone, const struct zone_options *options)
{
	bool others;

	start_own_log(zone);
	if (zone->lender != NULL)
		file_lend(zone->log->arena, zone->lender);
	read_unread(zone);
	others = options->wholes->learn(options->wholes, zone);
	if (others || !stays_read(zone, options->asked))
		forget(zone, keeps_text(zone, options));
}

/* So that it is seen what it includes, and how much $GENERATE makes. */
static void
look_into(struct zone *zone, const struct zone_options *options)
{
	start_own_log(zone);
	if (zone->lender != NULL)
		file_lend(zone->log->arena, zone->lender);
	read_zone(zone, zone->log->arena, options);
	zone->late = zone->contents->record_count < ZONE_FEW &&
	    may_be_forgotten(zone);
	if (zone->late && !stays_read(zone, options->asked))
		forget(zone, keeps_text(zone, options));
}

struct zone *
zone_open(struct arena *arena, struct source *source,
    const struct zone_options *options)
{
	struct zone_wholes *wholes = options->wholes;
	struct zone *zone;

	if (source->text.n > FILE_SHORT || options->instead != NULL)
		return zone_read(arena, source, options);
	zone = new_zone(arena, source, options);
	zone->lender = source->lent ? source : NULL;
	if (!has_simple_directives(source->text)) {
		look_into(zone, options);
		return zone;
	}
	zone->late = true;
	atomic_init(&zone->unread, zone);
	if (wholes != NULL && !wholes->find(wholes, zone) &&
	    wholes->wants(wholes))
		learn(zone, options);
	else
		put_away(zone, keeps_text(zone, options));
	return zone;
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
	options.includes = NULL;
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
