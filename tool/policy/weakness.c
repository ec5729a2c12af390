/*
 * Who can get an aligned pass without the owner's will: the second axis of
 * exposure. RFC 9989 section 11.8.
 */
#include "base/arena.h"
#include "policy/policy.h"

enum {
	/* A /8 is as good as everybody; large providers have far less. */
	TOO_MANY_ADDRESSES = 1 << 24,
	SHORTEST_PREFIX = 16,		/* from here on reach is computed */
	MIN_RSA_BITS = 1024,		/* RFC 8301 section 3.2 */
	DELEGATIONS_TOLD = 20		/* of each zone */
};

struct finding {
	const struct world *world;
	struct arena *arena;		/* of what is kept */
	struct arena *scratch;
	struct arena_mark empty;	/* of scratch, with one block */
	struct weakness **last;
};

static void
add(struct finding *finding, const char *by, struct str name, struct str why)
{
	struct weakness *weakness = ARENA_NEW(finding->arena,
	    struct weakness);
	int model;

	weakness->by = by;
	weakness->name = arena_copy(finding->arena, name);
	weakness->why = why;
	for (model = 0; model < MODELS; model++)
		weakness->organization[model] = organizational_domain(
		    finding->world, finding->arena, weakness->name,
		    (enum model)model, NULL);
	*finding->last = weakness;
	finding->last = &weakness->next;
}

/* Name servers answer only what lies above cuts, DNAMEs and other zones. */
static bool
is_visible(const struct finding *finding, const struct record *record)
{
	const struct node *node = zone_find(record->zone, record->owner);

	return !node->cut && !node->occluded && str_equal(record->zone->name,
	    zones_covering(finding->world->zones, record->owner)->name);
}

/* ---- SPF ----------------------------------------------------------------- */

/* Most records name a few addresses and deny the rest. */
static bool
may_let_many_in(const struct spf *spf)
{
	const struct spf_term *term;

	for (term = spf->terms; term != NULL; term = term->next) {
		if (term->kind == SPF_REDIRECT ||
		    (term->qualifier == '+' && (term->kind == SPF_ALL ||
		    term->kind == SPF_INCLUDE || term->kind == SPF_EXISTS ||
		    (term->cidr4 >= 0 && term->cidr4 < SHORTEST_PREFIX) ||
		    (term->cidr6 >= 0 && term->cidr6 < SHORTEST_PREFIX))))
			return true;
	}
	return spf->count > 256;
}

/* The record is the name's own, or an alias leads to it. */
static void
check_spf(struct finding *finding, const struct record *record,
    struct str name)
{
	const struct spf_reach *reach;

	if (!may_let_many_in(record->spf))
		return;
	reach = spf_reach(finding->world, finding->scratch, name);
	if (reach->everybody)
		add(finding, "spf", name,
		    arena_printf(finding->arena, "\"%.*s\" of %.*s lets every "
		    "host pass SPF", STR_ARG(reach->by->text),
		    STR_ARG(reach->by_domain)));
	else if (reach->addresses4 >= TOO_MANY_ADDRESSES)
		add(finding, "spf", name,
		    arena_printf(finding->arena, "%llu IPv4 addresses pass "
		    "SPF", (unsigned long long)reach->addresses4));
}

/* ---- DKIM ---------------------------------------------------------------- */

static bool
is_private(const struct dkim *dkim)
{
	const struct problem *problem;

	for (problem = dkim->problems.first; problem != NULL;
	    problem = problem->next)
		if (problem->kind == DKIM_PRIVATE_KEY)
			return true;
	return false;
}

/* What is wrong with a key that is in use; NULL for nothing. */
static const char *
find_fault(const struct dkim *dkim, struct str selector)
{
	if (dkim->p == NULL || dkim->revoked)
		return NULL;
	if (is_private(dkim))
		return "is published with its private part";
	if (dkim->key_algorithm == DKIM_RSA && dkim->bits > 0 &&
	    dkim->bits < MIN_RSA_BITS)
		return "is so short that strangers can compute it";
	if (dkim->key_algorithm == DKIM_RSA && dkim->bits > 0 &&
	    rsa_weak_factor(dkim->modulus) != 0)
		return "is made in a way that strangers can compute it";
	return name_is_wildcard(selector) && dkim->bits > 0 ?
	    "serves every selector that somebody makes up" : NULL;
}

static void
check_key(struct finding *finding, const struct dkim *dkim, struct str owner)
{
	struct str domain, selector;
	const char *fault;

	auth_place(owner, &domain, &selector);
	fault = find_fault(dkim, selector);
	if (fault != NULL)
		add(finding, "dkim", domain, arena_printf(finding->arena,
		    "the key of selector %.*s %s", STR_ARG(selector), fault));
}

/* ---- delegation ---------------------------------------------------------- */

/* The one below whose records others write; false when it is loaded. */
static bool
is_foreign_cut(const struct finding *finding, struct str name)
{
	return zones_find(finding->world->zones, name) == NULL;
}

/* An alias of a name of another organization that is not loaded. */
static bool
is_foreign_alias(const struct finding *finding, const struct zone *zone,
    const struct node *node, struct str name, struct str *target)
{
	const struct record **records;

	if (node_records(zone, node, finding->scratch, HAS_CNAME,
	    &records) == 0)
		return false;
	*target = records[0]->target;
	return zones_covering(finding->world->zones, *target) == NULL &&
	    !str_equal(organizational_domain(finding->world,
	    finding->scratch, name, MODEL_7489, NULL),
	    organizational_domain(finding->world, finding->scratch, *target,
	    MODEL_7489, NULL));
}

/* Why others can send as the name; STR_NONE when they cannot. */
static struct str
find_trust(struct finding *finding, const struct zone *zone,
    const struct node *node, struct str name)
{
	struct str target;

	/* Mail comes from no name with a label like "_tcp". */
	if (name_has_underscore(name))
		return STR_NONE;
	if (node->cut)
		return !is_foreign_cut(finding, name) ? STR_NONE :
		    STR("delegated: who runs its name servers can send as "
		    "it");
	if (!is_foreign_alias(finding, zone, node, name, &target))
		return STR_NONE;
	return arena_printf(finding->arena, "an alias of %.*s: who runs that "
	    "can send as it", STR_ARG(target));
}

/* Is the name in the hands of others? That there are more is told, once. */
static bool
check_node(struct finding *finding, const struct zone *zone,
    const struct node *node, size_t told)
{
	struct str name, why;

	if (node->occluded || (!node->cut && (node->types & HAS_CNAME) == 0))
		return false;
	name = node_name(zone, node, finding->scratch);
	why = find_trust(finding, zone, node, name);
	if (why.p == NULL)
		return false;
	if (told == DELEGATIONS_TOLD) {
		name = zone->name;
		why = arena_printf(finding->arena, "more names below it are "
		    "delegated or aliases; the first %d are told",
		    DELEGATIONS_TOLD);
	}
	add(finding, "delegation", name, why);
	return true;
}

/* Who asks for SPF or a key follows the alias. */
static void
check_alias(struct finding *finding, const struct zone *zone,
    const struct node *node, bool spf)
{
	struct answer answer;
	struct str name;
	bool is_key;
	size_t i;

	if (node->occluded || (node->types & HAS_CNAME) == 0)
		return;
	name = node_name(zone, node, finding->scratch);
	is_key = auth_place(name, NULL, NULL) == AUTH_DKIM;
	if (!is_key && (!spf || name_has_underscore(name)))
		return;
	answer = zones_ask(finding->world->zones, finding->scratch, name,
	    RR_TXT);
	if (is_key && answer.count == 1)
		check_key(finding, dkim_parse(finding->scratch,
		    answer.records[0]->text), name);
	for (i = 0; !is_key && i < answer.count; i++)
		if (answer.records[i]->auth == AUTH_SPF)
			check_spf(finding, answer.records[i], name);
}

/* ---- all of it ----------------------------------------------------------- */

static void
check_records(struct finding *finding, const struct zone *zone)
{
	const struct record *record;
	size_t position = 0;

	while ((record = zone_next(zone, finding->scratch, HAS_TXT,
	    &position)) != NULL) {
		if (record->auth == AUTH_SPF) {
			if (may_let_many_in(record->spf) &&
			    is_visible(finding, record))
				check_spf(finding, record, record->owner);
		} else if (record->auth == AUTH_DKIM) {
			if (is_visible(finding, record))
				check_key(finding, record->dkim,
				    record->owner);
		}
		arena_release(finding->scratch, finding->empty);
	}
}

static void
check_nodes(struct finding *finding, const struct zone *zone, bool spf)
{
	const struct node *node;
	struct zone_walk walk = { 0 };
	size_t told = 0;

	while ((node = zone_each(zone, &walk)) != NULL) {
		check_alias(finding, zone, node, spf);
		if (told <= DELEGATIONS_TOLD)
			told += check_node(finding, zone, node, told);
		arena_release(finding->scratch, finding->empty);
	}
}

struct weakness *
weaknesses_find(const struct world *world, struct arena *arena)
{
	struct weakness *first = NULL;
	struct finding finding = { .world = world, .arena = arena,
	    .scratch = arena_new(), .last = &first };
	bool spf;
	size_t i;

	arena_alloc(finding.scratch, 1);
	finding.empty = arena_mark(finding.scratch);
	for (i = 0; i < world->zones->count; i++)
		check_records(&finding, world->zones->zones[i]);
	/* Without a weak record there is none that an alias leads to. */
	spf = first != NULL || world->zones->cache != NULL;
	for (i = 0; i < world->zones->count; i++)
		check_nodes(&finding, world->zones->zones[i], spf);
	arena_free(finding.scratch);
	return first;
}
