/*
 * Gates that are seen here and now, in the configuration and the zone files:
 * spf_budget, ttl, lint_clean.
 *
 * What they were on the day on which a stage was due nobody can tell, so they
 * do not decide about the past; and where there are no zone files they may
 * never be known, so what is unknown of them holds nothing that reports let
 * through, or no record would ever be made.
 *
 * But what is seen to have failed today holds a step that is due and not yet
 * published. This must not become a deadlock, so nothing counts that the step
 * itself, or generate, puts right:
 *
 * - errors and lookups are those of the zone as it will be: with all generated
 *   records, and that of the step. The SPF record that generate replaces, and
 *   the DMARC record that the step replaces, are gone there, and the policy
 *   that is missing before "monitor" is there;
 * - that the policy is one of a rollout (p=none, t=y, a weaker sp) is a note
 *   while a domain follows a plan, never an error;
 * - a TTL in the zone that is too long is "open", not failed, when the record
 *   that comes next has a shorter one: the schedule waits for the old one. It
 *   has failed when the generated record itself has a longer one than its own
 *   gate allows, for then only people can mend it;
 * - what stands in the zone already is not taken back: that an error turned up
 *   later is no reason for a weaker policy. Where no zone file tells what is
 *   published, reports of these days show that the first record is.
 */
#include "base/arena.h"
#include "rollout/gate.h"

struct grounds {
	struct table by_domain;		/* of struct ground */
	struct arena *arena;
};

struct grounds *
grounds_new(struct arena *arena)
{
	struct grounds *grounds = ARENA_NEW(arena, struct grounds);

	grounds->arena = arena;
	return grounds;
}

const struct ground *
ground_of(const struct grounds *grounds, struct str domain)
{
	return grounds == NULL ? NULL :
	    table_find(&grounds->by_domain, domain);
}

void
ground_put(struct grounds *grounds, struct str domain,
    const struct ground *ground)
{
	struct ground *copy = ARENA_NEW(grounds->arena, struct ground);

	*copy = *ground;
	table_add(&grounds->by_domain, grounds->arena, domain, copy);
}

static struct gate_answer
see_budget(const struct ground *ground, uint32_t need)
{
	bool over = ground->spf_broken || ground->lookups_min > need;

	return gate_answer(!over && ground->lookups_max <= need, over ?
	    GATE_FAILED : GATE_UNKNOWN, ground->lookups_min);
}

/*
 * The TTL that the next step down or up has to wait for: of the record of the
 * step, or, where that has none, of the one that stands in the zone.
 */
static struct gate_answer
see_ttl(const struct ground *ground, const struct schedule *schedule,
    const struct step *step, uint32_t need)
{
	const struct step *end = schedule->steps + schedule->count;
	uint32_t ttl;

	if (step->stage.p != POLICY_ABSENT) {
		ttl = stage_ttl(schedule->domain, &step->stage);
		return gate_answer(ttl <= need, GATE_FAILED, ttl);
	}
	if (ground == NULL || !ground->knows_record)
		return (struct gate_answer){ .state = GATE_UNKNOWN };
	ttl = ground->record_ttl == 0 ? need : ground->record_ttl;
	return gate_answer(ttl <= need, step + 1 < end &&
	    stage_ttl(schedule->domain, &step[1].stage) > need ?
	    GATE_FAILED : GATE_OPEN, ttl);
}

struct gate_answer
gate_see(const struct ground *ground, const struct schedule *schedule,
    const struct step *step, const struct gate *gate)
{
	const struct gate_answer unknown = { .state = GATE_UNKNOWN };

	if (gate->kind == GATE_TTL)
		return see_ttl(ground, schedule, step, gate->need);
	if (ground == NULL)
		return unknown;
	if (gate->kind == GATE_SPF_BUDGET)
		return see_budget(ground, gate->need);
	if (gate->kind == GATE_LINT_CLEAN)
		return gate_answer(ground->errors == 0, GATE_FAILED,
		    ground->errors == 0);
	return unknown;
}
