// SPDX-License-Identifier: GPL-2.0
/* Ending and listing requests in flight. */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include "abort.h"

#include <linux/jiffies.h>

#include "device.h"
#include "io.h"
#include "rados.h"

struct abort_walk {
	unsigned long older_than;
	int error;
	unsigned int ended;
};

/*
 * End what is left of a pinned request. Each OSD request is over exactly
 * once: either its callback ran and cleared r_priv, or it was cancelled
 * before and we do what the callback would have done.
 */
static bool end_parts(struct rbd_io *io, int error)
{
	struct ceph_osd_request *req;
	bool ended = false;

	list_for_each_entry(req, &io->requests, r_private_item) {
		if (!READ_ONCE(req->r_priv))
			continue;
		rbd_rados_cancel(req);
		if (!READ_ONCE(req->r_priv))
			continue;
		WRITE_ONCE(req->r_priv, NULL);
		ended = true;
		rbd_io_part_done(io, error);
	}
	return ended;
}

static bool rbd_abort_one(struct request *rq, void *arg)
{
	struct rbd_io *io = blk_mq_rq_to_pdu(rq);
	struct abort_walk *walk = arg;

	if (!rbd_io_pin(io))
		return true;
	/* One that is just being sent is for the next walk. */
	if (rbd_io_sent(io) &&
	    (!walk->older_than ||
	     time_after(jiffies, io->start + walk->older_than)) &&
	    end_parts(io, walk->error))
		walk->ended++;
	rbd_io_part_done(io, 0);
	return true;
}

unsigned int rbd_abort_requests(struct rbd_device *dev,
				unsigned long older_than, int error)
{
	struct abort_walk walk = { .older_than = older_than, .error = error };

	blk_mq_tagset_busy_iter(&dev->tag_set, rbd_abort_one, &walk);
	return walk.ended;
}

static bool rbd_abort_find_oldest(struct request *rq, void *arg)
{
	struct rbd_io *io = blk_mq_rq_to_pdu(rq);
	unsigned long *oldest = arg;

	if (atomic_read(&io->pending) && rbd_io_sent(io))
		*oldest = max(*oldest, jiffies - READ_ONCE(io->start));
	return true;
}

unsigned long rbd_abort_oldest(struct rbd_device *dev)
{
	unsigned long oldest = 0;

	blk_mq_tagset_busy_iter(&dev->tag_set, rbd_abort_find_oldest, &oldest);
	return oldest;
}

struct show_walk {
	char *buf;
	size_t size;
	size_t len;
};

static const char *op_name(struct request *rq)
{
	switch (req_op(rq)) {
	case REQ_OP_READ:
		return "read";
	case REQ_OP_WRITE:
		return "write";
	case REQ_OP_DISCARD:
		return "discard";
	default:
		return "zero";
	}
}

static bool rbd_abort_show_one(struct request *rq, void *arg)
{
	struct rbd_io *io = blk_mq_rq_to_pdu(rq);
	struct ceph_osd_request *req;
	struct show_walk *walk = arg;

	if (!rbd_io_pin(io))
		return true;
	if (rbd_io_sent(io)) {
		list_for_each_entry(req, &io->requests, r_private_item) {
			if (!READ_ONCE(req->r_priv))
				continue;
			walk->len += scnprintf(walk->buf + walk->len,
					       walk->size - walk->len,
					       "%s %s osd%d %u ms\n",
					       op_name(rq),
					       req->r_base_oid.name,
					       READ_ONCE(req->r_t.osd),
					       jiffies_to_msecs(jiffies -
								io->start));
		}
	}
	rbd_io_part_done(io, 0);
	return walk->len + 1 < walk->size;
}

ssize_t rbd_abort_show(struct rbd_device *dev, char *buf, size_t size)
{
	struct show_walk walk = { .buf = buf, .size = size };

	blk_mq_tagset_busy_iter(&dev->tag_set, rbd_abort_show_one, &walk);
	return walk.len;
}
