/* What the files of several targets write alike. */
#include "generate/target.h"

/*
 * JSON, YAML, JavaScript and HCL read these escapes alike. Octets above
 * ASCII are code points of the same number, as in all JSON of this program.
 */
void
write_literal(struct buffer *out, struct str octets, enum literal literal)
{
	struct cursor in = { octets, 0 };
	int byte;

	buffer_add_byte(out, '"');
	while ((byte = cursor_next(&in)) != END) {
		if (byte < 0x20 || byte > 0x7e) {
			buffer_printf(out, "\\u%04x", (unsigned)byte);
			continue;
		}
		if (byte == '"' || byte == '\\')
			buffer_add_byte(out, '\\');
		/* SPF's %{i} would be a template: "%%{" stands for "%{". */
		if (literal == LITERAL_HCL && (byte == '$' || byte == '%') &&
		    cursor_peek(&in) == '{')
			buffer_add_byte(out, byte);
		buffer_add_byte(out, byte);
	}
	buffer_add_byte(out, '"');
}

/* Route 53 wants octal where master files have decimal numbers. */
static void
write_route53_string(struct buffer *out, struct str octets)
{
	struct cursor in = { octets, 0 };
	int byte;

	buffer_add_byte(out, '"');
	while ((byte = cursor_next(&in)) != END) {
		if (byte < 0x20 || byte > 0x7e) {
			buffer_printf(out, "\\%03o", (unsigned)byte);
			continue;
		}
		if (byte == '"' || byte == '\\')
			buffer_add_byte(out, '\\');
		buffer_add_byte(out, byte);
	}
	buffer_add_byte(out, '"');
}

struct str
route53_value(struct arena *arena, const struct set_value *value)
{
	struct buffer out = { 0 };
	size_t i;

	if (value->strings == NULL)
		return value->rdata;
	for (i = 0; i < value->string_count; i++) {
		if (i > 0)
			buffer_add_byte(&out, ' ');
		write_route53_string(&out, value->strings[i]);
	}
	return buffer_finish(&out, arena);
}

void
write_left_out(struct buffer *out, struct arena *arena, const char *comment,
    const struct record_set *set, size_t *count)
{
	const struct set_value *value;

	for (value = set->values; value != NULL; value = value->next) {
		if (value->made == NULL)
			continue;
		buffer_printf(out, "%sleft out: %.*s. %.*s %.*s\n", comment,
		    STR_ARG(set->owner), STR_ARG(rrtype_name(arena,
		    set->type)), STR_ARG(value->rdata));
		(*count)++;
	}
}

/* "10 mail.example.com." gives 10, and leaves the name. */
struct str
take_field(struct str *rdata)
{
	struct str field = STR_NONE;

	str_split(rdata, ' ', &field);
	return field;
}

struct str
name_in_zone(struct str owner, struct str zone)
{
	struct str name = name_relative(owner, zone);

	return name.n == 0 ? STR("@") : name;
}
