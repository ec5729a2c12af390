/*
 * Gates: what has to be true of a stage before the next one begins.
 *
 * Those about mail are opened by reports and by nothing else: what no report
 * tells of stays shut, and nothing is taken for granted because time went by.
 */
#include "base/arena.h"
#include "rollout/gate.h"

enum { SPF_ALONE = 50, SIGNING = 95 };	/* percent signed, at least */

static const char *const state_names[] = { "unknown", "open", "failed",
	"met" };

const char *
gate_state_name(enum gate_state state)
{
	return state_names[state];
}

struct str
gate_value(struct arena *arena, enum gate_kind kind, uint32_t value)
{
	switch (kind) {
	case GATE_PASS_RATE:
		if (value % 100 == 0)
			return arena_printf(arena, "%u", value / 100);
		return arena_printf(arena, value % 10 == 0 ? "%u.%u" :
		    "%u.%02u", value / 100, value % 10 == 0 ?
		    value % 100 / 10 : value % 100);
	case GATE_DKIM_ALIGNED:
	case GATE_NO_SPF_ONLY:
	case GATE_LINT_CLEAN:
		return value != 0 ? STR("true") : STR("false");
	default:
		return arena_printf(arena, "%u", value);
	}
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

bool
stage_wants_reports(const struct stage *stage)
{
	size_t i;

	for (i = 0; i < stage->gate_count; i++)
		if (gate_wants_reports(stage->gates[i].kind))
			return true;
	return false;
}

/* ---- what is known ------------------------------------------------------- */

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

const struct proven *
proven_of(const struct proof *proof, struct str domain)
{
	return proof == NULL ? NULL : table_find(&proof->by_domain, domain);
}

uint32_t
proven_days(const struct proven *proven, day since, day at, day *last)
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

struct tally
group_tally(const struct source_group *group, day since, day at)
{
	struct tally tally = { 0 };
	size_t i;

	for (i = 0; i < group->day_count && group->days[i].date <= at; i++)
		if (group->days[i].date >= since)
			tally_add(&tally, &group->days[i].tally);
	return tally;
}

/* ---- each gate ----------------------------------------------------------- */

/* Not more than is true: "99.99" is not 100. */
static uint32_t
hundredths(uint64_t part, uint64_t whole)
{
	if (part > UINT64_MAX / 10000)
		return (uint32_t)(part / (whole / 10000));
	return (uint32_t)(part * 10000 / whole);
}

struct gate_answer
gate_answer(bool met, enum gate_state otherwise, uint32_t have)
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
		tally = group_tally(group, since, at);
		tally_add(&sum, &tally);
	}
	if (sum.messages == 0)
		return (struct gate_answer){ .state = GATE_UNKNOWN };
	have = hundredths(sum.either, sum.messages);
	return gate_answer(have >= need, GATE_FAILED, have);
}

/* Counted to the last day with reports: silence of receivers proves nothing. */
static struct gate_answer
ask_quiet_days(const struct proven *proven, uint32_t need, day at)
{
	const struct source_group *group;
	day newest = DAY_NONE, last;
	uint32_t have;

	proven_days(proven, 0, at, &last);
	for (group = proven->groups; group != NULL; group = group->next)
		if (group->legitimate && group->first <= at &&
		    group->first > newest)
			newest = group->first;
	if (newest == DAY_NONE || last == DAY_NONE)
		return (struct gate_answer){ .state = GATE_UNKNOWN };
	have = last > newest ? (uint32_t)(last - newest) : 0;
	return gate_answer(have >= need, GATE_OPEN, have);
}

static struct gate_answer
ask_volume(const struct proven *proven, uint32_t need, day since, day at)
{
	const struct source_group *group;
	uint64_t messages = 0;

	for (group = proven->groups; group != NULL; group = group->next)
		messages += group_tally(group, since, at).messages;
	return gate_answer(messages >= need, GATE_OPEN, messages > UINT32_MAX ?
	    UINT32_MAX : (uint32_t)messages);
}

/* ---- who signs ----------------------------------------------------------- */

/* Does the configuration give it anything to sign with? */
static bool
can_sign(const struct config_sender *sender)
{
	return sender->key_count > 0 || sender->dkim_cname != NULL ||
	    (sender->provider != NULL && sender->provider->dkim != NULL &&
	    sender->provider->dkim_aligns != ALIGNS_NO);
}

/* Mail of a configured sender from one day to another. */
static struct tally
mail_of(const struct proven *proven, const struct config_sender *sender,
    day since, day at)
{
	const struct source_group *group = proven == NULL ? NULL :
	    proven->groups;

	for (; group != NULL; group = group->next)
		if (group->kind == SOURCE_SENDER &&
		    group->sender->sender == sender)
			return group_tally(group, since, at);
	return (struct tally){ 0 };
}

bool
gate_signs_enough(const struct tally *tally, unsigned percent)
{
	return tally->messages == 0 ||
	    hundredths(tally->dkim, tally->messages) >= percent * 100;
}

bool
gate_is_mute(const struct proven *proven, const struct config_sender *sender,
    day since, day at)
{
	return !can_sign(sender) &&
	    mail_of(proven, sender, since, at).messages == 0;
}

/*
 * Does every sender that was seen sign so much of its mail? One that was not
 * seen must have something to sign with.
 */
static struct gate_answer
ask_signed(const struct proven *proven, const struct config_domain *domain,
    unsigned percent, day since, day at)
{
	const struct source_group *group;
	bool seen = false, all = true;
	struct tally tally;
	size_t i;

	for (group = proven == NULL ? NULL : proven->groups; group != NULL;
	    group = group->next) {
		if (group->kind != SOURCE_SENDER)
			continue;
		tally = group_tally(group, since, at);
		seen |= tally.messages > 0;
		all &= gate_signs_enough(&tally, percent);
	}
	for (i = 0; i < domain->sender_count; i++)
		all &= !gate_is_mute(proven, domain->senders[i], since, at);
	if (all && !seen)
		return (struct gate_answer){ .state = GATE_UNKNOWN };
	return gate_answer(all, GATE_FAILED, all);
}

unsigned
gate_percent_signed(enum gate_kind kind)
{
	return kind == GATE_DKIM_ALIGNED ? SIGNING :
	    kind == GATE_NO_SPF_ONLY ? SPF_ALONE : 0;
}

/* ---- what reports say ---------------------------------------------------- */

day
gate_recent_days(day since, day at)
{
	return since > at - PROOF_DAYS + 1 ? since : at - PROOF_DAYS + 1;
}

struct gate_answer
gate_ask(const struct proof *proof, const struct config_domain *domain,
    const struct gate *gate, day since, day at)
{
	const struct proven *proven = proven_of(proof, domain->name);
	const struct gate_answer unknown = { .state = GATE_UNKNOWN };
	unsigned percent = gate_percent_signed(gate->kind);
	uint32_t days = 0;
	day recent, last;

	if (proven != NULL && since != DAY_NONE)
		days = proven_days(proven, since, at, &last);
	if (days == 0)
		return percent == 0 ? unknown : ask_signed(NULL, domain,
		    percent, since, at);
	recent = gate_recent_days(since, at);
	if (percent > 0)
		return ask_signed(proven, domain, percent, recent, at);
	switch (gate->kind) {
	case GATE_PASS_RATE:
		return ask_pass_rate(proven, gate->need, recent, at);
	case GATE_QUIET_DAYS:
		return ask_quiet_days(proven, gate->need, at);
	case GATE_VOLUME:
		return ask_volume(proven, gate->need, since, at);
	case GATE_COVERAGE_DAYS:
		return gate_answer(days >= gate->need, GATE_OPEN, days);
	default:
		return unknown;
	}
}

bool
gates_are_met(const struct proof *proof, const struct config_domain *domain,
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

bool
proof_has_days(const struct proof *proof, struct str domain, day since, day at)
{
	const struct proven *proven = proven_of(proof, domain);
	day last;

	return proven != NULL && proven_days(proven, since, at, &last) > 0;
}

/* ---- what a policy would have hit ---------------------------------------- */

struct hit *
proof_hits(struct arena *arena, const struct proof *proof, struct str domain,
    day at, uint64_t *total)
{
	const struct proven *proven = proven_of(proof, domain);
	struct hit *first = NULL, **link = &first;
	const struct source_group *group;
	struct tally tally;
	day last;

	*total = 0;
	if (proven == NULL)
		return NULL;
	proven_days(proven, 0, at, &last);
	for (group = proven->groups; last != DAY_NONE && group != NULL;
	    group = group->next) {
		tally = group_tally(group, last - PROOF_DAYS + 1, last);
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
