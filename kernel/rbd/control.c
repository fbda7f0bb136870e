// SPDX-License-Identifier: GPL-2.0
/* The control thread of a device. */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include "control.h"

#include <linux/kthread.h>
#include <linux/sched/mm.h>
#include <linux/sched/signal.h>

#include "abort.h"
#include "device.h"
#include "fence.h"
#include "header.h"
#include "lock.h"
#include "log.h"
#include "watch.h"

/* How long to wait before something that failed is tried again. */
#define RETRY_DELAY HZ
/* How long blocklisting ourselves may take before an unmap goes on. */
#define FENCE_TIMEOUT (4 * HZ)
/* How long to be polite to a watch that is lost anyhow. */
#define UNWATCH_TIMEOUT (5 * HZ)
/* How often requests are looked at while on_timeout is not "queue". */
#define OVERDUE_PERIOD HZ

static struct workqueue_struct *timer_wq;

int rbd_control_workqueue_create(void)
{
	timer_wq = alloc_workqueue("rbd-timer", WQ_MEM_RECLAIM, 0);
	return timer_wq ? 0 : -ENOMEM;
}

void rbd_control_workqueue_destroy(void)
{
	destroy_workqueue(timer_wq);
}

/* --- inbox --- */

void rbd_control_post(struct rbd_device *dev, enum rbd_event event)
{
	set_bit(event, &dev->control.events);
	wake_up_all(&dev->control.wait);
}

void rbd_control_post_urgent(struct rbd_device *dev, enum rbd_event event)
{
	rbd_control_post(dev, event);
	if (dev->control.task)
		send_sig(SIGKILL, dev->control.task, 1);
}

static bool take_event(struct rbd_control *control, enum rbd_event event)
{
	return test_and_clear_bit(event, &control->events);
}

/* Events that can be served now; those that failed wait for their time. */
static unsigned long due_events(struct rbd_control *control)
{
	unsigned long events = READ_ONCE(control->events);

	if (time_before(jiffies, control->retry_at))
		events &= ~(BIT(RBD_EV_WATCH_LOST) | BIT(RBD_EV_REFRESH));
	return events;
}

static void retry_later(struct rbd_control *control, enum rbd_event event)
{
	control->retry_at = jiffies + RETRY_DELAY;
	set_bit(event, &control->events);
}

/* --- deadlines --- */

static void arm_timer(struct rbd_device *dev)
{
	struct rbd_control *control = &dev->control;
	unsigned long deadline = READ_ONCE(control->op_deadline);
	unsigned long delay = MAX_SCHEDULE_TIMEOUT;

	if (deadline)
		delay = time_after(deadline, jiffies) ? deadline - jiffies : 1;
	if (READ_ONCE(dev->options.on_timeout) != RBD_ON_TIMEOUT_QUEUE)
		delay = min_t(unsigned long, delay, OVERDUE_PERIOD);
	if (delay != MAX_SCHEDULE_TIMEOUT)
		mod_delayed_work(timer_wq, &control->timer, delay);
}

static void rbd_control_timer(struct work_struct *work)
{
	struct rbd_device *dev = container_of(work, struct rbd_device,
					      control.timer.work);
	struct rbd_control *control = &dev->control;
	unsigned long deadline = READ_ONCE(control->op_deadline);
	unsigned long limit = READ_ONCE(dev->options.io_timeout_s) * HZ;

	if (deadline && time_after_eq(jiffies, deadline))
		send_sig(SIGKILL, control->task, 1);
	if (READ_ONCE(dev->options.on_timeout) != RBD_ON_TIMEOUT_QUEUE &&
	    rbd_abort_oldest(dev) > limit)
		rbd_control_post_urgent(dev, RBD_EV_OVERDUE);
	arm_timer(dev);
}

void rbd_control_begin_op(struct rbd_device *dev, unsigned long timeout)
{
	if (!timeout)
		return;
	/* 0 means that there is none. */
	WRITE_ONCE(dev->control.op_deadline, (jiffies + timeout) ?: 1);
	arm_timer(dev);
}

void rbd_control_end_op(struct rbd_device *dev)
{
	WRITE_ONCE(dev->control.op_deadline, 0);
}

void rbd_control_policy_changed(struct rbd_device *dev)
{
	arm_timer(dev);
}

/* --- what the thread does --- */

static void apply_header(struct rbd_device *dev, struct rbd_header *header)
{
	struct rbd_header *old = rbd_header_get(dev);
	u64 old_size = old ? old->size : header->size;
	const char *old_refused = old ? old->write_refused : NULL;
	bool was_gone = old && old->gone;
	u64 size = header->size;

	rbd_header_put(old);
	if (header->write_refused && header->write_refused != old_refused)
		rbd_err(dev, "writes fail from now on: %s on %s/%s; unmap it on all nodes, then switch the feature off with 'rbd feature disable'\n",
			header->write_refused, dev->spec.pool_name,
			dev->spec.image_name);
	if (!header->write_refused && old_refused)
		rbd_info(dev, "writes are possible again\n");
	if (header->gone && !was_gone)
		rbd_err(dev, "the mapped snapshot was deleted; reads fail from now on\n");

	/* Before the capacity, so that no I/O meets an older size. */
	rbd_header_publish(dev, header);
	if (size != old_size)
		rbd_info(dev, "size changed from %llu to %llu bytes\n",
			 old_size, size);
	set_capacity_and_notify(dev->disk, size >> SECTOR_SHIFT);
}

static int refresh(struct rbd_device *dev)
{
	struct rbd_control *control = &dev->control;
	int asked = atomic_read(&control->refresh_asked);
	struct rbd_header *header;
	int err;

	header = rbd_header_read(dev);
	err = PTR_ERR_OR_ZERO(header);
	if (!err)
		apply_header(dev, header);
	else if (err == -ESHUTDOWN)
		rbd_fence_noticed(dev);
	else if (err == -ENOENT)
		rbd_err(dev, "the image was deleted while it is mapped\n");
	else
		return err;
	atomic_set(&control->refresh_done, asked);
	wake_up_all(&control->wait);
	return 0;
}

static void serve_refresh(struct rbd_device *dev)
{
	int err = refresh(dev);

	if (!err)
		return;
	if (err != -ERESTARTSYS)
		rbd_warn(dev, "could not read the image header (%d), trying again\n",
			 err);
	retry_later(&dev->control, RBD_EV_REFRESH);
}

static int register_watch(struct rbd_device *dev)
{
	int err;

	rbd_control_begin_op(dev, rbd_timeout(dev));
	err = rbd_watch_register(dev);
	rbd_control_end_op(dev);
	if (err == -ERESTARTSYS || err == -EINTR)
		err = -ETIMEDOUT;
	return err;
}

static void drop_watch(struct rbd_device *dev)
{
	rbd_control_begin_op(dev, UNWATCH_TIMEOUT);
	rbd_watch_drop(dev);
	rbd_control_end_op(dev);
}

static void serve_watch_lost(struct rbd_device *dev)
{
	int err;

	if (test_bit(RBD_DEV_FENCED, &dev->flags))
		return;
	drop_watch(dev);
	err = register_watch(dev);
	if (!err) {
		rbd_info(dev, "watches the image header again\n");
		/* Whatever we were not told of meanwhile. */
		set_bit(RBD_EV_REFRESH, &dev->control.events);
	} else if (err == -ESHUTDOWN) {
		rbd_fence_noticed(dev);
	} else if (err == -ENOENT) {
		rbd_err(dev, "the image was deleted while it is mapped\n");
	} else {
		retry_later(&dev->control, RBD_EV_WATCH_LOST);
	}
}

/* Blocklist ourselves, so that nothing we sent can be applied later. */
static int fence_self(struct rbd_device *dev, unsigned long timeout)
{
	if (test_bit(RBD_DEV_FENCED, &dev->flags))
		return 0;
	return rbd_fence_self(dev, timeout);
}

static void serve_overdue(struct rbd_device *dev)
{
	unsigned long limit = READ_ONCE(dev->options.io_timeout_s) * HZ;
	unsigned int ended;

	switch (READ_ONCE(dev->options.on_timeout)) {
	case RBD_ON_TIMEOUT_FAIL:
		ended = rbd_abort_requests(dev, limit, -ETIMEDOUT);
		if (ended)
			rbd_err(dev, "%u requests were not answered within %u s and failed\n",
				ended, dev->options.io_timeout_s);
		break;
	case RBD_ON_TIMEOUT_FENCE:
		/* Without the fence they wait on: see Documentation/design. */
		if (fence_self(dev, max_t(unsigned long, limit, FENCE_TIMEOUT)))
			break;
		ended = rbd_abort_requests(dev, 0, -EIO);
		rbd_err(dev, "requests were not answered within %u s: fenced ourselves, %u requests failed\n",
			dev->options.io_timeout_s, ended);
		break;
	case RBD_ON_TIMEOUT_QUEUE:
		break;
	}
}

static void serve(struct rbd_device *dev)
{
	struct rbd_control *control = &dev->control;
	unsigned long due = due_events(control);

	if (take_event(control, RBD_EV_FENCED))
		rbd_fence_announce(dev);
	if (take_event(control, RBD_EV_FENCE_SELF)) {
		fence_self(dev, FENCE_TIMEOUT);
		complete_all(&control->fence_tried);
	}
	if (take_event(control, RBD_EV_GATE))
		rbd_gate_serve(dev);
	if (take_event(control, RBD_EV_OVERDUE))
		serve_overdue(dev);
	if (due & BIT(RBD_EV_WATCH_LOST) &&
	    take_event(control, RBD_EV_WATCH_LOST))
		serve_watch_lost(dev);
	if (due & BIT(RBD_EV_REFRESH) && take_event(control, RBD_EV_REFRESH)) {
		set_bit(RBD_EV_ANSWER, &control->events);
		serve_refresh(dev);
	}
	/* Not before the refresh that they are about succeeded. */
	if (!test_bit(RBD_EV_REFRESH, &control->events) &&
	    take_event(control, RBD_EV_ANSWER))
		rbd_watch_answer(dev);
}

static bool has_work(struct rbd_control *control)
{
	unsigned long due = due_events(control);

	/* Answers are sent behind a refresh that is still to come. */
	if (test_bit(RBD_EV_REFRESH, &control->events))
		due &= ~BIT(RBD_EV_ANSWER);
	return due;
}

static void wait_for_work(struct rbd_control *control)
{
	unsigned long delay = MAX_SCHEDULE_TIMEOUT;

	if (control->events && time_before(jiffies, control->retry_at))
		delay = control->retry_at - jiffies;
	wait_event_interruptible_timeout(control->wait, has_work(control),
					 delay);
	/* Whatever the signal was for, the events say it too. */
	flush_signals(current);
}

/* Read-only keys may not watch; a read-only mapping can do without. */
static bool can_do_without_watch(struct rbd_device *dev, int err)
{
	return dev->read_only &&
	       (err == -EPERM || err == -EACCES || err == -EROFS);
}

static int bring_up(struct rbd_device *dev)
{
	struct rbd_spec *spec = &dev->spec;
	int err;

	err = register_watch(dev);
	if (err && !can_do_without_watch(dev, err)) {
		if (err == -EPERM || err == -EACCES)
			rbd_map_err(spec, "the client may not watch the image header; its key needs osd 'profile rbd pool=%s', or map read-only\n",
				    spec->pool_name);
		else
			rbd_map_err(spec, "cannot watch the image header (%d)\n",
				    err);
		return err;
	}
	if (dev->shared) {
		err = rbd_lock_take(dev);
		if (err == -EBUSY)
			rbd_map_err(spec, "somebody holds the image's lock for himself; see 'rbd lock ls %s/%s'\n",
				    spec->pool_name, spec->image_name);
		else if (err)
			rbd_map_err(spec, "cannot take the image's shared lock (%d)\n",
				    err);
		if (err)
			return err;
	}
	/* It may have changed before the watch was there. */
	err = refresh(dev);
	if (err)
		rbd_map_err(spec, "cannot read the image header (%d)\n", err);
	return err;
}

static int rbd_control_thread(void *arg)
{
	struct rbd_device *dev = arg;
	struct rbd_control *control = &dev->control;

	allow_signal(SIGKILL);
	/* Memory must not wait for writes to this very device. */
	memalloc_noio_save();

	control->start_error = bring_up(dev);
	complete_all(&control->started);
	if (!control->start_error) {
		while (!test_bit(RBD_EV_STOP, &control->events)) {
			wait_for_work(control);
			serve(dev);
		}
	}
	rbd_lock_drop(dev);
	drop_watch(dev);
	complete_all(&control->exited);
	return 0;
}

/* --- for others --- */

void rbd_control_init(struct rbd_device *dev)
{
	struct rbd_control *control = &dev->control;

	init_waitqueue_head(&control->wait);
	init_completion(&control->started);
	init_completion(&control->exited);
	init_completion(&control->fence_tried);
	INIT_DELAYED_WORK(&control->timer, rbd_control_timer);
	spin_lock_init(&control->lock);
	INIT_LIST_HEAD(&control->notifies);
	control->retry_at = jiffies;
}

int rbd_control_start(struct rbd_device *dev)
{
	struct rbd_control *control = &dev->control;
	struct task_struct *task;
	int err;

	task = kthread_create(rbd_control_thread, dev, "%s-control", dev->name);
	if (IS_ERR(task))
		return PTR_ERR(task);
	get_task_struct(task);
	control->task = task;
	wake_up_process(task);

	err = wait_for_completion_killable(&control->started);
	if (!err)
		err = control->start_error;
	if (err)
		rbd_control_stop(dev, 0);
	return err;
}

void rbd_control_stop(struct rbd_device *dev, unsigned long grace)
{
	struct rbd_control *control = &dev->control;

	if (!control->task)
		return;
	rbd_control_post(dev, RBD_EV_STOP);
	if (grace)
		wait_for_completion_timeout(&control->exited, grace);
	/* Each signal ends one wait; there are a few on the way out. */
	while (!wait_for_completion_timeout(&control->exited, HZ / 20))
		send_sig(SIGKILL, control->task, 1);

	kthread_stop(control->task);
	cancel_delayed_work_sync(&control->timer);
	put_task_struct(control->task);
	control->task = NULL;
	rbd_watch_forget_answers(dev);
	/* Nobody who waits for something will get it from now on. */
	complete_all(&control->fence_tried);
	wake_up_all(&control->wait);
}

int rbd_control_refresh(struct rbd_device *dev)
{
	struct rbd_control *control = &dev->control;
	int mine = atomic_inc_return(&control->refresh_asked);
	long left;

	rbd_control_post(dev, RBD_EV_REFRESH);
	left = wait_event_killable_timeout(control->wait,
		atomic_read(&control->refresh_done) - mine >= 0,
		ceph_timeout_jiffies(rbd_timeout(dev)));
	if (left < 0)
		return left;
	return left ? 0 : -ETIMEDOUT;
}
