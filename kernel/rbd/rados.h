/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Synchronous calls of OSD class methods: image headers, locks.
 *
 * Contexts: all sleep and allocate with GFP_NOIO. A call ends after its
 * time-out, or at once with -ERESTARTSYS when the calling task is killed,
 * and nothing of it is left behind then.
 */
#ifndef RBD_RADOS_H
#define RBD_RADOS_H

#include <linux/ceph/libceph.h>

/* Largest request of a method, bytes. */
#define RBD_CALL_IN_MAX PAGE_SIZE

/**
 * struct rbd_call - one method and its buffers
 * @cls: class
 * @method: its method
 * @in: request, NULL for none
 * @in_len: its length, RBD_CALL_IN_MAX at most
 * @out: reply goes here, NULL to ignore it
 * @out_size: room in @out, bytes
 * @out_len: set to the length of the reply
 */
struct rbd_call {
	const char *cls;
	const char *method;
	const void *in;
	size_t in_len;
	void *out;
	size_t out_size;
	size_t out_len;
};

/**
 * rbd_rados_read_calls() - methods of one object that change nothing
 * @osdc: OSD client
 * @oid: object name
 * @oloc: pool and namespace
 * @calls: the methods; run as one operation, so that the replies belong
 *	to one state of the object
 * @n: how many, 8 at most
 * @timeout: jiffies, 0 to wait for ever
 *
 * Return: 0, -ETIMEDOUT, -ERESTARTSYS, -ENOMEM, or the first error of a
 * method (-ENOENT when there is no such object).
 */
int rbd_rados_read_calls(struct ceph_osd_client *osdc,
			 const struct ceph_object_id *oid,
			 const struct ceph_object_locator *oloc,
			 struct rbd_call *calls, unsigned int n,
			 unsigned long timeout);

/** rbd_rados_write_call() - one method that changes the object */
int rbd_rados_write_call(struct ceph_osd_client *osdc,
			 const struct ceph_object_id *oid,
			 const struct ceph_object_locator *oloc,
			 struct rbd_call *call, unsigned long timeout);

/**
 * rbd_rados_cancel() - make sure that a started request is over
 * @req: the request; the caller holds a reference
 *
 * On return its callback has run to its end or will never run. Which one
 * it was, only the callback's own mark can tell.
 */
void rbd_rados_cancel(struct ceph_osd_request *req);

#endif
