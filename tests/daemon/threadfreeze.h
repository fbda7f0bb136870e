/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Stops some threads of another process, by name, and leaves the rest running.
 *
 * An OSD whose "ms_dispatch" threads stand still takes in no new map, but goes
 * on serving clients: those are served by other threads. That is what an OSD
 * with a slow path to the monitors looks like, at will.
 */
#ifndef TESTS_DAEMON_THREADFREEZE_H
#define TESTS_DAEMON_THREADFREEZE_H

#include <sys/types.h>

#define THREADFREEZE_MAX 32

/* The threads that stand still. */
struct threadfreeze {
	pid_t tids[THREADFREEZE_MAX];
	int n;
};

/**
 * threadfreeze_stop() - stop all threads called @name
 *
 * To be undone by the same thread; the end of the process undoes it too.
 * Ends the program with a sentence when it does not work.
 */
void threadfreeze_stop(struct threadfreeze *t, pid_t pid, const char *name);

void threadfreeze_go(struct threadfreeze *t);

#endif
