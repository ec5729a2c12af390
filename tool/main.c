/*
 * mailzone: records of mail authentication, generated, linted, rolled out.
 * This is the table of contents.
 */
#include "command/command.h"

extern const struct command
    command_init,
    command_import,
    command_check,
    command_generate,
    command_lint,
    command_exposure,
    command_tree,
    command_plan,
    command_evidence,
    command_key,
    command_report,
    command_verify,
    command_records,
    command_explain,
    command_rules,
    command_schema,
    command_completion,
    command_version,
    command_help;

const struct command *const commands[] = {
	&command_init,
	&command_import,
	&command_check,
	&command_generate,
	&command_lint,
	&command_exposure,
	&command_tree,
	&command_plan,
	&command_evidence,
	&command_key,
	&command_report,
	&command_verify,
	&command_records,
	&command_explain,
	&command_rules,
	&command_schema,
	&command_completion,
	&command_version,
	&command_help,
	NULL
};

int
main(int argc, char **argv)
{
	return run_command_line(argc, argv);
}
