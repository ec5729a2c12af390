/*
 * A plan as a page (HTML): the picture, and below it a table for each domain.
 * It asks for nothing else and runs nothing.
 */
#include "base/arena.h"
#include "command/plan.h"
#include "output/output.h"

static const char head[] =
    "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
    "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src "
    "'none'; style-src 'unsafe-inline'\">\n"
    "<meta name=\"viewport\" content=\"width=device-width\">\n"
    "<title>The way to the target policy</title>\n<style>\n"
    ":root{color-scheme:light dark}\n"
    "body{font-family:sans-serif;max-width:70em;margin:1em auto;"
    "padding:0 1em}\n"
    "table{border-collapse:collapse;margin:1em 0}\n"
    "th,td{border:1px solid #888;padding:.3em .6em;text-align:left;"
    "vertical-align:top}\n"
    "code{overflow-wrap:anywhere}\n"
    "tr[aria-current]{font-weight:bold}\n"
    "</style>\n</head>\n<body>\n<main>\n<h1>The way to the target policy</h1>"
    "\n";

static void
write_gates(struct plan *plan, const struct schedule *schedule,
    const struct step *step)
{
	struct buffer *out = &plan->run->out;
	struct gate_shown gate;
	size_t i;

	if (step->ends == DAY_NONE)
		return;
	for (i = 0; i < step->stage.gate_count; i++) {
		gate = plan_gate(plan, schedule, step, i);
		buffer_printf(out, "%s%s: %s, need %.*s%s%.*s",
		    i > 0 ? "<br>" : "", gate.name, gate.state,
		    STR_ARG(gate.need), gate.have.p != NULL ? ", have " : "",
		    STR_ARG(gate.have));
	}
}

static void
write_row(struct plan *plan, const struct schedule *schedule,
    const struct step *step, bool current)
{
	const struct made *made = plan_record(plan, schedule, step);
	struct buffer *out = &plan->run->out;

	buffer_printf(out, "<tr%s><th scope=\"row\">",
	    current ? " aria-current=\"step\"" : "");
	write_xml(out, step->stage.name);
	buffer_printf(out, "</th><td>%.*s</td><td>%s</td><td>%s</td><td>",
	    STR_ARG(step->starts == DAY_NONE ? STR("") :
	    date_print(plan->run->arena, step->starts)),
	    plan_outcome(plan, step, MODEL_7489),
	    plan_outcome(plan, step, MODEL_9989));
	if (made != NULL) {
		buffer_add_cstr(out, "<code>");
		write_xml(out, made->text);
		buffer_add_cstr(out, "</code>");
	}
	buffer_add_cstr(out, "</td><td>");
	write_gates(plan, schedule, step);
	buffer_add_cstr(out, "</td></tr>\n");
}

void
plan_begin_page(struct plan *plan)
{
	const struct schedule *schedule;

	buffer_add_cstr(&plan->run->out, head);
	plan_begin_picture(plan);
	for (schedule = plan->schedules->first; schedule != NULL;
	    schedule = schedule->next)
		if (plan_wants(plan, schedule))
			plan_write_picture(plan, schedule);
	plan_end_picture(plan);
}

void
plan_write_page(struct plan *plan, const struct schedule *schedule)
{
	struct published now = schedule_on(schedule, plan->at,
	    plan->run->today);
	struct buffer *out = &plan->run->out;
	size_t i;

	buffer_add_cstr(out, "<h2>");
	write_xml(out, schedule->domain->name);
	buffer_add_cstr(out, "</h2>\n<p>Now: ");
	write_xml(out, now.step == NULL ? STR("not begun") :
	    now.step->stage.name);
	buffer_printf(out, ". Target: %s. Ladder: ",
	    policy_name(schedule->target));
	write_xml(out, schedule->ladder->name);
	buffer_add_cstr(out, ".</p>\n<table>\n<tr><th scope=\"col\">Stage"
	    "</th><th scope=\"col\">Starts</th><th scope=\"col\">RFC 7489"
	    "</th><th scope=\"col\">RFC 9989</th><th scope=\"col\">Record"
	    "</th><th scope=\"col\">Gates to the next</th></tr>\n");
	for (i = 0; i < schedule->count; i++)
		if (!schedule->steps[i].past)
			write_row(plan, schedule, &schedule->steps[i],
			    now.step == &schedule->steps[i]);
	buffer_add_cstr(out, "</table>\n");
}

void
plan_end_page(struct plan *plan)
{
	buffer_add_cstr(&plan->run->out, "</main>\n</body>\n</html>\n");
}
