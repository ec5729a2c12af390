/*
 * The plan to p=reject: which stage a domain is at, and whether the zone
 * keeps up with it.
 */
#include "base/arena.h"
#include "rollout/rollout.h"
#include "rules/check.h"

/* It may have no start, and no stages. */
static const struct schedule *
any_schedule_of(const struct lint *lint, const struct config_domain *domain)
{
	if (!domain->rollout.present || lint->world->schedules == NULL)
		return NULL;
	return schedule_find(lint->world->schedules, domain);
}

static const struct schedule *
schedule_of(const struct lint *lint, const struct config_domain *domain)
{
	const struct schedule *schedule = any_schedule_of(lint, domain);

	return schedule != NULL && schedule->count > 0 &&
	    schedule->has_start ? schedule : NULL;
}

typedef void plan_check(struct lint *, const struct schedule *,
    const struct published *now);

/* Calls for each domain of the zone that follows a plan. */
static void
check_plans(struct lint *lint, plan_check *check)
{
	const struct config_domain *domain;
	const struct schedule *schedule;
	struct published now;
	struct domain_walk walk = { 0 };

	while (zone_is_whole(lint->zone) &&
	    (domain = lint_next_domain(lint, &walk)) != NULL) {
		schedule = schedule_of(lint, domain);
		if (schedule == NULL)
			continue;
		now = schedule_on(schedule, lint->world->today,
		    lint->world->today);
		check(lint, schedule, &now);
	}
}

/* The step behind one; the first when there is none yet. NULL at the end. */
static const struct step *
step_behind(const struct schedule *schedule, const struct step *step)
{
	const struct step *end = schedule->steps + schedule->count;

	if (step == NULL)
		for (step = schedule->steps; step < end &&
		    step->stage.p == POLICY_ABSENT; step++)
			continue;
	else
		step++;
	return step < end ? step : NULL;
}

/* At the record when this zone has it, else at the zone itself. */
static struct diag *
complain_plan(struct lint *lint, const struct record *record,
    struct str domain, struct str message)
{
	struct diag *diag;

	if (record != NULL && record->zone == lint->zone) {
		diag = complain(lint, record->rdata_span, "%.*s",
		    STR_ARG(message));
		diag_record(lint, diag, record);
	} else
		diag = complain_zone(lint, "%.*s", STR_ARG(message));
	diag_about(lint, diag, domain);
	return diag;
}

/* ---- where it stands ----------------------------------------------------- */

static struct str
stage_message(struct lint *lint, const struct schedule *schedule,
    const struct step *now, const struct step *next)
{
	struct str domain = schedule->domain->name;
	struct str starts = date_print(lint->arena, next->starts);

	if (now == NULL)
		return arena_printf(lint->arena, "the plan for %.*s begins "
		    "with \"%.*s\" on %.*s", STR_ARG(domain),
		    STR_ARG(next->stage.name), STR_ARG(starts));
	return arena_printf(lint->arena, "the plan for %.*s is at \"%.*s\", "
	    "and \"%.*s\" begins on %.*s at the earliest", STR_ARG(domain),
	    STR_ARG(now->stage.name), STR_ARG(next->stage.name),
	    STR_ARG(starts));
}

/* Is a gate among those that keep it back which no report can open? */
static bool
is_held_by_sight(const struct step *held)
{
	const struct shut_gate *shut = held->shut;

	while (shut != NULL && gate_wants_reports(shut->gate->kind))
		shut = shut->next;
	return shut != NULL;
}

/*
 * What reports say is not lint's to know: whoever waits for them is not late.
 */
static void
tell_waiting(struct lint *lint, const struct schedule *schedule,
    const struct record *record, const struct published *now)
{
	struct str domain = schedule->domain->name;
	struct str name = now->step == NULL ? STR("no record") :
	    now->step->stage.name;
	bool unread = schedule->domain->rollout.evidence.count > 0 &&
	    !is_held_by_sight(now->held);
	struct str message = unread ? arena_printf(lint->arena, "without its "
	    "reports, the plan for %.*s is at \"%.*s\", and \"%.*s\" is due "
	    "as soon as they open its gates", STR_ARG(domain), STR_ARG(name),
	    STR_ARG(now->held->stage.name)) : arena_printf(lint->arena, "the "
	    "plan for %.*s is at \"%.*s\", and %.*s", STR_ARG(domain),
	    STR_ARG(name), STR_ARG(held_text(lint->arena, now->held)));
	struct diag *diag = complain_plan(lint, record, domain, message);

	diag_help(lint, diag, unread ? "mailzone plan reads the reports that "
	    "\"evidence\" names" : "mailzone plan shows which gates are still "
	    "shut");
}

static void
tell_stage(struct lint *lint, const struct schedule *schedule,
    const struct published *now)
{
	const struct step *next = step_behind(schedule, now->step), *ahead;
	struct str domain = schedule->domain->name;
	const struct record *record = dmarc_only_record(lint, domain);
	struct diag *diag;

	ahead = record == NULL || now->step == NULL ? NULL :
	    schedule_step_of(schedule, record->dmarc, now->step);
	/* At its end, a plan is no news. */
	if (next == NULL || next->starts == DAY_NONE)
		return;
	if (now->held != NULL && (ahead == NULL || ahead <= now->step)) {
		tell_waiting(lint, schedule, record, now);
		return;
	}
	if (ahead == NULL || ahead <= now->step) {
		complain_plan(lint, record, domain, stage_message(lint,
		    schedule, now->step, next));
		return;
	}
	diag = complain_plan(lint, record, domain, arena_printf(lint->arena,
	    "%.*s publishes \"%.*s\", and without reports the plan is at "
	    "\"%.*s\"", STR_ARG(domain), STR_ARG(ahead->stage.name),
	    STR_ARG(now->step->stage.name)));
	diag_help(lint, diag, "lint reads none: see mailzone plan, which "
	    "does, or pin the stage");
}

static void
check_stage(struct lint *lint)
{
	check_plans(lint, tell_stage);
}

/* What every policy comes to, in the order p, sp, np, for both models. */
static bool
is_weaker(struct lint *lint, const struct dmarc *dmarc,
    const struct stage *stage)
{
	static const char tags[] = { 'p', 's', 'n' };
	struct verdict detail = { 0 };
	enum outcome asked;
	size_t i;
	int model;

	for (model = 0; model < MODELS; model++)
		for (i = 0; i < sizeof(tags); i++) {
			asked = stage_outcome(lint->arena, stage, tags[i],
			    (enum model)model);
			/* Outcomes go from the strongest to the weakest. */
			if (policy_level(dmarc, tags[i], (enum model)model,
			    &detail) > asked)
				return true;
		}
	return false;
}

/* A later step may ask for less in part: while p=reject is tested, so is np. */
bool
dmarc_is_behind(struct lint *lint, const struct dmarc *dmarc,
    const struct schedule *schedule, const struct step *step)
{
	const struct step *there = schedule_step_of(schedule, dmarc, step);

	return (there == NULL || there < step) &&
	    is_weaker(lint, dmarc, &step->stage);
}

#define PLANNED(rollout) "; config:\nversion: 1\ndomains:\n" \
	"  example.com:\n    rollout: {" rollout "}\n"

static const struct rule plan_stage = {
	.id = "plan-stage",
	.level = LEVEL_NOTE,
	.subject = SUBJECT_ZONE,
	.summary = "domain follows a plan to p=reject",
	.rationale = "While a plan is being followed, the policy of its stage "
	    "is what should be published, however weak it is, also while it "
	    "waits for its gates. Only a zone that is behind it is at "
	    "fault.",
	.citation = "RFC 9989 section 5.1",
	.bad = WITH_DMARC("v=DMARC1; p=none; rua=mailto:d@example.com")
	    PLANNED("start: 2026-11-02") "; today: 2026-11-10\n",
	.good = WITH_DMARC("v=DMARC1; p=quarantine; "
	    "rua=mailto:d@example.com"),
	.check = check_stage,
};

/* ---- what the zone publishes --------------------------------------------- */

/* Does the zone publish less than a stage that has a record? */
static bool
is_behind(struct lint *lint, const struct record *record,
    const struct schedule *schedule, const struct step *step)
{
	if (step == NULL || step->stage.p == POLICY_ABSENT)
		return false;
	return record == NULL ?
	    dmarc_is_lacking(lint, schedule->domain->name) :
	    dmarc_is_behind(lint, record->dmarc, schedule, step);
}

static void
tell_late(struct lint *lint, const struct schedule *schedule,
    const struct published *now)
{
	struct str domain = schedule->domain->name;
	const struct record *record = dmarc_only_record(lint, domain);
	struct diag *diag;

	if (schedule_is_at_rest(schedule, lint->world->today) ||
	    !is_behind(lint, record, schedule, now->step))
		return;
	diag = complain_plan(lint, record, domain, arena_printf(lint->arena,
	    "mail that strangers forge as %.*s gets further than planned: the "
	    "day of \"%.*s\" has come, and the zone does not publish it",
	    STR_ARG(domain), STR_ARG(now->step->stage.name)));
	diag_help(lint, diag, "publish what mailzone generate prints");
	diag_note(lint, diag, schedule->domain->rollout.span,
	    "planned here");
}

static void
check_late(struct lint *lint)
{
	check_plans(lint, tell_late);
}

static const struct rule plan_late = {
	.id = "plan-late",
	.level = LEVEL_WARNING,
	.subject = SUBJECT_ZONE,
	.summary = "zone is behind the plan to p=reject",
	.rationale = "The day of a stage has come, and the zone still "
	    "publishes a weaker policy. Domains that stay at p=none for want "
	    "of attention are what attackers look for.",
	.citation = "RFC 9989 section 5.1; JCSA-20240502-001",
	.bad = WITH_DMARC("v=DMARC1; p=none; rua=mailto:d@example.com")
	    PLANNED("stage: quarantine, since: 2026-11-02")
	    "; today: 2026-11-10\n",
	.good = WITH_DMARC("v=DMARC1; p=quarantine; sp=quarantine; np=reject; "
	    "rua=mailto:d@example.com")
	    PLANNED("stage: quarantine, since: 2026-11-02")
	    "; today: 2026-11-10\n",
	.check = check_late,
};

/* ---- what the plan waits for --------------------------------------------- */

static void
check_held(struct lint *lint)
{
	const struct config_domain *domain = NULL;
	const struct schedule *schedule;
	struct published now;
	struct diag *diag;

	while ((domain = config_next(lint->config, domain)) != NULL) {
		schedule = schedule_of(lint, domain);
		if (schedule == NULL)
			continue;
		now = schedule_on(schedule, lint->world->today,
		    lint->world->today);
		if (now.held == NULL)
			continue;
		diag = complain(lint, domain->rollout.span, "%.*s stays at "
		    "\"%.*s\": %.*s", STR_ARG(domain->name),
		    STR_ARG(now.step == NULL ? STR("no record") :
		    now.step->stage.name),
		    STR_ARG(held_text(lint->arena, now.held)));
		diag_help(lint, diag, held_by_failure(now.held) ? "see "
		    "mailzone plan; \"stage\" and \"since\" pin what is "
		    "published whatever its gates say" : "name reports under "
		    "\"evidence\", or pin the stage with \"stage\" and "
		    "\"since\"");
	}
}

static const struct rule plan_held = {
	.id = "plan-held",
	.level = LEVEL_NOTE,
	.subject = SUBJECT_CONFIG,
	.summary = "next stage of a plan waits for its gates",
	.rationale = "A date never opens a gate: without evidence that one's "
	    "own mail passes, the next stage would reject it. Errors in the "
	    "zone, or an SPF record that costs too much, hold it as well. "
	    "The stage before stays published.",
	.citation = "RFC 9989 section 5.1.6",
	.bad = "version: 1\ndomains:\n  example.com:\n"
	    "    rollout: {start: 2026-01-05}\n; today: 2026-11-10\n",
	.good = "version: 1\ndomains:\n  example.com:\n"
	    "    rollout: {start: 2026-11-02}\n; today: 2026-11-10\n",
	.check = check_held,
};

/* ---- what the plan leaves out -------------------------------------------- */

/* The first step that nobody should take so; NULL: all are fine. */
static const struct step *
rash_step(const struct schedule *schedule, bool *skips)
{
	const struct step *step, *end = schedule->steps + schedule->count;
	bool proven = false;

	for (step = schedule->steps; step < end; step++) {
		*skips = step > schedule->steps && !step->past &&
		    !step->pinned && step->stage.p == POLICY_REJECT &&
		    step[-1].stage.p < POLICY_QUARANTINE;
		if (*skips || (!proven && !step->past && !step->pinned &&
		    step->stage.p > POLICY_NONE))
			return step;
		proven |= stage_wants_reports(&step->stage) || step->pinned;
	}
	return NULL;
}

/* The plan of the topmost domain above, where names without a record look. */
static const struct schedule *
schedule_above(const struct lint *lint, const struct config_domain *domain)
{
	const struct config_domain *above, *top = NULL;
	struct str name;

	for (name = name_parent(domain->name); name.n > 0;
	    name = name_parent(name)) {
		above = config_domain(lint->config, name);
		if (above != NULL)
			top = above;
	}
	return top == NULL ? NULL : schedule_of(lint, top);
}

/* The first step that asks something of names below; NULL: none that comes. */
static const struct step *
step_for_names_below(struct lint *lint, const struct schedule *schedule)
{
	const struct step *step, *end = schedule->steps + schedule->count;
	int model;

	for (step = schedule->steps; step < end; step++)
		for (model = 0; model < MODELS; model++)
			if (!step->past && stage_outcome(lint->arena,
			    &step->stage, 's', (enum model)model) <
			    OUTCOME_DELIVER)
				return step->pinned ? NULL : step;
	return NULL;
}

/* Has it a record of its own by that day? */
static bool
has_record_by(const struct schedule *schedule, day date)
{
	const struct step *step, *end = schedule->steps + schedule->count;

	for (step = schedule->steps; step < end; step++)
		if (step->past || step->pinned ||
		    (step->stage.p != POLICY_ABSENT &&
		    step->starts != DAY_NONE && step->starts <= date))
			return true;
	return false;
}

/* A name is to be monitored before the policy of the one above reaches it. */
static void
check_below(struct lint *lint, const struct config_domain *domain)
{
	const struct schedule *schedule = any_schedule_of(lint, domain);
	const struct schedule *above = schedule_above(lint, domain);
	const struct step *step = above == NULL ? NULL :
	    step_for_names_below(lint, above);
	struct diag *diag;

	if (schedule == NULL || step == NULL || step->starts == DAY_NONE ||
	    domain->sender_count == 0 || has_record_by(schedule, step->starts))
		return;
	diag = complain(lint, domain->rollout.span, "mail of %.*s comes under "
	    "\"%.*s\" of %.*s on %.*s, before its own plan has a record",
	    STR_ARG(domain->name), STR_ARG(step->stage.name),
	    STR_ARG(above->domain->name),
	    STR_ARG(date_print(lint->arena, step->starts)));
	diag_help(lint, diag, "let its plan begin earlier, or put %.*s into a "
	    "later wave", STR_ARG(above->domain->name));
}

/* A pin opens every gate before it: that is for what is published. */
static void
check_pin(struct lint *lint, const struct schedule *schedule)
{
	const struct config_domain *domain = schedule->domain;
	const struct step *step, *end = schedule->steps + schedule->count;
	struct diag *diag;

	for (step = schedule->steps; step < end; step++)
		if (step->pinned)
			break;
	if (step == end || step->stage.p <= POLICY_NONE ||
	    domain->rollout.since == DAY_NONE ||
	    domain->rollout.since <= lint->world->today)
		return;
	diag = complain(lint, domain->rollout.span, "%.*s is pinned at "
	    "\"%.*s\" from %.*s on, whatever its gates say on that day",
	    STR_ARG(domain->name), STR_ARG(step->stage.name),
	    STR_ARG(date_print(lint->arena, domain->rollout.since)));
	diag_help(lint, diag, "pin what is published now; for a first day of "
	    "the plan say \"start\" or \"hold_until\"");
}

static void
check_skips(struct lint *lint)
{
	const struct config_domain *domain = NULL;
	const struct schedule *schedule;
	const struct step *step;
	struct diag *diag;
	bool skips;

	while ((domain = config_next(lint->config, domain)) != NULL) {
		check_below(lint, domain);
		schedule = schedule_of(lint, domain);
		if (schedule == NULL || domain->sender_count == 0)
			continue;
		check_pin(lint, schedule);
		step = rash_step(schedule, &skips);
		if (step == NULL)
			continue;
		diag = complain(lint, domain->rollout.span, "the plan takes "
		    "%.*s to \"%.*s\" %s", STR_ARG(domain->name),
		    STR_ARG(step->stage.name), skips ?
		    "without a stage of quarantine before, in which a "
		    "mistake can still be found" :
		    "by the date alone: no gate before it asks for reports");
		if (skips) {
			diag_help(lint, diag, "the ladder \"%.*s\" is not for "
			    "a name that has senders: see \"template\"",
			    STR_ARG(schedule->ladder->name));
			continue;
		}
		/* Who writes an own ladder may know without reports. */
		diag_level(diag, LEVEL_NOTE);
		diag_help(lint, diag, "give a stage before it gates, such as "
		    "pass_rate and coverage_days");
	}
}

static const struct rule plan_skips = {
	.id = "plan-skips",
	.level = LEVEL_WARNING,
	.subject = SUBJECT_CONFIG,
	.summary = "plan skips what shows that mail passes",
	.rationale = "Mail of one's own that does not pass is put aside or "
	    "refused from the day of a policy on. Reports show it before, and "
	    "in quarantine it can still be found: a plan for a name that has "
	    "senders leaves out neither. Until it has a record of its own, "
	    "the policy of the domain above is what it has.",
	.citation = "RFC 9989 section 5.1.6, section 7.4",
	.bad = "version: 1\nsenders: {relays: {spf: [\"ip4:192.0.2.1\"]}}\n"
	    "domains:\n  example.com:\n    senders: [relays]\n"
	    "    rollout: {template: parked, start: 2026-11-02}\n"
	    "; today: 2026-11-04\n",
	.good = "version: 1\nsenders: {relays: {spf: [\"ip4:192.0.2.1\"]}}\n"
	    "domains:\n  example.com:\n    senders: [relays]\n"
	    "    rollout: {template: standard, start: 2026-11-02}\n"
	    "; today: 2026-11-04\n",
	.check = check_skips,
};

/* ---- where it ends ------------------------------------------------------- */

static void
check_target(struct lint *lint)
{
	const struct config_domain *domain = NULL;
	const struct schedule *schedule;
	struct str shortfall;
	struct diag *diag;

	while ((domain = config_next(lint->config, domain)) != NULL) {
		schedule = any_schedule_of(lint, domain);
		if (schedule == NULL)
			continue;
		shortfall = schedule_shortfall(lint->arena, schedule);
		if (shortfall.p == NULL)
			continue;
		diag = complain(lint, domain->rollout.span, "%.*s",
		    STR_ARG(shortfall));
		diag_help(lint, diag, schedule_end(schedule) ==
		    schedule->target ? "\"rollout: {target: reject}\" goes "
		    "on to reject all the same, \"target: quarantine\" says "
		    "that it is meant so" :
		    "choose another ladder: see \"template\"");
	}
}

static const struct rule plan_target = {
	.id = "plan-target",
	.level = LEVEL_NOTE,
	.subject = SUBJECT_CONFIG,
	.summary = "plan ends with less than dmarc.p",
	.rationale = "Mailing lists break p=reject for the people that write "
	    "to them. Where people write in a name, a plan ends with "
	    "quarantine, unless it or a profile asks for reject. A ladder "
	    "that has no stage of the target, such as \"parked\" for "
	    "quarantine, ends before it.",
	.citation = "RFC 9989 section 7.4",
	.bad = "version: 1\ndomains:\n  example.com:\n    users: true\n"
	    "    dmarc: {p: reject}\n    rollout: {start: 2026-11-02}\n"
	    "; today: 2026-11-04\n",
	.good = "version: 1\ndomains:\n  example.com:\n    users: true\n"
	    "    dmarc: {p: reject}\n"
	    "    rollout: {start: 2026-11-02, target: reject}\n"
	    "; today: 2026-11-04\n",
	.check = check_target,
};

const struct rule *const plan_rules[] = {
	&plan_stage, &plan_late, &plan_held, &plan_skips, &plan_target, NULL
};
