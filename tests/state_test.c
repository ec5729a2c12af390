/* What earlier runs saw: kept by day, written, read again and merged. */
#include "support.h"

#include "base/arena.h"
#include "base/buffer.h"
#include "zone_text.h"
#include "policy/policy.h"

#define ITEM(text, first, last) "{\"kind\":\"dmarc\",\"text\":\"" text \
	"\",\"sha256\":\"00\",\"first\":\"" first "\",\"last\":\"" last "\"}"
#define FILE_OF(items) "{\"v\":1,\"records\":{\n\"_dmarc.example.com\":[\n" \
	items "]\n}}\n"

static bool
read_text(struct state *state, const char *text, struct str *why)
{
	struct source source = { .path = STR("state.json"),
	    .text = str_from(text) };

	return state_read(state, &source, why);
}

/* Days as "first last text", one a line. */
static void
assert_seen(struct arena *arena, const struct state *state, const char *owner,
    const char *wanted)
{
	const struct sighting *seen = state_at(state, str_from(owner),
	    SEEN_DMARC);
	struct buffer out = { 0 };

	for (; seen != NULL; seen = seen->next)
		buffer_printf(&out, "%.*s %.*s %.*s\n",
		    STR_ARG(date_print(arena, seen->first)),
		    STR_ARG(date_print(arena, seen->last)),
		    STR_ARG(seen->text));
	buffer_add_byte(&out, '\0');
	assert_string_equal(out.p, wanted);
	buffer_free(&out);
}

static void
see(struct arena *arena, struct state *state, const char *date,
    const char *records)
{
	struct buffer text = { 0 };
	day today;

	buffer_printf(&text, "; zone: example.com\n$TTL 3600\n%s", records);
	buffer_add_byte(&text, '\0');
	assert_true(date_parse(str_from(date), &today));
	state_see(state, zones_from(arena, text.p)->zones[0], NULL, NULL,
	    today);
	state_sort(state);
	buffer_free(&text);
}

static void
days_follow_each_other(void **unused)
{
	struct arena *arena = arena_new();
	struct state *state = state_new(arena);

	(void)unused;
	see(arena, state, "2026-01-01", "_dmarc TXT \"v=DMARC1; p=none\"\n");
	see(arena, state, "2026-01-05", "_dmarc TXT \"v=DMARC1; p=none\"\n");
	see(arena, state, "2026-01-05", "_dmarc TXT \"v=DMARC1; p=none\"\n");
	see(arena, state, "2026-02-01", "_dmarc TXT \"v=DMARC1; p=reject\"\n");
	see(arena, state, "2026-03-01", "_dmarc TXT \"v=DMARC1; p=none\"\n");
	see(arena, state, "2026-03-02", "_dmarc TXT \"v=DMARC1; p=none\"\n"
	    "@ TXT \"v=spf1 -all\"\n");
	assert_seen(arena, state, "_dmarc.example.com",
	    "2026-01-01 2026-01-05 v=DMARC1; p=none\n"
	    "2026-02-01 2026-02-01 v=DMARC1; p=reject\n"
	    "2026-03-01 2026-03-02 v=DMARC1; p=none\n");
	assert_null(state_at(state, STR("example.com"), SEEN_DMARC));
	assert_null(state_at(state, STR("_dmarc.example.com"), SEEN_KEY));
	assert_null(state_at(NULL, STR("_dmarc.example.com"), SEEN_DMARC));
	arena_free(arena);
}

/* Octets that are not UTF-8, quotes, NUL: all come back. */
static void
reads_what_it_writes(void **unused)
{
	struct arena *arena = arena_new();
	struct state *state = state_new(arena), *again = state_new(arena);
	struct buffer first = { 0 }, second = { 0 };
	struct source source = { .path = STR("state.json") };
	struct str why;

	(void)unused;
	see(arena, state, "2026-01-01",
	    "b._dmarc TXT \"v=DMARC1; p=none\"\n"
	    "_dmarc.a TXT \"v=DMARC1; p=none; x=\\255\\\"\\\\\\000\\128\"\n"
	    "_dmarc TXT \"v=DMARC1; p=none\"\n"
	    "_dmarc TXT \"v=DMARC1; p=reject\"\n"
	    "s._domainkey TXT \"v=DKIM1; p=\"\n"
	    "_mta-sts TXT \"v=STSv1; id=1\"\n");
	state_write(state, &first);
	source.text = buffer_str(&first);
	assert_true(state_read(again, &source, &why));
	state_write(again, &second);
	assert_true(str_equal(buffer_str(&first), buffer_str(&second)));
	assert_non_null(state_at(again, STR("s._domainkey.example.com"),
	    SEEN_KEY));
	assert_non_null(state_at(again, STR("_mta-sts.example.com"),
	    SEEN_MTASTS));
	assert_int_equal(state_at(again, STR("_dmarc.a.example.com"),
	    SEEN_DMARC)->text.n, 25);
	buffer_free(&first);
	buffer_free(&second);
	arena_free(arena);
}

static void
merged_branches_are_one(void **unused)
{
	struct arena *arena = arena_new();
	struct state *state = state_new(arena);
	struct str why;

	(void)unused;
	assert_true(read_text(state, FILE_OF(
	    ITEM("b", "2026-03-01", "2026-03-09") ","
	    ITEM("a", "2026-01-05", "2026-01-09") ","
	    ITEM("a", "2026-01-01", "2026-01-06") ","
	    ITEM("a", "2026-01-09", "2026-01-20")), &why));
	assert_seen(arena, state, "_dmarc.example.com",
	    "2026-01-01 2026-01-20 a\n2026-03-01 2026-03-09 b\n");
	arena_free(arena);
}

static void
owners_stand_by_zone(void **unused)
{
	static const char *const wanted[] = { "_dmarc.example.com",
		"_dmarc.a.example.com" };
	struct arena *arena = arena_new();
	struct state *state = state_new(arena);
	size_t position = 0, i;
	struct str why, name;

	(void)unused;
	assert_true(read_text(state, "{\"v\":1,\"records\":{"
	    "\"_dmarc.b.test\":[],\"_dmarc.a.example.com\":[],"
	    "\"_dmarc.aexample.com\":[],\"_DMARC.example.com\":[]}}", &why));
	for (i = 0; i < countof(wanted); i++) {
		name = state_next(state, STR("example.com"), &position);
		assert_true(str_is(name, wanted[i]));
	}
	assert_null(state_next(state, STR("example.com"), &position).p);
	position = 0;
	assert_null(state_next(state, STR("x.test"), &position).p);
	position = 0;
	assert_null(state_next(NULL, STR("test"), &position).p);
	arena_free(arena);
}

static void
other_files_are_refused(void **unused)
{
	static const struct {
		const char *text, *why;
	} rows[] = {
		{ "", "line 1: " },
		{ "{\n\"v\":1,", "line 2: " },
		{ "[]", "this is no state of version 1" },
		{ "{\"v\":2,\"records\":{}}", "this is no state" },
		{ "{\"v\":1,\"records\":[]}", "this is no state" },
		{ "{\"v\":1,\"records\":{\"a..b\":[]}}",
		    "\"a..b\" is not a domain name" },
		{ "{\"v\":1,\"records\":{\"a.b\":{}}}",
		    "\"a.b\" has no list" },
		{ "{\"v\":1,\"records\":{\"a.b\":[7]}}",
		    "record 1 of \"a.b\" lacks" },
		{ FILE_OF(ITEM("a", "2026-01-02", "2026-01-01")),
		    "record 1 of \"_dmarc.example.com\" lacks" },
		{ FILE_OF(ITEM("a", "2026-01-02", "soon")), "record 1 of" },
		{ FILE_OF(ITEM("\\u0100", "2026-01-02", "2026-01-03")),
		    "record 1 of" },
	};
	struct arena *arena;
	struct str why;
	size_t i;

	(void)unused;
	for (i = 0; i < countof(rows); i++) {
		arena = arena_new();
		why = STR_NONE;
		assert_false(read_text(state_new(arena), rows[i].text, &why));
		if (!str_starts(why, str_from(rows[i].why)))
			fail_msg("%s: %.*s", rows[i].text, STR_ARG(why));
		arena_free(arena);
	}
}

/* Until when a record that is gone, or its TTL, is remembered. */
static void
ttls_are_remembered(void **unused)
{
	static const struct {
		const char *date, *records, *forgotten;
		uint32_t ttl;
	} runs[] = {
		{ "2026-01-01", "_dmarc 864000 TXT \"v=DMARC1; p=none\"\n",
		    NULL, 0 },
		{ "2026-01-05", "_dmarc 864000 TXT \"v=DMARC1; p=none\"\n",
		    NULL, 0 },
		/* Lowered on the 6th: ten days. */
		{ "2026-01-06", "_dmarc 3600 TXT \"v=DMARC1; p=none\"\n",
		    "2026-01-16", 864000 },
		{ "2026-01-09", "_dmarc 3600 TXT \"v=DMARC1; p=none\"\n",
		    "2026-01-16", 864000 },
		/* Another record: an hour and the 10th are over on the 11th. */
		{ "2026-01-10", "_dmarc 90000 TXT \"v=DMARC1; p=reject\"\n",
		    "2026-01-16", 864000 },
		/* A day and an hour, so two days. */
		{ "2026-01-16", "_dmarc 3600 TXT \"v=DMARC1; p=none\"\n",
		    "2026-01-18", 90000 },
	};
	struct arena *arena = arena_new();
	struct state *state = state_new(arena), *again;
	struct buffer out = { 0 };
	struct str why;
	uint32_t ttl;
	day forgotten, wanted;
	size_t i;

	(void)unused;
	for (i = 0; i < countof(runs); i++) {
		see(arena, state, runs[i].date, runs[i].records);
		buffer_clear(&out);
		state_write(state, &out);
		buffer_add_byte(&out, '\0');
		again = state_new(arena);
		assert_true(read_text(again, out.p, &why));
		wanted = DAY_NONE;
		if (runs[i].forgotten != NULL)
			assert_true(date_parse(str_from(runs[i].forgotten),
			    &wanted));
		forgotten = state_forgotten(again,
		    STR("_dmarc.example.com"), SEEN_DMARC, INT32_MAX, &ttl);
		assert_int_equal(forgotten, wanted);
		assert_int_equal(ttl, runs[i].ttl);
		/* Nothing was replaced before. */
		assert_true(date_parse(STR("2026-01-06"), &wanted));
		assert_int_equal(state_forgotten(again,
		    STR("_dmarc.example.com"), SEEN_DMARC, wanted, &ttl),
		    DAY_NONE);
		state = again;
	}
	buffer_free(&out);
	arena_free(arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(days_follow_each_other),
		cmocka_unit_test(ttls_are_remembered),
		cmocka_unit_test(reads_what_it_writes),
		cmocka_unit_test(merged_branches_are_one),
		cmocka_unit_test(owners_stand_by_zone),
		cmocka_unit_test(other_files_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
