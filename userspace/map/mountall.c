// SPDX-License-Identifier: GPL-2.0
#include "map/mountall.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "lib/clock.h"
#include "lib/holders.h"
#include "lib/mounts.h"
#include "lib/msg.h"
#include "lib/probe.h"
#include "map/notify.h"
#include "map/o2cb.h"
#include "map/pool.h"
#include "map/settings.h"

struct mounter {
	struct mountline *v;
	bool *pending;
	size_t n;
	int failed;
};

bool mountall_wants_ocfs2(void)
{
	struct mountlist list;
	bool wants = false;
	size_t i;

	if (mounts_fstab(NULL, &list, NULL))
		return false;
	for (i = 0; i < list.n && !wants; i++)
		wants = !strcmp(list.v[i].type, "ocfs2") &&
			(!strncmp(list.v[i].source, "/dev/rbd", 8) ||
			 strchr(list.v[i].source, '='));
	mountlist_free(&list);
	return wants;
}

static bool is_below(const char *target, const char *top)
{
	size_t n = strlen(top);

	while (n > 1 && top[n - 1] == '/')
		n--;
	return !strncmp(target, top, n) && target[n] == '/';
}

/* A mount waits until the one it lies in is done. */
static bool ready(void *ctx, size_t i)
{
	const struct mounter *m = ctx;
	size_t j;

	for (j = 0; j < m->n; j++)
		if (j != i && m->pending[j] &&
		    is_below(m->v[i].target, m->v[j].target))
			return false;
	return true;
}

static int work(void *ctx, size_t i, struct pool_reply *reply)
{
	const struct mounter *m = ctx;
	struct fault f = { "" };
	int ret = mounts_mount(&m->v[i], &f);

	snprintf(reply->text, sizeof(reply->text), "%s", f.text);
	return ret;
}

static long done(void *ctx, size_t i, const struct pool_reply *reply, bool last)
{
	struct mounter *m = ctx;
	const struct mountline *line = &m->v[i];
	struct journal_fields about = {
		.device = *line->source == '/' ? line->source : NULL,
		.error = reply->code,
	};

	(void)last;
	m->pending[i] = false;
	if (!reply->code)
		return -1;
	if (!mounts_has_option(line, "nofail"))
		m->failed++;
	if (reply->code == -ETIMEDOUT)
		msg_error_about(
			&about,
			"mounting %s on %s took too long and was given up; see RBDMAP_MOUNT_TIMEOUT in /etc/default/rbdmap",
			line->source, line->target);
	else
		msg_error_about(&about, "%s: %s", line->source, reply->text);
	return -1;
}

static bool on_devices(const struct mountline *line, const unsigned int *ids,
		       size_t n)
{
	struct blktree tree;
	bool wanted = false;
	size_t i;

	for (i = 0; i < n && !wanted; i++) {
		if (blktree_read(ids[i], &tree))
			continue;
		wanted = mounts_source_in_tree(line, &tree) &&
			 !mounts_is_active(line, &tree);
		blktree_free(&tree);
	}
	return wanted;
}

static bool is_ocfs2(const struct mountline *line)
{
	struct probe p;

	if (strcmp(line->type, "auto"))
		return !strcmp(line->type, "ocfs2");
	return *line->source == '/' &&
	       probe_device(line->source, &p, NULL) > 0 &&
	       !strcmp(p.type, "ocfs2");
}

static int run(struct mounter *m, bool o2cb_done)
{
	struct pool pool = {
		.n = m->n,
		.limit = settings.parallel,
		.timeout_ms = settings.mount_timeout_s * 1000,
		.ready = ready,
		.work = work,
		.done = done,
		.ctx = m,
	};
	bool ocfs2 = false;
	struct fault f;
	size_t i;
	int ret;

	for (i = 0; i < m->n; i++)
		ocfs2 |= is_ocfs2(&m->v[i]);
	if (ocfs2 && !o2cb_done && o2cb_online(&f))
		msg_error("%s", f.text);
	pool.deadline = clock_ms() + 2LL * pool.timeout_ms;
	notify_status("mounting %zu filesystems", m->n);
	notify_extend(2 * settings.mount_timeout_s + 10);
	ret = pool_run(&pool);
	return ret ? ret : m->failed;
}

int mountall(const unsigned int *ids, size_t n, bool o2cb_done)
{
	struct mountlist fstab;
	struct mounter m = { 0 };
	struct fault f;
	size_t i;
	int ret = mounts_fstab(NULL, &fstab, &f);

	if (ret) {
		msg_error("%s", f.text);
		return ret;
	}
	m.v = calloc(fstab.n + 1, sizeof(*m.v));
	m.pending = calloc(fstab.n + 1, sizeof(*m.pending));
	if (!m.v || !m.pending)
		ret = -ENOMEM;
	for (i = 0; !ret && i < fstab.n; i++) {
		if (!on_devices(&fstab.v[i], ids, n))
			continue;
		m.pending[m.n] = true;
		m.v[m.n++] = fstab.v[i];
	}
	if (!ret && m.n)
		ret = run(&m, o2cb_done);
	free(m.v);
	free(m.pending);
	mountlist_free(&fstab);
	return ret;
}
