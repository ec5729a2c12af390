/*
 * Suppressions: what the operator does not want to hear, in comments of zone
 * files and in the configuration, and what is wrong with them.
 */
#include "base/arena.h"
#include "base/pattern.h"
#include "base/sort.h"
#include "base/table.h"
#include "rules/suppression.h"

enum { EXPIRING_DAYS = 14, MAX_RULES = 16 };

struct suppression {
	struct suppression *next;
	struct span span;		/* what is told about it points here */
	struct span covers;		/* none: the whole file or zone */
	bool file;			/* ignore-file: of its own source */
	struct rule_use {
		const struct rule *rule;
		struct str word;
		bool used;
	} uses[MAX_RULES];
	size_t count;
	day until;			/* the last day; DAY_NONE for ever */
	struct str reason;
	bool used;
	struct str malformed;		/* why it suppresses nothing */
};

/* ---- reading ------------------------------------------------------------- */

static const struct rule *
nearest_rule(struct str word)
{
	const struct rule *rule, *best = NULL;
	unsigned distance, least = 3;
	size_t i;

	for (i = 0; (rule = rule_number(i)) != NULL; i++) {
		distance = str_distance(word, str_from(rule->id), 2);
		if (distance < least) {
			least = distance;
			best = rule;
		}
	}
	return best;
}

static struct str
unknown_rule(struct arena *arena, struct str word)
{
	const struct rule *near = nearest_rule(word);

	if (near == NULL)
		return arena_printf(arena, "there is no rule \"%.*s\"",
		    STR_ARG(word));
	return arena_printf(arena,
	    "there is no rule \"%.*s\"; did you mean \"%s\"?",
	    STR_ARG(word), near->id);
}

/* "rule-id, rule-id" between the brackets. */
static void
read_rules(struct arena *arena, struct suppression *one, struct str list)
{
	struct str word;

	while (str_split(&list, ',', &word)) {
		word = str_trim(word);
		if (one->count == MAX_RULES) {
			one->malformed = STR("more than 16 rules in one list");
			return;
		}
		one->uses[one->count].word = word;
		one->uses[one->count].rule = rule_find(word);
		if (one->uses[one->count].rule == NULL) {
			one->malformed = unknown_rule(arena, word);
			return;
		}
		one->count++;
	}
}

/* What stands behind the brackets: "until=DATE -- reason", both optional. */
static void
read_rest(struct suppression *one, struct cursor *in)
{
	const struct str blanks = STR(" \t");

	cursor_while(in, blanks);
	if (cursor_accept_str(in, STR("until="))) {
		if (!date_parse(cursor_until(in, blanks), &one->until))
			one->malformed = STR("\"until\" is not a date of the "
			    "form YYYY-MM-DD");
		cursor_while(in, blanks);
	}
	if (cursor_accept_str(in, STR("--")))
		one->reason = str_trim(cursor_rest(in));
	else if (cursor_peek(in) != END && one->malformed.p == NULL)
		one->malformed = STR("behind the rules only "
		    "\"until=DATE\" and \"-- reason\" may stand");
}

static struct suppression *
read_comment(struct arena *arena, const struct zone_suppression *comment)
{
	struct suppression *one = ARENA_NEW(arena, struct suppression);
	struct cursor in = { str_trim(comment->text), 0 };
	struct str list;

	one->span = comment->span;
	one->covers = comment->covers;
	one->until = DAY_NONE;
	if (cursor_accept_str(&in, STR("ignore-file[")))
		one->file = true;
	else if (!cursor_accept_str(&in, STR("ignore["))) {
		one->malformed = STR("only \"ignore[RULE]\" and "
		    "\"ignore-file[RULE]\" are understood");
		return one;
	}
	list = cursor_until(&in, STR("]"));
	if (!cursor_accept(&in, ']')) {
		one->malformed = STR("the list of rules is not closed");
		return one;
	}
	read_rules(arena, one, list);
	read_rest(one, &in);
	if (one->malformed.p == NULL && one->file &&
	    source_place(one->span.source, one->span.start).line > 10)
		one->malformed = STR("\"ignore-file\" counts only in the "
		    "first ten lines");
	return one;
}

/* ---- matching ------------------------------------------------------------ */

static bool
overlaps(struct span a, struct span b)
{
	return a.source == b.source && a.start < b.end &&
	    (b.start < a.end || b.start == a.start);
}

static bool
name_fits(struct str wanted, struct str name)
{
	return wanted.p == NULL || glob_matches(wanted, name);
}

/* Of the configuration: by glob, zone and owner. */
static bool
ignores(const struct config_ignore *one, const struct diag *diag)
{
	return glob_matches(one->rule.text, str_from(diag->rule->id)) &&
	    name_fits(one->zone.text, diag->zone->name) &&
	    (one->owner.text.p == NULL || (diag->owner != NULL &&
	    name_fits(one->owner.text, diag_owner(diag))));
}

enum { LISTS = 3 };

/* Those that may ignore a finding of a zone. */
static void
find_ignores(const struct config_ignores *all, const struct diag *diag,
    const struct config_ignore *lists[LISTS])
{
	lists[0] = table_find(&all->owners, diag_owner(diag));
	lists[1] = table_find(&all->zones, diag->zone->name);
	lists[2] = all->others;
}

/* Is the finding's rule one of those of a comment? */
static bool
speaks_of(struct suppression *one, const struct rule *rule)
{
	size_t i;

	for (i = 0; i < one->count; i++)
		if (one->uses[i].rule == rule) {
			one->uses[i].used = true;
			return true;
		}
	return false;
}

/* Comments that suppress something, by where they do; each in its order. */
struct suppressions {
	struct suppression **files, **entries;
	size_t file_count, entry_count;
};

static int
compare_entries(const void *a, const void *b)
{
	const struct span *x = &(*(struct suppression *const *)a)->covers;
	const struct span *y = &(*(struct suppression *const *)b)->covers;
	uintptr_t left = (uintptr_t)x->source, right = (uintptr_t)y->source;

	if (left != right)
		return left < right ? -1 : 1;
	return (x->start > y->start) - (x->start < y->start);
}

static struct suppressions
sort_out(struct arena *arena, struct suppression *list)
{
	struct suppressions sorted = { .file_count = 0 };
	struct suppression *one;
	size_t count = 0;

	for (one = list; one != NULL; one = one->next)
		count++;
	sorted.files = ARENA_ARRAY(arena, count, struct suppression *);
	sorted.entries = ARENA_ARRAY(arena, count, struct suppression *);
	for (one = list; one != NULL; one = one->next)
		if (one->malformed.p != NULL)
			continue;
		else if (one->file)
			sorted.files[sorted.file_count++] = one;
		else
			sorted.entries[sorted.entry_count++] = one;
	sort_nearly(sorted.entries, sorted.entry_count,
	    sizeof(struct suppression *), compare_entries, arena);
	return sorted;
}

/* Entries of a source lie one behind the other. */
static bool
ends_before(struct span covers, struct span entry)
{
	if (covers.source != entry.source)
		return (uintptr_t)covers.source < (uintptr_t)entry.source;
	return covers.end <= entry.start && covers.start != entry.start;
}

/* The first comment that may cover the entry. */
static size_t
find_entry(const struct suppressions *sorted, struct span entry)
{
	size_t from = 0, to = sorted->entry_count, middle;

	while (from < to) {
		middle = from + (to - from) / 2;
		if (ends_before(sorted->entries[middle]->covers, entry))
			from = middle + 1;
		else
			to = middle;
	}
	return from;
}

static bool
is_over(const struct lint *lint, day until)
{
	return until != DAY_NONE && until < lint->world->today;
}

static void
hide(struct lint *lint, struct diag *diag, struct str reason, bool external)
{
	diag->suppressed = true;
	diag->external = external;
	diag_rest_of(lint->keep, diag)->reason = reason;
}

static void
use(struct lint *lint, struct suppression *one, struct diag *diag)
{
	one->used = true;
	if (!is_over(lint, one->until))
		hide(lint, diag, one->reason, false);
}

/* Of several the one of its entry gives the reason. */
static void
mark(struct lint *lint, const struct suppressions *sorted, struct diag *diag)
{
	const struct span entry = diag_entry(diag);
	struct suppression *one;
	size_t i;

	for (i = 0; i < sorted->file_count; i++) {
		one = sorted->files[i];
		if (one->span.source == diag->span.source &&
		    speaks_of(one, diag->rule))
			use(lint, one, diag);
	}
	for (i = find_entry(sorted, entry); i < sorted->entry_count &&
	    overlaps(sorted->entries[i]->covers, entry); i++)
		if (speaks_of(sorted->entries[i], diag->rule))
			use(lint, sorted->entries[i], diag);
}

/* And before that the last one of the configuration. */
static void
mark_ignored(struct lint *lint, struct diag *diag)
{
	const struct config_ignore *lists[LISTS], *one, *last = NULL;
	size_t i;

	if (diag->zone == NULL)
		return;
	find_ignores(&lint->config->ignores, diag, lists);
	for (i = 0; i < LISTS; i++)
		for (one = lists[i]; one != NULL; one = one->next_alike)
			if ((last == NULL || one->number > last->number) &&
			    !is_over(lint, one->until) && ignores(one, diag))
				last = one;
	if (last != NULL)
		hide(lint, diag, last->reason.text, true);
}

/* ---- what is wrong with them --------------------------------------------- */

static const struct rule malformed = {
	.id = "suppression-malformed",
	.level = LEVEL_ERROR,
	.subject = SUBJECT_SUPPRESSION,
	.summary = "a suppression comment cannot be understood",
	.rationale = "A comment that asks mailzone to stay silent has a "
	    "mistake in it, so it suppresses nothing: a date that cannot be "
	    "read must not hide a finding for ever.",
	.citation = "mailzone(1), SUPPRESSING FINDINGS",
	.bad = QUIET_SOA QUIET_DMARC QUIET_MX
	    "@ TXT \"v=spf1 +all\" ; mailzone: ignore[spf-all-pass] "
	    "until=soon -- moving\n",
	.good = QUIET_SOA QUIET_DMARC QUIET_MX
	    "@ TXT \"v=spf1 +all\" ; mailzone: ignore[spf-all-pass] "
	    "-- moving\n",
};

static const struct rule unused = {
	.id = "suppression-unused",
	.level = LEVEL_WARNING,
	.subject = SUBJECT_SUPPRESSION,
	.fix = FIX_SAFE,
	.summary = "a suppression suppresses nothing",
	.rationale = "The finding that it was written for is gone, or the "
	    "comment stands at another record. Left in place it would hide "
	    "the next mistake at this record.",
	.citation = "mailzone(1), SUPPRESSING FINDINGS",
	.bad = QUIET_SOA QUIET_DMARC QUIET_MX
	    "@ TXT \"v=spf1 mx -all\" ; mailzone: ignore[spf-all-pass]\n",
	.good = QUIET_SOA QUIET_DMARC QUIET_MX
	    "@ TXT \"v=spf1 +all\" ; mailzone: ignore[spf-all-pass]\n",
};

static const struct rule expired = {
	.id = "suppression-expired",
	.level = LEVEL_WARNING,
	.subject = SUBJECT_SUPPRESSION,
	.summary = "a suppression is over",
	.rationale = "The day until which a finding was to be suppressed has "
	    "passed, so the finding is shown again: mend the record or decide "
	    "anew.",
	.citation = "mailzone(1), SUPPRESSING FINDINGS",
	.bad = "; today: 2026-11-24\n" QUIET_SOA QUIET_DMARC QUIET_MX
	    "@ TXT \"v=spf1 +all\" ; mailzone: ignore[spf-all-pass] "
	    "until=2026-11-23\n",
	.good = "; today: 2026-11-24\n" QUIET_SOA QUIET_DMARC QUIET_MX
	    "@ TXT \"v=spf1 +all\" ; mailzone: ignore[spf-all-pass] "
	    "until=2027-11-24\n",
};

static const struct rule expiring = {
	.id = "suppression-expiring",
	.level = LEVEL_NOTE,
	.subject = SUBJECT_SUPPRESSION,
	.summary = "a suppression is over in less than fifteen days",
	.rationale = "From the day after its date the finding is shown again "
	    "and may stop a pipeline; this is the time to mend the record.",
	.citation = "mailzone(1), SUPPRESSING FINDINGS",
	.bad = "; today: 2026-11-24\n" QUIET_SOA QUIET_DMARC QUIET_MX
	    "@ TXT \"v=spf1 +all\" ; mailzone: ignore[spf-all-pass] "
	    "until=2026-11-30\n",
	.good = "; today: 2026-11-24\n" QUIET_SOA QUIET_DMARC QUIET_MX
	    "@ TXT \"v=spf1 +all\" ; mailzone: ignore[spf-all-pass] "
	    "until=2026-12-30\n",
};

const struct rule *const suppression_rules[] = {
	&expired, &expiring, &malformed, &unused, NULL
};

/* True when the rule speaks in this run; then it has its turn. */
static bool
turn(struct lint *lint, const struct selection *selection,
    const struct rule *rule)
{
	lint->rule = rule;
	lint->level = rule_level(rule, selection, lint->config);
	return rule_speaks(rule, selection, lint->config);
}

/* A rule that was not asked cannot tell that a suppression is unused. */
static bool
ran(const struct lint *lint, const struct selection *selection,
    const struct rule *rule)
{
	return rule_speaks(rule, selection, lint->config);
}

/* A comment that has a line to itself takes the line with it. */
static struct span
whole_comment(struct span span)
{
	struct str text = span.source->text;
	size_t start = span.start;

	while (start > 0 && (text.p[start - 1] == ';' ||
	    byte_is_blank((unsigned char)text.p[start - 1])))
		start--;
	span.start = start;
	if (start > 0 && text.p[start - 1] != '\n')
		return span;
	if (span.end < text.n && text.p[span.end] == '\r')
		span.end++;
	if (span.end < text.n && text.p[span.end] == '\n')
		span.end++;
	return span;
}

/* One word of several goes with the comma beside it. */
static void
fix_unused(struct lint *lint, struct diag *diag,
    const struct suppression *one, size_t number)
{
	const struct rule_use *uses = one->uses;
	const char *text = one->span.source->text.p;
	struct span span = one->span;

	if (one->count == 1)
		span = whole_comment(span);
	else if (number > 0) {
		span.start = (size_t)(uses[number - 1].word.p +
		    uses[number - 1].word.n - text);
		span.end = (size_t)(uses[number].word.p +
		    uses[number].word.n - text);
	} else {
		span.start = (size_t)(uses[0].word.p - text);
		span.end = (size_t)(uses[1].word.p - text);
	}
	diag_fix(lint, diag, FIX_SAFE, span, STR(""));
}

static void
object_to_unused(struct lint *lint, const struct selection *selection,
    struct suppression *one)
{
	struct diag *diag;
	size_t i;

	if (!turn(lint, selection, &unused))
		return;
	for (i = 0; i < one->count; i++) {
		if (one->uses[i].used ||
		    !ran(lint, selection, one->uses[i].rule))
			continue;
		diag = complain(lint, one->span,
		    "\"%s\" finds nothing here that could be suppressed",
		    one->uses[i].rule->id);
		diag_about(lint, diag, one->uses[i].word);
		diag_help(lint, diag, one->count == 1 ?
		    "remove the comment" : "remove the rule from the comment");
		fix_unused(lint, diag, one, i);
	}
}

static void
object_to_date(struct lint *lint, const struct selection *selection,
    const struct suppression *one)
{
	struct str date;

	if (!one->used || one->until == DAY_NONE)
		return;
	date = date_print(lint->keep, one->until);
	if (is_over(lint, one->until)) {
		if (turn(lint, selection, &expired))
			complain(lint, one->span,
			    "suppressed until %.*s, which has passed",
			    STR_ARG(date));
	} else if (one->until - lint->world->today <= EXPIRING_DAYS &&
	    turn(lint, selection, &expiring))
		complain(lint, one->span, "suppressed until %.*s only",
		    STR_ARG(date));
}

static void
judge(struct lint *lint, const struct selection *selection,
    struct suppression *one)
{
	if (one->malformed.p != NULL) {
		if (turn(lint, selection, &malformed))
			complain(lint, one->span, "this suppresses nothing: "
			    "%.*s", STR_ARG(one->malformed));
		return;
	}
	object_to_unused(lint, selection, one);
	object_to_date(lint, selection, one);
}

void
suppress(struct lint *lint, const struct selection *selection,
    struct diag *first)
{
	struct suppression *list = NULL, **end = &list, *one;
	const struct zone_suppression *comment;
	struct suppressions sorted;
	struct diag *diag;

	for (comment = lint->zone->contents->suppressions; comment != NULL;
	    comment = comment->next, end = &(*end)->next)
		*end = read_comment(lint->keep, comment);
	sorted = sort_out(lint->arena, list);
	for (diag = first; list != NULL && diag != NULL; diag = diag->next)
		mark(lint, &sorted, diag);
	for (diag = first; lint->config->ignores.count > 0 && diag != NULL;
	    diag = diag->next)
		mark_ignored(lint, diag);
	lint->owner = STR_NONE;
	lint->type = 0;
	lint->entry = (struct span){ 0 };
	for (one = list; one != NULL; one = one->next)
		judge(lint, selection, one);
}

/* ---- what the configuration ignores -------------------------------------- */

/* Did all rules have a turn that the glob speaks of, but those usually off? */
static bool
all_ran(const struct lint *lint, const struct selection *selection,
    struct str glob)
{
	const struct rule *rule;
	bool any = false;
	size_t i;

	for (i = 0; (rule = rule_number(i)) != NULL; i++) {
		if (!glob_matches(glob, str_from(rule->id)))
			continue;
		if (ran(lint, selection, rule))
			any = true;
		else if (rule->level != LEVEL_OFF)
			return false;
	}
	return any;
}

/* Do any of these that are alike ignore a finding? */
static void
note_used(bool *used, const struct config_ignore *one, const struct diag *diag)
{
	for (; one != NULL; one = one->next_alike)
		if (!used[one->number])
			used[one->number] = ignores(one, diag);
}

/* Which of them ignore any of the findings, by number. */
static const bool *
find_used(const struct config_ignores *all, const struct diag *diag,
    struct arena *arena)
{
	const struct config_ignore *lists[LISTS];
	bool *used = ARENA_ARRAY(arena, all->count, bool);
	size_t i;

	for (; all->count > 0 && diag != NULL; diag = diag->next) {
		if (diag->zone == NULL)
			continue;
		find_ignores(all, diag, lists);
		for (i = 0; i < LISTS; i++)
			note_used(used, lists[i], diag);
	}
	return used;
}

void
suppress_judge_config(const struct world *world,
    const struct selection *selection, bool whole, struct arena *keep,
    struct diags *diags)
{
	struct lint lint = { .world = world, .config = world->config,
	    .selection = selection, .keep = keep, .diags = diags };
	const struct config_ignores *all = &world->config->ignores;
	const bool *used = find_used(all, diags->first, keep);
	const struct config_ignore *ignore;
	struct suppression one;
	struct diag *diag;

	for (ignore = all->first; ignore != NULL; ignore = ignore->next) {
		one = (struct suppression){ .span = ignore->span,
		    .until = ignore->until, .used = used[ignore->number] };
		object_to_date(&lint, selection, &one);
		if (one.used || !whole ||
		    !all_ran(&lint, selection, ignore->rule.text) ||
		    !turn(&lint, selection, &unused))
			continue;
		diag = complain(&lint, one.span, "\"%.*s\" finds nothing "
		    "here that could be suppressed",
		    STR_ARG(ignore->rule.text));
		diag_help(&lint, diag, "remove the entry");
	}
}
