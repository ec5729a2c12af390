/*
 * Records, made anew from where they stand.
 */
#include "base/arena.h"
#include "base/buffer.h"
#include "base/file.h"
#include "zone/making.h"

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
		*comment = making_span(making, start, end);
}

static struct record *
new_record(struct making *making, size_t position)
{
	char room[WIRE_MAX_TEXT];
	struct record *record = ARENA_NEW(making->arena, struct record);

	if (making->owner->p == NULL)
		*making->owner = arena_copy(making->arena,
		    log_name(making->zone, making->run, room));
	record->zone = making->zone;
	record->part = making->segment->part;
	record->position = position;
	record->owner = *making->owner;
	making->record = record;
	return record;
}

struct record *
make_record(struct making *making, size_t position, struct scan *scan,
    const struct entry *entry)
{
	struct record *record = new_record(making, position);

	record->type = entry->type;
	record->class = 1;
	record->explicit_ttl = entry->explicit_ttl;
	record->ttl = entry->explicit_ttl ? entry->ttl :
	    making->segment->ttl;
	if (entry->owned)
		record->owner_span = making_span(making, entry->owner.start,
		    entry->owner.end);
	else
		record->owner_span = making_span(making, entry->start,
		    entry->start);
	record->type_span = making_span(making, entry->type_lexeme.start,
	    entry->type_lexeme.end);
	scan->comment = note_comment;
	scan->context = making;
	if (!make_rdata(making, scan))
		return NULL;
	record->span = making_span(making, entry->start, scan->code_end);
	return record;
}

struct record *
make_generated(struct making *making, size_t position, uint64_t place)
{
	const struct generate *generate = making->segment->generate;
	struct record *record = new_record(making, position);
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
