/* Runs the rules over a zone or the configuration. */
#include <string.h>

#include "base/arena.h"
#include "lint/likeness.h"
#include "rules/dkim_keys.h"
#include "rules/suppression.h"

enum {
	SUBJECTS = SUBJECT_CONFIG + 1,
	TURNS_BITS = 9,
	TURNS = 1 << TURNS_BITS
};

/* Its upper bits depend on all of what is multiplied by it. */
#define SPREAD	UINT64_C(0x9e3779b97f4a7c15)

/* A rule that runs, at the level which it has in this run. */
struct active {
	struct active *next;
	struct active *next_keys;	/* that compares keys */
	const struct rule *rule;
	enum level level;
	unsigned marks;			/* one of them a record must have */
	bool several;
	size_t number;			/* from 0 on */
};

/*
 * Those that look at something of these types, and with these marks, one after
 * the other: kept, as most records and names are like others in that.
 */
struct turns {
	enum subject subject;
	unsigned types, marks;
	bool escaped;			/* owners of the zone are */
	const struct active **rows;	/* NULL: none are kept */
	size_t count;
};

/* Those that run, by what they look at. */
struct plan {
	struct arena *arena;
	size_t count;			/* of all */
	struct turns *turns;
	struct active *first[SUBJECTS], *last[SUBJECTS];
	struct active *first_keys;	/* of a zone, the last one first */
	/* Of the records and the names that any of them looks at. */
	unsigned record_types;
	unsigned node_types[2];		/* in sight; below a cut or a DNAME */
};

struct linter {
	struct world world;
	struct zones zones;		/* the same, with a memory */
	const struct selection *selection;
	struct arena *arena;		/* of this */
	struct arena *scratch;		/* see struct lint */
	struct arena *memory;		/* of what is above the zone */
	struct answers *answers;
	struct likeness *likeness;
	struct plan plan;
};

static const enum subject subject_of[AUTH_KINDS] = {
	[AUTH_SPF] = SUBJECT_SPF,
	[AUTH_DKIM] = SUBJECT_DKIM,
	[AUTH_DMARC] = SUBJECT_DMARC,
	[AUTH_REPORT] = SUBJECT_REPORT,
	[AUTH_MTASTS] = SUBJECT_MTASTS,
	[AUTH_TLSRPT] = SUBJECT_TLSRPT,
	[AUTH_BIMI] = SUBJECT_BIMI,
};

static unsigned
types_of(const struct rule *rule)
{
	return rule->types == 0 ? ~0u : rule->types;
}

static void
add_node_types(struct plan *plan, const struct rule *rule)
{
	plan->node_types[false] |= types_of(rule);
	if (!rule->in_sight)
		plan->node_types[true] |= types_of(rule);
}

static void
add_types(struct plan *plan, const struct rule *rule)
{
	if (rule->subject == SUBJECT_RECORD)
		plan->record_types |= types_of(rule);
	else if (rule->subject == SUBJECT_NODE)
		add_node_types(plan, rule);
	else if (rule->subject <= SUBJECT_TXT)
		plan->record_types |= HAS_TXT | HAS_SPF;
}

static struct plan
make_plan(const struct world *world, const struct selection *selection,
    struct arena *arena)
{
	/* Keys are counted, whoever looks at them. */
	struct plan plan = { .arena = arena,
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
		active->number = plan.count++;
		if (plan.last[rule->subject] == NULL)
			plan.first[rule->subject] = active;
		else
			plan.last[rule->subject]->next = active;
		plan.last[rule->subject] = active;
		if (rule->keys) {
			active->next_keys = plan.first_keys;
			plan.first_keys = active;
		}
		add_types(&plan, rule);
	}
	return plan;
}

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

static void
run_checks(struct lint *lint, const struct active *active)
{
	for (; active != NULL; active = active->next)
		take_turn(lint, active)->check(lint);
}

/*
 * What keys are like those of others is asked of every zone, so that it is no
 * news when that is told.
 */
static void
check_keys(struct lint *lint, const struct plan *plan)
{
	const struct active *active;

	for (active = plan->first_keys; active != NULL;
	    active = active->next_keys)
		take_turn(lint, active)->check(lint);
}

/* The zone itself. */
static void
check_zone(struct lint *lint, const struct plan *plan)
{
	const struct active *active;
	size_t told;

	about(lint, lint->zone->name, 0, (struct span){ 0 });
	check_keys(lint, plan);
	if (lint->only != NULL && !lint->only->zone)
		return;
	for (active = plan->first[SUBJECT_ZONE]; active != NULL;
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
make_turns(const struct plan *plan, struct turns *turns)
{
	const struct active *active;

	if (turns->rows == NULL)
		turns->rows = ARENA_ARRAY(plan->arena, plan->count,
		    const struct active *);
	turns->count = 0;
	for (active = plan->first[turns->subject]; active != NULL;
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
static const struct turns *
turns_of(const struct plan *plan, const struct zone *zone,
    enum subject subject, unsigned types, unsigned marks)
{
	struct turns wanted = { .subject = subject, .types = types,
	    .marks = marks, .escaped = zone->escaped_owners };
	uint64_t key = (types * (uint64_t)SUBJECTS + subject) * SPREAD;
	size_t place = (size_t)((key ^ marks) * SPREAD >> (64 - TURNS_BITS));
	struct turns *turns = &plan->turns[place];
	struct turns *other = &plan->turns[place ^ 1];

	if (turns->rows != NULL && are_same(turns, &wanted))
		return turns;
	if (other->rows != NULL && are_same(other, &wanted))
		return other;
	if (turns->rows != NULL && other->rows == NULL)
		turns = other;
	wanted.rows = turns->rows;
	*turns = wanted;
	make_turns(plan, turns);
	return turns;
}

static void
judge_record(struct lint *lint, const struct plan *plan,
    enum subject subject, const struct record *record, unsigned marks)
{
	unsigned type = rrtype_set(record->type);
	const struct turns *turns = turns_of(plan, lint->zone, subject, type,
	    marks);
	const struct active *active;
	size_t told, i;

	for (i = 0; i < turns->count; i++) {
		active = turns->rows[i];
		if (!may_speak(lint, active))
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
 * Nobody can ask for a record below a cut or a DNAME, or at a name that got
 * the origin twice: what it says does not matter, where it stands does.
 */
static bool
is_out_of_sight(const struct lint *lint, const struct record *record)
{
	const struct zone *zone = lint->zone;
	struct str left = str_slice(record->owner, 0,
	    record->owner.n - zone->name.n - 1);
	const struct node *node;

	if (zone->above.n > 0 && record->owner.n > 2 * zone->name.n &&
	    name_within(left, zone->name)) {
		lint_unlike(lint);
		return true;
	}
	node = zone_has_cuts(zone) ? zone_find(zone, record->owner) : NULL;
	return node != NULL && node->occluded;
}

/* NS records are many, and only those with a mistake are of interest. */
static unsigned
wanted_types(const struct zone *zone, const struct plan *plan)
{
	unsigned types = plan->record_types;

	if (zone->escaped_owners)
		types = ~0u;
	else if (!zone->relative_servers)
		types &= ~(unsigned)HAS_NS;
	return types & ~(unsigned)HAS_OTHER;
}

/* Returns true for a DKIM key that is in use. */
static bool
judge_one(struct lint *lint, const struct plan *plan,
    const struct record *record)
{
	unsigned marks = record_marks(record);

	about(lint, record->owner, record->type, record->span);
	/* No receiver asks for the type SPF. */
	if (record->auth != AUTH_NONE && record->type == RR_TXT &&
	    !is_out_of_sight(lint, record) && !text_is_spoiled(record, marks))
		judge_record(lint, plan, subject_of[record->auth], record,
		    marks);
	if (record->type == RR_TXT || record->type == RR_SPF)
		judge_record(lint, plan, SUBJECT_TXT, record, marks);
	judge_record(lint, plan, SUBJECT_RECORD, record, marks);
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
judge_records(struct lint *lint, const struct plan *plan,
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
		keys += judge_one(lint, plan, records[i]);
		arena_release(lint->arena, mark);
	}
	return keys;
}

/* The name itself. */
static void
judge_node(struct lint *lint, const struct plan *plan,
    const struct node *node, struct str name)
{
	const struct turns *turns = turns_of(plan, lint->zone, SUBJECT_NODE,
	    node->types, ~0u);
	const struct active *active;
	size_t told, i;

	about(lint, name, 0, (struct span){ 0 });
	for (i = 0; i < turns->count; i++) {
		active = turns->rows[i];
		if ((active->several &&
		    (active->rule->types & lint->several) == 0) ||
		    !may_speak(lint, active))
			continue;
		told = lint->diags->count;
		take_turn(lint, active)->node(lint, node, name);
		if (note_speaker(lint, active, told))
			lint->speakers->node = true;
	}
}

/* A name and what stands there; returns how many DKIM keys. */
static size_t
judge_name(struct lint *lint, const struct plan *plan, unsigned types,
    const struct node *node)
{
	struct arena_mark mark = arena_mark(lint->arena);
	struct str name = STR_NONE;
	size_t keys = 0;

	lint->several = node->types;
	if ((node->types & types) != 0)
		keys = judge_records(lint, plan, node, types, &name);
	if ((node->types & plan->node_types[node->occluded]) != 0 &&
	    (lint->only == NULL || lint->only->node)) {
		if (name.p == NULL)
			name = node_name(lint->zone, node, lint->arena);
		judge_node(lint, plan, node, name);
	}
	arena_release(lint->arena, mark);
	zone_memory_tidy(lint->world->zones->memory, false);
	return keys;
}

/* A name, and all that are folded in it. */
static size_t
judge_names(struct lint *lint, const struct plan *plan, unsigned types,
    const struct node *top)
{
	const struct node *names[FOLD_NAMES];
	size_t keys = 0, count, i;

	if (!top->folded)
		return judge_name(lint, plan, types, top);
	count = zone_unfolded(lint->zone, top, names);
	for (i = 0; i < count; i++)
		keys += judge_name(lint, plan, types, names[i]);
	return keys;
}

/* One that only those speak of whom it is known; returns how many keys. */
static size_t
judge_like(struct lint *lint, const struct plan *plan, unsigned types,
    size_t name)
{
	struct speakers speakers = { .node = false };
	const struct node *node = likeness_node(lint, name);
	size_t keys;

	if (!likeness_knows(lint, name, &lint->only, &keys)) {
		lint->speakers = &speakers;
		keys = judge_name(lint, plan, types, node);
		lint->speakers = NULL;
		likeness_remember(lint, name, keys, &speakers);
	} else if (lint->only != NULL) {
		judge_name(lint, plan, types & lint->only->types, node);
		lint->only = NULL;
	}
	return keys;
}

/* The names of a family that may be like others. */
static size_t
judge_family(struct lint *lint, const struct plan *plan, unsigned types,
    size_t names)
{
	size_t keys = 0, i;

	for (i = 0; i < names; i++)
		keys += judge_like(lint, plan, types, i);
	likeness_end(lint);
	return keys;
}

/* One family after the other. */
static size_t
judge_nodes(struct lint *lint, const struct plan *plan, size_t from,
    size_t to)
{
	unsigned types = wanted_types(lint->zone, plan);
	const unsigned looked_at[] = { types | plan->node_types[false],
	    types | plan->node_types[true] };
	size_t i = from, next, keys = 0, found, names;
	struct arena_mark mark;

	while ((i = zone_next_with(lint->zone, i, to, looked_at)) < to) {
		mark = arena_mark(lint->arena);
		next = likeness_begin(lint, i, to, &names, &found);
		keys += names == LIKE_NONE ? 0 : names == 0 ? found :
		    judge_family(lint, plan, types, names);
		for (; names == LIKE_NONE && i < next; i++)
			keys += judge_names(lint, plan, types,
			    zone_node(lint->zone, i));
		i = next;
		arena_release(lint->arena, mark);
	}
	return keys;
}

static void
judge_problems(struct lint *lint, const struct plan *plan)
{
	const struct zone_problem *problem;
	const struct active *active;

	for (problem = lint->zone->problems; problem != NULL;
	    problem = problem->next) {
		about(lint, STR_NONE, 0, problem->span);
		for (active = plan->first[SUBJECT_PROBLEM]; active != NULL;
		    active = active->next)
			take_turn(lint, active)->problem(lint, problem);
	}
}

struct linter *
linter_new(const struct world *world, const struct selection *selection)
{
	struct arena *arena = arena_new();
	struct linter *linter = ARENA_NEW(arena, struct linter);

	linter->world = *world;
	linter->zones = *world->zones;
	linter->zones.memory = zone_memory_new(arena);
	linter->world.zones = &linter->zones;
	linter->world.psl = psl_watch(arena, world->psl);
	linter->selection = selection;
	linter->arena = arena;
	linter->scratch = arena_child(arena);
	linter->memory = arena_child(arena);
	linter->answers = answers_new(arena);
	linter->likeness = likeness_new(arena);
	linter->plan = make_plan(world, selection, arena);
	return linter;
}

void
linter_free(struct linter *linter)
{
	arena_free(linter->arena);
}

/* Where views share a name, a zone asks those of its own. */
static void
take_view(struct linter *linter, struct str view)
{
	if (str_equal(linter->zones.view, view))
		return;
	linter->zones.view = view;
	zone_memory_tidy(linter->zones.memory, true);
	answers_forget(linter->answers);
}

static struct lint
start(struct linter *linter, const struct zone *zone, struct arena *keep,
    struct diags *diags)
{
	struct likeness *likeness;

	take_view(linter, zone->view);
	psl_watch_below(linter->world.psl, zone->name);
	linter->world.memo = policy_memo_new(linter->memory, zone->name);
	likeness = linter->selection->each ? NULL :
	    likeness_of(linter->likeness, &linter->world, zone);
	return (struct lint){ .likeness = likeness,
	    .unlike = likeness_unlike(likeness), .world = &linter->world, .zone = zone,
	    .config = linter->world.config, .selection = linter->selection,
	    .arena = linter->scratch, .keep = keep, .diags = diags,
	    .answers = linter->answers };
}

static void
finish(struct linter *linter)
{
	zone_memory_tidy(linter->zones.memory, true);
	arena_reset(linter->scratch);
	linter->world.memo = NULL;
	arena_reset(linter->memory);
}

enum { PART_NODES = 2048, FEW_RECORDS = 1024 };

/* What a small zone has for names is perhaps never asked. */
size_t
linter_parts(const struct zone *zone)
{
	size_t nodes = !zone_is_read(zone) ||
	    zone->record_count < FEW_RECORDS ? 0 : zone_node_count(zone);

	return nodes <= PART_NODES ? 1 : (nodes - 1) / PART_NODES + 1;
}

static void
judge_part(struct linter *linter, const struct zone *zone, size_t number,
    struct arena *keep, struct zone_part *part, struct speakers *speakers)
{
	struct lint lint = start(linter, zone, keep, &part->diags);
	size_t from = number * PART_NODES, nodes = zone_node_count(zone);
	size_t to = number + 1 == linter_parts(zone) ? nodes :
	    from + PART_NODES;

	lint.memory = part->memory;
	lint.speakers = speakers;
	part->key_count = judge_nodes(&lint, &linter->plan, from, to);
	part->keys = lint.keys;
}

void
linter_judge_part(struct linter *linter, const struct zone *zone,
    size_t number, struct arena *keep, struct zone_part *part)
{
	judge_part(linter, zone, number, keep, part, NULL);
	finish(linter);
}

static void
keep_keys(const struct lint *lint, struct zone_verdict *verdict)
{
	if (lint->selection->census || lint->world->census != NULL)
		verdict->remembered = dkim_keep(lint->keys, lint->keep);
}

static void
judge_rest(struct linter *linter, const struct zone *zone,
    struct zone_part *parts, size_t count, struct arena *keep,
    struct zone_verdict *verdict, struct speakers *speakers)
{
	struct lint lint = start(linter, zone, keep, &verdict->diags);
	size_t i;

	lint.speakers = speakers;
	for (i = 0; i < count; i++) {
		diags_move(&verdict->diags, &parts[i].diags);
		lint.keys = dkim_join(lint.keys, parts[i].keys);
		verdict->keys += parts[i].key_count;
	}
	judge_problems(&lint, &linter->plan);
	check_zone(&lint, &linter->plan);
	keep_keys(&lint, verdict);
	if (linter->selection->standing)
		verdict->standing = zone_standing(&linter->world,
		    linter->scratch, zone);
	verdict->records = zone->record_count;
	finish(linter);
}

void
linter_judge_rest(struct linter *linter, const struct zone *zone,
    struct zone_part *parts, size_t count, struct arena *keep,
    struct zone_verdict *verdict)
{
	judge_rest(linter, zone, parts, count, keep, verdict, NULL);
}

/* The names of a small zone, of which only those speak who spoke before. */
static void
judge_again(struct lint *lint, const struct plan *plan)
{
	size_t i, count;
	unsigned types;

	if (lint->only->types == 0 && !lint->only->node)
		return;
	zone_need(lint->zone);
	types = wanted_types(lint->zone, plan) & lint->only->types;
	count = zone_node_count(lint->zone);
	for (i = 0; i < count; i++)
		judge_names(lint, plan, types, zone_node(lint->zone, i));
}

/*
 * In a zone like another one only keys can be wrong besides: others may hold
 * them. Where nothing else is nobody speaks of anything.
 */
static bool
judge_by_likeness(struct linter *linter, const struct zone *zone,
    struct arena *keep, struct arena *memory, struct zone_verdict *verdict)
{
	static const struct speakers nobody = { .zone = false };
	struct lint lint = start(linter, zone, keep, &verdict->diags);
	bool known;

	lint.memory = memory;
	known = likeness_knows_zone(&lint, verdict, &lint.only);
	if (known) {
		if (lint.only == NULL)
			lint.only = &nobody;
		judge_again(&lint, &linter->plan);
		if (lint.only->zone)
			zone_need(zone);
		check_zone(&lint, &linter->plan);
		keep_keys(&lint, verdict);
	}
	finish(linter);
	return known;
}

void
linter_judge_small(struct linter *linter, const struct zone *zone,
    size_t number, struct arena *keep, struct arena *memory,
    struct zone_verdict *verdict)
{
	struct zone_part part = { .memory = memory };
	struct speakers speakers = { .zone = false };
	struct lint lint;

	if (judge_by_likeness(linter, zone, keep, memory, verdict))
		return;
	zone_need(zone);
	/* The rest asks for records that the part has read. */
	judge_part(linter, zone, 0, keep, &part, &speakers);
	judge_rest(linter, zone, &part, 1, keep, verdict, &speakers);
	lint = start(linter, zone, keep, &verdict->diags);
	likeness_remember_zone(&lint, number, verdict->keys, &speakers);
}

void
linter_judge_elsewhere(struct linter *linter, const struct census *census,
    const struct zone *zone, size_t number, struct arena *keep,
    struct zone_verdict *verdict)
{
	struct lint lint = start(linter, zone, keep, &verdict->diags);
	const struct active *active;

	lint.memory = linter->scratch;
	linter->world.census = census;
	if (census_is_shared(census, number)) {
		zone_need(zone);
		about(&lint, zone->name, 0, (struct span){ 0 });
		dkim_recall(&lint, verdict->remembered);
		for (active = linter->plan.first_keys; active != NULL;
		    active = active->next_keys)
			if (active->rule->elsewhere != NULL)
				take_turn(&lint, active)->elsewhere(&lint);
	}
	suppress(&lint, linter->selection, verdict->diags.first);
	finish(linter);
}

void
lint_config(const struct world *world, const struct selection *selection,
    struct arena *keep, struct diags *diags)
{
	struct lint lint = {
		.world = world, .config = world->config,
		.selection = selection,
		.arena = arena_new(), .keep = keep, .diags = diags
	};
	struct arena *arena = arena_new();
	struct plan plan = make_plan(world, selection, arena);

	lint.answers = answers_new(arena);
	if (world->config->source != NULL)
		run_checks(&lint, plan.first[SUBJECT_CONFIG]);
	arena_free(lint.arena);
	arena_free(arena);
}
