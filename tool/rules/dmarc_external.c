/*
 * DMARC: reports that go to somebody else. RFC 9990 section 4, for failure
 * reports too (RFC 9991 section 5).
 */
#include <stdarg.h>

#include "rules/check.h"

/* ---- from the domain's side ---------------------------------------------- */

/* With any other label for one of its own it would still be short enough. */
enum { NAME_SAFE = NAME_MAX_WIRE - NAME_MAX_LABEL };

/* Is it the first of rua, then ruf, with this host? */
static bool
is_first(const struct dmarc *dmarc, const struct report_uri *uri)
{
	const struct report_uri *other;

	for (other = dmarc->rua_list; other != NULL; other = other->next) {
		if (other == uri)
			return true;
		if (str_equal(other->host, uri->host))
			return false;
	}
	for (other = dmarc->ruf_list; other != uri; other = other->next)
		if (str_equal(other->host, uri->host))
			return false;
	return true;
}

/* Who wants reports: the record that is judged, or where an alias leads. */
struct request {
	const struct record *record;	/* that is judged */
	const struct record *policy;
	struct str domain;
};

/* Reports are about the alias, wherever the policy stands. */
static bool
read_request(struct lint *lint, const struct record *record,
    struct request *request)
{
	request->record = request->policy = record;
	if (record->type == RR_TXT && record->auth == AUTH_DMARC) {
		request->domain = record_domain(record);
		return true;
	}
	if (record->type != RR_CNAME || auth_place(record->owner,
	    &request->domain, NULL) != AUTH_DMARC ||
	    is_beside_record(lint, record, AUTH_DMARC))
		return false;
	request->policy = dmarc_only_record(lint, request->domain);
	return request->policy != NULL;
}

/* Of which records the rules are that ask that. */
#define REQUEST \
	.subject = SUBJECT_RECORD, \
	.types = HAS_TXT | HAS_CNAME, \
	.in_sight = true, \
	.marks = MARK_KIND(AUTH_DMARC) | MARK_NO_KIND

__attribute__((format(printf, 4, 5))) static struct diag *
complain_destination(struct lint *lint, const struct request *request,
    const struct report_uri *uri, const char *format, ...)
{
	struct diag *diag;
	va_list args;

	va_start(args, format);
	diag = request->policy == request->record ?
	    complain_text_args(lint, request->record, uri->start, uri->end,
	    format, args) : complain_args(lint, request->record->rdata_span,
	    format, args);
	va_end(args);
	if (request->policy != request->record) {
		diag_about(lint, diag, uri->text);
		diag_note(lint, diag, request->policy->rdata_span,
		    "the policy");
	}
	return diag;
}

typedef void destination_check(struct lint *, const struct request *,
    const struct report_uri *, struct str record_name);

/* Would it be, whatever the domain is? No zone says anything of such names. */
static bool
is_unknown_to_all(const struct lint *lint, enum authorised authorised,
    struct str name)
{
	return authorised == AUTHORISED_UNKNOWN &&
	    name_wire_length(name) <= NAME_SAFE &&
	    zones_covering(lint->world->zones, name) == NULL;
}

/* Calls for each foreign host that is authorised like this. */
static void
for_each_destination(struct lint *lint, const struct record *record,
    enum authorised wanted, destination_check *check)
{
	const struct report_uri *lists[2], *uri;
	enum authorised authorised;
	struct request request;
	struct str name;
	size_t i;

	/* The policy domain is then any name. */
	if (!read_request(lint, record, &request) ||
	    name_is_wildcard(request.domain))
		return;
	lists[0] = request.policy->dmarc->rua_list;
	lists[1] = request.policy->dmarc->ruf_list;
	for (i = 0; i < 2; i++)
		for (uri = lists[i]; uri != NULL; uri = uri->next) {
			if (uri->problem != URI_FINE || uri->host.n == 0 ||
			    name_within(uri->host, request.domain) ||
			    !is_first(request.policy->dmarc, uri))
				continue;
			name = STR_NONE;
			authorised = report_authorised(lint->world,
			    lint->arena, request.domain, uri->host, &name);
			if (authorised != AUTHORISED_SAME &&
			    !is_unknown_to_all(lint, authorised, name))
				lint_unlike(lint);
			if (authorised == wanted && !text_is_spoiled(record,
			    record_marks(record)))
				check(lint, &request, uri, name);
		}
}

/* Is the name free, and no wildcard above it that a new name would hide? */
static bool
has_room(const struct zone *zone, struct str name)
{
	const struct node *node = zone_find(zone, name);

	if (node != NULL)
		return false;
	while (name_below(name, zone->name)) {
		name = name_parent(name);
		node = zone_find(zone, name);
		if (node != NULL && (node->wildcard || node->cut))
			return false;
	}
	return true;
}

/* In the zone of the destination, when that is one of ours. */
static void
offer_authorisation(struct lint *lint, struct diag *diag, struct str name)
{
	const struct zone *zone = zones_covering(lint->world->zones, name);

	if (zone != NULL && zone_is_whole(zone) && zone->contents->has_soa &&
	    has_room(zone, name))
		diag_fix_add_record_to(lint, diag, zone, zone_place(zone),
		    name, "TXT \"v=DMARC1;\"");
}

static void
complain_unauthorised(struct lint *lint, const struct request *request,
    const struct report_uri *uri, struct str name)
{
	struct answer answer = zones_ask(lint->world->zones, lint->arena,
	    name, RR_TXT);
	struct diag *diag;

	diag = complain_destination(lint, request, uri,
	    "no report goes to " STR_QUOTE ", because %.*s does not say that "
	    "it takes them", STR_QUOTE_ARG(uri->text), STR_ARG(uri->host));
	/* Who holds it is told by dmarc-report-auth-malformed. */
	if (answer.kind == ANSWER_DATA && answer.count == 1 &&
	    str_equal(answer.owner, name)) {
		diag_help(lint, diag, "let what stands at %.*s begin with "
		    "\"v=DMARC1;\"", STR_ARG(name));
		diag_note(lint, diag, answer.records[0]->rdata_span,
		    "this was to say it");
		return;
	}
	diag_help(lint, diag, "add: %.*s. TXT \"v=DMARC1;\"", STR_ARG(name));
	offer_authorisation(lint, diag, name);
}

static void
check_unauthorised(struct lint *lint, const struct record *record)
{
	for_each_destination(lint, record, AUTHORISED_NO,
	    complain_unauthorised);
}

static const struct rule unauthorised = {
	.id = "dmarc-external-unauthorised",
	.level = LEVEL_ERROR,
	REQUEST,
	.fix = FIX_UNSAFE,
	.summary = "report address in another domain that does not agree",
	.rationale = "Before sending reports to another organization "
	    "receivers ask its DNS whether it wants them. Without the record "
	    "they send none, so nobody sees what happens to the mail.",
	.citation = "RFC 9990 section 4",
	.bad = WITH_DMARC("v=DMARC1; p=reject; rua=mailto:d@example.net")
	    "; zone: example.net\n$TTL 3600\n"
	    "@ SOA ns hostmaster 1 3600 900 604800 3600\n@ NS ns\n"
	    "ns A 198.51.100.53\n@ MX 10 mail\nmail A 198.51.100.25\n"
	    TXT("@", "v=spf1 mx ~all")
	    TXT("_dmarc", "v=DMARC1; p=reject; rua=mailto:d@example.net"),
	.good = WITH_DMARC("v=DMARC1; p=reject; rua=mailto:d@example.net")
	    "; zone: example.net\n$TTL 3600\n"
	    "@ SOA ns hostmaster 1 3600 900 604800 3600\n@ NS ns\n"
	    "ns A 198.51.100.53\n@ MX 10 mail\nmail A 198.51.100.25\n"
	    TXT("@", "v=spf1 mx ~all")
	    TXT("_dmarc", "v=DMARC1; p=reject; rua=mailto:d@example.net")
	    TXT("example.com._report._dmarc", "v=DMARC1;"),
	.record = check_unauthorised,
};

static void
complain_unknown(struct lint *lint, const struct request *request,
    const struct report_uri *uri, struct str name)
{
	struct diag *diag;

	diag = complain_destination(lint, request, uri,
	    "whether %.*s takes reports cannot be seen from here",
	    STR_ARG(uri->host));
	diag_help(lint, diag, "it needs: %.*s. TXT \"v=DMARC1;\"",
	    STR_ARG(name));
}

static void
check_unknown(struct lint *lint, const struct record *record)
{
	for_each_destination(lint, record, AUTHORISED_UNKNOWN,
	    complain_unknown);
}

static const struct rule unknown = {
	.id = "dmarc-external-unknown",
	.level = LEVEL_NOTE,
	REQUEST,
	.summary = "report address in a domain that is not loaded",
	.rationale = "Receivers send reports to another organization only "
	    "when its DNS authorises them. Ask the operator for the record, "
	    "or look it up.",
	.citation = "RFC 9990 section 4",
	.bad = WITH_DMARC("v=DMARC1; p=reject; rua=mailto:d@example.net"),
	.good = WITH_DMARC("v=DMARC1; p=reject; rua=mailto:d@example.com"),
	.record = check_unknown,
};

static void
complain_too_long(struct lint *lint, const struct request *request,
    const struct report_uri *uri, struct str name)
{
	struct diag *diag;

	(void)name;
	diag = complain_destination(lint, request, uri,
	    "no report goes to " STR_QUOTE ", because the name at which "
	    "%.*s would authorise it is longer than names can be",
	    STR_QUOTE_ARG(uri->text), STR_ARG(uri->host));
	diag_help(lint, diag, "use an address in a shorter domain");
}

static void
check_name_too_long(struct lint *lint, const struct record *record)
{
	for_each_destination(lint, record, AUTHORISED_TOO_LONG,
	    complain_too_long);
}

/* Names of 4 * 52 octets, for the example. */
#define LONG_LABEL	"abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz"
#define LONG_NAME \
	LONG_LABEL "." LONG_LABEL "." LONG_LABEL "." LONG_LABEL

static const struct rule name_too_long = {
	.id = "dmarc-external-name-too-long",
	.level = LEVEL_ERROR,
	REQUEST,
	.summary = "name for the authorisation of reports is too long",
	.rationale = "The authorisation stands at a name made of both "
	    "domains. When that is longer than DNS allows, receivers take "
	    "the answer for no, and send no reports.",
	.citation = "RFC 9990 section 4 step 4",
	.bad = WITH_DMARC("v=DMARC1; p=reject; rua=mailto:d@example.com")
	    TXT("_dmarc." LONG_NAME, "v=DMARC1; p=reject; "
	    "rua=mailto:d@a-name-of-more-than-25-octets.example.net"),
	.good = WITH_DMARC("v=DMARC1; p=reject; rua=mailto:d@example.com")
	    TXT("_dmarc." LONG_NAME, "v=DMARC1; p=reject; "
	    "rua=mailto:d@example.com"),
	.record = check_name_too_long,
};

/* ---- from the destination's side ----------------------------------------- */

/* Another record at the same name authorises all the same. */
static bool
is_authorised_beside(struct lint *lint, const struct record *record)
{
	const struct node *node = zone_find(lint->zone, record->owner);
	const struct record **records;
	size_t count, i;

	if (node == NULL)
		return false;
	count = lint_records(lint, node, HAS_TXT, &records);
	for (i = 0; i < count; i++)
		if (records[i]->auth == AUTH_REPORT)
			return true;
	return false;
}

/* Blanks before it are no matter of rules about texts. */
static bool
is_told_of_text(struct lint *lint, const struct record *record)
{
	struct str text = str_trim(record->text);

	return auth_near_version(text) != AUTH_NONE &&
	    text_is_explained(lint, record,
	    (size_t)(text.p - record->text.p), record->text.n);
}

static void
check_malformed(struct lint *lint, const struct record *record)
{
	struct str host, domain;
	struct diag *diag;

	if (record->auth != AUTH_NONE || record->type != RR_TXT ||
	    auth_place(record->owner, &host, &domain) != AUTH_REPORT ||
	    is_authorised_beside(lint, record) ||
	    is_told_of_text(lint, record))
		return;
	diag = complain_text(lint, record, 0, record->text.n,
	    "no report about %.*s goes to %.*s, because this does not begin "
	    "with \"v=DMARC1\"", STR_ARG(domain), STR_ARG(host));
	diag_help(lint, diag, "write \"v=DMARC1;\"");
	if (auth_near_version(record->text) == AUTH_DMARC)
		diag_fix_version(lint, diag, record, AUTH_REPORT);
}

static const struct rule malformed = {
	.id = "dmarc-report-auth-malformed",
	.level = LEVEL_ERROR,
	.subject = SUBJECT_TXT,
	.in_sight = true,
	.fix = FIX_UNSAFE,
	.marks = MARK_NO_KIND,
	.summary = "record that should authorise reports does not",
	.rationale = "A destination agrees to reports about another domain "
	    "with a record that begins with v=DMARC1. With any other text "
	    "receivers send none.",
	.citation = "RFC 9990 section 4 step 6",
	.bad = QUIET TXT("example.net._report._dmarc", "v=DMARC"),
	.good = QUIET TXT("example.net._report._dmarc", "v=DMARC1;"),
	.record = check_malformed,
};

static void
check_rua_host(struct lint *lint, const struct record *record)
{
	const struct report_uri *uri;
	struct str host = record_domain(record);
	struct diag *diag;

	for (uri = record->dmarc->rua_list; uri != NULL; uri = uri->next) {
		if (uri->host.n == 0 || str_equal(uri->host, host))
			continue;
		diag = complain_text(lint, record, uri->start, uri->end,
		    "reports go neither to " STR_QUOTE " nor to %.*s, because "
		    "an authorisation can only name another address of the "
		    "same host", STR_QUOTE_ARG(uri->text), STR_ARG(host));
		diag_help(lint, diag, "use an address at %.*s, or remove "
		    "\"rua\"", STR_ARG(host));
	}
}

static const struct rule rua_host = {
	.id = "dmarc-report-auth-rua-host",
	.level = LEVEL_ERROR,
	.subject = SUBJECT_REPORT,
	.summary = "authorisation of reports sends them to another host",
	.rationale = "The record may replace the address, but must keep its "
	    "host. Otherwise receivers send the report to neither.",
	.citation = "RFC 9990 section 4 step 7",
	.bad = QUIET TXT("example.net._report._dmarc",
	    "v=DMARC1; rua=mailto:d@example.org"),
	.good = QUIET TXT("example.net._report._dmarc",
	    "v=DMARC1; rua=mailto:d@example.com"),
	.record = check_rua_host,
};

static void
check_open(struct lint *lint, const struct record *record)
{
	struct str host, domain;

	auth_place(record->owner, &host, &domain);
	if (!str_is(domain, "*"))
		return;
	complain(lint, record_owner_span(record), "anybody can have reports "
	    "about any domain sent to %.*s", STR_ARG(host));
}

static const struct rule open_to_all = {
	.id = "dmarc-report-auth-open",
	.level = LEVEL_NOTE,
	.subject = SUBJECT_REPORT,
	.summary = "reports about every domain are welcome",
	.rationale = "A wildcard below _report._dmarc agrees to reports about "
	    "any domain. Services for reports want that; others may be sent "
	    "what they did not ask for.",
	.citation = "RFC 9990 section 4",
	.bad = QUIET TXT("*._report._dmarc", "v=DMARC1;"),
	.good = QUIET TXT("example.net._report._dmarc", "v=DMARC1;"),
	.record = check_open,
};

static void
check_has_policy(struct lint *lint, const struct record *record)
{
	const struct tag *p = record->dmarc->p;
	struct diag *diag;

	if (p == NULL)
		return;
	diag = complain_text(lint, record, p->start, p->end,
	    "this has no effect, because the record only authorises reports");
	diag_help(lint, diag, "remove it");
	diag_fix_remove_tag(lint, diag, FIX_SAFE, record, p);
}

static const struct rule has_policy = {
	.id = "dmarc-report-auth-has-policy",
	.level = LEVEL_NOTE,
	.subject = SUBJECT_REPORT,
	.fix = FIX_SAFE,
	.summary = "policy in a record that authorises reports",
	.rationale = "Below _report._dmarc only the version and rua count. A "
	    "policy there protects nobody.",
	.citation = "RFC 9989 section 4.7; RFC 9990 section 4",
	.bad = QUIET TXT("example.net._report._dmarc", "v=DMARC1; p=none"),
	.good = QUIET TXT("example.net._report._dmarc", "v=DMARC1;"),
	.record = check_has_policy,
};

/* The first name below that holds a text, in the order of the file. */
static const struct node *
first_text(const struct zone *zone, const struct node *above)
{
	const struct node *node, *found;

	for (node = node_child(zone, above); node != NULL;
	    node = node_sibling(zone, node)) {
		found = (node->types & HAS_TXT) != 0 ? node :
		    first_text(zone, node);
		if (found != NULL)
			return found;
	}
	return NULL;
}

static void
check_shadowed(struct lint *lint, const struct record *record)
{
	struct str host, domain, base, top;
	const struct node *node;
	struct diag *diag;

	auth_place(record->owner, &host, &domain);
	if (name_labels(domain) < 2)
		return;
	base = name_join(lint->arena, STR("_report._dmarc"), host);
	node = zone_find(lint->zone, base);
	if (node == NULL || !node->wildcard)
		return;
	/* The name between exists now, and the wildcard stops above it. */
	top = name_join(lint->arena, name_last(domain, 1), base);
	node = zone_find(lint->zone, top);
	if (node == NULL || node->wildcard || first_text(lint->zone, node) !=
	    zone_find(lint->zone, record->owner))
		return;
	diag = complain(lint, record_owner_span(record), "no reports about "
	    "other domains in .%.*s go to %.*s any more, because this entry "
	    "hides the wildcard from them", STR_ARG(name_last(domain, 1)),
	    STR_ARG(host));
	diag_help(lint, diag, "add: *.%.*s. TXT \"v=DMARC1;\", or remove this "
	    "entry", STR_ARG(top));
}

static const struct rule shadowed = {
	.id = "dmarc-report-auth-shadowed",
	.level = LEVEL_ERROR,
	.subject = SUBJECT_REPORT,
	.summary = "explicit authorisation of reports hides the wildcard",
	.rationale = "An entry for a.com below _report._dmarc makes the name "
	    "com._report._dmarc exist. The wildcard beside it then no longer "
	    "answers for any domain in com, so their reports stop.",
	.citation = "RFC 4592 section 3.3.1; RFC 9990 section 4",
	.bad = QUIET TXT("*._report._dmarc", "v=DMARC1;")
	    TXT("example.net._report._dmarc", "v=DMARC1;"),
	.good = QUIET TXT("*._report._dmarc", "v=DMARC1;"),
	.record = check_shadowed,
};

const struct rule *const dmarc_external_rules[] = {
	&unauthorised, &unknown, &name_too_long, &malformed, &rua_host,
	&open_to_all, &has_policy, &shadowed, NULL
};
