/* A table for the text of a pull request or the summary of a job. */
#include "output/output.h"

/* A cell ends at a bar; what could be markup or HTML is no such thing. */
void
markdown_cell(struct buffer *out, struct str text)
{
	static const struct str special = STR_INIT("\\`*_{}[]<>()#+-!|~&");
	struct buffer shown = { 0 };
	size_t i;

	write_shown(&shown, text);
	for (i = 0; i < shown.n; i++) {
		if (str_has(special, (unsigned char)shown.p[i]))
			buffer_add_byte(out, '\\');
		buffer_add_byte(out, (unsigned char)shown.p[i]);
	}
	buffer_free(&shown);
}

static void
open_table(struct output *output)
{
	if (output->shown++ == 0)
		buffer_add_cstr(output->out, "| level | place | finding | "
		    "rule |\n|---|---|---|---|\n");
}

static void
write_finding(struct output *output, const struct diag *diag,
    const struct place *start, const struct place *end)
{
	struct buffer *out = output->out;

	(void)end;
	if (diag->suppressed)
		return;
	open_table(output);
	buffer_printf(out, "| %s | ", level_name(diag->level));
	markdown_cell(out, diag->span.source->path);
	buffer_printf(out, ":%zu:%zu | ", start->line, start->column);
	markdown_cell(out, diag->message);
	buffer_printf(out, " | %s |\n", diag->rule->id);
}

static void
write_failure(struct output *output, struct str path, struct str why)
{
	open_table(output);
	buffer_add_cstr(output->out, "| unreadable | ");
	markdown_cell(output->out, path);
	buffer_add_cstr(output->out, " | ");
	markdown_cell(output->out, why);
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
