/*
 * Rdata between text and octets, for every type that has a form in the table
 * of types; others only as RFC 3597 writes them.
 */
#ifndef ZONE_RDATA_H
#define ZONE_RDATA_H

#include "zone/scan.h"
#include "zone/wire.h"
#include "zone/zone.h"

struct buffer;

/* One row of what is known about types. */
struct rrtype_row {
	uint16_t type;
	unsigned attributes;
	const char *name;		/* upper case */
	const char *form;		/* letters of fields; NULL has none */
};

enum {
	TYPE_META = 1 << 0,		/* never stands in a zone */
	TYPE_OBSOLETE = 1 << 1,		/* MD and MF, RFC 1123 section 6.1.2.1 */
	TYPE_MAIL = 1 << 2		/* checked with --syntax=mail too */
};

const struct rrtype_row *rrtype_row(uint16_t type);	/* NULL if unknown */

enum { RDATA_MAX = 65535, RDATA_ROOM = RDATA_MAX + 512 };

/*
 * What is wrong, to be put in words only when somebody keeps it: the text of
 * the span quoted, when quote is set, then the words.
 */
struct complaint {
	enum zone_problem_kind kind;
	size_t start, end;		/* in the text that was scanned */
	bool quote;
	const char *words;
};

bool complaint_set(struct complaint *, const struct lexeme *,
    enum zone_problem_kind, bool quote, const char *words);
/* About a token that cannot stand where it does; false. */
bool lexeme_complain(struct complaint *, const struct lexeme *);
enum zone_problem_kind wire_problem(enum wire_error);

/* Rdata being read. */
struct rdata {
	struct scan *scan;
	const struct wire *origin;
	uint16_t type;
	struct lexeme lexeme;		/* the token at hand */
	bool again;			/* it has been looked at, not taken */
	unsigned char *octets;		/* RDATA_ROOM of them */
	size_t length;
	struct complaint complaint;
};

/*
 * Reads what stands behind the type, up to the end of the entry; false with a
 * complaint when BIND would refuse it, the scanner then stands somewhere in
 * the entry. With check off only the structure is looked at.
 */
bool rdata_read(struct rdata *, bool check);

/*
 * As named-compilezone prints it; false when the octets are no rdata of the
 * type, then nothing useful has been added.
 */
bool rdata_print(struct buffer *, uint16_t type, struct str octets);

/* Shared by the files that know fields. */
bool rdata_fail(struct rdata *, enum zone_problem_kind, bool quote,
    const char *words);
bool rdata_word(struct rdata *);		/* takes a word */
bool rdata_string(struct rdata *);		/* takes a word or a string */
bool rdata_more(struct rdata *, unsigned options);	/* looks ahead */
bool rdata_number(struct rdata *, uint32_t max, uint32_t *value);
bool rdata_add(struct rdata *, const void *octets, size_t count);
bool rdata_add_number(struct rdata *, uint32_t value, unsigned octets);

struct printer {
	struct buffer *out;
	struct cursor in;		/* the octets */
	uint16_t type;
};

bool printer_number(struct printer *, unsigned octets, uint32_t *value);
bool printer_take(struct printer *, size_t count, struct str *octets);

struct rdata_field {
	char letter;
	bool (*read)(struct rdata *);
	bool (*print)(struct printer *);
};

/* Escapes of character-strings: \DDD and \X. */
enum { STRING_MAX = 255 };

/*
 * The octet at the cursor, escape or not; END behind the last, BAD_ESCAPE
 * when there is none of that sort.
 */
enum { BAD_ESCAPE = -2 };
int string_octet(struct cursor *);

/* "1h30m" in seconds; false unless it is a TTL for BIND. */
bool ttl_parse(struct str, uint32_t *ttl);

#endif
