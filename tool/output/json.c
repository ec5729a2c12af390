/*
 * For programs: ndjson is one object a line, json one document of the same
 * objects less "v" and "type".
 */
#include <limits.h>
#include <string.h>

#include "base/arena.h"
#include "output/output.h"

/* ---- the objects --------------------------------------------------------- */

static const char *const fix_names[] = {
	[FIX_NONE] = "none", [FIX_SAFE] = "safe", [FIX_UNSAFE] = "unsafe",
};

static void
write_line_type(struct json *json, const char *type)
{
	json_number(json, "v", 1);
	json_cstr(json, "type", type);
}

static void
write_span(struct json *json, struct place_finder *finder, struct span span)
{
	struct place place = place_near(finder, span);

	json_str(json, "path", span.source->path);
	json_number(json, "line", place.line);
	json_number(json, "column", place.column);
}

static void
write_related(struct output *output, struct json *json,
    const struct finding *finding)
{
	struct span include = source_included(finding->diag->span.source);
	const struct note *note = diag_rest(finding->diag)->notes;

	if (note == NULL && span_is_none(include)) {
		json_put_raw(json, json_key("related"), STR("[]"));
		return;
	}
	json_begin_array(json, "related");
	for (; note != NULL; note = note->next) {
		json_begin_object(json, NULL);
		if (!span_is_none(note->span))
			write_span(json, &output->related, note->span);
		json_str(json, "message", saying_text(note->text,
		    finding->room));
		json_end_object(json);
	}
	for (; !span_is_none(include); include = source_included(
	    include.source)) {
		json_begin_object(json, NULL);
		write_span(json, &output->related, include);
		json_cstr(json, "message", "included from here");
		json_end_object(json);
	}
	json_end_array(json);
}

/* Who speaks, and of which zone. */
static void
write_subject(struct json *json, const struct finding *finding)
{
	const struct diag *diag = finding->diag;

	json_cstr(json, "rule", diag->rule->id);
	json_cstr(json, "level", level_name(diag->level));
	if (diag->zone != NULL)
		json_str(json, "zone", name_show(diag->zone->name));
	else
		json_no_value(json, "zone");
}

/* The same at the start of a line. */
static void
write_line_subject(struct json *json, const struct finding *finding)
{
	write_line_type(json, "finding");
	write_subject(json, finding);
}

static void
write_type_and_path(struct json *json, const struct finding *finding)
{
	const struct diag *diag = finding->diag;
	struct arena *arena = arena_new();

	if (diag->type == 0)
		json_no_value(json, "rrtype");
	else
		json_str(json, "rrtype", rrtype_name(arena, diag->type));
	json_str(json, "path", diag->span.source->path);
	arena_free(arena);
}

static void
write_remedy(struct json *json, const struct finding *finding)
{
	json_str(json, "help", finding->help);
	json_cstr(json, "fix", fix_names[finding->diag->fix]);
	json_bool(json, "suppressed", finding->diag->suppressed);
}

/* Where the text of such a part is kept, until others take its place. */
static struct part_text *
place_of_part(struct output *output, const struct part_key *key)
{
	uint64_t sum = ((uint64_t)(uintptr_t)key->one * 31 +
	    (uintptr_t)key->other) * 31 + key->number;

	return &output->parts[(sum * 0x9e3779b97f4a7c15 >> 32) %
	    OUTPUT_PARTS];
}

/* Most findings have what follows from such a key from one before. */
static void
write_part(struct output *output, struct json *json,
    const struct finding *finding, struct part_key key,
    void write(struct json *, const struct finding *))
{
	struct part_text *kept = place_of_part(output, &key);
	size_t start = json->out->n;

	if (kept->n > 0 && kept->key.one == key.one &&
	    kept->key.other == key.other && kept->key.number == key.number) {
		json_put_members(json, (struct str){ kept->text, kept->n });
		return;
	}
	write(json, finding);
	kept->key = key;
	kept->n = json->out->n - start;
	if (kept->n > sizeof(kept->text))
		kept->n = 0;
	else
		memcpy(kept->text, json->out->p + start, kept->n);
}

/* Help that is made for a finding has a text like no other. */
static void
write_help(struct output *output, struct json *json,
    const struct finding *finding)
{
	const struct diag *diag = finding->diag;

	if (saying_is_constant(diag->help))
		write_part(output, json, finding, (struct part_key){
		    diag->help.format, fix_names, diag->fix * 2U +
		    diag->suppressed }, write_remedy);
	else
		write_remedy(json, finding);
}

static void
write_zone_list(struct json *json, const struct diag_rest *rest)
{
	size_t i;

	if (rest->zone_count < 2)
		return;
	json_begin_array(json, "zones");
	for (i = 0; i < rest->zone_count; i++)
		json_str(json, NULL, name_show(rest->zones[i]));
	json_end_array(json);
}

static void
write_finding_fields(struct output *output, struct json *json,
    const struct finding *finding)
{
	const struct diag *diag = finding->diag;
	const struct diag_rest *rest = diag_rest(diag);

	if (diag->owner != NULL)
		json_str(json, "owner", name_show(diag_owner(diag)));
	else
		json_no_value(json, "owner");
	write_part(output, json, finding, (struct part_key){
	    diag->span.source, NULL, diag->type }, write_type_and_path);
	json_number(json, "line", finding->start.line);
	json_number(json, "column", finding->start.column);
	json_number(json, "endLine", finding->end.line);
	json_number(json, "endColumn", finding->end.column);
	json_str(json, "message", finding->message);
	write_help(output, json, finding);
	if (diag->suppressed && rest->reason.p != NULL)
		json_str(json, "reason", rest->reason);
	json_str(json, "fingerprint", finding->fingerprint);
	write_zone_list(json, rest);
	write_related(output, json, finding);
}

/* Its names, and where it stands. */
static void
write_zone_names(struct json *json, const struct zone *zone)
{
	size_t i;

	json_str(json, "zone", name_show(zone->name));
	json_str(json, "path", zone->source->path);
	if (zone->view.n > 0)
		json_str(json, "view", zone->view);
	if (zone->also_count > 0) {
		json_begin_array(json, "zones");
		json_str(json, NULL, name_show(zone->name));
		for (i = 0; i < zone->also_count; i++)
			json_str(json, NULL, name_show(zone->also[i]));
		json_end_array(json);
	}
}

/* What is known of it; other zones may have the same, see write_again(). */
static void
write_zone_facts(struct json *json, const struct zone_facts *facts)
{
	const struct zone_standing *standing = &facts->standing;

	json_number(json, "records", facts->records);
	json_cstr(json, "spf", standing->spf);
	json_begin_object(json, "lookups");
	json_number(json, "min", standing->lookups_min);
	if (standing->lookups_max == UINT_MAX)
		json_no_value(json, "max");
	else
		json_number(json, "max", standing->lookups_max);
	json_end_object(json);
	json_number(json, "voids", standing->voids);
	json_begin_object(json, "dmarc");
	json_cstr(json, "rfc7489", outcome_name(standing->dmarc[MODEL_7489]));
	json_cstr(json, "rfc9989", outcome_name(standing->dmarc[MODEL_9989]));
	json_end_object(json);
	json_number(json, "dkim", facts->dkim);
	json_number(json, "errors", facts->errors);
	json_number(json, "warnings", facts->warnings);
	json_number(json, "notes", facts->notes);
}

static void
write_summary_fields(struct json *json, const struct run_summary *summary)
{
	json_number(json, "zones", summary->zones);
	json_number(json, "records", summary->records);
	json_number(json, "errors", summary->errors);
	json_number(json, "warnings", summary->warnings);
	json_number(json, "notes", summary->notes);
	json_number(json, "suppressed", summary->suppressed);
	json_number(json, "failedInputs", summary->failed_inputs);
}

void
json_failure_fields(struct json *json, struct str path, struct str why)
{
	json_str(json, "path", path);
	json_no_value(json, "line");
	json_no_value(json, "column");
	json_str(json, "message", why);
}

static void
write_served_fields(struct json *json, const struct served_row *row)
{
	struct arena *arena = arena_new();

	json_str(json, "zone", name_show(row->zone));
	json_str(json, "server", row->server);
	json_str(json, "owner", name_show(row->wanted->owner));
	json_str(json, "rrtype", rrtype_name(arena, row->wanted->type));
	json_cstr(json, "state", row->state);
	if (row->found != NULL)
		json_number(json, "ttl", row->found->ttl);
	else
		json_no_value(json, "ttl");
	json_octets(json, "rdata", row->rdata);
	arena_free(arena);
}

/* ---- one object a line --------------------------------------------------- */

static struct json
line_begin(struct output *output, const char *type)
{
	struct json json = { .out = output->out };

	json_begin_object(&json, NULL);
	write_line_type(&json, type);
	return json;
}

static void
line_end(struct json *json)
{
	json_end_object(json);
	buffer_add_byte(json->out, '\n');
}

/*
 * Zones differ in their names, and have few facts: most are copied. The text of
 * some is kept until others take its place.
 */
static void
write_again(struct output *output, struct json *json,
    const struct zone_facts *facts)
{
	struct facts_text *kept = &output->facts[zone_facts_hash(facts) %
	    OUTPUT_FACTS];
	size_t start = json->out->n;

	if (kept->n > 0 && zone_facts_same(&kept->facts, facts)) {
		buffer_add(json->out, (struct str){ kept->text, kept->n });
		return;
	}
	write_zone_facts(json, facts);
	kept->facts = *facts;
	kept->n = json->out->n - start;
	if (kept->n > sizeof(kept->text))
		kept->n = 0;
	else
		memcpy(kept->text, json->out->p + start, kept->n);
}

static void
line_finding(struct output *output, const struct finding *finding)
{
	const struct diag *diag = finding->diag;
	struct json json = { .out = output->out };

	json_begin_object(&json, NULL);
	write_part(output, &json, finding, (struct part_key){ diag->rule,
	    diag->zone, diag->level }, write_line_subject);
	write_finding_fields(output, &json, finding);
	line_end(&json);
}

static void
line_zone(struct output *output, const struct zone_summary *summary)
{
	struct json json = line_begin(output, "zone");

	write_zone_names(&json, summary->zone);
	write_again(output, &json, summary->facts);
	line_end(&json);
}

static void
line_served(struct output *output, const struct served_row *row)
{
	struct json json = line_begin(output, "answer");

	write_served_fields(&json, row);
	line_end(&json);
}

static void
line_failure(struct output *output, struct str path, struct str why)
{
	struct json json = line_begin(output, "error");

	json_failure_fields(&json, path, why);
	line_end(&json);
}

static void
line_summary(struct output *output, const struct run_summary *summary)
{
	struct json json = line_begin(output, "summary");

	write_summary_fields(&json, summary);
	line_end(&json);
}

const struct format format_ndjson = {
	.name = "ndjson",
	.help = "for programs: one JSON object a line",
	.apart = true,
	.finding = line_finding,
	.zone = line_zone,
	.served = line_served,
	.failure = line_failure,
	.end = line_summary,
};

/* ---- one document -------------------------------------------------------- */

/* Lists come in this order; each is opened when its first item comes. */
enum { PART_FINDINGS, PART_ZONES, PART_ERRORS, PART_ANSWERS };

static const char *const part_names[] = {
	[PART_FINDINGS] = "findings", [PART_ZONES] = "zones",
	[PART_ERRORS] = "errors", [PART_ANSWERS] = "answers",
};

static void
document_begin(struct output *output)
{
	output->json = (struct json){ .out = output->out, .indent = 2 };
	json_begin_object(&output->json, NULL);
	json_number(&output->json, "v", 1);
	json_begin_array(&output->json, part_names[PART_FINDINGS]);
	output->part = PART_FINDINGS;
}

static struct json *
item_begin(struct output *output, unsigned part)
{
	while (output->part < part) {
		json_end_array(&output->json);
		json_begin_array(&output->json, part_names[++output->part]);
	}
	json_begin_object(&output->json, NULL);
	return &output->json;
}

static void
document_finding(struct output *output, const struct finding *finding)
{
	const struct diag *diag = finding->diag;
	struct json *json = item_begin(output, PART_FINDINGS);

	write_part(output, json, finding, (struct part_key){ diag->rule,
	    diag->zone, diag->level }, write_subject);
	write_finding_fields(output, json, finding);
	json_end_object(json);
}

static void
document_zone(struct output *output, const struct zone_summary *summary)
{
	struct json *json = item_begin(output, PART_ZONES);

	write_zone_names(json, summary->zone);
	write_zone_facts(json, summary->facts);
	json_end_object(json);
}

static void
document_failure(struct output *output, struct str path, struct str why)
{
	json_failure_fields(item_begin(output, PART_ERRORS), path, why);
	json_end_object(&output->json);
}

static void
document_served(struct output *output, const struct served_row *row)
{
	write_served_fields(item_begin(output, PART_ANSWERS), row);
	json_end_object(&output->json);
}

static void
document_end(struct output *output, const struct run_summary *summary)
{
	if (output->part < PART_ZONES) {
		json_end_array(&output->json);
		json_begin_array(&output->json, part_names[PART_ZONES]);
	}
	json_end_array(&output->json);
	json_begin_object(&output->json, "summary");
	write_summary_fields(&output->json, summary);
	json_end_object(&output->json);
	json_end_object(&output->json);
	buffer_add_byte(output->out, '\n');
}

const struct format format_json = {
	.name = "json",
	.help = "for programs: one JSON document",
	.begin = document_begin,
	.finding = document_finding,
	.zone = document_zone,
	.served = document_served,
	.failure = document_failure,
	.end = document_end,
};
