/*
 * SARIF 2.1.0, as code scanning of GitHub and others read it. The rules stand
 * behind the results: only those that a result names.
 */
#include <assert.h>

#include "output/output.h"

/* Readers refuse more results; the most of a full text of a rule. */
enum { MAX_RESULTS = 25000, MAX_TEXT = 1024 };
enum { PART_RESULTS, PART_NOTIFICATIONS };

static void
begin(struct output *output)
{
	struct json *json = &output->json;

	*json = (struct json){ .out = output->out, .indent = 2 };
	output->part = PART_RESULTS;
	json_begin_object(json, NULL);
	json_cstr(json, "$schema",
	    "https://json.schemastore.org/sarif-2.1.0.json");
	json_cstr(json, "version", "2.1.0");
	json_begin_array(json, "runs");
	json_begin_object(json, NULL);
	json_cstr(json, "columnKind", "unicodeCodePoints");
	json_begin_array(json, "results");
}

static void
write_text(struct json *json, const char *key, struct str text)
{
	json_begin_object(json, key);
	json_str(json, "text", str_slice(text, 0, MAX_TEXT));
	json_end_object(json);
}

/* ---- places -------------------------------------------------------------- */

/* A path as a URI reference: RFC 3986 section 3.3. */
static void
write_uri(struct json *json, struct str path)
{
	static const struct str plain = STR_INIT("-._~/!$'()*+,;=@");
	struct buffer uri = { 0 };
	size_t i;
	int byte;

	if (str_starts(path, STR("./")))
		path = str_after(path, 2);
	for (i = 0; i < path.n; i++) {
		byte = (unsigned char)path.p[i];
		if (byte_is_letter(byte) || byte_is_digit(byte) ||
		    str_has(plain, byte))
			buffer_add_byte(&uri, byte);
		else
			buffer_printf(&uri, "%%%02X", (unsigned)byte);
	}
	json_begin_object(json, "artifactLocation");
	json_str(json, "uri", buffer_str(&uri));
	json_end_object(json);
	buffer_free(&uri);
}

static void
write_location(struct json *json, struct str path, const struct place *start,
    const struct place *end)
{
	json_begin_object(json, "physicalLocation");
	write_uri(json, path);
	if (start != NULL) {
		json_begin_object(json, "region");
		json_number(json, "startLine", start->line);
		json_number(json, "startColumn", place_characters(start));
		if (end != NULL) {
			json_number(json, "endLine", end->line);
			json_number(json, "endColumn",
			    place_characters(end));
		}
		json_end_object(json);
	}
	json_end_object(json);
}

static void
write_related(struct output *output, const struct finding *finding)
{
	struct json *json = &output->json;
	const struct note *note = diag_rest(finding->diag)->notes;
	struct place place;

	json_begin_array(json, "relatedLocations");
	for (; note != NULL; note = note->next) {
		if (span_is_none(note->span))
			continue;
		place = place_near(&output->related, note->span);
		json_begin_object(json, NULL);
		write_location(json, note->span.source->path, &place, NULL);
		write_text(json, "message", saying_text(note->text,
		    finding->room));
		json_end_object(json);
	}
	json_end_array(json);
}

/* ---- results ------------------------------------------------------------- */

/* The index of a rule in the list that is written at the end. */
static size_t
rule_index(struct output *output, const struct rule *rule)
{
	size_t i;

	for (i = 0; i < output->rule_count; i++)
		if (output->rules[i] == rule)
			return i;
	assert(output->rule_count < OUTPUT_RULES);
	output->rules[output->rule_count] = rule;
	return output->rule_count++;
}

static void
write_suppression(struct json *json, const struct diag *diag)
{
	struct str reason = diag_rest(diag)->reason;

	if (!diag->suppressed)
		return;
	json_begin_array(json, "suppressions");
	json_begin_object(json, NULL);
	json_cstr(json, "kind", diag->external ? "external" : "inSource");
	if (reason.n > 0)
		json_str(json, "justification", reason);
	json_end_object(json);
	json_end_array(json);
}

static void
write_finding(struct output *output, const struct finding *finding)
{
	const struct diag *diag = finding->diag;
	struct json *json = &output->json;

	json_begin_object(json, NULL);
	json_cstr(json, "ruleId", diag->rule->id);
	json_number(json, "ruleIndex", rule_index(output, diag->rule));
	json_cstr(json, "level", level_name(diag->level));
	write_text(json, "message", finding->message);
	json_begin_array(json, "locations");
	json_begin_object(json, NULL);
	write_location(json, diag->span.source->path, &finding->start,
	    &finding->end);
	json_end_object(json);
	json_end_array(json);
	write_related(output, finding);
	json_begin_object(json, "partialFingerprints");
	json_str(json, "primaryLocationLineHash", finding->fingerprint);
	json_str(json, "mailzone/v1", finding->fingerprint);
	json_end_object(json);
	write_suppression(json, diag);
	json_end_object(json);
}

/* ---- the run ------------------------------------------------------------- */

static void
open_notifications(struct output *output, bool successful)
{
	struct json *json = &output->json;

	if (output->part == PART_NOTIFICATIONS)
		return;
	output->part = PART_NOTIFICATIONS;
	json_end_array(json);
	json_begin_array(json, "invocations");
	json_begin_object(json, NULL);
	json_bool(json, "executionSuccessful", successful);
	json_begin_array(json, "toolExecutionNotifications");
}

static void
write_failure(struct output *output, struct str path, struct str why)
{
	struct json *json = &output->json;

	open_notifications(output, false);
	json_begin_object(json, NULL);
	json_cstr(json, "level", "error");
	write_text(json, "message", why);
	json_begin_array(json, "locations");
	json_begin_object(json, NULL);
	write_location(json, path, NULL, NULL);
	json_end_object(json);
	json_end_array(json);
	json_end_object(json);
}

static void
write_rule(struct json *json, const struct rule *rule)
{
	struct buffer help = { 0 };

	buffer_printf(&help, "%s (%s)", rule->rationale, rule->citation);
	json_begin_object(json, NULL);
	json_cstr(json, "id", rule->id);
	write_text(json, "shortDescription", str_from(rule->summary));
	write_text(json, "fullDescription", str_from(rule->rationale));
	write_text(json, "help", buffer_str(&help));
	json_begin_object(json, "defaultConfiguration");
	json_cstr(json, "level", rule->level == LEVEL_OFF ? "none" :
	    level_name(rule->level));
	json_end_object(json);
	json_end_object(json);
	buffer_free(&help);
}

static void
write_tool(struct output *output)
{
	struct json *json = &output->json;
	size_t i;

	json_begin_object(json, "tool");
	json_begin_object(json, "driver");
	json_cstr(json, "name", "mailzone");
	json_begin_array(json, "rules");
	for (i = 0; i < output->rule_count; i++)
		write_rule(json, output->rules[i]);
	json_end_array(json);
	json_end_object(json);
	json_end_object(json);
}

static void
end(struct output *output, const struct run_summary *summary)
{
	struct json *json = &output->json;

	(void)summary;
	open_notifications(output, true);
	if (output->hidden > 0) {
		json_begin_object(json, NULL);
		json_cstr(json, "level", "warning");
		write_text(json, "message", STR("there are more findings "
		    "than readers of this format accept; the worst 25,000 "
		    "are here"));
		json_end_object(json);
	}
	json_end_array(json);
	json_end_object(json);
	json_end_array(json);
	write_tool(output);
	json_end_object(json);
	json_end_array(json);
	json_end_object(json);
	buffer_add_byte(output->out, '\n');
}

const struct format format_sarif = {
	.name = "sarif",
	.help = "SARIF 2.1.0, for code scanning",
	.most = MAX_RESULTS,
	.texts = true,
	.begin = begin,
	.finding = write_finding,
	.failure = write_failure,
	.end = end,
};
