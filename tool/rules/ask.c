/*
 * Questions that come again and again while a zone is judged: asked about the
 * same name, they know the answer.
 */
#include <string.h>

#include "base/arena.h"
#include "base/hash.h"
#include "rules/check.h"

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

/* ---- answers ------------------------------------------------------------- */

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
		lint->unlike->note_sending(lint, name, sending, answer,
		    before);
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
