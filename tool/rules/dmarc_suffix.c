/*
 * DMARC: public suffixes, and where the two generations of receivers differ
 * about what an organization is. RFC 9989 sections 4.10.2 and 11.8.
 */
#include "rules/check.h"

static struct str
organization(struct lint *lint, struct str domain, enum model model,
    bool *known)
{
	return lint_organization(lint, domain, model, known);
}

/* The zone above that of the examples, with a policy. */
#define ZONE_COM(text) \
	"; zone: com\n$ORIGIN com.\n$TTL 3600\n" \
	"@ SOA nic b.nic 1 3600 900 604800 3600\n@ NS nic\n" \
	"nic A 192.0.2.1\nexample NS ns.example\n" \
	"ns.example A 198.51.100.53\n" \
	TXT("_dmarc", "v=DMARC1; " text)

/* Does it say so of a name that is no public suffix? */
static bool
is_wrong_suffix(const struct lint *lint, const struct record *record,
    struct str name)
{
	const struct config_domain *domain;

	if (!record->dmarc->psd_yes || lint->world->psl == NULL)
		return false;
	domain = config_domain(lint->config, name);
	return !psl_has(lint->world->psl, name) && (domain == NULL ||
	    domain->dmarc.psd.text.p == NULL ||
	    !str_is_case(domain->dmarc.psd.text, "y"));
}

static void
check_psd_y_of_alias(struct lint *lint, const struct record *alias)
{
	const struct record *policy;
	struct str name;
	struct diag *diag;

	policy = dmarc_lent_by(lint, alias, &name);
	if (policy == NULL || !is_wrong_suffix(lint, policy, name))
		return;
	diag = complain(lint, alias->rdata_span, "receivers of RFC 9989 take "
	    "every name below %.*s for an organization of its own, because "
	    "this leads to a record that says that it is a public suffix",
	    STR_ARG(name));
	diag_note(lint, diag, policy->rdata_span, "the policy");
	diag_help(lint, diag, "publish a record of its own without \"psd\"");
}

static void
check_psd_y(struct lint *lint, const struct record *record)
{
	struct str name;
	struct diag *diag;

	if (record->type == RR_CNAME)
		check_psd_y_of_alias(lint, record);
	if (record->type != RR_TXT || record->auth != AUTH_DMARC)
		return;
	name = record_domain(record);
	if (!is_wrong_suffix(lint, record, name) ||
	    record_is_void(lint, record) ||
	    text_is_spoiled(record, record_marks(record)))
		return;
	diag = complain_text(lint, record, record->dmarc->psd->start,
	    record->dmarc->psd->end, "receivers of RFC 9989 take every name "
	    "below %.*s for an organization of its own, because this says "
	    "that it is a public suffix", STR_ARG(name));
	diag_help(lint, diag, "remove it");
	diag_fix_remove_tag(lint, diag, FIX_UNSAFE, record,
	    record->dmarc->psd);
}

static const struct rule psd_y = {
	.id = "dmarc-psd-y-on-org",
	.level = LEVEL_ERROR,
	.subject = SUBJECT_RECORD,
	.types = HAS_TXT | HAS_CNAME,
	.in_sight = true,
	.fix = FIX_UNSAFE,
	.marks = MARK_PSD | MARK_NO_KIND,
	.summary = "psd=y at a name that is no public suffix",
	.rationale = "psd=y says that names below belong to different "
	    "owners. The organizational domain moves one label down: mail of "
	    "news.example.com no longer aligns with example.com, and fails.",
	.citation = "RFC 9989 section 4.10.2",
	.bad = WITH_DMARC("v=DMARC1; p=reject; psd=y; "
	    "rua=mailto:d@example.com"),
	.good = WITH_DMARC("v=DMARC1; p=reject; rua=mailto:d@example.com"),
	.record = check_psd_y,
};

static void
check_psd_missing(struct lint *lint, const struct record *record)
{
	const struct config_domain *domain;
	struct diag *diag;
	struct str name;

	if (record->dmarc->psd_yes || lint->config->source == NULL ||
	    record_is_void(lint, record))
		return;
	name = record_domain(record);
	domain = config_domain(lint->config, name);
	if (domain == NULL || domain->dmarc.psd.text.p == NULL ||
	    !str_is_case(domain->dmarc.psd.text, "y"))
		return;
	diag = complain_text(lint, record, record->dmarc->v->start,
	    record->dmarc->v->end, "receivers of RFC 9989 take all names "
	    "below %.*s for one organization, because its record lacks "
	    "\"psd=y\"", STR_ARG(name));
	diag_help(lint, diag, "add \"psd=y\"");
	if (record->dmarc->psd == NULL && record->dmarc->p != NULL)
		diag_fix_text(lint, diag, FIX_UNSAFE, record,
		    record->dmarc->p->end, record->dmarc->p->end,
		    STR("; psd=y"));
}

static const struct rule psd_missing = {
	.id = "dmarc-psd-missing",
	.level = LEVEL_ERROR,
	.subject = SUBJECT_DMARC,
	.fix = FIX_UNSAFE,
	.summary = "record of a public suffix operator without psd=y",
	.rationale = "The record of a public suffix must say so. Without it "
	    "every registrant below can send mail that aligns with every "
	    "other.",
	.citation = "RFC 9989 section 5.2",
	.bad = QUIET "; config:\nversion: 1\ndomains:\n"
	    "  example.com: {dmarc: {p: reject, psd: y}}\n",
	.good = WITH_DMARC("v=DMARC1; p=reject; psd=y; "
	    "rua=mailto:d@example.com") "; config:\nversion: 1\ndomains:\n"
	    "  example.com: {dmarc: {p: reject, psd: y}}\n",
	.record = check_psd_missing,
};

static void
check_psd_ruf(struct lint *lint, const struct record *record)
{
	const struct dmarc *dmarc = record->dmarc;
	struct diag *diag;

	if (!dmarc->psd_yes || dmarc->ruf == NULL ||
	    is_wrong_suffix(lint, record, record_domain(record)) ||
	    record_is_void(lint, record))
		return;
	diag = complain_text(lint, record, dmarc->ruf->start, dmarc->ruf->end,
	    "no receiver sends failure reports for a public suffix, and "
	    "asking for them is forbidden");
	diag_help(lint, diag, "remove \"ruf\"");
	diag_fix_remove_tag(lint, diag, FIX_UNSAFE, record, dmarc->ruf);
}

static const struct rule psd_ruf = {
	.id = "dmarc-psd-ruf",
	.level = LEVEL_ERROR,
	.subject = SUBJECT_DMARC,
	.fix = FIX_UNSAFE,
	.marks = MARK_PSD,
	.summary = "public suffix asks for failure reports",
	.rationale = "Failure reports hold mail of people who never heard of "
	    "the operator of the suffix. Its record must not ask for them, "
	    "and reporters must not send them.",
	.citation = "RFC 9989 section 10.2; RFC 9991 section 2",
	.bad = WITH_DMARC("v=DMARC1; p=reject; psd=y; "
	    "rua=mailto:d@example.com; ruf=mailto:d@example.com")
	    "; config:\nversion: 1\ndomains:\n"
	    "  example.com: {dmarc: {p: reject, psd: y}}\n",
	.good = WITH_DMARC("v=DMARC1; p=reject; rua=mailto:d@example.com"),
	.record = check_psd_ruf,
};

static void
check_psd_n(struct lint *lint, const struct record *record)
{
	struct str domain, above;

	if (!record->dmarc->psd_no || record_is_void(lint, record))
		return;
	domain = record_domain(record);
	above = organization(lint, domain, MODEL_7489, NULL);
	if (!name_below(domain, above))
		return;
	complain_text(lint, record, record->dmarc->psd->start,
	    record->dmarc->psd->end, "receivers of RFC 7489 ignore this and "
	    "still take %.*s for the organizational domain", STR_ARG(above));
}

static const struct rule psd_n = {
	.id = "dmarc-psd-n-legacy",
	.level = LEVEL_NOTE,
	.subject = SUBJECT_DMARC,
	.marks = MARK_PSD,
	.summary = "psd=n is only understood by receivers of RFC 9989",
	.rationale = "psd=n makes a name an organizational domain of its own. "
	    "Receivers that go by the public suffix list know nothing of "
	    "it: names below need a policy, and alignment, that work for "
	    "both.",
	.citation = "RFC 9989 section 4.7",
	.bad = QUIET TXT("_dmarc.news", "v=DMARC1; p=reject; psd=n; "
	    "rua=mailto:d@example.com"),
	.good = QUIET,
	.record = check_psd_n,
};

static void
check_parent_flag(struct lint *lint, const struct record *record)
{
	const struct record *above;
	struct str domain, parent;
	struct diag *diag;
	bool known = true;

	if (record->dmarc->psd_no || record->dmarc->psd_yes ||
	    record_is_void(lint, record))
		return;
	domain = record_domain(record);
	parent = organization(lint, domain, MODEL_9989, &known);
	if (!known || !name_below(domain, parent) || !str_equal(domain,
	    organization(lint, domain, MODEL_7489, NULL)))
		return;
	diag = complain_text(lint, record, record->dmarc->p != NULL ?
	    record->dmarc->p->start : 0, record->dmarc->p != NULL ?
	    record->dmarc->p->end : record->text.n, "mail of everybody else "
	    "below %.*s aligns with %.*s at receivers of RFC 9989, because "
	    "the record there lacks \"psd=y\"", STR_ARG(parent),
	    STR_ARG(domain));
	diag_help(lint, diag, "add \"psd=n\" here, and ask for \"psd=y\" "
	    "there");
	above = dmarc_only_record(lint, parent);
	if (above != NULL)
		diag_note(lint, diag, above->span, "the record above");
	if (record->dmarc->psd == NULL && record->dmarc->p != NULL)
		diag_fix_text(lint, diag, FIX_UNSAFE, record,
		    record->dmarc->p->end, record->dmarc->p->end,
		    STR("; psd=n"));
}

static const struct rule parent_flag = {
	.id = "dmarc-parent-psd-flag",
	.level = LEVEL_WARNING,
	.subject = SUBJECT_DMARC,
	.fix = FIX_UNSAFE,
	.summary = "public suffix above has a DMARC record without psd=y",
	.rationale = "Receivers that walk the tree take the highest record "
	    "for the organizational domain. When that is a public suffix, "
	    "strangers below it count as the same organization, and relaxed "
	    "alignment lets them in.",
	.citation = "RFC 9989 section 11.8",
	.bad = QUIET ZONE_COM("p=reject; rua=mailto:d@nic.com"),
	.good = WITH_DMARC("v=DMARC1; p=reject; psd=n; "
	    "rua=mailto:d@example.com"),
	.record = check_parent_flag,
};

/* RFC 9989 asks at no name above of more than seven labels. */
static bool
is_too_deep(struct str domain)
{
	return name_labels(domain) > 7;
}

static void
check_deep_name(struct lint *lint, const struct record *record)
{
	struct str domain = record_domain(record);
	struct diag *diag;

	if (!is_too_deep(domain) || (!record->dmarc->psd_no &&
	    (!str_equal(domain, organization(lint, domain, MODEL_9989, NULL))
	    || dmarc_uncovered_name(lint, domain).p == NULL)))
		return;
	diag = complain(lint, record_owner_span(record), "no receiver of RFC "
	    "9989 finds this record for names below %.*s, because it asks at "
	    "names of seven labels and less", STR_ARG(domain));
	diag_help(lint, diag, "publish records at the names below");
}

static const struct rule deep_name = {
	.id = "dmarc-deep-name-unreachable",
	.level = LEVEL_WARNING,
	.subject = SUBJECT_DMARC,
	.summary = "DMARC record too deep for names below it to find",
	.rationale = "Above the name itself the tree walk begins at seven "
	    "labels. A record at a name of eight or more speaks for that "
	    "name only.",
	.citation = "RFC 9989 sections 4.10 and 5.1.8",
	.bad = QUIET TXT("_dmarc.b.c.d.e.f.g", "v=DMARC1; p=reject; psd=n; "
	    "rua=mailto:d@example.com"),
	.good = QUIET TXT("_dmarc.b.c.d.e.f.g", "v=DMARC1; p=reject; "
	    "rua=mailto:d@example.com"),
	.record = check_deep_name,
};

/* What receivers of RFC 7489 do with mail from names below a domain. */
static enum outcome
level_by_list(struct lint *lint, struct str above)
{
	const struct record *policy = dmarc_only_record(lint, above);
	struct verdict detail = { 0 };

	return policy == NULL ? OUTCOME_NO_POLICY :
	    policy_level(policy->dmarc, 's', MODEL_7489, &detail);
}

static void
check_divergence(struct lint *lint, const struct record *record)
{
	struct str domain = record_domain(record), above, name;
	struct verdict detail = { 0 };
	struct diag *diag;
	bool known = true;

	above = organization(lint, domain, MODEL_7489, &known);
	if (!known || !name_below(domain, above) || is_too_deep(domain) ||
	    record->dmarc->p == NULL || record_is_void(lint, record) ||
	    !str_equal(domain,
	    organization(lint, domain, MODEL_9989, &known)) || !known ||
	    level_by_list(lint, above) == policy_level(record->dmarc, 's',
	    MODEL_9989, &detail) ||
	    (name = dmarc_uncovered_name(lint, domain)).p == NULL)
		return;
	diag = complain_text(lint, record, record->dmarc->p->start,
	    record->dmarc->p->end, "receivers of RFC 9989 apply this to %.*s, "
	    "those of RFC 7489 go by %.*s, where %s", STR_ARG(name),
	    STR_ARG(above), dmarc_is_lacking(lint, above) ?
	    "they find no policy" : "they find another policy");
	diag_help(lint, diag, "publish a DMARC record for %.*s, and one for "
	    "%.*s that does what this does", STR_ARG(name), STR_ARG(above));
}

static const struct rule divergence = {
	.id = "dmarc-orgdomain-divergence",
	.level = LEVEL_WARNING,
	.subject = SUBJECT_DMARC,
	.summary = "receivers disagree about the organizational domain",
	.rationale = "Receivers of RFC 7489 take the organizational domain "
	    "from the public suffix list, those of RFC 9989 from the DMARC "
	    "records on the way up. Where the two differ, the same mail "
	    "meets different policies and alignments.",
	.citation = "RFC 9989 appendix C.3",
	.bad = WITH_DMARC("v=DMARC1; p=quarantine; rua=mailto:d@example.com")
	    TXT("_dmarc.news", "v=DMARC1; p=reject; psd=n; "
	    "rua=mailto:d@example.com") RR("a.news A 198.51.100.80"),
	.good = QUIET TXT("_dmarc.news", "v=DMARC1; p=reject; psd=n; "
	    "rua=mailto:d@example.com") RR("a.news A 198.51.100.80"),
	.record = check_divergence,
};

const struct rule *const dmarc_suffix_rules[] = {
	&psd_y, &psd_missing, &psd_ruf, &psd_n, &parent_flag, &deep_name,
	&divergence, NULL
};
