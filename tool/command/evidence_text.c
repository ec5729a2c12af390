/* What mailzone evidence prints for people. */
#include "base/arena.h"
#include "command/evidence.h"

enum { SHOWN_UNKNOWN = 20, SHOWN_NETWORKS = 4, SHOWN_WEEKS = 12 };

struct str
print_percent(struct arena *arena, uint64_t part, uint64_t whole)
{
	uint64_t tenths = whole == 0 ? 0 : part > UINT64_MAX / 1000 ?
	    part / (whole / 1000 + 1) : part * 1000 / whole;

	if (whole == 0)
		return STR("-");
	if (tenths == 1000)
		return STR("100 %");
	return arena_printf(arena, "%u.%u %%", (unsigned)(tenths / 10),
	    (unsigned)(tenths % 10));
}

static void
write_networks(struct buffer *out, struct arena *arena,
    const struct source_group *group)
{
	size_t i;

	if (group->network_count == 0 || (group->network_count == 1 &&
	    group->kind != SOURCE_SENDER && group->domain.n == 0))
		return;
	buffer_add_cstr(out, "      from");
	for (i = 0; i < group->network_count && i < SHOWN_NETWORKS; i++)
		buffer_printf(out, "%s %.*s", i == 0 ? "" : ",",
		    STR_ARG(network_print(arena, &group->networks[i])));
	if (i < group->network_count)
		buffer_printf(out, " and %zu more", group->network_count - i);
	buffer_add_byte(out, '\n');
}

static void
write_source(struct run *run, const struct source_group *group)
{
	const struct tally *tally = &group->tally;
	struct buffer *out = &run->out;
	struct str name = source_name(run->arena, group);
	size_t start = out->n;

	buffer_printf(out, "  %-10s", source_kind_name(group->kind));
	write_shown(out, name);
	if (out->n - start < 42)
		buffer_add_repeated(out, ' ', 42 - (out->n - start));
	buffer_printf(out, " %9llu %8.*s %8.*s %8.*s\n",
	    (unsigned long long)tally->messages,
	    STR_ARG(print_percent(run->arena, tally->either, tally->messages)),
	    STR_ARG(print_percent(run->arena, tally->spf, tally->messages)),
	    STR_ARG(print_percent(run->arena, tally->dkim, tally->messages)));
	write_networks(out, run->arena, group);
	if (group->todo.n > 0) {
		buffer_add_cstr(out, "      ");
		write_wrapped(out, group->todo, 6, 6);
	}
}

bool
evidence_week(const struct domain_evidence *domain, size_t *position,
    struct evidence_day *week)
{
	const struct evidence_day *days = domain->days;
	size_t i = *position;

	if (i == domain->day_count)
		return false;
	*week = (struct evidence_day){ days[i].date -
	    (day)date_weekday(days[i].date), 0, 0 };
	if (week->date < 0)		/* 1970 began on a Thursday */
		week->date = 0;
	for (; i < domain->day_count && days[i].date -
	    (day)date_weekday(days[i].date) <= week->date; i++) {
		week->messages += days[i].messages;
		week->either += days[i].either;
	}
	*position = i;
	return true;
}

static void
write_weeks(struct run *run, const struct domain_evidence *domain)
{
	struct evidence_day week;
	size_t position = 0, count = 0, skipped;

	while (evidence_week(domain, &position, &week))
		count++;
	skipped = count > SHOWN_WEEKS ? count - SHOWN_WEEKS : 0;
	buffer_add_cstr(&run->out, "  week of                                 "
	    "    messages   passing\n");
	for (position = 0; evidence_week(domain, &position, &week);) {
		if (skipped > 0) {
			skipped--;
			continue;
		}
		buffer_printf(&run->out, "  %.*s %40llu %9.*s\n",
		    STR_ARG(date_print(run->arena, week.date)),
		    (unsigned long long)week.messages,
		    STR_ARG(print_percent(run->arena, week.either,
		    week.messages)));
	}
}

static void
write_sources(struct run *run, const struct source_group *group)
{
	uint64_t messages = 0;
	size_t unknown = 0, hidden = 0;

	buffer_printf(&run->out, "  %-41s %8s %8s %8s %8s\n", "source",
	    "messages", "passing", "by SPF", "by DKIM");
	for (; group != NULL; group = group->next) {
		if (group->tally.messages == 0)
			continue;
		if (group->kind != SOURCE_UNKNOWN ||
		    unknown++ < SHOWN_UNKNOWN || group->legitimate) {
			write_source(run, group);
			continue;
		}
		hidden++;
		messages += group->tally.messages;
	}
	if (hidden > 0)
		buffer_printf(&run->out, "  and %zu more unknown sources, of "
		    "%llu messages; -f json has all of them\n", hidden,
		    (unsigned long long)messages);
}

static void
write_domain(struct run *run, const struct evidence *evidence,
    const struct domain_evidence *domain)
{
	const struct tally *tally = &domain->tally;
	struct buffer *out = &run->out;

	write_shown(out, domain->name);
	buffer_printf(out, "  %llu message%s, %.*s passing, %zu report%s of "
	    "%zu day%s", (unsigned long long)tally->messages,
	    tally->messages == 1 ? "" : "s", STR_ARG(print_percent(run->arena,
	    tally->either, tally->messages)), domain->reports,
	    domain->reports == 1 ? "" : "s", domain->day_count,
	    domain->day_count == 1 ? "" : "s");
	if (domain->day_count > 0)
		buffer_printf(out, ", %.*s to %.*s",
		    STR_ARG(date_print(run->arena, domain->days[0].date)),
		    STR_ARG(date_print(run->arena,
		    domain->days[domain->day_count - 1].date)));
	buffer_add_byte(out, '\n');
	if (tally->messages == 0)
		return;
	write_sources(run, groups_of(&run->world, run->arena, evidence,
	    domain));
	write_weeks(run, domain);
}

void
write_evidence_text(struct run *run, const struct evidence *evidence)
{
	const struct domain_evidence *domain;

	for (domain = evidence->domains; domain != NULL;
	    domain = domain->next) {
		if (domain != evidence->domains)
			buffer_add_byte(&run->out, '\n');
		write_domain(run, evidence, domain);
		run_flush(run);
	}
}
