/*
 * DKIM: what earlier runs saw beside the keys that are published now.
 */
#include "rules/check.h"

enum { REVOKED_DAYS = 30, REUSE_DAYS = 30, OVERLAP_DAYS = 7 };

static bool
was_live(struct lint *lint, const struct sighting *seen)
{
	return dkim_is_live(dkim_parse(lint->arena, seen->text));
}

static bool
is_live(const struct record *record)
{
	return record->auth == AUTH_DKIM && dkim_is_live(record->dkim);
}

/* ---- revoked keys that stay ---------------------------------------------- */

static day
revoked_since(struct lint *lint, const struct record *record)
{
	const struct sighting *seen = state_at(lint->world->state,
	    record->owner, SEEN_KEY);
	day since = DAY_NONE;

	for (; seen != NULL; seen = seen->next)
		if (was_live(lint, seen))
			since = DAY_NONE;
		else if (since == DAY_NONE)
			since = seen->first;
	return since;
}

static void
check_revoked_stale(struct lint *lint, const struct record *record)
{
	struct diag *diag;
	day since;

	/* A null key for every selector is there to stay. */
	if (!record->dkim->revoked || name_is_wildcard(record->owner))
		return;
	since = revoked_since(lint, record);
	if (since == DAY_NONE || lint->world->today - since <= REVOKED_DAYS)
		return;
	diag = complain(lint, record_owner_span(record), "no mail that was "
	    "signed with this key is on its way any more: it has been revoked "
	    "since %.*s at least", STR_ARG(date_print(lint->arena, since)));
	diag_about(lint, diag, record->owner);
	diag_help(lint, diag, "remove the record");
	diag_fix_remove_record(lint, diag, FIX_UNSAFE, record);
}

static const struct rule revoked_stale = {
	.id = "dkim-revoked-stale",
	.level = LEVEL_NOTE,
	.subject = SUBJECT_DKIM,
	.state = true,
	.fix = FIX_UNSAFE,
	.marks = MARK_REVOKED,
	.summary = "key that was revoked more than 30 days ago",
	.rationale = "To verifiers an empty key and no key are the same. The "
	    "record is of use while mail with old signatures is on its way; "
	    "after that it only keeps the zone long.",
	.citation = "RFC 6376 section 3.1",
	.bad = QUIET QUIET_DKIM TXT("old._domainkey", "v=DKIM1; p=")
	    EARLIER("2026-09-01", TXT("old._domainkey", "v=DKIM1; p="))
	    TODAY("2026-11-24"),
	.good = QUIET QUIET_DKIM TXT("old._domainkey", "v=DKIM1; p=")
	    EARLIER("2026-11-10", TXT("old._domainkey", "v=DKIM1; p="))
	    TODAY("2026-11-24"),
	.record = check_revoked_stale,
};

/* ---- selectors that are used twice --------------------------------------- */

/*
 * The key that this selector had before the one it has now; NULL when it
 * had none, or so long ago that nothing signed with it is on its way.
 */
static const struct sighting *
key_before(struct lint *lint, const struct record *record)
{
	const struct sighting *seen = state_at(lint->world->state,
	    record->owner, SEEN_KEY), *before = NULL;
	struct str digest = key_digest(lint->arena, record->dkim);
	day last = DAY_NONE;

	for (; seen != NULL; seen = seen->next)
		if (str_equal(seen->sha256, digest)) {
			if (seen->last > last)
				last = seen->last;
		} else if (was_live(lint, seen) &&
		    (before == NULL || seen->last >= before->last))
			before = seen;
	/* Both stand there at once: dkim-multiple tells that. */
	if (before == NULL || (last != DAY_NONE && (before->last == last ||
	    lint->world->today - before->last > REUSE_DAYS)))
		return NULL;
	return before;
}

static void
check_selector_reused(struct lint *lint, const struct record *record)
{
	const struct sighting *before;
	struct diag *diag;

	if (!is_live(record) || name_is_wildcard(record->owner) ||
	    (before = key_before(lint, record)) == NULL)
		return;
	diag = complain(lint, record_owner_span(record), "mail that was signed "
	    "with the key which stood here until %.*s fails, because this "
	    "selector now has another one",
	    STR_ARG(date_print(lint->arena, before->last)));
	diag_about(lint, diag, record->owner);
	diag_help(lint, diag, "publish the old key again, and the new one "
	    "under a new selector");
}

static const struct rule selector_reused = {
	.id = "dkim-selector-reused",
	.level = LEVEL_WARNING,
	.subject = SUBJECT_DKIM,
	.state = true,
	.summary = "selector has another key than it had",
	.rationale = "Verifiers look the key up when the mail arrives. "
	    "Signatures of the old key fail from the moment on at which "
	    "another one stands in its place, and those of the new key fail "
	    "where the old one is still cached.",
	.citation = "RFC 6376 section 3.1",
	.bad = QUIET QUIET_DKIM
	    EARLIER("2026-11-20", TXT("s._domainkey", "v=DKIM1; p=" KEY_1024))
	    TODAY("2026-11-24"),
	.good = QUIET QUIET_DKIM
	    TXT("r._domainkey", "v=DKIM1; p=")
	    EARLIER("2026-11-20", TXT("r._domainkey", "v=DKIM1; p=" KEY_1024))
	    EARLIER("2026-11-01", TXT("s._domainkey", "v=DKIM1; p=" KEY_2048))
	    TODAY("2026-11-24"),
	.record = check_selector_reused,
};

/* ---- keys that leave too early ------------------------------------------- */

/* Since when the key of a record is known; today when no run saw it. */
static day
key_first(struct lint *lint, const struct record *record)
{
	const struct sighting *seen = state_at(lint->world->state,
	    record->owner, SEEN_KEY);
	struct str digest = key_digest(lint->arena, record->dkim);

	for (; seen != NULL; seen = seen->next)
		if (str_equal(seen->sha256, digest))
			return seen->first;
	return lint->world->today;
}

/* Is anything there that signatures of the old key may rely on? */
static bool
is_gone(struct lint *lint, struct str owner, const struct sighting *old)
{
	struct answer answer = zones_ask(lint->world->zones, lint->arena,
	    owner, RR_TXT);
	size_t i;

	/* A provider's key behind an alias, and what is out of sight. */
	if (answer.kind == ANSWER_UNKNOWN || answer.links > 0)
		return false;
	for (i = 0; answer.kind == ANSWER_DATA && i < answer.count; i++)
		if (is_live(answer.records[i]))
			return false;
	return was_live(lint, old);
}

/* The youngest key of a domain that is younger than this one. */
static const struct record *
find_successor(struct lint *lint, struct str domain, const struct sighting *old)
{
	const struct record *record, *found = NULL;
	size_t position = 0;
	struct str of;
	day first, youngest = old->first;

	while ((record = zone_next(lint->zone, lint->arena, HAS_TXT,
	    &position)) != NULL) {
		if (!is_live(record) || auth_place(record->owner, &of, NULL) !=
		    AUTH_DKIM || !str_equal(of, domain))
			continue;
		first = key_first(lint, record);
		if (first > youngest) {
			youngest = first;
			found = record;
		}
	}
	return found;
}

static void
check_old_key(struct lint *lint, struct str owner, const struct sighting *old)
{
	const struct record *next;
	struct str domain;
	struct diag *diag;
	day first;

	if (auth_place(owner, &domain, NULL) != AUTH_DKIM ||
	    !is_gone(lint, owner, old) ||
	    (next = find_successor(lint, domain, old)) == NULL)
		return;
	first = key_first(lint, next);
	if (lint->world->today - first >= OVERLAP_DAYS)
		return;
	diag = complain(lint, record_owner_span(next), "mail on its way that "
	    "was signed with %.*s fails, because that key is gone, and this "
	    "one only came on %.*s", STR_ARG(owner),
	    STR_ARG(date_print(lint->arena, first)));
	diag_record(lint, diag, next);
	diag_about(lint, diag, owner);
	diag_help(lint, diag, "publish the old key again, and keep it for a "
	    "week after the signer has changed to the new one");
}

static void
check_rotation_overlap(struct lint *lint)
{
	const struct state *state = lint->world->state;
	const struct sighting *seen;
	size_t position = 0;
	struct str owner;
	day run;

	if (!zone_is_whole(lint->zone))
		return;
	run = lint_last_run(lint, SEEN_KEY);
	while ((owner = state_next(state, lint->zone->name,
	    &position)).p != NULL)
		for (seen = state_at(state, owner, SEEN_KEY); seen != NULL;
		    seen = seen->next)
			if (seen->last == run && lint_is_in_zone(lint, owner))
				check_old_key(lint, owner, seen);
}

static const struct rule rotation_overlap = {
	.id = "dkim-rotation-overlap",
	.level = LEVEL_WARNING,
	.subject = SUBJECT_ZONE,
	.state = true,
	.summary = "old key removed less than 7 days after the new one came",
	.rationale = "Mail stays in queues for days, and resolvers keep what "
	    "they know. The old key has to stand beside the new one until "
	    "everything that it signed has arrived.",
	.citation = "RFC 6376 section 3.1",
	.bad = QUIET QUIET_DKIM
	    EARLIER("2026-11-20", TXT("old._domainkey", "v=DKIM1; p=" KEY_1024))
	    TODAY("2026-11-24"),
	.good = QUIET QUIET_DKIM
	    EARLIER("2026-11-01", TXT("s._domainkey", "v=DKIM1; p=" KEY_2048))
	    EARLIER("2026-11-20", TXT("s._domainkey", "v=DKIM1; p=" KEY_2048)
		TXT("old._domainkey", "v=DKIM1; p=" KEY_1024))
	    TODAY("2026-11-24"),
	.check = check_rotation_overlap,
};

const struct rule *const dkim_state_rules[] = {
	&revoked_stale, &selector_reused, &rotation_overlap, NULL
};
