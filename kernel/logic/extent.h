/* SPDX-License-Identifier: GPL-2.0 */
/*
 * From a range of the image to its objects. Objects are 1 << order bytes
 * and follow each other in the image; all numbers are bytes.
 */
#ifndef RBD_LOGIC_EXTENT_H
#define RBD_LOGIC_EXTENT_H

#include "base.h"

/* log2 of the object sizes that an image can have: 4 KiB to 32 MiB. */
#define RBD_ORDER_MIN 12
#define RBD_ORDER_MAX 25

/**
 * struct rbd_extent - a piece of one object
 * @object: number of the object in the image
 * @offset: first byte in it
 * @length: number of bytes, never past the object's end
 */
struct rbd_extent {
	u64 object;
	u32 offset;
	u32 length;
};

/**
 * rbd_extent_first() - the first object's piece of an image range
 * @order: log2 of the object size
 * @image_offset: where the range starts
 * @length: length of the range
 */
struct rbd_extent rbd_extent_first(u8 order, u64 image_offset, u64 length);

/** rbd_extent_count() - how many objects a range touches */
u64 rbd_extent_count(u8 order, u64 image_offset, u64 length);

/* How a piece of an object is made to read as zeroes. */
enum rbd_zero_op {
	RBD_ZERO_NOTHING, /* a discard smaller than the granularity */
	RBD_ZERO_REMOVE, /* delete the object */
	RBD_ZERO_TRUNCATE, /* cut the object's tail off */
	RBD_ZERO_RANGE, /* punch a hole */
};

/**
 * rbd_extent_plan_discard() - what a discard does to a piece of an object
 * @order: log2 of the object size
 * @granularity: bytes, power of 2; the piece is shrunk to whole units of
 *	it, since an OSD frees no less
 * @e: the piece; shrunk accordingly
 */
enum rbd_zero_op rbd_extent_plan_discard(u8 order, u32 granularity,
					 struct rbd_extent *e);

/** rbd_extent_plan_zero() - the same for write-zeroes, which is exact */
enum rbd_zero_op rbd_extent_plan_zero(u8 order, const struct rbd_extent *e);

#endif
