// SPDX-License-Identifier: GPL-2.0
/* From the names of an image to its numbers. */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include "spec.h"

#include "header_decode.h"
#include "log.h"
#include "rados.h"

static void copy_name(char *to, size_t size, struct rbd_span from)
{
	size_t len = min_t(size_t, from.len, size - 1);

	memcpy(to, from.p, len);
	to[len] = '\0';
}

void rbd_spec_init(struct rbd_spec *spec, const struct rbd_addline *line)
{
	memset(spec, 0, sizeof(*spec));
	copy_name(spec->pool_name, sizeof(spec->pool_name), line->pool);
	copy_name(spec->image_name, sizeof(spec->image_name), line->image);
	copy_name(spec->snap_name, sizeof(spec->snap_name), line->snap);
	if (!line->snap.len)
		strscpy(spec->snap_name, "-", sizeof(spec->snap_name));
	spec->pool_id = -1;
	spec->snap_id = CEPH_NOSNAP;
}

static s64 pool_in_map(struct ceph_osd_client *osdc, const char *name)
{
	s64 id;

	down_read(&osdc->lock);
	id = ceph_pg_poolid_by_name(osdc->osdmap, name);
	up_read(&osdc->lock);
	return id;
}

int rbd_spec_find_pool(struct rbd_spec *spec, struct ceph_client *ceph)
{
	int err;

	spec->pool_id = pool_in_map(&ceph->osdc, spec->pool_name);
	if (spec->pool_id >= 0)
		return 0;

	/* It may be younger than our map. */
	err = ceph_wait_for_latest_osdmap(ceph, ceph->options->mount_timeout);
	if (err) {
		rbd_map_err(spec, "no answer from the monitors (%d)\n", err);
		return err;
	}
	spec->pool_id = pool_in_map(&ceph->osdc, spec->pool_name);
	if (spec->pool_id >= 0)
		return 0;
	rbd_map_err(spec, "there is no pool '%s'\n", spec->pool_name);
	return -ENOENT;
}

/* Images of format 1 have their header under another name. */
static bool is_format_1(struct rbd_spec *spec, struct ceph_client *ceph,
			const struct ceph_object_locator *oloc)
{
	struct rbd_call call = { .cls = "rbd", .method = "snap_list" };
	struct ceph_object_id oid;
	int err;

	ceph_oid_init(&oid);
	if (ceph_oid_aprintf(&oid, GFP_KERNEL, "%s.rbd", spec->image_name))
		return false;
	err = rbd_rados_read_calls(&ceph->osdc, &oid, oloc, &call, 1,
				   ceph->options->mount_timeout);
	ceph_oid_destroy(&oid);
	return !err;
}

static void explain_image(struct rbd_spec *spec, struct ceph_client *ceph,
			  const struct ceph_object_locator *oloc, int err)
{
	if (err == -ENOENT && is_format_1(spec, ceph, oloc))
		rbd_map_err(spec, "the image has the old format 1, which is not supported; copy it with 'rbd export' and 'rbd import'\n");
	else if (err == -ENOENT)
		rbd_map_err(spec, "there is no image '%s' in the pool\n",
			    spec->image_name);
	else if (err == -EPERM || err == -EACCES)
		rbd_map_err(spec, "client '%s' may not read the pool; its key needs osd 'profile rbd pool=%s'\n",
			    ceph->options->name ?: CEPH_AUTH_NAME_DEFAULT,
			    spec->pool_name);
	else if (err == -ETIMEDOUT)
		rbd_map_err(spec, "the OSDs do not answer\n");
	else
		rbd_map_err(spec, "cannot look the image up (%d)\n", err);
}

int rbd_spec_find_image(struct rbd_spec *spec, struct ceph_client *ceph,
			const struct ceph_object_locator *oloc)
{
	char reply[128];
	struct rbd_call call = {
		.cls = "rbd", .method = "get_id",
		.out = reply, .out_size = sizeof(reply),
	};
	struct ceph_object_id oid;
	struct rbd_span id;
	int err;

	ceph_oid_init(&oid);
	err = ceph_oid_aprintf(&oid, GFP_KERNEL, "rbd_id.%s",
			       spec->image_name);
	if (err)
		return err;
	err = rbd_rados_read_calls(&ceph->osdc, &oid, oloc, &call, 1,
				   ceph->options->mount_timeout);
	ceph_oid_destroy(&oid);
	if (!err)
		err = rbd_decode_text(reply, call.out_len, &id);
	if (!err && (!id.len || id.len >= sizeof(spec->image_id)))
		err = -EBADMSG;
	if (err) {
		explain_image(spec, ceph, oloc, err);
		return err;
	}
	copy_name(spec->image_id, sizeof(spec->image_id), id);
	return 0;
}
