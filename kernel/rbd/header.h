/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the image's header says, as a snapshot that never changes: a refresh
 * makes a new one. An I/O holds the one it began with.
 */
#ifndef RBD_HEADER_H
#define RBD_HEADER_H

#include <linux/ceph/libceph.h>
#include <linux/kref.h>
#include <linux/rcupdate.h>

struct rbd_device;

/**
 * struct rbd_hints - which objects were told their expected size
 * @kref: shared by successive headers as long as the size stays
 * @count: number of objects that have a bit
 * @told: one bit an object
 */
struct rbd_hints {
	struct kref kref;
	u64 count;
	unsigned long *told;
};

/**
 * struct rbd_header - state of the image at one moment; const but @kref
 * @kref: references
 * @rcu: for its end
 * @size: bytes of the image, or of the mapped snapshot
 * @features: features of the image
 * @incompat: those that a client must know
 * @order: log2 of the object size
 * @gone: the mapped snapshot was deleted
 * @write_refused: why writes are refused, NULL when they are not; static
 * @snapc: snapshots that a write must preserve
 * @hints: may be NULL when there was no memory
 */
struct rbd_header {
	struct kref kref;
	struct rcu_head rcu;
	u64 size;
	u64 features;
	u64 incompat;
	u8 order;
	bool gone;
	const char *write_refused;
	struct ceph_snap_context *snapc;
	struct rbd_hints *hints;
};

/**
 * rbd_header_read() - ask the OSDs for the header
 * @dev: spec, connection and locators are set; snap_id is only looked up
 *	here, when the device has no header yet
 *
 * Sleeps, killable, bounded by mount_timeout. Return: the header, the
 * caller's, or ERR_PTR.
 */
struct rbd_header *rbd_header_read(struct rbd_device *dev);

/**
 * rbd_header_read_once() - what never changes: object prefix, data pool,
 *	striping, parent
 *
 * Says what is wrong. Context as rbd_header_read(). Return: 0 or -errno.
 */
int rbd_header_read_once(struct rbd_device *dev);

/**
 * rbd_header_find_snap() - look the snapshot's name up
 *
 * Says what is wrong. Context as rbd_header_read(). Return: 0 or -errno.
 */
int rbd_header_find_snap(struct rbd_device *dev);

/**
 * rbd_header_metadata() - a value of the image's metadata
 * @key: which
 * @value: text, terminated
 * @size: room in @value
 *
 * Return: 0, -ENOENT when the key is not set, -E2BIG, -ETIMEDOUT...
 */
int rbd_header_metadata(struct rbd_device *dev, const char *key, char *value,
			size_t size);

/** rbd_header_get() - the current header with a reference; any context */
struct rbd_header *rbd_header_get(struct rbd_device *dev);

/** rbd_header_put() - any context; NULL is fine */
void rbd_header_put(struct rbd_header *header);

/**
 * rbd_header_publish() - make a header the current one
 * @header: taken over; NULL at the end of a device
 *
 * Callers are serialized: mapping, then the control thread, then removal.
 */
void rbd_header_publish(struct rbd_device *dev, struct rbd_header *header);

/** rbd_hint_wanted() - should a write of this object carry a hint?
 *
 * True once an object, and again after rbd_hint_forget(). Any context.
 */
bool rbd_hint_wanted(struct rbd_header *header, u64 object);

/** rbd_hint_forget() - the object is deleted */
void rbd_hint_forget(struct rbd_header *header, u64 object);

#endif
