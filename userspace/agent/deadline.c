// SPDX-License-Identifier: GPL-2.0
#include "agent/deadline.h"

#include <pthread.h>

#include "lib/clock.h"
#include "lib/fence.h"
#include "lib/watchdog.h"

#define LOOK_MS 100
/* For the fence to notice that it is over. */
#define GRACE_S 3

static long long end_ms;

void deadline_start(unsigned int seconds)
{
	end_ms = clock_ms() + seconds * 1000LL;
}

long long deadline_left_ms(void)
{
	long long left = end_ms - clock_ms();

	return left > 0 ? left : 0;
}

unsigned int deadline_at_most_ms(unsigned int ms)
{
	long long left = deadline_left_ms();

	return left < ms ? (unsigned int)left : ms;
}

static void *guard(void *arg)
{
	struct fence_progress *p = arg;

	while (deadline_left_ms()) {
		watchdog_kick();
		clock_sleep_ms(LOOK_MS);
	}
	pthread_mutex_lock(&p->sweep.lock);
	p->sweep.stop = true;
	pthread_mutex_unlock(&p->sweep.lock);
	return NULL;
}

int deadline_guard(struct fence_progress *p)
{
	pthread_t thread;
	int err;

	watchdog_start(GRACE_S,
		       "ending what power_timeout has no more time for");
	err = pthread_create(&thread, NULL, guard, p);
	if (!err)
		pthread_detach(thread);
	return -err;
}
