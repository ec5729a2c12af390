/*
 * The text of records: strings decoded and joined, and where each octet of it
 * stands in the file.
 */
#include <string.h>

#include "base/arena.h"
#include "zone/making.h"

/* Octets decoded one by one, and where runs of plain ones stand. */
struct texting {
	char *text;
	size_t n;
	struct text_piece *pieces;
	size_t count;
	bool broken;			/* the next octet starts a piece */
};

static void
add_octet(struct texting *texting, int octet, size_t source)
{
	struct text_piece *last = &texting->pieces[texting->count];

	if (texting->count == 0 || texting->broken ||
	    source - last[-1].source != texting->n - last[-1].text)
		texting->pieces[texting->count++] =
		    (struct text_piece){ texting->n, source };
	texting->broken = false;
	texting->text[texting->n++] = (char)octet;
}

static void
add_string(struct texting *texting, const struct token *token)
{
	struct cursor in = { token->raw, 0 };
	size_t source = token->span.start + token->quoted, at;
	int octet;

	texting->broken = true;
	while (at = in.here, (octet = string_octet(&in)) >= 0) {
		/* An escape is replaced as a whole or not at all. */
		if (in.here > at + 1)
			texting->broken = true;
		add_octet(texting, octet, source + at);
		if (in.here > at + 1)
			texting->broken = true;
	}
}

/* Most strings hold no escape: one piece, copied at once. */
static void
add_plain(struct texting *texting, const struct token *token)
{
	if (token->raw.n == 0)
		return;
	texting->broken = true;
	add_octet(texting, (unsigned char)token->raw.p[0],
	    token->span.start + token->quoted);
	memcpy(texting->text + texting->n, token->raw.p + 1,
	    token->raw.n - 1);
	texting->n += token->raw.n - 1;
}

static size_t
count_escapes(struct str text)
{
	size_t count = 0, at;

	while ((at = str_find(text, '\\')) < text.n) {
		count++;
		text = str_after(text, at + 2);
	}
	return count;
}

/* One string without escapes is the text as it stands in the file. */
static void
make_plain_text(struct making *making)
{
	struct record *record = making->record;
	const struct token *token = &record->tokens[0];

	record->text = token->raw;
	record->strings = ARENA_NEW(making->arena, struct str);
	record->strings[0] = record->text;
	record->string_count = 1;
	record->pieces = ARENA_NEW(making->arena, struct text_piece);
	record->pieces[0].source = token->span.start + token->quoted;
	record->piece_count = making->segment->generate == NULL &&
	    token->raw.n > 0;
}

static void
make_joined_text(struct making *making)
{
	struct record *record = making->record;
	struct texting texting = { .text = NULL };
	size_t i, start, octets = 0, pieces = 0;

	for (i = 0; i < record->token_count; i++) {
		octets += record->tokens[i].raw.n;
		pieces += 1 + (making->escapes ?
		    2 * count_escapes(record->tokens[i].raw) : 0);
	}
	texting.text = arena_alloc(making->arena, octets + 1);
	texting.pieces = ARENA_ARRAY(making->arena, pieces,
	    struct text_piece);
	record->strings = ARENA_ARRAY(making->arena, record->token_count,
	    struct str);
	for (i = 0; i < record->token_count; i++) {
		start = texting.n;
		if (making->escapes && str_has(record->tokens[i].raw, '\\'))
			add_string(&texting, &record->tokens[i]);
		else
			add_plain(&texting, &record->tokens[i]);
		record->strings[i] = (struct str){ texting.text + start,
		    texting.n - start };
	}
	record->string_count = record->token_count;
	record->text = (struct str){ texting.text, texting.n };
	record->pieces = texting.pieces;
	record->piece_count = making->segment->generate != NULL ? 0 :
	    texting.count;
}

void
make_text(struct making *making)
{
	if (making->record->token_count == 1 && !making->escapes)
		make_plain_text(making);
	else
		make_joined_text(making);
}

void
make_text_octets(struct making *making)
{
	struct record *record = making->record;
	struct str octets = record->octets, *string;
	char *text = arena_alloc(making->arena, octets.n + 1);
	size_t here, n = 0, count = 0;

	for (here = 0; here < octets.n;
	    here += (unsigned char)octets.p[here] + 1u)
		count++;
	record->strings = ARENA_ARRAY(making->arena, count, struct str);
	for (here = 0; here < octets.n; here += string->n + 1) {
		string = &record->strings[record->string_count++];
		*string = (struct str){ text + n,
		    (unsigned char)octets.p[here] };
		memcpy(text + n, octets.p + here + 1, string->n);
		n += string->n;
	}
	record->text = (struct str){ text, n };
}

/* The piece that holds the byte of the text. */
static const struct text_piece *
piece_at(const struct record *record, size_t byte)
{
	size_t low = 0, high = record->piece_count, middle;

	while (low < high) {
		middle = low + (high - low) / 2;
		if (record->pieces[middle].text <= byte)
			low = middle + 1;
		else
			high = middle;
	}
	return low == 0 ? NULL : &record->pieces[low - 1];
}

/*
 * A part that ends with an escape ends where the next piece starts, or with
 * the token.
 */
static size_t
end_of(const struct record *record, const struct text_piece *piece,
    size_t byte)
{
	size_t place = piece->source + (byte - piece->text), i;
	struct str text = record->span.source->text;

	if (byte != piece->text || text.p[place] != '\\')
		return place + 1;
	for (i = place + 1; i < place + 4 && i < text.n &&
	    byte_is_digit((unsigned char)text.p[i]); i++)
		continue;
	return i == place + 1 ? i + 1 : i;
}

struct span
record_text_span(const struct record *record, size_t start, size_t end)
{
	const struct text_piece *first, *last;

	if (record->piece_count == 0 || record->text.n == 0)
		return record->rdata_span;
	if (start >= record->text.n)
		start = record->text.n - 1;
	if (end > record->text.n)
		end = record->text.n;
	if (end <= start)
		end = start + 1;
	first = piece_at(record, start);
	last = piece_at(record, end - 1);
	return (struct span){ record->span.source,
	    first->source + (start - first->text),
	    end_of(record, last, end - 1) };
}
