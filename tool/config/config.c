/* mailzone.yaml as a whole, and finding it. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/file.h"
#include "base/path.h"
#include "config/read.h"

struct yaml
key_as_value(const struct yaml *item)
{
	return (struct yaml){ .kind = YAML_SCALAR, .text = item->key,
	    .span = item->key_span };
}

void
undefined_name(struct load *load, struct span span, const char *what,
    struct str name, const struct table *known)
{
	struct config_problem *problem = config_problem(load->problems,
	    load->arena, CONFIG_UNDEFINED, span, "there is no %s \"%.*s\"",
	    what, STR_ARG(name));
	struct likeness likeness = { .word = name };

	likeness_try_table(&likeness, known);
	likeness_try_parts(&likeness, known);
	problem->help = likeness_help(load->arena, &likeness);
}

void
unreadable_file(struct load *load, struct span span, struct str path)
{
	config_problem(load->problems, load->arena, CONFIG_FILE, span,
	    "\"%.*s\" cannot be read: %s", STR_ARG(path), strerror(errno));
}

/* ---- zones, rules -------------------------------------------------------- */

static bool
is_said(struct setting setting)
{
	return setting.text.p != NULL;
}

/*
 * A row says one thing: files, a file, named_conf, or what to ignore, which
 * may stand beside the files, too.
 */
static bool
check_zone(struct load *load, const struct yaml *node,
    const struct config_zone *zone)
{
	int said = is_said(zone->files) + is_said(zone->file) +
	    is_said(zone->named_conf) +
	    (zone->ignore.count > 0 && !is_said(zone->files));
	struct config_problem *problem;

	if (said == 1 && !(is_said(zone->zone) && !is_said(zone->file)))
		return true;
	/* What was told already may be what is missing here. */
	if (said == 0 && (yaml_get(node, "files") != NULL ||
	    yaml_get(node, "file") != NULL || node->count == 0 ||
	    yaml_get(node, "named_conf") != NULL ||
	    yaml_get(node, "ignore") != NULL))
		return false;
	problem = node_problem(load, node, said == 1 ?
	    "\"zone\" names the zone of one file, and here is none" :
	    said == 0 ? "this names no file" :
	    "this row names more than one thing");
	problem->help = STR("each row says files, or file with zone, or "
	    "named_conf; ignore stands alone or beside files");
	return false;
}

static void
add_ignored(struct load *load, struct config *config,
    const struct words *more)
{
	struct words *words = &config->ignore_files;
	struct word *grown = ARENA_ARRAY(load->arena,
	    words->count + more->count, struct word);
	size_t i;

	for (i = 0; i < words->count; i++)
		grown[i] = words->words[i];
	for (i = 0; i < more->count; i++)
		grown[words->count + i] = more->words[i];
	words->words = grown;
	words->count += more->count;
}

static void
read_zones(struct load *load, struct config *config)
{
	const struct field *field = field_find(config_fields, STR("zones"));
	const struct yaml *node = yaml_get(config->tree, "zones");
	const struct yaml *item = NULL;
	struct trail trail = { NULL, STR("zones") };
	struct config_zone *zone, **last = &config->zones;
	size_t count;

	if (!load_container(load, &trail, node, field, &count))
		return;
	while ((item = load_next(node, item)) != NULL) {
		if (item->kind != YAML_MAPPING)
			continue;
		zone = ARENA_NEW(load->arena, struct config_zone);
		zone->span = item->span;
		load_mapping(load, &trail, item, zone_fields, zone);
		if (!check_zone(load, item, zone))
			continue;
		add_ignored(load, config, &zone->ignore);
		if (is_said(zone->named_conf)) {
			config->named_conf = zone->named_conf;
		} else if (is_said(zone->files) || is_said(zone->file)) {
			*last = zone;
			last = &zone->next;
		}
	}
}

/* What domains say of their own files goes before what zones: says. */
static void
add_zone_files(struct config *config)
{
	struct config_zone *row, **last = &config->zone_rows;
	const struct config_domain *domain = NULL;

	while ((domain = config_next(config, domain)) != NULL) {
		if (!is_said(domain->zone_file))
			continue;
		row = ARENA_NEW(config->arena, struct config_zone);
		row->span = domain->zone_file.span;
		row->file = domain->zone_file;
		row->zone = (struct setting){ domain->name, row->span };
		*last = row;
		last = &row->next;
	}
	*last = config->zones;
}

static bool
is_one_name(struct str glob)
{
	return glob.p != NULL && !str_has(glob, '*') && !str_has(glob, '?');
}

static void
put_alike(struct arena *arena, struct table *table, struct str name,
    struct config_ignore *ignore)
{
	ignore->next_alike = table_find(table, name);
	table_set(table, arena, name, ignore);
}

/* Who looks for those of a name finds few. */
static void
sort_in(struct arena *arena, struct config_ignores *ignores,
    struct config_ignore *ignore)
{
	if (is_one_name(ignore->owner.text))
		put_alike(arena, &ignores->owners, ignore->owner.text, ignore);
	else if (is_one_name(ignore->zone.text))
		put_alike(arena, &ignores->zones, ignore->zone.text, ignore);
	else {
		ignore->next_alike = ignores->others;
		ignores->others = ignore;
	}
}

static void
read_ignores(struct load *load, struct config *config,
    const struct trail *up, const struct yaml *node)
{
	const struct field *field = field_find(rules_fields, STR("ignore"));
	struct config_ignore *ignore, **last = &config->ignores.first;
	struct trail trail = { up, STR("ignore") };
	const struct yaml *item = NULL;
	size_t count;

	if (!load_container(load, &trail, node, field, &count))
		return;
	while ((item = load_next(node, item)) != NULL) {
		if (item->kind != YAML_MAPPING)
			continue;
		ignore = ARENA_NEW(load->arena, struct config_ignore);
		load_fallbacks(load, ignore_fields, ignore);
		load_mapping(load, &trail, item, ignore_fields, ignore);
		ignore->span = item->span;
		ignore->number = config->ignores.count++;
		sort_in(load->arena, &config->ignores, ignore);
		*last = ignore;
		last = &ignore->next;
	}
}

static void
read_rules(struct load *load, struct config *config)
{
	const struct field *field = field_find(config_fields, STR("rules"));
	const struct yaml *node = yaml_get(config->tree, "rules"), *item;
	struct config_level *level, **last = &config->levels;
	struct trail trail = { NULL, STR("rules") };
	size_t count;

	if (!load_container(load, &trail, node, field, &count))
		return;
	for (item = node->items; item != NULL; item = item->next) {
		field = field_find(rules_fields, item->key);
		if (field->kind == FIELD_SECTION) {
			read_ignores(load, config, &trail, item);
			continue;
		}
		level = ARENA_NEW(load->arena, struct config_level);
		level->rule = (struct setting){ item->key, item->key_span };
		level->level = load_setting(load, field, item);
		if (!is_said(level->level))
			continue;
		*last = level;
		last = &level->next;
	}
}

static void
check_templates(struct load *load, const struct config *config)
{
	struct setting folder = config->templates;
	struct str path = path_join(load->arena, config->folder, folder.text);

	if (is_said(folder) && !file_is_folder(path))
		config_problem(load->problems, load->arena, CONFIG_FILE,
		    folder.span, "there is no folder \"%.*s\"",
		    STR_ARG(path));
}

/* A description that is broken may be the one that a sender needs. */
static void
add_provider_problems(struct load *load,
    const struct providers *providers)
{
	const struct config_problem *problem;

	for (problem = providers_problems(providers)->first;
	    problem != NULL; problem = problem->next)
		config_problem(load->problems, load->arena, problem->kind,
		    problem->span, "%.*s", STR_ARG(problem->what))->help =
		    problem->help;
}

/* ---- problems in order --------------------------------------------------- */

static int
order(const void *left, const void *right)
{
	const struct config_problem *a =
	    *(const struct config_problem *const *)left;
	const struct config_problem *b =
	    *(const struct config_problem *const *)right;
	int sources = a->span.source == b->span.source ? 0 :
	    str_compare(a->span.source->path, b->span.source->path);

	if (sources != 0)
		return sources;
	if (a->span.start != b->span.start)
		return a->span.start < b->span.start ? -1 : 1;
	if (a->span.end != b->span.end)
		return a->span.end < b->span.end ? -1 : 1;
	if (a->kind != b->kind)
		return a->kind < b->kind ? -1 : 1;
	return str_compare(a->what, b->what);
}

/* By place, and each once: an alias repeats what is wrong with its anchor. */
void
config_sort_problems(struct config *config)
{
	struct config_problems *problems = &config->problems;
	struct config_problem **all, *problem, **last = &problems->first;
	size_t count = 0, i;

	if (problems->count == 0)
		return;
	all = ARENA_ARRAY(config->arena, problems->count,
	    struct config_problem *);
	for (problem = problems->first; problem != NULL;
	    problem = problem->next)
		all[count++] = problem;
	qsort(all, count, sizeof(struct config_problem *), order);
	problems->count = 0;
	for (i = 0; i < count; i++) {
		if (i > 0 && order(&all[i - 1], &all[i]) == 0)
			continue;
		*last = problems->last = all[i];
		last = &all[i]->next;
		problems->count++;
	}
	*last = NULL;
}

/* ---- reading ------------------------------------------------------------- */

static struct config *
new_config(struct load *load)
{
	struct config *config = ARENA_NEW(load->arena, struct config);

	config->arena = load->arena;
	config->folder = STR(".");
	config->defaults = ARENA_NEW(load->arena, struct config_domain);
	load->problems = &config->problems;
	load_fallbacks(load, config_fields, config);
	load_fallbacks(load, domain_fields, config->defaults);
	return config;
}

struct config *
config_none(struct arena *arena)
{
	struct load load = { .arena = arena };

	return new_config(&load);
}

struct config *
config_read(struct arena *arena, struct source *source,
    struct providers *providers)
{
	struct load load = { .arena = arena };
	struct config *config = new_config(&load);

	config->source = source;
	config->folder = path_folder(source->path);
	config->tree = yaml_read(arena, source, &config->problems);
	if (config->tree == NULL) {
		config_sort_problems(config);
		return config;
	}
	load_mapping(&load, NULL, config->tree, config_fields, config);
	check_templates(&load, config);
	read_zones(&load, config);
	read_rules(&load, config);
	keys_read(&load, config);
	senders_read(&load, config, providers);
	domains_read(&load, config);
	add_zone_files(config);
	if (providers != NULL)
		add_provider_problems(&load, providers);
	config_sort_problems(config);
	return config;
}

static struct str
config_in(struct arena *arena, struct str folder)
{
	static const char *const names[] = { "mailzone.yaml",
		".mailzone.yaml" };
	struct str path;
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		path = path_join(arena, folder, str_from(names[i]));
		if (file_exists(path))
			return path;
	}
	return STR_NONE;
}

static bool
is_root(struct arena *arena, struct str folder)
{
	return path_real(arena, folder).n <= 1 ||
	    file_exists(path_join(arena, folder, STR(".git")));
}

struct str
config_find(struct arena *arena, struct str folder, struct str home)
{
	struct str path = config_in(arena, folder);

	home = path_real(arena, home);
	while (path.p == NULL && !is_root(arena, folder)) {
		folder = path_join(arena, folder, STR(".."));
		if (is_root(arena, folder) ||
		    !str_equal(path_real(arena, folder), home))
			path = config_in(arena, folder);
	}
	return path;
}

const struct config_domain *
config_domain(const struct config *config, struct str name)
{
	return table_find(&config->by_domain, name);
}

enum { FEW = 8 };

/* The number of domains before a name, or before all that is not below it. */
static size_t
count_before(const struct config *config, struct str name, bool below)
{
	size_t low = 0, high = config->in_order_count, middle;
	struct str here;

	while (low < high) {
		middle = low + (high - low) / 2;
		here = config->in_order[middle]->name;
		if (name_compare(here, name) < 0 ||
		    (below && name_within(here, name)))
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

const struct config_domain *const *
config_within(const struct config *config, struct str name, size_t *count)
{
	size_t first = count_before(config, name, false), end = first;

	/* Mostly there are few, and none is looked for far away. */
	while (end < config->in_order_count && end - first < FEW &&
	    name_within(config->in_order[end]->name, name))
		end++;
	if (end - first == FEW)
		end = count_before(config, name, true);
	*count = end - first;
	return *count == 0 ? NULL : config->in_order + first;
}

bool
config_has_users(const struct config_domain *domain)
{
	size_t i;

	if (domain->users)
		return true;
	for (i = 0; i < domain->sender_count; i++)
		if (domain->senders[i]->users)
			return true;
	return false;
}

const struct config_domain *
config_next(const struct config *config, const struct config_domain *domain)
{
	if (domain == NULL)
		return config->domains;
	if (domain->subdomains != NULL)
		return domain->subdomains;
	while (domain->next == NULL && domain->parent != NULL)
		domain = domain->parent;
	return domain->next;
}
