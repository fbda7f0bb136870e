/* SPDX-License-Identifier: GPL-2.0 */
/* Which image, by name and by number. */
#ifndef RBD_SPEC_H
#define RBD_SPEC_H

#include <linux/ceph/libceph.h>

#include "addline.h"

/**
 * struct rbd_spec - an image or a snapshot of it
 * @pool_name: as given
 * @image_name: as given
 * @snap_name: as given, "-" for the image itself
 * @image_id: looked up; cls_rbd's key of the image
 * @pool_id: looked up
 * @snap_id: looked up, CEPH_NOSNAP for the image itself
 *
 * Const after rbd_spec_resolve().
 */
struct rbd_spec {
	char pool_name[RBD_POOL_NAME_MAX + 1];
	char image_name[RBD_IMAGE_NAME_MAX + 1];
	char snap_name[RBD_SNAP_NAME_MAX + 1];
	char image_id[64];
	s64 pool_id;
	u64 snap_id;
};

static inline bool rbd_spec_is_snap(const struct rbd_spec *spec)
{
	return spec->snap_id != CEPH_NOSNAP;
}

/** rbd_spec_init() - take the names of an add line */
void rbd_spec_init(struct rbd_spec *spec, const struct rbd_addline *line);

/**
 * rbd_spec_find_pool() - look the pool up
 *
 * Sleeps. Says what is wrong. Return: 0 or -ENOENT, -ETIMEDOUT...
 */
int rbd_spec_find_pool(struct rbd_spec *spec, struct ceph_client *ceph);

/**
 * rbd_spec_find_image() - look the image id up
 * @spec: pool_id is set
 * @ceph: connection
 * @oloc: pool and namespace of the image
 *
 * Sleeps. Says what is wrong. Return: 0 or -ENOENT, -EPERM, -ETIMEDOUT...
 */
int rbd_spec_find_image(struct rbd_spec *spec, struct ceph_client *ceph,
			const struct ceph_object_locator *oloc);

#endif
