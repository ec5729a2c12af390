/* What plan says, generate does: on every day. */
#include "made.h"

#include <stdio.h>
#include <string.h>

/* Ladders, freezes, waves, pins, subdomains, parked names. */
static const char *const yamls[] = {
	"defaults: {dmarc: {rua: [mailto:d@a.com]}}\n"
	"domains:\n"
	"  a.com: {dmarc: {p: reject}, rollout: {start: 2026-12-01}}\n"
	"  b.com: {dmarc: {p: reject, adkim: s}, ttl: 5m, rollout: {template: "
	"fast, start: 2026-11-02, freeze: [2026-12-18/2027-01-06]}}\n"
	"  c.com: {users: true, rollout: {template: cautious, start: "
	"2026-12-05, wave: 2}}\n",
	"defaults: {rollout: {per_day: 1}}\n"
	"domains:\n"
	"  a.com:\n"
	"    dmarc: {p: reject, sp: quarantine}\n"
	"    rollout: {stage: quarantine, since: 2026-11-02}\n"
	"    subdomains: {news: {rollout: {template: fast, start: "
	"2026-11-30}}}\n"
	"  b.com: {dmarc: {p: quarantine, np: none}, ttl: 1d, rollout: "
	"{template: cisa-bod-18-01, start: 2026-11-24, hold_until: "
	"2027-02-01}}\n",
	"domains:\n"
	"  a.com: {parked: true, rollout: {start: 2026-11-30}}\n"
	"  b.com: {parked: true, rollout: {start: 2026-11-30, wave: 2}}\n"
	"  c.com: {dmarc: {p: reject}, rollout: {template: parked}}\n"
	"  d.com: {dmarc: {p: reject}, rollout: {stage: inventory, since: "
	"2026-11-23}}\n",
};

/* The DMARC record of a domain among those that were made. */
static const struct made *
find_dmarc(const struct made_zones *made, struct str domain,
    struct arena *arena)
{
	struct str owner = name_join(arena, STR("_dmarc"), domain);
	const struct made_zone *zone;
	const struct made *record, *found = NULL;

	for (zone = made->first; zone != NULL; zone = zone->next)
		for (record = zone->records; record != NULL;
		    record = record->next)
			if (str_equal(record->owner, owner)) {
				assert_null(found);
				found = record;
			}
	return found;
}

/* The step whose days, by the plan, hold this one. */
static const struct step *
step_of_day(const struct schedule *schedule, day at)
{
	size_t i;

	for (i = 0; i < schedule->count; i++)
		if (schedule->steps[i].starts != DAY_NONE &&
		    schedule->steps[i].starts <= at &&
		    (schedule->steps[i].ends == DAY_NONE ||
		    at < schedule->steps[i].ends))
			return &schedule->steps[i];
	return NULL;
}

static void
check_day(const struct bench *bench, struct arena *arena, day at)
{
	struct made_zones *made = records_make(&bench->world, arena,
	    bench->schedules, NULL, 0, at);
	const struct schedule *schedule;
	const struct made *planned, *found;
	const struct step *step;

	for (schedule = bench->schedules->first; schedule != NULL;
	    schedule = schedule->next) {
		step = step_of_day(schedule, at);
		planned = step == NULL ? NULL :
		    dmarc_build(bench->world.config, arena, schedule->domain,
		    step);
		found = find_dmarc(made, schedule->domain->name, arena);
		if (planned == NULL) {
			assert_null(found);
			continue;
		}
		assert_non_null(found);
		assert_true(str_equal(found->text, planned->text));
		assert_int_equal(found->ttl, planned->ttl);
	}
}

/* From today on, for two years, over the leap day of 2028. */
static void
test_agreement(void **state)
{
	struct bench bench;
	struct arena *arena = arena_new();
	size_t i;
	day at;

	(void)state;
	for (i = 0; i < countof(yamls); i++) {
		bench_make(&bench, yamls[i], "2026-11-24", "2026-11-24");
		assert_non_null(bench.made);
		for (at = bench.world.today;
		    at < bench.world.today + 2 * 365; at++) {
			check_day(&bench, arena, at);
			arena_reset(arena);
		}
		bench_free(&bench);
	}
	arena_free(arena);
}

/* Stages follow each other without a gap, on days that allow a change. */
static void
test_order(void **state)
{
	const struct schedule *schedule;
	const struct step *step;
	struct bench bench;
	size_t i, k;

	(void)state;
	for (i = 0; i < countof(yamls); i++) {
		bench_make(&bench, yamls[i], "2026-11-24", "2026-11-24");
		for (schedule = bench.schedules->first; schedule != NULL;
		    schedule = schedule->next)
			for (k = 1; k < schedule->count; k++) {
				step = &schedule->steps[k];
				if (step[-1].starts == DAY_NONE)
					continue;
				assert_int_equal(step[-1].ends, step->starts);
				assert_true(step->starts >= step[-1].starts +
				    (day)step[-1].stage.least);
				if (step->starts > bench.world.today)
					assert_true(date_weekday(
					    step->starts) < 4);
			}
		bench_free(&bench);
	}
}

/* One step back is always weaker to both generations, or gone. */
static void
test_rollback(void **state)
{
	const struct schedule *schedule;
	const struct step *back, *step;
	struct bench bench;
	size_t i, k;
	int model;

	(void)state;
	for (i = 0; i < countof(yamls); i++) {
		bench_make(&bench, yamls[i], "2026-11-24", "2026-11-24");
		for (schedule = bench.schedules->first; schedule != NULL;
		    schedule = schedule->next)
			for (k = 0; k < schedule->count; k++) {
				step = &schedule->steps[k];
				back = schedule_rollback(schedule, step);
				assert_true(back == NULL || back + 1 == step);
				for (model = 0; back != NULL &&
				    model < MODELS; model++)
					assert_true(stage_outcome(bench.arena,
					    &back->stage, 'p',
					    (enum model)model) >=
					    stage_outcome(bench.arena,
					    &step->stage, 'p',
					    (enum model)model));
			}
		bench_free(&bench);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_agreement),
		cmocka_unit_test(test_order),
		cmocka_unit_test(test_rollback),
	};

	return cmocka_run_group_tests_name("plan", tests, NULL, NULL);
}
