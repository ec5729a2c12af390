/* Records that stand in the configuration as they are: "keep". */
#include "base/arena.h"
#include "generate/maker.h"

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
	return zone->contents->problem_count > 0 ? NULL :
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
	made->owner = made_owner(maker->arena, owner, domain->name);
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

void
maker_add_kept(struct maker *maker, const struct config_domain *domain)
{
	const struct words *list = &domain->keep;
	size_t i;

	for (i = 0; i < list->count; i++)
		maker_publish(maker, maker_zone_of(maker, domain), ORDER_KEEP,
		    make_kept(maker, domain, &list->words[i]));
}

bool
maker_keeps(const struct maker *maker, const struct config_domain *domain,
    struct str owner, uint16_t type, enum auth auth)
{
	const struct made *made = domain->keep.count == 0 ? NULL :
	    maker_kept(maker, domain);

	for (; made != NULL; made = made->next)
		if (made->type == type && made->auth == auth &&
		    str_equal(made->owner, owner))
			return true;
	return false;
}
