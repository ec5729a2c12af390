/*
 * The baseline: findings that were there when somebody began to look, one
 * fingerprint a line, so that only new ones count.
 */
#include <stdlib.h>

#include "base/arena.h"
#include "base/file.h"
#include "command/judgement.h"

/* "3f2a9c1de07b44aa:1 spf-all-pass example.com www.example.com" */
struct line {
	struct span span;
	struct str text, fingerprint, rule, zone;
	struct str comment;		/* the lines above that begin with # */
	bool used;
};

struct baseline {
	struct source *source;
	struct line *lines;		/* sorted by fingerprint */
	size_t count;
	struct str head;		/* comments above the first line */
	struct str open;		/* those above the next one */
};

static int
compare_lines(const void *a, const void *b)
{
	const struct line *x = a, *y = b;
	int order = str_compare(x->fingerprint, y->fingerprint);

	return order != 0 ? order :
	    (x->span.start > y->span.start) - (x->span.start < y->span.start);
}

/* What stands between two comments, nothing or blank lines, is one of them. */
static void
read_comment(struct baseline *baseline, struct str text)
{
	if (baseline->open.p == NULL)
		baseline->open.p = text.p;
	baseline->open.n = (size_t)(text.p + text.n - baseline->open.p);
}

static void
read_line(struct baseline *baseline, struct str text)
{
	struct line *line = &baseline->lines[baseline->count];
	size_t start = (size_t)(text.p - baseline->source->text.p);
	struct str rest;

	if (str_ends(text, STR("\r")))
		text.n--;
	if (text.n > 0 && text.p[0] == '#')
		read_comment(baseline, text);
	if (text.n == 0 || text.p[0] == '#')
		return;
	if (baseline->count == 0)
		baseline->head = baseline->open;
	else
		line->comment = baseline->open;
	baseline->open = STR_NONE;
	line->span = (struct span){ baseline->source, start, start + text.n };
	line->text = rest = text;
	str_split(&rest, ' ', &line->fingerprint);
	str_split(&rest, ' ', &line->rule);
	str_split(&rest, ' ', &line->zone);
	baseline->count++;
}

/* False after saying why the file cannot be read. */
static bool
read_baseline(struct run *run, struct str path, bool may_be_absent,
    struct baseline *baseline)
{
	struct str rest, line;
	size_t count = 1, i;

	if (may_be_absent && !file_exists(path))
		return true;
	baseline->source = file_read(run->arena, path);
	if (baseline->source == NULL) {
		run_fail_errno(run, path);
		return false;
	}
	rest = baseline->source->text;
	for (i = 0; i < rest.n; i++)
		count += rest.p[i] == '\n';
	baseline->lines = ARENA_ARRAY(run->arena, count, struct line);
	while (str_split(&rest, '\n', &line))
		read_line(baseline, line);
	if (baseline->count == 0) {
		baseline->head = baseline->open;
		baseline->open = STR_NONE;
	}
	if (baseline->count > 0)
		qsort(baseline->lines, baseline->count,
		    sizeof(*baseline->lines), compare_lines);
	return true;
}

static struct line *
find_line(const struct baseline *baseline, struct str fingerprint)
{
	size_t low = 0, high = baseline->count, middle;

	while (low < high) {
		middle = low + (high - low) / 2;
		if (str_compare(baseline->lines[middle].fingerprint,
		    fingerprint) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low < baseline->count &&
	    str_equal(baseline->lines[low].fingerprint, fingerprint) ?
	    &baseline->lines[low] : NULL;
}

/* ---- what the run cannot know -------------------------------------------- */

static bool
was_judged(const struct judgement *judgement, struct str name)
{
	size_t i;

	for (i = 0; i < judgement->zone_count; i++)
		if (str_equal(judgement->zones[i].zone->name, name))
			return true;
	return false;
}

/* Would the finding have been told, had it still been there? */
static bool
is_stale(const struct judgement *judgement, const struct line *line)
{
	const struct run *run = judgement->run;
	const struct rule *rule = rule_find(line->rule);

	if (line->used)
		return false;
	if (rule == NULL || line->zone.n == 0)
		return true;
	return rule_speaks(rule, &judgement->selection, run->config) &&
	    (str_is(line->zone, "-") || was_judged(judgement, line->zone));
}

/* ---- looking ------------------------------------------------------------- */

static void
accept(struct arena *arena, struct diag *diag)
{
	if (diag->suppressed)
		return;
	diag->suppressed = true;
	diag->external = true;
	diag_rest_of(arena, diag)->reason = STR("baseline");
}

static void
mark_known(struct judgement *judgement, struct baseline *baseline)
{
	char room[FINGERPRINT_MAX];
	struct line *line;
	struct diag *diag;

	for (diag = judgement->diags.first; diag != NULL; diag = diag->next) {
		line = find_line(baseline, diag_fingerprint(diag, room));
		if (line == NULL)
			continue;
		line->used = true;
		accept(judgement->run->arena, diag);
	}
}

static void
object_to_stale(struct judgement *judgement, const struct baseline *baseline)
{
	const struct rule *rule = rule_find(STR("suppression-unused"));
	enum level level = rule_level(rule, &judgement->selection,
	    judgement->run->config);
	struct arena *arena = judgement->run->arena;
	struct diag *diag;
	size_t i;

	if (level == LEVEL_OFF || level < judgement->selection.min_level)
		return;
	for (i = 0; i < baseline->count; i++) {
		if (!is_stale(judgement, &baseline->lines[i]))
			continue;
		diag = ARENA_NEW(arena, struct diag);
		diag->rule = rule;
		diag->level = (uint8_t)level;
		diag->span = baseline->lines[i].span;
		diag_set_entry(arena, diag, diag->span);
		/* Its own is that of the finding that is gone. */
		diag_rest_of(arena, diag)->fingerprint =
		    baseline->lines[i].fingerprint;
		diag->message.format = "the finding of this line is gone, and "
		    "the line would hide its return";
		diag->help.format = "--update-baseline leaves it out";
		diags_add(&judgement->diags, diag);
	}
	diags_sort(&judgement->diags, arena);
}

/* ---- writing ------------------------------------------------------------- */

/* A line of the file to be. */
struct entry {
	struct str text, comment;
};

static struct entry
entry_of(struct arena *arena, const struct baseline *baseline,
    const struct diag *diag)
{
	struct str zone = diag->zone == NULL ? STR("-") :
	    name_show(diag->zone->name);
	struct str owner = diag->owner == NULL ? zone :
	    name_show(diag_owner(diag));
	char room[FINGERPRINT_MAX];
	struct str fingerprint = diag_fingerprint(diag, room);
	const struct line *line = find_line(baseline, fingerprint);

	return (struct entry){ arena_printf(arena, "%.*s %s %.*s %.*s",
	    STR_ARG(fingerprint), diag->rule->id, STR_ARG(zone),
	    STR_ARG(owner)), line == NULL ? STR_NONE : line->comment };
}

static int
compare_entries(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;

	return str_compare(x->text, y->text);
}

static void
write_line(struct buffer *out, struct str text)
{
	if (text.n == 0)
		return;
	buffer_add(out, text);
	buffer_add_byte(out, '\n');
}

/* Is it a fingerprint, as "3f2a9c1de07b44aa:1"? */
static bool
is_fingerprint(struct str text)
{
	size_t colon = str_find(text, ':'), i;

	for (i = 0; i < colon && i < text.n; i++)
		if (byte_hex_value((unsigned char)text.p[i]) < 0)
			return false;
	return colon == 16 && text.n > colon + 1;
}

/* A zone file, or whatever else was named by mistake, is not overwritten. */
static bool
is_baseline(const struct baseline *baseline)
{
	size_t i = 0;

	while (i < baseline->count &&
	    !is_fingerprint(baseline->lines[i].fingerprint))
		i++;
	return baseline->count == 0 || i < baseline->count;
}

/*
 * What was found and is not suppressed elsewhere, and the lines about which
 * this run knows nothing: other zones, rules that had no turn.
 */
static void
update(struct judgement *judgement, struct baseline *baseline,
    struct str path)
{
	struct run *run = judgement->run;
	struct buffer out = { 0 };
	struct entry *entries;
	struct diag *diag;
	size_t count = 0, i;

	entries = ARENA_ARRAY(run->arena, judgement->diags.count +
	    baseline->count + 1, struct entry);
	for (diag = judgement->diags.first; diag != NULL; diag = diag->next)
		if (!diag->suppressed)
			entries[count++] = entry_of(run->arena, baseline,
			    diag);
	mark_known(judgement, baseline);
	/* The new ones are known from now on, too. */
	for (diag = judgement->diags.first; diag != NULL; diag = diag->next)
		accept(run->arena, diag);
	for (i = 0; i < baseline->count; i++)
		if (!baseline->lines[i].used &&
		    !is_stale(judgement, &baseline->lines[i]))
			entries[count++] = (struct entry){
			    baseline->lines[i].text,
			    baseline->lines[i].comment };
	qsort(entries, count, sizeof(*entries), compare_entries);
	write_line(&out, baseline->head);
	for (i = 0; i < count; i++) {
		write_line(&out, entries[i].comment);
		write_line(&out, entries[i].text);
	}
	write_line(&out, baseline->open);
	if (!file_write(path, buffer_str(&out), 0644))
		run_fail_errno(run, path);
	else
		run_say(run, "%.*s: %zu finding%s", STR_ARG(path), count,
		    count == 1 ? "" : "s");
	buffer_free(&out);
}

bool
judgement_baseline(struct judgement *judgement)
{
	struct run *run = judgement->run;
	struct str path = option_value(run, "baseline");
	bool updates = option_given(run, "update-baseline");
	struct baseline baseline = { .count = 0 };

	if (path.p == NULL && updates) {
		run_usage(run, "--update-baseline needs --baseline FILE");
		return false;
	}
	if (path.p == NULL)
		return true;
	if (!read_baseline(run, path, updates, &baseline))
		return false;
	if (updates && !is_baseline(&baseline)) {
		run_fail(run, path, "this is no baseline, and it would be "
		    "lost");
		return false;
	}
	if (updates) {
		update(judgement, &baseline, path);
		return true;
	}
	mark_known(judgement, &baseline);
	object_to_stale(judgement, &baseline);
	return true;
}
