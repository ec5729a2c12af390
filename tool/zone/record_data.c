/*
 * The rdata of records: its tokens, its octets, and what those say.
 */
#include <string.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "zone/making.h"

/* ---- tokens -------------------------------------------------------------- */

enum { TOKENS_AT_ONCE = 16 };		/* more are rare */

/* Over blanks and opening parentheses, in which line ends are blanks. */
static void
pass_blanks(struct scan *scan)
{
	const char *text = scan->text.p;
	size_t here = scan->here;

	for (;; here++)
		if (text[here] == '(') {
			if (scan->depth++ == 0)
				scan->opened = here;
			scan->code_end = here + 1;
		} else if (!byte_is_blank((unsigned char)text[here]) &&
		    (text[here] != '\n' || scan->depth == 0))
			break;
	scan->here = here;
}

/*
 * As scan_next, but most tokens are short words, or strings in quotes, without
 * an escape.
 */
static enum lexeme_kind
next_lexeme(const struct window_kernel *kernel, struct scan *scan,
    struct lexeme *lexeme)
{
	const char *text = scan->text.p;
	size_t start, quote, n;

	pass_blanks(scan);
	start = scan->here;
	if (text[start] == '\n') {
		*lexeme = (struct lexeme){ LEXEME_LINE, { text + start, 1 },
		    start, ++scan->here, false };
		scan->line_start = true;
		return LEXEME_LINE;
	}
	quote = text[start] == '"';
	n = kernel == NULL ? 0 : quote ? kernel->quoted(text + start + 1) :
	    kernel->word(text + start).n;
	if (kernel == NULL || (quote ? text[start + 1 + n] != '"' :
	    n == 0 || n == WINDOW || text[start + n] == '\\'))
		return scan_next(scan, SCAN_QUOTED, lexeme);
	*lexeme = (struct lexeme){ quote ? LEXEME_QUOTED : LEXEME_WORD,
	    { text + start + quote, n }, start, start + n + 2 * quote, false };
	scan->here = scan->code_end = lexeme->end;
	scan->line_start = false;
	return lexeme->kind;
}

bool
make_tokens(struct making *making, struct scan *scan)
{
	struct record *record = making->record;
	const struct window_kernel *kernel = window_kernel();
	struct token few[TOKENS_AT_ONCE], *tokens = few;
	size_t count = 0, room = TOKENS_AT_ONCE;
	struct lexeme lexeme;
	enum lexeme_kind kind;

	making->escapes = false;
	while ((kind = next_lexeme(kernel, scan, &lexeme)) <= LEXEME_QUOTED) {
		making->escapes |= lexeme.escapes;
		if (count == room) {
			tokens = ARENA_ARRAY(making->arena, room * 2,
			    struct token);
			memcpy(tokens, count == TOKENS_AT_ONCE ? few :
			    record->tokens, count * sizeof(*tokens));
			record->tokens = tokens;
			room *= 2;
		}
		tokens[count++] = (struct token){
		    making_span(making, lexeme.start, lexeme.end), lexeme.text,
		    lexeme.kind == LEXEME_QUOTED };
	}
	if (kind != LEXEME_LINE && kind != LEXEME_END)
		return false;
	if (tokens == few) {
		record->tokens = arena_room(making->arena,
		    count * sizeof(*few));
		memcpy(record->tokens, few, count * sizeof(*few));
	}
	record->token_count = count;
	if (count > 0) {
		record->rdata_span = record->tokens[0].span;
		record->rdata_span.end = record->tokens[count - 1].span.end;
	}
	return true;
}

/* ---- octets -------------------------------------------------------------- */

bool
make_octets(struct making *making, struct scan *scan)
{
	unsigned char octets[RDATA_ROOM];
	struct rdata *rdata = &making->rdata;

	rdata->scan = scan;
	rdata->origin = &making->segment->origin->wire;
	rdata->type = making->record->type;
	rdata->octets = octets;
	if (!rdata_read(rdata, true))
		return false;
	making->record->octets = arena_copy(making->arena, (struct str){
	    (const char *)octets, rdata->length });
	return true;
}

static struct str
octets_from(const struct record *record, size_t start)
{
	return str_after(record->octets, start);
}

static uint32_t
number_from(const struct record *record, size_t start, size_t count)
{
	struct str octets = str_slice(record->octets, start, start + count);
	uint32_t number = 0;
	size_t i;

	for (i = 0; i < octets.n; i++)
		number = number << 8 | (unsigned char)octets.p[i];
	return number;
}

/* Where the name stands that ends the rdata of the types that have a target. */
static size_t
target_start(uint16_t type)
{
	return type == RR_MX ? 2 : type == RR_SRV ? 6 : 0;
}

static void
make_target(struct making *making)
{
	struct record *record = making->record;
	struct wire wire;

	if (wire_read(octets_from(record, target_start(record->type)), &wire))
		record->target = wire_canonical(making->arena, &wire);
}

/* Is its rdata a name and nothing else, but for the preference of an MX? */
static bool
has_only_target(uint16_t type)
{
	return type == RR_MX || type == RR_CNAME || type == RR_NS ||
	    type == RR_PTR || type == RR_DNAME;
}

bool
make_plain_target(struct making *making)
{
	const struct origin *origin = making->segment->origin;
	const struct window_kernel *kernel = window_kernel();
	struct record *record = making->record;
	const struct token *last;
	unsigned char octets[2 + NAME_MAX_WIRE];
	size_t start = target_start(record->type);
	struct folded folded;
	uint64_t preference = 0;
	struct wire wire;
	struct str name;

	if (!has_only_target(record->type) ||
	    record->token_count != (record->type == RR_MX ? 2 : 1))
		return false;
	last = &record->tokens[record->token_count - 1];
	if (record->tokens[0].quoted || last->quoted ||
	    last->raw.n >= WINDOW || kernel == NULL ||
	    (record->type == RR_MX && !str_number(record->tokens[0].raw,
	    UINT16_MAX, &preference)))
		return false;
	kernel->fold(last->raw.p, &folded);
	name = plain_folded(origin, last->raw, &folded);
	if (name.p == NULL ||
	    wire_parse(last->raw, &origin->wire, &wire) != WIRE_FINE)
		return false;
	octets[0] = (unsigned char)(preference >> 8);
	octets[1] = (unsigned char)preference;
	memcpy(octets + start, wire.octets, wire.length);
	record->octets = arena_copy(making->arena, (struct str){
	    (const char *)octets, start + wire.length });
	record->preference = (uint16_t)preference;
	record->target = arena_copy(making->arena, name);
	return true;
}

void
make_fields(struct making *making)
{
	struct record *record = making->record;

	switch (record->type) {
	case RR_A:
	case RR_AAAA:
		if (record->octets.n <= sizeof(record->address))
			memcpy(record->address, record->octets.p,
			    record->octets.n);
		break;
	case RR_CNAME:
	case RR_NS:
	case RR_PTR:
	case RR_DNAME:
		make_target(making);
		break;
	case RR_MX:
	case RR_SRV:
		record->preference = (uint16_t)number_from(record, 0, 2);
		make_target(making);
		break;
	case RR_SOA:
		record->soa_serial = number_from(record,
		    record->octets.n - 20, 4);
		record->soa_minimum = number_from(record,
		    record->octets.n - 4, 4);
		break;
	}
}

/* ---- what others ask of it ----------------------------------------------- */

static void
add_octets(struct buffer *octets, const struct record *record)
{
	size_t i;

	if (record->octets.p != NULL) {
		buffer_add(octets, record->octets);
		return;
	}
	for (i = 0; i < record->string_count; i++) {
		buffer_add_byte(octets, (int)record->strings[i].n);
		buffer_add(octets, record->strings[i]);
	}
}

static struct str
print_record(struct arena *arena, const struct record *record,
    void (*print)(struct buffer *, uint16_t type, struct str octets))
{
	struct buffer octets = { 0 }, out = { 0 };

	add_octets(&octets, record);
	print(&out, record->type, buffer_str(&octets));
	buffer_free(&octets);
	return buffer_finish(&out, arena);
}

struct str
record_rdata(struct arena *arena, const struct record *record)
{
	return print_record(arena, record, rdata_print);
}

struct str
record_folded(struct arena *arena, const struct record *record)
{
	return print_record(arena, record, rdata_print_folded);
}

/* Name, type, class, TTL, length; the length of each string. */
size_t
record_text_octets(const struct record *record)
{
	size_t octets = 12 + record->string_count, i;

	for (i = 0; i < record->string_count; i++)
		octets += record->strings[i].n;
	return octets;
}

static bool
same_strings(const struct record *a, const struct record *b)
{
	size_t i;

	if (a->string_count != b->string_count || a->text.n != b->text.n)
		return false;
	for (i = 0; i < a->string_count; i++)
		if (!str_equal(a->strings[i], b->strings[i]))
			return false;
	return true;
}

/*
 * Octets of the same length that differ are the same when they do so in the
 * case of names: where only the target is one, it is at hand, else they are
 * printed.
 */
static bool
same_rdata(struct arena *arena, const struct record *a,
    const struct record *b)
{
	size_t start = target_start(a->type);

	if (a->octets.n != b->octets.n)
		return false;
	if (str_equal(a->octets, b->octets))
		return true;
	if (a->target.p != NULL && b->target.p != NULL)
		return str_equal(a->target, b->target) &&
		    str_equal(str_slice(a->octets, 0, start),
		    str_slice(b->octets, 0, start));
	return str_equal(record_folded(arena, a), record_folded(arena, b));
}

bool
record_same(struct arena *arena, const struct record *a,
    const struct record *b)
{
	if (a->type != b->type || a->class != b->class ||
	    !str_equal(a->owner, b->owner))
		return false;
	return a->type == RR_TXT || a->type == RR_SPF ? same_strings(a, b) :
	    same_rdata(arena, a, b);
}
