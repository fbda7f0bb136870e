/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Heartbeats: one thread that writes and reads the slots each tick, judges
 * what it sees, and keeps the lease that the gate goes by.
 */
#ifndef RBD_HB_BEAT_H
#define RBD_HB_BEAT_H

#include <linux/sched.h>
#include <linux/spinlock.h>
#include <linux/wait.h>

#include "hb_liveness.h"
#include "hb_slot.h"
#include "object.h"

struct hb_cluster;
struct rbd_hb_timing;

/* Times are milliseconds of CLOCK_BOOTTIME, which goes on while suspended. */

/**
 * struct hb_node - what is known of a node
 * @peer: its counter and how long that stands still
 * @wrote: @bytes is its newest slot
 * @bytes: as read
 */
struct hb_node {
	struct rbd_hb_peer peer;
	bool wrote;
	u8 bytes[RBD_HB_SLOT_BYTES];
};

/**
 * struct hb_beat - the thread and what it knows
 * @task: the thread
 * @wait: it sleeps here
 * @objects: heartbeat objects; the thread's
 * @scratch: decoded slots of one node; the thread's
 * @kicked: an extra round is wanted
 * @round_ms: start of the round that runs; the thread's
 * @tick_ms: start of the last round that was a tick; the thread's
 * @good_ms: end of the last good tick, 0 for none; the thread's
 * @lock: protects all below
 * @counter: of the last round
 * @good: the last tick was good
 * @clash: in the last round: another host had written our slot since
 *	we did
 * @latency_us: of the last round that was complete
 * @lease_ms: start of the newest round that most objects acknowledged
 * @daemon_ms: when the daemon was heard last, 0 for never
 * @heard_ms: when it last said that it hears a peer, 0 for never
 * @frozen: the daemon has closed the gate
 * @fenced: the cluster refuses us; for ever
 * @retimed: ticks have another length: all counting is to begin anew
 * @daemon_len: bytes of @daemon
 * @daemon: the daemon's part of our slot
 * @nodes: by number, RBD_HB_MAX_NODES of them
 */
struct hb_beat {
	struct task_struct *task;
	wait_queue_head_t wait;
	struct hb_object objects[RBD_HB_OBJECTS];
	struct rbd_hb_slot scratch[RBD_HB_OBJECTS];
	bool kicked;
	u64 round_ms;
	u64 tick_ms;
	u64 good_ms;
	spinlock_t lock;	/* protects all below */
	u64 counter;
	bool good;
	bool clash;
	u32 latency_us;
	u64 lease_ms;
	u64 daemon_ms;
	u64 heard_ms;
	bool frozen;
	bool fenced;
	bool retimed;
	u16 daemon_len;
	u8 daemon[RBD_HB_DAEMON_BYTES];
	struct hb_node *nodes;
};

/** hb_now_ms() - of CLOCK_BOOTTIME; any context */
u64 hb_now_ms(void);

/** hb_beat_init() - before the gate asks; no heartbeat yet */
void hb_beat_init(struct hb_cluster *cluster);

/** hb_beat_start() - sleeps. Return: 0 or -errno */
int hb_beat_start(struct hb_cluster *cluster);

/** hb_beat_stop() - end the thread and what is in flight; sleeps, bounded */
void hb_beat_stop(struct hb_cluster *cluster);

/**
 * hb_beat_daemon() - the daemon is there
 * @data: its part of the slot, NULL to keep the one that is there
 * @len: bytes of it
 * @heard: it hears a peer
 */
void hb_beat_daemon(struct hb_cluster *cluster, const void *data, u16 len,
		    bool heard);

/**
 * hb_beat_retime() - other time-outs
 * @timing: copied; under hb_cluster_lock
 */
void hb_beat_retime(struct hb_cluster *cluster,
		    const struct rbd_hb_timing *timing);

/** hb_beat_rehash() - what the next slot says of the node list */
void hb_beat_rehash(struct hb_cluster *cluster, u64 config_hash);

/** hb_beat_flags() - enum rbd_hb_flag of the next slot; under hb_beat.lock */
u16 hb_beat_flags(const struct hb_cluster *cluster);

/** hb_beat_kick() - a round now, unless one was just begun; any context */
void hb_beat_kick(struct hb_cluster *cluster);

/** hb_beat_freeze() - the daemon closes the gate, or lets it open again */
void hb_beat_freeze(struct hb_cluster *cluster, bool frozen);

/** hb_beat_fenced() - the cluster was seen to refuse us; any context */
void hb_beat_fenced(struct hb_cluster *cluster);

#endif
