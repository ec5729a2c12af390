/* mailzone plan: the staged way to p=reject. */

#include "base/arena.h"
#include "base/file.h"
#include "command/plan.h"

static const char *const formats_of_plan[] = { "text", "json", "markdown",
	"html", "svg", "ics", NULL };

enum {
	FORMATS_OF_PLAN = sizeof(formats_of_plan) /
	    sizeof(formats_of_plan[0]) - 1
};

static const struct option_row options[] = {
	{ .name = "format", .letter = 'f', .value = "FORMAT",
	  .choices = formats_of_plan, .fallback = "text",
	  .help = "how the plan is written" },
	{ .name = "at", .value = "DATE",
	  .help = "where things stand on another day" },
	{ .name = "evidence", .value = "PATH", .repeatable = true,
	  .help = "aggregate reports that open gates, as for mailzone "
	      "evidence; besides those that the configuration names" },
	{ .name = "output", .letter = 'o', .value = "FILE",
	  .help = "write to a file" },
	{ .name = "check",
	  .help = "exit with 1 when a stage is due or overdue today" },
	{ .name = "dns", .value = "@ADDR[:PORT]", .optional = true,
	  .help = "with --check: go by what name servers answer, this one or "
	      "those of the system, not by the zone files" },
	{ 0 }
};

const struct made *
plan_record(const struct plan *plan, const struct schedule *schedule,
    const struct step *step)
{
	return dmarc_build(plan->run->config, plan->run->arena,
	    schedule->domain, step);
}

const char *
plan_outcome(const struct plan *plan, const struct step *step, enum model model)
{
	return outcome_name(stage_outcome(plan->run->arena, &step->stage, 'p',
	    model));
}

/* ---- gates --------------------------------------------------------------- */

/* As it stands today, or stood when the stage was over: by earlier days. */
static struct gate_answer
state_by_reports(const struct plan *plan, const struct schedule *schedule,
    const struct step *step, const struct gate *gate)
{
	day at = plan->at < plan->run->today ? plan->at : plan->run->today;

	if (step->ends != DAY_NONE && step->ends < at)
		at = step->ends;
	return gate_ask(plan->run->proof, schedule->domain, gate,
	    step->starts, at - 1);
}

struct gate_shown
plan_gate(struct plan *plan, const struct schedule *schedule,
    const struct step *step, size_t number)
{
	const struct gate *gate = &step->stage.gates[number];
	struct gate_answer answer = gate_wants_reports(gate->kind) ?
	    state_by_reports(plan, schedule, step, gate) :
	    gate_see(survey_of(plan->survey, schedule), schedule, step, gate);
	struct arena *arena = plan->run->arena;

	return (struct gate_shown){ gate_name(gate->kind),
	    gate_state_name(answer.state),
	    gate_value(arena, gate->kind, gate->need), answer.has_have ?
	    gate_value(arena, gate->kind, answer.have) : STR_NONE };
}

/* ---- forms --------------------------------------------------------------- */

/* In the order of formats_of_plan; what is NULL is nothing to do. */
static const struct plan_form {
	void (*begin)(struct plan *);
	void (*write)(struct plan *, const struct plan_entry *);
	void (*end)(struct plan *);
	bool blank;			/* an empty line between domains */
} forms[FORMATS_OF_PLAN] = {
	{ NULL, plan_write_text, plan_end_text, true },
	{ plan_begin_json, plan_write_json, plan_end_json, false },
	{ plan_begin_markdown, plan_write_page, plan_end_page, false },
	{ plan_begin_html, plan_write_page, plan_end_page, false },
	{ plan_draw, NULL, NULL, false },
	{ plan_begin_calendar, plan_write_calendar, plan_end_calendar,
	  false },
};

/* The option takes no others; without it, the first one. */
static const struct plan_form *
find_form(struct str name)
{
	size_t i = FORMATS_OF_PLAN - 1;

	while (i > 0 && !str_is(name, formats_of_plan[i]))
		i--;
	return &forms[i];
}

/*
 * A domain needs memory for its words alone, which are forgotten: there may be
 * thousands. What is looked at first stays; so does what servers say.
 */
static void
write_forgetting(struct plan *plan, const struct plan_form *form,
    const struct plan_entry *entry)
{
	struct run *run = plan->run;
	struct arena *kept = run->arena;

	if (entry->schedule != NULL)
		survey_of(plan->survey, entry->schedule);
	if (run->resolver == NULL)
		run->arena = arena_new();
	form->write(plan, entry);
	if (run->arena != kept)
		arena_free(run->arena);
	run->arena = kept;
}

/* How many domains there were to write. */
static size_t
write_plan(struct plan *plan, const struct plan_form *form)
{
	struct plan_entry entry = { 0 };
	size_t count = 0;

	if (form->begin != NULL)
		form->begin(plan);
	while (plan_next(plan, &entry)) {
		if (form->blank && count > 0)
			buffer_add_byte(&plan->run->out, '\n');
		if (form->write != NULL)
			write_forgetting(plan, form, &entry);
		count++;
	}
	if (form->end != NULL)
		form->end(plan);
	return count;
}

/* A name that is misspelt would never be late. */
static bool
names_are_known(struct run *run)
{
	struct str name;
	size_t i;

	for (i = 0; i < run->argument_count; i++)
		if (!name_typed(run->arena, run->arguments[i], &name) ||
		    config_domain(run->config, name) == NULL) {
			run_usage(run, "\"%.*s\" is no domain of %.*s",
			    STR_ARG(run->arguments[i]),
			    STR_ARG(run->config->source->path));
			return false;
		}
	return true;
}

static int
run_plan(struct run *run)
{
	struct plan plan = { .run = run, .at = run->today };
	struct str at = option_value(run, "at");
	struct str path = option_value(run, "output");
	const struct plan_form *form =
	    find_form(option_value(run, "format"));
	size_t count;

	if (at.p != NULL && !date_parse(at, &plan.at))
		return run_usage(run, "--at takes a date, YYYY-MM-DD, not "
		    "\"%.*s\"", STR_ARG(at));
	if (at.p != NULL && option_given(run, "check"))
		return run_usage(run, "--check tells what is due today, not "
		    "--at another day; use --today");
	if (option_given(run, "dns") && !option_given(run, "check"))
		return run_usage(run, "--dns is for --check: a plan is the "
		    "same whatever is published");
	if (option_given(run, "dns") && run_open_dns(run) == NULL)
		return EXIT_UNABLE;
	if (!run_config(run, true) || !names_are_known(run) ||
	    !run_configured_zones(run, true))
		return EXIT_UNABLE;
	plan.schedules = run_schedules(run);
	plan.survey = survey_at(run, plan.at);
	count = write_plan(&plan, form);
	if (count == 0 && run->argument_count > 0)
		return run_usage(run, "no domain of that name has a rollout, "
		    "or keys with dates, in %.*s",
		    STR_ARG(run->config->source->path));
	if (count == 0)
		run_say(run, "no domain has a rollout; give one "
		    "\"rollout: {start: YYYY-MM-DD}\"");
	if (path.p != NULL) {
		if (!file_write(path, buffer_str(&run->out), 0644))
			run_fail_errno(run, path);
		buffer_clear(&run->out);
	}
	return option_given(run, "check") ? plan_check(&plan) : EXIT_CLEAN;
}

const struct command command_plan = {
	.name = "plan",
	.arguments = "[DOMAIN...]",
	.summary = "plan the staged way to p=reject",
	.help = "Shows for each domain with a rollout when which stage "
	    "begins, the record that is published then, what receivers of "
	    "both generations make of it, which gates lead to the next "
	    "stage, and the record to go back to; and the days of DKIM keys "
	    "that have dates. With --check, the exit "
	    "status: 0 the zones keep up with the plan, 1 the day of a stage "
	    "has come and its zone does not publish it or its gates are shut, "
	    "or too much mail fails for the stage that is published, or the "
	    "zone is ahead of its plan, 2 a zone could not be read, or nobody "
	    "answered.",
	.options = options,
	.run = run_plan,
};
