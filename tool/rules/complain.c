/* Objecting: what checks say, in the name of the current rule. */
#include <stdarg.h>

#include "base/arena.h"
#include "rules/check.h"

struct diag *
complain_args(struct lint *lint, struct span span, const char *format,
    va_list args)
{
	struct diag *diag = arena_room(lint->keep, sizeof(*diag));

	*diag = (struct diag){
		.rule = lint->rule, .zone = lint->zone, .span = span,
		.message = saying_make(lint->keep, &lint->kept, format, args),
		.owner_length = (uint32_t)lint->owner.n, .type = lint->type,
		.level = (uint8_t)lint->level
	};
	if (lint->owner.p != NULL)
		diag->owner = arena_copy_once(lint->keep, &lint->kept,
		    lint->owner).p;
	diag_set_entry(lint->keep, diag, lint->entry.source != NULL ?
	    lint->entry : span);
	diags_add(lint->diags, diag);
	return diag;
}

struct diag *
complain(struct lint *lint, struct span span, const char *format, ...)
{
	struct diag *diag;
	va_list args;

	va_start(args, format);
	diag = complain_args(lint, span, format, args);
	va_end(args);
	return diag;
}

struct diag *
complain_text_args(struct lint *lint, const struct record *record,
    size_t start, size_t end, const char *format, va_list args)
{
	struct diag *diag = complain_args(lint, record_text_span(record,
	    start, end), format, args);
	struct str token = str_slice(record->text, start, end);

	/* How the text is cut into strings does not matter. */
	if (!str_equal(token, span_text(diag->span)))
		diag_keep_token(lint->keep, diag, token);
	return diag;
}

struct diag *
complain_text(struct lint *lint, const struct record *record, size_t start,
    size_t end, const char *format, ...)
{
	struct diag *diag;
	va_list args;

	va_start(args, format);
	diag = complain_text_args(lint, record, start, end, format, args);
	va_end(args);
	return diag;
}

struct diag *
complain_problem(struct lint *lint, const struct record *record,
    const struct problem *problem)
{
	return complain_text(lint, record, problem->start, problem->end,
	    "%.*s", STR_ARG(problem->what));
}

struct diag *
complain_zone(struct lint *lint, const char *format, ...)
{
	struct diag *diag;
	va_list args;

	va_start(args, format);
	diag = complain_args(lint, zone_place(lint->zone), format, args);
	va_end(args);
	/* The SOA changes with every edit, the finding does not. */
	diag_about(lint, diag, STR_NONE);
	return diag;
}

void
diag_about(struct lint *lint, struct diag *diag, struct str token)
{
	diag_set_token(lint->keep, diag, token);
}

void
diag_help(struct lint *lint, struct diag *diag, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	diag->help = saying_make(lint->keep, &lint->kept, format,
	    args);
	va_end(args);
}

void
diag_note(struct lint *lint, struct diag *diag, struct span span,
    const char *format, ...)
{
	struct note *note = ARENA_NEW(lint->keep, struct note), **end;
	va_list args;

	va_start(args, format);
	note->text = saying_make(lint->keep, &lint->kept, format,
	    args);
	va_end(args);
	note->span = span_resolve(span);
	end = &diag_rest_of(lint->keep, diag)->notes;
	for (; *end != NULL; end = &(*end)->next)
		continue;
	*end = note;
}

void
diag_record(struct lint *lint, struct diag *diag, const struct record *record)
{
	diag_set_owner(lint->keep, diag, record->owner);
	diag->type = record->type;
	diag_set_entry(lint->keep, diag, record->span);
}
