/* Which records a configuration asks for on a day, zone by zone. */
#include "base/arena.h"
#include "base/digest.h"
#include "base/table.h"
#include "generate/generate.h"

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

/* ---- the list that grows ------------------------------------------------- */

/* Records come out in this order, inside it as they were asked for. */
enum order { ORDER_MX, ORDER_SPF, ORDER_DMARC, ORDER_DKIM, ORDER_OTHER,
	ORDER_REPORT, ORDER_KEEP, ORDERS };

struct list {
	struct list *next;
	struct made_zone zone;
	struct made *first[ORDERS], **last[ORDERS];
};

struct maker {
	const struct world *world;
	const struct config *config;
	struct arena *arena;
	const struct schedules *schedules;
	const struct str *wanted;
	size_t wanted_count;
	day at;
	struct made_zones *zones;
	struct list *lists, **end;
	struct table by_name;
	struct table seen;		/* owner, type and text: once only */
};

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

/*
 * The zone that a domain belongs to: the loaded one it lies in, unless that
 * has given it away; else the domain at the top is a zone of its own.
 */
static struct str
zone_of(const struct maker *maker, const struct config_domain *domain)
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

static bool
is_wanted(const struct maker *maker, struct str zone)
{
	size_t i;

	for (i = 0; i < maker->wanted_count; i++)
		if (name_within(zone, maker->wanted[i]) ||
		    name_within(maker->wanted[i], zone))
			return true;
	return maker->wanted_count == 0;
}

static struct list *
list_of(struct maker *maker, struct str zone)
{
	struct list *list = table_find(&maker->by_name, zone);
	size_t i;

	if (list != NULL)
		return list;
	list = ARENA_NEW(maker->arena, struct list);
	list->zone.name = zone;
	for (i = 0; i < ORDERS; i++)
		list->last[i] = &list->first[i];
	*maker->end = list;
	maker->end = &list->next;
	table_add(&maker->by_name, maker->arena, zone, list);
	return list;
}

static void
publish(struct maker *maker, struct str zone, enum order order,
    struct made *made)
{
	struct list *list = list_of(maker, zone);
	struct str key = arena_printf(maker->arena, "%.*s %u %.*s",
	    STR_ARG(made->owner), (unsigned)made->type,
	    STR_ARG(made->type == RR_TXT ? made->text : made->value));

	if (table_find(&maker->seen, key) != NULL)
		return;
	table_add(&maker->seen, maker->arena, key, made);
	*list->last[order] = made;
	list->last[order] = &made->next;
	list->zone.count++;
}

static void
publish_text(struct maker *maker, const struct config_domain *domain,
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
	publish(maker, zone_of(maker, domain), order, made);
}

static void
publish_value(struct maker *maker, const struct config_domain *domain,
    enum order order, struct str owner, uint16_t type, struct str value,
    struct span from)
{
	struct made *made = ARENA_NEW(maker->arena, struct made);

	made->owner = owner;
	made->type = type;
	made->ttl = domain->ttl;
	made->value = value;
	made->from = from;
	publish(maker, zone_of(maker, domain), order, made);
}

/* ---- DKIM ---------------------------------------------------------------- */

struct str
key_text(struct arena *arena, const struct config_key *key, day at)
{
	if (config_key_state(key, at) == KEY_REVOKED)
		return STR("v=DKIM1; p=");
	return key_record(arena, &key->key, key->testing, key->strict,
	    key->notes.text);
}

static void
add_key(struct maker *maker, const struct config_domain *domain,
    const struct config_key *key)
{
	if (key->selector.text.p == NULL || key->key.error.p != NULL ||
	    (key->state == KEY_NEXT && key->since != DAY_NONE &&
	    maker->at < key->since))
		return;
	publish_text(maker, domain, ORDER_DKIM, AUTH_DKIM,
	    arena_printf(maker->arena, "%.*s._domainkey.%.*s",
	    STR_ARG(key->selector.text), STR_ARG(domain->name)),
	    key_text(maker->arena, key, maker->at), key->span);
}

static uint16_t
type_of(struct str name)
{
	uint16_t type = 0;

	return rrtype_parse(name, &type) ? type : 0;
}

/* A name of a provider's record below the domain, or absolute with a dot. */
static struct str
owner_below(struct arena *arena, struct str owner, struct str domain)
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

/* Absolute, so that no $ORIGIN is added to it. */
static struct str
absolute(struct arena *arena, struct str name)
{
	if (name.n > 0 && name.p[name.n - 1] == '.')
		return name;
	return arena_printf(arena, "%.*s.", STR_ARG(name));
}

static void
add_provider_record(struct maker *maker, const struct config_domain *domain,
    const struct config_sender *sender, const struct provider_record *record)
{
	struct arena *arena = maker->arena;
	struct str owner, value, missing;
	struct span from = sender->provider_name.span;
	uint16_t type = type_of(record->type);

	/* A key that the operator gives is published with the keys. */
	if (!record->has_value || type == 0 ||
	    !provider_expand(arena, record->owner, sender->variables,
	    domain->name, &owner, &missing) ||
	    !provider_expand(arena, record->value, sender->variables,
	    domain->name, &value, &missing))
		return;
	owner = owner_below(arena, owner, domain->name);
	if (owner.p == NULL)
		return;
	if (type == RR_TXT)
		publish_text(maker, domain, ORDER_OTHER, auth_version(value),
		    owner, value, from);
	else if (type == RR_CNAME || type == RR_MX)
		publish_value(maker, domain, ORDER_OTHER, owner, type,
		    absolute(arena, value), from);
	else
		publish_value(maker, domain, ORDER_OTHER, owner, type, value,
		    from);
}

static void
add_sender(struct maker *maker, const struct config_domain *domain,
    const struct config_sender *sender)
{
	const struct provider_record *record;
	const struct config_cname *cname;

	for (record = sender->provider == NULL ? NULL :
	    sender->provider->dkim; record != NULL; record = record->next)
		add_provider_record(maker, domain, sender, record);
	for (record = sender->provider == NULL ? NULL :
	    sender->provider->return_path; record != NULL;
	    record = record->next)
		add_provider_record(maker, domain, sender, record);
	for (cname = sender->dkim_cname; cname != NULL; cname = cname->next)
		publish_value(maker, domain, ORDER_DKIM,
		    arena_printf(maker->arena, "%.*s._domainkey.%.*s",
		    STR_ARG(cname->selector.text), STR_ARG(domain->name)),
		    RR_CNAME, absolute(maker->arena, cname->target.text),
		    cname->target.span);
}

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
		publish_text(maker, receiver, ORDER_REPORT, AUTH_REPORT,
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

/* ---- the others ---------------------------------------------------------- */

static void
keep_policy(struct maker *maker, const struct config_domain *domain,
    struct str text)
{
	struct made_policy *policy = ARENA_NEW(maker->arena,
	    struct made_policy);
	struct made_zones *zones = maker->zones;

	policy->domain = domain;
	policy->text = text;
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

static void
add_mta_sts(struct maker *maker, const struct config_domain *domain)
{
	struct str text;

	if (!domain->mta_sts.present)
		return;
	text = mta_sts_policy(maker->world, maker->arena, domain);
	publish_text(maker, domain, ORDER_OTHER, AUTH_MTASTS,
	    name_join(maker->arena, STR("_mta-sts"), domain->name),
	    arena_printf(maker->arena, "v=STSv1; id=%.*s;",
	    STR_ARG(policy_id(maker->arena, text))), domain->mta_sts.span);
	if (is_wanted(maker, zone_of(maker, domain)))
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
	publish_text(maker, domain, ORDER_OTHER, AUTH_TLSRPT,
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
	publish_text(maker, domain, ORDER_OTHER, AUTH_BIMI,
	    arena_printf(maker->arena, "%.*s._bimi.%.*s", STR_ARG(selector),
	    STR_ARG(domain->name)), arena_printf(maker->arena,
	    "v=BIMI1; l=%.*s; a=%.*s", STR_ARG(domain->bimi.location.text),
	    STR_ARG(domain->bimi.evidence.text)), domain->bimi.span);
}

/* Own mail hosts say who they are when there is no sender (RFC 7208 2.3). */
static void
add_helo(struct maker *maker, const struct config_domain *domain)
{
	const struct words *hosts = &domain->spf_helo;
	struct str owner;
	size_t i;

	for (i = 0; i < hosts->count; i++) {
		owner = owner_below(maker->arena, hosts->words[i].text,
		    domain->name);
		if (owner.p != NULL)
			publish_text(maker, domain, ORDER_SPF, AUTH_SPF,
			    owner, STR("v=spf1 a -all"),
			    hosts->words[i].span);
	}
}

/* What a kept record says, read as name servers read it; NULL: nothing. */
static const struct record *
read_kept(struct arena *arena, struct str owner, uint32_t ttl, struct str rest)
{
	struct zone_options options = { .name = STR(""),
	    .how = ZONE_BY_CONFIG };
	struct buffer text = { 0 };
	struct zone *zone;
	size_t position = 0;

	buffer_printf(&text, "%.*s. %u IN %.*s\n", STR_ARG(owner),
	    (unsigned)ttl, STR_ARG(rest));
	zone = zone_read(arena, source_of_text(arena, STR("(kept)"), &text),
	    &options);
	return zone->problem_count > 0 ? NULL :
	    zone_next(zone, arena, ~0U, &position);
}

/*
 * "owner TYPE rdata", as it stands in the configuration. What cannot be read
 * is not dropped: reading back what was made will bring it up.
 */
static struct made *
make_kept(struct maker *maker, const struct config_domain *domain,
    const struct word *word)
{
	struct made *made = ARENA_NEW(maker->arena, struct made);
	struct str rest = str_trim(word->text), owner = STR_NONE, type;

	str_split(&rest, ' ', &owner);
	made->owner = owner_below(maker->arena, owner, domain->name);
	if (made->owner.p == NULL)
		made->owner = domain->name;
	made->ttl = domain->ttl;
	made->from = word->span;
	made->kept = true;
	made->value = str_trim(rest);
	made->record = read_kept(maker->arena, made->owner, made->ttl,
	    made->value);
	if (made->record == NULL)
		return made;
	rest = made->value;
	str_split(&rest, ' ', &type);
	made->value = str_trim(rest);
	made->type = made->record->type;
	made->auth = made->record->auth;
	made->text = made->record->text;
	return made;
}

static void
add_kept(struct maker *maker, const struct config_domain *domain)
{
	const struct words *list = &domain->keep;
	size_t i;

	for (i = 0; i < list->count; i++)
		publish(maker, zone_of(maker, domain), ORDER_KEEP,
		    make_kept(maker, domain, &list->words[i]));
}

/* Is there already such a record, because one is kept? */
static bool
keeps(const struct maker *maker, const struct config_domain *domain,
    struct str owner, uint16_t type, enum auth auth)
{
	struct list *list = domain->keep.count == 0 ? NULL :
	    table_find(&maker->by_name, zone_of(maker, domain));
	const struct made *made;

	made = list == NULL ? NULL : list->first[ORDER_KEEP];
	for (; made != NULL; made = made->next)
		if (made->type == type && made->auth == auth &&
		    str_equal(made->owner, owner))
			return true;
	return false;
}

/* Where a domain stands on the day. */
struct standing {
	const struct schedule *schedule;	/* NULL: no rollout */
	const struct step *step;		/* NULL: none, or not begun */
	bool locked;				/* nobody sends, for certain */
};

static void
remark(struct maker *maker, const struct config_domain *domain,
    const char *rule, struct span from, struct str text)
{
	struct remark *one = ARENA_NEW(maker->arena, struct remark);
	struct made_zones *zones = maker->zones;

	if (!is_wanted(maker, zone_of(maker, domain)))
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

/* Nobody pinned it, and the zone is further: that is taken back. */
static void
tell_retreat(struct maker *maker, const struct config_domain *domain,
    const struct schedule *schedule, const struct step *now)
{
	const struct record **records;
	const struct step *there;
	struct str further;
	size_t count = 0;

	if (now == NULL || now->pinned || now->stage.p == POLICY_ABSENT ||
	    policy_records(maker->world, maker->arena, domain->name, &records,
	    &count) != ANSWER_DATA || count != 1)
		return;
	there = schedule_step_of(schedule, records[0]->dmarc, now);
	further = there == NULL ? schedule_excess(maker->arena, maker->config,
	    schedule, records[0]->dmarc, now) :
	    there > now ? there->stage.name : STR_NONE;
	if (further.p != NULL)
		remark(maker, domain, "plan-held", domain->rollout.span,
		    arena_printf(maker->arena, "%.*s goes back from \"%.*s\", "
		    "which its zone publishes, to \"%.*s\", where the plan "
		    "is: pin the stage if it is meant to stay",
		    STR_ARG(domain->name), STR_ARG(further),
		    STR_ARG(now->stage.name)));
}

/* A parked name that has a rollout is locked when that is through. */
static struct standing
standing_of(struct maker *maker, const struct config_domain *domain)
{
	struct standing standing = { .schedule = schedule_find(
	    maker->schedules, domain), .locked = domain->parked };
	struct str name = STR("no record"), shortfall;
	struct published now;

	if (standing.schedule == NULL)
		return standing;
	shortfall = schedule_shortfall(maker->arena, standing.schedule);
	if (shortfall.p != NULL)
		remark(maker, domain, "plan-target", domain->rollout.span,
		    shortfall);
	now = schedule_on(standing.schedule, maker->at, maker->world->today);
	standing.step = now.step;
	tell_retreat(maker, domain, standing.schedule, now.step);
	if (now.step != NULL)
		name = now.step->stage.name;
	standing.locked &= schedule_is_last(standing.schedule, now.step);
	if (now.held != NULL)
		remark(maker, domain, "plan-held", domain->rollout.span,
		    arena_printf(maker->arena, "%.*s stays "
		    "at \"%.*s\": %.*s", STR_ARG(domain->name),
		    STR_ARG(name), STR_ARG(held_text(maker->arena,
		    now.held))));
	else if (now.assumed && now.step != NULL)
		remark(maker, domain, "plan-held", domain->rollout.span,
		    arena_printf(maker->arena, "%.*s at "
		    "\"%.*s\": the day is to come, and its gates are taken "
		    "as open", STR_ARG(domain->name), STR_ARG(name)));
	return standing;
}

/* A name that never sends: no key counts, no mail arrives. */
static void
add_lock(struct maker *maker, const struct config_domain *domain,
    bool locked)
{
	if (locked && !name_is_wildcard(domain->name))
		publish_text(maker, domain, ORDER_DKIM, AUTH_DKIM,
		    name_join(maker->arena, STR("*._domainkey"),
		    domain->name), STR("v=DKIM1; p="), domain->span);
	if ((domain->null_mx == 1 || (locked && domain->null_mx != 0)) &&
	    !keeps(maker, domain, domain->name, RR_MX, AUTH_NONE))
		publish_value(maker, domain, ORDER_MX, domain->name, RR_MX,
		    STR("0 ."), domain->span);
}

/* Name, type, class, TTL, length; the length of each string. */
static size_t
text_octets(const struct record *record)
{
	size_t octets = 12 + record->string_count, i;

	for (i = 0; i < record->string_count; i++)
		octets += record->strings[i].n;
	return octets;
}

/* Does the answer hold it already? */
static bool
is_answered(const struct answer *answer, const struct record *record)
{
	size_t i;

	for (i = 0; answer->kind == ANSWER_DATA && i < answer->count; i++)
		if (str_equal(answer->records[i]->text, record->text))
			return true;
	return false;
}

/*
 * What the other TXT records of a name in a domain take in the answer, in
 * octets: those that are there, and those that are kept. Asked only where a
 * record may be split.
 */
static size_t
other_texts(const struct maker *maker, const struct config_domain *domain,
    struct str name)
{
	struct answer answer = zones_ask(maker->world->zones, maker->arena,
	    name, RR_TXT);
	struct list *list = table_find(&maker->by_name,
	    zone_of(maker, domain));
	const struct made *made;
	size_t octets = 0, i;

	if (answer.wildcard || answer.links > 0)
		answer.kind = ANSWER_NODATA;
	for (i = 0; answer.kind == ANSWER_DATA && i < answer.count; i++)
		if (answer.records[i]->auth != AUTH_SPF)
			octets += text_octets(answer.records[i]);
	made = list == NULL ? NULL : list->first[ORDER_KEEP];
	for (; made != NULL; made = made->next)
		if (made->type == RR_TXT && made->auth != AUTH_SPF &&
		    str_equal(made->owner, name) &&
		    !is_answered(&answer, made->record))
			octets += text_octets(made->record);
	return octets;
}

/* A record, and those that it had to part; that must not fail in silence. */
static void
publish_spf(struct maker *maker, const struct config_domain *domain,
    struct made *made, size_t others)
{
	struct made *next;

	if (made != NULL && made->next == NULL && domain->spf_split &&
	    !spf_answer_fits(domain, made, others))
		remark(maker, domain, "spf-record-long", made->from,
		    arena_printf(maker->arena, "the SPF record of %.*s "
		    "cannot be split so that its answer fits: receivers ask "
		    "again over TCP, or give up", STR_ARG(made->owner)));
	for (; made != NULL; made = next) {
		next = made->next;
		made->next = NULL;
		publish(maker, zone_of(maker, domain), ORDER_SPF, made);
	}
}

static void
add_return_path(struct maker *maker, const struct config_domain *domain,
    const struct config_sender *sender)
{
	struct str label = sender->return_path.text, name;
	size_t others;

	if (label.p == NULL)
		return;
	name = name_join(maker->arena, label, domain->name);
	others = domain->spf_split ? other_texts(maker, domain, name) : 0;
	publish_spf(maker, domain, spf_build_return_path(maker->world,
	    maker->arena, domain, sender, others), others);
}

/* Until a parked name is locked, its SPF record is not touched, either. */
static void
add_spf(struct maker *maker, const struct config_domain *domain, bool locked)
{
	struct made *made = NULL;
	size_t others = domain->spf_split ? other_texts(maker, domain,
	    domain->name) : 0;

	if ((locked || !domain->parked) && domain->spf_publish &&
	    !keeps(maker, domain, domain->name, RR_TXT, AUTH_SPF))
		made = spf_build(maker->world, maker->arena, domain, others);
	publish_spf(maker, domain, made, others);
	add_helo(maker, domain);
}

/* A policy from the defaults gives way to a record that is kept. */
static void
add_dmarc(struct maker *maker, const struct config_domain *domain,
    const struct standing *standing)
{
	struct made *made;

	if (standing->schedule != NULL && (standing->step == NULL ||
	    standing->step->stage.p == POLICY_ABSENT))
		made = dmarc_stays(maker->world, maker->arena, domain);
	else
		made = dmarc_build(maker->config, maker->arena, domain,
		    standing->step);
	if (made == NULL || (standing->schedule == NULL &&
	    domain->dmarc.p.span.start ==
	    maker->config->defaults->dmarc.p.span.start &&
	    keeps(maker, domain, made->owner, RR_TXT, AUTH_DMARC)))
		return;
	publish(maker, zone_of(maker, domain), ORDER_DMARC, made);
	authorise_list(maker, domain, &domain->dmarc.rua);
	authorise_list(maker, domain, &domain->dmarc.ruf);
}

static void
make_domain(struct maker *maker, const struct config_domain *domain)
{
	struct standing standing;
	size_t i;

	/* What lies in it is published elsewhere. */
	if (domain->delegated)
		return;
	standing = standing_of(maker, domain);
	add_kept(maker, domain);
	add_lock(maker, domain, standing.locked);
	add_spf(maker, domain, standing.locked);
	/* The others are asked for at names below it, where no "*" answers. */
	if (name_is_wildcard(domain->name))
		return;
	add_dmarc(maker, domain, &standing);
	for (i = 0; i < domain->key_count && !domain->parked; i++)
		add_key(maker, domain, domain->keys[i]);
	for (i = 0; i < domain->sender_count && !domain->parked; i++) {
		add_sender(maker, domain, domain->senders[i]);
		add_return_path(maker, domain, domain->senders[i]);
	}
	add_mta_sts(maker, domain);
	add_tls_rpt(maker, domain);
	add_bimi(maker, domain);
	add_authorised(maker, domain);
}

/* The orders one after the other become one list. */
static struct made_zone *
join_orders(struct list *list)
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
	struct list *list;

	maker.zones = zones;
	maker.end = &maker.lists;
	/* All of them: one domain's reports are another one's record. */
	while ((domain = config_next(world->config, domain)) != NULL)
		make_domain(&maker, domain);
	for (list = maker.lists; list != NULL; list = list->next)
		if (is_wanted(&maker, list->zone.name)) {
			*end = join_orders(list);
			end = &list->zone.next;
			zones->count++;
		} else {
			*others = join_orders(list);
			others = &list->zone.next;
		}
	return zones;
}
