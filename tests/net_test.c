/*
 * Questions to a name server on loopback, which answers by the name that it
 * is asked for, well or badly.
 */
#include "support.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "net/net.h"

enum { HEADER = 12, ROOM = 4096, QUICK = 150 };

/* ---- the server ---------------------------------------------------------- */

static struct fake {
	int udp, tcp, stop[2];
	uint16_t port;
	pthread_t thread;
	unsigned questions;
} fake;

static void
put16(struct buffer *out, unsigned number)
{
	buffer_add_byte(out, (int)(number >> 8));
	buffer_add_byte(out, (int)(number & 0xff));
}

/* The question's first label tells what to do. */
struct question {
	const unsigned char *message;
	size_t end;			/* of the question */
	struct str label;
	unsigned type;
	bool edns;
};

static bool
read_question(const unsigned char *message, size_t n, struct question *q)
{
	size_t here = HEADER;

	if (n < HEADER + 5)
		return false;
	q->message = message;
	q->label = (struct str){ (const char *)message + HEADER + 1,
	    message[HEADER] };
	while (here < n && message[here] != 0)
		here += message[here] + 1U;
	q->type = (unsigned)message[here + 1] << 8 | message[here + 2];
	q->end = here + 5;
	q->edns = message[HEADER - 1] != 0;
	return q->end <= n;
}

static void
begin(struct buffer *out, const struct question *q, unsigned flags,
    unsigned answers)
{
	buffer_clear(out);
	buffer_add(out, (struct str){ (const char *)q->message, 2 });
	put16(out, 0x8000 | flags);
	put16(out, 1);
	put16(out, answers);
	put16(out, 0);
	put16(out, 0);
	buffer_add(out, (struct str){ (const char *)q->message + HEADER,
	    q->end - HEADER });
}

static void
add(struct buffer *out, unsigned type, struct str rdata)
{
	put16(out, 0xc000 | HEADER);
	put16(out, type);
	put16(out, 1);
	put16(out, 0);
	put16(out, 300);
	put16(out, (unsigned)rdata.n);
	buffer_add(out, rdata);
}

enum {
	AA = 0x0400, TC = 0x0200, RA = 0x0080,
	FORMERR = 1, SERVFAIL = 2, NXDOMAIN = 3
};

static const struct {
	const char *label;
	unsigned flags, type;
	struct str rdata;
} script[] = {
	{ "data", AA, RR_TXT, STR_INIT("\6v=spf1\5 -all") },
	{ "odd", AA, RR_TXT, STR_INIT("\6a\"b;\n\0") },
	{ "old", AA, RR_TXT, STR_INIT("\7no EDNS") },
	{ "alias", AA, RR_CNAME, STR_INIT("\4data\7example\0") },
	{ "nx", AA | NXDOMAIN, 0, { NULL, 0 } },
	{ "none", AA, 0, { NULL, 0 } },
	{ "resolved", RA, 0, { NULL, 0 } },
	{ "fail", SERVFAIL, 0, { NULL, 0 } },
	{ "lame", 0, 0, { NULL, 0 } },
	{ "memory", RA, RR_TXT, STR_INIT("\5known") },
	{ "forgotten", RA | NXDOMAIN, 0, { NULL, 0 } },
	{ "short", AA, RR_A, STR_INIT("\1\2") },
	{ "zone", AA, RR_SOA, STR_INIT("\0\0\0\0\0\7\0\0\0\1\0\0\0\1\0\0\0\1"
	    "\0\0\0\1") },
	{ "zone", AA, RR_NS, STR_INIT("\3ns1\7example\0") },
	{ "torn", AA, RR_SOA, STR_INIT("\0\0\0\0\0\7\0\0\0\1\0\0\0\1\0\0\0\1"
	    "\0\0\0\1") },
	{ "ns1", AA, RR_A, STR_INIT("\300\0\2\65") },
};

/* Two records, the later one first. */
static bool
reply_with_two(struct buffer *out, const struct question *q)
{
	bool servers = str_is(q->label, "torn") && q->type == RR_NS;

	if (!servers && !str_is(q->label, "two"))
		return false;
	begin(out, q, AA, 2);
	add(out, q->type, servers ? STR("\3ns1\7example\0") : STR("\1b"));
	add(out, q->type, servers ? STR("\4none\7example\0") : STR("\1a"));
	return true;
}

static void
reply_to(struct buffer *out, const struct question *q, bool over_tcp)
{
	size_t i;

	if (reply_with_two(out, q))
		return;
	if ((str_is(q->label, "big") || str_is(q->label, "cut")) &&
	    !over_tcp) {
		begin(out, q, AA | TC, 0);
		return;
	}
	if (str_is(q->label, "big")) {
		begin(out, q, AA, 1);
		add(out, RR_TXT, STR("\4tall"));
		return;
	}
	if (str_is(q->label, "old") && q->edns) {
		begin(out, q, FORMERR, 0);
		return;
	}
	for (i = 0; i < countof(script); i++) {
		if (!str_is(q->label, script[i].label) ||
		    (script[i].type != 0 && script[i].type != q->type &&
		    script[i].type != RR_CNAME))
			continue;
		begin(out, q, script[i].flags, script[i].type != 0);
		if (script[i].type != 0)
			add(out, script[i].type, script[i].rdata);
		return;
	}
	begin(out, q, AA, 0);
}

static void
serve_udp(struct buffer *out)
{
	unsigned char room[ROOM];
	struct sockaddr_in from;
	socklen_t size = sizeof(from);
	ssize_t n = recvfrom(fake.udp, room, sizeof(room), 0,
	    (struct sockaddr *)&from, &size);
	struct question q;

	fake.questions++;
	if (n < 0 || !read_question(room, (size_t)n, &q) ||
	    str_is(q.label, "silent"))
		return;
	reply_to(out, &q, false);
	if (str_is(q.label, "other"))
		out->p[HEADER + 1] = 'x';
	if (str_is(q.label, "forged")) {
		/* What has another id is not looked at. */
		out->p[0] ^= 1;
		sendto(fake.udp, out->p, out->n, 0,
		    (struct sockaddr *)&from, size);
		begin(out, &q, AA, 1);
		add(out, RR_TXT, STR("\4true"));
	}
	sendto(fake.udp, out->p, out->n, 0, (struct sockaddr *)&from, size);
}

static void
serve_tcp(struct buffer *out)
{
	unsigned char room[ROOM], length[2];
	int fd = accept(fake.tcp, NULL, NULL);
	ssize_t n = recv(fd, room, sizeof(room), 0);
	struct question q;

	/* The length may come alone. */
	if (n == 2)
		n += recv(fd, room + 2, sizeof(room) - 2, 0);
	if (n > 2 && read_question(room + 2, (size_t)n - 2, &q) &&
	    !str_is(q.label, "cut")) {
		reply_to(out, &q, true);
		length[0] = (unsigned char)(out->n >> 8);
		length[1] = (unsigned char)out->n;
		send(fd, length, 2, MSG_NOSIGNAL);
		send(fd, out->p, out->n, MSG_NOSIGNAL);
	}
	close(fd);
}

static void *
serve(void *context)
{
	struct pollfd fds[3] = { { .fd = fake.udp, .events = POLLIN },
	    { .fd = fake.tcp, .events = POLLIN },
	    { .fd = fake.stop[0], .events = POLLIN } };
	struct buffer out = { 0 };

	while (poll(fds, 3, -1) > 0 && fds[2].revents == 0) {
		if (fds[0].revents != 0)
			serve_udp(&out);
		if (fds[1].revents != 0)
			serve_tcp(&out);
	}
	buffer_free(&out);
	return context;
}

/* UDP and TCP on one port, which the system chooses. */
static int
start(void **state)
{
	struct sockaddr_in address = { .sin_family = AF_INET,
	    .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t size = sizeof(address);

	(void)state;
	fake.tcp = socket(AF_INET, SOCK_STREAM, 0);
	fake.udp = socket(AF_INET, SOCK_DGRAM, 0);
	if (bind(fake.tcp, (struct sockaddr *)&address, size) != 0 ||
	    getsockname(fake.tcp, (struct sockaddr *)&address, &size) != 0 ||
	    bind(fake.udp, (struct sockaddr *)&address, size) != 0 ||
	    listen(fake.tcp, 4) != 0 || pipe(fake.stop) != 0)
		return -1;
	fake.port = ntohs(address.sin_port);
	return pthread_create(&fake.thread, NULL, serve, NULL);
}

static int
stop(void **state)
{
	(void)state;
	if (write(fake.stop[1], "", 1) != 1)
		return -1;
	pthread_join(fake.thread, NULL);
	close(fake.udp);
	close(fake.tcp);
	close(fake.stop[0]);
	close(fake.stop[1]);
	return 0;
}

/* ---- one question -------------------------------------------------------- */

static struct name_server
fake_server(struct arena *arena)
{
	struct name_server server;

	assert_true(server_parse(arena, arena_printf(arena, "@127.0.0.1:%u",
	    (unsigned)fake.port), &server));
	server.patience = QUICK;
	return server;
}

static void
replies_are_told_apart(void **state)
{
	static const struct {
		const char *name;
		uint16_t type;
		bool recursive;
		enum reply_kind kind;
		const char *text;
	} rows[] = {
		{ "data.example", RR_TXT, false, REPLY_DATA,
		  "data.example. 300 IN TXT \"v=spf1\" \" -all\"\n" },
		/* Nothing in a text ends a line or a string. */
		{ "odd.example", RR_TXT, false, REPLY_DATA,
		  "odd.example. 300 IN TXT \"a\\\"b;\\010\\000\"\n" },
		{ "alias.example", RR_TXT, false, REPLY_DATA,
		  "alias.example. 300 IN CNAME data.example.\n" },
		{ "big.example", RR_TXT, false, REPLY_DATA,
		  "big.example. 300 IN TXT \"tall\"\n" },
		{ "old.example", RR_TXT, false, REPLY_DATA,
		  "old.example. 300 IN TXT \"no EDNS\"\n" },
		{ "forged.example", RR_TXT, false, REPLY_DATA,
		  "forged.example. 300 IN TXT \"true\"\n" },
		{ "nx.example", RR_TXT, false, REPLY_NXDOMAIN, "" },
		{ "none.example", RR_TXT, false, REPLY_NODATA, "" },
		{ "resolved.example", RR_TXT, true, REPLY_NODATA, "" },
		{ "resolved.example", RR_TXT, false, REPLY_LAME, "" },
		{ "lame.example", RR_TXT, false, REPLY_LAME, "" },
		{ "lame.example", RR_TXT, true, REPLY_LAME, "" },
		/*
		 * What another server said counts only when it was asked for.
		 */
		{ "memory.example", RR_TXT, false, REPLY_LAME, "" },
		{ "memory.example", RR_TXT, true, REPLY_DATA,
		  "memory.example. 300 IN TXT \"known\"\n" },
		{ "forgotten.example", RR_TXT, false, REPLY_LAME, "" },
		{ "forgotten.example", RR_TXT, true, REPLY_NXDOMAIN, "" },
		/* The order is not the server's. */
		{ "two.example", RR_TXT, false, REPLY_DATA,
		  "two.example. 300 IN TXT \"a\"\n"
		  "two.example. 300 IN TXT \"b\"\n" },
		{ "fail.example", RR_TXT, false, REPLY_FAILED, "" },
		/* Without TCP it is not silent: other questions have answers. */
		{ "cut.example", RR_TXT, false, REPLY_FAILED, "" },
		{ "other.example", RR_TXT, false, REPLY_BROKEN, "" },
		{ "short.example", RR_A, false, REPLY_BROKEN, "" },
		{ "silent.example", RR_TXT, false, REPLY_TIMEOUT, "" },
	};
	struct arena *arena = arena_new();
	struct name_server server = fake_server(arena);
	struct reply reply;
	size_t i;

	(void)state;
	for (i = 0; i < countof(rows); i++) {
		reply = server_ask(arena, &server, str_from(rows[i].name),
		    rows[i].type, rows[i].recursive);
		if (reply.kind != rows[i].kind ||
		    !str_is(reply.text, rows[i].text))
			fail_msg("%s: %d `%.*s' %.*s", rows[i].name,
			    (int)reply.kind, STR_ARG(reply.text),
			    STR_ARG(reply.why));
		assert_int_equal(reply.why.p != NULL,
		    reply.kind >= REPLY_FAILED);
	}
	arena_free(arena);
}

static void
nobody_listens(void **state)
{
	struct arena *arena = arena_new();
	struct name_server server;
	struct reply reply;

	(void)state;
	assert_true(server_parse(arena, STR("127.0.0.1:1"), &server));
	reply = server_ask(arena, &server, STR("example.com"), RR_TXT, true);
	assert_int_equal(reply.kind, REPLY_UNREACHABLE);
	arena_free(arena);
}

/* ---- addresses ----------------------------------------------------------- */

static void
addresses_are_read(void **state)
{
	static const struct {
		const char *text, *name;	/* NULL: it is none */
	} rows[] = {
		{ "@192.0.2.53", "192.0.2.53" },
		{ "192.0.2.53:53", "192.0.2.53" },
		{ "@192.0.2.53:5353", "192.0.2.53:5353" },
		{ "@2001:db8::53", "2001:db8::53" },
		{ "[2001:db8::53]", "2001:db8::53" },
		{ "@[2001:db8::53]:5353", "[2001:db8::53]:5353" },
		{ "", NULL }, { "@", NULL }, { "ns1.example.com", NULL },
		{ "192.0.2.53:", NULL }, { "192.0.2.53:0", NULL },
		{ "192.0.2.53:65536", NULL }, { "[2001:db8::53", NULL },
		{ "[2001:db8::53]5353", NULL }, { "192.0.2.256", NULL },
	};
	struct arena *arena = arena_new();
	struct name_server server;
	size_t i;

	(void)state;
	for (i = 0; i < countof(rows); i++) {
		bool good = server_parse(arena, str_from(rows[i].text),
		    &server);

		if (good != (rows[i].name != NULL) ||
		    (good && !str_is(server.name, rows[i].name)))
			fail_msg("%s: %.*s", rows[i].text,
			    good ? (int)server.name.n : 0, server.name.p);
	}
	arena_free(arena);
}

static void
system_servers_are_found(void **state)
{
	struct arena *arena = arena_new();
	struct name_server servers[3];
	char *scratch = scratch_make();
	char *path = scratch_write(scratch, "resolv.conf",
	    "# nameserver 192.0.2.1\nsearch example\nnameserver 192.0.2.2\n"
	    "nameserver\t2001:db8::3\nnameserver fe80::1%eth0\n"
	    "nameserver 192.0.2.4\n");

	(void)state;
	assert_int_equal(servers_of_system(arena, str_from(path), servers),
	    3);
	assert_true(str_is(servers[0].name, "192.0.2.2"));
	assert_true(str_is(servers[1].name, "2001:db8::3"));
	assert_int_equal(servers_of_system(arena, STR("/nowhere"), servers),
	    1);
	assert_true(str_is(servers[0].name, "127.0.0.1"));
	free(path);
	scratch_remove(scratch);
	arena_free(arena);
}

/* ---- many questions ------------------------------------------------------ */

static struct resolver *
fake_resolver(struct arena *arena)
{
	struct str address = fake_server(arena).name, bad;
	struct resolver *resolver = resolver_new(arena, &address, 1, 20000,
	    &bad);

	assert_non_null(resolver);
	return resolver;
}

/* As the policy code asks: it follows aliases on its own. */
static void
answers_are_those_of_a_cache(void **state)
{
	struct arena *arena = arena_new();
	struct resolver *resolver = fake_resolver(arena);
	struct zones zones = { .arena = arena,
	    .dns = resolver_source(resolver) };
	struct answer answer;
	unsigned before;

	(void)state;
	answer = zones_ask(&zones, arena, STR("alias.example"), RR_TXT);
	assert_int_equal(answer.kind, ANSWER_DATA);
	assert_true(str_is(answer.records[0]->text, "v=spf1 -all"));
	assert_int_equal(answer.records[0]->auth, AUTH_SPF);
	assert_int_equal(answer.links, 1);
	assert_int_equal(answer.checked, 20000);
	before = fake.questions;
	zones_ask(&zones, arena, STR("alias.example"), RR_TXT);
	assert_int_equal(fake.questions, before);
	answer = zones_ask(&zones, arena, STR("nx.example"), RR_TXT);
	assert_int_equal(answer.kind, ANSWER_NXDOMAIN);
	answer = zones_ask(&zones, arena, STR("none.example"), RR_MX);
	assert_int_equal(answer.kind, ANSWER_NODATA);
	answer = zones_ask(&zones, arena, STR("fail.example"), RR_TXT);
	assert_int_equal(answer.kind, ANSWER_UNKNOWN);
	assert_true(str_ends(answer.why, STR("answers SERVFAIL")));
	assert_int_equal(zones_exists(&zones, arena, STR("none.example")),
	    ANSWER_NODATA);
	resolver_free(resolver);
	arena_free(arena);
}

static struct dns_cache *
read_cache(struct arena *arena, struct str text)
{
	struct source *source = ARENA_NEW(arena, struct source);
	struct dns_cache *cache;

	source->path = STR("cache");
	source->text = text;
	cache = dns_cache_read(arena, source, 20000);
	assert_int_equal(cache->problem_count, 0);
	return cache;
}

/*
 * What was written is read back by the cache's reader. What nobody answers,
 * and the longest TTL of what is the same, are taken from an old file.
 */
static void
answers_are_written(void **state)
{
	struct arena *arena = arena_new();
	struct resolver *resolver = fake_resolver(arena);
	struct buffer out = { 0 }, open = { 0 };
	struct dns_cache *cache;

	(void)state;
	resolver_ask(resolver, STR("nx.example"), RR_MX);
	resolver_ask(resolver, STR("odd.example"), RR_TXT);
	resolver_ask(resolver, STR("fail.example"), RR_TXT);
	resolver_ask(resolver, STR("fail.a.example"), RR_TXT);
	resolver_ask(resolver, STR("fail.b.example"), RR_TXT);
	resolver_ask(resolver, STR("alias.example"), RR_TXT);
	assert_int_equal(resolver_write_cache(resolver, NULL, &out, &open),
	    3);
	assert_true(str_is(buffer_str(&out),
	    "alias.example CNAME 300 2024-10-04 data.example.\n"
	    "nx.example MX - 2024-10-04 NXDOMAIN\n"
	    "odd.example TXT 300 2024-10-04 \"a\\\"b;\\010\\000\"\n"));
	assert_true(str_starts(buffer_str(&open),
	    STR("fail.a.example TXT: 127.0.0.1:")));
	/* Whoever asked first. */
	assert_true(str_find_str(buffer_str(&open), STR("\nfail.b.example")) <
	    str_find_str(buffer_str(&open), STR("\nfail.example")));
	assert_int_equal(read_cache(arena, buffer_finish(&out, arena))->count,
	    3);
	cache = read_cache(arena, STR("# Reviewed by two.\n"
	    "# Twice.\n"
	    "odd.example  TXT 900 2024-09-01  \"a\\\"b;\\010\\000\"\n"
	    "# in the middle\n"
	    "nx.example TXT 60 2024-09-01 \"it was there\"\n"
	    "gone.example A 60 2024-09-01 192.0.2.1\n"
	    "alias.example CNAME 60 2024-09-01 data.example.\n"
	    "fail.example TXT 60 2024-09-01 \"as it was\"\n"));
	resolver_write_cache(resolver, cache, &out, &open);
	assert_true(str_is(buffer_str(&out), "# Reviewed by two.\n"
	    "# Twice.\n"
	    "alias.example CNAME 300 2024-10-04 data.example.\n"
	    "fail.example TXT 60 2024-09-01 \"as it was\"\n"
	    "nx.example MX - 2024-10-04 NXDOMAIN\n"
	    "odd.example TXT 900 2024-10-04 \"a\\\"b;\\010\\000\"\n"));
	buffer_free(&out);
	buffer_free(&open);
	resolver_free(resolver);
	arena_free(arena);
}

static void
responsible_servers_are_found(void **state)
{
	struct arena *arena = arena_new();
	struct resolver *resolver = fake_resolver(arena);
	struct name_server *servers;
	struct str zone, why;

	(void)state;
	assert_int_equal(resolver_find_servers(resolver, arena,
	    STR("none.zone.example"), &zone, &servers, &why), 1);
	assert_true(str_is(zone, "zone.example"));
	assert_true(str_is(servers[0].name, "ns1.example (192.0.2.53)"));
	assert_int_equal(servers[0].port, NET_PORT);
	assert_null(servers[0].trouble.p);
	/* One that nobody reaches is told, and in order. */
	assert_int_equal(resolver_find_servers(resolver, arena,
	    STR("torn.example"), &zone, &servers, &why), 2);
	assert_true(str_is(servers[0].trouble,
	    "none.example has no address"));
	assert_true(str_is(servers[1].name, "ns1.example (192.0.2.53)"));
	assert_int_equal(resolver_find_servers(resolver, arena,
	    STR("fail.example"), &zone, &servers, &why), 0);
	assert_true(str_ends(why, STR("answers SERVFAIL")));
	assert_int_equal(resolver_find_servers(resolver, arena,
	    STR("none.example"), &zone, &servers, &why), 0);
	resolver_free(resolver);
	arena_free(arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(replies_are_told_apart),
		cmocka_unit_test(nobody_listens),
		cmocka_unit_test(addresses_are_read),
		cmocka_unit_test(system_servers_are_found),
		cmocka_unit_test(answers_are_those_of_a_cache),
		cmocka_unit_test(answers_are_written),
		cmocka_unit_test(responsible_servers_are_found),
	};

	return cmocka_run_group_tests_name("net", tests, start, stop);
}
