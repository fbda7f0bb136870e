/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The only door to the rbd driver: /sys/bus/rbd and /dev/rbdN.
 *
 * $RBDSHARE_SYSFS replaces /sys (tests run on a made-up tree).
 */
#ifndef RBDSHARE_LIB_KRBD_H
#define RBDSHARE_LIB_KRBD_H

#include <stdbool.h>
#include <sys/types.h>

#include "lib/fault.h"
#include "lib/spec.h"

/**
 * struct krbd_attr - an attribute the driver of the Linux tree does not have
 */
struct krbd_attr {
	char *name;
	char *value;
};

/**
 * struct krbd_device - one mapped image, as sysfs shows it
 * @id: N of /dev/rbdN
 * @spec: what is mapped; @spec.snap is "" for the image itself
 * @size: bytes
 * @read_only: the block device refuses writes
 * @config_info: the add line with the secret masked; "" without the rights
 * @extra: further attributes, @extra_n of them
 */
struct krbd_device {
	unsigned int id;
	struct rbd_spec spec;
	unsigned long long size;
	unsigned long long pool_id;
	unsigned int major;
	unsigned int minor;
	bool read_only;
	char *image_id;
	char *fsid;
	char *client_id;
	char *client_addr;
	char *features;
	char *config_info;
	struct krbd_attr *extra;
	size_t extra_n;
};

/* Devices by ascending id; krbd_list_free() frees it with its content. */
struct krbd_list {
	struct krbd_device *v;
	size_t n;
};

enum krbd_force {
	KRBD_REMOVE_IF_UNUSED, /* refuse while the device is open */
	KRBD_REMOVE_FORCE, /* open or not, but wait for running I/O */
	KRBD_REMOVE_FULL_FORCE, /* fail running I/O too: bounded in time */
};

/* Is the driver loaded? */
bool krbd_present(void);

/**
 * krbd_load_module() - load rbd (single_major=Y) unless it is there
 *
 * Return: 0 or a negative errno with the reason in @f.
 */
int krbd_load_module(struct fault *f);

/**
 * krbd_list() - all mapped devices
 *
 * No driver, no devices: an empty list and 0. A device that goes away while
 * it is read is left out.
 *
 * Return: 0 or a negative errno.
 */
int krbd_list(struct krbd_list *list, struct fault *f);
void krbd_list_free(struct krbd_list *list);

/**
 * krbd_find() - first device that maps @spec, NULL when none does
 */
const struct krbd_device *krbd_find(const struct krbd_list *list,
				    const struct rbd_spec *spec);

/**
 * krbd_find_node() - the device that a path means
 * @path: /dev/rbdN, a partition of it, or a link to either
 *
 * Return: the device; NULL when the path is no rbd device.
 */
const struct krbd_device *krbd_find_node(const struct krbd_list *list,
					 const char *path);

/**
 * krbd_add_line() - text for the driver's add file
 * @mons: "A:P,B:P"
 * @options: comma list, at least "name=ID"
 *
 * Return: a string to erase and free (it may hold a secret); NULL with @f set
 * when it is too long or out of memory.
 */
char *krbd_add_line(const char *mons, const char *options,
		    const struct rbd_spec *spec, struct fault *f);

/* krbd_mask() - overwrites the value of secret= in an add line. */
void krbd_mask(char *line);

/**
 * krbd_add() - write an add line and find out which device it made
 * @line: from krbd_add_line()
 * @spec: what the line maps
 * @id: number of the new device
 *
 * Blocks until the driver has mapped the image or given up.
 *
 * Return: 0 or the driver's negative errno.
 */
int krbd_add(const char *line, const struct rbd_spec *spec, unsigned int *id);

/**
 * krbd_remove() - unmap a device
 *
 * One attempt; see krbd_remove_wait() for one that outlasts udev.
 *
 * Return: 0 or the driver's negative errno.
 */
int krbd_remove(unsigned int id, enum krbd_force force);

/**
 * krbd_remove_wait() - unmap, again while the device is busy
 * @timeout_ms: how long to try again after -EBUSY; udev may hold the device
 *	for a moment
 *
 * Return: 0 or the driver's negative errno.
 */
int krbd_remove_wait(unsigned int id, enum krbd_force force, int timeout_ms);

/**
 * krbd_set_offline() - fail all I/O of a device for good, held I/O too
 *
 * Return: 0; -ENOENT no such device, or a driver that cannot do it; or the
 * driver's negative errno.
 */
int krbd_set_offline(unsigned int id);

/* krbd_in_flight() - has it requests that the cluster has not answered? */
bool krbd_in_flight(unsigned int id);

/* Path below /sys (or its stand-in), for callers that read attributes. */
char *krbd_sysfs_path(const char *fmt, ...)
	__attribute__((format(printf, 1, 2)));

#endif
