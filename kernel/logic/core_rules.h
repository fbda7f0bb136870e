/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The conditions that safety rests on, each in one place. The simulation
 * takes them away one by one and has to notice.
 */
#ifndef RBD_LOGIC_CORE_RULES_H
#define RBD_LOGIC_CORE_RULES_H

#include "core.h"

/**
 * rbd_core_rule_all_ready() - may a generation be started?
 *
 * All its members, under the incarnations of the view, have acknowledged
 * exactly this generation as ready, hence have stopped all earlier ones.
 * Our own acknowledgment counts as it was read back: what others have not
 * seen may be lost with this daemon.
 */
bool rbd_core_rule_all_ready(const struct rbd_core *core,
			     const struct rbd_view_lockspace *ls);

/**
 * rbd_core_rule_fences_proved() - may a generation be prepared?
 *
 * No fence is without proof, not even one of a node that never held this
 * lockspace: nobody can tell whose data a node has written to.
 */
bool rbd_core_rule_fences_proved(const struct rbd_core *core);

/**
 * rbd_core_rule_confirmed() - has an accusation stood long enough?
 *
 * Counted in our own good ticks since we saw it in the view, so that the
 * accused one had the time to see it too, however late the accuser was.
 */
bool rbd_core_rule_confirmed(const struct rbd_core *core,
			     const struct rbd_view_member *m);

/**
 * rbd_core_rule_comms() - are the connections those of this generation?
 *
 * Members have one under their incarnation, failed ones have none: fs/dlm
 * tells failed from left by just that.
 */
bool rbd_core_rule_comms(const struct rbd_core *core,
			 const struct rbd_view_lockspace *ls);

/**
 * rbd_core_rule_lease_is_short() - does a member go by the time-outs to come?
 *
 * Its kernel says by which its lease goes, and its daemon that it has seen the
 * order; what it saw before that may have made its lease longer again.
 */
bool rbd_core_rule_lease_is_short(const struct rbd_core *core,
				  const struct rbd_view_member *m);

/** rbd_core_rule_may_decide() - are we entitled to accuse and to fence? */
bool rbd_core_rule_may_decide(const struct rbd_core *core);

#endif
