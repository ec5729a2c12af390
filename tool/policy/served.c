/* What name servers answer, held against what they should. */
#include "policy/policy.h"

/* However a text is cut into strings, receivers read it joined. */
static bool
is_same(struct arena *arena, const struct record *a, const struct record *b)
{
	if (a->type != b->type)
		return false;
	return a->type == RR_TXT ? str_equal(a->text, b->text) :
	    record_same(arena, a, b);
}

static bool
is_null_mx(const struct record *record)
{
	return record->type == RR_MX && record->target.n == 0;
}

/* Receivers want one of the two. */
static bool
is_rival(const struct record *wanted, const struct record *other)
{
	if (wanted->type == RR_TXT)
		return other->type == RR_CNAME || (other->type == RR_TXT &&
		    wanted->auth != AUTH_NONE && other->auth == wanted->auth);
	if (wanted->type == RR_MX)
		return other->type == RR_MX && is_null_mx(wanted) !=
		    is_null_mx(other);
	return other->type == wanted->type;
}

static size_t
find_records(struct arena *arena, const struct served_by *server,
    const struct record *wanted, const struct record ***records)
{
	const struct node *node = zone_find(server->zone, wanted->owner);

	return node == NULL ? 0 : node_records(server->zone, node, arena,
	    ~0U, records);
}

static bool
is_unanswered(const struct served_by *server, const struct record *wanted)
{
	const struct unanswered *open = server->unanswered;

	while (open != NULL && !(open->type == wanted->type &&
	    str_equal(open->owner, wanted->owner)))
		open = open->next;
	return open != NULL;
}

enum served_state
served_record(struct arena *arena, const struct served_by *server,
    const struct record *wanted, const struct record **found)
{
	const struct record **records = NULL, *other = NULL;
	enum served_state state = SERVED_MISSING;
	size_t count, i;

	if (found != NULL)
		*found = NULL;
	if (server->trouble.p != NULL || is_unanswered(server, wanted))
		return SERVED_UNKNOWN;
	count = find_records(arena, server, wanted, &records);
	for (i = 0; i < count && state != SERVED_RIGHT; i++) {
		if (is_same(arena, wanted, records[i]))
			state = SERVED_RIGHT;
		else if (state == SERVED_MISSING &&
		    is_rival(wanted, records[i]))
			state = SERVED_OTHER;
		else
			continue;
		other = records[i];
	}
	if (found != NULL)
		*found = other;
	return state;
}

const struct record *
served_beside(struct arena *arena, const struct served_by *server,
    const struct record *wanted)
{
	const struct record **records = NULL;
	size_t count, i;

	if (wanted->type != RR_TXT && !is_null_mx(wanted))
		return NULL;
	count = find_records(arena, server, wanted, &records);
	for (i = 0; i < count; i++)
		if (is_rival(wanted, records[i]) &&
		    !is_same(arena, wanted, records[i]))
			return records[i];
	return NULL;
}

/* As the file has it, or else the one nearest to the name that is known. */
static struct str
zone_of_serials(const struct served_zone *served)
{
	const struct served_by *server = served->servers;
	struct str zone = STR_NONE;

	if (served->has_serial)
		return served->zone;
	for (; server != NULL; server = server->next)
		if (server->has_serial && (zone.p == NULL ||
		    name_labels(server->serial_of) > name_labels(zone)))
			zone = server->serial_of;
	return zone;
}

void
served_forget_others(struct served_zone *served)
{
	struct str zone = zone_of_serials(served);
	struct served_by *server = served->servers;

	for (; server != NULL; server = server->next)
		server->has_serial = server->has_serial &&
		    str_equal(server->serial_of, zone);
}

const struct served_by *
served_newer(const struct served_zone *served, const struct served_by *server)
{
	const struct served_by *other, *newest = server;

	if (!server->has_serial)
		return NULL;
	for (other = served->servers; other != NULL; other = other->next)
		if (other->has_serial &&
		    serial_is_after(other->serial, newest->serial))
			newest = other;
	return newest == server ? NULL : newest;
}
