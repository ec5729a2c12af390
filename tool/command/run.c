/* A run: from the command line to the exit status. */
#include <errno.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/data.h"
#include "base/file.h"
#include "base/path.h"
#include "command/command.h"
#include "evidence/evidence.h"
#include "net/net.h"
#include "rules/reference.h"

enum { SECONDS_A_DAY = 24 * 60 * 60 };

/* ---- telling people ------------------------------------------------------ */

/* Words from files and the command line can rule a terminal; here not. */
static void
say(const char *prefix, struct str text)
{
	struct buffer line = { 0 };

	buffer_add_cstr(&line, prefix);
	write_shown(&line, text);
	buffer_add_byte(&line, '\n');
	fwrite(line.p, 1, line.n, stderr);
	buffer_free(&line);
}

void
run_fail(struct run *run, struct str path, const char *format, ...)
{
	struct str reason;
	va_list args;

	va_start(args, format);
	reason = arena_vprintf(run->arena, format, args);
	va_end(args);
	run->status = EXIT_UNABLE;
	if (!run->very_quiet)
		say("mailzone: ", arena_printf(run->arena, "%.*s: %.*s",
		    STR_ARG(path), STR_ARG(reason)));
}

void
run_fail_errno(struct run *run, struct str path)
{
	run_fail(run, path, "%s", strerror(errno));
}

int
run_usage(struct run *run, const char *format, ...)
{
	struct str reason;
	va_list args;

	va_start(args, format);
	reason = arena_vprintf(run->arena, format, args);
	va_end(args);
	say("mailzone: ", reason);
	if (run->command != NULL)
		fprintf(stderr, "try: mailzone help %s\n",
		    run->command->name);
	else
		fputs("try: mailzone help\n", stderr);
	return run->status = EXIT_UNABLE;
}

void
run_say(struct run *run, const char *format, ...)
{
	struct str text;
	va_list args;

	if (run->quiet)
		return;
	va_start(args, format);
	text = arena_vprintf(run->arena, format, args);
	va_end(args);
	say("", text);
}

void
run_tell(struct run *run, const char *format, ...)
{
	struct str text;
	va_list args;

	if (run->very_quiet)
		return;
	va_start(args, format);
	text = arena_vprintf(run->arena, format, args);
	va_end(args);
	say("", text);
}

void
run_flush(struct run *run)
{
	if (run->out.n == 0)
		return;
	if (!run->out_failed &&
	    (fwrite(run->out.p, 1, run->out.n, stdout) != run->out.n ||
	    fflush(stdout) != 0)) {
		run_fail_errno(run, STR("standard output"));
		run->out_failed = true;
	}
	buffer_clear(&run->out);
}

/* ---- the configuration --------------------------------------------------- */

/* A folder of the operator's own templates; STR_NONE without any. */
static struct str
own_templates(const struct run *run, struct str kind)
{
	struct str folder = run->config->templates.text;

	if (folder.p == NULL)
		return STR_NONE;
	return path_join(run->arena, path_join(run->arena,
	    run->config->folder, folder), kind);
}

/* What the program knows of providers; that it knows nothing is said once. */
static struct providers *
open_shipped(struct run *run)
{
	struct str folder = path_join(run->arena, run->templates,
	    STR("providers"));

	if (run->shipped != NULL)
		return run->shipped;
	if (!file_is_folder(folder) && !run->very_quiet)
		say("mailzone: ", arena_printf(run->arena, "%.*s is not there, "
		    "so nothing is known of mail providers: run mailzone from "
		    "its build folder, or install it", STR_ARG(folder)));
	run->shipped = providers_open(run->arena, folder, STR_NONE);
	return run->shipped;
}

struct str
run_find_config(struct run *run)
{
	const char *home = getenv("HOME");

	return config_find(run->arena, STR("."), home == NULL ? STR_NONE :
	    str_from(home));
}

int
run_lacks_config(struct run *run)
{
	struct str path = config_find(run->arena, STR("."), STR_NONE);

	if (path.p != NULL && !run->no_config)
		run_tell(run, "%.*s is in the home directory, and not for "
		    "folders below: name it with --config to use it here",
		    STR_ARG(path));
	return run_usage(run, "there is no mailzone.yaml here or above; "
	    "\"mailzone init\" writes one to start from");
}

bool
run_read_config(struct run *run, struct str path)
{
	struct source *source = file_read(run->arena, path);

	if (source == NULL) {
		run_fail_errno(run, path);
		return false;
	}
	run_take_config(run, source);
	return true;
}

void
run_take_config(struct run *run, struct source *source)
{
	struct str shipped = path_join(run->arena, run->templates,
	    STR("providers")), own;

	run->providers = open_shipped(run);
	run->config = config_read(run->arena, source, run->providers);
	/* Only now it is known where the operator's own templates are. */
	own = own_templates(run, STR("providers"));
	if (own.p != NULL) {
		run->providers = providers_read(run->arena, shipped, own);
		run->config = config_read(run->arena, source, run->providers);
	}
	own = own_templates(run, STR("rollouts"));
	if (run->ladders == NULL || own.p != NULL)
		run->ladders = ladders_read(run->arena, path_join(run->arena,
		    run->templates, STR("rollouts")), own);
	ladders_resolve(run->arena, run->ladders, run->config);
	rules_check_config(run->config);
	config_sort_problems(run->config);
}

bool
run_config_as_is(struct run *run)
{
	struct str path = option_value(run, "config");

	if (run->config != NULL)
		return true;
	if (path.p == NULL && !run->no_config)
		path = run_find_config(run);
	if (path.p != NULL) {
		if (run->verbose)
			run_say(run, "configuration: %.*s", STR_ARG(path));
		return run_read_config(run, path);
	}
	run->config = config_none(run->arena);
	run->providers = open_shipped(run);
	return run->status != EXIT_UNABLE;
}

bool
run_config(struct run *run, bool needed)
{
	bool seen = run->config != NULL;

	if (!run_config_as_is(run))
		return false;
	if (run->config->problems.count > 0) {
		if (!seen)
			run_show_config_problems(run);
		run->status = EXIT_UNABLE;
		return false;
	}
	if (run->config->source != NULL || !needed)
		return true;
	run_lacks_config(run);
	return false;
}

/* ---- the run ------------------------------------------------------------- */

static bool
wants_color(struct str when, int fd)
{
	const char *term = getenv("TERM");

	if (str_is(when, "always"))
		return true;
	if (str_is(when, "never") || getenv("NO_COLOR") != NULL)
		return false;
	if (getenv("CLICOLOR_FORCE") != NULL || getenv("FORCE_COLOR") != NULL)
		return true;
	return isatty(fd) && term != NULL && strcmp(term, "dumb") != 0;
}

/* --today, SOURCE_DATE_EPOCH, the clock. */
static int
decide_today(struct run *run)
{
	struct str text = option_value(run, "today");
	const char *epoch = getenv("SOURCE_DATE_EPOCH");
	uint64_t seconds;

	if (text.p != NULL) {
		if (!date_parse(text, &run->today))
			return run_usage(run, "--today takes a date, "
			    "YYYY-MM-DD, not \"%.*s\"", STR_ARG(text));
		run->now = (uint64_t)run->today * SECONDS_A_DAY;
		return 0;
	}
	if (epoch == NULL)
		seconds = (uint64_t)time(NULL);
	else if (!str_number(str_from(epoch), 253402300799, &seconds))
		return run_usage(run, "SOURCE_DATE_EPOCH is not a number: "
		    "\"%s\"", epoch);
	run->now = seconds;
	run->today = (day)(seconds / SECONDS_A_DAY);
	return 0;
}

static int
decide_globals(struct run *run)
{
	uint64_t jobs = (uint64_t)sysconf(_SC_NPROCESSORS_ONLN);
	struct str when = option_value(run, "color");
	size_t position = 0, quiet = 0;

	while (option_next(run, "quiet", &position).p != NULL)
		quiet++;
	run->quiet = quiet > 0;
	run->very_quiet = quiet > 1;
	run->verbose = option_given(run, "verbose");
	run->color_out = wants_color(when, STDOUT_FILENO);
	run->color_err = wants_color(when, STDERR_FILENO);
	run->no_config = option_given(run, "no-config");
	if (run->no_config && option_given(run, "config"))
		return run_usage(run, "--config and --no-config contradict "
		    "each other");
	if (!option_number(run, "jobs", 1024, &jobs))
		return EXIT_UNABLE;
	run->jobs = jobs == 0 ? 1 : (unsigned)jobs;
	return decide_today(run);
}

static int
run_command(struct run *run)
{
	int status;

	if (option_given(run, "version")) {
		buffer_printf(&run->out, "mailzone %s\n", data_version());
		return EXIT_CLEAN;
	}
	if (option_given(run, "help")) {
		help_write(&run->out, run->command);
		return EXIT_CLEAN;
	}
	if (run->command == NULL) {
		struct buffer help = { 0 };

		help_write(&help, NULL);
		fwrite(help.p, 1, help.n, stderr);
		buffer_free(&help);
		return EXIT_UNABLE;
	}
	if (*run->command->arguments == '\0' && run->argument_count > 0)
		return run_usage(run, "%s takes no arguments",
		    run->command->name);
	status = decide_globals(run);
	return status != 0 ? status : run->command->run(run);
}

int
run_command_line(int argc, char **argv)
{
	struct run run = { .arena = arena_new() };
	int status;

	/* A limit on files is an error like any other, and told. */
	signal(SIGXFSZ, SIG_IGN);
	run.zones.arena = run.arena;
	run.templates = str_from(data_folder());
	status = option_read(&run, argc, argv);
	if (status == 0)
		status = run_command(&run);
	run_flush(&run);
	/* A run that could not do its job is 2, whatever else it found. */
	if (run.status > status)
		status = run.status;
	resolver_free(run.resolver);
	references_free(run.world.references);
	psl_close(run.world.psl);
	buffer_free(&run.out);
	evidence_free(run.evidence);
	arena_free(run.arena);
	return status;
}
