/*
 * Zones: what a master file holds, and what a name server would answer from
 * all that were loaded.
 *
 * The dialect is BIND's. The reader is total: whatever the file holds, it
 * returns a zone; what BIND would refuse stands among the problems of its
 * contents, with its place. A zone does not hold its records. It holds a log
 * of owners (16 octets for each run of entries with one owner) and the places
 * of entries; a struct record is made from its place in the arena of whoever
 * asks, looked at, and forgotten.
 */
#ifndef ZONE_ZONE_H
#define ZONE_ZONE_H

#include <stdatomic.h>
#include <stdint.h>

#include "auth/auth.h"
#include "base/date.h"
#include "base/file.h"
#include "base/name.h"
#include "base/place.h"

struct arena;
struct stand_ins;
struct zone;
struct zone_options;

/* Types by their number; any other number is a type too. */
enum rrtype {
	RR_A = 1, RR_NS = 2, RR_CNAME = 5, RR_SOA = 6, RR_PTR = 12,
	RR_MX = 15, RR_TXT = 16, RR_SIG = 24, RR_KEY = 25, RR_AAAA = 28,
	RR_SRV = 33, RR_DNAME = 39, RR_DS = 43, RR_RRSIG = 46, RR_NSEC = 47,
	RR_DNSKEY = 48, RR_NSEC3 = 50, RR_SPF = 99
};

/* "TXT", "TYPE65280"; and back in any case, false for no type at all. */
struct str rrtype_name(struct arena *, uint16_t type);
bool rrtype_parse(struct str, uint16_t *type);

/* Sets of types that one name owns. */
enum {
	HAS_A = 1 << 0, HAS_AAAA = 1 << 1, HAS_NS = 1 << 2,
	HAS_CNAME = 1 << 3, HAS_SOA = 1 << 4, HAS_MX = 1 << 5,
	HAS_TXT = 1 << 6, HAS_SPF = 1 << 7, HAS_DNAME = 1 << 8,
	HAS_PTR = 1 << 9, HAS_SRV = 1 << 10, HAS_DS = 1 << 11,
	HAS_DNSSEC = 1 << 12,	/* RRSIG, NSEC, KEY: may stand beside CNAME */
	HAS_OTHER = 1 << 13,
	/*
	 * No type: there may be two records of these types that are the same.
	 */
	HAS_TWICE = 1 << 14,
	TWICE_TYPES = HAS_TXT | HAS_MX | HAS_CNAME | HAS_NS | HAS_SPF
};

unsigned rrtype_set(uint16_t type);	/* the one bit */

/* One token of rdata, as it is written. */
struct token {
	struct span span;		/* quotes included */
	struct str raw;			/* without quotes, escapes as written */
	bool quoted;
};

/* A run of joined text that stands in the file byte for byte. */
struct text_piece {
	size_t text;			/* where in the joined text */
	size_t source;			/* where in the source */
};

struct record {
	const struct zone *zone;
	size_t position;		/* from which zone_next finds it */
	struct str owner;		/* canonical */
	uint16_t type, class;
	uint32_t ttl;
	bool explicit_ttl;		/* written in this entry */
	struct span span;		/* the entry, without its comment */
	struct span owner_span;		/* empty when the owner is left out */
	struct span type_span;
	struct span rdata_span;		/* first to last token */
	struct token *tokens;		/* of the rdata */
	size_t token_count;
	/* Made by $GENERATE: spans then point at the whole line. */
	bool generated;
	/* Counts the parts of files that $INCLUDE and its end cut off. */
	unsigned part;
	struct str octets;		/* of the rdata; STR_NONE for strings */

	/*
	 * TXT and SPF: the octets of each string, and all joined. Piece i
	 * covers text up to piece i + 1; inside a piece the bytes follow each
	 * other in the file, so that record_text_span can find any part.
	 */
	struct str *strings;
	size_t string_count;
	struct str text;
	struct text_piece *pieces;
	size_t piece_count;
	/* ";" and what follows on the line(s) of the entry; STR_NONE. */
	struct span comment;

	/* CNAME, NS, MX, PTR, DNAME, SRV: the name, canonical. */
	struct str target;
	uint16_t preference;		/* MX, SRV priority */
	unsigned char address[16];	/* A: four octets; AAAA: sixteen */
	uint32_t soa_serial, soa_minimum;	/* SOA */

	/*
	 * What the text is, decided once: by place and version (AUTH_NONE
	 * when receivers would not select it there), and parsed.
	 */
	enum auth auth;
	union {
		struct spf *spf;
		struct dkim *dkim;
		struct dmarc *dmarc;	/* also AUTH_REPORT */
		struct mtasts *mtasts;
		struct tlsrpt *tlsrpt;
		struct bimi *bimi;
	};
};

/* Where bytes start to end of record->text stand in the file. */
struct span record_text_span(const struct record *, size_t start, size_t end);
/* The owner as it is written: absolute, case kept, final dot. */
struct str record_written(struct arena *, const struct record *);
/* Rdata as named-compilezone prints it. */
struct str record_rdata(struct arena *, const struct record *);
/* The same text for all rdata that name servers take for the same. */
struct str record_folded(struct arena *, const struct record *);
/*
 * What a TXT record takes in an answer to a question for it, where its name is
 * a pointer (RFC 1035 section 4.1.4): octets.
 */
size_t record_text_octets(const struct record *);
/*
 * Same type, class, owner and rdata (names without regard to case, but for
 * the types that keep it)?
 */
bool record_same(struct arena *, const struct record *,
    const struct record *);
/*
 * Which of these records are the same as one before them: of each record the
 * first one that is, which may be itself. A name server gives only that (RFC
 * 2181 section 5). The array lives in the arena.
 */
const struct record **records_first(struct arena *,
    const struct record *const *records, size_t count);

/* ---- reading ------------------------------------------------------------- */

enum zone_problem_kind {
	ZONE_SYNTAX,			/* BIND refuses: anything else */
	ZONE_UNBALANCED_QUOTE,
	ZONE_STRING_TOO_LONG,		/* character-string above 255 octets */
	ZONE_NAME_TOO_LONG,		/* label above 63, name above 255 */
	ZONE_NO_TTL,			/* told once, at the first entry */
	ZONE_BOM,			/* UTF-8 byte order mark at the start */
	ZONE_LIMIT,			/* depth, size, expansion: given up */
	ZONE_INCLUDE,			/* $INCLUDE cannot be followed */
	ZONE_GENERATE_QUOTES,		/* $GENERATE TXT loses its quotes */
	ZONE_OUT_OF_ZONE		/* ignored by BIND with a warning */
};

struct zone_problem {
	struct zone_problem *next;
	enum zone_problem_kind kind;
	struct span span;
	struct span entry;		/* that was passed over; none: read */
	struct str what;
	size_t others;			/* that it speaks for, too */
};

/* How a zone's name was found; the order in which it is looked for. */
enum zone_how {
	ZONE_BY_OPTION, ZONE_BY_CONFIG, ZONE_BY_NAMED_CONF, ZONE_BY_SOA,
	ZONE_BY_ORIGIN, ZONE_BY_FILE_NAME, ZONE_BY_PARENT, ZONE_UNNAMED
};

/* A suppression comment, as written; judged by rules/. */
struct zone_suppression {
	struct zone_suppression *next;
	struct span span;		/* from "mailzone:" to the end */
	struct str text;		/* behind "mailzone:" */
	/* Entry that it covers: an alone comment covers the next entry. */
	struct span covers;		/* none for ignore-file */
};

/*
 * How a small zone is written, where others are written like it: then they
 * differ in nothing that is told of them, but for the key.
 */
struct zone_kind {
	uint32_t number;		/* from 1 on; 0: unknown */
	uint16_t records;
	bool keyed;			/* there is one DKIM key */
	bool broken;			/* which nobody can read */
	/* Of the key: of its domain, and where zone_next finds it. */
	uint64_t fingerprint, domain;
	size_t position;
};

/* What stands in the files of a zone; all zero until they are read. */
struct zone_contents {
	/* Every file read, the zone's own first; see source_included. */
	const struct source **sources;
	size_t source_count;
	struct zone_problem *problems;
	size_t problem_count;		/* counted beyond what is kept */
	struct zone_suppression *suppressions;
	size_t record_count;		/* all records read */
	size_t soa_count;		/* of these, whatever their owner */
	bool incomplete;		/* an include is missing: "unknown" */
	/* An include that is there but cannot be opened; STR_NONE. */
	struct str unreadable;
	bool escaped_owners;		/* some canonical owner has a "\\" */
	bool relative_servers;		/* some NS has "a.b", no final dot */
	bool underscored_aliases;	/* some CNAME stands at "_a" */
	bool wildcards;			/* some owner is one */
	bool null_mx;			/* some MX leads to the root */
	bool marked;			/* some comment begins a block */
	/* Of the file itself: it says $ORIGIN; where it first says $TTL. */
	bool own_origins;
	size_t own_ttl;			/* behind the word; 0: nowhere */
	/* The SOA, when there is one. */
	bool has_soa;
	bool stray_soa;			/* of the root, or without final dot */
	struct span low_soa;		/* of a name below; or empty */
	struct span soa;		/* its entry */
	uint32_t soa_ttl, soa_serial, soa_minimum;
};

/* There are many more of them than of those that were read. */
struct zone {
	struct str name;		/* canonical */
	struct str view;		/* "" for none */
	/* Other names that the same file serves (symbolic links). */
	struct str *also;
	uint32_t also_count;
	uint16_t above_length;		/* octets, see zone_above */
	enum zone_how how;
	bool context;			/* loaded to know more, not reported */
	bool late;			/* it is read when somebody asks */
	struct zone_kind kind;
	const struct source *source;	/* the file itself */
	_Atomic(const struct zone_contents *) contents;	/* never NULL */
	const struct zone_options *options;	/* it was read with */
	struct arena *arena;		/* what the zone itself lives in */
	/* zone/ only from here */
	struct zone_log *log;		/* NULL until it is read */
	_Atomic(struct zone *) unread;	/* itself, until then */
	struct source *lender;		/* its source, if its text is lent */
};

/* Its name without the first label. */
static inline struct str
zone_above(const struct zone *zone)
{
	return str_after(zone->name, zone->name.n - zone->above_length);
}

/* The first label of its name. */
static inline struct str
zone_label(const struct zone *zone)
{
	return str_slice(zone->name, 0, zone->name.n -
	    zone->above_length - (zone->above_length > 0));
}

/* For what is said of the zone as a whole: its SOA, else line 1, column 1. */
static inline struct span
zone_place(const struct zone *zone)
{
	const struct zone_contents *contents = zone->contents;

	return contents->has_soa ? contents->soa :
	    (struct span){ zone->source, 0, 0 };
}

/* How long resolvers remember what is not there (RFC 2308 section 5). */
static inline uint32_t
zone_negative_ttl(const struct zone *zone)
{
	const struct zone_contents *contents = zone->contents;

	return contents->soa_ttl < contents->soa_minimum ? contents->soa_ttl :
	    contents->soa_minimum;
}

/*
 * A family of names, see struct zone_family, whose entries follow each other in
 * a file, and which is kept as one run.
 */
enum { FOLD_LINES = 32 };		/* entries, at most */

struct fold;

struct fold_text {
	const struct fold *fold;	/* how its entries begin */
	/* Stretches of one owner, and where they end, from its start. */
	size_t runs, ends[FOLD_LINES];
	bool relative;			/* see struct rdata; of any entry */
	/* Families of one kind differ in nothing that is told of them. */
	uint32_t kind;			/* from 1 on; 0: unknown */
	bool keyed;			/* there is a DKIM key, and no other: */
	uint64_t fingerprint;		/* of that, or 0 */
	size_t spared;			/* so many next are not asked for */
};

/*
 * Who knows families by their text. One that is known need not be read entry by
 * entry: it is as the one that was learnt, but for the family's name, and for
 * data that is as good. All of them stand under one origin and $TTL, until they
 * are to be forgotten, as another one may hold. Each reader has a context of
 * its own, in an arena that lives as long. (alike/familiar.c)
 */
struct zone_recogniser {
	size_t from;			/* families that come before */
	void *(*start)(struct arena *, struct str zone, struct str origin);
	void (*forget)(void *, struct str origin);
	/*
	 * The family that begins there, with its name as it is written; false
	 * when it is not known: then all it says is how many are spared. The
	 * text goes on behind it.
	 */
	bool (*find)(void *, struct str text, size_t name,
	    struct fold_text *);
	/* The same one has been read, with all but the kind. */
	void (*learn)(void *, struct str text, const struct fold_text *);
};

/* Who knows small zones by their text, for one reader (alike/whole.c). */
struct zone_wholes {
	/*
	 * Sets the kind of one that is known. It need not have been read: then
	 * that would tell no problem either.
	 */
	bool (*find)(struct zone_wholes *, struct zone *);
	/* Does it pay to read one that is not known, and to learn it? */
	bool (*wants)(struct zone_wholes *);
	/* True if its kind turns out to be that of others. */
	bool (*learn)(struct zone_wholes *, struct zone *);
};

struct zone_options {
	struct str name;		/* STR_NONE: found in the file */
	enum zone_how how;		/* when name is given */
	/* The name in the case that relative names take; STR_NONE: small. */
	struct str written;
	bool full_syntax;		/* judge the rdata of every type */
	bool incomplete;		/* something is missing already */
	/*
	 * Where $INCLUDE is looked for: named.conf's directory (STR_NONE:
	 * none), the folder of the file that includes, that of the zone's
	 * file, these, the current folder. What lies neither below one of
	 * these nor below root is refused; root "" allows everything.
	 */
	struct str directory;
	const struct str *include_folders;
	size_t include_folder_count;
	struct str root;
	/* What is read in place of files; may be NULL. */
	const struct stand_ins *instead;
	struct file_store *store;	/* where includes come from */
	/*
	 * From this number of records on, families of names that are written
	 * alike are kept as one; 0: never. See zone_unfold.
	 */
	size_t fold_from;
	const struct zone_recogniser *recogniser;	/* of them; or NULL */
	struct zone_wholes *wholes;	/* or NULL */
	bool keeps_texts;		/* most will be asked what they hold */
	/*
	 * So many octets of texts that are lent are kept; when it is used up
	 * they are given up. NULL: there is no limit.
	 */
	size_t *room;
	struct asked_zones *asked;	/* see there; or NULL */
	struct includes *includes;	/* see there; or NULL */
	/*
	 * The same but for the name, which live as long as the zones; NULL:
	 * each has a copy.
	 */
	const struct zone_options *kept;
	/*
	 * So many threads read the file, each as many octets at least; share
	 * 0: one does.
	 */
	unsigned threads;
	size_t share;
};

/*
 * What zones of a run, or of a store, include is looked for once, and read
 * once: threads may share it. Texts are kept while there is room.
 */
struct includes *includes_new(struct arena *, size_t room);
/* One after the other of those that are a part of some zone; NULL starts. */
struct included_file {
	struct included_file *next;
	struct source source;		/* its text, if that is kept */
	bool part;
};
const struct included_file *includes_next(const struct includes *,
    const struct included_file *);

/* Limits, each with a message of its own (ZONE_LIMIT, ZONE_INCLUDE). */
enum {
	ZONE_MAX_INCLUDE_DEPTH = 64,
	ZONE_MAX_INCLUDES = 100 * 1000,		/* into one zone */
	ZONE_MAX_GENERATE = 1000 * 1000,	/* entries in one zone */
	ZONE_MAX_PROBLEMS = 1000,		/* kept; all are counted */
	ZONE_FEW = 1024,			/* records of a small one */
	/* What records have where no TTL is known (ZONE_NO_TTL). */
	ZONE_ASSUMED_TTL = 3600
};

/*
 * The zone that a file's name speaks of: known prefixes and suffixes are cut
 * off; STR_NONE when no name with a dot in it is left.
 */
struct str zone_name_of_path(struct arena *, struct str path);
/*
 * Reads a file and what it includes. The name is, first that answers, that of
 * the options, that of an absolute SOA or one under an absolute $ORIGIN, the
 * first absolute $ORIGIN but ".", that of the file; else the zone is
 * ZONE_UNNAMED and its names are taken as if it were the root.
 */
struct zone *zone_read(struct arena *, struct source *,
    const struct zone_options *);
/*
 * The same, but a small file is not read until somebody asks for what it holds:
 * the functions that find names and records do so, and whoever gets a zone from
 * zones_find() finds it read. Before that all that is known is its name, its
 * file, and perhaps its kind. One that seems to include others is read, so that
 * they are known, and may be forgotten. A text that is lent is kept, or given up
 * where the kind is known: nobody asks for most of those, unless the options
 * say so.
 */
struct zone *zone_open(struct arena *, struct source *,
    const struct zone_options *);
bool zone_is_read(const struct zone *);
/* Has its apex been seen? Only then can anything be missing at it. */
bool zone_is_whole(const struct zone *);
/* Reads it now, unless it has been read; threads may share it. */
void zone_need(const struct zone *);
/*
 * For who looks at many zones, and at each but once: itself if it is read, else
 * a copy that is, and lives in the arena.
 */
const struct zone *zone_peek(struct arena *, const struct zone *);
/* Those of a run that were read because somebody asked what they hold. */
struct asked_zones *asked_zones_new(struct arena *);
/*
 * Nobody looks at what they hold any more: they are as if nobody had asked,
 * but for those in which something is suppressed, or cannot be opened. Spans in
 * them are as good as before. Of a text in which something is told the places
 * can be found, or, if it is to be kept, all of it is there.
 */
typedef bool zone_is_told(void *context, const struct source *);
void asked_zones_forget(struct asked_zones *, zone_is_told *, void *context,
    bool keeps_texts);
/*
 * Reads a zone again, with what stands in for its files; those that nothing
 * stands in for are read anew, but the zone's own is as it was. The name
 * stays.
 */
struct zone *zone_read_again(struct arena *, const struct zone *,
    const struct stand_ins *);
/* Would BIND refuse the file for it? */
bool zone_problem_is_syntax(enum zone_problem_kind);

/*
 * The records of a zone in file order, those whose type is in the set (~0u
 * for all); those outside the zone, which name servers ignore, are left out.
 * Starts with *position 0; NULL after the last. The record is made
 * in the arena and parsed (record->auth).
 */
const struct record *zone_next(const struct zone *, struct arena *,
    unsigned types, size_t *position);
/* Those of type TXT that are records of this kind; the others are not made. */
const struct record *zone_next_of(const struct zone *, struct arena *,
    enum auth kind, size_t *position);
/*
 * Those that are left out between two positions of records: the next owner,
 * canonical, its part, and *from behind it; false when there is none.
 */
bool zone_left_out(const struct zone *, struct arena *, size_t *from,
    size_t to, struct str *owner, unsigned *part);

/* ---- names --------------------------------------------------------------- */

/*
 * A name that exists in a zone: it owns records, or some name below it does
 * (RFC 4592 section 2.2.2); then types is 0. Opaque but for this.
 */
struct node {
	unsigned types;			/* HAS_... */
	unsigned children : 1;		/* names exist below it */
	unsigned wildcard : 1;		/* "*" exists directly below it */
	unsigned occluded : 1;		/* below a cut or a DNAME */
	unsigned cut : 1;		/* owns NS and is not the apex */
	unsigned folded : 1;		/* see zone_unfold */
	/* zone/ only from here */
	unsigned known : 1;
	uint32_t parent, runs;
	/* Numbers plus one; none are kept of the children of the apex. */
	_Atomic uint32_t child;
	uint32_t sibling;
	uint64_t hash;
};

/* NULL when the name does not exist. */
const struct node *zone_find(const struct zone *, struct str name);
size_t zone_node_count(const struct zone *);
/* If not, no name is a cut or occluded. */
bool zone_has_cuts(const struct zone *);
/* If not, no name is a wildcard. */
bool zone_has_wildcards(const struct zone *);
/*
 * All nodes, in the order in which their names were first seen, but those that
 * are folded in another one.
 */
const struct node *zone_node(const struct zone *, size_t number);
/*
 * The number of the first name, from one on, that owns records of one of these
 * types, types[1] if it is occluded, else types[0], or that has names below it
 * (where these are folded, only if one of them does); to when there is none.
 */
size_t zone_next_with(const struct zone *, size_t number, size_t to,
    const unsigned *types);
/*
 * A name directly below the apex may come folded, with all names below it:
 * nobody has asked for them yet. Then its types are those of all, and zone_node
 * knows none of the others. From now on it is a name like any other.
 */
void zone_unfold(const struct zone *, const struct node *);
enum { FOLD_NAMES = 32 };		/* at most, with that of the family */
/*
 * It, and all that were folded in it, in the order in which they were first
 * seen; returns how many.
 */
size_t zone_unfolded(const struct zone *, const struct node *,
    const struct node **names);
/* Starts with zeros. */
struct zone_walk {
	size_t next;
	const struct node *top, *last;
};

/* All nodes, one after the other; NULL after the last. */
const struct node *zone_each(const struct zone *, struct zone_walk *);
/*
 * The names directly below one, in the same order; NULL after the last. None
 * that these or node_next return is still folded.
 */
const struct node *node_child(const struct zone *, const struct node *);
const struct node *node_sibling(const struct zone *, const struct node *);
/*
 * All names at and below top, each before those below it: the one that comes
 * after this one, NULL after the last.
 */
const struct node *node_next(const struct zone *, const struct node *top,
    const struct node *);
/* Canonical. */
struct str node_name(const struct zone *, const struct node *,
    struct arena *);
/*
 * Stands for a name in canonical form, which need not be one of the zone: the
 * same ones have the same, for as long as it is loaded.
 */
uint64_t zone_hash(const struct zone *, struct str name);
/* Its records of the types, in file order; the count is returned. */
size_t node_records(const struct zone *, const struct node *, struct arena *,
    unsigned types, const struct record ***records);

/*
 * A name directly below the apex and all names below it, which were first seen
 * one after the other. None of them need have become a node.
 */
struct zone_family {
	size_t number, count;		/* of names, from a number on */
	size_t top;			/* the number of the one at the top */
	uint64_t hash;			/* see zone_hash, of that */
	bool folded;			/* see zone_unfold */
	struct family_kind {
		uint32_t number;	/* below zone_kind_count; 0: unknown */
		bool keyed;		/* see struct fold_text */
		uint64_t fingerprint;
	} kind;
	/* zone/ only from here: of one that is folded */
	size_t run;			/* its number */
	const struct fold *fold;
	const uint16_t *ends;		/* see log_ends */
};

/* If so it is from this number on, and they are not more than most. */
bool zone_family(const struct zone *, size_t number, size_t most,
    struct zone_family *);

/*
 * Records of one name that follow each other in a file, as they stand there:
 * from the first entry to the next name or directive, comments and all.
 */
struct stretch {
	/* STR_NONE: made, without owner, or outside the zone. */
	struct str text;
	struct str origin;		/* canonical */
	uint32_t ttl;			/* of entries that say none */
	unsigned part;
	unsigned types;			/* of its records */
	size_t position;		/* where zone_next finds its first */
};

/*
 * Those of a family, a name at a time: at most so many, and how many there
 * are.
 */
size_t zone_family_stretches(const struct zone *, const struct zone_family *,
    struct stretch *, size_t most);
/* More than there are kinds of families. */
size_t zone_kind_count(const struct zone *);
/*
 * From which zone_next finds such a stretch, in their order above, of one that
 * is folded.
 */
size_t zone_family_position(const struct zone *, const struct zone_family *,
    size_t stretch);
/* The name that owns one of them, in a family that came folded. (unfold.c) */
const struct node *zone_stretch_node(const struct zone *,
    const struct node *top, size_t stretch);
/* From which zone_next finds the first record of a name, which is unfolded. */
size_t node_position(const struct zone *, const struct node *);
/* All of a zone, in file order; starts with 0. */
bool zone_stretch(const struct zone *, size_t *next, struct stretch *);

/* ---- answers ------------------------------------------------------------- */

/* Everything loaded in a run. */
struct zones {
	struct arena *arena;
	struct zone **zones;		/* in the order loaded */
	size_t count, room;
	/*
	 * Where views share a name, the zone of this one answers, else that of
	 * none, else the one loaded first. A copy of the struct may have
	 * another view.
	 */
	struct str view;
	/* A zone without any SOA is a part: more may stand elsewhere. */
	bool parts;
	const struct dns_cache *cache;	/* for names outside; may be NULL */
	struct dns_source *dns;		/* is asked first; may be NULL */
	uint32_t kind_count;		/* those of zones are below that */
	/*
	 * Of them, which are forgotten when so many have been judged; NULL:
	 * they never are.
	 */
	struct asked_zones *asked;
	size_t batch;
	struct zone_index *index;	/* by name; zone/ only */
	/* Of the one thread that uses this copy; NULL: nothing is kept. */
	struct zone_memory *memory;
};

/* Who looks at each for something of its own had better not have them read. */
static inline bool
zones_are_many(const struct zones *zones)
{
	return zones->asked != NULL && zones->count > zones->batch;
}

/*
 * The records that a thread has read lately, kept in a child of the arena. When
 * all, or very many, are to be forgotten, those given out are no more.
 */
struct zone_memory *zone_memory_new(struct arena *);
void zone_memory_tidy(struct zone_memory *, bool all);
enum { ZONE_WATCHED = 32 };

/*
 * From now on it is noted of no name whether somebody reads its records; and
 * then of this one, too, unless ZONE_WATCHED are watched already.
 */
void zone_memory_watch(struct zone_memory *);
void zone_memory_watch_node(struct zone_memory *, const struct node *);
/* Of which names they were read: a bit for each, the first the lowest. */
uint32_t zone_memory_seen(const struct zone_memory *);
/* These have been seen, and no others. */
void zone_memory_see(struct zone_memory *, uint32_t seen);
/*
 * The zone in which names lay that were asked for lately, and below which no
 * other is loaded; NULL: none is known. It is forgotten with all the rest.
 */
void zone_memory_keep_zone(struct zone_memory *, const struct zone *);
const struct zone *zone_memory_zone(const struct zone_memory *);
/*
 * As node_records, for a zone of these; the list is the caller's, the records
 * last until the memory is tidied.
 */
size_t zones_records(const struct zones *, const struct zone *,
    const struct node *, struct arena *, unsigned types,
    const struct record ***records);

/* Its records would have been read, had they been needed. */
void zones_note(const struct zones *, const struct node *);

/* Behind those that are loaded. */
void zones_add(struct zones *, struct zone *);
/* So many are about to be added. */
void zones_expect(struct zones *, size_t more);
/* The zone of exactly this name; NULL when there is none. */
const struct zone *zones_find(const struct zones *, struct str name);
/* Is none of the others of the same name, nor below it? */
bool zones_stand_alone(const struct zones *, const struct zone *);
/* Does none of them know of the name, nor of one below it? */
bool zones_are_apart(const struct zones *, struct str name);
/* The deepest zone that the name lies in; NULL when none does. */
const struct zone *zones_covering(const struct zones *, struct str name);

enum answer_kind {
	ANSWER_DATA,
	ANSWER_NODATA,			/* the name exists, the type does not */
	ANSWER_NXDOMAIN,
	ANSWER_UNKNOWN			/* not visible from here */
};

struct answer {
	enum answer_kind kind;
	struct str name;		/* asked, after CNAME and DNAME */
	struct str owner;		/* where records stand: may be "*" */
	const struct zone *zone;	/* that answered last */
	const struct record **records;	/* of the type, duplicates dropped */
	size_t count;
	bool wildcard;			/* synthesised */
	unsigned links;			/* CNAME and DNAME followed */
	bool looped;			/* UNKNOWN: they lead in a circle */
	day checked;			/* from the cache; else DAY_NONE */
	struct str why;			/* UNKNOWN: the reason, for people */
};

enum { ANSWER_MAX_LINKS = 8 };

/*
 * What an authoritative server with all loaded zones would say (RFC 1034
 * section 4.3.2, RFC 4592, RFC 6672): cuts, DNAME, CNAME,
 * empty non-terminals, wildcards. UNKNOWN outside the loaded zones, below a
 * cut whose child is not loaded, and NXDOMAIN or NODATA in a zone whose
 * includes are missing.
 */
struct answer zones_ask(const struct zones *, struct arena *, struct str name,
    uint16_t type);
/*
 * The same where only the kind counts, and perhaps how many CNAME and DNAME
 * records lead there (links may be NULL).
 */
enum answer_kind zones_kind(const struct zones *, struct arena *,
    struct str name, uint16_t type, unsigned *links);
/* Any type at all: DATA or NODATA: exists. RFC 6604 for CNAME chains. */
enum answer_kind zones_exists(const struct zones *, struct arena *,
    struct str name);

/*
 * Who can be asked about names outside; net/ has one. As dns_cache_ask; where
 * it returns false, answer->why says why. Threads may share it.
 */
struct dns_source {
	bool (*ask)(struct dns_source *, struct arena *, struct str name,
	    uint16_t *type, struct answer *);
};

/* ---- answers kept in a file (cache.c) ------------------------------------ */

enum {
	DNS_CACHE_OLD = 30,		/* days: worth a word */
	DNS_CACHE_EXPIRED = 180		/* not used */
};

struct dns_cache_line {
	struct span span;
	struct str name;
	uint16_t type;
	enum answer_kind kind;		/* DATA, NODATA, NXDOMAIN */
	day checked;
};

/*
 * "name TYPE ttl checked-date value", the value as in a zone file, or
 * "name TYPE - checked-date NXDOMAIN" or NODATA, one answer a line; empty
 * lines and those that begin with "#" are passed over.
 */
struct dns_cache {
	const struct source *source;
	struct dns_cache_line *lines;	/* those that could be read */
	size_t count;
	struct zone_problem *problems;	/* those that could not */
	size_t problem_count;
	day today;
	/* zone/ only */
	struct zone *zone;		/* the values, as a zone of the root */
	uint32_t *slots;
	size_t slot_count;
};

/* Never NULL: what is wrong in the file is among the problems. */
struct dns_cache *dns_cache_read(struct arena *, struct source *, day today);
/*
 * What the file says; false when it says nothing, or nothing of the last 180
 * days. With type 0: whether the name exists. A CNAME answers other types,
 * too: then *answer holds it, and type is RR_CNAME.
 */
bool dns_cache_ask(const struct dns_cache *, struct arena *, struct str name,
    uint16_t *type, struct answer *answer);

/* ---- records as JSON (records_json.c) ------------------------------------ */

/*
 * Record objects of JSON, one a line, become zones as if they had been read
 * from files. Places are those of the objects when all of a zone name one
 * file and follow each other in it, else the lines of the JSON. What is no
 * record is returned.
 */
struct zone_problem *zones_read_json(struct zones *, const struct source *,
    const struct zone_options *);

/* ---- blocks (block.c) ---------------------------------------------------- */

/*
 * What generate writes into a zone file stands between two comments, "BEGIN
 * mailzone NAME sha256:HASH" and "END mailzone NAME", so that it is found
 * again, and so that it is seen when somebody edits it.
 */
enum block_state {
	BLOCK_NONE, BLOCK_INTACT,
	BLOCK_EDITED,			/* the hash is another one */
	BLOCK_OPEN			/* there is no end */
};

struct block {
	enum block_state state;
	struct str name;		/* as written */
	size_t start, end;		/* from BEGIN to behind END's line */
};

/* The next block from *offset on, of any name; false when there is none. */
bool block_next(struct arena *, struct str text, size_t *offset,
    struct block *);
/* Does it begin in one of them? */
bool block_holds(struct arena *, struct span);
/* The first block of a zone. */
struct block block_find(struct arena *, struct str text, struct str zone);
/*
 * The first 16 hex digits of the SHA-256 of what lies between the marks. Line
 * ends count as "\n": git and editors change them, and edit nothing.
 */
struct str block_hash(struct arena *, struct str between);

/* ---- serial numbers (serial.c) ------------------------------------------- */

enum serial_mode {
	SERIAL_KEEP,
	SERIAL_INCREMENT,
	SERIAL_DATE,			/* 2026112300 */
	SERIAL_UNIXTIME			/* seconds since 1970 */
};

/*
 * The serial number of a changed zone: what the mode wants where that is
 * newer than the old one, else the next one. Never 0.
 */
uint32_t serial_next(enum serial_mode, uint32_t old, day today, uint64_t now);
/* RFC 1982 section 3.2: a is greater than b. */
bool serial_is_after(uint32_t a, uint32_t b);

/* ---- writing ------------------------------------------------------------- */

struct buffer;

enum { STRING_MAX = 255 };		/* octets, RFC 1035 section 3.3 */

/*
 * Cuts a text into strings of at most 255 octets, as few as it takes while
 * each ends where a part does; a part that is longer alone (a key) is cut
 * anywhere. At least one string.
 */
struct str *text_split(struct arena *, struct str text, enum auth,
    size_t *count);
/*
 * One string with its quotes, escaped so that every reader agrees; all refuse
 * more than STRING_MAX octets.
 */
void write_string(struct buffer *, struct str octets);

#endif
