#include "support.h"

#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "base/path.h"
#include "config/config.h"

/* Made for this test; they sign nothing. */
#define PRIVATE_KEY \
	"-----BEGIN PRIVATE KEY-----\n" \
	"MC4CAQAwBQYDK2VwBCIEILgGBiEApfOrSMbUZ8BzgDlV6odUDFNuDpqKQRxE4ixT\n" \
	"-----END PRIVATE KEY-----\n"
#define PUBLIC_BASE64 \
	"MCowBQYDK2VwAyEA9fNcZ1OAnQhWmq93ydSyfnuzCO/Rzc/L3CUhBrWJwqU="
#define RAW_BASE64 \
	"9fNcZ1OAnQhWmq93ydSyfnuzCO/Rzc/L3CUhBrWJwqU="
#define PUBLIC_KEY \
	"-----BEGIN PUBLIC KEY-----\n" PUBLIC_BASE64 "\n" \
	"-----END PUBLIC KEY-----\n"

static char *scratch;
static struct arena *arena;
static struct providers *providers;

static void
write_file(const char *name, const char *text)
{
	free(scratch_write(scratch, name, text));
}

static int
set_up(void **state)
{
	(void)state;
	scratch = scratch_make();
	scratch_folder(scratch, "keys");
	write_file("keys/2026b.pub.pem", PUBLIC_KEY);
	write_file("keys/2027a.pem", PRIVATE_KEY);
	write_file("keys/google.pub.pem", PUBLIC_KEY);
	write_file("keys/none.pem", "nothing of the kind\n");
	write_file("parked.txt", "# not ours to use\nexample.biz\r\n"
	    "  Example.NAME  # with a comment\n\nb\xc3\xbc" "cher.example\n");
	write_file("wrong.txt", "fine.example\nno name\nexample.com\n");
	arena = arena_new();
	providers = providers_read(arena, STR("templates/providers"),
	    STR_NONE);
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	arena_free(arena);
	scratch_remove(scratch);
	return 0;
}

static struct config *
read_config(const char *text)
{
	struct source *source = ARENA_NEW(arena, struct source);

	source->path = arena_printf(arena, "%s/mailzone.yaml", scratch);
	source->text = arena_copy(arena, str_from(text));
	return config_read(arena, source, providers);
}

static void
show_problems(const struct config *config)
{
	const struct config_problem *problem;
	struct place place;

	for (problem = config->problems.first; problem != NULL;
	    problem = problem->next) {
		place = source_place(problem->span.source,
		    problem->span.start);
		print_message("# %zu:%zu: %.*s (%.*s)\n", place.line,
		    place.column, STR_ARG(problem->what),
		    STR_ARG(problem->help));
	}
}

/* ---- what is right ------------------------------------------------------- */

/* Much of what there is to say. */
static const char example[] =
    "# yaml-language-server: $schema=mailzone.schema.json\n"
    "version: 1\n"
    "profile: default\n"
    "zones:\n"
    "  - {files: \"zones/*.zone\"}\n"
    "  - {file: zones/internal.db, zone: corp.example.com, "
    "view: internal}\n"
    "defaults:\n"
    "  ttl: 1h\n"
    "  dmarc: {rua: [mailto:dmarc@example.com]}\n"
    "keys:\n"
    "  relay-2026b: {selector: 2026b, public: keys/2026b.pub.pem, "
    "state: active, since: 2026-09-01}\n"
    "  relay-2027a: {selector: 2027a, private: keys/2027a.pem, "
    "state: next}\n"
    "  google-2026: {selector: google, public: keys/google.pub.pem, "
    "state: active}\n"
    "senders:\n"
    "  workspace:  {provider: google-workspace, users: true, "
    "keys: [google-2026]}\n"
    "  newsletter: {provider: sendgrid, with: {account: u1234567, "
    "server: wl042, bounce: em042}, owner: marketing, ticket: MKT-7, "
    "review: 2027-06-30}\n"
    "  relays:     {spf: [\"ip4:192.0.2.0/28\", "
    "\"ip6:2001:db8:25::/64\"], keys: [relay-2026b, relay-2027a], "
    "owner: ops, ticket: OPS-12}\n"
    "domains:\n"
    "  example.com:\n"
    "    senders: [workspace, newsletter, relays]\n"
    "    dmarc: {p: reject, np: reject, rua: [mailto:dmarc@example.com]}\n"
    "    rollout: {template: standard, start: 2026-12-01}\n"
    "    subdomains:\n"
    "      news: {senders: [newsletter]}\n"
    "  example.net: {parked: true}\n"
    "parked: {domains: [example.org, example.info], files: [parked.txt]}\n";

static void
interface_example_is_read_whole(void **state)
{
	static const char *const names[] = { "example.com",
		"news.example.com", "example.net", "example.org",
		"example.info", "example.biz", "example.name",
		"xn--bcher-kva.example" };
	const struct config *config = read_config(example);
	const struct config_domain *domain = NULL;
	size_t i;

	(void)state;
	show_problems(config);
	assert_int_equal(config->problems.count, 0);
	for (i = 0; i < countof(names); i++) {
		domain = config_next(config, domain);
		assert_non_null(domain);
		assert_true(str_is(domain->name, names[i]));
		assert_ptr_equal(config_domain(config, domain->name), domain);
		assert_int_equal(domain->parked, i >= 2);
		assert_int_equal(domain->listed, i >= 3);
		assert_int_equal(domain->ttl, 3600);
	}
	assert_null(config_next(config, domain));
	assert_int_equal(config->domain_count, countof(names) - 1);
	assert_null(config_domain(config, STR("example.edu")));
}

/* Those below a name stand together, whatever order the file has them in. */
static void
domains_within_a_name(void **state)
{
	static const struct {
		struct str name;
		const char *expected;
	} rows[] = {
		{ STR_INIT("example"), "a.example x.a.example "
		    "*.y.a.example b.example example.com.example " },
		{ STR_INIT("a.example"), "a.example x.a.example "
		    "*.y.a.example " },
		{ STR_INIT("y.a.example"), "*.y.a.example " },
		{ STR_INIT("le"), "" },
		{ STR_INIT("z.example"), "" },
		{ STR_INIT(""), "a.com a.example x.a.example "
		    "*.y.a.example b.example example.com.example " },
	};
	const struct config *config = read_config("domains:\n"
	    "  b.example: {}\n  example.com.example: {}\n"
	    "  a.example:\n    subdomains: {\"*.y\": {}, x: {}}\n"
	    "  a.com: {}\n");
	const struct config_domain *const *domains;
	struct buffer names = { 0 };
	size_t i, j, count;

	(void)state;
	for (i = 0; i < countof(rows); i++) {
		domains = config_within(config, rows[i].name, &count);
		buffer_clear(&names);
		for (j = 0; j < count; j++)
			buffer_printf(&names, "%.*s ",
			    STR_ARG(domains[j]->name));
		assert_true(str_is(buffer_str(&names), rows[i].expected));
	}
	buffer_free(&names);
}

static void
example_says_what_it_says(void **state)
{
	const struct config *config = read_config(example);
	const struct config_domain *domain = config_domain(config,
	    STR("example.com"));
	const struct config_domain *news = domain->subdomains;

	(void)state;
	assert_true(domain->has_ttl);
	assert_int_equal(domain->sender_count, 3);
	assert_true(str_is(domain->senders[1]->name, "newsletter"));
	assert_true(str_is(domain->senders[1]->provider->name, "sendgrid"));
	assert_int_equal(domain->key_count, 3);
	assert_true(str_is(domain->keys[2]->selector.text, "2027a"));
	assert_int_equal(domain->keys[2]->state, KEY_NEXT);
	assert_true(domain->keys[2]->key.is_private);
	assert_int_equal(domain->keys[1]->since, 20697);
	assert_int_equal(domain->keys[1]->retire, DAY_NONE);
	assert_true(domain->users);
	assert_true(str_is(domain->dmarc.p.text, "reject"));
	assert_null(domain->dmarc.sp.text.p);
	assert_true(domain->rollout.present);
	assert_int_equal(domain->rollout.change_days, 0xf);
	assert_int_equal(domain->rollout.wave, 1);
	assert_int_equal(domain->null_mx, -1);
	assert_true(str_is(news->name, "news.example.com"));
	assert_ptr_equal(news->parent, domain);
	assert_int_equal(news->sender_count, 1);
	assert_false(news->users);
	assert_false(news->dmarc.present);
	assert_false(news->rollout.present);
	assert_true(str_is(config->zones->files.text, "zones/*.zone"));
	assert_true(str_is(config->zones->next->zone.text,
	    "corp.example.com"));
	assert_null(config->zones->next->next);
	assert_true(str_is(config->profiles.words[0].text, "default"));
}

static const char defaults_text[] =
    "defaults:\n"
    "  ttl: 30m\n"
    "  dmarc: {p: quarantine, adkim: s, rua: mailto:a@example.com}\n"
    "  rollout: {start: 2026-12-01, freeze: [2026-12-15/2027-01-06],\n"
    "    change_days: [tue], per_day: 50}\n"
    "  spf: {all: fail, max_answer: 400}\n"
    "senders: {relays: {spf: mx}}\n"
    "domains:\n"
    "  a.example:\n"
    "    senders: relays\n"
    "    dmarc: {p: reject, rua: []}\n"
    "    rollout: {freeze: [], change_days: fri-mon, wave: 2}\n"
    "    subdomains:\n"
    "      '*': {parked: true}\n"
    "      x.y: {dmarc: {aspf: s}, ttl: 1w}\n"
    "  b.example:\n"
    "parked: {rua: mailto:p@example.com, domains: c.example}\n";

static void
defaults_go_field_by_field(void **state)
{
	const struct config *config = read_config(defaults_text);
	const struct config_domain *a, *b, *c, *star, *sub;

	(void)state;
	show_problems(config);
	assert_int_equal(config->problems.count, 0);
	a = config_domain(config, STR("a.example"));
	b = config_domain(config, STR("b.example"));
	c = config_domain(config, STR("c.example"));
	star = config_domain(config, STR("*.a.example"));
	sub = config_domain(config, STR("x.y.a.example"));
	assert_true(str_is(a->dmarc.p.text, "reject"));
	assert_true(str_is(a->dmarc.adkim.text, "s"));
	assert_int_equal(a->dmarc.rua.count, 0);
	assert_null(a->rollout.freezes);
	assert_int_equal(a->rollout.change_days, 0x71);
	assert_int_equal(a->rollout.wave, 2);
	assert_int_equal(a->rollout.per_day, 50);
	assert_true(str_is(a->spf_all.text, "fail"));
	assert_int_equal(a->spf_max_answer, 400);
	assert_int_equal(a->ttl, 1800);
	assert_true(str_is(b->dmarc.p.text, "quarantine"));
	assert_true(b->dmarc.present);
	assert_true(str_is(b->dmarc.rua.words[0].text,
	    "mailto:a@example.com"));
	assert_int_equal(b->rollout.change_days, 2);
	assert_non_null(b->rollout.freezes);
	assert_null(b->rollout.freezes->next);
	assert_true(str_is(c->dmarc.rua.words[0].text,
	    "mailto:p@example.com"));
	assert_false(c->rollout.present);
	assert_true(b->rollout.present);
	assert_true(star->parked);
	assert_false(star->dmarc.present);
	assert_true(sub->dmarc.present);
	assert_true(str_is(sub->dmarc.p.text, "quarantine"));
	assert_true(str_is(sub->dmarc.aspf.text, "s"));
	assert_int_equal(sub->ttl, 604800);
	assert_int_equal(sub->sender_count, 0);
}

/* Everything that reads without a word, and the odd ways to write it. */
static const char *const fine[] = {
	"",
	"# nothing yet\n",
	"version: 1\ndomains:\n",
	"profile: [default, rfc9989]\n",
	"zones: {files: 'db/*'}\n",
	"zones: [{named_conf: named.conf}, {ignore: ['*.bak', '*~']}]\n",
	"rules: {spf-*: warning, dmarc-missing: off, ignore: [{rule: 'x-*', "
	"zone: example.com, until: 2027-01-01, reason: why}]}\n",
	"keys: {a: {selector: 20261123, public: " PUBLIC_BASE64 "}}\n",
	"keys: {a: {selector: x.y, public: " RAW_BASE64 ", algorithm: "
	"ed25519, flags: [s, y], notes: see the wiki}}\n",
	"keys:\n  a:\n    selector: x\n    public: |\n"
	"      -----BEGIN PUBLIC KEY-----\n      " PUBLIC_BASE64 "\n"
	"      -----END PUBLIC KEY-----\n",
	"keys: {a: {selector: x, state: revoked}}\n",
	"senders: {a: {spf: ['include:_spf.example.com', mx, a/24, "
	"'+a:mail.example.com//64', '?exists:%{i}.x.example.com']}}\n",
	"senders: {a: {dkim_cname: {s1: s1.d.example.net., x.y: "
	"z._domainkey.example.net}, return_path: bounce, owner: \"Ren\303\251 "
	"(ops); desk 7\"}}\n",
	"domains: {Example.COM.: {dmarc: {p: Reject, t: y, fo: '1:d:s', "
	"psd: n}}}\n",
	"domains: {example.com: {dmarc: {p: none, t: no, adkim: R}}}\n",
	"domains: {m\xc3\xbc\xc3\xbc.example: {dmarc: {p: none}, subdomains: "
	"{\xe5\x8f\xb0: {parked: true}, _x.y: {keep: '@ TXT \"a;b\"'}}}}\n",
	"domains: {example.com: {keep: ['@ MX 10 mail', 'x.example.com. TXT "
	"\"v=x; a\" \"b\\\"c\"']}}\n",
	"domains: {example.com: {spf: {helo: [mail, mx.example.com], split: "
	"yes}, mta_sts: {mode: testing, mx: ['*.example.com'], max_age: 2w}, "
	"tls_rpt: {rua: ['mailto:t@example.com', 'https://example.com/t']}, "
	"bimi: {location: ''}, null_mx: off}}\n",
	"domains: {bank: {dmarc: {p: reject, psd: y}, subdomains: {x: {dmarc: "
	"{p: none, sp: none}}}}}\n",
	"domains: {example.com: {rollout: {stage: monitor, since: "
	"2026-01-01}}}\n",
	"defaults: {rollout: {per_day: 5}, subdomains: {www: {parked: y}}}\n"
	"domains: {a.example: {}, b.example: {subdomains: {x: {}}}}\n",
	"x: &x\n",
};

static void
fine_ones_are_silent(void **state)
{
	const struct config *config;
	size_t i;

	(void)state;
	/* The last one is there to see the loop fail. */
	for (i = 0; i < countof(fine) - 1; i++) {
		config = read_config(fine[i]);
		if (config->problems.count > 0) {
			print_message("# %s\n", fine[i]);
			show_problems(config);
		}
		assert_int_equal(config->problems.count, 0);
	}
	assert_int_equal(read_config(fine[i])->problems.count, 1);
}

static void
subdomains_may_be_a_default(void **state)
{
	const struct config *config = read_config(
	    "defaults: {subdomains: {www: {parked: true}}}\n"
	    "domains: {a.example: {}, b.example: {subdomains: {x: {}}}}\n"
	    "parked: {domains: [c.example]}\n");

	(void)state;
	assert_non_null(config_domain(config, STR("www.a.example")));
	assert_null(config_domain(config, STR("www.b.example")));
	assert_null(config_domain(config, STR("www.c.example")));
	assert_null(config_domain(config, STR("www.x.b.example")));
}

/* How fast, and by which ladder, is no word yet that somebody climbs. */
static void
defaults_begin_no_rollout(void **state)
{
	const struct config *config = read_config(
	    "defaults: {rollout: {per_day: 5, template: fast}}\n"
	    "domains: {a.example: {}, b.example: {rollout: {}}}\n");
	const struct config_domain *a, *b;

	(void)state;
	a = config_domain(config, STR("a.example"));
	b = config_domain(config, STR("b.example"));
	assert_false(a->rollout.present);
	assert_true(b->rollout.present);
	assert_true(str_is(b->rollout.template.text, "fast"));
}

/* ---- what is wrong ------------------------------------------------------- */

#define DOMAIN(text)	"domains: {example.com: {" text "}}\n"
#define SENDER(text)	"senders: {x: {" text "}}\n"
#define KEY(text)	"keys: {x: {selector: s, " text "}}\n"
#define DMARC(text)	DOMAIN("dmarc: {p: none, " text "}")

static const struct wrong {
	const char *text;
	enum config_problem_kind kind;
	const char *place;		/* LINE:COLUMN-END */
	const char *what, *help;	/* they begin so; NULL: no matter */
} wrong[] = {
	/* Keys. */
	{ "domans: {}\n", CONFIG_UNKNOWN_KEY, "1:1-7",
	  "unknown key \"domans\" in the configuration",
	  "did you mean \"domains\"?" },
	{ DOMAIN("dmarc: {policy: none}"), CONFIG_UNKNOWN_KEY, "1:33-39",
	  "unknown key \"policy\" in domains.example.com.dmarc",
	  "did you mean \"p\"?" },
	{ "keys: {x: {slector: s, state: revoked}}\n", CONFIG_UNKNOWN_KEY,
	  "1:12-19", NULL, "did you mean \"selector\"?" },
	{ DMARC("report: 'mailto:a@b.example'"), CONFIG_UNKNOWN_KEY, "1:42-48",
	  NULL, "did you mean \"rua\"?" },
	{ DMARC("pct: 50"), CONFIG_UNKNOWN_KEY, "1:42-45",
	  "unknown key \"pct\"", "RFC 9989 took it out" },
	{ DMARC("ri: 86400"), CONFIG_UNKNOWN_KEY, "1:42-44", NULL,
	  "RFC 9989 took it out: receivers report" },
	{ DOMAIN("p: reject"), CONFIG_UNKNOWN_KEY, "1:25-26", NULL,
	  "it belongs into \"dmarc\"" },
	{ DOMAIN("mta-sts: {mode: none}"), CONFIG_UNKNOWN_KEY, "1:25-32", NULL,
	  "did you mean \"mta_sts\"?" },
	{ SENDER("quux: 1"), CONFIG_UNKNOWN_KEY, "1:15-19", NULL,
	  "the keys here are provider, with" },
	{ SENDER("include: x"), CONFIG_UNKNOWN_KEY, "1:15-22", NULL,
	  "did you mean \"spf\"?" },
	{ DOMAIN("rollout: {per_day: 3}"), CONFIG_UNKNOWN_KEY, "1:35-42",
	  "\"per_day\" speaks of all domains", "say it in defaults" },
	{ DOMAIN("ttl: 1h, ttl: 2h"), CONFIG_DUPLICATE_KEY, "1:34-37",
	  "\"ttl\" is given twice", NULL },
	/* Types. */
	{ "[]\n", CONFIG_TYPE, "1:1-3",
	  "the configuration must be a mapping, not a list", NULL },
	{ "domains: [example.com]\n", CONFIG_TYPE, "1:10-23",
	  "domains must be a mapping of names, not a list", NULL },
	{ "domains: {example.com: reject}\n", CONFIG_TYPE, "1:24-30",
	  "domains.example.com must be a mapping, not a single value", NULL },
	{ DMARC("rua: {a: b}"), CONFIG_TYPE, "1:47-53",
	  "domains.example.com.dmarc.rua must be a list of URIs, not a map",
	  NULL },
	{ DMARC("sp: [none]"), CONFIG_TYPE, "1:46-52",
	  "domains.example.com.dmarc.sp must be a word, not a list", NULL },
	{ DMARC("rua: "), CONFIG_TYPE, "1:42-45",
	  "domains.example.com.dmarc.rua must be a list of URIs, not nothing",
	  NULL },
	{ "zones: [x]\n", CONFIG_TYPE, "1:9-10",
	  "zones must be a list of mappings, not a single value", NULL },
	{ "rules: {x: {}}\n", CONFIG_TYPE, "1:12-14",
	  "x must be a word, not a mapping", NULL },
	{ SENDER("provider: sendgrid, with: x"), CONFIG_TYPE, "1:41-42",
	  NULL, NULL },
	/* Choices. */
	{ "version: 2\n", CONFIG_VALUE, "1:10-11",
	  "version can only be 1, not \"2\"", NULL },
	{ DMARC("sp: quarentine"), CONFIG_VALUE, "1:46-56",
	  "sp cannot be \"quarentine\"",
	  "did you mean \"quarantine\"? It is none, quarantine or reject" },
	{ DMARC("aspf: strict"), CONFIG_VALUE, "1:48-54", NULL,
	  "did you mean \"s\"? It is r or s" },
	{ DMARC("t: maybe"), CONFIG_VALUE, "1:45-50", NULL, "it is y or n" },
	{ DMARC("fo: '1:x'"), CONFIG_VALUE, "1:49-50", "fo knows no \"x\"",
	  NULL },
	{ DMARC("fo: '1:1'"), CONFIG_VALUE, "1:49-50", "fo says \"1\" twice",
	  NULL },
	{ DOMAIN("spf: {all: '~all'}"), CONFIG_VALUE, "1:36-42", NULL,
	  "did you mean \"softfail\"?" },
	{ DOMAIN("parked: maybe"), CONFIG_VALUE, "1:33-38",
	  "parked is true or false, not \"maybe\"", NULL },
	{ "rules: {spf-*: warn}\n", CONFIG_VALUE, "1:16-20",
	  "a level cannot be \"warn\"", "did you mean \"warning\"?" },
	/* Numbers, durations, days. */
	{ DOMAIN("ttl: 1 hour"), CONFIG_VALUE, "1:30-36",
	  "\"1 hour\" is no duration", "write 30m" },
	{ DOMAIN("mta_sts: {mode: none, max_age: 60w}"), CONFIG_VALUE,
	  "1:56-59", "max_age lies between 0 and 31557600 seconds", NULL },
	{ DOMAIN("spf: {max_answer: 5}"), CONFIG_VALUE, "1:43-44",
	  "max_answer is a whole number from 128 to 65535", NULL },
	{ DOMAIN("rollout: {start: 2026-02-30}"), CONFIG_VALUE, "1:42-52",
	  "\"2026-02-30\" is no day of the calendar", NULL },
	{ DOMAIN("rollout: {freeze: [2026-12-24]}"), CONFIG_VALUE, "1:44-54",
	  "\"2026-12-24\" has no second date", NULL },
	{ DOMAIN("rollout: {freeze: [2026-12-24/2026-12-01]}"), CONFIG_VALUE,
	  "1:44-65", "the first day comes after the last", NULL },
	{ DOMAIN("rollout: {freeze: [2026-12-24/soon]}"), CONFIG_VALUE,
	  "1:55-59", "\"soon\" is no day", NULL },
	{ DOMAIN("rollout: {change_days: [mon, tues]}"), CONFIG_VALUE,
	  "1:54-58", "\"tues\" is no weekday", NULL },
	{ KEY("public: keys/2026b.pub.pem, since: 2026-02-01, retire: "
	  "2026-01-01"), CONFIG_VALUE, "1:80-90",
	  "the key retires before its first day", NULL },
	/* Names. */
	{ "domains: {exa mple.com: {}}\n", CONFIG_VALUE, "1:14-15",
	  "\" \" cannot stand in a domain name", NULL },
	{ "domains: {a..b: {}}\n", CONFIG_VALUE, "1:13-14",
	  "a label is missing", NULL },
	{ "domains: {-a.example: {}}\n", CONFIG_VALUE, "1:11-13",
	  "the label \"-a\" begins or ends with a hyphen", NULL },
	{ "domains: {example: {}}\n", CONFIG_VALUE, "1:11-18",
	  "\"example\" is a single label", NULL },
	{ "domains: {192.0.2.1: {}}\n", CONFIG_VALUE, "1:11-20",
	  "\"192.0.2.1\" is an address", NULL },
	{ "domains: {'*.example.com': {}}\n", CONFIG_VALUE, "1:12-25",
	  "a wildcard is no domain", NULL },
	{ "domains: {'https://example.com/': {}}\n", CONFIG_VALUE, "1:12-32",
	  "\"https://example.com/\" is a URL", "did you mean \"example.com\"" },
	{ "parked: {domains: [me@example.com]}\n", CONFIG_VALUE, "1:20-34",
	  "\"me@example.com\" is an address", "did you mean \"example.com\"" },
	{ "parked: {domains: [a\xe2\x98\x83_.example]}\n", CONFIG_VALUE,
	  "1:20-25", NULL, NULL },
	{ "domains: {_\xc3\xbc.example.com: {}}\n", CONFIG_VALUE, "1:11-14",
	  "a label that begins with \"_\" is plain ASCII", NULL },
	{ "domains: {aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
	  "aaaaaaaaaa.example: {}}\n", CONFIG_VALUE, "1:11-77",
	  "the label \"aaaa", NULL },
	{ DOMAIN("subdomains: {news.example.com: {}}"), CONFIG_VALUE,
	  "1:38-54", "this is read as news.example.com.example.com",
	  "did you mean \"news\"?" },
	{ DOMAIN("subdomains: {a: {}, A: {}}"), CONFIG_DUPLICATE_KEY,
	  "1:45-46", "a.example.com is listed twice", NULL },
	{ "domains: {example.com: {}, Example.com: {}}\n",
	  CONFIG_DUPLICATE_KEY, "1:28-39", "example.com is listed twice",
	  NULL },
	{ "domains: {example.com: {subdomains: {a: {}}}, a.example.com: "
	  "{}}\n", CONFIG_DUPLICATE_KEY, "1:47-60",
	  "a.example.com is listed twice", NULL },
	{ "domains: {example.com: {}}\nparked: {domains: [EXAMPLE.com]}\n",
	  CONFIG_DUPLICATE_KEY, "2:20-31", "example.com is listed twice",
	  NULL },
	{ DOMAIN("mta_sts: {mode: enforce, mx: [mx.example.net, mail]}"),
	  CONFIG_VALUE, NULL, "no host is called \"mail\"",
	  "write the whole name" },
	{ DOMAIN("mta_sts: {mode: enforce, mx: '*'}"), CONFIG_VALUE, NULL,
	  "no host is called \"*\"", "write the whole name" },
	{ "keys: {k: {selector: s1._domainkey.example.com, public: "
	  "11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=}}\n", CONFIG_VALUE,
	  "1:22-47", "\"_domainkey\" and the domain are put behind a "
	  "selector", "did you mean \"s1\"?" },
	{ SENDER("dkim_cname: {a.b._Domainkey: k.example.net}"),
	  CONFIG_VALUE, NULL, "\"_domainkey\" and the domain",
	  "did you mean \"a.b\"?" },
	{ DOMAIN("bimi: {selector: _bimi, location: 'https://b.example/l'}"),
	  CONFIG_VALUE, NULL, "\"_bimi\" and the domain", NULL },
	{ SENDER("return_path: 'a b'"), CONFIG_VALUE, "1:30-31",
	  "\" \" cannot stand", NULL },
	/* Unicode maps these to ";", to a blank and to a dot. */
	{ DOMAIN("spf: {redirect: 'x\xcd\xbe'}"), CONFIG_VALUE, NULL,
	  "\"x", NULL },
	{ DOMAIN("spf: {redirect: 'x\xc2\xa0y'}"), CONFIG_VALUE, NULL,
	  "\"x", NULL },
	{ DOMAIN("spf: {redirect: 'x\xe3\x80\x82y'}"), CONFIG_VALUE, NULL,
	  "\"x", NULL },
	{ DOMAIN("spf: {helo: [mail.example.org]}"), CONFIG_VALUE, "1:38-54",
	  "\"mail.example.org\" does not lie in example.com", NULL },
	/* URIs. */
	{ DMARC("rua: dmarc@example.com"), CONFIG_VALUE, "1:47-64",
	  "\"dmarc@example.com\" is a bare address",
	  "did you mean \"mailto:dmarc@example.com\"?" },
	{ DMARC("rua: ['mailto:a@b.example; p=none']"), CONFIG_VALUE,
	  "1:67-68", "\";\" would end the tag and begin another", NULL },
	{ DMARC("rua: ' mailto:a@b.example'"), CONFIG_VALUE, NULL,
	  "there are blanks around the URI \"mailto:a@b.example\"",
	  "leave them out" },
	{ DMARC("rua: ['mailto:a@b.example,mailto:c@d.example']"),
	  CONFIG_VALUE, "1:67-68", "\",\" begins another URI",
	  "write each URI" },
	{ DMARC("rua: 'mailto:b\xc3\xbc@b.example'"), CONFIG_VALUE, "1:48-68",
	  "a record is plain ASCII", "a domain in it is written in A-labels" },
	{ DMARC("rua: 'mailto:a b@@x'"), CONFIG_VALUE, NULL, NULL, NULL },
	{ DOMAIN("bimi: {location: 'http://example.com/x.svg'}"),
	  CONFIG_VALUE, "1:43-47", "location takes no \"http\" URI",
	  "it takes https" },
	{ DOMAIN("tls_rpt: {rua: 'ftp://x.example/'}"), CONFIG_VALUE,
	  "1:41-44", "rua takes no \"ftp\" URI", "it takes mailto or https" },
	/* SPF terms. */
	{ SENDER("spf: [mx, 'ipv4:192.0.2.1']"), CONFIG_VALUE, "1:25-41",
	  "\"ipv4:192.0.2.1\" is no SPF mechanism",
	  "did you mean \"ip4\"?" },
	{ SENDER("spf: 192.0.2.1"), CONFIG_VALUE, "1:20-29", NULL,
	  "did you mean \"ip4:192.0.2.1\"?" },
	{ SENDER("spf: '2001:db8::1'"), CONFIG_VALUE, "1:20-33", NULL,
	  "did you mean \"ip6:2001:db8::1\"?" },
	{ SENDER("spf: _spf.example.com"), CONFIG_VALUE, "1:20-36", NULL,
	  "did you mean \"include:_spf.example.com\"?" },
	{ SENDER("spf: include=x.example"), CONFIG_VALUE, "1:20-37",
	  "\"include=x.example\" is no SPF mechanism",
	  "a mechanism has \":\"" },
	{ SENDER("spf: '-all'"), CONFIG_VALUE, "1:20-26",
	  "\"-all\" speaks for the domain", "say it with spf.all" },
	{ SENDER("spf: redirect=x.example"), CONFIG_VALUE, "1:20-38",
	  NULL, "say it with spf.redirect" },
	{ SENDER("spf: '-ip4:192.0.2.1'"), CONFIG_VALUE, "1:20-36",
	  "\"-ip4:192.0.2.1\" keeps hosts out", NULL },
	{ SENDER("spf: 'ip4:192.0.2.300'"), CONFIG_VALUE, NULL, NULL, NULL },
	{ SENDER("spf: 'mx a'"), CONFIG_VALUE, "1:20-26",
	  "\"mx a\" is more than one term", "write each term" },
	{ SENDER("spf: 'v=spf1'"), CONFIG_VALUE, NULL, NULL, NULL },
	/* Smuggling: quotes, lines, what cannot be seen. */
	{ SENDER("owner: \"ops\\n@ TXT x\""), CONFIG_VALUE, "1:22-36",
	  "a line end could begin a record of its own (U+000A)", NULL },
	{ SENDER("owner: \"a\\u2028b\""), CONFIG_VALUE, NULL,
	  "a line end could begin a record of its own (U+2028)", NULL },
	{ SENDER("ticket: \"a\\0b\""), CONFIG_VALUE, NULL,
	  "control characters cannot stand in a value (U+0000)", NULL },
	{ SENDER("ticket: \"a\xe2\x80\xae" "b\""), CONFIG_VALUE, "1:25-28",
	  "marks that change the direction", NULL },
	{ "senders: {\"a\\nb\": {}}\n", CONFIG_VALUE, "1:11-17",
	  "a line end could", NULL },
	{ KEY("state: revoked, notes: 'a; p=x'"), CONFIG_VALUE, NULL,
	  "\";\" would end the tag", NULL },
	{ KEY("state: revoked, notes: 'a\"b'"), CONFIG_VALUE, NULL,
	  "\"\"\" would end or change the string", NULL },
	{ DOMAIN("keep: ['x TXT \"a']"), CONFIG_VALUE, "1:32-42",
	  "\"x TXT \"a\" is not one whole record", NULL },
	{ DOMAIN("keep: ['$INCLUDE x y']"), CONFIG_VALUE, NULL, NULL, NULL },
	{ DOMAIN("keep: ['x TXT ( a']"), CONFIG_VALUE, NULL, NULL, NULL },
	{ DOMAIN("keep: ['x MX 10 y ; z']"), CONFIG_VALUE, NULL, NULL, NULL },
	{ DOMAIN("keep: ['x TXT a\\']"), CONFIG_VALUE, NULL, NULL, NULL },
	{ DOMAIN("keep: ['x MX']"), CONFIG_VALUE, NULL, NULL, NULL },
	{ DOMAIN("keep: ['x.example.org. MX 10 y']"), CONFIG_VALUE, NULL,
	  "\"x.example.org\" does not lie in example.com", NULL },
	{ DOMAIN("keep: ['a..b TXT y']"), CONFIG_VALUE, NULL,
	  "\"a..b\" cannot be the name of a record", NULL },
	{ DOMAIN("keep: ['123456789012345678901234567890123456789012345678901"
	  "2345678901234 MX 1 y']"), CONFIG_VALUE, NULL, NULL, NULL },
	/* What refers to something else. */
	{ "senders: {relays: {}}\ndomains: {example.com: {senders: "
	  "[relais]}}\n", CONFIG_UNDEFINED, "2:35-41",
	  "there is no sender \"relais\"", "did you mean \"relays\"?" },
	{ SENDER("keys: [nope]"), CONFIG_UNDEFINED, "1:22-26",
	  "there is no key \"nope\"", NULL },
	{ DOMAIN("keys: [nope]"), CONFIG_UNDEFINED, "1:32-36",
	  "there is no key \"nope\"", NULL },
	{ DOMAIN("spf: {flatten: nope}"), CONFIG_UNDEFINED, "1:40-44",
	  "there is no sender \"nope\"", NULL },
	{ SENDER("provider: sendgird"), CONFIG_UNDEFINED, "1:25-33",
	  "there is no provider \"sendgird\"", "did you mean \"sendgrid\"?" },
	{ SENDER("provider: sendgrid, with: {account: u1, server: wl1, "
	  "bounce: x1}"), CONFIG_VALUE, "1:76-78",
	  "\"x1\" cannot be the \"bounce\" of sendgrid", "bounce: the name" },
	{ SENDER("provider: sendgrid, with: {account: u1, server: wl1}"),
	  CONFIG_VALUE, "1:25-33",
	  "the provider \"sendgrid\" needs \"bounce\" in \"with\"", NULL },
	{ SENDER("provider: sendgrid, with: {account: u1, server: wl1, "
	  "bounce: em1, acount: u2}"), CONFIG_UNKNOWN_KEY, "1:81-87",
	  "the provider \"sendgrid\" knows no \"acount\"",
	  "did you mean \"account\"?" },
	{ SENDER("with: {a: b}"), CONFIG_VALUE, "1:15-19",
	  "\"with\" tells a provider something", NULL },
	{ SENDER("provider: google-workspace"), CONFIG_VALUE, "1:25-41",
	  "\"x\" has no DKIM key with the selector \"google\"",
	  "define a key with selector: google" },
	{ SENDER("spf: mx") "domains: {example.com: {senders: [x, x]}}\n",
	  CONFIG_DUPLICATE_KEY, "2:38-39", "\"x\" is named twice", NULL },
	/* Keys. */
	{ "keys: {x: {public: keys/2026b.pub.pem}}\n", CONFIG_VALUE, "1:8-9",
	  "keys.x needs \"selector\"", NULL },
	{ "keys: {x: {selector: s}}\n", CONFIG_VALUE, "1:8-9",
	  "the key \"x\" is not given", "say public, private or txt" },
	{ KEY("public: keys/none"), CONFIG_FILE, "1:33-42", NULL, NULL },
	{ KEY("public: keys/none.pem"), CONFIG_FILE, "1:33-46",
	  "this is no key that can be published", NULL },
	{ KEY("public: keys/2027a.pem"), CONFIG_VALUE, "1:33-47",
	  "this is a private key", "say \"private\"" },
	{ KEY("private: keys/2026b.pub.pem"), CONFIG_VALUE, "1:34-52",
	  "this is a public key", "say \"public\"" },
	{ KEY("public: keys/2026b.pub.pem, algorithm: rsa"), CONFIG_VALUE,
	  "1:64-67", "the key is ed25519, not rsa", NULL },
	{ KEY("public: keys/2026b.pub.pem, private: keys/2027a.pem"),
	  CONFIG_VALUE, "1:53-60", "the key is given twice", NULL },
	{ "keys: {a: {selector: s, public: keys/2026b.pub.pem}, b: "
	  "{selector: S, private: keys/2027a.pem}}\n"
	  "domains: {example.com: {keys: [b, a]}}\n", CONFIG_VALUE, "1:68-69",
	  "example.com would have two keys at one selector", NULL },
	/* Files. */
	{ "parked: {files: [none.txt]}\n", CONFIG_FILE, "1:18-26", NULL,
	  NULL },
	{ "templates: none\n", CONFIG_FILE, "1:12-16", "there is no folder",
	  NULL },
	/* Zones, rules. */
	{ "zones: [{zone: example.com}]\n", CONFIG_VALUE, "1:9-28",
	  "this names no file", "each row says files" },
	{ "zones: [{files: '*', zone: example.com}]\n", CONFIG_VALUE,
	  "1:9-40", "\"zone\" names the zone of one file", NULL },
	{ "zones: [{file: a, ignore: x}]\n", CONFIG_VALUE, "1:9-29",
	  "this row names more than one thing", NULL },
	{ "rules: {ignore: {rule: x}}\n", CONFIG_VALUE, "1:9-15",
	  "rules.ignore needs \"reason\"", "reason: why" },
	/* Contradictions. */
	{ KEY("txt: keys/2026b.pub.pem, state: nxt"), CONFIG_VALUE,
	  "1:57-60", "state cannot be \"nxt\"", "did you mean \"next\"?" },
	{ "senders: {x: {spf: mx}}\n" DOMAIN("parked: true, senders: [x]"),
	  CONFIG_VALUE, "2:39-46", "a parked domain has no senders", NULL },
	{ DOMAIN("parked: true, dmarc: {p: none}"), CONFIG_VALUE, "1:47-48",
	  "a parked domain is locked with p: reject", NULL },
	{ DOMAIN("parked: true, users: true"), CONFIG_VALUE, "1:39-44",
	  "nobody writes from a parked domain", NULL },
	{ DOMAIN("dmarc: {rua: 'mailto:a@b.example'}"), CONFIG_VALUE,
	  "1:25-30", "receivers read a DMARC record without p as p=none",
	  "say p: none" },
	{ DOMAIN("subdomains: {a: {dmarc: {p: reject, sp: none}}}"),
	  CONFIG_VALUE, "1:61-63",
	  "receivers ignore sp below the organizational domain",
	  "say it at example.com" },
	{ DOMAIN("subdomains: {a: {delegated: true, keep: 'x A 192.0.2.1'}}"),
	  CONFIG_VALUE, "1:59-63", "nothing can be published here", NULL },
	{ DOMAIN("dmarc: {p: quarantine}, rollout: {target: reject}"),
	  CONFIG_VALUE, "1:67-73", "the target cannot be stricter", NULL },
	{ DOMAIN("rollout: {since: 2026-01-01}"), CONFIG_VALUE, "1:35-40",
	  "\"since\" says from which day", NULL },
	{ DOMAIN("dmarc: {p: reject, t: y}, rollout: {start: 2026-01-01}"),
	  CONFIG_VALUE, "1:47-48", "a rollout has test stages", NULL },
	{ DOMAIN("mta_sts: {mx: a.example}"), CONFIG_VALUE, "1:25-32",
	  "mta_sts needs \"mode\"", NULL },
	{ DOMAIN("spf: {all: fail, redirect: x.example}"), CONFIG_VALUE,
	  "1:42-50", "receivers ignore a redirect beside all", NULL },
	/* Syntax comes alone: the rest would be guesswork. */
	{ "domains: {example.com: {p: [}\n", CONFIG_SYNTAX, NULL, NULL, NULL },
	{ "domains:\n  a.example: {}\n  a.example: {}\n",
	  CONFIG_DUPLICATE_KEY, "3:3-12", "\"a.example\" is given twice",
	  NULL },
};

static bool
begins(struct str text, const char *start)
{
	return start == NULL || str_starts(text, str_from(start));
}

static const char *
place_of(const struct config *config)
{
	const struct config_problem *problem = config->problems.first;
	struct place start, end;
	static char place[64];

	if (problem == NULL)
		return "no place";
	start = source_place(problem->span.source, problem->span.start);
	end = source_place(problem->span.source, problem->span.end);
	snprintf(place, sizeof place, "%zu:%zu-%zu", start.line, start.column,
	    end.column);
	return place;
}

static bool
is_as_expected(const struct config *config, const struct wrong *row)
{
	const struct config_problem *problem = config->problems.first;

	if (config->problems.count != 1 || problem->kind != row->kind ||
	    !begins(problem->what, row->what) ||
	    !begins(problem->help, row->help))
		return false;
	return row->place == NULL ||
	    strcmp(place_of(config), row->place) == 0;
}

static void
wrong_ones_are_told(void **state)
{
	const struct config *config;
	size_t i, failed = 0;

	(void)state;
	for (i = 0; i < countof(wrong); i++) {
		config = read_config(wrong[i].text);
		if (is_as_expected(config, &wrong[i]))
			continue;
		failed++;
		print_message("# row %zu at %s wants %s: %s\n", i,
		    place_of(config),
		    wrong[i].place == NULL ? "" : wrong[i].place,
		    wrong[i].what == NULL ? "" : wrong[i].what);
		show_problems(config);
	}
	assert_int_equal(failed, 0);
}

/* ---- smuggling ----------------------------------------------------------- */

/* In double quotes of YAML. */
static const struct {
	const char *text;
	bool always;			/* in no value at all */
} hostile[] = {
	{ "a\\nb", true }, { "a\\rb", true }, { "a\\0b", true },
	{ "a\\tb", true }, { "a\\eb", true }, { "a\\x7fb", true },
	{ "a\\Nb", true }, { "a\\Lb", true }, { "a\\Pb", true },
	{ "a\\u202eb", true }, { "a\\u2066b", true }, { "a\\u200fb", true },
	{ "a\\ufeffb", true }, { "a\\u200bb", true },
	{ "a;b", false }, { "a\\\"b", false }, { "a\\\\b", false },
	{ "a b", false }, { "a(b", false }, { "\\u00e4 b", false },
	{ "$INCLUDE x", false }, { "a\\\\032b", false },
};

/* Kinds whose text reaches no record, or only as a comment. */
static bool
is_free(const struct field *field)
{
	return field->kind == FIELD_STRING || field->kind == FIELD_WORD ||
	    field->kind == FIELD_PATH || field->kind == FIELD_GLOB ||
	    field->kind == FIELD_KEY;
}

static size_t tried;

static void
try_hostile(const char *before, const struct field *field, const char *after)
{
	struct buffer text = { 0 };
	const struct config *config;
	size_t i;

	for (i = 0; i < countof(hostile); i++) {
		if (!hostile[i].always && is_free(field))
			continue;
		/* OpenSSL reads the lines of a key. */
		if (field->kind == FIELD_KEY && i == 0)
			continue;
		/* Notes are words, with blanks between. */
		if (field->kind == FIELD_NOTE && strpbrk(hostile[i].text,
		    ";\"\\") == NULL)
			continue;
		buffer_clear(&text);
		buffer_printf(&text, "%s{%s: \"%s\"}%s%c", before,
		    field->key, hostile[i].text, after, 0);
		config = read_config(text.p);
		tried++;
		if (config->problems.count == 0)
			fail_msg("nothing is said about %s", text.p);
	}
	buffer_free(&text);
}

static void
try_table(const char *before, const struct field *fields, const char *after,
    unsigned depth)
{
	const struct field *field;
	const char *name;

	for (field = fields; depth > 0 && field->key != NULL; field++) {
		/* What defaults say below names counts where names are. */
		if (field->kind == FIELD_PAIRS || (strncmp(before, "{defaults",
		    9) == 0 && field->kind == FIELD_NAMED))
			continue;
		if (field->fields == NULL) {
			if (field->key[0] != '*')
				try_hostile(before, field, after);
			continue;
		}
		name = field->key[0] == '*' ? "example.com" : field->key;
		try_table(arena_printf(arena, "%s{%s: ", before, name).p,
		    field->fields, arena_printf(arena, "}%s",
		    after).p, depth - 1);
	}
}

/* Whatever field there is, and will be: nothing gets through it. */
static void
no_field_smuggles(void **state)
{
	(void)state;
	tried = 0;
	try_table("", config_fields, "\n", 7);
	assert_true(tried > 1000);
}

static const char *const smuggled[] = {
	"senders: {\"a\\nb\": {spf: mx}}\n",
	"keys: {\"a\\nb\": {selector: x, state: revoked}}\n",
	"domains: {\"example.com\\n@\": {}}\n",
	"domains: {\"example.com. TXT x\": {}}\n",
	"domains: {'example.com;x': {}}\n",
	"domains: {example.com: {subdomains: {\"a\\n@\": {}}}}\n",
	"domains: {example.com: {subdomains: {'a\\.b': {}}}}\n",
	"parked: {domains: [\"example.com\\n\"]}\n",
	"senders: {a: {dkim_cname: {\"s\\n\": x.example}}}\n",
	"senders: {a: {dkim_cname: {s: \"x.example\\n@ MX 0 .\"}}}\n",
	"senders: {a: {dkim_cname: {s: \"x.example;\"}}}\n",
	"senders: {a: {provider: sendgrid, with: {account: \"u1\\n\", server: "
	"wl1, bounce: em1}}}\n",
	"senders: {a: {provider: sendgrid, with: {account: 'u1 ;', server: "
	"wl1, bounce: em1}}}\n",
	"senders: {a: {spf: ['ip4:192.0.2.1 +all']}}\n",
	"senders: {a: {spf: [\"ip4:192.0.2.1\\t+all\"]}}\n",
	"senders: {a: {spf: ['+all']}}\n",
	"domains: {example.com: {dmarc: {p: 'reject; pct=0'}}}\n",
	"domains: {example.com: {dmarc: {p: none, rua: "
	"'mailto:a@b.example; sp=none'}}}\n",
};

static void
no_name_smuggles(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < countof(smuggled); i++)
		if (read_config(smuggled[i])->problems.count == 0)
			fail_msg("nothing is said about %s", smuggled[i]);
}

static void
all_is_told_at_once_and_in_order(void **state)
{
	const struct config *config = read_config(
	    "domains:\n"
	    "  a.example: {senders: [x], ttl: soon}\n"
	    "  b.example: {dmarc: {p: nil}}\n"
	    "keys: {k: {}}\n"
	    "x: 1\n"
	    "parked: {files: wrong.txt, domains: b.example}\n");
	const struct config_problem *problem;
	struct place place;
	char places[256] = "";

	(void)state;
	for (problem = config->problems.first; problem != NULL;
	    problem = problem->next) {
		place = source_place(problem->span.source,
		    problem->span.start);
		snprintf(places + strlen(places), sizeof places -
		    strlen(places), "%s%zu:%zu", places[0] == '\0' ? "" : " ",
		    place.line, place.column);
	}
	/* The last one lies in the parked file. */
	assert_string_equal(places,
	    "2:25 2:34 3:26 4:8 4:8 5:1 6:37 2:3");
	assert_true(str_ends(config->problems.last->span.source->path,
	    STR("wrong.txt")));
}

/* An alias repeats a mistake; it is told once, where it stands. */
static void
repeated_mistakes_are_told_once(void **state)
{
	const struct config *config = read_config(
	    "domains:\n"
	    "  a.example: &a {dmarc: {p: nil}}\n"
	    "  b.example: *a\n"
	    "  c.example: {<<: *a, ttl: 1h}\n");

	(void)state;
	assert_int_equal(config->problems.count, 1);
	assert_int_equal(config->domain_count, 3);
	assert_int_equal(config_domain(config, STR("c.example"))->ttl, 3600);
}

/* A hoster's: many names are no reason to be slow; time is for the bench. */
static void
many_domains_are_found(void **state)
{
	struct buffer text = { 0 };
	const struct config *config;
	int i;

	(void)state;
	buffer_add_cstr(&text, "domains:\n");
	for (i = 0; i < 2000; i++)
		buffer_printf(&text, "  d%d.example: {dmarc: {p: none}}\n", i);
	buffer_add_cstr(&text, "parked:\n  domains:\n");
	for (i = 0; i < 2000; i++)
		buffer_printf(&text, "  - p%d.example\n", i);
	buffer_add_byte(&text, '\0');
	config = read_config(text.p);
	assert_int_equal(config->problems.count, 0);
	assert_int_equal(config->domain_count, 4000);
	assert_true(config_domain(config, STR("p1999.example"))->listed);
	buffer_free(&text);
}

static void
configuration_is_found_upwards(void **state)
{
	char *scratch_here = scratch_make();
	struct str here = str_from(scratch_here), below, found;

	(void)state;
	scratch_folder(scratch_here, "a");
	scratch_folder(scratch_here, "a/.git");
	scratch_folder(scratch_here, "a/b");
	free(scratch_write(scratch_here, "mailzone.yaml", ""));
	below = path_join(arena, here, STR("a/b"));
	assert_null(config_find(arena, below, STR_NONE).p);
	free(scratch_write(scratch_here, "a/.mailzone.yaml", ""));
	found = config_find(arena, below, STR_NONE);
	assert_true(str_ends(found, STR("a/b/../.mailzone.yaml")));
	free(scratch_write(scratch_here, "a/b/mailzone.yaml", ""));
	found = config_find(arena, below, STR_NONE);
	assert_true(str_ends(found, STR("a/b/mailzone.yaml")));
	assert_int_equal(config_none(arena)->defaults->ttl, 3600);
	assert_null(config_next(config_none(arena), NULL));
	scratch_remove(scratch_here);
}

/* A folder that is no repository, in somebody's home directory. */
static void
configuration_of_home_is_for_home(void **state)
{
	char *scratch_here = scratch_make();
	struct str home = str_from(scratch_here), below;

	(void)state;
	scratch_folder(scratch_here, "a");
	below = path_join(arena, home, STR("a"));
	free(scratch_write(scratch_here, "mailzone.yaml", ""));
	assert_non_null(config_find(arena, below, STR_NONE).p);
	assert_non_null(config_find(arena, below, below).p);
	assert_null(config_find(arena, below, home).p);
	assert_non_null(config_find(arena, home, home).p);
	scratch_folder(scratch_here, ".git");
	assert_non_null(config_find(arena, below, home).p);
	scratch_remove(scratch_here);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(interface_example_is_read_whole),
		cmocka_unit_test(domains_within_a_name),
		cmocka_unit_test(example_says_what_it_says),
		cmocka_unit_test(defaults_go_field_by_field),
		cmocka_unit_test(fine_ones_are_silent),
		cmocka_unit_test(subdomains_may_be_a_default),
		cmocka_unit_test(defaults_begin_no_rollout),
		cmocka_unit_test(wrong_ones_are_told),
		cmocka_unit_test(no_field_smuggles),
		cmocka_unit_test(no_name_smuggles),
		cmocka_unit_test(all_is_told_at_once_and_in_order),
		cmocka_unit_test(repeated_mistakes_are_told_once),
		cmocka_unit_test(many_domains_are_found),
		cmocka_unit_test(configuration_is_found_upwards),
		cmocka_unit_test(configuration_of_home_is_for_home),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
