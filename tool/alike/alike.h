/*
 * Texts of zone files that are alike: what is left out in which one customer of
 * a provider differs from the next, and what is known of the rest. Whoever
 * judges names need not judge those whose texts are known, see
 * lint/likeness.c.
 */
#ifndef ALIKE_ALIKE_H
#define ALIKE_ALIKE_H

#include "zone/zone.h"

enum {
	LIKE_LABEL = 32,		/* octets: longest label left out */
	LIKE_SLACK = 256,		/* the most that texts may differ in */
	SHAPE_MAX = 16384,		/* octets */
	SHAPE_KEYS = 8,
	SHAPE_ADDRESSES = 64,
	SHAPE_HOLES = 192,
	SHAPE_MARKS = 4096,		/* octets */
	FAMILY_NAMES = 32,
	FAMILY_STRETCHES = 64,
	STENCIL_ROOTS = 16
};

/* ---- verdicts ------------------------------------------------------------ */

enum { RULES_MAX = 512 };

/* Which rules said anything about a name, by their numbers in a run. */
struct speakers {
	uint64_t rules[RULES_MAX / 64];
	unsigned types;			/* of the records they spoke of */
	bool node;			/* one spoke of the name itself */
	bool zone;			/* of the zone */
};

/* Whether a name sends mail, as it is asked, or gets any. */
enum sending {
	SENDING_ROLE, SENDING_DESPITE_KEY,
	SENDING_NOWHERE,		/* to it, which no mail gets to */
	SENDINGS
};

/* ---- what is known (known.c) --------------------------------------------- */

enum { KNOWN_ASKINGS = 4 };

/* Octets that are met again, and what is known of them; often asked first. */
struct known {
	uint64_t hash;
	struct str octets;
	uint32_t number;		/* from 1 on */
	bool told;			/* the following is set */
	union {
		/* Of what is written at a name. */
		struct {
			size_t slack;	/* octets that it may differ in */
			uint32_t owner;	/* number of its name in the family */
			bool addresses;
			bool own_keys;	/* its keys are for the family's name */
			bool has_value;	/* a tag has one that is left out */
		} stretch;
		/* Of a zone, or a name: what was found there. */
		struct {
			size_t keys, zone;	/* how many; its number */
			bool suffixes;	/* it was asked whether names are */
			struct speakers speakers;
		} verdict;
		unsigned sending;	/* of a name, see enum sending */
		/* Of a name: what was asked for a verdict, or for that. */
		struct {
			struct asking {
				/* Bits: who was read; who sends mail. */
				uint32_t names, sending[SENDINGS];
			} list[KNOWN_ASKINGS];
			size_t count;
		} askings;
		/* Of a family: what was found at all of its names. */
		struct {
			/* Of each text with which another name begins. */
			const struct known **verdicts;
			bool suffixes, silent;
		} whole;
	};
	struct known *next;		/* in the order in which they came */
	struct known **slot;
};

struct knowledge {
	struct arena *arena;		/* what is known lives there */
	struct known **slots;		/* by hash */
	size_t slot_count;		/* a power of two; half are used */
	struct known *first;		/* of all */
	size_t count;
};

/*
 * Numbers that are known begin with one of these, and texts of shapes and of
 * names with none of them.
 */
enum kind {
	KIND_NAME = 1, KIND_FAMILY, KIND_STRUCTURE,
	KIND_SENDING,			/* and as many as there are, of each */
	KIND_VERDICT = KIND_SENDING + SENDINGS,
	KIND_ASKINGS = 0x200		/* beside what is asked for */
};

static inline struct str
known_numbers(const uint32_t *numbers, size_t count)
{
	return (struct str){ (const char *)numbers,
	    count * sizeof(*numbers) };
}

enum { KNOWLEDGE_SLOTS = 1 << 16 };

struct knowledge knowledge_new(struct arena *, size_t slots);
/* Nothing is known any more, and the arena is reset. */
void knowledge_forget(struct knowledge *);
/* NULL when they are not known. */
struct known *known_find(const struct knowledge *, struct str octets);
/* They are known from now on; NULL when that would be too much. */
struct known *known_add(struct knowledge *, struct str octets);

/*
 * Below it each customer of Microsoft 365 has names with a label of its own;
 * nobody judges a zone by its looks who knows of names there.
 */
extern const struct str alike_tenants;

/* ---- shapes -------------------------------------------------------------- */

/* A DKIM key of a family. */
struct shape_key {
	size_t position;		/* from which zone_next finds it */
	struct str owner;		/* as written */
	bool own_origin;		/* relative to the family's name */
	size_t text;			/* of a family, from 0 on */
	bool own;			/* for the name of the family */
	bool broken;			/* and nobody can read it */
	uint64_t fingerprint;
};

/* What stands where a shape leaves something out. */
enum hole_kind {
	HOLE_OWN,			/* the family's label */
	HOLE_ADDRESS, HOLE_TERM,	/* of a record, of SPF */
	HOLE_KEY, HOLE_LINES_KEY,	/* outside of parentheses, or inside */
	HOLE_SERIAL, HOLE_HOST,
	HOLE_VALUE,			/* behind a tag */
	HOLE_COMMENTS,			/* whole lines, or empty ones */
	HOLE_STRETCH,			/* the next one begins, behind such */
	HOLE_END			/* of all, behind such */
};

struct hole {
	enum hole_kind kind;
	const char *start, *end;	/* in the file */
	struct str mark;		/* what stands in the shape for it */
	/* Where a stretch begins, as it is told of that. */
	bool own_origin;		/* is its origin the family's name? */
	size_t position;
	uint32_t ttl;
	unsigned part;
};

/*
 * How records are written, all of a zone or a stretch of a family, with
 * everything left out in which one customer differs from the next: its own
 * name, addresses, and the digits of RSA keys.
 */
struct shape {
	char text[SHAPE_MAX];
	size_t n;
	struct shape_key keys[SHAPE_KEYS];
	size_t key_count;
	struct shape_address {
		uint64_t upper, lower;	/* of v4 the lower ones */
		bool ip6;
		bool term;		/* of SPF */
		struct str text;	/* as it is written first */
	} addresses[SHAPE_ADDRESSES];
	size_t address_count;
	uint64_t seen_addresses[4];	/* bits of hashes; more is harmless */
	/* In the order of the text; none when they do not tell all. */
	struct hole holes[SHAPE_HOLES];
	size_t hole_count;
	char marks[SHAPE_MARKS];
	size_t marks_length;
	size_t records;			/* of a zone, by its text */
};

/*
 * How long the label is that stands there, of a family, or a zone, that may
 * have a shape; 0 for one that may not. What stands behind it is no letter
 * that is small, no digit and no hyphen.
 */
size_t shape_label(struct str text);
/* The same of a label. */
bool shape_suits(struct str label);
/* Of a key in a stretch: whose it is, which stands behind _domainkey. */
struct str shape_key_domain(struct arena *, const struct shape_key *,
    struct str name, struct str above);
/*
 * The shape of a zone, without its serial; false when it holds anything
 * unusual.
 */
bool shape_make_whole(struct shape *, const struct zone *);

/* ---- stencils (stencil_zone.c) ------------------------------------------- */

struct stencil;

/* How many were looked at lately, and known. */
struct tries {
	size_t looked_at, known, passed;
};

/* Texts of which it is known that they give a shape, and what is known. */
struct stencils {
	struct arena *arena;
	/* By the number of a stretch within its family; NULL: none are. */
	struct stencil *roots[STENCIL_ROOTS];
	size_t count;
	struct tries tries[STENCIL_ROOTS];	/* of such stretches */
};

/*
 * What was said of the text of a zone which this one has, too, but for its
 * holes; then its keys are in the shape, and how many records it has. NULL when
 * there is none, and shape_make_whole may know more. The zone need not have
 * been read; then reading it would tell no problem either.
 */
const struct known *stencils_find_whole(struct stencils *, struct shape *,
    const struct zone *);
/* From now on the text that shape_make_whole made a shape of gives this. */
void stencils_add_whole(struct stencils *, const struct shape *,
    const struct zone *, const struct known *answer);

/* ---- families while they are read (familiar.c) --------------------------- */

/* Two families of one kind are the same to family_read(). */
extern const struct zone_recogniser alike_recogniser;

/* ---- zones while they are opened (whole.c) ------------------------------- */

/*
 * For one reader. Those of another one, which lives as long, have the same
 * kinds; NULL: there is none.
 */
struct zone_wholes *alike_wholes_new(struct arena *,
    struct zone_wholes *other);
/* Is a zone, which has been read, small, of one file, and written by hand? */
bool alike_is_plain(const struct zone *);
/* zone_hash of whose key it is, in a family or a zone of that name. */
uint64_t alike_key_domain(const struct zone *, struct arena *,
    const struct shape_key *, struct str name);

/* ---- families (family.c) ------------------------------------------------- */

enum { ZONE_NAME_LONG = 128 };		/* of one whose families are alike */

/* A child of the apex and the names below it. */
struct family {
	const struct zone *zone;
	struct zone_family members;
	struct str name;		/* at the end of the room */
	char room[LIKE_LABEL + 1 + ZONE_NAME_LONG];
	struct shape shape;		/* its keys */
	/* The kind, and the number of each text; 0: it is not known. */
	uint32_t texts[1 + FAMILY_STRETCHES];
	size_t text_count;
	size_t drawn;			/* of them, as no stencil fits */
	struct stretch stretches[FAMILY_STRETCHES + 1];
	/* Of each: what is known of it; how many addresses were before it. */
	const struct known *known[FAMILY_STRETCHES];
	size_t before[FAMILY_STRETCHES];
	struct known *all;		/* of the texts; NULL: not all are */
	/* When asked for: the names that own records. */
	struct family_name {
		const struct node *node;	/* once it is looked for */
		size_t first, end;	/* its texts */
		uint32_t owner;
		unsigned types;
		const struct known *content;	/* NULL: unknown */
		bool met;		/* it was known already */
		/* Bits: what has been answered of it, see enum sending. */
		unsigned answered, answers[SENDINGS];
	} names[FAMILY_NAMES];
	size_t name_count;
	bool has_nodes;			/* they have been looked for */
	/* How the names lie to each other, and which types each has. */
	const struct known *structure;
};

/* All that are read are of this zone, whose name is not too long. */
void family_start(struct family *, const struct zone *);
/*
 * Takes note of how a family is written, and what it is called; false when
 * that does not suit, or it holds more than its names may have.
 */
bool family_read(struct family *, struct knowledge *, struct stencils *,
    struct arena *scratch);
/* And of each of its names; false when they are too many. */
bool family_read_names(struct family *, struct knowledge *,
    struct arena *scratch);
/* Who they are; false when that cannot be told. */
bool family_find_nodes(struct family *);
/* One of them, when it can. */
const struct node *family_node(struct family *, size_t name);

/* What is told of all families of a kind, when it is of one. */
struct family_kept;
struct family_kept *family_keep(const struct family *, struct arena *);
/* The family that has these members is of that kind. */
void family_recall(struct family *, const struct family_kept *);

#endif
