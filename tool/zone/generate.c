/*
 * The $ in a $GENERATE, as BIND reads it with scanf(3): numbers may have a
 * sign and blanks before them, and wrap as an int does.
 */
#include <assert.h>
#include <limits.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "base/file.h"
#include "zone/reader.h"

enum {
	ROOM_NUMBER = 128,		/* of BIND, with the final NUL */
	ROOM_OWNER = 2048,
	ROOM_DATA = 65535
};

/* What long holds at most is -1 as an int. */
static bool
read_int(struct cursor *in, uint32_t *value)
{
	int64_t number;

	if (!long_parse(in, &number))
		return false;
	*value = (uint32_t)number;
	return true;
}

static bool
generate_range(struct str text, struct generate *generate)
{
	struct cursor in = { text, 0 };

	generate->step = 1;
	if (!read_int(&in, &generate->start) || !cursor_accept(&in, '-') ||
	    !read_int(&in, &generate->stop))
		return false;
	if (cursor_accept(&in, '/') && (!read_int(&in, &generate->step) ||
	    generate->step == 0 || generate->step > INT_MAX))
		return false;
	return generate->start <= INT_MAX && generate->stop <= INT_MAX &&
	    generate->start <= generate->stop;
}

static size_t
generate_count(const struct generate *generate)
{
	assert(generate->step > 0);
	return (generate->stop - generate->start) / generate->step + 1;
}

uint32_t
generate_number(const struct generate *generate, size_t entry)
{
	return generate->start + (uint32_t)entry * generate->step;
}

/*
 * What scanf(3) has found behind the dollar signs of a text so far. BIND keeps
 * it up to the end of the text: a lone $ has the offset of that before it, and
 * what is missing in one modifier may stand in an earlier one.
 */
struct modifier {
	int offset;
	uint32_t width;
	int comma, base, brace;		/* behind the width: , d } */
};

/* As strtoul(3): a minus takes the number from 2^64. */
static bool
read_width(struct cursor *in, uint32_t *width)
{
	struct cursor ahead = *in;
	uint64_t number;
	struct str digits;
	bool negative;

	cursor_while(&ahead, STR(" \t\n\v\f\r"));
	negative = cursor_accept(&ahead, '-');
	if (!negative)
		cursor_accept(&ahead, '+');
	digits = cursor_while(&ahead, STR("0123456789"));
	if (digits.n == 0)
		return false;
	if (!str_number(digits, UINT64_MAX, &number))
		number = UINT64_MAX;
	else if (negative)
		number = -number;
	*width = (uint32_t)number;
	*in = ahead;
	return true;
}

/* The next byte if it is one of those; it is kept. */
static bool
read_byte(struct cursor *in, struct str bytes, int *byte)
{
	if (cursor_peek(in) == END || !str_has(bytes, cursor_peek(in)))
		return false;
	*byte = cursor_next(in);
	return true;
}

/* What is behind the first closing brace does count. */
static bool
scan_modifier(struct cursor in, struct modifier *modifier, int *first)
{
	uint32_t offset;

	if (!read_int(&in, &offset))
		return false;
	modifier->offset = (int)offset;
	if (!read_byte(&in, STR(",}"), first))
		return false;
	if (read_width(&in, &modifier->width) &&
	    read_byte(&in, STR(",}"), &modifier->comma) &&
	    read_byte(&in, STR("doxXnN"), &modifier->base))
		read_byte(&in, STR("}"), &modifier->brace);
	return true;
}

/*
 * {offset}, {offset,width} or {offset,width,base}, the brace is there; the
 * width and base of this one number.
 */
static bool
read_modifier(struct cursor *in, struct modifier *modifier, uint32_t *width,
    int *base)
{
	int first;

	cursor_next(in);
	if (!scan_modifier(*in, modifier, &first))
		return false;
	if (first == ',') {
		*width = modifier->width;
		if (modifier->comma == ',' && modifier->brace == '}')
			*base = modifier->base;
		else if (modifier->comma != '}')
			return false;
	}
	cursor_until(in, STR("}"));
	cursor_accept(in, '}');
	return true;
}

/* Nibbles with dots between them, the lowest first; width counts both. */
static bool
put_nibbles(struct buffer *out, uint32_t value, uint32_t width, bool upper)
{
	const char *digits = upper ? "0123456789ABCDEF" : "0123456789abcdef";
	size_t count = 0;

	do {
		if (++count >= ROOM_NUMBER)
			return false;
		buffer_add_byte(out, digits[value & 15]);
		value >>= 4;
		width -= width > 0;
		if (width > 0 || value != 0) {
			if (++count >= ROOM_NUMBER)
				return false;
			buffer_add_byte(out, '.');
			width -= width > 0;
		}
	} while (value != 0 || width > 0);
	return true;
}

static bool
put_number(struct buffer *out, uint32_t number, int offset, uint32_t wanted,
    int base)
{
	int64_t sum = (int64_t)number + offset;
	int width = wanted < ROOM_NUMBER ? (int)wanted : ROOM_NUMBER;
	size_t before = out->n;

	if (number > 0 && sum > INT_MAX)
		return false;
	switch (base) {
	case 'n':
	case 'N':
		return put_nibbles(out, (uint32_t)sum, wanted, base == 'N');
	case 'o':
		buffer_printf(out, "%0*o", width, (unsigned)sum);
		break;
	case 'x':
		buffer_printf(out, "%0*x", width, (unsigned)sum);
		break;
	case 'X':
		buffer_printf(out, "%0*X", width, (unsigned)sum);
		break;
	default:
		buffer_printf(out, "%0*d", width, (int)sum);
		break;
	}
	return out->n - before < ROOM_NUMBER;
}

/* Behind a dollar sign. */
static bool
put(struct buffer *out, struct cursor *in, struct modifier *modifier,
    uint32_t number)
{
	uint32_t width = 0;
	int base = 'd';

	if (cursor_accept(in, '$')) {
		buffer_add_byte(out, '$');
		return true;
	}
	return (cursor_peek(in) != '{' ||
	    read_modifier(in, modifier, &width, &base)) &&
	    put_number(out, number, modifier->offset, width, base);
}

/* The words and strings of a $GENERATE with its number put in. */
static bool
generate_put(struct buffer *out, struct str pattern, uint32_t number)
{
	struct cursor in = { pattern, 0 };
	struct modifier modifier = { .offset = 0 };
	int byte;

	while ((byte = cursor_next(&in)) != END) {
		if (byte == '$') {
			if (!put(out, &in, &modifier, number))
				return false;
			continue;
		}
		buffer_add_byte(out, byte);
		if (byte == '\\' && cursor_peek(&in) != END)
			buffer_add_byte(out, cursor_next(&in));
	}
	return true;
}

/* ---- the directive ------------------------------------------------------- */

static bool
fail(struct reader *reader, struct span span, enum zone_problem_kind kind,
    const char *words)
{
	struct complaint complaint = { kind, 0, 0, false, words };

	return reader_complain(reader, &complaint, span);
}

/* start-stop[/step] owner [class] [TTL] [class] type data */
static bool
read_words(struct reader *reader, struct generate *generate)
{
	struct scan *scan = &reader->frame->scan;
	struct entry entry = { 0 };
	struct complaint complaint;
	struct lexeme word;

	if (!next_argument(reader, 0, &word))
		return false;
	if (!generate_range(word.text, generate))
		return complain_at(reader, &word, ZONE_SYNTAX, true,
		    "is no range (1-9, 0-90/10)");
	if (!next_argument(reader, 0, &word))
		return false;
	generate->owner = word.text;
	generate->owner_span = span_here(reader, word.start, word.end);
	if (!entry_read_type(scan, &entry, &complaint))
		return complain_here(reader, &complaint);
	generate->type = entry.type;
	generate->ttl = entry.ttl;
	generate->explicit_ttl = entry.explicit_ttl;
	generate->type_span = span_here(reader, entry.type_lexeme.start,
	    entry.type_lexeme.end);
	if (!next_argument(reader, SCAN_QUOTED, &word))
		return false;
	generate->data = cooked(reader->arena, &word);
	generate->data_span = span_here(reader, word.start, word.end);
	return true;
}

static void
pass_ttl(struct reader *reader, struct generate *generate)
{
	if (generate->explicit_ttl) {
		reader->ttl = generate->ttl;
		reader->has_ttl = true;
	} else if (reader->has_default_ttl)
		reader->ttl = reader->default_ttl;
	else if (!reader->has_ttl)
		complain_ttl(reader, generate->type_span);
	generate->ttl = reader->ttl;
}

static void
note_comment(void *context, size_t start, size_t end)
{
	(void)start;
	(void)end;
	*(bool *)context = true;
}

/* "v=DMARC1; p=reject" without any quotes: the rest is a comment. */
static bool
loses_tags(const struct generate *generate)
{
	struct cursor in = { generate->data_span.source->text,
	    generate->data_span.end };
	enum auth kind = auth_version(generate->data);
	size_t start;

	if (kind == AUTH_NONE || kind == AUTH_SPF)
		return false;
	cursor_while(&in, STR(" \t"));
	if (!cursor_accept(&in, ';'))
		return false;
	cursor_while(&in, STR("; \t"));
	start = in.here;
	while (byte_is_letter(cursor_peek(&in)))
		cursor_next(&in);
	if (in.here == start)
		return false;
	cursor_while(&in, STR(" \t"));
	return cursor_peek(&in) == '=';
}

/*
 * BIND takes the quotes off before it puts the number in, so that a text of
 * several words becomes several strings, and ";" begins a comment.
 */
static void
check_quotes(struct reader *reader, const struct generate *generate,
    struct str data)
{
	bool comment = false;
	struct scan scan = { .text = data, .comment = note_comment,
	    .context = &comment };
	struct lexeme lexeme;
	size_t words = 0;

	if (generate->type != RR_TXT && generate->type != RR_SPF)
		return;
	while (scan_next(&scan, SCAN_QUOTED, &lexeme) == LEXEME_WORD ||
	    lexeme.kind == LEXEME_QUOTED)
		words += lexeme.kind == LEXEME_WORD;
	if (words > 1 || comment)
		fail(reader, generate->data_span, ZONE_GENERATE_QUOTES,
		    "$GENERATE takes the quotes off, so the text is cut at "
		    "blanks and at \";\" (write \"\\\"...\\\"\")");
	else if (loses_tags(generate))
		fail(reader, generate->data_span, ZONE_GENERATE_QUOTES,
		    "without quotes the text is cut at \";\" (write "
		    "\"\\\"...\\\"\")");
}

/* The text of one entry: owner, a NUL, data, then padding. */
bool
generate_text(struct buffer *out, const struct generate *generate,
    uint32_t number, struct str *owner, struct str *data)
{
	size_t start;

	buffer_clear(out);
	if (!generate_put(out, generate->owner, number) ||
	    out->n >= ROOM_OWNER)
		return false;
	buffer_add_byte(out, '\0');
	start = out->n;
	if (!generate_put(out, generate->data, number) ||
	    out->n - start >= ROOM_DATA)
		return false;
	buffer_add_repeated(out, '\0', FILE_PADDING);
	*owner = str_slice(buffer_str(out), 0, start - 1);
	*data = str_slice(buffer_str(out), start, out->n - FILE_PADDING);
	return true;
}

/* Checks one entry; false when the directive ends here. */
static bool
read_one(struct reader *reader, const struct generate *generate,
    struct str owner, struct str data, struct wire *wire, bool *outside)
{
	const struct origin *origin = reader->frame->origin;
	struct scan scan = { .text = data };
	struct rdata *rdata = &reader->rdata;
	enum wire_error error = wire_parse(owner, &origin->wire, wire);

	if (error != WIRE_FINE)
		return fail(reader, generate->owner_span,
		    wire_problem(error), arena_printf(reader->arena,
		    "\"%.*s\" %s", STR_ARG(owner),
		    wire_error_words(error)).p);
	*outside = !wire_within(wire, &reader->apex);
	if (*outside)
		return true;
	if (!suits_owner(generate->type, wire))
		return fail(reader, generate->type_span, ZONE_SYNTAX,
		    "this type cannot stand at a wildcard");
	if (reader->frame->scan.depth > 0)
		return fail(reader, generate->data_span, ZONE_SYNTAX,
		    "the data of $GENERATE cannot stand in parentheses");
	rdata->scan = &scan;
	rdata->origin = &origin->wire;
	rdata->type = generate->type;
	if (rdata_read(rdata, must_check(reader, generate->type)))
		return true;
	return fail(reader, generate->data_span, rdata->complaint.kind,
	    arena_printf(reader->arena, rdata->complaint.quote ?
	    "\"%.*s\" %s" : "%.*s%s", rdata->complaint.quote ?
	    (int)(rdata->complaint.end - rdata->complaint.start) : 0,
	    data.p + rdata->complaint.start, rdata->complaint.words).p);
}

static bool
expand(struct reader *reader, const struct generate *generate,
    struct buffer *text)
{
	size_t i, count = generate_count(generate);
	struct str owner, data;
	struct wire wire;
	bool outside = false;
	uint64_t place = place_of(reader, reader->frame->scan.here);

	for (i = 0; i < count; i++) {
		if (!generate_text(text, generate,
		    generate_number(generate, i), &owner, &data))
			return fail(reader, generate->span, ZONE_SYNTAX,
			    "bad ${offset,width,base}, or a number or text "
			    "out of range");
		if (i == 0)
			check_quotes(reader, generate, data);
		if (!read_one(reader, generate, owner, data, &wire, &outside))
			return false;
		if (outside)
			continue;
		log_add_run(reader->log, hash_owner(reader, &wire), place + i,
		    rrtype_set(generate->type));
		count_record(reader, generate->type, wire.octets[1] == '_',
		    reader->rdata.relative);
		note_null_mx(reader, generate->type);
	}
	if (outside)
		fail(reader, generate->owner_span, ZONE_OUT_OF_ZONE,
		    "the names lie outside the zone, so name servers ignore "
		    "these records");
	return true;
}

/* Each entry is one place wide, wrong ones too. */
static bool
read_all(struct reader *reader, const struct generate *generate)
{
	size_t count = generate_count(generate);
	struct segment segment = {
		.start = place_of(reader, reader->frame->scan.here),
		.source = reader->frame->source,
		.origin = reader->frame->origin,
		.generate = generate,
		.ttl = generate->ttl,
		.part = reader->part
	};
	struct buffer text = { 0 };
	bool fine;

	if (count > ZONE_MAX_GENERATE - reader->generated) {
		reader->contents->incomplete = true;
		return fail(reader, generate->span, ZONE_LIMIT,
		    "more than 1000000 records would be generated in one "
		    "zone, so these are left out");
	}
	reader->generated += count;
	reader->run = NULL;
	log_add_segment(reader->log, &segment);
	fine = expand(reader, generate, &text);
	buffer_free(&text);
	reader->place += count;
	start_segment(reader, reader->frame->scan.here);
	return fine;
}

bool
read_generate(struct reader *reader, const struct entry *entry)
{
	struct generate *generate = ARENA_NEW(reader->arena, struct generate);
	struct entry check = *entry;
	bool fine;

	if (!read_words(reader, generate))
		return false;
	pass_ttl(reader, generate);
	generate->span = span_here(reader, entry->start,
	    generate->data_span.end);
	check.type = generate->type;
	check.type_lexeme.start = generate->type_span.start;
	check.type_lexeme.end = generate->type_span.end;
	if (!check_type(reader, &check, true))
		return false;
	fine = read_all(reader, generate);
	return expect_end(reader) && fine;
}
