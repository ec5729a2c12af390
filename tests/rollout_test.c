/*
 * Rollouts as they are lived: each day with the reports that are there by
 * then, and what is published on it. All days were computed by hand; they are
 * UTC days, and changes are made from Monday to Thursday.
 */
#include "made.h"
#include "zone_text.h"

#include <stdio.h>
#include <string.h>

#define RELAY "192.0.2.3", "s1"
#define SHOP "198.51.100.3", "s2"
#define STRANGER "203.0.113.9", ""

/* Signs with the domain's name, but nobody has written it down. */
#define NEWCOMER "198.51.100.200", "s9"

/* Mail of each day from one to another. */
struct mail {
	const char *domain, *from, *to, *address, *selector;
	unsigned count;
	bool passes;
};

static const char head[] =
    "senders:\n"
    "  relays: {spf: [\"ip4:192.0.2.0/28\"], dkim_cname: {s1: k.example}}\n"
    "  shop: {spf: [\"ip4:198.51.100.0/28\"], dkim_cname: {s2: k.example}}\n"
    "defaults: {senders: [relays, shop], dmarc: {p: reject}}\n"
    "domains:\n";

static day
date(const char *text)
{
	day number = DAY_NONE;

	assert_true(date_parse(str_from(text), &number));
	return number;
}

static void
add_mail(struct evidence *evidence, const struct mail *mail, day at)
{
	struct str domain = str_from(mail->domain);
	struct report_row row = {
		.address = address_parse(str_from(mail->address)),
		.count = mail->count, .dkim_aligned = mail->passes,
		.spf_aligned = mail->passes, .header_from = domain,
		.dkim_domain = domain,
		.dkim_selector = str_from(mail->selector),
		.dkim_result = mail->passes ? RESULT_PASS : RESULT_FAIL,
		.spf_domain = domain,
		.spf_result = mail->passes ? RESULT_PASS : RESULT_FAIL,
	};
	struct report report = { .reporter = STR("r"),
	    .id = arena_printf(evidence->arena, "%s %u %d", mail->address,
	    mail->count, (int)at), .domain = domain, .rows = &row,
	    .row_count = 1, .begin = (int64_t)at * 86400 };

	report.end = report.begin + 86399;
	evidence_add(evidence, STR("x"), &report);
}

/* What receivers have told by the morning of a day: of those before it. */
static struct proof *
prove(const struct bench *bench, struct arena *arena, const struct mail *mail,
    day today, struct evidence **evidence)
{
	const struct evidence_window window = { .since = DAY_NONE,
	    .until = DAY_NONE, .by_day = true };
	day at, last;

	*evidence = evidence_new(arena, window);
	for (; mail->domain != NULL; mail++) {
		last = date(mail->to) < today ? date(mail->to) : today - 1;
		for (at = date(mail->from); at <= last; at++)
			add_mail(*evidence, mail, at);
	}
	evidence_sort(*evidence);
	return proof_make(&bench->world, arena, *evidence);
}

/* "2027-01-04 monitor, 2027-02-03 close-holes": what is new, and when. */
static void
note_change(struct buffer *out, struct arena *arena, day at, struct str *last,
    const struct published *now)
{
	struct str name = now->step == NULL ? STR("nothing") :
	    now->step->stage.name;

	if (str_equal(*last, name))
		return;
	*last = name;
	buffer_printf(out, "%s%.*s %.*s", out->n > 0 ? ", " : "",
	    STR_ARG(date_print(arena, at)), STR_ARG(name));
}

/* What is seen of a.com itself: from one day to another something is wrong. */
struct seen {
	const char *from, *to;		/* NULL: all is well */
	struct ground wrong;
	/*
	 * Its zone file: what was published the day before; else there is none.
	 * And a state that lint keeps of it.
	 */
	bool has_zone, has_state;
};

static struct grounds *
look(struct arena *arena, const struct seen *seen, day at)
{
	const struct ground well = { 3, 3, false, 0, STR_INIT(""), true, 0 };
	struct grounds *grounds = grounds_new(arena);
	bool is_well = seen->from == NULL || at < date(seen->from) ||
	    at > date(seen->to);

	ground_put(grounds, STR("a.com"), is_well ? &well : &seen->wrong);
	return grounds;
}

static const struct zones *
publish(struct arena *arena, const struct step *step)
{
	static const char soa[] = "= a.com\na.com. 60 IN SOA n.a.com. "
	    "h.a.com. 1 1 1 1 60\n";

	if (step == NULL || step->stage.p == POLICY_ABSENT)
		return zones_from(arena, soa);
	return zones_from(arena, arena_printf(arena, "%s_dmarc.a.com. 60 IN "
	    "TXT \"%.*s\"\n", soa, STR_ARG(stage_core(arena,
	    &step->stage))).p);
}

/* Lives from one day to another with the first domain of a configuration. */
static struct str
live(struct arena *arena, const char *yaml, const struct mail *mail,
    const char *from, const char *to, const struct seen *seen)
{
	struct str last = STR("");
	struct buffer out = { 0 };
	const struct zones *zones = NULL;
	struct state *state = NULL;
	struct bench bench;
	day at;

	bench_make(&bench, arena_printf(arena, "%s%s", head, yaml).p, from,
	    from);
	assert_non_null(bench.made);
	if (seen != NULL && seen->has_zone)
		zones = publish(bench.arena, NULL);
	if (seen != NULL && seen->has_state)
		state = state_new(bench.arena);
	for (at = date(from); at <= date(to); at++) {
		struct insight insight = { .zones = zones, .state = state };
		struct evidence *evidence;
		struct arena *daily = arena_child(bench.arena);
		const struct schedules *schedules;
		struct published now;

		bench.world.today = at;
		if (seen != NULL)
			insight.grounds = look(daily, seen, at);
		insight.proof = prove(&bench, daily, mail, at, &evidence);
		schedules = schedules_make_proven(daily, bench.world.config,
		    &insight, at);
		now = schedule_on(schedules->first, at, at);
		note_change(&out, daily, at, &last, &now);
		last = arena_copy(bench.arena, last);
		if (zones != NULL)
			zones = publish(bench.arena, now.step);
		if (state != NULL) {
			state_see(state, zones->zones[0], NULL, NULL, at);
			state_sort(state);
		}
		evidence_free(evidence);
	}
	bench_free(&bench);
	return buffer_finish(&out, arena);
}

static const struct {
	const char *name, *yaml, *from, *to, *lived;
	struct mail mail[6];
} lives[] = {
	/*
	 * Monday 4 January + 30 days: Wednesday 3 February; + 7: the 10th;
	 * + 14: the 24th; + 30: Friday 26 March, so Monday the 29th, a day
	 * after clocks changed in Europe; + 14: 12 April.
	 */
	{ "all is well, and strangers fail", "  a.com: {rollout: {start: "
	  "2027-01-04}}\n", "2027-01-01", "2027-05-31",
	  "2027-01-01 nothing, 2027-01-04 monitor, 2027-02-03 close-holes, "
	  "2027-02-10 test-quarantine, 2027-02-24 quarantine, "
	  "2027-03-29 test-reject, 2027-04-12 reject",
	  { { "a.com", "2027-01-04", "2027-05-31", RELAY, 90, true },
	  { "a.com", "2027-01-04", "2027-05-31", STRANGER, 400, false } } },
	/* The gates are open on 12 April; 21 April is a Wednesday. */
	{ "a freeze", "  a.com: {rollout: {start: 2027-01-04, freeze: "
	  "[2027-04-01/2027-04-20]}}\n", "2027-03-20", "2027-05-31",
	  "2027-03-20 quarantine, 2027-03-29 test-reject, 2027-04-21 reject",
	  { { "a.com", "2027-01-04", "2027-05-31", RELAY, 90, true } } },
	/*
	 * The same, but in the freeze the shop's mail begins to fail: on 21
	 * April the gates are shut again. It fails up to 11 May, which has left
	 * the last 30 days on 11 June, a Friday, so Monday the 14th.
	 */
	{ "mail that fails in a freeze", "  a.com: {rollout: {start: "
	  "2027-01-04, freeze: [2027-04-01/2027-04-20]}}\n", "2027-03-20",
	  "2027-06-30",
	  "2027-03-20 quarantine, 2027-03-29 test-reject, 2027-06-14 reject",
	  { { "a.com", "2027-01-04", "2027-06-30", RELAY, 90, true },
	  { "a.com", "2027-01-04", "2027-04-13", SHOP, 30, true },
	  { "a.com", "2027-04-14", "2027-05-11", SHOP, 30, false },
	  { "a.com", "2027-05-12", "2027-06-30", SHOP, 30, true } } },
	/*
	 * A pass rate of 98 % in January: 99 are reached once 30 days have at
	 * most one of a hundred failing. Of 3000 messages 2 a day fail up to 31
	 * January; 15 such days (30 messages) are left on 14 February + 1: day
	 * 29 before is 17 January, up to the 31st 15 days. It is known the day
	 * after, a Tuesday, and a week is a week.
	 */
	{ "a gate that opens late", "  a.com: {rollout: {start: "
	  "2027-01-04}}\n", "2027-01-04", "2027-02-28",
	  "2027-01-04 monitor, 2027-02-16 close-holes, "
	  "2027-02-23 test-quarantine",
	  { { "a.com", "2027-01-04", "2027-01-31", RELAY, 98, true },
	  { "a.com", "2027-01-04", "2027-01-31", RELAY, 2, false },
	  { "a.com", "2027-02-01", "2027-02-28", RELAY, 100, true } } },
	/*
	 * Somebody new signs on 1 February: 14 quiet days are over with the
	 * 15th, a Monday.
	 */
	{ "a new source", "  a.com: {rollout: {start: 2027-01-04}}\n",
	  "2027-01-04", "2027-02-18",
	  "2027-01-04 monitor, 2027-02-16 close-holes",
	  { { "a.com", "2027-01-04", "2027-02-28", RELAY, 90, true },
	  { "a.com", "2027-02-01", "2027-02-28", NEWCOMER, 1, true } } },
	/* Nothing is known of the days after 20 February, so it stays. */
	{ "reports stop", "  a.com: {rollout: {start: 2027-01-04}}\n",
	  "2027-02-01", "2027-08-31",
	  "2027-02-01 monitor, 2027-02-03 close-holes, "
	  "2027-02-10 test-quarantine, 2027-02-24 quarantine",
	  { { "a.com", "2027-01-04", "2027-02-20", RELAY, 90, true } } },
	{ "no reports at all", "  a.com: {rollout: {start: 2027-01-04}}\n",
	  "2027-01-04", "2027-12-31", "2027-01-04 monitor", { { 0 } } },
	/* Gone back on Monday 3 May; + 14 days: the 17th. */
	{ "a rollback goes on from its day", "  a.com: {rollout: {start: "
	  "2027-01-04, stage: test-reject, since: 2027-05-03}}\n",
	  "2027-05-03", "2027-05-31",
	  "2027-05-03 test-reject, 2027-05-17 reject",
	  { { "a.com", "2027-01-04", "2027-05-31", RELAY, 90, true } } },
	/* It fails again up to 20 May: the 30 days begin on the 3rd. */
	{ "a rollback, and it fails again", "  a.com: {rollout: {stage: "
	  "quarantine, since: 2027-05-03}}\n", "2027-05-03", "2027-07-01",
	  "2027-05-03 quarantine, 2027-06-21 test-reject",
	  { { "a.com", "2027-01-04", "2027-07-01", RELAY, 90, true },
	  { "a.com", "2027-05-03", "2027-05-20", SHOP, 10, false },
	  { "a.com", "2027-05-21", "2027-07-01", SHOP, 10, true } } },
	/* Without a day it is from today, every day: nothing goes on. */
	{ "a rollback without a day", "  a.com: {rollout: {start: "
	  "2027-01-04, stage: test-reject}}\n", "2027-05-03", "2027-07-01",
	  "2027-05-03 test-reject",
	  { { "a.com", "2027-01-04", "2027-07-01", RELAY, 90, true } } },
	/* But the first record stands since the start. */
	{ "monitor pinned without a day", "  a.com: {rollout: {start: "
	  "2027-01-04, stage: monitor}}\n", "2027-02-01", "2027-02-09",
	  "2027-02-01 monitor, 2027-02-03 close-holes",
	  { { "a.com", "2027-01-04", "2027-02-28", RELAY, 90, true } } },
	/* Quarantine is where people's mail stays, however good it is. */
	{ "people", "  a.com: {users: true, rollout: {start: 2027-01-04}}\n",
	  "2027-02-20", "2027-12-31",
	  "2027-02-20 test-quarantine, 2027-02-24 quarantine",
	  { { "a.com", "2027-01-04", "2027-12-31", RELAY, 90, true } } },
	/*
	 * The wave before enters on 4 January: + 7. From then on its own
	 * times: 11 January + 30 = 10 February.
	 */
	{ "the second wave", "  a.com: {rollout: {start: 2027-01-04, wave: "
	  "2}}\n  b.com: {rollout: {start: 2027-01-04}}\n", "2027-01-04",
	  "2027-02-12", "2027-01-04 nothing, 2027-01-11 monitor, "
	  "2027-02-10 close-holes",
	  { { "a.com", "2027-01-04", "2027-02-28", RELAY, 90, true },
	  { "b.com", "2027-01-04", "2027-02-28", RELAY, 90, true } } },
	/*
	 * b.com went back on 1 June, when a.com had been there for long: Monday
	 * 11 January + 30 + 7 + 14 = 3 March, + 30 = 2 April, a Friday, so
	 * Monday the 5th; + 14 = the 19th. It stays where it is.
	 */
	{ "the wave before goes back", "  a.com: {rollout: {start: "
	  "2027-01-04, wave: 2}}\n  b.com: {rollout: {start: 2027-01-04, "
	  "stage: test-quarantine, since: 2027-06-01}}\n", "2027-06-01",
	  "2027-06-30", "2027-06-01 reject",
	  { { "a.com", "2027-01-04", "2027-06-30", RELAY, 90, true },
	  { "b.com", "2027-01-04", "2027-06-30", RELAY, 90, true } } },
	/*
	 * But what is due only then waits: Tuesday 1 June + 7; the other one
	 * goes on on 1 July and on the 8th, + 7.
	 */
	{ "a wave waits for one that is pinned", "  a.com: {rollout: {start: "
	  "2027-06-01, wave: 2}}\n  b.com: {rollout: {stage: monitor, "
	  "since: 2027-06-01}}\n", "2027-06-01", "2027-07-20",
	  "2027-06-01 inventory, 2027-06-08 monitor, 2027-07-08 close-holes, "
	  "2027-07-15 test-quarantine",
	  { { "a.com", "2027-06-01", "2027-07-30", RELAY, 90, true },
	  { "b.com", "2027-06-01", "2027-07-30", RELAY, 90, true } } },
	/* What holds the wave before holds this one: nobody is sent ahead. */
	{ "a wave waits for one that is held", "  a.com: {rollout: {start: "
	  "2027-01-04, wave: 2}}\n  b.com: {rollout: {start: 2027-01-04}}\n",
	  "2027-01-04", "2027-06-30",
	  "2027-01-04 nothing, 2027-01-11 monitor",
	  { { "a.com", "2027-01-04", "2027-06-30", RELAY, 90, true },
	  { "b.com", "2027-01-04", "2027-06-30", RELAY, 90, false } } },
};

static void
test_lives(void **state)
{
	struct arena *arena = arena_new();
	size_t i;

	(void)state;
	for (i = 0; i < countof(lives); i++) {
		print_message("%s\n", lives[i].name);
		assert_string_equal(live(arena, lives[i].yaml, lives[i].mail,
		    lives[i].from, lives[i].to, NULL).p, lives[i].lived);
	}
	arena_free(arena);
}

#define ERRORS { 3, 3, false, 2, STR_INIT("spf-all-pass at b.a.com"), true, 0 }
#define LONG_SPF { 12, 12, false, 0, STR_INIT(""), true, 0 }
/* Ten lookups at least, and nobody knows how many more. */
#define UNCLEAR_SPF { 10, 20, false, 0, STR_INIT(""), true, 0 }
#define OLD_TTL { 3, 3, false, 0, STR_INIT(""), true, 86400 }

/*
 * Gates that are seen here and now: spf_budget, ttl and lint_clean stand before
 * "monitor", lint_clean before "test-reject" and "reject", too.
 */
static const struct {
	const char *name, *from, *to, *lived;
	struct seen seen;
	const char *mail;	/* from then on; NULL: from the start */
} grounded[] = {
	/*
	 * The error is mended on Wednesday the 13th: the 14th is a Thursday.
	 * Then there are 28 days with reports up to 10 February.
	 */
	{ "an error before the first record", "2027-01-01", "2027-02-20",
	  "2027-01-01 nothing, 2027-01-04 inventory, 2027-01-14 monitor, "
	  "2027-02-11 close-holes, 2027-02-18 test-quarantine",
	  { "2027-01-04", "2027-01-13", ERRORS, true, false },
	  "2027-01-14" },
	/*
	 * Mended on Friday 9 April, on which nothing may change: that of a
	 * policy waits for Monday the 12th, and the next for 14 days.
	 */
	{ "mended for the weekend", "2027-01-01", "2027-04-30",
	  "2027-01-01 nothing, 2027-01-04 monitor, 2027-02-03 close-holes, "
	  "2027-02-10 test-quarantine, 2027-02-24 quarantine, "
	  "2027-04-12 test-reject, 2027-04-26 reject",
	  { "2027-03-29", "2027-04-08", ERRORS, true, true }, NULL },
	{ "SPF is over its budget", "2027-01-01", "2027-01-31",
	  "2027-01-01 nothing, 2027-01-04 inventory, 2027-01-20 monitor",
	  { "2027-01-04", "2027-01-19", LONG_SPF, true, false }, NULL },
	{ "what is unknown holds nothing", "2027-01-01", "2027-01-31",
	  "2027-01-01 nothing, 2027-01-04 monitor",
	  { "2027-01-04", "2027-01-31", UNCLEAR_SPF, true, false }, NULL },
	{ "a long TTL that the next record ends", "2027-01-01", "2027-01-31",
	  "2027-01-01 nothing, 2027-01-04 monitor",
	  { "2027-01-04", "2027-01-31", OLD_TTL, true, false }, NULL },
	/* What is out is not taken back, whatever is wrong later. */
	{ "an error once the record is out", "2027-01-01", "2027-05-31",
	  "2027-01-01 nothing, 2027-01-04 monitor, 2027-02-03 close-holes, "
	  "2027-02-10 test-quarantine, 2027-02-24 quarantine, "
	  "2027-03-29 test-reject, 2027-04-12 reject",
	  { "2027-01-05", "2027-03-28", ERRORS, true, false }, NULL },
	/*
	 * Due on Monday 29 March, held up to Tuesday 6 April; then 14 days. The
	 * state knows since when it is out; without one its time counts from
	 * the day on which it was due.
	 */
	{ "an error before reject is tested", "2027-01-01", "2027-05-31",
	  "2027-01-01 nothing, 2027-01-04 monitor, 2027-02-03 close-holes, "
	  "2027-02-10 test-quarantine, 2027-02-24 quarantine, "
	  "2027-04-07 test-reject, 2027-04-21 reject",
	  { "2027-03-29", "2027-04-06", ERRORS, true, true }, NULL },
	{ "the same without a state", "2027-01-01", "2027-05-31",
	  "2027-01-01 nothing, 2027-01-04 monitor, 2027-02-03 close-holes, "
	  "2027-02-10 test-quarantine, 2027-02-24 quarantine, "
	  "2027-04-07 test-reject, 2027-04-12 reject",
	  { "2027-03-29", "2027-04-06", ERRORS, true, false }, NULL },
	/*
	 * Held so long that reject would be due as well: it does not overtake.
	 */
	{ "an error for long", "2027-01-01", "2027-06-30",
	  "2027-01-01 nothing, 2027-01-04 monitor, 2027-02-03 close-holes, "
	  "2027-02-10 test-quarantine, 2027-02-24 quarantine, "
	  "2027-05-11 test-reject, 2027-05-25 reject",
	  { "2027-03-25", "2027-05-10", ERRORS, true, true }, NULL },
	{ "an error all the time", "2027-01-01", "2028-03-31",
	  "2027-01-01 nothing, 2027-01-04 monitor, 2027-02-03 close-holes, "
	  "2027-02-10 test-quarantine, 2027-02-24 quarantine",
	  { "2027-03-25", "2029-01-01", ERRORS, true, true }, NULL },
	/*
	 * Without a zone file nobody knows what is out; reports of the first
	 * day show it of the first record, so it is, and stays.
	 */
	{ "no zone file, but reports", "2027-01-01", "2027-01-31",
	  "2027-01-01 nothing, 2027-01-04 inventory, 2027-01-05 monitor",
	  { "2027-01-04", "2027-01-13", ERRORS, false, false }, NULL },
	{ "neither of them", "2027-01-01", "2027-01-31",
	  "2027-01-01 nothing, 2027-01-04 inventory, 2027-01-14 monitor",
	  { "2027-01-04", "2027-01-13", ERRORS, false, false },
	  "2027-02-15" },
};

static void
test_grounds(void **state)
{
	struct mail mail[] = { { "a.com", NULL, "2028-12-31", RELAY, 90, true },
	    { 0 } };
	struct arena *arena = arena_new();
	size_t i;

	(void)state;
	for (i = 0; i < countof(grounded); i++) {
		print_message("%s\n", grounded[i].name);
		mail->from = grounded[i].mail == NULL ? "2027-01-04" :
		    grounded[i].mail;
		assert_string_equal(live(arena,
		    "  a.com: {rollout: {start: 2027-01-04}}\n", mail,
		    grounded[i].from, grounded[i].to, &grounded[i].seen).p,
		    grounded[i].lived);
	}
	arena_free(arena);
}

static int
put_away(void **state)
{
	(void)state;
	psl_close(shelf.psl);
	arena_free(shelf.arena);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lives),
		cmocka_unit_test(test_grounds),
	};

	return cmocka_run_group_tests_name("rollout", tests, NULL, put_away);
}
