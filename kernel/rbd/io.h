/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The way of a block request to the OSDs and back.
 *
 * A read or write touches one object, since the block layer splits at
 * chunk_sectors; its OSD request is the whole of its state. Discards and
 * write-zeroes may touch several objects at once.
 */
#ifndef RBD_IO_H
#define RBD_IO_H

#include <linux/atomic.h>
#include <linux/blk-mq.h>
#include <linux/list.h>

struct rbd_device;

/* A discard or write-zeroes request touches at most that many objects. */
#define RBD_TRIM_OBJECTS 16

/**
 * struct rbd_io - private part of a block request
 * @pending: OSD requests that are not over yet, and whoever else needs
 *	@requests to stay; 0 while the block request is not ours
 * @requests: the OSD requests (r_private_item), each with a reference;
 *	const while @pending is not 0. r_priv of one points here until its
 *	callback ran.
 * @sent: all of @requests were started; set once, with release
 * @start: jiffies of that
 * @result: first error, or 0
 * @held: in the list of those that wait at the gate; @pending is 0 then
 * @incarnation: under which it came to the gate
 */
struct rbd_io {
	atomic_t pending;
	bool sent;
	int result;
	unsigned long start;
	struct list_head requests;
	struct list_head held;
	u64 incarnation;
};

/* Operations of the block layer, for disk.c. */
extern const struct blk_mq_ops rbd_mq_ops;

/**
 * rbd_io_pin() - keep the OSD requests of a block request in place
 *
 * Return: false when it is not in flight. Undone by rbd_io_part_done()
 * with the result 0, which may complete the block request.
 */
static inline bool rbd_io_pin(struct rbd_io *io)
{
	return atomic_inc_not_zero(&io->pending);
}

/** rbd_io_sent() - were all OSD requests of a pinned request started? */
static inline bool rbd_io_sent(const struct rbd_io *io)
{
	/* Pairs with the release in send(): their state is visible then. */
	return smp_load_acquire(&io->sent);
}

/**
 * rbd_io_part_done() - one of those that @pending counts is over
 * @io: the request
 * @result: 0 or a negative errno
 *
 * Any task context. The last one completes the block request.
 */
void rbd_io_part_done(struct rbd_io *io, int result);

/** rbd_io_fail() - end a request that is held; task context */
void rbd_io_fail(struct rbd_io *io, int error);

/**
 * rbd_io_send_held() - send a request that was held
 *
 * Sleeps for memory, without I/O. Return: 0 when it is sent, or was ended
 * with an error; -ENOMEM when it is still the caller's.
 */
int rbd_io_send_held(struct rbd_device *dev, struct rbd_io *io);

#endif
