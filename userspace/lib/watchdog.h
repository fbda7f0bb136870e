/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The last resort against a hang: librados bounds most of its waits by the
 * time-outs we give it, but not all (watches, closing). When nothing moves for
 * too long, the process says so and ends.
 */
#ifndef RBDSHARE_LIB_WATCHDOG_H
#define RBDSHARE_LIB_WATCHDOG_H

/**
 * watchdog_start() - end the process with ETIMEDOUT when it gets stuck
 * @seconds: how long nothing may happen
 * @doing: what to say: "... while DOING"; kept by reference
 *
 * Starting again changes both and counts from now. Return: 0 or -errno.
 */
int watchdog_start(unsigned int seconds, const char *doing);

/* watchdog_exits_with() - another exit code than ETIMEDOUT */
void watchdog_exits_with(int exit_code);

/* Something moved: count from now. Cheap, from any thread. */
void watchdog_kick(void);

/* For questions to a person: no limit until the next watchdog_start(). */
void watchdog_stop(void);

#endif
