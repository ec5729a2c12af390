/*
 * Who refers to a name: targets of CNAME, and of include and redirect in SPF,
 * over all zones of a run. Asked seldom, so collected when first asked.
 */
#include <pthread.h>

#include "base/arena.h"
#include "base/table.h"
#include "rules/check.h"
#include "rules/reference.h"

struct references {
	pthread_mutex_t lock;
	const struct zones *zones;
	struct arena *arena;
	bool collected;
	struct table aliased, included;
	struct table lent;		/* by a CNAME where receivers ask */
};

static void
add_name(struct references *references, struct table *table, struct str name)
{
	if (table_find(table, name) == NULL)
		table_add(table, references->arena,
		    arena_copy(references->arena, name), references);
}

static void
collect_terms(struct references *references, struct arena *scratch,
    const struct record *record)
{
	const struct spf_term *term;
	struct str target;

	for (term = record->spf->terms; term != NULL; term = term->next) {
		if (term->kind != SPF_INCLUDE && term->kind != SPF_REDIRECT)
			continue;
		target = spf_target(scratch, term, record->owner);
		if (target.p != NULL && !str_equal(target, record->owner))
			add_name(references, &references->included, target);
	}
}

static void
collect_zone(struct references *references, struct arena *scratch,
    const struct zone *zone)
{
	const struct record *record;
	struct arena_mark mark = arena_mark(scratch);
	size_t position = 0;

	while ((record = zone_next(zone, scratch, HAS_CNAME | HAS_TXT,
	    &position)) != NULL) {
		if (record->type == RR_CNAME) {
			add_name(references, &references->aliased,
			    record->target);
			if (auth_place(record->owner, NULL, NULL) != AUTH_SPF)
				add_name(references, &references->lent,
				    record->target);
		} else if (record->auth == AUTH_SPF)
			collect_terms(references, scratch, record);
		arena_release(scratch, mark);
	}
}

static void
collect(struct references *references)
{
	const struct zones *zones = references->zones;
	struct arena *scratch = arena_new(), *memory = arena_new();
	size_t i;

	for (i = 0; i < zones->count; i++) {
		collect_zone(references, scratch, zones_are_many(zones) ?
		    zone_peek(memory, zones->zones[i]) : zones->zones[i]);
		arena_reset(memory);
	}
	arena_free(memory);
	arena_free(scratch);
	references->collected = true;
}

struct references *
references_new(const struct zones *zones)
{
	struct arena *arena = arena_new();
	struct references *references = ARENA_NEW(arena, struct references);

	references->arena = arena;
	references->zones = zones;
	pthread_mutex_init(&references->lock, NULL);
	return references;
}

void
references_free(struct references *references)
{
	if (references == NULL)
		return;
	pthread_mutex_destroy(&references->lock);
	arena_free(references->arena);
}

enum reference { BY_ALIAS, BY_INCLUDE, BY_MAIL_ALIAS };

static const struct table *
table_of(const struct references *references, enum reference kind)
{
	return kind == BY_ALIAS ? &references->aliased :
	    kind == BY_INCLUDE ? &references->included : &references->lent;
}

/* A run that keeps none of these collects them each time. */
static bool
refers(const struct lint *lint, enum reference kind, struct str name)
{
	struct references *references = lint->world->references;
	bool found, own = references == NULL;

	lint_unlike(lint);
	if (own)
		references = references_new(lint->world->zones);
	pthread_mutex_lock(&references->lock);
	if (!references->collected)
		collect(references);
	found = table_find(table_of(references, kind), name) != NULL;
	pthread_mutex_unlock(&references->lock);
	if (own)
		references_free(references);
	return found;
}

bool
name_is_aliased(const struct lint *lint, struct str name)
{
	return refers(lint, BY_ALIAS, name);
}

bool
name_is_included(const struct lint *lint, struct str name)
{
	return refers(lint, BY_INCLUDE, name);
}

bool
name_is_lent(const struct lint *lint, struct str name)
{
	return refers(lint, BY_MAIL_ALIAS, name);
}
