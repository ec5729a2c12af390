/*
 * The life of DKIM keys, by day: from when on resolvers know a new one, how
 * long mail that an old one signed is on its way.
 */
#include "base/arena.h"
#include "rollout/rollout.h"

enum {
	OVERLAP_DAYS = 7,	/* mail stays in queues for days */
	REVOKED_DAYS = 30	/* then nobody asks for it any more */
};

static const char *const names[] = {
	[KEY_PUBLISH] = "publish", [KEY_SIGN] = "sign",
	[KEY_RETIRE] = "retire", [KEY_REVOKE] = "revoke",
	[KEY_REMOVE] = "remove"
};

const char *
key_event_name(enum key_event_kind kind)
{
	return names[kind];
}

/*
 * Answers that there is no such key are kept as long as others are, and a day
 * at the most (RFC 2308 section 5).
 */
static day
signs_from(const struct config_domain *domain, const struct config_key *key)
{
	enum { DAY_SECONDS = 24 * 60 * 60 };
	day wait = (day)((domain->ttl + DAY_SECONDS - 1) / DAY_SECONDS);

	return key->since + (wait < 1 ? 1 : wait);
}

/* May the signer use the key on this day? */
static bool
is_ready(const struct config_domain *domain, const struct config_key *key,
    day at)
{
	enum key_state state = config_key_state(key, at);

	return state == KEY_ACTIVE || (state == KEY_NEXT &&
	    (key->since == DAY_NONE || signs_from(domain, key) <= at));
}

/* One that the same sender signs with, or the domain itself. */
static bool
has_successor(const struct config_domain *domain,
    const struct config_key *key, day at)
{
	size_t i;

	for (i = 0; i < domain->key_count; i++)
		if (domain->keys[i] != key &&
		    is_ready(domain, domain->keys[i], at))
			return true;
	return false;
}

/* By day; on one day as they were added. */
static void
add(struct key_event **place, struct arena *arena,
    const struct config_key *key, enum key_event_kind kind, day date,
    struct str remark)
{
	struct key_event *event = ARENA_NEW(arena, struct key_event);

	event->key = key;
	event->kind = kind;
	event->date = date;
	event->remark = remark;
	while (*place != NULL && (*place)->date <= date)
		place = &(*place)->next;
	event->next = *place;
	*place = event;
}

static struct str
revoke_remark(struct arena *arena, const struct config_key *key)
{
	day due = key->retire + OVERLAP_DAYS;

	if (key->retire == DAY_NONE || key->revoke >= due)
		return STR_NONE;
	return arena_printf(arena, "too early: mail that it signed is on its "
	    "way until %.*s", STR_ARG(date_print(arena, due)));
}

static void
add_key(struct key_event **first, struct arena *arena,
    const struct config_domain *domain, const struct config_key *key,
    day today)
{
	/* Whatever state it is in but next, it is published already. */
	if (key->since != DAY_NONE && (key->state == KEY_NEXT ||
	    key->since <= today))
		add(first, arena, key, KEY_PUBLISH, key->since, STR_NONE);
	if (key->since != DAY_NONE && key->state == KEY_NEXT)
		add(first, arena, key, KEY_SIGN, signs_from(domain, key),
		    STR("from now on signers may use it: nobody remembers "
		    "that it was not there"));
	if (key->retire != DAY_NONE)
		add(first, arena, key, KEY_RETIRE, key->retire,
		    has_successor(domain, key, key->retire) ? STR_NONE :
		    STR("no other key is ready to sign on this day"));
	if (key->revoke == DAY_NONE)
		return;
	add(first, arena, key, KEY_REVOKE, key->revoke,
	    revoke_remark(arena, key));
	add(first, arena, key, KEY_REMOVE, key->revoke + REVOKED_DAYS,
	    STR("take it out of the configuration"));
}

struct key_event *
key_events(struct arena *arena, const struct config_domain *domain,
    day today)
{
	struct key_event *first = NULL;
	size_t i;

	for (i = 0; i < domain->key_count && !domain->parked; i++)
		add_key(&first, arena, domain, domain->keys[i], today);
	return first;
}
