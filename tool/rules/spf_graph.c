/*
 * SPF: where the terms of a record lead, what that costs receivers, and whom
 * it lets in. Whatever is not visible from here is never called wrong.
 */
#include <limits.h>
#include <stdarg.h>

#include "base/arena.h"
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
	return lint->spf_cost->root->spf == NULL ? NULL : lint->spf_cost;
}

/*
 * The same where something may be called missing. In a fragment, a file
 * without SOA, nothing is: the rest of the zone stands elsewhere.
 */
static const struct spf_cost *
whole_graph_of(struct lint *lint, const struct record *record)
{
	return zone_is_whole(record->zone) ? lint_spf_cost(lint, record) : NULL;
}

/* Terms of another reading of the same record stand where these do. */
static struct diag *complain_term(struct lint *, const struct record *,
    const struct spf_term *, const char *, ...)
    __attribute__((format(printf, 4, 5)));

static struct diag *
complain_term(struct lint *lint, const struct record *record,
    const struct spf_term *term, const char *format, ...)
{
	struct diag *diag;
	va_list args;

	va_start(args, format);
	diag = complain_text_args(lint, record, term->start, term->end,
	    format, args);
	va_end(args);
	return diag;
}

/* ---- counting ---------------------------------------------------------- */

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

static void
check_void_lookups(struct lint *lint, const struct record *record)
{
	const struct spf_cost *cost = whole_graph_of(lint, record);
	const struct spf_edge *edge;
	struct diag *diag;
	size_t crossing;

	if (cost == NULL || cost->voids_min <= SPF_MAX_VOIDS)
		return;
	edge = find_crossing(cost, voids_of, SPF_MAX_VOIDS);
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
	    "in vain.",
	.citation = "RFC 7208 section 4.6.4",
	.bad = WITH_SPF("v=spf1 a:old1.example.com a:old2.example.com "
	    "a:old3.example.com ~all"),
	.good = WITH_SPF("v=spf1 a:mail.example.com ~all"),
	.record = check_void_lookups,
};

/* ---- a and mx ---------------------------------------------------------- */

/* Is the name there, as an alias of one that is not? */
static bool
is_dangling(struct lint *lint, const struct spf_edge *edge)
{
	unsigned links;

	return edge->is_void && zones_kind(lint->world->zones, lint->arena,
	    edge->target, RR_TXT, &links) == ANSWER_NXDOMAIN && links > 0;
}

/* Terms that find nothing; spf-void-lookups speaks when they are too many. */
static const struct spf_edge *
vain_edges(struct lint *lint, const struct record *record)
{
	const struct spf_cost *cost = whole_graph_of(lint, record);

	return cost == NULL || (cost->voids_min > SPF_MAX_VOIDS &&
	    find_crossing(cost, voids_of, SPF_MAX_VOIDS) != NULL) ? NULL :
	    cost->root->edges;
}

static void
check_dangling_target(struct lint *lint, const struct record *record)
{
	const struct spf_cost *cost = whole_graph_of(lint, record);
	const struct spf_edge *edge;
	struct diag *diag;

	for (edge = cost == NULL ? NULL : cost->root->edges; edge != NULL;
	    edge = edge->next) {
		if (edge->term->kind == SPF_EXISTS || !is_dangling(lint, edge))
			continue;
		diag = complain_term(lint, record, edge->term, "%.*s is an "
		    "alias of a name that does not exist: who gets hold of "
		    "that name may send as %.*s", STR_ARG(edge->target),
		    NAME_ARG(record));
		diag_help(lint, diag, "remove the term, or mend the alias");
	}
}

static const struct rule dangling_target = {
	.id = "spf-dangling-target",
	.level = LEVEL_WARNING,
	.subject = SUBJECT_SPF,
	.marks = MARK_LOOKUP,
	.summary = "SPF term leads to an alias of nothing",
	.rationale = "An alias whose target is gone authorises nobody today "
	    "and whoever registers the target tomorrow.",
	.citation = "RFC 9989 section 7.1",
	.bad = WITH_SPF("v=spf1 a:relay.example.com ip4:198.51.100.25 ~all")
	    RR("relay CNAME gone"),
	.good = WITH_SPF("v=spf1 a:relay.example.com ~all")
	    RR("relay CNAME mail"),
	.record = check_dangling_target,
};

static void
check_a_no_address(struct lint *lint, const struct record *record)
{
	const struct spf_edge *edge;
	struct diag *diag;

	for (edge = vain_edges(lint, record); edge != NULL;
	    edge = edge->next) {
		if (edge->term->kind != SPF_A || !edge->is_void ||
		    is_dangling(lint, edge))
			continue;
		diag = complain_term(lint, record, edge->term, "\"%.*s\" lets "
		    "nobody in, because %.*s has no address",
		    STR_ARG(edge->term->text),
		    STR_ARG(name_show(edge->target)));
		diag_help(lint, diag, "remove it, or give the name an A or "
		    "AAAA record");
		diag_fix_remove_term(lint, diag, FIX_UNSAFE, record,
		    edge->term);
	}
}

static const struct rule a_no_address = {
	.id = "spf-a-no-address",
	.level = LEVEL_WARNING,
	.subject = SUBJECT_SPF,
	.fix = FIX_UNSAFE,
	.marks = MARK_LOOKUP,
	.summary = "a names a host without an address",
	.rationale = "The lookup finds nothing: it is one of the two that may "
	    "be in vain, and the host that was meant fails.",
	.citation = "RFC 7208 section 5.3",
	.bad = WITH_SPF("v=spf1 a ip4:198.51.100.25 ~all"),
	.good = WITH_SPF("v=spf1 a:mail.example.com ~all"),
	.record = check_a_no_address,
};

static void
check_mx_no_mx(struct lint *lint, const struct record *record)
{
	const struct spf_edge *edge;
	struct diag *diag;

	for (edge = vain_edges(lint, record); edge != NULL;
	    edge = edge->next) {
		if (edge->term->kind != SPF_MX ||
		    (!edge->is_void && !edge->null_mx) ||
		    is_dangling(lint, edge))
			continue;
		diag = complain_term(lint, record, edge->term, "\"%.*s\" lets "
		    "nobody in, because %.*s has no MX",
		    STR_ARG(edge->term->text),
		    STR_ARG(name_show(edge->target)));
		diag_help(lint, diag, "remove it, or write a: mx never falls "
		    "back to the address");
		diag_fix_remove_term(lint, diag, FIX_UNSAFE, record,
		    edge->term);
	}
}

static const struct rule mx_no_mx = {
	.id = "spf-mx-no-mx",
	.level = LEVEL_WARNING,
	.subject = SUBJECT_SPF,
	.fix = FIX_UNSAFE,
	.marks = MARK_LOOKUP,
	.summary = "mx names a domain without MX",
	.rationale = "mx means the hosts that receive mail for a domain. "
	    "Without an MX, or with a null MX, it matches nobody, and the "
	    "host that was meant fails.",
	.citation = "RFC 7208 section 5.4",
	.bad = QUIET_SOA QUIET_DMARC
	    TXT("@", "v=spf1 mx ip4:198.51.100.25 ~all"),
	.good = QUIET_SOA QUIET_DMARC QUIET_MX
	    TXT("@", "v=spf1 mx ip4:198.51.100.25 ~all"),
	.record = check_mx_no_mx,
};

static void
check_mx_over_10(struct lint *lint, const struct record *record)
{
	const struct spf_cost *cost = lint_spf_cost(lint, record);
	const struct spf_edge *edge;
	struct diag *diag;

	for (edge = cost == NULL ? NULL : cost->root->edges; edge != NULL;
	    edge = edge->next) {
		if (edge->term->kind != SPF_MX || edge->mx_count <= SPF_MAX_MX)
			continue;
		diag = complain_term(lint, record, edge->term, "receivers "
		    "give up on this record, because %.*s has %zu MX records "
		    "and they stop at %d", STR_ARG(name_show(edge->target)),
		    edge->mx_count, SPF_MAX_MX);
		diag_help(lint, diag, "list the hosts by ip4, ip6 or a");
	}
}

static const struct rule mx_over_10 = {
	.id = "spf-mx-over-10",
	.level = LEVEL_ERROR,
	.subject = SUBJECT_SPF,
	.marks = MARK_LOOKUP,
	.summary = "mx names a domain with more than ten MX records",
	.rationale = "Receivers ask for the addresses of at most ten names "
	    "per mx. With more the whole record is a permanent error.",
	.citation = "RFC 7208 section 4.6.4",
	.bad = WITH_SPF("v=spf1 mx ~all")
	    RR("@ MX 20 m1") RR("@ MX 20 m2") RR("@ MX 20 m3")
	    RR("@ MX 20 m4") RR("@ MX 20 m5") RR("@ MX 20 m6")
	    RR("@ MX 20 m7") RR("@ MX 20 m8") RR("@ MX 20 m9")
	    RR("@ MX 20 m0") RR("$GENERATE 0-9 m$ A 198.51.100.1$"),
	.good = WITH_SPF("v=spf1 mx ~all"),
	.record = check_mx_over_10,
};

/* ---- include and redirect ---------------------------------------------- */

/* Does the term lead back to where it stands? */
static bool
leads_to(const struct spf_node *node, struct str domain, unsigned depth)
{
	const struct spf_edge *edge;

	if (node->state == SPF_LOOP || depth > SPF_MAX_LOOKUPS)
		return str_equal(node->domain, domain);
	for (edge = node->edges; edge != NULL; edge = edge->next)
		if (edge->node != NULL &&
		    leads_to(edge->node, domain, depth + 1))
			return true;
	return false;
}

static void
check_include_loop(struct lint *lint, const struct record *record)
{
	const struct spf_cost *cost = lint_spf_cost(lint, record);
	const struct spf_edge *edge;
	struct diag *diag;

	for (edge = cost == NULL ? NULL : cost->root->edges; edge != NULL;
	    edge = edge->next) {
		if (edge->node == NULL ||
		    !leads_to(edge->node, cost->root->domain, 0))
			continue;
		diag = complain_term(lint, record, edge->term, "receivers "
		    "give up on this record, because \"%.*s\" leads back to "
		    "it", STR_ARG(edge->term->text));
		diag_help(lint, diag, "remove one of the terms that make the "
		    "circle");
	}
}

static const struct rule include_loop = {
	.id = "spf-include-loop",
	.level = LEVEL_ERROR,
	.subject = SUBJECT_SPF,
	.marks = MARK_LOOKUP,
	.summary = "SPF record includes itself",
	.rationale = "A record that leads back to itself runs into the limit "
	    "of ten lookups, and receivers stop with a permanent error.",
	.citation = "RFC 7208 section 4.6.4",
	.bad = WITH_SPF("v=spf1 include:_spf.example.com ~all")
	    TXT("_spf", "v=spf1 ip4:198.51.100.25 include:example.com"),
	.good = WITH_SPF("v=spf1 include:_spf.example.com ~all")
	    TXT("_spf", "v=spf1 ip4:198.51.100.25"),
	.record = check_include_loop,
};

static void
check_include_missing(struct lint *lint, const struct record *record)
{
	const struct spf_cost *cost = whole_graph_of(lint, record);
	const struct spf_edge *edge;
	struct diag *diag;

	for (edge = cost == NULL ? NULL : cost->root->edges; edge != NULL;
	    edge = edge->next) {
		if (edge->node == NULL || edge->node->state != SPF_NONE ||
		    is_refused_entry(lint, edge->target, AUTH_SPF))
			continue;
		diag = complain_term(lint, record, edge->term, "receivers "
		    "give up on this record, because %.*s has no SPF record",
		    STR_ARG(name_show(edge->target)));
		diag_help(lint, diag, "remove the term, or publish the "
		    "record that it names");
	}
}

static const struct rule include_missing = {
	.id = "spf-include-missing",
	.level = LEVEL_ERROR,
	.subject = SUBJECT_SPF,
	.marks = MARK_LOOKUP,
	.summary = "included name has no SPF record",
	.rationale = "An include or redirect that finds no SPF record makes "
	    "the whole record a permanent error: mail of all senders fails "
	    "SPF.",
	.citation = "RFC 7208 sections 5.2 and 6.1",
	.bad = WITH_SPF("v=spf1 include:_spf.example.com ~all"),
	.good = WITH_SPF("v=spf1 include:_spf.example.com ~all")
	    TXT("_spf", "v=spf1 ip4:198.51.100.25"),
	.record = check_include_missing,
};

/* Why the target can not be evaluated; NULL when it can, as far as visible. */
static const char *
why_broken(const struct spf_node *node, bool whole)
{
	switch (node->state) {
	case SPF_SEVERAL:
		return "has two SPF records";
	case SPF_BROKEN:
		return "has a malformed SPF record";
	case SPF_LOOP:
		return "includes itself";
	default:
		return node->broken_below && whole ?
		    "leads to a record that can not be evaluated" :
		    node->mx_over ? "leads to a domain with more than ten MX "
		    "records" : NULL;
	}
}

static void
check_include_broken(struct lint *lint, const struct record *record)
{
	const struct spf_cost *cost = lint_spf_cost(lint, record);
	const struct spf_edge *edge;
	const char *why;
	struct diag *diag;

	for (edge = cost == NULL ? NULL : cost->root->edges; edge != NULL;
	    edge = edge->next) {
		if (edge->node == NULL || edge->node->state == SPF_NONE)
			continue;
		if (leads_to(edge->node, cost->root->domain, 0))
			continue;
		if ((why = why_broken(edge->node,
		    zone_is_whole(record->zone))) == NULL)
			continue;
		diag = complain_term(lint, record, edge->term, "receivers "
		    "give up on this record, because %.*s %s",
		    STR_ARG(name_show(edge->target)), why);
		diag_help(lint, diag, "mend what %.*s publishes, or remove "
		    "the term", STR_ARG(name_show(edge->target)));
		if (edge->node->record != NULL)
			diag_note(lint, diag, edge->node->record->rdata_span,
			    "the record stands here");
	}
}

static const struct rule include_broken = {
	.id = "spf-include-broken",
	.level = LEVEL_ERROR,
	.subject = SUBJECT_SPF,
	.marks = MARK_LOOKUP,
	.summary = "included SPF record can not be evaluated",
	.rationale = "A permanent error in an included record is one of the "
	    "record that includes it: mail of all senders fails SPF.",
	.citation = "RFC 7208 sections 5.2 and 6.1",
	.bad = WITH_SPF("v=spf1 include:_spf.example.com ~all")
	    TXT("_spf", "v=spf1 ipv4:198.51.100.25"),
	.good = WITH_SPF("v=spf1 include:_spf.example.com ~all")
	    TXT("_spf", "v=spf1 ip4:198.51.100.25"),
	.record = check_include_broken,
};

static bool
lets_pass(const struct spf_edge *edge)
{
	return edge->node != NULL && edge->node->state == SPF_VALID &&
	    edge->target.p != NULL && edge->term->qualifier == '+';
}

static void
check_include_pass_all(struct lint *lint, const struct record *record)
{
	const struct spf_cost *cost = lint_spf_cost(lint, record);
	const struct spf_reach *reach;
	const struct spf_edge *edge;
	struct diag *diag;

	for (edge = cost == NULL ? NULL : cost->root->edges; edge != NULL;
	    edge = edge->next) {
		if (!lets_pass(edge))
			continue;
		reach = spf_reach(lint->world, lint->arena, edge->target);
		if (!reach->everybody)
			continue;
		diag = complain_term(lint, record, edge->term, "every host on "
		    "the Internet may send as %.*s, because the record of "
		    "%.*s lets it", NAME_ARG(record),
		    STR_ARG(name_show(edge->target)));
		diag_help(lint, diag, "remove the term, or mend the record "
		    "that it names");
		if (edge->node->record != NULL)
			diag_note(lint, diag, edge->node->record->rdata_span,
			    "the record stands here");
	}
}

static const struct rule include_pass_all = {
	.id = "spf-include-pass-all",
	.level = LEVEL_ERROR,
	.subject = SUBJECT_SPF,
	.marks = MARK_LOOKUP,
	.summary = "included SPF record lets every host send",
	.rationale = "What passes in an included record passes in the one "
	    "that includes it. With +all or a prefix length of 0 there, "
	    "forged mail passes SPF here, and with it DMARC.",
	.citation = "RFC 7208 section 5.2",
	.bad = WITH_SPF("v=spf1 include:_spf.example.com ~all")
	    TXT("_spf", "v=spf1 ip4:198.51.100.25 +all"),
	.good = WITH_SPF("v=spf1 include:_spf.example.com ~all")
	    TXT("_spf", "v=spf1 ip4:198.51.100.25 ~all"),
	.record = check_include_pass_all,
};

static void
check_redirect_foreign(struct lint *lint, const struct record *record)
{
	const struct spf_term *term = record->spf->redirect;
	struct str target, own, other;
	bool known = true;
	struct diag *diag;

	if (term == NULL || record->spf->all != NULL)
		return;
	target = spf_target(lint->arena, term, record->owner);
	if (target.p == NULL)
		return;
	own = lint_organization(lint, record->owner, MODEL_7489, &known);
	other = lint_organization(lint, target, MODEL_7489, NULL);
	if (!known || str_equal(own, other))
		return;
	diag = complain_term(lint, record, term, "%.*s decides alone who may "
	    "send as %.*s", STR_ARG(other), NAME_ARG(record));
	diag_help(lint, diag, "\"include:%.*s\" and an \"all\" of your own "
	    "leave the end to you", STR_ARG(target));
}

static const struct rule redirect_foreign = {
	.id = "spf-redirect-foreign",
	.level = LEVEL_NOTE,
	.subject = SUBJECT_SPF,
	.marks = MARK_TERM(SPF_REDIRECT),
	.summary = "redirect leads to another organization",
	.rationale = "redirect is for names under one administration: the "
	    "other record decides everything, its end too. For senders "
	    "elsewhere there is include.",
	.citation = "RFC 7208 section 6.1",
	.bad = WITH_SPF("v=spf1 redirect=_spf.example.net"),
	.good = WITH_SPF("v=spf1 redirect=_spf.example.com")
	    TXT("_spf", "v=spf1 ip4:198.51.100.25 ~all"),
	.record = check_redirect_foreign,
};

static bool
is_ascii(struct str text)
{
	size_t i;

	for (i = 0; i < text.n; i++)
		if ((unsigned char)text.p[i] >= 0x80)
			return false;
	return true;
}

static const char *
why_no_explanation(const struct answer *answer)
{
	if (answer->kind == ANSWER_NODATA || answer->kind == ANSWER_NXDOMAIN)
		return "has no TXT record";
	if (answer->kind == ANSWER_DATA && answer->count > 1)
		return "has more than one TXT record";
	if (answer->kind == ANSWER_DATA && answer->count == 1 &&
	    !is_ascii(answer->records[0]->text))
		return "has a text that is not ASCII";
	return NULL;
}

static void
check_exp_broken(struct lint *lint, const struct record *record)
{
	const struct spf_term *term;
	struct answer answer;
	struct str target;
	const char *why;
	struct diag *diag;

	for (term = record->spf->terms; term != NULL; term = term->next) {
		if (term->kind != SPF_EXP || term->broken ||
		    !zone_is_whole(record->zone))
			continue;
		target = spf_target(lint->arena, term, record->owner);
		if (target.p == NULL)
			continue;
		answer = zones_ask(lint->world->zones, lint->arena, target,
		    RR_TXT);
		why = why_no_explanation(&answer);
		if (why == NULL)
			continue;
		diag = complain_term(lint, record, term, "senders that fail "
		    "get no explanation, because %.*s %s",
		    STR_ARG(name_show(target)), why);
		diag_help(lint, diag, "publish one TXT record of plain ASCII "
		    "there, or remove \"exp\"");
	}
}

static const struct rule exp_broken = {
	.id = "spf-exp-broken",
	.level = LEVEL_WARNING,
	.subject = SUBJECT_SPF,
	.marks = MARK_TERM(SPF_EXP),
	.summary = "explanation of exp can not be used",
	.rationale = "exp names one TXT record in ASCII, which refused "
	    "senders may get to read. Anything else is ignored.",
	.citation = "RFC 7208 section 6.2",
	.bad = WITH_SPF("v=spf1 ip4:198.51.100.25 ~all exp=why.example.com"),
	.good = WITH_SPF("v=spf1 ip4:198.51.100.25 ~all exp=why.example.com")
	    TXT("why", "see https://example.com/spf"),
	.record = check_exp_broken,
};

const struct rule *const spf_graph_rules[] = {
	&a_no_address,
	&dangling_target,
	&exp_broken,
	&include_broken,
	&include_loop,
	&include_missing,
	&include_pass_all,
	&lookups_exceeded,
	&lookups_near,
	&lookups_unknown,
	&mx_no_mx,
	&mx_over_10,
	&redirect_foreign,
	&void_lookups,
	NULL
};
