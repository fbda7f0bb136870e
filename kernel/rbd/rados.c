// SPDX-License-Identifier: GPL-2.0
/* Synchronous OSD class calls with a time-out. */
#include "rados.h"

#include <linux/completion.h>
#include <linux/err.h>
#include <linux/slab.h>

#define CALLS_MAX 8

/* What a caller waits on; lives on its stack. */
struct sync_wait {
	struct completion done;
	int result;
};

static void sync_reply(struct ceph_osd_request *req)
{
	struct sync_wait *wait = req->r_priv;

	wait->result = req->r_result;
	complete(&wait->done);
}

void rbd_rados_cancel(struct ceph_osd_request *req)
{
	ceph_osdc_cancel_request(req);
	/*
	 * Done by whoever ends the request: the cancellation, or the reply
	 * that was faster, in which case after the callback returned.
	 */
	wait_for_completion(&req->r_completion);
}

static int start_and_wait(struct ceph_osd_client *osdc,
			  struct ceph_osd_request *req, unsigned long timeout)
{
	struct sync_wait wait = { .result = -ETIMEDOUT };
	long left;

	init_completion(&wait.done);
	req->r_callback = sync_reply;
	req->r_priv = &wait;
	ceph_osdc_start_request(osdc, req);
	left = wait_for_completion_killable_timeout(&wait.done,
						    ceph_timeout_jiffies(timeout));
	if (left > 0)
		return wait.result;
	rbd_rados_cancel(req);
	/* The reply may have come in this very moment. */
	if (wait.result == -ETIMEDOUT && left < 0)
		return -ERESTARTSYS;
	return wait.result;
}

/* Attach the request; the OSD request owns the page then. */
static int init_call(struct ceph_osd_request *req, unsigned int which,
		     const struct rbd_call *call)
{
	struct page **pages;
	int err;

	err = osd_req_op_cls_init(req, which, call->cls, call->method);
	if (err || !call->in_len)
		return err;
	pages = ceph_alloc_page_vector(1, GFP_NOIO);
	if (IS_ERR(pages))
		return PTR_ERR(pages);
	memcpy(page_address(pages[0]), call->in, call->in_len);
	osd_req_op_cls_request_data_pages(req, which, pages, call->in_len, 0,
					  false, true);
	return 0;
}

/*
 * The replies of all methods come as one run of bytes, so that there is one
 * buffer for them, which belongs to the first method.
 */
static int init_reply(struct ceph_osd_request *req,
		      const struct rbd_call *calls, unsigned int n)
{
	struct page **pages;
	size_t size = 0;
	unsigned int i;

	for (i = 0; i < n; i++)
		size += calls[i].out_size;
	if (!size)
		return 0;
	pages = ceph_alloc_page_vector(calc_pages_for(0, size), GFP_NOIO);
	if (IS_ERR(pages))
		return PTR_ERR(pages);
	osd_req_op_cls_response_data_pages(req, 0, pages, size, 0, false, true);
	return 0;
}

static void fetch_replies(struct ceph_osd_request *req, struct rbd_call *calls,
			  unsigned int n)
{
	struct page **pages = req->r_ops[0].cls.response_data.pages;
	size_t size = 0;
	size_t at = 0;
	unsigned int i;

	for (i = 0; i < n; i++)
		size += calls[i].out_size;
	for (i = 0; i < n; i++) {
		size_t len = min_t(size_t, req->r_ops[i].outdata_len,
				   size - at);

		calls[i].out_len = min(len, calls[i].out_size);
		if (calls[i].out_len)
			ceph_copy_from_page_vector(pages, calls[i].out, at,
						   calls[i].out_len);
		at += len;
	}
}

static int run_calls(struct ceph_osd_client *osdc,
		     const struct ceph_object_id *oid,
		     const struct ceph_object_locator *oloc,
		     struct rbd_call *calls, unsigned int n, int flags,
		     unsigned long timeout)
{
	struct ceph_osd_request *req;
	unsigned int i;
	int err;

	if (WARN_ON_ONCE(!n || n > CALLS_MAX))
		return -EINVAL;
	for (i = 0; i < n; i++)
		if (calls[i].in_len > RBD_CALL_IN_MAX)
			return -E2BIG;

	req = ceph_osdc_alloc_request(osdc, NULL, n, false, GFP_NOIO);
	if (!req)
		return -ENOMEM;
	ceph_oid_copy(&req->r_base_oid, oid);
	ceph_oloc_copy(&req->r_base_oloc, oloc);
	req->r_flags = flags;
	if (flags & CEPH_OSD_FLAG_WRITE)
		ktime_get_real_ts64(&req->r_mtime);

	for (i = 0; i < n; i++) {
		err = init_call(req, i, &calls[i]);
		if (err)
			goto out_put_request;
	}
	err = init_reply(req, calls, n);
	if (err)
		goto out_put_request;
	err = ceph_osdc_alloc_messages(req, GFP_NOIO);
	if (err)
		goto out_put_request;

	err = start_and_wait(osdc, req, timeout);
	if (err >= 0) {
		fetch_replies(req, calls, n);
		err = 0;
	}
out_put_request:
	ceph_osdc_put_request(req);
	return err;
}

int rbd_rados_read_calls(struct ceph_osd_client *osdc,
			 const struct ceph_object_id *oid,
			 const struct ceph_object_locator *oloc,
			 struct rbd_call *calls, unsigned int n,
			 unsigned long timeout)
{
	return run_calls(osdc, oid, oloc, calls, n, CEPH_OSD_FLAG_READ,
			 timeout);
}

int rbd_rados_write_call(struct ceph_osd_client *osdc,
			 const struct ceph_object_id *oid,
			 const struct ceph_object_locator *oloc,
			 struct rbd_call *call, unsigned long timeout)
{
	return run_calls(osdc, oid, oloc, call, 1, CEPH_OSD_FLAG_WRITE,
			 timeout);
}
