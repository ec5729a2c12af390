/* Findings: what they are known by, and the order in which they are told. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/hash.h"
#include "base/sort.h"
#include "rules/diag.h"

enum { TOKEN_KEPT = 64, TYPE_DIGITS = 5 };

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
	return order != 0 ? order : saying_compare(x->message, y->message);
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

/* ---- what few have ------------------------------------------------------- */

const struct diag_rest *
diag_rest(const struct diag *diag)
{
	static const struct diag_rest nothing = { .notes = NULL };

	return diag->rest == NULL ? &nothing : diag->rest;
}

struct diag_rest *
diag_rest_of(struct arena *arena, struct diag *diag)
{
	if (diag->rest == NULL)
		diag->rest = ARENA_NEW(arena, struct diag_rest);
	return diag->rest;
}

void
diag_level(struct diag *diag, enum level level)
{
	if (level < diag->level)
		diag->level = (uint8_t)level;
}

void
diag_set_owner(struct arena *arena, struct diag *diag, struct str owner)
{
	assert(!diag->hashed);
	diag->owner = owner.p == NULL ? NULL : arena_copy(arena, owner).p;
	diag->owner_length = (uint32_t)owner.n;
}

/* Mostly it holds the span. */
void
diag_set_entry(struct arena *arena, struct diag *diag, struct span entry)
{
	const struct span *span = &diag->span;

	diag->own_entry = entry.source != span->source ||
	    entry.start > span->start ||
	    span->start - entry.start > UINT32_MAX ||
	    entry.end - entry.start > UINT32_MAX;
	if (diag->own_entry)
		diag_rest_of(arena, diag)->entry = entry;
	else {
		diag->entry_before = (uint32_t)(span->start - entry.start);
		diag->entry_length = (uint32_t)(entry.end - entry.start);
	}
}

struct span
diag_entry(const struct diag *diag)
{
	struct span entry = diag->span;

	if (diag->own_entry)
		return diag->rest->entry;
	entry.start -= diag->entry_before;
	entry.end = entry.start + diag->entry_length;
	return entry;
}

/* A NUL stands behind each text but the last. */
static char *
put(char *to, struct str text)
{
	if (text.p != NULL)
		memcpy(to, text.p, text.n);
	to[text.n] = '\0';
	return to + text.n + 1;
}

static uint64_t
hash_with(struct buffer *scratch, const struct diag *diag, struct str token)
{
	const struct str rule = str_from(diag->rule->id);
	const struct str owner = diag_owner(diag);
	const struct str zone = diag->zone == NULL ? STR_NONE :
	    diag->zone->name;
	unsigned power = 1;
	char *start, *to;

	buffer_clear(scratch);
	start = buffer_room(scratch, rule.n + zone.n + owner.n + TYPE_DIGITS +
	    token.n + sizeof("\0\0\0"));
	to = put(put(put(start, rule), zone), owner);
	while (diag->type / power >= 10)
		power *= 10;
	for (; power > 0; power /= 10)
		*to++ = (char)('0' + diag->type / power % 10);
	*to++ = '\0';
	to = put(to, token);
	return hash_bytes(hash_key_fixed, (struct str){ start,
	    (size_t)(to - start) - 1 });
}

void
diags_hash(const struct diags *diags)
{
	struct buffer scratch = { 0 };
	struct diag *diag;

	for (diag = diags->first; diag != NULL; diag = diag->next) {
		if (!diag->hashed)
			diag->hash = hash_with(&scratch, diag,
			    diag_token(diag));
		diag->hashed = true;
	}
	buffer_free(&scratch);
}

void
diag_set_token(struct arena *arena, struct diag *diag, struct str token)
{
	diag->hashed = false;
	diag->own_token = true;
	diag_rest_of(arena, diag)->token = token.p == NULL ? STR_NONE :
	    arena_copy(arena, token);
}

struct str
diag_token(const struct diag *diag)
{
	return diag->own_token ? diag->rest->token : span_text(diag->span);
}

void
diag_keep_token(struct arena *arena, struct diag *diag, struct str token)
{
	struct buffer scratch = { 0 };

	if (token.n <= TOKEN_KEPT) {
		diag_set_token(arena, diag, token);
		return;
	}
	diag->hash = hash_with(&scratch, diag, token);
	diag->hashed = true;
	buffer_free(&scratch);
}

void
diag_resolve(struct arena *arena, struct diag *diag)
{
	struct span span, entry;

	if (diag->span.source == NULL ||
	    !source_is_generated(diag->span.source))
		return;
	span = span_resolve(diag->span);
	if (span.source == diag->span.source)
		return;
	entry = diag_entry(diag);
	if (!diag->own_token && !diag->hashed)
		diag_keep_token(arena, diag, diag_token(diag));
	diag->span = span;
	diag_set_entry(arena, diag, entry);
}

struct str
diag_fingerprint(const struct diag *diag, char room[FINGERPRINT_MAX])
{
	size_t start = FINGERPRINT_MAX;
	uint32_t number = diag->number;
	unsigned shift;

	if (number == 0)
		return diag_rest(diag)->fingerprint;
	for (; number > 0; number /= 10)
		room[--start] = (char)('0' + number % 10);
	room[--start] = ':';
	for (shift = 0; shift < 64; shift += 4)
		room[--start] = "0123456789abcdef"[diag->hash >> shift & 15];
	return (struct str){ room + start, FINGERPRINT_MAX - start };
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
	const struct edit *first = diag_rest(diag)->edits, *edit, **edits;
	size_t here = 0, i = 0;

	for (*count = 0, edit = first; edit != NULL; edit = edit->next)
		++*count;
	edits = ARENA_ARRAY(arena, *count + 1, const struct edit *);
	for (edit = first; edit != NULL; edit = edit->next)
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
