/* The report that GitLab shows as code quality: one list. */
#include "output/output.h"

static const char *const severities[] = {
	[LEVEL_NOTE] = "minor", [LEVEL_WARNING] = "major",
	[LEVEL_ERROR] = "critical",
};

static void
begin(struct output *output)
{
	output->json = (struct json){ .out = output->out, .indent = 2 };
	json_begin_array(&output->json, NULL);
}

/* Paths are relative to the repository, without "./". */
static struct str
plain_path(struct str path)
{
	return str_starts(path, STR("./")) ? str_after(path, 2) : path;
}

static void
write_place(struct json *json, struct str path, size_t line)
{
	json_begin_object(json, "location");
	json_str(json, "path", plain_path(path));
	json_begin_object(json, "lines");
	json_number(json, "begin", line);
	json_end_object(json);
	json_end_object(json);
}

static void
write_finding(struct output *output, const struct finding *finding)
{
	const struct diag *diag = finding->diag;
	struct json *json = &output->json;

	if (diag->suppressed)
		return;
	json_begin_object(json, NULL);
	json_str(json, "description", finding->message);
	json_cstr(json, "check_name", diag->rule->id);
	json_str(json, "fingerprint", finding->fingerprint);
	json_cstr(json, "severity", severities[diag->level]);
	write_place(json, diag->span.source->path, finding->start.line);
	json_end_object(json);
}

/* Nothing else in a list could say that a file was not read. */
static void
write_failure(struct output *output, struct str path, struct str why)
{
	struct json *json = &output->json;

	json_begin_object(json, NULL);
	json_str(json, "description", why);
	json_cstr(json, "check_name", "unreadable");
	json_str(json, "fingerprint", path);
	json_cstr(json, "severity", "blocker");
	write_place(json, path, 1);
	json_end_object(json);
}

static void
end(struct output *output, const struct run_summary *summary)
{
	(void)summary;
	json_end_array(&output->json);
	buffer_add_byte(output->out, '\n');
}

const struct format format_gitlab = {
	.name = "gitlab",
	.help = "a code quality report for GitLab",
	.begin = begin,
	.finding = write_finding,
	.failure = write_failure,
	.end = end,
};
