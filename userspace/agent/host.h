/* SPDX-License-Identifier: GPL-2.0 */
/*
 * This host: is it the one that is meant, since when is it up, and what on it
 * could still write to Ceph.
 *
 * $RBDSHARE_PROC replaces /proc and $RBDSHARE_SYSFS replaces /sys.
 */
#ifndef RBDSHARE_AGENT_HOST_H
#define RBDSHARE_AGENT_HOST_H

#include "agent/decide.h"
#include "agent/nodemap.h"

/* host_has() - how many of the addresses are on an interface here */
size_t host_has(const struct nodemap_hosts *h);

/* Longer than any fence is ago. */
#define HOST_UPTIME_UNKNOWN (1LL << 40)

/* host_uptime_s() - rounded up; HOST_UPTIME_UNKNOWN when it cannot be read */
int64_t host_uptime_s(void);

/**
 * host_clients() - fill @devices, @pid and @program
 *
 * Return: 0, or a negative errno with a sentence when it cannot be seen.
 */
int host_clients(struct decide_host *h, struct fault *f);

#endif
