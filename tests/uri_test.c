#include "support.h"

#include <stdio.h>
#include <string.h>

#include "auth/auth.h"
#include "base/arena.h"

static const struct {
	const char *text;
	enum uri_problem problem;
	const char *address, *host, *size;	/* NULL: none */
} uris[] = {
	{ "mailto:a@example.com", URI_FINE, "a@example.com", "example.com",
	  NULL },
	{ "MailTo:A.b+c@Example.COM.", URI_FINE, "A.b+c@Example.COM.",
	  "example.com", NULL },
	{ "mailto:a@example.com!10m", URI_FINE, "a@example.com",
	  "example.com", "10m" },
	{ "mailto:a@example.com!4096", URI_FINE, "a@example.com",
	  "example.com", "4096" },
	{ "mailto:a%2Cb%21c@x.org", URI_FINE, "a,b!c@x.org", "x.org", NULL },
	{ "mailto:a@x.org?subject=b%20c", URI_FINE, "a@x.org", "x.org",
	  NULL },
	{ "mailto:root@localhost", URI_FINE, "root@localhost", "localhost",
	  NULL },
	{ "mailto:a@_x.example.com", URI_FINE, "a@_x.example.com",
	  "_x.example.com", NULL },
	{ "https://example.com/report", URI_FINE, NULL, "example.com", NULL },
	{ "HTTPS://u@Example.com:8443/?a@b", URI_FINE, NULL, "example.com",
	  NULL },
	{ "http://example.com/report", URI_SCHEME, NULL, NULL, NULL },
	{ "sip:a@example.com", URI_SCHEME, NULL, NULL, NULL },
	{ "a@example.com", URI_NO_SCHEME, NULL, NULL, NULL },
	{ "example.com", URI_NO_SCHEME, NULL, NULL, NULL },
	{ "a@example.com:25", URI_NO_SCHEME, NULL, NULL, NULL },
	{ "__mailto:a@example.com", URI_NOT_A_URI, NULL, NULL, NULL },
	{ "mailto:", URI_NOT_A_URI, "", NULL, NULL },
	{ "mailto:postmaster", URI_NOT_A_URI, "postmaster", NULL, NULL },
	{ "mailto:@x.org", URI_NOT_A_URI, "@x.org", "x.org", NULL },
	{ "mailto:a@", URI_NOT_A_URI, "a@", NULL, NULL },
	{ "mailto:a@b@x.org", URI_NOT_A_URI, "a@b@x.org", NULL, NULL },
	{ "mailto:a@x..org", URI_NOT_A_URI, "a@x..org", NULL, NULL },
	{ "mailto:a@[192.0.2.1]", URI_NOT_A_URI, "a@[192.0.2.1]", NULL,
	  NULL },
	{ "mailto://a@x.org", URI_NOT_A_URI, NULL, NULL, NULL },
	{ "mailto:<a@x.org>", URI_NOT_A_URI, NULL, NULL, NULL },
	{ "mailto:a%2@x.org", URI_NOT_A_URI, NULL, NULL, NULL },
	{ "mailto:a%zz@x.org", URI_NOT_A_URI, NULL, NULL, NULL },
	{ "mailto:a\nb@x.org", URI_NOT_A_URI, NULL, NULL, NULL },
	{ "https:example.com", URI_NOT_A_URI, NULL, NULL, NULL },
	{ "https:///report", URI_NOT_A_URI, NULL, NULL, NULL },
	{ "mailto: a@x.org", URI_ENCODING, NULL, NULL, NULL },
	{ "mailto:a b@x.org", URI_ENCODING, NULL, NULL, NULL },
	{ "mailto:a!b@x.org", URI_ENCODING, NULL, NULL, NULL },
	{ "mailto:a@x.org!10mb", URI_ENCODING, NULL, NULL, NULL },
	{ "mailto:a@x.org!", URI_ENCODING, NULL, NULL, NULL },
	{ "mailto:a@x.org!m", URI_ENCODING, NULL, NULL, NULL },
	{ "mailto:a,b@x.org", URI_ENCODING, NULL, NULL, NULL },
	{ "mailto:a@x.org mailto:b@x.org", URI_MISSING_COMMA, NULL, NULL,
	  NULL },
	{ "mailto:\xc3\xa9@x.org", URI_NON_ASCII, NULL, NULL, NULL },
	{ "mailto:%C3%A9@x.org", URI_NON_ASCII, "\xc3\xa9@x.org", NULL,
	  NULL },
	{ ",", URI_EMPTY, NULL, NULL, NULL },
};

static void
uris_are_taken_apart(void **state)
{
	struct arena *arena = arena_new();
	const struct report_uri *uri;
	size_t i;

	(void)state;
	for (i = 0; i < countof(uris); i++) {
		uri = report_uris_parse(arena, str_from(uris[i].text), 0);
		if (uri->problem != uris[i].problem ||
		    !str_equal(uri->address, str_from(uris[i].address)) ||
		    !str_equal(uri->host, str_from(uris[i].host)) ||
		    !str_equal(uri->size, str_from(uris[i].size)))
			fail_msg("%s: %d, %.*s, %.*s, %.*s", uris[i].text,
			    uri->problem, STR_ARG(uri->address),
			    STR_ARG(uri->host), STR_ARG(uri->size));
		if (uri->problem != URI_EMPTY)
			assert_true(str_is(uri->text, uris[i].text));
		arena_reset(arena);
	}
	arena_free(arena);
}

static const struct {
	const char *list, *parts[4];	/* what each spans */
} lists[] = {
	{ "", { NULL } },
	{ "mailto:a@b.c", { "mailto:a@b.c" } },
	{ " mailto:a@b.c \t,  mailto:d@e.f!1k ", { "mailto:a@b.c",
	  "mailto:d@e.f!1k" } },
	{ "mailto:a@b.c,", { "mailto:a@b.c", "," } },
	{ ",mailto:a@b.c,,d", { ",", "mailto:a@b.c", ",", "d" } },
	{ "mailto:a,b@c.d,e@f.g", { "mailto:a,b@c.d", "e@f.g" } },
	{ "mailto:a, b@c.d", { "mailto:a", "b@c.d" } },
	{ "mailto:a,mailto:b@c.d", { "mailto:a", "mailto:b@c.d" } },
	{ " ", { " " } },
};

static void
lists_are_split(void **state)
{
	struct arena *arena = arena_new();
	const struct report_uri *uri;
	struct str part;
	size_t i, j;

	(void)state;
	for (i = 0; i < countof(lists); i++) {
		uri = report_uris_parse(arena, str_from(lists[i].list), 100);
		for (j = 0; uri != NULL; uri = uri->next, j++) {
			part = str_slice(str_from(lists[i].list),
			    uri->start - 100, uri->end - 100);
			if (!str_equal(part, str_from(lists[i].parts[j])))
				fail_msg("%s: %.*s", lists[i].list,
				    STR_ARG(part));
		}
		assert_true(j == countof(lists[i].parts) ||
		    lists[i].parts[j] == NULL);
	}
	arena_free(arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(uris_are_taken_apart),
		cmocka_unit_test(lists_are_split),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
