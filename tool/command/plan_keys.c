/* The keys in a plan: which days are ahead of them, in every form. */
#include "base/arena.h"
#include "command/plan.h"

enum { SHOWN_DAYS = 30 };		/* so long after it an event is told */

static const struct column columns[] = {
	{ "Day", false }, { "Selector", false }, { "Event", false },
	{ "Record", false }, { "Remark", false }, { NULL, false }
};

bool
plan_wants(const struct plan *plan, const struct config_domain *domain)
{
	struct run *run = plan->run;
	struct str name;
	size_t i;

	for (i = 0; i < run->argument_count; i++)
		if (name_typed(run->arena, run->arguments[i], &name) &&
		    str_equal(name, domain->name))
			return true;
	return run->argument_count == 0;
}

/* The next one after a domain whose keys have dates, and nothing else. */
static const struct config_domain *
next_without_rollout(const struct plan *plan,
    const struct config_domain *domain, const struct key_event **events)
{
	while ((domain = config_next(plan->run->config, domain)) != NULL)
		if (plan_wants(plan, domain) &&
		    schedule_find(plan->schedules, domain) == NULL &&
		    (*events = key_events(plan->run->arena, domain,
		    plan->run->today)) != NULL)
			return domain;
	return NULL;
}

bool
plan_next(const struct plan *plan, struct plan_entry *entry)
{
	const struct schedule *schedule = entry->domain == NULL ?
	    plan->schedules->first : entry->schedule == NULL ? NULL :
	    entry->schedule->next;

	while (schedule != NULL && !plan_wants(plan, schedule->domain))
		schedule = schedule->next;
	if (schedule != NULL) {
		entry->domain = schedule->domain;
		entry->events = key_events(plan->run->arena, schedule->domain,
		    plan->run->today);
	} else
		entry->domain = next_without_rollout(plan, entry->schedule ==
		    NULL ? entry->domain : NULL, &entry->events);
	entry->schedule = schedule;
	return entry->domain != NULL;
}

const struct key_event *
plan_key_event(const struct plan *plan, const struct key_event *event)
{
	while (event != NULL && event->date + SHOWN_DAYS < plan->at)
		event = event->next;
	return event;
}

/* "2027a._domainkey.example.com" */
static struct str
key_owner(const struct plan *plan, const struct config_domain *domain,
    const struct key_event *event)
{
	return arena_printf(plan->run->arena, "%.*s._domainkey.%.*s",
	    STR_ARG(event->key->selector.text), STR_ARG(domain->name));
}

struct str
plan_key_record(const struct plan *plan, const struct config_domain *domain,
    const struct key_event *event)
{
	struct arena *arena = plan->run->arena;
	struct str text;

	if ((event->kind != KEY_PUBLISH && event->kind != KEY_REVOKE) ||
	    event->key->key.error.p != NULL)
		return STR("");
	text = key_text(arena, event->key, event->date);
	return arena_printf(arena, "%.*s. %u IN TXT \"%.*s\"",
	    STR_ARG(key_owner(plan, domain, event)),
	    (unsigned)domain->ttl, STR_ARG(text));
}

static struct str
remark_of(const struct key_event *event)
{
	return event->remark.p == NULL ? STR("") : event->remark;
}

/* ---- text ---------------------------------------------------------------- */

void
plan_write_keys(const struct plan *plan, const struct plan_entry *entry)
{
	const struct key_event *event = plan_key_event(plan, entry->events);
	struct buffer *out = &plan->run->out;

	if (event == NULL)
		return;
	buffer_add_cstr(out, "    key of DKIM      day        event\n");
	for (; event != NULL; event = event->next) {
		buffer_printf(out, "      %-14.*s %.*s %s",
		    STR_ARG(event->key->selector.text),
		    STR_ARG(date_print(plan->run->arena, event->date)),
		    key_event_name(event->kind));
		if (event->remark.p != NULL)
			buffer_printf(out, ": %.*s", STR_ARG(event->remark));
		buffer_add_byte(out, '\n');
	}
}

/* ---- pages --------------------------------------------------------------- */

void
plan_write_key_table(const struct plan *plan, const struct plan_entry *entry)
{
	const struct key_event *event = plan_key_event(plan, entry->events);
	struct arena *arena = plan->run->arena;

	if (event == NULL)
		return;
	page_table(&plan->page, arena_printf(arena, "DKIM keys of %.*s",
	    STR_ARG(entry->domain->name)), columns);
	for (; event != NULL; event = event->next) {
		const struct str cells[] = {
			date_print(arena, event->date),
			event->key->selector.text,
			str_from(key_event_name(event->kind)),
			plan_key_record(plan, entry->domain, event),
			remark_of(event),
		};

		page_row(&plan->page, columns, cells);
	}
	page_table_end(&plan->page);
}

/* ---- json ---------------------------------------------------------------- */

static void
write_record(struct json *json, const struct plan *plan,
    const struct config_domain *domain, const struct key_event *event)
{
	json_begin_array(json, "records");
	if (event->kind != KEY_REMOVE && event->key->key.error.p == NULL) {
		json_begin_object(json, NULL);
		json_str(json, "owner", key_owner(plan, domain, event));
		json_number(json, "ttl", domain->ttl);
		json_cstr(json, "type", "TXT");
		json_str(json, "text", key_text(plan->run->arena, event->key,
		    event->date));
		json_end_object(json);
	}
	json_end_array(json);
}

void
plan_write_json_keys(struct plan *plan, const struct plan_entry *entry)
{
	const struct key_event *event;
	struct json *json = &plan->json;

	json_begin_array(json, "keys");
	for (event = entry->events; event != NULL; event = event->next) {
		json_begin_object(json, NULL);
		json_str(json, "selector", event->key->selector.text);
		json_cstr(json, "event", key_event_name(event->kind));
		json_str(json, "date", date_print(plan->run->arena,
		    event->date));
		json_str(json, "remark", event->remark);
		write_record(json, plan, entry->domain, event);
		json_end_object(json);
	}
	json_end_array(json);
}
