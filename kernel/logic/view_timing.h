/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Time-outs of a cluster that runs: two of them, each with two uses. Members
 * judge each other by dead_after_ms and slow_after_ms of the view. Each member's
 * lease goes by the same, or by what they are to become if that is shorter.
 *
 * So a longer value is one change: whoever condemns by the next view has read
 * it, and leases grow only behind it. A shorter one is two: the first makes
 * leases short, the second, when all members have them, the judgment.
 */
#ifndef RBD_LOGIC_VIEW_TIMING_H
#define RBD_LOGIC_VIEW_TIMING_H

#include "view.h"

/**
 * rbd_view_retime() - the administrator wants other time-outs
 * @v: view being made
 * @dead_after_ms: see hb_timing.h
 * @slow_after_ms: see hb_timing.h
 *
 * Takes the place of a change that is under way.
 */
const char *rbd_view_retime(struct rbd_view *v, u32 dead_after_ms,
			    u32 slow_after_ms);

/** rbd_view_retimed() - the leases of all members are short enough */
const char *rbd_view_retimed(struct rbd_view *v);

/** rbd_view_lease_times() - what members' leases and ticks go by */
void rbd_view_lease_times(const struct rbd_view *v, u32 *dead_after_ms,
			  u32 *slow_after_ms);

#endif
