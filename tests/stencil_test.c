/*
 * Stencils: which texts are taken for one that has been drawn, and that they
 * would have been drawn like that; and at which names the same is written.
 */
#include "support.h"

#include "alike.h"
#include "alike/stencil.h"

#define HEAD	"$ORIGIN hosting.example.\n$TTL 3600\n" \
    "@ SOA ns1 h 1 7200 3600 1209600 3600\n"
#define SPLIT	KEY_2048
#define LONG	"the quick brown fox jumps over the lazy dog, and "

/*
 * The second half of KEY_2048, with another end of the modulus and behind it.
 */
#define ENDS(digits) \
	"KH7Hsw8t48LttBRT9Zjg8ZSSIRwJjYrCpJZkyYfHuG+tiiURRGb4A+Qg" \
	"hX4kM23o4TCz+L3bfHNbxut7eOhFGmDSU2ab24yOT/ZO8A0O+/jJkgQ3" \
	"AvWXfLGP+VWdOFAqEac0GdoWh3slG8SZZaFTx/YhKdiSZ5ME" digits
#define START	"MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEA"
/* Of 2047 bits, and with the exponent 3. */
#define LESS \
	"MIIBITANBgkqhkiG9w0BAQEFAAOCAQ4AMIIBCQKCAQBu5kcBn9bAOy0k" \
	"OPhrRppQAR7OhmuuAZDT7vyGHYg7fgrS/L+Ukj5XglZ2ctbcsXXARU9d" \
	"U/ImuDSsYnEQ8HCmTjuvruOEiZZWJglDoilTmjn8dQn5f69y9r6+Ql6R" \
	"1zSjs1lopsPRWBS/GPQ9IiVY90hKibhnOgx79Vk97rgpajmzh9+1imQU" \
	"\" \"" \
	"P2PZh5bx4XbaCin6zHB4ykkQjgTGxWFSSzJkw+PcN9bFEoiiM3wB8hBC" \
	"vxIZtvRwmFn8Xu2+Oa3jdb28dCKNMGkps03txkcn+yd4Bod9/GTJAhuB" \
	"esu+WMf8qs6cKBUI05oM7QtDvZKN4kyy0Knj+xCU7EkzyYINAgMBAAE="
#define THREE \
	"MIIBIDANBgkqhkiG9w0BAQEFAAOCAQ0AMIIBCAKCAQEA3cyOAz+tgHZa" \
	"SHHw1o00oAI9nQzXXAMhp935DDsQdvwVpfl/KSR8rwSs7OWtuWLrgIqe" \
	"uqfkTXBpWMTiIeDhTJx3X13HCRMsrEwSh0RSpzRz+OoT8v9e5e19fIS9" \
	"I65pR2ay0U2HorApfjHoekRKse6QlRNwznQY9+qye91wUtRzZw+/axTI" \
	"\" \"" \
	"KH7Hsw8t48LttBRT9Zjg8ZSSIRwJjYrCpJZkyYfHuG+tiiURRGb4A+Qg" \
	"hX4kM23o4TCz+L3bfHNbxut7eOhFGmDSU2ab24yOT/ZO8A0O+/jJkgQ3" \
	"AvWXfLGP+VWdOFAqEac0GdoWh3slG8SZZaFTx/YhKdiSZ5MEEQIBAw=="
/* A family with the one address, and one with the other. */
#define AAAA(one, other)	"oak4 AAAA " one "\nelm5 AAAA " other "\n"
#define TERM(term, one, other) \
	"oak4 TXT \"v=spf1 " term ":" one " -all\"\n" \
	"elm5 TXT \"v=spf1 " term ":" other " -all\"\n"
#define IP4(one, other)	TERM("ip4", one, other)
#define IP6(one, other)	TERM("ip6", one, other)
/* A family with the one key, and one with the other. */
#define BOTH(one, other) \
	"a._domainkey.oak4 TXT \"v=DKIM1; p=" one "\"\n" \
	"a._domainkey.elm5 TXT \"v=DKIM1; p=" other "\"\n"

static const struct texts {
	const char *what;
	const char *text;		/* of a few families */
	size_t filled;			/* stencils, by so many of them */
} families[] = {
	{ "addresses", "oak4 A 11.1.2.3\nelm5 A 12.1.2.3\nfir66 A 13.1.2.3\n",
	    2 },
	{ "one of nobody in particular", "oak4 A 11.1.2.3\nelm5 A 10.1.2.3\n",
	    0 },
	{ "no address", "oak4 A 11.1.2.3\nelm5 A 11.1.2.3.4\n", 0 },
	{ "more behind it", "oak4 A 11.1.2.3\nelm5 A 11.1.2.3 ; x\n", 0 },
	{ "less", "oak4 A 11.1.2.3\noak4 MX 10 m\nelm5 A 11.1.2.3\n", 0 },
	/* What is looked for is longer than what is left of the file. */
	{ "a long text", "oak4 A 11.1.2.3\noak4 TXT \"" LONG LONG LONG LONG
	    "\"\nelm5 A 11.1.2.3\nelm5 TXT \"" LONG "\"\n", 0 },
	{ "long texts", "oak4 A 11.1.2.3\noak4 TXT \"" LONG LONG LONG LONG
	    "\"\nelm5 A 11.1.2.3\nelm5 TXT \"" LONG LONG LONG LONG "\"\n", 1 },
	{ "one line more", "oak4 A 11.1.2.3\nelm5 A 11.1.2.3\n A 11.1.2.4\n",
	    0 },
	{ "names", "oak4 A 11.1.2.3\nwww.oak4 CNAME oak4\n"
	    "elm55 A 11.1.2.3\nwww.elm55 CNAME elm55\n", 1 },
	{ "another's", "oak4 A 11.1.2.3\nwww.oak4 CNAME oak4\n"
	    "elm5 A 11.1.2.3\nwww.elm5 CNAME fir6\n", 0 },
	{ "a part of one", "oak4 A 11.1.2.3\nwww.oak4 CNAME oak4\n"
	    "elm5 A 11.1.2.3\nwww.elm5 CNAME elm\n", 0 },
	{ "the start of one", "oak4 A 11.1.2.3\nwww.oak4 CNAME oak4\n"
	    "elm5 A 11.1.2.3\nwww.elm5 CNAME elm55\n", 0 },
	{ "one in the text", "oak4 TXT \"an elm5 tree\"\n"
	    "elm5 TXT \"an elm5 tree\"\n", 0 },
	{ "in capitals", "oak4 TXT \"an ELM5 tree\"\n"
	    "elm5 TXT \"an ELM5 tree\"\n", 0 },
	{ "one in a comment", "oak4 TXT \"x\" ; elm5\nelm5 TXT \"x\" ; elm5\n",
	    0 },
	{ "a label of the apex", "oak4 A 11.1.2.3\n"
	    "www.oak4 CNAME x.hosting.oak4\n"
	    "example A 11.1.2.3\nwww.example CNAME x.hosting.example\n", 0 },
	{ "letters of an address", "oak4 TXT \"v=spf1 ip6:2a00:1:2::a -all\"\n"
	    "elm5 TXT \"v=spf1 ip6:2a00:1:2::A -all\"\n", 0 },
	{ "where it belongs", "oak4 AAAA 2a00:1:2::1\nelm5 AAAA 2a00:1:6::7:8\n"
	    "fir6 AAAA 2a01:1:2::1\n", 1 },
	{ "many groups", AAAA("2a00:1:2:3:4:5:6:7", "2a00:1:8:9:10:11:12::"),
	    1 },
	{ "a gap at another place", AAAA("2a00:1::7", "2a00:1:2::4:5:6:7"), 1 },
	{ "a group too many", AAAA("2a00::1", "2a00:1:2:3:4:5:6:7:8"), 0 },
	{ "a gap for none", AAAA("2a00::1", "2a00:1:2:3:4:5:6::8"), 0 },
	{ "a group too few", AAAA("2a00::1", "2a00:1:2:3:4:5:6"), 0 },
	{ "two gaps", AAAA("2a00:1::1", "2a00:1::2::3"), 0 },
	{ "a colon at the end", AAAA("2a00:1::1", "2a00:1::2:"), 0 },
	{ "three colons", AAAA("2a00:1::1", "2a00:1:::2"), 0 },
	{ "a long group", AAAA("2a00:1::1", "2a00:1::12345"), 0 },
	{ "no group", AAAA("2a00:1::1", "2a00:1::g"), 0 },
	{ "a dotted quad", AAAA("2a00:1::1", "2a00:1::11.1.2.3"), 0 },
	{ "another purpose", AAAA("2a00:1::1", "2a00:2::1"), 0 },
	{ "nobody's", AAAA("2a00:1::1", "fe80::1"), 0 },
	{ "a zero in front", "oak4 A 11.1.2.3\nelm5 A 11.1.2.03\n", 0 },
	{ "a large number", "oak4 A 11.1.2.3\nelm5 A 11.1.2.256\n", 0 },
	{ "three numbers", "oak4 A 11.1.2.3\nelm5 A 11.1.2\n", 0 },
	{ "one behind it", "oak4 A 11.1.2.3\nelm5 A 11.1.2.3a\n", 0 },
	{ "networks", IP4("12.1.2.0/24", "13.1.7.0/24"), 1 },
	{ "a network of another size", IP4("12.1.2.0/24", "13.1.7.0/25"), 0 },
	{ "a wide network", IP4("12.1.2.0/24", "13.1.0.0/16"), 0 },
	{ "none", IP4("12.1.2.0/32", "13.1.7.0/33"), 0 },
	{ "networks of IPv6", IP6("2a00:1:2:3::/64", "2a00:1:2:4::/64"), 1 },
	{ "a host in its upper half", IP6("2a00:1:2:0::/48", "2a00:1:2:4::/48"),
	    0 },
	{ "a host in its lower half", IP6("2a00:1:2::/48", "2a00:1:2::1/48"),
	    0 },
	{ "a host in the network", IP6("2a00:1:2:3::/64", "2a00:1:2:3::1/64"),
	    0 },
	{ "one twice", "oak4 TXT \"v=spf1 ip4:11.1.2.3 ip4:12.1.2.3 -all\"\n"
	    "elm5 TXT \"v=spf1 ip4:13.1.2.3 ip4:13.1.2.3 -all\"\n"
	    "fir6 TXT \"v=spf1 ip4:14.1.2.3 ip4:15.1.2.3 -all\"\n"
	    "yew7 TXT \"v=spf1 ip4:16.1.2.3 ip4:16.1.2.3 -all\"\n", 2 },
	{ "near ones", "oak4 TXT \"v=spf1 ip4:11.1.2.3 ip4:12.1.2.3 -all\"\n"
	    "elm5 TXT \"v=spf1 ip4:13.1.2.3 ip4:13.1.9.9 -all\"\n", 0 },
	/* The last one must forget what it made of the one before. */
	{ "hosts in a network", "oak4 TXT \"v=spf1 ip4:11.1.2.0/24 -all\"\n"
	    "elm5 TXT \"v=spf1 ip4:12.1.2.3/24 -all\"\n"
	    "fir6 TXT \"v=spf1 ip4:13.1.2.0/24 -all\"\n", 1 },
	{ "a TTL", "oak4 A 11.1.2.3\n$TTL 300\nelm5 A 11.1.2.3\n$TTL 300\n"
	    "fir6 A 11.1.2.3\n$TTL 300\n", 1 },
	{ "an origin", "$ORIGIN oak4.hosting.example.\nwww A 11.1.2.3\n"
	    "$ORIGIN hosting.example.\nwww A 11.1.2.3\n", 0 },
	{ "origins", "$ORIGIN oak4.hosting.example.\n@ A 11.1.2.3\n"
	    "$ORIGIN elm5.hosting.example.\n@ A 11.1.2.3\n"
	    "$ORIGIN fir6.hosting.example.\n@ A 11.1.2.3\n", 0 },
	{ "directives", "oak4 A 11.1.2.3\n$ORIGIN hosting.example.\n"
	    "elm5 A 11.1.2.3\n$ORIGIN hosting.example.\n", 1 },
	{ "keys", "a._domainkey.oak4 TXT \"v=DKIM1; p=" SPLIT "\"\n"
	    "a._domainkey.elm5 TXT \"v=DKIM1; p=" SPLIT "\"\n", 1 },
	{ "blanks in one", "a._domainkey.oak4 TXT \"v=DKIM1; p=" SPLIT "\"\n"
	    "a._domainkey.elm5 TXT \"v=DKIM1; p=" KEY_2048_1 "\"  \""
	    KEY_2048_2 "\"\n", 0 },
	/* The last one must forget the key that it tried first. */
	{ "keys in two ways", "a._domainkey.oak4 TXT \"v=DKIM1; p=" SPLIT "\"\n"
	    "a._domainkey.elm5 TXT \"v=DKIM1; p=" KEY_2048_1 "\"  \""
	    KEY_2048_2 "\"\n"
	    "a._domainkey.fir6 TXT \"v=DKIM1; p=" SPLIT "\"\n", 1 },
	{ "another key", BOTH(KEY_2048,
	    KEY_2048_1 "\" \"" ENDS("CQIDAQAB")), 1 },
	{ "a weak one", BOTH(KEY_2048,
	    KEY_2048_1 "\" \"" ENDS("HQIDAQAB")), 0 },
	{ "another exponent", BOTH(KEY_2048,
	    KEY_2048_1 "\" \"" ENDS("EQIDAQAD")), 0 },
	{ "a shorter exponent", BOTH(KEY_2048,
	    THREE), 0 },
	{ "keys with that", BOTH(THREE,
	    THREE), 1 },
	{ "a digit that is missing", BOTH(THREE,
	    KEY_2048_1 "\" \"" ENDS("EQIBAw=")), 0 },
	{ "a key of fewer bits", BOTH(KEY_2048,
	    LESS), 0 },
	{ "keys of fewer bits", BOTH(LESS,
	    LESS), 1 },
	{ "a key of another size", BOTH(KEY_2048,
	    KEY_1024), 0 },
	{ "keys of another size", BOTH(KEY_1024,
	    KEY_1024), 1 },
	{ "a zero before the modulus", BOTH(KEY_2048,
	    START "A" KEY_2048_1 "\" \"" ENDS("EQIDAQAB")), 0 },
	{ "what is no digit", BOTH(KEY_2048,
	    KEY_2048_1 "\" \"" ENDS("*QIDAQAB")), 0 },
	{ "a string that ends earlier", BOTH(KEY_2048,
	    KEY_2048_1 "K\" \"H" ENDS("EQIDAQAB")), 0 },
	{ "one digit more", BOTH(KEY_2048,
	    KEY_2048 "A"), 0 },
	{ "one more string", BOTH(KEY_2048,
	    KEY_2048 "\" \"A"), 0 },
	{ "one empty string more", BOTH(KEY_2048,
	    KEY_2048 "\" \""), 0 },
	{ "one digit fewer", BOTH(KEY_2048,
	    KEY_2048_1 "\" \"" ENDS("EQIDAQA")), 0 },
	{ "a padded key", BOTH(KEY_2048,
	    KEY_2048 "="), 0 },
	{ "two of them", "a._domainkey.oak4 TXT \"v=DKIM1; p=" SPLIT "\"\n"
	    "b._domainkey.oak4 TXT \"v=DKIM1; p=" SPLIT "\"\n"
	    "a._domainkey.elm5 TXT \"v=DKIM1; p=" SPLIT "\"\n"
	    "b._domainkey.elm5 TXT \"v=DKIM1; p=" SPLIT "\"\n", 1 },
	{ "none", "a._domainkey.oak4 TXT \"v=DKIM1; p=" SPLIT "\"\n"
	    "a._domainkey.elm5 TXT \"v=DKIM1; p=" KEY_2048_1 "\"\n", 0 },
	{ "one in lines", "a._domainkey.oak4 TXT ( \"v=DKIM1; p=" KEY_2048_1
	    "\"\n \"" KEY_2048_2 "\" )\na._domainkey.elm5 TXT ( \"v=DKIM1; p="
	    KEY_2048_1 "\"\n \"" KEY_2048_2 "\" )\n", 1 },
	{ "a name beside a key", "a._domainkey.oak4 TXT "
	    "\"v=DKIM1; n=oak4.hosting.example; p=" KEY_2048_1 "\" \""
	    KEY_2048_2 "\"\na._domainkey.elm5 TXT "
	    "\"v=DKIM1; n=elm5.hosting.example; p=" KEY_2048_1 "\" \""
	    KEY_2048_2 "\"\n", 0 },
	{ "comments", "oak4 A 11.1.2.3\n; customer 1\nelm5 A 11.1.2.3\n"
	    "; customer 22\n\t; of ours\n\n", 1 },
	{ "only here", "oak4 A 11.1.2.3\nelm5 A 11.1.2.3\n; x\n", 1 },
	{ "only there", "oak4 A 11.1.2.3\n; x\nelm5 A 11.1.2.3\n", 1 },
	{ "between, and only here", "oak4 A 11.1.2.3\n MX 10 m\n"
	    "elm5 A 11.1.2.3\n; x\n MX 10 m\n", 0 },
	{ "between, and only there", "oak4 A 11.1.2.3\n; x\n MX 10 m\n"
	    "elm5 A 11.1.2.3\n MX 10 m\n", 0 },
	{ "behind names", "oak4 A 11.1.2.3\n; x\nwww.oak4 A 11.1.2.3\n"
	    "elm5 A 11.1.2.3\nwww.elm5 A 11.1.2.3\n\n", 1 },
	{ "a line that does not end", "oak4 A 11.1.2.3\nelm5 A 11.1.2.3", 0 },
	{ "a line that does, behind one that does not",
	    "elm5 A 11.1.2.3\noak4 A 11.1.2.3", 0 },
	{ "empty lines", "oak4 A 11.1.2.3\n\nelm5 A 11.1.2.3\n \t\n\r\n", 1 },
	{ "one that does not end", "oak4 A 11.1.2.3\n; x\nelm5 A 11.1.2.3\n; y",
	    1 },
	{ "blanks that do not", "oak4 A 11.1.2.3\n; x\nelm5 A 11.1.2.3\n ",
	    1 },
	{ "between records", "oak4 A 11.1.2.3\n; x\n MX 10 m\n"
	    "elm5 A 11.1.2.3\n; y\n MX 10 m\n", 1 },
	{ "one of another's name", "oak4 A 11.1.2.3\n; elm5\n"
	    "elm5 A 11.1.2.3\n; elm5.hosting.example\n", 1 },
	{ "a directive", "oak4 A 11.1.2.3\n; x\n$TTL 60\n MX 10 m\n"
	    "elm5 A 11.1.2.3\n; x\n$TTL 60\n MX 10 m\n", 0 },
	{ "behind a record", "oak4 A 11.1.2.3 ; x\nelm5 A 11.1.2.3 ; y\n", 0 },
	{ "in parentheses", "oak4 TXT ( \"a\"\n; x\n )\n"
	    "elm5 TXT ( \"a\"\n; y\n )\n", 0 },
	{ "in strings", "oak4 TXT \"a; x\"\nelm5 TXT \"a; y\"\n", 0 },
	{ "a cut", "oak4 A 11.1.2.3\nelm5 A 11.1.2.3\nelm5 NS ns1\n", 0 },
	{ "tokens", "oak4 TXT \"a-verification=a_1\"\n"
	    "elm5 TXT \"a-verification=B-2\"\nfir66 TXT \"a-verification=c\"\n"
	    "yew7 TXT \"a-verification=a.1\"\nash8 TXT \"a-verification=a 1\"\n"
	    "lime9 TXT \"a-verification=abc\"\n", 2 },
	{ "a token with something behind it", "oak4 TXT \"a-verification=a1\"\n"
	    "elm5 TXT \"a-verification=a1\" \"b\"\n", 0 },
	{ "parts of the mail", "_dmarc.oak4 TXT \"v=DMARC1; pct=5; p=none\"\n"
	    "_dmarc.elm5 TXT \"v=DMARC1; pct=55; p=none\"\n"
	    "_dmarc.fir6 TXT \"v=DMARC1; pct=100; p=none\"\n"
	    "_dmarc.yew7 TXT \"v=DMARC1; pct=0; p=none\"\n"
	    "_dmarc.ash8 TXT \"v=DMARC1; pct=5x; p=none\"\n"
	    "_dmarc.ash9 TXT \"v=DMARC1; pct=; p=none\"\n", 1 },
	{ "what is no key", BOTH("AAAA" KEY_2048, "AABA" KEY_2048), 1 },
	{ "no key, and more than one",
	    BOTH("AAAA" KEY_2048, "MBAA" KEY_2048), 0 },
	{ "a key, and none", BOTH(KEY_2048,
	    KEY_2048_1 "\" \"" ENDS("EQMDAQAB")), 0 },
	{ "no key, and armour", BOTH("AAAA" KEY_2048, "LS0t" "LS1C"
	    "Ag8AMIIBCgKCAQEA3cyOAz+tgHZa" KEY_2048), 0 },
	{ "keys behind a string", "a._domainkey.oak4 TXT ( \"v=DKIM1; p=\"\n \""
	    KEY_2048 "\" )\na._domainkey.elm5 TXT ( \"v=DKIM1; p=\"\n \""
	    KEY_2048 "\" )\na._domainkey.fir6 TXT ( \"v=DKIM1; p=\"\n\""
	    KEY_2048 "\" )\n", 1 },
	{ "tenants",
	    "s._domainkey.oak4 CNAME s-oak4._domainkey.oak4.onmicrosoft.com.\n"
	    "s._domainkey.elm55 CNAME "
	    "s-elm55._domainkey.elm55.onmicrosoft.com.\n"
	    "s._domainkey.fir6 CNAME s-fir6._domainkey.elm55.onmicrosoft.com.\n"
	    "s._domainkey.s CNAME s-s._domainkey.s.onmicrosoft.com.\n"
	    "s._domainkey.do CNAME s-do._domainkey.do.onmicrosoft.com.\n", 1 },
};

static void
families_fill(void **state)
{
	const struct texts *family = *state;
	struct zones zones = { .arena = arena_new() };
	size_t filled = 0;

	alike_add(&zones, STR("hosting.example"), arena_printf(zones.arena,
	    HEAD "%s", family->text));
	assert_true(alike_families_agree(zones.zones[0], &filled));
	assert_int_equal(filled, family->filled);
	arena_free(zones.arena);
}

/* Two families, and one name in each. */
static const struct pair {
	const char *what;
	const char *text;		/* of oak4 and elm5 */
	size_t name;			/* its number */
	bool same;			/* the same is written there */
} pairs[] = {
	{ "of the same", "oak4 A 11.1.2.3\nm.oak4 A 12.1.2.3\n"
	    "elm5 A 13.1.2.3\nm.elm5 A 14.1.2.3\n", 1, true },
	{ "behind one more", "oak4 A 11.1.2.3\nm.oak4 MX 10 n\n"
	    "elm5 A 13.1.2.3\nelm5 A 13.1.2.4\nm.elm5 MX 10 n\n", 1, true },
	/* Each may be that of another name. */
	{ "behind one more address", "oak4 A 11.1.2.3\nm.oak4 A 12.1.2.3\n"
	    "elm5 A 13.1.2.3\nelm5 A 13.1.2.4\nm.elm5 A 14.1.2.3\n", 1,
	    false },
	{ "behind something unknown", "oak4 A 11.1.2.3\nm.oak4 MX 10 n\n"
	    "elm5 TXT \"\\097\"\nm.elm5 MX 10 n\n", 1, true },
	{ "something unknown", "oak4 TXT \"\\097\"\nelm5 TXT \"\\097\"\n", 0,
	    false },
};

static const struct known *
content_of(struct family *family, struct knowledge *knowledge,
    const struct zone *zone, struct str name, size_t number)
{
	struct stencils none = { .arena = knowledge->arena };
	size_t i;

	family_start(family, zone);
	for (i = 0; i < zone_node_count(zone); i++)
		if (zone_family(zone, i, FAMILY_NAMES, &family->members) &&
		    zone_node(zone, family->members.top) ==
		    zone_find(zone, name))
			break;
	assert_true(family_read(family, knowledge, &none,
	    knowledge->arena));
	assert_true(family_read_names(family, knowledge, knowledge->arena));
	assert_true(number < family->name_count);
	return family->names[number].content;
}

static void
names_are_told(void **state)
{
	const struct pair *pair = *state;
	struct zones zones = { .arena = arena_new() };
	struct knowledge knowledge = knowledge_new(zones.arena,
	    KNOWLEDGE_SLOTS);
	struct family *family = ARENA_NEW(zones.arena, struct family);
	const struct known *first, *second;

	alike_add(&zones, STR("hosting.example"), arena_printf(zones.arena,
	    HEAD "%s", pair->text));
	first = content_of(family, &knowledge, zones.zones[0],
	    STR("oak4.hosting.example"), pair->name);
	second = content_of(family, &knowledge, zones.zones[0],
	    STR("elm5.hosting.example"), pair->name);
	assert_int_equal(first != NULL && first == second, pair->same);
	arena_free(zones.arena);
}

#define SOA	"$TTL 3600\n@ SOA ns1 h 1 7200 3600 1209600 3600\n"

#define OCTETS \
	"0123456789 0123456789 0123456789 0123456789 0123456789 0123456789 " \
	"0123456789 0123456789 0123456789 0123456789 01 "
#define NAME	"a-name-of-forty-octets-which-are-allowed"
#define TEN_ADDRESSES	" ip4:11.1.2.3 ip4:12.1.2.3 ip4:13.1.2.3 " \
	"ip4:14.1.2.3 ip4:15.1.2.3 ip4:16.1.2.3 ip4:17.1.2.3 ip4:18.1.2.3 " \
	"ip4:19.1.2.3 ip4:20.1.2.3"

/*
 * Zones of oak4.example and elm5.example; what fills a stencil when it has not
 * been read does so when it has.
 */
static const struct whole {
	const char *what;
	const char *first, *second;
	enum { NEVER, READ, UNREAD } fills;
} wholes[] = {
	{ "hosts", SOA "host1 A 11.1.2.3\n", SOA "my22 A 12.1.2.3\n", UNREAD },
	{ "a serial", SOA "@ A 11.1.2.3\n",
	    "$TTL 3600\n@ SOA ns1 h 20 7200 3600 1209600 3600\n@ A 11.1.2.3\n",
	    UNREAD },
	{ "another number", SOA "@ A 11.1.2.3\n",
	    "$TTL 3600\n@ SOA ns1 h 1 7200 3600 1209600 3601\n@ A 11.1.2.3\n",
	    NEVER },
	{ "one that is asked for", SOA "m1 A 11.1.2.3\n@ MX 10 mx\n",
	    SOA "mx A 11.1.2.3\n@ MX 10 mx\n", NEVER },
	{ "one whose name stands in an address", SOA "m1 AAAA 2a00:1:2::3\n",
	    SOA "feed AAAA 2a00:1:feed::3\n", NEVER },
	{ "one whose name stands in a key",
	    SOA "host1 A 11.1.2.3\ns._domainkey TXT \"p=" KEY_2048 "\"\n",
	    SOA "iddm A 11.1.2.3\ns._domainkey TXT \"p=" KEY_2048 "\"\n",
	    UNREAD },
	{ "behind a key",
	    SOA "host1 A 11.1.2.3\ns._domainkey TXT \"p=" KEY_2048 "; host\"\n",
	    SOA "host A 11.1.2.3\ns._domainkey TXT \"p=" KEY_2048 "; host\"\n",
	    NEVER },
	{ "one of the zone's name", SOA "host1 A 11.1.2.3\n@ TXT \"\"\n",
	    SOA "elm5 A 11.1.2.3\n@ TXT \"\"\n", NEVER },
	{ "two of one name", SOA "m1 A 11.1.2.3\n@ MX 10 @\nn3 A 11.1.2.3\n",
	    SOA "m1 A 11.1.2.3\n@ MX 10 @\nm1 A 11.1.2.3\n", NEVER },
	{ "in capitals", SOA "m1 A 11.1.2.3\n@ MX 10 @\nn3 A 11.1.2.3\n",
	    SOA "m1 A 11.1.2.3\n@ MX 10 @\nM1 A 11.1.2.3\n", NEVER },
	{ "one that rules ask for", SOA "m1 A 11.1.2.3\n",
	    SOA "mta-sts A 11.1.2.3\n", NEVER },
	{ "more of them", SOA "m1 A 11.1.2.3\nn2 A 11.1.2.3\n",
	    SOA "m1 A 11.1.2.3\nn2 A 11.1.2.3\no3 A 11.1.2.3\n", NEVER },
	{ "the origin", "$ORIGIN oak4.example.\n" SOA "@ A 11.1.2.3\n",
	    "$ORIGIN elm5.example.\n" SOA "@ A 11.1.2.3\n", UNREAD },
	{ "another one", "$ORIGIN oak4.example.\n" SOA "@ A 11.1.2.3\n",
	    "$ORIGIN elm5.elm5.example.\n" SOA "@ A 11.1.2.3\n", NEVER },
	{ "of the zone above", "$ORIGIN example.\n$TTL 3600\n"
	    "oak4 SOA ns1.oak4 h 1 7200 3600 1209600 3600\noak4 A 11.1.2.3\n",
	    "$ORIGIN example.\n$TTL 3600\n"
	    "elm5 SOA ns1.elm5 h 1 7200 3600 1209600 3600\nelm5 A 11.1.2.3\n",
	    UNREAD },
	{ "a comment", "; zone oak4.example, oak4\n" SOA "@ A 11.1.2.3\n",
	    "; zone elm5.example, elm5\n" SOA "@ A 11.1.2.3\n", UNREAD },
	{ "a part of a word", "; zone oak45.example\n" SOA "@ A 11.1.2.3\n",
	    "; zone elm55.example\n" SOA "@ A 11.1.2.3\n", NEVER },
	{ "the TTL", "; oak4\n$TTL 300\n" SOA "@ A 11.1.2.3\n",
	    "; elm5\n$TTL 3600\n" SOA "@ A 11.1.2.3\n", NEVER },
	{ "a comment behind a record", SOA "@ A 11.1.2.3\n; oak4\n",
	    SOA "@ A 11.1.2.3\n; elm5\n", NEVER },
	{ "a serial that is too large", SOA "@ A 11.1.2.3\n",
	    "$TTL 3600\n@ SOA ns1 h 4294967296 7200 3600 1209600 3600\n"
	    "@ A 11.1.2.3\n", NEVER },
	{ "the largest", SOA "@ A 11.1.2.3\n",
	    "$TTL 3600\n@ SOA ns1 h 4294967295 7200 3600 1209600 3600\n"
	    "@ A 11.1.2.3\n", UNREAD },
	{ "a string that may get too long",
	    SOA "@ TXT \"" OCTETS "oak4.example " OCTETS "\"\n",
	    SOA "@ TXT \"" OCTETS "elm5.example " OCTETS "\"\n", READ },
	{ "one that cannot",
	    SOA "@ TXT \"" OCTETS "\" \"oak4.example " OCTETS "\"\n",
	    SOA "@ TXT \"" OCTETS "\" \"elm5.example " OCTETS "\"\n", UNREAD },
	{ "addresses in one", SOA "@ TXT \"v=spf1" TEN_ADDRESSES "\"\n",
	    SOA "@ TXT \"v=spf1" TEN_ADDRESSES "\"\n", READ },
	{ "a quote in a comment",
	    "; \" oak4\n" SOA "@ TXT \"\\; oak4.example\"\n",
	    "; \" elm5\n" SOA "@ TXT \"\\; elm5.example\"\n", UNREAD },
	{ "a long name", SOA "@ MX 10 " NAME "." NAME "." NAME "\n",
	    SOA "@ MX 10 " NAME "." NAME "." NAME "\n", READ },
	{ "a name that is not", SOA "@ MX 10 " NAME "." NAME "\n",
	    SOA "@ MX 10 " NAME "." NAME "\n", UNREAD },
	{ "a string that a value may make too long",
	    SOA "_dmarc TXT \"v=DMARC1; p=none; pct=9; n=1 "
	    OCTETS OCTETS "\"\n",
	    SOA "_dmarc TXT \"v=DMARC1; p=none; pct=8; n=1 "
	    OCTETS OCTETS "\"\n",
	    READ },
	{ "one that is included", SOA "$INCLUDE /dev/null\n@ A 11.1.2.3\n",
	    SOA "$INCLUDE /dev/null\n@ A 11.1.2.3\n", NEVER },
	{ "text that is cut off", SOA "@ A 11.1.2.3\n; a comment\n",
	    SOA "@ A 11.1.2.3\n; a com", NEVER },
};

static void
zones_fill(void **state)
{
	const struct whole *whole = *state;
	struct zones zones = { .arena = arena_new() };
	size_t filled = 0, unread = 0;

	alike_add(&zones, STR("oak4.example"), str_from(whole->first));
	alike_add(&zones, STR("elm5.example"), str_from(whole->second));
	assert_true(alike_zones_agree(&zones, &filled, &unread));
	assert_int_equal(filled, whole->fills != NEVER);
	assert_int_equal(unread, whole->fills == UNREAD);
	arena_free(zones.arena);
}

/* A label that is a word of a directive. */
static void
words_of_directives(void **state)
{
	static const char text[] = "$%s 1%s\n@ SOA ns1 h 1 7200 3600 1209600 "
	    "3600\n@ A 11.1.2.3\n";
	struct zones zones = { .arena = arena_new() };
	size_t filled = 0, unread = 0;

	(void)state;
	alike_add(&zones, STR("ttl.example"), arena_printf(zones.arena, text,
	    "ttl", "h"));
	alike_add(&zones, STR("origin.example"), arena_printf(zones.arena,
	    text, "origin", "h"));
	alike_add(&zones, STR("h2m.example"), arena_printf(zones.arena, text,
	    "TTL", "h2m"));
	alike_add(&zones, STR("h3m.example"), arena_printf(zones.arena, text,
	    "TTL", "h3m"));
	assert_true(alike_zones_agree(&zones, &filled, &unread));
	assert_int_equal(filled + unread, 0);
	arena_free(zones.arena);
}

static void
names_above_tell_zones_apart(void **state)
{
	struct zones zones = { .arena = arena_new() };
	size_t filled = 0, unread = 0;

	(void)state;
	alike_add(&zones, STR("oak4.example"), STR(SOA "@ A 11.1.2.3\n"));
	alike_add(&zones, STR("fir6.test"), STR(SOA "@ A 11.1.2.3\n"));
	assert_true(alike_zones_agree(&zones, &filled, &unread));
	assert_int_equal(filled + unread, 0);
	arena_free(zones.arena);
}

/* Who compares relies on it: a NUL ends all texts. */
static void
nuls_are_in_no_stencil(void **state)
{
	struct arena *arena = arena_new();
	struct stencils stencils = { .arena = arena };
	struct hole hole = { .kind = HOLE_END };
	struct known answer = { .told = false };
	struct str text = STR("oak\0four");

	(void)state;
	assert_null(stencil_add(&stencils, 0, &hole, &text, 1, STR("example"),
	    &answer));
	text.n = 3;
	assert_non_null(stencil_add(&stencils, 0, &hole, &text, 1,
	    STR("example"), &answer));
	arena_free(arena);
}

int
main(void)
{
	static struct CMUnitTest tests[countof(families) + countof(wholes) +
	    countof(pairs) + 3];
	size_t i, k, m;

	for (i = 0; i < countof(families); i++)
		tests[i] = (struct CMUnitTest){ .name = families[i].what,
		    .test_func = families_fill,
		    .initial_state = (void *)(uintptr_t)&families[i] };
	for (k = 0; k < countof(wholes); k++)
		tests[i + k] = (struct CMUnitTest){ .name = wholes[k].what,
		    .test_func = zones_fill,
		    .initial_state = (void *)(uintptr_t)&wholes[k] };
	tests[i + k++] = (struct CMUnitTest)cmocka_unit_test(
	    words_of_directives);
	tests[i + k++] = (struct CMUnitTest)cmocka_unit_test(
	    names_above_tell_zones_apart);
	tests[i + k++] = (struct CMUnitTest)cmocka_unit_test(
	    nuls_are_in_no_stencil);
	for (m = 0; m < countof(pairs); m++)
		tests[i + k + m] = (struct CMUnitTest){
		    .name = pairs[m].what, .test_func = names_are_told,
		    .initial_state = (void *)(uintptr_t)&pairs[m] };
	return cmocka_run_group_tests_name("stencil", tests, NULL, NULL);
}
