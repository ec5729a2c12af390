/*
 * From the configuration to records: what is to be published on a day, how it
 * is written, and whether the linter agrees.
 *
 * Every piece of generated text knows the place in mailzone.yaml that asked
 * for it, so that a finding in it is underlined there.
 */
#ifndef GENERATE_GENERATE_H
#define GENERATE_GENERATE_H

#include "base/buffer.h"
#include "rollout/rollout.h"

/* A piece of a text: an SPF term, a tag; all pieces together are the text. */
struct part {
	struct part *next;
	struct str text;
	struct str comment;		/* for people; STR_NONE */
	struct span from;		/* in the configuration */
};

/* A record to publish. */
struct made {
	struct made *next;
	struct str owner;		/* canonical */
	uint16_t type;
	uint32_t ttl;
	struct part *parts, *last_part;	/* TXT */
	struct str text;		/* TXT: all parts joined */
	enum auth auth;			/* TXT: how it is cut into strings */
	struct str value;		/* other types: rdata, absolute names */
	struct span from;		/* in the configuration */
	bool kept;			/* as it stands there: rdata is value */
	const struct record *record;	/* kept: what it says */
};

/* The records that belong into one zone. */
struct made_zone {
	struct made_zone *next;
	struct str name;
	struct made *records;		/* SPF, DMARC, DKIM, the others */
	size_t count;
};

/* Something to tell about a domain that is not wrong. */
struct remark {
	struct remark *next;
	const char *rule;		/* "plan-held", ... */
	struct span from;
	struct str text;
};

enum { POLICY_ID_DIGITS = 16 };

/*
 * The id of a policy: it changes when the policy does and only then (RFC 8461
 * section 8.1), for it is the start of its SHA-256, in hexadecimal.
 */
struct str policy_id(struct arena *, struct str policy);

/* An MTA-STS policy, for a web server. */
struct made_policy {
	struct made_policy *next;
	const struct config_domain *domain;
	struct str text;
};

struct made_zones {
	struct made_zone *first;	/* in the order of the configuration */
	size_t count;
	struct made_zone *others;	/* not wanted, but they are around */
	struct remark *remarks, *last_remark;
	struct made_policy *policies, *last_policy;	/* of wanted domains */
};

/*
 * All records of a day. Zones without a wanted domain are set apart; an empty
 * list wants all. The zones of the world say which zone a name belongs to;
 * where none covers it, the domain is taken to be a zone of its own.
 */
struct made_zones *records_make(const struct world *, struct arena *,
    const struct schedules *, const struct str *wanted, size_t wanted_count,
    day at);

/* ---- parts of it (maker.c, spf_build.c, dmarc_build.c) ------------------- */

/* Adds a part at the end of a record's text. */
void made_add(struct made *, struct arena *, struct str text,
    struct str comment, struct span from);
/* Puts the text together out of the parts. */
void made_finish(struct made *, struct arena *);

/*
 * The SPF record of a domain: terms of its senders in their order, repeated
 * ones and networks inside others left out. With "split", terms for which the
 * answer has no room move to records at _spf1, _spf2, ..., which follow. The
 * octets that the other TXT records of the name take in the answer are given.
 */
struct made *spf_build(const struct world *, struct arena *,
    const struct config_domain *, size_t others);
/* Has the answer room for the record, beside the other TXT records? */
bool spf_answer_fits(const struct config_domain *, const struct made *,
    size_t others);
/* The same for a sender's return path below the domain; NULL without terms. */
struct made *spf_build_return_path(const struct world *, struct arena *,
    const struct config_domain *, const struct config_sender *,
    size_t others);
/*
 * The DMARC record of a step of the domain's rollout, or, without a step, the
 * one that is configured; NULL when there is none.
 */
struct made *dmarc_build(const struct config *, struct arena *,
    const struct config_domain *, const struct step *);
/*
 * The one that stands in the domain's block now, in its zone or in a snippet:
 * it stays until a rollout has a record of its own. NULL: there is none.
 */
struct made *dmarc_stays(const struct world *, struct arena *,
    const struct config_domain *);
/*
 * (records_sender.c) The text of a key's record on a day; from its dates on
 * these decide.
 */
struct str key_text(struct arena *, const struct config_key *, day at);
/* (records.c) Does the name lie in a domain of ours, not delegated away? */
bool is_ours(const struct config *, struct str name);

/* ---- writing (write.c) --------------------------------------------------- */

enum txt_style { TXT_TERMS, TXT_LINE };

/* How a block is written. */
struct block_style {
	enum txt_style txt;
	/* What the second line calls the configuration. */
	struct str config;
	bool snippet;			/* a file to include: told there, too */
	/* Owners as seen from the zone: for a file that serves several. */
	bool relative;
	struct str name;		/* in the marks; STR_NONE: the zone's */
};

/*
 * A block of master-file text with its marks; where each byte was asked for
 * goes into the map of places (may be NULL).
 */
void block_write(struct buffer *, struct arena *, const struct made_zone *,
    const struct block_style *, struct source_map *places);
struct str block_text(struct arena *, const struct made_zone *,
    const struct block_style *);
/* The configuration that a block was made from, as its text says. */
struct str block_config(struct str text, const struct block *);
/* The records alone, without marks. */
void records_write(struct buffer *, struct arena *, const struct made_zone *,
    const struct block_style *);

/* ---- for whom it is written (target.c, target_NAME.c) -------------------- */

/* What is to be published, and what is known around it. */
struct target_input {
	const struct world *world;	/* configuration, zones as they are */
	const struct made_zones *made;
	const struct block_style *style;
	day at;
};

/* A program, or a person, that takes the records from here. */
struct target {
	const char *name;		/* of --target */
	const char *summary;
	/*
	 * It replaces all records of a name and type: those of others must be
	 * known, or they are lost.
	 */
	bool whole_sets;
	/* Returns how many records it has no word for. */
	size_t (*write)(struct buffer *, struct arena *,
	    const struct target_input *);
};

extern const struct target *const targets[];	/* ends with NULL */
extern const char *const target_names[];	/* the same, for --help */
const struct target *target_find(struct str name);	/* NULL: none */

/* The strings of a TXT record, as they are published. */
struct str *made_strings(struct arena *, const struct made *, size_t *count);

/* ---- reading back (judge.c) ---------------------------------------------- */

/* Text as a source; the buffer is used up. */
struct source *source_of_text(struct arena *, struct str path,
    struct buffer *);
/*
 * Reads the text of every zone as any zone file is, into zones, those that are
 * wanted first; a name that is not in it may be elsewhere in the real zone.
 * With real zones (may be NULL), where one is known whole, the zone is as it
 * will be: what was made, up to the end (may be NULL: nobody asks), and behind
 * it what else the real one holds and keeps. Returns a record that is read as
 * something else than it was made, or as nothing; NULL: none.
 */
const struct made *records_read_back(struct arena *,
    const struct made_zones *, const struct block_style *,
    const struct zones *real, struct zones *, size_t *ends);
/* The records that were made for a zone, by owner. */
struct made_owners {
	struct table owners;
};

/* Of the zone as it is now: what is added to it later is not found. */
struct made_owners made_owners_of(struct arena *, const struct made_zone *);
/*
 * The first with which a record gets into each other's way, so that the record
 * has to go; NULL: it may stay.
 */
const struct made *made_collides(const struct made_owners *,
    const struct record *);
/* Is this record read as the one that was made? */
bool record_is_made(struct arena *, const struct record *,
    const struct made *);

#endif
