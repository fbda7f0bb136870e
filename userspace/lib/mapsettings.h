/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The knobs of rbdmap. The init script and the unit read /etc/default/rbdmap
 * and put them into the environment; who runs before those reads the file.
 */
#ifndef RBDSHARE_LIB_MAPSETTINGS_H
#define RBDSHARE_LIB_MAPSETTINGS_H

/**
 * struct mapsettings - all times in seconds
 * @parallel: RBDMAP_PARALLEL, images mapped at a time
 * @start_timeout_s: RBDMAP_START_TIMEOUT, bound for mapping in all
 * @map_timeout_s: RBDMAP_MAP_TIMEOUT, bound for one attempt
 * @mount_timeout_s: RBDMAP_MOUNT_TIMEOUT, bound for one mount
 * @hook_timeout_s: RBDMAP_HOOK_TIMEOUT, bound for one hook
 * @stop_timeout_s: RBDMAP_STOP_TIMEOUT, bound for unmapping in all
 * @umount_timeout_s: RBDMAP_UMOUNT_TIMEOUT, patience with one unmount before
 *	the device is cut off
 */
struct mapsettings {
	unsigned int parallel;
	unsigned int start_timeout_s;
	unsigned int map_timeout_s;
	unsigned int mount_timeout_s;
	unsigned int hook_timeout_s;
	unsigned int stop_timeout_s;
	unsigned int umount_timeout_s;
};

/* The defaults; see rbdmap(8). */
extern const struct mapsettings mapsettings_default;

/**
 * mapsettings_environment() - take those the environment has
 * @s: keeps what is not set
 *
 * Warns about a value that is no number or out of range, and keeps the old.
 */
void mapsettings_environment(struct mapsettings *s);

/**
 * mapsettings_file() - the same from a file of assignments
 * @path: may be absent
 *
 * Says nothing about bad values: rbdmap itself will.
 *
 * Return: 0 or a negative errno, with nothing changed.
 */
int mapsettings_file(struct mapsettings *s, const char *path);

#endif
