// SPDX-License-Identifier: GPL-2.0
/* Reading the image header and keeping the current state of it. */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include "header.h"

#include <linux/mm.h>
#include <linux/slab.h>

#include "device.h"
#include "header_decode.h"
#include "image_features.h"
#include "log.h"
#include "rados.h"

/* Room for RBD_SNAPS_MAX ids, and more so that too many are noticed. */
#define SNAPC_REPLY (4 * PAGE_SIZE)

static int read_calls(struct rbd_device *dev, struct rbd_call *calls,
		      unsigned int n)
{
	return rbd_rados_read_calls(rbd_osdc(dev), &dev->header_oid,
				    &dev->header_oloc, calls, n,
				    rbd_timeout(dev));
}

/* --- hints --- */

static void free_hints(struct kref *kref)
{
	struct rbd_hints *hints = container_of(kref, struct rbd_hints, kref);

	kvfree(hints->told);
	kfree(hints);
}

/* Hints of the last header if they fit, else new ones that know as much. */
static struct rbd_hints *inherit_hints(struct rbd_header *old, u64 count)
{
	struct rbd_hints *hints;

	if (old && old->hints && old->hints->count == count) {
		kref_get(&old->hints->kref);
		return old->hints;
	}
	if (!count || count > INT_MAX)
		return NULL;
	hints = kzalloc(sizeof(*hints), GFP_NOIO);
	if (!hints)
		return NULL;
	kref_init(&hints->kref);
	hints->count = count;
	hints->told = kvcalloc(BITS_TO_LONGS(count), sizeof(long), GFP_NOIO);
	if (!hints->told) {
		kfree(hints);
		return NULL;
	}
	if (old && old->hints)
		memcpy(hints->told, old->hints->told,
		       BITS_TO_LONGS(min(count, old->hints->count)) *
		       sizeof(long));
	return hints;
}

bool rbd_hint_wanted(struct rbd_header *header, u64 object)
{
	struct rbd_hints *hints = header->hints;

	if (!hints || object >= hints->count)
		return true;
	return !test_bit(object, hints->told) &&
	       !test_and_set_bit(object, hints->told);
}

void rbd_hint_forget(struct rbd_header *header, u64 object)
{
	struct rbd_hints *hints = header->hints;

	if (hints && object < hints->count)
		clear_bit(object, hints->told);
}

/* --- life of a header --- */

static void free_header_rcu(struct rcu_head *rcu)
{
	kfree(container_of(rcu, struct rbd_header, rcu));
}

static void free_header(struct kref *kref)
{
	struct rbd_header *header = container_of(kref, struct rbd_header, kref);

	ceph_put_snap_context(header->snapc);
	if (header->hints)
		kref_put(&header->hints->kref, free_hints);
	call_rcu(&header->rcu, free_header_rcu);
}

struct rbd_header *rbd_header_get(struct rbd_device *dev)
{
	struct rbd_header *header;

	rcu_read_lock();
	do {
		header = rcu_dereference(dev->header);
	} while (header && !kref_get_unless_zero(&header->kref));
	rcu_read_unlock();
	return header;
}

void rbd_header_put(struct rbd_header *header)
{
	if (header)
		kref_put(&header->kref, free_header);
}

void rbd_header_publish(struct rbd_device *dev, struct rbd_header *header)
{
	struct rbd_header *old = rcu_dereference_protected(dev->header, 1);

	rcu_assign_pointer(dev->header, header);
	rbd_header_put(old);
}

/* --- reading --- */

static int decode_snapc(struct rbd_header *header, const void *reply,
			size_t len)
{
	u64 *ids = kcalloc(RBD_SNAPS_MAX, sizeof(*ids), GFP_NOIO);
	u32 count;
	u64 seq;
	int err;

	if (!ids)
		return -ENOMEM;
	err = rbd_decode_snapcontext(reply, len, &seq, &count, ids);
	if (err)
		goto out_free_ids;
	header->snapc = ceph_create_snap_context(count, GFP_NOIO);
	if (!header->snapc) {
		err = -ENOMEM;
		goto out_free_ids;
	}
	header->snapc->seq = seq;
	memcpy(header->snapc->snaps, ids, count * sizeof(*ids));
out_free_ids:
	kfree(ids);
	return err;
}

static bool has_snap(const struct rbd_header *header, u64 snap_id)
{
	u32 i;

	for (i = 0; i < header->snapc->num_snaps; i++)
		if (header->snapc->snaps[i] == snap_id)
			return true;
	return false;
}

/* Size and features, of the snapshot if that is mapped. */
static int read_state(struct rbd_device *dev, struct rbd_header *header,
		      void *snapc_reply)
{
	struct {
		__le64 snap_id;
		u8 read_only;
	} __packed query = {
		.snap_id = cpu_to_le64(dev->spec.snap_id),
		.read_only = dev->read_only,
	};
	u8 size_reply[16];
	u8 feature_reply[16];
	struct rbd_call calls[] = {
		{ .cls = "rbd", .method = "get_snapcontext",
		  .out = snapc_reply, .out_size = SNAPC_REPLY },
		{ .cls = "rbd", .method = "get_size",
		  .in = &query.snap_id, .in_len = sizeof(query.snap_id),
		  .out = size_reply, .out_size = sizeof(size_reply) },
		{ .cls = "rbd", .method = "get_features",
		  .in = &query, .in_len = sizeof(query),
		  .out = feature_reply, .out_size = sizeof(feature_reply) },
	};
	int err;

	err = read_calls(dev, calls, ARRAY_SIZE(calls));
	if (err)
		return err;
	err = rbd_decode_size(size_reply, calls[1].out_len, &header->order,
			      &header->size);
	if (!err)
		err = rbd_decode_features(feature_reply, calls[2].out_len,
					  &header->features,
					  &header->incompat);
	if (!err)
		err = decode_snapc(header, snapc_reply, calls[0].out_len);
	return err;
}

/* A mapped snapshot is deleted: what there is left is that it is gone. */
static int read_gone(struct rbd_device *dev, struct rbd_header *header,
		     void *snapc_reply)
{
	struct rbd_call call = {
		.cls = "rbd", .method = "get_snapcontext",
		.out = snapc_reply, .out_size = SNAPC_REPLY,
	};
	struct rbd_header *old;
	int err;

	err = read_calls(dev, &call, 1);
	if (!err)
		err = decode_snapc(header, snapc_reply, call.out_len);
	if (err)
		return err;
	if (has_snap(header, dev->spec.snap_id))
		return -EAGAIN;
	old = rbd_header_get(dev);
	if (!old)
		return -ENOENT;
	header->size = old->size;
	header->order = old->order;
	header->features = old->features;
	header->incompat = old->incompat;
	header->gone = true;
	rbd_header_put(old);
	return 0;
}

static const char *why_no_writes(struct rbd_device *dev,
				 const struct rbd_header *header)
{
	if (dev->shared && header->features & RBD_FEATURES_SINGLE_CLIENT)
		return "a feature for a single client was enabled";
	if (header->incompat & ~RBD_FEATURES_SUPPORTED)
		return "a feature that is not supported was enabled";
	return NULL;
}

struct rbd_header *rbd_header_read(struct rbd_device *dev)
{
	struct rbd_header *header;
	struct rbd_header *old;
	void *snapc_reply;
	int err;

	header = kzalloc(sizeof(*header), GFP_NOIO);
	snapc_reply = kvmalloc(SNAPC_REPLY, GFP_NOIO);
	if (!header || !snapc_reply) {
		kfree(header);
		kvfree(snapc_reply);
		return ERR_PTR(-ENOMEM);
	}
	kref_init(&header->kref);

	err = read_state(dev, header, snapc_reply);
	if (err == -ENOENT && rbd_spec_is_snap(&dev->spec))
		err = read_gone(dev, header, snapc_reply);
	kvfree(snapc_reply);
	if (err) {
		rbd_header_put(header);
		return ERR_PTR(err);
	}

	header->write_refused = why_no_writes(dev, header);
	old = rbd_header_get(dev);
	if (old && old->order != header->order) {
		/* Cannot be: the layout of the data would have changed. */
		rbd_header_put(old);
		rbd_header_put(header);
		return ERR_PTR(-EBADMSG);
	}
	if (!dev->read_only)
		header->hints = inherit_hints(old, DIV_ROUND_UP_ULL(header->size,
							1ULL << header->order));
	rbd_header_put(old);
	return header;
}

int rbd_header_metadata(struct rbd_device *dev, const char *key, char *value,
			size_t size)
{
	char request[64];
	char reply[256];
	struct rbd_call call = {
		.cls = "rbd", .method = "metadata_get",
		.in = request, .out = reply, .out_size = sizeof(reply),
	};
	struct rbd_cursor c;
	struct rbd_span span;
	int err;

	rbd_cursor_init(&c, request, sizeof(request));
	rbd_put_text(&c, key);
	if (rbd_cursor_bad(&c))
		return -E2BIG;
	call.in_len = sizeof(request) - rbd_cursor_left(&c);

	err = read_calls(dev, &call, 1);
	if (!err)
		err = rbd_decode_text(reply, call.out_len, &span);
	if (err)
		return err;
	if (span.len >= size)
		return -E2BIG;
	memcpy(value, span.p, span.len);
	value[span.len] = '\0';
	return 0;
}

static int snap_name_is(struct rbd_device *dev, u64 snap_id, bool *same)
{
	__le64 query = cpu_to_le64(snap_id);
	char reply[RBD_SNAP_NAME_MAX + 8];
	struct rbd_call call = {
		.cls = "rbd", .method = "get_snapshot_name",
		.in = &query, .in_len = sizeof(query),
		.out = reply, .out_size = sizeof(reply),
	};
	struct rbd_span name;
	int err;

	err = read_calls(dev, &call, 1);
	if (!err)
		err = rbd_decode_text(reply, call.out_len, &name);
	if (!err)
		*same = rbd_span_is(name, dev->spec.snap_name);
	return err;
}

int rbd_header_find_snap(struct rbd_device *dev)
{
	struct rbd_header *header;
	bool same = false;
	int err = 0;
	u32 i;

	header = rbd_header_read(dev);
	if (IS_ERR(header)) {
		rbd_map_err(&dev->spec, "cannot read the image header (%ld)\n",
			    PTR_ERR(header));
		return PTR_ERR(header);
	}
	for (i = 0; i < header->snapc->num_snaps && !same; i++) {
		err = snap_name_is(dev, header->snapc->snaps[i], &same);
		if (err == -ENOENT)	/* deleted meanwhile */
			err = 0;
		if (err)
			break;
		if (same)
			dev->spec.snap_id = header->snapc->snaps[i];
	}
	if (err) {
		rbd_map_err(&dev->spec, "cannot read the snapshots (%d)\n",
			    err);
	} else if (!same) {
		rbd_map_err(&dev->spec, "there is no snapshot '%s'\n",
			    dev->spec.snap_name);
		err = -ENOENT;
	}
	rbd_header_put(header);
	return err;
}

static int read_prefix(struct rbd_device *dev)
{
	char reply[128];
	struct rbd_call call = {
		.cls = "rbd", .method = "get_object_prefix",
		.out = reply, .out_size = sizeof(reply),
	};
	struct rbd_span prefix;
	int err;

	err = read_calls(dev, &call, 1);
	if (!err)
		err = rbd_decode_text(reply, call.out_len, &prefix);
	if (!err && (!prefix.len || prefix.len >= sizeof(dev->object_prefix)))
		err = -EBADMSG;
	if (err) {
		rbd_map_err(&dev->spec, "cannot read the image header (%d)\n",
			    err);
		return err;
	}
	memcpy(dev->object_prefix, prefix.p, prefix.len);
	dev->object_prefix[prefix.len] = '\0';
	return 0;
}

static int check_striping(struct rbd_device *dev, u8 order)
{
	u8 reply[16];
	struct rbd_call call = {
		.cls = "rbd", .method = "get_stripe_unit_count",
		.out = reply, .out_size = sizeof(reply),
	};
	u64 count;
	u64 unit;
	int err;

	err = read_calls(dev, &call, 1);
	if (!err)
		err = rbd_decode_striping(reply, call.out_len, &unit, &count);
	if (err)
		return err;
	if (unit == 1ULL << order && count == 1)
		return 0;
	rbd_map_err(&dev->spec, "the image is striped over several objects (stripe unit %llu, count %llu), which is not supported yet\n",
		    unit, count);
	return -ENXIO;
}

static int read_data_pool(struct rbd_device *dev)
{
	u8 reply[8];
	struct rbd_call call = {
		.cls = "rbd", .method = "get_data_pool",
		.out = reply, .out_size = sizeof(reply),
	};
	u64 pool;
	int err;

	err = read_calls(dev, &call, 1);
	if (!err)
		err = rbd_decode_u64(reply, call.out_len, &pool);
	if (!err)
		dev->data_oloc.pool = (s64)pool;
	return err;
}

static int check_parent(struct rbd_device *dev)
{
	__le64 query = cpu_to_le64(dev->spec.snap_id);
	u8 reply[256];
	struct rbd_call call = {
		.cls = "rbd", .method = "get_parent",
		.in = &query, .in_len = sizeof(query),
		.out = reply, .out_size = sizeof(reply),
	};
	struct rbd_span image;
	u64 overlap;
	u64 snap;
	s64 pool;
	int err;

	err = read_calls(dev, &call, 1);
	if (!err)
		err = rbd_decode_parent(reply, call.out_len, &pool, &image,
					&snap, &overlap);
	/* -EXDEV: the parent is in another namespace, so there is one. */
	if (err && err != -EXDEV)
		return err;
	if (!err && (pool < 0 || !overlap))
		return 0;
	rbd_map_err(&dev->spec, "the image is a clone, which is not supported yet; make it whole with 'rbd flatten %s/%s'\n",
		    dev->spec.pool_name, dev->spec.image_name);
	return -ENXIO;
}

int rbd_header_read_once(struct rbd_device *dev)
{
	struct rbd_header *header = rbd_header_get(dev);
	int err;

	if (!header)
		return -EINVAL;
	err = read_prefix(dev);
	if (err)
		goto out_put_header;	/* has said why */
	if (header->features & RBD_FEATURE_STRIPING)
		err = check_striping(dev, header->order);
	if (!err && header->features & RBD_FEATURE_LAYERING)
		err = check_parent(dev);
	if (!err && header->features & RBD_FEATURE_DATA_POOL)
		err = read_data_pool(dev);
	if (err && err != -ENXIO)
		rbd_map_err(&dev->spec, "cannot read the image header (%d)\n",
			    err);
out_put_header:
	rbd_header_put(header);
	return err;
}
