// SPDX-License-Identifier: GPL-2.0
/* The watch on the image header. */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include "watch.h"

#include <linux/err.h>
#include <linux/slab.h>

#include "device.h"
#include "log.h"
#include "notify_codec.h"

/* A notification's sender waits no longer than that by default. */
#define ANSWER_TIMEOUT (5 * HZ)

struct pending_notify {
	struct list_head node;
	u64 notify_id;
	u64 cookie;
};

static void answer_later(struct rbd_device *dev, u64 notify_id, u64 cookie)
{
	struct rbd_control *control = &dev->control;
	struct pending_notify *n = kmalloc(sizeof(*n), GFP_NOIO);

	if (!n)
		return;	/* the sender goes on after its own time-out */
	n->notify_id = notify_id;
	n->cookie = cookie;
	spin_lock(&control->lock);
	list_add_tail(&n->node, &control->notifies);
	spin_unlock(&control->lock);
}

/*
 * Called by libceph's only notification thread, which all mappings of a
 * connection share: must not wait for the cluster.
 */
static void rbd_watch_notified(void *arg, u64 notify_id, u64 cookie,
			       u64 notifier_id, void *data, size_t len)
{
	struct rbd_device *dev = arg;
	u32 op;

	if (rbd_decode_notify(data, len, &op)) {
		rbd_warn(dev, "notification that cannot be read; header is read again\n");
		op = RBD_NOTIFY_HEADER_UPDATE;
	}
	/*
	 * The answer is sent behind the refresh, so that whoever changed the
	 * image knows that this node goes by the change.
	 */
	answer_later(dev, notify_id, cookie);
	rbd_control_post(dev, op == RBD_NOTIFY_HEADER_UPDATE ?
			      RBD_EV_REFRESH : RBD_EV_ANSWER);
}

static void rbd_watch_failed(void *arg, u64 cookie, int err)
{
	struct rbd_device *dev = arg;

	rbd_warn(dev, "lost the watch on the image header (%d), renewing it\n",
		 err);
	WRITE_ONCE(dev->control.watched, false);
	rbd_control_post(dev, RBD_EV_WATCH_LOST);
}

int rbd_watch_register(struct rbd_device *dev)
{
	struct ceph_osd_linger_request *watch;

	watch = ceph_osdc_watch(rbd_osdc(dev), &dev->header_oid,
				&dev->header_oloc, rbd_watch_notified,
				rbd_watch_failed, dev);
	if (IS_ERR(watch))
		return PTR_ERR(watch);
	dev->control.watch = watch;
	WRITE_ONCE(dev->control.watched, true);
	return 0;
}

void rbd_watch_drop(struct rbd_device *dev)
{
	struct rbd_control *control = &dev->control;
	struct ceph_osd_linger_request *watch = control->watch;
	int err;

	if (!watch)
		return;
	control->watch = NULL;
	WRITE_ONCE(control->watched, false);
	err = ceph_osdc_unwatch(rbd_osdc(dev), watch);
	if (err && err != -ENOENT && err != -ENOTCONN && err != -ESHUTDOWN)
		rbd_info(dev, "could not end the watch in time (%d); the cluster drops it by itself\n",
			 err);
	ceph_osdc_flush_notifies(rbd_osdc(dev));
}

static struct pending_notify *take_first(struct rbd_control *control)
{
	struct pending_notify *n;

	spin_lock(&control->lock);
	n = list_first_entry_or_null(&control->notifies,
				     struct pending_notify, node);
	if (n)
		list_del(&n->node);
	spin_unlock(&control->lock);
	return n;
}

void rbd_watch_answer(struct rbd_device *dev)
{
	struct pending_notify *n;
	int err;

	while ((n = take_first(&dev->control)) != NULL) {
		rbd_control_begin_op(dev, ANSWER_TIMEOUT);
		err = ceph_osdc_notify_ack(rbd_osdc(dev), &dev->header_oid,
					   &dev->header_oloc, n->notify_id,
					   n->cookie, NULL, 0);
		rbd_control_end_op(dev);
		if (err)
			rbd_info(dev, "could not answer a notification (%d)\n",
				 err);
		kfree(n);
		if (signal_pending(current))
			break;
	}
}

void rbd_watch_forget_answers(struct rbd_device *dev)
{
	struct pending_notify *n;

	while ((n = take_first(&dev->control)) != NULL)
		kfree(n);
}
