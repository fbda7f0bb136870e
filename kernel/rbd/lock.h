/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The advisory lock on the header by which a node says that it has a shared
 * image mapped: `rbd lock ls` shows it with the node's name, `rbd lock rm`
 * fences the node, and nobody can take the lock for himself alone.
 */
#ifndef RBD_LOCK_H
#define RBD_LOCK_H

struct rbd_device;

/*
 * Both run in the control thread, sleep, are bounded, and end early when
 * the thread is signalled.
 */

/** rbd_lock_take() - take it, shared. Return: 0, -EBUSY, -errno */
int rbd_lock_take(struct rbd_device *dev);

/** rbd_lock_drop() - give it back if it is held */
void rbd_lock_drop(struct rbd_device *dev);

#endif
