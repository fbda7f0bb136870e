// SPDX-License-Identifier: GPL-2.0
#include "lib/plockdev.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/dlm_plock.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

/* Newer than Debian 12's header. */
#define OP_CANCEL 4
#define MAGIC 0x71644252U
#define VERSION 1
#define FIRST_SLOTS 512
#define NONE UINT32_MAX

/**
 * enum slot_state - life of a request; each step is one store
 * @SLOT_FREE: nothing
 * @SLOT_READING: the kernel may write one into it; its version says if it has
 * @SLOT_OPEN: it has an id
 * @SLOT_ANSWERED: its result is in @reply, but not written yet
 * @SLOT_WRITING: it is being written
 */
enum slot_state {
	SLOT_FREE,
	SLOT_READING,
	SLOT_OPEN,
	SLOT_ANSWERED,
	SLOT_WRITING,
};

/* All of this is in the file, and used by one program on one host only. */
struct slot {
	uint32_t state;
	uint32_t unused;
	uint64_t id;
	struct dlm_plock_info info;
	struct dlm_plock_info reply;
};

struct store {
	uint32_t magic;
	uint32_t version;
	uint32_t slot_bytes;
	uint32_t n_slots;
	uint64_t last_id;
	uint64_t unused;
	struct slot slots[];
};

/**
 * struct plockdev - see plockdev.h
 * @keep_fd: of the file, or -1
 * @bytes: of @store
 * @order: slots that are used, in the order in which they were read; @n of them
 *	in room for as many as there are slots
 */
struct plockdev {
	int fd;
	int keep_fd;
	uint32_t nodeid;
	struct store *store;
	size_t bytes;
	uint32_t *order;
	uint32_t n;
};

static size_t bytes_for(uint32_t n_slots)
{
	return sizeof(struct store) + (size_t)n_slots * sizeof(struct slot);
}

/* The compiler keeps what comes before it, the kernel anyway. */
static void set_state(struct slot *s, enum slot_state state)
{
	__atomic_store_n(&s->state, (uint32_t)state, __ATOMIC_RELEASE);
}

/* An earlier daemon may have used ids, and left nothing else behind. */
static uint64_t first_id(void)
{
	struct timespec t;

	clock_gettime(CLOCK_BOOTTIME, &t);
	return (uint64_t)t.tv_sec * 1000000000U + (uint64_t)t.tv_nsec;
}

static void format(struct store *st, uint32_t n_slots)
{
	memset(st, 0, bytes_for(n_slots));
	st->version = VERSION;
	st->slot_bytes = sizeof(struct slot);
	st->n_slots = n_slots;
	st->last_id = first_id();
	__atomic_store_n(&st->magic, MAGIC, __ATOMIC_RELEASE);
}

int plockdev_attach(struct plockdev **out, int fd, uint32_t nodeid)
{
	struct plockdev *dev = calloc(1, sizeof(*dev));

	if (dev) {
		dev->bytes = bytes_for(FIRST_SLOTS);
		dev->store = malloc(dev->bytes);
		dev->order = calloc(FIRST_SLOTS, sizeof(*dev->order));
	}
	if (!dev || !dev->store || !dev->order) {
		if (dev) {
			free(dev->store);
			free(dev->order);
		}
		free(dev);
		close(fd);
		return -ENOMEM;
	}
	dev->fd = fd;
	dev->keep_fd = -1;
	dev->nodeid = nodeid;
	format(dev->store, FIRST_SLOTS);
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

unsigned int plockdev_count(const struct plockdev *dev)
{
	return dev->n;
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

/* --- the slots --- */

/* Where the store is now; its pages are there before they are needed. */
static int map(struct plockdev *dev, size_t bytes)
{
	void *at;

	if (dev->keep_fd < 0) {
		at = realloc(dev->store, bytes);
		if (!at)
			return -ENOMEM;
	} else {
		if (posix_fallocate(dev->keep_fd, 0, (off_t)bytes))
			return -ENOSPC;
		at = mremap(dev->store, dev->bytes, bytes, MREMAP_MAYMOVE);
		if (at == MAP_FAILED)
			return -errno;
	}
	dev->store = at;
	dev->bytes = bytes;
	return 0;
}

static int grow(struct plockdev *dev)
{
	uint32_t old = dev->store->n_slots, size = 2 * old;
	uint32_t *order = realloc(dev->order, size * sizeof(*order));
	int ret;

	if (!order)
		return -ENOMEM;
	dev->order = order;
	ret = map(dev, bytes_for(size));
	if (ret)
		return ret;
	memset(&dev->store->slots[old], 0, (size_t)old * sizeof(struct slot));
	dev->store->n_slots = size;
	return 0;
}

static int take_slot(struct plockdev *dev, uint32_t *at)
{
	uint32_t i, size = dev->store->n_slots;
	int ret;

	for (i = 0; dev->n < size && i < size; i++) {
		*at = (dev->n + i) % size;
		if (dev->store->slots[*at].state == SLOT_FREE)
			return 0;
	}
	ret = grow(dev);
	*at = size;
	return ret;
}

static void open_slot(struct plockdev *dev, uint32_t at)
{
	struct slot *s = &dev->store->slots[at];

	s->id = ++dev->store->last_id;
	dev->order[dev->n++] = at;
	set_state(s, SLOT_OPEN);
}

static void free_nth(struct plockdev *dev, uint32_t nth)
{
	struct slot *s = &dev->store->slots[dev->order[nth]];

	dev->n--;
	memmove(&dev->order[nth], &dev->order[nth + 1],
		(dev->n - nth) * sizeof(dev->order[0]));
	set_state(s, SLOT_FREE);
}

/* Its place in @order; NONE when it is not open. */
static uint32_t find(const struct plockdev *dev, uint64_t id)
{
	uint32_t low = 0, high = dev->n, middle;
	const struct slot *s;

	while (low < high) {
		middle = low + (high - low) / 2;
		s = &dev->store->slots[dev->order[middle]];
		if (s->id < id)
			low = middle + 1;
		else
			high = middle;
	}
	if (low == dev->n)
		return NONE;
	s = &dev->store->slots[dev->order[low]];
	return s->id == id && s->state == SLOT_OPEN ? low : NONE;
}

/* --- requests --- */

int plockdev_read(struct plockdev *dev, struct plockdev_request *out)
{
	struct slot *s;
	uint32_t at;
	ssize_t n;
	int ret = take_slot(dev, &at);

	if (ret)
		return ret;
	s = &dev->store->slots[at];
	memset(&s->info, 0, sizeof(s->info));
	set_state(s, SLOT_READING);
	n = read(dev->fd, &s->info, sizeof(s->info));
	ret = n < 0 ? -errno : n != (ssize_t)sizeof(s->info) ? -EBADMSG : 0;
	ret = ret ?: decode(dev, &s->info, out);
	if (ret) {
		set_state(s, SLOT_FREE);
		return ret;
	}
	open_slot(dev, at);
	out->id = s->id;
	return 0;
}

static bool is_close(const struct slot *s)
{
	return s->info.optype == DLM_PLOCK_OP_UNLOCK &&
	       (s->info.flags & DLM_PLOCK_FL_CLOSE);
}

/* May its result be written now? */
static bool in_turn(const struct plockdev *dev, uint32_t nth)
{
	const struct slot *s = &dev->store->slots[dev->order[nth]], *before;
	uint32_t i;

	if (s->state != SLOT_ANSWERED)
		return false;
	for (i = 0; !s->info.wait && i < nth; i++) {
		before = &dev->store->slots[dev->order[i]];
		if (!before->info.wait && !is_close(before) &&
		    before->info.fsid == s->info.fsid)
			return false;
	}
	return true;
}

static int write_results(struct plockdev *dev)
{
	uint32_t nth = 0;
	struct slot *s;
	int ret = 0;

	while (nth < dev->n) {
		if (!in_turn(dev, nth)) {
			nth++;
			continue;
		}
		s = &dev->store->slots[dev->order[nth]];
		set_state(s, SLOT_WRITING);
		if (write(dev->fd, &s->reply, sizeof(s->reply)) !=
		    (ssize_t)sizeof(s->reply))
			ret = -errno;
		free_nth(dev, nth);
	}
	return ret;
}

/* The owner stays the asking one's: the kernel compares it with the request. */
static void tell_holder(struct dlm_plock_info *info,
			const struct rbd_plock_op *holder)
{
	info->rv = 1;
	info->ex = holder->ex;
	info->pid = holder->pid;
	info->nodeid = (int32_t)holder->node;
	info->start = holder->start;
	info->end = holder->end;
}

int plockdev_answer(struct plockdev *dev, uint64_t id, int rv,
		    const struct rbd_plock_op *holder)
{
	uint32_t nth = find(dev, id);
	struct slot *s;

	if (nth == NONE)
		return -ENOENT;
	s = &dev->store->slots[dev->order[nth]];
	/* Nobody waits for an unlock at close. */
	if (is_close(s)) {
		free_nth(dev, nth);
		return 0;
	}
	s->reply = s->info;
	s->reply.rv = rv;
	if (holder)
		tell_holder(&s->reply, holder);
	set_state(s, SLOT_ANSWERED);
	return write_results(dev);
}

void plockdev_forget(struct plockdev *dev, uint64_t id)
{
	uint32_t nth = find(dev, id);

	if (nth != NONE)
		free_nth(dev, nth);
}

/* --- what outlives the process --- */

static void take_kept(struct plockdev *dev, uint32_t at)
{
	struct slot *s = &dev->store->slots[at];
	uint32_t nth = dev->n;

	if (s->state != SLOT_OPEN && s->state != SLOT_ANSWERED)
		return;
	for (; nth && dev->store->slots[dev->order[nth - 1]].id > s->id; nth--)
		dev->order[nth] = dev->order[nth - 1];
	dev->order[nth] = at;
	dev->n++;
}

/*
 * May a result that may have been written be written again? If the kernel has
 * it, it must find nothing else to match: what waits has to match in all
 * fields, anything else is matched with the first of its lockspace.
 */
static bool may_repeat(const struct store *st, const struct slot *s)
{
	const struct slot *other;
	uint32_t at;

	for (at = 0; !s->info.wait && at < st->n_slots; at++) {
		other = &st->slots[at];
		if (other != s && other->state != SLOT_FREE &&
		    !other->info.wait && !is_close(other) &&
		    other->info.fsid == s->info.fsid)
			return false;
	}
	return true;
}

static void take_all_kept(struct plockdev *dev)
{
	struct store *st = dev->store;
	struct slot *s;
	uint32_t at;

	for (at = 0; at < st->n_slots; at++) {
		s = &st->slots[at];
		/* A request that had no id yet is the newest. */
		if (s->state == SLOT_READING && s->info.version[0]) {
			s->id = ++st->last_id;
			set_state(s, SLOT_OPEN);
		} else if (s->state == SLOT_WRITING && may_repeat(st, s)) {
			set_state(s, SLOT_ANSWERED);
		} else if (s->state == SLOT_READING ||
			   s->state == SLOT_WRITING) {
			set_state(s, SLOT_FREE);
		}
		take_kept(dev, at);
	}
}

static bool whole(const struct store *st, size_t bytes)
{
	return bytes >= sizeof(*st) && st->magic == MAGIC &&
	       st->version == VERSION &&
	       st->slot_bytes == sizeof(struct slot) && st->n_slots &&
	       bytes_for(st->n_slots) <= bytes;
}

/* The memory of before is empty, and freed. */
static int use_file(struct plockdev *dev, int fd)
{
	size_t bytes = bytes_for(FIRST_SLOTS);
	uint32_t *order;
	struct stat st;
	void *at;

	if (fstat(fd, &st))
		return -errno;
	if ((size_t)st.st_size > bytes)
		bytes = (size_t)st.st_size;
	if (posix_fallocate(fd, 0, (off_t)bytes))
		return -ENOSPC;
	at = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (at == MAP_FAILED)
		return -errno;
	if (!whole(at, bytes)) {
		bytes = bytes_for(FIRST_SLOTS);
		format(at, FIRST_SLOTS);
	}
	order = realloc(dev->order,
			((struct store *)at)->n_slots * sizeof(*order));
	if (!order) {
		munmap(at, bytes);
		return -ENOMEM;
	}
	free(dev->store);
	dev->order = order;
	dev->store = at;
	dev->bytes = bytes;
	dev->keep_fd = fd;
	return 0;
}

int plockdev_keep(struct plockdev *dev, const char *path,
		  void (*each)(void *arg, const struct plockdev_request *r),
		  void *arg)
{
	struct plockdev_request r;
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	int ret = fd < 0 ? -errno : use_file(dev, fd);
	const struct slot *s;
	uint32_t nth;

	if (ret) {
		if (fd >= 0)
			close(fd);
		return ret;
	}
	take_all_kept(dev);
	write_results(dev);
	for (nth = 0; nth < dev->n; nth++) {
		s = &dev->store->slots[dev->order[nth]];
		if (s->state != SLOT_OPEN || decode(dev, &s->info, &r))
			continue;
		r.id = s->id;
		each(arg, &r);
	}
	return 0;
}

void plockdev_close(struct plockdev *dev)
{
	if (!dev)
		return;
	if (dev->keep_fd >= 0) {
		munmap(dev->store, dev->bytes);
		close(dev->keep_fd);
	} else {
		free(dev->store);
	}
	free(dev->order);
	close(dev->fd);
	free(dev);
}
