/* Judging what was generated, and the configuration that it comes from. */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/file.h"
#include "base/path.h"
#include "command/judgement.h"

static struct diag *
add_finding(struct judgement *judgement, const char *id, struct span span,
    struct str message)
{
	const struct rule *rule = rule_find(str_from(id));
	struct diag *diag = ARENA_NEW(judgement->run->arena, struct diag);

	assert(rule != NULL);
	diag->rule = rule;
	diag->level = (uint8_t)rule->level;
	diag->span = span;
	diag->message = saying_copy(judgement->run->arena, message);
	diags_add(&judgement->diags, diag);
	return diag;
}

void
judgement_add(struct judgement *judgement, const char *id, enum level most,
    struct span span, struct str message)
{
	enum level level = rule_level(rule_find(str_from(id)),
	    &judgement->selection, judgement->run->config);

	if (level == LEVEL_OFF)
		return;
	if (level > most)
		level = most;
	add_finding(judgement, id, span, message)->level = (uint8_t)level;
}

/* A rule may have told it already, with more words: up to the last finding. */
static bool
is_told(const struct judgement *judgement, const struct diag *last,
    const struct remark *remark)
{
	const struct diag *diag = last == NULL ? NULL :
	    judgement->diags.first;

	for (; diag != NULL; diag = diag == last ? NULL : diag->next)
		if (strcmp(diag->rule->id, remark->rule) == 0 &&
		    str_equal(saying_print(diag->message,
		    judgement->run->arena), remark->text))
			return true;
	return false;
}

static void
add_remarks(struct judgement *judgement, const struct made_zones *made)
{
	const struct diag *last = judgement->diags.last;
	const struct remark *remark;

	for (remark = made->remarks; remark != NULL; remark = remark->next)
		if (!is_told(judgement, last, remark))
			judgement_add(judgement, remark->rule, LEVEL_ERROR,
			    remark->from, remark->text);
}

/* Real zones that were not generated tell what else there is. */
static void
add_others(struct zones *zones, const struct zones *loaded)
{
	size_t i;

	for (i = 0; i < loaded->count; i++)
		if (zones_find(zones, loaded->zones[i]->name) == NULL)
			zones_add(zones, loaded->zones[i]);
}

/* With the zones that are there, or without. */
static const struct made *
read_back(struct run *run, const struct made_zones *made, day at,
    const struct zones *real, struct world *world, struct zones *zones,
    size_t *ends)
{
	const struct block_style style = {
	    .config = run->config->source->path };
	const struct made *other;

	*world = run->world;
	world->today = at;
	*zones = (struct zones){ .arena = run->arena,
	    .cache = run->zones.cache, .dns = run->zones.dns };
	other = records_read_back(run->arena, made, &style, real, zones,
	    ends);
	add_others(zones, &run->zones);
	world->zones = zones;
	return other;
}

const struct made *
run_read_back(struct run *run, const struct made_zones *made, day at,
    const struct zones *real, struct world *world, struct zones *zones)
{
	return read_back(run, made, at, real, world, zones, NULL);
}

/* Does the name follow the plan of this domain, and not of one further down? */
static bool
follows(const struct run *run, struct str name,
    const struct config_domain *domain)
{
	const struct config_domain *owner;

	/* What is about the zone is about every domain in it. */
	if (name.p == NULL)
		return true;
	for (; name.n > 0 && !str_equal(name, domain->name);
	    name = name_parent(name)) {
		owner = config_domain(run->config, name);
		if (owner != NULL && (owner->rollout.present ||
		    owner->delegated))
			return false;
	}
	return name.n > 0;
}

/* Is it suppressed where it stands today? */
static bool
is_suppressed(const struct diags *real, const struct diag *diag)
{
	const struct diag *other;

	for (other = real->first; other != NULL; other = other->next)
		if (other->suppressed && other->rule == diag->rule &&
		    other->type == diag->type &&
		    str_equal(diag_owner(other), diag_owner(diag)))
			return true;
	return false;
}

const struct diags *
run_errors(struct run *run, const struct world *world, struct str zone_name)
{
	const struct zone *zone = zones_find(world->zones, zone_name);
	const struct zone *real = zones_find(&run->zones, zone_name);
	struct diags *errors = ARENA_NEW(run->arena, struct diags);
	/* Whatever this run selects: a plan is the same for all commands. */
	const struct selection selection = { .min_level = LEVEL_ERROR };
	struct diags diags = { 0 }, real_diags = { 0 };
	struct diag *diag, *next;

	if (zone == NULL)
		return errors;
	lint_zone(world, &selection, zone, run->arena, &diags);
	if (real != NULL && diags.count > 0)
		lint_zone(&run->world, &selection, real, run->arena,
		    &real_diags);
	for (diag = diags.first; diag != NULL; diag = next) {
		next = diag->next;
		diag->next = NULL;
		if (diag->level == LEVEL_ERROR && !diag->suppressed &&
		    !is_suppressed(&real_diags, diag))
			diags_add(errors, diag);
	}
	return errors;
}

size_t
run_count_errors(const struct run *run, const struct diags *errors,
    const struct config_domain *domain, struct str but,
    const struct diag **first)
{
	const struct diag *diag;
	size_t count = 0;

	for (diag = errors->first; diag != NULL; diag = diag->next) {
		if (!follows(run, diag_owner(diag), domain) ||
		    (but.p != NULL && str_equal(diag_owner(diag), but)))
			continue;
		if (count++ == 0)
			*first = diag;
	}
	return count;
}

static bool
lies_in(struct span span, struct span place)
{
	span = span_resolve(span);
	return span.source == place.source && span.start >= place.start &&
	    span.end <= place.end;
}

/* Where the records are said that are kept as they are; all in one file. */
struct kept_places {
	struct span *spans;
	size_t count;
};

static int
compare_places(const void *a, const void *b)
{
	const struct span *x = a, *y = b;

	return (x->start > y->start) - (x->start < y->start);
}

static struct kept_places
find_kept(struct arena *arena, const struct made_zones *made)
{
	struct kept_places places = { NULL, 0 };
	const struct made_zone *zone;
	const struct made *record;
	size_t room = 0;

	for (zone = made->first; zone != NULL; zone = zone->next)
		for (record = zone->records; record != NULL;
		    record = record->next)
			room += record->kept;
	places.spans = ARENA_ARRAY(arena, room + 1, struct span);
	for (zone = made->first; zone != NULL; zone = zone->next)
		for (record = zone->records; record != NULL;
		    record = record->next)
			if (record->kept && record->record != NULL)
				places.spans[places.count++] = record->from;
	qsort(places.spans, places.count, sizeof(*places.spans),
	    compare_places);
	return places;
}

/* The last that does not begin behind it is the only one that may hold it. */
static bool
is_kept(const struct kept_places *places, struct span span)
{
	size_t low = 0, high = places->count, middle;

	span = span_resolve(span);
	while (low < high) {
		middle = low + (high - low) / 2;
		if (places->spans[middle].start <= span.start)
			low = middle + 1;
		else
			high = middle;
	}
	return low > 0 && lies_in(span, places->spans[low - 1]);
}

/* What is kept as it is was not made by us: findings in it become notes. */
static void
soften_kept(struct judgement *judgement, const struct made_zones *made)
{
	struct arena *own = arena_new();
	struct kept_places places = find_kept(own, made);
	struct diag *diag;

	for (diag = judgement->diags.first; diag != NULL && places.count > 0;
	    diag = diag->next)
		if (is_kept(&places, diag->span))
			diag->level = LEVEL_NOTE;
	arena_free(own);
}

/* A text that would be read as something else than was asked for. */
static void
object_to(struct judgement *judgement, const struct made *made)
{
	const struct diag *diag;

	for (diag = judgement->diags.first; diag != NULL; diag = diag->next)
		if (diag->level == LEVEL_ERROR &&
		    lies_in(diag->span, made->from))
			return;
	add_finding(judgement, "zone-syntax", made->from,
	    arena_printf(judgement->run->arena, "the record at %.*s cannot "
	    "be written: it would be read as something else",
	    STR_ARG(name_show(made->owner))));
}

/* Where there is nothing to say, there may be no octets at all. */
static void
tell(const struct buffer *out)
{
	if (out->n > 0)
		fwrite(out->p, 1, out->n, stderr);
}

/* ---- among records that others wrote ------------------------------------- */

/*
 * What is found in records that stay as they are is lint's to tell, and where
 * a domain stands in its plan the remarks tell.
 */
static void
drop_behind(struct diags *diags, const struct source *source, size_t end)
{
	struct diag *diag = diags->first, *next;

	*diags = (struct diags){ 0 };
	for (; diag != NULL; diag = next) {
		next = diag->next;
		diag->next = NULL;
		if ((diag->span.source != source || diag->span.start < end) &&
		    !str_starts(str_from(diag->rule->id), STR("plan-")))
			diags_add(diags, diag);
	}
}

static bool
is_worth_a_look(const struct diags *diags)
{
	const struct diag *diag = diags->first;

	while (diag != NULL && diag->level < LEVEL_WARNING)
		diag = diag->next;
	return diag != NULL;
}

/* What is said where: the texts begin with the same block. */
static struct str
point_of(struct arena *arena, const struct diag *diag)
{
	return arena_printf(arena, "%s %zu %zu", diag->rule->id,
	    diag->span.start, diag->span.end);
}

/* The same zones with nothing in them but what was made; made on demand. */
struct alone {
	struct world world;
	struct zones zones;
};

/*
 * What is wrong for the sake of records that others wrote, such as a policy
 * whose host is missing, does not keep the generated ones from being written:
 * it is told one level lower.
 */
static void
soften_among(struct judgement *judgement, const struct alone *alone,
    size_t number, struct diags *diags)
{
	struct arena *own = arena_new();
	struct diags found = { 0 };
	struct table points = { 0 };
	struct diag *diag;

	lint_zone(&alone->world, &judgement->selection,
	    alone->zones.zones[number], own, &found);
	for (diag = found.first; diag != NULL; diag = diag->next)
		table_add(&points, own, point_of(own, diag), diag);
	for (diag = diags->first; diag != NULL; diag = diag->next)
		if (table_find(&points, point_of(own, diag)) == NULL)
			diag_level(diag, diag->level == LEVEL_ERROR ?
			    LEVEL_WARNING : LEVEL_NOTE);
	arena_free(own);
}

/*
 * The records are read as any zone file is, among those of the real zone that
 * stay, beside the real zones.
 */
static void
judge_made(struct judgement *judgement, const struct made_zones *made, day at)
{
	struct run *run = judgement->run;
	size_t *ends = ARENA_ARRAY(run->arena, made->count + 1, size_t), i;
	struct zone_verdict *verdicts;
	struct alone alone = { 0 };
	struct diags *diags;
	struct world world;
	struct zones zones;
	const struct made *other = read_back(run, made, at, &run->zones,
	    &world, &zones, ends);

	verdicts = ARENA_ARRAY(run->arena, made->count + 1,
	    struct zone_verdict);
	lint_zones(&world, &judgement->selection,
	    (const struct zone *const *)zones.zones, made->count, run->jobs,
	    run->arena, verdicts);
	for (i = 0; i < made->count; i++) {
		diags = &verdicts[i].diags;
		if (ends[i] != SIZE_MAX)
			drop_behind(diags, zones.zones[i]->source, ends[i]);
		if (run->zones.count > 0 && is_worth_a_look(diags)) {
			if (alone.world.zones == NULL)
				run_read_back(run, made, at, NULL, &alone.world,
				    &alone.zones);
			soften_among(judgement, &alone, i, diags);
		}
		diags_move(&judgement->diags, diags);
	}
	soften_kept(judgement, made);
	if (other != NULL)
		object_to(judgement, other);
}

size_t
run_show_generated(struct run *run, const struct made_zones *made, day at)
{
	struct judgement judgement = { .run = run };
	struct buffer out = { 0 };
	struct output output = { .out = &out, .color = run->color_err };

	if (!judgement_select(run, &judgement.selection))
		return 1;
	/* Every run would say them again; check says them. */
	if (!run->verbose)
		judgement.selection.min_level = LEVEL_WARNING;
	lint_config(&run->world, &judgement.selection, run->arena,
	    &judgement.diags);
	judge_made(&judgement, made, at);
	/* Who names domains asks for these alone. */
	if (run->argument_count == 0)
		judgement_add_orphans(&judgement, made);
	judgement_drop_low(&judgement);
	add_remarks(&judgement, made);
	judgement_keep_told(&judgement);
	judgement_count(&judgement);
	if (!run->very_quiet) {
		judgement_write(&judgement, &format_text, &output, NULL);
		tell(&out);
		run->shown = output.shown;
	}
	buffer_free(&out);
	return judgement.summary.errors;
}

bool
run_judge_generated(struct run *run, const struct made_zones *made,
    enum level least, void (*visit)(void *, const struct diag *),
    void *context)
{
	struct judgement judgement = { .run = run };
	struct diag *diag;

	if (!judgement_select(run, &judgement.selection))
		return false;
	lint_config(&run->world, &judgement.selection, run->arena,
	    &judgement.diags);
	judge_made(&judgement, made, run->today);
	for (diag = judgement.diags.first; diag != NULL; diag = diag->next) {
		diag_resolve(run->arena, diag);
		if (!diag->suppressed && diag->level >= least)
			visit(context, diag);
	}
	return true;
}

static bool
finds_files(const struct run *run, struct str pattern)
{
	size_t i;

	pattern = path_join(run->arena, run->config->folder, pattern);
	for (i = 0; i < run->zones.count; i++)
		if (path_matches(pattern, run->zones.zones[i]->source->path))
			return true;
	return false;
}

/* Without its zone a domain is judged as if nothing else were there. */
static void
add_missing_files(struct judgement *judgement)
{
	struct run *run = judgement->run;
	const struct config_zone *row;
	struct str path;

	for (row = run->config->zone_rows; row != NULL; row = row->next) {
		if (row->files.text.p != NULL &&
		    !finds_files(run, row->files.text))
			judgement_add(judgement, "config-value", LEVEL_NOTE,
			    row->files.span, arena_printf(run->arena, "there "
			    "are no zones in \"%.*s\": nothing is known of "
			    "what they hold", STR_ARG(row->files.text)));
		if (row->file.text.p == NULL)
			continue;
		path = path_join(run->arena, run->config->folder,
		    row->file.text);
		if (!file_exists(path))
			judgement_add(judgement, "config-value", LEVEL_ERROR,
			    row->file.span, arena_printf(run->arena, "there is "
			    "no zone file \"%.*s\": nothing is known of what "
			    "the zone holds", STR_ARG(path)));
	}
}

/* ---- all of it ----------------------------------------------------------- */

int
run_report_config(struct run *run, const struct made_zones *made)
{
	struct judgement judgement = { .run = run };
	const struct made_zone *zone;

	if (!judgement_select(run, &judgement.selection))
		return EXIT_UNABLE;
	lint_config(&run->world, &judgement.selection, run->arena,
	    &judgement.diags);
	add_missing_files(&judgement);
	if (made != NULL) {
		judge_made(&judgement, made, run->today);
		add_remarks(&judgement, made);
		judgement_add_conflicts(&judgement, made);
		judgement_add_orphans(&judgement, made);
	}
	for (zone = made == NULL ? NULL : made->first; zone != NULL;
	    zone = zone->next) {
		judgement.summary.zones++;
		judgement.summary.records += zone->count;
	}
	return judgement_tell(&judgement);
}

void
run_show_finding(struct run *run, const char *rule, struct span span,
    struct str message)
{
	struct judgement judgement = { .run = run };
	struct buffer out = { 0 };
	struct output output = { .out = &out, .color = run->color_err,
	    .shown = run->shown };

	add_finding(&judgement, rule, span, message);
	if (!run->very_quiet) {
		judgement_write(&judgement, &format_text, &output, NULL);
		tell(&out);
		run->shown = output.shown;
	}
	buffer_free(&out);
}

/* ---- a configuration that cannot be used --------------------------------- */

size_t
run_show_config_problems(struct run *run)
{
	struct config config = *run->config;
	struct world world = { .zones = &run->zones, .config = &config,
	    .providers = run->providers, .today = run->today };
	struct selection selection = { .select = STR("config-*"),
	    .min_level = LEVEL_ERROR };
	struct buffer out = { 0 };
	struct output output = { .out = &out, .color = run->color_err };
	struct judgement judgement = { .run = run, .selection = selection };

	/* Whatever levels it sets: it says why nothing can be done. */
	config.levels = NULL;
	lint_config(&world, &selection, run->arena, &judgement.diags);
	/* The zones and the DNS cache were not read: they seem to lack much. */
	judgement_drop_low(&judgement);
	diags_sort(&judgement.diags, run->arena);
	judgement_write(&judgement, &format_text, &output, NULL);
	tell(&out);
	buffer_free(&out);
	return judgement.diags.count;
}
