/* Which policy receivers of both generations find. */
#include "support.h"

#include <string.h>

#include "world.h"

#define NONE_NP		"_dmarc TXT 'v=DMARC1; p=none; np=reject'\n"
#define BAD_SP_RUA	"_dmarc TXT 'v=DMARC1; p=reject; sp=rejct; " \
			"rua=mailto:a@example.com'\n"
#define BAD_SP		"_dmarc TXT 'v=DMARC1; p=reject; sp=rejct'\n"
#define BAD_NP		"_dmarc TXT 'v=DMARC1; p=reject; np=rejct; " \
			"rua=mailto:a@example.com'\n"
#define REJECT		"_dmarc TXT 'v=DMARC1; p=reject'\n"
#define NONE		"_dmarc TXT 'v=DMARC1; p=none'\n"
#define DEEP		"_dmarc.b.c.d.e.f.g TXT 'v=DMARC1; p=reject; psd=n'\n"

/*
 * An outcome is "reject p example.com": what happens, the tag that decided,
 * the policy domain; partial shows percent and both ends.
 */
static const struct {
	const char *zones, *name, *list, *walk;
} verdicts[] = {
	/* What there is at names, and what is not. */
	{ NONE_NP, "example.com", "deliver p example.com",
	  "deliver p example.com" },
	{ NONE_NP, "nope.example.com", "deliver p example.com",
	  "reject np example.com" },
	{ NONE_NP "* TXT 'x'", "nope.example.com", "deliver p example.com",
	  "deliver p example.com" },
	{ NONE_NP "_acme-challenge.nope TXT 'x'", "nope.example.com",
	  "deliver p example.com", "deliver p example.com" },
	{ BAD_SP_RUA, "example.com", "deliver sp example.com",
	  "deliver sp example.com" },
	{ BAD_SP_RUA, "nope.example.com", "deliver sp example.com",
	  "deliver sp example.com" },
	{ BAD_SP, "example.com", "no-policy", "no-policy" },
	{ BAD_SP, "nope.example.com", "no-policy", "no-policy" },
	{ BAD_NP, "example.com", "reject p example.com",
	  "deliver np example.com" },
	{ "_dmarc TXT 'v=DMARC1; p=reject; t=y'", "example.com",
	  "reject p example.com", "quarantine p example.com" },
	{ "_dmarc TXT 'v=DMARC1; p=reject; pct=5'", "example.com",
	  "partial 5 reject quarantine p example.com",
	  "reject p example.com" },
	{ "_dmarc TXT 'v=DMARC1; p=reject; t=y; pct=0'", "example.com",
	  "quarantine p example.com", "quarantine p example.com" },
	{ REJECT "_dmarc.s TXT 'v=DMARC1; p=none'\n"
	  "_dmarc.s TXT 'v=DMARC1; p=reject'", "s.example.com", "no-policy",
	  "reject p example.com" },
	{ NONE "_dmarc.m TXT 'v=DMARC1; p=reject'", "x.m.example.com",
	  "deliver p example.com", "deliver p example.com" },
	{ NONE "_dmarc.m TXT 'v=DMARC1; p=reject; psd=n'",
	  "x.m.example.com", "deliver p example.com",
	  "reject p m.example.com" },
	{ "_dmarc.m TXT 'v=DMARC1; p=reject'", "x.m.example.com",
	  "no-policy", "reject p m.example.com" },
	{ REJECT "_dmarc.s TXT 'v=DMARC1'", "s.example.com", "no-policy",
	  "no-policy" },
	{ REJECT "s NS a.b.", "s.example.com", "unknown", "unknown" },
	{ "* TXT 'v=DMARC1; p=reject'\nwww A 192.0.2.1", "www.example.com",
	  "reject p example.com", "reject p example.com" },
	/* And what stands below that table. */
	{ "* TXT 'v=DMARC1; p=reject'\nwww A 192.0.2.1\n"
	  "a._report._dmarc TXT 'v=DMARC1'", "www.example.com",
	  "no-policy", "no-policy" },
	{ "* TXT 'v=DMARC1; p=reject'\nwww A 192.0.2.1\n"
	  "*._dmarc TXT 'x'", "example.com", "no-policy", "no-policy" },
	{ "* TXT 'v=DMARC1; p=reject'\nwww A 192.0.2.1\n"
	  "*._dmarc TXT 'x'", "nope.example.com",
	  "reject p nope.example.com", "reject p nope.example.com" },

	/* p: missing, invalid, in any case, in any place. */
	{ "_dmarc TXT 'v=DMARC1;'", "example.com", "no-policy",
	  "no-policy" },
	{ "_dmarc TXT 'v=DMARC1; rua=mailto:a@b.example'", "example.com",
	  "deliver p example.com", "deliver p example.com" },
	{ "_dmarc TXT 'v=DMARC1; rua=a@b.example'", "example.com",
	  "no-policy", "no-policy" },
	{ "_dmarc TXT 'v=DMARC1; p=block; rua=https://b.example/x'",
	  "example.com", "deliver p example.com", "deliver p example.com" },
	{ "_dmarc TXT 'v=DMARC1; P=Reject'", "example.com",
	  "reject p example.com", "reject p example.com" },
	{ "_dmarc TXT 'v=DMARC1; adkim=s; p=reject'", "example.com",
	  "reject p example.com", "reject p example.com" },
	{ "_dmarc TXT 'v=DMARC1;p=reject' ' ; sp=none'", "www.example.com",
	  "deliver sp example.com", "deliver sp example.com" },
	{ "_dmarc TXT 'v=DMARC1; p=reject; p=none'", "example.com",
	  "no-policy", "no-policy" },
	{ "_dmarc TXT 'v=DMARC1; p=reject; rua=mailto:a@b.example; "
	  "rua=mailto:c@b.example'", "example.com",
	  "deliver - example.com", "deliver - example.com" },
	/* Not selected at all. */
	{ "_dmarc TXT ' v=DMARC1; p=reject'", "example.com", "no-policy",
	  "no-policy" },
	{ "_dmarc TXT 'v=DMARC1 p=reject'", "example.com", "no-policy",
	  "no-policy" },
	{ "_dmarc TXT 'v=dmarc1; p=reject'", "example.com", "no-policy",
	  "no-policy" },
	{ "_dmarc TXT 'p=reject; v=DMARC1'", "example.com", "no-policy",
	  "no-policy" },
	{ "_dmarc TXT v=DMARC1; p=reject", "example.com", "no-policy",
	  "no-policy" },
	/* Other TXT beside it does not count, the same text twice is one. */
	{ REJECT "_dmarc TXT 'x'\n_dmarc TXT 'v=spf1 -all'", "example.com",
	  "reject p example.com", "reject p example.com" },
	{ REJECT REJECT, "example.com", "reject p example.com",
	  "reject p example.com" },
	{ REJECT "_dmarc TXT 'v=DMARC1; ' 'p=reject'", "example.com",
	  "no-policy", "no-policy" },

	/* sp and np. */
	{ "_dmarc TXT 'v=DMARC1; p=none; sp=reject'\nwww A 192.0.2.1",
	  "www.example.com", "reject sp example.com",
	  "reject sp example.com" },
	{ "_dmarc TXT 'v=DMARC1; p=none; sp=reject'", "no.example.com",
	  "reject sp example.com", "reject sp example.com" },
	{ "_dmarc TXT 'v=DMARC1; p=none; sp=reject; np=none'",
	  "no.example.com", "reject sp example.com",
	  "deliver np example.com" },
	{ "_dmarc TXT 'v=DMARC1; p=reject; sp='", "www.example.com",
	  "no-policy", "no-policy" },
	{ "_dmarc TXT 'v=DMARC1; p=reject; np='", "example.com",
	  "reject p example.com", "no-policy" },
	/* On a record below the organizational domain they say nothing. */
	{ REJECT "_dmarc.m TXT 'v=DMARC1; p=none; sp=quarantine'\n"
	  "x.m A 192.0.2.1", "x.m.example.com", "reject p example.com",
	  "reject p example.com" },
	{ REJECT "_dmarc.m TXT 'v=DMARC1; p=none; sp=quarantine'",
	  "m.example.com", "deliver p m.example.com",
	  "deliver p m.example.com" },

	/* t and pct. */
	{ "_dmarc TXT 'v=DMARC1; p=quarantine; t=y'", "example.com",
	  "quarantine p example.com", "deliver p example.com" },
	{ "_dmarc TXT 'v=DMARC1; p=none; t=y; pct=0'", "example.com",
	  "deliver p example.com", "deliver p example.com" },
	{ "_dmarc TXT 'v=DMARC1; p=quarantine; pct=0'", "example.com",
	  "deliver p example.com", "quarantine p example.com" },
	{ "_dmarc TXT 'v=DMARC1; p=quarantine; pct=99'", "example.com",
	  "partial 99 quarantine none p example.com",
	  "quarantine p example.com" },
	{ "_dmarc TXT 'v=DMARC1; p=none; pct=20'", "example.com",
	  "deliver p example.com", "deliver p example.com" },
	{ "_dmarc TXT 'v=DMARC1; p=reject; pct=100'", "example.com",
	  "reject p example.com", "reject p example.com" },
	{ "_dmarc TXT 'v=DMARC1; p=reject; pct=200'", "example.com",
	  "reject p example.com", "reject p example.com" },
	{ "_dmarc TXT 'v=DMARC1; p=none; np=reject; t=y'", "no.example.com",
	  "deliver p example.com", "quarantine np example.com" },
	{ "_dmarc TXT 'v=DMARC1; p=reject; sp=quarantine; pct=10'",
	  "no.example.com", "partial 10 quarantine none sp example.com",
	  "quarantine sp example.com" },
	{ "_dmarc TXT 'v=DMARC1; p=reject; t=yes'", "example.com",
	  "reject p example.com", "reject p example.com" },

	/* Several records at the top. */
	{ REJECT "_dmarc TXT 'v=DMARC1; p=none'", "www.example.com",
	  "no-policy", "no-policy" },

	/* psd. */
	{ "= uk\n_dmarc.gov TXT 'v=DMARC1; p=reject; sp=quarantine; "
	  "np=reject; psd=y'\nx.gov A 192.0.2.1", "x.gov.uk", "no-policy",
	  "quarantine sp gov.uk" },
	{ "= uk\n_dmarc.gov TXT 'v=DMARC1; p=reject; sp=quarantine; "
	  "np=reject; psd=y'\nx.gov A 192.0.2.1", "y.gov.uk", "no-policy",
	  "reject np gov.uk" },
	{ "= uk\n_dmarc.gov TXT 'v=DMARC1; p=reject; psd=y'\n"
	  "_dmarc.x.gov TXT 'v=DMARC1; p=none'\nw.x.gov A 192.0.2.1",
	  "w.x.gov.uk", "deliver p x.gov.uk", "deliver p x.gov.uk" },
	/* The public suffix speaks for itself. */
	{ "= uk\n_dmarc.gov TXT 'v=DMARC1; p=reject; psd=y'", "gov.uk",
	  "reject p gov.uk", "reject p gov.uk" },
	/* Without psd=y the suffix is taken for the organization. */
	{ "= uk\n_dmarc.gov TXT 'v=DMARC1; p=reject'\n"
	  "_dmarc.x.gov TXT 'v=DMARC1; p=none'\nw.x.gov A 192.0.2.1",
	  "w.x.gov.uk", "deliver p x.gov.uk", "reject p gov.uk" },
	{ "= uk\n_dmarc.gov TXT 'v=DMARC1; p=reject'\n"
	  "_dmarc.x.gov TXT 'v=DMARC1; p=none; psd=n'\nw.x.gov A 192.0.2.1",
	  "w.x.gov.uk", "deliver p x.gov.uk", "deliver p x.gov.uk" },
	/* psd=y below the organization moves it one label down. */
	{ REJECT "_dmarc.m TXT 'v=DMARC1; p=none; psd=y'\n"
	  "a.b.m A 192.0.2.1", "a.b.m.example.com", "reject p example.com",
	  "deliver p m.example.com" },
	{ REJECT "_dmarc.m TXT 'v=DMARC1; p=none; psd=y'\n"
	  "_dmarc.b.m TXT 'v=DMARC1; p=quarantine'\n"
	  "a.b.m A 192.0.2.1", "a.b.m.example.com", "reject p example.com",
	  "quarantine p b.m.example.com" },
	{ REJECT "_dmarc.m TXT 'v=DMARC1; p=none; psd=u'\n"
	  "a.m A 192.0.2.1", "a.m.example.com", "reject p example.com",
	  "reject p example.com" },

	/* Eight labels: what is nearer than seven from the top is not asked. */
	{ NONE DEEP "a.b.c.d.e.f.g A 192.0.2.1", "a.b.c.d.e.f.g.example.com",
	  "deliver p example.com", "deliver p example.com" },
	{ NONE "_dmarc.c.d.e.f.g TXT 'v=DMARC1; p=reject; psd=n'\n"
	  "a.b.c.d.e.f.g A 192.0.2.1", "a.b.c.d.e.f.g.example.com",
	  "deliver p example.com", "reject p c.d.e.f.g.example.com" },
	{ NONE "_dmarc.c.d.e.f.g TXT 'v=DMARC1; p=reject; psd=n'\n"
	  "x.b.c.d.e.f.g A 192.0.2.1", "b.c.d.e.f.g.example.com",
	  "deliver p example.com", "reject p c.d.e.f.g.example.com" },
	{ NONE DEEP "a.b.c.d.e.f.g A 192.0.2.1", "b.c.d.e.f.g.example.com",
	  "reject p b.c.d.e.f.g.example.com",
	  "reject p b.c.d.e.f.g.example.com" },

	/* Suffixes of the list: two labels, wildcard, exception, private. */
	{ "= example.co.uk\n" REJECT "www A 192.0.2.1", "www.example.co.uk",
	  "reject p example.co.uk", "reject p example.co.uk" },
	{ "= x.github.io\n" REJECT "www A 192.0.2.1", "www.x.github.io",
	  "reject p x.github.io", "reject p x.github.io" },
	{ "= a.b.ck\n" REJECT "www A 192.0.2.1", "www.a.b.ck",
	  "reject p a.b.ck", "reject p a.b.ck" },
	{ "= www.ck\n" REJECT "a A 192.0.2.1", "a.www.ck",
	  "reject p www.ck", "reject p www.ck" },
	{ "= corp.internal\n" REJECT "a A 192.0.2.1", "a.corp.internal",
	  "reject p corp.internal", "reject p corp.internal" },

	/* The organization is out of sight. */
	{ "= sub.example.com\n" REJECT "a A 192.0.2.1", "sub.example.com",
	  "reject p sub.example.com", "reject p sub.example.com" },
	{ "= sub.example.com\n" REJECT "a A 192.0.2.1", "a.sub.example.com",
	  "unknown", "unknown" },
	{ "= sub.example.com\n_dmarc TXT 'v=DMARC1; p=reject; psd=n'\n"
	  "a A 192.0.2.1", "a.sub.example.com", "unknown",
	  "reject p sub.example.com" },
	{ "= sub.example.com\na A 192.0.2.1\n= example.com\n" REJECT,
	  "a.sub.example.com", "reject p example.com",
	  "reject p example.com" },
	{ REJECT, "example.net", "unknown", "unknown" },
	{ REJECT, "com", "unknown", "unknown" },

	/* Hosted records. */
	{ "_dmarc CNAME d.example.net.", "example.com", "unknown",
	  "unknown" },
	{ "_dmarc CNAME d.example.net.\n= example.net\n"
	  "d TXT 'v=DMARC1; p=reject'", "a.example.com",
	  "reject p example.com", "reject p example.com" },
	{ "_dmarc CNAME d.example.net.\n= example.net\n", "example.com",
	  "no-policy", "no-policy" },
	{ REJECT "_dmarc.a CNAME d.example.net.\na A 192.0.2.1",
	  "a.example.com", "unknown", "unknown" },
	{ REJECT "_dmarc.a CNAME d.example.net.\nx.a A 192.0.2.1",
	  "x.a.example.com", "reject p example.com", "unknown" },
	/* A CNAME at the host is not followed for its _dmarc. */
	{ REJECT "www CNAME www.example.net.", "www.example.com",
	  "reject p example.com", "reject p example.com" },

	/* Whether the name exists is out of sight: the weaker of both. */
	{ NONE_NP "www CNAME www.example.net.", "www.example.com",
	  "deliver p example.com", "deliver p example.com" },
	{ "_dmarc TXT 'v=DMARC1; p=reject; np=none'\n"
	  "www CNAME www.example.net.", "www.example.com",
	  "reject p example.com", "deliver np example.com" },
	{ NONE_NP "www CNAME gone", "www.example.com",
	  "deliver p example.com", "reject np example.com" },
	{ "$INCLUDE missing\n" NONE_NP, "example.com",
	  "deliver p example.com", "deliver p example.com" },
	{ "$INCLUDE missing\n" NONE_NP, "www.example.com", "unknown",
	  "unknown" },

	/* DNAME. */
	{ NONE_NP "d DNAME t.example.com.\n_dmarc.t TXT "
	  "'v=DMARC1; p=quarantine'", "d.example.com",
	  "quarantine p d.example.com", "quarantine p d.example.com" },
};

static struct str
show(struct arena *arena, const struct verdict *verdict)
{
	struct buffer out = { 0 };

	buffer_add_cstr(&out, outcome_name(verdict->outcome));
	if (verdict->outcome == OUTCOME_PARTIAL)
		buffer_printf(&out, " %u %s %s", verdict->percent,
		    policy_name(verdict->upper), policy_name(verdict->lower));
	if (verdict->policy_domain.p != NULL)
		buffer_printf(&out, " %s %.*s", verdict->tag == NULL ? "-" :
		    verdict->tag, STR_ARG(verdict->policy_domain));
	return buffer_finish(&out, arena);
}

static struct psl *
open_list(struct arena *arena)
{
	struct str why;
	struct psl *psl = psl_open(arena, STR_NONE, &why);

	assert_non_null(psl);
	return psl;
}

static void
test_verdicts(void **state)
{
	struct arena *list = arena_new(), *arena = arena_new();
	struct psl *psl = open_list(list);
	struct verdict verdict;
	struct world *world;
	struct str name;
	size_t i, j;

	(void)state;
	for (i = 0; i < countof(verdicts); i++) {
		world = world_from(arena, psl, verdicts[i].zones);
		name = str_from(verdicts[i].name);
		for (j = 0; j < MODELS; j++) {
			verdict = policy_discover(world, arena, name,
			    (enum model)j);
			print_message("%zu %s: %s (%s)\n", i,
			    verdicts[i].name, arena_cstr(arena,
			    show(arena, &verdict)),
			    arena_cstr(arena, verdict.why));
			assert_string_equal(arena_cstr(arena,
			    show(arena, &verdict)), j == MODEL_7489 ?
			    verdicts[i].list : verdicts[i].walk);
			assert_true(verdict.why.n > 0);
			assert_in_range(verdict.query_count, 1, 8);
		}
		arena_reset(arena);
	}
	psl_close(psl);
	arena_free(list);
	arena_free(arena);
}

/* The example of RFC 9989 section 4.10. */
static void
test_queries(void **state)
{
	static const char *const asked[] = {
		"a.b.c.d.e.f.g.h.i.j.mail.example.com",
		"g.h.i.j.mail.example.com",
		"h.i.j.mail.example.com", "i.j.mail.example.com",
		"j.mail.example.com", "mail.example.com", "example.com", "com",
	};
	struct arena *arena = arena_new();
	struct psl *psl = open_list(arena);
	struct world *world = world_from(arena, psl, "mail A 192.0.2.1");
	struct verdict verdict;
	size_t i;

	(void)state;
	verdict = policy_discover(world, arena,
	    STR("a.b.c.d.e.f.g.h.i.j.mail.example.com"), MODEL_9989);
	assert_int_equal(verdict.outcome, OUTCOME_NO_POLICY);
	assert_int_equal(verdict.query_count, countof(asked));
	for (i = 0; i < countof(asked); i++)
		assert_true(str_is(verdict.queries[i], asked[i]));
	psl_close(psl);
	arena_free(arena);
}

/* ---- organizational domains ---------------------------------------------- */

static const struct {
	const char *zones, *name, *list, *walk;
	bool known;			/* by the walk */
} organizations[] = {
	{ REJECT, "a.b.example.com", "example.com", "example.com", true },
	{ "a A 192.0.2.1", "a.b.example.com", "example.com",
	  "a.b.example.com", true },
	{ REJECT "_dmarc.b TXT 'v=DMARC1; p=none; psd=n'",
	  "a.b.example.com", "example.com", "b.example.com", true },
	{ REJECT "_dmarc.b TXT 'v=DMARC1; p=none; psd=y'",
	  "a.b.example.com", "example.com", "a.b.example.com", true },
	{ REJECT "_dmarc.b TXT 'v=DMARC1; p=none; psd=y'",
	  "b.example.com", "example.com", "b.example.com", true },
	{ REJECT "_dmarc.b TXT 'v=DMARC1; p=none'", "a.b.example.com",
	  "example.com", "example.com", true },
	{ "= uk\n_dmarc.gov TXT 'v=DMARC1; p=reject; psd=y'", "a.b.gov.uk",
	  "b.gov.uk", "b.gov.uk", true },
	{ REJECT, "a.b.example.net", "example.net", "example.net", false },
	{ REJECT, "co.uk", "co.uk", "co.uk", false },
};

static void
test_organizations(void **state)
{
	struct arena *list = arena_new(), *arena = arena_new();
	struct psl *psl = open_list(list);
	struct world *world;
	struct str name;
	bool known;
	size_t i;

	(void)state;
	for (i = 0; i < countof(organizations); i++) {
		print_message("%s\n", organizations[i].name);
		world = world_from(arena, psl, organizations[i].zones);
		name = str_from(organizations[i].name);
		assert_true(str_is(organizational_domain(world, arena, name,
		    MODEL_7489, &known), organizations[i].list));
		assert_true(known);
		assert_true(str_is(organizational_domain(world, arena, name,
		    MODEL_9989, &known), organizations[i].walk));
		assert_int_equal(known, organizations[i].known);
		arena_reset(arena);
	}
	/* Without a list the zone stands for the organization. */
	world = world_from(arena, NULL, "= a.example.com\nx A 192.0.2.1");
	assert_true(str_is(organizational_domain(world, arena,
	    STR("x.a.example.com"), MODEL_7489, &known), "a.example.com"));
	assert_false(known);
	psl_close(psl);
	arena_free(list);
	arena_free(arena);
}

/* Whoever knows that nothing is below a name still says what the list says. */
static void
test_bare_names(void **state)
{
	static const char *const tops[] = { "example", "tame.example",
	    "a.tame.example", "wild.example", "a.wild.example",
	    "not.wild.example", "x.not.wild.example", "co.uk", "unknown",
	    "b.a.wild.example", "s.tame.example", "wilder" };
	static const char *const below[] = { "", "a.", "b.a.", "not.",
	    "a.not.", "deep.wild.", "s.", "x.s.", "any." };
	struct arena *arena = arena_new();
	char *scratch = scratch_make(), *path;
	struct psl *psl, *watched;
	struct str why, name;
	size_t i, j, bare = 0;

	(void)state;
	path = scratch_write(scratch, "list", "example\n*.wild.example\n"
	    "!not.wild.example\ns.tame.example\n*.wilder\n");
	psl = psl_open(arena, str_from(path), &why);
	assert_non_null(psl);
	watched = psl_watch(arena, psl);
	for (i = 0; i < countof(tops); i++) {
		psl_watch_below(watched, str_from(tops[i]));
		bare += !psl_lists_below(watched, str_from(tops[i]));
		psl_watch_below(watched, str_from(tops[i]));
		for (j = 0; j < countof(tops) * countof(below); j++) {
			name = arena_printf(arena, "%s%s",
			    below[j % countof(below)],
			    tops[j / countof(below)]);
			assert_int_equal(psl_has(watched, name),
			    psl_has(psl, name));
			assert_int_equal(psl_has_below(watched, name),
			    psl_has_below(psl, name));
			assert_true(str_equal(psl_organization(watched, name),
			    psl_organization(psl, name)));
		}
	}
	assert_true(bare > 4);
	psl_close(psl);
	free(path);
	scratch_remove(scratch);
	arena_free(arena);
}

/* With one more label in front or not, below any of these. */
static const char *const suffix_names[] = {
	"com", "uk", "co.uk", "ck", "www.ck", "kawasaki.jp", "city.kawasaki.jp",
	"github.io", "compute.amazonaws.com", "example", "example.com",
	"wild.example", "not.wild.example", "deep.wild.example", "caps.example",
	"blank.example", "behind.example", "tame.example", "xn--p1ai",
	"xn--85x722f.com.cn", "xn--h1ahn.xn--p1acf", "\\097.example", "",
};

/* What the list says when much has been asked is what it said before. */
static void
compare_suffixes(struct arena *arena, struct str path)
{
	static const char *const labels[] = { "", "a.", "b.a.", "www." };
	struct str name;
	struct psl *often = psl_open(arena, path, &name);
	struct psl *once = psl_open(arena, path, &name);
	size_t i, k;

	assert_non_null(often);
	for (i = 0; i < 5000; i++)
		psl_has(often, STR("some.com"));
	for (i = 0; i < countof(suffix_names); i++)
		for (k = 0; k < countof(labels); k++) {
			name = arena_printf(arena, "%s%s", labels[k],
			    suffix_names[i]);
			if (psl_has(often, name) != psl_has(once, name) ||
			    psl_has_below(often, name) !=
			    psl_has_below(once, name))
				fail_msg("%.*s", STR_ARG(name));
		}
	psl_close(once);
	psl_close(often);
}

static void
test_suffixes_asked_often(void **state)
{
	struct arena *arena = arena_new();
	char *scratch = scratch_make(), *path;

	(void)state;
	path = scratch_write(scratch, "list", "// wild\n//\nexample\r\n"
	    "*.wild.example\n!not.wild.example\n CAPS.example\n"
	    "\tblank.example   words\n\n*.behind.example // words\ncom");
	compare_suffixes(arena, STR_NONE);
	compare_suffixes(arena, str_from(path));
	free(path);
	scratch_remove(scratch);
	arena_free(arena);
}

static void
test_suffix_file(void **state)
{
	struct arena *arena = arena_new();
	char *scratch = scratch_make(), *path;
	struct psl *psl, *watched;
	struct str why = STR_NONE;

	(void)state;
	path = scratch_write(scratch, "list", "// VERSION: 2026-11-20_08-47\n"
	    "example\n*.wild.example\n!not.wild.example\n");
	psl = psl_open(arena, str_from(path), &why);
	assert_non_null(psl);
	assert_true(str_is(psl_date(arena, psl), "2026-11-20"));
	assert_true(psl_has(psl, STR("a.wild.example")));
	assert_false(psl_has(psl, STR("not.wild.example")));
	assert_false(psl_has(psl, STR("co.uk")));
	assert_true(psl_has_below(psl, STR("wild.example")));
	assert_false(psl_has_below(psl, STR("example")));
	assert_true(psl_lists_below(psl, STR("example")));
	assert_false(psl_lists_below(psl, STR("tame.example")));
	assert_true(psl_lists_below(psl, STR("xn--p1ai")));
	watched = psl_watch(arena, psl);
	psl_watch_below(watched, STR("wild.example"));
	psl_has(watched, STR("wild.example"));
	psl_has(watched, STR("co.uk"));
	assert_int_equal(psl_asked(watched), 0);
	psl_has(watched, STR("a.wild.example"));
	psl_organization(watched, STR("b.a.wild.example"));
	assert_int_equal(psl_asked(watched), 2);
	psl_close(psl);
	free(path);
	path = scratch_write(scratch, "empty", "");
	assert_null(psl_open(arena, str_from(path), &why));
	assert_true(why.n > 0);
	assert_null(psl_open(arena, STR("/nonexistent/list"), &why));
	assert_true(str_is(why, "No such file or directory"));
	free(path);
	scratch_remove(scratch);
	arena_free(arena);
}

/* ---- reports ------------------------------------------------------------- */

static const struct {
	const char *zones, *domain, *host;
	enum authorised authorised;
} reports[] = {
	{ REJECT, "example.com", "example.com", AUTHORISED_SAME },
	{ REJECT, "example.com", "mail.example.com", AUTHORISED_SAME },
	{ REJECT, "a.example.com", "b.example.com", AUTHORISED_SAME },
	{ REJECT, "example.com", "example.net", AUTHORISED_UNKNOWN },
	{ REJECT "= example.net\n", "example.com", "example.net",
	  AUTHORISED_NO },
	{ REJECT "= example.net\n"
	  "example.com._report._dmarc TXT 'v=DMARC1'", "example.com",
	  "example.net", AUTHORISED_YES },
	{ REJECT "= example.net\n"
	  "example.com._report._dmarc TXT 'v=DMARC1;'", "example.com",
	  "example.net", AUTHORISED_YES },
	{ REJECT "= example.net\n"
	  "*._report._dmarc TXT 'v=DMARC1'", "example.com", "example.net",
	  AUTHORISED_YES },
	{ REJECT "= example.net\n"
	  "*._report._dmarc TXT 'v=DMARC1'\n"
	  "example.org._report._dmarc TXT 'v=DMARC1'\n"
	  "x.com._report._dmarc TXT 'v=DMARC1'", "example.com",
	  "example.net", AUTHORISED_NO },
	{ REJECT "= example.net\n"
	  "example.com._report._dmarc TXT 'yes'", "example.com",
	  "example.net", AUTHORISED_NO },
	/* Which name the record was found at counts. */
	{ REJECT "= example.net\n"
	  "example.com._report._dmarc TXT 'v=DMARC1'", "a.example.com",
	  "example.net", AUTHORISED_NO },
	{ REJECT, "a23456789012345678901234567890123456789012345678901234567890"
	  ".b23456789012345678901234567890123456789012345678901234567890"
	  ".c23456789012345678901234567890123456789012345678901234567890"
	  ".example.com", "a.very.long.host.that.is.far.away.example.net",
	  AUTHORISED_TOO_LONG },
};

static void
test_reports(void **state)
{
	struct arena *list = arena_new(), *arena = arena_new();
	struct psl *psl = open_list(list);
	struct world *world;
	struct str name;
	size_t i;

	(void)state;
	for (i = 0; i < countof(reports); i++) {
		print_message("%s to %s\n", reports[i].domain,
		    reports[i].host);
		world = world_from(arena, psl, reports[i].zones);
		assert_int_equal(report_authorised(world, arena,
		    str_from(reports[i].domain), str_from(reports[i].host),
		    &name), reports[i].authorised);
		assert_true(str_contains(name, STR("._report._dmarc.")));
		arena_reset(arena);
	}
	psl_close(psl);
	arena_free(list);
	arena_free(arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_verdicts),
		cmocka_unit_test(test_queries),
		cmocka_unit_test(test_organizations),
		cmocka_unit_test(test_bare_names),
		cmocka_unit_test(test_suffix_file),
		cmocka_unit_test(test_suffixes_asked_often),
		cmocka_unit_test(test_reports),
	};

	return cmocka_run_group_tests_name("discovery", tests, NULL, NULL);
}
