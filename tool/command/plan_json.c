/* A plan as JSON, for programs. */
#include "command/plan.h"

/* ---- stages -------------------------------------------------------------- */

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
write_gates(struct json *json, struct plan *plan,
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
write_date(struct json *json, const char *key, const struct plan *plan,
    day date)
{
	json_str(json, key, date == DAY_NONE ? STR_NONE :
	    date_print(plan->run->arena, date));
}

static void
write_step(struct json *json, struct plan *plan,
    const struct schedule *schedule, const struct step *step)
{
	const struct step *back = schedule_rollback(schedule, step);

	json_begin_object(json, NULL);
	json_str(json, "name", step->stage.name);
	write_date(json, "starts", plan, step->starts);
	write_date(json, "ends", plan, step->ends);
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
	write_gates(json, plan, schedule, step);
	write_record(json, "rollback", plan, schedule, back);
	json_str(json, "rollbackPin", back == NULL ? STR_NONE :
	    plan_pin(plan, back));
	json_end_object(json);
}

/* ---- what stands in the way ---------------------------------------------- */

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
write_hits(struct json *json, const struct plan *plan,
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
write_held(struct json *json, const struct plan *plan,
    const struct step *held)
{
	const struct shut_gate *shut;

	if (held == NULL) {
		json_no_value(json, "held");
		return;
	}
	json_begin_object(json, "held");
	json_str(json, "stage", held->stage.name);
	write_date(json, "due", plan, held->due);
	json_str(json, "why", held_text(plan->run->arena, held));
	json_begin_array(json, "gates");
	for (shut = held->shut; shut != NULL; shut = shut->next)
		json_cstr(json, NULL, gate_name(shut->gate->kind));
	json_end_array(json);
	json_end_object(json);
}

/* ---- domains ------------------------------------------------------------- */

/* What the zone publishes, of a stage or of none, and what to make of it. */
static void
write_place(struct json *json, const struct plan *plan,
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
write_stages(struct plan *plan, const struct schedule *schedule)
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
	write_place(json, plan, schedule);
	json_begin_array(json, "stages");
	for (i = 0; schedule != NULL && i < schedule->count; i++)
		if (!schedule->steps[i].past)
			write_step(json, plan, schedule,
			    &schedule->steps[i]);
	json_end_array(json);
}

void
plan_write_json(struct plan *plan, const struct plan_entry *entry)
{
	struct published now = { 0 };
	struct json *json = &plan->json;

	if (entry->schedule != NULL)
		now = schedule_on(entry->schedule, plan->at,
		    plan->run->today);
	json_begin_object(json, NULL);
	json_str(json, "domain", entry->domain->name);
	write_stages(plan, entry->schedule);
	write_held(json, plan, now.held);
	write_hits(json, plan, entry->domain, now.held);
	plan_write_json_keys(plan, entry);
	json_end_object(json);
}

void
plan_begin_json(struct plan *plan)
{
	plan->json = (struct json){ .out = &plan->run->out, .indent = 2 };
	json_begin_object(&plan->json, NULL);
	json_number(&plan->json, "v", 1);
	json_begin_array(&plan->json, "domains");
}

void
plan_end_json(struct plan *plan)
{
	json_end_array(&plan->json);
	json_end_object(&plan->json);
	buffer_add_byte(&plan->run->out, '\n');
}
