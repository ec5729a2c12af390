/* Which records a configuration asks for on a day, zone by zone. */
#include "base/arena.h"
#include "base/digest.h"
#include "base/path.h"
#include "generate/maker.h"

/* ---- reports ------------------------------------------------------------- */

bool
is_ours(const struct config *config, struct str name)
{
	const struct config_domain *domain;

	for (; name.n > 0; name = name_parent(name)) {
		domain = config_domain(config, name);
		if (domain != NULL)
			return !domain->delegated;
	}
	return false;
}

/* The domain of ours that a host lies in. */
static const struct config_domain *
our_domain(const struct config *config, struct str name)
{
	const struct config_domain *domain = NULL;

	for (; domain == NULL && name.n > 0; name = name_parent(name))
		domain = config_domain(config, name);
	return domain;
}

/* The domain that another one's reports go to says that it wants them. */
static void
authorise(struct maker *maker, struct str domain, struct str host,
    struct span from)
{
	const struct config_domain *receiver = our_domain(maker->config, host);
	struct str owner = arena_printf(maker->arena,
	    "%.*s._report._dmarc.%.*s", STR_ARG(domain), STR_ARG(host));

	/* Where such a name would be too long, nobody can be authorised. */
	if (receiver != NULL && !receiver->delegated &&
	    name_wire_length(owner) <= NAME_MAX_WIRE)
		maker_publish_text(maker, receiver, ORDER_REPORT, AUTH_REPORT,
		    owner, STR("v=DMARC1;"), from);
}

/* RFC 9990 section 4: not within one organization. */
static void
authorise_list(struct maker *maker, const struct config_domain *domain,
    const struct words *uris)
{
	const struct report_uri *uri;
	struct str mine, theirs;
	size_t i;

	for (i = 0; i < uris->count; i++) {
		uri = report_uris_parse(maker->arena, uris->words[i].text, 0);
		if (uri == NULL || uri->host.n == 0)
			continue;
		mine = organizational_domain(maker->world, maker->arena,
		    domain->name, MODEL_7489, NULL);
		theirs = organizational_domain(maker->world, maker->arena,
		    uri->host, MODEL_7489, NULL);
		if (!str_equal(mine, theirs))
			authorise(maker, domain->name, uri->host,
			    uris->words[i].span);
	}
}

static void
add_authorised(struct maker *maker, const struct config_domain *domain)
{
	const struct words *list = &domain->authorise_reports_for;
	struct str name;
	size_t i;

	for (i = 0; i < list->count; i++)
		if (name_parse(maker->arena, list->words[i].text, &name))
			authorise(maker, name, domain->name,
			    list->words[i].span);
}

/* ---- the other kinds ----------------------------------------------------- */

/* A file holds one policy, and the hosts of one are not those of another. */
static void
check_file(struct maker *maker, struct made_policy *policy)
{
	struct setting file = policy->domain->mta_sts.policy_file;
	const struct made_policy *first;
	const struct config_domain *domain = policy->domain;
	struct str folder;

	if (file.text.p == NULL)
		return;
	folder = path_real(maker->arena, maker->config->folder);
	first = table_add(&maker->policy_files, maker->arena,
	    path_clean(maker->arena, path_join(maker->arena, folder.n == 0 ?
	    STR("/") : folder, file.text)), policy);
	/* The one that is not written may have been before. */
	if (!maker_wants(maker, maker_zone_of(maker, domain)))
		domain = first->domain;
	if (!str_equal(first->text, policy->text))
		maker_remark(maker, domain, "config-value", file.span,
		    arena_printf(maker->arena, "the policies of %.*s and "
		    "%.*s differ, and both go to this file: senders would "
		    "refuse to deliver for one of them",
		    STR_ARG(first->domain->name),
		    STR_ARG(policy->domain->name)));
}

static void
keep_policy(struct maker *maker, const struct config_domain *domain,
    struct str text)
{
	struct made_policy *policy = ARENA_NEW(maker->arena,
	    struct made_policy);
	struct made_zones *zones = maker->zones;

	policy->domain = domain;
	policy->text = text;
	check_file(maker, policy);
	if (!maker_wants(maker, maker_zone_of(maker, domain)))
		return;
	if (zones->last_policy == NULL)
		zones->policies = policy;
	else
		zones->last_policy->next = policy;
	zones->last_policy = policy;
}

struct str
policy_id(struct arena *arena, struct str policy)
{
	return str_slice(digest_sha256(arena, policy), 0, POLICY_ID_DIGITS);
}

/* Do the configuration or its providers say where mail goes? */
static bool
says_hosts(const struct config_domain *domain)
{
	size_t i;

	for (i = 0; i < domain->sender_count; i++)
		if (domain->senders[i]->provider != NULL &&
		    domain->senders[i]->provider->mx.count > 0)
			return true;
	return domain->mta_sts.mx.count > 0;
}

/*
 * Are all hosts known that the policy is to name? Senders refuse to deliver to
 * one that it lacks, RFC 8461 section 4.1.
 */
static bool
knows_hosts(const struct maker *maker, const struct config_domain *domain)
{
	const struct zones *zones = maker->world->zones;
	const struct zone *zone = zones_covering(zones, domain->name);

	if (str_is(domain->mta_sts.mode.text, "none") || says_hosts(domain))
		return true;
	return (zone == NULL || !zone->contents->incomplete) && zones_ask(zones,
	    maker->arena, domain->name, RR_MX).kind != ANSWER_UNKNOWN;
}

static void
add_mta_sts(struct maker *maker, const struct config_domain *domain)
{
	struct str text;

	if (!domain->mta_sts.present)
		return;
	if (!knows_hosts(maker, domain))
		maker_remark(maker, domain, "mtasts-policy-mx",
		    domain->mta_sts.span, arena_printf(maker->arena,
		    "the MX records of %.*s cannot be seen from here, and "
		    "senders refuse to deliver to hosts that the policy does "
		    "not name: say which they are (mx)",
		    STR_ARG(domain->name)));
	text = mta_sts_policy(maker->world, maker->arena, domain);
	maker_publish_text(maker, domain, ORDER_OTHER, AUTH_MTASTS,
	    name_join(maker->arena, STR("_mta-sts"), domain->name),
	    arena_printf(maker->arena, "v=STSv1; id=%.*s;",
	    STR_ARG(policy_id(maker->arena, text))), domain->mta_sts.span);
	keep_policy(maker, domain, text);
}

static void
add_tls_rpt(struct maker *maker, const struct config_domain *domain)
{
	const struct words *uris = &domain->tls_rpt_rua;
	struct buffer text = { 0 };
	size_t i;

	if (uris->count == 0)
		return;
	buffer_add_cstr(&text, "v=TLSRPTv1; rua=");
	for (i = 0; i < uris->count; i++) {
		if (i > 0)
			buffer_add_byte(&text, ',');
		buffer_add(&text, uris->words[i].text);
	}
	maker_publish_text(maker, domain, ORDER_OTHER, AUTH_TLSRPT,
	    name_join(maker->arena, STR("_smtp._tls"), domain->name),
	    buffer_finish(&text, maker->arena), uris->words[0].span);
}

static void
add_bimi(struct maker *maker, const struct config_domain *domain)
{
	struct str selector = domain->bimi.selector.text;

	if (!domain->bimi.present)
		return;
	if (selector.p == NULL)
		selector = STR("default");
	maker_publish_text(maker, domain, ORDER_OTHER, AUTH_BIMI,
	    arena_printf(maker->arena, "%.*s._bimi.%.*s", STR_ARG(selector),
	    STR_ARG(domain->name)), arena_printf(maker->arena,
	    "v=BIMI1; l=%.*s; a=%.*s", STR_ARG(domain->bimi.location.text),
	    STR_ARG(domain->bimi.evidence.text)), domain->bimi.span);
}

/* A name that never sends: no key counts, no mail arrives. */
static void
add_lock(struct maker *maker, const struct config_domain *domain,
    bool locked)
{
	if (locked && !name_is_wildcard(domain->name))
		maker_publish_text(maker, domain, ORDER_DKIM, AUTH_DKIM,
		    name_join(maker->arena, STR("*._domainkey"),
		    domain->name), STR("v=DKIM1; p="), domain->span);
	if ((domain->null_mx == 1 || (locked && domain->null_mx != 0)) &&
	    !maker_keeps(maker, domain, domain->name, RR_MX, AUTH_NONE))
		maker_publish_value(maker, domain, ORDER_MX, domain->name,
		    RR_MX, STR("0 ."), domain->span);
}

/* A policy from the defaults gives way to a record that is kept. */
static void
add_dmarc(struct maker *maker, const struct config_domain *domain,
    const struct standing *standing)
{
	bool stays = standing->schedule != NULL && (standing->step == NULL ||
	    standing->step->stage.p == POLICY_ABSENT);
	bool inherited = standing->schedule == NULL &&
	    domain->dmarc.p.span.start ==
	    maker->config->defaults->dmarc.p.span.start;
	struct made *made;

	made = stays ? dmarc_stays(maker->world, maker->arena, domain) :
	    dmarc_build(maker->config, maker->arena, domain, standing->step);
	if (made == NULL || ((stays || inherited) && maker_keeps(maker, domain,
	    made->owner, RR_TXT, AUTH_DMARC)))
		return;
	maker_publish(maker, maker_zone_of(maker, domain), ORDER_DMARC, made);
	authorise_list(maker, domain, &domain->dmarc.rua);
	authorise_list(maker, domain, &domain->dmarc.ruf);
}

/* ---- domains ------------------------------------------------------------- */

static void
make_domain(struct maker *maker, const struct config_domain *domain)
{
	struct standing standing;
	size_t i;

	/* What lies in it is published elsewhere. */
	if (domain->delegated)
		return;
	standing = maker_standing(maker, domain);
	maker_add_kept(maker, domain);
	add_lock(maker, domain, standing.locked);
	maker_add_spf(maker, domain, standing.locked);
	/* The others are asked for at names below it, where no "*" answers. */
	if (name_is_wildcard(domain->name))
		return;
	add_dmarc(maker, domain, &standing);
	for (i = 0; i < domain->key_count && !domain->parked; i++)
		maker_add_key(maker, domain, domain->keys[i]);
	for (i = 0; i < domain->sender_count && !domain->parked; i++) {
		maker_add_sender(maker, domain, domain->senders[i]);
		maker_add_return_path(maker, domain, domain->senders[i]);
	}
	add_mta_sts(maker, domain);
	add_tls_rpt(maker, domain);
	add_bimi(maker, domain);
	add_authorised(maker, domain);
}

/* ---- zones --------------------------------------------------------------- */

/* The orders one after the other become one list. */
static struct made_zone *
join_orders(struct made_list *list)
{
	struct made **tail = &list->zone.records;
	size_t i;

	for (i = 0; i < ORDERS; i++) {
		*tail = list->first[i];
		if (list->first[i] != NULL)
			tail = list->last[i];
	}
	return &list->zone;
}

struct made_zones *
records_make(const struct world *world, struct arena *arena,
    const struct schedules *schedules, const struct str *wanted,
    size_t wanted_count, day at)
{
	struct maker maker = { .world = world, .config = world->config,
	    .arena = arena, .schedules = schedules, .at = at,
	    .wanted = wanted, .wanted_count = wanted_count };
	const struct config_domain *domain = NULL;
	struct made_zones *zones = ARENA_NEW(arena, struct made_zones);
	struct made_zone **end = &zones->first, **others = &zones->others;
	struct made_list *list;

	maker.zones = zones;
	maker.end = &maker.lists;
	/* All of them: one domain's reports are another one's record. */
	while ((domain = config_next(world->config, domain)) != NULL)
		make_domain(&maker, domain);
	for (list = maker.lists; list != NULL; list = list->next)
		if (maker_wants(&maker, list->zone.name)) {
			*end = join_orders(list);
			end = &list->zone.next;
			zones->count++;
		} else {
			*others = join_orders(list);
			others = &list->zone.next;
		}
	return zones;
}
