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
	TYPE_OBSOLETE = 1 << 1,		/* MD, MF: RFC 1123 section 6.1.2.1 */
	TYPE_MAIL = 1 << 2,		/* checked with --syntax=mail too */
	TYPE_NUMBER = 1 << 3,		/* printed as TYPEnnn */
	TYPE_CASED = 1 << 4		/* names differ when their case does */
};

/* NULL if unknown; TYPEnnn is no name. */
const struct rrtype_row *rrtype_row(uint16_t type);
const struct rrtype_row *rrtype_find(struct str name);
/* The same by the bytes of a name up to eight, with zeros behind. */
const struct rrtype_row *rrtype_find_word(uint64_t word);

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

/* About a token; returns false. */
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
	bool relative;			/* a name "a.b" had no final dot */
	struct complaint complaint;
};

/*
 * Reads what stands behind the type, up to the end of the entry; false with a
 * complaint when BIND would refuse it, the scanner then stands somewhere in
 * the entry. With check off only the structure is looked at.
 */
bool rdata_read(struct rdata *, bool check);

/* As named-compilezone prints it. */
void rdata_print(struct buffer *, uint16_t type, struct str octets);
/* The same text for octets that name servers take for the same data. */
void rdata_print_folded(struct buffer *, uint16_t type, struct str octets);

/* ---- for the files that know fields -------------------------------------- */

/* Reading: the next token, or more octets; false with a complaint. */
bool rdata_fail(struct rdata *, enum zone_problem_kind, bool quote,
    const char *words);
bool rdata_word(struct rdata *);		/* takes a word */
bool rdata_string(struct rdata *);		/* takes a word or a string */
bool rdata_more(struct rdata *, unsigned options);	/* looks ahead */
bool rdata_number(struct rdata *, uint32_t max, uint32_t *value);
bool rdata_add(struct rdata *, const void *octets, size_t count);
bool rdata_add_number(struct rdata *, uint32_t value, unsigned octets);

bool rdata_add_name(struct rdata *);		/* the token at hand */
bool rdata_add_string(struct rdata *);		/* with its length */
bool rdata_add_text(struct rdata *, struct str);	/* without */
bool rdata_add_hex(struct rdata *, struct str);
bool rdata_add_base64(struct rdata *, struct str);
/* Words up to the end; hexadecimal: exactly count octets unless that is 0. */
bool rdata_read_hex(struct rdata *, size_t count);
bool rdata_read_base64(struct rdata *);
bool rdata_read_some_base64(struct rdata *);	/* at least one */
/* As inet_pton(3). */
bool rdata_address(struct str, int family, unsigned char *octets);

/* Printing: false when the octets are not what the field should hold. */
struct printer {
	struct buffer *out;
	struct cursor in;		/* the octets */
	uint16_t type;
	bool fold;			/* names in small letters */
};

/* What comes next, big-endian, or as it is; false when it is cut off. */
bool printer_number(struct printer *, unsigned octets, uint32_t *value);
bool printer_take(struct printer *, size_t count, struct str *octets);
struct str printer_rest(struct printer *);	/* all that is left */

/* A name on the wire, uncompressed: as wire_print() writes it. */
bool rdata_print_name(struct printer *);
/* A character-string behind its length (RFC 1035 section 3.3), in quotes. */
bool rdata_print_string(struct printer *);
/* Octets of any number in quotes; what is not printable ASCII as \DDD. */
void rdata_print_text(struct buffer *, struct str octets);
/* Its name, or TYPE and its number (RFC 3597 section 5). */
void rdata_print_type(struct buffer *, uint16_t type);
/* In words as named-compilezone does, or in one. */
void rdata_print_hex(struct buffer *, struct str octets, bool words);
void rdata_print_base64(struct buffer *, struct str octets, bool words);

/* One letter of a form; tables end with letter 0. */
struct rdata_field {
	char letter;
	bool (*read)(struct rdata *);
	bool (*print)(struct printer *);
};

extern const struct rdata_field rdata_common_fields[], rdata_code_fields[],
    rdata_key_fields[], rdata_host_fields[], rdata_rare_fields[],
    rdata_svcb_fields[], rdata_naptr_fields[];

/* ---- texts --------------------------------------------------------------- */

enum { BAD_ESCAPE = -2 };

/*
 * The octet of a character-string at the cursor, which may be written as \DDD
 * or \X (RFC 1035 section 5.1); END behind the last, BAD_ESCAPE when there is
 * none of that sort.
 */
int string_octet(struct cursor *);

/*
 * A number as BIND reads some with strtol(3): blanks and a sign may stand
 * before it, and one that is too large counts as the largest, or the least.
 * False, with the cursor where it was, when there is none; long_whole() when
 * that is not all of the text.
 */
bool long_parse(struct cursor *, int64_t *value);
bool long_whole(struct str, int64_t *value);
/* Of TYPEnnn or CLASSnnn: the same, in five characters at most. */
bool short_parse(struct str, uint16_t *value);

/*
 * YYYYMMDDHHMMSS in seconds from 1970 on; a leap second is taken as the next
 * one.
 */
bool rdata_time(struct str, int64_t *seconds);

/* "1h30m" in seconds; false unless it is a TTL for BIND. */
bool ttl_parse(struct str, uint32_t *ttl);

#endif
