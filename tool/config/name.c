/*
 * Domain names as people write them. Labels in Unicode become A-labels, each
 * by itself, and never one that begins with "_": the rules for host names
 * would drop the underscore.
 */
#include <idn2.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "config/read.h"

static bool
is_digits(struct str text)
{
	struct cursor cursor = { text, 0 };

	cursor_while(&cursor, STR("0123456789"));
	return text.n > 0 && cursor_peek(&cursor) == END;
}

/* What may stand in a label: what hosts are made of, and "_". */
static bool
is_label_byte(int byte, enum name_want want)
{
	return byte_is_letter(byte) || byte_is_digit(byte) || byte == '-' ||
	    byte == '_' || (byte == '/' && want == NAME_WANT_DOMAIN);
}

/*
 * Characters of Unicode become blanks, semicolons and dots when they are
 * mapped: a label is one only when it is what comes of that.
 */
static bool
is_a_label(struct str label)
{
	size_t i;

	for (i = 0; i < label.n; i++)
		if (!is_label_byte((unsigned char)label.p[i],
		    NAME_WANT_LABELS))
			return false;
	return label.n > 0 && label.p[0] != '_' && label.p[0] != '-' &&
	    label.p[label.n - 1] != '-';
}

/* The A-label of a label in Unicode, as RFC 5891 wants it looked up. */
static int
add_a_label(struct arena *arena, struct str label, struct buffer *out)
{
	const char *text = arena_cstr(arena, label);
	uint8_t *ascii = NULL;
	int error = idn2_lookup_u8((const uint8_t *)text, &ascii,
	    IDN2_NONTRANSITIONAL | IDN2_NFC_INPUT);

	if (error == IDN2_OK && !is_a_label(str_from((const char *)ascii)))
		error = IDN2_DISALLOWED;
	if (error == IDN2_OK)
		buffer_add_cstr(out, (const char *)ascii);
	idn2_free(ascii);
	return error;
}

static bool
add_unicode(struct load *load, const struct yaml *node, struct str label,
    size_t at, struct buffer *out)
{
	int error;

	if (label.p[0] == '_') {
		value_problem(load, node, at, at + label.n,
		    "a label that begins with \"_\" is plain ASCII");
		return false;
	}
	error = add_a_label(load->arena, label, out);
	if (error != IDN2_OK)
		value_problem(load, node, at, at + label.n,
		    "\"%.*s\" cannot stand in a domain name: %s",
		    STR_ARG(label), idn2_strerror(error));
	return error == IDN2_OK;
}

static bool
add_ascii(struct load *load, const struct yaml *node, struct str label,
    size_t at, enum name_want want, struct buffer *out)
{
	size_t i;

	for (i = 0; i < label.n; i++) {
		int byte = (unsigned char)label.p[i];

		if (!is_label_byte(byte, want)) {
			value_problem(load, node, at + i, at + i + 1,
			    "\"%c\" cannot stand in a domain name", byte);
			return false;
		}
		buffer_add_byte(out, byte_lower(byte));
	}
	if (label.p[0] == '-' || label.p[label.n - 1] == '-') {
		value_problem(load, node, at, at + label.n,
		    "the label \"%.*s\" begins or ends with a hyphen",
		    STR_ARG(label));
		return false;
	}
	return true;
}

/* A star stands alone and to the left: a wildcard, RFC 4592. */
static bool
add_label(struct load *load, const struct yaml *node, struct str label,
    size_t at, enum name_want want, struct buffer *out)
{
	size_t before = out->n;

	if (label.n == 0) {
		value_problem(load, node, at, at + 1,
		    "a label is missing before this dot");
		return false;
	}
	if (before == 0 && str_is(label, "*")) {
		buffer_add_byte(out, '*');
		return true;
	}
	if (before > 0)
		buffer_add_byte(out, '.');
	before = out->n;
	if (!(str_is_ascii(label) ?
	    add_ascii(load, node, label, at, want, out) :
	    add_unicode(load, node, label, at, out)))
		return false;
	if (out->n - before <= NAME_MAX_LABEL)
		return true;
	value_problem(load, node, at, at + label.n,
	    "the label \"%.*s\" is longer than %d octets", STR_ARG(label),
	    (int)NAME_MAX_LABEL);
	return false;
}

static bool
add_labels(struct load *load, const struct yaml *node, struct str text,
    size_t offset, enum name_want want, struct buffer *out)
{
	struct str rest = text, label;
	size_t at;

	if (rest.n > 1 && rest.p[rest.n - 1] == '.')
		rest.n--;
	while (str_split(&rest, '.', &label)) {
		at = offset + (size_t)(label.p - text.p);
		if (!add_label(load, node, label, at, want, out))
			return false;
	}
	return true;
}

/* What people give instead of a name; NULL when it looks like one. */
static const char *
mistaken(struct str text, struct str *name)
{
	size_t at = str_find_str(text, STR("://"));

	if (at < text.n) {
		*name = str_after(text, at + 3);
		name->n = str_find(*name, '/');
		return "a URL";
	}
	at = str_find_last(text, '@');
	*name = str_after(text, at + 1);
	return at < text.n ? "an address" : NULL;
}

/*
 * Of a value, or a text of another kind of file; offset as for value_problem.
 */
static bool
name_read(struct load *load, const struct yaml *node, struct str text,
    size_t offset, enum name_want want, struct str *name)
{
	struct buffer out = { 0 };
	struct config_problem *problem;
	struct str meant, last;
	const char *other = mistaken(text, &meant);

	if (other != NULL) {
		problem = value_problem(load, node, offset, offset + text.n,
		    "\"%.*s\" is %s, not a domain name", STR_ARG(text), other);
		problem->help = arena_printf(load->arena,
		    "did you mean \"%.*s\"?", STR_ARG(meant));
		return false;
	}
	if (!add_labels(load, node, text, offset, want, &out)) {
		buffer_free(&out);
		return false;
	}
	*name = buffer_finish(&out, load->arena);
	last = name_last(*name, 1);
	if (want != NAME_WANT_LABELS && is_digits(last)) {
		value_problem(load, node, offset, offset + text.n,
		    "\"%.*s\" is an address, not a domain name",
		    STR_ARG(text));
		return false;
	}
	if (name_wire_length(*name) <= NAME_MAX_WIRE)
		return true;
	value_problem(load, node, offset, offset + text.n,
	    "this name takes more than %d octets", (int)NAME_MAX_WIRE);
	return false;
}

bool
value_name(struct load *load, const struct yaml *node, enum name_want want,
    struct str *name)
{
	return name_read(load, node, node->text, 0, want, name);
}

bool
value_label(struct load *load, const struct yaml *node, struct str *name)
{
	struct config_problem *problem;
	struct str rest, label;

	if (!value_name(load, node, NAME_WANT_LABELS, name))
		return false;
	for (rest = *name; rest.n > 0; rest = name_parent(rest)) {
		label = name_label(rest);
		if (str_is(label, "_domainkey") || str_is(label, "_bimi"))
			break;
	}
	if (rest.n == 0)
		return true;
	problem = value_problem(load, node, 0, node->text.n,
	    "\"%.*s\" and the domain are put behind a selector: it would "
	    "stand there twice", STR_ARG(label));
	if (rest.n < name->n)
		problem->help = arena_printf(load->arena,
		    "did you mean \"%.*s\"?", STR_ARG(str_slice(*name, 0,
		    name->n - rest.n - 1)));
	return false;
}

bool
name_typed(struct arena *arena, struct str text, struct str *name)
{
	struct buffer out = { 0 };
	struct str rest = text, label;
	bool fine = !str_is_ascii(text);

	if (!fine)
		return name_parse(arena, text, name);
	while (fine && str_split(&rest, '.', &label)) {
		if (label.p > text.p)
			buffer_add_byte(&out, '.');
		if (str_is_ascii(label))
			buffer_add(&out, label);
		else
			fine = add_a_label(arena, label, &out) == IDN2_OK;
	}
	fine = fine && name_parse(arena, buffer_str(&out), name);
	buffer_free(&out);
	return fine;
}
