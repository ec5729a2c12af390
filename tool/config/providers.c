/*
 * All services that are described in a folder. Those that came with the
 * program are many, and a run asks for few of them: each is read when somebody
 * asks for it.
 */
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/file.h"
#include "base/hash.h"
#include "base/path.h"
#include "base/pattern.h"
#include "config/read.h"

/* One file. */
struct description {
	const struct source *source;
	bool read;
	struct provider *provider;	/* NULL, too, when it cannot serve */
};

/* A description that may hold an include of some domain. */
struct mention {
	struct mention *next;
	struct description *description;
};

enum {
	PART_ROOM = 256,
	ANSWERS = 32			/* a power of two */
};

/*
 * Records name few services, again and again: the text asked for last that
 * has this place, and what it stands for.
 */
struct known_text {
	char room[PART_ROOM];
	size_t n;			/* 0: none was asked for */
	const struct provider *provider;
};

struct providers {
	pthread_mutex_t lock;
	struct arena *arena;
	struct config_problems problems;	/* of those that are read */
	struct str shipped, own;
	bool filled;			/* the files are known */
	bool whole;			/* all of them are read: */
	struct provider *first;
	struct table by_name;
	struct description *files;	/* own ones after those shipped */
	size_t count, room;
	bool indexed;
	struct table mentions;		/* by domain, see domain_part */
	struct mention *opaque;		/* may hold any */
	struct known_text domains[ANSWERS], terms[ANSWERS];
};

/* ---- files --------------------------------------------------------------- */

static void
add_file(struct providers *providers, const struct source *source)
{
	struct description *larger;

	if (providers->count == providers->room) {
		providers->room = providers->room * 2 + 64;
		larger = ARENA_ARRAY(providers->arena, providers->room,
		    struct description);
		if (providers->count > 0)
			memcpy(larger, providers->files,
			    providers->count * sizeof(*larger));
		providers->files = larger;
	}
	providers->files[providers->count++].source = source;
}

/* What is in it is not what others of that name say. */
static void
miss(struct providers *providers, struct str path)
{
	const char *why = strerror(errno);
	struct source *source = ARENA_NEW(providers->arena, struct source);

	source->path = arena_copy(providers->arena, path);
	config_problem(&providers->problems, providers->arena, CONFIG_FILE,
	    (struct span){ source, 0, 0 }, "this cannot be read: %s", why);
}

static void
visit(void *context, struct str path)
{
	struct providers *providers = context;
	struct source *source;

	if (!str_ends(path, STR(".yaml")))
		return;
	source = file_read(providers->arena, arena_copy(providers->arena,
	    path));
	if (source != NULL)
		add_file(providers, source);
	else
		miss(providers, path);
}

static void
fill(struct providers *providers)
{
	struct arena *arena = providers->arena;
	struct str failed;

	if (providers->filled)
		return;
	providers->filled = true;
	if (providers->shipped.p != NULL && file_is_folder(providers->shipped))
		file_walk(arena, providers->shipped, visit, providers, &failed);
	if (providers->own.p != NULL && file_is_folder(providers->own) &&
	    !file_walk(arena, providers->own, visit, providers, &failed))
		miss(providers, failed);
}

static struct provider *
take(struct providers *providers, struct description *file)
{
	struct load load = { .arena = providers->arena,
	    .problems = &providers->problems };

	if (!file->read)
		file->provider = provider_read(&load, file->source);
	file->read = true;
	return file->provider;
}

/* ---- all ----------------------------------------------------------------- */

static int
order(const void *left, const void *right)
{
	const struct provider *a = *(const struct provider *const *)left;
	const struct provider *b = *(const struct provider *const *)right;

	return str_compare(a->name, b->name);
}

/* As a list, sorted by name. */
static struct provider *
link_sorted(struct arena *arena, const struct table *table)
{
	struct provider **all = ARENA_ARRAY(arena, table->count,
	    struct provider *);
	struct provider *first = NULL, **last = &first;
	size_t count = 0, i;

	for (i = 0; i < table->room; i++)
		if (table->rows[i].value != NULL)
			all[count++] = table->rows[i].value;
	if (count > 0)
		qsort(all, count, sizeof(struct provider *), order);
	for (i = 0; i < count; i++) {
		*last = all[i];
		last = &all[i]->next;
	}
	return first;
}

static void
take_all(struct providers *providers)
{
	struct provider *provider;
	size_t i;

	if (providers->whole)
		return;
	fill(providers);
	for (i = 0; i < providers->count; i++) {
		provider = take(providers, &providers->files[i]);
		if (provider != NULL)
			table_set(&providers->by_name, providers->arena,
			    provider->name, provider);
	}
	providers->first = link_sorted(providers->arena,
	    &providers->by_name);
	providers->whole = true;
}

struct providers *
providers_open(struct arena *arena, struct str shipped, struct str own)
{
	struct arena *child = arena_child(arena);
	struct providers *providers = ARENA_NEW(child, struct providers);

	pthread_mutex_init(&providers->lock, NULL);
	providers->arena = child;
	providers->shipped = shipped;
	providers->own = own;
	return providers;
}

struct providers *
providers_read(struct arena *arena, struct str shipped, struct str own)
{
	struct providers *providers = providers_open(arena, shipped, own);

	take_all(providers);
	return providers;
}

const struct provider *
providers_first(struct providers *providers)
{
	pthread_mutex_lock(&providers->lock);
	take_all(providers);
	pthread_mutex_unlock(&providers->lock);
	return providers->first;
}

size_t
providers_count(struct providers *providers)
{
	providers_first(providers);
	return providers->by_name.count;
}

const struct config_problems *
providers_problems(const struct providers *providers)
{
	return &providers->problems;
}

/* ---- one by its name ----------------------------------------------------- */

/* A file is called like what it describes; if not, all have to be read. */
static const struct provider *
find(struct providers *providers, struct str name)
{
	const struct provider *provider;
	struct str file;
	size_t i;

	fill(providers);
	for (i = providers->count; i > 0 && !providers->whole; i--) {
		file = path_name(providers->files[i - 1].source->path);
		file.n -= STR(".yaml").n;
		if (!str_equal(file, name))
			continue;
		provider = take(providers, &providers->files[i - 1]);
		if (provider != NULL && str_equal(provider->name, name))
			return provider;
	}
	take_all(providers);
	return table_find(&providers->by_name, name);
}

const struct provider *
provider_find(struct providers *providers, struct str name)
{
	const struct provider *provider;

	pthread_mutex_lock(&providers->lock);
	provider = find(providers, name);
	pthread_mutex_unlock(&providers->lock);
	return provider;
}

/* ---- one by what SPF includes -------------------------------------------- */

/*
 * Could the text say what it does not show? In double quotes it could, and in
 * those that do not end with their line.
 */
static bool
is_opaque(struct str text)
{
	struct str line;
	size_t quotes, i;

	if (str_has(text, '\0'))
		return true;
	while (str_split(&text, '\n', &line)) {
		if (!str_has(line, '"'))
			continue;
		for (quotes = i = 0; i < line.n; i++)
			quotes += line.p[i] == '"';
		if (quotes % 2 != 0 || str_has(line, '\\'))
			return true;
	}
	return false;
}

/*
 * What a domain begins with that is written in no other way, in lower case:
 * equal domains begin with the same.
 */
static struct str
domain_part(struct str text, char room[PART_ROOM])
{
	size_t n = 0;

	while (n < text.n && n < PART_ROOM && (byte_is_letter(text.p[n]) ||
	    byte_is_digit(text.p[n]) || str_has(STR("-._"), text.p[n]))) {
		room[n] = (char)byte_lower(text.p[n]);
		n++;
	}
	return (struct str){ room, n };
}

static const struct str include = STR_INIT("include:");

static void
index_file(struct providers *providers, struct description *file)
{
	struct arena *arena = providers->arena;
	struct str text = file->source->text, key;
	struct mention *mention;
	char room[PART_ROOM];
	size_t colon;

	if (is_opaque(text)) {
		mention = ARENA_NEW(arena, struct mention);
		*mention = (struct mention){ providers->opaque, file };
		providers->opaque = mention;
		return;
	}
	for (; (colon = str_find(text, ':')) < text.n;
	    text = str_after(text, colon + 1)) {
		if (!str_ends_case(str_slice(text, 0, colon + 1), include))
			continue;
		mention = ARENA_NEW(arena, struct mention);
		key = arena_copy(arena, domain_part(str_after(text,
		    colon + 1), room));
		*mention = (struct mention){
		    table_find(&providers->mentions, key), file };
		table_set(&providers->mentions, arena, key, mention);
	}
}

static void
make_index(struct providers *providers)
{
	size_t i;

	if (providers->indexed)
		return;
	fill(providers);
	for (i = 0; i < providers->count; i++)
		index_file(providers, &providers->files[i]);
	providers->indexed = true;
}

/* Is this all that it wants to have in a record, at a cost that is known? */
static bool
is_one_include(const struct provider *provider, struct str domain)
{
	struct str term;

	if (provider->spf_terms.count != 1 || provider->spf_lookups < 1)
		return false;
	term = provider->spf_terms.words[0].text;
	return str_starts_case(term, include) &&
	    str_equal_case(str_after(term, include.n), domain);
}

/* Of several the first by name. */
static const struct provider *
first_of(struct providers *providers, const struct mention *mention,
    struct str domain, const struct provider *best)
{
	const struct provider *provider;

	for (; mention != NULL; mention = mention->next) {
		provider = take(providers, mention->description);
		if (provider != NULL && is_one_include(provider, domain) &&
		    (best == NULL ||
		    str_compare(provider->name, best->name) < 0))
			best = provider;
	}
	return best;
}

static const struct provider *
find_include(struct providers *providers, struct str domain)
{
	const struct provider *provider = providers->first;
	char room[PART_ROOM];

	if (!providers->whole) {
		make_index(providers);
		provider = first_of(providers, providers->opaque, domain, NULL);
		return first_of(providers, table_find(&providers->mentions,
		    domain_part(domain, room)), domain, provider);
	}
	while (provider != NULL && !is_one_include(provider, domain))
		provider = provider->next;
	return provider;
}

/* ---- one by a term of SPF ------------------------------------------------ */

/* Few expressions are worth compiling. */
static bool
matches(struct arena *arena, struct str expression, struct str term)
{
	struct pattern *pattern;
	struct str why;
	size_t at;
	bool found;

	if (!pattern_may_match(expression, term))
		return false;
	pattern = pattern_new(arena, expression, &why, &at);
	found = pattern != NULL && pattern_matches(pattern, term);
	pattern_free(pattern);
	return found;
}

static const struct provider *
find_term(struct providers *providers, struct str term)
{
	const struct provider *provider;
	struct arena *arena;
	size_t i;

	take_all(providers);
	arena = arena_new();
	for (provider = providers->first; provider != NULL;
	    provider = provider->next) {
		for (i = 0; i < provider->recognise_spf.count && !matches(
		    arena, provider->recognise_spf.words[i].text, term); i++)
			continue;
		if (i < provider->recognise_spf.count)
			break;
	}
	arena_free(arena);
	return provider;
}

/* ---- what was asked before ----------------------------------------------- */

static const struct provider *
recall(struct providers *providers, struct known_text *list, struct str text,
    const struct provider *(*look)(struct providers *, struct str))
{
	struct known_text *known = &list[hash_quick(0, text) & (ANSWERS - 1)];
	const struct provider *provider;

	pthread_mutex_lock(&providers->lock);
	if (known->n > 0 &&
	    str_equal((struct str){ known->room, known->n }, text)) {
		provider = known->provider;
	} else {
		provider = look(providers, text);
		known->n = text.n <= PART_ROOM ? text.n : 0;
		if (known->n > 0)
			memcpy(known->room, text.p, known->n);
		known->provider = provider;
	}
	pthread_mutex_unlock(&providers->lock);
	return provider;
}

const struct provider *
provider_including(struct providers *providers, struct str domain)
{
	return recall(providers, providers->domains, domain, find_include);
}

const struct provider *
provider_recognising(struct providers *providers, struct str term)
{
	return recall(providers, providers->terms, term, find_term);
}
