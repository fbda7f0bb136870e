// SPDX-License-Identifier: GPL-2.0
/* The gate in front of shared images. */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include "gate.h"

#include <linux/export.h>
#include <linux/inet.h>
#include <linux/mutex.h>
#include <linux/srcu.h>

#include "device.h"
#include "io.h"
#include "log.h"

/* Incarnation of what is never sent again. */
#define NEVER 0

DEFINE_STATIC_SRCU(gate_srcu);
static const struct rbd_gate_ops __rcu *gate_ops;
static DEFINE_MUTEX(register_lock);

static DEFINE_SPINLOCK(gated_lock);
static LIST_HEAD(gated);	/* devices, under gated_lock */

int rbd_gate_register(const struct rbd_gate_ops *ops)
{
	int err = -EBUSY;

	mutex_lock(&register_lock);
	if (!rcu_access_pointer(gate_ops)) {
		rcu_assign_pointer(gate_ops, ops);
		err = 0;
	}
	mutex_unlock(&register_lock);
	return err;
}
EXPORT_SYMBOL_GPL(rbd_gate_register);

void rbd_gate_unregister(const struct rbd_gate_ops *ops)
{
	mutex_lock(&register_lock);
	RCU_INIT_POINTER(gate_ops, NULL);
	mutex_unlock(&register_lock);
	synchronize_srcu(&gate_srcu);
	rbd_gate_changed();
}
EXPORT_SYMBOL_GPL(rbd_gate_unregister);

void rbd_gate_changed(void)
{
	struct rbd_device *dev;

	spin_lock(&gated_lock);
	list_for_each_entry(dev, &gated, gate.node)
		rbd_control_post(dev, RBD_EV_GATE);
	spin_unlock(&gated_lock);
}
EXPORT_SYMBOL_GPL(rbd_gate_changed);

void rbd_gate_init(struct rbd_device *dev)
{
	INIT_LIST_HEAD(&dev->gate.node);
	INIT_LIST_HEAD(&dev->gate.held);
	spin_lock_init(&dev->gate.lock);
	mutex_init(&dev->gate.serving);
}

void rbd_gate_enter(struct rbd_device *dev)
{
	if (!dev->shared)
		return;
	spin_lock(&gated_lock);
	list_add_tail(&dev->gate.node, &gated);
	spin_unlock(&gated_lock);
}

void rbd_gate_leave(struct rbd_device *dev)
{
	spin_lock(&gated_lock);
	list_del_init(&dev->gate.node);
	spin_unlock(&gated_lock);
}

int rbd_gate_admit(struct rbd_device *dev)
{
	const struct rbd_gate_ops *ops;
	char image[RBD_POOL_NAME_MAX + RBD_IMAGE_NAME_MAX + 2];
	char address[RBD_ADDRESS_MAX];
	int err = 0;
	int idx;

	if (!dev->shared)
		return 0;
	snprintf(image, sizeof(image), "%s/%s", dev->spec.pool_name,
		 dev->spec.image_name);
	rbd_client_address(dev->client, address);
	idx = srcu_read_lock(&gate_srcu);
	ops = srcu_dereference(gate_ops, &gate_srcu);
	if (ops)
		err = ops->admit(address, image);
	srcu_read_unlock(&gate_srcu, idx);
	if (err == -ETIMEDOUT || err == -ESRCH)
		rbd_map_err(&dev->spec, "the cluster is online, but rbdshared does not answer; see 'rbdshare cluster status'\n");
	else if (err)
		rbd_map_err(&dev->spec, "this node may not use shared images now (%d); see 'rbdshare cluster status'\n",
			    err);
	return err;
}

void rbd_gate_retired(const char *address)
{
	const struct rbd_gate_ops *ops;
	int idx = srcu_read_lock(&gate_srcu);

	ops = srcu_dereference(gate_ops, &gate_srcu);
	if (ops)
		ops->retired(address);
	srcu_read_unlock(&gate_srcu, idx);
}

void rbd_gate_fenced(struct rbd_device *dev)
{
	const struct rbd_gate_ops *ops;
	int idx;

	if (!dev->shared)
		return;
	idx = srcu_read_lock(&gate_srcu);
	ops = srcu_dereference(gate_ops, &gate_srcu);
	if (ops)
		ops->fenced();
	srcu_read_unlock(&gate_srcu, idx);
}

enum rbd_gate_verdict rbd_gate_verdict(struct rbd_device *dev,
				       u64 *incarnation)
{
	enum rbd_gate_verdict verdict = RBD_GATE_OPEN;
	const struct rbd_gate_ops *ops;
	int idx;

	*incarnation = NEVER;
	if (!dev->shared || !rcu_access_pointer(gate_ops))
		return verdict;
	idx = srcu_read_lock(&gate_srcu);
	ops = srcu_dereference(gate_ops, &gate_srcu);
	if (ops)
		verdict = ops->check(incarnation);
	srcu_read_unlock(&gate_srcu, idx);
	return verdict;
}

static void add_held(struct rbd_device *dev, struct rbd_io *io, u64 incarnation)
{
	io->incarnation = incarnation;
	spin_lock(&dev->gate.lock);
	list_add_tail(&io->held, &dev->gate.held);
	spin_unlock(&dev->gate.lock);
	/*
	 * Whatever changed between the verdict and this line was told to a
	 * list without this request.
	 */
	rbd_control_post(dev, RBD_EV_GATE);
}

void rbd_gate_hold(struct rbd_device *dev, struct rbd_io *io, u64 incarnation)
{
	add_held(dev, io, incarnation);
}

static bool holds_fenced(void)
{
	const struct rbd_gate_ops *ops;
	int idx = srcu_read_lock(&gate_srcu);
	bool holds;

	ops = srcu_dereference(gate_ops, &gate_srcu);
	holds = ops && ops->holds_fenced();
	srcu_read_unlock(&gate_srcu, idx);
	return holds;
}

bool rbd_gate_hold_refused(struct rbd_device *dev, struct rbd_io *io)
{
	if (!dev->shared || rbd_device_refuses_io(dev) || !holds_fenced())
		return false;
	add_held(dev, io, NEVER);
	return true;
}

/* Return: false when it has to wait on. */
static bool serve_one(struct rbd_device *dev, struct rbd_io *io)
{
	enum rbd_gate_verdict verdict;
	u64 incarnation;
	bool fenced;

	verdict = rbd_gate_verdict(dev, &incarnation);
	fenced = test_bit(RBD_DEV_FENCED, &dev->flags);
	if (rbd_device_refuses_io(dev) || verdict == RBD_GATE_FAIL) {
		rbd_io_fail(io, -EIO);
		return true;
	}
	if (verdict == RBD_GATE_HOLD || (fenced && holds_fenced()))
		return false;
	/* Nobody guards any more: what came before may still be sent. */
	if (io->incarnation != NEVER && incarnation == NEVER)
		incarnation = io->incarnation;
	if (fenced || io->incarnation == NEVER ||
	    io->incarnation != incarnation) {
		rbd_io_fail(io, -EIO);
		return true;
	}
	return rbd_io_send_held(dev, io) != -ENOMEM;
}

void rbd_gate_serve(struct rbd_device *dev)
{
	struct rbd_io *io, *next;
	LIST_HEAD(waiting);
	LIST_HEAD(todo);

	mutex_lock(&dev->gate.serving);
	spin_lock(&dev->gate.lock);
	list_splice_init(&dev->gate.held, &todo);
	spin_unlock(&dev->gate.lock);

	list_for_each_entry_safe(io, next, &todo, held) {
		list_del_init(&io->held);
		if (!serve_one(dev, io))
			list_add_tail(&io->held, &waiting);
	}
	spin_lock(&dev->gate.lock);
	list_splice(&waiting, &dev->gate.held);
	spin_unlock(&dev->gate.lock);
	mutex_unlock(&dev->gate.serving);
}
