/*
 * What the files that read a zone share: the state of the reading. For them
 * alone.
 */
#ifndef ZONE_READER_H
#define ZONE_READER_H

#include <string.h>

#include "zone/read.h"
#include "zone/window.h"

/* What stands where from start on. */
struct window {
	size_t start;
	uint64_t masks[WINDOW_MASKS];
};

/* A file being read, and the files that include it. */
struct frame {
	struct frame *parent;
	const struct source *source;
	struct scan scan;
	struct window window;
	const struct origin *origin;
	/* The current owner; none before the first, or behind a bad one. */
	bool has_owner, bad_owner;
	bool wildcard, underscored;	/* begins with "*", or with "_" */
	bool child;			/* one label below the apex */
	/* See frame_owner(): without length until somebody asks for it. */
	struct wire owner;
	struct str owner_text;
	const struct origin *owner_origin;
	const struct wire *owner_kept;	/* in the arena, when it had to be */
	uint64_t hash;			/* of the owner */
	bool out_of_zone;		/* the owner */
	unsigned depth;			/* of includes */
	bool gave_up;			/* on an open parenthesis */
};

/*
 * TTLs of the record sets of one owner, for files without $TTL. What an RRSIG
 * or SIG covers is part of its set; 0 for other types.
 */
struct set_ttl {
	uint16_t type, covered;
	uint32_t ttl;
};

enum { SET_MAX = 32, HOSTS_MAX = 16 };

/* The target of an NS record; wire is NULL where the text is as plain. */
struct host {
	struct str text;
	const struct origin *origin;
	const struct wire *wire;
};

/*
 * BIND takes records of a host that an NS record of the owner names for glue:
 * their sets are others, and those of the owner wait for it to come back.
 */
struct glue {
	struct host hosts[HOSTS_MAX];
	size_t host_count;
	bool open;			/* glue is what is being read */
	struct wire owner;		/* that waits, if so, and its sets */
	struct set_ttl sets[SET_MAX];
	size_t set_count;
};

/*
 * What stands between owner and data, and what it says: in most entries one of
 * very few texts.
 */
enum { MIDDLE_WORDS = 2, MIDDLE_LONGEST = 8 * MIDDLE_WORDS, MIDDLES = 8 };

struct middles {
	struct middle {
		uint64_t words[MIDDLE_WORDS], masks[MIDDLE_WORDS];
		uint8_t start, length;	/* of the first word; of all */
		bool explicit_ttl, check;
		uint16_t type;
		uint32_t ttl;
	} known[MIDDLES];
	unsigned count, next;		/* the one to be forgotten */
};

/* A family that is read one entry at a time, and may be learnt. */
struct family {
	struct str top;			/* as written; STR_NONE: none */
	struct pattern before;		/* of the owner, see struct fold_line */
	size_t start, here;		/* behind its last entry */
	struct fold_line *lines;	/* FOLD_LINES, once there is one */
	size_t count;
	uint32_t ttl;			/* of its last record */
};

/* What has been learnt. */
struct folding {
	struct fold_line root;		/* before the first one */
	size_t lines;
	/* Under these. Does something else hold, for how many entries now? */
	const struct origin *origin;
	uint32_t ttl;
	bool asleep;
	size_t missed;
	struct family family;
	struct pattern top;		/* the name of that as written */
	/* That behind the last one; it and the one before, in turn. */
	struct str owner;
	struct folded folded[2];
	unsigned turn;
	/* The owner of what was read last, when it lies in a fold. */
	bool open;
	size_t open_run;
};

/* Whoever knows families, once there are some (recognise.c). */
struct recognition {
	void *context;			/* NULL: nobody does */
	struct arena *arena;		/* its own */
	size_t families;		/* that were not known */
	size_t spared;			/* so many are not asked for */
	uint32_t kinds;			/* numbers of others, before these */
};

/* Data of the open run that may come again; NULL: not known (twice.c). */
enum { TWICE_SEEN = 8 };

struct twice {
	const struct run *run;
	struct {
		uint16_t type;
		const char *data;
	} seen[TWICE_SEEN];
	size_t count;
};

struct reader {
	struct arena *arena;
	const struct window_kernel *kernel;	/* NULL: none */
	const struct zone_options *options;
	struct zone *zone;
	struct zone_contents *contents;	/* of it */
	struct zone_log *log;
	struct frame *frame;
	struct wire apex;
	uint64_t place;			/* of the frame's text offset 0 */
	uint32_t part;
	struct run *run;		/* the open one, or NULL */
	struct str run_owner;		/* as written; STR_NONE: inherited */
	bool dated;			/* a $DATE in the past has been met */
	bool has_default_ttl, has_ttl;
	uint32_t default_ttl, ttl;	/* ttl: of the last record */
	struct set_ttl sets[SET_MAX];
	size_t set_count;
	struct glue *glue;		/* NULL before the first NS record */
	/* Its last sets come before those, unless somebody has asked. */
	const struct fold *fold_sets;
	size_t generated;
	size_t kept, kept_outside;	/* problems */
	/* Entries that none of the TTLs above holds for, and the first. */
	size_t without_ttl;
	struct zone_problem *first_without_ttl;
	struct zone_problem **last_problem;
	struct zone_suppression **last_suppression;
	struct zone_suppression *pending;	/* first not yet placed */
	size_t source_room;
	struct rdata rdata;
	struct middles middles;
	struct folding folding;
	struct recognition recognition;
	struct twice twice;
};

/* ---- problems (problem.c) ------------------------------------------------ */

/* Offsets in the text of the frame. */
struct span span_here(const struct reader *, size_t start, size_t end);
/* Notes it, unless enough of its kind have been kept; returns false. */
bool reader_complain(struct reader *, const struct complaint *, struct span);
/* About that of the file that is being read; false, all of them. */
bool complain_here(struct reader *, const struct complaint *);
bool complain_at(struct reader *, const struct lexeme *,
    enum zone_problem_kind, bool quote, const char *words);
bool complain_words(struct reader *, const struct lexeme *,
    enum zone_problem_kind, struct str words);
bool complain_name(struct reader *, const struct lexeme *, enum wire_error);

/* No TTL is known for an entry, whose type stands here. */
void complain_ttl(struct reader *, struct span);

/*
 * When all has been read: how many were counted, but not kept, and how many
 * entries have no TTL.
 */
void tell_rest(struct reader *);

/* ---- suppressions (problem.c) -------------------------------------------- */

scan_comment take_comment;
/* Would that take anything from it? */
bool comment_matters(struct str);
/* An entry stands here: the pending ones that cover it learn so. */
void place_suppressions(struct reader *, size_t start, size_t end);

/* ---- entries (read.c) ---------------------------------------------------- */

/* In the log, of an offset in the text of the frame. */
uint64_t place_of(const struct reader *, size_t offset);
/* From the offset of the text on something else holds. */
void start_segment(struct reader *, size_t offset);
/* Its owner, whose octets few ask for when it is plain. */
const struct wire *frame_owner(struct frame *);
/* Obsolete types come through $GENERATE, as they do with BIND. */
bool check_type(struct reader *, const struct entry *, bool generated);
/* Not at a wildcard, which BIND refuses for some: RFC 4592 section 4.2. */
bool suits_owner(uint16_t type, const struct wire *owner);
/* Of the canonical name; notes whether that has escapes. */
uint64_t hash_owner(struct reader *, const struct wire *owner);
/*
 * One more record is in the log; underscored: so its owner begins; relative:
 * see struct rdata.
 */
void count_record(struct reader *, uint16_t type, bool underscored,
    bool relative);
/* Of the rdata that was just read the long way. */
void note_null_mx(struct reader *, uint16_t type);
bool must_check(const struct reader *, uint16_t type);
/* Reads a file next; NULL origin: that of the zone. */
void push_frame(struct reader *, const struct source *,
    const struct origin *);
/* It belongs to the zone. */
void add_source(struct reader *, const struct source *);
/*
 * Reads the file of the zone, whose origin that is, and all that it includes.
 */
void read_files(struct reader *, const struct origin *);
/*
 * Goes on up to an offset in the file of the zone, or the first entry behind
 * it, or up to the end.
 */
void read_up_to(struct reader *, size_t stop);
/* What comes next has the owner of the last entry, which may lie in a fold. */
void settle_owner(struct reader *);

/* ---- TTLs (ttl.c) -------------------------------------------------------- */

/* The next entry has another owner. */
void forget_sets(struct reader *);
/* The sets are those of the owner that the frame has now, not of the last. */
void change_sets(struct reader *, const struct wire *before);
/* Does it matter who the hosts of an owner are? */
bool has_hosts(const struct reader *);
/* An NS record of the owner has been read; glue has no glue. */
void note_host(struct reader *, struct host);
/* The same of one that was read the long way. */
void take_host(struct reader *);
/* Is there a TTL for entries that say none? */
bool knows_ttl(const struct reader *);
/* Entries that say no TTL have this one from here on; 0 for one too large. */
void take_default_ttl(struct reader *, uint32_t ttl);
/* That of an entry, whose type ends behind. */
void take_ttl(struct reader *, const struct entry *, size_t behind);
/* A number of the SOA at hand, which ends with serial, ..., minimum. */
uint32_t soa_number(const struct reader *, size_t from_end);

/* ---- record sets (sets.c) ------------------------------------------------ */

/* When all has been read: complains of those that are too large. */
void check_sets(struct reader *);

/* ---- plain entries (plain.c) --------------------------------------------- */

struct plain {
	const struct window_kernel *kernel;
	struct window *window;
	const struct origin *origin;
	bool full_syntax;
	struct entry entry;		/* without owner, if not owned */
	size_t here;			/* in the end behind the entry */
	size_t data;			/* where its type ends */
	/* Of the last line; SIZE_MAX when there is none. */
	size_t comment, comment_end;
	struct str text;
	struct middles *middles;	/* NULL: few entries are read */
	bool check;			/* the rdata */
	bool relative;			/* see struct rdata; of any entry */
};

/*
 * Reads the next entry if it is a plain one; else nothing but empty lines and
 * comments before it have been passed over.
 */
bool plain_read(struct plain *, struct scan *);
/* The same up to its type. */
bool plain_head(struct plain *, struct scan *);
/* Passes over lines that hold nothing, and blanks. */
void plain_empty(struct plain *, struct scan *);

/* Its start, behind those; false when an entry has begun already. */
static inline bool
plain_start(struct plain *plain, struct scan *scan)
{
	if (!scan->line_start || scan->depth > 0)
		return false;
	plain->here = scan->here;
	plain->text = scan->text;
	plain->comment = SIZE_MAX;
	if (scan->text.p[scan->here] <= ' ' || scan->text.p[scan->here] == ';')
		plain_empty(plain, scan);
	return true;
}

/*
 * What goes from behind a type to the end of the entry, false if unsure: when
 * the data is to be checked, and when not.
 */
plain_pass *plain_data(uint16_t type, bool check);
/*
 * False when it takes more than copying; the text stands in folded, or is that
 * of the origin. label is how long the first one is.
 */
bool plain_owner(const struct plain *, struct folded *,
    struct str *canonical, size_t *label);
/* How long its first label is. */
static inline size_t
plain_label(struct str text, const struct folded *folded)
{
	uint64_t dots = within(folded->dots, text.n);

	return dots == 0 ? text.n : bit_first(dots);
}

/* ---- the same twice (twice.c) -------------------------------------------- */

/*
 * Can two data of the type be the same? Both are plain, and begin behind the
 * type.
 */
bool twice_may_be(uint16_t type, const char *, const char *);
/* The open run is about to have another entry; NULL: with whatever data. */
void twice_note(struct reader *, uint16_t type, const char *data);

/* ---- families (fold.c) --------------------------------------------------- */

/*
 * The entry has been read, and belongs to whatever family it may; the one
 * before has the same owner, or another one.
 */
void fold_note(struct reader *, const struct plain *, bool same);
/* What is read now is not like that. */
void fold_drop(struct reader *);
/* Nor is, perhaps, what follows: something else holds for it. */
void fold_change(struct reader *);
/* Sees the owner that stands here, see plain_fold(). */
void fold_see(struct folding *, const struct plain *);

/*
 * The owner with which an entry begins. What it is folded to holds until the
 * next one but one is seen.
 */
static inline struct folded *
fold_owner(struct folding *folding, struct plain *plain)
{
	if (folding->owner.p != plain->text.p + plain->here)
		fold_see(folding, plain);
	plain->entry.owner.text = folding->owner;
	return &folding->folded[folding->turn];
}

/*
 * The family that begins with this owner, which is passed over; false when it
 * is like none. One that has been read entry by entry ends here.
 */
bool fold_read(struct reader *, struct plain *, struct fold_text *);

/* ---- families that somebody knows (recognise.c) -------------------------- */

/* Is the next family to be asked for? Else it is not to be learnt, either. */
static inline bool
recogniser_asks(struct recognition *recognition)
{
	if (recognition->spared == 0)
		return true;
	recognition->spared--;
	return false;
}

/*
 * As in struct zone_recogniser, of the file that is read: the text from the
 * family on, and how long its name is.
 */
bool recogniser_find(struct reader *, struct str text, size_t name,
    struct fold_text *);
void recogniser_learn(struct reader *, struct str text,
    const struct fold_text *);
void recogniser_forget(struct reader *);
/* When all has been read. */
void recogniser_end(struct reader *);
/* Behind what another reader has read, whose kinds have numbers, too. */
void recogniser_begin_again(struct reader *);

/* ---- several threads (ahead.c) ------------------------------------------- */

/*
 * At the start of a large file: reads most of it, or nothing, by as many
 * threads as the options say.
 */
void read_ahead(struct reader *);

/* ---- directives (directive.c, generate.c) -------------------------------- */

/* The name in an arena, as what others are relative to; else *parsed stays. */
enum wire_error origin_parse(struct arena *, struct str text,
    const struct wire *above, const struct origin **parsed);
/* The word "$..." has been read; false when it was wrong. */
bool read_directive(struct reader *, const struct entry *);
bool read_generate(struct reader *, const struct entry *);
/* A word or, if quoted is set, a string. */
bool next_argument(struct reader *, unsigned options, struct lexeme *);
bool expect_end(struct reader *);
/* A string as BIND's scanner leaves it: \" has lost its backslash. */
struct str cooked(struct arena *, const struct lexeme *);

/* As if zeros stood behind them, in whatever order a word has its bytes. */
static inline uint64_t
first_bytes(uint64_t word, size_t count)
{
	static const unsigned char ones[16] = { 0xff, 0xff, 0xff, 0xff, 0xff,
	    0xff, 0xff, 0xff };
	uint64_t mask;

	memcpy(&mask, ones + sizeof(mask) - count, sizeof(mask));
	return word & mask;
}

#endif
