/*
 * What the records of a name cost on the way to receivers: size of answers,
 * times to live, copies.
 */
#include "alike/alike.h"
#include "base/arena.h"
#include "rules/check.h"

enum {
	DAY_SECONDS = 86400,
	HOUR_SECONDS = 3600,
	ANSWER_SMALL = 450,		/* RFC 7208 section 3.4 */
	ANSWER_UDP = 512,		/* RFC 1035 section 2.3.4 */
	ANSWER_EDNS = 1232,		/* DNS flag day 2020 */
	SPF_LONG = 450
};

/* ---- size ---------------------------------------------------------------- */

/* The TXT records of a name, measured. */
struct measure {
	const struct record *mail;	/* the first that is about mail */
	const struct record *spf;
	const struct record *largest;	/* of those that are not SPF */
	size_t octets;			/* of the answer, with EDNS */
	size_t other;			/* of it that is not SPF */
};

/* Head, question and EDNS. */
enum { ANSWER_EMPTY = 12 + 4 + 11 };

/* With copies, and so far from any limit that these do not matter? */
static bool
is_small(struct str name, const struct record **records, size_t count)
{
	size_t octets = ANSWER_EMPTY + name.n + 2, i;
	bool spf = false;

	for (i = 0; i < count; i++) {
		octets += 12 + records[i]->string_count + records[i]->text.n;
		spf |= records[i]->auth == AUTH_SPF;
	}
	return octets + LIKE_SLACK <= (spf ? ANSWER_SMALL : ANSWER_EDNS);
}

/* False also where no rule could have a word to say. */
static bool
measure_node(struct lint *lint, const struct node *node, struct str name,
    struct measure *measure)
{
	const struct record **records, **first;
	size_t count, i, octets;

	if ((node->types & HAS_TXT) == 0 || node->occluded ||
	    node == lint->small)
		return false;
	count = lint_records(lint, node, HAS_TXT, &records);
	if (is_small(name, records, count)) {
		lint->small = node;
		return false;
	}
	*measure = (struct measure){ .octets = ANSWER_EMPTY +
	    name_wire_length(name) };
	first = records_first(lint->arena, records, count);
	for (i = 0; i < count; i++) {
		if (first[i] != records[i])
			continue;
		octets = record_text_octets(records[i]);
		measure->octets += octets;
		if (records[i]->auth != AUTH_NONE && measure->mail == NULL)
			measure->mail = records[i];
		if (records[i]->auth == AUTH_SPF) {
			if (measure->spf == NULL)
				measure->spf = records[i];
			continue;
		}
		measure->other += octets;
		if (measure->largest == NULL ||
		    records[i]->text.n > measure->largest->text.n)
			measure->largest = records[i];
	}
	if (measure->octets + lint_slack(lint) > (measure->spf != NULL ?
	    ANSWER_SMALL : ANSWER_EDNS))
		lint_unlike(lint);
	return measure->mail != NULL;
}

static void
check_rrset_over_512(struct lint *lint, const struct node *node,
    struct str name)
{
	struct measure measure;
	struct diag *diag;

	/* A long record alone is spf-record-long; others need EDNS anyway. */
	if (!measure_node(lint, node, name, &measure) ||
	    measure.spf == NULL || measure.octets <= ANSWER_SMALL ||
	    measure.octets > ANSWER_EDNS ||
	    measure.spf->text.n > SPF_LONG)
		return;
	diag = complain(lint, measure.spf->rdata_span, "the answer with the "
	    "SPF record of %.*s has %zu octets, %zu of them for other TXT "
	    "records", STR_ARG(name_show(name)), measure.octets,
	    measure.other);
	diag_record(lint, diag, measure.spf);
	diag_help(lint, diag, "old resolvers cut answers above 512 octets; "
	    "remove verification records that are used no more");
	if (measure.octets <= ANSWER_UDP)
		diag_level(diag, LEVEL_NOTE);
}

#define TOKEN_60 \
	"verification=0123456789abcdef0123456789abcdef0123456789abcde"

static const struct rule rrset_over_512 = {
	.id = "zone-rrset-over-512",
	.level = LEVEL_WARNING,
	.subject = SUBJECT_NODE,
	.types = HAS_TXT,
	.summary = "answer with the SPF record exceeds 512 octets",
	.rationale = "All TXT records of a name come in one answer. Above 512 "
	    "octets resolvers without EDNS have to ask again by TCP; where "
	    "that fails, mail is judged as if there were no SPF.",
	.citation = "RFC 7208 section 3.4",
	.bad = QUIET_SOA QUIET_MX QUIET_SPF QUIET_DMARC
	    TXT("@", "a-" TOKEN_60) TXT("@", "b-" TOKEN_60)
	    TXT("@", "c-" TOKEN_60) TXT("@", "d-" TOKEN_60)
	    TXT("@", "e-" TOKEN_60) TXT("@", "f-" TOKEN_60),
	.good = QUIET_SOA QUIET_MX QUIET_SPF QUIET_DMARC
	    TXT("@", "a-" TOKEN_60) TXT("@", "b-" TOKEN_60),
	.node = check_rrset_over_512,
};

static void
check_rrset_over_1232(struct lint *lint, const struct node *node,
    struct str name)
{
	struct measure measure;
	struct diag *diag;

	if (!measure_node(lint, node, name, &measure) ||
	    measure.octets <= ANSWER_EDNS)
		return;
	diag = complain(lint, measure.mail->rdata_span, "the answer with this "
	    "%s record has %zu octets: it does not fit into a UDP packet, and "
	    "receivers that cannot ask by TCP do not see it",
	    auth_name(measure.mail->auth), measure.octets);
	diag_record(lint, diag, measure.mail);
	diag_help(lint, diag, "remove TXT records that are used no more, or "
	    "shorten the record");
}

#define TOKEN_240	TOKEN_60 "-" TOKEN_60 "-" TOKEN_60 "-" TOKEN_60

static const struct rule rrset_over_1232 = {
	.id = "zone-rrset-over-1232",
	.level = LEVEL_WARNING,
	.subject = SUBJECT_NODE,
	.types = HAS_TXT,
	.summary = "answer with a mail record exceeds 1232 octets",
	.rationale = "Resolvers announce 1232 octets as what they take by "
	    "UDP. A larger answer is cut and asked for again by TCP; where "
	    "that is blocked, the policy or key is not found.",
	.citation = "DNS flag day 2020, RFC 9715",
	.bad = QUIET_SOA QUIET_MX QUIET_SPF QUIET_DMARC
	    TXT("@", "a-" TOKEN_240) TXT("@", "b-" TOKEN_240)
	    TXT("@", "c-" TOKEN_240) TXT("@", "d-" TOKEN_240)
	    TXT("@", "e-" TOKEN_240),
	.good = QUIET_SOA QUIET_MX QUIET_SPF QUIET_DMARC
	    TXT("@", "a-" TOKEN_60),
	.node = check_rrset_over_1232,
};

static void
check_apex_txt_crowded(struct lint *lint)
{
	const struct node *apex = zone_find(lint->zone, lint->zone->name);
	struct measure measure;
	struct diag *diag;

	if (apex == NULL || !measure_node(lint, apex, lint->zone->name,
	    &measure) || measure.spf == NULL ||
	    measure.octets <= ANSWER_SMALL ||
	    measure.other * 10 <= measure.octets * 6)
		return;
	diag = complain(lint, measure.largest->rdata_span, "every receiver "
	    "that asks for the SPF record of %.*s gets this and the other "
	    "TXT records, %zu octets, with it",
	    STR_ARG(name_show(lint->zone->name)), measure.other);
	diag_record(lint, diag, measure.largest);
	diag_help(lint, diag, "most verification records may go once the "
	    "service has seen them");
}

static const struct rule apex_txt_crowded = {
	.id = "zone-apex-txt-crowded",
	.level = LEVEL_NOTE,
	.subject = SUBJECT_ZONE,
	.summary = "SPF shares its answer with many other TXT records",
	.rationale = "All TXT records of the apex come in one answer. When "
	    "more than 60 percent of it is not SPF and the whole exceeds 450 "
	    "octets, the next record may push SPF out of reach.",
	.citation = "RFC 7208 section 3.4",
	.bad = QUIET_SOA QUIET_MX QUIET_SPF QUIET_DMARC
	    TXT("@", "a-" TOKEN_60) TXT("@", "b-" TOKEN_60)
	    TXT("@", "c-" TOKEN_60) TXT("@", "d-" TOKEN_60)
	    TXT("@", "e-" TOKEN_60) TXT("@", "f-" TOKEN_60),
	.good = QUIET_SOA QUIET_MX QUIET_SPF QUIET_DMARC
	    TXT("@", "a-" TOKEN_60),
	.check = check_apex_txt_crowded,
};

/* ---- time to live -------------------------------------------------------- */

/* What the plan or a rollback has to wait for. Nobody asks for the type SPF. */
static bool
changes_with_stages(const struct record *record)
{
	enum auth kind = record->auth;

	return record->type == RR_TXT && (kind == AUTH_DMARC ||
	    kind == AUTH_SPF || kind == AUTH_DKIM);
}

/* "2d", "200000 seconds" */
static struct str
duration_words(struct arena *arena, uint32_t seconds)
{
	struct str text = duration_print(arena, seconds);

	return byte_is_digit((unsigned char)text.p[text.n - 1]) ?
	    arena_printf(arena, "%.*s seconds", STR_ARG(text)) : text;
}

static bool
is_rolled_out(const struct lint *lint, const struct record *record)
{
	const struct config_domain *domain = config_domain(lint->config,
	    record_domain(record));

	return domain != NULL && domain->rollout.present;
}

static void
check_ttl_blocks_rollout(struct lint *lint, const struct record *record)
{
	bool planned;
	struct diag *diag;
	struct str ttl;

	if (record->ttl <= HOUR_SECONDS || !changes_with_stages(record))
		return;
	planned = is_rolled_out(lint, record);
	if (!planned && record->ttl <= DAY_SECONDS)
		return;
	ttl = duration_words(lint->arena, record->ttl);
	diag = complain(lint, record->explicit_ttl ? record->span :
	    record->type_span, "when this %s record has to be taken back, "
	    "receivers go on using it for %.*s", auth_name(record->auth),
	    STR_ARG(ttl));
	diag_help(lint, diag, planned ? "lower its TTL to an hour while the "
	    "rollout runs" : "a TTL of an hour to a day is common");
	diag_fix_ttl(lint, diag, FIX_UNSAFE, record, HOUR_SECONDS);
}

static const struct rule ttl_blocks_rollout = {
	.id = "zone-ttl-blocks-rollout",
	.level = LEVEL_WARNING,
	.subject = SUBJECT_TXT,
	.fix = FIX_UNSAFE,
	.summary = "record cannot be changed for a long time",
	.rationale = "Receivers keep a record for its TTL. A policy or key "
	    "that turns out to be wrong bounces mail for as long; while a "
	    "rollout runs an hour is enough, a day at all times.",
	.citation = "RFC 1035 section 3.2.1",
	.bad = QUIET_SOA QUIET_MX QUIET_SPF
	    "_dmarc 604800 TXT \"v=DMARC1; p=reject; "
	    "rua=mailto:dmarc@example.com\"\n",
	.good = QUIET_SOA QUIET_MX QUIET_SPF QUIET_DMARC,
	.record = check_ttl_blocks_rollout,
};

static void
check_ttl_zero(struct lint *lint, const struct record *record)
{
	struct diag *diag;

	if (record->ttl > 0 || record->auth == AUTH_NONE ||
	    record->type != RR_TXT)
		return;
	diag = complain(lint, record->type_span, "every mail makes its "
	    "receiver ask for this %s record again, because its TTL is 0",
	    auth_name(record->auth));
	diag_help(lint, diag, "a TTL of an hour to a day is common");
	/* Another of the set would have it lowered again. */
	if ((lint->several & HAS_TXT) == 0)
		diag_fix_ttl(lint, diag, FIX_UNSAFE, record, HOUR_SECONDS);
}

static const struct rule ttl_zero = {
	.id = "zone-ttl-zero",
	.level = LEVEL_NOTE,
	.subject = SUBJECT_TXT,
	.fix = FIX_UNSAFE,
	.summary = "record of mail has a TTL of 0",
	.rationale = "Nobody may keep a record with a TTL of 0. The name "
	    "servers are asked for every message, and when they are slow, "
	    "mail is not authenticated. Some resolvers keep it all the same.",
	.citation = "RFC 1035 section 3.2.1",
	.bad = QUIET_SOA QUIET_MX QUIET_SPF
	    "_dmarc 0 TXT \"v=DMARC1; p=reject; "
	    "rua=mailto:dmarc@example.com\"\n",
	.good = QUIET_SOA QUIET_MX QUIET_SPF QUIET_DMARC,
	.record = check_ttl_zero,
};

/* The first name with a policy to come that has no record at _dmarc yet. */
static struct str
first_unpublished(struct lint *lint)
{
	const struct config_domain *domain;
	struct str name;
	struct domain_walk walk = { 0 };

	while ((domain = lint_next_domain(lint, &walk)) != NULL) {
		if (!domain->dmarc.present)
			continue;
		name = name_join(lint->arena, STR("_dmarc"), domain->name);
		if (zone_find(lint->zone, name) == NULL)
			return name;
	}
	return STR_NONE;
}

static void
check_negative_ttl_long(struct lint *lint)
{
	const struct zone *zone = lint->zone;
	uint32_t ttl = zone_negative_ttl(zone);
	struct str name, duration;
	struct diag *diag;

	if (!zone_is_whole(zone) || ttl <= HOUR_SECONDS)
		return;
	name = first_unpublished(lint);
	if (name.p == NULL)
		return;
	duration = duration_words(lint->arena, ttl);
	diag = complain_zone(lint, "once %.*s is published, some receivers "
	    "will not see it for another %.*s", STR_ARG(name),
	    STR_ARG(duration));
	diag_help(lint, diag, "lower the last number of the SOA to 3600 "
	    "before");
}

static const struct rule negative_ttl_long = {
	.id = "zone-negative-ttl-long",
	.level = LEVEL_NOTE,
	.subject = SUBJECT_ZONE,
	.summary = "new names stay invisible for a long time",
	.rationale = "Resolvers remember that a name does not exist for the "
	    "lesser of the SOA's TTL and its last number. A new record at "
	    "_dmarc is not seen before that.",
	.citation = "RFC 2308 section 5",
	.bad = "$ORIGIN example.com.\n$TTL 86400\n"
	    "@ SOA ns hostmaster 1 3600 900 604800 86400\n@ NS ns\n"
	    "ns A 198.51.100.53\n" QUIET_MX QUIET_SPF
	    "; config:\nversion: 1\ndomains:\n"
	    "  example.com: {dmarc: {p: reject, "
	    "rua: ['mailto:dmarc@example.com']}}\n",
	.good = QUIET_SOA QUIET_MX QUIET_SPF QUIET_DMARC
	    "; config:\nversion: 1\ndomains:\n"
	    "  example.com: {dmarc: {p: reject, "
	    "rua: ['mailto:dmarc@example.com']}}\n",
	.check = check_negative_ttl_long,
};

/* ---- copies and mixtures ------------------------------------------------- */

static void
complain_copy(struct lint *lint, const struct record *record,
    const struct record *first)
{
	struct diag *diag;

	diag = complain(lint, record->rdata_span, "name servers answer with "
	    "this record once, though it stands in the zone twice");
	diag_record(lint, diag, record);
	diag_note(lint, diag, first->rdata_span, "the first stands here");
	diag_fix_remove_record(lint, diag, FIX_SAFE, record);
}

static void
check_duplicate_rr(struct lint *lint, const struct node *node,
    struct str name)
{
	const struct record **records, **first;
	size_t count, i;

	(void)name;
	count = lint_records(lint, node, TWICE_TYPES, &records);
	first = records_first(lint->arena, records, count);
	for (i = 0; i < count; i++)
		if (first[i] != records[i])
			complain_copy(lint, records[i], first[i]);
}

static const struct rule duplicate_rr = {
	.id = "zone-duplicate-rr",
	.level = LEVEL_NOTE,
	.subject = SUBJECT_NODE,
	.types = HAS_TWICE,
	.fix = FIX_SAFE,
	.summary = "record stands in the zone twice",
	.rationale = "Name servers drop exact copies. Other tools keep both "
	    "and report two SPF records where there is one, and who edits "
	    "only one of them makes two.",
	.citation = "RFC 2181 section 5",
	.bad = QUIET_SOA QUIET_MX QUIET_DMARC QUIET_SPF
	    RR("@ TXT \"v=spf1 ip4:198.51.100.25 ~all\""),
	.good = QUIET_SOA QUIET_MX QUIET_DMARC QUIET_SPF,
	.node = check_duplicate_rr,
};

/* Generated ones come first, and the others are not what its makers change. */
static bool
is_generated_beside(const struct record *first, const struct record *other)
{
	return span_resolve(first->type_span).source !=
	    span_resolve(other->type_span).source &&
	    first->type_span.source == other->type_span.source;
}

/* A set is told once, where it first differs; all its records are mended. */
static void
tell_mismatch(struct lint *lint, const struct record *first,
    const struct record *other, const struct record **records, size_t count)
{
	bool turned = is_generated_beside(first, other);
	const struct record *told = turned ? first : other;
	uint32_t lowest = first->ttl;
	struct diag *diag;
	size_t i;

	diag = complain(lint, told->type_span, "name servers give all %s "
	    "records of %.*s one TTL, be it %u or %u",
	    first->type == RR_MX ? "MX" : "TXT",
	    STR_ARG(name_show(first->owner)),
	    (unsigned)first->ttl, (unsigned)other->ttl);
	diag_record(lint, diag, told);
	if (turned)
		diag_note(lint, diag, other->type_span, "another stands here");
	else
		diag_note(lint, diag, first->type_span,
		    "the first stands here");
	for (i = 0; i < count; i++)
		if (records[i]->type == first->type &&
		    records[i]->ttl < lowest)
			lowest = records[i]->ttl;
	for (i = 0; i < count; i++)
		if (records[i]->type == first->type &&
		    records[i]->ttl != lowest)
			diag_fix_ttl(lint, diag, FIX_SAFE, records[i],
			    lowest);
	diag_help(lint, diag, "give them all the lowest, %u",
	    (unsigned)lowest);
}

static void
check_rrset_ttl_mismatch(struct lint *lint, const struct node *node,
    struct str name)
{
	static const uint16_t types[] = { RR_TXT, RR_MX };
	const struct record **records, *first;
	size_t count, i, j;

	(void)name;
	count = lint_records(lint, node, HAS_TXT | HAS_MX, &records);
	for (i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		first = NULL;
		for (j = 0; j < count; j++) {
			if (records[j]->type != types[i])
				continue;
			if (first == NULL)
				first = records[j];
			if (records[j]->ttl == first->ttl)
				continue;
			tell_mismatch(lint, first, records[j], records, count);
			break;
		}
	}
}

static const struct rule rrset_ttl_mismatch = {
	.id = "zone-rrset-ttl-mismatch",
	.level = LEVEL_WARNING,
	.subject = SUBJECT_NODE,
	.types = HAS_TXT | HAS_MX,
	.several = true,
	.fix = FIX_SAFE,
	.summary = "records of one name and type have different TTLs",
	.rationale = "Records of one name and type are one set with one TTL. "
	    "Name servers take that of the first; BIND that of the last, where "
	    "other names stand between them. So the one that is written at "
	    "the others does not count when a change is timed. The lowest is "
	    "the one that nobody has to wait longer for than he thinks.",
	.citation = "RFC 2181 section 5.2",
	.bad = QUIET_SOA QUIET_MX QUIET_SPF QUIET_DMARC
	    "@ 300 TXT \"verification=0123456789\"\n",
	.good = QUIET_SOA QUIET_MX QUIET_SPF QUIET_DMARC
	    "@ 3600 TXT \"verification=0123456789\"\n",
	.node = check_rrset_ttl_mismatch,
};

const struct rule *const zone_answer_rules[] = {
	&apex_txt_crowded,
	&duplicate_rr,
	&negative_ttl_long,
	&rrset_over_1232,
	&rrset_over_512,
	&rrset_ttl_mismatch,
	&ttl_blocks_rollout,
	&ttl_zero,
	NULL
};
