/*
 * What a zone remembers of its files: which owner stands where. For zone/
 * alone.
 *
 * All that was read lies in one line of places, in the order in which it was
 * read: a file up to its $INCLUDE, the included file, the rest; each name
 * that a $GENERATE makes is one place wide. A segment is a stretch of places
 * in which nothing changes that entries depend on: source, origin, TTL. A run
 * is a stretch of entries with one owner, inside one segment.
 */
#ifndef ZONE_READ_H
#define ZONE_READ_H

#include <pthread.h>

#include "base/place.h"
#include "zone/rdata.h"

/*
 * All threads read the first one all the time, and what lies behind it is
 * written to with each record: between them is the end of a name, which hardly
 * any has, so that both are not in one line of the cache.
 */
struct origin {
	struct str canonical;
	bool escaped;			/* it has a "\\" */
	struct wire wire;
};

/* $GENERATE start-stop/step owner type data. */
struct generate {
	uint32_t start, stop, step;	/* "1-254/2"; stop is inside */
	struct str owner, data;		/* with $ for the number */
	uint16_t type;
	uint32_t ttl;
	bool explicit_ttl;
	struct span span, owner_span, type_span, data_span;
};

struct segment {
	uint64_t start;			/* place */
	const struct source *source;
	size_t offset;			/* where start lies in the source */
	const struct origin *origin;
	const struct generate *generate;	/* NULL: text */
	uint32_t ttl;			/* of entries that say none */
	uint32_t part;			/* counts from $INCLUDE to $INCLUDE */
};

enum {
	RUN_TYPES = 0x7fff,		/* HAS_... */
	RUN_OUT_OF_ZONE = 1 << 15,
	RUN_INHERITED = 1 << 16,	/* the first entry does not say it */
	/* One label below the apex: said of most that are, of no wildcard. */
	RUN_CHILD = 1 << 17,
	/* The names of a fold; the number of that stands for the types. */
	RUN_FOLDED = 1 << 18,
	RUN_SHIFT = 19
};

/* How many folds there may be. */
enum { FOLDS_MAX = RUN_TYPES + 1 };

/* The start of an entry is no further from that of its run. */
#define RUN_LONGEST	((uint64_t)1 << 31)

struct run {
	uint64_t hash;			/* of the owner; 0: no record here */
	uint64_t place;			/* << RUN_SHIFT | flags */
};

/* Runs lie in pieces, so that a growing log is never copied. */
enum { LOG_FIRST = 16, LOG_PIECE = 4096, LOG_SMALL = 9, ENDS_PIECE = 4096 };

/*
 * One of the runs that lie folded in another. They have numbers from here on,
 * one after the other; behind the last stands one without a name.
 */
enum { INNER_PIECE = 1024 };
#define INNER_RUNS	((size_t)1 << 31)

struct inner_run {
	struct run run;
	uint32_t outer;			/* the number of that */
	uint32_t next;			/* of the same name: number plus one */
};

struct inherited {
	size_t run;
	const struct wire *owner;
};

struct fold_names;
typedef _Atomic(const struct fold_names *) fold_names_slot;
struct folded;
struct node_table;
struct window_kernel;

struct zone_log {
	struct arena *arena;
	struct run **pieces;
	size_t piece_count, piece_room;
	size_t run_count;
	struct run *free, *free_end;	/* in the last piece */
	const struct run *last;
	uint64_t longest;		/* from one run to the next */
	bool again;			/* two of one name follow each other */
	struct segment *segments;
	size_t segment_count, segment_room;
	struct inherited *inherited;
	size_t inherited_count, inherited_room;
	uint64_t end;			/* place behind the last */
	uint64_t key;			/* of the hash */
	bool full_syntax;
	struct fold **folds;
	size_t fold_count, fold_room;
	/* Runs with others in them, and the names of these at most. */
	size_t folded_count, folded_names;
	/*
	 * Where those in a run end, from its start, and behind that of which
	 * kind it is; none crosses a piece.
	 */
	uint16_t **ends;
	size_t end_count, end_room;
	/* Of each run, the number of the first such end. */
	uint32_t **first_ends;
	size_t first_ends_room;
	size_t kind_count;		/* and one more, which is 0 */
	/* Made when somebody asks, under the lock; there is room for all. */
	struct inner_run **inner;
	size_t inner_count;
	/* Of each fold of which a family has been unfolded (unfold.c). */
	fold_names_slot *fold_names;
	/* Made when somebody asks, by whatever thread, in its own arena. */
	_Atomic(struct node_table *) nodes;
	struct arena *node_arena;
	pthread_mutex_t lock;
};

/*
 * Without any run; what grows in it grows in the arena. What threads ask for
 * later is made in the other one, which may be the same if nobody else uses it.
 */
struct zone_log *log_new(struct arena *, struct arena *node_arena);
/* By its number, which there must be; of one in a fold, too. */
struct run *log_run(const struct zone_log *, size_t number);
/* The same, and how many stand behind it; NULL behind the last. */
const struct run *log_runs(const struct zone_log *, size_t number,
    size_t *count);
/* The types of all its records. */
unsigned log_types(const struct zone_log *, const struct run *);
struct inner_run *log_inner(const struct zone_log *, size_t number);
/* The number of the run that holds it, or that of itself. */
size_t log_outer(const struct zone_log *, size_t number);
struct run *log_add_run(struct zone_log *, uint64_t hash, uint64_t place,
    unsigned flags);
/* The same of a family. */
struct run *log_add_folded(struct zone_log *, uint64_t hash, uint64_t place,
    const struct fold_text *);
/* A fold that has been filled in; false when they are too many. */
bool log_add_fold(struct zone_log *, struct fold *);
/*
 * What another one holds, which was read behind it and may not be used any
 * more; the folds of both must be few enough. True when its memory is part of
 * the log from now on.
 */
bool log_append(struct zone_log *, const struct zone_log *other);
struct segment *log_add_segment(struct zone_log *, const struct segment *);
void log_inherit(struct zone_log *, size_t run, const struct wire *owner);
/* The number of the segment that holds the place. */
size_t log_segment(const struct zone_log *, uint64_t place);
uint64_t log_run_place(const struct run *);
uint64_t log_run_end(const struct zone_log *, size_t run);
/* The same of a run whose segment is known. */
uint64_t log_end_of(const struct zone_log *, size_t run, size_t segment);
uint64_t log_hash(const struct zone_log *, struct str canonical);
/* Of its log. Where it lies nobody can know who chooses names. */
static inline uint64_t
zone_key(const struct zone *zone)
{
	return (uint64_t)(uintptr_t)zone * UINT64_C(0x9e3779b97f4a7c15);
}

/* The same with the key of the log. */
uint64_t hash_with_key(uint64_t key, struct str canonical);
/*
 * The same in canonical form, which is often quicker; it stands in the room,
 * of WIRE_MAX_TEXT, or is that of an origin.
 */
struct str log_name(const struct zone *, size_t run, char *room);
/* An owner as it stands in a file; without octets when it does not. */
struct written {
	const struct segment *segment;
	struct str owner;
};

/* Where the first entry of a run says it, unless in escapes or as "@". */
struct written log_written(const struct zone *, size_t run);
/*
 * Is the owner one label below another, which is that of a RUN_CHILD? Said
 * only when it is written so in the same segment, and of no wildcard.
 */
bool log_is_below(const struct zone *, size_t run, const struct written *);
/* What the first entry of the run says, or what the run inherits. */
void log_owner(const struct zone *, size_t run, struct wire *owner);
/* The same of an entry that stands in a file and says it. */
void log_owner_at(const struct zone_log *, uint64_t place, struct wire *owner);

/* The next run of the same name, its number plus one; 0 after the last. */
uint32_t log_next_run(const struct zone *, size_t run);

/*
 * The number of the first run in a folded one, when records of its names stand
 * elsewhere, too; else 0. When all has been read.
 */
size_t log_mixed(const struct zone *, size_t run);

/* From which zone_next finds the first record of a run. */
size_t log_position(const struct zone_log *, size_t run);

/* Records in an array that grows. */
struct records {
	const struct record **list;
	size_t count, room;
};

/* As zone_next, while the zone is being read. */
const struct record *log_next(const struct zone *, struct arena *,
    unsigned types, size_t *position);
/* Adds those of one run. */
void run_records(const struct zone *, struct arena *, size_t run,
    unsigned types, struct records *);

/*
 * The word that stands here, as a name folded too; empty when there is none. Of
 * a long one the start: WINDOW octets. (plain.c)
 */
struct str plain_fold(const struct window_kernel *, const char *here,
    struct folded *);
/*
 * The canonical form of such a name that is not empty, and shorter than that;
 * it stands in folded. STR_NONE when it takes more than copying. (plain.c)
 */
struct str plain_folded(const struct origin *, struct str text,
    struct folded *);

/* ---- folds (fold.c) ------------------------------------------------------ */

/*
 * How the entries of a family, a name directly below the apex and names below
 * that, stand in a file one after the other, with all that belongs to it: each
 * up to its data, which may be anything that the type allows. A family that
 * begins like another one is kept as one run; who asks for the names in it
 * gets them unfolded.
 */
enum { FOLD_LONGEST = 4096 };		/* octets */

struct plain;
typedef bool plain_pass(struct plain *);

/* A text that is looked for; padding stands behind it, as it is of a file. */
struct pattern {
	struct str text;
	uint64_t words[2], masks[2];	/* the first 16 octets */
};

struct fold_line {
	struct fold_line *next;		/* those that may stand there instead */
	struct fold_line *first;	/* of those that may follow */
	struct fold *fold;		/* when nothing follows */
	/* Before the family's name as written, and from there to the data. */
	struct pattern before, middle;
	/*
	 * Data that stood there, up to the end of its line, short, without a
	 * comment, and of no relative server (see struct rdata); or without
	 * octets. How often another one did.
	 */
	struct str data;
	unsigned others;
	bool to_top;			/* was it the family's name? */
	size_t again;			/* so far above is its name and type */
	uint32_t ttl;			/* when it says one */
	uint16_t type;
	bool named;			/* its data is a name */
	bool owned, explicit_ttl;
	plain_pass *pass;		/* goes through its data */
};

struct fold {
	size_t number, line_count;
	const struct fold_line *lines[FOLD_LINES];
	unsigned types;			/* of all records */
	unsigned top, below;		/* of the family's name; of others */
	/* Of the runs that lie in it, each begins with a line; their end. */
	size_t runs, first[FOLD_LINES + 1];
	unsigned run_types[FOLD_LINES];
	size_t order[FOLD_LINES];	/* of runs, a name at a time */
	/* That of the last record, where entries depend on it. */
	uint32_t ttl;
	size_t names;			/* at most, with those above */
	size_t longest;			/* octets before the family's name */
};

/* A run that lies in another one. */
struct fold_part {
	uint64_t place, end;
	unsigned types;
	struct str before;		/* before its name, as written */
};

/* (log.c) The ends of the runs in a folded one, from its start. */
const uint16_t *log_ends(const struct zone_log *, size_t run);
/* Behind these, of one of that fold. */
struct family_kind log_kind(const struct fold *, const uint16_t *ends);
/* The parts of a folded run, in file order; how many there are. */
size_t fold_parts(const struct zone *, size_t run,
    struct fold_part *parts);

/* ---- entries (entry.c) --------------------------------------------------- */

/* An entry up to its type. Places are in the text that is scanned. */
enum entry_kind {
	ENTRY_RECORD,
	ENTRY_DIRECTIVE,		/* the owner is "$..." */
	ENTRY_END,
	ENTRY_BAD			/* see the complaint */
};

struct entry {
	size_t line;			/* where reading it must start */
	size_t start;			/* its first token */
	bool owned;			/* the owner is written */
	struct lexeme owner;
	struct lexeme type_lexeme;
	uint16_t type;
	uint32_t ttl;
	bool explicit_ttl;
	bool capped_ttl;		/* written above 2^31 - 1, taken as 0 */
};

/* Passes over empty lines and comments first. */
enum entry_kind entry_read(struct scan *, struct entry *,
    struct complaint *);
/* The same from behind the owner on. */
bool entry_read_type(struct scan *, struct entry *, struct complaint *);

/* ---- what stands for other text (generate.c, include.c) ------------------ */

/* The number of an entry of $GENERATE, from 0 on: by start and step. */
uint32_t generate_number(const struct generate *, size_t entry);
/* Owner and data with the number; both stand in the buffer, padded. */
bool generate_text(struct buffer *, const struct generate *, uint32_t number,
    struct str *owner, struct str *data);

/* Reads what was found; NULL with errno. */
struct source *include_read(struct arena *, const struct zone_options *,
    struct str path);
/* It has become a part of a zone. */
void include_note(const struct zone_options *, struct str path);
/*
 * Finds what an $INCLUDE names (in the order of zone_options). STR_NONE
 * with words when there is no such file or it may not be read.
 */
struct str include_find(struct arena *, const struct zone_options *,
    const struct source *root, const struct source *from, struct str name,
    const char **why);

/* (discover.c) The zone's name as the text gives it; STR_NONE: it does not. */
struct str name_in_text(struct arena *, struct str text, enum zone_how *);

#endif
