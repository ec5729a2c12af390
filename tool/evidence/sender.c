/*
 * How mail shows that a configured sender sent it: from which networks, with
 * which selectors, under which names of its provider.
 */
#include <arpa/inet.h>

#include <string.h>

#include "base/arena.h"
#include "evidence/evidence.h"

/* ---- networks ------------------------------------------------------------ */

bool
network_holds(const struct network *network, const struct address *address)
{
	unsigned whole = network->length / 8, bits = network->length % 8;
	unsigned char mask = (unsigned char)(0xff00U >> bits);

	if (address->version != (network->ip6 ? 6 : 4) ||
	    memcmp(network->address, address->octets, whole) != 0)
		return false;
	return bits == 0 || ((network->address[whole] ^
	    address->octets[whole]) & mask) == 0;
}

struct str
network_print(struct arena *arena, const struct network *network)
{
	char text[INET6_ADDRSTRLEN] = "";

	inet_ntop(network->ip6 ? AF_INET6 : AF_INET, network->address, text,
	    sizeof(text));
	return arena_printf(arena, "%s/%u", text, network->length);
}

struct looking {
	const struct world *world;
	struct arena *arena;
	struct known_sender *known;
	size_t room;
};

static void
add_network(struct looking *looking, bool ip6, const unsigned char *octets,
    int length, bool shared)
{
	struct known_sender *known = looking->known;
	unsigned bits = ip6 ? 128 : 32, i;
	struct network *network;

	if (known->count == looking->room) {
		struct known_network *larger;

		looking->room = looking->room * 2 + 8;
		larger = ARENA_ARRAY(looking->arena, looking->room,
		    struct known_network);
		if (known->count > 0)
			memcpy(larger, known->networks,
			    known->count * sizeof(*larger));
		known->networks = larger;
	}
	known->networks[known->count].shared = shared;
	network = &known->networks[known->count++].network;
	*network = (struct network){ .ip6 = ip6, .length = length < 0 ? bits :
	    (unsigned)length };
	memcpy(network->address, octets, bits / 8);
	for (i = network->length; i < bits; i++)
		network->address[i / 8] &=
		    (unsigned char)~(0x80U >> i % 8);
}

static void
add_host(struct looking *looking, const struct spf_term *term,
    struct str host)
{
	static const uint16_t types[] = { RR_A, RR_AAAA };
	struct answer answer;
	size_t i, j;

	for (i = 0; i < 2; i++) {
		answer = zones_ask(looking->world->zones, looking->arena,
		    host, types[i]);
		if (answer.kind == ANSWER_UNKNOWN)
			looking->known->complete = false;
		for (j = 0; j < answer.count; j++)
			add_network(looking, types[i] == RR_AAAA,
			    answer.records[j]->address, types[i] == RR_A ?
			    term->cidr4 : term->cidr6, false);
	}
}

static void
add_included(struct looking *looking, struct str domain)
{
	const struct spf_reach *reach = spf_reach(looking->world,
	    looking->arena, domain);
	size_t i;

	looking->known->complete &= reach->complete && !reach->everybody;
	for (i = 0; !reach->everybody && i < reach->count; i++)
		add_network(looking, reach->networks[i].ip6,
		    reach->networks[i].address,
		    (int)reach->networks[i].length, true);
}

static void
add_term(struct looking *looking, struct str text, struct str domain)
{
	struct problems problems = { 0 };
	const struct spf_term *term = spf_term_parse(looking->arena, text, 0,
	    &problems);
	struct str target;

	if (term == NULL || term->broken || term->qualifier != '+')
		return;
	target = spf_target(looking->arena, term, domain);
	if (term->kind == SPF_IP4)
		add_network(looking, false, term->address, term->cidr4, false);
	else if (term->kind == SPF_IP6)
		add_network(looking, true, term->address, term->cidr6, false);
	else if (target.p == NULL)
		looking->known->complete = false;
	else if (term->kind == SPF_INCLUDE)
		add_included(looking, target);
	else if (term->kind == SPF_A)
		add_host(looking, term, target);
	else
		looking->known->complete = false;
}

/* ---- words --------------------------------------------------------------- */

static void
add_word(struct arena *arena, struct words *words, struct str text)
{
	struct word *larger;
	size_t i;

	for (i = 0; i < words->count; i++)
		if (str_equal_case(words->words[i].text, text))
			return;
	larger = ARENA_ARRAY(arena, words->count + 1, struct word);
	if (words->count > 0)
		memcpy(larger, words->words, words->count * sizeof(*larger));
	larger[words->count++].text = text;
	words->words = larger;
}

/* "include:_spf.google.com" and "s1.wl042.sendgrid.net" tell of a service. */
static struct str
service_domain(struct str name)
{
	size_t colon = str_find(name, ':'), blank;

	if (colon < name.n)
		name = str_after(name, colon + 1);
	blank = str_find_last(name, ' ');
	if (blank < name.n)
		name = str_after(name, blank + 1);
	if (str_ends(name, STR(".")))
		name.n--;
	name = name_last(name, 2);
	/* Not what is left of a macro or a variable. */
	return name_labels(name) == 2 && name_is_host(name, true) ? name :
	    STR("");
}

static void
add_service(struct looking *looking, struct str text)
{
	struct str name = service_domain(text);

	if (name.n > 0)
		add_word(looking->arena, &looking->known->services, name);
}

static bool
is_of_service(const struct provider *provider, struct str domain)
{
	const struct provider_record *record;
	size_t i;

	for (i = 0; i < provider->spf_terms.count; i++)
		if (str_equal(service_domain(
		    provider->spf_terms.words[i].text), domain))
			return true;
	for (record = provider->dkim; record != NULL; record = record->next)
		if (record->has_value &&
		    str_equal(service_domain(record->value), domain))
			return true;
	return false;
}

const struct provider *
service_of(const struct world *world, struct str domain)
{
	const struct provider *provider = world->providers == NULL ? NULL :
	    providers_first(world->providers);

	domain = name_last(domain, 2);
	while (domain.n > 0 && provider != NULL &&
	    !is_of_service(provider, domain))
		provider = provider->next;
	return domain.n > 0 ? provider : NULL;
}

/* What stands before "._domainkey" is a selector. */
static void
add_dkim(struct looking *looking, struct str owner, struct str target)
{
	size_t end = str_find_str(owner, STR("._domainkey"));

	if (end < owner.n)
		add_word(looking->arena, &looking->known->selectors,
		    str_slice(owner, 0, end));
	if (target.n > 0)
		add_service(looking, target);
}

/* ---- one sender ---------------------------------------------------------- */

static bool
expand(struct looking *looking, struct str text, struct str domain,
    struct str *out)
{
	struct str missing;

	return provider_expand(looking->arena, text,
	    looking->known->sender->variables, domain, out, &missing);
}

static void
add_provider(struct looking *looking, const struct provider *provider,
    struct str domain)
{
	const struct provider_record *record;
	struct str owner, target = STR(""), text;
	size_t i;

	for (i = 0; i < provider->spf_terms.count; i++)
		if (expand(looking, provider->spf_terms.words[i].text, domain,
		    &text)) {
			add_service(looking, text);
			add_term(looking, text, domain);
		}
	for (record = provider->dkim; record != NULL; record = record->next) {
		if (record->has_value && !expand(looking, record->value,
		    domain, &target))
			target = STR("");
		if (expand(looking, record->owner, domain, &owner))
			add_dkim(looking, owner, target);
	}
	for (record = provider->return_path; record != NULL;
	    record = record->next) {
		if (!expand(looking, record->owner, domain, &owner))
			continue;
		add_word(looking->arena, &looking->known->paths,
		    name_join(looking->arena, owner, domain));
		if (record->has_value && expand(looking, record->value,
		    domain, &target))
			add_service(looking, target);
	}
}

static struct known_sender *
know_sender(const struct world *world, struct arena *arena,
    const struct config_sender *sender, struct str domain)
{
	struct known_sender *known = ARENA_NEW(arena, struct known_sender);
	struct looking looking = { world, arena, known, 0 };
	const struct config_cname *cname;
	size_t i;

	known->sender = sender;
	known->complete = sender->spf.count > 0 || (sender->provider != NULL &&
	    sender->provider->spf_terms.count > 0);
	for (i = 0; i < sender->spf.count; i++)
		add_term(&looking, sender->spf.words[i].text, domain);
	for (i = 0; i < sender->key_count; i++)
		add_word(arena, &known->selectors,
		    sender->keys[i]->selector.text);
	for (cname = sender->dkim_cname; cname != NULL; cname = cname->next)
		add_word(arena, &known->selectors, cname->selector.text);
	if (sender->return_path.text.p != NULL)
		add_word(arena, &known->paths, name_join(arena,
		    sender->return_path.text, domain));
	if (sender->provider != NULL)
		add_provider(&looking, sender->provider, domain);
	return known;
}

/* ---- all senders of a domain --------------------------------------------- */

static void
add_senders(const struct world *world, struct arena *arena,
    const struct config_domain *domain, struct known_sender **first)
{
	const struct config_domain *child;
	struct known_sender **link;
	size_t i;

	for (i = 0; i < domain->sender_count; i++) {
		for (link = first; *link != NULL; link = &(*link)->next)
			if ((*link)->sender == domain->senders[i])
				break;
		if (*link == NULL)
			*link = know_sender(world, arena, domain->senders[i],
			    domain->name);
	}
	for (child = domain->subdomains; child != NULL; child = child->next)
		add_senders(world, arena, child, first);
}

struct known_sender *
senders_of(const struct world *world, struct arena *arena, struct str domain)
{
	const struct config_domain *found = world->config == NULL ? NULL :
	    config_domain(world->config, domain);
	struct known_sender *first = NULL;

	if (found != NULL)
		add_senders(world, arena, found, &first);
	return first;
}
