/*
 * Small zones that are written alike, each as a whole: in one like another one
 * the same rules speak, and no others.
 */
#include "base/arena.h"
#include "lint/like.h"

enum {
	ZONE_MAX = 200,			/* records of one that is compared */
	DRAWINGS = 16, UNFAMILIAR = 4,	/* see pays_to_draw */
	UNMET = 1			/* see pays_to_keep */
};

struct like_zones {
	struct knowledge known;
	struct stencils stencils;
	/* The zone that is judged. */
	struct shape shape;
	bool drawn;			/* its shape, which is not known */
	bool undrawn;			/* nobody knows whether it has one */
	size_t asked;			/* about suffixes, before */
	size_t drawings, familiar;	/* known shapes among these */
	/* Of zones in which something was found. */
	size_t kept, met;
};

struct like_zones *
like_zones_new(struct arena *arena)
{
	struct like_zones *like = ARENA_NEW(arena, struct like_zones);

	like->known = knowledge_new(arena, KNOWLEDGE_SLOTS);
	like->stencils.arena = like->known.arena;
	return like;
}

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
pays_to_draw(const struct like_zones *like)
{
	return like->drawings < DRAWINGS ||
	    like->familiar * UNFAMILIAR >= like->drawings;
}

/* What is known of a zone that looks like it, and now of its text as well. */
static const struct known *
draw_zone(struct like_zones *like, const struct zone *zone)
{
	struct shape *shape = &like->shape;
	const struct known *known;

	like->drawings++;
	if (!shape_make_whole(shape, zone))
		return NULL;
	shape->records = zone->record_count;
	known = known_find(&like->known,
	    (struct str){ shape->text, shape->n });
	like->drawn = known == NULL;
	like->familiar += known != NULL;
	if (known != NULL)
		stencils_add_whole(&like->stencils, shape, zone,
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
	struct like_zones *like = lint->likeness->zones;
	const struct zone *zone = lint->zone;
	const struct known *known = stencils_find_whole(
	    &like->stencils, &like->shape, zone);

	if (known != NULL && !zone_is_read(zone))
		return known;
	zone_need(zone);
	if (!likeness_is_plain(zone))
		return NULL;
	if (known != NULL)
		return known;
	like->undrawn = !pays_to_draw(like);
	return like->undrawn ? NULL : draw_zone(like, zone);
}

/*
 * So it does to keep what was found in a zone when enough zones are met in
 * which there is the same: mistakes are many, and not often alike.
 */
static bool
pays_to_keep(const struct like_zones *like)
{
	return like->kept < DRAWINGS ||
	    like->met * UNMET >= like->kept;
}

bool
likeness_knows_zone(struct lint *lint, struct zone_verdict *verdict,
    const struct speakers **only)
{
	struct like_zones *like;
	const struct known *known;
	size_t i;

	if (lint->likeness == NULL)
		return false;
	like = lint->likeness->zones;
	like->drawn = like->undrawn = false;
	lint->likeness->unlike.zone = false;
	like->asked = psl_asked(lint->world->psl);
	if (!is_plain_zone(lint, lint->zone))
		return false;
	known = look_up_zone(lint);
	if (known == NULL || known->verdict.suffixes)
		return false;
	for (i = 0; i < like->shape.key_count; i++)
		likeness_note_key(lint, &like->shape.keys[i],
		    likeness_domain(lint, &like->shape.keys[i],
		    lint->zone->name));
	verdict->keys = known->verdict.keys;
	verdict->like = known->verdict.zone + 1;
	verdict->records = like->shape.records;
	*only = speakers_say(&known->verdict.speakers) ?
	    &known->verdict.speakers : NULL;
	like->met += *only != NULL;
	return true;
}

void
likeness_remember_zone(struct lint *lint, size_t number, size_t keys,
    const struct speakers *speakers)
{
	struct like_zones *like;
	struct known *known;

	if (lint->likeness == NULL || lint->likeness->unlike.zone)
		return;
	like = lint->likeness->zones;
	if (speakers_say(speakers) && !pays_to_keep(like))
		return;
	like->kept += speakers_say(speakers);
	if (like->undrawn)
		draw_zone(like, lint->zone);
	/* A key that is none would be compared with those that are. */
	if (!like->drawn || keys != like->shape.key_count)
		return;
	known = known_add(&like->known, (struct str){
	    like->shape.text, like->shape.n });
	if (known == NULL)
		return;
	known->verdict.keys = keys;
	known->verdict.zone = number;
	known->verdict.speakers = *speakers;
	known->verdict.suffixes =
	    psl_asked(lint->world->psl) > like->asked;
	like->drawn = false;
	stencils_add_whole(&like->stencils, &like->shape,
	    lint->zone, known);
}
