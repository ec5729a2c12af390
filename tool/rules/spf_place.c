/* SPF: is there one record, at every name that needs it? */
#include "base/arena.h"
#include "base/buffer.h"
#include "rollout/rollout.h"
#include "rules/check.h"

enum { SPF_LONG = 450 };		/* RFC 7208 section 3.4 */

/* SPF, or something that another rule says is not quite SPF. */
static bool
has_attempt(struct lint *lint, const struct node *node)
{
	const struct record **records;
	size_t count, i;

	if ((node->types & (HAS_TXT | HAS_SPF)) == 0)
		return false;
	count = lint_records(lint, node, HAS_TXT | HAS_SPF, &records);
	for (i = 0; i < count; i++)
		if (records[i]->type == RR_SPF ||
		    records[i]->auth == AUTH_SPF ||
		    auth_near_version(records[i]->text) == AUTH_SPF)
			return true;
	return false;
}

/* A top-level name of one's own, as "lan": its hosts are in no public DNS. */
static bool
is_private(const struct lint *lint)
{
	return lint->zone->name.n > 0 &&
	    lint->zone->above_length == 0 &&
	    !psl_lists(lint->world->psl, lint->zone->name);
}

static bool
is_organization(struct lint *lint, struct str name)
{
	struct str above = name_parent(name);
	bool known = true;

	return above.n > 0 && !is_private(lint) &&
	    lint_may_have_organizations(lint, above) && str_equal(name,
	    lint_organization(lint, name, MODEL_7489, &known)) && known &&
	    (lint->world->psl == NULL || !psl_has(lint->world->psl, name));
}

/* Some authorities want SPF at every name that could be a sender. */
static bool
every_host_counts(const struct lint *lint, const struct node *node)
{
	const struct profile *profile;
	size_t i = 0;

	if ((node->types & (HAS_A | HAS_AAAA)) == 0)
		return false;
	while ((profile = lint_next_profile(lint, &i)) != NULL)
		if (profile->every_subdomain)
			return true;
	return false;
}

/* A parked name whose plan has not come to the step that locks it. */
static bool
is_to_be_locked(const struct lint *lint, struct str name)
{
	const struct config_domain *domain = config_domain(lint->config,
	    name);
	const struct schedule *schedule;

	if (domain == NULL || !domain->parked || !domain->rollout.present ||
	    lint->world->schedules == NULL)
		return false;
	schedule = schedule_find(lint->world->schedules, domain);
	return schedule != NULL && !schedule_is_last(schedule, schedule_on(
	    schedule, lint->world->today, lint->world->today).step);
}

/* A host below in whose name the configuration has somebody send. */
static void
check_missing_at_host(struct lint *lint, const struct node *node,
    struct str name)
{
	const struct record **records;
	struct diag *diag;

	if (lint->config->source == NULL ||
	    lint_records(lint, node, HAS_A | HAS_AAAA, &records) == 0 ||
	    !spf_is_wanted(lint))
		return;
	diag = complain(lint, record_owner_span(records[0]), "mail that "
	    "senders of yours send as %.*s does not pass SPF, because it has "
	    "no SPF record", STR_ARG(name));
	diag_record(lint, diag, records[0]);
	diag_level(diag, LEVEL_WARNING);
	diag_help(lint, diag, "publish the record that mailzone generate "
	    "prints");
}

/* Hosts and names of mail are told where they stand, organizations once. */
static bool
is_told_elsewhere(struct lint *lint, struct str name)
{
	const struct node *node = zone_find(lint->zone, name);

	return is_organization(lint, name) || (node != NULL &&
	    ((node->types & (HAS_A | HAS_AAAA | HAS_MX)) != 0 ||
	    has_attempt(lint, node)));
}

static bool
has_spf(struct lint *lint, struct str name)
{
	struct answer answer = zones_ask(lint->world->zones, lint->arena, name,
	    RR_TXT);
	size_t i;

	for (i = 0; i < answer.count; i++)
		if (answer.records[i]->auth == AUTH_SPF)
			return true;
	return answer.kind == ANSWER_UNKNOWN;
}

/* A name, there or not, in which the configuration has somebody send. */
static void
check_missing_at(struct lint *lint, const struct config_domain *domain,
    struct str name)
{
	struct lint other = *lint;
	struct diag *diag;

	other.domain = domain;
	other.owner = name;
	if (!spf_is_wanted(&other) || is_told_elsewhere(lint, name) ||
	    has_spf(lint, name) || is_refused_entry(lint, name, AUTH_SPF))
		return;
	diag = complain_zone(lint, "mail that senders of yours send as %.*s "
	    "does not pass SPF, because it has no SPF record", STR_ARG(name));
	diag_about(lint, diag, name);
	diag_level(diag, LEVEL_WARNING);
	diag_help(lint, diag, "publish the record that mailzone generate "
	    "prints");
}

static void
check_missing_configured(struct lint *lint)
{
	struct domain_walk walk = { .domains = NULL };
	const struct config_domain *domain;
	struct str label;
	size_t i;

	while ((domain = lint_next_domain(lint, &walk)) != NULL) {
		if (!domain->spf_publish || name_is_wildcard(domain->name))
			continue;
		check_missing_at(lint, domain, domain->name);
		for (i = 0; i < domain->sender_count; i++) {
			label = domain->senders[i]->return_path.text;
			if (label.p != NULL)
				check_missing_at(lint, NULL, name_join(
				    lint->arena, label, domain->name));
		}
	}
}

static void
check_missing(struct lint *lint, const struct node *node, struct str name)
{
	const struct record *mx;
	struct diag *diag;

	if (zone_is_whole(lint->zone) && str_equal(name, lint->zone->name) &&
	    lint->config->source != NULL)
		check_missing_configured(lint);

	if (!zone_is_whole(lint->zone) || !node_is_mail_name(node, name) ||
	    has_attempt(lint, node))
		return;
	mx = lint_mx(lint, node);
	if (mx == NULL && !is_organization(lint, name) &&
	    !every_host_counts(lint, node)) {
		check_missing_at_host(lint, node, name);
		return;
	}
	if (is_refused_entry(lint, name, AUTH_SPF))
		return;
	if (mx == NULL || str_equal(name, lint->zone->name))
		diag = complain_zone(lint, "receivers cannot tell who may "
		    "send as %.*s, because it has no SPF record",
		    STR_ARG(name));
	else {
		diag = complain(lint, record_owner_span(mx), "receivers cannot "
		    "tell who may send as %.*s, because it has no SPF "
		    "record", STR_ARG(name));
		diag_record(lint, diag, mx);
	}
	if (is_to_be_locked(lint, name))
		diag_level(diag, LEVEL_NOTE);
	diag_help(lint, diag, mx == NULL ? "add: %.*s. TXT \"v=spf1 -all\", "
	    "unless it sends mail" : "add: %.*s. TXT \"v=spf1 mx ~all\", or "
	    "\"v=spf1 -all\" when it only receives mail", STR_ARG(name));
}

static const struct rule missing = {
	.id = "spf-missing",
	.level = LEVEL_ERROR,
	.subject = SUBJECT_NODE,
	.types = ~(unsigned)(HAS_NS | HAS_DS | HAS_DNSSEC),
	.in_sight = true,
	.summary = "mail domain without an SPF record",
	.rationale = "Without SPF any host may write the name into the "
	    "envelope of its mail. SPF is not inherited: every name with an "
	    "MX needs a record of its own, and the organizational domain "
	    "even when it sends nothing.",
	.citation = "RFC 7208 section 3, BOD 18-01",
	.bad = QUIET_SOA QUIET_MX QUIET_DMARC,
	.good = QUIET_SOA QUIET_MX QUIET_DMARC QUIET_SPF,
	.node = check_missing,
};

static void
check_multiple(struct lint *lint, const struct node *node, struct str name)
{
	const struct record *first, *second;
	struct diag *diag;

	if ((node->types & HAS_TXT) == 0)
		return;
	second = record_second(lint, node, AUTH_SPF, &first);
	if (second == NULL)
		return;
	diag = complain_text(lint, second, 0, sizeof("v=spf1") - 1,
	    "receivers give up on SPF for %.*s, because it has two records",
	    STR_ARG(name_show(name)));
	diag_record(lint, diag, second);
	diag_note(lint, diag, record_text_span(first, 0,
	    sizeof("v=spf1") - 1), "the first one");
	diag_help(lint, diag, "write the terms of both into one record");
}

static const struct rule multiple = {
	.id = "spf-multiple",
	.level = LEVEL_ERROR,
	.subject = SUBJECT_NODE,
	.types = HAS_TXT,
	.in_sight = true,
	.several = true,
	.summary = "two SPF records at one name",
	.rationale = "When more than one record begins with v=spf1, the "
	    "result is a permanent error, and none of them counts: own mail "
	    "does not pass, and forged mail is not told from it.",
	.citation = "RFC 7208 sections 3.2 and 4.5",
	.bad = QUIET_SOA QUIET_MX QUIET_DMARC QUIET_SPF
	    TXT("@", "v=spf1 include:_spf.example.net ~all"),
	.good = QUIET_SOA QUIET_MX QUIET_DMARC
	    TXT("@", "v=spf1 ip4:198.51.100.25 include:_spf.example.net "
		"~all"),
	.node = check_multiple,
};

/* "relays 310, workspace 24": what each configured sender takes. */
static void
note_octets(struct lint *lint, struct diag *diag, const struct record *record)
{
	const struct config_domain *domain = config_domain(lint->config,
	    record->owner);
	struct buffer list = { 0 };
	const struct spf_term *term;
	size_t i, sum;

	for (i = 0; domain != NULL && i < domain->sender_count; i++) {
		sum = 0;
		for (term = record->spf->terms; term != NULL;
		    term = term->next)
			if (spf_term_sender(lint->config, lint->arena,
			    record->owner, term->text) == domain->senders[i])
				sum += term->text.n + 1;
		if (sum > 0)
			buffer_printf(&list, "%s%.*s %zu", list.n > 0 ? ", " :
			    "", STR_ARG(domain->senders[i]->name), sum);
	}
	if (list.n > 0)
		diag_note(lint, diag, (struct span){ 0 },
		    "octets of each sender: %.*s",
		    STR_ARG(buffer_str(&list)));
	buffer_free(&list);
}

static void
check_record_long(struct lint *lint, const struct record *record)
{
	const struct config_domain *domain = config_domain(lint->config,
	    record->owner);
	struct diag *diag;

	if (record->text.n + lint_slack(lint) > SPF_LONG)
		lint_unlike(lint);
	if (record->text.n <= SPF_LONG)
		return;
	diag = complain_text(lint, record, 0, record->text.n, "the SPF record "
	    "of %.*s has %zu octets, too many for a DNS answer that every "
	    "resolver takes at once", NAME_ARG(record), record->text.n);
	note_octets(lint, diag, record);
	if (domain != NULL && !domain->spf_split && domain->sender_count > 0)
		diag_help(lint, diag, "take out senders that are gone or cannot "
		    "align, give others a return path of their own "
		    "(return_path), or spread the record over _spf1, _spf2 "
		    "(spf: {split: true}), at a lookup each");
	else
		diag_help(lint, diag, "join networks, remove senders that "
		    "are gone, or move some into a record that this one "
		    "includes");
}

#define SIX_NETWORKS(n) \
	"ip4:198.51.100." n "/28 ip4:203.0.113." n "/28 ip4:192.0.2." n \
	"/28 ip6:2001:db8:25:" n "::/64 ip6:2001:db8:26:" n \
	"::/64 ip6:2001:db8:27:" n "::/64 "

static const struct rule record_long = {
	.id = "spf-record-long",
	.level = LEVEL_WARNING,
	.subject = SUBJECT_SPF,
	.summary = "SPF record is longer than 450 octets",
	.rationale = "Name, record and whatever else stands at the name "
	    "should fit into 512 octets. A longer answer is cut and asked "
	    "for again by TCP; where that fails, there is no SPF.",
	.citation = "RFC 7208 section 3.4",
	.bad = WITH_SPF("v=spf1 " SIX_NETWORKS("16") "\" \"" SIX_NETWORKS("32")
	    "\" \"" SIX_NETWORKS("48") "\" \"" SIX_NETWORKS("64") "~all"),
	.good = WITH_SPF("v=spf1 " SIX_NETWORKS("16") "~all"),
	.record = check_record_long,
};

const struct rule *const spf_place_rules[] = {
	&missing,
	&multiple,
	&record_long,
	NULL
};
