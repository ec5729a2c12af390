/*
 * What a reader notes beside the records: problems, and comments that
 * suppress findings.
 */
#include <assert.h>

#include "base/arena.h"
#include "zone/reader.h"

enum { QUOTE_LONGEST = 60 };

struct span
span_here(const struct reader *reader, size_t start, size_t end)
{
	return (struct span){ reader->frame->source, start, end };
}

static struct zone_problem *
add_problem(struct reader *reader, enum zone_problem_kind kind,
    struct span span, struct str what)
{
	struct zone_problem *problem = ARENA_NEW(reader->arena,
	    struct zone_problem);

	problem->kind = kind;
	problem->span = span;
	problem->what = what;
	*reader->last_problem = problem;
	reader->last_problem = &problem->next;
	return problem;
}

/* Counts it; true when it is to be kept too. */
static bool
count_problem(struct reader *reader, enum zone_problem_kind kind)
{
	size_t *kept = kind == ZONE_OUT_OF_ZONE ? &reader->kept_outside :
	    &reader->kept;

	reader->contents->problem_count++;
	return ++*kept <= ZONE_MAX_PROBLEMS;
}

/* What stands at the span comes first when it is to be quoted. */
bool
reader_complain(struct reader *reader, const struct complaint *complaint,
    struct span span)
{
	struct str text = span_text(span);

	if (!count_problem(reader, complaint->kind))
		return false;
	if (!complaint->quote)
		text = str_from(complaint->words);
	else if (text.n > QUOTE_LONGEST)
		text = arena_printf(reader->arena, "\"%.*s...\" %s",
		    QUOTE_LONGEST, text.p, complaint->words);
	else
		text = arena_printf(reader->arena,
		    text.n > 1 && text.p[0] == '"' ? "%.*s %s" :
		    "\"%.*s\" %s", STR_ARG(text), complaint->words);
	add_problem(reader, complaint->kind, span, text);
	return false;
}

bool
complain_here(struct reader *reader, const struct complaint *complaint)
{
	return reader_complain(reader, complaint, span_here(reader,
	    complaint->start, complaint->end));
}

bool
complain_at(struct reader *reader, const struct lexeme *lexeme,
    enum zone_problem_kind kind, bool quote, const char *words)
{
	struct complaint complaint = { kind, lexeme->start, lexeme->end,
	    quote, words };

	return complain_here(reader, &complaint);
}

bool
complain_words(struct reader *reader, const struct lexeme *lexeme,
    enum zone_problem_kind kind, struct str words)
{
	if (count_problem(reader, kind))
		add_problem(reader, kind, span_here(reader, lexeme->start,
		    lexeme->end), words);
	return false;
}

bool
complain_name(struct reader *reader, const struct lexeme *lexeme,
    enum wire_error error)
{
	return complain_at(reader, lexeme, wire_problem(error), true,
	    wire_error_words(error));
}

#define NO_TTL	"neither the entry nor a $TTL or an entry before it says one"

/* It is one fault, told at the first entry: a $TTL above that mends it. */
void
complain_ttl(struct reader *reader, struct span type)
{
	if (reader->without_ttl++ == 0 && count_problem(reader, ZONE_NO_TTL))
		reader->first_without_ttl = add_problem(reader, ZONE_NO_TTL,
		    type, STR("no TTL is known here: " NO_TTL));
}

static void
tell_ttl(struct reader *reader)
{
	size_t more = reader->without_ttl - 1;

	if (reader->first_without_ttl == NULL || more == 0)
		return;
	reader->first_without_ttl->what = arena_printf(reader->arena,
	    "no TTL is known here, nor at %zu more %s: " NO_TTL, more,
	    more == 1 ? "entry" : "entries");
}

/*
 * Those that were counted alone have no place; the last of the kind that has
 * one serves.
 */
static void
tell_more(struct reader *reader, bool outside, enum zone_problem_kind kind,
    size_t count, const char *what)
{
	const struct zone_problem *problem, *last = reader->contents->problems;

	if (count <= ZONE_MAX_PROBLEMS)
		return;
	count -= ZONE_MAX_PROBLEMS;
	for (problem = reader->contents->problems; problem != NULL;
	    problem = problem->next)
		if ((problem->kind == ZONE_OUT_OF_ZONE) == outside)
			last = problem;
	assert(last != NULL);
	add_problem(reader, kind, last->span, arena_printf(reader->arena,
	    "the zone has %zu more %s, which are not shown", count,
	    what))->others = count - 1;
}

void
tell_rest(struct reader *reader)
{
	tell_ttl(reader);
	tell_more(reader, false, ZONE_LIMIT, reader->kept, "problems");
	tell_more(reader, true, ZONE_OUT_OF_ZONE, reader->kept_outside,
	    "names outside it");
}

/* ---- suppressions -------------------------------------------------------- */

bool
comment_matters(struct str comment)
{
	struct cursor in = { comment, 0 };

	cursor_while(&in, STR("; \t"));
	return cursor_accept_str(&in, STR("BEGIN mailzone ")) ||
	    cursor_accept_str(&in, STR("mailzone:"));
}

void
take_comment(void *context, size_t start, size_t end)
{
	struct reader *reader = context;
	struct str comment = str_slice(reader->frame->scan.text, start, end);
	struct cursor in = { comment, 0 };
	struct zone_suppression *suppression;

	cursor_while(&in, STR("; \t"));
	reader->contents->marked |= cursor_accept_str(&in,
	    STR("BEGIN mailzone "));
	if (!cursor_accept_str(&in, STR("mailzone:")))
		return;
	if (str_ends(comment, STR("\r")))
		end--;
	suppression = ARENA_NEW(reader->arena, struct zone_suppression);
	suppression->text = str_slice(comment, in.here, end - start);
	suppression->span = span_here(reader,
	    start + in.here - STR("mailzone:").n, end);
	*reader->last_suppression = suppression;
	reader->last_suppression = &suppression->next;
	if (reader->pending == NULL)
		reader->pending = suppression;
}

/* Is there nothing but comments, one a line, between line starts? */
static bool
only_comments(struct str text, size_t from, size_t to)
{
	struct str rest = str_slice(text, from, to), line;

	while (rest.n > 0 && str_split(&rest, '\n', &line))
		if (!str_starts(str_trim(line), STR(";")))
			return false;
	return true;
}

/* Where the line begins. */
static size_t
line_of(struct str text, size_t place)
{
	size_t line = str_find_last(str_slice(text, 0, place), '\n') + 1;

	return line > place ? 0 : line;
}

/*
 * What stands on a line of the entry covers it, and what stands on a line of
 * its own directly above it, or above comments that do: those from one on.
 */
void
place_suppressions(struct reader *reader, size_t start, size_t end)
{
	struct zone_suppression *suppression, *above = NULL;
	struct str text = reader->frame->scan.text;
	struct span entry = span_here(reader, start, end);
	size_t first = line_of(text, start), line, before = 0;

	for (suppression = reader->pending; suppression != NULL;
	    suppression = suppression->next) {
		if (suppression->span.source != entry.source)
			continue;
		line = line_of(text, suppression->span.start);
		if (line >= first) {
			suppression->covers = entry;
			continue;
		}
		if (above == NULL || !only_comments(text, before, line))
			above = suppression;
		before = line;
	}
	if (above != NULL && !only_comments(text, before, first))
		above = NULL;
	for (; above != NULL; above = above->next)
		if (above->span.source == entry.source)
			above->covers = entry;
	reader->pending = NULL;
}

bool
zone_problem_is_syntax(enum zone_problem_kind kind)
{
	return kind <= ZONE_BOM;
}
