/*
 * Whom an SPF record lets in: the union of the networks whose hosts get
 * "pass", over all records that it includes.
 */
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "policy/policy.h"

struct reaching {
	const struct world *world;
	struct arena *arena;
	struct spf_reach *reach;
	size_t room;
	unsigned lookups;		/* on the way so far */
};

/* ---- networks ------------------------------------------------------------ */

static unsigned
bits(const struct network *network)
{
	return network->ip6 ? 128 : 32;
}

/* Bits beyond the prefix are no part of it. */
static void
mask(struct network *network)
{
	unsigned octets = bits(network) / 8, i, kept;

	for (i = 0; i < octets; i++) {
		kept = network->length > i * 8 ? network->length - i * 8 : 0;
		if (kept < 8)
			network->address[i] &=
			    (unsigned char)(0xff00U >> kept & 0xffU);
	}
}

static void
add_network(struct reaching *reaching, bool ip6,
    const unsigned char *address, int length)
{
	struct spf_reach *reach = reaching->reach;
	struct network *larger, *network;

	if (reach->count == reaching->room) {
		reaching->room = reaching->room * 2 + 16;
		larger = ARENA_ARRAY(reaching->arena, reaching->room,
		    struct network);
		if (reach->count > 0)
			memcpy(larger, reach->networks,
			    reach->count * sizeof(*larger));
		reach->networks = larger;
	}
	network = &reach->networks[reach->count++];
	network->ip6 = ip6;
	memcpy(network->address, address, ip6 ? 16 : 4);
	network->length = length < 0 ? bits(network) : (unsigned)length;
	mask(network);
}

static int
compare(const void *left, const void *right)
{
	const struct network *a = left, *b = right;
	int order = memcmp(a->address, b->address, sizeof(a->address));

	if (a->ip6 != b->ip6)
		return a->ip6 ? 1 : -1;
	if (order != 0)
		return order;
	return (a->length > b->length) - (a->length < b->length);
}

bool
network_contains(const struct network *outer, const struct network *inner)
{
	unsigned whole = outer->length / 8, rest = outer->length % 8;

	return outer->ip6 == inner->ip6 && outer->length <= inner->length &&
	    memcmp(outer->address, inner->address, whole) == 0 &&
	    (rest == 0 || (outer->address[whole] ^ inner->address[whole]) >>
	    (8 - rest) == 0);
}

/* Two halves of one network, the lower one first. */
static bool
are_halves(const struct network *low, const struct network *high)
{
	struct network whole = *low;

	if (low->length == 0 || low->length != high->length)
		return false;
	whole.length--;
	mask(&whole);
	return network_contains(&whole, high) && memcmp(whole.address,
	    low->address, sizeof(low->address)) == 0;
}

/* Sorted, what is contained stands behind what contains it. */
static void
merge(struct spf_reach *reach)
{
	struct network *networks = reach->networks;
	size_t i, kept = 0;

	if (reach->count > 1)
		qsort(networks, reach->count, sizeof(*networks), compare);
	for (i = 0; i < reach->count; i++) {
		if (kept > 0 && network_contains(&networks[kept - 1],
		    &networks[i]))
			continue;
		networks[kept++] = networks[i];
		for (; kept > 1 && are_halves(&networks[kept - 2],
		    &networks[kept - 1]); kept--)
			networks[kept - 2].length--;
	}
	reach->count = kept;
	for (i = 0; i < kept; i++)
		if (!networks[i].ip6)
			reach->addresses4 += public_addresses4(&networks[i]);
}

/* ---- terms --------------------------------------------------------------- */

static void
let_everybody_in(struct reaching *reaching, const struct spf_node *node,
    const struct spf_term *term)
{
	if (reaching->reach->everybody)
		return;
	reaching->reach->everybody = true;
	reaching->reach->by = term;
	reaching->reach->by_domain = node->domain;
}

/* The addresses of a host, each as wide as the term says. */
static void
add_host(struct reaching *reaching, const struct spf_node *node,
    const struct spf_term *term, struct str host)
{
	static const uint16_t types[] = { RR_A, RR_AAAA };
	struct answer answer;
	size_t i, j;
	int length;

	for (i = 0; i < 2; i++) {
		answer = zones_ask(reaching->world->zones, reaching->arena,
		    host, types[i]);
		length = types[i] == RR_A ? term->cidr4 : term->cidr6;
		if (answer.kind == ANSWER_UNKNOWN)
			reaching->reach->complete = false;
		if (answer.count > 0 && length == 0)
			let_everybody_in(reaching, node, term);
		for (j = 0; j < answer.count; j++)
			add_network(reaching, types[i] == RR_AAAA,
			    answer.records[j]->address, length);
	}
}

static void
add_mx(struct reaching *reaching, const struct spf_node *node,
    const struct spf_term *term, struct str domain)
{
	struct answer answer = zones_ask(reaching->world->zones,
	    reaching->arena, domain, RR_MX);
	size_t i;

	if (answer.kind == ANSWER_UNKNOWN)
		reaching->reach->complete = false;
	for (i = 0; i < answer.count && i < SPF_MAX_MX; i++)
		if (answer.records[i]->target.n > 0)
			add_host(reaching, node, term,
			    answer.records[i]->target);
}

/* ::ffff:0:0/96 is IPv4, of which ip6 knows nothing: section 5. */
static bool
is_mapped(const struct spf_term *term)
{
	static const unsigned char prefix[12] = { [10] = 0xff, [11] = 0xff };

	return (term->cidr6 < 0 || term->cidr6 >= 96) &&
	    memcmp(term->address, prefix, sizeof(prefix)) == 0;
}

static void
add_literal(struct reaching *reaching, const struct spf_node *node,
    const struct spf_term *term)
{
	bool ip6 = term->kind == SPF_IP6;
	int length = ip6 ? term->cidr6 : term->cidr4;

	if (ip6 && is_mapped(term))
		return;
	if (length == 0)
		let_everybody_in(reaching, node, term);
	add_network(reaching, ip6, term->address, length);
}

static void
add_term(struct reaching *reaching, const struct spf_node *node,
    const struct spf_term *term)
{
	struct str target = spf_target(reaching->arena, term, node->domain);

	if (term->kind == SPF_ALL)
		let_everybody_in(reaching, node, term);
	else if (term->kind == SPF_IP4 || term->kind == SPF_IP6)
		add_literal(reaching, node, term);
	else if (target.p == NULL || term->kind == SPF_PTR)
		/* Who controls a name, or its own address's name, may pass. */
		reaching->reach->complete = false;
	else if (term->kind == SPF_A)
		add_host(reaching, node, term, target);
	else if (term->kind == SPF_MX)
		add_mx(reaching, node, term, target);
	else if (term->kind == SPF_EXISTS && zones_kind(
	    reaching->world->zones, reaching->arena, target, RR_A, NULL) ==
	    ANSWER_DATA)
		/* It does not depend on the client. */
		let_everybody_in(reaching, node, term);
}

/* ---- records ------------------------------------------------------------- */

static const struct spf_edge *
edge_of(const struct spf_node *node, const struct spf_term *term)
{
	const struct spf_edge *edge = node->edges;

	while (edge != NULL && edge->term != term)
		edge = edge->next;
	return edge;
}

static bool add_node(struct reaching *, const struct spf_node *);

/* What an include or a redirect lets in. */
static bool
add_reference(struct reaching *reaching, const struct spf_edge *edge)
{
	if (edge->node != NULL)
		return add_node(reaching, edge->node);
	reaching->reach->complete = false;
	return true;
}

/* What is not "pass" lets nobody in, but may end the evaluation. */
static bool
pass_over(struct reaching *reaching, const struct spf_edge *edge)
{
	struct spf_reach unused = { 0 };
	struct reaching other = { reaching->world, reaching->arena, &unused,
	    0, reaching->lookups };
	bool going = true;

	if (edge->node != NULL)
		going = add_node(&other, edge->node);
	reaching->lookups = other.lookups;
	return going;
}

/*
 * The terms in the order in which a client meets them that none of them
 * matches; false where receivers give up.
 */
static bool
add_terms(struct reaching *reaching, const struct spf_node *node)
{
	const struct spf_edge *edge = node->edges;
	const struct spf_term *term;
	bool passes, going;

	for (term = node->spf->terms; term != NULL; term = term->next) {
		while (edge != NULL && edge->term->start < term->start)
			edge = edge->next;
		if (!spf_is_mechanism(term->kind))
			continue;
		passes = term->qualifier == '+';
		if (spf_costs_lookup(term->kind) &&
		    ++reaching->lookups > SPF_MAX_LOOKUPS)
			return false;
		going = true;
		if (term->kind == SPF_INCLUDE)
			going = passes ? add_reference(reaching, edge) :
			    pass_over(reaching, edge);
		else if (passes)
			add_term(reaching, node, term);
		if (!going || term == node->spf->all)
			return going;
	}
	edge = node->spf->redirect == NULL ? NULL :
	    edge_of(node, node->spf->redirect);
	if (edge == NULL)
		return true;
	return ++reaching->lookups <= SPF_MAX_LOOKUPS &&
	    add_reference(reaching, edge);
}

static bool
add_node(struct reaching *reaching, const struct spf_node *node)
{
	if (node->state == SPF_VALID)
		return add_terms(reaching, node);
	if (node->state != SPF_NOT_VISIBLE)
		return false;
	reaching->reach->complete = false;
	return true;
}

/* The qualifier that strangers meet, redirects followed. */
static char
last_word(const struct spf_node *node)
{
	const struct spf_edge *edge;

	while (node->state == SPF_VALID && node->spf->all == NULL) {
		edge = node->spf->redirect == NULL ? NULL :
		    edge_of(node, node->spf->redirect);
		if (edge == NULL || edge->node == NULL)
			return '\0';
		node = edge->node;
	}
	return node->state == SPF_VALID ? node->spf->all->qualifier : '\0';
}

struct spf_reach *
spf_reach(const struct world *world, struct arena *arena, struct str domain)
{
	struct spf_reach *reach = ARENA_NEW(arena, struct spf_reach);
	struct reaching reaching = { world, arena, reach, 0, 0 };
	const struct spf_cost *cost = spf_cost(world, arena, domain);

	reach->complete = true;
	reach->all = last_word(cost->root);
	add_node(&reaching, cost->root);
	merge(reach);
	return reach;
}
