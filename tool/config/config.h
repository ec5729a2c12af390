/*
 * mailzone.yaml: what the operator wants, validated, with places.
 *
 * yaml.c makes a tree with places of libyaml's events; config.c walks the
 * table of fields and fills the structs below. Everything that is wrong stands
 * in config->problems, all of it at once; the structs hold what was right.
 */
#ifndef CONFIG_CONFIG_H
#define CONFIG_CONFIG_H

#include "auth/auth.h"
#include "base/date.h"
#include "base/name.h"
#include "base/place.h"
#include "base/table.h"

struct arena;
struct provider;
struct providers;
struct ladder;

/* ---- the tree (yaml.c) --------------------------------------------------- */

enum yaml_kind { YAML_SCALAR, YAML_SEQUENCE, YAML_MAPPING };

struct yaml {
	enum yaml_kind kind;
	struct span span;		/* bytes in the file */
	struct str text;		/* scalar: its value, as read */
	bool plain;			/* scalar without quotes */
	bool null;			/* plain ~, null or nothing */
	bool broken;			/* a problem speaks for it already */
	struct yaml *next;		/* in a sequence or a mapping */
	struct yaml *items;		/* the first */
	size_t count;
	size_t weight;			/* nodes, with what aliases bring */
	/* In a mapping: */
	struct str key;
	struct span key_span;
	const struct yaml *anchor_of;	/* an alias points here */
};

enum config_problem_kind {
	CONFIG_SYNTAX, CONFIG_UNKNOWN_KEY, CONFIG_DUPLICATE_KEY, CONFIG_TYPE,
	CONFIG_VALUE, CONFIG_UNDEFINED,
	CONFIG_FILE			/* it names one that cannot be read */
};

struct config_problem {
	struct config_problem *next;
	enum config_problem_kind kind;
	struct span span;
	struct str what;		/* the message */
	struct str help;		/* did you mean "..."; STR_NONE */
	struct span related;		/* .source NULL: none */
	struct str related_what;	/* "given first here" */
};

struct config_problems {
	struct config_problem *first, *last;
	size_t count;
};

/* Adds a remark; help and related may be set afterwards. */
struct config_problem *config_problem(struct config_problems *,
    struct arena *, enum config_problem_kind, struct span,
    const char *format, ...) __attribute__((format(printf, 5, 6)));

/*
 * Aliases and merge keys are resolved; duplicate keys, unknown aliases,
 * nesting above a limit and too many nodes are problems. NULL for an empty
 * document, or when its syntax is broken: then the rest would be guesswork.
 */
struct yaml *yaml_read(struct arena *, const struct source *,
    struct config_problems *);
/* NULL when the key is not there, or this is no mapping. */
const struct yaml *yaml_get(const struct yaml *mapping, const char *key);
/* Where to point: at the node, or its key when the node has no bytes. */
struct span yaml_place(const struct yaml *);
/*
 * Bytes start to end of a scalar's text; the whole scalar when it is not
 * written byte for byte (escapes, folded lines).
 */
struct span yaml_part(const struct yaml *, size_t start, size_t end);

/*
 * Text as a scalar that is read as this text (yaml_print.c): plain where that
 * is safe, else in quotes; UTF-8 is left as it is.
 */
struct str yaml_scalar(struct arena *, struct str text);

/* ---- what it says (config.c) --------------------------------------------- */

/* A list of words with their places. */
struct words {
	struct word {
		struct str text;
		struct span span;
	} *words;
	size_t count;
};

/* A word that may be absent (text.p NULL). */
struct setting {
	struct str text;
	struct span span;
};

enum key_state { KEY_NEXT, KEY_ACTIVE, KEY_RETIRING, KEY_REVOKED };

struct config_key {
	struct str name;
	struct span span;		/* of the name */
	struct setting selector;
	struct setting file;		/* path, resolved below, or base64 */
	struct str path;
	struct key key;			/* as OpenSSL read it */
	struct setting algorithm;
	enum key_state state;
	day since, retire, revoke;	/* DAY_NONE when not said */
	struct words flags;		/* as written; what they say: */
	bool testing, strict;
	struct setting notes;
};

struct config_sender {
	struct str name;
	struct span span;
	const struct provider *provider;	/* NULL: described here */
	struct setting provider_name;
	struct variable *variables;
	bool faulty;			/* something of it is not here */
	struct words spf;		/* terms */
	struct words key_names;
	const struct config_key **keys;
	size_t key_count;
	struct setting return_path;	/* a label */
	struct config_cname *dkim_cname;	/* selector -> target */
	bool users;
	struct setting owner, ticket;
	day review, expires;
};

struct variable {
	struct variable *next;
	struct str name, value;
	struct span name_span, value_span;
};

/* (sender.c) The one of this name; NULL when there is none. */
const struct variable *variable_find(const struct variable *, struct str name);

struct config_cname {
	struct config_cname *next;
	struct setting selector, target;
};

struct config_dmarc {
	bool present;
	struct span span;
	struct setting p, sp, np, adkim, aspf, fo, psd, t;
	struct words rua, ruf;
};

struct config_rollout {
	bool present;
	struct span span;
	struct setting template;
	const struct ladder *ladder;	/* resolved by rollout/, may be NULL */
	day start, since, hold_until;
	struct setting target, stage;
	struct freeze {
		struct freeze *next;
		day from, to;		/* inclusive */
		struct span span;
	} *freezes;
	unsigned change_days;		/* bit 0 is Monday; 0: the default */
	unsigned wave, per_day;		/* 0: not said */
	struct words evidence;		/* paths */
};

struct config_domain {
	struct config_domain *next;
	struct str name;		/* canonical, A-labels */
	struct span span;		/* of the key that names it */
	struct config_domain *parent;	/* subdomains: the domain above */
	struct config_domain *subdomains;
	bool listed;			/* in parked.domains or a parked file */

	bool has_ttl;
	uint32_t ttl;
	struct setting zone_file;	/* as if listed under zones: */
	struct words sender_names, key_names;	/* as they are written ... */
	const struct config_sender **senders;	/* ... and those meant */
	size_t sender_count;
	const struct config_key **keys;	/* own ones and those of senders */
	size_t key_count;
	bool parked;			/* no mail at all: locked */
	bool users;			/* people write in its name */
	bool delegated;			/* a zone of its own, elsewhere */
	int null_mx;			/* 1, 0, or -1 when not said */
	struct setting spf_all;		/* softfail, fail, neutral */
	struct setting spf_redirect;
	struct words spf_helo, spf_flatten;
	bool spf_publish, spf_split;
	unsigned spf_max_answer;	/* octets; 0: not said */
	struct config_dmarc dmarc;	/* defaults merged in */
	struct config_rollout rollout;	/* the same */
	struct {
		bool present;
		struct span span;
		struct setting mode, policy_file;
		struct words mx;
		uint32_t max_age;
	} mta_sts;
	struct words tls_rpt_rua;
	struct {
		bool present;
		struct span span;
		struct setting selector, location, evidence;
	} bimi;
	struct words authorise_reports_for;	/* domains of others */
	struct words keep;		/* "owner TYPE rdata", verbatim */
	struct words unpublished;	/* keys that make no record at "*" */
};

struct config_zone {
	struct config_zone *next;
	struct setting files, file, zone, view;
	struct setting named_conf;	/* these two are gathered in ... */
	struct words ignore;		/* ... config, these rows left out */
	struct span span;
};

struct config_level {			/* rules: {ID or GLOB: level} */
	struct config_level *next;
	struct setting rule, level;
};

struct config_ignore {			/* rules.ignore[] */
	struct config_ignore *next;
	struct config_ignore *next_alike;	/* see struct config_ignores */
	size_t number;			/* from 0 on */
	struct setting rule, zone, owner, reason;
	day until;
	struct span span;
};

/* All in their order; and by the owner, or the zone, that they are for. */
struct config_ignores {
	struct config_ignore *first;
	size_t count;
	struct table owners, zones;
	struct config_ignore *others;	/* for none, or for a glob */
};

struct config {
	struct arena *arena;
	const struct source *source;	/* NULL: no configuration */
	struct str folder;		/* of the file; paths start here */
	const struct yaml *tree;
	unsigned version;
	struct words profiles;
	struct setting templates, dns_cache, state, named_conf;
	struct words ignore_files;	/* zones: ignore: GLOB */
	struct config_zone *zones;
	struct config_zone *zone_rows;	/* zone_file: of domains, then zones */
	struct config_level *levels;
	struct config_ignores ignores;
	struct config_key *keys;
	size_t key_count;
	struct config_sender *senders;
	size_t sender_count;
	struct config_domain *domains;	/* in file order, parked ones last */
	size_t domain_count;
	/* They and their subdomains as name_compare has them. */
	const struct config_domain **in_order;
	size_t in_order_count;
	struct config_domain *defaults;	/* what a domain starts with */
	struct words parked_domains, parked_files, parked_rua;
	/* By name, for config_domain and its like. */
	struct table by_domain, by_sender, by_key;
	struct config_problems problems;
};

/*
 * Reads and validates; never NULL. providers are looked up by senders; path
 * as given by the user. Files that it names (keys, parked lists) are read;
 * what cannot be read is a problem at the place that names it.
 */
struct config *config_read(struct arena *, struct source *,
    struct providers *);
/* By place, each once; for who adds some to those of config_read. */
void config_sort_problems(struct config *);
/* With nothing in it: the defaults. */
struct config *config_none(struct arena *);
/*
 * mailzone.yaml or .mailzone.yaml here or above, up to the folder that holds
 * .git and no further; STR_NONE when there is none. That of a home directory
 * (may be STR_NONE) is not for what lies below, unless it is the repository.
 */
struct str config_find(struct arena *, struct str folder, struct str home);
/* (sender.c) On a day: from its dates on a key is retiring, then revoked. */
enum key_state config_key_state(const struct config_key *, day);
/* (fields.c) As users write it. */
const char *key_state_name(enum key_state);
/*
 * (sender.c) Where the private half lies: the file that is named, or the one
 * that belongs beside it, X.pem for X.pub.pem and X.private for X.txt; it need
 * not be there. STR_NONE when nothing tells.
 */
struct str config_key_private_path(struct arena *,
    const struct config_key *);
/* As name_parse, of a name that may have labels in Unicode: name.c. */
bool name_typed(struct arena *, struct str text, struct str *name);
/* The domain or subdomain of exactly this name, or NULL. */
const struct config_domain *config_domain(const struct config *,
    struct str name);
/* Do people write in its name, as it says or one of its senders does? */
bool config_has_users(const struct config_domain *);
/* Does its rollout say when it does, or at which stage it is? */
bool config_rollout_begins(const struct config_domain *);
/* The next one in file order, subdomains after their domain; starts NULL. */
const struct config_domain *config_next(const struct config *,
    const struct config_domain *);

/*
 * Those at a name and below it, in the order of names; count is set to how
 * many there are.
 */
const struct config_domain *const *config_within(const struct config *,
    struct str name, size_t *count);

/* ---- the table of fields (fields.c, schema.c) ---------------------------- */

enum field_kind {
	FIELD_MAPPING,			/* fixed keys, for the same struct */
	/* For structs of their own, which the caller makes: */
	FIELD_SECTION,			/* fixed keys */
	FIELD_NAMED,			/* names chosen by users, see "*" */
	FIELD_PAIRS,			/* name: value */
	/* Scalars that fill a setting, or words when they are a list: */
	FIELD_STRING,			/* for people: anything in one line */
	FIELD_NOTE,			/* for a record: printable ASCII */
	FIELD_WORD,			/* a name from elsewhere in the file */
	FIELD_NAME,			/* a domain name */
	FIELD_HOST,			/* the same, or a label below it */
	FIELD_LABEL,			/* labels below a domain */
	FIELD_PATH, FIELD_GLOB,
	FIELD_KEY,			/* a path, or the key itself */
	FIELD_CHOICE,			/* one of choices */
	FIELD_OPTIONS,			/* several of them: "1:d:s" */
	FIELD_URI,			/* choices are the schemes allowed */
	FIELD_SPF_TERM,
	FIELD_MX,			/* a host, or "*." and a name */
	FIELD_RECORD,			/* "owner TYPE rdata" */
	/* Scalars that fill something else: */
	FIELD_ENUM,			/* one of choices; its number, an int */
	FIELD_BOOLEAN,			/* a bool */
	FIELD_ANSWER,			/* an int: 1, 0, -1 when not said */
	FIELD_NUMBER,			/* an unsigned, min to max */
	FIELD_DURATION,			/* uint32_t, seconds, min to max */
	FIELD_DATE,			/* a day, DAY_NONE when not said */
	FIELD_RANGES,			/* a list of struct freeze */
	FIELD_WEEKDAYS			/* an unsigned, bit 0 is Monday */
};

/*
 * One key of mailzone.yaml, or of a provider. Loading, defaults, "did you
 * mean", the schema and the table in mailzone.yaml.5 are made from these rows.
 */
struct field {
	const char *key;		/* "*": any name; NULL ends a table */
	enum field_kind kind;
	bool list;			/* one value or a sequence */
	bool required;
	bool defaults_only;		/* stands in defaults, nowhere else */
	const struct field *fields;	/* of a mapping, or of each in a list */
	const char *const *choices;	/* ends with NULL */
	uint64_t min, max;
	const char *fallback;		/* the default, as users write it */
	const char *help;		/* for the manual and editors */
	size_t offset;			/* in the struct that is filled */
	size_t place;			/* mappings: of the span; or 0 */
};

extern const struct field config_fields[];

/* For messages and the manual: "a domain name", "a list of domain names". */
const char *field_words(const struct field *, bool list);

struct buffer;
/* JSON Schema, draft 7; names of profiles and rules end with NULL. */
void schema_write(struct buffer *, const char *const *profiles,
    const char *const *rules);

/* ---- providers (provider.c, providers.c) --------------------------------- */

struct provider_record {
	struct provider_record *next;
	struct str type, owner, value;	/* with {variables} */
	bool has_value;			/* else TXT: a key of the operator */
};

struct provider_variable {
	struct provider_variable *next;
	struct str name;
	struct str pattern;		/* that the whole value matches */
	struct str help, example;	/* for people */
};

enum provider_place { PROVIDER_AT_DOMAIN, PROVIDER_AT_RETURN_PATH };
enum aligns { ALIGNS_UNKNOWN, ALIGNS_YES, ALIGNS_RELAXED, ALIGNS_NO };

struct provider {
	struct provider *next;
	const struct source *source;
	struct str name;
	struct str kind;		/* "mailbox", "transactional", ... */
	struct str confidence;		/* how sure: "vendor", ... "none" */
	struct words sources;		/* where it is written */
	day checked, ends;		/* ends: of the service; DAY_NONE */
	struct provider_variable *variables;
	struct words spf_terms;		/* that let it send */
	int spf_lookups;		/* with these; -1: not known */
	enum provider_place spf_place;
	struct provider_record *dkim, *return_path;
	struct words mx;		/* mail exchangers */
	enum aligns spf_aligns, dkim_aligns;
	/* Regular expressions of what customers publish. */
	struct words recognise_spf, recognise_cname, recognise_mx;
	struct words caveats;		/* for people */
};

/*
 * Own ones override shipped ones; either folder may be missing. Nothing is read
 * before somebody asks; any thread may.
 */
struct providers *providers_open(struct arena *, struct str shipped,
    struct str own);
/* The same, and all are read. */
struct providers *providers_read(struct arena *, struct str shipped,
    struct str own);
/* All of them, by name, and how many. */
const struct provider *providers_first(struct providers *);
size_t providers_count(struct providers *);
const struct provider *provider_find(struct providers *, struct str name);
/*
 * The first by name whose only SPF term is an include of this domain,
 * canonical, and whose cost is known; NULL when there is none.
 */
const struct provider *provider_including(struct providers *,
    struct str domain);
/*
 * The first by name that is recognised by a term of SPF, as it is written: the
 * one whose mail the term stands for. NULL when there is none.
 */
const struct provider *provider_recognising(struct providers *,
    struct str term);
/* What is wrong with those that were read. */
const struct config_problems *providers_problems(const struct providers *);
/*
 * Fills {variables}, {domain}, {domain-dashes}, and leaves SPF's %{macros}
 * alone; false when one is missing, which is told.
 */
bool provider_expand(struct arena *, struct str pattern,
    const struct variable *, struct str domain, struct str *out,
    struct str *missing);

#endif
