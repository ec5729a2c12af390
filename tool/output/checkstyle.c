/* Checkstyle's XML, which most servers of continuous integration read. */
#include "output/output.h"

static const char *const severities[] = {
	[LEVEL_NOTE] = "info", [LEVEL_WARNING] = "warning",
	[LEVEL_ERROR] = "error",
};

static void
begin(struct output *output)
{
	buffer_add_cstr(output->out, "<?xml version=\"1.0\" "
	    "encoding=\"UTF-8\"?>\n<checkstyle version=\"4.3\">\n");
}

static void
write_finding(struct output *output, const struct finding *finding)
{
	const struct diag *diag = finding->diag;
	if (diag->suppressed)
		return;
	write_group(output, "file", diag->span.source->path);
	buffer_printf(output->out, "    <error line=\"%zu\" column=\"%zu\" "
	    "severity=\"%s\" source=\"mailzone.%s\" message=\"",
	    finding->start.line, finding->start.column,
	    severities[diag->level], diag->rule->id);
	write_xml(output->out, finding->message);
	buffer_add_cstr(output->out, "\"/>\n");
}

static void
write_failure(struct output *output, struct str path, struct str why)
{
	write_group(output, "file", path);
	buffer_add_cstr(output->out, "    <error severity=\"error\" "
	    "source=\"mailzone\" message=\"");
	write_xml(output->out, why);
	buffer_add_cstr(output->out, "\"/>\n");
}

static void
end(struct output *output, const struct run_summary *summary)
{
	(void)summary;
	write_group(output, "file", STR_NONE);
	buffer_add_cstr(output->out, "</checkstyle>\n");
}

const struct format format_checkstyle = {
	.name = "checkstyle",
	.help = "XML in the form of Checkstyle",
	.begin = begin,
	.finding = write_finding,
	.failure = write_failure,
	.end = end,
};
