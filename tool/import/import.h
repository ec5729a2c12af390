/*
 * From zones to the configuration that would generate their mail records.
 *
 *	gather.c	which records there are, and whose they are
 *	match.c		providers' templates held against records
 *	describe.c	what fields of mailzone.yaml say the same
 *	comment.c	what comments say of senders
 *	tidy.c		records that are but written in another way
 *	write.c		the file, write_domain.c the domains in it
 *	refuse.c	what is to be written otherwise
 *
 * Nobody here decides whether the description is right: who calls generates
 * from it, tells which records came out (import_saw), and what did not come
 * out as it stands in the zone is published as it is, by "keep".
 */
#ifndef IMPORT_IMPORT_H
#define IMPORT_IMPORT_H

#include "base/buffer.h"
#include "policy/policy.h"

/* How a record of the zone stands in the configuration. */
enum import_how {
	IMPORT_SAID,			/* a field says it */
	IMPORT_KEPT,			/* "keep" holds it */
	IMPORT_LEFT			/* a comment mentions it, no more */
};

struct import_record {
	struct import_record *next;	/* of its domain, in file order */
	const struct record *record;
	struct import_domain *domain;
	enum auth place;		/* what is looked for at its owner */
	struct str label;		/* before that: the selector */
	struct str data;		/* the text, or rdata */
	enum import_how how;
	bool seen;			/* generated in this round */
	bool refused;			/* in this round, for another reason */
	const char *why;		/* KEPT, LEFT: the reason; or NULL */
	uint32_t ttl;			/* that generate will give it */
	struct import_key *key;		/* DKIM: the same as a key */
	bool used;			/* a sender says it */
};

struct import_key {
	struct import_key *next;
	struct str name, selector;
	struct str public_key;		/* base64; STR_NONE: revoked */
	bool testing, strict;		/* flags t=y and t=s */
	struct str notes;		/* n=; STR_NONE */
};

/* A sender, as it will stand in the file; shared by domains. */
struct import_sender {
	struct import_sender *next;
	struct str name;
	const struct provider *provider;	/* NULL: hosts of its own */
	const struct variable *variables;	/* that the provider wants */
	struct words spf;		/* terms of its own */
	struct import_key **keys;
	size_t key_count;
	struct import_record **cnames;	/* selector: target */
	size_t cname_count;
	struct str owner, ticket;	/* out of comments; STR_NONE */
	struct str remark;		/* for people, behind it; STR_NONE */
};

struct import_link {
	struct import_link *next;
	struct import_sender *sender;
};

struct import_domain {
	struct import_domain *next;	/* in file order */
	struct import_domain *apex;	/* of its zone; itself */
	struct import_domain *below, **below_end;	/* of an apex */
	struct import_domain *sibling;
	struct str name;
	const struct zone *zone;
	struct import_record *records, **end;
	/* Other records at names that belong to it: for templates. */
	struct import_record *others, **others_end;
	bool parked_refused;		/* it cannot be said to be parked */
	bool refused;			/* its records are kept by its apex */
	/* What was made of them in this round: */
	bool parked;
	struct import_record *spf, *dmarc, *null_mx, *tls_rpt, *bimi;
	bool spf_publish;
	const char *spf_all;		/* softfail, ... or NULL */
	struct str spf_redirect;
	struct import_link *senders, **senders_end;
};

/* A finding that the file asks to leave out. */
struct import_ignore {
	struct import_ignore *next;
	struct str rule, zone, owner;
};

struct import {
	struct arena *arena;
	struct providers *providers;
	struct str templates;		/* where some are; STR_NONE */
	struct import_provider *known;	/* match.c */
	const struct zones *zones;
	day today;
	bool tidy;			/* no matter how they are written */
	struct import_domain *domains, **domains_end;
	struct table by_domain;
	struct table by_data;		/* owner, type, data: import_record */
	struct import_key *keys, **keys_end;
	struct import_sender *senders, **senders_end;
	struct table names, signatures;	/* of keys and senders */
	struct import_ignore *ignores, **ignores_end;
	struct table ignored;
	uint32_t ttl;			/* of most records */
	struct import_piece *pieces;	/* writer.h: what stands where */
	size_t kept;			/* as they stand, or left */
};

/*
 * Gathers the mail records of all zones; providers may be NULL. A tidy import
 * takes two records for the same when no receiver reads them differently.
 */
struct import *import_new(struct arena *, const struct zones *,
    struct providers *, day today, bool tidy);
/* Patterns are not of the arena. */
void import_close(struct import *);

/* The configuration, as it is understood now. */
void import_write(struct import *, struct buffer *);

/*
 * A round of comparison: every record that was generated is shown, then
 * import_settle tells whether something has to be written otherwise.
 */
void import_start(struct import *);
void import_saw(struct import *, struct str owner, uint16_t type,
    struct str data);
bool import_settle(struct import *);
/*
 * What stands in these bytes of the file that was written last is refused:
 * it will be written otherwise. False when nothing can be done about it.
 */
bool import_refuse(struct import *, size_t start, size_t end);
/* A finding that the zones have today is not to stop anybody. */
bool import_ignore(struct import *, struct str rule, struct str zone,
    struct str owner);

/* Records that no field says, in order; starts NULL. */
const struct import_record *import_unsaid(const struct import *,
    const struct import_record *);

/*
 * How many records of the zone with this apex get another TTL than they have
 * there, and the first of these.
 */
size_t import_other_ttls(const struct import_domain *apex,
    const struct import_record **first);

/* ---- in this folder ------------------------------------------------------ */

/*
 * The TTL that most mail records have, of as many that of the first, of a
 * domain or of those that follow it, too; without records what is given.
 */
uint32_t import_common_ttl(const struct import_domain *, bool others,
    uint32_t otherwise);
/* What describe.c sets anew in each round. */
void import_describe(struct import *);
/* The text of a record as all are written that say the same. */
struct str import_tidy(struct arena *, struct str owner, struct str text);

/* (match.c) Patterns of all providers, compiled. */
struct import_provider {
	struct import_provider *next;
	const struct provider *provider;
	struct pattern **variables;
	struct pattern **spf, **cname;	/* by which it is recognised */
};

/* In the order of names; providers may be NULL: none. */
struct import_provider *import_providers(struct arena *,
    struct providers *);
/* Of this one and those behind it, the patterns. */
void import_providers_free(struct import_provider *);
/* Is a term, or the target of a CNAME, one of the provider's? */
bool provider_knows_term(const struct import_provider *, struct str term);
bool provider_knows_target(const struct import_provider *, struct str);
/* What of a domain is a provider's. */
struct match {
	const struct spf_term *term;	/* the first; NULL: none wanted */
	const struct variable *variables;
	struct import_record **records;	/* those that it stands for */
	size_t count;
	struct import_key **keys;
	size_t key_count;
};

/*
 * Do the provider's SPF terms (from match->term on) and records stand at the
 * domain? Then the rest of the match is filled in: the variables as they must
 * be for that.
 */
bool provider_match(struct arena *, const struct import_provider *,
    const struct import_domain *, struct match *);

#endif
