/*
 * Names that are written alike are judged once. A provider's zone holds a
 * hundred thousand customers and a few hundred ways to write one. A family is
 * a child of the apex, and all below it; what is written at each of its names
 * is a text that others have, too (family.c). While a name is judged it is
 * seen which of the others are read for it; where these hold the same, and the
 * family has the same names and types, the same rules speak, and no others. So
 * it is with small zones, as a whole. What a shape leaves out is looked at
 * here, or never matters; see lint_unlike.
 */
#include <string.h>

#include "base/arena.h"
#include "lint/likeness.h"
#include "rules/dkim_keys.h"

enum {
	ZONE_MAX = 200,			/* records of one that is compared */
	MANY_RECORDS = 1024,		/* so that families may be alike */
	DRAWINGS = 16, UNFAMILIAR = 4,	/* see pays_to_draw */
	UNMET = 1			/* see pays_to_keep */
};

struct likeness {
	const struct zone *zone;	/* whose families these are */
	bool applies;			/* to that zone, */
	bool compares;			/* and to its families */
	bool suffixes;			/* may be among its names */
	bool asked_tenants, tenants;	/* some zone may know of them */
	struct knowledge families, zones;
	struct stencils family_stencils, zone_stencils;
	/* The family that is judged. */
	struct family family;
	/* Of each text with which another name begins. */
	const struct known *verdicts[FAMILY_STRETCHES];
	struct unlike unlike;
	bool judging;			/* such a name */
	uint32_t sending[SENDINGS];	/* bits: of these names it was asked */
	size_t asked;			/* about suffixes, before */
	/* A zone that is judged. */
	struct shape shape;
	bool zone_drawn;		/* its shape, which is not known */
	bool zone_undrawn;		/* nobody knows whether it has one */
	size_t drawings, familiar;	/* of zones; known shapes among these */
	/* Of zones in which something was found. */
	size_t kept, met;
	size_t zone_asked;
};

static void
forget_families(struct likeness *likeness)
{
	knowledge_forget(&likeness->families);
	likeness->family_stencils = (struct stencils){
	    .arena = likeness->families.arena };
}

/* ---- where it applies ---------------------------------------------------- */

static bool
applies(const struct world *world, const struct zone *zone)
{
	const struct config *config = world->config;

	return world->psl != NULL && world->state == NULL &&
	    world->zones->cache == NULL && (config->source == NULL ||
	    (config->domain_count == 0 && config->parked_domains.count == 0 &&
	    config->parked_files.count == 0)) &&
	    zone->above.n > 0 && zone->name.n <= ZONE_NAME_LONG &&
	    (!zone_is_read(zone) || !zone->escaped_owners) &&
	    zones_stand_alone(world->zones, zone);
}

/* See alike_tenants; the zones are the same for all that are judged. */
static bool
knows_tenants(struct likeness *likeness, const struct world *world)
{
	if (!likeness->asked_tenants)
		likeness->tenants = !zones_are_apart(world->zones,
		    str_slice(alike_tenants, 1, alike_tenants.n - 1));
	likeness->asked_tenants = true;
	return likeness->tenants;
}

struct likeness *
likeness_of(struct likeness *likeness, const struct world *world,
    const struct zone *zone)
{
	if (knows_tenants(likeness, world))
		return NULL;
	if (likeness->zone != zone) {
		likeness->zone = zone_is_read(zone) ? zone : NULL;
		likeness->applies = applies(world, zone);
		likeness->compares = likeness->applies &&
		    zone_is_read(zone) && zone->record_count >= MANY_RECORDS;
		likeness->suffixes = likeness->compares &&
		    psl_lists_below(world->psl, zone->name);
		forget_families(likeness);
		if (likeness->compares)
			family_start(&likeness->family, zone);
	}
	return likeness->applies ? likeness : NULL;
}

/* ---- keys ---------------------------------------------------------------- */

/* What stands for whose it is, in a family or a zone of that name. */
static uint64_t
hash_domain(const struct lint *lint, const struct shape_key *key,
    struct str name)
{
	struct str above = key->own_origin ? STR_NONE : name_parent(name);

	return zone_hash(lint->zone, shape_key_domain(lint->arena, key, name,
	    above));
}

static void
note_key(struct lint *lint, const struct shape_key *key, uint64_t domain)
{
	if (!key->broken)
		dkim_remember_rsa(lint, key->fingerprint, domain,
		    key->position);
}

/* ---- families -------------------------------------------------------------- */

static bool
is_said(const struct speakers *speakers)
{
	return speakers->types != 0 || speakers->node || speakers->zone;
}

/*
 * What was asked when the same had been written at such a name, which says
 * what name it is, too; NULL when that is not known.
 */
static struct known *
askings_of(struct likeness *likeness, enum kind kind,
    const struct family_name *name, bool add)
{
	uint32_t about[3] = { KIND_ASKINGS + kind };
	struct str octets = known_numbers(about, 3);

	if (name->content == NULL)
		return NULL;
	about[1] = likeness->family.structure->number;
	about[2] = name->content->number;
	return add ? known_add(&likeness->families, octets) :
	    known_find(&likeness->families, octets);
}

/* What was asked, and the answers to it. */
struct asked {
	uint32_t numbers[3 + SENDINGS + (1 + SENDINGS) * FAMILY_NAMES];
	size_t count;
};

static struct known *add_answered(struct lint *, enum kind,
    const struct family_name *, struct asking);
static bool put_sending(struct lint *, const struct asking *, size_t name,
    struct asked *);

static void
put_number(struct asked *asked, uint32_t number)
{
	asked->numbers[asked->count++] = number;
}

/* False when an answer is not known. */
static bool
ask(struct lint *lint, enum kind kind, const struct known *askings,
    struct asking asking, struct asked *asked)
{
	const struct family *family = &lint->likeness->family;
	size_t i;

	asked->count = 0;
	put_number(asked, kind);
	put_number(asked, askings->number);
	put_number(asked, asking.names);
	for (i = 0; i < SENDINGS; i++)
		put_number(asked, asking.sending[i]);
	for (i = 0; i < family->name_count; i++) {
		if ((asking.names >> i & 1) != 0) {
			if (family->names[i].content == NULL)
				return false;
			put_number(asked, family->names[i].content->number);
		}
		if (!put_sending(lint, &asking, i, asked))
			return false;
	}
	return true;
}

/* From now on it is seen which names of the family are read. */
static void
watch_names(struct lint *lint)
{
	const struct family *family = &lint->likeness->family;
	struct zone_memory *memory = lint->world->zones->memory;
	size_t i;

	zone_memory_watch(memory);
	for (i = 0; i < family->name_count; i++)
		zone_memory_watch_node(memory, family->names[i].node);
}

/* What followed from the same answers. */
static const struct known *
find_answered(struct lint *lint, enum kind kind,
    const struct family_name *name)
{
	struct likeness *likeness = lint->likeness;
	const struct known *askings = askings_of(likeness, kind, name, false);
	const struct known *known;
	struct asked asked;
	size_t i;

	for (i = 0; askings != NULL && i < askings->askings.count; i++) {
		if (!ask(lint, kind, askings, askings->askings.list[i],
		    &asked))
			continue;
		known = known_find(&likeness->families,
		    known_numbers(asked.numbers, asked.count));
		if (known != NULL && known->told)
			return known;
	}
	return NULL;
}

/* Of what nobody else has, so far, no more is kept than the verdict. */
static void
remember_sending(struct lint *lint, const struct family_name *name,
    enum sending sending, struct asking asking, unsigned answer)
{
	struct known *known = !name->met ? NULL : add_answered(lint,
	    (enum kind)(KIND_SENDING + sending), name, asking);

	if (known != NULL)
		known->sending = answer;
}

/* Reads the answer, which may then be known of others. */
static unsigned
learn_sending(struct lint *lint, const struct family_name *name,
    enum sending sending)
{
	struct zone_memory *memory = lint->world->zones->memory;
	struct str owner = node_name(lint->zone, name->node, lint->arena);
	struct asking asking = { .names = 0 };
	unsigned answer;

	/* What is read while a name is judged was noted as it was asked. */
	if (lint->likeness->judging)
		return lint_sending(lint, owner, sending);
	watch_names(lint);
	answer = lint_sending(lint, owner, sending);
	asking.names = zone_memory_seen(memory);
	zone_memory_watch(memory);
	remember_sending(lint, name, sending, asking, answer);
	return answer;
}

/* False when nobody can tell. */
static bool
find_sending(struct lint *lint, size_t number, enum sending sending,
    unsigned *answer)
{
	struct family *family = &lint->likeness->family;
	struct family_name *name = &family->names[number];
	const struct known *known;

	if ((name->answered >> sending & 1) == 0) {
		known = find_answered(lint, (enum kind)(KIND_SENDING +
		    sending), name);
		if (known == NULL && !family_find_nodes(family))
			return false;
		name->answers[sending] = known != NULL ? known->sending :
		    learn_sending(lint, name, sending);
		name->answered |= 1U << sending;
	}
	*answer = name->answers[sending];
	return true;
}

/* For that nobody asks for another one. */
static bool
put_sending(struct lint *lint, const struct asking *asking, size_t name,
    struct asked *asked)
{
	unsigned answer;
	size_t i;

	for (i = 0; i < SENDINGS; i++) {
		if ((asking->sending[i] >> name & 1) == 0)
			continue;
		if (!find_sending(lint, name, (enum sending)i, &answer))
			return false;
		put_number(asked, answer);
	}
	return true;
}

static bool
add_asking(struct known *askings, struct asking asking)
{
	size_t i;

	for (i = 0; i < askings->askings.count; i++)
		if (memcmp(&askings->askings.list[i], &asking,
		    sizeof(asking)) == 0)
			return true;
	if (i == KNOWN_ASKINGS)
		return false;
	askings->askings.list[askings->askings.count++] = asking;
	return true;
}

/* Where it is to be told what follows from that; NULL when it can not be. */
static struct known *
add_answered(struct lint *lint, enum kind kind,
    const struct family_name *name, struct asking asking)
{
	struct likeness *likeness = lint->likeness;
	struct known *askings = askings_of(likeness, kind, name, true), *known;
	struct asked asked;

	if (askings == NULL ||
	    !ask(lint, kind, askings, asking, &asked) ||
	    !add_asking(askings, asking))
		return NULL;
	known = known_add(&likeness->families,
	    known_numbers(asked.numbers, asked.count));
	if (known != NULL)
		known->told = true;
	return known;
}

/* Verdicts on its names, each for itself. */
static bool
find_verdicts(struct lint *lint)
{
	struct likeness *likeness = lint->likeness;
	struct family *family = &likeness->family;
	const struct family_name *name;
	size_t i;

	if (!family_read_names(family, &likeness->families, lint->arena))
		return false;
	for (i = 0; i < family->name_count; i++) {
		name = &family->names[i];
		likeness->verdicts[name->first] = family->all != NULL &&
		    family->all->told ?
		    family->all->whole.verdicts[name->first] :
		    find_answered(lint, KIND_VERDICT, name);
	}
	return true;
}

/* ---- what is judged -------------------------------------------------------- */

/* Names below them may be suffixes, too. */
static bool
is_silent(const struct likeness *likeness)
{
	const struct known *all = likeness->family.all;

	return all != NULL && all->told && all->whole.silent &&
	    !(all->whole.suffixes && likeness->suffixes);
}

/* Of the texts from first up to end; returns how many. */
static size_t
note_keys(struct lint *lint, const struct family *family, size_t first,
    size_t end)
{
	const struct shape_key *keys = family->shape.keys;
	size_t i, count = 0;

	for (i = 0; i < family->shape.key_count; i++)
		if (keys[i].text >= first && keys[i].text < end) {
			note_key(lint, &keys[i], keys[i].own ?
			    family->members.hash : hash_domain(lint,
			    &keys[i], family->name));
			count++;
		}
	return count;
}

/* What is known of all names is known of the family. */
static void
remember_whole(struct likeness *likeness)
{
	const struct family *family = &likeness->family;
	struct known *all = family->all;
	const struct known *verdict;
	size_t i;

	if (all == NULL || all->told)
		return;
	for (i = 0; i < family->name_count; i++)
		if (likeness->verdicts[family->names[i].first] == NULL)
			return;
	all->whole.verdicts = ARENA_ARRAY(likeness->families.arena,
	    family->text_count, const struct known *);
	all->whole.silent = true;
	for (i = 0; i < family->name_count; i++) {
		verdict = likeness->verdicts[family->names[i].first];
		all->whole.verdicts[family->names[i].first] = verdict;
		all->whole.suffixes |= verdict->verdict.suffixes;
		all->whole.silent &= !is_said(&verdict->verdict.speakers);
	}
	all->told = true;
}

size_t
likeness_begin(struct lint *lint, size_t number, size_t to, size_t *names,
    size_t *keys)
{
	struct likeness *likeness = lint->likeness;
	struct family *family;
	size_t count;

	*names = LIKE_NONE;
	if (likeness == NULL || !likeness->compares)
		return number + 1;
	family = &likeness->family;
	if (!zone_family(lint->zone, number, FAMILY_NAMES, &family->members))
		return number + 1;
	count = family->members.count;
	if (count > to - number)
		return number + 1;
	if (!family_read(family, &likeness->families,
	    &likeness->family_stencils, lint->arena))
		return number + count;
	if (is_silent(likeness)) {
		*names = 0;
		*keys = note_keys(lint, family, 0, SIZE_MAX);
		return number + count;
	}
	if (!find_verdicts(lint))
		return number + count;
	remember_whole(likeness);
	if (is_silent(likeness)) {
		*names = 0;
		*keys = note_keys(lint, family, 0, SIZE_MAX);
	} else if (family_find_nodes(family))
		*names = family->name_count;
	return number + count;
}

const struct node *
likeness_node(const struct lint *lint, size_t name)
{
	return lint->likeness->family.names[name].node;
}

/* Octets that what stands at such names may differ in, their name counted. */
static size_t
slack_of(const struct family *family, const struct family_name *name)
{
	size_t slack = LIKE_LABEL, i;

	for (i = name->first; i < name->end; i++)
		if (family->known[i] != NULL)
			slack += family->known[i]->stretch.slack;
	return slack;
}

/* From now on it is seen what the verdict rests on. */
static void
watch(struct lint *lint, const struct family_name *name)
{
	struct likeness *likeness = lint->likeness;

	likeness->unlike.name = false;
	likeness->unlike.slack = slack_of(&likeness->family, name);
	likeness->judging = true;
	memset(likeness->sending, 0, sizeof(likeness->sending));
	likeness->asked = psl_asked(lint->world->psl);
	answers_again(lint->answers, likeness->family.name);
	watch_names(lint);
}

bool
likeness_knows(struct lint *lint, size_t number,
    const struct speakers **only, size_t *keys)
{
	struct likeness *likeness = lint->likeness;
	const struct family_name *name = &likeness->family.names[number];
	const struct known *known = likeness->verdicts[name->first];

	if (known == NULL ||
	    (known->verdict.suffixes && likeness->suffixes)) {
		watch(lint, name);
		return false;
	}
	*keys = note_keys(lint, &likeness->family, name->first, name->end);
	*only = is_said(&known->verdict.speakers) ? &known->verdict.speakers :
	    NULL;
	return true;
}

/* A key that is none would be compared with those that are. */
static bool
counts_keys(const struct family *family, const struct family_name *name,
    size_t keys)
{
	size_t i;

	for (i = 0; i < family->shape.key_count; i++)
		keys -= family->shape.keys[i].text >= name->first &&
		    family->shape.keys[i].text < name->end;
	return keys == 0;
}

static const struct known *
add_verdict(struct lint *lint, const struct family_name *name, size_t keys,
    const struct speakers *speakers)
{
	struct likeness *likeness = lint->likeness;
	struct asking asking = {
	    .names = zone_memory_seen(lint->world->zones->memory) };
	struct known *known;

	memcpy(asking.sending, likeness->sending, sizeof(asking.sending));
	if (likeness->unlike.name ||
	    !counts_keys(&likeness->family, name, keys))
		return NULL;
	known = add_answered(lint, KIND_VERDICT, name, asking);
	if (known == NULL)
		return NULL;
	known->verdict.suffixes =
	    psl_asked(lint->world->psl) > likeness->asked;
	known->verdict.speakers = *speakers;
	return known;
}

/* The name of the family; NULL when it is none, or owns nothing. */
static struct family_name *
name_of(const struct lint *lint, struct str name)
{
	struct family *family = &lint->likeness->family;
	const struct node *node = zone_find(lint->zone, name);
	size_t i;

	for (i = 0; i < family->name_count; i++)
		if (family->names[i].node == node)
			return &family->names[i];
	return NULL;
}

/* See struct unlike. */
static void
note_sending(struct lint *lint, struct str name, enum sending sending,
    unsigned answer, uint32_t before)
{
	struct likeness *likeness = lint->likeness;
	struct zone_memory *memory = lint->world->zones->memory;
	struct asking asking = { .names = zone_memory_seen(memory) };
	struct family_name *found = name_of(lint, name);

	if (found == NULL) {
		zone_memory_see(memory, before | asking.names);
		return;
	}
	remember_sending(lint, found, sending, asking, answer);
	found->answers[sending] = answer;
	found->answered |= 1U << sending;
	likeness->sending[sending] |= (uint32_t)1 <<
	    (found - likeness->family.names);
	zone_memory_see(memory, before);
}

void
likeness_remember(struct lint *lint, size_t number, size_t keys,
    const struct speakers *speakers)
{
	struct likeness *likeness = lint->likeness;
	const struct family_name *name = &likeness->family.names[number];

	if (likeness->verdicts[name->first] == NULL)
		likeness->verdicts[name->first] = add_verdict(lint, name,
		    keys, speakers);
	likeness->unlike.slack = LIKE_SLACK;
	likeness->judging = false;
	answers_again(lint->answers, STR_NONE);
	zone_memory_watch(lint->world->zones->memory);
}

void
likeness_end(struct lint *lint)
{
	remember_whole(lint->likeness);
}

/* ---- zones ----------------------------------------------------------------- */

bool
likeness_is_plain(const struct zone *zone)
{
	const size_t fold_from = zone->options->fold_from;

	return zone->record_count <= ZONE_MAX && zone->problem_count == 0 &&
	    (fold_from == 0 || zone->record_count < fold_from) &&
	    zone->suppressions == NULL && !zone->incomplete &&
	    zone->unreadable.p == NULL && zone->source_count == 1 &&
	    !zone->escaped_owners &&
	    !str_contains(zone->source->text, STR("mailzone"));
}

/* Nobody else says anything of it. */
static bool
is_plain_zone(struct lint *lint, const struct zone *zone)
{
	return zone->also_count == 0 && zone->view.n == 0 &&
	    shape_suits(zone_label(zone)) &&
	    zones_covering(lint->world->zones, zone->above) == NULL &&
	    !lint_may_have_organizations(lint, zone->name);
}

/*
 * To draw a zone costs a third of judging it, and saves that when its shape is
 * known; which pays if so are enough of those whose text is like no other.
 */
static bool
pays_to_draw(const struct likeness *likeness)
{
	return likeness->drawings < DRAWINGS ||
	    likeness->familiar * UNFAMILIAR >= likeness->drawings;
}

/* What is known of a zone that looks like it, and now of its text as well. */
static const struct known *
draw_zone(struct likeness *likeness, const struct zone *zone)
{
	struct shape *shape = &likeness->shape;
	const struct known *known;

	likeness->drawings++;
	if (!shape_make_whole(shape, zone))
		return NULL;
	shape->records = zone->record_count;
	known = known_find(&likeness->zones,
	    (struct str){ shape->text, shape->n });
	likeness->zone_drawn = known == NULL;
	likeness->familiar += known != NULL;
	if (known != NULL)
		stencils_add_whole(&likeness->zone_stencils, shape, zone,
		    known);
	return known;
}

/*
 * One that has not been read yet is as those are whose text is like its. Who
 * judges another zone may read it meanwhile; then it is looked at after all.
 */
static const struct known *
look_up_zone(struct lint *lint)
{
	struct likeness *likeness = lint->likeness;
	const struct zone *zone = lint->zone;
	const struct known *known = stencils_find_whole(
	    &likeness->zone_stencils, &likeness->shape, zone);

	if (known != NULL && !zone_is_read(zone))
		return known;
	zone_need(zone);
	if (!likeness_is_plain(zone))
		return NULL;
	if (known != NULL)
		return known;
	likeness->zone_undrawn = !pays_to_draw(likeness);
	return likeness->zone_undrawn ? NULL : draw_zone(likeness, zone);
}

/*
 * So it does to keep what was found in a zone when enough zones are met in
 * which there is the same: mistakes are many, and not often alike.
 */
static bool
pays_to_keep(const struct likeness *likeness)
{
	return likeness->kept < DRAWINGS ||
	    likeness->met * UNMET >= likeness->kept;
}

bool
likeness_knows_zone(struct lint *lint, struct zone_verdict *verdict,
    const struct speakers **only)
{
	struct likeness *likeness = lint->likeness;
	const struct known *known;
	size_t i;

	if (likeness == NULL)
		return false;
	likeness->zone_drawn = likeness->zone_undrawn = false;
	likeness->unlike.zone = false;
	likeness->zone_asked = psl_asked(lint->world->psl);
	if (!is_plain_zone(lint, lint->zone))
		return false;
	known = look_up_zone(lint);
	if (known == NULL || known->verdict.suffixes)
		return false;
	for (i = 0; i < likeness->shape.key_count; i++)
		note_key(lint, &likeness->shape.keys[i], hash_domain(lint,
		    &likeness->shape.keys[i], lint->zone->name));
	verdict->keys = known->verdict.keys;
	verdict->like = known->verdict.zone + 1;
	verdict->records = likeness->shape.records;
	*only = is_said(&known->verdict.speakers) ? &known->verdict.speakers :
	    NULL;
	likeness->met += *only != NULL;
	return true;
}

void
likeness_remember_zone(struct lint *lint, size_t number, size_t keys,
    const struct speakers *speakers)
{
	struct likeness *likeness = lint->likeness;
	struct known *known;

	if (likeness == NULL || likeness->unlike.zone ||
	    (is_said(speakers) && !pays_to_keep(likeness)))
		return;
	likeness->kept += is_said(speakers);
	if (likeness->zone_undrawn)
		draw_zone(likeness, lint->zone);
	/* A key that is none would be compared with those that are. */
	if (!likeness->zone_drawn || keys != likeness->shape.key_count)
		return;
	known = known_add(&likeness->zones, (struct str){
	    likeness->shape.text, likeness->shape.n });
	if (known == NULL)
		return;
	known->verdict.keys = keys;
	known->verdict.zone = number;
	known->verdict.speakers = *speakers;
	known->verdict.suffixes =
	    psl_asked(lint->world->psl) > likeness->zone_asked;
	likeness->zone_drawn = false;
	stencils_add_whole(&likeness->zone_stencils, &likeness->shape,
	    lint->zone, known);
}

/* ---- all of it ------------------------------------------------------------- */

struct likeness *
likeness_new(struct arena *arena)
{
	struct likeness *likeness = ARENA_NEW(arena, struct likeness);

	likeness->families = knowledge_new(arena);
	likeness->zones = knowledge_new(arena);
	likeness->family_stencils.arena = likeness->families.arena;
	likeness->zone_stencils.arena = likeness->zones.arena;
	likeness->unlike = (struct unlike){ .slack = LIKE_SLACK,
	    .note_sending = note_sending };
	return likeness;
}

struct unlike *
likeness_unlike(struct likeness *likeness)
{
	return likeness == NULL ? NULL : &likeness->unlike;
}
