/* DNSControl's JavaScript: records that a domain declared elsewhere gets. */
#include "generate/target.h"

/* Functions of DNSControl that take a name and a value. */
static bool
is_known(uint16_t type)
{
	return type == RR_TXT || type == RR_MX || type == RR_CNAME ||
	    type == RR_A || type == RR_AAAA || type == RR_NS ||
	    type == RR_PTR;
}

static void
write_record(struct buffer *out, struct arena *arena, struct str zone,
    const struct record_set *set, const struct set_value *value)
{
	struct str rdata = value->rdata, preference;

	buffer_printf(out, "\t%.*s(", STR_ARG(rrtype_name(arena, set->type)));
	write_literal(out, name_in_zone(set->owner, zone), LITERAL_JSON);
	if (set->type == RR_MX) {
		preference = take_field(&rdata);
		buffer_printf(out, ", %.*s", STR_ARG(preference));
	}
	buffer_add_cstr(out, ", ");
	write_literal(out, set->type == RR_TXT ? value->text : rdata,
	    LITERAL_JSON);
	buffer_printf(out, ", TTL(%u)),\n", (unsigned)set->ttl);
}

static size_t
write_zone(struct buffer *out, struct arena *arena,
    const struct record_set *set, struct str zone)
{
	const struct set_value *value;
	size_t left_out = 0;

	buffer_add_cstr(out, "\nD_EXTEND(");
	write_literal(out, name_show(zone), LITERAL_JSON);
	buffer_add_cstr(out, ",\n");
	for (; set != NULL; set = set->next) {
		if (!is_known(set->type)) {
			write_left_out(out, arena, "\t// ", set, &left_out);
			continue;
		}
		for (value = set->values; value != NULL; value = value->next)
			if (value->made != NULL)
				write_record(out, arena, zone, set, value);
	}
	buffer_add_cstr(out, "END);\n");
	return left_out;
}

static size_t
write_all(struct buffer *out, struct arena *arena,
    const struct target_input *input)
{
	const struct made_zone *zone;
	size_t left_out = 0;

	buffer_printf(out, "// made from %.*s; edit that file\n",
	    STR_ARG(input->style->config));
	for (zone = input->made->first; zone != NULL; zone = zone->next)
		left_out += write_zone(out, arena, record_sets(arena, input,
		    zone), zone->name);
	return left_out;
}

const struct target target_dnscontrol = {
	.name = "dnscontrol",
	.summary = "JavaScript for DNSControl, records for D() domains",
	.write = write_all,
};
