// SPDX-License-Identifier: GPL-2.0
/* Start and end of the module. */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/ceph/libceph.h>
#include <linux/module.h>

#include "bus.h"
#include "control.h"
#include "device.h"
#include "disk.h"

static bool single_major = true;
module_param(single_major, bool, 0444);
MODULE_PARM_DESC(single_major,
		 "Use a single major number for all rbd devices (default: true)");

static int __init rbd_main_init(void)
{
	int err;

	if (!libceph_compatible(NULL)) {
		pr_err("libceph of another version is loaded\n");
		return -EINVAL;
	}
	err = rbd_control_workqueue_create();
	if (err)
		return err;
	err = rbd_disk_module_init(single_major);
	if (err)
		goto out_destroy_workqueue;
	err = rbd_bus_init(single_major);
	if (err)
		goto out_exit_disk;
	pr_info("rbdshare %s loaded\n", RBDSHARE_VERSION);
	return 0;

out_exit_disk:
	rbd_disk_module_exit();
out_destroy_workqueue:
	rbd_control_workqueue_destroy();
	return err;
}

static void __exit rbd_main_exit(void)
{
	rbd_bus_exit();
	rbd_disk_module_exit();
	rbd_control_workqueue_destroy();
	rbd_device_ids_destroy();
	/* Headers are freed behind a grace period by code of ours. */
	rcu_barrier();
}

module_init(rbd_main_init);
module_exit(rbd_main_exit);

MODULE_DESCRIPTION("Shared block devices on Ceph RADOS images");
MODULE_VERSION(RBDSHARE_VERSION);
MODULE_LICENSE("GPL");
