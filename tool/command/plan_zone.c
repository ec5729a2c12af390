/* What the zone publishes, beside what the plan is at. */
#include "base/arena.h"
#include "command/plan.h"

/*
 * The record at _dmarc of the domain; NULL when there is none, several, or
 * when nobody knows (*known).
 */
static const struct record *
find_record(const struct plan *plan, const struct schedule *schedule,
    bool *known)
{
	const struct run *run = plan->run;
	const struct zone *zone = zones_covering(&run->zones,
	    schedule->domain->name);
	const struct record **records;
	size_t count = 0;

	*known = false;
	if (run->resolver == NULL && (zone == NULL || !zone_is_whole(zone)))
		return NULL;
	*known = policy_records(&run->world, run->arena,
	    schedule->domain->name, &records, &count) != ANSWER_UNKNOWN &&
	    count < 2;
	return *known && count == 1 ? records[0] : NULL;
}

const struct record *
plan_zone_record(const struct plan *plan, const struct schedule *schedule)
{
	bool known;

	return find_record(plan, schedule, &known);
}

const struct step *
plan_zone_step(const struct plan *plan, const struct schedule *schedule)
{
	const struct record *record = plan_zone_record(plan, schedule);

	return record == NULL ? NULL : schedule_step_of(schedule,
	    record->dmarc, schedule_on(schedule, plan->at,
	    plan->run->today).step);
}

enum plan_place
plan_place(const struct plan *plan, const struct schedule *schedule,
    struct str *how)
{
	struct arena *arena = plan->run->arena;
	const struct step *now = schedule_on(schedule, plan->at,
	    plan->run->today).step, *step;
	bool known;
	const struct record *record = find_record(plan, schedule, &known);
	struct str excess;

	*how = STR_NONE;
	if (!known || plan->at != plan->run->today)
		return PLAN_PLACE_UNKNOWN;
	if (record == NULL && (now == NULL || now->stage.p == POLICY_ABSENT))
		return PLAN_ON_TIME;
	if (record == NULL) {
		*how = STR("the zone publishes no record yet");
		return PLAN_BEHIND;
	}
	step = schedule_step_of(schedule, record->dmarc, now);
	if (step == NULL) {
		excess = schedule_excess(arena, plan->run->config, schedule,
		    record->dmarc, now);
		if (excess.p == NULL)
			return PLAN_PLACE_UNKNOWN;
		*how = arena_printf(arena, "the zone has the effect of "
		    "\"%.*s\" already, in a record of no stage: %.*s",
		    STR_ARG(excess), STR_ARG(record->text));
		return PLAN_AHEAD;
	}
	if (step == now || (now == NULL && step->stage.p == POLICY_NONE))
		return PLAN_ON_TIME;
	*how = arena_printf(arena, step < now ? "the zone publishes \"%.*s\"" :
	    "the zone publishes \"%.*s\" already; if its mail is known to "
	    "pass, pin \"rollout: {stage: %.*s, since: DATE}\"",
	    STR_ARG(step->stage.name), STR_ARG(step->stage.name));
	return step < now ? PLAN_BEHIND : PLAN_AHEAD;
}
