/*
 * Records, made anew from where they stand.
 */
#include <string.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "base/file.h"
#include "zone/reader.h"

/* What a record is made of. */
struct making {
	struct arena *arena;
	const struct zone *zone;
	const struct segment *segment;
	size_t run;
	struct str *owner;		/* of all of the run; made when needed */
	struct record *record;
	bool escapes;			/* some token has a backslash */
	/* Of the text that is scanned; generated text has a place of its own. */
	struct rdata rdata;
};

static struct span
span_of(const struct making *making, size_t start, size_t end)
{
	if (making->segment->generate != NULL)
		return making->segment->generate->span;
	return (struct span){ making->segment->source, start, end };
}

/* ---- text ---------------------------------------------------------------- */

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

static void
make_text(struct making *making)
{
	if (making->record->token_count == 1 && !making->escapes)
		make_plain_text(making);
	else
		make_joined_text(making);
}

/* From octets: \# and what else has no place of its own. */
static void
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

/* ---- rdata --------------------------------------------------------------- */

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

/*
 * The tokens of the rdata, up to the end of the entry, behind which *scan then
 * stands.
 */
static bool
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
		    span_of(making, lexeme.start, lexeme.end), lexeme.text,
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

static bool
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

/*
 * All there is to such a record whose words are plain. False for what must be
 * read field by field.
 */
static bool
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

/* What the octets say, for the types that have fields of their own. */
static void
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

/* ---- mail ---------------------------------------------------------------- */

/*
 * Receivers select by place and version; a DKIM key by its place alone
 * (RFC 6376 section 3.6.2.2), unless it says to be something else.
 */
static void
make_auth(struct making *making)
{
	struct record *record = making->record;
	struct arena *arena = making->arena;
	enum auth place = auth_place(record->owner, NULL, NULL);
	enum auth version = auth_version(record->text);

	if (version == AUTH_NONE && place == AUTH_DKIM)
		version = AUTH_DKIM;
	if (version == AUTH_DMARC && place == AUTH_REPORT)
		version = AUTH_REPORT;
	if (version != place)
		return;
	record->auth = place;
	switch (place) {
	case AUTH_SPF:
		record->spf = spf_parse(arena, record->text);
		break;
	case AUTH_DKIM:
		record->dkim = dkim_parse(arena, record->text);
		break;
	case AUTH_DMARC:
	case AUTH_REPORT:
		record->dmarc = dmarc_parse(arena, record->text);
		break;
	case AUTH_MTASTS:
		record->mtasts = mtasts_parse(arena, record->text);
		break;
	case AUTH_TLSRPT:
		record->tlsrpt = tlsrpt_parse(arena, record->text);
		break;
	case AUTH_BIMI:
		record->bimi = bimi_parse(arena, record->text);
		break;
	case AUTH_NONE:
	case AUTH_KINDS:
		break;
	}
}

/* ---- whole records ------------------------------------------------------- */

static bool
make_rdata(struct making *making, struct scan *scan)
{
	struct record *record = making->record;
	const struct rrtype_row *row = rrtype_row(record->type);
	bool text = record->type == RR_TXT || record->type == RR_SPF;
	struct scan again = *scan;

	if (!make_tokens(making, scan))
		return false;
	if (text && !(record->token_count > 0 && str_is(
	    record->tokens[0].raw, "\\#")))
		make_text(making);
	else if (make_plain_target(making))
		return true;
	else if (make_octets(making, &again)) {
		if (text)
			make_text_octets(making);
		else
			make_fields(making);
	} else if (making->zone->log->full_syntax || row == NULL ||
	    (row->attributes & TYPE_MAIL) != 0)
		return false;
	if (text)
		make_auth(making);
	return true;
}

static void
note_comment(void *context, size_t start, size_t end)
{
	struct making *making = context;
	struct span *comment = &making->record->comment;

	if (span_is_none(*comment))
		*comment = span_of(making, start, end);
}

/* The entry at the scanner, which then stands behind it. */
static struct record *
make_text_record(struct making *making, struct scan *scan,
    const struct entry *entry)
{
	struct record *record = making->record;

	record->type = entry->type;
	record->class = 1;
	record->explicit_ttl = entry->explicit_ttl;
	record->ttl = entry->explicit_ttl ? entry->ttl :
	    making->segment->ttl;
	if (entry->owned)
		record->owner_span = span_of(making, entry->owner.start,
		    entry->owner.end);
	else
		record->owner_span = span_of(making, entry->start,
		    entry->start);
	record->type_span = span_of(making, entry->type_lexeme.start,
	    entry->type_lexeme.end);
	scan->comment = note_comment;
	scan->context = making;
	if (!make_rdata(making, scan))
		return NULL;
	record->span = span_of(making, entry->start, scan->code_end);
	return record;
}

static struct record *
make_generated(struct making *making, uint64_t place)
{
	const struct generate *generate = making->segment->generate;
	struct record *record = making->record;
	struct buffer text = { 0 };
	struct str owner, data;
	uint32_t number = generate_number(generate,
	    (size_t)(place - making->segment->start));
	struct scan scan = { .line_start = false };
	bool fine;

	if (!generate_text(&text, generate, number, &owner, &data)) {
		buffer_free(&text);
		return NULL;
	}
	record->generated = true;
	record->type = generate->type;
	record->class = 1;
	record->ttl = generate->ttl;
	record->explicit_ttl = generate->explicit_ttl;
	record->span = generate->span;
	record->owner_span = generate->owner_span;
	record->type_span = generate->type_span;
	scan.text = arena_copy(making->arena, (struct str){ data.p,
	    data.n + FILE_PADDING });
	scan.text.n = data.n;
	buffer_free(&text);
	fine = make_rdata(making, &scan);
	record->rdata_span = generate->data_span;
	return fine ? record : NULL;
}

static void
new_record(struct making *making)
{
	char room[WIRE_MAX_TEXT];

	making->record = ARENA_NEW(making->arena, struct record);
	making->record->zone = making->zone;
	making->record->part = making->segment->part;
	if (making->owner->p == NULL)
		*making->owner = arena_copy(making->arena,
		    log_name(making->zone, making->run, room));
	making->record->owner = *making->owner;
}

/* The number of a run, and a distance from its start. */
enum { POSITION_SHIFT = 32 };

static size_t
position_of(size_t run, uint64_t distance)
{
	return run << POSITION_SHIFT | (size_t)distance;
}

size_t
log_position(const struct zone_log *log, size_t run)
{
	size_t outer = log_outer(log, run);

	return outer == run ? position_of(run, 0) : position_of(outer,
	    log_run_place(log_run(log, run)) -
	    log_run_place(log_run(log, outer)));
}

/* Where a record stands that was found in a run. */
static size_t
position_at(const struct zone_log *log, size_t run, uint64_t place)
{
	size_t outer = log_outer(log, run);

	return position_of(outer,
	    place - log_run_place(log_run(log, outer)));
}

/* ---- entries --------------------------------------------------------------- */

/* How the entries of a run are looked at. */
struct looking {
	struct scan scan;
	struct plain plain;
	struct window window;
	unsigned types;			/* that are asked for */
	struct entry entry;		/* one of these, up to its type */
};

static void
look_at(struct looking *looking, const struct segment *segment, size_t offset,
    unsigned types)
{
	looking->types = types;
	looking->scan.text = segment->source->text;
	looking->scan.here = offset;
	/* No window has been looked at. */
	looking->window.start = offset - WINDOW;
	/* What is in the log has been checked. */
	looking->plain = (struct plain){ .kernel = window_kernel(),
	    .window = &looking->window, .origin = segment->origin,
	    .full_syntax = false };
}

/* A plain entry as entry_read() tells of it; the scan stands behind its type. */
static void
take_head(struct looking *looking)
{
	const struct plain *plain = &looking->plain;
	struct entry *entry = &looking->entry;
	size_t start = plain->data;

	*entry = plain->entry;
	entry->owner.start = entry->line;
	entry->owner.end = entry->line + entry->owner.text.n;
	while (!byte_is_blank((unsigned char)plain->text.p[start - 1]))
		start--;
	entry->type_lexeme.start = start;
	entry->type_lexeme.end = plain->data;
	looking->scan.here = looking->scan.code_end = plain->data;
	looking->scan.line_start = false;
}

/* The next entry, if it is asked for; one that is not is passed over. */
static bool
find_entry(struct looking *looking)
{
	struct plain *plain = &looking->plain;
	struct scan *scan = &looking->scan;
	struct complaint complaint;

	if (plain->kernel != NULL && plain_head(plain, scan)) {
		if ((rrtype_set(plain->entry.type) & looking->types) != 0) {
			take_head(looking);
			return true;
		}
		if (plain_data(plain->entry.type, plain->check)(plain)) {
			scan->here = plain->here;
			return false;
		}
	}
	if (entry_read(scan, &looking->entry, &complaint) == ENTRY_RECORD &&
	    (rrtype_set(looking->entry.type) & looking->types) != 0)
		return true;
	scan_rest(scan);
	return false;
}

static struct record *
next_generated(struct making *making, uint64_t end, uint64_t *place)
{
	struct record *record;

	new_record(making);
	making->record->position = position_at(making->zone->log, making->run,
	    *place);
	record = make_generated(making, *place);
	*place = end;
	return record;
}

/*
 * The first record of the types in a run from a place on, NULL when there is
 * none; *place becomes that behind it, where it is looked at already.
 */
static struct record *
next_record(struct making *making, struct looking *looking, uint64_t end,
    uint64_t *place)
{
	const struct segment *segment = making->segment;
	struct scan *scan = &looking->scan;
	struct record *record = NULL;
	uint64_t line;

	*scan = (struct scan){ .text = scan->text, .here = scan->here,
	    .line_start = true };
	while (*place < end && record == NULL) {
		if (find_entry(looking)) {
			line = segment->start +
			    (looking->entry.line - segment->offset);
			if (line >= end) {
				*place = end;
				break;
			}
			new_record(making);
			making->record->position = position_at(
			    making->zone->log, making->run, line);
			record = make_text_record(making, scan,
			    &looking->entry);
		}
		*place = segment->start + (scan->here - segment->offset);
		if (scan->here >= scan->text.n)
			*place = end;
	}
	return record;
}

static struct record *
next_in_run(const struct zone *zone, struct arena *arena, size_t run,
    uint64_t end, unsigned types, uint64_t *place, struct str *owner)
{
	const struct segment *segment = &zone->log->segments[log_segment(
	    zone->log, *place)];
	struct making making = { .arena = arena, .zone = zone,
	    .segment = segment, .run = run, .owner = owner };
	struct looking looking;

	if (*place >= end)
		return NULL;
	if (segment->generate != NULL)
		return next_generated(&making, end, place);
	look_at(&looking, segment, segment->offset +
	    (size_t)(*place - segment->start), types);
	return next_record(&making, &looking, end, place);
}

static void
add_record(struct records *found, struct arena *arena,
    const struct record *record)
{
	const struct record **larger;

	if (found->count == found->room) {
		found->room = found->room * 2 + 4;
		larger = ARENA_ARRAY(arena, found->room,
		    const struct record *);
		if (found->count > 0)
			memcpy(larger, found->list, found->count *
			    sizeof(*larger));
		found->list = larger;
	}
	found->list[found->count++] = record;
}

/* A run lies in one segment. */
void
run_records(const struct zone *zone, struct arena *arena, size_t number,
    unsigned types, struct records *found)
{
	const struct run *run = log_run(zone->log, number);
	uint64_t place = log_run_place(run), end;
	size_t segment = log_segment(zone->log, place);
	struct str owner = STR_NONE;
	struct making making = { .arena = arena, .zone = zone,
	    .segment = &zone->log->segments[segment], .run = number,
	    .owner = &owner };
	const struct record *record;
	struct looking looking;

	/* What lies in a fold has runs of its own. */
	if ((run->place & RUN_FOLDED) != 0 ||
	    (run->place & types & RUN_TYPES) == 0)
		return;
	end = log_end_of(zone->log, number, segment);
	look_at(&looking, making.segment, making.segment->offset +
	    (size_t)(place - making.segment->start), types);
	while (place < end) {
		record = making.segment->generate != NULL ?
		    next_generated(&making, end, &place) :
		    next_record(&making, &looking, end, &place);
		if (record != NULL)
			add_record(found, arena, record);
	}
}

/* The same as next_in_run() of all runs that lie in a fold. */
static const struct record *
next_in_fold(const struct zone *zone, struct arena *arena, size_t run,
    unsigned types, uint64_t *place)
{
	struct fold_part parts[FOLD_LINES];
	size_t count = fold_parts(zone, run, parts), i;
	const struct record *record = NULL;
	struct wire wire;
	struct str owner;

	for (i = 0; i < count && record == NULL; i++) {
		if (*place < parts[i].place)
			*place = parts[i].place;
		if (*place >= parts[i].end || (parts[i].types & types) == 0)
			continue;
		log_owner_at(zone->log, parts[i].place, &wire);
		owner = wire_canonical(arena, &wire);
		record = next_in_run(zone, arena, run, parts[i].end, types,
		    place, &owner);
	}
	return record;
}

const struct record *
zone_next(const struct zone *zone, struct arena *arena, unsigned types,
    size_t *position)
{
	zone_need(zone);
	return log_next(zone, arena, types, position);
}

/* Do the records of a run stand where those of this kind do? */
static bool
stands_at(const struct zone *zone, size_t number, enum auth place)
{
	char room[WIRE_MAX_TEXT];

	return auth_place(log_name(zone, number, room), NULL, NULL) == place;
}

/* The next in a run that lies at such a place, AUTH_NONE for any. */
static const struct record *
next_at(const struct zone *zone, struct arena *arena, unsigned types,
    enum auth kind, size_t *position)
{
	size_t number = *position >> POSITION_SHIFT;
	uint64_t start, end, place;
	const struct record *record;
	const struct run *run;
	struct str owner;

	for (; number < zone->log->run_count; number++, *position = 0) {
		run = log_run(zone->log, number);
		if ((log_types(zone->log, run) & types) == 0 ||
		    (run->place & RUN_OUT_OF_ZONE) != 0)
			continue;
		/* What lies in a fold has owners of its own. */
		if (kind != AUTH_NONE && (run->place & RUN_FOLDED) == 0 &&
		    !stands_at(zone, number, kind))
			continue;
		start = log_run_place(run);
		end = log_run_end(zone->log, number);
		place = start + (*position & UINT32_MAX);
		owner = STR_NONE;
		record = (run->place & RUN_FOLDED) != 0 ?
		    next_in_fold(zone, arena, number, types, &place) :
		    next_in_run(zone, arena, number, end, types, &place,
		    &owner);
		if (record == NULL)
			continue;
		*position = place < end && place - start <= UINT32_MAX ?
		    position_of(number, place - start) :
		    position_of(number + 1, 0);
		return record;
	}
	*position = position_of(number, 0);
	return NULL;
}

const struct record *
log_next(const struct zone *zone, struct arena *arena, unsigned types,
    size_t *position)
{
	return next_at(zone, arena, types, AUTH_NONE, position);
}

const struct record *
zone_next_of(const struct zone *zone, struct arena *arena, enum auth kind,
    size_t *position)
{
	const struct record *record;

	zone_need(zone);
	while ((record = next_at(zone, arena, HAS_TXT, kind, position)) !=
	    NULL && record->auth != kind)
		continue;
	return record;
}

bool
zone_left_out(const struct zone *zone, struct arena *arena, size_t *from,
    size_t to, struct str *owner)
{
	size_t number = *from >> POSITION_SHIFT, end = to >> POSITION_SHIFT;
	struct wire wire;

	zone_need(zone);
	while (number < end && number < zone->log->run_count &&
	    (log_run(zone->log, number)->place & RUN_OUT_OF_ZONE) == 0)
		number++;
	*from = position_of(number + 1, 0);
	if (number >= end || number >= zone->log->run_count)
		return false;
	log_owner(zone, number, &wire);
	*owner = wire_canonical(arena, &wire);
	return true;
}

/* ---- what others ask of records ------------------------------------------ */

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

/* Whose a record in a fold is, which stands so far from its start. */
static void
owner_in_fold(const struct zone *zone, size_t run, uint64_t distance,
    struct wire *owner)
{
	struct fold_part parts[FOLD_LINES];
	uint64_t place = log_run_place(log_run(zone->log, run)) + distance;
	size_t i = fold_parts(zone, run, parts) - 1;

	while (parts[i].place > place)
		i--;
	log_owner_at(zone->log, parts[i].place, owner);
}

struct str
record_written(struct arena *arena, const struct record *record)
{
	const struct zone *zone = record->zone;
	size_t run = record->position >> POSITION_SHIFT;
	struct wire owner;

	if ((log_run(zone->log, run)->place & RUN_FOLDED) != 0)
		owner_in_fold(zone, run, record->position & UINT32_MAX,
		    &owner);
	else
		log_owner(zone, run, &owner);
	return wire_written(arena, &owner);
}

struct str
record_rdata(struct arena *arena, const struct record *record)
{
	struct buffer octets = { 0 }, out = { 0 };

	add_octets(&octets, record);
	rdata_print(&out, record->type, buffer_str(&octets));
	buffer_free(&octets);
	return buffer_finish(&out, arena);
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
	struct str x, y;

	if (a->octets.n != b->octets.n)
		return false;
	if (str_equal(a->octets, b->octets))
		return true;
	if (a->target.p != NULL && b->target.p != NULL)
		return str_equal(a->target, b->target) &&
		    str_equal(str_slice(a->octets, 0, start),
		    str_slice(b->octets, 0, start));
	x = record_rdata(arena, a);
	y = record_rdata(arena, b);
	return str_equal_case(x, y);
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
