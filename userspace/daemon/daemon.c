// SPDX-License-Identifier: GPL-2.0
#include "daemon/daemon.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "daemon/act.h"
#include "daemon/background.h"
#include "daemon/control.h"
#include "daemon/queries.h"
#include "daemon/report.h"
#include "lib/clock.h"
#include "lib/fdstore.h"
#include "lib/msg.h"

#define SECOND_MS 1000
/* For leaving in order when the daemon is to end. */
#define LEAVE_MS 15000
/* Who waits for the daemon's start is not kept longer. */
#define READY_MS 60000

static long long stopping_ms;
static long long started_ms;
static bool ready;

static int open_lock(void)
{
	return open(DAEMON_RUN_DIR "/lock", O_RDWR | O_CREAT | O_CLOEXEC, 0600);
}

int daemon_lock(void)
{
	struct flock whole = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
	int fd = open_lock();

	if (fd < 0)
		return -errno;
	/* The descriptor is left open on purpose. */
	return fcntl(fd, F_OFD_SETLK, &whole) ? -EBUSY : 0;
}

bool daemon_lock_is_free(void)
{
	struct flock whole = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
	int fd = open_lock();
	bool free = fd >= 0 && !fcntl(fd, F_OFD_GETLK, &whole) &&
		    whole.l_type == F_UNLCK;

	if (fd >= 0)
		close(fd);
	return free;
}

bool daemon_idle(struct daemon *d)
{
	return !clients_any(d) && !spaces_any(d);
}

static void finish(struct daemon *d, enum daemon_end why)
{
	d->end = why;
	loop_stop(d->loop);
}

/* Whoever started us wants to know when mounts can begin. */
static void tell_ready(struct daemon *d)
{
	const struct rbd_view_member *me = rbd_core_me(d->core);
	bool active = me && me->state == RBD_MEMBER_ACTIVE;
	char text[128];

	if (ready || (!active && clock_ms() - started_ms < READY_MS))
		return;
	ready = true;
	if (!active)
		diary_note(d, d->set.number,
			   "still %s; going on in the background",
			   report_state(d));
	snprintf(text, sizeof(text), "READY=1\nSTATUS=cluster %s, %s",
		 d->set.cluster, report_state(d));
	fdstore_notify(text);
	background_ready();
}

static void look_at_end(struct daemon *d)
{
	const struct rbd_view_member *me = rbd_core_me(d->core);
	bool out = me && me->state == RBD_MEMBER_LEFT;

	if (d->core->condemned && daemon_idle(d)) {
		diary_note(d, d->set.number,
			   "nothing of the fenced life is left; joining anew");
		finish(d, d->stopping ? DAEMON_STOPPED : DAEMON_REBORN);
	} else if (d->stopping &&
		   (out || clock_ms() - stopping_ms > LEAVE_MS)) {
		d->left = out;
		finish(d, DAEMON_STOPPED);
	}
}

static void each_second(void *daemon)
{
	struct daemon *d = daemon;

	views_serve(d);
	clients_serve(d);
	fences_serve(d);
	spaces_serve(d);
	recovery_look(d);
	withdraw_serve(d);
	tell_ready(d);
	look_at_end(d);
}

void daemon_stop(struct daemon *d)
{
	/* The last image may have gone just now. */
	clients_look(d);
	if (!daemon_idle(d)) {
		/* The kernel goes on; the next daemon takes over. */
		finish(d, DAEMON_STOPPED);
		return;
	}
	stopping_ms = clock_ms();
	d->stopping = true;
	rbd_core_leave(d->core);
}

int daemon_open_loop(struct daemon *d)
{
	u32 tick_ms = d->core->pace.tick_ms ?: d->core->timing.tick_ms;
	int err = loop_new(&d->loop, act_all, d);

	if (err)
		return err;
	diary_open(d);
	err = views_open(d);
	err = err ?: fences_open(d);
	err = err ?: heart_open(d);
	err = err ?: control_open(d);
	err = err ?: loop_every(d->loop, SECOND_MS, each_second, d);
	return err ?: loop_every(d->loop, tick_ms, contact_beat, d);
}

enum daemon_end daemon_run(struct daemon *d)
{
	int err;

	started_ms = clock_ms();
	ready = false;
	act_all(d);
	err = loop_run(d->loop);
	if (err)
		msg_error("cannot wait for events: %s", strerror(-err));
	return d->end;
}

void daemon_finish(struct daemon *d)
{
	bool over = d->left || d->end == DAEMON_REBORN;
	bool answered;

	/* Of a new life in this process systemd has to know nothing. */
	if (d->end != DAEMON_REBORN)
		fdstore_notify("STOPPING=1");
	control_close(d);
	queries_close(d);
	contact_stop(d);
	plocks_close(d);
	if (d->spaces.door)
		spaces_close(d, true);
	if (d->fences.fencer)
		fences_close(d);
	answered = views_close(d);
	diary_close(d);
	if (over)
		heart_offline(d);
	heart_close(d);
	loop_free(d->loop);
	d->loop = NULL;
	if (answered) {
		if (d->io)
			d->session.door->rados_ioctx_destroy(d->io);
		session_close(&d->session);
	}
	free(d->core);
	nodesettings_free(&d->set);
}
