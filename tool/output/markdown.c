/* A table for the text of a pull request or the summary of a job. */
#include "output/output.h"

static void
open_table(struct output *output)
{
	if (output->shown++ == 0)
		buffer_add_cstr(output->out, "| level | place | finding | "
		    "rule |\n|---|---|---|---|\n");
}

static void
write_finding(struct output *output, const struct finding *finding)
{
	const struct diag *diag = finding->diag;
	struct buffer *out = output->out;

	if (diag->suppressed)
		return;
	open_table(output);
	buffer_printf(out, "| %s | ", level_name(diag->level));
	write_markdown(out, diag->span.source->path);
	buffer_printf(out, ":%zu:%zu | ", finding->start.line,
	    finding->start.column);
	write_markdown(out, finding->message);
	buffer_printf(out, " | %s |\n", diag->rule->id);
}

static void
write_failure(struct output *output, struct str path, struct str why)
{
	open_table(output);
	buffer_add_cstr(output->out, "| unreadable | ");
	write_markdown(output->out, path);
	buffer_add_cstr(output->out, " | ");
	write_markdown(output->out, why);
	buffer_add_cstr(output->out, " | |\n");
}

static void
end(struct output *output, const struct run_summary *summary)
{
	buffer_printf(output->out, "%szones: %zu, records: %zu, errors: %zu, "
	    "warnings: %zu, notes: %zu, suppressed: %zu\n",
	    output->shown > 0 ? "\n" : "", summary->zones, summary->records,
	    summary->errors, summary->warnings, summary->notes,
	    summary->suppressed);
}

const struct format format_markdown = {
	.name = "markdown",
	.help = "a table for a pull request or a job's summary",
	.finding = write_finding,
	.failure = write_failure,
	.end = end,
};
