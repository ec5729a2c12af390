/*
 * mailzone plan --check: is anything due today? By the zone files, or by what
 * name servers answer.
 */
#include "base/arena.h"
#include "command/plan.h"
#include "net/net.h"

/* What keeps the stage that is held from beginning. */
static void
tell_gates(struct plan *plan, const struct schedule *schedule,
    const struct step *held)
{
	const struct shut_gate *shut;

	for (shut = held->shut; shut != NULL; shut = shut->next)
		run_tell(plan->run, "%.*s: %.*s",
		    STR_ARG(schedule->domain->name),
		    STR_ARG(shut_gate_text(plan->run->arena, shut)));
}

/*
 * A plan that waits for its gates stands still until somebody looks. It may
 * have been said that the day has come.
 */
static size_t
tell_held(struct plan *plan, const struct schedule *schedule, bool said)
{
	struct run *run = plan->run;
	struct published now = schedule_on(schedule, run->today, run->today);

	if (now.held == NULL || schedule_is_at_rest(schedule, run->today))
		return 0;
	if (!said)
		run_tell(run, "%.*s: the day of \"%.*s\" has come, and %s; "
		    "due since %.*s", STR_ARG(schedule->domain->name),
		    STR_ARG(now.held->stage.name), held_by_failure(now.held) ?
		    "a gate to it is shut" :
		    "nothing shows that its gates are open",
		    STR_ARG(date_print(run->arena, now.held->due)));
	tell_gates(plan, schedule, now.held);
	return 1;
}

/* Mail that was fine when its stage began fails now. */
static size_t
tell_trouble(const struct plan *plan, const struct schedule *schedule)
{
	struct run *run = plan->run;
	struct published now = schedule_on(schedule, run->today, run->today);
	struct str trouble = now.step == NULL ? STR_NONE :
	    plan_trouble(plan, schedule, now.step);

	if (trouble.p == NULL)
		return 0;
	run_tell(run, "%.*s: %.*s", STR_ARG(schedule->domain->name),
	    STR_ARG(trouble));
	return 1;
}

/* A policy that no gate let through may cost mail of one's own. */
static size_t
tell_ahead(const struct plan *plan, const struct schedule *schedule)
{
	struct run *run = plan->run;
	struct published now = schedule_on(schedule, run->today, run->today);
	struct str how;

	if (plan_place(plan, schedule, &how) != PLAN_AHEAD)
		return 0;
	run_tell(run, "%.*s: the plan %s%.*s%s, and %.*s",
	    STR_ARG(schedule->domain->name), now.step == NULL ?
	    "has not begun" : "is at \"", STR_ARG(now.step == NULL ? STR("") :
	    now.step->stage.name), now.step == NULL ? "" : "\"",
	    STR_ARG(how));
	return 1;
}

/*
 * A stage that is to be published today and is not. A test stage asks for no
 * more than the one before, so nobody forges more without it; but the next one
 * comes when its time is over, whether it was published or not.
 */
static size_t
tell_behind(const struct plan *plan, const struct schedule *schedule)
{
	struct run *run = plan->run;
	struct published now = schedule_on(schedule, run->today, run->today);
	struct str how;

	if (schedule_is_at_rest(schedule, run->today) ||
	    plan_place(plan, schedule, &how) != PLAN_BEHIND)
		return 0;
	run_tell(run, "%.*s: the day of \"%.*s\" has come, and %.*s",
	    STR_ARG(schedule->domain->name), STR_ARG(now.step->stage.name),
	    STR_ARG(how));
	return 1;
}

/* Says where the zone of a schedule is behind it; how often. */
static size_t
tell_late(struct run *run, const struct world *world,
    const struct schedule *schedule, const struct zone *zone)
{
	const struct selection selection = { .select = STR("plan-late"),
	    .min_level = LEVEL_NOTE };
	struct diags diags = { 0 };
	const struct diag *diag;
	struct str message;
	size_t due = 0;

	lint_zone(world, &selection, zone, run->arena, &diags);
	for (diag = diags.first; diag != NULL; diag = diag->next) {
		if (diag->suppressed ||
		    !str_equal(diag_token(diag), schedule->domain->name))
			continue;
		message = saying_print(diag->message, run->arena);
		run_tell(run, "%.*s", STR_ARG(message));
		due++;
	}
	return due;
}

/* ---- by zone files ------------------------------------------------------- */

/* A zone that is not at hand, or only a part of it, cannot be on time. */
static size_t
check_files(struct run *run, const struct schedule *schedule)
{
	struct str name = schedule->domain->name;
	const struct zone *zone = zones_covering(&run->zones, name);

	if (zone != NULL && zone_is_whole(zone))
		return tell_late(run, &run->world, schedule, zone);
	run_fail(run, name, "whether it is behind the plan is not known: "
	    "\"zones\" gives no whole zone for it");
	return 0;
}

/* ---- by name servers ----------------------------------------------------- */

/*
 * A zone of what is served at _dmarc, which is all that the plan goes by. Its
 * SOA is ours, since it may stand further up.
 */
static struct zone *
served_zone(struct run *run, struct str name, struct str records)
{
	struct zone_options below = { .name = name, .how = ZONE_BY_OPTION };
	struct source *source = ARENA_NEW(run->arena, struct source);

	source->path = STR("(DNS)");
	source->text = arena_printf(run->arena, "%.*s. 0 IN SOA . . 0 0 0 0 "
	    "0\n%.*s", STR_ARG(name), STR_ARG(records));
	return zone_read(run->arena, source, &below);
}

/* Policies above the name, and where a CNAME leads, are asked for as well. */
static size_t
check_served(struct run *run, const struct schedule *schedule)
{
	struct str name = schedule->domain->name;
	const struct reply *reply = resolver_ask(run->resolver,
	    name_join(run->arena, STR("_dmarc"), name), RR_TXT);
	struct zones zones = { .arena = run->arena,
	    .dns = resolver_source(run->resolver) };
	struct world world = run->world;
	struct zone *zone;

	if (reply->kind >= REPLY_FAILED) {
		run_fail(run, name, "whether it is behind the plan is not "
		    "known: %.*s", STR_ARG(reply->why));
		return 0;
	}
	zone = served_zone(run, name, reply->text);
	zones_add(&zones, zone);
	world.zones = &zones;
	world.references = NULL;
	return tell_late(run, &world, schedule, zone);
}

/* ---- all of them --------------------------------------------------------- */

int
plan_check(struct plan *plan)
{
	struct run *run = plan->run;
	const struct schedule *schedule;
	size_t due = 0, late;

	for (schedule = plan->schedules->first; schedule != NULL;
	    schedule = schedule->next) {
		if (!plan_wants(plan, schedule->domain) || !schedule->has_start)
			continue;
		late = run->resolver != NULL ? check_served(run, schedule) :
		    check_files(run, schedule);
		if (late == 0)
			due += tell_behind(plan, schedule);
		due += late + tell_held(plan, schedule, late > 0) +
		    tell_ahead(plan, schedule) + tell_trouble(plan, schedule);
	}
	return due > 0 ? EXIT_FINDINGS : EXIT_CLEAN;
}
