/*
 * A plan as a picture (SVG): for each domain its stages as bars over time. It
 * asks for nothing else, and follows the reader's light or dark colours.
 */
#include "command/plan.h"
#include "output/output.h"

/* In pixels. */
enum {
	WIDTH = 900, LABELS = 250, RIGHT = 20, TOP = 34, ROW = 22, GAP = 12,
	BAR = 14, EDGE = 12
};

enum {
	LAST_DAYS = 30,			/* of the stage that has no end */
	MANY_MONTHS = 14		/* of more every third has a line */
};

static const char style[] =
    "<style>\n"
    ".plan .paper{fill:#fff}.plan text{fill:#222}.plan .line{stroke:#ccc}"
    ".plan .now{stroke:#06c;stroke-width:2}\n"
    ".plan .deliver{fill:#bbb}.plan .quarantine{fill:#e0a030}"
    ".plan .reject{fill:#3a9a5a}.plan .key{fill:#06c}\n"
    ".plan .test{fill-opacity:.35;stroke:#555;stroke-dasharray:4 3}\n"
    "@media(prefers-color-scheme:dark){.plan .paper{fill:#121212}"
    ".plan text{fill:#ddd}.plan .line{stroke:#555}.plan .now{stroke:#6af}"
    ".plan .key{fill:#6af}.plan .test{stroke:#bbb}}\n"
    "</style>\n";

static bool
is_drawn(const struct step *step)
{
	return !step->past && step->starts != DAY_NONE;
}

static day
end_of(const struct step *step)
{
	return step->ends == DAY_NONE || step->ends < step->starts ?
	    step->starts + LAST_DAYS : step->ends;
}

static void
extend(struct plan *plan, day from, day to)
{
	if (from < plan->from)
		plan->from = from;
	if (to > plan->to)
		plan->to = to;
}

static void
measure_stages(struct plan *plan, const struct schedule *schedule)
{
	const struct step *step;
	size_t i;

	for (i = 0; i < schedule->count; i++) {
		step = &schedule->steps[i];
		if (!is_drawn(step))
			continue;
		plan->height += ROW;
		extend(plan, step->starts, end_of(step));
	}
}

/* The days and the rows that all domains of the picture take. */
static void
measure(struct plan *plan)
{
	struct plan_entry entry = { 0 };
	const struct key_event *event;

	plan->from = plan->to = plan->at;
	plan->height = TOP;
	while (plan_next(plan, &entry)) {
		plan->height += ROW + GAP;
		if (entry.schedule != NULL)
			measure_stages(plan, entry.schedule);
		event = plan_key_event(plan, entry.events);
		if (event != NULL)
			plan->height += ROW;
		for (; event != NULL; event = event->next)
			extend(plan, event->date, event->date);
	}
	if (plan->to == plan->from)
		plan->to++;
	plan->height += GAP;		/* for the day of the line */
}

static int
x_of(const struct plan *plan, day date)
{
	return LABELS + (int)((int64_t)(date - plan->from) *
	    (WIDTH - LABELS - RIGHT) / (plan->to - plan->from));
}

/* A line at the first day of each month. */
static void
draw_months(struct plan *plan)
{
	struct buffer *out = &plan->run->out;
	bool many = (plan->to - plan->from) / 30 > MANY_MONTHS;
	unsigned month, day_of_month;
	int year;
	day date;

	for (date = plan->from; date <= plan->to; date++) {
		date_split(date, &year, &month, &day_of_month);
		if (day_of_month != 1 || (many && month % 3 != 1))
			continue;
		buffer_printf(out, "<path class=\"line\" d=\"M%d %dV%d\"/>"
		    "<text x=\"%d\" y=\"%d\" font-size=\"11\">%04d-%02u"
		    "</text>\n", x_of(plan, date), TOP - 12, plan->height,
		    x_of(plan, date) + 3, TOP - 14, year, month);
	}
}

/* The day that the plan is of, which the line names at its foot. */
static void
draw_now(struct plan *plan)
{
	bool at_right = x_of(plan, plan->at) > WIDTH / 2;

	buffer_printf(&plan->run->out, "<path class=\"now\" d=\"M%d %dV%d\"/>"
	    "<text x=\"%d\" y=\"%d\" font-size=\"11\"%s>%.*s</text>\n",
	    x_of(plan, plan->at), TOP - 12, plan->height,
	    x_of(plan, plan->at) + (at_right ? -4 : 4), plan->height - 4,
	    at_right ? " text-anchor=\"end\"" : "",
	    STR_ARG(date_print(plan->run->arena, plan->at)));
}

static void
draw_step(struct plan *plan, const struct schedule *schedule,
    const struct step *step)
{
	const struct made *made = plan_record(plan, schedule, step);
	const char *outcome = plan_outcome(plan, step, MODEL_9989);
	struct buffer *out = &plan->run->out;
	int x = x_of(plan, step->starts), y = plan->y + ROW - 6;
	/* What has no end goes on to the edge. */
	int width = x_of(plan, step->ends == DAY_NONE ? plan->to :
	    end_of(step)) - x;

	buffer_printf(out, "<text x=\"12\" y=\"%d\">", y);
	write_xml(out, step->stage.name);
	buffer_printf(out, "</text><text x=\"150\" y=\"%d\">%.*s</text>\n",
	    y, STR_ARG(date_print(plan->run->arena, step->starts)));
	buffer_printf(out, "<rect class=\"%s%s\" x=\"%d\" y=\"%d\" "
	    "width=\"%d\" height=\"%d\" rx=\"2\"><title>",
	    made == NULL || step->stage.p == POLICY_NONE ? "deliver" :
	    policy_name(step->stage.p),
	    step->stage.test ? " test" : "", x, y - BAR + 3,
	    width < 2 ? 2 : width, BAR);
	write_xml(out, step->stage.name);
	buffer_printf(out, ", mail that fails: %s", outcome);
	if (made != NULL) {
		buffer_add_cstr(out, ", ");
		write_xml(out, made->text);
	}
	buffer_add_cstr(out, "</title></rect>\n");
	plan->y += ROW;
}

static void
describe_stages(struct plan *plan, const struct schedule *schedule)
{
	struct buffer *out = &plan->run->out;
	size_t i;

	for (i = 0; i < schedule->count; i++) {
		if (!is_drawn(&schedule->steps[i]))
			continue;
		buffer_add_byte(out, ' ');
		write_xml(out, schedule->steps[i].stage.name);
		buffer_printf(out, " from %.*s;",
		    STR_ARG(date_print(plan->run->arena,
		    schedule->steps[i].starts)));
	}
}

/* "publish 2027a 2026-12-01" */
static void
describe_event(struct plan *plan, const struct key_event *event)
{
	struct buffer *out = &plan->run->out;

	buffer_printf(out, "%s ", key_event_name(event->kind));
	write_xml(out, event->key->selector.text);
	buffer_printf(out, " %.*s", STR_ARG(date_print(plan->run->arena,
	    event->date)));
}

/* What the picture shows, for who does not see it. */
static void
describe(struct plan *plan)
{
	struct buffer *out = &plan->run->out;
	struct plan_entry entry = { 0 };
	const struct key_event *event;

	while (plan_next(plan, &entry)) {
		write_xml(out, entry.domain->name);
		buffer_add_byte(out, ':');
		if (entry.schedule != NULL)
			describe_stages(plan, entry.schedule);
		for (event = plan_key_event(plan, entry.events);
		    event != NULL; event = event->next) {
			buffer_add_byte(out, ' ');
			describe_event(plan, event);
			buffer_add_byte(out, ';');
		}
		buffer_add_byte(out, '\n');
	}
}

static void
draw_head(struct plan *plan)
{
	struct buffer *out = &plan->run->out;

	measure(plan);
	plan->y = TOP;
	buffer_printf(out, "<svg xmlns=\"http://www.w3.org/2000/svg\" "
	    "class=\"plan\" role=\"img\" aria-labelledby=\"plan-title "
	    "plan-description\" viewBox=\"%d 0 %d %d\" "
	    "font-family=\"sans-serif\" font-size=\"13\">\n"
	    "<title id=\"plan-title\">The way to the target policy</title>\n"
	    "<desc id=\"plan-description\">", -EDGE, WIDTH + EDGE,
	    plan->height);
	describe(plan);
	buffer_add_cstr(out, "</desc>\n");
	buffer_add_cstr(out, style);
	/* Not every viewer has a ground that goes with the colours. */
	buffer_printf(out, "<rect class=\"paper\" x=\"%d\" width=\"%d\" "
	    "height=\"%d\"/>\n", -EDGE, WIDTH + EDGE, plan->height);
	draw_months(plan);
	draw_now(plan);
}

/* A mark for each day in the life of a key, in one row. */
static void
draw_keys(struct plan *plan, const struct key_event *event)
{
	struct buffer *out = &plan->run->out;
	int x, y = plan->y + ROW - 6;

	if (event == NULL)
		return;
	buffer_printf(out, "<text x=\"12\" y=\"%d\">DKIM keys</text>\n", y);
	for (; event != NULL; event = event->next) {
		x = x_of(plan, event->date);
		buffer_printf(out, "<path class=\"key\" "
		    "d=\"M%d %dl5 5-5 5-5-5z\"><title>", x, y - 9);
		describe_event(plan, event);
		buffer_add_cstr(out, "</title></path>\n");
	}
	plan->y += ROW;
}

static void
draw_entry(struct plan *plan, const struct plan_entry *entry)
{
	const struct schedule *schedule = entry->schedule;
	struct buffer *out = &plan->run->out;
	size_t i;

	buffer_printf(out, "<text x=\"0\" y=\"%d\" font-weight=\"bold\">",
	    plan->y + ROW - 6);
	write_xml(out, entry->domain->name);
	buffer_add_cstr(out, "</text>\n");
	plan->y += ROW;
	for (i = 0; schedule != NULL && i < schedule->count; i++)
		if (is_drawn(&schedule->steps[i]))
			draw_step(plan, schedule, &schedule->steps[i]);
	draw_keys(plan, plan_key_event(plan, entry->events));
	plan->y += GAP;
}

void
plan_draw(struct plan *plan)
{
	struct plan_entry entry = { 0 };

	draw_head(plan);
	while (plan_next(plan, &entry))
		draw_entry(plan, &entry);
	buffer_add_cstr(&plan->run->out, "</svg>\n");
}
