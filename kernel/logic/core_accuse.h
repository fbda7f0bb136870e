/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Nodes that are dead or stuck: accused, cleared, condemned.
 *
 * An accusation is a change of the view of its own. The accused one reads the
 * view with every heartbeat and clears itself; so does anybody who sees that
 * it is alive. Only what nobody objects to for some ticks is carried out, by
 * somebody for whom the reason still holds then. An accuser that was paused
 * in between thus cannot do harm.
 */
#ifndef RBD_LOGIC_CORE_ACCUSE_H
#define RBD_LOGIC_CORE_ACCUSE_H

#include "core.h"

/** rbd_core_reason() - enum rbd_accusation: is there one, as of now? */
u8 rbd_core_reason(const struct rbd_core *core,
		   const struct rbd_view_member *m);

/** rbd_core_refute() - clear whom there is reason to clear; true: proposed */
bool rbd_core_refute(struct rbd_core *core);

/** rbd_core_confirm() - condemn those whose accusation stood; true: proposed */
bool rbd_core_confirm(struct rbd_core *core);

/** rbd_core_accuse() - accuse; true: proposed */
bool rbd_core_accuse(struct rbd_core *core);

#endif
