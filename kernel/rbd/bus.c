// SPDX-License-Identifier: GPL-2.0
/*
 * /sys/bus/rbd. The files, their names and what is written to them are an
 * ABI that the stock tools use; see Documentation/ABI.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include "bus.h"

#include <linux/capability.h>
#include <linux/delay.h>
#include <linux/device.h>
#include <linux/mutex.h>

#include "addline.h"
#include "compat.h"
#include "device.h"
#include "image_features.h"
#include "log.h"

/* A second full-force unmap waits that long for the first one. */
#define OTHER_UNMAP_WAIT_MS 9000

static DEFINE_MUTEX(rbd_bus_lock);
static LIST_HEAD(devices);	/* under rbd_bus_lock; each with a reference */
static bool one_major;
static struct device *root;

static struct rbd_device *find_device(u32 id)
{
	struct rbd_device *found = NULL;
	struct rbd_device *dev;

	mutex_lock(&rbd_bus_lock);
	list_for_each_entry(dev, &devices, node) {
		if (dev->id == id) {
			found = dev;
			get_device(&dev->dev);
			break;
		}
	}
	mutex_unlock(&rbd_bus_lock);
	return found;
}

void rbd_bus_forget(struct rbd_device *dev)
{
	mutex_lock(&rbd_bus_lock);
	list_del_init(&dev->node);
	mutex_unlock(&rbd_bus_lock);
}

static ssize_t do_add(const char *buf, size_t count)
{
	struct rbd_device *dev;

	if (!capable(CAP_SYS_ADMIN))
		return -EPERM;
	dev = rbd_device_map(buf, count);
	if (IS_ERR(dev))
		return PTR_ERR(dev);
	mutex_lock(&rbd_bus_lock);
	list_add_tail(&dev->node, &devices);
	mutex_unlock(&rbd_bus_lock);
	return count;
}

/* Somebody else unmaps it; by full-force now, hence soon. */
static int wait_for_other(u32 id)
{
	struct rbd_device *dev;
	int waited;

	for (waited = 0; waited < OTHER_UNMAP_WAIT_MS; waited += 50) {
		dev = find_device(id);
		if (!dev)
			return 0;
		put_device(&dev->dev);
		msleep(50);
	}
	return -ETIMEDOUT;
}

static ssize_t do_remove(const char *buf, size_t count)
{
	enum rbd_remove_force force;
	struct rbd_device *dev;
	u32 id;
	int err;

	if (!capable(CAP_SYS_ADMIN))
		return -EPERM;
	if (rbd_removeline_parse(buf, count, &id, &force)) {
		pr_err("unmap failed: wanted: <device id> [force|full-force]\n");
		return -EINVAL;
	}
	dev = find_device(id);
	if (!dev) {
		pr_err("unmap failed: there is no device with id %u\n", id);
		return -ENOENT;
	}
	err = rbd_device_unmap(dev, force);
	put_device(&dev->dev);
	if (err == -EINPROGRESS && force == RBD_REMOVE_FULL_FORCE)
		err = wait_for_other(id);
	return err ?: count;
}

static ssize_t add_store(rbd_bus_type_arg *bus, const char *buf, size_t count)
{
	return one_major ? -EINVAL : do_add(buf, count);
}

static ssize_t remove_store(rbd_bus_type_arg *bus, const char *buf,
			    size_t count)
{
	return one_major ? -EINVAL : do_remove(buf, count);
}

static ssize_t add_single_major_store(rbd_bus_type_arg *bus, const char *buf,
				      size_t count)
{
	return do_add(buf, count);
}

static ssize_t remove_single_major_store(rbd_bus_type_arg *bus,
					 const char *buf, size_t count)
{
	return do_remove(buf, count);
}

static ssize_t supported_features_show(rbd_bus_type_arg *bus, char *buf)
{
	return sysfs_emit(buf, "0x%llx\n", RBD_FEATURES_SUPPORTED);
}

static BUS_ATTR_WO(add);
static BUS_ATTR_WO(remove);
static BUS_ATTR_WO(add_single_major);
static BUS_ATTR_WO(remove_single_major);
static BUS_ATTR_RO(supported_features);

static struct attribute *bus_attrs[] = {
	&bus_attr_add.attr,
	&bus_attr_remove.attr,
	&bus_attr_add_single_major.attr,
	&bus_attr_remove_single_major.attr,
	&bus_attr_supported_features.attr,
	NULL,
};

static umode_t bus_attr_visible(struct kobject *kobj, struct attribute *attr,
				int index)
{
	if (!one_major && (attr == &bus_attr_add_single_major.attr ||
			   attr == &bus_attr_remove_single_major.attr))
		return 0;
	return attr->mode;
}

static const struct attribute_group bus_group = {
	.attrs = bus_attrs,
	.is_visible = bus_attr_visible,
};

static const struct attribute_group *bus_groups[] = { &bus_group, NULL };

static struct bus_type bus_type = {
	.name = "rbd",
	.bus_groups = bus_groups,
};

#ifdef RBD_HAVE_CONST_BUS
const struct bus_type *rbd_bus(void)
#else
struct bus_type *rbd_bus(void)
#endif
{
	return &bus_type;
}

struct device *rbd_bus_root(void)
{
	return root;
}

int rbd_bus_init(bool single_major)
{
	int err;

	one_major = single_major;
	root = root_device_register("rbd");
	if (IS_ERR(root))
		return PTR_ERR(root);
	err = bus_register(&bus_type);
	if (err)
		root_device_unregister(root);
	return err;
}

void rbd_bus_exit(void)
{
	bus_unregister(&bus_type);
	root_device_unregister(root);
}
