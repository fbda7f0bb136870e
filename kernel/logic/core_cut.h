/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Partitions: holders of lockspaces that cannot talk with each other while
 * the storage is there for all. The heaviest clique goes on. Links count only
 * between nodes that share a lockspace.
 */
#ifndef RBD_LOGIC_CORE_CUT_H
#define RBD_LOGIC_CORE_CUT_H

#include "core.h"

/** rbd_core_cut_tick() - look at the graph, in a good tick */
void rbd_core_cut_tick(struct rbd_core *core);

/** rbd_core_cut_loser() - has it to go, as we see it now? */
bool rbd_core_cut_loser(const struct rbd_core *core,
			const struct rbd_view_member *m);

/** rbd_core_cut_healed() - is it accused of a cut that is no more? */
bool rbd_core_cut_healed(const struct rbd_core *core,
			 const struct rbd_view_member *m);

/** rbd_core_cut() - accuse the losers; true: proposed */
bool rbd_core_cut(struct rbd_core *core);

#endif
