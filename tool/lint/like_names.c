/*
 * Names that are written alike. A provider's zone holds a hundred thousand
 * customers and a few hundred ways to write one. A family is a child of the
 * apex, and all below it; what is written at each of its names is a text that
 * others have, too (alike/family.c). While a name is judged it is seen which
 * of the others are read for it; where these hold the same, and the family has
 * the same names and types, the same rules speak, and no others.
 */
#include <stdatomic.h>
#include <string.h>

#include "base/arena.h"
#include "lint/like.h"
#include "rules/dkim_keys.h"

enum { MANY_RECORDS = 1024 };		/* so that families may be alike */

/* See struct like_kind. */
enum { KIND_SILENT = 1, KIND_BROKEN = 2, KIND_STRETCH = 4 };

struct like_names {
	bool compares;			/* families of that zone */
	bool suffixes;			/* may be among its names */
	struct knowledge known;
	struct stencils stencils;
	struct like_kind *kinds;	/* by number, see likeness_share */
	/* The family that is judged. */
	struct family family;
	/* Of each text with which another name begins. */
	const struct known *verdicts[FAMILY_STRETCHES];
	bool judging;			/* a name that is like none yet */
	uint32_t sending[SENDINGS];	/* bits: of these names it was asked */
	size_t asked;			/* about suffixes, before */
};

/* ---- what was asked ------------------------------------------------------ */

/*
 * What was asked when the same had been written at such a name, which says
 * what name it is, too; NULL when that is not known.
 */
static struct known *
askings_of(struct like_names *like, enum kind kind,
    const struct family_name *name, bool add)
{
	uint32_t about[3] = { KIND_ASKINGS + kind };
	struct str octets = known_numbers(about, 3);

	if (name->content == NULL)
		return NULL;
	about[1] = like->family.structure->number;
	about[2] = name->content->number;
	return add ? known_add(&like->known, octets) :
	    known_find(&like->known, octets);
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
	const struct family *family = &lint->likeness->names->family;
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
	const struct family *family = &lint->likeness->names->family;
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
	struct like_names *like = lint->likeness->names;
	const struct known *askings = askings_of(like, kind, name, false);
	const struct known *known;
	struct asked asked;
	size_t i;

	for (i = 0; askings != NULL && i < askings->askings.count; i++) {
		if (!ask(lint, kind, askings, askings->askings.list[i],
		    &asked))
			continue;
		known = known_find(&like->known,
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
	if (lint->likeness->names->judging)
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
	struct family *family = &lint->likeness->names->family;
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

/* Where it is to be told what follows from that; NULL when it cannot be. */
static struct known *
add_answered(struct lint *lint, enum kind kind,
    const struct family_name *name, struct asking asking)
{
	struct like_names *like = lint->likeness->names;
	struct known *askings = askings_of(like, kind, name, true), *known;
	struct asked asked;

	if (askings == NULL ||
	    !ask(lint, kind, askings, asking, &asked) ||
	    !add_asking(askings, asking))
		return NULL;
	known = known_add(&like->known,
	    known_numbers(asked.numbers, asked.count));
	if (known != NULL)
		known->told = true;
	return known;
}

/* Verdicts on its names, each for itself. */
static bool
find_verdicts(struct lint *lint)
{
	struct like_names *like = lint->likeness->names;
	struct family *family = &like->family;
	const struct family_name *name;
	size_t i;

	if (!family_read_names(family, &like->known, lint->arena))
		return false;
	for (i = 0; i < family->name_count; i++) {
		name = &family->names[i];
		like->verdicts[name->first] = family->all != NULL &&
		    family->all->told ?
		    family->all->whole.verdicts[name->first] :
		    find_answered(lint, KIND_VERDICT, name);
	}
	return true;
}

/* ---- what is judged ------------------------------------------------------ */

/* Names below them may be suffixes, too. */
static bool
is_silent(const struct like_names *like)
{
	const struct known *all = like->family.all;

	return all != NULL && all->told && all->whole.silent &&
	    !(all->whole.suffixes && like->suffixes);
}

/* It will be compared with others, unless it is broken. */
static void
note_key(struct lint *lint, const struct family *family,
    const struct shape_key *key)
{
	if (!key->broken)
		dkim_remember_rsa(lint, key->fingerprint, key->own ?
		    family->members.hash : alike_key_domain(lint->zone,
		    lint->arena, key, family->name), key->position);
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
			note_key(lint, family, &keys[i]);
			count++;
		}
	return count;
}

/* What is known of all names is known of the family. */
static void
remember_whole(struct like_names *like)
{
	const struct family *family = &like->family;
	struct known *all = family->all;
	const struct known *verdict;
	size_t i;

	if (all == NULL || all->told)
		return;
	for (i = 0; i < family->name_count; i++)
		if (like->verdicts[family->names[i].first] == NULL)
			return;
	all->whole.verdicts = ARENA_ARRAY(like->known.arena,
	    family->text_count, const struct known *);
	all->whole.silent = true;
	for (i = 0; i < family->name_count; i++) {
		verdict = like->verdicts[family->names[i].first];
		all->whole.verdicts[family->names[i].first] = verdict;
		all->whole.suffixes |= verdict->verdict.suffixes;
		all->whole.silent &= !speakers_say(&verdict->verdict.speakers);
	}
	all->told = true;
}

/* Of a family that has not been read, as nothing is told of its kind. */
static size_t
note_kind_key(struct lint *lint, unsigned known, uint64_t fingerprint)
{
	const struct zone_family *members =
	    &lint->likeness->names->family.members;

	if ((known & KIND_BROKEN) == 0)
		dkim_remember_rsa(lint, fingerprint, members->hash,
		    zone_family_position(lint->zone, members,
		    known / KIND_STRETCH));
	return 1;
}

/* Nothing was told of the family, nor will it be of any of its kind. */
static void
remember_silence(struct like_names *like)
{
	const struct family_kind *kind = &like->family.members.kind;
	const struct shape *shape = &like->family.shape;
	unsigned known = KIND_SILENT;

	if (kind->number == 0 || shape->key_count != kind->keyed ||
	    (kind->keyed && !shape->keys[0].own))
		return;
	if (kind->keyed)
		known += (shape->keys[0].broken ? KIND_BROKEN : 0) +
		    (unsigned)shape->keys[0].text * KIND_STRETCH;
	atomic_store_explicit(&like->kinds[kind->number].silence, known,
	    memory_order_relaxed);
}

/* What is known of all of its names is so of all of its kind. */
static void
remember_kind(struct like_names *like)
{
	const struct family *family = &like->family;
	const uint32_t number = family->members.kind.number;
	struct like_kind *kind = &like->kinds[number];

	/* Whoever comes second says the same. */
	if (number > 0 && family->all != NULL && family->all->told &&
	    atomic_load_explicit(&kind->kept, memory_order_relaxed) == NULL)
		atomic_store_explicit(&kind->kept, family_keep(family,
		    like->known.arena), memory_order_release);
}

/* False when nothing is, or what is does not count here. */
static bool
recall_kind(struct like_names *like)
{
	struct family *family = &like->family;
	const struct family_kept *kept = atomic_load_explicit(
	    &like->kinds[family->members.kind.number].kept,
	    memory_order_acquire);
	size_t i, first;

	if (kept == NULL)
		return false;
	family_recall(family, kept);
	if (family->all->whole.suffixes && like->suffixes)
		return false;
	for (i = 0; i < family->name_count; i++) {
		first = family->names[i].first;
		like->verdicts[first] = family->all->whole.verdicts[first];
	}
	return true;
}

size_t
likeness_begin(struct lint *lint, size_t number, size_t to, size_t *names,
    size_t *keys)
{
	struct like_names *like;
	struct family *family;
	unsigned known;

	*names = LIKE_NONE;
	if (lint->likeness == NULL || !lint->likeness->names->compares)
		return number + 1;
	like = lint->likeness->names;
	family = &like->family;
	if (!zone_family(lint->zone, number, FAMILY_NAMES, &family->members) ||
	    family->members.count > to - number)
		return number + 1;
	number += family->members.count;
	known = atomic_load_explicit(
	    &like->kinds[family->members.kind.number].silence,
	    memory_order_relaxed);
	if (known != 0) {
		*names = 0;
		*keys = family->members.kind.keyed ? note_kind_key(lint,
		    known, family->members.kind.fingerprint) : 0;
		return number;
	}
	if (recall_kind(like)) {
		*names = family->name_count;
		return number;
	}
	if (!family_read(family, &like->known, &like->stencils, lint->arena))
		return number;
	if (!is_silent(like)) {
		if (!find_verdicts(lint))
			return number;
		remember_whole(like);
	}
	if (is_silent(like)) {
		remember_silence(like);
		*names = 0;
		*keys = note_keys(lint, family, 0, SIZE_MAX);
	} else if (family_find_nodes(family))
		*names = family->name_count;
	return number;
}

const struct node *
likeness_node(const struct lint *lint, size_t name)
{
	return family_node(&lint->likeness->names->family, name);
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
	struct like_names *like = lint->likeness->names;

	lint->likeness->unlike.name = false;
	lint->likeness->unlike.slack = slack_of(&like->family, name);
	like->judging = true;
	memset(like->sending, 0, sizeof(like->sending));
	like->asked = psl_asked(lint->world->psl);
	answers_again(lint->answers, like->family.name);
	watch_names(lint);
}

bool
likeness_knows(struct lint *lint, size_t number,
    const struct speakers **only, size_t *keys)
{
	struct like_names *like = lint->likeness->names;
	const struct family_name *name = &like->family.names[number];
	const struct known *known = like->verdicts[name->first];

	if (known == NULL ||
	    (known->verdict.suffixes && like->suffixes)) {
		watch(lint, name);
		return false;
	}
	*keys = note_keys(lint, &like->family, name->first, name->end);
	*only = speakers_say(&known->verdict.speakers) ?
	    &known->verdict.speakers : NULL;
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
	struct like_names *like = lint->likeness->names;
	struct asking asking = {
	    .names = zone_memory_seen(lint->world->zones->memory) };
	struct known *known;

	memcpy(asking.sending, like->sending, sizeof(asking.sending));
	if (lint->likeness->unlike.name ||
	    !counts_keys(&like->family, name, keys))
		return NULL;
	known = add_answered(lint, KIND_VERDICT, name, asking);
	if (known == NULL)
		return NULL;
	known->verdict.suffixes =
	    psl_asked(lint->world->psl) > like->asked;
	known->verdict.speakers = *speakers;
	return known;
}

/* The name of the family; NULL when it is none, or owns nothing. */
static struct family_name *
name_of(const struct lint *lint, struct str name)
{
	struct family *family = &lint->likeness->names->family;
	const struct node *node = zone_find(lint->zone, name);
	size_t i;

	for (i = 0; i < family->name_count; i++)
		if (family->names[i].node == node)
			return &family->names[i];
	return NULL;
}

void
like_names_note_sending(struct lint *lint, struct str name,
    enum sending sending, unsigned answer, uint32_t before)
{
	struct like_names *like = lint->likeness->names;
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
	like->sending[sending] |= (uint32_t)1 <<
	    (found - like->family.names);
	zone_memory_see(memory, before);
}

void
likeness_remember(struct lint *lint, size_t number, size_t keys,
    const struct speakers *speakers)
{
	struct like_names *like = lint->likeness->names;
	const struct family_name *name = &like->family.names[number];

	if (like->verdicts[name->first] == NULL)
		like->verdicts[name->first] = add_verdict(lint, name,
		    keys, speakers);
	lint->likeness->unlike.slack = LIKE_SLACK;
	like->judging = false;
	answers_again(lint->answers, STR_NONE);
	zone_memory_watch(lint->world->zones->memory);
}

void
likeness_end(struct lint *lint)
{
	remember_whole(lint->likeness->names);
	remember_kind(lint->likeness->names);
}

/* ---- all of it ----------------------------------------------------------- */

struct like_names *
like_names_new(struct arena *arena)
{
	struct like_names *like = ARENA_NEW(arena, struct like_names);

	like->known = knowledge_new(arena, KNOWLEDGE_SLOTS);
	like->stencils.arena = like->known.arena;
	return like;
}

void
like_names_start(struct like_names *like, const struct world *world,
    const struct zone *zone)
{
	like->compares = zone != NULL &&
	    zone->contents->record_count >= MANY_RECORDS;
	like->suffixes = like->compares &&
	    psl_lists_below(world->psl, zone->name);
	knowledge_forget(&like->known);
	like->stencils = (struct stencils){ .arena = like->known.arena };
	if (!like->compares)
		return;
	family_start(&like->family, zone);
	like->kinds = ARENA_ARRAY(like->known.arena, zone_kind_count(zone),
	    struct like_kind);
}

void
like_names_share(struct like_names *like, struct like_kind *kinds)
{
	like->kinds = kinds;
}
