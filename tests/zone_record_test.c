/* Records: their fields, and where each part of them stands. */
#include "support.h"

#include <string.h>

#include "zone_lines.h"

/* The first record of a zone with this text behind its $TTL. */
static const struct record *
first(struct arena *arena, const char *text)
{
	struct zone *zone = zone_of(arena, arena_printf(arena,
	    "$TTL 60\n%s\n", text));
	size_t position = 0;

	return zone_next(zone, arena, ~0u, &position);
}

static const struct {
	const char *text;
	const char *span, *owner, *type, *rdata, *comment;
} spans[] = {
	{ "a TXT x", "a TXT x", "a", "TXT", "x", NULL },
	{ "a 5 IN TXT x \"y z\" ; c", "a 5 IN TXT x \"y z\"", "a", "TXT",
	  "x \"y z\"", "; c" },
	{ "a TXT ( x ; c\n  y )", "a TXT ( x ; c\n  y )", "a", "TXT",
	  "x ; c\n  y", "; c" },
	{ "a MX 1 b;c", "a MX 1 b", "a", "MX", "1 b", ";c" },
	{ "a ( TXT\n\"x\")", "a ( TXT\n\"x\")", "a", "TXT", "\"x\"", NULL },
	{ "\"a\" TXT x", "\"a\" TXT x", "\"a\"", "TXT", "x", NULL },
};

static void
spans_show_what_is_written(void **state)
{
	struct arena *arena = arena_new();
	const struct record *record;
	size_t i;

	(void)state;
	for (i = 0; i < countof(spans); i++) {
		record = first(arena, spans[i].text);
		assert_true(str_is(span_text(record->span), spans[i].span));
		assert_true(str_is(span_text(record->owner_span),
		    spans[i].owner));
		assert_true(str_is(span_text(record->type_span),
		    spans[i].type));
		assert_true(str_is(span_text(record->rdata_span),
		    spans[i].rdata));
		if (spans[i].comment == NULL)
			assert_true(span_is_none(record->comment));
		else
			assert_true(str_is(span_text(record->comment),
			    spans[i].comment));
	}
	arena_free(arena);
}

static void
inherited_owners_stand_nowhere(void **state)
{
	struct arena *arena = arena_new();
	struct zone *zone = zone_of(arena,
	    STR("$TTL 60\nA.b TXT x\n\tMX 1 c\n"));
	const struct record *record;
	size_t position = 0;

	(void)state;
	record = zone_next(zone, arena, HAS_MX, &position);
	assert_true(str_is(record->owner, "a.b.example.com"));
	assert_true(str_is(record_written(zone->arena, record),
	    "A.b.example.com."));
	assert_int_equal(record->owner_span.start, record->owner_span.end);
	assert_true(str_is(span_text(record->span), "MX 1 c"));
	assert_null(zone_next(zone, arena, ~0u, &position));
	assert_null(zone_next(zone, arena, ~0u, &position));
	arena_free(arena);
}

/* Where parts of the text stand, and whether they can be replaced there. */
static const struct {
	const char *rdata, *text, *part, *written;
} parts[] = {
	{ "\"v=spf1 a -all\"", "v=spf1 a -all", "a ", "a " },
	{ "\"v=spf1 a -all\"", "v=spf1 a -all", "-all", "-all" },
	{ "\"v=spf1 +a\" \"ll\"", "v=spf1 +all", "+all", "+a\" \"ll" },
	{ "\"v=spf1 +a\" \"ll\"", "v=spf1 +all", "+a", "+a" },
	{ "\"v=spf1 +a\" \"ll\"", "v=spf1 +all", "ll", "ll" },
	{ "a\\;b\\059c", "a;b;c", "a;", "a\\;" },
	{ "a\\;b\\059c", "a;b;c", ";c", "\\059c" },
	{ "a\\;b\\059c", "a;b;c", "b;", "b\\059" },
	{ "a\\;b\\059c", "a;b;c", "c", "c" },
	{ "\"a\\\"b\"", "a\"b", "a\"b", "a\\\"b" },
	{ "\"\" \"ab\"", "ab", "ab", "ab" },
	{ "( x\n ; c\n yz )", "xyz", "yz", "yz" },
	{ "( x\n ; c\n yz )", "xyz", "xy", "x\n ; c\n y" },
};

static void
parts_of_the_text_have_places(void **state)
{
	struct arena *arena = arena_new();
	const struct record *record;
	size_t i, start, end;
	struct str part;

	(void)state;
	for (i = 0; i < countof(parts); i++) {
		record = first(arena, arena_printf(arena, "a TXT %s",
		    parts[i].rdata).p);
		assert_true(str_is(record->text, parts[i].text));
		part = str_from(parts[i].part);
		start = str_find_str(record->text, part);
		end = start + part.n;
		if (!str_is(span_text(record_text_span(record, start, end)),
		    parts[i].written))
			fail_msg("%s: %.*s", parts[i].rdata, STR_ARG(span_text(
			    record_text_span(record, start, end))));
	}
	arena_free(arena);
}

static void
generated_records_stand_on_their_line(void **state)
{
	struct arena *arena = arena_new();
	const struct record *record = first(arena,
	    "$GENERATE 1-2 h$ TXT \"\\\"v=spf1 $\\\"\" ; c");
	struct span span = record_text_span(record, 7, 8);

	(void)state;
	assert_true(record->generated);
	assert_true(str_is(record->text, "v=spf1 1"));
	assert_true(str_is(span_text(record->span),
	    "$GENERATE 1-2 h$ TXT \"\\\"v=spf1 $\\\"\""));
	assert_true(str_is(span_text(span), "\"\\\"v=spf1 $\\\"\""));
	arena_free(arena);
}

static void
fields_are_filled(void **state)
{
	struct arena *arena = arena_new();
	const struct record *record;

	(void)state;
	record = first(arena, "a MX 10 Mail.Example.NET.");
	assert_int_equal(record->preference, 10);
	assert_true(str_is(record->target, "mail.example.net"));
	assert_int_equal(record->token_count, 2);
	record = first(arena, "a CNAME b");
	assert_true(str_is(record->target, "b.example.com"));
	record = first(arena, "a SRV 1 2 3 .");
	assert_true(str_is(record->target, ""));
	record = first(arena, "a A 192.0.2.1");
	assert_memory_equal(record->address, "\300\0\2\1", 4);
	record = first(arena, "@ SOA a b 1 2 3 4 5");
	assert_int_equal(record->soa_serial, 1);
	assert_int_equal(record->soa_minimum, 5);
	assert_true(record->zone->contents->has_soa);
	assert_int_equal(record->zone->contents->soa_minimum, 5);
	record = first(arena, "a TXT x \"y\\\"\" z");
	assert_int_equal(record->string_count, 3);
	assert_true(str_is(record->strings[1], "y\""));
	assert_false(record->tokens[0].quoted);
	assert_true(record->tokens[1].quoted);
	assert_true(str_is(record->tokens[1].raw, "y\\\""));
	arena_free(arena);
}

static const struct {
	const char *entry;
	enum auth auth;
} auths[] = {
	{ "@ TXT 'v=spf1 -all'", AUTH_SPF },
	{ "@ SPF 'v=spf1 -all'", AUTH_SPF },
	{ "_dmarc TXT 'v=DMARC1; p=none'", AUTH_DMARC },
	{ "_dmarc TXT 'v=spf1 -all'", AUTH_NONE },
	{ "@ TXT 'v=DMARC1; p=none'", AUTH_NONE },
	{ "a._domainkey TXT 'p='", AUTH_DKIM },
	{ "a._domainkey TXT 'v=DKIM1; p='", AUTH_DKIM },
	{ "a._report._dmarc TXT 'v=DMARC1'", AUTH_REPORT },
	{ "_mta-sts TXT 'v=STSv1; id=1'", AUTH_MTASTS },
	{ "_smtp._tls TXT 'v=TLSRPTv1; rua=mailto:a@b.example'",
	  AUTH_TLSRPT },
	{ "default._bimi TXT 'v=BIMI1; l='", AUTH_BIMI },
	{ "@ TXT 'anything'", AUTH_NONE },
	{ "@ TXT \\# 12 0b763d73706631202d616c6c", AUTH_SPF },
};

static void
texts_are_known_by_place_and_version(void **state)
{
	struct arena *arena = arena_new();
	const struct record *record;
	struct buffer entry = { 0 };
	const char *p;
	size_t i;

	(void)state;
	for (i = 0; i < countof(auths); i++) {
		buffer_clear(&entry);
		for (p = auths[i].entry; *p != '\0'; p++)
			buffer_add_byte(&entry, *p == '\'' ? '"' : *p);
		record = first(arena, arena_cstr(arena, buffer_str(&entry)));
		if (record->auth != auths[i].auth)
			fail_msg("%s: %d", auths[i].entry, record->auth);
		assert_int_equal(record->spf != NULL,
		    record->auth != AUTH_NONE);
	}
	buffer_free(&entry);
	arena_free(arena);
}

static const struct { const char *a, *b; bool same; } pairs[] = {
	{ "a TXT x", "A 5 TXT \"\\120\"", true },
	{ "a TXT x", "a TXT X", false },
	{ "a TXT xy", "a TXT x y", false },
	{ "a MX 1 b", "a MX 01 B.example.com.", true },
	{ "a MX 1 b", "b MX 1 b", false },
	{ "a AAAA ::1", "a AAAA 0::1", true },
	{ "a TXT x", "a SPF x", false },
	{ "a TYPE65280 \\# 1 0a", "a TYPE65280 \\# 1 0A", true },
	{ "a TXT x y", "a TXT x z", false },
	{ "a TXT xy", "a TXT \\# 3 027879", true },
	{ "a MX 1 b", "a MX 2 b", false }, { "a MX 1 b", "a MX 1 c", false },
	{ "a MX 1 b", "a MX 1 bb", false },
	{ "a MX 16705 b", "a MX 24929 b", false },
	{ "a SRV 1 2 3 b", "a SRV 1 2 3 B", true },
	{ "a SRV 1 2 3 b", "a SRV 1 3 3 b", false },
	{ "a A 65.65.65.65", "a A 97.97.97.97", false },
	{ "a CNAME x\\.y", "a CNAME x.y", false },
	{ "a NAPTR 1 1 u x \"\" b", "a NAPTR 1 1 u x \"\" B", true },
	{ "a NAPTR 1 1 u x \"\" b", "a NAPTR 1 1 U x \"\" b", false },
	{ "a CAA 0 issue b", "a CAA 0 Issue b", false },
	{ "a DNSKEY 256 3 8 AQID", "a DNSKEY 256 3 8 AqID", false },
	{ "a RP b .", "a RP . b", false },
	{ "a RP b C", "a RP B c", true },
	{ "a HTTPS 0 b", "a HTTPS 0 B", false },
	{ "a NSEC b A", "a NSEC B A", false },
};

static void
same_records_are_the_same(void **state)
{
	struct arena *arena = arena_new();
	size_t i;

	(void)state;
	for (i = 0; i < countof(pairs); i++)
		assert_int_equal(record_same(arena, first(arena, pairs[i].a),
		    first(arena, pairs[i].b)), pairs[i].same);
	arena_free(arena);
}

/* However many there are. */
static void
the_first_of_the_same_is_found(void **state)
{
	const struct record *records[2 * countof(pairs)], **found;
	struct arena *arena = arena_new();
	size_t i, j, count;

	(void)state;
	for (i = 0; i < countof(pairs); i++) {
		records[i] = first(arena, pairs[i].a);
		records[countof(pairs) + i] = first(arena, pairs[i].b);
	}
	for (count = 0; count <= countof(records); count++) {
		found = records_first(arena, records, count);
		for (i = 0; i < count; i++) {
			for (j = 0; !record_same(arena, records[j],
			    records[i]); j++)
				continue;
			assert_ptr_equal(found[i], records[j]);
		}
	}
	arena_free(arena);
}

/* Those of a kind are found where they stand, and nothing else is. */
static void
kinds_are_found_by_their_place(void **state)
{
	struct arena *arena = arena_new();
	struct zone *zone = zone_of(arena, STR("$TTL 60\n"
	    "@ TXT \"v=spf1 -all\"\na TXT \"v=DKIM1; p=\"\n"
	    "A._Domainkey MX 1 b\n\tTXT x\n"
	    "\tTXT \"v=DKIM1; p=\"\n\tTXT \"v=spf1\"\n_dmarc TXT \"p=\"\n"
	    "$GENERATE 1-2 s$._domainkey TXT \"p=\"\n"));
	size_t position = 0, all = 0, count = 0;
	const struct record *record, *same;

	(void)state;
	while ((record = zone_next_of(zone, arena, AUTH_DKIM, &position)) !=
	    NULL) {
		do
			same = zone_next(zone, arena, HAS_TXT, &all);
		while (same != NULL && same->auth != AUTH_DKIM);
		assert_non_null(same);
		assert_int_equal(record->position, same->position);
		assert_true(str_equal(record->text, same->text));
		count++;
	}
	assert_int_equal(count, 4);
	arena_free(arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(spans_show_what_is_written),
		cmocka_unit_test(inherited_owners_stand_nowhere),
		cmocka_unit_test(parts_of_the_text_have_places),
		cmocka_unit_test(generated_records_stand_on_their_line),
		cmocka_unit_test(fields_are_filled),
		cmocka_unit_test(texts_are_known_by_place_and_version),
		cmocka_unit_test(same_records_are_the_same),
		cmocka_unit_test(the_first_of_the_same_is_found),
		cmocka_unit_test(kinds_are_found_by_their_place),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
