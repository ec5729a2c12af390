/*
 * What name servers answer, when mailzone verify has asked them. The zone is
 * the one that the configuration asks for.
 */
#include "base/arena.h"
#include "base/buffer.h"
#include "rules/check.h"

/* How the servers answer for one record; those that are behind do not count. */
struct tally {
	size_t right, missing, other;
	const struct record *found;	/* in its place, at the first */
	const struct served_by *by;
	struct buffer lacking;		/* who has not got it right */
};

static bool
is_behind(const struct lint *lint, const struct served_by *server)
{
	return served_newer(lint->world->served, server) != NULL;
}

static void
take(struct tally *tally, const struct served_by *server,
    enum served_state state, const struct record *found)
{
	tally->right += state == SERVED_RIGHT;
	tally->missing += state == SERVED_MISSING;
	tally->other += state == SERVED_OTHER;
	if (state != SERVED_MISSING && state != SERVED_OTHER)
		return;
	buffer_printf(&tally->lacking, "%s%.*s", tally->lacking.n > 0 ?
	    ", " : "", STR_ARG(server->name));
	if (found != NULL && tally->found == NULL) {
		tally->found = found;
		tally->by = server;
	}
}

static struct tally
count(struct lint *lint, const struct record *wanted)
{
	const struct served_by *server = lint->world->served->servers;
	const struct record *found;
	struct tally tally = { 0 };
	enum served_state state;

	for (; server != NULL; server = server->next) {
		if (is_behind(lint, server))
			continue;
		state = served_record(lint->arena, server, wanted, &found);
		take(&tally, server, state, found);
	}
	return tally;
}

static bool
is_asked(const struct lint *lint)
{
	return lint->world->served != NULL && str_equal(
	    lint->world->served->zone, lint->zone->name);
}

/* Calls for each record; SOA records are the name servers' own affair. */
static void
for_each_record(struct lint *lint,
    void (*check)(struct lint *, const struct record *))
{
	const struct record *record;
	size_t position = 0;

	if (!is_asked(lint))
		return;
	while ((record = zone_next(lint->zone, lint->arena, ~0U,
	    &position)) != NULL)
		if (record->type != RR_SOA)
			check(lint, record);
}

/* "SPF record at example.com" */
static struct str
describe(struct lint *lint, const struct record *record)
{
	struct str kind = record->auth != AUTH_NONE ?
	    str_from(auth_name(record->auth)) :
	    rrtype_name(lint->arena, record->type);

	return arena_printf(lint->arena, "%.*s record at %.*s",
	    STR_ARG(kind), STR_ARG(name_show(record->owner)));
}

static void
note_found(struct lint *lint, struct diag *diag, const struct record *found,
    const struct served_by *server)
{
	if (found != NULL)
		diag_note(lint, diag, found->span, "%.*s answers with this",
		    STR_ARG(server->name));
}

/* ---- nobody has it ------------------------------------------------------- */

static void
tell_missing(struct lint *lint, const struct record *record)
{
	struct tally tally = count(lint, record);
	struct diag *diag;

	if (tally.missing > 0 && tally.right + tally.other == 0) {
		diag = complain(lint, record->rdata_span, "receivers do not "
		    "find the %.*s: no name server has it",
		    STR_ARG(describe(lint, record)));
		diag_record(lint, diag, record);
		diag_help(lint, diag, "publish what mailzone generate "
		    "prints, and raise the serial number of the zone");
	}
	buffer_free(&tally.lacking);
}

static void
check_missing(struct lint *lint)
{
	for_each_record(lint, tell_missing);
}

#define SERVER(records)	"; server: ns1.example.com\n" records
#define OLD_SOA \
	"$ORIGIN example.com.\n$TTL 3600\n" \
	"@ SOA ns hostmaster 0 3600 900 604800 3600\n"

static const struct rule missing = {
	.id = "verify-missing",
	.level = LEVEL_ERROR,
	.subject = SUBJECT_ZONE,
	.summary = "name servers do not have a configured record",
	.rationale = "What stands in the configuration helps nobody until the "
	    "name servers answer with it: receivers see a domain without "
	    "the record.",
	.citation = "mailzone(1), verify",
	.bad = QUIET SERVER(QUIET_SOA QUIET_SPF QUIET_MX),
	.good = QUIET SERVER(QUIET),
	.check = check_missing,
};

/* ---- nobody has it right ------------------------------------------------- */

static void
tell_differs(struct lint *lint, const struct record *record)
{
	struct tally tally = count(lint, record);
	struct diag *diag;

	if (tally.other > 0 && tally.right == 0) {
		diag = complain(lint, record->rdata_span, "receivers find "
		    "another %.*s than the one that is configured",
		    STR_ARG(describe(lint, record)));
		diag_record(lint, diag, record);
		note_found(lint, diag, tally.found, tally.by);
		diag_help(lint, diag, "publish what mailzone generate "
		    "prints, or take what is published into the "
		    "configuration");
	}
	buffer_free(&tally.lacking);
}

static void
check_differs(struct lint *lint)
{
	for_each_record(lint, tell_differs);
}

static const struct rule differs = {
	.id = "verify-differs",
	.level = LEVEL_ERROR,
	.subject = SUBJECT_ZONE,
	.summary = "name servers have another record than the configured one",
	.rationale = "Somebody has changed the zone and not the "
	    "configuration, or the other way round. The next run of generate "
	    "takes back what was published meanwhile, which may be a key "
	    "that mail is signed with.",
	.citation = "mailzone(1), verify",
	.bad = QUIET SERVER(WITH_DMARC("v=DMARC1; p=none")),
	.good = QUIET SERVER(QUIET),
	.check = check_differs,
};

/* ---- some have it right -------------------------------------------------- */

static void
tell_servers(struct lint *lint, const struct record *record)
{
	struct tally tally = count(lint, record);
	struct diag *diag;

	if (tally.right > 0 && tally.missing + tally.other > 0) {
		diag = complain(lint, record->rdata_span, "what receivers "
		    "find depends on whom they ask: %.*s %s not have the "
		    "%.*s that is configured",
		    STR_ARG(buffer_str(&tally.lacking)),
		    tally.missing + tally.other == 1 ? "does" : "do",
		    STR_ARG(describe(lint, record)));
		diag_record(lint, diag, record);
		note_found(lint, diag, tally.found, tally.by);
	}
	buffer_free(&tally.lacking);
}

static void
check_servers(struct lint *lint)
{
	for_each_record(lint, tell_servers);
}

static const struct rule servers = {
	.id = "verify-servers",
	.level = LEVEL_ERROR,
	.subject = SUBJECT_ZONE,
	.summary = "name servers disagree about a record",
	.rationale = "Each receiver asks any of the name servers. When they "
	    "hold the same serial number and different records, nothing "
	    "ever brings them together, and mail passes or fails by chance.",
	.citation = "RFC 1034 section 4.3.5; RFC 2182 section 7",
	.bad = QUIET SERVER(QUIET)
	    "; server: ns2.example.com\n" QUIET_SOA QUIET_SPF QUIET_MX,
	.good = QUIET SERVER(QUIET) "; server: ns2.example.com\n" QUIET,
	.check = check_servers,
};

/* ---- more than one ------------------------------------------------------- */

/* One is wrong already where it stands in place of the right one. */
static void
tell_extra(struct lint *lint, const struct record *record)
{
	const struct served_by *server = lint->world->served->servers;
	const struct record *other;
	struct diag *diag;

	for (; server != NULL; server = server->next) {
		if (is_behind(lint, server) || served_record(lint->arena,
		    server, record, NULL) != SERVED_RIGHT)
			continue;
		other = served_beside(lint->arena, server, record);
		if (other == NULL)
			continue;
		diag = complain(lint, record->rdata_span, "receivers can use "
		    "neither the %.*s nor the second one that is published "
		    "beside it", STR_ARG(describe(lint, record)));
		diag_record(lint, diag, record);
		note_found(lint, diag, other, server);
		diag_help(lint, diag, "take the second one out of the zone");
		return;
	}
}

static void
check_extra(struct lint *lint)
{
	for_each_record(lint, tell_extra);
}

static const struct rule extra = {
	.id = "verify-extra",
	.level = LEVEL_ERROR,
	.subject = SUBJECT_ZONE,
	.summary = "name servers have a second record beside a configured one",
	.rationale = "Two SPF records are a permanent error, two DMARC "
	    "records are none, and of two keys at one selector receivers "
	    "take any: most often the old record was left when the new one "
	    "was published.",
	.citation = "RFC 7208 section 4.5; RFC 9989 section 4.10",
	.bad = QUIET SERVER(QUIET "@ TXT \"v=spf1 -all\"\n"),
	.good = QUIET SERVER(QUIET "@ TXT \"other=1\"\n"),
	.check = check_extra,
};

/* ---- servers that are behind --------------------------------------------- */

/* The configuration's word for the zone, when it has one. */
static void
complain_served(struct lint *lint, struct buffer *message)
{
	const struct config_domain *domain = lint->config->source == NULL ?
	    NULL : config_domain(lint->config, lint->zone->name);

	if (message->n > 0 && domain != NULL)
		complain(lint, domain->span, "%.*s",
		    STR_ARG(buffer_str(message)));
	else if (message->n > 0)
		complain_zone(lint, "%.*s", STR_ARG(buffer_str(message)));
	buffer_free(message);
}

/* The zone file's, when no server has that yet; else the newest server's. */
static bool
find_newest(const struct served_zone *served, struct str *name,
    uint32_t *serial)
{
	const struct served_by *server = served->servers;
	bool found = served->has_serial;

	*name = STR("the zone file");
	*serial = served->serial;
	for (; server != NULL; server = server->next)
		if (server->has_serial && (!found ||
		    !serial_is_after(*serial, server->serial))) {
			found = true;
			*name = server->name;
			*serial = server->serial;
		}
	return found;
}

static void
check_stale(struct lint *lint)
{
	const struct served_by *server;
	struct buffer message = { 0 };
	struct str newest;
	uint32_t serial;

	if (!is_asked(lint) || !find_newest(lint->world->served, &newest,
	    &serial))
		return;
	for (server = lint->world->served->servers; server != NULL;
	    server = server->next) {
		if (!server->has_serial ||
		    !serial_is_after(serial, server->serial))
			continue;
		if (message.n == 0)
			buffer_printf(&message, "receivers may find what was "
			    "published earlier: %.*s has serial number %lu",
			    STR_ARG(newest), (unsigned long)serial);
		buffer_printf(&message, ", %.*s still %lu",
		    STR_ARG(server->name), (unsigned long)server->serial);
	}
	complain_served(lint, &message);
}

static const struct rule stale = {
	.id = "verify-stale",
	.level = LEVEL_WARNING,
	.subject = SUBJECT_ZONE,
	.summary = "name server answers from an old copy of the zone",
	.rationale = "Right after a change that is as it should be. When it "
	    "stays so, transfers fail, and the server goes on with the old "
	    "records until the zone expires there.",
	.citation = "RFC 1034 section 4.3.5; RFC 1996",
	.bad = QUIET SERVER(QUIET) "; server: ns2.example.com\n" OLD_SOA,
	.good = QUIET SERVER(QUIET) "; server: ns2.example.com\n" QUIET,
	.check = check_stale,
};

/* ---- servers that do not answer ------------------------------------------ */

/* What a server leaves open; the first of several questions is named. */
static void
add_trouble(struct buffer *message, const struct served_by *server)
{
	const struct unanswered *open = server->unanswered;

	if (server->trouble.p == NULL && open == NULL)
		return;
	buffer_add_cstr(message, message->n > 0 ? "; " :
	    "receivers may wait in vain: ");
	if (server->trouble.p != NULL)
		buffer_add(message, server->trouble);
	else
		buffer_printf(message, "about %.*s, %.*s",
		    STR_ARG(name_show(open->owner)), STR_ARG(open->why));
}

static void
check_unreachable(struct lint *lint)
{
	const struct served_by *server;
	struct buffer message = { 0 };

	if (!is_asked(lint))
		return;
	for (server = lint->world->served->servers; server != NULL;
	    server = server->next)
		add_trouble(&message, server);
	complain_served(lint, &message);
}

static const struct rule unreachable = {
	.id = "verify-unreachable",
	.level = LEVEL_WARNING,
	.subject = SUBJECT_ZONE,
	.summary = "name server does not answer for the zone",
	.rationale = "A server that is named in the zone and answers nothing, "
	    "or that it is not responsible, makes receivers wait, and some "
	    "take the failure for an answer.",
	.citation = "RFC 1912 section 2.8; RFC 2182 section 4",
	.bad = QUIET SERVER(QUIET) "; server: ns2.example.com silent\n",
	.good = QUIET SERVER(QUIET) "; server: ns2.example.com\n" QUIET,
	.check = check_unreachable,
};

/* ---- TTLs ---------------------------------------------------------------- */

/* Of a set of records the first one speaks. */
static void
tell_ttl(struct lint *lint, const struct record *record)
{
	const struct served_by *server = lint->world->served->servers;
	const struct record *found;
	struct diag *diag;

	for (; server != NULL; server = server->next) {
		if (!server->authoritative || is_behind(lint, server) ||
		    served_record(lint->arena, server, record, &found) !=
		    SERVED_RIGHT || found->ttl == record->ttl)
			continue;
		diag = complain(lint, record->rdata_span, "resolvers keep the "
		    "%.*s for %lu seconds, not for %lu as configured",
		    STR_ARG(describe(lint, record)),
		    (unsigned long)found->ttl, (unsigned long)record->ttl);
		diag_record(lint, diag, record);
		note_found(lint, diag, found, server);
		return;
	}
}

static void
check_ttl(struct lint *lint)
{
	for_each_record(lint, tell_ttl);
}

static const struct rule ttl = {
	.id = "verify-ttl",
	.level = LEVEL_NOTE,
	.subject = SUBJECT_ZONE,
	.summary = "name servers have another TTL than the configured one",
	.rationale = "The TTL says how long a wrong record goes on doing harm "
	    "after it was taken back, and plans wait for it.",
	.citation = "RFC 2181 section 5.2",
	.bad = QUIET SERVER(QUIET_SOA QUIET_SPF QUIET_MX
	    "_dmarc 60 TXT \"v=DMARC1; p=reject; "
	    "rua=mailto:dmarc@example.com\"\n"),
	.good = QUIET SERVER(QUIET),
	.check = check_ttl,
};

const struct rule *const verify_rules[] = {
	&differs, &extra, &missing, &servers, &stale, &ttl, &unreachable,
	NULL
};
