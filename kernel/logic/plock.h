/* SPDX-License-Identifier: GPL-2.0 */
/*
 * POSIX locks (fcntl) of a cluster filesystem: one lockspace's state as each
 * node keeps it for itself.
 *
 * All nodes apply the same operations in the same order, so all come to the
 * same state; each tells its own kernel what became of its own operations.
 * Nothing here depends on anything else: no time, no addresses, no order of
 * memory. An owner is a node and the kernel's owner number on it.
 *
 * Whoever waits is granted in the order of arrival, as far as the locks that
 * are held then allow; a later one may pass an earlier one that still has to
 * wait.
 */
#ifndef RBD_LOGIC_PLOCK_H
#define RBD_LOGIC_PLOCK_H

#include "base.h"

#define RBD_PLOCK_BUCKETS 256
#define RBD_PLOCK_NONE U32_MAX

enum rbd_plock_type {
	RBD_PLOCK_LOCK,
	RBD_PLOCK_UNLOCK,
	/* Take back a lock that waits; all fields as in its operation. */
	RBD_PLOCK_CANCEL,
};

/**
 * struct rbd_plock_op - an operation, and a lock
 * @type: enum rbd_plock_type
 * @ex: exclusive, else shared
 * @wait: wait when it conflicts
 * @close: an unlock at close: forgets what the owner waits for as well
 * @node: whose it is
 * @pid: for people
 * @owner: of the kernel of @node
 * @resource: inode number
 * @start: first byte
 * @end: last byte, not less than @start
 * @id: for whoever keeps the table; it says nothing here, but stays with a
 *	lock that waits
 */
struct rbd_plock_op {
	u8 type;
	bool ex;
	bool wait;
	bool close;
	u32 node;
	u32 pid;
	u64 owner;
	u64 resource;
	u64 start;
	u64 end;
	u64 id;
};

/**
 * struct rbd_plock_entry - a lock that is held or waited for
 * @next: index of the next in its bucket, or in the free list
 */
struct rbd_plock_entry {
	struct rbd_plock_op op;
	bool waiting;
	u32 next;
};

/**
 * struct rbd_plock_table - all of them
 * @entries: the caller's; may be moved to a larger array (rbd_plock_grow())
 * @size: their number
 * @unused: of these
 * @free: first of them
 * @buckets: by resource; in a bucket in the order of arrival
 */
struct rbd_plock_table {
	struct rbd_plock_entry *entries;
	u32 size;
	u32 unused;
	u32 free;
	u32 buckets[RBD_PLOCK_BUCKETS];
};

/* Told of each operation that had to wait and is granted now. */
typedef void (*rbd_plock_granted)(void *arg, const struct rbd_plock_op *op);

/* rbd_plock_init() - @entries may be NULL when @size is 0 */
void rbd_plock_init(struct rbd_plock_table *t, struct rbd_plock_entry *entries,
		    u32 size);

/**
 * rbd_plock_grow() - go on in a larger array
 * @entries: @size of them, the first ones copied from the old array
 */
void rbd_plock_grow(struct rbd_plock_table *t, struct rbd_plock_entry *entries,
		    u32 size);

/**
 * rbd_plock_apply() - the next operation of the common order
 * @granted: called for others that it sets free, in their order; may be NULL
 *
 * Return: 0 done: tell its kernel 0; 1 it waits: nothing to tell yet;
 * -EAGAIN it conflicts; -ENOENT nothing of that kind waits (cancel);
 * -EINVAL; -ENOMEM: nothing has changed, grow and apply it again.
 */
int rbd_plock_apply(struct rbd_plock_table *t, const struct rbd_plock_op *op,
		    rbd_plock_granted granted, void *arg);

/**
 * rbd_plock_purge() - a node is gone: so are its locks, and what it waits for
 *
 * Return: 0 or -ENOMEM, as rbd_plock_apply().
 */
int rbd_plock_purge(struct rbd_plock_table *t, u32 node,
		    rbd_plock_granted granted, void *arg);

/**
 * rbd_plock_conflict() - who keeps an operation from being done?
 *
 * Return: a lock that is held, valid until the next change; NULL for nobody.
 */
const struct rbd_plock_op *rbd_plock_conflict(const struct rbd_plock_table *t,
					      const struct rbd_plock_op *op);

/**
 * rbd_plock_each_wait() - what an owner waits for in a resource, in its order
 * @op: whose, and where; NULL @each counts only
 *
 * Return: their number.
 */
u32 rbd_plock_each_wait(const struct rbd_plock_table *t,
			const struct rbd_plock_op *op, rbd_plock_granted each,
			void *arg);

/** rbd_plock_same_wait() - is it @wait that a cancel of @op takes back? */
bool rbd_plock_same_wait(const struct rbd_plock_op *wait,
			 const struct rbd_plock_op *op);

/**
 * rbd_plock_each() - all locks of a node, to build the state anew from
 * @node: whose; RBD_PLOCK_NONE for all
 * @each: @waiting: it is waited for only; nonzero ends it
 *
 * Those that are held come before those that wait, these in their order.
 *
 * Return: what @each returned last.
 */
int rbd_plock_each(const struct rbd_plock_table *t, u32 node,
		   int (*each)(void *arg, const struct rbd_plock_op *op,
			       bool waiting),
		   void *arg);

#endif
