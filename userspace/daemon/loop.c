// SPDX-License-Identifier: GPL-2.0
#include "daemon/loop.h"

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#define EVENTS 16

/**
 * struct source - something that is waited for
 * @fd: -1 when it was dropped
 * @clock: a timer of ours: to be read and closed here
 */
struct source {
	struct source *next;
	int fd;
	bool clock;
	loop_fn fn;
	void *arg;
};

struct loop {
	int epoll;
	bool stopped;
	loop_fn after;
	void *arg;
	struct source *sources;
};

int loop_new(struct loop **out, loop_fn after, void *arg)
{
	struct loop *loop = calloc(1, sizeof(*loop));

	if (!loop)
		return -ENOMEM;
	loop->after = after;
	loop->arg = arg;
	loop->epoll = epoll_create1(EPOLL_CLOEXEC);
	if (loop->epoll < 0) {
		free(loop);
		return -errno;
	}
	*out = loop;
	return 0;
}

static int add(struct loop *loop, int fd, bool clock, loop_fn fn, void *arg)
{
	struct epoll_event e = { .events = EPOLLIN };
	struct source *s = calloc(1, sizeof(*s));

	if (!s)
		return -ENOMEM;
	*s = (struct source){ loop->sources, fd, clock, fn, arg };
	e.data.ptr = s;
	if (epoll_ctl(loop->epoll, EPOLL_CTL_ADD, fd, &e)) {
		free(s);
		return -errno;
	}
	loop->sources = s;
	return 0;
}

int loop_add(struct loop *loop, int fd, loop_fn fn, void *arg)
{
	return add(loop, fd, false, fn, arg);
}

void loop_drop(struct loop *loop, int fd)
{
	struct source *s;

	for (s = loop->sources; s; s = s->next) {
		if (s->fd != fd)
			continue;
		epoll_ctl(loop->epoll, EPOLL_CTL_DEL, fd, NULL);
		s->fd = -1;
	}
}

int loop_every(struct loop *loop, unsigned int ms, loop_fn fn, void *arg)
{
	struct timespec t = { ms / 1000, ms % 1000 * 1000000L };
	struct itimerspec every = { t, t };
	int fd = timerfd_create(CLOCK_BOOTTIME, TFD_CLOEXEC | TFD_NONBLOCK);
	int ret;

	if (fd < 0)
		return -errno;
	ret = timerfd_settime(fd, 0, &every, NULL) ? -errno : 0;
	if (!ret)
		ret = add(loop, fd, true, fn, arg);
	if (ret)
		close(fd);
	return ret;
}

void loop_pace(struct loop *loop, unsigned int ms, loop_fn fn, void *arg)
{
	struct timespec t = { ms / 1000, ms % 1000 * 1000000L };
	struct itimerspec every = { t, t };
	struct source *s;

	for (s = loop->sources; s; s = s->next)
		if (s->clock && s->fn == fn && s->arg == arg)
			timerfd_settime(s->fd, 0, &every, NULL);
}

/* Those that were dropped may still have had an event under way. */
static void forget_dropped(struct loop *loop)
{
	struct source **at = &loop->sources;
	struct source *s;

	while ((s = *at)) {
		if (s->fd >= 0) {
			at = &s->next;
			continue;
		}
		*at = s->next;
		free(s);
	}
}

static void serve(struct source *s)
{
	uint64_t times;

	if (s->fd < 0)
		return;
	if (s->clock && read(s->fd, &times, sizeof(times)) < 0)
		return;
	s->fn(s->arg);
}

int loop_run(struct loop *loop)
{
	struct epoll_event events[EVENTS];
	int n, i;

	loop->stopped = false;
	while (!loop->stopped) {
		n = epoll_wait(loop->epoll, events, EVENTS, -1);
		if (n < 0 && errno != EINTR)
			return -errno;
		for (i = 0; i < n; i++)
			serve(events[i].data.ptr);
		forget_dropped(loop);
		if (!loop->stopped)
			loop->after(loop->arg);
	}
	return 0;
}

void loop_stop(struct loop *loop)
{
	loop->stopped = true;
}

void loop_free(struct loop *loop)
{
	struct source *s;

	if (!loop)
		return;
	while ((s = loop->sources)) {
		loop->sources = s->next;
		if (s->clock)
			close(s->fd);
		free(s);
	}
	close(loop->epoll);
	free(loop);
}
