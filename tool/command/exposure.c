/* mailzone exposure: what happens to mail that strangers forge. */
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/table.h"
#include "command/command.h"

static const char *const format_choices[] = { "text", "json", "ndjson", NULL };
static const char *const fail_on_choices[] = { "exposed", "weak", "differs",
	"never", NULL };

static const struct option_row options[] = {
	{ .name = "format", .letter = 'f', .value = "FORMAT",
	  .choices = format_choices, .fallback = "text",
	  .help = "how the names are written" },
	{ .name = "name", .value = "NAME", .repeatable = true,
	  .help = "only this name, whether it exists or not" },
	{ .name = "fail-on", .value = "WHAT", .choices = fail_on_choices,
	  .fallback = "exposed",
	  .help = "exit with 1 when forged mail is delivered; weak: also "
	      "when it is quarantined; differs: when receivers of RFC 7489 "
	      "and of RFC 9989 do different things" },
	DNS_OPTION,
	{ .name = "exit-zero", .help = "exit with 0 whatever was found" },
	{ 0 }
};

static const char *const kind_words[] = {
	[NAME_APEX] = "apex", [NAME_PLAIN] = "name",
	[NAME_NONEXISTENT] = "nonexistent", [NAME_DEEP] = "deep",
	[NAME_DELEGATED] = "delegated",
};

static const char *const model_keys[] = {
	[MODEL_7489] = "rfc7489", [MODEL_9989] = "rfc9989",
};

/* All rows of a run, in the order of their zones. */
struct collection {
	struct exposure **rows;
	size_t count, room;
	size_t exposed, weak, differing;
};

/* ---- collecting ---------------------------------------------------------- */

static void
append(struct run *run, struct collection *collected, struct exposure *row)
{
	struct exposure **larger;
	unsigned rank = exposure_rank(row);

	if (collected->count == collected->room) {
		collected->room = collected->room * 2 + 64;
		larger = ARENA_ARRAY(run->arena, collected->room,
		    struct exposure *);
		if (collected->count > 0)
			memcpy(larger, collected->rows,
			    collected->count * sizeof(*larger));
		collected->rows = larger;
	}
	collected->rows[collected->count++] = row;
	collected->exposed += rank == 0;
	collected->weak += rank == 1;
	collected->differing += row->differs;
}

static bool
collect_names(struct run *run, struct collection *collected,
    const struct weakness *weaknesses)
{
	size_t position = 0;
	struct str text, name;

	while ((text = option_next(run, "name", &position)).p != NULL) {
		if (!name_typed(run->arena, text, &name)) {
			run_usage(run, "--name takes a domain name, not "
			    "\"%.*s\"", STR_ARG(text));
			return false;
		}
		append(run, collected, exposure_of_name(&run->world, run->arena,
		    name, weaknesses));
	}
	return true;
}

static bool
same_verdicts(const struct exposure *a, const struct exposure *b)
{
	const struct verdict *x, *y;
	int model;

	for (model = 0; model < MODELS; model++) {
		x = &a->verdict[model];
		y = &b->verdict[model];
		if (x->outcome != y->outcome || x->percent != y->percent ||
		    x->upper != y->upper || x->tag != y->tag ||
		    !str_equal(x->policy_domain, y->policy_domain))
			return false;
	}
	return true;
}

/* People need not be told twice what happens below a name. */
static bool
repeats(const struct exposure *row, const struct exposure *before)
{
	return row->kind == NAME_DEEP && before != NULL &&
	    before->kind == NAME_NONEXISTENT && same_verdicts(row, before);
}

/* A file may be a part of a zone, of which the rest is out of sight. */
static void
say_fragments(struct run *run)
{
	const struct zone *zone, *first = NULL;
	size_t i, count = 0;

	for (i = 0; i < run->zones.count; i++) {
		zone = run->zones.zones[i];
		if (zone->contents->has_soa || zone->contents->stray_soa ||
		    !run_is_given(run, zone->source, zone))
			continue;
		if (count++ == 0)
			first = zone;
	}
	if (count == 1)
		run_say(run, "%.*s has no SOA; taken as if it were the whole "
		    "zone", STR_ARG(first->source->path));
	else if (count > 1)
		run_say(run, "%.*s and %zu more have no SOA; taken as if they "
		    "were whole zones", STR_ARG(first->source->path),
		    count - 1);
}

static void
collect_zones(struct run *run, struct collection *collected,
    const struct weakness *weaknesses, bool text)
{
	struct exposure *row, *before;
	const struct zone *zone;
	size_t i;

	for (i = 0; i < run->zones.count; i++) {
		zone = run->zones.zones[i];
		if (!run_is_given(run, zone->source, zone))
			continue;
		before = NULL;
		for (row = exposure_of_zone(&run->world, run->arena, zone,
		    weaknesses, text); row != NULL; row = row->next) {
			if (!text || !repeats(row, before))
				append(run, collected, row);
			before = row;
		}
	}
}

/* ---- the table ----------------------------------------------------------- */

static int
compare_rows(const void *left, const void *right)
{
	const struct exposure *a = *(struct exposure *const *)left;
	const struct exposure *b = *(struct exposure *const *)right;
	unsigned x = exposure_rank(a), y = exposure_rank(b);
	int order;

	if (x != y)
		return x < y ? -1 : 1;
	if (a->zone != b->zone && a->zone != NULL && b->zone != NULL &&
	    (order = name_compare(a->zone->name, b->zone->name)) != 0)
		return order;
	if (a->kind != b->kind)
		return a->kind < b->kind ? -1 : 1;
	return name_compare(a->name, b->name);
}

static struct str
shown_name(struct run *run, const struct exposure *row)
{
	bool virtual = row->kind == NAME_NONEXISTENT ||
	    row->kind == NAME_DEEP;

	if (row->names < 2)
		return name_show(row->name);
	return arena_printf(run->arena, "%.*s and %zu %s",
	    STR_ARG(name_show(row->name)), row->names - 1,
	    virtual ? "alike" : "more");
}

enum { NAME_WIDTH = 44 };		/* of the column, at most */

static size_t
name_width(struct run *run, const struct collection *collected)
{
	size_t width = 4, i, n;

	for (i = 0; i < collected->count; i++) {
		n = shown_name(run, collected->rows[i]).n;
		if (n > width)
			width = n < NAME_WIDTH ? n : NAME_WIDTH;
	}
	return width;
}

static void
pad(struct buffer *out, size_t start, size_t width)
{
	size_t written = out->n - start;

	buffer_add_repeated(out, ' ', written < width ? width - written : 0);
	buffer_add_cstr(out, "  ");
}

static void
write_outcome(struct buffer *out, const struct verdict *verdict)
{
	size_t start = out->n;

	buffer_add_cstr(out, outcome_name(verdict->outcome));
	if (verdict->outcome == OUTCOME_PARTIAL)
		buffer_printf(out, " %u%%", verdict->percent);
	pad(out, start, sizeof("partial 99%") - 1);
}

static bool
is_trust(const struct bypass *bypass)
{
	return strcmp(bypass->weakness->by, "delegation") == 0;
}

static struct str
key_of(const struct bypass *bypass)
{
	return (struct str){ (const char *)&bypass->weakness,
	    sizeof(bypass->weakness) };
}

enum { WAYS_TOLD = 20 };		/* at the top of a zone, to people */

/* Each is explained where it comes first, and named where it comes again. */
static void
write_bypass_lines(struct run *run, struct exposure *row, struct table *told)
{
	struct buffer *out = &run->out, again = { 0 };
	const struct bypass *bypass;
	struct str last = STR_NONE;
	size_t ways = 0;

	for (bypass = row->bypass; bypass != NULL; bypass = bypass->next) {
		if (!is_trust(bypass) && ++ways > WAYS_TOLD)
			continue;
		if (table_add(told, run->arena, key_of(bypass), row) != row) {
			/* Of one name the ways follow each other. */
			if (again.n > 0 && str_equal(last,
			    bypass->weakness->name))
				continue;
			buffer_add_cstr(&again, again.n == 0 ? "" : ", ");
			last = bypass->weakness->name;
			write_shown(&again, last);
			continue;
		}
		buffer_printf(out, "         %s  ", is_trust(bypass) ?
		    "trusts" : "bypass");
		write_shown(out, bypass->weakness->name);
		buffer_add_cstr(out, ": ");
		write_shown(out, bypass->weakness->why);
		buffer_add_byte(out, '\n');
	}
	if (again.n > 0)
		buffer_printf(out, "         bypass  %.*s\n",
		    STR_ARG(buffer_str(&again)));
	if (ways > WAYS_TOLD)
		buffer_printf(out, "         bypass  and %zu more, which "
		    "-f json tells\n", ways - WAYS_TOLD);
	else if (row->more)
		buffer_add_cstr(out, "         bypass  and more\n");
	buffer_free(&again);
}

static void
write_row(struct run *run, const struct exposure *row, size_t width)
{
	static const char *const colors[] = { "31", "33", "35", "32" };
	struct buffer *out = &run->out;
	size_t start;

	if (run->color_out)
		buffer_printf(out, "\033[1;%sm",
		    colors[exposure_rank(row)]);
	buffer_printf(out, "%-7s", row->total);
	if (run->color_out)
		buffer_add_cstr(out, "\033[0m");
	buffer_add_cstr(out, "  ");
	start = out->n;
	write_shown(out, shown_name(run, row));
	pad(out, start, width);
	write_outcome(out, &row->verdict[MODEL_7489]);
	write_outcome(out, &row->verdict[MODEL_9989]);
	write_shown(out, row->why);
	buffer_add_byte(out, '\n');
}

static void
write_text(struct run *run, const struct collection *collected)
{
	size_t width = name_width(run, collected), i;
	struct table told = { 0 };

	if (collected->count == 0)
		return;
	buffer_printf(&run->out, "verdict  %-*s  %-11s  %-11s  why\n",
	    (int)width, "name", "RFC 7489", "RFC 9989");
	for (i = 0; i < collected->count; i++) {
		write_row(run, collected->rows[i], width);
		write_bypass_lines(run, collected->rows[i], &told);
	}
}

/* ---- for programs -------------------------------------------------------- */

static void
write_existence(struct json *json, enum answer_kind existence)
{
	if (existence == ANSWER_UNKNOWN)
		json_no_value(json, "exists");
	else
		json_bool(json, "exists", existence != ANSWER_NXDOMAIN);
}

static void
write_partial(struct json *json, const struct verdict *verdict)
{
	if (verdict->outcome != OUTCOME_PARTIAL)
		return;
	json_number(json, "pct", verdict->percent);
	json_cstr(json, "upper",
	    outcome_name(outcome_of_policy(verdict->upper)));
	json_cstr(json, "lower",
	    outcome_name(outcome_of_policy(verdict->lower)));
}

static void
write_deciders(struct json *json, const struct exposure *row)
{
	int model;

	json_begin_object(json, "policyDomain");
	for (model = 0; model < MODELS; model++)
		json_str(json, model_keys[model],
		    row->verdict[model].policy_domain);
	json_end_object(json);
	json_begin_object(json, "tag");
	for (model = 0; model < MODELS; model++)
		if (row->verdict[model].tag != NULL)
			json_cstr(json, model_keys[model],
			    row->verdict[model].tag);
		else
			json_no_value(json, model_keys[model]);
	json_end_object(json);
}

static void
write_bypasses(struct json *json, const struct exposure *row)
{
	const struct bypass *bypass = row->bypass;

	json_begin_array(json, "bypass");
	for (; bypass != NULL; bypass = bypass->next) {
		json_begin_object(json, NULL);
		json_cstr(json, "by", bypass->weakness->by);
		json_str(json, "name", name_show(bypass->weakness->name));
		json_str(json, "why", bypass->weakness->why);
		json_end_object(json);
	}
	json_end_array(json);
	if (row->more)
		json_bool(json, "bypassMore", true);
}

static void
write_fields(struct json *json, const struct exposure *row)
{
	int model;

	if (row->zone != NULL)
		json_str(json, "zone", name_show(row->zone->name));
	else
		json_no_value(json, "zone");
	json_str(json, "name", name_show(row->name));
	json_cstr(json, "kind", kind_words[row->kind]);
	write_existence(json, row->existence);
	json_cstr(json, "verdict", row->total);
	for (model = 0; model < MODELS; model++)
		json_cstr(json, model_keys[model],
		    outcome_name(row->verdict[model].outcome));
	write_partial(json, &row->verdict[MODEL_7489]);
	json_bool(json, "differs", row->differs);
	write_deciders(json, row);
	json_str(json, "why", row->why);
	write_bypasses(json, row);
}

static void
begin_line(struct json *json, const char *type)
{
	json_begin_object(json, NULL);
	json_number(json, "v", 1);
	json_cstr(json, "type", type);
}

static void
line_failure(struct output *output, struct str path, struct str why)
{
	struct json json = { .out = output->out };

	begin_line(&json, "error");
	json_failure_fields(&json, path, why);
	json_end_object(&json);
	buffer_add_byte(output->out, '\n');
}

static void
item_failure(struct output *output, struct str path, struct str why)
{
	json_begin_object(&output->json, NULL);
	json_failure_fields(&output->json, path, why);
	json_end_object(&output->json);
}

static void
write_lines(struct run *run, const struct collection *collected)
{
	static const struct format failures = { .failure = line_failure };
	struct output output = { .out = &run->out };
	struct json json;
	size_t i;

	for (i = 0; i < collected->count; i++) {
		json = (struct json){ .out = &run->out };
		begin_line(&json, "exposure");
		write_fields(&json, collected->rows[i]);
		json_end_object(&json);
		buffer_add_byte(&run->out, '\n');
	}
	run_tell_failures(run, &failures, &output);
}

static void
write_document(struct run *run, const struct collection *collected)
{
	static const struct format failures = { .failure = item_failure };
	struct output output = { .out = &run->out,
	    .json = { .out = &run->out, .indent = 2 } };
	struct json *json = &output.json;
	size_t i;

	json_begin_object(json, NULL);
	json_number(json, "v", 1);
	json_begin_array(json, "exposures");
	for (i = 0; i < collected->count; i++) {
		json_begin_object(json, NULL);
		write_fields(json, collected->rows[i]);
		json_end_object(json);
	}
	json_end_array(json);
	json_begin_array(json, "errors");
	run_tell_failures(run, &failures, &output);
	json_end_array(json);
	json_end_object(json);
	buffer_add_byte(&run->out, '\n');
}

/* ---- the command --------------------------------------------------------- */

static int
decide_status(const struct run *run, const struct collection *collected)
{
	struct str fail_on = option_value(run, "fail-on");
	size_t bad = collected->exposed;

	if (str_is(fail_on, "never") || option_given(run, "exit-zero"))
		return EXIT_CLEAN;
	if (str_is(fail_on, "weak"))
		bad += collected->weak;
	else if (str_is(fail_on, "differs"))
		bad = collected->differing;
	return bad > 0 ? EXIT_FINDINGS : EXIT_CLEAN;
}

static int
run_exposure(struct run *run)
{
	struct str format = option_value(run, "format");
	struct collection collected = { 0 };
	struct weakness *weaknesses;
	bool text = !str_is(format, "json") && !str_is(format, "ndjson");

	if (!run_use_dns(run) || !run_zones_or_failures(run))
		return EXIT_UNABLE;
	if (run->zones.count == 0 && run->zones.dns != NULL &&
	    !option_given(run, "name"))
		return run_usage(run, "which names there are only zone files "
		    "tell: name some, or ask for one with --name");
	say_fragments(run);
	weaknesses = weaknesses_find(&run->world, run->arena);
	if (option_given(run, "name")) {
		if (!collect_names(run, &collected, weaknesses))
			return EXIT_UNABLE;
	} else {
		collect_zones(run, &collected, weaknesses, text);
	}
	if (collected.count > 0)
		qsort(collected.rows, collected.count, sizeof(*collected.rows),
		    compare_rows);
	if (text)
		write_text(run, &collected);
	else if (str_is(format, "json"))
		write_document(run, &collected);
	else
		write_lines(run, &collected);
	run_dns_answered(run);
	return decide_status(run, &collected);
}

const struct command command_exposure = {
	.name = "exposure",
	.arguments = "[PATH...|-]",
	.summary = "for every name: what happens to mail that strangers forge",
	.help = "Tells, for every name of the zones and for names that do not "
	    "exist, what receivers do with mail that a stranger forges in "
	    "it: by RFC 7489 and by RFC 9989, which record decides, and who "
	    "can get around it. Names that share a verdict share a line. "
	    "Exit status: 0 nothing is exposed, 1 something is, 2 something "
	    "could not be read.",
	.options = options,
	.shared = { input_options, NULL },
	.run = run_exposure,
};
