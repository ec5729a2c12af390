/* How a zone stands: what it says of mail from its own name. */
#include "base/arena.h"
#include "lint/lint.h"

/* The qualifier of the apex record's all, or of what its redirect leads to. */
static const char *
spf_word(const struct spf_node *node)
{
	const struct spf_edge *edge;

	switch (node->state) {
	case SPF_NONE:
		return "none";
	case SPF_NOT_VISIBLE:
		return "unknown";
	case SPF_SEVERAL:
	case SPF_BROKEN:
	case SPF_LOOP:
		return "permerror";
	case SPF_VALID:
		break;
	}
	if (node->spf->all == NULL && node->spf->redirect != NULL)
		for (edge = node->edges; edge != NULL; edge = edge->next)
			if (edge->term == node->spf->redirect)
				return edge->node == NULL ? "unknown" :
				    spf_word(edge->node);
	if (node->spf->all == NULL)
		return "neutral";
	switch (node->spf->all->qualifier) {
	case '-':
		return "fail";
	case '~':
		return "softfail";
	case '?':
		return "neutral";
	default:
		return "pass";
	}
}

struct zone_standing
zone_standing(const struct world *world, struct arena *arena,
    const struct zone *zone)
{
	const struct spf_cost *cost = spf_cost(world, arena, zone->name);
	struct zone_standing standing = {
	    .spf = cost->permerror ? "permerror" : spf_word(cost->root),
	    .lookups_min = cost->lookups_min,
	    .lookups_max = cost->lookups_max, .voids = cost->voids_min };
	struct verdict verdicts[MODELS];
	unsigned model;

	policy_discover_all(world, arena, zone->name, verdicts);
	for (model = 0; model < MODELS; model++)
		standing.dmarc[model] = verdicts[model].outcome;
	return standing;
}
