/*
 * What happens to mail that a stranger forges, for every name of a zone and
 * for what may lie below it.
 *
 * Which record a receiver finds depends on the name only through its parent,
 * unless something stands at its own _dmarc or a wildcard lends something. So
 * most names share the verdict of the first of their siblings, and zones of
 * many names take little more than a walk through their tree.
 */
#include <string.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "base/table.h"
#include "policy/policy.h"

/* A name below N that nobody uses, and one deep below it. */
#define NOBODY		"<nonexistent>"
#define DEEP		"<deep>"

enum { DEEP_LABELS = 9 };		/* RFC 9989 section 4.10: above 8 */

/* At one name of a zone; the apex and who asks for a name learn of all. */
enum { BYPASSES_TOLD = 10 };

/* What names below one parent have in common, once one of them was judged. */
struct siblings {
	bool known;
	struct str organization;	/* suffixes may part siblings */
	struct exposure self;		/* total NULL: none exists */
	struct exposure *nobody;	/* a row, or NULL */
};

struct survey {
	struct world world;
	struct zones zones;		/* with the zone's view */
	struct arena *arena;		/* of what is kept */
	struct arena *scratch;		/* of one name at a time */
	const struct zone *zone;
	struct weakness *weaknesses;	/* near this zone */
	bool weak;			/* not only delegations */
	bool grouped;
	struct table groups;
	struct exposure *first, **last;
};

/* ---- one name ------------------------------------------------------------ */

static bool
is_exposed(const struct verdict *verdict)
{
	return verdict->outcome != OUTCOME_UNKNOWN &&
	    outcome_strength(verdict) == 0;
}

static bool
is_enforced(const struct verdict *verdict)
{
	return verdict->outcome == OUTCOME_REJECT ||
	    verdict->outcome == OUTCOME_QUARANTINE ||
	    verdict->outcome == OUTCOME_PARTIAL;
}

static const char *const totals[] = { "exposed", "weak", "unknown", "safe" };

unsigned
exposure_rank(const struct exposure *row)
{
	unsigned rank = 0;

	while (strcmp(row->total, totals[rank]) != 0)
		rank++;
	return rank;
}

/* The worst that some receiver does; what is not seen may be as bad. */
static const char *
find_total(const struct exposure *row)
{
	const struct verdict *list = &row->verdict[MODEL_7489];
	const struct verdict *walk = &row->verdict[MODEL_9989];
	const struct bypass *bypass;

	if (is_exposed(list) || is_exposed(walk))
		return totals[0];
	/* That others run a name is the owner's will. */
	for (bypass = row->bypass; bypass != NULL; bypass = bypass->next)
		if (strcmp(bypass->weakness->by, "delegation") != 0)
			return totals[0];
	if (list->outcome == OUTCOME_UNKNOWN ||
	    walk->outcome == OUTCOME_UNKNOWN)
		return totals[2];
	return outcome_strength(list) == 1 || outcome_strength(walk) == 1 ?
	    totals[1] : totals[3];
}

static struct str
join_whys(struct arena *arena, const struct exposure *row)
{
	struct str list = row->verdict[MODEL_7489].why;
	struct str walk = row->verdict[MODEL_9989].why;

	if (str_equal(list, walk))
		return list;
	return arena_printf(arena, "RFC 7489: %.*s; RFC 9989: %.*s",
	    STR_ARG(list), STR_ARG(walk));
}

/* ---- bypasses ------------------------------------------------------------ */

static bool
is_strict(const struct weakness *weakness, const struct verdict *verdict)
{
	if (strcmp(weakness->by, "spf") == 0)
		return verdict->strict_spf;
	if (strcmp(weakness->by, "dkim") == 0)
		return verdict->strict_dkim;
	return verdict->strict_spf && verdict->strict_dkim;
}

/* Its own, or one that a wildcard or an alias lends it. */
static bool
is_own(const struct weakness *weakness, const struct exposure *row,
    struct str spf_owner)
{
	return str_equal(weakness->name, row->name) ||
	    (strcmp(weakness->by, "spf") == 0 &&
	    str_equal(weakness->name, spf_owner));
}

static bool
passes(const struct weakness *weakness, const struct exposure *row,
    struct str spf_owner, const struct str *organization)
{
	const struct verdict *verdict;
	int model;

	for (model = 0; model < MODELS; model++) {
		verdict = &row->verdict[model];
		if (is_enforced(verdict) && (is_own(weakness, row,
		    spf_owner) ||
		    (!is_strict(weakness, verdict) &&
		    str_equal(weakness->organization[model],
		    organization[model]))))
			return true;
	}
	return false;
}

/* Delegations are told once, at the top of the zone. */
static void
find_bypasses(const struct world *world, struct arena *arena,
    const struct weakness *weakness, size_t most, struct exposure *row)
{
	struct bypass **last = &row->bypass;
	struct str organization[MODELS], spf_owner;
	bool delegation;
	size_t told = 0;
	int model;

	row->bypass = NULL;
	row->more = false;
	if (weakness == NULL || (!is_enforced(&row->verdict[MODEL_7489]) &&
	    !is_enforced(&row->verdict[MODEL_9989])))
		return;
	for (model = 0; model < MODELS; model++)
		organization[model] = organizational_domain(world, arena,
		    row->name, (enum model)model, NULL);
	spf_owner = zones_ask(world->zones, arena, row->name, RR_TXT).owner;
	for (; weakness != NULL; weakness = weakness->next) {
		delegation = strcmp(weakness->by, "delegation") == 0;
		if ((delegation && row->kind != NAME_APEX) ||
		    !passes(weakness, row, spf_owner, organization))
			continue;
		if (!delegation && told++ == most) {
			row->more = true;
			break;
		}
		*last = ARENA_NEW(arena, struct bypass);
		(*last)->weakness = weakness;
		last = &(*last)->next;
	}
}

/* What follows from the verdicts. */
static void
finish(const struct world *world, struct arena *arena,
    const struct weakness *weaknesses, size_t most, struct exposure *row)
{
	const struct verdict *list = &row->verdict[MODEL_7489];
	const struct verdict *walk = &row->verdict[MODEL_9989];

	row->names = 1;
	row->differs = list->outcome != walk->outcome &&
	    list->outcome != OUTCOME_UNKNOWN &&
	    walk->outcome != OUTCOME_UNKNOWN;
	find_bypasses(world, arena, weaknesses, most, row);
	row->total = find_total(row);
	row->why = join_whys(arena, row);
}

/* ---- rows ---------------------------------------------------------------- */

/*
 * What rows have in common that are told as one. To people it is one whether a
 * name exists, unless that decides.
 */
static struct str
group_key(struct arena *arena, const struct exposure *row, bool grouped)
{
	bool existence = !grouped ||
	    row->verdict[MODEL_9989].existence_matters;
	const struct verdict *verdict;
	const struct bypass *bypass;
	struct buffer key = { 0 };
	int model;

	buffer_printf(&key, "%d %d", (int)row->kind,
	    existence ? (int)row->existence : -1);
	for (model = 0; model < MODELS; model++) {
		verdict = &row->verdict[model];
		buffer_printf(&key, " %d %u %d %s %.*s",
		    (int)verdict->outcome, verdict->percent,
		    (int)verdict->upper, verdict->tag == NULL ? "-" :
		    verdict->tag, STR_ARG(verdict->policy_domain));
	}
	for (bypass = row->bypass; bypass != NULL; bypass = bypass->next)
		buffer_printf(&key, " %s %.*s", bypass->weakness->by,
		    STR_ARG(bypass->weakness->name));
	return buffer_finish(&key, arena);
}

/* What lies in the scratch arena; records are read again when asked for. */
static void
make_lasting(struct survey *survey, struct exposure *row)
{
	const struct bypass *bypass = row->bypass;
	struct bypass **last = &row->bypass;
	struct verdict *verdict;
	int model;

	row->why = arena_copy(survey->arena, row->why);
	for (model = 0; model < MODELS; model++) {
		verdict = &row->verdict[model];
		if (verdict->policy_domain.p != NULL)
			verdict->policy_domain = arena_copy(survey->arena,
			    verdict->policy_domain);
		verdict->why = row->why;
		verdict->record = NULL;
		verdict->query_count = 0;
	}
	for (; bypass != NULL; bypass = bypass->next) {
		*last = ARENA_NEW(survey->arena, struct bypass);
		(*last)->weakness = bypass->weakness;
		last = &(*last)->next;
	}
	*last = NULL;
}

/*
 * Appends a row, or counts it among those of its group. What lasts already
 * lies in the arena but for the name.
 */
static struct exposure *
add_row(struct survey *survey, const struct exposure *row, bool lasts)
{
	struct exposure *kept;
	struct str key = STR_NONE;

	if (survey->grouped || row->kind == NAME_NONEXISTENT ||
	    row->kind == NAME_DEEP) {
		key = group_key(survey->scratch, row, survey->grouped);
		kept = table_find(&survey->groups, key);
		if (kept != NULL) {
			kept->names++;
			return kept;
		}
	}
	kept = ARENA_NEW(survey->arena, struct exposure);
	*kept = *row;
	kept->name = arena_copy(survey->arena, row->name);
	kept->zone = survey->zone;
	if (!lasts)
		make_lasting(survey, kept);
	*survey->last = kept;
	survey->last = &kept->next;
	if (key.p != NULL)
		table_add(&survey->groups, survey->arena,
		    arena_copy(survey->arena, key), kept);
	return kept;
}

/* Delegations matter at the apex alone, and are in most zones. */
static void
judge(struct survey *survey, struct exposure *row)
{
	policy_discover_all(&survey->world, survey->scratch, row->name,
	    row->verdict);
	finish(&survey->world, survey->scratch, survey->weak ||
	    row->kind == NAME_APEX ? survey->weaknesses : NULL,
	    row->kind == NAME_APEX ? SIZE_MAX : BYPASSES_TOLD, row);
}

static void
add_self(struct survey *survey, struct exposure *row)
{
	judge(survey, row);
	add_row(survey, row, false);
}

/* NULL when no name can be that long. */
static struct exposure *
add_below(struct survey *survey, enum name_kind kind, struct str name)
{
	struct exposure row = { .name = name, .kind = kind };

	if (name_wire_length(name) > NAME_MAX_WIRE)
		return NULL;
	row.existence = zones_exists(&survey->zones, survey->scratch, name);
	judge(survey, &row);
	return add_row(survey, &row, false);
}

/* "<deep>.x.x.x.example.com", with nine labels at least. */
static struct str
deep_name(struct arena *arena, struct str base)
{
	size_t labels = name_labels(base) + 1;

	base = name_join(arena, STR("x"), base);
	for (; labels + 1 < DEEP_LABELS; labels++)
		base = name_join(arena, STR("x"), base);
	return name_join(arena, STR(DEEP), base);
}

static struct exposure *
add_nobody(struct survey *survey, struct str base)
{
	return add_below(survey, NAME_NONEXISTENT,
	    name_join(survey->scratch, STR(NOBODY), base));
}

/*
 * Of names with more than eight labels the walk leaves some out, but none at
 * which a record could stand: what does not exist below a name is treated
 * alike at any depth. One row says so.
 */
static void
add_deep(struct survey *survey, struct str base)
{
	add_below(survey, NAME_DEEP, deep_name(survey->scratch, base));
}

/* ---- the tree ------------------------------------------------------------ */

/* Does the name, or what lies below it, find records of its own? */
static bool
is_special(const struct survey *survey, const struct node *node,
    const struct exposure *row, struct str organization)
{
	return survey->zone->contents->incomplete || node->wildcard ||
	    (node->types & HAS_DNAME) != 0 || row->kind == NAME_APEX ||
	    str_equal(row->name, organization) ||
	    (node->children && zone_find(survey->zone, name_join(
	    survey->scratch, STR("_dmarc"), row->name)) != NULL);
}

static void
visit_below(struct survey *survey, struct str name, struct siblings *common,
    struct str organization)
{
	if (!common->known || !str_equal(common->organization,
	    organization)) {
		*common = (struct siblings){ .known = true };
		common->organization = arena_copy(survey->arena,
		    organization);
		common->nobody = add_nobody(survey, name);
	} else if (common->nobody != NULL) {
		common->nobody->names++;
	}
}

/* The same as its siblings, but for the name and whether it exists. */
static void
visit_plain(struct survey *survey, struct exposure *row,
    struct siblings *common, struct str organization)
{
	struct exposure other;

	visit_below(survey, row->name, common, organization);
	if (common->self.total == NULL || row->existence != ANSWER_DATA) {
		add_self(survey, row);
		if (row->existence == ANSWER_DATA) {
			common->self = *row;
			make_lasting(survey, &common->self);
		}
		return;
	}
	other = common->self;
	other.name = row->name;
	if (survey->weak)
		finish(&survey->world, survey->scratch, survey->weaknesses,
		    BYPASSES_TOLD, &other);
	add_row(survey, &other, !survey->weak);
}

static void
visit_cut(struct survey *survey, struct exposure *row)
{
	row->kind = NAME_DELEGATED;
	row->existence = ANSWER_UNKNOWN;
	add_self(survey, row);
}

static void
visit_name(struct survey *survey, const struct node *node, struct str name,
    struct siblings *common)
{
	struct exposure row = { .name = name, .kind = NAME_PLAIN,
	    .existence = ANSWER_DATA };
	struct str organization;

	if (node->cut) {
		visit_cut(survey, &row);
		return;
	}
	if (str_equal(name, survey->zone->name))
		row.kind = NAME_APEX;
	if ((node->types & HAS_CNAME) != 0)
		row.existence = zones_exists(&survey->zones, survey->scratch,
		    name);
	organization = organizational_domain(&survey->world, survey->scratch,
	    name, MODEL_7489, NULL);
	if (is_special(survey, node, &row, organization)) {
		add_self(survey, &row);
		add_nobody(survey, name);
		if (row.kind == NAME_APEX)
			add_deep(survey, name);
	} else {
		visit_plain(survey, &row, common, organization);
	}
}

/* Nobody writes mail as a name with "_" or "*" in front. */
static void
visit(struct survey *survey, const struct node *node,
    struct siblings *above)
{
	struct arena_mark mark = arena_mark(survey->scratch);
	struct str name = node_name(survey->zone, node, survey->scratch);
	struct siblings common = { 0 };
	const struct node *child;
	bool hidden = str_starts(name, STR("_")) || name_is_wildcard(name);

	/* A zone that is loaded answers for all that is its own. */
	hidden |= name.n > survey->zone->name.n &&
	    zones_find(&survey->zones, name) != NULL;
	if (!hidden)
		visit_name(survey, node, name, above);
	arena_release(survey->scratch, mark);
	if (hidden || node->cut || (node->types & HAS_DNAME) != 0)
		return;
	for (child = node_child(survey->zone, node); child != NULL;
	    child = node_sibling(survey->zone, child))
		visit(survey, child, &common);
}

/* Those whose organization may be that of names in the zone. */
static void
take_weaknesses(struct survey *survey, const struct weakness *weakness)
{
	struct weakness **last = &survey->weaknesses, *copy;
	struct str zone = survey->zone->name;

	for (; weakness != NULL; weakness = weakness->next) {
		if (!name_within(weakness->name, zone) &&
		    !name_within(zone, weakness->organization[MODEL_7489]) &&
		    !name_within(zone, weakness->organization[MODEL_9989]))
			continue;
		survey->weak |= strcmp(weakness->by, "delegation") != 0;
		copy = ARENA_NEW(survey->arena, struct weakness);
		*copy = *weakness;
		copy->next = NULL;
		*last = copy;
		last = &copy->next;
	}
}

/* Nobody writes mail as an address. */
static bool
is_reverse(struct str zone)
{
	return name_within(zone, STR("in-addr.arpa")) ||
	    name_within(zone, STR("ip6.arpa"));
}

struct exposure *
exposure_of_zone(const struct world *world, struct arena *arena,
    const struct zone *zone, const struct weakness *weaknesses, bool grouped)
{
	struct survey survey = { .world = *world, .zones = *world->zones,
	    .arena = arena, .zone = zone, .grouped = grouped };
	const struct node *apex = zone_find(zone, zone->name);
	struct siblings common = { 0 };

	survey.zones.view = zone->view;
	survey.world.zones = &survey.zones;
	survey.world.memo = policy_memo_new(arena, zone->name);
	survey.last = &survey.first;
	survey.scratch = arena_new();
	/* So that its first block stays. */
	arena_alloc(survey.scratch, 1);
	take_weaknesses(&survey, weaknesses);
	if (apex != NULL && !is_reverse(zone->name))
		visit(&survey, apex, &common);
	arena_free(survey.scratch);
	return survey.first;
}

/* ---- one name, asked for ------------------------------------------------- */

static enum name_kind
kind_of(const struct zone *zone, struct str name)
{
	const struct node *node;
	struct str above;

	if (zone == NULL)
		return NAME_PLAIN;
	if (str_equal(name, zone->name))
		return NAME_APEX;
	/* What lies below a cut or a DNAME is no node that answers. */
	for (above = name; ((node = zone_find(zone, above)) == NULL ||
	    node->occluded) && above.n > zone->name.n;
	    above = name_parent(above))
		continue;
	if (node != NULL && node->cut)
		return NAME_DELEGATED;
	if (node != NULL && above.n == name.n)
		return NAME_PLAIN;
	return name_labels(name) >= DEEP_LABELS ? NAME_DEEP :
	    NAME_NONEXISTENT;
}

struct exposure *
exposure_of_name(const struct world *world, struct arena *arena,
    struct str name, const struct weakness *weaknesses)
{
	struct exposure *row = ARENA_NEW(arena, struct exposure);

	row->zone = zones_covering(world->zones, name);
	row->name = name;
	row->kind = kind_of(row->zone, name);
	row->existence = zones_exists(world->zones, arena, name);
	policy_discover_all(world, arena, name, row->verdict);
	finish(world, arena, weaknesses, SIZE_MAX, row);
	return row;
}
