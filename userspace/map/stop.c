// SPDX-License-Identifier: GPL-2.0
/*
 * rbdmap stop: hook, unmount, unmap, for every device we mapped; all at once
 * and bounded, also with the cluster gone. Whatever may hang is done by a
 * child. A device whose unmount hangs is cut off (full-force), which ends its
 * I/O with errors, and then goes.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <unistd.h>

#include "lib/clock.h"
#include "lib/exitcode.h"
#include "lib/holders.h"
#include "lib/krbd.h"
#include "lib/maperror.h"
#include "lib/mounts.h"
#include "lib/msg.h"
#include "lib/udevwait.h"
#include "map/goingdown.h"
#include "map/hooks.h"
#include "map/notify.h"
#include "map/pool.h"
#include "map/select.h"
#include "map/settings.h"
#include "map/state.h"

#define REMOVE_MS 15000
#define FORCE_MS 15000
#define BUSY_PAUSE_MS 500
#define PAGE_BYTES 4096
#define AFTER_FORCE_MS 5000
/* How long udev may take to remove the links of a device that is gone. */
#define LINKS_MS 2000

struct stopper {
	struct krbd_list list;
	const struct krbd_device **dev;
	struct pool_reply *reply;
	size_t n;
	size_t failed;
	size_t finished;
};

struct removal {
	unsigned int id;
	enum krbd_force force;
};

static int remove_work(void *ctx, size_t i, struct pool_reply *reply)
{
	const struct removal *r = ctx;
	struct udevwait *wait = udevwait_open(true);
	int ret = krbd_remove_wait(r->id, r->force, REMOVE_MS / 2);

	(void)i;
	(void)reply;
	/* So that nobody finds a link to a device that is not there. */
	if (!ret && wait)
		udevwait_gone(wait, r->id, LINKS_MS);
	udevwait_close(wait);
	return ret;
}

static int remove_step(unsigned int id, enum krbd_force force, int timeout_ms)
{
	struct removal r = { id, force };
	struct pool_reply reply;

	return pool_step(remove_work, &r, timeout_ms, &reply);
}

static int umount_work(void *ctx, size_t i, struct pool_reply *reply)
{
	struct fault f = { "" };
	int ret = mounts_umount(ctx, &f);

	(void)i;
	snprintf(reply->text, sizeof(reply->text), "%s", f.text);
	return ret;
}

static int detach_work(void *ctx, size_t i, struct pool_reply *reply)
{
	(void)i;
	(void)reply;
	return umount2(ctx, MNT_DETACH) ? -errno : 0;
}

/* Unmounts one mount point; waits a while for processes to leave it. */
static int umount_one(char *target, struct pool_reply *reply)
{
	long long end = clock_ms() + settings.umount_timeout_s * 1000LL;
	char *who;
	int ret;

	for (;;) {
		ret = pool_step(umount_work, target,
				settings.umount_timeout_s * 1000, reply);
		if (ret != -EBUSY || clock_ms() >= end)
			break;
		clock_sleep_ms(BUSY_PAUSE_MS);
	}
	if (ret != -EBUSY)
		return ret;
	who = holders_of_mount(target);
	snprintf(reply->text, sizeof(reply->text),
		 "%.200s is busy; stop what uses it and run 'rbdmap stop' again",
		 target);
	snprintf(reply->extra, sizeof(reply->extra), "%s", who ? who : "");
	free(who);
	return ret;
}

static int umount_all(unsigned int id, struct pool_reply *reply)
{
	struct mountlist mounts;
	int ret = mounts_on_device(id, &mounts);
	size_t i;

	for (i = 0; i < mounts.n && !ret; i++)
		ret = umount_one(mounts.v[i].target, reply);
	mountlist_free(&mounts);
	return ret;
}

/*
 * After a cut: the mounts end with errors now, or are taken out of sight. They
 * were listed before, as nothing leads to them once the device is gone.
 */
static void clear_mounts(const struct mountlist *mounts)
{
	struct pool_reply reply;
	size_t i;

	for (i = 0; i < mounts->n; i++)
		if (pool_step(umount_work, mounts->v[i].target, AFTER_FORCE_MS,
			      &reply))
			pool_step(detach_work, mounts->v[i].target,
				  AFTER_FORCE_MS, &reply);
}

/* The cluster does not answer: end the device's I/O with errors. */
static int cut_off(const struct krbd_device *dev, struct pool_reply *reply)
{
	struct mountlist mounts;
	bool full;
	int ret;

	/* On a failure the list is empty. */
	mounts_on_device(dev->id, &mounts);
	ret = remove_step(dev->id, KRBD_REMOVE_FULL_FORCE, FORCE_MS);
	full = ret != -EINVAL;
	/* The driver of the Linux tree knows only the lesser force. */
	if (!full)
		ret = remove_step(dev->id, KRBD_REMOVE_FORCE, FORCE_MS);
	clear_mounts(&mounts);
	mountlist_free(&mounts);
	/* The removal that hung may have got through meanwhile. */
	if (ret == -ENOENT)
		ret = 0;
	if (ret)
		snprintf(
			reply->text, sizeof(reply->text),
			"the cluster does not answer and the driver could not let /dev/rbd%u go within %d s (%s)%s",
			dev->id, FORCE_MS / 1000, strerror(-ret),
			full ? "" :
			       "; the loaded rbd module has no full-force, rbdshare's has");
	else
		snprintf(
			reply->text, sizeof(reply->text),
			"the cluster did not answer within %u s: /dev/rbd%u was cut off, unwritten data on it is lost",
			settings.umount_timeout_s, dev->id);
	reply->flag = true;
	return ret;
}

static int remove_quietly(const struct krbd_device *dev,
			  struct pool_reply *reply)
{
	int ret = remove_step(dev->id, KRBD_REMOVE_IF_UNUSED, REMOVE_MS);
	char *who;

	if (!ret || ret == -ETIMEDOUT)
		return ret;
	if (ret == -ENOENT)
		return 0;
	who = ret == -EBUSY ? holders_describe(dev->id) : NULL;
	snprintf(reply->text, sizeof(reply->text),
		 "cannot unmap /dev/rbd%u: %s (%s)", dev->id,
		 maperror_unmap_hint(ret), strerror(-ret));
	snprintf(reply->extra, sizeof(reply->extra), "%s", who ? who : "");
	free(who);
	return ret;
}

static int read_work(void *ctx, size_t i, struct pool_reply *reply)
{
	const struct krbd_device *dev = ctx;
	char node[32];
	void *page;
	int fd, ret = 0;

	(void)i;
	(void)reply;
	snprintf(node, sizeof(node), "/dev/rbd%u", dev->id);
	fd = open(node, O_RDONLY | O_DIRECT | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	if (posix_memalign(&page, PAGE_BYTES, PAGE_BYTES))
		ret = -ENOMEM;
	else if (pread(fd, page, PAGE_BYTES, 0) < 0)
		ret = -errno;
	close(fd);
	return ret;
}

/*
 * Does the cluster answer? A read past the page cache tells. To find out by
 * unmounting is not enough: with processes stuck in I/O that is just refused.
 */
static bool is_alive(const struct krbd_device *dev)
{
	struct pool_reply reply;

	return pool_step(read_work, (void *)dev,
			 settings.umount_timeout_s * 1000,
			 &reply) != -ETIMEDOUT;
}

static void warn_of_hook(const struct krbd_device *dev, const char *text)
{
	char *spec = rbd_spec_format(&dev->spec);
	struct journal_fields about = { .image = spec };

	msg_warn_about(&about, "%s", text);
	free(spec);
}

/* Runs in a child: takes one device down. */
static int stop_work(void *ctx, size_t i, struct pool_reply *reply)
{
	const struct stopper *s = ctx;
	const struct krbd_device *dev = s->dev[i];
	struct pool_reply hook;
	int ret;

	if (!is_alive(dev))
		return cut_off(dev, reply);
	if (hooks_run(&dev->spec, "unmap", dev->id,
		      settings.umount_timeout_s * 1000, &hook) < 0)
		warn_of_hook(dev, hook.text);
	ret = umount_all(dev->id, reply);
	if (!ret)
		ret = remove_quietly(dev, reply);
	if (ret == -ETIMEDOUT)
		ret = cut_off(dev, reply);
	return ret;
}

static long stop_done(void *ctx, size_t i, const struct pool_reply *reply,
		      bool last)
{
	struct stopper *s = ctx;
	char *spec;

	(void)last;
	/* Messages wait until the line of names is complete. */
	s->reply[i] = *reply;
	s->finished++;
	if (reply->code) {
		s->failed++;
		return -1;
	}
	state_forget(s->dev[i]->id);
	spec = rbd_spec_format(&s->dev[i]->spec);
	printf(" %s", spec ? spec : "");
	fflush(stdout);
	free(spec);
	return -1;
}

static void explain(const struct stopper *s)
{
	struct journal_fields about = { 0 };
	const struct pool_reply *reply;
	char *spec, node[32];
	size_t i;

	for (i = 0; i < s->n; i++) {
		reply = &s->reply[i];
		spec = rbd_spec_format(&s->dev[i]->spec);
		snprintf(node, sizeof(node), "/dev/rbd%u", s->dev[i]->id);
		about.image = spec;
		about.device = node;
		about.error = reply->code;
		if (reply->code)
			msg_error_about(&about, "%s", reply->text);
		else if (reply->flag)
			msg_warn_about(&about, "%s", reply->text);
		else
			msg_record(&about, "unmapped");
		msg_lines("", reply->extra);
		free(spec);
	}
}

static void stop_tick(void *ctx)
{
	const struct stopper *s = ctx;

	notify_status("unmapped %zu of %zu", s->finished - s->failed, s->n);
}

static int stop_all(struct stopper *s)
{
	struct pool pool = {
		.n = s->n,
		.limit = settings.parallel * 2,
		.timeout_ms = settings.stop_timeout_s * 1000,
		.deadline = clock_ms() + settings.stop_timeout_s * 1000LL,
		.work = stop_work,
		.done = stop_done,
		.tick = stop_tick,
		.ctx = s,
	};
	int ret = 0;

	notify_extend(settings.stop_timeout_s + 10);
	printf("Stopping RBD Mapping:");
	fflush(stdout);
	if (s->n)
		ret = pool_run(&pool);
	printf("%s\n", s->failed ? " (failed)" : ".");
	fflush(stdout);
	explain(s);
	if (ret)
		return exitcode_of(ret);
	if (!s->failed)
		return 0;
	return s->failed < s->n ? RBDMAP_EXIT_SOME : RBDMAP_EXIT_ALL;
}

/* Which devices a command is about. */
enum choice {
	OURS, /* what start mapped */
	LISTED, /* what the file lists, whoever mapped it */
	EVERY, /* every rbd device of this host */
	OURS_UNLISTED, /* what start mapped and the file lists no more */
};

static bool listed(const struct mapfile *file, const struct krbd_device *dev,
		   const struct verb_options *o)
{
	size_t i;

	for (i = 0; i < file->n; i++)
		if (rbd_spec_equal(&file->v[i].spec, &dev->spec))
			return !o->nspecs || select_wanted(&file->v[i], o);
	return false;
}

static bool chosen(enum choice choice, const struct krbd_device *dev,
		   const struct mapfile *file, const struct verb_options *o)
{
	switch (choice) {
	case OURS:
		return state_ours(dev) && (!o->nspecs || listed(file, dev, o));
	case LISTED:
		return listed(file, dev, o);
	case EVERY:
		return true;
	case OURS_UNLISTED:
		return state_ours(dev) && !listed(file, dev, o);
	}
	return false;
}

static int stop_chosen(enum choice choice, const struct mapfile *file,
		       const struct verb_options *o)
{
	struct stopper s = { 0 };
	struct fault f;
	size_t i;
	int ret = krbd_list(&s.list, &f);

	if (ret) {
		msg_error("%s", f.text);
		return exitcode_of(ret);
	}
	s.dev = calloc(s.list.n + 1, sizeof(*s.dev));
	s.reply = calloc(s.list.n + 1, sizeof(*s.reply));
	ret = s.dev && s.reply ? 0 : ENOMEM;
	for (i = 0; !ret && i < s.list.n; i++)
		if (chosen(choice, &s.list.v[i], file, o))
			s.dev[s.n++] = &s.list.v[i];
	if (!ret)
		ret = stop_all(&s);
	free(s.dev);
	free(s.reply);
	krbd_list_free(&s.list);
	return ret;
}

int verb_stop(const struct verb_options *o)
{
	struct mapfile file = { 0 };
	int ret;

	if (o->nspecs && select_load(&file))
		return ENOENT;
	if (o->nspecs && !select_check_specs(&file, o)) {
		mapfile_free(&file);
		return ENOENT;
	}
	/*
	 * When the host goes down nobody else is left to do it, and a node that
	 * still has a shared image does not leave its cluster in order.
	 */
	ret = stop_chosen(!o->nspecs && goingdown() ? EVERY : OURS, &file, o);
	mapfile_free(&file);
	return ret;
}

int verb_unmap(const struct verb_options *o)
{
	struct mapfile file;
	int ret = select_load(&file);

	if (ret)
		return ret > 0 ? 0 : exitcode_of(ret);
	ret = select_check_specs(&file, o) ? stop_chosen(LISTED, &file, o) :
					     ENOENT;
	mapfile_free(&file);
	return ret;
}

int verb_unmap_all(const struct verb_options *o)
{
	struct mapfile none = { 0 };

	return stop_chosen(EVERY, &none, o);
}

int verb_reload(const struct verb_options *o)
{
	struct mapfile file;
	int ret, start;

	if (o->prune) {
		ret = select_load(&file);
		if (ret)
			return ret > 0 ? 0 : exitcode_of(ret);
		/* A line that cannot be read may be the one that lists it. */
		if (file.bad_n) {
			msg_error(
				"nothing is unmapped while %s has bad lines; correct them ('rbdmap check' finds them)",
				file.path);
			mapfile_free(&file);
			return EINVAL;
		}
		ret = stop_chosen(OURS_UNLISTED, &file, o);
		mapfile_free(&file);
	} else {
		ret = 0;
	}
	start = verb_start(o);
	return start ? start : ret;
}
