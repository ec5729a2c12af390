/*
 * The serial beside that of an earlier revision (--against).
 */
#include "base/arena.h"
#include "base/hash.h"
#include "rules/check.h"

/* The zone as it was; NULL when nobody told us. */
static const struct zone *
earlier_zone(const struct lint *lint)
{
	struct zones zones;

	if (lint->world->earlier == NULL)
		return NULL;
	zones = *lint->world->earlier;
	zones.view = lint->zone->view;
	return zones_find(&zones, lint->zone->name);
}

/* Secondaries take a zone when its serial is greater: RFC 1982. */
static bool
is_raised(uint32_t now, uint32_t was)
{
	return now != was && now - was < UINT32_C(1) << 31;
}

/* Sums up all records but the SOA, in whatever order they stand. */
static uint64_t
sum_records(const struct zone *zone, struct arena *arena)
{
	struct arena_mark mark = arena_mark(arena);
	const struct record *record;
	size_t position = 0;
	uint64_t sum = 0;

	while ((record = zone_next(zone, arena, ~0u, &position)) != NULL) {
		if (record->type != RR_SOA)
			sum += hash_bytes(hash_key_fixed, arena_printf(arena,
			    "%.*s %u %u %.*s", STR_ARG(record->owner),
			    (unsigned)record->type, (unsigned)record->ttl,
			    STR_ARG(record_rdata(arena, record))));
		arena_release(arena, mark);
	}
	return sum;
}

static const struct record *
find_soa(const struct zone *zone, struct arena *arena)
{
	size_t position = 0;

	return zone_next(zone, arena, HAS_SOA, &position);
}

static void
check_serial_unchanged(struct lint *lint)
{
	const struct zone *zone = lint->zone, *was = earlier_zone(lint);
	uint32_t old = was == NULL ? 0 : was->contents->soa_serial, next;
	const struct record *soa;
	struct diag *diag;

	if (was == NULL || !was->contents->has_soa ||
	    !zone->contents->has_soa || was->contents->incomplete ||
	    zone->contents->incomplete ||
	    is_raised(zone->contents->soa_serial, old) ||
	    sum_records(zone, lint->arena) == sum_records(was, lint->arena))
		return;
	soa = find_soa(zone, lint->arena);
	if (soa == NULL || soa->token_count < 3)
		return;
	diag = complain(lint, soa->tokens[2].span, "secondary name servers go "
	    "on with the old zone, because it has changed and its serial is "
	    "not above %lu", (unsigned long)old);
	diag_record(lint, diag, soa);
	diag_about(lint, diag, STR_NONE);
	next = old + 1;
	diag_help(lint, diag, "raise it: %lu", (unsigned long)next);
	diag_fix(lint, diag, FIX_SAFE, soa->tokens[2].span,
	    arena_printf(lint->arena, "%lu", (unsigned long)next));
}

static const struct rule serial_unchanged = {
	.id = "zone-serial-unchanged",
	.level = LEVEL_WARNING,
	.subject = SUBJECT_ZONE,
	.state = true,
	.fix = FIX_SAFE,
	.summary = "zone has changed and its serial has not been raised",
	.rationale = "Secondary servers fetch a zone when its serial is "
	    "greater than theirs. Otherwise they go on with the old records, "
	    "and receivers see one or the other. lint --against tells it.",
	.citation = "RFC 1034 section 4.3.5; RFC 1982",
	.bad = QUIET RR("www A 198.51.100.80")
	    "; earlier: 2026-11-20\n" QUIET TODAY("2026-11-24"),
	.good = QUIET
	    "; earlier: 2026-11-20\n" QUIET_SOA QUIET_SPF QUIET_MX QUIET_DMARC
	    TODAY("2026-11-24"),
	.check = check_serial_unchanged,
};

const struct rule *const zone_serial_rules[] = { &serial_unchanged, NULL };
