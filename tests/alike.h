/*
 * Names that are written alike are judged once (lint/likeness.c): tests and
 * the fuzz target put all that is found into words, with that and without.
 */
#ifndef ALIKE_H
#define ALIKE_H

#include <string.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "lint/likeness.h"

/* Families of a zone with few records are not compared. */
#define ALIKE_MANY	"$GENERATE 1-1024 many MB ns1\n"

/* That of a zone like another one is told of that. */
static inline void
alike_standing(struct buffer *out, const struct zone_verdict *verdicts,
    size_t number)
{
	const struct zone_standing *standing = verdicts[verdicts[number].like
	    > 0 ? verdicts[number].like - 1 : number].standing;

	buffer_printf(out, "%s, %u to %u lookups, %u in vain, %d, %d\n",
	    standing->spf, standing->lookups_min, standing->lookups_max,
	    standing->voids, (int)standing->dmarc[MODEL_7489],
	    (int)standing->dmarc[MODEL_9989]);
}

static inline struct str
alike_words(const struct world *world, enum level level, bool each)
{
	const struct zones *zones = world->zones;
	struct selection selection = { .each = each, .min_level = level,
	    .standing = true };
	struct arena *keep = arena_new();
	struct zone_verdict *verdicts = ARENA_ARRAY(keep, zones->count,
	    struct zone_verdict);
	struct buffer out = { 0 };
	const struct diag *diag;
	struct str words;
	size_t i;

	lint_zones(world, &selection,
	    (const struct zone *const *)zones->zones, zones->count, 1, keep,
	    verdicts);
	for (i = 0; i < zones->count; i++) {
		diags_sort(&verdicts[i].diags, keep);
		for (diag = verdicts[i].diags.first; diag != NULL;
		    diag = diag->next)
			buffer_printf(&out, "%zu-%zu %s %s: %.*s\n",
			    diag->span.start, diag->span.end,
			    level_name(diag->level), diag->rule->id,
			    STR_ARG(saying_print(diag->message, keep)));
		buffer_printf(&out, "%.*s: %zu records, %u keys, ",
		    STR_ARG(zones->zones[i]->name), verdicts[i].records,
		    verdicts[i].keys);
		alike_standing(&out, verdicts, i);
	}
	words = buffer_finish(&out, zones->arena);
	arena_free(keep);
	return words;
}

/* A zone of a text. */
static inline void
alike_add(struct zones *zones, struct str name, struct str text)
{
	struct source *source = ARENA_NEW(zones->arena, struct source);
	struct zone_options options = { .name = arena_copy(zones->arena, name),
	    .how = ZONE_BY_OPTION };

	source->path = options.name;
	source->text = arena_copy(zones->arena, text);
	zones_add(zones, zone_read(zones->arena, source, &options));
}

/* Knows families from the first one on. */
static inline const struct zone_recogniser *
alike_recogniser_at_once(struct arena *arena)
{
	struct zone_recogniser *recogniser =
	    ARENA_NEW(arena, struct zone_recogniser);

	*recogniser = alike_recogniser;
	recogniser->from = 0;
	return recogniser;
}

/* The same, read again: families of names are kept as one, and known. */
static inline struct zones *
alike_folded(const struct zones *zones)
{
	struct zones *folded = ARENA_NEW(zones->arena, struct zones);
	struct zone_options options;
	size_t i;

	folded->arena = zones->arena;
	for (i = 0; i < zones->count; i++) {
		options = *zones->zones[i]->options;
		options.fold_from = 1;
		options.recogniser = alike_recogniser_at_once(zones->arena);
		zones_add(folded, zone_read(zones->arena, (struct source *)
		    (uintptr_t)zones->zones[i]->source, &options));
	}
	return folded;
}

/* A zone of the same text that has not been read. */
static inline struct zone *
alike_unread(struct arena *arena, const struct zone *zone)
{
	struct source *source = ARENA_NEW(arena, struct source);
	struct zone *unread;

	*source = *zone->source;
	unread = zone_open(arena, source, zone->options);
	unread->context = zone->context;
	return unread;
}

/*
 * The same zones, known by their text when they are like one before, or when
 * another reader knows their shape; most have not been read, and those that are
 * forget it.
 */
static inline struct zones *
alike_whole(const struct zones *zones, bool unread)
{
	struct zones *later = ARENA_NEW(zones->arena, struct zones);
	struct zone_wholes *readers[2];
	struct zone_options options;
	struct source *source;
	struct zone *zone;
	size_t i;

	later->arena = zones->arena;
	later->asked = asked_zones_new(zones->arena);
	later->batch = 1;
	readers[0] = alike_wholes_new(zones->arena, NULL);
	readers[1] = alike_wholes_new(zones->arena, readers[0]);
	for (i = 0; i < zones->count; i++) {
		source = ARENA_NEW(zones->arena, struct source);
		*source = *zones->zones[i]->source;
		options = *zones->zones[i]->options;
		options.wholes = readers[i / 4 % 2];
		options.asked = later->asked;
		zone = (unread ? zone_open : zone_read)(zones->arena, source,
		    &options);
		zone->context = zones->zones[i]->context;
		zones_add(later, zone);
	}
	return later;
}

/* With the keys of the same zones, which have been read. */
static inline struct str
alike_find(const struct zones *zones, const struct zones *read,
    struct psl *psl, bool primes, int level, bool each)
{
	struct world world = { .zones = zones, .psl = psl, .today = 20000,
	    .config = config_none(zones->arena) };

	world.census = census_take(zones->arena, read, 1, primes, NULL);
	return alike_words(&world, (enum level)level, each);
}

/*
 * What is found in zones: STR_NONE when all ways agree, else findings of two.
 * Primes that keys share are looked for, or not.
 */
static inline struct str
alike_difference(const struct zones *zones, struct psl *psl, bool primes)
{
	const struct zones *folded = alike_folded(zones);
	struct str each, alike;
	int level;

	for (level = LEVEL_OFF; level <= LEVEL_ERROR; level++) {
		each = alike_find(zones, zones, psl, primes, level, true);
		alike = alike_find(zones, zones, psl, primes, level, false);
		if (!str_equal(each, alike))
			return arena_printf(zones->arena, "each:\n%.*s\n"
			    "alike:\n%.*s", STR_ARG(each), STR_ARG(alike));
		alike = alike_find(alike_whole(zones, true), zones, psl,
		    primes, level, false);
		if (!str_equal(each, alike))
			return arena_printf(zones->arena, "each:\n%.*s\n"
			    "later:\n%.*s", STR_ARG(each), STR_ARG(alike));
		alike = alike_find(alike_whole(zones, false), zones, psl,
		    primes, level, false);
		if (!str_equal(each, alike))
			return arena_printf(zones->arena, "each:\n%.*s\n"
			    "whole:\n%.*s", STR_ARG(each), STR_ARG(alike));
		alike = alike_find(folded, folded, psl, primes, level,
		    level == LEVEL_OFF);
		if (!str_equal(each, alike))
			return arena_printf(zones->arena, "each:\n%.*s\n"
			    "folded:\n%.*s", STR_ARG(each), STR_ARG(alike));
	}
	return STR_NONE;
}

/* Do two ways to the keys of a shape agree? */
static inline bool
alike_keys(const struct shape *one, const struct shape *other)
{
	const struct shape_key *a = one->keys, *b = other->keys;
	size_t i;

	for (i = 0; i < one->key_count && i < other->key_count; i++, a++, b++)
		if (a->position != b->position || !str_equal(a->owner,
		    b->owner) || a->own_origin != b->own_origin ||
		    a->text != b->text || a->fingerprint != b->fingerprint)
			return false;
	return one->key_count == other->key_count;
}

/* Is it known for the name of which family a key is? */
static inline bool
alike_domains(const struct family *family, struct arena *arena)
{
	const struct shape_key *key = family->shape.keys;
	const struct record *record;
	size_t i, position;
	struct str domain;

	for (i = 0; i < family->shape.key_count; i++, key++) {
		position = key->position;
		record = zone_next(family->zone, arena, HAS_TXT, &position);
		domain = key->own ? family->name : shape_key_domain(arena,
		    key, family->name, family->zone->name);
		if (!str_equal(record_domain(record), domain))
			return false;
	}
	return true;
}

/* Do two ways to a family? */
static inline bool
alike_family(const struct family *one, const struct family *other)
{
	size_t texts = one->text_count - 1;

	return one->text_count == other->text_count &&
	    memcmp(one->texts, other->texts, one->text_count *
	    sizeof(one->texts[0])) == 0 && memcmp(one->before, other->before,
	    texts * sizeof(one->before[0])) == 0 && memcmp(one->known,
	    other->known, texts * sizeof(one->known[0])) == 0 &&
	    one->all == other->all && alike_keys(&one->shape, &other->shape);
}

/* The names of a family are told from its texts, or from the zone. */
static inline bool
alike_names(struct family *one, struct family *other,
    struct knowledge *knowledge)
{
	bool fine = family_read_names(one, knowledge, knowledge->arena);
	size_t i;

	other->all = NULL;
	if (!fine || !family_read_names(other, knowledge, knowledge->arena))
		return false;
	for (i = 0; i < one->name_count && i < other->name_count; i++)
		if (one->names[i].content != other->names[i].content ||
		    one->names[i].end != other->names[i].end)
			return false;
	if (one->structure != other->structure || !family_find_nodes(one))
		return false;
	for (i = 0; i < one->name_count; i++)
		if (one->names[i].node != other->names[i].node)
			return false;
	return true;
}

/* What was known while it was read: all of a kind are the same. */
static inline bool
alike_kind(const struct zone *zone, const struct family *family,
    const struct known **kinds)
{
	struct family_kind kind = family->members.kind;
	const struct shape_key *key = family->shape.keys;

	if (kind.number == 0 || kind.number >= zone_kind_count(zone))
		return kind.number == 0;
	if (family->all == NULL || kind.keyed != family->shape.key_count ||
	    (kind.keyed && (key->fingerprint != kind.fingerprint ||
	    key->position != zone_family_position(zone, &family->members,
	    key->text))))
		return false;
	if (kinds[kind.number] == NULL)
		kinds[kind.number] = family->all;
	return kinds[kind.number] == family->all;
}

/*
 * All families of a zone, one after the other: whatever fills stencils must be
 * what is drawn. Filled ones, of which nothing is drawn, are counted.
 */
static inline bool
alike_families_agree(const struct zone *zone, size_t *filled)
{
	struct arena *arena = arena_new();
	struct knowledge knowledge = knowledge_new(arena, KNOWLEDGE_SLOTS);
	struct stencils stencils = { .arena = arena }, none;
	struct family *found = ARENA_NEW(arena, struct family);
	struct family *drawn = ARENA_NEW(arena, struct family);
	const struct known **kinds = ARENA_ARRAY(arena, zone_kind_count(zone),
	    const struct known *);
	size_t i, count, names = zone_node_count(zone);
	bool agree = true, fine;
	struct str name;

	if (zone->name.n > ZONE_NAME_LONG)
		return true;
	family_start(found, zone);
	for (i = 0; i < names && agree; i += count) {
		count = 1;
		if (!zone_family(zone, i, FAMILY_NAMES, &found->members))
			continue;
		count = found->members.count;
		name = node_name(zone, zone_node(zone, found->members.top),
		    arena);
		*drawn = *found;
		none = (struct stencils){ .arena = arena };
		fine = family_read(found, &knowledge, &stencils, arena);
		agree = fine == family_read(drawn, &knowledge, &none,
		    arena) && alike_family(found, drawn) && (!fine ||
		    (str_equal(found->name, name) &&
		    alike_domains(found, arena) &&
		    alike_names(found, drawn, &knowledge)));
		agree &= !fine || shape_suits(name_label(name));
		agree &= alike_kind(zone, found, kinds);
		*filled += fine && found->all != NULL && found->drawn == 0;
	}
	arena_free(arena);
	return agree;
}

/*
 * What fills a stencil unread may fill another one when it is read, or none;
 * but then there is nothing to tell of it.
 */
static inline bool
alike_unread_agrees(struct stencils *stencils, const struct zone *zone,
    const struct known **known, struct shape *shape, size_t *filled)
{
	struct arena *arena = arena_new();
	const struct zone *unread = alike_unread(arena, zone);
	struct shape *later = ARENA_NEW(arena, struct shape);
	const struct known *found = zone_is_read(unread) ? NULL :
	    stencils_find_whole(stencils, later, unread);
	bool agrees = found == NULL || (zone->contents->problem_count == 0 &&
	    zone->contents->suppressions == NULL && !zone->contents->marked &&
	    !zone->contents->escaped_owners &&
	    zone->contents->record_count == later->records);

	*filled += found != NULL;
	if (found != NULL && *known == NULL) {
		*known = found;
		*shape = *later;
	}
	agrees = agrees && (found == NULL || (alike_keys(shape, later) &&
	    str_equal(found->octets, (*known)->octets)));
	arena_free(arena);
	return agrees;
}

/*
 * All zones as a whole, read or not: whatever fills a stencil must have the
 * shape that it stands for.
 */
static inline bool
alike_zones_agree(const struct zones *zones, size_t *filled, size_t *unread)
{
	struct arena *arena = arena_new();
	struct knowledge knowledge = knowledge_new(arena, KNOWLEDGE_SLOTS);
	struct stencils stencils = { .arena = arena };
	struct shape *drawn = ARENA_NEW(arena, struct shape);
	struct shape *found = ARENA_NEW(arena, struct shape);
	const struct zone *zone;
	const struct known *known;
	bool agree = true, shaped;
	size_t i;

	for (i = 0; i < zones->count && agree; i++) {
		zone = zones->zones[i];
		if (!shape_suits(name_label(zone->name)) ||
		    !alike_is_plain(zone))
			continue;
		known = stencils_find_whole(&stencils, found, zone);
		*filled += known != NULL;
		agree = alike_unread_agrees(&stencils, zone, &known, found,
		    unread);
		shaped = shape_make_whole(drawn, zone);
		agree = agree && (known == NULL || (shaped &&
		    alike_keys(drawn, found) && str_equal(known->octets,
		    (struct str){ drawn->text, drawn->n })));
		if (shaped)
			stencils_add_whole(&stencils, drawn, zone,
			    known_add(&knowledge,
			    (struct str){ drawn->text, drawn->n }));
	}
	arena_free(arena);
	return agree;
}

#endif
