/*
 * The tree of names: what stands beside what, below what, and what wildcards
 * reach.
 */
#include "base/arena.h"
#include "base/buffer.h"
#include "rules/check.h"

enum { NAMES_SHOWN = 5 };

/* Names in a message: the first few, and how many more. */
struct list {
	struct buffer text;
	size_t count;
};

static void
list_add(struct list *list, struct str name)
{
	if (list->count++ < NAMES_SHOWN)
		buffer_printf(&list->text, "%s%.*s",
		    list->text.n > 0 ? ", " : "", STR_ARG(name));
}

static struct str
list_finish(struct list *list, struct arena *arena)
{
	if (list->count > NAMES_SHOWN)
		buffer_printf(&list->text, " and %zu more",
		    list->count - NAMES_SHOWN);
	return buffer_finish(&list->text, arena);
}

/* ---- CNAME --------------------------------------------------------------- */

static const struct record *
other_beside_cname(struct lint *lint, const struct node *node)
{
	const struct record **records;
	size_t count, i;

	count = lint_records(lint, node, ~(unsigned)HAS_DNSSEC, &records);
	for (i = 0; i < count; i++)
		if (records[i]->type != RR_CNAME)
			return records[i];
	for (i = 1; i < count; i++)
		if (!record_same(lint->arena, records[0], records[i]))
			return records[i];
	return NULL;
}

static void
check_cname_and_other(struct lint *lint, const struct node *node,
    struct str name)
{
	const struct record *record;
	struct diag *diag;

	if ((node->types & HAS_CNAME) == 0)
		return;
	record = other_beside_cname(lint, node);
	if (record == NULL)
		return;
	diag = complain(lint, record->type_span, "%.*s has a CNAME, beside "
	    "which nothing else may stand: name servers refuse the zone",
	    STR_ARG(name_show(name)));
	diag_record(lint, diag, record);
}

static const struct rule cname_and_other = {
	.id = "zone-cname-and-other",
	.level = LEVEL_ERROR,
	.subject = SUBJECT_NODE,
	.types = HAS_CNAME,
	.summary = "something stands beside a CNAME",
	.rationale = "A name with a CNAME is an alias and has no data of its "
	    "own. Name servers refuse a zone that says otherwise, or answer "
	    "with one of the two by chance.",
	.citation = "RFC 1034 section 3.6.2",
	.bad = QUIET_SOA QUIET_MX QUIET_SPF QUIET_DMARC
	    RR("news CNAME mail") TXT("news", "v=spf1 a ~all"),
	.good = QUIET_SOA QUIET_MX QUIET_SPF QUIET_DMARC
	    RR("news A 198.51.100.30") TXT("news", "v=spf1 a ~all"),
	.node = check_cname_and_other,
};

/* ---- what is never served ------------------------------------------------ */

static bool
is_about_mail(const struct record *record)
{
	return record->auth != AUTH_NONE ||
	    auth_version(record->text) != AUTH_NONE;
}

/*
 * The name at or above an owner that owns one of the types and so hides it;
 * STR_NONE when there is none. The apex hides nothing.
 */
static struct str
hidden_by(const struct zone *zone, struct str name, unsigned type)
{
	const struct node *node;

	for (; name_below(name, zone->name); name = name_parent(name)) {
		node = zone_find(zone, name);
		if (node != NULL && (node->types & type) != 0)
			return name;
	}
	return STR_NONE;
}

/* Does the name lie at or below a cut, or below a DNAME? */
static bool
is_hidden(const struct zone *zone, const struct record *record)
{
	const struct node *node = zone_has_cuts(zone) ?
	    zone_find(zone, record->owner) : NULL;

	return node != NULL && (node->occluded || node->cut) &&
	    is_about_mail(record);
}

static void
check_occluded_by_delegation(struct lint *lint, const struct record *record)
{
	struct str cut;
	struct diag *diag;

	if (!is_hidden(lint->zone, record))
		return;
	cut = hidden_by(lint->zone, record->owner, HAS_NS);
	if (cut.p == NULL)
		return;
	diag = complain(lint, record->type_span, "nobody sees this record, "
	    "because %.*s is delegated to other name servers", STR_ARG(cut));
	diag_help(lint, diag, "publish it in the zone %.*s", STR_ARG(cut));
}

static const struct rule occluded_by_delegation = {
	.id = "zone-occluded-by-delegation",
	.level = LEVEL_ERROR,
	.subject = SUBJECT_TXT,
	.summary = "record stands at or below a delegation",
	.rationale = "The NS records of a child zone hand everything at and "
	    "below that name to other servers. A name server loads what "
	    "stands there in the parent and never answers with it.",
	.citation = "RFC 1034 section 4.2.1",
	.bad = QUIET_SOA QUIET_MX QUIET_SPF QUIET_DMARC
	    RR("child NS ns.example.net.")
	    TXT("_dmarc.child", "v=DMARC1; p=reject; "
		"rua=mailto:dmarc@example.com"),
	.good = QUIET_SOA QUIET_MX QUIET_SPF QUIET_DMARC
	    RR("child NS ns.example.net."),
	.record = check_occluded_by_delegation,
};

static void
check_occluded_by_dname(struct lint *lint, const struct record *record)
{
	struct str above;
	struct diag *diag;

	if (!is_hidden(lint->zone, record) ||
	    hidden_by(lint->zone, record->owner, HAS_NS).p != NULL)
		return;
	above = hidden_by(lint->zone, name_parent(record->owner), HAS_DNAME);
	if (above.p == NULL)
		above = lint->zone->name;
	diag = complain(lint, record->type_span, "nobody sees this record, "
	    "because the DNAME of %.*s leads all names below it elsewhere",
	    STR_ARG(name_show(above)));
	diag_help(lint, diag, "publish it where the DNAME leads");
}

static const struct rule occluded_by_dname = {
	.id = "zone-occluded-by-dname",
	.level = LEVEL_ERROR,
	.subject = SUBJECT_TXT,
	.summary = "record stands below a DNAME",
	.rationale = "A DNAME redirects every name below its owner. What "
	    "stands there in this zone is loaded and never answered with.",
	.citation = "RFC 6672 section 2.4",
	.bad = QUIET_SOA QUIET_MX QUIET_SPF QUIET_DMARC
	    RR("old DNAME example.net.")
	    TXT("_dmarc.old", "v=DMARC1; p=reject; "
		"rua=mailto:dmarc@example.com"),
	.good = QUIET_SOA QUIET_MX QUIET_SPF QUIET_DMARC
	    RR("old DNAME example.net."),
	.record = check_occluded_by_dname,
};

/* ---- wildcards ----------------------------------------------------------- */

/* The first record of each name below an asterisk. */
static void
complain_below(struct lint *lint, const struct node *star)
{
	const struct record **records;
	const struct node *node;
	struct diag *diag;

	for (node = node_next(lint->zone, star, star); node != NULL;
	    node = node_next(lint->zone, star, node)) {
		if (lint_records(lint, node, ~0u, &records) == 0)
			continue;
		diag = complain(lint, record_owner_span(records[0]),
		    "the \"*\" in %.*s matches nothing, because it is not "
		    "the first label", STR_ARG(records[0]->owner));
		diag_help(lint, diag, "write out the names that are meant");
		diag_record(lint, diag, records[0]);
	}
}

static void
check_nonterminal_wildcard(struct lint *lint)
{
	const struct node *above, *star;
	struct str name;
	size_t i;

	if (!zone_has_wildcards(lint->zone))
		return;
	for (i = 0; (above = zone_node(lint->zone, i)) != NULL; i++) {
		if (!above->wildcard)
			continue;
		name = node_name(lint->zone, above, lint->arena);
		star = zone_find(lint->zone, name_join(lint->arena, STR("*"),
		    name));
		/* Those below another one are among its names already. */
		if (!str_has(name, '*'))
			complain_below(lint, star);
	}
}

static const struct rule nonterminal_wildcard = {
	.id = "zone-nonterminal-wildcard",
	.level = LEVEL_NOTE,
	.subject = SUBJECT_ZONE,
	.summary = "asterisk is not the left-most label",
	.rationale = "A label * is a wildcard only as the first of a name. "
	    "Further right it is an ordinary label that nobody asks for: "
	    "_dmarc.* gives no policy to any name.",
	.citation = "RFC 4592 section 2.1.1",
	.bad = QUIET_SOA QUIET_MX QUIET_SPF QUIET_DMARC
	    TXT("_dmarc.*", "v=DMARC1; p=reject; "
		"rua=mailto:dmarc@example.com"),
	.good = QUIET_SOA QUIET_MX QUIET_SPF QUIET_DMARC,
	.check = check_nonterminal_wildcard,
};

/* The domain of a wildcard whose text is SPF; STR_NONE for other records. */
static struct str
spf_wildcard(const struct record *record)
{
	struct str domain = name_parent(record->owner);

	return record->auth == AUTH_SPF && record->type == RR_TXT &&
	    name_is_wildcard(record->owner) &&
	    !str_starts(domain, STR("_")) ? domain : STR_NONE;
}

/* Mail can come from it: an address, or a way to answer. */
static bool
is_host(const struct node *node, struct str name)
{
	return (node->types & (HAS_A | HAS_AAAA | HAS_MX)) != 0 &&
	    !node->occluded && !node->cut && !str_starts(name, STR("_")) &&
	    !str_has(name, '*');
}

static void
check_wildcard_txt_coverage(struct lint *lint, const struct record *record)
{
	struct str domain = spf_wildcard(record), name;
	struct list missed = { .count = 0 };
	const struct node *top, *node;
	struct arena_mark mark;
	struct str names;
	struct diag *diag;

	if (domain.p == NULL)
		return;
	top = zone_find(lint->zone, domain);
	for (node = top; node != NULL;
	    node = node_next(lint->zone, top, node)) {
		mark = arena_mark(lint->arena);
		name = node_name(lint->zone, node, lint->arena);
		if (node != top && is_host(node, name) &&
		    !node_has_record(lint, node, AUTH_SPF))
			list_add(&missed, name);
		arena_release(lint->arena, mark);
	}
	if (missed.count == 0)
		return;
	names = list_finish(&missed, lint->arena);
	diag = complain(lint, record->type_span, "this SPF record does not "
	    "reach names that exist: anybody may send as %.*s",
	    STR_ARG(names));
	diag_help(lint, diag, "repeat it at each name that owns records");
}

static const struct rule wildcard_txt_coverage = {
	.id = "zone-wildcard-txt-coverage",
	.level = LEVEL_WARNING,
	.subject = SUBJECT_SPF,
	.summary = "SPF at a wildcard does not reach existing names",
	.rationale = "A wildcard answers only for names that do not exist. A "
	    "host with any record of its own has no SPF, though the wildcard "
	    "looks as if it protected everything.",
	.citation = "RFC 7208 section 3.5, RFC 4592 section 3.3",
	.bad = QUIET_SOA QUIET_MX QUIET_SPF QUIET_DMARC
	    TXT("*", "v=spf1 -all") TXT("mail", "v=spf1 a -all")
	    TXT("ns", "v=spf1 -all") RR("www A 198.51.100.30"),
	.good = QUIET_SOA QUIET_MX QUIET_SPF QUIET_DMARC
	    TXT("*", "v=spf1 -all") TXT("mail", "v=spf1 a -all")
	    TXT("ns", "v=spf1 -all") RR("www A 198.51.100.30")
	    TXT("www", "v=spf1 -all"),
	.record = check_wildcard_txt_coverage,
};

static void
check_wildcard_cname_mail(struct lint *lint, const struct record *record)
{
	struct str domain = name_parent(record->owner);
	struct diag *diag;
	bool own;

	if (record->type != RR_CNAME || !name_is_wildcard(record->owner) ||
	    str_starts(domain, STR("_")))
		return;
	own = str_equal(
	    lint_organization(lint, record->target, MODEL_7489, NULL),
	    lint_organization(lint, domain, MODEL_7489, NULL));
	diag = complain(lint, record->rdata_span, "%.*s decides about mail of "
	    "every name below %.*s that does not exist: its TXT records are "
	    "read as their SPF, keys and policies",
	    STR_ARG(name_show(record->target)), STR_ARG(name_show(domain)));
	if (own)
		diag_level(diag, LEVEL_NOTE);
	else
		diag_help(lint, diag, "give the wildcard addresses instead, "
		    "or list the names that are used");
}

static const struct rule wildcard_cname_mail = {
	.id = "zone-wildcard-cname-mail",
	.level = LEVEL_WARNING,
	.subject = SUBJECT_RECORD,
	.types = HAS_CNAME,
	.summary = "wildcard CNAME hands mail of all unused names to its "
	    "target",
	.rationale = "With a CNAME at a wildcard every question about a name "
	    "that does not exist is answered by the target: SPF, DKIM keys "
	    "and DMARC policies too. Who controls the target can send mail "
	    "that passes as a name of this domain.",
	.citation = "RFC 4592 section 3.3.1",
	.bad = QUIET_SOA QUIET_MX QUIET_SPF QUIET_DMARC
	    RR("* CNAME shop.example.net."),
	.good = QUIET_SOA QUIET_MX QUIET_SPF QUIET_DMARC
	    RR("* A 198.51.100.30"),
	.record = check_wildcard_cname_mail,
};

/* Names that exist only because of what is below them hide a wildcard. */
static void
check_wildcard_shadowed_ent(struct lint *lint, const struct record *record)
{
	struct str domain = spf_wildcard(record), name;
	struct list hidden = { .count = 0 };
	const struct node *top, *node;
	struct arena_mark mark;
	struct str names;
	struct diag *diag;

	if (domain.p == NULL)
		return;
	top = zone_find(lint->zone, domain);
	for (node = top; node != NULL;
	    node = node_next(lint->zone, top, node)) {
		if (node->types != 0 || node->wildcard || node->occluded)
			continue;
		mark = arena_mark(lint->arena);
		name = node_name(lint->zone, node, lint->arena);
		if (node != top && !name_has_underscore(name))
			list_add(&hidden, name);
		arena_release(lint->arena, mark);
	}
	if (hidden.count == 0)
		return;
	names = list_finish(&hidden, lint->arena);
	diag = complain(lint, record->owner_span, "this wildcard does not "
	    "reach names below %.*s, which exists because something stands "
	    "below it", STR_ARG(names));
	diag_help(lint, diag, "add a wildcard there as well");
}

static const struct rule wildcard_shadowed_ent = {
	.id = "zone-wildcard-shadowed-ent",
	.level = LEVEL_WARNING,
	.subject = SUBJECT_SPF,
	.summary = "wildcard is hidden by a name without records",
	.rationale = "A name that owns nothing but has names below it exists "
	    "all the same. It hides the wildcard above it, so names below it "
	    "have none of the records that the wildcard seems to give them.",
	.citation = "RFC 4592 sections 2.2.2 and 3.3.1",
	.bad = QUIET_SOA QUIET_MX QUIET_SPF QUIET_DMARC
	    TXT("*", "v=spf1 -all") TXT("mail", "v=spf1 a -all")
	    TXT("ns", "v=spf1 -all") TXT("a.lab", "v=spf1 -all"),
	.good = QUIET_SOA QUIET_MX QUIET_SPF QUIET_DMARC
	    TXT("*", "v=spf1 -all") TXT("mail", "v=spf1 a -all")
	    TXT("ns", "v=spf1 -all") TXT("a.lab", "v=spf1 -all")
	    TXT("*.lab", "v=spf1 -all"),
	.record = check_wildcard_shadowed_ent,
};

/* ---- loops --------------------------------------------------------------- */

/* Longer ones are not looked for. */
enum { LOOP_MAX = 16 };

/* CNAME records of a zone that lead from the first one's target back to it. */
struct loop {
	const struct record *links[LOOP_MAX];
	size_t count;
};

/* Is the end of the way in sight, without a question? */
static bool
leads_on(const struct zone *zone, struct str target)
{
	const struct node *node;

	if (!name_within(target, zone->name))
		return false;
	node = zone_find(zone, target);
	return node == NULL || node->occluded ||
	    (node->types & HAS_CNAME) != 0;
}

static bool
find_loop(struct lint *lint, const struct record *first,
    struct loop *loop)
{
	const struct record *link = first;
	struct answer answer;

	if (!leads_on(lint->zone, first->target))
		return false;
	for (loop->count = 0; loop->count < LOOP_MAX;
	    loop->count++) {
		answer = zones_ask(lint->world->zones, lint->arena,
		    link->target, RR_CNAME);
		if (answer.kind != ANSWER_DATA || answer.zone != lint->zone)
			return false;
		if (str_equal(answer.owner, first->owner))
			return true;
		link = loop->links[loop->count] = answer.records[0];
	}
	/* Of names that are written alike, one may stand in a loop. */
	lint_unlike(lint);
	return false;
}

/* Does anybody ask for it who receives mail? */
static bool
matters_to_mail(struct lint *lint, const struct record *record)
{
	return auth_place(record->owner, NULL, NULL) != AUTH_SPF ||
	    name_is_included(lint, record->owner) ||
	    name_is_lent(lint, record->owner);
}

/* It is told once, at the record that stands first. */
static void
check_cname_loop(struct lint *lint, const struct record *record)
{
	struct list names = { .count = 0 };
	struct loop loop;
	struct str others;
	struct diag *diag;
	bool mail;
	size_t i;

	if (!find_loop(lint, record, &loop))
		return;
	lint_unlike(lint);
	for (i = 0; i < loop.count; i++)
		if (loop.links[i]->position < record->position)
			return;
	mail = matters_to_mail(lint, record);
	for (i = 0; i < loop.count; i++) {
		list_add(&names, loop.links[i]->owner);
		mail = mail || matters_to_mail(lint, loop.links[i]);
	}
	others = list_finish(&names, lint->arena);
	diag = complain(lint, record->rdata_span, "nothing is ever found at "
	    "%.*s, because its CNAME leads back to it%s%.*s",
	    STR_ARG(record->owner), loop.count > 0 ? " by way of " : "",
	    STR_ARG(others));
	for (i = 0; i < loop.count; i++)
		diag_note(lint, diag, loop.links[i]->rdata_span,
		    "this one leads on");
	diag_help(lint, diag, "let one of them lead to a name with records");
	if (!mail)
		diag_level(diag, LEVEL_WARNING);
}

static const struct rule cname_loop = {
	.id = "zone-cname-loop",
	.level = LEVEL_ERROR,
	.subject = SUBJECT_RECORD,
	.types = HAS_CNAME,
	.summary = "CNAME records lead in a circle",
	.rationale = "Resolvers follow CNAME records until they give up. "
	    "Whoever asks for a key, a policy or an included SPF record "
	    "there gets an error, not an answer, and mail is put off or not "
	    "authenticated. At names that nobody asks for because of mail "
	    "this is a warning.",
	.citation = "RFC 1034 section 3.6.2",
	.bad = QUIET RR("s._domainkey CNAME k") RR("k CNAME s._domainkey"),
	.good = QUIET RR("s._domainkey CNAME k")
	    TXT("k", "v=DKIM1; k=rsa; p=" KEY_2048),
	.record = check_cname_loop,
};

const struct rule *const zone_tree_rules[] = {
	&cname_and_other,
	&cname_loop,
	&nonterminal_wildcard,
	&occluded_by_delegation,
	&occluded_by_dname,
	&wildcard_cname_mail,
	&wildcard_shadowed_ent,
	&wildcard_txt_coverage,
	NULL
};
