/* The mail records of zones, each at the domain that it speaks for. */
#include "base/arena.h"
#include "import/import.h"

/* "owner type data": the same for the same record. */
static struct str
import_record_key(struct arena *arena, struct str owner, uint16_t type,
    struct str data)
{
	struct cursor in = { data, 0 };
	struct buffer key = { 0 };
	int byte;

	buffer_printf(&key, "%.*s %u ", STR_ARG(owner), (unsigned)type);
	/* Names are the same in any case. */
	while ((byte = cursor_next(&in)) != END)
		buffer_add_byte(&key, type == RR_TXT || type == RR_SPF ?
		    byte : byte_lower(byte));
	return buffer_finish(&key, arena);
}

/* ---- domains ------------------------------------------------------------- */

static struct import_domain *
domain_of(struct import *import, struct str name)
{
	return table_find(&import->by_domain, name);
}

static struct import_domain *
add_domain(struct import *import, const struct zone *zone, struct str name,
    struct import_domain *apex)
{
	struct import_domain *domain = domain_of(import, name);

	if (domain != NULL)
		return domain;
	domain = ARENA_NEW(import->arena, struct import_domain);
	domain->name = name;
	domain->zone = zone;
	domain->apex = apex == NULL ? domain : apex;
	domain->end = &domain->records;
	domain->others_end = &domain->others;
	domain->below_end = &domain->below;
	*import->domains_end = domain;
	import->domains_end = &domain->next;
	if (apex != NULL) {
		*apex->below_end = domain;
		apex->below_end = &domain->sibling;
	}
	table_add(&import->by_domain, import->arena, name, domain);
	return domain;
}

/* Does a parent's server answer for the name, so that others are asked? */
static bool
is_given_away(const struct zone *zone, struct str name)
{
	const struct node *node;

	for (; name_below(name, zone->name); name = name_parent(name)) {
		node = zone_find(zone, name);
		if (node != NULL && (node->cut || node->occluded))
			return true;
	}
	return false;
}

/*
 * Can it be a subdomain of the configuration? Names such as _spf are for
 * others to include, and nobody's address.
 */
static bool
can_stand_alone(const struct zone *zone, struct str base, struct str name)
{
	struct str below = name_relative(name, base);

	if (below.n == 0)
		return true;
	/* What a configuration would take for the name itself. */
	if (!name_below(name, base) || below.p[0] == '_' ||
	    name_within(below, base))
		return false;
	if (name_is_wildcard(below))
		below = name_parent(below);
	return (below.n == 0 || name_is_host(below, true)) &&
	    !is_given_away(zone, name);
}

/* ---- records ------------------------------------------------------------- */

/*
 * "*._dmarc" answers for each domain whose reports may come here, "*._tls" for
 * "_smtp._tls": a place of mail, whatever stands before it.
 */
static bool
is_below_place(struct str owner)
{
	static const char *const labels[] = { "_dmarc", "_domainkey",
		"_mta-sts", "_tls", "_bimi" };
	size_t i;

	for (; owner.n > 0; owner = name_parent(owner))
		for (i = 0; i < sizeof(labels) / sizeof(labels[0]); i++)
			if (str_is(name_label(owner), labels[i]))
				return true;
	return false;
}

/* Is it about mail, as far as generate and this program care? */
static bool
is_about_mail(const struct record *record, enum auth place)
{
	switch (record->type) {
	case RR_TXT:
	case RR_SPF:
		return record->auth != AUTH_NONE || place == AUTH_DKIM ||
		    str_is(name_label(record->owner), "_domainkey") ||
		    auth_version(record->text) != AUTH_NONE ||
		    auth_near_version(record->text) != AUTH_NONE;
	case RR_CNAME:
		return place != AUTH_SPF || is_below_place(record->owner);
	case RR_MX:
		return record->target.n == 0;
	default:
		return false;
	}
}

static struct import_record *
new_record(struct import *import, const struct record *record)
{
	struct import_record *one = ARENA_NEW(import->arena,
	    struct import_record);

	one->record = record;
	one->data = record->type == RR_TXT ? record->text :
	    record_rdata(import->arena, record);
	if (import->tidy && record->type == RR_TXT)
		one->data = import_tidy(import->arena, record->owner,
		    one->data);
	return one;
}

/* A single label is a domain of the configuration when it says psd: y. */
static bool
can_be_domain(const struct import *import, struct str name)
{
	struct answer answer;
	size_t i;

	if (name_labels(name) > 1)
		return true;
	answer = zones_ask(import->zones, import->arena,
	    name_join(import->arena, STR("_dmarc"), name), RR_TXT);
	for (i = 0; i < answer.count; i++)
		if (answer.records[i]->dmarc != NULL &&
		    answer.records[i]->dmarc->psd_yes)
			return true;
	return false;
}

static void
append(struct import_domain *domain, struct import_record *one)
{
	one->domain = domain;
	*domain->end = one;
	domain->end = &one->next;
}

/* A record at a domain, once, however often it stands there. */
static void
add_record(struct import *import, struct import_domain *domain,
    struct import_record *one, bool alone)
{
	const struct record *record = one->record;
	struct str key = import_record_key(import->arena, record->owner,
	    record->type, one->data);

	if (table_find(&import->by_data, key) != NULL)
		return;
	table_add(&import->by_data, import->arena, key, one);
	append(domain, one);
	if (!can_be_domain(import, domain->name)) {
		domain->refused = true;
		one->how = IMPORT_LEFT;
		one->why = "a single label is no domain without psd=y";
	} else if (!alone) {
		one->how = IMPORT_KEPT;
		one->why = "it belongs to no name of its own";
	}
}

static void
add_other(struct import_domain *domain, struct import_record *one)
{
	one->domain = domain;
	*domain->others_end = one;
	domain->others_end = &one->next;
}

/* What a provider's template may look for, at the name and just below. */
static void
add_others(struct import *import, const struct record *record)
{
	struct import_domain *at = domain_of(import, record->owner);
	struct import_domain *above = domain_of(import,
	    name_parent(record->owner));

	if (at != NULL)
		add_other(at, new_record(import, record));
	if (above != NULL && above != at)
		add_other(above, new_record(import, record));
}

/*
 * The domain of the configuration that a zone's names stand below: the zone
 * itself, or in that of a whole TLD each name in it.
 */
static struct str
base_of(const struct zone *zone, struct str name)
{
	return name_labels(zone->name) > 1 || name_labels(name) < 2 ||
	    !name_within(name, zone->name) ? zone->name : name_last(name, 2);
}

/* The answers come from another zone, which is here as well. */
static bool
lies_elsewhere(const struct import *import, const struct zone *zone,
    struct str owner)
{
	const struct zone *deepest = zones_covering(import->zones, owner);

	return deepest != NULL && name_below(deepest->name, zone->name);
}

/*
 * True for a record that is to stay in memory: it belongs to a domain of the
 * configuration now.
 */
static bool
take_record(struct import *import, const struct zone *zone,
    const struct record *record)
{
	struct import_domain *apex, *domain;
	struct import_record *one;
	struct str name, label, base;
	enum auth place = auth_place(record->owner, &name, &label);
	bool alone;

	if (!is_about_mail(record, place))
		return false;
	if (record->type == RR_MX)
		name = record->owner;
	base = base_of(zone, name);
	apex = add_domain(import, zone, base, NULL);
	/* The zone of another view, or a second file. */
	if (apex->zone != zone)
		return false;
	one = new_record(import, record);
	if (lies_elsewhere(import, zone, record->owner)) {
		one->how = IMPORT_LEFT;
		one->why = "its name lies in a zone that has a file of its own";
		append(apex, one);
		return true;
	}
	alone = can_stand_alone(zone, base, name);
	domain = !alone || str_equal(name, base) ? apex :
	    add_domain(import, zone, name, apex);
	one->place = place;
	one->label = label;
	add_record(import, domain, one, alone);
	return true;
}

static void
gather_mail(struct import *import, const struct zone *zone)
{
	const unsigned types = HAS_TXT | HAS_SPF | HAS_CNAME | HAS_MX;
	struct arena_mark mark = arena_mark(import->arena);
	const struct record *record;
	size_t position = 0;

	while ((record = zone_next(zone, import->arena, types,
	    &position)) != NULL) {
		if (!take_record(import, zone, record))
			arena_release(import->arena, mark);
		mark = arena_mark(import->arena);
	}
}

static void
gather_others(struct import *import, const struct zone *zone)
{
	const struct import_domain *apex = domain_of(import,
	    zone->name);
	const struct record *record;
	struct arena_mark mark = arena_mark(import->arena);
	size_t position = 0;

	if (apex != NULL && apex->zone != zone)
		return;
	while ((record = zone_next(zone, import->arena, HAS_TXT | HAS_CNAME |
	    HAS_MX, &position)) != NULL) {
		if (domain_of(import, record->owner) == NULL &&
		    domain_of(import, name_parent(record->owner)) ==
		    NULL)
			arena_release(import->arena, mark);
		else
			add_others(import, record);
		mark = arena_mark(import->arena);
	}
}

uint32_t
import_common_ttl(const struct import_domain *domain, bool others,
    uint32_t otherwise)
{
	enum { FEW = 64 };
	struct {
		uint32_t ttl;
		size_t count;
	} seen[FEW] = { { 0, 0 } };
	const struct import_record *one;
	size_t kinds = 0, best = 0, i;

	for (; domain != NULL; domain = others ? domain->next : NULL)
		for (one = domain->records; one != NULL; one = one->next) {
			for (i = 0; i < kinds &&
			    seen[i].ttl != one->record->ttl; i++)
				continue;
			if (i == FEW)
				continue;
			kinds += i == kinds;
			seen[i].ttl = one->record->ttl;
			seen[i].count++;
		}
	for (i = 1; i < kinds; i++)
		if (seen[i].count > seen[best].count)
			best = i;
	return kinds == 0 ? otherwise : seen[best].ttl;
}

struct import *
import_new(struct arena *arena, const struct zones *zones,
    struct providers *providers, day today, bool tidy)
{
	struct import *import = ARENA_NEW(arena, struct import);
	size_t i;

	import->arena = arena;
	import->providers = providers;
	import->zones = zones;
	import->today = today;
	import->tidy = tidy;
	import->domains_end = &import->domains;
	import->ignores_end = &import->ignores;
	import->known = import_providers(arena, providers);
	for (i = 0; i < zones->count; i++)
		if (!zones->zones[i]->context)
			gather_mail(import, zones->zones[i]);
	for (i = 0; i < zones->count; i++)
		if (!zones->zones[i]->context)
			gather_others(import, zones->zones[i]);
	import->ttl = import_common_ttl(import->domains, true, 3600);
	return import;
}

void
import_close(struct import *import)
{
	import_providers_free(import->known);
}

/* ---- rounds -------------------------------------------------------------- */

void
import_start(struct import *import)
{
	struct import_domain *domain;
	struct import_record *one;

	for (domain = import->domains; domain != NULL; domain = domain->next)
		for (one = domain->records; one != NULL; one = one->next)
			one->seen = false;
}

/* What the zone has not is of no harm, unless a lock asked for it. */
void
import_saw(struct import *import, struct str owner, uint16_t type,
    struct str data)
{
	struct import_domain *domain;
	struct import_record *one;
	struct str name = owner;

	if (import->tidy && type == RR_TXT)
		data = import_tidy(import->arena, owner, data);
	one = table_find(&import->by_data, import_record_key(import->arena,
	    owner, type, data));
	if (one != NULL) {
		one->seen = true;
		return;
	}
	if (type != RR_MX)
		auth_place(owner, &name, NULL);
	domain = domain_of(import, name);
	if (domain != NULL && domain->parked)
		domain->parked_refused = true;
}

bool
import_settle(struct import *import)
{
	struct import_domain *domain;
	struct import_record *one;
	bool changed = false;

	for (domain = import->domains; domain != NULL; domain = domain->next) {
		changed |= domain->parked && domain->parked_refused;
		for (one = domain->records; one != NULL; one = one->next) {
			if (one->seen || one->how == IMPORT_LEFT)
				continue;
			changed = true;
			if (domain->parked) {
				domain->parked_refused = true;
				continue;
			}
			if (one->how == IMPORT_KEPT)
				one->how = IMPORT_LEFT;
			else
				one->how = IMPORT_KEPT;
			one->why = one->how == IMPORT_KEPT ? "generate would "
			    "write it otherwise" : "it cannot be kept, "
			    "either";
		}
	}
	return changed;
}

const struct import_record *
import_unsaid(const struct import *import, const struct import_record *after)
{
	const struct import_domain *domain = after == NULL ? import->domains :
	    after->domain;
	const struct import_record *one = after == NULL ? (domain == NULL ?
	    NULL : domain->records) : after->next;

	for (; domain != NULL; one = domain == NULL ? NULL : domain->records) {
		for (; one != NULL; one = one->next)
			if (one->how != IMPORT_SAID)
				return one;
		domain = domain->next;
	}
	return NULL;
}

bool
import_ignore(struct import *import, struct str rule, struct str zone,
    struct str owner)
{
	struct str key = arena_printf(import->arena, "%.*s %.*s %.*s",
	    STR_ARG(rule), STR_ARG(zone), STR_ARG(owner));
	struct import_ignore *ignore;

	if (table_find(&import->ignored, key) != NULL)
		return false;
	ignore = ARENA_NEW(import->arena, struct import_ignore);
	*ignore = (struct import_ignore){ NULL, arena_copy(import->arena,
	    rule), arena_copy(import->arena, zone), owner.p == NULL ?
	    STR_NONE : arena_copy(import->arena, owner) };
	table_add(&import->ignored, import->arena, key, ignore);
	*import->ignores_end = ignore;
	import->ignores_end = &ignore->next;
	return true;
}
