/*
 * Which of the files that were read are zones to judge, and which are parts of
 * others, judged with them.
 */
#include <assert.h>
#include <errno.h>

#include "base/hash.h"
#include "base/path.h"
#include "command/inputs.h"

/* ---- sets of paths ------------------------------------------------------- */

static bool
set_has(const struct table *set, struct str path)
{
	return table_find(set, path) != NULL;
}

/* The things of these tables are of no interest. */
static void
set_add(struct arena *arena, struct table *set, struct str path)
{
	table_add(set, arena, path, set);
}

static struct str
real_or_given(struct arena *arena, struct str path)
{
	struct str real = path_real(arena, path);

	return real.p == NULL ? path : real;
}

/* ---- what is taken ------------------------------------------------------- */

/* Everything that some zone includes. */
struct included {
	struct table paths;		/* as they really are */
	struct table names;		/* without the folders */
	struct table stamps;		/* octets, see struct source */
};

static struct str
stamp_of(const uint64_t *stamp)
{
	return (struct str){ (const char *)stamp, sizeof(*stamp) };
}

static void
add_included(struct arena *memory, struct included *included,
    const struct source *source)
{
	uint64_t *stamp = ARENA_NEW(memory, uint64_t);
	struct str path = real_or_given(memory, source->path);

	*stamp = source->stamp;
	set_add(memory, &included->paths, path);
	set_add(memory, &included->names, path_name(path));
	set_add(memory, &included->stamps, stamp_of(stamp));
}

static struct included
find_included(struct run *run)
{
	const struct includes *includes = run->inputs->options.includes;
	struct included included = { { 0 }, { 0 }, { 0 } };
	const struct included_file *file = NULL;

	while ((file = includes_next(includes, file)) != NULL)
		add_included(run->inputs->memory, &included, &file->source);
	return included;
}

/*
 * Whether it is one of them is asked of hardly any file, as paths take long to
 * find. A symbolic link may have another name, and one that has been written
 * to since another stamp.
 */
static bool
may_be_included(const struct included *included, const struct input *input)
{
	const uint64_t stamp = input->zone->source->stamp;

	return set_has(&included->names, path_name(input->path)) ||
	    set_has(&included->stamps, stamp_of(&stamp));
}

static void
say_unnamed(struct run *run, const struct input *input)
{
	input_fail(run, input->path, STR("cannot tell which zone this is; "
	    "say it with --origin NAME, with zones: in mailzone.yaml, or "
	    "with an absolute $ORIGIN in the file"));
}

static bool
in_shard(const struct run *run, struct str name)
{
	struct str shard = run->inputs->shard;
	uint64_t part, parts;

	if (shard.p == NULL)
		return true;
	str_number(str_slice(shard, 0, str_find(shard, '/')), 1 << 20, &part);
	str_number(str_after(shard, str_find(shard, '/') + 1), 1 << 20,
	    &parts);
	return hash_bytes(hash_key_fixed, name) % parts + 1 == part;
}

/*
 * Is this path only ever a part of other files? Then it is judged with them,
 * even where those are only context.
 */
static bool
is_part(struct run *run, const struct included *included,
    const struct input *input)
{
	struct str path;

	if (!may_be_included(included, input))
		return false;
	zone_need(input->zone);
	if (input->zone->contents->has_soa)
		return false;
	path = real_or_given(run->arena, input->path);
	if (!set_has(&included->paths, path))
		return false;
	if (!input->context) {
		set_add(run->arena, &run->inputs->parts, path);
		run->inputs->elsewhere++;
	}
	return true;
}

bool
inputs_miss(const struct run *run, int error)
{
	return run->inputs->wanted && error != ENOENT;
}

static void
take(struct run *run, const struct included *included, struct input *input)
{
	struct str view = run->inputs->view, unreadable;

	if (input->error != 0 && !input->skipped) {
		/* Context that is missing makes answers unknown, no more. */
		if (input->context && !inputs_miss(run, input->error))
			return;
		input_fail_errno(run, input->path, input->error);
		return;
	}
	if (input->skipped || is_part(run, included, input))
		return;
	if (input->zone->how == ZONE_UNNAMED) {
		if (!input->context)
			say_unnamed(run, input);
		return;
	}
	if (view.p != NULL && !str_equal(view, input->zone->view))
		return;
	/* The records are the zone; its file is not even context. */
	if (inputs_are_records(run) &&
	    zones_find(&run->zones, input->zone->name) != NULL)
		return;
	if (!in_shard(run, input->zone->name)) {
		run->inputs->elsewhere += !input->context;
		input->zone->context = true;
	}
	unreadable = input->zone->contents->unreadable;
	if (unreadable.p != NULL && (!input->zone->context ||
	    run->inputs->wanted))
		input_fail(run, unreadable,
		    STR("is included, but cannot be read"));
	zones_add(&run->zones, input->zone);
}

void
inputs_take_zones(struct run *run)
{
	struct inputs *inputs = run->inputs;
	struct included included = find_included(run);
	struct input *input;

	zones_expect(&run->zones, inputs->count);
	for (input = inputs->first; input != NULL; input = input->next)
		take(run, &included, input);
	if (run->mends)
		return;
	arena_free(inputs->memory);
	inputs->memory = NULL;
	inputs->first = NULL;
}

/* ---- who was asked about ------------------------------------------------- */

bool
run_is_given(const struct run *run, const struct source *source,
    const struct zone *zone)
{
	return !zone->context || (run->inputs != NULL &&
	    run->inputs->parts.count > 0 && set_has(&run->inputs->parts,
	    real_or_given(run->arena, source->path)));
}

/* What was named, or found in a folder that was. */
static const struct table *
asked_paths(struct run *run)
{
	struct table *set = &run->inputs->asked;
	const struct input *input;
	struct str path;

	assert(run->mends);
	if (set->count > 0)
		return set;
	for (input = run->inputs->first; input != NULL; input = input->next) {
		path = input_path(run, input);
		if (!input->context)
			set_add(run->arena, set, real_or_given(run->arena,
			    path.p == NULL ? input->path : path));
	}
	return set;
}

bool
run_may_change(struct run *run, const struct source *source)
{
	bool named = run->argument_count > 0 ||
	    option_given(run, "files-from");

	/* All zones of the configuration, with all that they include. */
	return !named || set_has(asked_paths(run),
	    real_or_given(run->arena, source->path));
}

bool
run_has_parts(const struct run *run)
{
	return run->inputs != NULL && run->inputs->parts.count > 0;
}
