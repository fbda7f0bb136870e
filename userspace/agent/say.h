/* SPDX-License-Identifier: GPL-2.0 */
/* What the agent tells besides failures. */
#ifndef RBDSHARE_AGENT_SAY_H
#define RBDSHARE_AGENT_SAY_H

#include "agent/options.h"

void say_init(const struct options *o);

/* say() - how it went, on standard output; nothing with -q */
void say(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* say_debug() - a step, on standard error; only with -v */
void say_debug(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

#endif
