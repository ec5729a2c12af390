/* Asks the rules about what a zone holds, and about the zone itself. */
#include <string.h>

#include "base/arena.h"
#include "lint/judge.h"
#include "lint/likeness.h"
#include "rules/dkim_keys.h"

static const enum subject subject_of[AUTH_KINDS] = {
	[AUTH_SPF] = SUBJECT_SPF,
	[AUTH_DKIM] = SUBJECT_DKIM,
	[AUTH_DMARC] = SUBJECT_DMARC,
	[AUTH_REPORT] = SUBJECT_REPORT,
	[AUTH_MTASTS] = SUBJECT_MTASTS,
	[AUTH_TLSRPT] = SUBJECT_TLSRPT,
	[AUTH_BIMI] = SUBJECT_BIMI,
};

/* The rule that is speaking from now on. */
static const struct rule *
take_turn(struct lint *lint, const struct active *active)
{
	lint->rule = active->rule;
	lint->level = active->level;
	return active->rule;
}

static void
about(struct lint *lint, struct str owner, uint16_t type, struct span entry)
{
	lint->owner = owner;
	lint->type = type;
	lint->entry = entry;
	lint->domain = owner.p == NULL ? NULL :
	    config_domain(lint->config, owner);
	lint->spf_cost = NULL;
	lint->spf_reach = NULL;
	memset(lint->above, 0, sizeof(lint->above));
}

/* Is it one of those that have anything to say? */
static bool
may_speak(const struct lint *lint, const struct active *active)
{
	return lint->only == NULL || (lint->only->rules[active->number / 64] >>
	    active->number % 64 & 1) != 0;
}

/* Takes note of a rule that has spoken; true when that is of interest. */
static bool
note_speaker(struct lint *lint, const struct active *active, size_t told)
{
	if (lint->speakers == NULL || lint->diags->count == told)
		return false;
	lint->speakers->rules[active->number / 64] |=
	    (uint64_t)1 << active->number % 64;
	return true;
}

/*
 * What keys are like those of others is asked of every zone, so that it is no
 * news when that is told.
 */
static void
check_keys(struct lint *lint, const struct roster *roster)
{
	const struct active *active;

	for (active = roster->first_keys; active != NULL;
	    active = active->next_keys)
		take_turn(lint, active)->check(lint);
}

/* The zone itself. */
void
judge_zone(struct lint *lint, const struct roster *roster)
{
	const struct active *active;
	size_t told;

	about(lint, lint->zone->name, 0, (struct span){ 0 });
	check_keys(lint, roster);
	if (lint->only != NULL && !lint->only->zone)
		return;
	for (active = roster->first[SUBJECT_ZONE]; active != NULL;
	    active = active->next) {
		if (active->rule->keys || !may_speak(lint, active))
			continue;
		told = lint->diags->count;
		take_turn(lint, active)->check(lint);
		if (note_speaker(lint, active, told))
			lint->speakers->zone = true;
	}
}

static void
judge_record(struct lint *lint, const struct roster *roster,
    enum subject subject, const struct record *record, unsigned marks,
    bool hidden)
{
	unsigned type = rrtype_set(record->type);
	const struct turns *turns = roster_turns(roster, lint->zone, subject,
	    type, marks);
	const struct active *active;
	size_t told, i;

	for (i = 0; i < turns->count; i++) {
		active = turns->rows[i];
		if ((hidden && active->rule->in_sight) ||
		    !may_speak(lint, active))
			continue;
		told = lint->diags->count;
		take_turn(lint, active)->record(lint, record);
		if (note_speaker(lint, active, told))
			lint->speakers->types |= type;
	}
}

static bool
is_live_key(const struct record *record)
{
	return record->auth == AUTH_DKIM && record->dkim->p != NULL &&
	    !record->dkim->revoked;
}

/*
 * Nobody can ask for a record at or below a cut, below a DNAME or an asterisk,
 * or at a name that got the origin twice: what it says does not matter, but
 * where it stands does.
 */
static bool
is_out_of_sight(const struct lint *lint, const struct record *record)
{
	const struct zone *zone = lint->zone;
	struct str left = str_slice(record->owner, 0,
	    record->owner.n - zone->name.n - 1);
	const struct node *node;

	if (zone->above_length > 0 && record->owner.n > 2 * zone->name.n &&
	    name_within(left, zone->name)) {
		lint_unlike(lint);
		return true;
	}
	/* An asterisk behind the first label is no wildcard. */
	if (zone_has_wildcards(zone) &&
	    str_contains(record->owner, STR(".*."))) {
		lint_unlike(lint);
		return true;
	}
	node = zone_has_cuts(zone) ? zone_find(zone, record->owner) : NULL;
	return node != NULL && (node->occluded || node->cut);
}

/* Returns true for a DKIM key that is in use. */
static bool
judge_one(struct lint *lint, const struct roster *roster,
    const struct record *record)
{
	unsigned marks = record_marks(record);
	/* Delegations are where they belong. */
	bool hidden = record->type != RR_NS && is_out_of_sight(lint, record);

	about(lint, record->owner, record->type, record->span);
	/* No receiver asks for the type SPF. */
	if (record->auth != AUTH_NONE && record->type == RR_TXT && !hidden &&
	    !text_is_spoiled(record, marks))
		judge_record(lint, roster, subject_of[record->auth], record,
		    marks, hidden);
	if (record->type == RR_TXT || record->type == RR_SPF)
		judge_record(lint, roster, SUBJECT_TXT, record, marks, hidden);
	judge_record(lint, roster, SUBJECT_RECORD, record, marks, hidden);
	if (!is_live_key(record))
		return false;
	/* Those of names that are like others are noted already. */
	if (lint->only == NULL)
		dkim_remember(lint, record);
	return true;
}

/* Of which of these types the name has more than one record. */
static void
note_several(struct lint *lint, unsigned types,
    const struct record *const *records, size_t count)
{
	unsigned once = 0, type;
	size_t i;

	lint->several &= ~types;
	for (i = 0; i < count; i++) {
		type = rrtype_set(records[i]->type);
		lint->several |= once & type;
		once |= type;
	}
}

/*
 * What stands at a name; returns how many DKIM keys. *name is its name, when
 * there is any record.
 */
static size_t
judge_records(struct lint *lint, const struct roster *roster,
    const struct node *node, unsigned types, struct str *name)
{
	const struct record **records;
	size_t count, i, keys = 0;
	struct arena_mark mark;

	count = lint_records(lint, node, types, &records);
	note_several(lint, types, records, count);
	if (count > 0)
		*name = records[0]->owner;
	for (i = 0; i < count; i++) {
		mark = arena_mark(lint->arena);
		keys += judge_one(lint, roster, records[i]);
		arena_release(lint->arena, mark);
	}
	return keys;
}

/* The name itself. */
static void
judge_node(struct lint *lint, const struct roster *roster,
    const struct node *node, struct str name)
{
	const struct turns *turns = roster_turns(roster, lint->zone,
	    SUBJECT_NODE, node->types, ~0u);
	const struct active *active;
	size_t told, i;

	about(lint, name, 0, (struct span){ 0 });
	for (i = 0; i < turns->count; i++) {
		active = turns->rows[i];
		if ((active->several &&
		    (active->rule->types & lint->several) == 0) ||
		    ((node->occluded || node->cut) &&
		    active->rule->in_sight) || !may_speak(lint, active))
			continue;
		told = lint->diags->count;
		take_turn(lint, active)->node(lint, node, name);
		if (note_speaker(lint, active, told))
			lint->speakers->node = true;
	}
}

/* A name and what stands there; returns how many DKIM keys. */
static size_t
judge_name(struct lint *lint, const struct roster *roster, unsigned types,
    const struct node *node)
{
	struct arena_mark mark = arena_mark(lint->arena);
	struct str name = STR_NONE;
	size_t keys = 0;

	lint->several = node->types;
	if ((node->types & types) != 0)
		keys = judge_records(lint, roster, node, types, &name);
	if ((node->types & roster->node_types[node->occluded]) != 0 &&
	    (lint->only == NULL || lint->only->node)) {
		if (name.p == NULL)
			name = node_name(lint->zone, node, lint->arena);
		judge_node(lint, roster, node, name);
	}
	arena_release(lint->arena, mark);
	zone_memory_tidy(lint->world->zones->memory, false);
	return keys;
}

/* A name, and all that are folded in it. */
static size_t
judge_names(struct lint *lint, const struct roster *roster, unsigned types,
    const struct node *top)
{
	const struct node *names[FOLD_NAMES];
	size_t keys = 0, count, i;

	if (!top->folded)
		return judge_name(lint, roster, types, top);
	count = zone_unfolded(lint->zone, top, names);
	for (i = 0; i < count; i++)
		keys += judge_name(lint, roster, types, names[i]);
	return keys;
}

/* One that only those speak of whom it is known; returns how many keys. */
static size_t
judge_like(struct lint *lint, const struct roster *roster, unsigned types,
    size_t name)
{
	struct speakers speakers = { .node = false };
	size_t keys;

	if (!likeness_knows(lint, name, &lint->only, &keys)) {
		lint->speakers = &speakers;
		keys = judge_name(lint, roster, types, likeness_node(lint,
		    name));
		lint->speakers = NULL;
		likeness_remember(lint, name, keys, &speakers);
	} else if (lint->only != NULL) {
		judge_name(lint, roster, types & lint->only->types,
		    likeness_node(lint, name));
		lint->only = NULL;
	}
	return keys;
}

/* The names of a family that may be like others. */
static size_t
judge_family(struct lint *lint, const struct roster *roster, unsigned types,
    size_t names)
{
	size_t keys = 0, i;

	for (i = 0; i < names; i++)
		keys += judge_like(lint, roster, types, i);
	likeness_end(lint);
	return keys;
}

/* One family after the other. */
size_t
judge_nodes(struct lint *lint, const struct roster *roster, size_t from,
    size_t to)
{
	unsigned types = roster_types(roster, lint->zone);
	const unsigned looked_at[] = { types | roster->node_types[false],
	    types | roster->node_types[true] };
	size_t i = from, next, keys = 0, found, names;
	struct arena_mark mark;

	while ((i = zone_next_with(lint->zone, i, to, looked_at)) < to) {
		mark = arena_mark(lint->arena);
		next = likeness_begin(lint, i, to, &names, &found);
		keys += names == LIKE_NONE ? 0 : names == 0 ? found :
		    judge_family(lint, roster, types, names);
		for (; names == LIKE_NONE && i < next; i++)
			keys += judge_names(lint, roster, types,
			    zone_node(lint->zone, i));
		i = next;
		arena_release(lint->arena, mark);
	}
	return keys;
}

void
judge_problems(struct lint *lint, const struct roster *roster)
{
	const struct zone_problem *problem;
	const struct active *active;

	for (problem = lint->zone->contents->problems; problem != NULL;
	    problem = problem->next) {
		about(lint, STR_NONE, 0, problem->span);
		for (active = roster->first[SUBJECT_PROBLEM]; active != NULL;
		    active = active->next)
			take_turn(lint, active)->problem(lint, problem);
	}
}

/* The names of a small zone, of which only those speak who spoke before. */
void
judge_again(struct lint *lint, const struct roster *roster)
{
	size_t i, count;
	unsigned types;

	if (lint->only->types == 0 && !lint->only->node)
		return;
	zone_need(lint->zone);
	types = roster_types(roster, lint->zone) & lint->only->types;
	count = zone_node_count(lint->zone);
	for (i = 0; i < count; i++)
		judge_names(lint, roster, types, zone_node(lint->zone, i));
}

void
judge_elsewhere(struct lint *lint, const struct roster *roster,
    struct zone_keys keys)
{
	const struct active *active;

	about(lint, lint->zone->name, 0, (struct span){ 0 });
	dkim_recall(lint, keys);
	for (active = roster->first_keys; active != NULL;
	    active = active->next_keys)
		if (active->rule->elsewhere != NULL)
			take_turn(lint, active)->elsewhere(lint);
}

void
judge_config(struct lint *lint, const struct roster *roster)
{
	const struct active *active;

	for (active = roster->first[SUBJECT_CONFIG]; active != NULL;
	    active = active->next)
		take_turn(lint, active)->check(lint);
}
