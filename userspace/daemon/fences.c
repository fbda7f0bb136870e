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
	else if (!r->error && !d->fences.verifying)
		diary_note(
			d, first->number,
			"is cut off: OSD map %u, %u placement groups answered, %lld ms",
			r->epoch, r->pgs, clock_ms() - d->fences.began_ms);
	if (r->tag == TAG_CHECK)
		epoch = 0;
	d->fences.began_ms = 0;
	if (r->error == -ESHUTDOWN)
		rbd_core_shut_out(d->core);
	rbd_core_fence_done(d->core, r->error, epoch);
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
