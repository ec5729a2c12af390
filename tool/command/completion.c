/*
 * mailzone completion: what shells need to complete commands, options and the
 * words that options take, made from the tables that the parser walks.
 */
#include "base/arena.h"
#include "command/command.h"

/* The words of a list, with blanks between. */
static void
write_choices(struct buffer *out, const struct option_row *row)
{
	size_t i;

	for (i = 0; row->choices != NULL && row->choices[i] != NULL; i++)
		buffer_printf(out, "%s%s", i > 0 ? " " : "", row->choices[i]);
}

static void
write_commands(struct buffer *out, const char *between)
{
	size_t i;

	for (i = 0; commands[i] != NULL; i++)
		buffer_printf(out, "%s%s", i > 0 ? between : "",
		    commands[i]->name);
}

/* Text inside single quotes; some bytes have a meaning even there. */
static void
write_quoted(struct buffer *out, const char *text, const char *special)
{
	struct str escaped = str_from(special);
	size_t i;

	for (i = 0; text[i] != '\0'; i++) {
		if (text[i] == '\'')
			buffer_add_cstr(out, "'\\'");
		else if (str_has(escaped, text[i]))
			buffer_add_byte(out, '\\');
		buffer_add_byte(out, text[i]);
	}
}

/* ---- bash ---------------------------------------------------------------- */

/* Words of one command's option that has to be followed by one of a list. */
static void
bash_choices(struct buffer *out, const struct command *command)
{
	const struct option_row *row;
	size_t i;

	for (i = 0; (row = option_at(command, i)) != NULL; i++) {
		if (row->choices == NULL)
			continue;
		buffer_printf(out, "\t\"%s --%s\"", command->name, row->name);
		if (row->letter != 0)
			buffer_printf(out, "|\"%s -%c\"", command->name,
			    row->letter);
		buffer_add_cstr(out, ")\n\t\twords=\"");
		write_choices(out, row);
		buffer_add_cstr(out, "\" ;;\n");
	}
}

static void
bash_options(struct buffer *out, const struct command *command)
{
	const struct option_row *row;
	size_t i;

	buffer_printf(out, "\t%s) words=\"", command->name);
	for (i = 0; (row = option_at(command, i)) != NULL; i++)
		buffer_printf(out, "%s--%s", i > 0 ? " " : "", row->name);
	buffer_add_cstr(out, "\" ;;\n");
}

/* bash cuts "--format=json" into three words. */
static void
write_bash(struct buffer *out)
{
	size_t i;

	buffer_add_cstr(out, "_mailzone()\n{\n"
	    "\tlocal i command= words= at=$COMP_CWORD\n"
	    "\tlocal current=${COMP_WORDS[at]}\n\n"
	    "\tCOMPREPLY=()\n"
	    "\tfor ((i = 1; i < COMP_CWORD; i++)); do\n"
	    "\t\tcase ${COMP_WORDS[i]} in\n\t\t");
	write_commands(out, "|");
	buffer_add_cstr(out, ")\n"
	    "\t\t\tcommand=${COMP_WORDS[i]}\n\t\t\tbreak ;;\n"
	    "\t\tesac\n\tdone\n"
	    "\tif [[ $current == = ]]; then\n\t\tcurrent=\n\t\tat=$((at + 1))\n"
	    "\tfi\n"
	    "\t[[ ${COMP_WORDS[at - 1]} != = ]] || at=$((at - 1))\n"
	    "\tcase \"$command ${COMP_WORDS[at - 1]}\" in\n");
	for (i = 0; commands[i] != NULL; i++)
		bash_choices(out, commands[i]);
	buffer_add_cstr(out, "\tesac\n"
	    "\tif [[ -z $words && $current == -* ]]; then\n"
	    "\t\tcase $command in\n");
	for (i = 0; commands[i] != NULL; i++) {
		buffer_add_byte(out, '\t');
		bash_options(out, commands[i]);
	}
	buffer_add_cstr(out, "\t\tesac\n\tfi\n"
	    "\t[[ -n $words || -n $command ]] ||\n\t\twords=\"");
	write_commands(out, " ");
	buffer_add_cstr(out, "\"\n"
	    "\t[[ -z $words ]] ||\n"
	    "\t\tCOMPREPLY=($(compgen -W \"$words\" -- \"$current\"))\n"
	    "}\n\ncomplete -o default -F _mailzone mailzone\n");
}

/* ---- zsh ----------------------------------------------------------------- */

static void
zsh_option(struct buffer *out, const struct option_row *row)
{
	buffer_add_cstr(out, " \\\n\t\t\t    '");
	if (row->repeatable)
		buffer_add_byte(out, '*');
	buffer_printf(out, "--%s", row->name);
	if (row->value != NULL)
		buffer_add_cstr(out, row->optional ? "=-" : "=");
	buffer_add_byte(out, '[');
	write_quoted(out, row->help, "[]:\\");
	buffer_add_byte(out, ']');
	if (row->value != NULL) {
		buffer_add_cstr(out, row->optional ? "::" : ":");
		write_quoted(out, row->value, "[]:\\");
		buffer_add_byte(out, ':');
		if (row->choices == NULL)
			buffer_add_cstr(out, "_files");
		else {
			buffer_add_byte(out, '(');
			write_choices(out, row);
			buffer_add_byte(out, ')');
		}
	}
	buffer_add_byte(out, '\'');
}

static void
write_zsh(struct buffer *out)
{
	const struct option_row *row;
	size_t i, j;

	buffer_add_cstr(out, "#compdef mailzone\n\n_mailzone()\n{\n"
	    "\tlocal context state line\n\tlocal -a all\n\n\tall=(\n");
	for (i = 0; commands[i] != NULL; i++) {
		buffer_printf(out, "\t\t'%s:", commands[i]->name);
		write_quoted(out, commands[i]->summary, ":\\");
		buffer_add_cstr(out, "'\n");
	}
	buffer_add_cstr(out, "\t)\n"
	    "\t_arguments -C '1:command:->command' '*::argument:->rest'\n"
	    "\tcase $state in\n"
	    "\tcommand)\n\t\t_describe command all ;;\n"
	    "\trest)\n\t\tcase $words[1] in\n");
	for (i = 0; commands[i] != NULL; i++) {
		buffer_printf(out, "\t\t%s)\n\t\t\t_arguments",
		    commands[i]->name);
		for (j = 0; (row = option_at(commands[i], j)) != NULL; j++)
			zsh_option(out, row);
		buffer_add_cstr(out, " \\\n\t\t\t    '*:file:_files' ;;\n");
	}
	buffer_add_cstr(out, "\t\tesac ;;\n\tesac\n}\n\n"
	    "if [ \"$funcstack[1]\" = _mailzone ]; then\n\t_mailzone \"$@\"\n"
	    "else\n\tcompdef _mailzone mailzone\nfi\n");
}

/* ---- fish ---------------------------------------------------------------- */

static void
fish_option(struct buffer *out, const struct command *command,
    const struct option_row *row)
{
	buffer_printf(out, "complete -c mailzone -n "
	    "'__fish_seen_subcommand_from %s' -l %s", command->name,
	    row->name);
	if (row->letter != 0)
		buffer_printf(out, " -s %c", row->letter);
	if (row->choices != NULL) {
		buffer_add_cstr(out, " -x -a '");
		write_choices(out, row);
		buffer_add_byte(out, '\'');
	} else if (row->value != NULL && !row->optional)
		buffer_add_cstr(out, " -r");
	buffer_add_cstr(out, " -d '");
	write_quoted(out, row->help, "\\");
	buffer_add_cstr(out, "'\n");
}

static void
write_fish(struct buffer *out)
{
	const struct option_row *row;
	size_t i, j;

	for (i = 0; commands[i] != NULL; i++) {
		buffer_printf(out, "complete -c mailzone -f -n "
		    "__fish_use_subcommand -a %s -d '", commands[i]->name);
		write_quoted(out, commands[i]->summary, "\\");
		buffer_add_cstr(out, "'\n");
	}
	for (i = 0; commands[i] != NULL; i++)
		for (j = 0; (row = option_at(commands[i], j)) != NULL; j++)
			fish_option(out, commands[i], row);
}

/* ---- the command --------------------------------------------------------- */

static const struct {
	const char *name;
	void (*write)(struct buffer *);
} shells[] = {
	{ "bash", write_bash }, { "fish", write_fish }, { "zsh", write_zsh },
};

enum { SHELLS = sizeof(shells) / sizeof(shells[0]) };

static int
run_completion(struct run *run)
{
	size_t i;

	if (run->argument_count != 1)
		return run_usage(run, "completion takes the name of a shell: "
		    "bash, fish or zsh");
	for (i = 0; i < SHELLS; i++)
		if (str_is(run->arguments[0], shells[i].name)) {
			shells[i].write(&run->out);
			return EXIT_CLEAN;
		}
	return run_usage(run, "there is no completion for \"%.*s\": bash, "
	    "fish and zsh have one", STR_ARG(run->arguments[0]));
}

const struct command command_completion = {
	.name = "completion",
	.arguments = "SHELL",
	.summary = "completion of commands and options for a shell",
	.help = "Writes a script for bash, fish or zsh that completes "
	    "commands, options and the words that options take. Load it with "
	    "source <(mailzone completion bash), or put it where the shell "
	    "looks for such scripts.",
	.run = run_completion,
};
