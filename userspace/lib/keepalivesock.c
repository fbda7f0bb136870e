// SPDX-License-Identifier: GPL-2.0
#include "lib/keepalivesock.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "lib/sockport.h"

uint64_t keepalivesock_now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_BOOTTIME, &t);
	return (uint64_t)t.tv_sec * 1000000000U + (uint64_t)t.tv_nsec;
}

static bool same_host(const struct sockaddr_storage *a,
		      const struct sockaddr_storage *b)
{
	const struct sockaddr_in6 *a6 = (const void *)a, *b6 = (const void *)b;
	const struct sockaddr_in *a4 = (const void *)a, *b4 = (const void *)b;

	if (a->ss_family != b->ss_family)
		return false;
	if (a->ss_family == AF_INET6)
		return !memcmp(&a6->sin6_addr, &b6->sin6_addr,
			       sizeof(a6->sin6_addr));
	return a4->sin_addr.s_addr == b4->sin_addr.s_addr;
}

int keepalivesock_open(struct keepalivesock *s,
		       const struct sockaddr_storage *self, uint16_t port,
		       uint32_t mark)
{
	struct sockaddr_storage to;
	socklen_t len = sockport(self, port, &to);
	int ret;

	memset(s->addr, 0, sizeof(s->addr));
	s->port = port;
	s->fd = socket(self->ss_family,
		       SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (s->fd < 0)
		return -errno;
	if ((mark &&
	     setsockopt(s->fd, SOL_SOCKET, SO_MARK, &mark, sizeof(mark))) ||
	    bind(s->fd, (struct sockaddr *)&to, len)) {
		ret = -errno;
		keepalivesock_close(s);
		return ret;
	}
	return 0;
}

void keepalivesock_close(struct keepalivesock *s)
{
	if (s->fd >= 0)
		close(s->fd);
	s->fd = -1;
}

int keepalivesock_send(struct keepalivesock *s, uint16_t peer,
		       enum keepalive_type type, const void *payload,
		       size_t len)
{
	unsigned char buf[KEEPALIVE_MAX];
	struct sockaddr_storage to;
	socklen_t to_len;
	int n;

	if (peer >= KEEPALIVE_NODES || !s->addr[peer].ss_family)
		return -ENOENT;
	n = keepalive_encode(&s->k, peer, type, keepalivesock_now(), payload,
			     len, buf);
	if (n < 0)
		return n;
	to_len = sockport(&s->addr[peer], s->port, &to);
	sendto(s->fd, buf, (size_t)n, MSG_DONTWAIT, (struct sockaddr *)&to,
	       to_len);
	return 0;
}

void keepalivesock_ping(struct keepalivesock *s)
{
	uint16_t n;

	for (n = 0; n < KEEPALIVE_NODES; n++)
		if (s->k.peers[n].incarnation)
			keepalivesock_send(s, n, KEEPALIVE_PING, NULL, 0);
}

/* Errors of packets that we sent come with those that we get. */
static bool about_sent(int err)
{
	return err == EINTR || err == ECONNREFUSED || err == EHOSTUNREACH ||
	       err == ENETUNREACH || err == EPERM;
}

int keepalivesock_receive(struct keepalivesock *s, unsigned char *buf,
			  struct keepalive_message *m)
{
	struct sockaddr_storage from;
	socklen_t from_len;
	ssize_t n;

	for (;;) {
		from_len = sizeof(from);
		n = recvfrom(s->fd, buf, KEEPALIVE_MAX, MSG_TRUNC,
			     (struct sockaddr *)&from, &from_len);
		if (n < 0 && about_sent(errno))
			continue;
		if (n < 0)
			return -errno;
		if (n > KEEPALIVE_MAX ||
		    keepalive_decode(&s->k, keepalivesock_now(), buf, (size_t)n,
				     m) ||
		    !same_host(&from, &s->addr[m->sender]))
			continue;
		if (m->type == KEEPALIVE_PING || m->type == KEEPALIVE_LOOK)
			keepalivesock_send(s, m->sender, KEEPALIVE_PONG, NULL,
					   0);
		return 0;
	}
}
