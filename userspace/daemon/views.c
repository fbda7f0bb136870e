// SPDX-License-Identifier: GPL-2.0
#include "daemon/views.h"

#include <stdlib.h>
#include <string.h>

#include "daemon/daemon.h"
#include "lib/clock.h"
#include "lib/fdstore.h"
#include "lib/msg.h"
#include "view_codec.h"

#define CAS_TIMEOUT_MS 10000
#define RETRY_MS 2000

/* A view that was decoded; too big for the stack. */
static struct rbd_view decoded;

static const char *why_undecoded(int err)
{
	switch (err) {
	case -EPROTONOSUPPORT:
		return "it was written by a newer rbdshare; update this node";
	case -EINVAL:
		return "it breaks a rule of its own";
	default:
		return "its bytes are damaged";
	}
}

/* False, and said so, when it is none. */
static bool decode(struct daemon *d, const struct viewobject_copy *copy)
{
	int err = rbd_view_decode(&decoded, copy->body, copy->len);

	if (!err && decoded.seq != copy->seq)
		err = -EBADMSG;
	if (err)
		diary_note(d, d->set.number, "the view cannot be used: %s",
			   why_undecoded(err));
	return !err;
}

static int read_first(struct daemon *d, struct rbd_view *view, struct fault *f)
{
	struct viewobject_copy copy = { .seq = 0 };
	int err = viewobject_read(&d->views.object, &copy);

	if (err == -ENOENT)
		return fault_set(
			f, err,
			"pool %s has no cluster %s; make it once, on one node, with: rbdshare cluster init",
			d->set.pool, d->set.cluster);
	if (err)
		return err;
	err = decode(d, &copy) ? 0 : -EBADMSG;
	viewobject_copy_free(&copy);
	if (err)
		return fault_set(f, err, "the view of %s cannot be used",
				 d->set.cluster);
	rbd_view_copy(view, &decoded);
	return 0;
}

static bool may_pass(int err)
{
	return err == -ETIMEDOUT || err == -EAGAIN || err == -ENOTCONN;
}

int views_first(struct daemon *d, struct rbd_view *view, struct fault *f)
{
	int err = viewobject_init(&d->views.object, d->session.door, d->io,
				  d->set.cluster);

	if (err)
		return fault_set(f, err, "the cluster's name is too long");
	while (may_pass(err = read_first(d, view, f))) {
		msg_warn("the storage does not answer; waiting for it");
		fdstore_notify(
			"EXTEND_TIMEOUT_USEC=60000000\nSTATUS=waiting for the storage");
		clock_sleep_ms(RETRY_MS);
	}
	return err == -EBADMSG || err == -ENOENT || !err ?
		       err :
		       session_fault(&d->session, f, err, d->set.pool,
				     "read the view of %s", d->set.cluster);
}

void views_read(struct daemon *d)
{
	if (d->views.reading || viewstore_read(d->views.store, 0))
		return;
	d->views.reading = true;
}

void views_cas(struct daemon *d)
{
	static unsigned char body[RBD_VIEW_MAX_BYTES];
	const struct rbd_view *next = &d->core->next;
	ssize_t len = rbd_view_encode(next, body, sizeof(body));
	int err = len < 0 ? (int)len : 0;

	if (!err)
		err = viewstore_cas(d->views.store, next->seq - 1, body,
				    (size_t)len, CAS_TIMEOUT_MS, next->seq);
	/* It was not sent, so it never will be. */
	if (err)
		rbd_core_cas_done(d->core, RBD_CORE_CAS_LOST);
}

static void took_view(struct daemon *d, const struct viewobject_copy *copy)
{
	bool news = copy->seq > d->core->view.seq;

	if (!copy->seq || (news && !decode(d, copy)))
		return;
	if (!news) {
		/* The core wants to know even that. */
		rbd_core_view(d->core, &d->core->view);
		return;
	}
	rbd_core_view(d->core, &decoded);
	contact_follow(d);
}

static void took_read(struct daemon *d, const struct viewstore_result *r)
{
	d->views.reading = false;
	d->views.read_ms = clock_ms();
	if (r->error == -ESHUTDOWN)
		rbd_core_shut_out(d->core);
	else if (r->error == -ENOENT)
		diary_note(d, d->set.number, "the view object is gone");
	if (!r->error)
		took_view(d, &r->view);
	else if (d->core->blind)
		views_read(d);
}

static void took_cas(struct daemon *d, const struct viewstore_result *r)
{
	if (!r->error) {
		rbd_core_cas_done(d->core, RBD_CORE_CAS_WON);
		contact_follow(d);
		contact_look(d);
		return;
	}
	rbd_core_cas_done(d->core, r->error == -ECANCELED ?
					   RBD_CORE_CAS_LOST :
					   RBD_CORE_CAS_UNKNOWN);
	if (r->error == -ESHUTDOWN)
		rbd_core_shut_out(d->core);
	else if (r->error == -ENOSPC || r->error == -EDQUOT)
		diary_note(d, d->set.number, "the pool %s is full",
			   d->set.pool);
	took_view(d, &r->view);
}

void views_serve(void *daemon)
{
	struct daemon *d = daemon;
	struct viewstore_result r;

	while (viewstore_next(d->views.store, &r)) {
		switch (r.kind) {
		case VIEWSTORE_READ:
			took_read(d, &r);
			break;
		case VIEWSTORE_CAS:
			took_cas(d, &r);
			break;
		case VIEWSTORE_NOTICE:
			views_read(d);
			break;
		}
		viewobject_copy_free(&r.view);
	}
}

int views_open(struct daemon *d)
{
	int err = viewstore_open(
		&d->views.store, &d->views.object,
		d->session.door->rados_get_instance_id(d->session.cluster));

	return err   ?:
		       loop_add(d->loop, viewstore_fd(d->views.store),
				views_serve, d);
}

bool views_close(struct daemon *d)
{
	bool answered = viewstore_close(d->views.store);

	d->views.store = NULL;
	return answered;
}
