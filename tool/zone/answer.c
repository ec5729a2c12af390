/*
 * What a name server with all loaded zones would answer: RFC 1034 section
 * 4.3.2 with wildcards (RFC 4592), DNAME (RFC 6672) and delegations.
 */
#include "base/arena.h"
#include "zone/zone.h"

/* Any type will do: the question is whether the name exists. */
enum { ANY = 0 };

struct question {
	const struct zones *zones;
	struct arena *arena;
	uint16_t type;
	struct answer *answer;
	bool kind_only;			/* no records, no reasons */
};

static bool
finish(struct question *question, enum answer_kind kind)
{
	question->answer->kind = kind;
	return false;
}

/* ---- sets of records ----------------------------------------------------- */

/* Those of the type, each once; returns how many stay, in their order. */
static size_t
keep_distinct(struct arena *arena, uint16_t type,
    const struct record **records, size_t count)
{
	const struct record **first;
	size_t found = 0, kept = 0, i;

	for (i = 0; i < count; i++)
		if (records[i]->type == type)
			records[found++] = records[i];
	if (found < 2)
		return found;
	first = records_first(arena, records, found);
	for (i = 0; i < found; i++)
		if (first[i] == records[i])
			records[kept++] = records[i];
	return kept;
}

/* The records of a type at a node, into the answer; how many. */
static size_t
take_records(struct question *question, const struct node *node,
    uint16_t type)
{
	struct answer *answer = question->answer;
	unsigned types = rrtype_set(type);

	answer->count = 0;
	if ((node->types & types) == 0)
		return 0;
	answer->count = zones_records(question->zones, answer->zone, node,
	    question->arena, types, &answer->records);
	answer->count = keep_distinct(question->arena, type, answer->records,
	    answer->count);
	return answer->count;
}

/* ---- outside ------------------------------------------------------------- */

/* Nobody here knows, but name servers or the cache file may. */
static bool
ask_others(const struct question *question, uint16_t *type)
{
	const struct zones *zones = question->zones;
	struct answer *answer = question->answer;

	return (zones->dns != NULL && zones->dns->ask(zones->dns,
	    question->arena, answer->name, type, answer)) ||
	    (zones->cache != NULL && dns_cache_ask(zones->cache,
	    question->arena, answer->name, type, answer));
}

static bool
leave(struct question *question, struct str why)
{
	struct answer *answer = question->answer;
	uint16_t type = question->type;

	answer->why = STR_NONE;
	if (ask_others(question, &type)) {
		if (type == question->type)
			return false;
		answer->name = answer->records[0]->target;
		answer->count = 0;
		return true;
	}
	if (answer->why.p == NULL)
		answer->why = why;
	return finish(question, ANSWER_UNKNOWN);
}

/* A name, and what is to be said of it. */
static struct str
say(const struct question *question, struct str name, struct str what)
{
	const struct str parts[] = { name, what };

	return question->kind_only ? what :
	    arena_join(question->arena, parts, 2);
}

static bool
leave_zones(struct question *question)
{
	return leave(question, say(question,
	    name_show(question->answer->name),
	    STR(" lies in no zone that is loaded")));
}

static bool
leave_at_cut(struct question *question, struct str cut)
{
	return leave(question, say(question, cut,
	    STR(" is delegated, and its zone is not loaded")));
}

/* May there be more to the zone than what has been read of it? */
static bool
lacks_files(const struct question *question)
{
	const struct zone_contents *contents =
	    question->answer->zone->contents;

	return contents->incomplete || (question->zones->parts &&
	    !contents->has_soa && !contents->stray_soa);
}

/* There is nothing, unless it stands in a file that is missing. */
static bool
find_nothing(struct question *question, enum answer_kind kind)
{
	const struct zone *zone = question->answer->zone;

	if (!lacks_files(question))
		return finish(question, kind);
	if (!zone->contents->incomplete)
		return leave(question, arena_printf(question->arena,
		    "the file is only a part of the zone %.*s",
		    STR_ARG(name_show(zone->name))));
	return leave(question, arena_printf(question->arena,
	    "a file that the zone %.*s includes is missing",
	    STR_ARG(name_show(zone->name))));
}

/* ---- inside -------------------------------------------------------------- */

static bool
follow(struct question *question, const struct node *node)
{
	if (take_records(question, node, RR_CNAME) == 0)
		return find_nothing(question, ANSWER_NODATA);
	question->answer->name = question->answer->records[0]->target;
	question->answer->count = 0;
	return true;
}

/* Is it the only one whose presence a node's types tell by the same bit? */
static bool
is_type_of_its_own(uint16_t type)
{
	return (rrtype_set(type) & (HAS_DNSSEC | HAS_OTHER)) == 0;
}

/* What stands at a node, which the name has reached or a wildcard lends it. */
static bool
read_node(struct question *question, const struct node *node,
    struct str owner)
{
	struct answer *answer = question->answer;

	answer->owner = owner;
	if ((node->types & HAS_CNAME) != 0 && question->type != RR_CNAME)
		return follow(question, node);
	if (question->type == ANY)
		return finish(question, ANSWER_DATA);
	if (question->kind_only && is_type_of_its_own(question->type) &&
	    (node->types & rrtype_set(question->type)) != 0) {
		zones_note(question->zones, node);
		return finish(question, ANSWER_DATA);
	}
	if (take_records(question, node, question->type) > 0)
		return finish(question, ANSWER_DATA);
	return find_nothing(question, ANSWER_NODATA);
}

/* Nobody can ask for it. On the wire a name is at most two octets longer. */
static bool
is_too_long(struct str name)
{
	return name.n + 2 > NAME_MAX_WIRE &&
	    name_wire_length(name) > NAME_MAX_WIRE;
}

/* RFC 6672 section 2.2: what stands left of the owner moves to the target. */
static bool
substitute(struct question *question, const struct node *node,
    struct str owner)
{
	struct answer *answer = question->answer;
	struct str left = name_relative(answer->name, owner);

	if (take_records(question, node, RR_DNAME) == 0)
		return find_nothing(question, ANSWER_NXDOMAIN);
	answer->name = name_join(question->arena, left,
	    answer->records[0]->target);
	answer->count = 0;
	if (!is_too_long(answer->name))
		return true;
	answer->why = arena_printf(question->arena, "the DNAME at %.*s "
	    "makes a name that is too long", STR_ARG(owner));
	return finish(question, ANSWER_UNKNOWN);
}

/* The deepest name that exists; the apex always does. */
static const struct node *
closest_encloser(const struct zone *zone, struct str name,
    struct str *encloser)
{
	const struct node *node;

	while ((node = zone_find(zone, name)) == NULL &&
	    name.n > zone->name.n)
		name = name_parent(name);
	*encloser = name;
	return node;
}

/*
 * The cut or DNAME that comes first on the way down to a node that lies below
 * one; the node itself when it lies below none.
 */
static const struct node *
first_turn(const struct zone *zone, const struct node *node,
    struct str *owner)
{
	while (node->occluded) {
		*owner = name_parent(*owner);
		node = zone_find(zone, *owner);
	}
	return node;
}

/* Nothing stands at the name itself. */
static bool
try_wildcard(struct question *question, const struct node *node,
    struct str encloser)
{
	const struct zone *zone = question->answer->zone;
	struct str owner;

	/* In a file that is missing the name itself may stand. */
	if (node == NULL || !node->wildcard || lacks_files(question))
		return find_nothing(question, ANSWER_NXDOMAIN);
	owner = name_join(question->arena, STR("*"), encloser);
	question->answer->wildcard = true;
	return read_node(question, zone_find(zone, owner), owner);
}

/* One zone's word on the name; true when it leads to another name. */
static bool
step(struct question *question)
{
	struct answer *answer = question->answer;
	const struct node *node;
	struct str owner;

	answer->wildcard = false;
	if (is_too_long(answer->name))
		return finish(question, ANSWER_NXDOMAIN);
	answer->zone = zones_covering(question->zones, answer->name);
	if (answer->zone == NULL)
		return leave_zones(question);
	node = closest_encloser(answer->zone, answer->name, &owner);
	if (node == NULL && owner.n == answer->name.n)
		return find_nothing(question, ANSWER_NODATA);
	if (node == NULL)
		return find_nothing(question, ANSWER_NXDOMAIN);
	node = first_turn(answer->zone, node, &owner);
	if (node->cut)
		return leave_at_cut(question, owner);
	if (owner.n == answer->name.n)
		return read_node(question, node, owner);
	if ((node->types & HAS_DNAME) != 0)
		return substitute(question, node, owner);
	return try_wildcard(question, node, owner);
}

/* Nobody finds the end; no resolver follows so many. */
static void
give_up(struct question *question, struct str name)
{
	struct answer *answer = question->answer;

	answer->kind = ANSWER_UNKNOWN;
	answer->why = answer->looped ?
	    arena_printf(question->arena, "the CNAME records of %.*s lead in "
	    "a circle", STR_ARG(name)) :
	    arena_printf(question->arena, "more than %d CNAME and DNAME "
	    "records follow %.*s", ANSWER_MAX_LINKS, STR_ARG(name));
}

static void
follow_to_end(struct question *question)
{
	struct answer *answer = question->answer;
	struct str name = answer->name, passed = name;

	while (step(question)) {
		answer->looped = str_equal(answer->name, passed);
		if (++answer->links > ANSWER_MAX_LINKS || answer->looped) {
			give_up(question, name);
			break;
		}
		/* After 1, 2, 4 and 8 of them, so that a circle meets it. */
		if ((answer->links & (answer->links - 1)) == 0)
			passed = answer->name;
	}
}

struct answer
zones_ask(const struct zones *zones, struct arena *arena, struct str name,
    uint16_t type)
{
	struct answer answer = { .name = name, .checked = DAY_NONE };
	struct question question = { zones, arena, type, &answer, false };

	follow_to_end(&question);
	return answer;
}

enum answer_kind
zones_kind(const struct zones *zones, struct arena *arena, struct str name,
    uint16_t type, unsigned *links)
{
	struct answer answer = { .name = name, .checked = DAY_NONE };
	struct question question = { zones, arena, type, &answer, true };

	follow_to_end(&question);
	if (links != NULL)
		*links = answer.links;
	return answer.kind;
}

enum answer_kind
zones_exists(const struct zones *zones, struct arena *arena, struct str name)
{
	return zones_kind(zones, arena, name, ANY, NULL);
}
