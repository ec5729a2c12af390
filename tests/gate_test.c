/* Gates that reports open, and that nothing else does. */
#include "made.h"

#include <string.h>

enum { FIRST_DAY = 20000 };

/* Mail of one day, counted from FIRST_DAY. */
struct mail {
	int date;
	const char *address, *selector;
	unsigned count;
	bool dkim, spf;
};

#define RELAY "192.0.2.3", "s1"
#define STRANGER "203.0.113.9", ""

/* Signs with the domain's name, but nobody has written it down. */
#define OTHER "198.51.100.8", "other"

static const char yaml[] =
    "senders:\n"
    "  relays: {spf: [\"ip4:192.0.2.0/28\"], dkim_cname: {s1: k.example}}\n"
    "domains:\n"
    "  a.example: {senders: [relays], rollout: {start: 2026-12-01}}\n";

static void
add_mail(struct evidence *evidence, const struct mail *mail, unsigned id)
{
	struct report_row row = {
		.address = address_parse(str_from(mail->address)),
		.count = mail->count, .dkim_aligned = mail->dkim,
		.spf_aligned = mail->spf, .header_from = STR("a.example"),
		.dkim_domain = mail->dkim ? STR("a.example") : STR(""),
		.dkim_selector = str_from(mail->selector),
		.dkim_result = mail->dkim ? RESULT_PASS : RESULT_FAIL,
		.spf_domain = STR("a.example"),
		.spf_result = mail->spf ? RESULT_PASS : RESULT_FAIL,
	};
	struct report report = { .reporter = STR("r"),
	    .id = arena_printf(evidence->arena, "%u", id),
	    .domain = STR("a.example"), .rows = &row, .row_count = 1 };

	report.begin = report.end = (int64_t)(FIRST_DAY + mail->date) * 86400;
	evidence_add(evidence, STR("x"), &report);
}

/* The proof of some mail, up to a count of 0. */
static struct proof *
prove(const struct bench *bench, const struct mail *mail,
    struct evidence **evidence)
{
	const struct evidence_window window = { .since = DAY_NONE,
	    .until = DAY_NONE, .by_day = true };
	unsigned id;

	*evidence = evidence_new(bench->arena, window);
	for (id = 0; mail[id].count > 0; id++)
		add_mail(*evidence, &mail[id], id);
	evidence_sort(*evidence);
	return proof_make(&bench->world, bench->arena, *evidence);
}

static void
test_states(void **state)
{
	static const struct {
		enum gate_kind kind;
		uint32_t need;
		int since, at;
		const char *shown;	/* state and what it has */
		struct mail mail[6];
	} rows[] = {
		/* No report, none since the stage began, none of the sender. */
		{ GATE_PASS_RATE, 9900, 0, 9, "unknown", { { 0 } } },
		{ GATE_PASS_RATE, 9900, 5, 9, "unknown",
		    { { 4, RELAY, 10, true, true } } },
		{ GATE_PASS_RATE, 9900, 0, 9, "unknown",
		    { { 4, STRANGER, 10, false, false } } },
		{ GATE_VOLUME, 0, 0, 9, "unknown", { { 0 } } },
		{ GATE_COVERAGE_DAYS, 0, 0, 9, "unknown", { { 0 } } },
		{ GATE_QUIET_DAYS, 0, 0, 9, "unknown", { { 0 } } },
		{ GATE_LINT_CLEAN, 1, 0, 9, "unknown",
		    { { 4, RELAY, 10, true, true } } },
		/* Strangers do not lower the rate; the sender does. */
		{ GATE_PASS_RATE, 9900, 0, 9, "met 10000",
		    { { 4, RELAY, 10, true, true },
		    { 4, STRANGER, 90, false, false } } },
		{ GATE_PASS_RATE, 9900, 0, 9, "met 9900",
		    { { 4, RELAY, 99, true, false },
		    { 5, RELAY, 1, false, false } } },
		{ GATE_PASS_RATE, 9950, 0, 9, "failed 9949",
		    { { 4, RELAY, 9949, false, true },
		    { 5, RELAY, 51, false, false } } },
		/* What is long ago, and what is yet to come. */
		{ GATE_PASS_RATE, 9900, 0, 40, "met 10000",
		    { { 10, RELAY, 50, false, false },
		    { 11, RELAY, 50, true, true },
		    { 41, RELAY, 50, false, false } } },
		/* Reports that stop make no quiet days. */
		{ GATE_QUIET_DAYS, 14, 0, 90, "open 10",
		    { { 0, RELAY, 1, true, true },
		    { 10, RELAY, 1, true, true } } },
		{ GATE_QUIET_DAYS, 14, 0, 90, "met 20",
		    { { 0, RELAY, 1, true, true },
		    { 20, RELAY, 1, true, true },
		    { 20, STRANGER, 1, false, false } } },
		{ GATE_QUIET_DAYS, 14, 0, 90, "open 2",
		    { { 0, RELAY, 1, true, true }, { 18, OTHER, 1, true,
		    false }, { 20, RELAY, 1, true, true } } },
		{ GATE_QUIET_DAYS, 14, 0, 17, "met 16",
		    { { 0, RELAY, 1, true, true }, { 16, RELAY, 1, true,
		    true }, { 18, OTHER, 1, true, false } } },
		/* A source that was known before the stage is not new. */
		{ GATE_QUIET_DAYS, 14, 20, 30, "met 30",
		    { { 0, RELAY, 1, true, true },
		    { 30, RELAY, 1, true, true } } },
		{ GATE_VOLUME, 100, 0, 9, "open 99",
		    { { 0, RELAY, 99, true, true } } },
		{ GATE_VOLUME, 100, 1, 9, "met 100",
		    { { 0, RELAY, 99, true, true },
		    { 1, RELAY, 100, true, true } } },
		{ GATE_COVERAGE_DAYS, 2, 1, 9, "open 1",
		    { { 0, RELAY, 1, true, true },
		    { 1, RELAY, 1, true, true },
		    { 1, STRANGER, 1, true, true } } },
		{ GATE_COVERAGE_DAYS, 2, 0, 1, "met 2",
		    { { 0, RELAY, 1, true, true },
		    { 1, RELAY, 1, true, true } } },
		{ GATE_DKIM_ALIGNED, 1, 0, 9, "failed 0",
		    { { 0, RELAY, 94, true, true },
		    { 0, RELAY, 6, false, true } } },
		{ GATE_DKIM_ALIGNED, 1, 0, 9, "met 1",
		    { { 0, RELAY, 95, true, true },
		    { 0, RELAY, 5, false, true } } },
		{ GATE_NO_SPF_ONLY, 1, 0, 9, "failed 0",
		    { { 0, RELAY, 1, false, true } } },
		{ GATE_NO_SPF_ONLY, 1, 0, 9, "unknown",
		    { { 0, STRANGER, 1, false, true } } },
	};
	struct evidence *evidence;
	struct gate_answer answer;
	struct bench bench;
	struct gate gate;
	struct proof *proof;
	struct str shown;
	size_t i;

	(void)state;
	bench_make(&bench, yaml, "2026-11-24", "2026-11-24");
	assert_non_null(bench.made);
	for (i = 0; i < countof(rows); i++) {
		proof = prove(&bench, rows[i].mail, &evidence);
		gate = (struct gate){ rows[i].kind, rows[i].need };
		answer = gate_ask(proof, config_domain(bench.world.config,
		    STR("a.example")), &gate,
		    FIRST_DAY + rows[i].since, FIRST_DAY + rows[i].at);
		shown = arena_printf(bench.arena, answer.has_have ? "%s %u" :
		    "%s", gate_state_name(answer.state), answer.have);
		if (!str_is(shown, rows[i].shown))
			fail_msg("row %zu: %s, not %s", i, shown.p,
			    rows[i].shown);
		evidence_free(evidence);
	}
	bench_free(&bench);
}

/* No gate that wants reports is met without them. */
static void
test_no_proof(void **state)
{
	struct bench bench;
	struct gate gate;
	int kind;

	(void)state;
	bench_make(&bench, yaml, "2026-11-24", "2026-11-24");
	for (kind = 0; kind < GATE_KINDS; kind++) {
		gate = (struct gate){ (enum gate_kind)kind, 0 };
		assert_int_equal(gate_ask(NULL, config_domain(
		    bench.world.config, STR("a.example")), &gate,
		    FIRST_DAY, FIRST_DAY + 90).state, GATE_UNKNOWN);
	}
	bench_free(&bench);
}

/* All of a stage's gates at once, day by day. */
static void
test_all_met(void **state)
{
	static const struct mail mail[] = {
		{ 0, RELAY, 90, true, true }, { 2, RELAY, 10, false, false },
		{ 20, RELAY, 100, true, true }, { 33, RELAY, 1, true, true },
		{ 0 }
	};
	struct stage stage = { .gates = { { GATE_PASS_RATE, 9900 },
	    { GATE_COVERAGE_DAYS, 3 }, { GATE_TTL, 1 } }, .gate_count = 3 };
	struct evidence *evidence;
	struct bench bench;
	struct proof *proof;
	const struct config_domain *domain;
	struct config_domain other;
	day at;

	(void)state;
	bench_make(&bench, yaml, "2026-11-24", "2026-11-24");
	domain = config_domain(bench.world.config, STR("a.example"));
	other = *domain;
	proof = prove(&bench, mail, &evidence);
	/* 200 of 210 up to day 31; day 2 leaves the window on day 32. */
	for (at = FIRST_DAY; at <= FIRST_DAY + 60; at++)
		assert_int_equal(gates_are_met(proof, domain,
		    &stage, FIRST_DAY, at), at >= FIRST_DAY + 32);
	other.name = STR("b.example");
	assert_false(gates_are_met(proof, &other, &stage, FIRST_DAY,
	    FIRST_DAY + 40));
	assert_false(gates_are_met(NULL, domain, &stage, FIRST_DAY,
	    FIRST_DAY + 40));
	evidence_free(evidence);
	bench_free(&bench);
}

/* A sender without a key: a report may show that it signs all the same. */
static void
test_mute(void **state)
{
	static const char mute[] = "senders:\n"
	    "  relays: {spf: [\"ip4:192.0.2.0/28\"]}\n"
	    "  shop: {spf: [\"ip4:198.51.100.0/24\"], dkim_cname: {s1: "
	    "k.example}}\n"
	    "domains:\n"
	    "  a.example: {senders: [relays, shop], rollout: {start: "
	    "2026-12-01}}\n";
	static const struct mail none[] = { { 0 } }, shop[] = {
	    { 0, "198.51.100.8", "s1", 10, true, true }, { 0 } }, both[] = {
	    { 0, "198.51.100.8", "s1", 10, true, true },
	    { 1, RELAY, 10, true, true }, { 0 } };
	static const struct mail *const all[] = { none, shop, both };
	static const enum gate_state states[] = { GATE_FAILED, GATE_FAILED,
	    GATE_MET };
	const struct gate gate = { GATE_NO_SPF_ONLY, 1 };
	const struct config_domain *domain;
	const struct shut_gate *shut;
	struct schedule schedule = { 0 };
	struct step step = { .stage.gates = { gate },
	    .stage.gate_count = 1, .starts = FIRST_DAY };
	struct evidence *evidence;
	struct bench bench;
	struct proof *proof;
	size_t i;

	(void)state;
	bench_make(&bench, mute, "2026-11-24", "2026-11-24");
	schedule.domain = domain = config_domain(bench.world.config,
	    STR("a.example"));
	for (i = 0; i < countof(all); i++) {
		proof = prove(&bench, all[i], &evidence);
		assert_int_equal(gate_ask(proof, domain, &gate, FIRST_DAY,
		    FIRST_DAY + 9).state, states[i]);
		shut = gates_shut(bench.arena, proof, NULL, &schedule, &step,
		    FIRST_DAY + 9);
		assert_int_equal(shut != NULL, states[i] != GATE_MET);
		if (shut != NULL)
			assert_string_equal(shut_gate_text(bench.arena,
			    shut).p, "no_spf_only failed, need true, have "
			    "false (relays: has nothing to sign with)");
		evidence_free(evidence);
	}
	bench_free(&bench);
}

/* What is seen here and now; a.example has a TTL of a day. */
static void
test_seen(void **state)
{
	static const struct ground fine = { .lookups_min = 9,
	    .lookups_max = 10, .knows_record = true };
	static const struct {
		struct gate gate;
		bool has_record;	/* the stage */
		uint32_t ttl, next_ttl;
		struct ground ground;
		const char *shown;
	} rows[] = {
		{ { GATE_SPF_BUDGET, 10 }, true, 0, 0, { .lookups_min = 9,
		    .lookups_max = 10 }, "met 9" },
		{ { GATE_SPF_BUDGET, 10 }, true, 0, 0, { .lookups_min = 10,
		    .lookups_max = 11 }, "unknown 10" },
		{ { GATE_SPF_BUDGET, 10 }, true, 0, 0, { .lookups_min = 11,
		    .lookups_max = 11 }, "failed 11" },
		{ { GATE_SPF_BUDGET, 10 }, true, 0, 0, { .spf_broken = true },
		    "failed 0" },
		{ { GATE_LINT_CLEAN, 1 }, true, 0, 0, { 0 }, "met 1" },
		{ { GATE_LINT_CLEAN, 1 }, true, 0, 0, { .errors = 1 },
		    "failed 0" },
		{ { GATE_TTL, 3600 }, true, 3600, 0, { 0 }, "met 3600" },
		/* The record has what the domain has: nothing else mends it. */
		{ { GATE_TTL, 3600 }, true, 0, 0, { 0 }, "failed 86400" },
		/* Without a record, the one that stands there counts. */
		{ { GATE_TTL, 3600 }, false, 0, 3600, { 0 }, "unknown" },
		{ { GATE_TTL, 3600 }, false, 0, 3600, { .knows_record = true },
		    "met 3600" },
		{ { GATE_TTL, 3600 }, false, 0, 3600, { .knows_record = true,
		    .record_ttl = 300 }, "met 300" },
		{ { GATE_TTL, 3600 }, false, 0, 3600, { .knows_record = true,
		    .record_ttl = 7200 }, "open 7200" },
		{ { GATE_TTL, 3600 }, false, 0, 0, { .knows_record = true,
		    .record_ttl = 7200 }, "failed 7200" },
	};
	struct step steps[2] = { { .stage.p = POLICY_NONE },
	    { .stage.p = POLICY_NONE } };
	struct schedule schedule = { .steps = steps, .count = 2 };
	struct gate_answer answer;
	struct config_domain domain;
	struct bench bench;
	struct str shown;
	size_t i;

	(void)state;
	bench_make(&bench, yaml, "2026-11-24", "2026-11-24");
	domain = *config_domain(bench.world.config, STR("a.example"));
	domain.ttl = 86400;
	schedule.domain = &domain;
	for (i = 0; i < countof(rows); i++) {
		steps[0].stage.p = rows[i].has_record ? POLICY_NONE :
		    POLICY_ABSENT;
		steps[0].stage.ttl = rows[i].ttl;
		steps[1].stage.ttl = rows[i].next_ttl;
		answer = gate_see(&rows[i].ground, &schedule, steps,
		    &rows[i].gate);
		shown = arena_printf(bench.arena, answer.has_have ? "%s %u" :
		    "%s", gate_state_name(answer.state), answer.have);
		if (!str_is(shown, rows[i].shown))
			fail_msg("row %zu: %s, not %s", i, shown.p,
			    rows[i].shown);
	}
	/* Those that want reports are not seen, nor is anything of nobody. */
	for (i = 0; i < GATE_KINDS; i++)
		if (gate_wants_reports((enum gate_kind)i))
			assert_int_equal(gate_see(&fine, &schedule, steps,
			    &(struct gate){ (enum gate_kind)i, 0 }).state,
			    GATE_UNKNOWN);
	assert_int_equal(gate_see(NULL, &schedule, steps,
	    &(struct gate){ GATE_LINT_CLEAN, 1 }).state, GATE_UNKNOWN);
	assert_int_equal(gate_see(NULL, &schedule, steps,
	    &(struct gate){ GATE_SPF_BUDGET, 10 }).state, GATE_UNKNOWN);
	bench_free(&bench);
}

static void
test_hits(void **state)
{
	static const struct mail mail[] = {
		{ 0, STRANGER, 500, false, false },
		{ 40, RELAY, 90, true, true },
		{ 41, RELAY, 10, false, false },
		{ 41, STRANGER, 70, false, false }, { 0 }
	};
	struct evidence *evidence;
	struct bench bench;
	struct proof *proof;
	const struct hit *hit;
	uint64_t total;

	(void)state;
	bench_make(&bench, yaml, "2026-11-24", "2026-11-24");
	proof = prove(&bench, mail, &evidence);
	hit = proof_hits(bench.arena, proof, STR("a.example"),
	    FIRST_DAY + 90, &total);
	assert_int_equal(total, 170);
	assert_int_equal(hit->source->kind, SOURCE_SENDER);
	assert_int_equal(hit->messages, 10);
	assert_true(str_starts(hit->why, STR("10 of 100 messages fail")));
	assert_int_equal(hit->next->source->kind, SOURCE_UNKNOWN);
	assert_int_equal(hit->next->messages, 70);
	assert_null(hit->next->next);
	evidence_free(evidence);
	bench_free(&bench);
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
		cmocka_unit_test(test_states),
		cmocka_unit_test(test_no_proof),
		cmocka_unit_test(test_all_met),
		cmocka_unit_test(test_mute),
		cmocka_unit_test(test_seen),
		cmocka_unit_test(test_hits),
	};

	return cmocka_run_group_tests(tests, NULL, put_away);
}
