/* Records out of a configuration: what is asked for, as it is written. */
#include "support.h"

#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/data.h"
#include "base/file.h"
#include "generate/generate.h"

/* Ed25519, so that the goldens stay short: RFC 8463 appendix A.2. */
#define KEY "11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="

struct bench {
	struct arena *arena;
	struct world world;
	struct zones zones;
	struct made_zones *made;
	struct ladders *ladders;
};

static void
bench_make(struct bench *bench, const char *yaml, const char *today,
    const char *at)
{
	struct arena *arena = bench->arena = arena_new();
	struct source *source = ARENA_NEW(arena, struct source);
	struct str templates = str_from(data_directory()), why;
	struct providers *providers;
	struct config *config;
	day day_at;

	providers = providers_read(arena, path_join(arena, templates,
	    STR("providers")), STR_NONE);
	source->path = STR("mailzone.yaml");
	source->text = arena_printf(arena, "version: 1\n%s", yaml);
	config = config_read(arena, source, providers);
	ladders_resolve(arena, ladders_read(arena, path_join(arena, templates,
	    STR("rollouts")), STR_NONE), config);
	if (config->problems.count > 0)
		print_error("%.*s\n",
		    STR_ARG(config->problems.first->what));
	assert_int_equal(config->problems.count, 0);
	bench->zones = (struct zones){ .arena = arena };
	bench->world = (struct world){ .zones = &bench->zones,
	    .config = config, .providers = providers };
	bench->world.psl = psl_open(arena, STR_NONE, &why);
	assert_true(date_parse(str_from(today), &bench->world.today));
	assert_true(date_parse(str_from(at), &day_at));
	bench->made = records_make(&bench->world, arena,
	    schedules_make(arena, config, bench->world.today), NULL, 0,
	    day_at);
}

static void
bench_free(struct bench *bench)
{
	psl_close(bench->world.psl);
	arena_free(bench->arena);
}

/* "owner TYPE text" for each record, one a line. */
static struct str
listed(struct bench *bench)
{
	const struct made_zone *zone;
	const struct made *made;
	struct buffer out = { 0 };

	for (zone = bench->made->first; zone != NULL; zone = zone->next)
		for (made = zone->records; made != NULL; made = made->next)
			buffer_printf(&out, "%.*s %.*s %.*s\n",
			    STR_ARG(made->owner), STR_ARG(rrtype_name(
			    bench->arena, made->type)), STR_ARG(
			    made->parts != NULL ? made->text : made->value));
	return buffer_finish(&out, bench->arena);
}

static const struct {
	const char *name, *yaml, *at, *records;
} rows[] = {
	{ "a sender of one's own",
	  "keys: {k: {selector: s1, public: " KEY "}}\n"
	  "senders: {relays: {spf: [\"ip4:192.0.2.0/28\"], keys: [k]}}\n"
	  "domains: {a.com: {senders: [relays], dmarc: {p: reject, "
	  "rua: [mailto:d@a.com]}}}\n",
	  "2026-11-24",
	  "a.com TXT v=spf1 ip4:192.0.2.0/28 ~all\n"
	  "_dmarc.a.com TXT v=DMARC1; p=reject; rua=mailto:d@a.com\n"
	  "s1._domainkey.a.com TXT v=DKIM1; k=ed25519; p=" KEY "\n" },
	{ "parked: the full lock, and leave to send reports elsewhere",
	  "domains: {a.com: {}}\n"
	  "parked: {domains: [b.com], rua: [mailto:d@a.com]}\n",
	  "2026-11-24",
	  "a.com TXT v=spf1 -all\n"
	  "b.com._report._dmarc.a.com TXT v=DMARC1;\n"
	  "b.com MX 0 .\n"
	  "b.com TXT v=spf1 -all\n"
	  "_dmarc.b.com TXT v=DMARC1; p=reject; sp=reject; np=reject; "
	  "rua=mailto:d@a.com\n"
	  "*._domainkey.b.com TXT v=DKIM1; p=\n" },
	{ "no leave is needed inside one organization",
	  "domains: {a.com: {dmarc: {p: none, rua: "
	  "[\"mailto:d@reports.a.com\"]}}}\n",
	  "2026-11-24",
	  "a.com TXT v=spf1 -all\n"
	  "_dmarc.a.com TXT v=DMARC1; p=none; rua=mailto:d@reports.a.com\n" },
	{ "leave for others, who asked for it",
	  "domains: {a.com: {authorise_reports_for: [c.com]}}\n",
	  "2026-11-24",
	  "a.com TXT v=spf1 -all\n"
	  "c.com._report._dmarc.a.com TXT v=DMARC1;\n" },
	{ "terms twice, and networks inside others, are left out",
	  "senders:\n  one: {spf: [\"ip4:192.0.2.16/30\", "
	  "\"include:_spf.example.net\"]}\n"
	  "  two: {spf: [\"ip4:192.0.2.0/24\", "
	  "\"include:_spf.example.net\", \"ip4:198.51.100.7\"]}\n"
	  "domains: {a.com: {senders: [one, two]}}\n",
	  "2026-11-24",
	  "a.com TXT v=spf1 include:_spf.example.net ip4:192.0.2.0/24 "
	  "ip4:198.51.100.7 ~all\n" },
	{ "a return path carries what cannot align",
	  "senders: {esp: {spf: [\"include:esp.example\"], return_path: "
	  "bounce}}\ndomains: {a.com: {senders: [esp]}}\n",
	  "2026-11-24",
	  "a.com TXT v=spf1 -all\n"
	  "bounce.a.com TXT v=spf1 include:esp.example -all\n" },
	{ "all, redirect, helo",
	  "senders: {r: {spf: [mx]}}\ndomains:\n"
	  "  a.com: {senders: [r], spf: {all: fail, helo: [mx1]}}\n"
	  "  b.com: {spf: {redirect: a.com}}\n",
	  "2026-11-24",
	  "a.com TXT v=spf1 mx -all\n"
	  "mx1.a.com TXT v=spf1 a -all\n"
	  "b.com TXT v=spf1 redirect=a.com\n" },
	{ "a key on the day after its retirement and of its revocation",
	  "keys: {k: {selector: s1, public: " KEY ", revoke: 2026-12-24}}\n"
	  "domains: {a.com: {keys: [k]}}\n",
	  "2026-12-24",
	  "a.com TXT v=spf1 -all\n"
	  "s1._domainkey.a.com TXT v=DKIM1; p=\n" },
	{ "the same key the day before",
	  "keys: {k: {selector: s1, public: " KEY ", revoke: 2026-12-24}}\n"
	  "domains: {a.com: {keys: [k]}}\n",
	  "2026-12-23",
	  "a.com TXT v=spf1 -all\n"
	  "s1._domainkey.a.com TXT v=DKIM1; k=ed25519; p=" KEY "\n" },
	{ "a test stage is dual-safe",
	  "domains: {a.com: {dmarc: {p: reject}, rollout: {template: "
	  "standard, stage: test-quarantine, since: 2026-11-16}}}\n",
	  "2026-11-24",
	  "a.com TXT v=spf1 -all\n"
	  "_dmarc.a.com TXT v=DMARC1; p=quarantine; sp=quarantine; "
	  "np=reject; t=y; pct=0\n" },
	{ "t of the configuration as well",
	  "domains: {a.com: {dmarc: {p: reject, t: y}}}\n", "2026-11-24",
	  "a.com TXT v=spf1 -all\n"
	  "_dmarc.a.com TXT v=DMARC1; p=reject; t=y; pct=0\n" },
	{ "before the start the record that is there stays",
	  "domains: {a.com: {dmarc: {p: reject}, rollout: {template: "
	  "standard, start: 2026-12-01}}}\n", "2026-11-24",
	  "a.com TXT v=spf1 -all\n" },
	{ "transport and brand",
	  "domains: {a.com: {dmarc: {p: reject}, mta_sts: {mode: enforce, "
	  "mx: [mx1.a.com], max_age: 4w}, tls_rpt: {rua: [mailto:t@a.com]}, "
	  "bimi: {location: \"https://a.com/l.svg\"}, null_mx: false}}\n",
	  "2026-11-24",
	  "a.com TXT v=spf1 -all\n"
	  "_dmarc.a.com TXT v=DMARC1; p=reject\n"
	  "_mta-sts.a.com TXT v=STSv1; id=ID;\n"
	  "_smtp._tls.a.com TXT v=TLSRPTv1; rua=mailto:t@a.com\n"
	  "default._bimi.a.com TXT v=BIMI1; l=https://a.com/l.svg; a=\n" },
	{ "a subdomain lies in its domain's zone, unless it is given away",
	  "domains: {a.com: {subdomains: {s: {dmarc: {p: none}}, "
	  "d: {delegated: true}}}}\n", "2026-11-24",
	  "a.com TXT v=spf1 -all\n"
	  "s.a.com TXT v=spf1 -all\n"
	  "_dmarc.s.a.com TXT v=DMARC1; p=none\n"
	  "d.a.com TXT v=spf1 -all\n" },
	{ "what is kept is kept",
	  "domains: {a.com: {keep: [\"www CNAME host.example.\"]}}\n",
	  "2026-11-24",
	  "a.com TXT v=spf1 -all\n"
	  "www.a.com CNAME host.example.\n" },
};

/* The id is a digest; that it changes with the policy is tested elsewhere. */
static void
hide_id(struct str text)
{
	char *p = strstr((char *)(uintptr_t)text.p, "id=");

	if (p == NULL)
		return;
	memmove(p + 5, p + 19, strlen(p + 19) + 1);
	memcpy(p + 3, "ID", 2);
}

static void
test_records(void **state)
{
	struct bench bench;
	struct str list;
	size_t i;

	(void)state;
	for (i = 0; i < countof(rows); i++) {
		print_message("%s\n", rows[i].name);
		bench_make(&bench, rows[i].yaml, "2026-11-24", rows[i].at);
		list = listed(&bench);
		hide_id(list);
		assert_string_equal(list.p, rows[i].records);
		bench_free(&bench);
	}
}

static const char written_yaml[] =
    "keys: {k: {selector: s1, public: " KEY "}}\n"
    "senders:\n"
    "  workspace: {provider: google-workspace, keys: [k]}\n"
    "  relays: {spf: [\"ip4:192.0.2.0/28\"], ticket: OPS-12}\n"
    "domains: {example.com: {senders: [workspace, relays], "
    "dmarc: {p: quarantine, rua: [mailto:dmarc@example.com]}}}\n";

static const char written[] =
    "; BEGIN mailzone example.com sha256:HASH\n"
    "; made from mailzone.yaml; edit that file, then run: mailzone generate "
    "--in-place\n"
    "example.com.                3600 IN TXT ( \"v=spf1\"\n"
    "                                          \" include:_spf.google.com\""
    "   ; workspace\n"
    "                                          \" ip4:192.0.2.0/28\""
    "          ; relays, OPS-12\n"
    "                                          \" ~all\" )\n"
    "_dmarc.example.com.         3600 IN TXT ( \"v=DMARC1; p=quarantine;\"\n"
    "                                          "
    "\" rua=mailto:dmarc@example.com\" )\n"
    "s1._domainkey.example.com.  3600 IN TXT \"v=DKIM1; k=ed25519; p=" KEY
    "\"\n"
    "; END mailzone example.com\n";

/* The layout, the hash, and the same bytes the second time. */
static void
test_block(void **state)
{
	struct buffer first = { 0 }, second = { 0 };
	struct source source = { .path = STR("made") };
	struct block block;
	struct bench bench;
	char *hash;

	(void)state;
	bench_make(&bench, written_yaml, "2026-11-24", "2026-11-24");
	block_write(&first, bench.arena, bench.made->first, TXT_TERMS,
	    STR("mailzone.yaml"), &source);
	block_write(&second, bench.arena, bench.made->first, TXT_TERMS,
	    STR("mailzone.yaml"), NULL);
	assert_true(str_equal(buffer_str(&first), buffer_str(&second)));
	source.text = buffer_str(&first);
	block = block_find(bench.arena, source.text, STR("example.com"));
	assert_int_equal(block.state, BLOCK_INTACT);
	assert_int_equal(block.start, 0);
	assert_int_equal(block.end, source.text.n);
	assert_int_equal(block_find(bench.arena, source.text,
	    STR("example.co")).state, BLOCK_NONE);
	/* One byte inside makes it somebody else's. */
	first.p[first.n - 40] = '#';
	assert_int_equal(block_find(bench.arena, source.text,
	    STR("example.com")).state, BLOCK_EDITED);
	assert_int_equal(block_find(bench.arena, str_slice(source.text, 0,
	    source.text.n - 10), STR("example.com")).state, BLOCK_OPEN);
	buffer_add_byte(&second, '\0');
	hash = strstr(second.p, "sha256:") + 7;
	memcpy(hash, "HASH", 4);
	memmove(hash + 4, hash + 16, strlen(hash + 16) + 1);
	assert_string_equal(second.p, written);
	buffer_free(&first);
	buffer_free(&second);
	bench_free(&bench);
}

/* A finding in the second term is told where the sender wrote it. */
static void
test_places(void **state)
{
	struct buffer text = { 0 };
	struct source source = { .path = STR("made") };
	struct bench bench;
	struct span span;
	size_t at;

	(void)state;
	bench_make(&bench, written_yaml, "2026-11-24", "2026-11-24");
	block_write(&text, bench.arena, bench.made->first, TXT_TERMS,
	    STR("mailzone.yaml"), &source);
	source.text = buffer_str(&text);
	at = str_find_str(source.text, STR("ip4:192"));
	span = span_resolve((struct span){ &source, at, at + 3 });
	assert_true(str_is(span.source->path, "mailzone.yaml"));
	assert_true(str_contains(span_text(span), STR("ip4:192.0.2.0/28")));
	at = str_find_str(source.text, STR("rua="));
	span = span_resolve((struct span){ &source, at, at + 3 });
	assert_true(str_contains(span_text(span),
	    STR("mailto:dmarc@example.com")));
	buffer_free(&text);
	bench_free(&bench);
}

/*
 * What is read back is what was made: owners, TTLs and texts, in both styles,
 * and nothing else.
 */
static void
test_read_back(void **state)
{
	struct bench bench;
	const struct made *made;
	const struct record *record;
	enum txt_style style;
	size_t position, i;

	(void)state;
	for (i = 0; i < countof(rows); i++)
		for (style = TXT_TERMS; style <= TXT_LINE; style++) {
			struct zones back = { 0 };
			struct made_zone *zone;
			size_t z = 0;

			bench_make(&bench, rows[i].yaml, "2026-11-24",
			    rows[i].at);
			back.arena = bench.arena;
			records_read_back(bench.arena, bench.made, style,
			    STR("mailzone.yaml"), &back);
			assert_int_equal(back.count, bench.made->count);
			for (zone = bench.made->first; zone != NULL;
			    zone = zone->next, z++) {
				position = 0;
				assert_int_equal(
				    back.zones[z]->problem_count, 0);
				for (made = zone->records; made != NULL;
				    made = made->next) {
					record = zone_next(back.zones[z],
					    bench.arena, ~0U, &position);
					assert_non_null(record);
					assert_true(str_equal(record->owner,
					    made->owner));
					assert_int_equal(record->ttl,
					    made->ttl);
					if (made->parts != NULL)
						assert_true(str_equal(
						    record->text,
						    made->text));
				}
				assert_null(zone_next(back.zones[z],
				    bench.arena, ~0U, &position));
			}
			bench_free(&bench);
		}
}

/* RFC 8461 section 8.1: the id changes when the policy does, only then. */
static void
test_sts_id(void **state)
{
	static const char *const policies[] = {
		"{mode: enforce, mx: [mx1.a.com], max_age: 4w}",
		"{mode: enforce, mx: [mx1.a.com], max_age: 28d}",
		"{mode: testing, mx: [mx1.a.com], max_age: 4w}",
		"{mode: enforce, mx: [mx2.a.com], max_age: 4w}",
		"{mode: enforce, mx: [mx1.a.com], max_age: 1w}",
	};
	char yaml[256], lists[countof(policies)][1024];
	struct bench bench;
	size_t i;

	(void)state;
	for (i = 0; i < countof(policies); i++) {
		snprintf(yaml, sizeof(yaml), "domains: {a.com: {mta_sts: %s, "
		    "null_mx: false}}\n", policies[i]);
		bench_make(&bench, yaml, "2026-11-24", "2026-11-24");
		snprintf(lists[i], sizeof(lists[i]), "%s", listed(&bench).p);
		bench_free(&bench);
	}
	assert_string_equal(lists[0], lists[1]);
	for (i = 2; i < countof(policies); i++)
		assert_string_not_equal(lists[0], lists[i]);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_records),
		cmocka_unit_test(test_block),
		cmocka_unit_test(test_places),
		cmocka_unit_test(test_read_back),
		cmocka_unit_test(test_sts_id),
	};

	return cmocka_run_group_tests_name("generate", tests, NULL, NULL);
}
