/* mailzone tree: what an SPF record leads to, and what that costs. */
#include <limits.h>
#include <string.h>

#include "base/arena.h"
#include "base/table.h"
#include "command/tree.h"

static const char *const format_choices[] = { "text", "json", "svg", "dot",
	NULL };

static const struct option_row options[] = {
	{ .name = "format", .letter = 'f', .value = "FORMAT",
	  .choices = format_choices, .fallback = "text",
	  .help = "how the tree is written: svg is a picture, dot a graph for "
	      "Graphviz" },
	{ .name = "ascii", .help = "draw the lines of text in ASCII" },
	DNS_OPTION,
	{ .name = "exit-zero", .help = "exit with 0 whatever was found" },
	{ 0 }
};

/* ---- rows ---------------------------------------------------------------- */

struct growing {
	struct run *run;
	struct tree *tree;
	struct table shown;		/* nodes, by address */
	unsigned total;
};

static struct tree_row *
append(struct growing *growing)
{
	struct tree *tree = growing->tree;
	struct tree_row *larger;

	if (tree->count == tree->room) {
		tree->room = tree->room * 2 + 16;
		larger = ARENA_ARRAY(growing->run->arena, tree->room,
		    struct tree_row);
		if (tree->count > 0)
			memcpy(larger, tree->rows,
			    tree->count * sizeof(*larger));
		tree->rows = larger;
	}
	return &tree->rows[tree->count++];
}

static struct str
remark_on_node(struct arena *arena, const struct spf_node *node)
{
	struct str term;

	switch (node->state) {
	case SPF_NONE:
		return STR("no SPF record");
	case SPF_SEVERAL:
		return STR("several SPF records: receivers give up");
	case SPF_BROKEN:
		term = spf_broken(node->spf);
		return arena_printf(arena, "a syntax error, " STR_QUOTE
		    ": receivers give up", STR_QUOTE_ARG(term));
	case SPF_LOOP:
		return STR("leads back to itself: receivers give up");
	case SPF_NOT_VISIBLE:
		if (node->looped)
			return STR("its CNAME leads in a circle: nothing is "
			    "found");
		if (node->known_cost)
			return arena_printf(arena, "not loaded, cost by %.*s, "
			    "%.*s", STR_ARG(node->fact->name),
			    STR_ARG(date_print(arena, node->fact->checked)));
		return STR("not loaded, what it takes is unknown");
	case SPF_VALID:
		break;
	}
	return STR_NONE;
}

static struct str
remark_on(struct arena *arena, const struct spf_edge *edge)
{
	struct str remark = STR_NONE;

	if (edge->target.p == NULL)
		return STR("a macro: where it leads depends on the mail");
	if (edge->node != NULL)
		remark = remark_on_node(arena, edge->node);
	if (remark.p != NULL)
		return remark;
	if (edge->is_void)
		return STR("finds nothing");
	if (edge->mx_count > SPF_MAX_MX)
		return arena_printf(arena, "%zu names, more than %d: "
		    "receivers give up", edge->mx_count, SPF_MAX_MX);
	if (edge->mx_voids > 0)
		return arena_printf(arena, "%u of %zu names have no address",
		    edge->mx_voids, edge->mx_count);
	if (edge->node == NULL && edge->answer == ANSWER_UNKNOWN)
		return STR("not loaded");
	return STR_NONE;
}

/* What a term takes with all below it. */
static void
weigh(struct tree_row *row, const struct spf_edge *edge)
{
	const struct spf_node *node = edge->node;

	row->lookups = row->lookups_max = 1;
	row->voids = edge->is_void + edge->mx_voids;
	if (node != NULL) {
		row->lookups += node->lookups_min;
		row->lookups_max = node->lookups_max == UINT_MAX ? UINT_MAX :
		    node->lookups_max + 1;
		row->voids += node->voids_min;
	} else if (edge->target.p == NULL &&
	    (edge->term->kind == SPF_INCLUDE ||
	    edge->term->kind == SPF_REDIRECT)) {
		row->lookups_max = UINT_MAX;
	}
}

static bool
has_terms(const struct spf_node *node)
{
	return node != NULL && node->edges != NULL;
}

/* Was nothing shown yet of what lies below it? */
static bool
is_first(struct growing *growing, const struct spf_node *node)
{
	struct arena *arena = growing->run->arena;
	const struct spf_node **address = ARENA_NEW(arena,
	    const struct spf_node *);
	struct str key = { (const char *)address, sizeof(node) };

	*address = node;
	return table_add(&growing->shown, arena, key, address) == address;
}

static void
grow(struct growing *growing, const struct spf_node *node, size_t parent,
    unsigned depth)
{
	struct arena *arena = growing->run->arena;
	const struct spf_edge *edge;
	struct tree_row *row;

	for (edge = node->edges; edge != NULL; edge = edge->next) {
		row = append(growing);
		row->parent = parent;
		row->depth = depth;
		row->last = edge->next == NULL;
		row->edge = edge;
		row->node = edge->node;
		row->remark = remark_on(arena, edge);
		weigh(row, edge);
		row->repeated = has_terms(edge->node) &&
		    !is_first(growing, edge->node);
		if (has_terms(edge->node) && !row->repeated) {
			row->total = ++growing->total;
			grow(growing, edge->node, growing->tree->count - 1,
			    depth + 1);
		} else {
			row->total = growing->total += row->lookups;
		}
	}
}

static void
plant(struct run *run, struct tree *tree, struct str domain)
{
	struct growing growing = { .run = run, .tree = tree };
	const struct spf_cost *cost;
	struct tree_row *row;

	tree->domain = domain;
	cost = tree->cost = spf_cost(&run->world, run->arena, domain);
	row = append(&growing);
	row->last = true;
	row->node = cost->root;
	row->remark = remark_on_node(run->arena, cost->root);
	row->lookups = cost->lookups_min;
	row->lookups_max = cost->lookups_max;
	row->voids = cost->voids_min;
	grow(&growing, cost->root, 0, 1);
}

/* What is worth doing, as far as it is known how much it is over the limit. */
static void
choose_remedies(struct run *run, struct tree *tree)
{
	const struct spf_cost *cost = tree->cost;

	tree->remedies = spf_remedies_limit(spf_remedies(&run->world,
	    run->arena, cost), cost->lookups_max == UINT_MAX ?
	    cost->lookups_min : cost->lookups_max);
}

/* ---- what the formats have in common ------------------------------------- */

struct str
tree_label(const struct tree *tree, const struct tree_row *row)
{
	return row->edge == NULL ? name_show(tree->domain) :
	    row->edge->term->text;
}

static struct str
print_range(struct arena *arena, unsigned least, unsigned most,
    const char *what, int limit)
{
	struct str most_words = STR("");

	if (most == UINT_MAX)
		most_words = STR(" or more");
	else if (most != least)
		most_words = arena_printf(arena, " to %u", most);
	return arena_printf(arena, "%u%.*s %s%s, limit %d", least,
	    STR_ARG(most_words), what, most == 1 && least == 1 ? "" : "s",
	    limit);
}

struct str
tree_lookups(struct arena *arena, const struct tree *tree)
{
	return print_range(arena, tree->cost->lookups_min,
	    tree->cost->lookups_max, "lookup", SPF_MAX_LOOKUPS);
}

struct str
tree_voids(struct arena *arena, const struct tree *tree)
{
	return print_range(arena, tree->cost->voids_min,
	    tree->cost->voids_max, "void lookup", SPF_MAX_VOIDS);
}

/* ---- text ---------------------------------------------------------------- */

enum { BRANCH, LAST_BRANCH, TRUNK, SPACE };

static const char *const lines[] = {
	[BRANCH] = "├─ ", [LAST_BRANCH] = "└─ ", [TRUNK] = "│  ",
	[SPACE] = "   ",
};
static const char *const ascii_lines[] = {
	[BRANCH] = "|- ", [LAST_BRANCH] = "`- ", [TRUNK] = "|  ",
	[SPACE] = "   ",
};

static void
write_trunks(struct buffer *out, const struct tree *tree,
    const struct tree_row *row, const char *const *drawn)
{
	if (row->depth == 0)
		return;
	write_trunks(out, tree, &tree->rows[row->parent], drawn);
	buffer_add_cstr(out, drawn[row->last ? SPACE : TRUNK]);
}

/* Each piece of a line is three columns wide, whatever its bytes. */
static void
write_label(struct buffer *out, const struct tree *tree,
    const struct tree_row *row, const char *const *drawn, size_t width)
{
	struct buffer label = { 0 };
	size_t columns;

	if (row->depth > 0) {
		write_trunks(out, tree, &tree->rows[row->parent], drawn);
		buffer_add_cstr(out, drawn[row->last ? LAST_BRANCH : BRANCH]);
	}
	write_shown(&label, tree_label(tree, row));
	columns = row->depth * 3 + label.n;
	buffer_add(out, buffer_str(&label));
	buffer_add_repeated(out, ' ', columns < width ? width - columns : 0);
	buffer_free(&label);
}

static size_t
label_width(const struct tree *tree)
{
	size_t width = 0, columns, i;

	for (i = 1; i < tree->count; i++) {
		columns = tree->rows[i].depth * 3 +
		    tree_label(tree, &tree->rows[i]).n;
		if (columns > width)
			width = columns;
	}
	return width < 60 ? width : 60;
}

/* What the numbers of the rows below are. */
static void
write_heading(struct buffer *out, size_t width)
{
	struct str label = STR("term");

	buffer_add(out, label);
	buffer_add_repeated(out, ' ', width > label.n ? width - label.n : 0);
	buffer_add_cstr(out, "  adds   so far\n");
}

static void
write_row(struct run *run, const struct tree *tree, const struct tree_row *row,
    const char *const *drawn, size_t width)
{
	struct buffer *out = &run->out;
	bool over = row->total > SPF_MAX_LOOKUPS;

	write_label(out, tree, row, drawn, width);
	buffer_printf(out, "  +%-2u  ", row->lookups_max == UINT_MAX ?
	    row->lookups : row->lookups_max);
	if (over && run->color_out)
		buffer_add_cstr(out, "\033[1;31m");
	buffer_printf(out, "%3u of %d", row->total, SPF_MAX_LOOKUPS);
	if (over && run->color_out)
		buffer_add_cstr(out, "\033[0m");
	if (row->repeated)
		buffer_add_cstr(out, "  as above");
	if (row->remark.p != NULL) {
		buffer_add_cstr(out, "  ");
		write_shown(out, row->remark);
	}
	buffer_add_byte(out, '\n');
}

static void
write_text(struct run *run, const struct tree *tree)
{
	const char *const *drawn = option_given(run, "ascii") ? ascii_lines :
	    lines;
	const struct spf_remedy *remedy;
	struct buffer *out = &run->out;
	size_t width = label_width(tree), i;

	write_shown(out, name_show(tree->domain));
	buffer_printf(out, "  %.*s; %.*s\n",
	    STR_ARG(tree_lookups(run->arena, tree)),
	    STR_ARG(tree_voids(run->arena, tree)));
	if (tree->cost->root->spf != NULL) {
		buffer_add_cstr(out, "  ");
		write_shown(out, tree->cost->root->spf->text);
		buffer_add_byte(out, '\n');
	}
	if (tree->count > 1)
		write_heading(out, width);
	for (i = 1; i < tree->count; i++)
		write_row(run, tree, &tree->rows[i], drawn, width);
	if (tree->cost->root->state == SPF_NONE) {
		buffer_add_cstr(out, "no SPF record\n");
	} else if (tree->cost->permerror) {
		buffer_add_cstr(out, "receivers give up: ");
		write_shown(out, tree->cost->permerror_why);
		buffer_add_byte(out, '\n');
	}
	for (remedy = tree->remedies; remedy != NULL; remedy = remedy->next) {
		buffer_printf(out, "saves %u: ", remedy->saves);
		write_shown(out, remedy->what);
		buffer_add_byte(out, '\n');
	}
}

/* ---- json ---------------------------------------------------------------- */

static const char *const state_words[] = {
	[SPF_VALID] = "valid", [SPF_NONE] = "none", [SPF_SEVERAL] = "multiple",
	[SPF_BROKEN] = "syntax", [SPF_NOT_VISIBLE] = "unknown",
	[SPF_LOOP] = "loop",
};

static void
write_range(struct json *json, const char *key, unsigned least, unsigned most)
{
	json_begin_object(json, key);
	json_number(json, "min", least);
	if (most == UINT_MAX)
		json_no_value(json, "max");
	else
		json_number(json, "max", most);
	json_end_object(json);
}

static void
write_term(struct json *json, const struct tree_row *row)
{
	json_begin_object(json, NULL);
	json_number(json, "depth", row->depth);
	json_octets(json, "term", row->edge->term->text);
	if (row->depth == 1)
		json_no_value(json, "parent");
	else
		json_number(json, "parent", row->parent - 1);
	json_str(json, "target", row->edge->target.p == NULL ? STR_NONE :
	    name_show(row->edge->target));
	if (row->node != NULL)
		json_cstr(json, "spf", state_words[row->node->state]);
	write_range(json, "lookups", row->lookups, row->lookups_max);
	json_number(json, "total", row->total);
	json_bool(json, "void", row->edge->is_void);
	json_bool(json, "repeated", row->repeated);
	json_str(json, "remark", row->remark);
	json_end_object(json);
}

static void
write_json(struct run *run, const struct tree *tree)
{
	struct json json = { .out = &run->out, .indent = 2 };
	const struct spf_cost *cost = tree->cost;
	const struct spf_remedy *remedy;
	size_t i;

	json_begin_object(&json, NULL);
	json_number(&json, "v", 1);
	json_cstr(&json, "type", "tree");
	json_str(&json, "domain", name_show(tree->domain));
	json_cstr(&json, "spf", state_words[cost->root->state]);
	if (cost->root->spf != NULL)
		json_octets(&json, "text", cost->root->spf->text);
	else
		json_no_value(&json, "text");
	write_range(&json, "lookups", cost->lookups_min, cost->lookups_max);
	write_range(&json, "voids", cost->voids_min, cost->voids_max);
	json_bool(&json, "permerror", cost->permerror);
	json_str(&json, "why", cost->permerror_why);
	json_begin_array(&json, "terms");
	for (i = 1; i < tree->count; i++)
		write_term(&json, &tree->rows[i]);
	json_end_array(&json);
	json_begin_array(&json, "remedies");
	for (remedy = tree->remedies; remedy != NULL; remedy = remedy->next) {
		json_begin_object(&json, NULL);
		json_octets(&json, "term", remedy->edge->term->text);
		json_number(&json, "saves", remedy->saves);
		json_str(&json, "what", remedy->what);
		json_end_object(&json);
	}
	json_end_array(&json);
	json_end_object(&json);
	buffer_add_byte(&run->out, '\n');
}

/* ---- the command --------------------------------------------------------- */

static void
write_tree(struct run *run, const struct tree *tree)
{
	struct str format = option_value(run, "format");

	if (str_is(format, "json"))
		write_json(run, tree);
	else if (str_is(format, "svg"))
		tree_write_svg(&run->out, run->arena, tree);
	else if (str_is(format, "dot"))
		tree_write_dot(&run->out, run->arena, tree);
	else
		write_text(run, tree);
}

static int
run_tree(struct run *run)
{
	struct tree tree = { 0 };
	struct str domain;

	if (run->argument_count == 0)
		return run_usage(run, "tree needs a DOMAIN");
	if (!name_typed(run->arena, run->arguments[0], &domain))
		return run_usage(run, "tree takes a domain name, not "
		    "\"%.*s\"", STR_ARG(run->arguments[0]));
	run->arguments++;
	run->argument_count--;
	if (!run_use_dns(run) || !run_zones(run))
		return EXIT_UNABLE;
	plant(run, &tree, domain);
	if (tree.cost->root->state == SPF_NOT_VISIBLE) {
		run_fail(run, STR("tree"), "%.*s",
		    STR_ARG(tree.cost->root->why));
		return EXIT_UNABLE;
	}
	choose_remedies(run, &tree);
	write_tree(run, &tree);
	run_dns_answered(run);
	return (tree.cost->permerror ||
	    tree.cost->root->state == SPF_NONE) &&
	    !option_given(run, "exit-zero") ? EXIT_FINDINGS : EXIT_CLEAN;
}

const struct command command_tree = {
	.name = "tree",
	.arguments = "DOMAIN [PATH...|-]",
	.summary = "the records that an SPF record leads to, with their cost",
	.help = "Shows each term of the SPF record of DOMAIN that asks the "
	    "DNS, and of all records that it includes: how many lookups it "
	    "adds with all below it, how many are made so far, and what "
	    "is cheapest to change when receivers give up. Records are those "
	    "of the zones, of the configuration's DNS cache or, with --dns, "
	    "of the DNS, and what is known of providers. Exit status: 0 "
	    "receivers can evaluate it, 1 they give up or there is none, 2 it "
	    "cannot be seen from here.",
	.options = options,
	.shared = { input_options, NULL },
	.run = run_tree,
};
