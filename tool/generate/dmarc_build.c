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

/* What the stage asks for. */
static void
core_of_stage(const struct config_domain *domain, const struct stage *stage,
    struct core *core)
{
	core->from = domain->rollout.span;
	core->p = policy_word(stage->p);
	core->sp = policy_word(stage->sp);
	core->np = policy_word(stage->np);
	core->test = stage->test;
	core->ttl = stage_ttl(domain, stage);
}

/* As configured; a parked name gets the full lock. */
static void
core_of_config(const struct config *config,
    const struct config_domain *domain, struct core *core)
{
	const struct config_dmarc *dmarc = &domain->dmarc;

	core->from = dmarc->p.text.p != NULL ? dmarc->p.span : domain->span;
	core->ttl = domain->ttl;
	if (domain->parked) {
		core->p = STR("reject");
		if (domain_is_organizational(config, domain))
			core->sp = core->np = core->p;
	} else if (dmarc->present) {
		core->p = dmarc->p.text;
		core->sp = dmarc->sp.text;
		core->np = dmarc->np.text;
		core->test = str_is(dmarc->t.text, "y");
	}
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
	const struct word *uri;
	size_t i;

	for (i = 0; i < uris->count; i++) {
		uri = &uris->words[i];
		if (i == 0)
			add_tag(made, arena, tag, uri->text, uri->span);
		else
			made_add(made, arena, arena_printf(arena, ",%.*s",
			    STR_ARG(uri->text)), STR_NONE, uri->span);
	}
}

/* v and p first: RFC 7489 section 6.3 wants p second. */
struct made *
dmarc_build(const struct config *config, struct arena *arena,
    const struct config_domain *domain, const struct step *step)
{
	struct core core = { 0 };
	struct made *made;

	if (step != NULL)
		core_of_stage(domain, &step->stage, &core);
	else
		core_of_config(config, domain, &core);
	if (core.p.p == NULL)
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

/* ---- before a rollout begins --------------------------------------------- */

/* Cut where dmarc_build begins a part: at each tag, and each address. */
static void
add_parts(struct made *made, struct arena *arena, struct str text,
    struct span from)
{
	size_t start = 0, i;

	for (i = 1; i <= text.n; i++)
		if (i == text.n || text.p[i] == ';' || text.p[i] == ',') {
			made_add(made, arena, str_slice(text, start, i),
			    STR_NONE, from);
			start = i;
		}
}

struct made *
dmarc_stays(const struct world *world, struct arena *arena,
    const struct config_domain *domain)
{
	struct str owner = name_join(arena, STR("_dmarc"), domain->name);
	struct world before = *world;
	const struct record **records;
	struct made *made;
	size_t count = 0;
	enum answer_kind kind = policy_records(world, arena, domain->name,
	    &records, &count);

	before.zones = world->snippets;
	if (kind != ANSWER_DATA && before.zones != NULL)
		kind = policy_records(&before, arena, domain->name, &records,
		    &count);
	if (kind != ANSWER_DATA || count != 1 ||
	    !str_equal(records[0]->owner, owner) ||
	    !block_holds(arena, span_resolve(records[0]->span)))
		return NULL;
	made = ARENA_NEW(arena, struct made);
	made->owner = owner;
	made->type = RR_TXT;
	made->ttl = records[0]->ttl;
	made->auth = AUTH_DMARC;
	made->from = domain->rollout.span;
	add_parts(made, arena, arena_copy(arena, records[0]->text),
	    made->from);
	made_finish(made, arena);
	return made;
}
