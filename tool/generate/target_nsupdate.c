/*
 * Dynamic updates (RFC 2136) for nsupdate: they say what must be there,
 * delete exactly what has to go, and add what is new. When the server holds
 * something else than the zone file, nothing happens at all.
 */
#include <assert.h>

#include "generate/target.h"

/* An update is one message of at most 64 KB: this leaves room. */
enum { MESSAGE_MAX = 32 * 1024 };

struct update {
	struct buffer *out;
	struct arena *arena;
	const struct target_input *input;
	struct str zone;
	size_t octets;			/* about, of the message */
};

static void
write_start(struct update *update)
{
	buffer_printf(update->out, "zone %.*s.\n", STR_ARG(update->zone));
	update->octets = 0;
}

static void
write_value(struct update *update, const char *what,
    const struct record_set *set, const struct set_value *value)
{
	buffer_printf(update->out, "%s %.*s. ", what, STR_ARG(set->owner));
	if (what[0] == 'u' && value->wanted)
		buffer_printf(update->out, "%u ", (unsigned)set->ttl);
	buffer_printf(update->out, "IN %.*s %.*s\n",
	    STR_ARG(rrtype_name(update->arena, set->type)),
	    STR_ARG(value->rdata));
	update->octets += set->owner.n + value->rdata.n + 16;
}

static void
write_prerequisites(struct update *update, const struct record_set *set)
{
	struct str type = rrtype_name(update->arena, set->type);
	const struct set_value *value;

	for (value = set->values; value != NULL; value = value->next)
		if (value->old)
			write_value(update, "prereq yxrrset", set, value);
	if (set->count_old == 0)
		buffer_printf(update->out, "prereq nxrrset %.*s. IN %.*s\n",
		    STR_ARG(set->owner), STR_ARG(type));
}

/* Servers pass silently over a record that would stand beside a CNAME. */
static void
write_no_cname(struct update *update, const struct record_set *set,
    const struct record_set *sets)
{
	assert(set != NULL);
	for (; sets != NULL && sets != set && !(set_changes(sets) &&
	    str_equal(sets->owner, set->owner)); sets = sets->next)
		continue;
	/* Asked once for a name. */
	if (sets != set)
		return;
	for (; sets != NULL; sets = sets->next)
		if (sets->type == RR_CNAME &&
		    str_equal(sets->owner, set->owner))
			return;
	buffer_printf(update->out, "prereq nxrrset %.*s. IN CNAME\n",
	    STR_ARG(set->owner));
}

static void
write_changes(struct update *update, const struct record_set *set)
{
	const struct set_value *value;

	for (value = set->values; value != NULL; value = value->next)
		if (value->old && !value->wanted)
			write_value(update, "update delete", set, value);
	for (value = set->values; value != NULL; value = value->next)
		if (value->wanted && (!value->old ||
		    set->old_ttl != set->ttl))
			write_value(update, "update add", set, value);
}

/* Sets of one owner stay in one message: one may need the other's delete. */
static void
write_owner(struct update *update, const struct record_set *sets,
    struct record_set *first)
{
	struct record_set *set;

	if (update->octets > MESSAGE_MAX) {
		buffer_add_cstr(update->out, "send\n");
		write_start(update);
	}
	for (set = first; set != NULL; set = set->next)
		if (str_equal(set->owner, first->owner) && set_changes(set)) {
			write_prerequisites(update, set);
			write_no_cname(update, set, sets);
		}
	/* What goes makes room first. */
	for (set = first; set != NULL; set = set->next)
		if (str_equal(set->owner, first->owner) &&
		    !set_is_wanted(set))
			write_changes(update, set);
	for (set = first; set != NULL; set = set->next)
		if (str_equal(set->owner, first->owner)) {
			if (set_changes(set) && set_is_wanted(set))
				write_changes(update, set);
			set->told = true;
		}
}

static void
write_zone(struct update *update, const struct made_zone *zone)
{
	struct record_set *sets = record_sets(update->arena, update->input,
	    zone), *set;
	bool any = false;

	for (set = sets; set != NULL; set = set->next)
		any |= set_changes(set);
	if (!any) {
		buffer_printf(update->out, "; %.*s: nothing changes\n",
		    STR_ARG(name_show(zone->name)));
		return;
	}
	if (zones_find(update->input->world->zones, zone->name) == NULL)
		buffer_printf(update->out, "; %.*s: its zone file is not "
		    "known, so nothing is replaced, only added\n",
		    STR_ARG(name_show(zone->name)));
	update->zone = zone->name;
	write_start(update);
	for (set = sets; set != NULL; set = set->next)
		if (!set->told)
			write_owner(update, sets, set);
	buffer_add_cstr(update->out, "send\n");
}

static size_t
write_all(struct buffer *out, struct arena *arena,
    const struct target_input *input)
{
	struct update update = { .out = out, .arena = arena, .input = input };
	const struct made_zone *zone;

	for (zone = input->made->first; zone != NULL; zone = zone->next)
		write_zone(&update, zone);
	return 0;
}

const struct target target_nsupdate = {
	.name = "nsupdate",
	.summary = "dynamic updates, with what must be there before",
	.write = write_all,
};
