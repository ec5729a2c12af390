/*
 * Zone files beside what is generated: which records stand in its way, and
 * which blocks nobody renews.
 */
#include "base/arena.h"
#include "base/path.h"
#include "command/judgement.h"

/* Does it say what one of these says? Name servers take both for one. */
static bool
is_repeated(struct arena *arena, const struct record *record,
    const struct made *made)
{
	struct made same;

	for (; made != NULL; made = made->next) {
		same = *made;
		same.ttl = record->ttl;
		if (record_is_made(arena, record, &same))
			return true;
	}
	return false;
}

static void
add_conflicts(struct judgement *judgement, const struct zone *zone,
    const struct made_zone *made)
{
	struct arena *own = arena_new();
	struct made_owners owners = made_owners_of(own, made);
	const struct record *record;
	size_t position = 0;

	while ((record = zone_next(zone, own, ~0U, &position)) != NULL)
		if (made_collides(&owners, record) != NULL &&
		    !is_repeated(own, record, made->records) &&
		    !block_holds(own, record->span))
			judgement_add(judgement, "zone-block-conflict",
			    LEVEL_WARNING, record->span, STR("this record "
			    "contradicts the generated ones: remove it, or "
			    "take it into the configuration"));
	arena_free(own);
}

/* By name; of a zone with views there is more than one file. */
static void
list_made(struct table *table, struct arena *own,
    const struct made_zone *zone)
{
	for (; zone != NULL; zone = zone->next)
		table_set(table, own, zone->name, (void *)(uintptr_t)zone);
}

void
judgement_add_conflicts(struct judgement *judgement,
    const struct made_zones *made)
{
	const struct zones *zones = &judgement->run->zones;
	struct arena *own = arena_new();
	struct table table = { 0 };
	const struct made_zone *zone;
	size_t i;

	list_made(&table, own, made->first);
	for (i = 0; i < zones->count; i++) {
		zone = !zones->zones[i]->contents->marked ? NULL :
		    table_find(&table, zones->zones[i]->name);
		if (zone != NULL)
			add_conflicts(judgement, zones->zones[i], zone);
	}
	arena_free(own);
}

/* ---- blocks that stay ---------------------------------------------------- */

/* The line of the mark. */
static struct span
mark_of(const struct source *source, const struct block *block)
{
	struct place place = source_place(source, block->start);

	return (struct span){ source, block->start, block->start +
	    place_line(&place).n };
}

/* Below the folder of a configuration there is hardly another one. */
static bool
is_above(struct run *run, struct str path)
{
	struct str folder = path_real(run->arena, run->config->folder);

	return path_below(path_real(run->arena, path_folder(path)),
	    folder).p != NULL;
}

/*
 * In the zone file itself the block stays for good; of a snippet that the zone
 * includes, generate -o leaves the file for that reason. A block tells but the
 * name of its configuration: where several may write, it may be another's.
 */
static void
add_orphan(struct judgement *judgement, struct arena *own,
    const struct zone *zone, const struct source *source)
{
	struct run *run = judgement->run;
	struct block block = block_find(own, source->text, zone->name);
	bool included = !span_is_none(source_included(source));
	bool ours = included || is_above(run, source->path);
	struct str config = run->config->source->path;

	if (block.state == BLOCK_NONE || !str_equal(block_config(source->text,
	    &block), included ? snippet_config(run, path_folder(source->path)) :
	    path_name(config)))
		return;
	judgement_add(judgement, "zone-block-conflict", ours ? LEVEL_WARNING :
	    LEVEL_NOTE, mark_of(source, &block), arena_printf(run->arena,
	    "%.*s asks for no records of %.*s any more, and this block stays "
	    "as it is: remove %s, or take the domain back%s", STR_ARG(config),
	    STR_ARG(name_show(zone->name)), included ? "the $INCLUDE" : "it",
	    ours ? "" : ", unless it is of another configuration"));
}

void
judgement_add_orphans(struct judgement *judgement,
    const struct made_zones *made)
{
	const struct zones *zones = &judgement->run->zones;
	struct arena *own = arena_new();
	struct table names = { 0 };
	const struct zone_contents *contents;
	const struct zone *zone;
	size_t i, j;

	list_made(&names, own, made->first);
	list_made(&names, own, made->others);
	for (i = 0; i < zones->count; i++) {
		zone = zones->zones[i];
		contents = zone->contents;
		for (j = 0; contents->marked && j < contents->source_count &&
		    table_find(&names, zone->name) == NULL; j++)
			add_orphan(judgement, own, zone, contents->sources[j]);
	}
	arena_free(own);
}
