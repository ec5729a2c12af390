/*
 * What would make an SPF record cheaper to evaluate: what can be left out or
 * written in another way, the harmless first. RFC 7208 section 4.6.4.
 */
#include "base/arena.h"
#include "policy/policy.h"

/*
 * In the order in which they are worth considering: what stands before
 * POINTER can go without a loss.
 */
enum remedy { REPEATED, FINDS_NOTHING, NOT_ALIGNED, POINTER, MOVE, ADDRESSES,
	FLATTEN, REMEDIES };

/* What stands before a term, and after it. */
struct sentence {
	const char *before, *after;
};

static const struct sentence sentences[REMEDIES] = {
	[REPEATED] = { "leave out", ", which stands there already" },
	[FINDS_NOTHING] = { "leave out", ", which finds nothing" },
	[NOT_ALIGNED] = { "leave out", ": mail of that service is returned "
	    "to a domain of its own, so this lets nothing pass DMARC" },
	[POINTER] = { "replace", " by the addresses of those hosts; "
	    "receivers are told not to use it" },
	[MOVE] = { "let what", " stands for send from a subdomain with a "
	    "record of its own" },
	[ADDRESSES] = { "replace", " by ip4 and ip6 terms" },
};

/* The same where the configuration says whom it is for, and can be changed. */
static const struct sentence configured[REMEDIES] = {
	[MOVE] = { "move", " to a return path of its own, below the domain "
	    "(return_path)" },
	[ADDRESSES] = { "replace", " by its addresses (spf.flatten)" },
	[FLATTEN] = { "replace", " by its addresses, to be renewed when they "
	    "change (spf.flatten)" },
};

/* ---- whom a term is for -------------------------------------------------- */

static bool
has_term(const struct config_sender *sender, struct str term)
{
	size_t i;

	for (i = 0; i < sender->spf.count; i++)
		if (str_equal_case(sender->spf.words[i].text, term))
			return true;
	return false;
}

static bool
provider_has_term(const struct config_sender *sender, struct arena *arena,
    struct str domain, struct str term)
{
	const struct provider *provider = sender->provider;
	struct str text, missing;
	size_t i;

	for (i = 0; provider != NULL && i < provider->spf_terms.count; i++)
		if (provider_expand(arena, provider->spf_terms.words[i].text,
		    sender->variables, domain, &text, &missing) &&
		    str_equal_case(text, term))
			return true;
	return false;
}

const struct config_sender *
spf_term_sender(const struct config *config, struct arena *arena,
    struct str name, struct str term)
{
	const struct config_domain *domain = config == NULL ? NULL :
	    config_domain(config, name);
	size_t i;

	for (i = 0; domain != NULL && i < domain->sender_count; i++)
		if (has_term(domain->senders[i], term) ||
		    provider_has_term(domain->senders[i], arena, name, term))
			return domain->senders[i];
	return NULL;
}

/* ---- which remedies ------------------------------------------------------ */

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

/* A record that generate has split off leads to terms, and is none of them. */
static bool
is_split_off(const struct spf_node *root, const struct spf_edge *edge)
{
	struct str label = name_label(edge->target);

	return str_starts(label, STR("_spf")) && label.n == 5 &&
	    str_equal(name_parent(edge->target), root->domain);
}

static enum remedy
choose_include(const struct world *world, const struct spf_node *root,
    const struct spf_edge *edge)
{
	const struct provider *provider = NULL;

	if (edge->target.p != NULL && is_split_off(root, edge))
		return REMEDIES;
	if (world->providers != NULL)
		provider = provider_recognising(world->providers,
		    edge->term->text);
	return provider != NULL && provider->spf_aligns == ALIGNS_NO ?
	    NOT_ALIGNED : MOVE;
}

static enum remedy
choose(const struct world *world, const struct spf_node *root,
    const struct spf_edge *edge)
{
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
		return choose_include(world, root, edge);
	default:
		return REMEDIES;
	}
}

unsigned
spf_edge_lookups(const struct spf_edge *edge)
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

static void
add(struct spf_remedy **first, struct arena *arena,
    const struct spf_edge *edge, enum remedy kind,
    const struct config_sender *sender)
{
	struct spf_remedy *remedy = ARENA_NEW(arena, struct spf_remedy);
	const struct sentence *sentence = &sentences[kind];
	struct str whose = STR("");

	if (sender != NULL) {
		whose = arena_printf(arena, " of \"%.*s\"",
		    STR_ARG(sender->name));
		if (configured[kind].before != NULL)
			sentence = &configured[kind];
	}
	remedy->edge = edge;
	remedy->rank = kind;
	remedy->harmless = kind < POINTER;
	remedy->saves = spf_edge_lookups(edge);
	remedy->what = arena_printf(arena, "%s \"%.*s\"%.*s%s",
	    sentence->before, STR_ARG(edge->term->text), STR_ARG(whose),
	    sentence->after);
	insert(first, remedy);
}

struct spf_remedy *
spf_remedies(const struct world *world, struct arena *arena,
    const struct spf_cost *cost)
{
	struct spf_remedy *first = NULL;
	const struct config_sender *sender;
	const struct spf_edge *edge;
	enum remedy kind;

	for (edge = cost->root->edges; edge != NULL; edge = edge->next) {
		kind = choose(world, cost->root, edge);
		if (kind == REMEDIES)
			continue;
		sender = spf_term_sender(world->config, arena,
		    cost->root->domain, edge->term->text);
		add(&first, arena, edge, kind, sender);
		if (kind == MOVE && sender != NULL && edge->target.p != NULL)
			add(&first, arena, edge, FLATTEN, sender);
	}
	return first;
}

struct spf_remedy *
spf_remedies_limit(struct spf_remedy *remedy, unsigned lookups)
{
	unsigned excess = lookups > SPF_MAX_LOOKUPS ?
	    lookups - SPF_MAX_LOOKUPS : 0, saved = 0, rank = 0;
	struct spf_remedy *first = NULL, **end = &first, *next;

	for (; remedy != NULL; remedy = next) {
		next = remedy->next;
		if (remedy->harmless)
			excess -= remedy->saves < excess ? remedy->saves :
			    excess;
		else if (remedy->rank != rank)
			saved = 0;
		rank = remedy->rank;
		if (!remedy->harmless && saved >= excess)
			continue;
		saved += remedy->harmless ? 0 : remedy->saves;
		*end = remedy;
		end = &remedy->next;
	}
	*end = NULL;
	return first;
}
