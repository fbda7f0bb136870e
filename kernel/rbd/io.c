// SPDX-License-Identifier: GPL-2.0
/*
 * The way of a block request to the OSDs and back.
 *
 * Submission runs in the context of whoever submits, and may sleep
 * (BLK_MQ_F_BLOCKING); completion runs in libceph's callback.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include "io.h"

#include <linux/blk-mq.h>
#include <linux/highmem.h>

#include "device.h"
#include "extent.h"
#include "fence.h"
#include "gate.h"
#include "header.h"

/* Part of a read that the OSD did not send, because it is not written. */
static void zero_from(struct request *rq, unsigned int skip)
{
	struct req_iterator iter;
	struct bio_vec tail;
	struct bio_vec bv;

	rq_for_each_segment(bv, rq, iter) {
		if (skip >= bv.bv_len) {
			skip -= bv.bv_len;
			continue;
		}
		/* A copy: the loop steps on by the length of its own. */
		tail = bv;
		tail.bv_offset += skip;
		tail.bv_len -= skip;
		skip = 0;
		memzero_bvec(&tail);
	}
}

static blk_status_t to_status(int result)
{
	/*
	 * Filesystems know few errors; anything that is not plainly out of
	 * space or out of time is an I/O error.
	 */
	switch (result) {
	case 0:
		return BLK_STS_OK;
	case -ENOSPC:
	case -EDQUOT:
		return BLK_STS_NOSPC;
	case -ETIMEDOUT:
		return BLK_STS_TIMEOUT;
	default:
		return BLK_STS_IOERR;
	}
}

static void put_requests(struct rbd_io *io)
{
	struct ceph_osd_request *req;
	struct ceph_osd_request *next;

	list_for_each_entry_safe(req, next, &io->requests, r_private_item) {
		list_del_init(&req->r_private_item);
		ceph_osdc_put_request(req);
	}
}

void rbd_io_part_done(struct rbd_io *io, int result)
{
	struct request *rq;

	if (result)
		cmpxchg(&io->result, 0, result);
	if (!atomic_dec_and_test(&io->pending))
		return;
	rq = blk_mq_rq_from_pdu(io);
	put_requests(io);
	if (io->result == -ESHUTDOWN &&
	    rbd_gate_hold_refused(rq->q->queuedata, io))
		return;
	blk_mq_end_request(rq, to_status(io->result));
}

void rbd_io_fail(struct rbd_io *io, int error)
{
	blk_mq_end_request(blk_mq_rq_from_pdu(io), to_status(error));
}

/*
 * "No such object" means zeroes, unless the pool itself is gone: libceph
 * says the same then, and zeroes would be a lie.
 */
static bool pool_is_there(struct rbd_device *dev)
{
	struct ceph_osd_client *osdc = rbd_osdc(dev);
	bool there;

	down_read(&osdc->lock);
	there = ceph_pg_pool_name_by_id(osdc->osdmap, dev->data_oloc.pool);
	up_read(&osdc->lock);
	return there;
}

static void rbd_io_read_reply(struct ceph_osd_request *req)
{
	struct rbd_io *io = req->r_priv;
	struct request *rq = blk_mq_rq_from_pdu(io);
	struct rbd_device *dev = rq->q->queuedata;
	int result = req->r_result;

	if (result == -ENOENT)
		result = pool_is_there(dev) ? 0 : -EIO;
	if (result == -ESHUTDOWN)
		rbd_fence_noticed(dev);
	if (result >= 0) {
		if (result < blk_rq_bytes(rq))
			zero_from(rq, result);
		result = 0;
	}
	WRITE_ONCE(req->r_priv, NULL);
	rbd_io_part_done(io, result);
}

/* Writes, and what makes objects read as zeroes. */
static void rbd_io_write_reply(struct ceph_osd_request *req)
{
	struct rbd_io *io = req->r_priv;
	struct request *rq = blk_mq_rq_from_pdu(io);
	struct rbd_device *dev = rq->q->queuedata;
	int result = min(req->r_result, 0);

	if (result == -ESHUTDOWN)
		rbd_fence_noticed(dev);
	/* An object that is not there reads as zeroes already. */
	if (result == -ENOENT && req_op(rq) != REQ_OP_WRITE &&
	    pool_is_there(dev))
		result = 0;
	WRITE_ONCE(req->r_priv, NULL);
	rbd_io_part_done(io, result);
}

/* An OSD request for one object of the image, not filled in yet. */
static struct ceph_osd_request *new_request(struct rbd_device *dev,
					    struct rbd_io *io, u64 object,
					    struct ceph_snap_context *snapc,
					    unsigned int ops)
{
	struct ceph_osd_request *req;

	req = ceph_osdc_alloc_request(rbd_osdc(dev), snapc, ops, false,
				      GFP_NOIO);
	if (!req)
		return NULL;
	ceph_oloc_copy(&req->r_base_oloc, &dev->data_oloc);
	if (ceph_oid_aprintf(&req->r_base_oid, GFP_NOIO, "%s.%016llx",
			     dev->object_prefix, object)) {
		ceph_osdc_put_request(req);
		return NULL;
	}
	req->r_priv = io;
	list_add_tail(&req->r_private_item, &io->requests);
	return req;
}

static int build_read(struct rbd_device *dev, struct request *rq, u8 order)
{
	struct rbd_io *io = blk_mq_rq_to_pdu(rq);
	struct rbd_extent e = rbd_extent_first(order,
				(u64)blk_rq_pos(rq) << SECTOR_SHIFT,
				blk_rq_bytes(rq));
	struct ceph_bio_iter bio = { .bio = rq->bio,
				     .iter = rq->bio->bi_iter };
	struct ceph_osd_request *req;

	req = new_request(dev, io, e.object, NULL, 1);
	if (!req)
		return -ENOMEM;
	req->r_flags = CEPH_OSD_FLAG_READ |
		       rbd_osdc(dev)->client->options->read_from_replica;
	req->r_snapid = dev->spec.snap_id;
	req->r_callback = rbd_io_read_reply;
	osd_req_op_extent_init(req, 0, CEPH_OSD_OP_READ, e.offset, e.length,
			       0, 0);
	osd_req_op_extent_osd_data_bio(req, 0, &bio, e.length);
	return ceph_osdc_alloc_messages(req, GFP_NOIO);
}

static void prepare_write(struct ceph_osd_request *req, u32 offset)
{
	req->r_flags = CEPH_OSD_FLAG_WRITE;
	req->r_callback = rbd_io_write_reply;
	req->r_data_offset = offset;
	ktime_get_real_ts64(&req->r_mtime);
}

static u32 hint_flags(const struct rbd_device *dev)
{
	switch (dev->options.compression_hint) {
	case RBD_COMPRESSION_COMPRESSIBLE:
		return CEPH_OSD_ALLOC_HINT_FLAG_COMPRESSIBLE;
	case RBD_COMPRESSION_INCOMPRESSIBLE:
		return CEPH_OSD_ALLOC_HINT_FLAG_INCOMPRESSIBLE;
	default:
		return 0;
	}
}

static int build_write(struct rbd_device *dev, struct request *rq,
		       struct rbd_header *header)
{
	struct rbd_io *io = blk_mq_rq_to_pdu(rq);
	u32 object_size = 1U << header->order;
	struct rbd_extent e = rbd_extent_first(header->order,
				(u64)blk_rq_pos(rq) << SECTOR_SHIFT,
				blk_rq_bytes(rq));
	struct ceph_bio_iter bio = { .bio = rq->bio,
				     .iter = rq->bio->bi_iter };
	bool hint = rbd_hint_wanted(header, e.object);
	struct ceph_osd_request *req;
	unsigned int which = 0;

	req = new_request(dev, io, e.object, header->snapc, hint ? 2 : 1);
	if (!req)
		return -ENOMEM;
	prepare_write(req, e.offset);
	if (hint)
		osd_req_op_alloc_hint_init(req, which++, object_size,
					   object_size, hint_flags(dev));
	osd_req_op_extent_init(req, which, e.length == object_size ?
			       CEPH_OSD_OP_WRITEFULL : CEPH_OSD_OP_WRITE,
			       e.offset, e.length, 0, 0);
	osd_req_op_extent_osd_data_bio(req, which, &bio, e.length);
	return ceph_osdc_alloc_messages(req, GFP_NOIO);
}

static int build_zero(struct rbd_device *dev, struct rbd_io *io,
		      struct rbd_header *header, const struct rbd_extent *e,
		      enum rbd_zero_op op)
{
	struct ceph_osd_request *req;

	req = new_request(dev, io, e->object, header->snapc, 1);
	if (!req)
		return -ENOMEM;
	prepare_write(req, e->offset);
	switch (op) {
	case RBD_ZERO_REMOVE:
		rbd_hint_forget(header, e->object);
		osd_req_op_init(req, 0, CEPH_OSD_OP_DELETE, 0);
		break;
	case RBD_ZERO_TRUNCATE:
		osd_req_op_extent_init(req, 0, CEPH_OSD_OP_TRUNCATE, e->offset,
				       0, 0, 0);
		break;
	default:
		osd_req_op_extent_init(req, 0, CEPH_OSD_OP_ZERO, e->offset,
				       e->length, 0, 0);
		break;
	}
	return ceph_osdc_alloc_messages(req, GFP_NOIO);
}

/* One OSD request for each object of a discard or write-zeroes. */
static int build_trim(struct rbd_device *dev, struct request *rq,
		      struct rbd_header *header)
{
	struct rbd_io *io = blk_mq_rq_to_pdu(rq);
	u64 pos = (u64)blk_rq_pos(rq) << SECTOR_SHIFT;
	u64 left = blk_rq_bytes(rq);
	enum rbd_zero_op op;
	struct rbd_extent e;
	u64 step;
	int err;

	for (; left; pos += step, left -= step) {
		e = rbd_extent_first(header->order, pos, left);
		step = e.length;
		if (req_op(rq) == REQ_OP_DISCARD)
			op = rbd_extent_plan_discard(header->order,
						     dev->options.alloc_size,
						     &e);
		else
			op = rbd_extent_plan_zero(header->order, &e);
		if (op == RBD_ZERO_NOTHING)
			continue;
		err = build_zero(dev, io, header, &e, op);
		if (err)
			return err;
	}
	return 0;
}

static int build(struct rbd_device *dev, struct request *rq,
		 struct rbd_header *header)
{
	u64 end = ((u64)blk_rq_pos(rq) << SECTOR_SHIFT) + blk_rq_bytes(rq);

	if (header->gone || end > round_up(header->size, SECTOR_SIZE))
		return -EIO;
	if (req_op(rq) == REQ_OP_READ)
		return build_read(dev, rq, header->order);
	if (dev->read_only || header->write_refused)
		return -EIO;
	switch (req_op(rq)) {
	case REQ_OP_WRITE:
		return build_write(dev, rq, header);
	case REQ_OP_DISCARD:
	case REQ_OP_WRITE_ZEROES:
		return build_trim(dev, rq, header);
	default:
		return -EOPNOTSUPP;
	}
}

static void send(struct rbd_device *dev, struct rbd_io *io)
{
	struct ceph_osd_request *req;
	int parts = 1;	/* our own, until all are sent */

	list_for_each_entry(req, &io->requests, r_private_item)
		parts++;
	io->start = jiffies;
	io->result = 0;
	io->sent = false;
	/* From here on others look at the list. */
	atomic_set_release(&io->pending, parts);
	list_for_each_entry(req, &io->requests, r_private_item)
		ceph_osdc_start_request(rbd_osdc(dev), req);
	/* Pairs with rbd_io_sent(). */
	smp_store_release(&io->sent, true);
	rbd_io_part_done(io, 0);
}

static int build_and_send(struct rbd_device *dev, struct rbd_io *io)
{
	struct rbd_header *header = rbd_header_get(dev);
	int err;

	if (!header)
		return -EIO;
	err = build(dev, blk_mq_rq_from_pdu(io), header);
	rbd_header_put(header);
	if (err)
		put_requests(io);
	else
		send(dev, io);
	return err;
}

int rbd_io_send_held(struct rbd_device *dev, struct rbd_io *io)
{
	int err = build_and_send(dev, io);

	if (err && err != -ENOMEM) {
		rbd_io_fail(io, err);
		err = 0;
	}
	return err;
}

static blk_status_t rbd_io_queue_rq(struct blk_mq_hw_ctx *hctx,
				    const struct blk_mq_queue_data *bd)
{
	struct rbd_device *dev = hctx->queue->queuedata;
	struct request *rq = bd->rq;
	struct rbd_io *io = blk_mq_rq_to_pdu(rq);
	enum rbd_gate_verdict verdict;
	u64 incarnation;
	int err;

	blk_mq_start_request(rq);
	verdict = rbd_gate_verdict(dev, &incarnation);
	if (rbd_device_refuses_io(dev) || verdict == RBD_GATE_FAIL)
		return BLK_STS_IOERR;
	if (verdict == RBD_GATE_HOLD) {
		rbd_gate_hold(dev, io, incarnation);
		return BLK_STS_OK;
	}
	if (test_bit(RBD_DEV_FENCED, &dev->flags))
		return rbd_gate_hold_refused(dev, io) ? BLK_STS_OK :
							BLK_STS_IOERR;
	err = build_and_send(dev, io);
	/* No memory: the block layer comes back with it. */
	if (err == -ENOMEM)
		return BLK_STS_RESOURCE;
	return err ? to_status(err) : BLK_STS_OK;
}

static int rbd_io_init_request(struct blk_mq_tag_set *set, struct request *rq,
			       unsigned int hctx_idx, unsigned int numa_node)
{
	struct rbd_io *io = blk_mq_rq_to_pdu(rq);

	atomic_set(&io->pending, 0);
	INIT_LIST_HEAD(&io->requests);
	INIT_LIST_HEAD(&io->held);
	return 0;
}

const struct blk_mq_ops rbd_mq_ops = {
	.queue_rq = rbd_io_queue_rq,
	.init_request = rbd_io_init_request,
};
