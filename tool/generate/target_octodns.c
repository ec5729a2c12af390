/*
 * Zones of octoDNS, one YAML document each. octoDNS owns whole zones: this is
 * one more source of a zone, beside the one with the other records.
 */
#include <stdlib.h>

#include "base/arena.h"
#include "generate/target.h"

/* Digits count as a number: octoDNS wants its keys in such an order. */
static int
compare_numbers(struct str *a, struct str *b)
{
	struct cursor in_a = { *a, 0 }, in_b = { *b, 0 };
	struct str x = cursor_while(&in_a, STR("0123456789"));
	struct str y = cursor_while(&in_b, STR("0123456789"));

	*a = cursor_rest(&in_a);
	*b = cursor_rest(&in_b);
	while (str_starts(x, STR("0")))
		x = str_after(x, 1);
	while (str_starts(y, STR("0")))
		y = str_after(y, 1);
	return x.n != y.n ? (x.n > y.n) - (x.n < y.n) : str_compare(x, y);
}

static int
compare_natural(struct str a, struct str b)
{
	struct str digits = STR("0123456789");
	struct cursor in_a, in_b;
	int order = 0;

	while (order == 0 && a.n > 0 && b.n > 0) {
		in_a = (struct cursor){ a, 0 };
		in_b = (struct cursor){ b, 0 };
		order = str_compare(cursor_until(&in_a, digits),
		    cursor_until(&in_b, digits));
		a = cursor_rest(&in_a);
		b = cursor_rest(&in_b);
		if (order == 0)
			order = a.n == 0 || b.n == 0 ? (a.n > b.n) -
			    (a.n < b.n) : compare_numbers(&a, &b);
	}
	return order != 0 ? order : (a.n > b.n) - (a.n < b.n);
}

struct row {
	struct str name;		/* "" at the apex */
	const struct record_set *set;
};

static int
compare_rows(const void *a, const void *b)
{
	const struct row *x = a, *y = b;
	int order = compare_natural(x->name, y->name);

	return order != 0 ? order : (x->set->type > y->set->type) -
	    (x->set->type < y->set->type);
}

static bool
is_known(uint16_t type)
{
	return type == RR_TXT || type == RR_MX || type == RR_CNAME ||
	    type == RR_A || type == RR_AAAA || type == RR_NS ||
	    type == RR_PTR;
}

/* In TXT octoDNS wants semicolons escaped. */
static void
write_text(struct buffer *out, struct str text)
{
	struct cursor in = { text, 0 };
	struct buffer escaped = { 0 };
	int byte;

	while ((byte = cursor_next(&in)) != END) {
		if (byte == ';')
			buffer_add_byte(&escaped, '\\');
		buffer_add_byte(&escaped, byte);
	}
	write_literal(out, buffer_str(&escaped), LITERAL_JSON);
	buffer_free(&escaped);
}

static void
write_value(struct buffer *out, uint16_t type, const struct set_value *value)
{
	struct str rdata = value->rdata, preference;

	if (type == RR_TXT)
		write_text(out, value->text);
	else if (type == RR_MX) {
		preference = take_field(&rdata);
		buffer_add_cstr(out, "{exchange: ");
		write_literal(out, rdata, LITERAL_JSON);
		buffer_printf(out, ", preference: %.*s}",
		    STR_ARG(preference));
	} else
		write_literal(out, rdata, LITERAL_JSON);
	buffer_add_byte(out, '\n');
}

/* Fields in the order of their names: ttl, type, value. */
static void
write_set(struct buffer *out, struct arena *arena,
    const struct record_set *set)
{
	const struct set_value *value;

	buffer_printf(out, "  - ttl: %u\n    type: %.*s\n    values:\n",
	    (unsigned)set->ttl, STR_ARG(rrtype_name(arena, set->type)));
	for (value = set->values; value != NULL; value = value->next)
		if (value->wanted) {
			buffer_add_cstr(out, "      - ");
			write_value(out, set->type, value);
		}
}

static void
write_cname(struct buffer *out, const struct record_set *set)
{
	const struct set_value *value = set->values;

	while (!value->wanted)
		value = value->next;
	buffer_printf(out, "  - ttl: %u\n    type: CNAME\n    value: ",
	    (unsigned)set->ttl);
	write_value(out, RR_CNAME, value);
}

static size_t
write_zone(struct buffer *out, struct arena *arena,
    const struct record_set *sets, struct str zone)
{
	const struct record_set *set;
	size_t count = 0, left_out = 0, i;
	struct row *rows;

	for (set = sets; set != NULL; set = set->next)
		count++;
	rows = ARENA_ARRAY(arena, count + 1, struct row);
	for (count = 0, set = sets; set != NULL; set = set->next) {
		if (!set_is_wanted(set))
			continue;
		if (!is_known(set->type)) {
			write_left_out(out, arena, "# ", set, &left_out);
			continue;
		}
		rows[count++] = (struct row){ name_relative(set->owner,
		    zone), set };
	}
	qsort(rows, count, sizeof(*rows), compare_rows);
	for (i = 0; i < count; i++) {
		if (i == 0 || !str_equal(rows[i].name, rows[i - 1].name)) {
			write_literal(out, rows[i].name, LITERAL_JSON);
			buffer_add_cstr(out, ":\n");
		}
		if (rows[i].set->type == RR_CNAME)
			write_cname(out, rows[i].set);
		else
			write_set(out, arena, rows[i].set);
	}
	if (count == 0)
		buffer_add_cstr(out, "{}\n");
	return left_out;
}

static size_t
write_all(struct buffer *out, struct arena *arena,
    const struct target_input *input)
{
	const struct made_zone *zone;
	size_t left_out = 0;

	for (zone = input->made->first; zone != NULL; zone = zone->next) {
		buffer_printf(out, "---\n# %.*s.yaml, made from %.*s; edit "
		    "that file\n", STR_ARG(name_show(zone->name)),
		    STR_ARG(input->style->config));
		left_out += write_zone(out, arena, record_sets(arena, input,
		    zone), zone->name);
	}
	return left_out;
}

const struct target target_octodns = {
	.name = "octodns",
	.summary = "YAML documents for octoDNS, one for each zone",
	.whole_sets = true,
	.write = write_all,
};
