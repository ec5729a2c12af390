/* mailzone evidence as a page: Markdown and HTML. */
#include "base/arena.h"
#include "command/evidence.h"

static const struct column source_columns[] = {
	{ .heading = "Source" }, { .heading = "Kind" },
	{ .heading = "Networks" }, { "Messages", true },
	{ "Passing", true }, { "By SPF", true }, { "By DKIM", true },
	{ .heading = "To do" }, { .heading = NULL }
};

static const struct column week_columns[] = {
	{ .heading = "Week of" }, { "Messages", true }, { "Passing", true },
	{ .heading = NULL }
};

static const struct column broken_columns[] = {
	{ .heading = "File" }, { .heading = "Why" }, { .heading = NULL }
};

enum { SHOWN_NETWORKS = 8 };

static struct str
number(struct arena *arena, uint64_t value)
{
	return arena_printf(arena, "%llu", (unsigned long long)value);
}

static struct str
networks(struct arena *arena, const struct source_group *group)
{
	struct buffer text = { 0 };
	size_t i;

	for (i = 0; i < group->network_count && i < SHOWN_NETWORKS; i++)
		buffer_printf(&text, "%s%.*s", i == 0 ? "" : ", ",
		    STR_ARG(network_print(arena, &group->networks[i])));
	if (i < group->network_count)
		buffer_printf(&text, " and %zu more",
		    group->network_count - i);
	return buffer_finish(&text, arena);
}

static void
write_source(const struct page *page, struct arena *arena,
    const struct source_group *group)
{
	const struct tally *tally = &group->tally;
	const struct str cells[] = {
		source_name(arena, group),
		str_from(source_kind_name(group->kind)),
		networks(arena, group),
		number(arena, tally->messages),
		print_percent(arena, tally->either, tally->messages),
		print_percent(arena, tally->spf, tally->messages),
		print_percent(arena, tally->dkim, tally->messages),
		group->todo,
	};

	page_row(page, source_columns, cells);
}

static void
write_weeks(const struct page *page, struct arena *arena,
    const struct domain_evidence *domain)
{
	struct evidence_day week;
	size_t position = 0;

	page_table(page, arena_printf(arena, "Weeks of %.*s",
	    STR_ARG(domain->name)), week_columns);
	while (evidence_week(domain, &position, &week)) {
		const struct str cells[] = {
			date_print(arena, week.date),
			number(arena, week.messages),
			print_percent(arena, week.either, week.messages),
		};

		page_row(page, week_columns, cells);
	}
	page_table_end(page);
}

static void
write_domain(const struct page *page, struct run *run,
    const struct evidence *evidence, const struct domain_evidence *domain)
{
	struct arena *arena = run->arena;
	const struct source_group *group;

	page_heading(page, 2, domain->name);
	page_paragraph(page, arena_printf(arena, "Messages: %llu, "
	    "passing: %.*s, reports: %zu, days: %zu.",
	    (unsigned long long)domain->tally.messages,
	    STR_ARG(print_percent(arena, domain->tally.either,
	    domain->tally.messages)), domain->reports, domain->day_count));
	page_table(page, arena_printf(arena, "Sources of %.*s",
	    STR_ARG(domain->name)), source_columns);
	for (group = groups_of(&run->world, arena, evidence, domain);
	    group != NULL; group = group->next)
		if (group->tally.messages > 0)
			write_source(page, arena, group);
	page_table_end(page);
	write_weeks(page, arena, domain);
}

static void
write_broken(const struct page *page, const struct evidence *evidence)
{
	const struct broken *broken;

	if (evidence->broken == NULL)
		return;
	page_heading(page, 2, STR("Broken reports"));
	page_table(page, STR("Files with reports that do not count"),
	    broken_columns);
	for (broken = evidence->broken; broken != NULL;
	    broken = broken->next) {
		const struct str cells[] = { broken->path, broken->why };

		page_row(page, broken_columns, cells);
	}
	page_table_end(page);
}

void
write_evidence_page(struct run *run, const struct evidence *evidence,
    bool html)
{
	const struct page page = { &run->out, html };
	const struct domain_evidence *domain;

	page_begin(&page, STR("DMARC evidence"));
	page_paragraph(&page, arena_printf(run->arena, "Reports read: %zu, "
	    "duplicates: %zu, broken: %zu.", evidence->read,
	    evidence->duplicates, evidence->broken_count));
	for (domain = evidence->domains; domain != NULL;
	    domain = domain->next) {
		write_domain(&page, run, evidence, domain);
		run_flush(run);
	}
	write_broken(&page, evidence);
	page_end(&page);
}
