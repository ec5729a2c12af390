#include "support.h"

#include "auth/auth.h"
#include "base/arena.h"
#include "problems.h"

static const struct {
	const char *text;	/* behind "v=spf1 " */
	int kind;
	const char *words;	/* what is underlined */
} grammar[] = {
	/* What RFC 7208 section 12 derives. */
	{ "", NO_PROBLEM, NULL },
	{ "-all", NO_PROBLEM, NULL },
	{ "  mx   -all  ", NO_PROBLEM, NULL },
	{ "+all -all ~all ?all", NO_PROBLEM, NULL },
	{ "ALL", NO_PROBLEM, NULL },
	{ "a mx ptr", NO_PROBLEM, NULL },
	{ "a/0 a/24 a/32 a//0 a//128 a/24//64", NO_PROBLEM, NULL },
	{ "a:x.org/24//64 mx:x.org//64 mx:x.org/9", NO_PROBLEM, NULL },
	{ "a:foo:bar/baz.example.com", NO_PROBLEM, NULL },
	{ "a:foo:bar/baz.example.com/24", NO_PROBLEM, NULL },
	{ "a:a/24.example.com", NO_PROBLEM, NULL },
	{ "ptr:x.org", NO_PROBLEM, NULL },
	{ "Include:_spf.x.org exists:x.org.", NO_PROBLEM, NULL },
	{ "include:x.xn--p1ai include:x.c-1", NO_PROBLEM, NULL },
	{ "include:x.2com include:x.com2", NO_PROBLEM, NULL },
	{ "ip4:0.0.0.0/0 ip4:255.255.255.255/32 IP4:10.0.0.1", NO_PROBLEM,
	  NULL },
	{ "ip6:::/0 ip6:::1 ip6:1::/128 ip6:::ffff:192.0.2.1", NO_PROBLEM,
	  NULL },
	{ "ip6:1:2:3:4:5:6:7:8 ip6:1:2:3:4:5:6:7:: ip6:ABCD::0001/16",
	  NO_PROBLEM, NULL },
	{ "exists:%{ir}.%{v}._spf.%{d2} -all", NO_PROBLEM, NULL },
	{ "exists:%{L1r-+.,/_=}.x.org exists:%{d}", NO_PROBLEM, NULL },
	{ "exists:%{i}%%%_%-", NO_PROBLEM, NULL },
	{ "include:%{d2}.x.org redirect=%{h}", NO_PROBLEM, NULL },
	{ "a:%{d}/24 a:%{d}//64 a:x/%{d}", NO_PROBLEM, NULL },
	{ "redirect=_spf.x.org exp=explain.%{d}", NO_PROBLEM, NULL },
	{ "REDIRECT=x.org", NO_PROBLEM, NULL },
	{ "moo=cow moo=cow moo= ra=postmaster v=spf1", NO_PROBLEM, NULL },
	{ "a-b_c.9=%{d}/%{i}:= -all MS=83859DAEBD1978F9A7A67D3", NO_PROBLEM,
	  NULL },
	{ "a:!#$&'()*;<>?@[]^`{|}~\"\\.com", SPF_NAME_LABELS, ";" },

	/* Characters. */
	{ "a\tmx", SPF_BAD_CHARACTER, "\t" },
	{ "mx\t\t-all", SPF_BAD_CHARACTER, "\t\t" },
	{ "\t mx", SPF_BAD_CHARACTER, "\t" },
	{ "mx\r\n-all", SPF_BAD_CHARACTER, "\r\n" },
	{ "include:caf\xc3\xa9.fr", SPF_BAD_CHARACTER, "\xc3\xa9" },
	{ "moo=\xff", SPF_BAD_CHARACTER, "\xff" },
	{ "a:x.org\x7f", SPF_BAD_CHARACTER, "\x7f" },
	{ "\xe2\x80\x93" "all", SPF_BAD_CHARACTER, "\xe2\x80\x93" },

	/* Mechanisms that are none. */
	{ "ipv4:192.0.2.1", SPF_UNKNOWN_MECHANISM, "ipv4" },
	{ "+ip:192.0.2.1", SPF_UNKNOWN_MECHANISM, "ip" },
	{ "includes:x.org", SPF_UNKNOWN_MECHANISM, "includes" },
	{ "inlude:spf.mydomain.com -all", SPF_UNKNOWN_MECHANISM, "inlude" },
	{ "include.spf.protection.outlook.com", SPF_UNKNOWN_MECHANISM,
	  "include.spf.protection.outlook.com" },
	{ "-all;", SPF_UNKNOWN_MECHANISM, ";" },
	{ "mx, -all", SPF_UNKNOWN_MECHANISM, "," },
	{ "~all\"", SPF_UNKNOWN_MECHANISM, "\"" },
	{ "foo", SPF_UNKNOWN_MECHANISM, "foo" },
	{ "foo/24", SPF_UNKNOWN_MECHANISM, "foo" },
	{ "foo:a=b", SPF_UNKNOWN_MECHANISM, "foo" },
	{ "+", SPF_UNKNOWN_MECHANISM, "+" },
	{ "- all", SPF_UNKNOWN_MECHANISM, "-" },
	{ "!", SPF_UNKNOWN_MECHANISM, "!" },
	{ "--all", SPF_UNKNOWN_MECHANISM, "-all" },
	{ "192.0.2.1", SPF_UNKNOWN_MECHANISM, "192.0.2.1" },
	{ "2602:fd3f:0000:ff06::/64", SPF_UNKNOWN_MECHANISM,
	  "2602:fd3f:0000:ff06::/64" },
	{ "redirect", SPF_UNKNOWN_MECHANISM, "redirect" },

	/* Modifiers. */
	{ "redirect:x.org", SPF_MODIFIER_AS_MECHANISM, ":" },
	{ "Exp:x.org", SPF_MODIFIER_AS_MECHANISM, ":" },
	{ "-redirect=x.org", SPF_QUALIFIER_ON_MODIFIER, "-" },
	{ "?redirect=bogus.org", SPF_QUALIFIER_ON_MODIFIER, "?" },
	{ "+moo=cow", SPF_QUALIFIER_ON_MODIFIER, "+" },
	{ "include=x.org", SPF_MECHANISM_AS_MODIFIER, "=" },
	{ "ip4=192.0.2.1", SPF_MECHANISM_AS_MODIFIER, "=" },
	{ "ip6=::1 ", SPF_MECHANISM_AS_MODIFIER, "=" },
	{ "A=x.org", SPF_MECHANISM_AS_MODIFIER, "=" },
	{ "all=", SPF_MECHANISM_AS_MODIFIER, "=" },
	{ "-include=x.org", SPF_MECHANISM_AS_MODIFIER, "=" },
	{ "=x", SPF_BAD_TERM, "=" },
	{ "1a=x", SPF_BAD_TERM, "1a" },
	{ "a%=x", SPF_BAD_TERM, "a%" },
	{ "moo=%", SPF_BAD_MACRO, "%" },
	{ "moo=%{c}", SPF_BAD_MACRO, "%{c}" },
	{ "moo=cow%x", SPF_BAD_MACRO, "%" },
	{ "redirect=a.org redirect=b.org", SPF_REPEATED_MODIFIER,
	  "redirect=b.org" },
	{ "exp=a.org mx exp=a.org", SPF_REPEATED_MODIFIER, "exp=a.org" },
	{ "exp=", SPF_EMPTY_TARGET, "exp=" },
	{ "redirect=", SPF_EMPTY_TARGET, "redirect=" },
	{ "redirect=x.org/24", SPF_UNEXPECTED_CIDR, "/24" },

	/* Addresses. */
	{ "ip4", SPF_BAD_IP4, "ip4" },
	{ "ip4:", SPF_BAD_IP4, "ip4:" },
	{ "ip4/24", SPF_BAD_IP4, "ip4/24" },
	{ "ip4:1.2.3", SPF_BAD_IP4, "1.2.3" },
	{ "ip4:1.2.3.4.5", SPF_BAD_IP4, "1.2.3.4.5" },
	{ "ip4:1.2.3.", SPF_BAD_IP4, "1.2.3." },
	{ "ip4:1.2.3.256", SPF_BAD_IP4, "1.2.3.256" },
	{ "ip4:1.2.3.04", SPF_BAD_IP4, "1.2.3.04" },
	{ "ip4:1.2.3.4:8080", SPF_BAD_IP4, "1.2.3.4:8080" },
	{ "ip4:192.0.2.0/33", SPF_BAD_IP4, "/33" },
	{ "ip4:192.0.2.0/032", SPF_BAD_IP4, "/032" },
	{ "ip4:192.0.2.0/", SPF_BAD_IP4, "/" },
	{ "ip4:192.0.2.0//32", SPF_BAD_IP4, "//32" },
	{ "ip4:192.0.2.0/24/24", SPF_BAD_IP4, "/24/24" },
	{ "ip4:45.154.45.81~all", SPF_BAD_IP4, "45.154.45.81~all" },
	{ "+ip4:relay.mailchannels.net", SPF_BAD_IP4,
	  "relay.mailchannels.net" },
	{ "ip4:::1", SPF_BAD_IP4, "::1" },
	{ "ip4:%{i}", SPF_BAD_IP4, "%{i}" },
	{ "ip6:", SPF_BAD_IP6, "ip6:" },
	{ "ip6:78.46.96.236", SPF_BAD_IP6, "78.46.96.236" },
	{ "ip6:1:2:3:4:5:6:7", SPF_BAD_IP6, "1:2:3:4:5:6:7" },
	{ "ip6:1:2:3:4:5:6:7:8:9", SPF_BAD_IP6, "1:2:3:4:5:6:7:8:9" },
	{ "ip6:1:2:3:4::5:6:7:8", SPF_BAD_IP6, "1:2:3:4::5:6:7:8" },
	{ "ip6:1::2::3", SPF_BAD_IP6, "1::2::3" },
	{ "ip6:12345::", SPF_BAD_IP6, "12345::" },
	{ "ip6::1", SPF_BAD_IP6, ":1" },
	{ "ip6:1:", SPF_BAD_IP6, "1:" },
	{ "ip6::::", SPF_BAD_IP6, ":::" },
	{ "ip6:fe80::1%eth0", SPF_BAD_IP6, "fe80::1%eth0" },
	{ "ip6:[::1]", SPF_BAD_IP6, "[::1]" },
	{ "ip6:1200:0000:AB00:1234:O000:2552:7777:1313", SPF_BAD_IP6,
	  "1200:0000:AB00:1234:O000:2552:7777:1313" },
	{ "ip6:::1.2.3.4.5", SPF_BAD_IP6, "::1.2.3.4.5" },
	{ "ip6:1:2:3:4:5:6:7:1.2.3.4", SPF_BAD_IP6, "1:2:3:4:5:6:7:1.2.3.4" },
	{ "ip6:::1//33", SPF_BAD_IP6, "//33" },
	{ "ip6:::1/129", SPF_BAD_IP6, "/129" },
	{ "ip6:::1/", SPF_BAD_IP6, "/" },
	{ "ip6:::1/01", SPF_BAD_IP6, "/01" },

	/* Prefix lengths. */
	{ "a/33", SPF_BAD_CIDR, "/33" },
	{ "a/", SPF_BAD_CIDR, "/" },
	{ "a/024", SPF_BAD_CIDR, "/024" },
	{ "a//129", SPF_BAD_CIDR, "//129" },
	{ "a//", SPF_BAD_CIDR, "//" },
	{ "a/24/64", SPF_BAD_CIDR, "/24/64" },
	{ "a/24//", SPF_BAD_CIDR, "/24//" },
	{ "a///64", SPF_BAD_CIDR, "///64" },
	{ "mx:x.org/abc", SPF_BAD_CIDR, "/abc" },
	{ "mx:x.org/-1", SPF_BAD_CIDR, "/-1" },
	{ "a:x.org/4294967320", SPF_BAD_CIDR, "/4294967320" },
	{ "all/8", SPF_UNEXPECTED_CIDR, "/8" },
	{ "ptr/0", SPF_UNEXPECTED_CIDR, "/0" },
	{ "ptr:x.org/24", SPF_UNEXPECTED_CIDR, "/24" },
	{ "include:x.org/24", SPF_UNEXPECTED_CIDR, "/24" },
	{ "exists:x.org//24", SPF_UNEXPECTED_CIDR, "//24" },

	/* Targets. */
	{ "all.", SPF_UNEXPECTED_VALUE, "." },
	{ "-all:x.org", SPF_UNEXPECTED_VALUE, ":x.org" },
	{ "a:192.0.2.1", SPF_IP_AS_NAME, "192.0.2.1" },
	{ "a:192.0.2.1/24", SPF_IP_AS_NAME, "192.0.2.1" },
	{ "a:192.0.2.1.", SPF_IP_AS_NAME, "192.0.2.1." },
	{ "mx:2001:db8::1/64", SPF_IP_AS_NAME, "2001:db8::1" },
	{ "include:::ffff:192.0.2.1", SPF_IP_AS_NAME, "::ffff:192.0.2.1" },
	{ "redirect=192.0.2.1", SPF_IP_AS_NAME, "192.0.2.1" },
	{ "include:localhost", SPF_SINGLE_LABEL, "localhost" },
	{ "include:localhost.", SPF_SINGLE_LABEL, "localhost." },
	{ "a:foo/24", SPF_SINGLE_LABEL, "foo" },
	{ "redirect=x exp=X.org", SPF_SINGLE_LABEL, "x" },
	{ "mx:", SPF_EMPTY_TARGET, "mx:" },
	{ "+a:/24", SPF_EMPTY_TARGET, "+a:" },
	{ "include", SPF_EMPTY_TARGET, "include" },
	{ "include: mx", SPF_EMPTY_TARGET, "include:" },
	/* One fault, not two. */
	{ "mx include: x.org ~all", SPF_EMPTY_TARGET, " " },
	{ "ip4:  198.58.98.141 mx", SPF_BAD_IP4, "  " },
	{ "ip6: 2001:db8::/32", SPF_BAD_IP6, " " },
	{ "redirect= x.org", SPF_EMPTY_TARGET, " " },
	{ "exists/24", SPF_EMPTY_TARGET, "exists" },
	{ "include:x.org,", SPF_BAD_TARGET, "org," },
	{ "include:x.org;", SPF_BAD_TARGET, "org;" },
	{ "include:x.org..", SPF_BAD_TARGET, ".." },
	{ "include:x.123", SPF_BAD_TARGET, "123" },
	{ "include:x.-org", SPF_BAD_TARGET, "-org" },
	{ "include:x.org-", SPF_BAD_TARGET, "org-" },
	{ "include:x.1-", SPF_BAD_TARGET, "1-" },
	{ "include:\"x.org\"", SPF_BAD_TARGET, "org\"" },
	{ "a:foo.com/24.", SPF_BAD_TARGET, "com/24." },
	{ "a:%{d}.", SPF_BAD_TARGET, "." },
	{ "a:%{d}foo", SPF_BAD_TARGET, "foo" },
	{ "a:x.%{d}foo.1", SPF_BAD_TARGET, "1" },

	/* Macros. */
	{ "exists:%(ir).x.org", SPF_BAD_MACRO, "%" },
	{ "exists:x.org%", SPF_BAD_MACRO, "%" },
	{ "exists:%{x}.x.org", SPF_BAD_MACRO, "%{x}" },
	{ "exists:%{t}.x.org", SPF_BAD_MACRO, "%{t}" },
	{ "exists:%{R}.x.org", SPF_BAD_MACRO, "%{R}" },
	{ "exists:%{d0}.x.org", SPF_BAD_MACRO, "%{d0}" },
	{ "exists:%{i-r}.x.org", SPF_BAD_MACRO, "%{i-r}" },
	{ "exists:%{}.x.org", SPF_BAD_MACRO, "%{}" },
	{ "exists:%{d.x.org", SPF_BAD_MACRO, "%{d.x.org" },
	{ "exists:%{d.x.%{d}", SPF_BAD_MACRO, "%{d.x." },

	/* Odd names, which receivers may do with as they like. */
	{ "a:x..org", SPF_NAME_LABELS, "x..org" },
	{ "a:.org", SPF_NAME_LABELS, ".org" },
	{ "a:%{d}..org", SPF_NAME_LABELS, "%{d}..org" },
	{ "include:x.org,include:y.org", SPF_NAME_LABELS, "," },
	{ "include:x.org-all", SPF_NAME_LABELS, "-all" },
	{ "include:include:x.org", SPF_NAME_LABELS, ":" },
	{ "a:A:x.org", SPF_NAME_LABELS, ":" },
	{ "redirect=https://x.org", SPF_NAME_LABELS, "://" },
	{ "mx:me@x.org/24", SPF_NAME_LABELS, "@" },
	{ "a:_x-y.z-all.org", NO_PROBLEM, NULL },
	{ "exists:a:b.x.org", NO_PROBLEM, NULL },
	{ "include:%{d}:x.org", NO_PROBLEM, NULL },
	{ "a:aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeeffffffffff123.o",
	  NO_PROBLEM, NULL },
	{ "a:aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeeffffffffff1234."
	  "o/9", SPF_NAME_LABELS, "aaaaaaaaaabbbbbbbbbbccccccccccdddddddddde"
	  "eeeeeeeeeffffffffff1234.o" },
};

static struct spf *
parse_terms(struct arena *arena, const char *terms)
{
	return spf_parse(arena, arena_printf(arena, "v=spf1 %s", terms));
}

static void
grammar_is_that_of_rfc7208(void **state)
{
	struct arena *arena = arena_new();
	const struct spf *spf;
	bool error;
	size_t i;

	(void)state;
	for (i = 0; i < countof(grammar); i++) {
		spf = parse_terms(arena, grammar[i].text);
		assert_true(spf->selected);
		assert_problem(spf->text, &spf->problems, grammar[i].kind,
		    grammar[i].words);
		error = grammar[i].kind != NO_PROBLEM &&
		    grammar[i].kind != SPF_NAME_LABELS &&
		    (grammar[i].kind != SPF_MECHANISM_AS_MODIFIER ||
		    grammar[i].text[0] == '-');
		if (spf->permerror != error)
			fail_msg("%s: permerror %d", grammar[i].text,
			    spf->permerror);
		arena_reset(arena);
	}
	arena_free(arena);
}

static const struct {
	const char *text;
	const char *target;	/* NULL: none is written */
	enum spf_kind kind;
	char qualifier;
	bool macro, broken;
	int cidr4, cidr6;
} terms[] = {
	{ "a", NULL, SPF_A, '+', false, false, -1, -1 },
	{ "-A/24", NULL, SPF_A, '-', false, false, 24, -1 },
	{ "?mx//64", NULL, SPF_MX, '?', false, false, -1, 64 },
	{ "~mx:x.org/0//0", "x.org", SPF_MX, '~', false, false, 0, 0 },
	{ "a:x/y.%{d}/24", "x/y.%{d}", SPF_A, '+', true, false, 24, -1 },
	{ "ip4:192.0.2.0/28", "192.0.2.0", SPF_IP4, '+', false, false, 28,
	  -1 },
	{ "ip6:2001:db8::/32", "2001:db8::", SPF_IP6, '+', false, false, -1,
	  32 },
	{ "include:x.org.", "x.org.", SPF_INCLUDE, '+', false, false, -1,
	  -1 },
	{ "exists:%{i}.x", "%{i}.x", SPF_EXISTS, '+', true, false, -1, -1 },
	{ "ptr", NULL, SPF_PTR, '+', false, false, -1, -1 },
	{ "redirect=x.org", "x.org", SPF_REDIRECT, '+', false, false, -1,
	  -1 },
	{ "exp=x.org", "x.org", SPF_EXP, '+', false, false, -1, -1 },
	{ "moo=", "", SPF_MODIFIER, '+', false, false, -1, -1 },
	{ "ip4=1.2.3.4", "1.2.3.4", SPF_MODIFIER, '+', false, false, -1, -1 },
	/* Broken ones are of the kind that was meant, when that is plain. */
	{ "ipv4:1.2.3.4/24", "1.2.3.4/24", SPF_UNKNOWN, '+', false, true, -1,
	  -1 },
	{ "redirect:x.org", "x.org", SPF_REDIRECT, '+', false, true, -1, -1 },
	{ "~all;", NULL, SPF_ALL, '~', false, true, -1, -1 },
	{ "foo:x.org", "x.org", SPF_UNKNOWN, '+', false, true, -1, -1 },
	{ "include:localhost", "localhost", SPF_INCLUDE, '+', false, true,
	  -1, -1 },
};

static void
terms_are_taken_apart(void **state)
{
	struct arena *arena = arena_new();
	const struct spf_term *term;
	const struct spf *spf;
	struct str text;
	size_t i;

	(void)state;
	for (i = 0; i < countof(terms); i++) {
		spf = parse_terms(arena, terms[i].text);
		term = spf->terms;
		text = str_from(terms[i].text);
		assert_int_equal(spf->count, 1);
		assert_true(str_equal(term->text, text));
		assert_int_equal(term->start, 7);
		assert_int_equal(term->end, 7 + text.n);
		assert_int_equal(term->kind, terms[i].kind);
		assert_int_equal(term->qualifier, terms[i].qualifier);
		assert_int_equal(term->macro, terms[i].macro);
		assert_int_equal(term->broken, terms[i].broken);
		assert_int_equal(term->cidr4, terms[i].cidr4);
		assert_int_equal(term->cidr6, terms[i].cidr6);
		assert_int_equal(term->has_target, terms[i].target != NULL);
		assert_true(str_equal(term->target,
		    str_from(terms[i].target)));
		assert_true(str_equal(term->target, str_slice(spf->text,
		    term->target_start, term->target_end)));
		if (term->cidr4 >= 0 || term->cidr6 >= 0)
			assert_int_equal(spf->text.p[term->cidr_start], '/');
		else
			assert_int_equal(term->cidr_start, term->end);
	}
	arena_free(arena);
}

static void
addresses_are_octets(void **state)
{
	static const unsigned char ip4[] = { 192, 0, 2, 255 };
	static const unsigned char ip6[] = { 0x20, 1, 0xd, 0xb8, 0, 0, 0, 0,
		0, 0, 0, 0, 10, 0, 0, 1 };
	struct arena *arena = arena_new();
	struct spf *spf = parse_terms(arena,
	    "ip4:192.0.2.255 ip6:2001:DB8::10.0.0.1 ip6:2001:db8::a00:1");

	(void)state;
	assert_memory_equal(spf->terms->address, ip4, sizeof(ip4));
	assert_memory_equal(spf->terms->next->address, ip6, sizeof(ip6));
	assert_memory_equal(spf->terms->next->next->address, ip6,
	    sizeof(ip6));
	arena_free(arena);
}

static void
all_and_redirect_are_found(void **state)
{
	struct arena *arena = arena_new();
	struct spf *spf = parse_terms(arena,
	    "redirect=x.org ~all -all redirect=y.org");

	(void)state;
	assert_int_equal(spf->all->qualifier, '~');
	assert_true(str_is(spf->redirect->target, "x.org"));
	assert_true(spf->permerror);
	spf = parse_terms(arena, "include: localhost -x:");
	assert_int_equal(spf->problems.count, 3);
	spf = parse_terms(arena, "a: ip4: 192.0.2.1 foo");
	assert_int_equal(spf->problems.count, 3);
	assert_int_equal(spf->count, 4);
	spf = parse_terms(arena, "mx");
	assert_null(spf->all);
	assert_null(spf->redirect);
	arena_free(arena);
}

static const char *const not_selected[] = {
	"", "v=spf10", "v=spf1;", "v=spf1include:x.org", " v=spf1 -all",
	"v=spf1\t-all", "v= spf1 -all", "spf1 -all", "v=spf2.0/pra",
	"v=DMARC1; p=none", "foo",
};

static void
others_are_left_alone(void **state)
{
	struct arena *arena = arena_new();
	struct spf *spf;
	size_t i;

	(void)state;
	for (i = 0; i < countof(not_selected); i++) {
		spf = spf_parse(arena, str_from(not_selected[i]));
		assert_false(spf->selected);
		assert_false(spf->permerror);
		assert_int_equal(spf->count, 0);
		assert_true(str_is(spf_print(arena, spf), not_selected[i]));
	}
	arena_free(arena);
}

static const struct {
	const char *text, *printed;
} printing[] = {
	{ "v=spf1", "v=spf1" },
	{ "V=SPF1  ", "v=spf1" },
	{ "v=spf1  +MX   ?A:Foo.org/24 -ALL", "v=spf1 mx ?a:Foo.org/24 -all" },
	{ "v=spf1 Redirect=%{D} Moo=Cow", "v=spf1 redirect=%{D} Moo=Cow" },
	{ "v=spf1 IPV4:1.2.3.4  +foo -ALL;", "v=spf1 IPV4:1.2.3.4 +foo -ALL;" },
};

static void
printing_is_canonical(void **state)
{
	struct arena *arena = arena_new();
	struct str printed;
	size_t i;

	(void)state;
	for (i = 0; i < countof(printing); i++) {
		printed = spf_print(arena, spf_parse(arena,
		    str_from(printing[i].text)));
		if (!str_is(printed, printing[i].printed))
			fail_msg("%s: printed %.*s", printing[i].text,
			    STR_ARG(printed));
	}
	arena_free(arena);
}

static const struct {
	const char *term, *domain;
	const char *target;	/* NULL: cannot be known */
} targets[] = {
	{ "a", "example.com", "example.com" },
	{ "mx/24", "example.com", "example.com" },
	{ "include:_SPF.Example.ORG.", "example.com", "_spf.example.org" },
	{ "redirect=%{d}", "example.com", "example.com" },
	{ "a:mail.%{d}", "example.com", "mail.example.com" },
	{ "a:%{d2}.x.org", "a.b.example.com", "example.com.x.org" },
	{ "a:%{dr}.x.org", "a.example.com", "com.example.a.x.org" },
	{ "a:%{d1r}.x.org", "a.example.com", "a.x.org" },
	{ "a:%{d9}.x.org", "example.com", "example.com.x.org" },
	{ "a:%{d-}.x.org", "a-b.example.com", "a.b.example.com.x.org" },
	{ "a:%{D}.x.org", "example.com", "example.com.x.org" },
	{ "exists:%{i}.x.org", "example.com", NULL },
	{ "include:%{d}.%{v}.org", "example.com", NULL },
	{ "a:x%%.org", "example.com", NULL },
	{ "a:x..org", "example.com", NULL },
	{ "a:localhost", "example.com", NULL },
	{ "all", "example.com", NULL },
	{ "ip4:192.0.2.1", "example.com", NULL },
	{ "moo=x.org", "example.com", NULL },
	{ "exp=x.org", "example.com", "x.org" },
};

static void
targets_are_canonical(void **state)
{
	struct arena *arena = arena_new();
	struct str target;
	size_t i;

	(void)state;
	for (i = 0; i < countof(targets); i++) {
		target = spf_target(arena,
		    parse_terms(arena, targets[i].term)->terms,
		    str_from(targets[i].domain));
		if (!str_equal(target, str_from(targets[i].target)))
			fail_msg("%s: target %.*s", targets[i].term,
			    STR_ARG(target));
	}
	arena_free(arena);
}

static const struct {
	const char *name, *near;
} near[] = {
	{ "inlude", "include" }, { "includes", "include" },
	{ "incldue", "include" }, { "ipv4", "ip4" }, { "ipv6", "ip6" },
	{ "al", "all" }, { "redirct", "redirect" }, { "exist", "exists" },
	{ "foo", NULL }, { "b", NULL }, { "", NULL },
};

static void
misspelt_names_are_recognised(void **state)
{
	const char *found;
	size_t i;

	(void)state;
	for (i = 0; i < countof(near); i++) {
		found = spf_name_near(str_from(near[i].name));
		if (near[i].near == NULL)
			assert_null(found);
		else
			assert_string_equal(found, near[i].near);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(grammar_is_that_of_rfc7208),
		cmocka_unit_test(terms_are_taken_apart),
		cmocka_unit_test(addresses_are_octets),
		cmocka_unit_test(all_and_redirect_are_found),
		cmocka_unit_test(others_are_left_alone),
		cmocka_unit_test(printing_is_canonical),
		cmocka_unit_test(targets_are_canonical),
		cmocka_unit_test(misspelt_names_are_recognised),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
