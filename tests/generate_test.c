/* Records out of a configuration: what is asked for, as it is written. */
#include "made.h"

#include <stdio.h>
#include <string.h>

/* Ed25519, so that the goldens stay short: RFC 8463 appendix A.2. */
#define KEY "11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="

static const struct block_style terms = { .txt = TXT_TERMS,
	.config = STR_INIT("mailzone.yaml") };
static const struct block_style line = { .txt = TXT_LINE,
	.config = STR_INIT("mailzone.yaml") };

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
			    made->type == RR_TXT ? made->text : made->value));
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
	{ "a record that fits is not split",
	  "senders: {r: {spf: [mx, \"ip4:192.0.2.1\"]}}\n"
	  "domains: {a.com: {senders: [r], spf: {split: true}}}\n",
	  "2026-11-24", "a.com TXT v=spf1 mx ip4:192.0.2.1 ~all\n" },
	{ "a long one is: what means the name itself stays",
	  "senders: {r: {spf: [\"include:a.example\", "
	  "\"ip4:192.0.2.1\", \"ip4:192.0.2.3\", \"ip4:192.0.2.5\", "
	  "\"a:mail.a.com\", mx, \"exists:%{i}.a.com\"]}}\n"
	  "domains: {a.com: {senders: [r], spf: {split: true, "
	  "max_answer: 128}}}\n",
	  "2026-11-24",
	  "a.com TXT v=spf1 include:a.example mx exists:%{i}.a.com "
	  "include:_spf1.a.com ~all\n"
	  "_spf1.a.com TXT v=spf1 ip4:192.0.2.1 ip4:192.0.2.3 "
	  "ip4:192.0.2.5 a:mail.a.com -all\n" },
	{ "what is kept takes room in the answer",
	  "senders: {r: {spf: [mx, \"ip4:203.0.2.1\", "
	  "\"ip4:203.0.2.3\"]}}\n"
	  "domains: {a.com: {senders: [r], keep: [\"@ TXT "
	  "0123456789012345678901234567890123456789\"], spf: {split: true, "
	  "max_answer: 140}}}\n",
	  "2026-11-24",
	  "a.com TXT v=spf1 mx include:_spf1.a.com ~all\n"
	  "_spf1.a.com TXT v=spf1 ip4:203.0.2.1 ip4:203.0.2.3 -all\n"
	  "a.com TXT 0123456789012345678901234567890123456789\n" },
	{ "nor one whose order decides",
	  "senders: {r: {spf: [\"?ip4:192.0.2.9\", "
	  "\"ip4:192.0.2.1\", \"ip4:192.0.2.3\", \"ip4:192.0.2.5\", "
	  "\"ip4:192.0.2.7\", \"ip4:192.0.2.11\"]}}\n"
	  "domains: {a.com: {senders: [r], spf: {split: true, "
	  "max_answer: 128}}}\n",
	  "2026-11-24",
	  "a.com TXT v=spf1 ?ip4:192.0.2.9 ip4:192.0.2.1 ip4:192.0.2.3 "
	  "ip4:192.0.2.5 ip4:192.0.2.7 ip4:192.0.2.11 ~all\n" },
	{ "a return path carries what cannot align",
	  "senders: {esp: {spf: [\"include:esp.example\"], return_path: "
	  "bounce}}\ndomains: {a.com: {senders: [esp]}}\n",
	  "2026-11-24",
	  "a.com TXT v=spf1 -all\n"
	  "bounce.a.com TXT v=spf1 include:esp.example ~all\n" },
	{ "who sends without saying how is not cut off",
	  "senders: {esp: {dkim_cname: {s1: s1.esp.example}}}\n"
	  "domains: {a.com: {senders: [esp]}}\n",
	  "2026-11-24",
	  "a.com TXT v=spf1 ~all\n"
	  "s1._domainkey.a.com CNAME s1.esp.example.\n" },
	{ "a profile may want -all",
	  "profile: au-ism\nsenders: {r: {spf: [mx]}}\n"
	  "domains: {a.com: {senders: [r]}}\n",
	  "2026-11-24", "a.com TXT v=spf1 mx -all\n" },
	{ "parked is parked, whatever the defaults say of all",
	  "defaults: {spf: {all: neutral}, dmarc: {p: none}, mta_sts: {mode: "
	  "testing}, bimi: {location: \"https://b.com/l.svg\"}}\n"
	  "parked: {domains: [b.com]}\n",
	  "2026-11-24",
	  "b.com MX 0 .\n"
	  "b.com TXT v=spf1 -all\n"
	  "_dmarc.b.com TXT v=DMARC1; p=reject; sp=reject; np=reject\n"
	  "*._domainkey.b.com TXT v=DKIM1; p=\n" },
	{ "a parked name with a rollout is not locked before its end",
	  "domains: {b.com: {parked: true, rollout: {start: 2026-11-18}}}\n",
	  "2026-11-24",
	  "_dmarc.b.com TXT v=DMARC1; p=none\n" },
	{ "and then it is, without any gate",
	  "domains: {b.com: {parked: true, rollout: {start: 2026-11-16}}}\n",
	  "2026-11-24",
	  "b.com MX 0 .\n"
	  "b.com TXT v=spf1 -all\n"
	  "_dmarc.b.com TXT v=DMARC1; p=reject; sp=reject; np=reject\n"
	  "*._domainkey.b.com TXT v=DKIM1; p=\n" },
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
	  "_dmarc.s.a.com TXT v=DMARC1; p=none\n" },
	{ "a subdomain has a policy of its own only when it says so",
	  "defaults: {dmarc: {p: reject}}\n"
	  "domains: {a.com: {subdomains: {s: {}, t: {parked: true}}}}\n",
	  "2026-11-24",
	  "t.a.com MX 0 .\n"
	  "a.com TXT v=spf1 -all\n"
	  "s.a.com TXT v=spf1 -all\n"
	  "t.a.com TXT v=spf1 -all\n"
	  "_dmarc.a.com TXT v=DMARC1; p=reject\n"
	  "_dmarc.t.a.com TXT v=DMARC1; p=reject\n"
	  "*._domainkey.t.a.com TXT v=DKIM1; p=\n" },
	{ "a wildcard answers for itself, nothing below it",
	  "defaults: {dmarc: {p: reject}}\ndomains: {a.com: {subdomains: "
	  "{\"*\": {parked: true}}}}\n",
	  "2026-11-24",
	  "*.a.com MX 0 .\n"
	  "a.com TXT v=spf1 -all\n"
	  "*.a.com TXT v=spf1 -all\n"
	  "_dmarc.a.com TXT v=DMARC1; p=reject\n" },
	{ "what is kept is kept",
	  "domains: {a.com: {keep: [\"www CNAME host.example.\"]}}\n",
	  "2026-11-24",
	  "a.com TXT v=spf1 -all\n"
	  "www.a.com CNAME host.example.\n" },
	{ "and nothing else is made where it stands",
	  "defaults: {dmarc: {p: reject}}\n"
	  "domains: {a.com: {null_mx: true, keep: [\"@ TXT 'v=spf1'\", "
	  "'a.com TXT \"v=spf1 mx\" \" -all\"', '@ MX 10 mail.a.com.', "
	  "'_dmarc TXT \"v=DMARC1; p=none\"']}}\n",
	  "2026-11-24",
	  "a.com TXT 'v=spf1'\n"
	  "a.com TXT v=spf1 mx -all\n"
	  "a.com MX 10 mail.a.com.\n"
	  "_dmarc.a.com TXT v=DMARC1; p=none\n" },
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
		assert_int_equal(bench.world.config->problems.count, 0);
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
	struct source_map map;
	struct str text;
	struct block block;
	struct bench bench;
	char *hash;

	(void)state;
	bench_make(&bench, written_yaml, "2026-11-24", "2026-11-24");
	block_write(&first, bench.arena, bench.made->first, &terms, &map);
	block_write(&second, bench.arena, bench.made->first, &terms,
	    NULL);
	assert_true(str_equal(buffer_str(&first), buffer_str(&second)));
	text = buffer_str(&first);
	block = block_find(bench.arena, text, STR("example.com"));
	assert_int_equal(block.state, BLOCK_INTACT);
	assert_int_equal(block.start, 0);
	assert_int_equal(block.end, text.n);
	assert_int_equal(block_find(bench.arena, text,
	    STR("example.co")).state, BLOCK_NONE);
	/* One byte inside makes it somebody else's. */
	first.p[first.n - 40] = '#';
	assert_int_equal(block_find(bench.arena, text,
	    STR("example.com")).state, BLOCK_EDITED);
	assert_int_equal(block_find(bench.arena, str_slice(text, 0,
	    text.n - 10), STR("example.com")).state, BLOCK_OPEN);
	buffer_add_byte(&second, '\0');
	hash = strstr(second.p, "sha256:") + 7;
	memcpy(hash, "HASH", 4);
	memmove(hash + 4, hash + 16, strlen(hash + 16) + 1);
	assert_string_equal(second.p, written);
	buffer_free(&first);
	buffer_free(&second);
	bench_free(&bench);
}

/* Bytes of the generated text, and what they stand for in mailzone.yaml. */
static const struct {
	const char *made, *yaml;
} places[] = {
	{ "ip4:192", "ip4:192.0.2.0/28" },
	{ "include:", "google-workspace" },
	{ "quarantine", "quarantine" },
	{ "adkim=s", "s" },
	{ "rua=", "mailto:dmarc@example.com" },
	{ "second@", "mailto:second@example.com" },
	{ "~all", "example.com" },
	{ KEY, "k" },
	{ "www.example.com", "www CNAME example.com." },
};

static const char placed_yaml[] =
    "keys: {k: {selector: s1, public: " KEY "}}\n"
    "senders:\n"
    "  workspace: {provider: google-workspace, keys: [k]}\n"
    "  relays: {spf: [\"ip4:192.0.2.0/28\"], ticket: OPS-12}\n"
    "domains: {example.com: {senders: [workspace, relays], keep: [\"www CNAME "
    "example.com.\"], dmarc: {p: quarantine, adkim: s, rua: "
    "[mailto:dmarc@example.com, mailto:second@example.com]}}}\n";

/* A finding in generated text is told where that was asked for. */
static void
test_places(void **state)
{
	struct buffer text = { 0 };
	struct source source = { .path = STR("made") };
	struct source_map map;
	struct bench bench;
	struct str origin;
	struct span span;
	size_t at, i;

	(void)state;
	bench_make(&bench, placed_yaml, "2026-11-24", "2026-11-24");
	if (bench.world.config->problems.count > 0)
		print_error("%s\n",
		    bench.world.config->problems.first->what.p);
	assert_non_null(bench.made);
	block_write(&text, bench.arena, bench.made->first, &terms, &map);
	source.text = buffer_str(&text);
	source_set_map(bench.arena, &source, map);
	for (i = 0; i < countof(places); i++) {
		at = str_find_str(source.text, str_from(places[i].made));
		assert_true(at < source.text.n);
		span = span_resolve((struct span){ &source, at, at + 3 });
		assert_true(str_is(span.source->path, "mailzone.yaml"));
		origin = span_text(span);
		if (!str_contains(origin, str_from(places[i].yaml)))
			print_error("%s: %.*s\n", places[i].made,
			    STR_ARG(origin));
		assert_true(str_contains(origin, str_from(places[i].yaml)));
		assert_true(origin.n <= strlen(places[i].yaml) + 2);
	}
	buffer_free(&text);
	bench_free(&bench);
}

/* ---- what values try to bring along -------------------------------------- */

/* Where a value stands, and what it begins with to be one at all. */
static const struct {
	const char *yaml, *value;
} fields[] = {
	{ "senders: {r: {spf: [mx], ticket: \"%s\"}}\n"
	  "domains: {a.com: {senders: [r]}}\n", "OPS-1" },
	{ "senders: {r: {spf: [mx], owner: \"%s\"}}\n"
	  "domains: {a.com: {senders: [r]}}\n", "ops" },
	{ "senders: {\"%s\": {spf: [mx, ptr]}}\n"
	  "domains: {a.com: {senders: [\"%s\"]}}\n", "r" },
	{ "senders: {r: {spf: [mx, \"%s\"]}}\n"
	  "domains: {a.com: {senders: [r]}}\n", "include:b.com" },
	{ "senders: {r: {spf: [mx], return_path: \"%s\"}}\n"
	  "domains: {a.com: {senders: [r]}}\n", "bounce" },
	{ "senders: {r: {dkim_cname: {s: \"%s\"}}}\n"
	  "domains: {a.com: {senders: [r]}}\n", "s.b.com" },
	{ "senders: {r: {dkim_cname: {\"%s\": s.b.com}}}\n"
	  "domains: {a.com: {senders: [r]}}\n", "s" },
	{ "senders: {r: {provider: sendgrid, with: {account: u1, server: "
	  "\"%s\", bounce: em1}}}\n"
	  "domains: {a.com: {senders: [r]}}\n", "wl1" },
	{ "domains: {a.com: {dmarc: {p: none, rua: [\"%s\"]}}}\n",
	  "mailto:d@a.com" },
	{ "domains: {a.com: {dmarc: {p: none, ruf: [\"%s\"]}}}\n",
	  "mailto:d@a.com" },
	{ "domains: {a.com: {dmarc: {p: \"%s\"}}}\n", "none" },
	{ "domains: {a.com: {dmarc: {p: none, ruf: [mailto:d@a.com], "
	  "fo: \"%s\"}}}\n", "1" },
	{ "domains: {\"%s\": {dmarc: {p: none}}}\n", "a.com" },
	{ "domains: {a.com: {subdomains: {\"%s\": {}}}}\n", "s" },
	{ "domains: {a.com: {authorise_reports_for: [\"%s\"]}}\n", "b.com" },
	{ "domains: {a.com: {spf: {redirect: \"%s\"}}}\n", "b.com" },
	{ "domains: {a.com: {spf: {helo: [\"%s\"]}}}\n", "mx" },
	{ "domains: {a.com: {tls_rpt: {rua: [\"%s\"]}}}\n",
	  "mailto:d@a.com" },
	{ "domains: {a.com: {bimi: {location: \"%s\"}}}\n",
	  "https://a.com/l.svg" },
	{ "domains: {a.com: {bimi: {location: \"https://a.com/l.svg\", "
	  "selector: \"%s\"}}}\n", "default" },
	{ "domains: {a.com: {mta_sts: {mode: enforce, mx: [\"%s\"]}}}\n",
	  "mx.a.com" },
	{ "keys: {k: {selector: \"%s\", public: " KEY "}}\n"
	  "domains: {a.com: {keys: [k]}}\n", "s" },
	{ "keys: {k: {selector: s, public: " KEY ", notes: \"%s\"}}\n"
	  "domains: {a.com: {keys: [k]}}\n", "made by hand" },
	{ "keys: {k: {selector: s, public: \"%s\"}}\n"
	  "domains: {a.com: {keys: [k]}}\n", KEY },
	{ "domains: {a.com: {keep: [\"x TXT %s\"]}}\n", "y" },
	{ "domains: {a.com: {keep: [\"%s TXT y\"]}}\n", "x" },
	{ "parked: {domains: [\"%s\"]}\n", "a.com" },
};

/* As YAML writes them between double quotes. */
static const char *const hostile[] = {
	"\\\"", "\\\" \\\"v=spf1 +all", "; p=none", ";", "\\\\", "\\\\\\\"",
	"\\n", "\\r\\n", "\\nevil TXT x", "\\nevil.com. 60 IN TXT x", "\\0",
	"\\N", "\\L", "\\P", "\\u202e", "\\u200b", "\\e[31m", "\\t", " ", "  x",
	" +all", ",mailto:e@evil.com", "!1k", "(", ")", " ( ", "$", "@",
	"\\\\032+all", "\\\\010", "%", "%{s", "%{i}", "\\xe9", "\\u0434", "..",
	".",
	".evil.com.", "/24", "/0", ":", "=", "; BEGIN mailzone a.com",
};

static size_t
count_records(const struct bench *bench)
{
	const struct made_zone *zone;
	size_t count = 0;

	for (zone = bench->made->first; zone != NULL; zone = zone->next)
		count += zone->count;
	return count;
}

/* Tags, terms, addresses: what a text is made of. */
static size_t
count_pieces(const struct bench *bench)
{
	const struct made_zone *zone;
	const struct made *made;
	size_t count = 0, i;

	for (zone = bench->made->first; zone != NULL; zone = zone->next)
		for (made = zone->records; made != NULL; made = made->next)
			for (i = 0; made->parts != NULL && i < made->text.n;
			    i++)
				count += str_has(made->auth == AUTH_SPF ?
				    STR(" ") : made->auth == AUTH_DKIM ?
				    STR(";") : STR(";,"), made->text.p[i]);
	return count;
}

/* By the configuration, or because it would be read as something else. */
static bool
is_refused(struct bench *bench)
{
	struct zones back = { .arena = bench->arena };

	return bench->made == NULL || records_read_back(bench->arena,
	    bench->made, &terms, NULL, &back, NULL) != NULL;
}

/* A field's value with something behind it, or before it. */
static void
spoil(char *yaml, size_t size, size_t field, const char *before,
    const char *behind)
{
	char value[256];

	snprintf(value, sizeof(value), "%s%s%s", before, fields[field].value,
	    behind);
	snprintf(yaml, size, fields[field].yaml, value, value);
}

/*
 * A value is refused, or the records are those that were asked for and no
 * others, with as many tags and terms.
 */
static void
test_injection(void **state)
{
	size_t i, k, records, pieces, harmless = 0;
	struct bench bench;
	char yaml[1024];

	(void)state;
	for (i = 0; i < countof(fields); i++) {
		spoil(yaml, sizeof(yaml), i, "", "");
		bench_make(&bench, yaml, "2026-11-24", "2026-11-24");
		assert_false(is_refused(&bench));
		records = count_records(&bench);
		pieces = count_pieces(&bench);
		bench_free(&bench);
		for (k = 0; k < 2 * countof(hostile); k++) {
			spoil(yaml, sizeof(yaml), i, k % 2 == 0 ? "" :
			    hostile[k / 2], k % 2 == 0 ? hostile[k / 2] : "");
			bench_make(&bench, yaml, "2026-11-24", "2026-11-24");
			if (!is_refused(&bench)) {
				harmless++;
				if (count_records(&bench) != records ||
				    count_pieces(&bench) != pieces)
					fail_msg("%s", yaml);
			}
			bench_free(&bench);
		}
	}
	/* Some are harmless: the test tests something. */
	print_message("%zu values were harmless\n", harmless);
	assert_true(harmless > 20);
}

/* ---- what is read back --------------------------------------------------- */

/* Text that does not say what was meant is noticed before it is written. */
static void
test_other(void **state)
{
	struct bench bench;
	struct zones back;
	struct made *made;

	(void)state;
	bench_make(&bench, written_yaml, "2026-11-24", "2026-11-24");
	made = bench.made->first->records->next;
	made->parts = NULL;
	made->value = STR("\"v=DMARC1\" ; p=reject");
	back = (struct zones){ .arena = bench.arena };
	assert_ptr_equal(records_read_back(bench.arena, bench.made, &line,
	    NULL, &back, NULL), made);
	made->value = arena_printf(bench.arena, "\"%.*s\"\nevil 1 IN TXT x",
	    STR_ARG(made->text));
	back = (struct zones){ .arena = bench.arena };
	assert_non_null(records_read_back(bench.arena, bench.made, &line,
	    NULL, &back, NULL));
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
			assert_null(records_read_back(bench.arena, bench.made,
			    style == TXT_TERMS ? &terms : &line, NULL, &back,
			    NULL));
			assert_int_equal(back.count, bench.made->count);
			for (zone = bench.made->first; zone != NULL;
			    zone = zone->next, z++) {
				position = 0;
				assert_int_equal(
				    back.zones[z]->contents->problem_count, 0);
				for (made = zone->records; made != NULL;
				    made = made->next) {
					record = zone_next(back.zones[z],
					    bench.arena, ~0U, &position);
					assert_non_null(record);
					assert_true(str_equal(record->owner,
					    made->owner));
					assert_int_equal(record->ttl,
					    made->ttl);
					if (made->type == RR_TXT)
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

static void
test_targets(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; targets[i] != NULL; i++) {
		assert_string_equal(targets[i]->name, target_names[i]);
		assert_ptr_equal(target_find(str_from(target_names[i])),
		    targets[i]);
	}
	assert_null(target_names[i]);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_targets),
		cmocka_unit_test(test_records),
		cmocka_unit_test(test_block),
		cmocka_unit_test(test_places),
		cmocka_unit_test(test_injection),
		cmocka_unit_test(test_other),
		cmocka_unit_test(test_read_back),
		cmocka_unit_test(test_sts_id),
	};

	return cmocka_run_group_tests_name("generate", tests, NULL, NULL);
}
