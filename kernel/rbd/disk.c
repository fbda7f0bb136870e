// SPDX-License-Identifier: GPL-2.0
/* The block device of a mapping. */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include "disk.h"

#include <linux/blk-mq.h>
#include <linux/blkdev.h>

#include "compat.h"
#include "device.h"
#include "header.h"
#include "io.h"
#include "log.h"

#define DRIVER_NAME "rbd"
#define MINORS_SHARED_SHIFT 4
#define MINORS_OWN 256

/* Major of all devices, or 0 when each has its own. */
static int single_major_number;

int rbd_disk_module_init(bool single_major)
{
	int ret;

	if (!single_major)
		return 0;
	ret = register_blkdev(0, DRIVER_NAME);
	if (ret < 0)
		return ret;
	single_major_number = ret;
	return 0;
}

void rbd_disk_module_exit(void)
{
	if (single_major_number)
		unregister_blkdev(single_major_number, DRIVER_NAME);
}

int rbd_disk_minor(const struct rbd_device *dev)
{
	return single_major_number ? dev->id << MINORS_SHARED_SHIFT : 0;
}

unsigned int rbd_disk_ids_max(void)
{
	return (1U << (MINORBITS - MINORS_SHARED_SHIFT)) - 1;
}

RBD_COMPAT_OPEN(rbd_disk_open, arg)
{
	struct rbd_device *dev = rbd_compat_open_disk(arg)->private_data;
	int err = 0;

	spin_lock(&dev->open_lock);
	if (test_bit(RBD_DEV_REMOVING, &dev->flags))
		err = -ENOENT;
	else
		dev->open_count++;
	spin_unlock(&dev->open_lock);
	return err;
}

RBD_COMPAT_RELEASE(rbd_disk_release, disk)
{
	struct rbd_device *dev = disk->private_data;

	spin_lock(&dev->open_lock);
	dev->open_count--;
	spin_unlock(&dev->open_lock);
}

/* BLKROSET: what was mapped read-only stays so. */
static int rbd_disk_set_read_only(struct block_device *bdev, bool ro)
{
	struct rbd_device *dev = bdev->bd_disk->private_data;

	return dev->read_only && !ro ? -EROFS : 0;
}

static void rbd_disk_free(struct gendisk *disk)
{
	struct rbd_device *dev = disk->private_data;

	put_device(&dev->dev);
}

static const struct block_device_operations disk_ops = {
	.owner = THIS_MODULE,
	.open = rbd_disk_open,
	.release = rbd_disk_release,
	.set_read_only = rbd_disk_set_read_only,
	.free_disk = rbd_disk_free,
};

static int create_tag_set(struct rbd_device *dev)
{
	struct blk_mq_tag_set *set = &dev->tag_set;

	set->ops = &rbd_mq_ops;
	set->queue_depth = min_t(u32, dev->options.queue_depth,
				 BLK_MQ_MAX_DEPTH);
	set->numa_node = NUMA_NO_NODE;
	set->flags = BLK_MQ_F_SHOULD_MERGE | BLK_MQ_F_BLOCKING |
		     BLK_MQ_F_NO_SCHED_BY_DEFAULT;
	set->nr_hw_queues = num_present_cpus();
	set->cmd_size = sizeof(struct rbd_io);
	return blk_mq_alloc_tag_set(set);
}

static void set_numbers(struct rbd_device *dev, struct gendisk *disk)
{
	strscpy(disk->disk_name, dev->name, sizeof(disk->disk_name));
	disk->major = dev->major;
	disk->first_minor = rbd_disk_minor(dev);
	disk->minors = single_major_number ? 1 << MINORS_SHARED_SHIFT :
					     MINORS_OWN;
}

int rbd_disk_create(struct rbd_device *dev)
{
	struct ceph_options *ceph = dev->client->ceph->options;
	struct rbd_header *header = rbd_header_get(dev);
	u32 object_sectors = 1U << (header->order - SECTOR_SHIFT);
	struct rbd_disk_limits limits = {
		.object_size = 1U << header->order,
		.alloc_size = dev->options.alloc_size,
		.trim_sectors = dev->options.trim && !dev->read_only ?
				RBD_TRIM_OBJECTS * object_sectors : 0,
		/* A checksum is made of pages that must not change then. */
		.stable_writes = !(ceph->flags & CEPH_OPT_NOCRC),
	};
	sector_t capacity = header->size >> SECTOR_SHIFT;
	struct gendisk *disk;
	int err;

	rbd_header_put(header);
	err = create_tag_set(dev);
	if (err)
		return err;

	dev->major = single_major_number;
	if (!single_major_number) {
		dev->major = register_blkdev(0, dev->name);
		if (dev->major < 0) {
			err = dev->major;
			goto out_free_tag_set;
		}
	}

	disk = rbd_compat_alloc_disk(&dev->tag_set, &limits, dev);
	if (IS_ERR(disk)) {
		err = PTR_ERR(disk);
		goto out_unregister;
	}
	set_numbers(dev, disk);
	disk->fops = &disk_ops;
	disk->private_data = dev;
	set_capacity(disk, capacity);
	set_disk_ro(disk, dev->read_only);
	dev->disk = disk;
	return 0;

out_unregister:
	if (!single_major_number)
		unregister_blkdev(dev->major, dev->name);
out_free_tag_set:
	blk_mq_free_tag_set(&dev->tag_set);
	return err;
}

int rbd_disk_add(struct rbd_device *dev)
{
	int err;

	get_device(&dev->dev);
	err = device_add_disk(&dev->dev, dev->disk, NULL);
	/* A disk that was never added is not freed by free_disk. */
	if (err)
		put_device(&dev->dev);
	return err;
}

void rbd_disk_del(struct rbd_device *dev)
{
	del_gendisk(dev->disk);
}

void rbd_disk_destroy(struct rbd_device *dev)
{
	if (!dev->disk)
		return;
	/* The last reference of the disk may be the last of the device. */
	get_device(&dev->dev);
	put_disk(dev->disk);
	blk_mq_free_tag_set(&dev->tag_set);
	if (!single_major_number)
		unregister_blkdev(dev->major, dev->name);
	put_device(&dev->dev);
}

bool rbd_disk_drain(struct rbd_device *dev, unsigned long timeout)
{
	struct request_queue *q = dev->disk->queue;
	bool drained;

	blk_freeze_queue_start(q);
	drained = blk_mq_freeze_queue_wait_timeout(q, timeout) > 0;
	blk_mq_unfreeze_queue(q);
	return drained;
}
