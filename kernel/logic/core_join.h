/* SPDX-License-Identifier: GPL-2.0 */
/* The own membership: coming, being condemned, leaving, clients of Ceph. */
#ifndef RBD_LOGIC_CORE_JOIN_H
#define RBD_LOGIC_CORE_JOIN_H

#include "core.h"

/** rbd_core_self_step() - what the view says of us */
void rbd_core_self_step(struct rbd_core *core);

/** rbd_core_join_tick() - in a good tick: can all talk with us? */
void rbd_core_join_tick(struct rbd_core *core);

/** rbd_core_membership() - next step of joining or leaving; true: proposed */
bool rbd_core_membership(struct rbd_core *core);

/** rbd_core_register() - clients into and out of the view; true: proposed */
bool rbd_core_register(struct rbd_core *core);

#endif
