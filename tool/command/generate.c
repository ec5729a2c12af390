/* mailzone generate: the records that the configuration asks for. */
#include "base/arena.h"
#include "base/path.h"
#include "command/command.h"

static const char *const styles[] = { "terms", "line", NULL };
static const char *const serials[] = { "keep", "increment", "date", "unixtime",
	NULL };

static const struct option_row options[] = {
	{ .name = "output", .letter = 'o', .value = "DIR",
	  .help = "write one snippet for each zone, to be included by it" },
	{ .name = "in-place",
	  .help = "replace the marked block in each zone file" },
	{ .name = "adopt",
	  .help = "comment out what stands in the way in the zone file" },
	{ .name = "serial", .value = "MODE", .choices = serials,
	  .fallback = "keep",
	  .help = "the SOA record's serial number, when a zone file "
	      "changes" },
	{ .name = "check",
	  .help = "write nothing; exit with 1 when anything would change" },
	{ .name = "diff", .help = "write nothing; show what would change" },
	{ .name = "at", .value = "DATE",
	  .help = "the records of another day" },
	{ .name = "target", .value = "TARGET", .choices = target_names,
	  .fallback = "zone", .help = "how records are written" },
	DNS_OPTION,
	{ .name = "refresh-cache",
	  .help = "with --dns: make the DNS cache file anew, and nothing "
	      "else" },
	{ .name = "txt-style", .value = "STYLE", .choices = styles,
	  .fallback = "terms",
	  .help = "long texts one term a line, or all on one line" },
	{ 0 }
};

bool
run_take_day(struct run *run, day *at)
{
	struct str text = option_value(run, "at");

	*at = run->today;
	if (text.p == NULL || date_parse(text, at))
		return true;
	run_usage(run, "--at takes a date, YYYY-MM-DD, not \"%.*s\"",
	    STR_ARG(text));
	return false;
}

struct made_zones *
run_make_records(struct run *run, day at)
{
	struct str *wanted = ARENA_ARRAY(run->arena, run->argument_count + 1,
	    struct str);
	size_t i;

	for (i = 0; i < run->argument_count; i++)
		if (!name_typed(run->arena, run->arguments[i], &wanted[i]) ||
		    !is_ours(run->config, wanted[i])) {
			run_usage(run, "\"%.*s\" is no domain of %.*s",
			    STR_ARG(run->arguments[i]),
			    STR_ARG(run->config->source->path));
			return NULL;
		}
	return records_make(&run->world, run->arena, run_schedules(run),
	    wanted, run->argument_count, at);
}

struct block_style
run_block_style(struct run *run)
{
	return (struct block_style){ .txt = str_is(option_value(run,
	    "txt-style"), "line") ? TXT_LINE : TXT_TERMS,
	    .config = path_name(run->config->source->path),
	    .snippet = option_given(run, "output") };
}

static const struct target *
wanted_target(const struct run *run)
{
	struct str name = option_value(run, "target");

	return target_find(name.p == NULL ? STR("zone") : name);
}

/*
 * The name of a zone or a host has TXT records of others; names that begin
 * with "_" have one purpose.
 */
static bool
is_shared(const struct made *made)
{
	return (made->type == RR_TXT || made->type == RR_MX) &&
	    !str_has(made->owner, '_');
}

static void
warn_of_sets(struct run *run, const struct made_zones *zones,
    const struct target *target)
{
	const struct made_zone *zone;
	const struct made *made;

	for (zone = zones->first; zone != NULL; zone = zone->next) {
		made = zones_find(&run->zones, zone->name) != NULL ? NULL :
		    zone->records;
		while (made != NULL && !is_shared(made))
			made = made->next;
		if (made != NULL)
			run_tell(run, "%s replaces all %.*s records of a name, "
			    "and the zone file of %.*s is not known: compare "
			    "before you apply it", target->name,
			    STR_ARG(rrtype_name(run->arena, made->type)),
			    STR_ARG(name_show(zone->name)));
	}
}

static int
write_all(struct run *run, const struct made_zones *zones, day at)
{
	const struct block_style style = run_block_style(run);
	const struct target_input input = { &run->world, zones, &style, at };
	const struct target *target = wanted_target(run);
	size_t left_out;

	if (target->whole_sets)
		warn_of_sets(run, zones, target);
	left_out = target->write(&run->out, run->arena, &input);
	if (left_out == 0)
		return EXIT_CLEAN;
	run_tell(run, "%zu record%s of types that %s has no word for: see the "
	    "comments", left_out, left_out == 1 ? "" : "s", target->name);
	return EXIT_FINDINGS;
}

/* Into files: all of them, or none when one must not be written. */
static int
write_files(struct run *run, const struct made_zones *zones)
{
	struct str folder = option_value(run, "output");
	struct changes changes;

	changes_start(&changes, run, option_given(run, "check") ||
	    option_given(run, "diff"));
	if (folder.p != NULL)
		snippets_plan(&changes, zones, folder);
	else
		blocks_plan(&changes, zones);
	policies_plan(&changes, zones, folder);
	return changes_finish(&changes, option_given(run, "diff"));
}

/* What contradicts itself on the command line; 0 when nothing does. */
static int
check_usage(struct run *run, bool files)
{
	if (option_given(run, "in-place") && option_given(run, "output"))
		return run_usage(run, "--in-place and --output contradict "
		    "each other");
	if ((option_given(run, "adopt") || option_given(run, "serial")) &&
	    (!files || option_given(run, "output")))
		return run_usage(run, "--adopt and --serial are for zone "
		    "files: with --in-place, --check or --diff");
	if (files && wanted_target(run) != targets[0])
		return run_usage(run, "--target %s goes to standard output "
		    "alone, not with --output, --in-place, --check or --diff",
		    wanted_target(run)->name);
	return 0;
}

/*
 * Records that stay may stand in zones that cannot be read, such as a policy
 * whose rollout is to come. Who names domains knows whose zones matter.
 */
static bool
knows_zones(struct run *run)
{
	if (run_failed_inputs(run) == 0 || run->argument_count > 0)
		return true;
	run_fail(run, STR("zones"), "nothing is written, because records that "
	    "stay may stand in what cannot be read");
	return false;
}

static int
run_generate(struct run *run)
{
	bool files = option_given(run, "output") ||
	    option_given(run, "in-place") || option_given(run, "check") ||
	    option_given(run, "diff");
	struct made_zones *zones;
	day at;

	if (option_given(run, "refresh-cache"))
		return run_refresh_cache(run);
	if (!run_use_dns(run) || !run_take_day(run, &at) ||
	    check_usage(run, files) != 0)
		return EXIT_UNABLE;
	if (!run_config(run, true) || !run_configured_zones(run, true))
		return EXIT_UNABLE;
	if (option_given(run, "output"))
		snippets_read(run, option_value(run, "output"));
	zones = run_make_records(run, at);
	if (zones == NULL)
		return EXIT_UNABLE;
	if (run_show_generated(run, zones, at) > 0) {
		run_say(run, "nothing is written: the generated records "
		    "have errors");
		return EXIT_FINDINGS;
	}
	if (!run_dns_answered(run) ||
	    !run_knows_stages(run, "nothing is written") ||
	    !run_knows_addresses(run, "nothing is written") ||
	    !knows_zones(run))
		return EXIT_UNABLE;
	return files ? write_files(run, zones) : write_all(run, zones, at);
}

const struct command command_generate = {
	.name = "generate",
	.arguments = "[DOMAIN...]",
	.summary = "make SPF, DKIM, DMARC and other records",
	.help = "Makes the records that the configuration asks for on a day, "
	    "reads them back, judges them by all rules and writes them: to "
	    "standard output, one snippet for each zone, or into the zone "
	    "files. A record with an error is not written. Files are "
	    "replaced whole or not at all.",
	.options = options,
	.run = run_generate,
};
