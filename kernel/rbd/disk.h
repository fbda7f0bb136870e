/* SPDX-License-Identifier: GPL-2.0 */
/* The block device of a mapping. */
#ifndef RBD_DISK_H
#define RBD_DISK_H

#include <linux/types.h>

struct rbd_device;

/** rbd_disk_module_init() - at the start of the module
 * @single_major: one major number for all devices, 16 minors each
 */
int rbd_disk_module_init(bool single_major);

/** rbd_disk_module_exit() - at its end */
void rbd_disk_module_exit(void);

/** rbd_disk_minor() - first minor number of a device */
int rbd_disk_minor(const struct rbd_device *dev);

/** rbd_disk_ids_max() - largest device id */
unsigned int rbd_disk_ids_max(void);

/**
 * rbd_disk_create() - make disk and queue, not visible yet
 * @dev: its header was read
 *
 * Sleeps. Return: 0 or -errno.
 */
int rbd_disk_create(struct rbd_device *dev);

/**
 * rbd_disk_add() - show it; reads the partition table
 *
 * Sleeps. The disk holds a reference to the device from now on, until it is
 * closed for the last time after rbd_disk_del(). Return: 0 or -errno.
 */
int rbd_disk_add(struct rbd_device *dev);

/** rbd_disk_del() - take it away again; sleeps */
void rbd_disk_del(struct rbd_device *dev);

/** rbd_disk_destroy() - undo rbd_disk_create(), after rbd_disk_del() if it
 *	was added
 */
void rbd_disk_destroy(struct rbd_device *dev);

/**
 * rbd_disk_drain() - wait until no request is in flight
 * @timeout: jiffies
 *
 * New requests wait meanwhile. Return: false after the time-out.
 */
bool rbd_disk_drain(struct rbd_device *dev, unsigned long timeout);

#endif
