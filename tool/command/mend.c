/* lint --fix and --diff: what findings offer to mend, mended or shown. */
#include <errno.h>

#include "base/arena.h"
#include "base/file.h"
#include "command/judgement.h"
#include "fix/fix.h"
#include "rules/reference.h"

static bool
may_change(void *context, const struct source *source)
{
	return run_may_change(context, source);
}

static struct str
plural(struct run *run, size_t count, const char *noun)
{
	return arena_printf(run->arena, "%zu %s%s", count, noun,
	    count == 1 ? "" : "s");
}

static size_t
count_changed(const struct fixes *fixes)
{
	const struct fix_file *file;
	size_t count = 0;

	for (file = fixes->first; file != NULL; file = file->next)
		count += file->count > 0;
	return count;
}

static bool
is_there_an_obstacle(const struct fix_file *file)
{
	return file->obstacle != NULL && file->obstacle[0] != '\0';
}

/* ---- showing ------------------------------------------------------------- */

/* What could be mended but was not asked for. */
static struct str
more(struct run *run, const struct fixes *fixes, const struct diags *left)
{
	const struct diag *diag;
	size_t count = 0;

	for (diag = left->first; diag != NULL; diag = diag->next)
		count += !diag->suppressed && diag_rest(diag)->edits != NULL &&
		    diag->fix > fixes->most;
	return count == 0 ? STR("") : arena_printf(run->arena,
	    "; %zu more with --unsafe-fixes", count);
}

static int
show(struct run *run, const struct fixes *fixes, const struct diags *left)
{
	const struct fix_file *file;
	size_t count = count_changed(fixes);

	for (file = fixes->first; file != NULL; file = file->next) {
		if (file->count > 0)
			write_diff(&run->out, patch_path(run,
			    file->source->path, file->path),
			    file->source->text, file->text);
		if (is_there_an_obstacle(file))
			run_say(run, "%.*s would be left as it is: %s",
			    STR_ARG(file->source->path), file->obstacle);
	}
	run_flush(run);
	if (count == 0)
		run_say(run, "nothing would change%.*s",
		    STR_ARG(more(run, fixes, left)));
	else
		run_say(run, "%.*s would be mended in %.*s%.*s",
		    STR_ARG(plural(run, fixes->mended, "finding")),
		    STR_ARG(plural(run, count, "file")),
		    STR_ARG(more(run, fixes, left)));
	return count > 0 && !option_given(run, "exit-zero") ? EXIT_FINDINGS :
	    EXIT_CLEAN;
}

/* ---- writing ------------------------------------------------------------- */

static bool
write_file(struct run *run, const struct fix_file *file)
{
	if (file_rewrite(file->source, file->text))
		return true;
	if (errno == ESTALE)
		run_fail(run, file->source->path, "it has changed since it "
		    "was read, so it is left as it is");
	else
		run_fail_errno(run, file->source->path);
	return false;
}

static void
write_files(struct run *run, const struct fixes *fixes)
{
	const struct fix_file *file;
	size_t findings = 0, files = 0;

	for (file = fixes->first; file != NULL; file = file->next) {
		if (is_there_an_obstacle(file))
			run_fail(run, file->source->path, "left as it is: %s",
			    file->obstacle);
		if (file->count == 0 || !write_file(run, file))
			continue;
		findings += file->count;
		files++;
	}
	if (files > 0)
		run_say(run, "%.*s mended in %.*s; raise the serials before "
		    "name servers load them",
		    STR_ARG(plural(run, findings, "finding")),
		    STR_ARG(plural(run, files, "file")));
}

/* ---- both ---------------------------------------------------------------- */

/* Zones were read anew, so what is known of all of them is out of date. */
static void
renew_world(struct run *run)
{
	references_free(run->world.references);
	run->world.references = references_new(&run->zones);
}

static bool
is_standard_input(const struct run *run)
{
	size_t i;

	for (i = 0; i < run->argument_count; i++)
		if (str_is(run->arguments[i], "-"))
			return true;
	return false;
}

int
run_mend(struct run *run)
{
	struct judgement judgement = { .run = run };
	struct selection selection;
	struct fixes fixes;
	unsigned rounds;

	if (!option_given(run, "diff") && is_standard_input(run))
		return run_usage(run, "--fix cannot change standard input; "
		    "--diff shows what would change");
	if (!judgement_select(run, &judgement.selection))
		return EXIT_UNABLE;
	selection = judgement.selection;
	fixes_start(&fixes, run->arena, &run->zones,
	    option_given(run, "unsafe-fixes") ? FIX_UNSAFE : FIX_SAFE);
	fixes.may_change = may_change;
	fixes.context = run;
	for (rounds = 0;; rounds++) {
		judgement = (struct judgement){ .run = run,
		    .selection = selection };
		judgement_judge(&judgement);
		if (rounds == FIX_ROUNDS ||
		    !fixes_round(&fixes, &judgement.diags))
			break;
		renew_world(run);
	}
	if (option_given(run, "diff"))
		return show(run, &fixes, &judgement.diags);
	write_files(run, &fixes);
	return judgement_tell(&judgement);
}
