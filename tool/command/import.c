/* mailzone import: zones to a configuration that generates their records. */
#include "base/arena.h"
#include "base/path.h"
#include "command/command.h"
#include "import/import.h"

enum { ROUNDS = 12 };

static const struct option_row options[] = {
	{ .name = "tidy",
	  .help = "records that fields say in other letters are not kept: a "
	      "last \";\", blanks, the order of tags, what is the default" },
	{ 0 }
};

/* ---- is it right? -------------------------------------------------------- */

/* What is written at this moment, read as any configuration is. */
static struct made_zones *
generate(struct run *run, struct import *import, struct source **source)
{
	struct buffer text = { 0 };

	import_write(import, &text);
	*source = source_of_text(run->arena, STR("mailzone.yaml"), &text);
	run_take_config(run, *source);
	run->world.config = run->config;
	run->world.providers = run->providers;
	run->world.schedules = schedules_make(run->arena, run->config,
	    run->today);
	return run->config->problems.count > 0 ? NULL :
	    records_make(&run->world, run->arena, run->world.schedules, NULL,
	    0, run->today);
}

/* What the configuration cannot say so is written otherwise. */
static bool
refuse_problems(struct import *import, const struct config *config)
{
	const struct config_problem *problem;
	bool changed = false;

	for (problem = config->problems.first; problem != NULL;
	    problem = problem->next)
		changed |= import_refuse(import, problem->span.start,
		    problem->span.end);
	return changed;
}

static struct str
data_of(struct arena *arena, const struct made *made)
{
	if (made->type == RR_TXT)
		return made->text;
	return made->kept && made->record != NULL ?
	    record_rdata(arena, made->record) : made->value;
}

static bool
compare(struct run *run, struct import *import,
    const struct made_zones *zones)
{
	const struct made_zone *zone;
	const struct made *made;

	import_start(import);
	for (zone = zones->first; zone != NULL; zone = zone->next)
		for (made = zone->records; made != NULL; made = made->next)
			import_saw(import, made->owner, made->type,
			    data_of(run->arena, made));
	return import_settle(import);
}

struct judging {
	struct import *import;
	const struct source *source;
	bool changed;
};

/* Of what is in the zones already nobody is to be stopped. */
static void
take_finding(void *context, const struct diag *diag)
{
	struct judging *judging = context;

	if (diag->zone != NULL)
		judging->changed |= import_ignore(judging->import,
		    str_from(diag->rule->id), diag->zone->name,
		    diag_owner(diag));
	else if (diag->span.source == judging->source)
		judging->changed |= import_refuse(judging->import,
		    diag->span.start, diag->span.end);
}

static bool
judge(struct run *run, struct import *import, const struct made_zones *made,
    const struct source *source)
{
	struct judging judging = { import, source, false };

	run_judge_generated(run, made, LEVEL_WARNING, take_finding, &judging);
	return judging.changed;
}

/*
 * Each round makes at least one step towards "keep": what fields say and what
 * comes of it are compared until they agree.
 */
static struct source *
settle(struct run *run, struct import *import)
{
	struct made_zones *made;
	struct source *source;
	bool changed = true;
	int round;

	for (round = 0; round < ROUNDS && changed; round++) {
		made = generate(run, import, &source);
		if (made == NULL)
			changed = refuse_problems(import, run->config);
		else
			changed = compare(run, import, made) ||
			    judge(run, import, made, source);
	}
	return source;
}

/* ---- what is told -------------------------------------------------------- */

static void
tell_unsaid(struct run *run, struct import *import)
{
	const struct import_record *one = NULL;

	while ((one = import_unsaid(import, one)) != NULL)
		run_show_finding(run, "import-unexplained", one->record->span,
		    arena_printf(run->arena, "the record at %.*s %s: %s",
		    STR_ARG(name_show(one->record->owner)),
		    one->how == IMPORT_KEPT ? "is kept as it stands" :
		    "is left out", one->why == NULL ? "no field says it" :
		    one->why));
}

/* Records are kept, not TTLs: a domain has one. */
static void
tell_ttls(struct run *run, const struct import *import)
{
	const struct import_domain *domain;
	const struct import_record *first;
	size_t count;

	for (domain = import->domains; domain != NULL; domain = domain->next) {
		if (domain->apex != domain)
			continue;
		count = import_other_ttls(domain, &first);
		if (count == 0)
			continue;
		run_show_finding(run, "import-unexplained",
		    first->record->span, arena_printf(run->arena,
		    "%zu record%s of %.*s get%s another TTL, as the comments "
		    "tell: the one at %.*s has %.*s here, and is to have %.*s",
		    count, count == 1 ? "" : "s",
		    STR_ARG(name_show(domain->name)), count == 1 ? "s" : "",
		    STR_ARG(name_show(first->record->owner)),
		    STR_ARG(duration_print(run->arena, first->record->ttl)),
		    STR_ARG(duration_print(run->arena, first->ttl))));
	}
}

/* A configuration makes the same records for all views of a zone. */
static void
tell_views(struct run *run)
{
	const struct zone *zone, *first;
	size_t i;

	for (i = 0; i < run->zones.count; i++) {
		zone = run->zones.zones[i];
		first = zones_find(&run->zones, zone->name);
		if (zone->context || first == zone)
			continue;
		run_show_finding(run, "import-unexplained",
		    (struct span){ zone->source, 0, 0 }, arena_printf(
		    run->arena, "%.*s is imported from %.*s: what this file "
		    "holds besides is left out", STR_ARG(name_show(
		    zone->name)), STR_ARG(first->source->path)));
	}
}

/* What BIND would refuse was read as far as that goes, and no further. */
static size_t
tell_syntax(struct run *run)
{
	const struct zone_problem *problem;
	const struct zone *zone;
	size_t count = 0, i;

	for (i = 0; i < run->zones.count; i++) {
		zone = run->zones.zones[i];
		for (problem = zone->contents->problems; problem != NULL;
		    problem = problem->next) {
			if (zone->context ||
			    !zone_problem_is_syntax(problem->kind))
				continue;
			run_show_finding(run, refusal_rule(problem),
			    problem->span, problem->what);
			count++;
		}
	}
	return count;
}

static int
run_import(struct run *run)
{
	struct import *import;
	struct source *source;
	size_t broken;

	if (!run_zones(run))
		return EXIT_UNABLE;
	import = import_new(run->arena, &run->zones, run->providers,
	    run->today, option_given(run, "tidy"));
	/* What is recognised by it means nothing without it. */
	if (run->config->templates.text.p != NULL)
		import->templates = path_join(run->arena,
		    run->config->folder, run->config->templates.text);
	source = settle(run, import);
	broken = tell_syntax(run);
	tell_unsaid(run, import);
	tell_ttls(run, import);
	tell_views(run);
	import_close(import);
	buffer_add(&run->out, source->text);
	if (run_failed_inputs(run) > 0)
		return EXIT_UNABLE;
	return broken > 0 ? EXIT_FINDINGS : EXIT_CLEAN;
}

const struct command command_import = {
	.name = "import",
	.arguments = "ZONE...",
	.summary = "write a mailzone.yaml that describes existing zones",
	.help = "Writes, to standard output, a configuration from which "
	    "generate makes the same SPF, DKIM, DMARC and other mail records "
	    "that the zones hold now. Services are recognised, keys listed, "
	    "policies kept, comments that name an owner or a ticket carried "
	    "over. Records are kept, not TTLs: a domain gets the one that most "
	    "of its records have, and each that has another is told. What no "
	    "field can say stands in keep, record by record, each told as a "
	    "note on standard error; what is wrong in the zones today is "
	    "listed below rules, so that check passes. Exit status: "
	    "0 all was read, 1 a zone has a mistake in its syntax, "
	    "2 something could not be read.",
	.options = options,
	.shared = { input_options },
	.run = run_import,
};
