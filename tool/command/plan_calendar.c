/*
 * A plan as iCalendar (RFC 5545): each stage an event of the day on which it
 * begins, so that somebody looks at its gates; and the days of keys.
 */
#include "base/arena.h"
#include "command/plan.h"

enum { FOLD = 75 };			/* octets, section 3.1 */

/*
 * One content line: folded so that no line has more octets and no character
 * of UTF-8 is cut.
 */
static void
write_line(struct plan *plan, struct str line)
{
	struct buffer *out = &plan->run->out;
	size_t room = FOLD, end;

	while (line.n > room) {
		for (end = room; end > 1 &&
		    ((unsigned char)line.p[end] & 0xc0) == 0x80;)
			end--;
		buffer_add(out, str_slice(line, 0, end));
		buffer_add_cstr(out, "\r\n ");
		line = str_after(line, end);
		room = FOLD - 1;
	}
	buffer_add(out, line);
	buffer_add_cstr(out, "\r\n");
}

/* NAME:text, with what has a meaning in text escaped (section 3.3.11). */
static void
write_text(struct plan *plan, const char *name, struct str text)
{
	struct buffer line = { 0 };
	size_t i;

	buffer_printf(&line, "%s:", name);
	for (i = 0; i < text.n; i++) {
		if (str_has(STR("\\;,"), (unsigned char)text.p[i]))
			buffer_add_byte(&line, '\\');
		if (text.p[i] == '\n')
			buffer_add_cstr(&line, "\\n");
		else
			buffer_add_byte(&line, (unsigned char)text.p[i]);
	}
	write_line(plan, buffer_str(&line));
	buffer_free(&line);
}

/* 20261124 */
static struct str
basic_date(struct arena *arena, day date)
{
	unsigned month, day_of_month;
	int year;

	date_split(date, &year, &month, &day_of_month);
	return arena_printf(arena, "%04d%02u%02u", year, month, day_of_month);
}

/* What has to be true on the day, and the record that is published then. */
static struct str
describe(struct plan *plan, const struct schedule *schedule, size_t number)
{
	const struct step *step = &schedule->steps[number], *before;
	const struct made *made = plan_record(plan, schedule, step);
	struct buffer text = { 0 };
	struct gate_shown gate;
	size_t i;

	if (made == NULL)
		buffer_add_cstr(&text, "no record");
	else
		buffer_printf(&text, "%.*s. %u IN TXT \"%.*s\"",
		    STR_ARG(made->owner), (unsigned)made->ttl,
		    STR_ARG(made->text));
	before = number == 0 ? NULL : step - 1;
	for (i = 0; before != NULL && !before->past &&
	    i < before->stage.gate_count; i++) {
		gate = plan_gate(plan, schedule, before, i);
		buffer_printf(&text, "\ngate %s: %s, need %.*s%s%.*s",
		    gate.name, gate.state, STR_ARG(gate.need),
		    gate.have.p != NULL ? ", have " : "",
		    STR_ARG(gate.have));
	}
	return buffer_finish(&text, plan->run->arena);
}

/* The same event again, by its name, when its day moves. */
static void
write_event(struct plan *plan, struct str domain, struct str name, day date,
    struct str summary, struct str description)
{
	struct arena *arena = plan->run->arena;

	write_line(plan, STR("BEGIN:VEVENT"));
	write_text(plan, "UID", arena_printf(arena, "%.*s-%.*s@mailzone",
	    STR_ARG(domain), STR_ARG(name)));
	write_line(plan, arena_printf(arena, "DTSTAMP:%.*sT000000Z",
	    STR_ARG(basic_date(arena, plan->run->today))));
	write_line(plan, arena_printf(arena, "DTSTART;VALUE=DATE:%.*s",
	    STR_ARG(basic_date(arena, date))));
	write_text(plan, "SUMMARY", arena_printf(arena, "%.*s: %.*s",
	    STR_ARG(domain), STR_ARG(summary)));
	write_text(plan, "DESCRIPTION", description);
	write_line(plan, STR("TRANSP:TRANSPARENT"));
	write_line(plan, STR("END:VEVENT"));
}

static void
write_stages(struct plan *plan, const struct schedule *schedule)
{
	const struct step *step;
	size_t i;

	for (i = 0; i < schedule->count; i++) {
		step = &schedule->steps[i];
		if (!step->past && step->starts != DAY_NONE)
			write_event(plan, schedule->domain->name,
			    step->stage.name, step->starts, step->stage.name,
			    describe(plan, schedule, i));
	}
}

static void
write_keys(struct plan *plan, const struct plan_entry *entry)
{
	const struct key_event *event = plan_key_event(plan, entry->events);
	struct arena *arena = plan->run->arena;
	struct str name;

	for (; event != NULL; event = event->next) {
		name = str_from(key_event_name(event->kind));
		write_event(plan, entry->domain->name, arena_printf(arena,
		    "%.*s-%.*s", STR_ARG(event->key->selector.text),
		    STR_ARG(name)), event->date, arena_printf(arena,
		    "%.*s DKIM key %.*s", STR_ARG(name),
		    STR_ARG(event->key->selector.text)),
		    event->remark.p != NULL ? event->remark :
		    plan_key_record(plan, entry->domain, event));
	}
}

void
plan_begin_calendar(struct plan *plan)
{
	write_line(plan, STR("BEGIN:VCALENDAR"));
	write_line(plan, STR("VERSION:2.0"));
	write_line(plan, STR("PRODID:-//mailzone//plan//EN"));
}

void
plan_write_calendar(struct plan *plan, const struct plan_entry *entry)
{
	if (entry->schedule != NULL)
		write_stages(plan, entry->schedule);
	write_keys(plan, entry);
}

void
plan_end_calendar(struct plan *plan)
{
	write_line(plan, STR("END:VCALENDAR"));
}
