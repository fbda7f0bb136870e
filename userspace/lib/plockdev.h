/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The kernel's side of POSIX locks: the device dlm_plock, from which requests
 * are read and to which their results are written (protocol 1.2).
 *
 * The kernel matches results of requests that do not wait with the first of
 * their lockspace that is open: they must come back in the order in which
 * they went out. This is kept here, so results may be given in any order.
 *
 * Open requests can outlive the daemon in a file that is mapped
 * (plockdev_keep()): the kernel writes a request right into it, so there is no
 * moment in which one was taken from the kernel and is nowhere else. A result
 * that was being written when the daemon died is written again where the kernel
 * cannot mistake it for another one. Otherwise it is taken for granted that the
 * kernel has it; it is unless the daemon died in the few instructions before
 * the system call.
 */
#ifndef RBDSHARE_LIB_PLOCKDEV_H
#define RBDSHARE_LIB_PLOCKDEV_H

#include <stdbool.h>
#include <stdint.h>

#include "plock.h"

/**
 * struct plockdev_request - what a process wants
 * @id: for plockdev_answer(); each is greater than all before, on this boot
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

/**
 * plockdev_keep() - let open requests outlive this process
 * @path: of the file, which may be there already
 * @each: called for each request in it that is open, by growing id
 *
 * Before anything is read. Return: 0; or a negative errno: it works, but
 * nothing is kept.
 */
int plockdev_keep(struct plockdev *dev, const char *path,
		  void (*each)(void *arg, const struct plockdev_request *r),
		  void *arg);

/* Readable when there is a request. */
int plockdev_fd(const struct plockdev *dev);

/**
 * plockdev_read() - the next request
 *
 * Return: 0; -EAGAIN none; -EPROTONOSUPPORT the kernel speaks another version;
 * -EBADMSG; -ENOMEM; or the errno of read().
 */
int plockdev_read(struct plockdev *dev, struct plockdev_request *out);

/**
 * plockdev_answer() - what became of a request
 * @rv: 0 or a negative errno; for @get 0 when nobody conflicts. Of an unlock at
 *	close the kernel is told nothing
 * @holder: for @get: who does; else NULL
 *
 * Return: 0; -ENOENT there is no such request; or the errno of write().
 */
int plockdev_answer(struct plockdev *dev, uint64_t id, int rv,
		    const struct rbd_plock_op *holder);

/* plockdev_forget() - the kernel does not wait for that one any more */
void plockdev_forget(struct plockdev *dev, uint64_t id);

/* plockdev_count() - requests that are open */
unsigned int plockdev_count(const struct plockdev *dev);

/* plockdev_close() - what is kept stays */
void plockdev_close(struct plockdev *dev);

#endif
