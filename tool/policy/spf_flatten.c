/*
 * The addresses that an SPF term stands for today, out of the loaded zones
 * and the DNS cache file: what costs lookups becomes ip4 and ip6 terms, which
 * cost none (RFC 7208 section 4.6.4). Only where no receiver decides
 * otherwise.
 */
#include <arpa/inet.h>

#include "base/arena.h"
#include "policy/policy.h"

enum { DEPTH_MAX = 10, RECORDS_MAX = 200, TERMS_MAX = 2000, MX_MAX = 10 };

struct flattening {
	const struct world *world;
	struct arena *arena;
	struct spf_flat *flat;
	size_t room;
	unsigned records;		/* looked at: they may form loops */
};

/* Why a term stays; the first reason is told. */
static bool
refuse(struct flattening *flattening, struct str why)
{
	if (flattening->flat->why.p == NULL)
		flattening->flat->why = why;
	return false;
}

static bool
add(struct flattening *flattening, struct str term)
{
	struct spf_flat *flat = flattening->flat;
	struct str *larger;
	size_t i;

	if (flat->count == TERMS_MAX)
		return refuse(flattening, STR("it stands for too many "
		    "networks"));
	if (flat->count == flattening->room) {
		flattening->room = flattening->room * 2 + 16;
		larger = ARENA_ARRAY(flattening->arena, flattening->room,
		    struct str);
		for (i = 0; i < flat->count; i++)
			larger[i] = flat->terms[i];
		flat->terms = larger;
	}
	flat->terms[flat->count++] = term;
	return true;
}

/* ---- asking -------------------------------------------------------------- */

/* Is there an answer in the file that is too old to be used? */
static bool
is_expired(const struct dns_cache *cache, struct str name, uint16_t type)
{
	size_t i;

	for (i = 0; cache != NULL && i < cache->count; i++)
		if (cache->lines[i].type == type &&
		    str_equal(cache->lines[i].name, name) &&
		    cache->today - cache->lines[i].checked >
		    DNS_CACHE_EXPIRED)
			return true;
	return false;
}

/* False when the answer is not known. */
static bool
ask(struct flattening *flattening, struct str name, uint16_t type,
    struct answer *answer)
{
	const struct zones *zones = flattening->world->zones;
	struct spf_flat *flat = flattening->flat;

	*answer = zones_ask(zones, flattening->arena, name, type);
	if (answer->checked != DAY_NONE && (flat->oldest == DAY_NONE ||
	    answer->checked < flat->oldest))
		flat->oldest = answer->checked;
	if (answer->kind != ANSWER_UNKNOWN)
		return true;
	if (is_expired(zones->cache, answer->name, type)) {
		flat->expired = true;
		return refuse(flattening, arena_printf(flattening->arena,
		    "what the DNS cache file says of %.*s is older than %d "
		    "days", STR_ARG(answer->name), DNS_CACHE_EXPIRED));
	}
	if (zones->dns != NULL)
		return refuse(flattening, answer->why);
	return refuse(flattening, arena_printf(flattening->arena, "the DNS "
	    "cache file says nothing of %.*s", STR_ARG(answer->name)));
}

/* ---- addresses ----------------------------------------------------------- */

static bool
add_address(struct flattening *flattening, const struct record *record,
    const struct spf_term *term)
{
	bool ip4 = record->type == RR_A;
	const char *name = ip4 ? "ip4" : "ip6";
	int whole = ip4 ? 32 : 128, length = ip4 ? term->cidr4 : term->cidr6;
	char text[INET6_ADDRSTRLEN] = "";
	unsigned char address[16] = { 0 };
	int i;

	if (length < 0)
		length = whole;
	for (i = 0; i < length; i++)
		address[i / 8] |= (unsigned char)(record->address[i / 8] &
		    (0x80 >> i % 8));
	inet_ntop(ip4 ? AF_INET : AF_INET6, address, text, sizeof(text));
	return add(flattening, length == whole ?
	    arena_printf(flattening->arena, "%s:%s", name, text) :
	    arena_printf(flattening->arena, "%s:%s/%d", name, text, length));
}

static bool
add_host(struct flattening *flattening, struct str host,
    const struct spf_term *term)
{
	static const uint16_t types[] = { RR_A, RR_AAAA };
	struct answer answer;
	size_t i, j;

	for (i = 0; i < 2; i++) {
		if (!ask(flattening, host, types[i], &answer))
			return false;
		for (j = 0; answer.kind == ANSWER_DATA && j < answer.count;
		    j++)
			if (!add_address(flattening, answer.records[j],
			    term))
				return false;
	}
	return true;
}

static bool
add_exchanges(struct flattening *flattening, struct str name,
    const struct spf_term *term)
{
	struct answer answer;
	size_t i;

	if (!ask(flattening, name, RR_MX, &answer))
		return false;
	if (answer.kind != ANSWER_DATA)
		return true;
	if (answer.count > MX_MAX)
		return refuse(flattening, STR("more than ten MX records"));
	for (i = 0; i < answer.count; i++)
		if (answer.records[i]->target.n > 0 && !add_host(flattening,
		    answer.records[i]->target, term))
			return false;
	return true;
}

/* ---- terms and records --------------------------------------------------- */

static bool add_record(struct flattening *, struct str name, unsigned depth);

/* What a record that cannot be replaced is worth stays where it is asked. */
static bool
add_include(struct flattening *flattening, struct str name, unsigned depth)
{
	size_t before = flattening->flat->count;

	if (add_record(flattening, name, depth + 1))
		return true;
	flattening->flat->count = before;
	return depth > 0 && add(flattening, arena_printf(flattening->arena,
	    "include:%.*s", STR_ARG(name)));
}

/* A term of the record at the domain; depth 0: the one that was asked. */
static bool
add_term(struct flattening *flattening, const struct spf_term *term,
    struct str domain, unsigned depth)
{
	struct str name = domain;

	if (term->broken || term->qualifier != '+')
		return refuse(flattening, arena_printf(flattening->arena,
		    "\"%.*s\" does not simply let pass",
		    STR_ARG(term->text)));
	if (term->macro || term->kind == SPF_EXISTS || term->kind == SPF_PTR)
		return refuse(flattening, arena_printf(flattening->arena,
		    "only receivers know what \"%.*s\" stands for",
		    STR_ARG(term->text)));
	if (term->has_target && term->kind != SPF_IP4 &&
	    term->kind != SPF_IP6 && !name_parse(flattening->arena,
	    term->target, &name))
		return refuse(flattening, STR("its name is none"));
	switch (term->kind) {
	case SPF_IP4:
	case SPF_IP6:
		return add(flattening, term->qualified ?
		    str_after(term->text, 1) : term->text);
	case SPF_A:
		return add_host(flattening, name, term);
	case SPF_MX:
		return add_exchanges(flattening, name, term);
	case SPF_INCLUDE:
		return add_include(flattening, name, depth);
	default:
		return refuse(flattening, arena_printf(flattening->arena,
		    "\"%.*s\" is no network", STR_ARG(term->text)));
	}
}

static const struct spf *
find_spf(struct flattening *flattening, struct str name)
{
	const struct spf *spf = NULL;
	struct answer answer;
	size_t i, count = 0;

	if (!ask(flattening, name, RR_TXT, &answer))
		return NULL;
	for (i = 0; answer.kind == ANSWER_DATA && i < answer.count; i++)
		if (answer.records[i]->auth == AUTH_SPF) {
			spf = answer.records[i]->spf;
			count++;
		}
	if (count == 1 && !spf->permerror)
		return spf;
	refuse(flattening, arena_printf(flattening->arena, "%.*s has no "
	    "record that receivers can evaluate", STR_ARG(name)));
	return NULL;
}

static bool
add_record(struct flattening *flattening, struct str name, unsigned depth)
{
	const struct spf_term *term;
	const struct spf *spf;
	struct str target;

	if (depth > DEPTH_MAX || ++flattening->records > RECORDS_MAX)
		return refuse(flattening, STR("its records lead too far"));
	spf = find_spf(flattening, name);
	if (spf == NULL)
		return false;
	if (spf->all != NULL && spf->all->qualifier == '+')
		return refuse(flattening, arena_printf(flattening->arena,
		    "the record of %.*s lets everybody in", STR_ARG(name)));
	for (term = spf->terms; term != NULL && term != spf->all;
	    term = term->next)
		if (spf_is_mechanism(term->kind) && !add_term(flattening,
		    term, name, depth))
			return false;
	if (spf->all != NULL || spf->redirect == NULL)
		return true;
	if (spf->redirect->macro || !name_parse(flattening->arena,
	    spf->redirect->target, &target))
		return refuse(flattening, STR("it leads on by a macro"));
	return add_record(flattening, target, depth + 1);
}

struct spf_flat
spf_flatten(const struct world *world, struct arena *arena, struct str domain,
    const struct spf_term *term)
{
	struct spf_flat flat = { .oldest = DAY_NONE };
	struct flattening flattening = { .world = world, .arena = arena,
	    .flat = &flat };

	flat.replaced = add_term(&flattening, term, domain, 0);
	if (!flat.replaced)
		flat.count = 0;
	return flat;
}

bool
spf_flattens(const struct config_domain *domain,
    const struct config_sender *sender)
{
	size_t i;

	for (i = 0; i < domain->spf_flatten.count; i++)
		if (str_equal(domain->spf_flatten.words[i].text,
		    sender->name))
			return true;
	return false;
}
