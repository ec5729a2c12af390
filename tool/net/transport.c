/*
 * Messages over UDP and TCP (RFC 1035 section 4.2, RFC 7766), each with a
 * deadline. The socket is connected, so that the system drops what others
 * send, and tells when nobody listens.
 */
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "net/net.h"

enum { HEADER = 12, LENGTH = 2, QR = 0x80 };

static long
now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (long)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Until something can be read or written, or the time is over. */
static bool
wait_for(int fd, short events, long deadline)
{
	struct pollfd poller = { .fd = fd, .events = events };
	long left;
	int ready;

	do {
		left = deadline - now_ms();
		ready = left <= 0 ? 0 : poll(&poller, 1, (int)left);
	} while (ready < 0 && errno == EINTR);
	if (ready == 0)
		errno = ETIMEDOUT;
	return ready > 0;
}

static bool
would_block(void)
{
	return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR;
}

/* ---- connecting ---------------------------------------------------------- */

static int
connect_to(int fd, const struct name_server *server)
{
	struct sockaddr_in6 ip6 = { .sin6_family = AF_INET6,
	    .sin6_port = htons(server->port) };
	struct sockaddr_in ip4 = { .sin_family = AF_INET,
	    .sin_port = htons(server->port) };

	memcpy(&ip6.sin6_addr, server->address, sizeof(ip6.sin6_addr));
	memcpy(&ip4.sin_addr, server->address, sizeof(ip4.sin_addr));
	return server->ip6 ?
	    connect(fd, (const struct sockaddr *)&ip6, sizeof(ip6)) :
	    connect(fd, (const struct sockaddr *)&ip4, sizeof(ip4));
}

/* A connection that is under way is told by the first who waits. */
static int
open_socket(const struct name_server *server, int type)
{
	int fd = socket(server->ip6 ? AF_INET6 : AF_INET, type, 0), error;

	if (fd < 0)
		return -1;
	if (fcntl(fd, F_SETFD, FD_CLOEXEC) == 0 &&
	    fcntl(fd, F_SETFL, O_NONBLOCK) == 0 &&
	    (connect_to(fd, server) == 0 || errno == EINPROGRESS))
		return fd;
	error = errno;
	close(fd);
	errno = error;
	return -1;
}

static ssize_t
close_with(int fd, ssize_t result)
{
	int error = errno;

	close(fd);
	errno = error;
	return result;
}

/* ---- UDP ----------------------------------------------------------------- */

/* Is it a response, and to this query? */
static bool
answers(const unsigned char *message, size_t n, struct str query)
{
	return n >= HEADER && memcmp(message, query.p, 2) == 0 &&
	    (message[2] & QR) != 0;
}

static ssize_t
receive(int fd, struct str query, unsigned char *room, size_t size,
    long deadline)
{
	ssize_t n;

	while (wait_for(fd, POLLIN, deadline)) {
		n = recv(fd, room, size, 0);
		if (n >= 0 && answers(room, (size_t)n, query))
			return n;
		if (n < 0 && !would_block())
			return -1;
	}
	return -1;
}

ssize_t
transport_udp(const struct name_server *server, struct str query,
    unsigned char *room, size_t size)
{
	long deadline = now_ms() + (long)server->patience;
	int fd = open_socket(server, SOCK_DGRAM);

	if (fd < 0)
		return -1;
	if (send(fd, query.p, query.n, 0) != (ssize_t)query.n)
		return close_with(fd, -1);
	return close_with(fd, receive(fd, query, room, size, deadline));
}

/* ---- TCP ----------------------------------------------------------------- */

static bool
send_all(int fd, const unsigned char *octets, size_t n, long deadline)
{
	ssize_t sent;

	while (n > 0) {
		if (!wait_for(fd, POLLOUT, deadline))
			return false;
		sent = send(fd, octets, n, MSG_NOSIGNAL);
		if (sent < 0 && !would_block())
			return false;
		if (sent > 0) {
			octets += sent;
			n -= (size_t)sent;
		}
	}
	return true;
}

static bool
receive_all(int fd, unsigned char *octets, size_t n, long deadline)
{
	ssize_t got;

	while (n > 0) {
		if (!wait_for(fd, POLLIN, deadline))
			return false;
		got = recv(fd, octets, n, 0);
		if (got == 0)
			errno = ECONNRESET;
		if (got == 0 || (got < 0 && !would_block()))
			return false;
		if (got > 0) {
			octets += got;
			n -= (size_t)got;
		}
	}
	return true;
}

/* Messages have their length before them. */
static ssize_t
exchange(int fd, struct str query, unsigned char *room, size_t size,
    long deadline)
{
	unsigned char length[LENGTH] = { (unsigned char)(query.n >> 8),
	    (unsigned char)query.n };
	size_t n;

	if (!send_all(fd, length, LENGTH, deadline) ||
	    !send_all(fd, (const unsigned char *)query.p, query.n,
	    deadline) || !receive_all(fd, length, LENGTH, deadline))
		return -1;
	n = (size_t)(length[0] << 8 | length[1]);
	if (n > size) {
		errno = EMSGSIZE;
		return -1;
	}
	if (!receive_all(fd, room, n, deadline))
		return -1;
	if (answers(room, n, query))
		return (ssize_t)n;
	errno = EBADMSG;
	return -1;
}

ssize_t
transport_tcp(const struct name_server *server, struct str query,
    unsigned char *room, size_t size)
{
	long deadline = now_ms() + (long)server->patience;
	int fd = open_socket(server, SOCK_STREAM);

	if (fd < 0)
		return -1;
	return close_with(fd, exchange(fd, query, room, size, deadline));
}
