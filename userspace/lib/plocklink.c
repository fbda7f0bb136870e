// SPDX-License-Identifier: GPL-2.0
#include "lib/plocklink.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/random.h>
#include <unistd.h>

#include "lib/clock.h"
#include "lib/plocksession.h"
#include "lib/sockport.h"

#define EVENTS 16
/* Connections that have not proved who they are. */
#define STRANGERS 64
#define PROVE_MS 5000
#define RETRY_MS 300
/* A connection over which nothing comes through is given up. */
#define SILENT_MS 10000
#define NOBODY 0xffff
#define OVERHEAD (PLOCKSESSION_BEFORE + PLOCKSESSION_BEHIND)
#define IN_BYTES (PLOCKLINK_MESSAGE + OVERHEAD)

/**
 * struct conn - a connection
 * @fd: -1: it is over, and freed at the end of the round
 * @node: whose it is said to be; NOBODY while it has said nothing
 * @life: incarnation of @node that it was begun with
 * @connecting: it is not established yet
 * @begun: both hellos are there
 * @proved: its first frame was right
 * @since_ms: when it was made
 * @in: what came, @in_len bytes
 * @out: what is to go, from @out_from to @out_len in room for @out_size
 * @polled: epoll waits for room to write
 */
struct conn {
	struct conn *next;
	int fd;
	uint16_t node;
	uint64_t life;
	bool connecting;
	bool begun;
	bool proved;
	bool polled;
	long long since_ms;
	unsigned char hello[PLOCKSESSION_HELLO];
	struct plocksession session;
	size_t in_len;
	unsigned char *out;
	size_t out_from;
	size_t out_len;
	size_t out_size;
	unsigned char in[IN_BYTES];
};

/**
 * struct peer - a node that may connect
 * @conn: proved; NULL
 * @trying: of ours, not proved yet; NULL
 * @tried_ms: when the last one was begun
 */
struct peer {
	uint64_t life;
	struct sockaddr_storage addr;
	bool want;
	struct conn *conn;
	struct conn *trying;
	long long tried_ms;
};

struct plocklink {
	struct plocklink_config config;
	int epoll_fd;
	int listen_fd;
	struct conn *conns;
	struct peer peers[KEEPALIVE_NODES];
};

static void tune(int fd)
{
	int on = 1, idle_s = 3, every_s = 2, times = 3, silent = SILENT_MS;

	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on));
	setsockopt(fd, IPPROTO_TCP, TCP_KEEPIDLE, &idle_s, sizeof(idle_s));
	setsockopt(fd, IPPROTO_TCP, TCP_KEEPINTVL, &every_s, sizeof(every_s));
	setsockopt(fd, IPPROTO_TCP, TCP_KEEPCNT, &times, sizeof(times));
	setsockopt(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, &silent, sizeof(silent));
}

/* --- connections --- */

/* It is freed later: somebody may just look at it. */
static void end(struct plocklink *link, struct conn *c)
{
	struct peer *p;

	if (c->fd < 0)
		return;
	close(c->fd);
	c->fd = -1;
	if (c->node == NOBODY)
		return;
	p = &link->peers[c->node];
	if (p->conn == c)
		p->conn = NULL;
	if (p->trying == c)
		p->trying = NULL;
}

static void free_ended(struct plocklink *link)
{
	struct conn **at = &link->conns, *c;

	while ((c = *at)) {
		if (c->fd >= 0) {
			at = &c->next;
			continue;
		}
		*at = c->next;
		free(c->out);
		free(c);
	}
}

static void poll_for(struct plocklink *link, struct conn *c, bool write)
{
	struct epoll_event e = { .events = EPOLLIN | (write ? EPOLLOUT : 0),
				 .data.ptr = c };

	if (c->polled == write)
		return;
	c->polled = write;
	if (epoll_ctl(link->epoll_fd, EPOLL_CTL_MOD, c->fd, &e))
		end(link, c);
}

/* Takes @fd over. */
static struct conn *add(struct plocklink *link, int fd, bool connecting)
{
	struct epoll_event e = { .events = EPOLLIN |
					   (connecting ? EPOLLOUT : 0) };
	struct conn *c = calloc(1, sizeof(*c));

	e.data.ptr = c;
	if (!c || epoll_ctl(link->epoll_fd, EPOLL_CTL_ADD, fd, &e)) {
		free(c);
		close(fd);
		return NULL;
	}
	tune(fd);
	c->fd = fd;
	c->node = NOBODY;
	c->connecting = connecting;
	c->polled = connecting;
	c->since_ms = clock_ms();
	c->next = link->conns;
	link->conns = c;
	return c;
}

static void flush(struct plocklink *link, struct conn *c)
{
	ssize_t n;

	while (c->fd >= 0 && c->out_from < c->out_len) {
		n = send(c->fd, c->out + c->out_from, c->out_len - c->out_from,
			 MSG_NOSIGNAL | MSG_DONTWAIT);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && errno != EAGAIN)
			end(link, c);
		if (n < 0)
			break;
		c->out_from += (size_t)n;
	}
	if (c->out_from == c->out_len) {
		c->out_from = 0;
		c->out_len = 0;
	}
	if (c->fd >= 0)
		poll_for(link, c, c->out_len > 0);
}

/* Room for so many bytes behind what is to go; NULL ends the connection. */
static unsigned char *room(struct plocklink *link, struct conn *c, size_t len)
{
	size_t size = c->out_size ?: 4096;
	unsigned char *grown;

	if (c->out_from) {
		memmove(c->out, c->out + c->out_from, c->out_len - c->out_from);
		c->out_len -= c->out_from;
		c->out_from = 0;
	}
	while (size < c->out_len + len)
		size *= 2;
	if (size > c->out_size) {
		grown = size > 2 * PLOCKLINK_QUEUE ? NULL :
						     realloc(c->out, size);
		if (!grown) {
			end(link, c);
			return NULL;
		}
		c->out = grown;
		c->out_size = size;
	}
	c->out_len += len;
	return c->out + c->out_len - len;
}

static void put_frame(struct plocklink *link, struct conn *c, const void *msg,
		      size_t len)
{
	bool idle = c->out_from == c->out_len;
	unsigned char *at = room(link, c, len + OVERHEAD);

	if (!at)
		return;
	if (len)
		memcpy(at + PLOCKSESSION_BEFORE, msg, len);
	if (plocksession_seal(&c->session, at, len))
		end(link, c);
	else if (idle)
		flush(link, c);
}

static void put_hello(struct plocklink *link, struct conn *c)
{
	struct plocksession_hello h = { .sender = link->config.number,
					.receiver = c->node,
					.life = link->config.life,
					.peer_life = c->life };
	unsigned char *at;

	if (getrandom(h.nonce, sizeof(h.nonce), 0) != sizeof(h.nonce)) {
		end(link, c);
		return;
	}
	plocksession_hello_encode(&h, c->hello);
	at = room(link, c, PLOCKSESSION_HELLO);
	if (!at)
		return;
	memcpy(at, c->hello, PLOCKSESSION_HELLO);
	flush(link, c);
}

static void try_to_connect(struct plocklink *link, uint16_t node)
{
	struct peer *p = &link->peers[node];
	struct sockaddr_storage to, from;
	socklen_t len = sockport(&p->addr, link->config.port, &to);
	int fd = socket(to.ss_family,
			SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	struct conn *c;

	p->tried_ms = clock_ms();
	if (fd < 0)
		return;
	sockport(&link->config.self, 0, &from);
	if (bind(fd, (struct sockaddr *)&from, len) ||
	    (connect(fd, (struct sockaddr *)&to, len) &&
	     errno != EINPROGRESS)) {
		close(fd);
		return;
	}
	c = add(link, fd, true);
	if (!c)
		return;
	c->node = node;
	c->life = p->life;
	p->trying = c;
}

/* --- what comes in --- */

/* The other side's hello; the first 44 bytes. */
static void on_hello(struct plocklink *link, struct conn *c)
{
	bool ours = c->node != NOBODY;
	struct plocksession_hello h;
	const struct peer *p;

	if (plocksession_hello_decode(&h, c->in) ||
	    h.sender >= KEEPALIVE_NODES || h.receiver != link->config.number ||
	    h.peer_life != link->config.life ||
	    (ours ? h.sender != c->node : h.sender <= link->config.number)) {
		end(link, c);
		return;
	}
	p = &link->peers[h.sender];
	if (!p->life || h.life != p->life) {
		end(link, c);
		return;
	}
	if (!ours) {
		c->node = h.sender;
		c->life = h.life;
		put_hello(link, c);
	}
	if (c->fd >= 0 &&
	    plocksession_begin(&c->session, link->config.key, c->hello, c->in))
		end(link, c);
	c->begun = true;
	if (c->fd >= 0)
		put_frame(link, c, NULL, 0);
}

/* It is who it says: it takes the place of an older one. */
static void on_proof(struct plocklink *link, struct conn *c)
{
	struct peer *p = &link->peers[c->node];

	if (p->life != c->life) {
		end(link, c);
		return;
	}
	if (p->conn)
		end(link, p->conn);
	if (p->trying == c)
		p->trying = NULL;
	c->proved = true;
	p->conn = c;
	link->config.up(link->config.arg, c->node);
}

/* Return: bytes that were used; 0 when more are needed. */
static size_t take_one(struct plocklink *link, struct conn *c,
		       const unsigned char *at, size_t left)
{
	size_t len;

	if (!c->begun) {
		if (left < PLOCKSESSION_HELLO)
			return 0;
		on_hello(link, c);
		return PLOCKSESSION_HELLO;
	}
	if (left < PLOCKSESSION_BEFORE)
		return 0;
	len = plocksession_length(at);
	if (len > (c->proved ? PLOCKLINK_MESSAGE : 0)) {
		end(link, c);
		return 0;
	}
	if (left < len + OVERHEAD)
		return 0;
	if (plocksession_check(&c->session, at, len))
		end(link, c);
	else if (!c->proved)
		on_proof(link, c);
	else if (len)
		link->config.receive(link->config.arg, c->node,
				     at + PLOCKSESSION_BEFORE, len);
	return len + OVERHEAD;
}

static void take_all(struct plocklink *link, struct conn *c)
{
	size_t at = 0, used;

	while (c->fd >= 0) {
		used = take_one(link, c, c->in + at, c->in_len - at);
		if (!used)
			break;
		at += used;
	}
	if (at)
		memmove(c->in, c->in + at, c->in_len - at);
	c->in_len -= at;
}

static void receive(struct plocklink *link, struct conn *c)
{
	ssize_t n;

	while (c->fd >= 0) {
		n = recv(c->fd, c->in + c->in_len, IN_BYTES - c->in_len,
			 MSG_DONTWAIT);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && errno == EAGAIN)
			return;
		if (n <= 0) {
			end(link, c);
			return;
		}
		c->in_len += (size_t)n;
		take_all(link, c);
	}
}

static void accept_all(struct plocklink *link)
{
	unsigned int strangers = 0;
	const struct conn *c;
	int fd;

	for (c = link->conns; c; c = c->next)
		strangers += c->fd >= 0 && !c->proved;
	while ((fd = accept4(link->listen_fd, NULL, NULL,
			     SOCK_CLOEXEC | SOCK_NONBLOCK)) >= 0) {
		if (strangers++ < STRANGERS)
			add(link, fd, false);
		else
			close(fd);
	}
}

static void serve_conn(struct plocklink *link, struct conn *c, uint32_t events)
{
	socklen_t len = sizeof(int);
	int err = 0;

	if (c->fd < 0)
		return;
	if (c->connecting) {
		if (getsockopt(c->fd, SOL_SOCKET, SO_ERROR, &err, &len) ||
		    err || !(events & EPOLLOUT)) {
			end(link, c);
			return;
		}
		c->connecting = false;
		put_hello(link, c);
	}
	if (c->fd >= 0 && (events & EPOLLOUT))
		flush(link, c);
	if (c->fd >= 0 && (events & ~(uint32_t)EPOLLOUT))
		receive(link, c);
}

void plocklink_serve(struct plocklink *link)
{
	struct epoll_event events[EVENTS];
	int i, n = epoll_wait(link->epoll_fd, events, EVENTS, 0);

	for (i = 0; i < n; i++) {
		if (events[i].data.ptr)
			serve_conn(link, events[i].data.ptr, events[i].events);
		else
			accept_all(link);
	}
	free_ended(link);
}

/* --- orders --- */

void plocklink_send(struct plocklink *link, uint16_t node, const void *msg,
		    size_t len)
{
	struct conn *c = node < KEEPALIVE_NODES ? link->peers[node].conn : NULL;

	if (!c || !len || len > PLOCKLINK_MESSAGE)
		return;
	if (c->out_len - c->out_from > PLOCKLINK_QUEUE)
		end(link, c);
	else
		put_frame(link, c, msg, len);
}

bool plocklink_is_up(const struct plocklink *link, uint16_t node)
{
	return node < KEEPALIVE_NODES && link->peers[node].conn;
}

void plocklink_set_peer(struct plocklink *link, uint16_t node, uint64_t life,
			const struct sockaddr_storage *addr)
{
	struct peer *p;

	if (node >= KEEPALIVE_NODES || node == link->config.number)
		return;
	p = &link->peers[node];
	if (life)
		p->addr = *addr;
	if (p->life == life)
		return;
	p->life = life;
	if (p->conn)
		end(link, p->conn);
	if (p->trying)
		end(link, p->trying);
}

static bool may_try(const struct plocklink *link, uint16_t node)
{
	const struct peer *p = &link->peers[node];

	return p->want && p->life && !p->conn && !p->trying &&
	       node < link->config.number;
}

void plocklink_want(struct plocklink *link, uint16_t node, bool want)
{
	if (node >= KEEPALIVE_NODES)
		return;
	link->peers[node].want = want;
	if (may_try(link, node))
		try_to_connect(link, node);
}

void plocklink_tick(struct plocklink *link)
{
	long long now = clock_ms();
	struct conn *c;
	uint16_t n;

	for (c = link->conns; c; c = c->next)
		if (c->fd >= 0 && !c->proved && now - c->since_ms > PROVE_MS)
			end(link, c);
	free_ended(link);
	for (n = 0; n < link->config.number && n < KEEPALIVE_NODES; n++)
		if (may_try(link, n) &&
		    now - link->peers[n].tried_ms >= RETRY_MS)
			try_to_connect(link, n);
}

/* --- begin and end --- */

int plocklink_listen(struct plocklink *link)
{
	struct epoll_event e = { .events = EPOLLIN, .data.ptr = NULL };
	struct sockaddr_storage at;
	socklen_t len = sockport(&link->config.self, link->config.port, &at);
	int on = 1, err, fd;

	if (link->listen_fd >= 0)
		return 0;
	fd = socket(at.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK,
		    0);
	if (fd < 0)
		return -errno;
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	if (bind(fd, (struct sockaddr *)&at, len) || listen(fd, STRANGERS) ||
	    epoll_ctl(link->epoll_fd, EPOLL_CTL_ADD, fd, &e)) {
		err = -errno;
		close(fd);
		return err;
	}
	link->listen_fd = fd;
	return 0;
}

int plocklink_open(struct plocklink **out,
		   const struct plocklink_config *config)
{
	struct plocklink *link = calloc(1, sizeof(*link));
	int err;

	if (!link)
		return -ENOMEM;
	link->config = *config;
	link->listen_fd = -1;
	link->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
	if (link->epoll_fd < 0) {
		err = -errno;
		free(link);
		return err;
	}
	*out = link;
	return 0;
}

int plocklink_fd(const struct plocklink *link)
{
	return link->epoll_fd;
}

void plocklink_close(struct plocklink *link)
{
	struct conn *c;

	if (!link)
		return;
	for (c = link->conns; c; c = c->next)
		end(link, c);
	free_ended(link);
	if (link->listen_fd >= 0)
		close(link->listen_fd);
	close(link->epoll_fd);
	free(link);
}
