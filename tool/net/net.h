/*
 * Asking name servers: the only folder that opens sockets, for mailzone verify
 * and for --dns alone.
 *
 * Whatever comes from the network is read as a message (message.c), turned
 * into master-file text by the zone reader's own hand, and from there on is
 * what a line of the DNS cache file is: who looks at an answer cannot tell
 * which of the two it came from.
 */
#ifndef NET_NET_H
#define NET_NET_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "zone/zone.h"

/* ---- servers (server.c) -------------------------------------------------- */

enum {
	NET_PORT = 53,
	NET_TRIES = 2,			/* over UDP, before giving up */
	NET_PATIENCE = 2000,		/* milliseconds for each */
	NET_MAX_MESSAGE = 65535,
	NET_MAX_SERVERS = 32		/* that are asked about one zone */
};

struct name_server {
	struct str name;		/* for people, with the address */
	bool ip6;
	unsigned char address[16];	/* IPv4: four octets */
	uint16_t port;
	unsigned patience;		/* milliseconds for each try */
	struct str trouble;		/* why it has no address; STR_NONE */
};

/*
 * "ADDR", "ADDR:PORT" or "[ADDR]:PORT", with "@" before it or not; false when
 * it is none of them.
 */
bool server_parse(struct arena *, struct str, struct name_server *);
/* From the octets of an A or AAAA record, and the name that owns it. */
struct name_server server_of_record(struct arena *, const struct record *,
    uint16_t port);
/*
 * Those of the system, as resolv.conf(5) lists them; 127.0.0.1 when it names
 * none or is not there. At most three, as the C library takes them.
 */
size_t servers_of_system(struct arena *, struct str path,
    struct name_server servers[3]);

/* ---- one question to one server (message.c, transport.c) ----------------- */

enum reply_kind {
	REPLY_DATA,
	REPLY_NODATA,			/* the name exists, the type does not */
	REPLY_NXDOMAIN,
	/* From here on nobody knows. */
	REPLY_FAILED,			/* SERVFAIL, REFUSED, ... */
	REPLY_LAME,			/* it is not responsible */
	REPLY_TIMEOUT,
	REPLY_UNREACHABLE,
	REPLY_NO_ROUTE,			/* no way from here: no IPv6, say */
	REPLY_BROKEN			/* no such message */
};

struct reply {
	enum reply_kind kind;
	bool authoritative;
	bool truncated;			/* ask again over TCP */
	bool no_edns;			/* ask again without EDNS */
	/*
	 * DATA: the records of the name as master-file text, one on each line,
	 * and their type, which is that of the question or RR_CNAME.
	 */
	uint16_t type;
	struct str text;
	struct str why;			/* nobody knows: for people */
};

/* Nothing was heard, so that more questions are of no use. */
static inline bool
reply_is_silence(const struct reply *reply)
{
	return reply->kind == REPLY_TIMEOUT ||
	    reply->kind == REPLY_UNREACHABLE || reply->kind == REPLY_NO_ROUTE;
}

/*
 * A query (RFC 1035 section 4), its id being a random number; with EDNS most
 * answers fit into one datagram.
 */
struct str message_query(struct arena *, struct str name, uint16_t type,
    bool recursive, bool edns);
/*
 * What a message says to a query; a message that answers another one is
 * REPLY_BROKEN. Total: it may hold anything.
 */
struct reply message_read(struct arena *, struct str query,
    struct str message, struct str name, uint16_t type, bool recursive);

/*
 * Sends a query and waits for an answer with the same id: its length, or -1
 * with errno, ETIMEDOUT when there was none in time.
 */
ssize_t transport_udp(const struct name_server *, struct str query,
    unsigned char *room, size_t size);
ssize_t transport_tcp(const struct name_server *, struct str query,
    unsigned char *room, size_t size);

/*
 * (server.c) Asks a server: over UDP, then over TCP where the answer has no
 * room. It takes at most NET_TRIES + 1 times the server's patience.
 */
struct reply server_ask(struct arena *, const struct name_server *,
    struct str name, uint16_t type, bool recursive);

/* ---- servers that look for answers elsewhere (resolver.c) ---------------- */

/*
 * Asks its servers in turn until one knows, and remembers what was said.
 * Threads may share it. A server that was silent is not asked again.
 */
struct resolver;

/*
 * With addresses as of server_parse, or those of the system when there are
 * none. NULL with the wrong one in *bad.
 */
struct resolver *resolver_new(struct arena *, const struct str *addresses,
    size_t count, day today, struct str *bad);
void resolver_free(struct resolver *);
const struct name_server *resolver_servers(const struct resolver *,
    size_t *count);
/* Lasts as long as the resolver. */
const struct reply *resolver_ask(struct resolver *, struct str name,
    uint16_t type);
/*
 * Asks one server, which need not be one of its own, as server_ask does; one
 * that was silent before, whoever asked, is not asked again.
 */
struct reply resolver_ask_server(struct resolver *, struct arena *,
    const struct name_server *, struct str name, uint16_t type,
    bool recursive);
/* As what zones_ask turns to, for names outside of the loaded zones. */
struct dns_source *resolver_source(struct resolver *);
/* Why nothing more can be asked: all its servers are silent. Or STR_NONE. */
struct str resolver_trouble(struct resolver *);
/*
 * (cache_file.c) Everything that was answered, in lines of a DNS cache file,
 * sorted. What nobody answered is left out, or as the old file (may be NULL)
 * has it; such questions go into open, each on a line with the reason, sorted,
 * too, and their number is returned.
 */
size_t resolver_write_cache(struct resolver *, const struct dns_cache *old,
    struct buffer *, struct buffer *open);

/*
 * The zone that a name lies in, and the servers that are responsible for it,
 * each of their addresses for itself, sorted; at most NET_MAX_SERVERS. One
 * without an address is there with its trouble. 0 with the reason when there
 * is nobody to ask.
 */
size_t resolver_find_servers(struct resolver *, struct arena *,
    struct str name, struct str *zone, struct name_server **servers,
    struct str *why);

#endif
