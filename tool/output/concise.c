/* One line for each finding, as compilers and editors know it. */
#include "output/output.h"

static void
write_finding(struct output *output, const struct finding *finding)
{
	const struct diag *diag = finding->diag;
	write_shown(output->out, diag->span.source->path);
	buffer_printf(output->out, ":%zu:%zu: %s: ", finding->start.line,
	    finding->start.column, level_name(diag->level));
	write_shown(output->out, finding->message);
	buffer_printf(output->out, " [%s]%s\n", diag->rule->id,
	    diag->suppressed ? " (suppressed)" : "");
}

const struct format format_concise = {
	.name = "concise",
	.help = "one line for each finding: FILE:LINE:COLUMN: level: message",
	.apart = true,
	.finding = write_finding,
};
