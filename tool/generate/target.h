/*
 * The targets, for target.c and those who write them. Each has a file of its
 * own, target_NAME.c.
 */
#ifndef GENERATE_TARGET_H
#define GENERATE_TARGET_H

#include "generate/generate.h"

extern const struct target target_zone;
extern const struct target target_json;
extern const struct target target_nsupdate;
extern const struct target target_octodns;
extern const struct target target_dnscontrol;
extern const struct target target_terraform;
extern const struct target target_cloudflare;
extern const struct target target_route53;
extern const struct target target_paste;

/* ---- what is there, and what is to be (sets.c) --------------------------- */

/* One record of a set. */
struct set_value {
	struct set_value *next;
	const struct made *made;	/* NULL: somebody else's */
	struct str rdata;		/* absolute names; TXT in quotes */
	struct str text, *strings;	/* TXT */
	size_t string_count;
	bool old;			/* the zone holds it now */
	bool wanted;			/* it is to hold it */
};

/*
 * The records of one name and type: those that are made, and those that the
 * zone holds now, as far as it is known. Other people's records of the set
 * stay; what says the same thing as a generated one goes, and so does what an
 * earlier run wrote into a block and this one does not make.
 */
struct record_set {
	struct record_set *next;
	struct str owner;
	uint16_t type;
	uint32_t ttl, old_ttl;
	struct set_value *values, *last;
	size_t count_old;
	bool known;			/* the whole set as it is */
	bool displaced;			/* a CNAME and others: all of it goes */
	bool told;			/* for writers */
};

/* In the order in which they are made, then those that only go. */
struct record_set *record_sets(struct arena *, const struct target_input *,
    const struct made_zone *);
bool set_is_wanted(const struct record_set *);	/* anything of it */
bool set_changes(const struct record_set *);


/* ---- how others write it (literal.c) ------------------------------------- */

enum literal { LITERAL_JSON, LITERAL_HCL };

/* In double quotes: for JSON, YAML and JavaScript alike, or for HCL. */
void write_literal(struct buffer *, struct str octets, enum literal);
/* A whole value as Route 53 takes it. */
struct str route53_value(struct arena *, const struct set_value *);
/* A comment about records whose type the target has no word for. */
void write_left_out(struct buffer *, struct arena *, const char *comment,
    const struct record_set *, size_t *count);
/* "10 mail.example.com." gives "10", and leaves the name. */
struct str take_field(struct str *rdata);
/* "_dmarc", or "@" at the top of the zone. */
struct str name_in_zone(struct str owner, struct str zone);
extern const struct target target_opendkim;
extern const struct target target_rspamd;

/* ---- signing.c ----------------------------------------------------------- */

/* A domain and a key with which its mail is signed on the day. */
struct signing {
	struct signing *next;
	struct str domain;
	const struct config_key *key;
	struct str path;		/* STR_NONE: not known */
};

/* In the order of the configuration. */
struct signing *signings_find(struct arena *, const struct target_input *);
/* Says in comments whose files are not known. */
void signing_write_unknown(struct buffer *, const struct signing *);

#endif
