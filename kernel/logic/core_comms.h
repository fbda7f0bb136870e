/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Whom the DLM may talk with. A node that joins is let in at once, a node
 * that is condemned is dropped when the lockspaces it failed in are stopped
 * here, and one that left is kept until those it left are started again:
 * fs/dlm takes a member whose connection is gone for failed.
 */
#ifndef RBD_LOGIC_CORE_COMMS_H
#define RBD_LOGIC_CORE_COMMS_H

#include "core.h"

/** rbd_core_comms_step() - ask for what differs from the view */
void rbd_core_comms_step(struct rbd_core *core);

#endif
