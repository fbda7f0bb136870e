// SPDX-License-Identifier: GPL-2.0
/* Every time-out of the cluster, from two values. */
#include "hb_timing.h"

#define TICK_MIN_MS 250
#define TICK_MAX_MS 1000
#define TICKS_PER_DEAD_AFTER 10
#define GAP_TICKS 3
#define ALIVE_TICKS 2
#define CONFIRM_TICKS 2
/* Time for a node that is slow on the storage to close its own gate first. */
#define LEASE_MARGIN_MS 5000
#define EDGE_UP_TICKS 10
#define ACK_MS 30000
#define DAEMON_STALE_MS 5000

static const char too_short[] =
	"dead-after is below 2.5 s: one lost packet would fence a node";
static const char too_hasty[] =
	"slow-after is below 40 s, but an OSD that dies may stall a healthy node for 35 s";
static const char too_long[] =
	"dead-after and slow-after may be 10 minutes at most";
static const char wrong_order[] =
	"dead-after is longer than slow-after, but silence everywhere says more";

static u32 between(u32 v, u32 low, u32 high)
{
	if (v < low)
		return low;
	return v > high ? high : v;
}

const char *rbd_hb_timing_derive(struct rbd_hb_timing *t, u32 dead_after_ms,
				 u32 slow_after_ms)
{
	if (dead_after_ms < RBD_HB_DEAD_AFTER_MIN_MS)
		return too_short;
	if (slow_after_ms < RBD_HB_SLOW_AFTER_MIN_MS)
		return too_hasty;
	if (dead_after_ms > RBD_HB_AFTER_MAX_MS ||
	    slow_after_ms > RBD_HB_AFTER_MAX_MS)
		return too_long;
	if (dead_after_ms > slow_after_ms)
		return wrong_order;

	t->dead_after_ms = dead_after_ms;
	t->slow_after_ms = slow_after_ms;
	t->tick_ms = between(dead_after_ms / TICKS_PER_DEAD_AFTER, TICK_MIN_MS,
			     TICK_MAX_MS);
	t->gap_ms = GAP_TICKS * t->tick_ms;
	t->alive_ticks = ALIVE_TICKS;
	t->confirm_ticks = CONFIRM_TICKS;
	t->suspect_ticks = dead_after_ms / t->tick_ms - CONFIRM_TICKS;
	t->slow_ticks = slow_after_ms / t->tick_ms - CONFIRM_TICKS;
	t->net_silent_ms = dead_after_ms / 2;
	t->edge_down_ms = dead_after_ms / 2;
	t->edge_up_ticks = EDGE_UP_TICKS;
	t->lease_alone_ms = dead_after_ms / 10 * 7;
	t->lease_heard_ms = slow_after_ms - LEASE_MARGIN_MS;
	t->ack_ms = ACK_MS;
	t->daemon_stale_ms = t->edge_down_ms < DAEMON_STALE_MS ?
				     t->edge_down_ms :
				     DAEMON_STALE_MS;
	return NULL;
}

/* Ticks until @ms are over for certain. */
static u32 ticks_for(u32 ms, u32 tick_ms)
{
	return (ms + tick_ms - 1) / tick_ms;
}

/* Ticks of an accusation, so that it and its confirmation take @after_ms. */
static u32 accuse_ticks(const struct rbd_hb_timing *t, u32 after_ms)
{
	u32 ticks = ticks_for(after_ms, t->tick_ms);

	return ticks > t->confirm_ticks ? ticks - t->confirm_ticks : 1;
}

const char *rbd_hb_timing_at_tick(struct rbd_hb_timing *t, u32 dead_after_ms,
				  u32 slow_after_ms, u32 tick_ms)
{
	const char *bad = rbd_hb_timing_derive(t, dead_after_ms, slow_after_ms);
	u32 longest;

	if (bad || !tick_ms || tick_ms == t->tick_ms)
		return bad;
	longest = tick_ms > t->tick_ms ? tick_ms : t->tick_ms;
	t->tick_ms = tick_ms;
	t->gap_ms = GAP_TICKS * tick_ms;
	t->alive_ticks = ticks_for(ALIVE_TICKS * longest, tick_ms);
	t->confirm_ticks = ticks_for(CONFIRM_TICKS * longest, tick_ms);
	t->suspect_ticks = accuse_ticks(t, dead_after_ms);
	t->slow_ticks = accuse_ticks(t, slow_after_ms);
	return NULL;
}
