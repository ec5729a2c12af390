/* MTA-STS: mail that is only to come over TLS. RFC 8461. */
#include <stdarg.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "base/digest.h"
#include "base/file.h"
#include "base/path.h"
#include "rules/check.h"

/* ---- the MTA-STS record -------------------------------------------------- */

enum { LONGEST_ID = 32 };		/* RFC 8461 section 3.1 */

/* Its letters and digits; as an id it was never in use. */
static void
fix_id(struct lint *lint, struct diag *diag, const struct record *record)
{
	const struct tag *id = tags_find(&record->mtasts->tags, "id");
	struct buffer out = { 0 };
	size_t i;

	for (i = 0; id != NULL && i < id->value.n; i++)
		if (byte_is_letter((unsigned char)id->value.p[i]) ||
		    byte_is_digit((unsigned char)id->value.p[i]))
			buffer_add_byte(&out, id->value.p[i]);
	if (out.n > 0 && out.n <= LONGEST_ID)
		diag_fix_text(lint, diag, FIX_UNSAFE, record, id->value_start,
		    id->value_end, buffer_finish(&out, lint->arena));
	else
		buffer_free(&out);
}

static bool
is_syntax(int kind)
{
	return kind == MTASTS_BAD_FIELD || kind == MTASTS_NO_ID ||
	    kind == MTASTS_BAD_ID || kind == MTASTS_REPEATED_FIELD;
}

/* One field is told once: a bad value is part of a bad field. */
static bool
is_within_another(const struct problems *problems,
    const struct problem *problem)
{
	const struct problem *other = problems->first;

	for (; other != NULL; other = other->next)
		if (other->kind == MTASTS_BAD_FIELD &&
		    problem->kind == MTASTS_BAD_ID &&
		    problem->start >= other->start &&
		    problem->end <= other->end)
			return true;
	return false;
}

static void
check_mtasts_syntax(struct lint *lint, const struct record *record)
{
	const struct problem *problem;
	struct diag *diag;

	if (record->auth != AUTH_MTASTS ||
	    text_is_spoiled(record, record_marks(record))) {
		complain_passed_over(lint, record, AUTH_MTASTS, "v=STSv1");
		return;
	}
	for (problem = record->mtasts->problems.first; problem != NULL;
	    problem = problem->next) {
		if (!is_syntax(problem->kind) || text_has_foreign(record,
		    problem->start, problem->end) ||
		    is_within_another(&record->mtasts->problems, problem))
			continue;
		diag = complain_problem(lint, record, problem);
		diag_help(lint, diag, "it must read as in "
		    "\"v=STSv1; id=20261123\"");
		if (problem->kind == MTASTS_BAD_ID)
			fix_id(lint, diag, record);
	}
}

#define STS_HOST	RR("mta-sts A 198.51.100.80")
#define STS_REPORTS \
	TXT("_smtp._tls", "v=TLSRPTv1; rua=mailto:t@example.com")

static const struct rule mtasts_syntax = {
	.id = "mtasts-syntax",
	.level = LEVEL_ERROR,
	.subject = SUBJECT_TXT,
	.in_sight = true,
	.fix = FIX_UNSAFE,
	.marks = MARK_NO_KIND | MARK_PROBLEM,
	.summary = "MTA-STS record that senders cannot read",
	.rationale = "The record says v=STSv1; and id= with 1 to 32 letters "
	    "and digits, without blanks around \"=\". Senders ignore any "
	    "other, and deliver without asking for encryption.",
	.citation = "RFC 8461 section 3.1",
	.bad = QUIET STS_HOST STS_REPORTS
	    TXT("_mta-sts", "v=STSv1; id=2026-11-23"),
	.good = QUIET STS_HOST STS_REPORTS
	    TXT("_mta-sts", "v=STSv1; id=20261123"),
	.record = check_mtasts_syntax,
};

static void
check_mtasts_multiple(struct lint *lint, const struct node *node,
    struct str name)
{
	complain_several(lint, node, name, AUTH_MTASTS,
	    "senders do not use the policy");
}

static const struct rule mtasts_multiple = {
	.id = "mtasts-multiple",
	.level = LEVEL_ERROR,
	.subject = SUBJECT_NODE,
	.types = HAS_TXT,
	.in_sight = true,
	.several = true,
	.summary = "more than one MTA-STS record",
	.rationale = "With several records senders assume that there is no "
	    "policy, and deliver without asking for encryption.",
	.citation = "RFC 8461 section 3.1",
	.bad = QUIET STS_HOST STS_REPORTS
	    TXT("_mta-sts", "v=STSv1; id=20261123")
	    TXT("_mta-sts", "v=STSv1; id=20261124"),
	.good = QUIET STS_HOST STS_REPORTS
	    TXT("_mta-sts", "v=STSv1; id=20261123"),
	.node = check_mtasts_multiple,
};

static void
check_mtasts_delimiter(struct lint *lint, const struct record *record)
{
	const struct problem *problem;
	struct diag *diag;

	problem = problems_find(&record->mtasts->problems, MTASTS_DELIMITER);
	if (problem == NULL)
		return;
	diag = complain_problem(lint, record, problem);
	diag_help(lint, diag, "write \"v=STSv1;\"");
	diag_fix_text(lint, diag, FIX_UNSAFE, record, problem->start,
	    problem->end, STR(""));
}

static const struct rule mtasts_delimiter = {
	.id = "mtasts-delimiter",
	.level = LEVEL_WARNING,
	.subject = SUBJECT_MTASTS,
	.fix = FIX_UNSAFE,
	.summary = "blank between v=STSv1 and its semicolon",
	.rationale = "The grammar allows a blank there, but senders are told "
	    "to drop records that do not begin with \"v=STSv1;\", and some "
	    "compare letter by letter.",
	.citation = "RFC 8461 section 3.1",
	.bad = QUIET STS_HOST STS_REPORTS
	    TXT("_mta-sts", "v=STSv1 ; id=20261123"),
	.good = QUIET STS_HOST STS_REPORTS
	    TXT("_mta-sts", "v=STSv1; id=20261123"),
	.record = check_mtasts_delimiter,
};

/*
 * Does it say that the domain that it stands for has a policy? The record, or
 * an alias: that may lead elsewhere, the host of the policy and the servers
 * that this names are the domain's own. Not when senders find no good record.
 */
static bool
announces_policy(struct lint *lint, const struct record *record,
    struct str *domain)
{
	if (record->type != RR_CNAME) {
		*domain = record_domain(record);
		return record->auth == AUTH_MTASTS && record->type == RR_TXT &&
		    !text_is_spoiled(record, record_marks(record));
	}
	return auth_place(record->owner, domain, NULL) == AUTH_MTASTS &&
	    !is_vain_alias(lint, record, AUTH_MTASTS) &&
	    !target_lacks_dot(lint, record) &&
	    !is_beside_record(lint, record, AUTH_MTASTS) &&
	    !zones_ask(lint->world->zones, lint->arena, record->target,
	    RR_TXT).looped;
}

/* Of which records the rules are that want to know. */
#define ANNOUNCEMENT \
	.subject = SUBJECT_RECORD, \
	.types = HAS_TXT | HAS_CNAME, \
	.in_sight = true, \
	.marks = MARK_KIND(AUTH_MTASTS) | MARK_NO_KIND

__attribute__((format(printf, 3, 4))) static struct diag *
complain_policy(struct lint *lint, const struct record *record,
    const char *format, ...)
{
	struct diag *diag;
	va_list args;

	va_start(args, format);
	diag = record->type == RR_CNAME ?
	    complain_args(lint, record->rdata_span, format, args) :
	    complain_text_args(lint, record, 0, record->text.n, format, args);
	va_end(args);
	return diag;
}

/* Is it seen that the domain takes no mail by MX? */
static bool
has_no_mx(struct lint *lint, struct str domain)
{
	struct answer answer;
	size_t i;

	answer = zones_ask(lint->world->zones, lint->arena, domain, RR_MX);
	for (i = 0; i < answer.count; i++)
		if (answer.records[i]->target.n > 0)
			return false;
	return answer.kind != ANSWER_UNKNOWN;
}

static bool
lacks_host(struct lint *lint, struct str host)
{
	return lint_is_absent(lint, host, RR_A) &&
	    lint_is_absent(lint, host, RR_AAAA);
}

static void
check_policy_host(struct lint *lint, const struct record *record)
{
	struct str domain, host;
	struct diag *diag;

	if (!announces_policy(lint, record, &domain))
		return;
	host = name_join(lint->arena, STR("mta-sts"), domain);
	/* Without MX it would not help: mtasts-no-mx. */
	if (!lacks_host(lint, host) || has_no_mx(lint, domain))
		return;
	diag = complain_policy(lint, record, "senders do not use the "
	    "policy, because %.*s has no address", STR_ARG(host));
	diag_help(lint, diag, "add an address for %.*s and serve the policy "
	    "there, or remove the %s", STR_ARG(host),
	    record->type == RR_CNAME ? "CNAME" : "record");
}

static const struct rule mtasts_no_policy_host = {
	.id = "mtasts-no-policy-host",
	.level = LEVEL_ERROR,
	ANNOUNCEMENT,
	.summary = "MTA-STS record without a host for its policy",
	.rationale = "The record only says that there is a policy; senders "
	    "fetch it from https://mta-sts.DOMAIN/. Without that host they "
	    "deliver as if there was none. An alias at _mta-sts does not "
	    "change where they look.",
	.citation = "RFC 8461 section 3.3",
	.bad = QUIET STS_REPORTS TXT("_mta-sts", "v=STSv1; id=20261123"),
	.good = QUIET STS_HOST STS_REPORTS
	    TXT("_mta-sts", "v=STSv1; id=20261123"),
	.record = check_policy_host,
};

static void
check_mtasts_cname(struct lint *lint, const struct record *record)
{
	complain_alias(lint, record, AUTH_MTASTS, "senders do not use the "
	    "policy");
}

static const struct rule mtasts_cname = {
	.id = "mtasts-cname",
	.level = LEVEL_ERROR,
	.subject = SUBJECT_RECORD,
	.types = HAS_CNAME,
	.in_sight = true,
	.summary = "_mta-sts is an alias that leads to no good record",
	.rationale = "A CNAME at _mta-sts hands the record to another name, "
	    "which services offer that serve the policy, too. Where no good "
	    "record is there senders deliver without asking for encryption.",
	.citation = "RFC 8461 sections 3.1 and 8.2",
	.bad = QUIET STS_HOST STS_REPORTS RR("_mta-sts CNAME policy"),
	.good = QUIET STS_HOST STS_REPORTS RR("_mta-sts CNAME policy")
	    TXT("policy", "v=STSv1; id=20261123"),
	.record = check_mtasts_cname,
};

static void
check_mtasts_mx(struct lint *lint, const struct record *record)
{
	struct str domain;
	struct diag *diag;

	if (!announces_policy(lint, record, &domain) ||
	    !has_no_mx(lint, domain))
		return;
	diag = complain_policy(lint, record, "this protects nothing, because "
	    "%.*s receives no mail by MX", STR_ARG(domain));
	diag_help(lint, diag, "remove the record");
	diag_fix_remove_record(lint, diag, FIX_UNSAFE, record);
}

static const struct rule mtasts_no_mx = {
	.id = "mtasts-no-mx",
	.level = LEVEL_WARNING,
	ANNOUNCEMENT,
	.fix = FIX_UNSAFE,
	.summary = "MTA-STS at a domain without MX",
	.rationale = "The policy tells senders which mail servers to trust. "
	    "Where there are none, it says nothing.",
	.citation = "RFC 8461 section 3.2",
	.bad = QUIET_SOA QUIET_SPF RR("mail A 198.51.100.25")
	    TXT("_dmarc", "v=DMARC1; p=reject; rua=mailto:d@mail.example.com")
	    STS_HOST
	    TXT("_smtp._tls", "v=TLSRPTv1; rua=mailto:t@mail.example.com")
	    TXT("_mta-sts", "v=STSv1; id=20261123"),
	.good = QUIET STS_HOST STS_REPORTS
	    TXT("_mta-sts", "v=STSv1; id=20261123"),
	.record = check_mtasts_mx,
};

static void
check_without_tlsrpt(struct lint *lint, const struct record *record)
{
	struct str domain, name;
	struct diag *diag;

	if (!announces_policy(lint, record, &domain))
		return;
	name = name_join(lint->arena, STR("_smtp._tls"), domain);
	if (!lint_is_absent(lint, name, RR_TXT) || has_no_mx(lint, domain))
		return;
	diag = complain_policy(lint, record, "nobody learns when senders "
	    "cannot deliver because of the policy");
	diag_help(lint, diag, "add: %.*s. TXT \"v=TLSRPTv1; rua=mailto:...\"",
	    STR_ARG(name));
}

static const struct rule mtasts_without_tlsrpt = {
	.id = "mtasts-without-tlsrpt",
	.level = LEVEL_NOTE,
	ANNOUNCEMENT,
	.summary = "MTA-STS without reports",
	.rationale = "Senders that find a certificate or a name wrong keep "
	    "the mail back. TLS-RPT asks them to tell.",
	.citation = "RFC 8460 section 3",
	.bad = QUIET STS_HOST TXT("_mta-sts", "v=STSv1; id=20261123"),
	.good = QUIET STS_HOST STS_REPORTS
	    TXT("_mta-sts", "v=STSv1; id=20261123"),
	.record = check_without_tlsrpt,
};

/* ---- the policy, where the configuration has it -------------------------- */

static struct mtasts_policy *
read_policy_file(struct lint *lint, struct str path)
{
	struct source *source = file_read(lint->arena,
	    path_join(lint->arena, lint->config->folder, path));

	return source == NULL ? NULL :
	    mtasts_policy_parse(lint->arena, source->text);
}

static struct mtasts_policy *
configured_policy(struct lint *lint, const struct config_domain *domain)
{
	struct mtasts_policy *policy;
	struct mtasts_mx **last;
	struct str mode = domain->mta_sts.mode.text;
	struct words names = mta_sts_names(lint->world, lint->arena, domain);
	size_t i;

	policy = ARENA_NEW(lint->arena, struct mtasts_policy);
	policy->mode = mode.p == NULL || str_is(mode, "enforce") ?
	    MTASTS_ENFORCE : str_is(mode, "testing") ? MTASTS_TESTING :
	    MTASTS_NONE;
	policy->max_age = domain->mta_sts.max_age;
	policy->has_max_age = policy->max_age > 0;
	last = &policy->mx;
	for (i = 0; i < names.count; i++) {
		*last = ARENA_NEW(lint->arena, struct mtasts_mx);
		(*last)->pattern = names.words[i].text;
		last = &(*last)->next;
	}
	return policy;
}

/*
 * NULL when nobody told us. A file is written by generate, unless nothing is
 * said of the policy: then it is somebody else's, and read.
 */
static const struct mtasts_policy *
supplied_policy(struct lint *lint, const struct record *record,
    struct str *name)
{
	const struct config_domain *domain;

	if (lint->config->source == NULL ||
	    !announces_policy(lint, record, name))
		return NULL;
	domain = config_domain(lint->config, *name);
	if (domain == NULL || !domain->mta_sts.present)
		return NULL;
	return domain->mta_sts.policy_file.text.p != NULL &&
	    domain->mta_sts.mode.text.p == NULL &&
	    domain->mta_sts.mx.count == 0 ?
	    read_policy_file(lint, domain->mta_sts.policy_file.text) :
	    configured_policy(lint, domain);
}

static bool
is_covered(const struct mtasts_policy *policy, struct str host)
{
	const struct mtasts_mx *mx;

	for (mx = policy->mx; mx != NULL; mx = mx->next)
		if (mtasts_mx_matches(mx->pattern, host))
			return true;
	return false;
}

static void
check_policy_mx(struct lint *lint, const struct record *record)
{
	const struct mtasts_policy *policy;
	struct answer answer;
	struct str domain, host;
	struct diag *diag;
	size_t i;

	policy = supplied_policy(lint, record, &domain);
	if (policy == NULL || policy->mode != MTASTS_ENFORCE ||
	    policy->mx == NULL)
		return;
	answer = zones_ask(lint->world->zones, lint->arena, domain, RR_MX);
	for (i = 0; answer.kind == ANSWER_DATA && i < answer.count; i++) {
		host = answer.records[i]->target;
		if (host.n == 0 || is_covered(policy, host))
			continue;
		diag = complain_policy(lint, record, "senders refuse to "
		    "deliver mail for %.*s to %.*s, because the policy does "
		    "not name that host", STR_ARG(domain), STR_ARG(host));
		diag_about(lint, diag, host);
		diag_help(lint, diag, "add \"mx: %.*s\" to the policy, then "
		    "change \"id\"", STR_ARG(host));
		diag_note(lint, diag, answer.records[i]->span, "the MX");
	}
}

#define STS_CONFIG(text) "; config:\nversion: 1\ndomains:\n" \
	"  example.com:\n    mta_sts: {" text "}\n"

/* Another policy than any here, under this id. */
#define STS_STATE(id) "; state:\n" \
	"{\"v\":1,\"records\":{\"_mta-sts.example.com\":[{" \
	"\"kind\":\"mtasts\",\"text\":\"v=STSv1; id=" id "\"," \
	"\"sha256\":\"00\",\"first\":\"2026-11-01\"," \
	"\"last\":\"2026-11-20\"}]}}\n" \
	"; today: 2026-11-24\n"

static const struct rule mtasts_policy_mx = {
	.id = "mtasts-policy-mx",
	.level = LEVEL_ERROR,
	ANNOUNCEMENT,
	.summary = "MX that the MTA-STS policy does not name",
	.rationale = "With mode enforce senders only deliver to hosts that "
	    "the policy names. An MX that is missing there receives "
	    "nothing from them; when none is left, the mail bounces.",
	.citation = "RFC 8461 section 4.1",
	.bad = QUIET STS_HOST STS_REPORTS
	    TXT("_mta-sts", "v=STSv1; id=20261123")
	    STS_CONFIG("mode: enforce, mx: [mx.example.com], max_age: 1w"),
	.good = QUIET STS_HOST STS_REPORTS
	    TXT("_mta-sts", "v=STSv1; id=20261123")
	    STS_CONFIG("mode: enforce, mx: [mail.example.com], max_age: 1w"),
	.record = check_policy_mx,
};

static void
check_mode(struct lint *lint, const struct record *record)
{
	const struct mtasts_policy *policy;
	struct diag *diag;
	struct str domain;

	policy = supplied_policy(lint, record, &domain);
	if (policy == NULL || (policy->mode != MTASTS_TESTING &&
	    policy->mode != MTASTS_NONE))
		return;
	diag = complain_policy(lint, record, "senders deliver to whoever "
	    "answers, because the policy is only %s",
	    policy->mode == MTASTS_TESTING ? "being tested" :
	    "there to be withdrawn");
	diag_help(lint, diag, "set the mode to enforce when the reports are "
	    "clean");
}

static const struct rule mtasts_mode = {
	.id = "mtasts-mode",
	.level = LEVEL_NOTE,
	ANNOUNCEMENT,
	.summary = "MTA-STS policy that does not enforce",
	.rationale = "With mode testing senders report failures and deliver "
	    "all the same; with none there is no policy. Only enforce "
	    "protects mail on its way.",
	.citation = "RFC 8461 section 5",
	.bad = QUIET STS_HOST STS_REPORTS
	    TXT("_mta-sts", "v=STSv1; id=20261123")
	    STS_CONFIG("mode: testing, mx: [mail.example.com], max_age: 1w"),
	.good = QUIET STS_HOST STS_REPORTS
	    TXT("_mta-sts", "v=STSv1; id=20261123")
	    STS_CONFIG("mode: enforce, mx: [mail.example.com], max_age: 1w"),
	.record = check_mode,
};

enum { DAY_SECONDS = 86400, LONGEST_AGE = 31557600 };

static void
check_max_age(struct lint *lint, const struct record *record)
{
	const struct mtasts_policy *policy;
	struct diag *diag;
	struct str domain;

	policy = supplied_policy(lint, record, &domain);
	/* A policy that is being withdrawn should be forgotten soon. */
	if (policy == NULL || !policy->has_max_age ||
	    policy->mode == MTASTS_NONE || (policy->max_age >= DAY_SECONDS &&
	    policy->max_age <= LONGEST_AGE))
		return;
	diag = complain_policy(lint, record, policy->max_age < DAY_SECONDS ?
	    "who can block the policy for %u seconds can then read and divert "
	    "mail, because senders forget it so soon" : "senders may ignore "
	    "the policy, because its max_age of %u seconds is more than a "
	    "year", policy->max_age);
	diag_help(lint, diag, "set max_age to some weeks");
}

static const struct rule mtasts_max_age = {
	.id = "mtasts-max-age",
	.level = LEVEL_WARNING,
	ANNOUNCEMENT,
	.summary = "MTA-STS policy is kept for less than a day or more than "
	    "a year",
	.rationale = "Senders keep a policy for max_age seconds. Its "
	    "protection rests on that memory: weeks or more are expected, "
	    "31557600 is the most.",
	.citation = "RFC 8461 sections 3.2 and 10.2",
	.bad = QUIET STS_HOST STS_REPORTS
	    TXT("_mta-sts", "v=STSv1; id=20261123")
	    STS_CONFIG("mode: enforce, mx: [mail.example.com], max_age: 1h"),
	.good = QUIET STS_HOST STS_REPORTS
	    TXT("_mta-sts", "v=STSv1; id=20261123")
	    STS_CONFIG("mode: enforce, mx: [mail.example.com], max_age: 2w"),
	.record = check_max_age,
};

/* ---- the policy, and what it was ----------------------------------------- */

static void
check_id_unchanged(struct lint *lint, const struct record *record)
{
	const struct sighting *seen = state_at(lint->world->state,
	    record->owner, SEEN_MTASTS), *last = NULL;
	struct str text = mta_sts_published(lint->world, lint->arena,
	    record_domain(record), NULL);
	const struct tag *id = tags_find(&record->mtasts->tags, "id");
	struct str digest, fresh;
	struct diag *diag;

	if (text.p == NULL || id == NULL)
		return;
	digest = digest_sha256(lint->arena, text);
	for (; seen != NULL; seen = seen->next)
		if (seen->sha256.n > 0 &&
		    (last == NULL || seen->last >= last->last))
			last = seen;
	if (last == NULL || str_equal(digest, last->sha256) || !str_equal(
	    mtasts_parse(lint->arena, last->text)->id, id->value))
		return;
	diag = complain_text(lint, record, id->value_start, id->value_end,
	    "senders go on with the policy of %.*s that they keep, because "
	    "the policy has changed and its \"id\" has not",
	    STR_ARG(date_print(lint->arena, last->last)));
	fresh = str_slice(digest, 0, 16);
	diag_help(lint, diag, "give it an \"id\" that it never had, such as "
	    "%.*s", STR_ARG(fresh));
	diag_fix_text(lint, diag, FIX_UNSAFE, record, id->value_start,
	    id->value_end, fresh);
}

static const struct rule mtasts_id_unchanged = {
	.id = "mtasts-id-unchanged",
	.level = LEVEL_ERROR,
	.subject = SUBJECT_MTASTS,
	.state = true,
	.fix = FIX_UNSAFE,
	.summary = "MTA-STS policy has changed and its id has not",
	.rationale = "Senders keep a policy for weeks and fetch it again when "
	    "the id in the DNS is another one. With the old id they deliver "
	    "by the old policy: mail for a new MX is held back.",
	.citation = "RFC 8461 section 8.1",
	.bad = QUIET STS_HOST STS_REPORTS
	    TXT("_mta-sts", "v=STSv1; id=20261101")
	    STS_CONFIG("mode: enforce, mx: [mail.example.com], max_age: 2w")
	    STS_STATE("20261101"),
	.good = QUIET STS_HOST STS_REPORTS
	    TXT("_mta-sts", "v=STSv1; id=20261124")
	    STS_CONFIG("mode: enforce, mx: [mail.example.com], max_age: 2w")
	    STS_STATE("20261101"),
	.record = check_id_unchanged,
};

const struct rule *const mtasts_rules[] = {
	&mtasts_syntax, &mtasts_multiple, &mtasts_delimiter,
	&mtasts_cname, &mtasts_no_policy_host, &mtasts_no_mx,
	&mtasts_without_tlsrpt,
	&mtasts_policy_mx, &mtasts_mode, &mtasts_max_age, &mtasts_id_unchanged,
	NULL
};
