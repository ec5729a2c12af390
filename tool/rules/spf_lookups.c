/*
 * SPF: how many lookups a record costs receivers, and how many of them are in
 * vain. RFC 7208 section 4.6.4.
 */
#include <limits.h>

#include "base/buffer.h"
#include "rules/check.h"

enum { LOOKUPS_NEAR = 8 };

const struct spf_cost *
lint_spf_cost(struct lint *lint, const struct record *record)
{
	const struct spf_term *term = record->spf->terms;

	while (term != NULL && !spf_costs_lookup(term->kind))
		term = term->next;
	if (term == NULL || record->spf->permerror)
		return NULL;
	if (lint->spf_cost == NULL) {
		lint->spf_cost = spf_cost(lint->world, lint->arena,
		    record->owner);
		/* Which name is part of a circle does not stand in its text. */
		if (lint->spf_cost->circles)
			lint_unlike(lint);
	}
	/* An alias beside it leads receivers to another record. */
	return lint->spf_cost->root->spf == NULL ||
	    !str_equal(lint->spf_cost->root->spf->text, record->text) ? NULL :
	    lint->spf_cost;
}

const struct spf_cost *
lint_whole_spf_cost(struct lint *lint, const struct record *record)
{
	return zone_is_whole(record->zone) ?
	    lint_spf_cost(lint, record) : NULL;
}

/* What a term takes with all that is seen below it. */
static unsigned
lookups_of(const struct spf_edge *edge)
{
	return 1 + (edge->node == NULL ? 0 : edge->node->lookups_min);
}

/*
 * An include that finds nothing is spf-include-missing: receivers give up at
 * once there, however many were in vain before.
 */
static unsigned
voids_of(const struct spf_edge *edge)
{
	const struct spf_edge *below;
	unsigned count = 0;

	if (edge->node == NULL)
		return edge->is_void + edge->mx_voids;
	for (below = edge->node->edges; below != NULL &&
	    count <= SPF_MAX_VOIDS; below = below->next)
		count += voids_of(below);
	return count;
}

/* The term at which a limit is passed; NULL when it never is. */
static const struct spf_edge *
find_crossing(const struct spf_cost *cost,
    unsigned (*count)(const struct spf_edge *), unsigned limit)
{
	const struct spf_edge *edge;
	unsigned sum = 0;

	for (edge = cost->root->edges; edge != NULL; edge = edge->next) {
		sum += count(edge);
		if (sum > limit)
			return edge;
	}
	return NULL;
}

/* Tells what each of the terms takes, when there is more than itself. */
static void
note_counts(struct lint *lint, struct diag *diag, const struct record *record,
    const struct spf_cost *cost)
{
	const struct spf_edge *edge;

	for (edge = cost->root->edges; edge != NULL; edge = edge->next)
		if (lookups_of(edge) > 1)
			diag_note(lint, diag, record_text_span(record,
			    edge->term->start, edge->term->end),
			    "this takes %u lookups", lookups_of(edge));
}

/* "workspace 3, relays 2": what each configured sender takes. */
static void
note_senders(struct lint *lint, struct diag *diag, const struct record *record,
    const struct spf_cost *cost)
{
	const struct config_domain *domain = config_domain(lint->config,
	    record->owner);
	struct buffer list = { 0 };
	const struct spf_edge *edge;
	unsigned sum;
	size_t i;

	for (i = 0; domain != NULL && i < domain->sender_count; i++) {
		sum = 0;
		for (edge = cost->root->edges; edge != NULL;
		    edge = edge->next)
			if (spf_term_sender(lint->config, lint->arena,
			    record->owner, edge->term->text) ==
			    domain->senders[i])
				sum += spf_edge_lookups(edge);
		if (sum > 0)
			buffer_printf(&list, "%s%.*s %u", list.n > 0 ? ", " :
			    "", STR_ARG(domain->senders[i]->name), sum);
	}
	if (list.n > 0)
		diag_note(lint, diag, (struct span){ 0 },
		    "lookups of each sender: %.*s",
		    STR_ARG(buffer_str(&list)));
	buffer_free(&list);
}

/* What can be done about so many lookups, in the order of what it costs. */
static void
note_remedies(struct lint *lint, struct diag *diag,
    const struct record *record, const struct spf_cost *cost, unsigned lookups)
{
	const struct spf_remedy *remedy = spf_remedies_limit(spf_remedies(
	    lint->world, lint->arena, cost), lookups);

	note_counts(lint, diag, record, cost);
	note_senders(lint, diag, record, cost);
	if (remedy != NULL)
		diag_help(lint, diag, "do what the notes tell, the first "
		    "rather than the last; mailzone tree %.*s shows where "
		    "each lookup goes", STR_ARG(name_show(record->owner)));
	for (; remedy != NULL; remedy = remedy->next)
		diag_note(lint, diag, (struct span){ 0 }, "saves %u: %.*s",
		    remedy->saves, STR_ARG(remedy->what));
}

static void
check_lookups_exceeded(struct lint *lint, const struct record *record)
{
	const struct spf_cost *cost = lint_spf_cost(lint, record);
	const struct spf_edge *edge;
	struct diag *diag;

	if (cost == NULL || cost->lookups_min <= SPF_MAX_LOOKUPS)
		return;
	edge = find_crossing(cost, lookups_of, SPF_MAX_LOOKUPS);
	if (edge == NULL)
		return;
	diag = complain_term(lint, record, edge->term, "receivers give up on "
	    "this record: it takes %s%u DNS lookups, and they stop at %d",
	    cost->lookups_min == cost->lookups_max ? "" : "at least ",
	    cost->lookups_min, SPF_MAX_LOOKUPS);
	diag_help(lint, diag, "replace a, mx and includes of your own by "
	    "addresses, and give senders that have a return path of their "
	    "own a subdomain");
	note_remedies(lint, diag, record, cost, cost->lookups_min);
}

static const struct rule lookups_exceeded = {
	.id = "spf-lookups-exceeded",
	.level = LEVEL_ERROR,
	.subject = SUBJECT_SPF,
	.marks = MARK_LOOKUP,
	.summary = "SPF record takes more than ten DNS lookups",
	.rationale = "include, a, mx, ptr, exists and redirect take a lookup "
	    "each, in included records too. Receivers stop at ten with a "
	    "permanent error: mail of all senders fails SPF, or of those that "
	    "stand behind.",
	.citation = "RFC 7208 section 4.6.4",
	.bad = WITH_SPF("v=spf1 a mx a:mail.example.com a:ns.example.com "
	    "a:a1.example.com a:a2.example.com a:a3.example.com "
	    "a:a4.example.com a:a5.example.com \" \"a:a6.example.com "
	    "a:a7.example.com ~all") RR("@ A 198.51.100.1")
	    RR("a1 A 198.51.100.1") RR("a2 A 198.51.100.2")
	    RR("a3 A 198.51.100.3") RR("a4 A 198.51.100.4")
	    RR("a5 A 198.51.100.5") RR("a6 A 198.51.100.6")
	    RR("a7 A 198.51.100.7"),
	.good = WITH_SPF("v=spf1 a mx ip4:198.51.100.0/29 ~all")
	    RR("@ A 198.51.100.1"),
	.record = check_lookups_exceeded,
};

/*
 * With what is known of providers where their records are not visible; the
 * least where nothing is.
 */
static unsigned
likely_lookups(const struct spf_cost *cost)
{
	return cost->lookups_max == UINT_MAX ? cost->lookups_min :
	    cost->lookups_max;
}

static void
check_lookups_near(struct lint *lint, const struct record *record)
{
	const struct spf_cost *cost = lint_spf_cost(lint, record);
	struct diag *diag;
	unsigned count;

	if (cost == NULL || cost->lookups_min > SPF_MAX_LOOKUPS)
		return;
	count = likely_lookups(cost);
	if (count < LOOKUPS_NEAR)
		return;
	diag = complain_text(lint, record, 0, record->text.n, count >
	    SPF_MAX_LOOKUPS ? "as far as is known of providers, this record "
	    "takes %u lookups and receivers give up after %d" :
	    "%u of %d lookups are used: when a provider adds an include, "
	    "receivers give up on the whole record", count, SPF_MAX_LOOKUPS);
	note_remedies(lint, diag, record, cost, count);
}

static const struct rule lookups_near = {
	.id = "spf-lookups-near",
	.level = LEVEL_NOTE,
	.subject = SUBJECT_SPF,
	.marks = MARK_LOOKUP,
	.summary = "SPF record is close to ten DNS lookups",
	.rationale = "Providers add includes to their records without asking. "
	    "With eight or more lookups the next one may turn the record into "
	    "a permanent error overnight.",
	.citation = "RFC 7208 section 4.6.4",
	.bad = WITH_SPF("v=spf1 a mx a:mail.example.com a:ns.example.com "
	    "a:a1.example.com a:a2.example.com a:a3.example.com "
	    "a:a4.example.com ~all") RR("@ A 198.51.100.1")
	    RR("a1 A 198.51.100.1") RR("a2 A 198.51.100.2")
	    RR("a3 A 198.51.100.3") RR("a4 A 198.51.100.4"),
	.good = WITH_SPF("v=spf1 a mx ip4:198.51.100.0/29 ~all")
	    RR("@ A 198.51.100.1"),
	.record = check_lookups_near,
};

enum { NAMES_SHOWN = 5 };

/* The names below a node that are not visible, and of no known cost. */
static size_t
list_unknown(const struct spf_node *node, struct buffer *list, size_t count)
{
	const struct spf_edge *edge;

	/* Of aliases in a circle zone-cname-loop speaks. */
	if (node->looped)
		return count;
	if (node->state == SPF_NOT_VISIBLE && !node->known_cost) {
		if (count < NAMES_SHOWN)
			buffer_printf(list, "%s%.*s", count > 0 ? ", " : "",
			    STR_ARG(node->domain));
		return count + 1;
	}
	for (edge = node->edges; edge != NULL && count <= 100;
	    edge = edge->next)
		if (edge->node != NULL)
			count = list_unknown(edge->node, list, count);
	return count;
}

static void
check_lookups_unknown(struct lint *lint, const struct record *record)
{
	const struct spf_cost *cost = lint_spf_cost(lint, record);
	const struct spf_edge *edge, *first = NULL;
	struct buffer list = { 0 };
	size_t count = 0, before;
	struct diag *diag;

	if (cost == NULL || cost->unknown == 0 ||
	    cost->lookups_min > SPF_MAX_LOOKUPS)
		return;
	for (edge = cost->root->edges; edge != NULL; edge = edge->next) {
		before = count;
		if (edge->node != NULL)
			count = list_unknown(edge->node, &list, count);
		if (first == NULL && count > before)
			first = edge;
	}
	if (count > NAMES_SHOWN)
		buffer_printf(&list, " and %zu more", count - NAMES_SHOWN);
	if (first != NULL) {
		diag = complain_term(lint, record, first->term, "at least %u "
		    "of %d lookups are used; what %.*s adds is not visible "
		    "from here", cost->lookups_min, SPF_MAX_LOOKUPS,
		    STR_ARG(buffer_str(&list)));
		diag_help(lint, diag, "a file of answers can tell: "
		    "--dns-cache FILE");
	}
	buffer_free(&list);
}

static const struct rule lookups_unknown = {
	.id = "spf-lookups-unknown",
	.level = LEVEL_NOTE,
	.subject = SUBJECT_SPF,
	.marks = MARK_LOOKUP,
	.summary = "number of DNS lookups depends on records elsewhere",
	.rationale = "Included records of other domains are not in the zones "
	    "that were read. With a file of answers (dns_cache, --dns-cache) "
	    "or with --dns the number is known.",
	.citation = "RFC 7208 section 4.6.4",
	.bad = WITH_SPF("v=spf1 include:_spf.example.net ~all"),
	.good = WITH_SPF("v=spf1 ip4:198.51.100.25 ~all"),
	.record = check_lookups_unknown,
};

const struct spf_edge *
spf_last_void(const struct spf_cost *cost)
{
	return cost->voids_min <= SPF_MAX_VOIDS ? NULL :
	    find_crossing(cost, voids_of, SPF_MAX_VOIDS);
}

/* One or two: a, mx and include have rules of their own. */
static void
complain_vain_exists(struct lint *lint, const struct record *record,
    const struct spf_edge *edge)
{
	struct diag *diag;

	for (; edge != NULL; edge = edge->next) {
		if (edge->term->kind != SPF_EXISTS || !edge->is_void)
			continue;
		diag = complain_term(lint, record, edge->term, STR_QUOTE
		    " never matches, because %.*s has no A record, and it is "
		    "one of %d lookups that may find nothing",
		    STR_QUOTE_ARG(edge->term->text), STR_ARG(edge->target),
		    SPF_MAX_VOIDS);
		diag_level(diag, LEVEL_WARNING);
		diag_help(lint, diag, "remove it, or give the name an A "
		    "record");
	}
}

static void
check_void_lookups(struct lint *lint, const struct record *record)
{
	const struct spf_cost *cost = lint_whole_spf_cost(lint, record);
	const struct spf_edge *edge;
	struct diag *diag;
	size_t crossing;

	if (cost == NULL)
		return;
	edge = spf_last_void(cost);
	if (edge == NULL)
		complain_vain_exists(lint, record, cost->root->edges);
	/* An include of nothing is an error by itself. */
	if (edge == NULL ||
	    (edge->node != NULL && edge->node->state == SPF_NONE))
		return;
	diag = complain_term(lint, record, edge->term, "receivers give up on "
	    "this record: %u of its lookups find nothing, and they stop "
	    "after %d", cost->voids_min, SPF_MAX_VOIDS);
	diag_help(lint, diag, "remove terms that name what does not exist");
	crossing = edge->term->start;
	for (edge = cost->root->edges; edge != NULL; edge = edge->next)
		if (voids_of(edge) > 0 && edge->term->start != crossing)
			diag_note(lint, diag, record_text_span(record,
			    edge->term->start, edge->term->end),
			    "this finds nothing, too");
}

static const struct rule void_lookups = {
	.id = "spf-void-lookups",
	.level = LEVEL_ERROR,
	.subject = SUBJECT_SPF,
	.marks = MARK_LOOKUP,
	.summary = "more than two lookups of an SPF record find nothing",
	.rationale = "Receivers stop with a permanent error after two lookups "
	    "that find no record, to protect name servers from being asked "
	    "in vain. Up to two are a warning.",
	.citation = "RFC 7208 section 4.6.4",
	.bad = WITH_SPF("v=spf1 a:old1.example.com a:old2.example.com "
	    "a:old3.example.com ~all"),
	.good = WITH_SPF("v=spf1 a:mail.example.com ~all"),
	.record = check_void_lookups,
};

const struct rule *const spf_lookup_rules[] = {
	&lookups_exceeded,
	&lookups_near,
	&lookups_unknown,
	&void_lookups,
	NULL
};
