/* mailzone report: the posture of all domains on one page. */
#include <limits.h>

#include "base/arena.h"
#include "base/file.h"
#include "command/evidence.h"
#include "command/judgement.h"

static const char *const formats_of_report[] = { "html", "markdown", NULL };

static const struct option_row options[] = {
	{ .name = "format", .letter = 'f', .value = "FORMAT",
	  .choices = formats_of_report, .fallback = "html",
	  .help = "how the page is written" },
	{ .name = "output", .letter = 'o', .value = "FILE",
	  .help = "write to a file" },
	{ .name = "evidence", .value = "PATH", .repeatable = true,
	  .help = "aggregate reports, as for mailzone evidence; besides those "
	      "that the configuration names" },
	{ 0 }
};

enum { MOST_NAMES = 500, MOST_FINDINGS = 1000, RANKS = 4 };

/* In the order of exposure_rank. */
static const char *const rank_words[RANKS] = { "exposed", "weak", "unknown",
	"safe" };

static const struct column zone_columns[] = {
	{ .heading = "Zone" }, { .heading = "Forged mail" },
	{ .heading = "RFC 7489" }, { .heading = "RFC 9989" },
	{ .heading = "SPF" }, { "Lookups", true }, { "DKIM keys", true },
	{ "Errors", true }, { "Warnings", true }, { "Notes", true },
	{ .heading = NULL }
};

static const struct column name_columns[] = {
	{ .heading = "Name" }, { .heading = "Forged mail" },
	{ .heading = "Why" }, { .heading = NULL }
};

static const struct column plan_columns[] = {
	{ .heading = "Domain" }, { .heading = "Stage" },
	{ .heading = "Target" }, { .heading = "Next" },
	{ .heading = "Not before" }, { .heading = NULL }
};

static const struct column mail_columns[] = {
	{ .heading = "Domain" }, { "Messages", true }, { "Passing", true },
	{ "Days", true }, { .heading = "Last" }, { .heading = NULL }
};

static const struct column finding_columns[] = {
	{ .heading = "Place" }, { .heading = "Level" },
	{ .heading = "Finding" }, { .heading = "Rule" }, { .heading = NULL }
};

/* What the page is made of. */
struct posture {
	struct run *run;
	struct page page;
	struct judgement judgement;
	/* Of each zone, in the order of the judgement. */
	struct exposure **exposures;
};

static struct str
number(struct arena *arena, uint64_t value)
{
	return arena_printf(arena, "%llu", (unsigned long long)value);
}

static struct str
day_or(struct arena *arena, day date, const char *none)
{
	return date == DAY_NONE ? str_from(none) : date_print(arena, date);
}

/* ---- zones --------------------------------------------------------------- */

static void
find_exposures(struct posture *posture)
{
	struct run *run = posture->run;
	const struct weakness *weaknesses = weaknesses_find(&run->world,
	    run->arena);
	size_t i;

	posture->exposures = ARENA_ARRAY(run->arena,
	    posture->judgement.zone_count + 1, struct exposure *);
	for (i = 0; i < posture->judgement.zone_count; i++)
		posture->exposures[i] = exposure_of_zone(&run->world,
		    run->arena, posture->judgement.zones[i].zone, weaknesses,
		    true);
}

static const char *
worst_of(const struct exposure *row)
{
	unsigned worst = RANKS - 1;

	if (row == NULL)
		return "no mail";
	for (; row != NULL; row = row->next)
		if (exposure_rank(row) < worst)
			worst = exposure_rank(row);
	return rank_words[worst];
}

static struct str
lookups_of(struct arena *arena, const struct zone_standing *standing)
{
	if (standing->lookups_max == standing->lookups_min)
		return number(arena, standing->lookups_min);
	if (standing->lookups_max == UINT_MAX)
		return arena_printf(arena, "%u or more",
		    standing->lookups_min);
	return arena_printf(arena, "%u to %u", standing->lookups_min,
	    standing->lookups_max);
}

static void
write_zones(const struct posture *posture)
{
	struct arena *arena = posture->run->arena;
	const struct zone_standing *standing;
	const struct zone_summary *zone;
	size_t i;

	page_heading(&posture->page, 2, STR("Zones"));
	page_table(&posture->page, STR("What each zone publishes, and what "
	    "receivers of both generations do with mail that fails"),
	    zone_columns);
	for (i = 0; i < posture->judgement.zone_count; i++) {
		zone = &posture->judgement.zones[i];
		standing = &zone->facts->standing;
		const struct str cells[] = {
			name_show(zone->zone->name),
			str_from(worst_of(posture->exposures[i])),
			str_from(outcome_name(standing->dmarc[MODEL_7489])),
			str_from(outcome_name(standing->dmarc[MODEL_9989])),
			str_from(standing->spf), lookups_of(arena, standing),
			number(arena, zone->facts->dkim),
			number(arena, zone->facts->errors),
			number(arena, zone->facts->warnings),
			number(arena, zone->facts->notes),
		};

		page_row(&posture->page, zone_columns, cells);
	}
	page_table_end(&posture->page);
}

/* One of the first MOST_NAMES; the very first opens the table. */
static void
write_name(const struct posture *posture, const struct exposure *row,
    size_t shown)
{
	struct arena *arena = posture->run->arena;
	const struct str cells[] = {
		row->names < 2 ? name_show(row->name) :
		    arena_printf(arena, "%.*s and %zu more",
		    STR_ARG(name_show(row->name)), row->names - 1),
		str_from(rank_words[exposure_rank(row)]),
		row->bypass == NULL ? row->why : arena_printf(arena, "%.*s, "
		    "but strangers get around it by %s: %.*s",
		    STR_ARG(row->why), row->bypass->weakness->by,
		    STR_ARG(row->bypass->weakness->why)),
	};

	if (shown == 0)
		page_table(&posture->page, STR("Forged mail in these names is "
		    "delivered (exposed) or put aside (weak)"), name_columns);
	if (shown < MOST_NAMES)
		page_row(&posture->page, name_columns, cells);
}

/* Those of a rank; returns how many names have been shown by now. */
static size_t
write_rank(const struct posture *posture, unsigned rank, size_t shown)
{
	const struct exposure *row;
	size_t i;

	for (i = 0; i < posture->judgement.zone_count; i++)
		for (row = posture->exposures[i]; row != NULL; row = row->next)
			if (exposure_rank(row) == rank &&
			    row->kind != NAME_DEEP)
				write_name(posture, row, shown++);
	return shown;
}

/*
 * Names that strangers can use, the worst first. What is far below a name
 * mostly fares as what is just below it: mailzone exposure tells the rest.
 */
static void
write_names(const struct posture *posture)
{
	size_t shown = 0;
	unsigned rank;

	page_heading(&posture->page, 2, STR("Names that strangers can use"));
	for (rank = 0; rank < 2; rank++)
		shown = write_rank(posture, rank, shown);
	if (shown == 0)
		page_paragraph(&posture->page, STR("None."));
	else
		page_table_end(&posture->page);
	if (shown > MOST_NAMES)
		page_paragraph(&posture->page, arena_printf(
		    posture->run->arena, "And %zu more: mailzone exposure "
		    "has all of them.", shown - MOST_NAMES));
}

/* ---- plans and mail ------------------------------------------------------ */

static void
write_plan(const struct posture *posture, const struct schedule *schedule)
{
	struct run *run = posture->run;
	struct published now = schedule_on(schedule, run->today, run->today);
	const struct step *end = schedule->steps + schedule->count;
	const struct step *next = now.step == NULL ? schedule->steps :
	    now.step + 1;
	const struct str cells[] = {
		schedule->domain->name,
		now.step == NULL ? STR("not begun") : now.step->stage.name,
		str_from(policy_name(schedule->target)),
		next < end ? next->stage.name : STR("arrived"),
		now.held != NULL ? held_text(run->arena, now.held) :
		    next < end ?
		    day_or(run->arena, next->starts, "") : STR(""),
	};

	page_row(&posture->page, plan_columns, cells);
}

static void
write_plans(const struct posture *posture, const struct schedules *schedules)
{
	const struct schedule *schedule;

	if (schedules == NULL || schedules->count == 0)
		return;
	page_heading(&posture->page, 2, STR("The way to the target"));
	page_table(&posture->page, STR("Rollouts"), plan_columns);
	for (schedule = schedules->first; schedule != NULL;
	    schedule = schedule->next)
		write_plan(posture, schedule);
	page_table_end(&posture->page);
}

static void
write_mail(const struct posture *posture, const struct evidence *evidence)
{
	struct arena *arena = posture->run->arena;
	const struct domain_evidence *domain;

	if (evidence == NULL || evidence->domains == NULL)
		return;
	page_heading(&posture->page, 2, STR("Mail that receivers saw"));
	page_table(&posture->page, STR("Aggregate reports"), mail_columns);
	for (domain = evidence->domains; domain != NULL;
	    domain = domain->next) {
		const struct str cells[] = {
			domain->name,
			number(arena, domain->tally.messages),
			print_percent(arena, domain->tally.either,
			    domain->tally.messages),
			number(arena, domain->day_count),
			day_or(arena, domain->day_count == 0 ? DAY_NONE :
			    domain->days[domain->day_count - 1].date, ""),
		};

		page_row(&posture->page, mail_columns, cells);
	}
	page_table_end(&posture->page);
}

/* ---- findings ------------------------------------------------------------ */

static void
write_findings(const struct posture *posture)
{
	struct arena *arena = posture->run->arena;
	struct place_finder places = { 0 };
	const struct diag *diag;
	struct span span;
	size_t shown = 0;

	page_heading(&posture->page, 2, STR("Findings"));
	for (diag = posture->judgement.diags.first; diag != NULL;
	    diag = diag->next) {
		if (diag->suppressed || diag->level < LEVEL_WARNING)
			continue;
		if (shown == 0)
			page_table(&posture->page, STR("What lint objects "
			    "to, errors and warnings"), finding_columns);
		if (shown++ >= MOST_FINDINGS)
			continue;
		span = span_resolve(diag->span);
		const struct str cells[] = {
			arena_printf(arena, "%.*s:%zu",
			    STR_ARG(span.source->path),
			    place_near(&places, span).line),
			str_from(level_name(diag->level)),
			saying_print(diag->message, arena),
			str_from(diag->rule->id),
		};

		page_row(&posture->page, finding_columns, cells);
	}
	if (shown == 0)
		page_paragraph(&posture->page, STR("No errors and no "
		    "warnings."));
	else
		page_table_end(&posture->page);
	if (shown > MOST_FINDINGS)
		page_paragraph(&posture->page, arena_printf(arena, "And %zu "
		    "more: mailzone lint has all of them.",
		    shown - MOST_FINDINGS));
}

/* ---- the command --------------------------------------------------------- */

static void
write_posture(const struct posture *posture,
    const struct schedules *schedules)
{
	struct run *run = posture->run;
	const struct run_summary *sum = &posture->judgement.summary;

	page_begin(&posture->page, STR("Mail authentication"));
	page_paragraph(&posture->page, arena_printf(run->arena, "%.*s. "
	    "Zones: %zu, records: %zu, errors: %zu, warnings: %zu, notes: %zu.",
	    STR_ARG(date_print(run->arena, run->today)), sum->zones,
	    sum->records, sum->errors, sum->warnings, sum->notes));
	write_zones(posture);
	write_names(posture);
	write_plans(posture, schedules);
	write_mail(posture, run->evidence);
	write_findings(posture);
	page_end(&posture->page);
}

static int
run_posture(struct run *run)
{
	struct posture posture = { .run = run,
	    .judgement = { .run = run, .detail = true } };
	struct str path = option_value(run, "output");
	const struct schedules *schedules;

	posture.page = (struct page){ &run->out,
	    !str_is(option_value(run, "format"), "markdown") };
	run->zones.parts = true;
	if (!run_zones(run) ||
	    !judgement_select(run, &posture.judgement.selection))
		return EXIT_UNABLE;
	schedules = run_schedules(run);
	judgement_judge(&posture.judgement);
	judgement_keep_told(&posture.judgement);
	judgement_count(&posture.judgement);
	find_exposures(&posture);
	write_posture(&posture, schedules);
	if (path.p != NULL) {
		if (!file_write(path, buffer_str(&run->out), 0644))
			run_fail_errno(run, path);
		buffer_clear(&run->out);
	}
	return EXIT_CLEAN;
}

const struct command command_report = {
	.name = "report",
	.arguments = "[PATH...]",
	.summary = "one self-contained page: the posture of all domains",
	.help = "Writes one HTML page, which loads nothing from anywhere, "
	    "about all zones: what becomes of forged mail, what SPF costs, "
	    "which names strangers can use, where the rollouts stand, what "
	    "receivers saw, and what lint objects to. It is for people who "
	    "read no zone files. The exit status is 0 when it was written.",
	.options = options,
	.shared = { input_options, NULL },
	.run = run_posture,
};
