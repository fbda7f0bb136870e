// SPDX-License-Identifier: GPL-2.0
#include "lib/sweep.h"

#include <errno.h>
#include <stdlib.h>
#include <time.h>

#include "lib/clock.h"
#include "lib/pgnames.h"

/* A request that failed is sent again after that time. */
#define RETRY_MS 500
#define LOOK_MS 100

enum probe_state {
	PROBE_TO_SEND,
	PROBE_SENT,
	PROBE_ANSWERED,
};

struct probe {
	struct sweep *sweep;
	rados_completion_t completion;
	enum probe_state state;
	long long since_ms;
	long long not_before_ms;
};

/**
 * struct sweep - one pool being swept
 * @lock: of the fields below it, and of all probes
 * @next: the first group that was never tried
 * @failed: groups that have to be tried again
 * @error: why it ends early
 */
struct sweep {
	const struct radosdoor *door;
	rados_ioctx_t io;
	uint32_t pg_num;
	uint32_t *numbers;
	struct probe *probes;
	pthread_mutex_t lock;
	pthread_cond_t moved;
	uint32_t next;
	uint32_t failed;
	uint32_t in_flight;
	uint32_t answered;
	long long reported_ms;
	int error;
};

/* Does this result come from the OSD, so that it proves something? */
static bool is_answer(int ret)
{
	return ret == 0 || ret == -ENOENT || ret == -EPERM || ret == -EACCES;
}

static void try_later(struct sweep *s, struct probe *p)
{
	p->state = PROBE_TO_SEND;
	p->not_before_ms = clock_ms() + RETRY_MS;
	s->failed++;
}

static void on_answer(rados_completion_t c, void *arg)
{
	struct probe *p = arg;
	struct sweep *s = p->sweep;
	int ret = s->door->rados_aio_get_return_value(c);

	pthread_mutex_lock(&s->lock);
	if (is_answer(ret)) {
		p->state = PROBE_ANSWERED;
		s->answered++;
	} else {
		try_later(s, p);
	}
	if (ret == -ESHUTDOWN)
		s->error = ret;
	s->in_flight--;
	pthread_cond_signal(&s->moved);
	pthread_mutex_unlock(&s->lock);
}

static int send_one(struct sweep *s, uint32_t pg)
{
	struct probe *p = &s->probes[pg];
	long long now = clock_ms();
	char name[PGNAMES_NAME];
	int ret;

	pgnames_format(s->numbers[pg], name);
	if (p->completion)
		s->door->rados_aio_release(p->completion);
	p->completion = NULL;
	ret = s->door->rados_aio_create_completion2(p, on_answer,
						    &p->completion);
	if (ret)
		return ret;
	p->state = PROBE_SENT;
	if (!p->since_ms)
		p->since_ms = now;
	s->in_flight++;
	/* The answer may come in before this returns. */
	pthread_mutex_unlock(&s->lock);
	ret = s->door->rados_aio_stat(s->io, name, p->completion, NULL, NULL);
	pthread_mutex_lock(&s->lock);
	if (ret) {
		try_later(s, p);
		s->in_flight--;
	}
	return 0;
}

static int send_failed(struct sweep *s)
{
	long long now = clock_ms();
	uint32_t pg;
	int ret = 0;

	for (pg = 0; !ret && pg < s->next && s->failed; pg++) {
		if (s->in_flight >= SWEEP_WINDOW)
			break;
		if (s->probes[pg].state != PROBE_TO_SEND ||
		    s->probes[pg].not_before_ms > now)
			continue;
		s->failed--;
		ret = send_one(s, pg);
	}
	return ret;
}

static int send_more(struct sweep *s)
{
	int ret = 0;

	while (!ret && s->next < s->pg_num && s->in_flight < SWEEP_WINDOW)
		ret = send_one(s, s->next++);
	return ret ?: send_failed(s);
}

static void wait_moved(struct sweep *s)
{
	struct timespec until;

	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_nsec += LOOK_MS * 1000000L;
	if (until.tv_nsec >= 1000000000L) {
		until.tv_nsec -= 1000000000L;
		until.tv_sec++;
	}
	pthread_cond_timedwait(&s->moved, &s->lock, &until);
}

enum wish { GO_ON, EXCUSE, STOP };

/* Tells how far it is. Return: what is wanted of us. */
static enum wish report(struct sweep *s, struct sweep_progress *progress,
			uint32_t answered_before)
{
	long long now = clock_ms(), oldest = now;
	uint32_t pg, waiting = 0;
	enum wish wish;

	if (now - s->reported_ms < LOOK_MS && s->answered < s->pg_num)
		return GO_ON;
	s->reported_ms = now;
	for (pg = 0; pg < s->next; pg++) {
		if (s->probes[pg].state == PROBE_ANSWERED ||
		    s->probes[pg].since_ms >= oldest)
			continue;
		oldest = s->probes[pg].since_ms;
		waiting = pg;
	}
	pthread_mutex_lock(&progress->lock);
	progress->answered = answered_before + s->answered;
	progress->waiting_pg = waiting;
	progress->waiting_ms = now - oldest;
	wish = progress->stop ? STOP : progress->excused ? EXCUSE : GO_ON;
	pthread_mutex_unlock(&progress->lock);
	return wish;
}

/* Nothing may call back into freed memory. */
static void take_back(struct sweep *s)
{
	uint32_t pg;

	for (pg = 0; pg < s->pg_num && s->in_flight; pg++) {
		if (s->probes[pg].state != PROBE_SENT)
			continue;
		pthread_mutex_unlock(&s->lock);
		s->door->rados_aio_cancel(s->io, s->probes[pg].completion);
		pthread_mutex_lock(&s->lock);
	}
	while (s->in_flight)
		wait_moved(s);
}

static int run(struct sweep *s, struct sweep_progress *progress)
{
	enum wish wish = GO_ON;
	uint32_t before;
	int ret = 0;

	pthread_mutex_lock(&progress->lock);
	before = progress->answered;
	pthread_mutex_unlock(&progress->lock);
	pthread_mutex_lock(&s->lock);
	while (!ret && wish == GO_ON && s->answered < s->pg_num) {
		ret = send_more(s);
		if (!ret)
			wait_moved(s);
		wish = report(s, progress, before);
		if (wish == STOP && !ret)
			ret = -ECANCELED;
		if (s->error)
			ret = s->error;
	}
	take_back(s);
	pthread_mutex_unlock(&s->lock);
	return ret;
}

static int prepare(struct sweep *s, const char *ns)
{
	pthread_condattr_t monotonic;
	uint32_t pg;

	pthread_mutex_init(&s->lock, NULL);
	pthread_condattr_init(&monotonic);
	pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
	pthread_cond_init(&s->moved, &monotonic);
	pthread_condattr_destroy(&monotonic);
	s->numbers = calloc(s->pg_num ?: 1, sizeof(*s->numbers));
	s->probes = calloc(s->pg_num ?: 1, sizeof(*s->probes));
	if (!s->numbers || !s->probes)
		return -ENOMEM;
	for (pg = 0; pg < s->pg_num; pg++)
		s->probes[pg].sweep = s;
	return pgnames_make(s->pg_num, ns, s->numbers);
}

int sweep_pool(const struct radosdoor *door, rados_ioctx_t io, int64_t pool,
	       const char *ns, uint32_t pg_num, struct sweep_progress *progress)
{
	struct sweep s = { .door = door, .io = io, .pg_num = pg_num };
	uint32_t pg;
	int ret;

	ret = prepare(&s, ns);
	if (!ret) {
		pthread_mutex_lock(&progress->lock);
		progress->pool = pool;
		progress->pgs += pg_num;
		pthread_mutex_unlock(&progress->lock);
		ret = run(&s, progress);
	}
	for (pg = 0; s.probes && pg < pg_num; pg++)
		if (s.probes[pg].completion)
			door->rados_aio_release(s.probes[pg].completion);
	free(s.probes);
	free(s.numbers);
	pthread_cond_destroy(&s.moved);
	pthread_mutex_destroy(&s.lock);
	return ret;
}
