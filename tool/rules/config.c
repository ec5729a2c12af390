/* Rules about mailzone.yaml. */
#include "base/arena.h"
#include "base/pattern.h"
#include "rules/check.h"

/* ---- what reading it brought up ------------------------------------------ */

static void
tell(struct lint *lint, const struct config_problem *problem)
{
	struct diag *diag = complain(lint, problem->span, "%.*s",
	    STR_ARG(problem->what));

	if (problem->help.p != NULL)
		diag_help(lint, diag, "%.*s", STR_ARG(problem->help));
	if (problem->related.source != NULL)
		diag_note(lint, diag, problem->related, "%.*s",
		    STR_ARG(problem->related_what));
}

static void
tell_all(struct lint *lint, enum config_problem_kind kind)
{
	const struct config_problem *problem;

	for (problem = lint->config->problems.first; problem != NULL;
	    problem = problem->next)
		if (problem->kind == kind)
			tell(lint, problem);
}

static void
check_syntax(struct lint *lint)
{
	tell_all(lint, CONFIG_SYNTAX);
}

static const struct rule syntax = {
	.id = "config-syntax",
	.level = LEVEL_ERROR,
	.subject = SUBJECT_CONFIG,
	.summary = "the configuration is not YAML",
	.rationale = "Nothing is made of a configuration that cannot be "
	    "read, because what is left out of it would be left out of the "
	    "DNS. More than one document, tags, deep nesting and aliases "
	    "that grow without bounds are refused as well.",
	.citation = "YAML 1.2 section 5",
	.bad = "domains:\n  example.com: {dmarc: {p: reject}\n",
	.good = "domains:\n  example.com: {dmarc: {p: reject}}\n",
	.check = check_syntax,
};

static void
check_unknown_key(struct lint *lint)
{
	tell_all(lint, CONFIG_UNKNOWN_KEY);
}

static const struct rule unknown_key = {
	.id = "config-unknown-key",
	.level = LEVEL_ERROR,
	.subject = SUBJECT_CONFIG,
	.summary = "the configuration has a key that means nothing",
	.rationale = "A misspelt key would be passed over, and the domain "
	    "would have another policy than its owner reads in the file.",
	.citation = "mailzone.yaml(5)",
	.bad = "domains:\n  example.com: {dmarc: {policy: reject}}\n",
	.good = "domains:\n  example.com: {dmarc: {p: reject}}\n",
	.check = check_unknown_key,
};

static void
check_duplicate_key(struct lint *lint)
{
	tell_all(lint, CONFIG_DUPLICATE_KEY);
}

static const struct rule duplicate_key = {
	.id = "config-duplicate-key",
	.level = LEVEL_ERROR,
	.subject = SUBJECT_CONFIG,
	.summary = "the configuration says something twice",
	.rationale = "Only one of two values can count, and which one is for "
	    "the reader to guess. Names of domains are compared as the DNS "
	    "does.",
	.citation = "YAML 1.2 section 3.2.1.3",
	.bad = "domains:\n  example.com: {parked: true}\n"
	    "  Example.COM: {dmarc: {p: none}}\n",
	.good = "domains:\n  example.com: {parked: true}\n",
	.check = check_duplicate_key,
};

static void
check_type(struct lint *lint)
{
	tell_all(lint, CONFIG_TYPE);
}

static const struct rule type = {
	.id = "config-type",
	.level = LEVEL_ERROR,
	.subject = SUBJECT_CONFIG,
	.summary = "a list, a mapping or a value stands where another is "
	    "wanted",
	.rationale = "What has the wrong shape cannot be read, and nothing "
	    "may be left out in silence.",
	.citation = "mailzone.yaml(5)",
	.bad = "domains: [example.com]\n",
	.good = "domains: {example.com: {parked: true}}\n",
	.check = check_type,
};

/* ---- flattened senders --------------------------------------------------- */

#define RENEW_CACHE \
	"mailzone generate --dns --refresh-cache asks again; " \
	"review what differs"

/* Where spf.flatten names the sender. */
static struct span
flatten_place(const struct config_domain *domain,
    const struct config_sender *sender)
{
	const struct words *list = &domain->spf_flatten;
	size_t i;

	for (i = 0; i + 1 < list->count; i++)
		if (str_equal(list->words[i].text, sender->name))
			break;
	return list->words[i].span;
}

static void
tell_flat(struct lint *lint, const struct config_domain *domain,
    const struct config_sender *sender, const struct spf_term *term)
{
	struct spf_flat flat = spf_flatten(lint->world, lint->arena,
	    domain->name, term);
	struct span place = flatten_place(domain, sender);
	day today = lint->world->today;
	struct diag *diag;

	if (flat.why.p != NULL) {
		diag = complain(lint, place, "\"%.*s\" of \"%.*s\" is not "
		    "%sflattened at %.*s, and receivers count its lookups: "
		    "%.*s", STR_ARG(term->text), STR_ARG(sender->name),
		    flat.replaced ? "wholly " : "", STR_ARG(domain->name),
		    STR_ARG(flat.why));
		if (!flat.expired)
			diag_level(diag, LEVEL_WARNING);
	}
	if (flat.oldest == DAY_NONE ||
	    today - flat.oldest <= DNS_CACHE_OLD)
		return;
	diag = complain(lint, place, "the addresses of \"%.*s\" at %.*s are "
	    "of %.*s: mail from new ones fails SPF", STR_ARG(sender->name),
	    STR_ARG(domain->name), STR_ARG(date_print(lint->arena,
	    flat.oldest)));
	diag_level(diag, LEVEL_WARNING);
	diag_help(lint, diag, RENEW_CACHE);
}

static void
tell_flat_terms(struct lint *lint, const struct config_domain *domain,
    const struct config_sender *sender, const struct words *terms,
    bool expand)
{
	const struct spf *spf;
	struct str text, missing;
	size_t i;

	for (i = 0; i < terms->count; i++) {
		text = terms->words[i].text;
		if (expand && !provider_expand(lint->arena, text,
		    sender->variables, domain->name, &text, &missing))
			continue;
		spf = spf_parse(lint->arena, arena_printf(lint->arena,
		    "v=spf1 %.*s", STR_ARG(text)));
		if (spf->terms != NULL && !spf->terms->broken)
			tell_flat(lint, domain, sender, spf->terms);
	}
}

/* What is to be flattened and cannot be, or was long ago. */
static void
tell_all_flatten(struct lint *lint)
{
	const struct config_domain *domain = NULL;
	const struct config_sender *sender;
	size_t i;

	while ((domain = config_next(lint->config, domain)) != NULL)
		for (i = 0; domain->spf_flatten.count > 0 &&
		    i < domain->sender_count; i++) {
			sender = domain->senders[i];
			if (!spf_flattens(domain, sender))
				continue;
			if (sender->provider != NULL)
				tell_flat_terms(lint, domain, sender,
				    &sender->provider->spf_terms, true);
			tell_flat_terms(lint, domain, sender, &sender->spf,
			    false);
		}
}

/* Who writes it believes that it counts. */
static void
tell_unpublished(struct lint *lint, const struct config_domain *domain,
    const struct word *word)
{
	struct str above = name_parent(domain->name);
	struct diag *diag = complain(lint, word->span, "nothing is published "
	    "of \"%.*s\": receivers ask for it at names below %.*s, where no "
	    "\"*\" answers", STR_ARG(word->text), STR_ARG(above));

	diag_level(diag, LEVEL_WARNING);
	if (str_is(word->text, "dmarc") || str_is(word->text, "rollout"))
		diag_help(lint, diag, "the policy for all these names is that "
		    "of %.*s, or its sp and np", STR_ARG(above));
	else
		diag_help(lint, diag, "say it at each subdomain that needs it");
}

static void
tell_all_unpublished(struct lint *lint)
{
	const struct config_domain *domain = NULL;
	size_t i;

	while ((domain = config_next(lint->config, domain)) != NULL)
		for (i = 0; i < domain->unpublished.count; i++)
			tell_unpublished(lint, domain,
			    &domain->unpublished.words[i]);
}

/* Its domain would stay without a policy, and nobody would notice. */
static void
tell_all_unstarted(struct lint *lint)
{
	const struct config_domain *domain = NULL;
	struct diag *diag;

	while ((domain = config_next(lint->config, domain)) != NULL) {
		if (!domain->rollout.present ||
		    config_rollout_begins(domain))
			continue;
		diag = complain(lint, domain->rollout.span, "the rollout never "
		    "begins: %.*s keeps the DMARC record that its zone has, or "
		    "stays without one", STR_ARG(name_show(domain->name)));
		diag_level(diag, LEVEL_WARNING);
		diag_help(lint, diag, "say on which day it does (start), or "
		    "what is published now (stage)");
	}
}

/* Only one in the state next waits for its day. */
static void
tell_all_early(struct lint *lint)
{
	const struct config_key *key;
	struct diag *diag;
	size_t i;

	for (i = 0; i < lint->config->key_count; i++) {
		key = &lint->config->keys[i];
		if (key->since == DAY_NONE || key->state == KEY_NEXT ||
		    key->since <= lint->world->today)
			continue;
		diag = complain(lint, key->span, "this key is published "
		    "already, before %.*s: it is %s, and only a key in the "
		    "state next waits for \"since\"",
		    STR_ARG(date_print(lint->arena, key->since)),
		    key_state_name(key->state));
		diag_level(diag, LEVEL_NOTE);
	}
}

/* A file that cannot be read is a wrong value where it is named. */
static void
check_value(struct lint *lint)
{
	tell_all(lint, CONFIG_VALUE);
	tell_all(lint, CONFIG_FILE);
	tell_all_flatten(lint);
	tell_all_unpublished(lint);
	tell_all_unstarted(lint);
	tell_all_early(lint);
}

static const struct rule value = {
	.id = "config-value",
	.level = LEVEL_ERROR,
	.subject = SUBJECT_CONFIG,
	.summary = "a value of the configuration cannot be what it says",
	.rationale = "Values become records. One that is no name, no date, "
	    "no key or no policy would publish something that receivers "
	    "ignore, and one with a quote, a semicolon or a line end in it "
	    "could bring a record of its own.",
	.citation = "mailzone.yaml(5)",
	.bad = "domains:\n  example.com: {dmarc: {p: jerect}}\n",
	.good = "domains:\n  example.com: {dmarc: {p: reject}}\n",
	.check = check_value,
};

static void
check_undefined(struct lint *lint)
{
	tell_all(lint, CONFIG_UNDEFINED);
}

static const struct rule undefined = {
	.id = "config-undefined",
	.level = LEVEL_ERROR,
	.subject = SUBJECT_CONFIG,
	.summary = "the configuration names what is not there",
	.rationale = "A sender, a key, a provider, a template, a profile or "
	    "a rule that does not exist cannot count, and mail would fail "
	    "for the want of a letter.",
	.citation = "mailzone.yaml(5)",
	.bad = "senders:\n  relays: {spf: mx}\n"
	    "domains:\n  example.com: {senders: [relais]}\n",
	.good = "senders:\n  relays: {spf: mx}\n"
	    "domains:\n  example.com: {senders: [relays]}\n",
	.check = check_undefined,
};

/* ---- what time brings up ------------------------------------------------- */

/* The span of a sender's key, for what is said about it. */
static struct span
said_at(const struct lint *lint, const struct config_sender *sender,
    const char *key)
{
	const struct yaml *senders = yaml_get(lint->config->tree, "senders");
	const struct yaml *node, *item;

	for (node = senders->items; node != NULL; node = node->next)
		if (str_equal(node->key, sender->name) &&
		    (item = yaml_get(node, key)) != NULL)
			return item->span;
	return sender->span;
}

static void
check_expired(struct lint *lint)
{
	const struct config_sender *sender;
	size_t i;

	for (i = 0; i < lint->config->sender_count; i++) {
		sender = &lint->config->senders[i];
		if (sender->expires == DAY_NONE ||
		    lint->world->today < sender->expires)
			continue;
		diag_help(lint, complain(lint,
		    said_at(lint, sender, "expires"),
		    "the sender \"%.*s\" may still send in your name, though "
		    "its time is over", STR_ARG(sender->name)),
		    "take it out of the domains, or give it a later day");
	}
}

static const struct rule sender_expired = {
	.id = "config-sender-expired",
	.level = LEVEL_WARNING,
	.subject = SUBJECT_CONFIG,
	.summary = "a sender is past the day on which it expires",
	.rationale = "Whoever is in an SPF record or holds a DKIM key can "
	    "send in your name. Records are not taken away by a date alone, "
	    "because that would break mail; a person has to do it.",
	.citation = "RFC 9989 section 7.1",
	.bad = "senders:\n  trial: {spf: mx, expires: 2020-01-31}\n",
	.good = "senders:\n  trial: {spf: mx, expires: 2099-01-31}\n",
	.check = check_expired,
};

static void
check_review(struct lint *lint)
{
	const struct config_sender *sender;
	size_t i;

	for (i = 0; i < lint->config->sender_count; i++) {
		sender = &lint->config->senders[i];
		if (sender->review == DAY_NONE ||
		    lint->world->today < sender->review)
			continue;
		diag_help(lint, complain(lint,
		    said_at(lint, sender, "review"),
		    "nobody has looked since whether \"%.*s\" still sends "
		    "for you", STR_ARG(sender->name)), "%s%.*s",
		    sender->owner.text.p == NULL ?
		    "find out, and set the next day" : "ask ",
		    STR_ARG(sender->owner.text));
	}
}

static const struct rule sender_review = {
	.id = "config-sender-review",
	.level = LEVEL_WARNING,
	.subject = SUBJECT_CONFIG,
	.summary = "the day to review a sender has come",
	.rationale = "Services are left and their records stay: each is a "
	    "lookup of ten, and a stranger's way to send in your name.",
	.citation = "RFC 7208 section 4.6.4",
	.bad = "senders:\n  newsletter: {spf: mx, review: 2020-06-30}\n",
	.good = "senders:\n  newsletter: {spf: mx, review: 2099-06-30}\n",
	.check = check_review,
};

/* Whether an answer may still be true is a question of its age alone. */
struct aged {
	const struct dns_cache_line *oldest;
	size_t count;
};

static void
add_aged(struct aged *aged, const struct dns_cache_line *line)
{
	if (aged->oldest == NULL || line->checked < aged->oldest->checked)
		aged->oldest = line;
	aged->count++;
}

static void
tell_aged(struct lint *lint, const struct aged *aged, const char *what)
{
	struct str others = STR("");

	if (aged->count == 0)
		return;
	if (aged->count > 1)
		others = arena_printf(lint->keep, " and %zu later one%s",
		    aged->count - 1, aged->count == 2 ? "" : "s");
	diag_help(lint, complain(lint, aged->oldest->span,
	    "this answer of %.*s%.*s %s",
	    STR_ARG(date_print(lint->keep, aged->oldest->checked)),
	    STR_ARG(others), what),
	    RENEW_CACHE);
}

static void
check_cache_old(struct lint *lint)
{
	const struct dns_cache *cache = lint->world->zones->cache;
	struct aged old = { NULL, 0 }, expired = { NULL, 0 };
	size_t i;

	for (i = 0; cache != NULL && i < cache->count; i++) {
		const struct dns_cache_line *line = &cache->lines[i];
		day age = lint->world->today - line->checked;

		if (age > DNS_CACHE_EXPIRED)
			add_aged(&expired, line);
		else if (age > DNS_CACHE_OLD)
			add_aged(&old, line);
	}
	tell_aged(lint, &old, "may no longer be what the DNS says");
	tell_aged(lint, &expired, "cannot be used any more");
}

static const struct rule cache_old = {
	.id = "config-cache-old",
	.level = LEVEL_NOTE,
	.subject = SUBJECT_CONFIG,
	.summary = "answers in the DNS cache are older than 30 days",
	.rationale = "Providers change their addresses without a word. What "
	    "was true a month ago may count lookups wrongly, and what is "
	    "older than 180 days is not used any more.",
	.citation = "mailzone.yaml(5)",
	.bad = "dns_cache: dns.cache\n"
	    "; cache:\n"
	    "_spf.example.net A 300 2024-06-01 192.0.2.1\n"
	    "; today: 2024-07-15\n",
	.good = "dns_cache: dns.cache\n"
	    "; cache:\n"
	    "_spf.example.net A 300 2024-07-01 192.0.2.1\n"
	    "; today: 2024-07-15\n",
	.check = check_cache_old,
};

/* ---- domains without a zone ---------------------------------------------- */

enum { HOMELESS_FEW = 5 };

/* Domains that no zone holds: each is told of a few, the first of many. */
struct homeless {
	const struct config_domain *domains[HOMELESS_FEW];
	size_t count;
};

static void
tell_homeless(struct lint *lint, const struct homeless *homeless)
{
	bool few = homeless->count <= HOMELESS_FEW;
	size_t i, told = few ? homeless->count : 1;
	struct str others = STR("");

	if (!few)
		others = arena_printf(lint->keep, " and %zu other domains",
		    homeless->count - 1);
	for (i = 0; i < told; i++)
		diag_help(lint, complain(lint, homeless->domains[i]->span,
		    "no zone file that is read holds %.*s%.*s",
		    STR_ARG(name_show(homeless->domains[i]->name)),
		    STR_ARG(others)), "look for a misspelt name, or list "
		    "the zone's file under zones:");
}

/*
 * A list of parked domains often is longer than the zones that are here, and
 * must not hide the one that was misspelt.
 */
static void
check_no_zone(struct lint *lint)
{
	const struct zones *zones = lint->world->zones;
	const struct config_domain *domain = NULL;
	struct homeless said = { .count = 0 }, listed = { .count = 0 }, *here;

	while (zones->count > 0 && zones->dns == NULL &&
	    (domain = config_next(lint->config, domain)) != NULL) {
		if (domain->parent != NULL ||
		    domain->zone_file.text.p != NULL ||
		    zones_covering(zones, domain->name) != NULL)
			continue;
		here = domain->listed ? &listed : &said;
		if (here->count < HOMELESS_FEW)
			here->domains[here->count] = domain;
		here->count++;
	}
	tell_homeless(lint, &said);
	tell_homeless(lint, &listed);
}

static const struct rule no_zone = {
	.id = "config-no-zone",
	.level = LEVEL_NOTE,
	.subject = SUBJECT_CONFIG,
	.summary = "no zone file holds a domain of the configuration",
	.rationale = "Where zone files are read, a domain that none of them "
	    "holds is misspelt, or its file is not listed: the domain that "
	    "was meant has no policy, and nothing else would tell.",
	.citation = "mailzone.yaml(5)",
	.bad = "version: 1\ndomains:\n  example.ogr: {parked: true}\n"
	    "; zone: example.org\n"
	    "@ 3600 IN SOA ns h 1 7200 3600 1209600 3600\n",
	.good = "version: 1\ndomains:\n  example.org: {parked: true}\n"
	    "; zone: example.org\n"
	    "@ 3600 IN SOA ns h 1 7200 3600 1209600 3600\n",
	.check = check_no_zone,
};

/* ---- what nobody has looked at ------------------------------------------- */

static void
check_unexplained(struct lint *lint)
{
	const struct config_domain *domain = NULL;
	size_t i;

	while ((domain = config_next(lint->config, domain)) != NULL)
		for (i = 0; i < domain->keep.count; i++)
			diag_help(lint, complain(lint,
			    domain->keep.words[i].span, "the record is "
			    "published as it stands: mailzone does not know "
			    "who needs it"), "say it with a sender, a key or "
			    "a field, when it is known what it is for");
}

static const struct rule unexplained = {
	.id = "import-unexplained",
	.level = LEVEL_NOTE,
	.subject = SUBJECT_CONFIG,
	.summary = "a record is kept that no field explains",
	.rationale = "import drops nothing: what it does not understand it "
	    "keeps, word for word. No sender, key or owner stands behind "
	    "such a record, and no plan changes it.",
	.citation = "mailzone.yaml(5)",
	.bad = "version: 1\ndomains:\n  example.com:\n"
	    "    keep: ['@ TXT \"v=spf1 -all\"']\n",
	.good = "version: 1\ndomains:\n  example.com:\n"
	    "    spf: {all: fail}\n",
	.check = check_unexplained,
};

const struct rule *const config_rules[] = { &syntax, &unknown_key,
	&duplicate_key, &type, &value, &undefined, &sender_expired,
	&sender_review, &cache_old, &no_zone, &unexplained, NULL };

/* ---- names of rules and profiles ----------------------------------------- */

/* The word most like the one that does not exist. */
struct nearest {
	struct str word;
	const char *best;
	unsigned distance;
};

static void
try_word(struct nearest *nearest, const char *candidate)
{
	unsigned distance = str_distance(nearest->word, str_from(candidate),
	    3);

	if (distance > 3 || distance * 3 > nearest->word.n ||
	    (nearest->best != NULL && distance >= nearest->distance))
		return;
	nearest->best = candidate;
	nearest->distance = distance;
}

static void
add_undefined(struct config *config, const char *what, struct span span,
    const struct nearest *nearest)
{
	struct config_problem *problem = config_problem(&config->problems,
	    config->arena, CONFIG_UNDEFINED, span, "there is no %s \"%.*s\"",
	    what, STR_ARG(nearest->word));

	if (nearest->best != NULL)
		problem->help = arena_printf(config->arena,
		    "did you mean \"%s\"?", nearest->best);
}

static void
check_rule_name(struct config *config, struct setting name)
{
	struct nearest nearest = { .word = name.text };
	const struct rule *rule;
	size_t i;

	if (name.text.p == NULL || rule_find(name.text) != NULL)
		return;
	for (i = 0; (rule = rule_number(i)) != NULL; i++) {
		if (glob_matches(name.text, str_from(rule->id)))
			return;
		try_word(&nearest, rule->id);
	}
	add_undefined(config, "rule", name.span, &nearest);
}

static void
check_profile_name(struct config *config, const struct word *name)
{
	struct nearest nearest = { .word = name->text };
	const struct profile *profile;

	if (profile_find(name->text) != NULL)
		return;
	for (profile = profiles; profile->name != NULL; profile++)
		try_word(&nearest, profile->name);
	add_undefined(config, "profile", name->span, &nearest);
}

void
rules_check_config(struct config *config)
{
	const struct config_level *level;
	const struct config_ignore *ignore;
	size_t i;

	for (i = 0; i < config->profiles.count; i++)
		check_profile_name(config, &config->profiles.words[i]);
	for (level = config->levels; level != NULL; level = level->next)
		check_rule_name(config, level->rule);
	for (ignore = config->ignores.first; ignore != NULL;
	    ignore = ignore->next)
		check_rule_name(config, ignore->rule);
}
