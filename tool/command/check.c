/* mailzone check: is the configuration right, and what would come of it? */
#include "command/command.h"

/* The argument, --config, or the one that is found; STR_NONE without any. */
static struct str
config_path(struct run *run)
{
	struct str path = option_value(run, "config");

	if (run->argument_count > 0)
		return run->arguments[0];
	return path.p != NULL ? path : run_find_config(run);
}

static int
run_check(struct run *run)
{
	struct str path = config_path(run);
	const struct made_zones *made = NULL;
	const struct schedules *schedules;

	if (run->argument_count > 1 || run->no_config)
		return run_usage(run, "check takes one configuration");
	if (path.p == NULL)
		return run_lacks_config(run);
	if (!run_read_config(run, path) || !run_configured_zones(run, true))
		return EXIT_UNABLE;
	/* Records of half a configuration would draw findings of their own. */
	if (run->config->problems.count == 0) {
		schedules = run_schedules(run);
		run_knows_stages(run, "generate would write nothing");
		made = records_make(&run->world, run->arena, schedules, NULL,
		    0, run->today);
	}
	return run_report_config(run, made);
}

const struct command command_check = {
	.name = "check",
	.arguments = "[CONFIG]",
	.summary = "validate the configuration and all it would generate",
	.help = "Tells everything that is wrong with mailzone.yaml at once, "
	    "each with its place; when nothing is, makes the records of the "
	    "day and judges them by all rules, with the zones of the "
	    "configuration around them. Exit status: 0 nothing to object "
	    "to, 1 findings, 2 it could not be read.",
	.shared = { finding_options },
	.run = run_check,
};
