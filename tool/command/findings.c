/* Judging what was read, and telling what was found. */
#include "base/arena.h"
#include "base/pattern.h"
#include "command/judgement.h"
#include "rules/suppression.h"

enum { TEXT_FINDINGS = 200 };

static const char *const format_choices[] = { "text", "concise", "json",
	"ndjson", "sarif", "github", "gitlab", "junit", "checkstyle", "rdjsonl",
	"markdown", NULL };
static const char *const fail_on_choices[] = { "error", "warning", "note",
	"never", NULL };
static const char *const level_choices[] = { "error", "warning", "note",
	NULL };

const struct option_row finding_options[] = {
	{ .name = "format", .letter = 'f', .value = "FORMAT",
	  .choices = format_choices, .fallback = "text",
	  .help = "how findings are written" },
	{ .name = "report", .value = "FORMAT:PATH", .repeatable = true,
	  .help = "write the findings to a file, too" },
	{ .name = "select", .value = "GLOB,..",
	  .help = "only these rules" },
	{ .name = "ignore", .value = "GLOB,..",
	  .help = "not these rules" },
	{ .name = "level", .value = "RULE=LEVEL", .repeatable = true,
	  .help = "error, warning, note or off for a rule or a glob" },
	{ .name = "profile", .value = "NAME,..",
	  .help = "whose demands count; of several the stricter" },
	{ .name = "fail-on", .value = "LEVEL", .choices = fail_on_choices,
	  .fallback = "warning",
	  .help = "exit with 1 when there are findings of this level" },
	{ .name = "exit-zero", .help = "exit with 0 whatever was found" },
	{ .name = "min-level", .value = "LEVEL", .choices = level_choices,
	  .fallback = "note", .help = "do not look for anything below" },
	{ .name = "baseline", .value = "FILE",
	  .help = "findings that this file knows do not count" },
	{ .name = "update-baseline",
	  .help = "write what was found into that file" },
	{ .name = "show-suppressed", .help = "tell suppressed findings, too" },
	{ .name = "statistics",
	  .help = "count the findings of each rule instead" },
	{ .name = "max-findings", .value = "N",
	  .help = "text only: stop after so many; 0 for all (default 200 on "
	      "a terminal)" },
	{ 0 }
};

/* ---- which rules --------------------------------------------------------- */

static bool
read_level(struct run *run, struct selection *selection, struct str text)
{
	struct config_level *row = &selection->levels[selection->level_count];
	size_t equals = str_find(text, '=');
	enum level level;

	if (equals == text.n ||
	    !level_parse(str_after(text, equals + 1), &level)) {
		run_usage(run, "--level takes RULE=error, warning, note or "
		    "off, not \"%.*s\"", STR_ARG(text));
		return false;
	}
	row->rule.text = str_slice(text, 0, equals);
	row->level.text = str_after(text, equals + 1);
	selection->level_count++;
	return true;
}

static bool
add_profile(struct run *run, struct selection *selection, struct str name)
{
	const struct profile *profile = profile_find(name);

	if (profile == NULL) {
		run_usage(run, "there is no profile \"%.*s\"",
		    STR_ARG(name));
		return false;
	}
	selection->profiles[selection->profile_count++] = profile;
	return true;
}

static bool
read_profiles(struct run *run, struct selection *selection)
{
	struct str list = option_value(run, "profile"), name;
	const struct words *words = &run->config->profiles;
	size_t i, room = words->count + list.n + 1;

	selection->profiles = ARENA_ARRAY(run->arena, room,
	    const struct profile *);
	if (list.p != NULL) {
		while (str_split(&list, ',', &name))
			if (!add_profile(run, selection, str_trim(name)))
				return false;
		return true;
	}
	/* One that does not exist is told as a problem of the configuration. */
	for (i = 0; i < words->count; i++)
		if (profile_find(words->words[i].text) != NULL)
			add_profile(run, selection, words->words[i].text);
	return true;
}

/* A glob that matches no rule is a mistake, not an empty wish. */
static bool
check_globs(struct run *run, const char *option, struct str globs)
{
	const struct rule *rule;
	struct str glob;
	size_t i;

	while (str_split(&globs, ',', &glob)) {
		for (i = 0; (rule = rule_number(i)) != NULL; i++)
			if (glob_matches(str_trim(glob), str_from(rule->id)))
				break;
		if (rule == NULL) {
			run_usage(run, "--%s: no rule matches \"%.*s\"",
			    option, STR_ARG(glob));
			return false;
		}
	}
	return true;
}

enum level
judgement_least_level(const struct run *run)
{
	struct str least = option_value(run, "min-level");
	enum level level = LEVEL_NOTE;

	if (least.p != NULL)
		level_parse(least, &level);
	return level;
}

bool
judgement_select(struct run *run, struct selection *selection)
{
	struct str text;
	size_t position = 0;
	uint64_t most;

	selection->select = option_value(run, "select");
	selection->ignore = option_value(run, "ignore");
	selection->min_level = judgement_least_level(run);
	selection->levels = ARENA_ARRAY(run->arena, run->given_count + 1,
	    struct config_level);
	while ((text = option_next(run, "level", &position)).p != NULL)
		if (!read_level(run, selection, text) ||
		    !check_globs(run, "level",
		    str_slice(text, 0, str_find(text, '='))))
			return false;
	return option_number(run, "max-findings", UINT32_MAX, &most) &&
	    check_globs(run, "select", selection->select) &&
	    check_globs(run, "ignore", selection->ignore) &&
	    read_profiles(run, selection);
}

/* ---- judging ------------------------------------------------------------- */

/* Is any format, be it that of a report, one of these? */
static bool
any_format(const struct run *run, bool (*asks)(const struct format *))
{
	struct str name = option_value(run, "format");
	const struct format *format;
	size_t position = 0;

	do {
		format = name.p == NULL ? &format_text :
		    format_find(str_slice(name, 0, str_find(name, ':')));
		if (format != NULL && asks(format))
			return true;
		name = option_next(run, "report", &position);
	} while (name.p != NULL);
	return false;
}

/* Does it tell more of a zone than its findings? */
static bool
tells_zones(const struct format *format)
{
	return format->zone != NULL;
}

/* Does it tell what fixes change? */
static bool
tells_edits(const struct format *format)
{
	return format->edits;
}

/* Does it show what stands in files? */
static bool
shows_texts(const struct format *format)
{
	return format->texts;
}

/*
 * Most zones have the facts of others: those that came shortly before are
 * shared.
 */
enum { RECENT_FACTS = 1024 };

struct facts {
	struct arena *arena;		/* where they live */
	const struct zone_facts *recent[RECENT_FACTS];
};

static struct facts *
facts_start(struct arena *memory, struct arena *keep)
{
	struct facts *facts = ARENA_NEW(memory, struct facts);

	facts->arena = keep;
	return facts;
}

static const struct zone_facts *
facts_share(struct facts *facts, const struct zone_facts *new)
{
	const struct zone_facts **place = &facts->recent[
	    zone_facts_hash(new) % RECENT_FACTS];
	struct zone_facts *copy;

	if (*place != NULL && zone_facts_same(*place, new))
		return *place;
	copy = ARENA_NEW(facts->arena, struct zone_facts);
	*copy = *new;
	return *place = copy;
}

/* Only some formats tell of zones, and a baseline asks which were judged. */
static void
expect_summaries(struct judgement *judgement, size_t count)
{
	if (judgement->selection.standing ||
	    option_given(judgement->run, "baseline"))
		judgement->zones = ARENA_ARRAY(judgement->run->arena,
		    count + 1, struct zone_summary);
}

static void
add_summary(struct judgement *judgement, struct facts *shared,
    const struct zone *zone, const struct zone_facts *facts)
{
	if (judgement->zones != NULL)
		judgement->zones[judgement->zone_count++] =
		    (struct zone_summary){ zone, facts_share(shared, facts) };
}

/* What was found in the zones, and those of them that are reported. */
static void
take_verdicts(struct judgement *judgement, const struct zone *const *zones,
    struct zone_verdict *verdicts, size_t count)
{
	struct arena *memory = arena_new();
	struct facts *shared = facts_start(memory, judgement->run->arena);
	const struct zone_standing *standing;
	struct zone_facts facts;
	size_t i;

	expect_summaries(judgement, count);
	for (i = 0; i < count; i++) {
		diags_move(&judgement->diags, &verdicts[i].diags);
		if (zones[i]->context)
			continue;
		standing = verdicts[verdicts[i].like > 0 ?
		    verdicts[i].like - 1 : i].standing;
		facts = (struct zone_facts){ .records = verdicts[i].records,
		    .dkim = verdicts[i].keys };
		if (standing != NULL)
			facts.standing = *standing;
		add_summary(judgement, shared, zones[i], &facts);
		judgement->summary.zones++;
		judgement->summary.records += facts.records;
	}
	arena_free(memory);
}

/* All zones of the configuration, no more and no less. */
static bool
is_whole(const struct run *run)
{
	return run->argument_count == 0 && !option_given(run, "files-from") &&
	    !option_given(run, "shard") && !option_given(run, "view");
}

/* Keys of several zones are compared when somebody wants to hear of it. */
static bool
wants_census(const struct judgement *judgement)
{
	const struct run *run = judgement->run;

	return run->zones.count > 1 && rule_speaks(rule_find(STR(
	    "dkim-key-shared-domains")), &judgement->selection, run->config);
}

/* Primes are looked for before any zone is judged: all records are read. */
static void
find_primes(struct run *run)
{
	size_t moduli;

	run->world.census = census_take(run->arena, &run->zones, run->jobs,
	    true, NULL);
	if (census_is_too_large(run->world.census, &moduli))
		run_fail(run, STR("--shared-primes"), "%zu different keys are "
		    "too many without libgmp, with which this program was not "
		    "built: 20000 at most", moduli);
}

void
judgement_judge(struct judgement *judgement)
{
	struct run *run = judgement->run;
	struct arena *memory = arena_new();
	struct zone_verdict *verdicts;
	const struct zone **zones;
	size_t i, count = 0;

	zones = ARENA_ARRAY(memory, run->zones.count + 1,
	    const struct zone *);
	for (i = 0; i < run->zones.count; i++)
		if (!run->zones.zones[i]->context || run_has_parts(run))
			zones[count++] = run->zones.zones[i];
	verdicts = ARENA_ARRAY(memory, count + 1, struct zone_verdict);
	if (option_given(run, "shared-primes"))
		find_primes(run);
	judgement->selection.census = wants_census(judgement);
	judgement->selection.standing = judgement->detail ||
	    any_format(run, tells_zones);
	lint_zones(&run->world, &judgement->selection, zones, count,
	    run->jobs, run->arena, verdicts);
	take_verdicts(judgement, zones, verdicts, count);
	arena_free(memory);
	suppress_judge_config(&run->world, &judgement->selection,
	    is_whole(run), run->arena, &judgement->diags);
}

/* ---- fingerprints -------------------------------------------------------- */

/* The last finding of each hash: open addressing. */
struct marks {
	const struct diag **slots;
	size_t size;			/* a power of two */
};

/* How often there was its hash, with it. */
static uint32_t
count_mark(struct marks *marks, const struct diag *diag)
{
	size_t i = (size_t)diag->hash & (marks->size - 1);
	const struct diag *last;

	while ((last = marks->slots[i]) != NULL && last->hash != diag->hash)
		i = (i + 1) & (marks->size - 1);
	marks->slots[i] = diag;
	return last == NULL ? 1 : last->number + 1;
}

/* Equal ones are told apart by their order in the file. */
static void
set_fingerprints(struct judgement *judgement)
{
	struct marks marks = { .size = 16 };
	struct arena *memory = arena_new();
	struct diag *diag;

	diags_hash(&judgement->diags);
	while (marks.size / 4 * 3 < judgement->diags.count)
		marks.size *= 2;
	marks.slots = ARENA_ARRAY(memory, marks.size, const struct diag *);
	for (diag = judgement->diags.first; diag != NULL; diag = diag->next)
		diag->number = count_mark(&marks, diag);
	arena_free(memory);
}

/* ---- telling ------------------------------------------------------------- */

/* How many findings there are of each zone that has some: open addressing. */
struct zone_tallies {
	struct zone_tally {
		const struct zone *zone;	/* NULL: free */
		size_t errors, warnings, notes;
	} *slots;
	size_t size;			/* a power of two */
};

static struct zone_tally *
tally_of(const struct zone_tallies *tallies, const struct zone *zone)
{
	/* Addresses are alike in their lower bits. */
	uint64_t spread = (uint64_t)(uintptr_t)zone * 0x9e3779b97f4a7c15;
	size_t i = (size_t)(spread >> 32) & (tallies->size - 1);

	while (tallies->slots[i].zone != NULL &&
	    tallies->slots[i].zone != zone)
		i = (i + 1) & (tallies->size - 1);
	return &tallies->slots[i];
}

/* How many zones there may be that have findings, which follow each other. */
static size_t
count_changes(const struct diags *diags)
{
	const struct zone *last = NULL;
	const struct diag *diag;
	size_t count = 0;

	for (diag = diags->first; diag != NULL; diag = diag->next) {
		count += diag->zone != last;
		last = diag->zone;
	}
	return count;
}

static void
count_one(size_t *errors, size_t *warnings, size_t *notes,
    const struct diag *diag)
{
	size_t count = 1 + diag_rest(diag)->others;

	*errors += diag->level == LEVEL_ERROR ? count : 0;
	*warnings += diag->level == LEVEL_WARNING ? count : 0;
	*notes += diag->level == LEVEL_NOTE ? count : 0;
}

static struct zone_tallies
count_in_zones(const struct diags *diags, struct arena *memory)
{
	struct zone_tallies tallies = { .size = 16 };
	size_t most = count_changes(diags);
	const struct diag *diag;
	struct zone_tally *tally;

	while (tallies.size < 2 * most)
		tallies.size *= 2;
	tallies.slots = ARENA_ARRAY(memory, tallies.size, struct zone_tally);
	for (diag = diags->first; diag != NULL; diag = diag->next) {
		if (diag->suppressed || diag->zone == NULL)
			continue;
		tally = tally_of(&tallies, diag->zone);
		tally->zone = diag->zone;
		count_one(&tally->errors, &tally->warnings, &tally->notes,
		    diag);
	}
	return tallies;
}

/* So many findings have the zones that are told. */
static void
count_for_summaries(struct judgement *judgement)
{
	struct arena *memory = arena_new();
	struct facts *shared = facts_start(memory, judgement->run->arena);
	struct zone_tallies tallies = count_in_zones(&judgement->diags, memory);
	struct zone_summary *summary = judgement->zones;
	const struct zone_summary *end = summary + judgement->zone_count;
	const struct zone_tally *tally;
	struct zone_facts facts;

	for (; summary < end; summary++) {
		tally = tally_of(&tallies, summary->zone);
		if (tally->zone == NULL)
			continue;
		facts = *summary->facts;
		facts.errors += tally->errors;
		facts.warnings += tally->warnings;
		facts.notes += tally->notes;
		summary->facts = facts_share(shared, &facts);
	}
	arena_free(memory);
}

void
judgement_count(struct judgement *judgement)
{
	struct run_summary *total = &judgement->summary;
	const struct diag *diag;

	for (diag = judgement->diags.first; diag != NULL; diag = diag->next)
		if (diag->suppressed)
			total->suppressed++;
		else
			count_one(&total->errors, &total->warnings,
			    &total->notes, diag);
	if (judgement->zone_count > 0)
		count_for_summaries(judgement);
	total->failed_inputs = run_failed_inputs(judgement->run);
}

static void
write_statistics(struct judgement *judgement)
{
	const struct rule *rule;
	const struct diag *diag;
	size_t i, count;
	int level;

	for (level = LEVEL_ERROR; level >= LEVEL_NOTE; level--)
		for (i = 0; (rule = rule_number(i)) != NULL; i++) {
			count = 0;
			for (diag = judgement->diags.first; diag != NULL;
			    diag = diag->next)
				if (diag->rule == rule && !diag->suppressed &&
				    (int)diag->level == level)
					count += 1 + diag_rest(diag)->others;
			if (count > 0)
				buffer_printf(&judgement->run->out,
				    "%7zu  %-7s  %s\n", count,
				    level_name((enum level)level), rule->id);
		}
}

static const char *
plural(size_t count)
{
	return count == 1 ? "" : "s";
}

/* "12 zones, 310 records: 2 errors, 1 warning (3 suppressed)" */
static void
say_summary(struct judgement *judgement)
{
	const struct run_summary *s = &judgement->summary;
	struct buffer line = { 0 };
	bool found = s->errors + s->warnings + s->notes > 0;
	/* What nobody could read has no problems that anybody knows of. */
	bool read = s->zones > 0 || s->failed_inputs == 0;

	buffer_printf(&line, "%zu zone%s, %zu record%s: ", s->zones,
	    plural(s->zones), s->records, plural(s->records));
	if (!found && read)
		buffer_add_cstr(&line, "no problems");
	else if (found)
		buffer_printf(&line, "%zu error%s, %zu warning%s, "
		    "%zu note%s", s->errors, plural(s->errors), s->warnings,
		    plural(s->warnings), s->notes, plural(s->notes));
	if (s->suppressed > 0)
		buffer_printf(&line, " (%zu suppressed)", s->suppressed);
	if (s->failed_inputs > 0)
		buffer_printf(&line, "%s%zu input%s could not be read",
		    found || read || s->suppressed > 0 ? "; " : "",
		    s->failed_inputs, plural(s->failed_inputs));
	run_say(judgement->run, "%.*s", STR_ARG(buffer_str(&line)));
	buffer_free(&line);
}

static int
decide_status(const struct judgement *judgement)
{
	struct str fail_on = option_value(judgement->run, "fail-on");
	const struct run_summary *s = &judgement->summary;
	enum level least = LEVEL_WARNING;

	if (str_is(fail_on, "never") ||
	    option_given(judgement->run, "exit-zero"))
		return EXIT_CLEAN;
	if (fail_on.p != NULL)
		level_parse(fail_on, &least);
	return s->errors > 0 || (least <= LEVEL_WARNING && s->warnings > 0) ||
	    (least <= LEVEL_NOTE && s->notes > 0) ? EXIT_FINDINGS :
	    EXIT_CLEAN;
}

static size_t
most_findings(struct run *run)
{
	uint64_t most = run->color_out ? TEXT_FINDINGS : 0;

	option_number(run, "max-findings", UINT32_MAX, &most);
	return (size_t)most;
}

int
judgement_tell(struct judgement *judgement)
{
	struct run *run = judgement->run;
	struct str name = option_value(run, "format"), report;
	const struct format *format = name.p == NULL ? &format_text :
	    format_find(name);
	struct output output = { .out = &run->out, .color = run->color_out,
	    .show_suppressed = option_given(run, "show-suppressed"),
	    .max_findings = most_findings(run) };
	size_t position = 0;

	judgement_keep_told(judgement);
	set_fingerprints(judgement);
	if (!judgement_baseline(judgement))
		return EXIT_UNABLE;
	judgement_drop_low(judgement);
	judgement_count(judgement);
	/* Files that were asked for are made all the same. */
	if (!run->very_quiet && option_given(run, "statistics"))
		write_statistics(judgement);
	else if (!run->very_quiet)
		judgement_report(judgement, format, &output, run);
	while ((report = option_next(run, "report", &position)).p != NULL)
		judgement_report_to(judgement, report);
	run_flush(run);
	say_summary(judgement);
	return decide_status(judgement);
}

int
run_report(struct run *run)
{
	struct judgement judgement = { .run = run };

	if (!judgement_select(run, &judgement.selection))
		return EXIT_UNABLE;
	judgement.selection.no_edits = !any_format(run, tells_edits);
	judgement.selection.no_texts = !any_format(run, shows_texts);
	judgement_judge(&judgement);
	return judgement_tell(&judgement);
}
