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

#include <stdarg.h>

#include "base/arena.h"
#include "base/saying.h"
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
	SUBJECT_CONFIG			/* once, when there is a configuration */
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

struct rule {
	const char *id;			/* never renamed, never reused */
	enum level level;		/* in the default profile */
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
	bool in_sight;			/* nor below a cut or a DNAME */
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

/* For the examples. */
#define TXT(owner, text)	owner " TXT \"" text "\"\n"
#define RR(line)		line "\n"
/* A quiet zone to stand an example in: SOA, NS, and a good policy. */
#define QUIET_SOA \
	"$ORIGIN example.com.\n$TTL 3600\n" \
	"@ SOA ns hostmaster 1 3600 900 604800 3600\n@ NS ns\n" \
	"ns A 198.51.100.53\n"
#define QUIET_DMARC \
	"_dmarc TXT \"v=DMARC1; p=reject; rua=mailto:dmarc@example.com\"\n"
#define QUIET_SPF \
	"@ TXT \"v=spf1 ip4:198.51.100.25 ~all\"\n"
#define QUIET_MX \
	"@ MX 10 mail\nmail A 198.51.100.25\n"
#define QUIET	QUIET_SOA QUIET_MX QUIET_SPF QUIET_DMARC
/* The same zone with another policy. */
#define WITH_DMARC(text) \
	QUIET_SOA QUIET_MX QUIET_SPF TXT("_dmarc", text)
/* A key of 2048 bits, in the two strings that it takes. */
#define KEY_2048_1 \
	"MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEA3cyOAz+tgHZa" \
	"SHHw1o00oAI9nQzXXAMhp935DDsQdvwVpfl/KSR8rwSs7OWtuWLrgIqe" \
	"uqfkTXBpWMTiIeDhTJx3X13HCRMsrEwSh0RSpzRz+OoT8v9e5e19fIS9" \
	"I65pR2ay0U2HorApfjHoekRKse6QlRNwznQY9+qye91wUtRzZw+/axTI"
#define KEY_2048_2 \
	"KH7Hsw8t48LttBRT9Zjg8ZSSIRwJjYrCpJZkyYfHuG+tiiURRGb4A+Qg" \
	"hX4kM23o4TCz+L3bfHNbxut7eOhFGmDSU2ab24yOT/ZO8A0O+/jJkgQ3" \
	"AvWXfLGP+VWdOFAqEac0GdoWh3slG8SZZaFTx/YhKdiSZ5MEEQIDAQAB"
#define KEY_2048	KEY_2048_1 "\" \"" KEY_2048_2
#define KEY_1024 \
	"MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDB9fg6oS8MhSs6hceF" \
	"F63tEJhepAPP1USNvm+sDIVM9khohNvufiroAXj388dvC1s07hvDYP37" \
	"9EkN/zHPa9hB3DUAbh9Nkwrg3asR8DdlgvDDF9Gq7kou99vyu7vCFoSe" \
	"OOJeTV4vBadpHNdeYsYsrFwsv/fv+JFyeEXEhrSFKwIDAQAB"
#define KEY_ED25519	"4snZNpsL9+OHpLeZNBGxH7gDa+XUONTmZ+wuyHpdNno="
#define QUIET_DKIM	TXT("s._domainkey", "v=DKIM1; k=rsa; p=" KEY_2048)
/* What stood in the zone on another day, under an older serial. */
#define EARLIER(date, records) \
	"; earlier: " date "\n$ORIGIN example.com.\n$TTL 3600\n" \
	"@ SOA ns hostmaster 0 3600 900 604800 3600\n" records
#define TODAY(date)	"; today: " date "\n"

/* ---- findings ------------------------------------------------------------------ */

/* A second place that explains a finding. */
struct note {
	struct note *next;
	struct span span;
	struct saying text;
};

/* Text to put in place of a span; all edits of a finding belong together. */
struct edit {
	struct edit *next;
	struct span span;
	struct str replacement;
};

/*
 * A large zone has millions of them: whatever few have is kept apart, and
 * texts are made when they are read.
 */
struct diag {
	struct diag *next;
	const struct rule *rule;
	const struct zone *zone;	/* NULL: the configuration */
	struct span span;		/* the smallest span that must change */
	struct saying message;
	struct saying help;		/* what to do; perhaps nothing */
	struct diag_rest *rest;		/* NULL: nothing */
	const char *owner;		/* see diag_owner() */
	uint32_t owner_length;
	/* Of the entry, see diag_entry(): so much before the span; its length. */
	uint32_t entry_before, entry_length;
	uint32_t number;		/* behind the fingerprint; 0: no such */
	uint64_t hash;			/* the fingerprint */
	uint16_t type;			/* 0 without a record */
	uint8_t level;			/* enum level */
	uint8_t fix;			/* enum fix_kind: of its edits */
	bool unfixable : 1;		/* a part of it can not be replaced */
	bool suppressed : 1;
	bool external : 1;		/* not by a comment in the file */
	bool own_token : 1;		/* in the rest: not the text of the span */
	bool hashed : 1;		/* with a token that is not kept */
	bool own_entry : 1;		/* in the rest: lies elsewhere */
};

/* What few findings have. */
struct diag_rest {
	struct note *notes;
	struct edit *edits;
	struct str token;
	struct span entry;
	struct str reason;		/* of the suppression */
	struct str fingerprint;		/* of a finding that is gone */
	/* Other zones that have the same finding in the same file. */
	struct str *zones;
	size_t zone_count;
};

/* Canonical; STR_NONE without one. */
static inline struct str
diag_owner(const struct diag *diag)
{
	return (struct str){ diag->owner, diag->owner_length };
}

/* The record's entry, for suppression. */
struct span diag_entry(const struct diag *);
/* What the fingerprint is made of, unless it is made already. */
struct str diag_token(const struct diag *);
/* The rest of it, which is all zero when there is none. */
const struct diag_rest *diag_rest(const struct diag *);
/* The same for who changes it. */
struct diag_rest *diag_rest_of(struct arena *, struct diag *);

void diag_set_owner(struct arena *, struct diag *, struct str);
void diag_set_entry(struct arena *, struct diag *, struct span);
/* STR_NONE: nothing but rule, zone, owner and type makes the fingerprint. */
void diag_set_token(struct arena *, struct diag *, struct str);
/* The same; of a long one, such as a key, nothing is left but the fingerprint. */
void diag_keep_token(struct arena *, struct diag *, struct str);
/* From generated text to where it was asked for, see span_resolve. */
void diag_resolve(struct arena *, struct diag *);

/* "3f2a9c1de07b44aa:1"; STR_NONE before it has any. */
enum { FINGERPRINT_MAX = 32 };
struct str diag_fingerprint(const struct diag *, char room[FINGERPRINT_MAX]);

/* A list that grows at its end. Starts as { 0 }. */
struct diags {
	struct diag *first, *last;
	size_t count;
};

void diags_add(struct diags *, struct diag *);
void diags_move(struct diags *to, struct diags *from);	/* to the end */
/* Makes fingerprints, for those that have none yet. */
void diags_hash(const struct diags *);
/* By path, line, column, rule. */
void diags_sort(struct diags *, struct arena *);

/*
 * Its edits as they follow each other in a file; NULL when they lie in several
 * files or get into each other's way.
 */
const struct edit **diag_edits(struct arena *, const struct diag *,
    size_t *count);
int edit_compare(const struct edit *, const struct edit *);

/* ---- running them ----------------------------------------------------------------- */

/* What checks see. */
struct lint {
	const struct world *world;
	const struct zone *zone;	/* NULL for the configuration */
	const struct config *config;	/* never NULL */
	const struct config_domain *domain;	/* of the current name */
	const struct rule *rule;	/* the one being checked */
	enum level level;		/* it has here */
	const struct selection *selection;
	struct str owner;		/* of the current record or node */
	uint16_t type;
	struct span entry;
	/*
	 * Forgotten after the current record; after the zone; diags live in
	 * keep.
	 */
	struct arena *arena, *memory, *keep;
	struct arena_texts kept;	/* in keep: of the last findings */
	struct seen_keys *keys;		/* of the zone, see dkim_keys.c */
	struct diags *diags;
	/* Of which types the current name may have more than one record. */
	unsigned several;
	const struct node *small;	/* its answer is, see zone_answer.c */
	/* Of the current record; made when first asked. */
	struct spf_cost *spf_cost;
	struct spf_reach *spf_reach;
	/* Of the end of its owner that has so many octets; 0: nobody asked. */
	struct above {
		size_t length;
		struct str organization;
		bool known;
	} above[MODELS];
	struct answers *answers;	/* to what is asked often; common.c */
	struct likeness *likeness;	/* NULL: nothing is remembered */
	const struct speakers *only;	/* no others are asked; NULL: all are */
	struct speakers *speakers;	/* takes note of them; may be NULL */
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
	bool census;			/* keys of several zones are compared */
};

/* What a zone says of mail from its own name, for reports. */
struct zone_standing {
	const char *spf;		/* "softfail", "none", "permerror" */
	unsigned lookups_min, lookups_max;	/* max UINT_MAX: unbounded */
	unsigned voids;
	enum outcome dmarc[MODELS];
};

struct zone_standing zone_standing(const struct world *, struct arena *,
    const struct zone *);

/* What was found in a zone; what is suppressed is marked, not left out. */
struct zone_verdict {
	struct diags diags;
	size_t records;
	size_t keys;			/* DKIM keys that are not revoked */
	struct zone_standing standing;	/* if wanted; not of one that is like */
	/* The zone is like this one: its number plus one, or 0. */
	size_t like;
	struct zone_keys remembered;	/* for the census, when there is one */
};

/*
 * Judges zones on up to so many threads, each into its verdict. The findings
 * do not depend on the threads, their order within a zone does.
 */
void lint_zones(const struct world *, const struct selection *,
    const struct zone *const *zones, size_t count, unsigned threads,
    struct arena *keep, struct zone_verdict *verdicts);
/* One zone, at once; returns how many keys. */
size_t lint_zone(const struct world *, const struct selection *,
    const struct zone *, struct arena *keep, struct diags *);
/* Judges the configuration. */
void lint_config(const struct world *, const struct selection *,
    struct arena *keep, struct diags *);

/* Who refers to whom in these zones; collected when first asked. */
struct references *references_new(const struct zones *);
void references_free(struct references *);

/* All rules: start at 0; NULL after the last. Sorted by family, then id. */
const struct rule *rule_number(size_t);
const struct rule *rule_find(struct str id);
enum level rule_level(const struct rule *, const struct selection *,
    const struct config *);
/*
 * The rules and profiles that a configuration names: those that do not exist
 * become problems of it.
 */
void rules_check_config(struct config *);

/* ---- for checks: says what is wrong, in the name of the current rule -------------- */

/* Formats are constants: one without conversions is not copied. */
struct diag *complain(struct lint *, struct span, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* About a part of record->text. */
struct diag *complain_text(struct lint *, const struct record *, size_t start,
    size_t end, const char *format, ...)
    __attribute__((format(printf, 5, 6)));
struct diag *complain_text_args(struct lint *, const struct record *,
    size_t start, size_t end, const char *format, va_list)
    __attribute__((format(printf, 5, 0)));
/* About the whole zone: points at the SOA, else at line 1, column 1. */
struct diag *complain_zone(struct lint *, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* A diag with another level than its rule has (never above the rule's). */
void diag_level(struct diag *, enum level);
/* The token of a finding, when it is not what stands there. */
void diag_about(struct lint *, struct diag *, struct str token);
void diag_help(struct lint *, struct diag *, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
void diag_note(struct lint *, struct diag *, struct span, const char *format,
    ...) __attribute__((format(printf, 4, 5)));
/*
 * Takes note that there is a fix; false when nobody asks which edits that are,
 * or there can be none.
 */
bool diag_may_fix(struct lint *, struct diag *, enum fix_kind);
/* Offers to replace a span; unsafe when any receiver reads it differently. */
void diag_fix(struct lint *, struct diag *, enum fix_kind, struct span,
    struct str replacement);
/*
 * The same for a part of record->text, in as many edits as there are strings;
 * where it cannot be done, the finding has no fix at all: half of one would do
 * harm. Nothing is replaced when start is end: then it is put there.
 */
void diag_fix_text(struct lint *, struct diag *, enum fix_kind,
    const struct record *, size_t start, size_t end, struct str replacement);

/* The rule that speaks of what name servers refuse a zone for. */
const char *refusal_rule(const struct zone_problem *);

/* The families, each in files of its own; lists end with NULL. */
extern const struct rule *const zone_rules[], *const zone_quote_rules[],
    *const zone_string_rules[], *const zone_character_rules[],
    *const zone_name_rules[], *const zone_tree_rules[],
    *const zone_answer_rules[], *const zone_block_rules[],
    *const zone_serial_rules[],
    *const spf_rules[],
    *const spf_term_rules[], *const spf_all_rules[],
    *const spf_network_rules[], *const spf_place_rules[],
    *const spf_graph_rules[], *const spf_reach_rules[],
    *const spf_sender_rules[], *const dkim_rules[], *const dkim_key_rules[],
    *const dkim_place_rules[], *const dkim_keys_rules[],
    *const dkim_state_rules[], *const dmarc_rules[],
    *const dmarc_policy_rules[], *const dmarc_place_rules[],
    *const dmarc_lent_rules[], *const dmarc_suffix_rules[],
    *const dmarc_state_rules[],
    *const dmarc_sender_rules[], *const dmarc_report_rules[],
    *const dmarc_external_rules[], *const mx_rules[],
    *const transport_rules[], *const bimi_rules[], *const demand_rules[],
    *const config_rules[], *const plan_rules[], *const suppression_rules[],
    *const verify_rules[];

/* ---- inside rules/ --------------------------------------------------------------- */

/*
 * Marks what comments and the configuration suppress, and objects to
 * suppressions that are unused, over, soon over or malformed. Looks at the
 * diags of one zone, those from first on.
 */
void suppress(struct lint *, const struct selection *, struct diag *first);

/*
 * The same objections to what the configuration ignores, after all zones have
 * been judged; only a whole run, of all configured zones, can tell that
 * something is unused.
 */
void suppress_judge_config(const struct world *, const struct selection *,
    bool whole, struct arena *keep, struct diags *);

/* ---- what several families share (common.c) ---------------------------------------- */

/* The name that a record of mail authentication speaks for: x of _dmarc.x. */
struct str record_domain(const struct record *);
/* Has the apex been seen? Only then can anything be missing at it. */
bool zone_is_whole(const struct zone *);
/* No stranger can send in it: below arpa, local, internal, ... */
bool name_needs_no_policy(struct str);
/* A name that people write mail from, and whose records are its own. */
bool node_is_mail_name(const struct node *, struct str name);
/* Did an unquoted text lose what stands behind its first ";"? */
bool record_lost_comment(const struct record *);
/* Where an owner stands, or the type when the entry leaves it out. */
struct span record_owner_span(const struct record *);
/* The plan is being followed: what it publishes today is no surprise. */
bool domain_in_rollout(const struct lint *, struct str domain);
const struct problem *problems_find(const struct problems *, int kind);
/* The MARK_... of a record. */
unsigned record_marks(const struct record *);
/* What a parser saw amiss, in its words. */
struct diag *complain_problem(struct lint *, const struct record *,
    const struct problem *);
/*
 * The second record of a kind at a name, exact copies not counted, and in
 * *first (may be NULL) the first one; NULL when there are no two.
 */
const struct record *record_second(struct lint *, const struct node *,
    enum auth, const struct record **first);
/*
 * Is it one of several, or SPF with a syntax error? Another rule says that it
 * counts for nothing then; what it would achieve is of no interest.
 */
bool record_is_void(struct lint *, const struct record *);
/*
 * Does the zone hold an entry that name servers refuse, but that was to be
 * this record? What they refuse is told; that it is missing follows from it.
 */
bool is_refused_entry(struct lint *, struct str name, enum auth);
/*
 * As zones_records and mail_role, which takes its time: asked again about the
 * same name, it knows the answer.
 */
size_t lint_records(struct lint *, const struct node *, unsigned types,
    const struct record ***records);
enum mail_role lint_role(struct lint *, struct str name);
bool lint_is_unreachable(struct lint *, struct str name);
/* As mail_is_none_despite_key, of a name in the zone. */
bool lint_is_none_despite_key(struct lint *, struct str name);
/* The MX that makes it a name of mail; a null MX does not. NULL for none. */
const struct record *lint_mx(struct lint *, const struct node *);
/*
 * As zones_ask, for questions that come again and again, such as after the
 * address of a mail host: how it ends, and how many CNAME and DNAME records
 * lead there (links may be NULL).
 */
enum answer_kind lint_ask(struct lint *, struct str name, uint16_t type,
    unsigned *links);
/* The loaded zones say that there is no such record. */
bool lint_is_absent(struct lint *, struct str name, uint16_t type);
/*
 * The profiles in force, those of this run or those configured: *number starts
 * at 0; NULL after the last.
 */
const struct profile *lint_next_profile(const struct lint *, size_t *number);
/*
 * The domains and subdomains of the configuration that are for this zone to
 * publish; NULL after the last. The walk starts as { 0 }.
 */
struct domain_walk {
	const struct config_domain *const *domains;
	size_t count, here;
	bool begun;
};

const struct config_domain *lint_next_domain(struct lint *,
    struct domain_walk *);
/* As organizational_domain, with the same memory. */
struct str lint_organization(struct lint *, struct str name, enum model,
    bool *known);
/*
 * Is a name directly below this one perhaps an organizational domain of RFC
 * 7489? Says no for nearly all names in a zone, and at once when asked again.
 */
bool lint_may_have_organizations(struct lint *, struct str name);
/* Answers are the same for all zones of a run, whoever asks. */
struct answers *answers_new(struct arena *);
void answers_forget(struct answers *);

/*
 * From now on an answer about a name of this family is looked for again, so
 * that it is seen where it comes from; STR_NONE: about none.
 */
void answers_again(struct answers *, struct str family);

/*
 * Names that are written alike are judged once (likeness.c): in another one the
 * same rules speak, and no others. It rests on this: a verdict on a name
 * depends on what the name and those that are read for it hold, on what they
 * refer to, and on the names above, not on how the name itself is spelt, nor
 * on who else refers to it. A rule whose verdict does depend on such a thing
 * says so here, also when an answer is within lint_slack() of a limit.
 */
void lint_unlike(const struct lint *);
/*
 * In so many octets, LIKE_SLACK at most, what stands at the name that is judged
 * may differ.
 */
size_t lint_slack(const struct lint *);
/* A finding in a rule about names or zones is about this record after all. */
void diag_record(struct lint *, struct diag *, const struct record *);
struct linter;

/* Who judges zones, one after the other; for one thread. */
struct linter *linter_new(const struct world *, const struct selection *);
void linter_free(struct linter *);
/*
 * A large zone is judged in parts, which threads share; the rest, which rests
 * on all of them, comes last.
 */
struct zone_part {
	struct diags diags;
	struct seen_keys *keys;
	size_t key_count;
	struct arena *memory;		/* of the keys */
};

size_t linter_parts(const struct zone *);
/* A zone of one part. */
void linter_judge_small(struct linter *, const struct zone *, size_t number,
    struct arena *keep, struct arena *memory, struct zone_verdict *);
void linter_judge_part(struct linter *, const struct zone *, size_t number,
    struct arena *keep, struct zone_part *);
void linter_judge_rest(struct linter *, const struct zone *,
    struct zone_part *parts, size_t count, struct arena *keep,
    struct zone_verdict *);
/* Keys seen later go before those seen earlier; returns the start. */
struct seen_keys *dkim_join(struct seen_keys *earlier,
    struct seen_keys *later);
/*
 * When all zones are judged: what is to be said of this one, which has the
 * number among the loaded ones, because of others; what is not to be said.
 */
void linter_judge_elsewhere(struct linter *, const struct census *,
    const struct zone *, size_t number, struct arena *keep,
    struct zone_verdict *);
/* Those of the zone, for the census; and the other way round. */
struct zone_keys dkim_keep(const struct seen_keys *, struct arena *);
void dkim_recall(struct lint *, struct zone_keys);
/* Takes note of a key of the zone. */
void dkim_remember(struct lint *, const struct record *);
void dkim_remember_rsa(struct lint *, uint64_t fingerprint, uint64_t domain,
    size_t position);
/* The one policy at a name; NULL for none, several, or when none is seen. */
const struct record *dmarc_only_record(struct lint *, struct str domain);
/* There is no policy at a name, and that is certain. */
bool dmarc_is_lacking(struct lint *, struct str domain);
/* A name below that exists and has no policy of its own; STR_NONE if none. */
struct str dmarc_uncovered_name(struct lint *, struct str domain);
/* Is a policy below another one weaker than what that would give? */
bool dmarc_is_weaker_than_above(struct lint *, struct str domain,
    const struct dmarc *);
/* Is it weaker than what a stage of a plan publishes (plan.c)? */
struct stage;
bool dmarc_is_weaker_than_stage(struct lint *, const struct dmarc *,
    const struct stage *);
/*
 * The day on which earlier runs last saw a record of a kind in the zone;
 * DAY_NONE for never.
 */
day lint_last_run(struct lint *, enum seen_kind);
/* Does an owner belong to this zone, and to no loaded one below it? */
bool lint_is_in_zone(struct lint *, struct str owner);
/* Offers to take a tag out, with the separator before or behind it. */
void diag_fix_remove_tag(struct lint *, struct diag *, enum fix_kind,
    const struct record *, const struct tag *);
/*
 * Offers to take the lines of a record out, when it has them for itself and no
 * entry behind it takes its owner or TTL from there.
 */
void diag_fix_remove_record(struct lint *, struct diag *, enum fix_kind,
    const struct record *);
/*
 * Does another record at a name count as one of this kind, or nearly so? Then
 * nobody offers to make one of this: two of them are worse than none.
 */
bool place_is_taken(struct lint *, struct str owner, enum auth,
    const struct record *but);
/*
 * Offers a new record: in the lines behind an entry, or at the end of the
 * zone's file when the entry is the SOA. The owner is relative to the zone
 * where the file says no other origin, so that all zones of a file agree.
 */
void diag_fix_add_record(struct lint *, struct diag *, struct span entry,
    struct str owner, const char *type_and_data);
/* The same in another zone of the run. */
void diag_fix_add_record_to(struct lint *, struct diag *,
    const struct zone *, struct span entry, struct str owner,
    const char *type_and_data);
/* Offers another TTL: in place of the one that is written, or as a new one. */
void diag_fix_ttl(struct lint *, struct diag *, enum fix_kind,
    const struct record *, uint32_t ttl);
/* Offers to encode the comma, "!" and blank in a URI (dmarc_report.c). */
void diag_fix_encode_uri(struct lint *, struct diag *, const struct record *,
    const struct report_uri *);
/* Offers to take a tag out and put it elsewhere, or does nothing. */
void diag_fix_move_tag(struct lint *, struct diag *, enum fix_kind,
    const struct record *, const struct tag *, size_t at, struct str text);
/*
 * One fault is told once. Did the text lose something on its way into the
 * zone (quotes, a part behind ";", a second escaping), so that whatever else
 * might be said about the record depends on how that gets mended? The rules
 * about texts tell it, those about kinds of records are not run. The marks are
 * those of the record.
 */
bool text_is_spoiled(const struct record *, unsigned marks);
/*
 * Is that so, or does a rule about texts (strings that meet without a space,
 * characters that no record knows) speak of this part?
 */
bool text_is_explained(struct lint *, const struct record *, size_t start,
    size_t end);
/* The kind of record whose version is misspelt here; AUTH_NONE if none. */
enum auth version_typo(struct lint *, const struct record *);
/* Does a target that leads nowhere only want its final dot? */
bool target_lacks_dot(struct lint *, const struct record *);

/*
 * Who refers to a name, over all zones of the run (reference.c): is it the
 * target of a CNAME, or of an include or redirect in SPF?
 */
bool name_is_aliased(const struct lint *, struct str name);
bool name_is_included(const struct lint *, struct str name);
/*
 * The graph below the current record, once for all rules; NULL when it asks
 * for nothing, or receivers can not read it.
 */
const struct spf_cost *lint_spf_cost(struct lint *, const struct record *);
/* Offers to take a term out of an SPF record. */
void diag_fix_remove_term(struct lint *, struct diag *, enum fix_kind,
    const struct record *, const struct spf_term *);

#endif
