/* Where a domain stands in its rollout, and what there is to say about it. */
#include "base/arena.h"
#include "generate/maker.h"

/* Nobody pinned it, and the zone is further: that is taken back. */
static void
tell_retreat(struct maker *maker, const struct config_domain *domain,
    const struct schedule *schedule, const struct step *now)
{
	const struct record **records;
	const struct step *there;
	struct str further;
	size_t count = 0;

	if (now == NULL || now->pinned || now->stage.p == POLICY_ABSENT ||
	    policy_records(maker->world, maker->arena, domain->name, &records,
	    &count) != ANSWER_DATA || count != 1)
		return;
	there = schedule_step_of(schedule, records[0]->dmarc, now);
	further = there == NULL ? schedule_excess(maker->arena, maker->config,
	    schedule, records[0]->dmarc, now) :
	    there > now ? there->stage.name : STR_NONE;
	if (further.p != NULL)
		maker_remark(maker, domain, "plan-held", domain->rollout.span,
		    arena_printf(maker->arena, "%.*s goes back from \"%.*s\", "
		    "which its zone publishes, to \"%.*s\", where the plan "
		    "is: pin the stage if it is meant to stay",
		    STR_ARG(domain->name), STR_ARG(further),
		    STR_ARG(now->stage.name)));
}

struct standing
maker_standing(struct maker *maker, const struct config_domain *domain)
{
	struct standing standing = { .schedule = schedule_find(
	    maker->schedules, domain), .locked = domain->parked };
	struct str name = STR("no record"), shortfall;
	struct published now;

	if (standing.schedule == NULL)
		return standing;
	shortfall = schedule_shortfall(maker->arena, standing.schedule);
	if (shortfall.p != NULL)
		maker_remark(maker, domain, "plan-target", domain->rollout.span,
		    shortfall);
	now = schedule_on(standing.schedule, maker->at, maker->world->today);
	standing.step = now.step;
	tell_retreat(maker, domain, standing.schedule, now.step);
	if (now.step != NULL)
		name = now.step->stage.name;
	standing.locked &= schedule_is_last(standing.schedule, now.step);
	if (now.held != NULL)
		maker_remark(maker, domain, "plan-held", domain->rollout.span,
		    arena_printf(maker->arena, "%.*s stays "
		    "at \"%.*s\": %.*s", STR_ARG(domain->name),
		    STR_ARG(name), STR_ARG(held_text(maker->arena,
		    now.held))));
	else if (now.assumed && now.step != NULL)
		maker_remark(maker, domain, "plan-held", domain->rollout.span,
		    arena_printf(maker->arena, "%.*s at "
		    "\"%.*s\": the day is to come, and its gates are taken "
		    "as open", STR_ARG(domain->name), STR_ARG(name)));
	return standing;
}
