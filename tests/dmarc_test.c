#include "support.h"

#include <string.h>

#include "auth/auth.h"
#include "base/arena.h"
#include "problems.h"

static const struct {
	const char *text;
	int kind;
	const char *words;	/* what is underlined */
} grammar[] = {
	/* What RFC 9989 section 4.8 derives, or RFC 7489 did. */
	{ "v=DMARC1", NO_PROBLEM, NULL },
	{ "v=DMARC1;", NO_PROBLEM, NULL },
	{ "v=DMARC1; p=none", NO_PROBLEM, NULL },
	{ "v=DMARC1;p=none;", NO_PROBLEM, NULL },
	{ "V = DMARC1\t;\tP\t= Reject ; SP=QUARANTINE ", NO_PROBLEM, NULL },
	{ "v=DMARC1; p=reject; sp=none; np=quarantine; adkim=s; aspf=R; psd=U;"
	  " t=y; fo=1:d:S; pct=0; ri=3600; rf=afrf; rua=mailto:a@b.c!10m , "
	  "mailto:d@e.f; ruf=mailto:a@b.c", NO_PROBLEM, NULL },
	{ "v=DMARC1; fo=0 : d; p=none", NO_PROBLEM, NULL },
	{ "v=DMARC1; rua=mailto:a@b.c; p=none", NO_PROBLEM, NULL },
	{ "v=DMARC1; p=none; moo=cow says:moo", NO_PROBLEM, NULL },
	{ "v=DMARC1; p=none; moo=a, b=c", NO_PROBLEM, NULL },
	{ "v=DMARC1; p=none; pct=100; pct_=1", DMARC_BAD_TAG_NAME, "pct_" },
	/* URIs have problems of their own. */
	{ "v=DMARC1; p=none; rua=a@b.c, mailto:\xc3\xa9@b.c", NO_PROBLEM,
	  NULL },

	{ "", DMARC_BAD_VERSION, "" },
	{ "p=none", DMARC_BAD_VERSION, "p=none" },
	{ "v=dmarc1; p=none", DMARC_BAD_VERSION, "dmarc1" },
	{ "v=DMARC; p=none", DMARC_BAD_VERSION, "DMARC" },
	{ "v=; p=none", DMARC_BAD_VERSION, "v=" },
	{ " v=DMARC1; p=none", DMARC_BAD_VERSION, " " },
	{ "p=none; v=DMARC1", DMARC_BAD_VERSION, "v=DMARC1" },
	{ "v=DMARC1\\; p=none", DMARC_BAD_VERSION, "DMARC1\\" },
	{ "v=DMARC1:p=none", DMARC_BAD_VERSION, "DMARC1:p=none" },

	{ "v=DMARC1 p=none", DMARC_BAD_SEPARATOR, " " },
	{ "v=DMARC1, p=none", DMARC_BAD_SEPARATOR, ", " },
	{ "v=DMARC1; p=none sp=none", DMARC_BAD_SEPARATOR, " " },
	{ "v=DMARC1; p=none, sp = none", DMARC_BAD_SEPARATOR, ", " },
	{ "v=DMARC1; p=none | rua=mailto:a@b.c", DMARC_BAD_SEPARATOR, " | " },
	{ "v=DMARC1; p=none; rua=mailto:a@b.c, ruf=mailto:a@b.c",
	  DMARC_BAD_SEPARATOR, ", " },
	{ "v=DMARC1; p=none; rua=mailto:a@b.c pct=100",
	  DMARC_BAD_SEPARATOR, " " },
	{ "v=DMARC1;p=none;fo:0;adkim=r", DMARC_BAD_SEPARATOR, ":" },
	{ "v=DMARC1;p=none;RF :afrf", DMARC_BAD_SEPARATOR, ":" },
	{ "v=DMARC1;p=none;0;adkim=r", DMARC_BAD_SEPARATOR, "0" },
	{ "v=DMARC1;p=none;p", DMARC_BAD_SEPARATOR, "p" },
	{ "v=DMARC1; p=reject; sp- reject", DMARC_BAD_SEPARATOR,
	  "sp- reject" },
	{ "v=DMARC1; p=none; rua=mailto:a@b.c;mailto:d@e.f", DMARC_LOST_URI,
	  "mailto:d@e.f" },
	{ "v=DMARC1; p=none; rua=mailto:a@b.c; mailto:d@e.f?a=b;",
	  DMARC_LOST_URI, "mailto:d@e.f?a=b" },

	{ "v=DMARC1;; p=none", DMARC_EMPTY_TAG, ";" },
	{ "v=DMARC1; p=none; ; ;", DMARC_EMPTY_TAG, ";" },
	{ "v=DMARC1; p=none; P=reject", DMARC_REPEATED_TAG, "P=reject" },
	{ "v=DMARC1; v=DMARC1; p=none", DMARC_REPEATED_TAG, "v=DMARC1" },
	{ "v=DMARC1; p=none; x=y; x=z", DMARC_REPEATED_TAG, "x=z" },
	{ "v=DMARC1; =none; p=none", DMARC_BAD_TAG_NAME, "=" },
	{ "v=DMARC1; p=none; s p=none", DMARC_BAD_TAG_NAME, "s p" },
	{ "v=DMARC1; \xe2\x80\x9cp=none", DMARC_BAD_TAG_NAME,
	  "\xe2\x80\x9cp" },
	{ "v=DMARC1; p=none; rua=", DMARC_EMPTY_VALUE, "rua=" },
	{ "v=DMARC1; p=none; adkim= ; t=y", DMARC_EMPTY_VALUE, "adkim=" },
	{ "v=DMARC1; p=none; moo=", DMARC_EMPTY_VALUE, "moo=" },

	{ "v=DMARC1; p=", DMARC_BAD_POLICY, "p=" },
	{ "v=DMARC1; p=rejct", DMARC_BAD_POLICY, "rejct" },
	{ "v=DMARC1; p=none; sp=rejct", DMARC_BAD_POLICY, "rejct" },
	{ "v=DMARC1; p=none; np=\"none\"", DMARC_BAD_POLICY, "\"none\"" },
	{ "v=DMARC1; p=none\\; sp=none", DMARC_BAD_POLICY, "none\\" },
	{ "v=DMARC1; p=none; adkim=strict", DMARC_BAD_VALUE, "strict" },
	{ "v=DMARC1; p=none; aspf=x", DMARC_BAD_VALUE, "x" },
	{ "v=DMARC1; p=none; fo=2", DMARC_BAD_VALUE, "2" },
	{ "v=DMARC1; p=none; fo=1,d", DMARC_BAD_VALUE, "1,d" },
	{ "v=DMARC1; p=none; fo=1:", DMARC_BAD_VALUE, "1:" },
	{ "v=DMARC1; p=none; fo=d:s:d", DMARC_BAD_VALUE, "d:s:d" },
	{ "v=DMARC1; p=none; t=true", DMARC_BAD_VALUE, "true" },
	{ "v=DMARC1; p=none; psd=yes", DMARC_BAD_VALUE, "yes" },
	{ "v=DMARC1; p=none; ri=1d", DMARC_BAD_VALUE, "1d" },
	{ "v=DMARC1; p=none; ri=4294967296", DMARC_BAD_VALUE, "4294967296" },
	{ "v=DMARC1; p=none; rf=iodef", DMARC_BAD_VALUE, "iodef" },
	{ "v=DMARC1; p=none; pct=", DMARC_BAD_PCT, "pct=" },
	{ "v=DMARC1; p=none; pct=101", DMARC_BAD_PCT, "101" },
	{ "v=DMARC1; p=none; pct=50%", DMARC_BAD_PCT, "50%" },
	{ "v=DMARC1; p=none; pct=-1", DMARC_BAD_PCT, "-1" },

	{ "v=DMARC1; p=re\x01ject", DMARC_BAD_CHARACTER, "\x01" },
	{ "v=DMARC1; p=none; moo=\xe9", DMARC_BAD_CHARACTER, "\xe9" },
	{ "v=DMARC1; p=none; moo=a\tb", DMARC_BAD_CHARACTER, "\t" },
};

static void
grammar_is_that_of_rfc9989(void **state)
{
	struct arena *arena = arena_new();
	const struct dmarc *dmarc;
	size_t i;

	(void)state;
	for (i = 0; i < countof(grammar); i++) {
		dmarc = dmarc_parse(arena, str_from(grammar[i].text));
		assert_problem(dmarc->text, &dmarc->problems, grammar[i].kind,
		    grammar[i].words);
		assert_int_equal(dmarc->selected,
		    auth_version(dmarc->text) == AUTH_DMARC);
		arena_reset(arena);
	}
	arena_free(arena);
}

static void
tags_have_their_meaning(void **state)
{
	struct arena *arena = arena_new();
	const struct dmarc *dmarc = dmarc_parse(arena, STR("v=DMARC1; "
	    "p=REJECT; sp=none; adkim=S; t=Y; psd=n; pct=5; p=none; "
	    "rua=mailto:a@b.c,https://x.org"));

	(void)state;
	assert_true(dmarc->selected);
	assert_int_equal(dmarc->policy, POLICY_REJECT);
	assert_int_equal(dmarc->subdomain_policy, POLICY_NONE);
	assert_int_equal(dmarc->nonexistent_policy, POLICY_ABSENT);
	assert_true(dmarc->strict_dkim);
	assert_false(dmarc->strict_spf);
	assert_true(dmarc->test);
	assert_true(dmarc->psd_no);
	assert_false(dmarc->psd_yes);
	assert_int_equal(dmarc->percent, 5);
	assert_int_equal(dmarc->p->start, 10);
	assert_true(str_is(dmarc->rua_list->host, "b.c"));
	assert_true(str_is(dmarc->rua_list->next->host, "x.org"));
	assert_int_equal(dmarc->rua_list->start, dmarc->rua->value_start);
	assert_null(dmarc->ruf_list);
	dmarc = dmarc_parse(arena, STR("v=DMARC1; psd=y; p=x; pct=x"));
	assert_int_equal(dmarc->policy, POLICY_INVALID);
	assert_true(dmarc->psd_yes);
	assert_int_equal(dmarc->percent, 100);
	assert_false(dmarc->test);
	dmarc = dmarc_parse(arena, STR("v=DMARC1;"));
	assert_int_equal(dmarc->policy, POLICY_ABSENT);
	assert_int_equal(dmarc->percent, 100);
	arena_free(arena);
}

static const struct {
	const char *text, *printed;
} printing[] = {
	{ "v=DMARC1", "v=DMARC1;" },
	{ "V = DMARC1 ;;P=Reject ;; ", "v=DMARC1; p=reject" },
	{ "v=DMARC1;p=none;RUA=mailto:A@b.c,  mailto:D@e.f;FO=D:S",
	  "v=DMARC1; p=none; rua=mailto:A@b.c,  mailto:D@e.f; fo=d:s" },
	{ "v=DMARC1;X = Y;0;p=None,b;=", "v=DMARC1; X=Y; 0; p=none,b; =" },
	{ "v=dmarc1;P=none", "v=dmarc1;P=none" },
	{ " v=DMARC1;P=none", " v=DMARC1;P=none" },
};

static void
printing_is_canonical(void **state)
{
	struct arena *arena = arena_new();
	struct str printed;
	size_t i;

	(void)state;
	for (i = 0; i < countof(printing); i++) {
		printed = dmarc_print(arena, dmarc_parse(arena,
		    str_from(printing[i].text)));
		if (!str_is(printed, printing[i].printed))
			fail_msg("%s: printed %.*s", printing[i].text,
			    STR_ARG(printed));
	}
	arena_free(arena);
}

static const struct {
	const char *name, *near;
} near[] = {
	{ "rau", "rua" }, { "adkin", "adkim" }, { "asfp", "aspf" },
	{ "spp", "sp" }, { "ps", "sp" }, { "pct2", "pct" }, { "RUAA", "rua" },
	{ "fo", NULL }, { "RUA", NULL }, { "x", NULL }, { "", NULL },
	{ "policy", NULL }, { "bimi", NULL }, { "foo", NULL },
};

static void
misspelt_tags_are_recognised(void **state)
{
	const char *found;
	size_t i;

	(void)state;
	for (i = 0; i < countof(near); i++) {
		found = dmarc_tag_near(str_from(near[i].name));
		if (near[i].near == NULL)
			assert_null(found);
		else
			assert_string_equal(found, near[i].near);
	}
	assert_true(dmarc_tag_is_known(STR("np")));
	assert_true(dmarc_tag_is_known(STR("RF")));
	assert_false(dmarc_tag_is_known(STR("sp ")));
}

static void
policies_have_names(void **state)
{
	enum policy policy;

	(void)state;
	for (policy = POLICY_NONE; policy <= POLICY_REJECT; policy++)
		assert_int_equal(policy_parse(str_from(policy_name(policy))),
		    policy);
	assert_int_equal(policy_parse(STR("QUARantine")), POLICY_QUARANTINE);
	assert_int_equal(policy_parse(STR("absent")), POLICY_INVALID);
	assert_int_equal(policy_parse(STR("")), POLICY_INVALID);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(grammar_is_that_of_rfc9989),
		cmocka_unit_test(tags_have_their_meaning),
		cmocka_unit_test(printing_is_canonical),
		cmocka_unit_test(misspelt_tags_are_recognised),
		cmocka_unit_test(policies_have_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
