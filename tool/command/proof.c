/* What reports say about the plans of a configuration. */
#include "base/arena.h"
#include "base/file.h"
#include "command/evidence.h"

/* The paths that a run looks for reports in, each once. */
struct paths {
	struct arena *arena;
	struct str *paths;
	size_t count, room;
};

static void
add_path(struct paths *paths, struct str path)
{
	struct str *larger;
	size_t i;

	for (i = 0; i < paths->count; i++)
		if (str_equal(paths->paths[i], path))
			return;
	if (paths->count == paths->room) {
		paths->room = paths->room * 2 + 8;
		larger = ARENA_ARRAY(paths->arena, paths->room, struct str);
		for (i = 0; i < paths->count; i++)
			larger[i] = paths->paths[i];
		paths->paths = larger;
	}
	paths->paths[paths->count++] = path;
}

static void
find_paths(struct run *run, struct paths *paths)
{
	const struct config_domain *domain = NULL;
	struct str path;
	size_t position = 0, i;

	while ((domain = config_next(run->config, domain)) != NULL)
		for (i = 0; i < domain->rollout.evidence.count; i++)
			add_path(paths, path_join(run->arena,
			    run->config->folder,
			    domain->rollout.evidence.words[i].text));
	while ((path = option_next(run, "evidence", &position)).p != NULL)
		add_path(paths, path);
}

const struct schedules *
run_schedules(struct run *run)
{
	const struct evidence_window window = { .since = DAY_NONE,
	    .until = run->today, .by_day = true };
	struct paths paths = { .arena = run->arena };

	find_paths(run, &paths);
	if (paths.count > 0) {
		run->evidence = run_evidence(run, paths.paths, paths.count,
		    window);
		run->proof = proof_make(&run->world, run->arena,
		    run->evidence);
	}
	run_peek_state(run);
	run_hold(run, false);
	return run->world.schedules;
}
