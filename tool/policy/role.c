/*
 * What a name is for: does mail come from it?
 */
#include "base/arena.h"
#include "policy/policy.h"

/* A key that mail could be signed with; whose CNAME it is we cannot know. */
static bool
holds_key(const struct world *world, const struct zone *zone,
    const struct node *node, struct arena *arena)
{
	const struct record **records;
	size_t i, count;

	if ((node->types & HAS_CNAME) != 0)
		return true;
	count = zones_records(world->zones, zone, node, arena, HAS_TXT,
	    &records);
	for (i = 0; i < count; i++)
		if (records[i]->auth == AUTH_DKIM &&
		    !records[i]->dkim->revoked && records[i]->dkim->p != NULL)
			return true;
	return false;
}

static bool
has_key_below(const struct world *world, const struct zone *zone,
    const struct node *node, struct arena *arena)
{
	const struct node *child;

	for (child = node_child(zone, node); child != NULL;
	    child = node_sibling(zone, child))
		if (child->cut || (child->types & HAS_DNAME) != 0 ||
		    holds_key(world, zone, child, arena) ||
		    has_key_below(world, zone, child, arena))
			return true;
	return false;
}

bool
may_have_key(const struct world *world, struct arena *arena, struct str name)
{
	struct str keys = name_join(arena, STR("_domainkey"), name);
	const struct zone *zone = zones_covering(world->zones, keys);
	const struct node *node;

	if (zone == NULL || zone->contents->incomplete)
		return true;
	node = zone_find(zone, keys);
	if (node == NULL)
		return zones_exists(world->zones, arena, keys) ==
		    ANSWER_UNKNOWN;
	return node->cut || node->occluded ||
	    (node->types & (HAS_DNAME | HAS_CNAME)) != 0 ||
	    has_key_below(world, zone, node, arena);
}

bool
has_null_mx(const struct answer *mx)
{
	return mx->kind == ANSWER_DATA && mx->count == 1 &&
	    mx->records[0]->target.n == 0;
}

/* The only SPF record of a name, or NULL. */
static const struct spf *
spf_of(const struct world *world, struct arena *arena, struct str name)
{
	struct answer txt = zones_ask(world->zones, arena, name, RR_TXT);
	const struct record *found = NULL;
	size_t i;

	for (i = 0; i < txt.count; i++) {
		if (auth_version(txt.records[i]->text) != AUTH_SPF)
			continue;
		if (found != NULL)
			return NULL;
		found = txt.records[i];
	}
	/* It may stand at another place, where no receiver looks for SPF. */
	return found == NULL ? NULL : found->auth == AUTH_SPF ? found->spf :
	    spf_parse(arena, found->text);
}

/* "v=spf1 -all": nobody may send. */
static bool
forbids_all(const struct spf *spf)
{
	return spf->count == 1 && spf->all != NULL && !spf->permerror &&
	    spf->all->qualifier == '-';
}

/* Does the name answer for itself, in a zone without any null MX? */
static bool
is_without_null_mx(const struct zone *zone, struct str name)
{
	const struct node *node;

	if (zone->contents->null_mx || zone_has_cuts(zone))
		return false;
	node = zone_find(zone, name);
	return node != NULL && (node->types & HAS_CNAME) == 0;
}

/*
 * False when it is certain, without looking at it, that its MX is no null MX.
 */
static bool
may_be_null(const struct world *world, struct str name)
{
	const struct zone *zone = zones_covering(world->zones, name);

	return zone == NULL || !is_without_null_mx(zone, name);
}

static enum mail_role
role_by_records(const struct world *world, struct arena *arena,
    struct str name, bool described)
{
	enum answer_kind kind;
	const struct spf *spf;
	struct answer mx;

	if (may_be_null(world, name)) {
		mx = zones_ask(world->zones, arena, name, RR_MX);
		if (has_null_mx(&mx))
			return MAIL_NONE;
	}
	spf = spf_of(world, arena, name);
	if (spf == NULL)
		return MAIL_UNKNOWN;
	if (!forbids_all(spf))
		return described ? MAIL_UNKNOWN : MAIL_SENDING;
	kind = zones_kind(world->zones, arena, name, RR_MX, NULL);
	return (kind == ANSWER_NODATA || kind == ANSWER_NXDOMAIN) &&
	    !may_have_key(world, arena, name) ? MAIL_NONE : MAIL_UNKNOWN;
}

/* Of a name with MX records: does one name a host? */
static bool
has_mail_host(const struct world *world, struct arena *arena, struct str name)
{
	struct answer answer;
	size_t i;

	if (!may_be_null(world, name))
		return true;
	answer = zones_ask(world->zones, arena, name, RR_MX);
	for (i = 0; i < answer.count; i++)
		if (answer.records[i]->target.n > 0)
			return true;
	return false;
}

bool
mail_gets_nowhere(const struct world *world, struct arena *arena,
    struct str name)
{
	/* Without MX mail goes to the addresses, RFC 5321 section 5.1. */
	static const uint16_t types[] = { RR_MX, RR_A, RR_AAAA };
	enum answer_kind kind;
	size_t i;

	for (i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		kind = zones_kind(world->zones, arena, name, types[i], NULL);
		if (kind == ANSWER_UNKNOWN)
			return false;
		if (kind == ANSWER_DATA)
			return types[i] == RR_MX &&
			    !has_mail_host(world, arena, name);
	}
	return true;
}

/*
 * Where a key is seen, only those who say so themselves send nothing, whatever
 * SPF says: role_by_records has it so, and SPF need not be read.
 */
bool
mail_is_none_despite_key(const struct world *world, struct arena *arena,
    const struct zone *zone, struct str name)
{
	const struct config_domain *domain = NULL;
	struct answer mx;

	if (world->config != NULL)
		domain = config_domain(world->config, name);
	if (domain != NULL && (domain->parked || domain->sender_count > 0))
		return domain->parked;
	if (is_without_null_mx(zone, name))
		return false;
	mx = zones_ask(world->zones, arena, name, RR_MX);
	return has_null_mx(&mx);
}

enum mail_role
mail_role(const struct world *world, struct arena *arena, struct str name)
{
	const struct config_domain *domain = NULL;

	if (world->config != NULL)
		domain = config_domain(world->config, name);
	if (domain != NULL && domain->parked)
		return MAIL_NONE;
	if (domain != NULL && domain->sender_count > 0)
		return MAIL_SENDING;
	return role_by_records(world, arena, name, domain != NULL);
}
