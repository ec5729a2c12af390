/*
 * The table of fields as a JSON Schema, draft 7: for editors, and for whoever
 * checks configurations without this program.
 *
 * Their YAML is not ours: y is a boolean to one of two parsers and a selector
 * 20261123 a number to both, so what is read as written here is allowed to be
 * both there.
 */
#include <assert.h>
#include <string.h>

#include "base/json.h"
#include "config/read.h"

struct schema {
	struct json json;
	const char *const *profiles, *const *rules;
	bool defaults;			/* below definitions.defaults */
};

static void write_value(struct schema *, const struct field *);
static void write_table(struct schema *, const struct field *);

static bool
has_choice(const struct field *field, const char *choice)
{
	size_t i;

	for (i = 0; field->choices[i] != NULL; i++)
		if (strcmp(field->choices[i], choice) == 0)
			return true;
	return false;
}

/* ---- scalars ------------------------------------------------------------- */

static void
write_type(struct schema *schema, const char *type)
{
	json_cstr(&schema->json, "type", type);
}

static void
write_pattern(struct schema *schema, const char *pattern)
{
	write_type(schema, "string");
	json_cstr(&schema->json, "pattern", pattern);
}

/* One of several forms, of which this is the next. */
static void
begin_form(struct schema *schema)
{
	json_begin_object(&schema->json, NULL);
}

static void
end_form(struct schema *schema)
{
	json_end_object(&schema->json);
}

static void
write_number(struct schema *schema, uint64_t min, uint64_t max)
{
	write_type(schema, "integer");
	json_number(&schema->json, "minimum", min);
	json_number(&schema->json, "maximum", max);
}

static void
write_pattern_or_number(struct schema *schema, const char *pattern,
    uint64_t max)
{
	json_begin_array(&schema->json, "anyOf");
	begin_form(schema);
	write_pattern(schema, pattern);
	end_form(schema);
	begin_form(schema);
	write_number(schema, 0, max);
	end_form(schema);
	json_end_array(&schema->json);
}

/* Text that another parser may take for a number. */
static void
write_text(struct schema *schema)
{
	json_begin_array(&schema->json, "anyOf");
	begin_form(schema);
	write_type(schema, "string");
	json_number(&schema->json, "minLength", 1);
	end_form(schema);
	begin_form(schema);
	write_type(schema, "number");
	end_form(schema);
	json_end_array(&schema->json);
}

static void
write_choices(struct schema *schema, const struct field *field)
{
	size_t i;

	json_begin_array(&schema->json, "enum");
	for (i = 0; field->choices[i] != NULL; i++)
		json_cstr(&schema->json, NULL, field->choices[i]);
	if (has_choice(field, "y") && has_choice(field, "n"))
		json_bool(&schema->json, NULL, true);
	if (has_choice(field, "n") || has_choice(field, "off"))
		json_bool(&schema->json, NULL, false);
	json_end_array(&schema->json);
}

static void
write_boolean(struct schema *schema)
{
	static const char *const words[] = { "true", "false", "yes", "no",
		"on", "off", "y", "n" };
	size_t i;

	json_begin_array(&schema->json, "enum");
	json_bool(&schema->json, NULL, true);
	json_bool(&schema->json, NULL, false);
	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		json_cstr(&schema->json, NULL, words[i]);
	json_end_array(&schema->json);
}

/* The schemes are choices; with one alone a URI may be empty. */
static void
write_uri(struct schema *schema, const struct field *field)
{
	if (field->choices == NULL)
		write_pattern(schema, "^[A-Za-z][A-Za-z0-9+.-]*:[^\\s;,]+$");
	else if (field->choices[1] == NULL)
		write_pattern(schema, "^(https:[^\\s;,]+)?$");
	else
		write_pattern(schema, "^(mailto|https):[^\\s;,]+$");
}

#define NAME "^[^\\s;\"\\\\@:]+$"
#define DATE "[0-9]{4}-[0-9]{2}-[0-9]{2}"
#define WEEKDAY "(mon|tue|wed|thu|fri|sat|sun)"

/* Of kinds that nothing but a pattern tells from other texts. */
static const char *const patterns[] = {
	[FIELD_NAME] = NAME,
	[FIELD_HOST] = NAME,
	[FIELD_MX] = NAME,
	[FIELD_SPF_TERM] = "^[+?]?([Ii][Nn][Cc][Ll][Uu][Dd][Ee]|[Aa]|[Mm][Xx]|"
	    "[Pp][Tt][Rr]|[Ii][Pp][46]|[Ee][Xx][Ii][Ss][Tt][Ss])"
	    "([:/][^\\s;]+)?$",
	[FIELD_RECORD] = "^[^\\s$]\\S* +[A-Za-z]\\S* +\\S",
	[FIELD_DATE] = "^" DATE "$",
	[FIELD_RANGES] = "^" DATE "/" DATE "$",
	[FIELD_WEEKDAYS] = "^" WEEKDAY "(-" WEEKDAY ")?$"
};

static void
write_scalar(struct schema *schema, const struct field *field)
{
	if (patterns[field->kind] != NULL) {
		write_pattern(schema, patterns[field->kind]);
		return;
	}
	switch (field->kind) {
	case FIELD_STRING:
	case FIELD_NOTE:
	case FIELD_WORD:
	case FIELD_LABEL:
		write_text(schema);
		break;
	case FIELD_PATH:
	case FIELD_GLOB:
	case FIELD_KEY:
		write_type(schema, "string");
		json_number(&schema->json, "minLength", 1);
		break;
	case FIELD_CHOICE:
	case FIELD_ENUM:
		write_choices(schema, field);
		break;
	case FIELD_OPTIONS:
		write_pattern_or_number(schema, "^[01ds](:[01ds])*$", 1);
		break;
	case FIELD_URI:
		write_uri(schema, field);
		break;
	case FIELD_BOOLEAN:
	case FIELD_ANSWER:
		write_boolean(schema);
		break;
	case FIELD_NUMBER:
		write_number(schema, field->min, field->max);
		break;
	case FIELD_DURATION:
		write_pattern_or_number(schema,
		    "^([0-9]+|([0-9]+[smhdwSMHDW])+)$", field->max);
		break;
	default:
		assert(false);		/* mappings have been written */
	}
}

/* ---- mappings ------------------------------------------------------------ */

/* "domains:" with nothing behind it is an empty mapping. */
static void
write_mapping_type(struct schema *schema)
{
	json_begin_array(&schema->json, "type");
	json_cstr(&schema->json, NULL, "object");
	json_cstr(&schema->json, NULL, "null");
	json_end_array(&schema->json);
}

static void
write_reference(struct schema *schema, const char *definition)
{
	json_cstr(&schema->json, "$ref", definition);
}

static void
write_default(struct schema *schema, const struct field *field)
{
	const struct str text = str_from(field->fallback);
	uint64_t number;

	if (field->kind == FIELD_BOOLEAN)
		json_bool(&schema->json, "default", str_is(text, "true"));
	else if (str_number(text, UINT32_MAX, &number))
		json_number(&schema->json, "default", number);
	else
		json_cstr(&schema->json, "default", field->fallback);
}

static void
write_property(struct schema *schema, const struct field *field)
{
	json_begin_object(&schema->json, field->key);
	if (field->fields == domain_fields) {
		write_reference(schema, "#/definitions/defaults");
	} else {
		json_cstr(&schema->json, "description", field->help);
		if (field->fallback != NULL)
			write_default(schema, field);
		write_value(schema, field);
	}
	json_end_object(&schema->json);
}

static void
write_required(struct schema *schema, const struct field *fields)
{
	const struct field *field;
	bool any = false;

	for (field = fields; field->key != NULL; field++)
		any |= field->required;
	if (!any)
		return;
	json_begin_array(&schema->json, "required");
	for (field = fields; field->key != NULL; field++)
		if (field->required)
			json_cstr(&schema->json, NULL, field->key);
	json_end_array(&schema->json);
}

/* The levels of rules: each by its name, and patterns. */
static void
write_rules(struct schema *schema, const struct field *level)
{
	size_t i;

	for (i = 0; schema->rules[i] != NULL; i++) {
		json_begin_object(&schema->json, schema->rules[i]);
		write_choices(schema, level);
		json_end_object(&schema->json);
	}
	json_end_object(&schema->json);
	json_begin_object(&schema->json, "patternProperties");
	json_begin_object(&schema->json, "[*?]");
	write_choices(schema, level);
	json_end_object(&schema->json);
	json_end_object(&schema->json);
	json_bool(&schema->json, "additionalProperties", false);
}

static void
write_table(struct schema *schema, const struct field *fields)
{
	const struct field *field, *any = NULL;

	write_mapping_type(schema);
	json_begin_object(&schema->json, "properties");
	for (field = fields; field->key != NULL; field++)
		if (strcmp(field->key, "*") == 0)
			any = field;
		else if (!field->defaults_only || schema->defaults)
			write_property(schema, field);
	if (fields == rules_fields) {
		write_rules(schema, any);
		return;
	}
	json_end_object(&schema->json);
	write_required(schema, fields);
	if (any == NULL) {
		json_bool(&schema->json, "additionalProperties", false);
		return;
	}
	json_begin_object(&schema->json, "additionalProperties");
	if (any->fields == domain_fields)
		write_reference(schema, "#/definitions/domain");
	else
		write_value(schema, any);
	json_end_object(&schema->json);
}

static void
write_one(struct schema *schema, const struct field *field)
{
	if (field->kind == FIELD_PAIRS) {
		write_mapping_type(schema);
		json_begin_object(&schema->json, "additionalProperties");
		write_text(schema);
		json_end_object(&schema->json);
	} else if (field->fields != NULL)
		write_table(schema, field->fields);
	else if (strcmp(field->key, "profile") == 0) {
		const struct field choices = { .choices = schema->profiles };

		write_choices(schema, &choices);
	} else
		write_scalar(schema, field);
}

/* A list may be given as one value. */
static void
write_value(struct schema *schema, const struct field *field)
{
	if (!field->list) {
		write_one(schema, field);
		return;
	}
	json_begin_array(&schema->json, "anyOf");
	begin_form(schema);
	write_one(schema, field);
	end_form(schema);
	begin_form(schema);
	write_type(schema, "array");
	json_begin_object(&schema->json, "items");
	write_one(schema, field);
	json_end_object(&schema->json);
	end_form(schema);
	json_end_array(&schema->json);
}

void
schema_write(struct buffer *out, const char *const *profiles,
    const char *const *rules)
{
	struct schema schema = { { .out = out, .indent = 1 }, profiles,
	    rules, false };

	json_begin_object(&schema.json, NULL);
	json_cstr(&schema.json, "$schema",
	    "http://json-schema.org/draft-07/schema#");
	json_cstr(&schema.json, "title", "mailzone.yaml");
	write_table(&schema, config_fields);
	json_begin_object(&schema.json, "definitions");
	json_begin_object(&schema.json, "domain");
	write_table(&schema, domain_fields);
	json_end_object(&schema.json);
	json_begin_object(&schema.json, "defaults");
	schema.defaults = true;
	write_table(&schema, domain_fields);
	json_end_object(&schema.json);
	json_end_object(&schema.json);
	json_end_object(&schema.json);
	buffer_add_byte(out, '\n');
}
