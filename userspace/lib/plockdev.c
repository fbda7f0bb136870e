// SPDX-License-Identifier: GPL-2.0
#include "lib/plockdev.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/dlm_plock.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Newer than Debian 12's header. */
#define OP_CANCEL 4

/* A request that the kernel waits for. */
struct open_request {
	struct open_request *next;
	uint64_t id;
	struct dlm_plock_info info;
	struct rbd_plock_op op;
	bool answered;
};

/**
 * struct plockdev - see plockdev.h
 * @first: open requests in the order in which they were read
 */
struct plockdev {
	int fd;
	uint32_t nodeid;
	uint64_t last_id;
	struct open_request *first;
};

int plockdev_attach(struct plockdev **out, int fd, uint32_t nodeid)
{
	struct plockdev *dev = calloc(1, sizeof(*dev));

	if (!dev) {
		close(fd);
		return -ENOMEM;
	}
	dev->fd = fd;
	dev->nodeid = nodeid;
	*out = dev;
	return 0;
}

int plockdev_open(struct plockdev **out, uint32_t nodeid)
{
	int fd = open("/dev/misc/dlm_plock", O_RDWR | O_CLOEXEC | O_NONBLOCK);

	if (fd < 0 && errno == ENOENT)
		fd = open("/dev/dlm_plock", O_RDWR | O_CLOEXEC | O_NONBLOCK);
	return fd < 0 ? -errno : plockdev_attach(out, fd, nodeid);
}

int plockdev_fd(const struct plockdev *dev)
{
	return dev->fd;
}

static int decode(const struct plockdev *dev, const struct dlm_plock_info *info,
		  struct plockdev_request *out)
{
	struct rbd_plock_op *op = &out->op;

	memset(out, 0, sizeof(*out));
	if (info->version[0] != DLM_PLOCK_VERSION_MAJOR)
		return -EPROTONOSUPPORT;
	switch (info->optype) {
	case DLM_PLOCK_OP_LOCK:
	case DLM_PLOCK_OP_GET:
		op->type = RBD_PLOCK_LOCK;
		break;
	case DLM_PLOCK_OP_UNLOCK:
		op->type = RBD_PLOCK_UNLOCK;
		break;
	case OP_CANCEL:
		op->type = RBD_PLOCK_CANCEL;
		break;
	default:
		return -EBADMSG;
	}
	out->get = info->optype == DLM_PLOCK_OP_GET;
	out->fsid = info->fsid;
	op->ex = info->ex;
	op->wait = info->wait;
	op->close = info->flags & DLM_PLOCK_FL_CLOSE;
	op->node = dev->nodeid;
	op->pid = info->pid;
	op->owner = info->owner;
	op->resource = info->number;
	op->start = info->start;
	op->end = info->end;
	return 0;
}

static int remember(struct plockdev *dev, const struct dlm_plock_info *info,
		    struct plockdev_request *r)
{
	struct open_request **at = &dev->first;
	struct open_request *o = calloc(1, sizeof(*o));

	if (!o)
		return -ENOMEM;
	o->id = ++dev->last_id;
	o->info = *info;
	o->op = r->op;
	r->id = o->id;
	while (*at)
		at = &(*at)->next;
	*at = o;
	return 0;
}

int plockdev_read(struct plockdev *dev, struct plockdev_request *out)
{
	struct dlm_plock_info info;
	ssize_t n = read(dev->fd, &info, sizeof(info));
	int ret;

	if (n < 0)
		return -errno;
	if (n != (ssize_t)sizeof(info))
		return -EBADMSG;
	ret = decode(dev, &info, out);
	/* Nobody waits for an unlock at close. */
	if (!ret && !out->op.close)
		ret = remember(dev, &info, out);
	return ret;
}

/* May its result be written now? */
static bool in_turn(const struct plockdev *dev, const struct open_request *o)
{
	const struct open_request *before;

	if (!o->answered)
		return false;
	for (before = dev->first; before != o; before = before->next)
		if (!o->info.wait && !before->info.wait &&
		    before->info.fsid == o->info.fsid)
			return false;
	return true;
}

static int write_results(struct plockdev *dev)
{
	struct open_request **at = &dev->first, *o;
	int ret = 0;

	while ((o = *at)) {
		if (!in_turn(dev, o)) {
			at = &o->next;
			continue;
		}
		*at = o->next;
		if (write(dev->fd, &o->info, sizeof(o->info)) !=
		    (ssize_t)sizeof(o->info))
			ret = -errno;
		free(o);
	}
	return ret;
}

static void tell_holder(struct dlm_plock_info *info,
			const struct rbd_plock_op *holder)
{
	info->rv = 1;
	info->ex = holder->ex;
	info->pid = holder->pid;
	info->nodeid = (int32_t)holder->node;
	info->owner = holder->owner;
	info->start = holder->start;
	info->end = holder->end;
}

int plockdev_answer(struct plockdev *dev, uint64_t id, int rv,
		    const struct rbd_plock_op *holder)
{
	struct open_request *o;

	for (o = dev->first; o; o = o->next)
		if (o->id == id && !o->answered)
			break;
	if (!o)
		return -ENOENT;
	o->answered = true;
	o->info.rv = rv;
	if (holder)
		tell_holder(&o->info, holder);
	return write_results(dev);
}

uint64_t plockdev_find(const struct plockdev *dev, uint32_t fsid,
		       const struct rbd_plock_op *op)
{
	const struct open_request *o;

	for (o = dev->first; o; o = o->next)
		if (!o->answered && o->info.fsid == fsid &&
		    !memcmp(&o->op, op, sizeof(*op)))
			return o->id;
	return 0;
}

void plockdev_close(struct plockdev *dev)
{
	struct open_request *o;

	if (!dev)
		return;
	while ((o = dev->first)) {
		dev->first = o->next;
		free(o);
	}
	close(dev->fd);
	free(dev);
}
