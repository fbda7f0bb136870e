/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Lockspaces in the view. Each change of who holds one is a new generation:
 * all old members stop it, all new ones prepare, and it is started when all
 * are ready. Who failed and who left is said here and nowhere else, and adds
 * up until a generation was started by all its members ("settled").
 *
 * A lockspace that nobody holds has no record.
 */
#ifndef RBD_LOGIC_VIEW_LOCKSPACE_H
#define RBD_LOGIC_VIEW_LOCKSPACE_H

#include "view.h"

/** rbd_view_ls_find() - by name; NULL */
struct rbd_view_lockspace *rbd_view_ls_find(struct rbd_view *v,
					    const char *name);
const struct rbd_view_lockspace *rbd_view_ls_peek(const struct rbd_view *v,
						  const char *name);

/** rbd_view_ls_join() - an ACTIVE node takes part; made if it is not there */
const char *rbd_view_ls_join(struct rbd_view *v, const char *name,
			     unsigned int n);

/** rbd_view_ls_leave() - it has stopped the lockspace and written all */
const char *rbd_view_ls_leave(struct rbd_view *v, const char *name,
			      unsigned int n);

/** rbd_view_ls_restart() - same members, all over: one lost its kernel part */
const char *rbd_view_ls_restart(struct rbd_view *v, const char *name,
				unsigned int n);

/** rbd_view_ls_settle() - all members have started @generation */
const char *rbd_view_ls_settle(struct rbd_view *v, const char *name,
			       u32 generation);

/** rbd_view_ls_fail() - take a condemned node out of all lockspaces */
void rbd_view_ls_fail(struct rbd_view *v, unsigned int n);

/** rbd_view_ls_pending() - does a lockspace not have it behind itself yet? */
bool rbd_view_ls_pending(const struct rbd_view *v, unsigned int n);

/** rbd_view_ls_holds() - is it a member of any lockspace? */
bool rbd_view_ls_holds(const struct rbd_view *v, unsigned int n);

#endif
