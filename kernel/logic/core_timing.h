/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Time-outs that change while the cluster runs, see view_timing.h. Others are
 * judged by core->timing, in ticks of our own heartbeats; those go by
 * core->pace, which the view may be ahead of for a moment.
 */
#ifndef RBD_LOGIC_CORE_TIMING_H
#define RBD_LOGIC_CORE_TIMING_H

#include "core.h"

/** rbd_core_timing_follow() - the view or the pace is another one */
void rbd_core_timing_follow(struct rbd_core *core);

/** rbd_core_timing_step() - have our heartbeats go by what the view says */
void rbd_core_timing_step(struct rbd_core *core);

/** rbd_core_timing_paced() - do our heartbeats and lease go by the view? */
bool rbd_core_timing_paced(const struct rbd_core *core);

/** rbd_core_timing_change() - the wish, or the second step; true: proposed */
bool rbd_core_timing_change(struct rbd_core *core);

/**
 * rbd_core_timing_waits() - is this member why time-outs are not shorter yet?
 *
 * Never a reason to fence it: the old ones go on.
 */
bool rbd_core_timing_waits(const struct rbd_core *core,
			   const struct rbd_view_member *m);

#endif
