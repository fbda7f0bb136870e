// SPDX-License-Identifier: GPL-2.0
#include "lib/fencer.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "lib/worker.h"

struct order {
	struct worker_job job;
	struct fencer *fencer;
	struct order *next;
	struct fence_order fence;
	struct fence_progress progress;
	struct fencer_image *images;
	size_t n_images;
	char ips[FENCER_IPS][64];
	size_t n_ips;
	struct fencer_result result;
};

/**
 * struct fencer - see fencer.h
 * @orders: not done yet, the one that is being done first
 * @ready: results
 */
struct fencer {
	struct session *s;
	struct worker *worker;
	struct order *orders;
	struct order *ready;
};

static void append(struct order **list, struct order *o)
{
	o->next = NULL;
	while (*list)
		list = &(*list)->next;
	*list = o;
}

static void free_order(struct order *o)
{
	if (!o)
		return;
	free(o->fence.instances);
	free(o->fence.pools);
	free(o->images);
	free(o);
}

static void run_fence(struct worker_job *job)
{
	struct order *o = (struct order *)job;
	struct fencer_result *r = &o->result;

	r->error = fence_run(o->fencer->s, &o->fence, &o->progress);
	r->epoch = o->progress.epoch;
	r->shortest_s = o->progress.shortest_s;
	r->added = o->progress.added;
	r->replaced = o->progress.replaced;
	r->pgs = o->progress.sweep.answered;
	r->excused = o->progress.sweep.pgs - o->progress.sweep.answered;
}

/* Takes over @found, without what is there already. */
static int merge(struct fencer_result *r, const struct clientaddr *found,
		 size_t n)
{
	struct clientaddr *all;
	size_t i, j;

	all = realloc(r->found, (r->n_found + n + 1) * sizeof(*all));
	if (!all)
		return -ENOMEM;
	r->found = all;
	for (i = 0; i < n; i++) {
		for (j = 0; j < r->n_found; j++)
			if (clientaddr_equal(&all[j], &found[i]))
				break;
		if (j == r->n_found)
			all[r->n_found++] = found[i];
	}
	return 0;
}

static void run_watchers(struct worker_job *job)
{
	struct order *o = (struct order *)job;
	const char *ips[FENCER_IPS];
	struct clientaddr *found;
	size_t i, n;
	int ret = 0;

	for (i = 0; i < o->n_ips; i++)
		ips[i] = o->ips[i];
	for (i = 0; !ret && i < o->n_images; i++) {
		ret = fence_watchers(o->fencer->s, &o->images[i].pool,
				     o->images[i].id, ips, o->n_ips, &found,
				     &n);
		if (!ret)
			ret = merge(&o->result, found, n);
		free(found);
		if (ret == -ENOENT)
			ret = 0;
	}
	o->result.error = ret;
}

static void done_order(struct worker_job *job)
{
	struct order *o = (struct order *)job;

	/* They are done in the order in which they came. */
	o->fencer->orders = o->next;
	append(&o->fencer->ready, o);
}

static struct order *new_order(struct fencer *f, enum fencer_kind kind,
			       uint64_t tag)
{
	struct order *o = calloc(1, sizeof(*o));

	if (!o)
		return NULL;
	o->fencer = f;
	o->job.done = done_order;
	o->result.kind = kind;
	o->result.tag = tag;
	fence_progress_init(&o->progress);
	return o;
}

static void *copy_of(const void *from, size_t n, size_t size)
{
	void *to = calloc(n ?: 1, size);

	if (to && n)
		memcpy(to, from, n * size);
	return to;
}

static int submit(struct order *o, bool complete)
{
	if (!complete) {
		free_order(o);
		return -ENOMEM;
	}
	append(&o->fencer->orders, o);
	worker_submit(o->fencer->worker, &o->job);
	return 0;
}

int fencer_fence(struct fencer *f, const struct fence_order *order,
		 uint64_t tag)
{
	struct order *o = new_order(f, FENCER_FENCE, tag);

	if (!o)
		return -ENOMEM;
	o->job.run = run_fence;
	o->fence = *order;
	o->fence.instances = copy_of(order->instances, order->n_instances,
				     sizeof(*order->instances));
	o->fence.pools = copy_of(order->pools, order->n_pools,
				 sizeof(*order->pools));
	return submit(o, o->fence.instances && o->fence.pools);
}

int fencer_watchers(struct fencer *f, const struct fencer_image *images,
		    size_t n, const char *const *ips, size_t n_ips,
		    uint64_t tag)
{
	struct order *o;
	size_t i;

	if (n_ips > FENCER_IPS)
		return -EINVAL;
	o = new_order(f, FENCER_WATCHERS, tag);
	if (!o)
		return -ENOMEM;
	o->job.run = run_watchers;
	o->images = copy_of(images, n, sizeof(*images));
	o->n_images = n;
	o->n_ips = n_ips;
	for (i = 0; i < n_ips; i++)
		strncpy(o->ips[i], ips[i], sizeof(o->ips[i]) - 1);
	return submit(o, o->images);
}

bool fencer_next(struct fencer *f, struct fencer_result *result)
{
	struct order *o;

	worker_collect(f->worker);
	o = f->ready;
	if (!o)
		return false;
	f->ready = o->next;
	*result = o->result;
	free_order(o);
	return true;
}

void fencer_status(struct fencer *f, struct fencer_status *status)
{
	struct fence_progress *p;

	memset(status, 0, sizeof(*status));
	if (!f->orders)
		return;
	p = &f->orders->progress;
	pthread_mutex_lock(&p->sweep.lock);
	*status = (struct fencer_status){
		.tag = f->orders->result.tag,
		.stage = p->stage,
		.pgs = p->sweep.pgs,
		.answered = p->sweep.answered,
		.waiting_pool = p->sweep.pool,
		.waiting_pg = p->sweep.waiting_pg,
		.waiting_ms = p->sweep.waiting_ms,
		.error = p->error,
	};
	pthread_mutex_unlock(&p->sweep.lock);
}

int fencer_excuse(struct fencer *f)
{
	struct fence_progress *p;
	int ret = 0;

	if (!f->orders || f->orders->result.kind != FENCER_FENCE)
		return -ENOENT;
	p = &f->orders->progress;
	pthread_mutex_lock(&p->sweep.lock);
	if (p->stage == FENCE_STAGE_DONE)
		ret = -ENOENT;
	else if (p->stage != FENCE_STAGE_SWEEP)
		ret = -EAGAIN;
	else
		p->sweep.excused = true;
	pthread_mutex_unlock(&p->sweep.lock);
	return ret;
}

void fencer_cancel(struct fencer *f)
{
	struct order *o;

	for (o = f->orders; o; o = o->next) {
		pthread_mutex_lock(&o->progress.sweep.lock);
		o->progress.sweep.stop = true;
		pthread_mutex_unlock(&o->progress.sweep.lock);
	}
}

int fencer_open(struct fencer **out, struct session *s)
{
	struct fencer *f = calloc(1, sizeof(*f));
	int ret;

	if (!f)
		return -ENOMEM;
	f->s = s;
	ret = worker_new(&f->worker, "fence");
	if (ret) {
		free(f);
		return ret;
	}
	*out = f;
	return 0;
}

int fencer_fd(const struct fencer *f)
{
	return worker_fd(f->worker);
}

void fencer_close(struct fencer *f)
{
	struct order *o;

	if (!f)
		return;
	fencer_cancel(f);
	worker_free(f->worker);
	while ((o = f->ready)) {
		f->ready = o->next;
		free(o->result.found);
		free_order(o);
	}
	free(f);
}
