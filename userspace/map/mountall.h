/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Mounting what fstab wants on our devices, and nothing else.
 */
#ifndef RBDSHARE_MAP_MOUNTALL_H
#define RBDSHARE_MAP_MOUNTALL_H

#include <stdbool.h>
#include <stddef.h>

/**
 * mountall_wants_ocfs2() - does fstab mount OCFS2 from a device in /dev/rbd, or
 * by a label or UUID that may turn out to be on one?
 */
bool mountall_wants_ocfs2(void);

/**
 * mountall() - mount the lines of fstab whose source is on these devices
 * @ids: numbers of /dev/rbdN
 * @o2cb_done: the cluster was brought online already
 *
 * Lines with noauto too: the others would have been mounted before the device
 * existed, so this is how fstab lines for mapped images are written.
 *
 * Return: number of mounts that failed (nofail ones not counted); a negative
 * errno when nothing could be tried. Says why.
 */
int mountall(const unsigned int *ids, size_t n, bool o2cb_done);

#endif
