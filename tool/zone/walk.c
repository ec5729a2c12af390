/*
 * The way through the records of a zone, each made when it is come to: all of
 * them in order, or those of one name.
 */
#include <string.h>

#include "base/arena.h"
#include "zone/making.h"

/* ---- positions ----------------------------------------------------------- */

/* The number of a run, and a distance from its start. */
enum { POSITION_SHIFT = 32 };

static size_t
position_of(size_t run, uint64_t distance)
{
	return run << POSITION_SHIFT | (size_t)distance;
}

size_t
log_position(const struct zone_log *log, size_t run)
{
	size_t outer = log_outer(log, run);

	return outer == run ? position_of(run, 0) : position_of(outer,
	    log_run_place(log_run(log, run)) -
	    log_run_place(log_run(log, outer)));
}

/* Where a record stands that was found in a run. */
static size_t
position_at(const struct zone_log *log, size_t run, uint64_t place)
{
	size_t outer = log_outer(log, run);

	return position_of(outer,
	    place - log_run_place(log_run(log, outer)));
}

/* ---- entries ------------------------------------------------------------- */

/* How the entries of a run are looked at. */
struct looking {
	struct scan scan;
	struct plain plain;
	struct window window;
	unsigned types;			/* that are asked for */
	struct entry entry;		/* one of these, up to its type */
};

/* Starts at an offset of the text of the segment. */
static void
look_at(struct looking *looking, const struct segment *segment, size_t offset,
    unsigned types)
{
	looking->types = types;
	looking->scan.text = segment->source->text;
	looking->scan.here = offset;
	/* No window has been looked at. */
	looking->window.start = offset - WINDOW;
	/* What is in the log has been checked. */
	looking->plain = (struct plain){ .kernel = window_kernel(),
	    .window = &looking->window, .origin = segment->origin,
	    .full_syntax = false };
}

/*
 * A plain entry as entry_read() tells of it; the scan stands behind its type.
 */
static void
take_head(struct looking *looking)
{
	const struct plain *plain = &looking->plain;
	struct entry *entry = &looking->entry;
	size_t start = plain->data;

	*entry = plain->entry;
	entry->owner.start = entry->line;
	entry->owner.end = entry->line + entry->owner.text.n;
	while (!byte_is_blank((unsigned char)plain->text.p[start - 1]))
		start--;
	entry->type_lexeme.start = start;
	entry->type_lexeme.end = plain->data;
	looking->scan.here = looking->scan.code_end = plain->data;
	looking->scan.line_start = false;
}

/* The next entry, if it is asked for; one that is not is passed over. */
static bool
find_entry(struct looking *looking)
{
	struct plain *plain = &looking->plain;
	struct scan *scan = &looking->scan;
	struct complaint complaint;

	if (plain->kernel != NULL && plain_head(plain, scan)) {
		if ((rrtype_set(plain->entry.type) & looking->types) != 0) {
			take_head(looking);
			return true;
		}
		if (plain_data(plain->entry.type, plain->check)(plain)) {
			scan->here = plain->here;
			return false;
		}
	}
	if (entry_read(scan, &looking->entry, &complaint) == ENTRY_RECORD &&
	    (rrtype_set(looking->entry.type) & looking->types) != 0)
		return true;
	scan_rest(scan);
	return false;
}

static struct record *
next_generated(struct making *making, uint64_t end, uint64_t *place)
{
	size_t position = position_at(making->zone->log, making->run, *place);
	struct record *record = make_generated(making, position, *place);

	*place = end;
	return record;
}

/*
 * The first record of the types in a run from a place on, NULL when there is
 * none; *place becomes that behind it, where it is looked at already.
 */
static struct record *
next_record(struct making *making, struct looking *looking, uint64_t end,
    uint64_t *place)
{
	const struct segment *segment = making->segment;
	struct scan *scan = &looking->scan;
	struct record *record = NULL;
	uint64_t line;

	*scan = (struct scan){ .text = scan->text, .here = scan->here,
	    .line_start = true };
	while (*place < end && record == NULL) {
		if (find_entry(looking)) {
			line = segment->start +
			    (looking->entry.line - segment->offset);
			if (line >= end) {
				*place = end;
				break;
			}
			record = make_record(making,
			    position_at(making->zone->log, making->run, line),
			    scan, &looking->entry);
		}
		*place = segment->start + (scan->here - segment->offset);
		if (scan->here >= scan->text.n)
			*place = end;
	}
	return record;
}

/* The same as next_record(), of whatever segment the place lies in. */
static struct record *
next_in_run(const struct zone *zone, struct arena *arena, size_t run,
    uint64_t end, unsigned types, uint64_t *place, struct str *owner)
{
	const struct segment *segment = &zone->log->segments[log_segment(
	    zone->log, *place)];
	struct making making = { .arena = arena, .zone = zone,
	    .segment = segment, .run = run, .owner = owner };
	struct looking looking;

	if (*place >= end)
		return NULL;
	if (segment->generate != NULL)
		return next_generated(&making, end, place);
	look_at(&looking, segment, segment->offset +
	    (size_t)(*place - segment->start), types);
	return next_record(&making, &looking, end, place);
}

/* ---- the records of one run ---------------------------------------------- */

static void
add_record(struct records *found, struct arena *arena,
    const struct record *record)
{
	const struct record **larger;

	if (found->count == found->room) {
		found->room = found->room * 2 + 4;
		larger = ARENA_ARRAY(arena, found->room,
		    const struct record *);
		if (found->count > 0)
			memcpy(larger, found->list, found->count *
			    sizeof(*larger));
		found->list = larger;
	}
	found->list[found->count++] = record;
}

/* A run lies in one segment. */
void
run_records(const struct zone *zone, struct arena *arena, size_t number,
    unsigned types, struct records *found)
{
	const struct run *run = log_run(zone->log, number);
	uint64_t place = log_run_place(run), end;
	size_t segment = log_segment(zone->log, place);
	struct str owner = STR_NONE;
	struct making making = { .arena = arena, .zone = zone,
	    .segment = &zone->log->segments[segment], .run = number,
	    .owner = &owner };
	const struct record *record;
	struct looking looking;

	/* What lies in a fold has runs of its own. */
	if ((run->place & RUN_FOLDED) != 0 ||
	    (run->place & types & RUN_TYPES) == 0)
		return;
	end = log_end_of(zone->log, number, segment);
	look_at(&looking, making.segment, making.segment->offset +
	    (size_t)(place - making.segment->start), types);
	while (place < end) {
		record = making.segment->generate != NULL ?
		    next_generated(&making, end, &place) :
		    next_record(&making, &looking, end, &place);
		if (record != NULL)
			add_record(found, arena, record);
	}
}

/* ---- the records of a zone ----------------------------------------------- */

/* The same as next_in_run() of all runs that lie in a fold. */
static const struct record *
next_in_fold(const struct zone *zone, struct arena *arena, size_t run,
    unsigned types, uint64_t *place)
{
	struct fold_part parts[FOLD_LINES];
	size_t count = fold_parts(zone, run, parts), i;
	const struct record *record = NULL;
	struct wire wire;
	struct str owner;

	for (i = 0; i < count && record == NULL; i++) {
		if (*place < parts[i].place)
			*place = parts[i].place;
		if (*place >= parts[i].end || (parts[i].types & types) == 0)
			continue;
		log_owner_at(zone->log, parts[i].place, &wire);
		owner = wire_canonical(arena, &wire);
		record = next_in_run(zone, arena, run, parts[i].end, types,
		    place, &owner);
	}
	return record;
}

/* Do the records of a run stand where those of this kind do? */
static bool
stands_at(const struct zone *zone, size_t number, enum auth place)
{
	char room[WIRE_MAX_TEXT];

	return auth_place(log_name(zone, number, room), NULL, NULL) == place;
}

/* The next in a run that lies at such a place, AUTH_NONE for any. */
static const struct record *
next_at(const struct zone *zone, struct arena *arena, unsigned types,
    enum auth kind, size_t *position)
{
	size_t number = *position >> POSITION_SHIFT;
	uint64_t start, end, place;
	const struct record *record;
	const struct run *run;
	struct str owner;

	for (; number < zone->log->run_count; number++, *position = 0) {
		run = log_run(zone->log, number);
		if ((log_types(zone->log, run) & types) == 0 ||
		    (run->place & RUN_OUT_OF_ZONE) != 0)
			continue;
		/* What lies in a fold has owners of its own. */
		if (kind != AUTH_NONE && (run->place & RUN_FOLDED) == 0 &&
		    !stands_at(zone, number, kind))
			continue;
		start = log_run_place(run);
		end = log_run_end(zone->log, number);
		place = start + (*position & UINT32_MAX);
		owner = STR_NONE;
		record = (run->place & RUN_FOLDED) != 0 ?
		    next_in_fold(zone, arena, number, types, &place) :
		    next_in_run(zone, arena, number, end, types, &place,
		    &owner);
		if (record == NULL)
			continue;
		*position = place < end && place - start <= UINT32_MAX ?
		    position_of(number, place - start) :
		    position_of(number + 1, 0);
		return record;
	}
	*position = position_of(number, 0);
	return NULL;
}

const struct record *
log_next(const struct zone *zone, struct arena *arena, unsigned types,
    size_t *position)
{
	return next_at(zone, arena, types, AUTH_NONE, position);
}

const struct record *
zone_next(const struct zone *zone, struct arena *arena, unsigned types,
    size_t *position)
{
	zone_need(zone);
	return log_next(zone, arena, types, position);
}

const struct record *
zone_next_of(const struct zone *zone, struct arena *arena, enum auth kind,
    size_t *position)
{
	const struct record *record;

	zone_need(zone);
	while ((record = next_at(zone, arena, HAS_TXT, kind, position)) !=
	    NULL && record->auth != kind)
		continue;
	return record;
}

bool
zone_left_out(const struct zone *zone, struct arena *arena, size_t *from,
    size_t to, struct str *owner, unsigned *part)
{
	size_t number = *from >> POSITION_SHIFT, end = to >> POSITION_SHIFT;
	const struct zone_log *log;
	struct wire wire;

	zone_need(zone);
	log = zone->log;
	while (number < end && number < log->run_count &&
	    (log_run(log, number)->place & RUN_OUT_OF_ZONE) == 0)
		number++;
	*from = position_of(number + 1, 0);
	if (number >= end || number >= log->run_count)
		return false;
	*part = log->segments[log_segment(log, log_run_place(log_run(log,
	    number)))].part;
	log_owner(zone, number, &wire);
	*owner = wire_canonical(arena, &wire);
	return true;
}

/* Whose a record in a fold is, which stands so far from its start. */
static void
owner_in_fold(const struct zone *zone, size_t run, uint64_t distance,
    struct wire *owner)
{
	struct fold_part parts[FOLD_LINES];
	uint64_t place = log_run_place(log_run(zone->log, run)) + distance;
	size_t i = fold_parts(zone, run, parts) - 1;

	while (parts[i].place > place)
		i--;
	log_owner_at(zone->log, parts[i].place, owner);
}

struct str
record_written(struct arena *arena, const struct record *record)
{
	const struct zone *zone = record->zone;
	size_t run = record->position >> POSITION_SHIFT;
	struct wire owner;

	if ((log_run(zone->log, run)->place & RUN_FOLDED) != 0)
		owner_in_fold(zone, run, record->position & UINT32_MAX,
		    &owner);
	else
		log_owner(zone, run, &owner);
	return wire_written(arena, &owner);
}
