/*
 * What the rules about texts share, see zone_text.h, and what they tell the
 * rules about kinds of records.
 */
#include "base/arena.h"
#include "base/buffer.h"
#include "rules/zone_text.h"

enum auth
text_kind(const struct record *record)
{
	enum auth kind = record->auth;

	if (kind == AUTH_NONE)
		kind = auth_version(record->text);
	if (kind == AUTH_NONE)
		kind = auth_near_version(record->text);
	return kind;
}

/* The text in quotes, as master files want it. */
static struct str
write_text(struct arena *arena, struct str text, enum auth kind)
{
	struct buffer out = { 0 };
	struct str *strings;
	size_t count, i;

	strings = text_split(arena, text, kind, &count);
	for (i = 0; i < count; i++) {
		if (i > 0)
			buffer_add_byte(&out, ' ');
		write_string(&out, strings[i]);
	}
	return buffer_finish(&out, arena);
}

struct str
text_join(struct arena *arena, const struct record *record, struct str lost)
{
	struct buffer text = { 0 };
	size_t i;

	for (i = 0; i < record->string_count; i++) {
		if (i > 0 && !(record->tokens[i - 1].quoted &&
		    record->tokens[i].quoted))
			buffer_add_byte(&text, ' ');
		buffer_add(&text, record->strings[i]);
	}
	buffer_add(&text, lost);
	return buffer_finish(&text, arena);
}

bool
text_is_second(struct lint *lint, const struct record *record)
{
	return place_is_taken(lint, record->owner, text_kind(record), record);
}

void
text_fix(struct lint *lint, struct diag *diag, const struct record *record,
    size_t end, struct str text)
{
	struct span span = record->rdata_span;

	span.end = end;
	if (!record->generated && !str_has(span_text(span), '\n') &&
	    !text_is_second(lint, record))
		diag_fix(lint, diag, FIX_UNSAFE, span,
		    write_text(lint->arena, text, text_kind(record)));
}

bool
text_has_strings(const struct record *record)
{
	return record->string_count > 0 &&
	    record->string_count == record->token_count;
}

/* Is it one of those that $GENERATE made of a text without quotes? */
static bool
is_generated_wrong(const struct zone *zone, const struct record *record)
{
	const struct zone_problem *problem;

	if (!record->generated)
		return false;
	for (problem = zone->contents->problems; problem != NULL;
	    problem = problem->next)
		if (problem->kind == ZONE_GENERATE_QUOTES &&
		    problem->span.source == record->span.source &&
		    problem->span.start >= record->span.start &&
		    problem->span.end <= record->span.end)
			return true;
	return false;
}

bool
text_is_spoiled(const struct record *record, unsigned marks)
{
	struct str text = record->text;
	const char *what;
	size_t end;

	return ((marks & MARK_COMMENT) != 0 && text_is_truncated(record)) ||
	    ((marks & MARK_STRINGS) != 0 && text_is_split(record)) ||
	    ((marks & MARKS_ORNAMENT) != 0 &&
	    text_find_ornament(text, &end, &what) < text.n) ||
	    ((marks & MARK_BACKSLASH) != 0 &&
	    text_find_backslash(text, 0) < text.n) ||
	    is_generated_wrong(record->zone, record);
}

bool
text_is_explained(struct lint *lint, const struct record *record,
    size_t start, size_t end)
{
	struct str part = str_slice(record->text, start, end);
	struct arena_mark mark = arena_mark(lint->arena);
	size_t from = 0, to = 0, meeting;

	if (text_is_spoiled(record, record_marks(record)))
		return true;
	/* Others lie before it, or behind the first that does not. */
	do
		meeting = text_next_meeting(lint->arena, record, to, &from,
		    &to);
	while (meeting > 0 && to <= start);
	arena_release(lint->arena, mark);
	if (meeting > 0 && from < end)
		return true;
	return text_find_foreign(part, 0) < part.n ||
	    text_find_control(part, 0) < part.n;
}
