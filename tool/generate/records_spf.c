/*
 * SPF: the record of a domain, of its mail hosts and of return paths, so that
 * it has room beside what else stands there.
 */
#include "base/arena.h"
#include "generate/maker.h"

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
	const struct made *made = maker_kept(maker, domain);
	size_t octets = 0, i;

	if (answer.wildcard || answer.links > 0)
		answer.kind = ANSWER_NODATA;
	for (i = 0; answer.kind == ANSWER_DATA && i < answer.count; i++)
		if (answer.records[i]->auth != AUTH_SPF)
			octets += record_text_octets(answer.records[i]);
	for (; made != NULL; made = made->next)
		if (made->type == RR_TXT && made->auth != AUTH_SPF &&
		    str_equal(made->owner, name) &&
		    !is_answered(&answer, made->record))
			octets += record_text_octets(made->record);
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
		maker_remark(maker, domain, "spf-record-long", made->from,
		    arena_printf(maker->arena, "the SPF record of %.*s "
		    "cannot be split so that its answer fits: receivers ask "
		    "again over TCP, or give up", STR_ARG(made->owner)));
	for (; made != NULL; made = next) {
		next = made->next;
		made->next = NULL;
		maker_publish(maker, maker_zone_of(maker, domain), ORDER_SPF,
		    made);
	}
}

void
maker_add_return_path(struct maker *maker, const struct config_domain *domain,
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

/*
 * Own mail hosts say who they are when there is no sender: RFC 7208 section
 * 2.3.
 */
static void
add_helo(struct maker *maker, const struct config_domain *domain)
{
	const struct words *hosts = &domain->spf_helo;
	struct str owner;
	size_t i;

	for (i = 0; i < hosts->count; i++) {
		owner = made_owner(maker->arena, hosts->words[i].text,
		    domain->name);
		if (owner.p != NULL)
			maker_publish_text(maker, domain, ORDER_SPF, AUTH_SPF,
			    owner, STR("v=spf1 a -all"),
			    hosts->words[i].span);
	}
}

void
maker_add_spf(struct maker *maker, const struct config_domain *domain,
    bool locked)
{
	struct made *made = NULL;
	size_t others = domain->spf_split ? other_texts(maker, domain,
	    domain->name) : 0;

	if ((locked || !domain->parked) && domain->spf_publish &&
	    !maker_keeps(maker, domain, domain->name, RR_TXT, AUTH_SPF))
		made = spf_build(maker->world, maker->arena, domain, others);
	publish_spf(maker, domain, made, others);
	add_helo(maker, domain);
}
