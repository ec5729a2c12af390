/* Records as one JSON document. */
#include "base/json.h"
#include "generate/target.h"

static void
write_strings(struct json *json, struct arena *arena, const struct made *made)
{
	size_t count, i;
	struct str *strings = made_strings(arena, made, &count);

	json_begin_array(json, "strings");
	for (i = 0; i < count; i++)
		json_octets(json, NULL, strings[i]);
	json_end_array(json);
}

static void
write_from(struct json *json, struct span from)
{
	if (span_is_none(from))
		return;
	json_begin_object(json, "from");
	json_str(json, "path", from.source->path);
	json_number(json, "line", source_place(from.source, from.start).line);
	json_end_object(json);
}

static void
write_record(struct json *json, struct arena *arena, struct str zone,
    const struct made *made)
{
	json_begin_object(json, NULL);
	json_str(json, "zone", name_show(zone));
	json_str(json, "owner", made->owner);
	json_number(json, "ttl", made->ttl);
	json_str(json, "type", rrtype_name(arena, made->type));
	if (made->type == RR_TXT) {
		json_octets(json, "text", made->text);
		write_strings(json, arena, made);
	} else
		json_str(json, "value", made->value);
	write_from(json, made->from);
	json_end_object(json);
}

static size_t
write_all(struct buffer *out, struct arena *arena,
    const struct target_input *input)
{
	struct json json = { .out = out, .indent = 2 };
	const struct made_zone *zone;
	const struct made *made;

	json_begin_object(&json, NULL);
	json_number(&json, "v", 1);
	json_begin_array(&json, "records");
	for (zone = input->made->first; zone != NULL; zone = zone->next)
		for (made = zone->records; made != NULL; made = made->next)
			write_record(&json, arena, zone->name, made);
	json_end_array(&json);
	json_end_object(&json);
	buffer_add_byte(out, '\n');
	return 0;
}

const struct target target_json = {
	.name = "json",
	.summary = "one document, with the place that asked for each record",
	.write = write_all,
};
