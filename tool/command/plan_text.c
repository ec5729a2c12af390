/* A plan as text: stages, gates, the way back, and what-if. */
#include "command/plan.h"

enum { SHOWN_HITS = 10 };

static struct str
date_or(const struct plan *plan, day date, const char *none)
{
	return date == DAY_NONE ? str_from(none) :
	    date_print(plan->run->arena, date);
}

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

void
plan_write_text(struct plan *plan, const struct plan_entry *entry)
{
	if (entry->schedule != NULL)
		write_stages(plan, entry->schedule);
	else
		buffer_printf(&plan->run->out, "%.*s  no rollout\n",
		    STR_ARG(entry->domain->name));
	plan_write_keys(plan, entry);
}
