/* mailzone help, mailzone version. */
#include "base/data.h"
#include "base/file.h"
#include "command/command.h"

static const char *const formats_of_help[] = { "text", "mdoc", NULL };

static const struct option_row options[] = {
	{ .name = "format", .letter = 'f', .value = "FORMAT",
	  .choices = formats_of_help, .fallback = "text",
	  .help = "mdoc is what the manual is made of" },
	{ 0 }
};

static int
run_help(struct run *run)
{
	size_t i;

	if (str_is(option_value(run, "format"), "mdoc")) {
		help_write_mdoc(&run->out, run->argument_count == 0 ?
		    STR("") : run->arguments[0]);
		return EXIT_CLEAN;
	}
	if (run->argument_count == 0) {
		help_write(&run->out, NULL);
		return EXIT_CLEAN;
	}
	for (i = 0; commands[i] != NULL; i++)
		if (str_is(run->arguments[0], commands[i]->name)) {
			help_write(&run->out, commands[i]);
			return EXIT_CLEAN;
		}
	return run_usage(run, "there is no command \"%.*s\"",
	    STR_ARG(run->arguments[0]));
}

const struct command command_help = {
	.name = "help",
	.arguments = "[COMMAND]",
	.summary = "show help",
	.help = "Shows what mailzone can do, or all about one command.",
	.options = options,
	.run = run_help,
};

/* With -v also what it was built with: the age of the suffixes matters. */
static int
run_version(struct run *run)
{
	struct str why, path = option_value(run, "psl");
	struct psl *psl;

	buffer_printf(&run->out, "mailzone %s\n", data_version());
	if (!run->verbose)
		return EXIT_CLEAN;
	psl = psl_open(run->arena, path, &why);
	if (psl == NULL) {
		run_fail(run, path, "%.*s", STR_ARG(why));
		return EXIT_UNABLE;
	}
	buffer_printf(&run->out, "public suffix list: %.*s\n",
	    STR_ARG(psl_date(run->arena, psl)));
	psl_close(psl);
	buffer_printf(&run->out, "templates: %.*s%s\n",
	    STR_ARG(run->templates), file_is_folder(run->templates) ? "" :
	    " (not there)");
	return EXIT_CLEAN;
}

const struct command command_version = {
	.name = "version",
	.arguments = "",
	.summary = "show the version; with -v what it was built with",
	.help = "Shows the version; with -v also the date of the public "
	    "suffix list and where the templates are.",
	.run = run_version,
};
