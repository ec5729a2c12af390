/* DMARC records: of the day's stage, or as configured. */
#include "base/arena.h"
#include "generate/generate.h"

/* What decides the policy part of a record. */
struct core {
	struct str p, sp, np;
	bool test;			/* t=y, and pct=0 beside it */
	struct span from;
	uint32_t ttl;
};

static struct str
policy_word(enum policy policy)
{
	return policy == POLICY_ABSENT ? STR_NONE :
	    str_from(policy_name(policy));
}

static void
remark(struct made_zones *zones, struct arena *arena, const char *rule,
    struct span from, struct str text)
{
	struct remark *one = ARENA_NEW(arena, struct remark), **end;

	one->rule = rule;
	one->from = from;
	one->text = text;
	for (end = &zones->remarks; *end != NULL; end = &(*end)->next)
		continue;
	*end = one;
}

/* The stage of the day; false when no record is to be made. */
static bool
core_of_stage(struct arena *arena, const struct schedule *schedule, day at,
    day today, struct made_zones *zones, struct core *core)
{
	struct published now = schedule_on(schedule, at, today);
	const struct config_domain *domain = schedule->domain;
	const struct stage *stage;

	core->from = domain->rollout.span;
	if (now.held != NULL)
		remark(zones, arena, "plan-held", core->from,
		    arena_printf(arena, "%.*s stays at \"%.*s\": nothing "
		    "shows that the gates to \"%.*s\" are open",
		    STR_ARG(domain->name), STR_ARG(now.step == NULL ?
		    STR("no record") : now.step->stage.name),
		    STR_ARG(now.held->stage.name)));
	if (now.step == NULL)
		return false;
	stage = &now.step->stage;
	core->p = policy_word(stage->p);
	core->sp = policy_word(stage->sp);
	core->np = policy_word(stage->np);
	core->test = stage->test;
	core->ttl = stage->ttl != 0 && stage->ttl < domain->ttl ?
	    stage->ttl : domain->ttl;
	if (now.assumed)
		remark(zones, arena, "plan-held", core->from,
		    arena_printf(arena, "%.*s at \"%.*s\": the day is to "
		    "come, its gates are taken as open",
		    STR_ARG(domain->name), STR_ARG(stage->name)));
	return true;
}

/* A parked name gets the full lock, unless a rollout leads to it. */
static bool
core_of_config(const struct config_domain *domain, struct core *core)
{
	const struct config_dmarc *dmarc = &domain->dmarc;

	core->from = dmarc->p.text.p != NULL ? dmarc->p.span : domain->span;
	core->ttl = domain->ttl;
	core->p = dmarc->p.text;
	core->sp = dmarc->sp.text;
	core->np = dmarc->np.text;
	core->test = str_is(dmarc->t.text, "y");
	if (domain->parked) {
		core->p = STR("reject");
		if (domain->parent == NULL) {
			core->sp = STR("reject");
			core->np = STR("reject");
		}
		core->test = false;
	}
	return core->p.p != NULL;
}

static void
add_tag(struct made *made, struct arena *arena, const char *tag,
    struct str value, struct span from)
{
	if (value.p != NULL)
		made_add(made, arena, arena_printf(arena, "; %s=%.*s", tag,
		    STR_ARG(value)), STR_NONE, from);
}

static void
add_setting(struct made *made, struct arena *arena, const char *tag,
    const struct setting *setting)
{
	add_tag(made, arena, tag, setting->text, setting->span);
}

/* "mailto:a@x,mailto:b@y" */
static void
add_uris(struct made *made, struct arena *arena, const char *tag,
    const struct words *uris)
{
	struct buffer list = { 0 };
	size_t i;

	if (uris->count == 0)
		return;
	for (i = 0; i < uris->count; i++) {
		if (i > 0)
			buffer_add_byte(&list, ',');
		buffer_add(&list, uris->words[i].text);
	}
	add_tag(made, arena, tag, buffer_finish(&list, arena),
	    uris->words[0].span);
}

/* v and p first: RFC 7489 section 6.3 wants p second. */
struct made *
dmarc_build(const struct world *world, struct arena *arena,
    const struct config_domain *domain, const struct schedules *schedules,
    day at, struct made_zones *zones)
{
	const struct schedule *schedule = schedule_find(schedules, domain);
	struct core core = { .ttl = domain->ttl };
	struct made *made;

	if (schedule != NULL ? !core_of_stage(arena, schedule, at,
	    world->today, zones, &core) : !core_of_config(domain, &core))
		return NULL;
	made = ARENA_NEW(arena, struct made);
	made->owner = name_join(arena, STR("_dmarc"), domain->name);
	made->type = RR_TXT;
	made->ttl = core.ttl;
	made->auth = AUTH_DMARC;
	made->from = core.from;
	made_add(made, arena, STR("v=DMARC1"), STR_NONE, core.from);
	add_tag(made, arena, "p", core.p, core.from);
	add_tag(made, arena, "sp", core.sp, domain->dmarc.sp.text.p != NULL ?
	    domain->dmarc.sp.span : core.from);
	add_tag(made, arena, "np", core.np, domain->dmarc.np.text.p != NULL ?
	    domain->dmarc.np.span : core.from);
	if (core.test) {
		add_tag(made, arena, "t", STR("y"), core.from);
		add_tag(made, arena, "pct", STR("0"), core.from);
	}
	add_setting(made, arena, "adkim", &domain->dmarc.adkim);
	add_setting(made, arena, "aspf", &domain->dmarc.aspf);
	add_setting(made, arena, "psd", &domain->dmarc.psd);
	add_uris(made, arena, "rua", &domain->dmarc.rua);
	add_uris(made, arena, "ruf", &domain->dmarc.ruf);
	if (domain->dmarc.ruf.count > 0)
		add_setting(made, arena, "fo", &domain->dmarc.fo);
	made_finish(made, arena);
	return made;
}
