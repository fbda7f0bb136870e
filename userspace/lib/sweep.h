/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A sweep sends one small read to each placement group of a pool and waits
 * for all answers.
 *
 * Every request carries the epoch of the sender's OSD map, and an OSD does
 * not look at it before it has that map itself. So an answer proves that the
 * group's primary goes by this map or a later one. What it had let pass
 * before was ordered before our read by the group's lock; maps never go back,
 * and a later primary starts from a later map. When all have answered, nobody
 * who is on the blocklist in that map can have a write applied any more.
 *
 * A group without a primary does not answer; then the sweep waits, and says
 * so. That is right: nobody could read what is in that group either.
 */
#ifndef RBDSHARE_LIB_SWEEP_H
#define RBDSHARE_LIB_SWEEP_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#include "lib/radosdoor.h"

/* So many requests are under way at a time. */
#define SWEEP_WINDOW 128

/**
 * struct sweep_progress - how far it is; shared by threads
 * @lock: of all fields
 * @stop: set by whoever wants it to end early
 * @excused: set by whoever answers for those that have not answered
 * @pgs: groups of the pools that have been started
 * @answered: those that have answered
 * @pool: id of the pool that is being swept
 * @waiting_pg: the group that has been waiting longest
 * @waiting_ms: for how long; 0 when nothing waits
 */
struct sweep_progress {
	pthread_mutex_t lock;
	bool stop;
	bool excused;
	uint32_t pgs;
	uint32_t answered;
	int64_t pool;
	uint32_t waiting_pg;
	long long waiting_ms;
};

/**
 * sweep_pool() - one pool
 * @io: of the pool and namespace
 * @pool: its id, for @progress
 * @ns: the namespace again
 * @pg_num: its groups
 * @progress: the counts are added to; updated several times a second
 *
 * Blocks until all have answered, or are excused. An answer that says "no such object" or "not
 * allowed" is one: the map was looked at before. Requests without an answer
 * are repeated for ever.
 *
 * Return: 0; -ECANCELED stopped; -ESHUTDOWN we are fenced ourselves;
 * -ENOMEM; -EINVAL for a bad @pg_num.
 */
int sweep_pool(const struct radosdoor *door, rados_ioctx_t io, int64_t pool,
	       const char *ns, uint32_t pg_num,
	       struct sweep_progress *progress);

#endif
