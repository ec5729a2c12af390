/*
 * What the files of this folder share; no other folder includes it.
 *
 *	yaml.c		bytes to a tree
 *	fields.c	the tables of fields, and words people use for them
 *	load.c		walks a table and a tree, fills a struct
 *	value.c		reads one scalar as its row wants it
 *	config.c	the sections, and what they say of each other
 *	domain.c	domains, subdomains, parked lists
 *	domain_check.c	what contradicts itself in one
 *	provider.c	one file of templates/providers
 *	providers.c	all of them, read when they are asked for
 */
#ifndef CONFIG_READ_H
#define CONFIG_READ_H

#include "config/config.h"

/* What a file is read with. */
struct load {
	struct arena *arena;
	struct config_problems *problems;
	bool defaults;			/* below "defaults" */
};

/* The keys that lead to a node, the nearest first; NULL at the top. */
struct trail {
	const struct trail *up;
	struct str key;
};


/* ---- load.c -------------------------------------------------------------- */

/* The row of a key, that of "*" when there is none; or NULL. */
const struct field *field_find(const struct field *, struct str key);

/* Fills in the fallbacks, and "not said" where zero would say something. */
void load_fallbacks(struct load *, const struct field *, void *target);

/*
 * Fills the struct with what a mapping says; sections, named things and pairs
 * are left to the caller. What is wrong with keys and values goes to the
 * problems.
 */
void load_mapping(struct load *, const struct trail *, const struct yaml *,
    const struct field *, void *target);

/* Is there an unknown key that was meant to be this one? Told already. */
bool load_is_misspelt(struct load *, const struct yaml *mapping,
    const struct field *, const char *key);

/*
 * For what is left to the caller: is the node what its row wants? Nothing is
 * fine, too; then count is 0.
 */
bool load_container(struct load *, const struct trail *, const struct yaml *,
    const struct field *, size_t *count);

/* Goes through a list, or the one thing that stands for it; starts NULL. */
const struct yaml *load_next(const struct yaml *list, const struct yaml *item);

/* A word out of a mapping of words; NULL is fine, too. */
struct setting load_setting(struct load *, const struct field *,
    const struct yaml *);

/* ---- value.c ------------------------------------------------------------- */

/*
 * The canonical text of a scalar that fills a setting. False after telling
 * what is wrong.
 */
bool value_text(struct load *, const struct field *, const struct yaml *,
    struct str *);
bool value_boolean(struct load *, const struct field *, const struct yaml *,
    bool *);
bool value_number(struct load *, const struct field *, const struct yaml *,
    uint64_t *);
bool value_duration(struct load *, const struct field *, const struct yaml *,
    uint32_t *seconds);
bool value_date(struct load *, const struct yaml *, day *);
bool value_range(struct load *, const struct yaml *, day *from, day *to);
/* "mon", or "mon-thu": adds to the bits. */
bool value_weekdays(struct load *, const struct yaml *, unsigned *bits);
/* The number of the choice. */
bool value_choice(struct load *, const struct field *, const struct yaml *,
    size_t *);

/* Anything that would break a line, or hide what it says? Tells of it. */
bool value_is_plain(struct load *, const struct yaml *);

/* A remark about bytes start to end of a scalar. */
struct config_problem *value_problem(struct load *, const struct yaml *,
    size_t start, size_t end, const char *format, ...)
    __attribute__((format(printf, 5, 6)));
/* The same about all of it. */
struct config_problem *node_problem(struct load *, const struct yaml *,
    const char *format, ...) __attribute__((format(printf, 3, 4)));

/* ---- name.c -------------------------------------------------------------- */

enum name_want {
	NAME_WANT_DOMAIN,
	NAME_WANT_HOST,			/* letters, digits, - and _ */
	NAME_WANT_LABELS		/* the same, to stand below a domain */
};

/*
 * A domain name as people write it: any case, final dot or not, in Unicode or
 * as A-labels; canonical on return.
 */
bool value_name(struct load *, const struct yaml *, enum name_want,
    struct str *);
/*
 * Labels to stand below a domain; not with what stands between a selector and
 * the domain, as providers show names.
 */
bool value_label(struct load *, const struct yaml *, struct str *);

/* ---- fields.c ------------------------------------------------------------ */

extern const struct field domain_fields[], key_fields[], sender_fields[],
    zone_fields[], ignore_fields[], parked_fields[], rules_fields[];

/* Words that people use for a key or a value, and ours. */
struct synonym {
	const char *theirs, *ours;
};

extern const struct synonym key_synonyms[], value_synonyms[];

/* Keys that are not there on purpose, and why. */
extern const struct synonym key_refusals[];

/* ---- domain.c ------------------------------------------------------------ */

/* Reads defaults, domains and parked lists; keys and senders are known. */
void domains_read(struct load *, struct config *);

/* Was it said, there or in the defaults? */
static inline bool
setting_is_given(struct setting setting)
{
	return setting.text.p != NULL;
}

/* A domain, and the mapping that describes it. */
struct said {
	struct config_domain *domain;
	const struct yaml *node;
};

/*
 * What the domain says itself of a section, or of a key in it (NULL: of all),
 * not its defaults; NULL when nothing.
 */
const struct yaml *said_own(const struct said *, const char *section,
    const char *key);

/* (domain_check.c) Tells what is wrong with it, once all of it is known. */
void domain_check(struct load *, const struct said *);

/* ---- provider.c ---------------------------------------------------------- */

/* NULL when it cannot serve; why stands in the problems. */
struct provider *provider_read(struct load *, const struct source *);

/* ---- sender.c ------------------------------------------------------------ */

/* Reads keys and senders. */
void keys_read(struct load *, struct config *);
void senders_read(struct load *, struct config *, struct providers *);

/* ---- config.c ------------------------------------------------------------ */

/* A key of a mapping as if it were a value: for names that users choose. */
struct yaml key_as_value(const struct yaml *item);
/* A place that names what is not there; what is "sender", "key". */
void undefined_name(struct load *, struct span, const char *what,
    struct str name, const struct table *known);
/* A place that names a file which cannot be read; errno says why. */
void unreadable_file(struct load *, struct span, struct str path);

/* ---- likeness ------------------------------------------------------------ */

/* Finds the word most like another; starts as { .word = w }. */
struct likeness {
	struct str word, best;		/* best.p NULL: none is like it */
	unsigned distance;
};

/*
 * Is this one more like it than the best so far? Then it is the best; of two
 * that are equally far the first stays.
 */
void likeness_try(struct likeness *, struct str candidate);
/* All names that a table holds. */
void likeness_try_table(struct likeness *, const struct table *);
/*
 * Where none is like it: the shortest that it is a part of, or that is of it.
 */
void likeness_try_parts(struct likeness *, const struct table *);
/* "did you mean "x"?", or STR_NONE. */
struct str likeness_help(struct arena *, const struct likeness *);

#endif
