/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Who is alive, as one reader of the slots sees it.
 *
 * Only good ticks count: ticks in which our own slot was written, the read
 * that follows shows it, and most of the heartbeat objects answered. So a
 * storage that stalls for us never makes us accuse others.
 */
#ifndef RBD_LOGIC_HB_LIVENESS_H
#define RBD_LOGIC_HB_LIVENESS_H

#include "base.h"
#include "hb_slot.h"

/**
 * struct rbd_hb_peer - what is known of one node number
 * @incarnation: whose counter is watched, 0 for nobody yet
 * @counter: the newest that was seen
 * @still_ticks: good ticks since it moved
 * @moves: how often it moved, at most 255
 */
struct rbd_hb_peer {
	u64 incarnation;
	u64 counter;
	u32 still_ticks;
	u8 moves;
};

/**
 * struct rbd_hb_tick - outcome of one round of heartbeats
 * @now_ms: monotonic time at its end
 * @written: objects whose write of our slot was acknowledged
 * @read: objects that were read after that
 * @own_counter_read: newest own counter found there, 0 for none
 * @own_counter: counter that was written
 */
struct rbd_hb_tick {
	u64 now_ms;
	u8 written;
	u8 read;
	u64 own_counter_read;
	u64 own_counter;
};

/** rbd_hb_tick_is_good() - may this tick count against others? */
bool rbd_hb_tick_is_good(const struct rbd_hb_tick *tick);

/**
 * rbd_hb_observe() - take in what the slots of one node say
 * @peer: changed
 * @slots: decoded slots of that node from the objects that answered
 * @count: their number, 0 to RBD_HB_OBJECTS
 * @good: the tick was good
 * @restart: there was a gap: counting begins anew
 *
 * Of several slots the newest counts: the greatest incarnation, and of that
 * the greatest counter. Incarnations of a node only grow (the view hands them
 * out), so what an older one left behind in one object is passed over.
 */
void rbd_hb_observe(struct rbd_hb_peer *peer, const struct rbd_hb_slot *slots,
		    unsigned int count, bool good, bool restart);

#endif
