/*
 * What the forms of a plan share: text (plan_text.c) and the chart below it
 * (plan_chart.c), JSON (plan_json.c), Markdown and HTML (plan_page.c), SVG
 * (plan_picture.c), iCalendar (plan_calendar.c); what all say about keys
 * (plan_keys.c), the zone (plan_zone.c) and going back (plan_back.c).
 */
#ifndef COMMAND_PLAN_H
#define COMMAND_PLAN_H

#include "base/json.h"
#include "command/evidence.h"
#include "output/output.h"

struct plan {
	struct run *run;
	const struct schedules *schedules;
	day at;
	struct survey *survey;		/* of that day */
	struct json json;		/* that is being written */
	struct page page;
	/* Of the picture: the days it shows, and where in it we are. */
	day from, to;
	int height, y;
};

/* Is the domain one of those that were asked for? */
bool plan_wants(const struct plan *, const struct config_domain *);

/* A domain of the plan. */
struct plan_entry {
	const struct config_domain *domain;
	const struct schedule *schedule;	/* NULL: its keys alone */
	const struct key_event *events;		/* all; see plan_key_event */
};

/*
 * (plan_keys.c) Those that are wanted, one after the other: with a rollout,
 * then without one, but with keys that have dates. Starts as { 0 }; false at
 * the end.
 */
bool plan_next(const struct plan *, struct plan_entry *);
/* From here on, the first that is not long past; NULL: none. */
const struct key_event *plan_key_event(const struct plan *,
    const struct key_event *);
/* The whole record of a key where that changes; "" where it does not. */
struct str plan_key_record(const struct plan *, const struct config_domain *,
    const struct key_event *);
void plan_write_keys(const struct plan *, const struct plan_entry *);
void plan_write_key_table(const struct plan *, const struct plan_entry *);
void plan_write_json_keys(struct plan *, const struct plan_entry *);

/* A gate in words, its numbers in its unit; have: STR_NONE, nobody knows. */
struct gate_shown {
	const char *name, *state;
	struct str need, have;
};

/* The gate of this number, from 0, of a step's stage. */
struct gate_shown plan_gate(struct plan *, const struct schedule *,
    const struct step *, size_t number);
/* What to write into the configuration to go back to a step now. */
struct str plan_pin(const struct plan *, const struct step *);
/*
 * Why to think of going back from a step that is published: so much mail fails
 * that it could not begin today. STR_NONE: there is no reason.
 */
struct str plan_trouble(const struct plan *, const struct schedule *,
    const struct step *);
/* The step that the zone publishes; NULL: none of them, or nobody knows. */
const struct step *plan_zone_step(const struct plan *,
    const struct schedule *);

/* Its record of DMARC, whatever it asks for; NULL: none, or nobody knows. */
const struct record *plan_zone_record(const struct plan *,
    const struct schedule *);

enum plan_place { PLAN_PLACE_UNKNOWN, PLAN_ON_TIME, PLAN_BEHIND, PLAN_AHEAD };

/* Where the zone is today, by the plan; *how says what it publishes. */
enum plan_place plan_place(const struct plan *, const struct schedule *,
    struct str *how);
/* The record of a step, as generate writes it; NULL: none. */
const struct made *plan_record(const struct plan *, const struct schedule *,
    const struct step *);
/* What becomes of mail that fails: "deliver", "quarantine", "reject". */
const char *plan_outcome(const struct plan *, const struct step *,
    enum model);

/* (plan_check.c) Says what is due today, or overdue; the status. */
int plan_check(struct plan *);

/* Forms write into run->out: the start, each domain, the end. */
void plan_write_text(struct plan *, const struct plan_entry *);
void plan_end_text(struct plan *);
void plan_begin_json(struct plan *);
void plan_write_json(struct plan *, const struct plan_entry *);
void plan_end_json(struct plan *);
void plan_begin_markdown(struct plan *);
void plan_begin_html(struct plan *);
void plan_write_page(struct plan *, const struct plan_entry *);
void plan_end_page(struct plan *);
void plan_begin_calendar(struct plan *);
void plan_write_calendar(struct plan *, const struct plan_entry *);
void plan_end_calendar(struct plan *);
/* All wanted domains in one picture. */
void plan_draw(struct plan *);

#endif
