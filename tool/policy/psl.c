/*
 * Public suffixes: names below which anybody can register, as libpsl knows
 * them.
 */
#include <errno.h>
#include <libpsl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/arena.h"
#include "base/digest.h"
#include "base/file.h"
#include "base/hash.h"
#include "policy/policy.h"

struct psl {
	const psl_ctx_t *list;
	psl_ctx_t *own;			/* NULL: the built-in one */
	day date;			/* DAY_NONE: not known */
	struct rules *rules;		/* the list as text */
	struct watch *watch;		/* NULL: nobody does */
};

/* How often names below one were asked about. */
struct watch {
	struct str top;
	size_t asked;
	bool bare;			/* the list has nothing below it */
	bool has_organization;		/* that of top is known: its length */
	size_t organization;
};

/* Read when somebody asks for the first time, by whatever thread. */
struct rules {
	pthread_mutex_t lock;
	struct arena *arena;
	struct str path;		/* STR_NONE: of the built-in list */
	bool read;
	struct str text;		/* STR_NONE: it is not at hand */
	atomic_size_t questions;	/* before there was an index */
	_Atomic(struct index *) index;
};

/* Hashes of the names that rules begin with; at most half full. */
struct index {
	size_t room;			/* a power of two */
	uint64_t *slots;		/* NULL: the list is not at hand */
};

enum {
	SECONDS_A_DAY = 24 * 60 * 60,
	DATE_LENGTH = 10,		/* 2026-11-24 */
	HEAD = 4096,			/* the date stands near the top */
	NAME_ROOM = 4 * NAME_MAX_WIRE,	/* of any canonical name */
	FEW_QUESTIONS = 512
};

/* "// VERSION: 2026-11-20_08-47-36_UTC", or else the time of the file. */
static day
date_of_file(FILE *file)
{
	static const struct str mark = STR_INIT("VERSION: ");
	char head[HEAD];
	struct str text = { head, fread(head, 1, sizeof(head), file) };
	size_t start = str_find_str(text, mark) + mark.n;
	struct stat status;
	day date;

	rewind(file);
	if (date_parse(str_slice(text, start, start + DATE_LENGTH), &date))
		return date;
	if (fstat(fileno(file), &status) == -1)
		return DAY_NONE;
	return (day)(status.st_mtime / SECONDS_A_DAY);
}

static bool
open_file(struct arena *arena, struct str path, struct psl *psl,
    struct str *why)
{
	FILE *file = fopen(arena_cstr(arena, path), "r");

	if (file == NULL) {
		*why = arena_copy(arena, str_from(strerror(errno)));
		return false;
	}
	psl->date = date_of_file(file);
	psl->own = psl_load_fp(file);
	psl->list = psl->own;
	fclose(file);
	if (psl->own != NULL && psl_suffix_count(psl->own) > 0)
		return true;
	psl_free(psl->own);
	*why = STR("is no list of public suffixes");
	return false;
}

struct psl *
psl_open(struct arena *arena, struct str path, struct str *why)
{
	struct psl *psl = ARENA_NEW(arena, struct psl);
	time_t time;

	psl->rules = ARENA_NEW(arena, struct rules);
	psl->rules->arena = arena_child(arena);
	psl->rules->path = path;
	pthread_mutex_init(&psl->rules->lock, NULL);
	if (path.p != NULL)
		return open_file(arena, path, psl, why) ? psl : NULL;
	psl->list = psl_builtin();
	if (psl->list == NULL) {
		*why = STR("libpsl was built without a list; name one with "
		    "--psl");
		return NULL;
	}
	time = psl_builtin_file_time();
	psl->date = time > 0 ? (day)(time / SECONDS_A_DAY) : DAY_NONE;
	return psl;
}

void
psl_close(struct psl *psl)
{
	if (psl != NULL)
		psl_free(psl->own);
}

struct str
psl_date(struct arena *arena, const struct psl *psl)
{
	return psl->date == DAY_NONE ? STR("unknown") :
	    date_print(arena, psl->date);
}

/* ---- the list as text ---------------------------------------------------- */

/* That of the built-in list is it only if it has not changed since. */
static struct str
read_rules(const struct rules *rules)
{
	const char *path = psl_builtin_filename();
	const char *digest = psl_builtin_sha1sum();
	const struct source *source;

	if (rules->path.p != NULL)
		source = file_read(rules->arena, rules->path);
	else if (path == NULL || digest == NULL)
		return STR_NONE;
	else
		source = file_read(rules->arena, str_from(path));
	if (source == NULL || (rules->path.p == NULL && !str_is(digest_sha1(
	    rules->arena, source->text), digest)))
		return STR_NONE;
	return source->text;
}

/* STR_NONE when it is not at hand; the lock is held. */
static struct str
text_of(struct rules *rules)
{
	if (!rules->read)
		rules->text = read_rules(rules);
	rules->read = true;
	return rules->text;
}

/* ---- which names have rules ---------------------------------------------- */

/* What a rule is about: a name, or all names directly below it. */
enum rule { RULE_NAME, RULE_WILDCARD };

static uint64_t
hash_of(enum rule rule, struct str name)
{
	return hash_quick(rule, name) | 1;
}

static uint64_t *
slot_of(const struct index *index, uint64_t hash)
{
	size_t i = (size_t)(hash >> 32);

	while (index->slots[i & (index->room - 1)] != 0 &&
	    index->slots[i & (index->room - 1)] != hash)
		i++;
	return &index->slots[i & (index->room - 1)];
}

static bool
has_rule(const struct index *index, enum rule rule, struct str name)
{
	return *slot_of(index, hash_of(rule, name)) != 0;
}

static void
add_rule(struct index *index, struct str line)
{
	struct cursor in = { str_trim(line), 0 };
	enum rule rule = RULE_NAME;
	char name[NAME_ROOM];
	uint64_t hash;
	int byte;
	size_t n;

	cursor_accept(&in, '!');
	if (cursor_accept_str(&in, STR("*.")))
		rule = RULE_WILDCARD;
	cursor_accept(&in, '.');
	for (n = 0; n < sizeof(name); n++) {
		byte = cursor_next(&in);
		if (byte == END || byte_is_blank(byte))
			break;
		name[n] = (char)byte_lower(byte);
	}
	hash = hash_of(rule, (struct str){ name, n });
	*slot_of(index, hash) = hash;
}

/* Lines that are no rules make no difference: they are no names. */
static struct index *
make_index(struct rules *rules)
{
	struct index *index = ARENA_NEW(rules->arena, struct index);
	struct str text = text_of(rules), line;
	size_t lines;

	if (text.p != NULL) {
		lines = place_count_lines(text) + 1;
		for (index->room = 64; index->room < 2 * lines;)
			index->room *= 2;
		index->slots = ARENA_ARRAY(rules->arena, index->room,
		    uint64_t);
		while (str_split(&text, '\n', &line))
			if (!str_starts(line, STR("//")))
				add_rule(index, line);
	}
	return index;
}

/* NULL as long as few have asked; without slots when there is no text. */
static const struct index *
index_of(struct rules *rules)
{
	struct index *index = atomic_load(&rules->index);

	if (index != NULL || atomic_fetch_add(&rules->questions, 1) <
	    FEW_QUESTIONS)
		return index;
	pthread_mutex_lock(&rules->lock);
	index = atomic_load(&rules->index);
	if (index == NULL) {
		index = make_index(rules);
		atomic_store(&rules->index, index);
	}
	pthread_mutex_unlock(&rules->lock);
	return index;
}

/* Letters that the list writes otherwise. */
static bool
has_other_letters(struct str name)
{
	return str_has(name, '\\') ||
	    (str_has(name, '-') && str_contains(name, STR("xn--")));
}

/*
 * May there be a rule for a name below another one? libpsl takes thousands of
 * operations to say that there is none, and for most names there is none. To it
 * a rule about all names directly below one is about that one as well.
 */
static bool
may_have_rule(const struct psl *psl, struct str name, struct str above)
{
	const struct index *index = index_of(psl->rules);

	return index == NULL || index->slots == NULL ||
	    has_rule(index, RULE_NAME, name) ||
	    has_rule(index, RULE_WILDCARD, name) ||
	    has_rule(index, RULE_WILDCARD, above) ||
	    has_other_letters(name);
}

/* ---- questions ----------------------------------------------------------- */

/* libpsl wants a NUL; false for what is longer than a name can be. */
static bool
terminate(struct str name, char *copy)
{
	if (name.n == 0 || name.n >= NAME_ROOM)
		return false;
	memcpy(copy, name.p, name.n);
	copy[name.n] = '\0';
	return true;
}

struct psl *
psl_watch(struct arena *arena, const struct psl *psl)
{
	struct psl *watched;

	if (psl == NULL)
		return NULL;
	watched = ARENA_NEW(arena, struct psl);
	*watched = *psl;
	watched->watch = ARENA_NEW(arena, struct watch);
	return watched;
}

void
psl_watch_below(struct psl *psl, struct str name)
{
	if (psl == NULL || str_equal(psl->watch->top, name))
		return;
	psl->watch->top = name;
	psl->watch->bare = psl->watch->has_organization = false;
}

size_t
psl_asked(const struct psl *psl)
{
	return psl == NULL ? 0 : psl->watch->asked;
}

void
psl_count(const struct psl *psl, struct str name)
{
	if (psl != NULL && psl->watch != NULL)
		psl->watch->asked += name_below(name, psl->watch->top);
}

/* Below a name below which the list has nothing. */
static bool
is_bare(const struct psl *psl, struct str name)
{
	return psl != NULL && psl->watch != NULL && psl->watch->bare &&
	    name_below(name, psl->watch->top);
}

bool
psl_has(const struct psl *psl, struct str name)
{
	struct str above = name_parent(name);
	char copy[NAME_ROOM];

	psl_count(psl, name);
	return psl != NULL && !is_bare(psl, name) &&
	    (above.n == 0 || may_have_rule(psl, name, above)) &&
	    terminate(name, copy) && psl_is_public_suffix(psl->list, copy);
}

bool
psl_has_below(const struct psl *psl, struct str name)
{
	char copy[NAME_ROOM + sizeof("any.")] = "any.";

	psl_count(psl, name);
	return psl != NULL && !is_bare(psl, name) &&
	    terminate(name, copy + sizeof("any.") - 1) &&
	    may_have_rule(psl, (struct str){ copy,
	    name.n + sizeof("any.") - 1 }, name) &&
	    psl_is_public_suffix(psl->list, copy);
}

bool
psl_lists(const struct psl *psl, struct str name)
{
	char copy[NAME_ROOM];

	return psl != NULL && terminate(name, copy) &&
	    psl_is_public_suffix2(psl->list, copy,
	    PSL_TYPE_ANY | PSL_TYPE_NO_STAR_RULE);
}

/* As the list has it; STR_NONE for a suffix. */
static struct str
look_up_organization(const struct psl *psl, struct str name)
{
	char copy[NAME_ROOM];
	const char *domain;

	if (!terminate(name, copy))
		return name;
	domain = psl_registrable_domain(psl->list, copy);
	return domain == NULL ? STR_NONE :
	    str_after(name, (size_t)(domain - copy));
}

/* That of a name below the top, below which the list has nothing. */
static struct str
bare_organization(const struct psl *psl, struct str name)
{
	struct watch *watch = psl->watch;

	if (!watch->has_organization)
		watch->organization = look_up_organization(psl,
		    watch->top).n;
	watch->has_organization = true;
	return watch->organization > 0 ?
	    str_after(name, name.n - watch->organization) :
	    name_last(name, name_labels(watch->top) + 1);
}

struct str
psl_organization(const struct psl *psl, struct str name)
{
	struct str organization;

	psl_count(psl, name);
	if (is_bare(psl, name))
		return bare_organization(psl, name);
	organization = look_up_organization(psl, name);
	return organization.p == NULL ? name : organization;
}

static bool
may_list_below(const struct psl *psl, struct str name)
{
	struct rules *rules = psl->rules;
	char rule[NAME_ROOM + 1] = ".";
	struct str text;

	pthread_mutex_lock(&rules->lock);
	text = text_of(rules);
	pthread_mutex_unlock(&rules->lock);
	/* The list writes other letters than names do. */
	if (text.p == NULL || str_contains(name, STR("xn--")) ||
	    !terminate(name, rule + 1))
		return true;
	return str_contains(text, (struct str){ rule, name.n + 1 });
}

bool
psl_lists_below(const struct psl *psl, struct str name)
{
	struct watch *watch = psl->watch;
	bool listed = may_list_below(psl, name);

	if (watch != NULL && str_equal(watch->top, name))
		watch->bare = !listed;
	return listed;
}
