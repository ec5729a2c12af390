/* mailzone plan: the staged way to p=reject. */
#include <stdio.h>

#include "base/arena.h"
#include "base/file.h"
#include "command/plan.h"
#include "lint/lint.h"

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

enum { SHOWN_HITS = 10 };

static struct str
date_or(const struct plan *plan, day date, const char *none)
{
	return date == DAY_NONE ? str_from(none) :
	    date_print(plan->run->arena, date);
}

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

/* ---- text ---------------------------------------------------------------- */

static void
write_step(const struct plan *plan, const struct schedule *schedule,
    const struct step *step, size_t number, bool current)
{
	struct buffer *out = &plan->run->out;
	const struct made *made = plan_record(plan, schedule, step);

	buffer_printf(out, "%c %zu %-16.*s %-11.*s", current ? '*' : ' ',
	    number, STR_ARG(step->stage.name),
	    STR_ARG(date_or(plan, step->starts, step->starts == DAY_NONE &&
	    !step->pinned ? "-" : "")));
	if (made == NULL)
		buffer_add_cstr(out, "no record\n");
	else {
		buffer_printf(out, "%s, %s\n", plan_outcome(plan, step,
		    MODEL_7489), plan_outcome(plan, step, MODEL_9989));
		buffer_printf(out, "      %.*s. %u IN TXT \"",
		    STR_ARG(made->owner), (unsigned)made->ttl);
		write_shown(out, made->text);
		buffer_add_cstr(out, "\"\n");
	}
	if (step->days > step->stage.least && step->ends != DAY_NONE)
		buffer_printf(out, "      %u day%s at least, for the TTL of "
		    "what is replaced\n", (unsigned)step->days,
		    step->days == 1 ? "" : "s");
	if (current && step->since_unknown && step->ends != DAY_NONE)
		buffer_add_cstr(out, "      if it was held, and published "
		    "later, pin it with \"since\", or name a \"state\" of "
		    "lint\n");
	if (current && step->past_unknown && step->ends != DAY_NONE)
		buffer_printf(out, "      what it replaced is not known any "
		    "more: if that had a TTL of more than %u day%s, wait as "
		    "long\n", (unsigned)step->days, step->days == 1 ? "" :
		    "s");
}

static void
write_gates(struct plan *plan, const struct schedule *schedule,
    const struct step *step)
{
	struct buffer *out = &plan->run->out;
	struct gate_shown gate;
	size_t i;

	for (i = 0; i < step->stage.gate_count; i++) {
		gate = plan_gate(plan, schedule, step, i);
		buffer_printf(out, "      gate %-14s %-8s need %.*s",
		    gate.name, gate.state, STR_ARG(gate.need));
		if (gate.have.p != NULL)
			buffer_printf(out, ", have %.*s",
			    STR_ARG(gate.have));
		buffer_add_byte(out, '\n');
	}
}

static void
write_rollback(const struct plan *plan, const struct schedule *schedule,
    const struct step *current)
{
	const struct step *back = schedule_rollback(schedule, current);
	const struct made *made = back == NULL ? NULL :
	    plan_record(plan, schedule, back);

	if (made == NULL)
		return;
	buffer_printf(&plan->run->out, "  to go back one step, pin "
	    "\"%.*s\":\n      %.*s. %u IN TXT \"%.*s\"\n",
	    STR_ARG(plan_pin(plan, back)), STR_ARG(made->owner),
	    (unsigned)made->ttl, STR_ARG(made->text));
}

/* What-if: the mail that a policy would have hit, had it been followed. */
static void
write_hits(const struct plan *plan, const struct schedule *schedule)
{
	struct arena *arena = plan->run->arena;
	struct buffer *out = &plan->run->out;
	uint64_t total, messages = 0, others = 0;
	const struct hit *hits, *hit;
	size_t shown = 0;

	hits = proof_hits(arena, plan->run->proof, schedule->domain->name,
	    plan->at < plan->run->today ? plan->at : plan->run->today,
	    &total);
	if (total == 0)
		return;
	for (hit = hits; hit != NULL; hit = hit->next)
		messages += hit->messages;
	buffer_printf(out, "  what if: a policy would have hit %llu of %llu "
	    "messages of the last %d days with reports\n",
	    (unsigned long long)messages, (unsigned long long)total,
	    PROOF_DAYS);
	for (hit = hits; hit != NULL; hit = hit->next) {
		if (hit->source->kind != SOURCE_SENDER &&
		    ++shown > SHOWN_HITS) {
			others += hit->messages;
			continue;
		}
		buffer_printf(out, "      %9llu  %s ", (unsigned long long)
		    hit->messages, source_kind_name(hit->source->kind));
		write_shown(out, source_name(arena, hit->source));
		buffer_add_byte(out, '\n');
	}
	if (others > 0)
		buffer_printf(out, "      %9llu  of other sources\n",
		    (unsigned long long)others);
}

static void
write_held(const struct plan *plan, const struct step *held)
{
	struct buffer *out = &plan->run->out;

	buffer_add_cstr(out, "  held: ");
	write_shown(out, held_text(plan->run->arena, held));
	buffer_printf(out, "; due since %.*s\n", STR_ARG(date_print(
	    plan->run->arena, held->due)));
	if (plan->run->proof == NULL && stage_wants_reports(&held[-1].stage))
		buffer_add_cstr(out, "  no reports are named: say \"rollout: "
		    "{evidence: PATH}\", or try --evidence PATH\n");
}

static void
write_stages(struct plan *plan, const struct schedule *schedule)
{
	struct published now = schedule_on(schedule, plan->at,
	    plan->run->today);
	struct str trouble = now.step == NULL ? STR_NONE :
	    plan_trouble(plan, schedule, now.step);
	struct buffer *out = &plan->run->out;
	enum plan_place place;
	struct str how;
	size_t i;

	buffer_printf(out, "%.*s  now %.*s, target %s, ladder %.*s\n",
	    STR_ARG(schedule->domain->name), STR_ARG(now.step == NULL ?
	    STR("not begun") : now.step->stage.name),
	    policy_name(schedule->target), STR_ARG(schedule->ladder->name));
	if (schedule->lowered)
		buffer_add_cstr(out, "  people write in this name, and "
		    "mailing lists break p=reject for them (RFC 9989 section "
		    "7.4);\n  say \"rollout: {target: reject}\" to go on to "
		    "reject all the same\n");
	if (now.held != NULL)
		write_held(plan, now.held);
	place = plan_place(plan, schedule, &how);
	if (how.p != NULL) {
		buffer_printf(out, "  %s: ", place == PLAN_AHEAD ? "ahead" :
		    "behind");
		write_shown(out, how);
		buffer_add_byte(out, '\n');
	}
	if (trouble.p != NULL)
		buffer_printf(out, "  trouble: %.*s\n", STR_ARG(trouble));
	buffer_add_cstr(out, "    stage            starts     "
	    "mail that fails, at receivers of RFC 7489, RFC 9989\n");
	for (i = 0; i < schedule->count; i++) {
		if (schedule->steps[i].past)
			continue;
		write_step(plan, schedule, &schedule->steps[i], i + 1,
		    now.step == &schedule->steps[i]);
		if (i + 1 < schedule->count)
			write_gates(plan, schedule, &schedule->steps[i]);
	}
	write_hits(plan, schedule);
	if (now.step != NULL)
		write_rollback(plan, schedule, now.step);
}

static void
write_entry(struct plan *plan, const struct plan_entry *entry)
{
	if (entry->schedule != NULL)
		write_stages(plan, entry->schedule);
	else
		buffer_printf(&plan->run->out, "%.*s  no rollout\n",
		    STR_ARG(entry->domain->name));
	plan_write_keys(plan, entry);
}

/* ---- json ---------------------------------------------------------------- */

/* What stands in a zone may be any octets. */
static void
write_txt(struct json *json, struct str owner, uint32_t ttl, struct str text)
{
	json_begin_object(json, NULL);
	json_str(json, "owner", owner);
	json_number(json, "ttl", ttl);
	json_cstr(json, "type", "TXT");
	json_octets(json, "text", text);
	json_end_object(json);
}

static void
write_record(struct json *json, const char *key, const struct plan *plan,
    const struct schedule *schedule, const struct step *step)
{
	const struct made *made = step == NULL ? NULL :
	    plan_record(plan, schedule, step);

	json_begin_array(json, key);
	if (made != NULL)
		write_txt(json, made->owner, made->ttl, made->text);
	json_end_array(json);
}

static void
write_value(struct json *json, const char *key, struct str text)
{
	uint64_t number;

	if (text.p == NULL)
		json_no_value(json, key);
	else if (str_is(text, "true") || str_is(text, "false"))
		json_bool(json, key, str_is(text, "true"));
	else if (str_number(text, UINT32_MAX, &number))
		json_number(json, key, number);
	else
		json_raw_number(json, key, text);
}

static void
write_json_gates(struct json *json, struct plan *plan,
    const struct schedule *schedule, const struct step *step)
{
	struct gate_shown gate;
	size_t i;

	json_begin_array(json, "gates");
	for (i = 0; i < step->stage.gate_count; i++) {
		gate = plan_gate(plan, schedule, step, i);
		json_begin_object(json, NULL);
		json_cstr(json, "name", gate.name);
		json_cstr(json, "state", gate.state);
		write_value(json, "have", gate.have);
		write_value(json, "need", gate.need);
		json_end_object(json);
	}
	json_end_array(json);
}

static void
write_json_date(struct json *json, const char *key, const struct plan *plan,
    day date)
{
	json_str(json, key, date == DAY_NONE ? STR_NONE :
	    date_print(plan->run->arena, date));
}

static void
write_json_step(struct json *json, struct plan *plan,
    const struct schedule *schedule, const struct step *step)
{
	const struct step *back = schedule_rollback(schedule, step);

	json_begin_object(json, NULL);
	json_str(json, "name", step->stage.name);
	write_json_date(json, "starts", plan, step->starts);
	write_json_date(json, "ends", plan, step->ends);
	if (step->ends == DAY_NONE)
		json_no_value(json, "least");
	else
		json_number(json, "least", step->days);
	if (step->remembered == 0)
		json_no_value(json, "oldTtl");
	else
		json_number(json, "oldTtl", step->remembered);
	write_record(json, "records", plan, schedule, step);
	json_cstr(json, "rfc7489", plan_outcome(plan, step, MODEL_7489));
	json_cstr(json, "rfc9989", plan_outcome(plan, step, MODEL_9989));
	write_json_gates(json, plan, schedule, step);
	write_record(json, "rollback", plan, schedule, back);
	json_str(json, "rollbackPin", back == NULL ? STR_NONE :
	    plan_pin(plan, back));
	json_end_object(json);
}

static void
write_hit(struct json *json, struct arena *arena, const struct hit *hit)
{
	json_begin_object(json, NULL);
	json_str(json, "sender", source_name(arena, hit->source));
	json_cstr(json, "kind", source_kind_name(hit->source->kind));
	json_number(json, "messages", hit->messages);
	json_str(json, "why", hit->why);
	json_end_object(json);
}

static bool
is_hit(const struct hit *hit, struct arena *arena, struct str name)
{
	while (hit != NULL && (hit->source->kind != SOURCE_SENDER ||
	    !str_equal(source_name(arena, hit->source), name)))
		hit = hit->next;
	return hit != NULL;
}

/* Those that a gate names, of a step that is held, each once. */
static void
write_blockers(struct json *json, struct arena *arena, const struct hit *hits,
    const struct step *held)
{
	const struct shut_gate *shut;
	const struct blocker *blocker;
	struct table told = { 0 };

	for (shut = held == NULL ? NULL : held->shut; shut != NULL;
	    shut = shut->next)
		for (blocker = shut->blockers; blocker != NULL;
		    blocker = blocker->next) {
			if (is_hit(hits, arena, blocker->name) ||
			    table_find(&told, blocker->name) != NULL)
				continue;
			table_add(&told, arena, blocker->name,
			    (void *)blocker);
			json_begin_object(json, NULL);
			json_str(json, "sender", blocker->name);
			json_cstr(json, "kind",
			    source_kind_name(blocker->kind));
			json_number(json, "messages", blocker->messages);
			json_str(json, "why", blocker->why);
			json_end_object(json);
		}
}

/*
 * Senders whose mail fails stand in the way, and who else keeps a gate shut;
 * what-if has whatever a policy would have hit.
 */
static void
write_json_hits(struct json *json, const struct plan *plan,
    const struct config_domain *domain, const struct step *held)
{
	struct arena *arena = plan->run->arena;
	const struct hit *hits, *hit;
	uint64_t total;

	hits = proof_hits(arena, plan->run->proof, domain->name,
	    plan->at < plan->run->today ? plan->at : plan->run->today,
	    &total);
	json_begin_array(json, "blocking");
	for (hit = hits; hit != NULL; hit = hit->next)
		if (hit->source->kind == SOURCE_SENDER)
			write_hit(json, arena, hit);
	write_blockers(json, arena, hits, held);
	json_end_array(json);
	json_begin_object(json, "whatIf");
	json_number(json, "days", PROOF_DAYS);
	json_number(json, "messages", total);
	json_begin_array(json, "hit");
	for (hit = hits; hit != NULL; hit = hit->next)
		write_hit(json, arena, hit);
	json_end_array(json);
	json_end_object(json);
}

/* Which stage is held, and why; null when none is. */
static void
write_json_held(struct json *json, const struct plan *plan,
    const struct step *held)
{
	const struct shut_gate *shut;

	if (held == NULL) {
		json_no_value(json, "held");
		return;
	}
	json_begin_object(json, "held");
	json_str(json, "stage", held->stage.name);
	write_json_date(json, "due", plan, held->due);
	json_str(json, "why", held_text(plan->run->arena, held));
	json_begin_array(json, "gates");
	for (shut = held->shut; shut != NULL; shut = shut->next)
		json_cstr(json, NULL, gate_name(shut->gate->kind));
	json_end_array(json);
	json_end_object(json);
}

/* What the zone publishes, of a stage or of none, and what to make of it. */
static void
write_json_place(struct json *json, const struct plan *plan,
    const struct schedule *schedule)
{
	static const char *const names[] = { "unknown", "on time", "behind",
		"ahead" };
	const struct record *record = schedule == NULL ? NULL :
	    plan_zone_record(plan, schedule);
	const struct step *step = record == NULL ? NULL :
	    plan_zone_step(plan, schedule);
	struct str how = STR_NONE;

	json_str(json, "published", step == NULL ? STR_NONE :
	    step->stage.name);
	json_begin_array(json, "publishedRecords");
	if (record != NULL)
		write_txt(json, record->owner, record->ttl, record->text);
	json_end_array(json);
	json_cstr(json, "place", names[schedule == NULL ? PLAN_PLACE_UNKNOWN :
	    plan_place(plan, schedule, &how)]);
	if (how.p == NULL)
		json_no_value(json, "placeWhy");
	else
		json_octets(json, "placeWhy", how);
}

/* Where it stands, and where it is to go; nowhere without a rollout. */
static void
write_json_stages(struct plan *plan, const struct schedule *schedule)
{
	struct published now = { 0 };
	struct json *json = &plan->json;
	size_t i;

	if (schedule != NULL)
		now = schedule_on(schedule, plan->at, plan->run->today);
	json_str(json, "target", schedule == NULL ? STR_NONE :
	    str_from(policy_name(schedule->target)));
	json_bool(json, "lowered", schedule != NULL && schedule->lowered);
	json_str(json, "current", now.step == NULL ? STR_NONE :
	    now.step->stage.name);
	write_json_place(json, plan, schedule);
	json_begin_array(json, "stages");
	for (i = 0; schedule != NULL && i < schedule->count; i++)
		if (!schedule->steps[i].past)
			write_json_step(json, plan, schedule,
			    &schedule->steps[i]);
	json_end_array(json);
}

static void
write_json_entry(struct plan *plan, const struct plan_entry *entry)
{
	struct published now = { 0 };
	struct json *json = &plan->json;

	if (entry->schedule != NULL)
		now = schedule_on(entry->schedule, plan->at,
		    plan->run->today);
	json_begin_object(json, NULL);
	json_str(json, "domain", entry->domain->name);
	write_json_stages(plan, entry->schedule);
	write_json_held(json, plan, now.held);
	write_json_hits(json, plan, entry->domain, now.held);
	plan_write_json_keys(plan, entry);
	json_end_object(json);
}

/* ---- forms --------------------------------------------------------------- */

static void
begin_json(struct plan *plan)
{
	plan->json = (struct json){ .out = &plan->run->out, .indent = 2 };
	json_begin_object(&plan->json, NULL);
	json_number(&plan->json, "v", 1);
	json_begin_array(&plan->json, "domains");
}

static void
end_json(struct plan *plan)
{
	json_end_array(&plan->json);
	json_end_object(&plan->json);
	buffer_add_byte(&plan->run->out, '\n');
}

/* In the order of formats_of_plan; what is NULL is nothing to do. */
static const struct plan_form {
	void (*begin)(struct plan *);
	void (*write)(struct plan *, const struct plan_entry *);
	void (*end)(struct plan *);
	bool blank;			/* an empty line between domains */
} forms[FORMATS_OF_PLAN] = {
	{ NULL, write_entry, plan_end_text, true },
	{ begin_json, write_json_entry, end_json, false },
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
	    !run_configured_zones(run))
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
