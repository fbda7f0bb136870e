/* SPDX-License-Identifier: GPL-2.0 */
/*
 * One step of one lockspace, as its thread does it: which files of fs/dlm are
 * written in which order.
 */
#ifndef RBDSHARE_LIB_DLMSTEP_H
#define RBDSHARE_LIB_DLMSTEP_H

#include "lib/dlmdoor.h"

/* dlmstep_check() - does a change make sense for this node? 0 or -EINVAL */
int dlmstep_check(const struct dlmdoor_change *change, uint32_t self);

/**
 * dlmstep_prepare() - comms of the failed away, comms of members, members
 *
 * Return: 0; -EEXIST another lockspace has the same id, or a member has
 * another address than the one it is connected with; or a negative errno.
 */
int dlmstep_prepare(struct dlmcomms *comms, const char *lockspace,
		    const struct dlmdoor_change *change);

/* Each: 0 or a negative errno; see dlmdoor.h. */
int dlmstep_stop(const struct dlmtree *t, const char *lockspace);
int dlmstep_start(const struct dlmtree *t, const char *lockspace);
int dlmstep_joined(const struct dlmtree *t, const char *lockspace);
int dlmstep_refuse(const struct dlmtree *t, const char *lockspace, int error);
int dlmstep_left(const struct dlmtree *t, const char *lockspace);

#endif
