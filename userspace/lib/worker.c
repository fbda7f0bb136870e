// SPDX-License-Identifier: GPL-2.0
#include "lib/worker.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "lib/clock.h"

struct queue {
	struct worker_job *first;
	struct worker_job **last;
};

/* All but @fd and @thread by @lock. */
struct worker {
	int fd;
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t more;
	struct queue todo;
	struct queue finished;
	bool ending;
	bool busy;
	long long busy_since_ms;
};

static void queue_init(struct queue *q)
{
	q->first = NULL;
	q->last = &q->first;
}

static void queue_put(struct queue *q, struct worker_job *job)
{
	job->next = NULL;
	*q->last = job;
	q->last = &job->next;
}

static struct worker_job *queue_take(struct queue *q)
{
	struct worker_job *job = q->first;

	if (!job)
		return NULL;
	q->first = job->next;
	if (!q->first)
		q->last = &q->first;
	return job;
}

void worker_wake(struct worker *w)
{
	uint64_t one = 1;
	ssize_t n;

	/* Fails only when it is readable already. */
	n = write(w->fd, &one, sizeof(one));
	(void)n;
}

static void *worker_main(void *arg)
{
	struct worker *w = arg;
	struct worker_job *job;

	pthread_mutex_lock(&w->lock);
	for (;;) {
		job = queue_take(&w->todo);
		if (!job) {
			if (w->ending)
				break;
			pthread_cond_wait(&w->more, &w->lock);
			continue;
		}
		w->busy = true;
		w->busy_since_ms = clock_ms();
		pthread_mutex_unlock(&w->lock);
		job->run(job);
		pthread_mutex_lock(&w->lock);
		w->busy = false;
		queue_put(&w->finished, job);
		worker_wake(w);
	}
	pthread_mutex_unlock(&w->lock);
	return NULL;
}

static int start_thread(struct worker *w, const char *name)
{
	sigset_t all, old;
	int err;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &old);
	err = pthread_create(&w->thread, NULL, worker_main, w);
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	if (!err)
		pthread_setname_np(w->thread, name);
	return -err;
}

int worker_new(struct worker **out, const char *name)
{
	struct worker *w = calloc(1, sizeof(*w));
	int ret;

	if (!w)
		return -ENOMEM;
	queue_init(&w->todo);
	queue_init(&w->finished);
	pthread_mutex_init(&w->lock, NULL);
	pthread_cond_init(&w->more, NULL);
	w->fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	ret = w->fd < 0 ? -errno : start_thread(w, name);
	if (!ret) {
		*out = w;
		return 0;
	}
	if (w->fd >= 0)
		close(w->fd);
	free(w);
	return ret;
}

int worker_fd(const struct worker *w)
{
	return w->fd;
}

void worker_submit(struct worker *w, struct worker_job *job)
{
	pthread_mutex_lock(&w->lock);
	queue_put(&w->todo, job);
	pthread_cond_signal(&w->more);
	pthread_mutex_unlock(&w->lock);
}

void worker_collect(struct worker *w)
{
	struct worker_job *job;
	uint64_t count;
	ssize_t n;

	n = read(w->fd, &count, sizeof(count));
	(void)n;
	for (;;) {
		pthread_mutex_lock(&w->lock);
		job = queue_take(&w->finished);
		pthread_mutex_unlock(&w->lock);
		if (!job)
			return;
		job->done(job);
	}
}

long long worker_busy_ms(struct worker *w)
{
	long long ms = 0;

	pthread_mutex_lock(&w->lock);
	if (w->busy)
		ms = clock_ms() - w->busy_since_ms;
	pthread_mutex_unlock(&w->lock);
	return ms;
}

void worker_free(struct worker *w)
{
	if (!w)
		return;
	pthread_mutex_lock(&w->lock);
	w->ending = true;
	pthread_cond_signal(&w->more);
	pthread_mutex_unlock(&w->lock);
	pthread_join(w->thread, NULL);
	worker_collect(w);
	close(w->fd);
	pthread_cond_destroy(&w->more);
	pthread_mutex_destroy(&w->lock);
	free(w);
}
