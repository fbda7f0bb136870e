/* SPDX-License-Identifier: GPL-2.0 */
/*
 * /etc/ceph/rbd.d/POOL/[NS/]IMAGE[@SNAP]: called with "map DEVICE" after an
 * image was mapped and mounted, with "unmap DEVICE" before it goes.
 */
#ifndef RBDSHARE_MAP_HOOKS_H
#define RBDSHARE_MAP_HOOKS_H

#include "lib/spec.h"
#include "map/pool.h"

/**
 * hooks_run() - run the hook of an image, if there is one
 * @what: "map" or "unmap"
 * @id: its device; the hook gets the link in /dev/rbd when that exists
 * @timeout_ms: after which it is killed
 *
 * Return: 1 when a hook ran and succeeded, 0 when there is none, a negative
 * errno with reply->text when it failed.
 */
int hooks_run(const struct rbd_spec *spec, const char *what, unsigned int id,
	      int timeout_ms, struct pool_reply *reply);

#endif
