/*
 * Small zones that are written alike, each as a whole, see struct zone_kind: in
 * one like another one the same rules speak, and no others.
 */
#include "base/arena.h"
#include "lint/like.h"
#include "rules/dkim_keys.h"

enum { KEPT_FIRST = 16 };		/* see pays_to_keep */

/* What was found in a zone of a kind. */
struct kind_verdict {
	size_t zone;			/* its number */
	struct speakers speakers;
};

struct like_zones {
	bool plain;			/* is the zone that is judged? */
	size_t asked;			/* about suffixes, before */
	/* Of zones in which something was found. */
	size_t kept, met;
};

struct like_zones *
like_zones_new(struct arena *arena)
{
	return ARENA_NEW(arena, struct like_zones);
}

struct kind_verdicts
kind_verdicts_new(struct arena *arena, const struct zones *zones)
{
	return (struct kind_verdicts){ .count = zones->kind_count,
	    .list = ARENA_ARRAY(arena, zones->kind_count + 1,
	    kind_verdict_slot) };
}

/* Nobody else says anything of it. */
static bool
is_plain_zone(struct lint *lint, const struct kind_verdicts *verdicts)
{
	const struct zone *zone = lint->zone;

	return zone->kind.number > 0 &&
	    zone->kind.number < verdicts->count &&
	    zone->also_count == 0 && zone->view.n == 0 &&
	    zones_covering(lint->world->zones, zone_above(zone)) == NULL &&
	    /* Many have the same above them. */
	    (!lint_may_have_organizations(lint, zone_above(zone)) ||
	    !lint_may_have_organizations(lint, zone->name));
}

bool
likeness_knows_zone(struct lint *lint, const struct kind_verdicts *verdicts,
    struct zone_verdict *verdict, const struct speakers **only)
{
	const struct zone_kind *kind = &lint->zone->kind;
	const struct kind_verdict *known;
	struct like_zones *like;

	if (lint->likeness == NULL)
		return false;
	like = lint->likeness->zones;
	lint->likeness->unlike.zone = false;
	like->asked = psl_asked(lint->world->psl);
	like->plain = is_plain_zone(lint, verdicts);
	known = like->plain ? atomic_load_explicit(
	    &verdicts->list[kind->number], memory_order_acquire) : NULL;
	if (known == NULL)
		return false;
	if (kind->keyed && !kind->broken)
		dkim_remember_rsa(lint, kind->fingerprint, kind->domain,
		    kind->position);
	verdict->keys = kind->keyed;
	verdict->like = (uint32_t)known->zone + 1;
	verdict->records = kind->records;
	*only = speakers_say(&known->speakers) ? &known->speakers : NULL;
	like->met += *only != NULL;
	return true;
}

/*
 * To keep what was found in a zone pays when enough zones are met in which
 * there is the same: mistakes are many, and not often alike.
 */
static bool
pays_to_keep(const struct like_zones *like)
{
	return like->kept < KEPT_FIRST || like->met >= like->kept;
}

void
likeness_remember_zone(struct lint *lint, struct kind_verdicts *verdicts,
    size_t number, size_t keys, const struct speakers *speakers)
{
	struct like_zones *like;
	struct kind_verdict *verdict;

	if (lint->likeness == NULL || lint->likeness->unlike.zone)
		return;
	like = lint->likeness->zones;
	/* A key that is none would be compared with those that are. */
	if (!like->plain || keys != lint->zone->kind.keyed ||
	    psl_asked(lint->world->psl) > like->asked ||
	    (speakers_say(speakers) && !pays_to_keep(like)))
		return;
	like->kept += speakers_say(speakers);
	verdict = ARENA_NEW(lint->keep, struct kind_verdict);
	verdict->zone = number;
	verdict->speakers = *speakers;
	/* Who judges another one finds the same. */
	atomic_store_explicit(&verdicts->list[lint->zone->kind.number],
	    verdict, memory_order_release);
}
