/* What reports say about the plans of a configuration. */
#include "base/arena.h"
#include "base/path.h"
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

/* What lies in a folder may be anything; a file that is named is one. */
static const struct broken *
find_broken(const struct evidence *evidence, const struct paths *paths)
{
	const struct broken *broken;
	size_t i;

	for (broken = evidence->broken; broken != NULL; broken = broken->next)
		for (i = 0; i < paths->count; i++)
			if (str_equal(broken->path, paths->paths[i]))
				return broken;
	return NULL;
}

static void
read_reports(struct run *run, const struct paths *paths)
{
	const struct evidence_window window = { .since = DAY_NONE,
	    .until = run->today, .by_day = true };
	const struct broken *broken;
	int before = run->status;

	run->status = EXIT_CLEAN;
	run->evidence = run_evidence(run, paths->paths, paths->count, window);
	run->proof = proof_make(&run->world, run->arena, run->evidence);
	broken = find_broken(run->evidence, paths);
	if (run->status == EXIT_UNABLE)
		run->unsure = STR("rollout.evidence");
	else if (broken != NULL)
		run->unsure = arena_printf(run->arena, "rollout.evidence: %.*s",
		    STR_ARG(broken->path));
	if (run->status == EXIT_CLEAN)
		run->status = before;
}

bool
run_knows_stages(struct run *run, const char *otherwise)
{
	if (run->unsure.p != NULL)
		run_fail(run, run->unsure, "%s, because what cannot "
		    "be read may be what a stage goes by", otherwise);
	return run->unsure.p == NULL;
}

const struct schedules *
run_schedules(struct run *run)
{
	struct paths paths = { .arena = run->arena };

	find_paths(run, &paths);
	if (paths.count > 0)
		read_reports(run, &paths);
	run_peek_state(run);
	run_hold(run, false);
	if (run->world.schedules->first == NULL)
		run->unsure = STR_NONE;
	return run->world.schedules;
}
