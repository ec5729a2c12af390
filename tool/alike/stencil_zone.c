/*
 * Stencils of whole zones: texts of files that hold one zone each. A text that
 * is the same but for the holes is read in the same way, so that its stretches
 * begin where those of the other one do, with the same origin and TTL. What
 * stands before the first record is text as well, with the zone's own label
 * where that is the origin, or stands in a comment.
 */
#include "alike/stencil.h"
#include "base/arena.h"

/* The labels of a text, by their hashes; at most half full. */
struct label_set {
	size_t count, mask;		/* the number of slots, less one */
	uint32_t slots[];
};

enum { SEEN_SLOTS = 512 };		/* a power of two, for SHAPE_HOLES */

/* ---- hosts --------------------------------------------------------------- */

static struct label_set *
new_set(struct arena *arena, const struct labels *labels)
{
	struct label_set *set;
	size_t room = 16, i, k;

	while (room < labels->count * 2)
		room *= 2;
	set = arena_alloc(arena, sizeof(*set) + room * sizeof(set->slots[0]));
	set->count = labels->count;
	set->mask = room - 1;
	for (i = 0; i < LABEL_SLOTS; i++) {
		if (labels->slots[i] == 0)
			continue;
		for (k = labels->slots[i] & ~1U;
		    set->slots[k & set->mask] != 0;)
			k++;
		set->slots[k & set->mask] = labels->slots[i] & ~1U;
	}
	return set;
}

static bool
set_has(const struct label_set *set, uint32_t hash)
{
	size_t i = hash & set->mask;

	for (; set->slots[i] != 0; i = (i + 1) & set->mask)
		if (set->slots[i] == hash)
			return true;
	return false;
}

/* What shape_count_labels() counts is in the set, a host, or the zone's own. */
static bool
has_new_hosts(const struct filling *filling,
    const struct label_set *set)
{
	uint32_t seen[SEEN_SLOTS] = { 0 }, hash;
	size_t i, k;

	if (filling->host_count + set->count + 1 >= LABEL_SLOTS / 2)
		return false;
	for (i = 0; i < filling->host_count; i++) {
		hash = filling->hosts[i];
		for (k = hash % SEEN_SLOTS; seen[k] != 0;
		    k = (k + 1) % SEEN_SLOTS)
			if (seen[k] == hash)
				return false;
		seen[k] = hash;
		if (set_has(set, hash))
			return false;
	}
	return true;
}

bool
stencil_fills_host(struct filling *filling)
{
	struct drawing *drawing = &filling->drawing;
	size_t n;

	if (filling->host_count == SHAPE_HOLES)
		return false;
	n = shape_take_host(drawing, drawing->here,
	    &filling->hosts[filling->host_count]);
	drawing->here += n;
	filling->host_count += n > 0;
	return n > 0;
}

/* ---- a zone that may fill one -------------------------------------------- */

/* What its entries depend on is in the text, but for what is said of all. */
bool
stencil_fills_line(struct filling *filling, const struct stencil *stencil)
{
	struct drawing *drawing = &filling->drawing;

	if (stencil->mark.n > 0) {
		put_zone(drawing, filling->zone);
		if (!gives(drawing, stencil->mark))
			return false;
	}
	filling->line = drawing->here;
	filling->position = stencil->position;
	drawing->own_origin = stencil->own_origin;
	drawing->has_key = false;
	return true;
}

/* Would reading tell as little of it as of the other one? */
static bool
reads_alike(const struct zone *zone, const struct stencil *end)
{
	return zone_is_read(zone) || (end->is_narrow &&
	    !str_contains(zone_label(zone), STR("mailzone")));
}

const struct known *
stencils_find_whole(struct stencils *stencils, struct shape *shape,
    const struct zone *zone)
{
	struct str text = zone->source->text;
	const struct stencil *end = NULL;
	struct filling filling;

	stencil_start(&filling, shape, zone_label(zone), zone_above(zone));
	filling.zone = zone;
	filling.unread = !zone_is_read(zone);
	filling.name = zone->name;
	filling.drawing.whole = true;
	filling.drawing.here = text.p;
	filling.drawing.end = text.p + text.n;
	if (has_room(&filling.drawing, text.n))
		end = stencil_find_whole(&filling, stencils->roots[0]);
	if (end == NULL || !has_new_hosts(&filling, end->labels) ||
	    !reads_alike(zone, end))
		return NULL;
	shape->records = end->records;
	return end->known;
}

/* ---- from a shape -------------------------------------------------------- */

enum { HEAD_HOLES = 16 };

/* The holes of a text, and what stands before each. */
struct cuts {
	struct hole holes[SHAPE_HOLES + HEAD_HOLES];
	struct str texts[SHAPE_HOLES + HEAD_HOLES];
	size_t count;
	const char *here;		/* behind the last */
};

static void
add_cut(struct cuts *cuts, const struct hole *hole, const char *start,
    const char *end)
{
	cuts->holes[cuts->count] = *hole;
	cuts->texts[cuts->count++] = (struct str){ cuts->here,
	    (size_t)(start - cuts->here) };
	cuts->here = end;
}

static bool
is_label_byte(char byte)
{
	return (class_of(byte) & LABEL) != 0;
}

/* Behind "$ORIGIN", up to there: is it the name of the zone? */
static bool
is_origin(struct str line, size_t at, struct str label, struct str above)
{
	static const struct str word = STR_INIT("$ORIGIN");
	struct str rest = str_after(line, at + label.n);

	if (at <= word.n || !str_starts(line, word))
		return false;
	while (at > word.n && byte_is_blank((unsigned char)line.p[at - 1]))
		at--;
	return at == word.n && rest.n >= above.n + 2 && rest.p[0] == '.' &&
	    memcmp(rest.p + 1, above.p, above.n) == 0 &&
	    rest.p[above.n + 1] == '.' && (rest.n == above.n + 2 ||
	    byte_is_blank((unsigned char)rest.p[above.n + 2]) ||
	    rest.p[above.n + 2] == '\r');
}

/* In a line that is a comment, and not a part of another word. */
static bool
is_in_comment(struct str line, size_t at, struct str label)
{
	return line.p[0] == ';' && !is_label_byte(line.p[at - 1]) &&
	    (at + label.n == line.n || !is_label_byte(line.p[at + label.n]));
}

static void
cut_line(struct cuts *cuts, struct str line, struct str label,
    struct str above)
{
	static const struct hole own = { .kind = HOLE_OWN };
	size_t at;

	for (at = 1; at + label.n <= line.n && cuts->count < HEAD_HOLES; at++)
		if (memcmp(line.p + at, label.p, label.n) == 0 &&
		    (is_in_comment(line, at, label) ||
		    is_origin(line, at, label, above))) {
			add_cut(cuts, &own, line.p + at,
			    line.p + at + label.n);
			at += label.n - 1;
		}
}

/* Up to the first record; elsewhere such lines stay as they are. */
static void
cut_head(struct cuts *cuts, struct str head, const struct zone *zone)
{
	struct str line;

	while (str_split(&head, '\n', &line))
		cut_line(cuts, line, zone_label(zone), zone_above(zone));
}

/* Is there a key in the stretch that begins with this hole? */
static bool
has_key(const struct shape *shape, size_t number)
{
	const struct hole *hole;

	while (++number < shape->hole_count) {
		hole = &shape->holes[number];
		if (hole->kind == HOLE_KEY || hole->kind == HOLE_LINES_KEY)
			return true;
		if (hole->kind == HOLE_STRETCH)
			break;
	}
	return false;
}

/*
 * Where a stretch begins is told of what comes behind it: of a key where it
 * stands, and of hosts what their origin is. Other stretches would be nothing
 * but a hole more, so they are part of the text; those behind a stretch without
 * any hole are not, as texts that differ in one place have the rest in common.
 */
static bool
is_cut(const struct cuts *cuts, const struct shape *shape, size_t number)
{
	const struct hole *hole = &shape->holes[number];
	size_t i = cuts->count;

	if (number == 0 || shape->holes[number - 1].kind == HOLE_STRETCH ||
	    has_key(shape, number))
		return true;
	while (i > 0 && cuts->holes[i - 1].kind != HOLE_STRETCH)
		i--;
	return i == 0 || cuts->holes[i - 1].own_origin != hole->own_origin;
}

/* Of the first mark only what is said of the zone: the rest is in the text. */
static void
cut_records(struct cuts *cuts, const struct shape *shape, size_t said)
{
	const struct hole *hole;
	struct hole start;
	size_t i;

	for (i = 0; i < shape->hole_count; i++) {
		hole = &shape->holes[i];
		if (hole->kind != HOLE_STRETCH) {
			add_cut(cuts, hole, hole->start, hole->end);
		} else if (is_cut(cuts, shape, i)) {
			start = *hole;
			start.mark = str_slice(hole->mark, 0, i == 0 ? said :
			    0);
			add_cut(cuts, &start, hole->end, hole->end);
		}
	}
}

/* False when the labels between the holes are too many. */
static bool
count_labels(struct labels *labels, const struct cuts *cuts)
{
	size_t i;

	for (i = 0; i < cuts->count; i++)
		if (!shape_count_labels(labels, cuts->texts[i]))
			return false;
	return true;
}

void
stencils_add_whole(struct stencils *stencils, const struct shape *shape,
    const struct zone *zone, const struct known *answer)
{
	struct str text = zone->source->text, above = zone_above(zone);
	struct labels labels = { .count = 0 };
	struct stencil *end;
	struct cuts cuts;

	if (shape->hole_count == 0 || shape->holes[shape->hole_count - 1].end !=
	    text.p + text.n)
		return;
	/* All else is written before it is read. */
	cuts.here = text.p;
	cuts.count = 0;
	cut_head(&cuts, (struct str){ text.p,
	    (size_t)(shape->holes[0].end - text.p) }, zone);
	cut_records(&cuts, shape, 1 + above.n);
	if (!count_labels(&labels, &cuts))
		return;
	end = stencil_add(stencils, 0, cuts.holes, cuts.texts, cuts.count,
	    above, answer);
	if (end == NULL)
		return;
	end->labels = new_set(stencils->arena, &labels);
	end->records = zone->contents->record_count;
	end->is_narrow = stencil_is_narrow(cuts.holes, cuts.texts, cuts.count);
}
