/*
 * What earlier runs saw: the records whose age and past matter, by owner.
 */
#include <stdlib.h>

#include "base/arena.h"
#include "base/digest.h"
#include "base/table.h"
#include "policy/policy.h"
#include "policy/state.h"

enum { DAY_SECONDS = 24 * 60 * 60 };

struct state *
state_new(struct arena *arena)
{
	struct state *state = ARENA_NEW(arena, struct state);

	state->arena = arena;
	return state;
}

static struct seen_owner *
find_owner(const struct state *state, struct str name)
{
	return state == NULL ? NULL : table_find(&state->by_name, name);
}

static void
grow(struct state *state)
{
	struct seen_owner **larger;
	size_t i;

	state->room = state->room * 2 + 64;
	larger = ARENA_ARRAY(state->arena, state->room, struct seen_owner *);
	for (i = 0; i < state->count; i++)
		larger[i] = state->owners[i];
	state->owners = larger;
}

struct seen_owner *
state_owner(struct state *state, struct str name)
{
	struct seen_owner *owner = find_owner(state, name);

	if (owner != NULL)
		return owner;
	owner = ARENA_NEW(state->arena, struct seen_owner);
	owner->name = arena_copy(state->arena, name);
	table_add(&state->by_name, state->arena, owner->name, owner);
	if (state->count == state->room)
		grow(state);
	state->owners[state->count++] = owner;
	state->sorted = false;
	return owner;
}

static bool
same_record(const struct sighting *x, const struct sighting *y)
{
	return str_equal(x->text, y->text) && str_equal(x->sha256, y->sha256);
}

static bool
is_older(const struct sighting *x, const struct sighting *y)
{
	int order;

	if (x->first != y->first)
		return x->first < y->first;
	if (x->last != y->last)
		return x->last < y->last;
	order = str_compare(x->text, y->text);
	return order != 0 ? order < 0 :
	    str_compare(x->sha256, y->sha256) < 0;
}

/* Two branches that were merged may each have seen it: then it is one. */
void
state_put(struct seen_owner *owner, enum seen_kind kind, struct sighting *seen)
{
	struct sighting **here, *other;

	for (here = &owner->first[kind]; (other = *here) != NULL;
	    here = &other->next)
		if (same_record(other, seen) && other->first <= seen->last &&
		    seen->first <= other->last) {
			if (other->first < seen->first)
				seen->first = other->first;
			if (other->last > seen->last)
				seen->last = other->last;
			if (other->ttl > seen->ttl) {
				seen->ttl = other->ttl;
				seen->ttl_end = other->ttl_end;
			}
			*here = other->next;
			state_put(owner, kind, seen);
			return;
		}
	for (here = &owner->first[kind]; *here != NULL &&
	    !is_older(seen, *here); here = &(*here)->next)
		continue;
	seen->next = *here;
	*here = seen;
}

/* The day of the run before the one of today. */
static day
run_before(const struct sighting *seen, day today)
{
	day before = DAY_NONE;

	for (; seen != NULL; seen = seen->next)
		if (seen->last < today && seen->last > before)
			before = seen->last;
	return before;
}

/* The days for which a TTL is remembered, whole ones. */
day
ttl_days(uint32_t ttl)
{
	return (day)(ttl / DAY_SECONDS + (ttl % DAY_SECONDS != 0));
}

/* A TTL that was lowered counts for as long as it lasts. */
static void
see_ttl(struct sighting *seen, uint32_t ttl, day today)
{
	if (ttl >= seen->ttl || (seen->ttl_end != DAY_NONE &&
	    seen->ttl_end + ttl_days(seen->ttl) <= today)) {
		seen->ttl = ttl;
		seen->ttl_end = DAY_NONE;
	} else if (seen->ttl_end == DAY_NONE)
		seen->ttl_end = today;
}

/*
 * What stood there in the run before has stood there all the time; what did
 * not begins today, even if it was there once.
 */
static void
see(struct state *state, const struct record *record, enum seen_kind kind,
    struct str sha256, day today)
{
	struct str name = record->owner, text = record->text;
	struct seen_owner *owner = state_owner(state, name);
	struct sighting *other, *seen;
	day before;

	seen = ARENA_NEW(state->arena, struct sighting);
	*seen = (struct sighting){ NULL, arena_copy(state->arena, text),
	    arena_copy(state->arena, sha256), today, today, record->ttl,
	    DAY_NONE };
	before = run_before(owner->first[kind], today);
	for (other = owner->first[kind]; other != NULL; other = other->next)
		if (same_record(other, seen) && other->last >= before) {
			if (other->last < today)
				other->last = today;
			see_ttl(other, record->ttl, today);
			return;
		}
	state_put(owner, kind, seen);
}

struct str
key_digest(struct arena *arena, const struct dkim *dkim)
{
	if (dkim->der.n > 0)
		return digest_sha256(arena, dkim->der);
	return digest_sha256(arena, dkim->p == NULL ? STR("") :
	    dkim->p->value);
}

static void
see_record(struct state *state, struct arena *arena,
    const struct record *record, const struct world *world,
    struct file_store *store, day today)
{
	enum seen_kind kind;
	struct str digest, domain = STR_NONE, policy;

	switch (record->auth) {
	case AUTH_DMARC:
		kind = SEEN_DMARC;
		digest = digest_sha256(arena, record->text);
		break;
	case AUTH_DKIM:
		kind = SEEN_KEY;
		digest = key_digest(arena, record->dkim);
		break;
	case AUTH_MTASTS:
		kind = SEEN_MTASTS;
		auth_place(record->owner, &domain, NULL);
		policy = mta_sts_published(world, arena, domain, store);
		digest = policy.p == NULL ? STR("") :
		    digest_sha256(arena, policy);
		break;
	default:
		return;
	}
	see(state, record, kind, digest, today);
}

void
state_see(struct state *state, const struct zone *zone,
    const struct world *world, struct file_store *store, day today)
{
	struct arena *arena = arena_new();
	const struct record *record;
	struct arena_mark mark = arena_mark(arena);
	size_t position = 0;

	while ((record = zone_next(zone, arena, HAS_TXT, &position)) != NULL) {
		see_record(state, arena, record, world, store, today);
		arena_release(arena, mark);
	}
	arena_free(arena);
}

/* ---- asking -------------------------------------------------------------- */

day
state_forgotten(const struct state *state, struct str owner,
    enum seen_kind kind, day until, uint32_t *ttl)
{
	const struct sighting *seen = state_at(state, owner, kind);
	day last = DAY_NONE, end;

	*ttl = 0;
	for (; seen != NULL; seen = seen->next) {
		end = seen->ttl_end != DAY_NONE ? seen->ttl_end :
		    seen->next != NULL ? seen->next->first : DAY_NONE;
		if (seen->ttl == 0 || end == DAY_NONE || end >= until ||
		    end + ttl_days(seen->ttl) < last)
			continue;
		last = end + ttl_days(seen->ttl);
		*ttl = seen->ttl;
	}
	return last;
}

const struct sighting *
state_at(const struct state *state, struct str name, enum seen_kind kind)
{
	const struct seen_owner *owner = find_owner(state, name);

	return owner == NULL ? NULL : owner->first[kind];
}

static int
compare_owners(const void *a, const void *b)
{
	const struct seen_owner *x = *(struct seen_owner *const *)a;
	const struct seen_owner *y = *(struct seen_owner *const *)b;

	return name_compare(x->name, y->name);
}

void
state_sort(struct state *state)
{
	if (!state->sorted && state->count > 1)
		qsort(state->owners, state->count, sizeof(*state->owners),
		    compare_owners);
	state->sorted = true;
}

/* The first owner that does not come before a name. */
static size_t
find_place(const struct state *state, struct str name)
{
	size_t low = 0, high = state->count, middle;

	while (low < high) {
		middle = low + (high - low) / 2;
		if (name_compare(state->owners[middle]->name, name) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

struct str
state_next(const struct state *state, struct str top, size_t *position)
{
	size_t here;

	if (state == NULL)
		return STR_NONE;
	here = *position == 0 ? find_place(state, top) : *position - 1;
	*position = here + 2;
	return here < state->count && name_within(state->owners[here]->name,
	    top) ? state->owners[here]->name : STR_NONE;
}
