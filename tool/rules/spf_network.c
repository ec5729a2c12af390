/* SPF: networks that the record lets in, and terms that add nothing. */
#include <arpa/inet.h>
#include <string.h>

#include "base/arena.h"
#include "rules/check.h"

enum { BROAD_IP4 = 16, BROAD_IP6 = 32 };

static bool
is_network(const struct spf_term *term)
{
	return (term->kind == SPF_IP4 || term->kind == SPF_IP6) &&
	    !term->broken;
}

static int
prefix_of(const struct spf_term *term)
{
	if (term->kind == SPF_IP4)
		return term->cidr4 < 0 ? 32 : term->cidr4;
	return term->cidr6 < 0 ? 128 : term->cidr6;
}

static struct network
network_of(const struct spf_term *term)
{
	struct network network = { .ip6 = term->kind == SPF_IP6,
	    .length = (unsigned)prefix_of(term) };

	memcpy(network.address, term->address, sizeof(network.address));
	return network;
}

/* The address with the bits behind the prefix cleared. */
static void
mask(unsigned char *octets, const struct spf_term *term)
{
	int prefix = prefix_of(term), i;

	memcpy(octets, term->address, 16);
	for (i = 0; i < 16; i++, prefix -= 8)
		if (prefix <= 0)
			octets[i] = 0;
		else if (prefix < 8)
			octets[i] &= (unsigned char)(0xff << (8 - prefix));
}

/* a and mx that find no host match nobody; other rules tell that. */
static bool
finds_nobody(struct lint *lint, const struct record *record,
    const struct spf_term *term)
{
	const struct spf_cost *cost;
	const struct spf_edge *edge;

	if (term->kind != SPF_A && term->kind != SPF_MX)
		return false;
	cost = lint_whole_spf_cost(lint, record);
	edge = cost == NULL ? NULL : cost->root->edges;
	while (edge != NULL && edge->term->start != term->start)
		edge = edge->next;
	return edge != NULL && (edge->is_void || edge->null_mx);
}

static void
check_cidr_zero(struct lint *lint, const struct record *record)
{
	const struct spf_term *term;
	struct diag *diag;

	for (term = record->spf->terms; term != NULL; term = term->next) {
		if (term->broken || term->qualifier != '+' ||
		    (term->cidr4 != 0 && term->cidr6 != 0) ||
		    spf_is_behind_all(record->spf, term) ||
		    finds_nobody(lint, record, term))
			continue;
		diag = complain_text(lint, record, term->start, term->end,
		    "every host with an IPv%d address may send as %.*s",
		    term->cidr4 == 0 ? 4 : 6, NAME_ARG(record));
		diag_help(lint, diag, "\"/0\" is the whole Internet; write "
		    "the prefix length of your own network");
	}
}

static const struct rule cidr_zero = {
	.id = "spf-cidr-zero",
	.level = LEVEL_ERROR,
	.subject = SUBJECT_SPF,
	.summary = "prefix length 0 lets every host send",
	.rationale = "A prefix length of 0 compares no bit at all, so every "
	    "address matches: forged mail passes SPF, and with it DMARC.",
	.citation = "RFC 7208 sections 5.3 and 5.6",
	.bad = WITH_SPF("v=spf1 ip4:198.51.100.25/0 ~all"),
	.good = WITH_SPF("v=spf1 ip4:198.51.100.25/32 ~all"),
	.record = check_cidr_zero,
};

static bool
is_v4mapped(const struct spf_term *term)
{
	static const unsigned char prefix[12] = { [10] = 0xff, [11] = 0xff };

	return term->kind == SPF_IP6 && !term->broken &&
	    prefix_of(term) >= 96 &&
	    memcmp(term->address, prefix, sizeof(prefix)) == 0;
}

static void
check_cidr_host_bits(struct lint *lint, const struct record *record)
{
	unsigned char octets[16];
	char text[INET6_ADDRSTRLEN];
	const struct spf_term *term;
	struct diag *diag;

	for (term = record->spf->terms; term != NULL; term = term->next) {
		if (!is_network(term) || prefix_of(term) == 0 ||
		    is_v4mapped(term) || spf_is_behind_all(record->spf, term))
			continue;
		mask(octets, term);
		if (memcmp(octets, term->address, 16) == 0)
			continue;
		inet_ntop(term->kind == SPF_IP4 ? AF_INET : AF_INET6, octets,
		    text, sizeof(text));
		diag = complain_text(lint, record, term->target_start,
		    term->end, "\"%.*s\" %s all of %s/%d, not only this "
		    "address", STR_ARG(term->text), term->qualifier == '+' ?
		    "lets in" : "stands for", text, prefix_of(term));
		diag_help(lint, diag, "write \"%s/%d\", or leave out the "
		    "prefix length", text, prefix_of(term));
		diag_fix_text(lint, diag, FIX_SAFE, record,
		    term->target_start, term->target_end, str_from(text));
	}
}

static const struct rule cidr_host_bits = {
	.id = "spf-cidr-host-bits",
	.level = LEVEL_NOTE,
	.subject = SUBJECT_SPF,
	.fix = FIX_SAFE,
	.marks = MARK_NETWORK,
	.summary = "address has bits behind its prefix length",
	.rationale = "Receivers compare only the bits of the prefix. The "
	    "others suggest a single host where a whole network may send.",
	.citation = "RFC 7208 section 5.6",
	.bad = WITH_SPF("v=spf1 ip4:198.51.100.25/24 ~all"),
	.good = WITH_SPF("v=spf1 ip4:198.51.100.0/24 ~all"),
	.record = check_cidr_host_bits,
};

/* The network from which no mail comes, in which a term's lies. */
static const struct special_network *
find_special(const struct spf_term *term)
{
	struct network network = network_of(term);

	return special_around(&network);
}

bool
spf_term_is_special(const struct spf_term *term)
{
	const struct special_network *special = is_network(term) ?
	    find_special(term) : NULL;

	return special != NULL && !special->example;
}

/* Names of RFC 2606: whatever stands there is an example. */
static bool
is_example(struct str name)
{
	static const char *const names[] = { "example", "test", "invalid",
		"localhost", "example.com", "example.net", "example.org" };
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (name_within(name, str_from(names[i])))
			return true;
	return false;
}

static void
check_special_address(struct lint *lint, const struct record *record)
{
	const struct special_network *special;
	const struct spf_term *term;
	struct diag *diag;

	for (term = record->spf->terms; term != NULL; term = term->next) {
		if (!is_network(term) || spf_is_behind_all(record->spf, term))
			continue;
		special = find_special(term);
		/* Of a name below example, whatever it is, it is one. */
		if (special != NULL && special->example &&
		    !is_example(name_parent(lint->zone->name)))
			lint_unlike(lint);
		if (special == NULL ||
		    (special->example && is_example(record->owner)))
			continue;
		diag = complain_text(lint, record, term->start, term->end,
		    "no mail on the Internet comes from \"%.*s\": these "
		    "addresses are %s", STR_ARG(term->text), special->what);
		diag_help(lint, diag, "write the address that others see, or "
		    "remove the term");
		if (special->example)
			diag_level(diag, LEVEL_NOTE);
		diag_fix_remove_term(lint, diag, FIX_UNSAFE, record, term);
	}
}

static const struct rule special_address = {
	.id = "spf-special-address",
	.level = LEVEL_WARNING,
	.subject = SUBJECT_SPF,
	.fix = FIX_UNSAFE,
	.marks = MARK_NETWORK,
	.summary = "address cannot be that of a sender on the Internet",
	.rationale = "Receivers see the public address of a sender. A private "
	    "or otherwise reserved one never matches: the record is longer "
	    "for nothing, and the sender that was meant fails.",
	.citation = "RFC 6890",
	.bad = WITH_SPF("v=spf1 ip4:10.1.2.3 ~all"),
	.good = WITH_SPF("v=spf1 ip4:198.51.100.25 ~all"),
	.record = check_special_address,
};

static void
check_cidr_broad(struct lint *lint, const struct record *record)
{
	const struct spf_term *term;
	struct diag *diag;
	int prefix;

	for (term = record->spf->terms; term != NULL; term = term->next) {
		if (!is_network(term) || term->qualifier != '+' ||
		    spf_is_behind_all(record->spf, term))
			continue;
		if (spf_term_is_special(term))
			continue;
		prefix = prefix_of(term);
		if (prefix <= 0 || prefix >=
		    (term->kind == SPF_IP4 ? BROAD_IP4 : BROAD_IP6))
			continue;
		diag = complain_text(lint, record, term->start, term->end,
		    "a network as large as a /%d may send as %.*s", prefix,
		    NAME_ARG(record));
		diag_help(lint, diag, "name the hosts that send, or their "
		    "network alone");
	}
}

static const struct rule cidr_broad = {
	.id = "spf-cidr-broad",
	.level = LEVEL_WARNING,
	.subject = SUBJECT_SPF,
	.marks = MARK_NETWORK,
	.summary = "very large network may send",
	.rationale = "A network shorter than /16 (IPv6: /32) is seldom one "
	    "owner's own. Every host in it passes SPF, and with it DMARC.",
	.citation = "RFC 9989 section 7.1",
	.bad = WITH_SPF("v=spf1 ip4:198.0.0.0/8 ~all"),
	.good = WITH_SPF("v=spf1 ip4:198.51.100.0/24 ~all"),
	.record = check_cidr_broad,
};

static void
check_ip6_v4mapped(struct lint *lint, const struct record *record)
{
	const struct spf_term *term;
	struct str plain;
	struct diag *diag;

	for (term = record->spf->terms; term != NULL; term = term->next) {
		if (!is_v4mapped(term) ||
		    spf_is_behind_all(record->spf, term))
			continue;
		diag = complain_text(lint, record, term->start, term->end,
		    "\"%.*s\" never matches: receivers compare mail by IPv4 "
		    "with ip4 only", STR_ARG(term->text));
		plain = arena_printf(lint->arena, "ip4:%u.%u.%u.%u",
		    term->address[12], term->address[13], term->address[14],
		    term->address[15]);
		if (term->cidr6 >= 0)
			plain = arena_printf(lint->arena, "%.*s/%d",
			    STR_ARG(plain), term->cidr6 - 96);
		if (term->cidr6 == 96) {
			diag_help(lint, diag, "remove it: all of IPv4 would "
			    "let every host send");
			continue;
		}
		diag_help(lint, diag, "write \"%.*s\"", STR_ARG(plain));
		diag_fix_text(lint, diag, FIX_UNSAFE, record,
		    term->start + term->qualified, term->end, plain);
	}
}

static const struct rule ip6_v4mapped = {
	.id = "spf-ip6-v4mapped",
	.level = LEVEL_ERROR,
	.subject = SUBJECT_SPF,
	.fix = FIX_UNSAFE,
	.marks = MARK_TERM(SPF_IP6),
	.summary = "ip6 with an IPv4-mapped address never matches",
	.rationale = "Receivers take a client with an IPv4-mapped address for "
	    "an IPv4 client and compare it with ip4 only. The host that was "
	    "meant is not authorised, and its mail fails.",
	.citation = "RFC 7208 section 5",
	.bad = WITH_SPF("v=spf1 ip6:::ffff:198.51.100.25 ~all"),
	.good = WITH_SPF("v=spf1 ip4:198.51.100.25 ~all"),
	.record = check_ip6_v4mapped,
};

/* ---- terms that add nothing ---------------------------------------------- */

static bool
same_term(struct arena *arena, const struct spf_term *a,
    const struct spf_term *b)
{
	struct str x, y;

	if (a->kind != b->kind || a->qualifier != b->qualifier ||
	    a->cidr4 != b->cidr4 || a->cidr6 != b->cidr6 ||
	    !str_equal_case(a->target, b->target))
		return false;
	/* In macros the case of a letter has a meaning. */
	x = spf_term_print(arena, a);
	y = spf_term_print(arena, b);
	return a->macro ? str_equal(x, y) : str_equal_case(x, y);
}

/*
 * The term before this one that makes it superfluous, none of another
 * qualifier in between.
 */
static const struct spf_term *
find_cover(struct lint *lint, const struct spf *spf,
    const struct spf_term *later,
    bool (*covers)(struct arena *, const struct spf_term *,
    const struct spf_term *))
{
	const struct spf_term *term, *found = NULL;

	for (term = spf->terms; term != later; term = term->next) {
		if (!spf_is_mechanism(term->kind) || term->broken)
			continue;
		if (term->qualifier != later->qualifier)
			found = NULL;
		else if (found == NULL && covers(lint->arena, term, later))
			found = term;
	}
	return found;
}

/* Then the record may be no permanent error any more without it. */
static bool
costs_too_much(struct lint *lint, const struct record *record,
    const struct spf_term *term)
{
	const struct spf_cost *cost;

	if (!spf_costs_lookup(term->kind))
		return false;
	cost = lint_spf_cost(lint, record);
	return cost == NULL || cost->permerror ||
	    cost->lookups_max > SPF_MAX_LOOKUPS ||
	    cost->voids_max > SPF_MAX_VOIDS;
}

static void
check_duplicate_term(struct lint *lint, const struct record *record)
{
	const struct spf_term *term, *first;
	struct diag *diag;

	if (record->spf->permerror)
		return;
	for (term = record->spf->terms; term != NULL; term = term->next) {
		if (!spf_is_mechanism(term->kind) || term->kind == SPF_ALL ||
		    spf_is_behind_all(record->spf, term))
			continue;
		first = find_cover(lint, record->spf, term, same_term);
		if (first == NULL)
			continue;
		diag = complain_text(lint, record, term->start, term->end,
		    "\"%.*s\" stands here for the second time%s",
		    STR_ARG(term->text), spf_costs_lookup(term->kind) ?
		    " and takes a lookup again" : "");
		diag_help(lint, diag, "remove it");
		diag_fix_remove_term(lint, diag, costs_too_much(lint, record,
		    term) ? FIX_UNSAFE : FIX_SAFE, record, term);
	}
}

static const struct rule duplicate_term = {
	.id = "spf-duplicate-term",
	.level = LEVEL_NOTE,
	.subject = SUBJECT_SPF,
	.fix = FIX_SAFE,
	.summary = "term stands in the record twice",
	.rationale = "The second of two equal terms never decides anything. "
	    "It makes the record longer, and may take one of ten lookups.",
	.citation = "RFC 7208 sections 4.6.2 and 4.6.4",
	.bad = WITH_SPF("v=spf1 ip4:198.51.100.25 mx ip4:198.51.100.25 ~all"),
	.good = WITH_SPF("v=spf1 ip4:198.51.100.25 mx ~all"),
	.record = check_duplicate_term,
};

/* Does the first network hold the second, written in another way? */
static bool
holds_network(struct arena *arena, const struct spf_term *a,
    const struct spf_term *b)
{
	struct network outer, inner;

	if (!is_network(a) || a->kind != b->kind ||
	    prefix_of(a) > prefix_of(b))
		return false;
	outer = network_of(a);
	inner = network_of(b);
	return network_contains(&outer, &inner) && !same_term(arena, a, b);
}

static void
check_redundant_cidr(struct lint *lint, const struct record *record)
{
	const struct spf_term *term, *larger;
	struct diag *diag;

	if (record->spf->permerror)
		return;
	for (term = record->spf->terms; term != NULL; term = term->next) {
		if (!is_network(term) || spf_is_behind_all(record->spf, term))
			continue;
		larger = find_cover(lint, record->spf, term, holds_network);
		if (larger == NULL)
			continue;
		diag = complain_text(lint, record, term->start, term->end,
		    "\"%.*s\" adds nothing to \"%.*s\"", STR_ARG(term->text),
		    STR_ARG(larger->text));
		diag_help(lint, diag, "remove it");
		diag_fix_remove_term(lint, diag, FIX_SAFE, record, term);
	}
}

static const struct rule redundant_cidr = {
	.id = "spf-redundant-cidr",
	.level = LEVEL_NOTE,
	.subject = SUBJECT_SPF,
	.fix = FIX_SAFE,
	.marks = MARK_NETWORK,
	.summary = "network lies in another one of the record",
	.rationale = "A network inside one that stands before it never "
	    "decides anything. It makes the record longer and hides who is "
	    "meant.",
	.citation = "RFC 7208 sections 4.6.2 and 5.6",
	.bad = WITH_SPF("v=spf1 ip4:198.51.100.0/24 ip4:198.51.100.25 ~all"),
	.good = WITH_SPF("v=spf1 ip4:198.51.100.0/24 ~all"),
	.record = check_redundant_cidr,
};

const struct rule *const spf_network_rules[] = {
	&cidr_broad,
	&cidr_host_bits,
	&cidr_zero,
	&duplicate_term,
	&ip6_v4mapped,
	&redundant_cidr,
	&special_address,
	NULL
};
