/*
 * Workflow commands, which GitHub Actions shows beside the lines of a change.
 */
#include "output/output.h"

static const char *const words[] = {
	[LEVEL_NOTE] = "notice", [LEVEL_WARNING] = "warning",
	[LEVEL_ERROR] = "error",
};

/* A property ends at a comma or a colon, everything at the end of the line. */
static void
write_escaped(struct buffer *out, struct str text, bool property)
{
	struct buffer shown = { 0 };
	size_t i;
	int byte;

	write_shown(&shown, text);
	for (i = 0; i < shown.n; i++) {
		byte = (unsigned char)shown.p[i];
		if (byte == '%' || (property && (byte == ',' || byte == ':')))
			buffer_printf(out, "%%%02X", (unsigned)byte);
		else
			buffer_add_byte(out, byte);
	}
	buffer_free(&shown);
}

static void
write_finding(struct output *output, const struct finding *finding)
{
	const struct diag *diag = finding->diag;
	struct buffer *out = output->out;

	if (diag->suppressed)
		return;
	buffer_printf(out, "::%s file=", words[diag->level]);
	write_escaped(out, diag->span.source->path, true);
	buffer_printf(out, ",line=%zu,endLine=%zu,col=%zu,endColumn=%zu,"
	    "title=%s::", finding->start.line, finding->end.line,
	    finding->start.column, finding->end.column, diag->rule->id);
	write_escaped(out, finding->message, false);
	buffer_add_byte(out, '\n');
}

static void
write_failure(struct output *output, struct str path, struct str why)
{
	buffer_add_cstr(output->out, "::error file=");
	write_escaped(output->out, path, true);
	buffer_add_cstr(output->out, "::");
	write_escaped(output->out, why, false);
	buffer_add_byte(output->out, '\n');
}

const struct format format_github = {
	.name = "github",
	.help = "annotations for GitHub Actions",
	.worst_first = true,
	.finding = write_finding,
	.failure = write_failure,
};
