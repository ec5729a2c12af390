/* Ladders: the stages of a rollout, read from templates/rollouts. */
#include <errno.h>
#include <string.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "base/file.h"
#include "rollout/rollout.h"

enum { DAY_SECONDS = 24 * 60 * 60, RATE_SCALE = 100, MAX_STAGES = 32 };

/* How a gate's value is written. */
enum gate_value { VALUE_RATE, VALUE_NUMBER, VALUE_DURATION, VALUE_YES };

static const struct {
	const char *name;
	enum gate_value value;
} gates[GATE_KINDS] = {
	[GATE_PASS_RATE] = { "pass_rate", VALUE_RATE },
	[GATE_QUIET_DAYS] = { "quiet_days", VALUE_NUMBER },
	[GATE_VOLUME] = { "volume", VALUE_NUMBER },
	[GATE_COVERAGE_DAYS] = { "coverage_days", VALUE_NUMBER },
	[GATE_DKIM_ALIGNED] = { "dkim_aligned", VALUE_YES },
	[GATE_NO_SPF_ONLY] = { "no_spf_only", VALUE_YES },
	[GATE_SPF_BUDGET] = { "spf_budget", VALUE_NUMBER },
	[GATE_TTL] = { "ttl", VALUE_DURATION },
	[GATE_LINT_CLEAN] = { "lint_clean", VALUE_YES },
};

const char *
gate_name(enum gate_kind kind)
{
	return gates[kind].name;
}

/* ---- reading ------------------------------------------------------------- */

struct reader {
	struct arena *arena;
	struct config_problems *problems;
};

static void
object(struct reader *reader, enum config_problem_kind kind,
    struct span span, const char *what)
{
	config_problem(reader->problems, reader->arena, kind, span, "%s",
	    what);
}

static struct str
read_text(const struct yaml *mapping, const char *key)
{
	const struct yaml *value = yaml_get(mapping, key);

	return value != NULL && value->kind == YAML_SCALAR ? value->text :
	    STR_NONE;
}

/* Keys that no row of a table has are mistakes. */
static void
check_keys(struct reader *reader, const struct yaml *mapping,
    const char *const *known)
{
	const struct yaml *item;
	size_t i;

	for (item = mapping->items; item != NULL; item = item->next) {
		for (i = 0; known[i] != NULL; i++)
			if (str_is(item->key, known[i]))
				break;
		if (known[i] == NULL)
			object(reader, CONFIG_UNKNOWN_KEY, item->key_span,
			    "this is no key of a ladder");
	}
}

/* "99.5" is 9950. */
static bool
read_rate(struct str text, uint32_t *rate)
{
	size_t dot = str_find(text, '.');
	struct str rest = str_after(text, dot + 1);
	uint64_t whole, part = 0;

	if (!str_number(str_slice(text, 0, dot), 100, &whole) ||
	    (dot < text.n && (rest.n > 2 || !str_number(rest, 99, &part))))
		return false;
	if (rest.n == 1)
		part *= 10;
	*rate = (uint32_t)(whole * RATE_SCALE + part);
	return *rate <= 100 * RATE_SCALE;
}

static bool
read_need(enum gate_value value, struct str text, uint32_t *need)
{
	uint64_t number;

	switch (value) {
	case VALUE_RATE:
		return read_rate(text, need);
	case VALUE_DURATION:
		return duration_parse(text, need);
	case VALUE_YES:
		*need = str_is(text, "true");
		return str_is(text, "true") || str_is(text, "false");
	case VALUE_NUMBER:
		break;
	}
	if (!str_number(text, UINT32_MAX, &number))
		return false;
	*need = (uint32_t)number;
	return true;
}

static void
read_gate(struct reader *reader, const struct yaml *item, struct stage *stage)
{
	struct gate *gate = &stage->gates[stage->gate_count];
	size_t i;

	for (i = 0; i < GATE_KINDS; i++)
		if (str_is(item->key, gates[i].name))
			break;
	if (i == GATE_KINDS) {
		object(reader, CONFIG_UNKNOWN_KEY, item->key_span,
		    "there is no such gate");
		return;
	}
	gate->kind = (enum gate_kind)i;
	if (!read_need(gates[i].value, item->text, &gate->need))
		object(reader, CONFIG_VALUE, item->span,
		    "the gate cannot have this value");
	else if (gates[i].value != VALUE_YES || gate->need == 1)
		stage->gate_count++;
}

static enum policy
read_policy(struct reader *reader, const struct yaml *record, const char *key)
{
	const struct yaml *value = yaml_get(record, key);
	enum policy policy;

	if (value == NULL)
		return POLICY_ABSENT;
	policy = policy_parse(value->text);
	if (policy != POLICY_INVALID)
		return policy;
	object(reader, CONFIG_VALUE, value->span,
	    "a policy is none, quarantine or reject");
	return POLICY_ABSENT;
}

/*
 * t and pct stand together or not at all: each alone means the full policy
 * to the other generation of receivers.
 */
static void
read_record(struct reader *reader, const struct yaml *record,
    struct stage *stage)
{
	static const char *const known[] = { "p", "sp", "np", "t", "pct",
	    NULL };
	const struct yaml *t = yaml_get(record, "t");
	const struct yaml *pct = yaml_get(record, "pct");

	check_keys(reader, record, known);
	stage->p = read_policy(reader, record, "p");
	stage->sp = read_policy(reader, record, "sp");
	stage->np = read_policy(reader, record, "np");
	stage->test = t != NULL && str_is(t->text, "y");
	if (t != NULL && !stage->test && !str_is(t->text, "n"))
		object(reader, CONFIG_VALUE, t->span, "t is y or n");
	if (pct != NULL && !str_is(pct->text, "0"))
		object(reader, CONFIG_VALUE, pct->span, "pct is 0 or left "
		    "out: receivers of RFC 9989 ignore it");
	if (stage->test != (pct != NULL))
		object(reader, CONFIG_VALUE, record->span, "\"t: y\" and "
		    "\"pct: 0\" go together: each alone is the full policy "
		    "at half of the receivers");
	if (yaml_get(record, "p") == NULL && record->count > 0)
		object(reader, CONFIG_VALUE, record->span,
		    "a record needs a policy, p");
}

static uint32_t
read_duration(struct reader *reader, const struct yaml *mapping,
    const char *key)
{
	const struct yaml *value = yaml_get(mapping, key);
	uint32_t seconds = 0;

	if (value != NULL && !duration_parse(value->text, &seconds))
		object(reader, CONFIG_VALUE, value->span,
		    "not a duration, such as 30d or 1h");
	return seconds;
}

static void
read_stage(struct reader *reader, const struct yaml *item,
    struct stage *stage)
{
	static const char *const known[] = { "name", "record", "least", "ttl",
	    "gates", "why", "citation", NULL };
	const struct yaml *record = yaml_get(item, "record");
	const struct yaml *needs = yaml_get(item, "gates"), *need;

	check_keys(reader, item, known);
	stage->span = item->span;
	stage->name = read_text(item, "name");
	stage->why = read_text(item, "why");
	stage->citation = read_text(item, "citation");
	stage->least = read_duration(reader, item, "least") / DAY_SECONDS;
	stage->ttl = read_duration(reader, item, "ttl");
	if (stage->name.p == NULL)
		object(reader, CONFIG_VALUE, item->span,
		    "a stage needs a name");
	if (record == NULL || record->kind != YAML_MAPPING)
		object(reader, CONFIG_TYPE, item->span,
		    "a stage needs a record, which may be {}");
	else
		read_record(reader, record, stage);
	for (need = needs == NULL ? NULL : needs->items; need != NULL;
	    need = need->next)
		if (stage->gate_count < GATE_KINDS)
			read_gate(reader, need, stage);
}

static void
read_sources(struct reader *reader, const struct yaml *list,
    struct words *words)
{
	const struct yaml *item;

	if (list == NULL || list->kind != YAML_SEQUENCE)
		return;
	words->words = ARENA_ARRAY(reader->arena, list->count, struct word);
	for (item = list->items; item != NULL; item = item->next) {
		words->words[words->count].text = item->text;
		words->words[words->count++].span = item->span;
	}
}

static struct ladder *
read_ladder(struct reader *reader, const struct source *source)
{
	static const char *const known[] = { "name", "summary", "source",
	    "stages", NULL };
	const struct yaml *tree = yaml_read(reader->arena, source,
	    reader->problems);
	struct ladder *ladder = ARENA_NEW(reader->arena, struct ladder);
	const struct yaml *stages, *item;
	struct span all = { source, 0, 0 };

	if (tree == NULL || tree->kind != YAML_MAPPING) {
		object(reader, CONFIG_TYPE, all, "a ladder is a mapping");
		return NULL;
	}
	check_keys(reader, tree, known);
	ladder->name = read_text(tree, "name");
	ladder->summary = read_text(tree, "summary");
	read_sources(reader, yaml_get(tree, "source"), &ladder->sources);
	stages = yaml_get(tree, "stages");
	if (ladder->name.p == NULL || stages == NULL ||
	    stages->kind != YAML_SEQUENCE || stages->count == 0 ||
	    stages->count > MAX_STAGES) {
		object(reader, CONFIG_VALUE, tree->span,
		    "a ladder needs a name and 1 to 32 stages");
		return NULL;
	}
	ladder->stages = ARENA_ARRAY(reader->arena, stages->count,
	    struct stage);
	for (item = stages->items; item != NULL; item = item->next)
		read_stage(reader, item, &ladder->stages[ladder->count++]);
	return ladder;
}

struct visit {
	struct reader reader;
	struct ladders *ladders;
};

/* Later ones of the same name replace earlier ones. */
static void
add_ladder(struct ladders *ladders, struct ladder *ladder)
{
	struct ladder **link;

	for (link = &ladders->first; *link != NULL; link = &(*link)->next)
		if (str_compare((*link)->name, ladder->name) >= 0)
			break;
	ladder->next = *link;
	if (*link != NULL && str_equal((*link)->name, ladder->name))
		ladder->next = (*link)->next;
	*link = ladder;
}

static void
miss(struct visit *visit, struct str path)
{
	struct reader *reader = &visit->reader;
	const char *why = strerror(errno);
	struct source *source = ARENA_NEW(reader->arena, struct source);

	source->path = arena_copy(reader->arena, path);
	config_problem(reader->problems, reader->arena, CONFIG_FILE,
	    (struct span){ source, 0, 0 }, "this cannot be read: %s", why);
}

static void
visit_file(void *context, struct str path)
{
	struct visit *visit = context;
	struct source *source;
	struct ladder *ladder;

	if (!str_ends(path, STR(".yaml")))
		return;
	source = file_read(visit->reader.arena, path);
	if (source == NULL) {
		miss(visit, path);
		return;
	}
	ladder = read_ladder(&visit->reader, source);
	if (ladder != NULL)
		add_ladder(visit->ladders, ladder);
}

struct ladders *
ladders_read(struct arena *arena, struct str shipped, struct str own)
{
	struct ladders *ladders = ARENA_NEW(arena, struct ladders);
	struct visit visit = { { arena, &ladders->problems }, ladders };
	struct str failed;

	file_walk(arena, shipped, visit_file, &visit, &failed);
	if (own.p != NULL && file_is_folder(own) &&
	    !file_walk(arena, own, visit_file, &visit, &failed))
		miss(&visit, failed);
	return ladders;
}

const struct ladder *
ladder_find(const struct ladders *ladders, struct str name)
{
	const struct ladder *ladder;

	for (ladder = ladders->first; ladder != NULL; ladder = ladder->next)
		if (str_equal(ladder->name, name))
			return ladder;
	return NULL;
}

size_t
ladder_stage(const struct ladder *ladder, struct str name)
{
	size_t i;

	for (i = 0; i < ladder->count; i++)
		if (name.p != NULL && str_equal(ladder->stages[i].name, name))
			break;
	return i;
}

static struct str
near_name(struct arena *arena, const struct ladders *ladders,
    struct str name)
{
	const struct ladder *ladder;

	for (ladder = ladders->first; ladder != NULL; ladder = ladder->next)
		if (str_distance(ladder->name, name, 2) <= 2)
			return arena_printf(arena, "did you mean \"%.*s\"?",
			    STR_ARG(ladder->name));
	return STR_NONE;
}

/* "monitor, quarantine, reject": names that a pin can have. */
static struct str
stage_names(struct arena *arena, const struct ladder *ladder)
{
	struct buffer out = { 0 };
	size_t i;

	for (i = 0; i < ladder->count; i++)
		buffer_printf(&out, "%s%.*s", i > 0 ? ", " : "",
		    STR_ARG(ladder->stages[i].name));
	return buffer_finish(&out, arena);
}

/* What is published cannot be a stage that the ladder does not have. */
static void
check_pin(struct reader *reader, const struct config_rollout *rollout)
{
	const struct ladder *ladder = rollout->ladder;
	struct str stage = rollout->stage.text;

	if (stage.p == NULL || ladder_stage(ladder, stage) < ladder->count)
		return;
	config_problem(reader->problems, reader->arena, CONFIG_UNDEFINED,
	    rollout->stage.span, "the rollout \"%.*s\" has no stage "
	    "\"%.*s\"", STR_ARG(ladder->name), STR_ARG(stage))->help =
	    arena_printf(reader->arena, "its stages are %.*s",
	    STR_ARG(stage_names(reader->arena, ladder)));
}

static void
resolve(struct reader *reader, const struct ladders *ladders,
    struct config_domain *domain)
{
	struct config_rollout *rollout = &domain->rollout;
	struct str name = rollout->template.text;

	if (!rollout->present)
		return;
	if (name.p == NULL)
		name = domain->parked ? STR("parked") : STR("standard");
	rollout->ladder = ladder_find(ladders, name);
	if (rollout->ladder != NULL) {
		check_pin(reader, rollout);
		return;
	}
	config_problem(reader->problems, reader->arena, CONFIG_UNDEFINED,
	    rollout->template.text.p != NULL ? rollout->template.span :
	    rollout->span, "there is no rollout \"%.*s\" in "
	    "templates/rollouts", STR_ARG(name))->help =
	    near_name(reader->arena, ladders, name);
}

void
ladders_resolve(struct arena *arena, const struct ladders *ladders,
    struct config *config)
{
	struct reader reader = { arena, &config->problems };
	const struct config_problem *problem;
	const struct config_domain *domain = NULL;

	for (problem = ladders->problems.first; problem != NULL;
	    problem = problem->next)
		config_problem(&config->problems, arena, problem->kind,
		    problem->span, "%.*s", STR_ARG(problem->what));
	while ((domain = config_next(config, domain)) != NULL)
		resolve(&reader, ladders,
		    (struct config_domain *)(uintptr_t)domain);
	config_sort_problems(config);
}

/* ---- what a stage says --------------------------------------------------- */

static void
add_policy(struct buffer *out, const char *tag, enum policy policy)
{
	if (policy != POLICY_ABSENT)
		buffer_printf(out, "; %s=%s", tag, policy_name(policy));
}

struct str
stage_core(struct arena *arena, const struct stage *stage)
{
	struct buffer out = { 0 };

	buffer_add_cstr(&out, "v=DMARC1");
	add_policy(&out, "p", stage->p);
	add_policy(&out, "sp", stage->sp);
	add_policy(&out, "np", stage->np);
	if (stage->test)
		buffer_add_cstr(&out, "; t=y; pct=0");
	return buffer_finish(&out, arena);
}

uint32_t
stage_ttl(const struct config_domain *domain, const struct stage *stage)
{
	return stage->ttl != 0 && stage->ttl < domain->ttl ? stage->ttl :
	    domain->ttl;
}

enum outcome
stage_outcome(struct arena *arena, const struct stage *stage, char which,
    enum model model)
{
	struct verdict detail;

	if (stage->p == POLICY_ABSENT)
		return OUTCOME_NO_POLICY;
	return policy_level(dmarc_parse(arena, stage_core(arena, stage)),
	    which, model, &detail);
}
