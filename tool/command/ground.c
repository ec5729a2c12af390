/*
 * What is seen here and now of a domain, for the gates of its plan that no
 * report opens: of its zone as it will be.
 */
#include "base/arena.h"
#include "command/command.h"

struct survey {
	struct run *run;
	const struct schedules *schedules;
	day at;
	struct grounds *grounds;
	/* The zones with the records of the day in them; made on demand. */
	struct zones zones;
	struct world world;
	/* The zone that was judged last: many plans may share one. */
	const struct zone *judged;
	const struct diags *found;
};

static struct survey *
survey_new(struct run *run, const struct schedules *schedules, day at)
{
	struct survey *survey = ARENA_NEW(run->arena, struct survey);

	survey->run = run;
	survey->schedules = schedules;
	survey->at = at;
	survey->grounds = grounds_new(run->arena);
	return survey;
}

/*
 * The record that stands at _dmarc now goes with the first stage that has one:
 * what is wrong with it is no reason not to begin that. STR_NONE: nothing goes.
 */
static struct str
replaced_owner(const struct survey *survey, const struct schedule *schedule)
{
	const struct step *now = schedule_on(schedule, survey->at,
	    survey->run->today).step;

	if (now != NULL && now->stage.p != POLICY_ABSENT)
		return STR_NONE;
	return name_join(survey->run->arena, STR("_dmarc"),
	    schedule->domain->name);
}

/* "spf-all-pass at bad.example.com" */
static struct str
describe_error(struct arena *arena, const struct diag *diag)
{
	return diag->owner == NULL ? str_from(diag->rule->id) :
	    arena_printf(arena, "%s at %.*s", diag->rule->id,
	    STR_ARG(name_show(diag_owner(diag))));
}

static void
look_at_errors(struct survey *survey, const struct schedule *schedule,
    struct ground *ground)
{
	struct run *run = survey->run;
	const struct zone *zone = zones_covering(&survey->zones,
	    schedule->domain->name);
	const struct diag *first;

	if (zone == NULL)
		return;
	if (zone != survey->judged)
		survey->found = run_errors(run, &survey->world, zone->name);
	survey->judged = zone;
	ground->errors = run_count_errors(run, survey->found,
	    schedule->domain, replaced_owner(survey, schedule), &first);
	if (ground->errors > 0)
		ground->first_error = describe_error(run->arena, first);
}

static void
look_at_record(const struct survey *survey, struct str domain,
    struct ground *ground)
{
	const struct run *run = survey->run;
	const struct record **records;
	size_t count = 0;

	ground->knows_record = policy_records(&run->world, run->arena, domain,
	    &records, &count) != ANSWER_UNKNOWN;
	if (count > 0)
		ground->record_ttl = records[0]->ttl;
}

/*
 * The zones as they will be. Name servers are not asked, and the past does not
 * count, so that a plan is the same for all commands.
 */
static void
look_ahead(struct survey *survey)
{
	struct run *run = survey->run;

	run_read_back(run, records_make(&run->world, run->arena,
	    survey->schedules, NULL, 0, survey->at), survey->at, &run->zones,
	    &survey->world, &survey->zones);
	survey->zones.dns = NULL;
	survey->world.state = NULL;
	survey->world.earlier = NULL;
}

const struct ground *
survey_of(struct survey *survey, const struct schedule *schedule)
{
	struct run *run = survey->run;
	struct str domain = schedule->domain->name;
	const struct ground *known = ground_of(survey->grounds, domain);
	struct ground ground = { .first_error = STR("") };
	const struct spf_cost *cost;

	if (known != NULL)
		return known;
	if (survey->zones.arena == NULL)
		look_ahead(survey);
	look_at_errors(survey, schedule, &ground);
	look_at_record(survey, domain, &ground);
	cost = spf_cost(&survey->world, run->arena, domain);
	ground.lookups_min = cost->lookups_min;
	ground.lookups_max = cost->lookups_max;
	ground.spf_broken = cost->permerror;
	ground_put(survey->grounds, domain, &ground);
	return ground_of(survey->grounds, domain);
}

struct survey *
survey_at(struct run *run, day at)
{
	return at == run->today ? run->survey : survey_new(run,
	    run->survey->schedules, at);
}

/* A zone is judged once when the domains in it follow each other. */
void
run_hold(struct run *run, bool loaded)
{
	struct insight insight = { .zones = &run->zones,
	    .proof = run->proof, .state = run->state };
	const struct schedule *schedule;
	struct survey *survey;
	bool any = false;

	if (run->proof != NULL || run->state != NULL)
		run->world.schedules = schedules_make_proven(run->arena,
		    run->config, &insight, run->today);
	survey = survey_new(run, run->world.schedules, run->today);
	for (schedule = run->world.schedules->first; schedule != NULL;
	    schedule = schedule->next)
		if ((!loaded || zones_covering(&run->zones,
		    schedule->domain->name) != NULL) &&
		    schedule_wants_ground(run->config, schedule, &insight,
		    run->today)) {
			survey_of(survey, schedule);
			any = true;
		}
	run->survey = survey;
	if (!any)
		return;
	insight.grounds = survey->grounds;
	run->world.schedules = schedules_make_proven(run->arena, run->config,
	    &insight, run->today);
}
