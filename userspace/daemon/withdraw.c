// SPDX-License-Identifier: GPL-2.0
#include "daemon/withdraw.h"

#include <errno.h>
#include <string.h>

#include "daemon/daemon.h"
#include "lib/krbd.h"
#include "rbd_hb.h"

static struct withdraw_one *find(struct withdraw *w, const char *table)
{
	struct withdraw_one *free = NULL;
	int i;

	for (i = 0; i < WITHDRAW_MAX; i++) {
		if (!strcmp(w->one[i].table, table))
			return &w->one[i];
		if (!*w->one[i].table)
			free = &w->one[i];
	}
	if (free) {
		memset(free, 0, sizeof(*free));
		strcpy(free->table, table);
	}
	return free;
}

static bool is_cut_off(const struct daemon *d)
{
	return d->core->condemned && d->heart.state.gate == RBD_HB_GATE_FENCED;
}

/* Return: false when it has to be tried again. */
static bool set_offline(struct daemon *d, const struct gfs2sys *fs)
{
	int err = krbd_set_offline(fs->device);

	if (!err)
		diary_note(d, d->set.number,
			   "GFS2 %s: /dev/rbd%u is offline now", fs->table,
			   fs->device);
	else
		diary_note(d, d->set.number,
			   "GFS2 %s: /dev/rbd%u cannot be taken offline: %s",
			   fs->table, fs->device, strerror(-err));
	return !err;
}

/* What a fenced node has sent is refused; what another one has, may arrive. */
static void acknowledge(struct daemon *d, const struct gfs2sys *fs)
{
	int err;

	if (!is_cut_off(d) && krbd_in_flight(fs->device))
		return;
	err = gfs2sys_ack(fs);
	if (err)
		diary_note(d, d->set.number,
			   "GFS2 %s cannot be told that it may withdraw: %s",
			   fs->table, strerror(-err));
	else
		diary_note(
			d, d->set.number,
			"GFS2 %s has withdrawn from /dev/rbd%u; restart this node when it suits",
			fs->table, fs->device);
}

static void serve_one(struct daemon *d, const struct gfs2sys *fs)
{
	struct withdraw_one *one = find(&d->withdraw, fs->table);

	if (!one)
		return;
	one->seen = true;
	if (fs->withdrawn && !one->offline) {
		one->offline = set_offline(d, fs);
		/* It cannot give up its locks while nobody answers. */
		if (one->offline && is_cut_off(d))
			spaces_alone(d, fs->lockspace);
	} else if (one->offline && !fs->acked) {
		acknowledge(d, fs);
	}
}

void withdraw_serve(struct daemon *d)
{
	struct gfs2sys fs[WITHDRAW_MAX];
	size_t i, n = gfs2sys_list(fs, WITHDRAW_MAX);
	struct withdraw_one *one = d->withdraw.one;

	for (i = 0; i < WITHDRAW_MAX; i++)
		one[i].seen = false;
	for (i = 0; i < n; i++)
		serve_one(d, &fs[i]);
	for (i = 0; i < WITHDRAW_MAX; i++)
		if (!one[i].seen)
			one[i].table[0] = '\0';
}
