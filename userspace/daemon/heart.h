/* SPDX-License-Identifier: GPL-2.0 */
/* rbd_hb.ko's heartbeats, for the core. */
#ifndef RBDSHARED_HEART_H
#define RBDSHARED_HEART_H

#include "daemon_part.h"
#include "lib/hbdoor.h"
#include "lib/latency.h"

struct daemon;
struct nodesettings;

/**
 * struct heart - state of it
 * @state: of the last heartbeat
 * @max_latency_us: of this hour
 * @total, @hour, @hour_before: how long heartbeats take; one that did not get
 *	through in its tick counts with the age of the last one that did
 * @hour_ms: clock_ms() when this hour began
 * @pace_error: of the last heart_pace(), told
 * @tell_peers: behind the next heartbeat the others are to look
 * @config_differs: nodes that take part with another cluster.conf
 * @stale: nodes whose daemon has not been heard of by their kernel
 * @clash_ms: clock_ms() when another host was last seen to write our slot
 */
struct heart {
	struct hbdoor *door;
	struct hbdoor_state state;
	uint32_t max_latency_us;
	struct latency total;
	struct latency hour;
	struct latency hour_before;
	long long hour_ms;
	int pace_error;
	bool tell_peers;
	struct rbd_nodeset config_differs;
	struct rbd_nodeset stale;
	long long clash_ms;
};

/**
 * heart_find() - is a cluster online in the kernel?
 * @d: its door is opened here
 *
 * Return: 0 with d->heart.state; -ENOTCONN none is; -EBUSY another cluster
 * is; or a negative errno.
 */
int heart_find(struct daemon *d, struct fault *f);

/**
 * heart_seen() - incarnation in our slot of the heartbeat objects, or 0
 *
 * Blocks.
 */
uint64_t heart_seen(struct daemon *d);

/* heart_part() - the daemon's part of our slot; false when there is none */
bool heart_part(struct daemon *d, struct rbd_daemon_part *part);

/* heart_online() - begin with d->self.incarnation; blocks */
int heart_online(struct daemon *d, struct fault *f);

/**
 * heart_nodes() - tell the kernel of other nodes, while it is online
 * @set: its nodes and their hash count
 *
 * Return: 0; -EBUSY when the kernel cannot; or another negative errno. The
 * kernel has those of d->set then.
 */
int heart_nodes(struct daemon *d, const struct nodesettings *set,
		struct fault *f);

/* heart_offline() - end; nothing shared may be mapped */
void heart_offline(struct daemon *d);

/* heart_open() - serve it in the loop. Return: 0 or a negative errno. */
int heart_open(struct daemon *d);
void heart_close(struct daemon *d);

/* heart_clashes() - does another host write heartbeats with our number now? */
bool heart_clashes(const struct heart *h);

/* heart_p99_us() - of this hour and the one before */
uint64_t heart_p99_us(const struct heart *h);

/* heart_publish() - RBD_CORE_PART */
void heart_publish(struct daemon *d);

/* heart_kick() - write and read slots now */
void heart_kick(struct daemon *d);

/* heart_paced() - tell the core what heartbeats go by when a daemon begins */
void heart_paced(struct daemon *d);

/* heart_pace() - RBD_CORE_PACE */
void heart_pace(struct daemon *d);

/* heart_freeze() - RBD_CORE_FREEZE */
void heart_freeze(struct daemon *d);

#endif
