/* The mail exchangers that an MTA-STS policy names. RFC 8461 section 3.2. */
#include "base/arena.h"
#include "policy/policy.h"

struct names {
	struct arena *arena;
	struct words words;
	size_t room;
};

static void
add(struct names *names, struct str text, struct span span)
{
	struct word *larger;
	size_t i;

	for (i = 0; i < names->words.count; i++)
		if (str_equal_case(names->words.words[i].text, text))
			return;
	if (names->words.count == names->room) {
		names->room = names->room * 2 + 8;
		larger = ARENA_ARRAY(names->arena, names->room, struct word);
		for (i = 0; i < names->words.count; i++)
			larger[i] = names->words.words[i];
		names->words.words = larger;
	}
	names->words.words[names->words.count++] = (struct word){ text,
	    span };
}

static void
add_provider(struct names *names, const struct config_domain *domain,
    const struct config_sender *sender)
{
	const struct words *mx = &sender->provider->mx;
	struct str text, missing;
	size_t i;

	for (i = 0; i < mx->count; i++)
		if (provider_expand(names->arena, mx->words[i].text,
		    sender->variables, domain->name, &text, &missing))
			add(names, text, sender->provider_name.span);
}

static void
add_published(struct names *names, const struct world *world,
    const struct config_domain *domain)
{
	struct answer answer = zones_ask(world->zones, names->arena,
	    domain->name, RR_MX);
	size_t i;

	for (i = 0; answer.kind == ANSWER_DATA && i < answer.count; i++)
		if (answer.records[i]->target.n > 0)
			add(names, answer.records[i]->target,
			    domain->mta_sts.span);
}

struct words
mta_sts_names(const struct world *world, struct arena *arena,
    const struct config_domain *domain)
{
	struct names names = { .arena = arena };
	size_t i;

	if (domain->mta_sts.mx.count > 0)
		return domain->mta_sts.mx;
	for (i = 0; i < domain->sender_count; i++)
		if (domain->senders[i]->provider != NULL)
			add_provider(&names, domain, domain->senders[i]);
	if (names.words.count == 0)
		add_published(&names, world, domain);
	return names.words;
}
