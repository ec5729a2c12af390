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

struct place
place_find(struct place_finder *finder, size_t offset)
{
	struct str text = finder->source->text;

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

/* The row that covers an offset, NULL when it stands before the first. */
static const struct source_map *
map_row(const struct source *source, size_t offset)
{
	size_t low = 0, high = source->map_length, middle;

	while (low < high) {
		middle = low + (high - low) / 2;
		if (source->map[middle].text <= offset)
			low = middle + 1;
		else
			high = middle;
	}
	return low == 0 ? NULL : &source->map[low - 1];
}

struct span
span_resolve(struct span span)
{
	const struct source_map *row;

	while (span.source != NULL && span.source->map_length > 0 &&
	    (row = map_row(span.source, span.start)) != NULL &&
	    row->origin.source != NULL)
		span = row->origin;
	return span;
}

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
