/* SPDX-License-Identifier: GPL-2.0 */
/*
 * All differences between kernel versions. The driver is written for the
 * newest kernel; what older ones lack is made up for here.
 */
#ifndef RBD_COMPAT_H
#define RBD_COMPAT_H

#include <linux/blk-mq.h>
#include <linux/blkdev.h>
#include <linux/device.h>

#ifdef RBD_HAVE_CONST_BUS
#define rbd_bus_type_arg const struct bus_type
#else
#define rbd_bus_type_arg struct bus_type
#endif

/*
 * Queue limits of our disks, all of them that differ from the default.
 * Bytes, but for queue limits whose name says sectors.
 */
struct rbd_disk_limits {
	unsigned int object_size;
	unsigned int alloc_size;
	unsigned int trim_sectors;	/* 0: neither discard nor zeroes */
	bool stable_writes;
};

/*
 * bd9670a1a4d4 ("block: pass a queue_limits argument to blk_mq_alloc_disk"),
 * 6.9; features in the limits since 1122c0c1cc71, 6.11
 */
#ifdef BLK_FEAT_STABLE_WRITES
#define rbd_compat_alloc_disk(set, l, data)				\
({									\
	struct queue_limits __lim = {					\
		.logical_block_size	= SECTOR_SIZE,			\
		.physical_block_size	= SECTOR_SIZE,			\
		.chunk_sectors		= (l)->object_size >> SECTOR_SHIFT, \
		.max_hw_sectors		= (l)->object_size >> SECTOR_SHIFT, \
		.max_user_sectors	= (l)->object_size >> SECTOR_SHIFT, \
		.max_segments		= USHRT_MAX,			\
		.max_segment_size	= UINT_MAX,			\
		.io_min			= (l)->alloc_size,		\
		.io_opt			= (l)->object_size,		\
		.features		= (l)->stable_writes ?		\
					  BLK_FEAT_STABLE_WRITES : 0,	\
	};								\
	if ((l)->trim_sectors) {					\
		__lim.discard_granularity = (l)->alloc_size;		\
		__lim.max_hw_discard_sectors = (l)->trim_sectors;	\
		__lim.max_write_zeroes_sectors = (l)->trim_sectors;	\
	}								\
	blk_mq_alloc_disk(set, &__lim, data);				\
})
#else
static inline void rbd_compat_set_limits(struct request_queue *q,
					 const struct rbd_disk_limits *l)
{
	blk_queue_chunk_sectors(q, l->object_size >> SECTOR_SHIFT);
	blk_queue_max_hw_sectors(q, l->object_size >> SECTOR_SHIFT);
	q->limits.max_sectors = queue_max_hw_sectors(q);
	blk_queue_max_segments(q, USHRT_MAX);
	blk_queue_max_segment_size(q, UINT_MAX);
	blk_queue_io_min(q, l->alloc_size);
	blk_queue_io_opt(q, l->object_size);
	blk_queue_flag_set(QUEUE_FLAG_NONROT, q);
	blk_queue_flag_clear(QUEUE_FLAG_ADD_RANDOM, q);
	if (l->stable_writes)
		blk_queue_flag_set(QUEUE_FLAG_STABLE_WRITES, q);
	if (l->trim_sectors) {
		q->limits.discard_granularity = l->alloc_size;
		blk_queue_max_discard_sectors(q, l->trim_sectors);
		blk_queue_max_write_zeroes_sectors(q, l->trim_sectors);
	}
}

#define rbd_compat_alloc_disk(set, l, data)				\
({									\
	struct gendisk *__disk = blk_mq_alloc_disk(set, data);		\
									\
	if (!IS_ERR(__disk))						\
		rbd_compat_set_limits(__disk->queue, l);		\
	__disk;								\
})
#endif

/* open and release of block_device_operations */
#ifdef RBD_HAVE_DISK_OPEN
#define RBD_COMPAT_OPEN(name, disk_arg) \
	static int name(struct gendisk *disk_arg, blk_mode_t mode)
#define RBD_COMPAT_RELEASE(name, disk_arg) \
	static void name(struct gendisk *disk_arg)
#define rbd_compat_open_disk(disk_arg) (disk_arg)
#else
#define RBD_COMPAT_OPEN(name, disk_arg) \
	static int name(struct block_device *disk_arg, fmode_t mode)
#define RBD_COMPAT_RELEASE(name, disk_arg) \
	static void name(struct gendisk *disk_arg, fmode_t mode)
#define rbd_compat_open_disk(disk_arg) ((disk_arg)->bd_disk)
#endif

#endif
