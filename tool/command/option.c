/* The command line: options by table, help from the same table. */

#include "base/arena.h"
#include "command/command.h"

static const char *const color_choices[] = { "auto", "always", "never", NULL };

const struct option_row global_options[] = {
	{ .name = "config", .value = "FILE",
	  .help = "the configuration; default: mailzone.yaml here or in a "
	      "parent folder up to the repository root" },
	{ .name = "no-config", .help = "read no configuration" },
	{ .name = "color", .value = "WHEN", .choices = color_choices,
	  .fallback = "auto",
	  .help = "colors: when standard output is a terminal, or not" },
	{ .name = "quiet", .letter = 'q', .repeatable = true,
	  .help = "no summary and no progress; twice: no findings either, only "
	      "what a command makes" },
	{ .name = "verbose", .letter = 'v', .repeatable = true,
	  .help = "say what is done" },
	{ .name = "today", .value = "DATE",
	  .help = "the day, YYYY-MM-DD; default: SOURCE_DATE_EPOCH, or the "
	      "clock (UTC)" },
	{ .name = "jobs", .letter = 'j', .value = "N",
	  .help = "threads; default: the number of processors" },
	{ .name = "psl", .value = "FILE",
	  .help = "a public suffix list newer than the built-in one" },
	{ .name = "no-sandbox", .help = "accepted and without effect: rights "
	      "are not given up yet" },
	{ .name = "help", .letter = 'h', .help = "show help" },
	{ .name = "version", .help = "show the version" },
	{ 0 }
};

/* All tables of a command, the global one last; NULL ends. */
static const struct option_row *
table_number(const struct command *command, size_t number)
{
	const struct option_row *tables[6] = { 0 };
	size_t count = 0, i;

	if (command != NULL && command->options != NULL)
		tables[count++] = command->options;
	for (i = 0; command != NULL && i < 3 && command->shared[i] != NULL;
	    i++)
		tables[count++] = command->shared[i];
	tables[count++] = global_options;
	return number < count ? tables[number] : NULL;
}

/* Every row in turn; NULL after the last. */
const struct option_row *
option_at(const struct command *command, size_t number)
{
	const struct option_row *row;
	size_t table;

	for (table = 0; (row = table_number(command, table)) != NULL; table++)
		for (; row->name != NULL; row++)
			if (number-- == 0)
				return row;
	return NULL;
}

/* The row of a name among a command's options and the global ones. */
static const struct option_row *
option_find(const struct command *command, struct str name)
{
	const struct option_row *row;
	size_t i;

	for (i = 0; (row = option_at(command, i)) != NULL; i++)
		if (str_is(name, row->name))
			return row;
	return NULL;
}

static const struct option_row *
find_letter(const struct command *command, int letter)
{
	const struct option_row *row;
	size_t i;

	for (i = 0; (row = option_at(command, i)) != NULL; i++)
		if (row->letter != 0 && row->letter == letter)
			return row;
	return NULL;
}

/* ---- what was given ------------------------------------------------------ */

struct str
option_next(const struct run *run, const char *name, size_t *position)
{
	while (*position < run->given_count) {
		const struct given *given = &run->given[(*position)++];

		if (strcmp(name, given->row->name) == 0)
			return given->value.p == NULL ? STR("") :
			    given->value;
	}
	return STR_NONE;
}

struct str
option_value(const struct run *run, const char *name)
{
	struct str value, last = STR_NONE;
	size_t position = 0;

	while ((value = option_next(run, name, &position)).p != NULL)
		last = value;
	return last;
}

bool
option_given(const struct run *run, const char *name)
{
	return option_value(run, name).p != NULL;
}

bool
option_number(struct run *run, const char *name, uint64_t max,
    uint64_t *value)
{
	struct str text = option_value(run, name);

	if (text.p == NULL || str_number(text, max, value))
		return true;
	run_usage(run, "--%s takes a number up to %llu, not \"%.*s\"", name,
	    (unsigned long long)max, STR_ARG(text));
	return false;
}

/* ---- reading the command line -------------------------------------------- */

static const struct option_row *
nearest_row(const struct command *command, struct str name)
{
	const struct option_row *row, *best = NULL;
	unsigned distance, least = 3;
	size_t i;

	for (i = 0; (row = option_at(command, i)) != NULL; i++) {
		distance = str_distance(name, str_from(row->name), 2);
		if (distance < least) {
			least = distance;
			best = row;
		}
	}
	return best;
}

static int
unknown_option(struct run *run, struct str word, struct str name)
{
	const struct option_row *near = nearest_row(run->command, name);

	if (near != NULL)
		return run_usage(run, "there is no option \"%.*s\"; did you "
		    "mean \"--%s\"?", STR_ARG(word), near->name);
	return run_usage(run, "there is no option \"%.*s\"", STR_ARG(word));
}

static bool
is_choice(const struct option_row *row, struct str value)
{
	size_t i;

	if (row->choices == NULL)
		return true;
	for (i = 0; row->choices[i] != NULL; i++)
		if (str_is(value, row->choices[i]))
			return true;
	return false;
}

static int
bad_choice(struct run *run, const struct option_row *row, struct str value)
{
	struct buffer list = { 0 };
	size_t i;
	int status;

	for (i = 0; row->choices[i] != NULL; i++)
		buffer_printf(&list, "%s%s", i == 0 ? "" : ", ",
		    row->choices[i]);
	status = run_usage(run, "--%s is one of %.*s, not \"%.*s\"",
	    row->name, STR_ARG(buffer_str(&list)), STR_ARG(value));
	buffer_free(&list);
	return status;
}

static int
give(struct run *run, const struct option_row *row, struct str value)
{
	if (value.p != NULL && !is_choice(row, value))
		return bad_choice(run, row, value);
	run->given[run->given_count++] = (struct given){ row, value };
	return 0;
}

/* "--name", "--name=value", or "--name" and the next word. */
static int
read_long(struct run *run, struct str word, struct str *words, size_t *used)
{
	size_t equals = str_find(word, '=');
	struct str name = str_slice(word, 2, equals);
	const struct option_row *row = option_find(run->command, name);

	if (row == NULL)
		return unknown_option(run, str_slice(word, 0, equals), name);
	if (row->value == NULL && equals < word.n)
		return run_usage(run, "--%s takes no value", row->name);
	if (row->value == NULL || (row->optional && equals == word.n))
		return give(run, row, STR_NONE);
	if (equals < word.n)
		return give(run, row, str_after(word, equals + 1));
	if (words[1].p == NULL)
		return run_usage(run, "--%s needs a value: %s", row->name,
		    row->value);
	*used = 2;
	return give(run, row, words[1]);
}

/* "-q", "-qv", "-f json", "-fjson". */
static int
read_short(struct run *run, struct str word, struct str *words, size_t *used)
{
	const struct option_row *row;
	int status;
	size_t i;

	for (i = 1; i < word.n; i++) {
		row = find_letter(run->command, (unsigned char)word.p[i]);
		if (row == NULL)
			return unknown_option(run, word,
			    str_after(word, 1));
		if (row->value == NULL) {
			status = give(run, row, STR_NONE);
			if (status != 0)
				return status;
			continue;
		}
		if (i + 1 < word.n)
			return give(run, row, str_after(word, i + 1));
		if (words[1].p == NULL)
			return run_usage(run, "-%c needs a value: %s",
			    row->letter, row->value);
		*used = 2;
		return give(run, row, words[1]);
	}
	return 0;
}

static const struct command *
find_command(struct str name)
{
	size_t i;

	for (i = 0; commands[i] != NULL; i++)
		if (str_is(name, commands[i]->name))
			return commands[i];
	return NULL;
}

static int
unknown_command(struct run *run, struct str name)
{
	const char *best = NULL;
	unsigned distance, least = 6;
	size_t i;

	/* Of two as near, the one that begins alike: "lnit" is lint. */
	for (i = 0; commands[i] != NULL; i++) {
		distance = 2 * str_distance(name, str_from(commands[i]->name),
		    2) + (name.n == 0 || name.p[0] != commands[i]->name[0]);
		if (distance < least) {
			least = distance;
			best = commands[i]->name;
		}
	}
	if (best != NULL)
		return run_usage(run, "there is no command \"%.*s\"; did you "
		    "mean \"%s\"?", STR_ARG(name), best);
	return run_usage(run, "there is no command \"%.*s\"", STR_ARG(name));
}

/* Words are read with the command known, so it is looked for first. */
static int
choose_command(struct run *run, struct str *words, size_t *where)
{
	const struct option_row *row;
	size_t i;

	for (i = 0; words[i].p != NULL; i++) {
		if (words[i].n < 2 || words[i].p[0] != '-')
			break;
		row = str_starts(words[i], STR("--")) ?
		    option_find(NULL, str_slice(words[i], 2,
		    str_find(words[i], '='))) :
		    find_letter(NULL, words[i].p[words[i].n - 1]);
		if (row != NULL && row->value != NULL &&
		    !str_has(words[i], '=') && words[i + 1].p != NULL)
			i++;
	}
	*where = i;
	if (words[i].p == NULL)
		return 0;
	run->command = find_command(words[i]);
	return run->command == NULL ? unknown_command(run, words[i]) : 0;
}

/*
 * Fills given and arguments; 0, or the status after saying what is wrong.
 */
static int
read_words(struct run *run, struct str *words)
{
	size_t i, used, where;
	bool only_arguments = false;
	int status = choose_command(run, words, &where);

	for (i = 0; status == 0 && words[i].p != NULL; i += used) {
		used = 1;
		if (i == where)
			continue;
		if (only_arguments || words[i].n < 2 || words[i].p[0] != '-')
			run->arguments[run->argument_count++] = words[i];
		else if (str_is(words[i], "--"))
			only_arguments = true;
		else if (str_starts(words[i], STR("--")))
			status = read_long(run, words[i], &words[i], &used);
		else
			status = read_short(run, words[i], &words[i], &used);
	}
	return status;
}

int
option_read(struct run *run, int argc, char **argv)
{
	size_t count = argc > 0 ? (size_t)argc - 1 : 0, letters = 0, i;
	struct str *words = ARENA_ARRAY(run->arena, count + 2, struct str);

	for (i = 0; i < count; i++) {
		words[i] = str_from(argv[i + 1]);
		letters += words[i].n + 1;
	}
	run->given = ARENA_ARRAY(run->arena, letters + 1, struct given);
	run->arguments = ARENA_ARRAY(run->arena, count + 1, struct str);
	return read_words(run, words);
}

/* ---- help ---------------------------------------------------------------- */

enum { HELP_COLUMN = 26 };

/* What stands behind the sentence: choices and the default. */
static void
write_row_help(struct buffer *help, const struct option_row *row)
{
	size_t i;

	buffer_add_cstr(help, row->help);
	for (i = 0; row->choices != NULL && row->choices[i] != NULL; i++)
		buffer_printf(help, "%s%s", i == 0 ? ": " : ", ",
		    row->choices[i]);
	if (row->fallback != NULL)
		buffer_printf(help, " (default %s)", row->fallback);
}

static void
write_row(struct buffer *out, const struct option_row *row)
{
	size_t start = out->n;
	struct buffer help = { 0 };

	if (row->letter != 0)
		buffer_printf(out, "  -%c, --%s", row->letter, row->name);
	else
		buffer_printf(out, "      --%s", row->name);
	if (row->value != NULL && row->optional)
		buffer_printf(out, "[=%s]", row->value);
	else if (row->value != NULL)
		buffer_printf(out, "=%s", row->value);
	if (out->n - start + 2 > HELP_COLUMN) {
		buffer_add_byte(out, '\n');
		start = out->n;
	}
	buffer_add_repeated(out, ' ', HELP_COLUMN - (out->n - start));
	write_row_help(&help, row);
	write_wrapped(out, buffer_str(&help), HELP_COLUMN, HELP_COLUMN);
	buffer_free(&help);
}

static void
write_table(struct buffer *out, const char *title,
    const struct option_row *row)
{
	buffer_printf(out, "\n%s:\n", title);
	for (; row->name != NULL; row++)
		write_row(out, row);
}

static void
write_commands(struct buffer *out)
{
	size_t i, start;

	buffer_add_cstr(out, "usage: mailzone COMMAND [OPTION...] "
	    "[ARGUMENT...]\n\nSPF, DKIM and DMARC in zone files: generated, "
	    "linted, and rolled out.\n\ncommands:\n");
	for (i = 0; commands[i] != NULL; i++) {
		start = out->n;
		buffer_printf(out, "  %s", commands[i]->name);
		buffer_add_repeated(out, ' ', 14 - (out->n - start));
		write_wrapped(out, str_from(commands[i]->summary), 14, 14);
	}
}

void
help_write(struct buffer *out, const struct command *command)
{
	size_t i;

	if (command == NULL) {
		write_commands(out);
		write_table(out, "options of every command", global_options);
		buffer_add_cstr(out, "\nmailzone help COMMAND tells more; the "
		    "manual is mailzone(1).\n");
		return;
	}
	buffer_printf(out, "usage: mailzone %s [OPTION...]%s%s\n\n",
	    command->name, *command->arguments != '\0' ? " " : "",
	    command->arguments);
	write_wrapped(out, str_from(command->help), 0, 0);
	if (command->options != NULL)
		write_table(out, "options", command->options);
	for (i = 0; i < 3 && command->shared[i] != NULL; i++)
		write_table(out, command->shared[i] == input_options ?
		    "zone files" : "findings", command->shared[i]);
	write_table(out, "options of every command", global_options);
}

/* ---- the manual ---------------------------------------------------------- */

static void
write_mdoc_row(struct buffer *out, const struct option_row *row)
{
	struct buffer help = { 0 };

	buffer_add_cstr(out, ".It ");
	if (row->letter != 0)
		buffer_printf(out, "Fl %c , ", row->letter);
	buffer_printf(out, "Fl \\-%s", row->name);
	if (row->value != NULL)
		buffer_printf(out, "%s Ns = Ns Ar %s", row->optional ?
		    " Ns Op" : "", row->value);
	buffer_add_byte(out, '\n');
	write_row_help(&help, row);
	buffer_add_byte(&help, '.');
	write_mdoc_text(out, buffer_str(&help));
	buffer_free(&help);
}

static void
write_mdoc_table(struct buffer *out, const struct option_row *row)
{
	buffer_add_cstr(out, ".Bl -tag -width Ds\n");
	for (; row->name != NULL; row++)
		write_mdoc_row(out, row);
	buffer_add_cstr(out, ".El\n");
}

void
help_write_mdoc(struct buffer *out, struct str what)
{
	size_t i;

	if (str_is(what, "global"))
		write_mdoc_table(out, global_options);
	else if (str_is(what, "zone-files"))
		write_mdoc_table(out, input_options);
	else if (str_is(what, "findings"))
		write_mdoc_table(out, finding_options);
	for (i = 0; what.n == 0 && commands[i] != NULL; i++) {
		buffer_printf(out, ".Ss mailzone %s", commands[i]->name);
		if (*commands[i]->arguments != '\0')
			buffer_printf(out, " %s", commands[i]->arguments);
		buffer_add_byte(out, '\n');
		write_mdoc_text(out, str_from(commands[i]->help));
		if (commands[i]->options != NULL)
			write_mdoc_table(out, commands[i]->options);
		if (commands[i]->shared[0] != NULL)
			buffer_add_cstr(out, ".Pp\nAlso the options of\n"
			    ".Sx ZONE FILES\nand\n.Sx FINDINGS .\n");
	}
}
