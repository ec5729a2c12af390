/*
 * Walks the table of rules: each is described, objects to its bad example and
 * accepts its good one. What it mends, fix_test looks at.
 */
#include "support.h"

#include <inttypes.h>

#include "base/buffer.h"
#include "base/hash.h"
#include "judge.h"
#include "rules/example.h"

enum { MAX_RULES = 400 };

static const char *const families[] = {
	"bimi-", "config-", "dkim-", "dmarc-", "import-", "mtasts-", "mx-",
	"plan-", "spf-", "suppression-", "tlsrpt-", "verify-", "view-",
	"zone-",
};

static struct judged
judge_rule(const struct rule *rule, const char *example)
{
	char select[80];

	snprintf(select, sizeof(select), "*,%s", rule->id);
	return judge_example(example, rule->subject == SUBJECT_CONFIG,
	    str_from(select));
}

static bool
has_family(const char *id)
{
	size_t i;

	for (i = 0; i < countof(families); i++)
		if (strncmp(id, families[i], strlen(families[i])) == 0)
			return true;
	return false;
}

/* Words for a user: they are there, and fit for every reporter. */
static void
assert_prose(const char *id, const char *text, bool sentence)
{
	size_t n;

	if (text == NULL || text[0] == '\0')
		fail_msg("%s: a text is missing", id);
	n = strlen(text);
	if ((text[n - 1] == '.') != sentence)
		fail_msg("%s: `%s' %s", id, text, sentence ?
		    "lacks its full stop" : "ends with a full stop");
	if (strchr(text, '\n') != NULL || strstr(text, "  ") != NULL)
		fail_msg("%s: `%s' has a line end or two blanks", id, text);
}

static void
rule_is_described(void **state)
{
	const struct rule *rule = *state;

	assert_ptr_equal(rule_find(str_from(rule->id)), rule);
	if (!has_family(rule->id))
		fail_msg("%s: unknown family", rule->id);
	assert_prose(rule->id, rule->summary, false);
	assert_prose(rule->id, rule->rationale, true);
	assert_prose(rule->id, rule->citation, false);
	assert_true(strlen(rule->summary) <= 72);
}

static void
bad_example_draws_it(void **state)
{
	const struct rule *rule = *state;
	struct judged judged = judge_rule(rule, rule->bad);
	const struct diag *diag = judge_find(&judged, rule->id);
	struct str message;

	if (diag == NULL)
		fail_msg("%s: nothing is said about the bad example",
		    rule->id);
	message = saying_print(diag->message, judged.arena);
	assert_true(message.n > 0);
	/* Nor with a blank, behind which a name is missing. */
	assert_false(str_has(STR(". "),
	    message.p[message.n - 1]));
	assert_true(diag->span.end <= diag->span.source->text.n);
	assert_true(diag->span.start <= diag->span.end);
	if (diag->fix > rule->fix)
		fail_msg("%s: offers a better fix than it announces",
		    rule->id);
	judge_free(&judged);
}

static void
good_example_is_quiet(void **state)
{
	const struct rule *rule = *state;
	struct judged judged = judge_rule(rule, rule->good);
	const struct diag *diag;

	for (diag = judged.diags.first; diag != NULL; diag = diag->next)
		if ((diag->level > LEVEL_NOTE && !diag->suppressed &&
		    diag->rule->level != LEVEL_OFF) || diag->rule == rule)
			fail_msg("%s: %s says about the good example: %.*s",
			    rule->id, diag->rule->id,
			    STR_ARG(saying_print(diag->message,
			    judged.arena)));
	judge_free(&judged);
}

static size_t
count_of(const struct judged *judged, const struct rule *rule)
{
	const struct diag *diag;
	size_t count = 0;

	for (diag = judged->diags.first; diag != NULL; diag = diag->next)
		count += diag->rule == rule;
	return count;
}

/* One fault is told once: above a note no two speak of the same words. */
static void
bad_example_is_told_once(void **state)
{
	const struct rule *rule = *state;
	struct judged judged = judge_rule(rule, rule->bad);
	const struct diag *a = judge_find(&judged, rule->id), *b;

	assert_non_null(a);
	for (b = judged.diags.first; b != NULL; b = b->next)
		/* What is missing has no words; it is told at the SOA. */
		if (b->rule != rule && b->level > LEVEL_NOTE &&
		    b->rule->level != LEVEL_OFF &&
		    !(judged.zone != NULL &&
		    b->span.start == judged.zone->contents->soa.start) &&
		    a->span.source == b->span.source &&
		    a->span.start < b->span.end &&
		    b->span.start < a->span.end)
			fail_msg("%s: %s speaks of the same words: %.*s",
			    rule->id, b->rule->id, STR_ARG(saying_print(
			    b->message, judged.arena)));
	judge_free(&judged);
}

/*
 * Answers about hosts are kept and thrown out by others: each stays with its
 * own name, however often and in which order it is asked for.
 */
static void
hosts_are_not_confused(void **state)
{
	static const struct str kinds[] = {
		STR_INIT("A 198.51.100.26"), STR_INIT("TXT \"x\""),
		STR_INIT("CNAME host0"),
	};
	enum { HOSTS = 60, EACH = HOSTS / countof(kinds), ROUNDS = 3 };
	struct buffer text = { 0 };
	struct judged judged;
	unsigned i;

	(void)state;
	buffer_printf(&text, "%s", QUIET);
	for (i = 0; i < HOSTS; i++)
		buffer_printf(&text, "host%u %.*s\n", i,
		    STR_ARG(kinds[i % countof(kinds)]));
	for (i = 0; i < HOSTS * ROUNDS; i++)
		buffer_printf(&text, "user%u MX 10 host%u\n", i,
		    i * 7 % HOSTS);
	buffer_add_byte(&text, '\0');
	judged = judge_example(text.p, false, STR_NONE);
	assert_int_equal(count_of(&judged, rule_find(
	    STR("mx-target-missing"))), EACH * ROUNDS);
	assert_int_equal(count_of(&judged, rule_find(
	    STR("mx-target-cname"))), EACH * ROUNDS);
	judge_free(&judged);
	buffer_free(&text);
}

/* Whose key is it, and does mail come from there? */
static const struct {
	const char *zone;
	size_t count;
} silent_keys[] = {
	{ "s._domainkey.a TXT \"p=" KEY_ED25519 "\"\na MX 0 .\n", 1 },
	{ "s._domainkey.a TXT \"p=" KEY_ED25519 "\"\n"
	  "a 60 IN MX 0 . ; x\n", 1 },
	{ "s._domainkey.a TXT \"p=" KEY_ED25519 "\"\na MX ( 0\n\t. )\n", 1 },
	{ "s._domainkey.a TXT \"p=" KEY_ED25519 "\"\n"
	  "a MX \\# 3 000000\n", 1 },
	{ "s._domainkey.a TXT \"p=" KEY_ED25519 "\"\n"
	  "$ORIGIN .\na.example.com MX 0 @\n", 1 },
	{ "s._domainkey.a TXT \"p=" KEY_ED25519 "\"\na MX 0 @\n", 0 },
	{ "s._domainkey.a TXT \"p=" KEY_ED25519 "\"\n"
	  "a MX 0 .\na MX 1 b\n", 0 },
	{ "s._domainkey.a TXT \"p=" KEY_ED25519 "\"\n* MX 0 .\n", 0 },
	{ "s._domainkey.a TXT \"p=" KEY_ED25519 "\"\n*.a MX 0 .\n", 0 },
	{ "s._domainkey.a TXT \"p=" KEY_ED25519 "\"\na MX 0 .\n"
	  "a TXT \"v=spf1 mx -all\"\n", 1 },
	{ "s._domainkey.a TXT \"p=\"\na MX 0 .\n", 0 },
	{ "s._domainkey.a TXT \"p=" KEY_ED25519 "\"\n"
	  "a TXT \"v=spf1 -all\"\n", 0 },
	{ "s._domainkey.a TXT \"p=" KEY_ED25519 "\"\n"
	  "a CNAME b\nb MX 0 .\n", 1 },
	/* Where another zone answers, the key is not seen. */
	{ "s._domainkey.a TXT \"p=" KEY_ED25519 "\"\n"
	  "; zone: a.example.com\n@ SOA ns h 1 2 3 4 5\n"
	  "@ TXT \"v=spf1 -all\"\n", 1 },
	{ "s._domainkey.a TXT \"p=" KEY_ED25519 "\"\n"
	  "; zone: a.example.com\n@ SOA ns h 1 2 3 4 5\n"
	  "@ TXT \"v=spf1 -all\"\nk._domainkey CNAME x\n", 0 },
	{ "s._domainkey.a TXT \"p=" KEY_ED25519 "\"\n"
	  "; config:\nversion: 1\ndomains: {a.example.com: {}}\n"
	  "parked: {domains: [b.example.com]}\n", 0 },
};

static void
keys_of_silent_domains(void **state)
{
	struct arena *arena = arena_new();
	struct judged judged;
	size_t i;

	(void)state;
	for (i = 0; i < countof(silent_keys); i++) {
		print_message("# %zu\n", i);
		judged = judge_example(arena_printf(arena, "%s%s", QUIET,
		    silent_keys[i].zone).p, false,
		    STR("dkim-nomail-active-key"));
		assert_int_equal(judged.diags.count, silent_keys[i].count);
		judge_free(&judged);
	}
	arena_free(arena);
}

/*
 * Keys are kept in several pieces, and compared over all of them: each that
 * came before is found again, and what kinds a domain has.
 */
static void
many_keys_are_compared(void **state)
{
	enum { KEYS = 600, SAME = 37, DOMAINS = 3, LAST_RSA = 2 };
	struct buffer text = { 0 };
	struct judged judged;
	const struct diag *diag;
	unsigned i;

	(void)state;
	buffer_printf(&text, "%s", QUIET);
	for (i = 0; i < KEYS; i++)
		buffer_printf(&text, "s%u._domainkey.d%u TXT "
		    "\"v=DKIM1; k=ed25519; p=%.16s%08u%s\"\n", i, i % DOMAINS,
		    KEY_ED25519, i % SAME == 0 ? i % DOMAINS : i,
		    &KEY_ED25519[24]);
	for (i = 0; i < LAST_RSA; i++)
		buffer_printf(&text, "r._domainkey.d%u TXT \"v=DKIM1; p=%s\" "
		    "\"%s\"\n", i, KEY_2048_1, KEY_2048_2);
	buffer_add_byte(&text, '\0');
	judged = judge_example(text.p, false, STR_NONE);
	assert_int_equal(count_of(&judged, rule_find(
	    STR("dkim-key-shared-selectors"))), KEYS / SAME);
	diag = judge_find(&judged, "dkim-key-shared-selectors");
	assert_true(str_is(diag_owner(diag), "s37._domainkey.d1.example.com"));
	assert_true(str_is(diag_token(diag), "s1._domainkey.d1.example.com"));
	assert_int_equal(count_of(&judged, rule_find(
	    STR("dkim-ed25519-only"))), DOMAINS - LAST_RSA);
	diag = judge_find(&judged, "dkim-ed25519-only");
	assert_true(str_is(diag_owner(diag), "s2._domainkey.d2.example.com"));
	judge_free(&judged);
	buffer_free(&text);
}

/* Where an entry may lie, seen from the span of a finding. */
static void
an_entry_is_kept(void **state)
{
	const struct source source = { .path = STR_INIT("a"),
		.text = STR_INIT("one two three") };
	const struct source other = source;
	const struct span entries[] = {
		{ &source, 4, 7 }, { &source, 0, 13 }, { &source, 5, 5 },
		{ &source, 0, 0 }, { &source, 8, 13 }, { &other, 4, 7 },
		{ &other, 0, 1 }, { &source, 0, (size_t)1 << 33 },
	};
	struct arena *arena = arena_new();
	struct diag diag;
	struct span entry;
	size_t i;

	(void)state;
	for (i = 0; i < countof(entries); i++) {
		diag = (struct diag){ .span = { &source, 4, 7 } };
		diag_set_entry(arena, &diag, entries[i]);
		entry = diag_entry(&diag);
		assert_ptr_equal(entry.source, entries[i].source);
		assert_int_equal(entry.start, entries[i].start);
		assert_int_equal(entry.end, entries[i].end);
	}
	arena_free(arena);
}

/* By rule, zone, owner, type and token, kept or not, as it has always been. */
static void
a_fingerprint_stays(void **state)
{
	const char *id = "spf-all-pass";
	const struct zone zone = { .name = STR_INIT("example.com") };
	struct source source = { .text = STR_INIT("v=spf1 +all") };
	struct source yaml = { .text = STR_INIT("spf: all") };
	const struct source_map_row row = { 0, { &yaml, 5, 8 } };
	const struct source_from from = { .map = { &row, 1 } };
	struct arena *arena = arena_new();
	char room[FINGERPRINT_MAX], text[40];
	struct diag diag = { .rule = rule_find(str_from(id)), .zone = &zone,
	    .type = RR_TXT, .span = { &source, 7, 11 } };
	const struct diags diags = { &diag, &diag, 1 };
	uint64_t hash;

	(void)state;
	assert_true(sizeof(diag) <= 128);
	diag_set_owner(arena, &diag, STR("a.example.com"));
	assert_null(diag_fingerprint(&diag, room).p);
	diags_hash(&diags);
	diag.number = 4294967295;
	hash = diag.hash;
	assert_int_equal(hash, hash_bytes(hash_key_fixed,
	    STR("spf-all-pass\0example.com\0a.example.com\0" "16\0+all")));
	snprintf(text, sizeof(text), "%016" PRIx64 ":4294967295", hash);
	assert_true(str_is(diag_fingerprint(&diag, room), text));
	/* The token is not that of the place to which it is told. */
	diag.hashed = false;
	source.from = &from;
	diag_resolve(arena, &diag);
	assert_ptr_equal(diag.span.source, &yaml);
	assert_true(str_is(diag_token(&diag), "+all"));
	diags_hash(&diags);
	assert_int_equal(diag.hash, hash);
	/* Nor is it lost when it is long. */
	source.text = arena_printf(arena, "%0200d", 7);
	diag = (struct diag){ .rule = diag.rule, .zone = &zone,
	    .owner = diag.owner, .owner_length = diag.owner_length,
	    .type = RR_TXT, .span = { &source, 0, 200 } };
	diags_hash(&diags);
	hash = diag.hash;
	diag.hashed = false;
	diag_resolve(arena, &diag);
	diags_hash(&diags);
	assert_false(diag.own_token);
	assert_int_equal(diag.hash, hash);
	diag_set_token(arena, &diag, STR_NONE);
	diags_hash(&diags);
	assert_int_equal(diag.hash, hash_bytes(hash_key_fixed,
	    STR("spf-all-pass\0example.com\0a.example.com\0" "16\0")));
	arena_free(arena);
}

/* Whether anybody asks for edits or not, the kind of fix is the same. */
static void
a_fix_is_told_without_edits(void **state)
{
	const struct rule *rule;
	struct judged judged, bare;
	const struct diag *diag, *other;
	size_t i, fixes = 0;

	(void)state;
	for (i = 0; (rule = rule_number(i)) != NULL; i++) {
		judged = judge_rule(rule, rule->bad);
		judge_no_edits = true;
		bare = judge_rule(rule, rule->bad);
		judge_no_edits = false;
		assert_int_equal(judged.diags.count, bare.diags.count);
		for (diag = judged.diags.first, other = bare.diags.first;
		    diag != NULL; diag = diag->next, other = other->next) {
			assert_ptr_equal(diag->rule, other->rule);
			assert_int_equal(diag->fix, other->fix);
			assert_int_equal(diag->fix != FIX_NONE,
			    diag_rest(diag)->edits != NULL);
			assert_null(diag_rest(other)->edits);
			assert_int_equal(saying_compare(diag->help,
			    other->help), 0);
			fixes += diag->fix != FIX_NONE;
		}
		judge_free(&judged);
		judge_free(&bare);
	}
	assert_true(fixes > 100);
}

static const struct {
	const char *name;
	void (*test)(void **);
} steps[] = {
	{ "described",	rule_is_described },
	{ "bad",	bad_example_draws_it },
	{ "once",	bad_example_is_told_once },
	{ "good",	good_example_is_quiet },
};

int
main(void)
{
	static struct CMUnitTest tests[MAX_RULES * countof(steps) + 6];
	struct arena *arena = arena_new();
	const struct rule *rule;
	size_t i, j, count = 0;
	int failed;

	for (i = 0; (rule = rule_number(i)) != NULL; i++)
		for (j = 0; j < countof(steps); j++)
			tests[count++] = (struct CMUnitTest){
			    .name = arena_printf(arena, "%s %s", rule->id,
				steps[j].name).p,
			    .test_func = steps[j].test,
			    .initial_state = (void *)(uintptr_t)rule };
	tests[count++] = (struct CMUnitTest)
	    cmocka_unit_test(hosts_are_not_confused);
	tests[count++] = (struct CMUnitTest)
	    cmocka_unit_test(many_keys_are_compared);
	tests[count++] = (struct CMUnitTest)
	    cmocka_unit_test(keys_of_silent_domains);
	tests[count++] = (struct CMUnitTest)
	    cmocka_unit_test(an_entry_is_kept);
	tests[count++] = (struct CMUnitTest)
	    cmocka_unit_test(a_fingerprint_stays);
	tests[count++] = (struct CMUnitTest)
	    cmocka_unit_test(a_fix_is_told_without_edits);
	failed = _cmocka_run_group_tests("rules", tests, count, NULL, NULL);
	judge_close();
	arena_free(arena);
	return failed;
}
