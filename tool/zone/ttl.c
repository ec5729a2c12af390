/*
 * TTLs of entries that say none. Without $TTL an entry has that of the record
 * before it, and a record that of its set: which sets an owner has, and who its
 * hosts are, whose glue may stand between its records, is kept here as BIND
 * keeps it.
 */
#include <string.h>

#include "base/arena.h"
#include "zone/reader.h"

/* ---- sets of one owner --------------------------------------------------- */

void
forget_sets(struct reader *reader)
{
	reader->set_count = 0;
	reader->fold_sets = NULL;
	if (reader->glue != NULL) {
		reader->glue->host_count = 0;
		reader->glue->open = false;
	}
}

static bool
is_host(const struct glue *glue, const struct wire *name)
{
	const struct host *host;
	struct wire wire;
	size_t i;

	for (i = 0; i < glue->host_count; i++) {
		host = &glue->hosts[i];
		if (host->wire != NULL) {
			if (wire_equal_case(host->wire, name))
				return true;
		} else if (wire_parse(host->text, &host->origin->wire,
		    &wire) == WIRE_FINE && wire_equal_case(&wire, name))
			return true;
	}
	return false;
}

void
change_sets(struct reader *reader, const struct wire *before)
{
	const struct wire *owner = frame_owner(reader->frame);
	struct glue *glue = reader->glue;

	if (glue->open && wire_equal(&glue->owner, owner)) {
		glue->open = false;
		memcpy(reader->sets, glue->sets, sizeof(glue->sets));
		reader->set_count = glue->set_count;
		return;
	}
	if (!is_host(glue, owner)) {
		forget_sets(reader);
		return;
	}
	if (!glue->open) {
		glue->open = true;
		glue->owner = *before;
		memcpy(glue->sets, reader->sets, sizeof(glue->sets));
		glue->set_count = reader->set_count;
	}
	reader->set_count = 0;
}

bool
has_hosts(const struct reader *reader)
{
	return reader->glue != NULL && reader->glue->host_count > 0 &&
	    !reader->has_default_ttl;
}

void
note_host(struct reader *reader, struct host host)
{
	if (reader->glue == NULL)
		reader->glue = ARENA_NEW(reader->arena, struct glue);
	if (!reader->glue->open && reader->glue->host_count < HOSTS_MAX)
		reader->glue->hosts[reader->glue->host_count++] = host;
}

/* ---- TTLs ---------------------------------------------------------------- */

/*
 * Without $TTL an entry has the TTL of the record before it, which is that of
 * the first record of its set.
 */
static uint32_t
find_set_ttl(struct reader *reader, uint16_t type, uint16_t covered,
    uint32_t ttl)
{
	size_t i;

	for (i = 0; i < reader->set_count; i++)
		if (reader->sets[i].type == type &&
		    reader->sets[i].covered == covered)
			return reader->sets[i].ttl;
	if (reader->set_count < SET_MAX)
		reader->sets[reader->set_count++] =
		    (struct set_ttl){ type, covered, ttl };
	return ttl;
}

/* Of a signature, which says it first; octets as such all count as one. */
static uint16_t
covered_type(const struct reader *reader, uint16_t type, size_t behind)
{
	struct scan scan = { .text = reader->frame->scan.text,
	    .here = behind, .depth = 1 };
	struct lexeme word;
	int64_t number;
	uint16_t covered;

	if ((type != RR_RRSIG && type != RR_SIG) ||
	    scan_next(&scan, 0, &word) != LEXEME_WORD)
		return 0;
	if (rrtype_parse(word.text, &covered))
		return covered;
	return long_whole(word.text, &number) ? (uint16_t)number : 0;
}

static uint32_t
set_ttl(struct reader *reader, uint16_t type, uint16_t covered, uint32_t ttl)
{
	const struct fold *fold = reader->fold_sets;
	size_t i;

	reader->fold_sets = NULL;
	for (i = fold == NULL ? 0 : fold->first[fold->runs - 1];
	    fold != NULL && i < fold->line_count; i++)
		if (fold->lines[i]->type != RR_RRSIG &&
		    fold->lines[i]->type != RR_SIG)
			find_set_ttl(reader, fold->lines[i]->type, 0,
			    fold->lines[i]->ttl);
	return find_set_ttl(reader, type, covered, ttl);
}

uint32_t
soa_number(const struct reader *reader, size_t from_end)
{
	const unsigned char *p = reader->rdata.octets +
	    reader->rdata.length - from_end;

	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 |
	    (uint32_t)p[2] << 8 | p[3];
}

bool
knows_ttl(const struct reader *reader)
{
	return reader->has_default_ttl || reader->has_ttl;
}

void
take_default_ttl(struct reader *reader, uint32_t ttl)
{
	reader->default_ttl = ttl > INT32_MAX ? 0 : ttl;
	reader->has_default_ttl = true;
	fold_change(reader);
}

void
take_ttl(struct reader *reader, const struct entry *entry, size_t behind)
{
	const struct segment *segment =
	    &reader->log->segments[reader->log->segment_count - 1];
	uint32_t ttl = entry->ttl;

	if (!entry->explicit_ttl && !knows_ttl(reader)) {
		if (entry->type == RR_SOA)
			take_default_ttl(reader, soa_number(reader, 4));
		else
			complain_ttl(reader, span_here(reader,
			    entry->type_lexeme.start,
			    entry->type_lexeme.end));
	}
	if (entry->explicit_ttl)
		reader->has_ttl = true;
	else
		ttl = reader->has_default_ttl ? reader->default_ttl :
		    reader->ttl;
	reader->ttl = ttl;
	if (!entry->explicit_ttl && segment->ttl != ttl)
		start_segment(reader, entry->line);
	if (!reader->has_default_ttl)
		reader->ttl = set_ttl(reader, entry->type,
		    covered_type(reader, entry->type, behind), ttl);
}

void
take_host(struct reader *reader)
{
	struct host host = { .wire = NULL };
	struct wire *wire = ARENA_NEW(reader->arena, struct wire);

	wire_read((struct str){ (const char *)reader->rdata.octets,
	    reader->rdata.length }, wire);
	host.wire = wire;
	note_host(reader, host);
}
