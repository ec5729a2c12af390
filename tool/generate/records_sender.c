/* DKIM: the keys of a domain, and what its services want to stand there. */
#include "base/arena.h"
#include "generate/maker.h"

/* ---- keys ---------------------------------------------------------------- */

struct str
key_text(struct arena *arena, const struct config_key *key, day at)
{
	if (config_key_state(key, at) == KEY_REVOKED)
		return STR("v=DKIM1; p=");
	return key_record(arena, &key->key, key->testing, key->strict,
	    key->notes.text);
}

void
maker_add_key(struct maker *maker, const struct config_domain *domain,
    const struct config_key *key)
{
	if (key->selector.text.p == NULL || key->key.error.p != NULL ||
	    (key->state == KEY_NEXT && key->since != DAY_NONE &&
	    maker->at < key->since))
		return;
	maker_publish_text(maker, domain, ORDER_DKIM, AUTH_DKIM,
	    arena_printf(maker->arena, "%.*s._domainkey.%.*s",
	    STR_ARG(key->selector.text), STR_ARG(domain->name)),
	    key_text(maker->arena, key, maker->at), key->span);
}

/* ---- services ------------------------------------------------------------ */

static uint16_t
type_of(struct str name)
{
	uint16_t type = 0;

	return rrtype_parse(name, &type) ? type : 0;
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
	owner = made_owner(arena, owner, domain->name);
	if (owner.p == NULL)
		return;
	if (type == RR_TXT)
		maker_publish_text(maker, domain, ORDER_OTHER,
		    auth_version(value), owner, value, from);
	else if (type == RR_CNAME || type == RR_MX)
		maker_publish_value(maker, domain, ORDER_OTHER, owner, type,
		    absolute(arena, value), from);
	else
		maker_publish_value(maker, domain, ORDER_OTHER, owner, type,
		    value, from);
}

void
maker_add_sender(struct maker *maker, const struct config_domain *domain,
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
		maker_publish_value(maker, domain, ORDER_DKIM,
		    arena_printf(maker->arena, "%.*s._domainkey.%.*s",
		    STR_ARG(cname->selector.text), STR_ARG(domain->name)),
		    RR_CNAME, absolute(maker->arena, cname->target.text),
		    cname->target.span);
}
