/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The cluster that this node takes part in; there is one at most.
 *
 * Lock order, outer first:
 *   configfs' own locks, and hb_dir.lock
 *   online_lock in cluster.c - start and stop, which wait for the storage
 *   hb_cluster_lock - hb_cluster_active(); never held for long, since whoever
 *	waits for it in netlink holds up all of generic netlink
 *   hb_beat.lock, hb_admit.lock - never both
 */
#ifndef RBD_HB_CLUSTER_H
#define RBD_HB_CLUSTER_H

#include <linux/mutex.h>

#include "beat.h"
#include "hb_slot.h"
#include "hb_timing.h"
#include "session.h"

#define HB_CLUSTER_NAME 16
#define HB_LINE_MAX 1024

/**
 * struct hb_config - what an administrator, or the daemon, has set
 * @name: of the cluster
 * @line: "<monitors> <options> <pool>", as for the add file of rbd
 * @number: our node number
 * @incarnation: of our membership
 * @boot_id: of this host
 * @config_hash: of the node list
 * @nodes: greatest node number + 1
 * @dead_after_ms: see hb_timing.h
 * @slow_after_ms: see hb_timing.h
 * @hold_when_fenced: I/O waits for ever then, instead of failing
 */
struct hb_config {
	char name[HB_CLUSTER_NAME + 1];
	char line[HB_LINE_MAX];
	u16 number;
	u64 incarnation;
	u8 boot_id[16];
	u64 config_hash;
	u16 nodes;
	u32 dead_after_ms;
	u32 slow_after_ms;
	bool hold_when_fenced;
};

/**
 * struct hb_cluster - a cluster that is online
 * @config: a copy; const but for config_hash, which is under beat.lock, and
 *	nodes, which only grows: written under hb_cluster_lock, read without
 *	it by the heartbeat thread
 * @timing: written under hb_cluster_lock and beat.lock; the gate reads single
 *	values without
 * @session: connection of its own, const
 * @beat: heartbeats
 */
struct hb_cluster {
	struct hb_config config;
	struct rbd_hb_timing timing;
	struct rbd_session session;
	struct hb_beat beat;
};

extern struct mutex hb_cluster_lock;

/** hb_cluster_active() - or NULL; under hb_cluster_lock */
struct hb_cluster *hb_cluster_active(void);

/**
 * hb_cluster_online() - connect, begin to write heartbeats, close the gate
 *	until the first is acknowledged
 * @config: copied
 *
 * Sleeps. Says what is wrong. Return: 0; -EBUSY when one is online; -EINVAL;
 * whatever the connection gives.
 */
int hb_cluster_online(const struct hb_config *config);

/** hb_cluster_offline() - the reverse; sleeps. Nothing to do without one. */
void hb_cluster_offline(const char *name);

/**
 * hb_cluster_retime() - other time-outs for the one that is online
 *
 * Under hb_cluster_lock. When this returns no I/O is let through by an older
 * lease. Says what is wrong. Return: 0 or -EINVAL.
 */
int hb_cluster_retime(struct hb_cluster *cluster, u32 dead_after_ms,
		      u32 slow_after_ms);

/**
 * hb_cluster_rehash() - another node list, if the cluster of this name is online
 * @config_hash: of it; in the next slot
 */
void hb_cluster_rehash(const char *name, u64 config_hash);

/**
 * hb_cluster_grow() - a further node, if the cluster of this name is online
 * @nodes: greatest node number + 1; from the next round on so many slots are
 *	read. Fewer than now change nothing.
 */
void hb_cluster_grow(const char *name, u16 nodes);

/** hb_cluster_is_online() - is it the one of this name? */
bool hb_cluster_is_online(const char *name);

#endif
