/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Waiting, with a bound, until a mapped device can be used: its node exists
 * and udev has finished with it, so that its links are there too.
 */
#ifndef RBDSHARE_LIB_UDEVWAIT_H
#define RBDSHARE_LIB_UDEVWAIT_H

#include <stdbool.h>

struct udevwait;

/**
 * udevwait_open() - start to listen; call it before the device is made
 * @use_udev: false (or no udevd running) looks for the node only
 *
 * Return: a handle for udevwait_close(), or NULL when out of memory.
 */
struct udevwait *udevwait_open(bool use_udev);

/**
 * udevwait_device() - wait for /dev/rbdN
 * @timeout_ms: bound
 *
 * Return: 0; -ETIME when the node is there but udev did not say so in time
 * (links may be missing); -ETIMEDOUT when there is no node.
 */
int udevwait_device(struct udevwait *w, unsigned int id, int timeout_ms);

/**
 * udevwait_gone() - wait until the node of /dev/rbdN and its links are gone
 * @timeout_ms: bound
 *
 * The handle must be older than the removal. Return: 0; -ETIME when the node
 * is gone but udev did not say in time that its links are; -ETIMEDOUT when
 * the node is still there.
 */
int udevwait_gone(struct udevwait *w, unsigned int id, int timeout_ms);

void udevwait_close(struct udevwait *w);

#endif
