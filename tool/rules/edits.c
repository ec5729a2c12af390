/* Fixes: what checks offer to put in place of what. */
#include "base/arena.h"
#include "rules/check.h"
#include "zone/scan.h"

/* ---- any text ------------------------------------------------------------ */

/*
 * Takes note that there is a fix, and all edits together are as safe as the
 * least safe one; false when nobody asks which they are, or there can be none.
 */
static bool
may_fix(struct lint *lint, struct diag *diag, enum fix_kind kind)
{
	if (diag->unfixable)
		return false;
	if (kind > diag->fix)
		diag->fix = (uint8_t)kind;
	return !lint->selection->no_edits;
}

void
diag_fix(struct lint *lint, struct diag *diag, enum fix_kind kind,
    struct span span, struct str replacement)
{
	struct edit *edit, **end;

	if (!may_fix(lint, diag, kind))
		return;
	edit = ARENA_NEW(lint->keep, struct edit);
	edit->span = span;
	edit->replacement = arena_copy(lint->keep, replacement);
	end = &diag_rest_of(lint->keep, diag)->edits;
	for (; *end != NULL; end = &(*end)->next)
		continue;
	*end = edit;
}

/* Half of a fix would do harm. */
static void
make_unfixable(struct diag *diag)
{
	diag->unfixable = true;
	diag->fix = FIX_NONE;
	if (diag->rest != NULL)
		diag->rest->edits = NULL;
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

/* ---- tags ---------------------------------------------------------------- */

bool
tag_has_twin(const struct record *record, const struct tag *tag)
{
	const struct tag *other = record->auth == AUTH_DKIM ?
	    record->dkim->tags.first : record->auth == AUTH_DMARC ||
	    record->auth == AUTH_REPORT ? record->dmarc->tags.first : NULL;

	for (; other != NULL; other = other->next)
		if (other != tag && str_equal_case(other->name, tag->name))
			return true;
	return false;
}

/*
 * Receivers that follow RFC 7489 to the letter pass over a record in which p is
 * not the second tag, all verifiers over a key in which v is not the first one,
 * and do not when what stands before it is gone.
 */
static bool
stands_before_first(const struct record *record, const struct tag *tag)
{
	const struct tag *first = record->auth == AUTH_DMARC ?
	    record->dmarc->p : record->auth == AUTH_DKIM ? record->dkim->v :
	    NULL;

	return first != NULL && tag->start < first->start;
}

/* From the end of the tag before it, or up to the start of the one behind. */
void
diag_fix_remove_tag(struct lint *lint, struct diag *diag, enum fix_kind kind,
    const struct record *record, const struct tag *tag)
{
	size_t start = tag->start, end = tag->end;
	struct str text = record->text;

	/* Without the one, the other would count. */
	if (kind == FIX_SAFE && tag_has_twin(record, tag))
		return;
	if (kind == FIX_SAFE && stands_before_first(record, tag))
		kind = FIX_UNSAFE;
	while (start > 0 && text.p[start - 1] != ';')
		start--;
	if (start > 0)
		start--;
	else if (end < text.n)
		end++;
	while (start == 0 && end < text.n &&
	    byte_is_blank((unsigned char)text.p[end]))
		end++;
	while (start > 0 && byte_is_blank((unsigned char)text.p[start - 1]))
		start--;
	diag_fix_text(lint, diag, kind, record, start, end, STR(""));
}

void
diag_fix_move_tag(struct lint *lint, struct diag *diag, enum fix_kind kind,
    const struct record *record, const struct tag *tag, size_t at,
    struct str text)
{
	diag_fix_text(lint, diag, kind, record, at, at, text);
	diag_fix_remove_tag(lint, diag, kind, record, tag);
}

/* ---- records ------------------------------------------------------------- */

/* Does the first entry of a text, comments passed over, have no owner? */
static bool
begins_without_owner(struct str text)
{
	struct str line, trimmed;

	while (text.n > 0 && str_split(&text, '\n', &line)) {
		trimmed = str_trim(line);
		if (trimmed.n > 0 && trimmed.p[0] != ';' &&
		    trimmed.p[0] != '\r')
			return byte_is_blank((unsigned char)line.p[0]);
	}
	return false;
}

/*
 * Does its file say $TTL before it? Then an entry that has no TTL does not take
 * that of the one before.
 */
static bool
has_default_ttl(const struct record *record)
{
	const struct zone *zone = record->zone;
	struct str text;

	if (record->span.source == zone->source)
		return zone->contents->own_ttl > 0 && zone->contents->own_ttl <=
		    record->span.start;
	text = str_slice(record->span.source->text, 0, record->span.start);
	return str_starts_case(text, STR("$TTL")) ||
	    str_contains(text, STR("\n$TTL"));
}

void
diag_fix_remove_record(struct lint *lint, struct diag *diag,
    enum fix_kind kind, const struct record *record)
{
	struct str text = record->span.source->text;
	size_t start = record->span.start, end = record->span.end;

	while (start > 0 && byte_is_blank((unsigned char)text.p[start - 1]))
		start--;
	while (end < text.n && (byte_is_blank((unsigned char)text.p[end]) ||
	    text.p[end] == '\r'))
		end++;
	if (record->generated || (start > 0 && text.p[start - 1] != '\n') ||
	    (end < text.n && text.p[end] != '\n') ||
	    (span_text(record->owner_span).n > 0 &&
	    begins_without_owner(str_after(text, end + 1))) ||
	    (record->explicit_ttl && !has_default_ttl(record)))
		return;
	diag_fix(lint, diag, kind, (struct span){ record->span.source, start,
	    end + (end < text.n) }, STR(""));
}

bool
place_is_taken(struct lint *lint, struct str owner, enum auth kind,
    const struct record *but)
{
	const struct node *node = zone_find(lint->zone, owner);
	const struct record **records;
	size_t count, i;

	if (node == NULL)
		return false;
	count = lint_records(lint, node, HAS_TXT, &records);
	for (i = 0; i < count; i++)
		if (records[i]->span.start != but->span.start &&
		    (auth_version(records[i]->text) == kind ||
		    auth_near_version(records[i]->text) == kind))
			return true;
	return false;
}

/* The start of the line behind an entry. */
static size_t
next_line(struct str text, size_t end)
{
	end += str_find(str_after(text, end), '\n');
	return end < text.n ? end + 1 : text.n;
}

/* The same behind those that take their owner from the entry, too. */
static size_t
next_owner(const struct source *source, size_t end)
{
	struct scan scan = { .text = source->text, .line_start = true,
	    .here = next_line(source->text, end) };
	size_t at = scan.here;
	struct lexeme lexeme;
	enum lexeme_kind kind;

	do {
		kind = scan_next(&scan, SCAN_QUOTED | SCAN_BLANK, &lexeme);
		if (kind == LEXEME_BLANK && scan_next(&scan, SCAN_QUOTED,
		    &lexeme) == LEXEME_WORD) {
			scan_rest(&scan);
			at = scan.here;
		}
	} while (kind == LEXEME_BLANK || kind == LEXEME_LINE);
	return at;
}

void
diag_fix_add_record(struct lint *lint, struct diag *diag, struct span entry,
    struct str owner, const char *type_and_data)
{
	diag_fix_add_record_to(lint, diag, lint->zone, entry, owner,
	    type_and_data);
}

void
diag_fix_add_record_to(struct lint *lint, struct diag *diag,
    const struct zone *zone, struct span entry, struct str owner,
    const char *type_and_data)
{
	struct str text = entry.source->text, left = owner;
	bool ours = entry.source == zone->source;
	bool relative = ours && !zone->contents->own_origins;
	struct str parts[5] = { STR_NONE };
	size_t at;

	if (!may_fix(lint, diag, FIX_UNSAFE))
		return;
	at = ours && zone->contents->has_soa &&
	    entry.start == zone->contents->soa.start ? text.n :
	    next_owner(entry.source, entry.end);
	if (at > 0 && text.p[at - 1] != '\n')
		parts[0] = STR("\n");
	if (relative)
		left = name_relative(owner, zone->name);
	parts[1] = relative && left.n == 0 ? STR("@") : left;
	parts[2] = relative ? STR(" ") : STR(". ");
	parts[3] = str_from(type_and_data);
	parts[4] = STR("\n");
	diag_fix(lint, diag, FIX_UNSAFE, (struct span){ entry.source, at, at },
	    arena_join(lint->arena, parts, 5));
}

/* A new one goes before the first word behind the owner. */
void
diag_fix_ttl(struct lint *lint, struct diag *diag, enum fix_kind kind,
    const struct record *record, uint32_t ttl)
{
	struct str text = record->span.source->text, word;
	struct cursor in = { str_slice(text, 0, record->type_span.end),
	    record->span.start };
	size_t start;

	if (record->generated)
		return;
	if (record->owner_span.end > in.here)
		in.here = record->owner_span.end;
	do {
		cursor_while(&in, STR(" \t"));
		start = in.here;
		word = cursor_until(&in, STR(" \t();\r\n"));
		if (word.n == 0)
			return;
	} while (record->explicit_ttl &&
	    !byte_is_digit((unsigned char)word.p[0]));
	diag_fix(lint, diag, kind, (struct span){ record->span.source,
	    start, record->explicit_ttl ? in.here : start },
	    arena_printf(lint->arena, "%u%s", (unsigned)ttl,
	    record->explicit_ttl ? "" : " "));
}
