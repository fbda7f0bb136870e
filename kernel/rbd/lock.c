// SPDX-License-Identifier: GPL-2.0
/* The shared lock of a mapping. */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include "lock.h"

#include <linux/in.h>
#include <linux/in6.h>
#include <linux/mm.h>
#include <linux/utsname.h>

#include "device.h"
#include "lock_codec.h"
#include "log.h"
#include "rados.h"

/* Room for the holders of a lock, a few hundred of them. */
#define LOCKERS_REPLY (8 * PAGE_SIZE)

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

/*
 * Does the holder's client still watch the header? Or is it another mapping
 * of this kernel, which may just be between two watches?
 */
static bool is_alive(const struct rbd_locker *locker,
		     const struct ceph_watch_item *watchers, u32 count)
{
	u32 i;

	for (i = 0; i < count; i++)
		if (watchers[i].name.type == locker->entity_type &&
		    le64_to_cpu(watchers[i].name.num) == locker->entity_num)
			return true;
	return locker->entity_type == CEPH_ENTITY_TYPE_CLIENT &&
	       rbd_client_exists(locker->entity_num);
}

static bool is_our_address(struct rbd_device *dev,
			   const struct rbd_locker *locker)
{
	struct sockaddr_storage *addr =
		&ceph_client_addr(dev->client->ceph)->in_addr;

	if (addr->ss_family != locker->family)
		return false;
	if (addr->ss_family == AF_INET)
		return !memcmp(&((struct sockaddr_in *)addr)->sin_addr,
			       locker->ip, 4);
	return addr->ss_family == AF_INET6 &&
	       !memcmp(&((struct sockaddr_in6 *)addr)->sin6_addr,
		       locker->ip, 16);
}

static void break_lock(struct rbd_device *dev, const struct rbd_locker *locker)
{
	char request[256];
	struct rbd_cursor c;
	int err;

	rbd_cursor_init(&c, request, sizeof(request));
	rbd_encode_break_lock(&c, locker->entity_type, locker->entity_num,
			      locker->cookie);
	if (rbd_cursor_bad(&c))
		return;
	err = call_lock_class(dev, "break_lock", request,
			      sizeof(request) - rbd_cursor_left(&c));
	rbd_info(dev, "removed the lock that client.%llu of this node left behind (%d)\n",
		 locker->entity_num, err);
}

/*
 * A crash, a fence or a full-force unmap leaves the lock. This node is back
 * under the same name and address, and the old holder watches no more: its
 * lock says nothing that is true.
 */
static void drop_leftovers(struct rbd_device *dev, const char *node)
{
	char request[64];
	void *reply = kvmalloc(LOCKERS_REPLY, GFP_NOIO);
	struct rbd_call call = {
		.cls = "lock", .method = "get_info", .in = request,
		.out = reply, .out_size = LOCKERS_REPLY,
	};
	struct ceph_watch_item *watchers = NULL;
	struct rbd_lock_info info;
	struct rbd_locker locker;
	struct rbd_cursor c;
	u32 count;

	if (!reply)
		return;
	rbd_cursor_init(&c, request, sizeof(request));
	rbd_encode_lock_query(&c);
	call.in_len = sizeof(request) - rbd_cursor_left(&c);
	if (rbd_rados_read_calls(rbd_osdc(dev), &dev->header_oid,
				 &dev->header_oloc, &call, 1,
				 rbd_timeout(dev)) ||
	    rbd_lock_info_begin(&info, reply, call.out_len))
		goto out_free_reply;

	rbd_control_begin_op(dev, rbd_timeout(dev));
	if (ceph_osdc_list_watchers(rbd_osdc(dev), &dev->header_oid,
				    &dev->header_oloc, &watchers, &count))
		watchers = NULL;
	rbd_control_end_op(dev);
	while (watchers && rbd_lock_info_next(&info, &locker) > 0)
		if (rbd_span_is(locker.description, node) &&
		    is_our_address(dev, &locker) &&
		    !is_alive(&locker, watchers, count))
			break_lock(dev, &locker);
	kfree(watchers);
out_free_reply:
	kvfree(reply);
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
	if (err)
		return err;
	dev->lock_held = true;
	drop_leftovers(dev, node);
	return 0;
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
