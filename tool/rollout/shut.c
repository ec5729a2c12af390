/*
 * What keeps gates shut: who or what has to be mended, and the words for it.
 */
#include "base/arena.h"
#include "base/buffer.h"
#include "rollout/gate.h"

struct blocking {
	struct arena *arena;
	const struct proven *proven;		/* or NULL */
	const struct config_domain *domain;
	const struct gate *gate;
	day since, at;
	struct blocker *first, **link;
};

static void
add_blocker(struct blocking *blocking, struct str name, enum source_kind kind,
    uint64_t messages, struct str why)
{
	struct blocker *blocker = ARENA_NEW(blocking->arena, struct blocker);

	*blocker = (struct blocker){ NULL, name, kind, messages, why };
	*blocking->link = blocker;
	blocking->link = &blocker->next;
}

/* "80 of 3080 messages fail" */
static void
add_failing(struct blocking *blocking, const struct source_group *group,
    uint64_t count, uint64_t whole, const char *what)
{
	add_blocker(blocking, source_name(blocking->arena, group),
	    group->kind, count, arena_printf(blocking->arena, "%llu of %llu "
	    "messages %s", (unsigned long long)count,
	    (unsigned long long)whole, what));
}

static void
block_by_mail(struct blocking *blocking)
{
	unsigned percent = gate_percent_signed(blocking->gate->kind);
	day recent = gate_recent_days(blocking->since, blocking->at);
	const struct source_group *group;
	struct tally tally;

	for (group = blocking->proven->groups; group != NULL;
	    group = group->next) {
		if (group->kind != SOURCE_SENDER)
			continue;
		tally = group_tally(group, recent, blocking->at);
		if (percent == 0 && tally.either < tally.messages)
			add_failing(blocking, group, tally.messages -
			    tally.either, tally.messages, "fail");
		else if (percent > 0 && !gate_signs_enough(&tally, percent))
			add_failing(blocking, group, tally.messages -
			    tally.dkim, tally.messages, "are not signed with "
			    "the domain");
	}
}

static void
block_by_silence(struct blocking *blocking)
{
	const struct config_domain *domain = blocking->domain;
	size_t i;

	for (i = 0; i < domain->sender_count; i++)
		if (gate_is_mute(blocking->proven, domain->senders[i],
		    gate_recent_days(blocking->since, blocking->at),
		    blocking->at))
			add_blocker(blocking, domain->senders[i]->name,
			    SOURCE_SENDER, 0, STR("has nothing to sign "
			    "with"));
}

/* Sources that are not known for long enough. */
static void
block_by_news(struct blocking *blocking)
{
	const struct source_group *group;
	day last;

	proven_days(blocking->proven, 0, blocking->at, &last);
	for (group = blocking->proven->groups; group != NULL;
	    group = group->next)
		if (group->legitimate && group->first <= blocking->at &&
		    last != DAY_NONE && group->first +
		    (day)blocking->gate->need > last)
			add_blocker(blocking, source_name(blocking->arena,
			    group), group->kind, group_tally(group, 0,
			    blocking->at).messages,
			    arena_printf(blocking->arena, "first seen on "
			    "%.*s", STR_ARG(date_print(blocking->arena,
			    group->first))));
}

static struct blocker *
blockers_of(struct arena *arena, const struct proof *proof,
    const struct config_domain *domain, const struct gate *gate, day since,
    day at)
{
	struct blocking blocking = { arena,
	    proven_of(proof, domain->name), domain, gate, since, at, NULL,
	    NULL };

	blocking.link = &blocking.first;
	if (blocking.proven != NULL && since != DAY_NONE) {
		if (gate->kind == GATE_QUIET_DAYS)
			block_by_news(&blocking);
		else if (gate->kind == GATE_PASS_RATE ||
		    gate_percent_signed(gate->kind) > 0)
			block_by_mail(&blocking);
	}
	if (gate_percent_signed(gate->kind) > 0)
		block_by_silence(&blocking);
	return blocking.first;
}

/* What is to be put right, of what is seen here and now. */
static struct str
mend_of(struct arena *arena, const struct ground *ground,
    const struct schedule *schedule, const struct gate *gate)
{
	struct str domain = schedule->domain->name;

	switch (gate->kind) {
	case GATE_SPF_BUDGET:
		return arena_printf(arena, "%s: see \"mailzone tree %.*s\"",
		    ground->lookups_min > gate->need ? "take terms out, or "
		    "flatten some" : "no receiver can evaluate it",
		    STR_ARG(domain));
	case GATE_TTL:
		return STR("give the stage or the domain a shorter \"ttl\"");
	case GATE_LINT_CLEAN:
		return arena_printf(arena, "%zu error%s to mend, %s%.*s",
		    ground->errors, ground->errors == 1 ? "" : "s",
		    ground->errors == 1 ? "" : "the first ",
		    STR_ARG(ground->first_error));
	default:
		return STR("");
	}
}

static struct shut_gate *
look_at(struct arena *arena, const struct proof *proof,
    const struct ground *ground, const struct schedule *schedule,
    const struct step *step, const struct gate *gate, day at)
{
	struct gate_answer found = gate_wants_reports(gate->kind) ?
	    gate_ask(proof, schedule->domain, gate, step->starts, at) :
	    gate_see(ground, schedule, step, gate);
	struct shut_gate *shut;

	/* See above: what is not known here holds nothing. */
	if (found.state == GATE_MET || (found.state != GATE_FAILED &&
	    !gate_wants_reports(gate->kind)))
		return NULL;
	shut = ARENA_NEW(arena, struct shut_gate);
	shut->gate = gate;
	shut->answer = found;
	shut->mend = mend_of(arena, ground, schedule, gate);
	shut->blockers = blockers_of(arena, proof, schedule->domain, gate,
	    step->starts, at);
	return shut;
}

struct shut_gate *
gates_shut(struct arena *arena, const struct proof *proof,
    const struct ground *ground, const struct schedule *schedule,
    const struct step *step, day at)
{
	struct shut_gate *first = NULL, **link = &first;
	size_t i;

	for (i = 0; i < step->stage.gate_count; i++) {
		*link = look_at(arena, proof, ground, schedule, step,
		    &step->stage.gates[i], at);
		if (*link != NULL)
			link = &(*link)->next;
	}
	return first;
}

/* ---- in words ------------------------------------------------------------ */

enum { SHOWN_BLOCKERS = 3 };

static void
write_blockers(struct buffer *out, const struct blocker *blocker)
{
	size_t shown = 0, more = 0;

	for (; blocker != NULL; blocker = blocker->next) {
		if (++shown > SHOWN_BLOCKERS) {
			more++;
			continue;
		}
		buffer_printf(out, "%s%.*s: %.*s", shown == 1 ? " (" : "; ",
		    STR_ARG(blocker->name), STR_ARG(blocker->why));
	}
	if (more > 0)
		buffer_printf(out, "; and %zu more", more);
	if (shown > 0)
		buffer_add_byte(out, ')');
}

struct str
shut_gate_text(struct arena *arena, const struct shut_gate *shut)
{
	enum gate_kind kind = shut->gate->kind;
	struct buffer out = { 0 };

	buffer_printf(&out, "%s %s, need %.*s", gate_name(kind),
	    gate_state_name(shut->answer.state), STR_ARG(gate_value(arena,
	    kind, shut->gate->need)));
	if (shut->answer.has_have)
		buffer_printf(&out, ", have %.*s", STR_ARG(gate_value(arena,
		    kind, shut->answer.have)));
	if (shut->mend.n > 0)
		buffer_printf(&out, " (%.*s)", STR_ARG(shut->mend));
	write_blockers(&out, shut->blockers);
	return buffer_finish(&out, arena);
}

bool
held_by_failure(const struct step *held)
{
	const struct shut_gate *shut = held->shut;

	while (shut != NULL && shut->answer.state != GATE_FAILED)
		shut = shut->next;
	return shut != NULL;
}

struct str
held_text(struct arena *arena, const struct step *held)
{
	bool failed = held_by_failure(held), known = false;
	const struct shut_gate *shut;
	struct buffer out = { 0 };
	const char *before = ": ";

	for (shut = held->shut; shut != NULL; shut = shut->next)
		known |= shut->answer.state != GATE_UNKNOWN;
	buffer_printf(&out, failed ? "a gate to \"%.*s\" is shut" :
	    "nothing shows that the gates to \"%.*s\" are open",
	    STR_ARG(held->stage.name));
	/* Of nothing but unknown ones there is nothing to tell. */
	for (shut = known ? held->shut : NULL; shut != NULL;
	    shut = shut->next) {
		if (failed && shut->answer.state != GATE_FAILED)
			continue;
		buffer_printf(&out, "%s%.*s", before,
		    STR_ARG(shut_gate_text(arena, shut)));
		before = "; ";
	}
	return buffer_finish(&out, arena);
}
