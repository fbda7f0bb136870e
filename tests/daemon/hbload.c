// SPDX-License-Identifier: GPL-2.0
/*
 * Puts the heartbeats of many nodes on a real cluster: each virtual node writes
 * its slot into three objects and reads all slots, each tick, and judges the
 * others by what it reads, as rbd_hb.ko does.
 *
 * usage: hbload POOL NODES SECONDS [TICK_MS]
 *
 * Virtual nodes share a few clients of Ceph.
 */
#include <pthread.h>
#include <rados/librados.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "connect.h"
#include "hb_liveness.h"
#include "hb_slot.h"
#include "lib/clock.h"
#include "lib/latency.h"

#define CLIENTS 8
#define STACK_BYTES (256U << 10)

struct flight {
	rados_completion_t written;
	rados_completion_t read;
	uint64_t counter;
	bool under_way;
};

/**
 * struct node - a virtual one
 * @missed: ticks in which it was not done
 * @silent: the longest silence that it saw of another, in good ticks
 */
struct node {
	pthread_t thread;
	rados_ioctx_t io;
	uint16_t number;
	uint64_t counter;
	struct flight flight[RBD_HB_OBJECTS];
	u8 *bytes[RBD_HB_OBJECTS];
	struct rbd_hb_peer peers[RBD_HB_MAX_NODES];
	struct latency latency;
	uint64_t worst_us;
	uint64_t ticks;
	uint64_t missed;
	uint32_t silent;
};

static struct node nodes[RBD_HB_MAX_NODES];
static unsigned int n_nodes;
static long long tick_ms = 1000, end_ms;

static void object_name(unsigned int i, char name[16])
{
	snprintf(name, 16, "hb.load.%u", i);
}

static void send_one(struct node *n, unsigned int i, const u8 *slot)
{
	struct flight *f = &n->flight[i];
	char name[16];

	object_name(i, name);
	rados_aio_create_completion2(NULL, NULL, &f->written);
	rados_aio_create_completion2(NULL, NULL, &f->read);
	if (rados_aio_write(n->io, name, f->written, (const char *)slot,
			    RBD_HB_SLOT_BYTES,
			    (uint64_t)n->number * RBD_HB_SLOT_BYTES) ||
	    rados_aio_read(n->io, name, f->read, (char *)n->bytes[i],
			   n_nodes * RBD_HB_SLOT_BYTES, 0))
		connect_die("a request is refused");
	f->counter = n->counter;
	f->under_way = true;
}

static void begin(struct node *n)
{
	struct rbd_hb_slot slot = { .number = n->number,
				    .incarnation = 1,
				    .counter = ++n->counter };
	u8 bytes[RBD_HB_SLOT_BYTES];
	unsigned int i;

	rbd_hb_slot_encode(&slot, bytes);
	for (i = 0; i < RBD_HB_OBJECTS; i++)
		if (!n->flight[i].under_way)
			send_one(n, i, bytes);
}

static bool is_done(const struct flight *f)
{
	return rados_aio_is_complete(f->written) &&
	       rados_aio_is_complete(f->read);
}

/* Has each object answered? */
static bool all_done(const struct node *n)
{
	unsigned int i;

	for (i = 0; i < RBD_HB_OBJECTS; i++)
		if (n->flight[i].under_way && !is_done(&n->flight[i]))
			return false;
	return true;
}

static void look(struct node *n, const bool *readable, bool good)
{
	struct rbd_hb_slot seen[RBD_HB_OBJECTS];
	unsigned int i, k, count;

	for (k = 0; k < n_nodes; k++) {
		count = 0;
		for (i = 0; i < RBD_HB_OBJECTS; i++)
			if (readable[i] &&
			    !rbd_hb_slot_decode(&seen[count],
						n->bytes[i] +
							k * RBD_HB_SLOT_BYTES,
						(u16)k))
				count++;
		rbd_hb_observe(&n->peers[k], seen, count, good, false);
		if (n->peers[k].moves && n->peers[k].still_ticks > n->silent)
			n->silent = n->peers[k].still_ticks;
	}
}

static void end(struct node *n, long long began_ms)
{
	bool readable[RBD_HB_OBJECTS] = { false };
	uint64_t us = (uint64_t)(clock_ms() - began_ms) * 1000;
	unsigned int i, whole = 0;

	for (i = 0; i < RBD_HB_OBJECTS; i++) {
		struct flight *f = &n->flight[i];

		if (!f->under_way || !is_done(f))
			continue;
		readable[i] = rados_aio_get_return_value(f->read) >= 0;
		whole += readable[i] && f->counter == n->counter &&
			 !rados_aio_get_return_value(f->written);
		rados_aio_release(f->written);
		rados_aio_release(f->read);
		f->under_way = false;
	}
	look(n, readable, whole >= 2);
	n->ticks++;
	n->missed += whole < 2;
	latency_add(&n->latency, us);
	if (us > n->worst_us)
		n->worst_us = us;
}

static void *live(void *arg)
{
	struct node *n = arg;
	/* Not all at once, as nodes are not. */
	long long next = clock_ms() + n->number * tick_ms / n_nodes;
	long long began;

	while (next < end_ms) {
		if (next > clock_ms())
			clock_sleep_ms((unsigned int)(next - clock_ms()));
		began = clock_ms();
		begin(n);
		while (!all_done(n) && clock_ms() < began + tick_ms)
			clock_sleep_ms(2);
		end(n, began);
		next += tick_ms;
		if (next < clock_ms())
			next = clock_ms();
	}
	while (!all_done(n))
		clock_sleep_ms(2);
	return NULL;
}

static void start_all(const char *pool)
{
	static struct session sessions[CLIENTS];
	static rados_ioctx_t ios[CLIENTS];
	pthread_attr_t attr;
	unsigned int i, k;

	for (i = 0; i < CLIENTS && i < n_nodes; i++) {
		connect_client(&sessions[i], 10);
		ios[i] = connect_pool(&sessions[i], pool);
	}
	pthread_attr_init(&attr);
	pthread_attr_setstacksize(&attr, STACK_BYTES);
	for (i = 0; i < n_nodes; i++) {
		nodes[i].io = ios[i % CLIENTS];
		nodes[i].number = (uint16_t)i;
		for (k = 0; k < RBD_HB_OBJECTS; k++)
			nodes[i].bytes[k] = calloc(n_nodes, RBD_HB_SLOT_BYTES);
		if (pthread_create(&nodes[i].thread, &attr, live, &nodes[i]))
			connect_die("cannot start thread %u", i);
	}
}

static long long ms_of(const struct timeval *t)
{
	return t->tv_sec * 1000LL + t->tv_usec / 1000;
}

int main(int argc, char **argv)
{
	uint64_t ticks = 0, missed = 0, worst = 0;
	struct latency all = { 0 };
	struct rusage use;
	uint32_t silent = 0;
	unsigned int i;

	n_nodes = argc >= 4 ? (unsigned int)atoi(argv[2]) : 0;
	if (argc > 4)
		tick_ms = atoi(argv[4]);
	if (!n_nodes || n_nodes > RBD_HB_MAX_NODES || tick_ms < 10)
		connect_die("usage: see the top of hbload.c");
	end_ms = clock_ms() + atoi(argv[3]) * 1000LL;
	start_all(argv[1]);
	for (i = 0; i < n_nodes; i++) {
		pthread_join(nodes[i].thread, NULL);
		latency_merge(&all, &nodes[i].latency);
		ticks += nodes[i].ticks;
		missed += nodes[i].missed;
		if (nodes[i].worst_us > worst)
			worst = nodes[i].worst_us;
		if (nodes[i].silent > silent)
			silent = nodes[i].silent;
	}
	getrusage(RUSAGE_SELF, &use);
	printf("nodes %u ticks %llu missed %llu silent %u p50_ms %llu p99_ms %llu worst_ms %llu cpu_ms %lld\n",
	       n_nodes, (unsigned long long)ticks, (unsigned long long)missed,
	       silent,
	       (unsigned long long)latency_quantile_us(&all, 500) / 1000,
	       (unsigned long long)latency_quantile_us(&all, 990) / 1000,
	       (unsigned long long)worst / 1000,
	       ms_of(&use.ru_utime) + ms_of(&use.ru_stime));
	fflush(stdout);
	/* The library's threads still run. */
	_exit(ticks ? 0 : 1);
}
