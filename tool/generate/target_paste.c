/* For web forms: one line for each field, a text as it is typed in. */
#include "generate/target.h"

/* A form takes text; what cannot be typed stands as in a master file. */
static void
write_typed(struct buffer *out, struct str octets)
{
	struct cursor in = { octets, 0 };
	int byte;

	while ((byte = cursor_next(&in)) != END) {
		if (byte < 0x20 || byte > 0x7e)
			buffer_printf(out, "\\%03d", byte);
		else
			buffer_add_byte(out, byte);
	}
}

static void
write_record(struct buffer *out, struct arena *arena, struct str zone,
    const struct made *made)
{
	struct str rdata = made->value, preference;

	if (out->n > 0)
		buffer_add_byte(out, '\n');
	buffer_printf(out, "zone: %.*s\ntype: %.*s\nname: %.*s\nttl: %u\n",
	    STR_ARG(name_show(zone)), STR_ARG(rrtype_name(arena, made->type)),
	    STR_ARG(name_in_zone(made->owner, zone)), (unsigned)made->ttl);
	if (made->type == RR_MX) {
		preference = take_field(&rdata);
		buffer_printf(out, "priority: %.*s\n", STR_ARG(preference));
	}
	buffer_add_cstr(out, "value: ");
	write_typed(out, made->type == RR_TXT ? made->text : rdata);
	buffer_add_byte(out, '\n');
}

static size_t
write_all(struct buffer *out, struct arena *arena,
    const struct target_input *input)
{
	const struct made_zone *zone;
	const struct made *made;

	for (zone = input->made->first; zone != NULL; zone = zone->next)
		for (made = zone->records; made != NULL; made = made->next)
			write_record(out, arena, zone->name, made);
	return 0;
}

const struct target target_paste = {
	.name = "paste",
	.summary = "for web forms, one line for each field",
	.write = write_all,
};
