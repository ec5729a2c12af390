/* What a domain says that contradicts itself, or that nobody would read. */
#include "base/arena.h"
#include "config/read.h"

static struct config_problem *
key_problem(struct load *load, const struct yaml *item, const char *what)
{
	return config_problem(load->problems, load->arena, CONFIG_VALUE,
	    item->key_span, "%s", what);
}

/* One that lies in the domain may be written without the final dot. */
static bool
is_owner(struct arena *arena, struct str owner, struct str domain)
{
	struct str name;

	return name_parse(arena, owner, &name) && (str_ends(owner, STR(".")) ||
	    name_within(name, domain) || name_parse(arena, arena_printf(arena,
	    "%.*s.%.*s", STR_ARG(owner), STR_ARG(domain)), &name));
}

static void
check_kept(struct load *load, const struct config_domain *domain)
{
	struct arena *arena = load->arena;
	struct word *kept;
	struct str owner;
	size_t i;

	for (i = 0; i < domain->keep.count; i++) {
		kept = &domain->keep.words[i];
		owner = str_slice(kept->text, 0, str_find(kept->text, ' '));
		if (str_is(owner, "@"))
			continue;
		if (!is_owner(arena, owner, domain->name))
			config_problem(load->problems, arena, CONFIG_VALUE,
			    kept->span, "\"%.*s\" cannot be the name of a "
			    "record", STR_ARG(owner));
		else if (str_ends(owner, STR(".")) &&
		    name_parse(arena, owner, &owner) &&
		    !name_within(owner, domain->name))
			config_problem(load->problems, arena, CONFIG_VALUE,
			    kept->span, "\"%.*s\" does not lie in %.*s",
			    STR_ARG(owner), STR_ARG(domain->name));
	}
}

static void
check_parked(struct load *load, const struct said *said)
{
	const struct config_domain *domain = said->domain;
	const struct yaml *senders = said_own(said, "senders", NULL);
	const struct yaml *users = said_own(said, "users", NULL);
	const struct yaml *p = said_own(said, "dmarc", "p");
	const struct yaml *parked = said_own(said, "parked", NULL);
	struct config_problem *problem = NULL;

	if (!domain->parked)
		return;
	if (senders != NULL && domain->sender_names.count > 0)
		problem = key_problem(load, senders,
		    "a parked domain has no senders");
	else if (users != NULL && domain->users)
		problem = key_problem(load, users,
		    "nobody writes from a parked domain");
	else if (p != NULL && setting_is_given(domain->dmarc.p) &&
	    !str_is(domain->dmarc.p.text, "reject"))
		problem = key_problem(load, p,
		    "a parked domain is locked with p: reject");
	if (problem != NULL && parked != NULL) {
		problem->related = parked->key_span;
		problem->related_what = STR("parked here");
	}
}

static void
check_delegated(struct load *load, const struct said *said)
{
	static const char *const publish[] = { "senders", "keys", "dmarc",
		"mta_sts", "tls_rpt", "bimi", "keep" };
	const struct yaml *item;
	size_t i;

	if (!said->domain->delegated)
		return;
	for (i = 0; i < sizeof(publish) / sizeof(publish[0]); i++) {
		item = said_own(said, publish[i], NULL);
		if (item == NULL)
			continue;
		key_problem(load, item, "nothing can be published here, "
		    "because the zone is delegated");
		return;
	}
}

/* At a wildcard receivers ask for these at names below, which it is not. */
static void
find_unpublished(struct load *load, const struct said *said)
{
	static const char *const nowhere[] = { "keys", "dmarc", "rollout",
		"mta_sts", "tls_rpt", "bimi", "authorise_reports_for" };
	enum { COUNT = sizeof(nowhere) / sizeof(nowhere[0]) };
	struct words *list = &said->domain->unpublished;
	const struct yaml *item;
	size_t i;

	if (!name_is_wildcard(said->domain->name))
		return;
	*list = (struct words){ .words = ARENA_ARRAY(load->arena, COUNT,
	    struct word) };
	for (i = 0; i < COUNT; i++) {
		item = said_own(said, nowhere[i], NULL);
		if (item != NULL)
			list->words[list->count++] = (struct word){
			    .text = item->key, .span = item->key_span };
	}
}

/* Is a key missing from a section, not only wrong or misspelt? */
static bool
lacks(struct load *load, const struct yaml *node, const char *section,
    const char *key)
{
	const struct field *field = field_find(domain_fields,
	    str_from(section));

	return !node->broken && yaml_get(node, key) == NULL &&
	    !load_is_misspelt(load, node, field->fields, key);
}

static void
check_dmarc(struct load *load, const struct said *said)
{
	const struct config_domain *domain = said->domain;
	const struct yaml *dmarc = said_own(said, "dmarc", NULL);
	const struct yaml *item;
	struct config_problem *problem;
	bool suffix = domain->parent != NULL &&
	    str_is(domain->parent->dmarc.psd.text, "y");

	if (dmarc == NULL)
		return;
	if (!setting_is_given(domain->dmarc.p) &&
	    lacks(load, dmarc, "dmarc", "p") && !domain->parked &&
	    !domain->rollout.present) {
		problem = key_problem(load, dmarc, "receivers read a DMARC "
		    "record without p as p=none and deliver forged mail");
		problem->help = STR("say p: none, p: quarantine or p: reject");
	}
	if (domain->parent == NULL || suffix ||
	    str_is(domain->dmarc.psd.text, "n"))
		return;
	if ((item = yaml_get(dmarc, "sp")) == NULL)
		item = yaml_get(dmarc, "np");
	if (item == NULL)
		return;
	problem = config_problem(load->problems, load->arena, CONFIG_VALUE,
	    item->key_span,
	    "receivers ignore %.*s below the organizational domain",
	    STR_ARG(item->key));
	problem->help = arena_printf(load->arena, "say it at %.*s",
	    STR_ARG(domain->parent->name));
}

/* Sections that are there and lack what they are for. */
static void
check_sections(struct load *load, const struct said *said)
{
	const struct config_domain *domain = said->domain;
	const struct {
		const char *section, *key;
		bool given;
	} needs[] = {
		{ "mta_sts", "mode", setting_is_given(domain->mta_sts.mode) },
		{ "tls_rpt", "rua", domain->tls_rpt_rua.count > 0 },
		{ "bimi", "location", setting_is_given(domain->bimi.location) },
	};
	const struct yaml *item;
	size_t i;

	for (i = 0; i < sizeof(needs) / sizeof(needs[0]); i++) {
		item = said_own(said, needs[i].section, NULL);
		if (item == NULL || needs[i].given ||
		    !lacks(load, item, needs[i].section, needs[i].key))
			continue;
		config_problem(load->problems, load->arena,
		    CONFIG_VALUE, item->key_span, "%s needs \"%s\"",
		    needs[i].section, needs[i].key);
	}
	item = said_own(said, "spf", "redirect");
	if (item != NULL && said_own(said, "spf", "all") != NULL)
		key_problem(load, item,
		    "receivers ignore a redirect beside all");
}

static void
check_rollout(struct load *load, const struct said *said)
{
	const struct config_domain *domain = said->domain;
	const struct config_rollout *rollout = &domain->rollout;
	const struct yaml *since = said_own(said, "rollout", "since");
	struct config_problem *problem;

	if (!rollout->present)
		return;
	if (since != NULL && !setting_is_given(rollout->stage)) {
		problem = config_problem(load->problems, load->arena,
		    CONFIG_VALUE, since->key_span,
		    "\"since\" says from which day \"stage\" is published, "
		    "and there is no stage");
		problem->help = STR("the day on which a rollout begins is "
		    "\"start\"");
	}
	if (said_own(said, "rollout", "target") != NULL &&
	    setting_is_given(rollout->target) &&
	    setting_is_given(domain->dmarc.p) &&
	    policy_parse(rollout->target.text) >
	    policy_parse(domain->dmarc.p.text)) {
		problem = config_problem(load->problems, load->arena,
		    CONFIG_VALUE, rollout->target.span,
		    "the target cannot be stricter than dmarc.p, which is "
		    "%.*s", STR_ARG(domain->dmarc.p.text));
		problem->related = domain->dmarc.p.span;
		problem->related_what = STR("given here");
	}
	if (said_own(said, "dmarc", "t") != NULL && str_is(domain->dmarc.t.text,
	    "y"))
		config_problem(load->problems, load->arena, CONFIG_VALUE,
		    domain->dmarc.t.span,
		    "a rollout has test stages of its own, so t: y cannot "
		    "be its goal");
}

void
domain_check(struct load *load, const struct said *said)
{
	check_kept(load, said->domain);
	check_parked(load, said);
	check_delegated(load, said);
	find_unpublished(load, said);
	check_dmarc(load, said);
	check_sections(load, said);
	check_rollout(load, said);
}
