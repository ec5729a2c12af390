/* Reviewdog's diagnostics, one object a line. */
#include "base/arena.h"
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
 * Readers apply suggestions one by one, and half a fix is worse than none: all
 * its edits, with what lies between them, become one.
 */
static struct span
join_edits(const struct edit **edits, size_t count, struct buffer *text)
{
	struct span whole = edits[0]->span;
	size_t i;

	for (i = 0; i < count; i++) {
		if (i > 0)
			buffer_add(text, str_slice(whole.source->text,
			    whole.end, edits[i]->span.start));
		buffer_add(text, edits[i]->replacement);
		whole.end = edits[i]->span.end;
	}
	return whole;
}

static void
write_suggestion(struct output *output, struct json *json,
    const struct diag *diag)
{
	struct arena *arena = arena_new();
	struct buffer text = { 0 };
	const struct edit **edits;
	struct place start, end;
	struct span whole, last;
	size_t count;

	edits = diag_edits(arena, diag, &count);
	if (diag->fix != FIX_SAFE || edits == NULL || count == 0 ||
	    edits[0]->span.source != diag->span.source) {
		arena_free(arena);
		return;
	}
	whole = join_edits(edits, count, &text);
	last = whole;
	last.start = last.end;
	start = place_near(&output->related, whole);
	end = place_near(&output->related, last);
	json_begin_array(json, "suggestions");
	json_begin_object(json, NULL);
	write_range(json, &start, &end);
	json_str(json, "text", buffer_str(&text));
	json_end_object(json);
	json_end_array(json);
	buffer_free(&text);
	arena_free(arena);
}

static void
write_finding(struct output *output, const struct finding *finding)
{
	const struct diag *diag = finding->diag;
	struct json json = { .out = output->out };

	if (diag->suppressed)
		return;
	json_begin_object(&json, NULL);
	json_str(&json, "message", finding->message);
	json_begin_object(&json, "location");
	json_str(&json, "path", diag->span.source->path);
	write_range(&json, &finding->start, &finding->end);
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
	.edits = true,
	.texts = true,
	.apart = true,
	.finding = write_finding,
	.failure = write_failure,
};
