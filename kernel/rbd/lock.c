// SPDX-License-Identifier: GPL-2.0
/* The shared lock of a mapping. */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include "lock.h"

#include <linux/utsname.h>

#include "device.h"
#include "lock_codec.h"
#include "log.h"
#include "rados.h"

static int call_lock_class(struct rbd_device *dev, const char *method,
			   const void *request, size_t len)
{
	struct rbd_call call = {
		.cls = "lock", .method = method,
		.in = request, .in_len = len,
	};

	return rbd_rados_write_call(rbd_osdc(dev), &dev->header_oid,
				    &dev->header_oloc, &call,
				    rbd_timeout(dev));
}

/* One client, hence one address, may hold it for several mappings. */
static void make_cookie(const struct rbd_device *dev, char *buf, size_t size)
{
	snprintf(buf, size, "rbdshare %s", dev->name);
}

int rbd_lock_take(struct rbd_device *dev)
{
	char node[__NEW_UTS_LEN + 1];
	char request[256];
	char cookie[32];
	struct rbd_cursor c;
	int err;

	/* Its lock is not for modules; a name that changes just now is odd. */
	strscpy(node, init_utsname()->nodename, sizeof(node));
	make_cookie(dev, cookie, sizeof(cookie));
	rbd_cursor_init(&c, request, sizeof(request));
	rbd_encode_lock(&c, RBD_LOCK_SHARED, cookie, RBD_LOCK_TAG_SHARED,
			node);
	if (rbd_cursor_bad(&c))
		return -E2BIG;

	err = call_lock_class(dev, "lock", request,
			      sizeof(request) - rbd_cursor_left(&c));
	/* -EEXIST: a time-out left the outcome of our first try unknown. */
	if (err == -EEXIST)
		err = 0;
	if (!err)
		dev->lock_held = true;
	return err;
}

void rbd_lock_drop(struct rbd_device *dev)
{
	char request[128];
	char cookie[32];
	struct rbd_cursor c;
	int err;

	if (!dev->lock_held)
		return;
	dev->lock_held = false;
	make_cookie(dev, cookie, sizeof(cookie));
	rbd_cursor_init(&c, request, sizeof(request));
	rbd_encode_unlock(&c, cookie);
	err = call_lock_class(dev, "unlock", request,
			      sizeof(request) - rbd_cursor_left(&c));
	if (err && err != -ENOENT)
		rbd_info(dev, "could not give the lock '%s' back (%d); see 'rbd lock ls %s/%s'\n",
			 RBD_LOCK_NAME, err, dev->spec.pool_name,
			 dev->spec.image_name);
}
