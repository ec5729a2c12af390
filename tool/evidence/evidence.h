/*
 * Evidence: what receivers saw, out of DMARC aggregate reports.
 *
 * container.c finds reports in whatever holds them, report.c reads one,
 * fold.c sums up what they say by source, group.c tells whose sources these
 * are. All of it comes from strangers: whatever is wrong with a report is
 * words for a user, and the report then counts for nothing.
 */
#ifndef EVIDENCE_EVIDENCE_H
#define EVIDENCE_EVIDENCE_H

#include "base/buffer.h"
#include "policy/policy.h"

/* ---- one report (report.c) ----------------------------------------------- */

/* An address; ::ffff:0:0/96 counts as IPv4, which it is. */
struct address {
	unsigned char octets[16];	/* IPv4: the first four */
	unsigned char version;		/* 4, 6; 0: none that can be read */
};

/* Results of SPF and DKIM (RFC 8601 section 2.7). */
enum auth_result {
	RESULT_ABSENT, RESULT_PASS, RESULT_FAIL, RESULT_SOFTFAIL,
	RESULT_NEUTRAL, RESULT_NONE, RESULT_POLICY, RESULT_TEMPERROR,
	RESULT_PERMERROR, RESULTS
};

const char *auth_result_name(enum auth_result);	/* "pass"; "" for ABSENT */

enum disposition {
	DISPOSITION_ABSENT, DISPOSITION_NONE, DISPOSITION_PASS,
	DISPOSITION_QUARANTINE, DISPOSITION_REJECT, DISPOSITIONS
};

const char *disposition_name(enum disposition);	/* the same */

/* Messages that fared alike. Names are lower case, without the final dot. */
struct report_row {
	struct report_row *next;
	struct address address;		/* that sent them */
	uint32_t count;
	enum disposition disposition;	/* what the receiver did */
	bool dkim_aligned, spf_aligned;	/* and passed */
	struct str header_from;		/* the author's domain */
	/* The signature that says most about the source; "" without one. */
	struct str dkim_domain, dkim_selector;
	enum auth_result dkim_result;
	struct str spf_domain;		/* that was checked */
	enum auth_result spf_result;
};

struct report {
	struct str why;			/* refused; STR_NONE: as it should be */
	/* Together they tell a report from all others. */
	struct str reporter, id, domain;
	int64_t begin, end;		/* seconds since 1970; end is inside */
	struct str p, sp, np, pct, t, discovery;	/* "" when not said */
	struct report_row *rows;
	size_t row_count;
	/* The document, until whom it is handed to returns; its digest. */
	struct str xml, sha256;
};

enum {
	REPORT_DEPTH = 32,		/* elements inside each other */
	REPORT_FIELD = 1024		/* octets of one field */
};

/*
 * Reads a document in the form of RFC 7489 appendix C, RFC 9990, or one of
 * those that reporters take for them: element names in any case and any name
 * space, fields left out, octets that are not UTF-8 (then they are read as
 * ISO 8859-1), ampersands that nobody escaped, controls, junk behind the end.
 * It is refused when it is not XML, ends too early, has a DOCTYPE, passes a
 * limit above, or does not say for which domain or days it is. Rows of no
 * message are left out.
 */
void report_read(struct arena *, struct str xml, struct report *);

/* The first and the last day that it tells of. */
day report_first_day(const struct report *);
day report_last_day(const struct report *);

/* As inet_ntop(3); "" for one that could not be read. */
struct str address_print(struct arena *, const struct address *);
/* "192.0.2.1", "2001:db8::1", brackets and blanks around it allowed. */
struct address address_parse(struct str);

/* ---- where reports are found (container.c, mail.c) ----------------------- */

enum {
	CONTAINER_DEPTH = 6,		/* zip in mail in mbox ... */
	CONTAINER_RATIO = 400		/* octets that one octet may become */
};

/* More than that is not unpacked out of one file. */
#define CONTAINER_SIZE	((size_t)512 * 1024 * 1024)

/* Memory for what is unpacked, one for each thread. Starts as { 0 }. */
struct container_room {
	struct buffer levels[CONTAINER_DEPTH];
};

void container_room_free(struct container_room *);	/* is { 0 } again */

/*
 * Called with each report, refused ones too, whose memory is of the arena
 * given to container_read; false ends the reading.
 */
typedef bool report_visit(void *context, struct report *);

/*
 * Finds the reports in the octets of a file: XML, gzip (of gzip), zip, a mail
 * or an mbox with any of these in it. What a part of it has that cannot be
 * unpacked is told as a report that is refused. False when there is nothing
 * in it that looks like a report.
 */
bool container_read(struct arena *, struct container_room *, struct str octets,
    report_visit *, void *context);

/* ---- what they say together (fold.c) ------------------------------------- */

struct tally {
	uint64_t messages, spf, dkim, either;	/* the last three: aligned */
};

/* Mail from one address that fared alike, of all reports. */
struct source_row {
	const struct domain_evidence *domain;
	/* Interned: equal ones are the same pointer. */
	const struct str *header_from, *dkim_domain, *dkim_selector,
	    *spf_domain;
	struct address address;
	unsigned char dkim_result, spf_result;	/* enum auth_result */
	bool dkim_aligned, spf_aligned;
	day date;			/* DAY_NONE unless they are wanted */
	uint64_t messages;		/* since the window began */
	day first, last;		/* when it was seen, ever */
};

/* One UTC day that reports tell of. */
struct evidence_day {
	day date;
	uint64_t messages, either;
};

struct domain_evidence {
	struct domain_evidence *next;
	struct str name;		/* where the policy was found */
	day since;			/* days before it count for nothing */
	struct tally tally;
	struct evidence_day *days;	/* sorted; with reports */
	size_t day_count, day_room;
	size_t reports;
	size_t first_row, row_count;	/* once they are sorted */
	size_t order;			/* the same: by name */
};

struct broken {
	struct broken *next;
	struct str path, why;
};

/* The days that count; DAY_NONE: no limit. Both are inside. */
struct evidence_window {
	day since, until;
	/* Another begin for some domains, or NULL; days before it are known. */
	day (*since_of)(void *context, struct str domain);
	void *context;
	bool by_day;			/* sources of each day by itself */
};

struct evidence {
	struct arena *arena;
	struct evidence_window window;
	size_t read, duplicates, outside;	/* reports */
	struct broken *broken, *last_broken;
	size_t broken_count;
	struct domain_evidence *domains;	/* by name, once sorted */
	size_t domain_count;
	struct source_row *rows;	/* by domain, once sorted */
	size_t row_count;
	/* Private to fold.c. */
	bool sorted;			/* nothing is added any more */
	struct domain_evidence **last_domain;
	struct table by_domain, words;	/* words: interned strings */
	size_t row_room;
	size_t *row_table, row_table_size;	/* of numbers, plus one */
	struct report_key {		/* of each that was counted */
		uint64_t low, high;
	} *keys;
	size_t key_count, key_room;
};

/* Of no report yet. What grows is not of the arena, but of evidence_free. */
struct evidence *evidence_new(struct arena *, struct evidence_window);
void evidence_free(struct evidence *);	/* NULL is fine */

/*
 * Counts a report, unless it is a duplicate (same reporter, id and domain) or
 * was refused. The first one of several counts.
 */
void evidence_add(struct evidence *, struct str path, const struct report *);
/* Puts domains and their rows in an order that no input decides. */
void evidence_sort(struct evidence *);

/* ---- whose sources these are (sender.c, group.c) ------------------------- */

/* A configured sender, as far as mail shows it. */
struct known_sender {
	struct known_sender *next;
	const struct config_sender *sender;
	struct known_network {		/* that its SPF terms name */
		struct network network;
		/* Of a service: mail of all its customers comes from there. */
		bool shared;
	} *networks;
	size_t count;
	bool complete;			/* these are all of them */
	struct words selectors;		/* with which it signs */
	struct words paths;		/* return paths: names */
	struct words services;		/* domains of its provider */
};

/* Of a domain and all that is configured below it. */
struct known_sender *senders_of(const struct world *, struct arena *,
    struct str domain);
/* The service that is known to authenticate as a domain of its own, or NULL. */
const struct provider *service_of(const struct world *, struct str domain);
bool network_holds(const struct network *, const struct address *);
/* "192.0.2.0/28" */
struct str network_print(struct arena *, const struct network *);

enum source_kind { SOURCE_SENDER, SOURCE_FORWARDER, SOURCE_UNKNOWN };

const char *source_kind_name(enum source_kind);	/* "sender", ... */

/* Why mail fails, counted in messages: what would mend it. */
struct mishap {
	uint64_t not_listed;	/* SPF of the domain does not let it send */
	uint64_t other_path;	/* SPF speaks of another name: can't align */
	uint64_t bad_signature;	/* signed as the domain, and not right */
	/* The name of most in the first and in the second, the selector. */
	struct str own_path, path, selector;
	uint64_t own_messages, path_messages, selector_messages;
};

/* Sources that are one thing for the people who have to look at them. */
struct source_group {
	struct source_group *next;
	enum source_kind kind;
	const struct known_sender *sender;	/* whose it is, or NULL */
	struct str domain;	/* that it authenticates as, or "" */
	const struct provider *service;	/* whose domain that is, or NULL */
	struct network *networks;	/* sorted */
	size_t network_count;
	struct tally tally;
	struct mishap mishap;
	day first, last;		/* when it was seen, ever */
	/* Mail of it passes: it is wanted, or has keys that it should not. */
	bool legitimate;
	struct str todo;		/* one sentence; "" nothing */
	struct group_day {		/* sorted; only when wanted */
		day date;
		struct tally tally;
	} *days;
	size_t day_count;
	/* Private to group.c. */
	struct network near;		/* what tells it from others */
	size_t network_room, day_room;
};

/* Whose it is, for people: a sender, a domain, a network. */
struct str source_name(struct arena *, const struct source_group *);
void tally_add(struct tally *, const struct tally *more);
/* What is to be done about a source that fared so; "" nothing. */
struct str group_todo(struct arena *, const struct source_group *,
    const struct tally *, struct str domain);

/*
 * The sources of a domain: senders in the order of the configuration, then
 * forwarders, then what is unknown, each by the number of messages.
 */
struct source_group *groups_of(const struct world *, struct arena *,
    const struct evidence *, const struct domain_evidence *);

/* ---- files and folders (gather.c) ---------------------------------------- */

/* A regular file, as stat(2) describes it. */
struct report_file {
	struct str path;
	uint64_t size;
	int64_t changed;		/* ctime, in nanoseconds */
};

struct gather {
	struct arena *arena;
	unsigned threads;
	/* Each report, refused ones too, in the order of the paths. */
	void (*report)(void *context, struct str path,
	    const struct report *);
	/* A path that cannot be read: errno. */
	void (*failed)(void *context, struct str path);
	/*
	 * Is this file to be left out? And: all reports of it were handed on.
	 * Both may be NULL.
	 */
	bool (*known)(void *context, const struct report_file *);
	void (*done)(void *context, const struct report_file *);
	bool digests;			/* sha256 is wanted */
	void *context;
};

/*
 * Finds the reports in files ("-": standard input) and below folders, names
 * in order. Of the subfolders of a Maildir, tmp is left out, and below folders
 * so are names with a leading dot, unless they are Maildirs, and files without
 * a report that do not have the name of one.
 */
void gather_reports(const struct gather *, const struct str *paths,
    size_t count);

/* ---- the store (store.c) ------------------------------------------------- */

/*
 * Reports that were read, in a file of SQLite, so that they are read once.
 * Whatever stops a run, the file then holds whole reports, each once.
 */
struct store;

enum store_mode {
	STORE_READ,			/* must be there */
	STORE_ADD,			/* made when it is not there */
	STORE_REBUILD			/* the same; what it has is forgotten */
};

/* NULL with *why when that cannot be. */
struct store *store_open(struct arena *, struct str path, enum store_mode,
    struct str *why);
/*
 * Everything that was added stands in the file now, or *why says why not.
 * NULL is fine.
 */
bool store_close(struct store *, struct str *why);
/* Does the file begin like one of SQLite? */
bool store_is_one(struct str path);

/* True when it is new, false for a duplicate, and when it failed. */
bool store_add(struct store *, struct str path, const struct report *);
/* Was this file read, and not changed since? */
bool store_knows(struct store *, const struct report_file *);
void store_note(struct store *, const struct report_file *);
/* STORE_ADD: what was added up to here survives. */
void store_commit(struct store *);

/* Hands on all of them, the oldest first; their memory is taken back. */
void store_each(struct store *, void (*visit)(void *context, struct str path,
    const struct report *), void *context);

#endif
