// SPDX-License-Identifier: GPL-2.0
#include "lib/watchdog.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <unistd.h>

#include "lib/clock.h"
#include "lib/msg.h"

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
/* All by @lock. */
static bool running;
static unsigned int limit_s;
static const char *what;
static long long moved_ms;
static int code = ETIMEDOUT;

static void *guard(void *arg)
{
	for (;;) {
		clock_sleep_ms(100);
		pthread_mutex_lock(&lock);
		if (limit_s && clock_ms() - moved_ms > limit_s * 1000LL) {
			msg_error(
				"the cluster stopped answering: nothing moved for %u s while %s; look at 'ceph -s', or wait longer with --timeout",
				limit_s, what);
			_exit(code);
		}
		pthread_mutex_unlock(&lock);
	}
	return arg;
}

int watchdog_start(unsigned int seconds, const char *doing)
{
	sigset_t all, old;
	pthread_t thread;
	int err = 0;

	pthread_mutex_lock(&lock);
	limit_s = seconds;
	what = doing;
	moved_ms = clock_ms();
	if (!running) {
		/* Signals are for the threads that do the work. */
		sigfillset(&all);
		pthread_sigmask(SIG_SETMASK, &all, &old);
		err = pthread_create(&thread, NULL, guard, NULL);
		pthread_sigmask(SIG_SETMASK, &old, NULL);
		if (!err) {
			pthread_detach(thread);
			running = true;
		}
	}
	pthread_mutex_unlock(&lock);
	return -err;
}

void watchdog_exits_with(int exit_code)
{
	pthread_mutex_lock(&lock);
	code = exit_code;
	pthread_mutex_unlock(&lock);
}

void watchdog_kick(void)
{
	pthread_mutex_lock(&lock);
	moved_ms = clock_ms();
	pthread_mutex_unlock(&lock);
}

void watchdog_stop(void)
{
	pthread_mutex_lock(&lock);
	limit_s = 0;
	pthread_mutex_unlock(&lock);
}
