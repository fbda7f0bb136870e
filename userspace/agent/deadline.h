/* SPDX-License-Identifier: GPL-2.0 */
/* The time that an action has in all. */
#ifndef RBDSHARE_AGENT_DEADLINE_H
#define RBDSHARE_AGENT_DEADLINE_H

#include <stdbool.h>

struct fence_progress;

/* deadline_start() - it ends in @seconds */
void deadline_start(unsigned int seconds);

/* How much is left, in ms; 0 when it is over. */
long long deadline_left_ms(void);

/* @ms, but no more than what is left. */
unsigned int deadline_at_most_ms(unsigned int ms);

/**
 * deadline_guard() - stop a fence at the end of the time
 *
 * Some seconds later the process ends with exit code 1, whatever it waits for.
 * The thread lives as long as the process, and so must @p.
 *
 * Return: 0 or a negative errno.
 */
int deadline_guard(struct fence_progress *p);

#endif
