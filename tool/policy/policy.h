/*
 * What records mean: which policy a receiver finds, what SPF costs and whom
 * it lets in, what happens to forged mail. Every answer about DMARC is given
 * twice, for receivers of RFC 7489 and of RFC 9989. Nobody else decides what
 * a record means.
 */
#ifndef POLICY_POLICY_H
#define POLICY_POLICY_H

#include "auth/auth.h"
#include "base/date.h"
#include "base/file.h"
#include "config/config.h"
#include "zone/zone.h"

enum model { MODEL_7489, MODEL_9989, MODELS };

/* All that a run knows. Everything may be NULL but zones. */
struct world {
	const struct zones *zones;
	const struct config *config;
	struct providers *providers;	/* dated lookup costs */
	struct psl *psl;		/* public suffixes; RFC 7489 */
	struct policy_memo *memo;		/* of one thread */
	day today;
	const struct schedules *schedules;	/* see rollout/ */
	struct references *references;	/* rules/: who refers to whom */
	const struct census *census;		/* the keys of all zones */
	const struct state *state;		/* of earlier runs */
	const struct zones *earlier;		/* --against: as they were */
	const struct served_zone *served;	/* at its name servers */
	/* What generate -o wrote before, as zones; NULL: nothing is known. */
	const struct zones *snippets;
};

/*
 * For who asks for many names below one: remembers what stands at that one
 * and above it.
 */
struct policy_memo *policy_memo_new(struct arena *, struct str name);

/* ---- public suffixes (psl.c) and organizational domains (discovery.c) ---- */

/*
 * The built-in list, or that of a file. NULL with *why when it cannot be
 * read. The date is the list's own, or the file's.
 */
struct psl *psl_open(struct arena *, struct str path, struct str *why);
void psl_close(struct psl *);
struct str psl_date(struct arena *, const struct psl *);
/* Is it a public suffix? False without a list. */
bool psl_has(const struct psl *, struct str name);
/* The name below the public suffix; a suffix itself is returned. */
struct str psl_organization(const struct psl *, struct str name);
/*
 * Are there suffixes below this name? Says yes, too, when the text of the list
 * is not at hand.
 */
bool psl_lists_below(const struct psl *, struct str name);
/* Is there a wildcard for the names directly below it? */
bool psl_has_below(const struct psl *, struct str name);
/*
 * The same list, for one thread that wants to know whether verdicts rest on
 * what it says of names below one: how often it was asked about them. Who
 * remembers answers counts each time that one is given.
 */
struct psl *psl_watch(struct arena *, const struct psl *);
void psl_watch_below(struct psl *, struct str name);
size_t psl_asked(const struct psl *);
void psl_count(const struct psl *, struct str name);
/* The same, but for top-level names that the list does not know. */
bool psl_lists(const struct psl *, struct str name);

/*
 * The organizational domain: by the public suffix list (RFC 7489 section 3.2)
 * or by the tree walk (RFC 9989 section 4.10.2). *known (may be NULL) is
 * false when a name on the way cannot be seen from here; the result is then
 * the best guess.
 */
struct str organizational_domain(const struct world *, struct arena *,
    struct str name, enum model, bool *known);

/* ---- which policy a receiver finds (level.c, discovery.c) ---------------- */

enum outcome {
	OUTCOME_REJECT, OUTCOME_QUARANTINE,
	OUTCOME_PARTIAL,		/* RFC 7489: pct 1 to 99 */
	OUTCOME_DELIVER,		/* policy none */
	OUTCOME_NO_POLICY,		/* DMARC does not apply */
	OUTCOME_UNKNOWN
};

const char *outcome_name(enum outcome);	/* as JSON has it: "no-policy" */
enum outcome outcome_of_policy(enum policy);	/* none: deliver */

enum {	/* What made a record weaker than it looks. */
	DEGRADED_BAD_POLICY = 1 << 0, DEGRADED_BAD_SUBDOMAIN = 1 << 1,
	DEGRADED_BAD_NONEXISTENT = 1 << 2, DEGRADED_TEST = 1 << 3,
	DEGRADED_PERCENT = 1 << 4, DEGRADED_SEVERAL = 1 << 5,
	DEGRADED_REPEATED_TAG = 1 << 6
};

enum { POLICY_QUERIES = 8 };		/* RFC 9989 section 4.10 */

struct verdict {
	enum outcome outcome;
	/* PARTIAL: so many percent get upper, the others lower. */
	unsigned percent;
	enum policy upper, lower;
	struct str policy_domain;	/* STR_NONE where nothing decided */
	const char *tag;		/* "p", "sp", "np"; NULL */
	const struct record *record;	/* that decided; NULL */
	unsigned degraded;
	bool strict_spf, strict_dkim;	/* the alignment that it wants */
	bool existence_matters;		/* sp or np was chosen */
	enum answer_kind existence;	/* of the author domain */
	struct str why;			/* one sentence, for people */
	/* Names whose _dmarc was asked for, in order. */
	struct str queries[POLICY_QUERIES];
	size_t query_count;
};

/* 0 when forged mail is delivered, 1 quarantine, 2 reject; partial: lower. */
unsigned outcome_strength(const struct verdict *);

/*
 * What receivers find for mail From: somebody@name, by RFC 7489 section 6.6.3
 * or RFC 9989 section 4.10.1. A public suffix above the name is assumed to have
 * no record unless one is seen.
 */
struct verdict policy_discover(const struct world *, struct arena *,
    struct str name, enum model);
/* Both at once, which costs less. */
void policy_discover_all(const struct world *, struct arena *,
    struct str name, struct verdict verdicts[MODELS]);

/*
 * What a record says by itself: which is 'p', 's' or 'n'; as if it had been
 * found. Of detail it sets outcome, percent, upper, lower, tag (the one that
 * decided, NULL for none) and degraded.
 */
enum outcome policy_level(const struct dmarc *, char which, enum model,
    struct verdict *detail);

/*
 * DMARC records at _dmarc.name: those that are selected, read as such even
 * where a wildcard or a CNAME lends them. Returns what the name server says.
 */
enum answer_kind policy_records(const struct world *, struct arena *,
    struct str name, const struct record ***, size_t *count);

/*
 * (authorised.c) May reports for policy_domain go to host (RFC 9990 section
 * 4)? SAME when either generation of receivers takes both for one
 * organization.
 */
enum authorised { AUTHORISED_SAME, AUTHORISED_YES, AUTHORISED_NO,
	AUTHORISED_TOO_LONG, AUTHORISED_UNKNOWN };
enum authorised report_authorised(const struct world *, struct arena *,
    struct str policy_domain, struct str host, struct str *record_name);

/* ---- exposure (exposure.c, weakness.c) ----------------------------------- */

enum name_kind { NAME_APEX, NAME_PLAIN, NAME_NONEXISTENT, NAME_DEEP,
	NAME_DELEGATED };

/*
 * Names whose SPF or DKIM lets strangers in, or that others run: who may get
 * an aligned pass from them escapes every policy of their organization.
 */
struct weakness {
	struct weakness *next;
	const char *by;			/* "spf", "dkim", "delegation" */
	struct str name;
	struct str why;			/* one sentence, for people */
	struct str organization[MODELS];
};

/* Of all loaded zones: records in their order, then names. */
struct weakness *weaknesses_find(const struct world *, struct arena *);

struct bypass {
	struct bypass *next;
	const struct weakness *weakness;
};

struct exposure {
	struct exposure *next;
	const struct zone *zone;	/* NULL: in no loaded zone */
	struct str name;		/* or "<nonexistent>.x" */
	enum name_kind kind;		/* DEEP: one row, of the apex */
	enum answer_kind existence;
	struct verdict verdict[MODELS];	/* without record and queries */
	bool differs;
	const char *total;	/* "exposed", "weak", "safe", "unknown" */
	struct bypass *bypass;
	bool more;			/* ways than these, told at the apex */
	struct str why;			/* both verdicts in one sentence */
	size_t names;			/* that share this verdict */
};

/*
 * Every name of a zone and what may lie below it; names that do not exist are
 * in one row when they have the same verdicts, policy domains and tags, and
 * so are all others when grouped. In the order of the zone, apex first.
 */
struct exposure *exposure_of_zone(const struct world *, struct arena *,
    const struct zone *, const struct weakness *, bool grouped);
struct exposure *exposure_of_name(const struct world *, struct arena *,
    struct str name, const struct weakness *);
/* 0 exposed, 1 weak, 2 unknown, 3 safe: for sorting, worst first. */
unsigned exposure_rank(const struct exposure *);

/* ---- what SPF costs (spf_cost.c) ----------------------------------------- */

enum spf_state {
	SPF_VALID, SPF_NONE, SPF_SEVERAL, SPF_BROKEN,	/* grammar */
	SPF_NOT_VISIBLE,		/* outside of what is loaded */
	SPF_LOOP			/* a name that led here */
};

/*
 * One record in the include graph, and what each of its terms leads to. A
 * node may be reached by several edges, but never from below: where the
 * records lead back, a leaf of state SPF_LOOP stands. However often nodes are
 * shared, walking all edges from the root takes a few hundred steps and the
 * length of the records.
 */
struct spf_node {
	struct str domain;
	enum spf_state state;
	const struct record *record;	/* NULL unless found */
	const struct spf *spf;
	struct spf_edge *edges;		/* terms that ask the DNS, in order */
	bool known_cost;		/* not visible, but a dated fact says */
	unsigned fact_lookups;		/* beyond the include itself */
	const struct provider *fact;	/* where it is written */
	struct str why;			/* not visible: the reason */
	bool looped;			/* not visible: aliases in a circle */
	/*
	 * What this record and all below take. At least: what is seen; at
	 * most: with provider facts, UINT_MAX when nothing is known.
	 */
	unsigned lookups_min, lookups_max;
	unsigned voids_min, voids_max;
	size_t unknown;			/* records that are not visible */
	bool broken_below;		/* leads to what none can evaluate */
	bool mx_over;			/* an mx with more than ten names */
	bool empty;			/* there is no TXT at all */
	bool open;			/* spf_cost.c only */
};

struct spf_edge {
	struct spf_edge *next;
	const struct spf_term *term;
	struct str target;		/* STR_NONE with a macro */
	struct spf_node *node;		/* include and redirect only */
	enum answer_kind answer;	/* a, mx, exists: what they find */
	bool is_void;			/* a lookup without an answer */
	size_t mx_count;		/* mx: names found */
	unsigned mx_voids;		/* ... that have no address */
	bool null_mx;			/* mx: the domain takes no mail */
};

struct spf_cost {
	struct spf_node *root;
	/* Those of the root; the limits are in RFC 7208 section 4.6.4. */
	unsigned lookups_min, lookups_max;
	unsigned voids_min, voids_max;
	bool over_limit;		/* surely passes one of them */
	bool broken_reference;		/* include, redirect: none, broken */
	bool circles;			/* a record leads back to one above */
	bool permerror;			/* no receiver can evaluate it */
	struct str permerror_why;
	size_t unknown;			/* targets that are not visible */
};

/*
 * The static worst case: every term counts but those behind "all". Never
 * NULL; for a name without SPF the root's state says so.
 */
struct spf_cost *spf_cost(const struct world *, struct arena *,
    struct str domain);

/* ---- how to save lookups (spf_remedy.c) ---------------------------------- */

/* One way to save lookups. */
struct spf_remedy {
	struct spf_remedy *next;
	const struct spf_edge *edge;	/* of the root */
	unsigned rank;			/* 0 is done first */
	bool harmless;			/* no mail fares otherwise */
	unsigned saves;			/* lookups, at least */
	struct str what;		/* one sentence, for people */
};

/*
 * What the owner of the record can do, the harmless first; whether anything
 * needs to be done the limits tell. NULL: nothing. A term may stand there
 * twice, with ways of different ranks.
 */
struct spf_remedy *spf_remedies(const struct world *, struct arena *,
    const struct spf_cost *);
/*
 * Those that are left: what costs nobody anything, and of each other rank, one
 * instead of the other, as many as are needed to come from so many lookups
 * below the limit.
 */
struct spf_remedy *spf_remedies_limit(struct spf_remedy *, unsigned lookups);
/* What a term takes with all below it, as far as is seen or known. */
unsigned spf_edge_lookups(const struct spf_edge *);
/*
 * The configured sender for which a term stands in the record of a domain;
 * NULL when the configuration does not say.
 */
const struct config_sender *spf_term_sender(const struct config *,
    struct arena *, struct str domain, struct str term);

/* ---- SPF without lookups (spf_flatten.c) --------------------------------- */

/* What a term stands for, as terms that cost no lookup. */
struct spf_flat {
	bool replaced;			/* else the term stays as it is */
	struct str *terms;
	size_t count;
	day oldest;			/* answer of the cache file, or NONE */
	bool expired;			/* one is too old to be used */
	/*
	 * Why the term stays, or an include somewhere below it; STR_NONE:
	 * nothing of the kind.
	 */
	struct str why;
};

/*
 * A term of the record at the domain, flattened: macros, exists and ptr never
 * are, nor what does not simply let pass.
 */
struct spf_flat spf_flatten(const struct world *, struct arena *,
    struct str domain, const struct spf_term *);
/* Is the sender one of those that spf.flatten names at the domain? */
bool spf_flattens(const struct config_domain *, const struct config_sender *);

/* ---- whom SPF lets in (spf_reach.c) -------------------------------------- */

struct network {
	bool ip6;
	unsigned char address[16];
	unsigned length;
};

/* Bits beyond the prefixes do not matter. */
bool network_contains(const struct network *outer, const struct network *inner);

/* (special.c) Never the address of a host that sends over the Internet. */
struct special_network {
	struct network network;
	const char *what;		/* "private", of its addresses */
	bool example;			/* for documents: where they belong */
};

/* The one in which a network lies; NULL for none. */
const struct special_network *special_around(const struct network *);
/* How many addresses of an IPv4 network are not special; examples count. */
uint64_t public_addresses4(const struct network *);

struct spf_reach {
	bool everybody;			/* any host passes, of IPv4 at least */
	const struct spf_term *by;	/* the term that lets everybody in */
	struct str by_domain;		/* whose record it stands in */
	struct network *networks;	/* merged, sorted */
	size_t count;
	uint64_t addresses4;		/* public ones that may pass */
	bool complete;			/* nothing was out of sight */
	char all;			/* qualifier at the end: + - ~ ?, 0 */
};

/*
 * Who gets "pass" from the SPF record of a domain, but for what a term before
 * denies. Terms behind the place where receivers give up let nobody in.
 */
struct spf_reach *spf_reach(const struct world *, struct arena *,
    struct str domain);

/* ---- MTA-STS (mtasts.c) -------------------------------------------------- */

/*
 * The mail exchangers of a domain's MTA-STS policy: those that it says, else
 * those of its senders' providers, else those that are published.
 */
struct words mta_sts_names(const struct world *, struct arena *,
    const struct config_domain *);
/* The policy as it is served, by the configuration: RFC 8461 section 3.2. */
struct str mta_sts_policy(const struct world *, struct arena *,
    const struct config_domain *);
/* The same, or the file that it names; STR_NONE when there is none. */
struct str mta_sts_published(const struct world *, struct arena *,
    struct str domain, struct file_store *);

/* ---- what name servers answer (served.c) --------------------------------- */

/* A question that one of them left open. */
struct unanswered {
	struct unanswered *next;
	struct str owner;
	uint16_t type;
	struct str why;
};

struct served_by {
	struct served_by *next;
	struct str name;		/* for people, with its address */
	struct str trouble;		/* why it answers nothing; STR_NONE */
	bool authoritative;		/* then its TTLs are the zone's */
	bool has_serial;
	uint32_t serial;
	struct str serial_of;		/* the zone of that number */
	const struct zone *zone;	/* what it answered, below the root */
	struct unanswered *unanswered;
};

/* What the servers of a zone answered, when asked for all its records. */
struct served_zone {
	struct str zone;
	struct served_by *servers;
	bool has_serial;		/* of the zone file, when it is known */
	uint32_t serial;
};

enum served_state {
	SERVED_RIGHT,
	SERVED_MISSING,
	SERVED_OTHER,			/* another one in its place */
	SERVED_UNKNOWN
};

/*
 * How a server answers for a record. *found (may be NULL) is the record that
 * it answers with: this one, or the one in its place; NULL for none.
 */
enum served_state served_record(struct arena *, const struct served_by *,
    const struct record *wanted, const struct record **found);
/*
 * A record that it answers with beside a right one, of which receivers want
 * only one; NULL when there is none.
 */
const struct record *served_beside(struct arena *, const struct served_by *,
    const struct record *wanted);
/*
 * To be called when all have answered: forgets serial numbers that are not of
 * the zone, but of one above it, as of a server that does not have the zone.
 */
void served_forget_others(struct served_zone *);
/* The server whose zone is newest, when this one's is older; else NULL. */
const struct served_by *served_newer(const struct served_zone *,
    const struct served_by *);

/* ---- what earlier runs saw (state.c, state_file.c) ----------------------- */

enum seen_kind { SEEN_DMARC, SEEN_KEY, SEEN_MTASTS, SEEN_KINDS };

/* A record that stood at an owner from one day to another. */
struct sighting {
	struct sighting *next;		/* of its kind at this owner, by day */
	struct str text;
	/*
	 * Of the octets of a key, of the policy that an MTA-STS record
	 * announces ("" when nobody told it), of any other text.
	 */
	struct str sha256;
	day first, last;
	/*
	 * The highest TTL that receivers may still go by; 0: not known.
	 * DAY_NONE, or the day on which it was seen with a lower one.
	 */
	uint32_t ttl;
	day ttl_end;
};

/* Nothing has been seen yet; what is read and seen goes into the arena. */
struct state *state_new(struct arena *);
/* False with *why when it is no such file; half of it may be taken then. */
bool state_read(struct state *, const struct source *, struct str *why);
/* Sorted, one record a line: branches that each add some can be merged. */
void state_write(const struct state *, struct buffer *);
/*
 * Takes note of all that a zone holds on a day. Policy files of MTA-STS come
 * from the store, other policies from the world (NULL: there are none). Who
 * has seen all zones sorts what was seen, before it is asked or written.
 */
void state_see(struct state *, const struct zone *, const struct world *,
    struct file_store *, day);
void state_sort(struct state *);
/* What stood at an owner; NULL when nothing did, or there is no state. */
const struct sighting *state_at(const struct state *, struct str owner,
    enum seen_kind);
/* Whole days for which a record is remembered. */
day ttl_days(uint32_t ttl);
/*
 * The day from which on nobody remembers what stood at an owner and was
 * replaced before a day, by its TTL (*ttl); DAY_NONE when nothing is known of
 * one.
 */
day state_forgotten(const struct state *, struct str owner, enum seen_kind,
    day until, uint32_t *ttl);
/*
 * Owners at and below a name, in the order of names; starts with *position
 * 0; STR_NONE after the last.
 */
struct str state_next(const struct state *, struct str top,
    size_t *position);
/* What tells one record of a kind from the next, see struct sighting. */
struct str key_digest(struct arena *, const struct dkim *);

/* ---- RSA moduli (rsa.c, roca.c) ------------------------------------------ */

enum { RSA_ROCA = 1, RSA_USUAL_DIGITS = 392 };

/*
 * A factor that no product of two large primes has, for a big-endian modulus;
 * RSA_ROCA when it has the fingerprint of that (roca.c); 0 if there is
 * nothing.
 */
unsigned rsa_weak_factor(struct str modulus);
/*
 * Of digits of base64: are they a key as most are, a SubjectPublicKeyInfo with
 * a modulus of 2048 bits and the exponent 65537, for which rsa_weak_factor
 * finds nothing? Then gives its fingerprint. False says nothing: each kind of
 * processor has a quick way of its own, or none (see configure).
 */
bool rsa_is_usual(const char digits[RSA_USUAL_DIGITS], uint64_t *fingerprint);

/* ---- the keys of all zones (census.c, shared_prime.c) -------------------- */

struct census_key {
	uint64_t fingerprint;		/* of its octets, see key_fingerprint */
	uint32_t zone;			/* its number among the loaded ones */
	size_t position;		/* for zone_next */
};

/* The keys of one zone, in any order; the numbers of the zone are not set. */
struct zone_keys {
	const struct census_key *list;
	size_t count;
};

/*
 * Of all loaded zones, context too. The keys of some may be known already: for
 * each zone, NULL when those of this one are to be read; NULL: of none. With
 * primes, for which all are read, RSA moduli that have a prime factor in
 * common, or two that are near each other, are looked for: that takes its
 * time.
 */
struct census *census_take(struct arena *, const struct zones *,
    unsigned threads, bool primes, const struct zone_keys *const *known);
/* Has the zone a key that some other zone seems to have? NULL: no. */
bool census_is_shared(const struct census *, size_t zone);
/* There were too many different moduli to look for primes; how many. */
/* Were the primes of RSA keys looked for, and were there any? */
bool census_knows_primes(const struct census *);
bool census_is_too_large(const struct census *, size_t *moduli);
/* Those that seem to be this key, in the order of zones; NULL is fine. */
const struct census_key *census_find(const struct census *, struct str der,
    size_t *count);
/* Another key that a modulus has a prime in common with; NULL for none. */
const struct census_key *census_prime_partner(const struct census *,
    struct str modulus);
/* Has it two prime factors that are near each other? */
bool census_has_near_primes(const struct census *, struct str modulus);
const struct record *census_record(const struct zones *, struct arena *,
    const struct census_key *);
uint64_t key_fingerprint(struct str der);
/* A DKIM key that is in use and can be read. */
bool record_is_key(const struct record *);

/* ---- what a name is for (role.c) ----------------------------------------- */

enum mail_role { MAIL_UNKNOWN, MAIL_NONE, MAIL_SENDING };

/* Parked, null MX, "-all" and no MX; or configured senders. */
enum mail_role mail_role(const struct world *, struct arena *,
    struct str name);
/* Is it certain that no mail to it can be delivered? */
bool mail_gets_nowhere(const struct world *, struct arena *,
    struct str name);
/*
 * Is it MAIL_NONE, of a name in this zone, which no other covers, and of which
 * may_have_key is true?
 */
bool mail_is_none_despite_key(const struct world *, struct arena *,
    const struct zone *, struct str name);
/* Is a DKIM key below the name? True also when that cannot be seen. */
bool may_have_key(const struct world *, struct arena *, struct str name);
/* "MX 0 ." alone (RFC 7505): the answer to a question for MX. */
bool has_null_mx(const struct answer *mx);

/* ---- profiles (profile.c) ------------------------------------------------ */

/* p=reject for a domain whose users write to mailing lists. */
enum reject_for_users { REJECT_ALLOWED, REJECT_DISCOURAGED, REJECT_REQUIRED };

/* What an authority demands; zero and NULL demand nothing. */
struct profile {
	const char *name;		/* "cisa-bod-18-01" */
	const char *title, *source;
	const char *date;		/* "2024-05-02", "2019-02", "" */
	const struct profile_level *levels;	/* ends with .rule NULL */
	const char *all;		/* allowed qualifiers of all: "~-" */
	enum policy min_policy, min_subdomain;
	bool allow_test;		/* t=y and pct below 100 */
	bool require_rua;
	const char *require_rua_address;	/* "mailto:..." */
	bool require_dkim, require_ed25519;
	unsigned min_rsa_bits;
	unsigned max_key_age;		/* days */
	bool strict_alignment;
	bool require_mta_sts, require_tlsrpt;
	bool require_null_records;	/* of domains without mail */
	bool every_subdomain;		/* records of its own at each name */
	enum reject_for_users reject_for_users;
};

/*
 * What a profile makes of a rule: level is "error", ..., "off". Rules that it
 * does not name keep the level of the default profile.
 */
struct profile_level {
	const char *rule;		/* an id or a glob */
	const char *level;
	const char *citation;
};

extern const struct profile profiles[];		/* ends with .name NULL */
const struct profile *profile_find(struct str name);	/* or NULL */

#endif
