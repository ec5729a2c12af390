#include "support.h"

#include <string.h>

#include <jansson.h>

#include "base/buffer.h"
#include "config/config.h"

static const char *const some_profiles[] = { "default", "rfc9989", NULL };
static const char *const some_rules[] = { "spf-all-pass", "spf-syntax", NULL };

static json_t *
read_schema(void)
{
	struct buffer out = { 0 };
	json_t *schema;

	schema_write(&out, some_profiles, some_rules);
	schema = json_loadb(out.p, out.n, JSON_REJECT_DUPLICATES, NULL);
	buffer_free(&out);
	assert_non_null(schema);
	return schema;
}

/* Follows keys, and array indices, down from the top. */
static json_t *
below(json_t *node, const char *path)
{
	struct str rest = str_from(path), key;
	char name[64];

	while (node != NULL && str_split(&rest, '/', &key)) {
		assert_true(key.n < sizeof name);
		memcpy(name, key.p, key.n);
		name[key.n] = '\0';
		node = json_is_array(node) ?
		    json_array_get(node, (size_t)atoi(name)) :
		    json_object_get(node, name);
	}
	return node;
}

static const struct {
	const char *path, *value;	/* NULL: it is not there */
} rows[] = {
	{ "$schema", "\"http://json-schema.org/draft-07/schema#\"" },
	{ "additionalProperties", "false" },
	{ "properties/version/maximum", "1" },
	{ "properties/profile/anyOf/1/items/enum/1", "\"rfc9989\"" },
	{ "properties/domains/additionalProperties/$ref",
	  "\"#/definitions/domain\"" },
	{ "properties/defaults/$ref", "\"#/definitions/defaults\"" },
	{ "definitions/domain/properties/subdomains/additionalProperties/"
	  "$ref", "\"#/definitions/domain\"" },
	{ "definitions/domain/properties/dmarc/properties/p/enum",
	  "[\"none\", \"quarantine\", \"reject\"]" },
	/* YAML 1.1 makes booleans of these. */
	{ "definitions/domain/properties/dmarc/properties/t/enum",
	  "[\"y\", \"n\", true, false]" },
	{ "definitions/domain/properties/dmarc/properties/psd/enum",
	  "[\"y\", \"n\", \"u\", true, false]" },
	{ "properties/rules/properties/spf-syntax/enum",
	  "[\"error\", \"warning\", \"note\", \"off\", false]" },
	{ "properties/rules/patternProperties/[*?]/enum/4", "false" },
	{ "properties/rules/additionalProperties", "false" },
	{ "definitions/domain/properties/dmarc/properties/pct", NULL },
	{ "definitions/domain/properties/rollout/properties/per_day", NULL },
	{ "definitions/defaults/properties/rollout/properties/per_day/"
	  "minimum", "1" },
	{ "properties/keys/additionalProperties/properties/selector/anyOf/"
	  "1/type", "\"number\"" },
	{ "properties/keys/additionalProperties/required",
	  "[\"selector\"]" },
	{ "properties/senders/additionalProperties/properties/with/"
	  "additionalProperties/anyOf/0/type", "\"string\"" },
};

static void
schema_says_what_the_table_says(void **state)
{
	json_t *schema = read_schema(), *node;
	char *value;
	size_t i;

	(void)state;
	for (i = 0; i < countof(rows); i++) {
		node = below(schema, rows[i].path);
		print_message("# %s\n", rows[i].path);
		if (rows[i].value == NULL) {
			assert_null(node);
			continue;
		}
		assert_non_null(node);
		value = json_dumps(node, JSON_ENCODE_ANY);
		assert_string_equal(value, rows[i].value);
		free(value);
	}
	json_decref(schema);
}

/* Every field is there, with its sentence. */
static void
compare(json_t *properties, const struct field *fields)
{
	const struct field *field;
	json_t *node;

	for (field = fields; field->key != NULL; field++) {
		assert_non_null(field->help);
		if (field->key[0] == '*' || field->defaults_only)
			continue;
		node = json_object_get(properties, field->key);
		assert_non_null(node);
		if (json_object_get(node, "$ref") != NULL)
			continue;
		assert_string_equal(json_string_value(json_object_get(node,
		    "description")), field->help);
		if (field->kind == FIELD_MAPPING)
			compare(json_object_get(node, "properties"),
			    field->fields);
	}
}

static void
every_field_is_there(void **state)
{
	json_t *schema = read_schema();
	const struct field *field;

	(void)state;
	compare(json_object_get(schema, "properties"), config_fields);
	for (field = config_fields; field->key != NULL; field++)
		if (str_is(str_from(field->key), "defaults"))
			compare(below(schema, "definitions/domain/properties"),
			    field->fields);
	json_decref(schema);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(schema_says_what_the_table_says),
		cmocka_unit_test(every_field_is_there),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
