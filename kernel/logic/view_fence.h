/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Fences in the view: a node is condemned, cut off by somebody, and the proof
 * is recorded. Its clients move from the member's record to the fence's.
 */
#ifndef RBD_LOGIC_VIEW_FENCE_H
#define RBD_LOGIC_VIEW_FENCE_H

#include "view.h"

/**
 * rbd_view_condemn() - a node becomes FENCING
 * @v: view being made
 * @n: who
 * @incarnation: its incarnation
 * @by: who decides
 * @accusation: REPLACED or ADMIN need no first step; for the others the node
 *	has to be SUSPECT or CUT
 * @evidence: for people, cut to 96 bytes
 *
 * In the same change it loses its lockspaces, as failed.
 */
const char *rbd_view_condemn(struct rbd_view *v, unsigned int n,
			     u64 incarnation, unsigned int by, u8 accusation,
			     const char *evidence);

/** rbd_view_fence_found() - one more client of the condemned node */
const char *rbd_view_fence_found(struct rbd_view *v, unsigned int n,
				 u64 incarnation,
				 const struct rbd_instance *instance);

/**
 * rbd_view_fenced() - the proof
 * @v: view being made
 * @n: who
 * @incarnation: which incarnation
 * @instances: how many clients were cut off; must be all that are recorded
 * @epoch: OSD map that every PG has
 */
const char *rbd_view_fenced(struct rbd_view *v, unsigned int n, u64 incarnation,
			    unsigned int instances, u64 epoch);

/** rbd_view_fence_renewed() - an entry was missing and was made anew */
const char *rbd_view_fence_renewed(struct rbd_view *v, unsigned int n,
				   u64 incarnation, u64 epoch);

/**
 * rbd_view_fence_retire() - its clients cannot exist any more
 *
 * Only for one whose host has booted anew since, and whose entries were seen
 * to be whole after that: what an OSD still has in a queue is refused too.
 */
const char *rbd_view_fence_retire(struct rbd_view *v, unsigned int n,
				  u64 incarnation);

/** rbd_view_fence_drop_retired() - forget those that nothing waits for */
bool rbd_view_fence_drop_retired(struct rbd_view *v);

/** rbd_view_fence_find() - the record of an incarnation; NULL */
struct rbd_view_fence *rbd_view_fence_find(struct rbd_view *v, unsigned int n,
					   u64 incarnation);

/** rbd_view_fencing() - is any fence not proved yet? */
bool rbd_view_fencing(const struct rbd_view *v);

/** rbd_view_fence_epoch() - the greatest epoch of all fences */
u64 rbd_view_fence_epoch(const struct rbd_view *v);

#endif
