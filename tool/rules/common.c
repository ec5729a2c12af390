/* What several families of rules share. */
#include "base/arena.h"
#include "rules/check.h"

struct str
record_domain(const struct record *record)
{
	static const struct str label = STR_INIT("_dmarc.");
	struct str domain = record->owner;

	/* Its kind says most of where it stands. */
	if (record->auth == AUTH_DMARC)
		return str_after(record->owner, label.n);
	if (record->auth != AUTH_SPF)
		auth_place(record->owner, &domain, NULL);
	return domain;
}

/* Reverse zones, and names that only exist inside (RFC 6761 and others). */
bool
name_needs_no_policy(struct str name)
{
	static const struct str tops[] = {
		STR_INIT("arpa"), STR_INIT("internal"), STR_INIT("invalid"),
		STR_INIT("local"), STR_INIT("localhost"), STR_INIT("onion"),
	};
	size_t i;

	if (name.n == 0)
		return true;
	/* Most differ in the last letter. */
	for (i = 0; i < sizeof(tops) / sizeof(tops[0]); i++)
		if (tops[i].p[tops[i].n - 1] == name.p[name.n - 1] &&
		    name_within(name, tops[i]))
			return true;
	return false;
}

struct str
record_selector(const struct record *record)
{
	struct str selector = STR_NONE;

	auth_place(record->owner, NULL, &selector);
	return selector;
}

/* A comment that reads "; p=reject": zone-txt-comment-truncation tells it. */
bool
record_lost_comment(const struct record *record)
{
	struct cursor in = { STR_NONE, 0 };
	size_t start;

	if (record->comment.source == NULL || record->token_count == 0 ||
	    record->tokens[record->token_count - 1].quoted)
		return false;
	in.text = span_text(record->comment);
	cursor_while(&in, STR("; \t"));
	start = in.here;
	while (byte_is_letter(cursor_peek(&in)))
		cursor_next(&in);
	if (in.here == start)
		return false;
	cursor_while(&in, STR(" \t"));
	return cursor_peek(&in) == '=';
}

struct span
record_owner_span(const struct record *record)
{
	return record->owner_span.end > record->owner_span.start ?
	    record->owner_span : record->type_span;
}

bool
domain_in_rollout(const struct lint *lint, struct str name)
{
	const struct config_domain *domain = config_domain(lint->config, name);

	return domain != NULL && domain->rollout.present &&
	    config_rollout_begins(domain);
}

const struct problem *
problems_find(const struct problems *problems, int kind)
{
	const struct problem *problem;

	for (problem = problems->first; problem != NULL;
	    problem = problem->next)
		if (problem->kind == kind)
			return problem;
	return NULL;
}

bool
node_is_mail_name(const struct node *node, struct str name)
{
	return !node->occluded && !node->cut &&
	    (node->types & HAS_CNAME) == 0 && !name_has_underscore(name) &&
	    !str_has(name, '*') && !name_needs_no_policy(name);
}

const struct profile *
lint_next_profile(const struct lint *lint, size_t *number)
{
	const struct selection *selection = lint->selection;
	const struct words *words = &lint->config->profiles;
	size_t i = (*number)++;

	if (i < selection->profile_count)
		return selection->profiles[i];
	i -= selection->profile_count;
	/* The run took over what is configured. */
	return selection->profile_count > 0 || i >= words->count ? NULL :
	    profile_find(words->words[i].text);
}

bool
node_has_record(struct lint *lint, const struct node *node, enum auth kind)
{
	const struct record **records;
	size_t count, i;

	if ((node->types & HAS_TXT) == 0)
		return false;
	count = lint_records(lint, node, HAS_TXT, &records);
	for (i = 0; i < count; i++)
		if (records[i]->auth == kind)
			return true;
	return false;
}

bool
is_beside_record(struct lint *lint, const struct record *alias, enum auth kind)
{
	const struct node *node = zone_find(lint->zone, alias->owner);

	return node != NULL && node_has_record(lint, node, kind);
}

const struct record *
record_second(struct lint *lint, const struct node *node, enum auth kind,
    const struct record **first)
{
	const struct record **records, *seen = NULL;
	size_t count, i;

	if ((node->types & HAS_TXT) == 0)
		return NULL;
	count = lint_records(lint, node, HAS_TXT, &records);
	for (i = 0; i < count; i++) {
		if (records[i]->auth != kind)
			continue;
		if (seen == NULL)
			seen = records[i];
		/* A name server gives exact copies only once. */
		else if (!record_same(lint->arena, seen, records[i])) {
			if (first != NULL)
				*first = seen;
			return records[i];
		}
	}
	return NULL;
}

void
complain_several(struct lint *lint, const struct node *node, struct str name,
    enum auth kind, const char *consequence)
{
	const struct record *first, *second;
	struct diag *diag;

	if ((node->types & HAS_TXT) == 0 ||
	    auth_place(name, NULL, NULL) != kind)
		return;
	second = record_second(lint, node, kind, &first);
	if (second == NULL)
		return;
	diag = complain(lint, second->rdata_span, "%s, because there is more "
	    "than one %s record", consequence, auth_name(kind));
	diag_record(lint, diag, second);
	diag_help(lint, diag, "leave one record");
	diag_note(lint, diag, first->rdata_span, "the first one");
}

static bool
is_unreadable(struct arena *arena, struct str text, enum auth kind)
{
	const struct problem *problem;

	problem = kind == AUTH_MTASTS ? mtasts_parse(arena,
	    text)->problems.first : kind == AUTH_TLSRPT ? tlsrpt_parse(arena,
	    text)->problems.first : bimi_parse(arena, text)->problems.first;
	/* A blank that most senders pass over. */
	while (kind == AUTH_MTASTS && problem != NULL &&
	    problem->kind == MTASTS_DELIMITER)
		problem = problem->next;
	return problem != NULL;
}

/* What is wrong with where an alias leads; NULL for nothing. */
static const char *
alias_fault(struct arena *arena, const struct answer *answer, enum auth kind,
    const struct record **record)
{
	size_t i, count = 0;

	*record = NULL;
	for (i = 0; i < answer->count; i++)
		if (auth_version(answer->records[i]->text) == kind) {
			*record = answer->records[i];
			count++;
		}
	if (count == 0)
		return "no";
	/* There, others look at them. */
	if (auth_place(answer->owner, NULL, NULL) == kind)
		return NULL;
	return count > 1 ? "more than one" : is_unreadable(arena,
	    (*record)->text, kind) ? "a malformed" : NULL;
}

/* The same of an alias; where it leads, and to which of these, if any. */
static const char *
find_alias_fault(struct lint *lint, const struct record *record,
    enum auth kind, struct str *name, const struct record **target)
{
	struct answer answer;

	if (record->type != RR_CNAME ||
	    auth_place(record->owner, NULL, NULL) != kind ||
	    is_beside_record(lint, record, kind))
		return NULL;
	answer = zones_ask(lint->world->zones, lint->arena, record->target,
	    RR_TXT);
	if (answer.kind == ANSWER_UNKNOWN || target_lacks_dot(lint, record))
		return NULL;
	*name = answer.name;
	return alias_fault(lint->arena, &answer, kind, target);
}

bool
is_vain_alias(struct lint *lint, const struct record *record, enum auth kind)
{
	const struct record *target;
	struct str name;

	return find_alias_fault(lint, record, kind, &name, &target) != NULL;
}

void
complain_alias(struct lint *lint, const struct record *record, enum auth kind,
    const char *consequence)
{
	const struct record *target;
	struct diag *diag;
	const char *fault;
	struct str name;

	fault = find_alias_fault(lint, record, kind, &name, &target);
	if (fault == NULL)
		return;
	diag = complain(lint, record->rdata_span, "%s, because there is %s %s "
	    "record at %.*s", consequence, fault, auth_name(kind),
	    STR_ARG(name_show(name)));
	diag_help(lint, diag, "publish a good one there, or remove the "
	    "CNAME");
	if (target != NULL)
		diag_note(lint, diag, target->rdata_span, "it stands here");
}

bool
record_is_passed_over(struct lint *lint, const struct record *record,
    enum auth kind)
{
	return record->auth == AUTH_NONE && record->type == RR_TXT &&
	    auth_place(record->owner, NULL, NULL) == kind &&
	    auth_lost_version(record->text, kind) &&
	    version_typo(lint, record) == AUTH_NONE &&
	    !text_is_explained(lint, record, 0, record->text.n);
}

void
complain_passed_over(struct lint *lint, const struct record *record,
    enum auth kind, const char *version)
{
	struct diag *diag;

	/* All texts come by; the places of these kinds begin so. */
	if (record->owner.n == 0 || record->owner.p[0] != '_' ||
	    !record_is_passed_over(lint, record, kind))
		return;
	diag = complain_text(lint, record, 0, record->text.n,
	    "senders ignore this record, because it does not begin with "
	    "\"%s;\"", version);
	diag_help(lint, diag, "begin it with \"%s;\", letter by letter",
	    version);
}

/* Is it of the name that is judged, and its only TXT record? */
static bool
is_alone(const struct lint *lint, const struct record *record)
{
	return record->type == RR_TXT && record->owner.p == lint->owner.p &&
	    (lint->several & HAS_TXT) == 0;
}

bool
record_is_void(struct lint *lint, const struct record *record)
{
	if (record->auth == AUTH_SPF && record->spf->permerror)
		return true;
	return !is_alone(lint, record) && record_second(lint,
	    zone_find(record->zone, record->owner), record->auth, NULL) != NULL;
}

/*
 * May the owner of an entry be this name? One that is left out or relative
 * depends on what stands before it.
 */
static bool
may_own(struct str entry, struct str name)
{
	struct cursor in = { entry, 0 };
	struct str owner = cursor_until(&in, STR(" \t(\r\n"));

	if (owner.n == 0 || str_is(owner, "@"))
		return true;
	if (str_ends(owner, STR(".")))
		return str_equal_case(str_slice(owner, 0, owner.n - 1), name);
	return str_starts_case(name, owner) &&
	    (name.n == owner.n || name.p[owner.n] == '.');
}

/* The text of this kind of record, in quotes or not. */
static bool
speaks_of(struct str entry, enum auth kind)
{
	struct cursor in = { entry, 0 };

	for (; in.here < entry.n; cursor_next(&in)) {
		cursor_until(&in, STR("vV"));
		if (auth_version(cursor_rest(&in)) == kind)
			return true;
	}
	return false;
}

bool
is_refused_entry(struct lint *lint, struct str name, enum auth kind)
{
	const struct zone_problem *problem;

	for (problem = lint->zone->contents->problems; problem != NULL;
	    problem = problem->next)
		if (zone_problem_is_syntax(problem->kind) &&
		    may_own(span_text(problem->entry), name) &&
		    speaks_of(span_text(problem->entry), kind)) {
			lint_unlike(lint);
			return true;
		}
	return false;
}

day
lint_last_run(struct lint *lint, enum seen_kind kind)
{
	const struct state *state = lint->world->state;
	const struct sighting *seen;
	size_t position = 0;
	struct str owner;
	day run = DAY_NONE;

	while ((owner = state_next(state, lint->zone->name,
	    &position)).p != NULL)
		for (seen = state_at(state, owner, kind); seen != NULL;
		    seen = seen->next)
			if (seen->last > run && lint_is_in_zone(lint, owner))
				run = seen->last;
	return run;
}

static bool
is_given_away(const struct config_domain *domain)
{
	while (domain != NULL && !domain->delegated)
		domain = domain->parent;
	return domain != NULL;
}

const struct config_domain *
lint_next_domain(struct lint *lint, struct domain_walk *walk)
{
	const struct config_domain *domain;

	if (!walk->begun)
		walk->domains = config_within(lint->config, lint->zone->name,
		    &walk->count);
	walk->begun = true;
	while (walk->here < walk->count) {
		domain = walk->domains[walk->here++];
		if (!is_given_away(domain) &&
		    lint_is_in_zone(lint, domain->name))
			return domain;
	}
	return NULL;
}

bool
lint_is_in_zone(struct lint *lint, struct str owner)
{
	const struct zone *zone = zones_covering(lint->world->zones, owner);

	return zone == NULL || str_equal(zone->name, lint->zone->name);
}

void
lint_unlike(const struct lint *lint)
{
	if (lint->unlike != NULL)
		lint->unlike->name = lint->unlike->zone = true;
}

size_t
lint_slack(const struct lint *lint)
{
	return lint->unlike == NULL ? LIKE_SLACK : lint->unlike->slack;
}
