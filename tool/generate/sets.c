/* Records as sets of one name and type, beside those that are there. */
#include "base/arena.h"
#include "base/table.h"
#include "generate/target.h"

struct sets {
	struct arena *arena;
	const struct zone *zone;	/* as it is; NULL: not known */
	struct record_set *first, **end;
	struct table by_key;
};

/* ---- values -------------------------------------------------------------- */

/* "a" "b", as master files hold them. */
static struct str
strings_quoted(struct arena *arena, const struct str *strings, size_t count)
{
	struct buffer out = { 0 };
	size_t i;

	for (i = 0; i < count; i++) {
		if (i > 0)
			buffer_add_byte(&out, ' ');
		write_string(&out, strings[i]);
	}
	return buffer_finish(&out, arena);
}

static struct set_value *
add_value(struct arena *arena, struct record_set *set)
{
	struct set_value *value = ARENA_NEW(arena, struct set_value);

	if (set->last == NULL)
		set->values = value;
	else
		set->last->next = value;
	set->last = value;
	return value;
}

/* However a text is cut into strings, receivers read it joined. */
static struct set_value *
find_value(const struct record_set *set, const struct set_value *like)
{
	struct set_value *value = set->values;

	while (value != NULL && !(set->type == RR_TXT ?
	    str_equal(value->text, like->text) :
	    str_equal_case(value->rdata, like->rdata)))
		value = value->next;
	return value;
}

static struct set_value
value_of(struct arena *arena, const struct record *record)
{
	if (record->type != RR_TXT)
		return (struct set_value){ .rdata = record_rdata(arena,
		    record) };
	return (struct set_value){ .text = record->text,
	    .strings = record->strings,
	    .string_count = record->string_count,
	    .rdata = strings_quoted(arena, record->strings,
	    record->string_count) };
}

static void
add_made(struct sets *sets, struct record_set *set, const struct made *made)
{
	struct set_value *value = add_value(sets->arena, set);

	value->made = made;
	value->wanted = true;
	if (made->type == RR_TXT) {
		value->text = made->text;
		value->strings = made_strings(sets->arena, made,
		    &value->string_count);
		value->rdata = strings_quoted(sets->arena, value->strings,
		    value->string_count);
	} else
		value->rdata = made->kept && made->record != NULL ?
		    record_rdata(sets->arena, made->record) : made->value;
}

/* ---- what is there ------------------------------------------------------- */

/* One that is generated takes the place of one that says the same thing. */
static bool
is_replaced(const struct record_set *set, const struct record *record)
{
	const struct set_value *value;

	if (set->type != RR_TXT)
		return set->values != NULL && set->values->wanted &&
		    (set->type == RR_CNAME || set->type == RR_MX);
	for (value = set->values; value != NULL; value = value->next)
		if (value->made != NULL && value->made->auth != AUTH_NONE &&
		    value->made->auth == record->auth)
			return true;
	return false;
}

static void
add_old(struct sets *sets, struct record_set *set,
    const struct record *record)
{
	struct set_value old = value_of(sets->arena, record);
	struct set_value *value = find_value(set, &old);

	set->old_ttl = record->ttl;
	if (value == NULL) {
		value = add_value(sets->arena, set);
		value->wanted = !set->displaced &&
		    !is_replaced(set, record) &&
		    !block_holds(sets->arena, record->span);
	}
	/* What stays is cut as it was. */
	value->text = old.text;
	value->strings = old.strings;
	value->string_count = old.string_count;
	value->rdata = old.rdata;
	value->old = true;
	set->count_old++;
}

/* ---- sets ---------------------------------------------------------------- */

static struct record_set *
set_of(struct sets *sets, struct str owner, uint16_t type, uint32_t ttl)
{
	struct str key = arena_printf(sets->arena, "%u %.*s", (unsigned)type,
	    STR_ARG(owner));
	struct record_set *set = table_find(&sets->by_key, key);

	if (set != NULL)
		return set;
	set = ARENA_NEW(sets->arena, struct record_set);
	set->owner = owner;
	set->type = type;
	set->ttl = ttl;
	set->known = sets->zone != NULL && !sets->zone->contents->incomplete;
	*sets->end = set;
	sets->end = &set->next;
	table_add(&sets->by_key, sets->arena, key, set);
	return set;
}

/* Mail records that cannot stay beside a generated CNAME, or a CNAME. */
static void
add_displaced(struct sets *sets, const struct record_set *set)
{
	const struct node *node = zone_find(sets->zone, set->owner);
	unsigned types = set->type == RR_CNAME ? HAS_TXT | HAS_MX : HAS_CNAME;
	const struct record **records;
	struct record_set *other;
	struct set_value old;
	size_t count, i;

	if (node == NULL)
		return;
	count = node_records(sets->zone, node, sets->arena, types, &records);
	for (i = 0; i < count; i++) {
		other = set_of(sets, set->owner, records[i]->type,
		    records[i]->ttl);
		if (other->values != NULL && !other->displaced)
			continue;
		other->displaced = true;
		old = value_of(sets->arena, records[i]);
		if (find_value(other, &old) == NULL)
			add_old(sets, other, records[i]);
	}
}

static void
add_present(struct sets *sets, struct record_set *set)
{
	const struct node *node = zone_find(sets->zone, set->owner);
	const struct record **records;
	size_t count, i;

	if (node == NULL)
		return;
	count = node_records(sets->zone, node, sets->arena,
	    rrtype_set(set->type), &records);
	for (i = 0; i < count; i++)
		if (records[i]->type == set->type)
			add_old(sets, set, records[i]);
}

/* What an earlier run wrote and this one does not. */
static void
add_stale(struct sets *sets)
{
	const struct record *record;
	struct record_set *set;
	struct arena *own = arena_new();
	size_t position = 0;

	while ((record = zone_next(sets->zone, own, ~0U, &position)) != NULL) {
		if (block_holds(own, record->span)) {
			set = set_of(sets, arena_copy(sets->arena,
			    record->owner), record->type, record->ttl);
			if (set->values == NULL)
				add_present(sets, set);
		}
		arena_reset(own);
	}
	arena_free(own);
}

struct record_set *
record_sets(struct arena *arena, const struct target_input *input,
    const struct made_zone *zone)
{
	struct sets sets = { .arena = arena, .zone = zones_find(
	    input->world->zones, zone->name) };
	const struct made *made;
	struct record_set *set, *last;

	sets.end = &sets.first;
	for (made = zone->records; made != NULL; made = made->next)
		add_made(&sets, set_of(&sets, made->owner, made->type,
		    made->ttl), made);
	if (sets.zone == NULL)
		return sets.first;
	last = NULL;
	for (set = sets.first; set != NULL; set = set->next)
		last = set;
	for (set = sets.first; set != NULL; set = set->next) {
		add_present(&sets, set);
		add_displaced(&sets, set);
		if (set == last)
			break;
	}
	add_stale(&sets);
	return sets.first;
}

bool
set_is_wanted(const struct record_set *set)
{
	const struct set_value *value = set->values;

	while (value != NULL && !value->wanted)
		value = value->next;
	return value != NULL;
}

bool
set_changes(const struct record_set *set)
{
	const struct set_value *value;

	for (value = set->values; value != NULL; value = value->next)
		if (value->wanted != value->old)
			return true;
	return set->old_ttl != set->ttl;
}
