/* SPDX-License-Identifier: GPL-2.0 */
/* Requests in flight: ending them before the cluster does, listing them. */
#ifndef RBD_ABORT_H
#define RBD_ABORT_H

#include <linux/types.h>

struct rbd_device;

/**
 * rbd_abort_requests() - end requests in flight
 * @dev: the device
 * @older_than: jiffies; only those that were sent that long ago, 0 for all
 * @error: negative errno that they end with
 *
 * Sleeps, shortly. Ending a request is no fence: a write that was sent may
 * still be applied unless our address is blocklisted.
 *
 * Return: how many were ended.
 */
unsigned int rbd_abort_requests(struct rbd_device *dev,
				unsigned long older_than, int error);

/** rbd_abort_oldest() - age of the oldest request in jiffies, 0 if none
 *
 * Does not sleep long; any task context.
 */
unsigned long rbd_abort_oldest(struct rbd_device *dev);

/** rbd_abort_show() - list requests in flight, a line each, in @size bytes */
ssize_t rbd_abort_show(struct rbd_device *dev, char *buf, size_t size);

#endif
