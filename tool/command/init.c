/* mailzone init: a configuration to start from. */
#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/file.h"
#include "command/command.h"

static const char file_name[] = "mailzone.yaml";

static const char *const starters[] = { "one-provider", "own-relays",
	"parked-only", "many-domains", NULL };

static const struct option_row options[] = {
	{ .name = "starter", .value = "NAME", .choices = starters,
	  .fallback = "one-provider", .help = "which one to start from" },
	{ 0 }
};

/* A file that is there already is somebody's work: it is not touched. */
static int
write_new(struct run *run, struct str text)
{
	FILE *file = fopen(file_name, "wx");
	bool whole;

	if (file == NULL && errno == EEXIST) {
		fprintf(stderr, "mailzone: %s: there is one already, and it "
		    "is left as it is\n", file_name);
		return EXIT_FINDINGS;
	}
	if (file == NULL) {
		run_fail_errno(run, str_from(file_name));
		return EXIT_UNABLE;
	}
	whole = fwrite(text.p, 1, text.n, file) == text.n;
	whole = fclose(file) == 0 && whole;
	if (whole) {
		run_say(run, "%s: fill in what is marked CHANGE, then run: "
		    "mailzone check", file_name);
		return EXIT_CLEAN;
	}
	run_fail_errno(run, str_from(file_name));
	unlink(file_name);
	return EXIT_UNABLE;
}

static int
run_init(struct run *run)
{
	struct str name = option_value(run, "starter"), path;
	const struct source *source;

	if (name.p == NULL)
		name = str_from(starters[0]);
	path = arena_printf(run->arena, "%.*s/starters/%.*s.yaml",
	    STR_ARG(run->templates), STR_ARG(name));
	source = file_read(run->arena, path);
	if (source == NULL) {
		run_fail_errno(run, path);
		return EXIT_UNABLE;
	}
	return write_new(run, source->text);
}

const struct command command_init = {
	.name = "init",
	.arguments = "",
	.summary = "write a commented mailzone.yaml to start from",
	.help = "Writes mailzone.yaml into the current folder, with the "
	    "places marked that have to be filled in. One that is there "
	    "already is left alone, and the exit status is 1.",
	.options = options,
	.run = run_init,
};
