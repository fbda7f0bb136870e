// SPDX-License-Identifier: GPL-2.0
/*
 * rbdmap start: o2cb online, map everything in parallel with retries, mount
 * what fstab has on it, run the hooks, say what failed and why.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "lib/clock.h"
#include "lib/exitcode.h"
#include "lib/krbd.h"
#include "lib/maperror.h"
#include "lib/mapreq.h"
#include "lib/msg.h"
#include "map/hooks.h"
#include "map/mountall.h"
#include "map/notify.h"
#include "map/o2cb.h"
#include "map/pool.h"
#include "map/select.h"
#include "map/settings.h"
#include "map/state.h"
#include "map/summary.h"

#define BACKOFF_FIRST_MS 1000
#define BACKOFF_MAX_MS 15000
#define UDEV_MS 15000
#define PROBE_MS 10000

struct starter {
	struct summary_line *lines;
	const struct mapfile_entry **entry;
	long long *deadline;
	size_t n;
	size_t finished;
};

/* Runs in a child: maps one image and records it. */
static int map_work(void *ctx, size_t i, struct pool_reply *reply)
{
	struct starter *s = ctx;
	const struct mapfile_entry *e = s->entry[i];
	struct mapreq req = select_request(e);
	const struct krbd_device *dev;
	struct mapresult res;
	struct krbd_list list;
	struct fault f = { "" };
	int ret;

	req.probe_ms = PROBE_MS;
	req.udev_ms = UDEV_MS;
	ret = mapreq_run(&req, &res, &f);

	snprintf(reply->text, sizeof(reply->text), "%s", f.text);
	snprintf(reply->extra, sizeof(reply->extra), "%s",
		 res.kernel ? res.kernel : "");
	reply->id = res.id;
	reply->flag = res.links_missing;
	if (ret || krbd_list(&list, NULL))
		return ret;
	dev = krbd_find(&list, &e->spec);
	if (dev && state_record(dev))
		snprintf(
			reply->extra, sizeof(reply->extra),
			"cannot write /run/rbdmap: stop will leave this device mapped");
	krbd_list_free(&list);
	return 0;
}

/* Doubling pauses, a quarter of them random: nodes boot together. */
static long backoff_ms(unsigned int attempts)
{
	long ms = BACKOFF_FIRST_MS;
	unsigned short noise = 0;

	while (--attempts && ms < BACKOFF_MAX_MS)
		ms *= 2;
	if (ms > BACKOFF_MAX_MS)
		ms = BACKOFF_MAX_MS;
	if (getrandom(&noise, sizeof(noise), GRND_NONBLOCK) < 0)
		noise = 0;
	return ms * 3 / 4 + ms / 4 * noise / 65535;
}

static long map_done(void *ctx, size_t i, const struct pool_reply *reply,
		     bool last)
{
	struct starter *s = ctx;
	const struct mapfile_entry *e = s->entry[i];
	struct summary_line *line = &s->lines[i];
	long pause;

	line->attempts++;
	/* Interrupted while waiting to try again: the old reason is better. */
	if (!last || line->attempts == 1) {
		line->code = reply->code;
		snprintf(line->text, sizeof(line->text), "%s", reply->text);
		snprintf(line->extra, sizeof(line->extra), "%s", reply->extra);
	}
	if (reply->code && !last && maperror_retryable(reply->code)) {
		pause = backoff_ms(line->attempts);
		if (clock_ms() + pause < s->deadline[i] &&
		    (e->retries < 0 ||
		     line->attempts <= (unsigned int)e->retries))
			return pause;
	}
	s->finished++;
	if (!line->code) {
		line->id = reply->id;
		line->mapped = true;
		printf(" %s", line->spec);
		fflush(stdout);
	}
	return -1;
}

static void map_tick(void *ctx)
{
	const struct starter *s = ctx;
	size_t i, ok = 0;

	for (i = 0; i < s->n; i++)
		ok += s->lines[i].mapped;
	for (i = 0; i < s->n; i++)
		if (!s->lines[i].mapped && s->lines[i].attempts &&
		    s->lines[i].code)
			break;
	if (i < s->n)
		notify_status("mapped %zu of %zu; %s", ok, s->n,
			      s->lines[i].text);
	else
		notify_status("mapped %zu of %zu", ok, s->n);
}

static int map_all(struct starter *s)
{
	struct pool pool = {
		.n = s->n,
		.limit = settings.parallel,
		.timeout_ms = settings.map_timeout_s * 1000,
		.work = map_work,
		.done = map_done,
		.tick = map_tick,
		.ctx = s,
	};
	unsigned int longest = settings.start_timeout_s;
	size_t i;

	for (i = 0; i < s->n; i++) {
		unsigned int t = s->entry[i]->timeout_s;

		if (!t)
			t = settings.start_timeout_s;
		if (t > longest)
			longest = t;
		s->deadline[i] = clock_ms() + t * 1000LL;
	}
	pool.deadline = clock_ms() + longest * 1000LL;
	notify_extend(longest + 30);
	return pool_run(&pool);
}

/* Fills the lines; those that are mapped already need no work. */
static int prepare(struct starter *s, const struct mapfile *file,
		   const struct verb_options *o, struct summary *sum)
{
	const struct krbd_device *dev;
	struct krbd_list list;
	struct summary_line *line;
	struct fault f;
	size_t i;
	int ret = krbd_list(&list, &f);

	if (ret) {
		msg_error("%s", f.text);
		return ret;
	}
	for (i = 0; i < file->n; i++) {
		if (!select_wanted(&file->v[i], o))
			continue;
		dev = krbd_find(&list, &file->v[i].spec);
		line = &sum->v[sum->n++];
		line->spec = rbd_spec_format(&file->v[i].spec);
		line->nofail = file->v[i].nofail;
		line->entry = &file->v[i];
		if (dev) {
			line->already = true;
			line->mapped = true;
			line->id = dev->id;
		}
	}
	krbd_list_free(&list);
	/* New ones first, so that the pool's numbers are theirs. */
	summary_sort_new_first(sum);
	s->lines = sum->v;
	for (i = 0; i < sum->n && !sum->v[i].already; i++)
		s->entry[s->n++] = sum->v[i].entry;
	return 0;
}

static void run_hooks(const struct summary *sum)
{
	struct pool_reply reply;
	size_t i;

	for (i = 0; i < sum->n; i++) {
		const struct summary_line *l = &sum->v[i];
		struct journal_fields about = { .image = l->spec };

		if (!l->mapped || l->already)
			continue;
		notify_extend(settings.hook_timeout_s + 10);
		if (hooks_run(&l->entry->spec, "map", l->id,
			      settings.hook_timeout_s * 1000, &reply) < 0)
			msg_warn_about(&about, "%s", reply.text);
	}
}

/* Returns how many mounts failed, or a negative errno. */
static int mount_step(const struct summary *sum, bool o2cb_done)
{
	unsigned int *ids = calloc(sum->n + 1, sizeof(*ids));
	size_t i, n = 0;
	int ret;

	if (!ids)
		return -ENOMEM;
	for (i = 0; i < sum->n; i++)
		if (sum->v[i].mapped)
			ids[n++] = sum->v[i].id;
	printf("Mounting all filesystems...\n");
	fflush(stdout);
	ret = mountall(ids, n, o2cb_done);
	free(ids);
	return ret;
}

static void print_mapped(const struct summary *sum)
{
	size_t i;

	for (i = 0; i < sum->n; i++)
		if (sum->v[i].already)
			printf(" %s", sum->v[i].spec);
}

static int start_file(struct mapfile *file, const struct verb_options *o,
		      struct starter *s, struct summary *sum)
{
	bool o2cb_done = false;
	int ret, failed = 0;
	struct fault f;

	if (!o->no_mount && mountall_wants_ocfs2()) {
		if (o2cb_online(&f))
			msg_error("%s", f.text);
		o2cb_done = true;
		fflush(stdout);
	}
	ret = prepare(s, file, o, sum);
	if (ret)
		return exitcode_of(ret);
	printf("Starting RBD Mapping:");
	print_mapped(sum);
	fflush(stdout);
	ret = s->n ? map_all(s) : 0;
	printf("%s\n", summary_failed(sum) ? " (failed)" : ".");
	fflush(stdout);
	if (!o->no_mount && !ret)
		failed = mount_step(sum, o2cb_done);
	if (!ret)
		run_hooks(sum);
	summary_print(sum, o->verbose);
	notify_status("%zu of %zu images mapped", summary_mapped(sum), sum->n);
	if (ret == -EINTR)
		return RBDMAP_EXIT_SOME;
	ret = summary_exit(sum, file->bad_n);
	return !ret && failed ? RBDMAP_EXIT_SOME : ret;
}

int verb_start(const struct verb_options *o)
{
	struct starter s = { 0 };
	struct summary sum = { 0 };
	struct mapfile file;
	int ret = select_load(&file);

	if (ret)
		return ret > 0 ? 0 : exitcode_of(ret);
	if (!select_check_specs(&file, o)) {
		mapfile_free(&file);
		return ENOENT;
	}
	sum.v = calloc(file.n + 1, sizeof(*sum.v));
	s.entry = calloc(file.n + 1, sizeof(*s.entry));
	s.deadline = calloc(file.n + 1, sizeof(*s.deadline));
	if (sum.v && s.entry && s.deadline)
		ret = start_file(&file, o, &s, &sum);
	else
		ret = ENOMEM;
	summary_free(&sum);
	free(s.entry);
	free(s.deadline);
	mapfile_free(&file);
	return ret;
}
