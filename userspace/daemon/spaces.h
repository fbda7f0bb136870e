/* SPDX-License-Identifier: GPL-2.0 */
/* The kernel's lockspaces, for the core. */
#ifndef RBDSHARED_SPACES_H
#define RBDSHARED_SPACES_H

#include "core.h"
#include "lib/dlmdoor.h"
#include "lib/fault.h"

struct daemon;

/**
 * struct spaces - state of it
 * @slot: name of the lockspace that the core has in each of its slots
 * @served: a mount was answered, by the same index
 * @waiting: mounts that came while the lockspace was still being released
 */
struct spaces {
	struct dlmdoor *door;
	char slot[RBD_VIEW_MAX_LOCKSPACES][DLMTREE_NAME_MAX + 1];
	bool served[RBD_VIEW_MAX_LOCKSPACES];
	char waiting[RBD_VIEW_MAX_LOCKSPACES][DLMTREE_NAME_MAX + 1];
};

/**
 * spaces_open() - take over fs/dlm
 * @d: the core knows a view and has resumed; told what there is already
 * @monitor_fd: an open dlm-monitor of an earlier daemon, or -1
 *
 * Return: 0 or a negative errno with a sentence.
 */
int spaces_open(struct daemon *d, int monitor_fd, struct fault *f);

/* spaces_close() - @over: no lockspace is left, or the descriptor is kept */
void spaces_close(struct daemon *d, bool close_monitor);

/* spaces_act() - RBD_CORE_LS_* */
void spaces_act(struct daemon *d, const struct rbd_core_action *a);

/* spaces_comms() - RBD_CORE_COMMS */
void spaces_comms(struct daemon *d);

/**
 * spaces_alone() - let a lockspace of a fenced node go on, all by itself
 *
 * So that its filesystem can give up its locks; the others have done without
 * us since they were told that we are cut off.
 */
void spaces_alone(struct daemon *d, const char *lockspace);

/* spaces_serve() - take news; each second too */
void spaces_serve(void *daemon);

/* spaces_any() - has the kernel a lockspace? */
bool spaces_any(const struct daemon *d);

#endif
