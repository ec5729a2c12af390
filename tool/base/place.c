#include <assert.h>
#include <stdarg.h>

#include "base/arena.h"
#include "base/place.h"

/* Its end is where the LF stands, or the end. */
struct str
place_line(const struct place *place)
{
	struct str line = str_after(place->source->text, place->start);

	line.n = str_find(line, '\n');
	if (line.n > 0 && line.p[line.n - 1] == '\r')
		line.n--;
	return line;
}

/* To the line before the one known. */
static void
step_back(struct place_finder *finder)
{
	const char *text = finder->source->text.p;

	finder->start--;
	while (finder->start > 0 && text[finder->start - 1] != '\n')
		finder->start--;
	finder->line--;
}

/* To the line that holds the offset, which lies further on. */
static void
step_on(struct place_finder *finder, size_t offset)
{
	struct str text = str_slice(finder->source->text, finder->start,
	    offset);
	size_t last = str_find_last(text, '\n');

	if (last == text.n)
		return;
	finder->start += last + 1;
	finder->line += place_count_lines(text);
}

static bool
has_lines(const struct source *source)
{
	return source->from != NULL && source->from->lines != NULL;
}

/* In a text that was given up. */
static struct place
find_kept(const struct source *source, size_t offset)
{
	const struct source_lines *lines = source->from->lines;
	size_t line = 0, behind = lines->count, middle;

	if (offset > lines->end)
		offset = lines->end;
	while (behind - line > 1) {
		middle = line + (behind - line) / 2;
		if (lines->starts[middle] <= offset)
			line = middle;
		else
			behind = middle;
	}
	return (struct place){ line + 1, offset - lines->starts[line] + 1,
	    source, lines->starts[line] };
}

struct place
place_find(struct place_finder *finder, size_t offset)
{
	struct str text = finder->source->text;

	if (text.p == NULL && has_lines(finder->source))
		return find_kept(finder->source, offset);
	if (offset > text.n)
		offset = text.n;
	while (offset < finder->start)
		step_back(finder);
	step_on(finder, offset);
	return (struct place){ finder->line + 1, offset - finder->start + 1,
	    finder->source, finder->start };
}

struct place
place_near(struct place_finder *finder, struct span span)
{
	if (finder->source != span.source)
		*finder = (struct place_finder){ .source = span.source };
	return place_find(finder, span.start);
}

struct place
source_place(const struct source *source, size_t offset)
{
	struct place_finder finder = { source, 0, 0 };

	return place_find(&finder, offset);
}

/* ---- where texts come from ----------------------------------------------- */

static struct source_from *
copy_from(struct arena *arena, const struct source *source)
{
	struct source_from *copy = ARENA_NEW(arena, struct source_from);

	if (source->from != NULL)
		*copy = *source->from;
	return copy;
}

void
source_set_included(struct arena *arena, struct source *source,
    struct span include)
{
	struct source_from *from = copy_from(arena, source);

	from->included = include;
	source->from = from;
}

void
source_set_map(struct arena *arena, struct source *source,
    struct source_map map)
{
	struct source_from *from = copy_from(arena, source);

	from->map = map;
	source->from = from;
}

void
source_keep_lines(struct arena *arena, struct source *source)
{
	struct source_from *from;
	size_t count = place_count_lines(source->text) + 1, i;
	struct str rest = source->text, line;
	struct source_lines *lines;

	if (has_lines(source))
		return;
	from = copy_from(arena, source);
	lines = arena_alloc(arena, sizeof(*lines) +
	    count * sizeof(*lines->starts));
	assert(source->text.n < UINT16_MAX);
	lines->count = (uint16_t)count;
	lines->end = (uint16_t)source->text.n;
	for (i = 1; i < count; i++) {
		str_split(&rest, '\n', &line);
		lines->starts[i] = (uint16_t)(source->text.n - rest.n);
	}
	from->lines = lines;
	source->from = from;
}

struct span
source_included(const struct source *source)
{
	return source->from == NULL ? (struct span){ NULL, 0, 0 } :
	    source->from->included;
}

bool
source_is_generated(const struct source *source)
{
	return source->from != NULL && source->from->map.rows != NULL;
}

/*
 * The row that covers an offset, NULL when it stands before the first, or none
 * does.
 */
static const struct source_map_row *
row_of(const struct source *source, size_t offset)
{
	const struct source_from *from = source->from;
	size_t low = 0, high = from == NULL ? 0 : from->map.count, middle;

	while (low < high) {
		middle = low + (high - low) / 2;
		if (from->map.rows[middle].text <= offset)
			low = middle + 1;
		else
			high = middle;
	}
	return low == 0 ? NULL : &from->map.rows[low - 1];
}

struct span
span_resolve(struct span span)
{
	const struct source_map_row *row;

	while (span.source != NULL &&
	    (row = row_of(span.source, span.start)) != NULL &&
	    row->origin.source != NULL)
		span = row->origin;
	return span;
}

/* ---- stretches, and what is wrong with them ------------------------------ */

struct str
span_text(struct span span)
{
	if (span.source == NULL)
		return STR_NONE;
	return str_slice(span.source->text, span.start, span.end);
}

bool
span_is_none(struct span span)
{
	return span.source == NULL;
}

void
problems_add(struct problems *problems, struct arena *arena, int kind,
    size_t start, size_t end, const char *format, ...)
{
	struct problem *problem = ARENA_NEW(arena, struct problem);
	va_list args;

	va_start(args, format);
	problem->what = arena_vprintf(arena, format, args);
	va_end(args);
	problem->kind = kind;
	problem->start = start;
	problem->end = end;
	if (problems->last == NULL)
		problems->first = problem;
	else
		problems->last->next = problem;
	problems->last = problem;
	problems->count++;
}
