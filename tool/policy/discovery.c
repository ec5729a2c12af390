/*
 * Which policy a receiver finds: by the public suffix list (RFC 7489 sections
 * 3.2 and 6.6.3) and by the DNS tree walk (RFC 9989 section 4.10).
 */

#include "base/arena.h"
#include "base/table.h"
#include "policy/policy.h"

static struct str
organization_by_list(const struct world *world, struct str name, bool *known)
{
	const struct zone *zone;

	*known = world->psl != NULL;
	if (world->psl != NULL)
		return psl_organization(world->psl, name);
	zone = zones_covering(world->zones, name);
	return zone != NULL ? zone->name : name;
}

/* ---- the records at one name --------------------------------------------- */

/*
 * A record that a wildcard or a CNAME lends was not read as a policy where it
 * stands.
 */
static const struct record *
as_policy(struct arena *arena, const struct record *record)
{
	struct record *copy;

	if (record->auth == AUTH_DMARC)
		return record;
	copy = ARENA_NEW(arena, struct record);
	*copy = *record;
	copy->auth = AUTH_DMARC;
	copy->dmarc = dmarc_parse(arena, record->text);
	return copy;
}

/* Those that are selected, in place. */
static size_t
select_policies(struct arena *arena, const struct answer *answer)
{
	size_t i, kept = 0;

	for (i = 0; i < answer->count; i++)
		if (auth_version(answer->records[i]->text) == AUTH_DMARC)
			answer->records[kept++] = as_policy(arena,
			    answer->records[i]);
	return kept;
}

enum answer_kind
policy_records(const struct world *world, struct arena *arena,
    struct str name, const struct record ***records, size_t *count)
{
	struct answer answer = zones_ask(world->zones, arena,
	    name_join(arena, STR("_dmarc"), name), RR_TXT);

	*count = select_policies(arena, &answer);
	*records = answer.records;
	return answer.kind;
}

/* ---- queries ------------------------------------------------------------- */

enum { WALK_MAX = POLICY_QUERIES };

/* One query: what stood there. */
struct step {
	struct str name;		/* without _dmarc */
	const struct record *record;	/* the only one, or NULL */
	size_t count;
	bool unknown;
	struct str why;
};

/* All queries for one author domain, or for one identifier. */
struct search {
	const struct world *world;
	struct arena *arena;
	struct step steps[WALK_MAX];
	size_t count;
};

struct policy_memo {
	struct arena *arena;
	struct str name;
	struct table steps;		/* by name */
	/* There is certainly no policy at the name, nor above it. */
	enum { NOT_ASKED, BARE, NOT_BARE } bare;
};

struct policy_memo *
policy_memo_new(struct arena *arena, struct str name)
{
	struct policy_memo *memo = ARENA_NEW(arena, struct policy_memo);

	memo->arena = arena;
	memo->name = name;
	return memo;
}

/*
 * Nobody publishes a policy at a top-level domain or another public suffix,
 * unless it is seen to do so. Else most domains had to be called unknown.
 */
static bool
is_assumed_empty(const struct world *world, const struct answer *answer,
    struct str name)
{
	return answer->kind == ANSWER_UNKNOWN && answer->links == 0 &&
	    (name_labels(name) == 1 || psl_has(world->psl, name));
}

static void
ask(const struct world *world, struct arena *arena, struct step *step,
    bool author)
{
	struct str asked = name_join(arena, STR("_dmarc"), step->name);
	struct answer answer = zones_ask(world->zones, arena, asked, RR_TXT);

	step->count = select_policies(arena, &answer);
	step->record = step->count == 1 ? answer.records[0] : NULL;
	step->unknown = answer.kind == ANSWER_UNKNOWN &&
	    (author || !is_assumed_empty(world, &answer, step->name));
	step->why = answer.why;
}

/* One that many names have above them; NULL when it is none. */
static const struct step *
recall(const struct world *world, struct str name)
{
	struct policy_memo *memo = world->memo;
	struct zones zones = *world->zones;
	struct world lasting = *world;
	struct step *step;

	if (memo == NULL || !name_within(memo->name, name))
		return NULL;
	step = table_find(&memo->steps, name);
	if (step != NULL)
		return step;
	step = ARENA_NEW(memo->arena, struct step);
	step->name = arena_copy(memo->arena, name);
	/* The record shall last as long. */
	zones.memory = NULL;
	lasting.zones = &zones;
	ask(&lasting, memo->arena, step, false);
	return table_add(&memo->steps, memo->arena, step->name, step);
}

static const struct step *
query(struct search *search, struct str name)
{
	struct step *step = &search->steps[search->count];
	const struct step *known = search->count == 0 ? NULL :
	    recall(search->world, name);

	if (known != NULL) {
		*step = *known;
	} else {
		step->name = name;
		ask(search->world, search->arena, step, search->count == 0);
	}
	search->count++;
	return step;
}

/* The first name on the way that cannot be seen, or NULL. */
static const struct step *
find_unknown(const struct search *search)
{
	size_t i;

	for (i = 0; i < search->count; i++)
		if (search->steps[i].unknown)
			return &search->steps[i];
	return NULL;
}

static bool
stops(const struct step *step)
{
	return step->record != NULL &&
	    (step->record->dmarc->psd_yes || step->record->dmarc->psd_no);
}

/* RFC 9989 section 4.10: names of eight labels and more are left out. */
static struct str
next_name(struct str name)
{
	return name_labels(name) <= WALK_MAX ? name_parent(name) :
	    name_last(name, WALK_MAX - 1);
}

/* From the name last asked for up to the top. */
static void
walk_on(struct search *search)
{
	const struct step *step = &search->steps[search->count - 1];
	struct str name = next_name(step->name);

	while (!stops(step) && name.n > 0) {
		step = query(search, name);
		name = name_parent(name);
	}
}

/* ---- organizational domains ---------------------------------------------- */

/* The name one label below the step, on the way from where we started. */
static struct str
name_below_step(const struct search *search, const struct step *step)
{
	return name_last(search->steps[0].name, name_labels(step->name) + 1);
}

/*
 * Section 4.10.2. Where the name itself is a public suffix by psd=y, it
 * speaks for itself.
 */
static struct str
organization_of_walk(const struct search *search)
{
	const struct step *top = NULL, *step;
	size_t i;

	for (i = 0; i < search->count; i++) {
		step = &search->steps[i];
		if (step->record == NULL)
			continue;
		if (step->record->dmarc->psd_yes && i > 0)
			return name_below_step(search, step);
		top = step;
	}
	return top != NULL ? top->name : search->steps[0].name;
}

/* Nothing would be found from a name on, for whoever is below it. */
static bool
is_bare(const struct world *world, struct str name)
{
	struct policy_memo *memo = world->memo;
	const struct step *step;

	if (memo == NULL || !str_equal(memo->name, name))
		return false;
	if (memo->bare != NOT_ASKED)
		return memo->bare == BARE;
	memo->bare = BARE;
	for (; name.n > 0 && memo->bare == BARE; name = name_parent(name)) {
		step = recall(world, name);
		if (step->record != NULL || step->unknown)
			memo->bare = NOT_BARE;
	}
	return memo->bare == BARE;
}

struct str
organizational_domain(const struct world *world, struct arena *arena,
    struct str name, enum model model, bool *known)
{
	struct search search;
	bool seen;

	if (known == NULL)
		known = &seen;
	if (model == MODEL_7489)
		return organization_by_list(world, name, known);
	search = (struct search){ .world = world, .arena = arena };
	if (stops(query(&search, name)) ||
	    !is_bare(world, next_name(name)))
		walk_on(&search);
	*known = find_unknown(&search) == NULL;
	return *known ? organization_of_walk(&search) :
	    organization_by_list(world, name, &seen);
}

/* ---- verdicts ------------------------------------------------------------ */

static struct verdict
verdict_start(const struct search *search, enum outcome outcome)
{
	struct verdict verdict = { .outcome = outcome, .percent = 100,
	    .query_count = search->count };
	size_t i;

	for (i = 0; i < search->count; i++)
		verdict.queries[i] = search->steps[i].name;
	return verdict;
}

static struct verdict
unknown_policy(const struct search *search)
{
	struct verdict verdict = verdict_start(search, OUTCOME_UNKNOWN);
	const struct step *step = find_unknown(search);

	verdict.why = arena_printf(search->arena, "whether there is a record "
	    "at _dmarc.%.*s cannot be seen from here: %.*s",
	    STR_ARG(step->name), STR_ARG(step->why));
	return verdict;
}

/* The first name with more than one record, or NULL. */
static const struct step *
several(const struct search *search)
{
	size_t i;

	for (i = 0; i < search->count; i++)
		if (search->steps[i].count > 1)
			return &search->steps[i];
	return NULL;
}

static struct verdict
no_policy(const struct search *search)
{
	struct verdict verdict = verdict_start(search, OUTCOME_NO_POLICY);
	const struct step *step = several(search);

	if (step != NULL) {
		verdict.degraded = DEGRADED_SEVERAL;
		verdict.why = arena_printf(search->arena, "%zu DMARC records "
		    "at _dmarc.%.*s count as none", step->count,
		    STR_ARG(step->name));
	} else if (search->count == 1) {
		verdict.why = arena_printf(search->arena, "there is no DMARC "
		    "record at _dmarc.%.*s", STR_ARG(search->steps[0].name));
	} else {
		verdict.why = STR("neither the name nor one above it that "
		    "counts has a DMARC record");
	}
	return verdict;
}

/* "p", so that people can find it: the tag as it stands in the record. */
static struct str
tag_text(const struct dmarc *dmarc, const char *name)
{
	const struct tag *tag = tags_find_case(&dmarc->tags, name);

	return tag == NULL ? STR_NONE :
	    str_slice(dmarc->text, tag->start, tag->end);
}

static struct str
explain_damage(const struct search *search, const struct verdict *verdict,
    struct str where)
{
	const struct dmarc *dmarc = verdict->record->dmarc;
	const char *effect = verdict->outcome == OUTCOME_DELIVER ?
	    "the record counts as p=none" : "the record counts as none";
	struct str text = STR_NONE;

	if (verdict->tag != NULL)
		text = tag_text(dmarc, verdict->tag);
	if (text.p != NULL)
		return arena_printf(search->arena, "%.*s at _dmarc.%.*s is no "
		    "policy, so %s", STR_ARG(text), STR_ARG(where), effect);
	if (verdict->tag != NULL)
		return arena_printf(search->arena, "there is no %s at "
		    "_dmarc.%.*s, so %s", verdict->tag, STR_ARG(where),
		    effect);
	return arena_printf(search->arena, "a tag stands twice at "
	    "_dmarc.%.*s, so %s", STR_ARG(where), effect);
}

static struct str
explain(const struct search *search, const struct verdict *verdict,
    struct str where)
{
	const struct dmarc *dmarc = verdict->record->dmarc;
	const char *test = "";
	struct str text;

	if ((verdict->degraded & (DEGRADED_BAD_POLICY |
	    DEGRADED_BAD_SUBDOMAIN | DEGRADED_BAD_NONEXISTENT |
	    DEGRADED_REPEATED_TAG)) != 0)
		return explain_damage(search, verdict, where);
	text = tag_text(dmarc, verdict->tag);
	if ((verdict->degraded & DEGRADED_TEST) != 0)
		test = ", lowered by t=y";
	else if ((verdict->degraded & DEGRADED_PERCENT) != 0)
		test = verdict->outcome == OUTCOME_PARTIAL ?
		    ", for a part of the mail" : ", lowered by pct=0";
	return arena_printf(search->arena, "%.*s at _dmarc.%.*s applies%s",
	    STR_ARG(text), STR_ARG(where), test);
}

/* What the record of a step does to the author domain. */
static struct verdict
apply(const struct search *search, const struct step *step, char which,
    enum model model)
{
	struct verdict verdict = verdict_start(search, OUTCOME_NO_POLICY);

	verdict.record = step->record;
	verdict.strict_spf = step->record->dmarc->strict_spf;
	verdict.strict_dkim = step->record->dmarc->strict_dkim;
	policy_level(step->record->dmarc, which, model, &verdict);
	verdict.policy_domain = step->name;
	verdict.why = explain(search, &verdict, step->name);
	if (verdict.outcome == OUTCOME_NO_POLICY) {
		verdict.policy_domain = STR_NONE;
		verdict.tag = NULL;
	}
	return verdict;
}

/* ---- RFC 7489 sections 6.6.3 and 3.2 ------------------------------------- */

/* The author domain has been asked. */
static struct verdict
discover_by_list(struct search *search)
{
	const struct step *step = &search->steps[0];
	struct str organization;
	bool known;

	if (!step->unknown && step->count == 0) {
		organization = organization_by_list(search->world,
		    step->name, &known);
		if (!str_equal(organization, step->name))
			step = query(search, organization);
	}
	if (step->unknown)
		return unknown_policy(search);
	if (step->record == NULL)
		return no_policy(search);
	return apply(search, step, search->count == 1 ? 'p' : 's',
	    MODEL_7489);
}

/* ---- RFC 9989 section 4.10.1 --------------------------------------------- */

/* The record of the organizational domain, or that of the suffix above. */
static const struct step *
choose_step(const struct search *search)
{
	struct str organization = organization_of_walk(search);
	const struct step *last = NULL;
	size_t i;

	for (i = 1; i < search->count; i++) {
		if (search->steps[i].record == NULL)
			continue;
		last = &search->steps[i];
		if (str_equal(last->name, organization))
			return last;
	}
	return last;
}

/* The policy for names below depends on whether the name exists. */
static struct verdict
apply_below(const struct search *search, const struct step *step,
    struct str author)
{
	enum answer_kind existence = zones_exists(search->world->zones,
	    search->arena, author);
	struct verdict there = apply(search, step, 's', MODEL_9989);
	struct verdict gone = apply(search, step, 'n', MODEL_9989);
	struct verdict verdict = existence == ANSWER_NXDOMAIN ? gone : there;

	if (existence == ANSWER_UNKNOWN &&
	    outcome_strength(&gone) < outcome_strength(&there))
		verdict = gone;
	verdict.existence_matters = step->record->dmarc->np != NULL;
	verdict.existence = existence;
	if (existence == ANSWER_UNKNOWN && there.outcome != gone.outcome)
		verdict.why = arena_printf(search->arena, "%.*s; whether "
		    "%.*s exists cannot be seen from here, so this is the "
		    "weaker of two", STR_ARG(verdict.why), STR_ARG(author));
	return verdict;
}

static struct verdict
discover_by_walk(struct search *search)
{
	const struct step *step = &search->steps[0];
	struct verdict verdict;

	if (step->record != NULL) {
		verdict = apply(search, step, 'p', MODEL_9989);
		verdict.existence = zones_exists(search->world->zones,
		    search->arena, step->name);
		return verdict;
	}
	walk_on(search);
	if (find_unknown(search) != NULL)
		return unknown_policy(search);
	step = choose_step(search);
	if (step == NULL)
		return no_policy(search);
	return apply_below(search, step, search->steps[0].name);
}

struct verdict
policy_discover(const struct world *world, struct arena *arena,
    struct str name, enum model model)
{
	struct search search = { .world = world, .arena = arena };

	query(&search, name);
	return model == MODEL_7489 ? discover_by_list(&search) :
	    discover_by_walk(&search);
}

void
policy_discover_all(const struct world *world, struct arena *arena,
    struct str name, struct verdict verdicts[MODELS])
{
	struct search search = { .world = world, .arena = arena }, walk;

	query(&search, name);
	walk = search;
	verdicts[MODEL_7489] = discover_by_list(&search);
	verdicts[MODEL_9989] = discover_by_walk(&walk);
}
