/*
 * SPF held against the configuration: are those who send authorised, and only
 * they? Silent about names that the configuration does not mention.
 */
#include <string.h>

#include "base/arena.h"
#include "rules/check.h"

/* For the examples. */
#define SENDS(terms) \
	"; config:\nversion: 1\nsenders:\n  relays: {spf: [" terms "]}\n" \
	"domains:\n  example.com: {senders: [relays]}\n"
#define PARKED \
	"; config:\nversion: 1\ndomains:\n  example.com: {parked: true}\n"
#define WITH_QUARANTINE(text) \
	QUIET_SOA QUIET_MX TXT("@", text) \
	TXT("_dmarc", "v=DMARC1; p=quarantine; rua=mailto:d@example.com")
#define NO_MAIL \
	QUIET_SOA RR("@ MX 0 .") \
	TXT("_dmarc", "v=DMARC1; p=reject; rua=mailto:d@example.net")

/* What a configured sender wants the record to hold. */
struct wanted {
	struct wanted *next;
	const struct config_sender *sender;
	struct spf_term *term;
};

static void
want(struct lint *lint, struct wanted **list,
    const struct config_sender *sender, struct str text)
{
	struct problems problems = { 0 };
	struct wanted *wanted = ARENA_NEW(lint->arena, struct wanted);

	wanted->sender = sender;
	wanted->term = spf_term_parse(lint->arena, text, 0, &problems);
	wanted->next = *list;
	*list = wanted;
}

static void
want_sender(struct lint *lint, struct wanted **list,
    const struct config_domain *domain, const struct config_sender *sender)
{
	const struct provider *provider = sender->provider;
	struct str text, missing;
	size_t i;

	for (i = 0; i < sender->spf.count; i++)
		want(lint, list, sender, sender->spf.words[i].text);
	if (provider == NULL || (provider->spf_place != PROVIDER_AT_DOMAIN &&
	    sender->return_path.text.p == NULL))
		return;
	for (i = 0; i < provider->spf_terms.count; i++)
		if (provider_expand(lint->arena,
		    provider->spf_terms.words[i].text, sender->variables,
		    domain->name, &text, &missing))
			want(lint, list, sender, text);
}

/* Is the name that is judged the return path of the sender at the domain? */
static bool
is_return_path(struct lint *lint, const struct config_sender *sender)
{
	if (sender->return_path.text.p == NULL)
		return false;
	/* How the name is spelt decides. */
	lint_unlike(lint);
	return str_equal_case(sender->return_path.text,
	    name_label(lint->owner));
}

/* Senders with a return path of their own have their SPF there. */
static struct wanted *
want_all(struct lint *lint)
{
	const struct config_domain *domain = lint->domain, *above;
	struct wanted *list = NULL;
	size_t i;

	for (i = domain == NULL ? 0 : domain->sender_count; i-- > 0;)
		if (domain->senders[i]->return_path.text.p == NULL)
			want_sender(lint, &list, domain, domain->senders[i]);
	above = config_domain(lint->config, name_parent(lint->owner));
	for (i = above == NULL ? 0 : above->sender_count; i-- > 0;)
		if (is_return_path(lint, above->senders[i]))
			want_sender(lint, &list, above, above->senders[i]);
	return list;
}

bool
spf_is_wanted(struct lint *lint)
{
	return want_all(lint) != NULL;
}

static bool
is_null(const struct spf *spf)
{
	return !spf->permerror && spf->count == 1 && spf->all != NULL &&
	    spf->all->qualifier == '-';
}

/* ---- domains that send nothing ------------------------------------------- */

/* "-all" is the first mechanism, whatever else stands there. */
static bool
refuses_all(const struct spf *spf)
{
	const struct spf_term *term = spf->terms;

	while (term != NULL && !spf_is_mechanism(term->kind))
		term = term->next;
	return !spf->permerror && term != NULL && term == spf->all &&
	    term->qualifier == '-';
}

/* The domain of the record is parked, and this is not "v=spf1 -all". */
static bool
is_not_empty(const struct lint *lint, const struct record *record)
{
	return lint->domain != NULL && lint->domain->parked &&
	    !is_null(record->spf);
}

static void
check_nomail_not_empty(struct lint *lint, const struct record *record)
{
	struct diag *diag;

	if (!is_not_empty(lint, record))
		return;
	diag = complain_text(lint, record, 0, record->text.n, "%.*s sends no "
	    "mail, but its SPF record %s", STR_ARG(record->owner),
	    refuses_all(record->spf) ? "says more than to refuse all that "
	    "claims to come from it" : "does not refuse all that claims to "
	    "come from it");
	diag_help(lint, diag, "write \"v=spf1 -all\"");
	diag_fix_text(lint, diag, FIX_UNSAFE, record, 0, record->text.n,
	    STR("v=spf1 -all"));
}

static const struct rule nomail_not_empty = {
	.id = "spf-nomail-not-empty",
	.level = LEVEL_ERROR,
	.subject = SUBJECT_SPF,
	.fix = FIX_UNSAFE,
	.summary = "parked domain whose SPF record is not empty",
	.rationale = "A domain that sends no mail says so with exactly "
	    "\"v=spf1 -all\". Whatever else stands there lets somebody send "
	    "in its name, or does not refuse those who try.",
	.citation = "RFC 7208 section 10.1.2",
	.bad = NO_MAIL TXT("@", "v=spf1 ip4:198.51.100.25 -all") PARKED,
	.good = NO_MAIL TXT("@", "v=spf1 -all")
	    TXT("*._domainkey", "v=DKIM1; p=") PARKED,
	.record = check_nomail_not_empty,
};

bool
spf_is_to_be_empty(const struct lint *lint, const struct record *record)
{
	return is_not_empty(lint, record) && rule_level(&nomail_not_empty,
	    lint->selection, lint->config) >= lint->level;
}

static void
check_null_but_senders(struct lint *lint, const struct record *record)
{
	const struct wanted *wanted;
	struct diag *diag;

	if (!is_null(record->spf) || name_is_wildcard(record->owner) ||
	    (wanted = want_all(lint)) == NULL)
		return;
	diag = complain_text(lint, record, record->spf->all->start,
	    record->spf->all->end, "mail of \"%.*s\" is refused, because this "
	    "record lets nobody send as %.*s",
	    STR_ARG(wanted->sender->name), STR_ARG(record->owner));
	diag_note(lint, diag, wanted->sender->span,
	    "the sender is configured here");
	diag_help(lint, diag, "publish the record that mailzone generate "
	    "prints");
}

static const struct rule null_but_senders = {
	.id = "spf-null-but-senders",
	.level = LEVEL_ERROR,
	.subject = SUBJECT_SPF,
	.summary = "SPF lets nobody send though senders are configured",
	.rationale = "\"v=spf1 -all\" asks receivers to refuse all mail. "
	    "Senders that the configuration lists for the domain lose "
	    "theirs.",
	.citation = "RFC 7208 section 10.1.2",
	.bad = WITH_QUARANTINE("v=spf1 -all") SENDS("'ip4:198.51.100.25'"),
	.good = WITH_QUARANTINE("v=spf1 ip4:198.51.100.25 ~all")
	    SENDS("'ip4:198.51.100.25'"),
	.record = check_null_but_senders,
};

/* ---- is it there? -------------------------------------------------------- */

static bool
is_network(const struct spf_term *term)
{
	return term->kind == SPF_IP4 || term->kind == SPF_IP6;
}

static struct network
network_of(const struct spf_term *term)
{
	struct network network = { .ip6 = term->kind == SPF_IP6 };
	int length = network.ip6 ? term->cidr6 : term->cidr4;

	memcpy(network.address, term->address, sizeof(network.address));
	network.length = length >= 0 ? (unsigned)length :
	    network.ip6 ? 128 : 32;
	return network;
}

static bool
holds(const struct network *outer, const struct network *inner)
{
	unsigned whole = outer->length / 8, rest = outer->length % 8;

	return outer->ip6 == inner->ip6 && outer->length <= inner->length &&
	    memcmp(outer->address, inner->address, whole) == 0 &&
	    (rest == 0 || (outer->address[whole] ^ inner->address[whole]) >>
	    (8 - rest) == 0);
}

static bool
reach_holds(const struct spf_reach *reach, const struct network *network)
{
	size_t i;

	for (i = 0; i < reach->count; i++)
		if (holds(&reach->networks[i], network))
			return true;
	return reach->everybody;
}

/* The term that is wanted, behind the "all" where it does nothing. */
static bool
stands_behind_all(struct lint *lint, const struct spf *spf,
    const struct spf_term *wanted)
{
	const struct spf_term *term = spf->terms;
	struct str text = spf_term_print(lint->arena, wanted);

	while (term != NULL && !(spf_is_behind_all(spf, term) &&
	    str_equal_case(spf_term_print(lint->arena, term), text)))
		term = term->next;
	return term != NULL;
}

/* Does a term like it stand anywhere in the graph? */
static bool
graph_holds(struct lint *lint, const struct spf_node *node,
    const struct spf_term *term, unsigned depth)
{
	struct str target = spf_target(lint->arena, term, lint->owner);
	const struct spf_edge *edge;

	for (edge = node->edges; edge != NULL && depth <= SPF_MAX_LOOKUPS;
	    edge = edge->next) {
		if (edge->term->kind == term->kind && (target.p == NULL ?
		    str_equal(edge->term->target, term->target) :
		    str_equal(edge->target, target)))
			return true;
		if (edge->node != NULL &&
		    graph_holds(lint, edge->node, term, depth + 1))
			return true;
	}
	return false;
}

static void
complain_uncovered(struct lint *lint, const struct record *record,
    const struct wanted *wanted, bool certain)
{
	const struct spf *spf = record->spf;
	const struct spf_term *all = spf->all;
	struct diag *diag;
	struct str term = spf_term_print(lint->arena, wanted->term);
	bool behind = stands_behind_all(lint, spf, wanted->term);

	diag = complain_text(lint, record, all == NULL ? 0 : all->start,
	    all == NULL ? record->text.n : all->end, "mail of \"%.*s\" %s SPF "
	    "as %.*s, because \"%.*s\" %s", STR_ARG(wanted->sender->name),
	    certain ? "fails" : "may fail", STR_ARG(record->owner),
	    STR_ARG(term), behind ? "stands behind \"all\"" :
	    "is not in the record");
	diag_help(lint, diag, "%s \"%.*s\"%s", behind ? "move" : "add",
	    STR_ARG(term), all == NULL ? "" : " before it");
	diag_note(lint, diag, wanted->sender->span,
	    "the sender is configured here");
	if (!certain)
		diag_level(diag, LEVEL_NOTE);
	/* spf-term-after-all moves it. */
	if (all == NULL || behind)
		return;
	diag_fix_text(lint, diag, FIX_UNSAFE, record, all->start, all->start,
	    arena_printf(lint->arena, "%.*s ", STR_ARG(term)));
}

static void
check_sender_not_covered(struct lint *lint, const struct record *record)
{
	const struct spf_reach *reach;
	const struct spf_cost *cost;
	const struct wanted *wanted;
	struct network network;

	if (record->spf->permerror || is_null(record->spf) ||
	    name_is_wildcard(record->owner) ||
	    (wanted = want_all(lint)) == NULL)
		return;
	reach = spf_reach(lint->world, lint->arena, record->owner);
	cost = spf_cost(lint->world, lint->arena, record->owner);
	if (cost->root->spf == NULL ||
	    !str_equal(cost->root->spf->text, record->text))
		return;
	for (; wanted != NULL; wanted = wanted->next) {
		if (wanted->term->broken || wanted->term->qualifier != '+')
			continue;
		network = network_of(wanted->term);
		if (is_network(wanted->term) ? reach_holds(reach, &network) :
		    (lint->domain != NULL &&
		    spf_flattens(lint->domain, wanted->sender)) ||
		    graph_holds(lint, cost->root, wanted->term, 0))
			continue;
		complain_uncovered(lint, record, wanted, reach->complete);
	}
}

static const struct rule sender_not_covered = {
	.id = "spf-sender-not-covered",
	.level = LEVEL_ERROR,
	.subject = SUBJECT_SPF,
	.fix = FIX_UNSAFE,
	.summary = "configured sender is not in the SPF record",
	.rationale = "The configuration says who sends for the domain. A "
	    "sender that the published record does not let in fails SPF: its "
	    "mail is refused or suspicious, unless DKIM saves it.",
	.citation = "RFC 7208 section 2.6",
	.bad = WITH_QUARANTINE("v=spf1 ip4:198.51.100.25 ~all")
	    SENDS("'ip4:198.51.100.25', 'ip4:203.0.113.0/28'"),
	.good = WITH_QUARANTINE("v=spf1 ip4:198.51.100.25 ip4:203.0.113.0/28 "
	    "~all")
	    SENDS("'ip4:198.51.100.25', 'ip4:203.0.113.0/28'"),
	.record = check_sender_not_covered,
};

/* ---- is there more than that? -------------------------------------------- */

/* Does a sender's own term hold the network? */
static bool
some_holds(const struct wanted *wanted, const struct network *network)
{
	struct network outer;

	for (; wanted != NULL; wanted = wanted->next) {
		if (!is_network(wanted->term))
			continue;
		outer = network_of(wanted->term);
		if (holds(&outer, network))
			return true;
	}
	return false;
}

/* Does another one hold it, or one before it the same? */
static bool
is_held_by_other(const struct wanted *all, const struct wanted *wanted)
{
	struct network inner = network_of(wanted->term), outer;
	bool before = true;

	for (; all != NULL; all = all->next) {
		outer = network_of(all->term);
		if (all == wanted)
			before = false;
		else if (is_network(all->term) && holds(&outer, &inner) &&
		    (before || outer.length < inner.length))
			return true;
	}
	return false;
}

/* How much of a network those of senders fill that lie in it. */
enum filling { FILLED_NOT, FILLED_PARTLY, FILLED };

static enum filling
filling_of(const struct wanted *all, const struct network *network)
{
	const struct wanted *wanted;
	const uint64_t whole = UINT64_C(1) << 63;
	struct network inner;
	uint64_t sum = 0;

	for (wanted = all; wanted != NULL; wanted = wanted->next) {
		if (!is_network(wanted->term))
			continue;
		inner = network_of(wanted->term);
		if (!holds(network, &inner) || is_held_by_other(all, wanted))
			continue;
		/* What is left out of the sum is some of it, all the same. */
		sum += inner.length - network->length < 63 ?
		    whole >> (inner.length - network->length) : 1;
	}
	return sum >= whole ? FILLED : sum > 0 ? FILLED_PARTLY : FILLED_NOT;
}

/* Are all addresses that a term stands for those of senders? */
static bool
flat_is_wanted(struct lint *lint, const struct wanted *wanted,
    const struct spf_term *term)
{
	struct problems problems = { 0 };
	struct network network;
	struct spf_flat flat;
	size_t i;

	flat = spf_flatten(lint->world, lint->arena, lint->owner, term);
	for (i = 0; i < flat.count; i++) {
		term = spf_term_parse(lint->arena, flat.terms[i], 0,
		    &problems);
		network = network_of(term);
		if (!is_network(term) || !some_holds(wanted, &network))
			return false;
	}
	return flat.count > 0;
}

static bool
is_wanted(struct lint *lint, const struct wanted *all,
    const struct spf_term *term)
{
	struct network network = network_of(term);
	const struct wanted *wanted;
	struct str target, other;

	if (is_network(term))
		return some_holds(all, &network) ||
		    filling_of(all, &network) == FILLED;
	target = spf_target(lint->arena, term, lint->owner);
	for (wanted = all; wanted != NULL; wanted = wanted->next) {
		if (term->kind != wanted->term->kind)
			continue;
		other = spf_target(lint->arena, wanted->term, lint->owner);
		if (target.p == NULL ? str_equal(term->target,
		    wanted->term->target) : str_equal(target, other))
			return true;
	}
	return flat_is_wanted(lint, all, term);
}

/* Terms that generation makes of others, and those that name own records. */
static bool
may_be_made(struct lint *lint, const struct spf_term *term)
{
	struct str target;

	/* Includes, too: those below a flattened one that cannot be. */
	if (lint->domain->spf_flatten.count > 0 && (is_network(term) ||
	    term->kind == SPF_INCLUDE))
		return true;
	target = spf_target(lint->arena, term, lint->owner);
	return term->kind == SPF_INCLUDE && target.p != NULL &&
	    name_below(target, lint->domain->name);
}

static void
complain_stale(struct lint *lint, const struct record *record,
    const struct wanted *wanted, const struct spf_term *term)
{
	struct network network = network_of(term);
	struct diag *diag;

	/* Without it, those senders would fail. */
	if (is_network(term) &&
	    filling_of(wanted, &network) == FILLED_PARTLY) {
		diag = complain_text(lint, record, term->start, term->end,
		    "more hosts of \"%.*s\" may send as %.*s than the "
		    "configured senders need", STR_ARG(term->text),
		    STR_ARG(record->owner));
		diag_help(lint, diag, "write the networks of the senders, or "
		    "add this one to the configuration");
		return;
	}
	diag = complain_text(lint, record, term->start, term->end,
	    "\"%.*s\" may send as %.*s, though no configured sender "
	    "needs it", STR_ARG(term->text), STR_ARG(record->owner));
	diag_help(lint, diag, "remove it, or add the sender to the "
	    "configuration");
	diag_fix_remove_term(lint, diag, FIX_UNSAFE, record, term);
}

static void
check_stale_sender(struct lint *lint, const struct record *record)
{
	const struct wanted *wanted;
	const struct spf_term *term;

	if (lint->domain == NULL || lint->domain->sender_count == 0 ||
	    lint->domain->keep.count > 0 || record->spf->permerror ||
	    name_is_wildcard(record->owner))
		return;
	/* Where no sender says anything about SPF, nobody knows. */
	wanted = want_all(lint);
	for (term = wanted == NULL ? NULL : record->spf->terms; term != NULL;
	    term = term->next) {
		if (!spf_is_mechanism(term->kind) || term->kind == SPF_ALL ||
		    term->qualifier != '+' ||
		    spf_is_behind_all(record->spf, term) ||
		    spf_term_is_special(term) ||
		    may_be_made(lint, term) ||
		    is_wanted(lint, wanted, term))
			continue;
		complain_stale(lint, record, wanted, term);
	}
}

static const struct rule stale_sender = {
	.id = "spf-stale-sender",
	.level = LEVEL_WARNING,
	.subject = SUBJECT_SPF,
	.fix = FIX_UNSAFE,
	.summary = "SPF record lets in who is no configured sender",
	.rationale = "Services that are used no more go on being authorised, "
	    "and whoever gets their addresses or accounts may send in the "
	    "domain's name.",
	.citation = "RFC 9989 section 7.1",
	.bad = WITH_QUARANTINE("v=spf1 ip4:198.51.100.25 ip4:203.0.113.9 ~all")
	    SENDS("'ip4:198.51.100.25'"),
	.good = WITH_QUARANTINE("v=spf1 ip4:198.51.100.25 ~all")
	    SENDS("'ip4:198.51.100.25'"),
	.record = check_stale_sender,
};

const struct rule *const spf_sender_rules[] = {
	&nomail_not_empty,
	&null_but_senders,
	&sender_not_covered,
	&stale_sender,
	NULL
};
