/* Where SPF records lead, what that costs, and whom they let in. */
#include "support.h"

#include <arpa/inet.h>
#include <limits.h>
#include <string.h>

#include "world.h"

#define ANY	UINT_MAX		/* of lookups or voids: unbounded */

#define HOST	"h A 192.0.2.1\nh AAAA 2001:db8::1\n"
#define A(n)	"a" #n " TXT 'v=spf1 a:h.example.com ?all'\n"

static const struct {
	const char *zones;
	unsigned least, most, voids, voids_most;
	/* "valid", "none", "several", "syntax", "reference", "limit" */
	const char *verdict;
} costs[] = {
	{ "@ A 192.0.2.1", 0, 0, 0, 0, "none" },
	{ "", 0, 0, 0, 0, "none" },
	{ "@ TXT 'v=spf1'", 0, 0, 0, 0, "valid" },
	{ "@ TXT 'v=spf1 ip4:192.0.2.1 -all'", 0, 0, 0, 0, "valid" },
	{ "@ TXT 'v=spf1 -all'\n@ TXT 'v=spf1 mx -all'", 0, 0, 0, 0,
	  "several" },
	{ "@ TXT 'v=spf1 -all'\n@ TXT 'v=spf1 -all'", 0, 0, 0, 0, "valid" },
	{ "@ TXT 'v=spf1 -al'", 0, 0, 0, 0, "syntax" },
	{ "@ TXT 'v=spf10 mx'", 0, 0, 0, 0, "none" },

	/* Terms and their lookups. */
	{ "@ TXT 'v=spf1 a mx ptr exists:h.example.com -all'\n@ MX 0 h\n"
	  "@ A 192.0.2.1\n@ AAAA 2001:db8::1\n" HOST, 4, 4, 0, 1, "valid" },
	{ "@ TXT 'v=spf1 a -all'\n@ A 192.0.2.1", 1, 1, 0, 1, "valid" },
	{ "@ TXT 'v=spf1 a -all'\n@ AAAA 2001:db8::1", 1, 1, 0, 1, "valid" },
	{ "@ TXT 'v=spf1 a -all'", 1, 1, 1, 1, "valid" },
	{ "@ TXT 'v=spf1 mx -all'", 1, 1, 1, 1, "valid" },
	{ "@ TXT 'v=spf1 mx -all'\n@ MX 0 .", 1, 1, 0, 0, "valid" },
	{ "@ TXT 'v=spf1 mx -all'\n@ MX 0 x\n@ MX 1 h\n@ MX 2 x.y.\n"
	  HOST, 1, 1, 1, 1, "valid" },
	{ "@ TXT 'v=spf1 mx -all'\n@ MX 0 x\n@ MX 1 y\n@ MX 2 z", 1, 1, 3, 3,
	  "limit" },
	{ "@ TXT 'v=spf1 exists:no.example.com -all'", 1, 1, 1, 1, "valid" },
	{ "@ TXT 'v=spf1 exists:%{i}.x.example.com -all'", 1, 1, 0, 1,
	  "valid" },
	{ "@ TXT 'v=spf1 a:%{d} -all'\n@ A 192.0.2.1\n@ AAAA ::1", 1, 1, 0, 0,
	  "valid" },
	{ "@ TXT 'v=spf1 -all a mx include:no.example.com'", 0, 0, 0, 0,
	  "valid" },
	{ "@ TXT 'v=spf1 -all redirect=no.example.com'", 0, 0, 0, 0,
	  "valid" },
	{ "@ TXT 'v=spf1 redirect=no.example.com -all'", 0, 0, 0, 0,
	  "valid" },
	{ "@ TXT 'v=spf1 exp=no.example.com -all'", 0, 0, 0, 0, "valid" },
	{ "@ TXT 'v=spf1 a:h.example.net -all'", 1, 1, 0, 1, "valid" },

	/* References. */
	{ "@ TXT 'v=spf1 include:i.example.com -all'\n"
	  "i TXT 'v=spf1 a:h.example.com -all'\n" HOST, 2, 2, 0, 0,
	  "valid" },
	{ "@ TXT 'v=spf1 redirect=i.example.com'\n"
	  "i TXT 'v=spf1 a:h.example.com -all'\n" HOST, 2, 2, 0, 0,
	  "valid" },
	{ "@ TXT 'v=spf1 include:no.example.com -all'", 1, 1, 1, 1,
	  "reference" },
	{ "@ TXT 'v=spf1 include:i.example.com -all'\ni TXT 'other'", 1, 1, 0,
	  0, "reference" },
	{ "@ TXT 'v=spf1 redirect=no.example.com'", 1, 1, 1, 1,
	  "reference" },
	{ "@ TXT 'v=spf1 include:i.example.com -all'\ni TXT 'v=spf1 x'", 1, 1,
	  0, 0, "reference" },
	{ "@ TXT 'v=spf1 include:i.example.com -all'\n"
	  "i TXT 'v=spf1 -all'\ni TXT 'v=spf1 ~all'", 1, 1, 0, 0,
	  "reference" },
	{ "@ TXT 'v=spf1 include:example.com -all'", 1, 1, 0, 0,
	  "reference" },
	{ "@ TXT 'v=spf1 include:i.example.com -all'\n"
	  "i TXT 'v=spf1 include:j.example.com'\n"
	  "j TXT 'v=spf1 redirect=i.example.com'", 3, 3, 0, 0, "reference" },
	{ "@ TXT 'v=spf1 ?include:no.example.com -all'", 1, 1, 1, 1,
	  "reference" },
	{ "@ TXT 'v=spf1 include:i.example.com -all'\n"
	  "i CNAME j\nj TXT 'v=spf1 -all'", 1, 1, 0, 0, "valid" },
	{ "@ TXT 'v=spf1 include:i.example.com -all'\n* TXT 'v=spf1 -all'", 1,
	  1, 0, 0, "valid" },
	/* The same twice costs twice. */
	{ "@ TXT 'v=spf1 include:i.example.com include:i.example.com -all'\n"
	  "i TXT 'v=spf1 a:h.example.com -all'\n" HOST, 4, 4, 0, 0,
	  "valid" },

	/* Out of sight. */
	{ "@ TXT 'v=spf1 include:x.example.net -all'", 1, ANY, 0, ANY,
	  "valid" },
	{ "@ TXT 'v=spf1 include:%{l}.example.com -all'", 1, ANY, 0, ANY,
	  "valid" },
	{ "@ TXT 'v=spf1 a:h.example.com include:x.example.net -all'\n" HOST,
	  2, ANY, 0, ANY, "valid" },
	{ "$INCLUDE missing\n@ TXT 'v=spf1 include:i.example.com a:h -all'",
	  0, 0, 0, 0, "syntax" },
	{ "$INCLUDE missing\n@ TXT 'v=spf1 include:i.example.com -all'", 1,
	  ANY, 0, ANY, "valid" },

	/* Limits. */
	{ "@ TXT 'v=spf1 a:h.example.com a:h.example.com a:h.example.com "
	  "a:h.example.com a:h.example.com a:h.example.com a:h.example.com "
	  "' 'a:h.example.com a:h.example.com a:h.example.com -all'\n" HOST,
	  10, 10, 0, 0, "valid" },
	{ "@ TXT 'v=spf1 a:h.example.com a:h.example.com a:h.example.com "
	  "a:h.example.com a:h.example.com a:h.example.com a:h.example.com "
	  "' 'a:h.example.com a:h.example.com a:h.example.com mx -all'\n"
	  "@ MX 1 h\n" HOST, 11, 11, 0, 0, "limit" },
	{ "@ TXT 'v=spf1 include:a1.example.com include:a2.example.com "
	  "include:a3.example.com include:a4.example.com "
	  "include:a5.example.com -all'\n" A(1) A(2) A(3) A(4) A(5) HOST,
	  10, 10, 0, 0, "valid" },
	{ "@ TXT 'v=spf1 include:a1.example.com include:a2.example.com "
	  "include:a3.example.com include:a4.example.com "
	  "include:a5.example.com a -all'\n@ A 192.0.2.1\n@ AAAA ::1\n"
	  A(1) A(2) A(3) A(4) A(5) HOST, 11, 11, 0, 0, "limit" },
	{ "@ TXT 'v=spf1 a:n1.example.com a:n2.example.com -all'", 2, 2, 2,
	  2, "valid" },
	{ "@ TXT 'v=spf1 a:n1.example.com a:n2.example.com mx -all'", 3, 3,
	  3, 3, "limit" },
	{ "* A 192.0.2.1\n@ TXT 'v=spf1 mx -all'\n@ MX 1 a\n@ MX 1 b\n"
	  "@ MX 1 c\n@ MX 1 d\n@ MX 1 e\n@ MX 1 f\n@ MX 1 g\n@ MX 1 h\n"
	  "@ MX 1 i\n@ MX 1 j", 1, 1, 0, 0, "valid" },
	{ "@ TXT 'v=spf1 mx -all'\n@ MX 1 a\n@ MX 1 b\n@ MX 1 c\n@ MX 1 d\n"
	  "@ MX 1 e\n@ MX 1 f\n@ MX 1 g\n@ MX 1 h\n@ MX 1 i\n@ MX 1 j\n"
	  "@ MX 1 k", 1, 1, 0, 0, "limit" },
};

static const char *
verdict_of(const struct spf_cost *cost)
{
	static const char *const states[] = {
		[SPF_NONE] = "none", [SPF_SEVERAL] = "several",
		[SPF_BROKEN] = "syntax",
	};

	if (cost->root->state != SPF_VALID)
		return states[cost->root->state];
	return cost->broken_reference ? "reference" :
	    cost->over_limit ? "limit" : "valid";
}

static void
test_costs(void **state)
{
	struct arena *arena = arena_new();
	struct spf_cost *cost;
	size_t i;

	(void)state;
	for (i = 0; i < countof(costs); i++) {
		print_message("%zu %.70s\n", i, costs[i].zones);
		cost = spf_cost(world_from(arena, NULL, costs[i].zones),
		    arena, STR("example.com"));
		assert_string_equal(verdict_of(cost), costs[i].verdict);
		assert_int_equal(cost->lookups_min, costs[i].least);
		assert_int_equal(cost->lookups_max, costs[i].most);
		assert_int_equal(cost->voids_min, costs[i].voids);
		assert_int_equal(cost->voids_max, costs[i].voids_most);
		assert_int_equal(cost->permerror,
		    strcmp(costs[i].verdict, "valid") != 0 &&
		    strcmp(costs[i].verdict, "none") != 0);
		assert_int_equal(cost->permerror,
		    cost->permerror_why.n > 0);
		arena_reset(arena);
	}
	arena_free(arena);
}

static void
test_facts(void **state)
{
	char *scratch = scratch_make();
	struct arena *arena = arena_new();
	struct world *world = world_from(arena, NULL, "@ TXT 'v=spf1 "
	    "include:_SPF.example.net a:h.example.com -all'\n" HOST);
	struct spf_cost *cost;

	(void)state;
	free(scratch_write(scratch, "x.yaml", "name: x\nkind: saas\n"
	    "checked: 2024-10-04\nconfidence: none\nspf: {terms: "
	    "\"include:_spf.example.net\", lookups: 3}\n"));
	world->providers = providers_open(arena, str_from(scratch), STR_NONE);
	cost = spf_cost(world, arena, STR("example.com"));
	assert_int_equal(cost->lookups_min, 2);
	assert_int_equal(cost->lookups_max, 4);
	assert_true(cost->root->edges->node->known_cost);
	assert_true(str_is(cost->root->edges->node->fact->name, "x"));
	scratch_remove(scratch);
	arena_free(arena);
}

static size_t
count_steps(const struct spf_node *node)
{
	const struct spf_edge *edge;
	size_t count = 1;

	for (edge = node->edges; edge != NULL; edge = edge->next)
		count += edge->node != NULL ? count_steps(edge->node) : 1;
	return count;
}

/* Records that lead to each other a million times over, or very deep. */
static void
test_hostile(void **state)
{
	struct arena *arena = arena_new();
	struct buffer zone = { 0 };
	struct spf_cost *cost;
	unsigned i;

	(void)state;
	buffer_add_cstr(&zone, "@ TXT 'v=spf1 include:n0.example.com'\n");
	for (i = 0; i < 60; i++)
		buffer_printf(&zone, "n%u TXT 'v=spf1 "
		    "include:n%u.example.com include:n%u.example.com "
		    "include:n%u.example.com'\n", i, i + 1, i + 2, i + 1);
	buffer_add_byte(&zone, '\0');
	cost = spf_cost(world_from(arena, NULL, zone.p), arena,
	    STR("example.com"));
	assert_true(cost->over_limit);
	assert_in_range(count_steps(cost->root), 100, 1000);
	buffer_clear(&zone);
	buffer_add_cstr(&zone, "@ TXT 'v=spf1 include:n0.example.com'\n");
	for (i = 0; i < 5000; i++)
		buffer_printf(&zone, "n%u TXT 'v=spf1 "
		    "include:n%u.example.com'\n", i, i + 1);
	buffer_add_byte(&zone, '\0');
	cost = spf_cost(world_from(arena, NULL, zone.p), arena,
	    STR("example.com"));
	assert_true(cost->over_limit);
	assert_in_range(count_steps(cost->root), 100, 1000);
	buffer_free(&zone);
	arena_free(arena);
}

/* ---- reach --------------------------------------------------------------- */

/* All of IPv4 but what special.c has. */
#define PUBLIC \
	((UINT64_C(1) << 32) - (UINT64_C(3) << 24) - (UINT64_C(2) << 16) - \
	(UINT64_C(1) << 20) - (UINT64_C(1) << 29))

static const struct {
	const char *zones;
	const char *networks;		/* "*" first: everybody */
	uint64_t addresses;
	bool complete;
	char all;
} reaches[] = {
	{ "@ TXT 'v=spf1 -all'", "", 0, true, '-' },
	{ "@ A 192.0.2.1", "", 0, true, '\0' },
	{ "@ TXT 'v=spf1 ip4:192.0.2.77/24 ip6:2001:db8::1 ~all'",
	  "192.0.2.0/24 2001:db8::1/128", 256, true, '~' },
	{ "@ TXT 'v=spf1 ip4:192.0.2.1 ip4:192.0.2.0/24 ip4:192.0.3.0/24 "
	  "ip4:11.0.0.0/8 ip4:192.0.2.0 -all'", "11.0.0.0/8 192.0.2.0/23",
	  512 + (1 << 24), true, '-' },
	{ "@ TXT 'v=spf1 ip4:192.0.2.2/32 ip4:192.0.2.3 ip4:192.0.2.0 "
	  "ip4:192.0.2.1 -all'", "192.0.2.0/30", 4, true, '-' },
	{ "@ TXT 'v=spf1 ?ip4:192.0.2.1 -ip4:192.0.2.2 ~ip4:192.0.2.3 -all'",
	  "", 0, true, '-' },
	{ "@ TXT 'v=spf1 ip6:::ffff:192.0.2.1 -all'", "", 0, true, '-' },
	{ "@ TXT 'v=spf1 +all'", "*", 0, true, '+' },
	{ "@ TXT 'v=spf1 -all +all'", "", 0, true, '-' },
	{ "@ TXT 'v=spf1 ip4:0.0.0.0/0 -all'", "* 0.0.0.0/0",
	  PUBLIC, true, '-' },
	{ "@ TXT 'v=spf1 ip6:::/0 -all'", "* ::/0", 0, true, '-' },
	{ "@ TXT 'v=spf1 a/24 mx//64 -all'\n@ A 192.0.2.9\n@ MX 1 m\n"
	  "m AAAA 2001:db8::9\nm A 198.51.100.1",
	  "192.0.2.0/24 198.51.100.1/32 2001:db8::/64", 257, true, '-' },
	{ "@ TXT 'v=spf1 a/0 -all'\n@ A 192.0.2.9", "* 0.0.0.0/0",
	  PUBLIC, true, '-' },
	{ "@ TXT 'v=spf1 a/0 -all'", "", 0, true, '-' },
	{ "@ TXT 'v=spf1 mx -all'\n@ MX 0 .", "", 0, true, '-' },
	{ "@ TXT 'v=spf1 exists:h.example.com -all'\n" HOST, "*", 0, true,
	  '-' },
	{ "@ TXT 'v=spf1 exists:%{i}.example.com ptr -all'", "", 0, false,
	  '-' },
	{ "@ TXT 'v=spf1 include:i.example.com -all'\n"
	  "i TXT 'v=spf1 ip4:192.0.2.1 +all'", "* 192.0.2.1/32", 1, true,
	  '-' },
	{ "@ TXT 'v=spf1 ?include:i.example.com -all'\ni TXT 'v=spf1 +all'",
	  "", 0, true, '-' },
	{ "@ TXT 'v=spf1 redirect=i.example.com'\n"
	  "i TXT 'v=spf1 ip4:192.0.2.1 ?all'", "192.0.2.1/32", 1, true,
	  '?' },
	{ "@ TXT 'v=spf1 include:x.example.net ip4:192.0.2.1 -all'",
	  "192.0.2.1/32", 1, false, '-' },
	/* From private networks, and those of no host, no mail comes. */
	{ "@ TXT 'v=spf1 ip4:10.0.0.0/8 ip4:192.168.1.1 ip4:9.1.2.0/24 -all'",
	  "9.1.2.0/24 10.0.0.0/8 192.168.1.1/32", 256, true, '-' },
	{ "@ TXT 'v=spf1 ip4:126.0.0.0/7 ip4:172.0.0.0/8 -all'",
	  "126.0.0.0/7 172.0.0.0/8", (UINT64_C(1) << 25) - (1 << 20), true,
	  '-' },
	/* Behind a permanent error nobody passes. */
	{ "@ TXT 'v=spf1 ip4:192.0.2.1 include:no.example.com +all'",
	  "192.0.2.1/32", 1, true, '+' },
	{ "@ TXT 'v=spf1 ?include:no.example.com +all'", "", 0, true, '+' },
	{ "@ TXT 'v=spf1 -al +all'", "", 0, true, '\0' },
	{ "@ TXT 'v=spf1 a:h.example.com a:h.example.com a:h.example.com "
	  "a:h.example.com a:h.example.com a:h.example.com a:h.example.com "
	  "' 'a:h.example.com a:h.example.com a:h.example.com "
	  "?a:h.example.com +all'\nh A 192.0.2.1", "192.0.2.1/32", 1, true,
	  '+' },
};

static struct str
show(struct arena *arena, const struct spf_reach *reach)
{
	struct buffer out = { 0 };
	const struct network *network;
	char text[INET6_ADDRSTRLEN];
	size_t i;

	if (reach->everybody)
		buffer_add_byte(&out, '*');
	for (i = 0; i < reach->count; i++) {
		network = &reach->networks[i];
		if (out.n > 0)
			buffer_add_byte(&out, ' ');
		assert_non_null(inet_ntop(network->ip6 ? AF_INET6 : AF_INET,
		    network->address, text, sizeof(text)));
		buffer_printf(&out, "%s/%u", text, network->length);
	}
	return buffer_finish(&out, arena);
}

static void
test_reaches(void **state)
{
	struct arena *arena = arena_new();
	struct spf_reach *reach;
	struct world *world;
	size_t i;

	(void)state;
	for (i = 0; i < countof(reaches); i++) {
		print_message("%zu %.70s\n", i, reaches[i].zones);
		world = world_from(arena, NULL, reaches[i].zones);
		reach = spf_reach(world, arena, STR("example.com"));
		assert_string_equal(arena_cstr(arena, show(arena, reach)),
		    reaches[i].networks);
		assert_int_equal(reach->addresses4, reaches[i].addresses);
		assert_int_equal(reach->complete, reaches[i].complete);
		assert_int_equal(reach->all, reaches[i].all);
		assert_int_equal(reach->everybody, reach->by != NULL);
		arena_reset(arena);
	}
	arena_free(arena);
}

/* What can be done, in order, with what it saves. */
static const struct {
	const char *zones, *terms;
} remedies[] = {
	{ "@ TXT 'v=spf1 ip4:192.0.2.1 -all'", "" },
	{ "@ TXT 'v=spf1 redirect=i.example.com'\ni TXT 'v=spf1 -all'", "" },
	{ "@ TXT 'v=spf1 a:h.example.com -all'\n" HOST, "a:h.example.com 1" },
	{ "@ TXT 'v=spf1 a:h.example.com a:no.example.com ptr "
	  "a:H.example.com -all'\n" HOST,
	  "a:H.example.com 1, a:no.example.com 1, ptr 1, a:h.example.com 1" },
	/* Of one kind what saves most comes first; macros stay. */
	{ "@ TXT 'v=spf1 include:i.example.com exists:%{i}.example.com "
	  "include:j.example.com -all'\n" HOST
	  "i TXT 'v=spf1 ip4:192.0.2.1 -all'\n"
	  "j TXT 'v=spf1 a:h.example.com -all'",
	  "include:j.example.com 2, include:i.example.com 1" },
	/* What generate has split off leads to terms. */
	{ "@ TXT 'v=spf1 a:h.example.com include:_spf1.example.com -all'\n"
	  HOST "_spf1 TXT 'v=spf1 a:h.example.com -all'",
	  "a:h.example.com 1" },
	/* Nobody is told to replace what takes no mail, or is not seen. */
	{ "@ TXT 'v=spf1 mx a:h.example.net -all'\n@ MX 0 .", "" },
};

static void
test_remedies(void **state)
{
	struct arena *arena = arena_new();
	const struct spf_remedy *remedy;
	struct world *world;
	struct buffer out;
	size_t i;

	(void)state;
	for (i = 0; i < countof(remedies); i++) {
		print_message("%zu %.70s\n", i, remedies[i].zones);
		world = world_from(arena, NULL, remedies[i].zones);
		out = (struct buffer){ 0 };
		for (remedy = spf_remedies(world, arena, spf_cost(world,
		    arena, STR("example.com"))); remedy != NULL;
		    remedy = remedy->next)
			buffer_printf(&out, "%s%.*s %u",
			    out.n > 0 ? ", " : "",
			    STR_ARG(remedy->edge->term->text),
			    remedy->saves);
		assert_string_equal(arena_cstr(arena, buffer_finish(&out,
		    arena)), remedies[i].terms);
		arena_reset(arena);
	}
	arena_free(arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_costs),
		cmocka_unit_test(test_facts),
		cmocka_unit_test(test_hostile),
		cmocka_unit_test(test_reaches),
		cmocka_unit_test(test_remedies),
	};

	return cmocka_run_group_tests_name("spf_graph", tests, NULL, NULL);
}
