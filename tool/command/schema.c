/* mailzone schema: the table of fields, for editors and for the manual. */
#include <string.h>

#include "base/arena.h"
#include "command/command.h"

static const char *const formats_of_schema[] = { "json", "mdoc", NULL };

static const struct option_row options[] = {
	{ .name = "format", .letter = 'f', .value = "FORMAT",
	  .choices = formats_of_schema, .fallback = "json",
	  .help = "a JSON Schema, or the manual's table of fields" },
	{ 0 }
};

/* ---- names of rules and profiles ----------------------------------------- */

static const char *const *
list_rules(struct arena *arena)
{
	const char **names;
	size_t count = 0, i;

	while (rule_number(count) != NULL)
		count++;
	names = ARENA_ARRAY(arena, count + 1, const char *);
	for (i = 0; i < count; i++)
		names[i] = rule_number(i)->id;
	return names;
}

static const char *const *
list_profiles(struct arena *arena)
{
	const char **names;
	size_t count = 0, i;

	while (profiles[count].name != NULL)
		count++;
	names = ARENA_ARRAY(arena, count + 1, const char *);
	for (i = 0; i < count; i++)
		names[i] = profiles[i].name;
	return names;
}

/* ---- the manual's table -------------------------------------------------- */

enum { TABLES = 32 };

/* Tables that have been written: domains contain domains. */
struct manual {
	struct arena *arena;
	struct buffer *out;
	const struct field *written[TABLES];
	size_t count;
};

static void
write_kind(struct manual *manual, const struct field *field)
{
	size_t i;

	if (field->choices == NULL || field->kind == FIELD_URI) {
		buffer_add_cstr(manual->out, field_words(field, false));
		if (field->list)
			buffer_printf(manual->out, ", or %s",
			    field_words(field, true));
		return;
	}
	for (i = 0; field->choices[i] != NULL; i++)
		buffer_printf(manual->out, "%s%s", i == 0 ? "" : " | ",
		    field->choices[i]);
}

static void
write_row(struct manual *manual, const struct field *field)
{
	buffer_printf(manual->out, ".It Sy %s Pq ",
	    strcmp(field->key, "*") == 0 ? "NAME" : field->key);
	write_kind(manual, field);
	buffer_add_byte(manual->out, '\n');
	write_mdoc_text(manual->out, arena_printf(manual->arena, "%s%s%s%s%s.",
	    field->help, field->required ? "; must be given" : "",
	    field->fallback != NULL ? "; default: " : "",
	    field->fallback != NULL ? field->fallback : "",
	    field->defaults_only ? "; in defaults only" : ""));
}

static bool
is_written(struct manual *manual, const struct field *fields)
{
	size_t i;

	for (i = 0; i < manual->count; i++)
		if (manual->written[i] == fields)
			return true;
	if (manual->count < TABLES)
		manual->written[manual->count++] = fields;
	return false;
}

static void
write_table(struct manual *manual, struct str title,
    const struct field *fields)
{
	const struct field *field;
	struct str below;

	if (is_written(manual, fields))
		return;
	/* A table of nothing but names is told where the names are. */
	if (strcmp(fields[0].key, "*") != 0 || fields[1].key != NULL) {
		buffer_printf(manual->out, ".Ss %.*s\n.Bl -tag -width Ds\n",
		    STR_ARG(title));
		for (field = fields; field->key != NULL; field++)
			write_row(manual, field);
		buffer_add_cstr(manual->out, ".El\n");
	}
	for (field = fields; field->key != NULL; field++) {
		if (field->fields == NULL ||
		    strcmp(field->key, "defaults") == 0)
			continue;
		below = str_from(strcmp(field->key, "*") == 0 ? "NAME" :
		    field->key);
		if (fields != config_fields)
			below = arena_printf(manual->arena, "%.*s.%.*s",
			    STR_ARG(title), STR_ARG(below));
		write_table(manual, below, field->fields);
	}
}

static int
run_schema(struct run *run)
{
	struct manual manual = { .arena = run->arena, .out = &run->out };

	if (str_is(option_value(run, "format"), "mdoc"))
		write_table(&manual, STR("The file"), config_fields);
	else
		schema_write(&run->out, list_profiles(run->arena),
		    list_rules(run->arena));
	return EXIT_CLEAN;
}

const struct command command_schema = {
	.name = "schema",
	.arguments = "",
	.summary = "print the JSON Schema of mailzone.yaml",
	.help = "Prints a JSON Schema (draft 7) for editors, made from the "
	    "table that the configuration is read with. With a first line "
	    "\"# yaml-language-server: $schema=mailzone.schema.json\" an "
	    "editor completes and checks mailzone.yaml.",
	.options = options,
	.run = run_schema,
};
