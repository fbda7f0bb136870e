/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The kernel's side of POSIX locks: the device dlm_plock, from which requests
 * are read and to which their results are written (protocol 1.2).
 *
 * The kernel matches results of requests that do not wait with the first of
 * their lockspace that is open: they must come back in the order in which
 * they went out. This is kept here, so results may be given in any order.
 */
#ifndef RBDSHARE_LIB_PLOCKDEV_H
#define RBDSHARE_LIB_PLOCKDEV_H

#include <stdbool.h>
#include <stdint.h>

#include "plock.h"

/**
 * struct plockdev_request - what a process wants
 * @id: for plockdev_answer(); 0 when no answer is wanted
 * @fsid: the lockspace's id
 * @get: only asks who holds what conflicts with @op
 * @op: with the node of this host
 */
struct plockdev_request {
	uint64_t id;
	uint32_t fsid;
	bool get;
	struct rbd_plock_op op;
};

struct plockdev;

/**
 * plockdev_open() - the real device
 *
 * Return: 0; -ENOENT no fs/dlm; or a negative errno.
 */
int plockdev_open(struct plockdev **dev, uint32_t nodeid);

/* plockdev_attach() - over a descriptor that is non-blocking; takes it over */
int plockdev_attach(struct plockdev **dev, int fd, uint32_t nodeid);

/* Readable when there is a request. */
int plockdev_fd(const struct plockdev *dev);

/**
 * plockdev_read() - the next request
 *
 * Return: 0; -EAGAIN none; -EPROTONOSUPPORT the kernel speaks another version;
 * -EBADMSG; or the errno of read().
 */
int plockdev_read(struct plockdev *dev, struct plockdev_request *out);

/**
 * plockdev_answer() - what became of a request
 * @rv: 0 or a negative errno; for @get 0 when nobody conflicts
 * @holder: for @get: who does; else NULL
 *
 * Return: 0; -ENOENT there is no such request; or the errno of write().
 */
int plockdev_answer(struct plockdev *dev, uint64_t id, int rv,
		    const struct rbd_plock_op *holder);

/* plockdev_find() - id of an open request of ours that has these fields; 0 */
uint64_t plockdev_find(const struct plockdev *dev, uint32_t fsid,
		       const struct rbd_plock_op *op);

void plockdev_close(struct plockdev *dev);

#endif
