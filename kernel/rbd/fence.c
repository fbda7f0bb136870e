// SPDX-License-Identifier: GPL-2.0
/* Being cut off by the cluster, and cutting ourselves off. */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include "fence.h"

#include <linux/blkdev.h>
#include <linux/kobject.h>

#include "device.h"
#include "log.h"

void rbd_fence_noticed(struct rbd_device *dev)
{
	if (test_and_set_bit(RBD_DEV_FENCED, &dev->flags))
		return;
	rbd_control_post(dev, RBD_EV_FENCED);
}

void rbd_fence_announce(struct rbd_device *dev)
{
	char state[] = "RBD_STATE=fenced";
	char *env[2] = { state, NULL };
	struct ceph_entity_addr *addr = ceph_client_addr(dev->client->ceph);

	/* The connection is lost for good: no new mapping may join it. */
	rbd_client_retire(dev->client);
	rbd_err(dev, "fenced: the cluster blocklisted %pISpc/%u; all I/O fails now, unmap and map the image again to go on\n",
		&addr->in_addr, le32_to_cpu(addr->nonce));
	rbd_gate_fenced(dev);
	kobject_uevent_env(&disk_to_dev(dev->disk)->kobj, KOBJ_CHANGE, env);
}

int rbd_fence_self(struct rbd_device *dev, unsigned long timeout)
{
	struct ceph_client *ceph = dev->client->ceph;
	int err;

	rbd_control_begin_op(dev, timeout);
	err = ceph_monc_blocklist_add(&ceph->monc, ceph_client_addr(ceph));
	rbd_control_end_op(dev);
	if (err)
		rbd_err(dev, "could not blocklist ourselves (%d): a write that was already sent may still be applied\n",
			err);
	else if (!test_and_set_bit(RBD_DEV_FENCED, &dev->flags))
		rbd_fence_announce(dev);
	return err;
}
