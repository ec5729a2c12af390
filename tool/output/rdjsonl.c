/* Reviewdog's diagnostics, one object a line. */
#include "output/output.h"

static const char *const severities[] = {
	[LEVEL_NOTE] = "INFO", [LEVEL_WARNING] = "WARNING",
	[LEVEL_ERROR] = "ERROR",
};

static void
write_place(struct json *json, const char *key, const struct place *place)
{
	json_begin_object(json, key);
	json_number(json, "line", place->line);
	json_number(json, "column", place->column);
	json_end_object(json);
}

static void
write_range(struct json *json, const struct place *start,
    const struct place *end)
{
	json_begin_object(json, "range");
	write_place(json, "start", start);
	write_place(json, "end", end);
	json_end_object(json);
}

/*
 * Readers apply suggestions one by one, and half a fix is worse than none: it
 * has to be a single edit, in the file that the finding is in.
 */
static void
write_suggestion(struct output *output, struct json *json,
    const struct diag *diag)
{
	const struct edit *edit = diag->edits;
	struct place start, end;
	struct span last;

	if (diag->fix != FIX_SAFE || edit == NULL || edit->next != NULL ||
	    edit->span.source != diag->span.source)
		return;
	last = edit->span;
	last.start = last.end;
	start = place_near(&output->related, edit->span);
	end = place_near(&output->related, last);
	json_begin_array(json, "suggestions");
	json_begin_object(json, NULL);
	write_range(json, &start, &end);
	json_str(json, "text", edit->replacement);
	json_end_object(json);
	json_end_array(json);
}

static void
write_finding(struct output *output, const struct diag *diag,
    const struct place *start, const struct place *end)
{
	struct json json = { .out = output->out };

	if (diag->suppressed)
		return;
	json_begin_object(&json, NULL);
	json_str(&json, "message", diag->message);
	json_begin_object(&json, "location");
	json_str(&json, "path", diag->span.source->path);
	write_range(&json, start, end);
	json_end_object(&json);
	json_cstr(&json, "severity", severities[diag->level]);
	json_begin_object(&json, "source");
	json_cstr(&json, "name", "mailzone");
	json_end_object(&json);
	json_begin_object(&json, "code");
	json_cstr(&json, "value", diag->rule->id);
	json_end_object(&json);
	write_suggestion(output, &json, diag);
	json_end_object(&json);
	buffer_add_byte(output->out, '\n');
}

static void
write_failure(struct output *output, struct str path, struct str why)
{
	struct json json = { .out = output->out };

	json_begin_object(&json, NULL);
	json_str(&json, "message", why);
	json_begin_object(&json, "location");
	json_str(&json, "path", path);
	json_end_object(&json);
	json_cstr(&json, "severity", severities[LEVEL_ERROR]);
	json_begin_object(&json, "source");
	json_cstr(&json, "name", "mailzone");
	json_end_object(&json);
	json_end_object(&json);
	buffer_add_byte(output->out, '\n');
}

const struct format format_rdjsonl = {
	.name = "rdjsonl",
	.help = "diagnostics for reviewdog, one JSON object a line",
	.finding = write_finding,
	.failure = write_failure,
};
