/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Which life of each node fs/dlm is connected with.
 *
 * All lockspaces share the comms. A node that fails in two lockspaces and comes
 * back between their recoveries must not lose the comm of its new life to the
 * second one; and the kernel tells failed from left by the comm alone. So each
 * comm is kept with the incarnation it was made for, also in a file: the
 * kernel's comms outlive the daemon, but not the boot.
 */
#ifndef RBDSHARE_LIB_DLMCOMMS_H
#define RBDSHARE_LIB_DLMCOMMS_H

#include <pthread.h>

#include "lib/dlmtree.h"

/**
 * struct dlmcomms - the comms; used by all threads of a door
 * @tree: where they are
 * @path: the file, below /run; NULL for none
 * @lock: of @life and of the comms themselves
 * @life: incarnation by node id; 0: there is no comm, or of nobody knows whom
 */
struct dlmcomms {
	struct dlmtree tree;
	char *path;
	pthread_mutex_t lock;
	uint64_t life[DLMTREE_NODES + 1];
};

/**
 * dlmcomms_init() - begin, with what an earlier daemon noted
 * @path: copied; may be NULL
 *
 * Return: 0; -EBADMSG the file is not ours; -ENOMEM; or the errno of reading.
 */
int dlmcomms_init(struct dlmcomms *c, const struct dlmtree *tree,
		  const char *path);

void dlmcomms_exit(struct dlmcomms *c);

/**
 * dlmcomms_forget_selves() - remove comms of this host under other ids
 * @self: the one that is its own now
 *
 * A daemon that was killed under another node number leaves one. The kernel
 * goes by the first comm that is said to be local, until that is removed; and
 * then it has none, whatever was said of others meanwhile. So this comes before
 * the own comm is made.
 *
 * Return: 0; -EUSERS a lockspace runs under such an id; or a negative errno.
 */
int dlmcomms_forget_selves(struct dlmcomms *c, uint32_t self);

/**
 * dlmcomms_put() - connect with this life of a node
 *
 * The comm of another life is removed first: so the kernel knows that this
 * other one failed.
 *
 * Return: 0; 1 when the comm of another life was replaced; -EEXIST this life is
 * connected with another address; or a negative errno.
 */
int dlmcomms_put(struct dlmcomms *c, const struct dlmtree_node *node,
		 uint64_t life);

/**
 * dlmcomms_drop() - disconnect from a life of a node
 *
 * Nothing happens when another one is connected. A comm of nobody knows whom
 * is removed: better a journal is replayed in vain than not at all.
 */
int dlmcomms_drop(struct dlmcomms *c, uint32_t nodeid, uint64_t life);

/**
 * dlmcomms_drop_other() - disconnect from all lives of a node but one
 * @but: that one, 0 for none
 */
int dlmcomms_drop_other(struct dlmcomms *c, uint32_t nodeid, uint64_t but);

#endif
