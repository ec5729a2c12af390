/* A plan as Markdown: for the text of a pull request. */
#include "base/arena.h"
#include "command/plan.h"
#include "output/output.h"

/* In a code span nothing is markup; a bar would end the cell all the same. */
static void
write_code(struct buffer *out, struct str text)
{
	struct buffer shown = { 0 };
	size_t i;

	write_shown(&shown, text);
	buffer_add_byte(out, '`');
	for (i = 0; i < shown.n; i++) {
		if (shown.p[i] == '|')
			buffer_add_byte(out, '\\');
		buffer_add_byte(out, shown.p[i] == '`' ? '\'' : shown.p[i]);
	}
	buffer_add_byte(out, '`');
	buffer_free(&shown);
}

static void
write_record(struct buffer *out, const struct made *made)
{
	if (made == NULL) {
		buffer_add_cstr(out, "none");
		return;
	}
	write_code(out, made->text);
	buffer_printf(out, ", TTL %u", (unsigned)made->ttl);
}

static void
write_stage(struct plan *plan, const struct schedule *schedule,
    const struct step *step, bool current)
{
	struct buffer *out = &plan->run->out;

	buffer_add_cstr(out, current ? "| **" : "| ");
	markdown_cell(out, step->stage.name);
	buffer_printf(out, "%s | %.*s | %s | %s | ", current ? "**" : "",
	    STR_ARG(step->starts == DAY_NONE ? STR("") :
	    date_print(plan->run->arena, step->starts)),
	    plan_outcome(plan, step, MODEL_7489),
	    plan_outcome(plan, step, MODEL_9989));
	write_record(out, plan_record(plan, schedule, step));
	buffer_add_cstr(out, " |\n");
}

/* The gates that the stage of today has to pass, as a list to tick off. */
static void
write_gates(struct plan *plan, const struct schedule *schedule,
    const struct step *step)
{
	struct buffer *out = &plan->run->out;
	struct gate_shown gate;
	size_t i;

	if (step->stage.gate_count == 0 || step->ends == DAY_NONE)
		return;
	buffer_add_cstr(out, "\nBefore the next stage:\n\n");
	for (i = 0; i < step->stage.gate_count; i++) {
		gate = plan_gate(plan, schedule, step, i);
		buffer_printf(out, "- [%s] `%s`: %s, need %.*s",
		    str_is(str_from(gate.state), "met") ? "x" : " ",
		    gate.name, gate.state, STR_ARG(gate.need));
		if (gate.have.p != NULL)
			buffer_printf(out, ", have %.*s",
			    STR_ARG(gate.have));
		buffer_add_byte(out, '\n');
	}
}

static void
write_rollback(struct plan *plan, const struct schedule *schedule,
    const struct step *current)
{
	const struct step *back = schedule_rollback(schedule, current);
	const struct made *made = back == NULL ? NULL :
	    plan_record(plan, schedule, back);
	struct buffer *out = &plan->run->out;

	if (made == NULL)
		return;
	buffer_printf(out, "\nTo go back, pin `rollout: {stage: %.*s}`: ",
	    STR_ARG(back->stage.name));
	write_record(out, made);
	buffer_add_byte(out, '\n');
}

void
plan_write_markdown(struct plan *plan, const struct schedule *schedule)
{
	struct published now = schedule_on(schedule, plan->at,
	    plan->run->today);
	struct buffer *out = &plan->run->out;
	size_t i;

	buffer_add_cstr(out, "### ");
	markdown_cell(out, schedule->domain->name);
	buffer_printf(out, "\n\nNow: %.*s. Target: %s. Ladder: %.*s.\n\n",
	    STR_ARG(now.step == NULL ? STR("not begun") :
	    now.step->stage.name), policy_name(schedule->target),
	    STR_ARG(schedule->ladder->name));
	if (now.held != NULL)
		buffer_printf(out, "Held: nothing shows that the gates to "
		    "%.*s are open.\n\n", STR_ARG(now.held->stage.name));
	buffer_add_cstr(out, "| stage | starts | RFC 7489 | RFC 9989 | "
	    "record |\n|---|---|---|---|---|\n");
	for (i = 0; i < schedule->count; i++)
		if (!schedule->steps[i].past)
			write_stage(plan, schedule, &schedule->steps[i],
			    now.step == &schedule->steps[i]);
	if (now.step != NULL) {
		write_gates(plan, schedule, now.step);
		write_rollback(plan, schedule, now.step);
	}
}
