/* Rdata of all types: what is taken, and how it is printed. */
#include "support.h"

#include <string.h>

#include "zone_lines.h"

/* Printed NULL: refused. All verdicts are those of named-checkzone 9.18. */
static const struct {
	const char *type, *text, *printed;
} rows[] = {
	/* Addresses. */
	{ "A", "192.0.2.1", "192.0.2.1" },
	{ "A", "192.0.2", NULL },
	{ "A", "192.0.2.256", NULL },
	{ "A", "192.0.2.01", NULL },
	{ "A", "192.0.2.1.", NULL },
	{ "A", "", NULL },
	{ "A", "\\# 4 c0000201", "192.0.2.1" },
	{ "A", "\\# 3 c00002", NULL },
	{ "AAAA", "2001:DB8:0:0:0:0:0:1", "2001:db8::1" },
	{ "AAAA", "::ffff:192.0.2.1", "::ffff:192.0.2.1" },
	{ "AAAA", "2001:db8::1::", NULL },
	{ "A6", "64 ::1 x", "64 ::1 x.example.com." },
	{ "A6", "0 ::1", "0 ::1" },
	{ "A6", "128 x", "128  x.example.com." },
	{ "A6", "129 ::1", NULL },
	{ "APL", "1:192.0.2.0/24 !2:2001:db8::/32",
	  "1:192.0.2.0/24 !2:2001:db8::/32" },
	{ "APL", "", "" },
	{ "APL", "1:192.0.2.0/33", NULL },
	{ "APL", "+1:192.0.2.0/24", "1:192.0.2.0/24" },
	{ "APL", "-1:192.0.2.0/24", NULL },
	{ "APL", "1:192.0.2.0/+24", NULL },
	{ "APL", "\\# 5 0003208101", "\\# 5 0003208101" },
	{ "APL", "\\# 5 0003208100", NULL },
	{ "APL", "\\# 4 00012100", NULL },
	{ "APL", "\\# 6 00030000 0001", NULL },

	/* Names. */
	{ "NS", "ns", "ns.example.com." },
	{ "NS", "@", "example.com." },
	{ "NS", ".", "." },
	{ "NS", "\"ns\"", NULL },
	{ "NS", "a..b", NULL },
	{ "NS", "a b", NULL },
	{ "PTR", "A\\.b\\032c\\@.d.", "A\\.b\\032c\\@.d." },
	{ "MX", "10 mail.example.net.", "10 mail.example.net." },
	{ "MX", "0 .", "0 ." },
	{ "MX", "65536 a", NULL },
	{ "MX", "-1 a", NULL },
	{ "MX", "10", NULL },
	{ "MX", "mail", NULL },
	{ "SRV", "0 5 443 a", "0 5 443 a.example.com." },
	{ "SRV", "0 5 a", NULL },
	{ "SOA", "a b 1 1h 2m 1w2d 5", "a.example.com. b.example.com. 1 3600 "
	  "120 777600 5" },
	{ "SOA", "a b 4294967296 2 3 4 5", NULL },
	{ "SOA", "a b 1 2 3 4", NULL },
	{ "SOA", "a b 1h 2 3 4 5", NULL },
	{ "RP", "a b", "a.example.com. b.example.com." },
	{ "AFSDB", "1 a", "1 a.example.com." },
	{ "RT", "1 a", "1 a.example.com." },
	{ "PX", "1 a b", "1 a.example.com. b.example.com." },
	{ "KX", "1 a", "1 a.example.com." },
	{ "TALINK", "a b", "a.example.com. b.example.com." },
	{ "MINFO", "a b", "a.example.com. b.example.com." },
	{ "DNAME", "a", "a.example.com." },

	/* Strings. */
	{ "TXT", "a \"b c\" \"\"", "\"a\" \"b c\" \"\"" },
	{ "TXT", "", NULL },
	{ "TXT", "\"a\"\"b\"", "\"a\" \"b\"" },
	{ "TXT", "\\065\\\"\\;\\\\\\x", "\"A\\\";\\\\x\"" },
	{ "TXT", "\"\\000\t\\127\"", "\"\\000\\009\\127\"" },
	{ "TXT", "\\256", NULL },
	{ "TXT", "\\25", NULL },
	{ "TXT", "\\2x5", NULL },
	{ "TXT", "\\# 4 03616263", "\"abc\"" },
	{ "TXT", "\\# 4 0361 6263", "\"abc\"" },
	{ "TXT", "\\# x", "\"#\" \"x\"" },
	{ "TXT", "\\#", "\"#\"" },
	{ "TXT", "\\# 3 0361", NULL },
	{ "TXT", "\\# 1 0361", NULL },
	{ "TXT", "\\# 4 04616263", NULL },
	{ "TXT", "\\# 4 0361626", NULL },
	{ "TXT", "\\# 0", NULL },
	{ "SPF", "\\# x", NULL },
	{ "HINFO", "a b", "\"a\" \"b\"" },
	{ "HINFO", "a", NULL },
	{ "ISDN", "a", "\"a\"" },
	{ "ISDN", "a b", "\"a\" \"b\"" },
	{ "X25", "12345", "\"12345\"" },
	{ "X25", "123", NULL },
	{ "GPOS", "1 2 3", "\"1\" \"2\" \"3\"" },
	{ "CAA", "0 issue \"a;b\"", "0 issue \"a;b\"" },
	{ "CAA", "256 issue a", NULL },
	{ "CAA", "0 is-sue a", NULL },
	{ "URI", "1 2 \"a\"", "1 2 \"a\"" },
	{ "URI", "1 2 a", NULL },

	/* Keys, digests, signatures. */
	{ "DS", "1 RSASHA256 SHA-1 0123456789abcdef0123456789ABCDEF01234567",
	  "1 8 1 0123456789ABCDEF0123456789ABCDEF01234567" },
	{ "DS", "1 8 1 0123456789abcdef0123456789ABCDEF012345", NULL },
	{ "DS", "1 8 9 01", "1 8 9 01" },
	{ "DS", "1 8 9 0", NULL },
	{ "CDS", "0 0 0 00", "0 0 0 00" },
	{ "DNSKEY", "257 3 13 AwEA AQ==", "257 3 13 AwEAAQ==" },
	{ "DNSKEY", "ZONE DNSSEC ED25519 AQ==", "256 3 15 AQ==" },
	{ "DNSKEY", "257 3 8 AQ= =", "257 3 8 AQ==" },
	{ "DNSKEY", "257 3 8 AR==", NULL },
	{ "DNSKEY", "257 3 8 A", NULL },
	{ "DNSKEY", "257 3 8", NULL },
	{ "DNSKEY", "257 3 PRIVATEDNS AwEA", "257 3 253 AwEA" },
	{ "DNSKEY", "\\# 8 010103fd 01610001", "257 3 253 AWEAAQ==" },
	{ "DNSKEY", "\\# 8 010103fd 03616263", NULL },
	{ "DNSKEY", "\\# 6 010103fd c000", NULL },
	{ "KEY", "0xc000 3 8", "49152 3 8" },
	{ "KEY", "NOKEY 3 8", "49152 3 8" },
	{ "RRSIG", "A 8 3 3600 20300101000000 20200101000000 1 a AQ==",
	  "A 8 3 3600 20300101000000 20200101000000 1 a.example.com. AQ==" },
	{ "RRSIG", "A 8 2 3600 20300101000000 20200101000000 1 a AQ==", NULL },
	{ "RRSIG", "A 8 0 3600 20300101000000 20200101000000 1 . AQ==",
	  "A 8 0 3600 20300101000000 20200101000000 1 . AQ==" },
	{ "RRSIG",
	  "\\# 24 0001080000000e1070dc0b005e0be1000001 016100 01 01 01",
	  NULL },
	{ "RRSIG",
	  "\\# 24 0001080100000e1070dc0b005e0be1000001 016100 01 01 01",
	  "A 8 1 3600 20300101033528 20200101000000 1 a. AQEB" },
	{ "SIG", "A 8 0 3600 20300101000000 20200101000000 1 a AQ==",
	  "A 8 0 3600 20300101000000 20200101000000 1 a.example.com. AQ==" },
	{ "RRSIG", "TYPE65280 8 2 3600 0 1 1 . AQ==",
	  "TYPE65280 8 2 3600 19700101000000 19700101000001 1 . AQ==" },
	/* The years nearest to ours that have these 32 bits. */
	{ "RRSIG", "+1 8 2 3600 20991231235959 19600101000000 1 . AQ==",
	  "A 8 2 3600 19631125173143 19600101000000 1 . AQ==" },
	{ "RRSIG", "A 8 2 3600 00000101000000 99991231235959 1 . AQ==",
	  "A 8 2 3600 20410713010400 19691223021215 1 . AQ==" },
	{ "RRSIG", "-1 8 2 3600 0 1 1 . AQ==", NULL },
	{ "RRSIG", "65536 8 2 3600 0 1 1 . AQ==", NULL },
	{ "RRSIG", "A 8 3 3600 20300229000000 20200101000000 1 a AQ==", NULL },
	{ "RRSIG", "A 8 3 3600 20280229000000 20200101000000 1 a AQ==",
	  "A 8 3 3600 20280229000000 20200101000000 1 a.example.com. AQ==" },
	{ "NSEC", "a A TXT TYPE65280", "a.example.com. A TXT TYPE65280" },
	{ "NSEC", "a", NULL },
	{ "NSEC3", "1 0 10 - 0123456789abcdefghijklmnopqrstuv A RRSIG",
	  "1 0 10 - 0123456789ABCDEFGHIJKLMNOPQRSTUV A RRSIG" },
	{ "NSEC3", "1 0 10 AABB 0123456789abcdefghijklmnopqrstuv",
	  "1 0 10 AABB 0123456789ABCDEFGHIJKLMNOPQRSTUV" },
	{ "NSEC3", "1 0 10 - 0123", NULL },
	{ "NSEC3PARAM", "1 0 0 -", "1 0 0 -" },
	{ "NSEC3PARAM", "1 0 0 ABC", NULL },
	{ "TLSA", "3 1 1 0a 0B", "3 1 1 0A0B" },
	{ "TLSA", "3 1 1", NULL },
	{ "SSHFP", "1 1 0123456789abcdef0123456789abcdef01234567",
	  "1 1 0123456789ABCDEF0123456789ABCDEF01234567" },
	{ "SSHFP", "1 1 01", NULL },
	{ "SSHFP", "1 9", "1 9" },
	{ "CERT", "PKIX 1 8 AQ==", "PKIX 1 RSASHA256 AQ==" },
	{ "OPENPGPKEY", "AQID", "AQID" },
	{ "OPENPGPKEY", "", NULL },
	{ "CSYNC", "1 3 A NS", "1 3 A NS" },
	{ "CSYNC", "1 3", "1 3" },
	{ "ZONEMD", "1 1 9 00112233445566778899aabb",
	  "1 1 9 00112233445566778899AABB" },
	{ "ZONEMD", "1 1 9 00", NULL },
	{ "DHCID", "AQID", "AQID" },

	/* SVCB, HTTPS. */
	{ "HTTPS", "1 . alpn=h2,h3 port=443", "1 . alpn=\"h2,h3\" port=443" },
	{ "HTTPS", "1 . port=443 alpn=\"h2\"", "1 . alpn=\"h2\" port=443" },
	{ "HTTPS", "1 . port=443 port=443", NULL },
	{ "HTTPS", "0 a", "0 a.example.com." },
	{ "HTTPS", "1 \"a\" ech=AQID ipv4hint=192.0.2.1,192.0.2.2 "
	  "ipv6hint=2001:db8::1", "1 a.example.com. "
	  "ipv4hint=192.0.2.1,192.0.2.2 ech=AQID ipv6hint=2001:db8::1" },
	{ "SVCB", "1 . mandatory=port,alpn alpn=h2 port=1",
	  "1 . mandatory=alpn,port alpn=\"h2\" port=1" },
	{ "SVCB", "1 . mandatory=port alpn=h2", NULL },
	{ "SVCB", "1 . no-default-alpn", NULL },
	{ "SVCB", "1 . alpn=h2 no-default-alpn",
	  "1 . alpn=\"h2\" no-default-alpn" },
	{ "SVCB", "1 . key65000=\"a b\"", "1 . key65000=\"a b\"" },
	{ "SVCB", "1 . key065=a", NULL },
	{ "SVCB", "1 . key\v65=a", "1 . key65=\"a\"" },
	{ "SVCB", "1 . key+65=a", NULL },
	{ "SVCB", "1 . foo=a", NULL },
	{ "SVCB", "1 . alpn=", NULL },
	{ "SVCB", "1 . alpn=a\\\\,b,c", "1 . alpn=\"a\\\\,b,c\"" },
	{ "SVCB", "1 . dohpath=/q{?dns}", "1 . key7=\"/q{?dns}\"" },
	{ "SVCB", "1 . dohpath=/q", NULL },

	/* The rest. */
	{ "LOC", "52 22 23.000 N 4 53 32.000 E -2.00m 0.00m 10000m 10m",
	  "52 22 23.000 N 4 53 32.000 E -2.00m 0.00m 10000m 10m" },
	{ "LOC", "0 N 0 E 0", "0 0 0.000 N 0 0 0.000 E 0.00m 1m 10000m 10m" },
	{ "LOC", "90 1 N 0 E 0", NULL },
	{ "LOC", "5 5 -0.5 N 5 E -+5m +6 -0 +.5", NULL },
	{ "LOC", "5 5 -0.5 N 5 E -+5m +6 -0 +0.5", "5 5 0.500 N 5 0 0.000 E "
	  "-5.00m 6m 0.00m 0.50m" },
	{ "LOC", "5 N 5 E 5 -1", NULL },
	{ "LOC", "+5 N 5 E 5", NULL },
	{ "LOC", "5 N 5 E 99999999999999999999", NULL },
	{ "LOC", "0 N 181 E 0", NULL },
	{ "LOC", "\\# 4 01020304", "\\# 4 01020304" },
	{ "LOC", "\\# 4 00020304", NULL },
	{ "LOC", "\\# 16 00011613 8b3556c8 8008165000989a68", NULL },
	{ "NAPTR", "1 2 \"u\" \"E2U+sip\" \"!^.*$!sip:a@b!\" .",
	  "1 2 \"u\" \"E2U+sip\" \"!^.*$!sip:a@b!\" ." },
	{ "NAPTR", "1 2 a b \"!(!x!\" .", NULL },
	{ "NAPTR", "1 2 a b \"!(.)!\\\\2!\" .", NULL },
	{ "NAPTR", "1 2 a b \"\" c", "1 2 \"a\" \"b\" \"\" c.example.com." },
	{ "NSAP", "0x47.0005", "0x470005" },
	{ "NSAP", "47", NULL },
	{ "ATMA", "+12.3", "+123" },
	{ "ATMA", "12.34", "1234" },
	{ "ATMA", "\\# 3 010061", NULL },
	{ "ATMA", "\\# 3 050061", "\\# 3 050061" },
	{ "ATMA", "\\# 1 05", NULL },
	{ "EUI48", "00-00-5e-00-53-2A", "00-00-5e-00-53-2a" },
	{ "EUI48", "00-00-5e-00-53", NULL },
	{ "EUI48", "+5--0-0x-0-e-53z", "05-00-00-00-0e-53" },
	{ "EUI48", "-5-0-5e-0-53-2a", NULL },
	{ "EUI48", "x-0-5e-0-53-2a", NULL },
	{ "EUI64", "00-00-5e-ef-10-00-00-2a", "00-00-5e-ef-10-00-00-2a" },
	{ "NID", "10 0014:4fff:ff20:ee64", "10 14:4fff:ff20:ee64" },
	{ "L32", "10 192.0.2.1", "10 192.0.2.1" },
	{ "LP", "10 a", "10 a.example.com." },
	{ "HIP", "2 2001 AQID a", "2 2001 AQID a.example.com." },
	{ "IPSECKEY", "10 1 2 192.0.2.1 AQID", "10 1 2 192.0.2.1 AQID" },
	{ "IPSECKEY", "10 0 2 . AQID", "10 0 2 . AQID" },
	{ "IPSECKEY", "10 0 2 .", NULL },
	{ "AMTRELAY", "10 1 3 a", "10 1 3 a.example.com." },
	{ "AMTRELAY", "10 2 3 a", NULL },
	{ "AMTRELAY", "\\# 2 0a04", "\\# 2 0A04" },
	{ "AMTRELAY", "\\# 2 0a01", NULL },
	{ "WKS", "192.0.2.1 tcp smtp 53", "192.0.2.1 6 25 53" },
	{ "WKS", "192.0.2.1 +17 -0 +53", "192.0.2.1 17 0 53" },
	{ "WKS", "192.0.2.1 UDP", "192.0.2.1 17" },
	{ "WKS", "192.0.2.1 Udp", NULL },
	{ "WKS", "192.0.2.1 256", NULL },
	{ "WKS", "192.0.2.1 6 -1", NULL },
	{ "NXT", "a A TXT", "a.example.com. A TXT" },
	{ "NXT", "a 200", NULL },
	{ "NXT", "a +1 65538 -65520", "a.example.com. A NS TXT" },
	{ "NXT", "a -0", NULL },
	{ "DSYNC", "+59 1 53 a", "CDS NOTIFY 53 a.example.com." },
	{ "TYPE65533", "20300101000000 20200101000000 20200101000000 257 3 8 "
	  "AQID", "\\# 19 70DBD8805E0BE1005E0BE10001010308010203" },
	{ "TYPE65533", "20300101000000 1 1 257 3 8 AQID", NULL },
	{ "DOA", "1 2 3 a -", "1 2 3 \"a\" -" },
	{ "SINK", "1 2 3", "1 2 3" },
	{ "NULL", "a", NULL },
	{ "NULL", "\\# 1 00", "\\# 1 00" },
	{ "TYPE65280", "a", NULL },
	{ "TYPE65280", "\\# 0", "\\# 0" },
	{ "TYPE65280", "\\# 65536 00", NULL },
	{ "TYPE65280", "\\# 30 000102030405060708090a0b0c0d0e0f1011121314151617"
	  "18191a1b1c1d", "\\# 30 000102030405060708090A0B0C0D0E0F1011121314151"
	  "61718191A1B 1C1D" },
};

static void
rdata_is_taken_and_printed_as_bind_does(void **state)
{
	const char *lines, *expected;
	struct arena *arena;
	struct zone *zone;
	size_t i;

	(void)state;
	for (i = 0; i < countof(rows); i++) {
		arena = arena_new();
		zone = zone_of(arena, arena_printf(arena,
		    "$TTL 60\n$ORIGIN example.com.\na %s %s\n", rows[i].type,
		    rows[i].text));
		lines = record_lines(arena, zone);
		expected = rows[i].printed == NULL ? "" :
		    arena_printf(arena, "a 60 %s %s\n", rows[i].type,
		    rows[i].printed).p;
		if (strcmp(rows[i].type, "SOA") == 0)
			assert_int_equal(zone->contents->record_count,
			    rows[i].printed != NULL);
		else if (strcmp(lines, expected) != 0)
			fail_msg("%s %s: %s%s", rows[i].type, rows[i].text,
			    lines, problem_lines(arena, zone));
		assert_int_equal(zone->contents->problem_count,
		    rows[i].printed == NULL);
		arena_free(arena);
	}
}

/* What was printed means the same again, and is printed the same. */
static void
printed_rdata_is_read_back(void **state)
{
	struct arena *arena;
	size_t i;

	(void)state;
	for (i = 0; i < countof(rows); i++) {
		if (rows[i].printed == NULL ||
		    strcmp(rows[i].type, "SOA") == 0)
			continue;
		arena = arena_new();
		assert_string_equal(record_lines(arena, zone_of(arena,
		    arena_printf(arena, "$TTL 60\na %s %s\n", rows[i].type,
		    rows[i].printed))), arena_printf(arena, "a 60 %s %s\n",
		    rows[i].type, rows[i].printed).p);
		arena_free(arena);
	}
}

/* A NUL behind a backslash is the digit ten in a string, as it is for BIND. */
static void
nul_is_a_digit(void **state)
{
	struct arena *arena = arena_new();
	struct zone *zone = zone_of(arena, STR("$TTL 60\n"
	    "a TXT \"\\00\0\" \"\\0\0" "55\"\nb TXT \\\0\n"
	    "c TXT \"\\0\0x\"\n"));

	(void)state;
	assert_string_equal(record_lines(arena, zone),
	    "a 60 TXT \"\\010\" \"i5\"\n");
	assert_int_equal(zone->contents->problem_count, 2);
	arena_free(arena);
}

/* Without --syntax=full only the structure of other types is looked at. */
static void
only_mail_is_checked_by_default(void **state)
{
	struct zone_options options = { .name = STR("example.com") };
	struct arena *arena = arena_new();
	struct zone *zone = zone_read(arena, source_of(arena,
	    STR("$TTL 60\na CAA x\nb SRV 1\nc TXT \\256\nd LOC \"\n")),
	    &options);

	(void)state;
	assert_int_equal(zone->contents->record_count, 2);
	assert_int_equal(zone->contents->problem_count, 2);
	arena_free(arena);
}

static void
types_have_names_and_numbers(void **state)
{
	struct arena *arena = arena_new();
	uint16_t type;
	unsigned i;

	(void)state;
	for (i = 0; i <= UINT16_MAX; i++) {
		assert_true(rrtype_parse(rrtype_name(arena, (uint16_t)i),
		    &type));
		assert_int_equal(type, i);
		assert_true(rrtype_parse(arena_printf(arena, "tYpE%u", i),
		    &type));
		assert_int_equal(type, i);
	}
	assert_false(rrtype_parse(STR("TYPE65536"), &type));
	assert_false(rrtype_parse(STR("TYPE"), &type));
	assert_false(rrtype_parse(STR(""), &type));
	assert_false(rrtype_parse(STR("TX"), &type));
	arena_free(arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rdata_is_taken_and_printed_as_bind_does),
		cmocka_unit_test(printed_rdata_is_read_back),
		cmocka_unit_test(nul_is_a_digit),
		cmocka_unit_test(only_mail_is_checked_by_default),
		cmocka_unit_test(types_have_names_and_numbers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
