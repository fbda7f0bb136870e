/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The gate in front of shared images. Another module may ask to be asked
 * before each I/O of a shared mapping whether this node still has the right
 * to it; nobody is asked when no module did.
 *
 * What must wait is held here, with the incarnation of the node's membership
 * under which it came. It is sent only if the gate opens again under that
 * same incarnation; a node that was expelled and came back has another one,
 * and must not write what it meant to write before.
 */
#ifndef RBD_GATE_H
#define RBD_GATE_H

#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/spinlock.h>
#include <linux/types.h>

struct rbd_device;
struct rbd_io;

enum rbd_gate_verdict {
	RBD_GATE_OPEN,
	RBD_GATE_HOLD,
	RBD_GATE_FAIL,
};

/**
 * struct rbd_gate_ops - whom to ask
 * @check: may I/O go on? Also says under which incarnation. Task context,
 *	must not sleep.
 * @holds_fenced: is I/O that the cluster refused to be held, not failed? As
 *	above.
 * @admit: may the client with this address ("192.0.2.1:0/1234") begin to
 *	use the image ("pool/image")? Sleeps, killable. 0 or -errno.
 * @retired: that client does not exist any more. Sleeps.
 * @fenced: the cluster refused one of our clients. Task context.
 */
struct rbd_gate_ops {
	enum rbd_gate_verdict (*check)(u64 *incarnation);
	bool (*holds_fenced)(void);
	int (*admit)(const char *address, const char *image);
	void (*retired)(const char *address);
	void (*fenced)(void);
};

/**
 * struct rbd_gate - of one device
 * @node: in the list of shared devices, under its lock
 * @lock: protects @held
 * @held: struct rbd_io that wait
 * @serving: held by who goes through @held; he may sleep for memory
 */
struct rbd_gate {
	struct list_head node;
	spinlock_t lock;	/* protects @held */
	struct list_head held;
	struct mutex serving;	/* one at a time in rbd_gate_serve() */
};

/** rbd_gate_register() - there can be one. Return: 0 or -EBUSY */
int rbd_gate_register(const struct rbd_gate_ops *ops);

/**
 * rbd_gate_unregister() - I/O that is held is sent, if it still may be
 *
 * Sleeps until none of @ops is running.
 */
void rbd_gate_unregister(const struct rbd_gate_ops *ops);

/** rbd_gate_changed() - another answer is to be expected; any context */
void rbd_gate_changed(void);

/* --- for rbd.ko itself --- */

void rbd_gate_init(struct rbd_device *dev);

/** rbd_gate_admit() - at map time, before the disk; says what is wrong */
int rbd_gate_admit(struct rbd_device *dev);

/** rbd_gate_enter() - the device is there; rbd_gate_leave() when it goes */
void rbd_gate_enter(struct rbd_device *dev);
void rbd_gate_leave(struct rbd_device *dev);

/** rbd_gate_retired() - its client was destroyed; sleeps */
void rbd_gate_retired(const char *address);

/** rbd_gate_fenced() - the cluster refuses the device's client */
void rbd_gate_fenced(struct rbd_device *dev);

/** rbd_gate_verdict() - OPEN for a device that is not shared */
enum rbd_gate_verdict rbd_gate_verdict(struct rbd_device *dev,
				       u64 *incarnation);

/** rbd_gate_hold() - keep a request that was started and not sent */
void rbd_gate_hold(struct rbd_device *dev, struct rbd_io *io, u64 incarnation);

/**
 * rbd_gate_hold_refused() - keep one that the cluster refused
 *
 * It will never be sent. Return: false when it is to fail instead.
 */
bool rbd_gate_hold_refused(struct rbd_device *dev, struct rbd_io *io);

/**
 * rbd_gate_serve() - send what may be sent, fail what may not
 *
 * Control thread, or whoever ends the device; sleeps for memory, and until
 * nobody else is at it.
 */
void rbd_gate_serve(struct rbd_device *dev);

#endif
