/*
 * Queries and responses. ldns takes messages apart; the data of each record
 * goes to the zone reader as octets (RFC 3597 section 5), so that no byte of
 * it can be taken for the syntax of a master file.
 */
#include <stdbool.h>
#include <stdlib.h>
#include <ldns/ldns.h>
#include <sys/random.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "net/net.h"
#include "zone/wire.h"

/* What fits everywhere unfragmented (DNS flag day 2020). */
enum { DATAGRAM = 1232, ID = 2, OPT = 41, IN = 1 };

static uint16_t
get16(const unsigned char *octets)
{
	return (uint16_t)(octets[0] << 8 | octets[1]);
}

static void
put16(struct buffer *out, unsigned number)
{
	buffer_add_byte(out, (int)(number >> 8 & 0xff));
	buffer_add_byte(out, (int)(number & 0xff));
}

/* RFC 6891: the root, OPT, how much we take, no flags, no options. */
static void
put_edns(struct buffer *out)
{
	buffer_add_byte(out, 0);
	put16(out, OPT);
	put16(out, DATAGRAM);
	put16(out, 0);
	put16(out, 0);
	put16(out, 0);
}

/* ---- asking -------------------------------------------------------------- */

struct str
message_query(struct arena *arena, struct str name, uint16_t type,
    bool recursive, bool edns)
{
	struct buffer out = { 0 };
	unsigned char id[ID];
	struct wire wire;
	unsigned i;

	if (getrandom(id, sizeof(id), 0) != (ssize_t)sizeof(id) ||
	    wire_parse(name, &wire_root, &wire) != WIRE_FINE)
		return STR_NONE;
	put16(&out, get16(id));
	put16(&out, recursive ? 0x0100 : 0);	/* RD */
	put16(&out, 1);
	put16(&out, 0);
	put16(&out, 0);
	put16(&out, edns);
	for (i = 0; i < wire.length; i++)
		buffer_add_byte(&out, wire.octets[i]);
	put16(&out, type);
	put16(&out, IN);
	if (edns)
		put_edns(&out);
	return buffer_finish(&out, arena);
}

/* ---- what was answered --------------------------------------------------- */

/* A question and what a message says to it. */
struct reading {
	struct arena *arena;
	struct str name;
	uint16_t type;
	ldns_pkt *packet;
	struct buffer text;		/* records in RFC 3597's form */
	size_t count;
};

static bool
is_about(struct arena *arena, const ldns_rdf *owner, struct str name)
{
	struct str octets = { (const char *)ldns_rdf_data(owner),
	    ldns_rdf_size(owner) };
	struct wire wire;

	return wire_read(octets, &wire) &&
	    str_equal(wire_canonical(arena, &wire), name);
}

static bool
is_to_query(const struct reading *reading, struct str query)
{
	const ldns_rr_list *questions = ldns_pkt_question(reading->packet);
	const ldns_rr *question;

	if (ldns_pkt_id(reading->packet) !=
	    get16((const unsigned char *)query.p) ||
	    !ldns_pkt_qr(reading->packet) ||
	    ldns_rr_list_rr_count(questions) != 1)
		return false;
	question = ldns_rr_list_rr(questions, 0);
	return (uint16_t)ldns_rr_get_type(question) == reading->type &&
	    is_about(reading->arena, ldns_rr_owner(question), reading->name);
}

static void
add_record(struct reading *reading, const ldns_rr *rr)
{
	const ldns_rdf *part;
	size_t octets = 0, i, j;
	uint32_t ttl = ldns_rr_ttl(rr);

	for (i = 0; i < ldns_rr_rd_count(rr); i++)
		octets += ldns_rdf_size(ldns_rr_rdf(rr, i));
	/* RFC 2181 section 8: with the highest bit set it counts as 0. */
	buffer_printf(&reading->text, "%.*s. %lu IN TYPE%u \\# %zu ",
	    STR_ARG(reading->name), ttl > INT32_MAX ? 0UL :
	    (unsigned long)ttl, (unsigned)ldns_rr_get_type(rr), octets);
	for (i = 0; i < ldns_rr_rd_count(rr); i++) {
		part = ldns_rr_rdf(rr, i);
		for (j = 0; j < ldns_rdf_size(part); j++)
			buffer_printf(&reading->text, "%02x",
			    (unsigned)ldns_rdf_data(part)[j]);
	}
	buffer_add_byte(&reading->text, '\n');
	reading->count++;
}

/* The records of a type that the answer holds for the name. */
static bool
take_records(struct reading *reading, uint16_t type)
{
	const ldns_rr_list *list = ldns_pkt_answer(reading->packet);
	const ldns_rr *rr;
	size_t i;

	for (i = 0; i < ldns_rr_list_rr_count(list); i++) {
		rr = ldns_rr_list_rr(list, i);
		if (ldns_rr_get_class(rr) == LDNS_RR_CLASS_IN &&
		    (uint16_t)ldns_rr_get_type(rr) == type &&
		    is_about(reading->arena, ldns_rr_owner(rr),
		    reading->name))
			add_record(reading, rr);
	}
	return reading->count > 0;
}

static int
compare_lines(const void *a, const void *b)
{
	const struct str *x = a, *y = b;

	return str_compare(*x, *y);
}

/* Servers send the records of a set in turn in another order. */
static struct str
sort_lines(struct arena *arena, struct str text, size_t count)
{
	struct str *lines = ARENA_ARRAY(arena, count, struct str);
	struct buffer sorted = { 0 };
	size_t i;

	for (i = 0; i < count; i++)
		str_split(&text, '\n', &lines[i]);
	qsort(lines, count, sizeof(*lines), compare_lines);
	for (i = 0; i < count; i++) {
		buffer_add(&sorted, lines[i]);
		buffer_add_byte(&sorted, '\n');
	}
	return buffer_finish(&sorted, arena);
}

/* As the zone reader reads and writes them; what it cannot read is left out. */
static struct str
write_records(struct reading *reading)
{
	struct zone_options options = { .name = STR(""),
	    .how = ZONE_BY_OPTION };
	struct source source = { .path = STR("(answer)") };
	const struct record *record;
	struct buffer text = { 0 };
	size_t position = 0, count = 0;
	struct zone *zone;

	source.text = buffer_finish(&reading->text, reading->arena);
	zone = zone_read(reading->arena, &source, &options);
	while ((record = zone_next(zone, reading->arena, ~0U, &position)) !=
	    NULL) {
		buffer_printf(&text, "%.*s. %lu IN %.*s ",
		    STR_ARG(reading->name), (unsigned long)record->ttl,
		    STR_ARG(rrtype_name(reading->arena, record->type)));
		buffer_add(&text, record_rdata(reading->arena, record));
		buffer_add_byte(&text, '\n');
		count++;
	}
	return sort_lines(reading->arena, buffer_finish(&text,
	    reading->arena), count);
}

static const char *
rcode_word(ldns_pkt_rcode rcode)
{
	switch (rcode) {
	case LDNS_RCODE_FORMERR:
		return "FORMERR";
	case LDNS_RCODE_SERVFAIL:
		return "SERVFAIL";
	case LDNS_RCODE_NOTIMPL:
		return "NOTIMP";
	case LDNS_RCODE_REFUSED:
		return "REFUSED";
	case LDNS_RCODE_NOTAUTH:
		return "NOTAUTH";
	default:
		return "an error";
	}
}

static struct reply
read_packet(struct reading *reading, bool recursive)
{
	const ldns_pkt *packet = reading->packet;
	ldns_pkt_rcode rcode = ldns_pkt_get_rcode(packet);
	struct reply reply = { .authoritative = ldns_pkt_aa(packet),
	    .truncated = ldns_pkt_tc(packet), .type = reading->type,
	    .kind = REPLY_DATA };

	if (rcode != LDNS_RCODE_NOERROR && rcode != LDNS_RCODE_NXDOMAIN) {
		reply.kind = REPLY_FAILED;
		reply.why = arena_printf(reading->arena, "answers %s",
		    rcode_word(rcode));
		/* RFC 6891 section 7. */
		reply.no_edns = rcode == LDNS_RCODE_FORMERR ||
		    rcode == LDNS_RCODE_NOTIMPL;
		return reply;
	}
	if (!take_records(reading, reading->type) &&
	    take_records(reading, RR_CNAME))
		reply.type = RR_CNAME;
	/* RFC 1912 section 2.8: who asks on does not take its word. */
	if (!recursive && !reply.authoritative && (reading->count > 0 ||
	    rcode == LDNS_RCODE_NXDOMAIN)) {
		reply.kind = REPLY_LAME;
		reply.why = STR("is not responsible, and answers with what "
		    "it remembers");
	} else if (reading->count > 0) {
		reply.text = write_records(reading);
		if (reply.text.n > 0)
			return reply;
		reply.kind = REPLY_BROKEN;
		reply.why = STR("answers with what is no record");
	} else if (rcode == LDNS_RCODE_NXDOMAIN)
		reply.kind = REPLY_NXDOMAIN;
	else if (reply.authoritative || (recursive && ldns_pkt_ra(packet)))
		reply.kind = REPLY_NODATA;
	else {
		reply.kind = REPLY_LAME;
		reply.why = STR("points elsewhere instead of answering");
	}
	return reply;
}

struct reply
message_read(struct arena *arena, struct str query, struct str message,
    struct str name, uint16_t type, bool recursive)
{
	struct reading reading = { .arena = arena, .name = name,
	    .type = type };
	struct reply reply = { .kind = REPLY_BROKEN, .type = type,
	    .why = STR("answers with what is no response to the question") };

	if (query.n < ID || ldns_wire2pkt(&reading.packet,
	    (const uint8_t *)message.p, message.n) != LDNS_STATUS_OK)
		return reply;
	if (is_to_query(&reading, query))
		reply = read_packet(&reading, recursive);
	buffer_free(&reading.text);
	ldns_pkt_free(reading.packet);
	return reply;
}
