/* generate -o: a file for each zone, to be included by it; and policies. */
#include <sys/stat.h>

#include "base/arena.h"
#include "base/file.h"
#include "base/path.h"
#include "base/table.h"
#include "command/command.h"

#define POLICY_START	"mta-sts."
#define POLICY_END	".txt"

/* What a run before this one left behind. */
struct stale {
	const struct made_zones *zones;
	struct changes *changes;
	struct str folder;
	struct str config;		/* as snippets of the folder tell it */
	struct table made;		/* by the name in the mark */
	struct buffer snippets;		/* the texts of those that are ours */
	/* Files that a zone includes, by real path; made on demand. */
	bool knows_included;
	struct table included;
};

/* Is it what we wrote, all of it, and did nobody touch it since? */
static bool
is_untouched(struct arena *arena, struct str text, struct block *block)
{
	size_t offset = 0;

	return block_next(arena, text, &offset, block) &&
	    block->state == BLOCK_INTACT && block->start == 0 &&
	    block->end == text.n;
}

/*
 * Beside the folder, or above it, the configuration's name is enough. Others
 * may write there, too, each from a folder of its own: the path in the
 * repository tells them apart, and is the same in every copy of it.
 */
struct str
snippet_config(const struct run *run, struct str folder)
{
	struct str config = run->config->source->path;
	struct arena *arena = run->arena;
	struct str here = path_real(arena, path_folder(config));
	struct str there = path_real(arena, folder), root;

	if (there.p == NULL)
		there = path_clean(arena, path_join(arena,
		    path_real(arena, STR(".")), folder));
	root = path_below(there, here).p != NULL ? STR_NONE :
	    file_repository(arena, here);
	return root.p == NULL ? path_name(config) : path_join(arena,
	    path_below(here, root), path_name(config));
}

/* Folders below may be those of another configuration. */
static bool
lies_here(struct arena *arena, struct str folder, struct str path)
{
	return str_equal(path, path_join(arena, folder, path_name(path)));
}

static void
list_included(struct stale *stale)
{
	const struct run *run = stale->changes->run;
	const struct zone_contents *contents;
	const struct zone *zone;
	struct str real;
	size_t i, j;

	for (i = 0; i < run->zones.count; i++) {
		zone = run->zones.zones[i];
		contents = zone->contents;
		for (j = 1; j < contents->source_count; j++) {
			real = path_real(run->arena,
			    contents->sources[j]->path);
			if (real.p != NULL)
				table_set(&stale->included, run->arena, real,
				    (void *)(uintptr_t)zone);
		}
	}
	stale->knows_included = true;
}

/* Name servers refuse a zone when a file is missing that it includes. */
static bool
is_included(struct stale *stale, struct str path)
{
	if (!stale->knows_included)
		list_included(stale);
	return table_find(&stale->included,
	    path_real(stale->changes->run->arena, path)) != NULL;
}

static void
visit_snippet(void *context, struct str path)
{
	struct stale *stale = context;
	struct changes *changes = stale->changes;
	struct source *source;
	struct block block;

	if (!str_ends(path, STR(".inc")) || !lies_here(changes->run->arena,
	    stale->folder, path))
		return;
	source = change_read(changes, path);
	if (source == NULL || !is_untouched(changes->run->arena, source->text,
	    &block))
		return;
	/* What another configuration made is not known to be unwanted. */
	if (!str_equal(block_config(source->text, &block), stale->config))
		return;
	if (table_find(&stale->made, block.name) == NULL) {
		if (is_included(stale, path))
			return;
		change_add(changes, path, source, STR_NONE);
	}
	buffer_add(&stale->snippets, source->text);
}

/* A zone's name holds no slash that the file system would see. */
static struct str
snippet_path(struct arena *arena, struct str folder, struct str zone)
{
	struct buffer name = { 0 };
	size_t i;

	zone = name_show(zone);
	for (i = 0; i < zone.n; i++)
		buffer_add_byte(&name, zone.p[i] == '/' ? '_' : zone.p[i]);
	buffer_add_cstr(&name, ".inc");
	return path_join(arena, folder, buffer_finish(&name, arena));
}

static void
plan_one(struct changes *changes, const struct made_zone *zone,
    struct str folder, const struct block_style *style)
{
	struct run *run = changes->run;
	struct str path = snippet_path(run->arena, folder, zone->name);
	struct source *source = change_read(changes, path);
	struct block block;

	if (source != NULL && source->text.n > 0 &&
	    !(is_untouched(run->arena, source->text, &block) &&
	    str_equal(block.name, name_show(zone->name))))
		change_refuse(changes, "zone-block-edited",
		    (struct span){ source, 0, str_find(source->text, '\n') },
		    STR("this file is not what mailzone wrote, and would be "
		    "lost: take its records into the configuration, then "
		    "remove it"));
	else
		change_renew(changes, path, source, block_text(run->arena,
		    zone, style));
}

/* ---- MTA-STS policies ---------------------------------------------------- */

static struct str
policy_path(struct run *run, const struct config_domain *domain,
    struct str folder)
{
	struct str file = domain->mta_sts.policy_file.text;

	if (file.p != NULL)
		return path_join(run->arena, run->config->folder, file);
	return folder.p == NULL ? STR_NONE : path_join(run->arena, folder,
	    arena_printf(run->arena, POLICY_START "%.*s" POLICY_END,
	    STR_ARG(domain->name)));
}

/* There is no comment in a policy that could say whose it is. */
static bool
is_policy(struct arena *arena, const struct source *source)
{
	return source->text.n == 0 ||
	    mtasts_policy_parse(arena, source->text)->version;
}

static bool
has_policy(const struct made_zones *zones, struct str domain)
{
	const struct made_policy *policy;

	for (policy = zones->policies; policy != NULL; policy = policy->next)
		if (str_equal(policy->domain->name, domain))
			return true;
	return false;
}

/*
 * It is ours when a snippet of ours names its id, which no other text has, for
 * this domain: who wrote or edited it is then nobody else.
 */
static bool
is_our_policy(const struct stale *stale, struct arena *arena,
    struct str domain, struct str text)
{
	struct str line = buffer_str(&stale->snippets);
	struct str owner = arena_printf(arena, "\n_mta-sts.%.*s. ",
	    STR_ARG(domain));
	struct str id = arena_printf(arena, "; id=%.*s;\"",
	    STR_ARG(policy_id(arena, lines_plain(arena, text))));

	line = str_after(line, str_find_str(line, owner) + 1);
	line.n = str_find(line, '\n');
	return str_find_str(line, id) < line.n;
}

static void
visit_policy(void *context, struct str path)
{
	struct stale *stale = context;
	struct changes *changes = stale->changes;
	struct str start = STR(POLICY_START), end = STR(POLICY_END);
	struct str domain = path_name(path);
	struct source *source;

	if (!lies_here(changes->run->arena, stale->folder, path) ||
	    domain.n <= start.n + end.n || !str_starts(domain, start) ||
	    !str_ends(domain, end))
		return;
	domain = str_slice(domain, start.n, domain.n - end.n);
	if (has_policy(stale->zones, domain))
		return;
	source = change_read(changes, path);
	if (source != NULL && is_our_policy(stale, changes->run->arena, domain,
	    source->text))
		change_add(changes, path, source, STR_NONE);
}

/* ---- what was written before --------------------------------------------- */

struct before {
	struct run *run;
	struct str folder;
	struct zones *zones;
};

static void
visit_before(void *context, struct str path)
{
	struct before *before = context;
	struct arena *arena = before->run->arena;
	struct zone_options options = { .how = ZONE_BY_CONFIG };
	struct source *source;
	struct block block;

	if (!str_ends(path, STR(".inc")) ||
	    !lies_here(arena, before->folder, path))
		return;
	/* What cannot be read is told when it is to be written. */
	source = file_read(arena, path);
	if (source != NULL && is_untouched(arena, source->text, &block) &&
	    name_parse(arena, block.name, &options.name))
		zones_add(before->zones, zone_read(arena, source, &options));
}

static bool
has_rollouts(const struct config *config)
{
	const struct config_domain *domain = NULL;

	while ((domain = config_next(config, domain)) != NULL)
		if (domain->rollout.present)
			return true;
	return false;
}

void
snippets_read(struct run *run, struct str folder)
{
	struct before before = { run, folder, ARENA_NEW(run->arena,
	    struct zones) };
	struct str failed;

	if (!has_rollouts(run->config) || !file_is_folder(folder))
		return;
	before.zones->arena = run->arena;
	file_walk(run->arena, folder, visit_before, &before, &failed);
	run->world.snippets = before.zones;
}

/* ---- all of them --------------------------------------------------------- */

static void
walk(struct stale *stale, struct str folder, file_visit *visit)
{
	struct run *run = stale->changes->run;
	struct str failed;

	if (file_walk(run->arena, folder, visit, stale, &failed))
		return;
	run_fail_errno(run, failed);
	stale->changes->refused = true;
}

void
snippets_plan(struct changes *changes, const struct made_zones *zones,
    struct str folder)
{
	struct run *run = changes->run;
	struct block_style style = run_block_style(run);
	struct stale stale = { .zones = zones, .changes = changes,
	    .folder = folder };
	const struct made_zone *zone;

	if (!changes->show_only && !file_is_folder(folder) &&
	    mkdir(arena_cstr(run->arena, folder), 0755) != 0) {
		run_fail_errno(run, folder);
		changes->refused = true;
		return;
	}
	style.config = stale.config = snippet_config(run, folder);
	for (zone = zones->first; zone != NULL; zone = zone->next) {
		plan_one(changes, zone, folder, &style);
		table_add(&stale.made, run->arena, name_show(zone->name),
		    (void *)(uintptr_t)zone);
	}
	/* Some of the zones tell nothing about the other files. */
	if (run->argument_count == 0 && file_is_folder(folder)) {
		walk(&stale, folder, visit_snippet);
		walk(&stale, folder, visit_policy);
	}
	buffer_free(&stale.snippets);
}

void
policies_plan(struct changes *changes, const struct made_zones *zones,
    struct str folder)
{
	struct run *run = changes->run;
	const struct made_policy *policy;
	struct source *source;
	struct str path;

	for (policy = zones->policies; policy != NULL; policy = policy->next) {
		path = policy_path(run, policy->domain, folder);
		source = path.p == NULL ? NULL : change_read(changes, path);
		if (path.p == NULL)
			continue;
		if (source != NULL && !is_policy(run->arena, source))
			change_refuse(changes, "zone-block-edited",
			    (struct span){ source, 0,
			    str_find(source->text, '\n') },
			    STR("this is no MTA-STS policy, and it would be "
			    "lost: remove it, or let the policy go elsewhere "
			    "(policy_file)"));
		else
			change_renew(changes, path, source, policy->text);
	}
}
