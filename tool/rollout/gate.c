/*
 * Gates: what has to be true of a stage before the next one begins.
 *
 * Those about mail are opened by reports and by nothing else: what no report
 * tells of stays shut, and nothing is taken for granted because time went by.
 *
 * The others (spf_budget, ttl, lint_clean) are seen here and now, in the
 * configuration and the zone files. What they were on the day on which a stage
 * was due nobody can tell, so they do not decide about the past; and where
 * there are no zone files they may never be known, so what is unknown of them
 * holds nothing that reports let through, or no record would ever be made.
 * But what is seen to have failed today holds a step that is due and not yet
 * published. This must not become a deadlock, so nothing counts that the step
 * itself, or generate, puts right:
 *
 * - errors and lookups are those of the zone as it will be: with all generated
 *   records, and that of the step. The SPF record that generate replaces, and
 *   the DMARC record that the step replaces, are gone there, and the policy
 *   that is missing before "monitor" is there;
 * - that the policy is one of a rollout (p=none, t=y, a weaker sp) is a note
 *   while a domain follows a plan, never an error;
 * - a TTL in the zone that is too long is "open", not failed, when the record
 *   that comes next has a shorter one: the schedule waits for the old one. It
 *   has failed when the generated record itself has a longer one than its own
 *   gate allows, for then only people can mend it;
 * - what stands in the zone already is not taken back: that an error turned up
 *   later is no reason for a weaker policy. Where no zone file tells what is
 *   published, reports of these days show that the first record is.
 */
#include "base/arena.h"
#include "rollout/rollout.h"

enum { SPF_ALONE = 50, SIGNING = 95 };	/* percent signed, at least */

static const char *const state_names[] = { "unknown", "open", "failed",
	"met" };

const char *
gate_state_name(enum gate_state state)
{
	return state_names[state];
}

struct str
gate_value(struct arena *arena, enum gate_kind kind, uint32_t value)
{
	switch (kind) {
	case GATE_PASS_RATE:
		if (value % 100 == 0)
			return arena_printf(arena, "%u", value / 100);
		return arena_printf(arena, value % 10 == 0 ? "%u.%u" :
		    "%u.%02u", value / 100, value % 10 == 0 ?
		    value % 100 / 10 : value % 100);
	case GATE_DKIM_ALIGNED:
	case GATE_NO_SPF_ONLY:
	case GATE_LINT_CLEAN:
		return value != 0 ? STR("true") : STR("false");
	default:
		return arena_printf(arena, "%u", value);
	}
}

bool
gate_wants_reports(enum gate_kind kind)
{
	switch (kind) {
	case GATE_PASS_RATE:
	case GATE_QUIET_DAYS:
	case GATE_VOLUME:
	case GATE_COVERAGE_DAYS:
	case GATE_DKIM_ALIGNED:
	case GATE_NO_SPF_ONLY:
		return true;
	case GATE_SPF_BUDGET:
	case GATE_TTL:
	case GATE_LINT_CLEAN:
	case GATE_KINDS:
		break;
	}
	return false;
}

bool
stage_wants_reports(const struct stage *stage)
{
	size_t i;

	for (i = 0; i < stage->gate_count; i++)
		if (gate_wants_reports(stage->gates[i].kind))
			return true;
	return false;
}

/* ---- what is known ------------------------------------------------------------ */

struct proven {
	const struct domain_evidence *evidence;
	struct source_group *groups;
};

struct proof {
	struct table by_domain;		/* of struct proven */
};

struct proof *
proof_make(const struct world *world, struct arena *arena,
    const struct evidence *evidence)
{
	struct proof *proof = ARENA_NEW(arena, struct proof);
	const struct config_domain *configured;
	const struct domain_evidence *domain;
	struct proven *proven;

	for (domain = evidence->domains; domain != NULL;
	    domain = domain->next) {
		configured = config_domain(world->config, domain->name);
		if (configured == NULL || !configured->rollout.present)
			continue;
		proven = ARENA_NEW(arena, struct proven);
		proven->evidence = domain;
		proven->groups = groups_of(world, arena, evidence, domain);
		table_add(&proof->by_domain, arena, domain->name, proven);
	}
	return proof;
}

static const struct proven *
find(const struct proof *proof, struct str domain)
{
	return proof == NULL ? NULL : table_find(&proof->by_domain, domain);
}

/* Days with reports, and the last of them. */
static uint32_t
count_days(const struct proven *proven, day since, day at, day *last)
{
	const struct domain_evidence *evidence = proven->evidence;
	uint32_t count = 0;
	size_t i;

	*last = DAY_NONE;
	for (i = 0; i < evidence->day_count &&
	    evidence->days[i].date <= at; i++) {
		*last = evidence->days[i].date;
		count += evidence->days[i].date >= since;
	}
	return count;
}

static struct tally
tally_of(const struct source_group *group, day since, day at)
{
	struct tally tally = { 0 };
	size_t i;

	for (i = 0; i < group->day_count && group->days[i].date <= at; i++)
		if (group->days[i].date >= since)
			tally_add(&tally, &group->days[i].tally);
	return tally;
}

/* ---- each gate --------------------------------------------------------------------- */

/* Not more than is true: "99.99" is not 100. */
static uint32_t
hundredths(uint64_t part, uint64_t whole)
{
	if (part > UINT64_MAX / 10000)
		return (uint32_t)(part / (whole / 10000));
	return (uint32_t)(part * 10000 / whole);
}

static struct gate_answer
answer(bool met, enum gate_state otherwise, uint32_t have)
{
	return (struct gate_answer){ met ? GATE_MET : otherwise, true, have };
}

static struct gate_answer
ask_pass_rate(const struct proven *proven, uint32_t need, day since, day at)
{
	const struct source_group *group;
	struct tally sum = { 0 }, tally;
	uint32_t have;

	for (group = proven->groups; group != NULL; group = group->next) {
		if (group->kind != SOURCE_SENDER)
			continue;
		tally = tally_of(group, since, at);
		tally_add(&sum, &tally);
	}
	if (sum.messages == 0)
		return (struct gate_answer){ .state = GATE_UNKNOWN };
	have = hundredths(sum.either, sum.messages);
	return answer(have >= need, GATE_FAILED, have);
}

/* Counted to the last day with reports: silence of receivers proves nothing. */
static struct gate_answer
ask_quiet_days(const struct proven *proven, uint32_t need, day at)
{
	const struct source_group *group;
	day newest = DAY_NONE, last;
	uint32_t have;

	count_days(proven, 0, at, &last);
	for (group = proven->groups; group != NULL; group = group->next)
		if (group->legitimate && group->first <= at &&
		    group->first > newest)
			newest = group->first;
	if (newest == DAY_NONE || last == DAY_NONE)
		return (struct gate_answer){ .state = GATE_UNKNOWN };
	have = last > newest ? (uint32_t)(last - newest) : 0;
	return answer(have >= need, GATE_OPEN, have);
}

static struct gate_answer
ask_volume(const struct proven *proven, uint32_t need, day since, day at)
{
	const struct source_group *group;
	uint64_t messages = 0;

	for (group = proven->groups; group != NULL; group = group->next)
		messages += tally_of(group, since, at).messages;
	return answer(messages >= need, GATE_OPEN, messages > UINT32_MAX ?
	    UINT32_MAX : (uint32_t)messages);
}

/* ---- who signs ------------------------------------------------------------- */

/* Does the configuration give it anything to sign with? */
static bool
can_sign(const struct config_sender *sender)
{
	return sender->key_count > 0 || sender->dkim_cname != NULL ||
	    (sender->provider != NULL && sender->provider->dkim != NULL &&
	    sender->provider->dkim_aligns != ALIGNS_NO);
}

/* Mail of a configured sender from one day to another. */
static struct tally
mail_of(const struct proven *proven, const struct config_sender *sender,
    day since, day at)
{
	const struct source_group *group = proven == NULL ? NULL :
	    proven->groups;

	for (; group != NULL; group = group->next)
		if (group->kind == SOURCE_SENDER &&
		    group->sender->sender == sender)
			return tally_of(group, since, at);
	return (struct tally){ 0 };
}

static bool
signs_enough(const struct tally *tally, unsigned percent)
{
	return tally->messages == 0 ||
	    hundredths(tally->dkim, tally->messages) >= percent * 100;
}

/* It was not seen, and could not sign if it were. */
static bool
is_mute(const struct proven *proven, const struct config_sender *sender,
    day since, day at)
{
	return !can_sign(sender) &&
	    mail_of(proven, sender, since, at).messages == 0;
}

/*
 * Does every sender that was seen sign so much of its mail? One that was not
 * seen must have something to sign with.
 */
static struct gate_answer
ask_signed(const struct proven *proven, const struct config_domain *domain,
    unsigned percent, day since, day at)
{
	const struct source_group *group;
	bool seen = false, all = true;
	struct tally tally;
	size_t i;

	for (group = proven == NULL ? NULL : proven->groups; group != NULL;
	    group = group->next) {
		if (group->kind != SOURCE_SENDER)
			continue;
		tally = tally_of(group, since, at);
		seen |= tally.messages > 0;
		all &= signs_enough(&tally, percent);
	}
	for (i = 0; i < domain->sender_count; i++)
		all &= !is_mute(proven, domain->senders[i], since, at);
	if (all && !seen)
		return (struct gate_answer){ .state = GATE_UNKNOWN };
	return answer(all, GATE_FAILED, all);
}

/* Percent that each sender signs at least; 0: this gate is about other things. */
static unsigned
percent_signed(enum gate_kind kind)
{
	return kind == GATE_DKIM_ALIGNED ? SIGNING :
	    kind == GATE_NO_SPF_ONLY ? SPF_ALONE : 0;
}

/* ---- what reports say -------------------------------------------------------- */

/* Rates are those of the last days, as far as the stage goes back. */
static day
recent_days(day since, day at)
{
	return since > at - PROOF_DAYS + 1 ? since : at - PROOF_DAYS + 1;
}

struct gate_answer
gate_ask(const struct proof *proof, const struct config_domain *domain,
    const struct gate *gate, day since, day at)
{
	const struct proven *proven = find(proof, domain->name);
	const struct gate_answer unknown = { .state = GATE_UNKNOWN };
	unsigned percent = percent_signed(gate->kind);
	uint32_t days = 0;
	day recent, last;

	if (proven != NULL && since != DAY_NONE)
		days = count_days(proven, since, at, &last);
	if (days == 0)
		return percent == 0 ? unknown : ask_signed(NULL, domain,
		    percent, since, at);
	recent = recent_days(since, at);
	if (percent > 0)
		return ask_signed(proven, domain, percent, recent, at);
	switch (gate->kind) {
	case GATE_PASS_RATE:
		return ask_pass_rate(proven, gate->need, recent, at);
	case GATE_QUIET_DAYS:
		return ask_quiet_days(proven, gate->need, at);
	case GATE_VOLUME:
		return ask_volume(proven, gate->need, since, at);
	case GATE_COVERAGE_DAYS:
		return answer(days >= gate->need, GATE_OPEN, days);
	default:
		return unknown;
	}
}

bool
gates_are_met(const struct proof *proof, const struct config_domain *domain,
    const struct stage *stage, day since, day at)
{
	const struct gate *gate;
	size_t i;

	for (i = 0; i < stage->gate_count; i++) {
		gate = &stage->gates[i];
		if (gate_wants_reports(gate->kind) && gate_ask(proof, domain,
		    gate, since, at).state != GATE_MET)
			return false;
	}
	return true;
}

bool
proof_has_days(const struct proof *proof, struct str domain, day since, day at)
{
	const struct proven *proven = find(proof, domain);
	day last;

	return proven != NULL && count_days(proven, since, at, &last) > 0;
}

/* ---- what is seen here and now ------------------------------------------------- */

struct grounds {
	struct table by_domain;		/* of struct ground */
	struct arena *arena;
};

struct grounds *
grounds_new(struct arena *arena)
{
	struct grounds *grounds = ARENA_NEW(arena, struct grounds);

	grounds->arena = arena;
	return grounds;
}

const struct ground *
ground_of(const struct grounds *grounds, struct str domain)
{
	return grounds == NULL ? NULL :
	    table_find(&grounds->by_domain, domain);
}

void
ground_put(struct grounds *grounds, struct str domain,
    const struct ground *ground)
{
	struct ground *copy = ARENA_NEW(grounds->arena, struct ground);

	*copy = *ground;
	table_add(&grounds->by_domain, grounds->arena, domain, copy);
}

static struct gate_answer
see_budget(const struct ground *ground, uint32_t need)
{
	bool over = ground->spf_broken || ground->lookups_min > need;

	return answer(!over && ground->lookups_max <= need, over ?
	    GATE_FAILED : GATE_UNKNOWN, ground->lookups_min);
}

/*
 * The TTL that the next step down or up has to wait for: of the record of the
 * step, or, where that has none, of the one that stands in the zone.
 */
static struct gate_answer
see_ttl(const struct ground *ground, const struct schedule *schedule,
    const struct step *step, uint32_t need)
{
	const struct step *end = schedule->steps + schedule->count;
	uint32_t ttl;

	if (step->stage.p != POLICY_ABSENT) {
		ttl = stage_ttl(schedule->domain, &step->stage);
		return answer(ttl <= need, GATE_FAILED, ttl);
	}
	if (ground == NULL || !ground->knows_record)
		return (struct gate_answer){ .state = GATE_UNKNOWN };
	ttl = ground->record_ttl == 0 ? need : ground->record_ttl;
	return answer(ttl <= need, step + 1 < end &&
	    stage_ttl(schedule->domain, &step[1].stage) > need ?
	    GATE_FAILED : GATE_OPEN, ttl);
}

struct gate_answer
gate_see(const struct ground *ground, const struct schedule *schedule,
    const struct step *step, const struct gate *gate)
{
	const struct gate_answer unknown = { .state = GATE_UNKNOWN };

	if (gate->kind == GATE_TTL)
		return see_ttl(ground, schedule, step, gate->need);
	if (ground == NULL)
		return unknown;
	if (gate->kind == GATE_SPF_BUDGET)
		return see_budget(ground, gate->need);
	if (gate->kind == GATE_LINT_CLEAN)
		return answer(ground->errors == 0, GATE_FAILED,
		    ground->errors == 0);
	return unknown;
}

/* ---- what keeps a gate shut ------------------------------------------------------ */

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
	unsigned percent = percent_signed(blocking->gate->kind);
	day recent = recent_days(blocking->since, blocking->at);
	const struct source_group *group;
	struct tally tally;

	for (group = blocking->proven->groups; group != NULL;
	    group = group->next) {
		if (group->kind != SOURCE_SENDER)
			continue;
		tally = tally_of(group, recent, blocking->at);
		if (percent == 0 && tally.either < tally.messages)
			add_failing(blocking, group, tally.messages -
			    tally.either, tally.messages, "fail");
		else if (percent > 0 && !signs_enough(&tally, percent))
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
		if (is_mute(blocking->proven, domain->senders[i],
		    recent_days(blocking->since, blocking->at),
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

	count_days(blocking->proven, 0, blocking->at, &last);
	for (group = blocking->proven->groups; group != NULL;
	    group = group->next)
		if (group->legitimate && group->first <= blocking->at &&
		    last != DAY_NONE && group->first +
		    (day)blocking->gate->need > last)
			add_blocker(blocking, source_name(blocking->arena,
			    group), group->kind, tally_of(group, 0,
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
	struct blocking blocking = { arena, find(proof, domain->name), domain,
	    gate, since, at, NULL, NULL };

	blocking.link = &blocking.first;
	if (blocking.proven != NULL && since != DAY_NONE) {
		if (gate->kind == GATE_QUIET_DAYS)
			block_by_news(&blocking);
		else if (gate->kind == GATE_PASS_RATE ||
		    percent_signed(gate->kind) > 0)
			block_by_mail(&blocking);
	}
	if (percent_signed(gate->kind) > 0)
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

/* ---- in words ------------------------------------------------------------------------ */

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

/* ---- what a policy would have hit ------------------------------------------------------ */

struct hit *
proof_hits(struct arena *arena, const struct proof *proof, struct str domain,
    day at, uint64_t *total)
{
	const struct proven *proven = find(proof, domain);
	struct hit *first = NULL, **link = &first;
	const struct source_group *group;
	struct tally tally;
	day last;

	*total = 0;
	if (proven == NULL)
		return NULL;
	count_days(proven, 0, at, &last);
	for (group = proven->groups; last != DAY_NONE && group != NULL;
	    group = group->next) {
		tally = tally_of(group, last - PROOF_DAYS + 1, last);
		*total += tally.messages;
		if (tally.messages == tally.either)
			continue;
		*link = ARENA_NEW(arena, struct hit);
		(*link)->source = group;
		(*link)->messages = tally.messages - tally.either;
		(*link)->why = group_todo(arena, group, &tally, domain);
		link = &(*link)->next;
	}
	return first;
}
