/* Findings: what checks say, and the order in which it is told. */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/sort.h"
#include "rules/rule.h"

void
diags_add(struct diags *diags, struct diag *diag)
{
	if (diags->last == NULL)
		diags->first = diag;
	else
		diags->last->next = diag;
	diags->last = diag;
	diags->count++;
}

void
diags_move(struct diags *to, struct diags *from)
{
	if (from->first == NULL)
		return;
	if (to->last == NULL)
		to->first = from->first;
	else
		to->last->next = from->first;
	to->last = from->last;
	to->count += from->count;
	*from = (struct diags){ 0 };
}

static int
compare_numbers(size_t a, size_t b)
{
	return (a > b) - (a < b);
}

/* Line and column follow from the offset, so nobody counts lines here. */
static int
compare(const void *a, const void *b)
{
	const struct diag *x = *(struct diag *const *)a;
	const struct diag *y = *(struct diag *const *)b;
	int order = 0;

	if (x->span.source != y->span.source)
		order = str_compare(x->span.source->path,
		    y->span.source->path);
	if (order == 0)
		order = compare_numbers(x->span.start, y->span.start);
	if (order == 0)
		order = strcmp(x->rule->id, y->rule->id);
	if (order == 0)
		order = compare_numbers(x->span.end, y->span.end);
	if (order == 0 && x->zone != NULL && y->zone != NULL)
		order = str_compare(x->zone->name, y->zone->name);
	return order != 0 ? order : str_compare(x->message, y->message);
}

void
diags_sort(struct diags *diags, struct arena *arena)
{
	struct diag *diag, **sorted;
	size_t i, count = diags->count;

	sorted = ARENA_ARRAY(arena, count + 1, struct diag *);
	for (i = 0, diag = diags->first; diag != NULL; diag = diag->next)
		sorted[i++] = diag;
	sort_nearly(sorted, count, sizeof(*sorted), compare, arena);
	*diags = (struct diags){ 0 };
	for (i = 0; i < count; i++) {
		sorted[i]->next = NULL;
		diags_add(diags, sorted[i]);
	}
}

/* Many texts are constants, and formats stay where they are. */
__attribute__((format(printf, 2, 0))) static struct str
print(struct lint *lint, const char *format, va_list args)
{
	return strchr(format, '%') == NULL ? str_from(format) :
	    arena_vprintf(lint->keep, format, args);
}

static struct diag *
object(struct lint *lint, struct span span, const char *format, va_list args)
{
	struct diag *diag = ARENA_NEW(lint->keep, struct diag);

	diag->rule = lint->rule;
	diag->level = lint->level;
	diag->zone = lint->zone;
	if (lint->owner.p != NULL)
		diag->owner = arena_copy(lint->keep, lint->owner);
	diag->type = lint->type;
	diag->span = span;
	diag->entry = lint->entry.source != NULL ? lint->entry : span;
	diag->token = span_text(span);
	diag->message = print(lint, format, args);
	diags_add(lint->diags, diag);
	return diag;
}

struct diag *
complain(struct lint *lint, struct span span, const char *format, ...)
{
	struct diag *diag;
	va_list args;

	va_start(args, format);
	diag = object(lint, span, format, args);
	va_end(args);
	return diag;
}

struct diag *
complain_text(struct lint *lint, const struct record *record, size_t start,
    size_t end, const char *format, ...)
{
	struct diag *diag;
	va_list args;

	va_start(args, format);
	diag = object(lint, record_text_span(record, start, end), format,
	    args);
	va_end(args);
	/* How the text is cut into strings does not matter. */
	diag->token = arena_copy(lint->keep,
	    str_slice(record->text, start, end));
	return diag;
}

struct diag *
complain_zone(struct lint *lint, const char *format, ...)
{
	const struct zone *zone = lint->zone;
	struct span span = zone->soa;
	struct diag *diag;
	va_list args;

	if (!zone->has_soa)
		span = (struct span){ zone->source, 0, 0 };
	va_start(args, format);
	diag = object(lint, span, format, args);
	va_end(args);
	/* The SOA changes with every edit, the finding does not. */
	diag->token = STR_NONE;
	return diag;
}

void
diag_level(struct diag *diag, enum level level)
{
	if (level < diag->level)
		diag->level = level;
}

void
diag_help(struct lint *lint, struct diag *diag, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	diag->help = print(lint, format, args);
	va_end(args);
}

void
diag_note(struct lint *lint, struct diag *diag, struct span span,
    const char *format, ...)
{
	struct note *note = ARENA_NEW(lint->keep, struct note), **end;
	va_list args;

	va_start(args, format);
	note->text = print(lint, format, args);
	va_end(args);
	note->span = span_resolve(span);
	for (end = &diag->notes; *end != NULL; end = &(*end)->next)
		continue;
	*end = note;
}

void
diag_fix(struct lint *lint, struct diag *diag, enum fix_kind kind,
    struct span span, struct str replacement)
{
	struct edit *edit = ARENA_NEW(lint->keep, struct edit), **end;

	if (diag->unfixable)
		return;
	edit->span = span;
	edit->replacement = arena_copy(lint->keep, replacement);
	/* All edits together are as safe as the least safe one. */
	if (diag->edits == NULL || kind > diag->fix)
		diag->fix = kind;
	for (end = &diag->edits; *end != NULL; end = &(*end)->next)
		continue;
	*end = edit;
}

/* Half of a fix would do harm. */
static void
make_unfixable(struct diag *diag)
{
	diag->unfixable = true;
	diag->edits = NULL;
	diag->fix = FIX_NONE;
}

/* Can this be put among so many octets of a string as it is? */
static bool
fits_string(const struct token *token, size_t octets, struct str replacement)
{
	const struct str special = token->quoted ? STR("\"\\") :
	    STR("\"\\;() ");
	size_t i;

	for (i = 0; i < special.n; i++)
		if (str_has(replacement, special.p[i]))
			return false;
	return octets + replacement.n <= STRING_MAX &&
	    str_within(replacement, ' ', '~');
}

/* Where nothing is replaced, the byte beside it says where that is. */
static struct span
text_span(const struct record *record, size_t start, size_t end)
{
	struct span span;

	if (start < end)
		return record_text_span(record, start, end);
	span = record_text_span(record, start > 0 ? start - 1 : 0, start);
	if (start > 0)
		span.start = span.end;
	else
		span.end = span.start;
	return span;
}

void
diag_fix_text(struct lint *lint, struct diag *diag, enum fix_kind kind,
    const struct record *record, size_t start, size_t end,
    struct str replacement)
{
	size_t first = start == end && start > 0 ? start - 1 : start;
	size_t last = start == end ? first + 1 : end;
	size_t i, here = 0, from, to;

	if (diag->unfixable || record->generated ||
	    record->piece_count == 0 || last > record->text.n) {
		make_unfixable(diag);
		return;
	}
	for (i = 0; i < record->string_count; here += record->strings[i++].n) {
		from = first > here ? first : here;
		to = here + record->strings[i].n;
		if (to > last)
			to = last;
		if (from >= to)
			continue;
		if (start == end)
			from = to = start;
		if (!fits_string(&record->tokens[i],
		    record->strings[i].n - (to - from), replacement)) {
			make_unfixable(diag);
			return;
		}
		diag_fix(lint, diag, kind, text_span(record, from, to),
		    replacement);
		/* What stands in further strings only goes. */
		replacement = STR("");
	}
}

int
edit_compare(const struct edit *x, const struct edit *y)
{
	int order = compare_numbers(x->span.start, y->span.start);

	return order != 0 ? order :
	    compare_numbers(x->span.end, y->span.end);
}

static int
compare_edits(const void *a, const void *b)
{
	return edit_compare(*(const struct edit *const *)a,
	    *(const struct edit *const *)b);
}

const struct edit **
diag_edits(struct arena *arena, const struct diag *diag, size_t *count)
{
	const struct edit *edit, **edits;
	size_t here = 0, i = 0;

	for (*count = 0, edit = diag->edits; edit != NULL; edit = edit->next)
		++*count;
	edits = ARENA_ARRAY(arena, *count + 1, const struct edit *);
	for (edit = diag->edits; edit != NULL; edit = edit->next)
		edits[i++] = edit;
	qsort(edits, *count, sizeof(*edits), compare_edits);
	for (i = 0; i < *count; i++) {
		if (edits[i]->span.source != edits[0]->span.source ||
		    edits[i]->span.start < here ||
		    edits[i]->span.end > edits[i]->span.source->text.n)
			return NULL;
		here = edits[i]->span.end;
	}
	return edits;
}
