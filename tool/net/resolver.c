/*
 * Questions to servers that look for the answer elsewhere, and what they said.
 */
#include <stdlib.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "net/remembered.h"

static bool ask_source(struct dns_source *, struct arena *, struct str name,
    uint16_t *type, struct answer *);

struct resolver *
resolver_new(struct arena *arena, const struct str *addresses, size_t count,
    day today, struct str *bad)
{
	struct resolver *resolver = ARENA_NEW(arena, struct resolver);

	resolver->arena = arena_child(arena);
	resolver->source.ask = ask_source;
	resolver->today = today;
	pthread_mutex_init(&resolver->lock, NULL);
	for (; resolver->count < count &&
	    resolver->count < NET_MAX_SERVERS; resolver->count++)
		if (!server_parse(resolver->arena,
		    addresses[resolver->count],
		    &resolver->servers[resolver->count])) {
			*bad = addresses[resolver->count];
			return NULL;
		}
	if (count == 0)
		resolver->count = servers_of_system(resolver->arena,
		    STR("/etc/resolv.conf"), resolver->servers);
	return resolver;
}

void
resolver_free(struct resolver *resolver)
{
	if (resolver != NULL)
		pthread_mutex_destroy(&resolver->lock);
}

const struct name_server *
resolver_servers(const struct resolver *resolver, size_t *count)
{
	*count = resolver->count;
	return resolver->servers;
}

/* ---- asking -------------------------------------------------------------- */

static struct str
key_of(struct arena *arena, struct str name, uint16_t type)
{
	return arena_printf(arena, "%u %.*s", (unsigned)type, STR_ARG(name));
}

static const struct remembered *
recall(struct resolver *resolver, struct str key)
{
	const struct remembered *known;

	pthread_mutex_lock(&resolver->lock);
	known = table_find(&resolver->by_question, key);
	pthread_mutex_unlock(&resolver->lock);
	return known;
}

/* What a silent server is taken to say from now on; NULL when it is asked. */
static const struct reply *
find_silence(struct resolver *resolver, const struct name_server *server)
{
	const struct reply *reply;

	pthread_mutex_lock(&resolver->lock);
	reply = table_find(&resolver->silent, server->name);
	pthread_mutex_unlock(&resolver->lock);
	return reply;
}

static void
note_silence(struct resolver *resolver, const struct name_server *server,
    const struct reply *reply)
{
	struct reply *copy;

	pthread_mutex_lock(&resolver->lock);
	copy = ARENA_NEW(resolver->arena, struct reply);
	copy->kind = reply->kind;
	copy->why = arena_copy(resolver->arena, reply->why);
	table_add(&resolver->silent, resolver->arena,
	    arena_copy(resolver->arena, server->name), copy);
	pthread_mutex_unlock(&resolver->lock);
}

struct reply
resolver_ask_server(struct resolver *resolver, struct arena *arena,
    const struct name_server *server, struct str name, uint16_t type,
    bool recursive)
{
	const struct reply *silence = find_silence(resolver, server);
	struct reply reply;

	if (silence != NULL)
		return *silence;
	reply = server_ask(arena, server, name, type, recursive);
	if (reply_is_silence(&reply))
		note_silence(resolver, server, &reply);
	return reply;
}

/* The first one that knows; else what the first one says. */
static struct reply
ask_servers(struct resolver *resolver, struct arena *arena, struct str name,
    uint16_t type)
{
	struct reply first = { .kind = REPLY_TIMEOUT }, reply;
	size_t i;

	for (i = 0; i < resolver->count; i++) {
		reply = resolver_ask_server(resolver, arena,
		    &resolver->servers[i], name, type, true);
		if (reply.kind < REPLY_FAILED)
			return reply;
		if (i == 0)
			first = reply;
	}
	return first;
}

/* Another thread may have asked the same, and then is right. */
static const struct remembered *
remember(struct resolver *resolver, struct str name, uint16_t type,
    const struct reply *reply)
{
	struct arena *arena = resolver->arena;
	struct remembered *mine, *known;

	pthread_mutex_lock(&resolver->lock);
	mine = ARENA_NEW(arena, struct remembered);
	mine->name = arena_copy(arena, name);
	mine->type = type;
	mine->reply = *reply;
	mine->reply.text = arena_copy(arena, reply->text);
	if (reply->why.p != NULL)
		mine->reply.why = arena_copy(arena, reply->why);
	known = table_add(&resolver->by_question, arena,
	    key_of(arena, name, type), mine);
	if (known == mine) {
		mine->next = resolver->first;
		resolver->first = mine;
	}
	pthread_mutex_unlock(&resolver->lock);
	return known;
}

static const struct remembered *
ask(struct resolver *resolver, struct str name, uint16_t type)
{
	struct arena *scratch = arena_new();
	const struct remembered *known = recall(resolver, key_of(scratch,
	    name, type));
	struct reply reply;

	if (known == NULL) {
		reply = ask_servers(resolver, scratch, name, type);
		known = remember(resolver, name, type, &reply);
	}
	arena_free(scratch);
	return known;
}

const struct reply *
resolver_ask(struct resolver *resolver, struct str name, uint16_t type)
{
	return &ask(resolver, name, type)->reply;
}

/* ---- as a DNS cache ------------------------------------------------------ */

/* Made under the lock, only read afterwards. */
static const struct dns_cache *
cache_of(struct resolver *resolver, struct remembered *known)
{
	struct source *source;
	struct buffer text = { 0 };

	pthread_mutex_lock(&resolver->lock);
	if (known->cache == NULL) {
		remembered_write(&text, resolver->arena, resolver->today,
		    known);
		source = ARENA_NEW(resolver->arena, struct source);
		source->path = STR("(DNS)");
		source->text = buffer_finish(&text, resolver->arena);
		known->cache = dns_cache_read(resolver->arena, source,
		    resolver->today);
	}
	pthread_mutex_unlock(&resolver->lock);
	return known->cache;
}

/* Whether a name exists, an address tells as well as anything. */
static bool
ask_source(struct dns_source *source, struct arena *arena, struct str name,
    uint16_t *type, struct answer *answer)
{
	struct resolver *resolver = (struct resolver *)(void *)source;
	const struct remembered *known = ask(resolver, name,
	    *type == 0 ? RR_A : *type);

	if (known->reply.kind >= REPLY_FAILED) {
		answer->why = known->reply.why;
		return false;
	}
	return dns_cache_ask(cache_of(resolver,
	    (struct remembered *)(uintptr_t)known), arena, name, type,
	    answer);
}

struct str
resolver_trouble(struct resolver *resolver)
{
	size_t i;

	for (i = 0; i < resolver->count; i++)
		if (find_silence(resolver, &resolver->servers[i]) == NULL)
			return STR_NONE;
	return find_silence(resolver, &resolver->servers[0])->why;
}

struct dns_source *
resolver_source(struct resolver *resolver)
{
	return &resolver->source;
}

/* ---- who is responsible -------------------------------------------------- */

/* The records of an answer, as the zone reader has them. */
static size_t
records_of(struct arena *arena, struct str text,
    const struct record ***records)
{
	struct zone_options options = { .name = STR(""),
	    .how = ZONE_BY_OPTION };
	struct source *source = ARENA_NEW(arena, struct source);
	const struct record *record;
	const struct zone *zone;
	size_t position = 0, count = 0;

	source->path = STR("(DNS)");
	source->text = text;
	zone = zone_read(arena, source, &options);
	*records = ARENA_ARRAY(arena, zone->contents->record_count + 1,
	    const struct record *);
	while ((record = zone_next(zone, arena, ~0U, &position)) != NULL)
		(*records)[count++] = record;
	return count;
}

/* The deepest name at or above one that has an SOA. */
static const struct reply *
find_zone(struct resolver *resolver, struct str *name)
{
	const struct reply *reply;

	do {
		reply = resolver_ask(resolver, *name, RR_SOA);
		if (reply->kind >= REPLY_FAILED || (reply->kind ==
		    REPLY_DATA && reply->type == RR_SOA))
			return reply;
		*name = name_parent(*name);
	} while (name_labels(*name) > 1);
	return NULL;
}

/* What is asked of those who are responsible for a zone. */
struct responsible {
	struct name_server *servers;
	size_t count, addresses;
};

/* Nobody reaches it, which is no reason to be silent about it. */
static void
add_unreachable(struct arena *arena, struct responsible *all, struct str host,
    struct str why)
{
	struct name_server *server;

	if (all->count == NET_MAX_SERVERS)
		return;
	server = &all->servers[all->count++];
	*server = (struct name_server){ .name = name_show(host) };
	server->trouble = why.p == NULL ? arena_printf(arena,
	    "%.*s has no address", STR_ARG(server->name)) :
	    arena_printf(arena, "the address of %.*s is not known: %.*s",
	    STR_ARG(server->name), STR_ARG(why));
}

static void
add_addresses(struct resolver *resolver, struct arena *arena,
    struct str host, struct responsible *all)
{
	static const uint16_t types[] = { RR_A, RR_AAAA };
	size_t before = all->addresses, found, i, j;
	const struct record **records;
	const struct reply *reply;
	struct str why = STR_NONE;

	for (i = 0; i < 2; i++) {
		reply = resolver_ask(resolver, host, types[i]);
		if (why.p == NULL)
			why = reply->why;
		if (reply->kind != REPLY_DATA || reply->type != types[i])
			continue;
		found = records_of(arena, reply->text, &records);
		for (j = 0; j < found && all->count < NET_MAX_SERVERS; j++) {
			all->servers[all->count++] = server_of_record(arena,
			    records[j], NET_PORT);
			all->addresses++;
		}
	}
	if (all->addresses == before)
		add_unreachable(arena, all, host, why);
}

static int
compare_servers(const void *a, const void *b)
{
	const struct name_server *x = a, *y = b;

	return str_compare(x->name, y->name);
}

size_t
resolver_find_servers(struct resolver *resolver, struct arena *arena,
    struct str name, struct str *zone, struct name_server **servers,
    struct str *why)
{
	const struct reply *reply = find_zone(resolver, &name);
	const struct record **records;
	struct responsible all = { 0 };
	size_t found, i;

	*zone = name;
	if (reply != NULL && reply->kind == REPLY_DATA)
		reply = resolver_ask(resolver, name, RR_NS);
	if (reply == NULL || reply->kind != REPLY_DATA) {
		*why = reply != NULL && reply->why.p != NULL ? reply->why :
		    STR("no zone holds it");
		return 0;
	}
	all.servers = ARENA_ARRAY(arena, NET_MAX_SERVERS, struct name_server);
	found = records_of(arena, reply->text, &records);
	for (i = 0; i < found; i++)
		if (records[i]->type == RR_NS)
			add_addresses(resolver, arena, records[i]->target,
			    &all);
	*servers = all.servers;
	if (all.addresses == 0) {
		*why = STR("none of its name servers has an address");
		return 0;
	}
	qsort(all.servers, all.count, sizeof(*all.servers), compare_servers);
	return all.count;
}
