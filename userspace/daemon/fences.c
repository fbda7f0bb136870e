// SPDX-License-Identifier: GPL-2.0
#include "daemon/fences.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "daemon/daemon.h"
#include "daemon/unregistered.h"
#include "lib/clock.h"
#include "view_fence.h"

/* Tags of orders. */
enum { TAG_FENCE = 1, TAG_CHECK };

#define MOST_INSTANCES (RBD_CORE_FENCE_BATCH * RBD_VIEW_MAX_FENCE_INSTANCES)

static void add(struct fence_order *order, const struct rbd_view_fence *f)
{
	struct clientaddr *a;
	unsigned int i;

	for (i = 0; i < f->n_instances; i++) {
		a = &order->instances[order->n_instances++];
		memset(a, 0, sizeof(*a));
		a->family = f->instances[i].addr.family == 6 ? AF_INET6 :
							       AF_INET;
		a->nonce = f->instances[i].nonce;
		memcpy(a->ip, f->instances[i].addr.ip, sizeof(a->ip));
	}
}

static int submit(struct daemon *d, bool sweep, uint64_t tag)
{
	static struct clientaddr instances[MOST_INSTANCES];
	struct fence_order order = { .all_pools = sweep,
				     .instances = instances };
	struct rbd_view_fence *f;
	unsigned int i;

	for (i = 0; i < d->core->n_batch; i++) {
		const struct rbd_core_victim *b = &d->core->batch[i];

		f = rbd_view_fence_find(&d->core->view, b->number,
					b->incarnation);
		/* The core compares the number that was cut off. */
		if (f && f->n_instances == b->n_instances)
			add(&order, f);
		else if (f)
			return -EAGAIN;
	}
	return fencer_fence(d->fences.fencer, &order, tag);
}

void fences_run(struct daemon *d, bool verify)
{
	const struct rbd_core_victim *first = &d->core->batch[0];
	int err = 0;

	d->fences.verifying = verify;
	d->fences.began_ms = clock_ms();
	/* The order behind it takes in what that finds. */
	if (!verify)
		unregistered_look(d);
	err = submit(d, !verify, verify ? TAG_CHECK : TAG_FENCE);
	if (err) {
		rbd_core_fence_done(d->core, err, 0);
		return;
	}
	if (!verify)
		diary_note(d, first->number,
			   "is being cut off from the storage");
}

static void took(struct daemon *d, const struct fencer_result *r)
{
	const struct rbd_core_victim *first = &d->core->batch[0];
	uint64_t epoch = r->epoch;

	/* Something was missing: no proof without a sweep. */
	if (!r->error && r->tag == TAG_CHECK && (r->added || r->replaced)) {
		if (!submit(d, true, TAG_FENCE))
			return;
	}
	if (r->error && r->error != -ECANCELED)
		diary_note(d, first->number, "cannot be cut off: %s",
			   strerror(-r->error));
	else if (!r->error && r->excused)
		diary_note(
			d, first->number,
			"is cut off, and switched off by the administrator's word: OSD map %u, %u placement groups answered, %u did not, %lld ms",
			r->epoch, r->pgs, r->excused,
			clock_ms() - d->fences.began_ms);
	else if (!r->error && !d->fences.verifying)
		diary_note(
			d, first->number,
			"is cut off: OSD map %u, %u placement groups answered, %lld ms",
			r->epoch, r->pgs, clock_ms() - d->fences.began_ms);
	if (r->tag == TAG_CHECK)
		epoch = 0;
	d->fences.began_ms = 0;
	d->fences.switched_off = (struct rbd_nodeset){ 0 };
	if (r->error == -ESHUTDOWN)
		rbd_core_shut_out(d->core);
	rbd_core_fence_done(d->core, r->error, epoch);
}

/* --- by an administrator's word --- */

static const struct rbd_view_fence *unproved(struct daemon *d,
					     unsigned int node)
{
	const struct rbd_view *v = &d->core->view;
	unsigned int i;

	for (i = 0; i < v->n_fences; i++)
		if (v->fences[i].number == node &&
		    v->fences[i].state == RBD_FENCE_FENCING)
			return &v->fences[i];
	return NULL;
}

/* A victim that nobody has confirmed, or NULL. */
static const struct rbd_core_victim *unconfirmed(struct daemon *d)
{
	unsigned int i;

	for (i = 0; i < d->core->n_batch; i++)
		if (!rbd_nodeset_has(&d->fences.switched_off,
				     d->core->batch[i].number))
			return &d->core->batch[i];
	return NULL;
}

static bool is_victim(struct daemon *d, unsigned int node)
{
	unsigned int i;

	for (i = 0; i < d->core->n_batch; i++)
		if (d->core->batch[i].number == node)
			return true;
	return false;
}

/* Who usually does it, see rbd_core_turn(). */
static unsigned int lowest_member(const struct daemon *d)
{
	const struct rbd_view *v = &d->core->view;
	unsigned int i;

	for (i = 0; i < v->n_members; i++)
		if (v->members[i].state == RBD_MEMBER_ACTIVE)
			return v->members[i].number;
	return d->set.number;
}

int fences_confirm(struct daemon *d, unsigned int node, struct fault *f)
{
	const struct rbd_core_victim *other;
	int err;

	if (!unproved(d, node))
		return -fault_set(f, -ENOENT, "node %u is not being cut off",
				  node);
	if (!d->fences.began_ms || d->fences.verifying || !is_victim(d, node))
		return -fault_set(
			f, -EREMOTE,
			"another node carries out the fence of node %u, most likely node %u; say it there",
			node, lowest_member(d));
	rbd_nodeset_add(&d->fences.switched_off, node);
	other = unconfirmed(d);
	if (other) {
		diary_note(d, node,
			   "is switched off, by the administrator's word");
		return -fault_set(
			f, -EAGAIN,
			"taken note of; node %u is cut off together with it: confirm that too, if it is off",
			other->number);
	}
	err = fencer_excuse(d->fences.fencer);
	if (err == -EAGAIN)
		return -fault_set(
			f, err,
			"node %u is not on the blocklist yet: the monitors do not answer, or refuse",
			node);
	if (err)
		return -fault_set(
			f, err,
			"the fence of node %u is about to end by itself", node);
	diary_note(d, node, "is switched off, by the administrator's word");
	return 0;
}

void fences_serve(void *daemon)
{
	struct daemon *d = daemon;
	struct fencer_result r;

	while (fencer_next(d->fences.fencer, &r)) {
		if (r.kind == FENCER_FENCE)
			took(d, &r);
		else
			unregistered_found(d, r.found, r.n_found);
		free(r.found);
	}
}

int fences_open(struct daemon *d)
{
	int err = fencer_open(&d->fences.fencer, &d->session);

	return err   ?:
		       loop_add(d->loop, fencer_fd(d->fences.fencer),
				fences_serve, d);
}

void fences_close(struct daemon *d)
{
	fencer_close(d->fences.fencer);
	d->fences.fencer = NULL;
}
