/*
 * DMARC: does one's own mail pass? What the configuration says of senders,
 * held against the policies in the zone.
 */
#include "base/arena.h"
#include "rules/check.h"

/* ---- how senders align --------------------------------------------------- */

static enum aligns
dkim_alignment(const struct config_sender *sender)
{
	/* Keys and aliases of the operator's stand at the domain itself. */
	if (sender->key_count > 0 || sender->dkim_cname != NULL)
		return ALIGNS_YES;
	return sender->provider != NULL ? sender->provider->dkim_aligns :
	    ALIGNS_NO;
}

static enum aligns
spf_alignment(const struct config_sender *sender)
{
	if (sender->return_path.text.p != NULL)
		return ALIGNS_RELAXED;
	if (sender->provider != NULL)
		return sender->provider->spf_aligns;
	return sender->spf.count > 0 ? ALIGNS_YES : ALIGNS_NO;
}

static bool
is_aligned(enum aligns aligns, bool strict)
{
	return aligns == ALIGNS_YES || aligns == ALIGNS_UNKNOWN ||
	    (aligns == ALIGNS_RELAXED && !strict);
}

/* Mail of this sender may pass DMARC, as far as is known. */
static bool
may_pass(const struct config_sender *sender, bool strict_dkim,
    bool strict_spf)
{
	return is_aligned(dkim_alignment(sender), strict_dkim) ||
	    is_aligned(spf_alignment(sender), strict_spf);
}

/*
 * The domains of the configuration with senders at the name of a record or
 * below it, one after the other; starts at 0, NULL at the end.
 */
static const struct config_domain *
next_sending(const struct lint *lint, const struct record *record,
    size_t *next)
{
	const struct config_domain *const *domains;
	size_t count;

	if (lint->config->source == NULL)
		return NULL;
	domains = config_within(lint->config, record_domain(record), &count);
	while (*next < count && (domains[*next]->sender_count == 0 ||
	    name_is_wildcard(domains[*next]->name)))
		(*next)++;
	return *next < count ? domains[(*next)++] : NULL;
}

/*
 * What receivers of either generation go by for mail of a domain, when it
 * stands in this record: one that asks for more than reports, if there is any.
 */
static const struct tag *
deciding_tag(struct lint *lint, const struct record *record,
    struct str domain, bool *enforces)
{
	struct verdict verdicts[MODELS];
	const struct tag *tag = NULL;
	const struct verdict *verdict;

	*enforces = false;
	policy_discover_all(lint->world, lint->arena, domain, verdicts);
	for (verdict = verdicts; verdict < verdicts + MODELS; verdict++) {
		if (verdict->record == NULL || verdict->tag == NULL ||
		    !str_equal(verdict->record->owner, record->owner))
			continue;
		if (tag == NULL || (!*enforces &&
		    outcome_strength(verdict) > 0))
			tag = tags_find_case(&record->dmarc->tags,
			    verdict->tag);
		*enforces = *enforces || outcome_strength(verdict) > 0;
	}
	return tag;
}

/* Of one record there may be a finding for each domain below. */
static void
tell_domain(struct lint *lint, struct diag *diag, const struct record *record,
    const struct config_domain *domain)
{
	if (!str_equal(domain->name, record_domain(record)))
		diag_about(lint, diag, domain->name);
}

static void
tell_sender(struct lint *lint, struct diag *diag, const struct record *record,
    const struct config_domain *domain, const struct config_sender *sender)
{
	diag_about(lint, diag, str_equal(domain->name, record_domain(record)) ?
	    sender->name : arena_printf(lint->arena, "%.*s %.*s",
	    STR_ARG(sender->name), STR_ARG(domain->name)));
}

/* ---- rules --------------------------------------------------------------- */

static struct span
sender_span(const struct config_domain *domain,
    const struct config_sender *sender)
{
	size_t i;

	for (i = 0; i < domain->sender_names.count; i++)
		if (str_equal(domain->sender_names.words[i].text,
		    sender->name))
			return domain->sender_names.words[i].span;
	return sender->span;
}

static void
check_unaligned(struct lint *lint)
{
	const struct config_domain *domain = NULL;
	const struct config_sender *sender;
	struct diag *diag;
	size_t i;

	while ((domain = config_next(lint->config, domain)) != NULL)
		for (i = 0; i < domain->sender_count; i++) {
			sender = domain->senders[i];
			/* What is wrong with it is told at its own place. */
			if (sender->faulty || may_pass(sender, false, false))
				continue;
			diag = complain(lint, sender_span(domain, sender),
			    "mail that " STR_QUOTE " sends as %.*s fails "
			    "DMARC, because it is neither signed nor sent "
			    "in that name", STR_QUOTE_ARG(sender->name),
			    STR_ARG(domain->name));
			diag_help(lint, diag, "give the sender a key "
			    "(\"keys\", \"dkim_cname\") or a \"return_path\" "
			    "below the domain");
		}
}

#define CONFIG_SENDER(sender, domain) \
	"version: 1\nkeys:\n  k: {selector: s, " \
	"public: \"" KEY_2048_1 KEY_2048_2 "\"}\n" \
	"senders:\n  relay: {" sender "}\n" \
	"domains:\n  example.com: {senders: [relay]" domain "}\n"

static const struct rule unaligned = {
	.id = "dmarc-sender-unaligned",
	.level = LEVEL_ERROR,
	.subject = SUBJECT_CONFIG,
	.summary = "sender whose mail cannot pass DMARC",
	.rationale = "DMARC passes when the signature or the envelope sender "
	    "belongs to the domain in From. A sender that has neither fails "
	    "at every receiver, and its mail is lost once the policy is "
	    "enforced.",
	.citation = "RFC 9989 section 4.4",
	.bad = CONFIG_SENDER("owner: ops", ""),
	.good = CONFIG_SENDER("keys: [k]", ""),
	.check = check_unaligned,
};

static void
check_strict_for(struct lint *lint, const struct record *record,
    const struct config_domain *domain)
{
	const struct dmarc *dmarc = record->dmarc;
	const struct config_sender *sender;
	const struct tag *tag;
	struct diag *diag;
	bool enforces;
	size_t i;

	for (i = 0; i < domain->sender_count; i++) {
		sender = domain->senders[i];
		if (may_pass(sender, dmarc->strict_dkim, dmarc->strict_spf) ||
		    !may_pass(sender, false, false) ||
		    deciding_tag(lint, record, domain->name, &enforces) == NULL)
			continue;
		/* The one without which it passes. */
		tag = dmarc->strict_dkim &&
		    may_pass(sender, false, dmarc->strict_spf) ?
		    dmarc->adkim : dmarc->aspf;
		diag = complain_text(lint, record, tag->start, tag->end,
		    "mail of " STR_QUOTE " fails DMARC, because it only "
		    "aligns below %.*s", STR_QUOTE_ARG(sender->name),
		    STR_ARG(domain->name));
		tell_sender(lint, diag, record, domain, sender);
		diag_help(lint, diag, "use relaxed alignment (\"r\"), or let "
		    "the sender sign as %.*s itself", STR_ARG(domain->name));
		diag_fix_text(lint, diag, FIX_UNSAFE, record, tag->value_start,
		    tag->value_end, STR("r"));
		diag_note(lint, diag, sender->span, "configured here");
	}
}

static void
check_strict(struct lint *lint, const struct record *record)
{
	const struct config_domain *domain;
	size_t next = 0;

	if (!record->dmarc->strict_dkim && !record->dmarc->strict_spf)
		return;
	while ((domain = next_sending(lint, record, &next)) != NULL)
		check_strict_for(lint, record, domain);
}

static const struct rule strict = {
	.id = "dmarc-strict-breaks-sender",
	.level = LEVEL_ERROR,
	.subject = SUBJECT_DMARC,
	.fix = FIX_UNSAFE,
	.summary = "strict alignment fails a sender",
	.rationale = "With strict alignment the signature or the envelope "
	    "sender must be the domain itself. A sender that uses a name "
	    "below it fails at every receiver.",
	.citation = "RFC 9989 section 4.4",
	.bad = WITH_DMARC("v=DMARC1; p=quarantine; aspf=s; "
	    "rua=mailto:d@example.com") "; config:\n" CONFIG_SENDER(
	    "spf: [\"ip4:198.51.100.26\"], return_path: bounce", ""),
	.good = WITH_DMARC("v=DMARC1; p=quarantine; "
	    "rua=mailto:d@example.com")
	    TXT("bounce", "v=spf1 ip4:198.51.100.26 -all") "; config:\n"
	    CONFIG_SENDER("spf: [\"ip4:198.51.100.26\"], return_path: bounce",
	    ""),
	.record = check_strict,
};

static bool
any_signs(const struct config_domain *domain, bool strict_dkim)
{
	size_t i;

	for (i = 0; i < domain->sender_count; i++)
		if (is_aligned(dkim_alignment(domain->senders[i]),
		    strict_dkim))
			return true;
	return false;
}

static bool
has_spf(struct lint *lint, struct str domain)
{
	struct answer answer = zones_ask(lint->world->zones, lint->arena,
	    domain, RR_TXT);
	size_t i;

	for (i = 0; i < answer.count; i++)
		if (answer.records[i]->auth == AUTH_SPF)
			return true;
	return answer.kind == ANSWER_UNKNOWN;
}

/* Neither SPF nor a key that is not revoked, and that is certain. */
static bool
has_nothing(struct lint *lint, struct str name)
{
	return !has_spf(lint, name) &&
	    !may_have_key(lint->world, lint->arena, name);
}

/* Nor has a name above, up to that of the record, by which mail may align. */
static bool
lacks_all(struct lint *lint, const struct record *record, struct str name)
{
	if (!has_nothing(lint, name))
		return false;
	while (name_below(name, record_domain(record))) {
		name = name_parent(name);
		if (lint_role(lint, name) != MAIL_NONE &&
		    !has_nothing(lint, name))
			return false;
	}
	return true;
}

static bool
asks_to_reject(const struct dmarc *dmarc, const struct tag *tag)
{
	return (str_is_case(tag->name, "sp") ? dmarc_subdomain_policy(dmarc) :
	    str_is_case(tag->name, "np") ? dmarc_nonexistent_policy(dmarc) :
	    dmarc->policy) == POLICY_REJECT;
}

static void
check_reject_without_dkim(struct lint *lint, const struct record *record)
{
	const struct dmarc *dmarc = record->dmarc;
	const struct config_domain *domain;
	const struct tag *tag;
	struct diag *diag;
	size_t next = 0;
	bool enforces;

	while ((domain = next_sending(lint, record, &next)) != NULL) {
		if (domain->key_count > 0 ||
		    any_signs(domain, dmarc->strict_dkim) ||
		    lacks_all(lint, record, domain->name) ||
		    (tag = deciding_tag(lint, record, domain->name,
		    &enforces)) == NULL || !asks_to_reject(dmarc, tag))
			continue;
		diag = complain_text(lint, record, tag->start, tag->end,
		    "mail of %.*s that is forwarded is %s, because no sender "
		    "signs it", STR_ARG(domain->name), dmarc->test &&
		    dmarc->percent == 0 ? "put aside, and rejected once the "
		    "test ends" : "rejected");
		tell_domain(lint, diag, record, domain);
		diag_help(lint, diag, "let the senders sign with DKIM before "
		    "%.*s=reject is published", STR_ARG(tag->name));
		diag_note(lint, diag, domain->span, "its senders");
	}
}

static const struct rule reject_without_dkim = {
	.id = "dmarc-reject-without-dkim",
	.level = LEVEL_ERROR,
	.subject = SUBJECT_DMARC,
	.summary = "p=reject at a domain whose mail is not signed",
	.rationale = "SPF breaks when mail is forwarded. A domain at p=reject "
	    "must sign its mail and must not rely on SPF alone, or its own "
	    "mail is rejected on the way.",
	.citation = "RFC 9989 sections 7.4 and 8",
	.bad = QUIET "; config:\n" CONFIG_SENDER(
	    "spf: [\"ip4:198.51.100.25\"]", ""),
	.good = QUIET TXT("s._domainkey", "v=DKIM1; k=rsa; p=" KEY_2048)
	    "; config:\n" CONFIG_SENDER("keys: [k]", ""),
	.record = check_reject_without_dkim,
};

static void
check_without_auth(struct lint *lint, const struct record *record)
{
	const struct config_domain *domain;
	const struct tag *tag;
	struct diag *diag;
	size_t next = 0;
	bool enforces;

	while ((domain = next_sending(lint, record, &next)) != NULL) {
		if (!lacks_all(lint, record, domain->name) ||
		    (tag = deciding_tag(lint, record, domain->name,
		    &enforces)) == NULL || !enforces)
			continue;
		diag = complain_text(lint, record, tag->start, tag->end,
		    "all mail of %.*s fails DMARC, because the zone has "
		    "neither SPF nor a DKIM key for it",
		    STR_ARG(domain->name));
		tell_domain(lint, diag, record, domain);
		diag_help(lint, diag, "publish what mailzone generate prints, "
		    "or \"%.*s=none\" until then", STR_ARG(tag->name));
	}
}

static const struct rule without_auth = {
	.id = "dmarc-enforce-without-auth",
	.level = LEVEL_ERROR,
	.subject = SUBJECT_DMARC,
	.summary = "enforced policy at a sending domain without SPF and DKIM",
	.rationale = "Receivers can only tell own mail from forged mail by "
	    "SPF and DKIM. With neither in the zone, the policy hits "
	    "everything that the domain sends.",
	.citation = "RFC 9989 section 5.1.6",
	.bad = QUIET_SOA QUIET_MX QUIET_DMARC "; config:\n"
	    CONFIG_SENDER("keys: [k]", ""),
	.good = QUIET TXT("s._domainkey", "v=DKIM1; k=rsa; p=" KEY_2048)
	    "; config:\n" CONFIG_SENDER("keys: [k]", ""),
	.record = check_without_auth,
};

static void
check_reject_users(struct lint *lint, const struct record *record)
{
	const struct config_domain *domain;
	struct diag *diag;

	if (record->dmarc->policy != POLICY_REJECT ||
	    lint->config->source == NULL)
		return;
	domain = config_domain(lint->config, record_domain(record));
	if (domain == NULL || domain->sender_count == 0 ||
	    !config_has_users(domain))
		return;
	diag = complain_text(lint, record, record->dmarc->p->start,
	    record->dmarc->p->end, "mail that people of %.*s send to mailing "
	    "lists may be rejected", STR_ARG(domain->name));
	diag_help(lint, diag, "RFC 9989 advises \"p=quarantine\" for domains "
	    "whose users write to mailing lists");
}

static const struct rule reject_users = {
	.id = "dmarc-reject-users",
	.level = LEVEL_NOTE,
	.subject = SUBJECT_DMARC,
	.summary = "p=reject at a domain with users",
	.rationale = "Mailing lists change messages and break signatures. "
	    "Domains whose users may write to them should not publish "
	    "p=reject; several authorities demand it all the same.",
	.citation = "RFC 9989 section 7.4",
	.bad = QUIET TXT("s._domainkey", "v=DKIM1; k=rsa; p=" KEY_2048)
	    "; config:\n" CONFIG_SENDER("keys: [k], users: true", ""),
	.good = QUIET TXT("s._domainkey", "v=DKIM1; k=rsa; p=" KEY_2048)
	    "; config:\n" CONFIG_SENDER("keys: [k]", ""),
	.record = check_reject_users,
};

static void
check_stage_skip(struct lint *lint)
{
	const struct config_domain *domain = NULL;
	const struct record *record;
	const struct setting *p;
	struct diag *diag;

	while ((domain = config_next(lint->config, domain)) != NULL) {
		p = &domain->dmarc.p;
		if (domain->sender_count == 0 || domain->rollout.present ||
		    p->text.p == NULL || !str_is_case(p->text, "reject"))
			continue;
		record = dmarc_only_record(lint, domain->name);
		if (record == NULL || record->dmarc->policy != POLICY_NONE)
			continue;
		diag = complain(lint, p->span, "what is wrong with mail of "
		    "%.*s will be noticed when it is rejected, because this "
		    "goes from none to reject at once",
		    STR_ARG(domain->name));
		diag_help(lint, diag, "add \"rollout: {start: DATE}\" to go "
		    "in steps");
		diag_note(lint, diag, record->span, "published now");
	}
}

static const struct rule stage_skip = {
	.id = "dmarc-stage-skip",
	.level = LEVEL_WARNING,
	.subject = SUBJECT_CONFIG,
	.summary = "configuration goes from p=none to p=reject at once",
	.rationale = "Senders that nobody knew of come to light at every "
	    "step: as reports, as mail put aside. Who skips the steps finds "
	    "them by mail that is lost.",
	.citation = "RFC 9989 sections 5.1.6 and 7.4",
	.bad = CONFIG_SENDER("keys: [k]", ", dmarc: {p: reject}")
	    "; zone: example.com\n"
	    WITH_DMARC("v=DMARC1; p=none; rua=mailto:d@example.com"),
	.good = CONFIG_SENDER("keys: [k]", ", dmarc: {p: reject}")
	    "; zone: example.com\n"
	    WITH_DMARC("v=DMARC1; p=quarantine; rua=mailto:d@example.com"),
	.check = check_stage_skip,
};

/* A name below that is somebody else's to fill; STR_NONE if there is none. */
static struct str
delegated_name(struct lint *lint, struct str domain)
{
	const struct node *node;
	struct arena_mark mark;
	struct str name;
	size_t i;

	for (i = 0; (node = zone_node(lint->zone, i)) != NULL; i++) {
		if (!node->cut || node->occluded)
			continue;
		mark = arena_mark(lint->arena);
		name = node_name(lint->zone, node, lint->arena);
		if (name_below(name, domain) && name.p[0] != '_' &&
		    zones_find(lint->world->zones, name) == NULL)
			return name;
		arena_release(lint->arena, mark);
	}
	return STR_NONE;
}

static void
check_relaxed_delegation(struct lint *lint, const struct record *record)
{
	const struct dmarc *dmarc = record->dmarc;
	struct str domain = record_domain(record), name;
	struct diag *diag;

	if ((dmarc->strict_dkim && dmarc->strict_spf) ||
	    !policy_enforces(dmarc->policy) ||
	    !str_equal(domain, lint->zone->name))
		return;
	name = delegated_name(lint, domain);
	if (name.p == NULL)
		return;
	diag = complain_text(lint, record, dmarc->p->start, dmarc->p->end,
	    "who holds %.*s can send as %.*s, because alignment is relaxed",
	    STR_ARG(name), STR_ARG(domain));
	diag_help(lint, diag, "write \"adkim=s; aspf=s\" when all senders "
	    "use the domain itself, or let %.*s publish a record with "
	    "\"psd=n\"", STR_ARG(name));
}

static const struct rule relaxed_delegation = {
	.id = "dmarc-relaxed-delegation",
	.level = LEVEL_NOTE,
	.subject = SUBJECT_DMARC,
	.summary = "relaxed alignment with delegated names below",
	.rationale = "Relaxed alignment accepts SPF and DKIM of every name "
	    "below the organizational domain. Whoever controls a delegated "
	    "one can publish both, and send mail that passes as the domain "
	    "itself.",
	.citation = "RFC 9989 section 11.8",
	.bad = QUIET RR("lab NS ns.example.net."),
	.good = WITH_DMARC("v=DMARC1; p=reject; adkim=s; aspf=s; "
	    "rua=mailto:d@example.com") RR("lab NS ns.example.net."),
	.record = check_relaxed_delegation,
};

const struct rule *const dmarc_sender_rules[] = {
	&unaligned, &strict, &reject_without_dkim, &without_auth,
	&reject_users, &stage_skip, &relaxed_delegation, NULL
};
