/* Name servers: their addresses, and one question to one of them. */
#include <arpa/inet.h>
#include <errno.h>
#include <string.h>

#include "base/address.h"
#include "base/arena.h"
#include "base/file.h"
#include "net/net.h"

/* ---- addresses ----------------------------------------------------------- */

static struct str
name_of(struct arena *arena, const struct name_server *server)
{
	char text[INET6_ADDRSTRLEN] = "";

	inet_ntop(server->ip6 ? AF_INET6 : AF_INET, server->address, text,
	    sizeof(text));
	if (server->port == NET_PORT)
		return arena_printf(arena, "%s", text);
	return arena_printf(arena, server->ip6 ? "[%s]:%u" : "%s:%u", text,
	    (unsigned)server->port);
}

static bool
parse_address(struct str text, struct name_server *server)
{
	server->ip6 = str_has(text, ':');
	return server->ip6 ? address_parse_ip6(text, server->address) :
	    address_parse_ip4(text, server->address);
}

/* Cuts ":PORT" off; a bare IPv6 address has colons of its own. */
static bool
take_port(struct str *text, uint16_t *port)
{
	size_t colon = str_find_last(*text, ':');
	uint64_t number;

	if (str_starts(*text, STR("["))) {
		size_t bracket = str_find(*text, ']');

		if (bracket == text->n)
			return false;
		colon = bracket + 1;
		if (colon < text->n && text->p[colon] != ':')
			return false;
	} else if (str_find(*text, ':') != colon)
		return true;
	if (colon < text->n) {
		if (!str_number(str_after(*text, colon + 1), UINT16_MAX,
		    &number) || number == 0)
			return false;
		*port = (uint16_t)number;
	}
	*text = str_starts(*text, STR("[")) ? str_slice(*text, 1, colon - 1) :
	    str_slice(*text, 0, colon);
	return true;
}

bool
server_parse(struct arena *arena, struct str text, struct name_server *server)
{
	*server = (struct name_server){ .port = NET_PORT,
	    .patience = NET_PATIENCE };
	if (str_starts(text, STR("@")))
		text = str_after(text, 1);
	if (!take_port(&text, &server->port) ||
	    !parse_address(text, server))
		return false;
	server->name = name_of(arena, server);
	return true;
}

struct name_server
server_of_record(struct arena *arena, const struct record *record,
    uint16_t port)
{
	struct name_server server = { .ip6 = record->type == RR_AAAA,
	    .port = port, .patience = NET_PATIENCE };

	memcpy(server.address, record->address, sizeof(server.address));
	server.name = arena_printf(arena, "%.*s (%.*s)",
	    STR_ARG(name_show(record->owner)),
	    STR_ARG(name_of(arena, &server)));
	return server;
}

size_t
servers_of_system(struct arena *arena, struct str path,
    struct name_server servers[3])
{
	const struct source *source = file_read(arena, path);
	struct str rest, line, word;
	struct cursor in;
	size_t count = 0;

	rest = source == NULL ? STR("") : source->text;
	while (count < 3 && str_split(&rest, '\n', &line)) {
		in = (struct cursor){ line, 0 };
		word = cursor_until(&in, STR(" \t"));
		cursor_while(&in, STR(" \t"));
		if (str_is(word, "nameserver") && server_parse(arena,
		    cursor_until(&in, STR(" \t\r%")), &servers[count]))
			count++;
	}
	if (count == 0 && server_parse(arena, STR("127.0.0.1"), &servers[0]))
		count = 1;
	return count;
}

/* ---- asking -------------------------------------------------------------- */

/* What errno says of a server. */
static struct reply
trouble(struct arena *arena)
{
	int error = errno;

	if (error == ETIMEDOUT || error == EAGAIN)
		return (struct reply){ .kind = REPLY_TIMEOUT,
		    .why = STR("does not answer") };
	return (struct reply){ .kind = error == ENETUNREACH ||
	    error == EHOSTUNREACH || error == EAFNOSUPPORT ||
	    error == EADDRNOTAVAIL ? REPLY_NO_ROUTE : REPLY_UNREACHABLE,
	    .why = arena_printf(arena, "cannot be asked: %s",
	    strerror(error)) };
}

/* A question on its way. */
struct asking {
	struct arena *arena;
	const struct name_server *server;
	struct str name, query;
	uint16_t type;
	bool recursive;
	unsigned char *room;
};

static struct reply
take(struct asking *asking, ssize_t n)
{
	struct str message = { (const char *)asking->room, (size_t)n };

	if (n < 0)
		return trouble(asking->arena);
	return message_read(asking->arena, asking->query, message,
	    asking->name, asking->type, asking->recursive);
}

/*
 * A server that answers over UDP is not silent because a firewall keeps TCP
 * away from it: the other questions are answered.
 */
static struct reply
ask_over_tcp(struct asking *asking)
{
	struct reply reply = take(asking, transport_tcp(asking->server,
	    asking->query, asking->room, NET_MAX_MESSAGE));

	if (reply_is_silence(&reply)) {
		reply.kind = REPLY_FAILED;
		reply.why = arena_printf(asking->arena, "cuts the answer off, "
		    "and over TCP %.*s", STR_ARG(reply.why));
	}
	return reply;
}

static struct reply
ask(struct asking *asking, bool edns)
{
	struct reply reply = { .kind = REPLY_TIMEOUT };
	int i;

	asking->query = message_query(asking->arena, asking->name,
	    asking->type, asking->recursive, edns);
	if (asking->query.p == NULL)
		return (struct reply){ .kind = REPLY_BROKEN,
		    .why = STR("cannot be asked for such a name") };
	for (i = 0; i < NET_TRIES && reply.kind == REPLY_TIMEOUT; i++)
		reply = take(asking, transport_udp(asking->server,
		    asking->query, asking->room, NET_MAX_MESSAGE));
	return reply.truncated ? ask_over_tcp(asking) : reply;
}

struct reply
server_ask(struct arena *arena, const struct name_server *server,
    struct str name, uint16_t type, bool recursive)
{
	struct arena *scratch = arena_new();
	struct asking asking = { .arena = scratch, .server = server,
	    .name = name, .type = type, .recursive = recursive,
	    .room = arena_alloc(scratch, NET_MAX_MESSAGE) };
	struct reply reply = ask(&asking, true);

	if (reply.no_edns)
		reply = ask(&asking, false);
	reply.text = arena_copy(arena, reply.text);
	if (reply.why.p != NULL)
		reply.why = arena_printf(arena, "%.*s %.*s",
		    STR_ARG(server->name), STR_ARG(reply.why));
	arena_free(scratch);
	return reply;
}
