/*
 * A plan as lines of letters over time, for terminals: a line for each domain,
 * a letter for what is published.
 */
#include "command/plan.h"

enum {
	LABEL = 24, COLUMNS = 54,
	LAST_DAYS = 30,			/* of the stage that has no end */
	MONTH = 8			/* "2026-12" and a blank */
};

static bool
is_drawn(const struct plan *plan, const struct schedule *schedule)
{
	return plan_wants(plan, schedule->domain) && schedule->has_start;
}

/* The days that the chart shows; false: there is none to be drawn. */
static bool
measure(struct plan *plan)
{
	const struct schedule *schedule;
	const struct step *step;
	bool any = false;

	plan->from = plan->to = plan->at;
	for (schedule = plan->schedules->first; schedule != NULL;
	    schedule = schedule->next) {
		if (!is_drawn(plan, schedule))
			continue;
		any = true;
		for (step = schedule->steps;
		    step < schedule->steps + schedule->count; step++) {
			if (step->past || step->starts == DAY_NONE)
				continue;
			if (step->starts < plan->from)
				plan->from = step->starts;
			if (step->starts + LAST_DAYS > plan->to)
				plan->to = step->starts + LAST_DAYS;
		}
	}
	return any;
}

/* The first day of a column; the one behind the last is plan->to. */
static day
day_at(const struct plan *plan, int column)
{
	return plan->from + (day)((int64_t)(plan->to - plan->from) * column /
	    COLUMNS);
}

static int
column_of(const struct plan *plan, day date)
{
	int column = 0;

	while (column < COLUMNS - 1 && day_at(plan, column + 1) <= date)
		column++;
	return column;
}

/* Small letters are tests. */
static int
letter_of(const struct step *step)
{
	if (step == NULL || step->stage.p == POLICY_ABSENT)
		return '.';
	if (step->stage.p == POLICY_NONE)
		return '-';
	if (step->stage.p == POLICY_QUARANTINE)
		return step->stage.test ? 'q' : 'Q';
	return step->stage.test ? 'r' : 'R';
}

/* The last step that has begun before the end of a column. */
static const struct step *
step_in(const struct plan *plan, const struct schedule *schedule, int column)
{
	const struct step *step, *found = NULL;
	day end = day_at(plan, column + 1);

	for (step = schedule->steps; step < schedule->steps + schedule->count;
	    step++)
		if (!step->past && step->starts != DAY_NONE &&
		    step->starts < end)
			found = step;
	return found;
}

static void
draw_line(const struct plan *plan, const struct schedule *schedule)
{
	struct buffer *out = &plan->run->out;
	struct str name = schedule->domain->name;
	int column;

	if (name.n > LABEL)
		buffer_printf(out, "%.*s..", LABEL - 2, name.p);
	else
		buffer_printf(out, "%-*.*s", LABEL, STR_ARG(name));
	buffer_add_byte(out, ' ');
	for (column = 0; column < COLUMNS; column++)
		buffer_add_byte(out, letter_of(step_in(plan, schedule,
		    column)));
	buffer_add_byte(out, '\n');
}

static bool
begins_month(day date)
{
	unsigned month, day_of_month;
	int year;

	date_split(date, &year, &month, &day_of_month);
	return day_of_month == 1;
}

/* What is left of the first month is named when the next one leaves room. */
static bool
is_named(const struct plan *plan, day date)
{
	if (date != plan->from || begins_month(date))
		return begins_month(date);
	while (!begins_month(date) && date < plan->to)
		date++;
	return column_of(plan, date) >= MONTH;
}

/* Each month that has the room, where it begins. */
static void
draw_months(const struct plan *plan)
{
	struct buffer *out = &plan->run->out;
	int column, last = -MONTH, width = 0;
	struct str name;
	day date;

	buffer_add_repeated(out, ' ', LABEL + 1);
	for (date = plan->from; date < plan->to; date++) {
		column = column_of(plan, date);
		if (!is_named(plan, date) || column < last + MONTH ||
		    column + MONTH > COLUMNS + 1)
			continue;
		name = str_slice(date_print(plan->run->arena, date), 0,
		    MONTH - 1);
		buffer_add_repeated(out, ' ', (size_t)(column - width));
		buffer_add(out, name);
		last = column;
		width = column + (int)name.n;
	}
	buffer_add_byte(out, '\n');
}

static void
draw_today(const struct plan *plan)
{
	struct str date = date_print(plan->run->arena, plan->at);
	struct buffer *out = &plan->run->out;
	size_t column = (size_t)column_of(plan, plan->at);

	if (column > COLUMNS / 2) {
		buffer_add_repeated(out, ' ', LABEL + column - date.n);
		buffer_printf(out, "%.*s ^\n", STR_ARG(date));
	} else {
		buffer_add_repeated(out, ' ', LABEL + 1 + column);
		buffer_printf(out, "^ %.*s\n", STR_ARG(date));
	}
}

void
plan_end_text(struct plan *plan)
{
	const struct schedule *schedule;

	if (!measure(plan))
		return;
	buffer_add_byte(&plan->run->out, '\n');
	draw_months(plan);
	for (schedule = plan->schedules->first; schedule != NULL;
	    schedule = schedule->next)
		if (is_drawn(plan, schedule))
			draw_line(plan, schedule);
	draw_today(plan);
	buffer_add_cstr(&plan->run->out, ". no record, - p=none, Q "
	    "quarantine, R reject, small letters while they are tested\n");
}
