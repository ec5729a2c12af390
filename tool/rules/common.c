/* What several families of rules share. */
#include <string.h>

#include "base/arena.h"
#include "base/hash.h"
#include "rules/likeness.h"

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

bool
zone_is_whole(const struct zone *zone)
{
	return (zone->has_soa || zone->stray_soa) && !zone->incomplete;
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

	return domain != NULL && domain->rollout.present;
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

struct diag *
complain_problem(struct lint *lint, const struct record *record,
    const struct problem *problem)
{
	return complain_text(lint, record, problem->start, problem->end,
	    "%.*s", STR_ARG(problem->what));
}

size_t
lint_records(struct lint *lint, const struct node *node, unsigned types,
    const struct record ***records)
{
	return zones_records(lint->world->zones, lint->zone, node,
	    lint->arena, types, records);
}

const struct record *
lint_mx(struct lint *lint, const struct node *node)
{
	const struct record **records;
	size_t count, i;

	if ((node->types & HAS_MX) == 0)
		return NULL;
	count = lint_records(lint, node, HAS_MX, &records);
	for (i = 0; i < count; i++)
		if (records[i]->target.n > 0)
			return records[i];
	return NULL;
}

/* ---- questions that come again and again ------------------------------- */

/* What was answered about a name. */
struct asked {
	char name[NAME_MAX_WIRE];
	size_t length;			/* 0: nothing asked yet */
	unsigned turn;			/* see answers_again */
	union {
		unsigned sending;	/* the role, or whether it is */
		struct {
			size_t length;
			bool known;
		} organization;
		bool suffix;
		struct {
			enum answer_kind kind;
			bool some;
		} policy;
		struct {
			uint16_t type;
			enum answer_kind kind;
			unsigned links;
		} host;
	};
};

enum { ASKED = 16 };			/* a power of two */

struct answers {
	struct asked sending[SENDINGS][ASKED], organizations[MODELS][ASKED],
	    suffixes[ASKED], hosts[ASKED], policies[ASKED];
	struct str family;
	unsigned turn;
};

struct answers *
answers_new(struct arena *arena)
{
	return ARENA_NEW(arena, struct answers);
}

void
answers_forget(struct answers *answers)
{
	memset(answers, 0, sizeof(*answers));
}

void
answers_again(struct answers *answers, struct str family)
{
	answers->family = family;
	answers->turn++;
}

/* Where the answer about the name is; *known when it is there already. */
static struct asked *
find_answer(const struct answers *answers, struct asked *list, struct str name,
    unsigned salt, bool *known)
{
	struct asked *asked = &list[hash_quick(salt, name) & (ASKED - 1)];
	struct str last = { asked->name, asked->length };

	*known = last.n > 0 && str_equal(last, name) &&
	    (asked->turn == answers->turn || answers->family.n == 0 ||
	    !name_within(name, answers->family));
	if (*known)
		return asked;
	asked->turn = answers->turn;
	asked->length = name.n <= sizeof(asked->name) ? name.n : 0;
	if (asked->length > 0)
		memcpy(asked->name, name.p, name.n);
	return asked;
}

unsigned
lint_sending(struct lint *lint, struct str name, enum sending sending)
{
	switch (sending) {
	case SENDING_ROLE:
		return mail_role(lint->world, lint->arena, name);
	case SENDING_DESPITE_KEY:
		return mail_is_none_despite_key(lint->world, lint->arena,
		    lint->zone, name);
	case SENDING_NOWHERE:
	case SENDINGS:
		break;
	}
	return mail_gets_nowhere(lint->world, lint->arena, name);
}

/* What is read for it is not what is read for a verdict: the answer counts. */
static unsigned
note_sending(struct lint *lint, struct str name, enum sending sending)
{
	struct zone_memory *memory = lint->world->zones->memory;
	uint32_t before;
	unsigned answer;

	if (lint->answers->family.n == 0 ||
	    !name_within(name, lint->answers->family))
		return lint_sending(lint, name, sending);
	before = zone_memory_seen(memory);
	zone_memory_see(memory, 0);
	answer = lint_sending(lint, name, sending);
	/* What rests on nothing that was read is the same for all. */
	if (zone_memory_seen(memory) == 0)
		zone_memory_see(memory, before);
	else
		likeness_note_sending(lint, name, sending, answer, before);
	return answer;
}

static unsigned
ask_sending(struct lint *lint, struct str name, enum sending sending)
{
	bool known;
	struct asked *asked = find_answer(lint->answers,
	    lint->answers->sending[sending], name, 0, &known);

	if (!known)
		asked->sending = note_sending(lint, name, sending);
	return asked->sending;
}

enum mail_role
lint_role(struct lint *lint, struct str name)
{
	return (enum mail_role)ask_sending(lint, name, SENDING_ROLE);
}

bool
lint_is_none_despite_key(struct lint *lint, struct str name)
{
	return ask_sending(lint, name, SENDING_DESPITE_KEY) != 0;
}

bool
lint_is_unreachable(struct lint *lint, struct str name)
{
	return ask_sending(lint, name, SENDING_NOWHERE) != 0;
}

/*
 * Only below a public suffix. The list has exceptions from wildcards as well,
 * so a name below which everything is a suffix counts, too.
 */
bool
lint_may_have_organizations(struct lint *lint, struct str name)
{
	const struct psl *psl = lint->world->psl;
	struct asked *asked;
	bool known;

	if (psl == NULL)
		return true;
	asked = find_answer(lint->answers, lint->answers->suffixes, name, 0,
	    &known);
	if (!known)
		asked->suffix = psl_has(psl, name) ||
		    psl_has_below(psl, name);
	psl_count(psl, name);
	return asked->suffix;
}

/* By the list, most names have the organization of the name above them. */
static bool
inherits_organization(struct lint *lint, struct str name, enum model model)
{
	struct str parent = name_parent(name);

	return model == MODEL_7489 && lint->world->psl != NULL &&
	    name_labels(parent) > 1 &&
	    !lint_may_have_organizations(lint, parent) &&
	    !psl_has(lint->world->psl, name);
}

/* It is the end of the name, so its length says it. */
static struct str
recall_organization(struct lint *lint, struct str name, enum model model,
    bool *known)
{
	struct asked *answers = lint->answers->organizations[model], *asked;
	struct str organization;
	bool there, certain = true;

	psl_count(lint->world->psl, name);
	asked = find_answer(lint->answers, answers, name, 0, &there);
	if (!there) {
		organization = inherits_organization(lint, name, model) ?
		    recall_organization(lint, name_parent(name), model,
		    &certain) : organizational_domain(lint->world,
		    lint->arena, name, model, &certain);
		/* The parent may have taken its place. */
		asked = find_answer(lint->answers, answers, name, 0, &there);
		asked->organization.length = organization.n;
		asked->organization.known = certain;
	}
	*known = asked->organization.known;
	return str_after(name, name.n - asked->organization.length);
}

/* Most rules about a record ask for that of what it speaks for. */
struct str
lint_organization(struct lint *lint, struct str name, enum model model,
    bool *known)
{
	struct above *above = &lint->above[model], other = { 0 };

	if (name.p + name.n != lint->owner.p + lint->owner.n)
		above = &other;
	if (above->length != name.n || name.n == 0) {
		above->organization = recall_organization(lint, name, model,
		    &above->known);
		above->length = name.n;
	}
	if (known != NULL)
		*known = above->known;
	return above->organization;
}

/*
 * How the question for the policies of a name ends; *some when there are any.
 */
static enum answer_kind
ask_policy(struct lint *lint, struct str domain, bool *some)
{
	const struct record **records;
	bool known;
	struct asked *asked = find_answer(lint->answers,
	    lint->answers->policies, domain, 0, &known);
	size_t count = 0;

	if (!known) {
		asked->policy.kind = policy_records(lint->world, lint->arena,
		    domain, &records, &count);
		asked->policy.some = count > 0;
	}
	*some = asked->policy.some;
	return asked->policy.kind;
}

const struct record *
dmarc_only_record(struct lint *lint, struct str domain)
{
	const struct record **records;
	size_t count = 0;
	bool some;

	return ask_policy(lint, domain, &some) == ANSWER_DATA && some &&
	    policy_records(lint->world, lint->arena, domain, &records,
	    &count) == ANSWER_DATA && count == 1 ? records[0] : NULL;
}

bool
dmarc_is_lacking(struct lint *lint, struct str domain)
{
	bool some;

	return ask_policy(lint, domain, &some) != ANSWER_UNKNOWN && !some;
}

enum answer_kind
lint_ask(struct lint *lint, struct str name, uint16_t type, unsigned *links)
{
	bool known;
	struct asked *asked = find_answer(lint->answers, lint->answers->hosts,
	    name, type, &known);

	if (!known || asked->host.type != type) {
		asked->host.kind = zones_kind(lint->world->zones, lint->arena,
		    name, type, &asked->host.links);
		asked->host.type = type;
	}
	if (links != NULL)
		*links = asked->host.links;
	return asked->host.kind;
}

bool
lint_is_absent(struct lint *lint, struct str name, uint16_t type)
{
	enum answer_kind kind = lint_ask(lint, name, type, NULL);

	return kind == ANSWER_NODATA || kind == ANSWER_NXDOMAIN;
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

	for (problem = lint->zone->problems; problem != NULL;
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
diag_record(struct lint *lint, struct diag *diag, const struct record *record)
{
	diag_set_owner(lint->keep, diag, record->owner);
	diag->type = record->type;
	diag_set_entry(lint->keep, diag, record->span);
}

/* From the end of the tag before it, or up to the start of the one behind. */
void
diag_fix_remove_tag(struct lint *lint, struct diag *diag, enum fix_kind kind,
    const struct record *record, const struct tag *tag)
{
	size_t start = tag->start, end = tag->end;
	struct str text = record->text;

	while (start > 0 && text.p[start - 1] != ';')
		start--;
	if (start > 0)
		start--;
	else if (end < text.n)
		end++;
	while (start == 0 && end < text.n &&
	    byte_is_blank((unsigned char)text.p[end]))
		end++;
	while (start > 0 && byte_is_blank((unsigned char)text.p[start - 1]))
		start--;
	diag_fix_text(lint, diag, kind, record, start, end, STR(""));
}

/* Does the first entry of a text, comments passed over, have no owner? */
static bool
begins_without_owner(struct str text)
{
	struct str line, trimmed;

	while (text.n > 0 && str_split(&text, '\n', &line)) {
		trimmed = str_trim(line);
		if (trimmed.n > 0 && trimmed.p[0] != ';' &&
		    trimmed.p[0] != '\r')
			return byte_is_blank((unsigned char)line.p[0]);
	}
	return false;
}

/*
 * Does its file say $TTL before it? Then an entry that has no TTL does not take
 * that of the one before.
 */
static bool
has_default_ttl(const struct record *record)
{
	const struct zone *zone = record->zone;
	struct str text;

	if (record->span.source == zone->source)
		return zone->own_ttl > 0 && zone->own_ttl <=
		    record->span.start;
	text = str_slice(record->span.source->text, 0, record->span.start);
	return str_starts_case(text, STR("$TTL")) ||
	    str_contains(text, STR("\n$TTL"));
}

void
diag_fix_remove_record(struct lint *lint, struct diag *diag,
    enum fix_kind kind, const struct record *record)
{
	struct str text = record->span.source->text;
	size_t start = record->span.start, end = record->span.end;

	while (start > 0 && byte_is_blank((unsigned char)text.p[start - 1]))
		start--;
	while (end < text.n && (byte_is_blank((unsigned char)text.p[end]) ||
	    text.p[end] == '\r'))
		end++;
	if (record->generated || (start > 0 && text.p[start - 1] != '\n') ||
	    (end < text.n && text.p[end] != '\n') ||
	    (span_text(record->owner_span).n > 0 &&
	    begins_without_owner(str_after(text, end + 1))) ||
	    (record->explicit_ttl && !has_default_ttl(record)))
		return;
	diag_fix(lint, diag, kind, (struct span){ record->span.source, start,
	    end + (end < text.n) }, STR(""));
}

bool
place_is_taken(struct lint *lint, struct str owner, enum auth kind,
    const struct record *but)
{
	const struct node *node = zone_find(lint->zone, owner);
	const struct record **records;
	size_t count, i;

	if (node == NULL)
		return false;
	count = lint_records(lint, node, HAS_TXT, &records);
	for (i = 0; i < count; i++)
		if (records[i]->span.start != but->span.start &&
		    (auth_version(records[i]->text) == kind ||
		    auth_near_version(records[i]->text) == kind))
			return true;
	return false;
}

/* The start of the line behind an entry. */
static size_t
next_line(struct str text, size_t end)
{
	end += str_find(str_after(text, end), '\n');
	return end < text.n ? end + 1 : text.n;
}

void
diag_fix_add_record(struct lint *lint, struct diag *diag, struct span entry,
    struct str owner, const char *type_and_data)
{
	diag_fix_add_record_to(lint, diag, lint->zone, entry, owner,
	    type_and_data);
}

void
diag_fix_add_record_to(struct lint *lint, struct diag *diag,
    const struct zone *zone, struct span entry, struct str owner,
    const char *type_and_data)
{
	struct str text = entry.source->text, left = owner;
	bool ours = entry.source == zone->source;
	bool relative = ours && !zone->own_origins;
	struct str parts[5] = { STR_NONE };
	size_t at;

	if (!diag_may_fix(lint, diag, FIX_UNSAFE))
		return;
	at = ours && zone->has_soa && entry.start == zone->soa.start ?
	    text.n : next_line(text, entry.end);
	if (at > 0 && text.p[at - 1] != '\n')
		parts[0] = STR("\n");
	if (relative)
		left = name_relative(owner, zone->name);
	parts[1] = relative && left.n == 0 ? STR("@") : left;
	parts[2] = relative ? STR(" ") : STR(". ");
	parts[3] = str_from(type_and_data);
	parts[4] = STR("\n");
	diag_fix(lint, diag, FIX_UNSAFE, (struct span){ entry.source, at, at },
	    arena_join(lint->arena, parts, 5));
}

/* A new one goes before the first word behind the owner. */
void
diag_fix_ttl(struct lint *lint, struct diag *diag, enum fix_kind kind,
    const struct record *record, uint32_t ttl)
{
	struct str text = record->span.source->text, word;
	struct cursor in = { str_slice(text, 0, record->type_span.end),
	    record->span.start };
	size_t start;

	if (record->generated)
		return;
	if (record->owner_span.end > in.here)
		in.here = record->owner_span.end;
	do {
		cursor_while(&in, STR(" \t"));
		start = in.here;
		word = cursor_until(&in, STR(" \t();\r\n"));
		if (word.n == 0)
			return;
	} while (record->explicit_ttl &&
	    !byte_is_digit((unsigned char)word.p[0]));
	diag_fix(lint, diag, kind, (struct span){ record->span.source,
	    start, record->explicit_ttl ? in.here : start },
	    arena_printf(lint->arena, "%u%s", (unsigned)ttl,
	    record->explicit_ttl ? "" : " "));
}

void
diag_fix_move_tag(struct lint *lint, struct diag *diag, enum fix_kind kind,
    const struct record *record, const struct tag *tag, size_t at,
    struct str text)
{
	diag_fix_text(lint, diag, kind, record, at, at, text);
	diag_fix_remove_tag(lint, diag, kind, record, tag);
}
