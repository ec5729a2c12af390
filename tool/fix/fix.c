/* Which edits are taken, and rounds of them. */
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "base/file.h"
#include "base/hash.h"
#include "base/path.h"
#include "base/table.h"
#include "fix/fix.h"

/* One time that a file is read: as this zone's own, or included there. */
struct reading {
	struct str path;		/* as path_real gives it */
	const struct source *source;
	size_t zone;			/* its number */
};

/* A finding with its edits, which all lie in one file. */
struct claim {
	const struct diag *diag;
	struct fix_file *file;
	const struct edit **edits;	/* ascending */
	size_t count;
	/* Nothing else may be changed here: the entry, and the edits. */
	size_t start, end;
	size_t order;
};

struct round {
	struct fixes *fixes;
	struct arena *arena;		/* forgotten after the round */
	struct reading *readings;
	size_t reading_count;
	struct claim *claims;
	size_t claim_count;
	/* What file_of found last. */
	const struct source *last_source;
	struct fix_file *last_file;
	/* Generated blocks of the file that lies_in_block saw last. */
	const struct source *block_source;
	struct extent *blocks;
	struct table added;		/* lines that claims put in */
};

struct extent {
	struct extent *next;
	size_t start, end;
};

void
fixes_start(struct fixes *fixes, struct arena *arena, struct zones *zones,
    enum fix_kind most)
{
	*fixes = (struct fixes){ .arena = arena, .zones = zones,
	    .most = most };
	fixes->end = &fixes->first;
}

/* ---- files --------------------------------------------------------------- */

static int
compare_readings(const void *a, const void *b)
{
	const struct reading *x = a, *y = b;
	int order = str_compare(x->path, y->path);

	if (order == 0)
		order = (x->zone > y->zone) - (x->zone < y->zone);
	return order;
}

static void
find_readings(struct round *round)
{
	const struct zones *zones = round->fixes->zones;
	const struct source *source;
	size_t count = 0, i, j;

	for (i = 0; i < zones->count; i++)
		count += zones->zones[i]->contents->source_count;
	round->readings = ARENA_ARRAY(round->arena, count + 1,
	    struct reading);
	for (i = 0; i < zones->count; i++)
		for (j = 0; j < zones->zones[i]->contents->source_count; j++) {
			source = zones->zones[i]->contents->sources[j];
			round->readings[round->reading_count++] =
			    (struct reading){ path_real(round->arena,
			    source->path), source, i };
		}
	for (i = 0; i < count; i++)
		if (round->readings[i].path.p == NULL)
			round->readings[i].path =
			    round->readings[i].source->path;
	qsort(round->readings, count, sizeof(*round->readings),
	    compare_readings);
}

/* The first reading of a file; the ones behind it follow. */
static struct reading *
readings_of(const struct round *round, struct str path, size_t *count)
{
	size_t low = 0, high = round->reading_count, middle, end;

	while (low < high) {
		middle = low + (high - low) / 2;
		if (str_compare(round->readings[middle].path, path) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	for (end = low; end < round->reading_count &&
	    str_equal(round->readings[end].path, path); end++)
		continue;
	*count = end - low;
	return round->readings + low;
}

static bool
is_signed(const struct zone *zone)
{
	struct arena *arena = arena_new();
	const struct record *record;
	size_t position = 0;
	bool found = false;

	while (!found && (record = zone_next(zone, arena, HAS_DNSSEC,
	    &position)) != NULL) {
		found = record->type == RR_RRSIG;
		arena_reset(arena);
	}
	arena_free(arena);
	return found;
}

/* What speaks against touching the file at all; NULL for nothing. */
static const char *
find_obstacle(const struct round *round, const struct source *source,
    struct str path)
{
	struct fixes *fixes = round->fixes;
	struct reading *readings;
	size_t count, i;

	if (fixes->may_change != NULL &&
	    !fixes->may_change(fixes->context, source))
		return "";
	if (file_exists(arena_printf(round->arena, "%.*s.jnl",
	    STR_ARG(path))))
		return "the zone has a journal: freeze it first";
	readings = readings_of(round, path, &count);
	for (i = 0; i < count; i++)
		if (is_signed(fixes->zones->zones[readings[i].zone]))
			return "the zone is signed: mend what it is made of";
	return NULL;
}

static struct fix_file *
file_of(struct round *round, const struct source *source)
{
	struct fixes *fixes = round->fixes;
	struct fix_file *file, **place;
	struct str path;

	if (source == round->last_source)
		return round->last_file;
	path = path_real(round->arena, source->path);
	if (path.p == NULL)
		path = source->path;
	for (place = &fixes->first; *place != NULL; place = &(*place)->next)
		if (str_compare((*place)->path, path) >= 0)
			break;
	round->last_source = source;
	if (*place != NULL && str_equal((*place)->path, path))
		return round->last_file = *place;
	file = round->last_file = ARENA_NEW(fixes->arena, struct fix_file);
	file->path = arena_copy(fixes->arena, path);
	file->source = source;
	file->text = source->text;
	file->obstacle = find_obstacle(round, source, path);
	file->next = *place;
	*place = file;
	return file;
}

/* ---- claims -------------------------------------------------------------- */

/* Two findings of one entry might not know of each other's edits. */
static void
find_extent(struct claim *claim)
{
	const struct span entry = diag_entry(claim->diag);

	claim->start = claim->edits[0]->span.start;
	claim->end = claim->edits[claim->count - 1]->span.end;
	if (entry.source != claim->edits[0]->span.source)
		return;
	if (entry.start < claim->start)
		claim->start = entry.start;
	if (entry.end > claim->end)
		claim->end = entry.end;
}

static void
find_blocks(struct round *round, const struct source *source)
{
	struct extent **last = &round->blocks;
	struct block block;
	size_t offset = 0;

	round->block_source = source;
	while (block_next(round->arena, source->text, &offset, &block)) {
		*last = ARENA_NEW(round->arena, struct extent);
		(*last)->start = block.start;
		(*last)->end = block.end;
		last = &(*last)->next;
	}
	*last = NULL;
}

/* What generate writes is mended in mailzone.yaml, or the mark is broken. */
static bool
lies_in_block(struct round *round, const struct claim *claim)
{
	const struct source *source = claim->edits[0]->span.source;
	const struct extent *block;

	if (source != round->block_source)
		find_blocks(round, source);
	for (block = round->blocks; block != NULL; block = block->next)
		if (block->start < claim->end && claim->start < block->end)
			return true;
	return false;
}

/* The same finding in every round, wherever it stands by then. */
static uint64_t
identity(const struct claim *claim)
{
	const struct diag *diag = claim->diag;
	struct buffer scratch = { 0 }, message = { 0 };
	uint64_t hash;

	buffer_printf(&scratch, "%s%c%.*s%c", diag->rule->id, 0,
	    STR_ARG(claim->file->path), 0);
	buffer_add(&scratch, diag_owner(diag));
	buffer_add_byte(&scratch, 0);
	buffer_add(&scratch, saying_text(diag->message, &message));
	hash = hash_bytes(hash_key_fixed, buffer_str(&scratch));
	buffer_free(&scratch);
	buffer_free(&message);
	return hash;
}

static bool
was_refused(const struct fixes *fixes, const struct claim *claim)
{
	uint64_t hash = fixes->refused_count == 0 ? 0 : identity(claim);
	size_t i;

	for (i = 0; i < fixes->refused_count; i++)
		if (fixes->refused[i] == hash)
			return true;
	return false;
}

static void
refuse(struct fixes *fixes, const struct claim *claim)
{
	uint64_t *larger;

	if (fixes->refused_count == fixes->refused_room) {
		fixes->refused_room = fixes->refused_room * 2 + 8;
		larger = ARENA_ARRAY(fixes->arena, fixes->refused_room,
		    uint64_t);
		if (fixes->refused_count > 0)
			memcpy(larger, fixes->refused,
			    fixes->refused_count * sizeof(*larger));
		fixes->refused = larger;
	}
	fixes->refused[fixes->refused_count++] = identity(claim);
}

static void
find_claims(struct round *round, const struct diags *diags)
{
	struct fixes *fixes = round->fixes;
	const struct diag *diag;
	struct claim claim;

	round->claims = ARENA_ARRAY(round->arena, diags->count + 1,
	    struct claim);
	for (diag = diags->first; diag != NULL; diag = diag->next) {
		claim = (struct claim){ .diag = diag };
		if (diag->suppressed || diag_rest(diag)->edits == NULL ||
		    diag->fix > fixes->most || diag->zone == NULL)
			continue;
		claim.edits = diag_edits(round->arena, diag, &claim.count);
		if (claim.edits == NULL ||
		    source_is_generated(claim.edits[0]->span.source))
			continue;
		claim.file = file_of(round, claim.edits[0]->span.source);
		if (claim.file->obstacle != NULL)
			continue;
		find_extent(&claim);
		if (was_refused(fixes, &claim) ||
		    lies_in_block(round, &claim))
			continue;
		claim.order = round->claim_count;
		round->claims[round->claim_count++] = claim;
	}
}

/* ---- which are taken ----------------------------------------------------- */

static int
compare_edit_lists(const struct claim *x, const struct claim *y)
{
	size_t i;
	int order = (x->count > y->count) - (x->count < y->count);

	for (i = 0; order == 0 && i < x->count; i++) {
		order = edit_compare(x->edits[i], y->edits[i]);
		if (order == 0)
			order = str_compare(x->edits[i]->replacement,
			    y->edits[i]->replacement);
	}
	return order;
}

/* The same edits for the same reason are neighbours. */
static int
compare_claims(const void *a, const void *b)
{
	const struct claim *x = a, *y = b;
	int order = str_compare(x->file->path, y->file->path);

	if (order == 0)
		order = (x->start > y->start) - (x->start < y->start);
	if (order == 0)
		order = strcmp(x->diag->rule->id, y->diag->rule->id);
	if (order == 0)
		order = compare_edit_lists(x, y);
	return order != 0 ? order :
	    (x->order > y->order) - (x->order < y->order);
}

static bool
same_claim(const struct claim *x, const struct claim *y)
{
	return x->file == y->file && x->start == y->start &&
	    x->diag->rule == y->diag->rule && compare_edit_lists(x, y) == 0;
}

/* Is the edit in a file that the zone of the finding does not read? */
static bool
is_abroad(const struct claim *claim)
{
	const struct zone *zone = claim->diag->zone;
	size_t i;

	for (i = 0; i < zone->contents->source_count; i++)
		if (zone->contents->sources[i] == claim->edits[0]->span.source)
			return false;
	return true;
}

/*
 * A file that several zones read, or one zone twice, must be wrong in the same
 * way in each: else the fix would harm those where it is right. What a zone
 * asks of another one is told in neither of several that read a file.
 */
static bool
all_agree(const struct round *round, const struct claim *from,
    const struct claim *to)
{
	const struct claim *claim;
	const struct reading *readings;
	size_t count, i;

	readings = readings_of(round, from->file->path, &count);
	if (is_abroad(from))
		return count == 1 &&
		    readings[0].source == from->edits[0]->span.source;
	for (i = 0; i < count; i++) {
		for (claim = from; claim < to; claim++)
			if (claim->edits[0]->span.source ==
			    readings[i].source && claim->diag->zone ==
			    round->fixes->zones->zones[readings[i].zone])
				break;
		if (claim == to)
			return false;
	}
	return count > 0;
}

static bool
overlap(const struct claim *x, const struct claim *y)
{
	return x->file == y->file && y->start <= x->end &&
	    x->start <= y->end;
}

/* What is worse goes first, then what changes no meaning. */
static bool
is_better(const struct diag *x, const struct diag *y)
{
	return x->level != y->level ? x->level > y->level : x->fix < y->fix;
}

/*
 * Does it put in a line that another claim puts into the file already? Many
 * findings may miss the same record.
 */
static bool
adds_again(struct round *round, struct claim *claim)
{
	const struct edit *edit = claim->edits[0];
	struct str key = edit->replacement;

	if (claim->count > 1 || edit->span.start < edit->span.end ||
	    !str_ends(key, STR("\n")))
		return false;
	/* At the end of a file it may end the last line first. */
	key = str_after(key, str_starts(key, STR("\n")));
	key = arena_printf(round->arena, "%.*s\n%.*s",
	    STR_ARG(claim->file->path), STR_ARG(key));
	return table_add(&round->added, round->arena, key, claim) != claim;
}

/* Leaves one of those that all readings share, and drops what overlaps. */
static void
choose(struct round *round)
{
	struct claim *from, *to, *last = NULL;
	struct claim *end = round->claims + round->claim_count;
	struct claim *taken = round->claims;

	qsort(round->claims, round->claim_count, sizeof(*round->claims),
	    compare_claims);
	for (from = round->claims; from < end; from = to) {
		for (to = from + 1; to < end && same_claim(from, to); to++)
			continue;
		if (!all_agree(round, from, to))
			continue;
		if (last == NULL || !overlap(last, from)) {
			if (adds_again(round, from))
				continue;
			last = taken++;
		} else if (!is_better(from->diag, last->diag))
			continue;
		*last = *from;
	}
	round->claim_count = (size_t)(taken - round->claims);
}

/* ---- trying them --------------------------------------------------------- */

/* What the files would be with these claims, which are sorted by file. */
struct attempt {
	struct round *round;
	const struct claim *claims;
	size_t count;
	struct ranges *ranges;
	struct str *texts;		/* of each file in ranges */
	struct fix_file **files;
	size_t file_count;
	struct zone **zones;		/* read anew; NULL: as before */
};

static void
make_text(struct attempt *attempt, const struct claim *from,
    const struct claim *to)
{
	struct round *round = attempt->round;
	const struct edit **edits;
	const struct claim *claim;
	size_t count = 0, i;
	struct ranges *ranges = &attempt->ranges[attempt->file_count];

	for (claim = from; claim < to; claim++)
		count += claim->count;
	edits = ARENA_ARRAY(round->arena, count + 1, const struct edit *);
	for (count = 0, claim = from; claim < to; claim++)
		for (i = 0; i < claim->count; i++)
			edits[count++] = claim->edits[i];
	ranges->path = from->file->path;
	attempt->texts[attempt->file_count] = splice(round->fixes->arena,
	    from->file->text, edits, count, ranges);
	attempt->files[attempt->file_count++] = from->file;
}

static void
make_texts(struct attempt *attempt)
{
	const struct claim *end = attempt->claims + attempt->count;
	const struct claim *from, *to;
	struct arena *arena = attempt->round->arena;

	attempt->ranges = ARENA_ARRAY(arena, attempt->count, struct ranges);
	attempt->texts = ARENA_ARRAY(arena, attempt->count, struct str);
	attempt->files = ARENA_ARRAY(arena, attempt->count,
	    struct fix_file *);
	for (from = attempt->claims; from < end; from = to) {
		for (to = from + 1; to < end && to->file == from->file; to++)
			continue;
		make_text(attempt, from, to);
	}
}

/* All files as they are to be, those of earlier rounds too. */
static struct stand_ins
stand_ins_of(const struct attempt *attempt)
{
	struct arena *arena = attempt->round->arena;
	struct stand_in *rows;
	const struct fix_file *file;
	size_t count = 0, i = 0;

	for (file = attempt->round->fixes->first; file != NULL;
	    file = file->next)
		count++;
	rows = ARENA_ARRAY(arena, count + 1, struct stand_in);
	for (count = 0, file = attempt->round->fixes->first; file != NULL;
	    file = file->next) {
		rows[count] = (struct stand_in){ file->path, file->text };
		if (i < attempt->file_count && attempt->files[i] == file)
			rows[count].text = attempt->texts[i++];
		count++;
	}
	return (struct stand_ins){ rows, count };
}

/* Reads the zones of these files again; false when other records changed. */
static bool
read_again(struct attempt *attempt)
{
	struct round *round = attempt->round;
	struct zones *zones = round->fixes->zones;
	struct stand_ins instead = stand_ins_of(attempt);
	struct reading *readings;
	size_t count, i, j, number;

	attempt->zones = ARENA_ARRAY(round->arena, zones->count + 1,
	    struct zone *);
	for (i = 0; i < attempt->file_count; i++) {
		readings = readings_of(round, attempt->files[i]->path,
		    &count);
		for (j = 0; j < count; j++) {
			number = readings[j].zone;
			if (attempt->zones[number] != NULL)
				continue;
			attempt->zones[number] = zone_read_again(
			    round->fixes->arena, zones->zones[number],
			    &instead);
			if (!same_but_for(zones->zones[number],
			    attempt->zones[number], attempt->ranges,
			    attempt->file_count))
				return false;
		}
	}
	return true;
}

static void
commit(struct attempt *attempt)
{
	struct fixes *fixes = attempt->round->fixes;
	size_t i;

	for (i = 0; i < attempt->file_count; i++)
		attempt->files[i]->text = attempt->texts[i];
	for (i = 0; i < attempt->count; i++)
		attempt->claims[i].file->count++;
	for (i = 0; i < fixes->zones->count; i++)
		if (attempt->zones[i] != NULL)
			fixes->zones->zones[i] = attempt->zones[i];
	fixes->mended += attempt->count;
}

/*
 * When all together do harm, half of them are tried, and so on: a later round
 * sees to the rest. One that does harm alone is never tried again.
 */
static void
try(struct round *round)
{
	struct attempt attempt;
	size_t count;

	for (count = round->claim_count; count > 0; count /= 2) {
		attempt = (struct attempt){ .round = round,
		    .claims = round->claims, .count = count };
		make_texts(&attempt);
		if (read_again(&attempt)) {
			commit(&attempt);
			return;
		}
	}
	refuse(round->fixes, &round->claims[0]);
}

bool
fixes_round(struct fixes *fixes, const struct diags *diags)
{
	struct round round = { .fixes = fixes, .arena = arena_new() };

	find_readings(&round);
	find_claims(&round, diags);
	choose(&round);
	if (round.claim_count > 0)
		try(&round);
	arena_free(round.arena);
	return round.claim_count > 0;
}
