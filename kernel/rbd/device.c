// SPDX-License-Identifier: GPL-2.0
/* Mapping and unmapping of an image. */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include "device.h"

#include <linux/idr.h>
#include <linux/module.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>

#include "abort.h"
#include "attrs.h"
#include "bus.h"
#include "disk.h"
#include "header.h"
#include "image_features.h"
#include "log.h"
#include "options.h"

/* Value of this key in an image's metadata says how it is to be mapped. */
#define MODE_KEY "rbdshare.mode"
#define MODE_SHARED "shared"
/* An unmap gives the control thread that long to say good-bye. */
#define STOP_GRACE (65 * HZ)
#define STOP_GRACE_FORCED HZ
/* A full-force unmap waits that long for our address to be blocklisted. */
#define FENCE_WAIT (5 * HZ)

static DEFINE_IDA(ids);

void rbd_device_ids_destroy(void)
{
	ida_destroy(&ids);
}

/* The last reference is gone; also for a device that was never shown. */
static void rbd_device_release(struct device *d)
{
	struct rbd_device *dev = rbd_from_dev(d);
	char address[RBD_ADDRESS_MAX] = "";

	if (dev->shared && dev->client)
		rbd_client_address(dev->client, address);
	rbd_header_publish(dev, NULL);
	rbd_client_put(dev->client);
	if (*address)
		rbd_gate_retired(address);
	ceph_oid_destroy(&dev->header_oid);
	ceph_oloc_destroy(&dev->header_oloc);
	ceph_oloc_destroy(&dev->data_oloc);
	kfree(dev->config_info);
	if (dev->disk)
		pr_info("destroyed %s\n", dev->name);
	ida_free(&ids, dev->id);
	kfree(dev);
	module_put(THIS_MODULE);
}

static const struct device_type device_type = {
	.name = "rbd",
	.groups = rbd_attr_groups,
	.release = rbd_device_release,
};

static struct rbd_device *new_device(void)
{
	struct rbd_device *dev = kzalloc(sizeof(*dev), GFP_KERNEL);
	int id;

	if (!dev)
		return ERR_PTR(-ENOMEM);
	id = ida_alloc_max(&ids, rbd_disk_ids_max(), GFP_KERNEL);
	if (id < 0) {
		kfree(dev);
		return ERR_PTR(id);
	}
	dev->id = id;
	snprintf(dev->name, sizeof(dev->name), "rbd%d", id);
	INIT_LIST_HEAD(&dev->node);
	spin_lock_init(&dev->open_lock);
	ceph_oid_init(&dev->header_oid);
	ceph_oloc_init(&dev->header_oloc);
	ceph_oloc_init(&dev->data_oloc);
	rbd_control_init(dev);
	rbd_gate_init(dev);

	__module_get(THIS_MODULE);
	device_initialize(&dev->dev);
	dev->dev.bus = rbd_bus();
	dev->dev.type = &device_type;
	dev->dev.parent = rbd_bus_root();
	dev_set_name(&dev->dev, "%d", id);
	return dev;
}

static int open_session(struct rbd_device *dev, struct ceph_options *ceph)
{
	struct rbd_client *client = rbd_client_get(ceph);
	long err = PTR_ERR_OR_ZERO(client);

	if (!err) {
		dev->client = client;
		return 0;
	}
	if (err == -ETIMEDOUT || err == -EIO)
		rbd_map_err(&dev->spec, "the monitors do not answer; check their addresses and the network\n");
	else if (err == -EACCES || err == -EPERM || err == -ENOENT)
		rbd_map_err(&dev->spec, "the cluster refuses the client (%ld): unknown user, wrong key or too few rights\n",
			    err);
	else if (err == -EINVAL)
		rbd_map_err(&dev->spec, "cannot authenticate (-22): the key is missing or wrong\n");
	else
		rbd_map_err(&dev->spec, "cannot connect to the cluster (%ld)\n",
			    err);
	return err;
}

/* Pool, namespace and header object. */
static int find_image(struct rbd_device *dev)
{
	const char *ns = dev->options.pool_ns;
	int err;

	err = rbd_spec_find_pool(&dev->spec, dev->client->ceph);
	if (err)
		return err;
	dev->header_oloc.pool = dev->spec.pool_id;
	if (*ns && !dev->header_oloc.pool_ns) {
		dev->header_oloc.pool_ns = ceph_find_or_create_string(ns,
								strlen(ns));
		if (!dev->header_oloc.pool_ns)
			return -ENOMEM;
	}
	ceph_oloc_copy(&dev->data_oloc, &dev->header_oloc);
	err = rbd_spec_find_image(&dev->spec, dev->client->ceph,
				  &dev->header_oloc);
	if (err)
		return err;
	return ceph_oid_aprintf(&dev->header_oid, GFP_KERNEL, "rbd_header.%s",
				dev->spec.image_id);
}

/* Is the image marked as one for several nodes? */
static bool marked_shared(struct rbd_device *dev)
{
	char mode[32];
	int err = rbd_header_metadata(dev, MODE_KEY, mode, sizeof(mode));

	return !err && !strcmp(mode, MODE_SHARED);
}

static int check_shared_options(struct rbd_device *dev)
{
	struct ceph_options *ceph = dev->client->ceph->options;

	if (ceph->read_from_replica) {
		rbd_map_err(&dev->spec, "read_from_replica cannot be used in shared mode: a replica may not have the last write of another node\n");
		return -EINVAL;
	}
	if (dev->options.on_timeout == RBD_ON_TIMEOUT_FAIL ||
	    ceph->osd_request_timeout) {
		rbd_map_err(&dev->spec, "on_timeout=fail and osd_request_timeout cannot be used in shared mode: a write could land after it failed; use on_timeout=fence-then-fail\n");
		return -EINVAL;
	}
	return 0;
}

/*
 * Shared mode has a connection of its own, so that a fence hits just this
 * mapping. An image can say only once we are connected that it wants that.
 */
static int settle_mode(struct rbd_device *dev, const struct rbd_addline *line)
{
	struct ceph_options *ceph;
	struct rbd_client *client;
	int err;

	if (dev->read_only)
		return 0;
	dev->shared = dev->options.shared || marked_shared(dev);
	if (!dev->shared)
		return 0;
	err = check_shared_options(dev);
	if (err)
		return err;
	if (rbd_client_private(dev->client))
		return 0;

	err = rbd_options_parse(line, &dev->spec, &dev->options, &ceph);
	if (err)
		return err;
	ceph->flags |= CEPH_OPT_NOSHARE;
	client = dev->client;
	err = open_session(dev, ceph);
	if (!err)
		rbd_client_put(client);
	return err;
}

static int check_features(struct rbd_device *dev)
{
	struct rbd_header *header = rbd_header_get(dev);
	u64 features = header->features;
	u64 incompat = header->incompat;
	char names[128];
	u64 wrong;

	rbd_header_put(header);
	wrong = features & RBD_FEATURES_SINGLE_CLIENT;
	if (dev->shared && wrong) {
		rbd_features_names(wrong, names, sizeof(names));
		rbd_map_err(&dev->spec, "shared mode and single-client features exclude each other; switch them off with 'rbd feature disable %s/%s %s'\n",
			    dev->spec.pool_name, dev->spec.image_name, names);
		return -ENXIO;
	}
	wrong = incompat & ~RBD_FEATURES_SUPPORTED;
	if (wrong) {
		rbd_features_names(wrong, names, sizeof(names));
		rbd_map_err(&dev->spec, "not supported yet: %s; for use by several nodes switch it off with 'rbd feature disable %s/%s %s'\n",
			    names, dev->spec.pool_name, dev->spec.image_name,
			    names);
		return -ENXIO;
	}
	if (dev->options.exclusive || dev->options.lock_on_read) {
		rbd_map_err(&dev->spec, "options exclusive and lock_on_read need the feature exclusive-lock, which the image does not have\n");
		return -EINVAL;
	}
	if (dev->options.on_timeout == RBD_ON_TIMEOUT_FENCE &&
	    !rbd_client_private(dev->client)) {
		rbd_map_err(&dev->spec, "on_timeout=fence-then-fail needs the option noshare, since the fence hits the whole connection\n");
		return -EINVAL;
	}
	return 0;
}

static int read_header(struct rbd_device *dev)
{
	struct rbd_header *header;
	int err;

	if (strcmp(dev->spec.snap_name, "-")) {
		err = rbd_header_find_snap(dev);
		if (err)
			return err;
	}
	header = rbd_header_read(dev);
	if (IS_ERR(header)) {
		rbd_map_err(&dev->spec, "cannot read the image header (%ld)\n",
			    PTR_ERR(header));
		return PTR_ERR(header);
	}
	rbd_header_publish(dev, header);
	err = check_features(dev);
	return err ?: rbd_header_read_once(dev);
}

/* Everything up to the point where others can see the device. */
static int prepare(struct rbd_device *dev, const struct rbd_addline *line)
{
	struct ceph_options *ceph;
	int err;

	err = rbd_options_parse(line, &dev->spec, &dev->options, &ceph);
	if (err)
		return err;
	dev->read_only = dev->options.read_only ||
			 strcmp(dev->spec.snap_name, "-");
	if (dev->options.shared)
		ceph->flags |= CEPH_OPT_NOSHARE;
	err = open_session(dev, ceph);
	if (!err)
		err = find_image(dev);
	if (!err)
		err = settle_mode(dev, line);
	if (!err)
		err = read_header(dev);
	/* Whoever may write must be known to the others before it can. */
	if (!err)
		err = rbd_gate_admit(dev);
	if (err)
		return err;
	err = rbd_disk_create(dev);
	if (err) {
		rbd_map_err(&dev->spec, "cannot create the disk (%d)\n", err);
		return err;
	}
	return rbd_control_start(dev);
}

static int show(struct rbd_device *dev)
{
	int err;

	rbd_gate_enter(dev);
	err = device_add(&dev->dev);
	if (err)
		goto out_stop;
	err = rbd_disk_add(dev);
	if (err)
		goto out_del_device;
	rbd_control_policy_changed(dev);
	pr_info("created %s for %s/%s%s%s, %llu bytes%s%s\n", dev->name,
		dev->spec.pool_name, dev->spec.image_name,
		rbd_spec_is_snap(&dev->spec) ? "@" : "",
		rbd_spec_is_snap(&dev->spec) ? dev->spec.snap_name : "",
		(u64)get_capacity(dev->disk) << SECTOR_SHIFT,
		dev->shared ? ", shared" : "",
		dev->read_only ? ", read-only" : "");
	return 0;

out_del_device:
	device_del(&dev->dev);
out_stop:
	rbd_gate_leave(dev);
	rbd_map_err(&dev->spec, "cannot add the disk (%d)\n", err);
	rbd_control_stop(dev, STOP_GRACE);
	return err;
}

struct rbd_device *rbd_device_map(const char *text, size_t len)
{
	struct rbd_addline line;
	struct rbd_device *dev;
	const char *why;
	int err;

	err = rbd_addline_parse(text, len, &line, &why);
	if (err) {
		pr_err("map failed: %s; wanted: <monitors> <options> <pool> <image> [<snapshot>]\n",
		       why);
		return ERR_PTR(err);
	}
	dev = new_device();
	if (IS_ERR(dev)) {
		pr_err("map failed: no device number or no memory (%ld)\n",
		       PTR_ERR(dev));
		return dev;
	}
	rbd_spec_init(&dev->spec, &line);
	dev->config_info = rbd_options_hide_secret(text, len);
	err = dev->config_info ? prepare(dev, &line) : -ENOMEM;
	if (!err)
		err = show(dev);
	if (!err)
		return dev;

	rbd_disk_destroy(dev);
	dev->disk = NULL;
	put_device(&dev->dev);
	return ERR_PTR(err);
}

/* --- unmapping --- */

static int begin_unmap(struct rbd_device *dev, enum rbd_remove_force force)
{
	int err = 0;

	spin_lock(&dev->open_lock);
	if (dev->open_count && force == RBD_REMOVE_IF_UNUSED)
		err = -EBUSY;
	else if (test_and_set_bit(RBD_DEV_UNMAPPING, &dev->flags))
		err = -EINPROGRESS;
	else
		set_bit(RBD_DEV_REMOVING, &dev->flags);
	spin_unlock(&dev->open_lock);
	if (!err)
		return 0;

	if (err == -EINPROGRESS && force == RBD_REMOVE_FULL_FORCE)
		set_bit(RBD_DEV_DEAD, &dev->flags);
	if (err == -EBUSY)
		rbd_info(dev, "is in use, not unmapped\n");
	return err;
}

/* End requests in flight, after it is certain that they stay ended. */
static void kill_requests(struct rbd_device *dev)
{
	unsigned int ended = 0;

	set_bit(RBD_DEV_DEAD, &dev->flags);
	if (dev->shared && !rbd_disk_drain(dev, HZ / 10)) {
		rbd_control_post_urgent(dev, RBD_EV_FENCE_SELF);
		wait_for_completion_timeout(&dev->control.fence_tried,
					    FENCE_WAIT);
	}
	do {
		ended += rbd_abort_requests(dev, 0, -EIO);
	} while (!rbd_disk_drain(dev, HZ / 10));
	if (ended)
		rbd_err(dev, "full-force: %u requests in flight failed\n",
			ended);
}

/* Return: 0 once nothing is in flight. */
static int quiesce(struct rbd_device *dev, enum rbd_remove_force force)
{
	while (force == RBD_REMOVE_FORCE && !test_bit(RBD_DEV_DEAD, &dev->flags)) {
		if (rbd_disk_drain(dev, HZ / 4))
			return 0;
		if (fatal_signal_pending(current))
			return -ERESTARTSYS;
	}
	if (force != RBD_REMOVE_IF_UNUSED)
		kill_requests(dev);
	return 0;
}

void rbd_device_set_offline(struct rbd_device *dev)
{
	if (test_and_set_bit(RBD_DEV_OFFLINE, &dev->flags))
		return;
	/* Whoever looked at the flag before it was set has sent his by then. */
	blk_mq_quiesce_queue(dev->disk->queue);
	blk_mq_unquiesce_queue(dev->disk->queue);
	rbd_gate_serve(dev);
	rbd_warn(dev, "offline: all I/O fails now, unmap and map the image again to go on\n");
}

int rbd_device_unmap(struct rbd_device *dev, enum rbd_remove_force force)
{
	bool forced = force != RBD_REMOVE_IF_UNUSED;
	int err;

	err = begin_unmap(dev, force);
	if (err)
		return err;
	/* What waits at the gate waits no longer. */
	rbd_gate_serve(dev);
	err = quiesce(dev, force);
	if (err) {
		clear_bit(RBD_DEV_UNMAPPING, &dev->flags);
		return err;
	}
	rbd_bus_forget(dev);
	if (forced)
		blk_mark_disk_dead(dev->disk);
	rbd_disk_del(dev);
	rbd_gate_leave(dev);
	/* No attribute is used any more when the thread ends. */
	device_del(&dev->dev);
	rbd_control_stop(dev, test_bit(RBD_DEV_DEAD, &dev->flags) ?
			      STOP_GRACE_FORCED : STOP_GRACE);
	rbd_disk_destroy(dev);
	put_device(&dev->dev);	/* the list's */
	return 0;
}
