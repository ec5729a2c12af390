/* The mail exchangers that an MTA-STS policy names. RFC 8461 section 3.2. */
#include <stdlib.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "base/path.h"
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

static int
compare_words(const void *a, const void *b)
{
	return name_compare(((const struct word *)a)->text,
	    ((const struct word *)b)->text);
}

/* In an order of their own: the zone's may change, and nothing has. */
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
	if (names->words.count > 1)
		qsort(names->words.words, names->words.count,
		    sizeof(*names->words.words), compare_words);
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

struct str
mta_sts_policy(const struct world *world, struct arena *arena,
    const struct config_domain *domain)
{
	struct words names = mta_sts_names(world, arena, domain);
	struct str mode = domain->mta_sts.mode.text;
	struct buffer text = { 0 };
	size_t i;

	buffer_printf(&text, "version: STSv1\nmode: %.*s\n",
	    STR_ARG(mode.p == NULL ? STR("enforce") : mode));
	for (i = 0; i < names.count; i++)
		buffer_printf(&text, "mx: %.*s\n",
		    STR_ARG(names.words[i].text));
	buffer_printf(&text, "max_age: %u\n",
	    (unsigned)domain->mta_sts.max_age);
	return buffer_finish(&text, arena);
}

struct str
mta_sts_published(const struct world *world, struct arena *arena,
    struct str name, struct file_store *store)
{
	const struct config *config = world == NULL ? NULL : world->config;
	const struct config_domain *domain;
	const struct source *source;

	if (config == NULL || config->source == NULL)
		return STR_NONE;
	domain = config_domain(config, name);
	if (domain == NULL || !domain->mta_sts.present)
		return STR_NONE;
	if (domain->mta_sts.policy_file.text.p == NULL)
		return mta_sts_policy(world, arena, domain);
	source = store_read(store, arena, path_join(arena, config->folder,
	    domain->mta_sts.policy_file.text));
	return source == NULL ? STR_NONE : source->text;
}
