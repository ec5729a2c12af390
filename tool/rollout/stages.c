/*
 * Which stages a domain goes through, and which of them a day or a record is.
 */
#include "base/arena.h"
#include "rollout/rollout.h"

/* ---- which stages -------------------------------------------------------- */

/*
 * The weaker of what the ladder and the domain ask for. Where the ladder says
 * nothing, what holds is the policy that is inherited.
 */
static enum policy
weaker(enum policy stage, enum policy inherited, struct str wanted)
{
	enum policy policy = wanted.p == NULL ? POLICY_ABSENT :
	    policy_parse(wanted);

	if (policy == POLICY_ABSENT || policy == POLICY_INVALID ||
	    (stage == POLICY_ABSENT ? inherited : stage) <= policy)
		return stage;
	return policy;
}

/* What the domain says by itself: dmarc.p, reject when it says nothing. */
static enum policy
wanted_policy(const struct config_domain *domain)
{
	enum policy policy = domain->dmarc.p.text.p == NULL ? POLICY_REJECT :
	    policy_parse(domain->dmarc.p.text);
	enum policy target = domain->rollout.target.text.p == NULL ?
	    POLICY_REJECT : policy_parse(domain->rollout.target.text);

	return policy < target ? policy : target;
}

/* Does a profile of the configuration ask for reject (RFC 9989 7.4)? */
static bool
profile_demands_reject(const struct config *config)
{
	const struct profile *profile;
	size_t i;

	for (i = 0; i < config->profiles.count; i++) {
		profile = profile_find(config->profiles.words[i].text);
		if (profile != NULL &&
		    profile->min_policy == POLICY_REJECT)
			return true;
	}
	return false;
}

static void
decide_target(struct schedule *schedule, const struct config *config)
{
	const struct config_domain *domain = schedule->domain;

	schedule->target = wanted_policy(domain);
	if (schedule->target == POLICY_REJECT && config_has_users(domain) &&
	    domain->rollout.target.text.p == NULL &&
	    !profile_demands_reject(config)) {
		schedule->target = POLICY_QUARANTINE;
		schedule->lowered = true;
	}
}

/*
 * Do names below take sp and np from this domain's record? Not when a domain
 * above is configured: receivers look there (RFC 9989 section 4.7).
 */
bool
domain_is_organizational(const struct config *config,
    const struct config_domain *domain)
{
	const struct config_domain *above;
	struct str name;

	if (str_is(domain->dmarc.psd.text, "n"))
		return true;
	for (name = name_parent(domain->name); name.n > 0;
	    name = name_parent(name)) {
		above = config_domain(config, name);
		if (above != NULL && !str_is(above->dmarc.psd.text, "y"))
			return false;
	}
	return true;
}

/*
 * The stages up to the target, and up to what is published already where that
 * is more; none of them is stricter than asked.
 */
static void
take_stages(struct arena *arena, struct schedule *schedule,
    const struct config *config)
{
	const struct config_domain *domain = schedule->domain;
	const struct ladder *ladder = schedule->ladder;
	bool organizational = domain_is_organizational(config, domain);
	size_t pin = ladder_stage(ladder, domain->rollout.stage.text), i;
	struct stage *stage;

	schedule->steps = ARENA_ARRAY(arena, ladder->count, struct step);
	for (i = 0; i < ladder->count; i++) {
		if (ladder->stages[i].p > schedule->target &&
		    (pin == ladder->count || i > pin))
			break;
		stage = &schedule->steps[i].stage;
		*stage = ladder->stages[i];
		stage->sp = !organizational ? POLICY_ABSENT :
		    weaker(stage->sp, stage->p, domain->dmarc.sp.text);
		stage->np = !organizational ? POLICY_ABSENT :
		    weaker(stage->np, stage->sp == POLICY_ABSENT ? stage->p :
		    stage->sp, domain->dmarc.np.text);
		schedule->steps[i].starts = schedule->steps[i].ends =
		    DAY_NONE;
	}
	schedule->count = i;
}

struct schedule *
schedule_new(struct arena *arena, const struct config *config,
    const struct config_domain *domain)
{
	struct schedule *schedule = ARENA_NEW(arena, struct schedule);

	schedule->domain = domain;
	schedule->ladder = domain->rollout.ladder;
	decide_target(schedule, config);
	take_stages(arena, schedule, config);
	return schedule;
}

/* ---- which one ----------------------------------------------------------- */

/* The step that a day falls into, and the first that should have begun. */
static const struct step *
step_on(const struct schedule *schedule, day at, const struct step **late)
{
	const struct step *step, *found = NULL;
	size_t i;

	*late = NULL;
	for (i = 0; i < schedule->count; i++) {
		step = &schedule->steps[i];
		if (step->starts == DAY_NONE)
			continue;
		if (step->late && *late == NULL)
			*late = step;
		if (step->starts > at)
			break;
		found = step;
	}
	return found;
}

struct published
schedule_on(const struct schedule *schedule, day at, day today)
{
	struct published published = { 0 };
	const struct step *late;

	published.step = step_on(schedule, at, &late);
	if (at <= today)
		published.held = late;
	else
		published.assumed = published.step != step_on(schedule, today,
		    &late);
	return published;
}

static enum policy
or_else(enum policy policy, enum policy inherited)
{
	return policy == POLICY_ABSENT ? inherited : policy;
}

static bool
is_record_of(const struct stage *stage, const struct dmarc *dmarc)
{
	enum policy p = dmarc->policy;
	enum policy sp = or_else(dmarc->sp == NULL ? POLICY_ABSENT :
	    dmarc->subdomain_policy, p);
	enum policy np = or_else(dmarc->np == NULL ? POLICY_ABSENT :
	    dmarc->nonexistent_policy, sp);
	enum policy stage_sp = or_else(stage->sp, stage->p);

	return stage->p != POLICY_ABSENT && stage->p == p &&
	    stage_sp == sp && or_else(stage->np, stage_sp) == np &&
	    stage->test == dmarc->test;
}

const struct step *
schedule_step_of(const struct schedule *schedule, const struct dmarc *dmarc,
    const struct step *given)
{
	size_t i;

	if (given != NULL && is_record_of(&given->stage, dmarc))
		return given;
	for (i = 0; i < schedule->count; i++)
		if (is_record_of(&schedule->steps[i].stage, dmarc))
			return &schedule->steps[i];
	return NULL;
}

struct str
schedule_excess(struct arena *arena, const struct config *config,
    const struct schedule *schedule, const struct dmarc *dmarc,
    const struct step *step)
{
	static const struct { char which; const char *tag; } parts[] = {
		{ 'p', "p" }, { 's', "sp" }, { 'n', "np" }
	};
	size_t i, count = domain_is_organizational(config, schedule->domain) ?
	    sizeof(parts) / sizeof(parts[0]) : 1;
	enum outcome asked, planned;
	struct verdict detail;
	int model;

	for (i = 0; i < count; i++)
		for (model = 0; model < MODELS; model++) {
			planned = step == NULL ? OUTCOME_DELIVER :
			    stage_outcome(arena, &step->stage, parts[i].which,
			    (enum model)model);
			if (planned > OUTCOME_DELIVER)
				planned = OUTCOME_DELIVER;
			asked = policy_level(dmarc, parts[i].which,
			    (enum model)model, &detail);
			/* Outcomes go from the strongest to the weakest. */
			if (asked < planned)
				return arena_printf(arena, "%s=%s",
				    parts[i].tag, asked == OUTCOME_PARTIAL ?
				    "quarantine, for a part" :
				    outcome_name(asked));
		}
	return STR_NONE;
}

const struct step *
schedule_rollback(const struct schedule *schedule, const struct step *step)
{
	if (step == schedule->steps || step[-1].stage.p == POLICY_ABSENT)
		return NULL;
	return step - 1;
}

enum policy
schedule_end(const struct schedule *schedule)
{
	return schedule->count == 0 ? POLICY_ABSENT :
	    schedule->steps[schedule->count - 1].stage.p;
}

struct str
schedule_shortfall(struct arena *arena, const struct schedule *schedule)
{
	struct str name = schedule->domain->name;
	enum policy end = schedule_end(schedule);

	if (end < schedule->target)
		return arena_printf(arena, "the plan for %.*s ends with %s%s, "
		    "not with p=%s: the ladder \"%.*s\" has no such stage",
		    STR_ARG(name), end == POLICY_ABSENT ? "no record" : "p=",
		    end == POLICY_ABSENT ? "" : policy_name(end),
		    policy_name(schedule->target),
		    STR_ARG(schedule->ladder->name));
	if (end > schedule->target || !schedule->lowered ||
	    schedule->domain->dmarc.p.text.p == NULL)
		return STR_NONE;
	return arena_printf(arena, "the plan for %.*s ends with p=%s, not with "
	    "the p=reject of \"dmarc\": people write in this name",
	    STR_ARG(name), policy_name(end));
}

bool
schedule_is_last(const struct schedule *schedule, const struct step *step)
{
	return step != NULL && step + 1 == schedule->steps + schedule->count;
}

bool
schedule_is_at_rest(const struct schedule *schedule, day today)
{
	const struct config_rollout *rollout = &schedule->domain->rollout;
	const struct freeze *freeze;

	if (rollout->hold_until != DAY_NONE && today < rollout->hold_until)
		return true;
	for (freeze = rollout->freezes; freeze != NULL; freeze = freeze->next)
		if (today >= freeze->from && today <= freeze->to)
			return true;
	return false;
}
