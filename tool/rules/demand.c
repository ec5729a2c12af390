/*
 * What only some authorities demand. These rules are off unless a profile or
 * the configuration turns them on, see policy/profile.c.
 */
#include "rules/check.h"

/* The MX that makes it a name that takes mail; a null MX does not. */
static const struct record *
find_mx(struct lint *lint, const struct node *node, struct str name)
{
	return zone_is_whole(lint->zone) && node_is_mail_name(node, name) ?
	    lint_mx(lint, node) : NULL;
}

/* ---- DKIM ---------------------------------------------------------------- */

/* People write mail from it; a host that only greets signs nothing. */
static bool
is_mail_domain(const struct lint *lint, const struct record *record)
{
	const struct node *node = zone_find(record->zone, record->owner);

	return node_is_mail_name(node, record->owner) &&
	    (lint->domain != NULL || (node->types & HAS_MX) != 0 ||
	    str_equal(record->owner, record->zone->name));
}

/* Mail of a subdomain may well be signed by a domain above. */
static void
check_dkim_missing(struct lint *lint, const struct record *record)
{
	struct str name = record->owner, organization, signer = name;
	struct diag *diag;
	bool known;

	if (!is_mail_domain(lint, record) || name_is_included(lint, name) ||
	    lint_role(lint, name) != MAIL_SENDING)
		return;
	organization = lint_organization(lint, name, MODEL_7489, &known);
	if (!known || may_have_key(lint->world, lint->arena, name))
		return;
	while (name_below(signer, organization)) {
		signer = name_parent(signer);
		if (may_have_key(lint->world, lint->arena, signer))
			return;
	}
	diag = complain(lint, record_owner_span(record), "mail of %.*s that "
	    "is forwarded counts as forged, because no DKIM key is published "
	    "for it", STR_ARG(name_show(name)));
	diag_help(lint, diag, "have its mail signed, and publish the key at "
	    "SELECTOR._domainkey.%.*s", STR_ARG(name_show(name)));
}

static const struct rule dkim_missing = {
	.id = "dkim-missing",
	.level = LEVEL_OFF,
	.subject = SUBJECT_SPF,
	.summary = "no DKIM key at a domain that sends mail",
	.rationale = "SPF fails as soon as mail is forwarded; a signature "
	    "stays. Large receivers and most authorities ask for both. Which "
	    "selectors are in use is not to be seen in the DNS, so this "
	    "looks for any key at the name and above it, up to the "
	    "organizational domain.",
	.citation = "RFC 9989 section 8; Gmail sender guidelines; SP "
	    "800-177r1 section 4.5; TR-03182-P, F-01",
	.bad = QUIET,
	.good = QUIET QUIET_DKIM,
	.record = check_dkim_missing,
};

/* ---- DMARC --------------------------------------------------------------- */

static void
make_strict(struct lint *lint, struct diag *diag, const struct record *record,
    const struct tag *tag, const char *text)
{
	if (tag != NULL)
		diag_fix_text(lint, diag, FIX_UNSAFE, record, tag->value_start,
		    tag->value_end, STR("s"));
	else
		diag_fix_text(lint, diag, FIX_UNSAFE, record,
		    record->dmarc->p->end, record->dmarc->p->end,
		    str_from(text));
}

static void
check_relaxed(struct lint *lint, const struct record *record)
{
	const struct dmarc *dmarc = record->dmarc;
	const struct tag *adkim = tags_find_case(&dmarc->tags, "adkim");
	const struct tag *aspf = tags_find_case(&dmarc->tags, "aspf");
	const struct tag *place;
	struct diag *diag;

	if (dmarc->p == NULL || (dmarc->strict_dkim && dmarc->strict_spf))
		return;
	place = !dmarc->strict_dkim && adkim != NULL ? adkim :
	    !dmarc->strict_spf && aspf != NULL ? aspf : dmarc->p;
	diag = complain_text(lint, record, place->start, place->end,
	    "whoever can send as a name below %.*s passes as %.*s itself, "
	    "because alignment is relaxed for %s",
	    STR_ARG(name_show(record_domain(record))),
	    STR_ARG(name_show(record_domain(record))),
	    dmarc->strict_dkim ? "SPF" : dmarc->strict_spf ? "DKIM" :
	    "DKIM and SPF");
	diag_help(lint, diag, "write \"adkim=s; aspf=s\" once all senders "
	    "sign and send as exactly the domain in From");
	if (!dmarc->strict_dkim)
		make_strict(lint, diag, record, adkim, !dmarc->strict_spf &&
		    aspf == NULL ? "; adkim=s; aspf=s" : "; adkim=s");
	if (!dmarc->strict_spf && (dmarc->strict_dkim || adkim != NULL ||
	    aspf != NULL))
		make_strict(lint, diag, record, aspf, "; aspf=s");
}

static const struct rule alignment_relaxed = {
	.id = "dmarc-alignment-relaxed",
	.level = LEVEL_OFF,
	.subject = SUBJECT_DMARC,
	.fix = FIX_UNSAFE,
	.summary = "alignment is relaxed",
	.rationale = "With relaxed alignment an SPF pass or a signature of "
	    "any subdomain counts for the domain, so its safety rests on all "
	    "of them. Strict alignment breaks senders that use a subdomain "
	    "of their own for bounces or signatures.",
	.citation = "RFC 9989 section 11.8; New Zealand, Secure Government "
	    "Email",
	.bad = QUIET,
	.good = WITH_DMARC("v=DMARC1; p=reject; adkim=s; aspf=s; "
	    "rua=mailto:d@example.com"),
	.record = check_relaxed,
};

static void
check_own_missing(struct lint *lint, const struct node *node, struct str name)
{
	const unsigned types = HAS_A | HAS_AAAA | HAS_MX;
	const struct record **records;
	struct str organization, place;
	struct diag *diag;
	bool known;

	if (!zone_is_whole(lint->zone) || !node_is_mail_name(node, name) ||
	    lint_records(lint, node, types, &records) == 0)
		return;
	organization = lint_organization(lint, name, MODEL_7489, &known);
	place = name_join(lint->arena, STR("_dmarc"), name);
	/* What is missing there is missing altogether: dmarc-missing. */
	if (!known || str_equal(organization, name) ||
	    !lint_is_absent(lint, place, RR_TXT) ||
	    dmarc_is_lacking(lint, organization))
		return;
	diag = complain(lint, record_owner_span(records[0]), "mail forged as "
	    "%.*s is treated as the record of %.*s says: it has none of its "
	    "own", STR_ARG(name), STR_ARG(organization));
	diag_record(lint, diag, records[0]);
	diag_help(lint, diag, "add: %.*s. TXT \"v=DMARC1; p=reject; ...\"",
	    STR_ARG(place));
}

static const struct rule own_missing = {
	.id = "dmarc-own-missing",
	.level = LEVEL_OFF,
	.subject = SUBJECT_NODE,
	.types = HAS_A | HAS_AAAA | HAS_MX,
	.summary = "subdomain without a DMARC record of its own",
	.rationale = "Names below an organizational domain fall under its "
	    "record, so this is no gap. Some authorities still want a record "
	    "at every name: then receivers of both generations find the "
	    "same, and no change above opens a name below.",
	.citation = "RFC 9989 section 4.10.1; New Zealand, Secure Government "
	    "Email",
	.bad = QUIET RR("www A 198.51.100.80"),
	.good = QUIET_SOA QUIET_DMARC QUIET_SPF RR("@ MX 10 mail.example.net.")
	    TXT("_dmarc.ns", "v=DMARC1; p=reject; rua=mailto:d@example.com"),
	.node = check_own_missing,
};

/* ---- transport ----------------------------------------------------------- */

static void
tell_missing(struct lint *lint, const struct record *mx, struct str place,
    const char *text, const char *effect)
{
	struct diag *diag = complain(lint, record_owner_span(mx), "%s %.*s, "
	    "because there is no record at %.*s", effect,
	    STR_ARG(name_show(mx->owner)), STR_ARG(place));

	diag_record(lint, diag, mx);
	diag_help(lint, diag, "add: %.*s. TXT \"%s\"", STR_ARG(place), text);
}

static void
check_mtasts_missing(struct lint *lint, const struct node *node,
    struct str name)
{
	const struct record *mx = find_mx(lint, node, name);
	struct str place = name_join(lint->arena, STR("_mta-sts"), name);

	if (mx != NULL && lint_is_absent(lint, place, RR_TXT))
		tell_missing(lint, mx, place, "v=STSv1; id=...", "who sits "
		    "between can read and keep mail to");
}

static const struct rule mtasts_missing = {
	.id = "mtasts-missing",
	.level = LEVEL_OFF,
	.subject = SUBJECT_NODE,
	.types = HAS_MX,
	.summary = "no MTA-STS at a domain that takes mail",
	.rationale = "Without MTA-STS or DANE senders encrypt when they can: "
	    "somebody on the way can pretend that they cannot, or answer in "
	    "the place of the mail server.",
	.citation = "RFC 8461; New Zealand, Secure Government Email",
	.bad = QUIET,
	.good = QUIET RR("mta-sts A 198.51.100.80")
	    TXT("_mta-sts", "v=STSv1; id=20261123")
	    TXT("_smtp._tls", "v=TLSRPTv1; rua=mailto:t@example.com"),
	.node = check_mtasts_missing,
};

/* With MTA-STS there is a rule of its own, which is not off. */
static void
check_tlsrpt_missing(struct lint *lint, const struct node *node,
    struct str name)
{
	const struct record *mx = find_mx(lint, node, name);
	struct str place = name_join(lint->arena, STR("_smtp._tls"), name);

	if (mx != NULL && lint_is_absent(lint, place, RR_TXT) &&
	    lint_is_absent(lint, name_join(lint->arena, STR("_mta-sts"),
	    name), RR_TXT))
		tell_missing(lint, mx, place, "v=TLSRPTv1; rua=mailto:...",
		    "nobody learns when mail cannot be encrypted to");
}

static const struct rule tlsrpt_missing = {
	.id = "tlsrpt-missing",
	.level = LEVEL_OFF,
	.subject = SUBJECT_NODE,
	.types = HAS_MX,
	.summary = "no TLS-RPT at a domain that takes mail",
	.rationale = "Senders that fail to encrypt can tell, once a day and "
	    "to an address of the domain. Without the record they do not.",
	.citation = "RFC 8460 section 3; New Zealand, Secure Government "
	    "Email",
	.bad = QUIET,
	.good = QUIET TXT("_smtp._tls", "v=TLSRPTv1; "
	    "rua=mailto:t@example.com"),
	.node = check_tlsrpt_missing,
};

const struct rule *const demand_rules[] = {
	&dkim_missing, &alignment_relaxed, &own_missing, &mtasts_missing,
	&tlsrpt_missing, NULL
};
