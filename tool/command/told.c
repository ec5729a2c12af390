/*
 * Which findings are told: one of those that several zones share, none of those
 * that lie where nobody asked, and none that turned out to be of too low a
 * level.
 */
#include <string.h>

#include "base/arena.h"
#include "base/path.h"
#include "base/sort.h"
#include "command/judgement.h"

/* What a finding is about, wherever and in how many zones it is read. */
struct spot {
	const struct str *path;		/* as it really is */
	struct diag *diag;
};

/* As seen from its zone: in a file of several zones they are the same then. */
static struct str
relative(const struct diag *diag, struct str name)
{
	return name.p != NULL && diag->zone != NULL &&
	    name_within(name, diag->zone->name) ?
	    name_relative(name, diag->zone->name) : name;
}

static struct str
relative_owner(const struct diag *diag)
{
	return relative(diag, diag_owner(diag));
}

/* What several findings at the SOA are about: keys, names, senders. */
static struct str
subject(const struct diag *diag)
{
	return diag->own_token ? relative(diag, diag_token(diag)) : STR_NONE;
}

static int
compare_spots(const void *a, const void *b)
{
	const struct spot *spot = a, *other = b;
	const struct diag *x = spot->diag, *y = other->diag;
	int order = spot->path == other->path ? 0 :
	    str_compare(*spot->path, *other->path);

	if (order == 0)
		order = (x->span.start > y->span.start) -
		    (x->span.start < y->span.start);
	if (order == 0)
		order = (x->span.end > y->span.end) -
		    (x->span.end < y->span.end);
	if (order == 0)
		order = strcmp(x->rule->id, y->rule->id);
	if (order == 0)
		order = str_compare(relative_owner(x), relative_owner(y));
	if (order == 0)
		order = (x->type > y->type) - (x->type < y->type);
	if (order == 0)
		order = str_compare(subject(x), subject(y));
	if (order == 0 && x->zone != NULL && y->zone != NULL)
		order = name_compare(x->zone->name, y->zone->name);
	return order != 0 ? order : saying_compare(x->message, y->message);
}

static bool
same_spot(const struct spot *spot, const struct spot *other)
{
	const struct diag *x = spot->diag, *y = other->diag;

	return x->span.start == y->span.start && x->span.end == y->span.end &&
	    x->rule == y->rule && x->type == y->type &&
	    str_equal(*spot->path, *other->path) &&
	    str_equal(relative_owner(x), relative_owner(y)) &&
	    str_equal(subject(x), subject(y));
}

/* The zones of spots from first to last become those of one finding. */
static void
merge(struct arena *arena, struct spot *first, const struct spot *end)
{
	struct diag_rest *rest = diag_rest_of(arena, first->diag);
	struct spot *spot;

	rest->zones = ARENA_ARRAY(arena, (size_t)(end - first), struct str);
	for (spot = first; spot < end; spot++) {
		struct str name = spot->diag->zone->name;

		if (rest->zone_count == 0 ||
		    !str_equal(rest->zones[rest->zone_count - 1], name))
			rest->zones[rest->zone_count++] = name;
	}
}

static const struct str *
real_path(struct arena *arena, struct real_folder *folder, struct str path)
{
	struct str *real = ARENA_NEW(arena, struct str);

	*real = path_real_beside(arena, folder, path);
	if (real->p == NULL)
		*real = path;
	return real;
}

/*
 * One line of the configuration makes records at several names of a zone, for
 * which the same may be said: once is enough.
 */
static bool
says_it_again(struct run *run, struct table *said, struct diag *diag)
{
	struct str key, message;

	if (diag->zone == NULL || run->config == NULL ||
	    diag->span.source != run->config->source)
		return false;
	message = saying_print(diag->message, run->arena);
	key = arena_printf(run->arena, "%s %zu %zu %d %.*s %.*s",
	    diag->rule->id, diag->span.start, diag->span.end,
	    (int)diag->suppressed, STR_ARG(diag->zone->name),
	    STR_ARG(message));
	return table_add(said, run->arena, key, diag) != diag;
}

/* All but those that lie where nobody asked; returns how many. */
static size_t
gather_spots(struct judgement *judgement, struct spot *spots)
{
	struct run *run = judgement->run;
	struct real_folder folder = { STR_NONE, STR_NONE };
	const struct source *last = NULL;
	const struct str *path = NULL;
	struct diag *diag;
	size_t count = 0;

	for (diag = judgement->diags.first; diag != NULL; diag = diag->next) {
		diag_resolve(run->arena, diag);
		if (diag->zone != NULL && !run_is_given(run,
		    diag->span.source, diag->zone))
			continue;
		if (diag->span.source != last)
			path = real_path(run->arena, &folder,
			    diag->span.source->path);
		last = diag->span.source;
		spots[count++] = (struct spot){ path, diag };
	}
	return count;
}

void
judgement_keep_told(struct judgement *judgement)
{
	struct run *run = judgement->run;
	struct arena *memory = arena_new();
	struct spot *spots, *from, *to, *end;
	struct diags told = { 0 };
	struct table said = { 0 };
	struct diag *diag;

	spots = ARENA_ARRAY(memory, judgement->diags.count + 1, struct spot);
	end = spots + gather_spots(judgement, spots);
	sort_nearly(spots, (size_t)(end - spots), sizeof(*spots),
	    compare_spots, memory);
	for (from = spots; from < end; from = to) {
		for (to = from + 1; to < end && same_spot(from, to); to++)
			continue;
		diag = from->diag;
		diag->next = NULL;
		if (diag->zone != NULL && to - from > 1)
			merge(run->arena, from, to);
		if (!says_it_again(run, &said, diag))
			diags_add(&told, diag);
		/* The configuration may say two things of one place. */
		for (from++; diag->zone == NULL && from < to; from++) {
			from->diag->next = NULL;
			diags_add(&told, from->diag);
		}
	}
	arena_reset(memory);
	diags_sort(&told, memory);
	judgement->diags = told;
	arena_free(memory);
}

/* Of many rules the level of a finding hangs on where it stands. */
void
judgement_drop_low(struct judgement *judgement)
{
	struct diag *diag = judgement->diags.first, *next;

	if (judgement->selection.min_level <= LEVEL_NOTE)
		return;
	judgement->diags = (struct diags){ 0 };
	for (; diag != NULL; diag = next) {
		next = diag->next;
		diag->next = NULL;
		if (diag->level >= judgement->selection.min_level)
			diags_add(&judgement->diags, diag);
	}
}
