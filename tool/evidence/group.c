/*
 * Sources by what they are: configured senders, forwarders of their mail, and
 * what nobody has written down. What proves it, best first: an address in
 * a sender's networks, its key, its return path, its provider's names.
 */
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "evidence/evidence.h"

static const char *const kind_names[] = { "sender", "forwarder", "unknown" };

const char *
source_kind_name(enum source_kind kind)
{
	return kind_names[kind];
}

/* ---- whose is a row? ----------------------------------------------------- */

static bool
has_word(const struct words *words, struct str text)
{
	size_t i;

	for (i = 0; i < words->count; i++)
		if (str_equal_case(words->words[i].text, text))
			return true;
	return false;
}

static bool
is_below_one(const struct words *names, struct str name)
{
	size_t i;

	for (i = 0; name.n > 0 && i < names->count; i++)
		if (name_within(name, names->words[i].text))
			return true;
	return false;
}

typedef bool is_match(const struct known_sender *, const struct source_row *);

static bool
by_network(const struct known_sender *known, const struct source_row *row)
{
	bool passes = row->spf_aligned || row->dkim_aligned;
	size_t i;

	for (i = 0; i < known->count; i++)
		if ((passes || !known->networks[i].shared) &&
		    network_holds(&known->networks[i].network, &row->address))
			return true;
	return false;
}

/* A signature of the sender's key, seen where it may well send from. */
static bool
by_key(const struct known_sender *known, const struct source_row *row)
{
	return row->dkim_aligned && !known->complete &&
	    has_word(&known->selectors, *row->dkim_selector);
}

static bool
by_return_path(const struct known_sender *known, const struct source_row *row)
{
	return row->spf_result == RESULT_PASS &&
	    has_word(&known->paths, *row->spf_domain);
}

static bool
by_service(const struct known_sender *known, const struct source_row *row)
{
	return (row->spf_result == RESULT_PASS &&
	    is_below_one(&known->services, *row->spf_domain)) ||
	    (row->dkim_result == RESULT_PASS && !row->dkim_aligned &&
	    is_below_one(&known->services, *row->dkim_domain));
}

/* SPF lets it send as the domain, and who that is cannot be seen here. */
static bool
by_spf(const struct known_sender *known, const struct source_row *row)
{
	return row->spf_aligned && !known->complete;
}

static is_match *const matches[] = {
	by_network, by_key, by_return_path, by_service
};

static const struct known_sender *
find_sender(const struct known_sender *first, const struct source_row *row,
    is_match *match)
{
	const struct known_sender *known;

	for (known = first; known != NULL; known = known->next)
		if (match(known, row))
			return known;
	return NULL;
}

static const struct known_sender *
sender_of(const struct known_sender *first, const struct source_row *row)
{
	const struct known_sender *found;
	size_t i;

	for (i = 0; i < sizeof(matches) / sizeof(*matches); i++)
		if ((found = find_sender(first, row, matches[i])) != NULL)
			return found;
	/* Only when no other can be meant. */
	found = find_sender(first, row, by_spf);
	if (found != NULL && find_sender(found->next, row, by_spf) != NULL)
		found = NULL;
	return found;
}

/* Who signed it, when it came from elsewhere than from its networks. */
static const struct known_sender *
signer_of(const struct known_sender *first, const struct source_row *row)
{
	const struct known_sender *known;

	if (!row->dkim_aligned)
		return NULL;
	for (known = first; known != NULL; known = known->next)
		if (has_word(&known->selectors, *row->dkim_selector))
			return known;
	return NULL;
}

/* Does the configuration know any selector? Then others are strangers. */
static bool
knows_selectors(const struct known_sender *first)
{
	for (; first != NULL; first = first->next)
		if (first->selectors.count > 0)
			return true;
	return false;
}

/* ---- groups -------------------------------------------------------------- */

struct grouping {
	struct arena *arena;
	const struct known_sender *senders;
	bool strict;			/* selectors are known */
	struct source_group *first;
	struct table by_name;
};

/* "192.0.2.0/24", "2001:db8:1::/48": a neighbourhood. */
static struct network
near_of(const struct address *address)
{
	struct network near = { .ip6 = address->version == 6,
	    .length = address->version == 6 ? 48 : 24 };

	memcpy(near.address, address->octets, near.length / 8);
	return near;
}

/* The name that a source proves to have, aligned or not; "". */
static struct str
identity_of(const struct source_row *row)
{
	if (row->spf_result == RESULT_PASS && !row->spf_aligned &&
	    row->spf_domain->n > 0)
		return *row->spf_domain;
	if (row->dkim_result == RESULT_PASS && !row->dkim_aligned)
		return *row->dkim_domain;
	return STR("");
}

/* Decides what a row is; the rest of the group is filled in by add_row. */
static struct source_group
classify(const struct grouping *grouping, const struct source_row *row)
{
	struct source_group group = { .kind = SOURCE_UNKNOWN,
	    .domain = STR(""),
	    .mishap = { .path = STR(""),
	    .own_path = STR(""), .selector = STR("") } };

	group.sender = sender_of(grouping->senders, row);
	if (group.sender != NULL) {
		group.kind = SOURCE_SENDER;
		group.legitimate = true;
		return group;
	}
	group.sender = signer_of(grouping->senders, row);
	group.domain = name_last(identity_of(row), 2);
	group.near = near_of(&row->address);
	if (group.sender != NULL || (row->dkim_aligned && !row->spf_aligned &&
	    (!grouping->strict || row->dkim_selector->n == 0)))
		group.kind = SOURCE_FORWARDER;
	else if (row->dkim_aligned || row->spf_aligned)
		group.legitimate = true;
	return group;
}

static struct str
key_of(struct arena *arena, const struct source_group *group)
{
	if (group->kind == SOURCE_SENDER)
		return arena_printf(arena, "0 %.*s",
		    STR_ARG(group->sender->sender->name));
	return arena_printf(arena, "%d %d %.*s %.*s", (int)group->kind,
	    group->legitimate, STR_ARG(group->sender == NULL ? STR("") :
	    group->sender->sender->name), STR_ARG(group->domain.n > 0 ?
	    group->domain : network_print(arena, &group->near)));
}

static struct source_group *
group_of(struct grouping *grouping, const struct source_row *row)
{
	struct source_group wanted = classify(grouping, row), *group;
	struct arena_mark mark = arena_mark(grouping->arena);
	struct str key = key_of(grouping->arena, &wanted);

	group = table_find(&grouping->by_name, key);
	if (group != NULL) {
		arena_release(grouping->arena, mark);
		return group;
	}
	group = ARENA_NEW(grouping->arena, struct source_group);
	*group = wanted;
	group->first = row->first;
	group->last = row->last;
	group->next = grouping->first;
	grouping->first = group;
	table_add(&grouping->by_name, grouping->arena, key, group);
	return group;
}

/* The network that people know it by: the configured one, or the near. */
static struct network
network_of(const struct source_group *group, const struct address *address)
{
	size_t i;

	for (i = 0; group->kind == SOURCE_SENDER &&
	    i < group->sender->count; i++)
		if (network_holds(&group->sender->networks[i].network,
		    address))
			return group->sender->networks[i].network;
	return near_of(address);
}

static bool
is_same_network(const struct network *a, const struct network *b)
{
	return a->ip6 == b->ip6 && a->length == b->length &&
	    memcmp(a->address, b->address, sizeof(a->address)) == 0;
}

/* Rows come sorted by address, so neighbours follow each other. */
static void
add_network(struct arena *arena, struct source_group *group,
    struct network network)
{
	struct network *larger;
	size_t i;

	for (i = group->network_count; i > 0; i--)
		if (is_same_network(&group->networks[i - 1], &network))
			return;
	if (group->network_count == group->network_room) {
		group->network_room = group->network_room * 2 + 4;
		larger = ARENA_ARRAY(arena, group->network_room,
		    struct network);
		if (group->network_count > 0)
			memcpy(larger, group->networks,
			    group->network_count * sizeof(*larger));
		group->networks = larger;
	}
	group->networks[group->network_count++] = network;
}

void
tally_add(struct tally *tally, const struct tally *more)
{
	tally->messages += more->messages;
	tally->spf += more->spf;
	tally->dkim += more->dkim;
	tally->either += more->either;
}

/* Rows of one address come by day: those that follow are often the same. */
static void
add_day(struct arena *arena, struct source_group *group, day date,
    const struct tally *tally)
{
	struct group_day *larger;

	if (group->day_count > 0 &&
	    group->days[group->day_count - 1].date == date) {
		tally_add(&group->days[group->day_count - 1].tally, tally);
		return;
	}
	if (group->day_count == group->day_room) {
		group->day_room = group->day_room * 2 + 16;
		larger = ARENA_ARRAY(arena, group->day_room,
		    struct group_day);
		if (group->day_count > 0)
			memcpy(larger, group->days,
			    group->day_count * sizeof(*larger));
		group->days = larger;
	}
	group->days[group->day_count++] = (struct group_day){ date, *tally };
}

/* Is this more than the most so far? Then it is what to tell of. */
static void
keep_most(struct str *word, uint64_t *most, const struct str *text,
    uint64_t messages)
{
	if (messages <= *most)
		return;
	*most = messages;
	*word = *text;
}

static void
add_mishap(struct mishap *mishap, const struct source_row *row,
    struct str domain)
{
	uint64_t count = row->messages;
	bool own = name_within(*row->spf_domain, domain);

	if (row->spf_aligned || row->dkim_aligned)
		return;
	if (row->dkim_result > RESULT_PASS && row->dkim_result !=
	    RESULT_NONE && name_within(*row->dkim_domain, domain)) {
		mishap->bad_signature += count;
		keep_most(&mishap->selector, &mishap->selector_messages,
		    row->dkim_selector, count);
	}
	if (own && row->spf_result != RESULT_PASS) {
		mishap->not_listed += count;
		keep_most(&mishap->own_path, &mishap->own_messages,
		    row->spf_domain, count);
	} else if (row->spf_domain->n > 0) {
		mishap->other_path += count;
		keep_most(&mishap->path, &mishap->path_messages,
		    row->spf_domain, count);
	}
}

static void
add_row(struct grouping *grouping, const struct source_row *row)
{
	struct source_group *group = group_of(grouping, row);
	struct tally tally;

	if (row->first < group->first)
		group->first = row->first;
	if (row->last > group->last)
		group->last = row->last;
	if (row->address.version != 0 && row->messages > 0)
		add_network(grouping->arena, group, network_of(group,
		    &row->address));
	tally.messages = row->messages;
	tally.spf = row->spf_aligned ? row->messages : 0;
	tally.dkim = row->dkim_aligned ? row->messages : 0;
	tally.either = row->spf_aligned || row->dkim_aligned ?
	    row->messages : 0;
	tally_add(&group->tally, &tally);
	add_mishap(&group->mishap, row, row->domain->name);
	if (row->date != DAY_NONE)
		add_day(grouping->arena, group, row->date, &tally);
}

static int
compare_days(const void *left, const void *right)
{
	const struct group_day *a = left, *b = right;

	return (a->date > b->date) - (a->date < b->date);
}

/* Each day once, in order. */
static void
sort_days(struct source_group *group)
{
	size_t i, kept = 0;

	if (group->day_count < 2)
		return;
	qsort(group->days, group->day_count, sizeof(*group->days),
	    compare_days);
	for (i = 1; i < group->day_count; i++)
		if (group->days[i].date == group->days[kept].date)
			tally_add(&group->days[kept].tally,
			    &group->days[i].tally);
		else
			group->days[++kept] = group->days[i];
	group->day_count = kept + 1;
}

/* ---- what is to be done -------------------------------------------------- */

/* "80 of 3080 messages fail" */
static struct str
count_failing(struct arena *arena, const struct tally *tally)
{
	return arena_printf(arena, "%llu of %llu messages fail",
	    (unsigned long long)(tally->messages - tally->either),
	    (unsigned long long)tally->messages);
}

/* Nothing of it is signed: where SPF can help, and where it never will. */
static struct str
todo_unsigned(struct arena *arena, const struct source_group *group,
    struct str domain)
{
	const struct mishap *mishap = &group->mishap;

	if (mishap->other_path > mishap->not_listed)
		return arena_printf(arena, "let it sign with d=%.*s, or give "
		    "it a return path there: SPF is asked about \"%.*s\", "
		    "which does not align", STR_ARG(domain),
		    STR_ARG(mishap->path));
	if (mishap->not_listed > 0)
		return arena_printf(arena, "let it sign as %.*s, and list "
		    "its networks in the SPF record of %.*s", STR_ARG(domain),
		    STR_ARG(mishap->own_path));
	return arena_printf(arena, "let it sign as %.*s", STR_ARG(domain));
}

static struct str
todo_of_sender(struct arena *arena, const struct source_group *group,
    const struct tally *tally, struct str domain)
{
	const struct mishap *mishap = &group->mishap;
	uint64_t failing = tally->messages - tally->either;
	struct str count = count_failing(arena, tally);

	if (failing > 0 && mishap->bad_signature * 2 > failing)
		return arena_printf(arena, "%.*s: its signatures %s%.*s%sdo "
		    "not verify: compare the key that is published with the "
		    "one that it signs with, and look for what changes its "
		    "mail on the way", STR_ARG(count),
		    mishap->selector.n == 0 ? "" : "with the selector \"",
		    STR_ARG(mishap->selector),
		    mishap->selector.n == 0 ? "" : "\" ");
	if (failing > 0 && tally->dkim == 0)
		return arena_printf(arena, "%.*s: %.*s", STR_ARG(count),
		    STR_ARG(todo_unsigned(arena, group, domain)));
	if (failing > 0)
		return arena_printf(arena, "%.*s: find out which of its "
		    "hosts do not sign as %.*s", STR_ARG(count),
		    STR_ARG(domain));
	if (tally->dkim * 2 < tally->messages)
		return arena_printf(arena, "most of it passes by SPF alone, "
		    "which breaks when it is forwarded: let it sign as %.*s",
		    STR_ARG(domain));
	return STR("");
}

/* It passes, and nobody has written it down. */
static struct str
todo_of_stranger(struct arena *arena, const struct tally *tally,
    struct str domain)
{
	return arena_printf(arena, "it passes as %.*s: write it down as a "
	    "sender, or take away its %s", STR_ARG(domain),
	    tally->spf == 0 ? "key" : tally->dkim == 0 ? "SPF term" :
	    "key and its SPF term");
}

struct str
group_todo(struct arena *arena, const struct source_group *group,
    const struct tally *tally, struct str domain)
{
	if (tally->messages == 0)
		return STR("");
	if (group->kind == SOURCE_SENDER)
		return todo_of_sender(arena, group, tally, domain);
	if (group->kind == SOURCE_FORWARDER)
		return STR("");
	if (group->legitimate)
		return todo_of_stranger(arena, tally, domain);
	if (group->service != NULL)
		return arena_printf(arena, "it sends through %.*s: if it is "
		    "yours, write it down as a sender and let it sign as "
		    "%.*s; if not, the policy will stop it",
		    STR_ARG(group->service->name), STR_ARG(domain));
	return arena_printf(arena, "if it is yours, write it down as a sender "
	    "and let it sign as %.*s; if not, the policy will stop it",
	    STR_ARG(domain));
}

struct str
source_name(struct arena *arena, const struct source_group *group)
{
	if (group->kind == SOURCE_SENDER)
		return group->sender->sender->name;
	if (group->domain.n > 0)
		return group->domain;
	if (group->near.length == 0)
		return STR("no address");
	return network_print(arena, &group->near);
}

/* ---- order --------------------------------------------------------------- */

/* Senders in the order of the configuration. */
static size_t
place_of(const struct grouping *grouping, const struct source_group *group)
{
	const struct known_sender *known = grouping->senders;
	size_t place = 0;

	for (; known != NULL && known != group->sender; known = known->next)
		place++;
	return place;
}

static bool
comes_before(const struct grouping *grouping, const struct source_group *a,
    const struct source_group *b)
{
	size_t place_a = place_of(grouping, a);
	size_t place_b = place_of(grouping, b);
	int order;

	if (a->kind != b->kind)
		return a->kind < b->kind;
	if (a->kind == SOURCE_SENDER)
		return place_a < place_b;
	if (a->tally.messages != b->tally.messages)
		return a->tally.messages > b->tally.messages;
	order = str_compare(a->domain, b->domain);
	if (order == 0)
		order = memcmp(a->near.address, b->near.address, 16);
	if (order == 0)
		return place_a < place_b || (place_a == place_b &&
		    a->legitimate && !b->legitimate);
	return order < 0;
}

/* Merges two sorted lists. */
static struct source_group *
merge(const struct grouping *grouping, struct source_group *a,
    struct source_group *b)
{
	struct source_group *first = NULL, **link = &first;

	while (a != NULL && b != NULL) {
		if (comes_before(grouping, b, a)) {
			*link = b;
			b = b->next;
		} else {
			*link = a;
			a = a->next;
		}
		link = &(*link)->next;
	}
	*link = a != NULL ? a : b;
	return first;
}

static struct source_group *
sort(const struct grouping *grouping, struct source_group *first)
{
	struct source_group *slow = first, *fast, *second;

	if (first == NULL || first->next == NULL)
		return first;
	for (fast = first->next; fast != NULL && fast->next != NULL;
	    fast = fast->next->next)
		slow = slow->next;
	second = slow->next;
	slow->next = NULL;
	return merge(grouping, sort(grouping, first),
	    sort(grouping, second));
}

struct source_group *
groups_of(const struct world *world, struct arena *arena,
    const struct evidence *evidence, const struct domain_evidence *domain)
{
	struct grouping grouping = { .arena = arena };
	struct source_group *group;
	size_t i;

	grouping.senders = senders_of(world, arena, domain->name);
	grouping.strict = knows_selectors(grouping.senders);
	for (i = 0; i < domain->row_count; i++)
		add_row(&grouping, &evidence->rows[domain->first_row + i]);
	for (group = grouping.first; group != NULL; group = group->next) {
		sort_days(group);
		group->service = service_of(world, group->domain);
		group->todo = group_todo(arena, group, &group->tally,
		    domain->name);
	}
	return sort(&grouping, grouping.first);
}
