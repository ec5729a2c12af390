/*
 * What would make an SPF record cheaper to evaluate: what can be left out or
 * written in another way, the harmless first. RFC 7208 section 4.6.4.
 */
#include "base/arena.h"
#include "base/pattern.h"
#include "policy/policy.h"

/*
 * In the order in which they are worth considering: what stands before
 * POINTER can go without a loss.
 */
enum remedy { REPEATED, FINDS_NOTHING, NOT_ALIGNED, POINTER, ADDRESSES, MOVE,
	REMEDIES };

/* Each is a sentence about a term. */
static const char *const sentences[REMEDIES] = {
	[REPEATED] = "leave out \"%.*s\", which stands there already",
	[FINDS_NOTHING] = "leave out \"%.*s\", which finds nothing",
	[NOT_ALIGNED] = "leave out \"%.*s\": mail of that service is "
	    "returned to a domain of its own, so this lets nothing pass DMARC",
	[POINTER] = "replace \"%.*s\" by the addresses of those hosts; "
	    "receivers are told not to use it",
	[ADDRESSES] = "replace \"%.*s\" by ip4 and ip6 terms",
	[MOVE] = "let what \"%.*s\" stands for send from a subdomain with a "
	    "record of its own",
};

/* The provider whose mail a term stands for; NULL unknown. */
static const struct provider *
find_provider(const struct world *world, struct arena *arena, struct str term)
{
	const struct provider *provider;
	struct pattern *pattern;
	struct str why;
	size_t i, at;
	bool found;

	if (world->providers == NULL)
		return NULL;
	for (provider = world->providers->first; provider != NULL;
	    provider = provider->next)
		for (i = 0; i < provider->recognise_spf.count; i++) {
			pattern = pattern_new(arena,
			    provider->recognise_spf.words[i].text, true, &why,
			    &at);
			if (pattern == NULL)
				continue;
			found = pattern_matches(pattern, term, NULL, 0);
			pattern_free(pattern);
			if (found)
				return provider;
		}
	return NULL;
}

/* Does the same term stand before it? */
static bool
is_repeated(const struct spf_node *root, const struct spf_edge *edge)
{
	const struct spf_edge *before;

	for (before = root->edges; before != edge; before = before->next)
		if (str_equal_case(before->term->text, edge->term->text))
			return true;
	return false;
}

static enum remedy
choose(const struct world *world, struct arena *arena,
    const struct spf_node *root, const struct spf_edge *edge)
{
	const struct provider *provider;

	if (is_repeated(root, edge))
		return REPEATED;
	switch (edge->term->kind) {
	case SPF_PTR:
		return POINTER;
	case SPF_A:
	case SPF_MX:
		return edge->is_void ? FINDS_NOTHING :
		    edge->answer == ANSWER_DATA && !edge->null_mx ?
		    ADDRESSES : REMEDIES;
	case SPF_EXISTS:
		return edge->is_void ? FINDS_NOTHING : REMEDIES;
	case SPF_INCLUDE:
		provider = find_provider(world, arena, edge->term->text);
		return provider != NULL && provider->spf_aligns == ALIGNS_NO ?
		    NOT_ALIGNED : MOVE;
	default:
		return REMEDIES;
	}
}

static unsigned
cost_of(const struct spf_edge *edge)
{
	unsigned below = edge->node == NULL ? 0 :
	    edge->node->known_cost ? edge->node->fact_lookups :
	    edge->node->lookups_min;

	return 1 + below;
}

/* Before those that are worse, and of its own kind those that save less. */
static void
insert(struct spf_remedy **place, struct spf_remedy *remedy)
{
	while (*place != NULL && ((*place)->rank < remedy->rank ||
	    ((*place)->rank == remedy->rank &&
	    (*place)->saves >= remedy->saves)))
		place = &(*place)->next;
	remedy->next = *place;
	*place = remedy;
}

struct spf_remedy *
spf_remedies(const struct world *world, struct arena *arena,
    const struct spf_cost *cost)
{
	struct spf_remedy *first = NULL, *remedy;
	const struct spf_edge *edge;
	enum remedy kind;

	for (edge = cost->root->edges; edge != NULL; edge = edge->next) {
		kind = choose(world, arena, cost->root, edge);
		if (kind == REMEDIES)
			continue;
		remedy = ARENA_NEW(arena, struct spf_remedy);
		remedy->edge = edge;
		remedy->rank = kind;
		remedy->harmless = kind < POINTER;
		remedy->saves = cost_of(edge);
		remedy->what = arena_printf(arena, sentences[kind],
		    STR_ARG(edge->term->text));
		insert(&first, remedy);
	}
	return first;
}
