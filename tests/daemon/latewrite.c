// SPDX-License-Identifier: GPL-2.0
/*
 * The detector of late writes.
 *
 * usage: latewrite POOL OBJECT OSD_PID sweep|nosweep
 *
 * A victim writes ever greater numbers into OBJECT, whose primary is the OSD
 * with that process id, as fast as it can. The OSD is kept from taking in new
 * maps. A survivor fences the victim, with or without the sweep, and from the
 * moment it is told that the fence is done, the number must not change any
 * more. It is read by a third client that still has the old map: a reader with
 * the new one would itself make the OSD get it.
 *
 * Exit code: 0 no late write, 3 there were some, 1 the test went wrong.
 */
#include <errno.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "connect.h"
#include "lib/clock.h"
#include "lib/fence.h"
#include "threadfreeze.h"

/* How long a sweep must be seen to wait for the OSD that has no map. */
#define HOLD_MS 3000
#define WATCH_MS 1500
#define LIMIT_MS 60000

struct victim {
	struct session s;
	rados_ioctx_t io;
	const char *object;
	atomic_ullong acked;
	atomic_int error;
};

struct survivor {
	struct session s;
	struct fence_order order;
	struct fence_progress progress;
	atomic_int result;
};

static void *write_on(void *arg)
{
	struct victim *v = arg;
	unsigned long long n = 0;
	int ret = 0;

	(void)ret;
	while (!(ret = rados_write(v->io, v->object, (char *)&n, sizeof(n), 0)))
		atomic_store(&v->acked, n++);
	atomic_store(&v->error, ret);
	return NULL;
}

static void *fence(void *arg)
{
	struct survivor *s = arg;

	atomic_store(&s->result, fence_run(&s->s, &s->order, &s->progress));
	return NULL;
}

static unsigned long long stamp(rados_ioctx_t io, const char *object)
{
	unsigned long long n = 0;
	int ret = rados_read(io, object, (char *)&n, sizeof(n), 0);

	if (ret != (int)sizeof(n))
		connect_die("the reader got %d: does it have the old map?",
			    ret);
	return n;
}

static void wait_until(atomic_ullong *counter, unsigned long long more_than)
{
	long long end = clock_ms() + LIMIT_MS;

	while (atomic_load(counter) <= more_than) {
		if (clock_ms() > end)
			connect_die("the victim does not write");
		clock_sleep_ms(5);
	}
}

static void wait_result(atomic_int *v, int pending)
{
	long long end = clock_ms() + LIMIT_MS;

	while (atomic_load(v) == pending) {
		if (clock_ms() > end)
			connect_die("still no result after %d ms", LIMIT_MS);
		clock_sleep_ms(1);
	}
}

/* The sweep waits for the OSD, which goes on taking the victim's writes. */
static void hold(struct survivor *s, struct victim *v)
{
	long long end = clock_ms() + LIMIT_MS, waited = 0;
	unsigned long long before;

	while (waited < HOLD_MS) {
		if (atomic_load(&s->result) != 1)
			connect_die("the sweep ended without the OSD: %d",
				    atomic_load(&s->result));
		if (clock_ms() > end)
			connect_die("the sweep does not say that it waits");
		clock_sleep_ms(20);
		pthread_mutex_lock(&s->progress.sweep.lock);
		waited = s->progress.sweep.waiting_ms;
		pthread_mutex_unlock(&s->progress.sweep.lock);
	}
	before = atomic_load(&v->acked);
	wait_until(&v->acked, before + 10);
	printf("sweep: %u of %u groups, waits %lld ms for group %x; the victim's writes are still taken\n",
	       s->progress.sweep.answered, s->progress.sweep.pgs, waited,
	       s->progress.sweep.waiting_pg);
}

static void order(struct survivor *s, struct victim *v, bool sweep)
{
	static struct clientaddr victim;
	static struct fence_pool pool;

	victim = connect_address(&v->s);
	pool.id = rados_ioctx_get_id(v->io);
	s->order.instances = &victim;
	s->order.n_instances = 1;
	s->order.pools = &pool;
	s->order.n_pools = sweep;
	fence_progress_init(&s->progress);
	atomic_store(&s->result, 1);
}

int main(int argc, char **argv)
{
	static struct survivor survivor;
	static struct victim victim;
	struct session reader;
	struct threadfreeze frozen;
	unsigned long long told, later;
	rados_ioctx_t eye;
	pthread_t writing, fencing;
	bool sweep;

	if (argc != 5)
		connect_die(
			"usage: latewrite POOL OBJECT OSD_PID sweep|nosweep");
	sweep = !strcmp(argv[4], "sweep");
	connect_client(&survivor.s, 10);
	connect_client(&victim.s, 30);
	connect_client(&reader, 30);
	victim.io = connect_pool(&victim.s, argv[1]);
	victim.object = argv[2];
	eye = connect_pool(&reader, argv[1]);
	pthread_create(&writing, NULL, write_on, &victim);
	wait_until(&victim.acked, 100);
	stamp(eye, argv[2]);

	threadfreeze_stop(&frozen, atoi(argv[3]), "ms_dispatch");
	order(&survivor, &victim, sweep);
	pthread_create(&fencing, NULL, fence, &survivor);
	if (sweep) {
		hold(&survivor, &victim);
		threadfreeze_go(&frozen);
	}
	wait_result(&survivor.result, 1);
	told = stamp(eye, argv[2]);
	if (atomic_load(&survivor.result))
		connect_die("the fence failed: %d",
			    atomic_load(&survivor.result));
	clock_sleep_ms(WATCH_MS);
	later = stamp(eye, argv[2]);
	threadfreeze_go(&frozen);
	wait_result(&victim.error, 0);
	printf("fenced at epoch %u, stamp %llu when told, %llu after %d ms; the victim ended with %d\n",
	       survivor.progress.epoch, told, later, WATCH_MS,
	       atomic_load(&victim.error));
	if (atomic_load(&victim.error) != -ESHUTDOWN)
		connect_die("the victim should have ended with %d", -ESHUTDOWN);
	printf("late writes: %llu\n", later - told);
	return later == told ? 0 : 3;
}
