/*
 * JUnit's XML: a suite for each file, a failed case for each finding; and a
 * passed one for each zone without, so that servers see that tests were run.
 */
#include "output/output.h"

static void
begin(struct output *output)
{
	buffer_add_cstr(output->out, "<?xml version=\"1.0\" "
	    "encoding=\"UTF-8\"?>\n<testsuites name=\"mailzone\">\n");
}

static void
close_suite(struct output *output)
{
	if (output->group.p != NULL)
		buffer_add_cstr(output->out, "  </testsuite>\n");
	output->group = STR_NONE;
}

static void
open_suite(struct output *output, struct str path)
{
	if (output->group.p != NULL && str_equal(output->group, path))
		return;
	close_suite(output);
	buffer_add_cstr(output->out, "  <testsuite name=\"");
	write_xml(output->out, path);
	buffer_add_cstr(output->out, "\">\n");
	output->group = path;
}

static void
write_finding(struct output *output, const struct diag *diag,
    const struct place *start, const struct place *end)
{
	struct buffer *out = output->out;

	(void)end;
	if (diag->suppressed)
		return;
	open_suite(output, diag->span.source->path);
	buffer_printf(out, "    <testcase name=\"%s:%zu:%zu\" classname=\"",
	    diag->rule->id, start->line, start->column);
	write_xml(out, diag->span.source->path);
	buffer_printf(out, "\"><failure type=\"%s\" message=\"",
	    level_name(diag->level));
	write_xml(out, diag->message);
	buffer_add_cstr(out, "\"/></testcase>\n");
}

static void
write_zone(struct output *output, const struct zone_summary *summary)
{
	struct buffer *out = output->out;

	if (summary->errors + summary->warnings + summary->notes > 0)
		return;
	open_suite(output, summary->zone->source->path);
	buffer_add_cstr(out, "    <testcase name=\"");
	write_xml(out, name_show(summary->zone->name));
	buffer_add_cstr(out, "\" classname=\"");
	write_xml(out, summary->zone->source->path);
	buffer_add_cstr(out, "\"/>\n");
}

static void
write_failure(struct output *output, struct str path, struct str why)
{
	open_suite(output, path);
	buffer_add_cstr(output->out, "    <testcase name=\"read\" "
	    "classname=\"");
	write_xml(output->out, path);
	buffer_add_cstr(output->out, "\"><error message=\"");
	write_xml(output->out, why);
	buffer_add_cstr(output->out, "\"/></testcase>\n");
}

static void
end(struct output *output, const struct run_summary *summary)
{
	(void)summary;
	close_suite(output);
	buffer_add_cstr(output->out, "</testsuites>\n");
}

const struct format format_junit = {
	.name = "junit",
	.help = "XML in the form of JUnit, a case for each finding or zone",
	.begin = begin,
	.finding = write_finding,
	.zone = write_zone,
	.failure = write_failure,
	.end = end,
};
