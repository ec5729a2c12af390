/*
 * Rules: everything this program can object to.
 *
 * A rule is written once, below the function which checks it, and listed at
 * the end of its file. From there lint runs it, explain, the manual and SARIF
 * quote it, and the tests lint its examples. Readers observe, rules judge,
 * reporters print: nobody but a rule objects.
 */
#ifndef RULES_RULE_H
#define RULES_RULE_H

#include "policy/policy.h"

enum level { LEVEL_OFF, LEVEL_NOTE, LEVEL_WARNING, LEVEL_ERROR };

const char *level_name(enum level);	/* "note", ... */
bool level_parse(struct str, enum level *);

/* What a check is called with, and how often. */
enum subject {
	SUBJECT_SPF,			/* once for each record that is ... */
	SUBJECT_DKIM,
	SUBJECT_DMARC,
	SUBJECT_REPORT,
	SUBJECT_MTASTS,
	SUBJECT_TLSRPT,
	SUBJECT_BIMI,
	SUBJECT_TXT,			/* any TXT or SPF, those above too */
	SUBJECT_RECORD,			/* any record of HAS_... but OTHER */
	SUBJECT_NODE,			/* each name that owns records */
	SUBJECT_ZONE,			/* once */
	SUBJECT_PROBLEM,		/* each remark of the reader */
	SUBJECT_SUPPRESSION,		/* judged by the engine, last */
	SUBJECT_CONFIG			/* once, if there is a configuration */
};

/*
 * What is seen of a record at a glance (marks.c): of which kind it is, and what
 * few records have. Each has that of its kind.
 */
#define MARK_KIND(auth)	(1u << (auth))
#define MARK_NO_KIND	MARK_KIND(AUTH_NONE)

enum {
	MARK_PROBLEM = 1 << 8,		/* its parser saw something amiss */
	/* Of the text: */
	MARK_FOREIGN = 1 << 9,		/* octets that are no ASCII */
	MARK_CONTROL = 1 << 10,		/* tabs and the like */
	MARK_BACKSLASH = 1 << 11,
	MARK_APOSTROPHE = 1 << 12,	/* at its start or end */
	MARK_STRINGS = 1 << 13,		/* more than one */
	MARK_COMMENT = 1 << 14,		/* behind the entry */
	MARK_ESCAPED_OWNER = 1 << 15,
	/* Of a kind, for rules about that alone. SPF: */
	MARK_MACRO = 1 << 16,
	/* DKIM: */
	MARK_RSA = 1 << 16,		/* a key that could be read */
	MARK_REVOKED = 1 << 17,
	MARK_FLAGS = 1 << 18,		/* one of the tags h, s, t, g */
	/* DMARC: these tags, and URIs that are not quite plain */
	MARK_PCT = 1 << 16,
	MARK_TEST = 1 << 17,
	MARK_SP = 1 << 18,
	MARK_NP = 1 << 19,
	MARK_PSD = 1 << 20,
	MARK_RUF = 1 << 21,
	MARK_FO = 1 << 22,
	MARK_HISTORIC = 1 << 23,	/* ri, rf */
	MARK_URI = 1 << 24,
	MARK_UNKNOWN_TAG = 1 << 25
};

/*
 * SPF: a term of this kind, or one that costs a lookup. What the graph of a
 * record holds (lint_spf_cost) may be another one's terms: beside a CNAME
 * receivers find that of its target.
 */
#define MARK_TERM(kind)	(1u << (17 + (kind)))
#define MARK_NETWORK	(MARK_TERM(SPF_IP4) | MARK_TERM(SPF_IP6))
#define MARK_LOOKUP \
	(MARK_TERM(SPF_INCLUDE) | MARK_TERM(SPF_REDIRECT) | \
	MARK_TERM(SPF_A) | MARK_TERM(SPF_MX) | MARK_TERM(SPF_PTR) | \
	MARK_TERM(SPF_EXISTS))

enum fix_kind { FIX_NONE, FIX_SAFE, FIX_UNSAFE };

struct lint;
struct selection;

struct rule {
	const char *id;			/* never renamed, never reused */
	enum level level;		/* in the default profile */
	enum level raised;		/* by what is configured; 0: never */
	enum subject subject;
	enum fix_kind fix;		/* the best that it can offer */
	bool state;			/* needs a previous run's file */
	bool keys;			/* compares the keys of zones */
	/*
	 * Rules about records, or names that own records: passed over are
	 * those of none of these types; 0: none is passed over.
	 */
	unsigned types;
	bool escaped;			/* but not where an owner has escapes */
	bool in_sight;			/* nor where nobody can ask for them */
	bool several;			/* nor names with one of each type */
	unsigned marks;			/* nor records with none; 0: any */
	const char *summary;		/* one line, no full stop */
	const char *rationale;		/* what happens to mail, and why */
	const char *citation;		/* "RFC 7208 section 5.1" */
	/*
	 * Zone files for example.com that show it, each complete enough: the
	 * bad one draws this rule, the good one draws nothing above note. A
	 * rule about the configuration gives mailzone.yaml texts instead;
	 * further zones follow behind a line "; zone: NAME", a configuration
	 * behind "; config:", answers of a DNS cache behind "; cache:", the
	 * day behind "; today: DATE". What the zone was on another day follows
	 * behind "; earlier: DATE", oldest first, or a state behind "; state:".
	 * What a name server answers for it follows behind "; server: NAME";
	 * behind "; server: NAME silent" nothing does.
	 */
	const char *bad, *good;
	/* Of a zone with keys that others seem to have: when all are judged. */
	void (*elsewhere)(struct lint *);
	union {
		void (*check)(struct lint *);
		void (*record)(struct lint *, const struct record *);
		void (*node)(struct lint *, const struct node *,
		    struct str name);
		void (*problem)(struct lint *, const struct zone_problem *);
	};
};

/* Which rules run, and at which level. */
struct selection {
	struct str select, ignore;	/* GLOB,GLOB; STR_NONE */
	struct config_level *levels;	/* RULE=LEVEL of the command line */
	size_t level_count;
	const struct profile **profiles;	/* the stricter level counts */
	size_t profile_count;
	enum level min_level;		/* lower ones are not even judged */
	/* Judges also names that are alike, and asks all rules about them. */
	bool each;
	bool standing;			/* tells that of each zone, too */
	bool no_edits;			/* of fixes only their kind is told */
	bool no_texts;			/* nobody shows what stands in files */
	bool census;			/* keys of several zones are compared */
};

/* All rules: start at 0; NULL after the last. Sorted by family, then id. */
const struct rule *rule_number(size_t);
const struct rule *rule_find(struct str id);
enum level rule_level(const struct rule *, const struct selection *,
    const struct config *);
/* May it find something that is told, be it raised by a rule's own hand? */
bool rule_speaks(const struct rule *, const struct selection *,
    const struct config *);
/*
 * The rules and profiles that a configuration names: those that do not exist
 * become problems of it.
 */
void rules_check_config(struct config *);
/* The rule that speaks of what name servers refuse a zone for. */
const char *refusal_rule(const struct zone_problem *);

#endif
