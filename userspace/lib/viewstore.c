// SPDX-License-Identifier: GPL-2.0
#include "lib/viewstore.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "lib/clock.h"
#include "lib/worker.h"

/* After a failed or lost watch. */
#define WATCH_RETRY_MS 3000
/* A watcher that does not answer a notice in that time is not waited for. */
#define NOTICE_TIMEOUT_MS 3000

enum watch_state {
	WATCH_NONE,
	WATCH_COMING,
	WATCH_UP,
	/* The library says so, in one of its threads. */
	WATCH_LOST,
};

struct request {
	struct worker_job job;
	struct viewstore *vs;
	struct request *next;
	uint64_t seq;
	unsigned int timeout_ms;
	struct viewstore_result result;
	size_t len;
	unsigned char body[];
};

/**
 * struct viewstore - see viewstore.h
 * @watch: enum watch_state; written by the library's threads too
 * @asked: on_watching() is owed, which touches nothing of this behind that
 * @noticed: a notice came in
 * @registered: @cookie is that of a watch which has to be undone
 * @notice: the last one that was sent; the worker's
 * @answered: it was, when the viewstore is closed
 */
struct viewstore {
	struct viewobject object;
	uint64_t own_id;
	struct worker *worker;
	struct request *ready;
	struct request **ready_last;
	atomic_int watch;
	atomic_bool asked;
	atomic_bool noticed;
	atomic_bool registered;
	uint64_t cookie;
	rados_completion_t notice;
	bool answered;
	long long watch_tried_ms;
};

static void on_notify(void *arg, uint64_t notify_id, uint64_t handle,
		      uint64_t notifier, void *data, size_t len)
{
	struct viewstore *vs = arg;

	vs->object.door->rados_notify_ack(vs->object.io, vs->object.name,
					  notify_id, handle, NULL, 0);
	if (notifier == vs->own_id)
		return;
	atomic_store(&vs->noticed, true);
	worker_wake(vs->worker);
}

static void on_watch_error(void *arg, uint64_t handle, int err)
{
	struct viewstore *vs = arg;

	atomic_store(&vs->watch, WATCH_LOST);
	worker_wake(vs->worker);
}

static void unwatch(struct viewstore *vs)
{
	if (atomic_exchange(&vs->registered, false))
		vs->object.door->rados_unwatch2(vs->object.io, vs->cookie);
}

static void on_watching(rados_completion_t c, void *arg)
{
	struct viewstore *vs = arg;
	int coming = WATCH_COMING;
	int ret = vs->object.door->rados_aio_get_return_value(c);

	atomic_store(&vs->registered, !ret);
	/* It may have been lost already. */
	atomic_compare_exchange_strong(&vs->watch, &coming,
				       ret ? WATCH_NONE : WATCH_UP);
	/* What changed while nobody watched was not told. */
	if (!ret)
		atomic_store(&vs->noticed, true);
	worker_wake(vs->worker);
	/* Whoever closes it may free it from here on. */
	atomic_store(&vs->asked, false);
}

/* Registering has no time-out in the library, so nobody waits for it. */
static void run_watch(struct worker_job *job)
{
	struct viewstore *vs = ((struct request *)job)->vs;
	const struct radosdoor *door = vs->object.door;
	rados_completion_t c;
	int ret;

	unwatch(vs);
	ret = door->rados_aio_create_completion2(vs, on_watching, &c);
	if (!ret) {
		ret = door->rados_aio_watch(vs->object.io, vs->object.name, c,
					    &vs->cookie, on_notify,
					    on_watch_error, vs);
		door->rados_aio_release(c);
	}
	if (ret) {
		atomic_store(&vs->watch, WATCH_NONE);
		atomic_store(&vs->asked, false);
	}
}

static void done_watch(struct worker_job *job)
{
	free(job);
}

/* Nobody waits for those that are told, but for them to be told at all. */
static void notice(struct viewstore *vs)
{
	const struct radosdoor *door = vs->object.door;

	if (vs->notice)
		door->rados_aio_release(vs->notice);
	vs->notice = NULL;
	if (door->rados_aio_create_completion2(NULL, NULL, &vs->notice))
		return;
	if (!door->rados_aio_notify(vs->object.io, vs->object.name, vs->notice,
				    "", 0, NOTICE_TIMEOUT_MS, NULL, NULL))
		return;
	door->rados_aio_release(vs->notice);
	vs->notice = NULL;
}

/* Return: was it answered? */
static bool end_notice(struct viewstore *vs)
{
	const struct radosdoor *door = vs->object.door;
	long long end = clock_ms() + NOTICE_TIMEOUT_MS;
	bool answered;

	if (!vs->notice)
		return true;
	while (!door->rados_aio_is_complete(vs->notice) && clock_ms() < end)
		clock_sleep_ms(5);
	answered = door->rados_aio_is_complete(vs->notice);
	door->rados_aio_release(vs->notice);
	return answered;
}

static void run_request(struct worker_job *job)
{
	struct request *r = (struct request *)job;
	struct viewstore *vs = r->vs;

	if (r->result.kind == VIEWSTORE_READ) {
		r->result.error = viewobject_read(&vs->object, &r->result.view);
		return;
	}
	r->result.error = viewobject_cas(&vs->object, r->seq, r->body, r->len,
					 r->timeout_ms, &r->result.view);
	if (!r->result.error)
		notice(vs);
}

static void done_request(struct worker_job *job)
{
	struct request *r = (struct request *)job;

	r->next = NULL;
	*r->vs->ready_last = r;
	r->vs->ready_last = &r->next;
}

static struct request *new_request(struct viewstore *vs, size_t len)
{
	struct request *r = calloc(1, sizeof(*r) + len);

	if (!r)
		return NULL;
	r->vs = vs;
	r->len = len;
	r->job.run = run_request;
	r->job.done = done_request;
	return r;
}

int viewstore_open(struct viewstore **out, const struct viewobject *object,
		   uint64_t own_id)
{
	struct viewstore *vs = calloc(1, sizeof(*vs));
	int ret;

	if (!vs)
		return -ENOMEM;
	vs->object = *object;
	vs->own_id = own_id;
	vs->ready_last = &vs->ready;
	vs->watch_tried_ms = clock_ms() - WATCH_RETRY_MS;
	ret = worker_new(&vs->worker, "view");
	if (ret) {
		free(vs);
		return ret;
	}
	*out = vs;
	return 0;
}

int viewstore_fd(const struct viewstore *vs)
{
	return worker_fd(vs->worker);
}

int viewstore_read(struct viewstore *vs, uint64_t tag)
{
	struct request *r = new_request(vs, 0);

	if (!r)
		return -ENOMEM;
	r->result.kind = VIEWSTORE_READ;
	r->result.tag = tag;
	worker_submit(vs->worker, &r->job);
	return 0;
}

int viewstore_cas(struct viewstore *vs, uint64_t seq, const void *body,
		  size_t len, unsigned int timeout_ms, uint64_t tag)
{
	struct request *r;

	if (len > VIEWOBJECT_MAX_BYTES)
		return -EFBIG;
	r = new_request(vs, len);
	if (!r)
		return -ENOMEM;
	memcpy(r->body, body, len);
	r->seq = seq;
	r->timeout_ms = timeout_ms;
	r->result.kind = VIEWSTORE_CAS;
	r->result.tag = tag;
	worker_submit(vs->worker, &r->job);
	return 0;
}

static void keep_watching(struct viewstore *vs)
{
	int state = atomic_load(&vs->watch);
	struct request *r;

	if (state == WATCH_UP || atomic_load(&vs->asked) ||
	    clock_ms() - vs->watch_tried_ms < WATCH_RETRY_MS)
		return;
	r = new_request(vs, 0);
	if (!r)
		return;
	r->job.run = run_watch;
	r->job.done = done_watch;
	vs->watch_tried_ms = clock_ms();
	atomic_store(&vs->watch, WATCH_COMING);
	atomic_store(&vs->asked, true);
	worker_submit(vs->worker, &r->job);
}

bool viewstore_next(struct viewstore *vs, struct viewstore_result *result)
{
	struct request *r;

	worker_collect(vs->worker);
	keep_watching(vs);
	r = vs->ready;
	if (r) {
		vs->ready = r->next;
		if (!vs->ready)
			vs->ready_last = &vs->ready;
		*result = r->result;
		free(r);
		return true;
	}
	if (!atomic_exchange(&vs->noticed, false))
		return false;
	memset(result, 0, sizeof(*result));
	result->kind = VIEWSTORE_NOTICE;
	return true;
}

long long viewstore_busy_ms(struct viewstore *vs)
{
	return worker_busy_ms(vs->worker);
}

static void drop_results(struct viewstore *vs)
{
	struct request *r;

	while (vs->ready) {
		r = vs->ready;
		vs->ready = r->next;
		viewobject_copy_free(&r->result.view);
		free(r);
	}
}

/* No callback of the library is left when this has run. */
static void run_close(struct worker_job *job)
{
	struct viewstore *vs = ((struct request *)job)->vs;
	const struct radosdoor *door = vs->object.door;

	vs->answered = end_notice(vs);
	unwatch(vs);
	door->rados_watch_flush(door->rados_ioctx_get_cluster(vs->object.io));
}

/* A watch is asked for as soon as somebody looks for results. */
static bool watch_settled(struct viewstore *vs)
{
	long long end = clock_ms() + WATCH_RETRY_MS;

	while (atomic_load(&vs->asked) && clock_ms() < end)
		clock_sleep_ms(5);
	return !atomic_load(&vs->asked);
}

bool viewstore_close(struct viewstore *vs)
{
	struct request *r;
	bool answered;

	if (!vs)
		return true;
	if (!watch_settled(vs))
		return false;
	r = new_request(vs, 0);
	if (!r)
		return false;
	r->job.run = run_close;
	r->job.done = done_watch;
	worker_submit(vs->worker, &r->job);
	worker_free(vs->worker);
	drop_results(vs);
	answered = vs->answered;
	free(vs);
	return answered;
}
