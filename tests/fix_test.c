/*
 * Fixes: what is taken, what is left alone, and that nothing else changes. All
 * bad examples of the rules are mended, safely and unsafely.
 */
#include "support.h"

#include "fix/fix.h"
#include "judge.h"
#include "rules/example.h"

/* ---- texts --------------------------------------------------------------- */

static void
test_splice(void **state)
{
	struct arena *arena = arena_new();
	struct source source = { .text = STR("one\r\ntwo\r\nthree") };
	struct edit edits[] = {
		{ .span = { &source, 0, 0 }, .replacement = STR("zero\n") },
		{ .span = { &source, 5, 8 }, .replacement = STR("2") },
		{ .span = { &source, 10, 15 }, .replacement = STR("") },
	};
	const struct edit *all[] = { &edits[0], &edits[1], &edits[2] };
	struct ranges ranges;
	struct str text;

	(void)state;
	text = splice(arena, source.text, all, countof(all), &ranges);
	assert_true(str_is(text, "zero\r\none\r\n2\r\n"));
	assert_int_equal(text.p[text.n], 0);
	assert_int_equal(ranges.count, 3);
	assert_int_equal(ranges.rows[0].end, 6);
	assert_int_equal(ranges.rows[1].start, 11);
	assert_int_equal(ranges.rows[2].start, 14);
	assert_int_equal(ranges.rows[2].end, 14);
	arena_free(arena);
}

/* ---- the same records but for -------------------------------------------- */

/* The first part of the text is replaced by the second. */
static const struct {
	const char *text, *part, *replacement;
	bool same;
} comparisons[] = {
	/* An edited entry may become anything. */
	{ "a TXT \"x\"\nb TXT \"y\"\n", "\"x\"", "\"z\" \"z\"", true },
	{ "a TXT \"x\"\nb TXT \"y\"\n", "TXT \"x\"", "A 192.0.2.1", true },
	{ "a TXT \"x\"\nb TXT \"y\"\n", "a", "c", true },
	/* A line goes, or comes. */
	{ "a TXT \"x\"\nb TXT \"y\"\n", "a TXT \"x\"\n", "", true },
	{ "a TXT \"x\"\nb TXT \"y\"\n", "b", "c A 192.0.2.1\nb", true },
	{ "a TXT \"x\"\n  TXT \"y\"\n", "  TXT \"y\"\n", "", true },
	/* The next line needed it: its owner, its TTL. */
	{ "b A 192.0.2.1\na TXT \"x\"\n  TXT \"y\"\n", "a TXT \"x\"\n", "",
	    false },
	{ "a TXT \"x\"\n  TXT \"y\"\n", "a", "c", false },
	{ "$TTL 77\na TXT \"x\"\n", "77", "78", false },
	{ "a TXT \"x\"\n$ORIGIN x.example.com.\nb TXT \"y\"\n", "$ORIGIN x",
	    "$ORIGIN y", false },
	/* A quote swallows the next line, a parenthesis does. */
	{ "a TXT \"x\"\nb TXT \"y\"\n", "\"x\"", "\"x", false },
	{ "a TXT \"x\"\nb TXT \"y\"\n", "\"x\"", "( \"x\"", false },
	/* One that could not be read comes to life, or dies. */
	{ "a TXT \"x\"\nb A 192.0.2\n", "192.0.2", "192.0.2.1", true },
	{ "a TXT \"x\"\nb A 192.0.2.1\n", "192.0.2.1", "192.0.2", false },
};

static struct zone *
read_text(struct arena *arena, struct str text)
{
	struct zone_options options = { .name = STR("example.com") };

	return zone_read(arena, judge_source(arena, "example.com.zone",
	    text), &options);
}

static void
test_same_but_for(void **state)
{
	struct arena *arena = arena_new();
	struct zone *old, *new;
	struct ranges ranges = { .path = STR("example.com.zone") };
	const struct edit *edits[1];
	struct edit edit;
	struct str text;
	size_t i, at;

	(void)state;
	for (i = 0; i < countof(comparisons); i++) {
		text = arena_printf(arena, "$TTL 3600\n%s",
		    comparisons[i].text);
		old = read_text(arena, text);
		at = str_find_str(text, str_from(comparisons[i].part));
		edit = (struct edit){ .span = { old->source, at,
		    at + strlen(comparisons[i].part) },
		    .replacement = str_from(comparisons[i].replacement) };
		edits[0] = &edit;
		new = read_text(arena, splice(arena, text, edits, 1,
		    &ranges));
		print_message("%zu %s\n", i, comparisons[i].text);
		assert_int_equal(same_but_for(old, new, &ranges, 1),
		    comparisons[i].same);
	}
	arena_free(arena);
}

/* ---- entries ------------------------------------------------------------- */

#define LONG_200 \
	"mailto:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" \
	"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" \
	"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa@x.example"

/* How an entry is written before and after; the same when it must stay. */
static const struct {
	const char *select, *before, *after;
} entries[] = {
	/* In two strings, with escapes, without quotes. */
	{ "dmarc-pct-100", "_dmarc TXT \"v=DMARC1; p=reject; pc\" \"t=100\"",
	  "_dmarc TXT \"v=DMARC1; p=reject\" \"\"" },
	{ "dmarc-pct-100", "_dmarc TXT v=DMARC1\\;p=reject\\;pct=100",
	  "_dmarc TXT v=DMARC1\\;p=reject" },
	{ "dmarc-pct-100", "_dmarc TXT \"v=DMARC1\\059 p=reject\\059 pct=100\"",
	  "_dmarc TXT \"v=DMARC1\\059 p=reject\"" },
	{ "dmarc-pct-100", "_dmarc TXT ( \"v=DMARC1; p=reject;\" ; why\n"
	  "\t\" pct=100\" ) ; what", "_dmarc TXT ( \"v=DMARC1; p=reject\" ; "
	  "why\n\t\"\" ) ; what" },
	/* What is put there must not start a comment, or another string. */
	{ "dmarc-pct-zero-alone", "_dmarc TXT v=DMARC1\\;p=reject\\;pct=0",
	  "_dmarc TXT v=DMARC1\\;p=reject\\;pct=0" },
	/* Nor make the string too long for DNS. */
	{ "dmarc-pct-zero-alone",
	  "_dmarc TXT \"v=DMARC1; p=reject; pct=0; rua=" LONG_200 "\"",
	  "_dmarc TXT \"v=DMARC1; p=reject; pct=0; t=y; rua=" LONG_200 "\"" },
	{ "dmarc-pct-zero-alone", "_dmarc TXT \"v=DMARC1; p=reject; sp=reject; "
	  "np=reject; pct=0; rua=" LONG_200 "\"", "_dmarc TXT \"v=DMARC1; "
	  "p=reject; sp=reject; np=reject; pct=0; rua=" LONG_200 "\"" },
	/* Nor make a second record where one is. */
	{ "zone-owner-missing-dot", "_dmarc TXT \"v=DMARC1; p=reject\"\n"
	  "_dmarc.example.com TXT \"v=DMARC1; p=none\"",
	  "_dmarc TXT \"v=DMARC1; p=reject\"\n"
	  "_dmarc.example.com TXT \"v=DMARC1; p=none\"" },
	{ "zone-owner-missing-dot", "s._domainkey CNAME k\n"
	  "s._domainkey.example.com TXT \"v=DKIM1; p=\"",
	  "s._domainkey CNAME k\n"
	  "s._domainkey.example.com TXT \"v=DKIM1; p=\"" },
	{ "zone-owner-missing-dot", "@ TXT \"v=spf1 -all\"\n"
	  "example.com TXT \"other=1\"", "@ TXT \"v=spf1 -all\"\n"
	  "example.com. TXT \"other=1\"" },
	/* Nor lose the tag behind a version, or leave one mark of a pair. */
	{ "zone-txt-version-typo", "_dmarc TXT \"v=DMARC1\" \"p=reject\"",
	  "_dmarc TXT \"v=DMARC1;\" \"p=reject\"" },
	{ "zone-txt-version-typo", "_mta-sts TXT \"v=STSv1id=1\"",
	  "_mta-sts TXT \"v=STSv1;id=1\"" },
	{ "zone-txt-version-typo", "_dmarc TXT \"v=DMARCp=reject\"",
	  "_dmarc TXT \"v=DMARCp=reject\"" },
	{ "zone-txt-version-typo", "@ TXT \"\\\"v=spf1 -all\\\"\"",
	  "@ TXT \"v=spf1 -all\"" },
	{ "zone-txt-version-typo", "@ TXT \"\\\"v=spf1\\\" \\\"-all\\\"\"",
	  "@ TXT \"\\\"v=spf1\\\" \\\"-all\\\"\"" },
	{ "dmarc-report-auth-malformed", "a.com._report._dmarc TXT "
	  "\"v=dmarc1; rua=mailto:d@example.com\"", "a.com._report._dmarc "
	  "TXT \"v=DMARC1; rua=mailto:d@example.com\"" },
	/* Nor make a record that no receiver reads of one that they do. */
	{ "spf-mechanism-as-modifier", "@ TXT \"v=spf1 mx= -all\"",
	  "@ TXT \"v=spf1 mx -all\"" },
	{ "spf-mechanism-as-modifier", "@ TXT \"v=spf1 ptr=x ip4=h -all\"",
	  "@ TXT \"v=spf1 ptr=x ip4=h -all\"" },
	/* Nor put in a tag that is there already. */
	{ "dmarc-*", "_dmarc TXT \"v=DMARC1; p=quarantine; np=reject; t=x; "
	  "pct=0\"", "_dmarc TXT \"v=DMARC1; p=quarantine; np=reject; pct=0; "
	  "t=y\"" },
	{ "dmarc-tag-typo", "_dmarc TXT \"v=DMARC1; p=none; rau=mailto:a@b.c; "
	  "rua=mailto:d@e.f\"", "_dmarc TXT \"v=DMARC1; p=none; "
	  "rau=mailto:a@b.c; rua=mailto:d@e.f\"" },
	{ "zone-txt-version-typo", "_mta-sts TXT \"v=STSv120260101;\"",
	  "_mta-sts TXT \"v=STSv120260101;\"" },
	{ "tlsrpt-rua-encoding", "_smtp._tls TXT \"v=TLSRPTv1; "
	  "rua=https://a b.c/d!e\"", "_smtp._tls TXT \"v=TLSRPTv1; "
	  "rua=https://a b.c/d!e\"" },
	{ "dmarc-rua-syntax", "_dmarc TXT \"v=DMARC1; p=none; "
	  "rua=mailto|d@e.f\"", "_dmarc TXT \"v=DMARC1; p=none; "
	  "rua=mailto|d@e.f\"" },
	/* Nor cure a record that is void, nor lose what went into a tag. */
	{ "dkim-g-tag", "s._domainkey TXT \"v=DKIM1; g=*; g=*; p=\"",
	  "s._domainkey TXT \"v=DKIM1; g=*; g=*; p=\"" },
	{ "dmarc-keyword-case", "_dmarc TXT \"v=DMARC1; p=reject; P=none\"",
	  "_dmarc TXT \"v=DMARC1; p=reject; P=none\"" },
	{ "dmarc-fo-without-ruf", "_dmarc TXT \"v=DMARC1; p=reject; fo=1 "
	  "ruf=mailto:d@e.f\"", "_dmarc TXT \"v=DMARC1; p=reject; fo=1 "
	  "ruf=mailto:d@e.f\"" },
	{ "dmarc-historic-tag", "_dmarc TXT \"v=DMARC1; p=reject; ri=86400 "
	  "rua=mailto:d@e.f\"", "_dmarc TXT \"v=DMARC1; p=reject; ri=86400 "
	  "rua=mailto:d@e.f\"" },
	/* An address says of which family it is. */
	{ "spf-unknown-mechanism", "@ TXT \"v=spf1 ip:2001:db8::1 -all\"",
	  "@ TXT \"v=spf1 ip6:2001:db8::1 -all\"" },
	{ "spf-unknown-mechanism", "@ TXT \"v=spf1 ipv6:192.0.2.1 -all\"",
	  "@ TXT \"v=spf1 ip4:192.0.2.1 -all\"" },
	/* Nor encode what is no part of an address. */
	{ "dmarc-rua-encoding", "_dmarc TXT \"v=DMARC1; p=none; "
	  "rua=mailto:a!b@example.com!5k\"", "_dmarc TXT \"v=DMARC1; p=none; "
	  "rua=mailto:a%21b@example.com!5k\"" },
	{ "dmarc-rua-encoding", "_dmarc TXT \"v=DMARC1; p=none; "
	  "rua=mailto: a@example.com\"", "_dmarc TXT \"v=DMARC1; p=none; "
	  "rua=mailto:a@example.com\"" },
	{ "dmarc-rua-encoding", "_dmarc TXT \"v=DMARC1; p=none; "
	  "rua=mailto:a@example.com!5x\"", "_dmarc TXT \"v=DMARC1; p=none; "
	  "rua=mailto:a@example.com!5x\"" },
	{ "dmarc-rua-*", "_dmarc TXT \"v=DMARC1; p=none; "
	  "rua=mailto:a@example.com pct=100\"", "_dmarc TXT \"v=DMARC1; "
	  "p=none; rua=mailto:a@example.com pct=100\"" },
	{ "dmarc-rua-syntax", "_dmarc TXT \"v=DMARC1; p=none; "
	  "rua=mailto=a@example.com\"", "_dmarc TXT \"v=DMARC1; p=none; "
	  "rua=mailto:a@example.com\"" },
	{ "tlsrpt-rua-encoding", "_smtp._tls TXT \"v=TLSRPTv1; "
	  "rua=mailto:a!b@example.com!5k\"", "_smtp._tls TXT \"v=TLSRPTv1; "
	  "rua=mailto:a%21b@example.com\"" },
	{ "tlsrpt-rua-encoding", "_smtp._tls TXT \"v=TLSRPTv1; "
	  "rua=mailto:a;b@example.com\"", "_smtp._tls TXT \"v=TLSRPTv1; "
	  "rua=mailto:a%3Bb@example.com\"" },
	{ "zone-txt-version-typo", "_mta-sts TXT \"v = STSv1; id=1\"",
	  "_mta-sts TXT \"v=STSv1; id=1\"" },
	{ "zone-txt-control-char", "@ TXT \"v=spf1 -all\\013\\010\"",
	  "@ TXT \"v=spf1 -all  \"" },
	/* Nor let everybody in. */
	{ "spf-ip6-v4mapped", "@ TXT \"v=spf1 ip6:::ffff:0:0/96 -all\"",
	  "@ TXT \"v=spf1 ip6:::ffff:0:0/96 -all\"" },
	/* Three findings of one entry. */
	{ "dmarc-*", "_dmarc TXT \"v=DMARC1; p=Reject; rf=afrf; pct=100;\"",
	  "_dmarc TXT \"v=DMARC1; p=reject;\"" },
	{ "suppression-unused,dmarc-pct-100", "_dmarc TXT \"v=DMARC1; p=none\" "
	  "; mailzone: ignore[dmarc-pct-100] -- x",
	  "_dmarc TXT \"v=DMARC1; p=none\"" },
};

static void mend_all(struct judged *, struct fixes *, struct str select);

static void
test_entries(void **state)
{
	struct judged judged;
	struct fixes fixes;
	struct str example, text;
	size_t i, start;

	(void)state;
	for (i = 0; i < countof(entries); i++) {
		example = arena_printf(judge_world.arena, "%s%s\n", QUIET_SOA,
		    entries[i].before);
		judged = judge_example(example.p, false,
		    str_from(entries[i].select));
		fixes_start(&fixes, judged.arena, &judged.zones, FIX_UNSAFE);
		mend_all(&judged, &fixes, str_from(entries[i].select));
		text = judged.zone->source->text;
		start = sizeof(QUIET_SOA) - 1;
		text = str_slice(text, start, text.n - 1);
		if (!str_is(text, entries[i].after))
			fail_msg("%s\nbecame\n%.*s", entries[i].before,
			    STR_ARG(text));
		judge_free(&judged);
	}
}

/* ---- rules --------------------------------------------------------------- */

enum { MAX_RULES = 400 };

/* Judges anew after each round; returns the findings at the end. */
static void
mend_all(struct judged *judged, struct fixes *fixes, struct str select)
{
	unsigned rounds = 0;

	while (fixes_round(fixes, &judged->diags)) {
		assert_true(++rounds < FIX_ROUNDS);
		judged->zone = judged->zones.zones[0];
		judged->diags = (struct diags){ 0 };
		judge_again(judged, select);
	}
}

static size_t
count_above_note(const struct judged *judged, const struct rule *rule)
{
	const struct diag *diag;
	size_t count = 0;

	for (diag = judged->diags.first; diag != NULL; diag = diag->next)
		count += diag->rule == rule && !diag->suppressed &&
		    diag->level > LEVEL_NOTE;
	return count;
}

/* A test is a weaker policy, which was told before by the rule that is gone. */
static const struct {
	const char *rule, *draws;
} accepted[] = {
	{ "dmarc-pct-zero-alone", "dmarc-test-mode" },
	{ "dmarc-t-alone", "dmarc-test-mode" },
	{ "dmarc-t-pct-conflict", "dmarc-test-mode" },
};

static bool
is_accepted(const struct rule *rule, const struct rule *other)
{
	size_t i;

	/* Name servers go on answering what was there. */
	if (strncmp(other->id, "verify-", 7) == 0)
		return true;
	for (i = 0; i < countof(accepted); i++)
		if (strcmp(accepted[i].rule, rule->id) == 0 &&
		    strcmp(accepted[i].draws, other->id) == 0)
			return true;
	return false;
}

/* What receivers do with mail that a stranger sends as this name. */
static void
assert_same_verdicts(const struct rule *rule, struct judged *before,
    struct judged *after, struct str name)
{
	struct world old = judge_world_of(before), new = judge_world_of(after);
	struct spf_cost *a = spf_cost(&old, before->arena, name);
	struct spf_cost *b = spf_cost(&new, after->arena, name);
	unsigned model;

	if (a->permerror != b->permerror || a->root->state != b->root->state)
		fail_msg("%s: a safe fix changes SPF of %.*s", rule->id,
		    STR_ARG(name));
	for (model = 0; model < MODELS; model++)
		if (policy_discover(&old, before->arena, name,
		    (enum model)model).outcome != policy_discover(&new,
		    after->arena, name, (enum model)model).outcome)
			fail_msg("%s: a safe fix changes the policy of %.*s",
			    rule->id, STR_ARG(name));
}

static void
assert_all_same(const struct rule *rule, struct judged *before,
    struct judged *after)
{
	const struct node *node;
	struct str name;
	size_t i;

	for (i = 0; (node = zone_node(before->zone, i)) != NULL; i++) {
		name = node_name(before->zone, node, before->arena);
		assert_same_verdicts(rule, before, after, name);
		assert_same_verdicts(rule, before, after, name_join(
		    before->arena, STR("nobody-has-this"), name));
	}
}

/*
 * What can be mended is gone, and nothing has come. That the rest of the zone
 * stays the same DNS data is what each round sees to.
 */
static void
mends(const struct rule *rule, enum fix_kind most)
{
	struct str select = arena_printf(judge_world.arena, "*,%s", rule->id);
	struct judged before = judge_example(rule->bad, false, select);
	struct judged after = judge_example(rule->bad, false, select);
	struct fixes fixes;
	const struct diag *diag;
	const struct rule *other;
	size_t i;

	fixes_start(&fixes, after.arena, &after.zones, most);
	mend_all(&after, &fixes, select);
	/* What generate wrote is left alone. */
	for (diag = after.diags.first; diag != NULL; diag = diag->next)
		if (!diag->suppressed && diag_rest(diag)->edits != NULL &&
		    diag->fix <= most &&
		    strncmp(rule->id, "zone-block-", 11) != 0)
			fail_msg("%s: %s could be mended, but was not: %.*s",
			    rule->id, diag->rule->id,
			    STR_ARG(saying_print(diag->message,
			    after.arena)));
	for (i = 0; (other = rule_number(i)) != NULL; i++)
		if (other->level != LEVEL_OFF && !is_accepted(rule, other) &&
		    count_above_note(&after, other) >
		    count_above_note(&before, other))
			fail_msg("%s: mended, it draws %s:\n%.*s", rule->id,
			    other->id, STR_ARG(after.zone->source->text));
	if (most == FIX_SAFE)
		assert_all_same(rule, &before, &after);
	if (fixes.refused_count > 0)
		fail_msg("%s: an edit was refused", rule->id);
	judge_free(&before);
	judge_free(&after);
}

static void
safe_fixes_mend(void **state)
{
	mends(*state, FIX_SAFE);
}

static void
unsafe_fixes_mend(void **state)
{
	mends(*state, FIX_UNSAFE);
}

/* A rule that offers a fix shows it by its bad example. */
static void
fix_is_offered(void **state)
{
	const struct rule *rule = *state;
	struct str select = arena_printf(judge_world.arena, "*,%s", rule->id);
	struct judged judged = judge_example(rule->bad, false, select);
	const struct diag *diag;
	enum fix_kind best = FIX_NONE;

	for (diag = judged.diags.first; diag != NULL; diag = diag->next)
		if (diag->rule == rule && diag_rest(diag)->edits != NULL &&
		    (best == FIX_NONE || diag->fix < best))
			best = diag->fix;
	assert_int_equal(best, rule->fix);
	judge_free(&judged);
}

static const struct {
	const char *name;
	void (*test)(void **);
} steps[] = {
	{ "offered",	fix_is_offered },
	{ "safe",	safe_fixes_mend },
	{ "unsafe",	unsafe_fixes_mend },
};

int
main(void)
{
	static struct CMUnitTest tests[MAX_RULES * countof(steps) + 3] = {
		cmocka_unit_test(test_splice),
		cmocka_unit_test(test_same_but_for),
		cmocka_unit_test(test_entries),
	};
	struct arena *arena = arena_new();
	const struct rule *rule;
	size_t i, j, count = 3;
	int failed;

	judge_open();
	for (i = 0; (rule = rule_number(i)) != NULL; i++)
		for (j = 0; j < countof(steps); j++) {
			if (rule->subject == SUBJECT_CONFIG)
				continue;
			tests[count++] = (struct CMUnitTest){
			    .name = arena_printf(arena, "%s %s", rule->id,
				steps[j].name).p,
			    .test_func = steps[j].test,
			    .initial_state = (void *)(uintptr_t)rule };
		}
	failed = _cmocka_run_group_tests("fix", tests, count, NULL, NULL);
	judge_close();
	arena_free(arena);
	return failed;
}
