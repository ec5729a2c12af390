/*
 * The lists of MTA-STS and TLS-RPT: name=value without blanks around the "=",
 * RFC 8461 section 3.1 and RFC 8460 section 3.
 */
#include "auth/auth.h"

enum { LONGEST_NAME = 32 };

/* Letters and digits; "_", "-" and "." not at the start. */
static bool
is_field_name(struct str name)
{
	struct cursor in = { name, 0 };
	int byte;

	while ((byte = cursor_next(&in)) != END)
		if (!byte_is_letter(byte) && !byte_is_digit(byte) &&
		    !(in.here > 1 && str_has(STR("_-."), byte)))
			return false;
	return name.n > 0 && name.n <= LONGEST_NAME;
}

/* Printable ASCII but "=", ";" and space; lists of URIs tell their own. */
static bool
is_field_value(struct str value)
{
	struct cursor in = { value, 0 };
	int byte;

	while ((byte = cursor_next(&in)) != END)
		if (byte <= ' ' || byte >= 0x7f || byte == '=')
			return false;
	return value.n > 0;
}

/* What is wrong with a field, or NULL. */
static const char *
field_fault(const struct tag *tag)
{
	if (!tag->equals)
		return "has no \"=\"";
	if (tag->value_start - tag->start != tag->name.n + 1)
		return "has blanks around its \"=\"";
	if (!is_field_name(tag->name))
		return "has no name that a field can have";
	if (tag->value.n > 0 && !is_field_value(tag->value) &&
	    !str_is(tag->name, "rua"))
		return "has a value that no field can have";
	return NULL;
}

void
fields_check(struct arena *arena, struct str text, const struct tags *tags,
    const char *version, struct problems *problems, int bad, int repeated)
{
	const struct tag *tag = tags->first;
	const char *fault;

	if (tag == NULL || tag->start > 0 || !str_starts(text, STR("v=")) ||
	    !str_is(tag->value, version))
		problems_add(problems, arena, bad, 0, tag == NULL ? text.n :
		    tag->end, "this is not \"v=%s\", so senders ignore the "
		    "record", version);
	for (; tag != NULL; tag = tag->next) {
		if (tag == tags->first)
			continue;
		fault = field_fault(tag);
		if (fault != NULL)
			problems_add(problems, arena, bad, tag->start,
			    tag->end, STR_QUOTE " %s, so senders may ignore "
			    "the record", STR_QUOTE_ARG(str_slice(text,
			    tag->start, tag->end)), fault);
		else if (tag->repeated)
			problems_add(problems, arena, repeated, tag->start,
			    tag->end, "a second " STR_QUOTE " stands in the "
			    "record, so senders may ignore it",
			    STR_QUOTE_ARG(tag->name));
	}
	if (tags->empty > 0)
		problems_add(problems, arena, bad, tags->empty_start,
		    tags->empty_start + 1, "\";\" ends a field that is not "
		    "there, so senders may ignore the record");
}
