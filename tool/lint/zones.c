/*
 * Judges many zones, or a large one, on several threads: small zones whole,
 * large ones in parts.
 */
#include "base/arena.h"
#include "base/table.h"
#include "base/worker.h"
#include "lint/likeness.h"

enum { MAX_THREADS = 64 };

/* What one thread works with. */
struct judge {
	struct linter *linter;		/* made when first needed */
	struct arena *keep, *memory;
};

struct crowd {
	const struct world *world;
	const struct selection *selection;
	const struct zone *const *zones;
	struct zone_verdict *verdicts;
	size_t first;			/* of the batch */
	struct judge judges[MAX_THREADS];
	struct kind_verdicts kinds;	/* of small zones */
	/* The zone that is judged in parts at the moment. */
	const struct zone *large;
	struct zone_part *parts;
	/* When all are judged; and the number of each among the loaded ones. */
	const struct census *census;
	const size_t *numbers;
};

static struct judge *
take_judge(struct crowd *crowd, unsigned worker)
{
	struct judge *judge = &crowd->judges[worker];

	if (judge->linter == NULL)
		judge->linter = linter_new(crowd->world, crowd->selection);
	return judge;
}

static void
judge_small(void *context, unsigned worker, size_t job)
{
	struct crowd *crowd = context;
	struct judge *judge = take_judge(crowd, worker);
	size_t number = crowd->first + job;
	const struct zone *zone = crowd->zones[number];

	if (linter_parts(zone) > 1)
		return;
	linter_judge_small(judge->linter, zone, number, judge->keep,
	    judge->memory, &crowd->kinds, &crowd->verdicts[number]);
	diags_hash(&crowd->verdicts[number].diags);
	arena_reset(judge->memory);
}

static void
judge_part(void *context, unsigned worker, size_t job)
{
	struct crowd *crowd = context;
	struct judge *judge = take_judge(crowd, worker);

	linter_judge_part(judge->linter, crowd->large, job, judge->keep,
	    &crowd->parts[job]);
	diags_hash(&crowd->parts[job].diags);
}

static void
judge_large(struct crowd *crowd, unsigned threads, size_t number)
{
	size_t count = linter_parts(crowd->zones[number]), i;
	struct arena *arena = arena_new();
	struct judge *judge = take_judge(crowd, 0);
	struct like_kind *kinds = ARENA_ARRAY(arena,
	    zone_kind_count(crowd->zones[number]), struct like_kind);

	crowd->large = crowd->zones[number];
	crowd->parts = ARENA_ARRAY(arena, count, struct zone_part);
	for (i = 0; i < count; i++) {
		crowd->parts[i].memory = arena_child(arena);
		crowd->parts[i].kinds = kinds;
	}
	workers_run(threads, count, judge_part, crowd);
	linter_judge_rest(judge->linter, crowd->large, crowd->parts, count,
	    judge->keep, &crowd->verdicts[number]);
	arena_free(arena);
}

/* ---- what need not be remembered ----------------------------------------- */

/* The files that findings speak of; keys are the octets of their addresses. */
struct told {
	struct arena *arena;
	struct table sources;
	const struct source *last;
};

static struct str
address_of(const struct source *const *source)
{
	return (struct str){ (const char *)source, sizeof(*source) };
}

static void
add_told(struct told *told, const struct source *source)
{
	const struct source **key;

	if (source == told->last || source == NULL)
		return;
	told->last = source;
	key = ARENA_NEW(told->arena, const struct source *);
	*key = source;
	table_add(&told->sources, told->arena, address_of(key), told);
}

static bool
is_told(void *context, const struct source *source)
{
	const struct told *told = context;

	return table_find(&told->sources, address_of(&source)) != NULL;
}

static void
add_finding(struct told *told, const struct diag *diag)
{
	const struct note *note = diag_rest(diag)->notes;
	const struct edit *edit = diag_rest(diag)->edits;

	add_told(told, diag->span.source);
	for (; note != NULL; note = note->next)
		add_told(told, note->span.source);
	for (; edit != NULL; edit = edit->next)
		add_told(told, edit->span.source);
}

/* Of what was read for the batch, which is judged. */
static void
forget_zones(const struct crowd *crowd, size_t count, unsigned threads)
{
	struct told told = { .arena = arena_new() };
	const struct diag *diag;
	size_t i;

	for (i = 0; i < count; i++)
		for (diag = crowd->verdicts[crowd->first + i].diags.first;
		    diag != NULL; diag = diag->next)
			add_finding(&told, diag);
	asked_zones_forget(crowd->world->zones->asked, is_told, &told,
	    !crowd->selection->no_texts);
	arena_free(told.arena);
	for (i = 0; i < threads; i++)
		if (crowd->judges[i].linter != NULL)
			linter_forget(crowd->judges[i].linter);
}

/* What they tell of others must not be lost with what the rest forgets. */
static void
judge_large_zones(struct crowd *crowd, size_t count, unsigned threads)
{
	for (crowd->first = 0; crowd->first < count; crowd->first++) {
		if (linter_parts(crowd->zones[crowd->first]) == 1)
			continue;
		judge_large(crowd, threads, crowd->first);
		if (crowd->world->zones->asked != NULL)
			forget_zones(crowd, 1, threads);
	}
}

/* A batch after the other. */
static void
judge_batches(struct crowd *crowd, size_t count, unsigned threads,
    void (*judge)(void *context, unsigned worker, size_t job))
{
	bool forgets = crowd->world->zones->asked != NULL;
	size_t most = forgets ? crowd->world->zones->batch : count, jobs;

	for (crowd->first = 0; crowd->first < count; crowd->first += jobs) {
		jobs = count - crowd->first;
		if (jobs > most)
			jobs = most;
		workers_run(threads, jobs, judge, crowd);
		if (forgets)
			forget_zones(crowd, jobs, threads);
	}
}

/* ---- what several zones have in common ----------------------------------- */

/* One that is not among them has a number that is not one either. */
static const size_t *
number_zones(const struct crowd *crowd, size_t count, struct arena *arena)
{
	const struct zones *all = crowd->world->zones;
	size_t *numbers = ARENA_ARRAY(arena, count + 1, size_t);
	size_t number = 0, i;

	for (i = 0; i < count; i++) {
		while (number < all->count &&
		    all->zones[number] != crowd->zones[i])
			number++;
		numbers[i] = number;
	}
	return numbers;
}

/* From the keys that were met, and those of zones that are not judged. */
static const struct census *
take_census(const struct crowd *crowd, size_t count, unsigned threads,
    struct arena *arena)
{
	const struct zones *all = crowd->world->zones;
	const struct zone_keys **known = ARENA_ARRAY(arena, all->count + 1,
	    const struct zone_keys *);
	size_t i;

	if (!crowd->selection->census)
		return crowd->world->census;
	for (i = 0; i < count; i++)
		known[crowd->numbers[i]] = &crowd->verdicts[i].remembered;
	return census_take(arena, all, threads, false, known);
}

static void
judge_elsewhere(void *context, unsigned worker, size_t job)
{
	struct crowd *crowd = context;
	struct judge *judge = take_judge(crowd, worker);
	size_t number = crowd->first + job;

	linter_judge_elsewhere(judge->linter, crowd->census,
	    crowd->zones[number], crowd->numbers[number], judge->keep,
	    &crowd->verdicts[number]);
}

void
lint_zones(const struct world *world, const struct selection *selection,
    const struct zone *const *zones, size_t count, unsigned threads,
    struct arena *keep, struct zone_verdict *verdicts)
{
	struct crowd crowd = { .world = world, .selection = selection,
	    .zones = zones, .verdicts = verdicts };
	struct arena *memory = arena_new();
	size_t i;

	if (threads > MAX_THREADS)
		threads = MAX_THREADS;
	crowd.kinds = kind_verdicts_new(memory, world->zones);
	for (i = 0; i < threads; i++) {
		crowd.judges[i].keep = arena_child(keep);
		crowd.judges[i].memory = arena_child(memory);
	}
	judge_batches(&crowd, count, threads, judge_small);
	judge_large_zones(&crowd, count, threads);
	crowd.numbers = number_zones(&crowd, count, memory);
	crowd.census = take_census(&crowd, count, threads, memory);
	judge_batches(&crowd, count, threads, judge_elsewhere);
	for (i = 0; i < threads; i++)
		if (crowd.judges[i].linter != NULL)
			linter_free(crowd.judges[i].linter);
	arena_free(memory);
}

size_t
lint_zone(const struct world *world, const struct selection *selection,
    const struct zone *zone, struct arena *keep, struct diags *diags)
{
	struct zone_verdict verdict = { .keys = 0 };

	lint_zones(world, selection, &zone, 1, 1, keep, &verdict);
	diags_move(diags, &verdict.diags);
	return verdict.keys;
}
