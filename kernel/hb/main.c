// SPDX-License-Identifier: GPL-2.0
/* Start and end of the module. */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/module.h>

#include "configfs.h"
#include "link.h"

static int __init rbd_hb_main_init(void)
{
	int err = hb_link_register();

	if (err)
		return err;
	err = hb_configfs_register();
	if (err)
		hb_link_unregister();
	return err;
}

static void __exit rbd_hb_main_exit(void)
{
	hb_configfs_unregister();
	hb_link_unregister();
}

module_init(rbd_hb_main_init);
module_exit(rbd_hb_main_exit);

MODULE_DESCRIPTION("Heartbeats of nodes that share block devices on Ceph");
MODULE_VERSION(RBDSHARE_VERSION);
MODULE_LICENSE("GPL");
