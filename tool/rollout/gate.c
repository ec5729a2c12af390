/*
 * Gates that reports open. What no report tells of stays shut; nothing is
 * taken for granted because time went by.
 */
#include "base/arena.h"
#include "rollout/rollout.h"

enum { SPF_ALONE = 50, SIGNING = 95 };	/* percent signed, at least */

static const char *const state_names[] = { "unknown", "open", "failed",
	"met" };

const char *
gate_state_name(enum gate_state state)
{
	return state_names[state];
}

bool
gate_wants_reports(enum gate_kind kind)
{
	switch (kind) {
	case GATE_PASS_RATE:
	case GATE_QUIET_DAYS:
	case GATE_VOLUME:
	case GATE_COVERAGE_DAYS:
	case GATE_DKIM_ALIGNED:
	case GATE_NO_SPF_ONLY:
		return true;
	case GATE_SPF_BUDGET:
	case GATE_TTL:
	case GATE_LINT_CLEAN:
	case GATE_KINDS:
		break;
	}
	return false;
}

/* ---- what is known ------------------------------------------------------------ */

struct proven {
	const struct domain_evidence *evidence;
	struct source_group *groups;
};

struct proof {
	struct table by_domain;		/* of struct proven */
};

struct proof *
proof_make(const struct world *world, struct arena *arena,
    const struct evidence *evidence)
{
	struct proof *proof = ARENA_NEW(arena, struct proof);
	const struct config_domain *configured;
	const struct domain_evidence *domain;
	struct proven *proven;

	for (domain = evidence->domains; domain != NULL;
	    domain = domain->next) {
		configured = config_domain(world->config, domain->name);
		if (configured == NULL || !configured->rollout.present)
			continue;
		proven = ARENA_NEW(arena, struct proven);
		proven->evidence = domain;
		proven->groups = groups_of(world, arena, evidence, domain);
		table_add(&proof->by_domain, arena, domain->name, proven);
	}
	return proof;
}

static const struct proven *
find(const struct proof *proof, struct str domain)
{
	return proof == NULL ? NULL : table_find(&proof->by_domain, domain);
}

/* Days with reports, and the last of them. */
static uint32_t
count_days(const struct proven *proven, day since, day at, day *last)
{
	const struct domain_evidence *evidence = proven->evidence;
	uint32_t count = 0;
	size_t i;

	*last = DAY_NONE;
	for (i = 0; i < evidence->day_count &&
	    evidence->days[i].date <= at; i++) {
		*last = evidence->days[i].date;
		count += evidence->days[i].date >= since;
	}
	return count;
}

static struct tally
tally_of(const struct source_group *group, day since, day at)
{
	struct tally tally = { 0 };
	size_t i;

	for (i = 0; i < group->day_count && group->days[i].date <= at; i++)
		if (group->days[i].date >= since)
			tally_add(&tally, &group->days[i].tally);
	return tally;
}

/* ---- each gate --------------------------------------------------------------------- */

/* Not more than is true: "99.99" is not 100. */
static uint32_t
hundredths(uint64_t part, uint64_t whole)
{
	if (part > UINT64_MAX / 10000)
		return (uint32_t)(part / (whole / 10000));
	return (uint32_t)(part * 10000 / whole);
}

static struct gate_answer
answer(bool met, enum gate_state otherwise, uint32_t have)
{
	return (struct gate_answer){ met ? GATE_MET : otherwise, true, have };
}

static struct gate_answer
ask_pass_rate(const struct proven *proven, uint32_t need, day since, day at)
{
	const struct source_group *group;
	struct tally sum = { 0 }, tally;
	uint32_t have;

	for (group = proven->groups; group != NULL; group = group->next) {
		if (group->kind != SOURCE_SENDER)
			continue;
		tally = tally_of(group, since, at);
		tally_add(&sum, &tally);
	}
	if (sum.messages == 0)
		return (struct gate_answer){ .state = GATE_UNKNOWN };
	have = hundredths(sum.either, sum.messages);
	return answer(have >= need, GATE_FAILED, have);
}

/* Counted to the last day with reports: silence of receivers proves nothing. */
static struct gate_answer
ask_quiet_days(const struct proven *proven, uint32_t need, day at)
{
	const struct source_group *group;
	day newest = DAY_NONE, last;
	uint32_t have;

	count_days(proven, 0, at, &last);
	for (group = proven->groups; group != NULL; group = group->next)
		if (group->legitimate && group->first <= at &&
		    group->first > newest)
			newest = group->first;
	if (newest == DAY_NONE || last == DAY_NONE)
		return (struct gate_answer){ .state = GATE_UNKNOWN };
	have = last > newest ? (uint32_t)(last - newest) : 0;
	return answer(have >= need, GATE_OPEN, have);
}

static struct gate_answer
ask_volume(const struct proven *proven, uint32_t need, day since, day at)
{
	const struct source_group *group;
	uint64_t messages = 0;

	for (group = proven->groups; group != NULL; group = group->next)
		messages += tally_of(group, since, at).messages;
	return answer(messages >= need, GATE_OPEN, messages > UINT32_MAX ?
	    UINT32_MAX : (uint32_t)messages);
}

/* Does every sender that was seen sign so much of its mail? */
static struct gate_answer
ask_signed(const struct proven *proven, unsigned percent, day since, day at)
{
	const struct source_group *group;
	bool seen = false, all = true;
	struct tally tally;

	for (group = proven->groups; group != NULL; group = group->next) {
		if (group->kind != SOURCE_SENDER)
			continue;
		tally = tally_of(group, since, at);
		if (tally.messages == 0)
			continue;
		seen = true;
		all &= hundredths(tally.dkim, tally.messages) >=
		    percent * 100;
	}
	if (!seen)
		return (struct gate_answer){ .state = GATE_UNKNOWN };
	return answer(all, GATE_FAILED, all);
}

struct gate_answer
gate_ask(const struct proof *proof, struct str domain,
    const struct gate *gate, day since, day at)
{
	const struct proven *proven = find(proof, domain);
	const struct gate_answer unknown = { .state = GATE_UNKNOWN };
	day recent = at - PROOF_DAYS + 1, last;
	uint32_t days;

	if (proven == NULL || since == DAY_NONE)
		return unknown;
	days = count_days(proven, since, at, &last);
	if (days == 0)
		return unknown;
	if (recent < since)
		recent = since;
	switch (gate->kind) {
	case GATE_PASS_RATE:
		return ask_pass_rate(proven, gate->need, recent, at);
	case GATE_QUIET_DAYS:
		return ask_quiet_days(proven, gate->need, at);
	case GATE_VOLUME:
		return ask_volume(proven, gate->need, since, at);
	case GATE_COVERAGE_DAYS:
		return answer(days >= gate->need, GATE_OPEN, days);
	case GATE_DKIM_ALIGNED:
		return ask_signed(proven, SIGNING, recent, at);
	case GATE_NO_SPF_ONLY:
		return ask_signed(proven, SPF_ALONE, recent, at);
	case GATE_SPF_BUDGET:
	case GATE_TTL:
	case GATE_LINT_CLEAN:
	case GATE_KINDS:
		break;
	}
	return unknown;
}

bool
gates_are_met(const struct proof *proof, struct str domain,
    const struct stage *stage, day since, day at)
{
	const struct gate *gate;
	size_t i;

	for (i = 0; i < stage->gate_count; i++) {
		gate = &stage->gates[i];
		if (gate_wants_reports(gate->kind) && gate_ask(proof, domain,
		    gate, since, at).state != GATE_MET)
			return false;
	}
	return true;
}

/* ---- what a policy would have hit ------------------------------------------------------ */

struct hit *
proof_hits(struct arena *arena, const struct proof *proof, struct str domain,
    day at, uint64_t *total)
{
	const struct proven *proven = find(proof, domain);
	struct hit *first = NULL, **link = &first;
	const struct source_group *group;
	struct tally tally;
	day last;

	*total = 0;
	if (proven == NULL)
		return NULL;
	count_days(proven, 0, at, &last);
	for (group = proven->groups; last != DAY_NONE && group != NULL;
	    group = group->next) {
		tally = tally_of(group, last - PROOF_DAYS + 1, last);
		*total += tally.messages;
		if (tally.messages == tally.either)
			continue;
		*link = ARENA_NEW(arena, struct hit);
		(*link)->source = group;
		(*link)->messages = tally.messages - tally.either;
		(*link)->why = group_todo(arena, group, &tally, domain);
		link = &(*link)->next;
	}
	return first;
}
