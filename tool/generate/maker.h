/*
 * The records of a configuration while they are made. For the files that make
 * them only:
 *
 *	records.c		which ones a domain asks for
 *	records_kept.c		those that it keeps
 *	records_sender.c	keys, and what services ask for
 *	records_spf.c		SPF, and what stands beside it
 *	records_standing.c	where a domain stands in its rollout
 */
#ifndef GENERATE_MAKER_H
#define GENERATE_MAKER_H

#include "generate/generate.h"

/* Records come out in this order, inside it as they were asked for. */
enum order { ORDER_MX, ORDER_SPF, ORDER_DMARC, ORDER_DKIM, ORDER_OTHER,
	ORDER_REPORT, ORDER_KEEP, ORDERS };

/* The records of one zone. */
struct made_list {
	struct made_list *next;
	struct made_zone zone;
	struct made *first[ORDERS], **last[ORDERS];
};

struct maker {
	const struct world *world;
	const struct config *config;
	struct arena *arena;
	const struct schedules *schedules;
	const struct str *wanted;	/* names of zones; none: all of them */
	size_t wanted_count;
	day at;				/* whose records are made */
	struct made_zones *zones;	/* the result */
	struct made_list *lists, **end;	/* in the order of domains */
	struct table by_name;		/* the same, by zone */
	struct table seen;		/* owner, type and text: once only */
	struct table kinds;		/* the first of a kind at an owner */
	struct table policy_files;	/* the first policy for each */
};

/* ---- one record, and where it goes (maker.c) ----------------------------- */

/*
 * The zone that a domain belongs to: the loaded one it lies in, unless that
 * has given it away; else the domain at the top is a zone of its own.
 */
struct str maker_zone_of(const struct maker *, const struct config_domain *);
/* Is the zone, or one above or below it, asked for? */
bool maker_wants(const struct maker *, struct str zone);
/*
 * An owner as people write it, "@" or nothing for the domain itself: a name
 * below the domain, or, with a final dot, the name as it is. STR_NONE when it
 * is none.
 */
struct str made_owner(struct arena *, struct str owner, struct str domain);
/* Adds a record to a zone, unless there is one that says the same. */
void maker_publish(struct maker *, struct str zone, enum order,
    struct made *);
/* The same of a TXT record, or of another type, with the TTL of a domain. */
void maker_publish_text(struct maker *, const struct config_domain *,
    enum order, enum auth, struct str owner, struct str text,
    struct span from);
void maker_publish_value(struct maker *, const struct config_domain *,
    enum order, struct str owner, uint16_t type, struct str value,
    struct span from);
/* What is kept in the zone of a domain, up to now. */
const struct made *maker_kept(const struct maker *,
    const struct config_domain *);
/* Tells something about a domain whose zone is wanted. */
void maker_remark(struct maker *, const struct config_domain *,
    const char *rule, struct span from, struct str text);

/* ---- kinds of records ---------------------------------------------------- */

/* The first of all: others give way to what is kept. */
void maker_add_kept(struct maker *, const struct config_domain *);
/* Is there already such a record, because one is kept? */
bool maker_keeps(const struct maker *, const struct config_domain *,
    struct str owner, uint16_t type, enum auth);

/* A key, unless it is one for later, or nothing is known of it. */
void maker_add_key(struct maker *, const struct config_domain *,
    const struct config_key *);
/* DKIM names and the return path of a service; SPF terms go elsewhere. */
void maker_add_sender(struct maker *, const struct config_domain *,
    const struct config_sender *);

/* Until a parked name is locked, its SPF record is not touched, either. */
void maker_add_spf(struct maker *, const struct config_domain *, bool locked);
/* SPF of a sender's own return path below the domain, where it has one. */
void maker_add_return_path(struct maker *, const struct config_domain *,
    const struct config_sender *);

/* Where a domain stands on the day. */
struct standing {
	const struct schedule *schedule;	/* NULL: no rollout */
	const struct step *step;		/* NULL: none, or not begun */
	bool locked;				/* nobody sends, for certain */
};

/*
 * A parked name that has a rollout is locked when that is through. What holds
 * a rollout, and what it takes back, is told.
 */
struct standing maker_standing(struct maker *, const struct config_domain *);

#endif
