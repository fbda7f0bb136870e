/* SPDX-License-Identifier: GPL-2.0 */
/* Being cut off by the cluster, and cutting ourselves off. */
#ifndef RBD_FENCE_H
#define RBD_FENCE_H

#include <linux/types.h>

struct rbd_device;

/**
 * rbd_fence_noticed() - the cluster answered that we are blocklisted
 *
 * Latches: from now on all I/O ends with an error, without being sent.
 * Any context; the rest is left to the control thread.
 */
void rbd_fence_noticed(struct rbd_device *dev);

/**
 * rbd_fence_announce() - tell log and udev once
 *
 * Control thread; sleeps.
 */
void rbd_fence_announce(struct rbd_device *dev);

/**
 * rbd_fence_self() - have our own address blocklisted
 * @timeout: jiffies
 *
 * After success the monitors have committed the entry and we have that OSD
 * map. An OSD refuses us from the moment on at which it has the map too: a
 * write that is under way to one that lags may still be applied until then.
 * Announces it, unless that was done or is about to be. Control thread;
 * sleeps. Return: 0, -ERESTARTSYS when the monitors did not answer in time,
 * -EACCES...
 */
int rbd_fence_self(struct rbd_device *dev, unsigned long timeout);

#endif
