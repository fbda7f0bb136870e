/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What this node measures of itself and of others, told when it becomes
 * remarkable and when that is over: what one wants to read after a fence.
 */
#ifndef RBDSHARED_WITNESS_H
#define RBDSHARED_WITNESS_H

#include "view.h"

struct daemon;

/**
 * struct witness - what was told last
 * @late_ms: clock_ms() of our last heartbeat before they were late; 0: no
 * @gate: enum rbd_hb_gate
 * @gate_ms: clock_ms() when it was closed
 * @silent: nodes whose heartbeats are missed
 * @unheard: nodes that are not heard over the network
 */
struct witness {
	long long late_ms;
	uint32_t gate;
	long long gate_ms;
	struct rbd_nodeset silent;
	struct rbd_nodeset unheard;
};

/* witness_tick() - behind each heartbeat */
void witness_tick(struct daemon *d);

/* witness_gate() - the gate is another one, perhaps */
void witness_gate(struct daemon *d, uint32_t gate);

/* witness_accused() - the view accuses or condemns @m: how is it seen here? */
void witness_accused(struct daemon *d, const struct rbd_view_member *m);

#endif
