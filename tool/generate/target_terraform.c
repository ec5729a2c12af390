/*
 * Resources for Terraform and OpenTofu: at Route 53, where a resource is a
 * whole set of records, and at Cloudflare, where it is one record.
 */
#include "base/arena.h"
#include "base/digest.h"
#include "generate/target.h"

static void
write_head(struct buffer *out, const struct target_input *input,
    const char *variable, const char *help)
{
	buffer_printf(out, "# made from %.*s; edit that file\n"
	    "variable \"%s\" {\n"
	    "  description = \"%s\"\n"
	    "  type        = map(string)\n"
	    "}\n\n"
	    "locals {\n"
	    "  mailzone_records = {\n",
	    STR_ARG(input->style->config), variable, help);
}

static void
write_field(struct buffer *out, const char *key, struct str value)
{
	buffer_printf(out, "%s = ", key);
	write_literal(out, value, LITERAL_HCL);
}

/* ---- Route 53 ------------------------------------------------------------ */

/*
 * The provider puts quotes around a TXT record; between two strings they
 * stand in it, escaped.
 */
static struct str
terraform_value(struct arena *arena, const struct set_value *value)
{
	struct str text = route53_value(arena, value), rest, part;
	struct buffer out = { 0 };

	if (value->strings == NULL)
		return text;
	rest = str_slice(text, 1, text.n - 1);
	while (rest.n > 0) {
		size_t gap = str_find_str(rest, STR("\" \""));

		part = str_slice(rest, 0, gap);
		buffer_add(&out, part);
		if (gap < rest.n)
			buffer_add_cstr(&out, "\"\"");
		rest = str_after(rest, gap + 3);
	}
	return buffer_finish(&out, arena);
}

static void
write_set(struct buffer *out, struct arena *arena, struct str zone,
    const struct record_set *set)
{
	struct str type = rrtype_name(arena, set->type);
	const struct set_value *value;
	bool first = true;

	buffer_add_cstr(out, "    ");
	write_literal(out, arena_printf(arena, "%.*s %.*s",
	    STR_ARG(set->owner), STR_ARG(type)), LITERAL_HCL);
	buffer_add_cstr(out, " = {\n      ");
	write_field(out, "zone", name_show(zone));
	write_field(out, ", name", set->owner);
	write_field(out, ", type", type);
	buffer_printf(out, ", ttl = %u,\n      records = [",
	    (unsigned)set->ttl);
	for (value = set->values; value != NULL; value = value->next) {
		if (!value->wanted)
			continue;
		buffer_add_cstr(out, first ? "" : ", ");
		write_literal(out, terraform_value(arena, value),
		    LITERAL_HCL);
		first = false;
	}
	buffer_add_cstr(out, "],\n    }\n");
}

static size_t
write_route53(struct buffer *out, struct arena *arena,
    const struct target_input *input)
{
	const struct made_zone *zone;
	const struct record_set *set;

	write_head(out, input, "route53_zone_ids",
	    "the hosted zone's ID of each zone by its name");
	for (zone = input->made->first; zone != NULL; zone = zone->next)
		for (set = record_sets(arena, input, zone); set != NULL;
		    set = set->next)
			if (set_is_wanted(set))
				write_set(out, arena, zone->name, set);
	buffer_add_cstr(out, "  }\n}\n\n"
	    "resource \"aws_route53_record\" \"mailzone\" {\n"
	    "  for_each = local.mailzone_records\n"
	    "  zone_id  = var.route53_zone_ids[each.value.zone]\n"
	    "  name     = each.value.name\n"
	    "  type     = each.value.type\n"
	    "  ttl      = each.value.ttl\n"
	    "  records  = each.value.records\n"
	    "}\n");
	return 0;
}

const struct target target_terraform = {
	.name = "terraform",
	.summary = "resources of Terraform for Amazon Route 53",
	.whole_sets = true,
	.write = write_route53,
};

/* ---- Cloudflare ---------------------------------------------------------- */

/*
 * What a record is called must stay when its text changes, or it would be
 * taken away and made anew.
 */
static struct str
key_of(struct arena *arena, const struct made *made, struct str rdata)
{
	struct str type = rrtype_name(arena, made->type);

	if (made->auth != AUTH_NONE)
		return arena_printf(arena, "%.*s %.*s %s",
		    STR_ARG(made->owner), STR_ARG(type),
		    auth_name(made->auth));
	if (made->type == RR_CNAME)
		return arena_printf(arena, "%.*s CNAME",
		    STR_ARG(made->owner));
	return arena_printf(arena, "%.*s %.*s %.*s", STR_ARG(made->owner),
	    STR_ARG(type), 8, digest_sha256(arena, rdata).p);
}

static void
write_record(struct buffer *out, struct arena *arena, struct str zone,
    const struct record_set *set, const struct set_value *value)
{
	struct str rdata = value->rdata, priority = STR_NONE;

	buffer_add_cstr(out, "    ");
	write_literal(out, key_of(arena, value->made, rdata), LITERAL_HCL);
	if (set->type == RR_MX)
		priority = take_field(&rdata);
	buffer_add_cstr(out, " = {\n      ");
	write_field(out, "zone", name_show(zone));
	write_field(out, ", name", set->owner);
	write_field(out, ", type", rrtype_name(arena, set->type));
	buffer_printf(out, ", ttl = %u, priority = %.*s,\n      ",
	    (unsigned)set->ttl, STR_ARG(priority.p == NULL ? STR("null") :
	    priority));
	/* Names without the final dot; a dot alone is the root. */
	if (value->strings == NULL && rdata.n > 1 &&
	    str_ends(rdata, STR(".")))
		rdata.n--;
	write_field(out, "content", rdata);
	buffer_add_cstr(out, ",\n    }\n");
}

/* The records of ours, one by one. */
static void
write_zone_records(struct buffer *out, struct arena *arena,
    const struct target_input *input, const struct made_zone *zone)
{
	const struct record_set *set;
	const struct set_value *value;

	for (set = record_sets(arena, input, zone); set != NULL;
	    set = set->next)
		for (value = set->values; value != NULL; value = value->next)
			if (value->made != NULL)
				write_record(out, arena, zone->name, set,
				    value);
}

static size_t
write_cloudflare(struct buffer *out, struct arena *arena,
    const struct target_input *input)
{
	const struct made_zone *zone;

	write_head(out, input, "cloudflare_zone_ids",
	    "the ID of each zone by its name");
	for (zone = input->made->first; zone != NULL; zone = zone->next)
		write_zone_records(out, arena, input, zone);
	buffer_add_cstr(out, "  }\n}\n\n"
	    "resource \"cloudflare_dns_record\" \"mailzone\" {\n"
	    "  for_each = local.mailzone_records\n"
	    "  zone_id  = var.cloudflare_zone_ids[each.value.zone]\n"
	    "  name     = each.value.name\n"
	    "  type     = each.value.type\n"
	    "  ttl      = each.value.ttl\n"
	    "  priority = each.value.priority\n"
	    "  content  = each.value.content\n"
	    "}\n");
	return 0;
}

const struct target target_cloudflare = {
	.name = "terraform-cloudflare",
	.summary = "resources of Terraform for Cloudflare",
	.write = write_cloudflare,
};
