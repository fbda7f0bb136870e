/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A mapped image.
 *
 * Life: rbd_device_map() makes it and shows it; rbd_device_unmap() takes it
 * off the bus and the block layer. The structure lives on while a program
 * has the disk open, until the last reference to the struct device is put.
 *
 * Lock order, outer first:
 *   rbd_bus_lock (bus.c) - the list of devices; removal of a device
 *   dev->open_lock - open_count against the start of a removal
 *   dev->control.lock - notifications that wait to be answered
 * No lock of ours is held across a call into libceph or the block layer,
 * but for rbd_bus_lock, which the I/O path never takes.
 */
#ifndef RBD_DEVICE_H
#define RBD_DEVICE_H

#include <linux/blk-mq.h>
#include <linux/ceph/libceph.h>
#include <linux/device.h>

#include "addline.h"
#include "client.h"
#include "control.h"
#include "gate.h"
#include "map_options.h"
#include "spec.h"

struct rbd_header;

/* Bits of rbd_device.flags, changed atomically. */
enum rbd_device_flag {
	RBD_DEV_REMOVING,	/* an unmap was begun; no new I/O, no open */
	RBD_DEV_UNMAPPING,	/* somebody is in rbd_device_unmap() */
	RBD_DEV_DEAD,		/* I/O ends at once: full-force */
	RBD_DEV_FENCED,		/* the cluster blocklisted us; for ever */
	RBD_DEV_OFFLINE,	/* somebody wants no more I/O; for ever */
};

/**
 * struct rbd_device - a mapped image
 * @dev: on the bus "rbd"; its references keep this structure
 * @node: in the list of devices, under rbd_bus_lock
 * @name: "rbdN"; const
 * @id: N; const
 * @major: block device major; const once the disk is added
 * @flags: enum rbd_device_flag
 * @spec: which image; const once mapped
 * @options: of the mapping; io_timeout_s and on_timeout may change at any
 *	time (read with READ_ONCE), the rest is const
 * @config_info: the add line, without the secret; const
 * @read_only: mapped read-only; const
 * @shared: in shared mode; const once mapped
 * @client: connection; const once mapped
 * @header_oid: object of the image header; const once mapped
 * @header_oloc: its pool and namespace; const once mapped
 * @data_oloc: those of the data; const once mapped
 * @object_prefix: name of the data objects up to the number; const
 * @header: current state of the image, see header.h
 * @control: the thread that does everything slow
 * @gate: in front of I/O, see gate.h
 * @disk: block device; const once mapped
 * @tag_set: its requests
 * @open_lock: protects @open_count
 * @open_count: how often the disk is open
 * @lock_held: the shared lock is taken; control thread only
 */
struct rbd_device {
	struct device dev;
	struct list_head node;
	char name[16];
	u32 id;
	int major;
	unsigned long flags;
	struct rbd_spec spec;
	struct rbd_map_options options;
	char *config_info;
	bool read_only;
	bool shared;
	struct rbd_client *client;
	struct ceph_object_id header_oid;
	struct ceph_object_locator header_oloc;
	struct ceph_object_locator data_oloc;
	char object_prefix[64];
	struct rbd_header __rcu *header;
	struct rbd_control control;
	struct rbd_gate gate;
	struct gendisk *disk;
	struct blk_mq_tag_set tag_set;
	spinlock_t open_lock;	/* protects @open_count */
	unsigned int open_count;
	bool lock_held;
};

static inline struct rbd_device *rbd_from_dev(struct device *dev)
{
	return container_of(dev, struct rbd_device, dev);
}

/* Does all I/O end with an error, before it is sent? Any context. */
static inline bool rbd_device_refuses_io(const struct rbd_device *dev)
{
	return READ_ONCE(dev->flags) & (BIT(RBD_DEV_REMOVING) |
					BIT(RBD_DEV_DEAD) |
					BIT(RBD_DEV_OFFLINE));
}

static inline struct ceph_osd_client *rbd_osdc(struct rbd_device *dev)
{
	return &dev->client->ceph->osdc;
}

/* Jiffies that a call about the header may take, 0 for ever. */
static inline unsigned long rbd_timeout(struct rbd_device *dev)
{
	return dev->client->ceph->options->mount_timeout;
}

/**
 * rbd_device_map() - map an image
 * @text: the add line, terminated
 * @len: its length
 *
 * Sleeps; killable. Says what is wrong when it fails. On success the device
 * is on the bus, the disk is there, and udev was told of both.
 *
 * Return: the device, whose reference belongs to the list of devices, or
 * ERR_PTR.
 */
struct rbd_device *rbd_device_map(const char *text, size_t len);

/**
 * rbd_device_unmap() - undo rbd_device_map()
 * @dev: the caller holds a reference
 * @force: how; RBD_REMOVE_FORCE waits for running requests (killable),
 *	RBD_REMOVE_FULL_FORCE ends them and returns in bounded time
 *
 * Sleeps. Return: 0; -EBUSY when it is open and @force is
 * RBD_REMOVE_IF_UNUSED; -EINPROGRESS when somebody else is at it, who was
 * told to go on by full-force if that is @force; -ERESTARTSYS when the wait
 * was interrupted: then the device does no more I/O, but is still there to
 * be unmapped again.
 */
int rbd_device_unmap(struct rbd_device *dev, enum rbd_remove_force force);

/**
 * rbd_device_set_offline() - fail all I/O from now on, also what is held
 * @dev: the caller holds a reference
 *
 * What was sent before goes on; nothing is sent once this returned. There is
 * no way back but a new mapping. Sleeps.
 */
void rbd_device_set_offline(struct rbd_device *dev);

/** rbd_device_ids_destroy() - at the end of the module */
void rbd_device_ids_destroy(void);

#endif
