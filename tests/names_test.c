/* The tree of a zone's names. */
#include "support.h"

#include <string.h>

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
		assert_int_equal(zone->wildcards, starred);
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
	const struct node *nodes;
	struct zone *zone;
	size_t count, i, k;

	(void)state;
	buffer_add_cstr(&text, "$TTL 60\n");
	for (i = 0; i < MANY; i++)
		buffer_printf(&text, "a.n%zu TXT %zu\n", i, i);
	zone = zone_of(arena, buffer_finish(&text, arena));
	assert_int_equal(zone->record_count, MANY);
	for (i = 0; i < MANY; i++) {
		assert_non_null(zone_find(zone, arena_printf(arena,
		    "n%zu.example.com", i)));
		assert_non_null(zone_find(zone, arena_printf(arena,
		    "a.n%zu.example.com", i)));
	}
	assert_non_null(zone_node(zone, MANY * 2));
	assert_null(zone_node(zone, MANY * 2 + 1));
	for (i = 0; (nodes = zone_nodes(zone, i, &count)) != NULL; i += count)
		for (k = 0; k < count; k++)
			assert_ptr_equal(&nodes[k], zone_node(zone, i + k));
	assert_int_equal(i, MANY * 2 + 1);
	arena_free(arena);
}

/* Records of one name are kept, and more types of it are read later. */
static void
types_are_read_when_asked(void **state)
{
	struct arena *arena = arena_new();
	struct zone *zone = zone_of(arena, STR("$TTL 60\na TXT 1\n A 192.0.2.1\n"
	    " TXT 2\n MX 1 x\n A 192.0.2.2\nb TXT 3\n"));
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
		cmocka_unit_test(types_are_read_when_asked),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
