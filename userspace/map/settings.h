/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The knobs of rbdmap, from the environment: /etc/default/rbdmap is read by
 * the init script and by the unit.
 */
#ifndef RBDSHARE_MAP_SETTINGS_H
#define RBDSHARE_MAP_SETTINGS_H

/**
 * struct settings - all times in seconds
 * @parallel: RBDMAP_PARALLEL, images mapped at a time
 * @start_timeout_s: RBDMAP_START_TIMEOUT, bound for mapping in all
 * @map_timeout_s: RBDMAP_MAP_TIMEOUT, bound for one attempt
 * @mount_timeout_s: RBDMAP_MOUNT_TIMEOUT, bound for one mount
 * @hook_timeout_s: RBDMAP_HOOK_TIMEOUT, bound for one hook
 * @stop_timeout_s: RBDMAP_STOP_TIMEOUT, bound for unmapping in all
 * @umount_timeout_s: RBDMAP_UMOUNT_TIMEOUT, patience with one unmount before
 *	the device is cut off
 */
struct settings {
	unsigned int parallel;
	unsigned int start_timeout_s;
	unsigned int map_timeout_s;
	unsigned int mount_timeout_s;
	unsigned int hook_timeout_s;
	unsigned int stop_timeout_s;
	unsigned int umount_timeout_s;
};

extern struct settings settings;

/**
 * settings_read() - take them from the environment
 *
 * Warns about a value that is no number or out of range, and keeps the default.
 */
void settings_read(void);

#endif
