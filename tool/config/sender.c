/* DKIM keys, and who sends mail. */

#include "base/arena.h"
#include "base/file.h"
#include "base/path.h"
#include "base/pattern.h"
#include "config/read.h"

/* ---- keys ---------------------------------------------------------------- */

/*
 * Base64 that is no name of a file: an Ed25519 key has 44 characters, and
 * every other one more.
 */
static bool
is_base64(struct arena *arena, struct str text)
{
	struct str octets;

	return text.n >= 44 && !str_has(text, '.') &&
	    base64_decode(arena, text, &octets);
}

/* How a key is given: the text itself or a file that holds it. */
static bool
get_key_text(struct load *load, const struct config *config,
    struct config_key *key, const struct yaml *node, struct str *text)
{
	const struct source *source;

	if (str_is(node->key, "public") && (str_has(node->text, '\n') ||
	    is_base64(load->arena, node->text))) {
		*text = node->text;
		return true;
	}
	key->path = path_join(load->arena, config->folder, node->text);
	source = file_read(load->arena, key->path);
	if (source == NULL) {
		unreadable_file(load, node->span, key->path);
		return false;
	}
	*text = source->text;
	return true;
}

static const char *const algorithm_names[] = {
	[DKIM_RSA] = "rsa", [DKIM_ED25519] = "ed25519", [DKIM_OTHER] = "other"
};

static void
check_key(struct load *load, const struct config_key *key,
    const struct yaml *node)
{
	const char *algorithm = algorithm_names[key->key.algorithm];
	struct config_problem *problem;

	if (key->key.error.p != NULL) {
		config_problem(load->problems, load->arena, CONFIG_FILE,
		    node->span, "this is no key that can be published: %.*s",
		    STR_ARG(key->key.error));
		return;
	}
	if (str_is(node->key, "private") != key->key.is_private) {
		problem = node_problem(load, node, key->key.is_private ?
		    "this is a private key" : "this is a public key");
		problem->help = key->key.is_private ?
		    STR("say \"private\", and nothing but its public half "
		    "is published") : STR("say \"public\"");
	}
	if (key->algorithm.text.p != NULL &&
	    !str_is(key->algorithm.text, algorithm))
		config_problem(load->problems, load->arena, CONFIG_VALUE,
		    key->algorithm.span, "the key is %s, not %.*s", algorithm,
		    STR_ARG(key->algorithm.text));
}

/* The one of public, private and txt that is given; NULL when none is. */
static const struct yaml *
find_key_text(struct load *load, const struct yaml *node)
{
	static const char *const ways[] = { "public", "private", "txt" };
	const struct yaml *found = NULL, *item;
	struct config_problem *problem;
	size_t i;

	for (i = 0; i < sizeof(ways) / sizeof(ways[0]); i++) {
		item = yaml_get(node, ways[i]);
		if (item != NULL && found != NULL) {
			problem = config_problem(load->problems, load->arena,
			    CONFIG_VALUE, item->key_span,
			    "the key is given twice");
			problem->related = found->key_span;
			problem->related_what = STR("given first here");
		} else if (item != NULL)
			found = item;
	}
	return found;
}

static void
read_key_text(struct load *load, const struct config *config,
    struct config_key *key, const struct yaml *node)
{
	const struct yaml *found = find_key_text(load, node);
	struct config_problem *problem;
	struct str text;

	if (found == NULL && node->kind == YAML_MAPPING &&
	    key->state != KEY_REVOKED) {
		problem = config_problem(load->problems, load->arena,
		    CONFIG_VALUE, key->span, "the key \"%.*s\" is not given",
		    STR_ARG(key->name));
		problem->help = STR("say public, private or txt");
	}
	if (found == NULL || key->file.text.p == NULL ||
	    !get_key_text(load, config, key, found, &text))
		return;
	key->key = key_read(load->arena, text);
	/* From here on, nobody needs the secret. */
	if (key->key.is_private && key->path.p != NULL)
		key_forget(text);
	check_key(load, key, found);
}

static void
check_key_dates(struct load *load, const struct config_key *key,
    const struct yaml *node)
{
	const struct yaml *retire = yaml_get(node, "retire");
	const struct yaml *revoke = yaml_get(node, "revoke");

	if (retire != NULL && key->retire != DAY_NONE &&
	    key->since != DAY_NONE && key->retire < key->since)
		node_problem(load, retire,
		    "the key retires before its first day");
	if (revoke != NULL && key->revoke != DAY_NONE &&
	    ((key->retire != DAY_NONE && key->revoke < key->retire) ||
	    (key->since != DAY_NONE && key->revoke < key->since)))
		node_problem(load, revoke,
		    "the key is revoked while it is still in use");
}

static void
read_key(struct load *load, struct config *config, const struct trail *up,
    const struct yaml *node, struct config_key *key)
{
	struct trail trail = { up, node->key };
	size_t i;

	key->name = node->key;
	key->span = node->key_span;
	load_fallbacks(load, key_fields, key);
	load_mapping(load, &trail, node, key_fields, key);
	for (i = 0; i < key->flags.count; i++) {
		key->testing |= str_is(key->flags.words[i].text, "y");
		key->strict |= str_is(key->flags.words[i].text, "s");
	}
	read_key_text(load, config, key, node);
	check_key_dates(load, key, node);
	table_add(&config->by_key, load->arena, key->name, key);
}

void
keys_read(struct load *load, struct config *config)
{
	const struct field *field = field_find(config_fields, STR("keys"));
	const struct yaml *node = yaml_get(config->tree, "keys"), *item;
	struct trail trail = { NULL, STR("keys") };
	struct yaml name;
	size_t count;

	if (!load_container(load, &trail, node, field, &count))
		return;
	config->keys = ARENA_ARRAY(load->arena, count, struct config_key);
	for (item = node->items; item != NULL; item = item->next) {
		name = key_as_value(item);
		if (value_is_plain(load, &name))
			read_key(load, config, &trail, item,
			    &config->keys[config->key_count++]);
	}
}

enum key_state
config_key_state(const struct config_key *key, day today)
{
	if (key->revoke != DAY_NONE && today >= key->revoke)
		return KEY_REVOKED;
	if (key->retire != DAY_NONE && today >= key->retire &&
	    key->state != KEY_REVOKED)
		return KEY_RETIRING;
	return key->state;
}

struct str
config_key_private_path(struct arena *arena, const struct config_key *key)
{
	static const struct {
		struct str public, private;
	} pairs[] = {
		{ STR_INIT(".pub.pem"), STR_INIT(".pem") },
		{ STR_INIT(".pub"), STR_INIT("") },
		{ STR_INIT(".txt"), STR_INIT(".private") },
	};
	struct str path = key->path;
	size_t i;

	if (key->key.is_private)
		return path;
	for (i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++)
		if (str_ends(path, pairs[i].public))
			return arena_printf(arena, "%.*s%.*s",
			    (int)(path.n - pairs[i].public.n), path.p,
			    STR_ARG(pairs[i].private));
	return STR_NONE;
}

/* ---- what a provider asks for -------------------------------------------- */

const struct variable *
variable_find(const struct variable *variable, struct str name)
{
	while (variable != NULL && !str_equal(variable->name, name))
		variable = variable->next;
	return variable;
}

static void
check_variable(struct load *load, const struct config_sender *sender,
    const struct provider_variable *wanted)
{
	const struct variable *given = variable_find(sender->variables,
	    wanted->name);
	struct config_problem *problem;
	struct pattern *pattern;
	struct str why;
	size_t at;
	bool fits;

	/* What cannot be a value at all has been told. */
	if (given != NULL && given->value.p == NULL)
		return;
	if (given == NULL) {
		problem = config_problem(load->problems, load->arena,
		    CONFIG_VALUE, sender->provider_name.span,
		    "the provider \"%.*s\" needs \"%.*s\" in \"with\"",
		    STR_ARG(sender->provider->name), STR_ARG(wanted->name));
	} else {
		/* A broken pattern fits nothing; the tests see to ours. */
		pattern = pattern_new(load->arena, wanted->pattern, &why, &at);
		fits = pattern != NULL &&
		    pattern_matches(pattern, given->value);
		pattern_free(pattern);
		if (fits)
			return;
		problem = config_problem(load->problems, load->arena,
		    CONFIG_VALUE, given->value_span,
		    "\"%.*s\" cannot be the \"%.*s\" of %.*s",
		    STR_ARG(given->value), STR_ARG(wanted->name),
		    STR_ARG(sender->provider->name));
	}
	problem->help = arena_printf(load->arena, "%.*s: %.*s, as %.*s",
	    STR_ARG(wanted->name), STR_ARG(wanted->help),
	    STR_ARG(wanted->example));
}

static void
check_variables(struct load *load, const struct config_sender *sender)
{
	const struct provider_variable *wanted;
	const struct variable *given;
	struct config_problem *problem;

	for (wanted = sender->provider->variables; wanted != NULL;
	    wanted = wanted->next)
		check_variable(load, sender, wanted);
	for (given = sender->variables; given != NULL; given = given->next) {
		struct likeness likeness = { .word = given->name };

		for (wanted = sender->provider->variables; wanted != NULL &&
		    !str_equal(wanted->name, given->name);
		    wanted = wanted->next)
			likeness_try(&likeness, wanted->name);
		if (wanted != NULL)
			continue;
		problem = config_problem(load->problems, load->arena,
		    CONFIG_UNKNOWN_KEY, given->name_span,
		    "the provider \"%.*s\" knows no \"%.*s\"",
		    STR_ARG(sender->provider->name), STR_ARG(given->name));
		problem->help = likeness_help(load->arena, &likeness);
	}
}

/* "google" of "google._domainkey"; the domain does not matter for it. */
static struct str
selector_wanted(struct load *load, const struct config_sender *sender,
    const struct provider_record *record)
{
	struct str owner, missing;

	if (!provider_expand(load->arena, record->owner, sender->variables,
	    STR("example.com"), &owner, &missing))
		return STR_NONE;		/* told already */
	owner.n = str_find_str(owner, STR("._domainkey"));
	return owner;
}

static bool
has_selector(const struct config_sender *sender, struct str selector)
{
	size_t i;

	for (i = 0; i < sender->key_count; i++)
		if (str_equal_case(sender->keys[i]->selector.text, selector))
			return true;
	return false;
}

/*
 * A key that the provider shows and the operator publishes comes from keys. A
 * selector there is but a habit, unless it is a variable: then the operator
 * has said it.
 */
static void
check_provider_keys(struct load *load, const struct config_sender *sender)
{
	const struct provider_record *record;
	struct config_problem *problem;
	struct str selector;
	bool chosen;

	for (record = sender->provider->dkim; record != NULL;
	    record = record->next) {
		if (!str_is_case(record->type, "TXT") || record->has_value)
			continue;
		selector = selector_wanted(load, sender, record);
		chosen = str_has(record->owner, '{');
		if (selector.p == NULL || has_selector(sender, selector) ||
		    (!chosen && sender->key_count > 0))
			continue;
		if (sender->key_names.count > sender->key_count)
			continue;		/* an undefined one, told */
		problem = config_problem(load->problems, load->arena,
		    CONFIG_VALUE, sender->provider_name.span,
		    "\"%.*s\" has no DKIM key with the selector \"%.*s\", "
		    "so its mail would not be signed as yours",
		    STR_ARG(sender->name), STR_ARG(selector));
		problem->help = arena_printf(load->arena, "define a key with "
		    "selector: %.*s and the public key that %.*s shows, and "
		    "name it in keys", STR_ARG(selector),
		    STR_ARG(sender->provider->name));
	}
}

static void
resolve_provider(struct load *load, struct config_sender *sender,
    const struct yaml *node, struct providers *providers)
{
	struct setting name = sender->provider_name;
	const struct provider *provider;
	struct table known = { 0 };
	const struct yaml *with = yaml_get(node, "with");

	if (name.text.p == NULL && with != NULL &&
	    yaml_get(node, "provider") == NULL)
		config_problem(load->problems, load->arena, CONFIG_VALUE,
		    with->key_span,
		    "\"with\" tells a provider something, and none is named");
	if (name.text.p == NULL || providers == NULL)
		return;
	sender->provider = provider_find(providers, name.text);
	if (sender->provider == NULL) {
		for (provider = providers_first(providers);
		    provider != NULL; provider = provider->next)
			table_set(&known, load->arena, provider->name,
			    sender);
		undefined_name(load, name.span, "provider", name.text, &known);
		if (providers_count(providers) == 0)
			load->problems->last->help =
			    STR("the templates are not installed");
		return;
	}
	/* Without its variables there is no telling what else is missing. */
	if (with != NULL && with->kind != YAML_MAPPING && !with->null)
		return;
	check_variables(load, sender);
	check_provider_keys(load, sender);
}

/* ---- senders ------------------------------------------------------------- */

/* The items of "with" or "dkim_cname" that are words. */
static const struct yaml *
pairs_of(struct load *load, const struct trail *up, const struct yaml *node,
    const char *key)
{
	const struct field *field = field_find(sender_fields, str_from(key));
	struct trail trail = { up, str_from(key) };
	const struct yaml *pairs = yaml_get(node, key);
	size_t count;

	return load_container(load, &trail, pairs, field, &count) ?
	    pairs->items : NULL;
}

static void
read_variables(struct load *load, const struct trail *trail,
    const struct yaml *node, struct config_sender *sender)
{
	const struct field value = { .key = "with", .kind = FIELD_NOTE };
	const struct yaml *item = pairs_of(load, trail, node, "with");
	struct variable *variable, **last = &sender->variables;
	struct setting setting;

	for (; item != NULL; item = item->next) {
		setting = load_setting(load, &value, item);
		variable = ARENA_NEW(load->arena, struct variable);
		variable->name = item->key;
		variable->name_span = item->key_span;
		variable->value = setting.text;
		variable->value_span = setting.span;
		*last = variable;
		last = &variable->next;
	}
}

static void
read_cnames(struct load *load, const struct trail *trail,
    const struct yaml *node, struct config_sender *sender)
{
	const struct field target = { .key = "dkim_cname",
		.kind = FIELD_HOST };
	const struct yaml *item = pairs_of(load, trail, node, "dkim_cname");
	struct config_cname *cname, **last = &sender->dkim_cname;
	struct yaml key;
	struct str selector;

	for (; item != NULL; item = item->next) {
		key = key_as_value(item);
		cname = ARENA_NEW(load->arena, struct config_cname);
		cname->target = load_setting(load, &target, item);
		if (cname->target.text.p == NULL || !value_is_plain(load,
		    &key) || !value_label(load, &key, &selector))
			continue;
		cname->selector = (struct setting){ selector, key.span };
		*last = cname;
		last = &cname->next;
	}
}

static void
resolve_keys(struct load *load, const struct config *config,
    struct config_sender *sender)
{
	const struct words *names = &sender->key_names;
	const struct config_key *key;
	size_t i;

	sender->keys = ARENA_ARRAY(load->arena, names->count,
	    const struct config_key *);
	for (i = 0; i < names->count; i++) {
		key = table_find(&config->by_key, names->words[i].text);
		if (key != NULL)
			sender->keys[sender->key_count++] = key;
		else
			undefined_name(load, names->words[i].span, "key",
			    names->words[i].text, &config->by_key);
	}
}

static void
read_sender(struct load *load, struct config *config, const struct trail *up,
    const struct yaml *node, struct config_sender *sender,
    struct providers *providers)
{
	struct trail trail = { up, node->key };
	size_t problems = load->problems->count;

	sender->name = node->key;
	sender->span = node->key_span;
	load_fallbacks(load, sender_fields, sender);
	load_mapping(load, &trail, node, sender_fields, sender);
	read_variables(load, &trail, node, sender);
	read_cnames(load, &trail, node, sender);
	resolve_keys(load, config, sender);
	resolve_provider(load, sender, node, providers);
	sender->faulty = load->problems->count > problems;
	table_add(&config->by_sender, load->arena, sender->name, sender);
}

void
senders_read(struct load *load, struct config *config,
    struct providers *providers)
{
	const struct field *field = field_find(config_fields, STR("senders"));
	const struct yaml *node = yaml_get(config->tree, "senders"), *item;
	struct trail trail = { NULL, STR("senders") };
	struct yaml name;
	size_t count;

	if (!load_container(load, &trail, node, field, &count))
		return;
	config->senders = ARENA_ARRAY(load->arena, count,
	    struct config_sender);
	for (item = node->items; item != NULL; item = item->next) {
		name = key_as_value(item);
		if (value_is_plain(load, &name))
			read_sender(load, config, &trail, item,
			    &config->senders[config->sender_count++],
			    providers);
	}
}
