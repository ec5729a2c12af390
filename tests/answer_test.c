/* What a name server with these zones would say. */
#include "support.h"

#include <string.h>

#include "zone_text.h"

/* RFC 4592 section 2.2.1. */
#define WILDCARDS \
	"= example\n" \
	"@ SOA a. b. 1 2 3 4 5\n" \
	"@ NS ns.example.com.\n" \
	"* TXT 'this is a wildcard'\n" \
	"* MX 10 host1.example.\n" \
	"sub.* TXT 'this is not a wildcard'\n" \
	"host1 A 192.0.2.1\n" \
	"_ssh._tcp.host1 SRV 0 0 0 a.\n" \
	"_ssh._tcp.host2 SRV 0 0 0 a.\n" \
	"subdel NS ns.example.com.\n"

#define CHAIN \
	"a CNAME b\n" "b CNAME c\n" "c CNAME d\n" "d CNAME e\n" \
	"e CNAME f\n" "f CNAME g\n" "g CNAME h\n" "h CNAME i\n" \
	"i TXT 'end'\n" "z CNAME a\n"

static const struct {
	const char *zones, *name;
	uint16_t type;
	enum answer_kind kind;
	const char *text;		/* the first string, or the target */
	const char *owner;		/* where it stands */
} answers[] = {
	{ "@ TXT 'a'", "example.com", RR_TXT, ANSWER_DATA, "a", NULL },
	{ "@ TXT 'a'", "example.com", RR_MX, ANSWER_NODATA, NULL, NULL },
	{ "@ TXT 'a'", "x.example.com", RR_TXT, ANSWER_NXDOMAIN, NULL, NULL },
	{ "@ TXT 'a'", "example.net", RR_TXT, ANSWER_UNKNOWN, NULL, NULL },
	{ "@ TXT 'a'", "com", RR_TXT, ANSWER_UNKNOWN, NULL, NULL },
	{ "", "example.com", RR_TXT, ANSWER_NODATA, NULL, NULL },
	{ "", "x.example.com", RR_TXT, ANSWER_NXDOMAIN, NULL, NULL },
	{ "@ TXT 'a'", "xexample.com", RR_TXT, ANSWER_UNKNOWN, NULL, NULL },
	{ "A.b TXT 'a'", "a.b.example.com", RR_TXT, ANSWER_DATA, "a", NULL },

	/* Empty non-terminals. */
	{ "a.b.c TXT 'a'", "b.c.example.com", RR_TXT, ANSWER_NODATA, NULL,
	  NULL },
	{ "a.b.c TXT 'a'", "x.b.c.example.com", RR_TXT, ANSWER_NXDOMAIN,
	  NULL, NULL },
	{ "a.b TXT 'a'\n* TXT 'w'", "b.example.com", RR_TXT, ANSWER_NODATA,
	  NULL, NULL },
	{ "a.b TXT 'a'\n* TXT 'w'", "x.b.example.com", RR_TXT,
	  ANSWER_NXDOMAIN, NULL, NULL },

	/* Wildcards. */
	{ WILDCARDS, "host3.example", RR_MX, ANSWER_DATA, "host1.example",
	  "*.example" },
	{ WILDCARDS, "host3.example", RR_A, ANSWER_NODATA, NULL, NULL },
	{ WILDCARDS, "foo.bar.example", RR_TXT, ANSWER_DATA,
	  "this is a wildcard", "*.example" },
	{ WILDCARDS, "host1.example", RR_MX, ANSWER_NODATA, NULL, NULL },
	{ WILDCARDS, "sub.*.example", RR_MX, ANSWER_NODATA, NULL, NULL },
	{ WILDCARDS, "_telnet._tcp.host1.example", RR_SRV, ANSWER_NXDOMAIN,
	  NULL, NULL },
	{ WILDCARDS, "host.subdel.example", RR_A, ANSWER_UNKNOWN, NULL,
	  NULL },
	{ WILDCARDS, "ghost.*.example", RR_MX, ANSWER_NXDOMAIN, NULL, NULL },
	{ WILDCARDS, "*.example", RR_TXT, ANSWER_DATA, "this is a wildcard",
	  "*.example" },
	{ "* CNAME x\nx TXT 'a'", "y.example.com", RR_TXT, ANSWER_DATA, "a",
	  "x.example.com" },
	{ "*.w TXT 'a'", "y.w.example.com", RR_TXT, ANSWER_DATA, "a",
	  "*.w.example.com" },
	{ "*.w TXT 'a'", "w.example.com", RR_TXT, ANSWER_NODATA, NULL, NULL },
	{ "a.* TXT 'a'", "y.example.com", RR_TXT, ANSWER_NODATA, NULL,
	  NULL },
	/* Of authorised reports: one name shadows the wildcard. */
	{ "*._report._dmarc TXT 'v=DMARC1'\n"
	  "a.org._report._dmarc TXT 'v=DMARC1'",
	  "b.org._report._dmarc.example.com", RR_TXT, ANSWER_NXDOMAIN, NULL,
	  NULL },
	{ "*._report._dmarc TXT 'v=DMARC1'\n"
	  "a.org._report._dmarc TXT 'v=DMARC1'",
	  "b.net._report._dmarc.example.com", RR_TXT, ANSWER_DATA,
	  "v=DMARC1", "*._report._dmarc.example.com" },

	/* CNAME. */
	{ CHAIN, "a.example.com", RR_TXT, ANSWER_DATA, "end",
	  "i.example.com" },
	{ CHAIN, "z.example.com", RR_TXT, ANSWER_UNKNOWN, NULL, NULL },
	{ CHAIN, "a.example.com", RR_CNAME, ANSWER_DATA, "b.example.com",
	  NULL },
	{ "a CNAME a", "a.example.com", RR_TXT, ANSWER_UNKNOWN, NULL, NULL },
	{ "a CNAME b.example.net.", "a.example.com", RR_TXT, ANSWER_UNKNOWN,
	  NULL, NULL },
	{ "a CNAME b", "a.example.com", RR_TXT, ANSWER_NXDOMAIN, NULL, NULL },
	{ "a CNAME b.example.net.\n= example.net\nb TXT 'n'",
	  "a.example.com", RR_TXT, ANSWER_DATA, "n", "b.example.net" },
	{ "a CNAME b\na TXT 'both'\nb TXT 'b'", "a.example.com", RR_TXT,
	  ANSWER_DATA, "b", NULL },

	/* DNAME. */
	{ "d DNAME t.example.com.\nx.t TXT 'a'", "x.d.example.com", RR_TXT,
	  ANSWER_DATA, "a", "x.t.example.com" },
	{ "d DNAME t.example.com.\nd TXT 'own'", "d.example.com", RR_TXT,
	  ANSWER_DATA, "own", NULL },
	{ "d DNAME t.example.com.\nx.d TXT 'hidden'", "x.d.example.com",
	  RR_TXT, ANSWER_NXDOMAIN, NULL, NULL },
	{ "d DNAME t.example.net.", "x.d.example.com", RR_TXT,
	  ANSWER_UNKNOWN, NULL, NULL },
	{ "d DNAME d.d", "x.d.example.com", RR_TXT, ANSWER_UNKNOWN, NULL,
	  NULL },
	{ "@ DNAME example.net.\n= example.net\nx TXT 'n'", "x.example.com",
	  RR_TXT, ANSWER_DATA, "n", "x.example.net" },

	/* Delegation. */
	{ "c NS ns.c\nns.c A 192.0.2.1", "c.example.com", RR_TXT,
	  ANSWER_UNKNOWN, NULL, NULL },
	{ "c NS ns.c\nns.c A 192.0.2.1", "ns.c.example.com", RR_A,
	  ANSWER_UNKNOWN, NULL, NULL },
	{ "c NS a.b.\n_dmarc.c TXT 'hidden'", "_dmarc.c.example.com",
	  RR_TXT, ANSWER_UNKNOWN, NULL, NULL },
	{ "c NS a.b.\n= c.example.com\nx TXT 'child'", "x.c.example.com",
	  RR_TXT, ANSWER_DATA, "child", NULL },
	{ "c NS a.b.\n= c.example.com\nx TXT 'child'", "y.c.example.com",
	  RR_TXT, ANSWER_NXDOMAIN, NULL, NULL },
	{ "@ NS a.b.", "x.example.com", RR_TXT, ANSWER_NXDOMAIN, NULL,
	  NULL },
	{ "c NS a.b.\nd.c DNAME example.com.", "x.d.c.example.com", RR_TXT,
	  ANSWER_UNKNOWN, NULL, NULL },
	/* A zone that its parent does not delegate answers all the same. */
	{ "x TXT 'p'\n= c.example.com\nx TXT 'child'", "x.c.example.com",
	  RR_TXT, ANSWER_DATA, "child", NULL },

	/* A missing file may hold anything that is not seen. */
	{ "$INCLUDE missing\n@ TXT 'a'", "example.com", RR_TXT, ANSWER_DATA,
	  "a", NULL },
	{ "$INCLUDE missing\n@ TXT 'a'", "example.com", RR_MX,
	  ANSWER_UNKNOWN, NULL, NULL },
	{ "$INCLUDE missing\n@ TXT 'a'", "x.example.com", RR_TXT,
	  ANSWER_UNKNOWN, NULL, NULL },
	{ "$INCLUDE missing\n* TXT 'a'", "x.example.com", RR_TXT,
	  ANSWER_UNKNOWN, NULL, NULL },

	/* Views: that of the question is preferred, see view(). */
	{ "= example.com in\n@ TXT 'in'\n= example.com out\n@ TXT 'out'",
	  "example.com", RR_TXT, ANSWER_DATA, "in", NULL },
	{ "= example.com in\n@ TXT 'in'\n= example.com\n@ TXT 'none'",
	  "example.com", RR_TXT, ANSWER_DATA, "none", NULL },
};

static struct str
first_word(const struct answer *answer)
{
	const struct record *record = answer->records[0];

	return record->text.p != NULL ? record->text : record->target;
}

static void
test_answers(void **state)
{
	struct arena *arena = arena_new();
	struct answer answer;
	enum answer_kind exists;
	unsigned links;
	size_t i;

	(void)state;
	for (i = 0; i < countof(answers); i++) {
		const struct zones *zones = zones_from(arena,
		    answers[i].zones);
		struct str name = str_from(answers[i].name);

		print_message("%zu %s\n", i, answers[i].name);
		answer = zones_ask(zones, arena, name, answers[i].type);
		assert_int_equal(answer.kind, answers[i].kind);
		assert_int_equal(answer.kind == ANSWER_UNKNOWN,
		    answer.why.n > 0);
		if (answers[i].text != NULL) {
			assert_int_equal(answer.count, 1);
			assert_true(str_is(first_word(&answer),
			    answers[i].text));
		}
		if (answers[i].owner != NULL)
			assert_true(str_is(answer.owner, answers[i].owner));
		/* The same without records. */
		assert_int_equal(zones_kind(zones, arena, name,
		    answers[i].type, &links), answer.kind);
		assert_int_equal(links, answer.links);
		/* Only NXDOMAIN says that a name does not exist. */
		exists = zones_exists(zones, arena, name);
		if (answer.kind == ANSWER_NXDOMAIN ||
		    answer.kind == ANSWER_DATA)
			assert_int_equal(exists == ANSWER_NXDOMAIN,
			    answer.kind == ANSWER_NXDOMAIN);
		arena_reset(arena);
	}
	arena_free(arena);
}

/* The same record twice is one; strings cut elsewhere make another. */
static void
test_distinct(void **state)
{
	static const struct {
		const char *zone;
		uint16_t type;
		size_t count;
	} rows[] = {
		{ "@ TXT 'a'\n@ TXT 'a'\n@ TXT a", RR_TXT, 1 },
		{ "@ TXT 'a'\n@ 60 TXT 'a'", RR_TXT, 1 },
		{ "@ TXT 'ab'\n@ TXT 'a' 'b'", RR_TXT, 2 },
		{ "@ TXT 'a'\n@ TXT 'A'", RR_TXT, 2 },
		{ "@ MX 1 a\n@ MX 1 A\n@ MX 2 a", RR_MX, 2 },
		{ "@ A 192.0.2.1\n@ A 192.0.2.1\n@ A 192.0.2.2", RR_A, 2 },
		{ "@ TXT 'a'\n@ SPF 'a'", RR_SPF, 1 },
		{ "@ A 192.0.2.1\n@ A 192.0.2.2\n@ A 192.0.2.3\n"
		    "@ A 192.0.2.4\n@ A 192.0.2.2\n@ A 192.0.2.5", RR_A, 5 },
		{ "@ A 192.0.2.1\n@ A 192.0.2.2\n@ A 192.0.2.3\n"
		    "@ A 192.0.2.2", RR_A, 3 },
		{ "@ TYPE65280 \\# 1 00\n@ TYPE65281 \\# 1 00", 65281, 1 },
	};
	struct arena *arena = arena_new();
	struct answer answer;
	size_t i;

	(void)state;
	for (i = 0; i < countof(rows); i++) {
		print_message("%s\n", rows[i].zone);
		answer = zones_ask(zones_from(arena, rows[i].zone), arena,
		    STR("example.com"), rows[i].type);
		assert_int_equal(answer.kind, ANSWER_DATA);
		assert_int_equal(answer.count, rows[i].count);
	}
	arena_free(arena);
}

/* What a part of a zone lacks may stand in another; a SOA makes it whole. */
static void
test_parts(void **state)
{
	static const struct {
		const char *zone, *name;
		enum answer_kind kind;
	} rows[] = {
		{ "@ TXT 'a'", "example.com", ANSWER_DATA },
		{ "@ MX 1 a", "example.com", ANSWER_UNKNOWN },
		{ "@ MX 1 a", "x.example.com", ANSWER_UNKNOWN },
		{ "* TXT 'a'", "x.example.com", ANSWER_UNKNOWN },
		{ "x CNAME y", "x.example.com", ANSWER_UNKNOWN },
		{ "@ SOA a b 1 2 3 4 5\n* TXT 'a'", "x.example.com",
		  ANSWER_DATA },
		{ "@ SOA a b 1 2 3 4 5\nx CNAME y", "x.example.com",
		  ANSWER_NXDOMAIN },
	};
	struct arena *arena = arena_new();
	struct zones zones;
	size_t i;

	(void)state;
	for (i = 0; i < countof(rows); i++) {
		print_message("%s\n", rows[i].zone);
		zones = *zones_from(arena, rows[i].zone);
		zones.parts = true;
		assert_int_equal(zones_ask(&zones, arena,
		    str_from(rows[i].name), RR_TXT).kind, rows[i].kind);
	}
	arena_free(arena);
}

static void
test_views(void **state)
{
	struct arena *arena = arena_new();
	struct zones zones = *zones_from(arena, "= example.com a\n"
	    "@ TXT 'a'\n= example.com b\n@ TXT 'b'\n= example.org b\n");
	struct answer answer;

	(void)state;
	zones.view = STR("b");
	answer = zones_ask(&zones, arena, STR("example.com"), RR_TXT);
	assert_true(str_is(first_word(&answer), "b"));
	zones.view = STR("c");
	answer = zones_ask(&zones, arena, STR("example.com"), RR_TXT);
	assert_true(str_is(first_word(&answer), "a"));
	assert_non_null(zones_find(&zones, STR("example.org")));
	assert_null(zones_find(&zones, STR("org")));
	assert_null(zones_covering(&zones, STR("org")));
	arena_free(arena);
}

static void
test_many_zones(void **state)
{
	struct arena *arena = arena_new();
	struct zones zones = { .arena = arena };
	struct zone_options options = { .how = ZONE_BY_OPTION };
	struct source source = { .path = STR("many.zone") };
	struct str name;
	unsigned i;

	(void)state;
	for (i = 0; i < 3000; i++) {
		options.name = arena_printf(arena, "z%u.example", i % 1000);
		zones_add(&zones, zone_read(arena, &source, &options));
	}
	for (i = 0; i < 1000; i++) {
		name = arena_printf(arena, "a.b.z%u.example", i);
		assert_ptr_equal(zones_covering(&zones, name),
		    zones.zones[i]);
	}
	arena_free(arena);
}

/* Below each name, all names below it and no other, each once. */
static void
test_subtrees(void **state)
{
	struct arena *arena = arena_new();
	struct zones *zones = zones_from(arena, "a.b.c A 192.0.2.1\n"
	    "b.c A 192.0.2.1\n*.x A 192.0.2.1\ny.x A 192.0.2.1\n"
	    "z.y.x A 192.0.2.1\nd A 192.0.2.1\n@ A 192.0.2.1");
	const struct zone *zone = zones->zones[0];
	const struct node *top, *node, *other;
	size_t i, j, found, wanted;
	struct str name;

	(void)state;
	for (i = 0; (top = zone_node(zone, i)) != NULL; i++) {
		name = node_name(zone, top, arena);
		for (found = 0, node = top; node != NULL; found++,
		    node = node_next(zone, top, node))
			assert_true(name_within(node_name(zone, node, arena),
			    name));
		for (wanted = j = 0; (other = zone_node(zone, j)) != NULL; j++)
			wanted += name_within(node_name(zone, other, arena),
			    name);
		assert_int_equal(found, wanted);
	}
	assert_int_equal(i, 9);
	arena_free(arena);
}

/* ---- the cache file ------------------------------------------------------ */

static const char cache_text[] =
    "# reviewed\n"
    "_spf.example.net TXT 300 2026-11-01 \"v=spf1 -all\"\n"
    "\n"
    "old.example.net TXT 300 2026-01-01 \"v=spf1 +all\"\n"
    "half.example.net TXT 300 2026-01-01 \"one\"\n"
    "half.example.net TXT 300 2026-11-01 \"two\"\n"
    "two.example.net TXT 300 2026-11-01 \"one\"\r\n"
    "two.example.net TXT 300 2026-11-01 \"two\"\n"
    "alias.example.net CNAME 300 2026-11-01 _spf.example.net.\n"
    "www.example.org CNAME 300 2026-11-01 www.example.com.\n"
    "gone.example.net TXT - 2026-11-01 NXDOMAIN\n"
    "none.example.net MX - 2026-11-01 NODATA\n"
    "mail.example.com A 300 2026-11-01 192.0.2.66\n"
    "x.child.example.com A 300 2026-11-01 192.0.2.7\n";

static const struct {
	const char *name;
	uint16_t type;
	enum answer_kind kind;
	size_t count;
	const char *text;
} cached[] = {
	{ "_spf.example.net", RR_TXT, ANSWER_DATA, 1, "v=spf1 -all" },
	{ "_spf.example.net", RR_A, ANSWER_UNKNOWN, 0, NULL },
	{ "old.example.net", RR_TXT, ANSWER_UNKNOWN, 0, NULL },
	{ "half.example.net", RR_TXT, ANSWER_UNKNOWN, 0, NULL },
	{ "two.example.net", RR_TXT, ANSWER_DATA, 2, "one" },
	{ "alias.example.net", RR_TXT, ANSWER_DATA, 1, "v=spf1 -all" },
	{ "www.example.org", RR_A, ANSWER_DATA, 1, NULL },
	{ "gone.example.net", RR_TXT, ANSWER_NXDOMAIN, 0, NULL },
	{ "gone.example.net", RR_A, ANSWER_NXDOMAIN, 0, NULL },
	{ "_dmarc.gone.example.net", RR_TXT, ANSWER_NXDOMAIN, 0, NULL },
	{ "none.example.net", RR_MX, ANSWER_NODATA, 0, NULL },
	{ "none.example.net", RR_A, ANSWER_UNKNOWN, 0, NULL },
	{ "x.none.example.net", RR_A, ANSWER_UNKNOWN, 0, NULL },
	/* The zones win. */
	{ "mail.example.com", RR_A, ANSWER_NXDOMAIN, 0, NULL },
	{ "x.child.example.com", RR_A, ANSWER_DATA, 1, NULL },
	{ "y.child.example.com", RR_A, ANSWER_UNKNOWN, 0, NULL },
};

static void
test_cache(void **state)
{
	struct arena *arena = arena_new();
	struct zones *zones = zones_from(arena, "www A 192.0.2.1\n"
	    "child NS a.b.");
	struct source source = { .path = STR("dns-cache"),
	    .text = str_from(cache_text) };
	struct answer answer;
	struct span span;
	day today;
	size_t i;

	(void)state;
	assert_true(date_parse(STR("2026-11-24"), &today));
	zones->cache = dns_cache_read(arena, &source, today);
	assert_int_equal(zones->cache->problem_count, 0);
	for (i = 0; i < countof(cached); i++) {
		print_message("%s\n", cached[i].name);
		answer = zones_ask(zones, arena, str_from(cached[i].name),
		    cached[i].type);
		assert_int_equal(answer.kind, cached[i].kind);
		assert_int_equal(answer.count, cached[i].count);
		if (cached[i].text != NULL)
			assert_true(str_is(first_word(&answer),
			    cached[i].text));
	}
	answer = zones_ask(zones, arena, STR("_spf.example.net"), RR_TXT);
	span = span_resolve(record_text_span(answer.records[0], 0, 1));
	assert_ptr_equal(span.source, &source);
	assert_int_equal(zones_exists(zones, arena, STR("none.example.net")),
	    ANSWER_NODATA);
	assert_int_equal(zones_exists(zones, arena, STR("gone.example.net")),
	    ANSWER_NXDOMAIN);
	assert_int_equal(zones_exists(zones, arena, STR("alias.example.net")),
	    ANSWER_DATA);
	assert_int_equal(zones_exists(zones, arena, STR("x.example.net")),
	    ANSWER_UNKNOWN);
	arena_free(arena);
}

static const char *const bad_lines[] = {
	"a..b TXT 300 2026-11-01 \"x\"",
	"a",
	"a.b NOTYPE 300 2026-11-01 \"x\"",
	"a.b TXT 300 2026-13-01 \"x\"",
	"a.b TXT 300",
	"a.b TXT x 2026-11-01 \"x\"",
	"a.b TXT 300 2026-11-01",
	"a.b TXT - 2026-11-01 SERVFAIL",
	"a.b TXT 300 2026-11-01 ( \"x\"",
	"a.b TXT 300 2026-11-01 \"x",
	"a.b A 300 2026-11-01 192.0.2.256",
};

static void
test_bad_cache(void **state)
{
	struct arena *arena = arena_new();
	struct dns_cache *cache;
	struct source source = { .path = STR("dns-cache") };
	size_t i;

	(void)state;
	for (i = 0; i < countof(bad_lines); i++) {
		print_message("%s\n", bad_lines[i]);
		source.text = arena_printf(arena, "%s\n"
		    "good.example TXT 300 2026-11-01 \"fine\"\n",
		    bad_lines[i]);
		cache = dns_cache_read(arena, &source, 20000);
		assert_int_equal(cache->problem_count, 1);
		assert_ptr_equal(cache->problems->span.source, &source);
		assert_int_equal(source_place(&source,
		    cache->problems->span.start).line, 1);
		assert_non_null(zone_find(cache->zone, STR("good.example")));
	}
	arena_free(arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_answers),
		cmocka_unit_test(test_distinct),
		cmocka_unit_test(test_parts),
		cmocka_unit_test(test_views),
		cmocka_unit_test(test_many_zones),
		cmocka_unit_test(test_subtrees),
		cmocka_unit_test(test_cache),
		cmocka_unit_test(test_bad_cache),
	};

	return cmocka_run_group_tests_name("answer", tests, NULL, NULL);
}
