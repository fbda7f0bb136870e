// SPDX-License-Identifier: GPL-2.0
/* Image ranges, objects, and how to make them read as zeroes. */
#include "extent.h"

struct rbd_extent rbd_extent_first(u8 order, u64 image_offset, u64 length)
{
	u64 size = 1ULL << order;
	struct rbd_extent e = {
		.object = image_offset >> order,
		.offset = (u32)(image_offset & (size - 1)),
	};

	e.length = (u32)(length < size - e.offset ? length : size - e.offset);
	return e;
}

u64 rbd_extent_count(u8 order, u64 image_offset, u64 length)
{
	if (!length)
		return 0;
	return ((image_offset + length - 1) >> order) -
	       (image_offset >> order) + 1;
}

enum rbd_zero_op rbd_extent_plan_zero(u8 order, const struct rbd_extent *e)
{
	u64 end = (u64)e->offset + e->length;

	if (!e->length)
		return RBD_ZERO_NOTHING;
	if (end < 1ULL << order)
		return RBD_ZERO_RANGE;
	return e->offset ? RBD_ZERO_TRUNCATE : RBD_ZERO_REMOVE;
}

enum rbd_zero_op rbd_extent_plan_discard(u8 order, u32 granularity,
					 struct rbd_extent *e)
{
	u64 size = 1ULL << order;
	u64 unit = granularity < size ? granularity : size;
	u64 start = (e->offset + unit - 1) & ~(unit - 1);
	u64 end = ((u64)e->offset + e->length) & ~(unit - 1);

	if (start >= end) {
		e->length = 0;
		return RBD_ZERO_NOTHING;
	}
	e->offset = (u32)start;
	e->length = (u32)(end - start);
	return rbd_extent_plan_zero(order, e);
}
