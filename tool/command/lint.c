/* mailzone lint: zone files, judged. */
#include "base/file.h"
#include "command/command.h"

static const char *const input_choices[] = { "zone", "records", NULL };

static const struct option_row options[] = {
	{ .name = "input", .value = "FORM", .choices = input_choices,
	  .fallback = "zone",
	  .help = "what is read: zone files, or what \"mailzone records -f "
	      "ndjson\" wrote" },
	{ .name = "list-files",
	  .help = "only list the files: path, zone, how its name was found" },
	{ .name = "fix",
	  .help = "change the files where that changes no meaning" },
	{ .name = "unsafe-fixes",
	  .help = "with --fix or --diff: also where it does; look at the "
	      "result" },
	{ .name = "diff",
	  .help = "write nothing, show what --fix would change" },
	{ .name = "state", .value = "FILE",
	  .help = "what earlier runs saw, for rules on age and change" },
	{ .name = "update-state",
	  .help = "write what this run saw into the state file" },
	{ .name = "shared-primes",
	  .help = "look for RSA keys of the run that have a prime factor in "
	      "common, or two that are near each other, which takes its "
	      "time" },
	{ .name = "against", .value = "REV",
	  .help = "take the earlier state from this revision in git" },
	{ 0 }
};

static const char *const how_words[] = {
	[ZONE_BY_OPTION] = "--origin",
	[ZONE_BY_CONFIG] = "zones: in the configuration",
	[ZONE_BY_NAMED_CONF] = "named.conf",
	[ZONE_BY_SOA] = "the owner of the SOA",
	[ZONE_BY_ORIGIN] = "$ORIGIN",
	[ZONE_BY_FILE_NAME] = "the file's name",
	[ZONE_BY_PARENT] = "the file that includes it",
	[ZONE_UNNAMED] = "unknown",
};

static int
list_files(struct run *run)
{
	const struct zone *zone;
	size_t i;

	for (i = 0; i < run->zones.count; i++) {
		zone = run->zones.zones[i];
		if (zone->context)
			continue;
		write_shown(&run->out, zone->source->path);
		buffer_add_byte(&run->out, '\t');
		write_shown(&run->out, name_show(zone->name));
		buffer_printf(&run->out, "\t%s\n", how_words[zone->how]);
	}
	return EXIT_CLEAN;
}

static int
run_lint(struct run *run)
{
	int status;

	run->mends = option_given(run, "fix") || option_given(run, "diff");
	if (option_given(run, "unsafe-fixes") && !run->mends)
		return run_usage(run, "--unsafe-fixes goes with --fix, which "
		    "writes, or with --diff, which only shows");
	run->zones.parts = true;
	run->reads_later = !run->mends;
	if (!(run->mends ? run_zones(run) : run_zones_or_failures(run)))
		return EXIT_UNABLE;
	if (option_given(run, "list-files"))
		return list_files(run);
	if (!run_open_state(run))
		return EXIT_UNABLE;
	run_hold(run, true);
	status = run->mends ? run_mend(run) : run_report(run);
	run_close_state(run);
	file_rest(run->jobs);
	return status;
}

const struct command command_lint = {
	.name = "lint",
	.arguments = "[PATH...|-]",
	.summary = "lint zone files, fragments, whole repositories",
	.help = "Reads zone files as BIND does and tells what is wrong with "
	    "their SPF, DKIM and DMARC records, and with anything that keeps "
	    "these from working. Folders are walked; without a path the "
	    "zones of the configuration are read. Exit status: 0 nothing to "
	    "object to, 1 findings, 2 something could not be read.",
	.options = options,
	.shared = { input_options, finding_options, NULL },
	.judges_names = true,
	.run = run_lint,
};
