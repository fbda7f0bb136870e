// SPDX-License-Identifier: GPL-2.0
/* Attributes of a device. */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include "attrs.h"

#include <linux/device.h>
#include <linux/sysfs.h>

#include "abort.h"
#include "device.h"
#include "disk.h"
#include "header.h"

#define SHOW(attr, fmt, ...)						\
static ssize_t attr##_show(struct device *d, struct device_attribute *a, \
			   char *buf)					\
{									\
	struct rbd_device *dev = rbd_from_dev(d);			\
									\
	return sysfs_emit(buf, fmt "\n", __VA_ARGS__);			\
}

#define SHOW_RO(attr, fmt, ...)						\
	SHOW(attr, fmt, __VA_ARGS__)					\
	static DEVICE_ATTR_RO(attr)

static struct ceph_entity_addr *address(struct rbd_device *dev)
{
	return ceph_client_addr(dev->client->ceph);
}

static u64 features_of(struct rbd_device *dev)
{
	struct rbd_header *header = rbd_header_get(dev);
	u64 features = header ? header->features : 0;

	rbd_header_put(header);
	return features;
}

static const char *state_of(struct rbd_device *dev)
{
	unsigned long flags = READ_ONCE(dev->flags);
	struct rbd_header *header;
	const char *state = "ok";

	if (flags & BIT(RBD_DEV_FENCED))
		return "fenced";
	if (flags & BIT(RBD_DEV_REMOVING))
		return "removing";
	if (flags & BIT(RBD_DEV_OFFLINE))
		return "offline";
	header = rbd_header_get(dev);
	if (header && header->gone)
		state = "snapshot-gone";
	else if (header && header->write_refused)
		state = "writes-refused";
	else if (!READ_ONCE(dev->control.watched) && !dev->read_only)
		state = "unwatched";
	rbd_header_put(header);
	return state;
}

static const char *policy_of(struct rbd_device *dev)
{
	return rbd_on_timeout_str(READ_ONCE(dev->options.on_timeout));
}

SHOW_RO(size, "%llu", (u64)get_capacity(dev->disk) << SECTOR_SHIFT);
SHOW_RO(features, "0x%016llx", features_of(dev));
SHOW_RO(major, "%d", dev->major);
SHOW_RO(minor, "%d", rbd_disk_minor(dev));
SHOW_RO(client_addr, "%pISpc/%u", &address(dev)->in_addr,
	le32_to_cpu(address(dev)->nonce));
SHOW_RO(client_id, "client%lld", ceph_client_gid(dev->client->ceph));
SHOW_RO(cluster_fsid, "%pU", &dev->client->ceph->fsid);
SHOW_RO(pool, "%s", dev->spec.pool_name);
SHOW_RO(pool_id, "%lld", dev->spec.pool_id);
SHOW_RO(pool_ns, "%s", dev->options.pool_ns);
SHOW_RO(name, "%s", dev->spec.image_name);
SHOW_RO(image_id, "%s", dev->spec.image_id);
SHOW_RO(current_snap, "%s", dev->spec.snap_name);
SHOW_RO(snap_id, "%llu", dev->spec.snap_id);
SHOW_RO(parent, "%s", dev->spec.image_id[0] ? "(no parent image)" : "");
SHOW_RO(mode, "%s", dev->shared ? "shared" : "single");
SHOW_RO(state, "%s", state_of(dev));

SHOW(config_info, "%s", dev->config_info)
static DEVICE_ATTR_ADMIN_RO(config_info);

SHOW(io_timeout, "%u", READ_ONCE(dev->options.io_timeout_s))
SHOW(on_timeout, "%s", policy_of(dev))

static ssize_t io_timeout_store(struct device *d, struct device_attribute *a,
				const char *buf, size_t count)
{
	struct rbd_device *dev = rbd_from_dev(d);
	unsigned int seconds;
	int err = kstrtouint(buf, 10, &seconds);

	if (err)
		return err;
	if (!seconds || seconds > INT_MAX / 1000)
		return -ERANGE;
	WRITE_ONCE(dev->options.io_timeout_s, seconds);
	rbd_control_policy_changed(dev);
	return count;
}
static DEVICE_ATTR_RW(io_timeout);

static ssize_t on_timeout_store(struct device *d, struct device_attribute *a,
				const char *buf, size_t count)
{
	struct rbd_device *dev = rbd_from_dev(d);
	struct rbd_span text = { buf, strcspn(buf, "\n") };
	enum rbd_on_timeout policy;
	int err = rbd_on_timeout_parse(text, &policy);

	if (err)
		return err;
	/* Failing alone lets a write land late; a fence hits a connection. */
	if (policy == RBD_ON_TIMEOUT_FAIL && dev->shared)
		return -EOPNOTSUPP;
	if (policy == RBD_ON_TIMEOUT_FENCE && !rbd_client_private(dev->client))
		return -EOPNOTSUPP;
	WRITE_ONCE(dev->options.on_timeout, policy);
	rbd_control_policy_changed(dev);
	return count;
}
static DEVICE_ATTR_RW(on_timeout);

SHOW(offline, "%d", test_bit(RBD_DEV_OFFLINE, &dev->flags))

static ssize_t offline_store(struct device *d, struct device_attribute *a,
			     const char *buf, size_t count)
{
	bool offline;
	int err = kstrtobool(buf, &offline);

	if (err)
		return err;
	/* What failed meanwhile cannot be made undone. */
	if (!offline)
		return -EOPNOTSUPP;
	rbd_device_set_offline(rbd_from_dev(d));
	return count;
}
static DEVICE_ATTR_RW(offline);

static ssize_t inflight_show(struct device *d, struct device_attribute *a,
			     char *buf)
{
	return rbd_abort_show(rbd_from_dev(d), buf, PAGE_SIZE);
}
static DEVICE_ATTR_RO(inflight);

static ssize_t refresh_store(struct device *d, struct device_attribute *a,
			     const char *buf, size_t count)
{
	int err = rbd_control_refresh(rbd_from_dev(d));

	return err ?: count;
}
static DEVICE_ATTR_WO(refresh);

static struct attribute *device_attrs[] = {
	&dev_attr_size.attr,
	&dev_attr_features.attr,
	&dev_attr_major.attr,
	&dev_attr_minor.attr,
	&dev_attr_client_addr.attr,
	&dev_attr_client_id.attr,
	&dev_attr_cluster_fsid.attr,
	&dev_attr_config_info.attr,
	&dev_attr_pool.attr,
	&dev_attr_pool_id.attr,
	&dev_attr_pool_ns.attr,
	&dev_attr_name.attr,
	&dev_attr_image_id.attr,
	&dev_attr_current_snap.attr,
	&dev_attr_snap_id.attr,
	&dev_attr_parent.attr,
	&dev_attr_refresh.attr,
	&dev_attr_mode.attr,
	&dev_attr_state.attr,
	&dev_attr_io_timeout.attr,
	&dev_attr_on_timeout.attr,
	&dev_attr_offline.attr,
	&dev_attr_inflight.attr,
	NULL,
};

static const struct attribute_group device_group = {
	.attrs = device_attrs,
};

const struct attribute_group *rbd_attr_groups[] = { &device_group, NULL };
