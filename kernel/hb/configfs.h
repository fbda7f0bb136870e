/* SPDX-License-Identifier: GPL-2.0 */
/* /sys/kernel/config/rbdshare, see Documentation/ABI/configfs-rbdshare.md */
#ifndef RBD_HB_CONFIGFS_H
#define RBD_HB_CONFIGFS_H

/** hb_configfs_register() - Return: 0 or -errno */
int hb_configfs_register(void);
void hb_configfs_unregister(void);

#endif
