/*
 * Every key of mailzone.yaml. A new one is a row here and a member in
 * config.h; loading, "did you mean", the schema and the manual follow.
 */
#include <stddef.h>

#include "config/read.h"

static const char *const policies[] = { "none", "quarantine", "reject", NULL };
static const char *const targets[] = { "quarantine", "reject", NULL };
static const char *const alignments[] = { "r", "s", NULL };
static const char *const yes_or_no[] = { "y", "n", NULL };
static const char *const psd[] = { "y", "n", "u", NULL };
static const char *const failures[] = { "0", "1", "d", "s", NULL };
static const char *const qualifiers[] = { "softfail", "fail", "neutral",
	NULL };
static const char *const modes[] = { "enforce", "testing", "none", NULL };
static const char *const report_schemes[] = { "mailto", "https", NULL };
static const char *const https[] = { "https", NULL };
static const char *const algorithms[] = { "rsa", "ed25519", NULL };
static const char *const flags[] = { "s", "y", NULL };
static const char *const levels[] = { "error", "warning", "note", "off",
	NULL };
/* In the order of enum key_state. */
static const char *const states[] = { "next", "active", "retiring", "revoked",
	NULL };
static const char *const stages[] = { "inventory", "monitor", "close-holes",
	"test-quarantine", "quarantine", "test-reject", "reject", NULL };

const char *
key_state_name(enum key_state state)
{
	return states[state];
}

#define AT(member) .offset = offsetof(struct config_domain, member)
#define PLACE(member) .place = offsetof(struct config_domain, member)

static const struct field dmarc_fields[] = {
	{ "p", FIELD_CHOICE, .choices = policies, AT(dmarc.p),
	  .help = "what receivers shall do with mail that fails; where a "
	  "rollout runs, its goal" },
	{ "sp", FIELD_CHOICE, .choices = policies, AT(dmarc.sp),
	  .help = "the same for names below that have no record; default: p" },
	{ "np", FIELD_CHOICE, .choices = policies, AT(dmarc.np),
	  .help = "the same for names below that do not exist; default: sp" },
	{ "adkim", FIELD_CHOICE, .choices = alignments, AT(dmarc.adkim),
	  .help = "s: the signing domain must be the From domain itself; "
	  "r: a relative will do" },
	{ "aspf", FIELD_CHOICE, .choices = alignments, AT(dmarc.aspf),
	  .help = "the same for the envelope's domain" },
	{ "rua", FIELD_URI, .list = true, AT(dmarc.rua),
	  .help = "where aggregate reports go, each a mailto: URI" },
	{ "ruf", FIELD_URI, .list = true, AT(dmarc.ruf),
	  .help = "where failure reports go" },
	{ "fo", FIELD_OPTIONS, .choices = failures, AT(dmarc.fo),
	  .help = "which failures are reported: 0 or 1, d, s, with colons "
	  "between" },
	{ "psd", FIELD_CHOICE, .choices = psd, AT(dmarc.psd),
	  .help = "y: the domain is a public suffix; n: it is where the tree "
	  "walk ends" },
	{ "t", FIELD_CHOICE, .choices = yes_or_no, AT(dmarc.t),
	  .help = "y: receivers apply the next weaker policy, to test" },
	{ .key = NULL }
};

static const struct field spf_fields[] = {
	{ "publish", FIELD_BOOLEAN, AT(spf_publish), .fallback = "true",
	  .help = "false: no SPF record is made for the name" },
	{ "all", FIELD_CHOICE, .choices = qualifiers, AT(spf_all),
	  .help = "what the record says of all other hosts; default: by the "
	  "profile" },
	{ "redirect", FIELD_NAME, AT(spf_redirect),
	  .help = "the domain whose record decides instead" },
	{ "helo", FIELD_HOST, .list = true, AT(spf_helo),
	  .help = "own mail hosts, which get a record of their own" },
	{ "flatten", FIELD_WORD, .list = true, AT(spf_flatten),
	  .help = "senders whose includes are replaced by addresses" },
	{ "split", FIELD_BOOLEAN, AT(spf_split), .fallback = "false",
	  .help = "spread a long record over _spf1, _spf2, ..." },
	{ "max_answer", FIELD_NUMBER, .min = 128, .max = 65535,
	  AT(spf_max_answer), .fallback = "450",
	  .help = "octets that all TXT records of a name may take" },
	{ .key = NULL }
};

static const struct field mta_sts_fields[] = {
	{ "mode", FIELD_CHOICE, .choices = modes, AT(mta_sts.mode),
	  .help = "what senders do when a mail exchanger fails the check" },
	{ "mx", FIELD_MX, .list = true, AT(mta_sts.mx),
	  .help = "mail exchangers; *.NAME covers one label; default: those "
	  "of the senders' providers" },
	{ "max_age", FIELD_DURATION, .max = 31557600, AT(mta_sts.max_age),
	  .fallback = "1w", .help = "how long senders keep the policy" },
	{ "policy_file", FIELD_PATH, AT(mta_sts.policy_file),
	  .help = "where to write the policy that the web server serves" },
	{ .key = NULL }
};

static const struct field tls_rpt_fields[] = {
	{ "rua", FIELD_URI, .list = true, .choices = report_schemes,
	  AT(tls_rpt_rua), .help = "where reports on TLS go" },
	{ .key = NULL }
};

static const struct field bimi_fields[] = {
	{ "selector", FIELD_LABEL, AT(bimi.selector), .fallback = "default",
	  .help = "the label before _bimi" },
	{ "location", FIELD_URI, .choices = https, AT(bimi.location),
	  .help = "the image, an SVG; empty to decline" },
	{ "evidence", FIELD_URI, .choices = https, AT(bimi.evidence),
	  .help = "the certificate that proves the mark" },
	{ .key = NULL }
};

static const struct field rollout_fields[] = {
	{ "template", FIELD_WORD, AT(rollout.template),
	  .help = "the ladder: standard, cautious, fast, parked, "
	  "cisa-bod-18-01, or an own one; default: standard" },
	{ "start", FIELD_DATE, AT(rollout.start),
	  .help = "the day of the first stage" },
	{ "target", FIELD_CHOICE, .choices = targets, AT(rollout.target),
	  .help = "where to stop, when that is below dmarc.p" },
	{ "stage", FIELD_CHOICE, .choices = stages, AT(rollout.stage),
	  .help = "what is published now, whatever the dates say" },
	{ "since", FIELD_DATE, AT(rollout.since),
	  .help = "the day from which stage is published" },
	{ "hold_until", FIELD_DATE, AT(rollout.hold_until),
	  .help = "no stage begins before this day" },
	{ "freeze", FIELD_RANGES, .list = true, AT(rollout.freezes),
	  .help = "days on which no stage begins, first and last included" },
	{ "change_days", FIELD_WEEKDAYS, .list = true,
	  AT(rollout.change_days), .fallback = "mon-thu",
	  .help = "weekdays on which a stage may begin" },
	{ "wave", FIELD_NUMBER, .min = 1, .max = 1000, AT(rollout.wave),
	  .fallback = "1",
	  .help = "enters each stage a week after the wave before" },
	{ "per_day", FIELD_NUMBER, .min = 1, .max = 1000000,
	  AT(rollout.per_day), .defaults_only = true,
	  .help = "how many domains may change on one day" },
	{ "evidence", FIELD_PATH, .list = true, AT(rollout.evidence),
	  .help = "DMARC aggregate reports, which open the gates" },
	{ .key = NULL }
};

static const struct field subdomain_names[] = {
	{ "*", FIELD_SECTION, .fields = domain_fields,
	  .help = "labels below the domain; * for those that do not exist" },
	{ .key = NULL }
};

const struct field domain_fields[] = {
	{ "ttl", FIELD_DURATION, .max = INT32_MAX, AT(ttl), .fallback = "1h",
	  .help = "of all records that are made" },
	{ "zone_file", FIELD_PATH, AT(zone_file),
	  .help = "the zone's file, as if listed under zones: with its name" },
	{ "senders", FIELD_WORD, .list = true, AT(sender_names),
	  .help = "who may send in this name" },
	{ "keys", FIELD_WORD, .list = true, AT(key_names),
	  .help = "DKIM keys besides those of the senders" },
	{ "parked", FIELD_BOOLEAN, AT(parked), .fallback = "false",
	  .help = "no mail at all: the domain is locked" },
	{ "users", FIELD_BOOLEAN, AT(users), .fallback = "false",
	  .help = "people write from it, also to mailing lists" },
	{ "spf", FIELD_MAPPING, .fields = spf_fields,
	  .help = "how the SPF record is built" },
	{ "dmarc", FIELD_MAPPING, .fields = dmarc_fields, AT(dmarc.present),
	  PLACE(dmarc.span), .help = "the DMARC policy, in its own words" },
	{ "mta_sts", FIELD_MAPPING, .fields = mta_sts_fields,
	  AT(mta_sts.present), PLACE(mta_sts.span),
	  .help = "TLS on the way in" },
	{ "tls_rpt", FIELD_MAPPING, .fields = tls_rpt_fields,
	  .help = "reports on TLS" },
	{ "bimi", FIELD_MAPPING, .fields = bimi_fields, AT(bimi.present),
	  PLACE(bimi.span), .help = "the brand's image beside its mail" },
	{ "null_mx", FIELD_ANSWER, AT(null_mx),
	  .help = "the domain receives nothing (RFC 7505); default: when it "
	  "is parked" },
	{ "rollout", FIELD_MAPPING, .fields = rollout_fields,
	  AT(rollout.present), PLACE(rollout.span),
	  .help = "the staged way to dmarc.p" },
	{ "subdomains", FIELD_NAMED, .fields = subdomain_names,
	  .help = "names below, with the same fields" },
	{ "delegated", FIELD_BOOLEAN, AT(delegated), .fallback = "false",
	  .help = "a subdomain that is a zone of its own, elsewhere" },
	{ "authorise_reports_for", FIELD_NAME, .list = true,
	  AT(authorise_reports_for),
	  .help = "domains whose reports may be sent here" },
	{ "keep", FIELD_RECORD, .list = true, AT(keep),
	  .help = "records published as they are: \"owner TYPE rdata\"" },
	{ .key = NULL }
};

#undef AT
#define AT(member) .offset = offsetof(struct config_key, member)

const struct field key_fields[] = {
	{ "selector", FIELD_LABEL, .required = true, AT(selector),
	  .help = "the label before _domainkey" },
	{ "public", FIELD_KEY, AT(file),
	  .help = "the public key: a PEM file, or base64" },
	{ "private", FIELD_PATH, AT(file),
	  .help = "the private key, of which the public half is published" },
	{ "txt", FIELD_PATH, AT(file),
	  .help = "the file that opendkim-genkey wrote" },
	{ "algorithm", FIELD_CHOICE, .choices = algorithms, AT(algorithm),
	  .help = "what the key has to be" },
	{ "state", FIELD_ENUM, .choices = states, AT(state),
	  .fallback = "active",
	  .help = "next, active and retiring publish the key, revoked an "
	  "empty one" },
	{ "since", FIELD_DATE, AT(since), .help = "published since this day; "
	  "one in the state next is not published before it" },
	{ "retire", FIELD_DATE, AT(retire),
	  .help = "nothing is signed with it from this day" },
	{ "revoke", FIELD_DATE, AT(revoke),
	  .help = "published as revoked from this day" },
	{ "flags", FIELD_CHOICE, .list = true, .choices = flags, AT(flags),
	  .help = "the record's t=: y for testing, s for no subdomains" },
	{ "notes", FIELD_NOTE, AT(notes), .help = "the record's n=" },
	{ .key = NULL }
};

#undef AT
#define AT(member) .offset = offsetof(struct config_sender, member)

const struct field sender_fields[] = {
	{ "provider", FIELD_WORD, AT(provider_name),
	  .help = "a service described in templates/providers" },
	{ "with", FIELD_PAIRS,
	  .help = "what the provider needs to know, variable by variable" },
	{ "spf", FIELD_SPF_TERM, .list = true, AT(spf),
	  .help = "SPF mechanisms, such as ip4:192.0.2.0/28" },
	{ "keys", FIELD_WORD, .list = true, AT(key_names),
	  .help = "the DKIM keys it signs with" },
	{ "return_path", FIELD_LABEL, AT(return_path),
	  .help = "the label below the domain that its bounces go to" },
	{ "dkim_cname", FIELD_PAIRS,
	  .help = "selector: target, for keys that the service keeps" },
	{ "users", FIELD_BOOLEAN, AT(users), .fallback = "false",
	  .help = "people write through it, also to mailing lists" },
	{ "owner", FIELD_STRING, AT(owner), .help = "who answers for it" },
	{ "ticket", FIELD_STRING, AT(ticket), .help = "where it was decided" },
	{ "review", FIELD_DATE, AT(review),
	  .help = "the day to ask whether it is still needed" },
	{ "expires", FIELD_DATE, AT(expires),
	  .help = "a finding from this day on; its records stay" },
	{ .key = NULL }
};

#undef AT
#define AT(member) .offset = offsetof(struct config_zone, member)

const struct field zone_fields[] = {
	{ "files", FIELD_GLOB, AT(files),
	  .help = "zone files; each is the zone that its name says" },
	{ "file", FIELD_PATH, AT(file), .help = "one zone file" },
	{ "zone", FIELD_NAME, AT(zone), .help = "the zone in that file" },
	{ "view", FIELD_WORD, AT(view),
	  .help = "the view that the file belongs to" },
	{ "named_conf", FIELD_PATH, AT(named_conf),
	  .help = "BIND's configuration, which says the rest; when no files "
	      "are listed, its primary zones are read" },
	{ "ignore", FIELD_GLOB, .list = true, AT(ignore),
	  .help = "files that are not zones, of this row and all others" },
	{ .key = NULL }
};

#undef AT
#define AT(member) .offset = offsetof(struct config_ignore, member)

const struct field ignore_fields[] = {
	{ "rule", FIELD_WORD, .required = true, AT(rule),
	  .help = "a rule, or a pattern such as spf-*" },
	{ "zone", FIELD_NAME, AT(zone), .help = "in this zone only" },
	{ "owner", FIELD_NAME, AT(owner), .help = "at this name only" },
	{ "until", FIELD_DATE, AT(until), .help = "the last day" },
	{ "reason", FIELD_STRING, .required = true, AT(reason),
	  .help = "why" },
	{ .key = NULL }
};

const struct field rules_fields[] = {
	{ "*", FIELD_CHOICE, .choices = levels,
	  .help = "the level of a rule, or of those that a pattern such as "
	  "spf-* covers" },
	{ "ignore", FIELD_SECTION, .list = true, .fields = ignore_fields,
	  .help = "findings to leave out" },
	{ .key = NULL }
};

static const struct field key_names[] = {
	{ "*", FIELD_SECTION, .fields = key_fields, .help = "a key" },
	{ .key = NULL }
};

static const struct field sender_names[] = {
	{ "*", FIELD_SECTION, .fields = sender_fields, .help = "a sender" },
	{ .key = NULL }
};

static const struct field domain_names[] = {
	{ "*", FIELD_SECTION, .fields = domain_fields, .help = "a domain" },
	{ .key = NULL }
};

#undef AT
#define AT(member) .offset = offsetof(struct config, member)

const struct field parked_fields[] = {
	{ "domains", FIELD_NAME, .list = true, AT(parked_domains),
	  .help = "domains without mail" },
	{ "files", FIELD_PATH, .list = true, AT(parked_files),
	  .help = "files that list more, one a line, # for comments" },
	{ "rua", FIELD_URI, .list = true, AT(parked_rua),
	  .help = "where reports on parked domains go" },
	{ .key = NULL }
};

const struct field config_fields[] = {
	{ "version", FIELD_NUMBER, .min = 1, .max = 1, AT(version),
	  .fallback = "1", .help = "the version of this format" },
	{ "profile", FIELD_WORD, .list = true, AT(profiles),
	  .help = "whose demands count; default: default" },
	{ "templates", FIELD_PATH, AT(templates),
	  .help = "a folder with own providers/ and rollouts/" },
	{ "dns_cache", FIELD_PATH, AT(dns_cache),
	  .help = "answers of the DNS, reviewed, one a line" },
	{ "state", FIELD_PATH, AT(state),
	  .help = "what lint --update-state remembers" },
	{ "zones", FIELD_SECTION, .list = true, .fields = zone_fields,
	  .help = "which files are which zones" },
	{ "rules", FIELD_NAMED, .fields = rules_fields,
	  .help = "levels, and findings to leave out" },
	{ "defaults", FIELD_SECTION, .fields = domain_fields,
	  .help = "what every domain says unless it says otherwise" },
	{ "keys", FIELD_NAMED, .fields = key_names, .help = "DKIM keys" },
	{ "senders", FIELD_NAMED, .fields = sender_names,
	  .help = "who sends mail" },
	{ "domains", FIELD_NAMED, .fields = domain_names,
	  .help = "the domains, and what they publish" },
	{ "parked", FIELD_MAPPING, .fields = parked_fields,
	  .help = "domains without mail" },
	{ .key = NULL }
};

/* ---- words --------------------------------------------------------------- */

const struct synonym key_synonyms[] = {
	/* dmarc */
	{ "policy", "p" }, { "subdomain_policy", "sp" },
	{ "subdomainpolicy", "sp" }, { "nonexistent", "np" },
	{ "report", "rua" }, { "reports", "rua" }, { "aggregate", "rua" },
	{ "report_to", "rua" }, { "mailto", "rua" }, { "uri", "rua" },
	{ "forensic", "ruf" }, { "failure", "ruf" },
	{ "failure_options", "fo" }, { "dkim_alignment", "adkim" },
	{ "alignment_dkim", "adkim" }, { "spf_alignment", "aspf" },
	{ "alignment_spf", "aspf" }, { "test", "t" }, { "testing", "t" },
	{ "public_suffix", "psd" },
	/* spf, and what senders say */
	{ "qualifier", "all" }, { "default", "all" }, { "include", "spf" },
	{ "includes", "spf" }, { "ip", "spf" }, { "ips", "spf" },
	{ "ip4", "spf" }, { "ip6", "spf" }, { "mechanisms", "spf" },
	{ "terms", "spf" }, { "service", "provider" },
	{ "vendor", "provider" }, { "esp", "provider" },
	{ "variables", "with" }, { "params", "with" },
	{ "parameters", "with" }, { "bounce", "return_path" },
	{ "bounces", "return_path" }, { "mail_from", "return_path" },
	{ "envelope", "return_path" }, { "cname", "dkim_cname" },
	{ "cnames", "dkim_cname" }, { "team", "owner" },
	{ "contact", "owner" }, { "issue", "ticket" },
	{ "review_by", "review" }, { "expiry", "expires" },
	{ "expire", "expires" }, { "dkim", "keys" },
	/* keys */
	{ "private_key", "private" }, { "public_key", "public" },
	{ "pubkey", "public" }, { "pem", "private" }, { "file", "private" },
	{ "path", "file" }, { "algo", "algorithm" }, { "type", "algorithm" },
	{ "status", "state" }, { "created", "since" }, { "note", "notes" },
	{ "comment", "notes" },
	/* domains */
	{ "no_mail", "parked" }, { "nomail", "parked" },
	{ "defensive", "parked" }, { "mtasts", "mta_sts" },
	{ "tlsrpt", "tls_rpt" }, { "smtp_tls", "tls_rpt" },
	{ "file", "zone_file" }, { "zone", "zone_file" },
	{ "plan", "rollout" }, { "schedule", "rollout" },
	{ "stages", "rollout" }, { "hosts", "subdomains" },
	{ "names", "subdomains" }, { "max_size", "max_answer" },
	/* rollout */
	{ "ladder", "template" }, { "begin", "start" }, { "from", "start" },
	{ "goal", "target" }, { "current", "stage" },
	{ "hold", "hold_until" }, { "blackout", "freeze" },
	{ "holidays", "freeze" }, { "weekdays", "change_days" },
	{ "days", "change_days" }, { "reports", "evidence" },
	/* bimi, mta_sts */
	{ "logo", "location" }, { "image", "location" }, { "l", "location" },
	{ "certificate", "evidence" }, { "vmc", "evidence" },
	{ "a", "evidence" }, { "policy", "policy_file" },
	{ "hosts", "mx" },
	/* the rest */
	{ "profiles", "profile" }, { "cache", "dns_cache" },
	{ "signatures", "keys" }, { "sources", "senders" },
	{ "providers", "senders" }, { "justification", "reason" },
	{ "because", "reason" }, { "expires", "until" },
	{ "origin", "zone" }, { "name", "zone" }, { "glob", "files" },
	{ "exclude", "ignore" }, { "list", "files" },
	{ NULL, NULL }
};

const struct synonym value_synonyms[] = {
	{ "relaxed", "r" }, { "strict", "s" },
	{ "~", "softfail" }, { "~all", "softfail" }, { "-", "fail" },
	{ "-all", "fail" }, { "hardfail", "fail" }, { "?", "neutral" },
	{ "?all", "neutral" },
	{ "monitoring", "monitor" }, { "block", "reject" },
	{ "deny", "reject" }, { "junk", "quarantine" },
	{ "spam", "quarantine" }, { "monitor", "none" },
	{ "test", "testing" }, { "disabled", "none" },
	{ "warn", "warning" }, { "info", "note" }, { "notice", "note" },
	{ "err", "error" }, { "disable", "off" }, { "ignore", "off" },
	{ "false", "off" },
	{ "eddsa", "ed25519" }, { "rsa2048", "rsa" }, { "rsa-sha256", "rsa" },
	{ "current", "active" }, { "live", "active" }, { "new", "next" },
	{ "pending", "next" }, { "old", "retiring" },
	{ "retired", "retiring" },
	{ NULL, NULL }
};

const struct synonym key_refusals[] = {
	{ "pct", "RFC 9989 took it out, and receivers never agreed on what "
	  "lies between 0 and 100; to test a policy, say t: y" },
	{ "percent", "RFC 9989 took it out, and receivers never agreed on "
	  "what lies between 0 and 100; to test a policy, say t: y" },
	{ "percentage", "RFC 9989 took it out, and receivers never agreed on "
	  "what lies between 0 and 100; to test a policy, say t: y" },
	{ "ri", "RFC 9989 took it out: receivers report once a day" },
	{ "rf", "RFC 9989 took it out: there is one format" },
	{ "v", "the version is written without being asked for" },
	{ NULL, NULL }
};

static const struct {
	const char *one, *several;
} words[] = {
	[FIELD_MAPPING] = { "a mapping", "a list of mappings" },
	[FIELD_SECTION] = { "a mapping", "a list of mappings" },
	[FIELD_NAMED] = { "a mapping of names", NULL },
	[FIELD_STRING] = { "text", "a list of texts" },
	[FIELD_NOTE] = { "text", "a list of texts" },
	[FIELD_WORD] = { "a name", "a list of names" },
	[FIELD_NAME] = { "a domain name", "a list of domain names" },
	[FIELD_HOST] = { "a host name", "a list of host names" },
	[FIELD_LABEL] = { "a label", "a list of labels" },
	[FIELD_PATH] = { "a path", "a list of paths" },
	[FIELD_KEY] = { "a path, or base64", NULL },
	[FIELD_GLOB] = { "a file pattern", "a list of file patterns" },
	[FIELD_CHOICE] = { "a word", "a list of words" },
	[FIELD_OPTIONS] = { "letters with colons between", NULL },
	[FIELD_URI] = { "a URI", "a list of URIs" },
	[FIELD_SPF_TERM] = { "an SPF mechanism", "a list of SPF mechanisms" },
	[FIELD_MX] = { "a host name", "a list of host names" },
	[FIELD_RECORD] = { "a record", "a list of records" },
	[FIELD_ENUM] = { "a word", NULL },
	[FIELD_BOOLEAN] = { "true or false", NULL },
	[FIELD_ANSWER] = { "true or false", NULL },
	[FIELD_NUMBER] = { "a number", NULL },
	[FIELD_DURATION] = { "a duration", NULL },
	[FIELD_DATE] = { "a date", NULL },
	[FIELD_RANGES] = { "two dates, FROM/TO", "a list of FROM/TO" },
	[FIELD_WEEKDAYS] = { "a weekday", "a list of weekdays" },
	[FIELD_PAIRS] = { "a mapping of words", NULL },
};

const char *
field_words(const struct field *field, bool list)
{
	return list ? words[field->kind].several : words[field->kind].one;
}
