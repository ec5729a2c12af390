/* Where mail for a name goes. RFC 5321 section 5.1, RFC 7505. */
#include "rules/check.h"

static bool
is_null(const struct record *record)
{
	return record->type == RR_MX && record->target.n == 0;
}

static struct span
target_span(const struct record *record)
{
	return record->token_count > 0 ?
	    record->tokens[record->token_count - 1].span : record->rdata_span;
}

/* ---- null MX ------------------------------------------------------------- */

static void
check_null_mixed(struct lint *lint, const struct node *node, struct str name)
{
	const struct record **records, *null = NULL, *other = NULL;
	struct diag *diag;
	size_t count, i;

	if ((node->types & HAS_MX) == 0)
		return;
	count = lint_records(lint, node, HAS_MX, &records);
	for (i = 0; i < count; i++)
		if (is_null(records[i]))
			null = records[i];
		else if (other == NULL)
			other = records[i];
	if (null == NULL || other == NULL)
		return;
	diag = complain(lint, null->rdata_span, "some senders deliver mail "
	    "for %.*s, others refuse to, because it has a null MX and "
	    "another one", STR_ARG(name_show(name)));
	diag_record(lint, diag, null);
	diag_help(lint, diag, "remove the null MX, or all others");
	diag_fix_remove_record(lint, diag, FIX_UNSAFE, null);
	diag_note(lint, diag, other->rdata_span, "another MX");
}

static const struct rule null_mixed = {
	.id = "mx-null-mixed",
	.level = LEVEL_ERROR,
	.subject = SUBJECT_NODE,
	.types = HAS_MX,
	.in_sight = true,
	.several = true,
	.fix = FIX_UNSAFE,
	.summary = "null MX beside another MX",
	.rationale = "A null MX says that a name receives no mail and must "
	    "be the only MX there. With another one beside it, mail is lost "
	    "now and then.",
	.citation = "RFC 7505 section 3",
	.bad = QUIET RR("@ MX 0 ."),
	.good = QUIET,
	.node = check_null_mixed,
};

static void
check_null_preference(struct lint *lint, const struct record *record)
{
	struct diag *diag;

	if (!is_null(record) || record->preference == 0 ||
	    record->token_count == 0)
		return;
	diag = complain(lint, record->tokens[0].span, "some senders do not "
	    "recognise this null MX, because its preference is not 0");
	diag_help(lint, diag, "write: MX 0 .");
	if (!record->generated)
		diag_fix(lint, diag, FIX_SAFE, record->tokens[0].span,
		    STR("0"));
}

static const struct rule null_preference = {
	.id = "mx-null-preference",
	.level = LEVEL_NOTE,
	.subject = SUBJECT_RECORD,
	.types = HAS_MX,
	.in_sight = true,
	.fix = FIX_SAFE,
	.summary = "null MX with a preference other than 0",
	.rationale = "A null MX has preference 0. With another one the record "
	    "still leads to no host, but programs that look for the exact "
	    "form pass over it.",
	.citation = "RFC 7505 section 3",
	.bad = QUIET_SOA RR("@ MX 10 .") TXT("@", "v=spf1 -all")
	    TXT("_dmarc", "v=DMARC1; p=reject; rua=mailto:d@example.net"),
	.good = QUIET_SOA RR("@ MX 0 .") TXT("@", "v=spf1 -all")
	    TXT("_dmarc", "v=DMARC1; p=reject; rua=mailto:d@example.net"),
	.record = check_null_preference,
};

/* Is it seen that the record at the end of a redirect is "v=spf1 -all"? */
static bool
redirects_to_nobody(struct lint *lint, struct str name)
{
	const struct spf_reach *reach = spf_reach(lint->world, lint->arena,
	    name);

	return reach->complete && reach->count == 0 && !reach->everybody &&
	    reach->all == '-';
}

/* Does the SPF record of the name let anybody send? */
static bool
lets_send(struct lint *lint, struct str name, const struct spf *spf)
{
	const struct spf_term *term;

	for (term = spf->terms; term != NULL; term = term->next)
		if (spf_is_mechanism(term->kind) && term->qualifier != '-')
			return true;
	return spf->all == NULL && spf->redirect != NULL &&
	    !redirects_to_nobody(lint, name);
}

static bool
has_senders(struct lint *lint, struct str name)
{
	const struct config_domain *domain;
	struct answer answer;
	size_t i;

	if (lint->config->source != NULL) {
		domain = config_domain(lint->config, name);
		return domain != NULL && domain->sender_count > 0;
	}
	answer = zones_ask(lint->world->zones, lint->arena, name, RR_TXT);
	for (i = 0; answer.kind == ANSWER_DATA && i < answer.count; i++)
		if (answer.records[i]->auth == AUTH_SPF)
			return lets_send(lint, name,
			    answer.records[i]->spf);
	return false;
}

static void
check_null_sending(struct lint *lint, const struct record *record)
{
	struct answer answer;
	struct diag *diag;

	if (!is_null(record) || !has_senders(lint, record->owner))
		return;
	/* Beside another MX it is for mx-null-mixed. */
	answer = zones_ask(lint->world->zones, lint->arena, record->owner,
	    RR_MX);
	if (answer.count > 1)
		return;
	diag = complain(lint, record->rdata_span, "receivers may refuse mail "
	    "from %.*s, because nobody can answer it",
	    STR_ARG(name_show(record->owner)));
	diag_help(lint, diag, "give it an MX that takes replies and bounces, "
	    "or let nobody send (\"v=spf1 -all\")");
}

static const struct rule null_sending = {
	.id = "mx-null-sending",
	.level = LEVEL_WARNING,
	.subject = SUBJECT_RECORD,
	.types = HAS_MX,
	.in_sight = true,
	.summary = "null MX at a domain that sends mail",
	.rationale = "A domain that receives no mail should not be used as a "
	    "sender either: bounces and replies go nowhere, and receivers "
	    "may reject its mail for that (550 5.7.27).",
	.citation = "RFC 7505 section 4.2",
	.bad = QUIET_SOA RR("@ MX 0 .") QUIET_SPF
	    TXT("_dmarc", "v=DMARC1; p=reject; rua=mailto:d@example.net"),
	.good = QUIET,
	.record = check_null_sending,
};

static void
check_nomail(struct lint *lint, const struct node *node, struct str name)
{
	struct diag *diag;

	if ((node->types & (HAS_A | HAS_AAAA)) == 0 ||
	    (node->types & (HAS_MX | HAS_CNAME)) != 0 || node->occluded ||
	    name.n == 0 || name.p[0] == '_' || name.p[0] == '*')
		return;
	/* Only these two can say so, and asking is not free. */
	if ((node->types & HAS_TXT) == 0 && lint->domain == NULL)
		return;
	if (lint_role(lint, name) != MAIL_NONE)
		return;
	diag = complain(lint, zone_place(lint->zone), "senders try to deliver "
	    "mail for %.*s at its address, because nothing says that it takes "
	    "none", STR_ARG(name));
	diag_help(lint, diag, "add: %.*s. MX 0 .", STR_ARG(name));
	diag_fix_add_record(lint, diag, diag->span, name, "MX 0 .");
}

static const struct rule nomail = {
	.id = "mx-nomail-without-null",
	.level = LEVEL_NOTE,
	.subject = SUBJECT_NODE,
	.types = HAS_A | HAS_AAAA,
	.in_sight = true,
	.fix = FIX_UNSAFE,
	.summary = "domain without mail has an address and no null MX",
	.rationale = "Without MX records senders deliver to the address of "
	    "the name, try for days, and then tell their users. A null MX "
	    "tells them at once.",
	.citation = "RFC 5321 section 5.1; RFC 7505",
	.bad = QUIET_SOA RR("@ A 198.51.100.80") TXT("@", "v=spf1 -all")
	    TXT("_dmarc", "v=DMARC1; p=reject; rua=mailto:d@example.net"),
	.good = QUIET_SOA RR("@ A 198.51.100.80") RR("@ MX 0 .")
	    TXT("@", "v=spf1 -all")
	    TXT("_dmarc", "v=DMARC1; p=reject; rua=mailto:d@example.net"),
	.node = check_nomail,
};

/* ---- targets ------------------------------------------------------------- */

static void
check_wildcard(struct lint *lint, const struct record *record)
{
	const struct node *node = zone_find(lint->zone, record->owner);
	struct diag *diag;

	if (record->type != RR_MX || is_null(record) ||
	    !name_is_wildcard(record->owner))
		return;
	diag = complain(lint, record_owner_span(record), "every name below "
	    "%.*s that does not exist otherwise can receive, and be taken to "
	    "send, mail%s", STR_ARG(name_parent(record->owner)), node == NULL ||
	    node_has_record(lint, node, AUTH_SPF) ? "" : ", and no SPF record "
	    "says by whom");
	diag_help(lint, diag, "list the names that need mail");
}

static const struct rule wildcard = {
	.id = "mx-wildcard",
	.level = LEVEL_NOTE,
	.subject = SUBJECT_RECORD,
	.types = HAS_MX,
	.in_sight = true,
	.summary = "wildcard MX",
	.rationale = "A wildcard MX makes every unused name look like one "
	    "that takes part in mail. Receivers that check whether a sender "
	    "exists believe any forged name.",
	.citation = "RFC 7208 section 3.5",
	.bad = QUIET RR("* MX 10 mail"),
	.good = QUIET,
	.record = check_wildcard,
};

static bool
is_address(struct str text)
{
	unsigned parts = 0;
	uint64_t number;
	struct str part;

	if (str_has(text, ':'))
		return true;
	if (str_ends(text, STR(".")))
		text.n--;
	/* Most end with a top-level domain. */
	if (text.n == 0 || !byte_is_digit((unsigned char)text.p[text.n - 1]))
		return false;
	while (str_split(&text, '.', &part)) {
		if (!str_number(part, 255, &number))
			return false;
		parts++;
	}
	return parts == 4;
}

static bool
names_address(const struct record *record)
{
	return record->token_count > 0 &&
	    is_address(record->tokens[record->token_count - 1].raw);
}

static void
check_target_address(struct lint *lint, const struct record *record)
{
	struct diag *diag;

	if (record->type != RR_MX || !names_address(record))
		return;
	diag = complain(lint, target_span(record), "mail for %.*s is not "
	    "delivered, because an MX must be the name of a host",
	    STR_ARG(name_show(record->owner)));
	diag_help(lint, diag, "give the host a name with an address record, "
	    "and put that name here");
}

static const struct rule target_address = {
	.id = "mx-target-address",
	.level = LEVEL_ERROR,
	.subject = SUBJECT_RECORD,
	.types = HAS_MX,
	.in_sight = true,
	.summary = "MX that is an IP address",
	.rationale = "An MX holds a name. What looks like an address is taken "
	    "for a name, which does not exist, so mail is not delivered.",
	.citation = "RFC 1035 section 3.3.9; RFC 5321 section 5.1",
	.bad = QUIET_SOA QUIET_SPF QUIET_DMARC RR("@ MX 10 198.51.100.25."),
	.good = QUIET,
	.record = check_target_address,
};

/* A target that the loaded zones can tell about. */
static bool
is_visible_target(const struct lint *lint, const struct record *record)
{
	return record->type == RR_MX && record->target.n > 0 &&
	    !names_address(record) &&
	    zones_covering(lint->world->zones, record->target) != NULL;
}

static bool
has_no_address(struct lint *lint, struct str host)
{
	return lint_is_absent(lint, host, RR_A) &&
	    lint_is_absent(lint, host, RR_AAAA);
}

static void
check_target_cname(struct lint *lint, const struct record *record)
{
	struct answer answer;
	struct diag *diag;
	unsigned links;

	if (!is_visible_target(lint, record))
		return;
	lint_ask(lint, record->target, RR_A, &links);
	if (links == 0 || has_no_address(lint, record->target))
		return;
	answer = zones_ask(lint->world->zones, lint->arena, record->target,
	    RR_A);
	diag = complain(lint, target_span(record), "some senders do not "
	    "deliver mail for %.*s, because %.*s is an alias",
	    STR_ARG(name_show(record->owner)), STR_ARG(record->target));
	diag_help(lint, diag, "name the host itself: %.*s",
	    STR_ARG(answer.name));
}

static const struct rule target_cname = {
	.id = "mx-target-cname",
	.level = LEVEL_WARNING,
	.subject = SUBJECT_RECORD,
	.types = HAS_MX,
	.in_sight = true,
	.summary = "MX that is an alias",
	.rationale = "The name in an MX must not be an alias. Most senders "
	    "cope; some do not, and some mail servers do not recognise "
	    "themselves and loop.",
	.citation = "RFC 2181 section 10.3; RFC 5321 section 5.1",
	.bad = QUIET RR("@ MX 20 smtp") RR("smtp CNAME mail"),
	.good = QUIET RR("@ MX 20 smtp") RR("smtp A 198.51.100.26"),
	.record = check_target_cname,
};

static void
check_target_missing(struct lint *lint, const struct record *record)
{
	struct diag *diag;
	unsigned links;

	if (!is_visible_target(lint, record) ||
	    !has_no_address(lint, record->target) ||
	    target_lacks_dot(lint, record))
		return;
	lint_ask(lint, record->target, RR_A, &links);
	diag = complain(lint, target_span(record), "mail for %.*s is not "
	    "delivered to %.*s, because that has no address",
	    STR_ARG(name_show(record->owner)), STR_ARG(record->target));
	diag_help(lint, diag, links > 0 ? "name a host here, and no alias: "
	    "this one leads nowhere" : "add an A or AAAA record for it; a "
	    "name without a final dot has the origin put behind it");
}

static const struct rule target_missing = {
	.id = "mx-target-missing",
	.level = LEVEL_WARNING,
	.subject = SUBJECT_RECORD,
	.types = HAS_MX,
	.in_sight = true,
	.summary = "MX without an address",
	.rationale = "Senders look up the address of the host in an MX. "
	    "Without one they cannot deliver there, and without any such "
	    "host the mail bounces.",
	.citation = "RFC 5321 section 5.1",
	.bad = QUIET RR("@ MX 20 backup"),
	.good = QUIET RR("@ MX 20 backup") RR("backup A 198.51.100.26"),
	.record = check_target_missing,
};

const struct rule *const mx_rules[] = {
	&null_mixed, &null_preference, &null_sending, &nomail, &wildcard,
	&target_address, &target_cname, &target_missing, NULL
};
