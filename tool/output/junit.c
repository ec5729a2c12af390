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
write_finding(struct output *output, const struct finding *finding)
{
	const struct diag *diag = finding->diag;
	struct buffer *out = output->out;

	if (diag->suppressed)
		return;
	write_group(output, "testsuite", diag->span.source->path);
	buffer_printf(out, "    <testcase name=\"%s:%zu:%zu\" classname=\"",
	    diag->rule->id, finding->start.line, finding->start.column);
	write_xml(out, diag->span.source->path);
	buffer_printf(out, "\"><failure type=\"%s\" message=\"",
	    level_name(diag->level));
	write_xml(out, finding->message);
	buffer_add_cstr(out, "\"/></testcase>\n");
}

static void
write_zone(struct output *output, const struct zone_summary *summary)
{
	const struct zone_facts *facts = summary->facts;
	struct buffer *out = output->out;

	if (facts->errors + facts->warnings + facts->notes > 0)
		return;
	write_group(output, "testsuite", summary->zone->source->path);
	buffer_add_cstr(out, "    <testcase name=\"");
	write_xml(out, name_show(summary->zone->name));
	buffer_add_cstr(out, "\" classname=\"");
	write_xml(out, summary->zone->source->path);
	buffer_add_cstr(out, "\"/>\n");
}

static void
write_failure(struct output *output, struct str path, struct str why)
{
	write_group(output, "testsuite", path);
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
	write_group(output, "testsuite", STR_NONE);
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
