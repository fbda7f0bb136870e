/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Every time-out of the cluster, derived from two values that an admin
 * chooses. They live in the view object, so all nodes have the same.
 *
 * dead_after: how long a node may be silent on the storage AND on the
 * network before it is fenced. slow_after: how long it may be silent on the
 * storage while the network still hears it.
 *
 *  last heartbeat                                                   fencing
 *  |---- suspect after (dead_after - confirm) ticks ----|- confirm -|
 *  |--------- lease_alone: own gate closes ------|
 *
 *  and for a node that the network hears, the same with slow_after and
 *  lease_heard.
 */
#ifndef RBD_LOGIC_HB_TIMING_H
#define RBD_LOGIC_HB_TIMING_H

#include "base.h"

#define RBD_HB_DEAD_AFTER_MS 10000
#define RBD_HB_SLOW_AFTER_MS 45000
/* The fast profile: for networks that never pause. */
#define RBD_HB_DEAD_AFTER_FAST_MS 3000

/* An OSD is declared down after 20 s, a client backs off up to 15 s. */
#define RBD_HB_SLOW_AFTER_MIN_MS 40000
#define RBD_HB_DEAD_AFTER_MIN_MS 2500
#define RBD_HB_AFTER_MAX_MS 600000

/**
 * struct rbd_hb_timing - all times, in milliseconds or in ticks
 * @dead_after_ms: see above
 * @slow_after_ms: see above
 * @tick_ms: between two heartbeats: a tenth of dead_after, 250 to 1000
 * @gap_ms: a pause between own ticks that restarts all counting: 3 ticks
 * @alive_ticks: a heartbeat that old still counts as a sign of life
 * @confirm_ticks: an accusation stands that long before it has effect
 * @suspect_ticks: good ticks without a heartbeat until the accusation, for
 *	a node that is silent on the network too
 * @slow_ticks: the same for a node that the network hears
 * @net_silent_ms: without a message a node counts as not heard
 * @edge_down_ms: a link that long silent counts as cut
 * @edge_up_ticks: good ticks with contact until it counts as whole again
 * @lease_alone_ms: age of the own last acknowledged heartbeat at which the
 *	gate closes when no peer is heard
 * @lease_heard_ms: the same when a peer is heard
 * @ack_ms: a node that does not take part in a change that long is fenced
 * @daemon_stale_ms: the kernel flags a daemon silent for that long: no longer
 *	than edge_down, or a daemon that died would look like cut links
 */
struct rbd_hb_timing {
	u32 dead_after_ms;
	u32 slow_after_ms;
	u32 tick_ms;
	u32 gap_ms;
	u32 alive_ticks;
	u32 confirm_ticks;
	u32 suspect_ticks;
	u32 slow_ticks;
	u32 net_silent_ms;
	u32 edge_down_ms;
	u32 edge_up_ticks;
	u32 lease_alone_ms;
	u32 lease_heard_ms;
	u32 ack_ms;
	u32 daemon_stale_ms;
};

/**
 * rbd_hb_timing_derive() - compute them all
 * @t: result
 * @dead_after_ms: base value
 * @slow_after_ms: base value
 *
 * Return: NULL, or one sentence (constant text) that says which bound is
 * violated and why; @t is undefined then.
 */
const char *rbd_hb_timing_derive(struct rbd_hb_timing *t, u32 dead_after_ms,
				 u32 slow_after_ms);

/**
 * rbd_hb_timing_at_tick() - the same for one whose own ticks are others
 * @t: result
 * @dead_after_ms: base value
 * @slow_after_ms: base value
 * @tick_ms: between two own heartbeats; 0 for as derived
 *
 * While the time-outs of a cluster are being changed its nodes have ticks of
 * different length. Counts are of own ticks, and give the others the time
 * that they would have by ticks as derived: who is faster counts further.
 */
const char *rbd_hb_timing_at_tick(struct rbd_hb_timing *t, u32 dead_after_ms,
				  u32 slow_after_ms, u32 tick_ms);

#endif
