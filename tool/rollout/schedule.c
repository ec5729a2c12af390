/* When which stage begins, for every domain with a rollout. */
#include <stdlib.h>

#include "base/arena.h"
#include "rollout/rollout.h"

enum {
	WAVE_PAUSE = 7,			/* days behind the wave before */
	MONDAY_TO_THURSDAY = 0xf,
	SEARCH_DAYS = 10 * 366,		/* then nothing allows a change */
	DAY_SECONDS = 24 * 60 * 60
};

/* ---- days ---------------------------------------------------------------- */

static bool
is_frozen(const struct config_rollout *rollout, day date)
{
	const struct freeze *freeze;

	for (freeze = rollout->freezes; freeze != NULL; freeze = freeze->next)
		if (date >= freeze->from && date <= freeze->to)
			return true;
	return false;
}

static bool
may_change(const struct config_rollout *rollout, day date)
{
	unsigned days = rollout->change_days == 0 ? MONDAY_TO_THURSDAY :
	    rollout->change_days;

	return (days >> date_weekday(date) & 1) != 0 &&
	    !is_frozen(rollout, date) &&
	    (rollout->hold_until == DAY_NONE || date >= rollout->hold_until);
}

/* How many domains begin a stage on each day. */
struct calendar {
	day first;
	unsigned *counts;
	size_t room;
	unsigned per_day;		/* 0: any number */
	struct arena *arena;
};

static unsigned *
count_on(struct calendar *calendar, day date)
{
	unsigned *counts;
	size_t index = (size_t)(date - calendar->first), room, i;

	if (index >= calendar->room) {
		room = (index + 1) * 2;
		counts = ARENA_ARRAY(calendar->arena, room, unsigned);
		for (i = 0; i < calendar->room; i++)
			counts[i] = calendar->counts[i];
		calendar->counts = counts;
		calendar->room = room;
	}
	return &calendar->counts[index];
}

static bool
has_room(struct calendar *calendar, const struct config_rollout *rollout,
    day date)
{
	return may_change(rollout, date) && (calendar->per_day == 0 ||
	    *count_on(calendar, date) < calendar->per_day);
}

static day
take_day(struct calendar *calendar, day date)
{
	(*count_on(calendar, date))++;
	return date;
}

/* The first day from this one on that allows a change, or DAY_NONE. */
static day
next_change(struct calendar *calendar, const struct config_rollout *rollout,
    day date)
{
	day last = date + SEARCH_DAYS;

	for (; date < last; date++)
		if (has_room(calendar, rollout, date))
			return take_day(calendar, date);
	return DAY_NONE;
}

/* ---- one domain ---------------------------------------------------------- */

static day
later(day a, day b)
{
	return a > b ? a : b;
}

/*
 * The latest start of each stage name in each wave; those of domains that were
 * pinned on a day by themselves.
 */
struct wave_starts {
	struct wave_start {
		struct wave_start *next;
		struct str stage;
		unsigned wave;
		day pinned;		/* or DAY_NONE */
		day latest;
	} *first;
	struct arena *arena;
};

/*
 * The day from which a stage may begin that is due: when the waves before are
 * through with it. What was due before a domain was pinned, to go back, waits
 * no more for it.
 */
static day
wave_opens(const struct wave_starts *starts, struct str stage, unsigned wave,
    day due)
{
	const struct wave_start *start;
	day opens = due;

	for (start = starts->first; start != NULL; start = start->next)
		if (start->wave < wave && str_equal(start->stage, stage) &&
		    (start->pinned == DAY_NONE || due >= start->pinned))
			opens = later(opens, start->latest + WAVE_PAUSE);
	return opens;
}

static void
note_start(struct wave_starts *starts, struct str stage, unsigned wave,
    day pinned, day date)
{
	struct wave_start *start;

	for (start = starts->first; start != NULL; start = start->next)
		if (start->wave == wave && start->pinned == pinned &&
		    str_equal(start->stage, stage)) {
			start->latest = later(start->latest, date);
			return;
		}
	start = ARENA_NEW(starts->arena, struct wave_start);
	*start = (struct wave_start){ starts->first, stage, wave, pinned,
	    date };
	starts->first = start;
}

/* The domain's wave, counted from 1. */
static unsigned
wave_of(const struct schedule *schedule)
{
	unsigned wave = schedule->domain->rollout.wave;

	return wave == 0 ? 1 : wave;
}

/* The day, and what is known on it. */
struct now {
	day today;
	const struct proof *proof;	/* or NULL */
	const struct zones *zones;	/* without DNS; or NULL */
	const struct grounds *grounds;	/* or NULL */
	const struct state *state;	/* or NULL */
	const struct config *config;
	struct arena *scratch;
};

/* A zone file with all of its zone in it, or NULL. */
static const struct zone *
zone_at_hand(const struct now *now, struct str domain)
{
	const struct zone *zone = now->zones == NULL ? NULL :
	    zones_covering(now->zones, domain);

	return zone != NULL && zone->contents->has_soa &&
	    !zone->contents->incomplete ? zone : NULL;
}

/*
 * Is a step published already, or one behind it, or more than the one before
 * it asks for? Where no zone file tells, reports come once the first record
 * stands, and of others nothing is known.
 */
static bool
is_out(const struct schedule *schedule, const struct step *step, day due,
    const struct now *now)
{
	const struct step *before = step == schedule->steps ? NULL : step - 1;
	const struct step *there;
	struct world world = { .zones = now->zones, .config = now->config,
	    .today = now->today };
	const struct record **records;
	size_t count = 0;

	if (zone_at_hand(now, schedule->domain->name) == NULL ||
	    policy_records(&world, now->scratch, schedule->domain->name,
	    &records, &count) == ANSWER_UNKNOWN)
		return (before == NULL || before->stage.p == POLICY_ABSENT) &&
		    proof_has_days(now->proof, schedule->domain->name, due,
		    now->today);
	if (count != 1)
		return false;
	there = schedule_step_of(schedule, records[0]->dmarc, step);
	if (there != NULL)
		return there >= step;
	return schedule_excess(now->scratch, now->config, schedule,
	    records[0]->dmarc, before).p != NULL;
}

static bool
is_sighting_of(const struct schedule *schedule, const struct sighting *seen,
    const struct step *step, const struct now *now)
{
	const struct step *there = schedule_step_of(schedule,
	    dmarc_parse(now->scratch, seen->text), step);

	return there != NULL && there >= step;
}

/*
 * The day on which earlier runs saw the record of a step first, or one behind
 * it, and had seen another one before; else the day that is given. It may have
 * been published later than it was due.
 */
static day
seen_since(const struct schedule *schedule, const struct step *step, day due,
    const struct now *now)
{
	const struct sighting *seen = now->state == NULL ? NULL :
	    state_at(now->state, name_join(now->scratch, STR("_dmarc"),
	    schedule->domain->name), SEEN_DMARC);
	bool before = false;
	day since = DAY_NONE;

	for (; seen != NULL && seen->first <= now->today; seen = seen->next)
		if (!is_sighting_of(schedule, seen, step, now)) {
			before = true;
			since = DAY_NONE;
		} else if (before && since == DAY_NONE)
			since = seen->first;
	return since == DAY_NONE ? due : later(due, since);
}

/* Has a gate before a step failed that is seen here and now (gate.c)? */
static bool
is_barred(const struct schedule *schedule, size_t number, day due,
    const struct now *now)
{
	const struct step *before = &schedule->steps[number - 1];
	const struct ground *ground = ground_of(now->grounds,
	    schedule->domain->name);
	bool failed = false;
	size_t i;

	for (i = 0; i < before->stage.gate_count; i++)
		failed |= !gate_wants_reports(before->stage.gates[i].kind) &&
		    gate_see(ground, schedule, before,
		    &before->stage.gates[i]).state == GATE_FAILED;
	return failed && !is_out(schedule, before + 1, due, now);
}

static bool
is_seen_before(const struct step *step)
{
	const struct stage *before = &step[-1].stage;
	size_t i = 0;

	while (i < before->gate_count &&
	    gate_wants_reports(before->gates[i].kind))
		i++;
	return i < before->gate_count;
}

/*
 * Since when a step that could begin by now really does. When a gate that is
 * seen here and now was mended nobody knows. So one that its zone does not have
 * yet does not begin on a day that allows no change, and the next one cannot
 * overtake it: its time counts from today. The first record asks for nothing
 * yet, and reports show when it is out. One that is out may have been so later
 * than it could.
 */
static day
real_start(const struct schedule *schedule, struct step *step,
    struct calendar *calendar, const struct now *now)
{
	const struct config_rollout *rollout = &schedule->domain->rollout;

	if (!is_seen_before(step) || step[-1].stage.p == POLICY_ABSENT ||
	    zone_at_hand(now, schedule->domain->name) == NULL)
		return seen_since(schedule, step, step->starts, now);
	if (is_out(schedule, step, step->starts, now)) {
		step->since_unknown = now->state == NULL;
		return seen_since(schedule, step, step->starts, now);
	}
	step->missing = true;
	return may_change(rollout, now->today) ? step->starts :
	    next_change(calendar, rollout, now->today + 1);
}

/* ---- what receivers remember --------------------------------------------- */

/* Seconds; 0 where the zones do not tell. */
struct cached {
	uint32_t record;		/* that stands at _dmarc */
	uint32_t nothing;		/* RFC 2308 section 5 */
};

static uint32_t
larger(uint32_t a, uint32_t b)
{
	return a > b ? a : b;
}

static struct cached
find_cached(const struct schedule *schedule, const struct now *now)
{
	struct cached cached = { 0 };
	const struct zone *zone;
	struct answer answer;
	size_t i;

	if (now->zones == NULL)
		return cached;
	answer = zones_ask(now->zones, now->scratch, name_join(now->scratch,
	    STR("_dmarc"), schedule->domain->name), RR_TXT);
	if (answer.kind == ANSWER_UNKNOWN)
		return cached;
	for (i = 0; i < answer.count; i++)
		cached.record = larger(cached.record, answer.records[i]->ttl);
	zone = answer.zone;
	if (zone != NULL && zone->contents->has_soa)
		cached.nothing = zone_negative_ttl(zone);
	return cached;
}

/*
 * What the zone has is what the next change replaces, and may be the step
 * itself already. So the first record waits for both, the one that was there
 * and that there was none.
 */
static uint32_t
remembered(const struct schedule *schedule, size_t number,
    const struct cached *cached, const struct now *now)
{
	const struct step *step = &schedule->steps[number];
	const struct step *before = number == 0 ? NULL : step - 1;

	if (step->stage.p == POLICY_ABSENT)
		return 0;
	if (before == NULL || before->stage.p == POLICY_ABSENT)
		return larger(cached->record, cached->nothing);
	return larger(stage_ttl(schedule->domain, &before->stage),
	    before->starts <= now->today ? cached->record : 0);
}

/*
 * Is the time before the first record the only one in which a TTL can be
 * lowered, so that an enforced policy can be taken back at once?
 */
static bool
is_lead(const struct schedule *schedule, size_t number,
    const struct cached *cached)
{
	const struct step *step = &schedule->steps[number];

	return step->stage.p == POLICY_ABSENT &&
	    number + 1 < schedule->count && step[1].stage.p > POLICY_NONE &&
	    cached->record > stage_ttl(schedule->domain, &step[1].stage);
}

/*
 * Once the new record stands in the zone, only an earlier run knows the TTL of
 * the old one. Nobody does when there was none: that is told.
 */
static void
wait_for_past(const struct schedule *schedule, struct step *step,
    const struct cached *cached, const struct now *now)
{
	struct str owner = name_join(now->scratch, STR("_dmarc"),
	    schedule->domain->name);
	uint32_t ttl;
	day forgotten;

	if (step->stage.p == POLICY_ABSENT || step->starts == DAY_NONE ||
	    step->starts > now->today)
		return;
	/* What was replaced later was so by a later step. */
	forgotten = state_forgotten(now->state, owner, SEEN_DMARC,
	    step->starts + (day)larger(step->days, 1), &ttl);
	if (forgotten > step->starts) {
		step->days = larger(step->days,
		    (uint32_t)(forgotten - step->starts));
		step->remembered = larger(step->remembered, ttl);
	}
	step->past_unknown = forgotten == DAY_NONE && cached->record > 0 &&
	    (step == schedule->steps || step[-1].stage.p == POLICY_ABSENT) &&
	    is_out(schedule, step, step->starts, now);
}

/* How long a step that has its day lasts at least. */
static void
set_length(struct schedule *schedule, size_t number,
    const struct cached *cached, const struct now *now)
{
	struct step *step = &schedule->steps[number];
	uint32_t seconds;

	step->remembered = remembered(schedule, number, cached, now);
	seconds = is_lead(schedule, number, cached) ? cached->record :
	    step->remembered;
	step->days = larger(step->stage.least, (uint32_t)ttl_days(seconds));
	wait_for_past(schedule, step, cached, now);
}

/* ---- day by day ---------------------------------------------------------- */

/*
 * The day on which a step begins whose time came up to today, when only
 * reports let it: the first one that is due, on which the gates before it are
 * met, and which allows a change. There is none when it is barred. So it begins
 * tomorrow at the earliest: then it is late, unless the day alone is against
 * it.
 *
 * What counts is the end of the day before: reports of a day come on the next
 * one. If they counted in hindsight, a stage that was published when its gates
 * were met would be taken back the day after, or count from a day on which
 * nobody could publish it yet.
 */
static day
proven_day(struct schedule *schedule, struct step *step, day due,
    struct calendar *calendar, const struct now *now, bool barred)
{
	const struct config_rollout *rollout = &schedule->domain->rollout;
	const struct step *before = step - 1;
	bool met = false;
	day at;

	for (at = due; at <= now->today && !barred; at++) {
		met = gates_are_met(now->proof, schedule->domain,
		    &before->stage, before->starts, at - 1);
		if (met && has_room(calendar, rollout, at))
			return take_day(calendar, at);
	}
	step->late = !met;
	step->due = due;
	if (step->late)
		step->shut = gates_shut(calendar->arena, now->proof, barred ?
		    ground_of(now->grounds, schedule->domain->name) : NULL,
		    schedule, before, now->today - 1);
	return next_change(calendar, rollout, now->today + 1);
}

/*
 * Days of the steps from first on; the first of them begins on a day that is
 * given, the others when their time has come and a change is allowed. What is
 * due but not published cannot begin in the past.
 */
static void
set_days(struct schedule *schedule, struct calendar *calendar,
    struct wave_starts *starts, size_t first, const struct now *now)
{
	const struct config_rollout *rollout = &schedule->domain->rollout;
	unsigned wave = wave_of(schedule);
	struct step *before, *step = &schedule->steps[first];
	day pinned = step->pinned ? step->starts : DAY_NONE, due;
	const struct cached cached = find_cached(schedule, now);
	bool barred;
	size_t i;

	note_start(starts, step->stage.name, wave, pinned, step->starts);
	for (i = first + 1; i < schedule->count; i++) {
		before = &schedule->steps[i - 1];
		step = &schedule->steps[i];
		if (before->starts == DAY_NONE)
			return;
		set_length(schedule, i - 1, &cached, now);
		due = wave_opens(starts, step->stage.name, wave,
		    (before->missing ? later(now->today, before->starts) :
		    before->starts) + (day)before->days);
		barred = due <= now->today &&
		    is_barred(schedule, i, due, now);
		if (barred || (due <= now->today &&
		    stage_wants_reports(&before->stage)))
			step->starts = proven_day(schedule, step, due,
			    calendar, now, barred);
		/* A step without any time of its own goes with the next. */
		else if (due == before->starts && !before->pinned)
			step->starts = due;
		else
			step->starts = next_change(calendar, rollout, due);
		if (step->starts != DAY_NONE && step->starts <= now->today)
			step->starts = real_start(schedule, step, calendar,
			    now);
		before->ends = step->starts;
		if (step->starts != DAY_NONE)
			note_start(starts, step->stage.name, wave, pinned,
			    step->starts);
	}
	set_length(schedule, schedule->count - 1, &cached, now);
}

/*
 * Since when a pinned stage is published, when only the start of the rollout
 * may be known: that is the day of its first record, and of none behind it.
 */
static day
pinned_since(const struct schedule *schedule, size_t pin, day today)
{
	const struct config_rollout *rollout = &schedule->domain->rollout;
	bool is_first = pin == 0 ||
	    schedule->steps[pin - 1].stage.p == POLICY_ABSENT;

	if (rollout->since != DAY_NONE)
		return rollout->since;
	return is_first && rollout->start != DAY_NONE &&
	    rollout->start < today ? rollout->start : today;
}

static void
set_schedule(struct schedule *schedule, struct calendar *calendar,
    struct wave_starts *starts, const struct now *now)
{
	const struct config_rollout *rollout = &schedule->domain->rollout;
	size_t pin = ladder_stage(schedule->ladder, rollout->stage.text);
	struct step *step;

	if (schedule->count == 0)
		return;
	if (pin < schedule->count) {
		step = &schedule->steps[pin];
		step->pinned = true;
		step->starts = pinned_since(schedule, pin, now->today);
		schedule->has_start = true;
		while (step-- > schedule->steps)
			step->past = true;
		set_days(schedule, calendar, starts, pin, now);
		return;
	}
	if (rollout->start == DAY_NONE)
		return;
	step = &schedule->steps[0];
	step->starts = next_change(calendar, rollout, wave_opens(starts,
	    step->stage.name, wave_of(schedule), rollout->start));
	schedule->has_start = step->starts != DAY_NONE;
	if (schedule->has_start)
		set_days(schedule, calendar, starts, 0, now);
}

/* ---- all domains --------------------------------------------------------- */

/* Waves in their order; inside one the order of the names. */
static int
comes_before(const struct schedule *a, const struct schedule *b)
{
	if (wave_of(a) != wave_of(b))
		return wave_of(a) < wave_of(b);
	return name_compare(a->domain->name, b->domain->name) < 0;
}

static int
compare_schedules(const void *a, const void *b)
{
	const struct schedule *x = *(struct schedule *const *)a;
	const struct schedule *y = *(struct schedule *const *)b;

	return comes_before(x, y) ? -1 : comes_before(y, x);
}

static day
first_day(const struct schedules *schedules, day today)
{
	const struct schedule *schedule;
	day first = today;

	for (schedule = schedules->first; schedule != NULL;
	    schedule = schedule->next) {
		const struct config_rollout *rollout =
		    &schedule->domain->rollout;

		if (rollout->start != DAY_NONE && rollout->start < first)
			first = rollout->start;
		if (rollout->since != DAY_NONE && rollout->since < first)
			first = rollout->since;
	}
	return first;
}

struct schedules *
schedules_make(struct arena *arena, const struct config *config, day today)
{
	const struct insight none = { 0 };

	return schedules_make_proven(arena, config, &none, today);
}

/* What is known, but nobody is asked outside of the files. */
static struct now
now_of(const struct insight *insight, const struct config *config,
    struct zones *files, day today)
{
	if (insight->zones != NULL)
		*files = *insight->zones;
	files->cache = NULL;
	files->dns = NULL;
	return (struct now){ today, insight->proof, insight->zones == NULL ?
	    NULL : files, insight->grounds, insight->state, config,
	    arena_new() };
}

bool
schedule_wants_ground(const struct config *config,
    const struct schedule *schedule, const struct insight *insight, day today)
{
	struct zones files = { 0 };
	const struct now now = now_of(insight, config, &files, today);
	const struct step *step;
	bool wanted = false;
	size_t i;

	for (i = 1; i < schedule->count && !wanted; i++) {
		step = &schedule->steps[i];
		wanted = !step->past && !step->pinned &&
		    step->starts != DAY_NONE && step->starts <= today &&
		    is_seen_before(step) &&
		    !is_out(schedule, step, step->starts, &now);
	}
	arena_free(now.scratch);
	return wanted;
}

struct schedules *
schedules_make_proven(struct arena *arena, const struct config *config,
    const struct insight *insight, day today)
{
	struct zones files = { 0 };
	const struct now now = now_of(insight, config, &files, today);
	struct schedules *schedules = ARENA_NEW(arena, struct schedules);
	struct schedule **link = &schedules->first, **order, *schedule;
	struct wave_starts starts = { NULL, arena };
	struct calendar calendar = { .arena = arena };
	const struct config_domain *domain = NULL;
	size_t i;

	while ((domain = config_next(config, domain)) != NULL) {
		if (!domain->rollout.present ||
		    domain->rollout.ladder == NULL)
			continue;
		*link = schedule_new(arena, config, domain);
		table_add(&schedules->by_domain, arena, domain->name, *link);
		link = &(*link)->next;
		schedules->count++;
	}
	calendar.first = first_day(schedules, today);
	if (config->defaults != NULL)
		calendar.per_day = config->defaults->rollout.per_day;
	order = ARENA_ARRAY(arena, schedules->count + 1, struct schedule *);
	for (i = 0, schedule = schedules->first; schedule != NULL;
	    schedule = schedule->next)
		order[i++] = schedule;
	qsort(order, schedules->count, sizeof(*order), compare_schedules);
	for (i = 0; i < schedules->count; i++)
		set_schedule(order[i], &calendar, &starts, &now);
	arena_free(now.scratch);
	return schedules;
}

const struct schedule *
schedule_find(const struct schedules *schedules,
    const struct config_domain *domain)
{
	return table_find(&schedules->by_domain, domain->name);
}
