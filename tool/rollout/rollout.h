/*
 * The staged way to p=reject: ladders as data, dates for each domain, the
 * stage that is published on a day.
 *
 * A date never opens a gate: a stage begins when its day has come and the
 * gates of the stage before are met. What is not known keeps a gate shut.
 */
#ifndef ROLLOUT_ROLLOUT_H
#define ROLLOUT_ROLLOUT_H

#include "evidence/evidence.h"

/* ---- ladders (ladder.c) -------------------------------------------------- */

/* What a stage asks before the next one may begin. */
enum gate_kind {
	GATE_PASS_RATE,		/* percent of known senders' mail, times 100 */
	GATE_QUIET_DAYS,	/* days without a new legitimate source */
	GATE_VOLUME,		/* messages at least */
	GATE_COVERAGE_DAYS,	/* days with reports */
	GATE_DKIM_ALIGNED,	/* every sender signs with the domain */
	GATE_NO_SPF_ONLY,	/* no sender relies on SPF alone */
	GATE_SPF_BUDGET,	/* lookups of the SPF record, at most */
	GATE_TTL,		/* of the DMARC record, seconds, at most */
	GATE_LINT_CLEAN,	/* no finding of level error */
	GATE_KINDS
};

const char *gate_name(enum gate_kind);	/* "pass_rate": as in YAML */

struct gate {
	enum gate_kind kind;
	uint32_t need;		/* see gate_kind; 1 for yes */
};

struct stage {
	struct str name;
	struct span span;
	/* The core of the record; POLICY_ABSENT p: no record at all. */
	enum policy p, sp, np;
	bool test;		/* t=y, and pct=0 beside it */
	uint32_t least;		/* days before the next stage */
	uint32_t ttl;		/* seconds; 0: as the domain has it */
	struct gate gates[GATE_KINDS];
	size_t gate_count;
	struct str why, citation;
};

struct ladder {
	struct ladder *next;
	struct str name, summary;
	struct words sources;
	struct stage *stages;
	size_t count;
};

struct ladders {
	struct ladder *first;
	struct config_problems problems;
};

/* Own ones (folder may be STR_NONE) override shipped ones; by name. */
struct ladders *ladders_read(struct arena *, struct str shipped,
    struct str own);
const struct ladder *ladder_find(const struct ladders *, struct str name);
/* The number of the stage of this name; count when there is none. */
size_t ladder_stage(const struct ladder *, struct str name);
/*
 * Gives each domain with a rollout its ladder (when none is named, "parked"
 * to parked ones and "standard" to the others); unknown ones, pins at stages
 * that they do not have, and what is wrong with the ladders themselves become
 * problems of the configuration.
 */
void ladders_resolve(struct arena *, const struct ladders *,
    struct config *);

/* "v=DMARC1; p=quarantine; sp=quarantine; np=reject; t=y; pct=0" */
struct str stage_core(struct arena *, const struct stage *);
/* What a receiver makes of the record of a stage; 'p', 's' or 'n'. */
enum outcome stage_outcome(struct arena *, const struct stage *, char which,
    enum model);

/* The TTL of the record of a stage: never more than the domain has. */
uint32_t stage_ttl(const struct config_domain *, const struct stage *);

/*
 * (stages.c) Do names below take sp and np from this domain's record? Not when
 * a domain above is configured, because receivers look there (RFC 9989 section
 * 4.7).
 */
bool domain_is_organizational(const struct config *,
    const struct config_domain *);

/* ---- gates (gate.c) ------------------------------------------------------ */

enum { PROOF_DAYS = 30 };	/* of the past decide about rates */

enum gate_state {
	GATE_UNKNOWN,		/* keeps it shut, as much as the next two */
	GATE_OPEN,		/* not met yet: it takes time */
	GATE_FAILED,		/* not met until somebody mends something */
	GATE_MET
};

const char *gate_state_name(enum gate_state);	/* "unknown" */
/* "99.5", "14", "true": a value of a gate, as it stands in the ladder. */
struct str gate_value(struct arena *, enum gate_kind, uint32_t);

/* What is known about a gate. */
struct gate_answer {
	enum gate_state state;
	bool has_have;
	uint32_t have;		/* in the unit of the gate's need */
};

/* What reports say of the domains that have a rollout. */
struct proof;

/* The evidence is of each day (by_day), and sorted. */
struct proof *proof_make(const struct world *, struct arena *,
    const struct evidence *);
/* Can nothing but reports open it? */
bool gate_wants_reports(enum gate_kind);
bool stage_wants_reports(const struct stage *);
/*
 * As it stands at the end of a day, for a stage that is published since
 * another one. Rates are those of at most PROOF_DAYS days. Without a proof
 * (NULL) or a report the answer is unknown, unless the configuration alone
 * says that it cannot be met.
 */
struct gate_answer gate_ask(const struct proof *,
    const struct config_domain *, const struct gate *, day since, day at);
/* At the end of that day, are all those met that want reports? */
bool gates_are_met(const struct proof *, const struct config_domain *,
    const struct stage *, day since, day at);
/* Do reports tell of one of these days? Both are inside. */
bool proof_has_days(const struct proof *, struct str domain, day since,
    day at);

/* ---- gates that no report opens (ground.c) ------------------------------- */

/*
 * What is seen today of a domain, for the gates that no report opens: in its
 * zone as it will be with the record of the step that is due.
 */
struct ground {
	uint32_t lookups_min, lookups_max;	/* of its SPF record */
	bool spf_broken;		/* whatever it costs */
	size_t errors;			/* that lint finds */
	struct str first_error;		/* "spf-all-pass at bad.example.com" */
	bool knows_record;		/* of DMARC, in the zone as it is */
	uint32_t record_ttl;		/* of that; 0: there is none */
};

/* By domain. */
struct grounds;

struct grounds *grounds_new(struct arena *);	/* of no domain yet */
/* NULL when nothing is known of it; grounds may be NULL, too. */
const struct ground *ground_of(const struct grounds *, struct str domain);
/* Keeps a copy; the domain must last as long as the arena. Once for each. */
void ground_put(struct grounds *, struct str domain, const struct ground *);

struct schedule;
struct step;

/* A gate of the other kind. What is not known (NULL) is unknown. */
struct gate_answer gate_see(const struct ground *, const struct schedule *,
    const struct step *, const struct gate *);

/* ---- what keeps gates shut (shut.c) -------------------------------------- */

/* Whose mail keeps a gate shut. */
struct blocker {
	struct blocker *next;
	struct str name;
	enum source_kind kind;
	uint64_t messages;		/* that are why */
	struct str why;			/* "80 of 3080 messages fail" */
};

/* A gate that keeps the next step from beginning. */
struct shut_gate {
	struct shut_gate *next;
	const struct gate *gate;
	struct gate_answer answer;
	struct blocker *blockers;
	struct str mend;		/* what is wrong; "" nobody knows */
};

/* The gates of a step that are not met, so that the next one is held. */
struct shut_gate *gates_shut(struct arena *, const struct proof *,
    const struct ground *, const struct schedule *, const struct step *,
    day at);
/*
 * "pass_rate failed, need 99, have 94.59 (relays: 80 of 3080 messages fail)";
 * and for all that keep a step from beginning why it is held: "nothing shows
 * that the gates to "quarantine" are open: ...".
 */
struct str shut_gate_text(struct arena *, const struct shut_gate *);
struct str held_text(struct arena *, const struct step *);
/* Has one of these gates failed? Then it takes more than time or reports. */
bool held_by_failure(const struct step *);

/* ---- what fails (gate.c) ------------------------------------------------- */

/* Mail that fails: what a policy that is followed would have hit. */
struct hit {
	struct hit *next;
	const struct source_group *source;
	uint64_t messages;
	struct str why;			/* what is to be done; "" nothing */
};

/*
 * Of the last PROOF_DAYS days that reports know of, up to a day; senders
 * first. *total gets all messages of these days.
 */
struct hit *proof_hits(struct arena *, const struct proof *,
    struct str domain, day at, uint64_t *total);

/* ---- dates (schedule.c) -------------------------------------------------- */

struct step {
	struct stage stage;	/* no stricter than the domain wants */
	day starts;
	day ends;		/* the next one's start; DAY_NONE: the last */
	bool past;		/* stands before a pinned one */
	bool pinned;		/* published, says the configuration */
	bool late;		/* its day has passed, its gates are shut */
	bool missing;		/* it has begun, and its zone has it not */
	day due;		/* late: that day */
	const struct shut_gate *shut;	/* late: these */
	/*
	 * Seconds for which receivers may go on with what was there before:
	 * another record, or none. 0: nothing is published, or not known.
	 */
	uint32_t remembered;
	bool past_unknown;	/* it stands there, and nobody saw what did */
	bool since_unknown;	/* the same, and it may have come later */
	uint32_t days;		/* before the next one, at least */
};

struct schedule {
	struct schedule *next;
	const struct config_domain *domain;
	const struct ladder *ladder;
	enum policy target;
	/* The target was lowered because people write in this name. */
	bool lowered;
	bool has_start;		/* a start or a pinned stage is known */
	struct step *steps;
	size_t count;
};

struct schedules {
	struct schedule *first;	/* in the order of the configuration */
	size_t count;
	struct table by_domain;	/* by name */
};

/*
 * (stages.c) The stages that a domain with a rollout goes through, without
 * their days.
 */
struct schedule *schedule_new(struct arena *, const struct config *,
    const struct config_domain *);
/*
 * The dates of every domain with a rollout, as they look today: what is
 * pinned stands, what has not begun begins today at the earliest.
 */
struct schedules *schedules_make(struct arena *, const struct config *,
    day today);
/* What is known besides the configuration; each may be NULL. */
struct insight {
	const struct zones *zones;	/* those of files are asked alone */
	const struct proof *proof;
	const struct grounds *grounds;
	const struct state *state;	/* of earlier runs */
};

/*
 * The same with reports: a stage begins on the first day that is due, on which
 * the gates before it are met by what was told of earlier days, and which
 * allows a change. With zones: it lasts until nobody remembers what it
 * replaced. With grounds, too: what is not published yet is held by a gate
 * that has failed. With a state: its time counts from the day on which an
 * earlier run saw its record first.
 */
struct schedules *schedules_make_proven(struct arena *,
    const struct config *, const struct insight *, day today);
/*
 * Is there a step of today's that is not published, and whose gates somebody
 * has to look after (see struct ground)?
 */
bool schedule_wants_ground(const struct config *, const struct schedule *,
    const struct insight *, day today);
const struct schedule *schedule_find(const struct schedules *,
    const struct config_domain *);

/* ---- the stage of a day, or of a record (stages.c) ----------------------- */

/* Where a domain stands on a day. */
struct published {
	/* NULL before the start. Without p in it, no record is published. */
	const struct step *step;
	/* A later stage was due, but its gates are not known to be met. */
	const struct step *held;
	bool assumed;		/* gates between today and then: taken as met */
};

/* What is published at a day, as far as is known today. */
struct published schedule_on(const struct schedule *, day at, day today);

/* The policy of the last step; POLICY_ABSENT: there is none. */
enum policy schedule_end(const struct schedule *);

/*
 * What to say of a plan that ends with less than its target, because its ladder
 * has no such stage, or than dmarc.p, because people write in this name
 * (schedule->lowered; RFC 9989 section 7.4). STR_NONE: it ends as asked, or
 * beyond, where a stage is pinned.
 */
struct str schedule_shortfall(struct arena *, const struct schedule *);

/*
 * Is this its last step? A parked name is locked from then on: null MX, SPF
 * and an empty key come with it.
 */
bool schedule_is_last(const struct schedule *, const struct step *);

/* Nothing may change on this day (hold_until, freeze), so nothing is late. */
bool schedule_is_at_rest(const struct schedule *, day);

/*
 * The step whose record this is, by what it asks for, and not by reports or
 * alignment; of several the one that is given, else the first. NULL: none.
 */
const struct step *schedule_step_of(const struct schedule *,
    const struct dmarc *, const struct step *given);

/*
 * What a record asks of receivers beyond a step (NULL: before the first), for
 * any mail and in either generation, however it is spelt: "p=reject".
 * STR_NONE: nothing.
 */
struct str schedule_excess(struct arena *, const struct config *,
    const struct schedule *, const struct dmarc *, const struct step *);

/* The stage to go back to from a step; NULL when that has no record. */
const struct step *schedule_rollback(const struct schedule *,
    const struct step *);

/* ---- keys (rotation.c) --------------------------------------------------- */

enum key_event_kind { KEY_PUBLISH, KEY_SIGN, KEY_RETIRE, KEY_REVOKE,
	KEY_REMOVE };

/* A day in the life of a key. */
struct key_event {
	struct key_event *next;
	const struct config_key *key;
	enum key_event_kind kind;
	day date;
	struct str remark;		/* for people; STR_NONE */
};

const char *key_event_name(enum key_event_kind);	/* "publish" */
/*
 * All days of the keys of a domain, by date: those that are configured; the
 * first on which nobody remembers that a new key was not there, by the TTL;
 * and when a revoked one can go. NULL: no key has a date.
 */
struct key_event *key_events(struct arena *, const struct config_domain *,
    day today);

#endif
