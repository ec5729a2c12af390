/*
 * DMARC: what earlier runs saw beside what is published now.
 */
#include "base/arena.h"
#include "rollout/rollout.h"
#include "rules/check.h"

enum { NONE_DAYS = 90, TEST_DAYS = 30 };

typedef bool dmarc_test(const struct dmarc *);

/*
 * Since which day has this been so, without a break? The record of today is
 * taken to be so; DAY_NONE when no run has seen it before.
 */
static day
day_since(struct lint *lint, const struct record *record, dmarc_test *is_so)
{
	const struct sighting *seen = state_at(lint->world->state,
	    record->owner, SEEN_DMARC);
	day since = DAY_NONE;

	for (; seen != NULL; seen = seen->next)
		if (!is_so(dmarc_parse(lint->arena, seen->text)))
			since = DAY_NONE;
		else if (since == DAY_NONE)
			since = seen->first;
	return since;
}

/* The record has been so for more than this many days. */
static bool
is_stale(struct lint *lint, const struct record *record, dmarc_test *is_so,
    day days, day *since)
{
	if (!is_so(record->dmarc))
		return false;
	*since = day_since(lint, record, is_so);
	return *since != DAY_NONE && lint->world->today - *since > days;
}

/* At the name: what is wrong is not a word of the record, but its age. */
static struct diag *
complain_age(struct lint *lint, const struct record *record,
    const char *what, day since)
{
	struct diag *diag = complain(lint, record_owner_span(record),
	    "%s for %d days, since %.*s at least", what,
	    (int)(lint->world->today - since),
	    STR_ARG(date_print(lint->arena, since)));

	diag_about(lint, diag, record->owner);
	return diag;
}

/* ---- policies that stay -------------------------------------------------- */

static bool
is_none(const struct dmarc *dmarc)
{
	return dmarc->policy == POLICY_NONE;
}

static void
check_stuck_none(struct lint *lint, const struct record *record)
{
	struct diag *diag;
	day since;

	if (!is_stale(lint, record, is_none, NONE_DAYS, &since))
		return;
	diag = complain_age(lint, record, "forged mail has been delivered, "
	    "for want of a policy,", since);
	diag_help(lint, diag, "plan the way to p=reject: mailzone plan");
}

static const struct rule stuck_none = {
	.id = "dmarc-stuck-none",
	.level = LEVEL_WARNING,
	.subject = SUBJECT_DMARC,
	.state = true,
	.summary = "p=none for more than 90 days",
	.rationale = "p=none is for the weeks in which reports are read. "
	    "Domains that stay there are those which attackers forge; 90 "
	    "days are enough to find one's senders.",
	.citation = "JCSA-20240502-001; BOD 18-01",
	.bad = WITH_DMARC("v=DMARC1; p=none; rua=mailto:d@example.com")
	    EARLIER("2026-05-01", TXT("_dmarc", "v=DMARC1; p=none"))
	    TODAY("2026-11-24"),
	.good = WITH_DMARC("v=DMARC1; p=quarantine; rua=mailto:d@example.com")
	    EARLIER("2026-05-01", TXT("_dmarc", "v=DMARC1; p=none"))
	    TODAY("2026-11-24"),
	.record = check_stuck_none,
};

static bool
is_test(const struct dmarc *dmarc)
{
	return dmarc->policy != POLICY_NONE &&
	    (dmarc->test || dmarc->percent < 100);
}

static void
check_test_stale(struct lint *lint, const struct record *record)
{
	struct diag *diag;
	day since;

	if (!is_stale(lint, record, is_test, TEST_DAYS, &since))
		return;
	diag = complain_age(lint, record, "forged mail has fared better than "
	    "the policy says, for a test,", since);
	diag_help(lint, diag, "end the test: take out \"t\" and \"pct\"");
}

static const struct rule test_stale = {
	.id = "dmarc-test-stale",
	.level = LEVEL_WARNING,
	.subject = SUBJECT_DMARC,
	.state = true,
	.summary = "DMARC has been tested for more than 30 days",
	.rationale = "t=y and pct below 100 weaken a policy for the days in "
	    "which one watches what it does. Forgotten, they keep it weak.",
	.citation = "RFC 9989 section 4.7; RFC 7489 section 6.3",
	.bad = WITH_DMARC("v=DMARC1; p=reject; t=y; pct=0; "
	    "rua=mailto:d@example.com")
	    EARLIER("2026-09-01", TXT("_dmarc", "v=DMARC1; p=quarantine; t=y"))
	    TODAY("2026-11-24"),
	.good = WITH_DMARC("v=DMARC1; p=reject; rua=mailto:d@example.com")
	    EARLIER("2026-09-01",
		TXT("_dmarc", "v=DMARC1; p=reject; t=y; pct=0"))
	    TODAY("2026-11-24"),
	.record = check_test_stale,
};

/* ---- policies that got weaker -------------------------------------------- */

/* The one record that the last run saw at an owner; NULL for several. */
static const struct sighting *
last_seen(const struct sighting *seen, day run)
{
	const struct sighting *last = NULL;
	size_t count = 0;

	for (; seen != NULL; seen = seen->next)
		if (seen->last == run) {
			last = seen;
			count++;
		}
	return count == 1 ? last : NULL;
}

/* A step back that the plan makes is no surprise. */
static bool
is_planned(struct lint *lint, struct str domain, const struct dmarc *dmarc)
{
	const struct config_domain *row = config_domain(lint->config, domain);
	const struct schedule *schedule;
	struct published now;

	if (row == NULL || !row->rollout.present ||
	    lint->world->schedules == NULL)
		return false;
	schedule = schedule_find(lint->world->schedules, row);
	if (schedule == NULL || !schedule->has_start)
		return false;
	now = schedule_on(schedule, lint->world->today, lint->world->today);
	return now.step != NULL && now.step->stage.p != POLICY_ABSENT &&
	    !dmarc_is_behind(lint, dmarc, schedule, now.step);
}

static unsigned
strength(const struct dmarc *dmarc, char which, enum model model)
{
	struct verdict detail = { 0 };

	policy_level(dmarc, which, model, &detail);
	return outcome_strength(&detail);
}

static const char *
fate(unsigned strength)
{
	return strength == 2 ? "rejected" : strength == 1 ? "put aside" :
	    "delivered";
}

/* What differs first: of the name itself, below it, below where nothing is. */
static bool
find_weaker(const struct dmarc *was, const struct dmarc *is, bool whole,
    char *which, enum model *model)
{
	static const char tags[] = { 'p', 's', 'n' };
	size_t i;
	int m;

	for (i = 0; i < (whole ? sizeof(tags) : 1); i++)
		for (m = 0; m < MODELS; m++)
			if (strength(is, tags[i], (enum model)m) <
			    strength(was, tags[i], (enum model)m)) {
				*which = tags[i];
				*model = (enum model)m;
				return true;
			}
	return false;
}

static bool
is_organizational(struct lint *lint, struct str domain)
{
	bool known;
	int model;

	for (model = 0; model < MODELS; model++)
		if (str_equal(lint_organization(lint, domain,
		    (enum model)model, &known), domain))
			return true;
	return false;
}

static void
compare_record(struct lint *lint, const struct record *record,
    const struct sighting *seen)
{
	const struct dmarc *was = dmarc_parse(lint->arena, seen->text);
	struct str domain = record_domain(record);
	enum model model;
	struct diag *diag;
	char which;

	if (!find_weaker(was, record->dmarc, is_organizational(lint, domain),
	    &which, &model) || is_planned(lint, domain, record->dmarc))
		return;
	diag = complain(lint, record_owner_span(record), "mail that strangers "
	    "forge as %s%.*s is now %s; until %.*s it was %s",
	    which == 'p' ? "" : which == 's' ? "a name below " :
	    "a name that does not exist below ", STR_ARG(domain),
	    fate(strength(record->dmarc, which, model)),
	    STR_ARG(date_print(lint->arena, seen->last)),
	    fate(strength(was, which, model)));
	diag_record(lint, diag, record);
	diag_about(lint, diag, record->owner);
	diag_help(lint, diag, "it was: %.*s", STR_ARG(seen->text));
}

/* The record is gone: what do receivers find in its place? */
static void
compare_absence(struct lint *lint, struct str owner,
    const struct sighting *seen)
{
	const struct dmarc *was = dmarc_parse(lint->arena, seen->text);
	struct verdict now;
	struct str domain;
	struct diag *diag;
	unsigned before;
	int model;

	if (auth_place(owner, &domain, NULL) != AUTH_DMARC ||
	    !zone_is_whole(lint->zone) || !dmarc_is_lacking(lint, domain))
		return;
	for (model = 0; model < MODELS; model++) {
		before = strength(was, 'p', (enum model)model);
		now = policy_discover(lint->world, lint->arena, domain,
		    (enum model)model);
		if (now.outcome == OUTCOME_UNKNOWN ||
		    outcome_strength(&now) >= before)
			continue;
		diag = complain_zone(lint, "mail that strangers forge as %.*s "
		    "is now %s, because its record is gone; until %.*s it "
		    "was %s", STR_ARG(domain), fate(outcome_strength(&now)),
		    STR_ARG(date_print(lint->arena, seen->last)),
		    fate(before));
		diag_set_owner(lint->keep, diag, owner);
		diag_about(lint, diag, owner);
		diag_help(lint, diag, "it was: %.*s", STR_ARG(seen->text));
		return;
	}
}

static void
compare_owner(struct lint *lint, struct str owner, const struct sighting *seen)
{
	const struct node *node = zone_find(lint->zone, owner);
	const struct record **records, *found = NULL;
	size_t count = 0, i, policies = 0;

	if (node != NULL && node->occluded)
		return;
	if (node != NULL)
		count = lint_records(lint, node, HAS_TXT, &records);
	for (i = 0; i < count; i++)
		if (records[i]->auth == AUTH_DMARC) {
			found = records[i];
			policies++;
		}
	if (policies == 1)
		compare_record(lint, found, seen);
	else if (policies == 0)
		compare_absence(lint, owner, seen);
}

static void
check_regression(struct lint *lint)
{
	const struct state *state = lint->world->state;
	const struct sighting *seen;
	size_t position = 0;
	struct str owner;
	day run;

	run = lint_last_run(lint, SEEN_DMARC);
	while ((owner = state_next(state, lint->zone->name,
	    &position)).p != NULL) {
		seen = last_seen(state_at(state, owner, SEEN_DMARC), run);
		if (seen != NULL && lint_is_in_zone(lint, owner))
			compare_owner(lint, owner, seen);
	}
}

static const struct rule regression = {
	.id = "dmarc-regression",
	.level = LEVEL_WARNING,
	.subject = SUBJECT_ZONE,
	.state = true,
	.summary = "policy is weaker than it was in the last run",
	.rationale = "A policy that was enforced and no longer is lets forged "
	    "mail in again. Steps back that a plan makes are not meant: a "
	    "slip of the hand or a merge gone wrong is.",
	.citation = "RFC 9989 section 4.7",
	.bad = WITH_DMARC("v=DMARC1; p=quarantine; rua=mailto:d@example.com")
	    EARLIER("2026-11-20", TXT("_dmarc", "v=DMARC1; p=reject"))
	    TODAY("2026-11-24"),
	.good = WITH_DMARC("v=DMARC1; p=reject; rua=mailto:d@example.com")
	    EARLIER("2026-11-20", TXT("_dmarc", "v=DMARC1; p=quarantine"))
	    TODAY("2026-11-24"),
	.check = check_regression,
};

const struct rule *const dmarc_state_rules[] = {
	&stuck_none, &test_stale, &regression, NULL
};
