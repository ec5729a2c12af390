/* What happens to forged mail, name by name. */
#include "support.h"

#include <string.h>

#include "world.h"

#define QUARANTINE	"_dmarc TXT 'v=DMARC1; p=quarantine; np=reject'\n"
#define REJECT		"_dmarc TXT 'v=DMARC1; p=reject'\n"
#define WEAK		"weak TXT 'v=spf1 +all'\n"
#define KEY_512	\
	"MFwwDQYJKoZIhvcNAQEBBQADSwAwSAJBALBvY5J6Pn7oKXvxXc0mD2gyDg0cIV" \
	"LkVqsZkO0yUX0oCu5PvgTr8sCSbxo1bLp1R0QKBQ2HDEHCzyDv8kWJkYsCAwEAAQ=="

/*
 * A line a row, in the order of the zone: kind, name, how many share it, the
 * verdict, both outcomes, and who can get around it.
 */
static const struct {
	const char *zones, *zone, *rows;
} tables[] = {
	{ "@ SOA a b 1 2 3 4 5\nwww A 192.0.2.1\nmail A 192.0.2.2\n"
	  "_dmarc TXT 'v=DMARC1; p=none; np=reject'", "example.com",
	  "apex example.com 1 exposed deliver deliver\n"
	  "nonexistent <nonexistent>.example.com 3 exposed deliver reject "
	  "differs\n"
	  "deep <deep>.x.x.x.x.x.x.example.com 1 exposed deliver reject "
	  "differs\n"
	  "name www.example.com 2 exposed deliver deliver\n" },
	{ REJECT "www A 192.0.2.1\n* A 192.0.2.2\n_x._y TXT 'a'\n"
	  "a.b.c A 192.0.2.1", "example.com",
	  "apex example.com 1 safe reject reject\n"
	  "nonexistent <nonexistent>.example.com 5 safe reject reject\n"
	  "deep <deep>.x.x.x.x.x.x.example.com 1 safe reject reject\n"
	  "name www.example.com 4 safe reject reject\n" },
	{ QUARANTINE "s NS a.b.\nx.s A 192.0.2.1\nt NS a.b.\n"
	  "= t.example.com\n@ A 192.0.2.1", "example.com",
	  "apex example.com 1 weak quarantine quarantine\n"
	  " delegation s.example.com\n"
	  "nonexistent <nonexistent>.example.com 1 weak quarantine reject "
	  "differs\n"
	  "deep <deep>.x.x.x.x.x.x.example.com 1 weak quarantine reject "
	  "differs\n"
	  "delegated s.example.com 1 unknown unknown unknown\n" },
	{ "_dmarc TXT 'v=DMARC1; p=reject; pct=20'", "example.com",
	  "apex example.com 1 weak partial reject differs\n"
	  "nonexistent <nonexistent>.example.com 1 weak partial reject "
	  "differs\n"
	  "deep <deep>.x.x.x.x.x.x.example.com 1 weak partial reject "
	  "differs\n" },
	{ "_dmarc TXT 'v=DMARC1; p=quarantine; pct=20'", "example.com",
	  "apex example.com 1 exposed partial quarantine differs\n"
	  "nonexistent <nonexistent>.example.com 1 exposed partial "
	  "quarantine differs\n"
	  "deep <deep>.x.x.x.x.x.x.example.com 1 exposed partial "
	  "quarantine differs\n" },
	/* A stranger passes as weak, and with relaxed alignment as all. */
	{ REJECT WEAK, "example.com",
	  "apex example.com 1 exposed reject reject\n spf weak.example.com\n"
	  "nonexistent <nonexistent>.example.com 2 exposed reject reject\n"
	  " spf weak.example.com\n"
	  "deep <deep>.x.x.x.x.x.x.example.com 1 exposed reject reject\n"
	  " spf weak.example.com\n"
	  "name weak.example.com 1 exposed reject reject\n"
	  " spf weak.example.com\n" },
	{ "_dmarc TXT 'v=DMARC1; p=reject; aspf=s'\n" WEAK, "example.com",
	  "apex example.com 1 safe reject reject\n"
	  "nonexistent <nonexistent>.example.com 2 safe reject reject\n"
	  "deep <deep>.x.x.x.x.x.x.example.com 1 safe reject reject\n"
	  "name weak.example.com 1 exposed reject reject\n"
	  " spf weak.example.com\n" },
	{ "_dmarc TXT 'v=DMARC1; p=reject; aspf=s'\n* TXT 'v=spf1 +all'",
	  "example.com",
	  "apex example.com 1 safe reject reject\n"
	  "nonexistent <nonexistent>.example.com 1 exposed reject reject\n"
	  " spf *.example.com\n"
	  "deep <deep>.x.x.x.x.x.x.example.com 1 exposed reject reject\n"
	  " spf *.example.com\n" },
	{ REJECT "s._domainkey TXT 'v=DKIM1; k=rsa; p=" KEY_512 "'",
	  "example.com",
	  "apex example.com 1 exposed reject reject\n dkim example.com\n"
	  "nonexistent <nonexistent>.example.com 1 exposed reject reject\n"
	  " dkim example.com\n"
	  "deep <deep>.x.x.x.x.x.x.example.com 1 exposed reject reject\n"
	  " dkim example.com\n" },
	/* Weak names of another zone of the organization count, too. */
	{ REJECT "n NS a.b.\n= n.example.com\n@ TXT 'v=spf1 ip4:0.0.0.0/0'\n"
	  "= example.net\n@ TXT 'v=spf1 +all'", "example.com",
	  "apex example.com 1 exposed reject reject\n spf n.example.com\n"
	  "nonexistent <nonexistent>.example.com 1 exposed reject reject\n"
	  " spf n.example.com\n"
	  "deep <deep>.x.x.x.x.x.x.example.com 1 exposed reject reject\n"
	  " spf n.example.com\n" },
	/* A key that an alias lends. */
	{ REJECT "s._domainkey CNAME k.keys\nk.keys TXT 'v=DKIM1; k=rsa; p="
	  KEY_512 "'", "example.com",
	  "apex example.com 1 exposed reject reject\n dkim example.com\n"
	  "nonexistent <nonexistent>.example.com 3 exposed reject reject\n"
	  " dkim example.com\n"
	  "deep <deep>.x.x.x.x.x.x.example.com 1 exposed reject reject\n"
	  " dkim example.com\n"
	  "name keys.example.com 2 exposed reject reject\n"
	  " dkim example.com\n" },
	/* Large, but not everybody; and what no name server answers. */
	{ REJECT "@ TXT 'v=spf1 ip4:10.0.0.0/9 -all'\nc NS a.b.\n"
	  "x.c TXT 'v=spf1 +all'\ni TXT 'v=spf1 ?all'", "example.com",
	  "apex example.com 1 safe reject reject\n"
	  " delegation c.example.com\n"
	  "nonexistent <nonexistent>.example.com 2 safe reject reject\n"
	  "deep <deep>.x.x.x.x.x.x.example.com 1 safe reject reject\n"
	  "delegated c.example.com 1 unknown unknown unknown\n"
	  "name i.example.com 1 safe reject reject\n" },
	/* Names that a zone of their own answers for are told there. */
	{ REJECT "x.c A 192.0.2.1\n= c.example.com\n"
	  "_dmarc TXT 'v=DMARC1; p=none'", "example.com",
	  "apex example.com 1 safe reject reject\n"
	  "nonexistent <nonexistent>.example.com 1 safe reject reject\n"
	  "deep <deep>.x.x.x.x.x.x.example.com 1 safe reject reject\n" },
	/* Who checks SPF follows aliases. */
	{ "_dmarc TXT 'v=DMARC1; p=reject; aspf=s'\nwww CNAME weak\n" WEAK,
	  "example.com",
	  "apex example.com 1 safe reject reject\n"
	  "nonexistent <nonexistent>.example.com 3 safe reject reject\n"
	  "deep <deep>.x.x.x.x.x.x.example.com 1 safe reject reject\n"
	  "name www.example.com 1 exposed reject reject\n"
	  " spf weak.example.com\n spf www.example.com\n"
	  "name weak.example.com 1 exposed reject reject\n"
	  " spf weak.example.com\n" },
	{ "= 2.0.192.in-addr.arpa\n1 PTR a.example.com.",
	  "2.0.192.in-addr.arpa", "" },
	{ "= sub.example.com\n" REJECT "a A 192.0.2.1", "sub.example.com",
	  "apex sub.example.com 1 safe reject reject\n"
	  "nonexistent <nonexistent>.sub.example.com 2 unknown unknown "
	  "unknown\n"
	  "deep <deep>.x.x.x.x.x.sub.example.com 1 unknown unknown unknown\n"
	  "name a.sub.example.com 1 unknown unknown unknown\n" },
};

static const char *const kinds[] = {
	[NAME_APEX] = "apex", [NAME_PLAIN] = "name",
	[NAME_NONEXISTENT] = "nonexistent", [NAME_DEEP] = "deep",
	[NAME_DELEGATED] = "delegated",
};

static struct str
show(struct arena *arena, const struct exposure *row)
{
	const struct bypass *bypass;
	struct buffer out = { 0 };

	for (; row != NULL; row = row->next) {
		buffer_printf(&out, "%s %.*s %zu %s %s %s%s\n",
		    kinds[row->kind], STR_ARG(row->name), row->names,
		    row->total, outcome_name(row->verdict[0].outcome),
		    outcome_name(row->verdict[1].outcome),
		    row->differs ? " differs" : "");
		for (bypass = row->bypass; bypass != NULL;
		    bypass = bypass->next)
			buffer_printf(&out, " %s %.*s\n",
			    bypass->weakness->by,
			    STR_ARG(bypass->weakness->name));
	}
	return buffer_finish(&out, arena);
}

static void
test_tables(void **state)
{
	struct arena *list = arena_new(), *arena = arena_new();
	struct str why;
	struct psl *psl = psl_open(list, STR_NONE, &why);
	struct exposure *rows;
	struct world *world;
	size_t i;

	(void)state;
	for (i = 0; i < countof(tables); i++) {
		print_message("%s\n", tables[i].zones);
		world = world_from(arena, psl, tables[i].zones);
		rows = exposure_of_zone(world, arena, zones_find(world->zones,
		    str_from(tables[i].zone)), weaknesses_find(world, arena),
		    true);
		assert_string_equal(arena_cstr(arena, show(arena, rows)),
		    tables[i].rows);
		arena_reset(arena);
	}
	psl_close(psl);
	arena_free(list);
	arena_free(arena);
}

static const struct {
	const char *name;
	enum name_kind kind;
	enum answer_kind existence;
	const char *total;
} names[] = {
	{ "example.com", NAME_APEX, ANSWER_DATA, "weak" },
	{ "www.example.com", NAME_PLAIN, ANSWER_DATA, "weak" },
	{ "ent.example.com", NAME_PLAIN, ANSWER_DATA, "weak" },
	{ "no.example.com", NAME_NONEXISTENT, ANSWER_NXDOMAIN, "weak" },
	{ "no.w.example.com", NAME_NONEXISTENT, ANSWER_DATA, "weak" },
	{ "a.b.c.d.e.f.g.example.com", NAME_DEEP, ANSWER_NXDOMAIN, "weak" },
	{ "s.example.com", NAME_DELEGATED, ANSWER_UNKNOWN, "unknown" },
	{ "x.y.s.example.com", NAME_DELEGATED, ANSWER_UNKNOWN, "unknown" },
	{ "h.d.example.com", NAME_NONEXISTENT, ANSWER_NXDOMAIN, "weak" },
	{ "www.d.example.com", NAME_NONEXISTENT, ANSWER_DATA, "weak" },
	{ "example.net", NAME_PLAIN, ANSWER_UNKNOWN, "unknown" },
};

static void
test_names(void **state)
{
	struct arena *arena = arena_new();
	struct str why;
	struct psl *psl = psl_open(arena, STR_NONE, &why);
	struct world *world = world_from(arena, psl, QUARANTINE
	    "www A 192.0.2.1\na.ent A 192.0.2.1\n*.w A 192.0.2.1\n"
	    "s NS a.b.\nd DNAME example.com.\nh.d A 192.0.2.1");
	struct exposure *row;
	size_t i;

	(void)state;
	for (i = 0; i < countof(names); i++) {
		print_message("%s\n", names[i].name);
		row = exposure_of_name(world, arena, str_from(names[i].name),
		    NULL);
		assert_int_equal(row->kind, names[i].kind);
		assert_int_equal(row->existence, names[i].existence);
		assert_string_equal(row->total, names[i].total);
		assert_int_equal(row->zone == NULL,
		    i == countof(names) - 1);
	}
	psl_close(psl);
	arena_free(arena);
}

/* ---- the short way and the long one -------------------------------------- */

static uint32_t
random_next(uint32_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 17;
	*state ^= *state << 5;
	return *state;
}

static const char *const labels[] = { "a", "b", "c", "*", "_dmarc", "w", "x" };
static const char *const texts[] = {
	"A 192.0.2.1", "A 192.0.2.1", "CNAME gone", "CNAME a.example.com.",
	"CNAME x.example.net.", "NS a.b.", "DNAME c.example.com.",
	"TXT 'v=DMARC1; p=none; np=reject'",
	"TXT 'v=DMARC1; p=reject; sp=quarantine; np=none'",
	"TXT 'v=DMARC1; p=reject; psd=n'", "TXT 'v=DMARC1; p=none; psd=y'",
	"TXT 'v=DMARC1; p=quarantine; pct=50'", "TXT 'v=spf1 +all'",
	"TXT 'v=DMARC1'", "MX 10 mail",
};

static struct str
random_zone(struct arena *arena, uint32_t *state)
{
	struct buffer out = { 0 };
	unsigned records = random_next(state) % 30, depth;

	if (random_next(state) % 4 != 0)
		buffer_printf(&out, "_dmarc %s\n",
		    texts[7 + random_next(state) % 5]);
	while (records-- > 0) {
		depth = random_next(state) % 9;
		while (depth-- > 0)
			buffer_printf(&out, "%s.",
			    labels[random_next(state) % countof(labels)]);
		buffer_printf(&out, "%s %s\n",
		    labels[random_next(state) % countof(labels)],
		    texts[random_next(state) % countof(texts)]);
	}
	buffer_add_byte(&out, '\0');
	return buffer_finish(&out, arena);
}

static void
compare(const struct exposure *row, const struct exposure *asked)
{
	size_t i;

	print_message("%.*s\n", STR_ARG(row->name));
	assert_string_equal(row->total, asked->total);
	assert_int_equal(row->existence, asked->existence);
	for (i = 0; i < MODELS; i++) {
		const struct verdict *a = &row->verdict[i];
		const struct verdict *b = &asked->verdict[i];

		assert_int_equal(a->outcome, b->outcome);
		assert_true(str_equal(a->policy_domain, b->policy_domain));
		assert_true((a->tag == NULL) == (b->tag == NULL));
		assert_true(a->tag == NULL || strcmp(a->tag, b->tag) == 0);
	}
}

/* Verdicts that siblings share are those that each would get alone. */
static void
test_short_cuts(void **state)
{
	struct arena *list = arena_new(), *arena = arena_new();
	struct str why;
	struct psl *psl = psl_open(list, STR_NONE, &why);
	uint32_t seed = 20261124;
	const struct exposure *row;
	struct weakness *weaknesses;
	struct world *world;
	size_t i, rows = 0;
	struct str text;

	(void)state;
	for (i = 0; i < 300; i++) {
		text = random_zone(arena, &seed);
		print_message("---\n%s\n", text.p);
		world = world_from(arena, psl, text.p);
		weaknesses = weaknesses_find(world, arena);
		for (row = exposure_of_zone(world, arena,
		    world->zones->zones[0], weaknesses, false); row != NULL;
		    row = row->next, rows++)
			compare(row, exposure_of_name(world, arena, row->name,
			    weaknesses));
		arena_reset(arena);
	}
	assert_in_range(rows, 1000, 100000);
	psl_close(psl);
	arena_free(list);
	arena_free(arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_tables),
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_short_cuts),
	};

	return cmocka_run_group_tests_name("exposure", tests, NULL, NULL);
}
