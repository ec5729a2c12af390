/* Change batches for Route 53: one JSON document for each zone. */
#include "base/arena.h"
#include "base/json.h"
#include "generate/target.h"

struct batch {
	struct json json;
	struct arena *arena;
};

/* All of a set as it was, or as it is to be. */
static void
write_change(struct batch *batch, const char *action,
    const struct record_set *set, bool old)
{
	const struct set_value *value;
	struct json *json = &batch->json;

	json_begin_object(json, NULL);
	json_cstr(json, "Action", action);
	json_begin_object(json, "ResourceRecordSet");
	json_str(json, "Name", arena_printf(batch->arena, "%.*s.",
	    STR_ARG(set->owner)));
	json_str(json, "Type", rrtype_name(batch->arena, set->type));
	json_number(json, "TTL", old ? set->old_ttl : set->ttl);
	json_begin_array(json, "ResourceRecords");
	for (value = set->values; value != NULL; value = value->next)
		if (old ? value->old : value->wanted) {
			json_begin_object(json, NULL);
			json_str(json, "Value", route53_value(batch->arena,
			    value));
			json_end_object(json);
		}
	json_end_array(json);
	json_end_object(json);
	json_end_object(json);
}

static void
write_zone(struct batch *batch, const struct target_input *input,
    const struct made_zone *zone)
{
	const struct record_set *sets = record_sets(batch->arena, input,
	    zone), *set;
	struct json *json = &batch->json;

	json_begin_object(json, NULL);
	json_str(json, "Comment", arena_printf(batch->arena, "mailzone %.*s",
	    STR_ARG(name_show(zone->name))));
	json_begin_array(json, "Changes");
	/* A CNAME goes before something else takes its place. */
	for (set = sets; set != NULL; set = set->next)
		if (!set_is_wanted(set))
			write_change(batch, "DELETE", set, true);
	for (set = sets; set != NULL; set = set->next)
		if (set_is_wanted(set))
			write_change(batch, "UPSERT", set, false);
	json_end_array(json);
	json_end_object(json);
	buffer_add_byte(json->out, '\n');
}

static size_t
write_all(struct buffer *out, struct arena *arena,
    const struct target_input *input)
{
	const struct made_zone *zone;
	struct batch batch = { .arena = arena };

	for (zone = input->made->first; zone != NULL; zone = zone->next) {
		batch.json = (struct json){ .out = out, .indent = 2 };
		write_zone(&batch, input, zone);
	}
	return 0;
}

const struct target target_route53 = {
	.name = "route53",
	.summary = "change batches for Amazon Route 53",
	.whole_sets = true,
	.write = write_all,
};
