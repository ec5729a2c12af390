#include "support.h"

#include <string.h>

#include "auth/auth.h"
#include "base/arena.h"
#include "problems.h"

static const struct {
	const char *text;
	int kind;
	const char *words;	/* what is underlined */
} records[] = {
	{ "v=TLSRPTv1;rua=mailto:a@b.c", NO_PROBLEM, NULL },
	{ "v=TLSRPTv1; rua=https://b.c/?x=y , mailto:a@b.c ; x=y;",
	  NO_PROBLEM, NULL },
	/* Each URI tells what is wrong with it. */
	{ "v=TLSRPTv1; rua=a@b.c", NO_PROBLEM, NULL },
	{ "v=TLSRPTv2; rua=mailto:a@b.c", TLSRPT_BAD_FIELD, "v=TLSRPTv2" },
	{ "v=TLSRPTv1; rua = mailto:a@b.c", TLSRPT_BAD_FIELD,
	  "rua = mailto:a@b.c" },
	{ "v=TLSRPTv1; rua=mailto:a@b.c; mailto:d@e.f", TLSRPT_BAD_FIELD,
	  "mailto:d@e.f" },
	{ "v=TLSRPTv1;; rua=mailto:a@b.c", TLSRPT_BAD_FIELD, ";" },
	{ "v=TLSRPTv1; rua=mailto:a@b.c; rua=mailto:d@e.f",
	  TLSRPT_REPEATED_FIELD, "rua=mailto:d@e.f" },
	{ "v=TLSRPTv1", TLSRPT_NO_RUA, "v=TLSRPTv1" },
	{ "v=TLSRPTv1; rua=", TLSRPT_NO_RUA, "rua=" },
	{ "v=TLSRPTv1; RUA=mailto:a@b.c", TLSRPT_NO_RUA,
	  "v=TLSRPTv1; RUA=mailto:a@b.c" },
	{ "", TLSRPT_BAD_FIELD, "" },
};

static void
records_are_those_of_rfc8460(void **state)
{
	struct arena *arena = arena_new();
	const struct tlsrpt *tlsrpt;
	size_t i;

	(void)state;
	for (i = 0; i < countof(records); i++) {
		tlsrpt = tlsrpt_parse(arena, str_from(records[i].text));
		assert_problem(tlsrpt->text, &tlsrpt->problems,
		    records[i].kind, records[i].words);
		arena_reset(arena);
	}
	arena_free(arena);
}

static void
destinations_are_found(void **state)
{
	struct arena *arena = arena_new();
	const struct tlsrpt *tlsrpt = tlsrpt_parse(arena,
	    STR("v=TLSRPTv1;  rua=mailto:a@b.c,https://d.e ;"));

	(void)state;
	assert_int_equal(tlsrpt->uris->start, 17);
	assert_true(str_is(tlsrpt->uris->host, "b.c"));
	assert_true(str_is(tlsrpt->uris->next->host, "d.e"));
	assert_int_equal(tlsrpt->uris->next->problem, URI_FINE);
	assert_true(str_is(tlsrpt_print(arena, tlsrpt),
	    "v=TLSRPTv1; rua=mailto:a@b.c,https://d.e"));
	tlsrpt = tlsrpt_parse(arena, STR("v=TLSRPT1;;"));
	assert_true(str_is(tlsrpt_print(arena, tlsrpt), "v=TLSRPT1;;"));
	arena_free(arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(records_are_those_of_rfc8460),
		cmocka_unit_test(destinations_are_found),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
