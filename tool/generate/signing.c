/* With which keys mail is signed on a day, and where their files lie. */
#include "base/arena.h"
#include "generate/target.h"

/*
 * Does the operator sign with it? A key that a service has shown is but
 * published; the service keeps the other half.
 */
static bool
is_signed_here(const struct config_domain *domain,
    const struct config_key *key)
{
	const struct config_sender *sender;
	bool service = false, own = false;
	size_t i, j;

	if (key->key.is_private)
		return true;
	for (i = 0; i < domain->sender_count; i++) {
		sender = domain->senders[i];
		for (j = 0; j < sender->key_count; j++) {
			if (sender->keys[j] != key)
				continue;
			if (sender->provider == NULL || str_is(
			    sender->provider->kind, "self-hosted"))
				own = true;
			else
				service = true;
		}
	}
	return own || !service;
}

/* May it stand in a line of a table, and between quotes? */
static bool
is_plain_path(struct str path)
{
	return str_within(path, '!', '~') && !str_has(path, ':') &&
	    !str_has(path, '"') && !str_has(path, '\\') &&
	    !str_has(path, '#') && !str_has(path, '%');
}

static struct signing *
new_signing(struct arena *arena, const struct config_domain *domain,
    const struct config_key *key)
{
	struct signing *signing = ARENA_NEW(arena, struct signing);

	signing->domain = domain->name;
	signing->key = key;
	signing->path = config_key_private_path(arena, key);
	if (signing->path.p != NULL && !is_plain_path(signing->path))
		signing->path = STR_NONE;
	return signing;
}

static bool
is_wanted(const struct target_input *input, struct str name)
{
	const struct made_zone *zone;

	for (zone = input->made->first; zone != NULL; zone = zone->next)
		if (name_within(name, zone->name))
			return true;
	return false;
}

struct signing *
signings_find(struct arena *arena, const struct target_input *input)
{
	const struct config *config = input->world->config;
	const struct config_domain *domain = NULL;
	struct signing *first = NULL, **end = &first;
	const struct config_key *key;
	size_t i;

	while ((domain = config_next(config, domain)) != NULL) {
		if (domain->parked || domain->delegated ||
		    name_is_wildcard(domain->name) ||
		    !is_wanted(input, domain->name))
			continue;
		for (i = 0; i < domain->key_count; i++) {
			key = domain->keys[i];
			if (config_key_state(key, input->at) != KEY_ACTIVE ||
			    key->key.public_key.p == NULL ||
			    !is_signed_here(domain, key))
				continue;
			*end = new_signing(arena, domain, key);
			end = &(*end)->next;
		}
	}
	return first;
}

void
signing_write_unknown(struct buffer *out, const struct signing *signing)
{
	for (; signing != NULL; signing = signing->next)
		if (signing->path.p == NULL)
			buffer_printf(out, "# %.*s: where the private half of "
			    "the key \"%.*s\" lies is not known\n",
			    STR_ARG(signing->domain),
			    STR_ARG(signing->key->name));
}
