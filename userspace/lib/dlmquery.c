// SPDX-License-Identifier: GPL-2.0
#include "lib/dlmquery.h"

#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "lib/dlmanswer.h"

/* More have to wait: dlm_tool asks one thing at a time. */
#define CLIENTS 8

/* A connection: first the request comes in, then the answer goes out. */
struct client {
	int fd;
	char request[DLMANSWER_REQUEST];
	size_t got;
	struct dlmanswer answer;
	size_t sent;
};

struct dlmquery {
	struct dlmquery_source source;
	int listen_fd;
	int epoll_fd;
	struct client clients[CLIENTS];
};

static void drop(struct client *c)
{
	close(c->fd);
	free(c->answer.buf);
	memset(c, 0, sizeof(*c));
	c->fd = -1;
}

static bool may_ask(int fd)
{
	struct ucred who;
	socklen_t len = sizeof(who);

	return !getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &who, &len) &&
	       (!who.uid || who.uid == geteuid());
}

static void take(struct dlmquery *q, struct client *c)
{
	struct epoll_event e = { .events = EPOLLIN };
	int fd = accept4(q->listen_fd, NULL, NULL,
			 SOCK_CLOEXEC | SOCK_NONBLOCK);

	if (fd < 0)
		return;
	if (!may_ask(fd) || epoll_ctl(q->epoll_fd, EPOLL_CTL_ADD, fd, &e)) {
		close(fd);
		return;
	}
	c->fd = fd;
}

/* Return: nothing more can be done now. */
static bool receive(struct dlmquery *q, struct client *c)
{
	struct epoll_event e = { .events = EPOLLOUT };
	ssize_t n = recv(c->fd, c->request + c->got,
			 sizeof(c->request) - c->got, 0);

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return true;
	if (n <= 0) {
		drop(c);
		return true;
	}
	c->got += (size_t)n;
	if (c->got < sizeof(c->request))
		return false;
	if (dlmanswer_make(&q->source, c->request, &c->answer) ||
	    epoll_ctl(q->epoll_fd, EPOLL_CTL_MOD, c->fd, &e)) {
		drop(c);
		return true;
	}
	return false;
}

static bool send_on(struct client *c)
{
	ssize_t n = send(c->fd, c->answer.buf + c->sent,
			 c->answer.len - c->sent, MSG_NOSIGNAL);

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return true;
	if (n > 0)
		c->sent += (size_t)n;
	if (n > 0 && c->sent < c->answer.len)
		return false;
	drop(c);
	return true;
}

static void serve_one(struct dlmquery *q, struct client *c)
{
	bool wait = false;

	if (c->fd < 0)
		take(q, c);
	while (!wait && c->fd >= 0)
		wait = c->answer.buf ? send_on(c) : receive(q, c);
}

void dlmquery_serve(struct dlmquery *q)
{
	int i;

	for (i = 0; i < CLIENTS; i++)
		serve_one(q, &q->clients[i]);
}

int dlmquery_fd(const struct dlmquery *q)
{
	return q->epoll_fd;
}

static int listen_at(struct dlmquery *q, const char *name)
{
	struct sockaddr_un un = { .sun_family = AF_UNIX };
	struct epoll_event e = { .events = EPOLLIN };
	size_t n = strlen(name);

	if (n + 2 > sizeof(un.sun_path))
		return -ENAMETOOLONG;
	/* Abstract, and with a NUL behind it, as libdlmcontrol has it. */
	memcpy(un.sun_path + 1, name, n);
	q->listen_fd = socket(AF_UNIX,
			      SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	q->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
	if (q->listen_fd < 0 || q->epoll_fd < 0 ||
	    bind(q->listen_fd, (struct sockaddr *)&un,
		 (socklen_t)(offsetof(struct sockaddr_un, sun_path) + n + 1)) ||
	    listen(q->listen_fd, CLIENTS) ||
	    epoll_ctl(q->epoll_fd, EPOLL_CTL_ADD, q->listen_fd, &e))
		return -errno;
	return 0;
}

int dlmquery_open(struct dlmquery **out, const struct dlmquery_source *source,
		  const char *socket)
{
	struct dlmquery *q = calloc(1, sizeof(*q));
	int i, ret;

	if (!q)
		return -ENOMEM;
	q->source = *source;
	q->listen_fd = -1;
	q->epoll_fd = -1;
	for (i = 0; i < CLIENTS; i++)
		q->clients[i].fd = -1;
	ret = listen_at(q, socket);
	if (ret) {
		dlmquery_close(q);
		return ret;
	}
	*out = q;
	return 0;
}

void dlmquery_close(struct dlmquery *q)
{
	int i;

	if (!q)
		return;
	for (i = 0; i < CLIENTS; i++)
		if (q->clients[i].fd >= 0)
			drop(&q->clients[i]);
	if (q->listen_fd >= 0)
		close(q->listen_fd);
	if (q->epoll_fd >= 0)
		close(q->epoll_fd);
	free(q);
}
