/*
 * What it takes to evaluate an SPF record: the graph of records that it leads
 * to, lookups and void lookups. RFC 7208 sections 4.6.4, 5.2 and 6.1.
 */
#include <limits.h>

#include "base/arena.h"
#include "base/table.h"
#include "policy/policy.h"

/* Ten times what receivers bear; nobody needs to know what is beyond. */
enum { ENOUGH = 100 };

struct graph {
	const struct world *world;
	struct arena *arena;
	struct table nodes;		/* by domain */
	unsigned lookups;		/* counted on the way so far */
	bool circles;
};

/* ---- numbers ------------------------------------------------------------- */

static void
add(unsigned *sum, unsigned number)
{
	*sum = *sum > UINT_MAX - number ? UINT_MAX : *sum + number;
}

/* ---- nodes --------------------------------------------------------------- */

static struct spf_node *
new_node(struct graph *graph, struct str domain, enum spf_state state)
{
	struct spf_node *node = ARENA_NEW(graph->arena, struct spf_node);

	node->domain = domain;
	node->state = state;
	return node;
}

/* ---- records ------------------------------------------------------------- */

/*
 * A record that a wildcard or a CNAME lends was not read as SPF where it
 * stands.
 */
static const struct record *
as_spf(struct arena *arena, const struct record *record)
{
	struct record *copy;

	if (record->auth == AUTH_SPF)
		return record;
	copy = ARENA_NEW(arena, struct record);
	*copy = *record;
	copy->auth = AUTH_SPF;
	copy->spf = spf_parse(arena, record->text);
	return copy;
}

/* Exactly one text is SPF, or the name has none: sections 3.1, 4.5. */
static enum spf_state
select_record(struct graph *graph, struct spf_node *node,
    const struct answer *answer)
{
	const struct record *found = NULL;
	size_t i;

	node->why = answer->why;
	node->looped = answer->looped;
	if (answer->kind == ANSWER_UNKNOWN)
		return SPF_NOT_VISIBLE;
	for (i = 0; i < answer->count; i++) {
		if (auth_version(answer->records[i]->text) != AUTH_SPF)
			continue;
		if (found != NULL)
			return SPF_SEVERAL;
		found = answer->records[i];
	}
	if (found == NULL)
		return SPF_NONE;
	node->record = as_spf(graph->arena, found);
	node->spf = node->record->spf;
	return node->spf->permerror ? SPF_BROKEN : SPF_VALID;
}

/* A provider whose only term is this include says what it costs. */
static void
find_fact(struct graph *graph, struct spf_node *node)
{
	const struct provider *provider;

	if (graph->world->providers == NULL)
		return;
	provider = provider_including(graph->world->providers, node->domain);
	if (provider == NULL)
		return;
	node->known_cost = true;
	node->fact_lookups = (unsigned)provider->spf_lookups - 1;
	node->fact = provider;
}

/* ---- terms --------------------------------------------------------------- */

static enum answer_kind
ask(struct graph *graph, struct str name, uint16_t type)
{
	return zones_kind(graph->world->zones, graph->arena, name, type,
	    NULL);
}

static bool
finds_nothing(enum answer_kind kind)
{
	return kind == ANSWER_NODATA || kind == ANSWER_NXDOMAIN;
}

/*
 * Receivers ask for A or AAAA, as the client has it: surely in vain when
 * there is neither, and perhaps when one is missing.
 */
static void
weigh_addresses(struct graph *graph, struct spf_node *node,
    struct spf_edge *edge)
{
	enum answer_kind ip4 = ask(graph, edge->target, RR_A);
	enum answer_kind ip6 = ask(graph, edge->target, RR_AAAA);

	edge->answer = ip4;
	if (ip6 == ANSWER_DATA ||
	    (ip6 == ANSWER_UNKNOWN && ip4 != ANSWER_DATA))
		edge->answer = ip6;
	edge->is_void = finds_nothing(ip4) && finds_nothing(ip6);
	if (!edge->is_void && (ip4 != ANSWER_DATA || ip6 != ANSWER_DATA))
		add(&node->voids_max, 1);
}

/*
 * Receivers ask for the addresses of each name; those of names that are not
 * visible are taken to be there.
 */
static unsigned
count_void_hosts(struct graph *graph, const struct answer *mx)
{
	unsigned count = 0;
	struct str host;
	size_t i;

	for (i = 0; i < mx->count; i++) {
		host = mx->records[i]->target;
		count += finds_nothing(ask(graph, host, RR_A)) &&
		    finds_nothing(ask(graph, host, RR_AAAA));
	}
	return count;
}

static void
weigh_mx(struct graph *graph, struct spf_node *node, struct spf_edge *edge)
{
	struct answer answer = zones_ask(graph->world->zones, graph->arena,
	    edge->target, RR_MX);

	edge->answer = answer.kind;
	edge->mx_count = answer.count;
	edge->null_mx = has_null_mx(&answer);
	edge->is_void = finds_nothing(answer.kind);
	if (answer.kind == ANSWER_UNKNOWN)
		add(&node->voids_max, 1);
	if (!edge->null_mx && answer.count <= SPF_MAX_MX)
		edge->mx_voids = count_void_hosts(graph, &answer);
	add(&node->voids_min, edge->mx_voids);
	add(&node->voids_max, edge->mx_voids);
	node->mx_over |= answer.count > SPF_MAX_MX;
}

static struct spf_node *visit(struct graph *, struct str domain);

static bool
is_broken(enum spf_state state)
{
	return state == SPF_NONE || state == SPF_SEVERAL ||
	    state == SPF_BROKEN || state == SPF_LOOP;
}

static void
weigh_reference(struct graph *graph, struct spf_node *node,
    struct spf_edge *edge)
{
	const struct spf_node *below;

	below = edge->node = visit(graph, edge->target);
	edge->answer = below->state == SPF_NOT_VISIBLE ? ANSWER_UNKNOWN :
	    below->state == SPF_NONE ? ANSWER_NODATA : ANSWER_DATA;
	edge->is_void = below->empty;
	add(&node->lookups_min, below->lookups_min);
	add(&node->lookups_max, below->lookups_max);
	add(&node->voids_min, below->voids_min);
	add(&node->voids_max, below->voids_max);
	node->unknown += below->unknown;
	node->broken_below |= is_broken(below->state) || below->broken_below;
	node->mx_over |= below->mx_over;
}

static void
weigh(struct graph *graph, struct spf_node *node, struct spf_edge *edge)
{
	switch (edge->term->kind) {
	case SPF_INCLUDE:
	case SPF_REDIRECT:
		weigh_reference(graph, node, edge);
		break;
	case SPF_A:
		weigh_addresses(graph, node, edge);
		break;
	case SPF_MX:
		weigh_mx(graph, node, edge);
		break;
	case SPF_EXISTS:
		edge->answer = ask(graph, edge->target, RR_A);
		edge->is_void = finds_nothing(edge->answer);
		if (edge->answer == ANSWER_UNKNOWN)
			add(&node->voids_max, 1);
		break;
	default:
		add(&node->voids_max, 1);
	}
}

/* Where a macro leads depends on the mail. */
static void
weigh_macro(struct spf_node *node, const struct spf_term *term)
{
	add(&node->voids_max, 1);
	if (term->kind == SPF_INCLUDE || term->kind == SPF_REDIRECT)
		node->lookups_max = node->voids_max = UINT_MAX;
}

static struct spf_edge *
add_edge(struct graph *graph, struct spf_node *node,
    const struct spf_term *term)
{
	struct spf_edge *edge = ARENA_NEW(graph->arena, struct spf_edge);

	edge->term = term;
	edge->target = spf_target(graph->arena, term, node->domain);
	edge->answer = ANSWER_UNKNOWN;
	add(&node->lookups_min, 1);
	add(&node->lookups_max, 1);
	graph->lookups++;
	if (edge->target.p != NULL)
		weigh(graph, node, edge);
	else
		weigh_macro(node, term);
	if (edge->is_void) {
		add(&node->voids_min, 1);
		add(&node->voids_max, 1);
	}
	return edge;
}

/* Until "all"; where one stands, redirect is not followed: section 6.1. */
static bool
is_evaluated(const struct spf *spf, const struct spf_term *term)
{
	if (!spf_costs_lookup(term->kind))
		return false;
	if (term->kind == SPF_REDIRECT)
		return spf->all == NULL && term == spf->redirect;
	return spf->all == NULL || term->start < spf->all->start;
}

/* ---- the graph ----------------------------------------------------------- */

static void
read_terms(struct graph *graph, struct spf_node *node)
{
	struct spf_edge **last = &node->edges;
	const struct spf_term *term;

	for (term = node->spf->terms; term != NULL; term = term->next) {
		if (!is_evaluated(node->spf, term))
			continue;
		*last = add_edge(graph, node, term);
		last = &(*last)->next;
	}
}

static void
read_node(struct graph *graph, struct spf_node *node)
{
	struct answer answer = zones_ask(graph->world->zones, graph->arena,
	    node->domain, RR_TXT);

	node->state = select_record(graph, node, &answer);
	node->empty = finds_nothing(answer.kind);
	if (node->state == SPF_NOT_VISIBLE) {
		node->unknown = 1;
		find_fact(graph, node);
		node->lookups_max = node->known_cost ? node->fact_lookups :
		    UINT_MAX;
		node->voids_max = node->known_cost ? 0 : UINT_MAX;
	} else if (node->state == SPF_VALID) {
		read_terms(graph, node);
	}
}

static struct spf_node *
visit(struct graph *graph, struct str domain)
{
	struct spf_node *node = table_find(&graph->nodes, domain);

	if (node != NULL && node->open) {
		graph->circles = true;
		return new_node(graph, domain, SPF_LOOP);
	}
	if (graph->lookups > ENOUGH) {
		node = new_node(graph, domain, SPF_NOT_VISIBLE);
		node->why = STR("the record above leads to too many others");
		node->unknown = 1;
		node->lookups_max = node->voids_max = UINT_MAX;
		return node;
	}
	if (node != NULL) {
		add(&graph->lookups, node->lookups_min);
		return node;
	}
	node = new_node(graph, domain, SPF_NONE);
	table_add(&graph->nodes, graph->arena, domain, node);
	node->open = true;
	read_node(graph, node);
	node->open = false;
	return node;
}

/* ---- verdict ------------------------------------------------------------- */

/* Of a record with a syntax error, in quotes. */
static struct str
broken_term(struct arena *arena, const struct spf_node *node)
{
	struct str term;

	if (node->state != SPF_BROKEN)
		return STR("");
	term = spf_broken(node->spf);
	return arena_printf(arena, STR_QUOTE, STR_QUOTE_ARG(term));
}

static struct str
explain_reference(struct arena *arena, const struct spf_node *node)
{
	static const char *const words[] = {
		[SPF_NONE] = "has no SPF record",
		[SPF_SEVERAL] = "has several SPF records",
		[SPF_BROKEN] = "has an SPF record with a syntax error: ",
		[SPF_LOOP] = "leads back to itself",
	};
	const struct spf_edge *edge;
	struct str term;

	for (edge = node->edges; edge != NULL; edge = edge->next) {
		if (edge->node == NULL)
			continue;
		term = broken_term(arena, edge->node);
		if (is_broken(edge->node->state))
			return arena_printf(arena, "%.*s, which %.*s names, "
			    "%s%.*s", STR_ARG(edge->node->domain),
			    STR_ARG(node->domain), words[edge->node->state],
			    STR_ARG(term));
		if (edge->node->broken_below)
			return explain_reference(arena, edge->node);
	}
	return STR_NONE;
}

static struct str
explain(struct arena *arena, const struct spf_cost *cost)
{
	const struct spf_node *root = cost->root;
	struct str term = broken_term(arena, root);

	if (root->state == SPF_SEVERAL)
		return arena_printf(arena, "%.*s has several SPF records",
		    STR_ARG(name_show(root->domain)));
	if (root->state == SPF_BROKEN)
		return arena_printf(arena, "the record has a syntax error: "
		    "%.*s", STR_ARG(term));
	if (cost->broken_reference)
		return explain_reference(arena, root);
	if (root->lookups_min > SPF_MAX_LOOKUPS)
		return arena_printf(arena, "it takes %u lookups, more than %d",
		    root->lookups_min, SPF_MAX_LOOKUPS);
	if (root->voids_min > SPF_MAX_VOIDS)
		return arena_printf(arena, "%u lookups find nothing, more "
		    "than %d", root->voids_min, SPF_MAX_VOIDS);
	if (root->mx_over)
		return arena_printf(arena, "an mx leads to more than %d "
		    "names", SPF_MAX_MX);
	return STR_NONE;
}

struct spf_cost *
spf_cost(const struct world *world, struct arena *arena, struct str domain)
{
	struct graph graph = { .world = world, .arena = arena };
	struct spf_cost *cost = ARENA_NEW(arena, struct spf_cost);
	struct spf_node *root;

	root = cost->root = visit(&graph, domain);
	cost->lookups_min = root->lookups_min;
	cost->lookups_max = root->lookups_max;
	cost->voids_min = root->voids_min;
	cost->voids_max = root->voids_max;
	cost->unknown = root->unknown;
	cost->circles = graph.circles;
	cost->broken_reference = root->broken_below;
	cost->over_limit = root->lookups_min > SPF_MAX_LOOKUPS ||
	    root->voids_min > SPF_MAX_VOIDS || root->mx_over;
	cost->permerror = root->state == SPF_SEVERAL ||
	    root->state == SPF_BROKEN || cost->broken_reference ||
	    cost->over_limit;
	cost->permerror_why = explain(arena, cost);
	return cost;
}
