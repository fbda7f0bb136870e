/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What rbdmap mapped itself: one small file per device in /run/rbdmap, so that
 * stop leaves alone what an administrator or a cluster manager mapped.
 *
 * $RBDMAP_RUN replaces /run/rbdmap (for tests).
 */
#ifndef RBDSHARE_MAP_STATE_H
#define RBDSHARE_MAP_STATE_H

#include <stdbool.h>

#include "lib/krbd.h"

/**
 * state_record() - remember that we mapped /dev/rbdN
 *
 * Return: 0 or a negative errno.
 */
int state_record(const struct krbd_device *dev);

/**
 * state_ours() - did we map this device?
 *
 * The record must name the same image and the same client session: numbers are
 * used again.
 */
bool state_ours(const struct krbd_device *dev);

void state_forget(unsigned int id);

#endif
