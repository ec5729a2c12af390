/* A plan for people: Markdown for a pull request, or a page of HTML. */
#include "base/arena.h"
#include "command/plan.h"
#include "output/output.h"

static const struct column stage_columns[] = {
	{ "Stage", false }, { "Starts", false }, { "RFC 7489", false },
	{ "RFC 9989", false }, { "Record", false },
	{ "Gates to the next", false }, { NULL, false }
};

static struct str
show_record(struct plan *plan, const struct schedule *schedule,
    const struct step *step)
{
	const struct made *made = step == NULL ? NULL :
	    plan_record(plan, schedule, step);

	return made == NULL ? STR("") : arena_printf(plan->run->arena,
	    "%.*s. %u IN TXT \"%.*s\"", STR_ARG(made->owner),
	    (unsigned)made->ttl, STR_ARG(made->text));
}

/* "pass_rate: unknown, need 99; ..." */
static struct str
show_gates(struct plan *plan, const struct schedule *schedule,
    const struct step *step)
{
	struct buffer text = { 0 };
	struct gate_shown gate;
	size_t i;

	for (i = 0; step->ends != DAY_NONE && i < step->stage.gate_count;
	    i++) {
		gate = plan_gate(plan, schedule, step, i);
		buffer_printf(&text, "%s%s: %s, need %.*s%s%.*s",
		    i > 0 ? "; " : "", gate.name, gate.state,
		    STR_ARG(gate.need), gate.have.p != NULL ? ", have " : "",
		    STR_ARG(gate.have));
	}
	return buffer_finish(&text, plan->run->arena);
}

static void
write_stage(struct plan *plan, const struct schedule *schedule,
    const struct step *step, bool current)
{
	struct arena *arena = plan->run->arena;
	const struct str cells[] = {
		current ? arena_printf(arena, "%.*s (now)",
		    STR_ARG(step->stage.name)) : step->stage.name,
		step->starts == DAY_NONE ? STR("") :
		    date_print(arena, step->starts),
		str_from(plan_outcome(plan, step, MODEL_7489)),
		str_from(plan_outcome(plan, step, MODEL_9989)),
		show_record(plan, schedule, step),
		show_gates(plan, schedule, step),
	};

	page_row(&plan->page, stage_columns, cells);
}

static void
write_rollback(struct plan *plan, const struct schedule *schedule,
    const struct step *current)
{
	const struct step *back = current == NULL ? NULL :
	    schedule_rollback(schedule, current);
	struct str record = show_record(plan, schedule, back);

	if (back != NULL && record.n > 0)
		page_paragraph(&plan->page, arena_printf(plan->run->arena,
		    "To go back one step, pin \"%.*s\": %.*s",
		    STR_ARG(plan_pin(plan, back)), STR_ARG(record)));
}

static void
begin(struct plan *plan, bool html)
{
	plan->page = (struct page){ &plan->run->out, html };
	page_begin(&plan->page, STR("The way to the target policy"));
}

void
plan_begin_markdown(struct plan *plan)
{
	begin(plan, false);
}

void
plan_begin_html(struct plan *plan)
{
	begin(plan, true);
	plan_draw(plan);
}

static void
write_stages(struct plan *plan, const struct schedule *schedule)
{
	struct published now = schedule_on(schedule, plan->at,
	    plan->run->today);
	struct str trouble = now.step == NULL ? STR_NONE :
	    plan_trouble(plan, schedule, now.step);
	struct str name = schedule->domain->name;
	struct arena *arena = plan->run->arena;
	enum plan_place place;
	struct str how;
	size_t i;

	page_paragraph(&plan->page, arena_printf(arena, "Now %.*s, target "
	    "%s, ladder %.*s.", STR_ARG(now.step == NULL ?
	    STR("not begun") : now.step->stage.name),
	    policy_name(schedule->target), STR_ARG(schedule->ladder->name)));
	if (schedule->lowered)
		page_paragraph(&plan->page, STR("People write in this name, "
		    "and mailing lists break p=reject for them (RFC 9989 "
		    "section 7.4): say \"rollout: {target: reject}\" to go on "
		    "to reject all the same."));
	if (now.held != NULL)
		page_paragraph(&plan->page, arena_printf(arena,
		    "Held: %.*s; due since %.*s.",
		    STR_ARG(held_text(arena, now.held)),
		    STR_ARG(date_print(arena, now.held->due))));
	place = plan_place(plan, schedule, &how);
	if (how.p != NULL)
		page_paragraph(&plan->page, arena_printf(arena, "%s: %.*s.",
		    place == PLAN_AHEAD ? "Ahead" : "Behind", STR_ARG(how)));
	if (trouble.p != NULL)
		page_paragraph(&plan->page, arena_printf(arena, "Trouble: "
		    "%.*s.", STR_ARG(trouble)));
	page_table(&plan->page, arena_printf(arena, "Stages of %.*s",
	    STR_ARG(name)), stage_columns);
	for (i = 0; i < schedule->count; i++)
		if (!schedule->steps[i].past)
			write_stage(plan, schedule, &schedule->steps[i],
			    now.step == &schedule->steps[i]);
	page_table_end(&plan->page);
	write_rollback(plan, schedule, now.step);
}

void
plan_write_page(struct plan *plan, const struct plan_entry *entry)
{
	page_heading(&plan->page, 2, entry->domain->name);
	if (entry->schedule != NULL)
		write_stages(plan, entry->schedule);
	plan_write_key_table(plan, entry);
}

void
plan_end_page(struct plan *plan)
{
	page_end(&plan->page);
}
