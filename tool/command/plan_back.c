/* Going back: how, and when it is time to think of it. */
#include "base/arena.h"
#include "command/plan.h"

struct str
plan_pin(const struct plan *plan, const struct step *back)
{
	struct arena *arena = plan->run->arena;

	return arena_printf(arena, "rollout: {stage: %.*s, since: %.*s}",
	    STR_ARG(back->stage.name), STR_ARG(date_print(arena, plan->at)));
}

/* Does a policy touch mail that fails? While it does not, nothing is lost. */
static bool
is_felt(const struct plan *plan, const struct step *step)
{
	int model;

	for (model = 0; model < MODELS; model++)
		if (step->stage.p != POLICY_ABSENT &&
		    stage_outcome(plan->run->arena, &step->stage, 'p',
		    (enum model)model) != OUTCOME_DELIVER)
			return true;
	return false;
}

struct str
plan_trouble(const struct plan *plan, const struct schedule *schedule,
    const struct step *step)
{
	struct arena *arena = plan->run->arena;
	day at = plan->at < plan->run->today ? plan->at : plan->run->today;
	const struct step *before = step - 1;
	struct gate_answer answer;
	const struct gate *gate;
	size_t i;

	if (step == schedule->steps || !is_felt(plan, step))
		return STR_NONE;
	for (i = 0; i < before->stage.gate_count; i++) {
		gate = &before->stage.gates[i];
		if (gate->kind != GATE_PASS_RATE)
			continue;
		answer = gate_ask(plan->run->proof, schedule->domain,
		    gate, before->starts == DAY_NONE ? step->starts :
		    before->starts, at);
		if (answer.state == GATE_FAILED)
			return arena_printf(arena, "%.*s %% of the mail of "
			    "known senders passes, and \"%.*s\" asks for "
			    "%.*s %%: find out why, or go back one step",
			    STR_ARG(gate_value(arena, gate->kind,
			    answer.have)), STR_ARG(step->stage.name),
			    STR_ARG(gate_value(arena, gate->kind,
			    gate->need)));
	}
	return STR_NONE;
}
