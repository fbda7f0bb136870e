// SPDX-License-Identifier: GPL-2.0
/*
 * The probe of monlist.h. A monitor greets first: "ceph v027" for protocol 1,
 * "ceph v2\n" for protocol 2. A port that accepts and stays silent belongs to
 * a frozen monitor or to something else, and does not count.
 */
#include "lib/monlist.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/clock.h"

#define BANNER_LEN 8
/* After the first banner, wait this long for the other monitors'. */
#define LINGER_MS 200

struct attempt {
	int fd;
	int error;
	unsigned int got;
	char banner[BANNER_LEN];
};

static void start(struct attempt *a, const struct mon_candidate *c)
{
	a->fd = -1;
	a->error = c->addr_len ? 0 : EHOSTUNREACH;
	if (a->error)
		return;
	a->fd = socket(c->addr.ss_family,
		       SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (a->fd < 0) {
		a->error = errno;
		return;
	}
	if (connect(a->fd, (const struct sockaddr *)&c->addr, c->addr_len) &&
	    errno != EINPROGRESS) {
		a->error = errno;
		close(a->fd);
		a->fd = -1;
	}
}

/* Something happened on the socket. Ends the attempt when it is decided. */
static void step(struct attempt *a, struct mon_candidate *c)
{
	ssize_t n = read(a->fd, a->banner + a->got, BANNER_LEN - a->got);

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n > 0) {
		a->got += n;
		if (a->got < BANNER_LEN)
			return;
		c->alive = !memcmp(a->banner,
				   c->proto == 1 ? "ceph v02" : "ceph v2\n",
				   BANNER_LEN);
		a->error = c->alive ? 0 : EPROTO;
	} else {
		a->error = n ? errno : ECONNRESET;
	}
	close(a->fd);
	a->fd = -1;
}

static const char *reason(const struct attempt *a)
{
	if (a->error == EPROTO)
		return "not a Ceph monitor of this protocol";
	return strerror(a->error ? a->error : ETIMEDOUT);
}

/* Which errno and sentence tell best why nobody answered. */
static int explain(const struct monlist *list, const struct attempt *att,
		   int proto, struct fault *f)
{
	bool refused = true, unreachable = true;
	char text[512] = "";
	size_t i, n = 0;
	int ret;

	for (i = 0; i < list->n; i++) {
		int e = att[i].error;

		if (proto && list->v[i].proto != proto)
			continue;
		refused &= e == ECONNREFUSED;
		unreachable &= e == ENETUNREACH || e == EHOSTUNREACH;
		if (n < sizeof(text))
			n += snprintf(text + n, sizeof(text) - n, "%s%s:%u %s",
				      n ? ", " : "", list->v[i].host,
				      list->v[i].port, reason(&att[i]));
	}
	ret = unreachable ? -ENETUNREACH : refused ? -ECONNREFUSED : -ETIMEDOUT;
	return fault_set(
		f, ret,
		"no monitor answers (%s); check the network, 'mon host' and that ceph-mon runs",
		text);
}

static bool wait_step(struct monlist *list, struct attempt *att,
		      struct pollfd *pfd, int wait_ms)
{
	bool pending = false;
	size_t i;

	for (i = 0; i < list->n; i++) {
		pfd[i].fd = att[i].fd;
		pfd[i].events = POLLIN;
		pending |= att[i].fd >= 0;
	}
	if (!pending)
		return false;
	if (poll(pfd, list->n, wait_ms) <= 0)
		return true;
	for (i = 0; i < list->n; i++)
		if (att[i].fd >= 0 && pfd[i].revents)
			step(&att[i], &list->v[i]);
	return true;
}

int monlist_probe(struct monlist *list, int timeout_ms, int proto,
		  struct fault *f)
{
	struct attempt *att = calloc(list->n + 1, sizeof(*att));
	struct pollfd *pfd = calloc(list->n + 1, sizeof(*pfd));
	long long end = clock_ms() + timeout_ms;
	long long left, linger = -1;
	int alive = 0, ret;
	size_t i;

	if (!att || !pfd) {
		free(att);
		free(pfd);
		return fault_set(f, -ENOMEM, "out of memory");
	}
	for (i = 0; i < list->n; i++) {
		list->v[i].alive = false;
		att[i].fd = -1;
		if (!proto || list->v[i].proto == proto)
			start(&att[i], &list->v[i]);
	}
	for (;;) {
		left = (linger >= 0 ? linger : end) - clock_ms();
		if (left < 0 || !wait_step(list, att, pfd, left + 1))
			break;
		for (alive = 0, i = 0; i < list->n; i++)
			alive += list->v[i].alive;
		if (alive && linger < 0 && clock_ms() + LINGER_MS < end)
			linger = clock_ms() + LINGER_MS;
	}
	for (alive = 0, i = 0; i < list->n; i++) {
		alive += list->v[i].alive;
		if (att[i].fd >= 0)
			close(att[i].fd);
	}
	ret = alive ? alive : explain(list, att, proto, f);
	free(att);
	free(pfd);
	return ret;
}
