/* Records while they are made: their parts, and the zones that they go to. */
#include "base/arena.h"
#include "base/table.h"
#include "generate/maker.h"

/* ---- records and their parts --------------------------------------------- */

void
made_add(struct made *made, struct arena *arena, struct str text,
    struct str comment, struct span from)
{
	struct part *part = ARENA_NEW(arena, struct part);

	part->text = text;
	part->comment = comment;
	part->from = from;
	if (made->last_part == NULL)
		made->parts = part;
	else
		made->last_part->next = part;
	made->last_part = part;
}

void
made_finish(struct made *made, struct arena *arena)
{
	struct buffer text = { 0 };
	const struct part *part;

	for (part = made->parts; part != NULL; part = part->next)
		buffer_add(&text, part->text);
	made->text = buffer_finish(&text, arena);
}

struct str
made_owner(struct arena *arena, struct str owner, struct str domain)
{
	struct str name;

	if (str_is(owner, "@") || owner.n == 0)
		return domain;
	if (owner.p[owner.n - 1] == '.') {
		name_parse(arena, owner, &name);
		return name;
	}
	if (!name_parse(arena, owner, &name))
		return STR_NONE;
	return name_within(name, domain) ? name :
	    name_join(arena, name, domain);
}

/* ---- zones --------------------------------------------------------------- */

/* The name at which a zone gives away what lies there; STR_NONE. */
static struct str
cut_above(const struct zone *zone, struct str name)
{
	struct str cut = STR_NONE;
	const struct node *node;

	for (; name_below(name, zone->name); name = name_parent(name)) {
		node = zone_find(zone, name);
		if (node != NULL && node->cut)
			cut = name;
	}
	return cut;
}

struct str
maker_zone_of(const struct maker *maker, const struct config_domain *domain)
{
	const struct zone *zone = zones_covering(maker->world->zones,
	    domain->name);
	struct str cut = zone == NULL ? STR_NONE :
	    cut_above(zone, domain->name);

	if (zone != NULL)
		return cut.p != NULL ? cut : zone->name;
	while (domain->parent != NULL)
		domain = domain->parent;
	return domain->name;
}

bool
maker_wants(const struct maker *maker, struct str zone)
{
	size_t i;

	for (i = 0; i < maker->wanted_count; i++)
		if (name_within(zone, maker->wanted[i]) ||
		    name_within(maker->wanted[i], zone))
			return true;
	return maker->wanted_count == 0;
}

static struct made_list *
list_of(struct maker *maker, struct str zone)
{
	struct made_list *list = table_find(&maker->by_name, zone);
	size_t i;

	if (list != NULL)
		return list;
	list = ARENA_NEW(maker->arena, struct made_list);
	list->zone.name = zone;
	for (i = 0; i < ORDERS; i++)
		list->last[i] = &list->first[i];
	*maker->end = list;
	maker->end = &list->next;
	table_add(&maker->by_name, maker->arena, zone, list);
	return list;
}

/* ---- what is published --------------------------------------------------- */

static void
add_remark(struct maker *maker, struct str zone, const char *rule,
    struct span from, struct str text)
{
	struct remark *one = ARENA_NEW(maker->arena, struct remark);
	struct made_zones *zones = maker->zones;

	if (!maker_wants(maker, zone))
		return;
	one->rule = rule;
	one->from = from;
	one->text = text;
	if (zones->last_remark == NULL)
		zones->remarks = one;
	else
		zones->last_remark->next = one;
	zones->last_remark = one;
}

/*
 * Of most kinds two at one name are both void, and what is wrong with a record
 * that is kept is but a note. What is asked for and what is kept is said to
 * contradict each other, unless the kept one stands for the other. False when
 * the record is not to be published.
 */
static bool
agrees_with_kept(struct maker *maker, struct str zone, struct made *made)
{
	static const char *const rules[AUTH_KINDS] = {
		[AUTH_SPF] = "spf-multiple", [AUTH_DKIM] = "dkim-multiple",
		[AUTH_DMARC] = "dmarc-multiple",
		[AUTH_MTASTS] = "mtasts-multiple",
		[AUTH_TLSRPT] = "tlsrpt-multiple",
		[AUTH_BIMI] = "bimi-multiple"
	};
	struct str key = arena_printf(maker->arena, "%u %.*s",
	    (unsigned)made->auth, STR_ARG(made->owner));
	const struct made *first = table_add(&maker->kinds, maker->arena, key,
	    made);

	if (first->kept == made->kept)
		return true;
	if (rules[made->auth] == NULL || (first->kept &&
	    made->auth == AUTH_SPF))
		return made->kept;
	add_remark(maker, zone, rules[made->auth], made->kept ? first->from :
	    made->from, arena_printf(maker->arena, "\"keep\" holds another "
	    "%s record at %.*s, and beside it this one would make both void: "
	    "take one of them out", auth_name(made->auth),
	    STR_ARG(name_show(made->owner))));
	return made->kept;
}

void
maker_publish(struct maker *maker, struct str zone, enum order order,
    struct made *made)
{
	struct made_list *list = list_of(maker, zone);
	struct str key = arena_printf(maker->arena, "%.*s %u %.*s",
	    STR_ARG(made->owner), (unsigned)made->type,
	    STR_ARG(made->type == RR_TXT ? made->text : made->value));

	if (table_find(&maker->seen, key) != NULL)
		return;
	table_add(&maker->seen, maker->arena, key, made);
	if (made->type == RR_TXT && made->auth != AUTH_NONE &&
	    !agrees_with_kept(maker, zone, made))
		return;
	*list->last[order] = made;
	list->last[order] = &made->next;
	list->zone.count++;
}

void
maker_publish_text(struct maker *maker, const struct config_domain *domain,
    enum order order, enum auth auth, struct str owner, struct str text,
    struct span from)
{
	struct made *made = ARENA_NEW(maker->arena, struct made);

	made->owner = owner;
	made->type = RR_TXT;
	made->ttl = domain->ttl;
	made->auth = auth;
	made->from = from;
	made_add(made, maker->arena, text, STR_NONE, from);
	made_finish(made, maker->arena);
	maker_publish(maker, maker_zone_of(maker, domain), order, made);
}

void
maker_publish_value(struct maker *maker, const struct config_domain *domain,
    enum order order, struct str owner, uint16_t type, struct str value,
    struct span from)
{
	struct made *made = ARENA_NEW(maker->arena, struct made);

	made->owner = owner;
	made->type = type;
	made->ttl = domain->ttl;
	made->value = value;
	made->from = from;
	maker_publish(maker, maker_zone_of(maker, domain), order, made);
}

const struct made *
maker_kept(const struct maker *maker, const struct config_domain *domain)
{
	const struct made_list *list = table_find(&maker->by_name,
	    maker_zone_of(maker, domain));

	return list == NULL ? NULL : list->first[ORDER_KEEP];
}

void
maker_remark(struct maker *maker, const struct config_domain *domain,
    const char *rule, struct span from, struct str text)
{
	add_remark(maker, maker_zone_of(maker, domain), rule, from, text);
}
