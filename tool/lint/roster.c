/* Which rules run, by what they look at. */
#include "base/arena.h"
#include "lint/roster.h"

enum { TURNS_BITS = 9, TURNS = 1 << TURNS_BITS };

/* Its upper bits depend on all of what is multiplied by it. */
#define SPREAD	UINT64_C(0x9e3779b97f4a7c15)

static unsigned
types_of(const struct rule *rule)
{
	return rule->types == 0 ? ~0u : rule->types;
}

static void
add_node_types(struct roster *roster, const struct rule *rule)
{
	roster->node_types[false] |= types_of(rule);
	if (!rule->in_sight)
		roster->node_types[true] |= types_of(rule);
}

static void
add_types(struct roster *roster, const struct rule *rule)
{
	if (rule->subject == SUBJECT_RECORD)
		roster->record_types |= types_of(rule);
	else if (rule->subject == SUBJECT_NODE)
		add_node_types(roster, rule);
	else if (rule->subject <= SUBJECT_TXT)
		roster->record_types |= HAS_TXT | HAS_SPF;
}

struct roster
roster_make(const struct world *world, const struct selection *selection,
    struct arena *arena)
{
	/* Keys are counted, whoever looks at them. */
	struct roster roster = { .arena = arena,
	    .turns = ARENA_ARRAY(arena, TURNS, struct turns),
	    .record_types = HAS_TXT | HAS_SPF };
	const struct rule *rule;
	struct active *active;
	size_t i;

	for (i = 0; (rule = rule_number(i)) != NULL; i++) {
		if (!rule_speaks(rule, selection, world->config) ||
		    (rule->state && world->state == NULL))
			continue;
		active = ARENA_NEW(arena, struct active);
		active->rule = rule;
		active->level = rule_level(rule, selection, world->config);
		active->marks = rule->marks == 0 || selection->each ? ~0u :
		    rule->marks;
		active->several = rule->several && !selection->each;
		active->number = roster.count++;
		if (roster.last[rule->subject] == NULL)
			roster.first[rule->subject] = active;
		else
			roster.last[rule->subject]->next = active;
		roster.last[rule->subject] = active;
		if (rule->keys) {
			active->next_keys = roster.first_keys;
			roster.first_keys = active;
		}
		add_types(&roster, rule);
	}
	return roster;
}

static void
make_turns(const struct roster *roster, struct turns *turns)
{
	const struct active *active;

	if (turns->rows == NULL)
		turns->rows = ARENA_ARRAY(roster->arena, roster->count,
		    const struct active *);
	turns->count = 0;
	for (active = roster->first[turns->subject]; active != NULL;
	    active = active->next)
		if ((active->marks & turns->marks) != 0 &&
		    ((types_of(active->rule) & turns->types) != 0 ||
		    (active->rule->escaped && turns->escaped)))
			turns->rows[turns->count++] = active;
}

static bool
are_same(const struct turns *a, const struct turns *b)
{
	return a->subject == b->subject && a->types == b->types &&
	    a->marks == b->marks && a->escaped == b->escaped;
}

/* Two have a place together, until others take it. */
const struct turns *
roster_turns(const struct roster *roster, const struct zone *zone,
    enum subject subject, unsigned types, unsigned marks)
{
	struct turns wanted = { .subject = subject, .types = types,
	    .marks = marks, .escaped = zone->contents->escaped_owners };
	uint64_t key = (types * (uint64_t)SUBJECTS + subject) * SPREAD;
	size_t place = (size_t)((key ^ marks) * SPREAD >> (64 - TURNS_BITS));
	struct turns *turns = &roster->turns[place];
	struct turns *other = &roster->turns[place ^ 1];

	if (turns->rows != NULL && are_same(turns, &wanted))
		return turns;
	if (other->rows != NULL && are_same(other, &wanted))
		return other;
	if (turns->rows != NULL && other->rows == NULL)
		turns = other;
	wanted.rows = turns->rows;
	*turns = wanted;
	make_turns(roster, turns);
	return turns;
}

/* NS records are many, and only those with a mistake are of interest. */
unsigned
roster_types(const struct roster *roster, const struct zone *zone)
{
	unsigned types = roster->record_types;

	if (zone->contents->escaped_owners)
		types = ~0u;
	else if (!zone->contents->relative_servers)
		types &= ~(unsigned)HAS_NS;
	return types & ~(unsigned)HAS_OTHER;
}
