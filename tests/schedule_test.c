/* Ladders and dates: worked plans. */
#include "support.h"

#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "base/data.h"
#include "base/path.h"
#include "rollout/rollout.h"
#include "world.h"

static struct str
shipped_folder(struct arena *arena)
{
	return path_join(arena, str_from(data_folder()), STR("rollouts"));
}

static struct ladders *
shipped_ladders(struct arena *arena)
{
	return ladders_read(arena, shipped_folder(arena), STR_NONE);
}

static struct config *
config_read_from(struct arena *arena, const char *domains,
    const struct ladders *ladders)
{
	struct source *source = ARENA_NEW(arena, struct source);
	struct providers *none = providers_open(arena, STR_NONE, STR_NONE);
	struct config *config;

	source->path = STR("mailzone.yaml");
	source->text = arena_printf(arena, "version: 1\n%s", domains);
	config = config_read(arena, source, none);
	ladders_resolve(arena, ladders, config);
	return config;
}

static struct config *
config_read_text(struct arena *arena, const char *domains)
{
	return config_read_from(arena, domains, shipped_ladders(arena));
}

static struct config *
config_of(struct arena *arena, const char *domains)
{
	struct config *config = config_read_text(arena, domains);

	if (config->problems.count > 0)
		print_error("%.*s\n",
		    STR_ARG(config->problems.first->what));
	assert_int_equal(config->problems.count, 0);
	return config;
}

static day
date(const char *text)
{
	day number = DAY_NONE;

	assert_true(date_parse(str_from(text), &number));
	return number;
}

/* "monitor 2026-12-01, quarantine 2027-01-04" for each domain, "; " between. */
static struct str
dates_of(struct arena *arena, const struct schedules *schedules)
{
	const struct schedule *schedule;
	struct buffer out = { 0 };
	size_t i;

	for (schedule = schedules->first; schedule != NULL;
	    schedule = schedule->next) {
		if (schedule != schedules->first)
			buffer_add_cstr(&out, "; ");
		for (i = 0; i < schedule->count; i++) {
			if (schedule->steps[i].starts == DAY_NONE)
				continue;
			buffer_printf(&out, "%s%.*s %.*s",
			    out.n == 0 || out.p[out.n - 2] == ';' ? "" : ", ",
			    STR_ARG(schedule->steps[i].stage.name),
			    STR_ARG(date_print(arena,
			    schedule->steps[i].starts)));
		}
	}
	return buffer_finish(&out, arena);
}

static const struct {
	const char *name, *today, *domains, *dates;
} plans[] = {
	{ "weekends are no days for changes", "2026-11-24",
	  "domains:\n  a.com: {dmarc: {p: reject}, "
	  "rollout: {template: standard, start: 2026-12-01}}\n",
	  "inventory 2026-12-01, monitor 2026-12-01, close-holes 2026-12-31, "
	  "test-quarantine 2027-01-07, quarantine 2027-01-21, "
	  "test-reject 2027-02-22, reject 2027-03-08" },
	{ "a start on a Saturday waits for Monday", "2026-11-24",
	  "domains:\n  a.com: {dmarc: {p: reject}, "
	  "rollout: {template: parked, start: 2026-12-05}}\n",
	  "monitor 2026-12-07, reject 2026-12-14" },
	{ "nothing begins in a freeze, time counts on", "2026-11-24",
	  "domains:\n  a.com: {dmarc: {p: reject}, rollout: {template: "
	  "parked, start: 2026-12-14, freeze: [2026-12-20/2027-01-04]}}\n",
	  "monitor 2026-12-14, reject 2027-01-05" },
	{ "the last day of a freeze is frozen", "2026-11-24",
	  "domains:\n  a.com: {dmarc: {p: reject}, rollout: {template: "
	  "parked, start: 2026-12-14, change_days: [mon, tue, wed, thu, fri, "
	  "sat, sun], freeze: [2026-12-21/2026-12-21]}}\n",
	  "monitor 2026-12-14, reject 2026-12-22" },
	{ "a leap day is a day", "2027-11-24",
	  "domains:\n  a.com: {dmarc: {p: reject}, rollout: {template: "
	  "parked, start: 2028-02-22, change_days: [mon, tue, wed, thu, fri, "
	  "sat, sun]}}\n",
	  "monitor 2028-02-22, reject 2028-02-29" },
	{ "hold_until moves the start", "2026-11-24",
	  "domains:\n  a.com: {dmarc: {p: reject}, rollout: {template: "
	  "parked, start: 2026-12-01, hold_until: 2027-02-01}}\n",
	  "monitor 2027-02-01, reject 2027-02-08" },
	{ "a pinned stage goes on from its day", "2027-01-10",
	  "domains:\n  a.com: {dmarc: {p: reject}, rollout: {template: "
	  "standard, stage: quarantine, since: 2027-01-04}}\n",
	  "quarantine 2027-01-04, test-reject 2027-02-03, "
	  "reject 2027-02-17" },
	{ "what is due but shut cannot begin in the past", "2027-03-03",
	  "domains:\n  a.com: {dmarc: {p: reject}, rollout: {template: "
	  "standard, stage: monitor, since: 2026-12-01}}\n",
	  "monitor 2026-12-01, close-holes 2027-03-04, "
	  "test-quarantine 2027-03-11, quarantine 2027-03-25, "
	  "test-reject 2027-04-26, reject 2027-05-10" },
	{ "people keep the target at quarantine", "2026-11-24",
	  "domains:\n  a.com: {users: true, dmarc: {p: reject}, rollout: "
	  "{template: fast, start: 2026-12-01}}\n",
	  "inventory 2026-12-01, monitor 2026-12-01, "
	  "test-quarantine 2026-12-15, quarantine 2026-12-22" },
	{ "unless a profile wants reject", "2026-11-24",
	  "profile: cisa-bod-18-01\ndomains:\n  a.com: {users: true, "
	  "dmarc: {p: reject}, rollout: {template: cisa-bod-18-01, start: "
	  "2026-12-01}}\n",
	  "inventory 2026-12-01, monitor 2026-12-01, quarantine 2027-02-01, "
	  "reject 2027-05-03" },
	{ "people, and reject asked for all the same", "2026-11-24",
	  "domains:\n  a.com: {users: true, dmarc: {p: reject}, rollout: "
	  "{template: fast, start: 2026-12-01, target: reject}}\n",
	  "inventory 2026-12-01, monitor 2026-12-01, "
	  "test-quarantine 2026-12-15, quarantine 2026-12-22, "
	  "test-reject 2027-01-05, reject 2027-01-12" },
	{ "what is published stands, even above the target", "2026-11-24",
	  "domains:\n  a.com: {users: true, dmarc: {p: reject}, rollout: "
	  "{template: fast, stage: test-reject, since: 2026-11-02}}\n",
	  "test-reject 2026-11-02" },
	{ "a pin without a day is from today", "2026-11-24",
	  "domains:\n  a.com: {dmarc: {p: reject}, rollout: {template: fast, "
	  "stage: quarantine, start: 2026-12-01}}\n",
	  "quarantine 2026-11-24, test-reject 2026-12-08, "
	  "reject 2026-12-15" },
	{ "target lowers", "2026-11-24",
	  "domains:\n  a.com: {dmarc: {p: reject}, rollout: {template: fast, "
	  "start: 2026-12-01, target: quarantine}}\n",
	  "inventory 2026-12-01, monitor 2026-12-01, "
	  "test-quarantine 2026-12-15, quarantine 2026-12-22" },
	{ "the goal is what dmarc says", "2026-11-24",
	  "domains:\n  a.com: {dmarc: {p: none}, rollout: {template: fast, "
	  "start: 2026-12-01}}\n",
	  "inventory 2026-12-01, monitor 2026-12-01" },
	{ "the second wave waits a week", "2026-11-24",
	  "domains:\n"
	  "  b.com: {dmarc: {p: reject}, rollout: {template: parked, start: "
	  "2026-12-01, wave: 2}}\n"
	  "  a.com: {dmarc: {p: reject}, rollout: {template: parked, start: "
	  "2026-12-01}}\n",
	  "monitor 2026-12-08, reject 2026-12-15; "
	  "monitor 2026-12-01, reject 2026-12-08" },
	{ "the third wave waits for the first where there is no second",
	  "2026-11-24",
	  "domains:\n"
	  "  b.com: {dmarc: {p: reject}, rollout: {template: parked, start: "
	  "2026-12-01, wave: 3}}\n"
	  "  a.com: {dmarc: {p: reject}, rollout: {template: parked, start: "
	  "2026-12-01}}\n",
	  "monitor 2026-12-08, reject 2026-12-15; "
	  "monitor 2026-12-01, reject 2026-12-08" },
	{ "a wave waits for the last of the wave before, stage by stage",
	  "2026-11-24",
	  "domains:\n"
	  "  a.com: {dmarc: {p: reject}, rollout: {template: parked, start: "
	  "2026-12-01}}\n"
	  "  b.com: {dmarc: {p: reject}, rollout: {template: parked, start: "
	  "2026-12-01, hold_until: 2027-01-11}}\n"
	  "  c.com: {dmarc: {p: reject}, rollout: {template: parked, start: "
	  "2026-12-01, wave: 2}}\n",
	  "monitor 2026-12-01, reject 2026-12-08; "
	  "monitor 2027-01-11, reject 2027-01-18; "
	  "monitor 2027-01-18, reject 2027-01-25" },
	/*
	 * Monday 7 December + 7 = the 14th, and then the Friday; + 60 = Tuesday
	 * 16 February, so Friday the 19th; + 90 = 20 May, so the 21st.
	 */
	{ "a wave keeps to the days that allow a change", "2026-11-24",
	  "domains:\n"
	  "  a.com: {dmarc: {p: reject}, rollout: {template: cisa-bod-18-01, "
	  "start: 2026-12-01, wave: 2, change_days: [fri]}}\n"
	  "  b.com: {dmarc: {p: none}, rollout: {template: parked, start: "
	  "2026-12-07}}\n",
	  "inventory 2026-12-04, monitor 2026-12-18, quarantine 2027-02-19, "
	  "reject 2027-05-21; monitor 2026-12-07" },
	{ "defaults begin no rollout unless they say when", "2026-11-24",
	  "defaults: {rollout: {per_day: 3, template: fast}}\n"
	  "domains:\n  a.com: {dmarc: {p: reject}}\n", "" },
	{ "a start for all is none for the parked", "2026-11-24",
	  "defaults: {rollout: {start: 2026-12-01, template: "
	  "cisa-bod-18-01}}\n"
	  "domains:\n  a.com: {dmarc: {p: quarantine}}\n"
	  "parked: {domains: [b.com]}\n",
	  "inventory 2026-12-01, monitor 2026-12-01, "
	  "quarantine 2027-02-01" },
	{ "unless the ladder is made for them", "2026-11-24",
	  "defaults: {rollout: {start: 2026-12-01, template: parked}}\n"
	  "parked: {domains: [b.com]}\n",
	  "monitor 2026-12-01, reject 2026-12-08" },
	{ "parked ones take their own ladder", "2026-11-24",
	  "domains:\n  b.com: {parked: true, rollout: {start: "
	  "2026-12-01}}\n",
	  "monitor 2026-12-01, reject 2026-12-08" },
	{ "without a start nothing has a day", "2026-11-24",
	  "domains:\n  a.com: {dmarc: {p: reject}, rollout: {template: "
	  "parked}}\n", "" },
	{ "a change of clocks is no change of days", "2027-03-01",
	  "domains:\n  a.com: {dmarc: {p: reject}, rollout: {template: "
	  "parked, start: 2027-03-22, change_days: [mon, sun]}}\n",
	  "monitor 2027-03-22, reject 2027-03-29" },
	{ "one domain a day, by name", "2026-11-24",
	  "defaults: {rollout: {per_day: 1}}\ndomains:\n"
	  "  b.com: {dmarc: {p: reject}, rollout: {template: parked, start: "
	  "2026-12-01}}\n"
	  "  a.com: {dmarc: {p: reject}, rollout: {template: parked, start: "
	  "2026-12-01}}\n",
	  "monitor 2026-12-02, reject 2026-12-09; "
	  "monitor 2026-12-01, reject 2026-12-08" },
};

static void
test_plans(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < countof(plans); i++) {
		struct arena *arena = arena_new();
		struct config *config;

		print_message("%s\n", plans[i].name);
		config = config_of(arena, plans[i].domains);
		assert_string_equal(dates_of(arena, schedules_make(arena,
		    config, date(plans[i].today))).p, plans[i].dates);
		arena_free(arena);
	}
}

#define OWN_LADDER(first, second, third) "name: own\nstages:\n" \
	first second third
#define NO_RECORD "  - {name: inventory, record: {}, least: 0d}\n"
#define LOOK "  - {name: monitor, record: {p: none}, least: 2d, ttl: 1d}\n"
#define QUARANTINE "  - {name: quarantine, record: {p: quarantine}, " \
	"least: 1d, ttl: 1h}\n"
#define REJECT "  - {name: reject, record: {p: reject}, least: 0d}\n"
/* A minute more than five days; the SOA's three, by its minimum. */
#define SOA "= a.com\na.com. 432000 IN SOA n.a.com. h.a.com. 1 1 1 1 259200\n"
#define OLD "_dmarc.a.com. 432060 IN TXT \"v=DMARC1; p=none\"\n"

static const struct {
	const char *name, *ladder, *rollout, *zone, *dates;
} waits[] = {
	{ "what no zone tells adds nothing", OWN_LADDER(LOOK, QUARANTINE,
	  REJECT), "start: 2026-12-01", NULL,
	  "monitor 2026-12-01, quarantine 2026-12-03, reject 2026-12-04" },
	{ "there was no record: three days", OWN_LADDER(LOOK, QUARANTINE,
	  REJECT), "start: 2026-12-01", SOA,
	  "monitor 2026-12-01, quarantine 2026-12-04, reject 2026-12-05" },
	{ "a record of five days and a minute: six", OWN_LADDER(LOOK,
	  QUARANTINE, REJECT), "start: 2026-12-01", SOA OLD,
	  "monitor 2026-12-01, quarantine 2026-12-07, reject 2026-12-08" },
	{ "the same where the first stage has no record", OWN_LADDER(NO_RECORD,
	  LOOK, QUARANTINE), "start: 2026-12-01", SOA OLD,
	  "inventory 2026-12-01, monitor 2026-12-01, quarantine 2026-12-07" },
	{ "nothing else before enforcement in which to lower the TTL",
	  OWN_LADDER(NO_RECORD, QUARANTINE, REJECT), "start: 2026-12-01",
	  SOA OLD,
	  "inventory 2026-12-01, quarantine 2026-12-07, reject 2026-12-13" },
	{ "no TTL to be lowered", OWN_LADDER(NO_RECORD, QUARANTINE, REJECT),
	  "start: 2026-12-01", SOA,
	  "inventory 2026-12-01, quarantine 2026-12-01, reject 2026-12-04" },
	{ "what a pinned stage replaced by its ladder", OWN_LADDER(LOOK,
	  QUARANTINE, REJECT), "stage: quarantine, since: 2026-11-24", NULL,
	  "quarantine 2026-11-24, reject 2026-11-25" },
	{ "what may still stand where a stage is pinned", OWN_LADDER(LOOK,
	  QUARANTINE, REJECT), "stage: quarantine, since: 2026-11-24", SOA OLD,
	  "quarantine 2026-11-24, reject 2026-11-30" },
	{ "a zone that does not know the name", OWN_LADDER(LOOK, QUARANTINE,
	  REJECT), "start: 2026-12-01",
	  "= com\ncom. 432000 IN SOA n.com. h.com. 1 1 1 1 259200\n"
	  "a.com. 1 IN NS ns.b.net.\n",
	  "monitor 2026-12-01, quarantine 2026-12-03, reject 2026-12-04" },
};

/* Every day may bring a change, so that only TTLs count. */
static void
test_waits(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < countof(waits); i++) {
		struct arena *arena = arena_new();
		char *scratch = scratch_make();
		struct config *config;
		const struct insight insight = { .zones = waits[i].zone ==
		    NULL ? NULL : zones_from(arena, waits[i].zone) };

		print_message("%s\n", waits[i].name);
		free(scratch_write(scratch, "own.yaml", waits[i].ladder));
		config = config_read_from(arena, arena_printf(arena,
		    "domains:\n  a.com: {ttl: 1d, dmarc: {p: reject}, "
		    "rollout: {template: own, change_days: [mon, tue, wed, "
		    "thu, fri, sat, sun], %s}}\n", waits[i].rollout).p,
		    ladders_read(arena, shipped_folder(arena),
		    str_from(scratch)));
		if (config->problems.count > 0)
			print_error("%.*s\n",
			    STR_ARG(config->problems.first->what));
		assert_int_equal(config->problems.count, 0);
		assert_string_equal(dates_of(arena, schedules_make_proven(
		    arena, config, &insight, date("2026-11-24"))).p,
		    waits[i].dates);
		scratch_remove(scratch);
		arena_free(arena);
	}
}

static const char standard[] = "domains:\n  a.com: {dmarc: {p: reject}, "
    "rollout: {template: standard, start: 2026-12-01}}\n";

static const struct {
	const char *today, *at, *stage;
	bool held, assumed;
} days[] = {
	{ "2026-11-24", "2026-11-24", NULL, false, false },
	{ "2026-11-24", "2026-11-30", NULL, false, false },
	{ "2026-11-24", "2026-12-01", "monitor", false, true },
	{ "2026-11-24", "2026-12-30", "monitor", false, true },
	{ "2026-11-24", "2026-12-31", "close-holes", false, true },
	{ "2026-11-24", "2027-01-21", "quarantine", false, true },
	{ "2026-11-24", "2030-01-01", "reject", false, true },
	/* A date alone opens no gate. */
	{ "2026-12-15", "2026-12-15", "monitor", false, false },
	{ "2027-06-01", "2027-06-01", "monitor", true, false },
	{ "2027-06-01", "2027-06-02", "close-holes", false, true },
	/* What is due today is not open today. */
	{ "2026-12-31", "2026-12-31", "monitor", true, false },
	{ "2026-12-31", "2026-12-15", "monitor", true, false },
};

static void
test_days(void **state)
{
	struct arena *arena = arena_new();
	struct config *config = config_of(arena, standard);
	size_t i;

	(void)state;
	for (i = 0; i < countof(days); i++) {
		day today = date(days[i].today);
		struct published now = schedule_on(schedules_make(arena,
		    config, today)->first, date(days[i].at), today);

		print_message("%s at %s\n", days[i].today, days[i].at);
		if (days[i].stage == NULL)
			assert_null(now.step);
		else
			assert_true(str_is(now.step->stage.name,
			    days[i].stage));
		assert_int_equal(now.held != NULL, days[i].held);
		assert_int_equal(now.assumed, days[i].assumed);
	}
	arena_free(arena);
}

/*
 * What receivers make of each stage of the ladder. A stage for tests is one
 * level lower at both generations, which is the whole point of its form.
 */
static const struct {
	const char *stage, *core;
	enum outcome p7489, p9989, n7489, n9989;
} outcomes[] = {
	{ "monitor", "v=DMARC1; p=none", OUTCOME_DELIVER, OUTCOME_DELIVER,
	  OUTCOME_DELIVER, OUTCOME_DELIVER },
	{ "close-holes", "v=DMARC1; p=none; np=reject", OUTCOME_DELIVER,
	  OUTCOME_DELIVER, OUTCOME_DELIVER, OUTCOME_REJECT },
	{ "test-quarantine",
	  "v=DMARC1; p=quarantine; sp=quarantine; np=reject; t=y; pct=0",
	  OUTCOME_DELIVER, OUTCOME_DELIVER, OUTCOME_DELIVER,
	  OUTCOME_QUARANTINE },
	{ "quarantine", "v=DMARC1; p=quarantine; sp=quarantine; np=reject",
	  OUTCOME_QUARANTINE, OUTCOME_QUARANTINE, OUTCOME_QUARANTINE,
	  OUTCOME_REJECT },
	{ "test-reject",
	  "v=DMARC1; p=reject; sp=reject; np=reject; t=y; pct=0",
	  OUTCOME_QUARANTINE, OUTCOME_QUARANTINE, OUTCOME_QUARANTINE,
	  OUTCOME_QUARANTINE },
	{ "reject", "v=DMARC1; p=reject; sp=reject; np=reject",
	  OUTCOME_REJECT, OUTCOME_REJECT, OUTCOME_REJECT, OUTCOME_REJECT },
};

static void
test_outcomes(void **state)
{
	struct arena *arena = arena_new();
	const struct ladder *ladder = ladder_find(shipped_ladders(arena),
	    STR("standard"));
	size_t i;

	(void)state;
	assert_non_null(ladder);
	assert_int_equal(ladder->count, countof(outcomes) + 1);
	for (i = 0; i < countof(outcomes); i++) {
		const struct stage *stage = &ladder->stages[i + 1];

		assert_true(str_is(stage->name, outcomes[i].stage));
		assert_string_equal(stage_core(arena, stage).p,
		    outcomes[i].core);
		assert_int_equal(stage_outcome(arena, stage, 'p', MODEL_7489),
		    outcomes[i].p7489);
		assert_int_equal(stage_outcome(arena, stage, 'p', MODEL_9989),
		    outcomes[i].p9989);
		assert_int_equal(stage_outcome(arena, stage, 'n', MODEL_7489),
		    outcomes[i].n7489);
		assert_int_equal(stage_outcome(arena, stage, 'n', MODEL_9989),
		    outcomes[i].n9989);
	}
	arena_free(arena);
}

/* What a record asks for by its own words, one level lower in a test. */
static enum outcome
asked_for(const struct stage *stage, char which, enum model model)
{
	enum policy policy = stage->p;

	if (which != 'p' && stage->sp != POLICY_ABSENT)
		policy = stage->sp;
	if (which == 'n' && model == MODEL_9989 && stage->np != POLICY_ABSENT)
		policy = stage->np;
	if (stage->test && policy == POLICY_REJECT)
		policy = POLICY_QUARANTINE;
	else if (stage->test)
		policy = POLICY_NONE;
	return outcome_of_policy(policy);
}

/* What exposure makes of a zone that publishes the record of a stage. */
static void
check_exposure(struct arena *arena, struct psl *psl, const struct stage *stage)
{
	static const struct {
		const char *name;
		char which;
	} names[] = {
		{ "example.com", 'p' }, { "www.example.com", 's' },
		{ "no.example.com", 'n' }, { "no.www.example.com", 'n' },
		{ "a.b.c.d.e.f.g.h.i.example.com", 'n' },
	};
	struct world *world = world_from(arena, psl, arena_printf(arena,
	    "@ SOA ns hm 1 2 3 4 5\n_dmarc TXT '%.*s'\nwww A 192.0.2.1\n",
	    STR_ARG(stage_core(arena, stage))).p);
	const struct exposure *row;
	enum outcome asked;
	size_t i;
	int model;

	for (i = 0; i < countof(names); i++) {
		row = exposure_of_name(world, arena, str_from(names[i].name),
		    NULL);
		for (model = 0; model < MODELS; model++) {
			asked = asked_for(stage, names[i].which,
			    (enum model)model);
			assert_int_equal(row->verdict[model].outcome, asked);
			assert_int_equal(stage_outcome(arena, stage,
			    names[i].which, (enum model)model), asked);
		}
	}
}

/* Every stage of every ladder says to both generations what it says to us. */
static void
test_readings(void **state)
{
	struct arena *arena = arena_new(), *list = arena_new();
	const struct ladder *ladder = shipped_ladders(arena)->first;
	struct str why;
	struct psl *psl = psl_open(list, STR_NONE, &why);
	size_t i, stages = 0;

	(void)state;
	for (; ladder != NULL; ladder = ladder->next)
		for (i = 0; i < ladder->count; i++)
			if (ladder->stages[i].p != POLICY_ABSENT) {
				print_message("%.*s: %.*s\n",
				    STR_ARG(ladder->name),
				    STR_ARG(ladder->stages[i].name));
				check_exposure(arena, psl,
				    &ladder->stages[i]);
				stages++;
			}
	assert_int_equal(stages, 6 + 6 + 5 + 2 + 3);
	psl_close(psl);
	arena_free(list);
	arena_free(arena);
}

/* The ladders that are shipped: days in each stage, in order. */
static const struct {
	const char *ladder;
	uint32_t least[7];
} times[] = {
	{ "standard", { 0, 30, 7, 14, 30, 14, 0 } },
	{ "cautious", { 0, 60, 14, 28, 60, 28, 0 } },
	{ "fast", { 0, 14, 7, 14, 7, 0 } },
	{ "parked", { 7, 0 } },
	{ "cisa-bod-18-01", { 0, 60, 90, 0 } },
};

static void
test_times(void **state)
{
	struct arena *arena = arena_new();
	struct ladders *ladders = shipped_ladders(arena);
	size_t i, j;

	(void)state;
	for (i = 0; i < countof(times); i++) {
		const struct ladder *ladder = ladder_find(ladders,
		    str_from(times[i].ladder));

		for (j = 0; j < ladder->count; j++)
			assert_int_equal(ladder->stages[j].least,
			    times[i].least[j]);
	}
	arena_free(arena);
}

/* 500 parked domains, 50 a day, and one more in the second wave. */
static void
test_many(void **state)
{
	struct arena *arena = arena_new();
	struct buffer yaml = { 0 };
	const struct schedule *schedule;
	struct schedules *schedules;
	unsigned counts[64] = { 0 };
	day first = date("2026-12-01");
	size_t i;

	(void)state;
	buffer_add_cstr(&yaml, "defaults: {rollout: {template: parked, start: "
	    "2026-12-01, per_day: 50}}\nparked: {domains: [d0.com");
	for (i = 1; i < 500; i++)
		buffer_printf(&yaml, ", d%zu.com", i);
	buffer_add_cstr(&yaml, "]}\ndomains: {z.com: {parked: true, rollout: "
	    "{wave: 2}}}\n");
	buffer_add_byte(&yaml, '\0');
	schedules = schedules_make(arena, config_of(arena, yaml.p),
	    date("2026-11-24"));
	buffer_free(&yaml);
	assert_int_equal(schedules->count, 501);
	for (schedule = schedules->first; schedule != NULL;
	    schedule = schedule->next)
		for (i = 0; i < schedule->count; i++) {
			day starts = schedule->steps[i].starts;

			assert_in_range(starts, first, first + 63);
			assert_true(date_weekday(starts) < 4);
			assert_true(++counts[starts - first] <= 50);
			if (i > 0)
				assert_true(starts -
				    schedule->steps[i - 1].starts >= 7);
		}
	/*
	 * Fifty by fifty they begin on 1, 2, 3, 7 December, and end a week
	 * later, when nobody else can begin; so on 15, 16, 17, 21, and on 29,
	 * 30 December. A thousand changes are done on 6 January, a Wednesday;
	 * the second wave comes a week behind 30 December, but that day is
	 * full.
	 */
	assert_int_equal(counts[0], 50);
	assert_int_equal(counts[36], 50);
	for (i = 37; i < countof(counts); i++)
		assert_int_equal(counts[i], i == 37 || i == 44);
	arena_free(arena);
}

/* Below a configured domain sp and np say nothing, so they are left out. */
static void
test_subdomain(void **state)
{
	struct arena *arena = arena_new();
	struct config *config = config_of(arena, "domains:\n  a.com:\n"
	    "    subdomains: {s: {rollout: {stage: quarantine}}}\n"
	    "  t.a.com: {rollout: {stage: quarantine}}\n");
	const struct schedule *schedule = schedules_make(arena, config,
	    date("2026-11-24"))->first;

	(void)state;
	for (; schedule != NULL; schedule = schedule->next)
		assert_string_equal(stage_core(arena,
		    &schedule->steps[4].stage).p, "v=DMARC1; p=quarantine");
	arena_free(arena);
}

static const struct {
	const char *rollout, *what, *help;
} unknown[] = {
	{ "template: standrad, start: 2026-12-01",
	  "there is no rollout \"standrad\" in templates/rollouts",
	  "did you mean \"standard\"?" },
	{ "template: fast, stage: close-holes",
	  "the rollout \"fast\" has no stage \"close-holes\"",
	  "its stages are inventory, monitor, test-quarantine, quarantine, "
	  "test-reject, reject" },
};

static void
test_unknown(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < countof(unknown); i++) {
		struct arena *arena = arena_new();
		struct config *config = config_read_text(arena,
		    arena_printf(arena, "domains: {a.com: {rollout: {%s}}}\n",
		    unknown[i].rollout).p);

		assert_int_equal(config->problems.count, 1);
		assert_string_equal(config->problems.first->what.p,
		    unknown[i].what);
		assert_string_equal(config->problems.first->help.p,
		    unknown[i].help);
		arena_free(arena);
	}
}

/* Every shipped ladder is read without a remark, and never goes down. */
static void
test_ladders(void **state)
{
	static const char *const names[] = { "cautious", "cisa-bod-18-01",
	    "fast", "parked", "standard" };
	struct arena *arena = arena_new();
	struct ladders *ladders = shipped_ladders(arena);
	const struct ladder *ladder = ladders->first;
	size_t i, j;

	(void)state;
	assert_int_equal(ladders->problems.count, 0);
	for (i = 0; i < countof(names); i++, ladder = ladder->next) {
		assert_non_null(ladder);
		assert_true(str_is(ladder->name, names[i]));
		assert_true(ladder->sources.count > 0);
		for (j = 0; j < ladder->count; j++) {
			const struct stage *stage = &ladder->stages[j];

			assert_true(stage->why.n > 0);
			assert_true(stage->citation.n > 0);
			if (j > 0)
				assert_true(stage->p >= stage[-1].p);
			if (str_is(ladder->name, "cisa-bod-18-01"))
				assert_false(stage->test);
		}
		assert_int_equal(ladder->stages[ladder->count - 1].p,
		    POLICY_REJECT);
	}
	assert_null(ladder);
	arena_free(arena);
}

static const struct {
	const char *yaml, *what;
} wrong[] = {
	{ "name: x\nstages: [{name: a, record: {p: jerect}}]\n",
	  "a policy is none, quarantine or reject" },
	{ "name: x\nstages: [{name: a, record: {p: reject, pct: 5, t: y}}]\n",
	  "pct is 0 or left out" },
	{ "name: x\nstages: [{name: a, record: {p: reject, t: y}}]\n",
	  "\"t: y\" and \"pct: 0\" go together" },
	{ "name: x\nstages: [{name: a, record: {np: reject}}]\n",
	  "a record needs a policy" },
	{ "name: x\nstages: []\n", "a ladder needs a name" },
	{ "- x\n", "a ladder is a mapping" },
	{ "name: x\nstages: [{name: a, record: {}, gates: {luck: 1}}]\n",
	  "there is no such gate" },
	{ "name: x\nstages: [{name: a, record: {}, gates: "
	  "{pass_rate: 101}}]\n", "the gate cannot have this value" },
	{ "name: x\nstages: [{name: a, record: {}, laest: 3d}]\n",
	  "this is no key of a ladder" },
};

static void
test_wrong(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < countof(wrong); i++) {
		struct arena *arena = arena_new();
		char *scratch = scratch_make();
		struct ladders *ladders;

		print_message("%s", wrong[i].yaml);
		free(scratch_write(scratch, "x.yaml", wrong[i].yaml));
		ladders = ladders_read(arena, str_from(scratch), STR_NONE);
		assert_int_equal(ladders->problems.count, 1);
		assert_true(str_starts(ladders->problems.first->what,
		    str_from(wrong[i].what)));
		scratch_remove(scratch);
		arena_free(arena);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_plans),
		cmocka_unit_test(test_waits),
		cmocka_unit_test(test_days),
		cmocka_unit_test(test_outcomes),
		cmocka_unit_test(test_readings),
		cmocka_unit_test(test_times),
		cmocka_unit_test(test_many),
		cmocka_unit_test(test_subdomain),
		cmocka_unit_test(test_unknown),
		cmocka_unit_test(test_ladders),
		cmocka_unit_test(test_wrong),
	};

	return cmocka_run_group_tests_name("schedule", tests, NULL, NULL);
}
