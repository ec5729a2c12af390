/* Zone files beside what is generated: which records stand in its way. */
#include "base/arena.h"
#include "command/judgement.h"

/* Does it say what one of these says? Name servers take both for one. */
static bool
is_repeated(struct arena *arena, const struct record *record,
    const struct made *made)
{
	struct made same;

	for (; made != NULL; made = made->next) {
		same = *made;
		same.ttl = record->ttl;
		if (record_is_made(arena, record, &same))
			return true;
	}
	return false;
}

void
judgement_add_conflicts(struct judgement *judgement,
    const struct made_zone *zone)
{
	const struct zone *real = zones_find(&judgement->run->zones,
	    zone->name);
	struct arena *own = arena_new();
	struct made_owners owners = made_owners_of(own, zone);
	const struct record *record;
	size_t position = 0;

	while (real != NULL && real->marked && (record = zone_next(real, own,
	    ~0U, &position)) != NULL)
		if (made_collides(&owners, record) != NULL &&
		    !is_repeated(own, record, zone->records) &&
		    !block_holds(own, record->span))
			judgement_add(judgement, "zone-block-conflict",
			    LEVEL_WARNING, record->span, STR("this record "
			    "contradicts the generated ones: remove it, or "
			    "take it into the configuration"));
	arena_free(own);
}
