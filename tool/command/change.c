/* Files that a command would change: shown, or written all at once. */
#include <errno.h>

#include "base/arena.h"
#include "base/file.h"
#include "base/path.h"
#include "command/command.h"

/* A file that is, and how it is to be. */
struct change {
	struct change *next;
	struct str path;
	const struct source *source;	/* as it was read; NULL: not there */
	struct str old;			/* STR_NONE: not there */
	struct str new;			/* STR_NONE: to be removed */
};

void
changes_start(struct changes *changes, struct run *run, bool show_only)
{
	*changes = (struct changes){ .run = run, .end = &changes->first,
	    .show_only = show_only };
}

void
change_add(struct changes *changes, struct str path, const struct source *old,
    struct str new)
{
	struct change *change = ARENA_NEW(changes->run->arena, struct change);

	change->path = path;
	change->source = old;
	change->old = old == NULL ? STR_NONE : old->text;
	change->new = new;
	*changes->end = change;
	changes->end = &change->next;
}

void
change_renew(struct changes *changes, struct str path,
    const struct source *old, struct str new)
{
	change_add(changes, path, old, old == NULL ? new :
	    lines_as_in(changes->run->arena, new, old->text));
}

struct source *
change_read(struct changes *changes, struct str path)
{
	struct source *source;

	if (!file_exists(path))
		return NULL;
	source = file_read(changes->run->arena, path);
	if (source == NULL) {
		run_fail_errno(changes->run, path);
		changes->refused = true;
	} else if (source->text.p == NULL)
		source->text = STR("");
	return source;
}

void
change_fail(struct changes *changes, struct str path, struct str why)
{
	run_fail(changes->run, path, "%.*s", STR_ARG(why));
	changes->refused = true;
}

void
change_refuse(struct changes *changes, const char *rule, struct span span,
    struct str why)
{
	/* What is wrong in a file is wrong in each zone that it serves. */
	struct str key = arena_printf(changes->run->arena, "%s %zu %.*s %.*s",
	    rule, span.start, STR_ARG(span.source->path), STR_ARG(why));

	if (table_find(&changes->told, key) == NULL) {
		table_add(&changes->told, changes->run->arena, key, changes);
		run_show_finding(changes->run, rule, span, why);
	}
	changes->refused = true;
}

static bool
is_same(const struct change *change)
{
	return (change->old.p == NULL) == (change->new.p == NULL) &&
	    str_equal(change->old, change->new);
}

/* A file was not written: whose fault is it? */
static int
explain_failure(struct run *run, const struct change *change)
{
	if (errno == ENOENT) {
		run_fail(run, change->path, "there is no folder \"%.*s\" to "
		    "write it into", STR_ARG(path_folder(change->path)));
		return EXIT_UNABLE;
	}
	if (errno != ESTALE) {
		run_fail_errno(run, change->path);
		return EXIT_UNABLE;
	}
	run_show_finding(run, "zone-block-edited",
	    (struct span){ change->source, 0, 0 }, STR("this file was "
	    "changed by somebody else at this moment, and that would be "
	    "lost: run it again"));
	run_say(run, "nothing is written");
	return EXIT_FINDINGS;
}

/* All of them; a full disk, or who edits one of them, changes none. */
static int
apply(struct changes *changes, size_t count)
{
	struct run *run = changes->run;
	struct file_change *files = ARENA_ARRAY(run->arena, count + 1,
	    struct file_change);
	const struct change **rows = ARENA_ARRAY(run->arena, count + 1,
	    const struct change *);
	const struct change *change;
	size_t i = 0, failed;

	for (change = changes->first; change != NULL; change = change->next)
		if (!is_same(change)) {
			rows[i] = change;
			files[i++] = (struct file_change){ change->path,
			    change->new, 0644, change->source };
		}
	return files_write(files, count, &failed) ? EXIT_CLEAN :
	    explain_failure(run, rows[failed]);
}

struct str
patch_path(struct run *run, struct str path, struct str real)
{
	struct str below = path_below(real, path_real(run->arena, STR(".")));

	return below.n > 0 ? below : path;
}

/* One that is not there yet, or goes, is the name itself. */
static void
show_change(struct run *run, const struct change *change)
{
	struct str path = change->path, real = STR_NONE;

	if (is_same(change))
		return;
	if (change->old.p != NULL && change->new.p != NULL)
		real = path_real(run->arena, path);
	if (real.p != NULL)
		path = patch_path(run, path, real);
	write_diff(&run->out, path, change->old, change->new);
}

/* Everything is known to be right before the first file is touched. */
int
changes_finish(struct changes *changes, bool show)
{
	struct run *run = changes->run;
	const struct change *change;
	size_t count = 0;
	int status;

	for (change = changes->first; change != NULL; change = change->next) {
		count += !is_same(change);
		if (show)
			show_change(run, change);
	}
	if (changes->refused) {
		run_say(run, "nothing is written");
		return run->status == EXIT_UNABLE ? EXIT_UNABLE :
		    EXIT_FINDINGS;
	}
	status = changes->show_only ? EXIT_CLEAN : apply(changes, count);
	if (status != EXIT_CLEAN)
		return status;
	run_say(run, "%zu file%s %s", count, count == 1 ? "" : "s",
	    changes->show_only ? "would change" : "written");
	if (changes->kept_serial)
		run_say(run, "the serial number of the zone stays as it is "
		    "(--serial)");
	return changes->show_only && count > 0 ? EXIT_FINDINGS : EXIT_CLEAN;
}
