/* Domains: what each says, and what it has from defaults. */
#include <assert.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/file.h"
#include "base/path.h"
#include "config/read.h"

/* While domains are read. */
struct domains {
	struct load *load;
	struct config *config;
	struct config_domain subdomain;	/* what a subdomain starts with */
	struct config_domain **last;
};

const struct yaml *
said_own(const struct said *said, const char *section, const char *key)
{
	const struct yaml *node = yaml_get(said->node, section);

	return node == NULL || key == NULL ? node : yaml_get(node, key);
}

/* ---- rollout ------------------------------------------------------------- */

bool
config_rollout_begins(const struct config_domain *domain)
{
	return domain->rollout.start != DAY_NONE ||
	    setting_is_given(domain->rollout.stage);
}

/*
 * What defaults say of rollouts (a template, per_day) is no rollout yet: they
 * begin one where they say when. Parked names are locked at once, unless the
 * ladder is the one that is made for them.
 */
static void
decide_rollout(const struct said *said)
{
	struct config_rollout *rollout = &said->domain->rollout;

	if (said_own(said, "rollout", NULL) != NULL)
		return;
	if (said->domain->parked)
		rollout->present &= str_is(rollout->template.text, "parked");
	rollout->present &= config_rollout_begins(said->domain);
}

/* ---- names that refer to others ------------------------------------------ */

static void
add_key(struct domains *domains, struct config_domain *domain,
    const struct config_key *key)
{
	const struct config_key *other;
	struct config_problem *problem;
	size_t i;

	for (i = 0; i < domain->key_count; i++) {
		other = domain->keys[i];
		if (other == key)
			return;
		if (!setting_is_given(key->selector) ||
		    !str_equal(key->selector.text, other->selector.text))
			continue;
		if (key->selector.span.start < other->selector.span.start) {
			other = key;
			key = domain->keys[i];
		}
		problem = config_problem(domains->load->problems,
		    domains->load->arena, CONFIG_VALUE, key->selector.span,
		    "%.*s would have two keys at one selector, and receivers "
		    "take either", STR_ARG(domain->name));
		problem->related = other->selector.span;
		problem->related_what = STR("the other one");
		return;
	}
	domain->keys[domain->key_count++] = key;
}

static void
resolve_keys(struct domains *domains, struct config_domain *domain)
{
	const struct words *names = &domain->key_names;
	const struct config_key *key;
	size_t room = names->count, i, k;

	for (i = 0; i < domain->sender_count; i++)
		room += domain->senders[i]->key_count;
	domain->keys = ARENA_ARRAY(domains->load->arena, room,
	    const struct config_key *);
	domain->key_count = 0;
	for (i = 0; i < domain->sender_count; i++)
		for (k = 0; k < domain->senders[i]->key_count; k++)
			add_key(domains, domain, domain->senders[i]->keys[k]);
	for (i = 0; i < names->count; i++) {
		key = table_find(&domains->config->by_key,
		    names->words[i].text);
		if (key != NULL)
			add_key(domains, domain, key);
		else
			undefined_name(domains->load, names->words[i].span,
			    "key", names->words[i].text,
			    &domains->config->by_key);
	}
}

static void
resolve_senders(struct domains *domains, const struct said *said)
{
	struct config_domain *domain = said->domain;
	const struct words *names = &domain->sender_names;
	const struct table *known = &domains->config->by_sender;
	const struct config_sender *sender;
	struct config_problem *problem;
	size_t i, k;

	domain->senders = ARENA_ARRAY(domains->load->arena, names->count,
	    const struct config_sender *);
	domain->sender_count = 0;
	for (i = 0; i < names->count; i++) {
		sender = table_find(known, names->words[i].text);
		if (sender == NULL) {
			undefined_name(domains->load, names->words[i].span,
			    "sender", names->words[i].text, known);
			continue;
		}
		for (k = 0; k < domain->sender_count; k++)
			if (domain->senders[k] == sender)
				break;
		if (k < domain->sender_count) {
			problem = config_problem(domains->load->problems,
			    domains->load->arena, CONFIG_DUPLICATE_KEY,
			    names->words[i].span, "\"%.*s\" is named twice",
			    STR_ARG(sender->name));
			(void)problem;
			continue;
		}
		domain->senders[domain->sender_count++] = sender;
		if (said_own(said, "users", NULL) == NULL)
			domain->users |= sender->users;
	}
	for (i = 0; i < domain->spf_flatten.count; i++)
		if (table_find(known, domain->spf_flatten.words[i].text) ==
		    NULL)
			undefined_name(domains->load,
			    domain->spf_flatten.words[i].span, "sender",
			    domain->spf_flatten.words[i].text, known);
}

/* Hosts are named in full, or by what stands before the domain. */
static void
resolve_hosts(struct domains *domains, struct config_domain *domain)
{
	struct arena *arena = domains->load->arena;
	struct words *hosts = &domain->spf_helo;
	struct word *named = ARENA_ARRAY(arena, hosts->count, struct word);
	size_t i;

	for (i = 0; i < hosts->count; i++) {
		named[i] = hosts->words[i];
		if (!str_has(named[i].text, '.'))
			named[i].text = name_join(arena, named[i].text,
			    domain->name);
		else if (!name_within(named[i].text, domain->name))
			config_problem(domains->load->problems, arena,
			    CONFIG_VALUE, named[i].span,
			    "\"%.*s\" does not lie in %.*s",
			    STR_ARG(named[i].text), STR_ARG(domain->name));
	}
	hosts->words = named;
}

/* ---- one domain ---------------------------------------------------------- */

/* False when the name is taken, after telling so. */
static bool
claim_name(struct domains *domains, struct config_domain *domain)
{
	const struct config_domain *other = table_add(
	    &domains->config->by_domain, domains->load->arena, domain->name,
	    domain);
	struct config_problem *problem;

	if (other == domain)
		return true;
	problem = config_problem(domains->load->problems,
	    domains->load->arena, CONFIG_DUPLICATE_KEY, domain->span,
	    "%.*s is listed twice, and only one can count",
	    STR_ARG(domain->name));
	problem->related = other->span;
	problem->related_what = STR("listed first here");
	return false;
}

static void
park(const struct config *config, const struct said *said)
{
	struct config_domain *domain = said->domain;

	if (!domain->parked)
		return;
	if (said_own(said, "senders", NULL) == NULL)
		domain->sender_names.count = 0;
	if (said_own(said, "users", NULL) == NULL)
		domain->users = false;
	/* Of mail that comes, and of a logo beside mail that goes. */
	if (said_own(said, "mta_sts", NULL) == NULL)
		domain->mta_sts.present = false;
	if (said_own(said, "bimi", NULL) == NULL)
		domain->bimi.present = false;
	if (config->parked_rua.count > 0 &&
	    said_own(said, "dmarc", "rua") == NULL)
		domain->dmarc.rua = config->parked_rua;
}

static void
finish_domain(struct domains *domains, const struct said *said)
{
	park(domains->config, said);
	decide_rollout(said);
	resolve_senders(domains, said);
	resolve_keys(domains, said->domain);
	resolve_hosts(domains, said->domain);
	domain_check(domains->load, said);
}

static void read_subdomains(struct domains *, const struct trail *,
    const struct yaml *, struct config_domain *parent);

static void
read_domain(struct domains *domains, const struct trail *trail,
    const struct yaml *node, struct config_domain *domain)
{
	const struct said said = { domain, node };
	const struct yaml *below = yaml_get(node, "subdomains");

	load_mapping(domains->load, trail, node, domain_fields, domain);
	domain->has_ttl |= yaml_get(node, "ttl") != NULL;
	finish_domain(domains, &said);
	if (below == NULL && domain->parent == NULL)
		below = yaml_get(yaml_get(domains->config->tree, "defaults"),
		    "subdomains");
	read_subdomains(domains, trail, below, domain);
}

/* "news", not "news.example.com"; false after telling so. */
static bool
read_label(struct domains *domains, const struct yaml *item,
    const struct config_domain *parent, struct str *name)
{
	struct load *load = domains->load;
	struct yaml key = key_as_value(item);
	struct config_problem *problem;
	struct str label;

	if (!value_is_plain(load, &key) ||
	    !value_name(load, &key, NAME_WANT_LABELS, &label))
		return false;
	if (name_within(label, parent->name)) {
		problem = value_problem(load, &key, 0, key.text.n,
		    "this is read as %.*s.%.*s", STR_ARG(label),
		    STR_ARG(parent->name));
		problem->help = arena_printf(load->arena,
		    "did you mean \"%.*s\"?",
		    STR_ARG(name_relative(label, parent->name)));
		return false;
	}
	*name = name_join(load->arena, label, parent->name);
	if (name_wire_length(*name) <= NAME_MAX_WIRE)
		return true;
	value_problem(load, &key, 0, key.text.n,
	    "this name takes more than %d octets", (int)NAME_MAX_WIRE);
	return false;
}

static void
read_subdomains(struct domains *domains, const struct trail *up,
    const struct yaml *node, struct config_domain *parent)
{
	const struct field *field = field_find(domain_fields,
	    STR("subdomains"));
	struct config_domain *domain, **last = &parent->subdomains;
	struct trail trail = { up, STR("subdomains") };
	const struct yaml *item;
	struct str name;
	size_t count;

	if (!load_container(domains->load, &trail, node, field, &count))
		return;
	assert(node != NULL);
	for (item = node->items; item != NULL; item = item->next) {
		struct trail below = { &trail, item->key };

		if (!read_label(domains, item, parent, &name))
			continue;
		domain = ARENA_NEW(domains->load->arena,
		    struct config_domain);
		*domain = domains->subdomain;
		domain->name = name;
		domain->span = item->key_span;
		domain->parent = parent;
		if (!claim_name(domains, domain))
			continue;
		*last = domain;
		last = &domain->next;
		read_domain(domains, &below, item, domain);
	}
}

static void
add_domain(struct domains *domains, struct config_domain *domain)
{
	*domains->last = domain;
	domains->last = &domain->next;
	domains->config->domain_count++;
}

/* A name that stands for itself: no wildcard, and with more than one label. */
static bool
read_name(struct domains *domains, const struct yaml *node, bool suffix,
    struct str *name)
{
	struct load *load = domains->load;
	struct config_problem *problem;

	if (!value_is_plain(load, node) ||
	    !value_name(load, node, NAME_WANT_HOST, name))
		return false;
	if (name_is_wildcard(*name)) {
		problem = value_problem(load, node, 0, node->text.n,
		    "a wildcard is no domain");
		problem->help = STR("say \"*\" in subdomains of the domain");
		return false;
	}
	if (name_labels(*name) > 1 || suffix)
		return true;
	problem = value_problem(load, node, 0, node->text.n,
	    "\"%.*s\" is a single label", STR_ARG(node->text));
	problem->help = STR("write the whole name, as example.com");
	return false;
}

static void
read_domains(struct domains *domains)
{
	const struct yaml *node = yaml_get(domains->config->tree, "domains");
	const struct field *field = field_find(config_fields, STR("domains"));
	struct trail trail = { NULL, STR("domains") };
	struct config_domain *domain;
	const struct yaml *item, *psd;
	struct yaml key;
	size_t count;

	if (!load_container(domains->load, &trail, node, field, &count))
		return;
	assert(node != NULL);
	for (item = node->items; item != NULL; item = item->next) {
		struct trail below = { &trail, item->key };

		key = key_as_value(item);
		psd = yaml_get(yaml_get(item, "dmarc"), "psd");
		domain = ARENA_NEW(domains->load->arena,
		    struct config_domain);
		*domain = *domains->config->defaults;
		domain->span = item->key_span;
		if (!read_name(domains, &key, psd != NULL &&
		    str_is(psd->text, "y"), &domain->name) ||
		    !claim_name(domains, domain))
			continue;
		add_domain(domains, domain);
		read_domain(domains, &below, item, domain);
	}
}

/* ---- parked lists -------------------------------------------------------- */

static void
add_parked(struct domains *domains, const struct yaml *node)
{
	struct config_domain *domain;
	const struct said said = { NULL, NULL };
	struct said listed = said;
	struct str name;

	if (!read_name(domains, node, false, &name))
		return;
	domain = ARENA_NEW(domains->load->arena, struct config_domain);
	*domain = *domains->config->defaults;
	domain->name = name;
	domain->span = node->span;
	domain->listed = domain->parked = true;
	listed.domain = domain;
	if (!claim_name(domains, domain))
		return;
	add_domain(domains, domain);
	finish_domain(domains, &listed);
}

/* One name a line; "#" begins a comment. */
static void
read_parked_file(struct domains *domains, const struct word *file)
{
	struct arena *arena = domains->load->arena;
	struct str path = path_join(arena, domains->config->folder,
	    file->text);
	const struct source *source = file_read(arena, path);
	struct yaml node = { .kind = YAML_SCALAR, .plain = true };
	struct str rest, line;

	if (source == NULL) {
		unreadable_file(domains->load, file->span, path);
		return;
	}
	rest = source->text;
	while (str_split(&rest, '\n', &line)) {
		line.n = str_find(line, '#');
		if (line.n > 0 && line.p[line.n - 1] == '\r')
			line.n--;
		line = str_trim(line);
		if (line.n == 0)
			continue;
		node.text = line;
		node.span.source = source;
		node.span.start = (size_t)(line.p - source->text.p);
		node.span.end = node.span.start + line.n;
		add_parked(domains, &node);
	}
}

static void
read_parked(struct domains *domains)
{
	const struct config *config = domains->config;
	const struct yaml *list = yaml_get(yaml_get(config->tree, "parked"),
	    "domains");
	const struct yaml *item = NULL;
	size_t i;

	if (list != NULL && list->kind != YAML_MAPPING && !list->null)
		while ((item = load_next(list, item)) != NULL)
			if (item->kind == YAML_SCALAR && item->text.n > 0)
				add_parked(domains, item);
	for (i = 0; i < config->parked_files.count; i++)
		read_parked_file(domains, &config->parked_files.words[i]);
}

/* ---- defaults ------------------------------------------------------------ */

/*
 * Senders and what they bring belong to the domain. A policy of its own is
 * asked for by saying dmarc; then the rest of it comes from the defaults.
 */
static struct config_domain
subdomain_of(const struct config_domain *defaults)
{
	struct config_domain domain = *defaults;
	const struct words none = { NULL, 0 };
	const struct setting unset = { STR_NONE, { NULL, 0, 0 } };

	domain.zone_file = unset;
	domain.sender_names = domain.key_names = none;
	domain.parked = domain.users = domain.delegated = false;
	domain.null_mx = -1;
	domain.spf_redirect = unset;
	domain.spf_helo = domain.authorise_reports_for = domain.keep = none;
	domain.dmarc.present = domain.rollout.present = false;
	domain.dmarc.sp = domain.dmarc.np = domain.dmarc.psd = unset;
	domain.mta_sts.present = domain.bimi.present = false;
	domain.tls_rpt_rua = none;
	return domain;
}

static void
read_defaults(struct domains *domains)
{
	const struct yaml *node = yaml_get(domains->config->tree, "defaults");
	struct trail trail = { NULL, STR("defaults") };

	if (node == NULL)
		return;
	domains->load->defaults = true;
	load_mapping(domains->load, &trail, node, domain_fields,
	    domains->config->defaults);
	domains->load->defaults = false;
	domains->config->defaults->has_ttl = yaml_get(node, "ttl") != NULL;
}

/* ---- in the order of names ----------------------------------------------- */

static int
compare_domains(const void *a, const void *b)
{
	const struct config_domain *const *first = a, *const *second = b;

	return name_compare((*first)->name, (*second)->name);
}

static void
put_in_order(struct config *config)
{
	const struct config_domain *domain = NULL;
	size_t count = 0;

	while ((domain = config_next(config, domain)) != NULL)
		count++;
	config->in_order = ARENA_ARRAY(config->arena, count + 1,
	    const struct config_domain *);
	while ((domain = config_next(config, domain)) != NULL)
		config->in_order[config->in_order_count++] = domain;
	qsort(config->in_order, count, sizeof(*config->in_order),
	    compare_domains);
}

void
domains_read(struct load *load, struct config *config)
{
	struct domains domains = { .load = load, .config = config,
	    .last = &config->domains };

	read_defaults(&domains);
	domains.subdomain = subdomain_of(config->defaults);
	read_domains(&domains);
	read_parked(&domains);
	put_in_order(config);
}
