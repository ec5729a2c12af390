/* The tree of a zone's names. */
#include "support.h"

#include <stdio.h>

#include "zone_lines.h"

static const struct {
	const char *text;
	/* Name, then t types, c children, w wildcard, o occluded, x cut. */
	const char *nodes;
} rows[] = {
	{ "", "" },
	{ "@ TXT x\n", "@ t" },
	{ "a TXT x\nA TXT y\na.example.com. MX 1 a\n", "a t|@ c" },
	{ "a.b.c TXT x\n", "a.b.c t|b.c c|c c|@ c" },
	{ "a.b TXT x\nb TXT y\n", "a.b t|b tc|@ c" },
	{ "*.a TXT x\nb TXT y\n", "*.a t|a cw|@ c|b t" },
	{ "*.*.a TXT x\n", "*.*.a t|*.a cw|a cw|@ c" },
	{ "@ NS ns\nsub NS ns\na.sub TXT x\nb.a.sub TXT y\nsubx TXT z\n",
	  "@ tc|sub tcx|a.sub tco|b.a.sub to|subx t" },
	{ "b.a.d TXT y\nd DNAME x.\n", "b.a.d to|a.d co|d tc|@ c" },
	{ "x. TXT outside\na TXT x\n TXT y\n", "a t|@ c" },
	{ "a\\.b TXT x\n", "a\\.b t|@ c" },
	/* One that is written below the last one, or only seems to be. */
	{ "@ TXT x\na TXT x\nb.a TXT y\n*.a TXT z\n",
	  "@ tc|a tcw|b.a t|*.a t" },
	{ "@ TXT x\na TXT x\nb.A TXT y\nc.b.a TXT z\n",
	  "@ tc|a tc|b.a tc|c.b.a t" },
	{ "@ TXT x\na.example.com. TXT x\nb.a.example.com. TXT y\n"
	  "b.a.example.com TXT z\n", "@ tc|a tc|b.a t|"
	  "b.a.example.com t|a.example.com c|example.com c|com c" },
	{ "@ TXT x\na TXT x\nb.ax TXT y\nb.xa TXT z\n",
	  "@ tc|a t|b.ax t|ax c|b.xa t|xa c" },
	{ "@ TXT x\na TXT x\nb\\.a TXT y\n", "@ tc|a t|b\\.a t" },
	{ "@ TXT x\na\\  TXT x\nb.a\\ x TXT y\n",
	  "@ tc|a\\032 t|b.a\\032x t|a\\032x c" },
	{ "$ORIGIN s.example.com.\n@ TXT x\nx.@ TXT y\n",
	  "s tc|@ c|x.\\@.s t|\\@.s c" },
	{ "@ TXT x\na TXT x\n$ORIGIN s.example.com.\nb.a TXT y\n",
	  "@ tc|a t|b.a.s t|a.s c|s c" },
	{ "$GENERATE 1-2 h$ TXT x\nh1 MX 1 a\n", "h1 t|@ c|h2 t" },
	{ "$GENERATE 1-1 *.h$ TXT x\n", "*.h1 t|h1 cw|@ c" },
	{ "$ORIGIN *.a.example.com.\n@ TXT x\n", "*.a t|a cw|@ c" },
	{ "\\042.a TXT x\n", "*.a t|a cw|@ c" },
	{ "*.a.example.com. TXT x\n A 192.0.2.1\n", "*.a t|a cw|@ c" },
	{ "a TXT \"\nb A x\nc TXT x\n TXT \"\n TXT y\n", "c t|@ c" },
};

static void
add_node(struct buffer *out, struct arena *arena, const struct zone *zone,
    const struct node *node)
{
	struct str name = node_name(zone, node, arena);

	if (out->n > 0)
		buffer_add_byte(out, '|');
	name = name_relative(name, STR("example.com"));
	buffer_printf(out, "%.*s %s%s%s%s%s",
	    STR_ARG(name.n == 0 ? STR("@") : name),
	    node->types != 0 ? "t" : "", node->children ? "c" : "",
	    node->wildcard ? "w" : "", node->occluded ? "o" : "",
	    node->cut ? "x" : "");
}

static void
names_form_a_tree(void **state)
{
	struct arena *arena = arena_new();
	struct buffer out = { 0 };
	const struct node *node;
	struct zone *zone;
	struct str name;
	size_t i, n;
	bool starred, cut;

	(void)state;
	for (i = 0; i < countof(rows); i++) {
		zone = zone_of(arena, arena_printf(arena, "$TTL 60\n%s",
		    rows[i].text));
		buffer_clear(&out);
		starred = cut = false;
		for (n = 0; (node = zone_node(zone, n)) != NULL; n++) {
			add_node(&out, arena, zone, node);
			name = node_name(zone, node, arena);
			assert_ptr_equal(node, zone_find(zone, name));
			starred |= node->types != 0 && name_is_wildcard(name);
			cut |= node->cut || (node->types & HAS_DNAME) != 0;
		}
		assert_int_equal(zone->contents->wildcards, starred);
		assert_int_equal(zone_has_cuts(zone), cut);
		if (!str_is(buffer_str(&out), rows[i].nodes))
			fail_msg("%s: %.*s", rows[i].text,
			    STR_ARG(buffer_str(&out)));
		assert_null(zone_find(zone, STR("nope.example.com")));
		assert_null(zone_find(zone, STR("example.net")));
	}
	buffer_free(&out);
	arena_free(arena);
}

static void
nodes_have_their_records_in_order(void **state)
{
	struct arena *arena = arena_new();
	struct zone *zone = zone_of(arena, STR("$TTL 60\n"
	    "a TXT 1\nb TXT 2\na MX 3 x\n TXT 4\n$TTL 5\n TXT 5\n"
	    "$ORIGIN a.example.com.\n@ TXT 6\n$GENERATE 7-8 @ TXT $\n"));
	const struct node *node = zone_find(zone, STR("a.example.com"));
	const struct record **records;
	struct buffer out = { 0 };
	size_t i, count;

	(void)state;
	assert_int_equal(node->types, HAS_TXT | HAS_MX | HAS_TWICE);
	count = node_records(zone, node, arena, HAS_TXT, &records);
	for (i = 0; i < count; i++)
		buffer_add(&out, records[i]->text);
	assert_true(str_is(buffer_str(&out), "145678"));
	assert_int_equal(node_records(zone, node, arena, HAS_MX, &records),
	    1);
	assert_int_equal(node_records(zone, node, arena, HAS_A, &records), 0);
	buffer_free(&out);
	arena_free(arena);
}

/* More names than fit in one piece of anything. */
static void
many_names_are_found(void **state)
{
	enum { MANY = 30000 };
	struct arena *arena = arena_new();
	struct buffer text = { 0 };
	struct zone *zone;
	size_t i;

	(void)state;
	buffer_add_cstr(&text, "$TTL 60\n");
	for (i = 0; i < MANY; i++)
		buffer_printf(&text, "a.n%zu TXT %zu\n", i, i);
	zone = zone_of(arena, buffer_finish(&text, arena));
	assert_int_equal(zone->contents->record_count, MANY);
	for (i = 0; i < MANY; i++) {
		assert_non_null(zone_find(zone, arena_printf(arena,
		    "n%zu.example.com", i)));
		assert_non_null(zone_find(zone, arena_printf(arena,
		    "a.n%zu.example.com", i)));
	}
	assert_non_null(zone_node(zone, MANY * 2));
	assert_null(zone_node(zone, MANY * 2 + 1));
	arena_free(arena);
}

/* ---- plain names, among others ------------------------------------------- */

enum { OWNERS = 600 };

struct owner {
	char name[32];			/* of the zone: "" */
	unsigned types;
};

/* Less than that, by what seems to be chance. */
static unsigned
draw(uint32_t *seed, unsigned below)
{
	*seed = *seed * 1664525 + 1013904223;
	return (*seed >> 16) % below;
}

/* Most are children of the apex and have one run. */
static void
make_owner(uint32_t *seed, struct owner *owner, size_t number)
{
	size_t other = draw(seed, 12) == 0 ? draw(seed, OWNERS) : number;
	bool wildcard = draw(seed, 40) == 0;

	owner->types = wildcard || draw(seed, 5) > 0 ? HAS_TXT :
	    draw(seed, 8) == 0 ? HAS_DNAME : HAS_NS;
	snprintf(owner->name, sizeof(owner->name), "%sn%zu", wildcard ?
	    "*." : draw(seed, 15) == 0 ? "a.b." : draw(seed, 15) == 0 ? "a." :
	    "", other);
}

static const char *
type_of(const struct owner *owner)
{
	return owner->types == HAS_NS ? "NS" :
	    owner->types == HAS_DNAME ? "DNAME" : "TXT";
}

static struct zone *
zone_of_owners(struct arena *arena, const struct owner *owners)
{
	struct zone_options options = { .name = STR("example.com"),
	    .how = ZONE_BY_OPTION };
	struct buffer text = { 0 };
	size_t i;

	buffer_add_cstr(&text, "$TTL 60\n");
	for (i = 0; i < OWNERS; i++)
		buffer_printf(&text, "%s%sexample.com. %s x\n",
		    owners[i].name, owners[i].name[0] == '\0' ? "" : ".",
		    type_of(&owners[i]));
	return zone_read(arena, source_of(arena, buffer_finish(&text, arena)),
	    &options);
}

/* Is a name, relative to the zone, below another one? */
static bool
is_below(struct str name, struct str above)
{
	return name.n > above.n && (above.n == 0 ||
	    (str_ends_case(name, above) &&
	    name.p[name.n - above.n - 1] == '.'));
}

/* What is said of a name follows from all owners. */
static void
check_node(const struct owner *owners, const struct node *node,
    struct str name)
{
	unsigned types = 0;
	bool children = false, wildcard = false, occluded = false;
	struct str owner;
	size_t i;

	for (i = 0; i < OWNERS; i++) {
		owner = str_from(owners[i].name);
		if (str_equal(owner, name))
			types |= owners[i].types;
		children |= is_below(owner, name);
		wildcard |= name_is_wildcard(owner) &&
		    str_equal(name_parent(owner), name);
		occluded |= is_below(name, owner) &&
		    (owners[i].types == HAS_DNAME ||
		    (owners[i].types == HAS_NS && owner.n > 0));
	}
	if ((node->types & ~(unsigned)HAS_TWICE) != types ||
	    node->children != children || node->wildcard != wildcard ||
	    node->occluded != occluded ||
	    node->cut != (name.n > 0 && (types & HAS_NS) != 0))
		fail_msg("%.*s", STR_ARG(name));
}

/* The children of the apex come in the order of their numbers. */
static void
check_children(const struct zone *zone)
{
	const struct node *apex = zone_find(zone, STR("example.com"));
	const struct node *child = node_child(zone, apex), *node;
	struct arena *arena = arena_new();
	size_t i;

	for (i = 0; (node = zone_node(zone, i)) != NULL; i++)
		if (name_labels(node_name(zone, node, arena)) == 3) {
			assert_ptr_equal(child, node);
			child = node_sibling(zone, child);
		}
	assert_null(child);
	assert_null(node_sibling(zone, apex));
	for (node = apex, i = 0; node != NULL;
	    node = node_next(zone, apex, node))
		i++;
	assert_int_equal(i, zone_node_count(zone));
	arena_free(arena);
}

static void
check_search(const struct zone *zone, const unsigned *types)
{
	size_t count = zone_node_count(zone), next, i;
	const struct node *node;

	next = zone_next_with(zone, 0, count, types);
	for (i = 0; (node = zone_node(zone, i)) != NULL; i++) {
		if (i != next) {
			assert_false(node->children);
			assert_int_equal(node->types & types[node->occluded],
			    0);
			continue;
		}
		assert_true(node->children ||
		    (node->types & types[node->occluded]) != 0);
		next = zone_next_with(zone, i + 1, count, types);
	}
	assert_int_equal(next, count);
}

/* Whatever is asked first. */
static void
check_plain(const struct owner *owners, uint32_t seed)
{
	static const unsigned types[] = { HAS_DNAME, HAS_TXT };
	struct arena *arena = arena_new();
	const struct zone *zone = zone_of_owners(arena, owners);
	const struct node *node;
	struct str name;
	size_t i;

	if (seed % 3 == 0)
		check_children(zone);
	if (seed % 3 == 1)
		check_search(zone, types);
	for (i = OWNERS; i-- > 0;) {
		name = str_from(owners[i].name);
		node = zone_find(zone, name.n == 0 ? STR("example.com") :
		    arena_printf(arena, "%.*s.example.com", STR_ARG(name)));
		assert_non_null(node);
		check_node(owners, node, name);
	}
	check_children(zone);
	check_search(zone, types);
	arena_free(arena);
}

static void
plain_names_are_like_others(void **state)
{
	static struct owner owners[OWNERS];
	uint32_t seed, chance;
	size_t i;

	(void)state;
	for (seed = 0; seed < 60; seed++) {
		chance = seed;
		for (i = 0; i < OWNERS; i++)
			make_owner(&chance, &owners[i], i);
		/* The apex comes first, last, or is only implied. */
		if (seed % 5 < 3)
			owners[seed % 5 == 0 ? OWNERS - 1 : 0] =
			    (struct owner){ .types = seed % 5 == 2 ?
			    HAS_DNAME : HAS_NS };
		check_plain(owners, seed);
	}
}

/* Records of one name are kept, and more types of it are read later. */
static void
types_are_read_when_asked(void **state)
{
	struct arena *arena = arena_new();
	struct zone *zone = zone_of(arena, STR("$TTL 60\na TXT 1\n"
	    " A 192.0.2.1\n TXT 2\n MX 1 x\n A 192.0.2.2\nb TXT 3\n"));
	struct zones zones = { .arena = arena,
	    .memory = zone_memory_new(arena) };
	const struct node *a = zone_find(zone, STR("a.example.com"));
	const struct record **first, **all;
	size_t i;

	(void)state;
	zone_memory_watch(zones.memory);
	zone_memory_watch_node(zones.memory, zone_find(zone,
	    STR("b.example.com")));
	zone_memory_watch_node(zones.memory, a);
	assert_int_equal(zones_records(&zones, zone, a, arena, HAS_SRV,
	    &first), 0);
	assert_int_equal(zone_memory_seen(zones.memory), 0);
	assert_int_equal(zones_records(&zones, zone, a, arena, HAS_TXT,
	    &first), 2);
	assert_int_equal(zone_memory_seen(zones.memory), 2);
	assert_int_equal(zones_records(&zones, zone, a, arena, ~0u, &all), 5);
	assert_ptr_equal(all[0], first[0]);
	assert_ptr_equal(all[2], first[1]);
	for (i = 1; i < 5; i++)
		assert_true(all[i - 1]->position < all[i]->position);
	arena_free(arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_form_a_tree),
		cmocka_unit_test(nodes_have_their_records_in_order),
		cmocka_unit_test(many_names_are_found),
		cmocka_unit_test(plain_names_are_like_others),
		cmocka_unit_test(types_are_read_when_asked),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
