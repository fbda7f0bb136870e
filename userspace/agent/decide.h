/* SPDX-License-Identifier: GPL-2.0 */
/* What the agent may say, from what it has seen. No I/O. */
#ifndef RBDSHARE_AGENT_DECIDE_H
#define RBDSHARE_AGENT_DECIDE_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/clusterstatus.h"
#include "lib/fault.h"

/**
 * enum decide_power - of a node
 * @DECIDE_ON: it may write
 * @DECIDE_FENCING: it may write until the fence under way is proved
 * @DECIDE_FENCED: proved: none of its clients can write
 * @DECIDE_AWAY: it is no member and has no client that could write
 * @DECIDE_UNKNOWN: the daemon says something that we do not know
 */
enum decide_power {
	DECIDE_ON,
	DECIDE_FENCING,
	DECIDE_FENCED,
	DECIDE_AWAY,
	DECIDE_UNKNOWN,
};

/* decide_find() - a node by name or number; -1 */
int decide_find(const struct clusterstatus *s, const char *word);

/* decide_power() - of node @number, as the daemon's view has it */
enum decide_power decide_power(const struct clusterstatus *s, int number);

/* decide_proofs() - fences of a node that are proved, of all its lives */
unsigned int decide_proofs(const struct clusterstatus *s, int number);

/**
 * decide_believe() - is this node's view that of the cluster, and of now?
 *
 * A member reads the view with each heartbeat. Who is none, or does not reach
 * the storage, knows the past only.
 *
 * Return: 0, or -EAGAIN with the reason.
 */
int decide_believe(const struct clusterstatus *s, struct fault *f);

/* So long a state has to last, in a view that is believed, to be of now. */
uint64_t decide_settle_ms(const struct clusterstatus *s);

/**
 * struct decide_host - the host that is to be taken off the blocklist
 * @name: of the node
 * @here: it is this one; else only @name counts of what follows
 * @age_s: of its entry, by the monitors' clock alone
 * @uptime_s: of this host, looked at later than @age_s
 * @devices: images that the kernel has mapped
 * @pid: of a process that uses librbd, 0
 * @program: its name
 */
struct decide_host {
	const char *name;
	bool here;
	int64_t age_s;
	int64_t uptime_s;
	size_t devices;
	int pid;
	char program[32];
};

/**
 * decide_lift() - may the host's entry go?
 *
 * Only when no client of the past can be left: the host has booted behind the
 * fence. The clock of a virtual machine stands still while it is paused, so
 * that it seems to have booted later than it has; therefore no client may be
 * seen either.
 *
 * Return: 0, or -EPERM with the reason and what to do.
 */
int decide_lift(const struct decide_host *h, struct fault *f);

#endif
