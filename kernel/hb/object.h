/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A heartbeat object: our slot is written to it, then all slots are read.
 * When it is asked for, what stands in our slot is read before: a host that
 * writes there too shows, which it hardly does behind our own write.
 *
 * All requests go out at once; an OSD serves them in order. There is never
 * more than one write in flight for an object, so that an old counter cannot
 * land behind a newer one.
 */
#ifndef RBD_HB_OBJECT_H
#define RBD_HB_OBJECT_H

#include <linux/ceph/libceph.h>
#include <linux/wait.h>

#include "session.h"

/**
 * struct hb_transfer - one of the requests
 * @request: NULL when there is none; the heartbeat thread's
 * @done: its result is there; set with release
 * @result: of the request
 */
struct hb_transfer {
	struct ceph_osd_request *request;
	bool done;
	int result;
};

/**
 * struct hb_object - one object
 * @session: connection; const
 * @oid: name; const
 * @wake: woken whenever a request is over; const
 * @slot: page with our slot, which must not change while a write is in flight,
 *	and behind it the slot that was there before
 * @slots: pages for the slots of RBD_HB_MAX_NODES nodes
 * @read_bytes: of the read in flight, or the last one; behind them is zero
 * @counter: what the write in flight, or the last one, carried
 * @owned: a write of ours was acknowledged: only a host that writes there too
 *	can have put something else into our slot since
 * @before: our slot before the write
 * @write: our slot
 * @read: all slots
 *
 * All but what the callbacks set belongs to the heartbeat thread.
 */
struct hb_object {
	struct rbd_session *session;
	struct ceph_object_id oid;
	wait_queue_head_t *wake;
	struct page *slot;
	struct page **slots;
	u32 read_bytes;
	u64 counter;
	bool owned;
	struct hb_transfer before;
	struct hb_transfer write;
	struct hb_transfer read;
};

/**
 * hb_object_init() - room for the slots of all nodes that there can be
 * @obj: zeroed
 * @cluster: its name
 * @index: 0 to 2
 *
 * Sleeps. Return: 0 or -ENOMEM; undone by hb_object_destroy() in any case.
 */
int hb_object_init(struct hb_object *obj, struct rbd_session *session,
		   wait_queue_head_t *wake, const char *cluster,
		   unsigned int index);

/** hb_object_destroy() - ends what is in flight; sleeps, bounded */
void hb_object_destroy(struct hb_object *obj);

/** hb_object_idle() - is nothing in flight? */
bool hb_object_idle(const struct hb_object *obj);

/** hb_object_done() - are the results of all requests there? */
bool hb_object_done(const struct hb_object *obj);

/**
 * hb_object_start() - write the slot, read the slots of @nodes nodes
 * @obj: idle
 * @number: whose slot it is
 * @bytes: RBD_HB_SLOT_BYTES
 * @counter: the one in there
 * @nodes: not fewer than the last time
 * @look: read what stands in our slot before, if there is memory for that
 *
 * Sleeps for memory, without I/O. Return: 0 or -ENOMEM.
 */
int hb_object_start(struct hb_object *obj, u16 number, const u8 *bytes,
		    u64 counter, unsigned int nodes, bool look);

/**
 * hb_object_reap() - take the requests back
 * @obj: done
 * @written: result of the write, 0 or -errno
 * @before: RBD_HB_SLOT_BYTES that stood in our slot, behind an earlier write
 *	of ours and before this one, or NULL; valid until hb_object_start()
 *
 * Return: bytes that were read, or -errno. What lies behind them is zero.
 */
int hb_object_reap(struct hb_object *obj, int *written, const u8 **before);

/**
 * hb_object_slot() - bytes of a node's slot, behind hb_object_reap()
 *
 * Zero, as those of nobody, when that read did not reach so far.
 */
const u8 *hb_object_slot(const struct hb_object *obj, u16 number);

#endif
