/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Lockspaces of this node, from generation to generation:
 *
 *	stop -> acknowledge "stopped"
 *	fences proved, connections right: prepare -> acknowledge "ready"
 *	all members ready: start -> acknowledge "started"
 *	all members started: "settled" in the view
 *
 * A newer generation begins at the top again, whatever was reached. Nothing
 * is stopped but for a new generation.
 */
#ifndef RBD_LOGIC_CORE_LS_H
#define RBD_LOGIC_CORE_LS_H

#include "core.h"

/** rbd_core_ls_step() - what can be done here and now */
void rbd_core_ls_step(struct rbd_core *core);

/** rbd_core_ls_change() - join, leave, restart, settle; true: proposed */
bool rbd_core_ls_change(struct rbd_core *core);

/** rbd_core_ls_tick() - count a good tick */
void rbd_core_ls_tick(struct rbd_core *core);

#endif
