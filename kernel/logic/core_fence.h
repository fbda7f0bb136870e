/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Cutting off who is condemned. Every member may do it, several at once may,
 * and it may be done again: the clients' nonces are never used twice. Only
 * condemnations that stand in the view are carried out.
 */
#ifndef RBD_LOGIC_CORE_FENCE_H
#define RBD_LOGIC_CORE_FENCE_H

#include "core.h"

/** rbd_core_fence_step() - start to cut off, or to check */
void rbd_core_fence_step(struct rbd_core *core);

/** rbd_core_fence_record() - the proof or found clients; true: proposed */
bool rbd_core_fence_record(struct rbd_core *core);

/** rbd_core_fence_order() - the administrator's wish; true: proposed */
bool rbd_core_fence_order(struct rbd_core *core);

#endif
