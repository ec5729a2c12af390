#include <assert.h>
#include <pthread.h>

#include "alike/alike.h"
#include "base/pattern.h"
#include "rules/check.h"

static const struct rule *const *const families[] = {
	bimi_rules, config_rules, demand_rules, dkim_key_rules, dkim_keys_rules,
	dkim_place_rules, dkim_rules, dkim_sender_rules, dkim_state_rules,
	dmarc_external_rules, dmarc_lent_rules, dmarc_place_rules,
	dmarc_policy_rules, dmarc_report_rules, dmarc_rules, dmarc_sender_rules,
	dmarc_state_rules, dmarc_suffix_rules, dmarc_testing_rules,
	mtasts_rules, mx_rules, plan_rules, spf_all_rules, spf_graph_rules,
	spf_lookup_rules, spf_network_rules, spf_place_rules, spf_reach_rules,
	spf_rules, spf_sender_rules, spf_term_rules, suppression_rules,
	tlsrpt_rules, verify_rules, zone_answer_rules, zone_block_rules,
	zone_character_rules, zone_name_rules, zone_quote_rules, zone_rules,
	zone_serial_rules, zone_string_rules, zone_tree_rules,
};

enum {
	FAMILIES = sizeof(families) / sizeof(families[0])
};

static const struct {
	const char *name;
	enum level level;
} levels[] = {
	{ "off", LEVEL_OFF },
	{ "note", LEVEL_NOTE },
	{ "warning", LEVEL_WARNING },
	{ "error", LEVEL_ERROR },
};

enum { LEVELS = sizeof(levels) / sizeof(levels[0]) };

const char *
level_name(enum level level)
{
	return levels[level].name;
}

bool
level_parse(struct str text, enum level *level)
{
	size_t i;

	for (i = 0; i < LEVELS; i++)
		if (str_is(text, levels[i].name)) {
			*level = levels[i].level;
			return true;
		}
	return false;
}

/* Those of all families; made once, for who goes through them often. */
static struct {
	const struct rule *rules[RULES_MAX];
	size_t count;
} in_order;

static void
put_in_order(void)
{
	size_t family, i;

	for (family = 0; family < FAMILIES; family++)
		for (i = 0; families[family][i] != NULL; i++) {
			assert(in_order.count < RULES_MAX);
			in_order.rules[in_order.count++] =
			    families[family][i];
		}
}

const struct rule *
rule_number(size_t number)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;

	pthread_once(&once, put_in_order);
	return number < in_order.count ? in_order.rules[number] : NULL;
}

const struct rule *
rule_find(struct str id)
{
	const struct rule *rule;
	size_t i;

	for (i = 0; (rule = rule_number(i)) != NULL; i++)
		if (str_is(id, rule->id))
			break;
	return rule;
}

/* Does any glob of "GLOB,GLOB" match? *exact: one of them is the id. */
static bool
listed(struct str globs, const struct rule *rule, bool *exact)
{
	struct str glob;
	bool found = false;

	while (str_split(&globs, ',', &glob))
		if (glob_matches(str_trim(glob), str_from(rule->id))) {
			found = true;
			*exact |= str_is(str_trim(glob), rule->id);
		}
	return found;
}

/* The strictest level among profiles; a profile that is silent keeps it. */
static enum level
profile_level(const struct rule *rule, const struct selection *selection)
{
	const struct profile_level *row;
	enum level level, strictest = LEVEL_OFF;
	size_t i;

	for (i = 0; i < selection->profile_count; i++) {
		level = rule->level;
		for (row = selection->profiles[i]->levels;
		    row != NULL && row->rule != NULL; row++)
			if (glob_matches(str_from(row->rule),
			    str_from(rule->id)))
				level_parse(str_from(row->level), &level);
		if (level > strictest)
			strictest = level;
	}
	return selection->profile_count == 0 ? rule->level : strictest;
}

/*
 * First the profiles, then the configuration, then the command line; among
 * equals the later one counts.
 */
enum level
rule_level(const struct rule *rule, const struct selection *selection,
    const struct config *config)
{
	enum level level = profile_level(rule, selection);
	const struct config_level *row;
	bool exact = false, unused = false;
	size_t i;

	for (row = config->levels; row != NULL; row = row->next)
		if (glob_matches(row->rule.text, str_from(rule->id)))
			level_parse(row->level.text, &level);
	for (i = 0; i < selection->level_count; i++)
		if (glob_matches(selection->levels[i].rule.text,
		    str_from(rule->id)))
			level_parse(selection->levels[i].level.text, &level);
	if (selection->select.p != NULL &&
	    !listed(selection->select, rule, &exact))
		return LEVEL_OFF;
	/* Who asks for a rule by its name wants to hear it. */
	if (exact && level == LEVEL_OFF)
		level = LEVEL_WARNING;
	if (listed(selection->ignore, rule, &unused))
		return LEVEL_OFF;
	return level;
}

bool
rule_speaks(const struct rule *rule, const struct selection *selection,
    const struct config *config)
{
	enum level level = rule_level(rule, selection, config);
	bool is_configured = config->source != NULL ||
	    selection->profile_count > 0;

	return level != LEVEL_OFF && (level >= selection->min_level ||
	    (is_configured && rule->raised >= selection->min_level));
}
