/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The control thread of a device: watch, refresh, answers to notifications,
 * time-outs, fencing. Whatever may have to wait for the cluster happens
 * here, one thing at a time, so that those need no locks among each other.
 *
 * libceph's waits have no time-out but end when the task is killed. So each
 * wait has a deadline (rbd_control_begin_op()), after which a timer signals
 * the thread; a thread that must turn to something more urgent is signalled
 * at once. What was interrupted is tried again later.
 */
#ifndef RBD_CONTROL_H
#define RBD_CONTROL_H

#include <linux/completion.h>
#include <linux/list.h>
#include <linux/sched.h>
#include <linux/spinlock.h>
#include <linux/wait.h>
#include <linux/workqueue.h>

struct ceph_osd_linger_request;
struct rbd_device;

/* Bits of rbd_control.events: what the thread is asked for. */
enum rbd_event {
	RBD_EV_STOP,		/* leave: unlock, unwatch, end */
	RBD_EV_FENCE_SELF,	/* blocklist our own address */
	RBD_EV_FENCED,		/* we found ourselves blocklisted */
	RBD_EV_GATE,		/* look at what waits at the gate */
	RBD_EV_OVERDUE,		/* requests are older than io_timeout */
	RBD_EV_WATCH_LOST,	/* the watch needs to be made anew */
	RBD_EV_REFRESH,		/* the header changed */
	RBD_EV_ANSWER,		/* notifications wait to be answered */
};

/**
 * struct rbd_control - the thread and its inbox
 * @task: the thread; NULL when there is none
 * @wait: it sleeps here
 * @events: bits of enum rbd_event
 * @started: completed once the watch is there, or could not be made
 * @start_error: why not; set before @started
 * @exited: completed when the thread is at its end
 * @fence_tried: completed once the request RBD_EV_FENCE_SELF was done
 * @timer: wakes the thread from a wait that takes too long, and looks for
 *	overdue requests
 * @op_deadline: jiffies; when the current wait takes too long, 0 if never
 * @lock: protects @notifies
 * @notifies: notifications that wait to be answered
 * @refresh_asked: counts the callers of rbd_control_refresh()
 * @refresh_done: the last of those that was served
 * @retry_at: jiffies; not before then is the watch tried again
 * @watch: the watch on the header, NULL when lost; control thread only
 * @watched: whether @watch is there, for others to read
 */
struct rbd_control {
	struct task_struct *task;
	wait_queue_head_t wait;
	unsigned long events;
	struct completion started;
	int start_error;
	struct completion exited;
	struct completion fence_tried;
	struct delayed_work timer;
	unsigned long op_deadline;
	spinlock_t lock;	/* protects @notifies */
	struct list_head notifies;
	atomic_t refresh_asked;
	atomic_t refresh_done;
	unsigned long retry_at;
	struct ceph_osd_linger_request *watch;
	bool watched;
};

/** rbd_control_init() - before anything else */
void rbd_control_init(struct rbd_device *dev);

/**
 * rbd_control_start() - begin to watch the header
 *
 * Waits until the watch is there and, in shared mode, the lock is taken.
 * Sleeps, killable, bounded. Says what is wrong. Return: 0 or -errno; on
 * error the thread is gone.
 */
int rbd_control_start(struct rbd_device *dev);

/**
 * rbd_control_stop() - give up watch and lock, end the thread
 * @grace: jiffies for the polite end; then the thread is signalled
 *
 * Sleeps, bounded. Nothing to do without a thread.
 */
void rbd_control_stop(struct rbd_device *dev, unsigned long grace);

/** rbd_control_post() - ask the thread for something; any context */
void rbd_control_post(struct rbd_device *dev, enum rbd_event event);

/** rbd_control_post_urgent() - likewise, and break the current wait off */
void rbd_control_post_urgent(struct rbd_device *dev, enum rbd_event event);

/**
 * rbd_control_refresh() - re-read the header, wait until done
 *
 * Sleeps, killable. Return: 0 or -ERESTARTSYS, -ETIMEDOUT.
 */
int rbd_control_refresh(struct rbd_device *dev);

/** rbd_control_policy_changed() - io_timeout or on_timeout has a new value */
void rbd_control_policy_changed(struct rbd_device *dev);

/**
 * rbd_control_begin_op() - control thread: a wait of at most @timeout begins
 * @timeout: jiffies, 0 for no limit
 */
void rbd_control_begin_op(struct rbd_device *dev, unsigned long timeout);

/** rbd_control_end_op() - control thread: it is over */
void rbd_control_end_op(struct rbd_device *dev);

/** rbd_control_workqueue_create() - at the start of the module */
int rbd_control_workqueue_create(void);

/** rbd_control_workqueue_destroy() - at its end */
void rbd_control_workqueue_destroy(void);

#endif
